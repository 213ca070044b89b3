#include "protocol/charter.h"

#include <assert.h>
#include <inttypes.h>
#include <stdlib.h>

#include "protocol/closed.h"

#define FIRST_LINE "folkmoot charter v1"

/* Members stand first in c->members. */
static size_t n_present(const struct charter *c)
{
    size_t n = 0;
    while (n < c->n_members && !c->members[n].is_former)
        n++;
    return n;
}

/*    name           keyword          least, most                        how many of `t` */
#define CHARTER_LINES(X)                                                                             \
    X(alliance,      "alliance",      1, 1,                              1)                          \
    X(version,       "version",       1, 1,                              1)                          \
    X(round,         "round",         1, 1,                              1)                          \
    X(previous,      "previous",      1, 1,                              1)                          \
    X(member,        "member",        1, MEMBERS_MAX,                    n_present(t))               \
    X(former,        "former",        0, MEMBERS_MAX - 1,                t->n_members - n_present(t)) \
    X(succeeds,      "succeeds",      0, CHARTER_SUCCESSIONS_MAX,        t->n_successions)           \
    X(replaces,      "replaces",      0, CHARTER_REPLACEMENTS_MAX,       t->n_replacements)          \
    X(steward,       "steward",       1, STEWARDS_MAX,                   t->n_stewards)              \
    X(threshold,     "threshold",     1, 1,                              1)                          \
    X(witness,       "witness",       0, WITNESSES_MAX,                  t->n_witnesses)             \
    X(quorum,        "quorum",        0, 1,                              t->quorum != 0)             \
    X(history,       "history",       1, 1,                              1)                          \
    X(agreement,     "agreement",     0, 1,                              t->has_agreement)           \
    X(purpose,       "purpose",       0, 1,                              t->purpose[0] != '\0')      \
    X(foi,           "foi",           0, 1,                              t->foi[0] != '\0')          \
    X(retain,        "retain",        0, 1,                              t->retain[0] != '\0')       \
    X(opens,         "opens",         0, 1,                              t->opens[0] != '\0')        \
    X(small_numbers, "small-numbers", 0, 1,                              t->small_numbers[0] != '\0')

/* A line that is one text. */
#define TEXT_LINE(sym, field)                                                  \
    static enum err read_##sym(struct bytes value, struct charter *c)          \
    {                                                                          \
        return value_name(value, c->field, sizeof(c->field));                  \
    }                                                                          \
    static void put_##sym(const struct charter *c, size_t i, struct buf *ret)  \
    {                                                                          \
        (void)i;                                                               \
        buf_put_str(ret, c->field);                                            \
    }
TEXT_LINE(alliance, name)
TEXT_LINE(purpose, purpose)
TEXT_LINE(foi, foi)
TEXT_LINE(retain, retain)
TEXT_LINE(opens, opens)
TEXT_LINE(small_numbers, small_numbers)

/* A line that is one number. */
#define NUMBER_LINE(sym, least, most)                                          \
    static enum err read_##sym(struct bytes value, struct charter *c)          \
    {                                                                          \
        return value_u32(value, least, most, &c->sym);                         \
    }                                                                          \
    static void put_##sym(const struct charter *c, size_t i, struct buf *ret)  \
    {                                                                          \
        (void)i;                                                               \
        buf_printf(ret, "%" PRIu32, c->sym);                                   \
    }
NUMBER_LINE(version, 1, CHARTER_VERSIONS_MAX)
NUMBER_LINE(round, 0, UINT32_MAX)
NUMBER_LINE(threshold, 1, STEWARDS_MAX)
NUMBER_LINE(quorum, 1, WITNESSES_MAX)

