#include "cli/commands.h"

#include <string.h>

#include "cli/author/membership.h"
#include "cli/output/output.h"
#include "cli/say.h"
#include "keys/file.h"
#include "node/alliance.h"
#include "node/self.h"

const struct option_spec options_join[] = {
    {"charter", 0, OPTION_VALUE, "FILE", "join from a file that a steward made by `folkmoot alliance export`"},
    OPTIONS_END,
};

enum { JOIN_WAIT_S = 30 };

static enum exit_status refused(struct session *s)
{
    return say_refused(s, EXIT_NO, "refused", "it may have been used, or have expired: ask the steward for a new one",
                       "join: the steward's node did not take the invite");
}

/* What the home now is: {"state","charter"}. */
static enum exit_status answer(struct session *s, bool has_reached, bool must_recover)
{
    struct desk d;
    enum exit_status st = desk_open(s, STORE_WRITE, &d);    /* what --once has fetched */
    if (st != EXIT_OK) {
        desk_close(&d);
        return st;
    }
    const struct charter *c = desk_charter(&d);
    bool is_in = desk_is_member(&d);
    if (c == NULL && has_reached) {
        desk_close(&d);
        return refused(s);
    }
    if (c != NULL)
        (void)!store_unset(d.store, "trust");
    if (is_in)
        (void)!store_unset(d.store, "token");
    char hex[HEX_SIZE(HASH_LEN)] = "";
    if (c != NULL)
        hex_encode((struct bytes){c->hash.b, HASH_LEN}, hex);
    if (is_in)
        out(s, "%s is a member of %s.\nCharter hash: %s\n", d.identity->slug.s, c->name, hex);
    else if (c != NULL)
        out(s, "%s has asked to join %s and waits to be admitted.\nCharter hash: %s\n", d.identity->slug.s, c->name, hex);
    else
        out(s, "%s has not been answered yet.\n", d.identity->slug.s);
    json_t *doc = json_document(s);
    json_object_set_new(doc, "state", json_text(is_in ? "member" : "waiting"));
    json_object_set_new(doc, "charter", c != NULL ? json_text(hex) : json_null());
    json_object_set_new(doc, "reached", json_boolean(has_reached));
    st = output(s, doc, NULL);
    if (is_in && must_recover) {
        say_next(s, "`folkmoot recover` fetches our log and begins the next");
    } else if (is_in) {
        say_next(s, "start folkmootd, or run `folkmoot sync`");
    } else {
        char print[FINGERPRINT_SIZE];
        fingerprint(&d.identity->root, print);
        say_next(s, "read your fingerprint to a steward: %s. `folkmoot sync` asks whether you are in", print);
    }
    desk_close(&d);
    return st;
}

static enum err remember(struct desk *d, const struct invite *i)
{
    struct buf b = buf_on(1024);
    inviter_write(i->address, &i->node, &b);
    enum err e = buf_status(&b);
    if (e == OK)
        e = store_begin(d->store);
    if (e == OK) {
        e = membership_set(d, &i->alliance);
        if (e == OK)
            e = store_set(d->store, "trust", (struct bytes){i->charter.b, HASH_LEN});
        if (e == OK)
            e = store_set(d->store, "token", (struct bytes){i->token, TOKEN_LEN});
        if (e == OK)
            e = store_set(d->store, "inviter", buf_bytes(&b));
        if (e == OK)
            e = store_commit(d->store);
        else
            store_rollback(d->store);
    }
    buf_release(&b);
    return e;
}

/* The same invite again, after it was not answered, is no error; nor is the same charter, where our log was not begun. */
static enum exit_status may_join(struct desk *d, const struct alliance_id *alliance)
{
    bool is_empty = true;
    enum err e = membership_log_is_empty(d, &is_empty);
    if (e != OK)
        return say_failed(d->s, e, NULL, "join");
    if (d->has_alliance && ((desk_charter(d) != NULL && !is_empty) || !alliance_equal(&d->origin.alliance, alliance)))
        return say_refused(d->s, EXIT_NO, "exists", "one home is one membership: another alliance needs another home (-C)",
                           "this node belongs to an alliance already, or has asked to");
    return EXIT_OK;
}

