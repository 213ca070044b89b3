/* cli/cmd_recover.c - after a lost machine, a restored home, a fork, a loss that nobody can make good: shows what is known,
 * asks, does it. A home that has to be made, or lacks its keys, is the business of `keys restore`, which it runs. */
#include "cli/commands.h"

#include <string.h>
#include <unistd.h>

#include "cli/author/author.h"
#include "cli/output/output.h"
#include "cli/recover/recover.h"
#include "cli/say.h"

const struct option_spec options_recover[] = {
    {"branch", 0, OPTION_VALUE, "FILE", "the other story, as `folkmoot bundle export` writes it where it is held"},
    {"charter", 0, OPTION_VALUE, "FILE", "with recovery.txt: what `folkmoot alliance export` wrote at any member's"},
    {"keep", 0, OPTION_CHOICE, "ours|other", "which story stands, where no quorum has witnessed either"},
    OPTIONS_END,
};

static json_t *story(const struct branch *b)
{
    json_t *j = json_object();
    json_object_set_new(j, "size", json_integer((json_int_t)b->size));
    json_object_set_new(j, "root", json_hex((struct bytes){b->root.b, HASH_LEN}));
    json_object_set_new(j, "quorum", json_integer((json_int_t)b->quorum));
    return j;
}

static json_t *peers(const struct recovery *r)
{
    static const char *const words[] = {[SAID_OURS] = "ours", [SAID_OTHER] = "other", [SAID_MORE] = "more"};
    json_t *list = json_array();
    for (size_t i = 0; i < r->n_peers; i++) {
        json_t *j = json_object();
        json_object_set_new(j, "slug", json_text(r->peers[i].slug.s));
        json_object_set_new(j, "size", json_integer((json_int_t)r->peers[i].size));
        json_object_set_new(j, "holds", json_text(words[r->peers[i].what]));
        json_array_append_new(list, j);
    }
    return list;
}

/* `l` NULL: nothing was done. */
static enum exit_status answer(const struct recovery *r, const struct lost *l)
{
    struct session *s = r->d->s;
    json_t *doc = json_document(s);
    json_object_set_new(doc, "slug", json_text(r->origin.slug.s));
    json_object_set_new(doc, "trouble", json_text(trouble_code(r->trouble)));
    json_object_set_new(doc, "fetched", json_integer((json_int_t)(r->ours.size > r->before ? r->ours.size - r->before : 0)));
    json_object_set_new(doc, "ours", story(&r->ours));
    json_object_set_new(doc, "other", r->other.store != NULL ? story(&r->other) : json_null());
    json_object_set_new(doc, "parting", r->other.store != NULL ? json_integer((json_int_t)r->parting) : json_null());
    json_object_set_new(doc, "peers", peers(r));
    json_object_set_new(doc, "closed_at", l != NULL ? json_integer((json_int_t)r->close_size) : json_null());
    json_object_set_new(doc, "generation", json_integer(r->d->origin.generation));
    json_object_set_new(doc, "lost", l != NULL ? lost_json(l) : json_array());
    json_object_set_new(doc, "files", l != NULL ? lost_files(l) : json_array());
    return output(s, doc, NULL);
}

/* What came back from peers is taken up as ours, as far as our own key signed it. */
static enum exit_status take_up(struct recovery *r)
{
    struct author *a = NULL;
    enum exit_status st = author_begin(r->d, &a);
    author_end(a);
    if (st != EXIT_OK)
        return st;
    if (r->ours.size > r->before)
        out(r->d->s, "%llu entries of our log came back from peers. ", (unsigned long long)(r->ours.size - r->before));
    out(r->d->s, "Nothing needs recovering: our log is whole, %llu entries.\n", (unsigned long long)r->ours.size);
    st = answer(r, NULL);
    if (st == EXIT_OK && r->ours.size > r->before)
        say_next(r->d->s, "`folkmoot status` says what else was fetched");
    return st;
}

