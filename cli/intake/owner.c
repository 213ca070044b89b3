/* cli/intake/owner.c - whose row is it? (inside.h)
 *
 * A row that is ours by one code and somebody else's by the other, or that misspells the level, is a problem:
 * passing it over would lose a figure without a word. */
#include "cli/intake/inside.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

#include "cli/nearest.h"
#include "cli/register/register.h"

/* The levels of the DfE's files; rows of schools and wards carry the codes of their authority too. */
static const char *const levels[] = {
    "National", "Regional", "Local authority", "Local authority district", "RSC region", "Parliamentary constituency",
    "Local enterprise partnership", "English devolved area", "Opportunity area", "Ward", "MAT", "MAT (Summary)", "Sponsor",
    "School", "Provider", "Institution", "Planning area", "Local skills improvement plan area", "PCON", "NUTS1", "NUTS2", "NUTS3",
};

static const char *own(const struct reading *r, const struct row *row, enum intake_column c)
{
    return row_cell(row, r->header->at[c]);
}

/* A code, or "": where a body has none the DfE writes a symbol, as in other cells. */
static const char *code_of(const struct reading *r, const struct row *row, enum intake_column c)
{
    const char *code = own(r, row, c);
    return strlen(code) == 1 && strchr("zxc:~", code[0]) != NULL ? "" : code;
}

/* `WORD` and what is wrong with it. */
static void doubt(struct reading *r, const struct row *row, enum intake_column c, const char *remedy, const char *word,
                  const char *why)
{
    problem_add(r, row->line, r->header->names[r->header->at[c]], remedy, "`%.60s` %s", word, why);
}

/* An old GSS code is the body's own where its DfE code went on. */
static bool gss_is_ours(const struct reading *r, const char *gss)
{
    const struct authority *theirs;
    if (gss[0] == '\0')
        return false;
    if (strcasecmp(gss, r->with->gss) == 0)
        return true;
    theirs = r->with->dfe[0] != '\0' ? register_by_gss(gss) : NULL;
    return theirs != NULL && strcmp(theirs->dfe, r->with->dfe) == 0;
}

bool dfe_code_is_in_form(const char *code)
{
    size_t len = strlen(code);
    return len >= 3 && strspn(code, "0123456789") == 3 && (len == 3 || (len == 9 && memcmp(code + 3, " / ", 3) == 0 &&
                                                                      strspn(code + 6, "0123456789") == 3));
}

bool gss_code_is_in_form(const char *code)
{
    return isalpha((unsigned char)code[0]) && strlen(code) >= 9 && strspn(code + 1, "0123456789") >= 8;
}

static bool level_is(const struct reading *r, const struct row *row, const char *level)
{
    return strcasecmp(own(r, row, COL_LEVEL), level) == 0;
}

bool level_is_known(const char *level, const char **ret_near)
{
    struct nearest near = nearest_to(level);
    for (size_t i = 0; i < sizeof(levels) / sizeof(levels[0]); i++) {
        if (strcasecmp(level, levels[i]) == 0)
            return true;
        nearest_offer(&near, levels[i]);
    }
    *ret_near = near.best;
    return false;
}

/* Ours by a code: does the row speak of the authority as a whole? */
static enum row_owner judge_level(struct reading *r, const struct row *row)
{
    const char *level = own(r, row, COL_LEVEL), *near;
    char remedy[80] = "Local authority";
    if (r->header->at[COL_LEVEL] == NO_COLUMN || level_is(r, row, "Local authority"))
        return ROW_OURS;
    if (level_is_known(level, &near))
        return ROW_OTHERS;
    if (near != NULL)
        snprintf(remedy, sizeof(remedy), "did you mean `%s`?", near);
    doubt(r, row, COL_LEVEL, remedy, level, "is no geographic level, and the row is ours by its code");
    return ROW_DOUBTFUL;
}

/* A name that is another body's; one that nobody knows says nothing. */
static bool name_is_theirs(const struct reading *r, const char *name)
{
    const struct authority *a;
    if (name[0] == '\0' || register_find(name, &a) != OK || authority_has_codes(a, r->with->dfe, r->with->gss))
        return false;
    for (size_t i = 0; i < register_size(); i++)        /* Dorset was a name before 2019, and is one */
        if (authority_has_codes(register_at(i), r->with->dfe, r->with->gss) && strcasecmp(register_at(i)->name, name) == 0)
            return false;
    return true;
}

static enum row_owner judge_ours(struct reading *r, const struct row *row, bool dfe_fits, bool gss_fits)
{
    const char *dfe = code_of(r, row, COL_DFE), *gss = code_of(r, row, COL_GSS), *name = own(r, row, COL_NAME);
    if (!dfe_fits && dfe[0] != '\0' && r->with->dfe[0] != '\0') {
        doubt(r, row, COL_DFE, "correct one of the two codes", dfe, "is not our code, and new_la_code is");
        return ROW_DOUBTFUL;
    }
    if (!gss_fits && gss[0] != '\0' && r->with->gss[0] != '\0') {
        doubt(r, row, COL_GSS, "correct one of the two codes", gss, "is not our code, and old_la_code is");
        return ROW_DOUBTFUL;
    }
    enum row_owner whose = judge_level(r, row);
    if (whose == ROW_OURS && name_is_theirs(r, name)) {
        doubt(r, row, COL_NAME, "correct the name or the codes", name, "is another authority, and the codes are ours");
        return ROW_DOUBTFUL;
    }
    return whose;
}

/* Nobody's code in the row of an authority might be ours, misspelt. */
static enum row_owner judge_others(struct reading *r, const struct row *row)
{
    const char *dfe = code_of(r, row, COL_DFE), *gss = code_of(r, row, COL_GSS);
    bool is_empty = own(r, row, COL_DFE)[0] == '\0' && own(r, row, COL_GSS)[0] == '\0';
    if (r->header->at[COL_LEVEL] != NO_COLUMN && !level_is(r, row, "Local authority"))
        return ROW_OTHERS;
    if (dfe[0] != '\0' && !dfe_code_is_in_form(dfe)) {
        doubt(r, row, COL_DFE, "three digits, as in 845", dfe, "is no code of an authority");
        return ROW_DOUBTFUL;
    }
    if (gss[0] != '\0' && !gss_code_is_in_form(gss)) {
        doubt(r, row, COL_GSS, "a letter and eight digits, as in E10000011", gss, "is no code of an authority");
        return ROW_DOUBTFUL;
    }
    if (is_empty && r->header->at[COL_LEVEL] != NO_COLUMN) {
        doubt(r, row, r->header->at[COL_DFE] != NO_COLUMN ? COL_DFE : COL_GSS, "give the code", "",
              "is no code of an authority");
        return ROW_DOUBTFUL;
    }
    return ROW_OTHERS;
}

enum row_owner row_owner(struct reading *r, const struct row *row)
{
    const char *dfe = own(r, row, COL_DFE);
    bool dfe_fits = r->with->dfe[0] != '\0' && strcmp(dfe, r->with->dfe) == 0;
    bool gss_fits = gss_is_ours(r, own(r, row, COL_GSS));
    return dfe_fits || gss_fits ? judge_ours(r, row, dfe_fits, gss_fits) : judge_others(r, row);
}
