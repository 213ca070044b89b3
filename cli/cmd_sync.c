#include "cli/commands.h"

#include <string.h>

#include "cli/author/readers.h"
#include "cli/opening/promise.h"
#include "cli/output/output.h"
#include "cli/say.h"
#include "cli/sync_folder.h"

const struct option_spec options_sync[] = {
    {"peer", 0, OPTION_VALUE, "SLUG|HOST:PORT", "only this one"},
    {"timeout", 0, OPTION_VALUE, "SECONDS", "give up after (30)"},
    {"dir", 0, OPTION_VALUE, "DIR", "through a folder that all share, where no link passes; nobody is asked"},
    OPTIONS_END,
};

static enum err sum(void *arg, const struct log_state *l)
{
    uint64_t *total = arg;
    *total += l->whole;
    return OK;
}

/* ---- with whom ---- */

static enum exit_status read_address(struct desk *d, const char *word, const char **ret)
{
    if (!address_is_valid(bytes_of(word)))
        return say_usage(d->s, "give a member, or HOST:PORT", "--peer %s: this is no address", word);
    if (desk_is_member(d) && desk_is_alone(d))
        return say_refused(d->s, EXIT_NO, "alone", "`folkmoot alliance invite` invites somebody",
                           "--peer %s: nobody but this node is in %s yet", word, desk_charter(d)->name);
    *ret = word;
    return EXIT_OK;
}

/* The slug or address that --peer means, or NULL for everybody. */
static enum exit_status read_peer(struct desk *d, const char **ret)
{
    const char *word = option_value(&d->s->options, "peer");
    *ret = NULL;
    if (word == NULL)
        return EXIT_OK;
    if (strchr(word, ':') != NULL)
        return read_address(d, word, ret);
    const struct member *m = desk_find_member(d, word);
    if (m == NULL)
        return EXIT_USAGE;
    if (slug_equal(&m->slug, &d->identity->slug))
        return say_usage(d->s, "name another member", "--peer %s: this is this node itself", word);
    if (m->is_former)
        return say_refused(d->s, EXIT_NO, "former-member", "name a member", "--peer %s: it is no member any more", word);
    *ret = m->slug.s;
    return EXIT_OK;
}

/* ---- what came ---- */

static const char *state_of(const struct desk *d)
{
    return desk_is_member(d) ? "member" : desk_is_former(d) ? "former" : "waiting";
}

static void describe(struct desk *d, uint64_t came, uint64_t now)
{
    if (desk_is_former(d))
        out(d->s, "%s is no longer a member of %s: nothing comes any more.\n", d->identity->slug.s, desk_charter(d)->name);
    else if (!desk_is_member(d))
        out(d->s, "Still waiting to be admitted.\n");
    else if (desk_is_alone(d))
        out(d->s, "Nobody but this node is in %s yet: there was nobody to ask.\n", desk_charter(d)->name);
    else
        out(d->s, "%llu %s came; %llu are held.\n", (unsigned long long)came, came == 1 ? "entry" : "entries",
            (unsigned long long)now);
}

static enum exit_status answer(struct desk *d, uint64_t came, uint64_t now)
{
    json_t *doc = json_document(d->s);
    describe(d, came, now);
    json_object_set_new(doc, "reached", json_boolean(!desk_is_member(d) || !desk_is_alone(d)));
    json_object_set_new(doc, "came", json_integer((json_int_t)came));
    json_object_set_new(doc, "entries", json_integer((json_int_t)now));
    json_object_set_new(doc, "state", json_text(state_of(d)));
    enum exit_status st = output(d->s, doc, NULL);
    if (st != EXIT_OK || desk_is_former(d))
        return st;
    if (!desk_is_member(d))
        say_next(d->s, "a steward must admit this node; `folkmoot sync` asks again");
    else if (desk_is_alone(d))
        say_next(d->s, "`folkmoot alliance invite` makes an invite for one body");
    else
        say_next(d->s, "`folkmoot coverage` says who has returned what");
    return st;
}

/* A round of gossip may bring the charter that lets us in: then what the invite left is done with. */
static enum exit_status after(struct session *s, uint64_t before)
{
    struct desk d;
    uint64_t now = 0;
    enum exit_status st = desk_open(s, STORE_WRITE, &d);
    enum err e = st == EXIT_OK ? store_each_log(d.store, sum, &now) : OK;
    if (e != OK)
        st = say_failed(s, e, NULL, "sync");
    if (st == EXIT_OK) {
        if (desk_charter(&d) != NULL)
            (void)!store_unset(d.store, "trust");
        if (desk_is_member(&d)) {
            (void)!store_unset(d.store, "token");
            readers_pay_best(&d);
        }
        st = answer(&d, now > before ? now - before : 0, now);
        if (st == EXIT_OK && desk_is_member(&d) && desk_view(&d, &d.view) == EXIT_OK)
            promises_remind(&d, d.view);
    }
    desk_close(&d);
    return st;
}

static enum exit_status failed(struct session *s, enum err e)
{
    if (e == ERR_IO)
        return say_refused(s, EXIT_ENVIRONMENT, "no-peer", "`folkmoot status` shows what was tried",
                           option_value(&s->options, "peer") == NULL ? "sync: no peer could be reached"
                                                                     : "sync: that peer could not be reached");
    if (e == ERR_UNKNOWN)
        return say_refused(s, EXIT_ENVIRONMENT, "no-folkmootd", "it must stand beside this program, in PATH, or be named by "
                                                                "FOLKMOOTD", "sync: the program folkmootd was not found");
    return say_failed(s, e, NULL, "sync");
}

static enum exit_status by_links(struct session *s)
{
    struct desk d;
    uint64_t before = 0, seconds = 30;
    const char *word = option_value(&s->options, "timeout"), *peer = NULL;
    if (word != NULL && (bytes_u64(bytes_of(word), 3600, &seconds) != OK || seconds == 0))
        return say_usage(s, "1 to 3600", "--timeout %s: no number of seconds", word);
    enum exit_status st = desk_open(s, STORE_WRITE, &d);
    if (st == EXIT_OK && !d.has_alliance)
        st = desk_need_member(&d);
    if (st == EXIT_OK)
        st = read_peer(&d, &peer);
    enum err e = OK;
    if (st == EXIT_OK)
        e = store_each_log(d.store, sum, &before);
    if (st == EXIT_OK && e == OK && !(desk_is_member(&d) && desk_is_alone(&d)))
        e = desk_sync(&d, (unsigned)seconds, peer);
    desk_close(&d);
    if (st != EXIT_OK)
        return st;
    return e == OK ? after(s, before) : failed(s, e);
}

enum exit_status cmd_sync(struct session *s)
{
    if (option_value(&s->options, "dir") == NULL)
        return by_links(s);
    if (option_value(&s->options, "peer") != NULL || option_value(&s->options, "timeout") != NULL)
        return say_usage(s, "give one or the other", "sync: --dir asks nobody, so --peer and --timeout do not go with it");
    return desk_run(s, DESK_WRITE, sync_folder);
}