static void say_what_follows(const struct recovery *r)
{
    say_note(r->d->s, "Our log would end at %llu entries for ever, %s, and the next would begin with a new log key. What stands "
             "below stays ours and verifies; what anybody has above it is void. It cannot be undone.",
             (unsigned long long)r->close_size, r->keeps_other ? "on the other story" : "as it is here");
    if (r->trouble == TROUBLE_FORK && r->other.store == NULL)
        say_note(r->d->s, "What the other story says is not known here: whoever holds it can write it with `folkmoot bundle "
                 "export --authority %s --out FILE`, and --branch FILE shows and saves what is on it.", r->origin.slug.s);
    if (r->trouble == TROUBLE_FORK)
        say_note(r->d->s, "Find out first how there came to be two: a copied home, a restored backup, a stolen key. A machine "
                 "that still runs with the old key must be stopped.");
}

static enum exit_status go_on(struct recovery *r, struct lost *l)
{
    lost_show(r, l);
    say_what_follows(r);
    enum exit_status st = ask_yes(r->d->s, "End this log and begin the next?");
    if (st == EXIT_OK)
        st = lost_write(r, l);
    if (st == EXIT_OK)
        st = recover_begin(r);
    if (st != EXIT_OK)
        return st;
    out(r->d->s, "Log %u of %s has begun. The one before ends at %llu entries.\n", (unsigned)r->d->origin.generation,
        r->origin.slug.s,
        (unsigned long long)r->close_size);
    st = answer(r, l);
    lost_next(r, l);
    if (st == EXIT_OK)
        say_next(r->d->s, "start folkmootd, or run `folkmoot sync`, so that the others hear of it");
    return st;
}

/* Its keys first: nothing can be signed, or seen to be ours, without them. */
static bool is_for_restore(const struct recovery *r)
{
    return r->lacks_keys || (r->is_restored && r->trouble == TROUBLE_NONE);
}

static enum exit_status work(struct desk *d, struct recovery *r)
{
    struct lost *l = NULL;
    const char *bundle = option_value(&d->s->options, "branch");
    enum exit_status st = desk_need_member(d);
    if (st == EXIT_OK)
        st = recover_look(d, bundle, r);
    if (st != EXIT_OK || is_for_restore(r))
        return st;
    if (r->trouble == TROUBLE_NONE)
        return take_up(r);
    recover_show(r);
    st = recover_choose(r, option_value(&d->s->options, "keep"));
    if (st != EXIT_OK)
        return st;
    enum err e = lost_gather(r, &l);
    st = e == OK ? go_on(r, l) : say_failed(d->s, e, NULL, "reading what would be lost");
    lost_free(l);
    return st;
}

static enum exit_status need_node(struct session *s)
{
    char path[FILE_PATH_MAX];
    enum exit_status st = session_home(s);
    if (st != EXIT_OK)
        return st;
    home_path(&s->home, HOME_IDENTITY, path);
    return access(path, F_OK) == 0 ? EXIT_OK
         : say_refused(s, EXIT_ENVIRONMENT, "no-node", "`folkmoot recover recovery.txt --charter FILE` makes it again from the "
                       "seed and from what any member writes with `folkmoot alliance export`, or `folkmoot recover FILE` from a "
                       "backup", "%s: no node is "
                       "here", s->home.path);
}

enum exit_status cmd_recover(struct session *s)
{
    static struct recovery r;               /* some 60 KiB */
    struct desk d;
    if (session_arg(s, 0) != NULL)
        return cmd_keys_restore(s);
    if (option_value(&s->options, "charter") != NULL)
        return say_usage(s, "`folkmoot recover recovery.txt --charter FILE`", "--charter: it goes with a recovery file");
    enum exit_status st = need_node(s);
    if (st != EXIT_OK)
        return st;
    st = desk_open(s, STORE_WRITE, &d);
    if (st == EXIT_OK)
        st = work(&d, &r);
    const bool goes_on = st == EXIT_OK && is_for_restore(&r);
    recover_release(&r);
    desk_close(&d);
    return goes_on ? cmd_keys_restore(s) : st;
}
