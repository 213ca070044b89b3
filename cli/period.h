/* cli/period.h - periods as people write them and as files carry them.
 *
 * A file says `time_period` (4 or 6 digits) and `time_identifier`; people write
 * 2024, 202425, 2024-25, 2024-25 Q1, latest, previous. A period that figures have is
 * `struct time_period` in cli/view/query.h. */
#ifndef FOLKMOOT_CLI_PERIOD_H
#define FOLKMOOT_CLI_PERIOD_H

#include "protocol/record.h"

enum period_kind { PERIOD_NAMED, PERIOD_LATEST, PERIOD_PREVIOUS };

struct period_asked {
    enum period_kind kind;
    char code[PERIOD_MAX + 1];                      /* "2024", "202425"; "" unless named */
    char identifier[TIME_IDENTIFIER_MAX + 1];       /* "Financial year Q1"; "": any that goes with the code */
};

/* Read what a person wrote. ERR_FORMAT for anything else; 2024-26 is no period. */
MUST_USE enum err period_parse(const char *text, struct period_asked *ret);

/* Does a figure's (code, identifier) lie in the period asked for? Only for PERIOD_NAMED.
 * Without an identifier a whole year is meant: no quarter answers to it. */
bool period_matches(const struct period_asked *want, const char *code, const char *identifier);

/* The code and identifier go together, as the DfE writes them: 4 digits with
 * Reporting year or Calendar year; 6 digits of two years running with Financial
 * year, Academic year or Financial year Q1 to Q4. Upper and lower case alike. */
bool period_is_valid(const char *code, const char *identifier);
/* The identifier in the spelling above, static; NULL when it is none of them. */
const char *period_identifier(const char *identifier);
/* A code that a file may carry whatever its identifier: 4 digits, or 6 of two years running. */
bool period_code_is_valid(const char *code);

/* For people: "2024", "2024-25", "2024-25 Q1". */
enum { PERIOD_TEXT_MAX = 16 };
void period_text(const char *code, const char *identifier, char ret[PERIOD_TEXT_MAX]);

/* Order in time: by year, then quarters before the whole year. As strcmp. */
int period_compare(const char *code_a, const char *identifier_a, const char *code_b, const char *identifier_b);

/* The day on which a period is over, "2023-03-31". What is counted on one day of a reporting year is counted on that day: a
 * definition's basis says which ("snapshot 30 September"); "" where none is known. */
void period_last_day(const char *code, const char *identifier, const char *basis, char ret[DATE_LEN + 1]);

/* Do both belong to one series: whole years of one kind, or quarters? A year's figure does not follow a quarter's. */
bool period_is_alike(const char *code_a, const char *identifier_a, const char *code_b, const char *identifier_b);

#endif
