#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/sim/plays.h"

/* ---- two stories ---- */

struct node *two_stories(struct sim *s, size_t a, size_t b)
{
    alliance(s, 6);
    s->has_faults = true;
    sim_run(s, 10 * SECOND);
    struct node *eve = s->nodes[5];
    must(author_publish(eve, 10, 200));
    sim_run(s, 10 * SECOND);
    struct node *twin = node_twin(eve);
    for (size_t i = 0; i < 5; i++) {        /* eve is seen by a, b; her twin by c, d; e by nobody: no branch gets a quorum */
        world_block(s, eve, s->nodes[i], i >= 2);
        world_block(s, twin, s->nodes[i], i < 2 || i == 4);
        for (size_t k = i + 1; k < 5; k++)
            world_block(s, s->nodes[i], s->nodes[k], (i < 2 && k >= 2) || k == 4);
    }
    node_start(twin);
    must(author_publish(eve, a, 200));
    must(author_publish(twin, b, 200));
    sim_run(s, 2 * MINUTE);
    for (size_t i = 0; i < 4; i++)          /* they find out before the fifth could make a quorum of either */
        for (size_t k = i + 1; k < 4; k++)
            world_block(s, s->nodes[i], s->nodes[k], false);
    sim_run(s, 15 * MINUTE);
    world_heal(s);
    return eve;
}

/* All find out, and nobody says anything false of anybody else. */
static void tell_two(struct sim *s, size_t a, size_t b)
{
    struct node *eve = two_stories(s, a, b), *twin = s->nodes[6];
    sim_run(s, 20 * MINUTE);
    eve->is_out = twin->is_out = true;
    for (size_t i = 0; i < 5; i++) {
        struct origin o = node_origin(eve, 1);
        struct dlog *log = disk_log(s->nodes[i]->disk, &o);
        if (s->failed == NULL && !log->is_frozen)
            sim_fail(s, "%s has not found out", s->nodes[i]->keys.slug.s);
    }
    (void)author_publish(s->nodes[0], 5, 100);      /* life goes on */
    node_stop(twin);
    twin->is_gone = true;
    heal_and_check(s, 15 * MINUTE);
}

void fork_equal(struct sim *s)
{
    tell_two(s, 4, 4);
}

void fork_longer(struct sim *s)
{
    tell_two(s, 4, 9);
}

/* Small enough to be read line by line. */
void fork_small(struct sim *s)
{
    nodes(s, 3);
    found(s, 3, 1, 1);
    node_start(s->nodes[0]);
    node_start(s->nodes[1]);
    node_start(s->nodes[2]);
    sim_run(s, 5 * SECOND);
    struct node *eve = s->nodes[2], *twin = node_twin(eve);
    node_stop(s->nodes[0]);
    must(author_publish(eve, 2, 100));
    sim_run(s, 3 * SECOND);
    node_stop(eve);
    world_block(s, s->nodes[0], s->nodes[1], true);
    world_block(s, twin, s->nodes[1], true);
    node_start(s->nodes[0]);
    node_start(twin);
    must(author_publish(twin, 5, 100));
    sim_run(s, 5 * SECOND);
    node_stop(twin);
    world_block(s, s->nodes[0], s->nodes[1], false);
    sim_run(s, 20 * SECOND);
    struct origin o = node_origin(eve, 1);
    for (size_t i = 0; i < 2 && s->failed == NULL; i++)
        if (!disk_log(s->nodes[i]->disk, &o)->is_frozen)
            sim_fail(s, "%s has not found out", s->nodes[i]->keys.slug.s);
}

void fork_much_longer(struct sim *s)
{
    tell_two(s, 1100, 30);
}

/* One branch changed the log key below where the other goes on: neither side can convict, nobody is blamed, nobody is kept
 * busy by it, and the other logs go on. */
