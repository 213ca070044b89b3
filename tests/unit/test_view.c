/* What members published, as a reader sees it. */
#include <fcntl.h>
#include <signal.h>
#include <sys/wait.h>

#include "view_fixture.h"

#include "keys/file.h"

/* ---- figures and versions ---- */

static void what_the_alliance_publishes_is_read_by_every_reader(void **state)
{
    (void)state;
    found_alliance(3);
    say_figure(voices[2], "cin_rate", "2024", 20);
    say_figure(voices[3], "cin_rate", "2024", 30);
    struct figure f = figure_of("cin_rate", "2024", 10);
    say_figure_as(voices[1], &f, true);
    struct view *v = view_of(1);
    struct fold_counts c = fold(v, 1);
    assert_int_equal(c.figures, 3);
    assert_int_equal(c.keys, 3);
    assert_int_equal(c.sealed + c.problems, 0);
    assert_string_equal(standing(v, "cin_rate", "2024").text, "barset-1/2 10|barset-2/2 20|barset-3/2 30");
    assert_string_equal(standing(v, "cin_rate", "2023").text, "");
    view_close(v);
}

static void a_figure_comes_back_as_it_was_published(void **state)
{
    (void)state;
    struct figure_row row;
    found_alliance(2);
    struct figure f = figure_of("cla_rate", "202425", 7);
    (void)snprintf(f.time_identifier, sizeof(f.time_identifier), "Financial year Q1");
    (void)snprintf(f.breakdown, sizeof(f.breakdown), "age=0-4;sex=f");
    f.value = (struct decimal){ 580, 1 };
    f.has_denominator = false;
    f.denominator = (struct decimal){ 0, 0 };
    f.reason = REASON_LATE_DATA;
    f.marking = MARKING_SENSITIVE;
    f.definition = sha256(bytes_of("a definition"));
    uint64_t idx = say_figure_as(voices[2], &f, false);
    struct view *v = view_of(1);
    (void)fold(v, 1);
    OKAY(view_figure_at(v, "barset-2", 1, idx, &row));
    assert_true(figure_same(&row.figure, &f));
    assert_int_equal(row.figure.reason, REASON_LATE_DATA);
    assert_int_equal(row.figure.marking, MARKING_SENSITIVE);
    assert_int_equal(row.figure.value.scale, 1);
    assert_int_equal(row.said_ms, now_ms);
    assert_string_equal(row.audience, "alliance");
    assert_true(row.is_counted);
    assert_int_equal(view_figure_at(v, "barset-2", 1, 99, &row), ERR_UNKNOWN);
    view_close(v);
}

static void folding_again_changes_nothing_and_goes_on_where_it_stood(void **state)
{
    (void)state;
    found_alliance(2);
    say_figure(voices[2], "cin_rate", "2024", 20);
    struct view *v = view_of(1);
    (void)fold(v, 1);
    struct fold_counts again = fold(v, 1), zero = {0};
    assert_memory_equal(&again, &zero, sizeof(zero));
    view_close(v);
    say_figure(voices[2], "cin_rate", "2023", 19);
    v = view_of(1);
    struct fold_counts more = fold(v, 1);
    assert_int_equal(more.entries, 1);
    assert_int_equal(more.figures, 1);
    assert_int_equal(number(v, "SELECT count(*) FROM figure"), 2);
    view_close(v);
}

static void the_newest_version_stands_and_history_is_newest_first(void **state)
{
    (void)state;
    struct told t = { "" };
    found_alliance(2);
    say_figure(voices[2], "cin_rate", "2024", 20);
    uint64_t then = now_ms;
    say_figure(voices[2], "cin_rate", "2024", 21);
    say_figure(voices[2], "cin_rate", "2023", 5);
    struct view *v = view_of(1);
    (void)fold(v, 1);
    assert_string_equal(standing(v, "cin_rate", "2024").text, "barset-2/3 21");
    assert_string_equal(standing_as_of(v, "cin_rate", "2024", then).text, "barset-2/2 20");
    assert_string_equal(standing_as_of(v, "cin_rate", "2024", then - 1).text, "");
    struct time_period p = year("2024");
    OKAY(view_history(v, "cin_rate", "barset-2", &p, "", tell, &t));
    assert_string_equal(t.text, "barset-2/3 21|barset-2/2 20");
    t.text[0] = '\0';
    OKAY(view_history(v, "cin_rate", NULL, NULL, NULL, tell, &t));
    assert_string_equal(t.text, "barset-2/4 5|barset-2/3 21|barset-2/2 20");
    view_close(v);
}

static void the_narrowest_audience_we_can_read_is_taken(void **state)
{
    (void)state;
    found_alliance(2);
    say_figure(voices[2], "cin_rate", "2024", 20);
    struct figure f = figure_of("cin_rate", "2024", 99);
    say_figure_as(voices[2], &f, true);
    struct view *v = view_of(1);
    (void)fold(v, 1);
    assert_string_equal(standing(v, "cin_rate", "2024").text, "barset-2/2 20");
    assert_int_equal(number(v, "SELECT CAST(numerator AS INTEGER) FROM figure_current"), 20);
    view_close(v);
}

static void a_withdrawn_version_does_not_bring_back_the_one_before(void **state)
{
    (void)state;
    found_alliance(2);
    say_figure(voices[2], "cin_rate", "2024", 20);
    uint64_t second = say_figure(voices[2], "cin_rate", "2024", 21);
    struct view *v = view_of(1);
    (void)fold(v, 1);
    uint64_t before = now_ms;
    say_withdrawal(voices[2], second, false);
    struct fold_counts c = fold(v, 1);
    assert_int_equal(c.withdrawn, 1);
    assert_string_equal(standing(v, "cin_rate", "2024").text, "barset-2/3 withdrawn");
    assert_string_equal(standing_as_of(v, "cin_rate", "2024", before).text, "barset-2/3 21");
    assert_int_equal(number(v, "SELECT count(*) FROM figure_current"), 0);
    assert_int_equal(number(v, "SELECT CAST(numerator AS INTEGER) FROM figure WHERE withdrawn = 'correction'"), 21);
    say_figure(voices[2], "cin_rate", "2024", 22);
    (void)fold(v, 1);
    assert_string_equal(standing(v, "cin_rate", "2024").text, "barset-2/5 22");
    assert_int_equal(number(v, "SELECT CAST(numerator AS INTEGER) FROM figure_current"), 22);
    view_close(v);
}

