/* cli/cmd_officer_keygen.c - a person's own signing key, on their own machine: no home is needed. */
#include "cli/commands.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "cli/officer/officers.h"
#include "cli/output/output.h"
#include "cli/say.h"
#include "cli/secret.h"
#include "keys/file.h"
#include "keys/officer_file.h"

const struct option_spec options_officer_keygen[] = {
    {"role", 0, OPTION_CHOICE, OFFICER_ROLE_WORDS, "the office"},
    {"name", 0, OPTION_VALUE, "NAME", "the person's name"},
    {"out", 0, OPTION_VALUE, "FILE", "where the key goes, behind a passphrase; FILE.pub is what the authority gets"},
    OPTIONS_END,
};

static enum exit_status failed(struct session *s, enum err e, const char *file)
{
    if (e == ERR_EXISTS)                    /* not even with --yes: a key that is gone is gone */
        return say_refused(s, EXIT_NO, "exists", "name another file, or move this one away", "%s: a file is there already", file);
    if (e == ERR_UNKNOWN)
        return say_refused(s, EXIT_ENVIRONMENT, "no-folder", "make the folder first", "%s: its folder is not there", file);
    return say_failed(s, e, e == ERR_DENIED ? "choose a place where you may write" : NULL, "writing %s", file);
}

/* Both or neither: a key whose card could not be written is of no use to anybody. */
static enum exit_status write_both(struct session *s, const char *file, const char *pub, struct bytes key, struct bytes card)
{
    enum err e = access(pub, F_OK) == 0 ? ERR_EXISTS : OK;
    if (e != OK)
        return failed(s, e, pub);
    if ((e = file_write_new(file, key)) != OK)
        return failed(s, e, file);
    if ((e = file_export(pub, card, false)) != OK) {
        (void)unlink(file);
        return failed(s, e, pub);
    }
    return EXIT_OK;
}

static enum exit_status answer(struct session *s, const struct officer_card *card, const char *file, const char *pub)
{
    char who[OFFICER_TEXT_SIZE], print[FINGERPRINT_SIZE];
    officer_text(card->role, card->name, who);
    fingerprint(&card->key, print);
    json_t *doc = json_document(s);
    json_object_set_new(doc, "role", json_text(officer_role_name(card->role)));
    json_object_set_new(doc, "name", json_text(card->name));
    json_object_set_new(doc, "key", json_base64((struct bytes){card->key.b, sizeof(card->key.b)}));
    json_object_set_new(doc, "fingerprint", json_text(print));
    json_object_set_new(doc, "file", json_text(file));
    json_object_set_new(doc, "public", json_text(pub));
    out(s, "The key of %s is in %s, behind the passphrase.\nFingerprint: %s\n", who, file, print);
    enum exit_status st = output(s, doc, NULL);
    if (st == EXIT_OK)
        say_next(s, "send %s to the authority and read them the fingerprint; they run `folkmoot officer add --key %s`. "
                    "Keep a copy of %s: nobody can make it again", pub, pub, file);
    return st;
}

static enum exit_status make(struct session *s, enum officer_role role, const char *name, const char *file, const char *pub)
{
    struct officer_card made = {.role = role};
    struct buf pass = buf_on(PAYLOAD_MAX), key = buf_on(OFFICER_FILE_MAX), card = buf_on(OFFICER_CARD_MAX);
    enum exit_status st = secret_ask(s, true, NULL, &pass);
    if (st == EXIT_OK) {
        enum err e = officer_file_new(role, name, buf_bytes(&pass), &key, &card);
        if (e == OK)
            e = officer_card_open(buf_bytes(&card), &made);
        st = e == OK ? write_both(s, file, pub, buf_bytes(&key), buf_bytes(&card)) : say_failed(s, e, NULL, "making the key");
    }
    buf_wipe(&pass);
    buf_wipe(&key);
    if (st == EXIT_OK)
        st = answer(s, &made, file, pub);
    buf_release(&card);
    return st;
}

enum exit_status cmd_officer_keygen(struct session *s)
{
    char pub[FILE_PATH_MAX];
    enum officer_role role;
    const char *name = option_value(&s->options, "name"), *file = option_value(&s->options, "out");
    enum exit_status st = officer_ask_role(s, &role);
    if (st != EXIT_OK)
        return st;
    if (name == NULL || officer_name_check(name) != OK)
        return say_usage(s, "give it with --name \"Jane Roe\"", "whose key? a name is one line of at most %d bytes", NAME_MAX_LEN);
    if (file == NULL || file[0] == '\0')
        return say_usage(s, "name the file with --out", "officer keygen: where to?");
    if (strcmp(file, "-") == 0 || strlen(file) >= sizeof(pub) - sizeof(".pub"))
        return say_usage(s, "name a file", "--out %.60s: a key is kept in a file", file);
    (void)snprintf(pub, sizeof(pub), "%s.pub", file);
    return make(s, role, name, file, pub);
}
