/* protocol/message.h - what nodes say to each other: the body of each frame.
 *
 * A body is a canonical msgpack array `[type, ...]`.  Decoded messages borrow
 * from the frame.  A type that is not listed is ERR_UNKNOWN: the receiver counts
 * and ignores it.  Known types may carry further elements (a newer version's),
 * which are ignored.  docs/protocol.md, section "Messages". */
#ifndef FOLKMOOT_PROTOCOL_MESSAGE_H
#define FOLKMOOT_PROTOCOL_MESSAGE_H

#include "protocol/invite.h"
#include "protocol/merkle.h"
#include "protocol/origin.h"
#include "protocol/pack.h"

enum { PROTOCOL_VERSION = 1, SHORT_ROOT_LEN = 16, CHARTER_NOTES_MAX = 64,
       CHARTER_IDENTITIES_MAX = MEMBERS_MAX, HAVE_ITEMS_MAX = 2 * MEMBERS_MAX, ENTRIES_ITEMS_MAX = 8192 };

/*   type            number  name, number of fields behind the type, and what they are */
#define MESSAGES(X)                                                                     \
    X(MSG_HELLO,      1,  "HELLO", 5)         /* protocol, charter version, its hash|nil, time_ms, identity note; program */ \
    X(MSG_ENROL,      2,  "ENROL", 1)         /* token */                                     \
    X(MSG_CHARTER,    3,  "CHARTER", 4)       /* version held, its hash|nil, [notes], [identity notes] */ \
    X(MSG_HAVE,       4,  "HAVE", 2)          /* vector hash|nil, [[slug, generation, size, root16, witness bitmap, flags]] */ \
                                        /* a hash alone asks, a hash and a list is the whole vector, a list alone what changed */ \
    X(MSG_WANT,       5,  "WANT", 5)          /* slug, generation, from|nil, upto, credit */  \
    X(MSG_ENTRIES,    6,  "ENTRIES", 5)       /* slug, generation, from, [item], checkpoint note|nil */ \
    X(MSG_CHECKPOINT, 7,  "CHECKPOINT", 3)    /* slug, generation, note */                    \
    X(MSG_COSIG,      8,  "COSIG", 7)         /* slug, generation, size, root, witness slug, time, signature */ \
    X(MSG_PROVE,      9,  "PROVE", 4)         /* slug, generation, from, size */              \
    X(MSG_PROOF,      10, "PROOF", 6)         /* slug, generation, from, size, root of from, [hash]|nil */ \
    X(MSG_EVIDENCE,   11, "EVIDENCE", 1)      /* evidence (bytes, see evidence.h) */          \
    X(MSG_PING,       12, "PING", 3)          /* id, is a reply, [generation, size, root16] of the receiver's log */ \
    X(MSG_BYE,        13, "BYE", 1)           /* reason */

enum message_type {
#define X(sym, number, name, fields) sym = (number),
    MESSAGES(X)
#undef X
};
const char *message_name(enum message_type t);
/* How many fields of version 1 stand behind the type. */
size_t message_fields(enum message_type t);

/* Why a link ends, as both sides see it: stable codes.  A violation is what no
 * correct node of any version sends in any state; the peer is backed off from. */
#define BYE_REASONS(X)                       /* symbol, code, is a violation */          \
    X(BYE_LEAVING,        "leaving",           0)   /* in order */                      \
    X(BYE_DUPLICATE,      "duplicate-link",    0)   /* another link to you stays */     \
    X(BYE_SILENT,         "silent",            0)                                       \
    X(BYE_BEHIND,         "behind-and-silent", 0)                                       \
    X(BYE_NOT_MEMBER,     "not-a-member",      0)                                       \
    X(BYE_STALE_IDENTITY, "stale-identity",    0)                                       \
    X(BYE_BAD_TOKEN,      "bad-token",         0)                                       \
    X(BYE_TOO_MANY,       "too-many",          0)   /* links or requests */             \
    X(BYE_UNTRUSTED,      "untrusted-charter", 0)   /* your chain lacks the one we trust */ \
    X(BYE_STORE,          "store-failed",      0)   /* our disk, not you */             \
    X(BYE_FORMAT,         "bad-format",        1)                                       \
    X(BYE_ORDER,          "out-of-order",      1)   /* a message this state forbids */  \
    X(BYE_IDENTITY,       "bad-identity",      1)                                       \
    X(BYE_CHARTER,        "bad-charter",       1)                                       \
    X(BYE_SIGNATURE,      "bad-signature",     1)                                       \
    X(BYE_SPAN,           "bad-span",          1)   /* entries that do not have the signed root */ \
    X(BYE_EXCUSE,         "bad-excuse",        1)   /* a payload withheld without the withdrawal */ \
    X(BYE_UNASKED,        "unasked",           1)   /* entries or proofs nobody wanted */ \
    X(BYE_FLOOD,          "flood",             1)
enum bye_reason {
#define X(sym, code, violation) sym,
    BYE_REASONS(X)
#undef X
    BYE_COUNT
};
const char *bye_code(enum bye_reason r);
bool bye_is_violation(enum bye_reason r);
/* ERR_UNKNOWN for a code of a newer version. */
MUST_USE enum err bye_parse(struct bytes code, enum bye_reason *ret);

