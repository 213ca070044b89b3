/* tests/unit/test_message.c - what nodes say to each other, byte for byte. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "protocol/message.h"
#include "tests/unit/vectors.h"

static const char note_text[] = "text\n\n\xe2\x80\x94 a b\n";
static const struct bytes note = {(const uint8_t *)note_text, sizeof(note_text) - 1};

static json_t *vectors;
static struct message *msg;             /* some 40 KiB */

static int begin(void **state)
{
    (void)state;
    vectors = vectors_load("tests/vectors/folkmoot/message.json");
    msg = malloc(sizeof(*msg));
    return vectors != NULL && msg != NULL ? 0 : -1;
}

static int end(void **state)
{
    (void)state;
    json_decref(vectors);
    free(msg);
    return 0;
}

static struct log_ref log_of(const char *slug, uint32_t generation)
{
    struct log_ref ref = {.generation = generation};
    assert_int_equal(slug_parse(bytes_of(slug), &ref.slug), OK);
    return ref;
}

static struct hash hash_filled(int byte)
{
    struct hash h;
    memset(h.b, byte, sizeof(h.b));
    return h;
}

static struct short_root root_filled(int byte)
{
    struct short_root r;
    memset(r.b, byte, sizeof(r.b));
    return r;
}

/* What was encoded is the vector, and the vector decodes as that type. */
static void check(struct buf *got, const char *name, enum message_type type)
{
    static struct buf want;
    want = buf_on(FRAME_BODY_MAX);
    struct bytes bytes = vector_hex_bytes(json_object_get(vectors, "messages"), name, &want);
    assert_int_equal(buf_status(got), OK);
    assert_bytes_equal(buf_bytes(got), bytes);
    assert_int_equal(message_decode(buf_bytes(got), msg), OK);
    assert_int_equal(msg->type, type);
    buf_release(&want);
}

/* [P-42] A program is said behind the fields of HELLO; what is no such text counts as not said, and ends nothing. */
static void a_hello_may_say_what_it_runs(void **state)
{
    (void)state;
    struct msg_hello h = {.protocol = 1, .time_ms = 1700000000000, .identity = note, .program = bytes_of("folkmoot 0.1.0")};
    struct buf b = buf_on(FRAME_BODY_MAX);
    put_hello(&b, &h);
    assert_int_equal(message_decode(buf_bytes(&b), msg), OK);
    assert_bytes_equal(msg->u.hello.program, h.program);
    assert_bytes_equal(msg->u.hello.identity, note);
    static const char *const bad[] = {"\x1b[31m 1.0", "a\nb", "caf\xc3\xa9", "123456789012345678901234567890123"};
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        h.program = bytes_of(bad[i]);
        buf_clear(&b);
        put_hello(&b, &h);
        assert_int_equal(message_decode(buf_bytes(&b), msg), OK);
        assert_int_equal(msg->u.hello.program.len, 0);
    }
    h.program = (struct bytes){NULL, 0};
    buf_clear(&b);
    put_hello(&b, &h);                              /* a number there, and a newer version's list behind it */
    b.p[0] += 2;
    pack_uint(&b, 7);
    pack_array(&b, 1);
    pack_nil(&b);
    assert_int_equal(message_decode(buf_bytes(&b), msg), OK);
    assert_int_equal(msg->u.hello.program.len, 0);
    buf_release(&b);
}

