#include "node/worker.h"

#include <stdlib.h>
#include <string.h>

#include "keys/file.h"
#include "node/glue.h"
#include "node/say.h"
#include "node/self.h"

enum {
    LOOK_EVERY_MS = 1000,                   /* at data_version, whether or not the bell was heard */
    SETTLED_MS = 500,                       /* once: quiet for so long, and done */
    BATCH_MAX = 256,                        /* handovers before a commit, however few rows they gave */
    REBUILD_AT_MOST_MS = 10 * 1000,         /* twice within this, and it is no use */
    LINKS_KNOWN_MAX = 2 * LINKS_MAX         /* old ones may still be closing */
};

struct worker {
    struct worker_config c;
    struct store *store;
    struct engine *engine;
    struct glue *glue;
    struct self self;
    size_t n_links;
    link_id links[LINKS_KNOWN_MAX];
    bool is_leaving, has_bell;
    uint64_t look_ms, active_ms, deadline_ms, rebuilt_ms;
    bool expects_peers, has_reached;
    enum err result;
};

#define SAY(w, level, ...) say((w)->c.log_level, (level), __VA_ARGS__)

/* ---- to the network ---- */

static enum err push(struct worker *w, struct handover *h)
{
    if (h == NULL)
        return ERR_NOMEM;
    (void)queue_push(w->c.out, h);
    return OK;
}

static struct handover *dial_of(const struct effect *fx, const char *address)
{
    struct handover *h = handover_copy(HAND_DIAL, 0, bytes_of(address));
    if (h != NULL) {
        h->slug = fx->slug;
        h->node = fx->peer_node;
    }
    return h;
}

/* `--peer SLUG` leaves the others alone; `--peer HOST:PORT` looks for each of them there: only the one whose node key
 * answers is let in. The inviter (no slug) is dialled whatever was asked. */
static enum err dial(struct worker *w, const struct effect *fx)
{
    const char *peer = w->c.peer;
    bool is_place = peer != NULL && strchr(peer, ':') != NULL;
    w->expects_peers = true;
    if (peer == NULL || is_place || fx->slug.s[0] == '\0' || strcmp(peer, fx->slug.s) == 0)
        return push(w, dial_of(fx, is_place ? peer : fx->address));
    struct handover *h = handover_new(HAND_LINK_DOWN, 0);
    if (h == NULL)
        return ERR_NOMEM;
    h->slug = fx->slug;
    h->err = ERR_DENIED;
    (void)queue_push(w->c.in, h);
    return OK;
}

static enum err on_network(void *arg, struct effect *fx)
{
    struct worker *w = arg;
    if (fx->kind == FX_DIAL)
        return dial(w, fx);
    struct handover *h = handover_new(fx->kind == FX_SEND ? HAND_SEND : HAND_CLOSE, fx->link);
    if (h == NULL)
        return ERR_NOMEM;
    if (fx->kind == FX_SEND) {
        w->active_ms = clock_monotonic_ms();
        h->p = fx->data.p;
        h->len = fx->data.len;
        fx->data = buf_on(fx->data.max);    /* taken */
    }
    return push(w, h);
}

static void on_report(void *arg, enum report_level level, struct bytes line)
{
    const struct worker *w = arg;
    SAY(w, level == REPORT_WARN ? LOG_WARN : LOG_INFO, "%.*s", (int)line.len, (const char *)line.p);
}

/* ---- opening, and opening again ---- */

static enum err open_store(struct worker *w, const char **ret_what)
{
    char path[FILE_PATH_MAX];
    struct store_report *report = calloc(1, sizeof(*report));
    *ret_what = "log.db";
    if (report == NULL)
        return ERR_NOMEM;
    home_path(w->c.home, HOME_LOG_DB, path);
    enum err e = store_open(path, STORE_WRITE, &w->store, report);
    if (e == OK && report->was_quarantined)
        SAY(w, LOG_WARN, "store=mended quarantine=\"%s\" logs_cut_back=%u", report->quarantine, report->logs_cut_back);
    else if (e == OK && report->logs_cut_back > 0)
        SAY(w, LOG_WARN, "store=mended logs_cut_back=%u", report->logs_cut_back);
    free(report);
    return e;
}

/* Rows of peers as a process that was killed left them would show links that are none. */
struct rows { size_t n, cap; struct peer_row *list; };

static enum err gather_peer(void *arg, const struct peer_row *p)
{
    struct rows *r = arg;
    if (p->state == PEER_IDLE || p->state == PEER_NO_ADDRESS)
        return OK;
    if (r->n == r->cap) {
        size_t cap = r->cap > 0 ? r->cap * 2 : 16;
        struct peer_row *list = realloc(r->list, cap * sizeof(*list));
        if (list == NULL)
            return ERR_NOMEM;
        r->list = list;
        r->cap = cap;
    }
    r->list[r->n] = *p;
    r->list[r->n++].state = PEER_IDLE;
    return OK;
}

static enum err calm_peers(struct store *s)
{
    struct rows r = {.n = 0};
    enum err e = store_each_peer(s, gather_peer, &r);
    if (e == OK && r.n > 0 && (e = store_begin(s)) == OK) {
        for (size_t i = 0; e == OK && i < r.n; i++)
            e = store_put_peer(s, &r.list[i]);
        if (e == OK)
            e = store_commit(s);
        else
            store_rollback(s);
    }
    free(r.list);
    return e;
}

static void close_all(struct worker *w)
{
    glue_free(w->glue);
    engine_free(w->engine);                 /* after the glue, whose waiting appends borrow from it */
    store_close(w->store);
    self_release(&w->self);
    w->glue = NULL;
    w->engine = NULL;
    w->store = NULL;
}

