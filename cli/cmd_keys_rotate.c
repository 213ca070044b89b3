/* cli/cmd_keys_rotate.c - another key in the place of one: the next version of our identity. */
#include "cli/commands.h"

#include <string.h>

#include "cli/author/identity.h"
#include "cli/nearest.h"
#include "cli/output/output.h"
#include "cli/say.h"

const struct option_spec options_keys_rotate[] = {
    {"compromised", 0, OPTION_FLAG, NULL, "somebody else has the key, or may have"},
    {"void-from", 0, OPTION_VALUE, "N", "with log --compromised: entry N and all after it are not ours, but a thief's"},
    OPTIONS_END,
};

struct rotation {
    enum key_purpose purpose;
    const char *word;
    bool is_compromised, has_void;
    uint64_t void_from, index;
};

/* ---- what is asked ---- */

static const struct { const char *word; enum key_purpose purpose; } words[] = {
    {"log", PURPOSE_LOG}, {"box", PURPOSE_BOX}, {"node", PURPOSE_NODE}, {"witness", PURPOSE_WITNESS},
};
enum { N_WORDS = sizeof(words) / sizeof(words[0]) };

static enum exit_status read_key(struct session *s, struct rotation *r)
{
    const char *word = session_arg(s, 0);
    struct nearest near = nearest_to(word);
    for (size_t i = 0; i < N_WORDS; i++) {
        nearest_offer(&near, words[i].word);
        if (strcmp(word, words[i].word) != 0)
            continue;
        r->purpose = words[i].purpose;
        r->word = words[i].word;
        return EXIT_OK;
    }
    if (strcmp(word, "root") == 0)
        return say_usage(s, "the stewards replace a lost root: `folkmoot help alliance`",
                         "keys rotate root: the root is what says which keys are ours, and follows from the seed");
    return say_unknown(s, "key", word, near.best, "log, box, node or witness");
}

static enum exit_status read_options(struct session *s, struct rotation *r)
{
    const char *from = option_value(&s->options, "void-from");
    r->is_compromised = option_flag(&s->options, "compromised");
    r->has_void = from != NULL;
    if (from == NULL)
        return EXIT_OK;
    if (r->purpose != PURPOSE_LOG || !r->is_compromised)
        return say_usage(s, "`folkmoot keys rotate log --compromised --void-from N`",
                         "--void-from: entries are disowned where the log key was stolen");
    if (bytes_u64(bytes_of(from), INT64_MAX, &r->void_from) != OK)
        return say_usage(s, "the number of an entry, as in `folkmoot history`", "--void-from %s: no number", from);
    if (r->void_from == 0)
        return say_usage(s, "1 at the least", "--void-from 0: entry 0 is who we are");
    return EXIT_OK;
}

/* ---- doing it ---- */

static enum exit_status edit(void *arg, uint64_t index, struct identity *next)
{
    struct rotation *r = arg;
    r->index = index;
    next->has_void = r->has_void;
    next->void_from = r->void_from;
    return EXIT_OK;
}

static enum exit_status check_void(struct desk *d, const struct rotation *r, uint64_t *ret_size)
{
    struct log_state l;
    struct buf note = buf_on(CHECKPOINT_MAX);
    enum err e = store_log(d->store, &d->origin, &l, &note);
    buf_release(&note);
    *ret_size = e == OK ? l.frontier.size : 0;
    if (e != OK && e != ERR_UNKNOWN)
        return say_failed(d->s, e, NULL, "reading our log");
    if (r->void_from >= *ret_size)
        return say_usage(d->s, "`folkmoot history INDICATOR` and `folkmoot news` name entries by number",
                         "--void-from %llu: our log has %llu entries, the last is %llu", (unsigned long long)r->void_from,
                         (unsigned long long)*ret_size, (unsigned long long)(*ret_size > 0 ? *ret_size - 1 : 0));
    return EXIT_OK;
}

