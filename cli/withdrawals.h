/* cli/withdrawals.h - what was withdrawn, and who is known to have erased it. */
#ifndef FOLKMOOT_CLI_WITHDRAWALS_H
#define FOLKMOOT_CLI_WITHDRAWALS_H

#include "cli/desk.h"

/* The list, as the answer of `withdraw` without a record. The desk has its view. */
enum exit_status withdrawals_list(struct desk *d);

#endif
