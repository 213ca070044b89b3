/* cli/publish/gate_inside.h - what the files of the gate share: the sums that cells stand in, and what a reader of
 * them could work out. */
#ifndef FOLKMOOT_CLI_PUBLISH_GATE_INSIDE_H
#define FOLKMOOT_CLI_PUBLISH_GATE_INSIDE_H

#include "cli/publish/gate.h"

/* ---- gate_quantity.c ---- */

enum { GATE_QUANTITY_SIZE = 208 };
/* The words of a numerator or denominator in the spelling by which they are the same as another's. */
void gate_quantity(const char *words, char ret[GATE_QUANTITY_SIZE]);
/* Do two quantities differ by a "not" alone ("in", "not in"; "with", "without")? Out of the same denominator they make it up. */
bool gate_is_rest(const char *a, const char *b);

/* ---- gate_cells.c ---- */

/* A figure is made of numbers: numerator, denominator, and of a percentage the rest of its denominator. */
enum gate_part { GATE_NUMERATOR, GATE_DENOMINATOR, GATE_REST };
enum { GATE_PARTS = GATE_REST + 1 };
struct gate_carrier {
    size_t item;
    enum gate_part part;
    bool was_given;
};

/* One number for each quantity, period and breakdown, whichever figures carry it. Where figures that should say the same say
 * different numbers in a period, each keeps its own there, linked to the others. */
struct gate_cells {
    size_t n;
    struct figure *keys;                /* whose indicator names the quantity */
    struct gate_item *nodes;            /* each key with a definition: for gate_wholes_add() and gate_sums_find() */
    struct gate_carrier *carriers;      /* of cell c: first[c] to first[c + 1] */
    size_t *first, n_carriers;
    size_t *linked;                     /* the cell before it that should have said the same; SIZE_MAX none */
    size_t *of;                         /* of[item * GATE_PARTS + part]: its cell, or SIZE_MAX. Behind the items, percentages
                                         * that nobody gave at places of which others tell one of their numbers */
    size_t n_figures;                   /* with those */
};
/* Figures that count no people have none. Release in any case. */
MUST_USE enum err gate_cells_make(const struct gate_item *items, size_t n, struct gate_cells *ret);
void gate_cells_release(struct gate_cells *c);

bool gate_whole_number(bool has, struct decimal d, int64_t *ret);       /* false for fractions, and what no count is */
/* Is the value itself a count: people, not divided by anything? */
bool gate_value_is_count(const struct definition *d);
bool gate_number_of(const struct gate_item *i, enum gate_part part, int64_t *ret);

/* ---- gate_sums.c ---- */

/* Wholes that nobody gave: with the total and sex=f the sum of sex=m is known though it stands nowhere. Each cell's
 * breakdown without one key, and so on upwards, and the year of a quarter, where they are not among the items: *ret is the
 * items and behind them those, whose figures lie in *ret_figures. The caller frees both. GATE_WHOLES_MAX at most. */
enum { GATE_WHOLES_MAX = 1 << 16 };
MUST_USE enum err gate_wholes_add(const struct gate_item *items, size_t n, struct gate_item **ret, size_t *ret_n,
                                  struct figure **ret_figures);

/* A whole and its parts: those of one breakdown (sex=f, sex=m), or the quarters of a year. */
struct gate_sum {
    size_t whole;                       /* indices of items */
    size_t first, n;                    /* its parts, in gate_sums.parts */
};

struct gate_sums {
    struct gate_sum *sums;
    size_t n, n_plain;
    size_t *parts;
    size_t *member_of, *first;          /* item i stands in member_of[first[i] .. first[i + 1]) */
};

/* By indicator, period and breakdown, as strcmp. */
int gate_figure_order(const struct figure *a, const struct figure *b);
/* "age=0-4;sex=f" without its part from..from+len and the ';' beside that. */
void gate_without(const char *breakdown, size_t from, size_t len, char *ret);
/* Quarters of what flows add up to the year; of what is counted on a day they do not. */
bool gate_is_quarter(const struct figure *f, const struct definition *d);

/* A denominator and its two parts. */
struct gate_share { size_t whole, part, rest; };
/* Every sum whose whole is among the items, and behind those one of each share, from ret->n_plain on. Release in any case. */
MUST_USE enum err gate_sums_find(struct gate_item *items, size_t n, const struct gate_share *shares, size_t n_shares,
                                 struct gate_sums *ret);
void gate_sums_release(struct gate_sums *s);

/* ---- gate_solve.c ---- */

/* One number in every item: what it is, and what its readers know. */
struct gate_number {
    bool is_known;                      /* to everybody */
    bool is_withheld;                   /* must not be worked out; else, if it is not known, it just was not given */
    bool has_value;                     /* known to us */
    bool is_slack;                      /* what is left of one denominator, and stands nowhere else */
    int64_t value;
    int64_t low, high;                  /* what its readers know of it, if it is not known */
};

/* Could someone who knows what is known work out number `at`? True also when that could not be told within GATE_TRIES
 * steps. Tells nothing but what a second assignment proves: every sum holds, every bound, and `at` is another. */
struct gate_solver;
struct gate_solver *gate_solver_new(const struct gate_sums *s, size_t n, int64_t small_max);    /* NULL: no memory */
void gate_solver_free(struct gate_solver *g);
bool gate_is_exposed(struct gate_solver *g, const struct gate_number *numbers, size_t at);
/* Is number `at` what the other members of the sum come to, all of which are known? */
bool gate_tells(struct gate_solver *g, const struct gate_number *numbers, size_t sum, size_t at);

/* ---- gate_mend.c ---- */

struct gating {
    struct gate_item *items;
    size_t n_items;
    int64_t small_max;                  /* the largest count that is withheld */
    struct gate_cells cells;
    struct gate_item *nodes;            /* the cells, and behind them wholes that nobody gave */
    size_t n;
    struct gate_sums sums;
    struct gate_solver *solver;
    struct gate_number *were;           /* of each node, as they came: what we know */
    struct gate_number *numbers;        /* as they stand */
    size_t *queue, n_queue;             /* withheld, to be looked at; each stands there once */
    bool *is_queued;
    size_t *exposed, n_exposed;         /* withheld, and nothing beside them is left to go */
};
/* What we know of every number, before anything is withheld. */
void gate_remember(struct gating *g);
/* Withhold beside what is withheld until none of it can be worked out, or nothing is left to go: g->n_exposed. */
void gate_mend(struct gating *g);

/* ---- gate.c ---- */

void gate_hide_count(struct figure *f);
void gate_hide_denominator(struct figure *f);           /* and what stands beside it and would tell it */

/* ---- gate_solve.c, once more ---- */

enum { GATE_TRIES = 4000, GATE_SOLVER_MAX = 160, GATE_STEPS = 5 };      /* steps: how far from a number another is looked for */
#define GATE_NUMBER_MAX INT64_C(1000000000000)

#endif
