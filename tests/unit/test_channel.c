#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "protocol/channel.h"

enum { WIRE_MAX = 16 * 1024 * 1024 };

static struct dh_secret secret(uint8_t seed)
{
    struct dh_secret s;
    memset(s.b, seed, sizeof(s.b));
    return s;
}

/* One end: the channel, what it wants sent, what it received. */
struct end {
    struct channel c;
    struct buf wire, plain;
};

static const struct alliance_id alliance = {"sixteen bytes id"};

static struct bytes of(const void *p, size_t len)
{
    return (struct bytes){p, len};
}

static void end_on(struct end *e)
{
    e->wire = buf_on(WIRE_MAX);
    e->plain = buf_on(WIRE_MAX);
}

static void end_release(struct end *e)
{
    channel_release(&e->c);
    buf_release(&e->wire);
    buf_release(&e->plain);
}

/* Dials the key `peer`; message 1 is in its wire. */
static void dial(struct end *e, const struct dh_secret *peer)
{
    uint8_t prologue[CHANNEL_PROLOGUE_LEN];
    struct dh_secret ours = secret(1), ephemeral = secret(2);
    struct dh_public theirs = dh_public_of(peer);
    end_on(e);
    channel_prologue(&alliance, prologue);
    channel_init_initiator(&e->c, &ours, &theirs, &ephemeral, of(prologue, sizeof(prologue)));
    assert_int_equal(channel_begin(&e->c, &e->wire), OK);
}

static void answer(struct end *e, const struct dh_secret *keys, size_t n_keys)
{
    uint8_t prologue[CHANNEL_PROLOGUE_LEN];
    struct dh_secret ephemeral = secret(4);
    end_on(e);
    channel_prologue(&alliance, prologue);
    channel_init_responder(&e->c, keys, n_keys, &ephemeral, of(prologue, sizeof(prologue)));
}

static enum err receive(struct end *e, struct bytes in)
{
    size_t used = SIZE_MAX;
    enum err err = channel_receive(&e->c, in, &used, &e->wire, &e->plain);
    if (err == OK)
        assert_int_equal(used, in.len);
    else
        assert_int_equal(channel_state(&e->c), CHANNEL_DEAD);
    return err;
}

/* Everything `from` wants sent reaches `to`, `step` bytes at a time. */
static void carry(struct end *from, struct end *to, size_t step)
{
    for (size_t at = 0; at < from->wire.len; at += step) {
        size_t n = from->wire.len - at < step ? from->wire.len - at : step;
        assert_int_equal(receive(to, of(from->wire.p + at, n)), OK);
    }
    buf_clear(&from->wire);
}

static void shake_hands(struct end *a, struct end *b, size_t step)
{
    carry(a, b, step);
    carry(b, a, step);
    carry(a, b, step);
}

static void open_pair(struct end *a, struct end *b)
{
    struct dh_secret key = secret(3);
    dial(a, &key);
    answer(b, &key, 1);
    shake_hands(a, b, SIZE_MAX / 2);
    assert_int_equal(channel_state(&a->c), CHANNEL_OPEN);
    assert_int_equal(channel_state(&b->c), CHANNEL_OPEN);
}

static void send_all(struct end *e, const void *p, size_t len)
{
    size_t before = e->wire.len;
    assert_int_equal(channel_send(&e->c, of(p, len), &e->wire), OK);
    assert_int_equal(e->wire.len - before, channel_wire_len(len));
}

static void assert_plain(struct end *e, const void *p, size_t len)
{
    assert_int_equal(e->plain.len, len);
    if (len > 0)
        assert_memory_equal(e->plain.p, p, len);
    buf_clear(&e->plain);
}

/* Bytes that repeat nowhere near a message's length. */
static uint8_t *pattern(size_t len)
{
    uint8_t *p = malloc(len);
    assert_non_null(p);
    uint32_t x = 1;
    for (size_t i = 0; i < len; i++) {
        x = x * 1664525 + 1013904223;
        p[i] = (uint8_t)(x >> 24);
    }
    return p;
}

/* --- the handshake --- */

static void the_prologue_names_the_protocol_and_the_alliance(void **state)
{
    (void)state;
    uint8_t prologue[CHANNEL_PROLOGUE_LEN];
    channel_prologue(&alliance, prologue);
    assert_int_equal(sizeof(prologue), 27);
    assert_memory_equal(prologue, "folkmoot/1\0sixteen bytes id", 27);
}

