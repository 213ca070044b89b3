#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
#include <string.h>

#include "protocol/crypto.h"

static struct bytes of(const void *p, size_t len)
{
    return (struct bytes){p, len};
}

static void assert_hex(const void *p, size_t len, const char *expected)
{
    char got[HEX_SIZE(128)];
    assert_true(len <= 128);
    hex_encode(of(p, len), got);
    assert_string_equal(got, expected);
}

static void from_hex(const char *text, void *ret, size_t len)
{
    assert_int_equal(hex_decode(bytes_of(text), ret, len), OK);
}

/* --- text forms --- */

static void hex_is_lower_case_and_comes_back(void **state)
{
    (void)state;
    uint8_t all[256], back[256];
    char text[HEX_SIZE(sizeof(all))];
    for (size_t i = 0; i < sizeof(all); i++)
        all[i] = (uint8_t)i;
    hex_encode(of(all, sizeof(all)), text);
    assert_int_equal(strlen(text), 512);
    assert_memory_equal(text, "000102", 6);
    assert_string_equal(text + 506, "fdfeff");
    assert_int_equal(hex_decode(bytes_of(text), back, sizeof(back)), OK);
    assert_memory_equal(back, all, sizeof(all));
}

static void hex_in_any_other_form_is_refused(void **state)
{
    (void)state;
    static const char *const bad[] = {"0A1b", "0a1B", "0a1", "0a1b2", "0a1b2c", "", "0a 1", " 0a1", "0a1 ", "0a:b",
                                      "0a1g", "0x1b", "0a1\n", "0a1/", "0a1:", "0a1`", "0a1@"};
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        uint8_t out[2];
        assert_int_equal(hex_decode(bytes_of(bad[i]), out, sizeof(out)), ERR_FORMAT);
    }
    uint8_t out[2];
    assert_int_equal(hex_decode(of("0a1\0", 4), out, sizeof(out)), ERR_FORMAT);
    assert_int_equal(hex_decode(bytes_of("0a1b"), out, sizeof(out)), OK);
    assert_int_equal(hex_decode(bytes_of(""), out, 0), OK);
}

/* RFC 4648, section 10. */
static void base64_is_as_rfc_4648_has_it(void **state)
{
    (void)state;
    static const char *const cases[][2] = {{"", ""}, {"f", "Zg=="}, {"fo", "Zm8="}, {"foo", "Zm9v"},
                                           {"foob", "Zm9vYg=="}, {"fooba", "Zm9vYmE="}, {"foobar", "Zm9vYmFy"}};
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        char text[BASE64_SIZE(6)];
        uint8_t out[6];
        size_t len = strlen(cases[i][0]), got = 99;
        base64_encode(bytes_of(cases[i][0]), text);
        assert_string_equal(text, cases[i][1]);
        assert_int_equal(base64_decode(bytes_of(text), out, len), OK);
        if (len > 0)
            assert_memory_equal(out, cases[i][0], len);
        assert_int_equal(base64_decode_upto(bytes_of(text), out, sizeof(out), &got), OK);
        assert_int_equal(got, len);
    }
}

static void base64_in_any_other_form_is_refused(void **state)
{
    (void)state;
    static const char *const bad[] = {"Zm8", "Zm8==", "Zm8=\n", "Zm8= ", " Zm8=", "Zm 8=", "Z\nm8=", "Zm9=", "Zg=",
                                      "Zg", "Zg===", "Z", "Z===", "=", "====", "Zg==Zg==",
                                      "Zm-_", "Zm8*", "Zg=A", "Zh=="};
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        uint8_t out[16];
        size_t got = 4711;
        assert_int_equal(base64_decode_upto(bytes_of(bad[i]), out, sizeof(out), &got), ERR_FORMAT);
        assert_int_equal(got, 4711);
        for (size_t len = 0; len <= 4; len++)
            assert_int_equal(base64_decode(bytes_of(bad[i]), out, len), ERR_FORMAT);
    }
    uint8_t out[2];
    size_t got;
    assert_int_equal(base64_decode_upto(of("Zm8\0", 4), out, sizeof(out), &got), ERR_FORMAT);
    assert_int_equal(base64_decode_upto(bytes_of("Zm9v"), out, sizeof(out), &got), ERR_FORMAT);   /* 3 into 2 */
    assert_int_equal(base64_decode(bytes_of("Zm8="), out, 1), ERR_FORMAT);
    assert_int_equal(base64_decode(bytes_of("Zg=="), out, 2), ERR_FORMAT);
    assert_int_equal(base64_decode(bytes_of("Zm8="), out, 2), OK);
}

/* Every ending of one and of two bytes: 256 and, with a fixed first byte, 256
 * are canonical; the other spellings of the same bytes are refused. */
