/* cli/opening/order_fit.c - self-assessments on their way to the public: what they cite must be public before them. */
#include <stdlib.h>

#include "cli/assess/fit.h"
#include "cli/opening/order.h"
#include "cli/say.h"
#include "cli/view/assessments.h"
#include "protocol/assessment.h"

struct fitting {
    struct order *o;
    const struct everybody *everybody;
    uint64_t idx;
    order_unfit each;
    void *arg;
};

static int by_idx(const void *a, const void *b)
{
    uint64_t p = *(const uint64_t *)a, q = ((const struct order_item *)b)->idx;
    return (p > q) - (p < q);
}

static enum err unfit(void *arg, const struct evidence *e, const char *code, const char *words)
{
    const struct fitting *x = arg;
    (void)code;
    x->each(x->arg, x->idx, e->target, words);
    return OK;
}

static enum err look(void *arg, const struct assessment_row *r)
{
    struct fitting *x = arg;
    struct assessment_head head;
    struct bytes body;
    if (r->generation != x->o->d->origin.generation || r->text.len == 0 ||
        bsearch(&r->idx, x->o->items, x->o->n, sizeof(*x->o->items), by_idx) == NULL)
        return OK;
    if (assessment_text_read(r->text, &head, &body) != OK)
        return ERR_CORRUPT;                     /* the view takes no other */
    x->idx = r->idx;
    return fit_walk(x->everybody, &r->slug, body, unfit, x);
}

enum exit_status order_fit(struct order *o, struct view *v, order_unfit each, void *arg)
{
    struct everybody everybody;
    struct fitting x = {.o = o, .everybody = &everybody, .each = each, .arg = arg};
    if (o->to != TO_PUBLIC || o->n == o->n_figures)
        return EXIT_OK;
    enum exit_status st = everybody_open(o->d, &everybody);
    if (st != EXIT_OK)
        return st;
    enum err e = view_assessment_versions(v, o->d->origin.slug.s, 0, look, &x);
    everybody_close(&everybody);
    return e == OK ? EXIT_OK : say_failed(o->d->s, e, NULL, "looking at what it cites");
}
