#include "protocol/note.h"

#include <stdio.h>
#include <stdlib.h>

#include "tests/unit/vectors.h"

#define DASH "\xe2\x80\x94"
#define TEXT "folkmoot test v1\nsomething to sign\n"

/* Keys made from a byte, for the tests of our own. */
struct signer {
    struct note_key key;
    struct sign_secret secret;
};

static struct signer signer_of(const char *name, enum note_key_type type, uint8_t seed_byte)
{
    struct signer s = {.key.type = type};
    struct sym_secret seed;
    memset(seed.b, seed_byte, sizeof(seed.b));
    sign_keypair(&seed, &s.secret, &s.key.key);
    assert_int_equal(bytes_to_str(bytes_of(name), s.key.name, sizeof(s.key.name)), OK);
    return s;
}

static int start(void **state)
{
    (void)state;
    return crypto_start() == OK ? 0 : 1;
}

static struct note_key vkey(const char *text)
{
    struct note_key k;
    assert_int_equal(note_vkey_parse(bytes_of(text), &k), OK);
    return k;
}

/* --- golang.org/x/mod/sumdb/note ------------------------------------------- */

static bool same_key(const struct note_key *a, const struct note_key *b)
{
    struct note_keyid x = note_keyid(a), y = note_keyid(b);
    return strcmp(a->name, b->name) == 0 && memcmp(x.b, y.b, sizeof(x.b)) == 0;
}

/* Go's note.Open on top of ours: every known key that appears must hold, one must
 * be there, and of two keys that cannot be told apart neither is known. */
static bool open_as_go(struct bytes in, const json_t *vkeys, const json_t *want_verified)
{
    struct note n;
    size_t n_ok = 0;
    if (note_parse(in, &n) != OK)
        return false;
    for (size_t i = 0; i < json_array_size(vkeys); i++) {
        struct note_key k = vkey(json_string_value(json_array_get(vkeys, i)));
        uint64_t time = 99;
        enum err e = note_check(&n, &k, &time);
        if (e == ERR_SIGNATURE)
            return false;
        if (e == ERR_UNKNOWN)
            continue;
        assert_int_equal(time, 0);
        for (size_t other = 0; other < json_array_size(vkeys); other++) {
            struct note_key o = vkey(json_string_value(json_array_get(vkeys, other)));
            if (other != i && same_key(&k, &o))
                return false;
        }
        assert_string_equal(k.name, json_string_value(json_array_get(want_verified, n_ok)));
        n_ok++;
    }
    return n_ok > 0 && n_ok == json_array_size(want_verified);
}

static void the_17_cases_of_go_come_out_as_go_has_them(void **state)
{
    (void)state;
    json_t *v = vectors_load("tests/vectors/note/golang_note.json");
    const json_t *cases = json_object_get(v, "cases");
    assert_int_equal(json_array_size(cases), 17);
    for (size_t i = 0; i < 17; i++) {
        const json_t *c = json_array_get(cases, i);
        const char *hex = json_string_value(json_object_get(c, "note_hex"));
        uint8_t raw[512];
        struct bytes in;
        if (hex != NULL) {
            hex_into(hex, raw, strlen(hex) / 2);
            in = (struct bytes){raw, strlen(hex) / 2};
        } else {
            in = vector_bytes(c, "note");
        }
        if (open_as_go(in, json_object_get(c, "vkeys"), json_object_get(c, "verified"))
            != json_is_true(json_object_get(c, "ok")))
            fail_msg("%s", vector_text(c, "name"));
    }
    json_decref(v);
}

static void gos_key_signs_gos_note_byte_for_byte(void **state)
{
    (void)state;
    json_t *v = vectors_load("tests/vectors/note/golang_note.json");
    struct note_key k = vkey(json_string_value(json_array_get(json_object_get(v, "vkeys_good"), 0)));
    uint8_t type_and_seed[33];
    const char *skey = vector_text(v, "skey");           /* PRIVATE+KEY+<name>+<key id>+<base64> */
    assert_int_equal(base64_decode(bytes_of(skey + strlen(skey) - 44), type_and_seed, 33), OK);
    struct sym_secret seed;
    struct sign_secret secret;
    struct sign_public public;
    memcpy(seed.b, type_and_seed + 1, sizeof(seed.b));
    sign_keypair(&seed, &secret, &public);
    assert_memory_equal(public.b, k.key.b, sizeof(public.b));

    struct buf b = buf_on(NOTE_MAX);
    note_begin(vector_bytes(v, "sign_text"), &b);
    note_sign(vector_bytes(v, "sign_text"), &k, &secret, &b);
    assert_bytes_equal(buf_bytes(&b), vector_bytes(v, "sign_expect"));
    buf_release(&b);
    json_decref(v);
}