struct log_ref { struct slug slug; uint32_t generation; };

struct short_root { uint8_t b[SHORT_ROOT_LEN]; };
struct short_root short_root_of(const struct hash *root);

struct msg_hello {
    uint64_t protocol;
    uint32_t charter_version;               /* 0: we hold none */
    struct hash charter_hash;               /* zero then */
    uint64_t time_ms;
    struct bytes identity;                  /* a note */
    struct bytes program;                   /* name and version, for people; empty: it does not say */
};
struct msg_charter {
    uint32_t held;                          /* the version that stands at the sender; with no notes it asks for what follows */
    struct hash held_hash;                  /* zero when held is 0 */
    size_t n_notes, n_identities;
    struct bytes notes[CHARTER_NOTES_MAX], identities[CHARTER_IDENTITIES_MAX];
};
enum { HAVE_FROZEN = 1 };
struct have {
    struct log_ref log;
    uint64_t size;
    struct short_root root;
    uint32_t witnesses;                     /* bit i: witness i of the charter both sides named */
    uint32_t flags;
};
struct msg_have {
    bool has_hash;
    struct hash hash;
    size_t n;
    struct reader items;                    /* read them with have_next */
};
/* True and *ret filled, n times; false at the end. decode() has checked them all. */
bool have_next(struct msg_have *m, struct have *ret);

/* Send entries from `from` (nil: go on where you are) up to `upto`, as far as the credit
 * lasts; credit adds up while a stream goes on. credit 0 with a nil from: stop. */
struct msg_want { struct log_ref log; bool has_from; uint64_t from, upto; uint32_t credit; };

struct item {                               /* one entry as it travels and as it is stored */
    struct bytes header;
    struct bytes payload;
    bool has_payload;
    uint64_t excuse;                        /* without a payload: the index of the withdrawal that erased it */
};
struct msg_entries {
    struct log_ref log;
    uint64_t from;
    size_t n;
    struct reader items;                    /* read them with item_next; decode() has checked their form only */
    struct bytes checkpoint;                /* note covering exactly up to from + n; empty when absent */
};
bool item_next(struct msg_entries *m, struct item *ret);

struct msg_checkpoint { struct log_ref log; struct bytes note; };
struct cosig {
    struct log_ref log;
    uint64_t size;
    struct hash root;
    struct slug witness;
    uint64_t time_s;
    struct signature sig;
};
struct msg_prove { struct log_ref log; uint64_t from, size; };
struct msg_proof { struct log_ref log; uint64_t from, size; struct hash root_from; bool has_proof; struct proof proof; };
struct msg_ping { uint64_t id; bool is_reply; uint32_t generation; uint64_t size; struct short_root root; };

struct message {
    enum message_type type;
    union {
        struct msg_hello hello;
        uint8_t token[TOKEN_LEN];           /* ENROL */
        struct msg_charter charter;
        struct msg_have have;
        struct msg_want want;
        struct msg_entries entries;
        struct msg_checkpoint checkpoint;
        struct cosig cosig;
        struct msg_prove prove;
        struct msg_proof proof;
        struct bytes evidence;
        struct msg_ping ping;
        struct bytes bye;                   /* the code */
    } u;
};

/* Decode a frame's body. `ret` borrows from it.
 *   ERR_FORMAT   it is none;  ERR_UNKNOWN  a type of a newer version: ignore it */
MUST_USE enum err message_decode(struct bytes body, struct message *ret);

/* Encoders put one whole body behind what `ret` holds. */
void put_hello(struct buf *ret, const struct msg_hello *m);
void put_enrol(struct buf *ret, const uint8_t token[TOKEN_LEN]);
void put_charter(struct buf *ret, uint32_t held, const struct hash *held_hash, size_t n_notes, const struct bytes *notes,
                 size_t n_identities, const struct bytes *identities);
void put_have_hash(struct buf *ret, const struct hash *hash);
void put_have_vector(struct buf *ret, const struct hash *hash, size_t n, const struct have *items);
void put_have(struct buf *ret, size_t n, const struct have *items);
void put_want(struct buf *ret, const struct msg_want *m);
/* ENTRIES is written in two steps, because its items come from a disk: begin, n times
 * put_item, then end. `n` must be known: gather items in a buffer of their own first. */
void put_entries(struct buf *ret, const struct log_ref *log, uint64_t from, size_t n, struct bytes items, struct bytes checkpoint);
void put_item(struct buf *ret, const struct item *item);
void put_checkpoint(struct buf *ret, const struct log_ref *log, struct bytes note);
void put_cosig(struct buf *ret, const struct cosig *c);
void put_prove(struct buf *ret, const struct msg_prove *m);
void put_proof(struct buf *ret, const struct msg_proof *m);
void put_evidence(struct buf *ret, struct bytes evidence);
void put_ping(struct buf *ret, const struct msg_ping *m);
void put_bye(struct buf *ret, enum bye_reason r);

/* BLAKE2b-256 over the packed [[slug, generation, size, root16, flags], ...] of a whole vector in
 * order of slug and generation: equal vectors, equal hashes. */
MUST_USE enum err have_vector_hash(size_t n, const struct have *sorted, struct hash *ret);   /* ERR_NOMEM */

#endif
