/* tests/unit/store_fixture.h - logs made of nothing, and a place to store them, for the tests of node/store. */
#ifndef FOLKMOOT_TESTS_STORE_FIXTURE_H
#define FOLKMOOT_TESTS_STORE_FIXTURE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "node/store/store.h"

/* A folder of its own for one test program. */
static char folder[64];

static inline const char *in_folder(const char *name)
{
    static char path[4][160];
    static unsigned turn;
    char *p = path[turn++ % 4];
    (void)snprintf(p, sizeof(path[0]), "%s/%s", folder, name);
    return p;
}

static inline int make_folder(void **state)
{
    (void)state;
    (void)snprintf(folder, sizeof(folder), "/tmp/folkmoot-store-XXXXXX");
    return crypto_start() == OK && mkdtemp(folder) != NULL ? 0 : -1;
}

static inline int drop_folder(void **state)
{
    char command[96];
    (void)state;
    (void)snprintf(command, sizeof(command), "rm -r '%s'", folder);
    return system(command);
}

/* A small generator: seeds are printed, so that a failure can be had again. */
static inline uint64_t next_random(uint64_t *state)
{
    uint64_t z = (*state += 0x9E3779B97F4A7C15u);
    z = (z ^ z >> 30) * 0xBF58476D1CE4E5B9u;
    z = (z ^ z >> 27) * 0x94D049BB133111EBu;
    return z ^ z >> 31;
}

static inline struct slug slug_of(const char *s)
{
    struct slug slug;
    assert_int_equal(slug_parse(bytes_of(s), &slug), OK);
    return slug;
}

/* An author: its log as it grows. Entry i of an author is always the same bytes. */
struct author {
    struct origin origin;
    struct sign_secret key;
    struct sign_public public;
    struct frontier frontier;
    size_t payload_len;                         /* of its records */
};

static inline struct author author_of(const char *slug)
{
    struct author a = {.payload_len = 96};
    struct sym_secret seed = {{0}};
    memset(a.origin.alliance.b, 0x5a, sizeof(a.origin.alliance.b));
    a.origin.slug = slug_of(slug);
    a.origin.generation = 1;
    memcpy(seed.b, slug, strlen(slug) < 32 ? strlen(slug) : 32);
    sign_keypair(&seed, &a.key, &a.public);
    frontier_init(&a.frontier);
    return a;
}

struct made {                                   /* a run of entries and what covers it */
    struct buf bytes, note;
    struct item *items;
    size_t n;
    struct frontier after;
};

static inline void made_free(struct made *m)
{
    buf_release(&m->bytes);
    buf_release(&m->note);
    free(m->items);
}

/* The kind of entry `idx`: an identity first, then mostly records. */
static inline uint64_t kind_at(uint64_t idx)
{
    return idx == 0 ? KIND_IDENTITY : idx % 7 == 3 ? KIND_WITHDRAW : idx % 11 == 5 ? KIND_GRANT : KIND_RECORD;
}

static inline void make_entry(const struct author *a, uint64_t idx, uint64_t kind, struct buf *header,
                              struct buf *payload)
{
    uint64_t state = idx * 31 + (uint8_t)a->origin.slug.s[0];
    size_t begin = payload->len, len = a->payload_len > SALT_LEN ? a->payload_len : SALT_LEN;
    uint8_t *p = buf_grow(payload, len);
    assert_non_null(p);
    for (size_t i = 0; i < len; i++)
        p[i] = (uint8_t)next_random(&state);
    struct header h = {.kind = kind, .time_ms = 1700000000000 + idx, .is_public = kind != KIND_RECORD};
    if (!h.is_public)
        memcpy(h.audience.b, a->origin.alliance.b, 16);
    h.payload_len = (uint32_t)len;
    h.payload_hash = blake2b_256((struct bytes){payload->p + begin, len});
    header_write(&h, header);
}

