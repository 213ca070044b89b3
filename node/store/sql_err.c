#include "node/store/sql_err.h"

#include <sqlite3.h>

enum err sql_err(int code)
{
    if (code == SQLITE_IOERR_NOMEM)
        return ERR_NOMEM;
    if (code == SQLITE_IOERR_CORRUPTFS)
        return ERR_CORRUPT;
    if (code == SQLITE_IOERR_SHMSIZE)               /* the WAL's index could not grow */
        return ERR_FULL;
    switch (code & 0xff) {
    case SQLITE_OK: case SQLITE_ROW: case SQLITE_DONE:
        return OK;
    case SQLITE_NOMEM:
        return ERR_NOMEM;
    case SQLITE_FULL:
        return ERR_FULL;
    case SQLITE_BUSY: case SQLITE_LOCKED: case SQLITE_PROTOCOL:
        return ERR_BUSY;
    case SQLITE_PERM: case SQLITE_AUTH: case SQLITE_READONLY:
        return ERR_DENIED;
    case SQLITE_TOOBIG:
        return ERR_LIMIT;
    case SQLITE_IOERR: case SQLITE_CANTOPEN: case SQLITE_NOLFS: case SQLITE_INTERRUPT:
        return ERR_IO;
    }
    /* CORRUPT and NOTADB; and what our own statements cannot meet in a sound store: a
     * missing table (ERROR), a key that is there twice (CONSTRAINT), a type that STRICT forbids. */
    return ERR_CORRUPT;
}
