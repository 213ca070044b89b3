/* protocol/entry.h - the entries of a log: header, payload, and what hangs by them.
 *
 * The header is hashed into the tree and never changes.  The payload (salt ||
 * body) is stored apart, bound by its hash and length, and may be erased.
 * docs/protocol.md, section "Entries". */
#ifndef FOLKMOOT_PROTOCOL_ENTRY_H
#define FOLKMOOT_PROTOCOL_ENTRY_H

#include "protocol/crypto.h"
#include "protocol/origin.h"
#include "protocol/pack.h"

/* Other kinds are hashed, stored and skipped: they are not an error. */
enum entry_kind {
    KIND_RECORD = 0,
    KIND_EPOCH = 1,
    KIND_OPEN = 2,
    KIND_WITHDRAW = 3,
    KIND_IDENTITY = 4,
    KIND_GRANT = 5
};

struct audience_id { uint8_t b[16]; };      /* the alliance's id, or 16 random bytes */

struct header {
    uint64_t kind;                          /* enum entry_kind, or one we do not know */
    uint64_t time_ms;                       /* since 1970; the author's claim */
    bool is_public;                         /* then the next four are nil on the wire, zero here */
    struct audience_id audience;
    uint32_t epoch;
    uint8_t nonce[XNONCE_LEN];
    struct hash commit;
    struct hash payload_hash;               /* BLAKE2b-256 */
    uint32_t payload_len;
};

/* Put the canonical header behind what `ret` holds. */
void header_write(const struct header *h, struct buf *ret);

/* Read a header of at most HEADER_MAX bytes. Allocates nothing.
 *   OK          *ret is filled
 *   ERR_FORMAT  not canonical, not nine elements, version not 1, half public,
 *               payload_len above PAYLOAD_MAX or below SALT_LEN, nested; an epoch
 *               entry that is public, an open, withdraw, identity or grant that is not
 * Of an unknown kind only elements 0, 1, 7 and 8 have a meaning that we know:
 * elements 2 to 6 and those behind the nine may be anything flat, and *ret is
 * zero for them. */
MUST_USE enum err header_read(struct bytes in, struct header *ret);

/* Does the payload belong to the header? ERR_FORMAT for the length, ERR_ROOT for the hash. */
MUST_USE enum err header_check_payload(const struct header *h, struct bytes payload);

/* The body behind the salt. `payload` is at least SALT_LEN bytes. */
struct bytes payload_body(struct bytes payload);

/* A public entry: puts header (hash and length filled in) and payload = salt || body behind
 * what the buffers hold. A body above PAYLOAD_MAX - SALT_LEN is ERR_LIMIT in ret_payload,
 * and no header is written after a failure there. */
void entry_write_public(uint64_t kind, uint64_t time_ms, const uint8_t salt[SALT_LEN], struct bytes body,
                        struct buf *ret_header, struct buf *ret_payload);

/* The bodies of public kinds. Readers take exactly the canonical form and elements, else
 * ERR_FORMAT; an opening names 1 to OPENING_MAX records. */

struct withdrawal {                         /* [target, reason code, erase] */
    uint64_t target;
    char reason[32];                        /* [a-z-]+ */
    bool erase;
};
void withdrawal_write(const struct withdrawal *w, struct buf *ret);
MUST_USE enum err withdrawal_read(struct bytes body, struct withdrawal *ret);

enum { OPENING_MAX = 1024 };
struct opening {                            /* [[index, K], ...] */
    size_t n;
    struct { uint64_t index; struct sym_secret key; } items[OPENING_MAX];
};
void opening_write(const struct opening *o, struct buf *ret);
MUST_USE enum err opening_read(struct bytes body, struct opening *ret);
/* The same list where it stands inside something else; fills `ret` unless it is NULL, and what it finds wrong `r` remembers. */
void opening_walk(struct reader *r, struct opening *ret);

#endif
