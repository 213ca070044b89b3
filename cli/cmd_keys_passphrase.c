/* cli/cmd_keys_passphrase.c - another passphrase for the seed, or its first. */
#include "cli/commands.h"

#include <stdlib.h>

#include "cli/desk.h"
#include "cli/output/output.h"
#include "cli/say.h"
#include "cli/secret.h"
#include "keys/file.h"
#include "keys/passphrase.h"

const struct option_spec options_keys_passphrase[] = {
    {"new-passphrase-file", 0, OPTION_VALUE, "FILE", "the new one is its first line; without it a terminal asks"},
    OPTIONS_END,
};

static bool comes_from_file(const struct session *s)
{
    const char *env = getenv("FOLKMOOT_PASSPHRASE_FILE");
    return s->passphrase_file != NULL || (env != NULL && env[0] != '\0');
}

/* With a passphrase already there, the file that it came from does not give the new one. */
static enum exit_status ask_new(struct session *s, bool is_protected, struct buf *ret)
{
    const char *file = option_value(&s->options, "new-passphrase-file"), *was = s->passphrase_file;
    if (file == NULL && is_protected && comes_from_file(s))
        return say_refused(s, EXIT_SECRET, "no-passphrase", "give --new-passphrase-file FILE",
                           "keys passphrase: the file that holds today's does not say the new one");
    if (file != NULL)
        s->passphrase_file = file;
    enum exit_status st = secret_ask(s, true, "give --new-passphrase-file FILE", ret);
    s->passphrase_file = was;
    return st;
}

/* Both texts are made before either is written: the work takes memory that there may not be. */
static enum err write_both(struct session *s, const struct sym_secret *seed, struct bytes pass, enum home_file *ret_failed)
{
    static const enum home_file where[] = {HOME_SEED, HOME_RECOVERY};
    struct buf text[2] = {buf_on(SEED_TEXT_MAX), buf_on(SEED_TEXT_MAX)};
    char path[FILE_PATH_MAX];
    enum err e = OK;
    *ret_failed = HOME_SEED;
    for (size_t i = 0; e == OK && i < 2; i++)
        e = seed_text_new(seed, &pass, where[i] == HOME_RECOVERY, &text[i]);
    for (size_t i = 0; e == OK && i < 2; i++) {
        *ret_failed = where[i];
        home_path(&s->home, where[i], path);
        e = file_write(path, buf_bytes(&text[i]));
    }
    buf_wipe(&text[0]);
    buf_wipe(&text[1]);
    return e;
}

static enum exit_status answer(struct session *s, bool was_protected)
{
    json_t *doc = json_document(s);
    out(s, was_protected ? "The seed has its new passphrase, and so has recovery.txt.\n"
                         : "The seed is behind a passphrase now; recovery.txt was written.\n");
    json_object_set_new(doc, "protected", json_boolean(true));
    json_object_set_new(doc, "was_protected", json_boolean(was_protected));
    enum exit_status st = output(s, doc, NULL);
    if (was_protected)
        say_note(s, "copies of recovery.txt and backups that were made before open with the passphrase of their day");
    else
        say_warning(s, "until now the seed lay in clear: on this disk, and in copies of this home, it can perhaps be read still");
    say_next(s, "copy %s/recovery.txt somewhere else; `folkmoot keys backup FILE` makes a new backup", s->home.path);
    return st;
}

static enum exit_status change(struct session *s)
{
    struct sym_secret seed = {{0}};
    struct buf old = buf_on(PASSPHRASE_MAX), new = buf_on(PASSPHRASE_MAX);
    bool is_protected = false;
    enum home_file failed = HOME_SEED;
    enum exit_status st = desk_seed_and_passphrase(s, &seed, &is_protected, &old);
    if (st == EXIT_OK)
        st = ask_new(s, is_protected, &new);
    enum err e = st == EXIT_OK ? write_both(s, &seed, buf_bytes(&new), &failed) : OK;
    wipe(&seed, sizeof(seed));
    buf_wipe(&old);
    buf_wipe(&new);
    if (e != OK && failed == HOME_RECOVERY)
        return say_failed(s, e, "the seed has the new passphrase, recovery.txt the old one: run it again", "writing recovery.txt");
    if (e != OK)
        return say_failed(s, e, "the passphrase is the old one still", "changing the passphrase");
    return st == EXIT_OK ? answer(s, is_protected) : st;
}

enum exit_status cmd_keys_passphrase(struct session *s)
{
    char path[FILE_PATH_MAX];
    int lock = -1;
    enum exit_status st = session_node(s);
    if (st != EXIT_OK)
        return st;
    home_path(&s->home, HOME_SIGN_LOCK, path);
    enum err e = file_lock(path, false, &lock);
    if (e != OK)
        return say_failed(s, e, e == ERR_BUSY ? "another command is signing: try again" : NULL, "taking the lock in private/");
    st = change(s);
    file_unlock(lock);
    return st;
}
