/* cli/view/asked.c - what leads ask for, who has answered, and what is new (query.h). */
#include <string.h>

#include "cli/view/inside.h"
#include "cli/view/query.h"

/* ---- collections ---- */

static bool read_indicators(struct bytes text, struct collection *c)
{
    struct bytes word;
    c->n = 0;
    while (bytes_word(&text, &word))
        if (c->n == COLLECTION_INDICATORS_MAX || bytes_to_str(word, c->indicators[c->n++], INDICATOR_MAX + 1) != OK)
            return false;
    return true;
}

static void read_collection(struct vsql *q, struct collection_row *r)
{
    struct collection *c = &r->collection;
    memset(r, 0, sizeof(*r));
    vsql_col_copy(q, 0, r->slug.s, sizeof(r->slug.s));
    vsql_col_copy(q, 1, r->record, sizeof(r->record));
    r->said_ms = vsql_col_u64(q, 2);
    c->number = (uint32_t)vsql_col_u64(q, 3);
    vsql_col_copy(q, 4, c->title, sizeof(c->title));
    vsql_col_copy(q, 5, c->period, sizeof(c->period));
    vsql_col_copy(q, 6, c->time_identifier, sizeof(c->time_identifier));
    vsql_col_copy(q, 7, c->due, sizeof(c->due));
    c->is_closed = bytes_equal(vsql_col_bytes(q, 9), bytes_of("closed"));
    if (!read_indicators(vsql_col_bytes(q, 8), c) && q->e == OK)
        q->e = ERR_CORRUPT;
}

enum err view_collections(struct view *v, collection_each each, void *arg)
{
    enum err e = OK;
    struct vsql q = vsql_start(v, V_COLLECTION_EACH);
    while (e == OK && vsql_row(&q)) {
        struct collection_row r;
        read_collection(&q, &r);
        e = each(arg, &r);
    }
    enum err ended = vsql_end(&q);
    return e == OK ? ended : e;
}

/* ---- who has answered one ---- */

struct covering { struct view *v; const struct collection *c; uint64_t due_ms; coverage_each each; void *arg; };

/* Of one authority: how many indicators stand, came once, and were first said after the day. */
struct answers { size_t n_standing, n_came, n_late; };

static enum err count_answers(const struct covering *g, const char *slug, struct answers *ret)
{
    enum err e = OK;
    for (size_t i = 0; e == OK && i < g->c->n; i++) {
        struct vsql q = vsql_start(g->v, V_ANSWERED);
        vsql_text(&q, g->c->indicators[i]);
        vsql_text(&q, g->c->period);
        vsql_text(&q, g->c->time_identifier);
        vsql_text(&q, slug);
        if (vsql_row(&q)) {
            bool came = vsql_col_u64(&q, 0) > 0, stands = vsql_col_u64(&q, 1) > 0;
            ret->n_came += came;
            ret->n_standing += stands;
            ret->n_late += came && vsql_col_u64(&q, 2) > g->due_ms;
        }
        e = vsql_end(&q);
    }
    return e;
}

static enum err cover_answers(void *arg, const struct coverage *all)
{
    struct covering *g = arg;
    struct coverage c = *all;
    struct answers a = {0};
    bool has_sealed = false;
    enum err e = count_answers(g, c.slug, &a);
    if (e == OK && a.n_came == 0) {
        struct vsql q = vsql_start(g->v, V_SEALED_ANY);
        vsql_text(&q, c.slug);
        e = vsql_any(&q, &has_sealed);
    }
    if (e != OK)
        return e;
    c.answered = a.n_standing;
    c.state = a.n_standing == g->c->n ? a.n_late > 0 ? COVERAGE_LATE : COVERAGE_RETURNED :
              a.n_came == g->c->n ? COVERAGE_WITHDRAWN : has_sealed ? COVERAGE_SEALED : COVERAGE_MISSING;
    return g->each(g->arg, &c);
}

enum err view_coverage_of(struct view *v, const struct collection *c, uint64_t due_ms, coverage_each each, void *arg)
{
    struct covering g = { v, c, due_ms, each, arg };
    return view_coverage(v, cover_answers, &g);
}

/* ---- news ---- */

enum err view_news(struct view *v, const char *slug, uint32_t generation, uint64_t from, uint64_t since_ms,
                   news_each each, void *arg)
{
    enum err e = OK;
    struct vsql q = vsql_start(v, V_NEWS);
    vsql_text(&q, slug);
    vsql_u64(&q, generation);
    vsql_u64(&q, from);
    vsql_int(&q, moment_stored(since_ms));
    while (e == OK && vsql_row(&q)) {
        struct news_row r = { .slug = slug, .said_ms = vsql_col_u64(&q, 3) };
        r.what = vsql_col_text(&q, 0);
        r.shown = vsql_col_text(&q, 1);
        r.record = vsql_col_text(&q, 2);
        e = each(arg, &r);
    }
    enum err ended = vsql_end(&q);
    return e == OK ? ended : e;
}

enum err view_logs(struct view *v, folded_each each, void *arg)
{
    enum err e = OK;
    struct vsql q = vsql_start(v, V_LOGS_FOLDED);
    while (e == OK && vsql_row(&q)) {
        struct folded_log l = { .generation = (uint32_t)vsql_col_u64(&q, 1), .size = vsql_col_u64(&q, 2) };
        l.slug = vsql_col_text(&q, 0);
        e = each(arg, &l);
    }
    enum err ended = vsql_end(&q);
    return e == OK ? ended : e;
}

enum err view_definition_ids(struct view *v, id_each each, void *arg)
{
    enum err e = OK;
    struct vsql q = vsql_start(v, V_DEFINITION_IDS);
    while (e == OK && vsql_row(&q))
        e = each(arg, vsql_col_text(&q, 0));
    enum err ended = vsql_end(&q);
    return e == OK ? ended : e;
}
