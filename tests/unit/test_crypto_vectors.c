/* The published vectors, put to protocol/crypto.h.  Each test asserts how many
 * it ran, so a file that went missing in part is seen. */
#include "tests/unit/vectors.h"

#define V "tests/vectors/"

struct count {
    unsigned ran, accepted, refused, skipped;
};

static bool is(const json_t *t, const char *result)
{
    return strcmp(vector_text(t, "result"), result) == 0;
}

static bool has_flag_beginning(const json_t *t, const char *prefix)
{
    size_t i;
    json_t *flag;
    json_array_foreach(json_object_get(t, "flags"), i, flag)
        if (bytes_start_with(bytes_of(json_string_value(flag)), prefix))
            return true;
    return false;
}

/* --- Ed25519 --- */

/* Signatures of another length than 64 cannot be put into struct signature. */
static void wycheproof_ed25519_holds(void **state)
{
    (void)state;
    json_t *root = vectors_load(V "wycheproof/ed25519_test.json"), *t;
    struct count n = {0};
    size_t i;
    json_array_foreach(root, i, t) {
        struct blob msg = vector_hex(t, "msg"), sig_bytes = vector_hex(t, "sig");
        struct sign_public key;
        struct signature sig;
        vector_fixed(t, "pk", key.b, sizeof(key.b));
        if (sig_bytes.len != SIG_LEN) {
            assert_true(is(t, "invalid"));
            n.skipped++;
            continue;
        }
        memcpy(sig.b, sig_bytes.b, SIG_LEN);
        enum err expected = is(t, "valid") ? OK : ERR_SIGNATURE;
        if (sign_check(&key, blob_bytes(&msg), &sig) != expected)
            fail_msg("tcId %lld", json_integer_value(json_object_get(t, "tcId")));
        *(expected == OK ? &n.accepted : &n.refused) += 1;
    }
    assert_int_equal(n.accepted, 88);
    assert_int_equal(n.refused, 51);
    assert_int_equal(n.skipped, 12);
    assert_int_equal(n.accepted + n.refused + n.skipped, 151);
    json_decref(root);
}

/* libsodium checks without the cofactor, and takes a mixed-order key where that
 * holds; 42 of the 43 are such.  So keys are judged at enrolment: of the 43,
 * sign_public_is_good lets only the clean one through. */
static void of_the_cctv_edge_cases_43_hold_and_one_of_them_has_a_good_key(void **state)
{
    (void)state;
    json_t *root = vectors_load(V "ed25519/cctv_ed25519vectors.json"), *t;
    struct count n = {0};
    unsigned clean = 0, good_keys = 0;
    size_t i;
    json_array_foreach(root, i, t) {
        struct sign_public key;
        struct signature sig;
        vector_fixed(t, "key", key.b, sizeof(key.b));
        vector_fixed(t, "sig", sig.b, sizeof(sig.b));
        n.ran++;
        if (has_flag_beginning(t, "low_order_A") || has_flag_beginning(t, "low_order_component_A")
            || has_flag_beginning(t, "non_canonical_A"))
            assert_false(sign_public_is_good(&key));
        if (sign_check(&key, bytes_of(vector_text(t, "msg")), &sig) != OK)
            continue;
        n.accepted++;
        clean += !has_flag_beginning(t, "low_order_");
        good_keys += sign_public_is_good(&key);
    }
    assert_int_equal(n.ran, 914);
    assert_int_equal(n.accepted, 43);
    assert_int_equal(clean, 1);
    assert_int_equal(good_keys, 1);
    json_decref(root);
}

static void of_the_speccheck_cases_0_to_11_only_number_3_holds(void **state)
{
    (void)state;
    json_t *root = vectors_load(V "ed25519/speccheck_cases.json"), *t;
    size_t i;
    assert_int_equal(json_array_size(root), 12);
    json_array_foreach(root, i, t) {
        struct blob msg = vector_hex(t, "message");
        struct sign_public key;
        struct signature sig;
        vector_fixed(t, "pub_key", key.b, sizeof(key.b));
        vector_fixed(t, "signature", sig.b, sizeof(sig.b));
        assert_int_equal(sign_check(&key, blob_bytes(&msg), &sig), i == 3 ? OK : ERR_SIGNATURE);
    }
    json_decref(root);
}

static void a_mixed_order_key_is_not_good_and_its_clean_part_is(void **state)
{
    (void)state;
    json_t *root = vectors_load(V "ed25519/mixed_order_keys.json"), *t, *s;
    size_t i, k;
    assert_int_equal(json_array_size(json_object_get(root, "cases")), 2);
    json_array_foreach(json_object_get(root, "cases"), i, t) {
        struct sign_public clean, mixed;
        vector_fixed(t, "clean_pk", clean.b, sizeof(clean.b));
        vector_fixed(t, "pk", mixed.b, sizeof(mixed.b));
        assert_true(sign_public_is_good(&clean));
        assert_false(sign_public_is_good(&mixed));
        assert_int_equal(json_array_size(json_object_get(t, "signatures")), 2);
        json_array_foreach(json_object_get(t, "signatures"), k, s) {    /* where verifiers disagree */
            struct blob msg = vector_hex(s, "msg");
            struct signature sig;
            vector_fixed(s, "sig", sig.b, sizeof(sig.b));
            bool holds = json_is_true(json_object_get(s, "cofactorless_valid"));
            assert_int_equal(sign_check(&mixed, blob_bytes(&msg), &sig), holds ? OK : ERR_SIGNATURE);
        }
    }
    json_decref(root);
}

