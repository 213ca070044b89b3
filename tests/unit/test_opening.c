/* What an author opens: who reads it then, and what a hostile opening does not do. */
#include "view_fixture.h"

#include <time.h>

#include "protocol/record.h"

static struct opening *made(void)
{
    struct opening *o = calloc(1, sizeof(*o));
    assert_non_null(o);
    return o;
}

/* K of the entry that will be next, as the fixture will draw its nonce. */
static struct sym_secret next_key(struct voice *m)
{
    struct sym_secret key;
    struct audience_id a = everyone_in();
    struct seal_with w = sealing(m, &a, m->epoch, &m->key);
    record_key(&m->key, w.nonce, &key);
    return key;
}

static void add(struct opening *o, uint64_t idx, const struct sym_secret *key)
{
    o->items[o->n].index = idx;
    o->items[o->n++].key = *key;
}

static uint64_t open_public(struct voice *m, const struct opening *o)
{
    struct buf text = buf_on(PAYLOAD_MAX);
    opening_write(o, &text);
    uint64_t idx = say_public(m, KIND_OPEN, buf_bytes(&text));
    buf_release(&text);
    return idx;
}

/* Sealed as the alliance's, under the epoch that `m` has now. */
static uint64_t open_to_alliance(struct voice *m, const struct opening *o)
{
    struct buf text = buf_on(PAYLOAD_MAX);
    opening_record_write(o, &text);
    uint64_t idx = say_sealed(m, buf_bytes(&text));
    buf_release(&text);
    return idx;
}

/* A figure of barset-2 that barset-1 cannot read; *ret is its K. Returns its index. */
static uint64_t sealed_figure(int64_t numerator, struct sym_secret *ret)
{
    struct figure f = figure_of("cin_rate", "2024", numerator);
    *ret = next_key(voices[2]);
    return say_figure_as(voices[2], &f, false);
}

static void in_secret(void)
{
    found_alliance(2);
    say_epoch(voices[2], charter, 1);           /* nothing for barset-1 */
}

static void what_is_opened_to_everyone_is_everyones_from_then_on(void **state)
{
    (void)state;
    struct opening *o = made();
    struct sym_secret key;
    in_secret();
    uint64_t idx = sealed_figure(20, &key);
    struct view *v = view_of(1), *own = view_of(2);
    assert_int_equal(fold(v, 1).sealed, 1);
    assert_int_equal(fold(own, 2).figures, 1);
    add(o, idx, &key);
    open_public(voices[2], o);
    assert_int_equal(fold(v, 1).opened_late, 1);
    (void)fold(own, 2);                         /* who could read it sees that now everyone can */
    assert_int_equal(number(own, "SELECT count(*) FROM figure WHERE audience = 'public' AND sealed_for = 'alliance'"), 1);
    assert_int_equal(number(v, "SELECT count(*) FROM opened WHERE audience = 'public' AND target = 3 AND idx = 4"), 1);
    OKAY(view_only_for(v, READERS_EVERYONE));
    assert_string_equal(standing(v, "cin_rate", "2024").text, "barset-2/3 20");
    view_close(own);
    view_close(v);
    free(o);
}

/* Met in one fold: the key comes before the record, or the record that tells the key behind it. */
static void a_newcomer_reads_at_once_what_was_opened_before_it_came(void **state)
{
    (void)state;
    struct opening *o = made(), *p = made();
    struct sym_secret first, second;
    in_secret();
    add(o, sealed_figure(20, &first), &first);
    add(p, sealed_figure(21, &second), &second);
    o->items[0].key = first;
    p->items[0].key = second;
    open_public(voices[2], o);
    say_epoch(voices[2], charter, 0);
    open_to_alliance(voices[2], p);
    struct view *v = view_of(1);
    struct fold_counts c = fold(v, 1);
    assert_int_equal(c.figures, 2);
    assert_int_equal(c.problems, 0);
    assert_int_equal(number(v, "SELECT count(*) FROM sealed"), 0);
    assert_int_equal(number(v, "SELECT count(*) FROM figure WHERE audience = 'public'"), 1);
    view_close(v);
    free(o);
    free(p);
}

static void opened_to_the_alliance_is_not_opened_to_everyone(void **state)
{
    (void)state;
    struct opening *o = made();
    found_alliance(3);
    struct sym_secret named = say_named_epoch(voices[2], voices[3], 5), key;
    struct figure f = figure_of("cin_rate", "2024", 20);
    struct audience_id a = { { 5 } };
    struct seal_with w = sealing(voices[2], &a, 0, &named);
    record_key(&named, w.nonce, &key);
    uint64_t idx = say_named(voices[2], 5, &named, &f);
    struct view *v = view_of(1);
    assert_int_equal(fold(v, 1).sealed, 1);
    add(o, idx, &key);
    uint64_t said = open_to_alliance(voices[2], o);
    assert_int_equal(fold(v, 1).opened_late, 1);
    assert_string_equal(standing(v, "cin_rate", "2024").text, "barset-2/3 20");
    assert_int_equal(number(v, "SELECT count(*) FROM figure WHERE audience = 'alliance'"), 1);
    assert_int_equal(number(v, "SELECT idx FROM opened WHERE target = 3"), (long long)said);
    OKAY(view_only_for(v, READERS_EVERYONE));
    assert_string_equal(standing(v, "cin_rate", "2024").text, "");
    view_close(v);
    free(o);
}

