#include "tests/unit/noise_pair.h"

/* --- the published vectors --- */

static void handshake_message_is_as_published(const json_t *m, struct handshake *writer, struct handshake *reader)
{
    struct blob payload = vector_hex(m, "payload"), expected = vector_hex(m, "ciphertext");
    uint8_t out[512];
    assert_int_equal(handshake_overhead(writer) + payload.len, expected.len);
    assert_int_equal(handshake_write(writer, blob_bytes(&payload), out), OK);
    assert_memory_equal(out, expected.b, expected.len);
    memset(out, 0, sizeof(out));
    assert_int_equal(handshake_read(reader, blob_bytes(&expected), out), OK);
    assert_memory_equal(out, payload.b, payload.len);
}

static void transport_message_is_as_published(const json_t *m, struct transport *writer, struct transport *reader)
{
    struct blob payload = vector_hex(m, "payload"), expected = vector_hex(m, "ciphertext");
    uint8_t out[512];
    assert_int_equal(payload.len + AEAD_TAG_LEN, expected.len);
    assert_int_equal(transport_seal(writer, blob_bytes(&payload), out), OK);
    assert_memory_equal(out, expected.b, expected.len);
    assert_int_equal(transport_open(reader, blob_bytes(&expected), out), OK);
    assert_memory_equal(out, payload.b, payload.len);
}

static void vector_init(const json_t *v, struct handshake *initiator, struct handshake *responder)
{
    struct dh_secret s, e;
    struct dh_public rs;
    struct blob prologue = vector_hex(v, "init_prologue");
    vector_fixed(v, "init_static", s.b, sizeof(s.b));
    vector_fixed(v, "init_ephemeral", e.b, sizeof(e.b));
    vector_fixed(v, "init_remote_static", rs.b, sizeof(rs.b));
    handshake_init_initiator(initiator, &s, &e, &rs, blob_bytes(&prologue));
    prologue = vector_hex(v, "resp_prologue");
    vector_fixed(v, "resp_static", s.b, sizeof(s.b));
    vector_fixed(v, "resp_ephemeral", e.b, sizeof(e.b));
    handshake_init_responder(responder, &s, &e, blob_bytes(&prologue));
}

static void the_cacophony_vector_holds_byte_for_byte(void **state)
{
    (void)state;
    json_t *root = vectors_load("tests/vectors/noise/cacophony_xk.json");
    const json_t *v = json_array_get(json_object_get(root, "vectors"), 0);
    const json_t *messages = json_object_get(v, "messages");
    struct handshake side[2];
    struct transport link[2];
    struct hash hash, expected;
    struct dh_secret s;
    assert_string_equal(vector_text(v, "protocol_name"), "Noise_XK_25519_ChaChaPoly_SHA256");
    assert_int_equal(json_array_size(messages), 6);
    vector_init(v, &side[0], &side[1]);
    for (size_t i = 0; i < HANDSHAKE_MESSAGES; i++)
        handshake_message_is_as_published(json_array_get(messages, i), &side[i % 2], &side[1 - i % 2]);
    vector_fixed(v, "handshake_hash", expected.b, sizeof(expected.b));
    vector_fixed(v, "init_static", s.b, sizeof(s.b));
    struct dh_public initiator = dh_public_of(&s), learnt = handshake_remote_static(&side[1]);
    assert_memory_equal(learnt.b, initiator.b, sizeof(learnt.b));
    for (size_t i = 0; i < 2; i++) {
        hash = handshake_hash(&side[i]);
        assert_memory_equal(hash.b, expected.b, HASH_LEN);
        handshake_split(&side[i], &link[i]);
    }
    for (size_t i = HANDSHAKE_MESSAGES; i < 6; i++)
        transport_message_is_as_published(json_array_get(messages, i), &link[i % 2], &link[1 - i % 2]);
    json_decref(root);
}

/* --- the handshake --- */

