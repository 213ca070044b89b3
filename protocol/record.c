#include "protocol/record.h"

#include <assert.h>
#include <string.h>

#include "protocol/record_inside.h"

/* ---- the words ---- */

static const char *const status_names[] = {
#define X(sym, name, number) name,
    FIGURE_STATUSES(X)
#undef X
};
static const bool status_numbers[] = {
#define X(sym, name, number) number,
    FIGURE_STATUSES(X)
#undef X
};
static const char *const reason_names[] = {
#define X(sym, name) name,
    REVISION_REASONS(X)
#undef X
};
static const char *const marking_names[] = {
#define X(sym, name) name,
    MARKINGS(X)
#undef X
};
static const char *const parts_names[] = {
#define X(sym, name) name,
    PARTS_KINDS(X)
#undef X
};
static const char *const polarity_names[] = {"none", "high", "low"};
static_assert(sizeof(polarity_names) / sizeof(polarity_names[0]) == POLARITY_COUNT, "a word for every polarity");

/* Where `in` stands among the words; `n` when nowhere. */
static unsigned word_find(const char *const *words, unsigned n, struct bytes in)
{
    unsigned i = 0;
    while (i < n && !bytes_equal(in, bytes_of(words[i])))
        i++;
    return i;
}

#define WORDS(prefix, type, count)                                          \
    const char *prefix##_name(type v)                                       \
    {                                                                       \
        assert((unsigned)v < (count));                                      \
        return prefix##_names[v];                                           \
    }                                                                       \
    enum err prefix##_parse(struct bytes in, type *ret)                     \
    {                                                                       \
        unsigned at = word_find(prefix##_names, (count), in);               \
        if (at == (count))                                                  \
            return ERR_FORMAT;                                              \
        *ret = (type)at;                                                    \
        return OK;                                                          \
    }                                                                       \
    static type read_##prefix(struct reader *r)                             \
    {                                                                       \
        type v = (type)0;                                                   \
        if (prefix##_parse(read_str(r, RECORD_TYPE_MAX), &v) != OK)         \
            reader_fail(r);                                                 \
        return v;                                                           \
    }
WORDS(status, enum figure_status, STATUS_COUNT)
WORDS(reason, enum revision_reason, REASON_COUNT)
WORDS(marking, enum marking, MARKING_COUNT)
WORDS(polarity, enum polarity, POLARITY_COUNT)
WORDS(parts, enum parts_kind, PARTS_COUNT)

bool status_has_number(enum figure_status s)
{
    assert(s < STATUS_COUNT);
    return status_numbers[s];
}

/* ---- what all records share ---- */

/* The start of a record of `type` with at least `elements`, the type among them; how
 * many there are. */
size_t record_start(struct reader *r, const char *type, size_t elements)
{
    size_t n = read_array(r, elements, SIZE_MAX);
    if (!bytes_equal(read_str(r, RECORD_TYPE_MAX), bytes_of(type)))
        reader_fail(r);
    return n;
}

/* Pass over the elements of a newer version; OK when the record was good. */
enum err record_end(struct reader *r, size_t n, size_t known)
{
    for (; n > known; n--)
        read_skip(r);
    return reader_finish(r);
}

/* A str of less than `size` bytes into its array, a NUL behind it; none inside it. */
void record_text(struct reader *r, char *ret, size_t size)
{
    if (bytes_to_str(read_str(r, size - 1), ret, size) != OK)
        reader_fail(r);
}

bool record_line(const char *s)
{
    return utf8_is_line(bytes_of(s));
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool is_key(char c)
{
    return (c >= 'a' && c <= 'z') || is_digit(c) || c == '_';
}

/* [a-z][a-z0-9_]* */
bool record_indicator(const char *s)
{
    if (s[0] < 'a' || s[0] > 'z')
        return false;
    while (is_key(*s))
        s++;
    return *s == '\0';
}

enum err record_type(struct bytes in, struct bytes *ret)
{
    struct reader r = reader_on(in);
    size_t n = read_array(&r, 1, SIZE_MAX);
    struct bytes type = read_str(&r, RECORD_TYPE_MAX);
    if (record_end(&r, n, 1) != OK || type.len == 0)
        return ERR_FORMAT;
    *ret = type;
    return OK;
}

/* ---- figure ---- */

enum { FIGURE_ELEMENTS = 12, DEFINITION_ELEMENTS = 12, RETURN_ELEMENTS = 6,
       RETURN_SIGNED_ELEMENTS = 8 };

bool record_period(const char *s)
{
    size_t n = 0;
    while (is_digit(s[n]))
        n++;
    return s[n] == '\0' && (n == 4 || n == 6);
}

/* Does the key at `a`, `n` long, stand before the one at `b`? */
static bool key_before(const char *a, size_t n, const char *b, size_t m)
{
    int c = memcmp(a, b, n < m ? n : m);
    return c < 0 || (c == 0 && n < m);
}

/* "" or k=v;k=v with keys strictly ascending: one breakdown has one text. */
static bool breakdown_is_good(const char *s)
{
    const char *last = NULL;
    size_t last_len = 0;
    if (!record_line(s))
        return false;
    while (*s != '\0') {
        size_t key = 0;
        while (is_key(s[key]))
            key++;
        size_t value = s[key] == '=' ? strcspn(s + key + 1, ";=") : 0;
        if (key == 0 || value == 0 || (last != NULL && !key_before(last, last_len, s, key)))
            return false;
        last = s;
        last_len = key;
        s += key + 1 + value;
        if (*s == '=' || (*s == ';' && s[1] == '\0'))
            return false;
        s += *s == ';';
    }
    return true;
}

static bool numbers_are_good(const struct figure *f)
{
    if (!status_has_number(f->status))
        return !f->has_value && !(f->has_numerator && f->status == STATUS_C);
    return f->has_value || (f->has_numerator && f->status != STATUS_STATED);
}

enum err figure_check(const struct figure *f)
{
    return record_indicator(f->indicator) && record_period(f->period) && record_line(f->time_identifier)
           && breakdown_is_good(f->breakdown) && numbers_are_good(f) ? OK : ERR_FORMAT;
}

static void write_number(struct buf *b, bool has, struct decimal d)
{
    if (has)
        pack_decimal(b, d);
    else
        pack_nil(b);
}

static bool read_number(struct reader *r, struct decimal *ret)
{
    if (read_nil(r))
        return false;
    *ret = read_decimal(r);
    return true;
}

void figure_write(const struct figure *f, struct buf *ret)
{
    assert(figure_check(f) == OK);
    pack_array(ret, FIGURE_ELEMENTS);
    pack_str(ret, "figure");
    pack_str(ret, f->indicator);
    pack_fixed(ret, f->definition.b, sizeof(f->definition.b));
    pack_str(ret, f->period);
    pack_str(ret, f->time_identifier);
    pack_str(ret, f->breakdown);
    write_number(ret, f->has_numerator, f->numerator);
    write_number(ret, f->has_denominator, f->denominator);
    write_number(ret, f->has_value, f->value);
    pack_str(ret, status_name(f->status));
    pack_str(ret, reason_name(f->reason));
    pack_str(ret, marking_name(f->marking));
}

enum err figure_read(struct bytes in, struct figure *ret)
{
    struct figure f = {0};
    struct reader r = reader_on(in);
    size_t n = record_start(&r, "figure", FIGURE_ELEMENTS);
    record_text(&r, f.indicator, sizeof(f.indicator));
    read_fixed(&r, f.definition.b, sizeof(f.definition.b));
    record_text(&r, f.period, sizeof(f.period));
    record_text(&r, f.time_identifier, sizeof(f.time_identifier));
    record_text(&r, f.breakdown, sizeof(f.breakdown));
    f.has_numerator = read_number(&r, &f.numerator);
    f.has_denominator = read_number(&r, &f.denominator);
    f.has_value = read_number(&r, &f.value);
    f.status = read_status(&r);
    f.reason = read_reason(&r);
    f.marking = read_marking(&r);
    if (record_end(&r, n, FIGURE_ELEMENTS) != OK || figure_check(&f) != OK)
        return ERR_FORMAT;
    *ret = f;
    return OK;
}

static bool number_same(bool has_a, struct decimal a, bool has_b, struct decimal b)
{
    return has_a == has_b && (!has_a || decimal_compare(a, b) == 0);
}

bool figure_same(const struct figure *a, const struct figure *b)
{
    return strcmp(a->indicator, b->indicator) == 0 && hash_equal(&a->definition, &b->definition)
           && strcmp(a->period, b->period) == 0 && strcmp(a->time_identifier, b->time_identifier) == 0
           && strcmp(a->breakdown, b->breakdown) == 0 && a->status == b->status
           && number_same(a->has_numerator, a->numerator, b->has_numerator, b->numerator)
           && number_same(a->has_denominator, a->denominator, b->has_denominator, b->denominator)
           && number_same(a->has_value, a->value, b->has_value, b->value);
}

/* ---- definition ---- */

static bool multiplier_is_good(uint32_t m)
{
    while (m > 1 && m % 10 == 0)
        m /= 10;
    return m == 1;
}

enum err definition_check(const struct definition *d)
{
    bool texts = record_line(d->title) && record_line(d->numerator) && record_line(d->denominator) && record_line(d->unit)
                 && record_line(d->basis) && d->title[0] != '\0';
    return texts && record_indicator(d->id) && d->multiplier <= MULTIPLIER_MAX && multiplier_is_good(d->multiplier)
           && d->decimals <= DECIMAL_SCALE_MAX && (d->parts == PARTS_NONE || !d->parts_rounded) ? OK : ERR_FORMAT;
}

void definition_write(const struct definition *d, struct buf *ret)
{
    assert(definition_check(d) == OK);
    pack_array(ret, DEFINITION_ELEMENTS + (d->parts != PARTS_NONE));
    pack_str(ret, "definition");
    pack_str(ret, d->id);
    pack_str(ret, d->title);
    pack_str(ret, d->numerator);
    pack_str(ret, d->denominator);
    pack_str(ret, d->unit);
    pack_uint(ret, d->multiplier);
    pack_uint(ret, d->decimals);
    pack_str(ret, polarity_name(d->polarity));
    pack_bool(ret, d->counts_people);
    pack_bool(ret, d->parts_rounded);
    pack_str(ret, d->basis);
    if (d->parts != PARTS_NONE)
        pack_str(ret, parts_name(d->parts));
}

enum err definition_read(struct bytes in, struct definition *ret)
{
    struct definition d = {0};
    struct reader r = reader_on(in);
    size_t n = record_start(&r, "definition", DEFINITION_ELEMENTS);
    record_text(&r, d.id, sizeof(d.id));
    record_text(&r, d.title, sizeof(d.title));
    record_text(&r, d.numerator, sizeof(d.numerator));
    record_text(&r, d.denominator, sizeof(d.denominator));
    record_text(&r, d.unit, sizeof(d.unit));
    d.multiplier = (uint32_t)read_uint(&r, MULTIPLIER_MAX);
    d.decimals = (uint8_t)read_uint(&r, DECIMAL_SCALE_MAX);
    d.polarity = read_polarity(&r);
    d.counts_people = read_bool(&r);
    d.parts_rounded = read_bool(&r);
    record_text(&r, d.basis, sizeof(d.basis));
    bool says_parts = n > DEFINITION_ELEMENTS, keeps_place = says_parts && read_nil(&r);
    if (says_parts && !keeps_place)
        d.parts = read_parts(&r);
    /* Silence says "none": a definition has one encoding, and so one hash. nil only keeps the place for what stands behind. */
    if (says_parts && d.parts == PARTS_NONE && !(keeps_place && n > DEFINITION_ELEMENTS + 1))
        reader_fail(&r);
    if (record_end(&r, n, DEFINITION_ELEMENTS + says_parts) != OK || definition_check(&d) != OK)
        return ERR_FORMAT;
    *ret = d;
    return OK;
}

struct hash definition_hash(const struct definition *d)
{
    uint8_t room[sizeof(*d) + 128];             /* so that it cannot fail */
    struct buf b = {.p = room, .cap = sizeof(room), .max = sizeof(room) - 1, .failed = OK};
    definition_write(d, &b);
    assert(b.failed == OK && b.p == room);
    return record_hash(buf_bytes(&b));
}

struct hash record_hash(struct bytes record)
{
    return blake2b_256(record);
}

/* ---- return ---- */

enum err return_check(const struct batch_return *r)
{
    size_t len = strspn(r->signed_role, "abcdefghijklmnopqrstuvwxyz-");
    return record_line(r->title) && record_line(r->signed_off) && r->signed_role[len] == '\0' ? OK : ERR_FORMAT;
}

void return_write(const struct batch_return *b, struct buf *ret)
{
    assert(return_check(b) == OK);
    bool is_signed = b->signed_role[0] != '\0';
    pack_array(ret, is_signed ? RETURN_SIGNED_ELEMENTS : RETURN_ELEMENTS);
    pack_str(ret, "return");
    pack_str(ret, b->title);
    pack_uint(ret, b->first);
    pack_uint(ret, b->count);
    pack_fixed(ret, b->source.b, sizeof(b->source.b));
    pack_str(ret, b->signed_off);
    if (is_signed) {
        pack_str(ret, b->signed_role);
        pack_fixed(ret, b->signature.b, sizeof(b->signature.b));
    }
}

enum err return_read(struct bytes in, struct batch_return *ret)
{
    struct batch_return b = {0};
    struct reader r = reader_on(in);
    size_t n = record_start(&r, "return", RETURN_ELEMENTS);
    record_text(&r, b.title, sizeof(b.title));
    b.first = read_uint(&r, UINT64_MAX);
    b.count = read_uint(&r, UINT64_MAX);
    read_fixed(&r, b.source.b, sizeof(b.source.b));
    record_text(&r, b.signed_off, sizeof(b.signed_off));
    bool is_signed = n >= RETURN_SIGNED_ELEMENTS;
    if (is_signed) {
        record_text(&r, b.signed_role, sizeof(b.signed_role));
        read_fixed(&r, b.signature.b, sizeof(b.signature.b));
    }
    if (record_end(&r, n, is_signed ? RETURN_SIGNED_ELEMENTS : RETURN_ELEMENTS) != OK || return_check(&b) != OK
        || (is_signed && b.signed_role[0] == '\0'))
        return ERR_FORMAT;
    *ret = b;
    return OK;
}