static void an_erased_version_keeps_no_number(void **state)
{
    (void)state;
    found_alliance(2);
    uint64_t idx = say_figure(voices[2], "cin_rate", "2024", 20);
    struct view *v = view_of(1);
    (void)fold(v, 1);
    say_withdrawal(voices[2], idx, true);
    (void)fold(v, 1);
    assert_int_equal(number(v, "SELECT count(*) FROM figure WHERE coalesce(numerator, denominator, value,"
                               " numerator_mantissa, denominator_mantissa, value_mantissa) IS NOT NULL"), 0);
    assert_string_equal(standing(v, "cin_rate", "2024").text, "barset-2/2 withdrawn");
    view_close(v);
}

static bool file_holds(const char *path, const char *needle)
{
    struct buf all = buf_on(64 << 20);
    bool found = false;
    if (file_read(path, 64 << 20, &all) == OK)
        for (size_t i = 0; i + strlen(needle) <= all.len && !found; i++)
            found = memcmp(all.p + i, needle, strlen(needle)) == 0;
    buf_release(&all);
    return found;
}

static void what_was_erased_is_in_none_of_the_views_files(void **state)
{
    (void)state;
    static const uint8_t post[] = "\x92\xa4" "gift" "\xab" "unspeakable";
    found_alliance(2);
    uint64_t idx = say_sealed(voices[2], (struct bytes){ post, sizeof(post) - 1 });
    struct view *v = view_of(1);
    (void)fold(v, 1);
    assert_true(file_holds(in_folder("view1.db"), "unspeakable") || file_holds(in_folder("view1.db-wal"), "unspeakable"));
    say_withdrawal(voices[2], idx, true);
    (void)fold(v, 1);
    assert_false(file_holds(in_folder("view1.db"), "unspeakable"));
    assert_false(file_holds(in_folder("view1.db-wal"), "unspeakable"));
    assert_int_equal(number(v, "SELECT count(*) FROM other WHERE withdrawn IS NOT NULL AND body IS NULL"), 1);
    view_close(v);
}

static void only_earlier_entries_of_the_same_log_can_be_withdrawn(void **state)
{
    (void)state;
    found_alliance(2);
    say_figure(voices[2], "cin_rate", "2024", 20);
    say_withdrawal(voices[2], 77, false);
    say_withdrawal(voices[1], 1, false);        /* barset-1's own entry 1, no record */
    struct view *v = view_of(1);
    struct fold_counts c = fold(v, 1);
    assert_int_equal(c.problems, 1);
    assert_string_equal(standing(v, "cin_rate", "2024").text, "barset-2/2 20");
    view_close(v);
}

/* ---- keys ---- */

static void a_newcomer_with_a_grant_reads_history(void **state)
{
    (void)state;
    found_alliance(2);
    say_figure(voices[2], "cin_rate", "2024", 20);
    say_figure(voices[2], "cin_rate", "2024", 21);
    struct charter *next = charter_after(charter, 0);
    charter_fill(next, 3, 1, 1);
    enact(next, BY(1));
    voices[3] = voice_new(3);
    say_identity(voices[3]);
    struct view *v = view_of(3);
    struct fold_counts c = fold(v, 3);
    assert_int_equal(c.sealed, 2);
    assert_int_equal(c.figures, 0);
    say_grant(voices[1], voices[3], voices[2], &voices[2]->key);
    c = fold(v, 3);
    assert_int_equal(c.keys, 1);
    assert_int_equal(c.opened_late, 2);
    assert_int_equal(c.figures, 2);
    assert_string_equal(standing(v, "cin_rate", "2024").text, "barset-2/3 21");
    assert_int_equal(number(v, "SELECT count(*) FROM sealed"), 0);
    view_close(v);
    v = view_of(3);                             /* and one who had the grant from the start reads it at once */
    view_close(v);
    (void)unlink(in_folder("view3.db"));
    v = view_of(3);
    c = fold(v, 3);
    assert_int_equal(c.figures, 2);
    assert_int_equal(c.opened_late, 0);
    view_close(v);
}

static void a_wrong_grant_is_refused_and_a_right_one_beside_it_believed(void **state)
{
    (void)state;
    found_alliance(2);
    struct charter *next = charter_after(charter, 0);
    struct sym_secret lie = { { 1, 2, 3 } };
    charter_fill(next, 3, 1, 1);
    enact(next, BY(1));
    voices[3] = voice_new(3);
    say_identity(voices[3]);
    say_figure(voices[2], "cin_rate", "2024", 20);
    say_grant(voices[1], voices[3], voices[2], &lie);
    struct view *v = view_of(3);
    struct fold_counts c = fold(v, 3);
    assert_int_equal(c.keys, 0);
    assert_int_equal(c.figures, 0);
    say_grant(voices[2], voices[3], voices[2], &voices[2]->key);
    c = fold(v, 3);
    assert_int_equal(c.keys, 1);
    assert_int_equal(c.figures, 1);
    view_close(v);
}

static void an_epoch_whose_box_holds_another_key_than_its_author_committed_to_is_not_believed(void **state)
{
    (void)state;
    struct sym_secret lie = { { 4, 5, 6 } };
    found_alliance(2);
    box_instead = &lie;
    say_epoch(voices[2], charter, 0);
    box_instead = NULL;
    say_figure(voices[2], "cin_rate", "2024", 20);
    struct view *v = view_of(1);
    struct fold_counts c = fold(v, 1);
    assert_int_equal(c.keys, 2);
    assert_int_equal(c.sealed, 1);
    view_close(v);
}

static enum err count_named(void *arg, const struct own_epoch *e)
{
    if (!e->has_charter) {
        ++*(int *)arg;
        assert_string_equal(e->title, "a few");
        assert_string_equal(e->readers, "barset-2 barset-1");
    }
    return OK;
}

static enum err is_outdated(void *arg, const struct own_epoch *e)
{
    *(bool *)arg = e->is_outdated;
    return OK;
}

static bool must_begin_anew(struct view *v)
{
    bool ret = false;
    (void)fold(v, 1);
    OKAY(view_own_epochs(v, 1, is_outdated, &ret));
    return ret;
}

