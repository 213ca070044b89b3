/* cli/author/identity_log.c - our identity as our log has it, and a home that follows it. */
#include "cli/author/identity.h"

#include <stdlib.h>
#include <string.h>

#include "cli/author/inside.h"
#include "cli/say.h"
#include "keys/file.h"
#include "keys/regain.h"
#include "keys/signed.h"

/* ---- what our log says of us ---- */

struct newest { struct desk *d; struct identity *seen, *ret; struct buf *note; bool found; };

/* log.db is the daemon's to write: only what our root has signed says who we are. */
static void take_if_newer(struct newest *n, struct bytes note)
{
    if (memcmp(n->seen->root.b, n->d->identity->root.b, sizeof(n->seen->root.b)) != 0
        || !slug_equal(&n->seen->slug, &n->d->identity->slug) || (n->found && n->seen->version <= n->ret->version))
        return;
    *n->ret = *n->seen;
    buf_clear(n->note);
    buf_put(n->note, note);
    n->found = true;
}

static enum err look_at(void *arg, uint64_t idx, const struct item *item)
{
    struct newest *n = arg;
    (void)idx;
    if (item->has_payload && identity_open(payload_body(item->payload), n->seen) == OK)
        take_if_newer(n, payload_body(item->payload));
    return buf_status(n->note);
}

struct origins { struct desk *d; size_t n; struct origin list[64]; };

static enum err note_origin(void *arg, const struct log_state *l)
{
    struct origins *o = arg;
    if (slug_equal(&l->origin.slug, &o->d->identity->slug) && o->n < sizeof(o->list) / sizeof(o->list[0]))
        o->list[o->n++] = l->origin;
    return OK;
}

enum err identity_in_log(struct desk *d, struct identity *ret, struct buf *note)
{
    struct newest n = {.d = d, .seen = malloc(sizeof(*n.seen)), .ret = ret, .note = note};
    struct origins *o = calloc(1, sizeof(*o));
    enum err e = ERR_NOMEM;
    if (n.seen == NULL || o == NULL)
        goto out;
    o->d = d;
    e = d->has_alliance ? store_each_log(d->store, note_origin, o) : OK;
    for (size_t i = 0; e == OK && i < o->n; i++)
        e = store_each_of_kind(d->store, &o->list[i], KIND_IDENTITY, 0, look_at, &n);
    if (e == OK && !n.found)
        e = ERR_UNKNOWN;
out:
    free(n.seen);
    free(o);
    return e;
}

static enum err look_at_heard(void *arg, const struct slug *slug, uint32_t version, struct bytes note)
{
    struct newest *n = arg;
    (void)version;
    if (slug_equal(slug, &n->d->identity->slug) && identity_open(note, n->seen) == OK)
        take_if_newer(n, note);
    return buf_status(n->note);
}

enum err identity_newest(struct desk *d, struct identity *ret, struct buf *note)
{
    enum err e = identity_in_log(d, ret, note);
    struct newest n = {.d = d, .seen = malloc(sizeof(*n.seen)), .ret = ret, .note = note, .found = e == OK};
    if (n.seen == NULL)
        e = ERR_NOMEM;
    if (e == OK || e == ERR_UNKNOWN)
        e = store_each_identity(d->store, look_at_heard, &n);
    free(n.seen);
    return e == OK && !n.found ? ERR_UNKNOWN : e;
}

struct head_opener { struct desk *d; struct identity *seen; struct bytes note; struct checkpoint *ret; bool is_open; };

static enum err try_key(void *arg, uint64_t idx, const struct item *item)
{
    struct head_opener *o = arg;
    (void)idx;
    if (!o->is_open && item->has_payload && identity_open(payload_body(item->payload), o->seen) == OK
        && memcmp(o->seen->root.b, o->d->identity->root.b, sizeof(o->seen->root.b)) == 0)
        o->is_open = checkpoint_open(o->note, &o->d->origin, &o->seen->log, o->ret) == OK;
    return OK;
}

