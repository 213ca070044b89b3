#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/sim/plays.h"

void two_nodes(struct sim *s)
{
    alliance(s, 2);
    sim_run(s, 5 * SECOND);
    must(author_publish(s->nodes[0], 5, 300));
    sim_run(s, 5 * SECOND);
    must(author_publish(s->nodes[1], 3, 300));
    sim_run(s, 5 * SECOND);
    heal_and_check(s, 1);
}

void alone(struct sim *s)
{
    nodes(s, 1);
    found(s, 1, 1, 1);
    start_all(s);
    must(author_publish(s->nodes[0], 5, 300));
    heal_and_check(s, 5 * SECOND);
}

void nineteen(struct sim *s)
{
    alliance(s, 19);
    sim_run(s, 10 * SECOND);
    for (size_t i = 0; i < s->n_nodes; i++)
        must(author_publish(s->nodes[i], sim_between(s, 1, 40), 400));
    heal_and_check(s, 20 * SECOND);
}

void forty(struct sim *s)
{
    alliance(s, 40);
    s->has_faults = true;                   /* many dials cross: links are ended while they carry */
    sim_run(s, 20 * SECOND);
    for (size_t i = 0; i < s->n_nodes; i += 3)
        must(author_publish(s->nodes[i], sim_between(s, 1, 10), 200));
    heal_and_check(s, 30 * SECOND);
}

void long_log(struct sim *s)
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
void full_stage(struct sim *s)
{
    alliance(s, 9);
    node_stop(s->nodes[8]);
    sim_run(s, 5 * SECOND);
    for (size_t i = 0; i < 8; i++)
        must(author_publish(s->nodes[i], 60, 120 * 1000));
    s->has_faults = true;
    heal_and_check(s, MINUTE);
}

void partition(struct sim *s)
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

void crash_storm(struct sim *s)
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

void failing_disks(struct sim *s)
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

void cut_links(struct sim *s)
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

void slow_reader(struct sim *s)
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

void clock_jumps(struct sim *s)
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


/* What an author with a wrong clock has dated ahead is not cosigned before its time, whoever starts again meanwhile. */
void dated_ahead(struct sim *s)
{
    size_t place;
    alliance(s, 4);
    s->has_faults = true;
    sim_run(s, 15 * SECOND);
    struct node *author = s->nodes[1];
    author->clock_off_ms = 2 * HOUR;
    (void)author_publish(author, 3, 200);
    author->clock_off_ms = 0;
    sim_run(s, 10 * SECOND);
    for (int i = 0; i < 6 && s->failed == NULL; i++) {
        struct node *n = s->nodes[(size_t)(i * 2 + 2) % 4];
        node_stop(n);
        sim_run(s, sim_between(s, 1, 5) * SECOND);
        node_start(n);
        sim_run(s, 30 * SECOND);
    }
    struct origin o = node_origin(author, 1);
    (void)book_of(s, &o, &place);
    for (size_t i = 0; i < 4; i += 2)
        if (s->failed == NULL && s->nodes[i]->cosigned[place] != 1)
            sim_fail(s, "%s cosigned to %llu", s->nodes[i]->keys.slug.s, (unsigned long long)s->nodes[i]->cosigned[place]);
    sim_run(s, 2 * HOUR);
    heal_and_check(s, MINUTE);
}
