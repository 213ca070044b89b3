#include "protocol/assessment.h"

#include <assert.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "protocol/closed.h"
#include "protocol/record_inside.h"

enum { ASSESSMENT_ELEMENTS = 5 };

static_assert(ASSESSMENT_TEXT_MAX + IDENTITY_OFFICERS_MAX * (ASSESSMENT_LINE_MAX + OFFICER_CARD_MAX) + ASSESSMENT_OVERHEAD
                  <= PAYLOAD_MAX, "the longest text with every officer's line and card fits a payload");

const enum officer_role quartet_roles[QUARTET_ROLES] = {OFFICER_LEADER, OFFICER_LEAD_MEMBER, OFFICER_CHIEF_EXECUTIVE, OFFICER_DCS};

/* ---- the text ---- */

/* Marks that turn the reading direction, and separators that are lines to some and none to others: what is signed must
 * read the same to everybody. U+061C, U+200E-200F, U+2028-202E, U+2066-2069, U+FEFF. */
static bool has_mark(struct bytes in)
{
    for (size_t i = 0; i + 1 < in.len; i++) {
        const uint8_t *p = in.p + i;
        if (p[0] == 0xD8 && p[1] == 0x9C)
            return true;
        if (i + 2 >= in.len)
            break;
        if (p[0] == 0xE2 && p[1] == 0x80 && (p[2] == 0x8E || p[2] == 0x8F || (p[2] >= 0xA8 && p[2] <= 0xAE)))
            return true;
        if (p[0] == 0xE2 && p[1] == 0x81 && p[2] >= 0xA6 && p[2] <= 0xA9)
            return true;
        if (p[0] == 0xEF && p[1] == 0xBB && p[2] == 0xBF)
            return true;
    }
    return false;
}

static bool holds(struct bytes in, const char *what)
{
    size_t len = strlen(what);
    for (size_t i = 0; i + len <= in.len; i++)
        if (memcmp(in.p + i, what, len) == 0)
            return true;
    return false;
}

const char *assessment_line_fault(struct bytes line)
{
    if (!utf8_is_valid(line))
        return "it is not UTF-8";
    if (!utf8_is_line(line))
        return "it holds a control character";
    if (has_mark(line))
        return "it holds a mark that turns the reading direction";
    if (holds(line, "<!--"))
        return "a comment stands within a comment";
    if (line.len > 0 && line.p[line.len - 1] == ' ')
        return "it ends with a blank";
    return NULL;
}

static enum err check_lines(struct bytes text)
{
    struct bytes rest = text, line;
    bool was_empty = true;                      /* nor does it begin with an empty line */
    if (text.len > ASSESSMENT_TEXT_MAX)
        return ERR_FORMAT;
    while (bytes_line(&rest, &line)) {
        if (assessment_line_fault(line) != NULL || (line.len == 0 && was_empty))
            return ERR_FORMAT;
        was_empty = line.len == 0;
    }
    return rest.len == 0 && !was_empty ? OK : ERR_FORMAT;
}

static enum err read_year(struct bytes in, struct assessment_head *h)
{
    return value_u32(in, ASSESSMENT_YEAR_LEAST, ASSESSMENT_YEAR_MOST, &h->year);
}

static void put_year(const struct assessment_head *h, size_t i, struct buf *ret)
{
    (void)i;
    buf_printf(ret, "%" PRIu32, h->year);
}

static enum err read_authority(struct bytes in, struct assessment_head *h)
{
    return slug_parse(in, &h->slug);
}

static void put_authority(const struct assessment_head *h, size_t i, struct buf *ret)
{
    (void)i;
    buf_put_str(ret, h->slug.s);
}

static enum err read_judgement(struct bytes in, struct assessment_head *h)
{
    uint32_t v = 0;
    enum err e = value_u32(in, 1, ASSESSMENT_JUDGEMENT_MOST, &v);
    h->judgement = (uint8_t)v;
    return e;
}