/* A void cannot be taken back: whoever was meant to be believed says it all again. */
static enum exit_status ask_void(struct desk *d, const struct rotation *r)
{
    uint64_t size = 0;
    enum exit_status st = r->has_void ? check_void(d, r, &size) : EXIT_OK;
    if (st != EXIT_OK || !r->has_void)
        return st;
    say_note(d->s, "every record from entry %llu to entry %llu of %s will read void, for everybody and for ever: what of it was "
             "yours has to be published again", (unsigned long long)r->void_from, (unsigned long long)(size - 1),
             d->identity->slug.s);
    return ask_yes(d->s, "Disown %llu entries?", (unsigned long long)(size - r->void_from));
}

static void say_what_follows(struct desk *d, const struct rotation *r)
{
    struct session *s = d->s;
    switch (r->purpose) {
    case PURPOSE_LOG:
        if (r->is_compromised && !r->has_void)
            say_next(s, "look whether everything in our log is ours; if not, rotate again with --void-from N");
        else
            say_next(s, r->has_void ? "publish again what of it was ours: `folkmoot publish FILE`"
                                    : "`folkmoot status` shows when the witnesses have it");
        return;
    case PURPOSE_BOX:
        say_next(s, "every member seals to it from its next publish on; the old one stays, and opens what was sealed before");
        return;
    case PURPOSE_NODE:
        say_next(s, "folkmootd takes it up by itself, and answers to the old one for 30 days");
        return;
    case PURPOSE_WITNESS:
        say_next(s, "folkmootd takes it up by itself");
        return;
    }
}

static enum exit_status answer(struct desk *d, const struct rotation *r, const struct checkpoint *head)
{
    const struct identity *id = d->identity;
    const uint8_t *key = r->purpose == PURPOSE_LOG ? id->log.b : r->purpose == PURPOSE_WITNESS ? id->witness.b
                       : r->purpose == PURPOSE_BOX ? id->box.b : id->node.b;
    out(d->s, "%s has a new %s key, from version %u of its identity on (entry %llu).\n", id->slug.s, r->word, (unsigned)id->version,
        (unsigned long long)r->index);
    json_t *doc = json_document(d->s), *point = json_object();
    json_object_set_new(doc, "key", json_text(r->word));
    json_object_set_new(doc, "public", json_base64((struct bytes){key, 32}));
    json_object_set_new(doc, "version", json_integer(id->version));
    json_object_set_new(doc, "index", json_integer((json_int_t)r->index));
    json_object_set_new(doc, "compromised", json_boolean(r->is_compromised));
    json_object_set_new(doc, "void_from", r->has_void ? json_integer((json_int_t)r->void_from) : json_null());
    json_object_set_new(point, "size", json_integer((json_int_t)head->size));
    json_object_set_new(point, "root", json_hex((struct bytes){head->root.b, HASH_LEN}));
    json_object_set_new(doc, "checkpoint", point);
    enum exit_status st = output(d->s, doc, NULL);
    say_what_follows(d, r);
    return st;
}

static enum exit_status work(struct desk *d)
{
    struct rotation r = {.index = 0};
    struct checkpoint head;
    char what[64];
    enum exit_status st = read_key(d->s, &r);
    if (st == EXIT_OK)
        st = read_options(d->s, &r);
    if (st == EXIT_OK && d->has_alliance)
        st = ask_void(d, &r);
    (void)snprintf(what, sizeof(what), "rotating the %s key", r.word != NULL ? r.word : "");
    struct identity_change c = {.what = what, .rotated = 1u << r.purpose, .edit = edit, .arg = &r};
    if (st == EXIT_OK)
        st = identity_change(d, &c, &head);
    return st == EXIT_OK ? answer(d, &r, &head) : st;
}

enum exit_status cmd_keys_rotate(struct session *s)
{
    struct rotation r = {.index = 0};
    enum exit_status st = read_key(s, &r);
    if (st == EXIT_OK)
        st = read_options(s, &r);
    return st == EXIT_OK ? desk_run(s, DESK_WRITE, work) : st;
}
