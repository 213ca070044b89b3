/* Files of public figures: told apart, kept, read. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "home_dir.h"

#include "cli/reference/file.h"
#include "cli/reference/read.h"
#include "cli/register/embedded.h"
#include "cli/register/register.h"
#include "protocol/crypto.h"

#define OKAY(e) assert_int_equal(e, OK)

static void the_forms_are_those_of_the_table_and_each_is_chosen_by_its_columns(void **state)
{
    (void)state;
#define X(column) assert_string_equal(csv_reference_forms[0][RF_##column], #column);
    REFERENCE_FORMS_COLUMNS(X)
#undef X
#define X(column) assert_string_equal(csv_areas[0][AREA_##column], #column);
    AREAS_COLUMNS(X)
#undef X
    size_t n = 0;
    for (size_t row = 1; row < csv_reference_forms_rows;) {         /* its own columns, backwards, and one more */
        const char *cells[FORM_FIELDS_MAX + 1], *near, *lacks, *name = csv_reference_forms[row][RF_form];
        struct row header = {.line = 1, .cells = cells};
        struct form f;
        cells[header.n++] = "something else";
        size_t end = row;
        while (end < csv_reference_forms_rows && strcmp(csv_reference_forms[end][RF_form], name) == 0)
            end++;
        for (size_t i = end; i > row; i--)
            if (strcmp(csv_reference_forms[i - 1][RF_need], "must") == 0)
                cells[header.n++] = csv_reference_forms[i - 1][RF_column];
        assert_true(form_choose(&header, &f, &near, &lacks));
        assert_string_equal(f.name, name);
        n++;
        if (header.n > 2) {                     /* without one of them it is named */
            header.n--;
            assert_true(!form_choose(&header, &f, &near, &lacks) || strcmp(f.name, name) != 0);
        }
        row = end;
    }
    assert_int_equal(n, 5);
}

/* Each by a heading as it really is. */
static void a_file_that_is_no_return_is_told_what_it_is(void **state)
{
    (void)state;
    static const struct { const char *heading, *import, *publish; } files[] = {
        {"old_la_code,new_la_code,la_name,region_code,region_name,la_type,current,replaced_by_old_la_codes,ofsted_urn",
         "a register of authorities", "a register of authorities"},
        {"new_la_code,la_name,date_of_operation,date_of_termination,parent_geography_code,old_la_code",
         "a register of authorities", "a register of authorities"},
        {"indicator,title,numerator,denominator,unit,published_dp,polarity,basis", "a list of definitions",
         "a list of definitions"},
        {"measure_code,topic,measure,chart_title,measure_short,polarity,unit", "the catalogue", "the catalogue"},
        {"Indicator ID,Indicator Name,Area Code,Area Name,Sex,Age,Time period,Value,Count,Denominator", "Fingertips", "Fingertips"},
        {"measure_short,period,area_number,area_name,region,value", "", "figures that others publish (lait)"},
        {"old_la_code,la_name,rank,neighbour_old_la_code,closeness", "", "neighbours that others publish"},
        {"time_period,time_identifier,geographic_level,new_la_code,age_group,population_estimate", "",
         "populations that others publish"},
        {"region_code,region_name,old_la_code,la_name,new_la_code", "known here", NULL},
        {"measure_short,polarity,year,area_name,value", "known here", NULL},     /* two of four is no resemblance */
        {"measure_short,polarity,period,value", "no column `area_number`", NULL},
        {"time_period,old_la_code,indicator,value", "", NULL},
    };
    for (size_t i = 0; i < sizeof(files) / sizeof(files[0]); i++) {
        char text[400];
        const char *cells[16];
        struct row header = {.line = 1, .cells = cells};
        struct reference_options with = {.vintage = "2025-01-01"};
        struct reference r;
        struct complaint why = {.problem = ""};
        (void)snprintf(text, sizeof(text), "%s", files[i].heading);
        for (char *cell = text, *end = text; end != NULL; cell = end + 1) {
            end = strchr(cell, ',');
            cells[header.n++] = cell;
            if (end != NULL)
                *end = '\0';
        }
        assert_int_equal(form_is_no_return(&header, &why), files[i].publish != NULL);
        if (files[i].publish != NULL && strstr(why.problem, files[i].publish) == NULL)
            fail_msg("%s: publish says %s", files[i].heading, why.problem);
        OKAY(reference_read(bytes_of(files[i].heading), &with, &r));
        if (files[i].import[0] != '\0' && (r.in.n_problems != 1 || strstr(r.in.problems[0].problem, files[i].import) == NULL))
            fail_msg("%s: import says %s", files[i].heading, r.in.n_problems > 0 ? r.in.problems[0].problem : "nothing");
        reference_release(&r);
    }
}

