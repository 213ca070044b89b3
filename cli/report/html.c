#include "cli/report/html.h"

#include <assert.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "cli/output/text.h"

enum { TEXT_PUT_MAX = 64 * 1024, PRINTED_MAX = 2048 };

struct html html_on(struct buf *to)
{
    return (struct html){.to = to};
}

/* ---- what may be written at all ---- */

static bool is_name(const char *s)
{
    size_t len = strspn(s, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-");
    return len > 0 && s[len] == '\0';
}

/* Nothing that runs, embeds or asks for anything; style only by html_style(). */
static bool is_harmless_tag(const char *tag)
{
    static const char *const never[] = {"script", "style", "iframe", "object", "embed", "link", "base", "form", "img", "image",
                                        "use",
                                        "foreignObject", "audio", "video", "source", "applet", "animate", "set"};
    for (size_t i = 0; i < sizeof(never) / sizeof(never[0]); i++)
        if (strcmp(tag, never[i]) == 0)
            return false;
    return is_name(tag);
}

/* Handlers begin with "on"; what names another document is for links inside this page, or to a file beside it. */
static bool is_harmless_attribute(const char *name, const char *value)
{
    if (strncmp(name, "on", 2) == 0 || strcmp(name, "src") == 0 || strcmp(name, "srcset") == 0 || strcmp(name, "style") == 0)
        return false;
    if (strcmp(name, "href") == 0)
        return strchr(value, ':') == NULL && strchr(value, '/') == NULL;
    return is_name(name);
}

/* ---- escaping ---- */

static const char *entity(uint8_t c)
{
    switch (c) {
    case '&':  return "&amp;";
    case '<':  return "&lt;";
    case '>':  return "&gt;";
    case '"':  return "&quot;";
    case '\'': return "&#39;";
    }
    return NULL;
}

static void put_escaped(struct buf *to, struct bytes in)
{
    size_t from = 0;
    if (in.len == 0)                            /* there may be no memory to point into */
        return;
    for (size_t i = 0; i < in.len; i++) {
        const char *e = entity(in.p[i]);
        if (e == NULL)
            continue;
        buf_put(to, (struct bytes){in.p + from, i - from});
        buf_put_str(to, e);
        from = i + 1;
    }
    buf_put(to, (struct bytes){in.p + from, in.len - from});
}

void html_bytes(struct html *h, struct bytes text)
{
    struct buf clean = buf_on(TEXT_PUT_MAX);
    text_clean(text, TEXT_ONE_LINE, &clean);
    if (buf_status(&clean) == OK)
        put_escaped(h->to, buf_bytes(&clean));
    else if (h->to->failed == OK)
        h->to->failed = buf_status(&clean);
    buf_release(&clean);
}

static void put_text(struct html *h, const char *text)
{
    html_bytes(h, bytes_of(text));
}

/* ---- elements ---- */

static void put_tag(struct html *h, const char *tag, va_list pairs, const char *end)
{
    const char *name;
    assert(is_harmless_tag(tag));
    buf_put_u8(h->to, '<');
    buf_put_str(h->to, tag);
    while ((name = va_arg(pairs, const char *)) != NULL) {
        const char *value = va_arg(pairs, const char *);
        if (value == NULL)
            continue;
        assert(is_harmless_attribute(name, value));
        buf_put_u8(h->to, ' ');
        buf_put_str(h->to, name);
        buf_put_str(h->to, "=\"");
        put_text(h, value);
        buf_put_u8(h->to, '"');
    }
    buf_put_str(h->to, end);
}

static void push(struct html *h, const char *tag)
{
    assert(h->depth < HTML_DEPTH_MAX);
    h->open[h->depth++] = tag;
}

void html_begin(struct html *h, const char *tag, ...)
{
    va_list pairs;
    va_start(pairs, tag);
    put_tag(h, tag, pairs, ">");
    va_end(pairs);
    push(h, tag);
}

void html_end(struct html *h, const char *tag)
{
    assert(h->depth > 0);
    assert(strcmp(h->open[h->depth - 1], tag) == 0);
    h->depth--;
    buf_put_str(h->to, "</");
    buf_put_str(h->to, tag);
    buf_put_u8(h->to, '>');
}

void html_empty(struct html *h, const char *tag, ...)
{
    va_list pairs;
    va_start(pairs, tag);
    put_tag(h, tag, pairs, "/>");
    va_end(pairs);
}

void html_element(struct html *h, const char *tag, const char *text, ...)
{
    va_list pairs;
    va_start(pairs, text);
    put_tag(h, tag, pairs, ">");
    va_end(pairs);
    push(h, tag);
    put_text(h, text);
    html_end(h, tag);
}

void html_text(struct html *h, const char *text)
{
    put_text(h, text);
}

void html_textf(struct html *h, const char *fmt, ...)
{
    char text[PRINTED_MAX];
    va_list args;
    va_start(args, fmt);
    (void)vsnprintf(text, sizeof(text), fmt, args);
    va_end(args);
    put_text(h, text);
}

void html_name(struct html *h, const char *name)
{
    html_element(h, "bdi", name, (const char *)NULL);
}

void html_line(struct html *h)
{
    buf_put_u8(h->to, '\n');
}

void html_doctype(struct html *h)
{
    assert(h->depth == 0);
    buf_put_str(h->to, "<!DOCTYPE html>\n");
}

void html_style(struct html *h, const char *css)
{
    assert(strchr(css, '<') == NULL && strstr(css, "url(") == NULL && strstr(css, "@import") == NULL);
    buf_put_str(h->to, "<style>\n");
    buf_put_str(h->to, css);
    buf_put_str(h->to, "</style>\n");
}
