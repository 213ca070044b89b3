#include "cli/backup.h"

#include <stdlib.h>
#include <string.h>

#include "cli/say.h"
#include "cli/secret.h"
#include "keys/file.h"
#include "keys/passphrase.h"
#include "keys/regain.h"

void opened_init(struct opened *o)
{
    memset(o, 0, sizeof(*o));
    backup_init(&o->b);
    o->pass = buf_on(PASSPHRASE_MAX);
}

void opened_release(struct opened *o)
{
    backup_release(&o->b);
    buf_wipe(&o->pass);
    free(o->id);
    wipe(o, sizeof(*o));
    opened_init(o);
}

static enum exit_status is_none(struct session *s, const char *file)
{
    return say_refused(s, EXIT_NO, "no-backup", "name a file of `folkmoot keys backup`, or a recovery.txt",
                       "%s: this is no backup, or not all of it", file);
}

static enum exit_status refuse(struct session *s, enum err e, const char *file)
{
    if (e == ERR_SECRET)
        return say_refused(s, EXIT_SECRET, "wrong-passphrase", "try again; the passphrase is that of the day on which it was made",
                           "%s: this is not the passphrase, or the file was changed", file);
    if (e == ERR_LIMIT)
        return say_refused(s, EXIT_NO, "no-backup", "it was not written by this program",
                           "%s: it asks for more work than is done for a passphrase", file);
    return e == ERR_FORMAT ? is_none(s, file) : say_failed(s, e, NULL, "opening %s", file);
}

static enum exit_status open_backup(struct session *s, const char *file, struct bytes text, struct opened *o)
{
    enum exit_status st = secret_ask(s, false, NULL, &o->pass);
    if (st != EXIT_OK)
        return st;
    enum err e = backup_open(text, buf_bytes(&o->pass), &o->b);
    o->is_backup = true;
    o->seed = o->b.seed;
    return e == OK ? EXIT_OK : refuse(s, e, file);
}

static enum exit_status open_recovery(struct session *s, const char *file, struct bytes text, struct opened *o)
{
    struct seed_text t = {.is_protected = false};
    enum exit_status st = EXIT_OK;
    enum err e = seed_text_parse(text, &t);
    if (e == OK && t.is_protected)
        st = secret_ask(s, false, NULL, &o->pass);
    if (e == OK && st == EXIT_OK) {
        struct bytes pass = buf_bytes(&o->pass);
        e = seed_text_open(&t, &pass, &o->seed);
    }
    wipe(&t, sizeof(t));
    return e == OK ? st : refuse(s, e, file);
}

/* A backup's parts come from one home; were they not to fit, the node that it made would be nobody's. */
static enum err fit(struct opened *o)
{
    if (!o->is_backup)
        return OK;
    o->id = malloc(sizeof(*o->id));
    if (o->id == NULL)
        return ERR_NOMEM;
    if (!o->b.has[HOME_IDENTITY])
        return ERR_FORMAT;
    enum err e = identity_open(o->b.file[HOME_IDENTITY], o->id);
    o->has_identity = e == OK;
    return e == OK ? regain_check(&o->seed, o->id) : e;
}

enum exit_status opened_read(struct session *s, const char *file, struct opened *ret)
{
    struct sign_secret root;
    struct buf text = buf_on(0);
    enum err e = file_read(file, BACKUP_MAX, &text);
    if (e == ERR_LIMIT)
        e = ERR_FORMAT;
    if (e != OK)
        return e == ERR_FORMAT ? is_none(s, file) : say_unreadable(s, e, file, NULL);
    enum exit_status st = backup_is_one(buf_bytes(&text)) ? open_backup(s, file, buf_bytes(&text), ret)
                                                          : open_recovery(s, file, buf_bytes(&text), ret);
    buf_wipe(&text);
    if (st != EXIT_OK)
        return st;
    seed_root(&ret->seed, &root, &ret->root);
    wipe(&root, sizeof(root));
    e = fit(ret);
    if (e == OK || e == ERR_NOMEM)
        return e == OK ? EXIT_OK : say_failed(s, e, NULL, "opening %s", file);
    return say_refused(s, EXIT_NO, "bad-backup", "take another backup", "%s: what is in it does not belong together", file);
}