static void vkeys_are_read_and_written_back(void **state)
{
    (void)state;
    json_t *v = vectors_load("tests/vectors/note/golang_note.json");
    json_t *formats = vectors_load("tests/vectors/note/transparency_dev_formats.json");
    json_t *example = vectors_load("tests/vectors/note/c2sp_signed_note_example.json");
    const json_t *good = json_object_get(v, "vkeys_good"), *bad = json_object_get(v, "vkeys_bad");
    const char *list[8];
    size_t n = 0;
    for (; n < json_array_size(good); n++)
        list[n] = json_string_value(json_array_get(good, n));
    list[n++] = vector_text(formats, "cosig_vkey_native");
    list[n++] = vector_text(formats, "cosig_vkey_from_note");
    list[n++] = vector_text(example, "vkey");
    assert_int_equal(n, 6);
    for (size_t i = 0; i < n; i++) {
        struct note_key k = vkey(list[i]);
        struct buf b = buf_on(1024);
        note_vkey_write(&k, &b);
        assert_string_equal(buf_str(&b), list[i]);
        assert_int_equal(k.type, i == 3 ? NOTE_COSIGNATURE : NOTE_ED25519);
        buf_release(&b);
    }
    assert_int_equal(json_array_size(bad), 2);
    for (size_t i = 0; i < 2; i++)
        assert_int_equal(note_vkey_parse(bytes_of(json_string_value(json_array_get(bad, i))), &(struct note_key){0}),
                         ERR_FORMAT);
    json_decref(v);
    json_decref(formats);
    json_decref(example);
}

/* "every proper substring, and every single byte +1, of a good vkey must be rejected" */
static void every_mutation_of_a_good_vkey_is_refused(void **state)
{
    (void)state;
    json_t *v = vectors_load("tests/vectors/note/golang_note.json");
    const json_t *good = json_object_get(v, "vkeys_good");
    struct note_key k;
    for (size_t i = 0; i < json_array_size(good); i++) {
        char text[128];
        assert_int_equal(bytes_to_str(bytes_of(json_string_value(json_array_get(good, i))), text, sizeof(text)), OK);
        size_t len = strlen(text);
        for (size_t from = 0; from < len; from++)
            for (size_t n = 0; n <= len - from; n++)
                if (n < len)
                    assert_int_equal(note_vkey_parse((struct bytes){(uint8_t *)text + from, n}, &k), ERR_FORMAT);
        for (size_t at = 0; at < len; at++) {
            text[at]++;
            assert_int_equal(note_vkey_parse(bytes_of(text), &k), ERR_FORMAT);
            text[at]--;
        }
        assert_int_equal(note_vkey_parse(bytes_of(text), &k), OK);
    }
    json_decref(v);
}

/* Bytes above 0x7f too: libsodium 1.0.18 alone would read some of them as base64. */
static void every_other_byte_anywhere_in_a_vkey_is_refused(void **state)
{
    (void)state;
    uint8_t text[] = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW";
    const size_t len = sizeof(text) - 1;
    struct note_key k;
    for (size_t at = 0; at < len; at++) {
        uint8_t right = text[at];
        for (unsigned v = 0; v < 256; v++) {
            text[at] = (uint8_t)v;
            assert_int_equal(note_vkey_parse((struct bytes){text, len}, &k), v == right ? OK : ERR_FORMAT);
        }
        text[at] = right;
    }
}

static void a_vkey_has_one_form(void **state)
{
    (void)state;
    static const char *const bad[] = {
        "PeterNeumann+C74F20A3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
        "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW\n",
        "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq_LDE4izWy10TW",
        "PeterNeumann+0c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW", "", "+", "++", "a+b+c"};
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
        assert_int_equal(note_vkey_parse(bytes_of(bad[i]), &(struct note_key){0}), ERR_FORMAT);
}

/* --- C2SP, sum.golang.org, transparency-dev -------------------------------- */

static void the_example_of_c2sp_and_a_real_head_of_sum_golang_org_hold(void **state)
{
    (void)state;
    json_t *example = vectors_load("tests/vectors/note/c2sp_signed_note_example.json");
    json_t *tlog = vectors_load("tests/vectors/note/golang_tlog.json");
    const json_t *both[] = {example, json_object_get(tlog, "sumdb_latest")};
    for (size_t i = 0; i < 2; i++) {
        struct note_key k = vkey(vector_text(both[i], "vkey"));
        struct note n;
        assert_int_equal(note_parse(vector_bytes(both[i], "note"), &n), OK);
        assert_int_equal(note_check(&n, &k, NULL), OK);
    }
    json_decref(example);
    json_decref(tlog);
}

