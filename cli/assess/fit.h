/* cli/assess/fit.h - may a self-assessment be told to everybody? Its words are not looked at; the figures that it cites are.
 *
 * A figure that everybody is not told, or is told without its number, is no evidence for them: the words around it would tell
 * it. */
#ifndef FOLKMOOT_CLI_ASSESS_FIT_H
#define FOLKMOOT_CLI_ASSESS_FIT_H

#include "cli/assess/draft.h"
#include "cli/assess/evidence.h"
#include "cli/desk.h"
#include "cli/report/screen.h"

/* What everybody is told: what was published to them, and of that what the gate lets pass. */
struct everybody { struct view *v; struct screen *screen; };
enum exit_status everybody_open(struct desk *d, struct everybody *ret);     /* anything but EXIT_OK: it has said why */
void everybody_close(struct everybody *e);

/* Is it fit for everybody? `e` comes from a walk over what they are told. NULL: yes; else a code, and the words for it. */
const char *fit_fault(const struct evidence *e, const char **ret_words);

/* Each link that is not fit; and the last of ASSESSMENT_LINKS_MAX, since nothing is known of what is cited behind it. */
typedef enum err (*unfit_each)(void *arg, const struct evidence *e, const char *code, const char *words);
MUST_USE enum err fit_walk(const struct everybody *everybody, const struct slug *slug, struct bytes body, unfit_each each,
                           void *arg);

/* Before a draft is published to everybody: refuses with a list (EXIT_NO), or warns that words are not looked at. */
enum exit_status fit_check(struct desk *d, const struct draft *draft);

#endif
