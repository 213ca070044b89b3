/* cli/report/sources.h - the part of a page that machines read: which records and which heads of logs it rests on.
 *
 * It is written a line an item, in one form, so that check.c needs no parser of HTML:
 *
 *      <main data-folkmoot="folkmoot.report/1" data-alliance="32 hex" data-charter="64 hex" data-for="alliance|public"
 *          data-made="2026-11-25T14:50:38Z">                                     one line, the first that begins so
 *      <tr data-log="kent" data-generation="1" data-size="107" data-root="64 hex">...
 *      <tbody data-figure="cin_rate@2024">                                       the rows behind it are of this figure
 *      <tr data-record="kent/87" data-shown="343.7"></tr>                        as the page shows it; "-": withdrawn
 *      <tr data-assessment="kent/90" data-year="2025" data-shown="2"></tr>       a self-assessment, and its judgement
 *
 * No text of others can begin a line with such a tag: '<' never leaves html_text(). */
#ifndef FOLKMOOT_CLI_REPORT_SOURCES_H
#define FOLKMOOT_CLI_REPORT_SOURCES_H

#include "cli/report/report.h"

#define SOURCES_SCHEMA "folkmoot.report/1"

/* The tag <main>, to be ended by the page. */
void sources_begin(struct html *h, const struct report *r);

/* ---- reading one back ---- */

enum {
    SOURCES_FILE_MAX = 4 * 1024 * 1024,     /* of a page to be checked: one of ours is at most REPORT_BYTES_MAX */
    SOURCES_RECORDS_MAX = 50000,
    SOURCES_LOGS_MAX = MEMBERS_MAX
};

#define SOURCE_ASSESSMENT "self-assessment@"

struct source_log { struct slug slug; uint32_t generation; uint64_t size; struct hash root; };
struct source_record {
    bool is_assessment;                     /* then `figure` is SOURCE_ASSESSMENT and its year, and `shown` its judgement */
    struct slug slug;
    uint32_t generation;
    uint64_t idx;
    char record[RECORD_TEXT_SIZE];
    char figure[FIGURE_NAME_MAX];
    char shown[FIGURE_SHOWN_MAX];
};
struct sources {
    struct alliance_id alliance;
    struct hash charter;
    bool is_public;
    char made[TIME_TEXT_MAX];
    struct source_log *logs;
    size_t n_logs;
    struct source_record *records;
    size_t n_records;
};

/* Read a page, which may be anything at all.
 *   OK          the caller releases *ret
 *   ERR_UNKNOWN it is no report of ours;  ERR_SCHEMA  of a form that we do not know
 *   ERR_FORMAT  it begins like one, and is damaged: *ret_line (from 1) says where
 *   ERR_LIMIT   more logs or records than a report has;  ERR_NOMEM */
MUST_USE enum err sources_read(struct bytes page, struct sources *ret, size_t *ret_line);
void sources_release(struct sources *s);

#endif
