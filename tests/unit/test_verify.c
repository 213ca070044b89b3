/* tests/unit/test_verify.c - every kind of damage to a log is found, and named by its place. */
#include "cli/audit/verify.h"

#include "moot.h"

#include <sqlite3.h>

#include "protocol/chain.h"
#include "protocol/evidence.h"

/* ---- a log as its author makes it, with room for mischief before it is stored ---- */

struct world {
    struct moot *t;
    struct store *s;
    struct chain *chain;
    char path[160];
};

struct run {                                /* entries that are about to be appended */
    struct moot_made made;
    struct frontier before, after;
    struct buf note;
};

static int open_world(void **state)
{
    struct world *w = calloc(1, sizeof(*w));
    struct store_report report;
    enum chain_verdict verdict;
    struct hash hash;
    w->t = moot_new(4);
    (void)snprintf(w->path, sizeof(w->path), "%s/log.db", w->t->folder);
    assert_int_equal(store_open(w->path, STORE_WRITE, &w->s, &report), OK);
    moot_settle_store(w->t, 0, w->s);
    w->chain = chain_new(&w->t->alliance);
    assert_int_equal(chain_add(w->chain, buf_bytes(&w->t->charter), &verdict, &hash), OK);
    *state = w;
    return 0;
}

static int close_world(void **state)
{
    struct world *w = *state;
    store_close(w->s);
    chain_free(w->chain);
    moot_free(w->t);
    free(w);
    return 0;
}

static struct run run_begin(struct world *w, size_t i, size_t n)
{
    struct origin o = moot_origin(w->t, i);
    struct log_state l;
    struct run r = {.note = buf_on(CHECKPOINT_MAX)};
    frontier_init(&r.before);
    if (store_log(w->s, &o, &l, &r.note) == OK)
        r.before = l.frontier;
    r.after = r.before;
    r.made = (struct moot_made){.items = calloc(n + 8, sizeof(struct item)), .bytes = buf_on(SIZE_MAX / 4)};
    assert_non_null(r.made.items);
    assert_non_null(buf_grow(&r.made.bytes, n * 2 * HEADER_MAX + 4 * IDENTITY_MAX));
    r.made.bytes.len = 0;
    return r;
}

/* A record: ["note", n], so that its kind can be read. */
static void say_record(struct run *r)
{
    struct buf b = buf_on(64);
    pack_array(&b, 2);
    pack_str(&b, "note");
    pack_uint(&b, r->after.size);
    moot_add_entry(&r->made, &r->after, KIND_RECORD, buf_bytes(&b));
    buf_release(&b);
}

static void say_withdrawal(struct run *r, uint64_t target)
{
    struct buf b = buf_on(64);
    struct withdrawal wd = {.target = target, .reason = "correction", .erase = true};
    withdrawal_write(&wd, &b);
    moot_add_entry(&r->made, &r->after, KIND_WITHDRAW, buf_bytes(&b));
    buf_release(&b);
}

static void run_sign(struct world *w, size_t i, struct run *r)
{
    struct checkpoint c = {.origin = moot_origin(w->t, i), .size = r->after.size, .root = frontier_root(&r->after)};
    buf_clear(&r->note);
    checkpoint_sign(&c, &w->t->member[i].log, &r->note);
}

static void run_store(struct world *w, size_t i, struct run *r)
{
    struct append a = {.origin = moot_origin(w->t, i), .expected = r->before.size, .n_items = r->made.n, .items = r->made.items,
                       .after = &r->after, .checkpoint = buf_bytes(&r->note), .whole = r->after.size};
    assert_int_equal(store_append(w->s, &a), OK);
    free(r->made.items);
    buf_release(&r->made.bytes);
    buf_release(&r->note);
}

static struct run identity_and_records(struct world *w, size_t i, size_t n)
{
    struct run r = run_begin(w, i, n + 1);
    moot_add_entry(&r.made, &r.after, KIND_IDENTITY, buf_bytes(&w->t->member[i].note));
    for (size_t k = 0; k < n; k++)
        say_record(&r);
    return r;
}

static void publish(struct world *w, size_t i, size_t n)
{
    struct run r = identity_and_records(w, i, n);
    run_sign(w, i, &r);
    run_store(w, i, &r);
}

