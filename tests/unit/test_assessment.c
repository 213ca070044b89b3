/* tests/unit/test_assessment.c - from the file that goes round four desks to the text that is signed, and who stands behind it. */
#define _GNU_SOURCE
#include "protocol/assessment_body.h"
#include "protocol/assessment_file.h"

#include <stdio.h>
#include <stdlib.h>

#include "tests/unit/vectors.h"

#define HEAD "folkmoot self-assessment v1\nauthority barset\nyear 2025\njudgement 3\n\n"
#define OKAY(call) assert_int_equal((call), OK)

/* ---- the text of a file ---- */

static enum err text_of(struct bytes in, struct buf *ret, struct assessment_fault *why)
{
    struct assessment_file f;
    enum err e = assessment_file_read(in, &f, why);
    *ret = buf_on(ASSESSMENT_FILE_MAX);
    if (e == OK) {
        buf_put(ret, buf_bytes(&f.text));
        assessment_file_release(&f);
    }
    return e;
}

static void what_editors_and_mail_change_changes_no_text(void **state)
{
    (void)state;
    static const struct { const char *file, *text; } same[] = {
        {"a\nb\n", "a\nb\n"},
        {"a\r\nb\r\n", "a\nb\n"},
        {"a\nb", "a\nb\n"},
        {"\xEF\xBB\xBF" "a\n", "a\n"},
        {"a\tb\n", "a    b\n"},
        {"a  \n b \t \n", "a\n b\n"},
        {"\n\n a\n\n\n\nb\n\n \n", " a\n\nb\n"},
        {"a <!-- x --> b\n", "a  b\n"},
        {"a <!-- x\ny --> b\n", "a  b\n"},
        {"a\n<!-- x -->\nb\n", "a\nb\n"},
        {"a\n\n<!-- x\n\ny -->\n\nb\n", "a\n\nb\n"},
        {"a\n\n\xE2\x80\x94 Jane Roe, 2025\n", "a\n\n\xE2\x80\x94 Jane Roe, 2025\n"},     /* a quotation, no signature */
    };
    for (size_t i = 0; i < sizeof(same) / sizeof(same[0]); i++) {
        struct buf text, again;
        struct assessment_fault why;
        OKAY(text_of(bytes_of(same[i].file), &text, &why));
        assert_string_equal(buf_str(&text), same[i].text);
        OKAY(text_of(buf_bytes(&text), &again, &why));
        assert_string_equal(buf_str(&again), same[i].text);             /* a text is its own text */
        buf_release(&text);
        buf_release(&again);
    }
}

static void what_cannot_be_signed_is_named_with_its_line(void **state)
{
    (void)state;
    static const struct { const char *file; size_t line; const char *what; } bad[] = {
        {"a\nb\x01\n", 2, "control"},
        {"a\n\rb\n", 2, "control"},
        {"a\xC2\x9B\n", 1, "control"},
        {"\x1b[2J\n", 1, "control"},
        {"a\n\n\xFF\n", 3, "UTF-8"},
        {"a\xE2\x80\xAE" "b\n", 1, "direction"},
        {"a\xE2\x81\xA6\n", 1, "direction"},
        {"a\xD8\x9C\n", 1, "direction"},
        {"a\xE2\x80\xA8" "b\n", 1, "direction"},
        {"a\n<!-- x\n", 2, "never ends"},
        {"<!-- a --> b <!-- c\n", 1, "never ends"},
        {"<!<!-- x -->-- y\n", 1, "within a comment"},
        {"<!-- \n\n -->x\n\x02\n", 4, "control"},
        {"a\n\n\xE2\x80\x94 barset/dcs AAAA\nmore\n", 3, "damaged"},
        {"a\n\n\xE2\x80\x94 barset/dcs A\n", 3, "damaged"},
        {"a\n\n\xE2\x80\x94 barset/dcs AAAA\n\nP.S.\n", 3, "within the text"},
    };
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        struct buf text;
        struct assessment_fault why;
        assert_int_equal(text_of(bytes_of(bad[i].file), &text, &why), ERR_FORMAT);
        assert_int_equal(why.line, bad[i].line);
        assert_non_null(strstr(why.what, bad[i].what));
        assert_true(why.remedy[0] != '\0');
        buf_release(&text);
    }
}