static void one_value_has_one_base64(void **state)
{
    (void)state;
    static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    unsigned one = 0, two = 0, one_url = 0;
    for (size_t a = 0; a < 64; a++) {
        for (size_t b = 0; b < 64; b++) {
            char text[5] = {alphabet[a], alphabet[b], '=', '=', '\0'}, again[BASE64_SIZE(2)];
            uint8_t out[2];
            size_t got;
            if (base64_decode(bytes_of(text), out, 1) == OK) {
                base64_encode(of(out, 1), again);
                assert_string_equal(again, text);
                one++;
            }
            if (a < 62 && b < 62 && base64url_decode_upto(of(text, 2), out, 1, &got) == OK)
                one_url++;
            char longer[5] = {'Z', alphabet[a], alphabet[b], '=', '\0'};
            if (base64_decode(bytes_of(longer), out, 2) == OK) {
                base64_encode(of(out, 2), again);
                assert_string_equal(again, longer);
                two++;
            }
        }
    }
    assert_int_equal(one, 256);
    assert_int_equal(two, 64 * 16);
    assert_int_equal(one_url, 62 * 4);
}

static void base64url_has_its_own_letters_and_no_padding(void **state)
{
    (void)state;
    static const uint8_t bytes[] = {0xfb, 0xff, 0xfe, 0x01};
    static const char *const bad[] = {"-__-AQ==", "-__-AQ=", "+//+AQ", "-__-AR", "-__-A", "-__- AQ", "-__-AQ\n", "="};
    char text[BASE64_SIZE(sizeof(bytes))];
    uint8_t out[8];
    size_t got;
    base64url_encode(of(bytes, sizeof(bytes)), text);
    assert_string_equal(text, "-__-AQ");
    assert_int_equal(base64url_decode_upto(bytes_of(text), out, sizeof(out), &got), OK);
    assert_int_equal(got, sizeof(bytes));
    assert_memory_equal(out, bytes, sizeof(bytes));
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
        assert_int_equal(base64url_decode_upto(bytes_of(bad[i]), out, sizeof(out), &got), ERR_FORMAT);
    assert_int_equal(base64url_decode_upto(bytes_of(text), out, 3, &got), ERR_FORMAT);
}

/* --- padding --- */

static void padding_hides_the_length_within_a_block_and_comes_off(void **state)
{
    (void)state;
    for (size_t len = 0; len <= 400; len++) {
        uint8_t p[512];
        size_t back = 9999, padded = padded_len(len);
        assert_int_equal(padded, (len / 128 + 1) * 128);
        memset(p, 0x80, sizeof(p));             /* plain bytes that look like padding */
        pad(p, len);
        assert_int_equal(p[len], 0x80);
        for (size_t i = len + 1; i < padded; i++)
            assert_int_equal(p[i], 0);
        assert_int_equal(unpad(of(p, padded), &back), OK);
        assert_int_equal(back, len);
    }
}

static void padding_in_any_other_form_is_refused(void **state)
{
    (void)state;
    uint8_t p[256] = {0};
    size_t len = 4711;
    assert_int_equal(unpad(of(p, 128), &len), ERR_FORMAT);      /* no 0x80 */
    p[100] = 0x80;
    assert_int_equal(unpad(of(p, 256), &len), ERR_FORMAT);      /* more than a block of it */
    assert_int_equal(unpad(of(p, 127), &len), ERR_FORMAT);
    assert_int_equal(unpad(of(p, 129), &len), ERR_FORMAT);
    assert_int_equal(unpad(of(p, 0), &len), ERR_FORMAT);
    p[127] = 1;
    assert_int_equal(unpad(of(p, 128), &len), ERR_FORMAT);      /* something behind it */
    assert_int_equal(len, 4711);
    p[127] = 0;
    assert_int_equal(unpad(of(p, 128), &len), OK);
    assert_int_equal(len, 100);
}

/* --- hashes and derivation --- */

