/* protocol/pack.h - canonical msgpack, written by msgpack-c, read by a cursor.
 *
 * Canonical: integers and lengths in their shortest form; nil, booleans,
 * integers, str, bin and arrays only (no floats, maps or extensions); str is
 * UTF-8.  One value has one encoding, so bytes can be hashed and signed.
 *
 * The reader never believes a length: it allocates nothing, borrows from its
 * input, and remembers its first failure.  Read every field in its own
 * statement, ask reader_finish() once, copy out last.  After a failure every
 * read returns zero or empty.
 *
 * Source: the msgpack specification (msgpack/spec.md, 2013 revision). */
#ifndef FOLKMOOT_PROTOCOL_PACK_H
#define FOLKMOOT_PROTOCOL_PACK_H

#include "protocol/bytes.h"

struct reader {
    const uint8_t *p, *end;
    enum err failed;                    /* OK or ERR_FORMAT, sticky */
};

struct reader reader_on(struct bytes in);

/* OK when nothing failed and no byte is left; else ERR_FORMAT. */
MUST_USE enum err reader_finish(const struct reader *r);
/* As reader_finish, for when more fields may follow (a newer version's). */
MUST_USE enum err reader_status(const struct reader *r);
/* Mark it failed: a caller's own rule did not hold. */
void reader_fail(struct reader *r);

uint64_t read_uint(struct reader *r, uint64_t max);
int64_t read_int(struct reader *r);
bool read_bool(struct reader *r);
/* True, and past it, when a nil is next; false, and nothing read, when not. */
bool read_nil(struct reader *r);
/* bin or str of at most `max` bytes, borrowed. */
struct bytes read_bin(struct reader *r, size_t max);
struct bytes read_str(struct reader *r, size_t max);
/* bin of exactly `len`, copied. */
void read_fixed(struct reader *r, void *ret, size_t len);
/* The number of elements that follow: from min to max.  A count larger than
 * the bytes left can hold fails here, so it may size an allocation. */
size_t read_array(struct reader *r, size_t min, size_t max);
/* Pass over one value of any canonical kind, nested at most DEPTH_MAX deep. */
void read_skip(struct reader *r);
/* As read_skip, and fails at an array. */
void read_skip_flat(struct reader *r);
/* As read_skip, and says which bytes the value was; borrowed. */
struct bytes read_raw(struct reader *r);

/* Is the whole of `in` UTF-8 (RFC 3629: no surrogates, nothing overlong)? */
bool utf8_is_valid(struct bytes in);
/* Valid, and without a control character (U+0000-1F, U+007F-9F): safe to print on one line. */
bool utf8_is_line(struct bytes in);

/* "4.0.0": of msgpack-c, for `--version`. */
const char *pack_library_version(void);

/* Writers put one value at the end of `b`; see buf_status() for failures. */
void pack_array(struct buf *b, size_t count);
void pack_uint(struct buf *b, uint64_t v);
void pack_int(struct buf *b, int64_t v);
void pack_bool(struct buf *b, bool v);
void pack_nil(struct buf *b);
void pack_bin(struct buf *b, struct bytes in);
void pack_fixed(struct buf *b, const void *p, size_t len);     /* bin */
void pack_str(struct buf *b, const char *s);
void pack_str_bytes(struct buf *b, struct bytes utf8);
/* Bytes that are already one packed value. */
void pack_raw(struct buf *b, struct bytes packed);

#endif