/* The next `n` entries behind f, with a signed checkpoint; f itself is left alone. */
static inline struct made make_from(const struct author *a, const struct frontier *f, size_t n)
{
    struct made m = {.n = n, .after = *f};
    size_t max = n * (a->payload_len + HEADER_MAX + 64) + 64;
    m.bytes = buf_on(max);
    m.note = buf_on(CHECKPOINT_MAX);
    m.items = calloc(n, sizeof(*m.items));
    assert_non_null(m.items);
    assert_non_null(buf_grow(&m.bytes, max));   /* never moves from here on */
    m.bytes.len = 0;
    for (size_t i = 0; i < n; i++) {
        struct buf header = buf_on(HEADER_MAX);
        struct item *item = &m.items[i];
        size_t at = m.bytes.len;
        make_entry(a, f->size + i, kind_at(f->size + i), &header, &m.bytes);
        item->has_payload = true;
        item->payload = (struct bytes){m.bytes.p + at, m.bytes.len - at};
        at = m.bytes.len;
        buf_put(&m.bytes, buf_bytes(&header));
        item->header = (struct bytes){m.bytes.p + at, m.bytes.len - at};
        struct hash leaf = merkle_leaf(item->header);
        frontier_append(&m.after, &leaf);
        buf_release(&header);
    }
    struct checkpoint c = {.origin = a->origin, .size = m.after.size, .root = frontier_root(&m.after)};
    checkpoint_sign(&c, &a->key, &m.note);
    assert_int_equal(buf_status(&m.note), OK);
    return m;
}

static inline struct append append_of(const struct author *a, const struct made *m)
{
    return (struct append){.origin = a->origin, .expected = m->after.size - m->n, .n_items = m->n, .items = m->items,
                           .after = &m->after, .checkpoint = buf_bytes(&m->note), .whole = m->after.size};
}

/* Append the author's next `n` entries; the author moves on when that went well. */
static inline enum err grow(struct store *s, struct author *a, size_t n)
{
    struct made m = make_from(a, &a->frontier, n);
    struct append app = append_of(a, &m);
    enum err e = store_append(s, &app);
    if (e == OK)
        a->frontier = m.after;
    made_free(&m);
    return e;
}

static inline struct store *open_store(const char *path)
{
    struct store *s = NULL;
    struct store_report report;
    assert_int_equal(store_open(path, STORE_WRITE, &s, &report), OK);
    assert_false(report.was_quarantined);
    return s;
}

/* Everything the store says of one log, checked against itself from the bytes up. */
struct audit { struct frontier f; uint64_t n_payloads; struct store *s; struct origin o; };

static inline enum err audit_item(void *arg, uint64_t idx, const struct item *item)
{
    struct audit *a = arg;
    struct header h;
    assert_int_equal(idx, a->f.size);
    assert_int_equal(header_read(item->header, &h), OK);
    if (item->has_payload) {
        assert_int_equal(header_check_payload(&h, item->payload), OK);
        a->n_payloads++;
    }
    struct hash leaf = merkle_leaf(item->header);
    frontier_append(&a->f, &leaf);
    return OK;
}

static inline enum err audit_checkpoint(void *arg, uint64_t size, struct bytes note)
{
    struct audit *a = arg;
    struct author who = author_of(a->o.slug.s);
    struct checkpoint c;
    struct store_source *src = NULL;
    struct hash root;
    assert_int_equal(checkpoint_open(note, &a->o, &who.public, &c), OK);
    assert_int_equal(c.size, size);
    enum err e = store_source_new(a->s, &a->o, true, &src);
    if (e != OK)
        return e;
    struct merkle_source get = store_source(src);
    e = merkle_root(&get, size, &root);
    store_source_free(src);
    if (e == OK)
        assert_memory_equal(root.b, c.root.b, HASH_LEN);
    return e;
}

/* OK with everything verified, or the damage that a call reported. What is returned always verifies. */
static inline enum err audit_log(struct store *s, const struct log_state *l)
{
    struct audit a = {.s = s, .o = l->origin};
    frontier_init(&a.f);
    enum err e = store_each_entry(s, &l->origin, 0, UINT64_MAX, audit_item, &a);
    if (e != OK)
        return e;
    struct hash stored = frontier_root(&l->frontier), got = frontier_root(&a.f);
    assert_int_equal(a.f.size, l->frontier.size);
    assert_memory_equal(stored.b, got.b, HASH_LEN);
    return store_each_checkpoint(s, &l->origin, audit_checkpoint, &a);
}

static inline enum err audit_each(void *arg, const struct log_state *l)
{
    return audit_log(arg, l);
}

static inline enum err audit_store(struct store *s)
{
    return store_each_log(s, audit_each, s);
}

static inline uint64_t size_of(struct store *s, const struct author *a)
{
    struct log_state l;
    struct buf note = buf_on(CHECKPOINT_MAX);
    enum err e = store_log(s, &a->origin, &l, &note);
    buf_release(&note);
    assert_true(e == OK || e == ERR_UNKNOWN);
    return e == OK ? l.frontier.size : 0;
}

#endif
