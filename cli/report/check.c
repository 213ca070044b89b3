#include "cli/report/check.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/official.h"

const char *check_verdict_name(enum check_verdict v)
{
    switch (v) {
#define X(sym, name) case sym: return name;
    CHECK_VERDICTS(X)
#undef X
    case CHECK_COUNT: break;
    }
    return "";
}

const char *head_verdict_name(enum head_verdict v)
{
    switch (v) {
#define X(sym, name) case sym: return name;
    HEAD_VERDICTS(X)
#undef X
    }
    return "";
}

/* ---- figures ---- */

/* Versions of one figure come newest first: the newest that was told to the same readers is what counts. */
struct newest { const struct figure_row *of; bool has; struct figure_row row; };

static enum err take_version(void *arg, const struct figure_row *row)
{
    struct newest *n = arg;
    if (!n->has && strcmp(row->audience, n->of->audience) == 0) {
        n->has = true;
        n->row = *row;
    }
    return OK;
}

static enum err shown_of(struct view *v, const struct figure *f, char ret[FIGURE_SHOWN_MAX])
{
    struct definition_row d;
    enum err e = view_definition(v, f->indicator, &official_definitions, &d);
    figure_shown(f, e == OK ? d.definition.decimals : 0, ret);
    return e == ERR_UNKNOWN ? OK : e;
}

static bool is_same_record(const struct figure_row *a, const struct figure_row *b)
{
    return slug_equal(&a->slug, &b->slug) && a->generation == b->generation && a->idx == b->idx;
}

static void judge(const struct source_record *s, const struct figure_row *row, const struct figure_row *newest, const char *shown,
                  struct checked_record *ret)
{
    char name[FIGURE_NAME_MAX];
    bool showed_none = strcmp(s->shown, "-") == 0;
    figure_name(&row->figure, name);
    if (strcmp(name, s->figure) != 0 || (!row->is_withdrawn && strcmp(shown, s->shown) != 0))
        ret->verdict = CHECK_DIFFERS;
    else if (newest->is_withdrawn && !showed_none) {
        ret->verdict = CHECK_WITHDRAWN;
        memcpy(ret->withdrawn, newest->withdrawn, sizeof(ret->withdrawn));
        ret->why = ret->withdrawn;
        ret->since_ms = newest->withdrawn_ms;
    } else if (!is_same_record(row, newest)) {
        ret->verdict = CHECK_REVISED;
        ret->why = reason_name(newest->figure.reason);
        ret->since_ms = newest->said_ms;
        memcpy(ret->record, newest->record, sizeof(ret->record));
    }
}

static enum err check_record(struct view *v, const struct source_record *s, struct checked_record *ret)
{
    struct figure_row row;
    char shown[FIGURE_SHOWN_MAX];
    *ret = (struct checked_record){.verdict = CHECK_NOT_HELD, .why = ""};
    enum err e = view_figure_at(v, s->slug.s, s->generation, s->idx, &row);
    if (e != OK)
        return e == ERR_UNKNOWN ? OK : e;
    struct time_period p;
    struct newest n = {.of = &row};
    memcpy(p.period, row.figure.period, sizeof(p.period));
    memcpy(p.time_identifier, row.figure.time_identifier, sizeof(p.time_identifier));
    e = view_history(v, row.figure.indicator, s->slug.s, &p, row.figure.breakdown, take_version, &n);
    if (e == OK)
        e = shown_of(v, &row.figure, shown);
    if (e != OK || !n.has)
        return e;
    ret->verdict = CHECK_STANDS;
    judge(s, &row, &n.row, shown, ret);
    return ret->verdict == CHECK_REVISED ? shown_of(v, &n.row.figure, ret->now) : OK;
}

/* ---- heads ---- */

static enum err check_head(struct desk *d, const struct source_log *s, enum head_verdict *ret)
{
    struct origin o = {.alliance = d->origin.alliance, .slug = s->slug, .generation = s->generation};
    struct buf note = buf_on(CHECKPOINT_MAX);
    struct log_state log;
    struct store_source *source = NULL;
    struct hash root;
    *ret = HEAD_NOT_HELD;
    enum err e = store_log(d->store, &o, &log, &note);
    buf_release(&note);
    if (e != OK)
        return e == ERR_UNKNOWN ? OK : e;
    if (log.frontier.size < s->size)
        return OK;
    e = store_source_new(d->store, &o, true, &source);
    if (e != OK)
        return e;
    struct merkle_source leaves = store_source(source);
    e = merkle_root(&leaves, s->size, &root);
    store_source_free(source);
    if (e == OK)
        *ret = hash_equal(&root, &s->root) ? HEAD_AGREES : HEAD_DIFFERS;
    return e;
}

enum err check_sources(struct desk *d, struct view *v, const struct sources *s, struct checked *ret)
{
    *ret = (struct checked){.records = calloc(s->n_records + 1, sizeof(*ret->records)),
                            .heads = calloc(s->n_logs + 1, sizeof(*ret->heads))};
    enum err e = ret->records != NULL && ret->heads != NULL ? OK : ERR_NOMEM;
    for (size_t i = 0; e == OK && i < s->n_logs; i++) {
        e = check_head(d, &s->logs[i], &ret->heads[i]);
        ret->n_heads_differ += e == OK && ret->heads[i] == HEAD_DIFFERS;
    }
    for (size_t i = 0; e == OK && i < s->n_records; i++) {
        e = s->records[i].is_assessment ? check_assessment(v, &s->records[i], &ret->records[i])
                                        : check_record(v, &s->records[i], &ret->records[i]);
        if (e == OK)
            ret->n[ret->records[i].verdict]++;
    }
    return e;
}

void checked_release(struct checked *c)
{
    free(c->records);
    free(c->heads);
    c->records = NULL;
    c->heads = NULL;
}