/* [P-96] Nobody can tell whether a key was rotated because it was stolen: so every other key ends the epoch. */
static void an_epoch_ends_when_a_reader_has_another_box_key(void **state)
{
    (void)state;
    found_alliance(2);
    struct view *v = view_of(1);
    assert_false(must_begin_anew(v));
    now_ms += 2 * CLOCK_AHEAD_MAX_MS;
    say_identity(voices[2]);                        /* of the same keys */
    assert_false(must_begin_anew(v));
    set_box(voices[2], 2, 2);
    say_identity(voices[2]);
    assert_true(must_begin_anew(v));
    say_epoch(voices[1], charter, 0);
    assert_true(must_begin_anew(v));                /* said after it, by clocks that may differ */
    now_ms += CLOCK_AHEAD_MAX_MS;
    say_epoch(voices[1], charter, 0);
    assert_false(must_begin_anew(v));
    set_box(voices[1], 1, 2);                       /* our own as well */
    say_identity(voices[1]);
    assert_true(must_begin_anew(v));
    view_close(v);
}

static enum err name_owed(void *arg, const struct owed *o);

static void a_named_audience_reads_what_others_cannot(void **state)
{
    (void)state;
    int named = 0;
    struct told owed = { "" };
    found_alliance(3);
    say_figure(voices[2], "cin_rate", "2024", 20);
    struct sym_secret key = say_named_epoch(voices[2], voices[1], 0xab);
    struct figure f = figure_of("cin_rate", "2024", 21);
    uint64_t idx = say_named(voices[2], 0xab, &key, &f);
    say_figure(voices[2], "cin_rate", "2024", 22);
    struct view *inside = view_of(1), *outside = view_of(3), *own = view_of(2);
    assert_int_equal(fold(inside, 1).sealed, 0);
    assert_int_equal(fold(outside, 3).sealed, 1);
    (void)fold(own, 2);
    assert_string_equal(standing(inside, "cin_rate", "2024").text, "barset-2/4 21");     /* narrower before newer */
    assert_string_equal(standing(outside, "cin_rate", "2024").text, "barset-2/5 22");
    OKAY(view_own_epochs(own, 1, count_named, &named));
    assert_int_equal(named, 1);
    say_withdrawal(voices[2], idx, false);      /* gone for the few: what the alliance is told stands */
    (void)fold(inside, 1);
    assert_string_equal(standing(inside, "cin_rate", "2024").text, "barset-2/5 22");
    set_box(voices[1], 1, 2);
    say_identity(voices[1]);
    (void)fold(own, 2);
    OKAY(view_owed(own, chain, name_owed, &owed));
    assert_string_equal(owed.text, "barset-1<barset-2:0 barset-1<barset-1:0 barset-1<barset-2:0 barset-1<barset-3:0 ");
    view_close(inside);
    view_close(outside);
    view_close(own);
}

static void an_epoch_of_a_charter_without_us_stays_shut(void **state)
{
    (void)state;
    found_alliance(3);
    say_figure(voices[2], "cin_rate", "2023", 20);
    publish_all();
    struct charter *next = charter_after(charter, 0);
    charter_make_former(next, &voices[3]->body.slug, voices[3]->frontier.size);
    enact(next, BY(1));
    say_epoch(voices[2], charter, 0);
    say_figure(voices[2], "cin_rate", "2024", 21);
    struct view *v = view_of(3);
    struct fold_counts c = fold(v, 3);
    assert_int_equal(c.figures, 1);
    assert_int_equal(c.sealed, 1);
    assert_string_equal(standing(v, "cin_rate", "2023").text, "barset-2/2 20");
    view_close(v);
}

static void an_epoch_of_a_charter_not_seen_yet_is_opened_when_it_is(void **state)
{
    (void)state;
    enum chain_verdict verdict;
    struct hash hash;
    found_alliance(2);
    publish_all();
    struct charter *next = charter_after(charter, 0);
    charter_fill(next, 3, 1, 1);
    OKAY(charter_seal(next));
    voices[3] = voice_new(3);
    say_epoch(voices[2], next, 0);
    say_figure(voices[2], "cin_rate", "2024", 20);
    struct view *v = view_of(1);
    struct fold_counts c = fold(v, 1);
    assert_int_equal(c.sealed, 1);
    struct buf note = charter_note(next, BY(1));
    OKAY(chain_add(chain, buf_bytes(&note), &verdict, &hash));
    c = fold(v, 1);
    assert_int_equal(c.opened_late, 1);
    assert_int_equal(c.figures, 1);
    buf_release(&note);
    charter_free(next);
    view_close(v);
}

static void a_box_to_an_older_key_opens_once_that_key_is_back(void **state)
{
    (void)state;
    found_alliance(2);
    say_figure(voices[2], "cin_rate", "2024", 20);
    struct dh_secret old = voices[1]->box_secret;
    voices[1]->box_secret = (struct dh_secret){ { 9, 9, 9 } };
    struct view *v = view_of(1);
    assert_int_equal(fold(v, 1).sealed, 1);
    voices[1]->box_secret = old;
    assert_int_equal(fold(v, 1).opened_late, 1);
    view_close(v);
}

static void an_opened_record_is_read_without_its_epoch(void **state)
{
    (void)state;
    struct opening *o = calloc(1, sizeof(*o));
    struct buf text = buf_on(PAYLOAD_MAX);
    assert_non_null(o);
    found_alliance(2);
    say_epoch(voices[2], charter, 1);           /* nothing for barset-1 */
    struct figure f = figure_of("cin_rate", "2024", 20);
    uint64_t idx = say_figure_as(voices[2], &f, false);
    struct audience_id a = everyone_in();
    voices[2]->n--;                             /* the nonce as it was drawn then */
    struct seal_with w = sealing(voices[2], &a, voices[2]->epoch, &voices[2]->key);
    voices[2]->n++;
    o->n = 1;
    o->items[0].index = idx;
    record_key(&voices[2]->key, w.nonce, &o->items[0].key);
    struct view *v = view_of(1);
    assert_int_equal(fold(v, 1).sealed, 1);
    opening_write(o, &text);
    say_public(voices[2], KIND_OPEN, buf_bytes(&text));
    struct fold_counts c = fold(v, 1);
    assert_int_equal(c.opened_late, 1);
    assert_int_equal(c.problems, 0);
    assert_string_equal(standing(v, "cin_rate", "2024").text, "barset-2/3 20");
    buf_release(&text);
    free(o);
    view_close(v);
}

