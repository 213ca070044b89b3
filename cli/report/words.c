#include "cli/report/inside.h"

#include <stdio.h>
#include <string.h>

void period_words(const struct time_period *p, char ret[PERIOD_TEXT_MAX])
{
    period_text(p->period, p->time_identifier, ret);
}

const char *status_words(const struct report *r, const char *status)
{
    static const char *const words[][2] = {
        {"c", "c: too small to be shown"}, {"z", "z: not applicable"}, {"x", "x: unavailable"}, {"u", "u: of low reliability"},
        {"k", "k: rounds to zero, is not zero"}, {"low", "low: rounds to zero, is not zero"}, {"missing", "nothing returned"},
        {"withdrawn", "withdrawn by its author"}, {"other-definition", "under another definition"}, {"former", "no longer a "
            "member"}};
    if (r->is_public && strcmp(status, "missing") == 0)
        return "nothing published to everyone";
    for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
        if (strcmp(status, words[i][0]) == 0)
            return words[i][1];
    return status;
}

static const char *const months[] = {"January", "February", "March", "April", "May", "June", "July", "August", "September",
                                     "October",
                                     "November", "December"};

/* time_text() says 2026-11-25T15:07:40Z, or of what no calendar has something shorter. */
static bool take_apart(uint64_t ms, char text[TIME_TEXT_MAX], unsigned *ret_day, unsigned *ret_month)
{
    time_text(ms, text);
    if (strlen(text) != 20)
        return false;
    *ret_month = (unsigned)(text[5] - '0') * 10 + (unsigned)(text[6] - '0');
    *ret_day = (unsigned)(text[8] - '0') * 10 + (unsigned)(text[9] - '0');
    return *ret_month >= 1 && *ret_month <= 12;
}

void when_words(uint64_t ms, char ret[WHEN_MAX])
{
    char text[TIME_TEXT_MAX];
    unsigned day, month;
    if (take_apart(ms, text, &day, &month))
        (void)snprintf(ret, WHEN_MAX, "%u %s %.4s, %.5s UTC", day, months[month - 1], text, text + 11);
    else
        (void)snprintf(ret, WHEN_MAX, "%s", text);
}

void day_words(uint64_t ms, char ret[WHEN_MAX])
{
    char text[TIME_TEXT_MAX];
    unsigned day, month;
    if (take_apart(ms, text, &day, &month))
        (void)snprintf(ret, WHEN_MAX, "%u %.3s %.4s", day, months[month - 1], text);
    else
        (void)snprintf(ret, WHEN_MAX, "%s", text);
}

const char *good_words(enum polarity p)
{
    switch (p) {
    case POLARITY_HIGH: return "high is good";
    case POLARITY_LOW:  return "low is good";
    case POLARITY_NONE:
    case POLARITY_COUNT: break;
    }
    return "neither is good";
}

void row_shown(const struct report_indicator *i, const struct compare_row *row, char ret[FIGURE_SHOWN_MAX + 8])
{
    char shown[FIGURE_SHOWN_MAX];
    if (row == NULL || !compare_row_counts(row)) {
        (void)snprintf(ret, FIGURE_SHOWN_MAX + 8, "%s", row != NULL ? compare_row_status(row) : "");
        return;
    }
    figure_shown(&row->figure.figure, i->row->definition.definition.decimals, shown);
    (void)snprintf(ret, FIGURE_SHOWN_MAX + 8, "%s%s", shown, row->figure.figure.has_value || i->is_counts ? "" : " (count)");
}

double row_value(const struct report_indicator *i, const struct compare_row *row)
{
    return decimal_double(i->is_counts ? row->figure.figure.numerator : row->figure.figure.value);
}

const char *unit_of(const struct report_indicator *i)
{
    return i->is_counts ? "count" : i->row->definition.definition.unit;
}

void total_shown(const struct report_indicator *i, char ret[FIGURE_SHOWN_MAX])
{
    const struct total *t = &i->row->c.total;
    ret[0] = '\0';
    if (t->has_value)
        decimal_shown(t->value, i->row->definition.definition.decimals, ret);
}

void decimals_shown(double x, const struct report_indicator *i, char ret[FIGURE_SHOWN_MAX])
{
    (void)snprintf(ret, FIGURE_SHOWN_MAX, "%.*f", i->is_counts ? 0 : (int)i->row->definition.definition.decimals, x);
}

bool has_others(const struct page *p, const struct report_indicator *i)
{
    return p->with_others && i->others.any && !i->is_counts;
}

static bool is_same_source(const struct compare_source *a, const struct compare_source *b)
{
    return strcmp(a->source, b->source) == 0 && strcmp(a->vintage, b->vintage) == 0;
}

void others_sources(const struct report_indicator *i, char ret[SOURCES_MAX])
{
    const struct compare_source *s = i->others.sources;
    size_t at = 0;
    ret[0] = '\0';
    for (size_t k = 0; k < i->others.n_sources; k++) {
        bool is_said = !s[k].is_used;
        for (size_t j = 0; j < k && !is_said; j++)
            is_said = s[j].is_used && is_same_source(&s[j], &s[k]);
        int n = is_said ? 0 : snprintf(ret + at, SOURCES_MAX - at, "%s%s (%s)", at > 0 ? "; " : "", s[k].source, s[k].vintage);
        if (n < 0 || (size_t)n >= SOURCES_MAX - at)
            break;                          /* more than fit: the document of `compare` names them all */
        at += (size_t)n;
    }
}