static void a_text_longer_than_it_may_be_is_refused(void **state)
{
    (void)state;
    struct buf in = buf_on(2 * ASSESSMENT_FILE_MAX), text;
    struct assessment_fault why;
    while (in.len < ASSESSMENT_TEXT_MAX)
        buf_put_str(&in, "sixteenletters..");
    in.len = ASSESSMENT_TEXT_MAX - 1;
    OKAY(text_of(buf_bytes(&in), &text, &why));
    assert_int_equal(text.len, ASSESSMENT_TEXT_MAX);
    buf_release(&text);
    buf_put_str(&in, "x");
    assert_int_equal(text_of(buf_bytes(&in), &text, &why), ERR_LIMIT);
    while (in.len <= ASSESSMENT_FILE_MAX)
        buf_put_str(&in, "<!-- and a comment that would not count -->");
    assert_int_equal(text_of(buf_bytes(&in), &text, &why), ERR_LIMIT);
    buf_release(&in);
}

/* ---- the head ---- */

static void a_head_is_closed_and_what_is_wrong_with_it_is_said(void **state)
{
    (void)state;
    static const struct { const char *text; size_t line; } bad[] = {
        {"folkmoot self-assessment v2\nauthority barset\nyear 2025\njudgement 3\n\nx\n", 1},
        {"", 1},
        {"folkmoot self-assessment v1\nauthority Barset\nyear 2025\njudgement 3\n\nx\n", 2},
        {"folkmoot self-assessment v1\nyear 2025\nauthority barset\njudgement 3\n\nx\n", 2},
        {"folkmoot self-assessment v1\nauthority barset\nyear 25\njudgement 3\n\nx\n", 3},
        {"folkmoot self-assessment v1\nauthority barset\nyear 02025\njudgement 3\n\nx\n", 3},
        {"folkmoot self-assessment v1\nauthority barset\nyear 2025\njudgement ?\n\nx\n", 4},
        {"folkmoot self-assessment v1\nauthority barset\nyear 2025\njudgement 5\n\nx\n", 4},
        {"folkmoot self-assessment v1\nauthority barset\nyear 2025\njudgement 0\n\nx\n", 4},
        {"folkmoot self-assessment v1\nauthority barset\nyear 2025\njudgement 3\nx\n", 5},
        {"folkmoot self-assessment v1\nauthority barset\nyear 2025\njudgement 3\n", 5},
    };
    struct assessment_head h;
    struct bytes body;
    struct assessment_fault why;
    OKAY(assessment_text_read(bytes_of(HEAD "x\n"), &h, &body));
    assert_string_equal(h.slug.s, "barset");
    assert_int_equal(h.year, 2025);
    assert_int_equal(h.judgement, 3);
    assert_true(bytes_equal(body, bytes_of("x\n")));
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        assert_int_equal(assessment_file_head(bytes_of(bad[i].text), &h, &body, &why), ERR_FORMAT);
        assert_int_equal(why.line, bad[i].line);
    }
}

static void only_the_canonical_text_is_one(void **state)
{
    (void)state;
    static const char *const bad[] = {
        HEAD "x", HEAD "x \n", HEAD "x\n\n", HEAD "x\n\n\ny\n", HEAD "\nx\n", "\n" HEAD "x\n", HEAD "a\tb\n", HEAD "a\r\n",
        HEAD "<!-- x -->\n", HEAD "\xE2\x80\xAEx\n", HEAD "\xC3\n", HEAD,
    };
    struct assessment_head h;
    struct bytes body;
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
        assert_int_equal(assessment_text_read(bytes_of(bad[i]), &h, &body), ERR_FORMAT);
}

/* ---- signatures ---- */

static struct slug barset = {"barset"};

static struct sign_secret key_of(uint8_t fill, struct sign_public *ret)
{
    struct sym_secret seed;
    struct sign_secret secret;
    memset(seed.b, fill, sizeof(seed.b));
    sign_keypair(&seed, &secret, ret);
    return secret;
}

/* Officer i of the quartet, whose key is i + 1. */
static struct officer officer(size_t i, struct sign_secret *ret)
{
    struct officer o = {.role = quartet_roles[i], .is_own = i != 2};
    *ret = key_of((uint8_t)(i + 1), &o.key);
    return o;
}

static void sign_as(struct bytes text, const struct slug *slug, const struct officer *o, const struct sign_secret *secret,
                    struct buf *note)
{
    struct note_key key = officer_key(slug, o);
    note_sign(text, &key, secret, note);
}

static struct assessment_signed judged(struct buf *note, const struct officer *list, size_t n)
{
    static struct note parsed;
    struct assessment_signed ret;
    OKAY(note_parse(buf_bytes(note), &parsed));
    assessment_judge(&parsed, &barset, list, n, NULL, 0, &ret);
    return ret;
}

