#include "tests/unit/vectors.h"

#include "protocol/record.h"

static json_t *vectors;
static struct buf a, want;

static int setup(void **state)
{
    (void)state;
    a = buf_on(1 << 16);
    want = buf_on(1 << 16);
    vectors = vectors_load("tests/vectors/folkmoot/record.json");
    return crypto_start() == OK ? 0 : -1;
}

static int teardown(void **state)
{
    (void)state;
    json_decref(vectors);
    buf_release(&a);
    buf_release(&want);
    return 0;
}

static struct decimal dec(const char *text)
{
    struct decimal d;
    if (decimal_parse(bytes_of(text), &d) != OK)
        fail_msg("not a decimal: %s", text);
    return d;
}

/* The two figures of the vectors. */
static struct figure rate(void)
{
    struct figure f = {.indicator = "cla_rate", .period = "2025", .time_identifier = "Reporting year",
                       .breakdown = "sex=female", .has_numerator = true, .has_denominator = true, .has_value = true,
                       .numerator = dec("418"), .denominator = dec("58260"), .value = dec("72.0"),
                       .status = STATUS_FINAL};
    f.definition = hash_of_hex(vector_text(vectors, "definition_hash_in_figures"));
    return f;
}

static struct figure hidden(void)
{
    struct figure f = {.indicator = "cla_rate", .period = "202425", .time_identifier = "Financial year Q1",
                       .breakdown = "age=under 1;sex=\xc3\xa9", .has_denominator = true, .denominator = dec("-0.005"),
                       .status = STATUS_C, .reason = REASON_CORRECTION, .marking = MARKING_SENSITIVE};
    f.definition = hash_of_hex(vector_text(vectors, "definition_hash_in_figures"));
    return f;
}

static struct definition looked_after(void)
{
    return (struct definition){.id = "cla_rate", .title = "Children looked after, rate per 10,000",
                               .numerator = "Children looked after at 31 March",
                               .denominator = "ONS mid-year population 0-17", .unit = "rate_10000",
                               .basis = "snapshot, 31 March", .multiplier = 10000, .counts_people = true};
}

static struct batch_return quarter(void)
{
    return (struct batch_return){.title = "Q2 2025-26", .first = 17, .count = 400, .source = sha256(bytes_of("file")),
                                 .signed_off = "A. Grantly"};
}

static void assert_number(bool has_got, struct decimal got, bool has_expected, struct decimal expected)
{
    assert_int_equal(has_got, has_expected);
    if (has_got) {
        assert_int_equal(got.mantissa, expected.mantissa);
        assert_int_equal(got.scale, expected.scale);
    }
}

static void assert_figure(const struct figure *got, const struct figure *f)
{
    assert_string_equal(got->indicator, f->indicator);
    assert_memory_equal(got->definition.b, f->definition.b, HASH_LEN);
    assert_string_equal(got->period, f->period);
    assert_string_equal(got->time_identifier, f->time_identifier);
    assert_string_equal(got->breakdown, f->breakdown);
    assert_number(got->has_numerator, got->numerator, f->has_numerator, f->numerator);
    assert_number(got->has_denominator, got->denominator, f->has_denominator, f->denominator);
    assert_number(got->has_value, got->value, f->has_value, f->value);
    assert_int_equal(got->status, f->status);
    assert_int_equal(got->reason, f->reason);
    assert_int_equal(got->marking, f->marking);
}

static void assert_figure_frozen(const struct figure *f, const char *vector)
{
    struct figure got;
    buf_clear(&a);
    figure_write(f, &a);
    assert_bytes_equal(buf_bytes(&a), vector_hex_bytes(vectors, vector, &want));
    assert_int_equal(figure_read(buf_bytes(&a), &got), OK);
    assert_figure(&got, f);
}

static void figures_have_the_frozen_bytes_and_read_back(void **state)
{
    (void)state;
    struct figure f = rate();
    assert_figure_frozen(&f, "figure");
    f = hidden();
    f.denominator = (struct decimal){-5, 3};
    assert_figure_frozen(&f, "figure_symbol");
}

