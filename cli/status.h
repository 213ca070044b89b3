/* cli/status.h - what the shell is told when a command ends.
 *
 * docs/operations.md promises these numbers to scripts; none is ever changed. */
#ifndef FOLKMOOT_CLI_STATUS_H
#define FOLKMOOT_CLI_STATUS_H

#include "protocol/err.h"

enum exit_status {
    EXIT_OK = 0,            /* done; the answer is yes */
    EXIT_NO = 1,            /* the answer is no: a check failed, nothing found, a record refused */
    EXIT_USAGE = 2,         /* the command was not understood, or needs an option that was not given */
    EXIT_ENVIRONMENT = 3,   /* disk, network or permission */
    EXIT_SECRET = 4         /* a secret is missing or a passphrase is wrong */
};

/* The status with which a command ends that an error stopped. */
enum exit_status exit_of(enum err e);

/* What usually helps against it, for a message whose writer knows nothing better. Never NULL. */
const char *err_remedy(enum err e);

#endif
