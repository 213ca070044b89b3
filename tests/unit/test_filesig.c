/* tests/unit/test_filesig.c - signatures over files, taken apart again as their formats have them; that the tools themselves
 * take them is shown in tests/e2e/test_tools.sh. */
#include "protocol/filesig.h"

#include <stdio.h>

#include "tests/unit/vectors.h"

/* FIPS 180-4 and RFC 7693, of "abc". */
static const char sha512_abc[] = "ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a"
                                 "2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f";
static const char blake2b_abc[] = "ba80a53f981c4d0d6a2797b69f12f6e94c212f14685ac4b74b12bb6fdbffa2d1"
                                  "7d87c5392aab792dc252d5de4533cc9518d38aa8dbf1925ab92386edd4009923";

static struct sign_secret secret;
static struct sign_public public;

static int make_key(void **state)
{
    struct sym_secret seed;
    (void)state;
    memset(seed.b, 7, sizeof(seed.b));
    sign_keypair(&seed, &secret, &public);
    return 0;
}

static struct hash512 hash_of(enum long_hash kind, const char *a, const char *b)
{
    struct long_hashing h;
    long_hash_begin(&h, kind);
    long_hash_put(&h, bytes_of(a));
    long_hash_put(&h, bytes_of(b));
    return long_hash_end(&h);
}

static void long_hashes_are_those_of_the_standards(void **state)
{
    (void)state;
    uint8_t want[64];
    struct hash512 got = hash_of(LONG_SHA512, "a", "bc");
    assert_int_equal(hex_decode(bytes_of(sha512_abc), want, sizeof(want)), OK);
    assert_memory_equal(got.b, want, sizeof(want));
    got = hash_of(LONG_BLAKE2B, "ab", "c");
    assert_int_equal(hex_decode(bytes_of(blake2b_abc), want, sizeof(want)), OK);
    assert_memory_equal(got.b, want, sizeof(want));
}

static struct bytes line_of(struct bytes *in)
{
    struct bytes line;
    assert_true(bytes_line(in, &line));
    return line;
}

static void a_minisig_is_prehashed_and_signs_its_comment(void **state)
{
    (void)state;
    struct hash512 hash = hash_of(LONG_BLAKE2B, "a", "bc");
    struct buf b = buf_on(FILESIG_MAX), key = buf_on(FILESIG_MAX);
    minisign_sign(&hash, &secret, "of somebody", "timestamp:1", &b);
    minisign_public(&public, &key);
    assert_int_equal(buf_status(&b), OK);
    struct bytes in = buf_bytes(&b), pub = buf_bytes(&key);
    assert_true(bytes_equal(line_of(&in), bytes_of("untrusted comment: of somebody")));
    uint8_t blob[74], global[64], keyblob[42], whole[64 + 11];
    assert_int_equal(base64_decode(line_of(&in), blob, sizeof(blob)), OK);
    assert_memory_equal(blob, "ED", 2);             /* not "Ed", which would be the file itself */
    struct signature sig;
    memcpy(sig.b, blob + 10, sizeof(sig.b));
    assert_int_equal(sign_check(&public, (struct bytes){hash.b, sizeof(hash.b)}, &sig), OK);
    assert_true(bytes_equal(line_of(&in), bytes_of("trusted comment: timestamp:1")));
    assert_int_equal(base64_decode(line_of(&in), global, sizeof(global)), OK);
    assert_int_equal(in.len, 0);
    memcpy(whole, sig.b, 64);
    memcpy(whole + 64, "timestamp:1", 11);
    memcpy(sig.b, global, sizeof(sig.b));
    assert_int_equal(sign_check(&public, (struct bytes){whole, sizeof(whole)}, &sig), OK);
    (void)line_of(&pub);
    assert_int_equal(base64_decode(line_of(&pub), keyblob, sizeof(keyblob)), OK);
    assert_memory_equal(keyblob, "Ed", 2);
    assert_memory_equal(keyblob + 2, blob + 2, 8);  /* the key number joins them */
    assert_memory_equal(keyblob + 10, public.b, 32);
    buf_release(&b);
    buf_release(&key);
}

