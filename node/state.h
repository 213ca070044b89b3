/* node/state.h - what a node knows, as plain data between engine, store and shell.
 *
 * Plain structs: whoever fills one owns what it points to, and says until when. */
#ifndef FOLKMOOT_NODE_STATE_H
#define FOLKMOOT_NODE_STATE_H

#include "protocol/charter.h"
#include "protocol/checkpoint.h"
#include "protocol/entry.h"
#include "protocol/merkle.h"
#include "protocol/message.h"

/* A log as the store holds it. */
struct log_state {
    struct origin origin;
    struct frontier frontier;               /* of all that is stored and verified */
    uint64_t whole;                         /* size of the newest checkpoint held whole; 0 for none */
    struct hash whole_root;
    struct bytes whole_note;                /* that checkpoint, signed by the log key; may be empty for a
                                             * former member's log closed at exactly `whole` */
    bool is_frozen;
    uint64_t cosigned_size;                 /* what our own witness key cosigned last; 0 for none */
    struct hash cosigned_root;
    uint64_t cosigned_at_s;
    uint64_t quorum_size;                   /* the newest checkpoint that had a quorum: see store_quorum; 0 for none */
    struct hash quorum_root;
    uint64_t newest_ms;                     /* the latest date in its entries: see store_newest */
};

/* A hole: an entry whose payload is not here (yet, or for ever). */
struct hole {
    uint64_t idx;
    uint64_t excuse;                        /* the withdrawal that its sender named */
    struct hash payload_hash;
    uint32_t payload_len;
};

/* One atomic extension of a log: see store_append. All borrowed. */
struct append {
    struct origin origin;
    uint64_t expected;                      /* size stored before: else ERR_CONFLICT */
    size_t n_items;
    const struct item *items;
    const struct frontier *after;           /* frontier of expected + n_items */
    bool is_ending;                         /* of a frozen log, towards where the next generation says that it ends */
    struct bytes checkpoint;                /* note for exactly that size; empty only at a former log's closing size */
    uint64_t whole;                         /* newest checkpoint held whole once this is in */
    const struct cosig *cosig;              /* our own, over this checkpoint, in the same transaction; may be NULL */
};

struct invite_row { struct hash token_hash; uint64_t expires_s; };

struct request_row {                        /* somebody asks to be admitted */
    struct slug slug;
    uint64_t since_ms;
    struct bytes identity;                  /* note */
};

/* What the command line asks of a running node. */
#define ASKS(X) X(ASK_PING, "ping") X(ASK_SYNC, "sync")
enum ask_kind {
#define X(sym, name) sym,
    ASKS(X)
#undef X
    ASK_COUNT
};

/* States of a peer, as status shows them. */
#define PEER_STATES(X) X(PEER_IDLE, "idle") X(PEER_DIALLING, "dialling") X(PEER_GREETING, "greeting") \
    X(PEER_OPEN, "open") X(PEER_BACKOFF, "backing-off") X(PEER_NO_ADDRESS, "no-address")
enum peer_state {
#define X(sym, name) sym,
    PEER_STATES(X)
#undef X
    PEER_STATE_COUNT
};
const char *peer_state_name(enum peer_state s);

struct peer_row {
    struct slug slug;
    char address[ADDRESS_MAX + 1];
    enum peer_state state;
    int64_t rtt_ms;                         /* -1: not known */
    char last_error[64];                    /* a stable code, or "" */
    uint64_t heard_ms;                      /* wall time of its last message; 0: never */
    char program[PROGRAM_MAX + 1];          /* what its node runs, as it said itself; "" when it did not */
};

enum { HEAD_UNSHOWN = 0 };                  /* no generation: the peer never showed the head that it named, and its word
                                             * counts for nothing */

struct head_row {                           /* a peer named a head of our own log */
    struct slug peer;
    uint32_t generation;                    /* or HEAD_UNSHOWN */
    uint64_t size;
    struct short_root root;
    uint64_t at_ms;
};

#endif
