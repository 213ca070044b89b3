/* cli/cmd_assess_check.c - before anybody signs: is it whole, does its evidence stand, and what does it not say? */
#include "cli/commands.h"

#include <string.h>

#include "cli/assess/draft.h"
#include "cli/assess/evidence.h"
#include "cli/assess/seen.h"
#include "cli/output/output.h"
#include "cli/output/table.h"
#include "cli/output/width.h"
#include "cli/say.h"

const struct option_spec options_assess_check[] = {OPTIONS_END};

static const struct column problem_columns[] = {{"where", "where", 0}, {"problem", "problem", 0}, {"remedy", "what to do", 0}};
static const struct column seen_columns[] = {
    {"kind", NULL, 0}, {"figure", NULL, 0}, {"record", "record", 0}, {"text", "ask yourself", 0},
};

struct checking {
    struct session *s;
    struct desk *d;                         /* NULL: no home, or another authority's */
    struct draft *draft;
    struct sheet *problems, *links, *seen, *signatures;
    size_t n_bad_links;
    json_t *unchecked;
};

static void problem(struct checking *x, const char *where, const char *what, const char *remedy)
{
    sheet_row(x->problems);
    sheet_text(x->problems, where);
    sheet_text(x->problems, what);
    sheet_text(x->problems, remedy);
}

static void check_sections(struct checking *x)
{
    struct assessment_parts parts;
    assessment_parts(x->draft->body, &parts);
    for (size_t i = 0; i < SECTION_COUNT; i++) {
        const char *heading = section_heading((enum assessment_section)i);
        if (parts.count[i] == 0)
            problem(x, heading, "this section is missing", "put its heading, # and these words, and write below it");
        else if (parts.count[i] > 1)
            problem(x, heading, "this heading stands more than once", "make one section of it: only the first is read");
        else if (parts.text[i].len == 0)
            problem(x, heading, "nothing stands below this heading", "write something, if only that there is nothing to say");
    }
}

static void check_signatures(struct checking *x)
{
    char names[DRAFT_NAMES_SIZE];
    if (draft_names(x->draft, LINE_VOID, names))
        problem(x, names, "the text was changed since they signed it: their lines are void", "they sign again");
    if (draft_names(x->draft, LINE_NOT_OFFICER, names) && x->draft->has_home)
        problem(x, names, "signed with a key that was revoked, or never enrolled",
                "take the line out; officer list has those that count");
    else if (names[0] != '\0')
        json_array_append_new(x->unchecked, json_text("signatures by keys that the file does not name"));
}

static enum err check_evidence(struct checking *x)
{
    const struct evidence_ask ask = {.v = x->d->view, .slug = &x->draft->head.slug, .body = x->draft->body, .as_of_ms = UINT64_MAX};
    return evidence_sheet(&ask, &x->links, &x->n_bad_links);
}

static enum err check_seen(struct checking *x)
{
    struct seen_list l;
    const struct seen_ask ask = {.v = x->d->view, .charter = desk_charter(x->d), .slug = &x->draft->head.slug,
                                 .body = x->draft->body, .judgement = x->draft->head.judgement};
    enum err e = seen_make(&ask, &l);
    if (e != OK)
        return e;
    for (size_t i = 0; i < l.n; i++) {
        sheet_row(x->seen);
        sheet_text(x->seen, seen_code(l.all[i].kind));
        sheet_text(x->seen, l.all[i].link[0] != '\0' ? l.all[i].link : NULL);
        sheet_text(x->seen, l.all[i].record[0] != '\0' ? l.all[i].record : NULL);
        sheet_text(x->seen, l.all[i].text);
    }
    seen_release(&l);
    return OK;
}

/* ---- the answer ---- */

static json_t *document(const struct checking *x, bool is_good)
{
    const struct draft *d = x->draft;
    char hash[HEX_SIZE(HASH_LEN)], missing[128];
    json_t *doc = json_document(x->s);
    draft_hash(d, hash);
    assessment_missing(&d->who, missing);
    json_object_set_new(doc, "ok", json_boolean(is_good));
    json_object_set_new(doc, "slug", json_text(d->head.slug.s));
    json_object_set_new(doc, "year", json_integer(d->head.year));
    json_object_set_new(doc, "judgement", json_integer(d->head.judgement));
    json_object_set_new(doc, "hash", json_text(hash));
    json_object_set_new(doc, "problems", sheet_json(x->problems));
    json_object_set_new(doc, "links", x->links != NULL ? sheet_json(x->links) : json_null());
    json_object_set_new(doc, "seen", sheet_json(x->seen));
    json_object_set_new(doc, "signatures", sheet_json(x->signatures));
    json_object_set_new(doc, "quartet", draft_quartet_json(d));
    json_object_set_new(doc, "missing", assess_missing_json(missing));
    json_object_set_new(doc, "not_checked", json_incref(x->unchecked));
    return doc;
}

