/* A hostile network between two honest ends.  The first byte says which of the
 * five messages it holds (three of the handshake, one each way after it) and
 * how: bytes of its own, or the true message with bits flipped or cut.  Only
 * the true message opens; after a false one the true one still does. */
#include <stdlib.h>
#include <string.h>

#include "protocol/noise.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { FORGED_MAX = 4096, TRUE_MAX = 128 };

static const char payload[] = "payload";
enum { PAYLOAD_LEN = sizeof(payload) - 1 };

static void require(int holds)
{
    if (!holds)
        abort();
}

static void fill(struct dh_secret *s, uint8_t with)
{
    memset(s->b, with, sizeof(s->b));
}

static void pair(struct handshake side[2])
{
    struct dh_secret s, e;
    fill(&s, 3);
    fill(&e, 4);
    struct dh_public responder = dh_public_of(&s);
    handshake_init_responder(&side[1], &s, &e, bytes_of("fuzz"));
    fill(&s, 1);
    fill(&e, 2);
    handshake_init_initiator(&side[0], &s, &e, &responder, bytes_of("fuzz"));
}

/* What the network delivers in place of `true_message`. */
static struct bytes forge(uint8_t how, struct bytes script, struct bytes true_message, uint8_t out[FORGED_MAX])
{
    size_t len = script.len < FORGED_MAX ? script.len : FORGED_MAX;
    if (how & 8) {                              /* its own bytes */
        if (len > 0)
            memcpy(out, script.p, len);
        return (struct bytes){out, len};
    }
    memcpy(out, true_message.p, true_message.len);
    size_t n = len < true_message.len ? len : true_message.len;
    for (size_t i = 0; i < n; i++)
        out[i] ^= script.p[i];
    if (how & 16)                               /* cut, or longer */
        return (struct bytes){out, how & 32 ? n : true_message.len + (size_t)(how >> 6)};
    return (struct bytes){out, true_message.len};
}

static void handshake_step(struct handshake *writer, struct handshake *reader, const struct bytes *script, uint8_t how)
{
    uint8_t message[TRUE_MAX], forged[FORGED_MAX] = {0}, got[FORGED_MAX];
    struct bytes honest = {message, handshake_overhead(writer) + PAYLOAD_LEN};
    require(handshake_write(writer, bytes_of(payload), message) == OK);
    if (script != NULL) {
        struct handshake before;
        struct bytes bad = forge(how, *script, honest, forged);
        memcpy(&before, reader, sizeof(before));
        enum err e = handshake_read(reader, bad, got);
        if (bytes_equal(bad, honest)) {
            require(e == OK);
            memcpy(reader, &before, sizeof(before));
        } else {
            require(e == (bad.len < honest.len - PAYLOAD_LEN ? ERR_PROTO : e == ERR_KEY ? ERR_KEY : ERR_DECRYPT));
            require(memcmp(reader, &before, sizeof(before)) == 0);
        }
    }
    require(handshake_read(reader, honest, got) == OK && memcmp(got, payload, PAYLOAD_LEN) == 0);
}

static void transport_step(struct transport *writer, struct transport *reader, const struct bytes *script, uint8_t how)
{
    uint8_t message[TRUE_MAX], forged[FORGED_MAX] = {0}, got[FORGED_MAX];
    struct bytes honest = {message, PAYLOAD_LEN + AEAD_TAG_LEN};
    require(transport_seal(writer, bytes_of(payload), message) == OK);
    if (script != NULL) {
        struct bytes bad = forge(how, *script, honest, forged);
        struct transport before = *reader;
        enum err e = transport_open(reader, bad, got);
        if (bytes_equal(bad, honest)) {
            require(e == OK);
            *reader = before;
        } else {
            require(e == (bad.len < AEAD_TAG_LEN ? ERR_PROTO : ERR_DECRYPT));
            require(reader->receive.n == before.receive.n);
        }
    }
    require(transport_open(reader, honest, got) == OK && memcmp(got, payload, PAYLOAD_LEN) == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size == 0)
        return 0;
    struct bytes script = {data + 1, size - 1};
    uint8_t how = data[0];
    unsigned target = how % 8 % 5;
    struct handshake side[2];
    struct transport link[2];
    pair(side);
    for (unsigned m = 0; m < 3; m++)
        handshake_step(&side[m % 2], &side[1 - m % 2], m == target ? &script : NULL, how);
    handshake_split(&side[0], &link[0]);
    handshake_split(&side[1], &link[1]);
    for (unsigned m = 3; m < 5; m++)
        transport_step(&link[m - 3], &link[4 - m], m == target ? &script : NULL, how);
    return 0;
}
