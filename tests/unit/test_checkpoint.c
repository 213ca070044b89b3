#include "protocol/checkpoint.h"

#include "tests/unit/vectors.h"

#define OURS "folkmoot/000102030405060708090a0b0c0d0e0f/east-sussex"

/* One case of tests/vectors/folkmoot/checkpoint.json, signed there by another program. */
struct frozen {
    struct checkpoint c;
    struct origin witness;
    struct sign_secret log_secret, witness_secret;
    struct sign_public log_public, witness_public;
    uint64_t time;
    struct signature cosignature;
    struct bytes note, cosigned_note, log_vkey, witness_vkey;
};

static void frozen_keys(const json_t *v, const char *seed_key, const char *public_key, struct sign_secret *secret,
                        struct sign_public *key)
{
    struct sym_secret seed;
    struct sign_public want;
    vector_fixed(v, seed_key, seed.b, sizeof(seed.b));
    vector_fixed(v, public_key, want.b, sizeof(want.b));
    sign_keypair(&seed, secret, key);
    assert_memory_equal(key->b, want.b, sizeof(want.b));
}

static struct frozen frozen_from(const json_t *v)
{
    struct frozen f;
    assert_int_equal(origin_parse(vector_bytes(v, "origin"), &f.c.origin), OK);
    assert_int_equal(bytes_u64(vector_bytes(v, "size"), UINT64_MAX, &f.c.size), OK);
    f.c.root = hash_of_hex(vector_text(v, "root"));
    assert_int_equal(origin_parse(vector_bytes(v, "witness_origin"), &f.witness), OK);
    frozen_keys(v, "log_seed", "log_public", &f.log_secret, &f.log_public);
    frozen_keys(v, "witness_seed", "witness_public", &f.witness_secret, &f.witness_public);
    assert_int_equal(bytes_u64(vector_bytes(v, "time"), UINT64_MAX, &f.time), OK);
    vector_fixed(v, "cosignature", f.cosignature.b, SIG_LEN);
    f.note = vector_bytes(v, "note");
    f.cosigned_note = vector_bytes(v, "cosigned_note");
    f.log_vkey = vector_bytes(v, "log_vkey");
    f.witness_vkey = vector_bytes(v, "witness_vkey");
    return f;
}

static json_t *frozen_file;

static int load(void **state)
{
    (void)state;
    if (crypto_start() != OK)
        return 1;
    frozen_file = vectors_load("tests/vectors/folkmoot/checkpoint.json");
    return 0;
}

static int unload(void **state)
{
    (void)state;
    json_decref(frozen_file);
    return 0;
}

static size_t n_frozen(void)
{
    return json_array_size(json_object_get(frozen_file, "cases"));
}

static struct frozen frozen(size_t i)
{
    return frozen_from(json_array_get(json_object_get(frozen_file, "cases"), i));
}

static void assert_checkpoint_equal(const struct checkpoint *got, const struct checkpoint *want)
{
    assert_true(origin_equal(&got->origin, &want->origin));
    assert_true(got->size == want->size);
    assert_memory_equal(got->root.b, want->root.b, HASH_LEN);
}

static void the_frozen_notes_are_made_byte_for_byte(void **state)
{
    (void)state;
    assert_int_equal(n_frozen(), 4);
    for (size_t i = 0; i < n_frozen(); i++) {
        struct frozen f = frozen(i);
        struct buf b = buf_on(CHECKPOINT_MAX);
        checkpoint_sign(&f.c, &f.log_secret, &b);
        assert_bytes_equal(buf_bytes(&b), f.note);

        struct signature sig;
        checkpoint_cosign(&f.c, &f.witness, &f.witness_secret, f.time, &sig);
        assert_memory_equal(sig.b, f.cosignature.b, SIG_LEN);
        struct note_key witness = checkpoint_witness_key(&f.witness, &f.witness_public);
        note_cosignature_line(&witness, f.time, &sig, &b);
        assert_bytes_equal(buf_bytes(&b), f.cosigned_note);
        buf_release(&b);
    }
}

static void the_frozen_keys_are_written_as_vkeys(void **state)
{
    (void)state;
    for (size_t i = 0; i < n_frozen(); i++) {
        struct frozen f = frozen(i);
        struct note_key log = checkpoint_log_key(&f.c.origin, &f.log_public);
        struct note_key witness = checkpoint_witness_key(&f.witness, &f.witness_public);
        struct buf b = buf_on(1024);
        note_vkey_write(&log, &b);
        assert_bytes_equal(buf_bytes(&b), f.log_vkey);
        buf_clear(&b);
        note_vkey_write(&witness, &b);
        assert_bytes_equal(buf_bytes(&b), f.witness_vkey);
        buf_release(&b);
    }
}

