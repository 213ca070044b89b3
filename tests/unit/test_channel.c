#include "tests/unit/channel_ends.h"

static void everything_works_one_byte_at_a_time(void **state)
{
    (void)state;
    struct end a, b;
    struct dh_secret key = secret(3);
    dial(&a, &key);
    answer(&b, &key, 1);
    shake_hands(&a, &b, 1);
    assert_int_equal(channel_state(&b.c), CHANNEL_OPEN);
    uint8_t *data = pattern(70000);
    send_all(&a, data, 70000);
    send_all(&b, "yes", 3);
    carry(&a, &b, 1);
    carry(&b, &a, 1);
    assert_plain(&b, data, 70000);
    assert_plain(&a, "yes", 3);
    free(data);
    end_release(&a);
    end_release(&b);
}

static void what_follows_the_handshake_in_the_same_bytes_is_read_too(void **state)
{
    (void)state;
    struct end a, b;
    struct dh_secret key = secret(3);
    dial(&a, &key);
    answer(&b, &key, 1);
    carry(&a, &b, 100);
    carry(&b, &a, 100);
    send_all(&a, "hello", 5);                   /* right behind message 3 */
    carry(&a, &b, 1000);
    assert_int_equal(channel_state(&b.c), CHANNEL_OPEN);
    assert_plain(&b, "hello", 5);
    end_release(&a);
    end_release(&b);
}

static void plain_bytes_are_cut_into_as_few_messages_as_it_takes(void **state)
{
    (void)state;
    static const struct { size_t plain, wire; } cases[] = {
        {0, 0}, {1, 19}, {65519, 65537}, {65520, 65537 + 19}, {2 * 65519, 2 * 65537}, {2 * 65519 + 1, 2 * 65537 + 19},
    };
    uint8_t *data = pattern(200000);
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct end a, b;
        open_pair(&a, &b);
        assert_int_equal(channel_wire_len(cases[i].plain), cases[i].wire);
        send_all(&a, data, cases[i].plain);
        assert_int_equal(a.wire.len, cases[i].wire);
        carry(&a, &b, 65536);
        assert_plain(&b, data, cases[i].plain);
        end_release(&a);
        end_release(&b);
    }
    free(data);
}

static void eight_mebibytes_arrive_whole_whatever_the_chunks(void **state)
{
    (void)state;
    static const size_t steps[] = {1460, 65535, 65536, 65537, 65538, 1 << 20, WIRE_MAX};
    size_t len = 8 * 1024 * 1024;
    uint8_t *data = pattern(len);
    for (size_t i = 0; i < sizeof(steps) / sizeof(steps[0]); i++) {
        struct end a, b;
        open_pair(&a, &b);
        send_all(&a, data, len);
        carry(&a, &b, steps[i]);
        assert_plain(&b, data, len);
        end_release(&a);
        end_release(&b);
    }
    free(data);
}

/* 70,000 messages each way, past the boundary where both sides rekey. */
static void a_channel_outlives_its_first_keys(void **state)
{
    (void)state;
    struct end a, b;
    open_pair(&a, &b);
    for (uint32_t i = 0; i < 70000; i++) {
        uint8_t word[4];
        put_u32be(word, i);
        send_all(&a, word, 4);
        send_all(&b, word, 3);
        carry(&a, &b, 100);
        carry(&b, &a, 100);
        assert_plain(&b, word, 4);
        assert_plain(&a, word, 3);
    }
    end_release(&a);
    end_release(&b);
}

static void a_flipped_bit_in_a_message_kills_and_keeps_what_came_before(void **state)
{
    (void)state;
    for (size_t bit = 0; bit < 30 * 8; bit++) {
        struct end a, b;
        open_pair(&a, &b);
        send_all(&a, "before", 6);
        size_t start = a.wire.len;
        send_all(&a, "twelve bytes", 12);
        a.wire.p[start + bit / 8] ^= (uint8_t)(1 << bit % 8);
        uint8_t more[UINT16_MAX] = {0};         /* whatever length it says now, it gets */
        size_t used = 4711;
        buf_put(&a.wire, of(more, sizeof(more)));
        enum err e = channel_receive(&b.c, buf_bytes(&a.wire), &used, &b.wire, &b.plain);
        size_t says = get_u16be(a.wire.p + start);
        assert_int_equal(e, says < AEAD_TAG_LEN ? ERR_PROTO : ERR_DECRYPT);
        assert_int_equal(used, 4711);
        assert_int_equal(channel_state(&b.c), CHANNEL_DEAD);
        assert_plain(&b, "before", 6);
        end_release(&a);
        end_release(&b);
    }
}

static void a_message_too_short_for_a_tag_kills_at_its_second_byte(void **state)
{
    (void)state;
    for (uint16_t len = 0; len < 18; len++) {
        struct end a, b;
        uint8_t header[2];
        open_pair(&a, &b);
        put_u16be(header, len);
        assert_int_equal(receive(&b, of(header, 2)), len < 16 ? ERR_PROTO : OK);
        end_release(&a);
        end_release(&b);
    }
}

static void a_message_that_is_replayed_dropped_or_turned_around_kills(void **state)
{
    (void)state;
    for (int what = 0; what < 3; what++) {
        struct end a, b;
        open_pair(&a, &b);
        send_all(&a, "1", 1);
        size_t one = a.wire.len;
        send_all(&a, "2", 1);
        if (what == 0) {
            assert_int_equal(receive(&b, of(a.wire.p, one)), OK);
            assert_int_equal(receive(&b, of(a.wire.p, one)), ERR_DECRYPT);
        } else if (what == 1) {
            assert_int_equal(receive(&b, of(a.wire.p + one, one)), ERR_DECRYPT);
        } else {
            assert_int_equal(receive(&a, of(a.wire.p, one)), ERR_DECRYPT);      /* our own words */
        }
        end_release(&a);
        end_release(&b);
    }
}

