/* tests/fuzz/fuzz_record.c - every type of record, and decimals as text.
 *
 * What a reader takes obeys its own check, and writes back to the same bytes, or
 * to a beginning of them when a newer version put more behind. */
#include <assert.h>
#include <string.h>

#include "protocol/entry.h"
#include "protocol/record.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* `in` is the array in `b`, and perhaps more elements. */
static void assert_written_back(struct bytes in, const struct buf *b)
{
    struct bytes got = buf_bytes(b);
    struct reader r = reader_on(in), w = reader_on(got);
    assert(buf_status(b) == OK);
    size_t n = read_array(&r, 1, SIZE_MAX), m = read_array(&w, 1, SIZE_MAX);
    assert(n >= m);
    for (size_t i = 0; i < m; i++)
        assert(bytes_equal(read_raw(&r), read_raw(&w)));
    assert(reader_finish(&w) == OK);
    assert(n > m || reader_finish(&r) == OK);
}

static void assert_type(struct bytes in, const char *want)
{
    struct bytes type;
    assert(record_type(in, &type) == OK);
    assert(bytes_equal(type, bytes_of(want)));
}

static void try_figure(struct bytes in, struct buf *b)
{
    struct figure f, again;
    if (figure_read(in, &f) != OK)
        return;
    assert_type(in, "figure");
    assert(figure_check(&f) == OK);
    figure_write(&f, b);
    assert_written_back(in, b);
    assert(figure_read(buf_bytes(b), &again) == OK);
    assert(figure_same(&f, &again));
}

static void try_definition(struct bytes in, struct buf *b)
{
    struct definition d;
    if (definition_read(in, &d) != OK)
        return;
    assert_type(in, "definition");
    assert(definition_check(&d) == OK);
    definition_write(&d, b);
    assert_written_back(in, b);
    struct hash h = definition_hash(&d), want = blake2b_256(buf_bytes(b));
    assert(hash_equal(&h, &want));
}

static void try_return(struct bytes in, struct buf *b)
{
    struct batch_return r;
    if (return_read(in, &r) != OK)
        return;
    assert_type(in, "return");
    assert(return_check(&r) == OK);
    return_write(&r, b);
    assert_written_back(in, b);
}

static void try_opening(struct bytes in, struct buf *b)
{
    static struct opening o;
    if (opening_record_read(in, &o) != OK)
        return;
    assert_type(in, "opening");
    assert(o.n >= 1 && o.n <= OPENING_MAX);
    opening_record_write(&o, b);
    assert_written_back(in, b);
}

static void try_post(struct bytes in, struct buf *b)
{
    struct post p;
    if (post_read(in, &p) != OK)
        return;
    assert_type(in, "post");
    assert(post_check(&p) == OK);
    post_write(&p, b);
    assert_written_back(in, b);
}

static void try_collection(struct bytes in, struct buf *b)
{
    struct collection c;
    if (collection_read(in, &c) != OK)
        return;
    assert_type(in, "collection");
    assert(collection_check(&c) == OK);
    collection_write(&c, b);
    assert_written_back(in, b);
}

static void try_decimal(struct bytes in)
{
    struct decimal d, again, sum;
    char text[DECIMAL_TEXT_MAX];
    if (decimal_parse(in, &d) != OK)
        return;
    decimal_text(d, text);
    assert(decimal_parse(bytes_of(text), &again) == OK);
    assert(again.mantissa == d.mantissa && again.scale == d.scale);
    struct decimal minus = {-d.mantissa, d.scale};
    assert(decimal_add(d, minus, &sum) == OK && sum.mantissa == 0);
    struct decimal one = {1, 0};
    assert(decimal_ratio(1, d, one, d.scale, &again) == OK && decimal_compare(again, d) == 0);
    assert(decimal_round(d, d.scale, &again) == OK && decimal_compare(again, d) == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct bytes in = {data, size};
    struct buf b = buf_on(1 << 16);
    try_figure(in, &b);
    buf_clear(&b);
    try_definition(in, &b);
    buf_clear(&b);
    try_return(in, &b);
    buf_clear(&b);
    try_opening(in, &b);
    buf_clear(&b);
    try_post(in, &b);
    buf_clear(&b);
    try_collection(in, &b);
    try_decimal(in);
    buf_release(&b);
    return 0;
}
