#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/sim/plays.h"

static uint64_t held(struct node *n, struct node *of, uint32_t generation)
{
    struct origin o = node_origin(of, generation);
    struct dlog *log = disk_log(n->disk, &o);
    return log != NULL ? log->whole : 0;
}

/* Everybody but `but` holds that much of this generation. */
static void all_hold(struct sim *s, struct node *of, uint32_t generation, uint64_t size)
{
    for (size_t i = 0; i < s->n_nodes && s->failed == NULL; i++)
        if (s->nodes[i] != of && !s->nodes[i]->is_out && !s->nodes[i]->is_gone
            && held(s->nodes[i], of, generation) != size)
            sim_fail(s, "%s holds %llu of %s~%u, not %llu", s->nodes[i]->keys.slug.s,
                     (unsigned long long)held(s->nodes[i], of, generation), of->keys.slug.s, generation, (unsigned long long)size);
}

/* The twin is found out, and gone. */
static struct node *after_two_stories(struct sim *s, size_t a, size_t b)
{
    struct node *eve = two_stories(s, a, b), *twin = s->nodes[6];
    sim_run(s, 15 * MINUTE);
    node_stop(twin);
    twin->is_gone = true;
    return eve;
}

static void end_of_two(struct sim *s, struct node *eve)
{
    sim_run(s, MINUTE);
    if (s->failed == NULL && !author_publish(eve, 7, 100))
        sim_fail(s, "the second generation cannot be published to");
    node_stop(s->nodes[1]);                 /* the next start finds the same */
    sim_run(s, 10 * SECOND);
    node_start(s->nodes[1]);
    struct node *newcomer = node_new(s, "newtown");
    author_begin(newcomer);
    steward_invite(s->nodes[0], newcomer, token);
    node_start(newcomer);
    sim_run(s, 10 * SECOND);
    (void)steward_admit(s->nodes[0], &newcomer->keys.slug);
    sim_run(s, 5 * SECOND);
    (void)steward_sign(s->nodes[1]);
    heal_and_check(s, 10 * MINUTE);
    all_hold(s, eve, 2, 8);
}

/* The story that goes on is the longer one, the shorter one, or much longer: all come to hold it. */
void recover_longer(struct sim *s)
{
    struct node *eve = after_two_stories(s, 9, 4);
    if (s->failed == NULL)
        author_recover(eve, 20);
    end_of_two(s, eve);
}

void recover_shorter(struct sim *s)
{
    struct node *eve = after_two_stories(s, 4, 9);
    if (s->failed == NULL)
        author_recover(eve, 15);
    end_of_two(s, eve);
}

void recover_much_longer(struct sim *s)
{
    struct node *eve = after_two_stories(s, 2100, 30);
    if (s->failed == NULL)
        author_recover(eve, 2111);
    end_of_two(s, eve);
}

/* Her own disk, too, comes to hold the other one, when that is the one that she goes on from. */
void recover_other(struct sim *s)
{
    struct node *eve = after_two_stories(s, 4, 9), *twin = s->nodes[6];
    struct origin o = node_origin(eve, 1);
    struct hash root = disk_root(disk_log(twin->disk, &o), 20);
    if (s->failed == NULL)
        author_close(eve, 20, &root);
    end_of_two(s, eve);
    struct hash got = disk_root(disk_log(eve->disk, &o), held(eve, eve, 1) < 20 ? 1 : 20);
    if (s->failed == NULL && !hash_equal(&got, &root))
        sim_fail(s, "the author does not hold what she went on from");
}

