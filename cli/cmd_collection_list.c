/* cli/cmd_collection_list.c - what leads have asked for. */
#include "cli/commands.h"

#include "cli/collection.h"
#include "cli/output/output.h"
#include "cli/period.h"
#include "cli/say.h"

const struct option_spec options_collection_list[] = {OPTIONS_END};

static const struct column columns[] = {
    {"number", "number", COLUMN_NUMBER}, {"title", "title", 0}, {"period", "period", 0}, {"due", "due", 0}, {"state", "state", 0},
    {"indicators", "indicators", COLUMN_VERBOSE}, {"asked", "asked", COLUMN_NUMBER}, {"by", "by", 0}, {"record", "record",
                                                                                                       COLUMN_VERBOSE},
};

static enum err add(void *arg, const struct collection_row *row)
{
    struct sheet *sh = arg;
    const struct collection *c = &row->collection;
    char period[PERIOD_TEXT_MAX];
    json_t *ids = json_array();
    period_text(c->period, c->time_identifier, period);
    for (size_t i = 0; i < c->n; i++)
        json_array_append_new(ids, json_text(c->indicators[i]));
    sheet_row(sh);
    sheet_count(sh, c->number);
    sheet_text(sh, c->title);
    sheet_text(sh, period);
    sheet_text(sh, c->due);
    sheet_text(sh, c->is_closed ? "closed" : "open");
    sheet_value(sh, ids, "");
    sheet_count(sh, (int64_t)c->n);
    sheet_text(sh, row->slug.s);
    sheet_text(sh, row->record);
    return OK;
}

static enum exit_status list(struct desk *d)
{
    struct view *v = d->view;
    struct sheet *sh = sheet_new(columns, sizeof(columns) / sizeof(columns[0]));
    enum err e = view_collections(v, add, sh);
    enum exit_status st;
    if (e == OK) {
        json_t *doc = json_document(d->s);
        json_object_set_new(doc, "collections", sheet_json(sh));
        if (sheet_rows(sh) == 0)
            out(d->s, "Nothing has been asked for.\n");
        st = output(d->s, doc, sh);
    } else
        st = say_failed(d->s, e, NULL, "collection list");
    sheet_free(sh);
    return st;
}

enum exit_status cmd_collection_list(struct session *s)
{
    return desk_run(s, DESK_MEMBER | DESK_VIEW, list);
}
