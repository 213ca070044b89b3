#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/sim/sim.h"

/* What `publish` gathers before it is one transaction. */
struct batch {
    struct node *n;
    struct origin origin;
    struct dlog *log;
    struct book *book;
    size_t branch;
    struct frontier after;
    size_t n_items, bytes;
    struct item items[BOUNDARY];
    struct buf held[2 * BOUNDARY];
};

static struct batch *batch_new(struct node *n, uint32_t generation)
{
    struct batch *b = calloc(1, sizeof(*b));
    must(b != NULL);
    b->n = n;
    b->origin = node_origin(n, generation);
    b->log = disk_log_make(n->disk, &b->origin);
    b->book = book_of(n->sim, &b->origin, NULL);
    b->branch = book_branch(n->sim, n, &b->origin);
    b->after = b->log->frontier;
    return b;
}

static void batch_flush(struct batch *b)
{
    struct buf note = buf_on(CHECKPOINT_MAX);
    struct checkpoint c = {.origin = b->origin, .size = b->after.size, .root = frontier_root(&b->after)};
    if (b->n_items == 0)
        return;
    checkpoint_sign(&c, &b->n->keys.log, &note);
    must(buf_status(&note) == OK);
    struct append a = {.origin = b->origin, .expected = b->log->n_rows, .n_items = b->n_items, .items = b->items,
                       .after = &b->after, .checkpoint = buf_bytes(&note), .whole = b->after.size};
    must(disk_append(b->n->disk, &a) == OK);
    check_append(b->n, &a);
    b->n->head[b->origin.generation] = b->after.size;
    for (size_t i = 0; i < 2 * b->n_items; i++)
        buf_release(&b->held[i]);
    buf_release(&note);
    b->n_items = b->bytes = 0;
}

static void batch_put(struct batch *b, struct buf header, struct buf payload)
{
    must(buf_status(&header) == OK && buf_status(&payload) == OK);
    b->held[2 * b->n_items] = header;
    b->held[2 * b->n_items + 1] = payload;
    b->items[b->n_items++] = (struct item){.header = buf_bytes(&header), .payload = buf_bytes(&payload), .has_payload = true};
    struct hash leaf = merkle_leaf(buf_bytes(&header));
    frontier_append(&b->after, &leaf);
    b->bytes += header.len + payload.len;
    if (b->branch < BRANCHES_MAX) {
        size_t *n = &b->book->branch[b->branch].n, *cap = &b->book->branch[b->branch].cap;
        if (*n == *cap) {
            *cap = *cap > 0 ? *cap * 2 : 64;
            b->book->branch[b->branch].leaves = realloc(b->book->branch[b->branch].leaves, *cap * sizeof(leaf));
            must(b->book->branch[b->branch].leaves != NULL);
        }
        b->book->branch[b->branch].leaves[(*n)++] = leaf;
    }
    if (b->after.size % BOUNDARY == 0 || b->bytes >= BOUNDARY_BYTES)
        batch_flush(b);
}

static void batch_end(struct batch *b)
{
    batch_flush(b);
    node_bell(b->n);
    free(b);
}

static void salt_of(struct sim *s, uint8_t ret[SALT_LEN])
{
    put_u64be(ret, sim_random(s));
    put_u64be(ret + 8, sim_random(s));
}

static void put_public(struct batch *b, uint64_t kind, struct bytes body)
{
    struct buf header = buf_on(HEADER_MAX), payload = buf_on(PAYLOAD_MAX);
    uint8_t salt[SALT_LEN];
    salt_of(b->n->sim, salt);
    entry_write_public(kind, node_wall_ms(b->n), salt, body, &header, &payload);
    batch_put(b, header, payload);
}

/* Ciphertext to whoever cannot read: random bytes do. */
static void put_sealed(struct batch *b, size_t body_len)
{
    struct buf header = buf_on(HEADER_MAX), payload = buf_on(PAYLOAD_MAX);
    uint8_t *p = buf_grow(&payload, SALT_LEN + body_len);
    must(p != NULL);
    for (size_t i = 0; i < SALT_LEN + body_len; i++)
        p[i] = i % 8 == 0 ? (uint8_t)sim_random(b->n->sim) : (uint8_t)(p[i - 1] * 7 + 3);
    struct header h = {.kind = KIND_RECORD, .time_ms = node_wall_ms(b->n), .epoch = 1, .payload_len = (uint32_t)payload.len,
                       .payload_hash = blake2b_256(buf_bytes(&payload))};
    memcpy(h.audience.b, b->n->sim->alliance.b, sizeof(h.audience.b));
    salt_of(b->n->sim, h.nonce);
    h.commit = h.payload_hash;
    header_write(&h, &header);
    batch_put(b, header, payload);
}

