/* protocol/record_post.c - words beside something, and figures asked for (record.h). */
#include <assert.h>
#include <string.h>

#include "protocol/record_inside.h"

enum { POST_ELEMENTS = 7, COLLECTION_ELEMENTS = 8 };

static bool is_word(const char *s)
{
    return strspn(s, "abcdefghijklmnopqrstuvwxyz-") == strlen(s);
}

/* A text of several lines is its lines, each without control characters. */
static bool is_prose(const char *s)
{
    struct bytes rest = bytes_of(s), line;
    while (bytes_line(&rest, &line))
        if (!utf8_is_line(line))
            return false;
    return utf8_is_line(rest);
}

static bool is_number(const char *s, size_t n, unsigned most)
{
    uint64_t v;
    size_t zeros = 0;
    while (zeros + 1 < n && s[zeros] == '0')
        zeros++;
    return bytes_u64((struct bytes){(const uint8_t *)s + zeros, n - zeros}, most, &v) == OK && v > 0;
}

/* "2026-01-31": the form; February has 31 days for us, as a calendar is for people. */
static bool is_date(const char *s)
{
    return strlen(s) == DATE_LEN && s[4] == '-' && s[7] == '-' && is_number(s, 4, 9999) && is_number(s + 5, 2, 12) &&
           is_number(s + 8, 2, 31);
}

/* ---- post ---- */

enum err post_check(const struct post *p)
{
    return p->type[0] != '\0' && is_word(p->type) && record_line(p->about) && p->text[0] != '\0' && is_prose(p->text) &&
           record_line(p->owner) && (p->due[0] == '\0' || is_date(p->due)) && is_word(p->state) ? OK : ERR_FORMAT;
}

void post_write(const struct post *p, struct buf *ret)
{
    assert(post_check(p) == OK);
    pack_array(ret, POST_ELEMENTS);
    pack_str(ret, "post");
    pack_str(ret, p->type);
    pack_str(ret, p->about);
    pack_str(ret, p->text);
    pack_str(ret, p->owner);
    pack_str(ret, p->due);
    pack_str(ret, p->state);
}

enum err post_read(struct bytes in, struct post *ret)
{
    struct post p = {.type = ""};
    struct reader r = reader_on(in);
    size_t n = record_start(&r, "post", POST_ELEMENTS);
    record_text(&r, p.type, sizeof(p.type));
    record_text(&r, p.about, sizeof(p.about));
    record_text(&r, p.text, sizeof(p.text));
    record_text(&r, p.owner, sizeof(p.owner));
    record_text(&r, p.due, sizeof(p.due));
    record_text(&r, p.state, sizeof(p.state));
    if (record_end(&r, n, POST_ELEMENTS) != OK || post_check(&p) != OK)
        return ERR_FORMAT;
    *ret = p;
    return OK;
}

/* ---- collection ---- */

enum err collection_check(const struct collection *c)
{
    bool is_good = c->number > 0 && c->number <= COLLECTION_NUMBER_MAX && c->title[0] != '\0' && record_line(c->title) &&
                   record_period(c->period) && record_line(c->time_identifier) && is_date(c->due) && c->n > 0 &&
                   c->n <= COLLECTION_INDICATORS_MAX;
    for (size_t i = 0; is_good && i < c->n; i++)
        is_good = record_indicator(c->indicators[i]);
    return is_good ? OK : ERR_FORMAT;
}

void collection_write(const struct collection *c, struct buf *ret)
{
    assert(collection_check(c) == OK);
    pack_array(ret, COLLECTION_ELEMENTS);
    pack_str(ret, "collection");
    pack_uint(ret, c->number);
    pack_str(ret, c->title);
    pack_str(ret, c->period);
    pack_str(ret, c->time_identifier);
    pack_str(ret, c->due);
    pack_array(ret, c->n);
    for (size_t i = 0; i < c->n; i++)
        pack_str(ret, c->indicators[i]);
    pack_str(ret, c->is_closed ? "closed" : "open");
}

static bool read_is_closed(struct reader *r)
{
    struct bytes state = read_str(r, POST_WORD_MAX);
    bool is_closed = bytes_equal(state, bytes_of("closed"));
    if (!is_closed && !bytes_equal(state, bytes_of("open")))
        reader_fail(r);
    return is_closed;
}

enum err collection_read(struct bytes in, struct collection *ret)
{
    struct collection c = {.number = 0};
    struct reader r = reader_on(in);
    size_t n = record_start(&r, "collection", COLLECTION_ELEMENTS);
    c.number = (uint32_t)read_uint(&r, COLLECTION_NUMBER_MAX);
    record_text(&r, c.title, sizeof(c.title));
    record_text(&r, c.period, sizeof(c.period));
    record_text(&r, c.time_identifier, sizeof(c.time_identifier));
    record_text(&r, c.due, sizeof(c.due));
    c.n = read_array(&r, 1, COLLECTION_INDICATORS_MAX);
    for (size_t i = 0; i < c.n && i < COLLECTION_INDICATORS_MAX; i++)
        record_text(&r, c.indicators[i], sizeof(c.indicators[i]));
    c.is_closed = read_is_closed(&r);
    if (record_end(&r, n, COLLECTION_ELEMENTS) != OK || collection_check(&c) != OK)
        return ERR_FORMAT;
    *ret = c;
    return OK;
}
