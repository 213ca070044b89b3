/* cli/author/head.c - before signing: is our log on this disk the one that we signed, and all of it? */
#define _GNU_SOURCE
#include "cli/author/inside.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "cli/say.h"
#include "keys/file.h"
#include "keys/signed.h"

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
};

/* The daemon's clock is ours; a row from later than this was written before the clock was set back. */
enum { CLOCK_SLACK_MS = 1000 };

static enum err root_at(struct desk *d, uint64_t size, bool trust_kept, struct hash *ret)
{
    struct store_source *src = NULL;
    enum err e = store_source_new(d->store, &d->origin, trust_kept, &src);
    if (e == OK) {
        struct merkle_source ms = store_source(src);
        e = merkle_root(&ms, size, ret);
    }
    store_source_free(src);
    return e;
}

static enum err load_head(struct author *a)
{
    struct buf note = buf_on(CHECKPOINT_MAX);
    enum err e = head_load(&a->d->s->home, &note);
    a->head = (struct checkpoint){.origin = a->d->origin};
    if (e == ERR_UNKNOWN)
        e = OK;
    else if (e == OK)
        e = checkpoint_open(buf_bytes(&note), &a->d->origin, &a->public, &a->head);
    buf_release(&note);
    return e;
}

static enum err load_log(struct author *a, bool *ret_frozen)
{
    struct log_state l;
    struct buf note = buf_on(CHECKPOINT_MAX);
    enum err e = store_log(a->d->store, &a->d->origin, &l, &note);
    frontier_init(&a->tip);
    *ret_frozen = false;
    if (e == ERR_UNKNOWN) {
        e = OK;
    } else if (e == OK) {
        a->tip = l.frontier;
        *ret_frozen = l.is_frozen;
    }
    a->stored = a->tip.size;
    buf_release(&note);
    return e;
}

/* By the note in private/head: the store may have let go of it when another checkpoint came. */
static enum err cut_to_head(struct author *a)
{
    struct buf note = buf_on(CHECKPOINT_MAX);
    enum err e = OK;
    if (a->head.size == 0) {
        e = store_cut_back(a->d->store, &a->d->origin, 0);
    } else {
        e = head_load(&a->d->s->home, &note);
        if (e == OK)
            e = store_cut_back_to(a->d->store, &a->d->origin, &a->head, buf_bytes(&note));
    }
    buf_release(&note);
    return e;
}

/* Leaves beyond the head are ours only if our own log key has signed them: a crash before the head moved, or
 * entries fetched back from peers. The rest is foreign: shown, never signed, cut back. */
static enum exit_status take_up(struct author *a)
{
    struct session *s = a->d->s;
    struct buf note = buf_on(CHECKPOINT_MAX);
    struct checkpoint c;
    struct hash root;
    enum err e = store_checkpoint(a->d->store, &a->d->origin, UINT64_MAX, &note);
    if (e == OK)
        e = checkpoint_open(buf_bytes(&note), &a->d->origin, &a->public, &c);
    if (e == OK)
        e = root_at(a->d, a->stored, false, &root);
    if (e != OK && e != ERR_UNKNOWN && e != ERR_FORMAT && e != ERR_SIGNATURE && e != ERR_ROOT && e != ERR_KEY) {
        buf_release(&note);                 /* a disk that cannot be read says nothing of who signed: cut nothing */
        return say_failed(s, e, "try again", "reading our log");
    }
    bool is_ours = e == OK && c.size == a->stored && hash_equal(&c.root, &root);
    enum exit_status st = EXIT_OK;
    if (is_ours) {
        e = head_save(&s->home, buf_bytes(&note));
        if (e != OK)
            st = say_failed(s, e, NULL, "keeping the head of our log");
        a->head = c;
    } else {
        say_warning(s, "foreign-entry: %llu entries of our log were not signed by us; they are cut off",
                    (unsigned long long)(a->stored - a->head.size));
        e = cut_to_head(a);
        if (e != OK)
            st = say_failed(s, e, NULL, "cutting our log back to what we signed");
        bool is_frozen;
        if (st == EXIT_OK && (e = load_log(a, &is_frozen)) != OK)
            st = say_failed(s, e, NULL, "reading our log");
    }
    buf_release(&note);
    return st;
}

static enum exit_status compare_disk(struct author *a)
{
    struct session *s = a->d->s;
    bool is_frozen;
    enum err e = load_head(a);
    if (e != OK)
        return say_failed(s, e, "private/head is damaged or is not ours: restore it from a backup", "reading the head of our log");
    e = load_log(a, &is_frozen);
    if (e != OK)
        return say_failed(s, e, NULL, "reading our log");
    if (is_frozen)
        return say_refused(s, EXIT_NO, "frozen", "nothing can be published in it; tell the stewards. A frozen log is "
                           "continued by its root, which this version cannot do yet",
                           "our log: it is frozen by evidence of a fork");
    a->is_behind = a->stored < a->head.size;
    if (a->is_behind)
        return EXIT_NO;                     /* the caller fetches it back */
    struct hash root;
    if (a->head.size > 0) {
        e = root_at(a->d, a->head.size, false, &root);
        if (e != OK)
            return say_failed(s, e, "run `folkmoot verify`", "recomputing our log");
        if (!hash_equal(&root, &a->head.root))
            return say_refused(s, EXIT_NO, "root-mismatch", "run `folkmoot verify`; nothing was signed",
                               "our log: what this disk holds is not what we signed");
    }
    return a->stored > a->head.size ? take_up(a) : EXIT_OK;
}

