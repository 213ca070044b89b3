#include <stdlib.h>
#include <string.h>

#include "cli/view/inside.h"

/* ---- an epoch and its key ---- */

/* The epoch entry at hand (f->h, f->idx), its body read. */
struct epoch_at { struct epoch_body body; struct bytes payload; struct audience_text audience; };

void bind_epoch(struct vsql *q, const char *slug, uint64_t generation, const char *audience, uint32_t epoch)
{
    vsql_text(q, slug);
    vsql_u64(q, generation);
    vsql_text(q, audience);
    vsql_u64(q, epoch);
}

static void bind_this(struct vsql *q, const struct fold *f, const struct epoch_at *at)
{
    bind_epoch(q, f->slug, f->log->origin.generation, at->audience.s, f->h.epoch);
}

/* One bit a box: which places the author had a box for. */
static size_t box_bits(const struct epoch_body *b, uint8_t ret[MEMBERS_MAX / 8 + 1])
{
    memset(ret, 0, MEMBERS_MAX / 8 + 1);
    for (size_t i = 0; i < b->n_boxes; i++)
        if (b->boxes[i].len > 0)
            ret[i / 8] = (uint8_t)(ret[i / 8] | 1u << (i % 8));
    return (b->n_boxes + 7) / 8;
}

static enum err put_epoch(struct fold *f, const struct epoch_at *at)
{
    uint8_t bits[MEMBERS_MAX / 8 + 1];
    size_t len = box_bits(&at->body, bits);
    struct vsql q = vsql_start(f->v, V_EPOCH_PUT);
    bind_this(&q, f, at);
    vsql_u64(&q, f->idx);
    vsql_int(&q, moment_stored(f->h.time_ms));
    if (at->body.is_alliance)
        vsql_fixed(&q, at->body.charter.b, sizeof(at->body.charter.b));
    else
        vsql_null(&q);
    vsql_u64(&q, at->body.n_boxes);
    vsql_fixed(&q, bits, len);
    vsql_int(&q, 0);
    return vsql_run(&q);
}

static enum err set_pending(struct fold *f, const struct epoch_at *at, bool pending)
{
    struct vsql q = vsql_start(f->v, V_EPOCH_WAIT);
    bind_this(&q, f, at);
    vsql_int(&q, pending);
    return vsql_run(&q);
}

static void readers_text(const struct epoch_secret *s, struct buf *ret)
{
    for (size_t i = 0; i < s->n_readers; i++)
        buf_printf(ret, "%s%s", i > 0 ? " " : "", s->readers[i].s);
}

/* Keep a key that the author's own commitment bears out, and what the audience is called. */
static enum err put_key(struct fold *f, const struct epoch_at *at, const struct sym_secret *key)
{
    struct buf readers = buf_on((SLUG_MAX + 1) * (MEMBERS_MAX + 1) + 1);
    struct epoch_secret *secret = calloc(1, sizeof(*secret));
    enum err e = ERR_NOMEM;
    if (secret == NULL)
        goto out;
    if (epoch_open_secret(&f->log->origin, &f->h, at->payload, key, secret) != OK) {
        memset(secret, 0, sizeof(*secret));     /* the key is good all the same */
        if ((e = fold_problem(f, "epoch-secret")) != OK)
            goto out;
    }
    struct vsql q = vsql_start(f->v, V_KEY_PUT);
    bind_this(&q, f, at);
    vsql_fixed(&q, key->b, sizeof(key->b));
    if ((e = vsql_run(&q)) != OK)
        goto out;
    readers_text(secret, &readers);
    buf_put_u8(&readers, 0);
    if ((e = buf_status(&readers)) != OK)
        goto out;
    q = vsql_start(f->v, V_EPOCH_SECRET);
    bind_this(&q, f, at);
    vsql_text(&q, secret->title);
    vsql_text(&q, (const char *)readers.p);
    e = vsql_run(&q);
    f->n.keys += e == OK;
out:
    free(secret);
    buf_release(&readers);
    return e;
}

/* ---- finding our box ---- */

