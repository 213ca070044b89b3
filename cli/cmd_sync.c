#include "cli/commands.h"

#include "cli/author/readers.h"
#include "cli/output/output.h"
#include "cli/say.h"

const struct option_spec options_sync[] = {
    {"peer", 0, OPTION_VALUE, "SLUG|HOST:PORT", "only this one"},
    {"timeout", 0, OPTION_VALUE, "SECONDS", "give up after (30)"},
    OPTIONS_END,
};

static enum err sum(void *arg, const struct log_state *l)
{
    uint64_t *total = arg;
    *total += l->whole;
    return OK;
}

/* A round of gossip may bring the charter that lets us in: then what the invite left is done with. */
static enum exit_status after(struct session *s, uint64_t before, bool has_reached)
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
        uint64_t came = now > before ? now - before : 0;
        if (desk_is_member(&d))
            out(s, "%llu entries came; %llu are held.\n", (unsigned long long)came, (unsigned long long)now);
        else
            out(s, "Still waiting to be admitted.\n");
        json_t *doc = json_document(s);
        json_object_set_new(doc, "reached", json_boolean(has_reached));
        json_object_set_new(doc, "came", json_integer((json_int_t)came));
        json_object_set_new(doc, "entries", json_integer((json_int_t)now));
        json_object_set_new(doc, "state", json_text(desk_is_member(&d) ? "member" : "waiting"));
        st = output(s, doc, NULL);
    }
    desk_close(&d);
    return st;
}

enum exit_status cmd_sync(struct session *s)
{
    struct desk d;
    uint64_t before = 0, seconds = 30;
    const char *word = option_value(&s->options, "timeout");
    if (word != NULL && (bytes_u64(bytes_of(word), 3600, &seconds) != OK || seconds == 0))
        return say_usage(s, "1 to 3600", "--timeout %s: no number of seconds", word);
    enum exit_status st = desk_open(s, STORE_WRITE, &d);
    if (st == EXIT_OK && !d.has_alliance)
        st = desk_need_member(&d);
    enum err e = OK;
    if (st == EXIT_OK)
        e = store_each_log(d.store, sum, &before);
    if (st == EXIT_OK && e == OK)
        e = desk_sync(&d, (unsigned)seconds, option_value(&s->options, "peer"));
    desk_close(&d);
    if (st != EXIT_OK)
        return st;
    if (e == ERR_IO)
        return say_refused(s, EXIT_ENVIRONMENT, "no-peer", "`folkmoot status` shows what was tried",
                           "sync: no peer could be reached");
    if (e != OK)
        return say_failed(s, e, e == ERR_UNKNOWN ? "folkmootd must stand beside this program, in PATH, or be named by "
                                                   "FOLKMOOTD" : NULL, "sync");
    return after(s, before, true);
}
