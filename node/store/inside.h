/* node/store/inside.h - what the files of this room share.  Nobody else includes it. */
#ifndef FOLKMOOT_NODE_STORE_INSIDE_H
#define FOLKMOOT_NODE_STORE_INSIDE_H

#include <sys/types.h>

#include "node/store/sql.h"
#include "node/store/store.h"

struct store {
    sqlite3 *db;
    sqlite3_stmt *kept[SQL_COUNT];
    char *path;
    dev_t device;                           /* the file we opened: another process may put another in its place */
    ino_t inode;
    enum store_mode mode;
    bool is_quarantined;                    /* a damaged file, opened to be salvaged: damage is no news */
    bool is_in_tx;                          /* between store_begin and its end */
    enum err tx_failed;                     /* the first write that failed in it: it cannot be committed */
    bool owes_scrub;                        /* something was erased: the WAL still holds its bytes */
    bool members_changed;                   /* a charter or an identity was put or dropped */
};

/* `log id << IDX_BITS | index` is the key of an entry's row and of all that is said of it. */
enum { IDX_BITS = 40, LOG_ID_MAX = (1 << (62 - IDX_BITS)) };
#define IDX_LIMIT ((uint64_t)1 << IDX_BITS)
static inline uint64_t row_id(uint64_t log, uint64_t idx) { return log << IDX_BITS | idx; }
static inline uint64_t row_idx(uint64_t id) { return id & (IDX_LIMIT - 1); }

/* The subtrees that are kept have 2^10 leaves or more. */
enum { SUBTREE_LEVEL = 10 };
static_assert(1 << SUBTREE_LEVEL == BOUNDARY, "the subtrees kept lie between boundaries");

/* ---- open.c ---- */
/* The bare connection with its settings; checks and makes nothing. */
MUST_USE enum err store_connect(const char *path, int flags, struct store **ret);
/* Called by sql_end: a call met damage, so the next opening for writing looks into everything. */
void store_suspect(struct store *s);
/* ERR_IO when the file we opened no longer lies at its path: another process mended it. */
/* Called by sql_end with what became of a statement: a transaction that the failure ended takes nothing more. */
void store_note_end(struct store *s, enum err e);
MUST_USE enum err store_check_place(const struct store *s);
void store_side_path(char *ret, size_t size, const char *path, const char *suffix);
enum { SIDE_PATH_MAX = 4096 };

/* ---- schema.c ---- */
enum { STORE_SCHEMA = 3, STORE_APPLICATION = 0x466D6F74 };      /* "Fmot" */
/* Bring a store of any earlier version, or an empty file, to STORE_SCHEMA.
 *   ERR_SCHEMA   a newer one; nothing was touched
 *   ERR_CORRUPT  no store of ours
 *   ERR_UNKNOWN  empty, and `may_make` is false */
MUST_USE enum err schema_settle(struct store *s, bool may_make);
/* Has it our tables, whatever its header says?  Another program's file may well have a `meta` of its own. */
bool schema_is_ours(struct store *s);

/* ---- check.c ---- */
/* What opening looks at: every small table, and each log's two ends. ERR_CORRUPT. */
MUST_USE enum err store_check(struct store *s);

/* ---- mend.c ---- */
/* Put the damaged file aside and a new one, with what could be saved, in its place. */
MUST_USE enum err store_mend(const char *path, struct store_report *report);

/* ---- salvage.c ---- */
/* Copy what is readable and good in `old`: the small tables, then each log up to its last checkpoint that holds.
 * Damage in `old` is no error; running out of memory is. */
MUST_USE enum err store_salvage(struct store *old, struct store *new, uint32_t *ret_cut_back);
/* ---- salvage_log.c ---- */
MUST_USE enum err store_salvage_logs(struct store *old, struct store *new, uint32_t *ret_cut_back);