static enum err open_all(struct worker *w, const char **ret_what)
{
    enum err e = open_store(w, ret_what);
    if (e == OK)
        e = self_load(w->c.home, w->store, &w->self, ret_what);
    if (e != OK)
        return e;
    *ret_what = "log.db";
    struct glue_config glue = {.store = w->store, .alliance = w->self.engine.alliance, .network = on_network,
                               .report = on_report, .arg = w};
    random_fill(&w->self.engine.random_seed, sizeof(w->self.engine.random_seed));
    if ((e = engine_new(&w->self.engine, &w->engine)) != OK)
        return e;
    glue.engine = w->engine;
    if ((e = glue_new(&glue, &w->glue)) != OK)
        return e;
    e = calm_peers(w->store);
    if (e == ERR_BUSY || e == ERR_FULL)
        e = OK;                             /* for people only: a full disk does not keep us from serving */
    return e == OK ? glue_load(w->glue, clock_monotonic_ms(), clock_wall_ms()) : e;
}

enum err worker_new(const struct worker_config *c, struct worker **ret, const char **ret_what)
{
    struct worker *w = calloc(1, sizeof(*w));
    *ret_what = "memory";
    if (w == NULL)
        return ERR_NOMEM;
    w->c = *c;
    enum err e = open_all(w, ret_what);
    if (e == ERR_CORRUPT) {                 /* seen only while it was read: opening again mends it */
        close_all(w);
        e = open_all(w, ret_what);
    }
    if (e == OK)
        *ret = w;
    else
        worker_free(w);
    return e;
}

void worker_free(struct worker *w)
{
    if (w == NULL)
        return;
    close_all(w);
    free(w);
}

struct alliance_id worker_alliance(const struct worker *w)
{
    return w->self.engine.alliance;
}

size_t worker_keys(const struct worker *w, struct dh_secret ret[CHANNEL_KEYS_MAX])
{
    memcpy(ret, w->self.keys, sizeof(w->self.keys));
    return w->self.n_keys;
}

enum err worker_result(const struct worker *w)
{
    return w->result;
}

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
static enum err rebuild(struct worker *w, const char *why)
{
    const char *what;
    uint64_t now = clock_monotonic_ms();
    SAY(w, LOG_WARN, "engine=rebuilt reason=%s", why);
    if (w->rebuilt_ms != 0 && now - w->rebuilt_ms < REBUILD_AT_MOST_MS)
        return ERR_CORRUPT;
    w->rebuilt_ms = now;
    close_all(w);
    enum err e = open_all(w, &what);
    if (e != OK) {
        SAY(w, LOG_WARN, "engine=lost what=\"%s\" err=%s", what, err_code(e));
        return e;
    }
    e = push(w, handover_new(HAND_CLOSE, 0));
    if (e == OK)
        e = push(w, handover_copy(HAND_KEYS, 0, (struct bytes){w->self.keys[0].b, w->self.n_keys * sizeof(w->self.keys[0])}));
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
    for (size_t n = 0; e == OK && !w->is_leaving && n < BATCH_MAX && !glue_is_full(w->glue); n++) {
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
    enum err e = self_load(w->c.home, w->store, &now, &what);
    if (e != OK) {
        SAY(w, LOG_WARN, "self=unchanged what=\"%s\" err=%s", what, err_code(e));
        return e == ERR_NOMEM || e == ERR_CORRUPT ? e : OK;     /* perhaps half written: at the next bell */
    }
    bool is_same = hash_equal(&now.digest, &w->self.digest);
    self_release(&now);
    return is_same ? OK : rebuild(w, "identity-changed");
}

static enum err look(struct worker *w)
{
    bool has_changed = false;
    uint64_t now = clock_monotonic_ms();
    w->has_bell = false;
    w->look_ms = now + LOOK_EVERY_MS;
    enum err e = glue_reread(w->glue, now, clock_wall_ms(), &has_changed);
    return e == OK && has_changed ? check_self(w) : e;
}

static enum err do_what_is_due(struct worker *w)
{
    enum err e = OK;
    uint64_t now = clock_monotonic_ms();
    if (now >= glue_timer_ms(w->glue)) {
        struct event ev = event_now(EV_TICK);
        e = glue_event(w->glue, &ev);
    }
    if (e == OK && (glue_is_waiting(w->glue) || now >= glue_lazy_ms(w->glue)))
        e = glue_flush(w->glue);
    return e == OK && (w->has_bell || now >= w->look_ms) ? look(w) : e;
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
    uint64_t due = earlier(earlier(glue_timer_ms(w->glue), glue_lazy_ms(w->glue)), w->look_ms);
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
        if (push(w, handover_copy(HAND_SEND, w->links[i], buf_bytes(&body))) != OK)
            break;                          /* then the end of the stream must say it */
    buf_release(&body);
}

static void leave(struct worker *w)
{
    say_good_bye(w);
    if (w->glue != NULL && w->result == OK && glue_flush(w->glue) == OK)
        (void)calm_peers(w->store);
    if (w->c.is_once && w->result == OK && w->expects_peers && !w->has_reached)
        w->result = ERR_DENIED;
    close_all(w);                           /* the store is closed before anybody hears that we have left */
    struct handover *h = handover_new(HAND_LEFT, 0);
    if (h == NULL)
        abort();                            /* the loop would wait for ever; all is durable */
    (void)queue_push(w->c.out, h);
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
        if (e != ERR_NOMEM)                 /* the store: what it holds is all we need to begin anew */
            e = rebuild(w, err_code(e));
        if (e != OK)
            break;
    }
    w->result = w->is_leaving ? OK : e;
    leave(w);
}
