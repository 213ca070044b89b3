/* cli/report/report.h - all that a report says, gathered before a word of it is written.
 *
 * The builders of pages (page.h) see nothing but this: they ask no view, no store and no clock. */
#ifndef FOLKMOOT_CLI_REPORT_REPORT_H
#define FOLKMOOT_CLI_REPORT_REPORT_H

#include "cli/alliance/lineage.h"
#include "cli/assess/tell.h"
#include "cli/compare/others.h"
#include "cli/compare/outliers.h"
#include "cli/held.h"
#include "cli/output/figure.h"
#include "cli/output/json.h"
#include "cli/report/charts.h"
#include "cli/report/markdown.h"
#include "cli/thread/threads.h"

enum {
    REPORT_BYTES_MAX = 1000 * 1000,         /* of one page: a mail lets it through, a telephone opens it */
    REVISIONS_MAX = 20000,                  /* kept; more are counted */
    NOTE_TEXT_MAX = PAYLOAD_MAX, NOTE_SHOWN_MAX = 640
};

struct report_cell {                        /* one authority, one indicator, one period */
    bool has_record, has_value;             /* has_value: it counts, and `y` and `shown` are it */
    bool is_withdrawn;
    double y;
    uint32_t generation;
    uint64_t idx;
    enum revision_reason reason;
    char record[RECORD_TEXT_SIZE];
    char shown[FIGURE_SHOWN_MAX];           /* as people see it; a symbol where there is no number */
};

struct report_indicator {
    const struct region_row *row;
    bool is_counts;                         /* counts were published and no value: what is shown are the numerators */
    struct others others;                   /* what others published; .of as the authorities of the region */
    size_t n_years;
    struct time_period years[CHART_YEARS_MAX];      /* oldest first; the last is the one compared */
    struct report_cell *cells;              /* authority a of the region in year y: cells[a * n_years + y] */
};
const struct report_cell *report_cell_at(const struct report_indicator *i, size_t authority, size_t year);

struct revision {                           /* of the period compared, or of the one before it */
    size_t indicator, authority;
    struct time_period period;
    bool is_withdrawn;
    enum revision_reason reason;
    char why[REASON_TEXT_SIZE];             /* of a withdrawal */
    char before[FIGURE_SHOWN_MAX], now[FIGURE_SHOWN_MAX];   /* "" where it is not told */
    double size;                            /* how far the value went, as a part of the one before; 0 where not known */
};

/* The newest self-assessment that the page's readers may read. */
struct report_assessment {
    unsigned year, judgement;
    bool is_quartet, is_unfit;              /* is_unfit: for everybody, and it cites what they are not told */
    char missing[ASSESS_MISSING_SIZE];      /* "leader, dcs": who of the quartet has not signed */
    char record[RECORD_TEXT_SIZE];
    uint64_t said_ms;
    struct buf text;
    struct bytes body;                      /* of `text`, below its head */
    struct markdown_link *links;            /* to figures, all of the body's in order */
    size_t n_links;
};

struct report_member {                      /* as authority a of the region */
    const char *name;
    struct report_assessment *assessment;   /* NULL: none, or as of an earlier day */
    bool has_coverage;
    enum coverage_state state;
    uint64_t last_published_ms;
    struct held held;                       /* .generation 0: nothing is held */
    bool is_us;
    size_t n_numbers, n_asked;              /* of the indicators compared: with a number; that it ought to have one for */
};

struct report {
    char alliance[NAME_MAX_LEN + 1], alliance_id[HEX_SIZE(16)], charter[HEX_SIZE(HASH_LEN)];
    unsigned charter_version;
    size_t n_witnesses;
    char by[NAME_MAX_LEN + 1];              /* whose node made it */
    uint64_t made_ms, as_of_ms;             /* as_of_ms UINT64_MAX: all that was known */
    bool is_public, is_part;                /* is_part: of named members only */
    enum marking marking;                   /* the highest of what is shown */
    size_t n_withheld;
    int64_t small_max;                      /* the largest count of people that is withheld from everyone */
    const struct region *region;
    struct outliers outliers;
    char (*notes)[NOTE_SHOWN_MAX];          /* what its author says beside each outlier's figure; "": nothing */
    struct report_indicator *indicators;    /* as many as the region's rows, in the order of the register */
    char (*successions)[LINEAGE_TEXT_MAX];  /* who goes on where whom left off, of those shown */
    size_t n_successions;
    struct report_member *members;          /* as the region's authorities */
    size_t *order;                          /* the authorities by name */
    struct revision *revisions;             /* by indicator, newest period first, largest first */
    size_t n_revisions, cap_revisions, n_more;
    struct threads threads;                 /* empty as of an earlier day, and where these readers may read none */
    double answer_days;                     /* the median of n_answer_days challenges */
    size_t n_answer_days;
};

/* `l` has a region and outlives *ret; the caller releases it, on failure too. */
struct lead;
MUST_USE enum err report_gather(struct lead *l, bool is_public, struct report *ret);
MUST_USE enum err report_gather_members(struct lead *l, struct report *r);      /* a part of it */
MUST_USE enum err report_gather_assessments(struct lead *l, struct report *r);  /* another, behind that one */
void report_assessment_free(struct report_assessment *a);       /* NULL does nothing */
void report_release(struct report *r);
/* Is anything asked, needed, offered or proposed? */
bool report_has_matters(const struct report *r);
/* Is there a self-assessment of anybody? */
bool report_has_assessments(const struct report *r);
/* Do public figures stand beside any indicator? */
bool report_has_others(const struct report *r);

#endif
