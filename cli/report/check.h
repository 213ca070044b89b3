/* cli/report/check.h - is a page still what its authors say? Each figure that it rests on, looked up by its record. */
#ifndef FOLKMOOT_CLI_REPORT_CHECK_H
#define FOLKMOOT_CLI_REPORT_CHECK_H

#include "cli/desk.h"
#include "cli/report/sources.h"
#include "cli/view/query.h"

/*   enum              name           of a figure, or of a self-assessment */
#define CHECK_VERDICTS(X)                                                                                          \
    X(CHECK_STANDS,    "stands")      /* nothing newer was said to the same readers */                             \
    X(CHECK_REVISED,   "revised")     /* or, of a self-assessment, followed by a newer one */                       \
    X(CHECK_WITHDRAWN, "withdrawn")                                                                                \
    X(CHECK_DIFFERS,   "differs")     /* the record never said what the page shows: the page was changed */        \
    X(CHECK_NOT_HELD,  "not-held")    /* no such figure here: erased, not for us, or less of the log is held */
enum check_verdict {
#define X(sym, name) sym,
    CHECK_VERDICTS(X)
#undef X
    CHECK_COUNT
};
const char *check_verdict_name(enum check_verdict v);

/*   enum               name           of the head of a log */
#define HEAD_VERDICTS(X)                                                                                           \
    X(HEAD_AGREES,      "agrees")      /* our copy of the log has this root at this size */                        \
    X(HEAD_DIFFERS,     "differs")     /* it has another: the page is of another story, or was changed */          \
    X(HEAD_NOT_HELD,    "not-held")    /* so much of the log is not held here */
enum head_verdict {
#define X(sym, name) sym,
    HEAD_VERDICTS(X)
#undef X
};
const char *head_verdict_name(enum head_verdict v);

struct checked_record {                     /* as record i of the sources */
    enum check_verdict verdict;
    char now[FIGURE_SHOWN_MAX];             /* what stands instead; "" where nothing does */
    char record[RECORD_TEXT_SIZE];          /* its record; "" likewise */
    const char *why;                        /* the reason given; never NULL, borrowed from here or static */
    char withdrawn[REASON_TEXT_SIZE];
    uint64_t since_ms;                      /* when that was said; 0: not known */
};
struct checked {
    struct checked_record *records;
    enum head_verdict *heads;
    size_t n[CHECK_COUNT], n_heads_differ;
};

/* `v` is the view as the page saw it: only for its readers, screened where the page is public. The caller
 * releases *ret, on failure too. */
MUST_USE enum err check_sources(struct desk *d, struct view *v, const struct sources *s, struct checked *ret);
void checked_release(struct checked *c);

/* The part of it for one self-assessment. */
MUST_USE enum err check_assessment(struct view *v, const struct source_record *s, struct checked_record *ret);

#endif
