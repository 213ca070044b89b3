/* cli/thread/saying.h - what members may say to each other by posts, written once.
 *
 * A matter is an opening post; it goes on by posts about the record that opened it. Its state is the furthest that a post which
 * counts has brought it to: states have ranks, so neither order of arrival nor anybody's clock makes a difference.
 * Everybody can write anything into a log of their own; a post counts only where this table lets its author say so, by the role
 * that the charter in force gives it ([P-115] to [P-117]). */
#ifndef FOLKMOOT_CLI_THREAD_SAYING_H
#define FOLKMOOT_CLI_THREAD_SAYING_H

#include "protocol/charter.h"
#include "protocol/record.h"

#define MATTERS(X) X(MATTER_CHALLENGE, "challenge") X(MATTER_NEED, "need") X(MATTER_OFFER, "offer") X(MATTER_REVIEW, "review") \
    X(MATTER_ACTION, "action") X(MATTER_PRIORITY, "priority") X(MATTER_PRACTICE, "practice")
enum matter {
#define X(sym, name) sym,
    MATTERS(X)
#undef X
    MATTER_COUNT
};
const char *matter_name(enum matter m);

/* Who may say it, beside the role. ANYONE_ELSE: not who opened it. ASKED: whom the opening post names as its owner. */
enum by { BY_ANYONE, BY_OPENER, BY_ANYONE_ELSE, BY_ASKED, BY_OPENER_OR_LEAD };
/* What it takes on the command line. */
enum fields { TAKES_ABOUT = 1, TAKES_RECORD = 2, TAKES_DAYS = 4, TAKES_DUE = 8, TAKES_OWNER = 16, TAKES_AUDIENCE = 32 };

#define A_ (1U << ROLE_AUTHORITY)
#define L_ (1U << ROLE_LEAD)
#define P_ (1U << ROLE_PARTNER)

/*    enum, matter, type, state, rank, roles, who,
 *        command, the option with its words, what it says without one (NULL: it must be given), what else it takes */