static uint32_t newest_generation(struct node *n)
{
    uint32_t g = 1;
    while (n->head[g + 1] > 0)
        g++;
    return g;
}

/* "Sign only what you made": not behind one's own head, not on a frozen log. */
static bool may_sign(struct node *n, uint32_t generation)
{
    struct origin o = node_origin(n, generation);
    struct dlog *log = disk_log(n->disk, &o);
    return log == NULL ? n->head[generation] == 0
                       : !log->is_frozen && log->n_rows == n->head[generation] && log->whole == log->n_rows;
}

/* ---- asking ---- */

struct opinions { bool agrees, disputes; size_t n_spoken; };

/* What the publishing command makes of its peers' words since `since_ms`. */
static struct opinions opinions_of(const struct node *n, struct dlog *log, uint64_t since_ms)
{
    struct opinions o = {0};
    for (size_t i = 0; i < n->n_heads; i++) {
        const struct head_row *h = &n->heads[i];
        if (h->at_ms < since_ms)
            continue;
        o.n_spoken++;
        if (h->generation != log->origin.generation || h->size == 0)
            continue;
        struct hash root = disk_root(log, h->size <= log->n_rows ? h->size : log->n_rows);
        struct short_root ours = short_root_of(&root);
        bool is_ours = h->size <= log->n_rows && memcmp(ours.b, h->root.b, SHORT_ROOT_LEN) == 0;
        o.agrees |= is_ours;
        o.disputes |= !is_ours;
    }
    return o;
}

/* As cli/author/ask.c: a word that is newer than the question; those who are linked are heard; a head that this disk does
 * not hold is waited for, until it has come or counts for nothing. */
bool author_ask(struct node *n)
{
    enum { ALL_MS = 3000, AGAIN_MS = 1000, SETTLE_MS = 75 * 1000, STEP_MS = 50 };
    struct origin o = node_origin(n, newest_generation(n));
    uint64_t since_ms = node_wall_ms(n);
    for (uint64_t waited = 0; waited < SETTLE_MS && n->sim->failed == NULL && n->engine != NULL; waited += STEP_MS) {
        struct event ev = {.kind = EV_ASK, .ask = ASK_PING};
        if (waited % AGAIN_MS == 0)
            node_step(n, &ev);
        sim_run(n->sim, STEP_MS);
        struct dlog *log = disk_log(n->disk, &o);
        if (log == NULL || n->engine == NULL || log->is_frozen)
            return false;
        struct opinions now = opinions_of(n, log, since_ms);
        if (now.agrees && !now.disputes && (waited >= ALL_MS || now.n_spoken >= engine_counts(n->engine).n_open_links)) {
            n->head[o.generation] = log->n_rows;    /* what our own key signed beyond it is taken up */
            return true;
        }
    }
    return false;
}

void author_begin(struct node *n)
{
    struct batch *b = batch_new(n, 1);
    put_public(b, KIND_IDENTITY, blob_bytes(n->identity));
    batch_end(b);
}

bool author_publish(struct node *n, size_t n_records, size_t body_len)
{
    uint32_t g = newest_generation(n);
    if (!may_sign(n, g) || n->is_out)
        return false;
    trace(n->sim, "%s publishes %zu", n->keys.slug.s, n_records);
    struct batch *b = batch_new(n, g);
    for (size_t i = 0; i < n_records; i++)
        if (i % 2 == 0)
            put_sealed(b, body_len);
        else
            put_public(b, KIND_RECORD, bytes_of("a public record"));
    batch_end(b);
    return true;
}

void author_withdraw(struct node *n, uint64_t target, bool erase)
{
    uint32_t g = newest_generation(n);
    struct origin o = node_origin(n, g);
    if (!may_sign(n, g))
        return;
    trace(n->sim, "%s withdraws %llu", n->keys.slug.s, (unsigned long long)target);
    struct withdrawal w = {.target = target, .reason = "correction", .erase = erase};
    struct buf body = buf_on(256);
    struct batch *b = batch_new(n, g);
    withdrawal_write(&w, &body);
    put_public(b, KIND_WITHDRAW, buf_bytes(&body));
    buf_release(&body);
    batch_flush(b);
    if (erase)
        disk_erase(disk_log(n->disk, &o), target, b->after.size - 1);
    batch_end(b);
}

