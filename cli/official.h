/* cli/official.h - the definitions that ship with the program, in the form in which a view asks for them. */
#ifndef FOLKMOOT_CLI_OFFICIAL_H
#define FOLKMOOT_CLI_OFFICIAL_H

#include "cli/view/query.h"

extern const struct official official_definitions;

/* The definitions in force: the alliance's own before the official ones, each asked of the view once.
 * Shaped for intake_options: `definition`, `nearest` and `hash` with the lexicon as `arg`. */
struct lexicon;
struct lexicon *lexicon_new(struct view *v);            /* NULL when memory fails; borrows the view */
void lexicon_free(struct lexicon *x);
/* Lives as long as the lexicon; NULL: there is no such indicator. Upper and lower case alike for official ones. */
const struct definition *lexicon_definition(void *lexicon, const char *id);
const char *lexicon_nearest(void *lexicon, const char *id);
/* Of the record that a definition of lexicon_definition() stands in. */
struct hash lexicon_hash(void *lexicon, const struct definition *d);
/* OK, or why the view could not be asked: then an earlier NULL meant nothing. */
MUST_USE enum err lexicon_status(const struct lexicon *x);

#endif
