/* The DfE's own files say what the figures made from them say, figure by figure.
 *
 * tests/data/ees holds a few authorities of each file; $FOLKMOOT_DATA (else ../shared/data), where it is there, the
 * whole files and the figures of every region: every authority where the variable is set, else every eighth. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "cli/intake/intake.h"
#include "cli/intake/rows.h"
#include "cli/register/register.h"
#include "tests/unit/ees.h"

/* One row of the figures made from the files: the cells as they stand there. */
enum { AT_PERIOD, AT_DFE, AT_INDICATOR, AT_NUMERATOR, AT_DENOMINATOR, AT_VALUE, AT_RELEASE, AT_COUNT };
static const char *const wanted_columns[AT_COUNT] = {"time_period", "old_la_code", "indicator", "numerator", "denominator",
                                                     "value", "release"};

struct published {
    char cells[AT_COUNT][64];
    bool is_met;
};

struct all {
    struct published *rows;
    size_t n, cap, at[AT_COUNT];
    bool has_header;
};

static bool is_mapped(const char *indicator)
{
    struct intake_map maps[INTAKE_SLOTS_MAX];
    for (size_t t = 0; intake_table_name(t) != NULL; t++)
        for (size_t i = 0, n = intake_table_maps(t, maps, INTAKE_SLOTS_MAX); i < n; i++)
            if (strcmp(maps[i].indicator, indicator) == 0)
                return true;
    return false;
}

static bool load(void *arg, const struct row *row)
{
    struct all *a = arg;
    if (!a->has_header) {
        for (size_t c = 0; c < AT_COUNT; c++)
            for (size_t i = 0; i < row->n; i++)
                if (strcmp(row->cells[i], wanted_columns[c]) == 0)
                    a->at[c] = i;
        a->has_header = true;
        return true;
    }
    if (!is_mapped(row->cells[a->at[AT_INDICATOR]]))
        return true;
    if (a->n == a->cap) {
        a->cap = a->cap > 0 ? a->cap * 2 : 1024;
        a->rows = realloc(a->rows, a->cap * sizeof(*a->rows));
        assert_non_null(a->rows);
    }
    struct published *p = &a->rows[a->n++];
    p->is_met = false;
    for (size_t c = 0; c < AT_COUNT; c++)
        assert_int_equal(bytes_to_str(bytes_of(row->cells[a->at[c]]), p->cells[c], sizeof(p->cells[c])), OK);
    return true;
}

static void load_file(const char *path, struct all *a)
{
    struct source source;
    struct rows_end end;
    a->has_header = false;
    assert_int_equal(source_read(path, stdin, &source), OK);
    assert_int_equal(rows_read(buf_bytes(&source.text), load, a, &end), OK);
    assert_int_equal(end.fault, ROWS_GOOD);
    source_release(&source);
}

static int by_key(const void *a, const void *b)
{
    const struct published *p = a, *q = b;
    int order = strcmp(p->cells[AT_DFE], q->cells[AT_DFE]);
    order = order != 0 ? order : strcmp(p->cells[AT_RELEASE], q->cells[AT_RELEASE]);
    order = order != 0 ? order : strcmp(p->cells[AT_INDICATOR], q->cells[AT_INDICATOR]);
    return order != 0 ? order : strcmp(p->cells[AT_PERIOD], q->cells[AT_PERIOD]);
}

/* By the text alone: nothing of the intake's own reading. */
static bool is_number(const char *cell)
{
    return cell[0] != '\0' && strspn(cell, "0123456789.") == strlen(cell);
}

static bool is_same(const char *cell, bool has, struct decimal d)
{
    char text[DECIMAL_TEXT_MAX];
    double difference;
    if (!is_number(cell) || !has)
        return is_number(cell) == has;
    decimal_text(d, text);
    difference = strtod(cell, NULL) - strtod(text, NULL);
    return difference > -1e-9 && difference < 1e-9;
}

