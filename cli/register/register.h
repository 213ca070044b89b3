/* cli/register/register.h - the English authorities with children's services,
 * and the official indicators: built in, so that two words set a node up.
 *
 * The register holds every identity since 2013. A body whose DfE code went on
 * under a new GSS code (Buckinghamshire in 2020) has two rows; one that was
 * split or merged (Cumbria in 2023) names its successors. Everything returned
 * is static and lives as long as the program. */
#ifndef FOLKMOOT_CLI_REGISTER_REGISTER_H
#define FOLKMOOT_CLI_REGISTER_REGISTER_H

#include "protocol/origin.h"
#include "protocol/record.h"

enum { SUCCESSORS_MAX = 4, NEIGHBOURS = 10, AUTHORITIES_MAX = 256, DEFINITIONS_MAX = 128 };

struct authority {
    struct slug slug;           /* "east-sussex"; unique; where a former body's is taken, "dorset-to-2019" */
    const char *name;           /* "East Sussex" */
    const char *dfe;            /* "845" */
    const char *gss;            /* "E10000011" */
    const char *region_code;    /* "E12000008"; Inner and Outer London are E13000001 and E13000002 */
    const char *region;         /* "South East" */
    const char *itl1_code;      /* the nine regions, London as one */
    const char *adcs_region;
    const char *type;           /* "SC" county, "UA" unitary, "MD" metropolitan, "ILB", "OLB" London */
    const char *ofsted_urn;     /* "" when not known */
    const char *variants;       /* further names, joined by ';' */
    bool is_current;
    uint32_t first_year, last_year;     /* of children-in-need returns */
    const struct authority *successors[SUCCESSORS_MAX];
    size_t n_successors;
    /* Set where the same body goes on under another GSS code: the row of today. */
    const struct authority *continues_as;
};

size_t register_size(void);
const struct authority *register_at(size_t i);          /* in the order of DfE codes; i < register_size() */

/* By slug, DfE code, GSS code, name, or enough of a name's beginning; upper and
 * lower case, "&" and "and", "County Council" and the like make no difference.
 * An old GSS code of a body that goes on gives the row of today.
 *   ERR_UNKNOWN   nobody answers to it;  ERR_CONFLICT  several do (register_candidates) */
MUST_USE enum err register_find(const char *word, const struct authority **ret);
/* Who might be meant by the beginning of a name: at most `max` are written, how many there are is returned. */
size_t register_candidates(const char *word, const struct authority **ret, size_t max);
/* The slug nearest to a misspelt word, or NULL. */
const char *register_nearest(const char *word);

/* The row of this code, as files carry them; NULL when there is none. `dfe` alone gives the row of today. */
const struct authority *register_by_dfe(const char *dfe);
const struct authority *register_by_gss(const char *gss);

/* Do these codes, either of which may be NULL or "", name this body, in any of its rows? */
bool authority_has_codes(const struct authority *a, const char *dfe, const char *gss);

/* Children-in-need returns of a year are expected of it, in any of its rows. */
bool authority_existed(const struct authority *a, uint32_t year);

/* Regions and England, for which others publish figures. */
struct area {
    const char *code;           /* "E12000008", "E92000001" */
    const char *lait_code;      /* "989", as the DfE's interactive tool numbers them */
    const char *level;          /* "Regional", "National" */
    const char *name;           /* "South East" */
};
size_t register_areas(void);
const struct area *register_area_at(size_t i);
/* By either code, or by name; upper and lower case alike. NULL when there is none. */
const struct area *register_area(const char *word);
/* Inner London lies in London; England holds all of them. */
bool authority_is_in(const struct authority *a, const struct area *area);

/* The DfE's statistical neighbour (2025 model) of rank 1 to 10, or NULL. Not mutual; crosses regions. */
const struct authority *register_neighbour(const struct authority *a, size_t rank);

/* "Kingston upon Thames" -> "kingston-upon-thames": letters and digits, every other run of characters one '-',
 * but "&" is "and" and apostrophes vanish. ERR_FORMAT when what is left is no slug. */
MUST_USE enum err register_slug(const char *name, struct slug *ret);

/* The official definitions, in the order of the file. */
size_t register_definitions(void);
const struct definition *register_definition_at(size_t i);
const struct definition *register_definition(const char *id);       /* NULL: no such indicator; case is passed over */
const char *register_nearest_definition(const char *id);             /* or NULL */
/* By the name that the DfE's interactive tool has for it; NULL: it is none of ours. */
const struct definition *register_definition_by_lait(const char *measure);

#endif
