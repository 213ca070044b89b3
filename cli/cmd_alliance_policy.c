/* cli/cmd_alliance_policy.c - one log's trust as a C2SP tlog-policy: its keys, the witnesses' keys, how many are enough. */
#include "cli/commands.h"

#include <stdlib.h>
#include <string.h>

#include "cli/alliance/keys_said.h"
#include "cli/desk.h"
#include "cli/output/output.h"
#include "cli/say.h"
#include "protocol/policy.h"

const struct option_spec options_alliance_policy[] = {
    {"version", 0, OPTION_VALUE, "N", "by this version of the charter; the one that stands, unless given"},
    OPTIONS_END,
};

struct trust {
    struct desk *d;
    const struct charter *charter;
    struct keys_said *log, *witnesses[WITNESSES_MAX];
    char names[WITNESSES_MAX][ORIGIN_MAX + 1];
    size_t n, n_left_out;
    uint32_t quorum;
    struct slug unknown[WITNESSES_MAX];     /* witnesses whose identity is not held here */
    size_t n_unknown;
    struct policy *policy;
    struct buf text;
};

static enum err keys_of(struct desk *d, const struct slug *slug, struct keys_said **ret)
{
    *ret = malloc(sizeof(**ret));
    return *ret != NULL ? keys_said(d, slug, *ret) : ERR_NOMEM;
}

static enum err add_witness(struct trust *t, const struct slug *slug)
{
    struct origin o = {.alliance = t->d->origin.alliance, .slug = *slug, .generation = 1};
    struct keys_said *k;
    enum err e = keys_of(t->d, slug, &k);
    if (e == OK && k->n_witness == 0)
        e = ERR_UNKNOWN;                    /* only by a root that was replaced */
    if (e == OK) {
        origin_text(&o, t->names[t->n]);
        t->witnesses[t->n++] = k;
        t->n_left_out += k->n_left_out;
        return OK;
    }
    free(k);
    if (e == ERR_UNKNOWN)
        t->unknown[t->n_unknown++] = *slug;
    return e == ERR_UNKNOWN ? OK : e;
}

static enum err gather(struct trust *t, const struct member *m)
{
    struct slug witnesses[WITNESSES_MAX];
    enum err e = keys_of(t->d, &m->slug, &t->log);
    size_t n = charter_witnesses(t->charter, witnesses);
    for (size_t i = 0; e == OK && i < n; i++)
        e = add_witness(t, &witnesses[i]);
    t->quorum = charter_quorum(t->charter);
    return e;
}

static enum err write_text(struct trust *t, const struct member *m)
{
    char hash[HEX_SIZE(HASH_LEN)];
    struct policy_party parties[WITNESSES_MAX];
    size_t left_out = 0;
    hex_encode((struct bytes){t->charter->hash.b, HASH_LEN}, hash);
    buf_printf(&t->text, "# the log of %s, by version %u of the charter\n# %s\n", m->slug.s, (unsigned)t->charter->version, hash);
    for (size_t i = 0; i < t->n; i++)
        parties[i] = (struct policy_party){t->names[i], t->witnesses[i]->n_witness, t->witnesses[i]->witness};
    enum err e = policy_make(t->log->n_logs, t->log->logs, t->n, parties, t->quorum, t->policy, &left_out);
    t->n_left_out += left_out;
    if (e == OK)
        policy_write(t->policy, &t->text);
    return e == OK ? buf_status(&t->text) : e;
}

static json_t *vkey_json(const struct note_key *key)
{
    struct buf vkey = buf_on(1024);
    note_vkey_write(key, &vkey);
    json_t *v = json_bytes(buf_bytes(&vkey));
    buf_release(&vkey);
    return v;
}

/* The newest of each, then all that are older. */
static void keys_json(const struct trust *t, json_t *doc)
{
    json_t *newest = json_array(), *older = json_array(), *older_logs = json_array();
    for (size_t i = 0; i < t->policy->n_witnesses; i++) {
        const struct policy_witness *w = &t->policy->witnesses[i];
        bool is_newest = strcmp(w->name.s, w->key.name) == 0;
        json_array_append_new(is_newest ? newest : older, vkey_json(&w->key));
    }
    for (size_t i = 1; i < t->log->n_logs; i++)
        json_array_append_new(older_logs, vkey_json(&t->log->logs[i]));
    json_object_set_new(doc, "log", vkey_json(&t->log->logs[0]));
    json_object_set_new(doc, "older_logs", older_logs);
    json_object_set_new(doc, "witnesses", newest);
    json_object_set_new(doc, "older_witnesses", older);
}