/* ---- tx.c ---- */
/* A write: a transaction of its own, or part of the caller's. */
MUST_USE enum err tx_begin(struct store *s, bool *ret_own);
/* OK commits an own one; anything else undoes it, or marks the caller's as failed. Returns what became of it. */
MUST_USE enum err tx_end(struct store *s, bool own, enum err e);
/* A read of several statements sees one state of the store. */
MUST_USE enum err read_begin(struct store *s, bool *ret_own);
MUST_USE enum err read_end(struct store *s, bool own, enum err e);

/* ---- log.c ---- */
struct log_row {
    uint64_t id, bytes;
    struct log_state state;                 /* whole_note borrows from the statement: empty after log_row_find */
};
/* ERR_UNKNOWN. */
MUST_USE enum err log_row_find(struct store *s, const struct origin *o, struct log_row *ret);
MUST_USE enum err log_find_ref(struct store *s, const struct log_ref *ref, struct log_row *ret);
/* As log_row_find, making an empty log when there is none. ERR_CONFLICT: one of that name in another alliance. */
MUST_USE enum err log_find_or_make(struct store *s, const struct origin *o, struct log_row *ret);
/* Write all of the row but its name. */
MUST_USE enum err log_set(struct store *s, const struct log_row *row);
void log_read(struct sql *q, struct log_row *ret);
/* The largest kept checkpoint not above `limit` nor above the first hole that no withdrawal below `size` excuses. */
MUST_USE enum err newest_forget(struct store *s, const struct origin *o);      /* append.c */
MUST_USE enum err log_whole_below(struct store *s, uint64_t log, uint64_t size, uint64_t limit, uint64_t *ret);

/* ---- append.c ---- */
/* Keep the note of the checkpoint at the log's end as `row` has it. */
MUST_USE enum err checkpoint_put(struct store *s, const struct log_row *row, struct bytes note);
/* Drop the checkpoint at `size` unless a rule keeps it. */
MUST_USE enum err checkpoint_prune(struct store *s, uint64_t log, uint64_t size, uint64_t whole);

/* ---- payload.c ---- */
/* Put the payload of the entry with this row id; *ret_at is where it lies. */
/* Of entry `id`, excused by the withdrawal at that index: as store_erase, in the transaction under way. */
MUST_USE enum err payload_erase(struct store *s, uint64_t id, uint64_t excuse);
MUST_USE enum err payload_put(struct store *s, uint64_t id, struct bytes payload, uint64_t *ret_at);
MUST_USE enum err hole_put(struct store *s, uint64_t id, const struct header *h, uint64_t excuse);

/* ---- read.c ---- */
/* One row of ENTRY_COLUMNS as an item; borrowed until the next row. Damage is remembered in `q`. */
void entry_read(struct sql *q, uint64_t *ret_idx, struct item *ret);
/* The rows from `from` on, below `to`, in order; *ret_next is where they stopped being without a gap, also after
 * an error. */
MUST_USE enum err entries_scan(struct store *s, uint64_t log, uint64_t from, uint64_t to,
                               enum err (*each)(void *arg, uint64_t idx, const struct item *item), void *arg,
                               uint64_t *ret_next);

/* ---- cosig.c ---- */
struct checkpoint_row {
    uint64_t size, bytes;
    struct hash root;
    struct bytes note;                      /* borrowed from the statement */
};
void checkpoint_read(struct sql *q, uint64_t log, struct checkpoint_row *ret);
int64_t checkpoint_sum(uint64_t log, uint64_t size, struct bytes note);
MUST_USE enum err cosig_put(struct store *s, uint64_t log, const struct cosig *c);
MUST_USE enum err cosigned_put(struct store *s, struct log_row *row, uint64_t size, const struct hash *root,
                               uint64_t at_s);
/* The newest of each witness, or with `firsts` the first. */
MUST_USE enum err cosigs_scan(struct store *s, bool firsts, const struct origin *o, uint64_t log, uint64_t size,
                              enum err (*each)(void *arg, const struct cosig *c), void *arg);

/* A slug as another writer of ours put it, else damage. */
void slug_read(struct sql *q, int col, struct slug *ret);

#endif
