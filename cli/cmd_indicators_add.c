/* cli/cmd_indicators_add.c - an alliance's own indicators, defined by a lead or the first steward. */
#include "cli/commands.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "cli/author/sealer.h"
#include "cli/intake/rows.h"
#include "cli/intake/source.h"
#include "cli/official.h"
#include "cli/output/output.h"
#include "cli/register/register.h"
#include "cli/say.h"

const struct option_spec options_indicators_add[] = {OPTIONS_END};

#define TEXT_COLUMNS(X) X(AT_ID, "id") X(AT_TITLE, "title") X(AT_NUMERATOR, "numerator") X(AT_DENOMINATOR, "denominator") \
    X(AT_UNIT, "unit") X(AT_MULTIPLIER, "multiplier") X(AT_DECIMALS, "decimals") X(AT_POLARITY, "polarity") \
    X(AT_PEOPLE, "people") X(AT_ROUNDED, "parts_rounded") X(AT_BASIS, "basis") X(AT_PARTS, "parts")

enum at {
#define X(sym, name) sym,
    TEXT_COLUMNS(X)
#undef X
    AT_COUNT
};
static const char *const names[AT_COUNT] = {
#define X(sym, name) name,
    TEXT_COLUMNS(X)
#undef X
};

enum { ADD_MAX = 256 };

#define FORM "id,title,numerator,denominator,unit,multiplier,decimals,polarity,people,parts_rounded,basis,parts"

struct adding {
    struct desk *d;
    const char *file;
    bool has_header, is_bad, overrides;
    size_t at[AT_COUNT];
    struct definition all[ADD_MAX];
    size_t n, n_known;
};

static const char *cell(const struct adding *a, const struct row *row, enum at c)
{
    return a->at[c] < row->n ? row->cells[a->at[c]] : "";
}

__attribute__((format(printf, 5, 6)))
static void complain(struct adding *a, const struct row *row, enum at c, const char *remedy, const char *fmt, ...);

static void complain(struct adding *a, const struct row *row, enum at c, const char *remedy, const char *fmt, ...)
{
    char problem[200];
    va_list ap;
    va_start(ap, fmt);
    vsnprintf(problem, sizeof(problem), fmt, ap);
    va_end(ap);
    a->is_bad = true;
    say_warning(a->d->s, "%s, line %llu, %s: %s: %s", a->file, (unsigned long long)row->line, names[c], problem, remedy);
}

static bool take_header(struct adding *a, const struct row *row)
{
    a->has_header = true;
    for (size_t c = 0; c < AT_COUNT; c++) {
        a->at[c] = SIZE_MAX;
        for (size_t i = 0; i < row->n; i++)
            if (strcasecmp(row->cells[i], names[c]) == 0)
                a->at[c] = i;
        if (a->at[c] == SIZE_MAX && c != AT_ROUNDED && c != AT_DENOMINATOR && c != AT_BASIS && c != AT_PARTS)
            complain(a, row, (enum at)c, FORM,
                     "there is no such column");
    }
    return !a->is_bad;
}

static void take_text(struct adding *a, const struct row *row, enum at c, char *ret, size_t size)
{
    const char *text = cell(a, row, c);
    if (strlen(text) >= size || !utf8_is_line(bytes_of(text)))
        complain(a, row, c, "shorten it to one line", "more than %zu bytes, or several lines", size - 1);
    else
        memcpy(ret, text, strlen(text) + 1);
}

static uint32_t take_number(struct adding *a, const struct row *row, enum at c, uint32_t most, const char *remedy)
{
    uint64_t v = 0;
    if (bytes_u64(bytes_of(cell(a, row, c)), most, &v) != OK)
        complain(a, row, c, remedy, "`%.40s`", cell(a, row, c));
    return (uint32_t)v;
}

