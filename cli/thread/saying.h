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

/*    enum            matter              type         state        rank roles      who               takes
 *        command              its words     what it says when no words are given (NULL: they must be) */
#define SAYINGS(X)                                                                                                        \
    X(SAY_CHALLENGE,  MATTER_CHALLENGE,   "challenge", "open",      0, A_ | L_,     BY_ANYONE,        TAKES_RECORD | TAKES_DUE,  \
        "challenge",          "text",       NULL)                                                                         \
    X(SAY_ANSWER,     MATTER_CHALLENGE,   "response",  "answered",  1, A_ | L_ | P_, BY_ASKED,        0,                       \
        "respond",            "text",       NULL)                                                                         \
    X(SAY_REPLY,      MATTER_CHALLENGE,   "response",  "",          0, A_ | L_,     BY_OPENER,        0,                       \
        "respond",            "text",       NULL)                                                                         \
    X(SAY_NEED,       MATTER_NEED,        "need",      "open",      0, A_ | L_,     BY_ANYONE,        TAKES_ABOUT | TAKES_DAYS | TAKES_AUDIENCE, \
        "support need",       "text",       NULL)                                                                         \
    X(SAY_NEED_TAKE,  MATTER_NEED,        "need",      "taken",     1, A_ | L_ | P_, BY_ANYONE_ELSE,  0,                       \
        "support take",       "text",       "Taken up.")                                                                  \
    X(SAY_NEED_CLOSE, MATTER_NEED,        "need",      "closed",    2, A_ | L_,     BY_OPENER,        0,                       \
        "support close",      "outcome",    NULL)                                                                         \
    X(SAY_OFFER,      MATTER_OFFER,       "offer",     "open",      0, A_ | L_ | P_, BY_ANYONE,       TAKES_ABOUT | TAKES_DAYS | TAKES_AUDIENCE, \
        "support offer",      "text",       NULL)                                                                         \
    X(SAY_OFFER_TAKE, MATTER_OFFER,       "offer",     "taken",     1, A_ | L_,     BY_ANYONE_ELSE,   0,                       \
        "support take",       "text",       "Taken up.")                                                                  \
    X(SAY_OFFER_CLOSE, MATTER_OFFER,      "offer",     "closed",    2, A_ | L_ | P_, BY_OPENER,       0,                       \
        "support close",      "outcome",    NULL)                                                                         \
    X(SAY_REVIEW,     MATTER_REVIEW,      "review",    "open",      0, A_ | L_,     BY_ANYONE,        TAKES_ABOUT | TAKES_DUE | TAKES_AUDIENCE, \
        "review ask",         "text",       NULL)                                                                         \
    X(SAY_REPORT,     MATTER_REVIEW,      "review",    "reported",  1, A_ | L_ | P_, BY_ANYONE_ELSE,  0,                       \
        "review report",      "text",       NULL)                                                                         \
    X(SAY_ACTION,     MATTER_ACTION,      "action",    "open",      0, A_ | L_ | P_, BY_ANYONE,                                \
        TAKES_ABOUT | TAKES_RECORD | TAKES_DUE | TAKES_OWNER | TAKES_AUDIENCE,                                            \
        "action add",         "text",       NULL)                                                                         \
    X(SAY_DONE,       MATTER_ACTION,      "action",    "done",      1, A_ | L_ | P_, BY_OPENER,       0,                       \
        "action done",        "text",       "Done.")                                                                      \
    X(SAY_PRIORITY,   MATTER_PRIORITY,    "priority",  "open",      0, A_ | L_,     BY_ANYONE,        TAKES_ABOUT,             \
        "priority propose",   "text",       NULL)                                                                         \
    X(SAY_VOTE,       MATTER_PRIORITY,    "priority",  "supported", 0, A_,          BY_ANYONE_ELSE,   0,                       \
        "priority support",   "text",       "Supported.")                                                                 \
    X(SAY_AGREE,      MATTER_PRIORITY,    "priority",  "agreed",    1, A_ | L_,     BY_OPENER_OR_LEAD, 0,                      \
        "priority agree",     "text",       "Agreed.")                                                                    \
    X(SAY_PRIORITY_CLOSE, MATTER_PRIORITY, "priority", "closed",    2, A_ | L_,     BY_OPENER_OR_LEAD, 0,                      \
        "priority close",     "outcome",    NULL)                                                                         \
    X(SAY_PRACTICE,   MATTER_PRACTICE,    "practice",  "open",      0, A_ | L_ | P_, BY_ANYONE,       TAKES_ABOUT | TAKES_AUDIENCE, \
        "practice share",     "text",       NULL)                                                                         \
    X(SAY_USED,       MATTER_PRACTICE,    "practice",  "used",      1, A_ | L_,     BY_ANYONE_ELSE,   0,                       \
        "practice used",      "text",       NULL)

enum saying_id {
#define X(sym, matter, type, state, rank, roles, who, takes, command, words, otherwise) sym,
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

/* By what a post says; `opens`: it is about no post of a matter. Which of two with one type and state (response) its author
 * decides. NULL: none. */
const struct saying *saying_opening(const char *type, const char *state);
const struct saying *saying_in(enum matter m, const char *type, const char *state);
/* What a command says about a matter (of any, when it opens one); the first row that fits. NULL: nothing. */
const struct saying *saying_of_command(const char *command, enum matter m);
const struct saying *saying_of_opening_command(const char *command);

/* May who has this role, and is (or is not) the opener, is (or is not) whom it asks, say it? */
struct speaker { bool is_member; enum role role; bool is_opener, is_asked; };
bool saying_may(const struct saying *s, const struct speaker *who);
/* The same in words, for who may not: "only the authority that was challenged responds". */
const char *saying_who(const struct saying *s);
/* "authorities and leads" */
const char *saying_roles(const struct saying *s);

#endif
