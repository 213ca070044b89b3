/* protocol/record_opening.c - record keys told to an audience (record.h). */
#include "protocol/entry.h"
#include "protocol/record.h"
#include "protocol/record_inside.h"

enum { OPENING_ELEMENTS = 2 };

void opening_record_write(const struct opening *o, struct buf *ret)
{
    pack_array(ret, OPENING_ELEMENTS);
    pack_str(ret, "opening");
    opening_write(o, ret);
}

static enum err walk(struct bytes in, struct opening *ret)
{
    struct reader r = reader_on(in);
    size_t n = record_start(&r, "opening", OPENING_ELEMENTS);
    opening_walk(&r, ret);
    return record_end(&r, n, OPENING_ELEMENTS);
}

enum err opening_record_read(struct bytes in, struct opening *ret)
{
    enum err e = walk(in, NULL);                /* looked at before *ret is touched */
    return e == OK ? walk(in, ret) : e;
}
