#include "cli/desk.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "cli/author/identity.h"
#include "cli/nearest.h"
#include "cli/say.h"
#include "cli/secret.h"
#include "cli/view/view.h"
#include "keys/file.h"
#include "keys/passphrase.h"

/* A command that only reads mends nothing. */
static const char *opening_remedy(enum err e)
{
    return e == ERR_SCHEMA                        ? "install the newer Folkmoot"
         : e == ERR_BUSY                          ? "try again"
         : e == ERR_CORRUPT || e == ERR_UNKNOWN   ? "`folkmoot sync`, or starting folkmootd, mends it" : NULL;
}

static bool is_of_an_alliance(const struct desk *d)
{
    struct buf id = buf_on(64);
    enum err e = store_get(d->store, "alliance", &id);
    bool is_one = e == OK && id.len == sizeof(d->origin.alliance.b);
    buf_release(&id);
    return is_one;
}

static enum exit_status open_store(struct session *s, enum store_mode mode, struct desk *d)
{
    char path[FILE_PATH_MAX];
    struct store_report mended;
    home_path(&s->home, HOME_LOG_DB, path);
    enum err e = store_open(path, mode, &d->store, &mended);
    if (e == ERR_UNKNOWN)
        return say_refused(s, EXIT_ENVIRONMENT, err_code(ERR_CORRUPT), opening_remedy(e), "opening node/log.db: it is not there");
    if (e != OK)
        return say_failed(s, e, opening_remedy(e), "opening node/log.db");
    if (mended.was_quarantined)
        say_warning(s, "node/log.db was damaged: it was moved to %s, what could be verified was taken over, and the rest will "
                       "be fetched from peers", mended.quarantine);
    return mode == STORE_WRITE && (mended.was_quarantined || !is_of_an_alliance(d)) ? desk_settle(d) : EXIT_OK;
}

static enum exit_status load_identity(struct session *s, struct desk *d)
{
    char path[FILE_PATH_MAX];
    home_path(&s->home, HOME_IDENTITY, path);
    enum err e = file_read(path, IDENTITY_MAX, &d->identity_note);
    d->identity = e == OK ? malloc(sizeof(*d->identity)) : NULL;
    if (e == OK)
        e = d->identity != NULL ? identity_open(buf_bytes(&d->identity_note), d->identity) : ERR_NOMEM;
    if (e != OK)
        return say_failed(s, e, "restore it from a backup", "reading node/identity");
    d->origin.slug = d->identity->slug;
    d->origin.generation = 1;
    return EXIT_OK;
}

static enum err load_charter(void *arg, struct bytes note)
{
    struct desk *d = arg;
    enum chain_verdict verdict;
    struct hash hash;
    enum err e = chain_add(d->chain, note, &verdict, &hash);
    return e == ERR_NOMEM ? e : OK;         /* the chain judges; a stored proposal may have gone stale */
}

enum err desk_read_charters(struct desk *d)
{
    return store_each_charter(d->store, load_charter, d);
}

static enum exit_status load_alliance(struct session *s, struct desk *d)
{
    struct buf id = buf_on(64);
    enum err e = store_get(d->store, "alliance", &id);
    if (e == ERR_UNKNOWN) {
        buf_release(&id);
        return EXIT_OK;
    }
    if (e == OK && id.len != sizeof(d->origin.alliance.b))
        e = ERR_CORRUPT;
    if (e == OK) {
        memcpy(d->origin.alliance.b, id.p, id.len);
        d->has_alliance = true;
        d->chain = chain_new(&d->origin.alliance);
        e = d->chain != NULL ? desk_read_charters(d) : ERR_NOMEM;
        d->was_alone = e == OK && desk_charter(d) != NULL && desk_is_alone(d);
        if (e == OK)
            e = desk_find_generation(d);
    }
    buf_release(&id);
    return e == OK ? EXIT_OK : say_failed(s, e, NULL, "reading the charter");
}

/* A command was interrupted between our log and the files that follow it: whoever comes first goes on. */
static void settle_identity(struct desk *d)
{
    char path[FILE_PATH_MAX];
    int lock = -1;
    home_path(&d->s->home, HOME_NEXT, path);
    if (file_check_private(path) == ERR_UNKNOWN)
        return;
    home_path(&d->s->home, HOME_SIGN_LOCK, path);
    if (file_lock(path, false, &lock) != OK)
        return;                             /* it is at work still */
    (void)identity_settle(d);
    file_unlock(lock);
}

