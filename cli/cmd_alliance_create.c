#include "cli/commands.h"

#include <string.h>

#include "cli/author/membership.h"
#include "cli/output/output.h"
#include "cli/say.h"

const struct option_spec options_alliance_create[] = {OPTIONS_END};

static enum err found(struct desk *d, const char *name, struct charter *c)
{
    enum err e = bytes_to_str(bytes_of(name), c->name, sizeof(c->name));
    c->version = 1;
    c->n_members = c->n_stewards = 1;
    c->members[0].slug = d->identity->slug;
    c->members[0].role = d->identity->role;
    c->members[0].root = d->identity->root;
    c->members[0].codes = d->identity->codes;
    c->stewards[0] = d->identity->slug;
    c->threshold = 1;
    return e;
}

static enum err sign_first(struct desk *d, const struct charter *c, const struct sym_secret *seed, struct buf *ret_note,
                           struct hash *ret_hash)
{
    struct sign_secret root;
    struct sign_public public;
    struct buf text = buf_on(NOTE_MAX);
    charter_text(c, &text);
    enum err e = buf_status(&text);
    if (e == OK) {
        seed_root(seed, &root, &public);
        struct note_key key = root_key(&d->identity->slug, &public);
        *ret_hash = sha256(buf_bytes(&text));
        note_begin(buf_bytes(&text), ret_note);
        note_sign(buf_bytes(&text), &key, &root, ret_note);
        e = buf_status(ret_note);
        wipe(&root, sizeof(root));
    }
    buf_release(&text);
    return e;
}

static enum err keep(struct desk *d, struct bytes note, const struct hash *hash)
{
    enum chain_verdict verdict;
    struct hash kept;
    struct alliance_id id = charter_alliance_id(hash);
    enum err e = store_begin(d->store);
    if (e == OK)
        e = membership_set(d, &id);
    if (e == OK)
        e = chain_add(d->chain, note, &verdict, &kept);
    if (e == OK)
        e = store_put_charter(d->store, &kept, 1, 0, note);
    if (e == OK)
        return store_commit(d->store);
    store_rollback(d->store);
    return e;
}

static enum exit_status answer(struct desk *d, const struct hash *hash)
{
    char id[HEX_SIZE(16)], hex[HEX_SIZE(HASH_LEN)];
    struct alliance_id a = charter_alliance_id(hash);
    hex_encode((struct bytes){a.b, sizeof(a.b)}, id);
    hex_encode((struct bytes){hash->b, HASH_LEN}, hex);
    out(d->s, "%s is founded.\nAlliance id:  %s\nCharter hash: %s\n", desk_charter(d)->name, id, hex);
    json_t *doc = json_document(d->s);
    json_object_set_new(doc, "id", json_text(id));
    json_object_set_new(doc, "charter", json_text(hex));
    json_object_set_new(doc, "name", json_text(desk_charter(d)->name));
    json_object_set_new(doc, "version", json_integer(1));
    enum exit_status st = output(d->s, doc, NULL);
    say_next(d->s, "publish the charter hash where auditors will look; `folkmoot alliance invite` asks others in");
    return st;
}

/* Founded, and ended before our log was begun: the same command ends what it began. */
static enum exit_status go_on(struct desk *d, const char *name)
{
    const struct charter *c = desk_charter(d);
    bool is_empty = false;
    enum err e = membership_log_is_empty(d, &is_empty);
    if (e != OK)
        return say_failed(d->s, e, NULL, "alliance create");
    if (!is_empty || c == NULL || c->version != 1 || !desk_is_alone(d) || strcmp(c->name, name) != 0)
        return say_refused(d->s, EXIT_NO, "exists", "one home is one membership: another alliance needs another home (-C)",
                           "this node belongs to an alliance already, or has asked to");
    enum exit_status st = membership_begin_log(d);
    return st == EXIT_OK ? answer(d, &c->hash) : st;
}

static enum exit_status create(struct desk *d)
{
    const char *name = session_arg(d->s, 0);
    struct sym_secret seed;
    struct hash hash;
    struct buf note = buf_on(NOTE_MAX), text = buf_on(NOTE_MAX);
    if (d->has_alliance)
        return go_on(d, name);
    if (d->identity->role != ROLE_AUTHORITY)
        return say_refused(d->s, EXIT_NO, "not-an-authority", "an authority founds the alliance and admits the others",
                           "%s is no authority", d->identity->slug.s);
    struct charter *c = charter_new(), *again = charter_new();
    enum err e = c != NULL && again != NULL ? found(d, name, c) : ERR_NOMEM;
    if (e == OK) {
        charter_text(c, &text);
        e = buf_status(&text);
    }
    if (e == OK)
        e = charter_parse(buf_bytes(&text), again);
    enum exit_status st = e == ERR_FORMAT || e == ERR_LIMIT ? say_usage(d->s, "one line, at most 120 bytes",
                                                                        "alliance create: no such name can stand")
                          : e != OK ? say_failed(d->s, e, NULL, "alliance create") : desk_seed(d->s, &seed);
    if (st == EXIT_OK) {
        e = sign_first(d, c, &seed, &note, &hash);
        wipe(&seed, sizeof(seed));
        if (e == OK)
            e = keep(d, buf_bytes(&note), &hash);
        st = e == OK ? membership_begin_log(d) : say_failed(d->s, e, NULL, "founding the alliance");
    }
    if (st == EXIT_OK)
        st = answer(d, &hash);
    charter_free(c);
    charter_free(again);
    buf_release(&note);
    buf_release(&text);
    return st;
}

enum exit_status cmd_alliance_create(struct session *s)
{
    return desk_run(s, DESK_WRITE, create);
}