static void the_frozen_notes_open_to_what_was_signed(void **state)
{
    (void)state;
    for (size_t i = 0; i < n_frozen(); i++) {
        struct frozen f = frozen(i);
        struct checkpoint got;
        assert_int_equal(checkpoint_open(f.note, &f.c.origin, &f.log_public, &got), OK);
        assert_checkpoint_equal(&got, &f.c);
        assert_int_equal(checkpoint_open(f.cosigned_note, &f.c.origin, &f.log_public, &got), OK);

        struct note n;
        uint64_t time = 0;
        struct note_key witness = checkpoint_witness_key(&f.witness, &f.witness_public);
        assert_int_equal(note_parse(f.cosigned_note, &n), OK);
        assert_int_equal(note_check(&n, &witness, &time), OK);
        assert_true(time == f.time);
        assert_int_equal(checkpoint_check_cosignature(&f.c, &f.witness, &f.witness_public, f.time, &f.cosignature), OK);
    }
}

static void a_text_in_any_other_form_is_no_checkpoint(void **state)
{
    (void)state;
    const json_t *bad = json_object_get(frozen_file, "bad_texts");
    assert_true(json_array_size(bad) > 20);
    for (size_t i = 0; i < json_array_size(bad); i++) {
        const char *text = json_string_value(json_array_get(bad, i));
        struct checkpoint c = {.size = 77};
        if (checkpoint_parse(bytes_of(text), &c) != ERR_FORMAT)
            fail_msg("taken: %s", text);
        assert_int_equal(c.size, 77);
    }
}

/* Libsodium 1.0.18 alone reads some bytes above 0x7f as base64: one root would have many texts. */
static void whatever_byte_stands_in_a_root_it_has_one_text(void **state)
{
    (void)state;
    char text[CHECKPOINT_TEXT_MAX + 1];
    const struct checkpoint c = frozen(0).c;
    struct buf b = buf_on(CHECKPOINT_TEXT_MAX);
    checkpoint_text(&c, &b);
    const size_t len = b.len;
    assert_int_equal(bytes_to_str(buf_bytes(&b), text, sizeof(text)), OK);
    size_t n_taken = 0;
    for (size_t at = len - 45; at < len; at++)
        for (unsigned v = 0; v < 256; v++) {
            struct checkpoint got;
            char right = text[at];
            text[at] = (char)v;
            if (checkpoint_parse((struct bytes){(const uint8_t *)text, len}, &got) == OK) {
                n_taken++;
                buf_clear(&b);
                checkpoint_text(&got, &b);
                assert_bytes_equal(buf_bytes(&b), ((struct bytes){(const uint8_t *)text, len}));
            }
            text[at] = right;
        }
    assert_int_equal(n_taken, 42 * 64 + 16 + 1 + 1);    /* 42 free letters, one of 4 bits, '=', '\n' */
    buf_release(&b);
}

/* github.com/transparency-dev/formats reads any origin, a root of any length and
 * lines of extension after the third.  Ours is closed: a Folkmoot origin, 32
 * bytes of root, three lines.  So its good examples are refused for their origin
 * and root alone, and with these put right they are taken; its bad ones never are. */
static void their_checkpoints_are_ours_once_origin_and_root_are(void **state)
{
    (void)state;
    static const char root[] = "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=";
    json_t *v = vectors_load("tests/vectors/note/transparency_dev_formats.json");
    const json_t *good = json_object_get(v, "checkpoint_ok");
    struct checkpoint c;
    struct buf b = buf_on(1024);
    assert_int_equal(json_array_size(good), 2);
    for (size_t i = 0; i < json_array_size(good); i++) {
        struct bytes text = bytes_of(json_string_value(json_array_get(json_array_get(good, i), 0))), origin, size;
        assert_int_equal(checkpoint_parse(text, &c), ERR_FORMAT);
        assert_true(bytes_line(&text, &origin) && bytes_line(&text, &size));
        buf_clear(&b);
        buf_printf(&b, "%s\n%.*s\n%s\n", OURS, (int)size.len, (const char *)size.p, root);
        assert_int_equal(checkpoint_parse(buf_bytes(&b), &c), OK);
        assert_true((json_int_t)c.size == json_integer_value(json_array_get(json_array_get(good, i), 2)));
        buf_put_str(&b, "an extension line\n");
        assert_int_equal(checkpoint_parse(buf_bytes(&b), &c), ERR_FORMAT);
    }
    buf_release(&b);
    json_decref(v);
}

