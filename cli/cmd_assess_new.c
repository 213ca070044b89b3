/* cli/cmd_assess_new.c - a self-assessment to begin with, in a file that people edit. */
#include "cli/commands.h"

#include <inttypes.h>
#include <time.h>

#include "cli/assess/template.h"
#include "cli/desk.h"
#include "cli/export.h"
#include "cli/output/output.h"
#include "cli/say.h"
#include "protocol/assessment.h"

const struct option_spec options_assess_new[] = {
    {"year", 0, OPTION_VALUE, "YEAR", "of which year; this one unless given"},
    {"out", 0, OPTION_VALUE, "FILE.md", "where it goes"},
    OPTIONS_END,
};

static enum exit_status ask_year(struct session *s, uint32_t *ret)
{
    const char *word = option_value(&s->options, "year");
    uint64_t year = 0;
    if (word == NULL) {
        time_t now = (time_t)(session_now_ms() / 1000);
        struct tm tm;
        year = gmtime_r(&now, &tm) != NULL ? (uint64_t)tm.tm_year + 1900 : ASSESSMENT_YEAR_LEAST;
    } else if (bytes_u64(bytes_of(word), ASSESSMENT_YEAR_MOST, &year) != OK || year < ASSESSMENT_YEAR_LEAST) {
        return say_usage(s, "four digits, as in --year 2025", "--year %s: this is no year", word);
    }
    *ret = (uint32_t)year;
    return EXIT_OK;
}

static enum exit_status answer(struct desk *d, const char *file, uint32_t year, size_t n_figures, bool is_stdout)
{
    struct session *s = d->s;
    if (is_stdout)
        return EXIT_OK;
    json_t *doc = json_document(s);
    json_object_set_new(doc, "file", json_text(file));
    json_object_set_new(doc, "slug", json_text(d->identity->slug.s));
    json_object_set_new(doc, "year", json_integer(year));
    json_object_set_new(doc, "figures", json_integer((json_int_t)n_figures));
    out(s, "%s: a self-assessment of %s, %" PRIu32 ", to be written; %zu of its figures are suggested in comments.\n", file,
        d->identity->slug.s, year, n_figures);
    enum exit_status st = output(s, doc, NULL);
    if (st == EXIT_OK)
        say_next(s, "write it, then `folkmoot assess check %s`", file);
    return st;
}

static enum exit_status make(struct desk *d)
{
    struct session *s = d->s;
    const char *file = option_value(&s->options, "out");
    struct placing figures = {.n = 0};
    uint32_t year = 0;
    bool is_stdout = false;
    enum exit_status st = ask_year(s, &year);
    if (st != EXIT_OK)
        return st;
    if (file == NULL || file[0] == '\0')
        return say_usage(s, "name the file with --out", "assess new: where to?");
    struct buf text = buf_on(ASSESSMENT_FILE_MAX);
    enum err e = placing_make(d->view, desk_charter(d), &d->identity->slug, &figures);
    if (e == OK) {
        assess_template(&d->identity->slug, year, &figures, &text);
        e = buf_status(&text);
    }
    st = e == OK ? export_whole(s, file, buf_bytes(&text), &is_stdout) : say_failed(s, e, NULL, "assess new");
    if (st == EXIT_OK)
        st = answer(d, file, year, figures.n, is_stdout);
    placing_release(&figures);
    buf_release(&text);
    return st;
}

enum exit_status cmd_assess_new(struct session *s)
{
    return desk_run(s, DESK_VIEW, make);
}
