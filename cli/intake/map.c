/* cli/intake/map.c - where indicators stand in files of other column names (intake.h). */
#include "cli/intake/intake.h"

#include <string.h>
#include <strings.h>

#include "cli/intake/rows.h"

#define MAP_COLUMNS(X) X(MAP_INDICATOR, "indicator") X(MAP_NUMERATOR, "numerator") X(MAP_DENOMINATOR, "denominator") \
    X(MAP_VALUE, "value") X(MAP_WHERE, "where") X(MAP_BESIDE, "denominator_where")

enum map_column {
#define X(sym, name) sym,
    MAP_COLUMNS(X)
#undef X
    MAP_COLUMN_COUNT
};

struct map_reading {
    struct intake_map *ret;
    size_t max, n;
    bool has_header;
    size_t at[MAP_COLUMN_COUNT];
    uint64_t line;
    struct complaint *why;
    bool failed;
};

static bool fail(struct map_reading *m, uint64_t line, const char *problem, const char *remedy)
{
    snprintf(m->why->problem, sizeof(m->why->problem), "%s", problem);
    snprintf(m->why->remedy, sizeof(m->why->remedy), "%s", remedy);
    m->line = line;
    m->failed = true;
    return false;
}

static bool take_header(struct map_reading *m, const struct row *row)
{
    static const char *const names[] = {
#define X(sym, name) [sym] = (name),
        MAP_COLUMNS(X)
#undef X
    };
    for (size_t c = 0; c < MAP_COLUMN_COUNT; c++) {
        m->at[c] = SIZE_MAX;
        for (size_t i = 0; i < row->n; i++)
            if (strcasecmp(row->cells[i], names[c]) == 0)
                m->at[c] = i;
    }
    m->has_header = true;
    if (m->at[MAP_INDICATOR] == SIZE_MAX || (m->at[MAP_VALUE] == SIZE_MAX && m->at[MAP_NUMERATOR] == SIZE_MAX))
        return fail(m, row->line, "the columns of a map are missing", "indicator,numerator,denominator,value[,where]");
    return true;
}

static const char *cell(const struct map_reading *m, const struct row *row, enum map_column c)
{
    return m->at[c] < row->n ? row->cells[m->at[c]] : "";
}

static bool copy(char *ret, size_t size, const char *text)
{
    size_t len = strlen(text);
    if (len >= size)
        return false;
    memcpy(ret, text, len + 1);
    return true;
}

enum err intake_conditions_parse(const char *text, struct intake_conditions *ret)
{
    struct intake_conditions all = {.n = 0};
    char one[COLUMN_NAME_MAX + sizeof(all.all[0].value) + 2];
    for (size_t from = 0; text[from] != '\0';) {
        size_t len = strcspn(text + from, ";");
        if (all.n == INTAKE_CONDITIONS_MAX || len >= sizeof(one))
            return ERR_LIMIT;
        memcpy(one, text + from, len);
        one[len] = '\0';
        enum err e = intake_where_parse(one, &all.all[all.n++]);
        if (e != OK)
            return e;
        from += len + (text[from + len] == ';');
    }
    *ret = all;
    return OK;
}

static bool take_row(struct map_reading *m, const struct row *row)
{
    struct intake_map one = {.indicator = ""};
    if (m->n == m->max)
        return fail(m, row->line, "too many indicators in one map", "split it");
    if (!copy(one.indicator, sizeof(one.indicator), cell(m, row, MAP_INDICATOR)) ||
        !copy(one.numerator, sizeof(one.numerator), cell(m, row, MAP_NUMERATOR)) ||
        !copy(one.denominator, sizeof(one.denominator), cell(m, row, MAP_DENOMINATOR)) ||
        !copy(one.value, sizeof(one.value), cell(m, row, MAP_VALUE)))
        return fail(m, row->line, "a name is too long", "no column or indicator has so long a name");
    if (one.indicator[0] == '\0' || (one.numerator[0] == '\0' && one.value[0] == '\0'))
        return fail(m, row->line, "the row maps nothing", "name the indicator, and the column of its value or numerator");
    if (intake_conditions_parse(cell(m, row, MAP_WHERE), &one.where) != OK ||
        intake_conditions_parse(cell(m, row, MAP_BESIDE), &one.beside) != OK)
        return fail(m, row->line, "`where` is not COLUMN=VALUE", "write COLUMN=VALUE;COLUMN=VALUE, at most three, or nothing");
    if (one.beside.n > 0 && one.denominator[0] == '\0')
        return fail(m, row->line, "`denominator_where` without a denominator", "name the column that it stands in");
    m->ret[m->n++] = one;
    return true;
}

static bool take(void *arg, const struct row *row)
{
    struct map_reading *m = arg;
    return m->has_header ? take_row(m, row) : take_header(m, row);
}

enum err intake_map_read(struct bytes text, struct intake_map *ret, size_t max, size_t *ret_n,
                         uint64_t *ret_line, struct complaint *ret_why)
{
    struct map_reading m = {.ret = ret, .max = max, .why = ret_why};
    struct source source;
    struct rows_end end = {.fault = ROWS_GOOD};
    enum err e = source_from(text, &source);
    if (e == OK) {
        e = rows_read(buf_bytes(&source.text), take, &m, &end);
        source_release(&source);
    }
    if (e == ERR_NOMEM)
        return e;
    if (e != OK || (end.fault != ROWS_GOOD && end.fault != ROWS_STOPPED))
        fail(&m, end.line, "the map is no CSV file", "save it as CSV UTF-8");
    else if (!m.failed && m.n == 0)
        fail(&m, 0, "the map maps nothing", "a row an indicator");
    if (m.failed) {
        *ret_line = m.line;
        return ERR_FORMAT;
    }
    *ret_n = m.n;
    return OK;
}
