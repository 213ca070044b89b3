/* cli/cmd_holdings.c - what this authority holds, for whoever must answer a request or a retention review. */
#include "cli/commands.h"

#include <inttypes.h>
#include <string.h>

#include "cli/opening/promise.h"
#include "cli/output/output.h"
#include "cli/say.h"
#include "cli/view/reference.h"

const struct option_spec options_holdings[] = {OPTIONS_END};

static const struct column columns[] = {
    {"slug", "whose", 0}, {"kind", "kind", 0}, {"audience", "for", 0}, {"marking", "marking", 0},
    {"records", "records", COLUMN_NUMBER}, {"withdrawn", "withdrawn", COLUMN_NUMBER | COLUMN_VERBOSE}, {"oldest", "oldest", 0},
    {"newest", "newest", 0}, {"beyond_retention", "too old", COLUMN_NUMBER}, {"source", "source", COLUMN_VERBOSE},
};
static const struct column log_columns[] = {
    {"slug", "whose", 0}, {"generation", "", COLUMN_NUMBER | COLUMN_VERBOSE}, {"entries", "entries", COLUMN_NUMBER},
    {"bytes", "bytes", COLUMN_NUMBER}, {"sealed", "not readable here", COLUMN_NUMBER}, {"erased", "erased", COLUMN_NUMBER},
};

struct listing {
    struct desk *d;
    struct sheet *sh, *logs;
    uint64_t before_ms;                 /* what was said before then is beyond retention; 0: the charter names no time */
    uint64_t n_beyond;
};

static void day_cell(struct sheet *sh, uint64_t ms)
{
    char text[TIME_TEXT_MAX];
    time_text(ms, text);
    text[strcspn(text, "T")] = '\0';
    sheet_text(sh, text);
}

static enum err each_holding(void *arg, const struct holding_row *row)
{
    struct listing *l = arg;
    sheet_row(l->sh);
    sheet_text(l->sh, row->slug);
    sheet_text(l->sh, row->type);
    sheet_text(l->sh, row->audience);
    sheet_text(l->sh, row->marking[0] != '\0' ? row->marking : NULL);
    sheet_count(l->sh, (int64_t)row->n);
    sheet_count(l->sh, (int64_t)row->n_withdrawn);
    day_cell(l->sh, row->oldest_ms);
    day_cell(l->sh, row->newest_ms);
    if (l->before_ms > 0)
        sheet_count(l->sh, (int64_t)row->n_before);
    else
        sheet_null(l->sh);
    sheet_null(l->sh);
    l->n_beyond += row->n_before;
    return OK;
}

/* Public figures from files: nobody's return, and held all the same. */
static enum err each_reference(void *arg, const struct reference_source *f)
{
    struct listing *l = arg;
    sheet_row(l->sh);
    sheet_text(l->sh, f->name);
    sheet_text(l->sh, "reference");
    sheet_text(l->sh, "public");
    sheet_null(l->sh);
    sheet_count(l->sh, (int64_t)f->n);
    sheet_count(l->sh, 0);
    sheet_text(l->sh, f->vintage);
    sheet_text(l->sh, f->vintage);
    sheet_null(l->sh);
    sheet_text(l->sh, f->source);
    return OK;
}

static enum err each_log(void *arg, const struct log_state *log)
{
    struct listing *l = arg;
    uint64_t bytes = 0, sealed = 0, erased = 0;
    enum err e = store_log_bytes(l->d->store, &log->origin, &bytes);
    if (e == OK)
        e = view_shut(l->d->view, log->origin.slug.s, &sealed, &erased);
    if (e != OK)
        return e;
    sheet_row(l->logs);
    sheet_text(l->logs, log->origin.slug.s);
    sheet_count(l->logs, log->origin.generation);
    sheet_count(l->logs, (int64_t)log->whole);
    sheet_count(l->logs, (int64_t)bytes);
    sheet_count(l->logs, (int64_t)sealed);
    sheet_count(l->logs, (int64_t)erased);
    return OK;
}

static enum err gather(struct listing *l)
{
    enum err e = view_holdings(l->d->view, l->before_ms, each_holding, l);
    if (e == OK)
        e = view_reference_files(l->d->view, each_reference, l);
    return e == OK ? store_each_log(l->d->store, each_log, l) : e;
}

static bool agreed(struct desk *d, json_t *doc, const char *field, const char *words, const char *text)
{
    json_object_set_new(doc, field, text[0] != '\0' ? json_text(text) : json_null());
    if (text[0] != '\0')
        out(d->s, "%-24s%s\n", words, text);
    return text[0] != '\0';
}

static enum exit_status answer(struct listing *l)
{
    struct desk *d = l->d;
    const struct charter *c = desk_charter(d);
    json_t *doc = json_document(d->s);
    json_object_set_new(doc, "holdings", sheet_json(l->sh));
    json_object_set_new(doc, "logs", sheet_json(l->logs));
    json_object_set_new(doc, "beyond_retention", l->before_ms > 0 ? json_integer((json_int_t)l->n_beyond) : json_null());
    bool any = agreed(d, doc, "agreement", "Sharing agreement:", c->has_agreement ? c->agreement_title : "");
    any |= agreed(d, doc, "purpose", "Purpose:", c->purpose);
    any |= agreed(d, doc, "foi", "Freedom of information:", c->foi);
    any |= agreed(d, doc, "retain", "Kept:", c->retain);
    out(d->s, any ? "\n" : "The charter names no agreement, no purpose, and nothing on freedom of information or retention.\n\n");
    enum exit_status st = output(d->s, doc, l->sh);
    if (st != EXIT_OK || d->s->mode != OUTPUT_TEXT)
        return st;
    out(d->s, "\nAs ciphertext and public text, in node/log.db:\n");
    st = output(d->s, json_object(), l->logs);
    if (st == EXIT_OK && l->n_beyond > 0)
        say_note(d->s, "%" PRIu64 " records are older than the charter keeps them: their authors erase them, `folkmoot withdraw "
                 "RECORD --reason request --erase`.", l->n_beyond);
    return st;
}

static enum exit_status holdings(struct desk *d)
{
    struct listing l = {.d = d, .sh = sheet_new(columns, sizeof(columns) / sizeof(columns[0])),
                        .logs = sheet_new(log_columns, sizeof(log_columns) / sizeof(log_columns[0]))};
    uint64_t keep_s = 0, now_ms = session_now_ms();
    if (charter_time(desk_charter(d)->retain, &keep_s) && now_ms > keep_s * 1000)
        l.before_ms = now_ms - keep_s * 1000;
    enum err e = gather(&l);
    enum exit_status st = e == OK ? answer(&l) : say_failed(d->s, e, NULL, "holdings");
    sheet_free(l.sh);
    sheet_free(l.logs);
    return st;
}

enum exit_status cmd_holdings(struct session *s)
{
    return desk_run(s, DESK_READ | DESK_VIEW | DESK_MEMBER, holdings);
}
