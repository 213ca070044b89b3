/* cli/compare/lead.h - what the commands over all indicators share: the options, the region, the words about who. */
#ifndef FOLKMOOT_CLI_COMPARE_LEAD_H
#define FOLKMOOT_CLI_COMPARE_LEAD_H

#include "cli/compare/region.h"
#include "cli/desk.h"

/* Their options, for the tables of the commands. */
#define LEAD_OPTIONS                                                                                              \
    {"period", 0, OPTION_VALUE, "PERIOD", "2024, 2024-25 Q1, latest of each indicator (unless given), previous"}, \
    {"with", 0, OPTION_VALUE, "alliance|SLUG,...", "with whom; the alliance unless given"},                       \
    {"as-of", 0, OPTION_VALUE, "DATE", "what was known at the end of that day, 2025-01-31"}

struct lead {
    struct desk d;
    struct view *view;
    struct period_asked period;
    uint64_t as_of_ms;
    struct slug only[MEMBERS_MAX];
    size_t n_only;                          /* 0: the alliance */
    struct region region;                   /* not empty */
    const struct slug *own;                 /* ours, if it is among the region's authorities; else NULL */
    void *arg;                              /* the command's own */
};

/* Open the home, read the options, compare everything, do `work`; anything but EXIT_OK has been said. */
enum exit_status lead_run(struct session *s, enum exit_status (*work)(struct lead *l));
/* The same; before anything is compared `ready` may see to the view. It may be NULL; l->arg is `arg`. */
typedef enum exit_status (*lead_step)(struct lead *l);
enum exit_status lead_run_with(struct session *s, lead_step ready, lead_step work, void *arg);

/* "2024", or of one row. */
void lead_period(const struct time_period *p, char ret[PERIOD_TEXT_MAX]);
/* The names of the indicators of another period than the region's, where `latest` fell back, without a definition,
 * with fewer than three returns. Nothing where there is nothing to say. */
void lead_say_periods(const struct lead *l);
/* "18 of 19", and who is missing from which; with `ranked` of indicators with a good and a bad direction only. */
void lead_say_missing(const struct lead *l, bool ranked);
/* How many authorities returned a number to any indicator. */
size_t lead_returned(const struct lead *l);

#endif
