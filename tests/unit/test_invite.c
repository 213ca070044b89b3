#include "tests/unit/vectors.h"

#include "protocol/invite.h"

static struct invite frozen(const json_t *v)
{
    struct invite i = {.expires_s = vector_u64(v, "expires")};
    hex_into(vector_text(v, "alliance_id"), i.alliance.b, sizeof(i.alliance.b));
    hex_into(vector_text(v, "charter"), i.charter.b, sizeof(i.charter.b));
    hex_into(vector_text(v, "token"), i.token, sizeof(i.token));
    hex_into(vector_text(v, "node"), i.node.b, sizeof(i.node.b));
    assert_int_equal(bytes_to_str(vector_bytes(v, "address"), i.address, sizeof(i.address)), OK);
    return i;
}

static void assert_same(const struct invite *a, const struct invite *b)
{
    assert_true(alliance_equal(&a->alliance, &b->alliance));
    assert_memory_equal(a->charter.b, b->charter.b, HASH_LEN);
    assert_memory_equal(a->token, b->token, TOKEN_LEN);
    assert_int_equal(a->expires_s, b->expires_s);
    assert_string_equal(a->address, b->address);
    assert_memory_equal(a->node.b, b->node.b, 32);
}

static void the_frozen_invite_is_written_and_read(void **state)
{
    (void)state;
    json_t *v = vectors_load("tests/vectors/folkmoot/invite.json");
    struct invite i = frozen(v), got;
    char line[INVITE_TEXT_MAX];
    assert_int_equal(invite_write(&i, line), OK);
    assert_string_equal(line, vector_text(v, "line"));
    assert_int_equal(invite_parse(vector_bytes(v, "line"), &got), OK);
    assert_same(&got, &i);
    struct hash h = invite_token_hash(i.token), want = hash_of_hex(vector_text(v, "token_blake2b_256"));
    assert_memory_equal(h.b, want.b, HASH_LEN);
    json_decref(v);
}

static void white_space_around_an_invite_is_forgiven(void **state)
{
    (void)state;
    json_t *v = vectors_load("tests/vectors/folkmoot/invite.json");
    struct invite i = frozen(v), got;
    const char *line = vector_text(v, "line"), *colon = strchr(line, ':') + 1;
    struct buf b = buf_on(2 * INVITE_TEXT_MAX);
    buf_printf(&b, " \t\r\n%s\r\n  ", line);
    assert_int_equal(invite_parse(buf_bytes(&b), &got), OK);
    assert_same(&got, &i);
    buf_clear(&b);
    buf_printf(&b, "folkmoot-invite: %s\n", colon);
    assert_int_equal(invite_parse(buf_bytes(&b), &got), OK);
    buf_clear(&b);
    buf_printf(&b, "folkmoot-invite:%.20s %s", colon, colon + 20);      /* but not inside it */
    assert_int_equal(invite_parse(buf_bytes(&b), &got), ERR_FORMAT);
    assert_int_equal(invite_parse(bytes_of(colon), &got), ERR_FORMAT);  /* nor another word, or none, before it */
    buf_release(&b);
    json_decref(v);
}

static void an_invite_cut_short_or_changed_in_form_is_refused(void **state)
{
    (void)state;
    json_t *v = vectors_load("tests/vectors/folkmoot/invite.json");
    struct invite got;
    struct bytes line = vector_bytes(v, "line"), hex = vector_bytes(v, "packed");
    uint8_t packed[512];
    char text[BASE64_SIZE(512)];
    size_t len = hex.len / 2;
    for (size_t n = 0; n < line.len; n++)
        assert_int_equal(invite_parse((struct bytes){line.p, n}, &got), ERR_FORMAT);
    static const struct { size_t at; uint8_t is; } changes[] = {
        {0, 0x96},          /* six fields */
        {0, 0x98},          /* eight */
        {1, 0x02},          /* another version */
        {2, 0xc5},          /* a length not in its shortest form */
        {3, 0x0f},          /* an alliance id of 15 bytes */
        {78, '/'},          /* an address that is none: its first byte */
    };
    for (size_t i = 0; i < sizeof(changes) / sizeof(changes[0]); i++) {
        assert_int_equal(hex_decode(hex, packed, len), OK);
        if (changes[i].at == 78)
            assert_int_equal(packed[78], 'n');
        packed[changes[i].at] = changes[i].is;
        base64url_encode((struct bytes){packed, len}, text);
        struct buf b = buf_on(INVITE_TEXT_MAX);
        buf_printf(&b, "folkmoot-invite:%s", text);
        assert_int_equal(invite_parse(buf_bytes(&b), &got), ERR_FORMAT);
        buf_release(&b);
    }
    json_decref(v);
}

static void the_longest_invite_fits_its_line(void **state)
{
    (void)state;
    struct invite i = {.expires_s = UINT64_MAX}, got;
    char line[INVITE_TEXT_MAX];
    memset(i.address, 'a', 253);
    for (size_t at = 63; at < 253; at += 64)
        i.address[at] = '.';
    memcpy(i.address + 253, ":65535", 7);
    assert_int_equal(invite_write(&i, line), OK);
    assert_int_equal(invite_parse(bytes_of(line), &got), OK);
    assert_same(&got, &i);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_frozen_invite_is_written_and_read),
        cmocka_unit_test(white_space_around_an_invite_is_forgiven),
        cmocka_unit_test(an_invite_cut_short_or_changed_in_form_is_refused),
        cmocka_unit_test(the_longest_invite_fits_its_line),
    };
    return crypto_start() != OK || cmocka_run_group_tests(tests, NULL, NULL) != 0;
}
