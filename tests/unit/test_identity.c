#include "tests/unit/vectors.h"

#include <stdio.h>

#include "protocol/identity.h"

static void set(char *at, const char *text)
{
    memcpy(at, text, strlen(text) + 1);
}

struct keys {
    struct sign_secret root, log, witness;
    struct dh_secret box, node;
};

static struct sym_secret seed_of(uint8_t n)
{
    struct sym_secret s;
    memset(s.b, n, sizeof(s.b));
    return s;
}

static struct sign_public pair(uint8_t n, struct sign_secret *secret)
{
    struct sym_secret seed = seed_of(n);
    struct sign_public public;
    sign_keypair(&seed, secret, &public);
    return public;
}

static struct dh_public dh_pair(uint8_t n, struct dh_secret *secret)
{
    memset(secret->b, n, sizeof(secret->b));
    return dh_public_of(secret);
}

/* Barsetshire, with every line there is; every seed one byte, repeated. */
static struct identity full(struct keys *k)
{
    struct identity id = {.role = ROLE_AUTHORITY, .version = 2, .n_officers = 2, .n_addresses = 2, .has_void = true,
                          .void_from = 17, .has_closes = true, .closes_size = 16};
    struct sign_secret officer;
    assert_int_equal(slug_parse(bytes_of("barsetshire"), &id.slug), OK);
    set(id.codes.dfe, "999");
    set(id.codes.gss, "E10999999");
    set(id.name, "Barsetshire County Council \xe2\x80\x93 \xc3\xa9t\xc3\xa9");
    id.previous = sha256(bytes_of("version 1"));
    id.root = pair(1, &k->root);
    id.log = pair(2, &k->log);
    id.witness = pair(3, &k->witness);
    id.box = dh_pair(4, &k->box);
    id.node = dh_pair(5, &k->node);
    id.officers[0] = (struct officer){.role = OFFICER_DCS, .key = pair(6, &officer), .is_own = true};
    id.officers[1] = (struct officer){.role = OFFICER_LEAD_MEMBER, .key = pair(8, &officer), .is_own = false};
    set(id.addresses[0], "node.barsetshire.example:7117");
    set(id.addresses[1], "[2001:db8::1]:7117");
    id.closes_root = sha256(bytes_of("closed"));
    return id;
}

static enum err reopen(const struct identity *id, const struct sign_secret *root, struct identity *ret)
{
    struct buf note = buf_on(IDENTITY_MAX);
    identity_sign(id, root, &note);
    assert_int_equal(buf_status(&note), OK);
    enum err e = identity_open(buf_bytes(&note), ret);
    buf_release(&note);
    return e;
}

static void the_frozen_identity_is_written_byte_for_byte(void **state)
{
    (void)state;
    struct keys k;
    struct identity id = full(&k), got;
    json_t *v = vectors_load("tests/vectors/folkmoot/identity.json");
    struct buf note = buf_on(IDENTITY_MAX), text = buf_on(IDENTITY_MAX);
    char print[FINGERPRINT_SIZE];

    identity_sign(&id, &k.root, &note);
    identity_text(&id, &text);
    assert_string_equal(buf_str(&note), vector_text(v, "note"));
    struct hash want = hash_of_hex(vector_text(v, "text_sha256")), is = identity_hash(buf_bytes(&text));
    assert_memory_equal(is.b, want.b, HASH_LEN);
    fingerprint(&id.root, print);
    assert_string_equal(print, vector_text(v, "fingerprint"));

    assert_int_equal(identity_open(vector_bytes(v, "note"), &got), OK);
    assert_string_equal(got.slug.s, "barsetshire");
    assert_int_equal(got.role, ROLE_AUTHORITY);
    assert_string_equal(got.codes.dfe, "999");
    assert_string_equal(got.codes.gss, "E10999999");
    assert_string_equal(got.name, id.name);
    assert_int_equal(got.version, 2);
    assert_memory_equal(got.previous.b, id.previous.b, HASH_LEN);
    assert_memory_equal(got.node.b, id.node.b, 32);
    assert_int_equal(got.n_officers, 2);
    assert_int_equal(got.officers[1].role, OFFICER_LEAD_MEMBER);
    assert_true(got.officers[0].is_own && !got.officers[1].is_own);
    assert_string_equal(got.addresses[1], "[2001:db8::1]:7117");
    assert_true(got.has_void && got.void_from == 17 && got.has_closes && got.closes_size == 16);
    buf_release(&note);
    buf_release(&text);
    json_decref(v);
}