static bool take_bool(struct adding *a, const struct row *row, enum at c)
{
    const char *text = cell(a, row, c);
    bool is_yes = strcasecmp(text, "yes") == 0 || strcasecmp(text, "true") == 0 || strcmp(text, "1") == 0;
    bool is_no = strcasecmp(text, "no") == 0 || strcasecmp(text, "false") == 0 || strcmp(text, "0") == 0;
    if (!is_yes && !is_no && (c == AT_PEOPLE || text[0] != '\0'))
        complain(a, row, c, "yes or no", "`%.40s`", text);
    return is_yes;
}

static void take_polarity(struct adding *a, const struct row *row, struct definition *d)
{
    const char *text = cell(a, row, AT_POLARITY);
    if (polarity_parse(bytes_of(text), &d->polarity) != OK)
        complain(a, row, AT_POLARITY, "high, low or none: which is good", "`%.40s`", text);
}

/* Left out, nothing is said of them. */
static void take_parts(struct adding *a, const struct row *row, struct definition *d)
{
    const char *text = cell(a, row, AT_PARTS);
    if (text[0] != '\0' && parts_parse(bytes_of(text), &d->parts) != OK)
        complain(a, row, AT_PARTS, "proportion, rate or none: what the parts are to each other", "`%.40s`", text);
}

static bool take_row(struct adding *a, const struct row *row)
{
    struct definition d = {.polarity = POLARITY_NONE, .parts = PARTS_NONE};
    if (a->n == ADD_MAX) {
        complain(a, row, AT_ID, "add them in parts", "more than %d indicators", ADD_MAX);
        return false;
    }
    take_text(a, row, AT_ID, d.id, sizeof(d.id));
    take_text(a, row, AT_TITLE, d.title, sizeof(d.title));
    take_text(a, row, AT_NUMERATOR, d.numerator, sizeof(d.numerator));
    take_text(a, row, AT_DENOMINATOR, d.denominator, sizeof(d.denominator));
    take_text(a, row, AT_UNIT, d.unit, sizeof(d.unit));
    take_text(a, row, AT_BASIS, d.basis, sizeof(d.basis));
    d.multiplier = take_number(a, row, AT_MULTIPLIER, MULTIPLIER_MAX, "1, 100, 10000");
    d.decimals = (uint8_t)take_number(a, row, AT_DECIMALS, DECIMAL_SCALE_MAX, "0 to 9");
    d.counts_people = take_bool(a, row, AT_PEOPLE);
    d.parts_rounded = take_bool(a, row, AT_ROUNDED);
    take_polarity(a, row, &d);
    take_parts(a, row, &d);
    for (size_t i = 0; i < a->n; i++)
        if (strcmp(a->all[i].id, d.id) == 0)
            complain(a, row, AT_ID, "keep one", "`%s` stands here twice", d.id);
    if (!a->is_bad && definition_check(&d) != OK)
        complain(a, row, AT_ID, "id: a-z, 0-9 and _, a letter first; a title; multiplier a power of ten",
                 "`%.63s` is no definition", d.id);
    a->overrides = a->overrides || register_definition(d.id) != NULL;
    a->all[a->n++] = d;
    return true;
}

static bool take(void *arg, const struct row *row)
{
    struct adding *a = arg;
    return a->has_header ? take_row(a, row) : take_header(a, row);
}

static enum exit_status read_file(struct adding *a)
{
    struct source source;
    struct rows_end end = {.fault = ROWS_GOOD};
    struct session *s = a->d->s;
    enum err e = source_read(a->file, s->in, &source);
    if (e == ERR_FORMAT)
        return say_refused(s, EXIT_NO, "not-csv", source.what.remedy, "%s %s", a->file, source.what.problem);
    if (e != OK)
        return say_unreadable(s, e, a->file, NULL);
    e = rows_read(buf_bytes(&source.text), take, a, &end);
    source_release(&source);
    if (e != OK)
        return say_failed(s, e, NULL, "%s", a->file);
    if (a->is_bad)
        return say_refused(s, EXIT_NO, "refused", "mend the file and add it again", "indicators add: nothing was added");
    if ((end.fault != ROWS_GOOD && end.fault != ROWS_STOPPED) || a->n == 0)
        return say_usage(s, "a heading, and an indicator a row", "%s: it defines nothing", a->file);
    return EXIT_OK;
}

