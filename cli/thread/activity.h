/* cli/thread/activity.h - who asked and answered, needed and gave: given and received beside each other. */
#ifndef FOLKMOOT_CLI_THREAD_ACTIVITY_H
#define FOLKMOOT_CLI_THREAD_ACTIVITY_H

#include "cli/thread/threads.h"

/* The key is that of JSON and CSV. People see less, so that it fits a screen: what has no heading stands in another column, behind
 * the stroke of that which is `of` it ("3/4"). */
/*    field        key                       heading     flags           of */
#define ACTIVITY_COUNTS(X)                                                               \
    X(challenges,  "challenges_given",       "asked",    0,              challenges)     \
    X(challenged,  "challenges_received",    NULL,       0,              challenged)     \
    X(answered,    "answered",               "answered", 0,              challenged)     \
    X(late,        "late",                   "late",     0,              late)           \
    X(overdue,     "overdue",                "due",      0,              overdue)        \
    X(needs,       "needs",                  NULL,       0,              needs)          \
    X(needs_met,   "needs_met",              "met",      0,              needs)          /* taken up by others */ \
    X(offers,      "offers",                 NULL,       0,              offers)         \
    X(offers_used, "offers_taken",           "taken",    0,              offers)         \
    X(gave,        "needs_taken_of_others",  "gave",     0,              gave)           \
    X(took,        "offers_taken_of_others", "took",     0,              took)           \
    X(reviews,     "reviews_asked",          "reviews",  COLUMN_VERBOSE, reviews)        \
    X(reports,     "reviews_reported",       "reports",  COLUMN_VERBOSE, reports)        \
    X(practices,   "practice_shared",        "shared",   0,              practices)      \
    X(uses,        "practice_used",          "used",     0,              uses)           \
    X(actions,     "actions",                NULL,       0,              actions)        \
    X(done,        "actions_done",           "done",     0,              actions)

struct activity {
    struct slug slug;
#define X(field, key, heading, flags, of) size_t field;
    ACTIVITY_COUNTS(X)
#undef X
    bool has_days;
    double days;                            /* the median, from being asked to answering, as they claim */
};

/* Of one member, over matters opened after `since_ms`. ERR_NOMEM. */
MUST_USE enum err activity_of(const struct threads *t, const struct slug *slug, uint64_t since_ms, struct activity *ret);
/* The median days to an answer over all challenges opened after `since_ms` to one member (NULL: to anyone). *ret_n: of how many. */
MUST_USE enum err activity_days(const struct threads *t, const struct slug *slug, uint64_t since_ms, double *ret, size_t *ret_n);

#endif