static void greetings_are_as_frozen(void **state)
{
    (void)state;
    struct buf b = buf_on(FRAME_BODY_MAX);
    struct msg_hello h = {.protocol = 1, .charter_version = 3, .charter_hash = hash_filled(0x11), .time_ms = 1700000000000,
                          .identity = note};
    put_hello(&b, &h);
    check(&b, "hello", MSG_HELLO);
    assert_int_equal(msg->u.hello.charter_version, 3);
    assert_bytes_equal(msg->u.hello.identity, note);
    buf_clear(&b);
    h.charter_version = 0;
    put_hello(&b, &h);
    check(&b, "hello_without_charter", MSG_HELLO);
    assert_int_equal(msg->u.hello.program.len, 0);
    buf_clear(&b);
    uint8_t token[TOKEN_LEN];
    memset(token, 0x22, sizeof(token));
    put_enrol(&b, token);
    check(&b, "enrol", MSG_ENROL);
    buf_clear(&b);
    put_bye(&b, BYE_SPAN);
    check(&b, "bye", MSG_BYE);
    buf_release(&b);
}

static void charters_are_as_frozen(void **state)
{
    (void)state;
    struct buf b = buf_on(FRAME_BODY_MAX);
    struct bytes notes[] = {note, bytes_of("second")}, identities[] = {bytes_of("identity")};
    struct hash held = hash_filled(0x33);
    put_charter(&b, 2, &held, 2, notes, 1, identities);
    check(&b, "charter", MSG_CHARTER);
    assert_int_equal(msg->u.charter.n_notes, 2);
    assert_bytes_equal(msg->u.charter.notes[1], bytes_of("second"));
    assert_int_equal(msg->u.charter.n_identities, 1);
    buf_clear(&b);
    put_charter(&b, 0, &held, 0, NULL, 0, NULL);
    check(&b, "charter_request", MSG_CHARTER);
    buf_release(&b);
}

static void vectors_of_what_is_held_are_as_frozen(void **state)
{
    (void)state;
    struct buf b = buf_on(FRAME_BODY_MAX);
    struct hash h = hash_filled(0x44), want;
    struct have list[] = {
        {log_of("barsetshire", 1), 1024, root_filled(0x45), 5, 0},
        {log_of("loamshire", 2), 70000, root_filled(0x46), 0, HAVE_FROZEN},
    }, got;
    put_have_hash(&b, &h);
    check(&b, "have_hash", MSG_HAVE);
    assert_true(msg->u.have.has_hash && hash_equal(&msg->u.have.hash, &h));
    buf_clear(&b);
    put_have(&b, 2, list);
    check(&b, "have", MSG_HAVE);
    assert_true(have_next(&msg->u.have, &got) && got.size == 1024 && got.witnesses == 5);
    assert_true(have_next(&msg->u.have, &got) && got.log.generation == 2 && got.flags == HAVE_FROZEN);
    assert_false(have_next(&msg->u.have, &got));
    assert_int_equal(have_vector_hash(2, list, &h), OK);
    hex_into(vector_text(vectors, "vector_hash"), want.b, HASH_LEN);
    assert_true(hash_equal(&h, &want));
    list[1].witnesses = 31;                 /* the bitmap is no part of it: witnesses come and go */
    assert_int_equal(have_vector_hash(2, list, &want), OK);
    assert_true(hash_equal(&h, &want));
    list[1].flags = 0;                      /* that a log is frozen is */
    assert_int_equal(have_vector_hash(2, list, &want), OK);
    assert_false(hash_equal(&h, &want));
    buf_release(&b);
}