static struct bytes ssh_string(struct bytes *in)
{
    assert_true(in->len >= 4);
    size_t len = get_u32be(in->p);
    assert_true(in->len >= 4 + len);
    struct bytes s = {in->p + 4, len};
    *in = (struct bytes){in->p + 4 + len, in->len - 4 - len};
    return s;
}

static size_t unarmour(struct bytes in, uint8_t ret[512])
{
    char text[1024];
    size_t n = 0, len = 0;
    assert_true(bytes_equal(line_of(&in), bytes_of("-----BEGIN SSH SIGNATURE-----")));
    for (struct bytes line = line_of(&in); line.p[0] != '-'; line = line_of(&in)) {
        assert_true(line.len <= 76);
        memcpy(text + n, line.p, line.len);
        n += line.len;
    }
    assert_int_equal(in.len, 0);
    assert_int_equal(base64_decode_upto((struct bytes){(const uint8_t *)text, n}, ret, 512, &len), OK);
    return len;
}

static void an_sshsig_names_its_hash_and_its_namespace(void **state)
{
    (void)state;
    struct hash512 hash = hash_of(LONG_SHA512, "a", "bc");
    struct buf b = buf_on(FILESIG_MAX), signed_bytes = buf_on(FILESIG_MAX);
    uint8_t blob[512];
    sshsig_sign(&hash, &secret, &b);
    assert_int_equal(buf_status(&b), OK);
    struct bytes in = {blob, unarmour(buf_bytes(&b), blob)};
    assert_memory_equal(in.p, "SSHSIG\0\0\0\1", 10);
    in = (struct bytes){in.p + 10, in.len - 10};
    struct bytes key = ssh_string(&in);
    assert_true(bytes_equal(ssh_string(&key), bytes_of("ssh-ed25519")));
    assert_true(bytes_equal(ssh_string(&key), (struct bytes){public.b, 32}));
    assert_true(bytes_equal(ssh_string(&in), bytes_of("file")));
    assert_int_equal(ssh_string(&in).len, 0);
    assert_true(bytes_equal(ssh_string(&in), bytes_of("sha512")));
    struct bytes outer = ssh_string(&in);
    assert_int_equal(in.len, 0);
    assert_true(bytes_equal(ssh_string(&outer), bytes_of("ssh-ed25519")));
    struct signature sig;
    memcpy(sig.b, ssh_string(&outer).p, sizeof(sig.b));
    static const uint8_t head[] = "SSHSIG\0\0\0\4file\0\0\0\0\0\0\0\6sha512\0\0\0\x40";
    buf_put(&signed_bytes, (struct bytes){head, sizeof(head) - 1});
    buf_put(&signed_bytes, (struct bytes){hash.b, sizeof(hash.b)});
    assert_int_equal(sign_check(&public, buf_bytes(&signed_bytes), &sig), OK);
    buf_release(&b);
    buf_release(&signed_bytes);
}

static void what_has_no_room_is_a_failure_of_the_buffer(void **state)
{
    (void)state;
    struct hash512 hash = hash_of(LONG_SHA512, "", "");
    struct buf b = buf_on(40);
    sshsig_sign(&hash, &secret, &b);
    assert_int_equal(buf_status(&b), ERR_LIMIT);
    buf_release(&b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(long_hashes_are_those_of_the_standards),
        cmocka_unit_test(a_minisig_is_prehashed_and_signs_its_comment),
        cmocka_unit_test(an_sshsig_names_its_hash_and_its_namespace),
        cmocka_unit_test(what_has_no_room_is_a_failure_of_the_buffer),
    };
    if (crypto_start() != OK)
        return 1;
    return cmocka_run_group_tests(tests, make_key, NULL);
}
