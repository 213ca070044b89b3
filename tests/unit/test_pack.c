#include "protocol/pack.h"

#include <stdlib.h>

#include "protocol/limits.h"
#include "tests/unit/vectors.h"

#define BYTES(s) ((struct bytes){(const uint8_t *)(s), sizeof(s) - 1})

/* What a value packs to, in hex. */
static void assert_packs_to(struct buf *b, const char *hex)
{
    char got[HEX_SIZE(64)];
    assert_int_equal(buf_status(b), OK);
    assert_true(b->len <= 64);
    hex_encode(buf_bytes(b), got);
    assert_string_equal(got, hex);
    buf_clear(b);
}

/* --- integers -------------------------------------------------------------- */

static const struct { uint64_t v; const char *hex; } uints[] = {
    {0, "00"}, {1, "01"}, {0x7f, "7f"}, {0x80, "cc80"}, {0xff, "ccff"}, {0x100, "cd0100"}, {0xffff, "cdffff"},
    {0x10000, "ce00010000"}, {0xffffffff, "ceffffffff"}, {0x100000000, "cf0000000100000000"},
    {INT64_MAX, "cf7fffffffffffffff"}, {(uint64_t)INT64_MAX + 1, "cf8000000000000000"},
    {UINT64_MAX, "cfffffffffffffffff"}};

static const struct { int64_t v; const char *hex; } ints[] = {
    {0, "00"}, {127, "7f"}, {128, "cc80"}, {255, "ccff"}, {256, "cd0100"}, {65536, "ce00010000"},
    {INT64_MAX, "cf7fffffffffffffff"}, {-1, "ff"}, {-32, "e0"}, {-33, "d0df"}, {-128, "d080"}, {-129, "d1ff7f"},
    {-32768, "d18000"}, {-32769, "d2ffff7fff"}, {INT32_MIN, "d280000000"},
    {(int64_t)INT32_MIN - 1, "d3ffffffff7fffffff"}, {INT64_MIN, "d38000000000000000"}};

static void every_unsigned_boundary_has_its_shortest_form(void **state)
{
    (void)state;
    struct buf b = buf_on(64);
    for (size_t i = 0; i < sizeof(uints) / sizeof(uints[0]); i++) {
        pack_uint(&b, uints[i].v);
        struct reader r = reader_on(buf_bytes(&b));
        assert_true(read_uint(&r, UINT64_MAX) == uints[i].v);
        assert_int_equal(reader_finish(&r), OK);
        if (uints[i].v > 0) {                           /* its own maximum, and not one less */
            r = reader_on(buf_bytes(&b));
            assert_true(read_uint(&r, uints[i].v) == uints[i].v);
            assert_int_equal(reader_finish(&r), OK);
            r = reader_on(buf_bytes(&b));
            assert_int_equal(read_uint(&r, uints[i].v - 1), 0);
            assert_int_equal(reader_finish(&r), ERR_FORMAT);
        }
        assert_packs_to(&b, uints[i].hex);
    }
    buf_release(&b);
}

static void every_signed_boundary_has_its_shortest_form(void **state)
{
    (void)state;
    struct buf b = buf_on(64);
    for (size_t i = 0; i < sizeof(ints) / sizeof(ints[0]); i++) {
        pack_int(&b, ints[i].v);
        struct reader r = reader_on(buf_bytes(&b));
        assert_true(read_int(&r) == ints[i].v);
        assert_int_equal(reader_finish(&r), OK);
        assert_packs_to(&b, ints[i].hex);
    }
    buf_release(&b);
}

/* --- what is not canonical ------------------------------------------------- */

enum kind { UINT, INT, BOOL, BIN, STR, ARRAY };

static bool reads(enum kind kind, struct bytes in)
{
    struct reader r = reader_on(in);
    switch (kind) {
    case UINT:  (void)read_uint(&r, UINT64_MAX); break;
    case INT:   (void)read_int(&r); break;
    case BOOL:  (void)read_bool(&r); break;
    case BIN:   (void)read_bin(&r, SIZE_MAX); break;
    case STR:   (void)read_str(&r, SIZE_MAX); break;
    case ARRAY: for (size_t n = read_array(&r, 0, SIZE_MAX); n > 0; n--) read_skip(&r); break;
    }
    return reader_finish(&r) == OK;
}

static bool skips(struct bytes in)
{
    struct reader r = reader_on(in);
    read_skip(&r);
    return reader_finish(&r) == OK;
}