/* The newest of the alliance's own says just this already, and perhaps more that a later version knows of. */
static enum err is_known(struct view *v, const struct definition *d, bool *ret)
{
    struct definition_row row;
    struct hash hash = definition_hash(d), said = hash;
    enum err e = view_definition(v, d->id, &official_definitions, &row);
    if (e == OK)
        said = definition_hash(&row.definition);
    *ret = e == OK && hash_equal(&said, &hash);
    return e == ERR_UNKNOWN ? OK : e;
}

static enum exit_status publish(struct adding *a, struct view *v)
{
    struct buf *plain = calloc(ADD_MAX, sizeof(*plain));
    struct bytes records[ADD_MAX];
    uint64_t first = 0;
    size_t n = 0;
    enum err e = plain != NULL ? OK : ERR_NOMEM;
    for (size_t i = 0; e == OK && i < a->n; i++) {
        bool known = false;
        e = is_known(v, &a->all[i], &known);
        if (e != OK || known)
            continue;
        plain[n] = buf_on(PAYLOAD_MAX);
        definition_write(&a->all[i], &plain[n]);
        e = buf_status(&plain[n]);
        records[n] = buf_bytes(&plain[n]);
        n++;
    }
    a->n_known = a->n - n;
    enum exit_status st = e != OK ? say_failed(a->d->s, e, NULL, "indicators add") :
                          n > 0 ? seal_records(a->d, v, TO_ALLIANCE, NULL, records, n, "indicators add", &first) : EXIT_OK;
    for (size_t i = 0; plain != NULL && i < n; i++)
        buf_release(&plain[i]);
    free(plain);
    return st;
}

static enum exit_status may_define(struct desk *d)
{
    enum exit_status st = desk_need_member(d);
    if (st != EXIT_OK)
        return st;
    const struct charter *c = desk_charter(d);
    const struct member *us = charter_find(c, &d->identity->slug);
    if (us->role == ROLE_LEAD || (c->n_stewards > 0 && slug_equal(&c->stewards[0], &us->slug)))
        return EXIT_OK;
    return say_refused(d->s, EXIT_NO, "role", "ask one of them",
                       "indicators add: a lead defines for the alliance, or its first steward");
}

static enum exit_status answer(const struct adding *a)
{
    struct session *s = a->d->s;
    json_t *doc = json_document(s), *ids = json_array();
    for (size_t i = 0; i < a->n; i++)
        json_array_append_new(ids, json_text(a->all[i].id));
    json_object_set_new(doc, "added", json_integer((json_int_t)(a->n - a->n_known)));
    json_object_set_new(doc, "unchanged", json_integer((json_int_t)a->n_known));
    json_object_set_new(doc, "indicators", ids);
    out(s, "%zu defined, %zu said already.\n", a->n - a->n_known, a->n_known);
    if (a->overrides)
        say_warning(s, "an official indicator is defined anew: what was published under the official definition is"
                       " not compared with what comes");
    enum exit_status st = output(s, doc, NULL);
    if (st == EXIT_OK)
        say_next(s, "`folkmoot indicators %s` shows it", a->all[0].id);
    return st;
}

enum exit_status cmd_indicators_add(struct session *s)
{
    struct desk d;
    struct view *v = NULL;
    struct adding *a = calloc(1, sizeof(*a));
    enum exit_status st = desk_open(s, STORE_WRITE, &d);
    if (st == EXIT_OK && a == NULL)
        st = say_failed(s, ERR_NOMEM, NULL, "indicators add");
    if (st == EXIT_OK)
        st = may_define(&d);
    if (st == EXIT_OK)
        st = desk_view(&d, &v);
    if (st == EXIT_OK) {
        a->d = &d;
        a->file = s->args[0];
        st = read_file(a);
    }
    if (st == EXIT_OK)
        st = publish(a, v);
    if (st == EXIT_OK)
        st = answer(a);
    free(a);
    view_close(v);
    desk_close(&d);
    return st;
}
