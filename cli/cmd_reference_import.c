/* cli/cmd_reference_import.c - public figures from a file: read, kept as they are, and put into the view. */
#include "cli/commands.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "cli/day.h"
#include "cli/desk.h"
#include "cli/official.h"
#include "cli/output/output.h"
#include "cli/reference/load.h"
#include "cli/say.h"
#include "keys/file.h"
#include "protocol/pack.h"

const struct option_spec options_reference_import[] = {
    {"source", 0, OPTION_VALUE, "TEXT", "who published it, and as what; shown beside every figure of it"},
    {"vintage", 0, OPTION_VALUE, "DATE", "when it was published; today unless given, or the file says it row by row"},
    {"name", 0, OPTION_VALUE, "NAME", "what to call it here; the file's own name unless given"},
    {"where", 0, OPTION_LIST, "COLUMN=VALUE", "only rows that hold this; of figures only"},
    OPTIONS_END,
};

struct importing {
    struct desk *d;
    struct view *v;
    struct lexicon *lexicon;
    const char *path;
    struct buf raw;
    struct reference_head head;
    struct reference r;
    bool is_read, is_unchanged, is_replacing;
};

/* ---- what is asked ---- */

static enum exit_status read_source(struct importing *x)
{
    struct session *s = x->d->s;
    const char *source = option_value(&s->options, "source");
    if (source == NULL)
        return say_usage(s, "--source \"Department for Education, children in need 2024\"", "reference import: it needs a source");
    if (!reference_source_is_good(source))
        return say_usage(s, "one line of plain UTF-8", "--source: empty, or longer than %d bytes, or no plain text",
                         (int)REFERENCE_SOURCE_MAX);
    memcpy(x->head.source, source, strlen(source) + 1);
    return EXIT_OK;
}

static enum exit_status read_name(struct importing *x)
{
    struct session *s = x->d->s;
    const char *name = option_value(&s->options, "name");
    if (name == NULL && reference_name_of(x->path, x->head.name) == OK)
        return EXIT_OK;
    if (name == NULL || !reference_name_is_good(name))
        return say_usage(s, "--name: small letters, digits and single dashes, at most 100", "reference import: %s makes no name",
                         name != NULL ? name : x->path);
    memcpy(x->head.name, name, strlen(name) + 1);
    return EXIT_OK;
}

static enum exit_status read_vintage(struct importing *x)
{
    const char *vintage = option_value(&x->d->s->options, "vintage");
    uint64_t ms;
    if (vintage != NULL && (strlen(vintage) != 10 || day_end(vintage, &ms) != OK))
        return say_usage(x->d->s, "write 2024-11-01", "--vintage %s: this is no date", vintage);
    time_text(session_now_ms(), x->head.imported);
    snprintf(x->head.vintage, sizeof(x->head.vintage), "%.10s", vintage != NULL ? vintage : x->head.imported);
    return EXIT_OK;
}

static enum exit_status read_where(struct importing *x)
{
    struct session *s = x->d->s;
    const char *text;
    while ((text = option_item(&s->options, "where", x->head.n_where)) != NULL) {
        if (x->head.n_where == INTAKE_WHERE_MAX)
            return say_usage(s, "leave the others out", "--where: at most %d times", (int)INTAKE_WHERE_MAX);
        if (!utf8_is_line(bytes_of(text)) || intake_where_parse(text, &x->head.where[x->head.n_where]) != OK)
            return say_usage(s, "--where COLUMN=VALUE", "--where %s: this names no column and value", text);
        x->head.n_where++;
    }
    return EXIT_OK;
}

static enum exit_status read_ask(struct importing *x)
{
    enum exit_status st = read_source(x);
    if (st == EXIT_OK)
        st = read_name(x);
    if (st == EXIT_OK)
        st = read_vintage(x);
    return st == EXIT_OK ? read_where(x) : st;
}

/* ---- the file ---- */