static void a_file_is_named_after_itself(void **state)
{
    char name[REFERENCE_NAME_MAX + 1], long_path[400];
    (void)state;
    OKAY(reference_name_of("/a/b/b1_Children in need__2024.v2.csv", name));
    assert_string_equal(name, "b1-children-in-need-2024-v2");
    OKAY(reference_name_of(".csv", name));
    assert_string_equal(name, "csv");
    assert_int_equal(reference_name_of("/a/--_.csv", name), ERR_FORMAT);
    assert_int_equal(reference_name_of("/a/b/", name), ERR_FORMAT);
    memset(long_path, 'x', sizeof(long_path) - 1);
    long_path[sizeof(long_path) - 1] = '\0';
    OKAY(reference_name_of(long_path, name));
    assert_int_equal(strlen(name), REFERENCE_NAME_MAX);
    assert_false(reference_name_is_good("../x") || reference_name_is_good(".folkmoot-1.tmp") || reference_name_is_good(""));
}

static struct reference_head head_of(const char *name, const char *content)
{
    struct reference_head h = {.kind = "figures", .form = "figures", .source = "DfE", .vintage = "2024-11-01",
                               .imported = "2025-01-01T00:00:00Z", .size = strlen(content), .sha256 = sha256(bytes_of(content))};
    memcpy(h.name, name, strlen(name) + 1);
    return h;
}

static void what_was_kept_comes_back(void **state)
{
    struct reference_head h = head_of("a-file", "a,b\n1,2\n"), back;
    struct reference_names names;
    struct buf whole;
    struct bytes content;
    (void)state;
    OKAY(intake_where_parse("release=2024", &h.where[h.n_where++]));
    OKAY(reference_list(&home, &names));
    assert_int_equal(names.n, 0);
    OKAY(reference_keep(&home, &h, bytes_of("a,b\n1,2\n")));
    OKAY(reference_open(&home, "a-file", &back, &whole, &content));
    assert_true(bytes_equal(content, bytes_of("a,b\n1,2\n")));
    assert_string_equal(back.source, "DfE");
    assert_int_equal(back.n_where, 1);
    assert_string_equal(back.where[0].column, "release");
    assert_string_equal(back.where[0].value, "2024");
    buf_release(&whole);
    OKAY(reference_head_of(&home, "a-file", &back));
    assert_string_equal(back.name, "a-file");
    OKAY(reference_head_of(&home, back.name, &back));       /* read over itself */
    assert_string_equal(back.name, "a-file");
    char path[FILE_PATH_MAX + 16];
    (void)snprintf(path, sizeof(path), "%s/a-file", in_home(HOME_REFERENCE));
    assert_int_equal(mode_of(path), 0600);
}

