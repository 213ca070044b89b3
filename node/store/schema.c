#include "node/store/inside.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

/* Append-only: a version that was released is never edited, the next one follows it.
 *
 * entry and payload are two tables because a payload may be erased and a header never changes.  Entries are
 * keyed by `log << 40 | index`: they lie in log order, an append touches the last pages of its log only, and
 * nothing on the way in has an index.  Payloads lie in order of arrival, entry.payload says where.  So they are
 * only ever added behind the last one, and are erased by overwriting them where they lie: SQLite never moves one
 * to another page, and none leaves a copy in a page's unused bytes, where `secure_delete` does not reach (of
 * 1,200 erased from a table in log order, 5 could still be found in the file).  A row is never deleted.
 * Neither names the other by a foreign key: SQLite would seek for each row.  The triggers cost nothing on INSERT.
 */
static const char *const migrations[] = {
    "CREATE TABLE meta (key TEXT PRIMARY KEY, value BLOB NOT NULL) STRICT, WITHOUT ROWID;"
    "CREATE TABLE log (id INTEGER PRIMARY KEY, alliance BLOB NOT NULL, slug TEXT NOT NULL, generation INTEGER NOT NULL,"
    " size INTEGER NOT NULL DEFAULT 0, sum INTEGER NOT NULL, frontier BLOB NOT NULL, bytes INTEGER NOT NULL DEFAULT 0,"
    " whole INTEGER NOT NULL DEFAULT 0, is_frozen INTEGER NOT NULL DEFAULT 0, cosigned_size INTEGER NOT NULL DEFAULT 0,"
    " cosigned_root BLOB NOT NULL DEFAULT (zeroblob(32)), cosigned_at_s INTEGER NOT NULL DEFAULT 0,"
    " UNIQUE (slug, generation)) STRICT;"
    "CREATE TABLE entry (id INTEGER PRIMARY KEY, payload INTEGER, sum INTEGER NOT NULL, header BLOB NOT NULL) STRICT;"
    "CREATE TABLE payload (id INTEGER PRIMARY KEY, sum INTEGER NOT NULL, bytes BLOB NOT NULL) STRICT;"
    "CREATE TABLE hole (id INTEGER PRIMARY KEY, excuse INTEGER NOT NULL, payload_hash BLOB NOT NULL,"
    " payload_len INTEGER NOT NULL) STRICT;"
    "CREATE TABLE kind (log INTEGER NOT NULL REFERENCES log, kind INTEGER NOT NULL, idx INTEGER NOT NULL,"
    " PRIMARY KEY (log, kind, idx)) STRICT, WITHOUT ROWID;"
    "CREATE TABLE subtree (log INTEGER NOT NULL REFERENCES log, level INTEGER NOT NULL, idx INTEGER NOT NULL,"
    " sum INTEGER NOT NULL, hash BLOB NOT NULL, PRIMARY KEY (log, level, idx)) STRICT, WITHOUT ROWID;"
    "CREATE TABLE checkpoint (log INTEGER NOT NULL REFERENCES log, size INTEGER NOT NULL, root BLOB NOT NULL,"
    " bytes INTEGER NOT NULL, is_kept INTEGER NOT NULL DEFAULT 0, sum INTEGER NOT NULL, note BLOB NOT NULL,"
    " PRIMARY KEY (log, size)) STRICT, WITHOUT ROWID;"
    "CREATE TABLE cosig (log INTEGER NOT NULL REFERENCES log, size INTEGER NOT NULL, witness TEXT NOT NULL,"
    " root BLOB NOT NULL, time_s INTEGER NOT NULL, sig BLOB NOT NULL,"
    " PRIMARY KEY (log, size, witness)) STRICT, WITHOUT ROWID;"
    "CREATE TABLE evidence (log INTEGER PRIMARY KEY REFERENCES log, bytes BLOB NOT NULL) STRICT;"
    "CREATE TABLE cutting (log INTEGER PRIMARY KEY REFERENCES log) STRICT;"
    "CREATE TABLE charter (hash BLOB PRIMARY KEY, version INTEGER NOT NULL, round INTEGER NOT NULL,"
    " sum INTEGER NOT NULL, note BLOB NOT NULL) STRICT, WITHOUT ROWID;"
    "CREATE TABLE identity (slug TEXT PRIMARY KEY, version INTEGER NOT NULL, sum INTEGER NOT NULL,"
    " note BLOB NOT NULL) STRICT, WITHOUT ROWID;"
    "CREATE TABLE invite (token_hash BLOB PRIMARY KEY, expires_s INTEGER NOT NULL) STRICT, WITHOUT ROWID;"
    "CREATE TABLE request (slug TEXT PRIMARY KEY, since_ms INTEGER NOT NULL, note BLOB NOT NULL) STRICT, WITHOUT ROWID;"
    "CREATE TABLE head (peer TEXT PRIMARY KEY, generation INTEGER NOT NULL, size INTEGER NOT NULL, root BLOB NOT NULL,"
    " at_ms INTEGER NOT NULL) STRICT, WITHOUT ROWID;"
    "CREATE TABLE peer (slug TEXT PRIMARY KEY, address TEXT NOT NULL, state INTEGER NOT NULL, rtt_ms INTEGER NOT NULL,"
    " last_error TEXT NOT NULL, heard_ms INTEGER NOT NULL) STRICT, WITHOUT ROWID;"
    "CREATE TABLE announced (slug TEXT NOT NULL, generation INTEGER NOT NULL, size INTEGER NOT NULL,"
    " PRIMARY KEY (slug, generation)) STRICT, WITHOUT ROWID;"
    "CREATE TABLE ask (kind INTEGER PRIMARY KEY, at_ms INTEGER NOT NULL) STRICT;"
    "CREATE TRIGGER entry_never_changes BEFORE UPDATE OF id, sum, header ON entry"
    " BEGIN SELECT raise(ABORT, 'entries never change'); END;"
    "CREATE TRIGGER entry_never_vanishes BEFORE DELETE ON entry"
    " WHEN NOT EXISTS (SELECT 1 FROM cutting WHERE log = old.id >> 40)"
    " BEGIN SELECT raise(ABORT, 'entries go only when a log is cut back'); END;"
    "CREATE TRIGGER payload_is_only_erased BEFORE UPDATE ON payload"
    " WHEN new.id <> old.id OR new.sum <> old.sum OR new.bytes <> zeroblob(length(old.bytes))"
    " BEGIN SELECT raise(ABORT, 'payloads are erased, not changed'); END;"
    "CREATE TRIGGER payload_never_moves BEFORE DELETE ON payload"
    " BEGIN SELECT raise(ABORT, 'payloads are erased where they lie'); END;",

    "ALTER TABLE peer ADD COLUMN program TEXT NOT NULL DEFAULT '';",

    /* A witness says daily that it still holds a checkpoint, and its newest word is what freshness goes by; but its first says
     * since when the checkpoint stood, and must not be lost to it. */
    "CREATE TABLE cosig_first (log INTEGER NOT NULL REFERENCES log, size INTEGER NOT NULL, witness TEXT NOT NULL,"
    " root BLOB NOT NULL, time_s INTEGER NOT NULL, sig BLOB NOT NULL,"
    " PRIMARY KEY (log, size, witness)) STRICT, WITHOUT ROWID;"
};
static_assert(sizeof(migrations) / sizeof(migrations[0]) == STORE_SCHEMA, "each version has its step");
static_assert(IDX_BITS == 40, "the trigger knows where the log id lies");

