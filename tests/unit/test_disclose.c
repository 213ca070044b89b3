/* What leaves with a record, and what does not: from a store to an auditor. */
#pragma GCC diagnostic ignored "-Wunused-function"
#include "tests/unit/view_fixture.h"

#include "cli/audit/judge.h"
#include "cli/disclose/disclose.h"
#include "protocol/evidence.h"

enum { READER = 2, AUTHOR = 1 };
#define SEEN_S UINT64_C(1700009000)

struct given {                                  /* one disclosure, as its receiver reads it */
    struct desk desk;
    struct disclosing *x;
    struct buf bytes;
    struct disclosure d;
    struct judgement *j;
};

static void begin(struct given *g)
{
    *g = (struct given){.desk = {.store = store, .chain = chain, .identity_note = buf_on(IDENTITY_MAX)}};
    OKAY(disclosing_new(&g->desk, &g->x));
}

static void end(struct given *g)
{
    struct disclosure made;
    g->bytes = buf_on(DISCLOSURE_MAX);
    OKAY(disclosing_end(g->x, &made));
    disclosure_write(&made, &g->bytes);
    OKAY(buf_status(&g->bytes));
    OKAY(disclosure_read(buf_bytes(&g->bytes), &g->d));
    g->j = judgement_new(AUDIT_DISCLOSURE, &charter->hash, NULL);
    OKAY(judge_disclosure(g->j, &g->d));
    for (size_t i = 0; i < g->j->problems.n; i++)
        print_message("# %s %s\n", g->j->problems.list[i].is_failure ? "!" : "-", g->j->problems.list[i].text);
}

static void drop(struct given *g)
{
    judgement_free(g->j);
    disclosure_release(&g->d);
    buf_release(&g->bytes);
    disclosing_free(g->x);
    buf_release(&g->desk.identity_note);
}

static enum err add(struct given *g, struct view *v, const struct voice *m, uint64_t idx)
{
    return disclosing_add(g->x, v, &m->origin, idx);
}

static bool holds_bytes(const struct given *g, const void *p, size_t len)
{
    for (size_t i = 0; i + len <= g->bytes.len; i++)
        if (memcmp(g->bytes.p + i, p, len) == 0)
            return true;
    return false;
}

struct key_at { const struct sym_secret *epoch_key; struct sym_secret key; };

static enum err take_key(void *arg, uint64_t idx, const struct item *item)
{
    struct key_at *k = arg;
    struct header h;
    (void)idx;
    OKAY(header_read(item->header, &h));
    record_key(k->epoch_key, h.nonce, &k->key);
    return OK;
}

static struct sym_secret key_of(const struct voice *m, uint64_t idx)
{
    struct key_at k = {.epoch_key = &m->key};
    OKAY(store_each_entry(store, &m->origin, idx, idx + 1, take_key, &k));
    return k.key;
}

/* Witness n cosigns the log as it stands; `is_false`: by a key that is not its own. */
static void cosign(const struct voice *m, unsigned n, uint64_t at_s, bool is_false)
{
    struct sym_secret s = seed_of(n, is_false ? 8 : 2, 1);
    struct sign_secret secret;
    struct sign_public unused;
    struct checkpoint c = {.origin = m->origin, .size = m->frontier.size, .root = frontier_root(&m->frontier)};
    struct cosig x = {.log = {m->origin.slug, m->origin.generation}, .size = c.size, .root = c.root, .witness = body(n).slug,
                      .time_s = at_s};
    sign_keypair(&s, &secret, &unused);
    checkpoint_cosign(&c, &voices[n]->origin, &secret, at_s, &x.sig);
    OKAY(store_put_cosig(store, &m->origin, &x));
}

static void witnessed(const struct voice *m, unsigned n, uint64_t at_s)
{
    for (unsigned i = 1; i <= n; i++)
        cosign(m, i, at_s + i, false);
    OKAY(store_keep_checkpoint(store, &m->origin, m->frontier.size));
}

