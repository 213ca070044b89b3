/* tests/unit/test_bundle.c - logs carried by a file: all that verifies is taken, and nothing else. */
#include "cli/bundle/bundle.h"

#include "moot.h"

#include "protocol/frame.h"

static FILE *quiet;

/* ---- two homes of one alliance: member 0 has published, member 1 has heard nothing ---- */

static struct session session_at(const struct moot *t, size_t i)
{
    struct session s;
    session_init(&s, quiet, quiet, quiet);
    s.quiet = true;
    s.home = moot_home(t, i);
    return s;
}

static void file_of(const struct moot *t, const char *name, char ret[160])
{
    (void)snprintf(ret, 160, "%s/%s", t->folder, name);
}

/* session_node() finds the home by the environment. */
static void desk_at(struct session *s, enum store_mode mode, struct desk *d)
{
    assert_int_equal(setenv("FOLKMOOT_HOME", s->home.path, 1), 0);
    assert_int_equal(desk_open(s, mode, d), EXIT_OK);
}

static struct bundle_written write_to(const struct moot *t, size_t i, const char *path, const struct bundle_wants *wants)
{
    static const struct bundle_wants all;
    struct session s = session_at(t, i);
    struct desk d;
    struct file_export x;
    struct bundle_written w;
    desk_at(&s, STORE_READ, &d);
    assert_int_equal(file_export_begin(path, true, &x), OK);
    assert_int_equal(bundle_write(&d, wants != NULL ? wants : &all, &x, NULL, NULL, &w), OK);
    assert_int_equal(file_export_end(&x), OK);
    desk_close(&d);
    session_release(&s);
    return w;
}

static struct bundle_read read_from(const struct moot *t, size_t i, const char *path)
{
    struct session s = session_at(t, i);
    struct desk d;
    struct bundle_read r;
    desk_at(&s, STORE_WRITE, &d);
    FILE *in = fopen(path, "rb");
    assert_non_null(in);
    assert_int_equal(bundle_read(&d, in, NULL, NULL, &r), OK);
    (void)fclose(in);
    desk_close(&d);
    session_release(&s);
    return r;
}

static uint64_t held(const struct moot *t, size_t at, size_t of)
{
    struct store *s = moot_open(t, at);
    uint64_t size = moot_size(t, s, of);
    store_close(s);
    return size;
}

static void publish(const struct moot *t, size_t at, size_t i, size_t n, size_t body_len)
{
    struct store *s = moot_open(t, at);
    while (n > 0) {
        uint64_t size = moot_size(t, s, i);
        size_t some = BOUNDARY - size % BOUNDARY;
        some = some < n ? some : n;
        moot_publish(t, i, s, some, body_len);
        n -= some;
    }
    store_close(s);
}

static struct cosig cosign(const struct moot *t, size_t at, size_t i, size_t by)
{
    struct origin o = moot_origin(t, i), witness = moot_origin(t, by);
    struct log_state l;
    struct store *s = moot_open(t, at);
    struct buf note = buf_on(CHECKPOINT_MAX);
    assert_int_equal(store_log(s, &o, &l, &note), OK);
    struct checkpoint c = {.origin = o, .size = l.whole, .root = l.whole_root};
    struct cosig sig = {.log = {o.slug, 1}, .size = l.whole, .root = l.whole_root, .witness = moot_slug(by), .time_s = 1700000000};
    checkpoint_cosign(&c, &witness, &t->member[by].witness, sig.time_s, &sig.sig);
    assert_int_equal(store_put_cosig(s, &o, &sig), OK);
    store_close(s);
    buf_release(&note);
    return sig;
}

static int begin(void **state)
{
    struct moot *t = moot_new(3);
    moot_settle(t, 0);
    moot_settle(t, 1);
    *state = t;
    return 0;
}

static int end(void **state)
{
    moot_free(*state);
    return 0;
}

/* ---- whole files ---- */

