#include "tests/unit/noise_pair.h"

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
