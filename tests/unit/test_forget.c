/* What was erased is in no file: neither as ciphertext in log.db nor in clear in view.db. */
#include "view_fixture.h"

#include <dirent.h>

#include "keys/file.h"

enum { FILE_MAX = 256 << 20, POSTS = 3000 };

static bool holds(struct bytes all, const void *needle, size_t len)
{
    const uint8_t *p = all.p, *end = all.p + all.len;
    while ((size_t)(end - p) >= len && (p = memchr(p, *(const uint8_t *)needle, (size_t)(end - p) - len + 1)) != NULL) {
        if (memcmp(p, needle, len) == 0)
            return true;
        p++;
    }
    return false;
}

/* Every file of the folder, one behind the other. */
static struct buf all_files(void)
{
    struct buf all = buf_on(FILE_MAX);
    DIR *dir = opendir(folder);
    assert_non_null(dir);
    for (struct dirent *f = readdir(dir); f != NULL; f = readdir(dir)) {
        struct buf one = buf_on(FILE_MAX);
        char path[400];
        if (f->d_name[0] == '.')
            continue;
        (void)snprintf(path, sizeof(path), "%s/%s", folder, f->d_name);
        OKAY(file_read(path, FILE_MAX, &one));
        buf_put(&all, buf_bytes(&one));
        buf_release(&one);
    }
    (void)closedir(dir);
    OKAY(buf_status(&all));
    return all;
}

static bool is_in_a_file(const char *text)
{
    struct buf all = all_files();
    bool found = holds(buf_bytes(&all), text, strlen(text));
    buf_release(&all);
    return found;
}

static void text_of(int len, struct post *ret)
{
    *ret = (struct post){ .type = "note", .about = "barset-2/1" };
    int at = snprintf(ret->text, sizeof(ret->text), "unspeakable-");
    memset(ret->text + at, '.', (size_t)len);
}

static uint64_t say_post(struct voice *m, int i)
{
    struct buf plain = buf_on(PAYLOAD_MAX);
    static struct post post;
    text_of(i, &post);
    post_write(&post, &plain);
    uint64_t idx = say_sealed(m, buf_bytes(&plain));
    buf_release(&plain);
    return idx;
}

/* Posts of five authors in any order and of any length, so that rows are moved from page to page as a year would move them. */
static void nothing_of_what_was_erased_is_left_in_the_view(void **state)
{
    (void)state;
    static struct { unsigned voice; uint64_t idx; } said[POSTS];
    uint32_t x = 1;
    struct fold_counts c;
    found_alliance(6);
    publish_all();
    struct view *v = view_of(1);
    for (int i = 0; i < POSTS; i++) {
        x = x * 1664525 + 1013904223;
        said[i].voice = 2 + (x >> 16) % 5;
        said[i].idx = say_post(voices[said[i].voice], (int)(x >> 20) % 3 * 1000);
        if (i % 20 == 19) {
            publish_all();
            OKAY(try_fold(v, 1, &c));
        }
    }
    assert_true(is_in_a_file("unspeakable-"));
    for (int i = 0; i < POSTS; i++)
        (void)say_withdrawal(voices[said[i].voice], said[i].idx, true);
    (void)fold(v, 1);
    assert_false(is_in_a_file("unspeakable-"));
    assert_int_equal(number(v, "SELECT count(*) FROM post WHERE text = ''"), POSTS);
    view_close(v);
}

/* An analyst's program that reads for hours keeps the old pages in the file; they go once it has done. */
static struct view *folding;

static enum err fold_while_it_reads(void *arg, size_t n, const struct sql_cell *cells)
{
    (void)n, (void)cells;
    if (!*(bool *)arg)
        (void)fold(folding, 1);
    *(bool *)arg = true;
    return OK;
}

static void with_a_reader_in_the_way_it_stays_owed(void **state)
{
    (void)state;
    bool done = false;
    struct buf message = buf_on(1024);
    struct sql_rows rows = { .row = fold_while_it_reads, .arg = &done };
    found_alliance(2);
    uint64_t idx = say_post(voices[2], 0);
    (void)say_post(voices[2], 0);
    folding = view_of(1);
    (void)fold(folding, 1);
    say_withdrawal(voices[2], idx, true);
    say_withdrawal(voices[2], idx + 1, true);
    struct view *reader = view_of(1);
    OKAY(view_sql(reader, "SELECT text FROM post", &rows, &message));
    assert_true(done);
    assert_int_equal(number(reader, "SELECT count(*) FROM meta WHERE key = 'scrub' AND value = '1'"), 1);
    view_close(reader);
    assert_true(is_in_a_file("unspeakable"));
    (void)fold(folding, 1);
    assert_false(is_in_a_file("unspeakable"));
    view_close(folding);
    buf_release(&message);
}

