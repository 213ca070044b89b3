#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/sim/sim.h"

enum { SECOND = 1000, MINUTE = 60 * SECOND, HOUR = 60 * MINUTE };

static void nodes(struct sim *s, size_t n)
{
    char slug[SLUG_MAX + 1];
    for (size_t i = 0; i < n; i++) {
        (void)snprintf(slug, sizeof(slug), "barset-%c%c", (char)('a' + i / 26), (char)('a' + i % 26));
        (void)node_new(s, slug);
    }
}

static void start_all_but(struct sim *s, size_t but)
{
    for (size_t i = 0; i < s->n_nodes; i++)
        if (s->nodes[i]->engine == NULL && !s->nodes[i]->is_gone && i != but)
            node_start(s->nodes[i]);
}

static void start_all(struct sim *s)
{
    start_all_but(s, SIZE_MAX);
}

/* Everything is mended: then all must come to agree, and soon. */
static void heal_and_check(struct sim *s, uint64_t ms)
{
    world_heal(s);
    sim_run(s, ms);
    (void)sim_run_until_settled(s, 30 * MINUTE);
    sim_run(s, 5 * SECOND);                 /* the last cosignatures */
    (void)sim_run_until_settled(s, 5 * MINUTE);
    if (s->failed == NULL)
        check_end(s);
}

static void alliance(struct sim *s, size_t n)
{
    nodes(s, n);
    found(s, n, n < 3 ? n : 3, n < 2 ? 1 : 2);
    start_all(s);
}

static void two_nodes(struct sim *s)
{
    alliance(s, 2);
    sim_run(s, 5 * SECOND);
    must(author_publish(s->nodes[0], 5, 300));
    sim_run(s, 5 * SECOND);
    must(author_publish(s->nodes[1], 3, 300));
    sim_run(s, 5 * SECOND);
    heal_and_check(s, 1);
}

static void alone(struct sim *s)
{
    nodes(s, 1);
    found(s, 1, 1, 1);
    start_all(s);
    must(author_publish(s->nodes[0], 5, 300));
    heal_and_check(s, 5 * SECOND);
}

static const uint8_t token[TOKEN_LEN] = "sixteen bytes...";

static void join(struct sim *s)
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
static void one_charter_behind(struct sim *s)
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

static void nineteen(struct sim *s)
{
    alliance(s, 19);
    sim_run(s, 10 * SECOND);
    for (size_t i = 0; i < s->n_nodes; i++)
        must(author_publish(s->nodes[i], sim_between(s, 1, 40), 400));
    heal_and_check(s, 20 * SECOND);
}

static void forty(struct sim *s)
{
    alliance(s, 40);
    s->has_faults = true;                   /* many dials cross: links are ended while they carry */
    sim_run(s, 20 * SECOND);
    for (size_t i = 0; i < s->n_nodes; i += 3)
        must(author_publish(s->nodes[i], sim_between(s, 1, 10), 200));
    heal_and_check(s, 30 * SECOND);
}

static void long_log(struct sim *s)
{
    alliance(s, 3);
    node_stop(s->nodes[2]);
    s->has_faults = true;
    sim_run(s, SECOND);
    for (int i = 0; i < 7; i++) {
        must(author_publish(s->nodes[0], 500, 300));
        sim_run(s, 3 * SECOND);
    }
    must(author_publish(s->nodes[1], 90, 200 * 1000));      /* more than a stage of 8 MiB */
    heal_and_check(s, 10 * SECOND);
    s->has_faults = false;
    if (s->failed == NULL)
        check_end(s);
}

/* Many logs at once, each of several megabytes: the stage is full. */
static void full_stage(struct sim *s)
{
    alliance(s, 9);
    node_stop(s->nodes[8]);
    sim_run(s, 5 * SECOND);
    for (size_t i = 0; i < 8; i++)
        must(author_publish(s->nodes[i], 60, 120 * 1000));
    s->has_faults = true;
    heal_and_check(s, MINUTE);
}

static void partition(struct sim *s)
{
    alliance(s, 7);
    sim_run(s, 10 * SECOND);
    for (size_t i = 0; i < 3; i++)
        for (size_t k = 3; k < 7; k++)
            world_block(s, s->nodes[i], s->nodes[k], true);
    for (int i = 0; i < 5; i++) {
        (void)author_publish(s->nodes[sim_between(s, 0, 6)], 5, 300);
        sim_run(s, 20 * SECOND);
    }
    s->blocked[0][5] = s->blocked[5][0] = false;
    s->blocked[5][0] = true;                /* one way: only a dials f */
    sim_run(s, 2 * MINUTE);
    s->has_faults = true;
    heal_and_check(s, 5 * MINUTE);
}