static void a_definition_has_the_frozen_bytes_and_hash_and_reads_back(void **state)
{
    (void)state;
    struct definition got, d = looked_after();
    buf_clear(&a);
    definition_write(&d, &a);
    assert_bytes_equal(buf_bytes(&a), vector_hex_bytes(vectors, "definition", &want));
    struct hash h = definition_hash(&d), expected = hash_of_hex(vector_text(vectors, "definition_hash"));
    assert_memory_equal(h.b, expected.b, HASH_LEN);
    assert_int_equal(definition_read(buf_bytes(&a), &got), OK);
    assert_string_equal(got.id, d.id);
    assert_string_equal(got.title, d.title);
    assert_string_equal(got.numerator, d.numerator);
    assert_string_equal(got.denominator, d.denominator);
    assert_string_equal(got.unit, d.unit);
    assert_string_equal(got.basis, d.basis);
    assert_int_equal(got.multiplier, 10000);
    assert_int_equal(got.decimals, 0);
    assert_int_equal(got.polarity, POLARITY_NONE);
    assert_true(got.counts_people);
    assert_false(got.parts_rounded);
}

/* What a definition says of its parts stands behind the rest, and only when there is something to say. */
static void a_definition_says_what_its_parts_are_or_says_nothing(void **state)
{
    (void)state;
    struct definition got, d = looked_after();
    struct hash silent = definition_hash(&d), said;
    d.parts = PARTS_RATE;
    buf_clear(&a);
    definition_write(&d, &a);
    said = definition_hash(&d);
    assert_false(hash_equal(&silent, &said));
    assert_int_equal(definition_read(buf_bytes(&a), &got), OK);
    assert_int_equal(got.parts, PARTS_RATE);
    struct bytes bytes = buf_bytes(&a);
    assert_memory_equal(bytes.p + bytes.len - 4, "rate", 4);
    memcpy(a.p + a.len - 4, "none", 4);         /* would be a second encoding of the silent one */
    assert_int_equal(definition_read(buf_bytes(&a), &got), ERR_FORMAT);
    memcpy(a.p + a.len - 4, "rats", 4);
    assert_int_equal(definition_read(buf_bytes(&a), &got), ERR_FORMAT);
    d.parts_rounded = true;                     /* a full-time equivalent is not a trial */
    assert_int_equal(definition_check(&d), ERR_FORMAT);
    d.parts = PARTS_NONE;
    assert_int_equal(definition_check(&d), OK);
}

/* Put one array in front of what `b` holds: `n` elements instead of `was`. */
static void say_more(struct buf *b, uint8_t was, uint8_t n, bool keeps_place)
{
    assert_int_equal(b->p[0], 0x90 | was);
    b->p[0] = (uint8_t)(0x90 | n);
    if (keeps_place)
        pack_nil(b);
}

/* [P-38] What a later version says behind what we know is read past, and is in the hash. */
static void a_definition_that_says_more_is_read_and_has_the_hash_of_all_its_bytes(void **state)
{
    (void)state;
    struct definition got, d = looked_after();
    d.parts = PARTS_RATE;
    buf_clear(&a);
    definition_write(&d, &a);
    say_more(&a, 13, 14, false);
    pack_str(&a, "of a later version");
    assert_int_equal(definition_read(buf_bytes(&a), &got), OK);
    assert_int_equal(got.parts, PARTS_RATE);
    struct hash all = record_hash(buf_bytes(&a)), known = definition_hash(&got), expected = blake2b_256(buf_bytes(&a));
    assert_false(hash_equal(&all, &known));
    assert_true(hash_equal(&all, &expected));
    d.parts = PARTS_NONE;
    buf_clear(&a);
    definition_write(&d, &a);
    say_more(&a, 12, 13, true);                 /* nil alone would be a second encoding of saying nothing */
    assert_int_equal(definition_read(buf_bytes(&a), &got), ERR_FORMAT);
    a.p[0] = 0x90 | 14;
    pack_uint(&a, 7);
    assert_int_equal(definition_read(buf_bytes(&a), &got), OK);
    assert_int_equal(got.parts, PARTS_NONE);
}

