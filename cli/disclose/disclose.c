#include "cli/disclose/disclose.h"

#include <stdlib.h>
#include <string.h>

#include "cli/disclose/inside.h"

/* ---- memory ---- */

enum err keep(struct disclosing *x, struct bytes in, struct bytes *ret)
{
    *ret = (struct bytes){NULL, 0};
    if (in.len == 0)
        return OK;
    enum err e = list_room((void **)&x->kept, &x->cap_kept, x->n_kept, sizeof(x->kept[0]));
    uint8_t *p = e == OK ? malloc(in.len) : NULL;
    if (p == NULL)
        return ERR_NOMEM;
    memcpy(p, in.p, in.len);
    x->kept[x->n_kept++] = p;
    *ret = (struct bytes){p, in.len};
    return OK;
}

static void log_free(struct log_at *l)
{
    if (l->entries != NULL)
        wipe(l->entries, l->n_entries * sizeof(l->entries[0]));
    free(l->entries);
    free(l->checkpoints);
    free(l->wanted);
    free(l);
}

void disclosing_free(struct disclosing *x)
{
    if (x == NULL)
        return;
    for (size_t i = 0; i < x->n_logs; i++)
        log_free(x->logs[i]);
    for (size_t i = 0; i < x->n_kept; i++)
        free(x->kept[i]);
    trust_release(&x->trust);
    free(x->logs);
    free(x->kept);
    free(x->read);
    free(x->known);
    free(x->charters);
    free(x->identities);
    if (x->out != NULL)
        free(x->out);
    free(x);
}

/* ---- charters ---- */

static enum err take_charters(struct disclosing *x)
{
    const struct charter *now = desk_charter(x->d);
    uint32_t n = now->version;
    x->charters = calloc(n, sizeof(*x->charters));
    if (x->charters == NULL)
        return ERR_NOMEM;
    for (uint32_t v = 1; v <= n; v++) {
        const struct charter *c = chain_version(x->d->chain, v);
        if (c == NULL)
            return ERR_NOMEM;
        x->charters[x->n_charters++] = chain_note(x->d->chain, &c->hash);
    }
    enum err e = trust_charters(&x->trust, x->n_charters, x->charters, &x->problems);
    return e == OK && x->trust.now == NULL ? ERR_CORRUPT : e;
}

enum err disclosing_new(struct desk *d, struct disclosing **ret)
{
    struct disclosing *x = *ret = calloc(1, sizeof(*x));
    if (x == NULL)
        return ERR_NOMEM;
    x->d = d;
    trust_init(NULL, NULL, &x->trust);
    enum err e = take_charters(x);
    return e == OK ? known_gather(x) : e;
}

/* ---- logs ---- */

enum err disclosing_log(struct disclosing *x, const struct origin *o, struct log_at **ret)
{
    for (size_t i = 0; i < x->n_logs; i++)
        if (origin_equal(&x->logs[i]->origin, o)) {
            *ret = x->logs[i];
            return OK;
        }
    struct log_state state;
    struct buf note = buf_on(CHECKPOINT_MAX);
    enum err e = store_log(x->d->store, o, &state, &note);
    buf_release(&note);
    if (e == OK)
        e = x->n_logs < DISCLOSED_LOGS_MAX ? list_room((void **)&x->logs, &x->cap_logs, x->n_logs, sizeof(x->logs[0])) : ERR_LIMIT;
    struct log_at *l = e == OK ? calloc(1, sizeof(*l)) : NULL;
    if (l == NULL)
        return e == OK ? ERR_NOMEM : e;
    const struct member *m = charter_find(x->trust.now, &o->slug);
    l->origin = *o;
    l->whole = state.whole;
    if (m != NULL && member_closes(m, o->generation) && l->whole > m->closed_size)
        l->whole = m->closed_size;
    x->logs[x->n_logs++] = *ret = l;
    return OK;
}

/* One more checkpoint, in order of size. */
static enum err add_state(struct log_at *l, const struct state *st)
{
    size_t at = 0;
    while (at < l->n_states && l->states[at].size < st->size)
        at++;
    if (at < l->n_states && l->states[at].size == st->size)
        return OK;
    if (l->n_states == DISCLOSED_CHECKPOINTS_MAX)
        return ERR_LIMIT;
    memmove(&l->states[at + 1], &l->states[at], (l->n_states - at) * sizeof(l->states[0]));
    l->states[at] = *st;
    l->n_states++;
    return OK;
}