static void a_cosignatures_time_is_where_transparency_dev_reads_it(void **state)
{
    (void)state;
    json_t *v = vectors_load("tests/vectors/note/transparency_dev_formats.json");
    const json_t *cases = json_object_get(v, "cosig_timestamp");
    assert_int_equal(json_array_size(cases), 3);
    for (size_t i = 0; i < 3; i++) {
        const json_t *c = json_array_get(cases, i), *time = json_array_get(c, 1);
        struct buf b = buf_on(NOTE_MAX);
        struct note n;
        buf_printf(&b, TEXT "\n" DASH " witness.example %s\n", json_string_value(json_array_get(c, 0)));
        enum err e = note_parse(buf_bytes(&b), &n);
        if (e == OK && n.lines[0].blob_len == 72)
            assert_true((json_int_t)get_u64be(n.lines[0].blob) == json_integer_value(time));
        else
            assert_true(json_is_null(time));
        assert_int_equal(e, i < 2 ? OK : ERR_FORMAT);
        buf_release(&b);
    }
    json_decref(v);
}

/* --- shape ----------------------------------------------------------------- */

/* A line that parses: a key id, one byte of signature. */
#define SIG "AAAAAAE="
#define LINE DASH " a.example " SIG "\n"

static void assert_parses(struct bytes in, enum err want)
{
    uint8_t *exact = malloc(in.len > 0 ? in.len : 1);   /* a sanitizer sees a read past the end */
    assert_non_null(exact);
    if (in.len > 0)
        memcpy(exact, in.p, in.len);
    struct note n = {.n_lines = 1234};
    enum err e = note_parse((struct bytes){exact, in.len}, &n);
    if (e != want)
        fail_msg("%s instead of %s: %.*s", err_code(e), err_code(want), (int)in.len, (const char *)in.p);
    if (e != OK)
        assert_int_equal(n.n_lines, 1234);
    free(exact);
}

static void the_text_ends_at_the_last_empty_line(void **state)
{
    (void)state;
    struct note n;
    const char *in = "one\n\n" DASH " not.a.line x\n\ntwo\n\n" LINE LINE;
    assert_int_equal(note_parse(bytes_of(in), &n), OK);
    assert_bytes_equal(n.text, bytes_of("one\n\n" DASH " not.a.line x\n\ntwo\n"));
    assert_int_equal(n.n_lines, 2);
    assert_bytes_equal(n.lines[0].name, bytes_of("a.example"));
    assert_bytes_equal(n.lines[0].line, bytes_of(DASH " a.example " SIG));
    assert_int_equal(n.lines[0].blob_len, 1);
    assert_int_equal(n.lines[0].blob[0], 1);
    assert_int_equal(note_parse(bytes_of("\n\n" LINE), &n), OK);
    assert_bytes_equal(n.text, bytes_of("\n"));
}

static void lines_in_any_other_form_spoil_the_note(void **state)
{
    (void)state;
    static const char *const good[] = {
        TEXT "\n" LINE, TEXT "\n" DASH " \xc3\xa9t\xc3\xa9 " SIG "\n", TEXT "\n" DASH " a/b.c-d_e " SIG "\n",
        TEXT "\n" DASH " a AAAAAAEC\n", "\x7f\n\n" LINE};
    static const char *const bad[] = {
        "", "\n", "\n\n", TEXT, TEXT "\n", TEXT LINE, "\n" LINE, LINE, TEXT "\n" LINE "\n", TEXT "\n\n\n",
        TEXT "\n" DASH " a.example " SIG, TEXT "\n" LINE "x\n", TEXT "\nx\n" LINE,
        TEXT "\n- a.example " SIG "\n", TEXT "\n" DASH "a.example " SIG "\n", TEXT "\n" DASH "  a.example " SIG "\n",
        TEXT "\n" DASH " a.example  " SIG "\n", TEXT "\n" DASH " a.example " SIG " \n", TEXT "\n" DASH " a.example\n",
        TEXT "\n" DASH " a.example \n", TEXT "\n" DASH " " SIG "\n", TEXT "\n" DASH "  " SIG "\n", TEXT "\n" DASH "\n",
        TEXT "\n" DASH " a+b " SIG "\n", TEXT "\n" DASH " a\xc2\xa0" "b " SIG "\n",
        TEXT "\n" DASH " a\xc2\x85 " SIG "\n",
        TEXT "\n" DASH " \xe2\x80\x83 " SIG "\n", TEXT "\n" DASH " a\xe3\x80\x80" "b " SIG "\n",
        TEXT "\n" DASH " a\xe2\x80\xa8" "b " SIG "\n", TEXT "\n" DASH " a\xe1\x9a\x80 " SIG "\n",
        TEXT "\n" DASH " a.example AAAAAAE\n", TEXT "\n" DASH " a.example AAAAAAE==\n",
        TEXT "\n" DASH " a.example AAAAAAF=\n", TEXT "\n" DASH " a.example AAAAAA==\n", /* bits over; no byte */
        TEXT "\n" DASH " a.example AAAAAB==\n", TEXT "\n" DASH " a.example AAAA\n", TEXT "\n" DASH " a.example ====\n",
        TEXT "\n" DASH " a.example AAAA_AE=\n", TEXT "\n" DASH " a.example AAAAAAE=" SIG "\n",
        TEXT "\n" LINE "x", TEXT "\n" LINE DASH " a.example " SIG,
        "te\txt\n\n" LINE, "text\r\n\n" LINE, TEXT "\n" DASH " a.example " SIG "\r\n", "te\x1fxt\n\n" LINE,
        "te\xffxt\n\n" LINE, "te\xc0\x80xt\n\n" LINE, "te\xed\xa0\x80xt\n\n" LINE, TEXT "\n" DASH " a\xff " SIG "\n"};
    for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++)
        assert_parses(bytes_of(good[i]), OK);
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
        assert_parses(bytes_of(bad[i]), ERR_FORMAT);
    assert_parses((struct bytes){(const uint8_t *)"a\0b\n\n" LINE, 5 + strlen(LINE)}, ERR_FORMAT);
}

