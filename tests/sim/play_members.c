#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/sim/plays.h"

const uint8_t token[TOKEN_LEN] = "sixteen bytes...";

void join(struct sim *s)
{
    nodes(s, 3);
    found(s, 2, 1, 1);
    node_start(s->nodes[0]);
    node_start(s->nodes[1]);
    struct node *newcomer = s->nodes[2];
    author_begin(newcomer);
    sim_run(s, 2 * SECOND);
    must(author_publish(s->nodes[0], 4, 200));
    steward_invite(s->nodes[0], newcomer, token);
    newcomer->is_out = true;
    node_start(newcomer);
    sim_run(s, 5 * SECOND);
    if (engine_is_member(newcomer->engine))
        sim_fail(s, "a stranger is in before it was admitted");
    if (!steward_admit(s->nodes[0], &newcomer->keys.slug))
        sim_fail(s, "the request did not come");
    newcomer->is_out = false;
    sim_run(s, 10 * SECOND);
    if (s->failed == NULL && !engine_is_member(newcomer->engine))
        sim_fail(s, "who was admitted does not know it");
    (void)author_publish(newcomer, 2, 200);
    heal_and_check(s, 5 * SECOND);
}

/* The admitted one reaches a member that has not heard of it, before anybody tells that member. */
void one_charter_behind(struct sim *s)
{
    nodes(s, 4);
    found(s, 3, 1, 1);
    struct node *steward = s->nodes[0], *behind = s->nodes[2], *newcomer = s->nodes[3];
    author_begin(newcomer);
    node_start(steward);
    node_start(s->nodes[1]);
    steward_invite(steward, newcomer, token);
    node_start(newcomer);
    sim_run(s, 5 * SECOND);
    must(steward_admit(steward, &newcomer->keys.slug));
    sim_run(s, 5 * SECOND);
    world_block(s, steward, behind, true);
    world_block(s, s->nodes[1], behind, true);
    node_start(behind);
    sim_run(s, MINUTE);
    struct charter *c = NULL;
    if (disk_charter(behind, &c) != 3)
        sim_fail(s, "the newcomer did not bring its charter along");
    charter_free(c);
    heal_and_check(s, MINUTE);
}

/* ---- members, charters ---- */

void former(struct sim *s)
{
    alliance(s, 5);
    sim_run(s, 10 * SECOND);
    struct node *gone = s->nodes[4];
    must(author_publish(gone, 10, 100));
    sim_run(s, 10 * SECOND);
    node_stop(s->nodes[3]);                 /* it will hear of all this later */
    steward_propose(s->nodes[0], change_remove, gone);
    sim_run(s, 5 * SECOND);
    if (!steward_sign(s->nodes[1]))
        sim_fail(s, "the proposal did not come");
    gone->is_out = true;
    sim_run(s, 10 * SECOND);
    for (size_t i = 0; i < 4; i++)
        if (s->failed == NULL && world_wires_between(s, s->nodes[i], gone) > 0)
            sim_fail(s, "%s still talks to a former member", s->nodes[i]->keys.slug.s);
    node_start(s->nodes[3]);
    nodes(s, 0);
    struct node *newcomer = node_new(s, "newtown");
    author_begin(newcomer);
    steward_invite(s->nodes[0], newcomer, token);
    node_start(newcomer);
    sim_run(s, 10 * SECOND);
    if (s->failed == NULL && !steward_admit(s->nodes[0], &newcomer->keys.slug))
        sim_fail(s, "the request did not come");
    sim_run(s, 5 * SECOND);
    (void)steward_sign(s->nodes[2]);
    s->has_faults = true;
    heal_and_check(s, MINUTE);
}

void change_purpose(struct charter *c, void *arg)
{
    (void)snprintf(c->purpose, sizeof(c->purpose), "%s", (const char *)arg);
}

/* Stewards who cannot hear each other propose different texts; one stands in the end, everywhere. */
void rival_proposals(struct sim *s)
{
    nodes(s, 6);
    found(s, 6, 5, 3);
    start_all(s);
    sim_run(s, 10 * SECOND);
    for (size_t i = 0; i < 3; i++)
        for (size_t k = 3; k < 6; k++)
            world_block(s, s->nodes[i], s->nodes[k], true);
    steward_propose(s->nodes[0], change_purpose, "to compare");
    steward_propose(s->nodes[3], change_purpose, "to learn");
    sim_run(s, 10 * SECOND);
    (void)steward_sign(s->nodes[1]);
    (void)steward_sign(s->nodes[4]);
    sim_run(s, 10 * SECOND);
    world_heal(s);
    sim_run(s, MINUTE);
    (void)steward_sign(s->nodes[2]);
    sim_run(s, 10 * SECOND);
    struct charter *c = NULL;
    if (disk_charter(s->nodes[5], &c) != 3)
        sim_fail(s, "no proposal came to stand");
    charter_free(c);
    s->has_faults = true;
    heal_and_check(s, MINUTE);
}

static void five_witnesses(struct charter *c, void *arg)
{
    struct sim *s = arg;
    for (size_t i = 0; i < 5; i++)
        c->witnesses[c->n_witnesses++] = s->nodes[9 - i]->keys.slug;
}

void other_witnesses(struct sim *s)
{
    alliance(s, 10);
    sim_run(s, 10 * SECOND);
    must(author_publish(s->nodes[0], 10, 100));
    sim_run(s, 5 * SECOND);
    steward_propose(s->nodes[0], five_witnesses, s);
    sim_run(s, 5 * SECOND);
    (void)steward_sign(s->nodes[1]);
    s->has_faults = true;
    heal_and_check(s, MINUTE);
}

void new_identity(struct sim *s)
{
    alliance(s, 3);
    sim_run(s, 10 * SECOND);
    author_new_identity(s->nodes[1], "The same by another name");
    sim_run(s, 10 * SECOND);
    node_stop(s->nodes[1]);
    sim_run(s, SECOND);
    node_start(s->nodes[1]);
    s->has_faults = true;
    must(author_publish(s->nodes[1], 3, 100));
    heal_and_check(s, MINUTE);
}