static bool says_the_same(const struct published *p, const struct figure *f)
{
    const char *n = p->cells[AT_NUMERATOR], *d = p->cells[AT_DENOMINATOR], *v = p->cells[AT_VALUE];
    const char *symbol = v[0] != '\0' && !is_number(v) ? v : v[0] == '\0' && !is_number(n) ? n : NULL;
    if (!is_same(d, f->has_denominator, f->denominator))
        return false;
    if (strcmp(n, "0") == 0 && strcmp(d, "0") == 0)     /* a denominator of 0 gives no value */
        return f->status == STATUS_Z && !f->has_numerator && !f->has_value;
    if (symbol != NULL)                                 /* a count beside it stands, but with c there is none */
        return strcmp(symbol, status_name(f->status)) == 0 && is_same(n, f->has_numerator, f->numerator) && !f->has_value;
    bool is_stated = is_number(v) && !is_number(d);
    return is_same(n, f->has_numerator, f->numerator) && is_same(v, f->has_value, f->value) &&
           f->status == (is_stated ? STATUS_STATED : STATUS_FINAL);
}

/* Every figure of one authority in one file against what was made from it. */
static void check_file(const char *folder, const struct ees_file *file, const struct authority *who, struct all *a,
                       size_t *n_figures)
{
    char path[512];
    const char *const names[] = {path};
    struct intake_options with = {.dfe = who->dfe, .gss = who->gss, .base = STATUS_FINAL};
    struct intake in;
    snprintf(path, sizeof(path), "%s%s", folder, file->name);
    assert_int_equal(intake_read(names, 1, stdin, &with, &in), OK);
    for (size_t i = 0; i < in.n_problems; i++)
        fail_msg("%s, line %llu, %s: %s: %s", path, (unsigned long long)in.problems[i].line, in.problems[i].column,
                 in.problems[i].problem, in.problems[i].remedy);
    assert_string_equal(in.files[0].map, file->map);
    for (size_t i = 0; i < in.n_figures; i++) {
        const struct figure *f = &in.figures[i].figure;
        struct published want;
        snprintf(want.cells[AT_DFE], 64, "%s", who->dfe);
        snprintf(want.cells[AT_RELEASE], 64, "%s", file->release);
        snprintf(want.cells[AT_INDICATOR], 64, "%s", f->indicator);
        snprintf(want.cells[AT_PERIOD], 64, "%s", f->period);
        struct published *p = bsearch(&want, a->rows, a->n, sizeof(*a->rows), by_key);
        if (p != NULL && (p->is_met || !says_the_same(p, f)))
            fail_msg("%s: %s of %s in %s is not as published", path, f->indicator, who->name, f->period);
        if (p != NULL)
            p->is_met = true;
    }
    *n_figures += in.n_figures;
    intake_release(&in);
}

static void check_folder(const char *folder, struct all *a, const char *const *codes, size_t n_codes)
{
    size_t n_figures = 0, n_met = 0, n_wanted = 0;
    qsort(a->rows, a->n, sizeof(*a->rows), by_key);
    for (size_t i = 0; i < n_codes; i++)
        for (size_t f = 0; f < EES_FILES; f++)
            check_file(folder, &ees_files[f], register_by_dfe(codes[i]), a, &n_figures);
    for (size_t i = 0; i < a->n; i++) {
        bool is_asked = false;
        for (size_t c = 0; c < n_codes; c++)
            is_asked = is_asked || strcmp(a->rows[i].cells[AT_DFE], codes[c]) == 0;
        n_wanted += is_asked;
        n_met += a->rows[i].is_met;
    }
    print_message("# %zu figures of %zu authorities taken from %d files, %zu of %zu published ones found equal\n", n_figures,
                  n_codes,
                  EES_FILES, n_met, n_wanted);
    assert_int_equal(n_met, n_wanted);
    assert_true(n_wanted > 0);
    free(a->rows);
}

