#include <stdlib.h>
#include <string.h>

#include "node/glue_inside.h"
#include "protocol/entry.h"

/* Inside a reading of the store only the engine is stepped: effects gather, and are obeyed when it is over. */

/* ---- lists that are told whole, and again only when their bytes have changed ---- */

struct telling { struct glue *g; struct buf all; };

static void add(struct telling *t, const void *p, size_t len)
{
    uint8_t n[8];
    put_u64be(n, len);
    buf_put(&t->all, (struct bytes){n, sizeof(n)});
    buf_put(&t->all, (struct bytes){p, len});
}

static enum err gather_note(void *arg, struct bytes note)
{
    add(arg, note.p, note.len);
    return OK;
}

static enum err gather_identity(void *arg, const struct slug *slug, uint32_t version, struct bytes note)
{
    (void)slug;
    (void)version;
    return gather_note(arg, note);
}

static enum err gather_invite(void *arg, const struct invite_row *i)
{
    add(arg, i, sizeof(*i));                    /* no padding: a hash and a u64 */
    return OK;
}

static enum err gather_request(void *arg, const struct request_row *r)
{
    add(arg, &r->slug, sizeof(r->slug));
    add(arg, &r->since_ms, sizeof(r->since_ms));
    add(arg, r->identity.p, r->identity.len);
    return OK;
}

static_assert(sizeof(struct invite_row) == HASH_LEN + 8, "an invite's bytes are its contents");

static enum err gather(struct telling *t, enum told what)
{
    struct store *s = t->g->c.store;
    switch (what) {
    case TOLD_CHARTERS:   return store_each_charter(s, gather_note, t);
    case TOLD_IDENTITIES: return store_each_identity(s, gather_identity, t);
    case TOLD_EVIDENCE:   return store_each_evidence(s, gather_note, t);
    case TOLD_INVITES:    return store_each_invite(s, gather_invite, t);
    case TOLD_REQUESTS:   return store_each_request(s, gather_request, t);
    case TOLD_COUNT:      break;
    }
    return OK;
}

static struct bytes next_piece(struct bytes *all)
{
    size_t len = (size_t)get_u64be(all->p);
    struct bytes piece = {all->p + 8, len};
    *all = (struct bytes){piece.p + len, all->len - 8 - len};
    return piece;
}

static enum err tell_invites(struct glue *g, struct bytes all)
{
    struct invite_row rows[INVITES_MAX];
    struct event ev = {.kind = EV_INVITES, .invites = rows};
    while (all.len > 0 && ev.n_invites < INVITES_MAX)
        memcpy(&rows[ev.n_invites++], next_piece(&all).p, sizeof(rows[0]));
    return glue_step(g, &ev);
}

static enum err tell_request(struct glue *g, struct bytes *all)
{
    struct request_row r = {.since_ms = 0};
    memcpy(&r.slug, next_piece(all).p, sizeof(r.slug));
    memcpy(&r.since_ms, next_piece(all).p, sizeof(r.since_ms));
    r.identity = next_piece(all);
    struct event ev = {.kind = EV_REQUEST, .request = &r};
    return glue_step(g, &ev);
}

static enum err tell_pieces(struct glue *g, enum told what, struct bytes all)
{
    enum err e = OK;
    while (e == OK && all.len > 0) {
        struct event ev = {.kind = what == TOLD_CHARTERS     ? EV_CHARTER
                                 : what == TOLD_IDENTITIES ? EV_IDENTITY
                                                           : EV_EVIDENCE};
        if (what == TOLD_REQUESTS) {
            e = tell_request(g, &all);
            continue;
        }
        ev.bytes = next_piece(&all);
        e = glue_step(g, &ev);
    }
    return e;
}

static enum err tell(struct glue *g, enum told what)
{
    struct telling t = {.g = g, .all = buf_on(SIZE_MAX / 4)};
    enum err e = gather(&t, what);
    if (e == OK)
        e = buf_status(&t.all);
    struct hash h = blake2b_256(buf_bytes(&t.all));
    bool is_known = hash_equal(&h, &g->told[what]);
    if (e == OK && !is_known) {
        g->told[what] = h;
        e = what == TOLD_INVITES ? tell_invites(g, buf_bytes(&t.all)) : tell_pieces(g, what, buf_bytes(&t.all));
    }
    buf_release(&t.all);
    return e == OK ? glue_obey(g) : e;
}