/* Long signatures are decoded piece by piece: padding may stand at no joint. */
static void padding_stands_only_at_the_end_of_a_signature(void **state)
{
    (void)state;
    for (int before = 2; before < 200; before++) {
        struct buf b = buf_on(1024);
        buf_printf(&b, TEXT "\n" DASH " a.example %0*d==%064d\n", before, 0, 0);
        assert_parses(buf_bytes(&b), ERR_FORMAT);
        buf_clear(&b);
        buf_printf(&b, TEXT "\n" DASH " a.example %0*d=%064d\n", before, 0, 0);
        assert_parses(buf_bytes(&b), ERR_FORMAT);
        buf_release(&b);
    }
}

static void a_hundred_lines_are_taken_and_no_more(void **state)
{
    (void)state;
    struct buf b = buf_on(NOTE_MAX);
    buf_put_str(&b, TEXT "\n");
    for (size_t i = 0; i < NOTE_SIGNATURES_MAX; i++)
        buf_put_str(&b, LINE);
    assert_parses(buf_bytes(&b), OK);
    buf_put_str(&b, LINE);
    assert_parses(buf_bytes(&b), ERR_FORMAT);
    buf_release(&b);
}

static void a_note_has_at_most_its_limit(void **state)
{
    (void)state;
    struct buf b = buf_on(NOTE_MAX + 1);
    size_t room = NOTE_MAX - strlen("\n\n" LINE);
    memset(buf_grow(&b, room), 'x', room);
    buf_put_str(&b, "\n\n" LINE);
    assert_int_equal(b.len, NOTE_MAX);
    assert_parses(buf_bytes(&b), OK);
    buf_clear(&b);
    memset(buf_grow(&b, room + 1), 'x', room + 1);
    buf_put_str(&b, "\n\n" LINE);
    assert_parses(buf_bytes(&b), ERR_FORMAT);
    buf_release(&b);
}

/* Post-quantum signatures run to kilobytes: theirs are other people's keys, not bad notes. */
static void long_signatures_of_unknown_kinds_are_ignored_but_must_be_base64(void **state)
{
    (void)state;
    struct signer us = signer_of("us.example", NOTE_ED25519, 1);
    for (size_t len = 5; len < 5000; len += len < 200 ? 1 : 777) {
        uint8_t blob[5000];
        char text[BASE64_SIZE(5000)];
        memset(blob, 0x5a, len);
        base64_encode((struct bytes){blob, len}, text);
        struct buf b = buf_on(NOTE_MAX);
        struct note n;
        note_begin(bytes_of(TEXT), &b);
        buf_printf(&b, DASH " pq.example %s\n", text);
        note_sign(bytes_of(TEXT), &us.key, &us.secret, &b);
        assert_int_equal(note_parse(buf_bytes(&b), &n), OK);
        assert_int_equal(n.lines[0].blob_len, len - 4);
        for (size_t i = 0; i < sizeof(n.lines[0].blob); i++)
            assert_int_equal(n.lines[0].blob[i], i < len - 4 ? 0x5a : 0);
        assert_int_equal(note_check(&n, &us.key, NULL), OK);
        uint8_t *at = b.p + strlen(TEXT "\n" DASH " pq.example ");
        at[strlen(text) / 2] = '=';                     /* padding where none may be */
        assert_int_equal(note_parse(buf_bytes(&b), &n), ERR_FORMAT);
        buf_release(&b);
    }
}

