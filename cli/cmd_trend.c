/* cli/cmd_trend.c - one indicator of one authority over time. */
#include "cli/commands.h"

#include <stdlib.h>
#include <string.h>

#include "cli/alliance/lineage.h"
#include "cli/ask.h"
#include "cli/compare/series.h"
#include "cli/day.h"
#include "cli/desk.h"
#include "cli/output/chart.h"
#include "cli/output/figure.h"
#include "cli/output/output.h"
#include "cli/output/width.h"
#include "cli/say.h"

const struct option_spec options_trend[] = {
    {"authority", 0, OPTION_VALUE, "A", "whose figures; your own unless given"},
    {"breakdown", 0, OPTION_VALUE, "K=V", "one breakdown of the figure; the headline unless given"},
    {"as-of", 0, OPTION_VALUE, "DATE", "what was known at the end of that day, 2025-01-31"},
    OPTIONS_END,
};

static const struct column columns[] = {
    {"period", "period", 0}, {"value", "value", COLUMN_NUMBER}, {"numerator", "numerator", COLUMN_NUMBER},
    {"denominator", "denominator", COLUMN_NUMBER}, {"raw", NULL, 0}, {"status", "status", COLUMN_VERBOSE},
    {"lower", "lower", COLUMN_NUMBER}, {"upper", "upper", COLUMN_NUMBER}, {"mark", "marked", 0}, {"sense", NULL, 0},
    {"record", "record", COLUMN_VERBOSE}, {"denominator_source", NULL, 0},
};

struct asked {
    struct desk d;
    struct view *view;
    struct definition_row definition;
    const struct member *who;
    struct series_ask ask;
    struct series s;
};

/* ---- the document ---- */

static void limit(struct sheet *sh, bool has, double v, uint8_t decimals)
{
    if (has)
        sheet_real(sh, v, decimals);
    else
        sheet_null(sh);
}

static void add(struct sheet *sh, const struct series_point *p, const struct definition *d)
{
    char period[PERIOD_TEXT_MAX];
    const struct figure *f = &p->figure.figure;
    bool shown = p->has_figure && !p->figure.is_withdrawn && !p->is_other_definition;
    period_text(p->period.period, p->period.time_identifier, period);
    sheet_row(sh);
    sheet_text(sh, period);
    sheet_figure(sh, p->has_value, f->value, d->decimals, shown && status_has_number(f->status) ? "" : series_status(p));
    sheet_number(sh, shown && f->has_numerator, f->numerator);
    sheet_number(sh, shown && f->has_denominator, f->denominator);
    limit(sh, p->has_value, p->raw, d->decimals);
    sheet_text(sh, series_status(p));
    limit(sh, p->has_interval, p->interval.lower, d->decimals);
    limit(sh, p->has_interval, p->interval.upper, d->decimals);
    sheet_text(sh, p->spc.mark != SPC_COMMON ? spc_name(p->spc.mark) : NULL);
    sheet_style(sh, p->spc.sense == SPC_IMPROVEMENT ? STYLE_GOOD : p->spc.sense == SPC_CONCERN ? STYLE_BAD : STYLE_PLAIN);
    sheet_text(sh, p->spc.mark != SPC_COMMON ? spc_sense_name(p->spc.sense) : NULL);
    sheet_text(sh, p->has_figure ? p->figure.record : NULL);
    sheet_text(sh, p->has_interval ? denominator_source_name(p->denominator_source) : NULL);
}

static json_t *spc_json(const struct series *s)
{
    json_t *j = json_object(), *signals = json_array();
    bool has = s->spc.is_drawn;
    for (size_t i = 0; i < s->n; i++) {
        char period[PERIOD_TEXT_MAX];
        const struct series_point *p = &s->points[i];
        if (p->spc.mark == SPC_COMMON)
            continue;
        json_t *one = json_object();
        period_text(p->period.period, p->period.time_identifier, period);
        json_object_set_new(one, "period", json_text(period));
        json_object_set_new(one, "rule", json_text(spc_name(p->spc.mark)));
        json_object_set_new(one, "sense", json_text(spc_sense_name(p->spc.sense)));
        json_array_append_new(signals, one);
    }
    json_object_set_new(j, "n", json_integer((json_int_t)s->spc.n));
    json_object_set_new(j, "drawn", json_boolean(has));
    json_object_set_new(j, "mean", has ? json_real(s->spc.mean) : json_null());
    json_object_set_new(j, "upper", has ? json_real(s->spc.upper) : json_null());
    json_object_set_new(j, "lower", has ? json_real(s->spc.lower) : json_null());
    json_object_set_new(j, "signals", signals);
    return j;
}

