/* cli/author/ask.c - before signing: does any peer know more of our log than this disk? */
#define _GNU_SOURCE
#include "cli/author/inside.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "cli/say.h"

enum {
    ASK_ALL_MS = 3 * 1000,              /* with a yes in hand, so long those who are linked to us are waited for */
    ASK_AGAIN_MS = 1000,
    SETTLE_WAIT_MS = CLAIM_WAIT_MS + 15 * 1000
};

/* What peers said of our head, weighed against our log. */
struct opinions {
    struct author *a;
    struct store_source *src;
    uint64_t since_ms, now_ms;
    bool has_agreement;                 /* some peer names a head that our log contains */
    bool has_newcomer;                  /* some peer holds nothing of ours, and we have little to show */
    bool knows_more;                    /* ... or one that goes beyond it */
    bool contradicts;                   /* ... or one of a size we have and with another root */
    struct slug who;
    uint64_t size;                      /* ... and how many entries it names, when it knows more */
    bool has_liar;                      /* some peer named a head, was asked for it in vain, and counts for nothing */
    struct slug liar;
    uint64_t liar_size;
};

/* The daemon's clock is ours; a row from later than this was written before the clock was set back. */
enum { CLOCK_SLACK_MS = 1000 };

/* The word of a present member, given just now. */
static bool counts(const struct opinions *o, const struct head_row *h)
{
    const struct charter *c = desk_charter(o->a->d);
    const struct member *m = c != NULL ? charter_find(c, &h->peer) : NULL;
    return m != NULL && !m->is_former && h->at_ms >= o->since_ms && h->at_ms <= o->now_ms + CLOCK_SLACK_MS;
}

static enum err weigh(void *arg, const struct head_row *h)
{
    struct opinions *o = arg;
    if (!counts(o, h))
        return OK;
    if (h->generation == HEAD_UNSHOWN) {
        o->has_liar = true;
        o->liar = h->peer;
        o->liar_size = h->size;
        return OK;
    }
    if (h->generation != o->a->d->origin.generation)
        return OK;
    if (h->size > o->a->stored) {
        o->knows_more = true;
        o->who = h->peer;
        o->size = h->size;
        return OK;
    }
    if (h->size == 0) {
        o->has_newcomer = o->a->head.size <= 1;
        return OK;
    }
    struct hash root;
    struct merkle_source ms = store_source(o->src);
    enum err e = merkle_root(&ms, h->size, &root);
    if (e != OK)
        return e;
    struct short_root ours = short_root_of(&root);
    if (memcmp(ours.b, h->root.b, SHORT_ROOT_LEN) == 0) {
        o->has_agreement = true;
    } else {
        o->contradicts = true;
        o->who = h->peer;
    }
    return OK;
}

static enum err gather(struct author *a, struct opinions *ret)
{
    const uint64_t now = session_now_ms();
    *ret = (struct opinions){.a = a, .since_ms = a->asked_ms, .now_ms = now};
    enum err e = store_source_new(a->d->store, &a->d->origin, true, &ret->src);
    if (e == OK)
        e = store_each_head(a->d->store, weigh, ret);
    store_source_free(ret->src);
    ret->src = NULL;
    return e;
}

static uint64_t steady_ms(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (uint64_t)t.tv_sec * 1000 + (uint64_t)t.tv_nsec / 1000000;
}

static void nap(void)
{
    struct timespec t = {.tv_nsec = 20 * 1000 * 1000};
    (void)nanosleep(&t, NULL);
}

static bool is_disputed(const struct opinions *o)
{
    return o->knows_more || o->contradicts;
}

static bool is_decided(const struct opinions *o)
{
    return o->has_agreement || is_disputed(o);
}

/* Some peer is linked to our daemon and has not answered yet: it may be the one that holds more. */
struct unheard { const struct opinions *o; struct slug slug; bool is_linked, has_spoken; };

static enum err note_head(void *arg, const struct head_row *h)
{
    struct unheard *u = arg;
    u->has_spoken = u->has_spoken || (slug_equal(&h->peer, &u->slug) && h->at_ms >= u->o->since_ms);
    return OK;
}

