/* cli/cmd_assess_list.c - the self-assessments that can be read here. */
#include "cli/commands.h"

#include <string.h>

#include "cli/assess/draft.h"
#include "cli/output/output.h"
#include "cli/say.h"
#include "cli/view/assessments.h"

const struct option_spec options_assess_list[] = {
    {"year", 0, OPTION_VALUE, "YEAR", "of that year only"},
    OPTIONS_END,
};

static const struct column columns[] = {
    {"slug", "authority", 0}, {"year", "year", 0}, {"judgement", "judgement", COLUMN_NUMBER}, {"quartet", "quartet", 0},
    {"missing", "not signed by", 0}, {"audience", "for", 0}, {"said_at", "said at", 0}, {"hash", NULL, 0}, {"record", "record", 0},
};

static enum err add(void *arg, const struct assessment_row *r)
{
    struct sheet *sh = arg;
    char when[TIME_TEXT_MAX], year[16], words[ASSESS_MISSING_SIZE];
    bool is_named = strcmp(r->audience, "alliance") != 0 && strcmp(r->audience, "public") != 0;
    time_text(r->said_ms, when);
    assess_missing_words(r->missing, words);
    (void)snprintf(year, sizeof(year), "%u", (unsigned)r->year);
    sheet_row(sh);
    sheet_text(sh, r->slug.s);
    sheet_value(sh, json_integer(r->year), year);
    sheet_count(sh, r->judgement);
    sheet_bool(sh, r->is_quartet);
    sheet_value(sh, assess_missing_json(r->missing), words);
    sheet_text(sh, r->audience);
    sheet_shown(sh, is_named ? "named readers" : r->audience);
    sheet_text(sh, when);
    sheet_text(sh, r->hash);
    sheet_text(sh, r->record);
    return OK;
}

static enum exit_status list(struct desk *d)
{
    struct session *s = d->s;
    const char *word = option_value(&s->options, "year");
    uint64_t year = 0;
    if (word != NULL && (bytes_u64(bytes_of(word), ASSESSMENT_YEAR_MOST, &year) != OK || year == 0))
        return say_usage(s, "four digits, as in --year 2025", "--year %s: this is no year", word);
    struct sheet *sh = sheet_new(columns, sizeof(columns) / sizeof(columns[0]));
    enum err e = view_assessments(d->view, NULL, (uint32_t)year, add, sh);
    if (e != OK) {
        sheet_free(sh);
        return say_failed(s, e, NULL, "assess list");
    }
    json_t *doc = json_document(s);
    json_object_set_new(doc, "assessments", sheet_json(sh));
    bool is_empty = sheet_rows(sh) == 0;
    if (is_empty)
        out(s, "No self-assessment can be read here.\n");
    enum exit_status st = output(s, doc, sh);
    sheet_free(sh);
    if (st == EXIT_OK && is_empty)
        say_next(s, "`folkmoot assess new --out FILE.md` begins one");
    return st;
}

enum exit_status cmd_assess_list(struct session *s)
{
    return desk_run(s, DESK_VIEW, list);
}
