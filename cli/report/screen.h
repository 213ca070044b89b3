/* cli/report/screen.h - a view made fit for a page that everybody may read.
 *
 * Only what was published to everyone is left, and of that the gate (cli/publish/gate.h) withholds again what it would
 * not let out: whoever published a count of few people to everyone, by a program of his own or by mistake, is not repeated. So
 * is a figure that its author marks official-sensitive. */
#ifndef FOLKMOOT_CLI_REPORT_SCREEN_H
#define FOLKMOOT_CLI_REPORT_SCREEN_H

#include "cli/view/query.h"

struct screen;

/* From here on `v` gives screened public figures; small_max comes from small_count_max(). On OK the caller closes the view before
 * it frees *ret. */
MUST_USE enum err screen_put_on(struct view *v, const struct official *official, int64_t small_max, struct screen **ret);
void screen_free(struct screen *s);

/* Figures that were withheld, of those that everybody was told. */
size_t screen_withheld(const struct screen *s);

#endif
