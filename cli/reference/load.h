/* cli/reference/load.h - the view brought up to date with the files of public figures that are kept beside it. */
#ifndef FOLKMOOT_CLI_REFERENCE_LOAD_H
#define FOLKMOOT_CLI_REFERENCE_LOAD_H

#include "cli/reference/file.h"
#include "cli/reference/read.h"
#include "cli/session.h"
#include "cli/view/reference.h"

/* Files that came or changed are read, those that went are forgotten; where nothing did this costs a look at the heads.
 * A file that is damaged, or cannot be read as it once could, is a warning: it is left out. Otherwise it has said why. */
enum exit_status reference_load(struct session *s, struct view *v);

/* Put what was read into the view, in the place of what stood there by that name. */
MUST_USE enum err reference_put(struct view *v, const struct reference_head *head, const struct reference *r);

/* Definitions for public figures: the official ones, which public figures are published under, before the alliance's own.
 * Shaped for reference_options; *ret is borrowed by them, and the lexicon freed by the caller. */
struct lexicon;
const struct definition *reference_definition(void *lexicon, const char *id);
struct reference_options reference_options_of(const struct reference_head *head, struct lexicon *lexicon);

#endif
