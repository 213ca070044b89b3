/* cli/audit/file.h - a file to be audited: what it is, opened when it is sealed, judged. Needs no home. */
#ifndef FOLKMOOT_CLI_AUDIT_FILE_H
#define FOLKMOOT_CLI_AUDIT_FILE_H

#include "cli/audit/judge.h"
#include "cli/session.h"

struct audit_with {
    const char *file;
    const char *charter;                    /* a hash in hex; NULL */
    const char *policy;                     /* a file; NULL */
    const char *key;                        /* a file of box keys; NULL */
};

/* Judge it. Anything but EXIT_OK: it could not be judged, and it has said why; a file that is judged and found wanting is
 * EXIT_OK. On OK the caller frees *ret, then *ret_policy. */
enum exit_status audit_file(struct session *s, const struct audit_with *with, struct judgement **ret, struct policy **ret_policy);

/* Make a box key of the auditor's own: a new file of mode 0600. */
enum exit_status audit_new_key(struct session *s, const char *file, struct dh_public *ret);

#endif
