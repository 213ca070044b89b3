/* cli/disclose/witnesses.c - which checkpoints are shown, and who stands behind them. */
#include <stdlib.h>
#include <string.h>

#include "cli/disclose/inside.h"

/* ---- whom we know ---- */

static enum err take_note(struct disclosing *x, struct bytes note)
{
    size_t before = x->trust.keys.n;
    enum err e = trust_identity(&x->trust, note, false, &x->problems);
    if (e != OK || x->trust.keys.n == before)
        return e;
    e = list_room((void **)&x->known, &x->cap_known, x->n_known, sizeof(x->known[0]));
    if (e != OK)
        return e;
    struct known *k = &x->known[x->n_known];
    *k = (struct known){.slug = x->trust.keys.list[before].slug};
    e = keep(x, note, &k->note);
    if (e == OK)
        x->n_known++;
    return e;
}

static enum err take_outside(void *arg, const struct slug *slug, uint32_t version, struct bytes note)
{
    (void)slug, (void)version;
    return take_note(arg, note);
}

static enum err take_entry(void *arg, uint64_t idx, const struct item *item)
{
    (void)idx;
    return item->has_payload ? take_note(arg, payload_body(item->payload)) : OK;
}

struct origins { size_t n, cap; struct origin *list; };

static enum err gather_origin(void *arg, const struct log_state *l)
{
    struct origins *o = arg;
    enum err e = list_room((void **)&o->list, &o->cap, o->n, sizeof(o->list[0]));
    if (e == OK)
        o->list[o->n++] = l->origin;
    return e;
}

enum err known_gather(struct disclosing *x)
{
    struct origins o = {0};
    struct store *s = x->d->store;
    enum err e = store_each_identity(s, take_outside, x);
    if (e == OK && x->d->identity_note.len > 0)
        e = take_note(x, buf_bytes(&x->d->identity_note));
    if (e == OK)
        e = store_each_log(s, gather_origin, &o);
    for (size_t i = 0; i < o.n && e == OK; i++)
        e = store_each_of_kind(s, &o.list[i], KIND_IDENTITY, 0, take_entry, x);
    free(o.list);
    return e;
}

/* ---- a checkpoint ---- */

static struct known *whose(struct disclosing *x, const struct note *n, const struct note_line *line)
{
    struct note_key key;
    size_t at = trust_witness(&x->trust, line, &key);
    if (at == x->trust.keys.n || note_find(n, &key) != line || note_check(n, &key, NULL) != OK)
        return NULL;
    return &x->known[at];                   /* one for each key, in the same order */
}

static uint32_t count_of(const struct witness_set *s, size_t n, const struct slug *list, const struct slug *but)
{
    uint32_t count = 0;
    for (size_t k = 0; k < s->n; k++)
        for (size_t w = 0; w < n; w++)
            count += slug_equal(&s->list[k], &list[w]) && (but == NULL || !slug_equal(&list[w], but));
    return count;
}

/* Do these witnesses make a quorum of some charter's, as an auditor will count them (P-85)? */
static bool is_quorum(const struct disclosing *x, const struct slug *author, size_t n, const struct slug *list)
{
    uint32_t admitted = trust_admitted(&x->trust, author);
    for (size_t i = 0; i < x->trust.n_sets; i++) {
        const struct witness_set *s = &x->trust.sets[i];
        bool others = count_of(s, n, list, author) > 0;
        if (s->to >= admitted && count_of(s, n, list, NULL) >= s->quorum && (others || i == 0))
            return true;
    }
    return false;
}

/* [P-63] "A note with cosignatures MUST be put together from verified lines only." */
static enum err put_lines(struct disclosing *x, const struct origin *o, const struct note *n, struct state *ret)
{
    char name[ORIGIN_MAX + 1];
    struct slug by[NOTE_SIGNATURES_MAX];
    struct buf b = buf_on(CHECKPOINT_MAX);
    uint32_t n_by = 0;
    origin_text(o, name);
    note_begin(n->text, &b);
    for (size_t i = 0; i < n->n_lines; i++) {
        struct known *k = whose(x, n, &n->lines[i]);
        if (k == NULL && !bytes_equal(n->lines[i].name, bytes_of(name)))
            continue;
        note_put_line(&n->lines[i], &b);
        if (k != NULL)
            by[n_by++] = k->slug;
    }
    enum err e = buf_status(&b);
    if (e == OK)
        e = keep(x, buf_bytes(&b), &ret->said.note);
    ret->said.n_witnesses = n_by;
    ret->said.has_quorum = is_quorum(x, &o->slug, n_by, by);
    buf_release(&b);
    return e;
}