static json_t *trend_json(const struct trend *t)
{
    json_t *j = json_object();
    bool has = t->direction != TREND_UNKNOWN;
    json_object_set_new(j, "n", json_integer((json_int_t)t->n));
    json_object_set_new(j, "chi2", has ? json_real(t->chi2) : json_null());
    json_object_set_new(j, "slope", has ? json_real(t->slope) : json_null());
    json_object_set_new(j, "direction", json_text(trend_name(t->direction)));
    return j;
}

static json_t *document(const struct asked *x, const struct sheet *sh)
{
    const struct definition *d = &x->definition.definition;
    char change[DECIMAL_TEXT_MAX + DECIMAL_SCALE_MAX];
    json_t *doc = json_document(x->d.s);
    decimal_shown(x->s.change, d->decimals, change);
    json_object_set_new(doc, "indicator", json_text(d->id));
    json_object_set_new(doc, "title", json_text(d->title));
    json_object_set_new(doc, "unit", json_text(d->unit));
    json_object_set_new(doc, "polarity", json_text(polarity_name(d->polarity)));
    json_object_set_new(doc, "slug", json_text(x->who->slug.s));
    json_object_set_new(doc, "successions", lineage_successions(desk_charter(&x->d), &x->who->slug));
    json_object_set_new(doc, "breakdown", json_text(x->ask.breakdown));
    json_object_set_new(doc, "n", json_integer((json_int_t)x->s.n_values));
    json_object_set_new(doc, "points", sheet_json(sh));
    json_object_set_new(doc, "change", json_text(x->s.has_change ? change : NULL));
    json_object_set_new(doc, "recent_trend", trend_json(&x->s.trend));
    json_object_set_new(doc, "spc", spc_json(&x->s));
    return doc;
}

/* ---- in words ---- */

/* What stands at a point: its mark by the XmR rules, or why it has no value. */
static char mark_of(const struct series_point *p)
{
    if (p->has_value)
        return p->spc.mark != SPC_COMMON ? spc_letter(p->spc.mark) : 'o';
    const char *status = series_status(p);
    if (!p->has_figure || (status_has_number(p->figure.figure.status) && !p->figure.is_withdrawn && !p->is_other_definition))
        return '.';
    return status[0];
}

static enum err draw(struct asked *x, size_t *ret_first)
{
    struct session *s = x->d.s;
    struct chart_point *points = calloc(x->s.n + 1, sizeof(*points));
    char (*labels)[PERIOD_TEXT_MAX] = calloc(x->s.n + 1, sizeof(*labels));
    const struct chart_line lines[] = {
        {x->s.spc.upper, '.', "limit"}, {x->s.spc.lower, '.', "limit"}, {x->s.spc.mean, '-', "mean"}};
    struct buf picture = buf_on(1 << 20);
    enum err e = points != NULL && labels != NULL ? OK : ERR_NOMEM;
    for (size_t i = 0; e == OK && i < x->s.n; i++) {
        const struct series_point *p = &x->s.points[i];
        period_text(p->period.period, p->period.time_identifier, labels[i]);
        points[i] = (struct chart_point){.label = labels[i],
                                         .has_value = p->has_value,
                                         .has_limits = p->has_interval,
                                         .value = p->raw,
                                         .lower = p->interval.lower,
                                         .upper = p->interval.upper,
                                         .mark = mark_of(p)};
    }
    if (e == OK)
        e = chart_draw(points, x->s.n, lines, x->s.spc.is_drawn ? 3 : 0, x->definition.definition.decimals, output_width(s),
                       &picture, ret_first);
    if (e == OK)
        out_text(s, buf_bytes(&picture));
    buf_release(&picture);
    free(points);
    free(labels);
    return e;
}

