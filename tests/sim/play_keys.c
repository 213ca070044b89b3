#include <stdio.h>
#include <string.h>

#include "tests/sim/plays.h"

enum { ROTATE_ALL = ROTATE_LOG | ROTATE_WITNESS | ROTATE_BOX | ROTATE_NODE };

static bool links(struct sim *s, size_t a, size_t b)
{
    return world_wires_between(s, s->nodes[a], s->nodes[b]) > 0;
}

/* Anybody rotates anything at any time, while people publish, links are cut and nodes crash: nobody is blamed, nothing is lost,
 * and in the end every log has its quorum everywhere. */
void rotation(struct sim *s)
{
    alliance(s, 5);
    sim_run(s, 10 * SECOND);
    s->cut_chance = 0.002;
    s->dial_failures = 0.1;
    s->has_faults = true;
    for (int round = 0; round < 12 && s->failed == NULL; round++) {
        struct node *who = s->nodes[sim_between(s, 0, 4)], *other = s->nodes[sim_between(s, 0, 4)];
        if (sim_chance(s, 0.3) && other->engine != NULL)
            node_stop(other);
        (void)author_rotate(who, (unsigned)sim_between(s, 1, ROTATE_ALL));
        (void)author_publish(s->nodes[sim_between(s, 0, 4)], (size_t)sim_between(s, 1, 20), 100);
        sim_run(s, sim_between(s, 0, 20 * SECOND));
        if (other->engine == NULL && sim_chance(s, 0.7))
            node_start(other);
    }
    s->cut_chance = s->dial_failures = 0;
    start_all(s);
    heal_and_check(s, MINUTE);
}

/* Who was away dials by the key it knows: it is let in, hears of the new one, and dials by that when the old one is answered
 * to no more. */
void old_node_key(struct sim *s)
{
    alliance(s, 4);
    sim_run(s, 10 * SECOND);
    struct node *rotated = s->nodes[0], *away = s->nodes[3];
    node_stop(away);
    sim_run(s, SECOND);
    must(author_rotate(rotated, ROTATE_NODE));
    sim_run(s, 10 * SECOND);
    world_block(s, away, s->nodes[1], true);
    world_block(s, away, s->nodes[2], true);
    s->blocked[0][3] = true;                /* behind its firewall: it has to dial */
    node_start(away);
    sim_run(s, MINUTE);
    if (s->failed == NULL && !links(s, 0, 3))
        sim_fail(s, "who knows the old node key only is shut out");
    must(author_publish(rotated, 5, 100));
    sim_run(s, 10 * SECOND);
    rotated->keys.answers_to_previous = false;      /* 30 days are over */
    node_stop(away);
    sim_run(s, SECOND);
    node_start(away);
    sim_run(s, MINUTE);
    if (s->failed == NULL && !links(s, 0, 3))
        sim_fail(s, "it has not learned the new node key");
    s->has_faults = true;
    heal_and_check(s, MINUTE);
}

/* An invite names the node key of the day on which it was made. */
void old_invite(struct sim *s)
{
    nodes(s, 3);
    found(s, 2, 1, 1);
    node_start(s->nodes[0]);
    node_start(s->nodes[1]);
    struct node *newcomer = s->nodes[2];
    author_begin(newcomer);
    sim_run(s, 2 * SECOND);
    steward_invite(s->nodes[0], newcomer, token);
    must(author_rotate(s->nodes[0], ROTATE_NODE));
    sim_run(s, 2 * SECOND);
    newcomer->is_out = true;
    node_start(newcomer);
    sim_run(s, 10 * SECOND);
    if (s->failed == NULL && !steward_admit(s->nodes[0], &newcomer->keys.slug))
        sim_fail(s, "the request did not come");
    newcomer->is_out = false;
    sim_run(s, 10 * SECOND);
    if (s->failed == NULL && !engine_is_member(newcomer->engine))
        sim_fail(s, "who was admitted does not know it");
    s->has_faults = true;
    heal_and_check(s, MINUTE);
}

/* A home comes back from before its node key was rotated. No peer lets it in; each tells it who it is, and with the keys of
 * that it is itself again. */
void behind_itself(struct sim *s)
{
    alliance(s, 4);
    sim_run(s, 10 * SECOND);
    struct node *n = s->nodes[2];
    must(author_publish(n, 3, 100));
    sim_run(s, 10 * SECOND);
    struct keys before = n->keys;
    struct identity id = n->id;
    struct blob note = blob_of(blob_bytes(n->identity));
    struct disk *disk = disk_copy(n->disk);
    must(author_rotate(n, ROTATE_NODE | ROTATE_WITNESS | ROTATE_LOG));
    must(author_publish(n, 3, 100));
    sim_run(s, 10 * SECOND);
    node_stop(n);
    struct keys after = n->keys;
    struct identity id_after = n->id;
    struct blob note_after = n->identity;
    disk_free(n->disk);
    n->disk = disk;
    n->keys = before;
    n->id = id;
    n->identity = note;
    n->is_tainted = true;
    node_start(n);
    sim_run(s, MINUTE);
    if (s->failed == NULL && engine_counts(n->engine).n_open_links > 0)
        sim_fail(s, "a stale identity is let in");
    bool has_heard = false;
    for (size_t i = 0; i < n->disk->n_identities; i++)
        has_heard |= slug_equal(&n->disk->identities[i].slug, &n->keys.slug) && n->disk->identities[i].version == id_after.version;
    if (s->failed == NULL && !has_heard)
        sim_fail(s, "nobody told it who it is");
    node_stop(n);                           /* `keys restore` makes the keys of that again from the seed */
    free(n->identity.p);
    n->keys = after;
    n->id = id_after;
    n->identity = note_after;
    node_start(n);
    sim_run(s, MINUTE);
    if (s->failed == NULL && !author_ask(n))
        sim_fail(s, "it does not get its own log back");
    must(s->failed != NULL || author_publish(n, 2, 100));
    s->has_faults = true;
    heal_and_check(s, MINUTE);
}

/* All witnesses have new keys; nobody publishes. Whoever comes then believes a quorum of what was there before. */
void witnesses_rotated(struct sim *s)
{
    nodes(s, 5);
    found(s, 4, 3, 2);
    start_all_but(s, 4);
    author_begin(s->nodes[4]);
    sim_run(s, 10 * SECOND);
    must(author_publish(s->nodes[0], 10, 100));
    sim_run(s, 10 * SECOND);
    for (size_t i = 0; i < 4 && s->failed == NULL; i++) {
        must(author_rotate(s->nodes[i], ROTATE_WITNESS));
        sim_run(s, 10 * SECOND);
    }
    steward_invite(s->nodes[0], s->nodes[4], token);
    s->nodes[4]->is_out = true;
    node_start(s->nodes[4]);
    sim_run(s, 5 * SECOND);
    if (s->failed == NULL && !steward_admit(s->nodes[0], &s->nodes[4]->keys.slug))
        sim_fail(s, "the request did not come");
    s->nodes[4]->is_out = false;
    sim_run(s, 10 * SECOND);
    (void)steward_sign(s->nodes[1]);
    s->has_faults = true;
    heal_and_check(s, MINUTE);
}
