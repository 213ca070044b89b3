/* cli/withdrawals.c - what was withdrawn, and who is known to have erased it: `folkmoot withdraw` alone. */
#include "cli/withdrawals.h"

#include <stdlib.h>
#include <string.h>

#include "cli/confirm.h"
#include "cli/output/output.h"
#include "cli/record_id.h"
#include "cli/say.h"

static const struct column columns[] = {
    {"record", "record", 0}, {"reason", "why", 0}, {"erased", "erased", 0}, {"said_at", "said at", 0},
    {"confirmed", "confirmed by", 0}, {"waiting", "not heard of", 0}, {"by", "by", COLUMN_VERBOSE},
};

struct listing {
    struct desk *d;
    struct sheet *sh;
    struct origin log;                  /* whose confirmations are in `list` */
    struct confirmed *list;
    size_t n_waiting;
};

/* Withdrawals come by log: each is asked about once. */
static enum err take_log(struct listing *l, const struct withdrawal_row *row)
{
    struct origin o = {.alliance = l->d->origin.alliance, .generation = row->generation};
    if (slug_parse(bytes_of(row->slug), &o.slug) != OK)
        return ERR_UNKNOWN;
    if (l->list != NULL && origin_equal(&o, &l->log))
        return OK;
    free(l->list);
    l->list = NULL;
    l->log = o;
    return confirmed_read(l->d, &o, 0, &l->list);
}

static void add_members(struct listing *l, const struct withdrawal_row *row)
{
    const struct charter *now = desk_charter(l->d);
    json_t *confirmed = json_array(), *waiting = json_array();
    struct buf who = buf_on(64 * 1024);
    size_t n_confirmed = 0, n_all = 0;
    for (size_t i = 0; i < now->n_members && row->is_erased; i++) {
        const struct member *m = &now->members[i];
        if (m->is_former || slug_equal(&m->slug, &l->d->identity->slug) || slug_equal(&m->slug, &l->log.slug))
            continue;
        const char *how = confirmed_how(&l->list[i], row->idx);
        n_all++;
        n_confirmed += how != NULL;
        if (how != NULL) {
            json_t *one = json_object();
            json_object_set_new(one, "slug", json_text(m->slug.s));
            json_object_set_new(one, "how", json_text(how));
            json_array_append_new(confirmed, one);
        } else {
            json_array_append_new(waiting, json_text(m->slug.s));
            buf_printf(&who, "%s%s", who.len > 0 ? ", " : "", m->slug.s);
        }
    }
    char shown[48] = "";
    if (row->is_erased)
        snprintf(shown, sizeof(shown), "%zu of %zu", n_confirmed, n_all);
    l->n_waiting += n_confirmed < n_all;
    sheet_value(l->sh, confirmed, shown);
    sheet_value(l->sh, waiting, buf_status(&who) == OK && who.len > 0 ? buf_str(&who) : "");
    buf_release(&who);
}

static enum err each(void *arg, const struct withdrawal_row *row)
{
    struct listing *l = arg;
    char record[RECORD_TEXT_SIZE], by[RECORD_TEXT_SIZE], when[TIME_TEXT_MAX];
    enum err e = take_log(l, row);
    if (e != OK)
        return e == ERR_UNKNOWN ? OK : e;
    struct record_id id = {l->log.slug, row->generation, row->target};
    record_id_text(&id, record);
    id.idx = row->idx;
    record_id_text(&id, by);
    time_text(row->said_ms, when);
    sheet_row(l->sh);
    sheet_text(l->sh, record);
    sheet_text(l->sh, row->reason);
    sheet_bool(l->sh, row->is_erased);
    sheet_text(l->sh, when);
    add_members(l, row);
    sheet_text(l->sh, by);
    return OK;
}

enum exit_status withdrawals_list(struct desk *d)
{
    struct session *s = d->s;
    struct listing l = {.d = d, .sh = sheet_new(columns, sizeof(columns) / sizeof(columns[0]))};
    enum err e = view_withdrawals(d->view, each, &l);
    enum exit_status st = EXIT_OK;
    if (e != OK) {
        st = say_failed(s, e, NULL, "withdraw");
    } else {
        json_t *doc = json_document(s);
        json_object_set_new(doc, "withdrawals", sheet_json(l.sh));
        if (sheet_rows(l.sh) == 0)
            out(s, "Nothing was withdrawn.\n");
        st = output(s, doc, l.sh);
    }
    if (st == EXIT_OK && l.n_waiting > 0)
        say_note(s, "A member confirms by holding the log beyond the withdrawal: by its signature as a witness, or by its word "
                 "to us.");
    free(l.list);
    sheet_free(l.sh);
    return st;
}
