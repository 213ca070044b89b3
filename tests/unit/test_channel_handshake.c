#include "tests/unit/channel_ends.h"

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
    };
    if (crypto_start() != OK)
        return 1;
    return cmocka_run_group_tests(tests, NULL, NULL);
}
