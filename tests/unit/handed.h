/* tests/unit/handed.h - a made-up alliance in memory, its logs, and the files that it hands to an auditor.
 *
 * Member i is barset-i. Member 0 is the founder and only steward; charter 1 names it alone, charter 2 all. Every
 * key follows from a number, so that another alliance of the same names is another `salt`. */
#ifndef FOLKMOOT_TESTS_UNIT_HANDED_H
#define FOLKMOOT_TESTS_UNIT_HANDED_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "cli/audit/judge.h"
#include "protocol/envelope.h"
#include "protocol/evidence.h"
#include "protocol/record.h"

enum { PEOPLE_MAX = 24, MADE_MAX = 64, KEPT_MAX = 2048 };
#define OKAY(call) assert_int_equal((call), OK)
#define SAID_MS UINT64_C(1700000000000)
#define SEEN_S UINT64_C(1700000060)

struct person {
    struct identity id;                         /* its first */
    struct sign_secret root, log, witness;
    struct buf note;
};

struct alliance {
    size_t n;
    uint8_t salt;
    struct person *people;
    struct charter *charter;                    /* the newest */
    size_t n_charters;
    struct buf charters[4];
    struct hash hashes[4];
    struct alliance_id id;
};

/* One log under the hand of whoever has its keys. */
struct made_log {
    const struct alliance *of;
    size_t who;
    struct origin origin;
    struct sign_secret log;                     /* in force */
    size_t n;
    struct buf header[MADE_MAX], payload[MADE_MAX];
    struct hash leaf[MADE_MAX];
    struct sym_secret epoch_key;
    uint64_t now_ms;
};

static inline struct sym_secret seed_of(uint8_t salt, size_t who, uint8_t what)
{
    struct sym_secret s = {{0x51, salt, (uint8_t)who, what}};
    return s;
}

static inline void person_sign(struct person *p)
{
    buf_clear(&p->note);
    identity_sign(&p->id, &p->root, &p->note);
    OKAY(buf_status(&p->note));
}

static inline void person_make(struct person *p, uint8_t salt, size_t i)
{
    struct sym_secret s;
    struct dh_secret dh;
    *p = (struct person){.note = buf_on(IDENTITY_MAX)};
    p->id = (struct identity){.role = ROLE_AUTHORITY, .version = 1};
    (void)snprintf(p->id.slug.s, sizeof(p->id.slug.s), "barset-%zu", i);
    (void)snprintf(p->id.name, sizeof(p->id.name), "Barset %zu", i);
    s = seed_of(salt, i, 1), sign_keypair(&s, &p->root, &p->id.root);
    s = seed_of(salt, i, 2), sign_keypair(&s, &p->log, &p->id.log);
    s = seed_of(salt, i, 3), sign_keypair(&s, &p->witness, &p->id.witness);
    s = seed_of(salt, i, 4), memcpy(dh.b, s.b, sizeof(dh.b)), p->id.box = dh_public_of(&dh);
    s = seed_of(salt, i, 5), memcpy(dh.b, s.b, sizeof(dh.b)), p->id.node = dh_public_of(&dh);
    person_sign(p);
}

/* The charter as it is changed now becomes the next version. */
static inline void charter_next(struct alliance *a)
{
    struct buf text = buf_on(NOTE_MAX), *note = &a->charters[a->n_charters];
    a->charter->version = (uint32_t)a->n_charters + 1;
    if (a->n_charters > 0)
        a->charter->previous = a->hashes[a->n_charters - 1];
    charter_text(a->charter, &text);
    OKAY(charter_parse(buf_bytes(&text), a->charter));
    struct note_key key = root_key(&a->people[0].id.slug, &a->people[0].id.root);
    *note = buf_on(NOTE_MAX);
    note_begin(buf_bytes(&text), note);
    note_sign(buf_bytes(&text), &key, &a->people[0].root, note);
    OKAY(buf_status(note));
    a->hashes[a->n_charters++] = a->charter->hash;
    if (a->n_charters == 1)
        a->id = charter_alliance_id(&a->hashes[0]);
    buf_release(&text);
}

