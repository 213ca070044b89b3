#include "protocol/channel.h"

#include <assert.h>
#include <string.h>

void channel_prologue(const struct alliance_id *alliance, uint8_t ret[CHANNEL_PROLOGUE_LEN])
{
    static const char name[] = "folkmoot/1";                    /* its NUL is the 0x00 */
    static_assert(sizeof(name) + sizeof(alliance->b) == CHANNEL_PROLOGUE_LEN, "the parts make the whole");
    memcpy(ret, name, sizeof(name));
    memcpy(ret + sizeof(name), alliance->b, sizeof(alliance->b));
}

static void init(struct channel *c)
{
    *c = (struct channel){.state = CHANNEL_HANDSHAKING, .partial = buf_on(CHANNEL_MESSAGE_MAX)};
}

void channel_init_initiator(struct channel *c, const struct dh_secret *ours, const struct dh_public *peer,
                            const struct dh_secret *ephemeral, struct bytes prologue)
{
    init(c);
    handshake_init_initiator(&c->handshake[0], ours, ephemeral, peer, prologue);
    c->n_handshakes = 1;
}

/* The states share one ephemeral: only the one that opens message 1 uses it. */
void channel_init_responder(struct channel *c, const struct dh_secret *ours, size_t n_ours,
                            const struct dh_secret *ephemeral, struct bytes prologue)
{
    assert(n_ours >= 1 && n_ours <= CHANNEL_KEYS_MAX);
    init(c);
    for (size_t i = 0; i < n_ours; i++)
        handshake_init_responder(&c->handshake[i], &ours[i], ephemeral, prologue);
    c->n_handshakes = n_ours;
}

void channel_release(struct channel *c)
{
    buf_release(&c->partial);                                   /* ciphertext: nothing to wipe */
    wipe(c, sizeof(*c));
    c->state = CHANNEL_DEAD;
}

enum channel_state channel_state(const struct channel *c)
{
    return c->state;
}

struct dh_public channel_peer(const struct channel *c)
{
    assert(c->state == CHANNEL_OPEN);
    return c->peer;
}

struct hash channel_session(const struct channel *c)
{
    assert(c->state == CHANNEL_OPEN);
    return c->session;
}

static enum err write_handshake_message(struct channel *c, struct buf *wire_out)
{
    size_t before = wire_out->len;
    size_t len = handshake_overhead(&c->handshake[0]);
    uint8_t *at = buf_grow(wire_out, CHANNEL_HEADER_LEN + len);
    if (at == NULL)
        return buf_status(wire_out);
    put_u16be(at, (uint16_t)len);
    enum err e = handshake_write(&c->handshake[0], (struct bytes){NULL, 0}, at + CHANNEL_HEADER_LEN);
    if (e != OK)
        wire_out->len = before;
    return e;
}

/* Which key the initiator meant is known by what opens: a failed read leaves
 * its state as it was, and the first that succeeds is the handshake. */
static enum err read_handshake_message(struct channel *c, struct bytes message)
{
    enum err e = ERR_DECRYPT;
    for (size_t i = 0; i < c->n_handshakes; i++) {
        if ((e = handshake_read(&c->handshake[i], message, NULL)) != OK)
            continue;
        if (i > 0)
            c->handshake[0] = c->handshake[i];
        for (size_t k = 1; k < CHANNEL_KEYS_MAX; k++)
            handshake_wipe(&c->handshake[k]);
        c->n_handshakes = 1;
        break;
    }
    return e;
}

static void open_if_done(struct channel *c)
{
    struct handshake *h = &c->handshake[0];
    if (!handshake_is_done(h))
        return;
    c->peer = handshake_remote_static(h);
    c->session = handshake_hash(h);
    handshake_split(h, &c->transport);
    c->state = CHANNEL_OPEN;
}

static enum err step_handshake(struct channel *c, struct bytes message, struct buf *wire_out)
{
    enum err e = read_handshake_message(c, message);
    if (e == OK && handshake_is_our_turn(&c->handshake[0]))
        e = write_handshake_message(c, wire_out);
    if (e == OK)
        open_if_done(c);
    return e;
}

/* Decrypts straight into its place; there is room (has_room was asked). */
static enum err step_open(struct channel *c, struct bytes message, struct buf *plain_out)
{
    size_t before = plain_out->len;
    uint8_t *at = buf_grow(plain_out, message.len - AEAD_TAG_LEN);
    if (at == NULL)
        return buf_status(plain_out);
    enum err e = transport_open(&c->transport, message, at);
    if (e != OK)
        plain_out->len = before;
    return e;
}

static bool length_is_good(const struct channel *c, size_t message_len)
{
    return c->state == CHANNEL_OPEN ? message_len >= AEAD_TAG_LEN
                                    : message_len == handshake_overhead(&c->handshake[0]);
}

