#include "cli/compare/whom.h"

#include <stdio.h>
#include <string.h>

#include "cli/ask.h"
#include "cli/nearest.h"
#include "cli/say.h"

static const struct { const char *word; enum compare_set set; } sets[] = {
    {"alliance", SET_ALLIANCE}, {"neighbours", SET_NEIGHBOURS}, {"england", SET_ENGLAND}, {"all", SET_ALL}};

const char *whom_set_name(enum compare_set set)
{
    for (size_t i = 0; i < sizeof(sets) / sizeof(sets[0]); i++)
        if (sets[i].set == set)
            return sets[i].word;
    return "";
}

/* ---- --with ---- */

static const char *remedy_of(enum whom_kind kind)
{
    return kind == WHOM_MEMBERS ? "alliance, or SLUG,SLUG,..." : "alliance, neighbours, england, all, or SLUG,SLUG,...";
}

static enum exit_status read_name(struct desk *d, enum whom_kind kind, const char *word, struct whom *w)
{
    bool is_member = true;
    struct slug *slug = &w->only[w->n_only];
    if (kind == WHOM_ANYBODY) {
        enum exit_status st = ask_authority(d, word, slug, &is_member);
        if (st != EXIT_OK)
            return st;
    } else {
        const struct member *m = desk_find_member(d, word);
        if (m == NULL)
            return EXIT_USAGE;
        *slug = m->slug;
    }
    if (!is_member)
        w->set = SET_ALL;
    w->n_only++;
    return EXIT_OK;
}

static enum exit_status read_names(struct desk *d, enum whom_kind kind, const char *words, struct whom *w)
{
    if (words[0] == '\0')
        return say_usage(d->s, remedy_of(kind), "--with: it names nobody");
    for (const char *p = words; *p != '\0';) {
        char word[NAME_MAX_LEN + 1];
        size_t len = strcspn(p, ",");
        if (len == 0 || len > NAME_MAX_LEN || w->n_only == MEMBERS_MAX)
            return say_usage(d->s, remedy_of(kind), "--with %s: no list of authorities", words);
        memcpy(word, p, len);
        word[len] = '\0';
        enum exit_status st = read_name(d, kind, word, w);
        if (st != EXIT_OK)
            return st;
        p += len;
        p += *p == ',';
    }
    return EXIT_OK;
}

static enum exit_status read_with(struct desk *d, enum whom_kind kind, struct whom *w)
{
    const char *with = option_value(&d->s->options, "with");
    if (with == NULL)
        return EXIT_OK;
    w->set = SET_ALLIANCE;
    for (size_t i = 0; i < sizeof(sets) / sizeof(sets[0]); i++)
        if (strcmp(with, sets[i].word) == 0) {
            w->set = sets[i].set;
            if (kind == WHOM_MEMBERS && w->set != SET_ALLIANCE)
                return say_refused(d->s, EXIT_NO, "members-only",
                                   "England's and the neighbours' public figures stand beside the members' without being asked for",
                                   "--with %s: this page is about the alliance's own authorities", with);
            return EXIT_OK;
        }
    return read_names(d, kind, with, w);
}

/* ---- --region, --model ---- */

static enum exit_status read_region(struct desk *d, struct whom *w)
{
    const char *word = option_value(&d->s->options, "region");
    if (word == NULL)
        return EXIT_OK;
    struct nearest near = nearest_to(word);
    for (size_t i = 0; i < register_areas(); i++)
        nearest_offer(&near, register_area_at(i)->name);
    w->region = register_area(word);
    w->set = SET_ALL;                       /* a region is asked for, not its part of the alliance */
    return w->region != NULL ? EXIT_OK : say_unknown(d->s, "region", word, near.best, "E12000008 is the South East");
}

struct seeking {
    const char *word;
    size_t n_parts;
    bool is_exact;
    struct nearest near;
    char best[REFERENCE_FILE_SIZE], part[REFERENCE_FILE_SIZE];
};

/* Is the word one of the name's, as 2021 is of statistical-neighbours-2021? */
static bool is_part(const char *name, const char *word)
{
    size_t len = strlen(word);
    for (const char *p = name; (p = strstr(p, word)) != NULL && len > 0; p++)
        if ((p == name || p[-1] == '-') && (p[len] == '\0' || p[len] == '-'))
            return true;
    return false;
}

static enum err seek_model(void *arg, const struct reference_source *s)
{
    struct seeking *m = arg;
    if (strcmp(s->kind, "neighbours") != 0 || strcmp(s->form, REFERENCE_BUILT_IN) == 0)
        return OK;
    m->is_exact = m->is_exact || strcmp(s->name, m->word) == 0;
    if (is_part(s->name, m->word) && m->n_parts++ == 0)
        snprintf(m->part, sizeof(m->part), "%s", s->name);
    nearest_offer(&m->near, s->name);
    if (m->near.best == s->name) {          /* it is borrowed for the call */
        snprintf(m->best, sizeof(m->best), "%s", s->name);
        m->near.best = m->best;
    }
    return OK;
}

static enum exit_status read_model(struct desk *d, struct view *v, struct whom *w)
{
    struct seeking m = {.word = option_value(&d->s->options, "model")};
    if (m.word == NULL || strcmp(m.word, "2025") == 0)
        return EXIT_OK;
    m.near = nearest_to(m.word);
    enum err e = view_reference_files(v, seek_model, &m);
    if (e != OK)
        return say_failed(d->s, e, NULL, "looking for the table of neighbours %s", m.word);
    if (!m.is_exact && m.n_parts != 1)
        return say_unknown(d->s, "table of neighbours", m.word, m.near.best,
                           "`folkmoot reference list` lists those that were imported");
    w->has_model = true;
    snprintf(w->model, sizeof(w->model), "%s", m.is_exact ? m.word : m.part);
    return EXIT_OK;
}

/* ---- all of it ---- */

enum exit_status whom_read(struct desk *d, struct view *v, enum whom_kind kind, enum compare_set otherwise, struct whom *ret)
{
    *ret = (struct whom){.set = otherwise};
    enum exit_status st = kind == WHOM_ANYBODY ? read_region(d, ret) : EXIT_OK;
    if (st == EXIT_OK)
        st = read_with(d, kind, ret);
    if (st == EXIT_OK && kind == WHOM_ANYBODY)
        st = read_model(d, v, ret);
    return st;
}

void whom_put(const struct whom *w, struct compare_ask *ask)
{
    ask->set = w->set;
    ask->only = w->n_only > 0 ? w->only : NULL;
    ask->n_only = w->n_only;
    ask->region = w->region;
    ask->model = w->has_model ? w->model : NULL;
}

bool whom_is_alliance(const struct whom *w)
{
    return w->set == SET_ALLIANCE && w->n_only == 0 && w->region == NULL;
}

void whom_words(const struct whom *w, const char *alliance, const char *of, char ret[WHOM_WORDS_MAX])
{
    if (w->n_only > 0)
        snprintf(ret, WHOM_WORDS_MAX, "these authorities");
    else if (w->set == SET_ALLIANCE)
        snprintf(ret, WHOM_WORDS_MAX, "%s", alliance);
    else if (w->set == SET_NEIGHBOURS)
        snprintf(ret, WHOM_WORDS_MAX, "%s and its statistical neighbours", of);
    else
        snprintf(ret, WHOM_WORDS_MAX, "%s", w->set == SET_ENGLAND ? "England" : w->region != NULL ? "all that are known" :
                 "all that are known here");
    if (w->region != NULL) {
        size_t at = strlen(ret);
        snprintf(ret + at, WHOM_WORDS_MAX - at, " in %s", w->region->name);
    }
}
