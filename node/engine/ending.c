/* node/engine/ending.c - a frozen log whose author has gone on in the next generation is brought to its end.
 *
 * Two stories of it were told, and the next generation says which one stands and to where. Who holds that one keeps it as
 * it is. Who holds the other lets go of what no quorum has seen and fetches the one that stands, to its end and no further: so that
 * in the end all hold the same, and what is void is nowhere taken for figures. The evidence stays. */
#include <string.h>

#include "node/engine/inner.h"

void ending_set(const struct engine *e, struct elog *log)
{
    const struct elog *next = log_after(e, log);
    if (log->settling != SETTLING_OTHER || next == NULL)
        return;
    log->is_former = true;                  /* no more than to there, and by that root alone */
    log->closed_size = next->closes.size;
    log->closed_root = next->closes.root;
}

/* What a quorum saw lies on both stories: from there on it is fetched anew. */
static void start_over(struct engine *e, struct elog *log)
{
    struct ticket *t;
    log->settling = SETTLING_OTHER;
    ending_set(e, log);
    if (log->stored.size == log->quorum_size) {
        pull_more(e);
        return;
    }
    report(e, REPORT_WARN, "log=%s generation=%u story=other cut=%llu", log->ref.slug.s, (unsigned)log->ref.generation,
           (unsigned long long)log->quorum_size);
    struct effect *f = fx_add(e, FX_CUT);
    f->ticket = ticket_new(e, TICKET_CUT, &t);
    t->log = log->id;
    f->ref = log->ref;
    f->whole = log->quorum_size;
    log->is_cut = true;
    log->is_unsure = true;                  /* until the store has said what is left */
}

static void ask_whether(struct engine *e, struct elog *log, uint64_t size)
{
    struct ticket *t;
    struct effect *f = fx_add(e, FX_PROVE);
    f->ticket = ticket_new(e, TICKET_CONTAINS, &t);
    t->log = log->id;
    t->from = size;
    f->ref = log->ref;
    f->from = size;
    f->whole = log->stored.size;
    log->settling = SETTLING_ASKED;
}

static void settle(struct engine *e, struct elog *log)
{
    const struct elog *next = log_after(e, log);
    if (!e->is_started || e->cfg.is_import || !log->is_frozen || log->settling != SETTLING_OPEN || next == NULL
        || next->stored.size == 0 || next->closes.size == 0)
        return;
    if (log->is_unsure || log->n_appends > 0 || log->n_fills > 0) {
        timer_at(e, e->now_ms + BACKOFF_MIN_MS);
        return;
    }
    struct hash root = frontier_root(&log->stored);
    if (closing_is(&next->closes, log->whole, &log->whole_root) || closing_is(&next->closes, log->stored.size, &root))
        log->settling = SETTLING_CONTAINS;
    else if (next->closes.size < log->stored.size)
        ask_whether(e, log, next->closes.size);
    else
        start_over(e, log);
}

/* Of this generation, or of the one before, something is new. */
void ending_news(struct engine *e, struct elog *log)
{
    struct elog *prev = log_before(e, log);
    settle(e, log);
    if (prev != NULL)
        settle(e, prev);
}

void ending_ready(struct engine *e, const struct event *ev, const struct ticket *t)
{
    struct elog *log = e->logs[t->log];
    const struct elog *next = log_after(e, log);
    if (log->settling != SETTLING_ASKED || next == NULL || next->closes.size != t->from)
        return;
    log->settling = SETTLING_OPEN;
    if (ev->err != OK)
        timer_at(e, e->now_ms + BACKOFF_MIN_MS);
    else if (hash_equal(&ev->root, &next->closes.root))
        log->settling = SETTLING_CONTAINS;
    else if (!log->is_unsure && log->n_appends == 0 && log->n_fills == 0)
        start_over(e, log);
    else
        timer_at(e, e->now_ms + BACKOFF_MIN_MS);
}

void ending_astray(struct engine *e, struct elog *log, struct elink *l)
{
    pull_fail(e, log, l);
    if (log->n_appends == 0 && !log->is_unsure)
        start_over(e, log);
    else
        log->settling = SETTLING_OPEN;      /* judged again when all is durable */
}

/* Those who hold the other story have another root where it ends, or end before. */
bool ending_may_give(const struct elog *log, const struct plog *pl)
{
    struct short_root end = short_root_of(&log->closed_root);
    if (log->settling != SETTLING_OTHER)
        return true;
    return pl->size > log->closed_size
        || (pl->size == log->closed_size && memcmp(pl->root.b, end.b, SHORT_ROOT_LEN) == 0);
}

void ending_tick(struct engine *e)
{
    for (size_t i = 0; i < e->n_logs; i++)
        settle(e, e->logs[i]);
}