static void the_longest_definition_has_a_hash(void **state)
{
    (void)state;
    struct definition d = looked_after(), got;
    memset(d.id, 'a', sizeof(d.id) - 1);
    memset(d.title, 't', sizeof(d.title) - 1);
    memset(d.numerator, 'n', sizeof(d.numerator) - 1);
    memset(d.denominator, 'd', sizeof(d.denominator) - 1);
    memset(d.unit, 'u', sizeof(d.unit) - 1);
    memset(d.basis, 'b', sizeof(d.basis) - 1);
    d.multiplier = MULTIPLIER_MAX;
    d.parts = PARTS_PROPORTION;
    buf_clear(&a);
    definition_write(&d, &a);
    struct hash h = definition_hash(&d), expected = blake2b_256(buf_bytes(&a));
    assert_memory_equal(h.b, expected.b, HASH_LEN);
    assert_int_equal(definition_read(buf_bytes(&a), &got), OK);
}

static void a_return_has_the_frozen_bytes_and_reads_back(void **state)
{
    (void)state;
    struct batch_return got, r = quarter();
    buf_clear(&a);
    return_write(&r, &a);
    assert_bytes_equal(buf_bytes(&a), vector_hex_bytes(vectors, "return", &want));
    assert_int_equal(return_read(buf_bytes(&a), &got), OK);
    assert_string_equal(got.title, r.title);
    assert_int_equal(got.first, 17);
    assert_int_equal(got.count, 400);
    assert_memory_equal(got.source.b, r.source.b, HASH_LEN);
    assert_string_equal(got.signed_off, r.signed_off);
}

/* ---- what a newer version may add ---- */

/* The record with `extra` elements more: its array's length is in its first byte. */
static struct bytes longer(const char *vector, size_t extra)
{
    (void)vector_hex_bytes(vectors, vector, &a);
    a.p[0] = (uint8_t)(a.p[0] + extra);
    for (size_t i = 0; i < extra; i++)
        pack_str(&a, "from a newer version");
    return buf_bytes(&a);
}

static struct post a_note(void)
{
    return (struct post){.type = "note", .about = "barset/17", .text = "Counted after a fire;\nsome of it by hand. \xc3\xa9"};
}

static void posts_have_the_frozen_bytes_and_read_back(void **state)
{
    (void)state;
    struct post got, p = a_note();
    buf_clear(&a);
    post_write(&p, &a);
    assert_bytes_equal(buf_bytes(&a), vector_hex_bytes(vectors, "post", &want));
    assert_int_equal(post_read(buf_bytes(&a), &got), OK);
    assert_string_equal(got.text, p.text);
    assert_string_equal(got.about, p.about);
    p = (struct post){.type = "need", .about = "cpp_rate", .text = "Two reviewing officers.", .owner = "A. Grantly, DCS",
                      .due = "2026-02-28", .state = "open"};
    buf_clear(&a);
    post_write(&p, &a);
    assert_bytes_equal(buf_bytes(&a), vector_hex_bytes(vectors, "post_full", &want));
    assert_int_equal(post_read(buf_bytes(&a), &got), OK);
    assert_string_equal(got.owner, p.owner);
    assert_string_equal(got.due, p.due);
    assert_string_equal(got.state, p.state);
}

