#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "cli/register/embedded.h"
#include "cli/register/register.h"

static void the_embedded_files_have_the_columns_that_are_named(void **state)
{
    (void)state;
#define X(column) assert_string_equal(csv_local_authorities[0][LA_##column], #column);
    LOCAL_AUTHORITIES_COLUMNS(X)
#undef X
#define X(column) assert_string_equal(csv_headline_indicators[0][HI_##column], #column);
    HEADLINE_INDICATORS_COLUMNS(X)
#undef X
#define X(column) assert_string_equal(csv_statistical_neighbours_2025[0][SN_##column], #column);
    STATISTICAL_NEIGHBOURS_2025_COLUMNS(X)
#undef X
    assert_int_equal(csv_local_authorities_rows, 162);
    assert_int_equal(csv_headline_indicators_rows, 33);
}

static void a_quoted_name_keeps_its_comma(void **state)
{
    (void)state;
    assert_string_equal(register_by_dfe("839")->name, "Bournemouth, Christchurch and Poole");
    assert_string_equal(register_by_dfe("801")->name, "Bristol, City of");
}

static void every_slug_is_a_slug_and_names_one_body(void **state)
{
    (void)state;
    assert_int_equal(register_size(), 161);
    for (size_t i = 0; i < register_size(); i++) {
        struct slug again;
        const struct authority *a = register_at(i), *found = NULL;
        assert_int_equal(slug_parse(bytes_of(a->slug.s), &again), OK);
        for (size_t k = 0; k < i; k++)
            assert_string_not_equal(register_at(k)->slug.s, a->slug.s);
        assert_int_equal(register_find(a->slug.s, &found), OK);
        assert_ptr_equal(found, a);
    }
}

static void finds(const char *word, const char *slug)
{
    const struct authority *a = NULL;
    enum err e = register_find(word, &a);
    if (e != OK)
        fail_msg("`%s`: %s", word, err_code(e));
    assert_string_equal(a->slug.s, slug);
}

static void an_authority_is_found_by_any_of_its_names(void **state)
{
    (void)state;
    finds("845", "east-sussex");
    finds("E10000011", "east-sussex");
    finds("e10000011", "east-sussex");
    finds("East Sussex", "east-sussex");
    finds("EAST SUSSEX COUNTY COUNCIL", "east-sussex");
    finds("brighton & hove", "brighton-and-hove");
    finds("Brighton and Hove", "brighton-and-hove");
    finds("Kingston upon Thames", "kingston-upon-thames");
    finds("Royal Borough of Kingston upon Thames", "kingston-upon-thames");
    finds("st helens", "st-helens");
    finds("bristol", "bristol-city-of");
    finds("Bristol City Council", "bristol-city-of");
    finds("City of Bristol", "bristol-city-of");
    finds("Durham", "county-durham");
    finds("Durham County Council", "county-durham");
    finds("City of London", "city-of-london");
    finds("City of London Corporation", "city-of-london");
    finds("hampsh", "hampshire");
    finds("london borough of camden", "camden");
}

static void a_name_that_begins_another_is_itself(void **state)
{
    (void)state;
    finds("derby", "derby");
    finds("York", "york");
    finds("nottingham", "nottingham");
    finds("Bournemouth", "bournemouth");
}

static void an_old_gss_code_of_a_body_that_goes_on_gives_the_row_of_today(void **state)
{
    (void)state;
    finds("E10000002", "buckinghamshire");
    finds("E06000060", "buckinghamshire");
    finds("825", "buckinghamshire");
    const struct authority *a = register_by_dfe("825");
    assert_true(authority_has_codes(a, NULL, "E10000002"));
    assert_true(authority_has_codes(a, "825", "E10000023"));
    assert_true(authority_has_codes(a, "", "e06000060"));
    assert_false(authority_has_codes(a, "826", "E06000042"));
    assert_false(authority_has_codes(a, "", ""));
    assert_false(authority_has_codes(a, NULL, NULL));
}

static void a_body_that_was_replaced_names_its_successors(void **state)
{
    (void)state;
    const struct authority *a = register_by_dfe("909");
    assert_string_equal(a->slug.s, "cumbria");
    assert_false(a->is_current);
    assert_int_equal(a->n_successors, 2);
    assert_string_equal(a->successors[0]->slug.s, "cumberland");
    assert_string_equal(a->successors[1]->slug.s, "westmorland-and-furness");
    assert_null(a->continues_as);
    assert_string_equal(register_by_dfe("835")->slug.s, "dorset-to-2019");
    assert_string_equal(register_by_dfe("838")->slug.s, "dorset");
    finds("Dorset", "dorset");
}

static void an_unknown_or_ambiguous_name_is_told_apart(void **state)
{
    (void)state;
    const struct authority *a = NULL, *some[3];
    assert_int_equal(register_find("Barsetshire", &a), ERR_UNKNOWN);
    assert_int_equal(register_find("", &a), ERR_UNKNOWN);
    assert_int_equal(register_find("999", &a), ERR_UNKNOWN);
    assert_int_equal(register_find("London", &a), ERR_UNKNOWN);
    assert_int_equal(register_find("north", &a), ERR_CONFLICT);
    assert_null(a);
    assert_true(register_candidates("north", some, 3) > 3);
    assert_string_equal(register_nearest("east-susex"), "east-sussex");
    assert_string_equal(register_nearest("Hampshrie"), "hampshire");
    assert_null(register_nearest("zzzzzzzz"));
}