enum err identity_open_head(struct desk *d, struct bytes note, struct checkpoint *ret)
{
    struct head_opener o = {.d = d, .seen = malloc(sizeof(*o.seen)), .note = note, .ret = ret};
    enum err e = o.seen != NULL ? store_each_of_kind(d->store, &d->origin, KIND_IDENTITY, 0, try_key, &o) : ERR_NOMEM;
    free(o.seen);
    return e == OK && !o.is_open ? ERR_SIGNATURE : e;
}

/* ---- a home that follows ---- */

/* From now on the desk goes by this identity. */
static enum err desk_take_identity(struct desk *d, const struct identity *id, struct bytes note)
{
    buf_clear(&d->identity_note);
    buf_put(&d->identity_note, note);
    enum err e = buf_status(&d->identity_note);
    if (e == OK)
        *d->identity = *id;
    return e;
}

/* Only the commit that private/next was written for moves private/head under a new log key: so that tells as well. */
static bool head_is_of(const struct desk *d, const struct next *n)
{
    struct buf note = buf_on(CHECKPOINT_MAX);
    struct checkpoint ignored;
    bool is_of = (n->rotated & 1u << PURPOSE_LOG) != 0 && head_load(&d->s->home, &note) == OK
              && checkpoint_open(buf_bytes(&note), &d->origin, &n->id.log, &ignored) == OK;
    buf_release(&note);
    return is_of;
}

static enum exit_status finish(struct desk *d, const struct next *n)
{
    enum err e = next_apply(&d->s->home, n);
    if (e == OK)
        e = desk_take_identity(d, &n->id, buf_bytes(&n->note));
    if (e == OK)
        e = next_drop(&d->s->home);
    return e == OK ? EXIT_OK : say_failed(d->s, e, "it goes on with the next command: nothing is lost", "taking up our new keys");
}

static bool has_same_keys(const struct identity *a, const struct identity *b)
{
    return memcmp(a->log.b, b->log.b, sizeof(a->log.b)) == 0 && memcmp(a->witness.b, b->witness.b, sizeof(a->witness.b)) == 0
        && memcmp(a->box.b, b->box.b, sizeof(a->box.b)) == 0 && memcmp(a->node.b, b->node.b, sizeof(a->node.b)) == 0;
}

/* Our log has come back from peers with an identity that is newer than this home, or a peer told us of one. */
static enum exit_status follow(struct desk *d, const struct identity *id, struct bytes note)
{
    char path[FILE_PATH_MAX];
    if (!has_same_keys(id, d->identity))
        return say_refused(d->s, EXIT_NO, "keys-behind", "`folkmoot keys restore` makes them again from the seed",
                           "this home: we are known by keys of version %u, and here are those of version %u", (unsigned)id->version,
                           (unsigned)d->identity->version);
    home_path(&d->s->home, HOME_IDENTITY, path);
    enum err e = file_write(path, note);
    if (e == OK)
        e = desk_take_identity(d, id, note);
    return e == OK ? EXIT_OK : say_failed(d->s, e, NULL, "writing node/identity");
}

static enum exit_status follow_newest(struct desk *d, struct identity *id, struct buf *note)
{
    enum err e = identity_newest(d, id, note);
    if (e == ERR_UNKNOWN || (e == OK && id->version <= d->identity->version))
        return EXIT_OK;
    return e == OK ? follow(d, id, buf_bytes(note)) : say_failed(d->s, e, NULL, "reading what is known of us");
}

