#include "protocol/frame.h"

#include <assert.h>
#include <string.h>

enum err frame_read(struct bytes in, struct frame *ret)
{
    uint8_t header[FRAME_HEADER_LEN] = {0};
    size_t have = in.len < FRAME_HEADER_LEN ? in.len : FRAME_HEADER_LEN;
    if (have > 0)
        memcpy(header, in.p, have);
    size_t body_len = get_u32be(header);        /* or the least that its first bytes allow */
    if (body_len > FRAME_BODY_MAX)
        return ERR_PROTO;
    if (in.len < FRAME_HEADER_LEN)
        return ERR_MORE;
    if (body_len == 0)
        return ERR_PROTO;
    if (in.len - FRAME_HEADER_LEN < body_len)
        return ERR_MORE;
    ret->body = (struct bytes){in.p + FRAME_HEADER_LEN, body_len};
    return OK;
}

size_t frame_size(const struct frame *f)
{
    return FRAME_HEADER_LEN + f->body.len;
}

size_t frame_begin(struct buf *b)
{
    size_t mark = b->len;
    (void)buf_grow(b, FRAME_HEADER_LEN);        /* a failure is sticky: frame_end tells it */
    return mark;
}

enum err frame_end(struct buf *b, size_t mark)
{
    assert(mark <= b->len);
    enum err e = buf_status(b);
    if (e == OK) {
        assert(b->len > mark + FRAME_HEADER_LEN);
        size_t body_len = b->len - mark - FRAME_HEADER_LEN;
        if (body_len <= FRAME_BODY_MAX)
            put_u32be(b->p + mark, (uint32_t)body_len);
        else
            e = ERR_LIMIT;
    }
    if (e != OK)
        b->len = mark;                          /* half a frame must not be sent */
    return e;
}
