#include "cli/report/answer.h"

#include <stdlib.h>
#include <string.h>

#include "cli/official.h"
#include "cli/output/output.h"
#include "cli/output/width.h"
#include "cli/publish/small.h"
#include "cli/report/check.h"
#include "cli/report/screen.h"
#include "cli/say.h"
#include "keys/file.h"

static const struct column columns[] = {
    {"slug", "authority", 0}, {"figure", "figure", 0}, {"verdict", "verdict", 0}, {"shown", "page", COLUMN_NUMBER},
    {"now", "now", COLUMN_NUMBER}, {"why", "why", 0}, {"since", "since", 0}, {"record", "record", 0}, {"now_record", "now "
        "record", 0},
};

static enum exit_status read_page(struct session *s, const char *file, struct sources *ret)
{
    struct buf page = buf_on(0);
    size_t line = 0;
    enum err e = file_read(file, SOURCES_FILE_MAX, &page);
    if (e != OK)
        return say_unreadable(s, e, file, "a report is a page that `folkmoot report` wrote");
    e = sources_read(buf_bytes(&page), ret, &line);
    buf_release(&page);
    if (e == ERR_UNKNOWN)
        return say_refused(s, EXIT_NO, "no-report", "give a page that `folkmoot report` wrote", "%s: this is no report of ours",
                           file);
    if (e == ERR_SCHEMA)
        return say_refused(s, EXIT_NO, "future-report", "check it with a newer folkmoot", "%s: a report of a form not known "
                           "here", file);
    if (e == ERR_FORMAT || e == ERR_LIMIT)
        return say_refused(s, EXIT_NO, "damaged-report", "get the page again from whoever made it",
                           "%s: line %zu: the list of its records is damaged", file, line);
    return e == OK ? EXIT_OK : say_failed(s, e, NULL, "reading %s", file);
}

static void add_row(struct sheet *sh, const struct source_record *r, const struct checked_record *c)
{
    char since[TIME_TEXT_MAX];
    time_text(c->since_ms, since);
    sheet_row(sh);
    sheet_text(sh, r->slug.s);
    sheet_text(sh, r->figure);
    sheet_text(sh, check_verdict_name(c->verdict));
    sheet_style(sh, c->verdict == CHECK_DIFFERS ? STYLE_BAD : STYLE_WARN);
    sheet_text(sh, strcmp(r->shown, "-") == 0 ? "withdrawn" : r->shown);
    sheet_text(sh, c->now[0] != '\0' ? c->now : NULL);
    sheet_text(sh, c->why[0] != '\0' ? c->why : NULL);
    sheet_text(sh, c->since_ms > 0 ? since : NULL);
    sheet_text(sh, r->record);
    sheet_text(sh, c->record[0] != '\0' ? c->record : NULL);
}

static json_t *heads_json(const struct sources *s, const struct checked *c)
{
    json_t *list = json_array();
    for (size_t i = 0; i < s->n_logs; i++) {
        json_t *j = json_object();
        json_object_set_new(j, "slug", json_text(s->logs[i].slug.s));
        json_object_set_new(j, "generation", json_integer((json_int_t)s->logs[i].generation));
        json_object_set_new(j, "size", json_integer((json_int_t)s->logs[i].size));
        json_object_set_new(j, "verdict", json_text(head_verdict_name(c->heads[i])));
        json_array_append_new(list, j);
    }
    return list;
}

static json_t *document(struct session *s, const char *file, const struct sources *src, const struct checked *c,
                        const struct sheet *sh,
                        bool ok)
{
    json_t *doc = json_document(s);
    json_object_set_new(doc, "file", json_text(file));
    json_object_set_new(doc, "ok", json_boolean(ok));
    json_object_set_new(doc, "made", json_text(src->made));
    json_object_set_new(doc, "for", json_text(src->is_public ? "public" : "alliance"));
    json_object_set_new(doc, "records", json_integer((json_int_t)src->n_records));
    for (int v = 0; v < CHECK_COUNT; v++)
        json_object_set_new(doc, check_verdict_name((enum check_verdict)v), json_integer((json_int_t)c->n[v]));
    json_object_set_new(doc, "rows", sheet_json(sh));
    json_object_set_new(doc, "heads", heads_json(src, c));
    return doc;
}

