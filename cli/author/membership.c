#include "cli/author/membership.h"

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
    enum exit_status st = author_begin(d, &a);
    if (st != EXIT_OK)
        return st;
    if (author_next(a) == 0) {
        enum err e = author_put_public(a, KIND_IDENTITY, buf_bytes(&d->identity_note));
        st = e == OK ? author_commit(a, NULL) : say_failed(d->s, e, NULL, "writing our identity into our log");
    }
    author_end(a);
    return st;
}
