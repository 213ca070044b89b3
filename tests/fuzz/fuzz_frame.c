/* Any bytes as a stream of frames.  What is read is written back to the same
 * bytes; every prefix of a frame wants more; what is no frame stays none
 * whatever follows. */
#include <stdlib.h>
#include <string.h>

#include "protocol/frame.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(int holds)
{
    if (!holds)
        abort();
}

static void written_back_it_is_the_same(const struct frame *f, struct bytes in)
{
    struct buf b = buf_on(FRAME_MAX + 8);
    buf_put_str(&b, "front");
    size_t mark = frame_begin(&b);
    buf_put(&b, f->body);
    require(frame_end(&b, mark) == OK);
    require(b.len == 5 + frame_size(f) && memcmp(b.p + 5, in.p, frame_size(f)) == 0);
    buf_release(&b);
}

static void its_prefixes_want_more(const struct frame *f, struct bytes in)
{
    struct frame unread;
    size_t size = frame_size(f);
    for (size_t len = 0; len < size; len += len < 64 || size - len < 64 ? 1 : 61)
        require(frame_read((struct bytes){in.p, len}, &unread) == ERR_MORE);
}

/* Nothing that begins so is a frame: neither with zeros nor with ones behind. */
static void it_stays_refused(struct bytes in)
{
    uint8_t longer[16];
    struct frame unread;
    size_t n = in.len < 8 ? in.len : 8;
    for (unsigned fill = 0; fill < 256; fill += 255) {
        memset(longer, (int)fill, sizeof(longer));
        memcpy(longer, in.p, n);
        require(frame_read((struct bytes){longer, sizeof(longer)}, &unread) == ERR_PROTO);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct bytes in = {data, size};
    for (;;) {
        struct frame f = {{NULL, 4711}};
        enum err e = frame_read(in, &f);
        if (e == OK) {
            require(f.body.p == in.p + FRAME_HEADER_LEN && f.body.len >= 1 && f.body.len <= FRAME_BODY_MAX);
            require(frame_size(&f) <= in.len);
            written_back_it_is_the_same(&f, in);
            its_prefixes_want_more(&f, in);
            in = (struct bytes){in.p + frame_size(&f), in.len - frame_size(&f)};
            continue;
        }
        require(f.body.p == NULL && f.body.len == 4711);
        require(e == ERR_MORE || e == ERR_PROTO);
        if (e == ERR_PROTO)
            it_stays_refused(in);
        return 0;
    }
}
