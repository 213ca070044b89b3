#include "cli/view/search.h"

#include <ctype.h>

#include "cli/view/inside.h"

/* secure_delete needs nothing here: temp_store is memory, and the connection is closed with the command. */
static const char make[] =
    "DROP TABLE IF EXISTS temp.found;"
    "CREATE VIRTUAL TABLE temp.found USING fts5(kind UNINDEXED, slug UNINDEXED, record UNINDEXED, said_at UNINDEXED, title, body,"
    " tokenize = 'porter unicode61 remove_diacritics 2', prefix = '3');";

enum err view_search_begin(struct view *v)
{
    enum err e = vsql_script(v, make);
    if (e != OK)
        return e;
    struct vsql q = vsql_start(v, V_TEXT_GATHER);
    return vsql_run(&q);
}

enum err view_search_put(struct view *v, const struct text_row *text)
{
    struct vsql q = vsql_start(v, V_TEXT_PUT);
    vsql_text(&q, text->kind);
    vsql_text(&q, text->slug);
    vsql_text(&q, text->record);
    vsql_text(&q, text->said_at);
    vsql_text(&q, text->title);
    vsql_text(&q, text->body);
    return vsql_run(&q);
}

static bool is_sign(char c)
{
    unsigned char u = (unsigned char)c;
    return u < 0x80 && !isalnum(u);
}

/* `care "leavers"` becomes `"care"* "leavers"*`: a word in quotes is never a command of the index. */
static enum err write_query(const char *words, struct buf *ret)
{
    size_t n = 0;
    for (const char *p = words; *p != '\0';) {
        if (is_sign(*p)) {
            p++;
            continue;
        }
        if (n++ == SEARCH_WORDS_MAX)
            return ERR_LIMIT;
        buf_put_str(ret, n > 1 ? " \"" : "\"");
        for (; *p != '\0' && !is_sign(*p); p++)
            buf_put(ret, (struct bytes){(const uint8_t *)p, 1});
        buf_put_str(ret, "\"*");
    }
    return n > 0 ? buf_status(ret) : ERR_FORMAT;
}

enum err view_search(struct view *v, const char *words, hit_each each, void *arg)
{
    struct buf query = buf_on(1 << 16);
    enum err e = write_query(words, &query);
    const char *text = e == OK ? buf_str(&query) : NULL;
    if (text == NULL) {
        buf_release(&query);
        return e != OK ? e : ERR_NOMEM;
    }
    struct vsql q = vsql_start(v, V_TEXT_FIND);
    vsql_text(&q, text);
    vsql_int(&q, SEARCH_HITS_MAX);
    while (e == OK && vsql_row(&q)) {
        struct hit h;
        h.text.kind = vsql_col_text(&q, 0);
        h.text.slug = vsql_col_text(&q, 1);
        h.text.record = vsql_col_text(&q, 2);
        h.text.said_at = vsql_col_text(&q, 3);
        h.text.title = vsql_col_text(&q, 4);
        h.text.body = vsql_col_text(&q, 5);
        h.snippet = vsql_col_text(&q, 6);
        e = each(arg, &h);
    }
    enum err ended = vsql_end(&q);
    buf_release(&query);
    return e == OK ? ended : e;
}
