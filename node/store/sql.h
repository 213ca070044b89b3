/* node/store/sql.h - the SQL of log.db: one table of statements, and typed hands to use them.
 *
 * Room-private.  A statement is prepared when first used and kept.  `struct sql` remembers its
 * first failure, so a use is: sql_start, bind every parameter in order, step, ask sql_end once:
 *
 *      struct sql q = sql_start(s, SQL_HOLE_GET);
 *      sql_u64(&q, id);
 *      if (sql_row(&q))
 *          excuse = sql_col_u64(&q, 0);
 *      e = sql_end(&q);
 *
 * A statement may be started again while an outer use of it still steps (a callback does that): it then
 * gets a statement of its own for that once. */
#ifndef FOLKMOOT_NODE_STORE_SQL_H
#define FOLKMOOT_NODE_STORE_SQL_H

#include <sqlite3.h>

#include "node/store/sql_err.h"
#include "protocol/crypto.h"

struct store;

#define ENTRY_COLUMNS "e.id, e.sum, e.header, p.sum, p.bytes"
#define LOG_COLUMNS "l.id, l.alliance, l.slug, l.generation, l.size, l.sum, l.frontier, l.bytes, l.whole, " \
    "l.is_frozen, l.cosigned_size, l.cosigned_root, l.cosigned_at_s, c.root, c.sum, c.note"
#define LOG_FROM " FROM log l LEFT JOIN checkpoint c ON c.log = l.id AND c.size = l.whole "

