/* protocol/noise.h - Noise_XK_25519_ChaChaPoly_SHA256, and what follows it.
 *
 *     XK:  <- s   ...   -> e, es   <- e, ee   -> s, se
 *
 * The initiator knows the responder's static key beforehand; the responder
 * learns the initiator's from the third message.  Written in the order and
 * words of the specification on the primitives of crypto.h.  Draws no
 * randomness: the caller brings the ephemeral secret, drawn for this one
 * handshake and wiped by the caller after the call that takes it.
 *
 * Source: The Noise Protocol Framework, revision 34 (2018-07-11). */
#ifndef FOLKMOOT_PROTOCOL_NOISE_H
#define FOLKMOOT_PROTOCOL_NOISE_H

#include <stdbool.h>

#include "protocol/crypto.h"
#include "protocol/limits.h"

struct cipher_state {                   /* Noise 5.1 */
    struct sym_secret k;
    uint64_t n;                         /* the next message's nonce */
    bool has_key;                       /* false: k is empty */
};

struct symmetric_state {                /* Noise 5.2 */
    struct cipher_state cipher;
    struct sym_secret ck;
    struct hash h;
};

struct handshake {                      /* HandshakeState, Noise 5.3 */
    struct symmetric_state symmetric;
    struct dh_secret s, e;              /* ours */
    struct dh_public rs, re;            /* theirs, where known yet */
    bool initiator;
    unsigned message;                   /* how many are done, 0 to 3 */
};

enum { HANDSHAKE_MESSAGES = 3 };

/* Initialize(XK, initiator, prologue, s, e, rs).  Copies what it is given.
 * Release with handshake_wipe(), or by handshake_split(). */
void handshake_init_initiator(struct handshake *h, const struct dh_secret *s, const struct dh_secret *e,
                              const struct dh_public *rs, struct bytes prologue);
void handshake_init_responder(struct handshake *h, const struct dh_secret *s, const struct dh_secret *e,
                              struct bytes prologue);
void handshake_wipe(struct handshake *h);

/* Is the next message ours to write?  False as well when all three are done. */
bool handshake_is_our_turn(const struct handshake *h);
bool handshake_is_done(const struct handshake *h);

/* What the next message adds to its payload: 48, 48, 64 bytes; then 0. */
size_t handshake_overhead(const struct handshake *h);

/* WriteMessage.  `out` takes handshake_overhead(h) + payload.len, together at
 * most NOISE_MESSAGE_MAX, and overlaps nothing.  Our turn only.
 *   ERR_KEY  the peer's key is of low order; `h` is as it was, `out` is not */
MUST_USE enum err handshake_write(struct handshake *h, struct bytes payload, uint8_t *out);

/* ReadMessage.  `payload` takes message.len - handshake_overhead(h), overlaps
 * nothing, and may be NULL when that is 0.  The peer's turn only.
 *   ERR_PROTO    shorter or longer than any such message
 *   ERR_KEY      a key in it is of low order
 *   ERR_DECRYPT  it was not made for us, or not left alone
 * After a failure `h` is as it was, so a responder that has two static keys
 * can offer message 1 to a second state; `payload` may have been zeroed. */
MUST_USE enum err handshake_read(struct handshake *h, struct bytes message, uint8_t *payload);

/* The peer's static key, the same bytes it proved to hold; when done. */
struct dh_public handshake_remote_static(const struct handshake *h);
/* GetHandshakeHash, Noise 11.2: equal on both sides, unique to the session; when done. */
struct hash handshake_hash(const struct handshake *h);

/* The two directions after a handshake.  Each calls Rekey() by itself after
 * every REKEY_AFTER messages; its nonces go on (Noise 4.2, 11.3). */
struct transport {
    struct cipher_state send, receive;
};

/* Split(), when done.  Wipes `h`. */
void handshake_split(struct handshake *h, struct transport *ret);
void transport_wipe(struct transport *t);

/* One transport message.  `out` takes plain.len + AEAD_TAG_LEN, at most
 * NOISE_MESSAGE_MAX, and may be the plain's own place.
 *   ERR_LIMIT  2^64 - 1 messages were sent: nothing is written */
MUST_USE enum err transport_seal(struct transport *t, struct bytes plain, uint8_t *out);

/* `out` takes message.len - AEAD_TAG_LEN and may be the message's own place.
 *   ERR_PROTO    no tag fits in it, or it is over NOISE_MESSAGE_MAX
 *   ERR_DECRYPT  not the peer's next message
 *   ERR_LIMIT    2^64 - 1 messages were received
 * After a failure `t` is as it was; `out` may have been zeroed. */
MUST_USE enum err transport_open(struct transport *t, struct bytes message, uint8_t *out);

#endif
