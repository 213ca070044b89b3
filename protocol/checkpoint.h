/* protocol/checkpoint.h - the signed head of a log: exactly the C2SP checkpoint.
 *
 *      <origin>\n<size, decimal>\n<base64 root>\n
 *
 * signed by the log key (name = origin, type 0x01) and by witnesses (name =
 * `<the witness's own origin>/witness`, type 0x04).  Three lines, no extension.
 * A size is at most 2^63 - 1, so that every store can hold it.
 *
 * Source: c2sp.org/tlog-checkpoint. */
#ifndef FOLKMOOT_PROTOCOL_CHECKPOINT_H
#define FOLKMOOT_PROTOCOL_CHECKPOINT_H

#include "protocol/note.h"
#include "protocol/origin.h"

struct checkpoint {
    struct origin origin;
    uint64_t size;
    struct hash root;
};

enum { CHECKPOINT_TEXT_MAX = ORIGIN_MAX + 1 + 20 + 1 + 44 + 1 };

/* Put the three lines behind what `ret` holds. */
void checkpoint_text(const struct checkpoint *c, struct buf *ret);
/* Exactly three lines in their canonical form, else ERR_FORMAT. */
MUST_USE enum err checkpoint_parse(struct bytes text, struct checkpoint *ret);

/* The verifier key of a log, and of the witness that the holder of log `o` is. */
struct note_key checkpoint_log_key(const struct origin *o, const struct sign_public *key);
struct note_key checkpoint_witness_key(const struct origin *o, const struct sign_public *key);

/* Write the note: text, empty line, the log key's signature. */
void checkpoint_sign(const struct checkpoint *c, const struct sign_secret *log_secret, struct buf *ret);

/* Take a note (at most CHECKPOINT_MAX bytes) apart and check that `log_public` signed it for `expect`'s origin.
 *   ERR_FORMAT     not a checkpoint
 *   ERR_UNKNOWN    another origin, or not signed by this key
 *   ERR_SIGNATURE  the key's line does not hold */
MUST_USE enum err checkpoint_open(struct bytes note, const struct origin *expect, const struct sign_public *log_public,
                                  struct checkpoint *ret);

/* A cosignature over c by the witness key of `witness` at POSIX time `time`, from
 * 1 to 2^63 - 1 (the check takes any time, and refuses the others). */
void checkpoint_cosign(const struct checkpoint *c, const struct origin *witness, const struct sign_secret *secret,
                       uint64_t time, struct signature *ret);
MUST_USE enum err checkpoint_check_cosignature(const struct checkpoint *c, const struct origin *witness,
                                               const struct sign_public *key, uint64_t time,
                                               const struct signature *sig);

#endif