static void say_signs(struct asked *x, size_t first)
{
    struct session *s = x->d.s;
    bool has_limits = false, is_marked = x->s.spc.n_marked > 0, has_gap = false;
    for (size_t i = first; i < x->s.n; i++) {
        has_limits = has_limits || x->s.points[i].has_interval;
        has_gap = has_gap || !x->s.points[i].has_value;
    }
    out(s, "o value%s%s%s\n\n", has_limits ? ", | 95 % limits" : "",
        is_marked ? ", O outside a limit, T trend, 2 two of three near a limit, R run" : "",
        has_gap ? "; on the axis what has no value: . none, w withdrawn, o other definition, or its symbol" : "");
    if (first > 0)
        out(s, "The picture begins with the %zuth of %zu periods; the table has them all.\n\n", first + 1, x->s.n);
}

static void say_change(struct asked *x)
{
    char change[DECIMAL_TEXT_MAX + DECIMAL_SCALE_MAX], since[PERIOD_TEXT_MAX];
    const struct trend *t = &x->s.trend;
    struct session *s = x->d.s;
    if (x->s.has_change) {
        decimal_shown(x->s.change, x->definition.definition.decimals, change);
        period_text(x->s.change_since.period, x->s.change_since.time_identifier, since);
        out(s, "\nChange since %s: %s%s.\n", since, x->s.change.mantissa > 0 ? "+" : "", change);
    } else
        out(s, "\nNo change is given: the newest figure or the one before it has no value.\n");
    if (t->direction == TREND_UNKNOWN)
        out(s, "Recent trend (OHID): cannot be calculated; it takes %d points with limits, and here are %zu.\n", TREND_POINTS,
            t->n);
    else
        out(s, "Recent trend (OHID, the latest %d points): %s; chi-squared %.2f, significant above 9.55%s.\n", TREND_POINTS,
            t->direction == TREND_NONE ? "no significant change" : trend_name(t->direction), t->chi2,
            t->direction == TREND_NONE && t->chi2 > TREND_CHI2 ? ", but it hangs on a single point" : "");
}

static void say_spc(struct asked *x)
{
    const struct spc *c = &x->s.spc;
    struct session *s = x->d.s;
    int dp = x->definition.definition.decimals + 1;
    if (!c->is_drawn) {
        out(s,
            "XmR: %zu %s with a value; it takes %d to tell a special cause from ordinary variation, so no limits are drawn.\n",
            c->n, c->n == 1 ? "period" : "periods", SPC_POINTS_MIN);
        return;
    }
    out(s, "XmR over %zu points: mean %.*f, limits %.*f to %.*f; %zu marked.\n", c->n, dp, c->mean, dp, c->lower, dp, c->upper,
        c->n_marked);
}

static void say_left_out(struct asked *x)
{
    struct session *s = x->d.s;
    size_t n = 0;
    for (size_t i = 0; i < x->s.n; i++)
        n += x->s.points[i].denominator_source == DENOMINATOR_REFERENCE;
    if (n > 0)
        out(s, "Limits by an imported population, where no denominator was published: %zu.\n", n);
    if (x->s.n_other_definition > 0)
        out(s, "Published under another definition, so not of this series: %zu.\n", x->s.n_other_definition);
    if (x->s.n_withdrawn > 0)
        out(s, "Withdrawn by their author: %zu.\n", x->s.n_withdrawn);
    if (x->s.n_other_kind > 0)
        out(s, "Figures of another kind of period, years beside quarters, left out: %zu.\n", x->s.n_other_kind);
}

