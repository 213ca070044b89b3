/* protocol/assessment_body.h - what a self-assessment's Markdown is read for: its sections, and the figures that it cites.
 *
 * Nothing else of Markdown means anything here: it is shown as it stands. All that is given is borrowed. */
#ifndef FOLKMOOT_PROTOCOL_ASSESSMENT_BODY_H
#define FOLKMOOT_PROTOCOL_ASSESSMENT_BODY_H

#include "protocol/bytes.h"
#include "protocol/limits.h"

/*    enum               name in JSON and SQL    heading, whose case and last '?' do not matter */
#define ASSESSMENT_SECTIONS(X)                                                                                          \
    X(SECTION_PRACTICE,    "practice",             "What do you know about the quality and impact of practice?")        \
    X(SECTION_HOW,         "how_known",            "How do you know it?")                                               \
    X(SECTION_PLANS,       "plans",                                                                                      \
      "What are your plans for the next 12 months to maintain or improve practice?")                                    \
    X(SECTION_STRENGTHS,   "strengths",            "Strengths")                                                         \
    X(SECTION_DEVELOPMENT, "areas_for_development", "Areas for development")                                            \
    X(SECTION_NEEDED,      "support_needed",       "Support needed")                                                    \
    X(SECTION_OFFERED,     "support_offered",      "Support offered")

enum assessment_section {
#define X(sym, name, heading) sym,
    ASSESSMENT_SECTIONS(X)
#undef X
    SECTION_COUNT                       /* what stands before the first of them */
};
/* SECTION_COUNT is "introduction" and has no heading (""). */
const char *section_name(enum assessment_section s);
const char *section_heading(enum assessment_section s);

struct assessment_parts {
    struct bytes text[SECTION_COUNT + 1];       /* from below the heading to the next section, empty lines at its ends cut off */
    size_t count[SECTION_COUNT];                /* how often it stands; `text` is the first one's */
};
/* A heading is a line of 1 to 6 '#', a blank, and the words; one of other words belongs to the section that it stands in,
 * as does everything between ``` and ```. */
void assessment_parts(struct bytes body, struct assessment_parts *ret);

/* [label](figure:TARGET): a figure is cited. */
struct assessment_link {
    enum assessment_section section;
    struct bytes label, target;         /* target: not empty, without blanks, at most ASSESSMENT_TARGET_MAX */
    struct bytes sentence;              /* in which it stands, the link included */
    size_t others;                      /* links in the same sentence beside it */
};
enum { ASSESSMENT_TARGET_MAX = 255 };
typedef enum err (*assessment_link_each)(void *arg, const struct assessment_link *l);
/* In order; of more than ASSESSMENT_LINKS_MAX those behind are passed over. */
MUST_USE enum err assessment_links(struct bytes body, assessment_link_each each, void *arg);

#endif