static void put_judgement(const struct assessment_head *h, size_t i, struct buf *ret)
{
    (void)i;
    buf_printf(ret, "%u", h->judgement);
}

#define HEAD_LINES(X) X(authority, "authority", 1, 1, 1) X(year, "year", 1, 1, 1) X(judgement, "judgement", 1, 1, 1)
#define X(sym, keyword, least, most, how_many) LINE_FUNCTIONS(struct assessment_head, sym, how_many)
HEAD_LINES(X)
#undef X
static const struct line_rule rules[] = {
#define X(sym, keyword, least, most, how_many) LINE_RULE(sym, keyword, least, most)
    HEAD_LINES(X)
#undef X
};
enum { RULES = sizeof(rules) / sizeof(rules[0]) };

enum err assessment_text_read(struct bytes text, struct assessment_head *ret, struct bytes *ret_body)
{
    struct bytes rest = text, line = {NULL, 1};
    struct assessment_head h = {.year = 0};
    if (check_lines(text) != OK)
        return ERR_FORMAT;
    size_t head = 0;
    while (line.len > 0) {                      /* up to the first empty line */
        head = text.len - rest.len;
        if (!bytes_line(&rest, &line))
            return ERR_FORMAT;
    }
    if (rest.len == 0 || closed_read((struct bytes){text.p, head}, ASSESSMENT_FIRST_LINE, rules, RULES, &h) != OK)
        return ERR_FORMAT;
    *ret = h;
    *ret_body = rest;
    return OK;
}

size_t assessment_head_fault(struct bytes text)
{
    struct bytes rest = text, line, word;
    struct assessment_head h;
    if (!bytes_line(&rest, &line) || !bytes_equal(line, bytes_of(ASSESSMENT_FIRST_LINE)))
        return 1;
    for (size_t i = 0; i < RULES; i++)
        if (!bytes_line(&rest, &line) || !bytes_word(&line, &word) || !bytes_equal(word, bytes_of(rules[i].word))
            || rules[i].read(line, &h) != OK)
            return i + 2;
    return bytes_line(&rest, &line) && line.len == 0 ? RULES + 3 : RULES + 2;
}

/* ---- the record ---- */

void assessment_write(const struct assessment *a, struct buf *ret)
{
    assert(a->n_cards <= ASSESSMENT_CARDS_MAX);
    pack_array(ret, ASSESSMENT_ELEMENTS);
    pack_str(ret, "assessment");
    pack_uint(ret, a->head.year);
    pack_uint(ret, a->head.judgement);
    pack_str_bytes(ret, a->note);
    pack_array(ret, a->n_cards);
    for (size_t i = 0; i < a->n_cards; i++)
        pack_str_bytes(ret, a->cards[i]);
}

/* The text of a note, without its lines being kept: a struct note is too large for a stack. */
static enum err text_of(struct bytes note, struct bytes *ret)
{
    struct note *n = malloc(sizeof(*n));
    enum err e = n != NULL ? note_parse(note, n) : ERR_NOMEM;
    if (e == OK)
        *ret = n->text;
    free(n);
    return e;
}

enum err assessment_read(struct bytes in, struct assessment *ret)
{
    struct assessment a = {.n_cards = 0};
    struct reader r = reader_on(in);
    size_t n = record_start(&r, "assessment", ASSESSMENT_ELEMENTS);
    uint64_t year = read_uint(&r, ASSESSMENT_YEAR_MOST), judgement = read_uint(&r, ASSESSMENT_JUDGEMENT_MOST);
    a.note = read_str(&r, NOTE_MAX);
    a.n_cards = read_array(&r, 0, ASSESSMENT_CARDS_MAX);
    for (size_t i = 0; i < a.n_cards && i < ASSESSMENT_CARDS_MAX; i++)
        a.cards[i] = read_str(&r, OFFICER_CARD_MAX);
    if (record_end(&r, n, ASSESSMENT_ELEMENTS) != OK)
        return ERR_FORMAT;
    enum err e = text_of(a.note, &a.text);
    if (e == OK)
        e = assessment_text_read(a.text, &a.head, &a.body);
    if (e == OK && (a.head.year != year || a.head.judgement != judgement))
        e = ERR_FORMAT;
    if (e == OK)
        *ret = a;
    return e;
}

