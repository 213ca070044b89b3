/* cli/cmd_challenge_draft.c - the questions that a member's figures raise, as a file to edit. */
#include "cli/commands.h"

#include "cli/export.h"
#include "cli/output/output.h"
#include "cli/say.h"
#include "cli/thread/draft.h"

enum { DRAFT_MAX = 1 << 19 };

const struct option_spec options_challenge_draft[] = {
    {"out", 0, OPTION_VALUE, "FILE.md", "where to write it; - is stdout"},
    WHOM_WITH_MEMBERS,
    LEAD_OPTIONS,
    OPTIONS_END,
};

static enum exit_status answer(struct lead *l, const struct member *to, const char *name, size_t n, size_t more)
{
    struct session *s = l->d.s;
    json_t *doc = json_document(s);
    json_object_set_new(doc, "file", json_text(name));
    json_object_set_new(doc, "authority", json_text(to->slug.s));
    json_object_set_new(doc, "questions", json_integer((json_int_t)n));
    json_object_set_new(doc, "left_out", json_integer((json_int_t)more));
    out(s, "%s: %zu question%s to %s.\n", name, n, n == 1 ? "" : "s", to->slug.s);
    enum exit_status st = output(s, doc, NULL);
    if (st == EXIT_OK && more > 0)
        say_note(s, "%zu more were left out: a letter holds %zu", more, n);
    if (st == EXIT_OK)
        say_next(s, "edit it, then `folkmoot challenge send %s`", name);
    return st;
}

static enum exit_status draft(struct lead *l)
{
    struct session *s = l->d.s;
    const char *name = option_value(&s->options, "out");
    struct buf text = buf_on(DRAFT_MAX);
    size_t n = 0, more = 0;
    bool is_stdout = false;
    const struct member *to = desk_find_member(&l->d, s->args[0]);
    if (to == NULL)
        return EXIT_USAGE;
    enum err e = draft_write(l, to, &text, &n, &more);
    enum exit_status st = e == OK ? EXIT_OK : say_failed(s, e, NULL, "challenge draft");
    if (st == EXIT_OK && n == 0)
        st = say_refused(s, EXIT_NO, "nothing-found", "`folkmoot challenge SLUG --about RECORD` asks all the same",
                         "challenge draft %s: its figures raise no question", to->slug.s);
    if (st == EXIT_OK)
        st = export_whole(s, name, buf_bytes(&text), &is_stdout);
    buf_release(&text);
    return st == EXIT_OK && !is_stdout ? answer(l, to, name, n, more) : st;
}

enum exit_status cmd_challenge_draft(struct session *s)
{
    if (option_value(&s->options, "out") == NULL)
        return say_usage(s, "--out FILE.md", "challenge draft: where to?");
    return lead_run_members(s, NULL, draft, NULL);
}
