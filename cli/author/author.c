#include "cli/author/author.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "cli/author/inside.h"
#include "cli/say.h"
#include "keys/file.h"
#include "keys/signed.h"

struct desk *author_desk(const struct author *a)
{
    return a->d;
}

uint64_t author_next(const struct author *a)
{
    return a->tip.size;
}

/* ---- entries ---- */

static void drop_items(struct author *a)
{
    for (size_t i = 0; i < a->n_items; i++)
        free(a->memory[i]);
    a->n_items = 0;
    a->bytes = 0;
}

static enum err grow_items(struct author *a)
{
    if (a->n_items < a->cap_items)
        return OK;
    size_t cap = a->cap_items > 0 ? a->cap_items * 2 : 64;
    struct item *items = realloc(a->items, cap * sizeof(items[0]));
    if (items == NULL)
        return ERR_NOMEM;
    a->items = items;
    uint8_t **memory = realloc(a->memory, cap * sizeof(memory[0]));
    if (memory == NULL)
        return ERR_NOMEM;
    a->memory = memory;
    a->cap_items = cap;
    return OK;
}

static enum err keep_item(struct author *a, struct bytes header, struct bytes payload)
{
    enum err e = grow_items(a);
    uint8_t *p = e == OK ? malloc(header.len + payload.len) : NULL;
    if (p == NULL)
        return ERR_NOMEM;
    memcpy(p, header.p, header.len);
    memcpy(p + header.len, payload.p, payload.len);
    a->memory[a->n_items] = p;
    a->items[a->n_items++] = (struct item){
        .header = {p, header.len}, .payload = {p + header.len, payload.len}, .has_payload = true,
    };
    a->bytes += header.len + payload.len;
    return OK;
}

/* The root by recursion over what the transaction holds: a second code path beside the frontier. */
static enum err check_root(struct author *a, const struct hash *root)
{
    struct store_source *src = NULL;
    struct hash again;
    enum err e = store_source_new(a->d->store, &a->d->origin, true, &src);
    if (e == OK) {
        struct merkle_source ms = store_source(src);
        e = merkle_root(&ms, a->tip.size, &again);
    }
    store_source_free(src);
    if (e == OK && !hash_equal(&again, root))
        e = ERR_ROOT;
    return e;
}

/* Sign what has gathered, check it, and put it into the open transaction. */
static enum err flush(struct author *a)
{
    struct checkpoint c = {.origin = a->d->origin, .size = a->tip.size, .root = frontier_root(&a->tip)}, again;
    buf_clear(&a->note);
    checkpoint_sign(&c, &a->key.secret, &a->note);
    enum err e = buf_status(&a->note);
    if (e == OK)
        e = checkpoint_open(buf_bytes(&a->note), &a->d->origin, &a->public, &again);
    if (e == OK && !a->in_transaction) {
        e = store_begin(a->d->store);
        a->in_transaction = e == OK;
    }
    if (e == OK) {
        struct append ap = {
            .origin = a->d->origin, .expected = a->stored, .n_items = a->n_items, .items = a->items, .after = &a->tip,
            .checkpoint = buf_bytes(&a->note), .whole = a->tip.size,
        };
        e = store_append(a->d->store, &ap);
    }
    if (e == OK)
        e = check_root(a, &c.root);
    if (e == OK) {
        a->stored = a->tip.size;
        a->head = c;
        drop_items(a);
    }
    return e;
}

enum err author_put(struct author *a, struct bytes header, struct bytes payload)
{
    enum err e = a->failed != OK ? a->failed : keep_item(a, header, payload);
    if (e == OK) {
        struct hash leaf = merkle_leaf(header);
        frontier_append(&a->tip, &leaf);
        if (a->tip.size % BOUNDARY == 0 || a->bytes >= BOUNDARY_BYTES - PAYLOAD_MAX - HEADER_MAX)
            e = flush(a);
    }
    a->failed = e;
    return e;
}

enum err author_put_public(struct author *a, enum entry_kind kind, struct bytes body)
{
    uint8_t salt[SALT_LEN];
    struct buf header = buf_on(HEADER_MAX), payload = buf_on(PAYLOAD_MAX);
    random_fill(salt, sizeof(salt));
    entry_write_public(kind, session_now_ms(), salt, body, &header, &payload);
    enum err e = buf_status(&header);
    if (e == OK)
        e = buf_status(&payload);
    if (e == OK)
        e = author_put(a, buf_bytes(&header), buf_bytes(&payload));
    buf_release(&header);
    buf_release(&payload);
    return e;
}

enum err author_put_identity(struct author *a, struct bytes note, const struct sign_keyfile *key)
{
    enum err e = a->failed;
    if (e == OK && key != NULL && a->n_items > 0)
        e = flush(a);
    if (e == OK && key != NULL) {
        a->key = *key;
        a->public = sign_public_of(&a->key.secret);
    }
    a->failed = e;
    return e == OK ? author_put_public(a, KIND_IDENTITY, note) : e;
}

/* ---- the end ---- */

/* After COMMIT the head moves. Should that fail, the next author_begin takes up what our own key has
 * signed, so nothing is lost: it is said, not undone. */
static enum exit_status keep_head(struct author *a)
{
    enum err e = head_save(&a->d->s->home, buf_bytes(&a->note));
    if (e != OK)
        say_warning(a->d->s, "published, but private/head could not be written: %s", err_text(e));
    return EXIT_OK;
}

enum exit_status author_commit(struct author *a, struct checkpoint *ret)
{
    enum err e = a->failed;
    if (e == OK && a->n_items > 0)
        e = flush(a);
    if (e == OK && a->in_transaction)
        e = store_commit(a->d->store);
    if (e != OK) {
        if (a->in_transaction)
            store_rollback(a->d->store);
        a->in_transaction = false;
        a->failed = e;
        return say_failed(a->d->s, e, e == ERR_ROOT ? "nothing was published; run `folkmoot verify`" : "nothing was published",
                          "signing our log");
    }
    bool has_written = a->in_transaction;
    a->in_transaction = false;
    if (ret != NULL)
        *ret = a->head;
    if (!has_written)
        return EXIT_OK;
    session_did(a->d->s, "signed %s to entry %" PRIu64, a->d->origin.slug.s, a->head.size - 1);
    desk_ring(a->d);
    return keep_head(a);
}

void author_end(struct author *a)
{
    if (a == NULL)
        return;
    if (a->in_transaction)
        store_rollback(a->d->store);
    drop_items(a);
    free(a->items);
    free(a->memory);
    buf_release(&a->note);
    if (a->lock >= 0)
        file_unlock(a->lock);
    wipe(a, sizeof(*a));
    free(a);
}