static void a_sealed_record_opened_late_obeys_what_was_withdrawn_meanwhile(void **state)
{
    (void)state;
    found_alliance(2);
    say_epoch(voices[2], charter, 1);
    say_figure(voices[2], "cin_rate", "2024", 20);
    uint64_t second = say_figure(voices[2], "cin_rate", "2024", 21);
    say_withdrawal(voices[2], second, false);
    struct view *v = view_of(1);
    assert_int_equal(fold(v, 1).sealed, 2);
    say_grant(voices[2], voices[1], voices[2], &voices[2]->key);
    assert_int_equal(fold(v, 1).figures, 2);
    assert_string_equal(standing(v, "cin_rate", "2024").text, "barset-2/4 withdrawn");
    assert_int_equal(number(v, "SELECT count(*) FROM figure WHERE buried = 0"), 0);
    view_close(v);
}

static enum err own_epoch(void *arg, const struct own_epoch *e)
{
    *(uint64_t *)arg += 1;
    assert_int_equal(e->id.epoch, 1);
    assert_true(e->has_charter && hash_equal(&e->charter, &charter->hash));
    assert_true(e->has_key && memcmp(e->key.b, voices[1]->key.b, sizeof(e->key.b)) == 0);
    assert_string_equal(e->title, "the alliance");
    assert_string_equal(e->readers, "barset-1 barset-2");
    return OK;
}

static void own_epochs_and_figures_are_at_the_publishers_hand(void **state)
{
    (void)state;
    struct figure_row row;
    struct sym_secret key;
    uint64_t n = 0;
    found_alliance(2);
    say_epoch(voices[1], charter, 0);
    struct figure f = figure_of("cin_rate", "2024", 20), other = figure_of("cin_rate", "2025", 20);
    say_figure_as(voices[1], &f, false);
    struct view *v = view_of(1);
    (void)fold(v, 1);
    OKAY(view_own_epochs(v, 1, own_epoch, &n));
    assert_int_equal(n, 1);
    OKAY(view_own_figure(v, &f, "alliance", &row));
    assert_true(figure_same(&row.figure, &f));
    assert_int_equal(view_own_figure(v, &f, "public", &row), ERR_UNKNOWN);
    assert_int_equal(view_own_figure(v, &other, "alliance", &row), ERR_UNKNOWN);
    struct epoch_id id = { .origin = voices[2]->origin, .audience = everyone_in(), .epoch = 0 };
    OKAY(view_epoch_key(v, &id, &key));
    assert_memory_equal(key.b, voices[2]->key.b, sizeof(key.b));
    id.epoch = 5;
    assert_int_equal(view_epoch_key(v, &id, &key), ERR_UNKNOWN);
    view_close(v);
}

static enum err name_owed(void *arg, const struct owed *o)
{
    struct told *t = arg;
    size_t at = strlen(t->text);
    (void)snprintf(t->text + at, sizeof(t->text) - at, "%s<%s:%u%s ", o->reader.s, o->epoch.origin.slug.s,
                   (unsigned)o->epoch.epoch, o->has_key && o->has_box_key ? "" : "!");
    return OK;
}

static struct told owed_by(struct view *v)
{
    struct told t = { "" };
    OKAY(view_owed(v, chain, name_owed, &t));
    return t;
}

static void what_readers_are_owed_is_known_and_paid_by_a_grant(void **state)
{
    (void)state;
    found_alliance(2);
    struct view *v = view_of(1);
    (void)fold(v, 1);
    assert_string_equal(owed_by(v).text, "");
    struct charter *next = charter_after(charter, 0);
    charter_fill(next, 3, 1, 1);
    enact(next, BY(1));
    voices[3] = voice_new(3);
    (void)fold(v, 1);
    assert_string_equal(owed_by(v).text, "barset-3<barset-1:0! barset-3<barset-2:0! ");     /* no identity yet */
    say_identity(voices[3]);
    (void)fold(v, 1);
    assert_string_equal(owed_by(v).text, "barset-3<barset-1:0 barset-3<barset-2:0 ");
    say_grant(voices[1], voices[3], voices[1], &voices[1]->key);
    (void)fold(v, 1);
    assert_string_equal(owed_by(v).text, "barset-3<barset-2:0 ");
    set_box(voices[3], 3, 2);                   /* a new box key is owed everything again */
    say_identity(voices[3]);
    (void)fold(v, 1);
    assert_string_equal(owed_by(v).text, "barset-3<barset-1:0 barset-3<barset-2:0 ");
    set_box(voices[2], 2, 2);                   /* so is a reader whose boxes were sealed to the key before */
    say_identity(voices[2]);
    (void)fold(v, 1);
    assert_string_equal(owed_by(v).text, "barset-2<barset-1:0 barset-3<barset-1:0 barset-2<barset-2:0 barset-3<barset-2:0 ");
    say_epoch(voices[1], charter, 3);           /* a new epoch is sealed to it */
    (void)fold(v, 1);
    assert_non_null(strstr(owed_by(v).text, "barset-3<barset-1:1 "));
    assert_null(strstr(owed_by(v).text, "barset-2<barset-1:1"));
    view_close(v);
}

static void history_from_admission_owes_nothing_older(void **state)
{
    (void)state;
    found_alliance(2);
    struct charter *next = charter_after(charter, 0);
    charter_fill(next, 3, 1, 1);
    next->history_from_admission = true;
    enact(next, BY(1));
    voices[3] = voice_new(3);
    say_identity(voices[3]);
    say_epoch(voices[2], charter, 3);           /* of the new charter, and nothing in its place */
    struct view *v = view_of(1);
    (void)fold(v, 1);
    assert_string_equal(owed_by(v).text, "barset-3<barset-2:1 ");
    view_close(v);
}

/* ---- roles, voids, problems ---- */

static void figures_of_those_who_may_not_publish_any_are_kept_and_not_counted(void **state)
{
    (void)state;
    found_alliance(2);
    say_figure(voices[2], "cin_rate", "2024", 20);
    struct view *v = view_of(1);
    (void)fold(v, 1);
    struct charter *next = charter_after(charter, 0);
    next->members[1].role = ROLE_LEAD;
    enact(next, BY(1));
    (void)fold(v, 1);
    assert_string_equal(standing(v, "cin_rate", "2024").text, "");
    assert_int_equal(number(v, "SELECT count(*) FROM figure WHERE counted = 0"), 1);
    say_figure(voices[2], "cin_rate", "2025", 20);
    (void)fold(v, 1);
    assert_string_equal(standing(v, "cin_rate", "2025").text, "");
    next = charter_after(charter, 0);
    next->members[1].role = ROLE_AUTHORITY;
    enact(next, BY(1));
    (void)fold(v, 1);
    assert_string_equal(standing(v, "cin_rate", "2024").text, "barset-2/2 20");
    view_close(v);
}

