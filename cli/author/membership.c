#include "cli/author/membership.h"

#include "cli/author/inside.h"
#include "cli/say.h"

enum err membership_set(struct desk *d, const struct alliance_id *alliance)
{
    enum err e = store_set(d->store, "alliance", (struct bytes){alliance->b, sizeof(alliance->b)});
    if (e == OK)
        e = store_set(d->store, "slug", bytes_of(d->identity->slug.s));
    if (e != OK)
        return e;
    chain_free(d->chain);
    d->chain = chain_new(alliance);
    d->origin.alliance = *alliance;
    d->has_alliance = true;
    return d->chain != NULL ? OK : ERR_NOMEM;
}

enum exit_status membership_begin_log(struct desk *d)
{
    struct author *a = NULL;
    enum exit_status st = author_open(d, &a);
    if (st != EXIT_OK)
        return st;
    if (author_next(a) == 0) {
        enum err e = author_put_public(a, KIND_IDENTITY, buf_bytes(&d->identity_note));
        st = e == OK ? author_commit(a, NULL) : say_failed(d->s, e, NULL, "writing our identity into our log");
    }
    author_end(a);
    return st;
}

enum err membership_log_is_empty(struct desk *d, bool *ret)
{
    struct log_state l;
    struct buf note = buf_on(CHECKPOINT_MAX);
    enum err e = d->has_alliance ? store_log(d->store, &d->origin, &l, &note) : ERR_UNKNOWN;
    buf_release(&note);
    if (e == OK || e == ERR_UNKNOWN)
        *ret = e == ERR_UNKNOWN || l.frontier.size == 0;
    return e == ERR_UNKNOWN ? OK : e;
}
