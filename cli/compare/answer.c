#include "cli/compare/answer_inside.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "cli/alliance/lineage.h"
#include "cli/output/figure.h"
#include "cli/output/output.h"
#include "cli/output/width.h"
#include "cli/period.h"

static const struct column columns[] = {
    {"slug", NULL, 0}, {"name", "authority", 0}, {"source", "from", 0}, {"value", "value", COLUMN_NUMBER},
    {"numerator", "numerator", COLUMN_NUMBER}, {"denominator", "denominator", COLUMN_NUMBER}, {"raw", NULL, 0},
    {"status", "status", COLUMN_VERBOSE}, {"rank", "rank", COLUMN_NUMBER}, {"band", "band", 0}, {"lower", "lower", COLUMN_NUMBER},
    {"upper", "upper", COLUMN_NUMBER}, {"versus_total", "than the total", 0}, {"change", "change", COLUMN_NUMBER},
    {"record", "record", COLUMN_VERBOSE}, {"dfe", NULL, 0}, {"region", NULL, 0}, {"reference", NULL, 0}, {"vintage", NULL, 0},
    {"denominator_source", NULL, 0}, {"note", NULL, 0},
};

enum { NOTE_ROOM = 1 << 17 };                /* a note is smaller: it is a record */

struct buf compare_note_of(const struct comparing *x, const struct compare_row *r)
{
    struct buf note = buf_on(NOTE_ROOM);
    enum err e = compare_row_returned(r) ? view_note(x->view, r->figure.record, r->slug.s, &note) : OK;
    session_lacks(x->d->s, e == ERR_UNKNOWN ? OK : e);
    return note;
}

/* ---- the rows ---- */

static void limit_cell(struct sheet *sh, bool has, double v, uint8_t decimals)
{
    if (has)
        sheet_real(sh, v, decimals);
    else
        sheet_null(sh);
}

static void add_statistics(struct sheet *sh, const struct compare_row *r, const struct definition *d)
{
    char band[2] = {r->band, '\0'};
    if (r->rank > 0)
        sheet_count(sh, (int64_t)r->rank);
    else
        sheet_null(sh);
    sheet_text(sh, r->band != 0 ? band : NULL);
    limit_cell(sh, r->has_interval, r->interval.lower, d->decimals);
    limit_cell(sh, r->has_interval, r->interval.upper, d->decimals);
    sheet_text(sh, r->versus_total != STANDING_NONE ? standing_name(r->versus_total) : NULL);
    sheet_style(sh, r->versus_total == STANDING_BETTER ? STYLE_GOOD : r->versus_total == STANDING_WORSE ? STYLE_BAD : STYLE_PLAIN);
    sheet_figure(sh, r->has_change, r->change, d->decimals, "");
    if (r->has_change && r->change.mantissa > 0) {
        char shown[DECIMAL_TEXT_MAX + DECIMAL_SCALE_MAX + 1] = "+";
        decimal_shown(r->change, d->decimals, shown + 1);
        sheet_shown(sh, shown);
    }
}

/* With a note its name has the number by which the note stands beneath. */
static void add_row(struct sheet *sh, const struct comparing *x, const struct compare_row *r, size_t *n_notes)
{
    const struct definition *d = &x->definition.definition;
    const struct figure *f = &r->figure.figure;
    bool shown = r->has_figure && !r->figure.is_withdrawn;
    char marked[NAME_MAX_LEN + 32];
    struct buf note = compare_note_of(x, r);
    sheet_row(sh);
    sheet_text(sh, r->slug.s);
    sheet_text(sh, r->name);
    if (note.len > 0) {
        (void)snprintf(marked, sizeof(marked), "%s [%zu]", r->name, ++*n_notes);
        sheet_shown(sh, marked);
    }
    bool is_marked = slug_equal(&r->slug, &x->marked);
    if (is_marked && x->d->s->out_is_terminal && !x->d->s->colour) {    /* where bold letters cannot say it */
        size_t len = note.len > 0 ? strlen(marked) : (size_t)snprintf(marked, sizeof(marked), "%s", r->name);
        (void)snprintf(marked + len, sizeof(marked) - len, " <");
        sheet_shown(sh, marked);
    }
    sheet_style(sh, is_marked ? STYLE_STRONG : STYLE_PLAIN);
    sheet_text(sh, compare_row_source(r));
    sheet_shown(sh, r->is_public ? "public" : "");
    sheet_figure(sh, shown && f->has_value, f->value, d->decimals,
                 shown && status_has_number(f->status) ? "" : compare_row_status(r));
    sheet_number(sh, shown && f->has_numerator, f->numerator);
    sheet_number(sh, shown && f->has_denominator, f->denominator);
    if (r->has_raw)
        sheet_real(sh, r->raw, d->decimals);
    else
        sheet_null(sh);
    sheet_text(sh, compare_row_status(r));
    add_statistics(sh, r, d);
    sheet_text(sh, r->has_figure && !r->is_public ? r->figure.record : NULL);
    sheet_text(sh, r->authority != NULL ? r->authority->dfe : NULL);
    sheet_text(sh, r->authority != NULL ? r->authority->region : NULL);
    sheet_text(sh, r->is_public ? x->c.sources[r->source].source : NULL);
    sheet_text(sh, r->is_public ? x->c.sources[r->source].vintage : NULL);
    sheet_text(sh, r->has_interval ? denominator_source_name(r->denominator_source) : NULL);
    sheet_text(sh, note.len > 0 ? buf_str(&note) : NULL);
    buf_release(&note);
}

