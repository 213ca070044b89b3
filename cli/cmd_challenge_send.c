/* cli/cmd_challenge_send.c - every question of a letter, sealed each to the readers of what it is about, signed at once. */
#include "cli/commands.h"

#include <stdlib.h>
#include <string.h>

#include "cli/intake/source.h"
#include "cli/output/output.h"
#include "cli/say.h"
#include "cli/thread/letter.h"
#include "cli/thread/speak.h"

const struct option_spec options_challenge_send[] = {OPTIONS_END};

struct sending {
    struct desk *d;
    const char *file;
    struct letter letter;
    struct threads t;
    struct utterance *list;                 /* one a question */
};

static const struct column columns[] = {{"record", "record", 0}, {"about", "about", 0}, {"readers", "for", 0}};

static enum exit_status read_letter(struct sending *x)
{
    struct source source;
    struct letter_error why;
    struct session *s = x->d->s;
    enum err e = source_read(x->file, s->in, &source);
    if (e != OK)
        return say_unreadable(s, e, x->file, "a letter as `folkmoot challenge draft` writes it");
    if (source.was_cp1252)
        say_note(s, "%s: it is no UTF-8 and was read as Windows-1252", x->file);
    e = letter_read(buf_bytes(&source.text), &x->letter, &why);
    source_release(&source);
    if (e == ERR_FORMAT || e == ERR_LIMIT)
        return say_refused(s, EXIT_NO, "letter", "`folkmoot challenge draft SLUG --out FILE.md` writes one",
                           "%s, line %zu: %s", x->file, why.line, why.what);
    return e == OK ? EXIT_OK : say_failed(s, e, NULL, "%s", x->file);
}

static enum exit_status ready_one(struct sending *x, const struct member *to, size_t i)
{
    struct utterance *u = &x->list[i];
    const struct question *q = &x->letter.questions[i];
    const char *day = x->letter.answer_by[0] != '\0' ? x->letter.answer_by : NULL;
    char what[80];
    snprintf(what, sizeof(what), "line %zu", q->line);
    u->what = saying_at(SAY_CHALLENGE);
    enum exit_status st = speak_text_of(x->d->s, what, bytes_of(q->text), u->post.text);
    if (st == EXIT_OK)
        st = speak_day(x->d->s, "answer-by:", day, u->post.due);
    if (st == EXIT_OK)
        st = speak_challenge_about(x->d, &x->t, to, q->about, u);
    return st == EXIT_OK ? speak_ready(x->d, u) : st;
}

static enum exit_status ready_all(struct sending *x)
{
    enum exit_status st = speak_may_open(x->d, saying_at(SAY_CHALLENGE));
    const struct member *to = st == EXIT_OK ? desk_find_member(x->d, x->letter.to) : NULL;
    if (st == EXIT_OK && to == NULL)
        st = EXIT_USAGE;
    for (size_t i = 0; st == EXIT_OK && i < x->letter.n; i++)
        st = ready_one(x, to, i);
    return st;
}

static enum exit_status answer(struct sending *x)
{
    struct session *s = x->d->s;
    struct sheet *sh = sheet_new(columns, sizeof(columns) / sizeof(columns[0]));
    for (size_t i = 0; i < x->letter.n; i++) {
        char record[RECORD_TEXT_SIZE];
        struct buf whom = buf_on(1 << 12);
        struct record_id id = {x->d->origin.slug, x->d->origin.generation, x->list[i].idx};
        record_id_text(&id, record);
        readers_words(&x->list[i].to, &whom);
        sheet_row(sh);
        sheet_text(sh, record);
        sheet_text(sh, x->list[i].post.about);
        sheet_text(sh, buf_str(&whom));
        buf_release(&whom);
    }
    json_t *doc = json_document(s);
    json_object_set_new(doc, "authority", json_text(x->list[0].post.owner));
    json_object_set_new(doc, "due", json_text(x->letter.answer_by[0] != '\0' ? x->letter.answer_by : NULL));
    json_object_set_new(doc, "challenges", sheet_json(sh));
    out(s, "%zu question%s to %s.\n", x->letter.n, x->letter.n == 1 ? "" : "s", x->list[0].post.owner);
    enum exit_status st = output(s, doc, sh);
    sheet_free(sh);
    if (st == EXIT_OK)
        say_next(s, "`folkmoot challenge list` shows what is answered");
    return st;
}

static enum exit_status send_letter(struct desk *d)
{
    struct sending *x = calloc(1, sizeof(*x));
    if (x == NULL)
        return say_failed(d->s, ERR_NOMEM, NULL, "challenge send");
    x->d = d;
    x->file = d->s->args[0];
    enum exit_status st = read_letter(x);
    if (st == EXIT_OK) {
        enum err e = threads_gather(d->view, desk_charter(d), session_now_ms(), &x->t);
        x->list = e == OK ? calloc(x->letter.n, sizeof(*x->list)) : NULL;
        if (x->list == NULL)
            st = say_failed(d->s, e != OK ? e : ERR_NOMEM, NULL, "challenge send");
    }
    if (st == EXIT_OK)
        st = ready_all(x);
    if (st == EXIT_OK)
        st = speak_all(d, x->list, x->letter.n, "challenge send");
    if (st == EXIT_OK)
        st = answer(x);
    threads_release(&x->t);
    letter_release(&x->letter);
    free(x->list);
    free(x);
    return st;
}

enum exit_status cmd_challenge_send(struct session *s)
{
    return desk_run(s, DESK_WRITE | DESK_MEMBER | DESK_VIEW, send_letter);
}
