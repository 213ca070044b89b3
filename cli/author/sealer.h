/* cli/author/sealer.h - records of ours, sealed to whom they are for, one after another. */
#ifndef FOLKMOOT_CLI_AUTHOR_SEALER_H
#define FOLKMOOT_CLI_AUTHOR_SEALER_H

#include "cli/author/named.h"

enum publish_to { TO_ALLIANCE, TO_PUBLIC, TO_NAMED };

struct sealer {
    struct author *a;
    bool is_public;
    struct seal_with with;
    struct sym_secret key;
    struct buf header, payload;
};

/* Pay the keys that readers are owed, and take the key of the audience, begun by an entry of `a` where there is none.
 * `named` only with TO_NAMED. It has said why when it is not EXIT_OK; sealer_close in any case. */
enum exit_status sealer_open(struct author *a, struct view *v, enum publish_to to, const struct named *named, struct sealer *ret);
/* The record becomes the next entry. */
MUST_USE enum err sealer_put(struct sealer *s, struct bytes record);
void sealer_close(struct sealer *s);

/* All of it for records that are ready: signed and durable, or it has said why and nothing was published. `what` is the
 * command, for messages. *ret_first: the index of the first. */
enum exit_status seal_records(struct desk *d, struct view *v, enum publish_to to, const struct named *named,
                              const struct bytes *records, size_t n, const char *what, uint64_t *ret_first);

#endif