static enum err want_state(struct disclosing *x, struct log_at *l, uint64_t size)
{
    struct state st;
    enum err e = state_read(x, &l->origin, size, &st);
    return e == OK ? add_state(l, &st) : e;
}

/* ---- a record ---- */

struct one {
    struct disclosing *x;
    struct log_at *l;
    struct view *v;
    uint64_t idx;
    struct disclosed_entry *made;           /* NULL: nothing stands there */
    struct sym_secret key;
    bool has_key;
};

/* K of that record, and no other key. What its author opened was checked; an epoch's key may be what an author boxed wrongly. */
static enum err find_key(struct one *one, const struct header *h)
{
    const struct origin *o = &one->l->origin;
    struct sym_secret epoch_key;
    struct epoch_id id = {.origin = *o, .audience = h->audience, .epoch = h->epoch};
    enum err e = view_record_key(one->v, o->slug.s, o->generation, one->idx, &one->key);
    if (e == ERR_UNKNOWN) {
        e = view_epoch_key(one->v, &id, &epoch_key);
        if (e == OK) {
            record_key(&epoch_key, h->nonce, &one->key);
            wipe(&epoch_key, sizeof(epoch_key));
        }
    }
    one->has_key = e == OK;
    return e == ERR_UNKNOWN ? ERR_DENIED : e;
}

static void take_marking(struct disclosing *x, struct bytes record)
{
    struct figure f;
    if (figure_read(record, &f) == OK && f.marking > x->marking)
        x->marking = f.marking;
}

/* What leaves must open: with that key, at that place. */
static enum err try_key(struct one *one, const struct header *h, struct bytes payload)
{
    struct buf plain = buf_on(PAYLOAD_MAX);
    enum err e = record_open(&one->l->origin, h, payload, &one->key, &plain);
    if (e == OK)
        take_marking(one->x, buf_bytes(&plain));
    buf_wipe(&plain);
    return e;
}

static enum err take_record(void *arg, uint64_t idx, const struct item *item)
{
    struct one *one = arg;
    struct log_at *l = one->l;
    struct header h;
    enum err e = header_read(item->header, &h);
    if (e != OK || h.kind != KIND_RECORD)
        return ERR_FORMAT;
    if (item->has_payload && h.is_public)
        take_marking(one->x, payload_body(item->payload));
    if (item->has_payload && !h.is_public) {
        e = find_key(one, &h);
        if (e == OK)
            e = try_key(one, &h, item->payload);
    }
    if (e == OK)
        e = list_room((void **)&l->entries, &l->cap_entries, l->n_entries, sizeof(l->entries[0]));
    if (e != OK)
        return e;
    struct disclosed_entry *y = &l->entries[l->n_entries];
    *y = (struct disclosed_entry){.idx = idx, .has_payload = item->has_payload, .has_key = one->has_key, .key = one->key};
    e = keep(one->x, item->header, &y->header);
    if (e == OK && item->has_payload)
        e = keep(one->x, item->payload, &y->payload);
    if (e == OK) {
        l->n_entries++;
        one->made = y;
    }
    return e;
}

enum err disclosing_add(struct disclosing *x, struct view *v, const struct origin *o, uint64_t idx)
{
    struct one one = {.x = x, .v = v, .idx = idx};
    struct latest_state at;
    enum err e = disclosing_log(x, o, &one.l);
    if (e == OK)
        e = disclosing_latest(x, o, idx, &at);
    for (size_t i = 0; e == OK && i < one.l->n_wanted; i++)
        if (one.l->wanted[i] == idx)
            e = ERR_EXISTS;
    if (e == OK)
        e = store_each_entry(x->d->store, o, idx, idx + 1, take_record, &one);
    wipe(&one.key, sizeof(one.key));
    if (e == OK && one.made == NULL)
        e = ERR_UNKNOWN;
    if (e == OK)
        e = list_room((void **)&one.l->wanted, &one.l->cap_wanted, one.l->n_wanted, sizeof(one.l->wanted[0]));
    if (e != OK)
        return e;
    one.l->wanted[one.l->n_wanted++] = idx;
    return want_state(x, one.l, at.size);
}

