#include "cli/asked.h"

#include <string.h>

#include "protocol/checkpoint.h"
#include "protocol/invite.h"
#include "protocol/merkle.h"
#include "protocol/pack.h"

enum { VERSION = 1, INVITER_MAX = 1024 };

/* ---- into a backup ---- */

static enum err pack_setting(struct desk *d, const char *key, struct buf *ret)
{
    struct buf value = buf_on(INVITER_MAX);
    enum err e = store_get(d->store, key, &value);
    if (e == OK)
        pack_bin(ret, buf_bytes(&value));
    else if (e == ERR_UNKNOWN)
        pack_nil(ret);
    buf_wipe(&value);
    return e == ERR_UNKNOWN ? OK : e;
}

static enum err pack_entry(void *arg, uint64_t idx, const struct item *item)
{
    struct buf *ret = arg;
    (void)idx;
    pack_array(ret, 2);
    pack_bin(ret, item->header);
    pack_bin(ret, item->payload);
    return buf_status(ret);
}

static enum err pack_log(struct desk *d, struct buf *ret)
{
    struct log_state l = {.whole = 0};
    struct buf note = buf_on(CHECKPOINT_MAX);
    enum err e = store_log(d->store, &d->origin, &l, &note);
    if (e == OK && l.whole > ASKED_ENTRIES_MAX)
        e = ERR_LIMIT;
    if (e == OK || e == ERR_UNKNOWN)
        pack_array(ret, (size_t)l.whole);
    if (e == OK)
        e = store_each_entry(d->store, &d->origin, 0, l.whole, pack_entry, ret);
    pack_bin(ret, l.whole > 0 ? l.whole_note : bytes_of(""));
    buf_release(&note);
    return e == ERR_UNKNOWN ? OK : e;
}

enum err asked_pack(struct desk *d, struct buf *ret)
{
    const struct charter *c = desk_charter(d);
    if (!d->has_alliance || desk_is_member(d) || desk_is_former(d))
        return OK;
    pack_array(ret, 7);
    pack_uint(ret, VERSION);
    pack_fixed(ret, d->origin.alliance.b, sizeof(d->origin.alliance.b));
    enum err e = OK;
    if (c != NULL)
        pack_bin(ret, (struct bytes){c->hash.b, HASH_LEN});     /* it has been heard from: what came is believed */
    else
        e = pack_setting(d, "trust", ret);
    if (e == OK)
        e = pack_setting(d, "token", ret);
    if (e == OK)
        e = pack_setting(d, "inviter", ret);
    if (e == OK)
        e = pack_log(d, ret);
    return e == OK ? buf_status(ret) : e;
}

/* ---- out of one ---- */

struct asked {
    struct alliance_id alliance;
    struct bytes trust, token, inviter, checkpoint;
    size_t n;
    struct item items[ASKED_ENTRIES_MAX];
};

static struct bytes read_setting(struct reader *r, size_t len_min, size_t len_max)
{
    if (read_nil(r))
        return (struct bytes){NULL, 0};
    struct bytes b = read_bin(r, len_max);
    if (b.len < len_min)
        reader_fail(r);
    return b;
}

static enum err read_asked(struct bytes in, struct asked *ret)
{
    struct reader r = reader_on(in);
    (void)read_array(&r, 7, 7);
    if (read_uint(&r, UINT32_MAX) != VERSION)
        reader_fail(&r);
    read_fixed(&r, ret->alliance.b, sizeof(ret->alliance.b));
    ret->trust = read_setting(&r, HASH_LEN, HASH_LEN);
    ret->token = read_setting(&r, TOKEN_LEN, TOKEN_LEN);
    ret->inviter = read_setting(&r, 1, INVITER_MAX);
    ret->n = read_array(&r, 0, ASKED_ENTRIES_MAX);
    for (size_t i = 0; i < ret->n && reader_status(&r) == OK; i++) {
        (void)read_array(&r, 2, 2);
        ret->items[i] = (struct item){.has_payload = true};
        ret->items[i].header = read_bin(&r, HEADER_MAX);
        ret->items[i].payload = read_bin(&r, PAYLOAD_MAX);
    }
    ret->checkpoint = read_bin(&r, CHECKPOINT_MAX);
    return reader_finish(&r);
}

/* Our own log key signed it, or it is none of ours. */
static enum err put_log(struct store *s, const struct slug *slug, const struct sign_public *log, const struct asked *a)
{
    struct origin o = {.alliance = a->alliance, .slug = *slug, .generation = 1};
    struct checkpoint c;
    struct frontier f;
    frontier_init(&f);
    for (size_t i = 0; i < a->n; i++) {
        struct hash leaf = merkle_leaf(a->items[i].header);
        frontier_append(&f, &leaf);
    }
    if (a->n == 0)
        return OK;
    enum err e = checkpoint_open(a->checkpoint, &o, log, &c);
    struct hash root = frontier_root(&f);
    if (e == OK && (c.size != a->n || !hash_equal(&c.root, &root)))
        e = ERR_ROOT;
    const struct append ap = {.origin = o, .n_items = a->n, .items = a->items, .after = &f, .checkpoint = a->checkpoint,
                              .whole = a->n};
    return e == OK ? store_append(s, &ap) : e;
}

static enum err put_settings(struct store *s, const struct slug *slug, const struct asked *a)
{
    const struct { const char *key; struct bytes value; } settings[] = {
        {"alliance", {a->alliance.b, sizeof(a->alliance.b)}}, {"slug", bytes_of(slug->s)}, {"trust", a->trust}, {"token", a->token},
        {"inviter", a->inviter},
    };
    enum err e = OK;
    for (size_t i = 0; e == OK && i < sizeof(settings) / sizeof(settings[0]); i++)
        if (settings[i].value.len > 0)
            e = store_set(s, settings[i].key, settings[i].value);
    return e;
}

enum err asked_put(struct store *s, const struct slug *slug, const struct sign_public *log, struct bytes asked)
{
    struct asked a = {.n = 0};
    enum err e = read_asked(asked, &a);
    if (e != OK || (e = store_begin(s)) != OK)
        return e;
    e = put_settings(s, slug, &a);
    if (e == OK)
        e = put_log(s, slug, log, &a);
    if (e == OK)
        return store_commit(s);
    store_rollback(s);
    return e;
}
