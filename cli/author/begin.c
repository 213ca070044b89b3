/* cli/author/begin.c - getting ready to sign. */
#include <stdlib.h>
#include <string.h>

#include "cli/author/identity.h"
#include "cli/author/inside.h"
#include "cli/author/membership.h"
#include "cli/say.h"
#include "keys/file.h"
#include "keys/signed.h"

/* The charter says who may read: an older one than this home has acted on is not sealed by. */
static enum exit_status pin_charter(struct desk *d)
{
    const struct charter *c = desk_charter(d);
    enum err e = c != NULL ? seen_charter(&d->s->home, c->version) : OK;
    if (e == ERR_STALE)
        return say_refused(d->s, EXIT_NO, "charter-rolled-back", "run `folkmoot sync`: a peer has the newer one",
                           "node/log.db holds charter %u only, and this home has acted on a newer one", (unsigned)c->version);
    return e == OK ? EXIT_OK : say_failed(d->s, e, NULL, "reading private/charter");
}

/* A log that another root began is not ours to go on with: entries that this root signs would be nobody's. */
static enum exit_status need_own_root(struct desk *d)
{
    const struct sign_public *root = d->chain != NULL ? chain_root_at(d->chain, &d->origin.slug, d->origin.generation, 0) : NULL;
    if (root == NULL || memcmp(root->b, d->identity->root.b, sizeof(root->b)) == 0)
        return EXIT_OK;
    return say_refused(d->s, EXIT_NO, "other-root", "`folkmoot recover` begins the next one",
                       "our log: it was begun under a root key that the stewards have replaced");
}

/* A key file from another home, or an older one: what it signs nobody would take, and `publish` would say that it is done. */
static enum exit_status check_key(const struct author *a)
{
    if (memcmp(a->public.b, a->d->identity->log.b, sizeof(a->public.b)) == 0)
        return EXIT_OK;
    return say_refused(a->d->s, EXIT_SECRET, err_code(ERR_KEY), "`folkmoot keys restore` makes it again from the seed",
                       "reading the log key: it is not the key that node/identity names");
}

/* Who are we, by which key do we sign, and is our log the one that we signed?  What peers give back may answer the first
 * anew: then all of it is asked again. */
static enum exit_status find_footing(struct author *a)
{
    struct desk *d = a->d;
    enum exit_status st;
    uint32_t version;
    do {
        st = identity_settle(d);
        version = d->identity->version;
        enum err e = st == EXIT_OK ? sign_key_load(&d->s->home, PURPOSE_LOG, &a->key) : OK;
        if (e != OK)
            return say_failed(d->s, e, "`folkmoot keys restore` makes it again from the seed", "reading the log key");
        a->public = sign_public_of(&a->key.secret);
        if (st == EXIT_OK)
            st = check_key(a);
        if (st == EXIT_OK)
            st = head_check(a);
        if (st == EXIT_OK)
            st = identity_settle(d);
    } while (st == EXIT_OK && d->identity->version != version);
    return st;
}

/* What was prepared, and is not in our log now that it is known to be whole, will never be. */
static enum exit_status drop_prepared(struct desk *d)
{
    enum err e = next_drop(&d->s->home);
    return e == OK ? EXIT_OK : say_failed(d->s, e, NULL, "removing private/next");
}

/* A home that was restored does not know yet what it signed: nothing is, before it has heard from its peers. */
static enum exit_status need_restored(struct desk *d)
{
    char path[FILE_PATH_MAX];
    home_path(&d->s->home, HOME_RESTORED, path);
    if (d->is_restoring || file_check_private(path) == ERR_UNKNOWN)
        return EXIT_OK;
    return say_refused(d->s, EXIT_NO, "unfinished-restore", "`folkmoot keys restore` finishes it, with a peer in reach",
                       "this home was restored, and has not heard from its peers yet what it signed before");
}

enum exit_status author_open(struct desk *d, struct author **ret)
{
    char path[FILE_PATH_MAX];
    struct author *a = calloc(1, sizeof(*a));
    if (a == NULL)
        return say_failed(d->s, ERR_NOMEM, NULL, "signing");
    a->d = d;
    a->lock = -1;
    a->note = buf_on(CHECKPOINT_MAX);
    home_path(&d->s->home, HOME_SIGN_LOCK, path);
    enum exit_status st = EXIT_OK;
    enum err e = file_lock(path, true, &a->lock);
    if (e != OK)
        st = say_failed(d->s, e, NULL, "taking the lock in private/");
    if (st == EXIT_OK)
        st = pin_charter(d);
    if (st == EXIT_OK)
        st = need_restored(d);
    if (st == EXIT_OK)
        st = need_own_root(d);
    if (st == EXIT_OK)
        st = find_footing(a);
    if (st == EXIT_OK)
        st = drop_prepared(d);
    if (st != EXIT_OK) {
        author_end(a);
        return st;
    }
    *ret = a;
    return EXIT_OK;
}

/* What set up this home may have ended between the charter and entry 0: without our identity before it, nothing that
 * we publish could be taken by anybody. */
enum exit_status author_begin(struct desk *d, struct author **ret)
{
    struct author *a = NULL;
    enum exit_status st = author_open(d, &a);
    if (st == EXIT_OK && author_next(a) == 0) {
        author_end(a);
        a = NULL;
        st = membership_begin_log(d);
        if (st == EXIT_OK)
            st = author_open(d, &a);            /* the peers are asked now */
    }
    if (st == EXIT_OK)
        *ret = a;
    return st;
}
