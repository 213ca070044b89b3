#include "cli/evidence.h"

#include <stdlib.h>
#include <string.h>

#include "protocol/entry.h"

enum { NOTES_TRIED = 256 };

struct notes {                              /* identity notes of one member */
    struct desk *d;
    const struct evidence *ev;
    struct identity *seen;
    size_t n_origins, n;
    struct origin origins[64];
    struct buf all;
    struct { size_t at, len; } list[NOTES_TRIED];
};

static enum err gather_origin(void *arg, const struct log_state *l)
{
    struct notes *n = arg;
    if (slug_equal(&l->origin.slug, &n->ev->log.slug) && n->n_origins < sizeof(n->origins) / sizeof(n->origins[0]))
        n->origins[n->n_origins++] = l->origin;
    return OK;
}

/* Only one that names the key is of use. */
static enum err take(struct notes *n, struct bytes note)
{
    struct origin o = {.alliance = n->d->origin.alliance, .slug = n->ev->log.slug, .generation = n->ev->log.generation};
    if (n->n == NOTES_TRIED || identity_open(note, n->seen) != OK || evidence_check(n->ev, &o, &n->seen->log) != OK)
        return OK;
    n->list[n->n].at = n->all.len;
    n->list[n->n++].len = note.len;
    buf_put(&n->all, note);
    return buf_status(&n->all);
}

static enum err take_entry(void *arg, uint64_t idx, const struct item *item)
{
    (void)idx;
    return item->has_payload ? take(arg, payload_body(item->payload)) : OK;
}

static enum err take_heard(void *arg, const struct slug *slug, uint32_t version, struct bytes note)
{
    struct notes *n = arg;
    (void)version;
    return slug_equal(slug, &n->ev->log.slug) ? take(n, note) : OK;
}

static enum err gather(struct notes *n)
{
    enum err e = store_each_log(n->d->store, gather_origin, n);
    for (size_t i = 0; e == OK && i < n->n_origins; i++) {
        e = store_each_of_kind(n->d->store, &n->origins[i], KIND_IDENTITY, 0, take_entry, n);
        if (e == ERR_UNKNOWN || e == ERR_CORRUPT)
            e = OK;
    }
    if (e == OK)
        e = store_each_identity(n->d->store, take_heard, n);
    if (e == OK && slug_equal(&n->ev->log.slug, &n->d->identity->slug))
        e = take(n, buf_bytes(&n->d->identity_note));
    return e;
}

static enum err write_file(struct notes *n, struct bytes evidence, struct buf *ret)
{
    struct bytes *list = calloc(n->n + 1, sizeof(*list));
    if (list == NULL)
        return ERR_NOMEM;
    for (size_t i = 0; i < n->n; i++)
        list[i] = (struct bytes){n->all.p + n->list[i].at, n->list[i].len};
    enum err e = conviction_write(n->d->chain, n->n < 1 ? 0 : 1, list, evidence, ret);
    free(list);
    return e;
}

struct closer { struct identity *seen; struct held_evidence *ret; };

static enum err read_closing(void *arg, uint64_t idx, const struct item *item)
{
    struct closer *c = arg;
    (void)idx;
    if (!item->has_payload || identity_open(payload_body(item->payload), c->seen) != OK || !c->seen->has_closes)
        return OK;
    c->ret->has_closing = true;
    c->ret->closing = (struct closing_said){c->seen->closes_size, c->seen->closes_root};
    return OK;
}

static enum err find_closing(struct desk *d, struct identity *seen, struct held_evidence *ret)
{
    struct closer c = {seen, ret};
    struct origin next = {.alliance = d->origin.alliance, .slug = ret->log.slug, .generation = ret->log.generation + 1};
    enum err e = store_each_entry(d->store, &next, 0, 1, read_closing, &c);
    return e == ERR_UNKNOWN ? OK : e;
}

struct walk {
    struct desk *d;
    size_t n;
    enum err (*each)(void *arg, const struct held_evidence *ev);
    void *arg;
};

static enum err judge(struct walk *w, const struct evidence *ev, struct bytes bytes)
{
    struct held_evidence held = {.number = w->n, .log = ev->log};
    struct notes *n = calloc(1, sizeof(*n));
    struct buf file = buf_on(PARCEL_MAX);
    enum err e = n != NULL ? OK : ERR_NOMEM;
    if (e == OK) {
        n->d = w->d;
        n->ev = ev;
        n->all = buf_on(NOTES_TRIED * IDENTITY_MAX);
        n->seen = malloc(sizeof(*n->seen));
        e = n->seen != NULL ? gather(n) : ERR_NOMEM;
    }
    if (e == OK)
        e = write_file(n, bytes, &file);
    if (e == OK) {
        held.verdict = conviction_read(buf_bytes(&file), NULL, &held.what);
        if (held.verdict == OK)
            held.file = buf_bytes(&file);
        e = held.verdict == ERR_NOMEM ? ERR_NOMEM : find_closing(w->d, n->seen, &held);
    }
    if (e == OK)
        e = w->each(w->arg, &held);
    if (n != NULL) {
        buf_release(&n->all);
        free(n->seen);
    }
    free(n);
    buf_release(&file);
    return e;
}

static enum err each(void *arg, struct bytes bytes)
{
    struct walk *w = arg;
    struct evidence *ev = malloc(sizeof(*ev));
    w->n++;
    enum err e = ev == NULL ? ERR_NOMEM : evidence_read(bytes, ev) == OK ? judge(w, ev, bytes) : OK;
    free(ev);
    return e;
}

enum err evidence_each(struct desk *d, enum err (*fn)(void *arg, const struct held_evidence *ev), void *arg)
{
    struct walk w = {.d = d, .each = fn, .arg = arg};
    return desk_charter(d) != NULL ? store_each_evidence(d->store, each, &w) : OK;
}

struct against { const struct origin *o; struct held_evidence *ret; bool found; };

static enum err pick(void *arg, const struct held_evidence *ev)
{
    struct against *a = arg;
    if (!slug_equal(&ev->log.slug, &a->o->slug) || ev->log.generation != a->o->generation)
        return OK;
    *a->ret = *ev;
    a->ret->file = (struct bytes){NULL, 0};
    a->found = true;
    return OK;
}

enum err evidence_against(struct desk *d, const struct origin *o, struct held_evidence *ret)
{
    struct against a = {.o = o, .ret = ret};
    enum err e = evidence_each(d, pick, &a);
    return e == OK && !a.found ? ERR_UNKNOWN : e;
}

enum err log_root_at(struct store *s, const struct origin *o, uint64_t size, struct hash *ret)
{
    struct log_state l;
    struct store_source *src = NULL;
    struct buf note = buf_on(CHECKPOINT_MAX);
    enum err e = store_log(s, o, &l, &note);
    buf_release(&note);
    if (e == OK && size > l.frontier.size)
        e = ERR_UNKNOWN;
    if (e == OK)
        e = store_source_new(s, o, true, &src);
    if (e == OK) {
        struct merkle_source ms = store_source(src);
        e = merkle_root(&ms, size, ret);
    }
    store_source_free(src);
    return e;
}