/* head, then n bytes of `fill`: an exact allocation, so that a sanitizer sees one byte too far. */
static struct bytes filled(const char *head_hex, size_t n, int fill)
{
    size_t head = strlen(head_hex) / 2;
    uint8_t *p = malloc(head + n);
    assert_non_null(p);
    hex_into(head_hex, p, head);
    memset(p + head, fill, n);
    return (struct bytes){p, head + n};
}

static void every_form_longer_than_needed_is_refused(void **state)
{
    (void)state;
    static const struct { enum kind kind; const char *head; size_t n; } overlong[] = {
        {UINT, "cc7f", 0}, {UINT, "cc00", 0}, {UINT, "cd00ff", 0}, {UINT, "ce0000ffff", 0},
        {UINT, "cf00000000ffffffff", 0},
        {INT, "d0e0", 0}, {INT, "d0ff", 0}, {INT, "d000", 0}, {INT, "d07f", 0}, {INT, "d1ff80", 0}, {INT, "d10001", 0},
        {INT, "d2ffff8000", 0}, {INT, "d200010000", 0}, {INT, "d3ffffffff80000000", 0}, {INT, "d30000000100000000", 0},
        {INT, "cc7f", 0},
        {BIN, "c500ff", 255}, {BIN, "c50000", 0}, {BIN, "c60000ffff", 65535}, {BIN, "c600000001", 1},
        {STR, "d91f", 31}, {STR, "d900", 0}, {STR, "da00ff", 255}, {STR, "da001f", 31}, {STR, "db0000ffff", 65535},
        {ARRAY, "dc000f", 15}, {ARRAY, "dc0000", 0}, {ARRAY, "dd0000ffff", 65535}, {ARRAY, "dd00000001", 1}};
    for (size_t i = 0; i < sizeof(overlong) / sizeof(overlong[0]); i++) {
        struct bytes in = filled(overlong[i].head, overlong[i].n, 'a');
        if (reads(overlong[i].kind, in) || skips(in))
            fail_msg("taken: %s", overlong[i].head);
        free((void *)(uintptr_t)in.p);
    }
}

static void every_shortest_form_is_read(void **state)
{
    (void)state;
    static const struct { enum kind kind; const char *head; size_t n; } shortest[] = {
        {BIN, "c400", 0}, {BIN, "c4ff", 255}, {BIN, "c50100", 256}, {BIN, "c5ffff", 65535}, {BIN, "c600010000", 65536},
        {STR, "a0", 0}, {STR, "bf", 31}, {STR, "d920", 32}, {STR, "d9ff", 255}, {STR, "da0100", 256},
        {STR, "daffff", 65535}, {STR, "db00010000", 65536},
        {ARRAY, "90", 0}, {ARRAY, "9f", 15}, {ARRAY, "dc0010", 16}, {ARRAY, "dcffff", 65535},
        {ARRAY, "dd00010000", 65536}, {BOOL, "c2", 0}, {BOOL, "c3", 0}};
    for (size_t i = 0; i < sizeof(shortest) / sizeof(shortest[0]); i++) {
        struct bytes in = filled(shortest[i].head, shortest[i].n, 'a');
        if (!reads(shortest[i].kind, in) || !skips(in))
            fail_msg("refused: %s", shortest[i].head);
        if (skips((struct bytes){in.p, in.len - 1}))    /* one byte short */
            fail_msg("taken short: %s", shortest[i].head);
        for (enum kind k = UINT; k <= ARRAY; k++)       /* and by no other reader */
            if (k != shortest[i].kind && reads(k, in))
                fail_msg("%s read as kind %d", shortest[i].head, (int)k);
        free((void *)(uintptr_t)in.p);
    }
}

static void floats_maps_and_extensions_are_no_values(void **state)
{
    (void)state;
    static const char *const heads[] = {"80", "8f", "c1", "c7", "c8", "c9", "ca", "cb", "d4", "d5", "d6", "d7", "d8",
                                        "de", "df"};
    for (size_t i = 0; i < sizeof(heads) / sizeof(heads[0]); i++)
        for (size_t n = 0; n <= 32; n++) {
            struct bytes in = filled(heads[i], n, 0);
            struct reader r = reader_on(in);
            read_skip(&r);
            assert_int_equal(reader_status(&r), ERR_FORMAT);
            for (enum kind k = UINT; k <= ARRAY; k++)
                assert_false(reads(k, in));
            free((void *)(uintptr_t)in.p);
        }
}