static void handshake_messages_are_48_48_and_64_bytes_behind_their_length(void **state)
{
    (void)state;
    struct end a, b;
    struct dh_secret key = secret(3);
    dial(&a, &key);
    answer(&b, &key, 1);
    assert_int_equal(a.wire.len, 50);
    assert_memory_equal(a.wire.p, "\0\x30", 2);
    assert_int_equal(b.wire.len, 0);
    carry(&a, &b, 50);
    assert_int_equal(b.wire.len, 50);
    assert_memory_equal(b.wire.p, "\0\x30", 2);
    assert_int_equal(channel_state(&b.c), CHANNEL_HANDSHAKING);
    carry(&b, &a, 50);
    assert_int_equal(channel_state(&a.c), CHANNEL_OPEN);
    assert_int_equal(a.wire.len, 66);
    assert_memory_equal(a.wire.p, "\0\x40", 2);
    carry(&a, &b, 66);
    assert_int_equal(channel_state(&b.c), CHANNEL_OPEN);
    assert_int_equal(b.wire.len, 0);
    end_release(&a);
    end_release(&b);
}

static void each_side_learns_the_others_key_and_both_the_same_session(void **state)
{
    (void)state;
    struct end a, b;
    struct dh_secret initiator = secret(1), responder = secret(3);
    open_pair(&a, &b);
    struct dh_public expected_a = dh_public_of(&initiator), expected_b = dh_public_of(&responder);
    struct dh_public a_sees = channel_peer(&a.c), b_sees = channel_peer(&b.c);
    assert_memory_equal(a_sees.b, expected_b.b, 32);
    assert_memory_equal(b_sees.b, expected_a.b, 32);
    struct hash a_session = channel_session(&a.c), b_session = channel_session(&b.c);
    assert_memory_equal(a_session.b, b_session.b, HASH_LEN);
    end_release(&a);
    end_release(&b);
}

static void a_stranger_without_our_key_gets_no_byte_back(void **state)
{
    (void)state;
    struct end a, b;
    struct dh_secret ours = secret(3), other = secret(5);
    dial(&a, &other);
    answer(&b, &ours, 1);
    assert_int_equal(receive(&b, buf_bytes(&a.wire)), ERR_DECRYPT);
    assert_int_equal(b.wire.len, 0);
    end_release(&a);
    end_release(&b);
}

static void another_alliance_gets_no_byte_back(void **state)
{
    (void)state;
    struct end a, b;
    struct dh_secret key = secret(3), ephemeral = secret(4);
    uint8_t prologue[CHANNEL_PROLOGUE_LEN];
    struct alliance_id other = {"sixteen bytes ie"};
    dial(&a, &key);
    end_on(&b);
    channel_prologue(&other, prologue);
    channel_init_responder(&b.c, &key, 1, &ephemeral, of(prologue, sizeof(prologue)));
    assert_int_equal(receive(&b, buf_bytes(&a.wire)), ERR_DECRYPT);
    assert_int_equal(b.wire.len, 0);
    end_release(&a);
    end_release(&b);
}

static void a_responder_answers_to_either_of_its_two_keys_and_no_third(void **state)
{
    (void)state;
    struct dh_secret keys[3] = {secret(3), secret(5), secret(7)};
    for (size_t i = 0; i < 3; i++) {
        struct end a, b;
        dial(&a, &keys[i]);
        answer(&b, keys, 2);
        if (i == 2) {
            assert_int_equal(receive(&b, buf_bytes(&a.wire)), ERR_DECRYPT);
            assert_int_equal(b.wire.len, 0);
        } else {
            static const uint8_t zeros[sizeof(struct handshake)] = {0};
            shake_hands(&a, &b, 7);
            for (size_t k = 0; k < CHANNEL_KEYS_MAX; k++)           /* the key not meant is wiped too */
                assert_memory_equal(&b.c.handshake[k], zeros, sizeof(zeros));
            send_all(&b, "welcome", 7);
            carry(&b, &a, 100);
            assert_plain(&a, "welcome", 7);
        }
        end_release(&a);
        end_release(&b);
    }
}

