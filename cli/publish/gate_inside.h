/* cli/publish/gate_inside.h - what the files of the gate share: the sums that cells stand in, and what a reader of
 * them could work out. */
#ifndef FOLKMOOT_CLI_PUBLISH_GATE_INSIDE_H
#define FOLKMOOT_CLI_PUBLISH_GATE_INSIDE_H

#include "cli/publish/gate.h"

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
    size_t n;
    size_t *parts;
    size_t *member_of, *first;          /* item i stands in member_of[first[i] .. first[i + 1]) */
};

/* By indicator, period and breakdown, as strcmp. */
int gate_figure_order(const struct figure *a, const struct figure *b);
/* "age=0-4;sex=f" without its part from..from+len and the ';' beside that. */
void gate_without(const char *breakdown, size_t from, size_t len, char *ret);
/* Quarters of what flows add up to the year; of what is counted on a day they do not. */
bool gate_is_quarter(const struct figure *f, const struct definition *d);

/* Every sum whose whole is among the items. Release in any case. */
MUST_USE enum err gate_sums_find(struct gate_item *items, size_t n, struct gate_sums *ret);
void gate_sums_release(struct gate_sums *s);

/* ---- gate_solve.c ---- */

/* One number in every item: what it is, and what its readers know. */
struct gate_number {
    bool is_known;                      /* to everybody */
    bool is_withheld;                   /* must not be worked out; else, if it is not known, it just was not given */
    bool has_value;                     /* known to us */
    int64_t value;
    int64_t low, high;                  /* what its readers know of it, if it is not known */
};

/* Could someone who knows what is known work out number `at`? True also when that could not be told within GATE_TRIES
 * steps. Tells nothing but what a second assignment proves: every sum holds, every bound, and `at` is another. */
struct gate_solver;
struct gate_solver *gate_solver_new(const struct gate_sums *s, size_t n);       /* NULL: no memory */
void gate_solver_free(struct gate_solver *g);
bool gate_is_exposed(struct gate_solver *g, const struct gate_number *numbers, size_t at);

enum { GATE_TRIES = 4000, GATE_SOLVER_MAX = 160 };
#define GATE_NUMBER_MAX INT64_C(1000000000000)

#endif
