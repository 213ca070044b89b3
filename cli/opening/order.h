/* cli/opening/order.h - opening records of ours: which, to whom, whether they may be public, and doing it.
 *
 *      order_begin         whom to
 *      order_add ...       a record, or a return and all its records
 *      order_gate          for the public: what would give away small counts
 *      order_fit           for the public: what a self-assessment cites that is not public
 *      order_sign          the keys, as entries of our log
 *      order_end           always
 *
 * Whatever fails has been said. */
#ifndef FOLKMOOT_CLI_OPENING_ORDER_H
#define FOLKMOOT_CLI_OPENING_ORDER_H

#include "cli/intake/intake.h"
#include "cli/publish/gate.h"
#include "cli/author/sealer.h"
#include "cli/record_id.h"

enum { ORDER_MAX = 4 * INTAKE_FIGURES_MAX };

struct order_item {
    uint64_t idx;
    bool is_figure;
};

struct order {
    struct desk *d;
    enum publish_to to;
    struct named named;                 /* with TO_NAMED */
    char audience[AUDIENCE_TEXT_SIZE];  /* its text; "" for readers who were never sealed to */
    struct order_item *items;           /* once order_settle was called: by index, each once */
    size_t n, cap, n_figures, n_already;
    struct withheld *withheld;          /* what the gate would withhold */
    size_t n_withheld;
    int64_t small_max;                  /* what it went by */
};

struct withheld {
    uint64_t idx;
    char indicator[INDICATOR_MAX + 1], period[PERIOD_MAX + 1], breakdown[BREAKDOWN_MAX + 1];
    enum gate_why why;
};

/* `to` as it was written: alliance, public, or members. */
enum exit_status order_begin(struct desk *d, struct view *v, const char *to, struct order *ret);
/* A record of ours in this generation of our log. What is open to them already is counted and passed over. */
enum exit_status order_add(struct order *o, struct view *v, const struct record_id *id);
/* The same on another view: what was withdrawn or opened since goes. */
enum exit_status order_again(struct order *o, struct view *v);
/* With TO_PUBLIC: fill o->withheld with every figure that could not be public as it stands. */
enum exit_status order_gate(struct order *o, struct view *v);
/* With TO_PUBLIC: tell `each` of every figure that a self-assessment among them cites, and that everybody is not told. */
typedef void (*order_unfit)(void *arg, uint64_t idx, const char *target, const char *words);
enum exit_status order_fit(struct order *o, struct view *v, order_unfit each, void *arg);
/* Put the keys into `a`; *ret_n is the number of entries. Nothing is signed yet. */
enum exit_status order_put(struct order *o, struct author *a, struct view *v, size_t *ret_n);
void order_end(struct order *o);

#endif
