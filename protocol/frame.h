/* protocol/frame.h - the unit of what two nodes say: u32be length || body.
 *
 * A body is 1 to FRAME_BODY_MAX bytes; what is in it is message.h's affair. */
#ifndef FOLKMOOT_PROTOCOL_FRAME_H
#define FOLKMOOT_PROTOCOL_FRAME_H

#include "protocol/bytes.h"
#include "protocol/limits.h"

enum { FRAME_HEADER_LEN = 4, FRAME_MAX = FRAME_HEADER_LEN + FRAME_BODY_MAX };

struct frame {
    struct bytes body;
};

/* Look for one whole frame at the front of `in`.
 *   OK         *ret describes it; drop frame_size(ret) bytes when done with it
 *   ERR_MORE   a prefix of a frame: call again with more bytes
 *   ERR_PROTO  no continuation of these bytes is a frame: hang up
 * Allocates nothing.  *ret borrows from `in`, and is written only on OK. */
MUST_USE enum err frame_read(struct bytes in, struct frame *ret);

/* Header and body. */
size_t frame_size(const struct frame *f);

/* Write a frame in place: what is put into `b` between the two calls is its
 * body.  frame_begin returns the mark that frame_end wants back. */
size_t frame_begin(struct buf *b);

/* Fill in the length.  The body is at least one byte.
 *   ERR_LIMIT  the body is over FRAME_BODY_MAX, or `b` was full
 *   ERR_NOMEM
 * After a failure `b` ends where it did before frame_begin; a failure of `b`
 * itself stays with it (see buf_status). */
MUST_USE enum err frame_end(struct buf *b, size_t mark);

#endif