enum exit_status desk_open(struct session *s, enum store_mode mode, struct desk *ret)
{
    *ret = (struct desk){.s = s, .identity_note = buf_on(IDENTITY_MAX)};
    enum exit_status st = session_node(s);
    if (st == EXIT_OK)
        st = load_identity(s, ret);
    if (st == EXIT_OK)
        st = open_store(s, mode, ret);
    if (st == EXIT_OK)
        st = load_alliance(s, ret);
    if (st == EXIT_OK)
        settle_identity(ret);
    return st;
}

void desk_close(struct desk *d)
{
    view_close(d->view);
    if (d->store != NULL && store_members_changed(d->store))
        (void)desk_settle(d);
    chain_free(d->chain);
    store_close(d->store);
    free(d->identity);
    buf_release(&d->identity_note);
    *d = (struct desk){.s = d->s};
}

enum exit_status desk_run(struct session *s, unsigned needs, enum exit_status (*work)(struct desk *d))
{
    struct desk d;
    enum exit_status st = desk_open(s, needs & DESK_WRITE ? STORE_WRITE : STORE_READ, &d);
    if (st == EXIT_OK && needs & DESK_MEMBER)
        st = desk_need_member(&d);
    if (st == EXIT_OK && needs & DESK_VIEW)
        st = desk_view(&d, &d.view);
    if (st == EXIT_OK)
        st = work(&d);
    desk_close(&d);
    return st;
}

const struct charter *desk_charter(const struct desk *d)
{
    return d->chain != NULL ? chain_current(d->chain) : NULL;
}

/* Our line of the charter, if it is of our root. */
static const struct member *our_line(const struct desk *d)
{
    const struct charter *c = desk_charter(d);
    const struct member *m = c != NULL ? charter_find(c, &d->identity->slug) : NULL;
    return m != NULL && memcmp(m->root.b, d->identity->root.b, sizeof(m->root.b)) == 0 ? m : NULL;
}

bool desk_is_alone(const struct desk *d)
{
    const struct charter *c = desk_charter(d);
    size_t n = 0;
    for (size_t i = 0; c != NULL && i < c->n_members; i++)
        n += !c->members[i].is_former;
    return n <= 1;
}

bool desk_is_member(const struct desk *d)
{
    const struct member *m = our_line(d);
    return m != NULL && !m->is_former;
}

bool desk_is_former(const struct desk *d)
{
    const struct member *m = our_line(d);
    return m != NULL && m->is_former;
}

enum exit_status desk_need_member(struct desk *d)
{
    if (desk_is_member(d))
        return EXIT_OK;
    if (!d->has_alliance)
        return say_refused(d->s, EXIT_NO, "no-alliance", "`folkmoot alliance create NAME` founds one, `folkmoot join "
                                                         "INVITE` asks to be let into one", "this node belongs to no alliance yet");
    if (desk_charter(d) == NULL)
        return say_refused(d->s, EXIT_NO, "waiting", "`folkmoot sync` asks again",
                           "this node has asked to join and has no answer yet");
    if (desk_is_former(d))
        return say_refused(d->s, EXIT_NO, "former", "`folkmoot alliance show` says by which charter",
                           "%s is no longer a member of %s", d->identity->slug.s, desk_charter(d)->name);
    return say_refused(d->s, EXIT_NO, "not-a-member", "a steward must admit it; `folkmoot sync` asks again",
                       "%s is not a member by the charter held here", d->identity->slug.s);
}

/* ---- members ---- */

struct identity_wanted { struct slug slug; const struct member *member; struct identity *id; };

/* log.db is the daemon's to write: of a member only what the root in the charter has signed counts, or whoever
 * could put a row there would read what is sealed to the member. */
static bool is_of(const struct identity_wanted *want, const struct identity *id)
{
    return slug_equal(&id->slug, &want->slug)
           && (want->member == NULL || memcmp(id->root.b, want->member->root.b, sizeof(id->root.b)) == 0);
}