/* --- signing and checking -------------------------------------------------- */

static struct buf note_of(const char *text, const struct signer *a, const struct signer *b)
{
    struct buf ret = buf_on(NOTE_MAX);
    note_begin(bytes_of(text), &ret);
    note_sign(bytes_of(text), &a->key, &a->secret, &ret);
    if (b != NULL)
        note_cosign(bytes_of(text), &b->key, &b->secret, 1700000000, &ret);
    assert_int_equal(buf_status(&ret), OK);
    return ret;
}

static void a_key_is_known_by_its_name_and_key_id_together(void **state)
{
    (void)state;
    struct signer a = signer_of("a.example", NOTE_ED25519, 1), b = signer_of("a.example", NOTE_ED25519, 2);
    struct signer c = signer_of("c.example", NOTE_ED25519, 1), w = signer_of("a.example", NOTE_COSIGNATURE, 1);
    struct buf in = note_of(TEXT, &a, NULL);
    struct note n;
    assert_int_equal(note_parse(buf_bytes(&in), &n), OK);
    assert_int_equal(note_check(&n, &a.key, NULL), OK);
    assert_ptr_equal(note_find(&n, &a.key), &n.lines[0]);
    assert_int_equal(note_check(&n, &b.key, NULL), ERR_UNKNOWN);        /* its name, another key */
    assert_int_equal(note_check(&n, &c.key, NULL), ERR_UNKNOWN);        /* its key, another name */
    assert_int_equal(note_check(&n, &w.key, NULL), ERR_UNKNOWN);        /* its name and key, another type */
    assert_null(note_find(&n, &b.key));
    buf_release(&in);
}

static void a_known_key_that_fails_rejects_the_note(void **state)
{
    (void)state;
    struct signer a = signer_of("a.example", NOTE_ED25519, 1), w = signer_of("w.example", NOTE_COSIGNATURE, 2);
    struct buf in = note_of(TEXT, &a, &w);
    struct note n;
    uint64_t time = 42;
    in.p[9] ^= 1;                                       /* a letter of the text */
    assert_int_equal(note_parse(buf_bytes(&in), &n), OK);
    assert_int_equal(note_check(&n, &a.key, &time), ERR_SIGNATURE);
    assert_int_equal(note_check(&n, &w.key, &time), ERR_SIGNATURE);
    assert_int_equal(time, 42);
    in.p[9] ^= 1;
    assert_int_equal(note_parse(buf_bytes(&in), &n), OK);
    assert_int_equal(note_check(&n, &a.key, &time), OK);
    assert_int_equal(time, 0);
    assert_int_equal(note_check(&n, &w.key, &time), OK);
    assert_int_equal(time, 1700000000);
    buf_release(&in);
}

static void a_known_key_with_a_signature_of_another_length_rejects_the_note(void **state)
{
    (void)state;
    struct signer a = signer_of("a.example", NOTE_ED25519, 1), w = signer_of("w.example", NOTE_COSIGNATURE, 2);
    struct buf in = note_of(TEXT, &a, &w);
    struct note n;
    assert_int_equal(note_parse(buf_bytes(&in), &n), OK);
    const struct signer *keys[] = {&a, &w};
    for (size_t i = 0; i < 2; i++) {
        size_t right = n.lines[i].blob_len;
        assert_int_equal(right, i == 0 ? 64 : 72);
        for (size_t len = 1; len < 200; len++) {
            n.lines[i].blob_len = len;
            assert_int_equal(note_check(&n, &keys[i]->key, NULL), len == right ? OK : ERR_SIGNATURE);
        }
    }
    buf_release(&in);
}

