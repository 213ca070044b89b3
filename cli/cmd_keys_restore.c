/* cli/cmd_keys_restore.c - this node again, from a backup or its seed; and what then remains to be done.
 *
 * With FILE: an empty home is made from it. Then, and without FILE in a home that came back older than its own log, or lost a
 * key file: our log and our newest identity are fetched from peers, the keys that it names are made again, and after a restore
 * the node and the witness key are changed for new ones. */
#include "cli/commands.h"

#include <stdlib.h>
#include <unistd.h>

#include "cli/author/identity.h"
#include "cli/key_files.h"
#include "cli/output/output.h"
#include "cli/restore.h"
#include "cli/say.h"
#include "keys/file.h"
#include "keys/regain.h"

const struct option_spec options_keys_restore[] = {
    {"charter", 0, OPTION_VALUE, "FILE", "with recovery.txt: what `folkmoot alliance export` wrote at any member's"},
    OPTIONS_END,
};

enum { FETCH_WAIT_S = 60, ROUNDS = 3 };

struct rest {
    struct desk *d;
    const struct sym_secret *seed;
    bool is_restored;                       /* the mark of a restore stands here */
    bool has_reached, has_taken;            /* a peer; keys that were missing */
    uint64_t size;                          /* of our log, on this disk */
};

static bool mark_stands(const struct session *s)
{
    char path[FILE_PATH_MAX];
    home_path(&s->home, HOME_RESTORED, path);
    return file_check_private(path) != ERR_UNKNOWN;
}

/* A key file is missing, or holds another key than our identity names. */
static bool lacks_keys(const struct desk *d)
{
    static const enum key_purpose all[] = {PURPOSE_LOG, PURPOSE_WITNESS, PURPOSE_BOX, PURPOSE_NODE};
    for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++)
        if (key_file_look(d, all[i]).trouble != NULL)
            return true;
    return false;
}

/* ---- hearing who we are ---- */

/* Under the lock: is there a newer identity of ours than this home's?  Then its keys are made; with `again` in any case: they are
 * not all here, or our log has come meanwhile and names the box keys of before. */
static enum err take_keys(struct rest *r, bool again, bool *ret_new)
{
    struct desk *d = r->d;
    char path[FILE_PATH_MAX];
    int lock = -1;
    struct identity *id = malloc(sizeof(*id));
    struct buf note = buf_on(IDENTITY_MAX);
    *ret_new = false;
    home_path(&d->s->home, HOME_SIGN_LOCK, path);
    enum err e = id != NULL ? file_lock(path, true, &lock) : ERR_NOMEM;
    if (e == OK)
        e = identity_newest(d, id, &note);
    const bool is_newer = e == OK && id->version > d->identity->version;
    if (is_newer || (again && (e == OK || e == ERR_UNKNOWN)))
        e = identity_take_keys(d, r->seed);
    *ret_new = is_newer && e == OK;
    r->has_taken = r->has_taken || *ret_new;
    if (lock >= 0)
        file_unlock(lock);
    desk_ring(d);
    free(id);
    buf_release(&note);
    return e == ERR_UNKNOWN ? OK : e;
}

static enum err own_size(struct rest *r)
{
    struct log_state l;
    struct buf note = buf_on(CHECKPOINT_MAX);
    enum err e = store_log(r->d->store, &r->d->origin, &l, &note);
    r->size = e == OK ? l.frontier.size : 0;
    buf_release(&note);
    return e == ERR_UNKNOWN ? OK : e;
}

static bool is_waiting(const struct desk *d)
{
    return d->has_alliance && !desk_is_member(d) && !desk_is_former(d);
}

/* Is there anybody to ask? Who waits knows whose invite it had. */
static bool may_reach(const struct desk *d)
{
    return is_waiting(d) || !desk_is_alone(d);
}

