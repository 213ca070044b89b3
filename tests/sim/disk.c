#include <stdlib.h>
#include <string.h>

#include "tests/sim/sim.h"

struct bytes blob_bytes(struct blob b)
{
    return (struct bytes){b.p, b.len};
}

struct blob blob_of(struct bytes in)
{
    struct blob b = {malloc(in.len + 1), in.len};
    must(b.p != NULL);
    if (in.len > 0)
        memcpy(b.p, in.p, in.len);
    return b;
}

static void room(void **list, size_t *cap, size_t n, size_t item)
{
    if (n < *cap)
        return;
    *cap = *cap > 0 ? *cap * 2 : 16;
    *list = realloc(*list, *cap * item);
    must(*list != NULL);
}

struct disk *disk_new(void)
{
    struct disk *d = calloc(1, sizeof(*d));
    must(d != NULL);
    return d;
}

static void log_free(struct dlog *log)
{
    for (size_t i = 0; i < log->n_rows; i++) {
        free(log->rows[i].header.p);
        free(log->rows[i].payload.p);
    }
    for (size_t i = 0; i < log->n_kept; i++)
        free(log->kept[i].note.p);
    free(log->rows);
    free(log->kept);
    free(log->evidence.p);
    free(log->cosigs);
    free(log);
}

void disk_free(struct disk *d)
{
    if (d == NULL)
        return;
    for (size_t i = 0; i < d->n_logs; i++)
        log_free(d->logs[i]);
    for (size_t i = 0; i < d->n_charters; i++)
        free(d->charters[i].note.p);
    for (size_t i = 0; i < d->n_identities; i++)
        free(d->identities[i].note.p);
    for (size_t i = 0; i < d->n_requests; i++)
        free(d->requests[i].note.p);
    free(d);
}

static void *copied(const void *p, size_t len)
{
    void *q = malloc(len + 1);
    must(q != NULL);
    if (len > 0)
        memcpy(q, p, len);
    return q;
}

static struct dlog *log_copy(const struct dlog *log)
{
    struct dlog *c = copied(log, sizeof(*log));
    c->rows = copied(log->rows, log->n_rows * sizeof(log->rows[0]));
    c->cap_rows = log->n_rows;
    for (size_t i = 0; i < c->n_rows; i++) {
        c->rows[i].header = blob_of(blob_bytes(log->rows[i].header));
        c->rows[i].payload = blob_of(blob_bytes(log->rows[i].payload));
    }
    c->kept = copied(log->kept, log->n_kept * sizeof(log->kept[0]));
    c->cap_kept = log->n_kept;
    for (size_t i = 0; i < c->n_kept; i++)
        c->kept[i].note = blob_of(blob_bytes(log->kept[i].note));
    c->evidence = blob_of(blob_bytes(log->evidence));
    c->cosigs = copied(log->cosigs, log->n_cosigs * sizeof(log->cosigs[0]));
    c->cap_cosigs = log->n_cosigs;
    return c;
}

struct disk *disk_copy(const struct disk *d)
{
    struct disk *c = copied(d, sizeof(*d));
    for (size_t i = 0; i < d->n_logs; i++)
        c->logs[i] = log_copy(d->logs[i]);
    for (size_t i = 0; i < d->n_charters; i++)
        c->charters[i].note = blob_of(blob_bytes(d->charters[i].note));
    for (size_t i = 0; i < d->n_identities; i++)
        c->identities[i].note = blob_of(blob_bytes(d->identities[i].note));
    for (size_t i = 0; i < d->n_requests; i++)
        c->requests[i].note = blob_of(blob_bytes(d->requests[i].note));
    return c;
}

struct dlog *disk_log(struct disk *d, const struct origin *o)
{
    for (size_t i = 0; i < d->n_logs; i++)
        if (origin_equal(&d->logs[i]->origin, o))
            return d->logs[i];
    return NULL;
}

