/* cli/cmd_keys_backup.c - what of this home peers cannot give back, into a file; or is that file good? */
#include "cli/commands.h"

#include <stdlib.h>
#include <string.h>

#include "cli/asked.h"
#include "cli/backup.h"
#include "cli/desk.h"
#include "cli/export.h"
#include "cli/output/output.h"
#include "cli/say.h"
#include "cli/secret.h"
#include "keys/passphrase.h"

const struct option_spec options_keys_backup[] = {
    {"check", 0, OPTION_FLAG, NULL, "write nothing: open FILE, and see that everything is in it; no node is needed"},
    OPTIONS_END,
};

/* ---- making one ---- */

static enum exit_status passphrase_of(struct session *s, struct sym_secret *seed, struct buf *pass)
{
    bool is_protected = false;
    enum exit_status st = desk_seed_and_passphrase(s, seed, &is_protected, pass);
    if (st != EXIT_OK || is_protected)
        return st;
    say_note(s, "the seed of this node lies in clear: the backup gets a passphrase of its own");
    return secret_ask(s, true, "give --passphrase-file FILE", pass);
}

/* The file is begun first: nobody types a passphrase, and waits for its work, to hear that there is no such folder. */
static enum exit_status write_backup(struct desk *d, const char *file, struct buf *text, bool *ret_is_stdout)
{
    struct session *s = d->s;
    struct sym_secret seed = {{0}};
    struct buf pass = buf_on(PASSPHRASE_MAX);
    struct export x;
    enum exit_status st = export_begin(s, file, &x);
    if (st != EXIT_OK)
        return st;
    *ret_is_stdout = x.is_stdout;
    st = passphrase_of(s, &seed, &pass);
    struct buf asked = buf_on(BACKUP_MAX);
    enum err e = st == EXIT_OK ? asked_pack(d, &asked) : OK;
    if (st == EXIT_OK && e == OK)
        e = backup_make(&s->home, &seed, buf_bytes(&pass), buf_bytes(&asked), session_now_ms() / 1000, text);
    buf_wipe(&asked);
    wipe(&seed, sizeof(seed));
    buf_wipe(&pass);
    if (st == EXIT_OK && e == OK)
        return export_end(&x, export_put(&x, buf_bytes(text)));
    file_export_drop(&x.file);
    return e == OK ? st : say_failed(s, e, NULL, "making the backup");
}

static enum exit_status tell(struct desk *d, const char *file, size_t len)
{
    struct session *s = d->s;
    out(s, "%s holds the keys of %s, version %u of its identity: %zu bytes, under the passphrase.\n", file, d->identity->slug.s,
        (unsigned)d->identity->version, len);
    json_t *doc = json_document(s);
    json_object_set_new(doc, "slug", json_text(d->identity->slug.s));
    json_object_set_new(doc, "version", json_integer(d->identity->version));
    json_object_set_new(doc, "bytes", json_integer((json_int_t)len));
    json_object_set_new(doc, "file", json_text(file));
    return output(s, doc, NULL);
}

static enum exit_status make(struct desk *d)
{
    struct session *s = d->s;
    const char *file = session_arg(s, 0);
    struct buf text = buf_on(BACKUP_MAX);
    bool is_stdout = false;
    enum exit_status st = write_backup(d, file, &text, &is_stdout);
    enum err e = st == EXIT_OK ? backup_note(&s->home, session_now_ms() / 1000, d->identity->version) : OK;
    if (e != OK)
        say_warning(s, "the backup is made, but when could not be noted in private/backup: %s", err_text(e));
    if (st == EXIT_OK && !is_stdout)
        st = tell(d, file, text.len);
    buf_release(&text);
    if (st != EXIT_OK)
        return st;
    if (d->has_alliance && desk_is_alone(d))
        say_note(s, "no other member holds our log, and what we have published is not in the backup: `folkmoot bundle export "
                 "--out FILE` carries that");
    say_next(s, "keep it away from this machine; `folkmoot keys backup --check %s` looks whether it is whole",
             is_stdout ? "FILE" : file);
    return EXIT_OK;
}

/* ---- looking at one ---- */

struct check { struct opened o; bool has_home, is_ours, is_behind; };

/* Where a node lives here, is it this one's, and how old is it by that? */
static void compare(struct session *s, struct check *c)
{
    char path[FILE_PATH_MAX];
    struct buf note = buf_on(IDENTITY_MAX);
    struct identity *here = malloc(sizeof(*here));
    home_path(&s->home, HOME_IDENTITY, path);
    c->has_home = home_check(&s->home, NULL) == OK && here != NULL && file_read(path, IDENTITY_MAX, &note) == OK
               && identity_open(buf_bytes(&note), here) == OK;
    if (c->has_home) {
        c->is_ours = memcmp(here->root.b, c->o.root.b, sizeof(here->root.b)) == 0;
        c->is_behind = c->is_ours && c->o.has_identity && c->o.id->version < here->version;
    }
    free(here);
    buf_release(&note);
}

static void describe(struct session *s, const char *file, const struct check *c)
{
    char print[FINGERPRINT_SIZE];
    fingerprint(&c->o.root, print);
    if (!c->o.has_identity)
        out(s, "%s is a recovery file: it opens, and holds the seed alone.\nFingerprint: %s\n", file, print);
    else
        out(s, "%s is whole: %s, version %u of its identity.\nFingerprint: %s\n", file, c->o.id->slug.s, (unsigned)c->o.id->version,
            print);
    if (c->has_home && !c->is_ours)
        say_warning(s, "it is not of the node in %s", s->home.path);
    if (c->is_behind)
        say_note(s, "the node here has a newer identity: a restore fetches that from peers, a new backup would have it");
}

static enum exit_status report(struct session *s, const char *file, const struct check *c)
{
    char print[FINGERPRINT_SIZE];
    fingerprint(&c->o.root, print);
    json_t *doc = json_document(s);
    describe(s, file, c);
    json_object_set_new(doc, "ok", json_boolean(true));
    json_object_set_new(doc, "kind", json_text(c->o.is_backup ? "backup" : "recovery"));
    json_object_set_new(doc, "slug", c->o.has_identity ? json_text(c->o.id->slug.s) : json_null());
    json_object_set_new(doc, "version", c->o.has_identity ? json_integer(c->o.id->version) : json_null());
    json_object_set_new(doc, "fingerprint", json_text(print));
    json_object_set_new(doc, "made", c->o.is_backup ? json_time(c->o.b.made_s * 1000) : json_null());
    json_object_set_new(doc, "of_this_node", c->has_home ? json_boolean(c->is_ours) : json_null());
    json_object_set_new(doc, "older_than_this_node", c->has_home ? json_boolean(c->is_behind) : json_null());
    return output(s, doc, NULL);
}

static enum exit_status check(struct session *s)
{
    const char *file = session_arg(s, 0);
    struct check c = {.has_home = false};
    enum exit_status st = session_home(s);
    opened_init(&c.o);
    if (st == EXIT_OK)
        st = opened_read(s, file, &c.o);
    if (st == EXIT_OK) {
        compare(s, &c);
        st = report(s, file, &c);
    }
    opened_release(&c.o);
    return st;
}

enum exit_status cmd_keys_backup(struct session *s)
{
    return option_flag(&s->options, "check") ? check(s) : desk_run(s, DESK_READ, make);
}