/* --- room --- */

static void a_full_reader_takes_no_more_and_goes_on_where_it_stopped(void **state)
{
    (void)state;
    struct end a, b;
    size_t len = 300000, got = 0;
    uint8_t *data = pattern(len);
    open_pair(&a, &b);
    send_all(&a, data, len);
    struct buf small = buf_on(NOISE_PAYLOAD_MAX);
    struct bytes rest = buf_bytes(&a.wire);
    for (unsigned rounds = 0; rest.len > 0; rounds++) {
        size_t used, step = rest.len < 70001 ? rest.len : 70001;
        assert_true(rounds < 20);
        assert_int_equal(channel_receive(&b.c, of(rest.p, step), &used, &b.wire, &small), OK);
        assert_int_equal(buf_status(&small), OK);
        assert_true(got + small.len <= len);
        assert_memory_equal(small.p, data + got, small.len);
        got += small.len;
        buf_clear(&small);
        rest = of(rest.p + used, rest.len - used);
    }
    assert_int_equal(got, len);
    buf_release(&small);
    free(data);
    end_release(&a);
    end_release(&b);
}

static void a_full_reader_is_not_hurt_by_being_asked_again(void **state)
{
    (void)state;
    struct end a, b;
    open_pair(&a, &b);
    send_all(&a, "word", 4);
    struct buf full = buf_on(NOISE_PAYLOAD_MAX);
    assert_non_null(buf_grow(&full, NOISE_PAYLOAD_MAX - 3));
    struct bytes rest = of(a.wire.p + 1, a.wire.len - 1);
    size_t used;
    assert_int_equal(channel_receive(&b.c, of(a.wire.p, 1), &used, &b.wire, &full), OK);
    assert_int_equal(used, 1);
    for (size_t i = 0; i < 3; i++) {                    /* takes the length, and leaves the body */
        assert_int_equal(channel_receive(&b.c, rest, &used, &b.wire, &full), OK);
        assert_int_equal(used, i == 0 ? 1 : 0);
        rest = of(rest.p + used, rest.len - used);
    }
    buf_clear(&full);
    assert_int_equal(channel_receive(&b.c, rest, &used, &b.wire, &full), OK);
    assert_int_equal(used, rest.len);
    assert_int_equal(full.len, 4);
    assert_memory_equal(full.p, "word", 4);
    buf_release(&full);
    end_release(&a);
    end_release(&b);
}

static void a_send_without_room_writes_nothing_and_can_be_tried_again(void **state)
{
    (void)state;
    struct end a, b;
    uint8_t *data = pattern(100000);
    open_pair(&a, &b);
    buf_release(&a.wire);
    a.wire = buf_on(channel_wire_len(100000) + 9);
    buf_put_str(&a.wire, "ten bytes!");
    assert_int_equal(channel_send(&a.c, of(data, 100000), &a.wire), ERR_LIMIT);
    assert_int_equal(a.wire.len, 10);
    assert_int_equal(buf_status(&a.wire), OK);
    assert_int_equal(channel_state(&a.c), CHANNEL_OPEN);
    buf_clear(&a.wire);
    send_all(&a, data, 100000);
    carry(&a, &b, WIRE_MAX);
    assert_plain(&b, data, 100000);
    free(data);
    end_release(&a);
    end_release(&b);
}

static void a_responder_that_cannot_write_its_answer_is_dead(void **state)
{
    (void)state;
    struct end a, b;
    struct dh_secret key = secret(3);
    dial(&a, &key);
    answer(&b, &key, 1);
    b.wire.max = 49;
    assert_int_equal(receive(&b, buf_bytes(&a.wire)), ERR_LIMIT);
    assert_int_equal(b.wire.len, 0);
    end_release(&a);
    end_release(&b);
}

static void a_dead_channel_holds_no_secret(void **state)
{
    (void)state;
    struct end a, b;
    struct channel none;
    open_pair(&a, &b);
    memset(&none, 0, sizeof(none));
    none.state = CHANNEL_DEAD;
    assert_int_equal(receive(&b, of("\0\0", 2)), ERR_PROTO);
    assert_memory_equal(&b.c, &none, sizeof(none));
    end_release(&a);
    end_release(&b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(everything_works_one_byte_at_a_time),
        cmocka_unit_test(what_follows_the_handshake_in_the_same_bytes_is_read_too),
        cmocka_unit_test(plain_bytes_are_cut_into_as_few_messages_as_it_takes),
        cmocka_unit_test(eight_mebibytes_arrive_whole_whatever_the_chunks),
        cmocka_unit_test(a_channel_outlives_its_first_keys),
        cmocka_unit_test(a_flipped_bit_in_a_message_kills_and_keeps_what_came_before),
        cmocka_unit_test(a_message_too_short_for_a_tag_kills_at_its_second_byte),
        cmocka_unit_test(a_message_that_is_replayed_dropped_or_turned_around_kills),
        cmocka_unit_test(a_full_reader_takes_no_more_and_goes_on_where_it_stopped),
        cmocka_unit_test(a_full_reader_is_not_hurt_by_being_asked_again),
        cmocka_unit_test(a_send_without_room_writes_nothing_and_can_be_tried_again),
        cmocka_unit_test(a_responder_that_cannot_write_its_answer_is_dead),
        cmocka_unit_test(a_dead_channel_holds_no_secret),
    };
    if (crypto_start() != OK)
        return 1;
    return cmocka_run_group_tests(tests, NULL, NULL);
}
