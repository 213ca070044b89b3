/* protocol/bytes.h - borrowed bytes, and a buffer that grows to a named limit.
 *
 * `struct bytes` borrows: whoever made it says how long it lives.
 * `struct buf` owns: a failed put is remembered, so a run of puts is checked
 * once, by buf_status(), before the bytes are used. */
#ifndef FOLKMOOT_PROTOCOL_BYTES_H
#define FOLKMOOT_PROTOCOL_BYTES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "protocol/err.h"

struct bytes {
    const uint8_t *p;                   /* may be NULL when len is 0 */
    size_t len;
};

/* The bytes of a string, without its NUL. */
struct bytes bytes_of(const char *s);

/* Equal contents; not for secrets (crypto.h has secret_equal). */
bool bytes_equal(struct bytes a, struct bytes b);

/* The text begins with `prefix`. */
bool bytes_start_with(struct bytes b, const char *prefix);

/* Cut the next line off the front of `in`: *ret is the line without its '\n',
 * `in` what follows.  False, with nothing changed, when no '\n' is left. */
bool bytes_line(struct bytes *in, struct bytes *ret);

/* Cut the next word off the front of `in` at one space; the last word runs to
 * the end.  False, with nothing changed, when `in` is empty, or this word or the
 * next would be: so a space at either end, or two together, is never passed over. */
bool bytes_word(struct bytes *in, struct bytes *ret);

/* A decimal number in its only form: digits, no sign, no leading zero but "0",
 * at most `max`. */
MUST_USE enum err bytes_u64(struct bytes in, uint64_t max, uint64_t *ret);

/* Copy into a NUL-terminated array of `size`; ERR_LIMIT if it does not fit,
 * ERR_FORMAT if the bytes hold a NUL. */
MUST_USE enum err bytes_to_str(struct bytes in, char *ret, size_t size);

struct buf {
    uint8_t *p;
    size_t len, cap;
    size_t max;                         /* it never holds more than this */
    enum err failed;                    /* the first failure, sticky */
};

/* An empty buffer that may grow to `max` bytes.  Allocates nothing yet. */
struct buf buf_on(size_t max);
void buf_release(struct buf *b);        /* frees; b is as buf_on() left it */
void buf_clear(struct buf *b);          /* empties, keeps the memory, forgets a failure */
void buf_wipe(struct buf *b);           /* zeroes what it held, then releases */

void buf_put(struct buf *b, struct bytes in);
void buf_put_str(struct buf *b, const char *s);
void buf_put_u8(struct buf *b, uint8_t v);
__attribute__((format(printf, 2, 3)))
void buf_printf(struct buf *b, const char *fmt, ...);

/* Room for `len` more bytes, already counted as held, to be written by the
 * caller; NULL (and a sticky failure) when they do not fit. */
uint8_t *buf_grow(struct buf *b, size_t len);

/* OK, or the first failure since buf_on or buf_clear: ERR_LIMIT or ERR_NOMEM. */
MUST_USE enum err buf_status(const struct buf *b);

/* What it holds; borrowed until the next put. */
struct bytes buf_bytes(const struct buf *b);

/* The contents as a string: a NUL is kept behind them.  NULL after a failure. */
const char *buf_str(struct buf *b);

/* Big-endian integers, as every binary format here has them. */
void put_u16be(uint8_t *p, uint16_t v);
void put_u32be(uint8_t *p, uint32_t v);
void put_u64be(uint8_t *p, uint64_t v);
uint16_t get_u16be(const uint8_t *p);
uint32_t get_u32be(const uint8_t *p);
uint64_t get_u64be(const uint8_t *p);

#endif