/* [P-106] The wrong key neither opens nor stands in the right one's way; it is told of. */
static void a_wrong_key_is_passed_over_and_told(void **state)
{
    (void)state;
    struct opening *o = made();
    struct sym_secret key, wrong = { { 1, 2, 3 } };
    in_secret();
    uint64_t idx = sealed_figure(20, &key);
    add(o, idx, &wrong);
    uint64_t said = open_public(voices[2], o);
    struct view *v = view_of(1);
    struct fold_counts c = fold(v, 1);
    assert_int_equal(c.sealed, 1);
    assert_int_equal(c.problems, 1);
    assert_int_equal(number(v, "SELECT idx FROM problem WHERE reason = 'opening'"), (long long)said);
    o->items[0].key = key;
    open_public(voices[2], o);
    assert_int_equal(fold(v, 1).opened_late, 1);
    assert_string_equal(standing(v, "cin_rate", "2024").text, "barset-2/3 20");
    view_close(v);
    free(o);
}

static void an_opening_of_no_sealed_record_before_it_opens_nothing(void **state)
{
    (void)state;
    struct sym_secret key, other = { { 9 } };
    in_secret();
    uint64_t idx = sealed_figure(20, &key);
    const uint64_t nothing[] = { 0, 1, idx + 900, UINT64_MAX };         /* an identity, an epoch, what is not there */
    for (size_t i = 0; i < 4; i++) {
        struct opening *o = made();
        add(o, nothing[i], &other);
        open_public(voices[2], o);
        free(o);
    }
    struct opening *self = made();              /* itself, and what follows */
    add(self, next_idx(voices[2]), &other);
    add(self, next_idx(voices[2]) + 1, &other);
    open_public(voices[2], self);
    struct view *v = view_of(1);
    struct fold_counts c = fold(v, 1);
    assert_int_equal(c.problems, 5);
    assert_int_equal(c.sealed, 1);
    assert_int_equal(number(v, "SELECT count(*) FROM opened"), 0);
    view_close(v);
    free(self);
}

/* Another's index with the right K: an opening speaks of its author's own log, so it is another entry that it names. */
static void nobody_opens_what_another_sealed(void **state)
{
    (void)state;
    struct opening *o = made();
    struct sym_secret key;
    found_alliance(3);
    say_epoch(voices[2], charter, 1);
    uint64_t idx = sealed_figure(20, &key);
    say_figure(voices[3], "cin_rate", "2024", 30);
    say_figure(voices[3], "cin_rate", "2023", 31);
    add(o, idx, &key);
    open_public(voices[3], o);
    struct view *v = view_of(1);
    struct fold_counts c = fold(v, 1);
    assert_int_equal(c.sealed, 1);
    assert_int_equal(c.problems, 1);
    assert_string_equal(standing(v, "cin_rate", "2024").text, "barset-3/2 30");
    view_close(v);
    free(o);
}

static void what_was_erased_is_not_opened_again(void **state)
{
    (void)state;
    struct opening *o = made();
    struct sym_secret key;
    in_secret();
    uint64_t idx = sealed_figure(20, &key);
    add(o, idx, &key);
    open_public(voices[2], o);
    struct view *v = view_of(1);
    assert_int_equal(fold(v, 1).figures, 1);
    say_withdrawal(voices[2], idx, true);
    assert_int_equal(fold(v, 1).problems, 0);
    open_public(voices[2], o);
    assert_int_equal(fold(v, 1).problems, 0);
    assert_int_equal(number(v, "SELECT count(*) FROM figure WHERE value IS NOT NULL"), 0);
    view_close(v);
    v = view_of(1);                             /* and made anew it has no key either */
    view_close(v);
    (void)unlink(in_folder("view1.db"));
    v = view_of(1);
    struct fold_counts c = fold(v, 1);
    assert_int_equal(c.figures, 0);
    assert_int_equal(c.problems, 0);
    assert_int_equal(number(v, "SELECT count(*) FROM opened"), 0);
    view_close(v);
    free(o);
}