static void every_figure_of_the_cut_files_is_as_published(void **state)
{
    (void)state;
    static const char *const codes[] = {"845", "850", "825", "420", "392"};
    struct all a = {.rows = NULL};
    load_file(EES_CUT "figures.csv", &a);
    assert_int_equal(a.n, 750);
    check_folder(EES_CUT, &a, codes, 5);
}

/* The same figures in long form, both releases in one file. */
static void check_region(const char *data, const struct authority *who)
{
    char path[400], name[64];
    const char *const names[] = {path}, *region = strstr(who->region, "London") != NULL ? "London" : who->region;
    size_t n = 0;
    for (size_t i = 0; region[i] != '\0'; i++)
        if (strncmp(region + i, "The ", 4) == 0)
            i += 3;
        else
            name[n++] = (char)(region[i] == ' ' ? '_' : region[i] | 0x20);
    name[n] = '\0';
    snprintf(path, sizeof(path), "%s/regions/%s.csv", data, name);
    for (int release = 2023; release <= 2024; release++) {
        struct intake_where where = {.column = "release"};
        struct intake_options with = {.dfe = who->dfe, .gss = who->gss, .base = STATUS_FINAL, .where = &where, .n_where = 1};
        struct intake in;
        snprintf(where.value, sizeof(where.value), "%d", release);
        assert_int_equal(intake_read(names, 1, stdin, &with, &in), OK);
        if (in.n_problems > 0)
            fail_msg("%s, line %llu: %s", path, (unsigned long long)in.problems[0].line, in.problems[0].problem);
        intake_release(&in);
    }
}

static void every_figure_of_every_authority_is_as_published(void **state)
{
    (void)state;
    static const char *const regions[] = {"east_midlands", "east_of_england", "london", "north_east", "north_west", "south_east",
                                          "south_west", "west_midlands", "yorkshire_and_humber"};
    const char *data = getenv("FOLKMOOT_DATA"), *codes[AUTHORITIES_MAX];
    struct all a = {.rows = NULL};
    char path[400];
    size_t n_codes = 0, step = data != NULL ? 1 : 8;
    if (data == NULL)
        data = "../shared/data";
    snprintf(path, sizeof(path), "%s/ees_files/", data);
    if (access(path, R_OK) != 0) {
        print_message("# no whole files at %s\n", path);
        skip();
    }
    for (size_t i = 0; i < sizeof(regions) / sizeof(regions[0]); i++) {
        snprintf(path, sizeof(path), "%s/regions/%s.csv", data, regions[i]);
        load_file(path, &a);
    }
    for (size_t i = 0; i < register_size(); i += step)
        if (n_codes == 0 || strcmp(codes[n_codes - 1], register_at(i)->dfe) != 0)
            codes[n_codes++] = register_at(i)->dfe;
    for (size_t i = 0; i < n_codes; i++)
        check_region(data, register_by_dfe(codes[i]));
    snprintf(path, sizeof(path), "%s/ees_files/", data);
    check_folder(path, &a, codes, n_codes);
}

static void the_built_in_maps_name_indicators_and_fit_their_limits(void **state)
{
    (void)state;
    struct intake_map maps[INTAKE_SLOTS_MAX];
    size_t n_tables = 0, n_maps = 0;
    for (; intake_table_name(n_tables) != NULL; n_tables++) {
        size_t n = intake_table_maps(n_tables, maps, INTAKE_SLOTS_MAX);
        assert_true(n > 0 && n <= 16 && strlen(intake_table_name(n_tables)) <= INTAKE_NAME_MAX);
        for (size_t i = 0; i < n; i++)
            assert_true(maps[i].indicator[0] == '\0' || register_definition(maps[i].indicator) != NULL);
        n_maps += n;
    }
    assert_int_equal(n_tables, 7);
    assert_int_equal(n_maps, 19);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_built_in_maps_name_indicators_and_fit_their_limits),
        cmocka_unit_test(every_figure_of_the_cut_files_is_as_published),
        cmocka_unit_test(every_figure_of_every_authority_is_as_published),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
