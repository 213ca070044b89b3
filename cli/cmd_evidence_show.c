#include "cli/commands.h"

#include <string.h>

#include "cli/evidence.h"
#include "cli/output/output.h"
#include "cli/say.h"

const struct option_spec options_evidence_show[] = {OPTIONS_END};

struct showing { struct desk *d; uint64_t wanted; bool found; enum exit_status st; };

static json_t *story(const struct checkpoint *c)
{
    json_t *j = json_object();
    json_object_set_new(j, "size", json_integer((json_int_t)c->size));
    json_object_set_new(j, "root", json_hex((struct bytes){c->root.b, HASH_LEN}));
    return j;
}

/* Which of the two lies on the line that is held here? -1: neither, or it cannot be told. */
static enum err find_ours(struct desk *d, const struct conviction *c, int *ret)
{
    const struct checkpoint *both[2] = {&c->m, &c->n};
    *ret = -1;
    for (int i = 0; i < 2; i++) {
        struct hash root;
        enum err e = log_root_at(d->store, &c->origin, both[i]->size, &root);
        if (e == ERR_UNKNOWN)
            continue;
        if (e != OK)
            return e;
        if (hash_equal(&root, &both[i]->root))
            *ret = i;
    }
    return OK;
}

static void say_story(struct desk *d, const char *which, const struct checkpoint *c, bool is_ours)
{
    char hex[HEX_SIZE(HASH_LEN)];
    hex_encode((struct bytes){c->root.b, HASH_LEN}, hex);
    out(d->s, "  %s: %llu entries, root %s%s\n", which, (unsigned long long)c->size, hex, is_ours ? " (held here)" : "");
}

static void say_all(struct desk *d, const struct held_evidence *ev, int ours)
{
    const struct conviction *c = &ev->what;
    char print[FINGERPRINT_SIZE];
    fingerprint(&c->root, print);
    out(d->s, "%s (%s) signed two stories of its log%s:\n", c->member_name, c->origin.slug.s,
        c->origin.generation > 1 ? ", a later generation" : "");
    say_story(d, "one", &c->m, ours == 0);
    say_story(d, "other", &c->n, ours == 1);
    if (c->has_rival)
        out(d->s, "The history of the second had another root at %llu entries: both cannot be true.\n",
            (unsigned long long)c->m.size);
    else
        out(d->s, "One size has one root: both cannot be true.\n");
    out(d->s, "Both were signed by the log key of its identity %u, signed by the root with fingerprint %s.\n",
        (unsigned)c->identity_version, print);
    out(d->s, "It does not say which is right, nor who had the key in their hands.\n");
    if (ev->has_closing)
        out(d->s, "Its root has ended this log at %llu entries and begun the next: what stood above does not count.\n",
            (unsigned long long)ev->closing.size);
    else
        out(d->s, "The log is frozen: no node takes more of it until its author runs `folkmoot recover`.\n");
}

static json_t *document(struct desk *d, const struct held_evidence *ev, int ours)
{
    const struct conviction *c = &ev->what;
    json_t *doc = json_document(d->s), *stories = json_array();
    char print[FINGERPRINT_SIZE];
    fingerprint(&c->root, print);
    json_array_append_new(stories, story(&c->m));
    json_array_append_new(stories, story(&c->n));
    json_object_set_new(doc, "number", json_integer((json_int_t)ev->number));
    json_object_set_new(doc, "slug", json_text(c->origin.slug.s));
    json_object_set_new(doc, "name", json_text(c->member_name));
    json_object_set_new(doc, "generation", json_integer(c->origin.generation));
    json_object_set_new(doc, "stories", stories);
    json_object_set_new(doc, "held_here", ours < 0 ? json_null() : json_integer(ours));
    json_object_set_new(doc, "identity_version", json_integer(c->identity_version));
    json_object_set_new(doc, "fingerprint", json_text(print));
    json_object_set_new(doc, "charter", json_hex((struct bytes){c->charter.b, HASH_LEN}));
    json_object_set_new(doc, "closed_at", ev->has_closing ? json_integer((json_int_t)ev->closing.size) : json_null());
    return doc;
}

static enum err show(void *arg, const struct held_evidence *ev)
{
    struct showing *x = arg;
    struct desk *d = x->d;
    int ours = -1;
    if (ev->number != x->wanted)
        return OK;
    x->found = true;
    if (ev->verdict != OK) {
        x->st = say_refused(d->s, EXIT_NO, "does-not-hold", "`folkmoot verify` looks at the whole store",
                            "evidence %llu: it convicts nobody by what is held here", (unsigned long long)ev->number);
        return OK;
    }
    enum err e = find_ours(d, &ev->what, &ours);
    if (e == OK) {
        say_all(d, ev, ours);
        x->st = output(d->s, document(d, ev, ours), NULL);
        if (x->st == EXIT_OK)
            say_next(d->s, "`folkmoot evidence export %llu FILE` writes what proves it to anybody", (unsigned long long)ev->number);
    }
    return e;
}

static enum exit_status work(struct desk *d)
{
    struct showing x = {.d = d};
    const char *word = session_arg(d->s, 0);
    if (bytes_u64(bytes_of(word), UINT32_MAX, &x.wanted) != OK || x.wanted == 0)
        return say_usage(d->s, "`folkmoot evidence list` counts them", "evidence show %s: which number?", word);
    enum err e = evidence_each(d, show, &x);
    if (e != OK)
        return say_failed(d->s, e, NULL, "reading the evidence");
    if (!x.found)
        return say_refused(d->s, EXIT_NO, "nothing-found", "`folkmoot evidence list` counts them", "evidence %s: there is none",
                           word);
    return x.st;
}

enum exit_status cmd_evidence_show(struct session *s)
{
    return desk_run(s, DESK_READ, work);
}