void fork_rotated(struct sim *s)
{
    alliance(s, 4);
    s->has_faults = true;
    sim_run(s, 10 * SECOND);
    struct node *a = s->nodes[0], *b = s->nodes[1], *eve = s->nodes[3];
    node_stop(s->nodes[2]);
    must(author_publish(eve, 5, 100));
    sim_run(s, 5 * SECOND);
    struct node *twin = node_twin(eve);
    world_block(s, a, b, true);
    world_block(s, eve, b, true);
    world_block(s, twin, a, true);
    node_start(twin);
    author_new_log_key(eve);
    must(author_publish(eve, sim_between(s, 1, 9), 100));
    must(author_publish(twin, sim_between(s, 1, 9), 100));
    sim_run(s, MINUTE);
    node_stop(twin);
    world_block(s, a, b, false);
    world_block(s, eve, b, false);
    sim_run(s, 10 * MINUTE);
    uint64_t before = s->frames_sent;
    must(author_publish(a, 4, 100));
    sim_run(s, 10 * MINUTE);
    struct origin o = node_origin(eve, 1), of_a = node_origin(a, 1);
    for (size_t i = 0; i < 2 && s->failed == NULL; i++)
        if (disk_log(s->nodes[i]->disk, &o)->is_frozen)
            sim_fail(s, "%s convicted across a change of key", s->nodes[i]->keys.slug.s);
    if (s->failed == NULL && s->n_blamed > 0)
        sim_fail(s, "somebody was blamed");
    if (s->failed == NULL && s->frames_sent - before > 1000)
        sim_fail(s, "%llu frames in ten quiet minutes", (unsigned long long)(s->frames_sent - before));
    if (s->failed == NULL && disk_log(b->disk, &of_a)->whole != disk_log(a->disk, &of_a)->whole)
        sim_fail(s, "another log got stuck, too");
}

/* After a fork the author goes on in a second generation, and everybody follows. */
void recover(struct sim *s)
{
    tell_two(s, 3, 3);
    struct node *eve = s->nodes[5];
    sim_run(s, MINUTE);
    eve->is_out = false;
    if (s->failed == NULL)
        author_recover(eve, 14);            /* her own branch to its end: not below what a quorum may have seen */
    sim_run(s, MINUTE);
    if (s->failed == NULL && !author_publish(eve, 7, 100))
        sim_fail(s, "the second generation cannot be published to");
    heal_and_check(s, 10 * MINUTE);
    struct origin o = node_origin(eve, 2);
    struct dlog *log = disk_log(s->nodes[0]->disk, &o);
    if (s->failed == NULL && (log == NULL || log->whole != 8))
        sim_fail(s, "the second generation does not spread");
}

/* A backup is put back: own log, promises and all return before anything is signed. */
void restored(struct sim *s)
{
    alliance(s, 5);
    s->has_faults = true;
    sim_run(s, 10 * SECOND);
    for (size_t i = 0; i < 5; i++)
        must(author_publish(s->nodes[i], 10, 200));
    sim_run(s, 10 * SECOND);
    struct node *n = s->nodes[1];
    struct disk *backup = disk_copy(n->disk);
    for (size_t i = 0; i < 5; i++)
        must(author_publish(s->nodes[i], 1030, 100));
    sim_run(s, 20 * SECOND);
    node_stop(n);
    disk_free(n->disk);
    n->disk = backup;
    n->is_tainted = true;
    if (author_publish(n, 1, 10))
        sim_fail(s, "it signed behind its own head");
    sim_run(s, SECOND);
    node_start(n);
    sim_run(s, 30 * SECOND);
    if (s->failed == NULL && !author_publish(n, 1, 10))
        sim_fail(s, "its own log did not come back");
    heal_and_check(s, MINUTE);
}

/* A witness whose disk was taken back has forgotten what it cosigned. A peer remembers, the author's other story is
 * nearer: it signs nothing of that. */
void promise(struct sim *s)
{
    size_t place;
    alliance(s, 4);
    s->has_faults = true;
    sim_run(s, 15 * SECOND);
    struct node *w = s->nodes[1], *peer = s->nodes[2], *eve = s->nodes[3];
    must(author_publish(eve, 5, 100));
    sim_run(s, 5 * SECOND);
    struct disk *backup = disk_copy(w->disk);
    struct node *twin = node_twin(eve);
    must(author_publish(eve, 5, 100));
    sim_run(s, 5 * SECOND);
    node_stop(w);
    node_stop(eve);
    node_stop(s->nodes[0]);
    disk_free(w->disk);
    w->disk = backup;
    w->is_tainted = true;
    world_block(s, twin, peer, true);
    peer->lag_ms = 300;
    node_start(twin);
    (void)author_publish(twin, sim_between(s, 1, 20), 100);
    node_start(w);
    sim_run(s, 30 * SECOND);
    struct origin o = node_origin(eve, 1);
    (void)book_of(s, &o, &place);
    if (s->failed == NULL && w->mask[place] == 0)
        sim_fail(s, "a promise was forgotten that a peer remembered");
    twin->is_gone = twin->is_out = eve->is_out = true;
    heal_and_check(s, 15 * MINUTE);
}