/* ---- logs ---- */

struct identities {                             /* of one log: notes one behind the other */
    struct buf notes;
    size_t n, cap;
    struct { uint64_t idx; size_t at, len; } *list;
};

static enum err gather_log_identity(void *arg, uint64_t idx, const struct item *item)
{
    struct identities *ids = arg;
    if (!item->has_payload)
        return OK;
    enum err e = glue_room((void **)&ids->list, &ids->cap, ids->n, sizeof(ids->list[0]));
    if (e != OK)
        return e;
    struct bytes note = payload_body(item->payload);
    ids->list[ids->n].idx = idx;
    ids->list[ids->n].at = ids->notes.len;
    ids->list[ids->n].len = note.len;
    ids->n++;
    buf_put(&ids->notes, note);
    return buf_status(&ids->notes);
}

static enum err tell_state(struct glue *g, const struct log_state *l)
{
    struct identities ids = {.notes = buf_on(SIZE_MAX / 4)};
    struct log_identity *told = NULL;
    struct buf tip = buf_on(CHECKPOINT_MAX);
    enum err e = store_each_of_kind(g->c.store, &l->origin, KIND_IDENTITY, 0, gather_log_identity, &ids);
    if (e == ERR_UNKNOWN)                       /* a log of which nothing is stored names no keys */
        e = OK;
    if (e == OK && (told = calloc(ids.n + 1, sizeof(*told))) == NULL)
        e = ERR_NOMEM;
    if (e != OK)
        goto out;
    for (size_t i = 0; i < ids.n; i++)
        told[i] = (struct log_identity){ids.list[i].idx, {ids.notes.p + ids.list[i].at, ids.list[i].len}};
    if (l->frontier.size > l->whole)            /* a payload is missing: the newest checkpoint is not the one held whole */
        e = store_checkpoint(g->c.store, &l->origin, l->frontier.size, &tip);
    if (e == OK || e == ERR_UNKNOWN) {
        struct event ev = {.kind = EV_LOG, .log = l, .bytes = buf_bytes(&tip), .n_identities = ids.n, .identities = told};
        e = glue_step(g, &ev);
    }
out:
    buf_release(&tip);
    free(told);
    free(ids.list);
    buf_release(&ids.notes);
    return e;
}

struct of_log { struct glue *g; struct log_ref ref; };

static enum err tell_hole(void *arg, const struct hole *h)
{
    struct of_log *of = arg;
    struct event ev = {.kind = EV_HOLE, .ref = of->ref, .hole = h};
    return glue_step(of->g, &ev);
}

static enum err tell_erasure(void *arg, uint64_t idx, const struct item *item)
{
    struct of_log *of = arg;
    struct withdrawal w;
    if (!item->has_payload || withdrawal_read(payload_body(item->payload), &w) != OK || !w.erase)
        return OK;
    struct event ev = {.kind = EV_ERASURE, .ref = of->ref, .index = idx, .target = w.target};
    return glue_step(of->g, &ev);
}

static enum err tell_cosig(void *arg, const struct cosig *c)
{
    struct of_log *of = arg;
    struct event ev = {.kind = EV_COSIG, .ref = of->ref, .cosig = c};
    return glue_step(of->g, &ev);
}

enum err glue_tell_log(struct glue *g, const struct log_ref *ref)
{
    struct origin o = glue_origin(g, ref);
    struct of_log of = {g, *ref};
    struct log_state l;
    struct buf note = buf_on(NOTE_MAX);
    enum err e = store_log(g->c.store, &o, &l, &note);
    bool is_stored = e == OK;
    if (e == ERR_UNKNOWN) {                     /* nothing is stored, and that is all there is to tell */
        l = (struct log_state){.origin = o};
        frontier_init(&l.frontier);
        e = OK;
    }
    if (e == OK)
        e = store_newest(g->c.store, &o, &l.newest_ms);
    if (e == OK)
        e = store_quorum(g->c.store, &o, &l.quorum_size, &l.quorum_root);
    if (e == OK)
        e = tell_state(g, &l);
    if (e == OK && is_stored)
        e = store_each_hole(g->c.store, &o, tell_hole, &of);
    if (e == OK && is_stored)
        e = store_each_of_kind(g->c.store, &o, KIND_WITHDRAW, 0, tell_erasure, &of);
    if (e == OK && is_stored)
        e = store_each_cosig(g->c.store, &o, l.whole, tell_cosig, &of);
    buf_release(&note);
    return e;
}