/* ---- the whole ---- */

/* A generation that follows says where this one ended: its first entry goes too. */
static enum err add_next(struct disclosing *x, const struct log_at *l)
{
    struct origin next = l->origin;
    struct log_at *made;
    next.generation++;
    enum err e = disclosing_log(x, &next, &made);
    return e == ERR_UNKNOWN ? OK : e;
}

static int by_number(const void *a, const void *b)
{
    uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;
    return (x > y) - (x < y);
}

static enum err end_log(struct disclosing *x, struct log_at *l)
{
    enum err e = OK;
    if (l->n_wanted > 0)
        qsort(l->wanted, l->n_wanted, sizeof(l->wanted[0]), by_number);
    if (l->whole > 0)
        e = want_state(x, l, l->whole);
    if (e == ERR_UNKNOWN && l->n_states > 0)
        e = OK;                             /* where only a charter's closing stands, those below will do */
    if (e == OK && l->n_states > 0 && l->states[l->n_states - 1].size < l->whole)
        l->whole = l->states[l->n_states - 1].size;
    for (size_t i = 0; i < l->n_states && e == OK; i++)
        e = known_mark(x, l->states[i].said.note);
    return e == OK && l->n_states > 0 ? entries_gather(x, l) : e;
}

enum err disclosing_end(struct disclosing *x, struct disclosure *ret)
{
    enum err e = OK;
    size_t n_identities = 0;
    for (size_t i = 0; i < x->n_logs && e == OK; i++)
        e = add_next(x, x->logs[i]);
    for (size_t i = 0; i < x->n_logs && e == OK; i++)
        e = end_log(x, x->logs[i]);
    x->out = calloc(x->n_logs + 1, sizeof(*x->out));
    x->identities = calloc(x->n_known + 1, sizeof(*x->identities));
    if (x->out == NULL || x->identities == NULL)
        return ERR_NOMEM;
    for (size_t i = 0; i < x->n_known; i++)
        if (x->known[i].is_used)
            x->identities[n_identities++] = x->known[i].note;
    *ret = (struct disclosure){.n_charters = x->n_charters, .charters = x->charters, .n_identities = n_identities,
                               .identities = x->identities, .logs = x->out};
    for (size_t i = 0; i < x->n_logs && e == OK; i++) {
        const struct log_at *l = x->logs[i];
        if (l->n_states > 0)
            x->out[ret->n_logs++] = (struct disclosed_log){
                .log = {l->origin.slug, l->origin.generation}, .evidence = l->evidence, .n_checkpoints = l->n_states,
                .n_entries = l->n_entries, .checkpoints = l->checkpoints, .entries = l->entries};
    }
    return e;
}

enum marking disclosing_marking(const struct disclosing *x)
{
    return x->marking;
}

/* ---- a proof ---- */

struct header_at { struct tlog_proof *p; bool is_found; };

static enum err take_header(void *arg, uint64_t idx, const struct item *item)
{
    struct header_at *h = arg;
    if (item->header.len > sizeof(h->p->extra))
        return ERR_LIMIT;
    h->p->idx = idx;
    h->p->extra_len = item->header.len;
    memcpy(h->p->extra, item->header.p, item->header.len);
    h->is_found = true;
    return OK;
}

enum err disclosing_prove(struct disclosing *x, const struct origin *o, uint64_t idx, struct tlog_proof *ret,
                          struct latest_state *ret_state)
{
    struct store_source *made = NULL;
    struct header_at h = {.p = ret};
    *ret = (struct tlog_proof){0};
    enum err e = disclosing_latest(x, o, idx, ret_state);
    if (e == OK)
        e = store_each_entry(x->d->store, o, idx, idx + 1, take_header, &h);
    if (e == OK && !h.is_found)
        e = ERR_UNKNOWN;
    if (e == OK)
        e = store_source_new(x->d->store, o, true, &made);
    if (e == OK) {
        struct merkle_source src = store_source(made);
        e = merkle_prove_inclusion(&src, idx, ret_state->size, &ret->proof);
    }
    store_source_free(made);
    ret->note = ret_state->note;
    return e;
}