static void of_one_keys_lines_the_first_decides(void **state)
{
    (void)state;
    struct signer a = signer_of("a.example", NOTE_ED25519, 1);
    struct buf good = note_of(TEXT, &a, NULL), other = note_of("folkmoot test v1\nother\n", &a, NULL);
    struct note n, elsewhere;
    struct buf b = buf_on(NOTE_MAX);
    assert_int_equal(note_parse(buf_bytes(&good), &n), OK);
    assert_int_equal(note_parse(buf_bytes(&other), &elsewhere), OK);
    struct note_line ok = n.lines[0], bad = elsewhere.lines[0];

    note_begin(bytes_of(TEXT), &b);
    note_put_line(&ok, &b);
    note_put_line(&bad, &b);
    assert_int_equal(note_parse(buf_bytes(&b), &n), OK);
    assert_int_equal(note_check(&n, &a.key, NULL), OK);

    buf_clear(&b);
    note_begin(bytes_of(TEXT), &b);
    note_put_line(&bad, &b);
    note_put_line(&ok, &b);
    assert_int_equal(note_parse(buf_bytes(&b), &n), OK);
    assert_int_equal(note_check(&n, &a.key, NULL), ERR_SIGNATURE);
    buf_release(&b);
    buf_release(&good);
    buf_release(&other);
}

static void every_altered_character_of_a_signature_line_is_noticed(void **state)
{
    (void)state;
    struct signer a = signer_of("a.example", NOTE_ED25519, 1), w = signer_of("w.example", NOTE_COSIGNATURE, 2);
    struct buf in = note_of(TEXT, &a, &w);
    for (size_t at = 0; at < in.len; at++)
        for (unsigned bit = 0; bit < 8; bit++) {
            struct note n;
            in.p[at] = (uint8_t)(in.p[at] ^ 1u << bit);
            if (note_parse(buf_bytes(&in), &n) == OK)
                assert_false(note_check(&n, &a.key, NULL) == OK && note_check(&n, &w.key, NULL) == OK);
            in.p[at] = (uint8_t)(in.p[at] ^ 1u << bit);
        }
    buf_release(&in);
}

static void a_plain_signature_and_a_cosignature_never_stand_for_each_other(void **state)
{
    (void)state;
    struct signer a = signer_of("a.example", NOTE_ED25519, 1), w = signer_of("a.example", NOTE_COSIGNATURE, 1);
    struct signature sig;
    sign_make(&a.secret, bytes_of(TEXT), &sig);
    assert_int_equal(note_cosignature_check(bytes_of(TEXT), &w.key, 5, &sig), ERR_SIGNATURE);
    note_cosignature_make(bytes_of(TEXT), &w.secret, 5, &sig);
    assert_int_equal(note_cosignature_check(bytes_of(TEXT), &w.key, 5, &sig), OK);
    assert_int_equal(note_cosignature_check(bytes_of(TEXT), &a.key, 5, &sig), ERR_SIGNATURE);
    assert_int_equal(note_cosignature_check(bytes_of(TEXT), &w.key, 6, &sig), ERR_SIGNATURE);
    assert_int_equal(sign_check(&a.key.key, bytes_of(TEXT), &sig), ERR_SIGNATURE);
}

static void a_cosignature_signs_its_time_in_decimal_before_the_text(void **state)
{
    (void)state;
    struct signer w = signer_of("w.example", NOTE_COSIGNATURE, 1);
    struct signature sig;
    note_cosignature_make(bytes_of(TEXT), &w.secret, 1679315147, &sig);
    assert_int_equal(sign_check(&w.key.key, bytes_of("cosignature/v1\ntime 1679315147\n" TEXT), &sig), OK);
}

/* What signs itself with a time that no cosignature may have does not hold. */
static void a_cosignature_of_no_time_or_past_2_to_the_63_does_not_hold(void **state)
{
    (void)state;
    static const struct { uint64_t time; enum err want; } times[] = {
        {0, ERR_SIGNATURE}, {1, OK}, {INT64_MAX, OK}, {(uint64_t)INT64_MAX + 1, ERR_SIGNATURE},
        {UINT64_MAX, ERR_SIGNATURE}};
    struct signer w = signer_of("w.example", NOTE_COSIGNATURE, 1);
    for (size_t i = 0; i < sizeof(times) / sizeof(times[0]); i++) {
        char said[128];
        struct signature sig;
        struct buf b = buf_on(NOTE_MAX);
        struct note n;
        snprintf(said, sizeof(said), "cosignature/v1\ntime %llu\n" TEXT, (unsigned long long)times[i].time);
        sign_make(&w.secret, bytes_of(said), &sig);
        assert_int_equal(note_cosignature_check(bytes_of(TEXT), &w.key, times[i].time, &sig), times[i].want);
        note_begin(bytes_of(TEXT), &b);
        note_cosignature_line(&w.key, times[i].time, &sig, &b);
        assert_int_equal(note_parse(buf_bytes(&b), &n), OK);
        assert_int_equal(note_check(&n, &w.key, NULL), times[i].want);
        buf_release(&b);
    }
}

