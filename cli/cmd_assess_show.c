/* cli/cmd_assess_show.c - one self-assessment: who stands behind it, what it says, and whether its evidence stands. */
#include "cli/commands.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "cli/assess/draft.h"
#include "cli/assess/evidence.h"
#include "cli/export.h"
#include "cli/output/output.h"
#include "cli/output/table.h"
#include "cli/say.h"
#include "cli/view/assessments.h"

const struct option_spec options_assess_show[] = {
    {"year", 0, OPTION_VALUE, "YEAR", "of which year; the newest unless given"},
    {"out", 0, OPTION_VALUE, "FILE.md", "write the signed text there too, as it was published"},
    OPTIONS_END,
};

struct showing {
    struct session *s;
    struct view *v;                         /* NULL: no home */
    struct slug slug;
    uint32_t year, generation;
    uint64_t idx, said_ms;
    unsigned judgement;
    bool is_quartet, is_judged, has_row;    /* is_judged: by an identity, not by keys that a file names */
    char record[RECORD_TEXT_SIZE], audience[AUDIENCE_TEXT_SIZE], missing[128], hash[HEX_SIZE(HASH_LEN)];
    struct buf text, note;
    struct bytes body;
    struct sheet *signatures, *links;
    size_t n_versions;
};

/* ---- a published one ---- */

static enum err take_row(void *arg, const struct assessment_row *r)
{
    struct showing *x = arg;
    if (x->has_row)
        return OK;                              /* newest year first */
    x->has_row = true;
    x->slug = r->slug;
    x->year = r->year;
    x->generation = r->generation;
    x->idx = r->idx;
    x->said_ms = r->said_ms;
    x->judgement = r->judgement;
    x->is_quartet = r->is_quartet;
    x->is_judged = true;
    (void)snprintf(x->record, sizeof(x->record), "%s", r->record);
    (void)snprintf(x->audience, sizeof(x->audience), "%s", r->audience);
    (void)snprintf(x->missing, sizeof(x->missing), "%s", r->missing);
    (void)snprintf(x->hash, sizeof(x->hash), "%s", r->hash);
    buf_put(&x->text, r->text);
    buf_put(&x->note, r->note);
    enum err e = buf_status(&x->text);
    return e == OK ? buf_status(&x->note) : e;
}

static enum err count_version(void *arg, const struct assessment_row *r)
{
    struct showing *x = arg;
    x->n_versions += r->year == x->year;
    return OK;
}

static enum err add_signature(void *arg, const struct signature_row *r)
{
    assess_signature_row(arg, r->role, r->name, r->is_valid, r->key);
    return OK;
}

static enum err read_record(struct showing *x)
{
    struct assessment_head head;
    x->signatures = sheet_new(assess_signature_columns, ASSESS_SIGNATURE_COLUMNS);
    enum err e = view_assessment_signatures(x->v, x->slug.s, x->generation, x->idx, add_signature, x->signatures);
    if (e == OK)
        e = view_assessment_versions(x->v, x->slug.s, x->year, count_version, x);
    if (e == OK && assessment_text_read(buf_bytes(&x->text), &head, &x->body) != OK)
        e = ERR_CORRUPT;                        /* the view takes no other */
    return e;
}

static enum exit_status find(struct desk *d, struct showing *x, const char *word)
{
    struct session *s = d->s;
    if (desk_charter(d) == NULL)
        return desk_need_member(d);
    const struct member *m = desk_find_member(d, word);
    if (m == NULL)
        return EXIT_USAGE;
    enum err e = view_assessments(d->view, m->slug.s, x->year, take_row, x);
    if (e == OK && !x->has_row)
        return say_refused(s, EXIT_NO, "nothing-found", "`folkmoot assess list` has those that can be read here",
                           "%s: no self-assessment of it%s can be read here", m->slug.s, x->year > 0 ? " and that year" : "");
    if (e == OK)
        e = read_record(x);
    return e == OK ? EXIT_OK : say_failed(s, e, NULL, "assess show %s", word);
}

/* ---- one in a file ---- */

static bool is_file(const char *word)
{
    struct stat st;
    size_t len = strlen(word);
    return (stat(word, &st) == 0 && S_ISREG(st.st_mode)) || strchr(word, '/') != NULL ||
           (len > 3 && strcmp(word + len - 3, ".md") == 0);
}

static enum exit_status from_file(struct showing *x, struct draft *d, const struct identity *id)
{
    enum err e = draft_judge(d, id, id != NULL ? &x->s->home : NULL);
    if (e != OK)
        return say_failed(x->s, e, NULL, "%s", d->name);
    x->slug = d->head.slug;
    x->year = d->head.year;
    x->judgement = d->head.judgement;
    x->is_quartet = d->who.is_quartet;
    x->is_judged = d->has_home;
    x->said_ms = UINT64_MAX;
    assessment_missing(&d->who, x->missing);
    draft_hash(d, x->hash);
    buf_put(&x->text, d->text);
    x->body = d->body;
    x->signatures = draft_signatures(d);
    e = buf_status(&x->text);
    return e == OK ? EXIT_OK : say_failed(x->s, e, NULL, "%s", d->name);
}

/* ---- the answer ---- */

