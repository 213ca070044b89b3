#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/sim/plays.h"

/* ---- what is not there ---- */

void withdrawal(struct sim *s)
{
    alliance(s, 4);
    node_stop(s->nodes[3]);
    sim_run(s, 5 * SECOND);
    must(author_publish(s->nodes[0], 1500, 100));
    sim_run(s, 10 * SECOND);
    author_withdraw(s->nodes[0], 10, true);
    author_withdraw(s->nodes[0], 1200, true);
    author_withdraw(s->nodes[0], 20, false);
    author_withdraw(s->nodes[0], 0, true);  /* its identity: that is never erased, and nobody is blamed for having it */
    sim_run(s, 10 * SECOND);
    s->has_faults = true;
    heal_and_check(s, 30 * SECOND);
    struct origin o = node_origin(s->nodes[0], 1);
    for (size_t i = 0; i < 4 && s->failed == NULL; i++) {
        struct dlog *log = disk_log(s->nodes[i]->disk, &o);
        if (log->rows[10].has_payload || log->rows[1200].has_payload || !log->rows[20].has_payload
            || !log->rows[0].has_payload)
            sim_fail(s, "%s has not forgotten what it should", s->nodes[i]->keys.slug.s);
    }
}

/* One peer gives entries without payloads, and an excuse that is none: they come from another. */
void withheld(struct sim *s)
{
    alliance(s, 4);
    s->has_faults = true;
    struct node *liar = s->nodes[3], *late = s->nodes[2];
    node_stop(late);
    sim_run(s, 5 * SECOND);
    must(author_publish(s->nodes[0], 12, 100));
    sim_run(s, 10 * SECOND);
    liar->liar = WITHHOLDS;
    world_block(s, late, s->nodes[0], true);
    world_block(s, late, s->nodes[1], true);
    node_start(late);
    sim_run(s, MINUTE);
    struct origin o = node_origin(s->nodes[0], 1);
    struct dlog *log = disk_log(late->disk, &o);
    if (s->failed == NULL && (log == NULL || log->n_rows != 13 || log->whole == 13))
        sim_fail(s, "holes were not stored, or held for whole");
    liar->liar = OTHER_PAYLOADS;            /* what it was asked for, of the right length */
    sim_run(s, 3 * MINUTE);
    heal_and_check(s, 15 * MINUTE);
}

/* As if the disk had lost it, and what it held whole beyond it. */
static struct blob lose(struct node *n, const struct origin *o, uint64_t idx, uint64_t excuse, uint64_t whole)
{
    struct dlog *log = disk_log(n->disk, o);
    struct row *r = &log->rows[idx];
    struct blob was = r->payload;
    must(r->has_payload);
    r->payload = blob_of((struct bytes){0});
    r->has_payload = false;
    r->excuse = excuse;
    log->whole = whole;
    log->n_cosigs = 0;
    n->is_tainted = true;
    return was;
}

enum { FIRST = 5, SECOND_HOLE = 1500, N_RECORDS = 3000, NEVER = 1 << 30 };

static struct node *three_of_whom_one_is_late(struct sim *s)
{
    alliance(s, 3);
    s->has_faults = true;
    sim_run(s, 5 * SECOND);
    must(author_publish(s->nodes[0], N_RECORDS, 50));
    sim_run(s, 10 * SECOND);
    node_stop(s->nodes[2]);
    return s->nodes[2];
}

