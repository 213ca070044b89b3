/* cli/assess/draft.h - a self-assessment in a file, and who has signed it so far. */
#ifndef FOLKMOOT_CLI_ASSESS_DRAFT_H
#define FOLKMOOT_CLI_ASSESS_DRAFT_H

#include "cli/assess/tell.h"
#include "cli/desk.h"
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

/* Do all four stand behind it? null unless an identity has judged: of the keys that a file itself names nothing follows. */
json_t *draft_quartet_json(const struct draft *d);

/* SHA-256 of the text, hex. */
void draft_hash(const struct draft *d, char ret[HEX_SIZE(HASH_LEN)]);

/* Is there a node where -C, or what stands for it, points? Says nothing: a home is not needed here. */
bool assess_has_home(struct session *s);

struct sheet *draft_signatures(const struct draft *d);      /* of a judged draft; the caller sheet_free()s it */

#endif
