/* cli/cmd_open.c - what was shared in confidence is told to more readers, provably as it was committed then. */
#include "cli/commands.h"

#include <stdlib.h>
#include <string.h>

#include "cli/opening/order.h"
#include "cli/opening/promise.h"
#include "cli/output/output.h"
#include "cli/say.h"

const struct option_spec options_open[] = {
    {"to", 0, OPTION_VALUE, "alliance|public|SLUG,...", "whom to"},
    {"due", 0, OPTION_FLAG, NULL, "all that `--opens` promised for today or before"},
    OPTIONS_END,
};

static const struct column withheld_columns[] = {
    {"record", "record", 0}, {"indicator", "indicator", 0}, {"period", "period", 0}, {"breakdown", "breakdown", 0},
    {"why", "why", 0},
};
static const struct column opened_columns[] = {
    {"record", "record", 0}, {"to", "to", 0}, {"records", "records", COLUMN_NUMBER}, {"by", "by", 0},
};

struct doing {
    struct desk *d;
    struct sheet *opened, *withheld;
    size_t n_opened, n_already, n_refused, n_cited;
};

static void text_of(const struct desk *d, uint64_t idx, char ret[RECORD_TEXT_SIZE])
{
    struct record_id id = {d->origin.slug, d->origin.generation, idx};
    record_id_text(&id, ret);
}

static const char *whom(enum publish_to to, const char *words)
{
    return to == TO_PUBLIC ? "everybody" : to == TO_ALLIANCE ? "the alliance" : words;
}

/* ---- what cannot be ---- */

static void add_withheld(struct doing *x, const struct order *o)
{
    char few[SMALL_WORDS_SIZE];
    small_count_words(o->small_max, few);
    for (size_t i = 0; i < o->n_withheld; i++) {
        const struct withheld *w = &o->withheld[i];
        char record[RECORD_TEXT_SIZE];
        text_of(x->d, w->idx, record);
        sheet_row(x->withheld);
        sheet_text(x->withheld, record);
        sheet_text(x->withheld, w->indicator);
        sheet_text(x->withheld, w->period);
        sheet_text(x->withheld, w->breakdown);
        sheet_text(x->withheld, w->why == GATE_SMALL ? "small" : "recoverable");
        sheet_shown(x->withheld, w->why == GATE_SMALL ? few : "another count could be worked out from it");
    }
}

static void add_cited(void *arg, uint64_t idx, const char *target, const char *words)
{
    struct doing *x = arg;
    char record[RECORD_TEXT_SIZE];
    text_of(x->d, idx, record);
    sheet_row(x->withheld);
    sheet_text(x->withheld, record);
    sheet_text(x->withheld, target);
    sheet_text(x->withheld, "");
    sheet_text(x->withheld, "");
    sheet_text(x->withheld, "cited");
    sheet_shown(x->withheld, words);
    x->n_cited++;
}

/* ---- one order ---- */

static enum exit_status show(const struct order *o, const char *words)
{
    enum { SHOWN = 5 };
    struct session *s = o->d->s;
    for (size_t i = 0; i < o->n && i < SHOWN; i++) {
        struct record_row row;
        char text[RECORD_TEXT_SIZE];
        text_of(o->d, o->items[i].idx, text);
        if (view_record_at(o->d->view, o->d->origin.slug.s, o->d->origin.generation, o->items[i].idx, &row) == OK)
            say_note(s, "%s: %s, %s", text, row.type, row.shown);
    }
    if (o->n > SHOWN)
        say_note(s, "and %zu more", o->n - SHOWN);
    say_note(s, "An opening cannot be taken back: who reads keeps.");
    return ask_yes(s, "Open %zu record%s to %s?", o->n, o->n == 1 ? "" : "s", whom(o->to, words));
}

