#include "tests/unit/vectors.h"

#include "protocol/entry.h"

static json_t *vectors;
static struct buf a, b, want;

static int setup(void **state)
{
    (void)state;
    a = buf_on(1 << 20);
    b = buf_on(1 << 20);
    want = buf_on(1 << 20);
    vectors = vectors_load("tests/vectors/folkmoot/entry.json");
    return crypto_start() == OK ? 0 : -1;
}

static int teardown(void **state)
{
    (void)state;
    json_decref(vectors);
    buf_release(&a);
    buf_release(&b);
    buf_release(&want);
    return 0;
}

static struct header sealed_header(void)
{
    const json_t *v = json_object_get(vectors, "header");
    struct header h = {.kind = vector_u64(v, "kind"), .time_ms = vector_u64(v, "time_ms"),
                       .epoch = (uint32_t)vector_u64(v, "epoch"),
                       .payload_len = (uint32_t)vector_u64(v, "payload_len")};
    vector_fixed(v, "audience", h.audience.b, sizeof(h.audience.b));
    vector_fixed(v, "nonce", h.nonce, sizeof(h.nonce));
    vector_fixed(v, "commit", h.commit.b, sizeof(h.commit.b));
    vector_fixed(v, "payload_hash", h.payload_hash.b, sizeof(h.payload_hash.b));
    return h;
}

static void assert_header(const struct header *got, const struct header *expected)
{
    assert_int_equal(got->kind, expected->kind);
    assert_int_equal(got->time_ms, expected->time_ms);
    assert_int_equal(got->is_public, expected->is_public);
    assert_memory_equal(got->audience.b, expected->audience.b, sizeof(got->audience.b));
    assert_int_equal(got->epoch, expected->epoch);
    assert_memory_equal(got->nonce, expected->nonce, sizeof(got->nonce));
    assert_memory_equal(got->commit.b, expected->commit.b, HASH_LEN);
    assert_memory_equal(got->payload_hash.b, expected->payload_hash.b, HASH_LEN);
    assert_int_equal(got->payload_len, expected->payload_len);
}

static void a_sealed_header_has_the_frozen_bytes_and_reads_back(void **state)
{
    (void)state;
    struct header h = sealed_header(), got;
    buf_clear(&a);
    header_write(&h, &a);
    assert_int_equal(buf_status(&a), OK);
    assert_bytes_equal(buf_bytes(&a), vector_hex_bytes(json_object_get(vectors, "header"), "header", &want));
    assert_int_equal(header_read(buf_bytes(&a), &got), OK);
    assert_header(&got, &h);
}

static void the_largest_numbers_fit_a_header(void **state)
{
    (void)state;
    struct header got, h = sealed_header();
    h.time_ms = UINT64_MAX;
    h.epoch = UINT32_MAX;
    h.payload_len = PAYLOAD_MAX;
    assert_int_equal(header_read(vector_hex_bytes(vectors, "largest_header", &want), &got), OK);
    assert_header(&got, &h);
}

static void public_entries_have_the_frozen_bytes(void **state)
{
    (void)state;
    size_t i;
    const json_t *v;
    json_array_foreach(json_object_get(vectors, "public"), i, v) {
        uint8_t salt[SALT_LEN];
        struct buf header = buf_on(HEADER_MAX), payload = buf_on(PAYLOAD_MAX);
        vector_fixed(v, "salt", salt, sizeof(salt));
        entry_write_public(vector_u64(v, "kind"), vector_u64(v, "time_ms"), salt, vector_hex_bytes(v, "body", &a),
                           &header, &payload);
        assert_bytes_equal(buf_bytes(&header), vector_hex_bytes(v, "header", &want));
        assert_bytes_equal(buf_bytes(&payload), vector_hex_bytes(v, "payload", &want));
        struct header h;
        assert_int_equal(header_read(buf_bytes(&header), &h), OK);
        assert_int_equal(h.kind, vector_u64(v, "kind"));
        assert_int_equal(header_check_payload(&h, buf_bytes(&payload)), OK);
        assert_bytes_equal(payload_body(buf_bytes(&payload)), buf_bytes(&a));
        buf_release(&header);
        buf_release(&payload);
    }
    assert_int_equal(i, 5);
}

static void an_entry_is_put_behind_what_the_buffers_hold(void **state)
{
    (void)state;
    const uint8_t salt[SALT_LEN] = {7};
    struct header h;
    buf_clear(&a);
    buf_clear(&b);
    buf_put_str(&a, "before");
    buf_put_str(&b, "earlier");
    entry_write_public(KIND_WITHDRAW, 1, salt, bytes_of("body"), &a, &b);
    assert_int_equal(header_read((struct bytes){a.p + 6, a.len - 6}, &h), OK);
    assert_int_equal(header_check_payload(&h, (struct bytes){b.p + 7, b.len - 7}), OK);
}