static void add_total(struct sheet *sh, const struct comparing *x)
{
    const struct total *t = &x->c.total;
    sheet_row(sh);
    sheet_text(sh, "");
    sheet_text(sh, whom_is_alliance(&x->whom) ? desk_charter(x->d)->name :
               "all of these");
    sheet_style(sh, STYLE_STRONG);
    sheet_text(sh, "total");
    sheet_shown(sh, "");
    sheet_figure(sh, t->has_value, t->value, x->definition.definition.decimals, "");
    sheet_number(sh, t->n > 0, t->numerator);
    sheet_number(sh, t->n > 0 && t->has_denominator, t->denominator);
}

static void add_areas(struct sheet *sh, const struct comparing *x)
{
    for (size_t i = 0; i < x->c.n_areas; i++) {
        const struct compare_area *a = &x->c.areas[i];
        if (!a->is_shown)
            continue;
        sheet_row(sh);
        sheet_text(sh, "");
        sheet_text(sh, a->area->name);
        sheet_style(sh, STYLE_STRONG);
        sheet_text(sh, "public");
        sheet_figure(sh, a->figure.has_value, a->figure.value, x->definition.definition.decimals, status_name(a->figure.status));
        sheet_number(sh, a->figure.has_numerator, a->figure.numerator);
        sheet_number(sh, a->figure.has_denominator, a->figure.denominator);
    }
}

/* ---- in words ---- */

static const char *why_without(const struct compare_row *r)
{
    const char *status = compare_row_status(r);
    if (strcmp(status, being_name(BEING_NOT_YET)) == 0)
        return "not there yet then";
    if (strcmp(status, being_name(BEING_NO_MORE)) == 0)
        return "no more then";
    return strcmp(status, "former") == 0 ? "no longer a member" : status;
}

/* Whose successor somebody is: the figures before are another body's. */
static void say_successions(const struct comparing *x)
{
    const struct charter *c = desk_charter(x->d);
    for (size_t i = 0; c != NULL && i < c->n_successions; i++)
        if (compare_tells_succession(&x->c, c, i)) {
            char text[LINEAGE_TEXT_MAX];
            lineage_text(x->d, &c->successions[i], text);
            const struct compare_row *counted = compare_counted(&x->c, c, i);
            out(x->d->s, "%s%s", text, (x->c.joined >> i & 1) != 0 ? "; the change like for like takes them as one" :
                "; their figures are not joined");
            out(x->d->s, "%s%s.\n", counted != NULL ? "; both tell of this period, and in sums it is " : "",
                counted != NULL ? counted->slug.s : "");
        }
}

static void say_who(const struct comparing *x)
{
    struct session *s = x->d->s;
    bool first = true;
    out(s, "On %zu of %zu %s", x->c.n, x->c.n_rows, x->c.n_rows == 1 ? "authority" : "authorities");
    for (size_t i = 0; i < x->c.n_rows; i++) {
        const struct compare_row *r = &x->c.rows[i];
        if (compare_row_counts(r))
            continue;
        out(s, "%s%s (%s)", first ? "; without " : ", ", r->slug.s,
            why_without(r));
        first = false;
    }
    out(s, ".\n");
}