static void their_bad_checkpoints_are_bad_with_our_origin_too(void **state)
{
    (void)state;
    json_t *v = vectors_load("tests/vectors/note/transparency_dev_formats.json");
    const json_t *bad = json_object_get(v, "checkpoint_bad");
    struct checkpoint c;
    struct buf b = buf_on(4096);
    assert_int_equal(json_array_size(bad), 7);
    for (size_t i = 0; i < json_array_size(bad); i++) {
        struct bytes text = bytes_of(json_string_value(json_array_get(bad, i))), origin;
        assert_int_equal(checkpoint_parse(text, &c), ERR_FORMAT);
        assert_true(bytes_line(&text, &origin));
        buf_clear(&b);
        buf_put_str(&b, origin.len > 0 ? OURS "\n" : "\n");
        buf_put(&b, text);
        assert_int_equal(checkpoint_parse(buf_bytes(&b), &c), ERR_FORMAT);
    }
    buf_release(&b);
    json_decref(v);
}

static void a_checkpoint_of_another_log_or_key_is_unknown(void **state)
{
    (void)state;
    struct frozen f = frozen(0), other = frozen(1);
    struct checkpoint got = {.size = 77};
    assert_int_equal(checkpoint_open(f.note, &other.c.origin, &f.log_public, &got), ERR_UNKNOWN);
    assert_int_equal(checkpoint_open(f.note, &f.c.origin, &other.log_public, &got), ERR_UNKNOWN);
    struct origin next = f.c.origin;
    next.generation++;
    assert_int_equal(checkpoint_open(f.note, &next, &f.log_public, &got), ERR_UNKNOWN);
    assert_int_equal(got.size, 77);
}

/* The right key and name under another log's text: the text decides which log is meant. */
static void a_key_that_signs_another_logs_text_opens_neither(void **state)
{
    (void)state;
    struct frozen f = frozen(0), other = frozen(1);
    struct buf b = buf_on(CHECKPOINT_MAX), text = buf_on(CHECKPOINT_TEXT_MAX);
    struct note_key key = checkpoint_log_key(&f.c.origin, &f.log_public);
    struct checkpoint got = {.size = 77};
    checkpoint_text(&other.c, &text);
    note_begin(buf_bytes(&text), &b);
    note_sign(buf_bytes(&text), &key, &f.log_secret, &b);
    assert_int_equal(checkpoint_open(buf_bytes(&b), &f.c.origin, &f.log_public, &got), ERR_UNKNOWN);
    assert_int_equal(checkpoint_open(buf_bytes(&b), &other.c.origin, &f.log_public, &got), ERR_UNKNOWN);
    assert_int_equal(got.size, 77);
    buf_release(&b);
    buf_release(&text);
}

static void a_witness_alone_makes_no_checkpoint(void **state)
{
    (void)state;
    struct frozen f = frozen(0);
    struct buf b = buf_on(CHECKPOINT_MAX), text = buf_on(CHECKPOINT_TEXT_MAX);
    struct note_key witness = checkpoint_witness_key(&f.witness, &f.witness_public);
    struct checkpoint got;
    checkpoint_text(&f.c, &text);
    note_begin(buf_bytes(&text), &b);
    note_cosign(buf_bytes(&text), &witness, &f.witness_secret, 5, &b);
    assert_int_equal(buf_status(&b), OK);
    assert_int_equal(checkpoint_open(buf_bytes(&b), &f.c.origin, &f.log_public, &got), ERR_UNKNOWN);
    assert_int_equal(checkpoint_open(buf_bytes(&b), &f.c.origin, &f.witness_public, &got), ERR_UNKNOWN);
    buf_release(&b);
    buf_release(&text);
}

static void any_byte_changed_is_noticed(void **state)
{
    (void)state;
    struct frozen f = frozen(0);
    char note[CHECKPOINT_TEXT_MAX * 4];
    assert_int_equal(bytes_to_str(f.note, note, sizeof(note)), OK);
    size_t n_signature = 0;
    for (size_t i = 0; i < f.note.len; i++) {
        struct checkpoint got = {.size = 77};
        note[i] ^= 1;
        struct bytes in = {(const uint8_t *)note, f.note.len};
        enum err e = checkpoint_open(in, &f.c.origin, &f.log_public, &got);
        note[i] ^= 1;
        assert_true(e == ERR_FORMAT || e == ERR_UNKNOWN || e == ERR_SIGNATURE);
        assert_int_equal(got.size, 77);
        n_signature += e == ERR_SIGNATURE;
    }
    assert_true(n_signature > 80);              /* most of the root's and the signature's characters */
}

