/* cli/cmd_export_log.c - a log for other people's tools: tiles, entries, checkpoint (cli/audit/export_log.h). */
#include "cli/commands.h"

#include "cli/audit/export_log.h"
#include "cli/output/output.h"
#include "cli/say.h"

const struct option_spec options_export_log[] = {
    {"out", 0, OPTION_VALUE, "DIR", "the folder; one that holds the log already is brought up to date"},
    {"witnessed", 0, OPTION_FLAG, NULL, "only up to the newest state that enough witnesses have cosigned"},
    OPTIONS_END,
};

static json_t *document(const struct session *s, const char *dir, const struct exported_log *x, const char *origin,
                        struct bytes vkey)
{
    json_t *doc = json_document(s);
    json_object_set_new(doc, "folder", json_text(dir));
    json_object_set_new(doc, "slug", json_text(x->head.origin.slug.s));
    json_object_set_new(doc, "generation", json_integer(x->head.origin.generation));
    json_object_set_new(doc, "origin", json_text(origin));
    json_object_set_new(doc, "vkey", json_bytes(vkey));
    json_object_set_new(doc, "size", json_integer((json_int_t)x->head.size));
    json_object_set_new(doc, "root", json_hex((struct bytes){x->head.root.b, HASH_LEN}));
    json_object_set_new(doc, "cosignatures", json_integer((json_int_t)x->n_cosignatures));
    json_object_set_new(doc, "witnesses", json_integer(x->n_witnesses));
    json_object_set_new(doc, "quorum", json_boolean(x->n_witnesses >= x->quorum));
    json_object_set_new(doc, "frozen", json_boolean(x->is_frozen));
    json_object_set_new(doc, "files", json_integer((json_int_t)x->n_files));
    json_object_set_new(doc, "written", json_integer((json_int_t)x->n_written));
    json_object_set_new(doc, "mended", json_integer((json_int_t)x->n_mended));
    return doc;
}

static enum exit_status answer(struct session *s, const char *dir, const struct exported_log *x)
{
    char origin[ORIGIN_MAX + 1];
    struct buf vkey = buf_on(1024);
    origin_text(&x->head.origin, origin);
    note_vkey_write(&x->key, &vkey);
    out(s, "%llu %s of %s stand in %s: %llu files, %llu of them written now.\n", (unsigned long long)x->head.size,
        x->head.size == 1 ? "entry" : "entries", x->head.origin.slug.s, dir, (unsigned long long)x->n_files,
        (unsigned long long)x->n_written);
    out(s, "Witnessed by %u; enough are %u. The log's key, for the tool that checks it:\n%s\n", (unsigned)x->n_witnesses,
        (unsigned)x->quorum, buf_str(&vkey) != NULL ? buf_str(&vkey) : "");
    if (x->n_mended > 0)
        say_warning(s, "%llu files in %s were not what they had to be: they were written anew", (unsigned long long)x->n_mended,
                    dir);
    if (x->is_frozen)
        say_warning(s, "the log of %s is frozen: it told two stories, and this is the one that is held here",
                    x->head.origin.slug.s);
    enum exit_status st = output(s, document(s, dir, x, origin, buf_bytes(&vkey)), NULL);
    buf_release(&vkey);
    return st;
}

static enum exit_status export(struct desk *d)
{
    struct session *s = d->s;
    struct exported_log x;
    const char *dir = option_value(&s->options, "out");
    if (dir == NULL)
        return say_usage(s, "name the folder with --out", "export-log: where to?");
    if (desk_charter(d) == NULL)
        return desk_need_member(d);
    const struct member *m = desk_find_member(d, session_arg(s, 0));
    if (m == NULL)
        return EXIT_USAGE;
    enum exit_status st = export_log(d, m, dir, option_flag(&s->options, "witnessed"), &x);
    return st == EXIT_OK ? answer(s, dir, &x) : st;
}

enum exit_status cmd_export_log(struct session *s)
{
    struct desk d;
    enum exit_status st = desk_open(s, STORE_READ, &d);
    if (st == EXIT_OK)
        st = export(&d);
    desk_close(&d);
    return st;
}