static enum err note_peer(void *arg, const struct peer_row *p)
{
    struct unheard *u = arg;
    if (u->is_linked || p->state != PEER_OPEN)
        return OK;
    u->slug = p->slug;
    u->has_spoken = false;
    enum err e = store_each_head(u->o->a->d->store, note_head, u);
    u->is_linked = !u->has_spoken;
    return e;
}

static enum err somebody_is_unheard(const struct opinions *o, bool *ret)
{
    struct unheard u = {.o = o};
    enum err e = store_each_peer(o->a->d->store, note_peer, &u);
    *ret = u.is_linked;
    return e;
}

static enum err ping(struct author *a)
{
    enum err e = store_put_ask(a->d->store, ASK_PING, session_now_ms());
    desk_ring(a->d);
    return e;
}

/* One yes is enough, but whoever is linked to us has a moment to say no. */
static enum err may_stop(const struct opinions *o, uint64_t waited_ms, bool *ret)
{
    bool is_unheard = false;
    enum err e = OK;
    if (o->has_agreement && waited_ms < ASK_ALL_MS)
        e = somebody_is_unheard(o, &is_unheard);
    *ret = is_disputed(o) || (o->has_agreement && !is_unheard);
    return e;
}

/* The daemon asks at once, and again each second: a peer that has just fetched our log says so then. */
static enum err ask_daemon(struct author *a, struct opinions *o)
{
    enum err e = OK;
    const uint64_t start = steady_ms();
    bool is_enough = false;
    for (uint64_t next = start; e == OK && !is_enough && steady_ms() < start + ASK_WAIT_MS; nap()) {
        if (steady_ms() >= next) {
            e = ping(a);
            next += ASK_AGAIN_MS;
        }
        if (e == OK)
            e = gather(a, o);
        if (e == OK)
            e = may_stop(o, steady_ms() - start, &is_enough);
    }
    return e;
}

/* Wait until some peer has spoken of our head: a daemon is asked through the store, else one round is run.
 * Whoever holds nothing of ours knows of no other story either; but those who hold something are heard first. */
static enum err ask(struct author *a, struct opinions *o)
{
    a->asked_ms = session_now_ms();         /* what came before may have been said to a copy of this home */
    enum err e = gather(a, o);
    if (e == OK && desk_daemon_runs(a->d)) {
        e = ask_daemon(a, o);
    } else if (e == OK && !is_decided(o)) {
        e = desk_sync(a->d, ASK_WAIT_MS / 1000, NULL);
        e = e == OK || e == ERR_IO ? gather(a, o) : e;
    }
    if (e == OK && !is_decided(o))
        o->has_agreement = o->has_newcomer;
    return e;
}

/* A peer holds more of our log than this disk: fetch it back, as far as our own key signed it. */
enum err peers_fetch(struct author *a, uint64_t at_least)
{
    struct log_state l;
    struct buf note = buf_on(CHECKPOINT_MAX);
    enum err e = OK;
    if (!desk_daemon_runs(a->d))
        e = desk_sync(a->d, ASK_WAIT_MS / 1000, NULL);
    else
        e = store_put_ask(a->d->store, ASK_SYNC, session_now_ms());
    desk_ring(a->d);
    bool has_come = false;
    for (uint64_t until = steady_ms() + ASK_WAIT_MS; (e == OK || e == ERR_IO) && !has_come && steady_ms() < until; nap()) {
        buf_clear(&note);
        enum err seen = store_log(a->d->store, &a->d->origin, &l, &note);
        has_come = seen == OK && l.frontier.size >= at_least;
        if (!desk_daemon_runs(a->d))
            break;                          /* --once has ended: what it could fetch is here */
    }
    buf_release(&note);
    return has_come ? OK : ERR_STALE;
}

/* ---- a head that our log does not contain ---- */

static enum err has_changed(struct author *a, bool *ret)
{
    struct log_state l;
    struct buf note = buf_on(CHECKPOINT_MAX);
    enum err e = store_log(a->d->store, &a->d->origin, &l, &note);
    *ret = e == OK && (l.frontier.size != a->stored || l.is_frozen);
    buf_release(&note);
    return e;
}