/* Any of our keys that opens the box, believed only against the commitment. */
static bool try_box(const struct fold *f, struct bytes box, struct sym_secret *ret)
{
    const struct dh_keyring *ring = f->with->box_keys;
    for (size_t i = 0; i < ring->n && box.len == BOX_LEN; i++)
        if (epoch_unbox(box, &ring->keys[i].secret, ret) == OK && epoch_check_key(&f->log->origin, &f->h, ret) == OK)
            return true;
    return false;
}

/* Our place among the boxes of an alliance epoch: that of a reader in the charter's order, or the last one, of an author
 * who is no reader. False when there is none. */
static bool our_place(const struct fold *f, const struct charter *c, const struct epoch_body *b, size_t *ret)
{
    const struct member *readers[MEMBERS_MAX];
    size_t n = charter_readers(c, readers);
    for (size_t i = 0; i < n && i < b->n_boxes; i++)
        if (slug_equal(&readers[i]->slug, &f->v->owner.slug)) {
            *ret = i;
            return true;
        }
    *ret = n;
    return b->n_boxes == n + 1 && slug_equal(&f->log->origin.slug, &f->v->owner.slug);
}

/* From the boxes of the epoch entry itself. */
static bool key_from_entry(const struct fold *f, const struct epoch_at *at, bool *ret_pending, struct sym_secret *ret)
{
    const struct epoch_body *b = &at->body;
    size_t place;
    *ret_pending = false;
    if (!b->is_alliance) {
        for (size_t i = 0; i < b->n_boxes; i++)
            if (try_box(f, b->boxes[i], ret))
                return true;
        return false;
    }
    const struct charter *c = chain_find(f->with->chain, &b->charter);
    *ret_pending = c == NULL;                   /* a charter we have not seen yet: tried again when we have */
    return c != NULL && our_place(f, c, b, &place) && try_box(f, b->boxes[place], ret);
}

/* From what others granted us. A wrong box among them does no harm: each is held against the commitment. */
static enum err key_from_grants(struct fold *f, const struct epoch_at *at, bool *ret_found, struct sym_secret *ret)
{
    enum err e = OK;
    *ret_found = false;
    for (size_t i = 0; i < f->with->box_keys->n && e == OK && !*ret_found; i++) {
        char box_key[BASE64_SIZE(32)];
        struct dh_public public = dh_public_of(&f->with->box_keys->keys[i].secret);
        base64_encode((struct bytes){ public.b, sizeof(public.b) }, box_key);
        struct vsql q = vsql_start(f->v, V_GRANT_BOXES);
        vsql_text(&q, f->v->owner.slug.s);
        vsql_text(&q, box_key);
        bind_this(&q, f, at);
        while (!*ret_found && vsql_row(&q)) {
            struct bytes box = vsql_col_bytes(&q, 0);
            *ret_found = box.len == BOX_LEN && epoch_unbox(box, &f->with->box_keys->keys[i].secret, ret) == OK
                      && epoch_check_key(&f->log->origin, &f->h, ret) == OK;
        }
        e = vsql_end(&q);
    }
    return e;
}

static enum err has_key(struct fold *f, const struct epoch_at *at, bool *ret)
{
    struct vsql q = vsql_start(f->v, V_KEY_GET);
    bind_this(&q, f, at);
    return vsql_any(&q, ret);
}

static enum err learn(struct fold *f, const struct epoch_at *at)
{
    struct sym_secret key = {0};
    bool known, found, pending = false;
    enum err e = has_key(f, at, &known);
    if (e != OK || known)
        return e;
    found = key_from_entry(f, at, &pending, &key);
    if (!found)
        e = key_from_grants(f, at, &found, &key);
    if (e == OK && found)
        e = put_key(f, at, &key);
    else if (e == OK)
        e = set_pending(f, at, pending);
    wipe(&key, sizeof(key));
    return e;
}

