#include "protocol/noise.h"

#include <assert.h>
#include <string.h>

enum { DHLEN = 32 };

static const struct bytes zerolen = {NULL, 0};

static struct bytes bytes_on(const void *p, size_t len)
{
    return (struct bytes){p, len};
}

/* 4.3: HKDF(chaining_key, input_key_material, 2). */
static void hkdf(const struct sym_secret *chaining_key, struct bytes input_key_material,
                 struct sym_secret *output1, struct sym_secret *output2)
{
    struct hash temp_key, output;
    hmac_sha256(bytes_on(chaining_key->b, sizeof(chaining_key->b)), input_key_material, zerolen, &temp_key);
    struct bytes key = bytes_on(temp_key.b, HASH_LEN);
    hmac_sha256(key, bytes_on("\x01", 1), zerolen, &output);
    memcpy(output1->b, output.b, HASH_LEN);
    hmac_sha256(key, bytes_on(output1->b, HASH_LEN), bytes_on("\x02", 1), &output);
    memcpy(output2->b, output.b, HASH_LEN);
    wipe(&temp_key, sizeof(temp_key));
    wipe(&output, sizeof(output));
}

/* 5.1 The CipherState object. */

static void initialize_key(struct cipher_state *c, const struct sym_secret *key)
{
    c->k = *key;
    c->n = 0;
    c->has_key = true;
}

/* "The maximum n value (2^64-1) is reserved for other use." */
static bool has_nonce_left(const struct cipher_state *c)
{
    return c->n != UINT64_MAX;
}

/* In XK a MixKey comes before the first use, so k is never empty here. */
static void encrypt_with_ad(struct cipher_state *c, struct bytes ad, struct bytes plaintext, uint8_t *out)
{
    assert(c->has_key && has_nonce_left(c));
    aead_seal(&c->k, c->n++, ad, plaintext, out);
}

/* "If an authentication failure occurs in DECRYPT() then n is not incremented." */
static enum err decrypt_with_ad(struct cipher_state *c, struct bytes ad, struct bytes ciphertext, uint8_t *out)
{
    assert(c->has_key && has_nonce_left(c));
    enum err e = aead_open(&c->k, c->n, ad, ciphertext, out);
    if (e == OK)
        c->n++;
    return e;
}

/* 4.2: REKEY(k) is the first 32 bytes of ENCRYPT(k, maxnonce, zerolen, zeros). */
static void rekey(struct cipher_state *c)
{
    uint8_t key[sizeof(c->k.b) + AEAD_TAG_LEN] = {0};
    aead_seal(&c->k, UINT64_MAX, zerolen, bytes_on(key, sizeof(c->k.b)), key);
    memcpy(c->k.b, key, sizeof(c->k.b));
    wipe(key, sizeof(key));
}

/* 5.2 The SymmetricState object. */

static void initialize_symmetric(struct symmetric_state *y)
{
    static const char protocol_name[] = "Noise_XK_25519_ChaChaPoly_SHA256";
    static_assert(sizeof(protocol_name) - 1 == HASH_LEN, "the name is h, with no zero bytes appended");
    memcpy(y->h.b, protocol_name, HASH_LEN);
    memcpy(y->ck.b, protocol_name, HASH_LEN);
    y->cipher = (struct cipher_state){.has_key = false};
}

static void mix_key(struct symmetric_state *y, struct bytes input_key_material)
{
    struct sym_secret temp_k;
    hkdf(&y->ck, input_key_material, &y->ck, &temp_k);
    initialize_key(&y->cipher, &temp_k);
    wipe(&temp_k, sizeof(temp_k));
}

static void mix_hash(struct symmetric_state *y, struct bytes data)
{
    y->h = sha256_concat(bytes_on(y->h.b, HASH_LEN), data);
}

static void encrypt_and_hash(struct symmetric_state *y, struct bytes plaintext, uint8_t *out)
{
    encrypt_with_ad(&y->cipher, bytes_on(y->h.b, HASH_LEN), plaintext, out);
    mix_hash(y, bytes_on(out, plaintext.len + AEAD_TAG_LEN));
}

static enum err decrypt_and_hash(struct symmetric_state *y, struct bytes ciphertext, uint8_t *out)
{
    enum err e = decrypt_with_ad(&y->cipher, bytes_on(y->h.b, HASH_LEN), ciphertext, out);
    if (e == OK)
        mix_hash(y, ciphertext);
    return e;
}