static inline struct alliance *alliance_new(size_t n, uint8_t salt)
{
    struct alliance *a = calloc(1, sizeof(*a));
    assert_non_null(a);
    OKAY(crypto_start());
    a->n = n;
    a->salt = salt;
    a->people = calloc(n, sizeof(*a->people));
    a->charter = charter_new();
    assert_true(a->people != NULL && a->charter != NULL);
    for (size_t i = 0; i < n; i++)
        person_make(&a->people[i], salt, i);
    struct charter *c = a->charter;
    (void)snprintf(c->name, sizeof(c->name), "Barset");
    c->n_members = 1;
    c->members[0] = (struct member){.slug = a->people[0].id.slug, .role = ROLE_AUTHORITY, .root = a->people[0].id.root};
    c->n_stewards = 1;
    c->stewards[0] = a->people[0].id.slug;
    c->threshold = 1;
    charter_next(a);
    c->n_members = n;
    for (size_t i = 0; i < n; i++)
        c->members[i] = (struct member){.slug = a->people[i].id.slug, .role = ROLE_AUTHORITY, .root = a->people[i].id.root};
    charter_next(a);
    return a;
}

static inline void alliance_free(struct alliance *a)
{
    for (size_t i = 0; i < a->n; i++)
        buf_release(&a->people[i].note);
    for (size_t i = 0; i < a->n_charters; i++)
        buf_release(&a->charters[i]);
    charter_free(a->charter);
    free(a->people);
    free(a);
}

/* ---- a log ---- */

static inline void slot(struct made_log *l, struct buf **header, struct buf **payload)
{
    assert_true(l->n < MADE_MAX);
    *header = &l->header[l->n];
    *payload = &l->payload[l->n];
    **header = buf_on(HEADER_MAX);
    **payload = buf_on(PAYLOAD_MAX);
}

static inline uint64_t slot_done(struct made_log *l)
{
    OKAY(buf_status(&l->header[l->n]));
    l->leaf[l->n] = merkle_leaf(buf_bytes(&l->header[l->n]));
    l->now_ms += 1000;
    return l->n++;
}

static inline uint64_t say_public(struct made_log *l, uint64_t kind, struct bytes body)
{
    uint8_t salt[SALT_LEN] = {7, (uint8_t)l->n};
    struct buf *h, *p;
    slot(l, &h, &p);
    entry_write_public(kind, l->now_ms, salt, body, h, p);
    return slot_done(l);
}

static inline struct seal_with sealing(struct made_log *l)
{
    struct seal_with w = {.id = {.origin = l->origin}, .epoch_key = &l->epoch_key, .time_ms = l->now_ms};
    memcpy(w.id.audience.b, l->origin.alliance.b, sizeof(w.id.audience.b));
    memset(w.nonce, (int)l->n + 1, sizeof(w.nonce));
    memset(w.salt, (int)l->n + 1, sizeof(w.salt));
    return w;
}

static inline uint64_t say_epoch(struct made_log *l)
{
    static uint8_t boxes[PEOPLE_MAX][BOX_LEN];
    struct bytes list[PEOPLE_MAX];
    struct epoch_secret secret = {.n_readers = l->of->n};
    struct seal_with w = sealing(l);
    struct buf *h, *p;
    for (size_t i = 0; i < l->of->n; i++) {
        secret.readers[i] = l->of->people[i].id.slug;
        OKAY(epoch_box(&l->epoch_key, &l->of->people[i].id.box, boxes[i]));
        list[i] = (struct bytes){boxes[i], BOX_LEN};
    }
    slot(l, &h, &p);
    OKAY(epoch_seal(&w, &l->of->hashes[l->of->n_charters - 1], l->of->n, list, &secret, h, p));
    return slot_done(l);
}

static inline void figure_bytes(int64_t count, struct buf *ret)
{
    struct figure f = {.indicator = "cin_count", .period = "2024", .time_identifier = "Reporting year", .has_numerator = true,
                       .has_value = true, .numerator = {count, 0}, .value = {count, 0}, .status = STATUS_STATED};
    figure_write(&f, ret);
    OKAY(buf_status(ret));
}

static inline uint64_t say_sealed(struct made_log *l, int64_t count)
{
    struct buf plain = buf_on(1024), *h, *p;
    struct seal_with w = sealing(l);
    figure_bytes(count, &plain);
    slot(l, &h, &p);
    record_seal(&w, buf_bytes(&plain), h, p);
    buf_release(&plain);
    return slot_done(l);
}

static inline uint64_t say_figure(struct made_log *l, int64_t count)
{
    struct buf plain = buf_on(1024);
    figure_bytes(count, &plain);
    uint64_t idx = say_public(l, KIND_RECORD, buf_bytes(&plain));
    buf_release(&plain);
    return idx;
}