/* Too large for a copy in memory: then it is made anew. */
static void a_large_view_is_made_anew(void **state)
{
    (void)state;
    struct fold_counts c;
    uint64_t first = 0;
    found_alliance(2);
    publish_all();
    struct view *v = view_of(1);
    for (int i = 0; i < 4500; i++) {
        uint64_t idx = say_post(voices[2], 8000);
        first = i == 0 ? idx : first;
    }
    publish_all();
    OKAY(try_fold(v, 1, &c));
    assert_int_equal(c.posts, 4500);
    say_withdrawal(voices[2], first, true);
    c = fold(v, 1);
    assert_int_equal(c.posts, 4499);            /* all of them, again */
    assert_int_equal(c.erased, 1);
    assert_int_equal(fold(v, 1).entries, 0);    /* once */
    view_close(v);
}

/* [P-108] The withdrawal and the erasure are one transaction: whoever holds the one has done the other. */
static void with_the_withdrawal_the_ciphertext_is_gone(void **state)
{
    (void)state;
    enum { RECORDS = 300 };
    static uint8_t sealed[RECORDS][24];
    static uint64_t idx[RECORDS];
    found_alliance(2);
    for (int i = 0; i < RECORDS; i++) {
        idx[i] = say_post(voices[2], i);
        const struct buf *payload = &voices[2]->payload[voices[2]->n - 1];
        memcpy(sealed[i], payload->p + SALT_LEN + 8, sizeof(sealed[i]));
    }
    publish_all();
    for (int i = 0; i < RECORDS; i++)
        (void)say_withdrawal(voices[2], idx[i], i != 7);
    struct buf before = all_files();
    publish_all();                              /* and no store_erase */
    struct buf after = all_files();
    for (int i = 0; i < RECORDS; i++) {
        assert_true(holds(buf_bytes(&before), sealed[i], sizeof(sealed[i])));
        assert_int_equal(holds(buf_bytes(&after), sealed[i], sizeof(sealed[i])), i == 7);
    }
    buf_release(&before);
    buf_release(&after);
}

static void count(void *arg, bool has_payload)
{
    *(int *)arg += !has_payload;
}

static enum err each(void *arg, uint64_t idx, const struct item *item)
{
    (void)idx;
    count(arg, item->has_payload);
    return OK;
}

/* Identities and epochs stay, and what only claims to be a withdrawal does nothing. */
static void what_must_stay_stays(void **state)
{
    (void)state;
    int n = 0;
    found_alliance(2);
    uint64_t record = say_post(voices[2], 1);
    say_withdrawal(voices[2], 0, true);
    say_withdrawal(voices[2], 1, true);
    say_withdrawal(voices[2], record + 900, true);
    say_withdrawal(voices[2], next_idx(voices[2]), true);       /* itself */
    say_public(voices[2], KIND_WITHDRAW, bytes_of("no withdrawal"));
    publish_all();
    OKAY(store_each_entry(store, &voices[2]->origin, 0, UINT64_MAX, each, &n));
    assert_int_equal(n, 0);
    say_withdrawal(voices[2], record, true);
    publish_all();
    OKAY(store_each_entry(store, &voices[2]->origin, 0, UINT64_MAX, each, &n));
    assert_int_equal(n, 1);
    struct view *v = view_of(1);                /* and the log still verifies for whoever folds it */
    struct fold_counts c = fold(v, 1);
    assert_int_equal(c.erased, 1);
    view_close(v);
}

static void an_erased_definition_says_nothing_any_more(void **state)
{
    (void)state;
    struct definition d = { .id = "own_count", .title = "unspeakable title", .numerator = "unspeakable part", .unit = "number",
                            .multiplier = 1 };
    struct buf plain = buf_on(PAYLOAD_MAX);
    found_alliance(2);
    definition_write(&d, &plain);
    uint64_t idx = say_sealed(voices[2], buf_bytes(&plain));
    struct view *v = view_of(1);
    (void)fold(v, 1);
    assert_int_equal(number(v, "SELECT count(*) FROM definition WHERE title LIKE 'unspeakable%'"), 1);
    say_withdrawal(voices[2], idx, true);
    (void)fold(v, 1);
    assert_false(is_in_a_file("unspeakable"));
    buf_release(&plain);
    view_close(v);
}

int main(void)
{
#define T(name) cmocka_unit_test_setup_teardown(name, make_world, drop_world)
    const struct CMUnitTest tests[] = {
        T(nothing_of_what_was_erased_is_left_in_the_view),
        T(with_a_reader_in_the_way_it_stays_owed),
        T(a_large_view_is_made_anew),
        T(with_the_withdrawal_the_ciphertext_is_gone),
        T(what_must_stay_stays),
        T(an_erased_definition_says_nothing_any_more),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
