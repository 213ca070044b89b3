/* cli/compare/lead_words.c - who is compared, what is missing and whose figures they are, in words and in a document (lead.h). */
#include "cli/alliance/lineage.h"
#include "cli/compare/lead.h"

#include <stdio.h>
#include <string.h>

#include "cli/output/json.h"
#include "cli/output/output.h"
#include "cli/output/width.h"

enum { FEW = 3, LINE_MAX_LEN = MEMBERS_MAX * (SLUG_MAX + 24) };

void lead_period(const struct time_period *p, char ret[PERIOD_TEXT_MAX])
{
    period_text(p->period, p->time_identifier, ret);
}

static bool is_same_period(const struct time_period *a, const struct time_period *b)
{
    return period_compare(a->period, a->time_identifier, b->period, b->time_identifier) == 0;
}

static bool is_other_period(const struct lead *l, const struct region_row *r)
{
    return !is_same_period(&r->period, &l->region.period);
}

/* "what", or "what (more)" */
static void list(struct buf *to, const char *what, const char *more)
{
    buf_printf(to, "%s%s", to->len > 0 ? ", " : "", what);
    if (more != NULL)
        buf_printf(to, " (%s)", more);
}

/* "HEAD a, b, c.", when there is anything. Ends the buffer. */
static void say_list(const struct lead *l, struct buf *b, const char *head)
{
    struct buf line = buf_on(LINE_MAX_LEN + 256);
    if (b->len > 0) {
        buf_put_str(&line, head);
        buf_put(&line, buf_bytes(b));
        buf_put_str(&line, ".");
        out_wrapped_buf(l->d.s, "    ", &line);
    }
    session_lacks(l->d.s, buf_status(b));
    buf_release(&line);
    buf_release(b);
}

void lead_say_periods(const struct lead *l)
{
    char period[PERIOD_TEXT_MAX], newest[PERIOD_TEXT_MAX];
    struct buf other = buf_on(LINE_MAX_LEN), before = buf_on(LINE_MAX_LEN), few = buf_on(LINE_MAX_LEN),
               unknown = buf_on(LINE_MAX_LEN);
    for (size_t i = 0; i < l->region.n; i++) {
        const struct region_row *r = &l->region.rows[i];
        lead_period(&r->period, period);
        lead_period(&r->latest.newest, newest);
        if (r->latest.is_before_newest)
            list(&before, r->definition.definition.id, newest);
        if (is_other_period(l, r))
            list(&other, r->definition.definition.id, period);
        if (r->c.n < FEW && r->c.n > 0)
            list(&few, r->definition.definition.id, NULL);
    }
    for (size_t i = 0; i < l->region.n_undefined && i < REGION_WORD_MAX; i++)
        list(&unknown, l->region.undefined[i], NULL);
    say_list(l, &before, "Short of half its returns, so the period before is shown: ");
    say_list(l, &other, "Of another period: ");
    say_list(l, &few, "On fewer than three returns, so ranks and letters say little: ");
    say_list(l, &unknown, "Left out, because no definition here explains it: ");
}

/* Of bodies that are no members, of which nobody published a figure, only the number. */
static void add_missing(const struct lead *l, const struct region_row *r, struct buf *ret)
{
    size_t n_others = 0;
    for (size_t i = 0; i < r->c.n_rows; i++) {
        const struct compare_row *row = &r->c.rows[i];
        const char *status = compare_row_status(row);
        if (!compare_row_is_missing(row))
            continue;
        if (!row->is_member && !row->has_figure && l->whom.n_only == 0)
            n_others++;
        else
            list(ret, row->slug.s, strcmp(status, "missing") == 0 ? NULL : status);
    }
    if (n_others > 0)
        buf_printf(ret, "%s%zu that %s no %s", ret->len > 0 ? ", and " : "", n_others, n_others == 1 ? "is" : "are",
                   n_others == 1 ? "member" : "members");
}

void lead_say_missing(const struct lead *l, bool ranked)
{
    size_t whole = 0, n = 0;
    for (size_t i = 0; i < l->region.n; i++) {
        const struct region_row *r = &l->region.rows[i];
        if (ranked && r->definition.definition.polarity == POLARITY_NONE)
            continue;
        n++;
        struct buf b = buf_on(LINE_MAX_LEN);
        char head[INDICATOR_MAX + 64];
        add_missing(l, r, &b);
        whole += b.len == 0;
        (void)snprintf(head, sizeof(head), "  %s, %zu of %zu; without ", r->definition.definition.id, r->c.n, r->c.n_rows);
        say_list(l, &b, head);
    }
    if (whole == n)
        out(l->d.s, "Nobody is missing.\n");
    else if (whole > 0)
        out(l->d.s, "Nobody is missing from the other %zu.\n", whole);
}