/* The root says that the log ends where it does not: nobody follows, nobody is blamed, and the log goes on. */
static void bad_closing(struct sim *s, uint64_t size, bool is_invented)
{
    alliance(s, 5);
    s->has_faults = true;
    sim_run(s, 10 * SECOND);
    struct node *eve = s->nodes[4];
    must(author_publish(eve, 10, 100));
    sim_run(s, 10 * SECOND);
    struct origin o = node_origin(eve, 1);
    struct hash root = is_invented ? sha256(bytes_of("another")) : disk_root(disk_log(eve->disk, &o), size);
    author_close(eve, size, &root);
    sim_run(s, 5 * MINUTE);
    all_hold(s, eve, 2, 0);
    if (s->failed == NULL && s->n_blamed > 0)
        sim_fail(s, "somebody was blamed");
    eve->is_out = true;
    (void)author_publish(s->nodes[0], 5, 100);
    sim_run(s, MINUTE);
    for (size_t i = 0; i < 4 && s->failed == NULL; i++)
        if (held(s->nodes[i], s->nodes[0], 1) != 6)
            sim_fail(s, "another log got stuck, too");
}

void closes_below_quorum(struct sim *s) { bad_closing(s, 5, false); }
void closes_elsewhere(struct sim *s)    { bad_closing(s, 11, true); }
void closes_ahead(struct sim *s)        { bad_closing(s, 40, true); }

/* Too few have witnessed anything of it to say how much must stay: but entry 0 is never given up. */
void closes_at_nothing(struct sim *s)
{
    nodes(s, 5);
    found(s, 5, 3, 2);
    s->has_faults = true;
    struct node *eve = s->nodes[4];
    for (size_t i = 1; i < 4; i++)
        world_block(s, eve, s->nodes[i], true);
    for (size_t i = 1; i < 4; i++)
        world_block(s, s->nodes[0], s->nodes[i], true);
    start_all(s);
    sim_run(s, 10 * SECOND);
    must(author_publish(eve, 10, 100));
    sim_run(s, 10 * SECOND);
    struct hash nothing = sha256((struct bytes){0});
    author_close(eve, 0, &nothing);
    sim_run(s, 2 * MINUTE);
    if (s->failed == NULL && held(s->nodes[0], eve, 1) != 11)
        sim_fail(s, "the log did not come");
    all_hold(s, eve, 2, 0);
}

/* The other story is longer, and a proof leads to it: but not from what a quorum saw of this one. */
void closes_against_quorum(struct sim *s)
{
    alliance(s, 6);
    s->has_faults = true;
    sim_run(s, 10 * SECOND);
    struct node *eve = s->nodes[5], *twin = node_twin(eve);
    for (size_t i = 0; i < 5; i++) {
        world_block(s, eve, s->nodes[i], i == 4);
        world_block(s, twin, s->nodes[i], i < 4);
        if (i < 4)
            world_block(s, s->nodes[4], s->nodes[i], true);
    }
    node_start(twin);
    must(author_publish(eve, 4, 200));
    must(author_publish(twin, 9, 200));
    sim_run(s, 2 * MINUTE);
    world_heal(s);
    sim_run(s, 15 * MINUTE);
    struct origin o = node_origin(eve, 1);
    struct hash root = disk_root(disk_log(twin->disk, &o), 10);
    node_stop(twin);
    twin->is_gone = true;
    if (s->failed == NULL)
        author_close(eve, 10, &root);
    sim_run(s, 10 * MINUTE);
    for (size_t i = 0; i < 4 && s->failed == NULL; i++)
        if (held(s->nodes[i], eve, 1) != 5 || held(s->nodes[i], eve, 2) != 0)
            sim_fail(s, "%s gave up what a quorum had witnessed", s->nodes[i]->keys.slug.s);
    if (s->failed == NULL && (held(s->nodes[4], eve, 1) != 10 || held(s->nodes[4], eve, 2) == 0))
        sim_fail(s, "who saw no quorum does not follow");
    if (s->failed == NULL && s->n_blamed > 0)
        sim_fail(s, "somebody was blamed");
}

/* What was signed last reached nobody, and the disk is lost: the log goes on from what the peers hold. Should the lost entries
 * turn up again, nobody takes them. */
