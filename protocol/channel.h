/* protocol/channel.h - one secure link over any byte stream; owns no socket.
 *
 * On the wire everything is u16be length || Noise message, the handshake too.
 * The three handshake messages carry no payload, so each has one length (48,
 * 48, 64) and any other ends the channel at its second byte.  What comes out is
 * the inner byte stream; where a Noise message begins means nothing in it.
 *
 * A responder has not one byte to send before message 1 opened under its key:
 * to anybody else it is an open port that says nothing.
 *
 * Call channel_receive with whatever the network gave, send what it put into
 * `wire_out`, look at channel_state, use what it put into `plain_out`. */
#ifndef FOLKMOOT_PROTOCOL_CHANNEL_H
#define FOLKMOOT_PROTOCOL_CHANNEL_H

#include "protocol/noise.h"
#include "protocol/origin.h"

enum {
    CHANNEL_KEYS_MAX = 2,               /* a responder's node key and the one before it */
    CHANNEL_HEADER_LEN = 2,
    CHANNEL_MESSAGE_MAX = CHANNEL_HEADER_LEN + NOISE_MESSAGE_MAX,
    CHANNEL_MESSAGE_OVERHEAD = CHANNEL_HEADER_LEN + AEAD_TAG_LEN,
    CHANNEL_PROLOGUE_LEN = 10 + 1 + 16
};

enum channel_state {
    CHANNEL_HANDSHAKING,
    CHANNEL_OPEN,                       /* both sides proved their static keys */
    CHANNEL_DEAD                        /* hang up; nothing is taken or given any more */
};

struct channel {                        /* private */
    enum channel_state state;
    struct handshake handshake[CHANNEL_KEYS_MAX];
    size_t n_handshakes;                /* 2: message 1 will tell which key is meant */
    struct transport transport;
    struct dh_public peer;
    struct hash session;
    struct buf partial;                 /* the front of a message, at most CHANNEL_MESSAGE_MAX */
};

/* The prologue of an alliance's links: "folkmoot/1" || 0x00 || alliance id. */
void channel_prologue(const struct alliance_id *alliance, uint8_t ret[CHANNEL_PROLOGUE_LEN]);

/* Secrets are copied: the caller wipes `ephemeral`, fresh for each channel, at
 * once.  A responder has 1 to CHANNEL_KEYS_MAX keys, tried in turn.  Release
 * with channel_release(), in any state. */
void channel_init_initiator(struct channel *c, const struct dh_secret *ours, const struct dh_public *peer,
                            const struct dh_secret *ephemeral, struct bytes prologue);
void channel_init_responder(struct channel *c, const struct dh_secret *ours, size_t n_ours,
                            const struct dh_secret *ephemeral, struct bytes prologue);
void channel_release(struct channel *c);        /* wipes and frees; then as DEAD */

/* The initiator's first message, once, before anything is received.
 *   ERR_KEY  the peer's key is of low order: the channel is DEAD */
MUST_USE enum err channel_begin(struct channel *c, struct buf *wire_out);

/* Take in bytes of the peer.  *ret_used of them are done with; more than that
 * stay the caller's only when the next message might not fit in `plain_out`:
 * empty that and call again with the rest.  `plain_out` may hold at least
 * NOISE_PAYLOAD_MAX.  Not in state DEAD.
 *   ERR_PROTO    a length that no correct peer sends
 *   ERR_DECRYPT  a message that is not the peer's next, or not for our key
 *   ERR_KEY      a key of low order
 *   ERR_NOMEM, ERR_LIMIT  no room for the answer or the partial message
 * After any failure the channel is DEAD, *ret_used is as it was, `wire_out`
 * has nothing new of the failed message; `plain_out` keeps what had been
 * opened before it, which the peer did send. */
MUST_USE enum err channel_receive(struct channel *c, struct bytes in, size_t *ret_used, struct buf *wire_out,
                                  struct buf *plain_out);

/* How many bytes channel_send will put on the wire for `plain_len`. */
size_t channel_wire_len(size_t plain_len);

/* Seal `plain`, cut into as few messages as it takes.  OPEN only.
 *   ERR_LIMIT  `wire_out` has no room for all of it: nothing is written, the
 *              channel stays OPEN, try again when it has drained
 *   ERR_NOMEM  nothing is written, stays OPEN; wire_out's failure is sticky
 * (After 2^64 - 1 messages it would be ERR_LIMIT and DEAD.) */
MUST_USE enum err channel_send(struct channel *c, struct bytes plain, struct buf *wire_out);

enum channel_state channel_state(const struct channel *c);
/* The static key that the peer proved to hold; OPEN only. */
struct dh_public channel_peer(const struct channel *c);
/* The handshake hash: equal on both sides, unique to this session; OPEN only. */
struct hash channel_session(const struct channel *c);

#endif