static void what_one_has_the_other_has_after_the_file(void **state)
{
    struct moot *t = *state;
    char path[160];
    file_of(t, "all.fmb", path);
    publish(t, 0, 0, 3000, 400);            /* a span of 1,024 is several frames */
    publish(t, 0, 2, 5, 10);
    struct bundle_written w = write_to(t, 0, path, NULL);
    assert_int_equal(w.n_logs, 2);
    assert_int_equal(w.entries, 3005);
    struct bundle_read r = read_from(t, 1, path);
    assert_int_equal(r.end, BUNDLE_WHOLE);
    assert_int_equal(r.n_logs, 2);
    assert_int_equal(r.logs[0].after, 3000);
    assert_null(r.logs[0].refused);
    assert_null(r.logs[1].refused);
    assert_int_equal(held(t, 1, 0), 3000);
    assert_int_equal(held(t, 1, 2), 5);
    bundle_read_release(&r);
}

static void the_file_may_begin_before_what_is_held(void **state)
{
    struct moot *t = *state;
    char path[160];
    file_of(t, "all.fmb", path);
    publish(t, 0, 0, 700, 400);
    publish(t, 1, 0, 700, 400);
    publish(t, 0, 0, 1500, 400);
    (void)write_to(t, 0, path, NULL);
    struct bundle_read r = read_from(t, 1, path);
    assert_int_equal(r.logs[0].before, 700);
    assert_int_equal(r.logs[0].after, 2200);
    assert_null(r.logs[0].refused);
    bundle_read_release(&r);
    r = read_from(t, 1, path);              /* and again: nothing is new */
    assert_int_equal(r.end, BUNDLE_WHOLE);
    assert_int_equal(r.logs[0].before, 2200);
    assert_null(r.logs[0].refused);
    bundle_read_release(&r);
}

static void cosignatures_go_along(void **state)
{
    struct moot *t = *state;
    char path[160];
    struct origin o = moot_origin(t, 0);
    struct buf note = buf_on(CHECKPOINT_MAX), without = buf_on(CHECKPOINT_MAX);
    file_of(t, "all.fmb", path);
    publish(t, 0, 0, 10, 10);
    (void)cosign(t, 0, 0, 2);
    (void)write_to(t, 0, path, NULL);
    struct bundle_read r = read_from(t, 1, path);
    bundle_read_release(&r);
    struct store *theirs = moot_open(t, 0), *ours = moot_open(t, 1);
    assert_int_equal(store_checkpoint(theirs, &o, 10, &without), OK);
    assert_int_equal(store_checkpoint(ours, &o, 10, &note), OK);
    assert_true(bytes_equal(buf_bytes(&note), buf_bytes(&without)));
    assert_non_null(strstr(buf_str(&note), "/loamshire/witness"));
    store_close(theirs);
    store_close(ours);
    buf_release(&note);
    buf_release(&without);
}

static void only_the_logs_asked_for_are_written(void **state)
{
    struct moot *t = *state;
    char path[160];
    struct slug one = moot_slug(2);
    struct bundle_wants wants = {.n = 1, .slugs = &one};
    file_of(t, "one.fmb", path);
    publish(t, 0, 0, 10, 10);
    publish(t, 0, 2, 5, 10);
    (void)write_to(t, 0, path, &wants);
    struct bundle_read r = read_from(t, 1, path);
    assert_int_equal(r.n_logs, 1);
    assert_string_equal(r.logs[0].log.slug.s, "loamshire");
    assert_int_equal(held(t, 1, 0), 0);
    bundle_read_release(&r);
}

static void the_receivers_own_log_comes_first(void **state)
{
    struct moot *t = *state;
    char path[160];
    struct slug one = moot_slug(1);
    struct bundle_wants wants = {.receiver = &one};
    file_of(t, "for.fmb", path);
    publish(t, 0, 0, 10, 10);
    publish(t, 0, 2, 5, 10);
    publish(t, 0, 1, 7, 10);
    (void)write_to(t, 0, path, &wants);
    struct bundle_read r = read_from(t, 1, path);
    assert_int_equal(r.n_logs, 3);
    assert_string_equal(r.logs[0].log.slug.s, one.s);
    assert_int_equal(held(t, 1, 1), 7);
    bundle_read_release(&r);
}

/* ---- files that are not what they should be ---- */

static struct buf slurp(const char *path)
{
    struct buf b;
    assert_int_equal(file_read(path, SIZE_MAX / 4, &b), OK);
    return b;
}

static void spill(const char *path, struct bytes in)
{
    assert_int_equal(file_export(path, in, true), OK);
}

