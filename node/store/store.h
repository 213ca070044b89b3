/* node/store/store.h - log.db: what was verified, durable.
 *
 * SQLite, WAL, synchronous=FULL: what store_commit (or a write outside a
 * transaction) returned OK for survives a power cut.  Two processes may write:
 * every transaction is BEGIN IMMEDIATE and every extension of a log is compare-and-append.
 * The store checks shape and position, never signatures: that is its caller's (the
 * engine's, or the publishing command's) part, before store_append.
 *
 * A store holds the logs of one alliance. Buffers given for results are cleared first.
 *
 * One connection, one thread. ERR_IO also when another process mended the store and put a new file in its place:
 * open again. ERR_CORRUPT leaves a mark, so that the next opening for writing mends, and whoever has it open opens it
 * again. ERR_BUSY after 10 s of somebody else's lock, ERR_FULL, ERR_IO, ERR_CORRUPT, ERR_NOMEM can come from any call
 * and are not repeated below. */
#ifndef FOLKMOOT_NODE_STORE_STORE_H
#define FOLKMOOT_NODE_STORE_STORE_H

#include "node/state.h"

struct store;

const char *store_library_version(void);            /* SQLite's, for `--version` */

enum store_mode { STORE_READ, STORE_WRITE };

struct store_report {                       /* what opening had to mend; all zero when nothing */
    bool was_quarantined;                   /* the damaged file was moved aside, a new one begun ... */
    char quarantine[4096];                  /* ... here; what was readable and verified by shape was taken over */
    uint32_t logs_cut_back;                 /* logs shortened to their last good checkpoint */
};

/* Open `path`, making it (mode 0600) when STORE_WRITE and absent.
 *   ERR_UNKNOWN  absent and STORE_READ;  ERR_SCHEMA  written by a newer version
 *   ERR_DENIED   the file's or the folder's mode forbids it
 * Opening reads the small tables and both ends of each log; what has rotted in the middle of a log is met, and said
 * (ERR_CORRUPT), when it is read. Damage never refuses to open for STORE_WRITE: the file is quarantined as
 * `<path>.damaged-<unix time>`, whole logs are salvaged up to their last checkpoint whose frontier recomputes and whose
 * payloads have their hashes, and the report says so. What is no file at all, or another program's, gives nothing. Of a store that
 * gives nothing, node/alliance.h says how it learns again whom to ask for the rest. */
MUST_USE enum err store_open(const char *path, enum store_mode mode, struct store **ret, struct store_report *report);
void store_close(struct store *s);

/* Changes whenever another connection has committed. ERR_CORRUPT also when another process has met damage. */
MUST_USE enum err store_data_version(struct store *s, uint64_t *ret);

/* Group writes: what is put between begin and commit is durable together or not at all.
 * Writes outside make a transaction of their own. store_rollback on any error. */
MUST_USE enum err store_begin(struct store *s);
MUST_USE enum err store_commit(struct store *s);
void store_rollback(struct store *s);

/* Small settings: "alliance" (16 bytes), "slug", "trust" (a charter hash), "inviter" (an invite's address and node key)... */
MUST_USE enum err store_set(struct store *s, const char *key, struct bytes value);
MUST_USE enum err store_get(struct store *s, const char *key, struct buf *ret);      /* ERR_UNKNOWN */
MUST_USE enum err store_unset(struct store *s, const char *key);

/* ---- logs ---- */

/* Extend a log by whole, verified entries.
 *   ERR_CONFLICT  the stored size is not a->expected: somebody else was first; or a->cosig breaks our promise; or
 *                 a log of this name is held in another alliance
 *   ERR_FROZEN    the log is frozen, and a->is_ending is false
 * Keeps, besides the newest checkpoint: those at multiples of BOUNDARY, those without which more than
 * BOUNDARY_BYTES would lie between two, the one held whole, and what store_keep_checkpoint was told to keep. */
MUST_USE enum err store_append(struct store *s, const struct append *a);

/* The latest date in its entries, of those that came since it was last cut back; 0 for none. struct log_state as it is read
 * here does not have it. */
MUST_USE enum err store_newest(struct store *s, const struct origin *o, uint64_t *ret_ms);

/* Put a payload that was missing; the caller has checked its hash. ERR_UNKNOWN when no such hole. */
MUST_USE enum err store_fill(struct store *s, const struct origin *o, uint64_t idx, struct bytes payload);
/* The hole was rightly excused, or filled: a newer checkpoint is now held whole. Raised only. ERR_UNKNOWN when none is
 * kept for exactly `whole`. */
