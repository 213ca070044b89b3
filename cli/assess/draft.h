/* cli/assess/draft.h - a self-assessment in a file, and who has signed it so far. */
#ifndef FOLKMOOT_CLI_ASSESS_DRAFT_H
#define FOLKMOOT_CLI_ASSESS_DRAFT_H

#include <jansson.h>

#include "cli/desk.h"
#include "cli/output/sheet.h"
#include "protocol/assessment_body.h"
#include "protocol/assessment_file.h"

struct draft {
    const char *name;                       /* of the file */
    struct assessment_file file;
    struct assessment_head head;
    struct bytes text, body;                /* of file.text */
    bool has_home;                          /* judged by an identity; else by the keys that the file names */
    struct officer officers[IDENTITY_OFFICERS_MAX];     /* by whom it was judged */
    size_t n_officers;
    bool is_signed;                         /* there are signature lines: then the next two */
    struct note note;
    struct assessment_signed who;
};

/* Read it, head and all. Anything but EXIT_OK: it has said why. On EXIT_OK the caller draft_free()s *ret. */
enum exit_status draft_read(struct session *s, const char *file, struct draft **ret);
void draft_free(struct draft *d);           /* NULL does nothing */

/* Judge its signature lines by the officers of `id`, the authority's own identity, whose names are in the cards in `home` (may be
 * NULL); with `id` NULL by the keys that the file itself names. ERR_NOMEM, or what reading the cards gave. */
MUST_USE enum err draft_judge(struct draft *d, const struct identity *id, const struct home *home);

/* "dcs Jane Roe, leader": who stands in lines of that state; false: nobody. */
enum { DRAFT_NAMES_SIZE = 1024 };
bool draft_names(const struct draft *d, enum assessment_line_state state, char ret[DRAFT_NAMES_SIZE]);

/* SHA-256 of the text, hex. */
void draft_hash(const struct draft *d, char ret[HEX_SIZE(HASH_LEN)]);

/* Is there a node where -C, or what stands for it, points? Says nothing: a home is not needed here. */
bool assess_has_home(struct session *s);

/* ---- how assessments are told, whether they are in a file or published ---- */

/* Rows role, name, valid, key; sheet_new()ed with these. */
extern const struct column assess_signature_columns[];
enum { ASSESS_SIGNATURE_COLUMNS = 4 };
void assess_signature_row(struct sheet *sh, const char *role, const char *name, bool is_valid, const char *key);
struct sheet *draft_signatures(const struct draft *d);      /* of a judged draft; the caller sheet_free()s it */

/* {"practice": "...", ...}, every section, null where it is not there. */
json_t *assess_sections_json(struct bytes body);
/* ["leader", ...] of words with one space between. */
json_t *assess_missing_json(const char *missing);
/* "requires improvement" of 1 to 4. */
const char *assess_judgement_word(unsigned judgement);

#endif