/* Wherever it is cut: no crash, nothing but whole verified spans, and it is said. */
static void a_file_cut_anywhere_leaves_whole_spans_and_says_so(void **state)
{
    struct moot *t = *state;
    char path[160];
    file_of(t, "all.fmb", path);
    publish(t, 0, 0, 1100, 10);
    publish(t, 0, 0, 50, 10);
    (void)write_to(t, 0, path, NULL);
    struct buf all = slurp(path);
    for (size_t i = 1; i < 40; i++) {
        spill(path, (struct bytes){all.p, all.len * i / 40});
        struct bundle_read r = read_from(t, 1, path);
        uint64_t size = held(t, 1, 0);
        assert_true(r.end == BUNDLE_TRUNCATED || (r.end == BUNDLE_NONE && r.n_logs == 0));
        assert_true(size == 0 || size == 1024);         /* 1,100 gave way to 1,150 at its author's */
        bundle_read_release(&r);
    }
    spill(path, buf_bytes(&all));
    struct bundle_read r = read_from(t, 1, path);
    assert_int_equal(r.end, BUNDLE_WHOLE);
    assert_int_equal(held(t, 1, 0), 1150);
    bundle_read_release(&r);
    buf_release(&all);
}

static void a_file_cut_between_two_frames_is_known_to_be_cut(void **state)
{
    struct moot *t = *state;
    char path[160];
    struct frame f;
    size_t at = 0, last = 0;
    file_of(t, "all.fmb", path);
    publish(t, 0, 0, 10, 10);
    publish(t, 0, 2, 10, 10);
    (void)write_to(t, 0, path, NULL);
    struct buf all = slurp(path);
    while (frame_read((struct bytes){all.p + at, all.len - at}, &f) == OK) {
        last = at;
        at += frame_size(&f);
    }
    spill(path, (struct bytes){all.p, last});
    struct bundle_read r = read_from(t, 1, path);
    assert_int_equal(r.end, BUNDLE_TRUNCATED);
    assert_string_equal(r.logs[1].refused, "not-in-the-file");
    assert_int_equal(held(t, 1, 0), 10);
    bundle_read_release(&r);
    buf_release(&all);
}

/* Some byte of the entries is another: that log's span is refused by name, the other log comes all the same. */
static void a_changed_entry_is_refused_and_the_next_log_is_not(void **state)
{
    struct moot *t = *state;
    char path[160];
    file_of(t, "all.fmb", path);
    publish(t, 0, 0, 50, 4000);
    publish(t, 0, 2, 10, 10);
    (void)write_to(t, 0, path, NULL);
    struct buf all = slurp(path);
    all.p[all.len / 2] ^= 1;                /* deep in member 0's payloads, which are nearly all of it */
    spill(path, buf_bytes(&all));
    struct bundle_read r = read_from(t, 1, path);
    assert_int_equal(r.end, BUNDLE_WHOLE);
    assert_string_equal(r.logs[0].refused, "bad-span");
    assert_null(r.logs[1].refused);
    assert_int_equal(held(t, 1, 0), 0);
    assert_int_equal(held(t, 1, 2), 10);
    bundle_read_release(&r);
    buf_release(&all);
}

static void another_alliances_file_is_refused(void **state)
{
    struct moot *t = *state, *other = moot_new(2);
    char path[160];
    moot_settle(other, 0);
    publish(other, 0, 0, 5, 10);
    file_of(t, "other.fmb", path);
    (void)write_to(other, 0, path, NULL);
    struct bundle_read r = read_from(t, 1, path);
    assert_int_equal(r.end, BUNDLE_FOREIGN);
    assert_int_equal(r.n_logs, 0);
    assert_int_equal(held(t, 1, 0), 0);
    bundle_read_release(&r);
    moot_free(other);
}

static void what_is_no_bundle_is_refused(void **state)
{
    struct moot *t = *state;
    char path[160];
    static const char *const texts[] = {"", "hello", "\0\0\0\0", "\xff\xff\xff\xff", "\0\0\0\2\x92\x07", "{\"schema\":1}"};
    static const size_t lens[] = {0, 5, 4, 4, 6, 12};
    file_of(t, "no.fmb", path);
    for (size_t i = 0; i < sizeof(lens) / sizeof(lens[0]); i++) {
        spill(path, (struct bytes){(const uint8_t *)texts[i], lens[i]});
        struct bundle_read r = read_from(t, 1, path);
        assert_int_equal(r.end, BUNDLE_NONE);
        bundle_read_release(&r);
    }
}