#define SQLS(X)                                                                                               \
    X(SQL_BEGIN, "BEGIN IMMEDIATE")                                                                           \
    X(SQL_BEGIN_READ, "BEGIN")                                                                                \
    X(SQL_COMMIT, "COMMIT")                                                                                   \
    X(SQL_ROLLBACK, "ROLLBACK")                                                                               \
    X(SQL_DATA_VERSION, "PRAGMA data_version")                                                                \
    X(SQL_META_PUT, "INSERT INTO meta (key, value) VALUES (?1, ?2)"                                           \
        " ON CONFLICT (key) DO UPDATE SET value = excluded.value")                                            \
    X(SQL_META_GET, "SELECT value FROM meta WHERE key = ?1")                                                  \
    X(SQL_META_DROP, "DELETE FROM meta WHERE key = ?1")                                                       \
    X(SQL_META_EACH, "SELECT key, value FROM meta WHERE key <> 'schema' ORDER BY key")                        \
    /* logs */                                                                                                \
    X(SQL_LOG_NEW, "INSERT INTO log (alliance, slug, generation, sum, frontier) VALUES (?1, ?2, ?3, ?4, ?5)") \
    X(SQL_LOG_FIND, "SELECT " LOG_COLUMNS LOG_FROM "WHERE l.slug = ?1 AND l.generation = ?2")                 \
    X(SQL_LOG_EACH, "SELECT " LOG_COLUMNS LOG_FROM "ORDER BY l.id")                                           \
    X(SQL_LOG_SET, "UPDATE log SET size = ?2, sum = ?3, frontier = ?4, bytes = ?5, whole = ?6, is_frozen = ?7,"  \
        " cosigned_size = ?8, cosigned_root = ?9, cosigned_at_s = ?10 WHERE id = ?1")                         \
    X(SQL_EVIDENCE_PUT, "INSERT INTO evidence (log, bytes) VALUES (?1, ?2) ON CONFLICT (log) DO NOTHING")     \
    X(SQL_EVIDENCE_EACH, "SELECT bytes FROM evidence ORDER BY log")                                           \
    X(SQL_EVIDENCE_OF, "SELECT bytes FROM evidence WHERE log = ?1")                                           \
    /* entries */                                                                                             \
    X(SQL_ENTRY_PUT, "INSERT INTO entry (id, payload, sum, header) VALUES (?1, ?2, ?3, ?4)")                  \
    X(SQL_ENTRY_PUT_HOLE, "INSERT INTO entry (id, sum, header) VALUES (?1, ?2, ?3)")                          \
    X(SQL_ENTRY_PAYLOAD, "UPDATE entry SET payload = ?2 WHERE id = ?1")                                       \
    X(SQL_ENTRY_FORGET, "UPDATE entry SET payload = NULL WHERE id = ?1")                                      \
    X(SQL_PAYLOAD_PUT, "INSERT INTO payload (sum, bytes) VALUES (?1, ?2)")                                    \
    X(SQL_PAYLOAD_ERASE, "UPDATE payload SET bytes = zeroblob(length(bytes))"                                 \
        " WHERE id = (SELECT payload FROM entry WHERE id = ?1)")                                              \
    X(SQL_HOLE_PUT, "INSERT INTO hole (id, excuse, payload_hash, payload_len) VALUES (?1, ?2, ?3, ?4)")       \
    X(SQL_HOLE_GET, "SELECT excuse, payload_len FROM hole WHERE id = ?1")                                     \
    X(SQL_HOLE_DROP, "DELETE FROM hole WHERE id = ?1")                                                        \
    X(SQL_HOLE_EACH, "SELECT id, excuse, payload_hash, payload_len FROM hole WHERE id >= ?1 AND id < ?2 ORDER BY id") \
    X(SQL_HOLE_UNEXCUSED, "SELECT min(id) FROM hole WHERE id >= ?1 AND id < ?2 AND (excuse < 0 OR excuse >= ?3)") \
    X(SQL_KIND_PUT, "INSERT INTO kind (log, kind, idx) VALUES (?1, ?2, ?3)")                                  \
    X(SQL_ENTRIES, "SELECT " ENTRY_COLUMNS " FROM entry e LEFT JOIN payload p ON p.id = e.payload"                 \
        " WHERE e.id >= ?1 AND e.id < ?2 ORDER BY e.id")                                                      \
    X(SQL_OF_KIND, "SELECT " ENTRY_COLUMNS " FROM kind k CROSS JOIN entry e ON e.id = ?1 + k.idx"             \
        " LEFT JOIN payload p ON p.id = e.payload WHERE k.log = ?2 AND k.kind = ?3 AND k.idx >= ?4 ORDER BY k.idx") \
    X(SQL_OF_KIND_BACK, "SELECT " ENTRY_COLUMNS " FROM kind k CROSS JOIN entry e ON e.id = ?1 + k.idx"        \
        " LEFT JOIN payload p ON p.id = e.payload WHERE k.log = ?2 AND k.kind = ?3 ORDER BY k.idx DESC")      \
    X(SQL_HEADERS, "SELECT id, sum, header FROM entry WHERE id >= ?1 AND id < ?2 ORDER BY id")                \
    X(SQL_ENTRY_LAST, "SELECT max(id) FROM entry WHERE id >= ?1 AND id < ?2")                                 \
    X(SQL_SUBTREE_PUT, "INSERT INTO subtree (log, level, idx, sum, hash) VALUES (?1, ?2, ?3, ?4, ?5)"         \
        " ON CONFLICT DO NOTHING")                                                                            \
    X(SQL_SUBTREE_GET, "SELECT sum, hash FROM subtree WHERE log = ?1 AND level = ?2 AND idx = ?3")            \
    /* cutting back */                                                                                        \
    X(SQL_CUT_ALLOW, "INSERT INTO cutting (log) VALUES (?1)")                                                 \
    X(SQL_CUT_FORBID, "DELETE FROM cutting WHERE log = ?1")                                                   \
    X(SQL_CUT_ENTRY, "DELETE FROM entry WHERE id >= ?1 AND id < ?2")                                          \
    X(SQL_CUT_PAYLOAD, "UPDATE payload SET bytes = zeroblob(length(bytes))"                                   \
        " WHERE id IN (SELECT payload FROM entry WHERE id >= ?1 AND id < ?2)")                                \
    X(SQL_CUT_HOLE, "DELETE FROM hole WHERE id >= ?1 AND id < ?2")                                            \
    X(SQL_CUT_KIND, "DELETE FROM kind WHERE log = ?1 AND idx >= ?2")                                          \
    X(SQL_CUT_CHECKPOINT, "DELETE FROM checkpoint WHERE log = ?1 AND size > ?2")                              \
    X(SQL_CUT_COSIG, "DELETE FROM cosig WHERE log = ?1 AND size > ?2")                                        \
    X(SQL_CUT_COSIG_FIRST, "DELETE FROM cosig_first WHERE log = ?1 AND size > ?2")                            \
    X(SQL_CUT_SUBTREE, "DELETE FROM subtree WHERE log = ?1 AND ((idx + 1) << level) > ?2")                    \
    /* checkpoints */                                                                                         \
    X(SQL_CHECKPOINT_PUT, "INSERT INTO checkpoint (log, size, root, bytes, sum, note)"                        \
        " VALUES (?1, ?2, ?3, ?4, ?5, ?6)")                                                                   \
    X(SQL_CHECKPOINT_GET, "SELECT size, root, bytes, sum, note FROM checkpoint WHERE log = ?1 AND size = ?2") \
    X(SQL_CHECKPOINT_NEWEST, "SELECT size, root, bytes, sum, note FROM checkpoint WHERE log = ?1 AND size <= ?2" \
        " ORDER BY size DESC LIMIT 1")                                                                        \
    X(SQL_CHECKPOINT_ABOVE, "SELECT size, root, bytes, sum, note FROM checkpoint WHERE log = ?1 AND size > ?2" \
        " ORDER BY size LIMIT 1")                                                                             \
    X(SQL_CHECKPOINT_EACH, "SELECT size, root, bytes, sum, note FROM checkpoint WHERE log = ?1 ORDER BY size") \
    X(SQL_CHECKPOINT_KEEP, "UPDATE checkpoint SET is_kept = 1 WHERE log = ?1 AND size = ?2")                  \
    X(SQL_CHECKPOINT_QUORUM, "SELECT size, root FROM checkpoint WHERE log = ?1 AND is_kept ORDER BY size DESC LIMIT 1") \
    X(SQL_CHECKPOINT_KEPT, "SELECT size FROM checkpoint WHERE log = ?1 AND is_kept ORDER BY size")            \
    X(SQL_CHECKPOINT_PRUNE, "DELETE FROM checkpoint WHERE log = ?1 AND size = ?2 AND NOT is_kept"             \
        " AND (SELECT min(n.size) FROM checkpoint n WHERE n.log = ?1 AND n.size > ?2) IS NOT NULL"            \
        " AND (SELECT n.bytes FROM checkpoint n WHERE n.log = ?1 AND n.size > ?2 ORDER BY n.size LIMIT 1)"    \
        " - coalesce((SELECT q.bytes FROM checkpoint q WHERE q.log = ?1 AND q.size < ?2"                      \
        " ORDER BY q.size DESC LIMIT 1), 0) <= ?3")                                                           \
    X(SQL_CHECKPOINT_ALL, "SELECT log, note FROM checkpoint ORDER BY log, size")                               \
    X(SQL_COSIG_PRUNE, "DELETE FROM cosig WHERE log = ?1 AND size = ?2")                                      \
    X(SQL_COSIG_PRUNE_FIRST, "DELETE FROM cosig_first WHERE log = ?1 AND size = ?2")                          \
    /* what is about to be replaced by a later one over the same root is the first, if none was replaced before */ \
    X(SQL_COSIG_KEEP_FIRST, "INSERT INTO cosig_first (log, size, witness, root, time_s, sig)"                 \
        " SELECT log, size, witness, root, time_s, sig FROM cosig"                                            \
        " WHERE log = ?1 AND size = ?2 AND witness = ?3 AND root = ?4 AND time_s < ?5 ON CONFLICT DO NOTHING") \
    X(SQL_COSIG_EACH_FIRST, "SELECT witness, root, time_s, sig FROM cosig_first WHERE log = ?1 AND size = ?2" \
        " UNION ALL SELECT c.witness, c.root, c.time_s, c.sig FROM cosig c WHERE c.log = ?1 AND c.size = ?2"  \
        " AND NOT EXISTS (SELECT 1 FROM cosig_first f WHERE f.log = c.log AND f.size = c.size"                \
        " AND f.witness = c.witness) ORDER BY 1")                                                             \
    X(SQL_COSIG_PUT, "INSERT INTO cosig (log, size, witness, root, time_s, sig) VALUES (?1, ?2, ?3, ?4, ?5, ?6)" \
        " ON CONFLICT (log, size, witness) DO UPDATE SET root = excluded.root, time_s = excluded.time_s,"     \
        " sig = excluded.sig WHERE excluded.time_s > cosig.time_s")                                           \
    X(SQL_COSIG_EACH, "SELECT witness, root, time_s, sig FROM cosig WHERE log = ?1 AND size = ?2 ORDER BY witness") \
    X(SQL_WITNESS_LOGS, "SELECT id, generation FROM log WHERE slug = ?1 ORDER BY generation DESC")            \
    /* membership */                                                                                          \
    X(SQL_CHARTER_PUT, "INSERT INTO charter (hash, version, round, sum, note) VALUES (?1, ?2, ?3, ?4, ?5)"    \
        " ON CONFLICT (hash) DO UPDATE SET sum = excluded.sum, note = excluded.note")                         \
    X(SQL_CHARTER_GET, "SELECT version, sum, note FROM charter WHERE hash = ?1")                              \
    X(SQL_CHARTER_DROP, "DELETE FROM charter WHERE hash = ?1")                                                \
    X(SQL_CHARTER_EACH, "SELECT hash, version, round, sum, note FROM charter ORDER BY version, round, hash")  \
    X(SQL_IDENTITY_PUT, "INSERT INTO identity (slug, version, sum, note) VALUES (?1, ?2, ?3, ?4)"             \
        " ON CONFLICT (slug) DO UPDATE SET version = excluded.version, sum = excluded.sum, note = excluded.note" \
        " WHERE excluded.version >= identity.version")                                                        \
    X(SQL_IDENTITY_DROP, "DELETE FROM identity WHERE slug = ?1")                                              \
    X(SQL_IDENTITY_EACH, "SELECT slug, version, sum, note FROM identity ORDER BY slug")                       \
    X(SQL_IDENTITY_OF, "SELECT sum, note FROM identity WHERE slug = ?1")                                      \
    X(SQL_INVITE_EXPIRE, "DELETE FROM invite WHERE expires_s < ?1")                                           \
    X(SQL_INVITE_COUNT, "SELECT count(*) FROM invite WHERE token_hash <> ?1")                                 \
    X(SQL_INVITE_PUT, "INSERT INTO invite (token_hash, expires_s) VALUES (?1, ?2)"                            \
        " ON CONFLICT (token_hash) DO UPDATE SET expires_s = excluded.expires_s")                             \
    X(SQL_INVITE_DROP, "DELETE FROM invite WHERE token_hash = ?1")                                            \
    X(SQL_INVITE_EACH, "SELECT token_hash, expires_s FROM invite ORDER BY expires_s, token_hash")             \
    X(SQL_REQUEST_COUNT, "SELECT count(*) FROM request WHERE slug <> ?1")                                     \
    X(SQL_REQUEST_PUT, "INSERT INTO request (slug, since_ms, note) VALUES (?1, ?2, ?3)"                       \
        " ON CONFLICT (slug) DO UPDATE SET since_ms = excluded.since_ms, note = excluded.note")               \
    X(SQL_REQUEST_EACH, "SELECT slug, since_ms, note FROM request ORDER BY since_ms, slug")                   \
    X(SQL_REQUEST_DROP, "DELETE FROM request WHERE slug = ?1")                                                \
    /* between the two programs */                                                                            \
    X(SQL_HEAD_PUT, "INSERT INTO head (peer, generation, size, root, at_ms) VALUES (?1, ?2, ?3, ?4, ?5)"      \
        " ON CONFLICT (peer) DO UPDATE SET generation = excluded.generation, size = excluded.size,"           \
        " root = excluded.root, at_ms = excluded.at_ms")                                                      \
    X(SQL_HEAD_EACH, "SELECT peer, generation, size, root, at_ms FROM head ORDER BY peer")                    \
    X(SQL_PEER_PUT, "INSERT INTO peer (slug, address, state, rtt_ms, last_error, heard_ms, program)"          \
        " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7) ON CONFLICT (slug) DO UPDATE SET address = excluded.address,"       \
        " state = excluded.state, rtt_ms = excluded.rtt_ms, last_error = excluded.last_error,"                \
        " heard_ms = max(heard_ms, excluded.heard_ms), program = CASE WHEN excluded.program = '' AND excluded.state <> ?8"    \
        " THEN peer.program ELSE excluded.program END")                                                       \
    X(SQL_PEER_EACH, "SELECT slug, address, state, rtt_ms, last_error, heard_ms, program FROM peer ORDER BY slug") \
    X(SQL_ANNOUNCED_PUT, "INSERT INTO announced (slug, generation, size) VALUES (?1, ?2, ?3)"                 \
        " ON CONFLICT (slug, generation) DO UPDATE SET size = excluded.size")                                 \
    X(SQL_ANNOUNCED_FORGET, "DELETE FROM announced")                                                          \
    X(SQL_ANNOUNCED_EACH, "SELECT slug, generation, size FROM announced ORDER BY slug, generation")           \
    X(SQL_ASK_PUT, "INSERT INTO ask (kind, at_ms) VALUES (?1, ?2)"                                            \
        " ON CONFLICT (kind) DO UPDATE SET at_ms = excluded.at_ms")                                           \
    X(SQL_ASK_EACH, "SELECT kind FROM ask ORDER BY at_ms, kind")                                              \
    X(SQL_ASK_CLEAR, "DELETE FROM ask")

