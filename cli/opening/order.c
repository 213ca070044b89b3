#include "cli/opening/order.h"

#include <stdlib.h>
#include <string.h>

#include "cli/opening/promise.h"
#include "cli/say.h"

enum exit_status order_begin(struct desk *d, struct view *v, const char *to, struct order *ret)
{
    struct named_epoch e;
    *ret = (struct order){.d = d};
    ret->to = strcmp(to, "alliance") == 0 ? TO_ALLIANCE : strcmp(to, "public") == 0 ? TO_PUBLIC : TO_NAMED;
    if (ret->to != TO_NAMED) {
        memcpy(ret->audience, to, strlen(to) + 1);
        return EXIT_OK;
    }
    enum exit_status st = named_resolve(d, to, &ret->named);
    if (st != EXIT_OK)
        return st;
    if (ret->named.n < 2)
        return say_usage(d->s, "name others", "--to %s: that is nobody but ourselves", to);
    enum err err = named_find(d, v, &ret->named, &e);
    if (err == OK)
        hex_encode((struct bytes){e.audience.b, sizeof(e.audience.b)}, ret->audience);
    wipe(&e, sizeof(e));
    return err == OK || err == ERR_UNKNOWN ? EXIT_OK : say_failed(d->s, err, NULL, "open");
}

void order_end(struct order *o)
{
    free(o->items);
    free(o->withheld);
    *o = (struct order){.d = o->d};
}

/* ---- which ---- */

static enum err add_item(struct order *o, uint64_t idx, bool is_figure)
{
    if (o->n == ORDER_MAX)
        return ERR_LIMIT;
    if (o->n == o->cap) {
        size_t cap = o->cap > 0 ? 2 * o->cap : 64;
        struct order_item *items = realloc(o->items, cap * sizeof(*items));
        if (items == NULL)
            return ERR_NOMEM;
        o->items = items;
        o->cap = cap;
    }
    o->items[o->n++] = (struct order_item){idx, is_figure};
    o->n_figures += is_figure;
    return OK;
}

/* Whoever may read it already need not be told its key. */
static enum err is_open(const struct order *o, struct view *v, uint64_t idx, const struct record_row *row, bool *ret)
{
    int wide = audience_width(row->audience);
    *ret = o->to == TO_NAMED ? wide > 0 || strcmp(row->audience, o->audience) == 0 : wide >= audience_width(o->audience);
    if (*ret || o->to != TO_NAMED || o->audience[0] == '\0')
        return OK;
    return view_is_opened_to(v, o->d->origin.slug.s, o->d->origin.generation, idx, o->audience, ret);
}

/* ERR_UNKNOWN: no record that stands. */
static enum err consider(struct order *o, struct view *v, uint64_t idx)
{
    struct record_row row;
    bool open = false;
    enum err e = view_record_at(v, o->d->origin.slug.s, o->d->origin.generation, idx, &row);
    if (e == OK && row.is_withdrawn)
        e = ERR_UNKNOWN;
    if (e == OK)
        e = is_open(o, v, idx, &row, &open);
    if (e != OK)
        return e;
    o->n_already += open;
    return open ? OK : add_item(o, idx, strcmp(row.type, "figure") == 0);
}

static int by_idx(const void *a, const void *b)
{
    const struct order_item *p = a, *q = b;
    return (p->idx > q->idx) - (p->idx < q->idx);
}

static void settle(struct order *o)
{
    size_t n = 0;
    if (o->n > 0)
        qsort(o->items, o->n, sizeof(*o->items), by_idx);
    o->n_figures = 0;
    for (size_t i = 0; i < o->n; i++)
        if (n == 0 || o->items[n - 1].idx != o->items[i].idx) {
            o->n_figures += o->items[i].is_figure;
            o->items[n++] = o->items[i];
        }
    o->n = n;
}

