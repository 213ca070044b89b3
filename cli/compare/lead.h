/* cli/compare/lead.h - what the commands over all indicators share: the options, the region, the words about who. */
#ifndef FOLKMOOT_CLI_COMPARE_LEAD_H
#define FOLKMOOT_CLI_COMPARE_LEAD_H

#include <jansson.h>

#include "cli/compare/region.h"
#include "cli/compare/whom.h"

/* Their options, for the tables of the commands. */
#define LEAD_OPTIONS                                                                                              \
    {"period", 0, OPTION_VALUE, "PERIOD", "2024, 2024-25 Q1, latest of each indicator (unless given), previous"}, \
    {"as-of", 0, OPTION_VALUE, "DATE", "what was known at the end of that day, 2025-01-31"}
/* Whose column stands first, and whose neighbours they are. */
#define LEAD_AUTHORITY {"authority", 0, OPTION_VALUE, "A", "whose neighbours, and who stands first; your own unless given"}

struct lead {
    struct desk d;
    struct view *view;
    struct period_asked period;
    uint64_t as_of_ms;
    struct whom whom;
    bool is_named;                          /* --authority names somebody; else `about` is ourselves */
    struct slug about;
    struct region region;                   /* not empty */
    const struct slug *own;                 /* `about`, if it is among the region's authorities; else NULL */
    void *arg;                              /* the command's own */
};

/* Open the home, read the options, compare everything, do `work`; anything but EXIT_OK has been said. */
typedef enum exit_status (*lead_step)(struct lead *l);
enum exit_status lead_run(struct session *s, lead_step work);
/* The same over members only, for what is written about them: --with names members, --authority is the command's own. Before
 * anything is compared `ready` may see to the view; l->arg is `arg`. */
enum exit_status lead_run_members(struct session *s, lead_step ready, lead_step work, void *arg);

/* What the document of each command says of who is compared: "with", "region", "references". */
void lead_document(const struct lead *l, json_t *doc);

/* "2024", or of one row. */
void lead_period(const struct time_period *p, char ret[PERIOD_TEXT_MAX]);
/* The names of the indicators of another period than the region's, where `latest` fell back, without a definition,
 * with fewer than three returns. Nothing where there is nothing to say. */
void lead_say_periods(const struct lead *l);
/* "18 of 19", and who is missing from which; with `ranked` of indicators with a good and a bad direction only. */
void lead_say_missing(const struct lead *l, bool ranked);
/* Whose successor one of these is, a line each; nothing where nobody is. */
void lead_say_successions(struct lead *l);
/* Whose public figures stand among these: "Public figures, signed by nobody here: ..."; nothing where none does. */
void lead_say_sources(const struct lead *l);
/* How many authorities have a number for any indicator: returned, or (ret_public) only published by others. */
size_t lead_returned(const struct lead *l, size_t *ret_public);
/* The alliance by its name; else whom_words(). */
void lead_whom(const struct lead *l, char ret[WHOM_WORDS_MAX]);

#endif