static void a_body_beyond_the_limit_writes_no_header(void **state)
{
    (void)state;
    static uint8_t body[PAYLOAD_MAX];
    const uint8_t salt[SALT_LEN] = {0};
    struct header h;
    buf_clear(&a);
    buf_clear(&b);
    entry_write_public(KIND_RECORD, 1, salt, (struct bytes){body, PAYLOAD_MAX - SALT_LEN + 1}, &a, &b);
    assert_int_equal(buf_status(&b), ERR_LIMIT);
    assert_int_equal(a.len, 0);
    buf_clear(&b);
    entry_write_public(KIND_RECORD, 1, salt, (struct bytes){body, PAYLOAD_MAX - SALT_LEN}, &a, &b);
    assert_int_equal(buf_status(&b), OK);
    assert_int_equal(header_read(buf_bytes(&a), &h), OK);
    assert_int_equal(h.payload_len, PAYLOAD_MAX);
}

static void every_broken_header_is_refused_and_nothing_is_written(void **state)
{
    (void)state;
    size_t i;
    const json_t *v;
    json_array_foreach(json_object_get(vectors, "refused"), i, v) {
        struct header h = sealed_header();
        const struct header untouched = h;
        if (header_read(vector_hex_bytes(v, "header", &want), &h) != ERR_FORMAT)
            fail_msg("taken: %s", vector_text(v, "why"));
        assert_header(&h, &untouched);
    }
    assert_int_equal(i, 24);
}

static void every_prefix_of_a_header_is_refused(void **state)
{
    (void)state;
    struct header h;
    struct bytes in = vector_hex_bytes(json_object_get(vectors, "header"), "header", &want);
    for (size_t len = 0; len < in.len; len++)
        assert_int_equal(header_read((struct bytes){in.p, len}, &h), ERR_FORMAT);
}

static void of_an_unknown_kind_only_the_lasting_elements_are_read(void **state)
{
    (void)state;
    size_t i;
    const json_t *v;
    json_array_foreach(json_object_get(vectors, "unknown_kinds"), i, v) {
        struct header h, expected = {.payload_len = (uint32_t)vector_u64(v, "payload_len")};
        vector_fixed(v, "payload_hash", expected.payload_hash.b, HASH_LEN);
        if (header_read(vector_hex_bytes(v, "header", &want), &h) != OK)
            fail_msg("refused: %s", vector_text(v, "why"));
        assert_true(h.kind > KIND_GRANT);
        expected.kind = h.kind;
        assert_header(&h, &expected);
    }
    assert_int_equal(i, 3);
}

/* Flip every bit of a good header: what is still taken must write back to the same bytes. */
static void a_header_that_is_taken_has_no_second_form(void **state)
{
    (void)state;
    unsigned n_taken = 0;
    (void)vector_hex_bytes(json_object_get(vectors, "header"), "header", &want);
    for (size_t bit = 0; bit < want.len * 8; bit++) {
        struct header h;
        want.p[bit / 8] ^= (uint8_t)(1u << bit % 8);
        if (header_read(buf_bytes(&want), &h) == OK && h.kind <= KIND_GRANT) {
            buf_clear(&a);
            header_write(&h, &a);
            assert_bytes_equal(buf_bytes(&a), buf_bytes(&want));
            n_taken++;
        }
        want.p[bit / 8] ^= (uint8_t)(1u << bit % 8);
    }
    assert_true(n_taken > 800);                 /* the bits of hashes, nonce, audience, time */
}

static void another_payload_or_length_is_told_apart(void **state)
{
    (void)state;
    const uint8_t salt[SALT_LEN] = {1};
    struct header h;
    buf_clear(&a);
    buf_clear(&b);
    entry_write_public(KIND_RECORD, 1, salt, bytes_of("body"), &a, &b);
    assert_int_equal(header_read(buf_bytes(&a), &h), OK);
    assert_int_equal(header_check_payload(&h, (struct bytes){b.p, b.len - 1}), ERR_FORMAT);
    b.p[0] ^= 1;                                /* the salt is bound too */
    assert_int_equal(header_check_payload(&h, buf_bytes(&b)), ERR_ROOT);
    b.p[0] ^= 1;
    b.p[b.len - 1] ^= 1;
    assert_int_equal(header_check_payload(&h, buf_bytes(&b)), ERR_ROOT);
}