static struct cosig cosign_at(struct world *w, size_t i, size_t by, uint64_t time_s)
{
    struct origin o = moot_origin(w->t, i), witness = moot_origin(w->t, by);
    struct log_state l;
    struct buf note = buf_on(CHECKPOINT_MAX);
    assert_int_equal(store_log(w->s, &o, &l, &note), OK);
    buf_release(&note);
    struct checkpoint c = {.origin = o, .size = l.whole, .root = l.whole_root};
    struct cosig s = {.log = {o.slug, 1}, .size = l.whole, .root = l.whole_root, .witness = moot_slug(by), .time_s = time_s};
    checkpoint_cosign(&c, &witness, &w->t->member[by].witness, s.time_s, &s.sig);
    return s;
}

static struct cosig cosign(struct world *w, size_t i, size_t by)
{
    return cosign_at(w, i, by, 1700000000);
}

static void put_cosig_of(struct world *w, size_t i, const struct cosig *c)
{
    struct origin o = moot_origin(w->t, i);
    assert_int_equal(store_put_cosig(w->s, &o, c), OK);
}

/* Change the file behind the store's back. */
static void by_hand(struct world *w, const char *sql)
{
    sqlite3 *db;
    store_close(w->s);
    assert_int_equal(sqlite3_open(w->path, &db), SQLITE_OK);
    assert_int_equal(sqlite3_exec(db, sql, NULL, NULL, NULL), SQLITE_OK);
    assert_int_equal(sqlite3_close(db), SQLITE_OK);
    struct store_report report;
    assert_int_equal(store_open(w->path, STORE_READ, &w->s, &report), OK);
}

/* ---- verifying ---- */

static struct verified got[4];
static size_t n_got;

static enum err keep(void *arg, const struct verified *v)
{
    (void)arg;
    assert_true(n_got < 4);
    got[n_got++] = *v;
    return OK;
}

static const struct verified *verify_only(struct world *w, const struct slug *only)
{
    struct witnesses *keys = NULL;
    n_got = 0;
    assert_int_equal(witnesses_new(w->s, w->chain, (struct bytes){NULL, 0}, &keys), OK);
    struct verify_with with = {.store = w->s, .chain = w->chain, .witnesses = keys, .alliance = w->t->alliance, .only = only,
                               .each = keep};
    assert_int_equal(verify_logs(&with), OK);
    witnesses_free(keys);
    return &got[0];
}

static const struct verified *verify(struct world *w)
{
    return verify_only(w, NULL);
}

static void is_found(const struct verified *v, const char *problem)
{
    assert_false(v->ok);
    assert_int_equal(v->problems.n, 1);
    assert_string_equal(v->problems.list[0].text, problem);
    assert_true(v->problems.list[0].is_failure);
}

/* ---- what is good ---- */

static void a_log_as_its_author_signed_it_verifies(void **state)
{
    struct world *w = *state;
    publish(w, 0, 1023);
    struct run r = run_begin(w, 0, 2000);
    for (size_t k = 0; k < 2000; k++)
        say_record(&r);
    run_sign(w, 0, &r);
    run_store(w, 0, &r);
    for (size_t by = 0; by < 3; by++) {
        struct cosig c = cosign(w, 0, by);
        put_cosig_of(w, 0, &c);
    }
    const struct verified *v = verify(w);
    assert_int_equal(n_got, 1);
    assert_true(v->ok);
    assert_int_equal(v->problems.n, 0);
    assert_string_equal(v->log.slug.s, "barsetshire");
    assert_int_equal(v->size, 3024);
    assert_int_equal(v->entries, 3024);
    assert_int_equal(v->checkpoints, 2);
    assert_int_equal(v->cosignatures, 3);
    assert_int_equal(v->n_witnesses, 3);
    assert_true(v->has_quorum);
}

/* A witness renews its word daily: the first is checked as well as the newest, and each once. */
static void the_first_word_of_a_witness_is_checked_too(void **state)
{
    struct world *w = *state;
    publish(w, 0, 3);
    for (uint64_t day = 0; day < 3; day++) {
        struct cosig c = cosign_at(w, 0, 1, 1700000000 + day * 86400);
        put_cosig_of(w, 0, &c);
    }
    const struct verified *v = verify(w);
    assert_true(v->ok);
    assert_int_equal(v->cosignatures, 2);
    by_hand(w, "UPDATE cosig_first SET time_s = time_s + 1");
    is_found(verify(w), "checkpoint 4: the cosignature of east-barset does not hold");
}

