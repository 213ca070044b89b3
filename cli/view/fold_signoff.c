/* cli/view/fold_signoff.c - whether the officer whom a return names stands behind it. */
#include "cli/view/inside.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "protocol/signoff.h"

static enum err take(void *arg, uint64_t idx, const struct item *item)
{
    struct identity *id = arg;
    (void)idx;
    if (!item->has_payload || identity_open(payload_body(item->payload), id) != OK)
        id->n_officers = 0;
    return OK;
}

/* Identities were folded before any record, and only those that the right root has signed. */
enum err fold_officers(struct fold *f, struct identity *ret)
{
    uint64_t at = 0;
    memset(ret, 0, sizeof(*ret));
    struct vsql q = vsql_start(f->v, V_IDENTITY_BEFORE);
    vsql_text(&q, f->slug);
    vsql_u64(&q, f->log->origin.generation);
    vsql_u64(&q, f->idx);
    bool is_there = vsql_row(&q);
    if (is_there)
        at = vsql_col_u64(&q, 0);
    enum err e = vsql_end(&q);
    return e == OK && is_there ? store_each_entry(f->with->store, &f->log->origin, at, at + 1, take, ret) : e;
}

enum err fold_signoff(struct fold *f, const struct batch_return *r, char ret[SIGNED_OFF_SIZE])
{
    struct identity *id;
    ret[0] = '\0';
    if (r->signed_role[0] == '\0')
        return OK;                          /* a name that no key bears out is nobody's word */
    if ((id = malloc(sizeof(*id))) == NULL)
        return ERR_NOMEM;
    enum err e = fold_officers(f, id), held = ERR_SIGNATURE;
    if (e == OK && id->n_officers > 0)
        held = signoff_check(&f->log->origin, r, id->officers, id->n_officers);
    free(id);
    if (e != OK || held == ERR_NOMEM)
        return e != OK ? e : held;
    if (held == OK)
        (void)snprintf(ret, SIGNED_OFF_SIZE, "%s%s%s", r->signed_role, r->signed_off[0] != '\0' ? " " : "", r->signed_off);
    return held == OK ? OK : fold_problem(f, "sign-off");
}
