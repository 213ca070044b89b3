/* protocol/note.h - C2SP signed notes: the one signing format of Folkmoot.
 *
 * A note is a text that ends in a newline, an empty line, and signature lines
 *      EM-DASH SPACE <key name> SPACE base64(key id (4 bytes) || signature) NEWLINE
 * Many signatures on one text are natural.  Signatures by unknown keys are
 * ignored; a known key whose signature fails rejects the note.
 *
 * Source: c2sp.org/signed-note, c2sp.org/tlog-cosignature (type 0x04). */
#ifndef FOLKMOOT_PROTOCOL_NOTE_H
#define FOLKMOOT_PROTOCOL_NOTE_H

#include "protocol/crypto.h"
#include "protocol/limits.h"

enum note_key_type {
    NOTE_ED25519 = 0x01,                /* signs the text */
    NOTE_COSIGNATURE = 0x04             /* cosignature/v1: signs a time and the text */
};

/* A verifier key.  The name has no space, no '+', no control character. */
struct note_key {
    char name[NOTE_KEY_NAME_MAX + 1];
    enum note_key_type type;
    struct sign_public key;
};

struct note_keyid { uint8_t b[4]; };

/* SHA-256(name || 0x0A || type || key), first four bytes. */
struct note_keyid note_keyid(const struct note_key *key);

/* vkey text: name+hex8(key id)+base64(type || key).  `ret` is put after what it holds. */
void note_vkey_write(const struct note_key *key, struct buf *ret);
MUST_USE enum err note_vkey_parse(struct bytes in, struct note_key *ret);

/* One signature line; `line` and `name` borrow from the note. */
struct note_line {
    struct bytes line;                  /* as it stands in the note, without its newline */
    struct bytes name;
    struct note_keyid id;
    size_t blob_len;                    /* after the key id: 64 for 0x01, 72 for 0x04; others are unknown kinds */
    uint8_t blob[80];                   /* decoded; of a longer one the first 80 bytes */
};

struct note {
    struct bytes text;                  /* borrowed; with its last newline */
    size_t n_lines;
    struct note_line lines[NOTE_SIGNATURES_MAX];
};

/* Take a note apart; verifies nothing.  ERR_FORMAT: longer than NOTE_MAX, no empty
 * line, no signature, too many, bad base64, a control character or bytes that are
 * not UTF-8.  On OK the first ret->n_lines of ret->lines are written. */
MUST_USE enum err note_parse(struct bytes in, struct note *ret);

/* The first line that bears key's name and key id, or NULL; verifies nothing. */
const struct note_line *note_find(const struct note *n, const struct note_key *key);

/* Did `key` sign it?
 *   OK             yes; *ret_time (may be NULL) is the cosignature's POSIX time, or 0 for 0x01
 *   ERR_UNKNOWN    no line bears its name and key id
 *   ERR_SIGNATURE  a line does and does not hold: reject the whole note
 * When several lines bear them, the first decides and the others are ignored, as
 * in Go's note.Open: a line added behind a good one does no harm. */
MUST_USE enum err note_check(const struct note *n, const struct note_key *key, uint64_t *ret_time);

/* The signature lines that `key` makes under `text`, appended to `ret`.
 * `text` ends in a newline and holds no control character but newlines. */
void note_sign(struct bytes text, const struct note_key *key, const struct sign_secret *secret, struct buf *ret);
/* The same for a 0x04 key at POSIX time `time`, which is from 1 to 2^63 - 1: 0 is
 * no time, and C2SP allows no more.  What is cosigned is a checkpoint, so `text`
 * has at most CHECKPOINT_MAX bytes; of a longer one no cosignature holds. */
void note_cosign(struct bytes text, const struct note_key *key, const struct sign_secret *secret, uint64_t time,
                 struct buf *ret);

/* The cosignature alone, without its line.  Time and text as for note_cosign. */
void note_cosignature_make(struct bytes text, const struct sign_secret *secret, uint64_t time,
                           struct signature *ret);
/* The cosignature line of `key` from its parts, as COSIG messages carry them. */
void note_cosignature_line(const struct note_key *key, uint64_t time, const struct signature *sig, struct buf *ret);
/* Check such parts: ERR_SIGNATURE, also for a time that none may have. */
MUST_USE enum err note_cosignature_check(struct bytes text, const struct note_key *key, uint64_t time,
                                         const struct signature *sig);

/* Put text and lines together: this writes text and an empty line; then append
 * lines with the functions above, or from another note with note_put_line.  The
 * same text signed twice by one key has one line: callers use note_merge to unite. */
void note_begin(struct bytes text, struct buf *ret);
void note_put_line(const struct note_line *line, struct buf *ret);

/* Write the union of the signature lines of two notes on the same text, those of
 * `a` first, one a (name, key id).  It verifies nothing, and a bad line of `a` keeps
 * a good one of `b` out: check both first.  ERR_FORMAT when the texts differ,
 * ERR_LIMIT above NOTE_SIGNATURES_MAX or what `ret` may hold, ERR_NOMEM. */
MUST_USE enum err note_merge(const struct note *a, const struct note *b, struct buf *ret);

#endif
