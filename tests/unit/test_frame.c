#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "protocol/frame.h"

static struct bytes of(const void *p, size_t len)
{
    return (struct bytes){p, len};
}

static const struct frame untouched = {{(const uint8_t *)"untouched", 9}};

static void assert_refused(struct bytes in, enum err expected)
{
    struct frame f = untouched;
    assert_int_equal(frame_read(in, &f), expected);
    assert_ptr_equal(f.body.p, untouched.body.p);
    assert_int_equal(f.body.len, untouched.body.len);
}

static void put_frame(struct buf *b, const char *body)
{
    size_t mark = frame_begin(b);
    buf_put_str(b, body);
    assert_int_equal(frame_end(b, mark), OK);
}

static void a_frame_is_its_length_big_endian_and_its_body(void **state)
{
    (void)state;
    struct buf b = buf_on(64);
    put_frame(&b, "moot");
    assert_int_equal(b.len, 8);
    assert_memory_equal(b.p, "\0\0\0\4moot", 8);
    buf_release(&b);
}

static void frames_are_read_one_after_another_where_they_lie(void **state)
{
    (void)state;
    struct buf b = buf_on(64);
    struct frame one, two;
    put_frame(&b, "first");
    put_frame(&b, "2");
    assert_int_equal(frame_read(buf_bytes(&b), &one), OK);
    assert_ptr_equal(one.body.p, b.p + 4);
    assert_int_equal(one.body.len, 5);
    assert_int_equal(frame_size(&one), 9);
    assert_int_equal(frame_read(of(b.p + 9, b.len - 9), &two), OK);
    assert_ptr_equal(two.body.p, b.p + 13);
    assert_int_equal(two.body.len, 1);
    assert_int_equal(9 + frame_size(&two), b.len);
    buf_release(&b);
}

static void every_prefix_of_a_frame_wants_more(void **state)
{
    (void)state;
    for (size_t len = 0; len < 8; len++)
        assert_refused(of("\0\0\0\4moot", len), ERR_MORE);
    assert_refused(of(NULL, 0), ERR_MORE);
}

static void an_empty_body_is_no_frame(void **state)
{
    (void)state;
    assert_refused(of("\0\0\0\0", 4), ERR_PROTO);
    assert_refused(of("\0\0\0\0more", 8), ERR_PROTO);
    assert_refused(of("\0\0\0", 3), ERR_MORE);
}

static void a_body_over_the_limit_is_refused_at_the_first_byte_that_says_so(void **state)
{
    (void)state;
    assert_refused(of("\1", 1), ERR_PROTO);
    assert_refused(of("\xff\xff\xff\xff", 4), ERR_PROTO);
    assert_refused(of("\0\x11", 2), ERR_PROTO);
    assert_refused(of("\0\x10", 2), ERR_MORE);
    assert_refused(of("\0\x10\1", 3), ERR_PROTO);
    assert_refused(of("\0\x10\0", 3), ERR_MORE);
    assert_refused(of("\0\x10\0\1", 4), ERR_PROTO);
    assert_refused(of("\0\x10\0\0", 4), ERR_MORE);      /* exactly FRAME_BODY_MAX */
}

static void the_largest_body_is_written_and_read_and_one_more_is_not(void **state)
{
    (void)state;
    struct buf b = buf_on(3 * FRAME_MAX);
    struct frame f;
    buf_put_str(&b, "before");
    for (size_t extra = 0; extra < 2; extra++) {
        size_t mark = frame_begin(&b);
        uint8_t *at = buf_grow(&b, FRAME_BODY_MAX + extra);
        assert_non_null(at);
        memset(at, 'x', FRAME_BODY_MAX + extra);
        assert_int_equal(frame_end(&b, mark), extra == 0 ? OK : ERR_LIMIT);
        assert_int_equal(b.len, 6 + FRAME_MAX);         /* the second left nothing */
    }
    assert_int_equal(buf_status(&b), OK);
    assert_int_equal(frame_read(of(b.p + 6, b.len - 6), &f), OK);
    assert_int_equal(f.body.len, FRAME_BODY_MAX);
    buf_release(&b);
}

static void a_full_buffer_keeps_what_it_had_and_no_half_frame(void **state)
{
    (void)state;
    for (size_t max = 9; max < 17; max++) {             /* full in the header, then in the body */
        struct buf b = buf_on(max);
        put_frame(&b, "moot!");
        size_t mark = frame_begin(&b);
        buf_put_str(&b, "moot");
        assert_int_equal(frame_end(&b, mark), ERR_LIMIT);
        assert_int_equal(b.len, 9);
        assert_memory_equal(b.p, "\0\0\0\5moot!", 9);
        assert_int_equal(buf_status(&b), ERR_LIMIT);
        buf_release(&b);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_frame_is_its_length_big_endian_and_its_body),
        cmocka_unit_test(frames_are_read_one_after_another_where_they_lie),
        cmocka_unit_test(every_prefix_of_a_frame_wants_more),
        cmocka_unit_test(an_empty_body_is_no_frame),
        cmocka_unit_test(a_body_over_the_limit_is_refused_at_the_first_byte_that_says_so),
        cmocka_unit_test(the_largest_body_is_written_and_read_and_one_more_is_not),
        cmocka_unit_test(a_full_buffer_keeps_what_it_had_and_no_half_frame),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