/* --- X25519 --- */

static void wycheproof_x25519_holds_and_31_low_order_inputs_are_refused(void **state)
{
    (void)state;
    static const uint8_t zero[32] = {0};
    json_t *root = vectors_load(V "wycheproof/x25519_test.json"), *t;
    struct count n = {0};
    size_t i;
    json_array_foreach(root, i, t) {
        struct dh_secret ours;
        struct dh_public theirs;
        struct sym_secret expected, got;
        vector_fixed(t, "private", ours.b, sizeof(ours.b));
        vector_fixed(t, "public", theirs.b, sizeof(theirs.b));
        vector_fixed(t, "shared", expected.b, sizeof(expected.b));
        enum err e = dh(&ours, &theirs, &got);
        if (memcmp(expected.b, zero, sizeof(zero)) == 0) {
            assert_int_equal(e, ERR_KEY);
            n.refused++;
        } else {
            assert_int_equal(e, OK);
            assert_memory_equal(got.b, expected.b, sizeof(got.b));
            n.accepted++;
        }
    }
    assert_int_equal(n.accepted, 487);
    assert_int_equal(n.refused, 31);
    json_decref(root);
}

/* --- AEADs --- */

struct aead_case {
    struct sym_secret key;
    uint8_t nonce[XNONCE_LEN];
    struct blob ad, plain, sealed;
};

static struct aead_case aead_case(const json_t *t, size_t nonce_len)
{
    struct aead_case c;
    struct blob tag = vector_hex(t, "tag");
    vector_fixed(t, "key", c.key.b, sizeof(c.key.b));
    vector_fixed(t, "iv", c.nonce, nonce_len);
    c.ad = vector_hex(t, "aad");
    c.plain = vector_hex(t, "msg");
    c.sealed = vector_hex(t, "ct");
    assert_int_equal(tag.len, AEAD_TAG_LEN);
    assert_true(c.sealed.len + tag.len <= sizeof(c.sealed.b));
    memcpy(c.sealed.b + c.sealed.len, tag.b, tag.len);
    c.sealed.len += tag.len;
    return c;
}

/* In the file are the ten of 325 tests whose nonce is one that Noise makes. */
static void wycheproof_chacha20_poly1305_holds_where_the_nonce_is_noises(void **state)
{
    (void)state;
    json_t *root = vectors_load(V "wycheproof/chacha20_poly1305_test.json"), *t;
    struct count n = {0};
    size_t i;
    json_array_foreach(root, i, t) {
        struct aead_case c = aead_case(t, 12);
        uint8_t out[sizeof(c.sealed.b)];
        uint64_t number = 0;
        assert_memory_equal(c.nonce, "\0\0\0\0", 4);
        for (unsigned k = 0; k < 8; k++)
            number |= (uint64_t)c.nonce[4 + k] << 8 * k;
        assert_true(is(t, "valid"));
        aead_seal(&c.key, number, blob_bytes(&c.ad), blob_bytes(&c.plain), out);
        assert_memory_equal(out, c.sealed.b, c.sealed.len);
        assert_int_equal(aead_open(&c.key, number, blob_bytes(&c.ad), blob_bytes(&c.sealed), out), OK);
        assert_memory_equal(out, c.plain.b, c.plain.len);
        assert_int_equal(aead_open(&c.key, number + 1, blob_bytes(&c.ad), blob_bytes(&c.sealed), out), ERR_DECRYPT);
        for (size_t bit = 0; bit < c.sealed.len * 8; bit++) {
            c.sealed.b[bit / 8] ^= (uint8_t)(1 << bit % 8);
            assert_int_equal(aead_open(&c.key, number, blob_bytes(&c.ad), blob_bytes(&c.sealed), out), ERR_DECRYPT);
            c.sealed.b[bit / 8] ^= (uint8_t)(1 << bit % 8);
        }
        n.ran++;
    }
    assert_int_equal(n.ran, 10);
    json_decref(root);
}

static void wycheproof_xchacha20_poly1305_holds(void **state)
{
    (void)state;
    json_t *root = vectors_load(V "wycheproof/xchacha20_poly1305_test.json"), *t;
    struct count n = {0};
    size_t i;
    json_array_foreach(root, i, t) {
        struct aead_case c = aead_case(t, XNONCE_LEN);
        uint8_t out[sizeof(c.sealed.b)];
        enum err e = xaead_open(&c.key, c.nonce, blob_bytes(&c.ad), blob_bytes(&c.sealed), out);
        if (is(t, "invalid")) {
            assert_int_equal(e, ERR_DECRYPT);
            n.refused++;
            continue;
        }
        assert_int_equal(e, OK);
        assert_memory_equal(out, c.plain.b, c.plain.len);
        xaead_seal(&c.key, c.nonce, blob_bytes(&c.ad), blob_bytes(&c.plain), out);
        assert_memory_equal(out, c.sealed.b, c.sealed.len);
        n.accepted++;
    }
    assert_int_equal(n.accepted, 246);
    assert_int_equal(n.refused, 60);
    json_decref(root);
}