/* The text of full() with one part of it replaced. */
static enum err parse_with(const char *from, const char *to)
{
    struct keys k;
    struct identity id = full(&k), got;
    struct buf text = buf_on(IDENTITY_MAX), changed = buf_on(4 * IDENTITY_MAX);
    identity_text(&id, &text);
    const char *s = buf_str(&text), *at = strstr(s, from);
    assert_non_null(at);
    buf_put(&changed, (struct bytes){(const uint8_t *)s, (size_t)(at - s)});
    buf_put_str(&changed, to);
    buf_put_str(&changed, at + strlen(from));
    enum err e = identity_parse(buf_bytes(&changed), &got);
    buf_release(&text);
    buf_release(&changed);
    return e;
}

static void a_text_that_is_not_in_its_one_form_is_refused(void **state)
{
    (void)state;
    static const char *const changes[][2] = {
        {"folkmoot identity v1\n", "folkmoot identity v2\n"},
        {"folkmoot identity v1\n", "folkmoot identity v1\n\n"},
        {"folkmoot identity v1\n", "folkmoot charter v1\n"},
        {"name ", "colour red\nname "},
        {"name ", "name A\nname "},
        {"version 2\n", ""},
        {"version 2", "version 02"},
        {"version 2", "version 0"},
        {"version 2", "version 2 "},
        {"version 2", "version  2"},
        {"version 2", "version 1"},
        {"version 2", "version +2"},
        {"version 2", "version 4294967296"},
        {"version 2\nprevious ", "previous "},
        {"dfe=999 gss=E10999999", "gss=E10999999 dfe=999"},
        {"dfe=999 gss=E10999999", "dfe=999  gss=E10999999"},
        {"dfe=999 gss=E10999999", "dfe=999 gss=E10999999 "},
        {"dfe=999", "dfe=99"},
        {"dfe=999", "dfe=9999"},
        {"dfe=999", "dfe=99a"},
        {"dfe=999", "dfe=999 dfe=999"},
        {"gss=E10", "gss=W10"},
        {"gss=E10", "gss=e10"},
        {"gss=E10999999", "gss=E109999999"},
        {" authority ", " council "},
        {"member barsetshire", "member Barsetshire"},
        {"name Barsetshire", "name  Barsetshire"},
        {"name Barsetshire", "name Barset\tshire"},
        {"name Barsetshire", "name Barset\x7fshire"},
        {"name Barsetshire", "name Barset\xc2\x85shire"},
        {"name Barsetshire", "name Barset\xffshire"},
        {"name Barsetshire County Council \xe2\x80\x93 \xc3\xa9t\xc3\xa9", "name "},
        {" own\n", " owned\n"},
        {" own\n", " own held\n"},
        {"officer dcs", "officer boss"},
        {":7117\n", ":0\n"},
        {"void 17\n", "void 17\nvoid 18\n"},
        {"void 17\n", "void -1\n"},
        {"void 17\n", "void 18446744073709551616\n"},
        {"closes 16 ", "closes 016 "},
        {"closes 16 ", "closes 16  "},
        {"root ", "root A"},
        {"=\nlog", "\nlog"},
    };
    assert_int_equal(parse_with("version 2", "version 3"), OK);
    assert_int_equal(parse_with("dfe=999 ", ""), OK);
    assert_int_equal(parse_with(" gss=E10999999", ""), OK);
    for (size_t i = 0; i < sizeof(changes) / sizeof(changes[0]); i++)
        if (parse_with(changes[i][0], changes[i][1]) != ERR_FORMAT)
            fail_msg("taken: \"%s\" for \"%s\"", changes[i][1], changes[i][0]);
}