static inline uint64_t say_withdrawal(struct made_log *l, uint64_t target, bool erase)
{
    struct withdrawal w = {.target = target, .reason = "mistake", .erase = erase};
    struct buf b = buf_on(256);
    withdrawal_write(&w, &b);
    uint64_t idx = say_public(l, KIND_WITHDRAW, buf_bytes(&b));
    buf_release(&b);
    return idx;
}

static inline uint64_t say_identity(struct made_log *l, const struct identity *id, const struct sign_secret *root)
{
    struct buf b = buf_on(IDENTITY_MAX);
    identity_sign(id, root, &b);
    OKAY(buf_status(&b));
    uint64_t idx = say_public(l, KIND_IDENTITY, buf_bytes(&b));
    buf_release(&b);
    return idx;
}

static inline struct hash text_hash_of(const struct identity *id)
{
    struct buf b = buf_on(IDENTITY_MAX);
    identity_text(id, &b);
    struct hash h = identity_hash(buf_bytes(&b));
    buf_release(&b);
    return h;
}

/* Entry 0 is its identity, entry 1 its epoch. */
static inline struct made_log *log_begin(const struct alliance *a, size_t who)
{
    struct made_log *l = calloc(1, sizeof(*l));
    assert_non_null(l);
    l->of = a;
    l->who = who;
    l->origin = (struct origin){.alliance = a->id, .slug = a->people[who].id.slug, .generation = 1};
    l->log = a->people[who].log;
    l->epoch_key = seed_of(a->salt, who, 6);
    l->now_ms = SAID_MS;
    (void)say_identity(l, &a->people[who].id, &a->people[who].root);
    (void)say_epoch(l);
    return l;
}

static inline void log_free(struct made_log *l)
{
    for (size_t i = 0; i < l->n; i++) {
        buf_release(&l->header[i]);
        buf_release(&l->payload[i]);
    }
    free(l);
}

static inline enum err leaf_at(void *arg, unsigned level, uint64_t index, struct hash *ret)
{
    const struct made_log *l = arg;
    if (level == 0) {
        *ret = l->leaf[index];
        return OK;
    }
    struct hash left, right;
    OKAY(leaf_at(arg, level - 1, 2 * index, &left));
    OKAY(leaf_at(arg, level - 1, 2 * index + 1, &right));
    *ret = merkle_node(&left, &right);
    return OK;
}

static inline struct merkle_source source_of(const struct made_log *l)
{
    return (struct merkle_source){leaf_at, (void *)(uintptr_t)l};
}

static inline struct checkpoint head_at(const struct made_log *l, uint64_t size)
{
    struct checkpoint c = {.origin = l->origin, .size = size};
    struct merkle_source src = source_of(l);
    OKAY(merkle_root(&src, size, &c.root));
    return c;
}

/* ---- a disclosure ---- */

struct handed {
    const struct alliance *of;
    struct disclosure d;
    struct bytes charters[4], identities[PEOPLE_MAX * 2];
    struct disclosed_log logs[4];
    struct disclosed_checkpoint checkpoints[4][8];
    struct disclosed_entry entries[4][MADE_MAX];
    size_t n_kept;
    uint8_t *kept[KEPT_MAX];
    struct judgement *j;
};

static inline struct bytes hand_keep(struct handed *x, struct bytes in)
{
    uint8_t *p = malloc(in.len + 1);
    assert_true(p != NULL && x->n_kept < KEPT_MAX);
    if (in.len > 0)
        memcpy(p, in.p, in.len);
    x->kept[x->n_kept++] = p;
    return (struct bytes){p, in.len};
}

/* With all charters, and the identities of all. */
static inline struct handed *hand_begin(const struct alliance *a)
{
    struct handed *x = calloc(1, sizeof(*x));
    assert_non_null(x);
    x->of = a;
    x->d.charters = x->charters;
    x->d.identities = x->identities;
    x->d.logs = x->logs;
    for (size_t i = 0; i < a->n_charters; i++)
        x->charters[x->d.n_charters++] = buf_bytes(&a->charters[i]);
    for (size_t i = 0; i < a->n; i++)
        x->identities[x->d.n_identities++] = buf_bytes(&a->people[i].note);
    return x;
}

static inline void hand_free(struct handed *x)
{
    judgement_free(x->j);
    for (size_t i = 0; i < x->n_kept; i++)
        free(x->kept[i]);
    free(x);
}

static inline size_t hand_log(struct handed *x, const struct made_log *l)
{
    size_t at = x->d.n_logs++;
    x->logs[at] = (struct disclosed_log){.log = {l->origin.slug, l->origin.generation}, .checkpoints = x->checkpoints[at],
                                         .entries = x->entries[at]};
    return at;
}

