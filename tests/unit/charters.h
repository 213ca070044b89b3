/* tests/unit/charters.h - made-up bodies with known keys, and charters signed by them. */
#ifndef FOLKMOOT_TESTS_UNIT_CHARTERS_H
#define FOLKMOOT_TESTS_UNIT_CHARTERS_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "protocol/charter.h"

struct body {
    struct slug slug;
    struct sign_secret secret;
    struct sign_public root;
};

/* The body `n`, always with the same keys; `generation` 0 is its first root. */
static inline struct body body_with(unsigned n, unsigned generation)
{
    struct body b = {0};
    struct sym_secret seed = {{0x42, (uint8_t)generation}};
    put_u32be(seed.b + 28, n);
    (void)snprintf(b.slug.s, sizeof(b.slug.s), "barset-%u", n);
    sign_keypair(&seed, &b.secret, &b.root);
    return b;
}

static inline struct body body(unsigned n)
{
    return body_with(n, 0);
}

#define SLUG(n) ((const struct slug[]){body(n).slug})

static inline void must(bool held)
{
    if (!held)
        abort();
}

/* Write it and read it again, so that its hash is set. */
static inline enum err charter_seal(struct charter *c)
{
    struct buf text = buf_on(NOTE_MAX);
    charter_text(c, &text);
    must(buf_status(&text) == OK);
    enum err e = charter_parse(buf_bytes(&text), c);
    buf_release(&text);
    return e;
}

static inline struct member *charter_add(struct charter *c, const struct body *b, enum role role)
{
    struct member *m = &c->members[c->n_members++];
    *m = (struct member){.slug = b->slug, .role = role, .root = b->root};
    return m;
}

static inline void charter_make_former(struct charter *c, const struct slug *slug, uint64_t size)
{
    size_t i = 0;
    while (!slug_equal(&c->members[i].slug, slug))
        i++;
    struct member gone = c->members[i];
    memmove(&c->members[i], &c->members[i + 1], (c->n_members - i - 1) * sizeof(gone));
    gone.codes = (struct member_codes){0};
    gone.is_former = true;
    gone.closed_size = size;
    gone.closed_root = sha256(bytes_of("closed"));
    c->members[c->n_members - 1] = gone;
}

/* Version 1: body 1 alone. */
static inline struct charter *charter_founding(void)
{
    struct charter *c = charter_new();
    must(c != NULL);
    struct body founder = body(1);
    (void)snprintf(c->name, sizeof(c->name), "Barsetshire");
    c->version = 1;
    charter_add(c, &founder, ROLE_AUTHORITY);
    c->stewards[c->n_stewards++] = founder.slug;
    c->threshold = 1;
    must(charter_seal(c) == OK);
    return c;
}

/* What may follow, still without a change. */
static inline struct charter *charter_after(const struct charter *prev, uint32_t round)
{
    struct charter *c = charter_copy(prev);
    must(c != NULL);
    c->version++;
    c->round = round;
    c->previous = prev->hash;
    return c;
}

/* Bodies 1 to n, all authorities; the first k of them stewards. */
static inline void charter_fill(struct charter *c, unsigned n, unsigned k, uint32_t threshold)
{
    for (unsigned i = (unsigned)c->n_members + 1; i <= n; i++) {
        struct body b = body(i);
        charter_add(c, &b, ROLE_AUTHORITY);
    }
    for (unsigned i = (unsigned)c->n_stewards + 1; i <= k; i++)
        c->stewards[c->n_stewards++] = body(i).slug;
    c->threshold = threshold;
}

static inline void charter_sign_by(const struct charter *c, const struct body *b, struct buf *ret)
{
    struct buf text = buf_on(NOTE_MAX);
    struct note_key key = root_key(&b->slug, &b->root);
    charter_text(c, &text);
    if (ret->len == 0)
        note_begin(buf_bytes(&text), ret);
    note_sign(buf_bytes(&text), &key, &b->secret, ret);
    buf_release(&text);
}

/* Its note, signed by the bodies whose numbers are in `signers`, which ends in 0. */
static inline struct buf charter_note(const struct charter *c, const unsigned *signers)
{
    struct buf note = buf_on(NOTE_MAX);
    for (; *signers != 0; signers++) {
        struct body b = body(*signers);
        charter_sign_by(c, &b, &note);
    }
    must(buf_status(&note) == OK);
    return note;
}
#define BY(...) ((const unsigned[]){__VA_ARGS__, 0})

#endif