static void a_first_version_says_that_nothing_came_before(void **state)
{
    (void)state;
    struct keys k;
    struct identity id = full(&k), got;
    id.version = 1;
    assert_int_equal(reopen(&id, &k.root, &got), OK);
    static const struct hash zero;
    assert_memory_equal(got.previous.b, zero.b, HASH_LEN);
    id.version = 2;
    id.previous = zero;                     /* a second way to say "nothing" */
    assert_int_equal(reopen(&id, &k.root, &got), ERR_FORMAT);
}

static void a_list_ends_at_its_limit(void **state)
{
    (void)state;
    struct keys k;
    struct identity id = full(&k), got;
    struct sign_secret s;
    struct buf text = buf_on(IDENTITY_MAX);
    id.n_officers = IDENTITY_OFFICERS_MAX;
    for (size_t i = 0; i < IDENTITY_OFFICERS_MAX; i++)
        id.officers[i] = (struct officer){.role = OFFICER_ANALYST, .key = pair((uint8_t)(100 + i), &s)};
    assert_int_equal(reopen(&id, &k.root, &got), OK);
    assert_int_equal(got.n_officers, IDENTITY_OFFICERS_MAX);
    identity_text(&id, &text);
    const char *t = buf_str(&text), *last = strstr(t, "officer ");
    size_t line = (size_t)(strchr(last, '\n') - last) + 1;
    struct buf more = buf_on(IDENTITY_MAX);
    buf_put(&more, (struct bytes){text.p, (size_t)(last - t) + line});
    buf_put_str(&more, last);               /* the first one twice: 33 */
    assert_int_equal(identity_parse(buf_bytes(&more), &got), ERR_FORMAT);
    buf_release(&text);
    buf_release(&more);
    id.n_officers = 0;
    id.n_addresses = IDENTITY_ADDRESSES_MAX;
    for (size_t i = 0; i < IDENTITY_ADDRESSES_MAX; i++)
        set(id.addresses[i], "a.example:1");
    assert_int_equal(reopen(&id, &k.root, &got), OK);
    assert_int_equal(parse_with("address ", "address a:1\naddress a:2\naddress a:3\naddress "), ERR_FORMAT);
}

static void a_failure_leaves_the_result_alone(void **state)
{
    (void)state;
    struct identity got = {.version = 77};
    struct bytes cut = bytes_of("folkmoot identity v1\nmember aa lead\nname x\nversion 3\n");
    assert_int_equal(identity_parse(cut, &got), ERR_FORMAT);
    assert_int_equal(got.version, 77);
    assert_int_equal(got.slug.s[0], 0);
}

static void an_identity_that_its_root_did_not_sign_is_refused(void **state)
{
    (void)state;
    struct keys k;
    struct identity id = full(&k), got;
    struct buf text = buf_on(IDENTITY_MAX), note = buf_on(IDENTITY_MAX);
    struct note_key key = {.name = "barsetshire/root", .type = NOTE_ED25519, .key = id.log};
    identity_text(&id, &text);
    note_begin(buf_bytes(&text), &note);
    note_sign(buf_bytes(&text), &key, &k.log, &note);           /* by another key, under the root's name */
    assert_int_equal(identity_open(buf_bytes(&note), &got), ERR_SIGNATURE);

    key = root_key(&id.slug, &id.root);
    buf_clear(&note);
    note_begin(buf_bytes(&text), &note);
    note_sign(bytes_of("another text\n"), &key, &k.root, &note);
    assert_int_equal(identity_open(buf_bytes(&note), &got), ERR_SIGNATURE);
    assert_int_equal(identity_open(buf_bytes(&text), &got), ERR_FORMAT);
    buf_release(&text);
    buf_release(&note);
}