/* Somebody may have published, withdrawn or opened since we looked: under the lock all of it is looked at again. */
static enum exit_status sign(struct doing *x, struct order *o, uint64_t *ret_first, size_t *ret_n)
{
    struct author *a = NULL;
    size_t n_cited = x->n_cited;
    enum exit_status st = author_begin(x->d, &a);
    if (st == EXIT_OK) {
        view_close(x->d->view);
        x->d->view = NULL;
        st = desk_view(x->d, &x->d->view);
    }
    if (st == EXIT_OK)
        st = order_again(o, x->d->view);
    if (st == EXIT_OK)
        st = order_gate(o, x->d->view);
    if (st == EXIT_OK)
        st = order_fit(o, x->d->view, add_cited, x);
    if (st == EXIT_OK && o->n > 0 && o->n_withheld == 0 && x->n_cited == n_cited) {
        st = order_put(o, a, x->d->view, ret_n);
        *ret_first = st == EXIT_OK ? author_next(a) - *ret_n : 0;
        if (st == EXIT_OK)
            st = author_commit(a, NULL);
    }
    author_end(a);
    return st;
}

static void add_opened(struct doing *x, const struct order *o, const char *words, const char *what, uint64_t first)
{
    char by[RECORD_TEXT_SIZE];
    text_of(x->d, first, by);
    sheet_row(x->opened);
    sheet_text(x->opened, what);
    sheet_text(x->opened, words);
    sheet_count(x->opened, (int64_t)o->n);
    sheet_text(x->opened, by);
    x->n_opened += o->n;
}

/* EXIT_NO, and said: not fit for the public. */
static enum exit_status carry_out(struct doing *x, struct order *o, const char *words, const char *what)
{
    uint64_t first = 0;
    size_t n_entries = 0;
    size_t n_cited = x->n_cited;
    enum exit_status st = order_gate(o, x->d->view);
    if (st == EXIT_OK)
        st = order_fit(o, x->d->view, add_cited, x);
    if (st == EXIT_OK && o->n_withheld == 0 && x->n_cited == n_cited) {
        x->n_already += o->n_already;
        if (o->n == 0)
            return EXIT_OK;
        st = show(o, words);
        if (st == EXIT_OK)
            st = sign(x, o, &first, &n_entries);
    }
    if (st != EXIT_OK)
        return st;
    if (o->n_withheld > 0 || x->n_cited > n_cited) {
        add_withheld(x, o);
        x->n_refused += o->n;
        return EXIT_NO;
    }
    if (o->n > 0)
        add_opened(x, o, words, what, first);
    return EXIT_OK;
}

static enum exit_status open_named(struct doing *x, const char *to)
{
    struct session *s = x->d->s;
    struct order o;
    enum exit_status st = order_begin(x->d, x->d->view, to, &o);
    for (size_t i = 0; st == EXIT_OK && i < s->n_args; i++) {
        struct record_id id;
        st = ask_record(x->d, x->d->view, s->args[i], &id);
        if (st == EXIT_OK)
            st = order_add(&o, x->d->view, &id);
    }
    if (st == EXIT_OK)
        st = carry_out(x, &o, to, s->args[0]);
    order_end(&o);
    return st;
}

/* ---- what is due ---- */

struct due { char about[RECORD_TEXT_SIZE], to[NAME_MAX_LEN + 1]; };
struct due_list { struct due *all; size_t n, cap; };

static enum err take_due(void *arg, const struct promise_state *p)
{
    struct due_list *l = arg;
    if (!p->is_ours || !p->is_due || p->is_kept)
        return OK;
    if (l->n == l->cap) {
        size_t cap = l->cap > 0 ? 2 * l->cap : 16;
        struct due *all = realloc(l->all, cap * sizeof(*all));
        if (all == NULL)
            return ERR_NOMEM;
        l->all = all;
        l->cap = cap;
    }
    struct due *it = &l->all[l->n++];
    snprintf(it->about, sizeof(it->about), "%s", p->row->about);
    snprintf(it->to, sizeof(it->to), "%s", strcmp(p->row->to, "named") == 0 ? p->row->readers : p->row->to);
    return OK;
}

/* One that cannot be kept (small counts, a reader who has left) does not keep the others from being. */
static enum exit_status open_due(struct doing *x)
{
    struct due_list list = {.all = NULL};
    enum err e = promises_each(x->d, x->d->view, take_due, &list);
    enum exit_status st = e == OK ? EXIT_OK : say_failed(x->d->s, e, NULL, "open");
    bool is_short = false;
    for (size_t i = 0; st == EXIT_OK && i < list.n; i++) {
        struct order o;
        struct record_id id;
        enum exit_status one = order_begin(x->d, x->d->view, list.all[i].to, &o);
        if (one == EXIT_OK && record_id_parse(list.all[i].about, &id) == OK)
            one = order_add(&o, x->d->view, &id);
        if (one == EXIT_OK)
            one = carry_out(x, &o, list.all[i].to, list.all[i].about);
        order_end(&o);
        is_short |= one == EXIT_NO || one == EXIT_USAGE;
        st = one == EXIT_NO || (one == EXIT_USAGE && x->d->s->yes) ? EXIT_OK : one;
    }
    free(list.all);
    return st == EXIT_OK && is_short ? EXIT_NO : st;
}

