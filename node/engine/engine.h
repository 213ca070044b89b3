/* node/engine/engine.h - what a node decides: an event in, effects out.
 *
 * The engine owns no socket, file, clock, thread or random source. A shell (net/ in
 * production, tests/sim in the simulator, `bundle import` for files) tells it what happened and does
 * what it answers, in order. Time, randomness, bytes and "it is stored" are events.
 * So an announcement or a cosignature is an effect of *stored*, never of *received*.
 *
 *   1. engine_new
 *   2. what the store holds: EV_CHARTER, EV_IDENTITY, EV_LOG, EV_HOLE, EV_COSIG, EV_EVIDENCE, EV_INVITE,
 *      EV_REQUEST, then EV_START
 *   3. events as they come; EV_TICK at least when FX_TIMER asked for it
 *
 * The same local events tell it later what another process wrote to the store. */
#ifndef FOLKMOOT_NODE_ENGINE_ENGINE_H
#define FOLKMOOT_NODE_ENGINE_ENGINE_H

#include "node/state.h"

struct engine;

typedef uint32_t link_id;                   /* given by the shell, never used again; 0 is none */

struct engine_config {
    struct alliance_id alliance;
    struct bytes identity;                  /* our newest identity note */
    char program[PROGRAM_MAX + 1];          /* what we say that we run; "": nothing */
    struct dh_public node;                  /* our node key (its secret is the shell's) */
    bool has_witness;
    struct sign_secret witness;             /* wiped by engine_free */
    bool has_trust;                         /* while we hold no charter: take only a chain on which this one stands */
    struct hash trust;
    bool has_token;                         /* ... and ask to be enrolled with this invite, at this address */
    uint8_t token[TOKEN_LEN];
    char inviter_address[ADDRESS_MAX + 1];
    struct dh_public inviter_node;
    bool is_import;                         /* no network: fed from a bundle; dials nothing */
    uint64_t random_seed;                   /* for jitter and choice of peers; no secret comes of it */
};

enum event_kind {
    /* what the store holds, or what another process put there */
    EV_CHARTER,                             /* .bytes: a charter or proposal note */
    EV_IDENTITY,                            /* .bytes: an identity note heard of outside its log */
    EV_LOG,                                 /* .log, .identities: the log as it is stored now; .bytes: where that goes beyond
                                             * .log->whole, the checkpoint for all of it (may be empty). Behind it, in this
                                             * order, its EV_HOLEs, its EV_ERASUREs and its EV_COSIGs. */
    EV_HOLE,                                /* .hole of .ref */
    EV_ERASURE,                             /* .index (of the withdrawal) erases .target, in .ref */
    EV_COSIG,                               /* .cosig for .ref's newest checkpoint, or an older one: the last of a witness */
    EV_EVIDENCE,                            /* .bytes */
    EV_INVITES,                             /* .invites: all that are open */
    EV_REQUEST,                             /* .request */
    EV_ASK,                                 /* .ask: the command line wants something */
    EV_START,                               /* all that was held has been told: begin to dial */

    /* the world */
    EV_TICK,
    EV_LINK_UP,                             /* .link, .is_dialler, .peer_node; a secure channel stands */
    EV_LINK_DOWN,                           /* .link; or, with link 0, a dial to .slug failed: .err */
    EV_FRAME,                               /* .link, .frame: the engine takes the memory (free()); or .err: no frame */
    EV_DRAINED,                             /* .link: .count bytes of ours have left for the network */

    /* what became of an effect: .ticket names it */
    EV_STORED,                              /* durable; of FX_FILL and FX_RAISE_WHOLE .count: the size now held whole */
    EV_STORE_FAILED,                        /* .err; nothing of it was kept */
    EV_SPAN,                                /* answer to FX_READ: .frame is an ENTRIES body ready to send, the engine takes it;
                                             * .from, .count entries; count 0 with .err when it could not be read */
    EV_PROOF                                /* answer to FX_PROVE: .proof, .root; .err */
};

/* An identity as it lies in its log. */
struct log_identity { uint64_t idx; struct bytes note; };

struct event {
    enum event_kind kind;
    uint64_t now_ms;                        /* monotonic; never goes back */
    uint64_t wall_ms;                       /* since 1970; may jump */
    link_id link;
    bool is_dialler;                        /* EV_LINK_UP: we dialled */
    struct dh_public peer_node;             /* EV_LINK_UP: the key that the handshake proved */
    struct slug slug;
    struct bytes bytes;                     /* borrowed for the call */
    uint8_t *frame;                         /* EV_FRAME, EV_SPAN: malloc'd, ours from here on */
    size_t frame_len;
    uint64_t ticket;
    enum err err;
    struct log_ref ref;
    const struct log_state *log;
    size_t n_identities;
    const struct log_identity *identities;
    const struct hole *hole;
    uint64_t index, target, from, count;
    const struct cosig *cosig;
    size_t n_invites;
    const struct invite_row *invites;
    const struct request_row *request;
    enum ask_kind ask;
    const struct proof *proof;
    struct hash root;
};