/* A line that is one slug of several. */
#define SLUG_LINE(sym, list)                                                   \
    static enum err read_##sym(struct bytes value, struct charter *c)          \
    {                                                                          \
        return slug_parse(value, &c->list[c->n_##list++]);                     \
    }                                                                          \
    static void put_##sym(const struct charter *c, size_t i, struct buf *ret)  \
    {                                                                          \
        buf_put_str(ret, c->list[i].s);                                        \
    }
SLUG_LINE(steward, stewards)
SLUG_LINE(witness, witnesses)

static enum err read_previous(struct bytes value, struct charter *c)
{
    return value_previous(value, c->version, &c->previous);
}

static void put_previous(const struct charter *c, size_t i, struct buf *ret)
{
    (void)i;
    put_hash_before(c->version, &c->previous, ret);
}

/* <slug> <role> <base64 root>, as members and former ones have it. */
static enum err words_member(struct bytes *rest, struct charter *c, struct member **ret)
{
    if (c->n_members == MEMBERS_MAX)
        return ERR_FORMAT;
    struct member *m = &c->members[c->n_members++];
    enum err e = word_slug(rest, &m->slug);
    if (e == OK)
        e = word_role(rest, &m->role);
    if (e == OK)
        e = word_base64_32(rest, m->root.b);
    *ret = m;
    return e;
}

static void put_words_member(const struct member *m, struct buf *ret)
{
    buf_printf(ret, "%s %s ", m->slug.s, role_name(m->role));
    put_base64_32(m->root.b, ret);
}

static enum err read_member(struct bytes value, struct charter *c)
{
    struct member *m;
    enum err e = words_member(&value, c, &m);
    return e != OK ? e : words_codes(&value, &m->codes);
}

static void put_member(const struct charter *c, size_t i, struct buf *ret)
{
    put_words_member(&c->members[i], ret);
    put_codes(&c->members[i].codes, ret);
}

static enum err read_former(struct bytes value, struct charter *c)
{
    struct member *m;
    enum err e = words_member(&value, c, &m);
    if (e == OK)
        e = word_expected(&value, "closed");
    if (e == OK)
        e = word_place(&value, &m->closed_generation, &m->closed_size);
    if (e == OK)
        e = word_base64_32(&value, m->closed_root.b);
    if (e != OK)
        return e;
    m->is_former = true;
    return words_end(&value);
}

static void put_former(const struct charter *c, size_t i, struct buf *ret)
{
    const struct member *m = &c->members[n_present(c) + i];
    assert(m->is_former);                   /* "members in order, then former ones" */
    put_words_member(m, ret);
    buf_put_str(ret, " closed ");
    put_place(m->closed_generation, m->closed_size, ret);
    buf_put_u8(ret, ' ');
    put_base64_32(m->closed_root.b, ret);
}

static unsigned two_digits(const uint8_t *p)
{
    return (unsigned)(p[0] - '0') * 10 + (unsigned)(p[1] - '0');
}

/* YYYY-MM-DD, a day that the Gregorian calendar has. */
static bool date_is_valid(struct bytes in)
{
    static const unsigned days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    if (in.len != 10)
        return false;
    for (size_t i = 0; i < 10; i++)
        if (i == 4 || i == 7 ? in.p[i] != '-' : in.p[i] < '0' || in.p[i] > '9')
            return false;
    unsigned year = two_digits(in.p) * 100 + two_digits(in.p + 2);
    unsigned month = two_digits(in.p + 5), day = two_digits(in.p + 8);
    bool is_leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    return month >= 1 && month <= 12 && day >= 1 && day <= days[month - 1] + (month == 2 && is_leap);
}

static enum err read_succeeds(struct bytes value, struct charter *c)
{
    struct succession *s = &c->successions[c->n_successions++];
    struct bytes date;
    if (word_slug(&value, &s->slug) != OK || word_slug(&value, &s->old) != OK || word_expected(&value, "from") != OK
        || !bytes_word(&value, &date) || !date_is_valid(date) || bytes_to_str(date, s->from, sizeof(s->from)) != OK)
        return ERR_FORMAT;
    return words_end(&value);
}

static void put_succeeds(const struct charter *c, size_t i, struct buf *ret)
{
    const struct succession *s = &c->successions[i];
    buf_printf(ret, "%s %s from %s", s->slug.s, s->old.s, s->from);
}

static enum err read_replaces(struct bytes value, struct charter *c)
{
    struct replacement *r = &c->replacements[c->n_replacements++];
    if (word_slug(&value, &r->slug) != OK || word_base64_32(&value, r->old_root.b) != OK
        || word_expected(&value, "at") != OK || word_place(&value, &r->generation, &r->log_size) != OK)
        return ERR_FORMAT;
    return words_end(&value);
}

static void put_replaces(const struct charter *c, size_t i, struct buf *ret)
{
    const struct replacement *r = &c->replacements[i];
    buf_printf(ret, "%s ", r->slug.s);
    put_base64_32(r->old_root.b, ret);
    buf_put_str(ret, " at ");
    put_place(r->generation, r->log_size, ret);
}

static enum err read_history(struct bytes value, struct charter *c)
{
    c->history_from_admission = bytes_equal(value, bytes_of("from-admission"));
    return c->history_from_admission || bytes_equal(value, bytes_of("all")) ? OK : ERR_FORMAT;
}

static void put_history(const struct charter *c, size_t i, struct buf *ret)
{
    (void)i;
    buf_put_str(ret, c->history_from_admission ? "from-admission" : "all");
}

static enum err read_agreement(struct bytes value, struct charter *c)
{
    struct bytes hex;
    c->has_agreement = true;
    if (!bytes_word(&value, &hex) || hex_decode(hex, c->agreement.b, sizeof(c->agreement.b)) != OK)
        return ERR_FORMAT;
    return value_name(value, c->agreement_title, sizeof(c->agreement_title));
}

static void put_agreement(const struct charter *c, size_t i, struct buf *ret)
{
    (void)i;
    char hex[HEX_SIZE(HASH_LEN)];
    hex_encode((struct bytes){c->agreement.b, sizeof(c->agreement.b)}, hex);
    buf_printf(ret, "%s %s", hex, c->agreement_title);
}

#define X(sym, word, least, most, how_many) LINE_FUNCTIONS(struct charter, sym, how_many)
CHARTER_LINES(X)
#undef X

static const struct line_rule rules[] = {
#define X(sym, word, least, most, how_many) LINE_RULE(sym, word, least, most)
    CHARTER_LINES(X)
#undef X
};
enum { N_RULES = sizeof(rules) / sizeof(rules[0]) };

void charter_text(const struct charter *c, struct buf *ret)
{
    closed_write(c, FIRST_LINE, rules, N_RULES, ret);
}

enum err charter_parse(struct bytes text, struct charter *ret)
{
    enum err e = ERR_NOMEM;
    struct charter *c = charter_new();
    if (c == NULL)
        goto out;
    e = ERR_FORMAT;
    if (text.len > NOTE_MAX || closed_read(text, FIRST_LINE, rules, N_RULES, c) != OK)
        goto out;
    if ((e = charter_check(c)) != OK)
        goto out;
    c->hash = sha256(text);
    *ret = *c;
out:
    charter_free(c);
    return e;
}
