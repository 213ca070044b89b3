#include "cli/thread/letter.h"

#include <stdlib.h>
#include <string.h>

struct reading {
    struct letter *l;
    struct letter_error *why;
    struct buf text;                        /* of the question at hand */
    size_t line;
    bool in_comment, has_to;
};

static enum err fault(struct reading *r, enum err e, const char *what)
{
    *r->why = (struct letter_error){r->line, what};
    return e;
}

static bool begins(struct bytes in, const char *with)
{
    size_t n = strlen(with);
    return in.len >= n && memcmp(in.p, with, n) == 0;
}

static struct bytes without(struct bytes in, size_t n)
{
    return (struct bytes){in.p + n, in.len - n};
}

static struct bytes trim(struct bytes in)
{
    while (in.len > 0 && (in.p[in.len - 1] == ' ' || in.p[in.len - 1] == '\t' || in.p[in.len - 1] == '\r'))
        in.len--;
    while (in.len > 0 && (in.p[0] == ' ' || in.p[0] == '\t'))
        in = without(in, 1);
    return in;
}

/* What of a line stands outside <!-- and -->. */
static void put_uncommented(struct reading *r, struct bytes line, struct buf *ret)
{
    while (line.len > 0) {
        const char *mark = r->in_comment ? "-->" : "<!--";
        if (begins(line, mark)) {
            line = without(line, strlen(mark));
            r->in_comment = !r->in_comment;
            continue;
        }
        if (!r->in_comment)
            buf_put(ret, (struct bytes){line.p, 1});
        line = without(line, 1);
    }
}

/* ---- questions ---- */

static enum err end_question(struct reading *r)
{
    struct letter *l = r->l;
    enum err e = buf_status(&r->text);
    if (l->n == 0)
        return OK;
    struct question *q = &l->questions[l->n - 1];
    while (e == OK && r->text.len > 0 && r->text.p[r->text.len - 1] == '\n')
        r->text.len--;
    if (e == OK && r->text.len == 0) {
        r->line = q->line;
        return fault(r, ERR_FORMAT, "nothing is asked beneath this heading");
    }
    if (e == ERR_LIMIT) {
        r->line = q->line;
        return fault(r, e, "the question beneath this heading is longer than 8192 bytes");
    }
    const char *text = e == OK ? buf_str(&r->text) : NULL;
    q->text = text != NULL ? strdup(text) : NULL;
    buf_clear(&r->text);
    return e != OK ? e : q->text != NULL ? OK : ERR_NOMEM;
}

static enum err begin_question(struct reading *r, struct bytes about)
{
    enum err e = end_question(r);
    if (e != OK)
        return e;
    if (!r->has_to)
        return fault(r, ERR_FORMAT, "the first heading must be \"# Challenge to SLUG\"");
    if (r->l->n == LETTER_QUESTIONS_MAX)
        return fault(r, ERR_LIMIT, "more than 64 questions: send two letters");
    struct question *q = &r->l->questions[r->l->n];
    if (about.len == 0 || !utf8_is_line(about) || bytes_to_str(about, q->about, sizeof(q->about)) != OK)
        return fault(r, ERR_FORMAT, "a heading names a record or an indicator: \"## kent/17\"");
    q->line = r->line;
    r->l->n++;
    return OK;
}

static enum err head_line(struct reading *r, struct bytes line)
{
    static const char title[] = "# Challenge to ", day[] = "answer-by:";
    if (begins(line, title) && !r->has_to) {
        r->has_to = utf8_is_line(trim(line)) &&
                    bytes_to_str(trim(without(line, strlen(title))), r->l->to, sizeof(r->l->to)) == OK && r->l->to[0] != '\0';
        return r->has_to ? OK : fault(r, ERR_FORMAT, "the first heading must be \"# Challenge to SLUG\"");
    }
    if (begins(line, day))
        return bytes_to_str(trim(without(line, strlen(day))), r->l->answer_by, sizeof(r->l->answer_by)) == OK
                   ? OK : fault(r, ERR_FORMAT, "answer-by: is followed by a day, 2026-01-31");
    return trim(line).len == 0 ? OK : fault(r, ERR_FORMAT, "what is asked stands beneath a heading \"## RECORD\"");
}

static enum err take_line(struct reading *r, struct bytes line)
{
    if (begins(line, "## "))
        return begin_question(r, trim(without(line, 3)));
    if (r->l->n == 0)
        return head_line(r, line);
    if (r->text.len == 0 && trim(line).len == 0)
        return OK;                          /* blank lines before a question are none of it */
    buf_put(&r->text, (struct bytes){line.p, line.len > 0 && line.p[line.len - 1] == '\r' ? line.len - 1 : line.len});
    buf_put_str(&r->text, "\n");
    return OK;
}

static enum err read_all(struct reading *r, struct bytes in)
{
    struct buf kept = buf_on(LETTER_MAX);
    enum err e = OK;
    while (e == OK && in.len > 0) {
        struct bytes line;
        if (!bytes_line(&in, &line)) {
            line = in;
            in.len = 0;
        }
        bool was_comment = r->in_comment;
        r->line++;
        buf_clear(&kept);
        put_uncommented(r, line, &kept);
        e = buf_status(&kept);
        bool is_all_comment = (was_comment || kept.len < line.len) && trim(buf_bytes(&kept)).len == 0;
        if (e == OK && !is_all_comment)
            e = take_line(r, buf_bytes(&kept));
    }
    buf_release(&kept);
    if (e == OK && r->in_comment)
        return fault(r, ERR_FORMAT, "a <!-- is never ended by -->");
    if (e == OK)
        e = end_question(r);
    return e == OK && r->l->n == 0 ? fault(r, ERR_FORMAT, "it asks nothing: a question stands beneath a heading \"## RECORD\"") : e;
}

enum err letter_read(struct bytes in, struct letter *ret, struct letter_error *why)
{
    struct reading r = {.l = ret, .why = why, .text = buf_on(POST_TEXT_MAX + 1024)};
    *ret = (struct letter){.n = 0};
    *why = (struct letter_error){1, "it cannot be read"};
    enum err e = in.len > LETTER_MAX ? fault(&r, ERR_LIMIT, "it is larger than a megabyte")
                 : in.len > 0 && memchr(in.p, 0, in.len) != NULL ? fault(&r, ERR_FORMAT, "it is no text")
                 : read_all(&r, in);
    buf_release(&r.text);
    if (e != OK)
        letter_release(ret);
    return e;
}

void letter_release(struct letter *l)
{
    for (size_t i = 0; i < l->n; i++)
        free(l->questions[i].text);
    *l = (struct letter){.n = 0};
}
