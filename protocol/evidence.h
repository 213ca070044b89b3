/* protocol/evidence.h - proof that an author told two stories.
 *
 *      msgpack [slug, generation, note of size m, note of size n, rival root at m|nil, [hash, ...]]
 *
 * m <= n; both notes are signed by the same log key.  With m == n the roots differ
 * and the last two are nil and empty.  With m < n the rival root differs from the root that the first
 * note signs, and the consistency proof leads from it to the second note's root: the
 * author signed at n a history that is not the one it signed at m.  Verifiable offline.
 * docs/protocol.md, section "Evidence". */
#ifndef FOLKMOOT_PROTOCOL_EVIDENCE_H
#define FOLKMOOT_PROTOCOL_EVIDENCE_H

#include "protocol/checkpoint.h"
#include "protocol/message.h"

struct evidence {
    struct log_ref log;
    struct bytes note_m, note_n;            /* borrowed */
    bool has_rival;
    struct hash rival;                      /* root at m in the history of n */
    struct proof proof;
};

void evidence_write(const struct evidence *ev, struct buf *ret);
MUST_USE enum err evidence_read(struct bytes in, struct evidence *ret);

/* Does it convict the log at `origin` with this log key?  OK when it does.
 *   ERR_SIGNATURE, ERR_PROOF, ERR_FORMAT (same story, sizes out of order, other origin) */
MUST_USE enum err evidence_check(const struct evidence *ev, const struct origin *origin, const struct sign_public *log_key);

#endif
