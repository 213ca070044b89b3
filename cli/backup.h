/* cli/backup.h - a backup or a recovery file that a person named, opened and looked through. */
#ifndef FOLKMOOT_CLI_BACKUP_H
#define FOLKMOOT_CLI_BACKUP_H

#include "cli/session.h"
#include "keys/backup.h"
#include "protocol/identity.h"

struct opened {
    bool is_backup;                         /* false: a recovery file, the seed alone */
    struct sym_secret seed;
    struct sign_public root;                /* of the seed */
    bool has_identity;
    struct identity *id;                    /* the newest that the backup knew */
    struct backup b;
    struct buf pass;                        /* that opened it; empty when nothing had to be */
};

void opened_init(struct opened *o);
void opened_release(struct opened *o);      /* wipes */

/* Read it, ask for its passphrase, open it, and see that what is in it belongs together: the identity is of the seed's root,
 * and its keys come from the seed. It has said why when it is not EXIT_OK: EXIT_SECRET for a wrong passphrase. */
enum exit_status opened_read(struct session *s, const char *file, struct opened *ret);

#endif