enum exit_status order_add(struct order *o, struct view *v, const struct record_id *id)
{
    struct session *s = o->d->s;
    char text[RECORD_TEXT_SIZE];
    uint64_t first = id->idx;
    record_id_text(id, text);
    if (!slug_equal(&id->slug, &o->d->origin.slug) || id->generation != o->d->origin.generation)
        return say_refused(s, EXIT_NO, "not-ours", "its author opens it", "open %s: it is not in our log", text);
    enum err e = consider(o, v, id->idx);
    if (e == ERR_UNKNOWN)
        return say_refused(s, EXIT_NO, "nothing-found", "`folkmoot history INDICATOR` lists what we published",
                           "open %s: no record of ours stands there", text);
    if (e == OK && (e = view_return_at(v, id->slug.s, id->generation, id->idx, &first)) == ERR_UNKNOWN)
        e = OK;                                 /* a record alone */
    for (uint64_t idx = first; e == OK && idx < id->idx; idx++)
        if ((e = consider(o, v, idx)) == ERR_UNKNOWN)
            e = OK;                             /* withdrawn since, or none of the return's */
    settle(o);
    return e == OK ? EXIT_OK : say_failed(s, e, NULL, "open %s", text);
}

enum exit_status order_again(struct order *o, struct view *v)
{
    struct order_item *old = o->items;
    size_t n = o->n;
    enum err e = OK;
    o->items = NULL;
    o->n = o->cap = o->n_figures = o->n_already = 0;
    for (size_t i = 0; e == OK && i < n; i++)
        if ((e = consider(o, v, old[i].idx)) == ERR_UNKNOWN)
            e = OK;
    free(old);
    return e == OK ? EXIT_OK : say_failed(o->d->s, e, NULL, "open");
}

/* ---- the keys ---- */

static enum err take_header(void *arg, uint64_t idx, const struct item *item)
{
    (void)idx;
    return header_read(item->header, arg);
}

static enum err key_at(struct order *o, struct view *v, uint64_t idx, struct sym_secret *ret)
{
    struct header h = {.kind = KIND_IDENTITY};
    struct sym_secret epoch_key;
    enum err e = store_each_entry(o->d->store, &o->d->origin, idx, idx + 1, take_header, &h);
    if (e == OK && (h.kind != KIND_RECORD || h.is_public))
        e = ERR_UNKNOWN;
    struct epoch_id id = {.origin = o->d->origin, .audience = h.audience, .epoch = h.epoch};
    if (e == OK)
        e = view_epoch_key(v, &id, &epoch_key);
    if (e == OK) {
        record_key(&epoch_key, h.nonce, ret);
        wipe(&epoch_key, sizeof(epoch_key));
        e = record_check_key(&o->d->origin, &h, ret);
    }
    return e;
}

static enum err put_some(struct author *a, struct sealer *s, const struct order *o, const struct opening *keys)
{
    struct buf body = buf_on(PAYLOAD_MAX);
    if (o->to == TO_PUBLIC)
        opening_write(keys, &body);
    else
        opening_record_write(keys, &body);
    enum err e = buf_status(&body);
    if (e == OK)
        e = o->to == TO_PUBLIC ? author_put_public(a, KIND_OPEN, buf_bytes(&body)) : sealer_put(s, buf_bytes(&body));
    buf_wipe(&body);
    return e;
}

static enum err put_all(struct order *o, struct author *a, struct view *v, struct sealer *s, size_t *ret_n)
{
    struct opening *keys = calloc(1, sizeof(*keys));
    enum err e = keys != NULL ? OK : ERR_NOMEM;
    for (size_t i = 0; e == OK && i < o->n; i++) {
        keys->items[keys->n].index = o->items[i].idx;
        e = key_at(o, v, o->items[i].idx, &keys->items[keys->n].key);
        keys->n++;
        if (e == OK && (keys->n == OPENING_MAX || i + 1 == o->n)) {
            e = put_some(a, s, o, keys);
            keys->n = 0;
            ++*ret_n;
        }
    }
    if (keys != NULL)
        wipe(keys, sizeof(*keys));
    free(keys);
    return e;
}

enum exit_status order_put(struct order *o, struct author *a, struct view *v, size_t *ret_n)
{
    struct sealer s = {.a = NULL};
    *ret_n = 0;
    enum exit_status st = sealer_open(a, v, o->to, &o->named, &s);
    if (st == EXIT_OK) {
        enum err e = put_all(o, a, v, &s, ret_n);
        if (e == ERR_UNKNOWN)
            st = say_refused(o->d->s, EXIT_NO, "no-key", "private/box.keys opens our own epochs: restore it from a backup",
                             "open: we do not hold the key of one of them");
        else if (e != OK)
            st = say_failed(o->d->s, e, "nothing was opened", "open");
    }
    sealer_close(&s);
    return st;
}
