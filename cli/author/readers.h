/* cli/author/readers.h - who may read what we seal, and the keys they are owed.
 *
 * An epoch is one generation of an audience's key. Before anything is sealed to the alliance there is an
 * epoch of ours all of whose readers still are readers; and every reader who lacks the key to history that
 * is theirs gets it in a grant, from whoever publishes or admits next. */
#ifndef FOLKMOOT_CLI_AUTHOR_READERS_H
#define FOLKMOOT_CLI_AUTHOR_READERS_H

#include "cli/author/author.h"

struct view;

/* The epoch to seal under for the alliance, begun by an entry of `a` when there is none that will do.
 * The caller wipes *ret_key. It has said why when it is not EXIT_OK. */
enum exit_status readers_epoch(struct author *a, struct view *v, uint32_t *ret_epoch, struct sym_secret *ret_key);

/* Put grants for every reader owed into `a`. *ret_n (may be NULL): how many keys were granted. */
enum exit_status readers_pay(struct author *a, struct view *v, size_t *ret_n);

/* Pay what is owed as a transaction of its own, where it can be done now; where not (no peer in reach, nothing
 * readable here), a note says that the next publish will. */
void readers_pay_best(struct desk *d);

#endif
