#include "cli/compare/lead.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "cli/ask.h"
#include "cli/day.h"
#include "cli/official.h"
#include "cli/output/output.h"
#include "cli/output/width.h"
#include "cli/say.h"

enum { FEW = 3, LINE_MAX_LEN = MEMBERS_MAX * (SLUG_MAX + 24) };

/* ---- what is asked ---- */

static enum exit_status read_slugs(struct lead *l, const char *words)
{
    for (const char *p = words; *p != '\0';) {
        char word[NAME_MAX_LEN + 1];
        size_t len = strcspn(p, ",");
        if (len == 0 || len > NAME_MAX_LEN || l->n_only == MEMBERS_MAX)
            return say_usage(l->d.s, "alliance, or SLUG,SLUG,...", "--with %s: no list of members", words);
        memcpy(word, p, len);
        word[len] = '\0';
        const struct member *m = desk_find_member(&l->d, word);
        if (m == NULL)
            return EXIT_USAGE;
        l->only[l->n_only++] = m->slug;
        p += len;
        p += *p == ',';
    }
    return EXIT_OK;
}

static enum exit_status read_with(struct lead *l)
{
    const char *with = option_value(&l->d.s->options, "with");
    if (with == NULL || strcmp(with, "alliance") == 0)
        return EXIT_OK;
    if (strcmp(with, "neighbours") == 0 || strcmp(with, "england") == 0 || strcmp(with, "all") == 0)
        return say_refused(l->d.s, EXIT_NO, "members-only",
                           "`folkmoot compare INDICATOR --with` sets reference figures beside them",
                           "--with %s: this looks at the members' own figures", with);
    if (with[0] == '\0')
        return say_usage(l->d.s, "alliance, or SLUG,SLUG,...", "--with: no list of members");
    return read_slugs(l, with);
}

static enum exit_status read_options(struct lead *l)
{
    struct session *s = l->d.s;
    const char *as_of = option_value(&s->options, "as-of");
    enum exit_status st = ask_period(s, option_value(&s->options, "period"), PERIOD_LATEST, &l->period);
    l->as_of_ms = UINT64_MAX;
    if (st == EXIT_OK && as_of != NULL && day_end(as_of, &l->as_of_ms) != OK)
        st = say_usage(s, "write 2025-01-31", "--as-of %s: this is no date", as_of);
    return st == EXIT_OK ? read_with(l) : st;
}

static enum exit_status make_region(struct lead *l)
{
    struct session *s = l->d.s;
    const char *period = option_value(&s->options, "period");
    struct region_ask ask = {.v = l->view, .charter = desk_charter(&l->d), .official = &official_definitions, .period = &l->period,
                             .as_of_ms = l->as_of_ms, .only = l->n_only > 0 ? l->only : NULL, .n_only = l->n_only};
    enum err e = region_make(&ask, &l->region);
    if (e != OK)
        return say_failed(s, e, NULL, "comparing the indicators");
    if (l->region.n == 0)
        return say_refused(s, EXIT_NO, "nothing-found", "`folkmoot coverage` says who has returned what",
                           "no figure of %s%s is held", period != NULL ? "period " : "any period", period != NULL ? period : "");
    for (size_t i = 0; i < l->region.n_authorities; i++)
        if (slug_equal(&l->region.authorities[i], &l->d.identity->slug))
            l->own = &l->region.authorities[i];
    return EXIT_OK;
}

enum exit_status lead_run(struct session *s, enum exit_status (*work)(struct lead *l))
{
    return lead_run_with(s, NULL, work, NULL);
}

enum exit_status lead_run_with(struct session *s, lead_step ready, lead_step work, void *arg)
{
    struct lead *l = calloc(1, sizeof(*l));
    if (l == NULL)
        return say_failed(s, ERR_NOMEM, NULL, "comparing");
    l->arg = arg;
    enum exit_status st = desk_open(s, STORE_READ, &l->d);
    if (st == EXIT_OK)
        st = desk_view(&l->d, &l->view);
    if (st == EXIT_OK)
        st = read_options(l);
    if (st == EXIT_OK && ready != NULL)
        st = ready(l);
    if (st == EXIT_OK)
        st = make_region(l);
    if (st == EXIT_OK)
        st = work(l);
    region_release(&l->region);
    view_close(l->view);
    desk_close(&l->d);
    free(l);
    return st;
}

/* ---- in words ---- */

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

static void add_missing(const struct region_row *r, struct buf *ret)
{
    for (size_t i = 0; i < r->c.n_rows; i++)
        if (compare_row_is_missing(&r->c.rows[i])) {
            const char *status = compare_row_status(&r->c.rows[i]);
            list(ret, r->c.rows[i].slug.s, strcmp(status, "missing") == 0 ? NULL : status);
        }
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
        add_missing(r, &b);
        whole += b.len == 0;
        (void)snprintf(head, sizeof(head), "  %s, %zu of %zu; without ", r->definition.definition.id, r->c.n, r->c.n_rows);
        say_list(l, &b, head);
    }
    if (whole == n)
        out(l->d.s, "Nobody is missing.\n");
    else if (whole > 0)
        out(l->d.s, "Nobody is missing from the other %zu.\n", whole);
}

size_t lead_returned(const struct lead *l)
{
    size_t n = 0;
    for (size_t a = 0; a < l->region.n_authorities; a++) {
        bool any = false;
        for (size_t i = 0; i < l->region.n && !any; i++) {
            const struct compare_row *r = region_row_of(&l->region.rows[i], &l->region.authorities[a]);
            any = r != NULL && compare_row_counts(r);
        }
        n += any;
    }
    return n;
}