static json_t *document(const struct showing *x)
{
    json_t *doc = json_document(x->s);
    bool is_published = x->record[0] != '\0';
    json_object_set_new(doc, "slug", json_text(x->slug.s));
    json_object_set_new(doc, "year", json_integer(x->year));
    json_object_set_new(doc, "judgement", json_integer(x->judgement));
    json_object_set_new(doc, "sections", assess_sections_json(x->body));
    json_object_set_new(doc, "signatures", sheet_json(x->signatures));
    json_object_set_new(doc, "quartet", x->is_judged ? json_boolean(x->is_quartet) : json_null());
    json_object_set_new(doc, "missing", assess_missing_json(x->missing));
    json_object_set_new(doc, "record", is_published ? json_text(x->record) : json_null());
    json_object_set_new(doc, "audience", is_published ? json_text(x->audience) : json_null());
    json_object_set_new(doc, "said_at", is_published ? json_time(x->said_ms) : json_null());
    json_object_set_new(doc, "versions", is_published ? json_integer((json_int_t)x->n_versions) : json_null());
    json_object_set_new(doc, "hash", json_text(x->hash));
    json_object_set_new(doc, "links", x->links != NULL ? sheet_json(x->links) : json_null());
    return doc;
}

static void say_head(const struct showing *x)
{
    struct session *s = x->s;
    char when[TIME_TEXT_MAX], words[ASSESS_MISSING_SIZE];
    assess_missing_words(x->missing, words);
    out(s, "%s, self-assessment %" PRIu32 ": judgement %u (%s)\n", x->slug.s, x->year, x->judgement,
        assess_judgement_word(x->judgement));
    if (x->record[0] != '\0') {
        bool is_named = strcmp(x->audience, "alliance") != 0 && strcmp(x->audience, "public") != 0;
        time_text(x->said_ms, when);
        out(s, "%s, said at %s, for %s%s\n", x->record, when, is_named ? "named readers" : x->audience,
            x->n_versions > 1 ? "; there are earlier versions" : "");
    }
    if (x->is_quartet)
        out(s, x->is_judged ? "All four stand behind it.\n\n"
                            : "There are lines of all four; whether they are theirs cannot be told here.\n\n");
    else
        out(s, "Not signed by: %s.\n\n", words);
}

static enum exit_status answer(const struct showing *x)
{
    struct session *s = x->s;
    say_head(x);
    if (s->mode == OUTPUT_TEXT && sheet_rows(x->signatures) > 0) {
        table_print(s, x->signatures);
        out(s, "\n");
    }
    if (s->mode == OUTPUT_TEXT)
        out_text(s, x->body);
    if (x->links != NULL && sheet_rows(x->links) > 0)
        out(s, "\n");
    if (s->mode == OUTPUT_CSV)                  /* its rows are who signed; the words are no table */
        return output(s, document(x), x->signatures);
    return output(s, document(x), x->links);
}

static enum exit_status show_links(struct showing *x)
{
    const struct evidence_ask ask = {.v = x->v, .slug = &x->slug, .body = x->body, .as_of_ms = x->said_ms};
    enum err e = x->v != NULL ? evidence_sheet(&ask, &x->links, NULL) : OK;
    return e == OK ? answer(x) : say_failed(x->s, e, NULL, "assess show");
}

static enum exit_status show_file(struct session *s, struct desk *d, struct showing *x, const char *file)
{
    struct draft *draft = NULL;
    enum exit_status st = draft_read(s, file, &draft);
    bool is_ours = st == EXIT_OK && d != NULL && slug_equal(&d->identity->slug, &draft->head.slug);
    if (st == EXIT_OK)
        st = from_file(x, draft, is_ours ? d->identity : NULL);
    if (st == EXIT_OK && !is_ours && draft->is_signed)
        say_note(s, "no home of %s here: the signatures are judged by the keys that the file itself names", draft->head.slug.s);
    if (st == EXIT_OK)
        st = show_links(x);
    draft_free(draft);
    return st;
}

static enum exit_status write_out(struct showing *x, bool *ret_is_stdout)
{
    const char *file = option_value(&x->s->options, "out");
    return file == NULL ? EXIT_OK : export_whole(x->s, file, buf_bytes(&x->note), ret_is_stdout);
}

static enum exit_status with_home(struct desk *d)
{
    struct session *s = d->s;
    struct showing x = {.s = s, .v = d->view, .text = buf_on(ASSESSMENT_TEXT_MAX), .note = buf_on(NOTE_MAX)};
    const char *word = session_arg(s, 0), *year = option_value(&s->options, "year");
    uint64_t n = 0;
    bool is_stdout = false;
    enum exit_status st;
    if (year != NULL && (bytes_u64(bytes_of(year), ASSESSMENT_YEAR_MOST, &n) != OK || n == 0))
        return say_usage(s, "four digits, as in --year 2025", "--year %s: this is no year", year);
    x.year = (uint32_t)n;
    if (is_file(word))
        st = show_file(s, d, &x, word);
    else if ((st = find(d, &x, word)) == EXIT_OK && (st = write_out(&x, &is_stdout)) == EXIT_OK && !is_stdout)
        st = show_links(&x);
    sheet_free(x.signatures);
    sheet_free(x.links);
    buf_release(&x.text);
    buf_release(&x.note);
    return st;
}

enum exit_status cmd_assess_show(struct session *s)
{
    if (!is_file(session_arg(s, 0)) || assess_has_home(s))
        return desk_run(s, DESK_VIEW, with_home);
    struct showing x = {.s = s, .text = buf_on(ASSESSMENT_TEXT_MAX)};
    enum exit_status st = show_file(s, NULL, &x, session_arg(s, 0));
    if (st == EXIT_OK)
        say_note(s, "without a home the evidence cannot be looked up");
    sheet_free(x.signatures);
    sheet_free(x.links);
    buf_release(&x.text);
    return st;
}
