/* cli/disclose/nodes.h - a tree that remembers the nodes it was asked for.
 *
 * The store keeps none below a boundary: each proof would hash up to 2,048 headers, and records that lie together ask for the
 * same nodes again. */
#ifndef FOLKMOOT_CLI_DISCLOSE_NODES_H
#define FOLKMOOT_CLI_DISCLOSE_NODES_H

#include "protocol/merkle.h"

struct node;
struct nodes {
    struct merkle_source from;
    size_t n, cap;                          /* cap: a power of two, or 0 */
    struct node *list;
};

/* `from` is borrowed. Holds memory from the first node on; end with nodes_release(). */
void nodes_init(const struct merkle_source *from, struct nodes *ret);
void nodes_release(struct nodes *n);
/* Borrows `n`. ERR_NOMEM beside what `from` says. */
struct merkle_source nodes_source(struct nodes *n);

#endif
