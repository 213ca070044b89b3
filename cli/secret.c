#include "cli/secret.h"

#include <stdlib.h>

#include "cli/say.h"
#include "keys/passphrase.h"

/* The file that a passphrase is to come from, or NULL. */
static const char *file_named(const struct session *s)
{
    const char *env = getenv("FOLKMOOT_PASSPHRASE_FILE");
    return s->passphrase_file != NULL ? s->passphrase_file : env != NULL && env[0] != '\0' ? env : NULL;
}

static enum exit_status failed_at_file(struct session *s, enum err e, const char *file)
{
    if (e == ERR_UNKNOWN)
        return say_refused(s, EXIT_SECRET, "no-passphrase", "check its name", "%s: there is no such passphrase file", file);
    if (e == ERR_SECRET)
        return say_refused(s, EXIT_SECRET, "no-passphrase", "the passphrase is its first line", "%s: it holds no passphrase", file);
    return say_unreadable(s, e, file, "the passphrase is its first line");
}

static enum exit_status failed(struct session *s, enum err e, bool is_new, const char *otherwise)
{
    const char *file = file_named(s);
    if (e == ERR_LIMIT && is_new)
        return say_refused(s, EXIT_SECRET, "weak-passphrase", "give one of 8 to 1024 characters",
                           "this is no passphrase: it is too short or too long");
    if (file != NULL)
        return failed_at_file(s, e, file);
    if (e == ERR_SECRET && s->in_is_terminal)
        return say_refused(s, EXIT_SECRET, "no-passphrase", is_new ? "type the same twice" : "type it at the prompt",
                           is_new ? "no passphrase: the two differ, or none was typed" : "no passphrase: none was typed");
    if (e == ERR_SECRET)
        return say_refused(s, EXIT_SECRET, "no-passphrase", otherwise != NULL ? otherwise
                           : "give --passphrase-file FILE, or set FOLKMOOT_PASSPHRASE_FILE",
                           "no passphrase: nobody is at a terminal to be asked");
    return say_failed(s, e, NULL, "asking for the passphrase");
}

enum exit_status secret_ask(struct session *s, bool is_new, const char *otherwise, struct buf *ret)
{
    enum err e = passphrase_read(s->passphrase_file, is_new ? "New passphrase: " : "Passphrase: ", is_new, ret);
    return e == OK ? EXIT_OK : failed(s, e, is_new, otherwise);
}

enum exit_status secret_is_wrong(struct session *s, const char *what)
{
    return say_refused(s, EXIT_SECRET, "wrong-passphrase", "try again; capital letters and blanks count",
                       "%s: this is not the passphrase", what);
}
