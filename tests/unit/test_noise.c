#include <stdlib.h>

#include "protocol/noise.h"
#include "tests/unit/vectors.h"

static struct bytes text(const char *s)
{
    return bytes_of(s);
}

/* Secrets that differ; what they are does not matter. */
static struct dh_secret secret(uint8_t seed)
{
    struct dh_secret s;
    memset(s.b, seed, sizeof(s.b));
    return s;
}

struct pair {
    struct handshake initiator, responder;
};

static struct pair new_pair(void)
{
    struct pair p;
    struct dh_secret is = secret(1), ie = secret(2), rs = secret(3), re = secret(4);
    struct dh_public rs_public = dh_public_of(&rs);
    handshake_init_initiator(&p.initiator, &is, &ie, &rs_public, text("prologue"));
    handshake_init_responder(&p.responder, &rs, &re, text("prologue"));
    return p;
}

/* Writer writes `payload`, reader reads it. */
static void pass(struct handshake *writer, struct handshake *reader, const char *payload)
{
    uint8_t message[256], got[256];
    size_t len = handshake_overhead(writer) + strlen(payload);
    assert_true(handshake_is_our_turn(writer));
    assert_false(handshake_is_our_turn(reader));
    assert_int_equal(handshake_write(writer, text(payload), message), OK);
    assert_int_equal(handshake_read(reader, (struct bytes){message, len}, got), OK);
    assert_memory_equal(got, payload, strlen(payload));
}

static void new_transports(struct transport *initiator, struct transport *responder)
{
    struct pair p = new_pair();
    pass(&p.initiator, &p.responder, "");
    pass(&p.responder, &p.initiator, "");
    pass(&p.initiator, &p.responder, "");
    handshake_split(&p.initiator, initiator);
    handshake_split(&p.responder, responder);
}

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

/* --- transport --- */

static void the_two_directions_have_different_keys(void **state)
{
    (void)state;
    struct transport a, b;
    new_transports(&a, &b);
    assert_memory_equal(a.send.k.b, b.receive.k.b, 32);
    assert_memory_equal(a.receive.k.b, b.send.k.b, 32);
    assert_memory_not_equal(a.send.k.b, a.receive.k.b, 32);
}

static void a_replayed_reordered_or_tampered_message_is_refused_and_the_next_one_opens(void **state)
{
    (void)state;
    struct transport a, b;
    uint8_t one[20], two[20], out[4];
    new_transports(&a, &b);
    assert_int_equal(transport_seal(&a, text("1111"), one), OK);
    assert_int_equal(transport_seal(&a, text("2222"), two), OK);
    assert_int_equal(transport_open(&b, (struct bytes){two, 20}, out), ERR_DECRYPT);
    assert_int_equal(transport_open(&b, (struct bytes){one, 20}, out), OK);
    assert_memory_equal(out, "1111", 4);
    assert_int_equal(transport_open(&b, (struct bytes){one, 20}, out), ERR_DECRYPT);
    for (size_t bit = 0; bit < 20 * 8; bit++) {
        two[bit / 8] ^= (uint8_t)(1 << bit % 8);
        assert_int_equal(transport_open(&b, (struct bytes){two, 20}, out), ERR_DECRYPT);
        two[bit / 8] ^= (uint8_t)(1 << bit % 8);
    }
    assert_int_equal(transport_open(&b, (struct bytes){two, 15}, out), ERR_PROTO);
    assert_int_equal(transport_open(&b, (struct bytes){two, 20}, out), OK);
    assert_memory_equal(out, "2222", 4);
}

static void a_message_is_sealed_and_opened_in_its_own_place(void **state)
{
    (void)state;
    struct transport a, b;
    uint8_t at[8 + AEAD_TAG_LEN] = "in place";
    new_transports(&a, &b);
    assert_int_equal(transport_seal(&a, (struct bytes){at, 8}, at), OK);
    assert_memory_not_equal(at, "in place", 8);
    assert_int_equal(transport_open(&b, (struct bytes){at, sizeof(at)}, at), OK);
    assert_memory_equal(at, "in place", 8);
}

/* What the specification says of a direction, told as plainly as can be: which
 * key and nonce message i has. */
struct model {
    struct sym_secret k;
};

static void model_seal(struct model *m, uint64_t i, struct bytes plain, uint8_t *out)
{
    if (i > 0 && i % 65536 == 0) {
        uint8_t zeros[32] = {0}, sealed[48];
        aead_seal(&m->k, UINT64_MAX, text(""), (struct bytes){zeros, 32}, sealed);
        memcpy(m->k.b, sealed, 32);
    }
    aead_seal(&m->k, i, text(""), plain, out);
}