static enum exit_status by_invite(struct desk *d, const char *word, bool *ret_reached)
{
    struct invite i;
    if (invite_parse(bytes_of(word), &i) != OK)
        return say_usage(d->s, "it is one line that begins with folkmoot-invite:", "join: this is no invite");
    enum exit_status st = EXIT_OK;
    if (i.expires_s < session_now_ms() / 1000)
        st = say_refused(d->s, EXIT_NO, "expired", "ask the steward for a new one", "join: the invite has expired");
    if (st == EXIT_OK)
        st = may_join(d, &i.alliance);
    enum err e = OK;
    if (st == EXIT_OK && (e = remember(d, &i)) != OK)
        st = say_failed(d->s, e, NULL, "join");
    wipe(&i, sizeof(i));
    if (st == EXIT_OK)
        st = membership_begin_log(d);
    if (st != EXIT_OK)
        return st;
    if (d->s->offline)
        return EXIT_OK;
    e = desk_sync(d, JOIN_WAIT_S, NULL);
    *ret_reached = e == OK;
    if (e == ERR_IO)
        return say_refused(d->s, EXIT_ENVIRONMENT, "no-peer", "the request is kept: `folkmoot sync` asks again",
                           "join: the steward's node could not be reached, or did not answer");
    return e == OK ? EXIT_OK : say_failed(d->s, e, NULL, "join: running folkmootd");
}

static enum err keep_parcel(struct desk *d, const struct parcel *p)
{
    enum err e = store_begin(d->store);
    if (e != OK)
        return e;
    e = membership_set(d, &p->alliance);
    if (e == OK)
        e = alliance_put(d->store, &d->identity->slug, NULL, p, NULL);
    uint32_t last = chain_current(p->chain)->version;
    for (uint32_t v = 1; e == OK && v <= last; v++) {
        enum chain_verdict verdict;
        struct hash hash;
        const struct charter *c = chain_version(p->chain, v);
        e = c != NULL ? chain_add(d->chain, chain_note(p->chain, &c->hash), &verdict, &hash) : ERR_NOMEM;
    }
    if (e == OK)
        return store_commit(d->store);
    store_rollback(d->store);
    return e;
}

/* Our log was begun under a root that the stewards have replaced by ours: it stands, and we begin the next. */
static bool is_ours_to_begin(const struct desk *d)
{
    const struct sign_public *root = chain_root_at(d->chain, &d->origin.slug, 1, 0);
    return root == NULL || memcmp(root->b, d->identity->root.b, sizeof(root->b)) == 0;
}

static enum exit_status by_file(struct desk *d, const char *file, bool *ret_recover)
{
    struct buf b = buf_on(PARCEL_MAX);
    struct parcel p = {0};
    enum err e = file_read(file, PARCEL_MAX, &b);
    if (e == OK)
        e = parcel_read(buf_bytes(&b), &p);
    enum exit_status st = EXIT_OK;
    if (e != OK)
        st = say_unreadable(d->s, e, file, "it must be what `folkmoot alliance export FILE` writes");
    if (st == EXIT_OK)
        st = may_join(d, &p.alliance);
    if (st == EXIT_OK) {
        const struct member *m = charter_find_root(chain_current(p.chain), &d->identity->root);
        if (m == NULL || !slug_equal(&m->slug, &d->identity->slug))
            st = say_refused(d->s, EXIT_NO, "not-named", "a steward admits it first, with --identity FILE",
                             "%s: this charter does not name %s",
                             file, d->identity->slug.s);
    }
    if (st == EXIT_OK && (e = keep_parcel(d, &p)) != OK)
        st = say_failed(d->s, e, NULL, "join");
    parcel_release(&p);
    buf_release(&b);
    if (st == EXIT_OK && !is_ours_to_begin(d)) {
        say_note(d->s, "the charter names a root key that was replaced here: our log up to now was begun under that one");
        *ret_recover = true;
        return EXIT_OK;
    }
    return st == EXIT_OK ? membership_begin_log(d) : st;
}

enum exit_status cmd_join(struct session *s)
{
    struct desk d;
    bool has_reached = false, must_recover = false;
    const char *file = option_value(&s->options, "charter"), *word = session_arg(s, 0);
    if ((file == NULL) == (word == NULL))
        return say_usage(s, "`folkmoot join INVITE`, or `folkmoot join --charter FILE`", "join: by what?");
    enum exit_status st = desk_open(s, STORE_WRITE, &d);
    if (st == EXIT_OK)
        st = file != NULL ? by_file(&d, file, &must_recover) : by_invite(&d, word, &has_reached);
    desk_close(&d);
    return st == EXIT_OK ? answer(s, has_reached, must_recover) : st;
}