void lead_say_successions(struct lead *l)
{
    const struct charter *c = l->region.charter;
    for (size_t i = 0; i < c->n_successions; i++) {
        char text[LINEAGE_TEXT_MAX];
        if (!region_tells_succession(&l->region, i))
            continue;
        lineage_text(&l->d, &c->successions[i], text);
        out(l->d.s, "%s: figures are each body's own, a change like for like takes them as one.\n", text);
    }
}

size_t lead_returned(const struct lead *l, size_t *ret_public)
{
    size_t n = 0;
    *ret_public = 0;
    for (size_t a = 0; a < l->region.n_authorities; a++) {
        bool any = false, own = false;
        for (size_t i = 0; i < l->region.n && !own; i++) {
            const struct compare_row *r = region_row_of(&l->region.rows[i], &l->region.authorities[a]);
            any = any || (r != NULL && compare_row_counts(r));
            own = r != NULL && compare_row_counts(r) && !r->is_public;
        }
        n += own;
        *ret_public += any && !own;
    }
    return n;
}

/* ---- who, and whose ---- */

void lead_whom(const struct lead *l, char ret[WHOM_WORDS_MAX])
{
    whom_words(&l->whom, desk_charter(&l->d)->name, region_name_of(&l->region, &l->about), ret);
    if (l->whom.n_only > 0 || l->whom.set != SET_ALLIANCE)
        ret[0] = (char)(ret[0] >= 'a' && ret[0] <= 'z' ? ret[0] - 'a' + 'A' : ret[0]);     /* it begins a line */
}

enum { SOURCES_SHOWN = 32 };
struct shown { const struct compare_source *list[SOURCES_SHOWN]; size_t n; };

/* Two files of one source and one day are one to people. */
static void note_source(struct shown *s, const struct compare_source *c)
{
    for (size_t i = 0; i < s->n; i++)
        if (strcmp(s->list[i]->source, c->source) == 0 && strcmp(s->list[i]->vintage, c->vintage) == 0)
            return;
    if (c->is_used && s->n < SOURCES_SHOWN)
        s->list[s->n++] = c;
}

/* Those that rows rest on: the areas and neighbours of a comparison are not shown by these commands. */
static struct shown sources_of(const struct lead *l)
{
    struct shown s = {.n = 0};
    for (size_t i = 0; i < l->region.n; i++)
        for (size_t j = 0; j < l->region.rows[i].c.n_rows; j++) {
            const struct compare_row *r = &l->region.rows[i].c.rows[j];
            if (r->is_public)
                note_source(&s, &l->region.rows[i].c.sources[r->source]);
        }
    return s;
}

void lead_say_sources(const struct lead *l)
{
    struct shown s = sources_of(l);
    struct buf b = buf_on(SOURCES_SHOWN * (REFERENCE_SOURCE_SIZE + REFERENCE_DAY_SIZE + 8));
    for (size_t i = 0; i < s.n; i++)
        buf_printf(&b, "%s%s (%s)", i > 0 ? "; " : "", s.list[i]->source, s.list[i]->vintage);
    say_list(l, &b, "Public figures, signed by nobody here and nobody's return: ");
}

static json_t *successions_json(const struct lead *l)
{
    json_t *list = json_array();
    for (size_t i = 0; i < l->region.charter->n_successions; i++)
        if (region_tells_succession(&l->region, i))
            json_array_append_new(list, lineage_succession(&l->region.charter->successions[i]));
    return list;
}

void lead_document(const struct lead *l, json_t *doc)
{
    struct shown s = sources_of(l);
    json_t *list = json_array();
    for (size_t i = 0; i < s.n; i++) {
        json_t *j = json_object();
        json_object_set_new(j, "name", json_text(s.list[i]->file));
        json_object_set_new(j, "source", json_text(s.list[i]->source));
        json_object_set_new(j, "vintage", json_text(s.list[i]->vintage));
        json_array_append_new(list, j);
    }
    json_object_set_new(doc, "with", json_text(whom_set_name(l->whom.set)));
    json_object_set_new(doc, "region", json_text(l->whom.region != NULL ? l->whom.region->code : NULL));
    json_object_set_new(doc, "references", list);
    json_object_set_new(doc, "successions", successions_json(l));
}