static uint64_t time_in(const struct buf *text, struct world *w, size_t by)
{
    struct note n;
    uint64_t time_s = 0;
    struct origin witness = moot_origin(w->t, by);
    struct note_key key = checkpoint_witness_key(&witness, &w->t->member[by].id.witness);
    assert_int_equal(note_parse(buf_bytes(text), &n), OK);
    assert_int_equal(note_check(&n, &key, &time_s), OK);
    return time_s;
}

static void a_note_can_be_had_with_the_first_words_or_the_newest(void **state)
{
    struct world *w = *state;
    struct origin o = moot_origin(w->t, 0);
    struct buf note = buf_on(CHECKPOINT_MAX);
    publish(w, 0, 3);
    for (uint64_t day = 0; day < 3; day++) {
        struct cosig c = cosign_at(w, 0, 0, 1700000000 + day * 86400);
        put_cosig_of(w, 0, &c);
    }
    assert_int_equal(store_checkpoint(w->s, &o, 4, &note), OK);
    assert_int_equal(time_in(&note, w, 0), 1700000000 + 2 * 86400);
    assert_int_equal(store_first_checkpoint(w->s, &o, 4, &note), OK);
    assert_int_equal(time_in(&note, w, 0), 1700000000);
    buf_release(&note);
}

static void verify_says_when_a_quorum_spoke_last(void **state)
{
    struct world *w = *state;
    publish(w, 0, 3);
    assert_int_equal(verify(w)->witnessed_s, 0);
    for (size_t by = 0; by < 3; by++) {
        struct cosig c = cosign_at(w, 0, by, 1700000000 + by);
        put_cosig_of(w, 0, &c);
    }
    assert_int_equal(verify(w)->witnessed_s, 1700000000);
    assert_string_equal(witnesses_freshness(0, 1700000000000), "silent");
    assert_string_equal(witnesses_freshness(1700000000, 1700000000000 + FRESH_MS), "fresh");
    assert_string_equal(witnesses_freshness(1700000000, 1700000000000 + FRESH_MS + 1), "stale");
}

static void two_of_four_witnesses_are_too_few(void **state)
{
    struct world *w = *state;
    publish(w, 0, 3);
    for (size_t by = 0; by < 2; by++) {
        struct cosig c = cosign(w, 0, by);
        put_cosig_of(w, 0, &c);
    }
    const struct verified *v = verify(w);
    assert_true(v->ok);
    assert_int_equal(v->n_witnesses, 2);
    assert_false(v->has_quorum);
}

/* ---- when it was witnessed ---- */

static uint64_t witnessed_at(struct world *w, size_t i)
{
    struct witnesses *keys = NULL;
    struct origin o = moot_origin(w->t, i);
    struct log_state l;
    struct buf note = buf_on(CHECKPOINT_MAX);
    uint64_t at_s = 1;
    assert_int_equal(store_log(w->s, &o, &l, &note), OK);
    assert_int_equal(witnesses_new(w->s, w->chain, (struct bytes){NULL, 0}, &keys), OK);
    assert_int_equal(witnesses_when(keys, w->s, chain_current(w->chain), &o, l.whole, &l.whole_root, &at_s), OK);
    witnesses_free(keys);
    buf_release(&note);
    return at_s;
}

/* Three of four are enough here. */
static void a_log_is_as_fresh_as_the_oldest_word_of_a_quorum(void **state)
{
    struct world *w = *state;
    publish(w, 0, 3);
    for (size_t by = 0; by < 4; by++) {
        assert_int_equal(witnessed_at(w, 0), by < 3 ? 0 : 100);
        struct cosig c = cosign_at(w, 0, by, 100 * (by + 1));
        put_cosig_of(w, 0, &c);
    }
    assert_int_equal(witnessed_at(w, 0), 200);
    struct origin o = moot_origin(w->t, 0);
    assert_int_equal(store_keep_checkpoint(w->s, &o, 4), OK);

    struct run r = run_begin(w, 0, 1);                  /* of what is new only one witness has heard */
    say_record(&r);
    run_sign(w, 0, &r);
    run_store(w, 0, &r);
    assert_int_equal(witnessed_at(w, 0), 200);
    struct cosig c = cosign_at(w, 0, 0, 500);
    put_cosig_of(w, 0, &c);
    assert_int_equal(witnessed_at(w, 0), 300);
    c = cosign_at(w, 0, 1, 600);
    c.time_s = 601;                                     /* another time than the one that was signed */
    put_cosig_of(w, 0, &c);
    assert_int_equal(witnessed_at(w, 0), 300);
}

