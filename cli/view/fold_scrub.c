/* cli/view/fold_scrub.c - what was erased is to be in no byte of the file.
 *
 * `secure_delete` clears the bytes of a row that goes, but not the copies of it that SQLite left in the unused parts of
 * pages when it split them: of 3,000 texts erased from a table like ours some 50 could still be found. So after an erasure
 * the whole file is written afresh, and the WAL emptied. That it is owed stands in `meta`, in the transaction that erased:
 * a process that dies in between leaves the work to the next. */
#include <string.h>

#include "cli/view/inside.h"
#include "node/store/sql_err.h"

enum { SCRUB_IN_MEMORY_MAX = 32 << 20 };        /* VACUUM keeps its copy there: temp_store is memory, so that none lies elsewhere */
enum { SCRUB_WAIT_MS = 200 };

static enum err put_meta(struct fold *f, const char *value)
{
    struct vsql q = vsql_start(f->v, V_META_PUT);
    vsql_text(&q, "scrub");
    vsql_text(&q, value);
    return vsql_run(&q);
}

enum err fold_owes_scrub(struct fold *f)
{
    return put_meta(f, "1");
}

static enum err size_of(struct fold *f, uint64_t *ret)
{
    struct vsql q = vsql_start(f->v, V_FILE_SIZE);
    *ret = vsql_row(&q) ? vsql_col_u64(&q, 0) : 0;
    return vsql_end(&q);
}

static enum err is_owed(struct fold *f, bool *ret)
{
    struct vsql q = vsql_start(f->v, V_META_GET);
    vsql_text(&q, "scrub");
    *ret = vsql_row(&q) && strcmp(vsql_col_text(&q, 0), "1") == 0;
    return vsql_end(&q);
}

/* The pages that VACUUM wrote reach the file, over those that still hold what was erased. Somebody who reads meanwhile may stand in
 * the way: not for long, or the next fold does it. */
static enum err empty_wal(struct fold *f)
{
    (void)sqlite3_busy_timeout(f->v->db, SCRUB_WAIT_MS);
    int rc = sqlite3_wal_checkpoint_v2(f->v->db, NULL, SQLITE_CHECKPOINT_TRUNCATE, NULL, NULL);
    (void)sqlite3_busy_timeout(f->v->db, VIEW_BUSY_MS);
    return rc == SQLITE_OK ? OK : sql_err(rc);
}

enum err fold_scrub(struct fold *f)
{
    bool owed = false;
    uint64_t size = 0;
    enum err e = is_owed(f, &owed);
    if (e != OK || !owed)
        return e;
    if ((e = size_of(f, &size)) != OK)
        return e;
    if (size > SCRUB_IN_MEMORY_MAX)
        return view_is_rebuilding(f->v) ? put_meta(f, "0") : ERR_MORE;          /* a new file has never held it */
    e = vsql_script(f->v, "VACUUM");
    if (e == OK)
        e = empty_wal(f);
    if (e == OK)
        e = put_meta(f, "0");
    return e == ERR_BUSY ? OK : e;
}
