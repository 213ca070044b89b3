/* tests/unit/test_assess_evidence.c - does the number in a sentence contradict the figure that it cites? */
#include "cli/assess/evidence.h"
#include "cli/assess/fit.h"

#include "tests/unit/vectors.h"

static const struct figure rate = {.has_numerator = true, .has_denominator = true, .has_value = true,
                                   .numerator = {1234, 0}, .denominator = {4000, 0}, .value = {3085, 2}, .status = STATUS_FINAL};

static void a_label_is_measured_by_every_number_in_it(void **state)
{
    (void)state;
    static const struct { const char *text; bool contradicts; } cases[] = {
        {"30.85 %", false}, {"30.9", false}, {"31 %", false}, {"30 %", true}, {"30.8 %", true},     /* half up, as published */
        {"1,234 children", false}, {"1234 of 4,000", false}, {"1,235", true}, {"4000", false},
        {"too many", false}, {"in 2024", false}, {"2024-25", false}, {"Q1", false}, {"2024: 29", true}, {"the 12th", false},
        {"99999999999999999999", true}, {"-", false}, {"", false}, {"1.2.3", true}, {"30.85.", false},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
        if (evidence_contradicts(bytes_of(cases[i].text), false, &rate) != cases[i].contradicts)
            fail_msg("%s", cases[i].text);
}

static void of_a_sentence_only_what_can_be_the_figure_counts(void **state)
{
    (void)state;
    static const struct { const char *text; bool contradicts; } cases[] = {
        {"After 3 audits it is as it was.", false}, {"It is 29 % now.", true}, {"It is 29 per cent now.", true},
        {"It is 29.1 now.", true},
        {"It rose from 20 % to 31 %.", false}, {"31%", false},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
        if (evidence_contradicts(bytes_of(cases[i].text), true, &rate) != cases[i].contradicts)
            fail_msg("%s", cases[i].text);
}

static void a_hidden_figure_bears_no_number_out(void **state)
{
    (void)state;
    static const struct figure hidden = {.status = STATUS_C};
    assert_true(evidence_contradicts(bytes_of("31 %"), false, &hidden));
    assert_false(evidence_contradicts(bytes_of("few"), false, &hidden));
}

static void for_everybody_only_what_holds_with_its_number_is_fit(void **state)
{
    (void)state;
    static const struct { struct evidence e; const char *code; } cases[] = {
        {{.state = EVIDENCE_HOLDS}, NULL},
        {{.state = EVIDENCE_HOLDS, .is_revised = true}, NULL},      /* since what was said before; it holds now */
        {{.state = EVIDENCE_HOLDS, .is_hidden = true}, "hidden"},
        {{.state = EVIDENCE_CONTRADICTS, .is_hidden = true}, "hidden"},
        {{.state = EVIDENCE_REVISED}, "older"},
        {{.state = EVIDENCE_CONTRADICTS}, "other-number"},
        {{.state = EVIDENCE_WITHDRAWN, .is_hidden = true}, "withdrawn"},
        {{.state = EVIDENCE_NOT_FOUND}, "not-public"},
        {{.state = EVIDENCE_NO_RECORD}, "no-record"},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        const char *words = NULL, *code = fit_fault(&cases[i].e, &words);
        if (cases[i].code == NULL)
            assert_null(code);
        else {
            assert_non_null(code);
            assert_string_equal(code, cases[i].code);
            assert_non_null(words);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_label_is_measured_by_every_number_in_it),
        cmocka_unit_test(of_a_sentence_only_what_can_be_the_figure_counts),
        cmocka_unit_test(a_hidden_figure_bears_no_number_out),
        cmocka_unit_test(for_everybody_only_what_holds_with_its_number_is_fit),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
