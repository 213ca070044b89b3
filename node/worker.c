#include "node/worker.h"

#include <stdlib.h>
#include <string.h>

#include "node/worker_inside.h"

enum {
    LOOK_EVERY_MS = 1000,                   /* at data_version, whether or not the bell was heard */
    SETTLED_MS = 500,                       /* once: quiet for so long, and done */
    BATCH_MAX = 256,                        /* handovers before a commit, however few rows they gave */
    REBUILD_AT_MOST_MS = 10 * 1000,         /* twice within this would be no use */
    SAY_AGAIN_MS = 60 * 1000                /* the same reason, within this of the last time, is no news */
};

/* ---- events ---- */

static struct event event_now(enum event_kind kind)
{
    return (struct event){.kind = kind, .now_ms = clock_monotonic_ms(), .wall_ms = clock_wall_ms()};
}

static enum err start(struct worker *w)
{
    struct event ev = event_now(EV_START);
    w->look_ms = ev.now_ms + LOOK_EVERY_MS;
    w->active_ms = ev.now_ms;
    return glue_event(w->glue, &ev);
}

/* The network hangs up on everybody and hears our keys; what still comes from old links the new engine does not know,
 * and ignores. */
static enum err rebuild(struct worker *w, enum log_level level, const char *why)
{
    const char *what;
    uint64_t now = clock_monotonic_ms();
    if (strcmp(why, w->rebuilt_why) != 0 || now - w->rebuilt_ms > SAY_AGAIN_MS)
        SAY(w, level, "engine=rebuilt reason=%s", why);
    w->rebuilt_why = why;
    w->rebuilt_ms = now;
    worker_close_all(w);
    enum err e = worker_push(w, handover_new(HAND_CLOSE, 0));
    if (e != OK)
        return e;
    if ((e = worker_open_all(w, &what)) != OK) {
        if (e != w->lost)
            SAY(w, LOG_WARN, "engine=lost what=\"%s\" err=%s", what, err_code(e));
        w->lost = e;
        return e;
    }
    if (w->lost != OK)
        SAY(w, LOG_WARN, "engine=recovered");
    w->lost = OK;
    struct bytes keys = {w->self.keys[0].b, w->self.n_keys * sizeof(w->self.keys[0])};
    e = worker_push(w, handover_copy(HAND_KEYS, 0, keys));
    return e == OK ? start(w) : e;
}

static void link_add(struct worker *w, link_id id)
{
    if (w->n_links < LINKS_KNOWN_MAX)
        w->links[w->n_links++] = id;
}

static void link_remove(struct worker *w, link_id id)
{
    for (size_t i = 0; i < w->n_links; i++)
        if (w->links[i] == id)
            w->links[i--] = w->links[--w->n_links];
}

static enum err handle(struct worker *w, struct handover *h)
{
    struct event ev = event_now(EV_TICK);
    ev.link = h->link;
    w->active_ms = h->kind == HAND_DRAINED || h->kind == HAND_BELL ? w->active_ms : ev.now_ms;
    switch (h->kind) {
    case HAND_LINK_UP:
        ev.kind = EV_LINK_UP;
        ev.is_dialler = h->is_dialler;
        ev.peer_node = h->node;
        ev.slug = h->slug;
        w->has_reached = true;
        link_add(w, h->link);
        break;
    case HAND_LINK_DOWN:
        ev.kind = EV_LINK_DOWN;
        ev.slug = h->slug;
        ev.err = h->err;
        link_remove(w, h->link);
        break;
    case HAND_FRAME:
        ev.kind = EV_FRAME;
        ev.frame = h->p;
        ev.frame_len = h->len;
        ev.err = h->err;
        h->p = NULL;                        /* the engine's now */
        break;
    case HAND_DRAINED:
        ev.kind = EV_DRAINED;
        ev.count = h->count;
        break;
    case HAND_BELL:
        w->has_bell = true;
        return OK;
    case HAND_LEAVE:
        w->is_leaving = true;
        return OK;
    case HAND_DIAL: case HAND_SEND: case HAND_CLOSE: case HAND_KEYS: case HAND_LEFT: case HAND_COUNT:
        return OK;                          /* the other way */
    }
    return glue_event(w->glue, &ev);
}