static void beyond_a_former_members_closing_size_nothing_is_folded(void **state)
{
    (void)state;
    found_alliance(2);
    say_figure(voices[2], "cin_rate", "2023", 20);
    publish_all();
    uint64_t closed = voices[2]->frontier.size;
    say_figure(voices[2], "cin_rate", "2024", 21);
    struct view *v = view_of(1);
    assert_int_equal(fold(v, 1).figures, 2);
    struct charter *next = charter_after(charter, 0);
    charter_make_former(next, &voices[2]->body.slug, closed);
    enact(next, BY(1));
    struct fold_counts c = fold(v, 1);
    assert_int_equal(c.refolded, 1);
    assert_string_equal(standing(v, "cin_rate", "2023").text, "barset-2/2 20");
    assert_string_equal(standing(v, "cin_rate", "2024").text, "");
    view_close(v);
}

static void entries_that_their_author_disowns_are_not_folded(void **state)
{
    (void)state;
    found_alliance(2);
    say_figure(voices[2], "cin_rate", "2023", 20);
    uint64_t stolen = say_figure(voices[2], "cin_rate", "2024", 666);
    struct view *v = view_of(1);
    assert_int_equal(fold(v, 1).figures, 2);
    voices[2]->version++;
    struct identity id = identity_of(voices[2]);
    id.has_void = true;
    id.void_from = stolen;
    say_this_identity(voices[2], &id);
    say_figure(voices[2], "cin_rate", "2025", 22);
    struct fold_counts c = fold(v, 1);
    assert_int_equal(c.refolded, 1);
    assert_int_equal(c.skipped_void, 1);
    assert_string_equal(standing(v, "cin_rate", "2024").text, "");
    assert_string_equal(standing(v, "cin_rate", "2023").text, "barset-2/2 20");
    assert_string_equal(standing(v, "cin_rate", "2025").text, "barset-2/5 22");
    struct fold_counts again = fold(v, 1), zero = {0};
    assert_memory_equal(&again, &zero, sizeof(zero));
    view_close(v);
}

static enum err note_problem(void *arg, const char *slug, uint32_t generation, uint64_t idx, const char *reason)
{
    struct told *t = arg;
    size_t at = strlen(t->text);
    assert_int_equal(generation, 1);
    (void)snprintf(t->text + at, sizeof(t->text) - at, "%s/%u %s|", slug, (unsigned)idx, reason);
    return OK;
}

static void malformed_entries_are_counted_and_stop_nothing(void **state)
{
    (void)state;
    struct told t = { "" };
    found_alliance(2);
    struct voice *m = voices[2];
    say_sealed(m, bytes_of("no msgpack at all"));
    say_sealed(m, (struct bytes){ (const uint8_t *)"\x91\xa6" "figure", 8 });
    say_public(m, KIND_GRANT, bytes_of("x"));
    say_public(m, KIND_OPEN, bytes_of("x"));
    say_public(m, KIND_IDENTITY, bytes_of("x"));
    say_raw(m, KIND_EPOCH, bytes_of("x"));
    struct sym_secret right = m->key;
    m->key.b[0] ^= 1;                           /* sealed under a key that was never announced */
    say_figure(m, "cin_rate", "2024", 20);
    m->key = right;
    say_public(m, 42, bytes_of("a kind of later versions"));
    say_figure(m, "cin_rate", "2024", 21);
    struct view *v = view_of(1);
    struct fold_counts c = fold(v, 1);
    assert_int_equal(c.problems, 7);
    assert_int_equal(c.figures, 1);
    OKAY(view_problems(v, note_problem, &t));
    assert_string_equal(t.text, "barset-2/2 record|barset-2/3 figure|barset-2/4 grant|barset-2/5 opening|"
                                "barset-2/6 identity|barset-2/7 epoch|barset-2/8 commitment|");
    view_close(v);
}

static void records_of_unknown_types_are_kept(void **state)
{
    (void)state;
    static const uint8_t post[] = "\x92\xa4" "gift" "\xa4" "note";
    found_alliance(2);
    say_sealed(voices[2], (struct bytes){ post, sizeof(post) - 1 });
    struct view *v = view_of(1);
    assert_int_equal(fold(v, 1).others, 1);
    assert_int_equal(number(v, "SELECT count(*) FROM other WHERE type = 'gift' AND audience = 'alliance'"
                               " AND length(body) = 11"), 1);
    view_close(v);
}

static void an_identity_by_a_root_that_the_charter_does_not_know_names_nobody(void **state)
{
    (void)state;
    found_alliance(2);
    struct voice *m = voices[2];
    struct body real = m->body;
    publish_all();
    m->body = body_with(2, 1);
    m->version++;
    struct identity id = identity_of(m);
    (void)snprintf(id.name, sizeof(id.name), "Somebody else");
    say_this_identity(m, &id);
    m->body = real;
    struct view *v = view_of(1);
    assert_int_equal(fold(v, 1).problems, 1);
    assert_int_equal(number(v, "SELECT count(*) FROM member WHERE name = 'Somebody else'"), 0);
    assert_int_equal(number(v, "SELECT count(*) FROM member WHERE name = 'The Council of barset-2'"), 1);
    view_close(v);
}

/* ---- logs that change, processes that die, files that are damaged ---- */

static void a_log_that_was_cut_back_and_regrown_is_folded_afresh(void **state)
{
    (void)state;
    found_alliance(2);
    say_figure(voices[2], "cin_rate", "2023", 20);
    publish_all();
    struct frontier good = voices[2]->frontier;
    OKAY(store_keep_checkpoint(store, &voices[2]->origin, good.size));
    say_figure(voices[2], "cin_rate", "2024", 666);
    struct view *v = view_of(1);
    (void)fold(v, 1);
    OKAY(store_cut_back(store, &voices[2]->origin, good.size));
    voices[2]->frontier = good;
    struct fold_counts c = fold(v, 1);
    assert_int_equal(c.refolded, 1);
    assert_string_equal(standing(v, "cin_rate", "2024").text, "");
    assert_string_equal(standing(v, "cin_rate", "2023").text, "barset-2/2 20");
    say_figure(voices[2], "cin_rate", "2024", 5);           /* another entry at the same index */
    (void)fold(v, 1);
    OKAY(store_cut_back(store, &voices[2]->origin, good.size));
    voices[2]->frontier = good;
    say_figure(voices[2], "cin_rate", "2024", 6);
    say_figure(voices[2], "cin_rate", "2025", 7);
    assert_int_equal(fold(v, 1).refolded, 1);
    assert_string_equal(standing(v, "cin_rate", "2024").text, "barset-2/3 6");
    view_close(v);
}

