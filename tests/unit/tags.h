/* tests/unit/tags.h - is a piece of HTML sound? Every tag closed in order, every attribute quoted, nothing in it that runs,
 * fetches or reorders. For the unit tests and the fuzz targets. */
#ifndef FOLKMOOT_TESTS_UNIT_TAGS_H
#define FOLKMOOT_TESTS_UNIT_TAGS_H

#include <stdbool.h>
#include <stddef.h>
#include <string.h>
#include <utf8proc.h>

#include "cli/output/text.h"
#include "protocol/bytes.h"

enum { TAGS_DEPTH = 64, TAG_MAX = 32 };

struct tags { struct bytes in; size_t depth; char open[TAGS_DEPTH][TAG_MAX]; const char *wrong; };

static inline bool tags_fail(struct tags *t, const char *wrong)
{
    t->wrong = wrong;
    return false;
}

static inline size_t tags_name(struct bytes in, char ret[TAG_MAX])
{
    size_t n = 0;
    while (n < in.len && n + 1 < TAG_MAX && in.p[n] > ' ' && in.p[n] != '>' && in.p[n] != '/' && in.p[n] != '=' && in.p[n] != '<' &&
           in.p[n] != '"')
        n++;
    memcpy(ret, in.p, n);
    ret[n] = '\0';
    return n;
}

static inline bool tags_skip(struct tags *t, size_t n)
{
    t->in.p += n;
    t->in.len -= n;
    return true;
}

/* ` name="value"`, where '<', '>' and '"' cannot stand in the value. */
static inline bool tags_attribute(struct tags *t)
{
    char name[TAG_MAX];
    size_t n = 0;
    tags_skip(t, 1);
    n = tags_name(t->in, name);
    if (n == 0 || t->in.len < n + 2 || t->in.p[n] != '=' || t->in.p[n + 1] != '"')
        return tags_fail(t, "an attribute without quotes");
    if (strncmp(name, "on", 2) == 0 || strcmp(name, "src") == 0 || strcmp(name, "style") == 0)
        return tags_fail(t, "an attribute that runs or fetches");
    tags_skip(t, n + 2);
    for (n = 0; n < t->in.len && t->in.p[n] != '"'; n++)
        if (t->in.p[n] == '<' || t->in.p[n] == '>')
            return tags_fail(t, "a bracket in a value");
    return n < t->in.len ? tags_skip(t, n + 1) : tags_fail(t, "a value without end");
}

static inline bool tags_tag(struct tags *t)
{
    char name[TAG_MAX];
    tags_skip(t, 1);
    if (t->in.len > 0 && t->in.p[0] == '/') {
        tags_skip(t, 1);
        size_t n = tags_name(t->in, name);
        tags_skip(t, n);
        if (t->depth == 0 || strcmp(t->open[t->depth - 1], name) != 0 || t->in.len == 0 || t->in.p[0] != '>')
            return tags_fail(t, "an end of nothing that is open");
        t->depth--;
        return tags_skip(t, 1);
    }
    size_t n = tags_name(t->in, name);
    if (n == 0 || strcmp(name, "script") == 0 || strcmp(name, "iframe") == 0)
        return tags_fail(t, "a tag that may not be");
    tags_skip(t, n);
    while (t->in.len > 0 && t->in.p[0] == ' ')
        if (!tags_attribute(t))
            return false;
    if (t->in.len >= 2 && t->in.p[0] == '/' && t->in.p[1] == '>')
        return tags_skip(t, 2);
    if (t->in.len == 0 || t->in.p[0] != '>' || t->depth == TAGS_DEPTH)
        return tags_fail(t, "a tag without end");
    memcpy(t->open[t->depth++], name, sizeof(name));
    return tags_skip(t, 1);
}

/* One character of text: UTF-8, harmless, '&' only before an entity that we write. */
static inline bool tags_character(struct tags *t)
{
    static const char *const entities[] = {"&amp;", "&lt;", "&gt;", "&quot;", "&#39;"};
    utf8proc_int32_t code = -1;
    utf8proc_ssize_t n = utf8proc_iterate(t->in.p, (utf8proc_ssize_t)t->in.len, &code);
    if (n <= 0 || (text_is_unsafe(code) && code != '\n'))
        return tags_fail(t, "a character that may not be");
    if (code == '>')
        return tags_fail(t, "a bare bracket");
    if (code != '&')
        return tags_skip(t, (size_t)n);
    for (size_t i = 0; i < sizeof(entities) / sizeof(entities[0]); i++)
        if (bytes_start_with(t->in, entities[i]))
            return tags_skip(t, strlen(entities[i]));
    return tags_fail(t, "a bare ampersand");
}

/* NULL: it is sound; else what is wrong. */
static inline const char *tags_wrong(struct bytes in)
{
    struct tags t = {.in = in};
    while (t.in.len > 0)
        if (!(t.in.p[0] == '<' ? tags_tag(&t) : tags_character(&t)))
            return t.wrong;
    return t.depth == 0 ? NULL : "something is never ended";
}

#endif