MUST_USE enum err store_set_whole(struct store *s, const struct origin *o, uint64_t whole);
/* The same to the newest checkpoint kept at or below `limit`, where there is one; *ret is what is held whole then. */
MUST_USE enum err store_raise_whole(struct store *s, const struct origin *o, uint64_t limit, uint64_t *ret);
/* Forget a payload that withdrawal `excuse` of the same log erases: a hole with that excuse stays, the bytes are
 * overwritten, and the WAL that still holds them is emptied (by the next commit or by closing when a reader stands in the
 * way). OK when it was gone already,
 * and for an identity or an epoch, which are never erased. ERR_UNKNOWN when either index is not stored. */
MUST_USE enum err store_erase(struct store *s, const struct origin *o, uint64_t idx, uint64_t excuse);
/* Drop everything from index `size` on (size is a kept checkpoint's, or 0; else ERR_UNKNOWN).
 * What our witness promised stays. */
MUST_USE enum err store_cut_back(struct store *s, const struct origin *o, uint64_t size);
/* The same to a checkpoint `c` that the caller kept, of this note, though a later one took its place here.
 * ERR_ROOT: not of this log. */
MUST_USE enum err store_cut_back_to(struct store *s, const struct origin *o, const struct checkpoint *c, struct bytes note);
/* Also for a log of which nothing is held. The first evidence is kept. */
MUST_USE enum err store_freeze(struct store *s, const struct origin *o, struct bytes evidence);
/* Keep the checkpoint of that size, which had a quorum, for ever. ERR_UNKNOWN: there is none. */
MUST_USE enum err store_keep_checkpoint(struct store *s, const struct origin *o, uint64_t size);

/* The newest that was kept so; size 0 for none. struct log_state as it is read here does not have it. */
MUST_USE enum err store_quorum(struct store *s, const struct origin *o, uint64_t *ret_size, struct hash *ret_root);

/* Calls `each` for every log; stops at its first error and returns it. What it is given is borrowed for the call. */
MUST_USE enum err store_each_log(struct store *s, enum err (*each)(void *arg, const struct log_state *l), void *arg);
/* Bytes of its headers and payloads as they came, those of what was erased since among them. ERR_UNKNOWN. */
MUST_USE enum err store_log_bytes(struct store *s, const struct origin *o, uint64_t *ret);
/* One log; the note is put into `note` and borrowed from there. ERR_UNKNOWN. */
MUST_USE enum err store_log(struct store *s, const struct origin *o, struct log_state *ret, struct buf *note);
MUST_USE enum err store_each_hole(struct store *s, const struct origin *o,
                                  enum err (*each)(void *arg, const struct hole *h), void *arg);

/* Entries from..to (to excluded, may be past the end); payload absent: has_payload false. Borrowed for the call.
 * ERR_CONFLICT: another process cut the log back meanwhile. */
MUST_USE enum err store_each_entry(struct store *s, const struct origin *o, uint64_t from, uint64_t to,
                                   enum err (*each)(void *arg, uint64_t idx, const struct item *item), void *arg);
/* Entries of one kind only, in order of index (identities, epochs, grants, withdrawals are indexed; records are not: ERR_LIMIT). */
MUST_USE enum err store_each_of_kind(struct store *s, const struct origin *o, enum entry_kind kind, uint64_t from,
                                     enum err (*each)(void *arg, uint64_t idx, const struct item *item), void *arg);

/* What an ENTRIES frame is made of: packed items from `from` on, until about `max_bytes`, or the first kept checkpoint
 * above `from`, or `upto`.  *ret_n items are put into `items`; `checkpoint` gets the note when they end exactly at a kept
 * checkpoint, else stays empty. ERR_UNKNOWN when there is no such log or nothing at `from`. */
MUST_USE enum err store_read_span(struct store *s, const struct log_ref *log, uint64_t from, uint64_t upto, size_t max_bytes,
                                  struct buf *items, size_t *ret_n, struct buf *checkpoint);

/* The kept checkpoint for exactly `size`, or with size UINT64_MAX the newest; with all cosignatures held as one note:
 * those by a witness key that an identity held here names.
 * ERR_UNKNOWN. */
MUST_USE enum err store_checkpoint(struct store *s, const struct origin *o, uint64_t size, struct buf *ret_note);
/* The same with the first cosignature of each witness that is known instead of its newest: for "not later than". */
MUST_USE enum err store_first_checkpoint(struct store *s, const struct origin *o, uint64_t size, struct buf *ret_note);
MUST_USE enum err store_each_checkpoint(struct store *s, const struct origin *o,
                                        enum err (*each)(void *arg, uint64_t size, struct bytes note), void *arg);

/* Leaf and subtree hashes for proofs and roots, up to what is stored. Subtrees of BOUNDARY leaves and more that stood in
 * a frontier are kept: any other costs one BOUNDARY of hashing, when appends ended on boundaries. With
 * `trust_kept` false every hash is recomputed from headers. Valid while the store is open; end with store_source_free. */
struct store_source;
MUST_USE enum err store_source_new(struct store *s, const struct origin *o, bool trust_kept, struct store_source **ret);
struct merkle_source store_source(struct store_source *src);
void store_source_free(struct store_source *src);