static bool has_room(const struct channel *c, size_t message_len, const struct buf *plain_out)
{
    return c->state != CHANNEL_OPEN || message_len - AEAD_TAG_LEN <= plain_out->max - plain_out->len;
}

/* Move bytes of `in` into the partial message until that holds `want`. */
static enum err gather(struct channel *c, struct bytes *in, size_t want)
{
    if (c->partial.len >= want)
        return OK;
    size_t lacks = want - c->partial.len;
    size_t n = in->len < lacks ? in->len : lacks;
    buf_put(&c->partial, (struct bytes){in->p, n});
    in->p += n;
    in->len -= n;
    return buf_status(&c->partial);
}

/* Find the next message: where it lies, if it lies there whole, else gathered.
 *   OK        *ret is its bytes without the length
 *   ERR_MORE  it is not whole yet and all of `in` is taken; or its plaintext
 *             has no room, and the rest of it stays in `in`
 * and ERR_PROTO, ERR_NOMEM. */
static enum err next_message(struct channel *c, struct bytes *in, const struct buf *plain_out, struct bytes *ret)
{
    enum err e;
    bool in_place = c->partial.len == 0 && in->len >= CHANNEL_HEADER_LEN;
    if (!in_place && (e = gather(c, in, CHANNEL_HEADER_LEN)) != OK)
        return e;
    if (!in_place && c->partial.len < CHANNEL_HEADER_LEN)
        return ERR_MORE;
    size_t len = get_u16be(in_place ? in->p : c->partial.p);
    size_t whole = CHANNEL_HEADER_LEN + len;
    if (!length_is_good(c, len))
        return ERR_PROTO;
    if (!has_room(c, len, plain_out))
        return ERR_MORE;
    if (in_place && in->len >= whole) {
        *ret = (struct bytes){in->p + CHANNEL_HEADER_LEN, len};
        in->p += whole;
        in->len -= whole;
        return OK;
    }
    if ((e = gather(c, in, whole)) != OK)
        return e;
    if (c->partial.len < whole)
        return ERR_MORE;
    *ret = (struct bytes){c->partial.p + CHANNEL_HEADER_LEN, len};
    return OK;
}

enum err channel_begin(struct channel *c, struct buf *wire_out)
{
    assert(c->state == CHANNEL_HANDSHAKING && handshake_is_our_turn(&c->handshake[0]));
    enum err e = write_handshake_message(c, wire_out);
    if (e != OK)
        channel_release(c);
    return e;
}

enum err channel_receive(struct channel *c, struct bytes in, size_t *ret_used, struct buf *wire_out,
                         struct buf *plain_out)
{
    assert(c->state != CHANNEL_DEAD);
    assert(plain_out->max >= NOISE_PAYLOAD_MAX);
    enum err e = OK;
    struct bytes rest = in, message;
    while (e == OK && rest.len > 0) {
        if ((e = next_message(c, &rest, plain_out, &message)) != OK)
            break;
        e = c->state == CHANNEL_OPEN ? step_open(c, message, plain_out) : step_handshake(c, message, wire_out);
        buf_clear(&c->partial);
    }
    if (e != OK && e != ERR_MORE) {
        channel_release(c);
        return e;
    }
    *ret_used = in.len - rest.len;
    return OK;
}

static size_t messages_for(size_t plain_len)
{
    return plain_len / NOISE_PAYLOAD_MAX + (plain_len % NOISE_PAYLOAD_MAX != 0);
}

size_t channel_wire_len(size_t plain_len)
{
    return plain_len + messages_for(plain_len) * CHANNEL_MESSAGE_OVERHEAD;
}

/* Room for everything is found first, so it is all or nothing: a message that
 * was sealed and not sent would leave the two sides' nonces apart. */
enum err channel_send(struct channel *c, struct bytes plain, struct buf *wire_out)
{
    assert(c->state == CHANNEL_OPEN);
    size_t before = wire_out->len;
    size_t total = channel_wire_len(plain.len);
    if (total < plain.len || total > wire_out->max - wire_out->len)
        return ERR_LIMIT;
    uint8_t *at = buf_grow(wire_out, total);
    if (at == NULL)
        return buf_status(wire_out);
    while (plain.len > 0) {
        size_t n = plain.len < NOISE_PAYLOAD_MAX ? plain.len : NOISE_PAYLOAD_MAX;
        put_u16be(at, (uint16_t)(n + AEAD_TAG_LEN));
        enum err e = transport_seal(&c->transport, (struct bytes){plain.p, n}, at + CHANNEL_HEADER_LEN);
        if (e != OK) {                                          /* 2^64 - 1 messages */
            wire_out->len = before;
            channel_release(c);
            return e;
        }
        at += n + CHANNEL_MESSAGE_OVERHEAD;
        plain.p += n;
        plain.len -= n;
    }
    return OK;
}