/* A checkpoint signed by the log's key in force, and by the first `n_witnesses` members, `at_s` and on. */
static inline void hand_state(struct handed *x, size_t at, const struct made_log *l, uint64_t size, size_t n_witnesses,
                              uint64_t at_s)
{
    struct disclosed_log *d = &x->logs[at];
    struct checkpoint c = head_at(l, size), before;
    struct buf b = buf_on(CHECKPOINT_MAX), text = buf_on(CHECKPOINT_TEXT_MAX);
    struct proof p = {0};
    struct note n;
    checkpoint_sign(&c, &l->log, &b);
    checkpoint_text(&c, &text);
    for (size_t i = 0; i < n_witnesses; i++) {
        struct origin o = {.alliance = x->of->id, .slug = x->of->people[i].id.slug, .generation = 1};
        struct note_key key = checkpoint_witness_key(&o, &x->of->people[i].id.witness);
        note_cosign(buf_bytes(&text), &key, &x->of->people[i].witness, at_s + i, &b);
    }
    OKAY(buf_status(&b));
    if (d->n_checkpoints > 0) {
        struct merkle_source src = source_of(l);
        OKAY(note_parse(d->checkpoints[d->n_checkpoints - 1].note, &n));
        OKAY(checkpoint_parse(n.text, &before));
        OKAY(merkle_prove_consistency(&src, before.size, size, &p));
    }
    d->checkpoints[d->n_checkpoints++] = (struct disclosed_checkpoint){
        hand_keep(x, buf_bytes(&b)), hand_keep(x, (struct bytes){(const uint8_t *)p.path, p.n * HASH_LEN})};
    buf_release(&b);
    buf_release(&text);
}

/* An entry under the last checkpoint; a sealed record with its key. */
static inline struct disclosed_entry *hand_entry(struct handed *x, size_t at, const struct made_log *l, uint64_t idx)
{
    struct disclosed_log *d = &x->logs[at];
    struct disclosed_entry *y = &d->entries[d->n_entries++];
    struct merkle_source src = source_of(l);
    struct checkpoint c;
    struct header h;
    struct note n;
    struct proof p;
    *y = (struct disclosed_entry){.idx = idx, .has_payload = true, .header = buf_bytes(&l->header[idx]),
                                  .payload = buf_bytes(&l->payload[idx]), .checkpoint = (uint32_t)d->n_checkpoints - 1};
    OKAY(note_parse(d->checkpoints[y->checkpoint].note, &n));
    OKAY(checkpoint_parse(n.text, &c));
    OKAY(merkle_prove_inclusion(&src, idx, c.size, &p));
    y->path = hand_keep(x, (struct bytes){(const uint8_t *)p.path, p.n * HASH_LEN});
    OKAY(header_read(y->header, &h));
    if (h.kind == KIND_RECORD && !h.is_public) {
        y->has_key = true;
        record_key(&l->epoch_key, h.nonce, &y->key);
    }
    return y;
}

/* Judged from its bytes, as an auditor reads it. `pin` NULL: nothing is trusted. */
static inline const struct judgement *hand_judge(struct handed *x, const struct hash *pin, const struct policy *policy)
{
    struct buf b = buf_on(DISCLOSURE_MAX);
    struct disclosure d;
    judgement_free(x->j);
    disclosure_write(&x->d, &b);
    OKAY(buf_status(&b));
    OKAY(disclosure_read(buf_bytes(&b), &d));
    x->j = judgement_new(AUDIT_DISCLOSURE, pin, policy);
    assert_non_null(x->j);
    OKAY(judge_disclosure(x->j, &d));
    disclosure_release(&d);
    buf_release(&b);
    return x->j;
}

static inline void print_problems(const struct judgement *j)
{
    for (size_t i = 0; i < j->problems.n; i++)
        print_message("# %s %s\n", j->problems.list[i].is_failure ? "!" : "-", j->problems.list[i].text);
}

static inline bool has_problem(const struct judgement *j, const char *words)
{
    for (size_t i = 0; i < j->problems.n; i++)
        if (strstr(j->problems.list[i].text, words) != NULL)
            return true;
    print_message("# no \"%s\" among %zu problems:\n", words, j->problems.n);
    print_problems(j);
    return false;
}

static inline void assert_verdict(const struct judgement *j, size_t record, enum verdict want)
{
    assert_true(record < j->n_records);
    if (j->records[record].verdict != want) {
        print_problems(j);
        fail_msg("%s, not %s", verdict_name(j->records[record].verdict), verdict_name(want));
    }
}

#endif