static void a_frame_that_no_bundle_has_ends_it(void **state)
{
    struct moot *t = *state;
    char path[160];
    struct msg_ping ping = {.id = 1};
    file_of(t, "all.fmb", path);
    publish(t, 0, 0, 10, 10);
    (void)write_to(t, 0, path, NULL);
    struct buf all = slurp(path), more = buf_on(SIZE_MAX / 4);
    buf_put(&more, buf_bytes(&all));
    size_t mark = frame_begin(&more);
    put_ping(&more, &ping);
    assert_int_equal(frame_end(&more, mark), OK);
    spill(path, buf_bytes(&more));
    struct bundle_read r = read_from(t, 1, path);
    assert_int_equal(r.end, BUNDLE_DAMAGED);
    assert_int_equal(held(t, 1, 0), 10);    /* what stood before it verified */
    bundle_read_release(&r);
    buf_release(&all);
    buf_release(&more);
}

/* The same log, told differently: what we hold stays. */
static void another_story_is_refused_by_name(void **state)
{
    struct moot *t = *state;
    char path[160];
    file_of(t, "all.fmb", path);
    publish(t, 1, 0, 20, 10);
    publish(t, 0, 0, 20, 11);               /* other bodies */
    publish(t, 0, 0, 20, 11);
    (void)write_to(t, 0, path, NULL);
    struct bundle_read r = read_from(t, 1, path);
    assert_string_equal(r.logs[0].refused, "fork-suspected");
    assert_int_equal(held(t, 1, 0), 20);
    bundle_read_release(&r);
}

/* Any byte may be any other: nothing that does not verify gets in. */
static void no_flipped_byte_brings_in_what_does_not_verify(void **state)
{
    struct moot *t = *state;
    char path[160];
    uint64_t seed = 42;
    file_of(t, "all.fmb", path);
    publish(t, 0, 0, 4, 10);
    (void)write_to(t, 0, path, NULL);
    struct buf all = slurp(path);
    for (size_t i = 0; i < 200; i++) {
        seed = seed * 6364136223846793005u + 1442695040888963407u;
        size_t at = (size_t)(seed >> 33) % all.len;
        all.p[at] ^= (uint8_t)(1u << (i % 8));
        spill(path, buf_bytes(&all));
        struct bundle_read r = read_from(t, 1, path);
        uint64_t size = held(t, 1, 0);
        assert_true(size == 0 || size == 4);
        bundle_read_release(&r);
        all.p[at] ^= (uint8_t)(1u << (i % 8));
    }
    struct store *s = moot_open(t, 1);
    struct origin o = moot_origin(t, 0);
    struct log_state l, theirs;
    struct buf note = buf_on(CHECKPOINT_MAX);
    if (store_log(s, &o, &l, &note) == OK) {
        struct store *a = moot_open(t, 0);
        assert_int_equal(store_log(a, &o, &theirs, &note), OK);
        assert_true(hash_equal(&l.whole_root, &theirs.whole_root));
        store_close(a);
    }
    store_close(s);
    buf_release(&note);
    buf_release(&all);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, begin, end)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(what_one_has_the_other_has_after_the_file),
        TEST(the_file_may_begin_before_what_is_held),
        TEST(cosignatures_go_along),
        TEST(only_the_logs_asked_for_are_written),
        TEST(the_receivers_own_log_comes_first),
        TEST(a_file_cut_anywhere_leaves_whole_spans_and_says_so),
        TEST(a_file_cut_between_two_frames_is_known_to_be_cut),
        TEST(a_changed_entry_is_refused_and_the_next_log_is_not),
        TEST(another_alliances_file_is_refused),
        TEST(what_is_no_bundle_is_refused),
        TEST(a_frame_that_no_bundle_has_ends_it),
        TEST(another_story_is_refused_by_name),
        TEST(no_flipped_byte_brings_in_what_does_not_verify),
    };
    quiet = fopen("/dev/null", "r+");
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    (void)fclose(quiet);
    return failed;
}