static const struct disclosed_entry *entry_of_kind(const struct given *g, uint64_t kind)
{
    struct header h;
    for (size_t i = 0; i < g->d.logs[0].n_entries; i++)
        if (header_read(g->d.logs[0].entries[i].header, &h) == OK && h.kind == kind)
            return &g->d.logs[0].entries[i];
    return NULL;
}

/* ---- keys ---- */

static void only_a_records_own_key_leaves(void **state)
{
    (void)state;
    struct given g;
    found_alliance(4);
    struct voice *m = voices[AUTHOR];
    uint64_t one = say_figure(m, "cin_rate", "2024", 418), two = say_figure(m, "cin_rate", "2023", 400);
    publish_all();
    witnessed(m, 3, SEEN_S);
    struct view *v = view_of(READER);
    (void)fold(v, READER);
    begin(&g);
    OKAY(add(&g, v, m, one));
    assert_int_equal(add(&g, v, m, one), ERR_EXISTS);
    for (unsigned i = 1; i <= 3; i++)           /* what is renewed daily stood since the first day */
        cosign(m, i, SEEN_S + i + 86400 * 100, false);
    end(&g);
    assert_true(g.j->is_ok);
    assert_int_equal(g.j->n_records, 1);
    assert_int_equal(g.j->records[0].verdict, VERDICT_VALID);
    assert_int_equal(g.j->records[0].witnessed->by_s, SEEN_S + 3);
    struct sym_secret first = key_of(m, one), second = key_of(m, two);
    assert_true(holds_bytes(&g, first.b, sizeof(first.b)));
    assert_false(holds_bytes(&g, second.b, sizeof(second.b)));
    assert_false(holds_bytes(&g, m->key.b, sizeof(m->key.b)));
    assert_non_null(entry_of_kind(&g, KIND_EPOCH));         /* for whom it was sealed */
    drop(&g);
    view_close(v);
}

static void say_opening(struct voice *m, size_t n, const uint64_t *idx)
{
    struct opening *o = calloc(1, sizeof(*o));
    struct buf b = buf_on(PAYLOAD_MAX);
    o->n = n;
    for (size_t i = 0; i < n; i++) {
        o->items[i].index = idx[i];
        o->items[i].key = key_of(m, idx[i]);
    }
    opening_write(o, &b);
    OKAY(buf_status(&b));
    (void)say_public(m, KIND_OPEN, buf_bytes(&b));
    buf_release(&b);
    free(o);
}

static void an_opening_that_names_others_stays(void **state)
{
    (void)state;
    struct given g;
    found_alliance(4);
    struct voice *m = voices[AUTHOR];
    uint64_t idx[2] = {say_figure(m, "cin_rate", "2024", 418), say_figure(m, "cin_rate", "2023", 400)};
    publish_all();
    say_opening(m, 2, idx);
    publish_all();
    witnessed(m, 3, SEEN_S);
    struct view *v = view_of(READER);
    (void)fold(v, READER);
    struct sym_secret second = key_of(m, idx[1]);
    begin(&g);
    OKAY(add(&g, v, m, idx[0]));
    end(&g);
    assert_true(g.j->is_ok);
    assert_null(entry_of_kind(&g, KIND_OPEN));
    assert_false(g.j->records[0].is_opened);
    assert_false(holds_bytes(&g, second.b, sizeof(second.b)));
    drop(&g);
    begin(&g);                                  /* with both of them, it may go */
    OKAY(add(&g, v, m, idx[1]));
    OKAY(add(&g, v, m, idx[0]));
    end(&g);
    assert_true(g.j->is_ok);
    assert_non_null(entry_of_kind(&g, KIND_OPEN));
    assert_true(g.j->records[0].is_opened && g.j->records[1].is_opened);
    drop(&g);
    view_close(v);
}

