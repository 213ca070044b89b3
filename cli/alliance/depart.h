/* cli/alliance/depart.h - a member becomes a former one. */
#ifndef FOLKMOOT_CLI_ALLIANCE_DEPART_H
#define FOLKMOOT_CLI_ALLIANCE_DEPART_H

#include "cli/desk.h"

/* Change the draft `next` so: the member of this slug stands there as a former one, its newest log closed at what we hold
 * whole of it now; it is steward and witness no more, and no more stewards must sign than are left. It is a present member
 * of `next`. Whether what comes of it is lawful, propose_check says. */
MUST_USE enum err depart(struct desk *d, const struct slug *slug, struct charter *next);

#endif