static void a_length_larger_than_the_input_is_refused(void **state)
{
    (void)state;
    static const struct { enum kind kind; const char *head; } claims[] = {
        {BIN, "c6ffffffff"}, {STR, "dbffffffff"}, {ARRAY, "ddffffffff"}, {ARRAY, "dcffff"}, {ARRAY, "9f"},
        {BIN, "c4ff"}, {STR, "bf"}};
    for (size_t i = 0; i < sizeof(claims) / sizeof(claims[0]); i++) {
        struct bytes in = filled(claims[i].head, 14, 0);
        struct reader r = reader_on(in);
        switch (claims[i].kind) {
        case BIN:   assert_null(read_bin(&r, SIZE_MAX).p); break;
        case STR:   assert_null(read_str(&r, SIZE_MAX).p); break;
        case ARRAY: assert_int_equal(read_array(&r, 0, SIZE_MAX), 0); break;
        case UINT: case INT: case BOOL: fail();
        }
        assert_int_equal(reader_status(&r), ERR_FORMAT);
        assert_false(skips(in));
        free((void *)(uintptr_t)in.p);
    }
}

static void a_length_above_the_readers_own_limit_is_refused(void **state)
{
    (void)state;
    struct reader r = reader_on(BYTES("\xc4\x03" "abc"));
    assert_bytes_equal(read_bin(&r, 3), BYTES("abc"));
    r = reader_on(BYTES("\xc4\x03" "abc"));
    assert_null(read_bin(&r, 2).p);
    assert_int_equal(reader_status(&r), ERR_FORMAT);
    r = reader_on(BYTES("\xa3" "abc"));
    assert_null(read_str(&r, 2).p);
    assert_int_equal(reader_status(&r), ERR_FORMAT);
    r = reader_on(BYTES("\x93\x01\x02\x03"));
    assert_int_equal(read_array(&r, 3, 3), 3);
    r = reader_on(BYTES("\x93\x01\x02\x03"));
    assert_int_equal(read_array(&r, 4, 9), 0);
    assert_int_equal(reader_status(&r), ERR_FORMAT);
    r = reader_on(BYTES("\x93\x01\x02\x03"));
    assert_int_equal(read_array(&r, 0, 2), 0);
    assert_int_equal(reader_status(&r), ERR_FORMAT);
}

/* --- the cursor ------------------------------------------------------------ */

static void a_failure_sticks_and_everything_after_it_is_empty(void **state)
{
    (void)state;
    struct reader r = reader_on(BYTES("\x01\xc2\xc4\x01x\xa1y\x91\x05\xc0"));
    assert_int_equal(read_uint(&r, 0), 0);              /* 1 is too large */
    uint8_t fixed[2] = {9, 9};
    assert_int_equal(read_uint(&r, UINT64_MAX), 0);
    assert_int_equal(read_int(&r), 0);
    assert_false(read_bool(&r));
    assert_false(read_nil(&r));
    assert_null(read_bin(&r, 9).p);
    assert_null(read_str(&r, 9).p);
    assert_int_equal(read_array(&r, 0, 9), 0);
    read_fixed(&r, fixed, 2);
    assert_memory_equal(fixed, "\0\0", 2);
    assert_null(read_raw(&r).p);
    assert_int_equal(reader_status(&r), ERR_FORMAT);
    assert_int_equal(reader_finish(&r), ERR_FORMAT);
}

static void bytes_left_over_fail_finish_but_not_status(void **state)
{
    (void)state;
    struct reader r = reader_on(BYTES("\x01\x02"));
    assert_int_equal(read_uint(&r, 9), 1);
    assert_int_equal(reader_status(&r), OK);
    assert_int_equal(reader_finish(&r), ERR_FORMAT);
    assert_int_equal(read_uint(&r, 9), 2);
    assert_int_equal(reader_finish(&r), OK);
    reader_fail(&r);
    assert_int_equal(reader_finish(&r), ERR_FORMAT);
}

static void nothing_can_be_read_from_nothing(void **state)
{
    (void)state;
    for (enum kind k = UINT; k <= ARRAY; k++)
        assert_false(reads(k, (struct bytes){NULL, 0}));
    assert_false(skips((struct bytes){NULL, 0}));
    struct reader r = reader_on((struct bytes){NULL, 0});
    assert_false(read_nil(&r));
    assert_int_equal(reader_finish(&r), OK);
}