#define SAYINGS(X)                                                                                                    \
    X(SAY_CHALLENGE,      MATTER_CHALLENGE, "challenge", "open",      0, A_ | L_,      BY_ANYONE,                     \
        "challenge",        "text",    NULL,          TAKES_RECORD | TAKES_DUE)                                       \
    X(SAY_ANSWER,         MATTER_CHALLENGE, "response",  "answered",  1, A_ | L_ | P_, BY_ASKED,                      \
        "respond",          "text",    NULL,          0)                                                              \
    X(SAY_REPLY,          MATTER_CHALLENGE, "response",  "",          0, A_ | L_,      BY_OPENER,                     \
        "respond",          "text",    NULL,          0)                                                              \
    X(SAY_NEED,           MATTER_NEED,      "need",      "open",      0, A_ | L_,      BY_ANYONE,                     \
        "support need",     "text",    NULL,          TAKES_ABOUT | TAKES_DAYS | TAKES_AUDIENCE)                      \
    X(SAY_NEED_TAKE,      MATTER_NEED,      "need",      "taken",     1, A_ | L_ | P_, BY_ANYONE_ELSE,                \
        "support take",     "text",    "Taken up.",   0)                                                              \
    X(SAY_NEED_CLOSE,     MATTER_NEED,      "need",      "closed",    2, A_ | L_,      BY_OPENER,                     \
        "support close",    "outcome", NULL,          0)                                                              \
    X(SAY_OFFER,          MATTER_OFFER,     "offer",     "open",      0, A_ | L_ | P_, BY_ANYONE,                     \
        "support offer",    "text",    NULL,          TAKES_ABOUT | TAKES_DAYS | TAKES_AUDIENCE)                      \
    X(SAY_OFFER_TAKE,     MATTER_OFFER,     "offer",     "taken",     1, A_ | L_,      BY_ANYONE_ELSE,                \
        "support take",     "text",    "Taken up.",   0)                                                              \
    X(SAY_OFFER_CLOSE,    MATTER_OFFER,     "offer",     "closed",    2, A_ | L_ | P_, BY_OPENER,                     \
        "support close",    "outcome", NULL,          0)                                                              \
    X(SAY_REVIEW,         MATTER_REVIEW,    "review",    "open",      0, A_ | L_,      BY_ANYONE,                     \
        "review ask",       "text",    NULL,          TAKES_ABOUT | TAKES_DUE | TAKES_AUDIENCE)                       \
    X(SAY_REPORT,         MATTER_REVIEW,    "review",    "reported",  1, A_ | L_ | P_, BY_ANYONE_ELSE,                \
        "review report",    "text",    NULL,          0)                                                              \
    X(SAY_ACTION,         MATTER_ACTION,    "action",    "open",      0, A_ | L_ | P_, BY_ANYONE,                     \
        "action add",       "text",    NULL,          TAKES_ABOUT | TAKES_RECORD | TAKES_DUE | TAKES_OWNER | TAKES_AUDIENCE)\
    X(SAY_DONE,           MATTER_ACTION,    "action",    "done",      1, A_ | L_ | P_, BY_OPENER,                     \
        "action done",      "text",    "Done.",       0)                                                              \
    X(SAY_PRIORITY,       MATTER_PRIORITY,  "priority",  "open",      0, A_ | L_,      BY_ANYONE,                     \
        "priority propose", "text",    NULL,          TAKES_ABOUT)                                                    \
    X(SAY_VOTE,           MATTER_PRIORITY,  "priority",  "supported", 0, A_,           BY_ANYONE_ELSE,                \
        "priority support", "text",    "Supported.",  0)                                                              \
    X(SAY_AGREE,          MATTER_PRIORITY,  "priority",  "agreed",    1, A_ | L_,      BY_OPENER_OR_LEAD,             \
        "priority agree",   "text",    "Agreed.",     0)                                                              \
    X(SAY_PRIORITY_CLOSE, MATTER_PRIORITY,  "priority",  "closed",    2, A_ | L_,      BY_OPENER_OR_LEAD,             \
        "priority close",   "outcome", NULL,          0)                                                              \
    X(SAY_PRACTICE,       MATTER_PRACTICE,  "practice",  "open",      0, A_ | L_ | P_, BY_ANYONE,                     \
        "practice share",   "text",    NULL,          TAKES_ABOUT | TAKES_AUDIENCE)                                   \
    X(SAY_USED,           MATTER_PRACTICE,  "practice",  "used",      1, A_ | L_,      BY_ANYONE_ELSE,                \
        "practice used",    "text",    NULL,          0)

enum saying_id {
#define X(sym, matter, type, state, rank, roles, who, command, words, otherwise, takes) sym,
    SAYINGS(X)
#undef X
    SAYING_COUNT
};

struct saying {
    enum saying_id id;
    enum matter matter;
    const char *type, *state;               /* as the post has them */
    unsigned rank, roles, takes;
    enum by who;
    const char *command, *words, *otherwise;
};
const struct saying *saying_at(enum saying_id id);
/* It opens a matter. */
bool saying_opens(const struct saying *s);

/* By what a post says: as the first of a matter; within one. NULL: nothing that the table knows. */
const struct saying *saying_opening(const char *type, const char *state);
const struct saying *saying_in(enum matter m, const char *type, const char *state);
/* What a command opens. NULL: nothing. */
const struct saying *saying_of_opening_command(const char *command);

/* Is a post of this type judged at all? Others, as a note, count or not by rules of their own. */
bool saying_judges(const char *type);
/* May who has this role, and is (or is not) the opener, is (or is not) whom it asks, say it? */
struct speaker { bool is_member; enum role role; bool is_opener, is_asked; };
bool saying_may(const struct saying *s, const struct speaker *who);
/* The same in words, for who may not: "only the authority that was challenged responds". */
const char *saying_who(const struct saying *s);
/* "authorities and leads" */
const char *saying_roles(const struct saying *s);

#endif