static enum exit_status read_file(struct importing *x)
{
    struct session *s = x->d->s;
    struct reference_options with = reference_options_of(&x->head, x->lexicon);
    enum err e = file_read(x->path, INTAKE_FILE_MAX, &x->raw);
    if (e == ERR_LIMIT)
        return say_refused(s, EXIT_NO, "too-large", "import in parts", "%s: it is larger than %d MiB", x->path,
                           INTAKE_FILE_MAX >> 20);
    if (e != OK)
        return say_unreadable(s, e, x->path, NULL);
    e = reference_read(buf_bytes(&x->raw), &with, &x->r);
    if (e == ERR_FORMAT)
        return say_unreadable(s, e, x->path, "save it as CSV UTF-8");
    if (e == OK) {
        x->is_read = true;
        e = lexicon_status(x->lexicon);
    }
    if (e != OK)
        return say_failed(s, e, NULL, "%s", x->path);
    if (x->r.kind != REFERENCE_FIGURES && x->head.n_where > 0)
        return say_usage(s, "leave it out", "--where: this is a file of %s, and only figures are picked",
                         reference_kind_name(x->r.kind));
    snprintf(x->head.kind, sizeof(x->head.kind), "%s", reference_kind_name(x->r.kind));
    snprintf(x->head.form, sizeof(x->head.form), "%s", x->r.form);
    x->head.sha256 = sha256(buf_bytes(&x->raw));
    x->head.size = x->raw.len;
    return EXIT_OK;
}

/* ---- keeping ---- */

static bool is_same(const struct reference_head *a, const struct reference_head *b)
{
    if (!hash_equal(&a->sha256, &b->sha256) || strcmp(a->source, b->source) != 0 || strcmp(a->vintage, b->vintage) != 0 ||
        a->n_where != b->n_where)
        return false;
    for (size_t i = 0; i < a->n_where; i++)
        if (strcmp(a->where[i].column, b->where[i].column) != 0 || strcmp(a->where[i].value, b->where[i].value) != 0)
            return false;
    return true;
}

/* The file first: from then on it is imported, and the view is made from it by whatever command comes next. */
static enum exit_status keep(struct importing *x)
{
    struct session *s = x->d->s;
    struct reference_head stands;
    enum err e = reference_head_of(&s->home, x->head.name, &stands);
    x->is_unchanged = e == OK && is_same(&stands, &x->head);
    x->is_replacing = e != ERR_UNKNOWN;
    if (x->is_unchanged)
        return EXIT_OK;
    e = reference_keep(&s->home, &x->head, buf_bytes(&x->raw));
    if (e == ERR_LIMIT)
        return say_refused(s, EXIT_NO, "too-many", "`folkmoot reference remove NAME` drops one",
                           "reference import: %d files are kept already",
                           (int)REFERENCE_FILES_MAX);
    if (e != OK)
        return say_failed(s, e, "nothing was imported", "keeping private/reference/%s", x->head.name);
    e = reference_head_of(&s->home, x->head.name, &stands);
    if (e == OK)
        e = reference_put(x->v, &stands, &x->r);
    return e == OK ? EXIT_OK : say_failed(s, e, "it is kept, and the next command takes it up", "reading it into private/view.db");
}

/* ---- the answer ---- */

static const struct column problem_columns[] = {
    {"line", "line", COLUMN_NUMBER}, {"column", "column", 0}, {"problem", "problem", 0}, {"remedy", "remedy", 0},
};

static json_t *document(const struct importing *x, uint64_t n)
{
    json_t *doc = json_document(x->d->s);
    const struct intake *in = &x->r.in;
    json_object_set_new(doc, "name", json_text(x->head.name));
    json_object_set_new(doc, "kind", json_text(x->head.kind));
    json_object_set_new(doc, "source", json_text(x->head.source));
    json_object_set_new(doc, "vintage", json_text(x->head.vintage));
    json_object_set_new(doc, "imported", json_integer((json_int_t)n));
    json_object_set_new(doc, "unchanged", json_boolean(x->is_unchanged));
    json_object_set_new(doc, "replaced", json_boolean(x->is_replacing && !x->is_unchanged));
    json_object_set_new(doc, "lines", json_integer((json_int_t)in->files[0].n_rows));
    json_object_set_new(doc, "passed_over", json_integer((json_int_t)in->n_other_authority));
    json_object_set_new(doc, "not_wanted", json_integer((json_int_t)in->n_not_wanted));
    json_object_set_new(doc, "unknown_indicators", json_integer((json_int_t)in->n_unknown));
    json_object_set_new(doc, "empty", json_integer((json_int_t)in->n_empty));
    return doc;
}

