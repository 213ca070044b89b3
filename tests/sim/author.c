#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/sim/sim.h"

static const uint64_t WALL_AT_START_MS = 1700000000000;

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

static uint64_t wall(const struct node *n)
{
    return (uint64_t)((int64_t)(WALL_AT_START_MS + n->sim->now_ms) + n->clock_off_ms);
}

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
    entry_write_public(kind, wall(b->n), salt, body, &header, &payload);
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
    struct header h = {.kind = KIND_RECORD, .time_ms = wall(b->n), .epoch = 1, .payload_len = (uint32_t)payload.len,
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

/* After a fork: a second generation, which says where the first one stands. */
void author_recover(struct node *n, uint64_t closes)
{
    struct origin o = node_origin(n, 1);
    n->id.has_closes = true;
    n->id.closes_size = closes;
    n->id.closes_root = disk_root(disk_log(n->disk, &o), closes);
    sign_identity(n);
    struct batch *b = batch_new(n, 2);
    put_public(b, KIND_IDENTITY, blob_bytes(n->identity));
    batch_end(b);
}

/* ---- charters ---- */

static void sign_charter(const struct node *n, struct bytes text, struct buf *ret)
{
    struct note_key key = root_key(&n->keys.slug, &n->keys.root_public);
    if (ret->len == 0)
        note_begin(text, ret);
    note_sign(text, &key, &n->keys.root, ret);
}

static void seal(struct charter *c, struct buf *text)
{
    buf_clear(text);
    charter_text(c, text);
    must(buf_status(text) == OK && charter_parse(buf_bytes(text), c) == OK);
}

static void add_member(struct charter *c, const struct node *n)
{
    c->members[c->n_members++] = (struct member){.slug = n->keys.slug, .role = ROLE_AUTHORITY, .root = n->keys.root_public};
}

/* Version 1 is the founder's; version 2 has everybody, k stewards, a threshold. All homes get both. */
void found(struct sim *s, size_t n_members, size_t n_stewards, uint32_t threshold)
{
    struct charter *c = charter_new();
    struct buf text = buf_on(NOTE_MAX), notes[2] = {buf_on(NOTE_MAX), buf_on(NOTE_MAX)};
    struct hash hashes[2];
    must(c != NULL);
    (void)snprintf(c->name, sizeof(c->name), "Barsetshire");
    c->version = 1;
    c->threshold = 1;
    add_member(c, s->nodes[0]);
    c->stewards[c->n_stewards++] = s->nodes[0]->keys.slug;
    seal(c, &text);
    sign_charter(s->nodes[0], buf_bytes(&text), &notes[0]);
    hashes[0] = c->hash;
    s->alliance = charter_alliance_id(&c->hash);
    c->version = 2;
    c->previous = c->hash;
    for (size_t i = 1; i < n_members; i++)
        add_member(c, s->nodes[i]);
    for (size_t i = 1; i < n_stewards; i++)
        c->stewards[c->n_stewards++] = s->nodes[i]->keys.slug;
    c->threshold = threshold;
    seal(c, &text);
    hashes[1] = c->hash;
    for (size_t i = 0; i < threshold; i++)
        sign_charter(s->nodes[i], buf_bytes(&text), &notes[1]);
    for (size_t i = 0; i < n_members; i++) {
        for (size_t k = 0; k < (n_members > 1 ? 2 : 1); k++)
            disk_put_charter(s->nodes[i]->disk, &hashes[k], buf_bytes(&notes[k]));
        for (size_t k = 0; k < n_members; k++)
            if (k != i)
                disk_put_identity(s->nodes[i]->disk, &s->nodes[k]->keys.slug, 1, blob_bytes(s->nodes[k]->identity));
        author_begin(s->nodes[i]);
    }
    buf_release(&text);
    buf_release(&notes[0]);
    buf_release(&notes[1]);
    charter_free(c);
}

static struct chain *chain_of(const struct node *n)
{
    struct chain *chain = chain_new(&n->sim->alliance);
    must(chain != NULL);
    for (size_t round = 0; round < n->disk->n_charters; round++)      /* in any order */
        for (size_t i = 0; i < n->disk->n_charters; i++) {
            enum chain_verdict v;
            struct hash h;
            must(chain_add(chain, blob_bytes(n->disk->charters[i].note), &v, &h) != ERR_NOMEM);
        }
    return chain;
}

uint32_t disk_charter(const struct node *n, struct charter **ret)
{
    struct chain *chain = chain_of(n);
    const struct charter *now = chain_current(chain);
    uint32_t version = now != NULL ? now->version : 0;
    if (ret != NULL)
        *ret = now != NULL ? charter_copy(now) : NULL;
    chain_free(chain);
    return version;
}

static void keep(struct node *n, struct chain *chain, struct bytes note)
{
    enum chain_verdict v;
    struct hash h;
    if (chain_add(chain, note, &v, &h) == OK)
        disk_put_charter(n->disk, &h, chain_note(chain, &h));
}

void steward_propose(struct node *n, charter_change *change, void *arg)
{
    struct chain *chain = chain_of(n);
    struct charter *c = charter_copy(chain_current(chain));
    struct buf text = buf_on(NOTE_MAX), note = buf_on(NOTE_MAX);
    const struct charter *open[STEWARDS_MAX];
    size_t n_open = chain_proposals(chain, open);
    must(c != NULL);
    c->version++;
    c->round = n_open > 0 ? open[0]->round + 1 : 0;
    c->previous = c->hash;
    change(c, arg);
    seal(c, &text);
    sign_charter(n, buf_bytes(&text), &note);
    trace(n->sim, "%s proposes charter %u round %u", n->keys.slug.s, c->version, c->round);
    keep(n, chain, buf_bytes(&note));
    buf_release(&text);
    buf_release(&note);
    charter_free(c);
    chain_free(chain);
    node_bell(n);
}

bool steward_sign(struct node *n)
{
    struct chain *chain = chain_of(n);
    const struct charter *open[STEWARDS_MAX];
    size_t n_open = chain_proposals(chain, open);
    if (n_open > 0) {
        struct buf note = buf_on(NOTE_MAX), text = buf_on(NOTE_MAX);
        charter_text(open[0], &text);
        trace(n->sim, "%s signs charter %u round %u", n->keys.slug.s, open[0]->version, open[0]->round);
        sign_charter(n, buf_bytes(&text), &note);
        keep(n, chain, buf_bytes(&note));
        buf_release(&note);
        buf_release(&text);
    }
    chain_free(chain);
    node_bell(n);
    return n_open > 0;
}

void change_add(struct charter *c, void *node)
{
    const struct node *n = node;
    size_t formers = 0;
    while (formers < c->n_members && c->members[c->n_members - 1 - formers].is_former)
        formers++;
    size_t place = c->n_members - formers;
    memmove(&c->members[place + 1], &c->members[place], formers * sizeof(c->members[0]));
    c->members[place] = (struct member){.slug = n->keys.slug, .role = ROLE_AUTHORITY, .root = n->keys.root_public};
    c->n_members++;
}

void change_remove(struct charter *c, void *node)
{
    const struct node *n = node;
    struct origin o = node_origin(n, 1);
    struct dlog *log = disk_log(n->sim->nodes[0]->disk, &o);       /* as the first node, a steward, holds it */
    size_t i = 0;
    must(log != NULL);
    while (!slug_equal(&c->members[i].slug, &n->keys.slug))
        i++;
    struct member gone = c->members[i];
    memmove(&c->members[i], &c->members[i + 1], (c->n_members - i - 1) * sizeof(gone));
    gone.is_former = true;
    gone.closed_size = log->whole;
    gone.closed_root = disk_root(log, log->whole);
    c->members[c->n_members - 1] = gone;
}

void steward_invite(struct node *n, struct node *whom, const uint8_t token[TOKEN_LEN])
{
    struct charter *now = NULL;
    (void)disk_charter(n, &now);
    must(now != NULL && n->disk->n_invites < INVITES_MAX);
    n->disk->invites[n->disk->n_invites++] = (struct invite_row){invite_token_hash(token), wall(n) / 1000 + 7 * 24 * 3600};
    whom->extra.has_trust = true;
    whom->extra.trust = now->hash;
    whom->extra.has_token = true;
    memcpy(whom->extra.token, token, TOKEN_LEN);
    memcpy(whom->extra.inviter_address, n->address, sizeof(n->address));
    whom->extra.inviter_node = n->keys.node_public;
    charter_free(now);
    node_bell(n);
}

bool steward_admit(struct node *n, const struct slug *slug)
{
    struct node *who = NULL;
    for (size_t i = 0; i < n->disk->n_requests; i++)
        for (size_t k = 0; k < n->sim->n_nodes; k++)
            if (slug_equal(&n->disk->requests[i].slug, slug) && slug_equal(&n->sim->nodes[k]->keys.slug, slug))
                who = n->sim->nodes[k];
    if (who == NULL)
        return false;
    disk_put_identity(n->disk, slug, 1, blob_bytes(who->identity));
    steward_propose(n, change_add, who);
    return true;
}
