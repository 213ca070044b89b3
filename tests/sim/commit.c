#include <stdlib.h>
#include <string.h>

#include "tests/sim/sim.h"

/* ---- commits ---- */

static enum err write_one(struct node *n, struct effect *fx)
{
    struct disk *d = n->disk;
    struct origin o = {.alliance = n->sim->alliance, .slug = fx->ref.slug, .generation = fx->ref.generation};
    struct dlog *log = disk_log(d, &o);
    enum err e = OK;
    switch (fx->kind) {
    case FX_APPEND:
        e = disk_append(d, &fx->append);
        if (e == OK)
            check_append(n, &fx->append);
        return e;
    case FX_FILL:
        e = disk_fill(log, fx->index, buf_bytes(&fx->data));
        if (e == OK) {
            check_fill(n, log, fx->index);
            fx->count = disk_raise_whole(log, fx->whole);
            check_whole(n, log);
        }
        return e;
    case FX_RAISE_WHOLE:
        fx->count = disk_raise_whole(log, fx->whole);
        check_whole(n, log);
        return OK;
    case FX_CUT:           disk_cut(log, fx->whole); return OK;
    case FX_ERASE:         disk_erase(log, fx->index, fx->from); return OK;
    case FX_PUT_COSIG:
        o = (struct origin){.alliance = o.alliance, .slug = fx->cosig.log.slug, .generation = fx->cosig.log.generation};
        disk_put_cosig(disk_log_make(d, &o), &fx->cosig, fx->is_ours);
        return OK;
    case FX_KEEP_CHECKPOINT:
        for (size_t i = 0; log != NULL && i < log->n_kept; i++)
            if (log->kept[i].size == fx->whole)
                log->kept[i].is_kept = log->kept[i].had_quorum = true;
        return OK;
    case FX_PUT_CHARTER:   disk_put_charter(d, &fx->hash, buf_bytes(&fx->data)); return OK;
    case FX_DROP_CHARTER:  disk_drop_charter(d, &fx->hash); return OK;
    case FX_PUT_IDENTITY:  disk_put_identity(d, &fx->slug, fx->version, buf_bytes(&fx->data)); return OK;
    case FX_PUT_EVIDENCE:
        log = disk_log_make(d, &o);
        free(log->evidence.p);
        log->evidence = blob_of(buf_bytes(&fx->data));
        log->is_frozen = true;
        return OK;
    case FX_PUT_REQUEST:   return disk_put_request(d, &fx->hash, &fx->slug, buf_bytes(&fx->data));
    case FX_DIAL: case FX_SEND: case FX_CLOSE: case FX_READ: case FX_PROVE: case FX_TIMER: case FX_REPORT:
    case FX_PUT_HEAD: case FX_PUT_PEER: case FX_PUT_ANNOUNCED:
        break;
    }
    return OK;
}

static void retell_later(struct node *n, const struct effect *fx)
{
    struct log_ref ref = fx->kind == FX_APPEND
        ? (struct log_ref){fx->append.origin.slug, fx->append.origin.generation} : fx->ref;
    for (size_t i = 0; i < n->n_retell; i++)
        if (slug_equal(&n->retell[i].slug, &ref.slug) && n->retell[i].generation == ref.generation)
            return;
    must(n->n_retell < 64);
    n->retell[n->n_retell++] = ref;
}

static void answer(struct node *n, const struct effect *fx, enum err result)
{
    if (fx->kind == FX_PUT_COSIG && result == OK)
        check_cosigned(n, &fx->cosig);
    if (fx->kind == FX_APPEND && result == OK && fx->append.cosig != NULL)
        check_cosigned(n, fx->append.cosig);
    struct event ev = {.kind = result == OK ? EV_STORED : EV_STORE_FAILED, .ticket = fx->ticket, .err = result};
    bool raises = fx->kind == FX_FILL || fx->kind == FX_RAISE_WHOLE;
    if (raises)
        ev.count = fx->count;
    if (fx->ticket != 0)
        node_step(n, &ev);
    struct log_state known;
    if (fx->kind == FX_CUT || (fx->kind == FX_APPEND && result != OK)
        || (raises && n->engine != NULL
            && (result != OK || !engine_log(n->engine, &fx->ref, &known) || known.whole != fx->count)))
        retell_later(n, fx);
}

static bool is_waiting_for(const struct node *n, const struct log_ref *ref)
{
    for (size_t i = 0; i < n->n_waiting; i++) {
        const struct effect *fx = &n->waiting[i];
        if (fx->kind == FX_APPEND && slug_equal(&fx->append.origin.slug, &ref->slug)
            && fx->append.origin.generation == ref->generation)
            return true;
        if ((fx->kind == FX_FILL || fx->kind == FX_RAISE_WHOLE || fx->kind == FX_CUT) && slug_equal(&fx->ref.slug, &ref->slug)
            && fx->ref.generation == ref->generation)
            return true;
    }
    return false;
}

static void retell(struct node *n)
{
    size_t kept = 0;
    for (size_t i = 0; i < n->n_retell && n->engine != NULL; i++) {
        struct log_ref ref = n->retell[i];
        if (is_waiting_for(n, &ref)) {
            n->retell[kept++] = ref;
            continue;
        }
        struct origin o = {.alliance = n->sim->alliance, .slug = ref.slug, .generation = ref.generation};
        node_tell_log(n, disk_log_make(n->disk, &o));
    }
    n->n_retell = kept;
}

void node_commit(struct node *n)
{
    size_t count = n->n_waiting;
    struct effect *group = n->waiting;
    enum err *results = calloc(count + 1, sizeof(*results));
    uint64_t life = n->incarnation;
    must(results != NULL);
    n->waiting = NULL;
    n->n_waiting = n->cap_waiting = 0;
    for (size_t i = 0; i < count; i++) {
        bool fails = sim_chance(n->sim, n->disk_failures);
        results[i] = fails ? sim_chance(n->sim, 0.5) ? ERR_IO : ERR_FULL : write_one(n, &group[i]);
    }
    for (size_t i = 0; i < count && n->incarnation == life; i++)
        answer(n, &group[i], results[i]);
    for (size_t i = 0; i < count; i++)
        buf_release(&group[i].data);
    free(group);
    free(results);
    if (n->engine != NULL && n->incarnation == life)
        retell(n);
}
