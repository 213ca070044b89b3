#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/sim/plays.h"

void nodes(struct sim *s, size_t n)
{
    char slug[SLUG_MAX + 1];
    for (size_t i = 0; i < n; i++) {
        (void)snprintf(slug, sizeof(slug), "barset-%c%c", (char)('a' + i / 26), (char)('a' + i % 26));
        (void)node_new(s, slug);
    }
}

void start_all_but(struct sim *s, size_t but)
{
    for (size_t i = 0; i < s->n_nodes; i++)
        if (s->nodes[i]->engine == NULL && !s->nodes[i]->is_gone && i != but)
            node_start(s->nodes[i]);
}

void start_all(struct sim *s)
{
    start_all_but(s, SIZE_MAX);
}

/* Everything is mended: then all must come to agree, and soon. */
void heal_and_check(struct sim *s, uint64_t ms)
{
    world_heal(s);
    sim_run(s, ms);
    (void)sim_run_until_settled(s, 30 * MINUTE);
    sim_run(s, 5 * SECOND);                 /* the last cosignatures */
    (void)sim_run_until_settled(s, 5 * MINUTE);
    if (s->failed == NULL)
        check_end(s);
}

void alliance(struct sim *s, size_t n)
{
    nodes(s, n);
    found(s, n, n < 3 ? n : 3, n < 2 ? 1 : 2);
    start_all(s);
}

const struct scenario scenarios[] = {
#define X(name, function, golden, slow) {name, function, golden, slow},
    PLAYS(X)
#undef X
#define X(name, how, is_blamed) {#name, name, false, false},
    LIARS(X)
#undef X
};
const size_t n_scenarios = sizeof(scenarios) / sizeof(scenarios[0]);
