#include <stdlib.h>
#include <string.h>

#include "keys/file.h"
#include "node/alliance.h"
#include "node/worker_inside.h"

/* ---- to the network ---- */

enum err worker_push(struct worker *w, struct handover *h)
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
        return worker_push(w, dial_of(fx, is_place ? peer : fx->address));
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
    return worker_push(w, h);
}

static void on_stored(void *arg)
{
    const struct worker *w = arg;
    queue_wake(w->c.in);
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
    if (e == OK)
        e = store_open(path, STORE_READ, &w->reads, report);
    free(report);
    return e;
}

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

enum err worker_calm_peers(struct store *s)
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
    return e == OK ? store_forget_announced(s) : e;
}

void worker_close_all(struct worker *w)
{
    glue_free(w->glue);
    engine_free(w->engine);                 /* after the glue, whose waiting appends borrow from it */
    store_close(w->reads);
    store_close(w->store);                  /* last: it empties the WAL */
    self_release(&w->self);
    w->glue = NULL;
    w->engine = NULL;
    w->store = w->reads = NULL;
}

enum err worker_settle(struct worker *w)
{
    enum { AGAIN_MS = 5000 };
    struct alliance_report r;
    enum err e = alliance_settle(w->c.home, w->store, &r);
    if (r.was_given_back)
        SAY(w, LOG_WARN, "alliance=given-back charter=%u", (unsigned)r.charter);
    if (r.unreadable != OK)
        SAY(w, LOG_WARN, "alliance=unreadable err=%s", err_code(r.unreadable));
    if (e != OK && e != w->settled)
        SAY(w, LOG_WARN, "alliance=unsaved err=%s", err_code(e));
    w->settled = e;
    w->settle_ms = e == OK ? UINT64_MAX : clock_monotonic_ms() + AGAIN_MS;
    return e == ERR_NOMEM || e == ERR_CORRUPT ? e : OK;
}

enum err worker_open_all(struct worker *w, const char **ret_what)
{
    enum err e = open_store(w, ret_what);
    if (e == OK)
        e = worker_settle(w);               /* whom to dial and whom to believe, should it have lost that */
    if (e == OK)
        e = self_load(w->c.home, w->store, clock_wall_ms() / 1000, &w->self, ret_what);
    if (e != OK)
        return e;
    *ret_what = "log.db";
    struct glue_config glue = {.store = w->store, .reads = w->reads, .on_stored = on_stored,
                               .alliance = w->self.engine.alliance, .network = on_network, .report = on_report, .arg = w};
    random_fill(&w->self.engine.random_seed, sizeof(w->self.engine.random_seed));
    if ((e = engine_new(&w->self.engine, &w->engine)) != OK)
        return e;
    glue.engine = w->engine;
    if ((e = glue_new(&glue, &w->glue)) != OK)
        return e;
    e = worker_calm_peers(w->store);
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
    w->rebuilt_why = "";
    w->left = handover_new(HAND_LEFT, 0);
    enum err e = w->left != NULL ? worker_open_all(w, ret_what) : ERR_NOMEM;
    if (e == ERR_CORRUPT) {                 /* seen only while it was read: opening again mends it */
        worker_close_all(w);
        e = worker_open_all(w, ret_what);
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
    worker_close_all(w);
    handover_free(w->left);
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