static void a_cosigned_text_is_at_most_a_checkpoints_size(void **state)
{
    (void)state;
    static char text[CHECKPOINT_MAX + 2];
    struct signer w = signer_of("w.example", NOTE_COSIGNATURE, 1);
    struct signature sig;
    memset(text, 'x', CHECKPOINT_MAX + 1);
    text[CHECKPOINT_MAX - 1] = '\n';
    struct bytes in = {(const uint8_t *)text, CHECKPOINT_MAX};
    note_cosignature_make(in, &w.secret, 9, &sig);
    assert_int_equal(note_cosignature_check(in, &w.key, 9, &sig), OK);
    in.len++;
    assert_int_equal(note_cosignature_check(in, &w.key, 9, &sig), ERR_SIGNATURE);
    in.len = 0;
    assert_int_equal(note_cosignature_check(in, &w.key, 9, &sig), ERR_SIGNATURE);
}

static void the_longest_name_fits_everywhere(void **state)
{
    (void)state;
    char name[NOTE_KEY_NAME_MAX + 2];
    memset(name, 'n', sizeof(name));
    name[NOTE_KEY_NAME_MAX] = '\0';
    struct signer a = signer_of(name, NOTE_ED25519, 3);
    struct buf b = note_of(TEXT, &a, NULL), v = buf_on(1024);
    struct note n;
    struct note_key back;
    assert_int_equal(note_parse(buf_bytes(&b), &n), OK);
    assert_int_equal(note_check(&n, &a.key, NULL), OK);
    note_vkey_write(&a.key, &v);
    assert_int_equal(note_vkey_parse(buf_bytes(&v), &back), OK);
    assert_string_equal(back.name, name);
    struct buf longer = buf_on(1024);
    buf_put_u8(&longer, 'n');
    buf_put(&longer, buf_bytes(&v));
    assert_int_equal(note_vkey_parse(buf_bytes(&longer), &back), ERR_FORMAT);
    buf_release(&b);
    buf_release(&v);
    buf_release(&longer);
}

/* --- uniting --------------------------------------------------------------- */

static void merging_keeps_each_signer_once_those_of_the_first_note_first(void **state)
{
    (void)state;
    struct signer a = signer_of("a.example", NOTE_ED25519, 1), b = signer_of("b.example", NOTE_ED25519, 2);
    struct signer w = signer_of("w.example", NOTE_COSIGNATURE, 3);
    struct buf x = note_of(TEXT, &a, &w), y = note_of(TEXT, &b, &w), want = note_of(TEXT, &a, &w);
    struct buf got = buf_on(NOTE_MAX);
    struct note nx, ny, merged;
    note_cosign(bytes_of(TEXT), &w.key, &w.secret, 5, &y);              /* again, later: still one line */
    note_sign(bytes_of(TEXT), &b.key, &b.secret, &want);
    assert_int_equal(note_parse(buf_bytes(&x), &nx), OK);
    assert_int_equal(note_parse(buf_bytes(&y), &ny), OK);
    assert_int_equal(note_merge(&nx, &ny, &got), OK);
    assert_bytes_equal(buf_bytes(&got), buf_bytes(&want));
    assert_int_equal(note_parse(buf_bytes(&got), &merged), OK);
    assert_int_equal(note_check(&merged, &a.key, NULL), OK);
    assert_int_equal(note_check(&merged, &b.key, NULL), OK);
    assert_int_equal(note_check(&merged, &w.key, NULL), OK);

    struct buf again = buf_on(NOTE_MAX);                /* with itself: nothing new */
    assert_int_equal(note_merge(&merged, &nx, &again), OK);
    assert_bytes_equal(buf_bytes(&again), buf_bytes(&got));
    struct buf small = buf_on(100);
    assert_int_equal(note_merge(&merged, &nx, &small), ERR_LIMIT);
    buf_release(&x);
    buf_release(&y);
    buf_release(&want);
    buf_release(&got);
    buf_release(&again);
    buf_release(&small);
}

static void merging_keeps_lines_of_kinds_unknown_here_to_the_letter(void **state)
{
    (void)state;
    struct signer a = signer_of("a.example", NOTE_ED25519, 1);
    struct buf x = note_of(TEXT, &a, NULL), y = buf_on(NOTE_MAX), got = buf_on(NOTE_MAX);
    struct note nx, ny;
    buf_printf(&y, TEXT "\n" DASH " pq.example %0800d\n", 0);
    assert_int_equal(note_parse(buf_bytes(&x), &nx), OK);
    assert_int_equal(note_parse(buf_bytes(&y), &ny), OK);
    assert_int_equal(note_merge(&nx, &ny, &got), OK);
    buf_printf(&x, DASH " pq.example %0800d\n", 0);
    assert_bytes_equal(buf_bytes(&got), buf_bytes(&x));
    buf_release(&x);
    buf_release(&y);
    buf_release(&got);
}

