/* tests/unit/ends.h - two members, each an engine joined to a store by glue, in one thread: the wire is a list.
 *
 * ends_make: who flushes waits for the disk. ends_make_as(.., true): commits run on the glue's own threads. */
#ifndef FOLKMOOT_TESTS_UNIT_ENDS_H
#define FOLKMOOT_TESTS_UNIT_ENDS_H

#include "tests/unit/moot.h"

#include "node/glue.h"

struct letter { struct letter *next; uint8_t *p; size_t len; };

struct end {
    struct moot *t;
    size_t i;
    struct store *store, *reads, *look;         /* its own connections, and the test's */
    struct engine *engine;
    struct glue *glue;
    struct end *other;
    struct letter *inbox, **last;
    bool checks_durable;                        /* every HAVE it sends must already be on disk */
    size_t n_haves, n_announced_early, n_reports;
};

struct ends { struct moot *t; struct end end[2]; uint64_t now_ms; bool has_writers; };

enum { LINK = 5 };

static inline void check_have(struct end *from, struct bytes body)
{
    struct message *m = malloc(sizeof(*m));
    struct have h;
    assert_non_null(m);
    assert_int_equal(message_decode(body, m), OK);
    while (m->type == MSG_HAVE && have_next(&m->u.have, &h)) {
        size_t of = slug_equal(&h.log.slug, &from->t->member[0].id.slug) ? 0 : 1;
        from->n_haves++;
        from->n_announced_early += moot_size(from->t, from->look, of) < h.size;
    }
    free(m);
}

static inline enum err on_network(void *arg, struct effect *fx)
{
    struct end *from = arg;
    if (fx->kind != FX_SEND)
        return OK;
    if (from->checks_durable)
        check_have(from, buf_bytes(&fx->data));
    struct letter *l = calloc(1, sizeof(*l));
    assert_non_null(l);
    l->p = fx->data.p;
    l->len = fx->data.len;
    fx->data = buf_on(0);
    *from->other->last = l;
    from->other->last = &l->next;
    return OK;
}

static inline void on_report(void *arg, enum report_level level, struct bytes line)
{
    (void)line;
    ((struct end *)arg)->n_reports += level == REPORT_WARN;
}

static inline void end_open(struct ends *two, size_t i)
{
    struct end *e = &two->end[i];
    const struct moot_member *m = &two->t->member[i];
    struct engine_config c = {.alliance = two->t->alliance, .identity = buf_bytes(&m->note), .node = m->id.node,
                              .has_witness = true, .witness = m->witness, .random_seed = i};
    *e = (struct end){.t = two->t, .i = i, .other = &two->end[1 - i], .checks_durable = true};
    e->last = &e->inbox;
    e->store = moot_open(two->t, i);
    e->look = moot_open(two->t, i);
    if (two->has_writers)
        e->reads = moot_open(two->t, i);
    assert_int_equal(engine_new(&c, &e->engine), OK);
    struct glue_config g = {.engine = e->engine, .store = e->store, .reads = e->reads, .alliance = two->t->alliance,
                            .network = on_network, .report = on_report, .arg = e};
    assert_int_equal(glue_new(&g, &e->glue), OK);
}

static inline struct event event_at(struct ends *two, enum event_kind kind)
{
    return (struct event){.kind = kind, .now_ms = two->now_ms, .wall_ms = 1800000000000 + two->now_ms};
}

static inline void load(struct ends *two, size_t i)
{
    struct event start = event_at(two, EV_START);
    assert_int_equal(glue_load(two->end[i].glue, two->now_ms, 1800000000000), OK);
    assert_int_equal(glue_event(two->end[i].glue, &start), OK);
}

static inline void ends_make_as(struct ends *two, bool has_writers)
{
    *two = (struct ends){.t = moot_new(2), .now_ms = 1000, .has_writers = has_writers};
    for (size_t i = 0; i < 2; i++) {
        moot_settle(two->t, i);
        end_open(two, i);
    }
}

static inline void ends_make(struct ends *two)
{
    ends_make_as(two, false);
}

static inline void end_close(struct end *e)
{
    for (struct letter *l = e->inbox, *next; l != NULL; l = next) {
        next = l->next;
        free(l->p);
        free(l);
    }
    glue_free(e->glue);
    engine_free(e->engine);
    store_close(e->store);
    store_close(e->reads);
    store_close(e->look);
}

static inline void ends_drop(struct ends *two)
{
    end_close(&two->end[0]);
    end_close(&two->end[1]);
    moot_free(two->t);
}

static inline void link_up(struct ends *two)
{
    for (size_t i = 0; i < 2; i++) {
        struct event up = event_at(two, EV_LINK_UP);
        up.link = LINK;
        up.is_dialler = i == 0;
        up.peer_node = two->t->member[1 - i].id.node;
        if (up.is_dialler)
            up.slug = two->t->member[1].id.slug;
        assert_int_equal(glue_event(two->end[i].glue, &up), OK);
    }
}

/* Deliver one letter to `i`. False when there is none. */
static inline bool deliver(struct ends *two, size_t i)
{
    struct end *e = &two->end[i];
    struct letter *l = e->inbox;
    if (l == NULL)
        return false;
    if ((e->inbox = l->next) == NULL)
        e->last = &e->inbox;
    struct event frame = event_at(two, EV_FRAME), drained = event_at(two, EV_DRAINED);
    frame.link = drained.link = LINK;
    frame.frame = l->p;
    frame.frame_len = drained.count = l->len;
    free(l);
    assert_int_equal(glue_event(e->glue, &frame), OK);
    assert_int_equal(glue_event(e->other->glue, &drained), OK);
    return true;
}

static inline void flush(struct ends *two)
{
    assert_int_equal(glue_flush(two->end[0].glue), OK);
    assert_int_equal(glue_flush(two->end[1].glue), OK);
}

static inline void talk(struct ends *two)
{
    bool again = true;
    while (again) {
        again = deliver(two, 0);
        again = deliver(two, 1) || again;
        flush(two);
        again = again || two->end[0].inbox != NULL || two->end[1].inbox != NULL;
    }
}

static inline uint64_t believed(const struct end *e, size_t of)
{
    struct log_ref ref = {moot_slug(of), 1};
    struct log_state l;
    return engine_log(e->engine, &ref, &l) ? l.whole : 0;
}

#endif
