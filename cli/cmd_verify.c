/* cli/cmd_verify.c - recompute every log from the store (cli/audit/verify.h says what that means). */
#include "cli/commands.h"

#include <stdlib.h>

#include "cli/alliance/lineage.h"
#include "cli/audit/verify.h"
#include "cli/desk.h"
#include "cli/output/output.h"
#include "cli/say.h"

const struct option_spec options_verify[] = {
    {"authority", 0, OPTION_VALUE, "A", "only this member's log"},
    OPTIONS_END,
};

static const struct column columns[] = {
    {"slug", "log", 0}, {"generation", NULL, COLUMN_NUMBER}, {"ok", "verifies", 0}, {"size", "held", COLUMN_NUMBER},
    {"entries", "entries", COLUMN_NUMBER}, {"checkpoints", "checkpoints", COLUMN_NUMBER},
    {"cosignatures", "cosignatures", COLUMN_NUMBER}, {"witnesses", "witnessed by", COLUMN_NUMBER}, {"quorum", "enough", 0},
    {"witnessed_at", NULL, 0}, {"freshness", "witnesses", 0},
    {"erased", "erased", COLUMN_NUMBER}, {"awaited", "awaited", COLUMN_NUMBER | COLUMN_VERBOSE},
    {"void", "void", COLUMN_NUMBER | COLUMN_VERBOSE}, {"frozen", NULL, 0}, {"problems", NULL, 0},
};

struct answer {
    struct desk *d;
    struct sheet *sheet;
    struct progress progress;
    struct part { struct log_ref log; struct buf words; } *parts;       /* the problems of each log, for people */
    size_t cap;
    struct buf words;                       /* all of them */
    bool is_all_ok;
    uint64_t n_logs, n_entries;
};

static json_t *problems_json(const struct verified *v)
{
    json_t *list = json_array();
    for (size_t i = 0; i < v->problems.n; i++)
        json_array_append_new(list, json_text(v->problems.list[i].text));
    if (v->problems.n_unlisted > 0) {
        char more[48];
        (void)snprintf(more, sizeof(more), "and %zu more", v->problems.n_unlisted);
        json_array_append_new(list, json_text(more));
    }
    return list;
}

static void say_problems(struct buf *words, const struct session *s, const char *whose, const struct verified *v)
{
    const struct problems *p = &v->problems;
    for (size_t i = 0; i < p->n; i++)
        if (p->list[i].is_failure || s->verbose || v->is_frozen)
            buf_printf(words, "%s: %s\n", whose, p->list[i].text);
    if (p->n_unlisted > 0 && (!v->ok || s->verbose))
        buf_printf(words, "%s: and %zu more\n", whose, p->n_unlisted);
}

static void show_ok(struct sheet *sh, const struct verified *v)
{
    sheet_bool(sh, v->ok);
    sheet_shown(sh, !v->ok ? "NO" : v->is_frozen ? "frozen" : "yes");
    sheet_style(sh, !v->ok ? STYLE_BAD : v->is_frozen ? STYLE_WARN : STYLE_GOOD);
}

static enum err add_log(void *arg, const struct verified *v)
{
    struct answer *a = arg;
    struct sheet *sh = a->sheet;
    char shown[32];
    struct slug witnesses[WITNESSES_MAX];
    enum err e = list_room((void **)&a->parts, &a->cap, (size_t)a->n_logs, sizeof(a->parts[0]));
    if (e != OK)
        return e;
    sheet_row(sh);
    sheet_text(sh, v->log.slug.s);
    sheet_count(sh, v->log.generation);
    show_ok(sh, v);
    sheet_count(sh, (int64_t)v->size);
    sheet_count(sh, (int64_t)v->entries);
    sheet_count(sh, (int64_t)v->checkpoints);
    sheet_count(sh, (int64_t)v->cosignatures);
    sheet_count(sh, v->n_witnesses);
    (void)snprintf(shown, sizeof(shown), "%u of %zu", (unsigned)v->n_witnesses,
                   charter_witnesses(desk_charter(a->d), witnesses));
    sheet_shown(sh, shown);
    sheet_bool(sh, v->has_quorum);
    sheet_value(sh, v->witnessed_s > 0 ? json_time(v->witnessed_s * 1000) : json_null(), "");
    sheet_text(sh, witnesses_freshness(v->witnessed_s, session_now_ms()));
    sheet_count(sh, (int64_t)v->erased);
    sheet_count(sh, (int64_t)v->awaited);
    sheet_count(sh, (int64_t)v->voided);
    sheet_bool(sh, v->is_frozen);
    sheet_value(sh, problems_json(v), "");
    struct part *p = &a->parts[a->n_logs];
    *p = (struct part){v->log, buf_on(1024 * 1024)};
    say_problems(&p->words, a->d->s, v->log.slug.s, v);
    a->is_all_ok = a->is_all_ok && v->ok;
    a->n_logs++;
    a->n_entries += v->entries;
    return OK;
}