static void mixed_order_keys_are_never_enrolled(void **state)
{
    (void)state;
    json_t *v = vectors_load("tests/vectors/ed25519/mixed_order_keys.json"), *cases = json_object_get(v, "cases"), *one;
    size_t i;
    assert_true(json_array_size(cases) > 0);
    json_array_foreach(cases, i, one) {
        struct keys k;
        struct identity id = full(&k), got;
        struct sign_public bad;
        hex_into(vector_text(one, "pk"), bad.b, sizeof(bad.b));
        id.log = bad;
        assert_int_equal(reopen(&id, &k.root, &got), ERR_KEY);
        id = full(&k);
        id.witness = bad;
        assert_int_equal(reopen(&id, &k.root, &got), ERR_KEY);
        id = full(&k);
        id.officers[1].key = bad;
        assert_int_equal(reopen(&id, &k.root, &got), ERR_KEY);

        id = full(&k);                      /* as root: no signature of such a key is even looked at */
        struct buf text = buf_on(IDENTITY_MAX), note = buf_on(IDENTITY_MAX);
        id.root = bad;
        struct note_key key = root_key(&id.slug, &bad);
        identity_text(&id, &text);
        note_begin(buf_bytes(&text), &note);
        note_sign(buf_bytes(&text), &key, &k.root, &note);
        assert_int_equal(identity_open(buf_bytes(&note), &got), ERR_KEY);
        buf_release(&text);
        buf_release(&note);

        id = full(&k);
        hex_into(vector_text(one, "clean_pk"), id.log.b, sizeof(id.log.b));
        assert_int_equal(reopen(&id, &k.root, &got), OK);
    }
    json_decref(v);
}

static void small_order_x25519_keys_are_never_enrolled(void **state)
{
    (void)state;
    static const char *const small[] = {    /* RFC 7748 6.1; cr.yp.to/ecdh.html lists them */
        "0000000000000000000000000000000000000000000000000000000000000000",
        "0100000000000000000000000000000000000000000000000000000000000000",
        "e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800",
        "5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f1157",
        "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
        "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    };
    for (size_t i = 0; i < sizeof(small) / sizeof(small[0]); i++) {
        struct keys k;
        struct identity id = full(&k), got;
        hex_into(small[i], id.box.b, sizeof(id.box.b));
        assert_int_equal(reopen(&id, &k.root, &got), ERR_KEY);
        id = full(&k);
        hex_into(small[i], id.node.b, sizeof(id.node.b));
        assert_int_equal(reopen(&id, &k.root, &got), ERR_KEY);
    }
}

static void one_key_serves_one_purpose(void **state)
{
    (void)state;
    struct keys k;
    struct identity id = full(&k), got;
    id.witness = id.log;
    assert_int_equal(reopen(&id, &k.root, &got), ERR_KEY);
    id = full(&k);
    id.log = id.root;
    assert_int_equal(reopen(&id, &k.root, &got), ERR_KEY);
    id = full(&k);
    id.node = id.box;
    assert_int_equal(reopen(&id, &k.root, &got), ERR_KEY);
    id = full(&k);
    id.officers[1].key = id.officers[0].key;
    assert_int_equal(reopen(&id, &k.root, &got), ERR_KEY);
    id = full(&k);
    memcpy(id.box.b, id.witness.b, 32);     /* across kinds, too */
    assert_int_equal(reopen(&id, &k.root, &got), ERR_KEY);
}

static void the_next_version_names_the_text_before(void **state)
{
    (void)state;
    struct keys k;
    struct identity prev = full(&k), next;
    struct buf text = buf_on(IDENTITY_MAX);
    identity_text(&prev, &text);
    next = prev;
    next.version = 3;
    next.previous = identity_hash(buf_bytes(&text));
    assert_int_equal(identity_check_next(&prev, buf_bytes(&text), &next), OK);
    struct identity wrong = next;
    wrong.version = 4;
    assert_int_equal(identity_check_next(&prev, buf_bytes(&text), &wrong), ERR_CHAIN);
    wrong = next;
    wrong.previous.b[31] ^= 1;
    assert_int_equal(identity_check_next(&prev, buf_bytes(&text), &wrong), ERR_CHAIN);
    wrong = next;
    wrong.root = wrong.log;
    assert_int_equal(identity_check_next(&prev, buf_bytes(&text), &wrong), ERR_CHAIN);
    wrong = next;
    wrong.slug.s[0] = 'c';
    assert_int_equal(identity_check_next(&prev, buf_bytes(&text), &wrong), ERR_CHAIN);
    buf_release(&text);
}

static void an_address_is_a_host_and_a_port(void **state)
{
    (void)state;
    static const char *const good[] = {"a:1", "node.example.gov.uk:7117", "127.0.0.1:65535", "[::1]:1", "[::]:7117",
                                       "[2001:db8:0:1:1:1:1:1]:80", "[1::]:80", "xn--caf-dma.example:9", "a-b.c-d:10",
                                       "[1:2:3:4:5:6:7::]:1", "[fe80::1:2]:443"};
    static const char *const bad[] = {"", ":", "a", "a:", ":1", "a:0", "a:65536", "a:01", "a:+1", "a b:1", "-a:1",
                                      "a-:1", "a..b:1", ".a:1", "a.:1", "a_b:1", "::1:80", "[::1]", "[::1]80",
                                      "[]:1", "[:]:1", "[:::]:1", "[1::2::3]:1", "[1:2:3:4:5:6:7:8:9]:1", "[12345::]:1",
                                      "[1:2:3:4:5:6:7]:1", "[1:2:3:4:5:6:7:8::]:1", "[g::]:1", "[::1:80", "::1]:80",
                                      "[1:]:1", "[:1]:1", "[fe80::1%eth0]:1", "a.-b:1", "a:1 ", "http://a:1"};
    char label[70] = {0};
    for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++)
        if (!address_is_valid(bytes_of(good[i])))
            fail_msg("refused %s", good[i]);
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
        if (address_is_valid(bytes_of(bad[i])))
            fail_msg("took %s", bad[i]);
    memset(label, 'a', 63);
    set(label + 63, ":1");
    assert_true(address_is_valid(bytes_of(label)));
    memset(label, 'a', 64);
    set(label + 64, ":1");
    assert_false(address_is_valid(bytes_of(label)));
}