static void who_cannot_read_cannot_disclose_until_it_is_opened(void **state)
{
    (void)state;
    struct given g;
    found_alliance(4);
    struct voice *m = voices[AUTHOR];
    (void)say_epoch(m, charter, READER);
    uint64_t idx = say_figure(m, "cin_rate", "2024", 418);
    publish_all();
    struct view *v = view_of(READER);
    (void)fold(v, READER);
    begin(&g);
    assert_int_equal(add(&g, v, m, idx), ERR_DENIED);
    disclosing_free(g.x);
    buf_release(&g.desk.identity_note);
    say_opening(m, 1, &idx);
    publish_all();
    witnessed(m, 4, SEEN_S);
    (void)fold(v, READER);
    begin(&g);
    OKAY(add(&g, v, m, idx));
    end(&g);
    assert_true(g.j->is_ok && g.j->records[0].is_opened);
    assert_int_equal(g.j->records[0].verdict, VERDICT_VALID);
    drop(&g);
    view_close(v);
}

/* It is told to readers in a record that only they can open, and is theirs to show from then on. */
static void what_was_opened_to_us_alone_can_be_disclosed(void **state)
{
    (void)state;
    struct given g;
    struct opening *o = calloc(1, sizeof(*o));
    struct buf b = buf_on(PAYLOAD_MAX);
    found_alliance(4);
    struct voice *m = voices[AUTHOR];
    (void)say_epoch(m, charter, READER);
    uint64_t idx = say_figure(m, "cin_rate", "2024", 418);
    publish_all();
    o->n = 1;
    o->items[0].index = idx;
    o->items[0].key = key_of(m, idx);
    opening_record_write(o, &b);
    (void)say_epoch(m, charter, 0);
    (void)say_sealed(m, buf_bytes(&b));
    publish_all();
    witnessed(m, 3, SEEN_S);
    struct view *v = view_of(READER);
    (void)fold(v, READER);
    begin(&g);
    OKAY(add(&g, v, m, idx));
    end(&g);
    assert_true(g.j->is_ok);
    assert_int_equal(g.j->records[0].verdict, VERDICT_VALID);
    assert_false(holds_bytes(&g, m->key.b, sizeof(m->key.b)));
    drop(&g);
    buf_release(&b);
    free(o);
    view_close(v);
}

/* [P-106] The wrong key was passed over when it was told, and is none here either. */
static void a_wrong_opening_is_not_in_the_right_ones_way(void **state)
{
    (void)state;
    struct given g;
    struct opening *o = calloc(1, sizeof(*o));
    struct buf b = buf_on(PAYLOAD_MAX);
    found_alliance(4);
    struct voice *m = voices[AUTHOR];
    (void)say_epoch(m, charter, READER);
    uint64_t idx = say_figure(m, "cin_rate", "2024", 418);
    publish_all();
    o->n = 1;
    o->items[0].index = idx;
    o->items[0].key.b[0] = 9;
    opening_write(o, &b);
    (void)say_public(m, KIND_OPEN, buf_bytes(&b));
    say_opening(m, 1, &idx);
    publish_all();
    witnessed(m, 3, SEEN_S);
    struct view *v = view_of(READER);
    (void)fold(v, READER);
    begin(&g);
    OKAY(add(&g, v, m, idx));
    end(&g);
    assert_int_equal(g.j->records[0].verdict, VERDICT_VALID);
    drop(&g);
    buf_release(&b);
    free(o);
    view_close(v);
}

/* A key leaves only with what it opens: this author committed to another. */
static void what_its_key_does_not_open_stays(void **state)
{
    (void)state;
    struct given g;
    struct header h;
    found_alliance(4);
    struct voice *m = voices[AUTHOR];
    uint64_t idx = say_figure(m, "cin_rate", "2024", 418);
    struct buf *last = &m->header[m->n - 1];
    OKAY(header_read(buf_bytes(last), &h));
    h.commit.b[0] ^= 1;
    buf_clear(last);
    header_write(&h, last);
    publish_all();
    struct view *v = view_of(READER);
    (void)fold(v, READER);
    begin(&g);
    assert_int_equal(add(&g, v, m, idx), ERR_COMMIT);
    disclosing_free(g.x);
    buf_release(&g.desk.identity_note);
    view_close(v);
}

