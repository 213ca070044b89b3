/* cli/view/fold_signoff.c - whether the officer whom a return names stands behind it. */
#include "cli/view/inside.h"

#include <stdio.h>
#include <stdlib.h>

#include "protocol/signoff.h"

struct officers { struct identity *id; bool has; };

static enum err take(void *arg, uint64_t idx, const struct item *item)
{
    struct officers *x = arg;
    (void)idx;
    x->has = item->has_payload && identity_open(payload_body(item->payload), x->id) == OK;
    return OK;
}

/* Identities were folded before any record, and only those that the right root has signed. */
static enum err in_force(struct fold *f, struct officers *x)
{
    uint64_t at = 0;
    struct vsql q = vsql_start(f->v, V_IDENTITY_BEFORE);
    vsql_text(&q, f->slug);
    vsql_u64(&q, f->log->origin.generation);
    vsql_u64(&q, f->idx);
    bool is_there = vsql_row(&q);
    if (is_there)
        at = vsql_col_u64(&q, 0);
    enum err e = vsql_end(&q);
    return e == OK && is_there ? store_each_entry(f->with->store, &f->log->origin, at, at + 1, take, x) : e;
}

enum err fold_signoff(struct fold *f, const struct batch_return *r, char ret[SIGNED_OFF_SIZE])
{
    struct officers x = {.id = NULL};
    ret[0] = '\0';
    if (r->signed_role[0] == '\0')
        return OK;                          /* a name that no key bears out is nobody's word */
    if ((x.id = malloc(sizeof(*x.id))) == NULL)
        return ERR_NOMEM;
    enum err e = in_force(f, &x), held = ERR_SIGNATURE;
    if (e == OK && x.has)
        held = signoff_check(&f->log->origin, r, x.id->officers, x.id->n_officers);
    free(x.id);
    if (e != OK || held == ERR_NOMEM)
        return e != OK ? e : held;
    if (held == OK)
        (void)snprintf(ret, SIGNED_OFF_SIZE, "%s%s%s", r->signed_role, r->signed_off[0] != '\0' ? " " : "", r->signed_off);
    return held == OK ? OK : fold_problem(f, "sign-off");
}