static enum err take_batch(struct worker *w)
{
    enum err e = OK;
    struct handover *h;
    for (size_t n = 0; e == OK && !w->is_leaving && n < BATCH_MAX && !glue_is_due(w->glue); n++) {
        if ((h = queue_pop(w->c.in)) == NULL)
            break;
        e = handle(w, h);
        handover_free(h);
    }
    return e;
}

/* Has our identity, a key or an invite changed?  Then everything begins anew with it. */
static enum err check_self(struct worker *w)
{
    struct self now;
    const char *what;
    enum err e = self_load(w->c.home, w->store, clock_wall_ms() / 1000, &now, &what);
    if (e != OK) {
        SAY(w, LOG_WARN, "self=unchanged what=\"%s\" err=%s", what, err_code(e));
        return e == ERR_NOMEM || e == ERR_CORRUPT ? e : OK;     /* perhaps half written: at the next bell */
    }
    bool is_same = hash_equal(&now.digest, &w->self.digest);
    self_release(&now);
    return is_same ? OK : rebuild(w, LOG_INFO, "identity-changed");
}

static enum err look(struct worker *w)
{
    bool has_changed = false;
    const bool has_bell = w->has_bell;
    uint64_t now = clock_monotonic_ms();
    w->has_bell = false;
    w->look_ms = now + LOOK_EVERY_MS;
    enum err e = glue_reread(w->glue, now, clock_wall_ms(), &has_changed);
    return e == OK && (has_changed || has_bell) ? check_self(w) : e;     /* a new identity's file comes behind its entry */
}

/* A charter or an identity that has come is kept beside the store as well. Commands do so for what they have put.
 * The end of a commit under way wakes us again. */
static enum err settle_if_due(struct worker *w)
{
    if (glue_is_writing(w->glue))
        return OK;
    if (store_members_changed(w->store) && w->settle_ms == UINT64_MAX)
        w->settle_ms = clock_monotonic_ms();
    return clock_monotonic_ms() >= w->settle_ms ? worker_settle(w) : OK;
}

static enum err do_what_is_due(struct worker *w)
{
    enum err e = OK;
    uint64_t now = clock_monotonic_ms();
    if (now >= glue_timer_ms(w->glue)) {
        struct event ev = event_now(EV_TICK);
        e = glue_event(w->glue, &ev);
    }
    if (e == OK && (glue_is_waiting(w->glue) || glue_is_due(w->glue) || now >= glue_lazy_ms(w->glue)))
        e = glue_commit(w->glue);
    if (e == OK && (w->has_bell || now >= w->look_ms))
        e = look(w);
    return e == OK ? settle_if_due(w) : e;
}

/* ---- a store that failed ---- */

/* A disk that is full, or fails, or was damaged: that may pass. A newer program's store, or a key that is gone, does not. */
static bool may_pass(enum err e)
{
    return e == ERR_IO || e == ERR_FULL || e == ERR_BUSY || e == ERR_CORRUPT;
}

/* Nothing is open: what the network says meanwhile has no engine to hear it. */
static void wait_idly(struct worker *w, uint64_t until_ms)
{
    struct handover *h;
    worker_close_all(w);
    while (!w->is_leaving && clock_monotonic_ms() < until_ms) {
        queue_wait(w->c.in, until_ms);
        while ((h = queue_pop(w->c.in)) != NULL) {
            if (h->kind == HAND_LINK_DOWN)
                link_remove(w, h->link);
            w->is_leaving = w->is_leaving || h->kind == HAND_LEAVE;
            handover_free(h);
        }
    }
}