static void say_notes(const struct comparing *x)
{
    size_t n = 0;
    for (size_t i = 0; x->d->s->mode == OUTPUT_TEXT && i < x->c.n_rows; i++) {
        const struct compare_row *r = &x->c.rows[i];
        struct buf note = compare_note_of(x, r), line = buf_on(NOTE_ROOM + NAME_MAX_LEN + RECORD_TEXT_SIZE + 64);
        if (note.len > 0) {
            buf_printf(&line, "[%zu] %s says of %s: ", n + 1, r->name, r->figure.record);
            n++;
            buf_put(&line, buf_bytes(&note));
            out_wrapped_buf(x->d->s, "    ", &line);
        }
        buf_release(&line);
        buf_release(&note);
    }
}

/* Limits that no published denominator gives are not the author's. */
static void say_denominators(const struct comparing *x)
{
    bool first = true;
    for (size_t i = 0; i < x->c.n_rows; i++) {
        if (x->c.rows[i].denominator_source != DENOMINATOR_REFERENCE)
            continue;
        out(x->d->s, "%s%s", first ? "Limits by an imported population, where no denominator was published: " : ", ",
            x->c.rows[i].slug.s);
        first = false;
    }
    if (!first)
        out(x->d->s, ".\n");
}

/* [P-64] and the keys: what looks missing may have been published, and not have come, or be shut to us. */
struct unread { const struct comparing *x; bool has_begun; };

static enum err say_sealed(void *arg, const struct coverage *c)
{
    struct unread *u = arg;
    for (size_t i = 0; c->state == COVERAGE_SEALED && i < u->x->c.n_rows; i++)
        if (compare_row_is_missing(&u->x->c.rows[i]) && strcmp(u->x->c.rows[i].slug.s, c->slug) == 0) {
            out(u->x->d->s, "%s%s", u->has_begun ? ", " : "Published, and not to be read here yet: ", c->slug);
            u->has_begun = true;
        }
    return OK;
}

static void say_unread(const struct comparing *x)
{
    struct unread u = {.x = x};
    if (x->d->s->mode != OUTPUT_TEXT || x->c.n == x->c.n_rows || view_coverage(x->view, say_sealed, &u) != OK)
        return;
    if (u.has_begun)
        out(x->d->s, " (their next publish or sync gives the keys).\n");
}

/* "3,580", "31.4" */
static void number_shown(struct decimal d, char ret[COUNT_SHOWN_MAX])
{
    char text[DECIMAL_TEXT_MAX];
    if (d.scale == 0) {
        count_shown(d.mantissa, ret);
        return;
    }
    decimal_text(d, text);
    snprintf(ret, COUNT_SHOWN_MAX, "%.40s", text);
}

static void say_change(const struct comparing *x)
{
    const struct change *g = &x->c.change;
    char period[PERIOD_TEXT_MAX], before[COUNT_SHOWN_MAX], now[COUNT_SHOWN_MAX], pct[DECIMAL_TEXT_MAX], plain[DECIMAL_TEXT_MAX];
    if (!x->c.has_previous)
        return;
    period_text(x->c.previous.period, x->c.previous.time_identifier, period);
    number_shown(g->like_before, before);
    number_shown(g->like_now, now);
    decimal_text(g->like_pct, pct);
    decimal_text(g->plain_pct, plain);
    if (g->is_suppressed)
        out(x->d->s, "No change since %s is given: over one in ten counts are hidden, so it would be biased.\n", period);
    if (g->has_like)
        out(x->d->s, "Like for like since %s, over the %zu usable in both: %s to %s, %s%s %%.\n", period, g->n_both, before, now,
            g->like_pct.mantissa > 0 ? "+" : "", pct);
    if (g->has_plain && (g->n_before != g->n_both || g->n_now != g->n_both))
        out(x->d->s, "Plainly, over each period's own (%zu and %zu): %s%s %%.\n", g->n_before, g->n_now,
            g->plain_pct.mantissa > 0 ? "+" : "", plain);
}

