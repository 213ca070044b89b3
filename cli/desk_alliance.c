#include "cli/desk.h"

#include "cli/say.h"
#include "node/alliance.h"

enum exit_status desk_settle(struct desk *d)
{
    struct session *s = d->s;
    struct alliance_report r;
    enum err e = alliance_settle(&s->home, d->store, &r);
    if (e == ERR_NOMEM || e == ERR_CORRUPT)
        return say_failed(s, e, NULL, "reading the charter");
    if (r.was_given_back)
        say_warning(s, "node/log.db had lost its charters: they were given back from node/alliance, and the logs will be fetched "
                       "from peers");
    if (r.unreadable != OK)
        say_warning(s, "node/alliance cannot be read: %s", err_text(r.unreadable));
    if (e != OK)
        say_warning(s, "node/alliance could not be brought up to date: %s; folkmootd tries again", err_text(e));
    return EXIT_OK;
}

enum err desk_parcel(struct desk *d, struct buf *ret)
{
    struct bytes ours = desk_is_member(d) ? buf_bytes(&d->identity_note) : (struct bytes){NULL, 0};
    return alliance_parcel(d->chain, d->store, &d->identity->slug, ours, ret);
}