enum effect_kind {
    /* links */
    FX_DIAL,                                /* .slug, .address, .peer_node: dial; answer EV_LINK_UP or EV_LINK_DOWN (link 0) */
    FX_SEND,                                /* .link, .data: one frame's body; answer EV_DRAINED in time */
    FX_CLOSE,                               /* .link: close once what was sent has left; answer EV_LINK_DOWN */

    /* store: those with a ticket answer EV_STORED or EV_STORE_FAILED, in order, once durable */
    FX_APPEND,                              /* .ticket, .append */
    FX_FILL,                                /* .ticket, .ref, .index, .data; then as FX_RAISE_WHOLE */
    FX_RAISE_WHOLE,                         /* .ticket, .ref: up to .whole no payload is missing any more. Held whole is now
                                             * the newest checkpoint kept at or below it; EV_STORED says which */
    FX_ERASE,                               /* .ref, .index, .from: withdrawal .from erases the payload of .index; it may be gone,
                                             * or be one that is never erased (an identity's, an epoch's): then nothing is done */
    FX_CUT,                                 /* .ticket, .ref: cut the log back to .whole, a checkpoint kept for its quorum, or to
                                             * nothing where there is none; then the log is told again, whatever came of it */
    FX_PUT_COSIG,                           /* .ticket, .cosig; .is_ours: raises our own promise in the same transaction */
    FX_KEEP_CHECKPOINT,                     /* .ref, .whole: it has a quorum */
    FX_PUT_CHARTER,                         /* .ticket, .hash, .version, .round, .data */
    FX_DROP_CHARTER,                        /* .hash */
    FX_PUT_IDENTITY,                        /* .slug, .version, .data */
    FX_PUT_EVIDENCE,                        /* .ticket, .ref, .data: keep it and freeze the log */
    FX_PUT_REQUEST,                         /* .ticket, .slug, .data (identity note), .hash (token's; zero: none used) */
    FX_PUT_HEAD,                            /* .head: a peer named a head of our own log */
    FX_PUT_PEER,                            /* .peer */
    FX_PUT_ANNOUNCED,                       /* .ref, .whole */

    /* reads */
    FX_READ,                                /* .ticket, .ref, .from, .whole (upto), .count (max bytes): answer EV_SPAN */
    FX_PROVE,                               /* .ticket, .ref, .from, .whole: proof, and the root of .from: answer EV_PROOF */

    FX_TIMER,                               /* .at_ms: EV_TICK then, at the latest */
    FX_REPORT                               /* .level, .data: one line for the operator, key=value words */
};

enum report_level { REPORT_INFO, REPORT_WARN };

struct effect {
    enum effect_kind kind;
    link_id link;
    uint64_t ticket;
    struct slug slug;
    char address[ADDRESS_MAX + 1];
    struct dh_public peer_node;
    struct log_ref ref;
    struct append append;                   /* borrows from the engine until its ticket is answered */
    struct buf data;                        /* owned by the list; a shell may take it (leave buf_on) */
    uint64_t index, from, whole, count, at_ms;
    struct cosig cosig;
    bool is_ours;
    struct hash hash;
    uint32_t version, round;
    struct head_row head;
    struct peer_row peer;
    enum report_level level;
};

struct effects {
    size_t n, cap;
    struct effect **list;                   /* in the order in which they are to be done */
};
void effects_clear(struct effects *fx);     /* frees what they own, keeps the array */
void effects_release(struct effects *fx);

/* ERR_NOMEM, ERR_FORMAT (our own identity is none). `c` is copied. */
MUST_USE enum err engine_new(const struct engine_config *c, struct engine **ret);
void engine_free(struct engine *e);

/* Take one event, and put what is to be done behind what `fx` holds.
 * Peers' faults are never errors: they become FX_CLOSE and FX_REPORT.
 *   ERR_NOMEM  the event was not, or not wholly, taken: the shell does nothing of what was put, and stops the node */
MUST_USE enum err engine_step(struct engine *e, struct event *ev, struct effects *fx);

/* What the store's answers must keep to:
 *   - tickets are answered in the order of their effects, each once
 *   - after an FX_CUT, after the failure of an FX_APPEND, FX_FILL or FX_RAISE_WHOLE, and when the engine then believes another
 *     size to be held whole than such an answer said, the log is told again: EV_LOG and what follows it
 *   - EV_LOG for a log comes only when none of these four is unanswered for it, and says what then is stored */

/* For a node that runs once: has every peer been tried, has every link that stands told its vector, is nothing
 * wanted, staged or unanswered? */
bool engine_is_settled(struct engine *e);

/* For people, tests and invariants. */
struct engine_counts {
    size_t n_links, n_open_links, n_streams, n_tickets;
    size_t staged_bytes, staged_max_seen;
    uint64_t credit_out;                    /* bytes that peers may still send */
    uint64_t ignored_types, ignored_slugs, violations;
};
struct engine_counts engine_counts(const struct engine *e);
/* The log as the engine believes it is stored; false when it knows none. Borrowed until the next step. */
bool engine_log(const struct engine *e, const struct log_ref *ref, struct log_state *ret);
bool engine_is_member(const struct engine *e);       /* does the standing charter name us? */
uint32_t engine_charter_version(const struct engine *e);

#endif
