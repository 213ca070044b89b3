/* cli/publish/seal.h - the figures of a batch, and the return that closes it, as entries of our log. */
#ifndef FOLKMOOT_CLI_PUBLISH_SEAL_H
#define FOLKMOOT_CLI_PUBLISH_SEAL_H

#include "cli/publish/plan.h"
#include "cli/publish/request.h"

struct sealed_batch {
    uint64_t first, last;               /* indices: its first entry and its last, the return; after notes alone a note */
};

/* Put keys owed, where needed an epoch, every new and revised figure, the notes, and the return into `a`.
 * It has said why when it is not EXIT_OK. Nothing is signed yet. */
enum exit_status seal_batch(struct author *a, struct view *v, const struct request *r, const struct intake *in,
                            const struct plan *p, struct sealed_batch *ret);

#endif