static void asking_and_giving_are_as_frozen(void **state)
{
    (void)state;
    struct buf b = buf_on(FRAME_BODY_MAX), items = buf_on(4096);
    struct msg_want w = {log_of("barsetshire", 1), true, 1024, 2048, 2097152};
    struct item one = {bytes_of("header one"), bytes_of("payload one"), true,
                       0}, two = {.header = bytes_of("header two"), .excuse = 1030},
                got;
    put_want(&b, &w);
    check(&b, "want", MSG_WANT);
    assert_true(msg->u.want.has_from && msg->u.want.from == 1024 && msg->u.want.upto == 2048);
    buf_clear(&b);
    w.has_from = false;
    w.credit = 1048576;
    put_want(&b, &w);
    check(&b, "want_more", MSG_WANT);
    buf_clear(&b);
    put_item(&items, &one);
    put_item(&items, &two);
    put_entries(&b, &w.log, 1022, 2, buf_bytes(&items), note);
    check(&b, "entries", MSG_ENTRIES);
    assert_true(item_next(&msg->u.entries, &got) && got.has_payload);
    assert_bytes_equal(got.payload, one.payload);
    assert_true(item_next(&msg->u.entries, &got) && !got.has_payload && got.excuse == 1030);
    assert_false(item_next(&msg->u.entries, &got));
    buf_clear(&b);
    buf_clear(&items);
    put_item(&items, &(struct item){bytes_of("h"), bytes_of("p"), true, 0});
    put_entries(&b, &w.log, 0, 1, buf_bytes(&items), (struct bytes){NULL, 0});
    check(&b, "entries_without_checkpoint", MSG_ENTRIES);
    assert_int_equal(msg->u.entries.checkpoint.len, 0);
    buf_release(&b);
    buf_release(&items);
}

static void words_on_heads_are_as_frozen(void **state)
{
    (void)state;
    struct buf b = buf_on(FRAME_BODY_MAX);
    struct log_ref ref = log_of("barsetshire", 1);
    put_checkpoint(&b, &ref, note);
    check(&b, "checkpoint", MSG_CHECKPOINT);
    buf_clear(&b);
    struct cosig c = {ref, 1024, hash_filled(0x88), log_of("loamshire", 1).slug, 1700000000, {{0}}};
    memset(c.sig.b, 0x89, sizeof(c.sig.b));
    put_cosig(&b, &c);
    check(&b, "cosig", MSG_COSIG);
    assert_string_equal(msg->u.cosig.witness.s, "loamshire");
    buf_clear(&b);
    struct msg_ping p = {77, false, 1, 1024, root_filled(0xc1)};
    put_ping(&b, &p);
    check(&b, "ping", MSG_PING);
    buf_clear(&b);
    p = (struct msg_ping){77, true, 1, 0, root_filled(0)};
    put_ping(&b, &p);
    check(&b, "pong", MSG_PING);
    assert_true(msg->u.ping.is_reply);
    buf_release(&b);
}

static void proofs_and_evidence_are_as_frozen(void **state)
{
    (void)state;
    struct buf b = buf_on(FRAME_BODY_MAX);
    struct msg_prove q = {log_of("barsetshire", 1), 1024, 2000};
    put_prove(&b, &q);
    check(&b, "prove", MSG_PROVE);
    buf_clear(&b);
    struct msg_proof p = {.log = q.log, .from = 1024, .size = 2000, .root_from = hash_filled(0xa1), .has_proof = true,
                          .proof = {.n = 2, .path = {hash_filled(0xa2), hash_filled(0xa3)}}};
    put_proof(&b, &p);
    check(&b, "proof", MSG_PROOF);
    assert_int_equal(msg->u.proof.proof.n, 2);
    buf_clear(&b);
    p = (struct msg_proof){.log = q.log, .from = 1024, .size = 2000};
    put_proof(&b, &p);
    check(&b, "proof_refused", MSG_PROOF);
    assert_false(msg->u.proof.has_proof);
    buf_clear(&b);
    put_evidence(&b, bytes_of("evidence"));
    check(&b, "evidence", MSG_EVIDENCE);
    buf_release(&b);
}

static void a_type_of_a_newer_version_is_unknown_not_wrong(void **state)
{
    (void)state;
    struct buf b = buf_on(64);
    pack_array(&b, 2);
    pack_uint(&b, 14);
    pack_str(&b, "news");
    assert_int_equal(message_decode(buf_bytes(&b), msg), ERR_UNKNOWN);
    buf_release(&b);
}

