/* protocol/tlog_proof.h - C2SP tlog-proof: one entry, its inclusion, the checkpoint that has it.
 *
 *      c2sp.org/tlog-proof@v1
 *      extra <base64 of the header>
 *      index <n>
 *      <base64 hash>                       one line each, from the leaf's sibling up
 *                                          (empty line)
 *      <checkpoint note, verbatim>
 *
 * The leaf is the header (its hash is in the tree), so it stands in `extra`. Other people's tools check such a file by
 * a tlog-policy and the header; it carries no charter and no identity.
 *
 * Source: c2sp.org/tlog-proof. */
#ifndef FOLKMOOT_PROTOCOL_TLOG_PROOF_H
#define FOLKMOOT_PROTOCOL_TLOG_PROOF_H

#include "protocol/entry.h"
#include "protocol/merkle.h"

enum { TLOG_PROOF_MAX = 64 * 1024, TLOG_EXTRA_MAX = HEADER_MAX };

struct tlog_proof {
    size_t extra_len;                       /* 0: there is none */
    uint8_t extra[TLOG_EXTRA_MAX];          /* the header */
    uint64_t idx;
    struct proof proof;
    struct bytes note;                      /* borrowed from what was read */
};

void tlog_proof_write(const struct tlog_proof *p, struct buf *ret);
/* ERR_FORMAT: not that form (`extra` may be missing), more extra than TLOG_EXTRA_MAX; ERR_LIMIT: longer than TLOG_PROOF_MAX.
 * The note is not looked into. */
MUST_USE enum err tlog_proof_read(struct bytes in, struct tlog_proof *ret);
bool tlog_proof_is(struct bytes in);        /* by its first line */

#endif
