#include "cli/restore.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/asked.h"
#include "cli/say.h"
#include "keys/file.h"
#include "keys/regain.h"
#include "node/alliance.h"
#include "node/config.h"
#include "node/store/store.h"
#include "protocol/parcel.h"

#define MARK "folkmoot restored v1\n"

/* What a home begins with: borrowed from the backup, or from the exported file. */
struct parts {
    const struct opened *o;
    struct bytes identity, alliance;
    struct buf file, config;
    struct parcel parcel;
    size_t n_boxes;
    struct dh_public boxes[KEYFILE_KEYS_MAX];
};

/* ---- whose home ---- */

static enum exit_status from_backup(struct session *s, struct parts *p)
{
    const struct backup *b = &p->o->b;
    struct dh_keyring *ring = calloc(1, sizeof(*ring));
    enum err e = ring != NULL ? OK : ERR_NOMEM;
    p->identity = b->file[HOME_IDENTITY];
    p->alliance = b->file[HOME_ALLIANCE];
    if (e == OK && b->has[HOME_BOX_KEYS])
        e = dh_keys_parse(b->file[HOME_BOX_KEYS], PURPOSE_BOX, ring);
    for (size_t i = 0; e == OK && i < ring->n; i++)
        p->boxes[p->n_boxes++] = dh_public_of(&ring->keys[i].secret);
    if (ring != NULL)
        wipe(ring, sizeof(*ring));
    free(ring);
    return e == OK ? EXIT_OK : say_failed(s, e, "take another backup", "reading the backup");
}

/* The newest identity of the seed's root in an exported file. */
static enum err find_identity(struct parts *p)
{
    struct identity *id = malloc(sizeof(*id));
    uint32_t newest = 0;
    enum err e = id != NULL ? OK : ERR_NOMEM;
    for (size_t i = 0; e == OK && i < p->parcel.n_identities; i++) {
        if (identity_open(p->parcel.identities[i], id) != OK || memcmp(id->root.b, p->o->root.b, sizeof(id->root.b)) != 0
            || id->version <= newest)
            continue;
        newest = id->version;
        p->identity = p->parcel.identities[i];
        e = regain_check(&p->o->seed, id);
    }
    free(id);
    return e == OK && newest == 0 ? ERR_UNKNOWN : e;
}

static enum exit_status from_charter(struct session *s, const char *file, struct parts *p)
{
    static const char remedy[] = "it must be what `folkmoot alliance export FILE` writes at another member's";
    enum err e = file_read(file, PARCEL_MAX, &p->file);
    if (e == OK)
        e = parcel_read(buf_bytes(&p->file), &p->parcel);
    if (e != OK)
        return say_unreadable(s, e, file, remedy);
    p->alliance = buf_bytes(&p->file);
    const struct member *m = charter_find_root(chain_current(p->parcel.chain), &p->o->root);
    if (m == NULL)
        return say_refused(s, EXIT_NO, "not-named", "take the export of the alliance that this seed's body is in",
                           "%s: its charter names nobody with this seed's root", file);
    e = find_identity(p);
    if (e == ERR_UNKNOWN)
        return say_refused(s, EXIT_NO, "no-identity", "ask for an export of a member that has heard from this body",
                           "%s: it does not hold the identity of %s", file, m->slug.s);
    return e == OK ? EXIT_OK : say_failed(s, e, remedy, "reading %s", file);
}

static enum exit_status gather(struct session *s, const char *charter, struct parts *p)
{
    if (p->o->is_backup)
        return charter == NULL ? from_backup(s, p)
             : say_usage(s, "leave --charter out", "--charter: a backup knows its alliance");
    if (charter == NULL)
        return say_usage(s, "give --charter FILE: what `folkmoot alliance export FILE` writes at any member's",
                         "keys restore: a recovery file holds the seed alone, and not whose it is");
    return from_charter(s, charter, p);
}

/* ---- its files ---- */

static enum err put_file(struct session *s, enum home_file f, struct bytes content)
{
    char path[FILE_PATH_MAX];
    home_path(&s->home, f, path);
    return file_write_new(path, content);
}

static enum err put_kept(struct session *s, const struct backup *b)
{
    static const enum home_file kept[] = {HOME_HEAD, HOME_SIGNED, HOME_CHARTER};
    enum err e = OK;
    for (size_t i = 0; e == OK && i < sizeof(kept) / sizeof(kept[0]); i++)
        if (b->has[kept[i]])
            e = put_file(s, kept[i], b->file[kept[i]]);
    return e;
}