/* [P-72] The node asks for it: then it has come, or it is a fork and proved, or the peer's word counts for nothing. */
static enum err settle(struct author *a, struct opinions *o, bool *ret_changed)
{
    enum err e;
    *ret_changed = false;
    if (!desk_daemon_runs(a->d)) {
        e = desk_sync(a->d, SETTLE_WAIT_MS / 1000, NULL);
        e = e == OK || e == ERR_IO ? gather(a, o) : e;
        return e == OK ? has_changed(a, ret_changed) : e;
    }
    e = store_put_ask(a->d->store, ASK_SYNC, session_now_ms());
    const uint64_t start = steady_ms();
    for (uint64_t next = start; e == OK && is_disputed(o) && !*ret_changed && steady_ms() < start + SETTLE_WAIT_MS; nap()) {
        if (steady_ms() >= next) {
            e = ping(a);
            next += ASK_AGAIN_MS;
        }
        if (e == OK)
            e = gather(a, o);
        if (e == OK)
            e = has_changed(a, ret_changed);
    }
    return e;
}

/* It has not had its time yet, or sends more slowly than we wait. */
static enum exit_status refuse_disputed(struct session *s, const struct opinions *o, uint64_t stored)
{
    if (o->contradicts)
        return say_refused(s, EXIT_NO, "fork", "find out which is right before anything is signed: is this home a copy, or "
                           "restored? If the other side is mistaken, --offline signs without asking",
                           "our log: %s names another one than this disk holds", o->who.s);
    return say_refused(s, EXIT_ENVIRONMENT, "behind",
                       "try again; if it never shows them and this home is no copy and was not restored, its node is at "
                       "fault: tell its people. --offline signs without asking",
                       "our log: %s names %llu entries of it, this disk holds %llu, and the others have not come", o->who.s,
                       (unsigned long long)o->size, (unsigned long long)stored);
}

static void tell_of_liar(struct session *s, const struct opinions *o)
{
    if (o->has_liar)
        say_warning(s, "%s names %llu entries of our log that this disk does not hold so, was asked for them, and has shown "
                    "nothing: its word was not counted. Tell its people", o->liar.s, (unsigned long long)o->liar_size);
}

/* OK and *ret_again: the log has changed, and everybody is asked once more. */
static enum exit_status hear_out(struct author *a, struct opinions *o, bool *ret_again)
{
    struct session *s = a->d->s;
    say_note(s, "%s names %s of our log than this disk: asking it to show that, for up to a minute", o->who.s,
             o->knows_more ? "more" : "another one");
    enum err e = settle(a, o, ret_again);
    if (e != OK)
        return say_failed(s, e, "--offline signs without asking", "asking the peers");
    if (*ret_again)
        return head_compare(a);
    return is_disputed(o) ? refuse_disputed(s, o, a->stored) : EXIT_OK;
}

enum exit_status peers_ask(struct author *a)
{
    struct session *s = a->d->s;
    struct opinions o;
    if (a->d->was_alone || desk_is_alone(a->d) || a->head.size == 0)
        return EXIT_OK;                     /* nobody to ask; or our entry 0 */
    if (s->offline) {
        say_warning(s, "offline: no peer was asked. If this home is a copy or was restored, signing now can tell two "
                       "stories and freeze our log");
        return EXIT_OK;
    }
    for (unsigned round = 0; round < 3; round++) {
        bool again = false;
        enum err e = ask(a, &o);
        if (e != OK)
            return say_failed(s, e, "--offline signs without asking", "asking the peers");
        enum exit_status st = is_disputed(&o) ? hear_out(a, &o, &again) : EXIT_OK;
        if (st != EXIT_OK)
            return st;
        if (again)
            continue;
        if (!o.has_agreement)
            break;
        tell_of_liar(s, &o);
        return EXIT_OK;
    }
    return say_refused(s, EXIT_ENVIRONMENT, "no-peer",
                       "start folkmootd or connect, and try again; --offline signs without asking",
                       "asking the peers: none in reach has confirmed that our log is whole");
}
