#include "cli/author/identity.h"

#include <stdlib.h>
#include <string.h>

#include "cli/author/inside.h"
#include "cli/say.h"
#include "keys/file.h"

/* The identity of today, one version on. What it disowned and closed it has said, at its own place. */
static enum err begin_next(const struct desk *d, struct identity *ret)
{
    struct note *n = malloc(sizeof(*n));
    enum err e = n != NULL ? note_parse(buf_bytes(&d->identity_note), n) : ERR_NOMEM;
    if (e == OK && d->identity->version == UINT32_MAX)
        e = ERR_LIMIT;
    if (e == OK) {
        *ret = *d->identity;
        ret->version++;
        ret->previous = identity_hash(n->text);
        ret->has_void = ret->has_closes = false;
    }
    free(n);
    return e;
}

/* A log that came back without what we know of ourselves, or with more, is not extended by this. */
static enum exit_status is_in_log(struct desk *d)
{
    struct identity *id = malloc(sizeof(*id));
    struct buf note = buf_on(IDENTITY_MAX);
    enum err e = id != NULL ? identity_in_log(d, id, &note) : ERR_NOMEM;
    bool is_same = e == OK && bytes_equal(buf_bytes(&note), buf_bytes(&d->identity_note));
    buf_release(&note);
    free(id);
    if (e != OK && e != ERR_UNKNOWN)
        return say_failed(d->s, e, NULL, "reading our log");
    return is_same ? EXIT_OK
         : say_refused(d->s, EXIT_NO, "keys-behind", "`folkmoot sync` fetches what is missing",
                       "this home: node/identity is not the newest identity in our log");
}

static enum exit_status refuse(struct session *s, enum err e, const char *what)
{
    if (e == ERR_SECRET)
        return say_refused(s, EXIT_SECRET, "wrong-seed", "restore private/seed from a backup",
                           "%s: the seed in private/ is not the one that this body's keys come from", what);
    if (e == ERR_KEY)
        return say_refused(s, EXIT_NO, "bad-key", "every key serves one purpose; nothing was changed",
                           "%s: a key is no good, or serves something else already", what);
    return say_failed(s, e, "nothing was changed", "%s", what);
}

static enum exit_status make(struct desk *d, const struct identity_change *c, const struct sym_secret *seed, uint64_t index,
                             struct next *n)
{
    struct identity *id = malloc(sizeof(*id));
    enum err e = id != NULL ? begin_next(d, id) : ERR_NOMEM;
    enum exit_status st = EXIT_OK;
    if (e == OK)
        next_derive(n, seed, c->rotated, session_now_ms() / 1000, id);
    if (e == OK && c->edit != NULL)
        st = c->edit(c->arg, index, id);
    if (e == OK && st == EXIT_OK)
        e = next_sign(n, seed, id);
    if (e == OK && st == EXIT_OK)
        e = next_save(&d->s->home, n);
    free(id);
    return st != EXIT_OK || e == OK ? st : refuse(d->s, e, c->what);
}

/* The key that signs from this entry on. */
static enum exit_status put(struct author *a, const struct next *n, const char *what)
{
    struct sign_keyfile key = {.version = n->id.version};
    struct sign_public public;
    bool is_new = (n->rotated & 1u << PURPOSE_LOG) != 0;
    if (is_new)
        sign_keypair(&n->keys[PURPOSE_LOG], &key.secret, &public);
    enum err e = author_put_identity(a, buf_bytes(&n->note), is_new ? &key : NULL);
    wipe(&key, sizeof(key));
    return e == OK ? EXIT_OK : say_failed(a->d->s, e, "nothing was changed", "%s", what);
}

/* From here on nothing is undone: our log says who we are. What cannot be written now the next command writes. */
static enum exit_status commit(struct author *a, struct checkpoint *ret)
{
    struct desk *d = a->d;
    enum exit_status st = author_commit(a, ret);
    if (st == EXIT_OK && (st = identity_settle(d)) == EXIT_OK)
        desk_ring(d);                       /* the daemon reads node/identity again */
    return st;
}

static enum exit_status change(struct desk *d, const struct identity_change *c, const struct sym_secret *seed,
                               struct next *n, struct checkpoint *ret)
{
    struct author *a = NULL;
    enum exit_status st = c->begins_log ? author_open(d, &a) : author_begin(d, &a);
    if (st == EXIT_OK && !c->begins_log)
        st = is_in_log(d);
    if (st == EXIT_OK)
        st = make(d, c, seed, author_next(a), n);
    if (st == EXIT_OK && (st = put(a, n, c->what)) == EXIT_OK)
        st = commit(a, ret);
    author_end(a);
    return st;
}

static enum exit_status need_log(struct desk *d)
{
    return d->has_alliance ? EXIT_OK
         : say_refused(d->s, EXIT_NO, "no-alliance", "`folkmoot alliance create NAME` founds one, `folkmoot join INVITE` asks to "
                       "be let into one; until then a home can simply be set up anew",
                       "this node belongs to no alliance yet, and has no log");
}

enum exit_status identity_change(struct desk *d, const struct identity_change *c, struct checkpoint *ret)
{
    struct sym_secret asked = {{0}};
    struct next *n = malloc(sizeof(*n));
    enum exit_status st = n != NULL ? need_log(d) : say_failed(d->s, ERR_NOMEM, NULL, "%s", c->what);
    if (n != NULL)
        next_init(n);
    if (st == EXIT_OK && c->seed == NULL)
        st = desk_seed(d->s, &asked);       /* before the lock: a person may take their time */
    if (st == EXIT_OK)
        st = change(d, c, c->seed != NULL ? c->seed : &asked, n, ret);
    wipe(&asked, sizeof(asked));
    if (n != NULL)
        next_release(n);
    free(n);
    return st;
}
