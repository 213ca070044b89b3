/* keys/backup.h - what of a home peers cannot give back, as one file under a passphrase.
 *
 *      folkmoot backup v1
 *      argon2id <passes> <bytes of memory>
 *      salt <base64, 16 bytes>
 *      nonce <base64, 24 bytes>
 *      sealed
 *      <base64, 76 letters a line>
 *
 * behind some lines for people that begin with '#'. sealed = XChaCha20-Poly1305 under Argon2id(passphrase, salt, passes,
 * memory), with the lines from the first to `nonce` as additional data, of packed
 *
 *      [1, made at (POSIX seconds), seed (32 bytes), [[name, content], ...]]
 *
 * whose names are those of files in a home, and `asked` (cli/asked.h); a reader passes over names that it does not know. */
#ifndef FOLKMOOT_KEYS_BACKUP_H
#define FOLKMOOT_KEYS_BACKUP_H

#include "keys/seed.h"

/* The files that are in it, where the home has them. Not the log, witness and node key: they follow from the seed, and the last two
 * are made anew. Not log.db, view.db and reference/: peers have the logs, and the rest is made of them or imported again. */
#define BACKUP_FILES(X) X(HOME_IDENTITY) X(HOME_CONFIG) X(HOME_ALLIANCE) X(HOME_BOX_KEYS) X(HOME_HEAD) X(HOME_SIGNED) \
    X(HOME_CHARTER)
enum { BACKUP_FILES_MAX = 16 };

struct backup {
    uint64_t made_s;
    struct sym_secret seed;
    bool has[HOME_FILE_COUNT];
    struct bytes file[HOME_FILE_COUNT];     /* borrowed from `plain` */
    struct bytes asked;                     /* likewise; empty where it waits for no admission */
    struct buf plain;
};

void backup_init(struct backup *b);
void backup_release(struct backup *b);      /* wipes */

/* Does a file begin as a backup does (lines for people passed over)? */
bool backup_is_one(struct bytes text);

/* Read the home's files, add `asked` unless that is empty, and put the backup's text behind `ret` (room: BACKUP_MAX). Does the
 * passphrase's work.
 *   ERR_NOMEM, ERR_LIMIT (a file is too large), ERR_DENIED, ERR_IO */
MUST_USE enum err backup_make(const struct home *h, const struct sym_secret *seed, struct bytes passphrase, struct bytes asked,
                              uint64_t now_s, struct buf *ret);
/* Open one.
 *   ERR_SECRET   the passphrase is wrong, or somebody changed it;  ERR_FORMAT  it is none
 *   ERR_LIMIT    it asks for more than SEED_OPS_MAX passes or SEED_MEM_BYTES_MAX;  ERR_NOMEM
 * ret: backup_init'ed. */
MUST_USE enum err backup_open(struct bytes text, struct bytes passphrase, struct backup *ret);

/* What is sealed in one, opened: copied into ret->plain and read. ERR_FORMAT, ERR_LIMIT, ERR_NOMEM. */
MUST_USE enum err backup_unpack(struct bytes plain, struct backup *ret);

/* When this home was last backed up, and with which version of its identity: private/backup.
 * ERR_UNKNOWN: never, as far as it knows. */
MUST_USE enum err backup_noted(const struct home *h, uint64_t *ret_s, uint32_t *ret_version);
MUST_USE enum err backup_note(const struct home *h, uint64_t now_s, uint32_t version);

#endif