static void fresh_is_48_hours(void **state)
{
    (void)state;
    const uint64_t at_s = 1700000000, hours_48 = 48 * 3600 * 1000;
    assert_true(witnesses_are_fresh(at_s, at_s * 1000));
    assert_true(witnesses_are_fresh(at_s, at_s * 1000 + hours_48));
    assert_false(witnesses_are_fresh(at_s, at_s * 1000 + hours_48 + 1));
    assert_true(witnesses_are_fresh(at_s + 60, at_s * 1000));       /* a witness whose clock is ahead */
    assert_false(witnesses_are_fresh(0, 1000));
}

static void only_the_log_that_is_asked_for_is_verified(void **state)
{
    struct world *w = *state;
    publish(w, 0, 3);
    publish(w, 1, 5);
    struct slug one = moot_slug(1);
    const struct verified *v = verify_only(w, &one);
    assert_int_equal(n_got, 1);
    assert_string_equal(v->log.slug.s, "east-barset");
    assert_int_equal(v->entries, 6);
}

static void a_payload_that_its_author_erased_is_counted(void **state)
{
    struct world *w = *state;
    struct run r = identity_and_records(w, 0, 3);
    say_withdrawal(&r, 2);
    r.made.items[2].has_payload = false;
    r.made.items[2].excuse = 4;
    run_sign(w, 0, &r);
    run_store(w, 0, &r);
    const struct verified *v = verify(w);
    assert_true(v->ok);
    assert_int_equal(v->erased, 1);
    assert_int_equal(v->problems.n, 0);
}

static void a_new_log_key_signs_from_its_own_index_on(void **state)
{
    struct world *w = *state;
    struct moot_member *m = &w->t->member[0];
    struct buf text = buf_on(IDENTITY_MAX);
    publish(w, 0, 3);
    identity_text(&m->id, &text);
    m->id.previous = identity_hash(buf_bytes(&text));
    m->id.version = 2;
    m->id.has_void = true;
    m->id.void_from = 2;
    seed_sign_key(&m->seed, PURPOSE_LOG, 2, &m->log, &m->id.log);
    moot_sign_identity(m);
    struct run r = run_begin(w, 0, 2);
    moot_add_entry(&r.made, &r.after, KIND_IDENTITY, buf_bytes(&m->note));
    say_record(&r);
    run_sign(w, 0, &r);
    run_store(w, 0, &r);
    struct origin o = moot_origin(w->t, 0);
    assert_int_equal(store_keep_checkpoint(w->s, &o, 6), OK);
    const struct verified *v = verify(w);
    assert_true(v->ok);
    assert_int_equal(v->voided, 2);
    buf_release(&text);
}

/* ---- what is not ---- */

static void a_changed_payload_is_found(void **state)
{
    struct world *w = *state;
    struct run r = identity_and_records(w, 0, 5);
    run_sign(w, 0, &r);
    ((uint8_t *)(uintptr_t)r.made.items[4].payload.p)[SALT_LEN + 3] ^= 1;
    run_store(w, 0, &r);
    is_found(verify(w), "entry 4: the payload is not the one that its header names");
}

static void a_changed_header_is_found(void **state)
{
    struct world *w = *state;
    struct run r = identity_and_records(w, 0, 5);
    run_sign(w, 0, &r);
    ((uint8_t *)(uintptr_t)r.made.items[4].header.p)[8] ^= 1;          /* its time */
    run_store(w, 0, &r);
    const struct verified *v = verify(w);
    assert_false(v->ok);
    assert_string_equal(v->problems.list[0].text, "checkpoint 6: the entries do not have the root that was signed");
    assert_string_equal(v->problems.list[1].text, "the frontier kept by the store is not that of the entries");
    assert_int_equal(v->checkpoints, 0);
}

static void a_checkpoint_signed_by_another_key_is_found(void **state)
{
    struct world *w = *state;
    struct run r = identity_and_records(w, 0, 5);
    struct checkpoint c = {.origin = moot_origin(w->t, 0), .size = r.after.size, .root = frontier_root(&r.after)};
    checkpoint_sign(&c, &w->t->member[1].log, &r.note);
    run_store(w, 0, &r);
    is_found(verify(w), "checkpoint 6: it is not signed by the log key that was in force");
}