struct dlog *disk_log_make(struct disk *d, const struct origin *o)
{
    struct dlog *log = disk_log(d, o);
    if (log != NULL)
        return log;
    must(d->n_logs < LOG_KINDS_MAX && (log = calloc(1, sizeof(*log))) != NULL);
    log->origin = *o;
    frontier_init(&log->frontier);
    d->logs[d->n_logs++] = log;
    return log;
}

void disk_take_log(struct disk *d, const struct dlog *log)
{
    for (size_t i = 0; i < d->n_logs; i++)
        if (origin_equal(&d->logs[i]->origin, &log->origin)) {
            log_free(d->logs[i]);
            d->logs[i] = log_copy(log);
            return;
        }
    must(d->n_logs < LOG_KINDS_MAX);
    d->logs[d->n_logs++] = log_copy(log);
}

/* ---- entries ---- */

static void put_row(struct dlog *log, const struct item *item)
{
    struct header h;
    must(header_read(item->header, &h) == OK);
    room((void **)&log->rows, &log->cap_rows, log->n_rows, sizeof(log->rows[0]));
    log->rows[log->n_rows++] = (struct row){
        .header = blob_of(item->header), .payload = blob_of(item->has_payload ? item->payload : (struct bytes){0}),
        .has_payload = item->has_payload, .excuse = item->excuse, .kind = h.kind, .time_ms = h.time_ms,
        .leaf = merkle_leaf(item->header),
    };
    log->bytes_since += item->header.len + item->payload.len;
}

/* Kept are multiples of BOUNDARY, those that close BOUNDARY_BYTES, those asked for, and the newest. */
static void keep_checkpoint(struct dlog *log, uint64_t size, struct bytes note)
{
    if (log->n_kept > 0 && !log->kept[log->n_kept - 1].is_kept)
        free(log->kept[--log->n_kept].note.p);
    if (note.len == 0)
        return;
    room((void **)&log->kept, &log->cap_kept, log->n_kept, sizeof(log->kept[0]));
    bool is_boundary = size % BOUNDARY == 0 || log->bytes_since >= BOUNDARY_BYTES;
    log->kept[log->n_kept++] = (struct kept){size, is_boundary, false, blob_of(note)};
    if (is_boundary)
        log->bytes_since = 0;
}

void disk_put_cosig(struct dlog *log, const struct cosig *c, bool is_ours)
{
    if (is_ours && c->size >= log->cosigned_size) {
        log->cosigned_size = c->size;
        log->cosigned_root = c->root;
        log->cosigned_at_s = c->time_s;
    }
    for (size_t i = 0; i < log->n_cosigs; i++) {
        if (log->cosigs[i].size == c->size && slug_equal(&log->cosigs[i].witness, &c->witness)) {
            log->cosigs[i] = *c;
            return;
        }
    }
    room((void **)&log->cosigs, &log->cap_cosigs, log->n_cosigs, sizeof(log->cosigs[0]));
    log->cosigs[log->n_cosigs++] = *c;
}

enum err disk_append(struct disk *d, const struct append *a)
{
    struct dlog *log = disk_log_make(d, &a->origin);
    if (log->is_frozen && !a->is_ending)
        return ERR_FROZEN;
    if (log->n_rows != a->expected)
        return ERR_CONFLICT;
    for (size_t i = 0; i < a->n_items; i++)
        put_row(log, &a->items[i]);
    for (size_t i = a->expected; i < log->n_rows; i++)
        if (log->rows[i].time_ms > log->newest_ms)
            log->newest_ms = log->rows[i].time_ms;
    log->frontier = *a->after;
    if (a->whole > log->whole)
        log->whole = a->whole;
    keep_checkpoint(log, log->n_rows, a->checkpoint);
    if (a->cosig != NULL)
        disk_put_cosig(log, a->cosig, true);
    return OK;
}

uint64_t disk_raise_whole(struct dlog *log, uint64_t limit)
{
    for (size_t i = 0; i < log->n_kept; i++)
        if (log->kept[i].size <= limit && log->kept[i].size > log->whole)
            log->whole = log->kept[i].size;
    return log->whole;
}