static enum err pick_identity(void *arg, const struct slug *slug, uint32_t version, struct bytes note)
{
    struct identity_wanted *want = arg;
    (void)version;
    if (!slug_equal(slug, &want->slug))
        return OK;
    struct identity *id = malloc(sizeof(*id));
    if (id == NULL)
        return ERR_NOMEM;
    if (identity_open(note, id) != OK || !is_of(want, id)) {
        free(id);
        return OK;                          /* a damaged row, or another's: as if it were not there */
    }
    free(want->id);
    want->id = id;
    return OK;
}

enum err desk_identity_of(struct desk *d, const struct slug *slug, struct identity **ret)
{
    const struct charter *c = desk_charter(d);
    struct identity_wanted want = {.slug = *slug, .member = c != NULL ? charter_find(c, slug) : NULL};
    if (slug_equal(slug, &d->identity->slug)) {
        *ret = malloc(sizeof(**ret));
        if (*ret == NULL)
            return ERR_NOMEM;
        **ret = *d->identity;
        return OK;
    }
    enum err e = store_each_identity(d->store, pick_identity, &want);
    if (e == OK && want.id == NULL)
        e = ERR_UNKNOWN;
    if (e != OK) {
        free(want.id);
        return e;
    }
    *ret = want.id;
    return OK;
}

void desk_name_of(struct desk *d, const struct slug *slug, char ret[NAME_MAX_LEN + 1])
{
    struct identity *id = NULL;
    enum err e = desk_identity_of(d, slug, &id);
    session_lacks(d->s, e);
    if (e == OK)
        memcpy(ret, id->name, NAME_MAX_LEN + 1);
    else
        memcpy(ret, slug->s, sizeof(slug->s));
    free(id);
}

static bool member_is_called(struct desk *d, const struct member *m, const char *word)
{
    char name[NAME_MAX_LEN + 1] = {0};
    if (strcmp(m->slug.s, word) == 0 || (m->codes.dfe[0] != '\0' && strcmp(m->codes.dfe, word) == 0)
        || (m->codes.gss[0] != '\0' && strcmp(m->codes.gss, word) == 0))
        return true;
    desk_name_of(d, &m->slug, name);
    return strncasecmp(name, word, strlen(word)) == 0;
}

const struct member *desk_find_member(struct desk *d, const char *word)
{
    const struct charter *c = desk_charter(d);
    const struct member *found = NULL;
    size_t n = 0;
    for (size_t i = 0; c != NULL && i < c->n_members; i++) {
        if (strcmp(c->members[i].slug.s, word) == 0)
            return &c->members[i];
        if (member_is_called(d, &c->members[i], word)) {
            found = &c->members[i];
            n++;
        }
    }
    if (n == 1)
        return found;
    if (n > 1) {
        (void)say_usage(d->s, "use the slug, as `folkmoot alliance show` lists it", "%s: %zu members answer to this name", word, n);
        return NULL;
    }
    struct nearest near = nearest_to(word);
    for (size_t i = 0; c != NULL && i < c->n_members; i++)
        nearest_offer(&near, c->members[i].slug.s);
    (void)say_unknown(d->s, "member", word, near.best, "`folkmoot alliance show` lists them");
    return NULL;
}

/* ---- secrets ---- */

enum exit_status desk_seed_and_passphrase(struct session *s, struct sym_secret *ret, bool *ret_is_protected, struct buf *ret_pass)
{
    bool is_protected = false;
    enum err e = seed_is_protected(&s->home, &is_protected);
    if (e == OK && is_protected) {
        enum exit_status st = secret_ask(s, false, NULL, ret_pass);
        if (st != EXIT_OK)
            return st;
    }
    *ret_is_protected = is_protected;
    if (e == OK) {
        struct bytes given = buf_bytes(ret_pass);
        e = seed_load(&s->home, is_protected ? &given : NULL, ret);
    }
    if (e == ERR_SECRET && is_protected)
        return secret_is_wrong(s, "opening the seed");
    if (e == ERR_UNKNOWN)
        return say_refused(s, EXIT_SECRET, "no-seed", "restore private/seed from a backup: nothing of it was ever anywhere else",
                           "opening the seed: there is none in this home");
    return e == OK ? EXIT_OK : say_failed(s, e, NULL, "opening the seed");
}

enum exit_status desk_seed(struct session *s, struct sym_secret *ret)
{
    bool ignored;
    struct buf pass = buf_on(PASSPHRASE_MAX);
    enum exit_status st = desk_seed_and_passphrase(s, ret, &ignored, &pass);
    buf_wipe(&pass);
    return st;
}
