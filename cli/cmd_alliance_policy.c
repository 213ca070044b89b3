/* cli/cmd_alliance_policy.c - one log's trust as a C2SP tlog-policy: its key, the witnesses, how many are enough. */
#include "cli/commands.h"

#include <stdlib.h>

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
    struct note_key log, witnesses[WITNESSES_MAX];
    size_t n;
    uint32_t quorum;
    struct slug unknown[WITNESSES_MAX];     /* witnesses whose identity is not held here */
    size_t n_unknown;
    struct policy *policy;
    struct buf text;
};

struct newest { const struct slug *slug; uint32_t generation; };

static enum err find_generation(void *arg, const struct log_state *l)
{
    struct newest *x = arg;
    if (slug_equal(&l->origin.slug, x->slug) && l->origin.generation > x->generation)
        x->generation = l->origin.generation;
    return OK;
}

/* The member's identity, and the origin of its newest log. ERR_UNKNOWN: no identity of it is held. */
static enum err find_keys(struct desk *d, const struct slug *slug, struct origin *ret_origin, struct identity **ret)
{
    struct newest x = {.slug = slug, .generation = 1};
    enum err e = store_each_log(d->store, find_generation, &x);
    if (e == OK)
        e = desk_identity_of(d, slug, ret);
    *ret_origin = (struct origin){.alliance = d->origin.alliance, .slug = *slug, .generation = x.generation};
    return e;
}

static enum err add_witness(struct trust *t, const struct slug *slug)
{
    struct origin o;
    struct identity *id = NULL;
    enum err e = find_keys(t->d, slug, &o, &id);
    if (e == OK)
        t->witnesses[t->n++] = checkpoint_witness_key(&o, &id->witness);
    else if (e == ERR_UNKNOWN)
        t->unknown[t->n_unknown++] = *slug;
    free(id);
    return e == ERR_UNKNOWN ? OK : e;
}

static enum err gather(struct trust *t, const struct member *m)
{
    struct slug witnesses[WITNESSES_MAX];
    struct origin o;
    struct identity *id = NULL;
    enum err e = find_keys(t->d, &m->slug, &o, &id);
    if (e == OK)
        t->log = checkpoint_log_key(&o, &id->log);
    free(id);
    size_t n = charter_witnesses(t->charter, witnesses);
    for (size_t i = 0; e == OK && i < n; i++)
        e = add_witness(t, &witnesses[i]);
    t->quorum = charter_quorum(t->charter);
    return e;
}

static enum err write_text(struct trust *t, const struct member *m)
{
    char hash[HEX_SIZE(HASH_LEN)];
    hex_encode((struct bytes){t->charter->hash.b, HASH_LEN}, hash);
    buf_printf(&t->text, "# the log of %s, by version %u of the charter\n# %s\n", m->slug.s, (unsigned)t->charter->version, hash);
    enum err e = policy_make(&t->log, t->witnesses, t->n, t->quorum, t->policy);
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

static enum exit_status answer(struct trust *t, const struct member *m)
{
    struct session *s = t->d->s;
    json_t *doc = json_document(s), *list = json_array(), *unknown = json_array();
    for (size_t i = 0; i < t->n; i++)
        json_array_append_new(list, vkey_json(&t->witnesses[i]));
    for (size_t i = 0; i < t->n_unknown; i++)
        json_array_append_new(unknown, json_text(t->unknown[i].s));
    json_object_set_new(doc, "slug", json_text(m->slug.s));
    json_object_set_new(doc, "version", json_integer(t->charter->version));
    json_object_set_new(doc, "charter", json_hex((struct bytes){t->charter->hash.b, HASH_LEN}));
    json_object_set_new(doc, "log", vkey_json(&t->log));
    json_object_set_new(doc, "witnesses", list);
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
    buf_release(&t.text);
    desk_close(&d);
    return st;
}
