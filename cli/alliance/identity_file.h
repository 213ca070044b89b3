/* cli/alliance/identity_file.h - who asks to be admitted: from the requests held, or from a file. */
#ifndef FOLKMOOT_CLI_ALLIANCE_IDENTITY_FILE_H
#define FOLKMOOT_CLI_ALLIANCE_IDENTITY_FILE_H

#include "cli/desk.h"

/* One body that asks. */
struct applicant {
    struct identity id;
    struct buf note;
};

/* The request of this slug that is held here. ERR_UNKNOWN. The caller releases ret->note. */
MUST_USE enum err applicant_requested(struct desk *d, const struct slug *slug, struct applicant *ret);
/* The identity that `folkmoot id --export` wrote. It has said why when it is not EXIT_OK. */
enum exit_status applicant_file(struct session *s, const char *file, struct applicant *ret);

#endif