static void a_post_keeps_its_form(void **state)
{
    (void)state;
    static const struct { size_t at; const char *bad; } wrong[] = {
        {offsetof(struct post, type), ""}, {offsetof(struct post, type), "Note"}, {offsetof(struct post, about), "two\nlines"},
        {offsetof(struct post, text), ""}, {offsetof(struct post, text), "bell\a"}, {offsetof(struct post, text), "a\r\nb"},
        {offsetof(struct post, text), "\xff"}, {offsetof(struct post, owner), "a\tb"}, {offsetof(struct post, due), "2026-13-01"},
        {offsetof(struct post, due), "2026-00-10"}, {offsetof(struct post, due), "26-01-01"}, {offsetof(struct post, due),
                                                                                               "2026-01-32"},
        {offsetof(struct post, state), "is open"},
    };
    struct post p = a_note();
    assert_int_equal(post_check(&p), OK);
    for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
        p = a_note();
        memcpy((char *)&p + wrong[i].at, wrong[i].bad, strlen(wrong[i].bad) + 1);
        if (post_check(&p) != ERR_FORMAT)
            fail_msg("taken: %s", wrong[i].bad);
    }
}

static struct collection asked(void)
{
    return (struct collection){.number = 300, .title = "Q2 2025-26", .period = "202526", .time_identifier = "Financial year Q2",
                               .due = "2025-11-28", .n = 2, .indicators = {"cin_rate", "cpp_repeat_pct"}};
}

static void collections_have_the_frozen_bytes_and_read_back(void **state)
{
    (void)state;
    struct collection got, c = asked();
    buf_clear(&a);
    collection_write(&c, &a);
    assert_bytes_equal(buf_bytes(&a), vector_hex_bytes(vectors, "collection", &want));
    assert_int_equal(collection_read(buf_bytes(&a), &got), OK);
    assert_int_equal(got.number, 300);
    assert_int_equal(got.n, 2);
    assert_string_equal(got.indicators[1], "cpp_repeat_pct");
    assert_false(got.is_closed);
    c = (struct collection){.number = 1, .title = "Census 2025", .period = "2025", .time_identifier = "Reporting year",
                            .due = "2025-06-30", .n = 1, .indicators = {"cla_rate"}, .is_closed = true};
    buf_clear(&a);
    collection_write(&c, &a);
    assert_bytes_equal(buf_bytes(&a), vector_hex_bytes(vectors, "collection_closed", &want));
    assert_int_equal(collection_read(buf_bytes(&a), &got), OK);
    assert_true(got.is_closed);
}

static void a_collection_asks_for_something_by_a_day(void **state)
{
    (void)state;
    struct collection c = asked();
    assert_int_equal(collection_check(&c), OK);
    c.n = 0;
    assert_int_equal(collection_check(&c), ERR_FORMAT);
    c = asked();
    c.number = 0;
    assert_int_equal(collection_check(&c), ERR_FORMAT);
    c = asked();
    c.due[0] = '\0';
    assert_int_equal(collection_check(&c), ERR_FORMAT);
    c = asked();
    memcpy(c.indicators[1], "Cin", 4);
    assert_int_equal(collection_check(&c), ERR_FORMAT);
    c = asked();
    memcpy(c.period, "25", 3);
    assert_int_equal(collection_check(&c), ERR_FORMAT);
}

static void elements_behind_those_we_know_are_ignored(void **state)
{
    (void)state;
    struct figure f;
    struct definition d;
    struct batch_return r;
    assert_int_equal(figure_read(longer("figure", 2), &f), OK);
    assert_string_equal(f.breakdown, "sex=female");
    struct definition known = looked_after();
    known.parts = PARTS_RATE;
    buf_clear(&a);
    definition_write(&known, &a);
    a.p[0]++;
    pack_str(&a, "from a newer version");
    assert_int_equal(definition_read(buf_bytes(&a), &d), OK);
    assert_int_equal(d.parts, PARTS_RATE);
    struct batch_return off = quarter();
    memcpy(off.signed_role, "dcs", 4);
    off.signature.b[0] = 9;
    buf_clear(&a);
    return_write(&off, &a);
    a.p[0] = (uint8_t)(a.p[0] + 3);
    for (int i = 0; i < 3; i++)
        pack_str(&a, "from a newer version");
    assert_int_equal(return_read(buf_bytes(&a), &r), OK);
    assert_string_equal(r.signed_role, "dcs");
    assert_int_equal(r.signature.b[0], 9);
    buf_put_u8(&a, 0xc0);                               /* but nothing behind the array */
    assert_int_equal(return_read(buf_bytes(&a), &r), ERR_FORMAT);
}