static void say_method(const struct comparing *x)
{
    const struct definition *d = &x->definition.definition;
    struct session *s = x->d->s;
    bool has_intervals = false;
    for (size_t i = 0; i < x->c.n_rows; i++)
        has_intervals = has_intervals || x->c.rows[i].has_interval;
    if (x->c.total.n > 0) {
        char text[COUNT_SHOWN_MAX];
        number_shown(x->c.total.numerator_rounded, text);
        out(s, "The total is a sum of counts, %zu used; as published, to the nearest 10: %s.\n", x->c.total.n, text);
    }
    if (has_intervals)
        out(s, "Limits: 95 %%, %s. ", d->parts == PARTS_PROPORTION ? "Wilson" : "Byar (exact below 10)");
    if (x->c.n == 0)
        return;
    if (d->polarity == POLARITY_NONE)
        out(s, "Neither high nor low is good: not ranked.\n");
    else
        out(s, "Rank 1 is best, %s is good; bands by quartiles of these authorities.\n", polarity_name(d->polarity));
}

static void say_neighbours(const struct comparing *x)
{
    const struct compare_neighbours *n = &x->c.neighbours;
    struct notes notes = compare_notes(x);
    char mean[DECIMAL_TEXT_MAX + DECIMAL_SCALE_MAX], median[DECIMAL_TEXT_MAX + DECIMAL_SCALE_MAX];
    uint8_t decimals = x->definition.definition.decimals;
    if (n->n > 0) {
        decimal_shown(n->mean, decimals, mean);
        decimal_shown(n->median, decimals, median);
        out(x->d->s, "Statistical neighbours of %s (%s%s): mean %s, median %s, of %zu of %zu.\n", n->of->name,
            x->ask.model != NULL ? "" : "the DfE's model of ", n->model, mean, median, n->n, n->n_named);
    }
    for (size_t i = 0; i < notes.n; i++)
        out(x->d->s, "%s\n", notes.all[i].text);
}

/* Two files of one source and one day are one to people. */
static bool is_said(const struct comparing *x, size_t at)
{
    const struct compare_source *s = x->c.sources;
    for (size_t i = 0; i < at; i++)
        if (s[i].is_used && strcmp(s[i].source, s[at].source) == 0 && strcmp(s[i].vintage, s[at].vintage) == 0)
            return true;
    return false;
}

static void say_sources(const struct comparing *x)
{
    bool first = true;
    for (size_t i = 0; i < x->c.n_sources; i++) {
        const struct compare_source *s = &x->c.sources[i];
        if (!s->is_used || is_said(x, i))
            continue;
        out(x->d->s, "%s%s (%s)", first ? "Public figures, signed by nobody here: " : "; ", s->source, s->vintage);
        first = false;
    }
    if (!first)
        out(x->d->s, ".\n");
}

static void headline(const struct comparing *x)
{
    const struct definition *d = &x->definition.definition;
    char period[PERIOD_TEXT_MAX], newest[PERIOD_TEXT_MAX];
    period_text(x->ask.period.period, x->ask.period.time_identifier, period);
    period_text(x->latest.newest.period, x->latest.newest.time_identifier, newest);
    out(x->d->s, "%s, %s%s%s\n", d->title, period, x->ask.breakdown[0] != '\0' ? ", " : "", x->ask.breakdown);
    if (x->latest.is_before_newest)
        out(x->d->s, "Of the newest period, %s, only %" PRIu64 " of %" PRIu64 " returns are in, so the one before is compared.\n",
            newest, x->latest.returns, x->latest.expected);
    out(x->d->s, "\n");
}

enum exit_status compare_answer(const struct comparing *x)
{
    struct sheet *sh = sheet_new(columns, sizeof(columns) / sizeof(columns[0]));
    size_t n_notes = 0;
    for (size_t i = 0; i < x->c.n_rows; i++)
        add_row(sh, x, &x->c.rows[i], &n_notes);
    json_t *doc = sheet_status(sh) == OK ? compare_document(x, sh) : NULL;
    if (x->d->s->mode == OUTPUT_TEXT && x->c.total.n > 0)
        add_total(sh, x);
    if (x->d->s->mode == OUTPUT_TEXT)
        add_areas(sh, x);
    headline(x);
    enum exit_status st = output(x->d->s, doc, sh);
    sheet_free(sh);
    out(x->d->s, "\n");
    say_notes(x);
    say_who(x);
    say_unread(x);
    say_successions(x);
    say_change(x);
    say_neighbours(x);
    say_method(x);
    say_denominators(x);
    say_sources(x);
    return st;
}