static void split(const struct symmetric_state *y, struct cipher_state *c1, struct cipher_state *c2)
{
    struct sym_secret temp_k1, temp_k2;
    hkdf(&y->ck, zerolen, &temp_k1, &temp_k2);
    initialize_key(c1, &temp_k1);
    initialize_key(c2, &temp_k2);
    wipe(&temp_k1, sizeof(temp_k1));
    wipe(&temp_k2, sizeof(temp_k2));
}

/* 5.3 The HandshakeState object; the message patterns of XK are from 7.5. */

enum token { TOKEN_END, TOKEN_E, TOKEN_S, TOKEN_EE, TOKEN_ES, TOKEN_SE };

static const struct message_pattern {
    enum token tokens[3];
    size_t overhead;
} message_patterns[HANDSHAKE_MESSAGES] = {
    {{TOKEN_E, TOKEN_ES, TOKEN_END}, DHLEN + AEAD_TAG_LEN},
    {{TOKEN_E, TOKEN_EE, TOKEN_END}, DHLEN + AEAD_TAG_LEN},
    {{TOKEN_S, TOKEN_SE, TOKEN_END}, DHLEN + AEAD_TAG_LEN + AEAD_TAG_LEN},
};

static void initialize(struct handshake *h, const struct dh_secret *s, const struct dh_secret *e,
                       const struct dh_public *responder_static, struct bytes prologue)
{
    initialize_symmetric(&h->symmetric);
    mix_hash(&h->symmetric, prologue);
    h->s = *s;
    h->e = *e;
    mix_hash(&h->symmetric, bytes_on(responder_static->b, DHLEN));     /* the pre-message: <- s */
}

void handshake_init_initiator(struct handshake *h, const struct dh_secret *s, const struct dh_secret *e,
                              const struct dh_public *rs, struct bytes prologue)
{
    *h = (struct handshake){.initiator = true, .rs = *rs};
    initialize(h, s, e, rs, prologue);
}

void handshake_init_responder(struct handshake *h, const struct dh_secret *s, const struct dh_secret *e,
                              struct bytes prologue)
{
    struct dh_public ours = dh_public_of(s);
    *h = (struct handshake){.initiator = false};
    initialize(h, s, e, &ours, prologue);
}

void handshake_wipe(struct handshake *h)
{
    wipe(h, sizeof(*h));
}

bool handshake_is_done(const struct handshake *h)
{
    return h->message == HANDSHAKE_MESSAGES;
}

bool handshake_is_our_turn(const struct handshake *h)
{
    return !handshake_is_done(h) && (h->message % 2 == 0) == h->initiator;
}

size_t handshake_overhead(const struct handshake *h)
{
    return handshake_is_done(h) ? 0 : message_patterns[h->message].overhead;
}

static enum err mix_dh(struct symmetric_state *y, const struct dh_secret *ours, const struct dh_public *theirs)
{
    struct sym_secret shared;
    enum err e = dh(ours, theirs, &shared);
    if (e == OK)
        mix_key(y, bytes_on(shared.b, DHLEN));
    wipe(&shared, sizeof(shared));
    return e;
}

static enum err mix_dh_token(struct handshake *h, enum token t)
{
    switch (t) {
    case TOKEN_EE:
        return mix_dh(&h->symmetric, &h->e, &h->re);
    case TOKEN_ES:
        return h->initiator ? mix_dh(&h->symmetric, &h->e, &h->rs) : mix_dh(&h->symmetric, &h->s, &h->re);
    case TOKEN_SE:
        return h->initiator ? mix_dh(&h->symmetric, &h->s, &h->re) : mix_dh(&h->symmetric, &h->e, &h->rs);
    case TOKEN_E:
    case TOKEN_S:
    case TOKEN_END:
        break;
    }
    assert(false);                              /* the callers handle the rest */
    return ERR_PROTO;
}