static void every_prefix_of_a_record_is_refused_and_nothing_is_written(void **state)
{
    (void)state;
    static const char *const names[] = {"figure", "figure_symbol", "definition", "return"};
    struct figure f = {.period = "x"};
    struct definition d = {.id = "x"};
    struct batch_return r = {.title = "x"};
    struct bytes type = {NULL, 99};
    for (size_t i = 0; i < 4; i++) {
        struct bytes in = vector_hex_bytes(vectors, names[i], &want);
        for (size_t len = 0; len < in.len; len++) {
            struct bytes part = {in.p, len};
            assert_int_equal(figure_read(part, &f), ERR_FORMAT);
            assert_int_equal(definition_read(part, &d), ERR_FORMAT);
            assert_int_equal(return_read(part, &r), ERR_FORMAT);
            assert_int_equal(record_type(part, &type), ERR_FORMAT);
        }
    }
    assert_string_equal(f.period, "x");
    assert_string_equal(d.id, "x");
    assert_string_equal(r.title, "x");
    assert_int_equal(type.len, 99);
}

static void a_record_of_one_type_is_no_other(void **state)
{
    (void)state;
    struct figure f;
    struct definition d;
    struct batch_return r;
    assert_int_equal(definition_read(vector_hex_bytes(vectors, "figure", &want), &d), ERR_FORMAT);
    assert_int_equal(figure_read(vector_hex_bytes(vectors, "definition", &want), &f), ERR_FORMAT);
    assert_int_equal(return_read(vector_hex_bytes(vectors, "definition", &want), &r), ERR_FORMAT);
}

static void the_type_of_an_unknown_record_is_told(void **state)
{
    (void)state;
    struct bytes type;
    assert_int_equal(record_type(vector_hex_bytes(vectors, "figure", &want), &type), OK);
    assert_bytes_equal(type, bytes_of("figure"));
    buf_clear(&a);
    pack_array(&a, 3);
    pack_str(&a, "poem");
    pack_array(&a, 1);
    pack_nil(&a);
    pack_bool(&a, true);
    assert_int_equal(record_type(buf_bytes(&a), &type), OK);
    assert_bytes_equal(type, bytes_of("poem"));
    pack_nil(&a);                                       /* one value too many */
    assert_int_equal(record_type(buf_bytes(&a), &type), ERR_FORMAT);
    static const uint8_t number_first[] = {0x91, 1}, empty[] = {0x90}, no_word[] = {0x91, 0xa0}, flat[] = {0xa1, 'x'};
    assert_int_equal(record_type((struct bytes){number_first, 2}, &type), ERR_FORMAT);
    assert_int_equal(record_type((struct bytes){empty, 1}, &type), ERR_FORMAT);
    assert_int_equal(record_type((struct bytes){no_word, 2}, &type), ERR_FORMAT);
    assert_int_equal(record_type((struct bytes){flat, 2}, &type), ERR_FORMAT);
}

/* ---- what a figure may say ---- */

static void set(char *field, size_t size, const char *text)
{
    memset(field, 0, size);
    assert_int_equal(bytes_to_str(bytes_of(text), field, size), OK);
}

static void assert_breakdown(const char *text, enum err says)
{
    struct figure f = rate();
    set(f.breakdown, sizeof(f.breakdown), text);
    if (figure_check(&f) != says)
        fail_msg("\"%s\" is not %s", text, err_code(says));
}