static enum exit_status answer_problems(struct importing *x)
{
    struct session *s = x->d->s;
    const struct intake *in = &x->r.in;
    struct sheet *sh = sheet_new(problem_columns, sizeof(problem_columns) / sizeof(problem_columns[0]));
    uint64_t n = in->n_problems + in->n_problems_more;
    for (size_t i = 0; i < in->n_problems && i < INTAKE_PROBLEMS_SHOWN; i++) {
        const struct intake_problem *p = &in->problems[i];
        sheet_row(sh);
        if (p->line > 0)
            sheet_count(sh, (int64_t)p->line);
        else
            sheet_null(sh);
        sheet_text(sh, p->column[0] != '\0' ? p->column : NULL);
        sheet_text(sh, p->problem);
        sheet_text(sh, p->remedy);
    }
    json_t *doc = document(x, 0);
    json_object_set_new(doc, "errors", sheet_json(sh));
    json_object_set_new(doc, "errors_more", json_integer((json_int_t)intake_problems_more(in)));
    enum exit_status st = output(s, doc, sh);
    sheet_free(sh);
    if (intake_problems_more(in) > 0)
        out(s, "and %" PRIu64 " more.\n", intake_problems_more(in));
    return st != EXIT_OK ? st : say_refused(s, EXIT_NO, "refused", "mend the file and import it again",
                                            "%s: %" PRIu64 " problem%s, nothing was imported", x->path, n, n == 1 ? "" : "s");
}

static void passed_over(struct session *s, uint64_t n, const char *what)
{
    char shown[COUNT_SHOWN_MAX];
    count_shown((int64_t)n, shown);
    if (n > 0)
        out(s, "%s row%s %s.\n", shown, n == 1 ? "" : "s", what);
}

static enum exit_status answer(struct importing *x)
{
    struct session *s = x->d->s;
    char shown[COUNT_SHOWN_MAX];
    const struct intake *in = &x->r.in;
    size_t n = reference_count(&x->r);
    json_t *doc = document(x, n);
    json_object_set_new(doc, "errors", json_array());
    count_shown((int64_t)n, shown);
    out(s, "%s%s: %s %s of \"%s\", vintage %s.\n", x->is_unchanged ? "As imported already, " : x->is_replacing ? "Replaced " :
        "Imported ",
        x->head.name, shown, x->r.kind == REFERENCE_FIGURES ? "public figures" : x->head.kind, x->head.source, x->head.vintage);
    passed_over(s, in->n_other_authority, "of other levels, or of two bodies together, passed over");
    passed_over(s, in->n_unknown, "of indicators that are not ours passed over");
    passed_over(s, in->n_empty, "without a number");
    enum exit_status st = output(s, doc, NULL);
    if (st == EXIT_OK)
        say_next(s, "`folkmoot compare INDICATOR --with england` sets them beside the members' own");
    return st;
}

static enum exit_status import(struct importing *x)
{
    enum exit_status st = read_ask(x);
    if (st == EXIT_OK)
        st = read_file(x);
    if (st != EXIT_OK)
        return st;
    if (x->r.in.n_problems > 0)
        return answer_problems(x);
    if (reference_count(&x->r) == 0)
        return say_refused(x->d->s, EXIT_NO, "nothing-found", "`folkmoot help reference` lists what is known here",
                           "%s: nothing in it is an indicator or an authority known here", x->path);
    st = keep(x);
    return st == EXIT_OK ? answer(x) : st;
}

enum exit_status cmd_reference_import(struct session *s)
{
    struct desk d;
    struct importing x = {.d = &d, .path = s->args[0], .raw = buf_on(INTAKE_FILE_MAX)};
    enum exit_status st = desk_open(s, STORE_READ, &d);
    if (st == EXIT_OK)
        st = desk_view(&d, &x.v);
    if (st == EXIT_OK && (x.lexicon = lexicon_new(x.v)) == NULL)
        st = say_failed(s, ERR_NOMEM, NULL, "reference import");
    if (st == EXIT_OK)
        st = import(&x);
    if (x.is_read)
        reference_release(&x.r);
    lexicon_free(x.lexicon);
    buf_release(&x.raw);
    view_close(x.v);
    desk_close(&d);
    return st;
}