static void every_current_authority_has_ten_neighbours_of_its_own(void **state)
{
    (void)state;
    for (size_t i = 0; i < register_size(); i++) {
        const struct authority *a = register_at(i);
        if (!a->is_current)
            continue;
        for (size_t r = 1; r <= NEIGHBOURS; r++) {
            assert_non_null(register_neighbour(a, r));
            assert_ptr_not_equal(register_neighbour(a, r), a);
        }
    }
    assert_null(register_neighbour(register_by_dfe("845"), 11));
}

static void a_definition_says_how_it_is_computed(void **state)
{
    (void)state;
    const struct definition *d = register_definition("cin_rate");
    assert_string_equal(d->title, "Children in need at 31 March per 10,000");
    assert_int_equal(d->multiplier, 10000);
    assert_int_equal(d->decimals, 1);
    assert_int_equal(d->polarity, POLARITY_NONE);
    assert_true(d->counts_people);
    assert_false(d->parts_rounded);
    d = register_definition("SW_TURNOVER_PCT");
    assert_int_equal(d->multiplier, 100);
    assert_int_equal(d->polarity, POLARITY_LOW);
    assert_false(d->counts_people);
    assert_true(d->parts_rounded);
    assert_int_equal(register_definition("sw_caseload")->multiplier, 1);
    assert_int_equal(register_definition("cla_rate")->decimals, 0);
    assert_false(register_definition("cla_sdq_avg")->counts_people);
    assert_null(register_definition("cin"));
    assert_string_equal(register_nearest_definition("cin_rat"), "cin_rate");
}

/* The kinds of the method's own table, one by one: they decide what is tested against chance at all. */
static void definitions_say_which_parts_are_counts_of_what(void **state)
{
    (void)state;
    static const char *const proportions = " referral_nfa_pct rereferral_pct assess_45d_pct icpc_15d_pct cpp_repeat_pct"
        " cpp_2yr_pct cla_3plus_placements_pct cla_2yr_stability_pct cla_3plus_sw_pct cl_eet_17_18_pct cl_eet_19_21_pct"
        " cl_suitable_acc_17_18_pct cl_suitable_acc_19_21_pct cla_health_assessment_pct cla_dental_pct cla_convicted_pct"
        " cla_immunisation_pct cla_substance_pct ";
    static const char *const rates = " referral_rate s47_rate icpc_rate cin_rate cpp_rate cla_rate cla_start_rate"
        " cla_cease_rate ";
    size_t seen[PARTS_COUNT] = {0};
    for (size_t i = 0; i < register_definitions(); i++) {
        const struct definition *d = register_definition_at(i);
        char word[INDICATOR_MAX + 3];
        snprintf(word, sizeof(word), " %s ", d->id);
        enum parts_kind want = strstr(proportions, word) != NULL ? PARTS_PROPORTION
                             : strstr(rates, word) != NULL       ? PARTS_RATE : PARTS_NONE;
        assert_int_equal(d->parts, want);
        assert_true(d->parts == PARTS_NONE || d->counts_people);
        seen[d->parts]++;
    }
    assert_int_equal(seen[PARTS_PROPORTION], 18);
    assert_int_equal(seen[PARTS_RATE], 8);
    assert_int_equal(seen[PARTS_NONE], 6);
}

static void every_definition_can_be_written_and_read(void **state)
{
    (void)state;
    assert_int_equal(register_definitions(), 32);
    for (size_t i = 0; i < register_definitions(); i++) {
        struct definition back;
        struct buf b = buf_on(4096);
        definition_write(register_definition_at(i), &b);
        assert_int_equal(buf_status(&b), OK);
        assert_int_equal(definition_read(buf_bytes(&b), &back), OK);
        assert_string_equal(back.id, register_definition_at(i)->id);
        assert_string_equal(back.title, register_definition_at(i)->title);
        buf_release(&b);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_embedded_files_have_the_columns_that_are_named),
        cmocka_unit_test(a_quoted_name_keeps_its_comma),
        cmocka_unit_test(every_slug_is_a_slug_and_names_one_body),
        cmocka_unit_test(an_authority_is_found_by_any_of_its_names),
        cmocka_unit_test(a_name_that_begins_another_is_itself),
        cmocka_unit_test(an_old_gss_code_of_a_body_that_goes_on_gives_the_row_of_today),
        cmocka_unit_test(a_body_that_was_replaced_names_its_successors),
        cmocka_unit_test(an_unknown_or_ambiguous_name_is_told_apart),
        cmocka_unit_test(every_current_authority_has_ten_neighbours_of_its_own),
        cmocka_unit_test(a_definition_says_how_it_is_computed),
        cmocka_unit_test(definitions_say_which_parts_are_counts_of_what),
        cmocka_unit_test(every_definition_can_be_written_and_read),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
