/* cli/held.h - of each member's newest log: how much of it is held, and who witnessed it when.
 *
 * It believes what the store keeps (`verify` does not), but for cosignatures, which are checked: so it is
 * quick enough to be asked every second. */
#ifndef FOLKMOOT_CLI_HELD_H
#define FOLKMOOT_CLI_HELD_H

#include "cli/desk.h"

struct held {
    uint32_t generation;                    /* 0: nothing is held */
    uint64_t size, announced, verified;
    struct hash root;
    bool is_frozen;
    uint32_t n_witnesses;                   /* of the newest state held */
    bool has_quorum;
    uint64_t witnessed_s;                   /* when a quorum last had cosigned it, this state or one before; 0: never */
    bool is_fresh;
};

/* One a member of the standing charter, in its order, former ones too. On OK the caller free()s *ret. */
MUST_USE enum err held_read(struct desk *d, struct held **ret);

/* Something is known to exist that is not here. */
bool held_is_waited_for(const struct held *h);

/* "just now", "5 min ago", "3 h ago", "12 days ago" */
enum { AGO_SIZE = 32 };
void ago_text(uint64_t at_ms, uint64_t now_ms, char ret[AGO_SIZE]);

#endif
