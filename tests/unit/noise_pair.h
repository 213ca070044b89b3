/* tests/unit/noise_pair.h - an initiator and a responder that know each other. */
#ifndef FOLKMOOT_TESTS_NOISE_PAIR_H
#define FOLKMOOT_TESTS_NOISE_PAIR_H

#include <stdlib.h>

#include "protocol/noise.h"
#include "tests/unit/vectors.h"

static inline struct bytes text(const char *s)
{
    return bytes_of(s);
}

/* Secrets that differ; what they are does not matter. */
static inline struct dh_secret secret(uint8_t seed)
{
    struct dh_secret s;
    memset(s.b, seed, sizeof(s.b));
    return s;
}

struct pair {
    struct handshake initiator, responder;
};

static inline struct pair new_pair(void)
{
    struct pair p;
    struct dh_secret is = secret(1), ie = secret(2), rs = secret(3), re = secret(4);
    struct dh_public rs_public = dh_public_of(&rs);
    handshake_init_initiator(&p.initiator, &is, &ie, &rs_public, text("prologue"));
    handshake_init_responder(&p.responder, &rs, &re, text("prologue"));
    return p;
}

/* Writer writes `payload`, reader reads it. */
static inline void pass(struct handshake *writer, struct handshake *reader, const char *payload)
{
    uint8_t message[256], got[256];
    size_t len = handshake_overhead(writer) + strlen(payload);
    assert_true(handshake_is_our_turn(writer));
    assert_false(handshake_is_our_turn(reader));
    assert_int_equal(handshake_write(writer, text(payload), message), OK);
    assert_int_equal(handshake_read(reader, (struct bytes){message, len}, got), OK);
    assert_memory_equal(got, payload, strlen(payload));
}

static inline void new_transports(struct transport *initiator, struct transport *responder)
{
    struct pair p = new_pair();
    pass(&p.initiator, &p.responder, "");
    pass(&p.responder, &p.initiator, "");
    pass(&p.initiator, &p.responder, "");
    handshake_split(&p.initiator, initiator);
    handshake_split(&p.responder, responder);
}

#endif