/* Every byte of a kept file, changed: it is damaged, or says something else of itself; its content is never another. */
static void a_byte_changed_is_found(void **state)
{
    const char *text = "a,b\n1,2\n";
    struct reference_head h = head_of("x", text), back;
    struct buf raw, whole;
    struct bytes content;
    char path[FILE_PATH_MAX + 16];
    (void)state;
    OKAY(reference_keep(&home, &h, bytes_of(text)));
    (void)snprintf(path, sizeof(path), "%s/x", in_home(HOME_REFERENCE));
    OKAY(file_read(path, 1 << 16, &raw));
    for (size_t i = 0; i < raw.len; i++) {
        raw.p[i] ^= 1;
        OKAY(file_write(path, buf_bytes(&raw)));
        raw.p[i] ^= 1;
        enum err e = reference_open(&home, "x", &back, &whole, &content);
        if (e == OK) {
            assert_true(bytes_equal(content, bytes_of(text)));
            buf_release(&whole);
        } else
            assert_int_equal(e, ERR_CORRUPT);
    }
    for (size_t len = 0; len < raw.len; len++) {
        OKAY(file_write(path, (struct bytes){raw.p, len}));
        assert_int_equal(reference_open(&home, "x", &back, &whole, &content), ERR_CORRUPT);
    }
    buf_release(&raw);
}

static void there_is_a_limit_to_how_many(void **state)
{
    (void)state;
    for (size_t i = 0; i <= REFERENCE_FILES_MAX; i++) {
        char name[16];
        (void)snprintf(name, sizeof(name), "f%zu", i);
        struct reference_head h = head_of(name, "x");
        assert_int_equal(reference_keep(&home, &h, bytes_of("x")), i < REFERENCE_FILES_MAX ? OK : ERR_LIMIT);
    }
    struct reference_head again = head_of("f0", "y");
    OKAY(reference_keep(&home, &again, bytes_of("y")));     /* in the place of one that is there */
    OKAY(reference_remove(&home, "f1"));
    assert_int_equal(reference_remove(&home, "f1"), ERR_UNKNOWN);
}

/* ---- reading ---- */

static const struct definition *official(void *arg, const char *id)
{
    (void)arg;
    return register_definition(id);
}

static const char *nearest(void *arg, const char *id)
{
    (void)arg;
    return register_nearest_definition(id);
}

static struct reference read_text(const char *text)
{
    struct reference_options with = {.vintage = "2025-01-01", .definition = official, .nearest = nearest};
    struct reference r;
    OKAY(reference_read(bytes_of(text), &with, &r));
    return r;
}

#define HEAD "time_period,geographic_level,country_code,region_code,old_la_code,new_la_code,indicator,numerator,denominator,value\n"

static void whose_a_figure_is_stands_with_it(void **state)
{
    (void)state;
    struct reference r = read_text(HEAD
        "2019,Local authority,E92000001,E12000008,825,E10000002,cpp_repeat_pct,1,4,25.0\n"      /* as it was coded */
        "2019,Local authority,E92000001,E12000009,835,E10000009,cpp_repeat_pct,1,4,25.0\n"      /* Dorset as it was */
        "2024,Local authority,E92000001,E12000009,838,E06000059,cpp_repeat_pct,1,4,25.0\n"
        "2024,Local authority,E92000001,,314 / 318,E09000021 / E09000027,cpp_repeat_pct,1,4,25.0\n"
        "2024,Regional,E92000001,E13000001,,,cpp_repeat_pct,10,30,30.0\n"                       /* rounded to the nearest ten */
        "2024,National,E92000001,,,,cpp_repeat_pct,,,c\n");
    assert_int_equal(r.in.n_problems, 0);
    assert_int_equal(r.in.n_figures, 5);
    assert_int_equal(r.in.n_other_authority, 1);
    assert_string_equal(r.in.figures[0].place.authority->slug.s, "buckinghamshire");
    assert_string_equal(r.in.figures[1].place.authority->slug.s, "dorset-to-2019");
    assert_string_equal(r.in.figures[2].place.authority->slug.s, "dorset");
    assert_string_equal(r.in.figures[3].place.area->name, "Inner London");
    assert_int_equal(r.in.figures[3].figure.numerator.mantissa, 10);
    assert_int_equal(r.in.figures[4].figure.status, STATUS_C);
    reference_release(&r);
}

