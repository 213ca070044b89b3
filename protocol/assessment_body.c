#include "protocol/assessment_body.h"

#include <assert.h>
#include <string.h>

static const char *const names[] = {
#define X(sym, name, heading) name,
    ASSESSMENT_SECTIONS(X)
#undef X
    "introduction"
};
static const char *const headings[] = {
#define X(sym, name, heading) heading,
    ASSESSMENT_SECTIONS(X)
#undef X
    ""
};

const char *section_name(enum assessment_section s)
{
    assert(s <= SECTION_COUNT);
    return names[s];
}

const char *section_heading(enum assessment_section s)
{
    assert(s <= SECTION_COUNT);
    return headings[s];
}

/* ---- sections ---- */

static char lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

static bool is_like(struct bytes words, const char *heading)
{
    size_t len = strlen(heading);
    if (heading[len - 1] == '?' && words.len == len - 1)
        len--;
    if (words.len != len)
        return false;
    for (size_t i = 0; i < len; i++)
        if (lower((char)words.p[i]) != lower(heading[i]))
            return false;
    return true;
}

static enum assessment_section section_of(struct bytes line)
{
    size_t n = 0;
    while (n < line.len && n < 7 && line.p[n] == '#')
        n++;
    if (n == 0 || n == 7 || n == line.len || line.p[n] != ' ')
        return SECTION_COUNT;
    struct bytes words = {line.p + n + 1, line.len - n - 1};
    for (size_t i = 0; i < SECTION_COUNT; i++)
        if (is_like(words, headings[i]))
            return (enum assessment_section)i;
    return SECTION_COUNT;
}

static struct bytes trim(struct bytes in)
{
    while (in.len > 0 && in.p[0] == '\n')
        in = (struct bytes){in.p + 1, in.len - 1};
    while (in.len > 0 && in.p[in.len - 1] == '\n')
        in.len--;
    return in;
}

/* Tell `each` of every section as it ends. */
typedef void (*part_each)(void *arg, enum assessment_section s, struct bytes text);
static void walk(struct bytes body, part_each each, void *arg)
{
    struct bytes rest = body, line;
    enum assessment_section at = SECTION_COUNT;
    const uint8_t *from = body.p;
    bool is_code = false;
    while (bytes_line(&rest, &line)) {
        enum assessment_section s = SECTION_COUNT;
        if (bytes_start_with(line, "```"))
            is_code = !is_code;
        else if (!is_code)
            s = section_of(line);
        if (s == SECTION_COUNT)
            continue;
        each(arg, at, (struct bytes){from, (size_t)(line.p - from)});
        at = s;
        from = rest.p;
    }
    each(arg, at, (struct bytes){from, (size_t)(body.p + body.len - from)});
}

static void keep_part(void *arg, enum assessment_section s, struct bytes text)
{
    struct assessment_parts *p = arg;
    if (s == SECTION_COUNT || p->count[s]++ == 0)
        p->text[s] = trim(text);
}

void assessment_parts(struct bytes body, struct assessment_parts *ret)
{
    *ret = (struct assessment_parts){.count = {0}};
    walk(body, keep_part, ret);
}

/* ---- links ---- */

static const char opening[] = "](figure:";
enum { OPENING_LEN = sizeof(opening) - 1 };

static bool is_end_of_sentence(const uint8_t *p)
{
    return *p == '.' || *p == '!' || *p == '?';
}

/* Does a paragraph or an item of a list begin at `i`, the first of a line? */
static bool begins_block(struct bytes in, size_t i)
{
    while (i < in.len && in.p[i] == ' ')
        i++;
    return i >= in.len || in.p[i] == '\n' || in.p[i] == '-' || in.p[i] == '*' || in.p[i] == '#' || in.p[i] == '|';
}

/* So that many links in a text without full stops cost no more than it is long. */
enum { REACH = 1024 };

static bool is_inside_character(struct bytes in, size_t i)
{
    return i < in.len && (in.p[i] & 0xC0) == 0x80;
}

static size_t sentence_start(struct bytes in, size_t at)
{
    for (size_t i = at; i > 0; i--) {
        if (at - i >= REACH && !is_inside_character(in, i))
            return i;
        uint8_t before = in.p[i - 1];
        if (before == '\n' && (i == 1 || in.p[i - 2] == '\n' || begins_block(in, i)))
            return i;
        if ((before == ' ' || before == '\n') && i > 1 && is_end_of_sentence(in.p + i - 2))
            return i;
    }
    return 0;
}

static size_t sentence_end(struct bytes in, size_t at)
{
    for (size_t i = at; i < in.len; i++) {
        if (i - at >= REACH && !is_inside_character(in, i))
            return i;
        if (in.p[i] == '\n' && begins_block(in, i + 1))
            return i;
        if (is_end_of_sentence(in.p + i) && (i + 1 == in.len || in.p[i + 1] == ' ' || in.p[i + 1] == '\n'))
            return i + 1;
    }
    return in.len;
}

static bool is_opening(struct bytes in, size_t i)
{
    return in.p[i] == ']' && i + OPENING_LEN <= in.len && memcmp(in.p + i, opening, OPENING_LEN) == 0;
}

static size_t count_links(struct bytes in)
{
    size_t n = 0;
    for (size_t i = 0; i < in.len; i++)
        n += is_opening(in, i);
    return n;
}

/* The link whose label ends at `at`; how far it reaches, or 0 when it is none. */
static size_t link_at(struct bytes in, size_t at, struct assessment_link *ret)
{
    size_t from = at, to = at + OPENING_LEN, end = to;
    while (from > 0 && at - from < ASSESSMENT_TARGET_MAX && in.p[from - 1] != '[' && in.p[from - 1] != ']')
        from--;
    if (from == 0 || in.p[from - 1] != '[')
        return 0;
    while (end < in.len && in.p[end] != ')' && in.p[end] > ' ' && end - to <= ASSESSMENT_TARGET_MAX)
        end++;
    if (end == in.len || in.p[end] != ')' || end == to || end - to > ASSESSMENT_TARGET_MAX)
        return 0;
    ret->label = (struct bytes){in.p + from, at - from};
    ret->target = (struct bytes){in.p + to, end - to};
    size_t first = sentence_start(in, from - 1), last = sentence_end(in, end + 1);
    ret->sentence = (struct bytes){in.p + first, last - first};
    ret->others = count_links(ret->sentence) - 1;
    return end + 1;
}

struct linking { assessment_link_each each; void *arg; size_t n; enum err e; };

static void links_in(void *arg, enum assessment_section s, struct bytes text)
{
    struct linking *x = arg;
    struct assessment_link l = {.section = s};
    for (size_t i = 0; i < text.len && x->e == OK && x->n < ASSESSMENT_LINKS_MAX; i++) {
        if (!is_opening(text, i))
            continue;
        size_t end = link_at(text, i, &l);
        if (end > 0) {
            x->n++;
            x->e = x->each(x->arg, &l);
        }
    }
}

enum err assessment_links(struct bytes body, assessment_link_each each, void *arg)
{
    struct linking x = {each, arg, 0, OK};
    walk(body, links_in, &x);
    return x.e;
}