static void a_breakdown_has_one_text(void **state)
{
    (void)state;
    static const char *const good[] = {"", "a=1", "age=10 to 15;sex=male", "a=1;a_b=1;ab=1", "a=1;aa=1", "0=x",
                                       "type=Special Educational Needs (\xc3\xa9)"};
    static const char *const bad[] = {"a", "a=", "=1", "a=1;", ";a=1", "a=1;;b=2", "b=1;a=1", "a=1;a=2", "aa=1;a=1",
                                      "A=1", "a-b=1", "a=1=2", "a=b;c", "a =1", "a=\n", "a=\x7f", "a=\xff", "a=1;b=",
                                      ";", "=", "a=\xc2\x85"};
    for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++)
        assert_breakdown(good[i], OK);
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
        assert_breakdown(bad[i], ERR_FORMAT);
}

static void a_period_is_four_or_six_digits(void **state)
{
    (void)state;
    static const struct { const char *text; enum err says; } cases[] = {
        {"2025", OK}, {"202425", OK}, {"", ERR_FORMAT}, {"202", ERR_FORMAT}, {"20245", ERR_FORMAT},
        {"2024-5", ERR_FORMAT}, {"20a5", ERR_FORMAT}, {" 2025", ERR_FORMAT}};
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct figure f = rate();
        set(f.period, sizeof(f.period), cases[i].text);
        assert_int_equal(figure_check(&f), cases[i].says);
    }
}

static void an_indicator_is_a_lower_case_word(void **state)
{
    (void)state;
    static const struct { const char *text; enum err says; } cases[] = {
        {"a", OK}, {"cla_rate_2", OK}, {"", ERR_FORMAT}, {"2cla", ERR_FORMAT}, {"_a", ERR_FORMAT},
        {"Cla", ERR_FORMAT}, {"cla-rate", ERR_FORMAT}, {"cla rate", ERR_FORMAT}, {"cl\xc3\xa9", ERR_FORMAT}};
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct figure f = rate();
        set(f.indicator, sizeof(f.indicator), cases[i].text);
        assert_int_equal(figure_check(&f), cases[i].says);
    }
}

static enum err check_numbers(enum figure_status status, bool numerator, bool denominator, bool value)
{
    struct figure f = rate();
    f.status = status;
    f.has_numerator = numerator;
    f.has_denominator = denominator;
    f.has_value = value;
    return figure_check(&f);
}

static void beside_a_symbol_no_value_stands_and_beside_c_no_count(void **state)
{
    (void)state;
    for (enum figure_status s = STATUS_C; s < STATUS_COUNT; s++) {
        assert_false(status_has_number(s));
        assert_int_equal(check_numbers(s, false, false, false), OK);
        assert_int_equal(check_numbers(s, false, true, false), OK);
        assert_int_equal(check_numbers(s, true, false, false), s == STATUS_C ? ERR_FORMAT : OK);
        assert_int_equal(check_numbers(s, true, true, false), s == STATUS_C ? ERR_FORMAT : OK);
        assert_int_equal(check_numbers(s, false, false, true), ERR_FORMAT);
        assert_int_equal(check_numbers(s, true, true, true), ERR_FORMAT);
    }
}

static void a_status_that_promises_a_number_has_one(void **state)
{
    (void)state;
    for (enum figure_status s = STATUS_FINAL; s <= STATUS_STATED; s++) {
        assert_true(status_has_number(s));
        assert_int_equal(check_numbers(s, false, false, true), OK);
        assert_int_equal(check_numbers(s, true, true, true), OK);
        assert_int_equal(check_numbers(s, false, false, false), ERR_FORMAT);
        assert_int_equal(check_numbers(s, false, true, false), ERR_FORMAT);
        assert_int_equal(check_numbers(s, true, false, false), s == STATUS_STATED ? ERR_FORMAT : OK);
    }
}