static void messages_with_empty_payloads_are_48_48_and_64_bytes(void **state)
{
    (void)state;
    struct pair p = new_pair();
    assert_int_equal(handshake_overhead(&p.initiator), 48);
    pass(&p.initiator, &p.responder, "");
    assert_int_equal(handshake_overhead(&p.responder), 48);
    pass(&p.responder, &p.initiator, "");
    assert_int_equal(handshake_overhead(&p.initiator), 64);
    pass(&p.initiator, &p.responder, "");
    assert_true(handshake_is_done(&p.initiator) && handshake_is_done(&p.responder));
    assert_false(handshake_is_our_turn(&p.initiator));
    assert_int_equal(handshake_overhead(&p.initiator), 0);
}

static void any_flipped_bit_is_refused_and_the_true_message_still_opens(void **state)
{
    (void)state;
    struct pair p = new_pair();
    struct handshake *writer = &p.initiator, *reader = &p.responder, *other;
    for (unsigned m = 0; m < HANDSHAKE_MESSAGES; m++) {
        uint8_t message[128], got[8];
        struct bytes in = {message, handshake_overhead(writer) + 4};
        assert_int_equal(handshake_write(writer, text("body"), message), OK);
        for (size_t bit = 0; bit < in.len * 8; bit++) {
            message[bit / 8] ^= (uint8_t)(1 << bit % 8);
            assert_int_equal(handshake_read(reader, in, got), ERR_DECRYPT);
            message[bit / 8] ^= (uint8_t)(1 << bit % 8);
        }
        assert_int_equal(handshake_read(reader, in, got), OK);
        assert_memory_equal(got, "body", 4);
        other = writer, writer = reader, reader = other;
    }
    assert_true(handshake_is_done(reader) && handshake_is_done(writer));
}

static void a_message_of_any_shorter_length_is_refused(void **state)
{
    (void)state;
    struct pair p = new_pair();
    uint8_t message[64];
    assert_int_equal(handshake_write(&p.initiator, text(""), message), OK);
    for (size_t len = 0; len < 48; len++)
        assert_int_equal(handshake_read(&p.responder, (struct bytes){message, len}, NULL), ERR_PROTO);
    assert_int_equal(handshake_read(&p.responder, (struct bytes){message, 48}, NULL), OK);
}

static void a_message_over_the_limit_of_noise_is_refused(void **state)
{
    (void)state;
    struct pair p = new_pair();
    struct transport a, b;
    uint8_t *big = calloc(1, NOISE_MESSAGE_MAX + 1), *out = calloc(1, NOISE_MESSAGE_MAX + 1);
    assert_true(big != NULL && out != NULL);
    assert_int_equal(handshake_read(&p.responder, (struct bytes){big, NOISE_MESSAGE_MAX + 1}, out), ERR_PROTO);
    new_transports(&a, &b);
    assert_int_equal(transport_open(&a, (struct bytes){big, NOISE_MESSAGE_MAX + 1}, out), ERR_PROTO);
    free(big);
    free(out);
}

static void another_prologue_is_another_conversation(void **state)
{
    (void)state;
    struct pair p = new_pair();
    struct handshake other;
    struct dh_secret rs = secret(3), re = secret(4);
    uint8_t message[48];
    handshake_init_responder(&other, &rs, &re, text("prologuf"));
    assert_int_equal(handshake_write(&p.initiator, text(""), message), OK);
    assert_int_equal(handshake_read(&other, (struct bytes){message, sizeof(message)}, NULL), ERR_DECRYPT);
}

static void a_second_state_can_try_message_1_after_the_first_failed(void **state)
{
    (void)state;
    struct pair p = new_pair();
    struct handshake wrong, before;
    struct dh_secret old = secret(9), re = secret(4);
    uint8_t message[48];
    handshake_init_responder(&wrong, &old, &re, text("prologue"));
    memcpy(&before, &wrong, sizeof(before));
    assert_int_equal(handshake_write(&p.initiator, text(""), message), OK);
    assert_int_equal(handshake_read(&wrong, (struct bytes){message, sizeof(message)}, NULL), ERR_DECRYPT);
    assert_memory_equal(&wrong, &before, sizeof(before));       /* not a byte of it moved */
    assert_int_equal(handshake_read(&p.responder, (struct bytes){message, sizeof(message)}, NULL), OK);
}