static void die_after_a_step(void *arg, uint64_t done, uint64_t total)
{
    (void)arg;
    assert_true(done <= total);
    if (done >= 5000)
        raise(SIGKILL);
}

/* Folds in a process of its own, which `progress` may end. SQLite's connections do not cross a fork. */
static int fold_in_a_child(void (*progress)(void *arg, uint64_t done, uint64_t total))
{
    pid_t child = fork();
    int status = 0;
    assert_true(child >= 0);
    if (child == 0) {
        struct store *mine = NULL;
        struct store_report report;
        struct fold_counts c;
        struct dh_keyring ring = { .n = 1 };
        struct view *v = NULL;
        struct view_owner owner = { alliance, body(1).slug };
        ring.keys[0].secret = voices[1]->box_secret;
        if (store_open(in_folder("log.db"), STORE_READ, &mine, &report) != OK
            || view_open(in_folder("view1.db"), &owner, &v) != OK)
            _exit(9);
        struct fold_with with = { .store = mine, .chain = chain, .box_keys = &ring, .progress = progress };
        _exit(view_fold(v, &with, &c) == OK ? 0 : 8);
    }
    assert_int_equal(waitpid(child, &status, 0), child);
    return status;
}

enum { MANY = 24000, INDICATORS = 500, HALF = MANY / 2 };

/* So many that the index is dropped while they are folded. The last version of i7 is withdrawn. */
static void publish_many(void)
{
    char indicator[32];
    uint64_t last = 0;
    for (int i = 0; i < MANY; i++) {
        (void)snprintf(indicator, sizeof(indicator), "i%d", i % INDICATORS);
        uint64_t idx = say_figure(voices[2], indicator, "2024", i);
        if (i % INDICATORS == 7)
            last = idx;
        if (i == HALF)
            publish_all();
    }
    say_withdrawal(voices[2], last, false);
    publish_all();
}

static void a_fold_that_was_killed_goes_on_where_it_stood(void **state)
{
    (void)state;
    found_alliance(2);
    publish_many();
    int status = fold_in_a_child(die_after_a_step);
    assert_true(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL);
    struct view *v = view_of(1);
    long long before = number(v, "SELECT count(*) FROM figure");
    assert_in_range(before, 5000, MANY - 1);
    assert_int_equal(number(v, "SELECT count(*) FROM sqlite_schema WHERE name = 'figure_key'"), 0);
    struct fold_counts c = fold(v, 1);
    assert_int_equal((long long)c.figures + before, MANY);
    assert_int_equal(number(v, "SELECT count(*) FROM figure"), MANY);
    assert_int_equal(number(v, "SELECT CAST(sum(numerator) AS INTEGER) FROM figure"), (long long)MANY * (MANY - 1) / 2);
    assert_int_equal(number(v, "SELECT count(*) FROM sqlite_schema WHERE name = 'figure_key'"), 1);
    assert_int_equal(number(v, "SELECT count(*) FROM figure_current"), INDICATORS - 1);
    assert_int_equal(number(v, "SELECT count(*) FROM figure WHERE buried = 1"), MANY / INDICATORS);
    view_close(v);
}

static void two_processes_fold_one_view_and_nothing_is_folded_twice(void **state)
{
    (void)state;
    found_alliance(2);
    publish_many();
    struct view *v = view_of(1);
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0)
        _exit(fold_in_a_child(NULL) == 0 ? 0 : 1);
    int status = 0;
    (void)fold(v, 1);
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_int_equal(status, 0);
    assert_int_equal(number(v, "SELECT count(*) FROM figure"), MANY);
    assert_int_equal(number(v, "SELECT count(*) FROM figure_current"), INDICATORS - 1);
    view_close(v);
}

static void put_junk(const char *path)
{
    struct buf junk = buf_on(8192);
    for (int i = 0; i < 500; i++)
        buf_put_str(&junk, "not a database. ");
    OKAY(file_write(path, buf_bytes(&junk)));
    buf_release(&junk);
}

static void an_unreadable_view_is_made_anew_beside_it(void **state)
{
    (void)state;
    struct stat st;
    found_alliance(2);
    say_figure(voices[2], "cin_rate", "2024", 20);
    put_junk(in_folder("view1.db"));
    struct view *v = view_of(1);
    assert_true(view_is_rebuilding(v));
    assert_int_equal(access(in_folder("view1.db.new"), F_OK), 0);
    (void)fold(v, 1);
    assert_false(view_is_rebuilding(v));
    assert_int_equal(access(in_folder("view1.db.new"), F_OK), -1);
    assert_string_equal(standing(v, "cin_rate", "2024").text, "barset-2/2 20");
    view_close(v);
    v = view_of(1);
    assert_false(view_is_rebuilding(v));
    assert_string_equal(standing(v, "cin_rate", "2024").text, "barset-2/2 20");
    assert_int_equal(stat(in_folder("view1.db"), &st), 0);
    assert_int_equal(st.st_mode & 0777, 0600);
    view_close(v);
}

/* Overwrite pages in the middle: the file opens, and fails later. */
static void a_view_damaged_inside_is_made_anew_while_folding(void **state)
{
    (void)state;
    found_alliance(2);
    for (int i = 0; i < 2000; i++)
        say_figure(voices[2], "cin_rate", i % 2 ? "2024" : "2023", i);
    struct view *v = view_of(1);
    (void)fold(v, 1);
    view_close(v);
    int fd = open(in_folder("view1.db"), O_RDWR | O_CLOEXEC);
    assert_true(fd >= 0);
    static const char junk[4096] = "damaged";
    off_t size = lseek(fd, 0, SEEK_END);
    /* every page behind the schema's */
    for (off_t at = 16 * 4096; at + 4096 <= size; at += 4096)
        assert_int_equal(pwrite(fd, junk, sizeof(junk), at), sizeof(junk));
    (void)close(fd);
    say_figure(voices[2], "cin_rate", "2024", 7);
    v = view_of(1);
    (void)fold(v, 1);
    assert_false(view_is_rebuilding(v));
    assert_int_equal(number(v, "SELECT count(*) FROM figure"), 2001);
    view_close(v);
}

