#include <stdlib.h>
#include <string.h>

#include "node/glue_inside.h"

enum { SAID_MS = 60 * 1000 };

/* ---- what waits ---- */

static bool is_status(enum effect_kind k)
{
    return k == FX_PUT_HEAD || k == FX_PUT_PEER || k == FX_PUT_ANNOUNCED;
}

static bool says_the_same_of(const struct effect *a, const struct effect *b)
{
    if (a->kind != b->kind)
        return false;
    if (a->kind == FX_PUT_PEER)
        return slug_equal(&a->peer.slug, &b->peer.slug);
    if (a->kind == FX_PUT_HEAD)
        return slug_equal(&a->head.peer, &b->head.peer);
    return slug_equal(&a->ref.slug, &b->ref.slug) && a->ref.generation == b->ref.generation;
}

/* Of what is only for people to see, the newest word is enough. */
static bool replace_status(struct glue *g, const struct effect *fx)
{
    if (!is_status(fx->kind))
        return false;
    for (size_t i = g->n_waiting; i > 0; i--) {
        if (says_the_same_of(&g->waiting[i - 1].fx, fx)) {
            g->waiting[i - 1].fx = *fx;         /* none of the three owns data */
            return true;
        }
    }
    return false;
}

static void count(struct glue *g, const struct effect *fx)
{
    if (fx->kind == FX_APPEND) {
        g->rows += fx->append.n_items;
        for (size_t i = 0; i < fx->append.n_items; i++)
            g->bytes += fx->append.items[i].header.len + fx->append.items[i].payload.len;
    }
    if (fx->ticket != 0)
        g->n_tickets++;
    else if (g->n_waiting - g->n_tickets == 1)
        g->lazy_ms = g->now_ms;
}

enum err glue_wait(struct glue *g, struct effect *fx)
{
    if (replace_status(g, fx))
        return OK;
    enum err e = glue_room((void **)&g->waiting, &g->cap_waiting, g->n_waiting, sizeof(g->waiting[0]));
    if (e != OK)
        return e;
    struct waiting *w = &g->waiting[g->n_waiting++];
    *w = (struct waiting){.fx = *fx, .result = OK, .came_ms = g->wall_ms};
    fx->data = buf_on(FRAME_BODY_MAX);          /* taken */
    count(g, &w->fx);
    return OK;
}

static void group_release(struct group *group)
{
    for (size_t i = 0; i < group->n; i++)
        buf_release(&group->list[i].fx.data);
    free(group->list);
    *group = (struct group){.n = 0};
}

void glue_forget(struct glue *g)
{
    struct group waiting = {g->waiting, g->n_waiting};
    group_release(&waiting);
    group_release(&g->group);
    g->waiting = NULL;
    g->n_waiting = g->cap_waiting = g->n_tickets = g->rows = g->bytes = 0;
}

bool glue_is_full(const struct glue *g)
{
    return g->rows >= GLUE_ROWS || g->bytes >= GLUE_BYTES;
}

bool glue_is_waiting(const struct glue *g)
{
    return !g->is_writing && g->n_tickets > 0;
}

bool glue_is_writing(const struct glue *g)
{
    return g->is_writing;
}

bool glue_is_due(const struct glue *g)
{
    if (g->writer == NULL || glue_is_full(g))
        return glue_is_full(g);
    return g->is_writing ? !writer_is_busy(g->writer) : g->n_tickets > 0;
}

uint64_t glue_lazy_ms(const struct glue *g)
{
    return !g->is_writing && g->n_waiting > g->n_tickets ? g->lazy_ms + GLUE_LAZY_MS : UINT64_MAX;
}

struct store *glue_reads(const struct glue *g)
{
    return g->c.reads != NULL ? g->c.reads : g->c.store;
}

/* ---- one effect ---- */

static enum err fill(struct glue *g, struct waiting *w)
{
    struct origin o = glue_origin(g, &w->fx.ref);
    enum err e = OK;
    if (w->fx.kind == FX_FILL)
        e = store_fill(g->c.store, &o, w->fx.index, buf_bytes(&w->fx.data));
    return e == OK ? store_raise_whole(g->c.store, &o, w->fx.whole, &w->whole) : e;
}

static enum err cut(struct glue *g, const struct effect *fx)
{
    struct origin o = glue_origin(g, &fx->ref);
    enum err e = store_cut_back(g->c.store, &o, fx->whole);
    return e == ERR_UNKNOWN && fx->whole > 0 ? store_cut_back(g->c.store, &o, 0) : e;
}

/* What is gone already, or is never erased, is left as it is. */
static enum err erase(struct glue *g, const struct effect *fx)
{
    struct origin o = glue_origin(g, &fx->ref);
    enum err e = store_erase(g->c.store, &o, fx->index, fx->from);
    return e == ERR_UNKNOWN ? OK : e;
}