static void a_named_audience_stays_unnamed(void **state)
{
    (void)state;
    struct given g;
    found_alliance(4);
    struct voice *m = voices[AUTHOR];
    struct sym_secret key = say_named_epoch(m, voices[READER], 9);
    struct figure f = figure_of("cin_rate", "2024", 418);
    uint64_t idx = say_named(m, 9, &key, &f);
    publish_all();
    witnessed(m, 3, SEEN_S);
    struct view *v = view_of(READER);
    (void)fold(v, READER);
    begin(&g);
    OKAY(add(&g, v, m, idx));
    end(&g);
    assert_true(g.j->is_ok);
    assert_int_equal(g.j->records[0].verdict, VERDICT_VALID);
    assert_false(g.j->records[0].epoch->is_alliance);
    assert_int_equal(g.j->records[0].epoch->n_filled, 2);
    assert_false(holds_bytes(&g, key.b, sizeof(key.b)));
    drop(&g);
    view_close(v);
}

/* By audience, number and place: the last that was begun before it. */
static void each_record_is_of_its_own_epoch(void **state)
{
    (void)state;
    struct given g;
    struct figure f = figure_of("cin_rate", "2024", 418);
    uint64_t idx[6], epoch[6] = {0};
    found_alliance(4);
    struct voice *m = voices[AUTHOR];
    epoch[0] = next_idx(m);
    struct sym_secret high = say_named_epoch(m, voices[READER], 200);
    epoch[1] = next_idx(m);
    struct sym_secret low = say_named_epoch(m, voices[READER], 9);
    struct sym_secret first = m->key;
    epoch[2] = epoch[5] = 1;                    /* behind its identity */
    idx[0] = say_named(m, 200, &high, &f);
    idx[1] = say_named(m, 9, &low, &f);
    idx[2] = say_figure(m, "cin_rate", "2023", 400);
    epoch[3] = say_epoch(m, charter, 0);
    idx[3] = say_figure(m, "cin_rate", "2022", 390);
    m->epoch--;                                 /* an author who did not know yet */
    m->key = first;
    idx[5] = say_figure(m, "cin_rate", "2021", 380);
    publish_all();
    epoch[4] = next_idx(m);
    (void)say_named_epoch(m, voices[READER], 200);          /* said again */
    idx[4] = say_named(m, 200, &high, &f);
    publish_all();
    witnessed(m, 3, SEEN_S);
    struct view *v = view_of(READER);
    (void)fold(v, READER);
    begin(&g);
    for (size_t i = 0; i < 6; i++)
        OKAY(add(&g, v, m, idx[i]));
    end(&g);
    assert_int_equal(g.j->n_records, 6);
    for (size_t i = 0; i < 6; i++)
        for (size_t k = 0; k < 6; k++)
            if (g.j->records[k].idx == idx[i]) {
                assert_non_null(g.j->records[k].epoch);
                assert_int_equal(g.j->records[k].epoch->idx, epoch[i]);
            }
    drop(&g);
    view_close(v);
}

/* ---- checkpoints ---- */

static void not_later_than_is_the_first_quorum_that_was_kept(void **state)
{
    (void)state;
    struct given g;
    struct latest_state at;
    found_alliance(4);
    struct voice *m = voices[AUTHOR];
    uint64_t idx = say_figure(m, "cin_rate", "2024", 418);
    publish_all();
    uint64_t first = m->frontier.size;
    witnessed(m, 2, SEEN_S);                    /* kept, and too few */
    (void)say_figure(m, "cin_rate", "2023", 400);
    publish_all();
    uint64_t second = m->frontier.size;
    witnessed(m, 3, SEEN_S + 1000);
    (void)say_figure(m, "cin_rate", "2022", 390);
    publish_all();
    witnessed(m, 4, SEEN_S + 2000);
    (void)say_figure(m, "cin_rate", "2021", 380);
    publish_all();                              /* newest, and nobody's yet */
    struct view *v = view_of(READER);
    (void)fold(v, READER);
    begin(&g);
    OKAY(disclosing_latest(g.x, &m->origin, idx, &at));
    assert_int_equal(at.size, second);
    assert_true(at.has_quorum && at.n_witnesses == 3);
    OKAY(disclosing_latest(g.x, &m->origin, m->frontier.size - 1, &at));
    assert_int_equal(at.size, m->frontier.size);
    assert_false(at.has_quorum);
    assert_int_equal(disclosing_latest(g.x, &m->origin, m->frontier.size, &at), ERR_UNKNOWN);
    OKAY(add(&g, v, m, idx));
    end(&g);
    assert_true(g.j->is_ok);
    assert_int_equal(g.d.logs[0].n_checkpoints, 2);         /* and the newest, for what came since */
    assert_int_equal(g.j->records[0].witnessed->by_s, SEEN_S + 1003);
    assert_true(first < second);
    drop(&g);
    view_close(v);
}