static void a_view_of_somebody_else_is_not_believed(void **state)
{
    (void)state;
    struct view *v = NULL;
    struct fold_counts c;
    found_alliance(2);
    say_figure(voices[2], "cin_rate", "2024", 20);
    v = view_of(1);
    (void)fold(v, 1);
    view_close(v);
    struct view_owner other = { alliance, body(2).slug };
    OKAY(view_open(in_folder("view1.db"), &other, &v));
    assert_true(view_is_rebuilding(v));
    struct view *second = NULL;
    assert_int_equal(view_open(in_folder("view1.db"), &other, &second), ERR_BUSY);
    OKAY(try_fold(v, 2, &c));
    assert_int_equal(c.figures, 1);
    view_close(v);
}

/* ---- periods, coverage, definitions, SQL ---- */

static void with_less_than_half_its_returns_the_period_before_is_compared(void **state)
{
    (void)state;
    struct latest l;
    struct time_period p;
    found_alliance(5);
    for (unsigned n = 1; n <= 5; n++)
        say_figure(voices[n], "cin_rate", "2023", n);
    say_figure(voices[1], "cin_rate", "2021", 1);
    say_figure(voices[1], "cin_rate", "2024", 1);
    say_figure(voices[2], "cin_rate", "2024", 2);
    struct view *v = view_of(1);
    (void)fold(v, 1);
    OKAY(view_latest(v, "cin_rate", "", &l));
    assert_string_equal(l.period.period, "2023");
    assert_string_equal(l.newest.period, "2024");
    assert_true(l.is_before_newest);
    assert_int_equal(l.returns, 2);
    assert_int_equal(l.expected, 5);
    OKAY(view_previous(v, "cin_rate", "", &l.period, &p));
    assert_string_equal(p.period, "2021");
    assert_int_equal(view_previous(v, "cin_rate", "", &p, &p), ERR_UNKNOWN);
    struct figure f = figure_of("cin_rate", "2024", 0);     /* a symbol is a return */
    f.has_numerator = f.has_denominator = f.has_value = false;
    f.numerator = f.denominator = f.value = (struct decimal){ 0, 0 };
    f.status = STATUS_U;
    say_figure_as(voices[3], &f, false);
    (void)fold(v, 1);
    OKAY(view_latest(v, "cin_rate", "", &l));
    assert_string_equal(l.period.period, "2024");
    assert_false(l.is_before_newest);
    assert_int_equal(view_latest(v, "nothing", "", &l), ERR_UNKNOWN);
    view_close(v);
}

static enum err tell_period(void *arg, const struct time_period *p, uint64_t returns)
{
    struct told *t = arg;
    size_t at = strlen(t->text);
    (void)snprintf(t->text + at, sizeof(t->text) - at, "%s %s %u|", p->period, p->time_identifier, (unsigned)returns);
    return OK;
}

static enum err tell_id(void *arg, const char *id)
{
    struct told *t = arg;
    size_t at = strlen(t->text);
    (void)snprintf(t->text + at, sizeof(t->text) - at, "%s ", id);
    return OK;
}

static void periods_and_indicators_are_listed(void **state)
{
    (void)state;
    struct told periods = { "" }, ids = { "" };
    found_alliance(2);
    say_figure(voices[1], "cla_rate", "2024", 1);
    say_figure(voices[1], "cin_rate", "2023", 1);
    say_figure(voices[2], "cin_rate", "2023", 1);
    struct figure f = figure_of("cin_rate", "202425", 3);
    (void)snprintf(f.time_identifier, sizeof(f.time_identifier), "Financial year Q1");
    say_figure_as(voices[2], &f, false);
    struct view *v = view_of(1);
    (void)fold(v, 1);
    OKAY(view_periods(v, "cin_rate", "", tell_period, &periods));
    assert_string_equal(periods.text, "202425 Financial year Q1 1|2023 Reporting year 2|");
    OKAY(view_indicators(v, tell_id, &ids));
    assert_string_equal(ids.text, "cin_rate cla_rate ");
    view_close(v);
}

static enum err tell_cover(void *arg, const struct coverage *c)
{
    struct told *t = arg;
    size_t at = strlen(t->text);
    (void)snprintf(t->text + at, sizeof(t->text) - at, "%s %s %u %u %s %u|", c->slug, coverage_name(c->state),
                   (unsigned)c->indicators, (unsigned)c->periods, c->latest.period, (unsigned)c->records);
    return OK;
}

static void coverage_says_who_returned_what(void **state)
{
    (void)state;
    struct told t = { "" };
    found_alliance(4);
    say_figure(voices[1], "cin_rate", "2023", 1);
    say_figure(voices[1], "cin_rate", "2024", 1);
    say_figure(voices[1], "cla_rate", "2024", 1);
    uint64_t idx = say_figure(voices[2], "cin_rate", "2024", 1);
    say_withdrawal(voices[2], idx, false);
    say_epoch(voices[3], charter, 1);
    say_figure(voices[3], "cin_rate", "2024", 1);
    struct view *v = view_of(1);
    (void)fold(v, 1);
    OKAY(view_coverage(v, tell_cover, &t));
    assert_string_equal(t.text, "barset-1 returned 2 2 2024 3|barset-2 withdrawn 1 1  1|barset-3 sealed 0 0  0|"
                                "barset-4 missing 0 0  0|");
    view_close(v);
}

static bool official_by_id(void *arg, const char *id, struct definition *ret)
{
    (void)arg;
    if (strcmp(id, "cin_rate") != 0)
        return false;
    *ret = (struct definition){ .id = "cin_rate", .title = "Official", .multiplier = 10000 };
    return true;
}

static void say_definition(struct voice *m, const char *id, const char *title)
{
    struct definition d = { .multiplier = 100, .decimals = 1, .polarity = POLARITY_LOW, .counts_people = true,
                            .parts = PARTS_PROPORTION };
    struct buf plain = buf_on(4096);
    (void)snprintf(d.id, sizeof(d.id), "%s", id);
    (void)snprintf(d.title, sizeof(d.title), "%s", title);
    (void)snprintf(d.unit, sizeof(d.unit), "percent");
    definition_write(&d, &plain);
    say_sealed(m, buf_bytes(&plain));
    buf_release(&plain);
}

