/* An error in any cell that matters is reported at its line and column.
 *
 * Errors are planted one at a time into real files, at random; $FOLKMOOT_SEED repeats a run. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "cli/intake/intake.h"
#include "cli/intake/rows.h"
#include "cli/output/csv.h"
#include "tests/unit/ees.h"

enum { ROWS_MAX = 700, COLUMNS_MAX = 40, ROUNDS = 1200 };

struct table {
    char *cells[ROWS_MAX][COLUMNS_MAX];     /* row 0 is the header */
    uint64_t lines[ROWS_MAX];
    size_t n_rows, n_columns;
};

static bool keep(void *arg, const struct row *row)
{
    struct table *t = arg;
    assert_true(t->n_rows < ROWS_MAX && row->n <= COLUMNS_MAX);
    t->lines[t->n_rows] = row->line;
    t->n_columns = t->n_rows == 0 ? row->n : t->n_columns;
    assert_int_equal(row->n, t->n_columns);
    for (size_t i = 0; i < row->n; i++)
        assert_non_null(t->cells[t->n_rows][i] = strdup(row->cells[i]));
    t->n_rows++;
    return true;
}

static void table_load(const char *path, struct table *ret)
{
    struct source source;
    struct rows_end end;
    ret->n_rows = 0;
    assert_int_equal(source_read(path, stdin, &source), OK);
    assert_int_equal(rows_read(buf_bytes(&source.text), keep, ret, &end), OK);
    source_release(&source);
}

static void table_free(struct table *t)
{
    for (size_t r = 0; r < t->n_rows; r++)
        for (size_t c = 0; c < t->n_columns; c++)
            free(t->cells[r][c]);
}

static size_t column(const struct table *t, const char *name)
{
    for (size_t c = 0; c < t->n_columns; c++)
        if (strcmp(t->cells[0][c], name) == 0)
            return c;
    return SIZE_MAX;
}

static const char *cell(const struct table *t, size_t row, const char *name)
{
    size_t c = column(t, name);
    return c != SIZE_MAX ? t->cells[row][c] : "";
}

static uint64_t seed;

static size_t draw(size_t n)
{
    seed = seed * 6364136223846793005u + 1442695040888963407u;
    return (size_t)(seed >> 33) % n;
}

/* What may be wrong in a column, and is never right there. */
static const char *const bad_numbers[] = {"12%", "n/a", "1E+05", "1,23", "-3", "12 34", "#REF!", "1.2.3", "=1+1", "o"};
static const char *const bad_periods[] = {"20x4", "", "2024-25", "202426", "24"};
static const char *const bad_identifiers[] = {"Reporting yer", "Q1", "Financial year Q5"};
static const char *const bad_levels[] = {"Local authorty", "", "LA"};
static const char *const bad_dfe[] = {"8x5", "850", "845.0", "E10000011"};
static const char *const bad_gss[] = {"E10000014", "845", "E1000011", "?"};
static const char *const bad_names[] = {"Hampshire", "Kent"};
static const char *const bad_words[] = {"", "Total childrn", "something else"};
static const char *const bad_indicators[] = {"", "cin_rat", "17"};
static const char *const bad_multipliers[] = {"10", "x", "1%"};

static const struct { const char *column; const char *const *bad; size_t n; } kinds[] = {
#define KIND(column, bad) {column, bad, sizeof(bad) / sizeof((bad)[0])}
    KIND("time_period", bad_periods), KIND("time_identifier", bad_identifiers), KIND("geographic_level", bad_levels),
    KIND("old_la_code", bad_dfe), KIND("new_la_code", bad_gss), KIND("la_name", bad_names),
    KIND("population_count", bad_words), KIND("cla_group", bad_words), KIND("placement_stability", bad_words),
    KIND("indicator", bad_indicators), KIND("multiplier", bad_multipliers),
    KIND("numerator", bad_numbers), KIND("denominator", bad_numbers), KIND("value", bad_numbers),
#undef KIND
};

/* Columns that hold a number which some figure is made of: by the maps, not by what the intake did with them. */
static bool is_number_column(const char *name)
{
    struct intake_map maps[INTAKE_SLOTS_MAX];
    for (size_t t = 0; intake_table_name(t) != NULL; t++)
        for (size_t i = 0, n = intake_table_maps(t, maps, INTAKE_SLOTS_MAX); i < n; i++)
            if (name[0] != '\0' && (strcmp(maps[i].numerator, name) == 0 || strcmp(maps[i].denominator, name) == 0 ||
                                    strcmp(maps[i].value, name) == 0))
                return true;
    return false;
}