static void four_of_four_are_the_quartet_and_three_are_not(void **state)
{
    (void)state;
    struct officer all[4];
    struct sign_secret secrets[4];
    struct bytes text = bytes_of(HEAD "x\n");
    char missing[128];
    struct buf note = buf_on(NOTE_MAX);
    note_begin(text, &note);
    for (size_t i = 0; i < 4; i++) {
        all[i] = officer(i, &secrets[i]);
        sign_as(text, &barset, &all[i], &secrets[i], &note);
        struct assessment_signed s = judged(&note, all, i + 1);
        assert_int_equal(s.n, i + 1);
        assert_int_equal(s.is_quartet, i == 3);
        assert_int_equal(s.lines[i].state, LINE_HOLDS);
        assert_int_equal(s.lines[i].is_own, i != 2);
        assessment_missing(&s, missing);
        assert_string_equal(missing,
                            i == 0 ? "lead-member chief-executive dcs" : i == 1 ? "chief-executive dcs" : i == 2 ? "dcs" : "");
    }
    struct assessment_signed revoked = judged(&note, all, 3);           /* the last one's key is no officer's any more */
    assert_false(revoked.is_quartet);
    assert_int_equal(revoked.lines[3].state, LINE_NOT_OFFICER);
    buf_release(&note);
}

/* Whatever stands before it: the lines of keys that nobody knows take no room from those that count. */
static void strangers_lines_crowd_nobody_out(void **state)
{
    (void)state;
    struct sign_secret by_dcs, by_stranger;
    struct officer dcs = officer(3, &by_dcs), stranger = {.role = OFFICER_DCS};
    struct bytes text = bytes_of(HEAD "x\n");
    struct buf note = buf_on(NOTE_MAX);
    note_begin(text, &note);
    for (size_t i = 1; i < NOTE_SIGNATURES_MAX; i++) {
        by_stranger = key_of((uint8_t)(100 + i), &stranger.key);
        sign_as(text, &barset, &stranger, &by_stranger, &note);
    }
    sign_as(text, &barset, &dcs, &by_dcs, &note);
    struct assessment_signed s = judged(&note, &dcs, 1);
    assert_int_equal(s.n, NOTE_SIGNATURES_MAX);
    assert_int_equal(s.lines[s.n - 1].state, LINE_HOLDS);
    assert_true(s.has[OFFICER_DCS]);
    buf_release(&note);
}

static void a_line_under_other_words_is_void_and_an_office_is_not_anothers(void **state)
{
    (void)state;
    struct officer leader, dcs;
    struct sign_secret by_leader, by_dcs;
    struct slug kent = {"kent"};
    struct bytes text = bytes_of(HEAD "x\n");
    struct buf note = buf_on(NOTE_MAX);
    leader = officer(0, &by_leader);
    dcs = officer(3, &by_dcs);
    note_begin(text, &note);
    sign_as(bytes_of(HEAD "y\n"), &barset, &leader, &by_leader, &note);
    sign_as(text, &barset, &dcs, &by_leader, &note);                    /* a forgery: the DCS's name and key id, another's key */
    sign_as(text, &kent, &dcs, &by_dcs, &note);                         /* not an officer of this body */
    struct officer list[2] = {leader, dcs};
    struct assessment_signed s = judged(&note, list, 2);
    assert_int_equal(s.n, 2);
    assert_int_equal(s.lines[0].state, LINE_VOID);
    assert_int_equal(s.lines[1].state, LINE_VOID);
    assert_false(s.has[OFFICER_LEADER] || s.has[OFFICER_DCS]);
    buf_release(&note);
}

static void two_may_hold_one_office_and_the_last_alone_is_no_quartet(void **state)
{
    (void)state;
    struct sign_secret by_old, by_new;
    struct officer list[2] = {officer(3, &by_old), {.role = OFFICER_DCS}}, gone = {.role = OFFICER_DCS};
    struct bytes text = bytes_of(HEAD "x\n");
    struct buf note = buf_on(NOTE_MAX);
    by_new = key_of(77, &list[1].key);
    struct sign_secret by_gone = key_of(78, &gone.key);
    note_begin(text, &note);
    sign_as(text, &barset, &list[1], &by_new, &note);
    sign_as(text, &barset, &gone, &by_gone, &note);
    struct assessment_signed s = judged(&note, list, 2);
    assert_int_equal(s.n, 2);
    assert_int_equal(s.lines[0].state, LINE_HOLDS);
    assert_int_equal(s.lines[1].state, LINE_NOT_OFFICER);
    assert_true(s.has[OFFICER_DCS]);
    assert_false(s.is_quartet);
    buf_release(&note);
}