static void a_low_order_peer_key_is_refused_before_a_byte_is_written(void **state)
{
    (void)state;
    struct end a;
    struct dh_secret ours = secret(1), ephemeral = secret(2);
    struct dh_public zero = {{0}};
    end_on(&a);
    channel_init_initiator(&a.c, &ours, &zero, &ephemeral, of("", 0));
    assert_int_equal(channel_begin(&a.c, &a.wire), ERR_KEY);
    assert_int_equal(a.wire.len, 0);
    assert_int_equal(channel_state(&a.c), CHANNEL_DEAD);
    end_release(&a);
}

/* Of the 65,536 lengths one is right, at each of the three messages, and the
 * wrong ones are refused at their second byte: no body is waited for. */
static void a_handshake_message_of_any_other_length_kills_at_its_second_byte(void **state)
{
    (void)state;
    static const size_t right[3] = {48, 48, 64};
    struct dh_secret key = secret(3);
    for (size_t m = 0; m < 3; m++) {
        for (size_t len = 0; len <= UINT16_MAX; len += len < 70 || len > 65530 ? 1 : 997) {
            struct end a, b;
            dial(&a, &key);
            answer(&b, &key, 1);
            if (m > 0)
                carry(&a, &b, 100);
            if (m > 1)
                carry(&b, &a, 100);
            struct end *reader = m == 1 ? &a : &b;
            size_t answered = reader->wire.len;
            uint8_t header[2];
            put_u16be(header, (uint16_t)len);
            assert_int_equal(receive(reader, of(header, 1)), OK);
            assert_int_equal(receive(reader, of(header + 1, 1)), len == right[m] ? OK : ERR_PROTO);
            assert_int_equal(reader->wire.len, answered);
            end_release(&a);
            end_release(&b);
        }
    }
}

/* Every bit that the two sides say in a handshake, headers too. */
static void a_flipped_bit_anywhere_in_the_handshake_kills(void **state)
{
    (void)state;
    static const size_t size[3] = {50, 50, 66};
    struct dh_secret key = secret(3);
    for (size_t m = 0; m < 3; m++) {
        for (size_t bit = 0; bit < size[m] * 8; bit++) {
            struct end a, b;
            dial(&a, &key);
            answer(&b, &key, 1);
            if (m > 0)
                carry(&a, &b, 100);
            if (m > 1)
                carry(&b, &a, 100);
            struct end *writer = m == 1 ? &b : &a, *reader = m == 1 ? &a : &b;
            writer->wire.p[bit / 8] ^= (uint8_t)(1 << bit % 8);
            size_t answered = reader->wire.len;
            assert_int_equal(receive(reader, buf_bytes(&writer->wire)), bit < 16 ? ERR_PROTO : ERR_DECRYPT);
            assert_int_equal(reader->wire.len, answered);
            end_release(&a);
            end_release(&b);
        }
    }
}

static void garbage_gets_no_byte_back_whatever_its_first_byte(void **state)
{
    (void)state;
    struct dh_secret keys[2] = {secret(3), secret(5)};
    uint8_t *noise = pattern(4096);
    for (unsigned i = 0; i < 256; i++) {
        struct end b;
        noise[0] = (uint8_t)i;
        if (i == 0)
            noise[1] = 48;                      /* the one that is read to its end */
        answer(&b, keys, 2);
        assert_int_equal(receive(&b, of(noise, 4096)), i == 0 ? ERR_DECRYPT : ERR_PROTO);
        assert_int_equal(b.wire.len, 0);
        assert_int_equal(b.plain.len, 0);
        end_release(&b);
    }
    free(noise);
}

/* --- the open channel --- */

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
        cmocka_unit_test(the_prologue_names_the_protocol_and_the_alliance),
        cmocka_unit_test(handshake_messages_are_48_48_and_64_bytes_behind_their_length),
        cmocka_unit_test(each_side_learns_the_others_key_and_both_the_same_session),
        cmocka_unit_test(a_stranger_without_our_key_gets_no_byte_back),
        cmocka_unit_test(another_alliance_gets_no_byte_back),
        cmocka_unit_test(a_responder_answers_to_either_of_its_two_keys_and_no_third),
        cmocka_unit_test(a_low_order_peer_key_is_refused_before_a_byte_is_written),
        cmocka_unit_test(a_handshake_message_of_any_other_length_kills_at_its_second_byte),
        cmocka_unit_test(a_flipped_bit_anywhere_in_the_handshake_kills),
        cmocka_unit_test(garbage_gets_no_byte_back_whatever_its_first_byte),
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
