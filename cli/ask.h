/* cli/ask.h - indicators and periods from the command line, looked up in a view, with the error said. */
#ifndef FOLKMOOT_CLI_ASK_H
#define FOLKMOOT_CLI_ASK_H

#include "cli/period.h"
#include "cli/desk.h"
#include "cli/view/query.h"

/* The definition in force: the alliance's own before the official one. Anything but EXIT_OK: it has said why. */
enum exit_status ask_indicator(struct session *s, struct view *v, const char *word, struct definition_row *ret);

/* An authority by any of its names: a member of the alliance (former ones too), else one of the register.  *ret is the slug
 * that its row has in a comparison. Anything but EXIT_OK: it has said why. */
enum exit_status ask_authority(struct desk *d, const char *word, struct slug *ret, bool *ret_is_member);

/* The value of --period, or with `word` NULL `otherwise`. EXIT_USAGE: it has said why. */
enum exit_status ask_period(struct session *s, const char *word, enum period_kind otherwise, struct period_asked *ret);

/* The period of an indicator that is meant.  `latest` while its newest is short of half its returns is the one
 * before, and ret_latest (may be NULL; zero where nothing is to be said) tells.
 *   ERR_UNKNOWN  no figure is held for such a period */
MUST_USE enum err ask_which_period(struct view *v, const char *indicator, const char *breakdown, const struct period_asked *asked,
                                   struct time_period *ret, struct latest *ret_latest);

#endif
