/* cli/indicators.h - printing the indicators, with the periods that a view holds. */
#ifndef FOLKMOOT_CLI_INDICATORS_H
#define FOLKMOOT_CLI_INDICATORS_H

#include <jansson.h>

#include "cli/session.h"
#include "protocol/record.h"

/* Which periods are held of an indicator: a new JSON list of texts, "2024-25 Q1",
 * in order of time; NULL for none. */
struct indicator_periods {
    json_t *(*list)(void *arg, const char *indicator);
    void *arg;
    const struct definition *own;           /* the alliance's own, which stand before official ones of their ids */
    size_t n_own;
};

/* Those that the arguments name, or all. `from` may be NULL: no periods are known. */
enum exit_status indicators_print(struct session *s, const struct indicator_periods *from);

#endif