static void crash_storm(struct sim *s)
{
    alliance(s, 5);
    s->has_faults = true;
    s->commit_max_ms = 200;
    for (int i = 0; i < 60 && s->failed == NULL; i++) {
        struct node *n = s->nodes[sim_between(s, 0, 4)];
        if (n->engine != NULL && sim_chance(s, 0.5))
            node_stop(n);
        else if (n->engine == NULL)
            node_start(n);
        (void)author_publish(s->nodes[sim_between(s, 0, 4)], sim_between(s, 1, 30), 300);
        sim_run(s, sim_between(s, 10, 3000));
    }
    heal_and_check(s, 2 * MINUTE);
}

static void failing_disks(struct sim *s)
{
    alliance(s, 5);
    s->has_faults = true;
    for (size_t i = 0; i < 5; i++)
        s->nodes[i]->disk_failures = 0.2;
    for (int i = 0; i < 40 && s->failed == NULL; i++) {
        (void)author_publish(s->nodes[sim_between(s, 0, 4)], sim_between(s, 1, 30), 300);
        sim_run(s, sim_between(s, 10, 3000));
    }
    heal_and_check(s, 20 * MINUTE);
}

static void cut_links(struct sim *s)
{
    alliance(s, 5);
    s->has_faults = true;
    s->cut_chance = 0.02;
    s->dial_failures = 0.2;
    for (int i = 0; i < 60 && s->failed == NULL; i++) {
        (void)author_publish(s->nodes[sim_between(s, 0, 4)], sim_between(s, 1, 200), 300);
        sim_run(s, sim_between(s, 10, 3000));
    }
    heal_and_check(s, 15 * MINUTE);
}

static void slow_reader(struct sim *s)
{
    alliance(s, 4);
    s->has_faults = true;
    s->nodes[2]->slow_ms = 20 * SECOND;
    for (int i = 0; i < 20; i++) {
        (void)author_publish(s->nodes[i % 4], 40, 30 * 1000);
        sim_run(s, 2 * SECOND);
    }
    heal_and_check(s, 5 * MINUTE);
}

static void clock_jumps(struct sim *s)
{
    alliance(s, 4);
    sim_run(s, 5 * SECOND);
    s->nodes[1]->clock_off_ms = 2 * HOUR;
    (void)author_publish(s->nodes[1], 3, 200);
    sim_run(s, 10 * SECOND);
    if (s->frames_sent > 20000)
        sim_fail(s, "%llu frames for three records", (unsigned long long)s->frames_sent);
    s->nodes[2]->clock_off_ms = -3 * (int64_t)HOUR;
    (void)author_publish(s->nodes[2], 3, 200);
    sim_run(s, 10 * SECOND);
    s->nodes[1]->clock_off_ms = 0;
    sim_run(s, 2 * HOUR);
    heal_and_check(s, MINUTE);
}

/* ---- two stories ---- */

/* The author's home is copied, and each copy publishes; `a` and `b` are how much. */
static void tell_two(struct sim *s, size_t a, size_t b)
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
    world_heal(s);
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

static void fork_equal(struct sim *s)
{
    tell_two(s, 4, 4);
}

static void fork_longer(struct sim *s)
{
    tell_two(s, 4, 9);
}

/* Small enough to be read line by line. */
static void fork_small(struct sim *s)
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

static void fork_much_longer(struct sim *s)
{
    tell_two(s, 1100, 30);
}

/* After a fork the author goes on in a second generation, and everybody follows. */
static void recover(struct sim *s)
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
static void restored(struct sim *s)
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
static void promise(struct sim *s)
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

/* ---- members, charters ---- */

static void former(struct sim *s)
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

static void rename_nothing(struct charter *c, void *arg)
{
    (void)snprintf(c->purpose, sizeof(c->purpose), "%s", (const char *)arg);
}