static void a_cosignature_that_does_not_hold_does_not_leave(void **state)
{
    (void)state;
    struct given g;
    found_alliance(4);
    struct voice *m = voices[AUTHOR];
    uint64_t idx = say_figure(m, "cin_rate", "2024", 418);
    publish_all();
    witnessed(m, 3, SEEN_S);
    cosign(m, 4, SEEN_S, true);                 /* a store does not judge what it is given */
    struct view *v = view_of(READER);
    (void)fold(v, READER);
    begin(&g);
    OKAY(add(&g, v, m, idx));
    end(&g);
    assert_true(g.j->is_ok);
    assert_int_equal(g.j->records[0].witnessed->n, 3);
    assert_int_equal(g.d.n_identities, 3);      /* of those whose lines stand there, and of nobody else */
    drop(&g);
    view_close(v);
}

/* ---- what came later ---- */

static void an_erased_record_leaves_with_its_withdrawal(void **state)
{
    (void)state;
    struct given g;
    found_alliance(4);
    struct voice *m = voices[AUTHOR];
    uint64_t idx = say_figure(m, "cin_rate", "2024", 418);
    publish_all();
    uint64_t by = say_withdrawal(m, idx, true);
    publish_all();
    witnessed(m, 3, SEEN_S);
    OKAY(store_erase(store, &m->origin, idx, by));
    struct view *v = view_of(READER);
    (void)fold(v, READER);
    begin(&g);
    OKAY(add(&g, v, m, idx));
    end(&g);
    assert_true(g.j->is_ok);
    assert_int_equal(g.j->records[0].verdict, VERDICT_ERASED);
    assert_int_equal(g.j->records[0].withdrawn->idx, by);
    struct sym_secret key = key_of(m, idx);
    assert_false(holds_bytes(&g, key.b, sizeof(key.b)));
    drop(&g);
    view_close(v);
}

static void the_next_generation_says_where_this_one_ended(void **state)
{
    (void)state;
    struct given g;
    found_alliance(4);
    struct voice *m = voices[AUTHOR];
    uint64_t inside = say_figure(m, "cin_rate", "2024", 418);
    publish_all();
    struct hash root = frontier_root(&m->frontier);
    uint64_t size = m->frontier.size, beyond = say_figure(m, "cin_rate", "2023", 999);
    publish_all();
    witnessed(m, 3, SEEN_S);
    struct origin old = m->origin;
    m->origin.generation = 2;
    frontier_init(&m->frontier);
    m->version++;
    struct identity id = identity_of(m);
    id.has_closes = true;
    id.closes_size = size;
    id.closes_root = root;
    (void)say_this_identity(m, &id);
    publish_all();
    struct view *v = view_of(READER);
    (void)fold(v, READER);
    begin(&g);
    OKAY(disclosing_add(g.x, v, &old, inside));
    OKAY(disclosing_add(g.x, v, &old, beyond));
    end(&g);
    assert_int_equal(g.d.n_logs, 2);
    assert_int_equal(g.j->records[0].verdict, VERDICT_VALID);
    assert_int_equal(g.j->records[1].verdict, VERDICT_VOID);
    assert_int_equal(g.j->problems.n_failures, 1);          /* the witnesses, who sign under a new origin now, still count */
    drop(&g);
    m->origin.generation = 1;
    view_close(v);
}

