/* node/store/sql_err.h - what SQLite's result codes are in our words: the one fact that the two rooms which know SQLite
 * (this one and cli/view) must not tell differently. */
#ifndef FOLKMOOT_NODE_STORE_SQL_ERR_H
#define FOLKMOOT_NODE_STORE_SQL_ERR_H

#include "protocol/err.h"

/* `code` is a result code, extended or not. OK for SQLITE_OK, SQLITE_ROW and SQLITE_DONE; ERR_NOMEM, ERR_FULL, ERR_BUSY,
 * ERR_DENIED, ERR_LIMIT, ERR_IO; ERR_CORRUPT for damage, and for what our own statements cannot meet in a sound file. */
enum err sql_err(int code);

#endif