/* ---- the record ---- */

static void a_record_comes_back_and_says_what_its_text_says(void **state)
{
    (void)state;
    struct sign_secret secret;
    struct officer dcs = officer(3, &secret);
    struct officer_card card = {.role = OFFICER_DCS, .name = "Jane Roe", .key = dcs.key};
    struct bytes text = bytes_of(HEAD "x\n");
    struct buf note = buf_on(NOTE_MAX), cards = buf_on(OFFICER_CARD_MAX), b = buf_on(PAYLOAD_MAX);
    note_begin(text, &note);
    sign_as(text, &barset, &dcs, &secret, &note);
    officer_card_sign(&card, &secret, &cards);
    struct assessment a = {.head = {barset, 2025, 3}, .note = buf_bytes(&note), .n_cards = 1, .cards = {buf_bytes(&cards)}}, got;
    assessment_write(&a, &b);
    OKAY(assessment_read(buf_bytes(&b), &got));
    assert_int_equal(got.head.year, 2025);
    assert_true(bytes_equal(got.text, text));
    assert_true(bytes_equal(got.note, buf_bytes(&note)));
    struct note *n = malloc(sizeof(*n));
    struct assessment_signed s;
    assert_non_null(n);
    OKAY(note_parse(got.note, n));
    assessment_judge(n, &barset, &dcs, 1, got.cards, got.n_cards, &s);
    assert_string_equal(s.lines[0].name, "Jane Roe");
    free(n);
    static const struct { uint32_t year; uint8_t judgement; } lies[] = {{2024, 3}, {2025, 2}};
    for (size_t i = 0; i < 2; i++) {            /* what stands beside the text must be what it says */
        a.head.year = lies[i].year;
        a.head.judgement = lies[i].judgement;
        buf_clear(&b);
        assessment_write(&a, &b);
        assert_int_equal(assessment_read(buf_bytes(&b), &got), ERR_FORMAT);
    }
    a = (struct assessment){.head = {barset, 2025, 3}, .note = text};   /* signed by nobody */
    buf_clear(&b);
    assessment_write(&a, &b);
    assert_int_equal(assessment_read(buf_bytes(&b), &got), ERR_FORMAT);
    buf_release(&note);
    buf_release(&cards);
    buf_release(&b);
}

/* ---- what a second implementation made ---- */

static const char *string_in(const json_t *o, const char *key)
{
    const char *s = json_string_value(json_object_get(o, key));
    assert_non_null(s);
    return s;
}

static void bytes_in(const json_t *o, const char *key, struct buf *ret)
{
    const char *hex = string_in(o, key);
    uint8_t *p = buf_grow(ret, strlen(hex) / 2);
    assert_non_null(p);
    for (size_t i = 0; hex[2 * i] != '\0'; i++) {
        unsigned v;
        assert_int_equal(sscanf(hex + 2 * i, "%2x", &v), 1);
        p[i] = (uint8_t)v;
    }
}

static void the_published_vectors_hold(void **state)
{
    (void)state;
    json_t *v = vectors_load("tests/vectors/folkmoot/assessment.json"), *one;
    struct officer list[QUARTET_ROLES];
    struct assessment_fault why;
    size_t i;
    json_array_foreach(json_object_get(v, "texts"), i, one) {
        struct buf in = buf_on(4096), text;
        char hex[HEX_SIZE(HASH_LEN)];
        bytes_in(one, "file", &in);
        OKAY(text_of(buf_bytes(&in), &text, &why));
        assert_string_equal(buf_str(&text), string_in(one, "text"));
        struct hash h = sha256(buf_bytes(&text));
        hex_encode((struct bytes){h.b, sizeof(h.b)}, hex);
        assert_string_equal(hex, string_in(one, "sha256"));
        buf_release(&in);
        buf_release(&text);
    }
    json_array_foreach(json_object_get(v, "officers"), i, one) {
        struct note_key key;
        OKAY(note_vkey_parse(bytes_of(string_in(one, "vkey")), &key));
        list[i] = (struct officer){.key = key.key, .is_own = true};
        OKAY(officer_role_parse(bytes_of(string_in(one, "role")), &list[i].role));
    }
    struct buf record = buf_on(PAYLOAD_MAX), again = buf_on(PAYLOAD_MAX);
    struct assessment a;
    struct assessment_file f;
    struct assessment_signed s;
    static struct note n;
    bytes_in(v, "record", &record);
    OKAY(assessment_read(buf_bytes(&record), &a));
    assert_true(bytes_equal(a.note, bytes_of(string_in(v, "note"))));
    assessment_write(&a, &again);
    assert_true(bytes_equal(buf_bytes(&again), buf_bytes(&record)));
    OKAY(note_parse(a.note, &n));
    assessment_judge(&n, &a.head.slug, list, QUARTET_ROLES, a.cards, a.n_cards, &s);
    assert_true(s.is_quartet);
    assert_string_equal(s.lines[3].name, "Jane Roe");
    assert_string_equal(s.lines[1].name, "");
    OKAY(assessment_file_read(bytes_of(string_in(v, "signed_file")), &f, &why));
    assert_true(bytes_equal(buf_bytes(&f.note), a.note));
    assert_int_equal(f.n_keys, 4);
    struct buf file = buf_on(ASSESSMENT_FILE_MAX);
    assessment_file_write(a.text, f.keys, f.n_keys, (struct bytes){a.note.p + a.text.len + 1, a.note.len - a.text.len - 1}, &file);
    assert_string_equal(buf_str(&file), string_in(v, "signed_file"));
    assessment_file_release(&f);
    buf_release(&file);
    buf_release(&record);
    buf_release(&again);
    json_decref(v);
}