/* ---- the answer ---- */

static enum exit_status answer(struct doing *x, enum exit_status came)
{
    struct session *s = x->d->s;
    json_t *doc = json_document(s);
    json_object_set_new(doc, "opened", json_integer((json_int_t)x->n_opened));
    json_object_set_new(doc, "already", json_integer((json_int_t)x->n_already));
    json_object_set_new(doc, "refused", json_integer((json_int_t)x->n_refused));
    json_object_set_new(doc, "openings", sheet_json(x->opened));
    json_object_set_new(doc, "withheld", sheet_json(x->withheld));
    json_object_set_new(doc, "small_numbers_max", json_integer((json_int_t)small_count_max(desk_charter(x->d))));
    if (x->n_opened > 0)
        out(s, "Opened %zu record%s.\n", x->n_opened, x->n_opened == 1 ? "" : "s");
    else if (came == EXIT_OK)
        out(s, "Nothing to open%s.\n", x->n_already > 0 ? ": they can read it already" : "");
    bool has_withheld = sheet_rows(x->withheld) > 0;
    size_t n_small = sheet_rows(x->withheld) - x->n_cited;
    if (has_withheld)
        out(s, "Not fit for everybody as it stands:\n");
    enum exit_status st = output(s, doc, has_withheld ? x->withheld : x->opened);
    if (st != EXIT_OK)
        return st;
    if (x->n_cited > 0 && n_small == 0)
        return say_refused(s, EXIT_NO, "not-public", "open it to the alliance, or publish these figures to the public first",
                           "open: %zu figure%s that a self-assessment cites %s not public as cited; nothing of it was opened",
                           x->n_cited, x->n_cited == 1 ? "" : "s", x->n_cited == 1 ? "is" : "are");
    if (has_withheld)
        return say_refused(s, EXIT_NO, "small-numbers", "open it to the alliance, or publish these figures to the public anew: "
                           "then they are withheld one by one",
                           "open: %zu figure%s would tell small counts of people%s; nothing of %s was opened", n_small,
                           n_small == 1 ? "" : "s", x->n_cited > 0 ? ", and others that are cited are not public" : "",
                           x->n_opened > 0 ? "what they belong to" : "it");
    if (came == EXIT_OK && x->n_opened > 0)
        say_next(s, "`folkmoot openings` lists what was opened, and what is to be");
    return came;
}

static enum exit_status open_records(struct desk *d)
{
    struct session *s = d->s;
    const char *to = option_value(&s->options, "to");
    bool due = option_flag(&s->options, "due");
    if (due && (to != NULL || s->n_args > 0))
        return say_usage(s, "--due opens what was promised, to whom it was promised", "open: --due goes with nothing else");
    if (!due && (s->n_args == 0 || to == NULL))
        return say_usage(s, "`folkmoot open RECORD... --to alliance|public|SLUG,...`, or `folkmoot open --due`",
                         s->n_args == 0 ? "open: which record?" : "open: to whom?");
    struct doing x = {
        .d = d, .opened = sheet_new(opened_columns, sizeof(opened_columns) / sizeof(opened_columns[0])),
        .withheld = sheet_new(withheld_columns, sizeof(withheld_columns) / sizeof(withheld_columns[0])),
    };
    enum exit_status st = due ? open_due(&x) : open_named(&x, to);
    if (st == EXIT_OK || (st == EXIT_NO && (due || sheet_rows(x.withheld) > 0)))
        st = answer(&x, st);
    sheet_free(x.opened);
    sheet_free(x.withheld);
    return st;
}

enum exit_status cmd_open(struct session *s)
{
    return desk_run(s, DESK_WRITE | DESK_MEMBER | DESK_VIEW, open_records);
}