static enum err number_of(struct store *s, const char *text, int64_t *ret)
{
    sqlite3_stmt *st = NULL;
    int rc = sqlite3_prepare_v2(s->db, text, -1, &st, NULL);
    if (rc == SQLITE_OK)
        rc = sqlite3_step(st);
    if (rc == SQLITE_ROW)
        *ret = sqlite3_column_int64(st, 0);
    if (rc == SQLITE_DONE)
        *ret = -1;
    enum err e = rc == SQLITE_ROW || rc == SQLITE_DONE ? OK : sql_err(rc);
    (void)sqlite3_finalize(st);
    return e;
}

/* The version stands in the file's header and again in `meta`: one flipped bit must not look like a
 * newer program's store, which we would refuse to touch. */
static enum err is_future(struct store *s, int64_t version)
{
    int64_t written = 0, id = 0;
    enum err e = number_of(s, "SELECT CAST(CAST(value AS TEXT) AS INTEGER) FROM meta WHERE key = 'schema'", &written);
    if (e == OK && written >= 0 && written != version)
        return ERR_CORRUPT;
    if (number_of(s, "PRAGMA application_id", &id) == OK && id != STORE_APPLICATION)
        return ERR_CORRUPT;
    return e == OK || e == ERR_CORRUPT ? ERR_SCHEMA : e;    /* a newer one may keep it elsewhere */
}

bool schema_is_ours(struct store *s)
{
    int64_t n = 0;
    enum err e = number_of(s, "SELECT count(*) FROM sqlite_schema WHERE type = 'table'"
                              " AND name IN ('log', 'entry', 'payload', 'checkpoint', 'charter')", &n);
    return e == OK && n == 5;
}

static enum err judge(struct store *s, int64_t *ret_version)
{
    int64_t version, id, tables;
    enum err e;
    if ((e = number_of(s, "PRAGMA user_version", &version)) != OK)
        return e;
    if (version > STORE_SCHEMA)
        return is_future(s, version);
    if ((e = number_of(s, "PRAGMA application_id", &id)) != OK
        || (e = number_of(s, "SELECT count(*) FROM sqlite_schema", &tables)) != OK)
        return e;
    *ret_version = version;
    if (version == 0)
        return tables == 0 ? OK : ERR_CORRUPT;
    return version > 0 && id == STORE_APPLICATION ? OK : ERR_CORRUPT;
}

static enum err step_up(struct store *s, int version)
{
    char mark[160];
    enum err e = sql_script(s, migrations[version]);
    if (e != OK)
        return e;
    (void)snprintf(mark, sizeof(mark), "INSERT OR REPLACE INTO meta (key, value) VALUES ('schema', CAST('%d' AS BLOB));"
                   "PRAGMA application_id = %d; PRAGMA user_version = %d;",
                   version + 1, STORE_APPLICATION, version + 1);
    return sql_script(s, mark);
}

enum err schema_settle(struct store *s, bool may_make)
{
    int64_t version = 0;
    enum err e = judge(s, &version);
    if (e != OK || version == STORE_SCHEMA)
        return e;
    if (version == 0 && !may_make)
        return ERR_UNKNOWN;
    /* Every connection makes the same pages: what an erasing delete must clear is set before the first. */
    if ((e = sql_script(s, "PRAGMA page_size = 8192; PRAGMA journal_mode = WAL")) != OK
        || (e = sql_script(s, "BEGIN IMMEDIATE")) != OK)
        return e;
    e = judge(s, &version);                     /* another process may have been first */
    for (int v = (int)version; e == OK && v < STORE_SCHEMA; v++)
        e = step_up(s, v);
    if (e == OK)
        e = sql_script(s, "COMMIT");
    if (!sqlite3_get_autocommit(s->db))
        (void)sqlite3_exec(s->db, "ROLLBACK", NULL, NULL, NULL);
    return e;
}