/* Stewards who cannot hear each other propose different texts; one stands in the end, everywhere. */
static void rival_proposals(struct sim *s)
{
    nodes(s, 6);
    found(s, 6, 5, 3);
    start_all(s);
    sim_run(s, 10 * SECOND);
    for (size_t i = 0; i < 3; i++)
        for (size_t k = 3; k < 6; k++)
            world_block(s, s->nodes[i], s->nodes[k], true);
    steward_propose(s->nodes[0], rename_nothing, "to compare");
    steward_propose(s->nodes[3], rename_nothing, "to learn");
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

static void other_witnesses(struct sim *s)
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

static void new_identity(struct sim *s)
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

/* ---- what is not there ---- */

static void withdrawal(struct sim *s)
{
    alliance(s, 4);
    node_stop(s->nodes[3]);
    sim_run(s, 5 * SECOND);
    must(author_publish(s->nodes[0], 1500, 100));
    sim_run(s, 10 * SECOND);
    author_withdraw(s->nodes[0], 10, true);
    author_withdraw(s->nodes[0], 1200, true);
    author_withdraw(s->nodes[0], 20, false);
    sim_run(s, 10 * SECOND);
    s->has_faults = true;
    heal_and_check(s, 30 * SECOND);
    struct origin o = node_origin(s->nodes[0], 1);
    for (size_t i = 0; i < 4 && s->failed == NULL; i++) {
        struct dlog *log = disk_log(s->nodes[i]->disk, &o);
        if (log->rows[10].has_payload || log->rows[1200].has_payload || !log->rows[20].has_payload)
            sim_fail(s, "%s has not forgotten what it should", s->nodes[i]->keys.slug.s);
    }
}

/* One peer gives entries without payloads, and an excuse that is none: they come from another. */
static void withheld(struct sim *s)
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

/* ---- a file ---- */

static void import_frame(struct node *n, link_id link, struct buf *b)
{
    must(buf_status(b) == OK);
    struct event ev = {.kind = EV_FRAME, .link = link, .frame = b->p, .frame_len = b->len};
    node_step(n, &ev);
    *b = buf_on(FRAME_BODY_MAX);
}

static void import(struct sim *s)
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

/* The last: is it a violation, or what a correct node might do, too? */
#define LIARS(X) X(lies_in_have, LIES_IN_HAVE, false) X(wrong_roots, WRONG_ROOTS, true) X(withholds, WITHHOLDS, false) \
    X(bad_excuse, BAD_EXCUSE, true) X(floods, FLOODS, true) X(garbage, GARBAGE, true) X(stale_identity, STALE_IDENTITY, true) \
    X(unknown_root, UNKNOWN_ROOT, false) X(silent_server, SILENT_SERVER, false) \
    X(other_payloads, OTHER_PAYLOADS, true)
#define X(name, how, is_blamed) static void name(struct sim *s) { lie(s, how, is_blamed); }
LIARS(X)
#undef X

static void wrong_token(struct sim *s)
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
    switch (sim_between(s, 0, 11)) {
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
            steward_propose(s->nodes[sim_between(s, 0, 1)], rename_nothing, sim_chance(s, 0.5) ? "one" : "another");
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
    }
}

static void mixture(struct sim *s)
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
static void no_memory(struct sim *s)
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

const struct scenario scenarios[] = {
    {"alone", alone, true, false},
    {"two-nodes", two_nodes, true, false},
    {"join", join, true, false},
    {"one-charter-behind", one_charter_behind, false, false},
    {"nineteen", nineteen, false, false},
    {"forty", forty, false, true},
    {"long-log", long_log, false, false},
    {"full-stage", full_stage, false, true},
    {"partition", partition, false, false},
    {"crash-storm", crash_storm, false, false},
    {"failing-disks", failing_disks, false, false},
    {"cut-links", cut_links, false, false},
    {"slow-reader", slow_reader, false, false},
    {"clock-jumps", clock_jumps, false, false},
    {"fork-equal", fork_equal, false, false},
    {"fork-longer", fork_longer, false, false},
    {"fork-small", fork_small, true, false},
    {"fork-much-longer", fork_much_longer, false, false},
    {"recover", recover, false, false},
    {"restored", restored, false, false},
    {"promise", promise, false, false},
    {"former", former, false, false},
    {"rival-proposals", rival_proposals, false, false},
    {"other-witnesses", other_witnesses, false, false},
    {"new-identity", new_identity, false, false},
    {"withdrawal", withdrawal, false, false},
    {"withheld", withheld, false, false},
    {"import", import, false, false},
    {"wrong-token", wrong_token, false, false},
#define X(name, how, is_blamed) {#name, name, false, false},
    LIARS(X)
#undef X
    {"mixture", mixture, false, false},
    {"no-memory", no_memory, false, false},
};
const size_t n_scenarios = sizeof(scenarios) / sizeof(scenarios[0]);
