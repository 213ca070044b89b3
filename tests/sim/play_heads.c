#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/sim/plays.h"

/* ---- heads that are named, and shown or not ---- */

static void ask_and_publish(struct sim *s, struct node *n, uint64_t within_ms)
{
    uint64_t start = s->now_ms;
    if (s->failed == NULL && !author_ask(n))
        sim_fail(s, "%s may not sign", n->keys.slug.s);
    if (s->failed == NULL && s->now_ms - start > within_ms)
        sim_fail(s, "%s was kept from signing for %llu ms", n->keys.slug.s, (unsigned long long)(s->now_ms - start));
    if (s->failed == NULL && !author_publish(n, 3, 100))
        sim_fail(s, "%s does not hold what it signed", n->keys.slug.s);
}

/* A member whose PING names what it does not hold keeps nobody from signing for longer than its time; then no more. */
void lying_ping(struct sim *s)
{
    alliance(s, 5);
    s->has_faults = true;
    s->nodes[4]->liar = LIES_IN_PING;
    sim_run(s, 5 * SECOND);
    must(author_publish(s->nodes[0], 20, 100));
    sim_run(s, 5 * SECOND);
    ask_and_publish(s, s->nodes[0], 75 * SECOND);
    sim_run(s, 20 * SECOND);
    for (int i = 0; i < 5; i++) {
        ask_and_publish(s, s->nodes[0], 4 * SECOND);
        sim_run(s, sim_between(s, 1, 40) * SECOND);
    }
    heal_and_check(s, 5 * MINUTE);
}

/* It names what it does not hold, and hangs up before it can be asked; again and again. */
void flapping_liar(struct sim *s)
{
    int refused = 0;
    alliance(s, 4);
    s->has_faults = true;
    struct node *us = s->nodes[0], *liar = s->nodes[3];
    liar->liar = LIES_IN_PING;
    sim_run(s, 5 * SECOND);
    must(author_publish(us, 20, 100));
    for (int i = 0; i < 12 && s->failed == NULL; i++) {
        node_stop(liar);
        sim_run(s, 2 * SECOND);
        node_start(liar);
        for (int k = 0; k < 100 && world_wires_between(s, us, liar) == 0; k++)
            sim_run(s, 100);
        sim_run(s, SECOND);
        struct event ev = {.kind = EV_ASK, .ask = ASK_PING};
        node_step(us, &ev);
        sim_run(s, SECOND);
        for (size_t k = 0; k < us->n_heads; k++)
            if (slug_equal(&us->heads[k].peer, &liar->keys.slug) && us->heads[k].generation != HEAD_UNSHOWN)
                refused++;
    }
    if (refused > 7)
        sim_fail(s, "its word was waited for %d times", refused);
    heal_and_check(s, 15 * MINUTE);
}

/* A home is put back together with its head, so that only its peers can know. One of them is behind and says yes, one
 * lies, one is slow and holds all: nothing is signed before that has come. */
void restored_wholly(struct sim *s)
{
    alliance(s, 5);
    s->has_faults = true;
    struct node *n = s->nodes[1], *holder = s->nodes[2], *behind = s->nodes[3], *liar = s->nodes[4];
    sim_run(s, 10 * SECOND);
    must(author_publish(n, 10, 200));
    sim_run(s, 10 * SECOND);
    struct disk *backup = disk_copy(n->disk);
    uint64_t head = n->head[1];
    for (size_t i = 0; i < 5; i++)          /* what it publishes now comes to the holder alone */
        for (size_t k = i + 1; k < 5; k++)
            world_block(s, s->nodes[i], s->nodes[k], s->nodes[i] != n || s->nodes[k] != holder);
    must(author_publish(n, sim_between(s, 1, 1500), 100));
    sim_run(s, 20 * SECOND);
    uint64_t lost = n->head[1];
    node_stop(n);
    disk_free(n->disk);
    n->disk = backup;
    n->head[1] = head;
    n->is_tainted = true;
    liar->liar = LIES_IN_PING;
    holder->lag_ms = (unsigned)sim_between(s, 0, 700);
    behind->lag_ms = 0;
    for (size_t i = 0; i < 5; i++)
        world_block(s, n, s->nodes[i], false);
    node_start(n);
    sim_run(s, 8 * SECOND);                 /* the links stand; what they bring is on its way */
    for (int i = 0; i < 3 && s->failed == NULL && !author_ask(n); i++)
        sim_run(s, SECOND);
    struct origin o = node_origin(n, 1);
    if (s->failed == NULL && (n->head[1] != lost || disk_log(n->disk, &o)->n_rows != lost))
        sim_fail(s, "it would have signed at %llu, and had signed %llu", (unsigned long long)n->head[1],
                 (unsigned long long)lost);
    if (s->failed == NULL && !author_publish(n, 2, 100))
        sim_fail(s, "its own log did not come back");
    heal_and_check(s, 15 * MINUTE);
}

static uint64_t named(const struct node *n, const struct node *of)
{
    for (size_t i = 0; i < n->n_named; i++)
        if (slug_equal(&n->named[i].ref.slug, &of->keys.slug) && n->named[i].ref.generation == 1)
            return n->named[i].size;
    return 0;
}

/* People are told of what is announced only as long as somebody stands by it. */
void named_in_vain(struct sim *s)
{
    alliance(s, 4);
    s->has_faults = true;
    struct node *liar = s->nodes[3];
    sim_run(s, 5 * SECOND);
    liar->liar = LIES_IN_HAVE;
    must(author_publish(s->nodes[0], 5, 100));
    must(author_publish(s->nodes[1], 5, 100));
    sim_run(s, 3 * MINUTE);
    node_stop(liar);
    liar->is_gone = true;
    sim_run(s, 2 * MINUTE);
    for (size_t i = 0; i < 3; i++)
        for (size_t k = 0; k < 4 && s->failed == NULL; k++) {
            struct origin o = node_origin(s->nodes[k], 1);
            struct dlog *log = disk_log(s->nodes[i]->disk, &o);
            if (log != NULL && named(s->nodes[i], s->nodes[k]) > log->n_rows)
                sim_fail(s, "%s still tells of %llu entries of %s, and holds the %zu that there are", s->nodes[i]->keys.slug.s,
                         (unsigned long long)named(s->nodes[i], s->nodes[k]), o.slug.s, log->n_rows);
        }
    heal_and_check(s, MINUTE);
}
