/* cli/audit_main.c - folkmoot-audit, the auditor alone: `folkmoot audit` in one file that needs nothing of its machine.
 *
 *      folkmoot-audit FILE (--charter HASH | --policy FILE) ...
 *
 * No store is linked into it, and no network. */
#include <stdlib.h>
#include <string.h>

#include "cli/commands.h"
#include "cli/output/output.h"
#include "cli/say.h"
#include "keys/streams.h"
#include "protocol/crypto.h"
#include "protocol/pack.h"

static enum exit_status version(struct session *s)
{
    json_t *doc = json_document_named("version");
    out(s, "folkmoot-audit %s\nlibsodium %s\nmsgpack-c %s\n", FOLKMOOT_VERSION, crypto_library_version(), pack_library_version());
    json_object_set_new(doc, "version", json_text(FOLKMOOT_VERSION));
    return output(s, doc, NULL);
}

static const struct option_spec no_options[] = {OPTIONS_END};

static const struct command rows[] = {
    {"audit", "", GROUP_AUDIT, 0, 1, "judge a file of proofs: no home, no network, nobody to be trusted",
     "FILE (--charter HASH | --policy FILE) [--key FILE] [--report FILE.html]",
     "folkmoot-audit kent-17.fmb --charter 3b0c... --report kent-17.html", options_audit, cmd_audit},
    {"version", "", GROUP_HELP, 0, 0, "print the version", "", "folkmoot-audit --version", no_options, version},
};

static const struct command_table table = {rows, sizeof(rows) / sizeof(rows[0])};

/* It knows one command, whose name nobody need write. */
static enum exit_status run(int argc, char **argv, struct session *s)
{
    char **with = calloc((size_t)argc + 2, sizeof(*with));
    static char name[] = "audit";
    size_t n = 0;
    if (with == NULL)
        return say_failed(s, ERR_NOMEM, NULL, "cannot begin");
    with[n++] = argv[0];
    with[n++] = name;
    for (int i = 1; i < argc; i++)
        with[n++] = argv[i];
    enum exit_status st = command_run(&table, (int)n, with, s);
    free(with);
    return st;
}

int main(int argc, char **argv)
{
    struct session s;
    enum err e = streams_settle();              /* before anything is opened */
    session_init(&s, stdin, stdout, stderr);
    if (e == OK)
        e = crypto_start();
    enum exit_status st = e == OK ? run(argc, argv, &s) : say_failed(&s, e, NULL, "cannot begin");
    if (fflush(s.out) != 0 || ferror(s.out) != 0) {
        s.printed = true;
        st = say_failed(&s, ERR_IO, "look at where it was sent", "cannot write the output");
    }
    session_release(&s);
    return (int)st;
}
