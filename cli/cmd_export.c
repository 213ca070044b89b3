/* cli/cmd_export.c - every figure, self-assessment or post that can be read here, for other programs. */
#include "cli/commands.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "cli/assess/export.h"
#include "cli/desk.h"
#include "cli/export.h"
#include "cli/official.h"
#include "cli/output/figure.h"
#include "cli/output/output.h"
#include "cli/register/register.h"
#include "cli/say.h"
#include "cli/thread/export.h"
#include "cli/view/query.h"

const struct option_spec options_export[] = {
    {"format", 0, OPTION_CHOICE, "csv|ees|json",
     "for a spreadsheet; as the DfE's files are, which `publish` reads; for a program. Without --out, --csv and --json say it too"},
    {"what", 0, OPTION_CHOICE, "figures|assessments|posts",
     "figures unless given; self-assessments, and posts, what members said to each other, have no form ees"},
    {"out", 0, OPTION_VALUE, "FILE", "where to write it; stdout unless given"},
    OPTIONS_END,
};

enum format { FORMAT_CSV, FORMAT_EES, FORMAT_JSON };
enum { EXPORT_FLUSH = 1 << 20 };        /* bytes gathered before they are written */

struct exporting {
    struct desk *d;
    enum format format;
    const char *path;                   /* NULL: stdout */
    struct export file;
    struct buf text;
    uint64_t n, n_without_codes;
    struct definition_row definition;   /* of the indicator that is written, in JSON */
};

/* ---- cells ---- */

/* A text that a spreadsheet would run as a formula gets an apostrophe, where a spreadsheet is meant. */
static void cell(struct exporting *x, const char *text, bool is_last)
{
    bool is_formula = x->format == FORMAT_CSV && text[0] != '\0' && strchr("=+-@", text[0]) != NULL;
    bool is_quoted = is_formula || strpbrk(text, ",\"\r\n") != NULL || text[0] == ' ';
    if (is_quoted)
        buf_put_str(&x->text, is_formula ? "\"'" : "\"");
    for (const char *p = text; *p != '\0'; p++) {
        if (*p == '"')
            buf_put_u8(&x->text, '"');
        buf_put_u8(&x->text, (uint8_t)*p);
    }
    if (is_quoted)
        buf_put_u8(&x->text, '"');
    buf_put_str(&x->text, is_last ? "\r\n" : ",");
}

static void number(struct exporting *x, bool has, struct decimal d)
{
    char text[DECIMAL_TEXT_MAX] = "";
    if (has)
        decimal_text(d, text);
    buf_put_str(&x->text, text);        /* a score below zero is no formula */
    buf_put_u8(&x->text, ',');
}

static void cells(struct exporting *x, const char *const *texts, size_t n)
{
    for (size_t i = 0; i < n; i++)
        cell(x, texts[i] != NULL ? texts[i] : "", false);
}

/* ---- rows ---- */

static const char csv_header[] = "record,slug,dfe,gss,indicator,period,time_identifier,breakdown,numerator,denominator,value,"
                                 "status,reason,marking,audience,said_at\r\n";
static const char ees_header[] = "time_period,time_identifier,geographic_level,country_code,country_name,region_code,region_name,"
                                 "old_la_code,new_la_code,la_name,indicator,breakdown,numerator,denominator,value,status,"
                                 "audience\r\n";

static const struct member_codes *codes_of(const struct exporting *x, const struct slug *slug)
{
    static const struct member_codes none;
    const struct member *m = charter_find(desk_charter(x->d), slug);
    return m != NULL ? &m->codes : &none;
}

static void csv_row(struct exporting *x, const struct figure_row *r)
{
    const struct figure *f = &r->figure;
    const struct member_codes *codes = codes_of(x, &r->slug);
    char said[TIME_TEXT_MAX];
    time_text(r->said_ms, said);
    cells(x, (const char *const[]){r->record, r->slug.s, codes->dfe, codes->gss, f->indicator, f->period, f->time_identifier,
                                   f->breakdown}, 8);
    number(x, f->has_numerator, f->numerator);
    number(x, f->has_denominator, f->denominator);
    number(x, f->has_value, f->value);
    cells(x, (const char *const[]){status_name(f->status), reason_name(f->reason), marking_name(f->marking), r->audience}, 4);
    cell(x, said, true);
}