/* The points of small order and their other encodings below 2^255. */
static const char *const low_order_keys[] = {
    "0000000000000000000000000000000000000000000000000000000000000000",
    "0100000000000000000000000000000000000000000000000000000000000000",
    "e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800",
    "5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f1157",
    "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
};
enum { N_LOW_ORDER = sizeof(low_order_keys) / sizeof(low_order_keys[0]) };

static struct dh_public low_order_key(size_t i)
{
    struct dh_public key;
    assert_int_equal(hex_decode(text(low_order_keys[i]), key.b, sizeof(key.b)), OK);
    return key;
}

static void a_low_order_ephemeral_is_refused_by_both_sides(void **state)
{
    (void)state;
    uint8_t first[48], message[48] = {0};
    for (size_t i = 0; i < N_LOW_ORDER; i++) {
        struct pair p = new_pair();
        struct dh_public key = low_order_key(i);
        memcpy(message, key.b, sizeof(key.b));
        assert_int_equal(handshake_read(&p.responder, (struct bytes){message, 48}, NULL), ERR_KEY);
        assert_int_equal(handshake_write(&p.initiator, text(""), first), OK);
        assert_int_equal(handshake_read(&p.initiator, (struct bytes){message, 48}, NULL), ERR_KEY);
    }
}

static void a_low_order_responder_static_is_refused_by_the_initiator(void **state)
{
    (void)state;
    for (size_t i = 0; i < N_LOW_ORDER; i++) {
        struct handshake h, before;
        struct dh_secret s = secret(1), e = secret(2);
        struct dh_public rs = low_order_key(i);
        uint8_t message[48];
        handshake_init_initiator(&h, &s, &e, &rs, text(""));
        memcpy(&before, &h, sizeof(before));
        assert_int_equal(handshake_write(&h, text(""), message), ERR_KEY);
        assert_memory_equal(&h, &before, sizeof(before));
    }
}

/* An initiator that lies: it seals a low-order key as its static in message 3.
 * Its own DH would be zero, so the responder must not get past "se". */
static void a_low_order_initiator_static_is_refused_by_the_responder(void **state)
{
    (void)state;
    for (size_t i = 0; i < N_LOW_ORDER; i++) {
        struct pair p = new_pair();
        pass(&p.initiator, &p.responder, "");
        pass(&p.responder, &p.initiator, "");
        struct dh_public key = low_order_key(i);
        const struct symmetric_state *y = &p.initiator.symmetric;
        uint8_t message[64] = {0};
        aead_seal(&y->cipher.k, y->cipher.n, (struct bytes){y->h.b, HASH_LEN}, (struct bytes){key.b, 32}, message);
        assert_int_equal(handshake_read(&p.responder, (struct bytes){message, 64}, NULL), ERR_KEY);
        assert_false(handshake_is_done(&p.responder));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_cacophony_vector_holds_byte_for_byte),
        cmocka_unit_test(messages_with_empty_payloads_are_48_48_and_64_bytes),
        cmocka_unit_test(any_flipped_bit_is_refused_and_the_true_message_still_opens),
        cmocka_unit_test(a_message_of_any_shorter_length_is_refused),
        cmocka_unit_test(a_message_over_the_limit_of_noise_is_refused),
        cmocka_unit_test(another_prologue_is_another_conversation),
        cmocka_unit_test(a_second_state_can_try_message_1_after_the_first_failed),
        cmocka_unit_test(a_low_order_ephemeral_is_refused_by_both_sides),
        cmocka_unit_test(a_low_order_responder_static_is_refused_by_the_initiator),
        cmocka_unit_test(a_low_order_initiator_static_is_refused_by_the_responder),
    };
    if (crypto_start() != OK)
        return 1;
    return cmocka_run_group_tests(tests, NULL, NULL);
}
