/* cli/officer/signer.h - the officer who is to sign, and the secret to sign with.
 *
 * With a key file it is the person in it, and no home is needed; without one it is an officer of this home's whose key the
 * home holds. */
#ifndef FOLKMOOT_CLI_OFFICER_SIGNER_H
#define FOLKMOOT_CLI_OFFICER_SIGNER_H

#include "cli/officer/officers.h"

struct signer {
    struct officer officer;
    char name[NAME_MAX_LEN + 1];            /* "" when it is not known */
    struct sign_secret secret;
};

/* From a file. `as` must be the role or the name in it; NULL: whoever it is. Asks for its passphrase.
 * Anything but EXIT_OK: it has said why. The caller wipes *ret. */
enum exit_status signer_from_file(struct session *s, const char *file, const char *as, struct signer *ret);
/* One that this home holds, by its role or name. Asks for the home's passphrase. The caller wipes *ret. */
enum exit_status signer_held(struct desk *d, const char *as, struct signer *ret);

#endif