static void say_table(struct session *s, const char *head, const struct sheet *sh)
{
    if (sheet_rows(sh) == 0)
        return;
    out(s, "%s\n", head);
    table_print(s, sh);
    out(s, "\n");
}

static void say_seen(struct checking *x)
{
    if (sheet_rows(x->seen) > 0)
        out(x->s, "Said against seen: what figures and others say, to be thought of before others ask\n");
    for (size_t i = 0; i < sheet_rows(x->seen); i++) {
        char line[SEEN_TEXT_MAX + 160];
        struct cell_view record = sheet_cell(x->seen, i, 2), text = sheet_cell(x->seen, i, 3);
        (void)snprintf(line, sizeof(line), "  - %s%s%s%s", text.shown, record.shown[0] != '\0' ? " [" : "", record.shown,
                       record.shown[0] != '\0' ? "]" : "");
        out_wrapped(x->s, "    ", line);
    }
    if (sheet_rows(x->seen) > 0)
        out(x->s, "\n");
}

static enum exit_status answer(struct checking *x)
{
    struct session *s = x->s;
    const struct draft *d = x->draft;
    bool is_good = sheet_rows(x->problems) == 0 && x->n_bad_links == 0;
    char hash[HEX_SIZE(HASH_LEN)];
    draft_hash(d, hash);
    out(s, "%s: self-assessment of %s, %u, judgement %u (%s)\nThe text's SHA-256 is %s\n\n", d->name, d->head.slug.s,
        (unsigned)d->head.year, d->head.judgement, assess_judgement_word(d->head.judgement), hash);
    if (s->mode == OUTPUT_TEXT) {
        say_table(s, "Problems", x->problems);
        if (x->links != NULL)
            say_table(s, "Evidence", x->links);
        say_table(s, "Signatures", x->signatures);
        say_seen(x);
    }
    for (size_t i = 0; i < json_array_size(x->unchecked); i++)
        say_note(s, "not checked: %s", json_string_value(json_array_get(x->unchecked, i)));
    enum err e = s->failed;
    if (e != OK)
        return say_failed(s, e, NULL, "assess check");
    out(s, is_good ? "It is whole, and its evidence stands.\n" : "It is not ready yet.\n");
    json_t *doc = document(x, is_good);
    enum exit_status st = s->mode == OUTPUT_CSV ? output(s, doc, x->problems) : output(s, doc, NULL);
    if (st == EXIT_OK && is_good)
        say_next(s, "`folkmoot assess sign %s --as ROLE`, on each officer's desk", d->name);
    return st == EXIT_OK && !is_good ? EXIT_NO : st;
}

static enum exit_status check(struct checking *x)
{
    struct session *s = x->s;
    enum exit_status st = draft_read(s, session_arg(s, 0), &x->draft);
    if (st != EXIT_OK)
        return st;
    bool is_ours = x->d != NULL && slug_equal(&x->d->identity->slug, &x->draft->head.slug);
    x->problems = sheet_new(problem_columns, sizeof(problem_columns) / sizeof(problem_columns[0]));
    x->seen = sheet_new(seen_columns, sizeof(seen_columns) / sizeof(seen_columns[0]));
    x->unchecked = json_array();
    enum err e = draft_judge(x->draft, is_ours ? x->d->identity : NULL, is_ours ? &s->home : NULL);
    if (e == OK) {
        x->signatures = draft_signatures(x->draft);
        check_sections(x);
        check_signatures(x);
    }
    if (x->d == NULL)
        json_array_append_new(x->unchecked, json_text("evidence, and said against seen: there is no home here"));
    if (e == OK && x->d != NULL)
        e = check_evidence(x);
    if (e == OK && x->d != NULL)
        e = check_seen(x);
    return e == OK ? answer(x) : say_failed(s, e, NULL, "%s", x->draft->name);
}

static enum exit_status run(struct session *s, struct desk *d)
{
    struct checking x = {.s = s, .d = d};
    enum exit_status st = check(&x);
    sheet_free(x.problems);
    sheet_free(x.links);
    sheet_free(x.seen);
    sheet_free(x.signatures);
    json_decref(x.unchecked);
    draft_free(x.draft);
    return st;
}

static enum exit_status with_home(struct desk *d)
{
    return run(d->s, d);
}

enum exit_status cmd_assess_check(struct session *s)
{
    return assess_has_home(s) ? desk_run(s, DESK_VIEW, with_home) : run(s, NULL);
}
