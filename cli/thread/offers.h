/* cli/thread/offers.h - needs and offers that are open, beside what figures say (match). */
#ifndef FOLKMOOT_CLI_THREAD_OFFERS_H
#define FOLKMOOT_CLI_THREAD_OFFERS_H

#include "cli/thread/threads.h"

/* The newest open need, or offer, of one member about an indicator or a theme; NULL: it has none. Letters' case makes no
 * difference; one that is past its day is open no more. */
const struct said *offers_find(const struct threads *t, enum matter m, const struct slug *by, const char *about);

/* Every open need beside open offers of others about the same, OFFERS_A_NEED at most of each, the oldest first; `of` NULL: of
 * everybody, else of whom it concerns. ERR_NOMEM. */
enum { OFFERS_A_NEED = 3 };
typedef void (*offers_each)(void *arg, const struct said *need, const struct said *offer);
MUST_USE enum err offers_meet(const struct threads *t, const struct slug *of, offers_each each, void *arg);

#endif