/* The row says or divides a figure: not one of those that the maps pass over. */
static bool is_live(const struct table *t, size_t row, size_t c)
{
    const char *group = cell(t, row, "cla_group"), *words = cell(t, row, "placement_stability");
    if (strcmp(cell(t, row, "old_la_code"), "845") != 0)
        return false;
    if (strcmp(group, "CLA 2 years on 31 March") == 0 || (strcmp(words, "Total children") == 0 && strcmp(t->cells[0][c],
                                                                                                         "percentage") == 0))
        return false;
    return strcmp(cell(t, row, "release"), "") == 0 || strcmp(cell(t, row, "release"), "2024") == 0;
}

static const char *bad_for(const char *name)
{
    for (size_t k = 0; k < sizeof(kinds) / sizeof(kinds[0]); k++)
        if (strcmp(kinds[k].column, name) == 0)
            return kinds[k].bad[draw(kinds[k].n)];
    return is_number_column(name) ? bad_numbers[draw(sizeof(bad_numbers) / sizeof(bad_numbers[0]))] : NULL;
}

static void read_planted(const struct table *t, size_t row, size_t c, const char *bad, bool has_release, struct intake *ret)
{
    struct intake_where where = {.column = "release", .value = "2024"};
    struct intake_options with = {.dfe = "845", .gss = "E10000011", .base = STATUS_FINAL, .where = &where, .n_where = has_release};
    char *text = NULL;
    size_t len = 0;
    FILE *f = open_memstream(&text, &len);
    assert_non_null(f);
    for (size_t r = 0; r < t->n_rows; r++)
        for (size_t i = 0; i < t->n_columns; i++)
            csv_cell(f, r == row && i == c ? bad : t->cells[r][i], true, i + 1 == t->n_columns);
    assert_int_equal(fclose(f), 0);
    assert_int_equal(intake_from((struct bytes){(uint8_t *)text, len}, &with, ret), OK);
    free(text);
}

static void plant_one(const struct table *t, const char *path, bool has_release)
{
    struct intake in;
    uint64_t before = seed;
    size_t row, c;
    const char *bad;
    do {
        row = 1 + draw(t->n_rows - 1);
        c = draw(t->n_columns);
        bad = bad_for(t->cells[0][c]);
    } while (bad == NULL || !is_live(t, row, c));
    read_planted(t, row, c, bad, has_release, &in);
    for (size_t i = 0; i < in.n_problems; i++)
        if (in.problems[i].line == row + 1 && strcmp(in.problems[i].column, t->cells[0][c]) == 0) {
            intake_release(&in);
            return;
        }
    fail_msg("seed %llu: `%s` in %s, line %zu, column %s went unnoticed (%zu problems, the first in line %llu, column %s: %s)",
             (unsigned long long)before, bad, path, row + 1, t->cells[0][c], in.n_problems,
             in.n_problems > 0 ? (unsigned long long)in.problems[0].line : 0, in.n_problems > 0 ? in.problems[0].column : "",
             in.n_problems > 0 ? in.problems[0].problem : "");
}

static void an_error_in_any_cell_is_reported_at_its_line_and_column(void **state)
{
    (void)state;
    static struct table t;
    const char *given = getenv("FOLKMOOT_SEED");
    seed = given != NULL ? strtoull(given, NULL, 10) : 20240331;
    print_message("# seed %llu\n", (unsigned long long)seed);
    for (size_t f = 0; f <= EES_FILES; f++) {
        char path[256];
        struct intake in;
        snprintf(path, sizeof(path), "%s", f < EES_FILES ? "" : "tests/data/south_east_publish.csv");
        if (f < EES_FILES)
            snprintf(path, sizeof(path), "%s%s", EES_CUT, ees_files[f].name);
        table_load(path, &t);
        read_planted(&t, SIZE_MAX, 0, "", f == EES_FILES, &in);
        assert_int_equal(in.n_problems, 0);
        intake_release(&in);
        for (size_t i = 0; i < ROUNDS / (EES_FILES + 1); i++)
            plant_one(&t, path, f == EES_FILES);
        table_free(&t);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(an_error_in_any_cell_is_reported_at_its_line_and_column)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