enum sql_id {
#define X(sym, text) sym,
    SQLS(X)
#undef X
    SQL_COUNT
};

struct sql {
    struct store *s;
    sqlite3_stmt *st;
    int n_bound;
    bool is_spare;                          /* prepared for this use only */
    enum err e;
};

struct sql sql_start(struct store *s, enum sql_id id);
/* Each binds the next parameter; bytes and text are borrowed until sql_end. */
void sql_u64(struct sql *q, uint64_t v);
void sql_int(struct sql *q, int64_t v);
void sql_blob(struct sql *q, struct bytes v);
void sql_fixed(struct sql *q, const void *p, size_t len);
void sql_text(struct sql *q, const char *s);

/* True with a row to read; false at the end or after a failure. */
bool sql_row(struct sql *q);
uint64_t sql_col_u64(const struct sql *q, int col);
int64_t sql_col_int(const struct sql *q, int col);
bool sql_col_is_null(const struct sql *q, int col);
/* Borrowed until the next sql_row or sql_end. */
struct bytes sql_col_bytes(struct sql *q, int col);
/* A blob of exactly `len`: ERR_CORRUPT is remembered for any other. */
void sql_col_fixed(struct sql *q, int col, void *ret, size_t len);
/* The row says what no writer of ours wrote. */
void sql_spoil(struct sql *q);

/* Ends the use and says how it went. */
MUST_USE enum err sql_end(struct sql *q);
/* For statements without rows: step, end. */
MUST_USE enum err sql_run(struct sql *q);

/* A run of SQL text, for the schema and for settings. */
MUST_USE enum err sql_script(struct store *s, const char *text);

/* Finalises what was kept. */
void sql_forget(struct store *s);

/* A short sum over what a row holds, seeded with its id: it finds rot, not malice.  The disk may return
 * other bytes than it was given, and what we serve in good faith must not make us look like liars. */
int64_t sql_sum(uint64_t seed, struct bytes in);

#endif
