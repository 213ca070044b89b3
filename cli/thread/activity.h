/* cli/thread/activity.h - who asked and answered, needed and gave: given and received beside each other. */
#ifndef FOLKMOOT_CLI_THREAD_ACTIVITY_H
#define FOLKMOOT_CLI_THREAD_ACTIVITY_H

#include "cli/thread/threads.h"

/*    field             key, heading */
#define ACTIVITY_COUNTS(X)                                                             \
    X(challenges,       "challenges_given", "asked")                                   \
    X(challenged,       "challenges_received", "was asked")                            \
    X(answered,         "answered", "answered")                                        \
    X(late,             "late", "late")                                                \
    X(overdue,          "overdue", "overdue")                                          \
    X(needs,            "needs", "needs")                                              \
    X(needs_met,        "needs_met", "met")            /* of those, taken up by others */ \
    X(offers,           "offers", "offers")                                            \
    X(offers_used,      "offers_taken", "taken")                                       \
    X(gave,             "needs_taken_of_others", "gave")                               \
    X(took,             "offers_taken_of_others", "took")                              \
    X(reviews,          "reviews_asked", "reviews asked")                              \
    X(reports,          "reviews_reported", "reported")                                \
    X(practices,        "practice_shared", "shared")                                   \
    X(uses,             "practice_used", "used")                                       \
    X(actions,          "actions", "actions")                                          \
    X(done,             "actions_done", "done")

struct activity {
    struct slug slug;
#define X(field, key, heading) size_t field;
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