enum err disk_fill(struct dlog *log, uint64_t idx, struct bytes payload)
{
    if (log == NULL || idx >= log->n_rows || log->rows[idx].has_payload)
        return ERR_UNKNOWN;
    free(log->rows[idx].payload.p);
    log->rows[idx].payload = blob_of(payload);
    log->rows[idx].has_payload = true;
    return OK;
}

void disk_cut(struct dlog *log, uint64_t size)
{
    if (disk_checkpoint(log, size) == NULL)
        size = 0;
    frontier_init(&log->frontier);
    log->newest_ms = 0;
    for (size_t i = 0; i < log->n_rows; i++) {
        if (i >= size) {
            free(log->rows[i].header.p);
            free(log->rows[i].payload.p);
            continue;
        }
        frontier_append(&log->frontier, &log->rows[i].leaf);
        if (log->rows[i].time_ms > log->newest_ms)
            log->newest_ms = log->rows[i].time_ms;
    }
    log->n_rows = (size_t)size;
    while (log->n_kept > 0 && log->kept[log->n_kept - 1].size > size)
        free(log->kept[--log->n_kept].note.p);
    size_t kept = 0;
    for (size_t i = 0; i < log->n_cosigs; i++)
        if (log->cosigs[i].size <= size)
            log->cosigs[kept++] = log->cosigs[i];
    log->n_cosigs = kept;
    log->whole = log->whole < size ? log->whole : size;
    log->bytes_since = 0;
    memset(&log->memo, 0, sizeof(log->memo));
}

void disk_erase(struct dlog *log, uint64_t idx, uint64_t excuse)
{
    struct row *r = log != NULL && idx < log->n_rows ? &log->rows[idx] : NULL;
    if (r == NULL || !r->has_payload || r->kind == KIND_IDENTITY || r->kind == KIND_EPOCH)
        return;
    r->has_payload = false;
    r->payload.len = 0;
    r->excuse = excuse;
}

bool disk_is_erased(const struct dlog *log, uint64_t idx, uint64_t by)
{
    struct withdrawal w;
    return by < log->n_rows && by > idx && log->rows[by].kind == KIND_WITHDRAW && log->rows[by].has_payload
        && withdrawal_read(payload_body(blob_bytes(log->rows[by].payload)), &w) == OK && w.erase && w.target == idx;
}

const struct kept *disk_checkpoint(const struct dlog *log, uint64_t size)
{
    for (size_t i = log->n_kept; i > 0; i--)
        if (log->kept[i - 1].size == size)
            return &log->kept[i - 1];
    return NULL;
}

struct identity *disk_identity(const struct dlog *log, uint64_t size)
{
    struct identity *id = calloc(1, sizeof(*id));
    must(id != NULL);
    for (uint64_t i = size; i > 0; i--)
        if (log->rows[i - 1].kind == KIND_IDENTITY
            && identity_open(payload_body(blob_bytes(log->rows[i - 1].payload)), id) == OK)
            return id;
    free(id);
    return NULL;
}

/* ---- reading ---- */

enum err disk_read_span(struct dlog *log, const struct log_ref *ref, uint64_t from, uint64_t upto, size_t max, struct buf *ret,
                        size_t *ret_n)
{
    if (log == NULL || from >= log->n_rows || from >= upto)
        return ERR_UNKNOWN;
    struct buf items = buf_on(FRAME_BODY_MAX);
    const struct kept *above = NULL;
    for (size_t i = 0; i < log->n_kept && above == NULL; i++)
        if (log->kept[i].size > from)
            above = &log->kept[i];
    uint64_t end = above != NULL && above->size < upto ? above->size : upto < log->n_rows ? upto : log->n_rows;
    size_t n = 0;
    for (; from + n < end; n++) {
        const struct row *r = &log->rows[from + n];
        struct item item = {blob_bytes(r->header), blob_bytes(r->payload), r->has_payload, r->excuse};
        if (n > 0 && items.len + item.header.len + item.payload.len > max)
            break;
        put_item(&items, &item);
    }
    bool is_end = above != NULL && from + n == above->size;
    put_entries(ret, ref, from, n, buf_bytes(&items), is_end ? blob_bytes(above->note) : (struct bytes){0});
    must(buf_status(ret) == OK);
    buf_release(&items);
    *ret_n = n;
    return OK;
}