static void the_hashes_of_abc_are_the_published_ones(void **state)
{
    (void)state;
    static const char sha256_abc[] = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
    struct hash h = sha256(bytes_of("abc"));
    assert_hex(h.b, HASH_LEN, sha256_abc);                      /* FIPS 180-4 */
    h = sha256_concat(bytes_of("a"), bytes_of("bc"));
    assert_hex(h.b, HASH_LEN, sha256_abc);
    h = sha256_tagged('a', bytes_of("b"), bytes_of("c"));
    assert_hex(h.b, HASH_LEN, sha256_abc);
    h = sha256((struct bytes){NULL, 0});
    assert_hex(h.b, HASH_LEN, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    h = blake2b_256(bytes_of("abc"));
    assert_hex(h.b, HASH_LEN, "bddd813c634239723171ef3fee98579b94964e3bb1cb3e427262c8c068d52319");
}

/* BLAKE2b with the id as salt and "folkmoot" as personalisation (crypto_kdf),
 * computed with another implementation.  These must never change: every key
 * that a seed gives back is one of them. */
static void subkeys_are_frozen(void **state)
{
    (void)state;
    static const struct { uint64_t id; const char *key; } cases[] = {
        {0, "c4848a7cc59aad84dda47652fe5121588cf752928f000ccc268d85029fa57883"},
        {1, "edc9e69ca35550dda88cf8eff068d77c075355193c711b372c98a990068616da"},
        {17, "15da13cba65f877ae5cb5b33dc00d5fdf47f523d164ac2a6d0ee435f90bde12e"},
        {(uint64_t)1 << 40, "903df105e72ff8a7ff8e0db643a4cba9d63e314074e6a144c3eac656bd485c97"},
    };
    struct sym_secret master, key;
    for (unsigned i = 0; i < 32; i++)
        master.b[i] = (uint8_t)i;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        kdf_subkey(&master, cases[i].id, &key);
        assert_hex(key.b, sizeof(key.b), cases[i].key);
    }
}

static void a_passphrase_key_depends_on_all_its_inputs_and_has_bounds(void **state)
{
    (void)state;
    static const uint8_t salt[SALT_LEN] = "0123456789abcde", other[SALT_LEN] = "0123456789abcdf";
    struct sym_secret k[5];
    struct bytes words = bytes_of("correct horse");
    assert_int_equal(password_key(words, salt, 1, 8192, &k[0]), OK);
    assert_int_equal(password_key(bytes_of("correct horsf"), salt, 1, 8192, &k[1]), OK);
    assert_int_equal(password_key(words, other, 1, 8192, &k[2]), OK);
    assert_int_equal(password_key(words, salt, 2, 8192, &k[3]), OK);
    assert_int_equal(password_key(words, salt, 1, 16384, &k[4]), OK);
    for (size_t i = 0; i < 5; i++)
        for (size_t j = 0; j < i; j++)
            assert_memory_not_equal(k[i].b, k[j].b, 32);
    assert_int_equal(password_key(words, salt, 1, 8192, &k[1]), OK);
    assert_memory_equal(k[1].b, k[0].b, 32);
    assert_int_equal(password_key(words, salt, 0, 8192, &k[1]), ERR_LIMIT);
    assert_int_equal(password_key(words, salt, 5, 8192, &k[1]), ERR_LIMIT);
    assert_int_equal(password_key(words, salt, 1, 8191, &k[1]), ERR_LIMIT);
    assert_int_equal(password_key(words, salt, 1, UINT64_MAX, &k[1]), ERR_LIMIT);
    assert_memory_equal(k[1].b, k[0].b, 32);
}

/* --- signatures, key agreement, sealed boxes --- */

/* RFC 8032, 7.1, test 2. */
static void ed25519_signs_as_rfc_8032_has_it(void **state)
{
    (void)state;
    struct sym_secret seed;
    struct sign_secret secret;
    struct sign_public key, again;
    struct signature sig;
    from_hex("4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb", seed.b, 32);
    sign_keypair(&seed, &secret, &key);
    assert_hex(key.b, 32, "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c");
    again = sign_public_of(&secret);
    assert_memory_equal(again.b, key.b, 32);
    assert_true(sign_public_is_good(&key));
    sign_make(&secret, bytes_of("r"), &sig);
    assert_hex(sig.b, SIG_LEN, "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
                               "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00");
    assert_int_equal(sign_check(&key, bytes_of("r"), &sig), OK);
    assert_int_equal(sign_check(&key, bytes_of("s"), &sig), ERR_SIGNATURE);
    for (size_t bit = 0; bit < SIG_LEN * 8; bit++) {
        sig.b[bit / 8] ^= (uint8_t)(1 << bit % 8);
        assert_int_equal(sign_check(&key, bytes_of("r"), &sig), ERR_SIGNATURE);
        sig.b[bit / 8] ^= (uint8_t)(1 << bit % 8);
    }
}

/* RFC 7748, 6.1. */
static void x25519_agrees_as_rfc_7748_has_it(void **state)
{
    (void)state;
    struct dh_secret bob;
    struct dh_public alice, ours;
    struct sym_secret shared;
    from_hex("5dab087e624a8a4b79e17f8b83800ee66f3bb1292618b6fd1c2f8b27ff88e0eb", bob.b, 32);
    from_hex("8520f0098930a754748b7ddcb43ef75a0dbf3a0d26381af4eba4a98eaa9b4e6a", alice.b, 32);
    ours = dh_public_of(&bob);
    assert_hex(ours.b, 32, "de9edb7d7b7dc1b4d35b61c2ece435373f8343c85b78674dadfc7e146f882b4f");
    assert_int_equal(dh(&bob, &alice, &shared), OK);
    assert_hex(shared.b, 32, "4a5d9d5ba4ce2de1728e3bf480350f25e07e21c947d19e3376f09b3c1e161742");
}

