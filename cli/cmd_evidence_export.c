#include "cli/commands.h"

#include <string.h>

#include "cli/evidence.h"
#include "cli/export.h"
#include "cli/output/output.h"
#include "cli/say.h"

const struct option_spec options_evidence_export[] = {OPTIONS_END};

struct exporting { struct desk *d; uint64_t wanted; bool found, is_stdout; enum exit_status st; struct conviction what; };

static enum err take(void *arg, const struct held_evidence *ev)
{
    struct exporting *x = arg;
    if (ev->number != x->wanted)
        return OK;
    x->found = true;
    x->what = ev->what;
    if (ev->verdict == OK)
        x->st = export_whole(x->d->s, session_arg(x->d->s, 1), ev->file, &x->is_stdout);
    else
        x->st = say_refused(x->d->s, EXIT_NO, "does-not-hold", "`folkmoot verify` looks at the whole store",
                            "evidence %llu: it convicts nobody by what is held here", (unsigned long long)ev->number);
    return OK;
}

static enum exit_status answer(const struct exporting *x)
{
    const char *file = session_arg(x->d->s, 1);
    char hex[HEX_SIZE(HASH_LEN)];
    hex_encode((struct bytes){x->what.charter.b, HASH_LEN}, hex);
    out(x->d->s, "%s proves that %s signed two stories. It needs nothing else; whoever trusts the charter\n%s\ncan check it.\n",
        file,
        x->what.origin.slug.s, hex);
    json_t *doc = json_document(x->d->s);
    json_object_set_new(doc, "file", json_text(file));
    json_object_set_new(doc, "slug", json_text(x->what.origin.slug.s));
    json_object_set_new(doc, "generation", json_integer(x->what.origin.generation));
    json_object_set_new(doc, "charter", json_text(hex));
    enum exit_status st = output(x->d->s, doc, NULL);
    if (st == EXIT_OK)
        say_next(x->d->s, "a member that has not heard of it runs `folkmoot bundle import %s`", file);
    return st;
}

static enum exit_status work(struct desk *d)
{
    struct exporting x = {.d = d};
    const char *word = session_arg(d->s, 0);
    if (bytes_u64(bytes_of(word), UINT32_MAX, &x.wanted) != OK || x.wanted == 0)
        return say_usage(d->s, "`folkmoot evidence list` counts them", "evidence export %s: which number?", word);
    enum err e = evidence_each(d, take, &x);
    if (e != OK)
        return say_failed(d->s, e, NULL, "reading the evidence");
    if (!x.found)
        return say_refused(d->s, EXIT_NO, "nothing-found", "`folkmoot evidence list` counts them", "evidence %s: there is none",
                           word);
    return x.st == EXIT_OK && !x.is_stdout ? answer(&x) : x.st;
}

enum exit_status cmd_evidence_export(struct session *s)
{
    return desk_run(s, DESK_READ, work);
}