static void a_checkpoint_whose_signature_is_damaged_is_found(void **state)
{
    struct world *w = *state;
    struct run r = identity_and_records(w, 0, 5);
    run_sign(w, 0, &r);
    uint8_t *last = &r.note.p[r.note.len - 12];
    *last = *last == 'A' ? 'B' : 'A';
    run_store(w, 0, &r);
    is_found(verify(w), "checkpoint 6: its signature does not hold");
}

static void a_damaged_cosignature_is_found_and_does_not_count(void **state)
{
    struct world *w = *state;
    publish(w, 0, 3);
    struct cosig good = cosign(w, 0, 1), bad = cosign(w, 0, 2);
    bad.sig.b[5] ^= 1;
    put_cosig_of(w, 0, &good);
    put_cosig_of(w, 0, &bad);
    const struct verified *v = verify(w);
    is_found(v, "checkpoint 4: the cosignature of loamshire does not hold");
    assert_int_equal(v->cosignatures, 1);
    assert_int_equal(v->n_witnesses, 1);
}

static void an_entry_that_was_dropped_is_found(void **state)
{
    struct world *w = *state;
    publish(w, 0, 20);
    publish(w, 1, 3);
    by_hand(w, "INSERT INTO cutting VALUES (1); DELETE FROM entry WHERE id = (1 << 40) + 7; DELETE FROM cutting");
    const struct verified *v = verify(w);
    assert_false(v->ok);
    assert_string_equal(v->problems.list[0].text, "entry 7: the store is damaged here");
    assert_int_equal(n_got, 2);
    assert_true(got[1].ok);                 /* the others are verified all the same */
}

static void a_missing_payload_that_nothing_withdraws_is_found(void **state)
{
    struct world *w = *state;
    struct run r = identity_and_records(w, 0, 5);
    r.made.items[3].has_payload = false;
    r.made.items[3].excuse = 5;
    run_sign(w, 0, &r);
    run_store(w, 0, &r);
    is_found(verify(w), "entry 3: the payload is missing, and nothing withdraws it");
}

static void a_log_that_begins_with_another_members_identity_is_found(void **state)
{
    struct world *w = *state;
    struct run r = run_begin(w, 0, 2);
    moot_add_entry(&r.made, &r.after, KIND_IDENTITY, buf_bytes(&w->t->member[1].note));
    say_record(&r);
    run_sign(w, 0, &r);
    run_store(w, 0, &r);
    const struct verified *v = verify(w);
    assert_false(v->ok);
    assert_string_equal(v->problems.list[0].text, "entry 0: the identity is another member's");
}

static void a_kept_frontier_and_subtree_that_are_not_their_entries_are_found(void **state)
{
    struct world *w = *state;
    struct run r = identity_and_records(w, 0, 1023);
    run_sign(w, 0, &r);
    r.after.full[0].b[0] ^= 1;
    run_store(w, 0, &r);
    const struct verified *v = verify(w);
    assert_false(v->ok);
    assert_int_equal(v->problems.n, 3);
    assert_string_equal(v->problems.list[0].text, "the frontier kept by the store is not that of the entries");
    assert_string_equal(v->problems.list[1].text, "the root kept for 1024 is not that of the entries");
    assert_string_equal(v->problems.list[2].text, "the subtree kept for entries 0 to 1023 is not theirs");
}

static void a_damaged_subtree_is_found(void **state)
{
    struct world *w = *state;
    struct run r = identity_and_records(w, 0, 1023);
    run_sign(w, 0, &r);
    run_store(w, 0, &r);
    by_hand(w, "UPDATE subtree SET hash = zeroblob(32)");
    const struct verified *v = verify(w);
    assert_false(v->ok);                    /* its sum tells before its hash can */
    assert_string_equal(v->problems.list[0].text, "the store is damaged: not all that is kept about this log can be read");
}

static void a_log_of_nobody_is_found(void **state)
{
    struct world *w = *state;
    w->t->member[1].id.slug = (struct slug){"nowhere"};
    struct run r = run_begin(w, 0, 1);
    struct origin o = moot_origin(w->t, 0);
    assert_int_equal(slug_parse(bytes_of("nowhere"), &o.slug), OK);
    moot_add_entry(&r.made, &r.after, KIND_IDENTITY, buf_bytes(&w->t->member[0].note));
    run_sign(w, 0, &r);
    struct append a = {.origin = o, .n_items = 1, .items = r.made.items, .after = &r.after,
                       .checkpoint = buf_bytes(&r.note), .whole = 1};
    assert_int_equal(store_append(w->s, &a), OK);
    free(r.made.items);
    buf_release(&r.made.bytes);
    buf_release(&r.note);
    is_found(verify(w), "no charter of this alliance names nowhere");
}