/* ---- asking ---- */

/* The word of a present member, given just now, on this generation. */
static bool counts(const struct opinions *o, const struct head_row *h)
{
    const struct charter *c = desk_charter(o->a->d);
    const struct member *m = c != NULL ? charter_find(c, &h->peer) : NULL;
    return m != NULL && !m->is_former && h->at_ms >= o->since_ms && h->at_ms <= o->now_ms + CLOCK_SLACK_MS
           && h->generation == o->a->d->origin.generation;
}

static enum err weigh(void *arg, const struct head_row *h)
{
    struct opinions *o = arg;
    if (!counts(o, h))
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

static bool is_decided(const struct opinions *o)
{
    return o->has_agreement || o->knows_more || o->contradicts;
}

/* The daemon asks at once, and again each second: a peer that has just fetched our log says so then. */
static enum err ask_daemon(struct author *a, struct opinions *o)
{
    enum err e = OK;
    const uint64_t start = steady_ms();
    for (uint64_t next = start; e == OK && steady_ms() < start + ASK_WAIT_MS; nap()) {
        if (steady_ms() >= next) {
            e = store_put_ask(a->d->store, ASK_PING, session_now_ms());
            desk_ring(a->d);
            next += 1000;
        }
        if (e == OK)
            e = gather(a, o);
        if (is_decided(o))
            break;
    }
    return e;
}

/* Wait until some peer has spoken of our head: a daemon is asked through the store, else one round is run.
 * Whoever holds nothing of ours knows of no other story either; but those who hold something are heard first. */
static enum err ask(struct author *a, struct opinions *o)
{
    a->asked_ms = session_now_ms();         /* what came before may have been said to a copy of this home */
    enum err e = gather(a, o);
    if (e != OK || is_decided(o))
        return e;
    if (desk_daemon_runs(a->d)) {
        e = ask_daemon(a, o);
    } else {
        e = desk_sync(a->d, ASK_WAIT_MS / 1000, NULL);
        e = e == OK || e == ERR_IO ? gather(a, o) : e;
    }
    if (e == OK && !is_decided(o))
        o->has_agreement = o->has_newcomer;
    return e;
}

/* A peer holds more of our log than this disk: fetch it back, as far as our own key signed it. */
static enum err fetch(struct author *a, uint64_t at_least)
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

static enum exit_status refuse_behind(struct author *a)
{
    return say_refused(a->d->s, EXIT_ENVIRONMENT, "behind",
                       "connect to a peer that holds our log and try again; signing now would tell two stories",
                       "our log: this disk holds %llu entries and we have signed %llu", (unsigned long long)a->stored,
                       (unsigned long long)a->head.size);
}

/* It may be slow, or lie: a head in a PING is a claim. Which of them, only people can find out. */
static enum exit_status refuse_unshown(struct session *s, const struct opinions *o, uint64_t stored)
{
    return say_refused(s, EXIT_ENVIRONMENT, "behind",
                       "try again; if it never shows them and this home is no copy and was not restored, its node is at "
                       "fault: tell its people. --offline signs without asking",
                       "our log: %s names %llu entries of it, this disk holds %llu, and the others have not come", o->who.s,
                       (unsigned long long)o->size, (unsigned long long)stored);
}

static enum exit_status ask_peers(struct author *a)
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
        enum err e = ask(a, &o);
        if (e != OK)
            return say_failed(s, e, "--offline signs without asking", "asking the peers");
        if (o.contradicts)
            return say_refused(s, EXIT_NO, "fork", "find out which is right before anything is signed: is this home a copy, or "
                               "restored? If the other side is mistaken, --offline signs without asking",
                               "our log: %s names another one than this disk holds", o.who.s);
        if (!o.knows_more && o.has_agreement)
            return EXIT_OK;
        if (!o.knows_more)
            break;
        say_note(s, "%s holds more of our log than this disk: fetching it", o.who.s);
        if (fetch(a, a->stored + 1) != OK)
            return refuse_unshown(s, &o, a->stored);
        enum exit_status st = compare_disk(a);
        if (st != EXIT_OK)
            return st;
    }
    return say_refused(s, EXIT_ENVIRONMENT, "no-peer",
                       "start folkmootd or connect, and try again; --offline signs without asking",
                       "asking the peers: none in reach has confirmed that our log is whole");
}

enum exit_status head_check(struct author *a)
{
    enum exit_status st = compare_disk(a);
    if (st == EXIT_NO && a->is_behind) {
        say_note(a->d->s, "this disk is behind what we have signed: asking the peers for our own log");
        if (a->d->s->offline || fetch(a, a->head.size) != OK)
            return refuse_behind(a);
        st = compare_disk(a);
    }
    return st == EXIT_OK ? ask_peers(a) : st;
}
