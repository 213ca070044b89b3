#include "cli/commands.h"

#include <string.h>

#include "cli/alliance/propose.h"
#include "cli/duration.h"
#include "cli/output/output.h"
#include "cli/say.h"

const struct option_spec options_alliance_invite[] = {
    {"expires", 0, OPTION_VALUE, "TIME", "how long it may be used: 12h, 7d, 2w (7d)"},
    {"address", 0, OPTION_VALUE, "HOST:PORT", "where to reach this node, when it is not the first address it advertises"},
    OPTIONS_END,
};

enum { DAY_S = 24 * 3600 };

static enum exit_status make(struct desk *d, struct invite *i)
{
    uint64_t lasts_s = 7 * DAY_S;
    const char *expires = option_value(&d->s->options, "expires"), *address = option_value(&d->s->options, "address");
    if (expires != NULL && duration_parse(bytes_of(expires), &lasts_s) != OK)
        return say_usage(d->s, "for example 12h, 7d or 2w", "--expires %s: no length of time", expires);
    if (address == NULL && d->identity->n_addresses > 0)
        address = d->identity->addresses[0];
    if (address == NULL)
        return say_refused(d->s, EXIT_NO, "no-address", "let a steward invite whose node can be dialled, or use "
                                                        "`folkmoot alliance export`",
                           "this node advertises no address that a newcomer could dial");
    if (!address_is_valid(bytes_of(address)) || bytes_to_str(bytes_of(address), i->address, sizeof(i->address)) != OK)
        return say_usage(d->s, "for example node.example.gov.uk:7117", "--address %s: no HOST:PORT", address);
    i->alliance = d->origin.alliance;
    i->charter = desk_charter(d)->hash;
    i->node = d->identity->node;
    i->expires_s = session_now_ms() / 1000 + lasts_s;
    random_fill(i->token, sizeof(i->token));
    return EXIT_OK;
}

static enum exit_status invite(struct desk *d)
{
    struct invite i = {0};
    char line[INVITE_TEXT_MAX], until[TIME_TEXT_MAX];
    enum exit_status st = propose_need_steward(d);
    if (st == EXIT_OK)
        st = make(d, &i);
    if (st != EXIT_OK)
        return st;
    struct invite_row row = {.token_hash = invite_token_hash(i.token), .expires_s = i.expires_s};
    enum err e = store_put_invite(d->store, &row);
    if (e != OK)
        return say_failed(d->s, e, e == ERR_LIMIT ? "64 invites are open; they expire by themselves" : NULL, "keeping the invite");
    desk_ring(d);
    if ((e = invite_write(&i, line)) != OK)
        return say_failed(d->s, e, NULL, "writing the invite");
    time_text(i.expires_s * 1000, until);
    out(d->s, "%s\n", line);
    json_t *doc = json_document(d->s);
    json_object_set_new(doc, "invite", json_text(line));
    json_object_set_new(doc, "expires", json_text(until));
    st = output(d->s, doc, NULL);
    say_next(d->s, "send it over a channel you trust, to one body; it works once, until %s. `folkmoot alliance requests` shows who "
                   "answered; keep folkmootd running until then", until);
    wipe(&i, sizeof(i));
    return st;
}

enum exit_status cmd_alliance_invite(struct session *s)
{
    return desk_run(s, DESK_WRITE, invite);
}
