/* cli/reach.h - the peers: who is in reach of our node, and what it says of itself. */
#ifndef FOLKMOOT_CLI_REACH_H
#define FOLKMOOT_CLI_REACH_H

#include "cli/desk.h"
#include "cli/output/sheet.h"

struct reach {
    bool runs;                              /* our daemon: without it nobody is in reach */
    size_t n;
    struct peer_row rows[MEMBERS_MAX];
};

/* On OK the caller free()s *ret. */
MUST_USE enum err reach_read(const struct desk *d, struct reach **ret);

/* What is known of a peer's node; of one that was never heard of a row with its slug and nothing else. */
struct peer_row reach_of(const struct reach *r, const struct slug *slug);

/* The next cell of a row, for people: "yes, 4 ms", "no: refused". */
void reach_cell(struct sheet *sh, const struct reach *r, const struct slug *slug);
json_t *reach_json(const struct reach *r, const struct slug *slug);

#endif