static void show_progress(void *arg, uint64_t entries)
{
    struct answer *a = arg;
    progress_step(&a->progress, entries);
}

static enum err count_entries(void *arg, const struct log_state *l)
{
    uint64_t *n = arg;
    *n += l->frontier.size;
    return OK;
}

static enum err run(struct answer *a, const struct slug *only, struct verified *charters)
{
    struct desk *d = a->d;
    struct witnesses *w = NULL;
    uint64_t total = 0;
    enum err e = store_each_log(d->store, count_entries, &total);
    if (e == OK)
        e = verify_charters(d->store, &d->origin.alliance, d->chain, charters);
    if (e == OK)
        e = witnesses_new(d->store, d->chain, buf_bytes(&d->identity_note), &w);
    if (e == OK) {
        struct verify_with with = {.store = d->store, .chain = d->chain, .witnesses = w, .alliance = d->origin.alliance,
                                   .only = only, .each = add_log, .progress = show_progress, .arg = a};
        a->progress = progress_start(d->s, "recomputing entries", only == NULL ? total : 0);
        e = verify_logs(&with);
        progress_end(&a->progress);
    }
    witnesses_free(w);
    return e;
}

static json_t *document(const struct answer *a, const struct verified *charters)
{
    json_t *doc = json_document(a->d->s), *c = json_object();
    json_object_set_new(c, "ok", json_boolean(charters->ok));
    json_object_set_new(c, "version", json_integer(desk_charter(a->d)->version));
    json_object_set_new(c, "problems", problems_json(charters));
    json_object_set_new(doc, "ok", json_boolean(a->is_all_ok));
    json_object_set_new(doc, "charter", c);
    json_object_set_new(doc, "logs", sheet_json(a->sheet));
    json_object_set_new(doc, "replaced_roots", lineage_replaced(a->d));
    return doc;
}

static int by_log(const void *a, const void *b)
{
    const struct part *x = a, *y = b;
    int order = slug_compare(&x->log.slug, &y->log.slug);
    return order != 0 ? order : (x->log.generation > y->log.generation) - (x->log.generation < y->log.generation);
}

/* Logs are verified as they came; people look them up by name. */
static void put_in_order(struct answer *a)
{
    sheet_sort(a->sheet);
    if (a->n_logs > 0)
        qsort(a->parts, (size_t)a->n_logs, sizeof(a->parts[0]), by_log);
    for (uint64_t i = 0; i < a->n_logs; i++)
        buf_put(&a->words, buf_bytes(&a->parts[i].words));
}

static enum exit_status answer(struct answer *a, const struct verified *charters)
{
    struct session *s = a->d->s;
    put_in_order(a);
    say_problems(&a->words, s, desk_charter(a->d)->name, charters);
    a->is_all_ok = a->is_all_ok && charters->ok;
    enum exit_status st = output(s, document(a, charters), a->sheet);
    if (a->words.len > 0) {
        out(s, "\n");
        out_text(s, buf_bytes(&a->words));
    }
    if (st != EXIT_OK)
        return st;
    if (desk_charter(a->d)->n_replacements > 0)
        out(s, "\n");
    lineage_say_roots(a->d);
    char entries[COUNT_SHOWN_MAX];
    count_shown((int64_t)a->n_entries, entries);
    out(s, "\n%s %s in %llu log%s recomputed: %s\n", entries, a->n_entries == 1 ? "entry" : "entries",
        (unsigned long long)a->n_logs, a->n_logs == 1 ? "" : "s",
        a->is_all_ok ? "all is as it was signed." : "NOT all is as it was signed.");
    if (a->is_all_ok)
        return EXIT_OK;
    say_next(s, "folkmootd, when it starts, cuts a damaged log back to what verifies and fetches the rest from peers");
    return EXIT_NO;
}

static enum exit_status verify(struct desk *d)
{
    const struct member *only = NULL;
    const char *word = option_value(&d->s->options, "authority");
    if (desk_charter(d) == NULL)
        return desk_need_member(d);
    if (word != NULL && (only = desk_find_member(d, word)) == NULL)
        return EXIT_USAGE;
    struct answer a = {.d = d, .is_all_ok = true, .words = buf_on(1024 * 1024),
                       .sheet = sheet_new(columns, sizeof(columns) / sizeof(columns[0]))};
    struct verified *charters = malloc(sizeof(*charters));
    enum err e = charters != NULL ? run(&a, only != NULL ? &only->slug : NULL, charters) : ERR_NOMEM;
    enum exit_status st = e == OK ? answer(&a, charters) : say_failed(d->s, e, NULL, "verify");
    for (uint64_t i = 0; i < a.n_logs; i++)
        buf_release(&a.parts[i].words);
    free(a.parts);
    buf_release(&a.words);
    sheet_free(a.sheet);
    free(charters);
    return st;
}

enum exit_status cmd_verify(struct session *s)
{
    return desk_run(s, DESK_READ, verify);
}