/* ---- who stands behind it ---- */

/* "<slug>/<role>": is this the name of an officer's key of that body? */
static bool is_office(struct bytes name, const struct slug *slug, enum officer_role *ret)
{
    size_t len = strlen(slug->s);
    return name.len > len + 1 && memcmp(name.p, slug->s, len) == 0 && name.p[len] == '/'
        && officer_role_parse((struct bytes){name.p + len + 1, name.len - len - 1}, ret) == OK;
}

static bool keyid_is(const struct note_line *l, const struct note_key *key)
{
    struct note_keyid id = note_keyid(key);
    return memcmp(id.b, l->id.b, sizeof(id.b)) == 0;
}

/* The officer by whose key a line claims to be. */
static const struct officer *claimed(const struct note_line *l, enum officer_role role, const struct slug *slug,
                                     const struct officer *list, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        struct note_key key = officer_key(slug, &list[i]);
        if (list[i].role == role && keyid_is(l, &key))
            return &list[i];
    }
    return NULL;
}

static bool is_twice(const struct assessment_signed *s, const struct officer *o)
{
    for (size_t i = 0; i < s->n; i++)
        if (s->lines[i].officer == o && o != NULL)
            return true;
    return false;
}

/* The cards that hold: each is opened once, however many lines there are. */
struct cards { size_t n; struct officer_card all[ASSESSMENT_CARDS_MAX]; };

static void open_cards(const struct bytes *cards, size_t n, struct cards *ret)
{
    ret->n = 0;
    for (size_t i = 0; i < n && i < ASSESSMENT_CARDS_MAX; i++)
        ret->n += officer_card_open(cards[i], &ret->all[ret->n]) == OK;
}

static void take_name(const struct cards *cards, const struct officer *o, char ret[NAME_MAX_LEN + 1])
{
    for (size_t i = 0; i < cards->n; i++) {
        const struct officer_card *c = &cards->all[i];
        if (c->role == o->role && memcmp(c->key.b, o->key.b, sizeof(c->key.b)) == 0)
            memcpy(ret, c->name, sizeof(c->name));
    }
}

void assessment_judge(const struct note *note, const struct slug *slug, const struct officer *list, size_t n,
                      const struct bytes *cards, size_t n_cards, struct assessment_signed *ret)
{
    struct cards known;
    open_cards(cards, n_cards, &known);
    *ret = (struct assessment_signed){.n = 0};
    for (size_t i = 0; i < note->n_lines; i++) {
        struct assessment_line line = {.state = LINE_NOT_OFFICER};
        if (!is_office(note->lines[i].name, slug, &line.role))
            continue;
        line.officer = claimed(&note->lines[i], line.role, slug, list, n);
        if (is_twice(ret, line.officer))        /* the first decides, as in any note */
            continue;
        if (line.officer != NULL) {
            struct note_key key = officer_key(slug, line.officer);
            line.state = note_check(note, &key, NULL) == OK ? LINE_HOLDS : LINE_VOID;
            line.is_own = line.officer->is_own;
            take_name(&known, line.officer, line.name);
            ret->has[line.role] |= line.state == LINE_HOLDS;
        }
        ret->lines[ret->n++] = line;
    }
    ret->is_quartet = true;
    for (size_t i = 0; i < QUARTET_ROLES; i++)
        ret->is_quartet = ret->is_quartet && ret->has[quartet_roles[i]];
}

void assessment_missing(const struct assessment_signed *s, char ret[128])
{
    size_t at = 0;
    ret[0] = '\0';
    for (size_t i = 0; i < QUARTET_ROLES; i++)
        if (!s->has[quartet_roles[i]])
            at += (size_t)snprintf(ret + at, 128 - at, "%s%s", at > 0 ? " " : "", officer_role_name(quartet_roles[i]));
}
