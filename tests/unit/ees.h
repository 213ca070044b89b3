/* tests/unit/ees.h - the DfE's own files that the tests read: cut down in tests/data/ees, whole where they are at hand. */
#ifndef FOLKMOOT_TESTS_UNIT_EES_H
#define FOLKMOOT_TESTS_UNIT_EES_H

#define EES_CUT "tests/data/ees/"

struct ees_file { const char *release, *map, *name; };

static const struct ees_file ees_files[] = {
    {"2023", "b1", "b1_children_in_need_2013_to_2023__first2024-02-16.csv"},
    {"2024", "b1", "b1_children_in_need_2013_to_2024__first2024-11-01.csv"},
    {"2023", "c1", "c1_children_in_need_referrals_and_rereferrals_2013_to_2023__first2024-02-21.csv"},
    {"2024", "c1", "c1_children_in_need_referrals_and_rereferrals_2013_to_2024__first2024-11-01.csv"},
    {"2023", "cla", "cla_number_and_rate_per_10k_children__first2024-02-13.csv"},
    {"2024", "cla", "cla_number_and_rate_per_10k_children__first2024-11-14.csv"},
    {"2023", "csww", "csww_indicators_2017_to_2023__first2024-02-29.csv"},
    {"2024", "csww", "csww_indicators_2017_to_2024__first2025-02-27.csv"},
    {"2023", "d3", "d3_cpps_subsequent_plan_2013_to_2023__first2024-04-10.csv"},
    {"2024", "d3", "d3_cpps_subsequent_plan_2013_to_2024__first2024-11-01.csv"},
    {"2023", "d5", "d5_cpps_at31march_by_duration_2013_to_2023__first2024-04-25.csv"},
    {"2024", "d5", "d5_cpps_at31march_by_duration_2013_to_2024__first2024-11-01.csv"},
    {"2023", "placement_stability", "la_cla_placement_stability__first2024-04-25.csv"},
    {"2024", "placement_stability", "la_cla_placement_stability__first2024-11-14.csv"},
};

enum { EES_FILES = sizeof(ees_files) / sizeof(ees_files[0]) };

#endif
