/* cli/cmd_news.c - what came, changed, was withdrawn and is asked for, since a day or since the last time. */
#include "cli/commands.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "cli/day.h"
#include "cli/desk.h"
#include "cli/opening/promise.h"
#include "cli/output/output.h"
#include "cli/say.h"
#include "cli/view/query.h"
#include "keys/file.h"

const struct option_spec options_news[] = {
    {"since", 0, OPTION_VALUE, "DATE|last", "since the end of that day; `last`, and without it: since news was last read so"},
    OPTIONS_END,
};

static const struct column columns[] = {
    {"said_at", "said at", 0}, {"slug", "member", 0}, {"what", "what", 0}, {"shown", "", 0}, {"record", "record", 0},
};

enum { MARK_FILE_MAX = 1 << 20, LOGS_MAX = 4096 };

/* How far each log was read: by entries and not by the clock, as what comes late may be dated early. */
struct marks {
    size_t n;
    struct mark { char slug[SLUG_MAX + 1]; uint32_t generation; uint64_t size; } all[LOGS_MAX];
};

struct reading {
    struct view *v;
    struct sheet *sh;
    uint64_t since_ms;
    const struct marks *old;            /* NULL: from the beginning */
    struct marks *now;
};

static struct mark *mark_find(const struct marks *m, const char *slug, uint32_t generation)
{
    for (size_t i = 0; i < m->n; i++)
        if (m->all[i].generation == generation && strcmp(m->all[i].slug, slug) == 0)
            return (struct mark *)&m->all[i];
    return NULL;
}

/* Lines "SLUG GENERATION SIZE"; a line that is none is passed over: then its log is all news. */
static void marks_read(struct bytes text, struct marks *ret)
{
    struct bytes line, word;
    ret->n = 0;
    while (ret->n < LOGS_MAX && bytes_line(&text, &line)) {
        struct mark m;
        uint64_t generation;
        if (!bytes_word(&line, &word) || bytes_to_str(word, m.slug, sizeof(m.slug)) != OK || !bytes_word(&line, &word) ||
            bytes_u64(word, UINT32_MAX, &generation) != OK || !bytes_word(&line, &word) || bytes_u64(word, UINT64_MAX,
                                                                                                     &m.size) != OK)
            continue;
        m.generation = (uint32_t)generation;
        ret->all[ret->n++] = m;
    }
}

static enum err add(void *arg, const struct news_row *row)
{
    struct sheet *sh = arg;
    char when[TIME_TEXT_MAX];
    time_text(row->said_ms, when);
    sheet_row(sh);
    sheet_text(sh, when);
    sheet_text(sh, row->slug);
    sheet_text(sh, row->what);
    sheet_text(sh, row->shown);
    sheet_text(sh, row->record);
    return OK;
}

static enum err each_log(void *arg, const struct folded_log *log)
{
    struct reading *r = arg;
    const struct mark *old = r->old != NULL ? mark_find(r->old, log->slug, log->generation) : NULL;
    if (r->now->n < LOGS_MAX) {
        struct mark *m = &r->now->all[r->now->n++];
        *m = (struct mark){.generation = log->generation, .size = log->size};
        snprintf(m->slug, sizeof(m->slug), "%s", log->slug);
    }
    return view_news(r->v, log->slug, log->generation, old != NULL ? old->size : 0, r->since_ms, add, r->sh);
}

static enum err marks_write(const char *path, const struct marks *m)
{
    struct buf text = buf_on(MARK_FILE_MAX);
    for (size_t i = 0; i < m->n; i++)
        buf_printf(&text, "%s %" PRIu32 " %" PRIu64 "\n", m->all[i].slug, m->all[i].generation, m->all[i].size);
    enum err e = buf_status(&text);
    if (e == OK)
        e = file_write(path, buf_bytes(&text));
    buf_release(&text);
    return e;
}

/* Read it again and it is no news: only `last` moves the mark. */
static enum exit_status read_news(struct desk *d, struct reading *r, const char *path, bool is_last)
{
    struct session *s = d->s;
    enum err e = view_logs(r->v, each_log, r);
    if (e != OK)
        return say_failed(s, e, NULL, "news");
    json_t *doc = json_document(s);
    json_object_set_new(doc, "news", sheet_json(r->sh));
    if (sheet_rows(r->sh) == 0)
        out(s, "Nothing new.\n");
    enum exit_status st = output(s, doc, r->sh);
    if (st == EXIT_OK && is_last && (e = marks_write(path, r->now)) != OK)
        st = say_failed(s, e, "the same will be news again", "%s", path);
    if (st == EXIT_OK)
        promises_remind(d, r->v);
    return st;
}

static enum exit_status news(struct desk *d)
{
    struct view *v = d->view;
    const char *since = option_value(&d->s->options, "since");
    bool is_last = since == NULL || strcmp(since, "last") == 0;
    struct reading r = {.v = v, .sh = sheet_new(columns, sizeof(columns) / sizeof(columns[0]))};
    struct marks *old = calloc(1, sizeof(*old)), *now = calloc(1, sizeof(*now));
    struct buf text = buf_on(MARK_FILE_MAX);
    char path[FILE_PATH_MAX];
    enum exit_status st = EXIT_OK;
    snprintf(path, sizeof(path), "%s/private/news", d->s->home.path);
    if (old == NULL || now == NULL)
        st = say_failed(d->s, ERR_NOMEM, NULL, "news");
    else if (!is_last && day_end(since, &r.since_ms) != OK)
        st = say_usage(d->s, "--since 2025-11-01, or last", "news: --since %s is no day", since);
    else if (is_last && file_read(path, MARK_FILE_MAX, &text) == OK) {
        marks_read(buf_bytes(&text), old);
        r.old = old;
    }
    r.now = now;
    if (st == EXIT_OK)
        st = read_news(d, &r, path, is_last);
    sheet_free(r.sh);
    buf_release(&text);
    free(old);
    free(now);
    return st;
}

enum exit_status cmd_news(struct session *s)
{
    return desk_run(s, DESK_MEMBER | DESK_VIEW, news);
}