static enum exit_status answer(struct trust *t, const struct member *m)
{
    struct session *s = t->d->s;
    json_t *doc = json_document(s), *unknown = json_array();
    for (size_t i = 0; i < t->n_unknown; i++)
        json_array_append_new(unknown, json_text(t->unknown[i].s));
    json_object_set_new(doc, "slug", json_text(m->slug.s));
    json_object_set_new(doc, "version", json_integer(t->charter->version));
    json_object_set_new(doc, "charter", json_hex((struct bytes){t->charter->hash.b, HASH_LEN}));
    keys_json(t, doc);
    json_object_set_new(doc, "unknown", unknown);
    json_object_set_new(doc, "quorum", json_integer(t->quorum));
    json_object_set_new(doc, "policy", json_bytes(buf_bytes(&t->text)));
    out_text(s, buf_bytes(&t->text));
    return output(s, doc, NULL);
}

/* Of a policy some of whose witnesses are not known it can still be said whether enough are. */
static enum exit_status judge(struct trust *t, const struct member *m)
{
    struct session *s = t->d->s;
    if (t->quorum > t->n)
        return say_refused(s, EXIT_NO, "unknown-witnesses", "`folkmoot sync` fetches the identities",
                           "%s: the charter asks for %u witnesses, and the keys of only %zu are known here", m->slug.s,
                           (unsigned)t->quorum, t->n);
    enum err e = write_text(t, m);
    if (e != OK)
        return say_failed(s, e, NULL, "writing the policy");
    enum exit_status st = answer(t, m);
    if (st == EXIT_OK && t->n_left_out > 0)
        say_warning(s, "%zu keys are left out: a policy holds %d witnesses' keys, the newest, and each once, whoever names it",
                    t->n_left_out, POLICY_WITNESSES_MAX);
    for (size_t i = 0; st == EXIT_OK && i < t->n_unknown; i++)
        say_warning(s, "%s is a witness whose key is not known here: it is left out", t->unknown[i].s);
    if (st == EXIT_OK)
        say_next(s, "keep it where only you can change it; `folkmoot export-log %s --out DIR` writes what it judges", m->slug.s);
    return st;
}

static const struct charter *find_version(struct desk *d)
{
    uint64_t n = 0;
    const char *word = option_value(&d->s->options, "version");
    if (word == NULL)
        return desk_charter(d);
    const struct charter *c = NULL;
    if (bytes_u64(bytes_of(word), CHARTER_VERSIONS_MAX, &n) == OK)
        c = chain_version(d->chain, (uint32_t)n);
    if (c == NULL)
        (void)say_refused(d->s, EXIT_USAGE, "no-such-version", "`folkmoot alliance show` has the one that stands",
                          "--version %s: there is no such version of the charter; it stands at %u", word,
                          (unsigned)desk_charter(d)->version);
    return c;
}

static enum exit_status run(struct desk *d, struct trust *t)
{
    if (desk_charter(d) == NULL)
        return desk_need_member(d);
    const struct member *m = desk_find_member(d, session_arg(d->s, 0));
    if (m == NULL || (t->charter = find_version(d)) == NULL)
        return EXIT_USAGE;
    if ((t->policy = policy_new()) == NULL)
        return say_failed(d->s, ERR_NOMEM, NULL, "alliance policy");
    enum err e = gather(t, m);
    if (e == ERR_UNKNOWN)
        return say_refused(d->s, EXIT_NO, "unknown-identity", "`folkmoot sync` fetches it", "%s: its identity is not held here",
                           m->slug.s);
    return e == OK ? judge(t, m) : say_failed(d->s, e, NULL, "alliance policy");
}

enum exit_status cmd_alliance_policy(struct session *s)
{
    struct desk d;
    struct trust t = {.d = &d, .text = buf_on(POLICY_MAX)};
    enum exit_status st = desk_open(s, STORE_READ, &d);
    if (st == EXIT_OK)
        st = run(&d, &t);
    policy_free(t.policy);
    free(t.log);
    for (size_t i = 0; i < t.n; i++)
        free(t.witnesses[i]);
    buf_release(&t.text);
    desk_close(&d);
    return st;
}