static void sign_identity(struct node *n)
{
    struct buf note = buf_on(IDENTITY_MAX), text = buf_on(IDENTITY_MAX);
    struct note parsed;
    must(note_parse(blob_bytes(n->identity), &parsed) == OK);
    n->id.previous = identity_hash(parsed.text);
    n->id.version++;
    identity_sign(&n->id, &n->keys.root, &note);
    must(buf_status(&note) == OK);
    free(n->identity.p);
    n->identity = blob_of(buf_bytes(&note));
    buf_release(&note);
    buf_release(&text);
}

void author_new_identity(struct node *n, const char *name)
{
    uint32_t g = newest_generation(n);
    if (!may_sign(n, g))
        return;
    (void)snprintf(n->id.name, sizeof(n->id.name), "%s", name);
    sign_identity(n);
    struct batch *b = batch_new(n, g);
    put_public(b, KIND_IDENTITY, blob_bytes(n->identity));
    batch_end(b);
}

/* The next version has another log key. */
void author_new_log_key(struct node *n)
{
    struct sym_secret seed = {{7}};
    put_u64be(seed.b + 8, sim_random(n->sim));
    sign_keypair(&seed, &n->keys.log, &n->keys.log_public);
    n->id.log = n->keys.log_public;
    author_new_identity(n, "The same with another key");
}

static struct sym_secret draw(struct sim *s)
{
    struct sym_secret seed = {{0}};
    for (size_t i = 0; i < sizeof(seed.b); i += 8)
        put_u64be(seed.b + i, sim_random(s));
    return seed;
}

static void new_keys(struct node *n, unsigned which)
{
    struct keys *k = &n->keys;
    struct sym_secret s;
    if (which & ROTATE_LOG) {
        s = draw(n->sim);
        sign_keypair(&s, &k->log, &k->log_public);
    }
    if (which & ROTATE_WITNESS) {
        s = draw(n->sim);
        sign_keypair(&s, &k->witness, &k->witness_public);
    }
    if (which & ROTATE_BOX) {
        s = draw(n->sim);
        memcpy(k->box.b, s.b, sizeof(s.b));
        k->box_public = dh_public_of(&k->box);
    }
    if (which & ROTATE_NODE) {
        s = draw(n->sim);
        k->answers_to_previous = true;
        k->previous_node = k->node_public;
        memcpy(k->node.b, s.b, sizeof(s.b));
        k->node_public = dh_public_of(&k->node);
    }
    n->id.log = k->log_public;
    n->id.witness = k->witness_public;
    n->id.box = k->box_public;
    n->id.node = k->node_public;
}

/* The entry comes first; the files follow, and a daemon that runs begins anew with them a moment later, or is killed before. */
bool author_rotate(struct node *n, unsigned which)
{
    uint32_t g = newest_generation(n);
    const bool runs = n->engine != NULL;
    if (!may_sign(n, g) || n->is_out)
        return false;
    trace(n->sim, "%s rotates %u", n->keys.slug.s, which);
    new_keys(n, which);
    sign_identity(n);
    struct batch *b = batch_new(n, g);
    put_public(b, KIND_IDENTITY, blob_bytes(n->identity));
    batch_end(b);
    sim_run(n->sim, sim_between(n->sim, 0, 1500));
    if (n->engine != NULL)
        node_stop(n);
    if (runs && n->sim->failed == NULL)
        node_start(n);
    return true;
}

/* The next generation says where the one before stands. */
void author_close(struct node *n, uint64_t size, const struct hash *root)
{
    uint32_t g = newest_generation(n);
    trace(n->sim, "%s closes %u at %llu", n->keys.slug.s, g, (unsigned long long)size);
    n->id.has_closes = true;
    n->id.closes_size = size;
    n->id.closes_root = *root;
    sign_identity(n);
    n->id.has_closes = false;
    struct batch *b = batch_new(n, g + 1);
    put_public(b, KIND_IDENTITY, blob_bytes(n->identity));
    batch_end(b);
}

void author_recover_from(struct node *n, uint32_t generation, uint64_t closes)
{
    struct origin o = node_origin(n, generation);
    struct hash root = disk_root(disk_log(n->disk, &o), closes);
    author_close(n, closes, &root);
}

void author_recover(struct node *n, uint64_t closes)
{
    author_recover_from(n, 1, closes);
}

void author_go_on(struct node *n)
{
    enum { GENERATIONS = 5 };
    uint32_t g = newest_generation(n);
    if (g < GENERATIONS && may_sign(n, g) && !n->is_out)
        author_recover_from(n, g, n->head[g]);
}
