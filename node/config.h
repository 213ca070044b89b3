/* node/config.h - node/config: what the owner decides about the daemon.
 *
 *      listen = 0.0.0.0:7117           or none; where peers may dial us
 *      advertise = node.example:7117   repeatable; what our identity tells them to dial
 *      log_level = info                or warn
 *
 * INI by inih, without sections. `;` and `#` begin comments. Anything else is fatal
 * and named with its line: a setting that is silently ignored is worse than a node that does not start. */
#ifndef FOLKMOOT_NODE_CONFIG_H
#define FOLKMOOT_NODE_CONFIG_H

#include "node/address.h"
#include "protocol/identity.h"

enum { CONFIG_MAX = 16 * 1024, CONFIG_LINE_MAX = 198 };     /* inih reads lines of 200 with newline and NUL */

#define LOG_LEVELS(X) X(LOG_INFO, "info") X(LOG_WARN, "warn")
enum log_level {
#define X(sym, name) sym,
    LOG_LEVELS(X)
#undef X
    LOG_LEVEL_COUNT
};

struct config {
    char listen[ADDRESS_MAX + 1];           /* "" when it does not listen */
    size_t n_advertise;
    char advertise[IDENTITY_ADDRESSES_MAX][ADDRESS_MAX + 1];
    enum log_level log_level;
};

struct config_error {
    size_t line;                            /* from 1; 0: the file as a whole */
    const char *what;                       /* static */
};

/* A node that does not listen, at level info. */
void config_init(struct config *ret);

/* Read a config file's bytes.
 *   ERR_LIMIT   longer than CONFIG_MAX
 *   ERR_FORMAT  an unknown or repeated key, a value that is none, a section, a line too long, a control character
 * On failure *why says where and what. */
MUST_USE enum err config_parse(struct bytes in, struct config *ret, struct config_error *why);

/* Put the text that config_parse takes for `c` behind what `ret` holds. */
void config_write(const struct config *c, struct buf *ret);

#endif