static void evidence_goes_with_a_frozen_log(void **state)
{
    (void)state;
    struct given g;
    found_alliance(4);
    struct voice *m = voices[AUTHOR];
    uint64_t idx = say_figure(m, "cin_rate", "2024", 418);
    publish_all();
    witnessed(m, 3, SEEN_S);
    struct checkpoint told = {.origin = m->origin, .size = m->frontier.size, .root = frontier_root(&m->frontier)}, other = told;
    struct buf note_m = buf_on(CHECKPOINT_MAX), note_n = buf_on(CHECKPOINT_MAX), packed = buf_on(EVIDENCE_MAX);
    struct evidence *ev = calloc(1, sizeof(*ev));
    other.root.b[0] ^= 1;
    checkpoint_sign(&told, &m->log, &note_m);
    checkpoint_sign(&other, &m->log, &note_n);
    ev->log = (struct log_ref){m->origin.slug, 1};
    ev->note_m = buf_bytes(&note_m);
    ev->note_n = buf_bytes(&note_n);
    evidence_write(ev, &packed);
    struct view *v = view_of(READER);
    (void)fold(v, READER);
    OKAY(store_freeze(store, &m->origin, buf_bytes(&packed)));
    begin(&g);
    OKAY(add(&g, v, m, idx));
    end(&g);
    assert_true(g.j->logs[0].has_evidence);
    assert_int_equal(g.j->records[0].verdict, VERDICT_VALID);
    drop(&g);
    free(ev);
    buf_release(&note_m);
    buf_release(&note_n);
    buf_release(&packed);
    view_close(v);
}

static void what_is_no_record_does_not_leave_as_one(void **state)
{
    (void)state;
    struct given g;
    struct tlog_proof *p = calloc(1, sizeof(*p));
    struct latest_state at;
    found_alliance(4);
    struct voice *m = voices[AUTHOR];
    publish_all();
    struct view *v = view_of(READER);
    (void)fold(v, READER);
    begin(&g);
    assert_int_equal(add(&g, v, m, 0), ERR_FORMAT);         /* an identity */
    assert_int_equal(add(&g, v, m, 1), ERR_FORMAT);         /* an epoch */
    assert_int_equal(add(&g, v, m, 2), ERR_UNKNOWN);
    OKAY(disclosing_prove(g.x, &m->origin, 0, p, &at));     /* but where they stand can be proven */
    assert_int_equal(at.size, 2);
    assert_int_equal(p->proof.n, 1);
    struct origin none = m->origin;
    none.generation = 7;
    assert_int_equal(disclosing_add(g.x, v, &none, 0), ERR_UNKNOWN);
    disclosing_free(g.x);
    buf_release(&g.desk.identity_note);
    free(p);
    view_close(v);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(only_a_records_own_key_leaves, make_world, drop_world),
        cmocka_unit_test_setup_teardown(an_opening_that_names_others_stays, make_world, drop_world),
        cmocka_unit_test_setup_teardown(who_cannot_read_cannot_disclose_until_it_is_opened, make_world, drop_world),
        cmocka_unit_test_setup_teardown(what_was_opened_to_us_alone_can_be_disclosed, make_world, drop_world),
        cmocka_unit_test_setup_teardown(a_wrong_opening_is_not_in_the_right_ones_way, make_world, drop_world),
        cmocka_unit_test_setup_teardown(what_its_key_does_not_open_stays, make_world, drop_world),
        cmocka_unit_test_setup_teardown(a_named_audience_stays_unnamed, make_world, drop_world),
        cmocka_unit_test_setup_teardown(each_record_is_of_its_own_epoch, make_world, drop_world),
        cmocka_unit_test_setup_teardown(not_later_than_is_the_first_quorum_that_was_kept, make_world, drop_world),
        cmocka_unit_test_setup_teardown(a_cosignature_that_does_not_hold_does_not_leave, make_world, drop_world),
        cmocka_unit_test_setup_teardown(an_erased_record_leaves_with_its_withdrawal, make_world, drop_world),
        cmocka_unit_test_setup_teardown(the_next_generation_says_where_this_one_ended, make_world, drop_world),
        cmocka_unit_test_setup_teardown(evidence_goes_with_a_frozen_log, make_world, drop_world),
        cmocka_unit_test_setup_teardown(what_is_no_record_does_not_leave_as_one, make_world, drop_world),
    };
    cmocka_set_message_output(CM_OUTPUT_TAP);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