static void the_definition_in_force_is_a_leads_else_the_first_stewards_else_the_official(void **state)
{
    (void)state;
    struct definition_row d, same;
    const struct official o = { .by_id = official_by_id };
    found_alliance(3);
    struct charter *next = charter_after(charter, 0);
    next->members[2].role = ROLE_LEAD;
    enact(next, BY(1));
    say_definition(voices[2], "ours", "by an authority");
    struct view *v = view_of(1);
    (void)fold(v, 1);
    assert_int_equal(view_definition(v, "ours", &o, &d), ERR_UNKNOWN);
    OKAY(view_definition(v, "cin_rate", &o, &d));
    assert_true(d.is_official);
    say_definition(voices[1], "ours", "by the first steward");
    (void)fold(v, 1);
    OKAY(view_definition(v, "ours", &o, &d));
    assert_string_equal(d.definition.title, "by the first steward");
    say_definition(voices[3], "ours", "by the lead");
    say_definition(voices[3], "ours", "by the lead, again");
    say_definition(voices[1], "ours", "by the first steward, later");
    (void)fold(v, 1);
    OKAY(view_definition(v, "ours", &o, &d));
    assert_string_equal(d.definition.title, "by the lead, again");
    assert_int_equal(d.definition.parts, PARTS_PROPORTION);
    assert_string_equal(d.slug.s, "barset-3");
    assert_int_equal(d.definition.polarity, POLARITY_LOW);
    OKAY(view_definition_by_hash(v, &d.hash, &o, &same));
    assert_string_equal(same.definition.title, "by the lead, again");
    view_close(v);
}

static enum err refuse_row(void *arg, size_t n, const struct sql_cell *cells)
{
    (void)arg, (void)n, (void)cells;
    fail_msg("no row may come");
    return OK;
}

static void sql_reads_and_neither_writes_nor_shows_keys(void **state)
{
    (void)state;
    static const struct { const char *text; enum err want; } cases[] = {
        { "DELETE FROM figure", ERR_DENIED }, { "SELECT key FROM epoch_key", ERR_DENIED },
        { "SELECT hex(e.key) FROM epoch_key AS e", ERR_DENIED }, { "PRAGMA user_version = 3", ERR_DENIED },
        { "ATTACH 'x' AS x", ERR_DENIED }, { "SELECT nothing", ERR_FORMAT }, { "", ERR_FORMAT },
        { "SELECT 1; SELECT 2", ERR_FORMAT }, { "SELECT count(*) FROM epoch_key", ERR_DENIED },
        { "SELECT (SELECT group_concat(hex(key)) FROM main.record_key)", ERR_DENIED },
        { "SELECT * FROM dbstat", ERR_FORMAT }, { "SELECT load_extension('x')", ERR_FORMAT },
        { "SELECT name FROM pragma_table_info('epoch_key')", ERR_FORMAT },
        { "WITH k AS (SELECT * FROM granted) SELECT count(*) FROM k", ERR_DENIED },
    };
    struct buf message = buf_on(1024);
    struct sql_rows rows = { .row = refuse_row };
    found_alliance(1);
    struct view *v = view_of(1);
    (void)fold(v, 1);
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        buf_clear(&message);
        assert_int_equal(view_sql(v, cases[i].text, &rows, &message), cases[i].want);
        assert_true(message.len > 0);
    }
    assert_int_equal(number(v, "SELECT count(*) FROM member;"), 1);
    struct fold_counts c = fold(v, 1);          /* and folding still may */
    assert_int_equal(c.problems, 0);
    buf_release(&message);
    view_close(v);
}

#define T(name) cmocka_unit_test_setup_teardown(name, make_world, drop_world)

int main(void)
{
    const struct CMUnitTest tests[] = {
        T(what_the_alliance_publishes_is_read_by_every_reader),
        T(a_figure_comes_back_as_it_was_published),
        T(folding_again_changes_nothing_and_goes_on_where_it_stood),
        T(the_newest_version_stands_and_history_is_newest_first),
        T(the_narrowest_audience_we_can_read_is_taken),
        T(a_withdrawn_version_does_not_bring_back_the_one_before),
        T(an_erased_version_keeps_no_number),
        T(what_was_erased_is_in_none_of_the_views_files),
        T(only_earlier_entries_of_the_same_log_can_be_withdrawn),
        T(a_newcomer_with_a_grant_reads_history),
        T(a_wrong_grant_is_refused_and_a_right_one_beside_it_believed),
        T(an_epoch_whose_box_holds_another_key_than_its_author_committed_to_is_not_believed),
        T(a_named_audience_reads_what_others_cannot),
        T(an_epoch_of_a_charter_without_us_stays_shut),
        T(an_epoch_of_a_charter_not_seen_yet_is_opened_when_it_is),
        T(a_box_to_an_older_key_opens_once_that_key_is_back),
        T(an_opened_record_is_read_without_its_epoch),
        T(a_sealed_record_opened_late_obeys_what_was_withdrawn_meanwhile),
        T(own_epochs_and_figures_are_at_the_publishers_hand),
        T(an_epoch_ends_when_a_reader_has_another_box_key),
        T(what_readers_are_owed_is_known_and_paid_by_a_grant),
        T(history_from_admission_owes_nothing_older),
        T(figures_of_those_who_may_not_publish_any_are_kept_and_not_counted),
        T(beyond_a_former_members_closing_size_nothing_is_folded),
        T(entries_that_their_author_disowns_are_not_folded),
        T(malformed_entries_are_counted_and_stop_nothing),
        T(records_of_unknown_types_are_kept),
        T(an_identity_by_a_root_that_the_charter_does_not_know_names_nobody),
        T(a_log_that_was_cut_back_and_regrown_is_folded_afresh),
        T(a_fold_that_was_killed_goes_on_where_it_stood),
        T(two_processes_fold_one_view_and_nothing_is_folded_twice),
        T(an_unreadable_view_is_made_anew_beside_it),
        T(a_view_damaged_inside_is_made_anew_while_folding),
        T(a_view_of_somebody_else_is_not_believed),
        T(with_less_than_half_its_returns_the_period_before_is_compared),
        T(periods_and_indicators_are_listed),
        T(coverage_says_who_returned_what),
        T(the_definition_in_force_is_a_leads_else_the_first_stewards_else_the_official),
        T(sql_reads_and_neither_writes_nor_shows_keys),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