static enum err put_config(struct session *s, struct parts *p)
{
    struct config c;
    if (p->o->b.has[HOME_CONFIG])
        return put_file(s, HOME_CONFIG, p->o->b.file[HOME_CONFIG]);
    config_init(&c);
    config_write(&c, &p->config);
    enum err e = buf_status(&p->config);
    return e == OK ? put_file(s, HOME_CONFIG, buf_bytes(&p->config)) : e;
}

static enum err put_seed(struct session *s, const struct opened *o)
{
    struct bytes pass = buf_bytes(&o->pass);
    enum err e = pass.len > 0 ? seed_save(&s->home, HOME_RECOVERY, &o->seed, &pass) : OK;
    return e == OK ? seed_save(&s->home, HOME_SEED, &o->seed, pass.len > 0 ? &pass : NULL) : e;
}

static enum err make_store(struct session *s, const struct opened *o)
{
    char path[FILE_PATH_MAX];
    struct store *store = NULL;
    struct store_report ignored;
    struct alliance_report alliance;
    home_path(&s->home, HOME_LOG_DB, path);
    enum err e = store_open(path, STORE_WRITE, &store, &ignored);
    if (e == OK && o->b.asked.len > 0)
        e = asked_put(store, &o->id->slug, &o->id->log, o->b.asked);
    if (e == OK)
        e = alliance_settle(&s->home, store, &alliance);    /* whom to dial and whom to believe */
    store_close(store);
    return e;
}

/* The mark is first: a home that is there without it may sign. */
static enum err put_all(struct session *s, struct parts *p)
{
    enum err e = put_file(s, HOME_RESTORED, bytes_of(MARK));
    if (e == OK && p->alliance.len > 0)
        e = put_file(s, HOME_ALLIANCE, p->alliance);
    if (e == OK)
        e = put_config(s, p);
    if (e == OK)
        e = put_kept(s, &p->o->b);
    if (e == OK)
        e = regain_keys(&s->home, &p->o->seed, p->identity, false, p->n_boxes, p->boxes);
    if (e == OK)
        e = put_seed(s, p->o);
    return e == OK ? make_store(s, p->o) : e;
}

/* The home was empty when we began: all that stands there is ours. */
static void undo(struct session *s)
{
    static const enum home_file made[] = {
        HOME_SEED, HOME_RECOVERY, HOME_LOG_KEY, HOME_LOG_DB, HOME_BOX_KEYS, HOME_NODE_KEY, HOME_IDENTITY, HOME_CONFIG,
        HOME_ALLIANCE, HOME_HEAD, HOME_SIGNED, HOME_CHARTER, HOME_RESTORED,
    };
    static const char *const sides[] = {"", "-wal", "-shm"};
    char path[FILE_PATH_MAX], side[FILE_PATH_MAX + 8];
    for (size_t i = 0; i < sizeof(made) / sizeof(made[0]); i++)
        for (size_t k = 0; k < (made[i] == HOME_LOG_DB ? 3 : 1); k++) {
            home_path(&s->home, made[i], path);
            (void)snprintf(side, sizeof(side), "%s%s", path, sides[k]);
            (void)unlink(side);
        }
}

static bool something_lies_here(struct session *s)
{
    static const enum home_file ours[] = {HOME_RECOVERY, HOME_HEAD, HOME_IDENTITY, HOME_BOX_KEYS};
    char path[FILE_PATH_MAX];
    for (size_t i = 0; i < sizeof(ours) / sizeof(ours[0]); i++) {
        home_path(&s->home, ours[i], path);
        if (access(path, F_OK) == 0)
            return true;
    }
    return home_check(&s->home, NULL) != ERR_UNKNOWN;
}

enum exit_status restore_need_empty(struct session *s)
{
    if (!something_lies_here(s))
        return EXIT_OK;
    return say_refused(s, EXIT_NO, "exists", "name an empty home with -C, or move that away: what it signed may be nowhere else",
                       "%s: a node lives here already, or what is left of one", s->home.path);
}

enum exit_status restore_home(struct session *s, const struct opened *o, const char *charter)
{
    struct parts *p = calloc(1, sizeof(*p));
    if (p == NULL)
        return say_failed(s, ERR_NOMEM, NULL, "keys restore");
    p->o = o;
    p->file = buf_on(PARCEL_MAX);
    p->config = buf_on(CONFIG_MAX);
    enum exit_status st = restore_need_empty(s);
    if (st == EXIT_OK)
        st = gather(s, charter, p);
    enum err e = st == EXIT_OK ? home_make(&s->home) : OK;
    if (st == EXIT_OK && e == OK && (e = put_all(s, p)) != OK)
        undo(s);
    if (e != OK)
        st = say_failed(s, e, "nothing of a node was left there", "restoring into %s", s->home.path);
    parcel_release(&p->parcel);
    buf_release(&p->file);
    buf_release(&p->config);
    free(p);
    return st;
}