static enum err get_leaf(void *arg, unsigned level, uint64_t index, struct hash *ret)
{
    struct dlog *log = arg;
    if (level > 0) {
        struct merkle_source src = {get_leaf, arg};
        return merkle_fold(&src, 0, level, index, ret);
    }
    must(index < log->n_rows);
    *ret = log->rows[index].leaf;
    return OK;
}

struct merkle_source disk_source(struct dlog *log)
{
    return (struct merkle_source){get_leaf, log};
}

bool memo_find(const struct memo *m, uint64_t size, struct hash *ret)
{
    for (size_t i = 0; size > 0 && i < sizeof(m->root) / sizeof(m->root[0]); i++) {
        if (m->root[i].size == size) {
            *ret = m->root[i].root;
            return true;
        }
    }
    return false;
}

void memo_put(struct memo *m, uint64_t size, const struct hash *root)
{
    size_t at = m->at++ % (sizeof(m->root) / sizeof(m->root[0]));
    m->root[at].size = size;
    m->root[at].root = *root;
}

struct hash disk_root(struct dlog *log, uint64_t size)
{
    struct hash root;
    struct merkle_source src = disk_source(log);
    if (memo_find(&log->memo, size, &root))
        return root;
    must(merkle_root(&src, size, &root) == OK);
    memo_put(&log->memo, size, &root);
    return root;
}

/* ---- the rest ---- */

static void put_note(struct dnote *list, size_t *n, size_t max, size_t place, const struct dnote *note, struct bytes text)
{
    if (place == *n) {
        must(*n < max);
        (*n)++;
    } else {
        free(list[place].note.p);
    }
    list[place] = *note;
    list[place].note = blob_of(text);
}

void disk_put_charter(struct disk *d, const struct hash *hash, struct bytes note)
{
    size_t i = 0;
    while (i < d->n_charters && !hash_equal(&d->charters[i].hash, hash))
        i++;
    put_note(d->charters, &d->n_charters, 64, i, &(struct dnote){.hash = *hash}, note);
}

void disk_drop_charter(struct disk *d, const struct hash *hash)
{
    for (size_t i = 0; i < d->n_charters; i++) {
        if (!hash_equal(&d->charters[i].hash, hash))
            continue;
        free(d->charters[i].note.p);
        memmove(&d->charters[i], &d->charters[i + 1], (d->n_charters - i - 1) * sizeof(d->charters[0]));
        d->n_charters--;
        return;
    }
}

void disk_put_identity(struct disk *d, const struct slug *slug, uint32_t version, struct bytes note)
{
    size_t i = 0;
    while (i < d->n_identities && !slug_equal(&d->identities[i].slug, slug))
        i++;
    if (i == d->n_identities || d->identities[i].version < version)
        put_note(d->identities, &d->n_identities, NODES_MAX, i, &(struct dnote){.slug = *slug, .version = version}, note);
}

enum err disk_put_request(struct disk *d, const struct hash *token, const struct slug *slug, struct bytes note)
{
    size_t at = 0;
    while (at < d->n_invites && !hash_equal(&d->invites[at].token_hash, token))
        at++;
    if (at == d->n_invites)
        return ERR_UNKNOWN;
    if (d->n_requests == REQUESTS_MAX)
        return ERR_LIMIT;
    d->invites[at] = d->invites[--d->n_invites];
    size_t i = 0;
    while (i < d->n_requests && !slug_equal(&d->requests[i].slug, slug))
        i++;
    put_note(d->requests, &d->n_requests, REQUESTS_MAX, i, &(struct dnote){.slug = *slug}, note);
    return OK;
}