static void a_count_beside_a_rate_that_could_not_be_given_is_kept_and_a_hidden_one_is_not(void **state)
{
    (void)state;
    struct reference r = read_text(HEAD
        "2013,Local authority,E92000001,E12000009,836,E06000029,cin_rate,1068,,x\n"
        "2024,Local authority,E92000001,E12000008,845,E10000011,cpp_repeat_pct,c,40,c\n");
    assert_int_equal(r.in.n_problems, 0);
    assert_int_equal(r.in.figures[0].figure.status, STATUS_X);
    assert_int_equal(r.in.figures[0].figure.numerator.mantissa, 1068);
    assert_false(r.in.figures[1].figure.has_numerator);
    reference_release(&r);
    r = read_text(HEAD "2024,Local authority,E92000001,E12000008,845,E10000011,cpp_repeat_pct,3,40,c\n");
    assert_int_equal(r.in.n_problems, 1);       /* the count gives away what was hidden */
    reference_release(&r);
}

static void releases_of_one_figure_are_told_apart_by_when_they_were_first_seen(void **state)
{
    (void)state;
    struct reference r = read_text("time_period,old_la_code,indicator,value,release_first_seen\n"
                                   "2023,845,cpp_repeat_pct,25.0,2024-02-16\n2023,845,cpp_repeat_pct,26.0,2024-11-01\n"
                                   "2023,845,cpp_repeat_pct,27.0,\n");
    assert_int_equal(r.in.n_problems, 0);
    assert_string_equal(r.in.figures[1].vintage, "2024-11-01");
    assert_string_equal(r.in.figures[2].vintage, "2025-01-01");
    reference_release(&r);
    r = read_text("time_period,old_la_code,indicator,value,release_first_seen\n"
                  "2023,845,cpp_repeat_pct,25.0,2025-01-01\n2023,845,cpp_repeat_pct,26.0,\n2023,845,cpp_repeat_pct,26.0,soon\n");
    assert_int_equal(r.in.n_problems, 2);
    assert_int_equal(r.in.problems[0].line, 3);
    assert_string_equal(r.in.problems[1].column, "release_first_seen");
    reference_release(&r);
}

static void of_an_area_and_an_authority_the_register_knows_where_it_lies(void **state)
{
    (void)state;
    const struct area *london = register_area("986"), *inner = register_area("Inner London"), *england = register_area("e92000001");
    const struct authority *camden = register_by_dfe("202"), *bucks = register_by_dfe("825");
    assert_true(authority_is_in(camden, london) && authority_is_in(camden, inner) && authority_is_in(camden, england));
    assert_false(authority_is_in(bucks, london) || authority_is_in(register_by_dfe("301"), inner));
    assert_null(register_area(""));
    assert_true(authority_existed(bucks, 2013) && authority_existed(bucks, 2024));          /* under either code */
    assert_false(authority_existed(register_by_dfe("942"), 2022) || authority_existed(register_by_dfe("909"), 2024));
    for (size_t i = 0; i < register_size(); i++) {          /* every region that the register names is known */
        const struct area *region = register_area(register_at(i)->region_code), *itl1 = register_area(register_at(i)->itl1_code);
        assert_non_null(region);
        assert_non_null(itl1);
        assert_string_equal(region->name, register_at(i)->region);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_forms_are_those_of_the_table_and_each_is_chosen_by_its_columns),
        cmocka_unit_test(a_file_that_is_no_return_is_told_what_it_is),
        cmocka_unit_test(a_file_is_named_after_itself),
        cmocka_unit_test_setup_teardown(what_was_kept_comes_back, make_top_and_home, remove_top),
        cmocka_unit_test_setup_teardown(a_byte_changed_is_found, make_top_and_home, remove_top),
        cmocka_unit_test_setup_teardown(there_is_a_limit_to_how_many, make_top_and_home, remove_top),
        cmocka_unit_test(whose_a_figure_is_stands_with_it),
        cmocka_unit_test(a_count_beside_a_rate_that_could_not_be_given_is_kept_and_a_hidden_one_is_not),
        cmocka_unit_test(releases_of_one_figure_are_told_apart_by_when_they_were_first_seen),
        cmocka_unit_test(of_an_area_and_an_authority_the_register_knows_where_it_lies),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