/* A figure as a writer without our rules would send it. */
static enum err read_raw_figure(const char *indicator, const char *breakdown, const char *status, bool value)
{
    struct figure f;
    struct hash h = {{0}};
    buf_clear(&a);
    pack_array(&a, 12);
    pack_str(&a, "figure");
    pack_str(&a, indicator);
    pack_fixed(&a, h.b, sizeof(h.b));
    pack_str(&a, "2025");
    pack_str(&a, "Reporting year");
    pack_str_bytes(&a, (struct bytes){(const uint8_t *)breakdown, strlen(breakdown) + (breakdown[0] == '!')});
    pack_nil(&a);
    pack_nil(&a);
    if (value)
        pack_uint(&a, 1);
    else
        pack_nil(&a);
    pack_str(&a, status);
    pack_str(&a, "");
    pack_str(&a, "");
    return figure_read(buf_bytes(&a), &f);
}

static void a_reader_keeps_the_rules_of_the_writer(void **state)
{
    (void)state;
    char text[200] = "a=";
    assert_int_equal(read_raw_figure("cla", "", "final", true), OK);
    assert_int_equal(read_raw_figure("cla", "", "c", false), OK);
    assert_int_equal(read_raw_figure("cla", "", "c", true), ERR_FORMAT);
    assert_int_equal(read_raw_figure("cla", "", "final", false), ERR_FORMAT);
    assert_int_equal(read_raw_figure("cla", "", "guessed", true), ERR_FORMAT);
    assert_int_equal(read_raw_figure("", "", "final", true), ERR_FORMAT);
    assert_int_equal(read_raw_figure("cla", "b=1;a=1", "final", true), ERR_FORMAT);
    assert_int_equal(read_raw_figure("cla", "!", "final", true), ERR_FORMAT);           /* a NUL inside */
    memset(text + 2, 'x', BREAKDOWN_MAX - 2);
    assert_int_equal(read_raw_figure("cla", text, "final", true), OK);
    text[BREAKDOWN_MAX] = 'x';
    assert_int_equal(read_raw_figure("cla", text, "final", true), ERR_FORMAT);
}

static void saying_the_same_again_is_no_revision(void **state)
{
    (void)state;
    struct figure f = rate(), g = rate();
    assert_true(figure_same(&f, &g));
    g.reason = REASON_LATE_DATA;
    g.marking = MARKING_OFFICIAL;
    g.value = dec("72");                                /* a spreadsheet dropped the zero */
    assert_true(figure_same(&f, &g));
    g.has_value = false;
    g.value = f.value;
    assert_false(figure_same(&f, &g));
    f.has_value = false;
    f.value = dec("1");                                 /* of a number that is not there, nothing counts */
    assert_true(figure_same(&f, &g));
}

static void each_part_of_a_figure_counts_as_a_change(void **state)
{
    (void)state;
    const struct figure f = rate();
    struct figure g[10];
    for (size_t i = 0; i < 10; i++)
        g[i] = f;
    g[0].indicator[0] = 'd';
    g[1].definition.b[31] ^= 1;
    g[2].period[3] = '4';
    g[3].time_identifier[0] = 'C';
    g[4].breakdown[4] = 'F';
    g[5].numerator = dec("419");
    g[6].denominator = dec("58261");
    g[7].value = dec("72.1");
    g[8].status = STATUS_PROVISIONAL;
    g[9].has_denominator = false;
    for (size_t i = 0; i < 10; i++)
        if (figure_same(&f, &g[i]) || figure_same(&g[i], &f))
            fail_msg("change %zu was not seen", i);
}

/* ---- definitions, returns, words ---- */

static void a_definition_that_nobody_could_read_fails_its_check(void **state)
{
    (void)state;
    const struct definition good = looked_after();
    struct definition d[9];
    for (size_t i = 0; i < 9; i++)
        d[i] = good;
    d[0].id[0] = 'C';
    d[1].title[0] = '\0';
    d[2].title[3] = '\n';
    d[3].multiplier = 0;
    d[4].multiplier = 200;
    d[5].multiplier = MULTIPLIER_MAX * 10;
    d[6].decimals = DECIMAL_SCALE_MAX + 1;
    d[7].unit[0] = (char)0xff;
    d[8].basis[0] = '\x1b';
    for (size_t i = 0; i < 9; i++)
        assert_int_equal(definition_check(&d[i]), ERR_FORMAT);
    d[0] = good;
    for (uint32_t m = 1; m <= MULTIPLIER_MAX; m *= 10) {
        d[0].multiplier = m;
        assert_int_equal(definition_check(&d[0]), OK);
    }
}