/* Past two boundaries, in one direction only: the other keeps its first key. */
static void each_direction_rekeys_after_65536_messages_and_counts_on(void **state)
{
    (void)state;
    struct transport a, b;
    new_transports(&a, &b);
    struct model m = {a.send.k}, first = m;
    struct sym_secret other_way = a.receive.k;
    for (uint64_t i = 0; i < 2 * 65536 + 3; i++) {
        uint8_t plain[8], expected[24], got[24], opened[8];
        put_u64be(plain, i);
        model_seal(&m, i, (struct bytes){plain, 8}, expected);
        assert_int_equal(transport_seal(&a, (struct bytes){plain, 8}, got), OK);
        if (memcmp(got, expected, sizeof(got)) != 0)
            fail_msg("message %llu differs from the model", (unsigned long long)i);
        if (transport_open(&b, (struct bytes){got, 24}, opened) != OK || memcmp(opened, plain, 8) != 0)
            fail_msg("message %llu does not open", (unsigned long long)i);
    }
    assert_memory_not_equal(m.k.b, first.k.b, 32);
    assert_memory_equal(a.receive.k.b, other_way.b, 32);
    assert_memory_equal(b.send.k.b, other_way.b, 32);
    assert_int_equal(a.send.n, 2 * 65536 + 3);
}

static void a_failed_open_at_the_boundary_does_not_rekey(void **state)
{
    (void)state;
    struct transport a, b;
    uint8_t message[16], bad[16] = {0};
    new_transports(&a, &b);
    a.send.n = b.receive.n = 65535;             /* the last message under the first key */
    assert_int_equal(transport_seal(&a, text(""), message), OK);
    assert_int_equal(transport_open(&b, (struct bytes){bad, 16}, NULL), ERR_DECRYPT);
    assert_int_equal(transport_open(&b, (struct bytes){message, 16}, NULL), OK);
    assert_memory_equal(a.send.k.b, b.receive.k.b, 32);
    assert_int_equal(transport_seal(&a, text(""), message), OK);
    assert_int_equal(transport_open(&b, (struct bytes){message, 16}, NULL), OK);
}

static void the_last_nonce_is_never_used(void **state)
{
    (void)state;
    struct transport a, b;
    uint8_t message[16], unread[16] = {7};
    new_transports(&a, &b);
    a.send.n = b.receive.n = UINT64_MAX - 1;
    assert_int_equal(transport_seal(&a, text(""), message), OK);
    assert_int_equal(transport_open(&b, (struct bytes){message, 16}, NULL), OK);
    memcpy(message, unread, 16);
    assert_int_equal(transport_seal(&a, text(""), message), ERR_LIMIT);
    assert_memory_equal(message, unread, 16);
    assert_int_equal(transport_open(&b, (struct bytes){message, 16}, NULL), ERR_LIMIT);
}

static void split_and_wipe_leave_no_secret_behind(void **state)
{
    (void)state;
    struct pair p = new_pair();
    struct transport t;
    static const uint8_t zeros[sizeof(struct handshake)] = {0};
    pass(&p.initiator, &p.responder, "");
    pass(&p.responder, &p.initiator, "");
    pass(&p.initiator, &p.responder, "");
    handshake_split(&p.initiator, &t);
    assert_memory_equal(&p.initiator, zeros, sizeof(p.initiator));
    handshake_wipe(&p.responder);
    assert_memory_equal(&p.responder, zeros, sizeof(p.responder));
    transport_wipe(&t);
    assert_memory_equal(&t, zeros, sizeof(t));
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
        cmocka_unit_test(the_two_directions_have_different_keys),
        cmocka_unit_test(a_replayed_reordered_or_tampered_message_is_refused_and_the_next_one_opens),
        cmocka_unit_test(a_message_is_sealed_and_opened_in_its_own_place),
        cmocka_unit_test(each_direction_rekeys_after_65536_messages_and_counts_on),
        cmocka_unit_test(a_failed_open_at_the_boundary_does_not_rekey),
        cmocka_unit_test(the_last_nonce_is_never_used),
        cmocka_unit_test(split_and_wipe_leave_no_secret_behind),
    };
    if (crypto_start() != OK)
        return 1;
    return cmocka_run_group_tests(tests, NULL, NULL);
}
