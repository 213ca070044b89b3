#include "cli/commands.h"

#include <stdlib.h>

#include "cli/alliance/propose.h"
#include "cli/author/readers.h"
#include "cli/say.h"

const struct option_spec options_alliance_sign[] = {
    {"instead", 0, OPTION_FLAG, NULL, "open the next round for it: for when we have signed another proposal of this round"},
    OPTIONS_END,
};

static bool is_signed_by_us(const struct desk *d, const struct charter *c)
{
    struct note *n = malloc(sizeof(*n));
    struct note_key key = root_key(&d->identity->slug, &d->identity->root);
    bool is_signed = n != NULL && note_parse(chain_note(d->chain, &c->hash), n) == OK && note_check(n, &key, NULL) == OK;
    free(n);
    return is_signed;
}

/* The proposal of the highest round; of two in one round one that we have not signed: when we have signed the other, they are
 * deadlocked as far as we go, and that one is what --instead is for. */
static const struct charter *pending_of(struct desk *d)
{
    const struct charter *open[STEWARDS_MAX], *best = NULL;
    size_t n = chain_proposals(d->chain, open);
    for (size_t i = 0; i < n; i++)
        if (best == NULL || open[i]->round > best->round
            || (open[i]->round == best->round && is_signed_by_us(d, best) && !is_signed_by_us(d, open[i])))
            best = open[i];
    return best;
}

static enum exit_status again(struct desk *d, const struct charter *pending, struct proposed *ret)
{
    struct charter *next = charter_copy(pending);
    if (next == NULL)
        return say_failed(d->s, ERR_NOMEM, NULL, "alliance sign");
    enum exit_status st = propose(d, next, true, ret);
    charter_free(next);
    return st;
}

static enum exit_status sign(struct desk *d)
{
    struct proposed p;
    const struct charter *pending = d->chain != NULL ? pending_of(d) : NULL;
    enum exit_status st = propose_need_signer(d, pending);
    if (st != EXIT_OK)
        return st;
    if (pending == NULL)
        return say_refused(d->s, EXIT_NO, "nothing-pending", "`folkmoot sync` fetches what other stewards propose",
                           "no change of the charter waits for a signature");
    propose_show(d, desk_charter(d), pending);
    st = ask_yes(d->s, "Sign it?");
    if (st == EXIT_OK)
        st = option_flag(&d->s->options, "instead") ? again(d, pending, &p) : propose_countersign(d, pending, &p);
    if (st != EXIT_OK)
        return st;
    if (p.stands)
        readers_pay_best(d);
    return propose_answer(d, &p);
}

enum exit_status cmd_alliance_sign(struct session *s)
{
    return desk_run(s, DESK_WRITE, sign);
}