static void a_withdrawal_has_the_frozen_bytes_and_reads_back(void **state)
{
    (void)state;
    struct withdrawal got, w = {.target = 17, .reason = "sent-in-error", .erase = true};
    buf_clear(&a);
    withdrawal_write(&w, &a);
    assert_bytes_equal(buf_bytes(&a), vector_hex_bytes(json_object_get(vectors, "withdrawal"), "body", &want));
    assert_int_equal(withdrawal_read(buf_bytes(&a), &got), OK);
    assert_int_equal(got.target, 17);
    assert_string_equal(got.reason, "sent-in-error");
    assert_true(got.erase);
}

static enum err read_reason(const char *reason, size_t elements)
{
    struct withdrawal got;
    buf_clear(&a);
    pack_array(&a, elements);
    pack_uint(&a, 1);
    pack_str(&a, reason);
    for (size_t i = 2; i < elements; i++)
        pack_bool(&a, false);
    return withdrawal_read(buf_bytes(&a), &got);
}

static void a_withdrawal_in_any_other_form_is_refused(void **state)
{
    (void)state;
    assert_int_equal(read_reason("error", 3), OK);
    assert_int_equal(read_reason("abcdefghijklmnopqrstuvwxyz-abcd", 3), OK);
    assert_int_equal(read_reason("abcdefghijklmnopqrstuvwxyz-abcde", 3), ERR_FORMAT);
    assert_int_equal(read_reason("", 3), ERR_FORMAT);
    assert_int_equal(read_reason("Error", 3), ERR_FORMAT);
    assert_int_equal(read_reason("in error", 3), ERR_FORMAT);
    assert_int_equal(read_reason("error", 2), ERR_FORMAT);
    assert_int_equal(read_reason("error", 4), ERR_FORMAT);
}

static void an_opening_has_the_frozen_bytes_and_reads_back(void **state)
{
    (void)state;
    static struct opening o, got;
    const json_t *v = json_object_get(vectors, "opening"), *items = json_object_get(v, "items");
    o.n = json_array_size(items);
    for (size_t i = 0; i < o.n; i++) {
        o.items[i].index = vector_u64(json_array_get(items, i), "index");
        vector_fixed(json_array_get(items, i), "key", o.items[i].key.b, sizeof(o.items[i].key.b));
    }
    buf_clear(&a);
    opening_write(&o, &a);
    assert_bytes_equal(buf_bytes(&a), vector_hex_bytes(v, "body", &want));
    assert_int_equal(opening_read(buf_bytes(&a), &got), OK);
    assert_int_equal(got.n, 2);
    for (size_t i = 0; i < got.n; i++) {
        assert_int_equal(got.items[i].index, o.items[i].index);
        assert_memory_equal(got.items[i].key.b, o.items[i].key.b, sizeof(o.items[i].key.b));
    }
}

static void the_largest_opening_fits_and_one_more_does_not(void **state)
{
    (void)state;
    static struct opening o, got;
    for (size_t n = OPENING_MAX; n <= OPENING_MAX + 1; n++) {
        buf_clear(&a);
        pack_array(&a, n);
        for (size_t i = 0; i < n; i++) {
            pack_array(&a, 2);
            pack_uint(&a, i);
            pack_fixed(&a, o.items[0].key.b, sizeof(o.items[0].key.b));
        }
        got.n = 99;
        assert_int_equal(opening_read(buf_bytes(&a), &got), n == OPENING_MAX ? OK : ERR_FORMAT);
        assert_int_equal(got.n, n == OPENING_MAX ? OPENING_MAX : 99);
    }
    buf_clear(&a);
    pack_array(&a, 0);
    assert_int_equal(opening_read(buf_bytes(&a), &got), ERR_FORMAT);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_sealed_header_has_the_frozen_bytes_and_reads_back),
        cmocka_unit_test(the_largest_numbers_fit_a_header),
        cmocka_unit_test(public_entries_have_the_frozen_bytes),
        cmocka_unit_test(an_entry_is_put_behind_what_the_buffers_hold),
        cmocka_unit_test(a_body_beyond_the_limit_writes_no_header),
        cmocka_unit_test(every_broken_header_is_refused_and_nothing_is_written),
        cmocka_unit_test(every_prefix_of_a_header_is_refused),
        cmocka_unit_test(of_an_unknown_kind_only_the_lasting_elements_are_read),
        cmocka_unit_test(a_header_that_is_taken_has_no_second_form),
        cmocka_unit_test(another_payload_or_length_is_told_apart),
        cmocka_unit_test(a_withdrawal_has_the_frozen_bytes_and_reads_back),
        cmocka_unit_test(a_withdrawal_in_any_other_form_is_refused),
        cmocka_unit_test(an_opening_has_the_frozen_bytes_and_reads_back),
        cmocka_unit_test(the_largest_opening_fits_and_one_more_does_not),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