struct refs { size_t n, cap; struct log_ref *list; const struct glue *g; };

static bool has_moved(const struct glue *g, const struct log_ref *ref, const struct log_state *l)
{
    struct log_state known;
    return !engine_log(g->c.engine, ref, &known) || known.frontier.size != l->frontier.size || known.whole != l->whole
        || known.is_frozen != l->is_frozen;
}

static enum err gather_moved(void *arg, const struct log_state *l)
{
    struct refs *r = arg;
    struct log_ref ref = {l->origin.slug, l->origin.generation};
    if (!alliance_equal(&l->origin.alliance, &r->g->c.alliance) || !has_moved(r->g, &ref, l))
        return OK;
    enum err e = glue_room((void **)&r->list, &r->cap, r->n, sizeof(r->list[0]));
    if (e == OK)
        r->list[r->n++] = ref;
    return e;
}

static enum err tell_logs(struct glue *g)
{
    struct refs r = {.g = g};
    enum err e = store_each_log(g->c.store, gather_moved, &r);
    for (size_t i = 0; e == OK && i < r.n; i++)
        e = glue_tell_log(g, &r.list[i]);
    free(r.list);
    return e == OK ? glue_obey(g) : e;
}

/* ---- all of it ---- */

static enum err tell_all(struct glue *g)
{
    enum err e = tell(g, TOLD_CHARTERS);
    if (e == OK)
        e = tell(g, TOLD_IDENTITIES);
    if (e == OK)
        e = tell_logs(g);
    if (e == OK)
        e = tell(g, TOLD_EVIDENCE);
    if (e == OK)
        e = tell(g, TOLD_INVITES);
    return e == OK ? tell(g, TOLD_REQUESTS) : e;
}

static void set_time(struct glue *g, uint64_t now_ms, uint64_t wall_ms)
{
    g->now_ms = now_ms > g->now_ms ? now_ms : g->now_ms;
    g->wall_ms = wall_ms;
}

enum err glue_load(struct glue *g, uint64_t now_ms, uint64_t wall_ms)
{
    set_time(g, now_ms, wall_ms);
    enum err e = store_data_version(g->c.store, &g->data_version);  /* first: a change meanwhile is seen */
    if (e == OK)
        e = tell_all(g);
    return e == OK ? glue_flush(g) : e;
}

static enum err gather_ask(void *arg, enum ask_kind kind)
{
    bool *asked = arg;
    asked[kind] = true;
    return OK;
}

static enum err take_asks(struct glue *g)
{
    bool asked[ASK_COUNT] = {false};
    enum err e = store_take_asks(g->c.store, gather_ask, asked);
    if (e == ERR_BUSY || e == ERR_FULL || e == ERR_IO)
        return OK;                              /* they are still there when the bell rings again */
    for (unsigned k = 0; e == OK && k < ASK_COUNT; k++) {
        struct event ev = {.kind = EV_ASK, .ask = (enum ask_kind)k};
        if (asked[k])
            e = glue_step(g, &ev);
    }
    return e == OK ? glue_obey(g) : e;
}

enum err glue_reread(struct glue *g, uint64_t now_ms, uint64_t wall_ms, bool *ret_changed)
{
    uint64_t version = 0;
    set_time(g, now_ms, wall_ms);
    enum err e = glue_flush(g);                 /* so that what is stored is what the engine believes */
    if (e == OK)
        e = store_data_version(g->c.store, &version);
    bool has_changed = e == OK && version != g->data_version;
    if (ret_changed != NULL)
        *ret_changed = has_changed;
    if (!has_changed)
        return e;
    g->data_version = version;
    e = tell_all(g);
    if (e == OK)
        e = take_asks(g);
    return e == OK ? glue_flush(g) : e;
}