void lost_entries(struct sim *s)
{
    alliance(s, 4);
    s->has_faults = true;
    sim_run(s, 10 * SECOND);
    struct node *eve = s->nodes[3];
    must(author_publish(eve, 10, 100));
    sim_run(s, 10 * SECOND);
    struct disk *backup = disk_copy(eve->disk);
    for (size_t i = 0; i < 3; i++)
        world_block(s, eve, s->nodes[i], true);
    must(author_publish(eve, 7, 100));
    sim_run(s, SECOND);
    struct node *found = node_twin(eve);    /* the disk that turns up */
    found->is_out = found->is_gone = true;
    node_stop(eve);
    disk_free(eve->disk);
    eve->disk = backup;
    world_heal(s);
    start_all(s);
    sim_run(s, MINUTE);
    if (s->failed == NULL && author_publish(eve, 1, 10))
        sim_fail(s, "it signed behind its own head");
    author_recover(eve, 11);
    sim_run(s, MINUTE);
    if (s->failed == NULL && !author_publish(eve, 4, 100))
        sim_fail(s, "the second generation cannot be published to");
    sim_run(s, MINUTE);
    node_stop(eve);
    node_start(found);
    sim_run(s, 2 * MINUTE);
    node_stop(found);
    found->is_gone = true;
    node_start(eve);
    all_hold(s, eve, 1, 11);
    heal_and_check(s, 10 * MINUTE);
    all_hold(s, eve, 2, 5);
}

/* ---- a lost root ---- */

static void change_root(struct charter *c, void *arg)
{
    struct node **both = arg;               /* the steward, and who has the new root */
    struct node *steward = both[0], *fresh = both[1];
    size_t i = 0;
    while (!slug_equal(&c->members[i].slug, &fresh->keys.slug))
        i++;
    struct origin o = node_origin(fresh, 1);
    struct dlog *log = disk_log(steward->disk, &o);
    c->replacements[c->n_replacements++] = (struct replacement){
        .slug = fresh->keys.slug, .old_root = c->members[i].root, .generation = 1, .log_size = log != NULL ? log->whole : 0};
    c->members[i].root = fresh->keys.root_public;
}

static void copy_charters(struct node *from, struct node *to)
{
    for (size_t i = 0; i < from->disk->n_charters; i++)
        disk_put_charter(to->disk, &from->disk->charters[i].hash, blob_bytes(from->disk->charters[i].note));
    for (size_t i = 0; i < from->disk->n_identities; i++)
        if (!slug_equal(&from->disk->identities[i].slug, &to->keys.slug))
            disk_put_identity(to->disk, &from->disk->identities[i].slug, from->disk->identities[i].version,
                              blob_bytes(from->disk->identities[i].note));
}

/* Whoever has the old keys goes on: with the log key in the first generation, with the root in one of his own, and finds a
 * member that passes on what he makes. Both stop at the first honest node. */
void lost_root(struct sim *s)
{
    alliance(s, 6);
    s->has_faults = true;
    sim_run(s, 10 * SECOND);
    struct node *thief = s->nodes[4], *friend = s->nodes[5];
    must(author_publish(thief, 10, 100));
    sim_run(s, 10 * SECOND);
    struct node *fresh = node_new(s, thief->keys.slug.s), *both[2] = {s->nodes[0], fresh};
    steward_propose(s->nodes[0], change_root, both);
    sim_run(s, 5 * SECOND);
    if (!steward_sign(s->nodes[1]))
        sim_fail(s, "the proposal did not come");
    thief->is_out = true;
    sim_run(s, 10 * SECOND);
    for (size_t i = 0; i < 4; i++)
        if (s->failed == NULL && world_wires_between(s, s->nodes[i], thief) > 0)
            sim_fail(s, "%s still talks to the lost root", s->nodes[i]->keys.slug.s);

    copy_charters(s->nodes[0], fresh);
    node_stop(thief);
    node_start(fresh);
    sim_run(s, MINUTE);
    if (s->failed == NULL && held(fresh, fresh, 1) != 11)
        sim_fail(s, "the log of the lost root did not come to the new one");
    if (s->failed == NULL)
        author_recover(fresh, 11);
    sim_run(s, MINUTE);
    if (s->failed == NULL && !author_publish(fresh, 4, 100))
        sim_fail(s, "the new root's log cannot be published to");
    sim_run(s, MINUTE);
    all_hold(s, fresh, 2, 5);

    node_stop(friend);
    friend->is_out = true;
    friend->liar = COLLUDES;
    thief->is_out = false;                  /* he does not ask whether he may */
    must(author_publish(thief, 5, 100));
    thief->is_out = thief->is_gone = true;
    struct origin first = node_origin(thief, 1);
    disk_take_log(friend->disk, disk_log(thief->disk, &first));
    node_start(friend);
    sim_run(s, 5 * MINUTE);
    for (size_t i = 0; i < 4 && s->failed == NULL; i++)
        if (held(s->nodes[i], fresh, 1) != 11)
            sim_fail(s, "%s took what the thief wrote", s->nodes[i]->keys.slug.s);
    heal_and_check(s, 10 * MINUTE);
}

