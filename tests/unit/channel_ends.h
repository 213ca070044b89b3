/* tests/unit/channel_ends.h - two ends of a channel and the wire between them. */
#ifndef FOLKMOOT_TESTS_CHANNEL_ENDS_H
#define FOLKMOOT_TESTS_CHANNEL_ENDS_H

#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "protocol/channel.h"

enum { WIRE_MAX = 16 * 1024 * 1024 };

static inline struct dh_secret secret(uint8_t seed)
{
    struct dh_secret s;
    memset(s.b, seed, sizeof(s.b));
    return s;
}

/* One end: the channel, what it wants sent, what it received. */
struct end {
    struct channel c;
    struct buf wire, plain;
};

static const struct alliance_id alliance = {"sixteen bytes id"};

static inline struct bytes of(const void *p, size_t len)
{
    return (struct bytes){p, len};
}

static inline void end_on(struct end *e)
{
    e->wire = buf_on(WIRE_MAX);
    e->plain = buf_on(WIRE_MAX);
}

static inline void end_release(struct end *e)
{
    channel_release(&e->c);
    buf_release(&e->wire);
    buf_release(&e->plain);
}

/* Dials the key `peer`; message 1 is in its wire. */
static inline void dial(struct end *e, const struct dh_secret *peer)
{
    uint8_t prologue[CHANNEL_PROLOGUE_LEN];
    struct dh_secret ours = secret(1), ephemeral = secret(2);
    struct dh_public theirs = dh_public_of(peer);
    end_on(e);
    channel_prologue(&alliance, prologue);
    channel_init_initiator(&e->c, &ours, &theirs, &ephemeral, of(prologue, sizeof(prologue)));
    assert_int_equal(channel_begin(&e->c, &e->wire), OK);
}

static inline void answer(struct end *e, const struct dh_secret *keys, size_t n_keys)
{
    uint8_t prologue[CHANNEL_PROLOGUE_LEN];
    struct dh_secret ephemeral = secret(4);
    end_on(e);
    channel_prologue(&alliance, prologue);
    channel_init_responder(&e->c, keys, n_keys, &ephemeral, of(prologue, sizeof(prologue)));
}

static inline enum err receive(struct end *e, struct bytes in)
{
    size_t used = SIZE_MAX;
    enum err err = channel_receive(&e->c, in, &used, &e->wire, &e->plain);
    if (err == OK)
        assert_int_equal(used, in.len);
    else
        assert_int_equal(channel_state(&e->c), CHANNEL_DEAD);
    return err;
}

/* Everything `from` wants sent reaches `to`, `step` bytes at a time. */
static inline void carry(struct end *from, struct end *to, size_t step)
{
    for (size_t at = 0; at < from->wire.len; at += step) {
        size_t n = from->wire.len - at < step ? from->wire.len - at : step;
        assert_int_equal(receive(to, of(from->wire.p + at, n)), OK);
    }
    buf_clear(&from->wire);
}

static inline void shake_hands(struct end *a, struct end *b, size_t step)
{
    carry(a, b, step);
    carry(b, a, step);
    carry(a, b, step);
}

static inline void open_pair(struct end *a, struct end *b)
{
    struct dh_secret key = secret(3);
    dial(a, &key);
    answer(b, &key, 1);
    shake_hands(a, b, SIZE_MAX / 2);
    assert_int_equal(channel_state(&a->c), CHANNEL_OPEN);
    assert_int_equal(channel_state(&b->c), CHANNEL_OPEN);
}

static inline void send_all(struct end *e, const void *p, size_t len)
{
    size_t before = e->wire.len;
    assert_int_equal(channel_send(&e->c, of(p, len), &e->wire), OK);
    assert_int_equal(e->wire.len - before, channel_wire_len(len));
}

static inline void assert_plain(struct end *e, const void *p, size_t len)
{
    assert_int_equal(e->plain.len, len);
    if (len > 0)
        assert_memory_equal(e->plain.p, p, len);
    buf_clear(&e->plain);
}

/* Bytes that repeat nowhere near a message's length. */
static inline uint8_t *pattern(size_t len)
{
    uint8_t *p = malloc(len);
    assert_non_null(p);
    uint32_t x = 1;
    for (size_t i = 0; i < len; i++) {
        x = x * 1664525 + 1013904223;
        p[i] = (uint8_t)(x >> 24);
    }
    return p;
}

#endif