/* Writes what the token puts into the message; *at moves past it. */
static enum err write_token(struct handshake *h, enum token t, uint8_t **at)
{
    if (t == TOKEN_E) {
        struct dh_public e = dh_public_of(&h->e);
        memcpy(*at, e.b, DHLEN);
        mix_hash(&h->symmetric, bytes_on(e.b, DHLEN));
        *at += DHLEN;
        return OK;
    }
    if (t == TOKEN_S) {
        struct dh_public s = dh_public_of(&h->s);
        encrypt_and_hash(&h->symmetric, bytes_on(s.b, DHLEN), *at);
        *at += DHLEN + AEAD_TAG_LEN;
        return OK;
    }
    return mix_dh_token(h, t);
}

enum err handshake_write(struct handshake *h, struct bytes payload, uint8_t *out)
{
    assert(handshake_is_our_turn(h));
    assert(payload.len <= NOISE_MESSAGE_MAX - handshake_overhead(h));
    enum err e = OK;
    struct handshake next = *h;
    const enum token *t = message_patterns[h->message].tokens;
    for (; *t != TOKEN_END; t++)
        if ((e = write_token(&next, *t, &out)) != OK)
            goto out;
    encrypt_and_hash(&next.symmetric, payload, out);
    next.message++;
    *h = next;
out:
    wipe(&next, sizeof(next));
    return e;
}

/* Reads the token's part of the message, which is long enough; `in` moves past it. */
static enum err read_token(struct handshake *h, enum token t, struct bytes *in)
{
    enum err e = OK;
    size_t used = 0;
    if (t == TOKEN_E) {
        used = DHLEN;
        memcpy(h->re.b, in->p, DHLEN);
        mix_hash(&h->symmetric, bytes_on(h->re.b, DHLEN));
    } else if (t == TOKEN_S) {
        used = DHLEN + AEAD_TAG_LEN;
        e = decrypt_and_hash(&h->symmetric, bytes_on(in->p, used), h->rs.b);
    } else {
        e = mix_dh_token(h, t);
    }
    *in = bytes_on(in->p + used, in->len - used);
    return e;
}

enum err handshake_read(struct handshake *h, struct bytes message, uint8_t *payload)
{
    assert(!handshake_is_our_turn(h) && !handshake_is_done(h));
    if (message.len < handshake_overhead(h) || message.len > NOISE_MESSAGE_MAX)
        return ERR_PROTO;
    enum err e = OK;
    struct handshake next = *h;
    const enum token *t = message_patterns[h->message].tokens;
    for (; *t != TOKEN_END; t++)
        if ((e = read_token(&next, *t, &message)) != OK)
            goto out;
    if ((e = decrypt_and_hash(&next.symmetric, message, payload)) != OK)
        goto out;
    next.message++;
    *h = next;
out:
    wipe(&next, sizeof(next));
    return e;
}

struct dh_public handshake_remote_static(const struct handshake *h)
{
    assert(handshake_is_done(h));
    return h->rs;
}

struct hash handshake_hash(const struct handshake *h)
{
    assert(handshake_is_done(h));
    return h->symmetric.h;
}

/* "... the first for encrypting transport messages from initiator to responder, and
 * the second for messages in the other direction." */
void handshake_split(struct handshake *h, struct transport *ret)
{
    assert(handshake_is_done(h));
    if (h->initiator)
        split(&h->symmetric, &ret->send, &ret->receive);
    else
        split(&h->symmetric, &ret->receive, &ret->send);
    handshake_wipe(h);
}

void transport_wipe(struct transport *t)
{
    wipe(t, sizeof(*t));
}

/* Both sides count the same messages, so nobody needs to announce it. */
static void rekey_if_due(struct cipher_state *c)
{
    if (c->n % REKEY_AFTER == 0)
        rekey(c);
}

enum err transport_seal(struct transport *t, struct bytes plain, uint8_t *out)
{
    assert(plain.len <= NOISE_PAYLOAD_MAX);
    if (!has_nonce_left(&t->send))
        return ERR_LIMIT;
    encrypt_with_ad(&t->send, zerolen, plain, out);
    rekey_if_due(&t->send);
    return OK;
}

enum err transport_open(struct transport *t, struct bytes message, uint8_t *out)
{
    if (message.len < AEAD_TAG_LEN || message.len > NOISE_MESSAGE_MAX)
        return ERR_PROTO;
    if (!has_nonce_left(&t->receive))
        return ERR_LIMIT;
    enum err e = decrypt_with_ad(&t->receive, zerolen, message, out);
    if (e == OK)
        rekey_if_due(&t->receive);
    return e;
}