static enum err read_epoch(struct fold *f, const struct item *item, struct epoch_at *ret, bool *ret_good)
{
    ret->payload = item->payload;
    ret->audience = audience_text(&f->v->owner, &f->h);
    *ret_good = !f->h.is_public && epoch_body_read(payload_body(item->payload), &ret->body) == OK;
    /* the alliance's audience and a charter's name go together */
    if (*ret_good && ret->body.is_alliance != (strcmp(ret->audience.s, "alliance") == 0))
        *ret_good = false;
    return *ret_good ? OK : fold_problem(f, "epoch");
}

static enum err is_first(struct fold *f, const struct epoch_at *at, bool *ret)
{
    struct vsql q = vsql_start(f->v, V_EPOCH_GET);
    bind_this(&q, f, at);
    *ret = !vsql_row(&q) || vsql_col_u64(&q, 0) == f->idx;
    return vsql_end(&q);
}

enum err fold_epoch(struct fold *f, const struct item *item)
{
    struct epoch_at at;
    bool good, first;
    enum err e = read_epoch(f, item, &at, &good);
    if (e != OK || !good)
        return e;
    e = is_first(f, &at, &first);
    if (e != OK)
        return e;
    if (!first)
        return fold_problem(f, "epoch-twice");
    e = put_epoch(f, &at);
    return e == OK ? learn(f, &at) : e;
}

/* ---- epochs looked at again ---- */

static enum err each_again(void *arg, uint64_t idx, const struct item *item)
{
    struct fold *f = arg;
    struct epoch_at at;
    bool good;
    enum err e = fold_entry(f, idx, item, &good);
    if (e == OK && good)
        e = read_epoch(f, item, &at, &good);
    return e == OK && good ? learn(f, &at) : e;
}

static const struct fold_log *find_log(const struct fold *f, const char *slug, uint64_t generation)
{
    for (size_t i = 0; i < f->n_logs; i++)
        if (f->logs[i].origin.generation == generation && strcmp(f->logs[i].origin.slug.s, slug) == 0)
            return &f->logs[i];
    return NULL;
}

/* Look again at the epoch entry `idx` of another log, and come back to the one at hand. */
static enum err epoch_again(struct fold *f, const struct fold_log *l, uint64_t idx)
{
    const struct fold_log *was = f->log;
    struct header h = f->h;
    uint64_t was_idx = f->idx;
    enum err e = fold_take_log(f, l);
    if (e == OK)
        e = store_each_entry(f->with->store, &l->origin, idx, idx + 1, each_again, f);
    if (e == OK && was != NULL)
        e = fold_take_log(f, was);
    f->h = h;
    f->idx = was_idx;
    return e;
}

struct place { char slug[SLUG_MAX + 1]; uint64_t generation, idx; };

/* Up to `max` pending epochs: gathered first, because learning changes them. */
static enum err gather_pending(struct fold *f, struct place **ret, size_t *ret_n)
{
    struct place *places = NULL;
    size_t n = 0, cap = 0;
    struct vsql q = vsql_start(f->v, V_EPOCH_PENDING);
    while (vsql_row(&q)) {
        if (n == cap) {
            cap = cap > 0 ? 2 * cap : 64;
            struct place *more = realloc(places, cap * sizeof(*places));
            if (more == NULL) {
                q.e = ERR_NOMEM;
                break;
            }
            places = more;
        }
        vsql_col_copy(&q, 0, places[n].slug, sizeof(places[n].slug));
        places[n].generation = vsql_col_u64(&q, 1);
        places[n++].idx = vsql_col_u64(&q, 2);
    }
    *ret = places;
    *ret_n = n;
    return vsql_end(&q);
}

enum err fold_pending(struct fold *f)
{
    struct place *places = NULL;
    size_t n = 0;
    enum err e = gather_pending(f, &places, &n);
    if (e == OK && n > 0)
        e = vsql_begin(f->v);
    for (size_t i = 0; i < n && e == OK; i++) {
        const struct fold_log *l = find_log(f, places[i].slug, places[i].generation);
        if (l != NULL)
            e = epoch_again(f, l, places[i].idx);
    }
    if (n > 0)
        e = vsql_finish(f->v, e);
    free(places);
    return e;
}
