/* cli/intake/place.c - of whom does a row of public figures speak? (inside.h)
 *
 * Of an authority that the register knows, in any of its rows; of a region; of England. Rows of other levels, and of two
 * bodies together, are counted and passed over; codes that contradict each other or that nobody has are problems. */
#include "cli/intake/inside.h"

#include <string.h>
#include <strings.h>

#include "cli/register/register.h"

static const char *own(const struct reading *r, const struct row *row, enum intake_column c)
{
    return row_cell(row, r->header->at[c]);
}

static enum row_owner doubt(struct reading *r, const struct row *row, enum intake_column c, const char *remedy, const char *why)
{
    bool has_column = r->header->at[c] != NO_COLUMN;
    problem_add(r, row->line, has_column ? r->header->names[r->header->at[c]] : NULL, remedy, "`%.60s` %s", own(r, row, c), why);
    return ROW_DOUBTFUL;
}

static enum row_owner take_area(struct reading *r, const struct row *row, enum intake_column c, const char *level)
{
    const struct area *area = register_area(own(r, row, c));
    if (area == NULL || strcmp(area->level, level) != 0)
        return doubt(r, row, c, "E92000001 is England; regions are as the DfE's files have them",
                     "is no code of a region or country known here");
    r->place = (struct intake_place){.area = area};
    return ROW_OURS;
}

static const struct authority *today(const struct authority *a)
{
    return a != NULL && a->continues_as != NULL ? a->continues_as : a;
}

static bool speaks_of_two(const char *dfe, const char *gss)
{
    return strstr(dfe, " / ") != NULL || strstr(gss, " / ") != NULL;
}

/* The interactive tool has regions among its authorities, by numbers of their own. */
static bool is_area_by_number(struct reading *r, const char *dfe)
{
    const struct area *area = r->header->at[COL_LEVEL] == NO_COLUMN ? register_area(dfe) : NULL;
    if (area != NULL)
        r->place = (struct intake_place){.area = area};
    return area != NULL;
}

static enum row_owner take_authority(struct reading *r, const struct row *row)
{
    const char *dfe = own(r, row, COL_DFE), *gss = own(r, row, COL_GSS);
    const struct authority *by_dfe = dfe[0] != '\0' ? register_by_dfe(dfe) : NULL;
    const struct authority *by_gss = gss[0] != '\0' ? today(register_by_gss(gss)) : NULL;
    if (is_area_by_number(r, dfe))
        return ROW_OURS;
    if (speaks_of_two(dfe, gss))
        return ROW_OTHERS;
    if (dfe[0] == '\0' && gss[0] == '\0')
        return doubt(r, row, r->header->at[COL_DFE] != NO_COLUMN ? COL_DFE : COL_GSS, "give the code",
                     "is no code of an authority");
    if (dfe[0] != '\0' && by_dfe == NULL)
        return doubt(r, row, COL_DFE, "a DfE code of an English authority, as in 845", "is no code that the register knows");
    if (gss[0] != '\0' && by_gss == NULL)
        return doubt(r, row, COL_GSS, "a GSS code of an English authority, as in E10000011", "is no code that the register knows");
    if (by_dfe != NULL && by_gss != NULL && strcmp(by_dfe->dfe, by_gss->dfe) != 0)
        return doubt(r, row, COL_GSS, "correct one of the two codes", "is another authority's than old_la_code");
    r->place = (struct intake_place){.authority = today(by_dfe != NULL ? by_dfe : by_gss)};
    return ROW_OURS;
}

enum row_owner row_place(struct reading *r, const struct row *row)
{
    const char *level = own(r, row, COL_LEVEL), *near;
    if (r->header->at[COL_LEVEL] == NO_COLUMN || strcasecmp(level, "Local authority") == 0)
        return take_authority(r, row);
    if (strcasecmp(level, "Regional") == 0)
        return take_area(r, row, COL_REGION, "Regional");
    if (strcasecmp(level, "National") == 0)
        return take_area(r, row, COL_COUNTRY, "National");
    if (level_is_known(level, &near))
        return ROW_OTHERS;
    return doubt(r, row, COL_LEVEL, near != NULL ? near : "Local authority, Regional or National", "is no geographic level");
}
