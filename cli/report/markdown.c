#include "cli/report/markdown.h"

#include <string.h>

#define END ((const char *)NULL)

enum block { BLOCK_NONE, BLOCK_PARAGRAPH, BLOCK_BULLET, BLOCK_NUMBER };

struct putting {
    struct html *h;
    const struct markdown_link *links;
    size_t n;
    enum block block, list;                 /* which is gathered; of the list that is open, or none */
    struct bytes gathered;                  /* its text, from its first line to its last */
    bool is_code;
};

/* ---- within a block ---- */

/* "[" label "](figure:" target ")", of which the label does not begin before `in`: if it ends within, too. */
static bool is_within(struct bytes in, const struct markdown_link *l, struct bytes *ret)
{
    if (l->target.p + l->target.len >= in.p + in.len)
        return false;
    *ret = (struct bytes){l->label.p - 1, (size_t)(l->target.p + l->target.len + 1 - (l->label.p - 1))};
    return true;
}

/* Links stand in the order of the text: each is looked at once. */
static void put_inline(struct putting *x, struct bytes in)
{
    struct bytes link;
    for (; x->n > 0; x->links++, x->n--) {
        if (x->links->label.p <= in.p)          /* it begins in an earlier block, or within the link before it */
            continue;
        if (!is_within(in, x->links, &link))
            break;
        size_t used = (size_t)(link.p + link.len - in.p);
        html_bytes(x->h, (struct bytes){in.p, (size_t)(link.p - in.p)});
        html_bytes(x->h, x->links->label);
        html_text(x->h, " ");
        html_begin(x->h, "span", "class", "small", END);
        html_textf(x->h, "[%s]", x->links->shown);
        html_end(x->h, "span");
        in = (struct bytes){in.p + used, in.len - used};
    }
    html_bytes(x->h, in);
}

/* ---- blocks ---- */

static const char *list_tag(enum block list)
{
    return list == BLOCK_BULLET ? "ul" : "ol";
}

static void end_list(struct putting *x)
{
    if (x->list == BLOCK_NONE)
        return;
    html_end(x->h, list_tag(x->list));
    html_line(x->h);
    x->list = BLOCK_NONE;
}

static void end_block(struct putting *x)
{
    enum block was = x->block;
    x->block = BLOCK_NONE;
    if (was == BLOCK_NONE)
        return;
    if (x->list != was)
        end_list(x);
    bool is_item = was != BLOCK_PARAGRAPH;
    if (is_item && x->list == BLOCK_NONE) {
        html_begin(x->h, list_tag(was), END);
        x->list = was;
    }
    html_begin(x->h, is_item ? "li" : "p", END);
    put_inline(x, x->gathered);
    html_end(x->h, is_item ? "li" : "p");
    html_line(x->h);
}

static void begin_block(struct putting *x, enum block block, struct bytes words)
{
    end_block(x);
    x->block = block;
    x->gathered = words;
}

static void put_heading(struct putting *x, struct bytes words)
{
    end_block(x);
    end_list(x);
    html_begin(x->h, "p", END);
    html_begin(x->h, "strong", END);
    put_inline(x, words);
    html_end(x->h, "strong");
    html_end(x->h, "p");
    html_line(x->h);
}

static void turn_code(struct putting *x)
{
    end_block(x);
    end_list(x);
    if (x->is_code)
        html_end(x->h, "pre");
    else
        html_begin(x->h, "pre", END);
    html_line(x->h);
    x->is_code = !x->is_code;
}

/* ---- lines ---- */

static struct bytes without_indent(struct bytes line)
{
    while (line.len > 0 && (line.p[0] == ' ' || line.p[0] == '\t'))
        line = (struct bytes){line.p + 1, line.len - 1};
    return line;
}

static struct bytes behind(struct bytes line, size_t n)
{
    return without_indent((struct bytes){line.p + n, line.len - n});
}

/* "- ", "* ", "+ ", "12. ", "12) ": what stands behind it. */
static enum block item_of(struct bytes line, struct bytes *ret)
{
    size_t digits = 0;
    if (line.len > 1 && strchr("-*+", line.p[0]) != NULL && line.p[0] != '\0' && line.p[1] == ' ') {
        *ret = behind(line, 2);
        return BLOCK_BULLET;
    }
    while (digits < line.len && digits < 9 && line.p[digits] >= '0' && line.p[digits] <= '9')
        digits++;
    if (digits == 0 || digits + 1 >= line.len || (line.p[digits] != '.' && line.p[digits] != ')') || line.p[digits + 1] != ' ')
        return BLOCK_NONE;
    *ret = behind(line, digits + 2);
    return BLOCK_NUMBER;
}

static size_t heading_of(struct bytes line)
{
    size_t n = 0;
    while (n < line.len && line.p[n] == '#')
        n++;
    return n >= 1 && n <= 6 && n < line.len && line.p[n] == ' ' ? n : 0;
}

static void put_line(struct putting *x, struct bytes whole)
{
    struct bytes line = without_indent(whole), words;
    enum block item = item_of(line, &words);
    size_t heading = heading_of(whole);
    if (bytes_start_with(whole, "```"))
        turn_code(x);
    else if (x->is_code) {
        html_bytes(x->h, whole);
        html_line(x->h);
    } else if (line.len == 0)
        end_block(x);
    else if (heading > 0)
        put_heading(x, behind(whole, heading));
    else if (item != BLOCK_NONE)
        begin_block(x, item, words);
    else if (x->block == BLOCK_NONE)
        begin_block(x, BLOCK_PARAGRAPH, line);
    else
        x->gathered.len = (size_t)(whole.p + whole.len - x->gathered.p);
}

void markdown_put(struct html *h, struct bytes text, const struct markdown_link *links, size_t n)
{
    struct putting x = {.h = h, .links = links, .n = n};
    struct bytes line, rest = text;
    while (bytes_line(&rest, &line))
        put_line(&x, line);
    if (rest.len > 0)                           /* the last line, without its end */
        put_line(&x, rest);
    end_block(&x);
    end_list(&x);
    if (x.is_code)
        turn_code(&x);
}
