#include "protocol/assessment_file.h"

#include <stdlib.h>
#include <string.h>

#include "protocol/pack.h"

enum { TAB = 4, MARK_LEN = 3 };
#define KEY_COMMENT " folkmoot key "
static const char em_dash[] = "\xE2\x80\x94 ";

/* ---- lines, without comments ---- */

struct making {
    struct assessment_file *f;
    struct assessment_fault *why;
    struct bytes in;                    /* what is left of the file */
    size_t line;                        /* where we are in it */
    struct buf out;                     /* the line at hand */
    bool has_comment;                   /* something was dropped from it */
    bool owes_empty;                    /* an empty line comes before the next */
    size_t paragraph;                   /* where the last paragraph begins in the text */
    size_t paragraph_line;              /* and in the file */
    bool has_signature;                 /* some line looks like one: then where the first stands */
    size_t signature, signature_line;
};

static enum err fault(struct making *m, size_t line, const char *what, const char *remedy)
{
    *m->why = (struct assessment_fault){line, what, remedy};
    return ERR_FORMAT;
}

static struct bytes skip(struct bytes in, size_t n)
{
    return (struct bytes){in.p + n, in.len - n};
}

/* Where `what` first stands; in.len when nowhere. */
static size_t find(struct bytes in, const char *what)
{
    size_t len = strlen(what);
    for (size_t i = 0; i + len <= in.len; i++)
        if (in.p[i] == (uint8_t)what[0] && memcmp(in.p + i, what, len) == 0)
            return i;
    return in.len;
}

static void take_key(struct making *m, struct bytes comment)
{
    struct assessment_file *f = m->f;
    if (!bytes_start_with(comment, KEY_COMMENT) || comment.len < 2 || f->n_keys == IDENTITY_OFFICERS_MAX)
        return;
    comment = skip(comment, strlen(KEY_COMMENT));
    comment.len -= comment.len > 0 && comment.p[comment.len - 1] == ' ';
    f->n_keys += note_vkey_parse(comment, &f->keys[f->n_keys]) == OK;
}

static enum err pass_comment(struct making *m)
{
    struct bytes inside = skip(m->in, strlen("<!--"));
    size_t end = find(inside, "-->");
    if (end == inside.len)
        return fault(m, m->line, "a comment begins here and never ends", "close it with -->, or delete it");
    take_key(m, (struct bytes){inside.p, end});
    for (size_t i = 0; i < end; i++)
        m->line += inside.p[i] == '\n';
    m->has_comment = true;
    m->in = skip(inside, end + strlen("-->"));
    return OK;
}

static bool is_signature(struct bytes line)
{
    struct bytes name, rest;
    if (!bytes_start_with(line, em_dash))
        return false;
    rest = skip(line, strlen(em_dash));
    return bytes_word(&rest, &name) && rest.len > 0 && find(name, "/") < name.len && find(rest, " ") == rest.len;
}

static enum err end_line(struct making *m)
{
    struct buf *text = &m->f->text;
    while (m->out.len > 0 && m->out.p[m->out.len - 1] == ' ')
        m->out.len--;
    struct bytes line = buf_bytes(&m->out);
    const char *what = assessment_line_fault(line);
    if (what != NULL)
        return fault(m, m->line, what, utf8_is_valid(line) ? "delete it" : "save the file as UTF-8");
    if (line.len == 0) {
        m->owes_empty |= !m->has_comment;
    } else {
        if (m->owes_empty && text->len > 0)
            buf_put_u8(text, '\n');
        if (m->owes_empty || text->len == 0) {
            m->paragraph = text->len;
            m->paragraph_line = m->line;
        }
        if (!m->has_signature && is_signature(line)) {
            m->has_signature = true;
            m->signature = text->len;
            m->signature_line = m->line;
        }
        m->owes_empty = false;
        buf_put(text, line);
        buf_put_u8(text, '\n');
    }
    buf_clear(&m->out);
    m->has_comment = false;
    return buf_status(text);
}