static void a_return_of_two_lines_fails_its_check(void **state)
{
    (void)state;
    struct batch_return r = quarter();
    assert_int_equal(return_check(&r), OK);
    r.title[2] = '\n';
    assert_int_equal(return_check(&r), ERR_FORMAT);
    r = quarter();
    r.signed_off[0] = '\t';
    assert_int_equal(return_check(&r), ERR_FORMAT);
    r = quarter();
    r.signed_off[0] = '\0';                             /* nobody did */
    assert_int_equal(return_check(&r), OK);
}

#define assert_words(prefix, type, count, other)                                        \
    do {                                                                                \
        type got = (type)0;                                                             \
        for (unsigned i = 0; i < (count); i++) {                                        \
            assert_int_equal(prefix##_parse(bytes_of(prefix##_name((type)i)), &got), OK); \
            assert_int_equal(got, i);                                                   \
        }                                                                               \
        assert_int_equal(prefix##_parse(bytes_of(other), &got), ERR_FORMAT);            \
        assert_int_equal(got, (count) - 1);                                             \
    } while (0)

static void every_word_is_read_back_and_no_other_is(void **state)
{
    (void)state;
    assert_words(status, enum figure_status, STATUS_COUNT, "Final");
    assert_words(reason, enum revision_reason, REASON_COUNT, "late data");
    assert_words(marking, enum marking, MARKING_COUNT, "secret");
    assert_words(polarity, enum polarity, POLARITY_COUNT, "");
    assert_string_equal(status_name(STATUS_LOW), "low");
    assert_string_equal(reason_name(REASON_NONE), "");
    assert_string_equal(polarity_name(POLARITY_HIGH), "high");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(figures_have_the_frozen_bytes_and_read_back),
        cmocka_unit_test(a_definition_has_the_frozen_bytes_and_hash_and_reads_back),
        cmocka_unit_test(a_definition_says_what_its_parts_are_or_says_nothing),
        cmocka_unit_test(a_definition_that_says_more_is_read_and_has_the_hash_of_all_its_bytes),
        cmocka_unit_test(the_longest_definition_has_a_hash),
        cmocka_unit_test(a_return_has_the_frozen_bytes_and_reads_back),
        cmocka_unit_test(posts_have_the_frozen_bytes_and_read_back),
        cmocka_unit_test(a_post_keeps_its_form),
        cmocka_unit_test(collections_have_the_frozen_bytes_and_read_back),
        cmocka_unit_test(a_collection_asks_for_something_by_a_day),
        cmocka_unit_test(elements_behind_those_we_know_are_ignored),
        cmocka_unit_test(every_prefix_of_a_record_is_refused_and_nothing_is_written),
        cmocka_unit_test(a_record_of_one_type_is_no_other),
        cmocka_unit_test(the_type_of_an_unknown_record_is_told),
        cmocka_unit_test(a_breakdown_has_one_text),
        cmocka_unit_test(a_period_is_four_or_six_digits),
        cmocka_unit_test(an_indicator_is_a_lower_case_word),
        cmocka_unit_test(beside_a_symbol_no_value_stands_and_beside_c_no_count),
        cmocka_unit_test(a_status_that_promises_a_number_has_one),
        cmocka_unit_test(a_reader_keeps_the_rules_of_the_writer),
        cmocka_unit_test(saying_the_same_again_is_no_revision),
        cmocka_unit_test(each_part_of_a_figure_counts_as_a_change),
        cmocka_unit_test(a_definition_that_nobody_could_read_fails_its_check),
        cmocka_unit_test(a_return_of_two_lines_fails_its_check),
        cmocka_unit_test(every_word_is_read_back_and_no_other_is),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