/* What the store holds is all we need to begin anew: at once the first time, then every REBUILD_AT_MOST_MS for as long as it
 * takes. Who runs once has a person waiting, and gives up. */
static enum err recover(struct worker *w, enum err why)
{
    enum err e = why;
    do {
        uint64_t next = w->rebuilt_ms + REBUILD_AT_MOST_MS;
        if (w->rebuilt_ms != 0 && clock_monotonic_ms() < next) {
            if (w->c.is_once)
                return e;
            wait_idly(w, next);
        }
        if (!w->is_leaving)
            e = rebuild(w, LOG_WARN, err_code(e));
    } while (!w->is_leaving && !w->c.is_once && may_pass(e));
    return e;
}

/* ---- once ---- */

static bool is_done(const struct worker *w, uint64_t now)
{
    if (now >= w->deadline_ms)
        return true;
    return engine_is_settled(w->engine) && (w->n_links == 0 || now - w->active_ms >= SETTLED_MS);
}

static uint64_t earlier(uint64_t a, uint64_t b)
{
    return a < b ? a : b;
}

static uint64_t next_due(const struct worker *w)
{
    uint64_t settle = glue_is_writing(w->glue) ? UINT64_MAX : w->settle_ms;
    uint64_t due = earlier(earlier(glue_timer_ms(w->glue), glue_lazy_ms(w->glue)), earlier(w->look_ms, settle));
    if (!w->c.is_once)
        return due;
    uint64_t soon = clock_monotonic_ms() + SETTLED_MS / 10;     /* quiet, but not settled yet: look again */
    uint64_t quiet = w->active_ms + SETTLED_MS;
    return earlier(due, earlier(w->deadline_ms, quiet > soon ? quiet : soon));
}

/* ---- life ---- */

static enum err turn(struct worker *w)
{
    queue_wait(w->c.in, next_due(w));
    enum err e = take_batch(w);
    if (e == OK)
        e = do_what_is_due(w);
    if (e == OK && w->c.is_once && !w->is_leaving && is_done(w, clock_monotonic_ms()))
        w->is_leaving = true;
    return e;
}

static void say_good_bye(struct worker *w)
{
    struct buf body = buf_on(64);
    put_bye(&body, BYE_LEAVING);
    for (size_t i = 0; i < w->n_links && buf_status(&body) == OK; i++)
        if (worker_push(w, handover_copy(HAND_SEND, w->links[i], buf_bytes(&body))) != OK)
            break;                          /* then the end of the stream must say it */
    buf_release(&body);
}

static void leave(struct worker *w)
{
    say_good_bye(w);
    if (w->glue != NULL && w->result == OK) {
        enum err e = glue_flush(w->glue);
        if (e == OK && store_members_changed(w->store))
            e = worker_settle(w);
        if (e == OK)
            e = worker_calm_peers(w->store);
        if (e != OK)                        /* what had been promised was durable before it was promised */
            SAY(w, LOG_WARN, "leaving=in-disorder err=%s", err_code(e));
    }
    if (w->c.is_once && w->result == OK && w->glue != NULL)
        w->result = glue_failure(w->glue);  /* what came could not be kept, and nobody stays to fetch it again */
    if (w->c.is_once && w->result == OK && w->expects_peers && !w->has_reached)
        w->result = ERR_DENIED;
    worker_close_all(w);                           /* the store is closed before anybody hears that we have left */
    (void)queue_push(w->c.out, w->left);
    w->left = NULL;
}

void worker_run(struct worker *w)
{
    w->deadline_ms = w->c.is_once ? clock_monotonic_ms() + w->c.timeout_ms : UINT64_MAX;
    enum err e = start(w);
    while (!w->is_leaving) {
        if (e == OK)
            e = turn(w);
        if (e == OK)
            continue;
        if (e != ERR_NOMEM)
            e = recover(w, e);
        if (e != OK)
            break;
    }
    w->result = w->is_leaving ? OK : e;
    leave(w);
}