enum exit_status identity_settle(struct desk *d)
{
    struct next *n = malloc(sizeof(*n));
    struct identity *id = malloc(sizeof(*id));
    struct buf note = buf_on(IDENTITY_MAX);
    enum exit_status st = EXIT_OK;
    enum err e = n != NULL && id != NULL ? identity_in_log(d, id, &note) : ERR_NOMEM;
    const bool is_known = e == OK;
    if (n != NULL)
        next_init(n);
    if (e == OK || e == ERR_UNKNOWN)
        e = next_load(&d->s->home, n);
    const bool is_under_way = e == OK;
    if (e != OK && e != ERR_UNKNOWN)
        st = say_failed(d->s, e, e == ERR_CORRUPT ? "remove private/next, and run `folkmoot keys restore`" : NULL,
                        "reading what was under way in private/next");
    else if (is_under_way && ((is_known && bytes_equal(buf_bytes(&note), buf_bytes(&n->note))) || head_is_of(d, n)))
        st = finish(d, n);
    else
        st = follow_newest(d, id, &note);
    if (n != NULL)
        next_release(n);
    free(n);
    free(id);
    buf_release(&note);
    return st;
}

/* ---- keys again from the seed ---- */

struct boxes { struct desk *d; struct identity *seen; size_t n; struct dh_public list[2 * KEYFILE_KEYS_MAX]; };

/* What is in box.keys stays there: a backup may know of keys that our log, which has not come back yet, does not. */
static enum err boxes_here(struct boxes *b)
{
    struct dh_keyring *ring = calloc(1, sizeof(*ring));
    enum err e = ring != NULL ? dh_keys_load(&b->d->s->home, PURPOSE_BOX, ring) : ERR_NOMEM;
    for (size_t i = 0; e == OK && i < ring->n; i++)
        b->list[b->n++] = dh_public_of(&ring->keys[i].secret);
    if (ring != NULL)
        wipe(ring, sizeof(*ring));
    free(ring);
    return e == ERR_SECRET ? OK : e;
}

static enum err note_box(void *arg, uint64_t idx, const struct item *item)
{
    struct boxes *b = arg;
    (void)idx;
    if (item->has_payload && identity_open(payload_body(item->payload), b->seen) == OK && b->n < 2 * KEYFILE_KEYS_MAX)
        b->list[b->n++] = b->seen->box;
    return OK;
}

static enum err all_boxes(struct desk *d, struct boxes *b)
{
    struct origins *o = calloc(1, sizeof(*o));
    b->d = d;
    b->seen = malloc(sizeof(*b->seen));
    enum err e = o != NULL && b->seen != NULL ? OK : ERR_NOMEM;
    if (e == OK)
        e = boxes_here(b);
    if (e == OK) {
        o->d = d;
        e = store_each_log(d->store, note_origin, o);
    }
    for (size_t i = 0; e == OK && i < o->n; i++)
        e = store_each_of_kind(d->store, &o->list[i], KIND_IDENTITY, 0, note_box, b);
    free(b->seen);
    free(o);
    return e;
}

/* What this home knows already is not given up for less, or for nothing: our log may have come back in part only. */
static enum err newest_here(struct desk *d, struct identity *ret, struct buf *note)
{
    enum err e = identity_newest(d, ret, note);
    if (e == ERR_UNKNOWN || (e == OK && ret->version < d->identity->version)) {
        *ret = *d->identity;
        buf_clear(note);
        buf_put(note, buf_bytes(&d->identity_note));
        e = buf_status(note);
    }
    return e;
}

enum err identity_take_keys(struct desk *d, const struct sym_secret *seed)
{
    struct identity *id = malloc(sizeof(*id));
    struct boxes *b = calloc(1, sizeof(*b));
    struct buf note = buf_on(IDENTITY_MAX);
    enum err e = id != NULL && b != NULL ? newest_here(d, id, &note) : ERR_NOMEM;
    if (e == OK)
        e = all_boxes(d, b);
    if (e == OK)
        e = regain_keys(&d->s->home, seed, buf_bytes(&note), !d->is_restoring, b->n, b->list);
    if (e == OK)
        e = desk_take_identity(d, id, buf_bytes(&note));
    free(id);
    free(b);
    buf_release(&note);
    return e;
}
