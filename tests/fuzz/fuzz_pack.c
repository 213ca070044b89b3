/* Any bytes as packed values.  What read_skip passes over is canonical: read again
 * value by value and written, it is the same bytes.  What it refuses, the typed
 * readers never read to the end either. */
#include <assert.h>

#include "protocol/limits.h"
#include "protocol/pack.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void copy_value(struct reader *r, struct buf *to)
{
    if (r->failed != OK || r->p == r->end) {
        reader_fail(r);
        return;
    }
    uint8_t tag = *r->p;
    if (read_nil(r))
        pack_nil(to);
    else if (tag == 0xc2 || tag == 0xc3)
        pack_bool(to, read_bool(r));
    else if (tag >= 0xc4 && tag <= 0xc6)
        pack_bin(to, read_bin(r, SIZE_MAX));
    else if ((tag >= 0xa0 && tag <= 0xbf) || (tag >= 0xd9 && tag <= 0xdb))
        pack_str_bytes(to, read_str(r, SIZE_MAX));
    else if (tag <= 0x7f || (tag >= 0xcc && tag <= 0xcf))
        pack_uint(to, read_uint(r, UINT64_MAX));
    else if (tag >= 0xe0 || (tag >= 0xd0 && tag <= 0xd3))
        pack_int(to, read_int(r));
    else
        pack_array(to, read_array(r, 0, SIZE_MAX));     /* its elements come next: no need to nest */
}

static void one_value(struct bytes in)
{
    struct reader r = reader_on(in);
    struct bytes raw = read_raw(&r);
    if (reader_status(&r) != OK) {
        assert(raw.p == NULL && raw.len == 0 && r.p == r.end);
        return;
    }
    assert(raw.p == in.p && raw.len > 0 && raw.len <= in.len && r.p == in.p + raw.len);
    struct buf b = buf_on(raw.len);
    struct reader again = reader_on(raw);
    while (again.p < again.end)
        copy_value(&again, &b);
    assert(reader_finish(&again) == OK);
    assert(buf_status(&b) == OK && bytes_equal(buf_bytes(&b), raw));
    buf_release(&b);
}

/* A typed reader reads what read_skip would, or fails. */
static void typed(struct bytes in)
{
    for (unsigned kind = 0; kind < 5; kind++) {
        struct reader r = reader_on(in), s = r;
        switch (kind) {
        case 0: (void)read_uint(&r, UINT64_MAX); break;
        case 1: (void)read_int(&r); break;
        case 2: (void)read_bool(&r); break;
        case 3: (void)read_bin(&r, SIZE_MAX); break;
        case 4: (void)read_str(&r, SIZE_MAX); break;
        }
        read_skip(&s);
        assert(reader_status(&r) != OK || (reader_status(&s) == OK && r.p == s.p));
    }
    struct reader r = reader_on(in);
    size_t n = read_array(&r, 0, SIZE_MAX);
    assert(n <= in.len);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct bytes in = {data, size};
    one_value(in);
    typed(in);
    return 0;
}