static enum err step(struct making *m)
{
    uint8_t c = m->in.p[0];
    if (bytes_start_with(m->in, "<!--"))
        return pass_comment(m);
    bool is_end = c == '\n' || (c == '\r' && m->in.len > 1 && m->in.p[1] == '\n');
    if (is_end) {
        m->in = skip(m->in, c == '\n' ? 1 : 2);
        enum err e = end_line(m);
        m->line++;
        return e;
    }
    for (unsigned i = 0; c == '\t' && i < TAB; i++)
        buf_put_u8(&m->out, ' ');
    if (c != '\t')
        buf_put_u8(&m->out, c);
    m->in = skip(m->in, 1);
    return buf_status(&m->out);
}

/* ---- signature lines ---- */

static bool is_signed(struct bytes paragraph)
{
    struct bytes line;
    while (bytes_line(&paragraph, &line))
        if (is_signature(line))
            return true;
    return false;
}

static enum err cut_signatures(struct making *m)
{
    struct buf *text = &m->f->text;
    if (m->paragraph == 0 || !is_signed(skip(buf_bytes(text), m->paragraph)))
        return OK;
    struct note *n = malloc(sizeof(*n));
    if (n == NULL)
        return ERR_NOMEM;
    buf_put(&m->f->note, buf_bytes(text));
    enum err e = buf_status(&m->f->note);
    if (e == OK && note_parse(buf_bytes(&m->f->note), n) != OK)
        e = fault(m, m->paragraph_line, "these signature lines are damaged, or other words stand among them",
                  "mend them from an earlier copy, or delete them: then everybody signs again");
    text->len = m->paragraph - 1;               /* the empty line is no part of the text */
    free(n);
    return e;
}

enum err assessment_file_read(struct bytes in, struct assessment_file *ret, struct assessment_fault *why)
{
    *ret = (struct assessment_file){.text = buf_on(ASSESSMENT_FILE_MAX + 1), .note = buf_on(NOTE_MAX)};
    *why = (struct assessment_fault){0, "", ""};
    struct making m = {.f = ret, .why = why, .in = in, .line = 1, .out = buf_on(TAB * ASSESSMENT_FILE_MAX)};
    enum err e = in.len <= ASSESSMENT_FILE_MAX ? OK : ERR_LIMIT;
    if (bytes_start_with(in, "\xEF\xBB\xBF"))
        m.in = skip(in, MARK_LEN);
    while (e == OK && m.in.len > 0)
        e = step(&m);
    if (e == OK && m.out.len > 0)
        e = end_line(&m);
    if (e == OK)
        e = cut_signatures(&m);
    if (e == OK && m.has_signature && m.signature < ret->text.len)
        e = fault(&m, m.signature_line, "a signature line stands within the text",
                  "delete it; what is written below signatures belongs above them");
    if (e == OK && ret->text.len > ASSESSMENT_TEXT_MAX)
        e = ERR_LIMIT;
    buf_release(&m.out);
    if (e != OK)
        assessment_file_release(ret);
    return e;
}

void assessment_file_release(struct assessment_file *f)
{
    buf_release(&f->text);
    buf_release(&f->note);
}

/* ---- the head ---- */

enum err assessment_file_head(struct bytes text, struct assessment_head *ret, struct bytes *ret_body, struct assessment_fault *why)
{
    static const char template[] = "begin with `folkmoot assess new`";
    static const struct { const char *what, *remedy; } faults[] = {
        {"the file does not begin as a self-assessment does", template},
        {"this line should name the authority", "as in: authority east-sussex"},
        {"this line should give the year", "as in: year 2025"},
        {"this line should give your own judgement", "write 1, 2, 3 or 4 behind the word: 1 is outstanding, 4 inadequate"},
        {"an empty line should stand below the judgement", "put one there"},
        {"nothing stands below the head", template},
    };
    if (assessment_text_read(text, ret, ret_body) == OK)
        return OK;
    size_t line = assessment_head_fault(text);
    *why = (struct assessment_fault){line, faults[line - 1].what, faults[line - 1].remedy};
    return ERR_FORMAT;
}

void assessment_file_write(struct bytes text, const struct note_key *keys, size_t n_keys, struct bytes lines, struct buf *ret)
{
    buf_put(ret, text);
    if (n_keys > 0)
        buf_put_u8(ret, '\n');
    for (size_t i = 0; i < n_keys; i++) {
        buf_put_str(ret, "<!--" KEY_COMMENT);
        note_vkey_write(&keys[i], ret);
        buf_put_str(ret, " -->\n");
    }
    if (lines.len > 0)
        buf_put_u8(ret, '\n');
    buf_put(ret, lines);
}