static void notes_on_different_texts_do_not_merge(void **state)
{
    (void)state;
    struct signer a = signer_of("a.example", NOTE_ED25519, 1);
    struct buf x = note_of(TEXT, &a, NULL), y = note_of(TEXT "more\n", &a, NULL), got = buf_on(NOTE_MAX);
    struct note nx, ny;
    assert_int_equal(note_parse(buf_bytes(&x), &nx), OK);
    assert_int_equal(note_parse(buf_bytes(&y), &ny), OK);
    assert_int_equal(note_merge(&nx, &ny, &got), ERR_FORMAT);
    assert_int_equal(got.len, 0);
    buf_release(&x);
    buf_release(&y);
    buf_release(&got);
}

static struct buf note_of_strangers(size_t from, size_t to)
{
    struct buf b = buf_on(NOTE_MAX);
    buf_put_str(&b, TEXT "\n");
    for (size_t i = from; i < to; i++)
        buf_printf(&b, DASH " s%zu.example " SIG "\n", i);
    return b;
}

static void a_union_of_more_than_a_hundred_is_refused(void **state)
{
    (void)state;
    struct buf x = note_of_strangers(0, 60), y = note_of_strangers(20, 100), z = note_of_strangers(60, 101);
    struct buf got = buf_on(NOTE_MAX);
    struct note nx, ny, nz, all;
    assert_int_equal(note_parse(buf_bytes(&x), &nx), OK);
    assert_int_equal(note_parse(buf_bytes(&y), &ny), OK);
    assert_int_equal(note_parse(buf_bytes(&z), &nz), OK);
    assert_int_equal(note_merge(&nx, &nz, &got), ERR_LIMIT);
    assert_int_equal(got.len, 0);
    assert_int_equal(note_merge(&nx, &ny, &got), OK);
    assert_int_equal(note_parse(buf_bytes(&got), &all), OK);
    assert_int_equal(all.n_lines, 100);
    buf_release(&x);
    buf_release(&y);
    buf_release(&z);
    buf_release(&got);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_17_cases_of_go_come_out_as_go_has_them),
        cmocka_unit_test(gos_key_signs_gos_note_byte_for_byte),
        cmocka_unit_test(vkeys_are_read_and_written_back),
        cmocka_unit_test(every_mutation_of_a_good_vkey_is_refused),
        cmocka_unit_test(every_other_byte_anywhere_in_a_vkey_is_refused),
        cmocka_unit_test(a_vkey_has_one_form),
        cmocka_unit_test(the_example_of_c2sp_and_a_real_head_of_sum_golang_org_hold),
        cmocka_unit_test(a_cosignatures_time_is_where_transparency_dev_reads_it),
        cmocka_unit_test(the_text_ends_at_the_last_empty_line),
        cmocka_unit_test(lines_in_any_other_form_spoil_the_note),
        cmocka_unit_test(padding_stands_only_at_the_end_of_a_signature),
        cmocka_unit_test(a_hundred_lines_are_taken_and_no_more),
        cmocka_unit_test(a_note_has_at_most_its_limit),
        cmocka_unit_test(long_signatures_of_unknown_kinds_are_ignored_but_must_be_base64),
        cmocka_unit_test(a_key_is_known_by_its_name_and_key_id_together),
        cmocka_unit_test(a_known_key_that_fails_rejects_the_note),
        cmocka_unit_test(a_known_key_with_a_signature_of_another_length_rejects_the_note),
        cmocka_unit_test(of_one_keys_lines_the_first_decides),
        cmocka_unit_test(every_altered_character_of_a_signature_line_is_noticed),
        cmocka_unit_test(a_plain_signature_and_a_cosignature_never_stand_for_each_other),
        cmocka_unit_test(a_cosignature_signs_its_time_in_decimal_before_the_text),
        cmocka_unit_test(a_cosignature_of_no_time_or_past_2_to_the_63_does_not_hold),
        cmocka_unit_test(a_cosigned_text_is_at_most_a_checkpoints_size),
        cmocka_unit_test(the_longest_name_fits_everywhere),
        cmocka_unit_test(merging_keeps_each_signer_once_those_of_the_first_note_first),
        cmocka_unit_test(merging_keeps_lines_of_kinds_unknown_here_to_the_letter),
        cmocka_unit_test(notes_on_different_texts_do_not_merge),
        cmocka_unit_test(a_union_of_more_than_a_hundred_is_refused),
    };
    return cmocka_run_group_tests(tests, start, NULL);
}