static enum exit_status answer(struct asked *x)
{
    const struct definition *d = &x->definition.definition;
    struct sheet *sh = sheet_new(columns, sizeof(columns) / sizeof(columns[0]));
    char name[NAME_MAX_LEN + 1];
    size_t first = 0;
    for (size_t i = 0; i < x->s.n; i++)
        add(sh, &x->s.points[i], d);
    json_t *doc = sheet_status(sh) == OK ? document(x, sh) : NULL;
    desk_name_of(&x->d, &x->who->slug, name);
    out(x->d.s, "%s: %s (%s)%s%s%s\n\n", name, d->title, d->unit, x->ask.breakdown[0] != '\0' ? ", " : "", x->ask.breakdown,
        d->polarity == POLARITY_NONE   ? "; neither high nor low is good"
        : d->polarity == POLARITY_HIGH ? "; high is good"
                                       : "; low is good");
    if (x->d.s->mode == OUTPUT_TEXT && x->s.n_values > 0) {
        session_lacks(x->d.s, draw(x, &first));
        say_signs(x, first);
    }
    enum exit_status st = output(x->d.s, doc, sh);
    sheet_free(sh);
    if (x->s.n_values == 0) {
        out(x->d.s, "\nNo period has a value, so there is neither a change nor a trend.\n");
    } else {
        say_change(x);
        say_spc(x);
    }
    say_left_out(x);
    lineage_say_of(&x->d, &x->who->slug, "trend", d->id);
    return st;
}

/* ---- what is asked ---- */

static enum exit_status read_who(struct asked *x)
{
    struct session *s = x->d.s;
    const char *word = option_value(&s->options, "authority");
    x->who = word != NULL ? desk_find_member(&x->d, word) : charter_find(desk_charter(&x->d), &x->d.identity->slug);
    if (x->who == NULL)
        return EXIT_USAGE;
    if (word == NULL && x->who->role != ROLE_AUTHORITY)
        return say_usage(s, "name an authority, --authority kent", "trend: %s publishes no figures of its own", x->who->slug.s);
    return EXIT_OK;
}

static enum exit_status read_ask(struct asked *x)
{
    struct session *s = x->d.s;
    const char *breakdown = option_value(&s->options, "breakdown"), *as_of = option_value(&s->options, "as-of");
    enum exit_status st = ask_indicator(s, x->view, s->args[0], &x->definition);
    if (st == EXIT_OK)
        st = read_who(x);
    if (st != EXIT_OK)
        return st;
    x->ask = (struct series_ask){.v = x->view, .definition = &x->definition, .breakdown = breakdown != NULL ? breakdown : "",
                                 .slug = x->who->slug.s, .as_of_ms = UINT64_MAX, .charter = desk_charter(&x->d),
                                 .authority = compare_authority(x->who->codes.dfe, x->who->codes.gss)};
    if (as_of != NULL && day_end(as_of, &x->ask.as_of_ms) != OK)
        return say_usage(s, "write 2025-01-31", "--as-of %s: this is no date", as_of);
    return EXIT_OK;
}

static enum exit_status trend(struct asked *x)
{
    enum exit_status st = read_ask(x);
    if (st != EXIT_OK)
        return st;
    enum err e = series_make(&x->ask, &x->s);
    if (e == ERR_UNKNOWN) {
        lineage_say_of(&x->d, &x->who->slug, "trend", x->definition.definition.id);
        return say_refused(x->d.s, EXIT_NO, "nothing-found", "`folkmoot coverage` says who has returned what",
                           "trend %s: no figure of %s is held", x->definition.definition.id, x->who->slug.s);
    }
    if (e != OK)
        return say_failed(x->d.s, e, NULL, "trend");
    st = answer(x);
    series_release(&x->s);
    return st;
}

enum exit_status cmd_trend(struct session *s)
{
    struct asked *x = calloc(1, sizeof(*x));
    if (x == NULL)
        return say_failed(s, ERR_NOMEM, NULL, "trend");
    enum exit_status st = desk_open(s, STORE_READ, &x->d);
    if (st == EXIT_OK)
        st = desk_view(&x->d, &x->view);
    if (st == EXIT_OK)
        st = trend(x);
    view_close(x->view);
    desk_close(&x->d);
    free(x);
    return st;
}