/* ---- what is a problem, and no failure ---- */

static void a_frozen_log_is_shown_with_its_evidence_and_still_verifies(void **state)
{
    struct world *w = *state;
    struct origin o = moot_origin(w->t, 0);
    struct buf bytes = buf_on(EVIDENCE_MAX), a = buf_on(CHECKPOINT_MAX), b = buf_on(CHECKPOINT_MAX);
    publish(w, 0, 3);
    struct checkpoint c = {.origin = o, .size = 4};
    checkpoint_sign(&c, &w->t->member[0].log, &a);
    c.root.b[0] = 1;
    checkpoint_sign(&c, &w->t->member[0].log, &b);
    struct evidence ev = {.log = {o.slug, 1}, .note_m = buf_bytes(&a), .note_n = buf_bytes(&b)};
    evidence_write(&ev, &bytes);
    assert_int_equal(store_freeze(w->s, &o, buf_bytes(&bytes)), OK);
    const struct verified *v = verify(w);
    assert_true(v->ok);
    assert_true(v->is_frozen);
    assert_int_equal(v->problems.n, 1);
    assert_string_equal(v->problems.list[0].text, "frozen: its author signed two stories, at sizes 4 and 4");
    buf_release(&bytes);
    buf_release(&a);
    buf_release(&b);
}

static void a_body_that_cannot_be_read_is_its_authors_affair(void **state)
{
    struct world *w = *state;
    struct run r = identity_and_records(w, 0, 1);
    moot_add_entry(&r.made, &r.after, KIND_OPEN, bytes_of("no opening"));
    run_sign(w, 0, &r);
    run_store(w, 0, &r);
    const struct verified *v = verify(w);
    assert_true(v->ok);
    assert_int_equal(v->problems.n, 1);
    assert_string_equal(v->problems.list[0].text, "entry 2: its author wrote what cannot be read: it has no effect");
}

/* ---- charters ---- */

static void charters_that_hold_verify_and_a_forged_one_is_named(void **state)
{
    struct world *w = *state;
    struct verified *v = malloc(sizeof(*v));
    struct hash other = {{9}};
    struct buf forged = buf_on(NOTE_MAX);
    assert_int_equal(verify_charters(w->s, &w->t->alliance, w->chain, v), OK);
    assert_true(v->ok);
    buf_put(&forged, buf_bytes(&w->t->charter));
    forged.p[30] ^= 1;                      /* in the alliance's name */
    assert_int_equal(store_put_charter(w->s, &other, 1, 1, buf_bytes(&forged)), OK);
    assert_int_equal(verify_charters(w->s, &w->t->alliance, w->chain, v), OK);
    assert_false(v->ok);
    assert_int_equal(v->problems.n, 1);
    buf_release(&forged);
    free(v);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, open_world, close_world)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_log_as_its_author_signed_it_verifies),
        TEST(the_first_word_of_a_witness_is_checked_too),
        TEST(a_note_can_be_had_with_the_first_words_or_the_newest),
        TEST(verify_says_when_a_quorum_spoke_last),
        TEST(two_of_four_witnesses_are_too_few),
        TEST(a_log_is_as_fresh_as_the_oldest_word_of_a_quorum),
        TEST(fresh_is_48_hours),
        TEST(only_the_log_that_is_asked_for_is_verified),
        TEST(a_payload_that_its_author_erased_is_counted),
        TEST(a_new_log_key_signs_from_its_own_index_on),
        TEST(a_changed_payload_is_found),
        TEST(a_changed_header_is_found),
        TEST(a_checkpoint_signed_by_another_key_is_found),
        TEST(a_checkpoint_whose_signature_is_damaged_is_found),
        TEST(a_damaged_cosignature_is_found_and_does_not_count),
        TEST(an_entry_that_was_dropped_is_found),
        TEST(a_missing_payload_that_nothing_withdraws_is_found),
        TEST(a_log_that_begins_with_another_members_identity_is_found),
        TEST(a_kept_frontier_and_subtree_that_are_not_their_entries_are_found),
        TEST(a_damaged_subtree_is_found),
        TEST(a_log_of_nobody_is_found),
        TEST(a_frozen_log_is_shown_with_its_evidence_and_still_verifies),
        TEST(a_body_that_cannot_be_read_is_its_authors_affair),
        TEST(charters_that_hold_verify_and_a_forged_one_is_named),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