/* ---- the body ---- */

static void sections_are_found_whatever_the_case_and_code_is_none(void **state)
{
    (void)state;
    struct assessment_parts p;
    assessment_parts(bytes_of("before\n\n## STRENGTHS\n\none\n\n### Other\n\ntwo\n\n"
                              "# how do you know it\n```\n# Support needed\n```\n"
                              "# Strengths\nagain\n"), &p);
    assert_true(bytes_equal(p.text[SECTION_COUNT], bytes_of("before")));
    assert_true(bytes_equal(p.text[SECTION_STRENGTHS], bytes_of("one\n\n### Other\n\ntwo")));
    assert_true(bytes_equal(p.text[SECTION_HOW], bytes_of("```\n# Support needed\n```")));
    assert_int_equal(p.count[SECTION_STRENGTHS], 2);
    assert_int_equal(p.count[SECTION_NEEDED], 0);
}

struct gathered { size_t n; struct assessment_link all[8]; };

static enum err gather(void *arg, const struct assessment_link *l)
{
    struct gathered *g = arg;
    assert_true(g->n < 8);
    g->all[g->n++] = *l;
    return OK;
}

static void links_come_with_their_section_and_sentence(void **state)
{
    (void)state;
    struct gathered g = {0};
    OKAY(assessment_links(bytes_of("# Strengths\nIt is good. It was [27 %](figure:a@2024) in\n2024, and [x](figure:b@2024). Next.\n"
                                   "- [y](figure:kent/17)\n- no [z](http://x) ](figure:c) [w](figure:has blank)[v](figure:)\n"),
                          gather, &g));
    assert_int_equal(g.n, 3);
    assert_true(bytes_equal(g.all[0].label, bytes_of("27 %")));
    assert_true(bytes_equal(g.all[0].target, bytes_of("a@2024")));
    assert_true(bytes_equal(g.all[0].sentence, bytes_of("It was [27 %](figure:a@2024) in\n2024, and [x](figure:b@2024).")));
    assert_int_equal(g.all[0].section, SECTION_STRENGTHS);
    assert_int_equal(g.all[0].others, 1);
    assert_true(bytes_equal(g.all[2].target, bytes_of("kent/17")));
    assert_int_equal(g.all[2].others, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_editors_and_mail_change_changes_no_text),
        cmocka_unit_test(what_cannot_be_signed_is_named_with_its_line),
        cmocka_unit_test(a_text_longer_than_it_may_be_is_refused),
        cmocka_unit_test(a_head_is_closed_and_what_is_wrong_with_it_is_said),
        cmocka_unit_test(only_the_canonical_text_is_one),
        cmocka_unit_test(four_of_four_are_the_quartet_and_three_are_not),
        cmocka_unit_test(strangers_lines_crowd_nobody_out),
        cmocka_unit_test(a_line_under_other_words_is_void_and_an_office_is_not_anothers),
        cmocka_unit_test(two_may_hold_one_office_and_the_last_alone_is_no_quartet),
        cmocka_unit_test(a_record_comes_back_and_says_what_its_text_says),
        cmocka_unit_test(the_published_vectors_hold),
        cmocka_unit_test(sections_are_found_whatever_the_case_and_code_is_none),
        cmocka_unit_test(links_come_with_their_section_and_sentence),
    };
    if (crypto_start() != OK)
        return 1;
    return cmocka_run_group_tests(tests, NULL, NULL);
}
