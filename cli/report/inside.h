/* cli/report/inside.h - what the builders of pages share. Nobody else includes it. */
#ifndef FOLKMOOT_CLI_REPORT_INSIDE_H
#define FOLKMOOT_CLI_REPORT_INSIDE_H

#include "cli/report/report.h"

#define END ((const char *)NULL)

struct page {
    struct html h;
    const struct report *r;
    size_t subject;                         /* the authority it is about; NO_SUBJECT: all of them */
    bool with_years, with_others;           /* with_others: what others published stands beside the members' figures */
    unsigned n_charts;                      /* for ids */
};
#define NO_SUBJECT SIZE_MAX

enum { PAGE_CSS_PARTS = 2 };
extern const char *const page_css[PAGE_CSS_PARTS];
/* The marking at the head of every sheet of paper. */
const char *page_css_marking(const struct report *r);

/* ---- frame.c ---- */
void page_begin(struct page *p, const char *title, const char *heading);
void page_end(struct page *p);
void section_begin(struct page *p, const char *id, const char *class, const char *heading);
void section_end(struct page *p);
__attribute__((format(printf, 2, 3)))
void para(struct page *p, const char *fmt, ...);
/* <table><caption>..<thead><tr><th scope=col>..: heads end with NULL. A head that begins with '#' is of numbers. */
void table_begin(struct page *p, const char *class, const char *caption, const char *const *heads);
void table_end(struct page *p);
/* <details><summary>TABLE OF ...</summary> */
void details_begin(struct page *p, const char *summary);
void details_end(struct page *p);
void cell_text(struct page *p, const char *text);
void cell_number(struct page *p, const char *text);
__attribute__((format(printf, 2, 3)))
void cell_textf(struct page *p, const char *fmt, ...);
void cell_name(struct page *p, const char *name);          /* a row's head */
/* "c3", one for each picture */
enum { CHART_ID_MAX = 16 };
const char *chart_id(struct page *p, char ret[CHART_ID_MAX]);
/* "official" in capitals */
const char *marking_shown(const struct report *r);

/* ---- words.c ---- */
enum { WORDS_MAX = 512 };
void period_words(const struct time_period *p, char ret[PERIOD_TEXT_MAX]);
const char *status_words(const struct report *r, const char *status);      /* "u" -> "u: of low reliability" */
enum { WHEN_MAX = 48 };
void when_words(uint64_t ms, char ret[WHEN_MAX]);           /* "25 November 2026, 15:07 UTC" */
void day_words(uint64_t ms, char ret[WHEN_MAX]);            /* "25 Nov 2026" */
const char *good_words(enum polarity p);                    /* "high is good" */
void row_shown(const struct report_indicator *i, const struct compare_row *row, char ret[FIGURE_SHOWN_MAX + 8]);
double row_value(const struct report_indicator *i, const struct compare_row *row);
const char *unit_of(const struct report_indicator *i);
void total_shown(const struct report_indicator *i, char ret[FIGURE_SHOWN_MAX]);       /* "" where there is none */
/* What others published stands beside this indicator on this page. */
bool has_others(const struct page *p, const struct report_indicator *i);
/* "The source (2024-11-01); another (2025-02-27)", of one indicator; "" where there is none. */
enum { SOURCES_MAX = 1024 };
void others_sources(const struct report_indicator *i, char ret[SOURCES_MAX]);
void decimals_shown(double x, const struct report_indicator *i, char ret[FIGURE_SHOWN_MAX]);

/* ---- sections, a file each ---- */
void section_brief(struct page *p);
void section_returned(struct page *p);
void section_changed(struct page *p);
void section_revised(struct page *p);       /* within the one before */
void section_rug(struct page *p);
void section_ask(struct page *p);
void section_indicators(struct page *p);
void section_profile(struct page *p);
void section_assess(struct page *p);      /* nothing where nobody has assessed itself */
void section_support(struct page *p);     /* nothing where nobody said anything */
void section_how(struct page *p);
void sources_write(struct page *p);

#endif
