/* cli/cmd_openings.c - what was opened, and what is promised to be. */
#include "cli/commands.h"

#include <string.h>

#include "cli/opening/promise.h"
#include "cli/output/output.h"
#include "cli/record_id.h"
#include "cli/say.h"

const struct option_spec options_openings[] = {
    {"due", 0, OPTION_FLAG, NULL, "only ours that are due: exit status 1 when there is none"},
    OPTIONS_END,
};

static const struct column columns[] = {
    {"slug", "member", 0}, {"state", "state", 0}, {"record", "record", 0}, {"shown", "", 0}, {"to", "to", 0},
    {"opens", "opens", 0}, {"opened_at", "opened", 0}, {"records", "records", COLUMN_NUMBER}, {"by", "said by", COLUMN_VERBOSE},
};

struct listing {
    struct desk *d;
    struct sheet *sh;
    bool only_due;
    size_t n_due;
};

static void begin(struct listing *l, const char *slug, const char *state, const char *record, const char *shown, const char *to)
{
    sheet_row(l->sh);
    sheet_text(l->sh, slug);
    sheet_text(l->sh, state);
    sheet_text(l->sh, record);
    sheet_text(l->sh, shown);
    sheet_text(l->sh, to);
}

static enum err shown_of(struct listing *l, const char *record, struct record_row *ret)
{
    struct record_id id;
    if (record_id_parse(record, &id) != OK)
        return ERR_UNKNOWN;
    return view_record_at(l->d->view, id.slug.s, id.generation, id.idx, ret);
}

static enum err each_promise(void *arg, const struct promise_state *p)
{
    struct listing *l = arg;
    struct record_row row = {.shown = ""};
    bool is_due = p->is_due && !p->is_kept;
    l->n_due += is_due && p->is_ours;
    if (l->only_due && !(is_due && p->is_ours))
        return OK;
    enum err e = shown_of(l, p->row->about, &row);
    begin(l, p->row->slug, p->is_kept ? "kept" : p->is_due ? "due" : "promised", p->row->about, row.shown,
          strcmp(p->row->to, "named") == 0 ? p->row->readers : p->row->to);
    sheet_text(l->sh, p->row->due);
    sheet_null(l->sh);
    sheet_null(l->sh);
    sheet_text(l->sh, p->row->record);
    return e == ERR_UNKNOWN ? OK : e;
}

static enum err each_opening(void *arg, const struct opened_row *o)
{
    struct listing *l = arg;
    struct record_row row = {.shown = ""};
    struct slug slug;
    char first[RECORD_TEXT_SIZE], by[RECORD_TEXT_SIZE], when[TIME_TEXT_MAX];
    if (slug_parse(bytes_of(o->slug), &slug) != OK)
        return OK;
    struct record_id id = {slug, o->generation, o->last};
    record_id_text(&id, first);
    id.idx = o->idx;
    record_id_text(&id, by);
    time_text(o->said_ms, when);
    enum err e = shown_of(l, first, &row);
    begin(l, o->slug, "opened", first, row.shown, o->audience);
    sheet_null(l->sh);
    sheet_text(l->sh, when);
    sheet_count(l->sh, (int64_t)o->n);
    sheet_text(l->sh, by);
    return e == ERR_UNKNOWN ? OK : e;
}

static enum exit_status openings(struct desk *d)
{
    struct session *s = d->s;
    struct listing l = {.d = d, .sh = sheet_new(columns, sizeof(columns) / sizeof(columns[0])),
                        .only_due = option_flag(&s->options, "due")};
    enum err e = promises_each(d, d->view, each_promise, &l);
    if (e == OK && !l.only_due)
        e = view_openings(d->view, each_opening, &l);
    enum exit_status st = EXIT_OK;
    if (e != OK) {
        st = say_failed(s, e, NULL, "openings");
    } else {
        json_t *doc = json_document(s);
        json_object_set_new(doc, "openings", sheet_json(l.sh));
        json_object_set_new(doc, "due", json_integer((json_int_t)l.n_due));
        if (sheet_rows(l.sh) == 0)
            out(s, l.only_due ? "Nothing is due.\n" : "Nothing was opened, and nothing is promised to be.\n");
        st = output(s, doc, l.sh);
    }
    if (st == EXIT_OK && l.n_due > 0)
        say_next(s, "`folkmoot open --due` opens what is due");
    sheet_free(l.sh);
    return st == EXIT_OK && l.only_due && l.n_due == 0 ? EXIT_NO : st;
}

enum exit_status cmd_openings(struct session *s)
{
    return desk_run(s, DESK_READ | DESK_MEMBER | DESK_VIEW, openings);
}