/* Nobody has the second payload, and the first comes: so far as that, the log is whole. */
void two_holes(struct sim *s)
{
    struct blob lost[3];
    struct node *late = three_of_whom_one_is_late(s), *author = s->nodes[0];
    struct origin o = node_origin(author, 1);
    node_stop(author);
    node_stop(s->nodes[1]);
    for (size_t i = 0; i < 3; i++)
        lost[i] = lose(s->nodes[i], &o, SECOND_HOLE, NEVER, BOUNDARY);
    struct blob first = lose(late, &o, FIRST, NEVER, 0);
    start_all(s);
    sim_run(s, MINUTE);
    struct dlog *log = disk_log(late->disk, &o);
    struct log_state known;
    struct log_ref ref = {o.slug, 1};
    if (s->failed == NULL && log->whole != BOUNDARY)
        sim_fail(s, "held whole: %llu of %zu", (unsigned long long)log->whole, log->n_rows);
    if (s->failed == NULL && (!engine_log(late->engine, &ref, &known) || known.whole != BOUNDARY))
        sim_fail(s, "the engine does not know what is held whole");
    node_stop(author);
    must(disk_fill(disk_log(author->disk, &o), SECOND_HOLE, blob_bytes(lost[0])) == OK);
    (void)disk_raise_whole(disk_log(author->disk, &o), UINT64_MAX);
    for (size_t i = 0; i < 3; i++)
        free(lost[i].p);
    free(first.p);
    heal_and_check(s, 5 * MINUTE);
}

/* A withdrawal excuses the first; the second comes a moment later. */
void two_holes_excused(struct sim *s)
{
    struct node *late = three_of_whom_one_is_late(s), *author = s->nodes[0];
    struct origin o = node_origin(author, 1);
    bool was_seen = false;
    author_withdraw(author, FIRST, true);
    sim_run(s, 5 * SECOND);
    free(lose(late, &o, SECOND_HOLE, NEVER, 0).p);
    free(lose(late, &o, FIRST, N_RECORDS + 1, 0).p);
    node_start(late);
    struct dlog *log = disk_log(late->disk, &o);
    for (int i = 0; i < 20 * SECOND && s->failed == NULL; i++) {
        sim_run(s, 1);
        was_seen |= log->whole == BOUNDARY;
    }
    if (s->failed == NULL && !was_seen)
        sim_fail(s, "what was excused did not make it whole so far");
    heal_and_check(s, 5 * MINUTE);
}

/* ---- a file ---- */

static void import_frame(struct node *n, link_id link, struct buf *b)
{
    must(buf_status(b) == OK);
    struct event ev = {.kind = EV_FRAME, .link = link, .frame = b->p, .frame_len = b->len};
    node_step(n, &ev);
    *b = buf_on(FRAME_BODY_MAX);
}

void import(struct sim *s)
{
    alliance(s, 3);
    sim_run(s, 5 * SECOND);
    must(author_publish(s->nodes[0], 1500, 100));
    must(author_publish(s->nodes[1], 20, 100));
    sim_run(s, 10 * SECOND);
    struct node *reader = node_twin(s->nodes[2]);
    disk_free(reader->disk);
    reader->disk = disk_new();
    for (size_t i = 0; i < s->nodes[2]->disk->n_charters; i++)
        disk_put_charter(reader->disk, &s->nodes[2]->disk->charters[i].hash,
                         blob_bytes(s->nodes[2]->disk->charters[i].note));
    s->nodes[2]->is_tainted = false;
    reader->extra.is_import = true;
    node_start(reader);
    struct event up = {.kind = EV_LINK_UP, .link = 1};
    node_step(reader, &up);
    for (size_t i = 0; i < 2; i++) {        /* twice: the second time nothing is new */
        struct origin o = node_origin(s->nodes[i % 2], 1);
        struct log_ref ref = {o.slug, 1};
        struct dlog *log = disk_log(s->nodes[2]->disk, &o);
        size_t n = 0;
        for (uint64_t from = 0; from < log->n_rows; from += n) {
            struct buf b = buf_on(FRAME_BODY_MAX);
            must(disk_read_span(log, &ref, from, log->n_rows, 30 * 1000, &b, &n) == OK);
            import_frame(reader, 1, &b);
        }
        sim_run(s, SECOND);
        struct dlog *got = disk_log(reader->disk, &o);
        if (s->failed == NULL && (got == NULL || got->whole != log->whole))
            sim_fail(s, "%s was not imported: %zu", o.slug.s, got != NULL ? got->n_rows : 0);
    }
    if (s->failed == NULL && !engine_is_settled(reader->engine))
        sim_fail(s, "an import that is over does not say so");
    reader->is_out = true;
    heal_and_check(s, 5 * SECOND);
}

