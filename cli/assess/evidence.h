/* cli/assess/evidence.h - the figures that an assessment cites: are they there, do they stand, do they say what it says? */
#ifndef FOLKMOOT_CLI_ASSESS_EVIDENCE_H
#define FOLKMOOT_CLI_ASSESS_EVIDENCE_H

#include <jansson.h>

#include "cli/output/sheet.h"
#include "cli/view/query.h"
#include "protocol/assessment_body.h"

/*    enum                    in JSON         what is wrong, for people; the worst that is true of a link is its state */
#define EVIDENCE_STATES(X)                                                                                          \
    X(EVIDENCE_HOLDS,         "holds",        "")                                                                    \
    X(EVIDENCE_REVISED,       "revised",      "the figure has been revised since")                                  \
    X(EVIDENCE_CONTRADICTS,   "contradicts",  "the record says another number")                                     \
    X(EVIDENCE_WITHDRAWN,     "withdrawn",    "the record has been withdrawn")                                      \
    X(EVIDENCE_NOT_FOUND,     "not-found",    "no such record can be read here")                                    \
    X(EVIDENCE_NO_RECORD,     "no-record",    "this names no record: write figure:INDICATOR@PERIOD or figure:SLUG/INDEX")
enum evidence_state {
#define X(sym, name, words) sym,
    EVIDENCE_STATES(X)
#undef X
};
const char *evidence_name(enum evidence_state s);
const char *evidence_words(enum evidence_state s);

struct evidence {
    enum evidence_state state;
    bool is_revised;                        /* a later version says something else, also where that is not the worst */
    bool is_hidden;                         /* a figure, of which only a symbol is told, now or of the version that is cited */
    enum assessment_section section;
    char label[160], target[ASSESSMENT_TARGET_MAX + 1];
    char record[RECORD_TEXT_SIZE];          /* the version that stands; "" where there is none */
    char value[64];                         /* what it says: a value, a count, a symbol */
    char was[64];                           /* with is_revised: what the version said that was cited */
};

struct evidence_ask {
    struct view *v;
    const struct slug *slug;                /* whose figures are meant where a link names nobody */
    struct bytes body;
    uint64_t as_of_ms;                      /* when it was said; UINT64_MAX: it is being written */
};
typedef enum err (*evidence_each)(void *arg, const struct evidence *e);
MUST_USE enum err evidence_walk(const struct evidence_ask *ask, evidence_each each, void *arg);

/* A sheet with a row a link. The caller sheet_free()s *ret. *ret_bad (may be NULL): links that are in any state but `holds`. */
MUST_USE enum err evidence_sheet(const struct evidence_ask *ask, struct sheet **ret, size_t *ret_bad);

/* Does a number in `text` contradict the figure? Of a label every number counts; of a sentence (is_sentence), in which
 * there may be others, only such as have a decimal point or a % behind them. Years never count. No number at all, or one that
 * is the value, the numerator or the denominator as rounded as it is written: false. */
bool evidence_contradicts(struct bytes text, bool is_sentence, const struct figure *f);

#endif