static void a_note_too_long_for_a_checkpoint_is_refused(void **state)
{
    (void)state;
    struct frozen f = frozen(0);
    struct buf b = buf_on(NOTE_MAX);
    struct checkpoint got;
    buf_put(&b, f.note);
    while (b.len <= CHECKPOINT_MAX - 300)       /* lines of a kind unknown here, long but valid */
        buf_printf(&b, "\xe2\x80\x94 other.example %0256d\n", 0);
    assert_int_equal(checkpoint_open(buf_bytes(&b), &f.c.origin, &f.log_public, &got), OK);
    while (b.len <= CHECKPOINT_MAX)
        buf_printf(&b, "\xe2\x80\x94 other.example %064d\n", 0);
    struct note n;
    assert_int_equal(note_parse(buf_bytes(&b), &n), OK);
    assert_int_equal(checkpoint_open(buf_bytes(&b), &f.c.origin, &f.log_public, &got), ERR_FORMAT);
    buf_release(&b);
}

static void a_cosignature_holds_for_its_checkpoint_key_and_time_alone(void **state)
{
    (void)state;
    struct frozen f = frozen(0), other = frozen(1);
    struct checkpoint c = f.c;
    struct signature sig = f.cosignature;
    assert_int_equal(checkpoint_check_cosignature(&c, &f.witness, &other.witness_public, f.time, &sig), ERR_SIGNATURE);
    assert_int_equal(checkpoint_check_cosignature(&c, &f.witness, &f.witness_public, f.time + 1, &sig), ERR_SIGNATURE);
    c.size++;
    assert_int_equal(checkpoint_check_cosignature(&c, &f.witness, &f.witness_public, f.time, &sig), ERR_SIGNATURE);
    c = f.c;
    c.root.b[31] ^= 1;
    assert_int_equal(checkpoint_check_cosignature(&c, &f.witness, &f.witness_public, f.time, &sig), ERR_SIGNATURE);
    c = f.c;
    c.origin.generation++;
    assert_int_equal(checkpoint_check_cosignature(&c, &f.witness, &f.witness_public, f.time, &sig), ERR_SIGNATURE);
    sig.b[0] ^= 1;
    assert_int_equal(checkpoint_check_cosignature(&f.c, &f.witness, &f.witness_public, f.time, &sig), ERR_SIGNATURE);
}

/* A COSIG message may carry any numbers. */
static void sizes_and_times_past_the_end_of_the_world_hold_for_nobody(void **state)
{
    (void)state;
    struct frozen f = frozen(2);                /* both are 2^63 - 1 there, and hold */
    static const struct { uint64_t more_size, more_time; enum err want; } cases[] = {
        {0, 0, OK}, {0, 1, ERR_SIGNATURE}, {1, 0, ERR_SIGNATURE}, {INT64_MAX, 0, ERR_SIGNATURE},
        {(uint64_t)INT64_MAX + 1, (uint64_t)INT64_MAX + 1, ERR_SIGNATURE}};
    assert_true(f.time == INT64_MAX && f.c.size == INT64_MAX);
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct checkpoint c = f.c;
        c.size += cases[i].more_size;
        enum err e = checkpoint_check_cosignature(&c, &f.witness, &f.witness_public, f.time + cases[i].more_time,
                                                  &f.cosignature);
        assert_int_equal(e, cases[i].want);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_frozen_notes_are_made_byte_for_byte),
        cmocka_unit_test(the_frozen_keys_are_written_as_vkeys),
        cmocka_unit_test(the_frozen_notes_open_to_what_was_signed),
        cmocka_unit_test(a_text_in_any_other_form_is_no_checkpoint),
        cmocka_unit_test(whatever_byte_stands_in_a_root_it_has_one_text),
        cmocka_unit_test(their_checkpoints_are_ours_once_origin_and_root_are),
        cmocka_unit_test(their_bad_checkpoints_are_bad_with_our_origin_too),
        cmocka_unit_test(a_checkpoint_of_another_log_or_key_is_unknown),
        cmocka_unit_test(a_key_that_signs_another_logs_text_opens_neither),
        cmocka_unit_test(a_witness_alone_makes_no_checkpoint),
        cmocka_unit_test(any_byte_changed_is_noticed),
        cmocka_unit_test(a_note_too_long_for_a_checkpoint_is_refused),
        cmocka_unit_test(a_cosignature_holds_for_its_checkpoint_key_and_time_alone),
        cmocka_unit_test(sizes_and_times_past_the_end_of_the_world_hold_for_nobody),
    };
    return cmocka_run_group_tests(tests, load, unload);
}
