/* cli/cmd_bundle_export.c - whole logs, as ciphertext, into a file that a stick can carry. */
#include "cli/commands.h"

#include <stdlib.h>

#include "cli/bundle/bundle.h"
#include "cli/export.h"
#include "cli/output/output.h"
#include "cli/say.h"
#include "cli/view/query.h"

const struct option_spec options_bundle_export[] = {
    {"authority", 0, OPTION_LIST, "A", "only this member's log"},
    {"for", 0, OPTION_VALUE, "SLUG", "who is to have it: a member; its own log comes first in the file"},
    {"out", 0, OPTION_VALUE, "FILE", "where to write it; - is stdout"},
    OPTIONS_END,
};

struct order { struct slug slugs[MEMBERS_MAX]; struct bundle_wants wants; };

static enum exit_status read_order(struct desk *d, struct order *o)
{
    const char *word;
    const struct member *m;
    for (size_t i = 0; (word = option_item(&d->s->options, "authority", i)) != NULL; i++) {
        if ((m = desk_find_member(d, word)) == NULL)
            return EXIT_USAGE;
        if (o->wants.n < MEMBERS_MAX)
            o->slugs[o->wants.n++] = m->slug;
    }
    o->wants.slugs = o->slugs;
    if ((word = option_value(&d->s->options, "for")) == NULL)
        return EXIT_OK;
    if ((m = desk_find_member(d, word)) == NULL)
        return EXIT_USAGE;
    if (m->is_former)
        return say_refused(d->s, EXIT_NO, "former-member", "`folkmoot alliance show` lists the members",
                           "--for %s: it is no member any more", m->slug.s);
    o->wants.receiver = &m->slug;
    return EXIT_OK;
}

/* ---- can the receiver read it? ---- */

struct debt { const struct slug *reader; size_t n; };

static enum err count_owed(void *arg, const struct owed *o)
{
    struct debt *x = arg;
    x->n += slug_equal(&o->reader, x->reader);
    return OK;
}

static void warn_of_debts(struct desk *d, const struct slug *reader)
{
    struct view *v = NULL;
    struct debt x = {.reader = reader};
    if (reader == NULL || desk_view(d, &v) != EXIT_OK)
        return;
    if (view_owed(v, d->chain, count_owed, &x) == OK && x.n > 0)
        say_warning(d->s, "%s lacks %zu keys and will not read all of it; the next publish or sync gives them: export again then",
                    reader->s, x.n);
    view_close(v);
}

/* ---- writing ---- */

static void show_progress(void *arg, uint64_t entries)
{
    progress_step(arg, entries);
}

static enum exit_status answer(struct desk *d, const char *file, const struct bundle_written *w, const struct order *o)
{
    out(d->s, "%llu %s of %llu log%s are in %s (%.1f MiB), as ciphertext.\n", (unsigned long long)w->entries,
        w->entries == 1 ? "entry" : "entries",
        (unsigned long long)w->n_logs, w->n_logs == 1 ? "" : "s", file, (double)w->bytes / (1024 * 1024));
    json_t *doc = json_document(d->s);
    json_object_set_new(doc, "file", json_text(file));
    json_object_set_new(doc, "for", o->wants.receiver != NULL ? json_text(o->wants.receiver->s) : json_null());
    json_object_set_new(doc, "logs", json_integer((json_int_t)w->n_logs));
    json_object_set_new(doc, "entries", json_integer((json_int_t)w->entries));
    json_object_set_new(doc, "bytes", json_integer((json_int_t)w->bytes));
    return output(d->s, doc, NULL);
}

static enum exit_status export(struct desk *d)
{
    const char *file = option_value(&d->s->options, "out");
    struct order o = {.wants = {.n = 0}};
    struct export x;
    struct bundle_written written = {0};
    if (file == NULL)
        return say_usage(d->s, "name the file with --out", "bundle export: where to?");
    enum exit_status st = desk_need_member(d);
    if (st == EXIT_OK)
        st = read_order(d, &o);
    if (st == EXIT_OK)
        st = export_begin(d->s, file, &x);
    if (st != EXIT_OK)
        return st;
    struct progress p = progress_start(d->s, "writing entries", 0);
    enum err e = bundle_write(d, &o.wants, &x.file, show_progress, &p, &written);
    progress_end(&p);
    st = export_end(&x, e);
    if (st == EXIT_OK && !x.is_stdout)
        st = answer(d, file, &written, &o);
    if (st == EXIT_OK) {
        warn_of_debts(d, o.wants.receiver);
        say_next(d->s, "the receiver, a member of the alliance, runs `folkmoot bundle import %s`", x.is_stdout ? "FILE" : file);
    }
    return st;
}

enum exit_status cmd_bundle_export(struct session *s)
{
    return desk_run(s, DESK_READ, export);
}