/* Peers first say who we are, then give our log back to whom they know: so it may take two rounds. */
static enum exit_status fetch(struct rest *r)
{
    struct session *s = r->d->s;
    bool is_new = true;
    const bool is_lacking = !r->is_restored && lacks_keys(r->d);
    enum err e = take_keys(r, is_lacking, &is_new);     /* at once: without a node key there is no link */
    r->has_taken = r->has_taken || (is_lacking && e == OK);
    is_new = true;
    for (unsigned round = 0; e == OK && is_new && round < ROUNDS && !s->offline && may_reach(r->d); round++) {
        enum err synced = desk_sync(r->d, FETCH_WAIT_S, NULL);
        if (synced == ERR_UNKNOWN)
            return say_refused(s, EXIT_ENVIRONMENT, "no-folkmootd", "it must stand beside this program, in PATH, or be named by "
                               "FOLKMOOTD", "keys restore: the program folkmootd was not found");
        r->has_reached = r->has_reached || synced == OK;
        e = desk_read_charters(r->d);
        if (e == OK)
            e = take_keys(r, false, &is_new);
    }
    if (e == OK && (r->has_taken || r->is_restored))
        e = take_keys(r, true, &is_new);
    if (e == OK)
        e = own_size(r);
    if (e == ERR_KEY)
        return say_refused(s, EXIT_NO, "other-seed", "give the seed that those keys come from: a backup of later",
                           "keys restore: we are known by keys that do not come from this seed");
    return e == OK ? EXIT_OK : say_failed(s, e, NULL, "keys restore");
}

static enum exit_status need_log(const struct rest *r)
{
    struct session *s = r->d->s;
    if (desk_is_alone(r->d) && r->size == 0)
        return say_refused(s, EXIT_NO, "alone", "`folkmoot bundle import FILE` takes it back from a bundle, then run this again",
                           "keys restore: nobody else is in the alliance, so nobody holds our log");
    if (!r->has_reached && !s->offline && !desk_is_alone(r->d))
        return say_refused(s, EXIT_ENVIRONMENT, "no-peer", "the home is there and signs nothing: run `folkmoot keys restore` "
                           "again when one is; --offline does without, and can tell two stories",
                           "keys restore: no peer in reach has said what we signed before");
    if (r->size == 0)
        return say_refused(s, EXIT_ENVIRONMENT, "no-log",
                           "run `folkmoot keys restore` again when a member that holds it is in reach",
                           "keys restore: our own log has not come back");
    return EXIT_OK;
}

/* ---- the end of a restore ---- */

/* Nobody knows the keys of a body that is in no alliance: they may as well be the old ones. */
static enum exit_status regain_alone(struct rest *r)
{
    struct desk *d = r->d;
    enum err e = regain_keys(&d->s->home, r->seed, buf_bytes(&d->identity_note), true, 1, &d->identity->box);
    return e == OK ? EXIT_OK : say_failed(d->s, e, NULL, "making the keys again");
}

static enum exit_status renew(struct rest *r)
{
    struct identity_change c = {
        .what = "giving the node new keys", .rotated = 1u << PURPOSE_NODE | 1u << PURPOSE_WITNESS, .seed = r->seed,
    };
    enum exit_status st = need_log(r);
    return st == EXIT_OK ? identity_change(r->d, &c, NULL) : st;
}

static enum exit_status remove_mark(struct session *s)
{
    char path[FILE_PATH_MAX];
    home_path(&s->home, HOME_RESTORED, path);
    enum err e = unlink(path) == 0 ? OK : ERR_IO;
    home_path(&s->home, HOME_PRIVATE, path);
    if (e == OK)
        e = folder_sync(path);
    return e == OK ? EXIT_OK : say_failed(s, e, "run it again", "removing private/restored");
}

/* It waited when it was backed up, and nobody has said that it still does. */
static bool is_unheard(const struct rest *r)
{
    return r->is_restored && is_waiting(r->d) && !r->has_reached;
}

/* Who asked and has not been let in is known by nobody else's charter, and by the keys of its request. Were it let in since the
 * backup, its log may have grown, and its witness has made promises [P-98]: only a peer tells, and until then the mark stays. */
static enum exit_status go_on_waiting(struct rest *r)
{
    struct session *s = r->d->s;
    if (!is_unheard(r))
        return regain_alone(r);
    return s->offline ? EXIT_OK
         : say_refused(s, EXIT_ENVIRONMENT, "no-peer", "the home is there and signs nothing: run `folkmoot keys restore` again "
                       "when the steward's node is in reach",
                       "keys restore: it waited for admission, and no peer in reach has said whether it is a member now");
}

