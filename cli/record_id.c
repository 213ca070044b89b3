#include "cli/record_id.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "cli/ask.h"
#include "cli/say.h"

void record_id_text(const struct record_id *id, char ret[RECORD_TEXT_SIZE])
{
    if (id->generation > 1)
        snprintf(ret, RECORD_TEXT_SIZE, "%s~%" PRIu32 "/%" PRIu64, id->slug.s, id->generation, id->idx);
    else
        snprintf(ret, RECORD_TEXT_SIZE, "%s/%" PRIu64, id->slug.s, id->idx);
}

enum err record_id_parse(const char *text, struct record_id *ret)
{
    struct record_id id = {.generation = 1};
    char back[RECORD_TEXT_SIZE];
    size_t slug = strcspn(text, "~/"), slash = strcspn(text, "/");
    uint64_t generation = 1;
    if (text[slash] != '/' || slug_parse((struct bytes){(const uint8_t *)text, slug}, &id.slug) != OK)
        return ERR_FORMAT;
    if (slug < slash && bytes_u64((struct bytes){(const uint8_t *)text + slug + 1, slash - slug - 1}, UINT32_MAX,
                                  &generation) != OK)
        return ERR_FORMAT;
    if (bytes_u64(bytes_of(text + slash + 1), INT64_MAX, &id.idx) != OK)
        return ERR_FORMAT;
    id.generation = (uint32_t)generation;
    record_id_text(&id, back);
    if (strcmp(back, text) != 0)
        return ERR_FORMAT;
    *ret = id;
    return OK;
}

static bool take(const char *from, size_t len, char *ret, size_t size)
{
    return bytes_to_str((struct bytes){(const uint8_t *)from, len}, ret, size) == OK;
}

bool figure_word_read(const char *word, struct figure_word *ret)
{
    size_t colon = strcspn(word, ":@"), at = strcspn(word, "@"), slash;
    const char *indicator = word;
    ret->slug[0] = '\0';
    if (word[at] != '@')
        return false;
    if (word[colon] == ':') {
        if (!take(word, colon, ret->slug, sizeof(ret->slug)))
            return false;
        indicator = word + colon + 1;
    }
    slash = at + strcspn(word + at, "/");
    ret->breakdown = word[slash] == '/' ? word + slash + 1 : "";
    return take(indicator, (size_t)(word + at - indicator), ret->indicator, sizeof(ret->indicator)) &&
           take(word + at + 1, slash - at - 1, ret->period, sizeof(ret->period));
}

static enum err take_newest(void *arg, const struct figure_row *row)
{
    struct record_id *id = arg;
    if (id->generation == 0 || row->generation > id->generation || (row->generation == id->generation && row->idx > id->idx))
        *id = (struct record_id){row->slug, row->generation, row->idx};
    return OK;
}

static enum exit_status newest_version(struct desk *d, struct view *v, const struct figure_word *w, const char *slug,
                                       const char *word,
                                       struct record_id *ret)
{
    struct definition_row definition;
    struct period_asked asked;
    struct time_period period;
    *ret = (struct record_id){.generation = 0};
    enum exit_status st = ask_indicator(d->s, v, w->indicator, &definition);
    if (st == EXIT_OK)
        st = ask_period(d->s, w->period, PERIOD_NAMED, &asked);
    if (st != EXIT_OK)
        return st;
    enum err e = ask_which_period(v, definition.definition.id, w->breakdown, &asked, &period, NULL);
    if (e == OK)
        e = view_history(v, definition.definition.id, slug, &period, w->breakdown, take_newest, ret);
    if (e == ERR_UNKNOWN || (e == OK && ret->generation == 0))
        return say_refused(d->s, EXIT_NO, "nothing-found", "`folkmoot history INDICATOR` lists the versions",
                           "%s: there is no such figure", word);
    return e == OK ? EXIT_OK : say_failed(d->s, e, NULL, "%s", word);
}

enum exit_status ask_record(struct desk *d, struct view *v, const char *word, struct record_id *ret)
{
    struct figure_word w;
    const struct member *m;
    if (record_id_parse(word, ret) == OK)
        return EXIT_OK;
    if (!figure_word_read(word, &w))
        return say_usage(d->s, "SLUG/INDEX as in kent/17, or a figure as in cin_rate@2024 or kent:cin_rate@2024/sex=f",
                         "%s: this names no record", word);
    if (w.slug[0] == '\0')
        return newest_version(d, v, &w, d->identity->slug.s, word, ret);
    m = desk_find_member(d, w.slug);
    return m != NULL ? newest_version(d, v, &w, m->slug.s, word, ret) : EXIT_USAGE;
}