/* A symbol stands where the value would, as it does in the DfE's files. */
static void ees_row(struct exporting *x, const struct figure_row *r)
{
    const struct figure *f = &r->figure;
    const struct member_codes *codes = codes_of(x, &r->slug);
    const struct authority *a = codes->dfe[0] != '\0' ? register_by_dfe(codes->dfe) : register_by_gss(codes->gss);
    bool is_number = status_has_number(f->status);
    if (codes->dfe[0] == '\0' && codes->gss[0] == '\0') {
        x->n_without_codes++;
        return;
    }
    cells(x, (const char *const[]){f->period, f->time_identifier, "Local authority", "E92000001", "England",
                                   a != NULL ? a->region_code : "", a != NULL ? a->region : "", codes->dfe, codes->gss,
                                   a != NULL ? a->name : "", f->indicator, f->breakdown}, 12);
    number(x, f->has_numerator, f->numerator);
    number(x, f->has_denominator, f->denominator);
    if (is_number)
        number(x, f->has_value, f->value);
    else
        cell(x, status_name(f->status), false);
    cell(x, status_name(f->status), false);
    cell(x, r->audience, true);
}

/* A derived figure: a string, with the decimals that its definition declares. */
static json_t *json_value(const struct exporting *x, bool has, struct decimal d)
{
    char text[DECIMAL_TEXT_MAX + DECIMAL_SCALE_MAX];
    decimal_shown(d, x->definition.definition.decimals, text);
    return has ? json_text(text) : json_null();
}

static json_t *json_name(const char *name)
{
    return name != NULL && name[0] != '\0' ? json_text(name) : json_null();
}

static enum err know_definition(struct exporting *x, const char *id)
{
    if (strcmp(x->definition.definition.id, id) == 0)
        return OK;
    enum err e = view_definition(x->d->view, id, &official_definitions, &x->definition);
    if (e == ERR_UNKNOWN)
        x->definition.definition.decimals = 0;
    return e == ERR_UNKNOWN ? OK : e;
}

static enum err json_row(struct exporting *x, const struct figure_row *r)
{
    const struct figure *f = &r->figure;
    enum err e = know_definition(x, f->indicator);
    if (e != OK)
        return e;
    json_t *j = json_object();
    const struct { const char *key; json_t *value; } members[] = {
        {"record", json_text(r->record)}, {"slug", json_text(r->slug.s)}, {"indicator", json_text(f->indicator)},
        {"period", json_text(f->period)}, {"time_identifier", json_text(f->time_identifier)},
            {"breakdown", json_text(f->breakdown)},
        {"numerator", json_number(f->has_numerator, f->numerator)},
        {"denominator", json_number(f->has_denominator, f->denominator)},
        {"value", json_value(x, f->has_value, f->value)}, {"status", json_text(status_name(f->status))},
        {"reason", json_name(reason_name(f->reason))}, {"marking", json_name(marking_name(f->marking))},
        {"audience", json_text(r->audience)}, {"said_at", json_time(r->said_ms)},
    };
    for (size_t i = 0; i < sizeof(members) / sizeof(members[0]); i++)
        json_object_set_new(j, members[i].key, members[i].value);
    char *text = json_dumps(j, JSON_COMPACT);
    json_decref(j);
    if (text == NULL || json_lacks_memory()) {  /* a member may be missing */
        free(text);
        return ERR_NOMEM;
    }
    buf_put_str(&x->text, x->n > 0 ? ",\n" : "\n");
    buf_put_str(&x->text, text);
    free(text);
    return OK;
}

/* ---- writing ---- */

static enum err flush(struct exporting *x)
{
    enum err e = buf_status(&x->text);
    if (e != OK)
        return e;
    if (x->path != NULL)
        e = export_put(&x->file, buf_bytes(&x->text));
    else if (x->text.len > 0 && fwrite(x->text.p, 1, x->text.len, x->d->s->out) != x->text.len)
        e = ERR_IO;
    buf_clear(&x->text);
    return e;
}

static enum err take(void *arg, const struct figure_row *r)
{
    struct exporting *x = arg;
    uint64_t without = x->n_without_codes;
    enum err e = OK;
    switch (x->format) {
    case FORMAT_CSV:
        csv_row(x, r);
        break;
    case FORMAT_EES:
        ees_row(x, r);
        break;
    case FORMAT_JSON:
        e = json_row(x, r);
        break;
    }
    x->n += x->n_without_codes == without;
    return e == OK && x->text.len >= EXPORT_FLUSH ? flush(x) : e;
}