static void say_summary(struct session *s, const struct sources *src, const struct checked *c)
{
    char text[512];
    (void)snprintf(text, sizeof(text), "Made %s, for %s, of %zu records: %zu stand, %zu revised since, %zu withdrawn, %zu not "
                   "held here, %zu that "
                   "the record never said.", src->made, src->is_public ? "everyone" : "the alliance", src->n_records,
                   c->n[CHECK_STANDS],
                   c->n[CHECK_REVISED], c->n[CHECK_WITHDRAWN], c->n[CHECK_NOT_HELD], c->n[CHECK_DIFFERS]);
    out_wrapped(s, "", text);
    for (size_t i = 0; i < src->n_logs; i++)
        if (c->heads[i] == HEAD_DIFFERS)
            out(s, "%s: the log held here is another one than the page names, at %llu entries.\n", src->logs[i].slug.s,
                (unsigned long long)src->logs[i].size);
    out_wrapped(s, "", "Checked is the list of records that the page carries. Its words and pictures are not signed: a page from "
                "hands that you "
                "do not trust is best made again.");
}

static enum exit_status answer(struct desk *d, const char *file, const struct sources *src, const struct checked *c)
{
    struct sheet *sh = sheet_new(columns, sizeof(columns) / sizeof(columns[0]));
    bool ok = c->n[CHECK_STANDS] == src->n_records && c->n_heads_differ == 0;
    for (size_t i = 0; i < src->n_records; i++)
        if (c->records[i].verdict != CHECK_STANDS)
            add_row(sh, &src->records[i], &c->records[i]);
    bool is_empty = src->n_records == c->n[CHECK_STANDS];
    if (d->s->mode == OUTPUT_TEXT)
        say_summary(d->s, src, c);
    if (d->s->mode == OUTPUT_TEXT && !is_empty)
        out(d->s, "\n");
    enum exit_status st = d->s->mode == OUTPUT_TEXT && is_empty ? EXIT_OK : output(d->s, document(d->s, file, src, c, sh, ok), sh);
    sheet_free(sh);
    return st != EXIT_OK ? st : ok ? EXIT_OK : EXIT_NO;
}

static enum exit_status check(struct desk *d, struct view *v, const char *file, const struct sources *src)
{
    struct screen *screen = NULL;
    struct checked c = {.records = NULL};
    enum exit_status st = EXIT_OK;
    if (memcmp(src->alliance.b, d->origin.alliance.b, sizeof(src->alliance.b)) != 0)
        return say_refused(d->s, EXIT_NO, "other-alliance", "check it in a home of that alliance", "%s: it is of another "
                           "alliance", file);
    enum err e = src->is_public ? screen_put_on(v, &official_definitions, small_count_max(desk_charter(d)), &screen)
                                : view_only_for(v, READERS_ALLIANCE);
    if (e == OK)
        e = check_sources(d, v, src, &c);
    st = e == OK ? answer(d, file, src, &c) : say_failed(d->s, e, NULL, "checking %s", file);
    checked_release(&c);
    view_screen(v, NULL, NULL);
    screen_free(screen);
    return st;
}

enum exit_status report_check(struct session *s, const char *file)
{
    struct desk d;
    struct view *v = NULL;
    struct sources src = {.logs = NULL};
    enum exit_status st = desk_open(s, STORE_READ, &d);
    if (st == EXIT_OK)
        st = read_page(s, file, &src);
    if (st == EXIT_OK)
        st = desk_view(&d, &v);
    if (st == EXIT_OK)
        st = check(&d, v, file, &src);
    sources_release(&src);
    view_close(v);
    desk_close(&d);
    return st;
}
