#include "cli/assess/export.h"

#include <string.h>

#include "cli/assess/tell.h"
#include "cli/export_list.h"
#include "cli/output/output.h"
#include "cli/say.h"
#include "cli/view/assessments.h"
#include "protocol/assessment.h"
#include "protocol/assessment_body.h"

enum { HEAD_COLUMNS = 10, COLUMNS = HEAD_COLUMNS + SECTION_COUNT + 1, SIGNED_TEXT_MAX = 64 * 1024 };

/* Behind the head a column a section, by the names of the document. */
static const struct column columns[COLUMNS] = {
    {"record", NULL, 0}, {"slug", NULL, 0}, {"year", NULL, 0}, {"judgement", NULL, COLUMN_NUMBER}, {"quartet", NULL, 0},
    {"missing", NULL, 0}, {"signed", NULL, 0}, {"audience", NULL, 0}, {"said_at", NULL, 0}, {"hash", NULL, 0},
#define X(sym, name, heading) [HEAD_COLUMNS + (sym)] = {name, NULL, 0},
    ASSESSMENT_SECTIONS(X)
#undef X
    [HEAD_COLUMNS + SECTION_COUNT] = {"introduction", NULL, 0},
};

struct gathering {
    struct view *v;
    struct sheet *sh;
    json_t *list;
};

/* ---- who signed ---- */

struct signing { struct sheet *rows; struct buf words; };

static enum err add_signature(void *arg, const struct signature_row *r)
{
    struct signing *x = arg;
    assess_signature_row(x->rows, r->role, r->name, r->is_valid, r->key);
    if (r->is_valid)
        buf_printf(&x->words, "%s%s%s%s (%s)", x->words.len > 0 ? "; " : "", r->role, r->name[0] != '\0' ? " " : "", r->name,
                   r->key != NULL ? r->key : "no officer's");
    return buf_status(&x->words);
}

/* ---- one of them ---- */

static void put_row(struct gathering *g, const struct assessment_row *r, const char *signed_by, struct bytes body)
{
    struct assessment_parts parts;
    char said[TIME_TEXT_MAX], missing[ASSESS_MISSING_SIZE];
    assessment_parts(body, &parts);
    time_text(r->said_ms, said);
    assess_missing_words(r->missing, missing);
    sheet_row(g->sh);
    sheet_text(g->sh, r->record);
    sheet_text(g->sh, r->slug.s);
    sheet_value(g->sh, json_integer(r->year), "");
    sheet_count(g->sh, r->judgement);
    sheet_bool(g->sh, r->is_quartet);
    sheet_text(g->sh, missing);
    sheet_text(g->sh, signed_by);
    sheet_text(g->sh, r->audience);
    sheet_text(g->sh, said);
    sheet_text(g->sh, r->hash);
    for (size_t i = 0; i <= SECTION_COUNT; i++)
        sheet_value(g->sh, json_bytes(parts.text[i]), "");
}

/* As `assess show` has it. */
static void put_document(struct gathering *g, const struct assessment_row *r, const struct sheet *signatures, struct bytes body)
{
    json_t *j = json_object();
    json_object_set_new(j, "record", json_text(r->record));
    json_object_set_new(j, "slug", json_text(r->slug.s));
    json_object_set_new(j, "year", json_integer(r->year));
    json_object_set_new(j, "judgement", json_integer(r->judgement));
    json_object_set_new(j, "sections", assess_sections_json(body));
    json_object_set_new(j, "signatures", sheet_json(signatures));
    json_object_set_new(j, "quartet", json_boolean(r->is_quartet));
    json_object_set_new(j, "missing", assess_missing_json(r->missing));
    json_object_set_new(j, "audience", json_text(r->audience));
    json_object_set_new(j, "said_at", json_time(r->said_ms));
    json_object_set_new(j, "hash", json_text(r->hash));
    json_array_append_new(g->list, j);
}

static enum err take(void *arg, const struct assessment_row *r)
{
    struct gathering *g = arg;
    struct assessment_head head;
    struct bytes body;
    struct signing x = {sheet_new(assess_signature_columns, ASSESS_SIGNATURE_COLUMNS), buf_on(SIGNED_TEXT_MAX)};
    enum err e = view_assessment_signatures(g->v, r->slug.s, r->generation, r->idx, add_signature, &x);
    if (e == OK)
        e = sheet_status(x.rows);
    if (e == OK && assessment_text_read(r->text, &head, &body) != OK)
        e = ERR_CORRUPT;                        /* the view takes no other */
    const char *words = e == OK ? buf_str(&x.words) : NULL;
    if (e == OK && words == NULL)
        e = ERR_NOMEM;
    if (e == OK) {
        put_row(g, r, words, body);
        put_document(g, r, x.rows, body);
    }
    sheet_free(x.rows);
    buf_release(&x.words);
    return e;
}

enum exit_status assessments_export(struct desk *d, bool is_json, const char *path)
{
    struct gathering g = {d->view, sheet_new(columns, COLUMNS), json_array()};
    enum err e = view_assessments(d->view, NULL, 0, take, &g);
    if (e != OK) {
        sheet_free(g.sh);
        json_decref(g.list);
        return say_failed(d->s, e, NULL, "gathering the self-assessments");
    }
    const struct export_list what = {.key = "assessments", .sheet = g.sh, .list = g.list, .is_json = is_json, .path = path};
    return export_list(d->s, &what);
}