static enum err write_all(struct exporting *x, struct view *v)
{
    static const char *const begin[] = {[FORMAT_CSV] = csv_header, [FORMAT_EES] = ees_header,
                                        [FORMAT_JSON] = "{\"schema\":\"folkmoot.export/1\",\"figures\":["};
    if (x->format == FORMAT_CSV)
        buf_put_str(&x->text, "\xEF\xBB\xBF");
    buf_put_str(&x->text, begin[x->format]);
    enum err e = view_standing(v, take, x);
    if (x->format == FORMAT_JSON)
        buf_put_str(&x->text, "\n]}\n");
    return e == OK ? flush(x) : e;
}

static enum exit_status export_as(struct exporting *x)
{
    struct session *s = x->d->s;
    enum exit_status st = x->path != NULL ? export_begin(s, x->path, &x->file) : EXIT_OK;
    if (st != EXIT_OK)
        return st;
    enum err e = write_all(x, x->d->view);
    if (x->path != NULL)
        st = export_end(&x->file, e);
    else if (e != OK)                           /* what stdout did not take is said once, when it is closed */
        st = ferror(s->out) ? EXIT_ENVIRONMENT : say_failed(s, e, NULL, "writing the figures");
    s->printed = x->path == NULL;
    if (st != EXIT_OK)
        return st;
    if (x->n_without_codes > 0)
        say_warning(s, "%" PRIu64 " figures of members without a code are not in it: such files name an authority by its code",
                    x->n_without_codes);
    if (x->path == NULL)
        return EXIT_OK;
    json_t *doc = json_document(s);
    json_object_set_new(doc, "file", json_text(x->path));
    json_object_set_new(doc, "figures", json_integer((json_int_t)x->n));
    out(s, "%" PRIu64 " figures are in %s, some of them perhaps shared in confidence: mind where it goes.\n", x->n, x->path);
    return output(s, doc, NULL);
}

/* NULL: stdout. */
static const char *asked_file(const struct session *s)
{
    const char *path = option_value(&s->options, "out");
    return path != NULL && strcmp(path, "-") != 0 ? path : NULL;
}

static const char *const formats[] = {[FORMAT_CSV] = "csv", [FORMAT_EES] = "ees", [FORMAT_JSON] = "json"};

/* Onto stdout --csv and --json name a format too. false: nothing says it. */
static bool asked_format(const struct session *s, enum format *ret)
{
    const char *word = option_value(&s->options, "format");
    if (word == NULL && asked_file(s) == NULL)
        word = s->mode == OUTPUT_JSON ? "json" : s->mode == OUTPUT_CSV ? "csv" : NULL;
    if (word == NULL)
        return false;
    *ret = word[0] == 'c' ? FORMAT_CSV : word[0] == 'e' ? FORMAT_EES : FORMAT_JSON;
    return true;
}

enum subject { FIGURES, ASSESSMENTS, POSTS };

static enum subject asked_what(const struct session *s)
{
    const char *what = option_value(&s->options, "what");
    return what == NULL || what[0] == 'f' ? FIGURES : what[0] == 'a' ? ASSESSMENTS : POSTS;
}

static enum exit_status export(struct desk *d)
{
    struct exporting x = {.d = d, .path = asked_file(d->s), .text = buf_on(EXPORT_FLUSH + 64 * 1024)};
    enum exit_status st = EXIT_OK;
    if (asked_format(d->s, &x.format)) {
        switch (asked_what(d->s)) {
        case FIGURES:     st = export_as(&x); break;
        case ASSESSMENTS: st = assessments_export(d, x.format == FORMAT_JSON, x.path); break;
        case POSTS:       st = posts_export(d, x.format == FORMAT_JSON, x.path); break;
        }
    }
    buf_release(&x.text);
    return st;
}

enum exit_status cmd_export(struct session *s)
{
    enum format format;
    if (!asked_format(s, &format))
        return say_usage(s, "--format csv, ees or json", "export: it needs a format");
    if (asked_what(s) != FIGURES && format == FORMAT_EES)
        return say_usage(s, "--format csv or json", "export: the form ees is for figures");
    bool is_other = s->mode == OUTPUT_JSON ? format != FORMAT_JSON : s->mode == OUTPUT_CSV && format == FORMAT_JSON;
    if (asked_file(s) == NULL && is_other)
        return say_usage(s, "name a file with --out, or leave --json and --csv out",
                         "export: stdout cannot be %s and %s at once", formats[format], s->mode == OUTPUT_JSON ? "json" : "csv");
    return desk_run(s, DESK_VIEW, export);
}
