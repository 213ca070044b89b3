/* cli/author/head.c - before signing: is our log on this disk the one that we signed, and all of it? */
#define _GNU_SOURCE
#include "cli/author/identity.h"
#include "cli/author/inside.h"

#include <stdlib.h>
#include <string.h>

#include "cli/say.h"
#include "keys/file.h"
#include "keys/signed.h"

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

/* A generation has begun, and its head was not kept yet. */
static bool is_of_an_earlier(const struct desk *d, struct bytes note)
{
    struct bytes line;
    struct origin o;
    return bytes_line(&note, &line) && origin_parse(line, &o) == OK && alliance_equal(&o.alliance, &d->origin.alliance)
        && slug_equal(&o.slug, &d->origin.slug) && o.generation < d->origin.generation;
}

static enum err load_head(struct author *a)
{
    struct buf note = buf_on(CHECKPOINT_MAX);
    enum err e = head_load(&a->d->s->home, &note);
    a->head = (struct checkpoint){.origin = a->d->origin};
    if (e == ERR_UNKNOWN || (e == OK && is_of_an_earlier(a->d, buf_bytes(&note))))
        e = OK;                             /* of this generation we have signed nothing yet */
    else if (e == OK) {
        e = checkpoint_open(buf_bytes(&note), &a->d->origin, &a->public, &a->head);
        if (e != OK && identity_open_head(a->d, buf_bytes(&note), &a->head) == OK)
            e = OK;                         /* a crash came between a new log key and the head that it signed */
    }
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

/* By the key that signs for us, or by a newer one that an identity in our log names and our root has signed: this home
 * was restored from before that, and will hear so next. */
static enum err open_as_ours(struct author *a, struct bytes note, struct checkpoint *ret)
{
    enum err e = checkpoint_open(note, &a->d->origin, &a->public, ret);
    struct identity *id = e == OK ? NULL : malloc(sizeof(*id));
    struct buf in_log = buf_on(IDENTITY_MAX);
    if (e != OK && id != NULL && identity_in_log(a->d, id, &in_log) == OK && id->version > a->d->identity->version)
        e = checkpoint_open(note, &a->d->origin, &id->log, ret);
    buf_release(&in_log);
    free(id);
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
        e = open_as_ours(a, buf_bytes(&note), &c);
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

enum exit_status head_compare(struct author *a)
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
        return say_refused(s, EXIT_NO, "frozen", "`folkmoot recover` shows both and begins the next log",
                           "our log: it is frozen, two stories of it were signed");
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

static enum exit_status refuse_behind(struct author *a)
{
    return say_refused(a->d->s, EXIT_ENVIRONMENT, "behind",
                       "connect to a peer that holds our log and try again; signing now would tell two stories. If nobody holds "
                       "them, "
                       "`folkmoot recover` goes on without",
                       "our log: this disk holds %llu entries and we have signed %llu", (unsigned long long)a->stored,
                       (unsigned long long)a->head.size);
}

enum exit_status head_check(struct author *a)
{
    enum exit_status st = head_compare(a);
    if (st == EXIT_NO && a->is_behind) {
        say_note(a->d->s, "this disk is behind what we have signed: asking the peers for our own log");
        if (a->d->s->offline || peers_fetch(a, a->head.size) != OK)
            return refuse_behind(a);
        st = head_compare(a);
    }
    return st == EXIT_OK ? peers_ask(a) : st;
}