static void nil_is_looked_for_without_reading_what_it_is_not(void **state)
{
    (void)state;
    struct reader r = reader_on(BYTES("\x05\xc0"));
    assert_false(read_nil(&r));
    assert_int_equal(read_uint(&r, 9), 5);
    assert_true(read_nil(&r));
    assert_int_equal(reader_finish(&r), OK);
}

static void a_fixed_bin_has_exactly_its_length(void **state)
{
    (void)state;
    uint8_t got[3];
    struct reader r = reader_on(BYTES("\xc4\x03" "abc"));
    read_fixed(&r, got, 3);
    assert_memory_equal(got, "abc", 3);
    assert_int_equal(reader_finish(&r), OK);
    r = reader_on(BYTES("\xc4\x02" "ab"));
    read_fixed(&r, got, 3);
    assert_memory_equal(got, "\0\0\0", 3);
    assert_int_equal(reader_status(&r), ERR_FORMAT);
    r = reader_on(BYTES("\xc4\x04" "abcd"));
    read_fixed(&r, got, 3);
    assert_int_equal(reader_status(&r), ERR_FORMAT);
    r = reader_on(BYTES("\xa3" "abc"));                  /* a str is no bin */
    read_fixed(&r, got, 3);
    assert_int_equal(reader_status(&r), ERR_FORMAT);
}

static void values_nest_to_the_limit_and_no_deeper(void **state)
{
    (void)state;
    uint8_t in[DEPTH_MAX + 2];
    memset(in, 0x91, sizeof(in));
    in[DEPTH_MAX] = 0x07;                               /* DEPTH_MAX arrays, a number in the innermost */
    assert_true(skips((struct bytes){in, DEPTH_MAX + 1}));
    in[DEPTH_MAX] = 0x90;                               /* one array more, though an empty one */
    assert_false(skips((struct bytes){in, DEPTH_MAX + 1}));
    in[DEPTH_MAX] = 0x91;
    in[DEPTH_MAX + 1] = 0x07;
    assert_false(skips((struct bytes){in, DEPTH_MAX + 2}));
    uint8_t deep[4096];
    memset(deep, 0x91, sizeof(deep));
    assert_false(skips((struct bytes){deep, sizeof(deep)}));
}

static void raw_borrows_the_whole_of_one_value(void **state)
{
    (void)state;
    struct bytes in = BYTES("\x92\x01\xa1x\x05");
    struct reader r = reader_on(in);
    struct bytes raw = read_raw(&r);
    assert_ptr_equal(raw.p, in.p);
    assert_int_equal(raw.len, 4);
    assert_int_equal(read_uint(&r, 9), 5);
    assert_int_equal(reader_finish(&r), OK);
    r = reader_on(BYTES("\x92\x01"));
    assert_null(read_raw(&r).p);
}

/* --- UTF-8 ----------------------------------------------------------------- */

static void utf8_is_taken_in_its_only_form(void **state)
{
    (void)state;
    static const char *const good[] = {"", "a", "\x7f", "\xc2\x80", "\xdf\xbf", "\xe0\xa0\x80", "\xed\x9f\xbf",
        "\xee\x80\x80", "\xef\xbf\xbf", "\xf0\x90\x80\x80", "\xf4\x8f\xbf\xbf",
        "caf\xc3\xa9 \xe2\x80\x94 \xf0\x9f\x8f\xb4"};
    static const char *const bad[] = {"\x80", "\xbf", "\xc0\x80", "\xc1\xbf", "\xe0\x80\x80", "\xe0\x9f\xbf",
        "\xf0\x80\x80\x80", "\xf0\x8f\xbf\xbf", "\xed\xa0\x80", "\xed\xbf\xbf", "\xf4\x90\x80\x80", "\xf5\x80\x80\x80",
        "\xff", "\xfe", "\xc2", "\xe2\x80", "\xf0\x9f\x8f", "\xc2\x20", "\xe2\x20\x80", "\xe2\x80\x20",
        "\xf0\x9f\x8f\x20", "\xc2\xc0", "\xf8\x88\x80\x80\x80", "a\xc3"};
    for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++)
        assert_true(utf8_is_valid(bytes_of(good[i])));
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        if (utf8_is_valid(bytes_of(bad[i])))
            fail_msg("bad utf-8 %zu taken", i);
        struct buf b = buf_on(64);
        pack_str(&b, bad[i]);
        assert_false(reads(STR, buf_bytes(&b)));        /* so no str can hold it */
        assert_false(skips(buf_bytes(&b)));
        buf_release(&b);
    }
}