/* One ciphertext, two keys, two plaintexts: why every record commits to its key. */
static void xchacha20_poly1305_alone_does_not_commit_to_its_key(void **state)
{
    (void)state;
    json_t *root = vectors_load(V "interop/aead_two_keys.json");
    static const char *const fields[2][2] = {{"key1", "plaintext1"}, {"key2", "plaintext2"}};
    struct blob sealed = vector_hex(root, "ciphertext");
    uint8_t nonce[XNONCE_LEN], out[2][sizeof(sealed.b)];
    vector_fixed(root, "nonce", nonce, sizeof(nonce));
    for (size_t i = 0; i < 2; i++) {
        struct sym_secret key;
        struct blob plain = vector_hex(root, fields[i][1]);
        vector_fixed(root, fields[i][0], key.b, sizeof(key.b));
        assert_int_equal(xaead_open(&key, nonce, bytes_of(""), blob_bytes(&sealed), out[i]), OK);
        assert_int_equal(plain.len, sealed.len - AEAD_TAG_LEN);
        assert_memory_equal(out[i], plain.b, plain.len);
    }
    assert_memory_not_equal(out[0], out[1], sealed.len - AEAD_TAG_LEN);
    json_decref(root);
}

/* --- hashes --- */

static void wycheproof_hmac_sha256_holds(void **state)
{
    (void)state;
    json_t *root = vectors_load(V "wycheproof/hmac_sha256_test.json"), *t;
    struct count n = {0};
    size_t i;
    json_array_foreach(root, i, t) {
        struct blob key = vector_hex(t, "key"), msg = vector_hex(t, "msg");
        struct hash tag, got;
        vector_fixed(t, "tag", tag.b, sizeof(tag.b));
        for (size_t cut = 0; cut <= msg.len; cut += 7) {        /* a || b, cut anywhere, is one text */
            hmac_sha256(blob_bytes(&key), (struct bytes){msg.b, cut}, (struct bytes){msg.b + cut, msg.len - cut}, &got);
            assert_int_equal(hash_equal(&got, &tag), is(t, "valid"));
        }
        *(is(t, "valid") ? &n.accepted : &n.refused) += 1;
    }
    assert_int_equal(n.accepted, 33);
    assert_int_equal(n.refused, 54);
    json_decref(root);
}

static void blake2b_256_holds_keyed_and_not(void **state)
{
    (void)state;
    json_t *root = vectors_load(V "blake2/blake2b_256.json"), *t;
    unsigned keyed = 0, plain = 0;
    size_t i;
    json_array_foreach(root, i, t) {
        struct blob in = vector_hex(t, "in"), key_bytes = vector_hex(t, "key");
        struct hash expected, got;
        struct sym_secret key;
        vector_fixed(t, "out", expected.b, sizeof(expected.b));
        if (key_bytes.len == 0) {
            got = blake2b_256(blob_bytes(&in));
            assert_memory_equal(got.b, expected.b, HASH_LEN);
            plain++;
            continue;
        }
        vector_fixed(t, "key", key.b, sizeof(key.b));
        for (size_t cut = 0; cut <= in.len; cut++) {
            got = blake2b_keyed(&key, (struct bytes){in.b, cut}, (struct bytes){in.b + cut, in.len - cut});
            assert_memory_equal(got.b, expected.b, HASH_LEN);
        }
        keyed++;
    }
    assert_int_equal(plain, 10);
    assert_int_equal(keyed, 10);
    json_decref(root);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(wycheproof_ed25519_holds),
        cmocka_unit_test(of_the_cctv_edge_cases_43_hold_and_one_of_them_has_a_good_key),
        cmocka_unit_test(of_the_speccheck_cases_0_to_11_only_number_3_holds),
        cmocka_unit_test(a_mixed_order_key_is_not_good_and_its_clean_part_is),
        cmocka_unit_test(wycheproof_x25519_holds_and_31_low_order_inputs_are_refused),
        cmocka_unit_test(wycheproof_chacha20_poly1305_holds_where_the_nonce_is_noises),
        cmocka_unit_test(wycheproof_xchacha20_poly1305_holds),
        cmocka_unit_test(xchacha20_poly1305_alone_does_not_commit_to_its_key),
        cmocka_unit_test(wycheproof_hmac_sha256_holds),
        cmocka_unit_test(blake2b_256_holds_keyed_and_not),
    };
    if (crypto_start() != OK)
        return 1;
    return cmocka_run_group_tests(tests, NULL, NULL);
}
