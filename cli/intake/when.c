/* cli/intake/when.c - of what period and of whom within the authority a row speaks (inside.h). */
#include "cli/intake/inside.h"

#include <string.h>

#include "cli/intake/meant.h"
#include "cli/period.h"

static const char *name_of(const struct header *h, enum intake_column c)
{
    return h->at[c] != NO_COLUMN ? h->names[h->at[c]] : NULL;
}

/* Words one space apart, as they are meant where a spreadsheet put two, or a no-break one. */
static const char *one_spaced(const char *text, char ret[TIME_IDENTIFIER_MAX + 1])
{
    size_t n = 0;
    if (strlen(text) > TIME_IDENTIFIER_MAX)
        return text;
    for (; *text != '\0'; text++) {
        bool is_wide = (unsigned char)text[0] == 0xC2 && (unsigned char)text[1] == 0xA0;
        text += is_wide;
        if (!is_wide && *text != ' ')
            ret[n++] = *text;
        else if (n > 0 && ret[n - 1] != ' ')
            ret[n++] = ' ';
    }
    ret[n] = '\0';
    return ret;
}

bool row_period(struct reading *r, const struct row *row, struct figure *ret)
{
    const struct header *h = r->header;
    const char *code = row_cell(row, h->at[COL_PERIOD]), *identifier = row_cell(row, h->at[COL_IDENTIFIER]);
    char remedy[COMPLAINT_REMEDY_SIZE], spaced[TIME_IDENTIFIER_MAX + 1];
    if (!period_code_is_valid(code)) {
        meant_period(code, remedy);
        if (code[0] == '\0')
            problem_add(r, row->line, h->names[h->at[COL_PERIOD]], remedy, "the period is missing");
        else
            problem_add(r, row->line, h->names[h->at[COL_PERIOD]], remedy, "`%.60s` is no period", code);
        return false;
    }
    identifier = one_spaced(identifier, spaced);
    if (identifier[0] == '\0')
        identifier = strlen(code) == 4 ? "Reporting year" : "Financial year";
    if (!period_is_valid(code, identifier)) {
        problem_add(r, row->line, name_of(h, COL_IDENTIFIER),
                    strlen(code) == 4 ? "Reporting year or Calendar year" :
                                        "Financial year, Academic year, or Financial year Q1 to Q4",
                    "`%.60s` does not go with the period %s", identifier, code);
        return false;
    }
    snprintf(ret->period, sizeof(ret->period), "%s", code);
    snprintf(ret->time_identifier, sizeof(ret->time_identifier), "%s", period_identifier(identifier));
    return true;
}

bool row_breakdown(struct reading *r, const struct row *row, struct figure *ret)
{
    const char *breakdown = row_cell(row, r->header->at[COL_BREAKDOWN]);
    if (strlen(breakdown) > BREAKDOWN_MAX) {
        problem_add(r, row->line, name_of(r->header, COL_BREAKDOWN), "at most 160 bytes", "the breakdown is too long");
        return false;
    }
    memcpy(ret->breakdown, breakdown, strlen(breakdown) + 1);
    return true;
}