/* --- round trips ----------------------------------------------------------- */

/* splitmix64: a failure can be played again from its seed. */
static uint64_t next_random(uint64_t *state)
{
    *state += 0x9e3779b97f4a7c15u;
    uint64_t z = *state;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    return z ^ (z >> 31);
}

static void pack_random(struct buf *b, uint64_t *seed, unsigned depth)
{
    uint64_t v = next_random(seed) >> (next_random(seed) % 64);
    uint8_t some[300];
    for (size_t i = 0; i < sizeof(some); i++)
        some[i] = (uint8_t)(next_random(seed) % 128);
    switch (next_random(seed) % (depth > 0 ? 7 : 6)) {
    case 0: pack_uint(b, v); break;
    case 1: pack_int(b, -(int64_t)(v >> 1) - 1); break;
    case 2: pack_bool(b, v & 1); break;
    case 3: pack_nil(b); break;
    case 4: pack_fixed(b, some, v % sizeof(some)); break;
    case 5: pack_str_bytes(b, (struct bytes){some, v % sizeof(some)}); break;
    case 6:
        v %= 20;
        pack_array(b, (size_t)v);
        for (uint64_t i = 0; i < v; i++)
            pack_random(b, seed, depth - 1);
    }
}

/* Read one value of any kind and write it again. */
static void copy_value(struct reader *r, struct buf *to)
{
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
    else {
        size_t n = read_array(r, 0, SIZE_MAX);
        pack_array(to, n);
        for (; n > 0; n--)
            copy_value(r, to);
    }
}

static void whatever_is_packed_reads_back_and_packs_the_same(void **state)
{
    (void)state;
    for (uint64_t n = 0; n < 2000; n++) {
        uint64_t seed = n;
        struct buf b = buf_on(1 << 24), again = buf_on(1 << 24);
        pack_random(&b, &seed, 3);
        assert_int_equal(buf_status(&b), OK);
        struct reader r = reader_on(buf_bytes(&b));
        copy_value(&r, &again);
        if (reader_finish(&r) != OK || !bytes_equal(buf_bytes(&b), buf_bytes(&again)) || !skips(buf_bytes(&b)))
            fail_msg("seed %u", (unsigned)n);
        buf_clear(&again);
        pack_raw(&again, buf_bytes(&b));
        assert_bytes_equal(buf_bytes(&again), buf_bytes(&b));
        buf_release(&b);
        buf_release(&again);
    }
}

static void a_writer_that_ran_out_of_room_says_so(void **state)
{
    (void)state;
    struct buf b = buf_on(8);
    pack_array(&b, 2);
    pack_fixed(&b, "0123456789", 10);
    pack_uint(&b, 1);
    assert_int_equal(buf_status(&b), ERR_LIMIT);
    buf_release(&b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_unsigned_boundary_has_its_shortest_form),
        cmocka_unit_test(every_signed_boundary_has_its_shortest_form),
        cmocka_unit_test(every_form_longer_than_needed_is_refused),
        cmocka_unit_test(every_shortest_form_is_read),
        cmocka_unit_test(floats_maps_and_extensions_are_no_values),
        cmocka_unit_test(a_length_larger_than_the_input_is_refused),
        cmocka_unit_test(a_length_above_the_readers_own_limit_is_refused),
        cmocka_unit_test(a_failure_sticks_and_everything_after_it_is_empty),
        cmocka_unit_test(bytes_left_over_fail_finish_but_not_status),
        cmocka_unit_test(nothing_can_be_read_from_nothing),
        cmocka_unit_test(nil_is_looked_for_without_reading_what_it_is_not),
        cmocka_unit_test(a_fixed_bin_has_exactly_its_length),
        cmocka_unit_test(values_nest_to_the_limit_and_no_deeper),
        cmocka_unit_test(raw_borrows_the_whole_of_one_value),
        cmocka_unit_test(utf8_is_taken_in_its_only_form),
        cmocka_unit_test(whatever_is_packed_reads_back_and_packs_the_same),
        cmocka_unit_test(a_writer_that_ran_out_of_room_says_so),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