static void elements_of_a_newer_version_are_passed_over(void **state)
{
    (void)state;
    struct buf b = buf_on(256);
    pack_array(&b, 4);
    pack_uint(&b, MSG_EVIDENCE);
    pack_bin(&b, bytes_of("evidence"));
    pack_str(&b, "more");
    pack_array(&b, 0);
    assert_int_equal(message_decode(buf_bytes(&b), msg), OK);
    assert_bytes_equal(msg->u.evidence, bytes_of("evidence"));
    buf_release(&b);
}

/* Every vector, cut short anywhere or followed by a byte, is no message. */
static void a_message_cut_short_or_too_long_is_refused(void **state)
{
    (void)state;
    const char *name;
    json_t *text;
    struct buf b = buf_on(FRAME_BODY_MAX);
    json_object_foreach(json_object_get(vectors, "messages"), name, text) {
        struct bytes whole = vector_hex_bytes(json_object_get(vectors, "messages"), name, &b);
        for (size_t len = 0; len < whole.len; len++)
            assert_int_not_equal(message_decode((struct bytes){whole.p, len}, msg), OK);
        buf_put_u8(&b, 0xc0);
        assert_int_equal(message_decode(buf_bytes(&b), msg), ERR_FORMAT);
    }
    buf_release(&b);
}

static void limits_hold_at_the_door(void **state)
{
    (void)state;
    struct buf b = buf_on(2 * FRAME_BODY_MAX);
    struct msg_want w = {log_of("barsetshire", 1), true, 0, 10, WANT_CREDIT_MAX};
    put_want(&b, &w);
    assert_int_equal(message_decode(buf_bytes(&b), msg), OK);
    buf_clear(&b);
    w.credit = WANT_CREDIT_MAX + 1;
    put_want(&b, &w);
    assert_int_equal(message_decode(buf_bytes(&b), msg), ERR_FORMAT);
    buf_clear(&b);
    w = (struct msg_want){.log = log_of("barsetshire", 1), .has_from = true, .credit = 1};
    w.log.generation = 0;
    put_want(&b, &w);
    assert_int_equal(message_decode(buf_bytes(&b), msg), ERR_FORMAT);
    buf_clear(&b);
    pack_array(&b, 3);                      /* a HAVE that claims more logs than an alliance can have */
    pack_uint(&b, MSG_HAVE);
    pack_nil(&b);
    pack_array(&b, HAVE_ITEMS_MAX + 1);
    for (size_t i = 0; i <= HAVE_ITEMS_MAX; i++)
        pack_nil(&b);
    assert_int_equal(message_decode(buf_bytes(&b), msg), ERR_FORMAT);
    buf_release(&b);
}

static void every_reason_for_leaving_has_one_code(void **state)
{
    (void)state;
    for (unsigned i = 0; i < BYE_COUNT; i++) {
        enum bye_reason back;
        assert_int_equal(bye_parse(bytes_of(bye_code((enum bye_reason)i)), &back), OK);
        assert_int_equal(back, i);
    }
    enum bye_reason untouched = BYE_FLOOD;
    assert_int_equal(bye_parse(bytes_of("of-a-newer-version"), &untouched), ERR_UNKNOWN);
    assert_int_equal(untouched, BYE_FLOOD);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_hello_may_say_what_it_runs),
        cmocka_unit_test(greetings_are_as_frozen),
        cmocka_unit_test(charters_are_as_frozen),
        cmocka_unit_test(vectors_of_what_is_held_are_as_frozen),
        cmocka_unit_test(asking_and_giving_are_as_frozen),
        cmocka_unit_test(words_on_heads_are_as_frozen),
        cmocka_unit_test(proofs_and_evidence_are_as_frozen),
        cmocka_unit_test(a_type_of_a_newer_version_is_unknown_not_wrong),
        cmocka_unit_test(elements_of_a_newer_version_are_passed_over),
        cmocka_unit_test(a_message_cut_short_or_too_long_is_refused),
        cmocka_unit_test(limits_hold_at_the_door),
        cmocka_unit_test(every_reason_for_leaving_has_one_code),
    };
    return cmocka_run_group_tests(tests, begin, end);
}