/* The promise first: it may come back before the log that it is about, to a store that was lost, and binds us all the same. */
static enum err put_cosignature(struct glue *g, const struct cosig *c, bool is_ours)
{
    struct origin o = glue_origin(g, &c->log);
    enum err e = is_ours ? store_put_cosigned(g->c.store, &o, c->size, &c->root, c->time_s) : OK;
    return e == OK ? store_put_cosig(g->c.store, &o, c) : e;
}

static enum err put_request(struct glue *g, const struct waiting *w)
{
    static const struct hash none;
    struct request_row r = {.slug = w->fx.slug, .since_ms = w->came_ms, .identity = buf_bytes(&w->fx.data)};
    return store_put_request(g->c.store, hash_equal(&w->fx.hash, &none) ? NULL : &w->fx.hash, &r);
}

static enum err write_one(struct glue *g, struct waiting *w)
{
    const struct effect *fx = &w->fx;
    struct store *s = g->c.store;
    struct origin o = glue_origin(g, &fx->ref);
    switch (fx->kind) {
    case FX_APPEND:          return store_append(s, &fx->append);
    case FX_FILL:
    case FX_RAISE_WHOLE:     return fill(g, w);
    case FX_CUT:             return cut(g, fx);
    case FX_ERASE:           return erase(g, fx);
    case FX_PUT_COSIG:       return put_cosignature(g, &fx->cosig, fx->is_ours);
    case FX_KEEP_CHECKPOINT: return store_keep_checkpoint(s, &o, fx->whole);
    case FX_PUT_CHARTER:     return store_put_charter(s, &fx->hash, fx->version, fx->round, buf_bytes(&fx->data));
    case FX_DROP_CHARTER:    return store_drop_charter(s, &fx->hash);
    case FX_PUT_IDENTITY:    return store_put_identity(s, &fx->slug, fx->version, buf_bytes(&fx->data));
    case FX_PUT_EVIDENCE:    return store_freeze(s, &o, buf_bytes(&fx->data));
    case FX_PUT_REQUEST:     return put_request(g, w);
    case FX_PUT_HEAD:        return store_put_head(s, &fx->head);
    case FX_PUT_PEER:        return store_put_peer(s, &fx->peer);
    case FX_PUT_ANNOUNCED:   return store_put_announced(s, &fx->ref, fx->whole);
    case FX_DIAL: case FX_SEND: case FX_CLOSE: case FX_READ: case FX_PROVE: case FX_TIMER: case FX_REPORT:
        break;                                  /* never wait here */
    }
    return OK;
}

/* ---- transactions ---- */

/* The disk or another process stands in the way: it would in the way of the next effect too. */
static bool is_of_the_store(enum err e)
{
    return e == ERR_BUSY || e == ERR_FULL || e == ERR_IO || e == ERR_CORRUPT || e == ERR_NOMEM || e == ERR_DENIED;
}

static enum err write_some(struct glue *g, struct waiting *w, size_t n)
{
    enum err e = store_begin(g->c.store);
    if (e != OK)
        return e;
    for (size_t i = 0; e == OK && i < n; i++)
        e = write_one(g, &w[i]);
    if (e == OK)
        return store_commit(g->c.store);
    store_rollback(g->c.store);
    return e;
}

enum err glue_failure(const struct glue *g)
{
    return g->failed;
}

void glue_write(void *arg)
{
    struct glue *g = arg;
    struct waiting *w = g->group.list;
    size_t n = g->group.n;
    enum err e = write_some(g, w, n);
    if (e == OK || n == 1 || is_of_the_store(e)) {
        for (size_t i = 0; i < n; i++)
            w[i].result = e;
        return;
    }
    for (size_t i = 0; i < n; i++) {
        w[i].result = write_some(g, &w[i], 1);
        if (is_of_the_store(w[i].result)) {
            for (size_t k = i + 1; k < n; k++)
                w[k].result = w[i].result;
            return;
        }
    }
}

/* ---- answers ---- */

static enum err retell_later(struct glue *g, const struct log_ref *ref)
{
    for (size_t i = 0; i < g->n_retell; i++)
        if (g->retell[i].generation == ref->generation && slug_equal(&g->retell[i].slug, &ref->slug))
            return OK;
    enum err e = glue_room((void **)&g->retell, &g->cap_retell, g->n_retell, sizeof(g->retell[0]));
    if (e == OK)
        g->retell[g->n_retell++] = *ref;
    return e;
}

/* After a failure the engine hears what is really stored, and so it does when a checkpoint is held whole now that it does not
 * know. A hole among many that moves nothing is not worth telling the log again. */
static enum err retell_if_due(struct glue *g, const struct waiting *w)
{
    struct log_ref appended = {w->fx.append.origin.slug, w->fx.append.origin.generation};
    if (w->fx.kind == FX_APPEND && w->result != OK)
        return retell_later(g, &appended);
    if (w->fx.kind == FX_CUT)
        return retell_later(g, &w->fx.ref);
    if (w->fx.kind != FX_FILL && w->fx.kind != FX_RAISE_WHOLE)
        return OK;
    struct log_state known;
    bool is_known = w->result == OK && engine_log(g->c.engine, &w->fx.ref, &known) && known.whole == w->whole;
    return is_known ? OK : retell_later(g, &w->fx.ref);
}

