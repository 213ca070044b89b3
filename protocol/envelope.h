/* protocol/envelope.h - who may read: epoch keys, boxes, sealed records.
 *
 * An author draws one random key for each audience and epoch, seals it to each
 * reader in an `epoch` entry, and derives from it a key for each record.  Every
 * sealed entry commits to its key, because XChaCha20-Poly1305 does not: an
 * author could otherwise show an auditor another plaintext.
 *
 *      K  = BLAKE2b-256(key = epoch key, "folkmoot record" || nonce)
 *      ke = crypto_kdf(K, 1), kc = crypto_kdf(K, 2)
 *      ad = origin || 0x0A || msgpack [1, kind, time_ms, audience, epoch, nonce]
 *      sealed  = XChaCha20-Poly1305(ke, nonce, ad, plaintext padded to 128)
 *      payload = salt || body           body of a record: sealed
 *      commit  = BLAKE2b-256(key = kc, ad || payload_hash)
 *
 * docs/protocol.md, section "Encryption". */
#ifndef FOLKMOOT_PROTOCOL_ENVELOPE_H
#define FOLKMOOT_PROTOCOL_ENVELOPE_H

#include "protocol/entry.h"

struct epoch_id {
    struct origin origin;                   /* the author's log */
    struct audience_id audience;
    uint32_t epoch;
};

/* What a sealer brings: all of it fresh, nonce and salt drawn for this entry alone. */
struct seal_with {
    struct epoch_id id;
    const struct sym_secret *epoch_key;
    uint64_t time_ms;
    uint8_t nonce[XNONCE_LEN];
    uint8_t salt[SALT_LEN];
};

/* A record for the epoch's audience. Puts header and payload behind what the buffers hold; a
 * plaintext too long for PAYLOAD_MAX is ERR_LIMIT in ret_payload, and no header is written
 * after a failure there. The plaintext stands in ret_payload's memory for a moment only. */
void record_seal(const struct seal_with *with, struct bytes plaintext, struct buf *ret_header, struct buf *ret_payload);

/* K, the record's own key: it opens this record and nothing else. */
void record_key(const struct sym_secret *epoch_key, const uint8_t nonce[XNONCE_LEN], struct sym_secret *ret);

/* Open a sealed record with its own key. `h` was read from the log at `origin`
 * and its payload checked by header_check_payload.
 *   ERR_COMMIT   the key is not the one the header commits to (checked first)
 *   ERR_DECRYPT  the ciphertext does not open; ERR_FORMAT its padding is wrong, or the
 *                entry is public or no record; ERR_NOMEM, ERR_LIMIT `ret` is too small
 * The plaintext is put into `ret`, which is cleared first (and empty after a failure);
 * buf_wipe it after use. Nothing but `ret` is allocated. */
MUST_USE enum err record_open(const struct origin *origin, const struct header *h, struct bytes payload,
                              const struct sym_secret *key, struct buf *ret);

/* Is `key` the K that the author committed to in this sealed record's header? OK, or ERR_COMMIT (also for an entry that is
 * public or no record). It is how a key from an opening is believed; the payload may be gone. */
MUST_USE enum err record_check_key(const struct origin *origin, const struct header *h, const struct sym_secret *key);

/* ---- epoch entries: body [charter hash|nil, [boxes], secret] ---- */

enum { BOX_LEN = 32 + SEAL_OVERHEAD };

struct epoch_body {                         /* borrowed from the payload */
    bool is_alliance;                       /* a charter hash, boxes in its order of readers */
    struct hash charter;
    size_t n_boxes;
    struct bytes boxes[MEMBERS_MAX + 1];    /* len 0: nil, owed by a grant */
    struct bytes secret;
};
/* Exactly the canonical form, else ERR_FORMAT: boxes of BOX_LEN or nil, at least one place,
 * at most NAMED_AUDIENCE_MAX without a charter; a secret that can be a padded ciphertext. */
MUST_USE enum err epoch_body_read(struct bytes body, struct epoch_body *ret);

/* `secret` in clear, padded msgpack [title, [slug, ...]]: what the audience is called (one
 * line, may be empty), and who it is. */
struct epoch_secret {
    char title[NAME_MAX_LEN + 1];
    size_t n_readers;
    struct slug readers[MEMBERS_MAX + 1];
};

/* Write an epoch entry, behind what the buffers hold. boxes[i] is BOX_LEN long or empty
 * (nil). charter is NULL for a named audience. ERR_FORMAT when the title is not one line of
 * UTF-8; ERR_NOMEM, ERR_LIMIT: a buffer failed. */
MUST_USE enum err epoch_seal(const struct seal_with *with, const struct hash *charter, size_t n_boxes,
                             const struct bytes *boxes, const struct epoch_secret *secret,
                             struct buf *ret_header, struct buf *ret_payload);

/* Is `key` the epoch key that the author committed to in this epoch entry? OK, or
 * ERR_COMMIT (also for a header of another kind). It is how a key from a granter is believed. */
MUST_USE enum err epoch_check_key(const struct origin *origin, const struct header *h, const struct sym_secret *key);

/* Read title and readers with the epoch key. Errors as record_open, ERR_FORMAT for the body too. */
MUST_USE enum err epoch_open_secret(const struct origin *origin, const struct header *h, struct bytes payload,
                                    const struct sym_secret *key, struct epoch_secret *ret);

/* Seal an epoch key to a reader's box key (BOX_LEN bytes; ERR_KEY), and open one
 * (ERR_DECRYPT). Check what came out with epoch_check_key. */
MUST_USE enum err epoch_box(const struct sym_secret *epoch_key, const struct dh_public *reader, uint8_t ret[BOX_LEN]);
MUST_USE enum err epoch_unbox(struct bytes box, const struct dh_secret *box_secret, struct sym_secret *ret);

#endif
