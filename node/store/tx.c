#include "node/store/inside.h"

#include <assert.h>

/* Some failures have ended the transaction already. */
static void undo(struct store *s)
{
    if (sqlite3_get_autocommit(s->db))
        return;
    struct sql q = sql_start(s, SQL_ROLLBACK);
    if (sql_run(&q) != OK)
        (void)sqlite3_exec(s->db, "ROLLBACK", NULL, NULL, NULL);
}

/* A statement that fails for want of memory, a reading one too, may end the whole transaction: what were written after
 * that would stand alone. */
void store_note_end(struct store *s, enum err e)
{
    if (e != OK && s->is_in_tx && s->tx_failed == OK && sqlite3_get_autocommit(s->db))
        s->tx_failed = e;
}

/* Who mends holds the old file's write lock until the new one is in its place; so we find out here,
 * and acknowledge nothing that only the quarantined file holds. */
static enum err begin(struct store *s)
{
    struct sql q = sql_start(s, SQL_BEGIN);
    enum err e = sql_run(&q);
    if (e == OK && (e = store_check_place(s)) != OK)
        undo(s);
    return e;
}

/* An erased payload also lies in the WAL until that is emptied.  A reader may stand in the way:
 * then the next commit, or closing, tries again. */
static void scrub(struct store *s)
{
    if (sqlite3_wal_checkpoint_v2(s->db, NULL, SQLITE_CHECKPOINT_TRUNCATE, NULL, NULL) == SQLITE_OK)
        s->owes_scrub = false;
}

static enum err commit(struct store *s)
{
    struct sql q = sql_start(s, SQL_COMMIT);
    enum err e = sql_run(&q);
    if (e != OK)
        undo(s);
    else if (s->owes_scrub)
        scrub(s);
    return e;
}

enum err tx_begin(struct store *s, bool *ret_own)
{
    assert(s->mode == STORE_WRITE);
    *ret_own = false;
    if (s->is_in_tx)
        return s->tx_failed;
    enum err e = begin(s);
    *ret_own = e == OK;
    return e;
}

enum err tx_end(struct store *s, bool own, enum err e)
{
    if (own && e == OK)
        return commit(s);
    if (own)
        undo(s);
    else if (s->is_in_tx && s->tx_failed == OK)
        s->tx_failed = e;
    return e;
}

enum err read_begin(struct store *s, bool *ret_own)
{
    *ret_own = false;
    if (!sqlite3_get_autocommit(s->db))
        return OK;
    struct sql q = sql_start(s, SQL_BEGIN_READ);
    enum err e = sql_run(&q);
    *ret_own = e == OK;
    return e;
}

enum err read_end(struct store *s, bool own, enum err e)
{
    if (!own || sqlite3_get_autocommit(s->db))  /* no memory, or a failing disk, may have ended it */
        return e;
    struct sql q = sql_start(s, SQL_COMMIT);
    enum err ended = sql_run(&q);
    if (ended != OK)
        undo(s);
    return e != OK ? e : ended;
}

enum err store_begin(struct store *s)
{
    assert(s->mode == STORE_WRITE && !s->is_in_tx);
    enum err e = begin(s);
    if (e == OK) {
        s->is_in_tx = true;
        s->tx_failed = OK;
    }
    return e;
}

enum err store_commit(struct store *s)
{
    assert(s->is_in_tx);
    enum err e = s->tx_failed;
    s->is_in_tx = false;
    s->tx_failed = OK;
    if (e == OK)
        return commit(s);
    undo(s);
    return e;
}

void store_rollback(struct store *s)
{
    s->is_in_tx = false;
    s->tx_failed = OK;
    undo(s);
}