static void tell_people(struct glue *g, const char *what, enum err why)
{
    char line[96];
    struct buf b = buf_on(sizeof(line));
    buf_printf(&b, why != OK ? "store=%s err=%s" : "store=%s", what, err_code(why));
    if (buf_status(&b) == OK)
        g->c.report(g->c.arg, REPORT_WARN, buf_bytes(&b));
    buf_release(&b);
}

/* A disk that is full fails a thousand times, and is said to once; and again when it goes on failing, but not in the minute after
 * it was last said, however often a small write finds room between. */
static void failed(struct glue *g, enum err why)
{
    bool is_news = g->said_ms == 0 || g->now_ms - g->said_ms >= SAID_MS;
    if (why == g->failing && (g->has_said || !is_news))
        return;
    g->has_said = is_news || why != g->failing;
    g->failing = why;
    if (!g->has_said)
        return;
    g->said_ms = g->now_ms;
    tell_people(g, "failed", why);
}

static void recovered(struct glue *g)
{
    if (g->has_said)
        tell_people(g, "recovered", OK);
    g->failing = OK;
    g->has_said = false;
}

/* What became of a group: of the disk the newest word, of all else (a log that had moved on, a list that is full) each. */
static void tell_group(struct glue *g, const struct waiting *group, size_t n)
{
    bool has_failed = false, has_stored = false;
    for (size_t i = 0; i < n; i++) {
        enum err e = group[i].result;
        has_stored = has_stored || (e == OK && group[i].fx.ticket != 0);
        if (is_of_the_store(e)) {
            failed(g, e);
            g->failed = e;
            has_failed = true;
        } else if (e != OK && (e != ERR_UNKNOWN || group[i].fx.ticket != 0)) {
            tell_people(g, "failed", e);
        }
    }
    if (has_stored && !has_failed && g->failing != OK)
        recovered(g);
}

static enum err answer_one(struct glue *g, const struct waiting *w)
{
    if (w->result == ERR_CORRUPT)
        return ERR_CORRUPT;
    if (w->fx.ticket == 0)
        return OK;
    struct event ev = {.kind = w->result == OK ? EV_STORED : EV_STORE_FAILED, .ticket = w->fx.ticket, .err = w->result,
                       .count = w->whole};
    enum err e = glue_step(g, &ev);
    return e == OK ? retell_if_due(g, w) : e;
}

/* What has gathered becomes the group under way. */
static void group_begin(struct glue *g)
{
    g->group = (struct group){g->waiting, g->n_waiting};
    g->is_writing = true;
    g->waiting = NULL;
    g->n_waiting = g->cap_waiting = g->n_tickets = g->rows = g->bytes = 0;
    if (g->writer != NULL)
        writer_start(g->writer);
    else
        glue_write(g);
}

static enum err retell_one(struct glue *g)
{
    struct log_ref ref = g->retell[--g->n_retell];
    enum err e = glue_tell_log(g, &ref);
    return e == OK ? glue_obey(g) : e;
}

/* What the answers set off is obeyed at once: an announcement does not wait for the next commit. */
static enum err group_end(struct glue *g)
{
    enum err e = OK;
    if (g->writer != NULL)
        writer_wait(g->writer);
    struct group group = g->group;
    g->group = (struct group){.n = 0};
    g->is_writing = false;
    tell_group(g, group.list, group.n);
    for (size_t i = 0; e == OK && i < group.n; i++)
        e = answer_one(g, &group.list[i]);
    group_release(&group);
    return e == OK ? glue_obey(g) : e;
}

enum err glue_flush(struct glue *g)
{
    enum err e = g->is_writing ? group_end(g) : OK;
    bool is_first = true;                       /* what nobody waits for goes along, but makes no round of its own */
    while (e == OK && (g->n_tickets > 0 || (is_first && g->n_waiting > 0) || g->n_retell > 0)) {
        bool writes = g->n_tickets > 0 || (is_first && g->n_waiting > 0);
        if (writes)
            group_begin(g);
        e = writes ? group_end(g) : retell_one(g);
        is_first = false;
    }
    return e;
}

enum err glue_commit(struct glue *g)
{
    enum err e = OK;
    if (g->is_writing && (glue_is_full(g) || !writer_is_busy(g->writer)))
        e = group_end(g);
    if (e != OK)
        return e;
    if (g->writer == NULL || g->n_retell > 0)   /* what is told must be all there is: nothing under way, nothing waiting */
        return glue_flush(g);
    if (!g->is_writing && g->n_waiting > 0)
        group_begin(g);
    return OK;
}
