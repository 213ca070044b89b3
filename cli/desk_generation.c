/* cli/desk_generation.c - of a member's logs, which is the newest. */
#include <stdlib.h>
#include <string.h>

#include "cli/desk.h"
#include "keys/signed.h"
#include "protocol/entry.h"

struct newest { const struct origin *of; uint32_t generation; };

static enum err look(void *arg, const struct log_state *l)
{
    struct newest *n = arg;
    if (alliance_equal(&l->origin.alliance, &n->of->alliance) && slug_equal(&l->origin.slug, &n->of->slug)
        && l->frontier.size > 0 && l->origin.generation > n->generation)
        n->generation = l->origin.generation;
    return OK;
}

enum err desk_newest_log(struct desk *d, const struct slug *slug, struct origin *ret)
{
    struct origin o = {.alliance = d->origin.alliance, .slug = *slug, .generation = 1};
    struct newest n = {.of = &o, .generation = 1};
    enum err e = store_each_log(d->store, look, &n);
    o.generation = n.generation;
    *ret = o;
    return e;
}

struct begun { const struct desk *d; bool by_us; };

static enum err is_ours(void *arg, uint64_t idx, const struct item *item)
{
    struct begun *b = arg;
    struct identity *id = malloc(sizeof(*id));
    (void)idx;
    if (id == NULL)
        return ERR_NOMEM;
    b->by_us = item->has_payload && identity_open(payload_body(item->payload), id) == OK
               && slug_equal(&id->slug, &b->d->identity->slug)
               && memcmp(id->root.b, b->d->identity->root.b, sizeof(id->root.b)) == 0;
    free(id);
    return OK;
}

enum err desk_began_log(struct desk *d, const struct origin *o, bool *ret)
{
    struct begun b = {.d = d};
    enum err e = store_each_entry(d->store, o, 0, 1, is_ours, &b);
    *ret = b.by_us;
    return e;
}

/* What we signed last says it also while the store has lost the log. ERR_UNKNOWN: nothing was signed. */
static enum err signed_generation(const struct desk *d, uint32_t *ret)
{
    struct origin o;
    struct bytes line;
    struct buf note = buf_on(CHECKPOINT_MAX);
    enum err e = head_load(&d->s->home, &note);
    struct bytes rest = buf_bytes(&note);
    if (e == OK && bytes_line(&rest, &line) && origin_parse(line, &o) == OK && slug_equal(&o.slug, &d->origin.slug))
        *ret = o.generation;
    else if (e == OK)
        e = ERR_UNKNOWN;                    /* whoever signs says that it is damaged */
    buf_release(&note);
    return e;
}

/* log.db is the daemon's to write: a generation that our root did not begin is none. */
enum err desk_find_generation(struct desk *d)
{
    struct origin o;
    uint32_t g = 1;
    bool by_us = false;
    enum err e = desk_newest_log(d, &d->origin.slug, &o);
    for (; e == OK && o.generation > 1 && !by_us; o.generation--) {
        e = desk_began_log(d, &o, &by_us);
        if (e == OK && by_us)
            g = o.generation;
        if (e == ERR_UNKNOWN || e == ERR_CORRUPT)
            e = OK;                         /* that it is damaged is for whoever reads it to say */
    }
    uint32_t head = 1;
    if (e == OK && signed_generation(d, &head) == OK && head > g)
        g = head;
    d->origin.generation = g;
    return e;
}

uint64_t desk_signed_size(const struct desk *d, const struct origin *o)
{
    struct buf note = buf_on(CHECKPOINT_MAX);
    struct bytes line;
    struct origin of;
    uint64_t size = 0;
    enum err e = head_load(&d->s->home, &note);
    struct bytes rest = buf_bytes(&note);
    bool is_its = e == OK && bytes_line(&rest, &line) && origin_parse(line, &of) == OK && origin_equal(&of, o)
                  && bytes_line(&rest, &line) && bytes_u64(line, INT64_MAX, &size) == OK;
    buf_release(&note);
    return is_its ? size : 0;
}

bool desk_has_lost(struct desk *d)
{
    struct log_state l;
    struct buf note = buf_on(CHECKPOINT_MAX);
    const uint64_t size = d->has_alliance ? desk_signed_size(d, &d->origin) : 0;
    enum err e = size > 0 ? store_log(d->store, &d->origin, &l, &note) : OK;
    buf_release(&note);
    return size > 0 && (e == ERR_UNKNOWN || (e == OK && l.frontier.size < size));
}
