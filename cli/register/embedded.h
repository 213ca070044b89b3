/* cli/register/embedded.h - the CSV files of this folder, as the build embeds them.
 *
 * Row 0 is the file's own header; a unit test holds it against the columns
 * named here. */
#ifndef FOLKMOOT_CLI_REGISTER_EMBEDDED_H
#define FOLKMOOT_CLI_REGISTER_EMBEDDED_H

#include <stddef.h>

#define LOCAL_AUTHORITIES_COLUMNS(X)                                          \
    X(old_la_code) X(new_la_code) X(la_name) X(region_code) X(region_name)    \
    X(itl1_region_code) X(itl1_region_name) X(adcs_region) X(la_type)         \
    X(first_cin_year) X(last_cin_year) X(current) X(replaced_by_old_la_codes) \
    X(ofsted_urn) X(name_variants)
#define HEADLINE_INDICATORS_COLUMNS(X)                                        \
    X(indicator) X(title) X(numerator) X(denominator) X(unit) X(published_dp) \
    X(polarity) X(basis) X(dfe_table) X(lait_measure_short) X(parts)
#define STATISTICAL_NEIGHBOURS_2025_COLUMNS(X)                                \
    X(old_la_code) X(la_name) X(rank) X(neighbour_old_la_code) X(closeness)
#define EES_MAPS_COLUMNS(X)                                                   \
    X(table) X(indicator) X(numerator) X(denominator) X(value) X(where)       \
    X(denominator_where)
#define AREAS_COLUMNS(X)                                                      \
    X(code) X(lait_code) X(level) X(name)
#define REFERENCE_FORMS_COLUMNS(X)                                            \
    X(form) X(kind) X(field) X(column) X(need)

#define X(column) LA_##column,
enum { LOCAL_AUTHORITIES_COLUMNS(X) LA_COLUMNS };
#undef X
#define X(column) HI_##column,
enum { HEADLINE_INDICATORS_COLUMNS(X) HI_COLUMNS };
#undef X
#define X(column) SN_##column,
enum { STATISTICAL_NEIGHBOURS_2025_COLUMNS(X) SN_COLUMNS };
#undef X
#define X(column) EM_##column,
enum { EES_MAPS_COLUMNS(X) EM_COLUMNS };
#undef X
#define X(column) AREA_##column,
enum { AREAS_COLUMNS(X) AREA_COLUMNS };
#undef X
#define X(column) RF_##column,
enum { REFERENCE_FORMS_COLUMNS(X) RF_COLUMNS };
#undef X

extern const char *const csv_local_authorities[][LA_COLUMNS];
extern const size_t csv_local_authorities_rows;
extern const char *const csv_headline_indicators[][HI_COLUMNS];
extern const size_t csv_headline_indicators_rows;
extern const char *const csv_statistical_neighbours_2025[][SN_COLUMNS];
extern const size_t csv_statistical_neighbours_2025_rows;
extern const char *const csv_ees_maps[][EM_COLUMNS];
extern const size_t csv_ees_maps_rows;
extern const char *const csv_areas[][AREA_COLUMNS];
extern const size_t csv_areas_rows;
extern const char *const csv_reference_forms[][RF_COLUMNS];
extern const size_t csv_reference_forms_rows;

#endif