/* Sealing goes by whom it was sealed for: an opened figure's next version for the alliance replaces it. */
static void opening_changes_no_succession(void **state)
{
    (void)state;
    struct opening *o = made();
    struct sym_secret key;
    struct figure_row row;
    struct figure f = figure_of("cin_rate", "2024", 20);
    in_secret();
    uint64_t idx = sealed_figure(20, &key);
    add(o, idx, &key);
    open_public(voices[2], o);
    struct view *v = view_of(2);
    (void)fold(v, 2);
    OKAY(view_own_figure(v, &f, "alliance", &row));
    assert_int_equal(row.idx, idx);
    assert_int_equal(view_own_figure(v, &f, "public", &row), ERR_UNKNOWN);
    f.numerator.mantissa = 21;
    say_figure_as(voices[2], &f, false);
    (void)fold(v, 2);
    assert_string_equal(standing(v, "cin_rate", "2024").text, "barset-2/5 21");
    say_withdrawal(voices[2], 5, false);
    (void)fold(v, 2);                           /* the one before does not come back, opened or not */
    assert_int_equal(number(v, "SELECT count(*) FROM figure WHERE buried = 0"), 0);
    view_close(v);
    free(o);
}

static void openings_told_twice_and_by_the_hundred_thousand_are_taken_in(void **state)
{
    (void)state;
    enum { RECORDS = 1000, OPENINGS = 100 };
    struct opening *o = made(), *wrong = made();
    struct sym_secret bad = { { 4 } };
    in_secret();
    for (int i = 0; i < RECORDS; i++) {
        struct sym_secret key = next_key(voices[2]);
        add(o, next_idx(voices[2]), &key);
        add(wrong, next_idx(voices[2]), &bad);
        struct figure f = figure_of("cin_rate", "2024", i);
        (void)say_figure_as(voices[2], &f, false);
    }
    for (int i = 0; i < OPENINGS; i++)
        open_public(voices[2], i % 10 == 5 ? o : wrong);
    struct view *v = view_of(1);
    struct fold_counts c = fold(v, 1);
    assert_int_equal(c.figures, RECORDS);
    assert_int_equal(number(v, "SELECT count(*) FROM opened"), RECORDS);
    assert_int_equal(number(v, "SELECT count(*) FROM problem"), OPENINGS - OPENINGS / 10);
    view_close(v);
    free(o);
    free(wrong);
}

static void the_record_that_opens_has_one_form(void **state)
{
    (void)state;
    struct opening *o = made(), *got = made();
    struct buf b = buf_on(PAYLOAD_MAX), alone = buf_on(PAYLOAD_MAX);
    struct sym_secret key = { { 7 } };
    static const uint8_t frozen[] = "\x92\xa7opening\x91\x92\x05\xc4\x20\x07";
    add(o, 5, &key);
    opening_record_write(o, &b);
    assert_int_equal(b.len, sizeof(frozen) - 1 + 31);
    assert_memory_equal(b.p, frozen, sizeof(frozen) - 1);
    buf_clear(&b);
    o->n = 0;
    for (uint64_t i = 0; i < OPENING_MAX; i++)
        add(o, i * i, &key);
    opening_record_write(o, &b);
    OKAY(buf_status(&b));
    OKAY(opening_record_read(buf_bytes(&b), got));
    assert_int_equal(got->n, OPENING_MAX);
    assert_memory_equal(&got->items[OPENING_MAX - 1], &o->items[OPENING_MAX - 1], sizeof(o->items[0]));
    for (size_t n = 0; n < b.len; n += 97)
        assert_int_equal(opening_record_read((struct bytes){ b.p, n }, got), ERR_FORMAT);
    opening_write(o, &alone);
    assert_int_equal(opening_record_read(buf_bytes(&alone), got), ERR_FORMAT);
    buf_release(&b);
    buf_release(&alone);
    free(o);
    free(got);
}

/* [P-105] Everybody is told by an entry of its own kind. */
static void a_public_record_opens_nothing(void **state)
{
    (void)state;
    struct opening *o = made();
    struct buf text = buf_on(PAYLOAD_MAX);
    struct sym_secret key;
    in_secret();
    add(o, sealed_figure(20, &key), &key);
    o->items[0].key = key;
    opening_record_write(o, &text);
    say_public(voices[2], KIND_RECORD, buf_bytes(&text));
    struct view *v = view_of(1);
    struct fold_counts c = fold(v, 1);
    assert_int_equal(c.sealed, 1);
    assert_int_equal(c.problems, 1);
    buf_release(&text);
    view_close(v);
    free(o);
}

int main(void)
{
#define T(name) cmocka_unit_test_setup_teardown(name, make_world, drop_world)
    const struct CMUnitTest tests[] = {
        T(what_is_opened_to_everyone_is_everyones_from_then_on),
        T(a_newcomer_reads_at_once_what_was_opened_before_it_came),
        T(opened_to_the_alliance_is_not_opened_to_everyone),
        T(a_wrong_key_is_passed_over_and_told),
        T(an_opening_of_no_sealed_record_before_it_opens_nothing),
        T(nobody_opens_what_another_sealed),
        T(what_was_erased_is_not_opened_again),
        T(opening_changes_no_succession),
        T(openings_told_twice_and_by_the_hundred_thousand_are_taken_in),
        T(the_record_that_opens_has_one_form),
        T(a_public_record_opens_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