enum err known_mark(struct disclosing *x, struct bytes note)
{
    struct note *n = malloc(sizeof(*n));
    enum err e = n != NULL ? note_parse(note, n) : ERR_NOMEM;
    for (size_t i = 0; e == OK && i < n->n_lines; i++) {
        struct known *k = whose(x, n, &n->lines[i]);
        if (k != NULL)
            k->is_used = true;
    }
    free(n);
    return e;
}

static enum err read_state(struct disclosing *x, const struct origin *o, uint64_t size, struct state *ret)
{
    struct buf b = buf_on(CHECKPOINT_MAX);
    struct note *n = malloc(sizeof(*n));
    struct checkpoint c;
    *ret = (struct state){.size = size, .said.size = size};
    enum err e = n != NULL ? store_first_checkpoint(x->d->store, o, size, &b) : ERR_NOMEM;
    if (e == OK && b.len == 0)
        e = ERR_UNKNOWN;                    /* a former member's closing, that only the charter states */
    if (e == OK)
        e = note_parse(buf_bytes(&b), n);
    if (e == OK)
        e = checkpoint_parse(n->text, &c);
    if (e == OK) {
        ret->root = c.root;
        e = put_lines(x, o, n, ret);
    }
    free(n);
    buf_release(&b);
    return e;
}

enum err state_read(struct disclosing *x, const struct origin *o, uint64_t size, struct state *ret)
{
    for (size_t i = x->n_read; i-- > 0;)
        if (x->read[i].state.size == size && origin_equal(&x->read[i].origin, o)) {
            *ret = x->read[i].state;
            return OK;
        }
    enum err e = list_room((void **)&x->read, &x->cap_read, x->n_read, sizeof(x->read[0]));
    if (e == OK)
        e = read_state(x, o, size, ret);
    if (e == OK)
        x->read[x->n_read++] = (struct state_of){*o, *ret};
    return e;
}

/* ---- not later than ---- */

struct sizes { uint64_t above, upto; size_t n, cap; uint64_t *list; };

static enum err gather_size(void *arg, uint64_t size, struct bytes note)
{
    struct sizes *s = arg;
    if (size <= s->above || size > s->upto || note.len == 0)
        return OK;
    enum err e = list_room((void **)&s->list, &s->cap, s->n, sizeof(s->list[0]));
    if (e == OK)
        s->list[s->n++] = size;
    return e;
}

/* The first with a quorum, else the newest. */
static enum err find_latest(struct disclosing *x, const struct origin *o, const struct sizes *s, struct state *ret)
{
    enum err e = OK;
    ret->said.has_quorum = false;
    for (size_t i = 0; i < s->n && e == OK && !ret->said.has_quorum; i++)
        e = state_read(x, o, s->list[i], ret);
    return e;
}

static enum err latest(struct disclosing *x, const struct origin *o, uint64_t idx, uint64_t whole, struct state *ret)
{
    struct sizes s = {.above = idx, .upto = whole};
    enum err e = idx < whole ? store_each_checkpoint(x->d->store, o, gather_size, &s) : ERR_UNKNOWN;
    if (e == OK && s.n == 0)
        e = ERR_UNKNOWN;
    if (e == OK)
        e = find_latest(x, o, &s, ret);
    free(s.list);
    return e;
}

enum err disclosing_latest(struct disclosing *x, const struct origin *o, uint64_t idx, struct latest_state *ret)
{
    struct log_at *l;
    struct state st;
    enum err e = disclosing_log(x, o, &l);
    if (e == OK)
        e = latest(x, o, idx, l->whole, &st);
    if (e == OK)
        *ret = st.said;
    return e;
}