static void a_sealed_box_opens_for_its_reader_only(void **state)
{
    (void)state;
    struct dh_secret reader = {{8}}, other = {{16}};     /* the three lowest bits do not count */
    struct dh_public to = dh_public_of(&reader), zero = {{0}};
    uint8_t box[32 + SEAL_OVERHEAD], out[32];
    static const uint8_t epoch_key[32] = "thirty-two bytes of an epoch key";
    assert_int_equal(box_seal(&to, of(epoch_key, 32), box), OK);
    assert_int_equal(box_open(&reader, of(box, sizeof(box)), out), OK);
    assert_memory_equal(out, epoch_key, 32);
    assert_int_equal(box_open(&other, of(box, sizeof(box)), out), ERR_DECRYPT);
    assert_int_equal(box_open(&reader, of(box, SEAL_OVERHEAD - 1), out), ERR_DECRYPT);
    for (size_t at = 0; at < sizeof(box); at++) {
        box[at] ^= 1;
        assert_int_equal(box_open(&reader, of(box, sizeof(box)), out), ERR_DECRYPT);
        box[at] ^= 1;
    }
    assert_int_equal(box_seal(&zero, of(epoch_key, 32), box), ERR_KEY);
}

static void a_ciphertext_shorter_than_its_tag_does_not_open(void **state)
{
    (void)state;
    struct sym_secret key = {{7}};
    uint8_t nonce[XNONCE_LEN] = {0}, cipher[AEAD_TAG_LEN], out[1];
    aead_seal(&key, 0, bytes_of(""), bytes_of(""), cipher);
    for (size_t len = 0; len < AEAD_TAG_LEN; len++)
        assert_int_equal(aead_open(&key, 0, bytes_of(""), of(cipher, len), out), ERR_DECRYPT);
    assert_int_equal(aead_open(&key, 0, bytes_of(""), of(cipher, AEAD_TAG_LEN), NULL), OK);
    xaead_seal(&key, nonce, bytes_of(""), bytes_of(""), cipher);
    for (size_t len = 0; len < AEAD_TAG_LEN; len++)
        assert_int_equal(xaead_open(&key, nonce, bytes_of(""), of(cipher, len), out), ERR_DECRYPT);
    assert_int_equal(xaead_open(&key, nonce, bytes_of(""), of(cipher, AEAD_TAG_LEN), NULL), OK);
}

static void secrets_compare_whole_and_wipe_whole(void **state)
{
    (void)state;
    uint8_t a[32], b[32], zero[32] = {0};
    random_fill(a, sizeof(a));
    memcpy(b, a, sizeof(a));
    for (size_t i = 0; i < sizeof(a); i++) {
        assert_true(secret_equal(a, b, sizeof(a)));
        b[i] ^= 1;
        assert_false(secret_equal(a, b, sizeof(a)));
        b[i] ^= 1;
    }
    wipe(a, sizeof(a));
    assert_memory_equal(a, zero, sizeof(a));
    random_fill(a, sizeof(a));
    assert_memory_not_equal(a, b, sizeof(a));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(hex_is_lower_case_and_comes_back),
        cmocka_unit_test(hex_in_any_other_form_is_refused),
        cmocka_unit_test(base64_is_as_rfc_4648_has_it),
        cmocka_unit_test(base64_in_any_other_form_is_refused),
        cmocka_unit_test(one_value_has_one_base64),
        cmocka_unit_test(base64url_has_its_own_letters_and_no_padding),
        cmocka_unit_test(padding_hides_the_length_within_a_block_and_comes_off),
        cmocka_unit_test(padding_in_any_other_form_is_refused),
        cmocka_unit_test(the_hashes_of_abc_are_the_published_ones),
        cmocka_unit_test(subkeys_are_frozen),
        cmocka_unit_test(a_passphrase_key_depends_on_all_its_inputs_and_has_bounds),
        cmocka_unit_test(ed25519_signs_as_rfc_8032_has_it),
        cmocka_unit_test(x25519_agrees_as_rfc_7748_has_it),
        cmocka_unit_test(a_sealed_box_opens_for_its_reader_only),
        cmocka_unit_test(a_ciphertext_shorter_than_its_tag_does_not_open),
        cmocka_unit_test(secrets_compare_whole_and_wipe_whole),
    };
    if (crypto_start() != OK)
        return 1;
    return cmocka_run_group_tests(tests, NULL, NULL);
}