static enum exit_status answer(struct rest *r)
{
    struct desk *d = r->d;
    json_t *doc = json_document(d->s);
    out(d->s, "%s is back: version %u of its identity, %llu entr%s of its log.\n", d->identity->slug.s,
        (unsigned)d->identity->version, (unsigned long long)r->size, r->size == 1 ? "y" : "ies");
    json_object_set_new(doc, "slug", json_text(d->identity->slug.s));
    json_object_set_new(doc, "version", json_integer(d->identity->version));
    json_object_set_new(doc, "size", json_integer((json_int_t)r->size));
    json_object_set_new(doc, "new_keys", json_boolean(r->is_restored && d->has_alliance && !is_waiting(d)));
    json_object_set_new(doc, "waiting", json_boolean(is_waiting(d)));
    json_object_set_new(doc, "reached", json_boolean(r->has_reached));
    enum exit_status st = output(d->s, doc, NULL);
    if (r->is_restored)
        say_note(d->s, "where the old machine may still run, stop it: two nodes of one body tell two stories");
    if (is_unheard(r))
        say_next(d->s, "it signs nothing before a peer has said whether it is a member now: `folkmoot keys restore` again, when "
                 "the steward's node is in reach");
    else if (is_waiting(d))
        say_next(d->s, "it waits to be admitted, as it did: `folkmoot sync` asks whether it is in");
    else
        say_next(d->s, "start folkmootd; `folkmoot keys backup FILE` makes a new backup");
    return st;
}

static enum exit_status finish(struct desk *d, const struct sym_secret *seed)
{
    struct rest r = {.d = d, .seed = seed, .is_restored = mark_stands(d->s)};
    d->is_restoring = r.is_restored;
    enum exit_status st = d->has_alliance ? fetch(&r) : EXIT_OK;
    if (st == EXIT_OK && !d->has_alliance && (r.is_restored || lacks_keys(d))) {
        st = regain_alone(&r);
        r.has_taken = st == EXIT_OK;
    }
    if (st == EXIT_OK && d->has_alliance && r.is_restored)
        st = is_waiting(d) ? go_on_waiting(&r) : renew(&r);
    if (st == EXIT_OK && r.is_restored && !is_unheard(&r))
        st = remove_mark(d->s);
    if (st == EXIT_OK && !r.is_restored && !r.has_taken)
        return say_refused(d->s, EXIT_NO, "nothing-to-restore",
                           "`folkmoot keys restore FILE` into an empty home (-C) sets a node up again",
                           "keys restore: this home has the keys by which it is known");
    enum err e = st == EXIT_OK ? own_size(&r) : OK;
    if (e != OK)
        st = say_failed(d->s, e, NULL, "keys restore");
    return st == EXIT_OK ? answer(&r) : st;
}

static enum exit_status finish_home(struct session *s, const struct sym_secret *given)
{
    struct desk d;
    struct sym_secret seed = {{0}};
    enum exit_status st = desk_open(s, STORE_WRITE, &d);
    if (st == EXIT_OK && given == NULL)
        st = desk_seed(s, &seed);
    if (st == EXIT_OK)
        st = finish(&d, given != NULL ? given : &seed);
    wipe(&seed, sizeof(seed));
    desk_close(&d);
    return st;
}

enum exit_status cmd_keys_restore(struct session *s)
{
    const char *file = session_arg(s, 0), *charter = option_value(&s->options, "charter");
    struct opened o;
    if (file == NULL && charter != NULL)
        return say_usage(s, "`folkmoot keys restore recovery.txt --charter FILE`", "--charter: it goes with a recovery file");
    if (file == NULL)
        return finish_home(s, NULL);
    enum exit_status st = session_home(s);
    opened_init(&o);
    if (st == EXIT_OK)
        st = restore_need_empty(s);         /* before anybody is asked for a passphrase */
    if (st == EXIT_OK)
        st = opened_read(s, file, &o);
    if (st == EXIT_OK)
        st = restore_home(s, &o, charter);
    if (st == EXIT_OK)
        st = finish_home(s, &o.seed);
    opened_release(&o);
    return st;
}
