#define _GNU_SOURCE
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "tests/sim/sim.h"

/* How fast the engine alone takes a log in: no disk, no network, frames made beforehand. */

enum { RECORD_BYTES = 840 };                /* every second one; the others are small: 550 on the wire, on the average */

static double seconds(void)
{
    struct timespec t;
    must(clock_gettime(CLOCK_MONOTONIC, &t) == 0);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

/* Every append is durable at once. Returns how many entries were. */
static size_t answer_all(struct engine *e, struct effects *fx)
{
    size_t n = 0;
    struct effects more = {0};
    for (size_t i = 0; i < fx->n; i++) {
        struct event ev = {.kind = EV_STORED, .ticket = fx->list[i]->ticket, .now_ms = 2000, .wall_ms = 1800000000000};
        if (fx->list[i]->kind == FX_APPEND)
            n += fx->list[i]->append.n_items;
        if (fx->list[i]->ticket != 0)
            must(engine_step(e, &ev, &more) == OK);
    }
    effects_clear(fx);
    if (more.n > 0)
        n += answer_all(e, &more);
    effects_release(&more);
    return n;
}

static struct engine *importer(struct node *n)
{
    struct engine *e = NULL;
    struct effects fx = {0};
    struct engine_config c = {.alliance = n->sim->alliance, .identity = blob_bytes(n->identity), .node = n->keys.node_public,
                              .is_import = true};
    must(engine_new(&c, &e) == OK);
    for (size_t i = 0; i < n->disk->n_charters; i++) {
        struct event ev = {.kind = EV_CHARTER, .bytes = blob_bytes(n->disk->charters[i].note), .wall_ms = 1800000000000};
        must(engine_step(e, &ev, &fx) == OK);
    }
    struct event up = {.kind = EV_LINK_UP, .link = 1, .wall_ms = 1800000000000};
    must(engine_step(e, &up, &fx) == OK);
    effects_release(&fx);
    return e;
}

void ingest(size_t n_records)
{
    struct sim *s = sim_new(1, "ingest");
    struct node *author = node_new(s, "barset-aa"), *reader = node_new(s, "barset-ab");
    found(s, 2, 1, 1);
    for (size_t made = 0; made < n_records; made += BOUNDARY)
        must(author_publish(author, BOUNDARY, RECORD_BYTES));
    struct origin o = node_origin(author, 1);
    struct log_ref ref = {o.slug, 1};
    struct dlog *log = disk_log(author->disk, &o);
    struct engine *e = importer(reader);
    struct effects fx = {0};
    double spent = 0;
    size_t n = 0, taken = 0, bytes = 0;
    for (uint64_t from = 0; from < log->n_rows; from += n) {
        struct buf b = buf_on(FRAME_BODY_MAX);
        must(disk_read_span(log, &ref, from, log->n_rows, ENTRIES_FRAME_BYTES, &b, &n) == OK);
        struct event ev = {.kind = EV_FRAME, .link = 1, .frame = b.p, .frame_len = b.len, .now_ms = 2000,
                           .wall_ms = 1800000000000};
        bytes += b.len;
        double start = seconds();
        must(engine_step(e, &ev, &fx) == OK);
        taken += answer_all(e, &fx);
        spent += seconds() - start;
    }
    must(taken == log->n_rows);
    printf("%zu records, %zu bytes, %.3f s: %.0f records a second, %.0f MB a second\n", taken, bytes, spent,
           (double)taken / spent, (double)bytes / spent / 1e6);
    effects_release(&fx);
    engine_free(e);
    sim_free(s);
}
