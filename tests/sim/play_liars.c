#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/sim/plays.h"

/* ---- liars ---- */

static void lie(struct sim *s, enum liar how, bool is_blamed)
{
    alliance(s, 5);
    s->has_faults = true;
    sim_run(s, 5 * SECOND);
    s->nodes[4]->liar = how;
    for (int i = 0; i < 8; i++) {
        (void)author_publish(s->nodes[i % 5], 10, 300);
        sim_run(s, 15 * SECOND);
        if (i == 3) {
            node_stop(s->nodes[2]);
            node_stop(s->nodes[4]);
            sim_run(s, SECOND);
            node_start(s->nodes[4]);
            world_block(s, s->nodes[2], s->nodes[0], true);     /* the late one meets the liar first */
            node_start(s->nodes[2]);
        }
    }
    if (s->failed == NULL && (s->n_blamed > 0) != is_blamed)
        sim_fail(s, "a lie was blamed %llu times", (unsigned long long)s->n_blamed);
    heal_and_check(s, 15 * MINUTE);
}

#define X(name, how, is_blamed) void name(struct sim *s) { lie(s, how, is_blamed); }
LIARS(X)
#undef X

void wrong_token(struct sim *s)
{
    static const uint8_t other[TOKEN_LEN] = "not what is said";
    nodes(s, 3);
    found(s, 2, 1, 1);
    author_begin(s->nodes[2]);
    node_start(s->nodes[0]);
    node_start(s->nodes[1]);
    steward_invite(s->nodes[0], s->nodes[2], token);
    memcpy(s->nodes[2]->extra.token, other, TOKEN_LEN);
    s->nodes[2]->is_out = true;
    node_start(s->nodes[2]);
    sim_run(s, MINUTE);
    if (s->nodes[0]->disk->n_requests > 0 || s->nodes[2]->disk->n_charters > 0)
        sim_fail(s, "a stranger got further than the door");
    s->has_faults = true;
    heal_and_check(s, MINUTE);
}

/* ---- anything ---- */

static void one_deed(struct sim *s, struct disk **backup, struct node **owner)
{
    struct node *n = s->nodes[sim_between(s, 0, s->n_nodes - 1)], *m = s->nodes[sim_between(s, 0, s->n_nodes - 1)];
    switch (sim_between(s, 0, 12)) {
    case 0: case 1: case 2: (void)author_publish(n, sim_between(s, 1, 60), sim_between(s, 1, 3000)); break;
    case 3: (void)author_publish(n, sim_between(s, 900, 1200), 50); break;
    case 4: if (n->engine != NULL) node_stop(n); else node_start(n); break;
    case 5: if (n->engine == NULL) node_start(n); break;
    case 6: if (n != m) world_block(s, n, m, !s->blocked[n->index][m->index]); break;
    case 7: s->blocked[n->index][m->index] = sim_chance(s, 0.5); break;
    case 8: n->clock_off_ms = (int64_t)sim_between(s, 0, 2 * HOUR) - HOUR; break;
    case 9: n->disk_failures = sim_chance(s, 0.5) ? 0.1 : 0; n->slow_ms = sim_chance(s, 0.2) ? 2000 : 0; break;
    case 10:
        if (n->disk->n_charters < 20 && sim_chance(s, 0.5))
            steward_propose(s->nodes[sim_between(s, 0, 1)], change_purpose, sim_chance(s, 0.5) ? "one" : "another");
        else
            (void)steward_sign(s->nodes[sim_between(s, 0, 1)]);
        break;
    case 11:
        if (*backup == NULL) {
            *backup = disk_copy(n->disk);
            *owner = n;
        } else {
            node_stop(*owner);
            disk_free((*owner)->disk);
            (*owner)->disk = *backup;
            (*owner)->is_tainted = true;
            *backup = NULL;
        }
        break;
    case 12: author_go_on(n); break;
    }
}

void mixture(struct sim *s)
{
    struct disk *backup = NULL;
    struct node *owner = NULL;
    alliance(s, sim_between(s, 3, 8));
    s->has_faults = true;
    s->commit_max_ms = (uint32_t)sim_between(s, 1, 100);
    s->latency_max_ms = (uint32_t)sim_between(s, s->latency_min_ms, 300);
    s->cut_chance = sim_chance(s, 0.5) ? 0.005 : 0;
    s->dial_failures = sim_chance(s, 0.5) ? 0.1 : 0;
    for (int i = 0; i < 80 && s->failed == NULL; i++) {
        one_deed(s, &backup, &owner);
        sim_run(s, sim_between(s, 1, 8 * SECOND));
    }
    disk_free(backup);
    heal_and_check(s, 75 * MINUTE);         /* until the clock has come to what was dated ahead of it */
}

/* Each allocation in its turn fails, in some run: the node stops cleanly, and all ends well. */
void failing_memory(struct sim *s)
{
    nodes(s, 3);
    found(s, 2, 1, 1);
    s->has_faults = true;
    memory_fail_at(s->seed);
    start_all_but(s, 2);
    struct node *newcomer = s->nodes[2];
    author_begin(newcomer);
    sim_run(s, 2 * SECOND);
    (void)author_publish(s->nodes[0], 4, 200);
    author_withdraw(s->nodes[0], 2, true);
    steward_invite(s->nodes[0], newcomer, token);
    node_start(newcomer);
    sim_run(s, 5 * SECOND);
    (void)steward_admit(s->nodes[0], &newcomer->keys.slug);
    sim_run(s, 10 * SECOND);
    struct node *twin = node_twin(newcomer);
    world_block(s, twin, s->nodes[0], true);
    world_block(s, newcomer, s->nodes[1], true);
    world_block(s, s->nodes[0], s->nodes[1], true);
    node_start(twin);
    (void)author_publish(newcomer, 2, 100);
    (void)author_publish(twin, 3, 100);
    sim_run(s, 10 * SECOND);
    world_heal(s);
    sim_run(s, 5 * MINUTE);
    memory_fail_at(0);
    newcomer->is_out = twin->is_out = twin->is_gone = true;
    node_stop(twin);
    heal_and_check(s, 10 * MINUTE);
}