/* ---- cosignatures ---- */
/* Kept once a (size, witness), the later time, and beside it the first that it replaced; passed over (OK) when no
 * checkpoint of its size is kept any more. */
MUST_USE enum err store_put_cosig(struct store *s, const struct origin *o, const struct cosig *c);
MUST_USE enum err store_each_cosig(struct store *s, const struct origin *o, uint64_t size,
                                   enum err (*each)(void *arg, const struct cosig *c), void *arg);
/* The same, of each witness the first that is known: since when the checkpoint stood, whatever was renewed since. */
MUST_USE enum err store_each_first_cosig(struct store *s, const struct origin *o, uint64_t size,
                                         enum err (*each)(void *arg, const struct cosig *c), void *arg);
/* Our own witness key's promise, raised only: a lower size is passed over (OK). ERR_CONFLICT: another root for the size
 * promised. See DESIGN, "adopted". */
MUST_USE enum err store_put_cosigned(struct store *s, const struct origin *o, uint64_t size, const struct hash *root,
                                     uint64_t at_s);

/* ---- charter, identities, membership ---- */
/* A text that is held already keeps the signature lines that `note` lacks: a steward who signs here, and a peer's signatures that
 * come meanwhile, do not undo each other. Both were verified by who brought them. */
MUST_USE enum err store_put_charter(struct store *s, const struct hash *text_hash, uint32_t version, uint32_t round,
                                    struct bytes note);
MUST_USE enum err store_drop_charter(struct store *s, const struct hash *text_hash);       /* a superseded proposal */
/* by version, round */
MUST_USE enum err store_each_charter(struct store *s, enum err (*each)(void *arg, struct bytes note), void *arg);
/* Was a charter or an identity put or dropped by this connection, since this was last asked?  They are kept beside the store
 * too: see node/alliance.h. */
bool store_members_changed(struct store *s);
/* Identities heard of outside their log (CHARTER); those in logs are indexed by store_append. The newest per slug; that of another
 * root takes its place whatever its version: the caller knows whose root counts. */
MUST_USE enum err store_put_identity(struct store *s, const struct slug *slug, uint32_t version, struct bytes note);
MUST_USE enum err store_each_identity(struct store *s, enum err (*each)(void *arg, const struct slug *slug,
                                                                        uint32_t version, struct bytes note), void *arg);

/* expired ones go; ERR_LIMIT above INVITES_MAX */
MUST_USE enum err store_put_invite(struct store *s, const struct invite_row *i);
MUST_USE enum err store_each_invite(struct store *s, enum err (*each)(void *arg, const struct invite_row *i), void *arg);
/* The invite is used up and the request kept, together.
 *   ERR_UNKNOWN  no such invite (any more);  ERR_LIMIT  above REQUESTS_MAX
 * token_hash NULL: a known root's newer identity. */
MUST_USE enum err store_put_request(struct store *s, const struct hash *token_hash, const struct request_row *r);
MUST_USE enum err store_each_request(struct store *s, enum err (*each)(void *arg, const struct request_row *r), void *arg);
MUST_USE enum err store_drop_request(struct store *s, const struct slug *slug);

/* ---- between the two programs ---- */
MUST_USE enum err store_put_head(struct store *s, const struct head_row *h);               /* newest per peer */
MUST_USE enum err store_each_head(struct store *s, enum err (*each)(void *arg, const struct head_row *h), void *arg);
/* A node that starts knows nothing of its peers yet, and takes nothing away: .heard_ms only grows, and an empty
 * .program counts only with PEER_OPEN. */
MUST_USE enum err store_put_peer(struct store *s, const struct peer_row *p);
MUST_USE enum err store_each_peer(struct store *s, enum err (*each)(void *arg, const struct peer_row *p), void *arg);
/* The newest head of each log that a link which stands names, for `status`. Forgotten when no link stands any more. */
MUST_USE enum err store_put_announced(struct store *s, const struct log_ref *log, uint64_t size);
MUST_USE enum err store_forget_announced(struct store *s);
MUST_USE enum err store_each_announced(struct store *s, enum err (*each)(void *arg, const struct log_ref *log,
                                                                         uint64_t size), void *arg);
/* Ask a running node; it takes the rows when the bell rings. */
MUST_USE enum err store_put_ask(struct store *s, enum ask_kind kind, uint64_t at_ms);
MUST_USE enum err store_take_asks(struct store *s, enum err (*each)(void *arg, enum ask_kind kind), void *arg);

/* Evidence held. */
MUST_USE enum err store_each_evidence(struct store *s, enum err (*each)(void *arg, struct bytes evidence), void *arg);

MUST_USE enum err store_bytes(struct store *s, uint64_t *ret);      /* size of log.db and its WAL on disk */

#endif