static void every_role_has_one_name(void **state)
{
    (void)state;
    for (unsigned i = 0; i < ROLE_COUNT; i++) {
        enum role r;
        assert_int_equal(role_parse(bytes_of(role_name((enum role)i)), &r), OK);
        assert_int_equal(r, i);
    }
    for (unsigned i = 0; i < OFFICER_ROLE_COUNT; i++) {
        enum officer_role r;
        assert_int_equal(officer_role_parse(bytes_of(officer_role_name((enum officer_role)i)), &r), OK);
        assert_int_equal(r, i);
    }
    enum role none;
    assert_int_equal(role_parse(bytes_of("Lead"), &none), ERR_FORMAT);
    assert_int_equal(role_parse(bytes_of(""), &none), ERR_FORMAT);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_frozen_identity_is_written_byte_for_byte),
        cmocka_unit_test(a_text_that_is_not_in_its_one_form_is_refused),
        cmocka_unit_test(a_first_version_says_that_nothing_came_before),
        cmocka_unit_test(a_list_ends_at_its_limit),
        cmocka_unit_test(a_failure_leaves_the_result_alone),
        cmocka_unit_test(an_identity_that_its_root_did_not_sign_is_refused),
        cmocka_unit_test(mixed_order_keys_are_never_enrolled),
        cmocka_unit_test(small_order_x25519_keys_are_never_enrolled),
        cmocka_unit_test(one_key_serves_one_purpose),
        cmocka_unit_test(the_next_version_names_the_text_before),
        cmocka_unit_test(an_address_is_a_host_and_a_port),
        cmocka_unit_test(every_role_has_one_name),
    };
    return crypto_start() != OK || cmocka_run_group_tests(tests, NULL, NULL) != 0;
}