/* The same without a new root at work: whoever has the old one begins the next generation, and nobody follows. */
void lost_root_begins(struct sim *s)
{
    alliance(s, 5);
    s->has_faults = true;
    sim_run(s, 10 * SECOND);
    struct node *thief = s->nodes[3], *friend = s->nodes[4];
    must(author_publish(thief, 10, 100));
    sim_run(s, 10 * SECOND);
    struct node *fresh = node_new(s, thief->keys.slug.s), *both[2] = {s->nodes[0], fresh};
    steward_propose(s->nodes[0], change_root, both);
    sim_run(s, 5 * SECOND);
    (void)steward_sign(s->nodes[1]);
    fresh->is_out = thief->is_out = friend->is_out = fresh->is_gone = true;
    sim_run(s, 10 * SECOND);
    node_stop(thief);
    thief->is_gone = true;
    node_stop(friend);
    author_recover(thief, 11);
    struct origin second = node_origin(thief, 2);
    friend->liar = COLLUDES;
    disk_take_log(friend->disk, disk_log(thief->disk, &second));
    node_start(friend);
    sim_run(s, 5 * MINUTE);
    for (size_t i = 0; i < 3 && s->failed == NULL; i++)
        if (held(s->nodes[i], thief, 2) != 0)
            sim_fail(s, "%s follows a root that was replaced", s->nodes[i]->keys.slug.s);
    heal_and_check(s, 10 * MINUTE);
}

/* Who has left begins no next generation either; who was in the second when it left keeps what was closed there. */
void former_begins(struct sim *s)
{
    alliance(s, 5);
    s->has_faults = true;
    sim_run(s, 10 * SECOND);
    struct node *gone = s->nodes[3], *friend = s->nodes[4];
    must(author_publish(gone, 10, 100));
    sim_run(s, 10 * SECOND);
    author_recover(gone, 11);
    sim_run(s, 10 * SECOND);
    must(author_publish(gone, 3, 100));
    author_withdraw(gone, 2, true);
    sim_run(s, 20 * SECOND);
    all_hold(s, gone, 2, 5);
    steward_propose(s->nodes[0], change_remove, gone);
    sim_run(s, 5 * SECOND);
    (void)steward_sign(s->nodes[1]);
    gone->is_out = true;
    sim_run(s, 10 * SECOND);
    node_stop(gone);
    gone->is_gone = true;
    node_stop(friend);
    author_recover_from(gone, 2, 5);
    struct origin third = node_origin(gone, 3);
    friend->liar = COLLUDES;
    friend->is_out = true;
    disk_take_log(friend->disk, disk_log(gone->disk, &third));
    node_start(friend);
    sim_run(s, 5 * MINUTE);
    for (size_t i = 0; i < 3 && s->failed == NULL; i++) {
        struct origin o = node_origin(gone, 2);
        struct dlog *log = disk_log(s->nodes[i]->disk, &o);
        if (held(s->nodes[i], gone, 3) != 0)
            sim_fail(s, "%s follows a former member", s->nodes[i]->keys.slug.s);
        else if (log == NULL || log->whole != 5 || log->rows[2].has_payload)
            sim_fail(s, "%s has not forgotten what was erased in the second generation", s->nodes[i]->keys.slug.s);
    }
    heal_and_check(s, 10 * MINUTE);
}
