#include "cli/assess/seen.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "cli/output/text.h"
#include "cli/session.h"
#include "cli/thread/threads.h"

static const char *const codes[] = {
#define X(sym, code) code,
    SEEN_KINDS(X)
#undef X
};

const char *seen_code(enum seen_kind k)
{
    return codes[k];
}

struct seeing {
    const struct seen_ask *ask;
    struct seen_list *list;
    struct placing placing;
    struct assessment_parts parts;
    const struct placed *cited;       /* while links are walked */
    bool is_cited, is_strength;
};

static enum err add(struct seeing *x, enum seen_kind kind, const char *link, const char *record, const char *text)
{
    struct seen_list *l = x->list;
    if (l->n == l->cap) {
        size_t cap = l->cap > 0 ? 2 * l->cap : 16;
        struct seen *more = realloc(l->all, cap * sizeof(*more));
        if (more == NULL)
            return ERR_NOMEM;
        l->all = more;
        l->cap = cap;
    }
    struct seen *s = &l->all[l->n++];
    *s = (struct seen){.kind = kind};
    (void)snprintf(s->link, sizeof(s->link), "%s", link);
    (void)snprintf(s->record, sizeof(s->record), "%s", record);
    text_clean_into(text, s->text, sizeof(s->text));
    return OK;
}

/* ---- what is mentioned ---- */

/* Words as they stand in the text, whatever their case: an id or a title. */
static bool says(struct bytes text, const char *words)
{
    size_t len = strlen(words);
    for (size_t i = 0; len > 0 && i + len <= text.len; i++)
        if (tolower(text.p[i]) == tolower((unsigned char)words[0]) && strncasecmp((const char *)text.p + i, words, len) == 0)
            return true;
    return false;
}

/* "[slug:]indicator@..." of this authority's. */
static bool is_of(struct bytes target, const char *indicator, const char *slug)
{
    size_t n = strlen(slug), len = strlen(indicator);
    if (bytes_start_with(target, slug) && target.len > n && target.p[n] == ':')
        target = (struct bytes){target.p + n + 1, target.len - n - 1};
    return bytes_start_with(target, indicator) && target.len > len && target.p[len] == '@';
}

static enum err each_link(void *arg, const struct assessment_link *l)
{
    struct seeing *x = arg;
    char record[RECORD_TEXT_SIZE];
    bool is_this = is_of(l->target, x->cited->of->definition.definition.id, x->ask->slug->s)
                || (bytes_to_str(l->target, record, sizeof(record)) == OK && strcmp(record, x->cited->row->figure.record) == 0);
    x->is_cited |= is_this;
    x->is_strength |= is_this && l->section == SECTION_STRENGTHS;
    return OK;
}

static enum err look_for(struct seeing *x, const struct placed *r)
{
    const struct definition *d = &r->of->definition.definition;
    struct bytes strengths = x->parts.text[SECTION_STRENGTHS];
    x->cited = r;
    x->is_cited = says(x->ask->body, d->id) || says(x->ask->body, d->title);
    x->is_strength = says(strengths, d->id) || says(strengths, d->title);
    return assessment_links(x->ask->body, each_link, x);
}

/* ---- figures ---- */

/* "Re-referrals within 12 months, rereferral_pct@2024: 31.0, 17th of 19" */
static void figure_words(const struct placed *r, char *ret, size_t size)
{
    char rank[64] = "";
    if (r->row->rank > 0)
        (void)snprintf(rank, sizeof(rank), ", rank %zu of %zu", r->row->rank, r->ranked);
    (void)snprintf(ret, size, "%s, %s: %s%s", r->of->definition.definition.title, r->link, r->value, rank);
}

static enum err see_figure(struct seeing *x, const struct placed *r)
{
    char words[448], text[SEEN_TEXT_MAX];
    bool is_d = r->row->band == 'D';
    enum err e = look_for(x, r);
    if (e != OK)
        return e;
    figure_words(r, words, sizeof(words));
    const char *record = r->row->figure.record;
    if (x->is_strength && is_d) {
        (void)snprintf(text, sizeof(text), "claimed as a strength, and the figure is in band D: %s", words);
        e = add(x, SEEN_STRENGTH_BAND_D, r->link, record, text);
    }
    if (e == OK && x->is_strength && r->is_worse) {
        (void)snprintf(text, sizeof(text), "claimed as a strength, and the figure went the wrong way since the period before: %s",
                       words);
        e = add(x, SEEN_STRENGTH_WORSE, r->link, record, text);
    }
    if (e == OK && !x->is_cited && is_d) {
        (void)snprintf(text, sizeof(text), "in band D, and the text does not speak of it: %s", words);
        e = add(x, SEEN_SILENT_BAND_D, r->link, record, text);
    } else if (e == OK && !x->is_cited && r->is_much_worse) {
        (void)snprintf(text, sizeof(text), "clearly worse than in the period before, and the text does not speak of it: %s", words);
        e = add(x, SEEN_SILENT_WORSE, r->link, record, text);
    }
    return e;
}

/* ---- peers and inspectors ---- */

static enum err see_need(struct seeing *x, const struct said *s)
{
    char text[SEEN_TEXT_MAX];
    const char *about = s->post.about;
    (void)snprintf(text, sizeof(text), "a need that nobody has taken up: %s%s%.400s", about, about[0] != '\0' ? ": " : "", s->text);
    return add(x, SEEN_NEED, "", s->record, text);
}

static enum err see_review(struct seeing *x, const struct said *s)
{
    char text[SEEN_TEXT_MAX];
    (void)snprintf(text, sizeof(text), "%s reviewed it: %.400s", s->slug.s, s->text);
    return add(x, SEEN_REVIEW, "", s->record, text);
}

/* A need still open, and reports in a review that it asked for: what its author had no right to say is neither. */
static enum err see_matter(struct seeing *x, const struct threads *t, const struct thread *th)
{
    const struct said *root = &t->posts[th->root];
    enum err e = OK;
    if (!slug_equal(&root->slug, x->ask->slug))
        return OK;
    if (th->matter == MATTER_NEED && th->stands->rank == 0)
        return see_need(x, root);
    for (size_t i = root->next; e == OK && i != NO_POST; i = t->posts[i].next)
        if (t->posts[i].counts && t->posts[i].saying->id == SAY_REPORT)
            e = see_review(x, &t->posts[i]);
    return e;
}

static enum err see_peers(struct seeing *x)
{
    struct threads t;
    enum err e = threads_gather(x->ask->v, x->ask->charter, session_now_ms(), &t);
    for (size_t i = 0; e == OK && i < t.n; i++)
        e = see_matter(x, &t, &t.list[i]);
    threads_release(&t);
    return e;
}

/* Ofsted's word, or its number. 0: it is neither. */
static unsigned grade_of(const char *word)
{
    static const char *const words[] = {"outstanding", "good", "requires improvement", "inadequate"};
    for (unsigned i = 0; i < 4; i++)
        if (strncasecmp(word, words[i], strlen(words[i])) == 0 || (word[0] == (char)('1' + i) && word[1] == '\0'))
            return i + 1;
    return 0;
}

static enum err see_judgement(void *arg, const struct judgement_row *j)
{
    struct seeing *x = arg;
    char text[SEEN_TEXT_MAX];
    unsigned grade = grade_of(j->overall);
    if (grade == 0 || x->ask->judgement >= grade)
        return OK;
    (void)snprintf(text, sizeof(text), "its own judgement is %u, and inspectors judged %u (%.60s) on %.20s: what has changed?",
                   x->ask->judgement, grade, j->overall, j->inspected);
    return add(x, SEEN_INSPECTION, "", "", text);
}

static enum err see_others(struct seeing *x)
{
    const struct seen_ask *ask = x->ask;
    const struct member *m = ask->charter != NULL ? charter_find(ask->charter, ask->slug) : NULL;
    const struct authority *a = m != NULL ? compare_authority(m->codes.dfe, m->codes.gss) : NULL;
    enum err e = view_reference_judgement(ask->v, a != NULL ? a->slug.s : ask->slug->s, see_judgement, x);
    return e == OK || e == ERR_UNKNOWN ? see_peers(x) : e;
}

enum err seen_make(const struct seen_ask *ask, struct seen_list *ret)
{
    struct seeing x = {.ask = ask, .list = ret};
    *ret = (struct seen_list){.n = 0};
    assessment_parts(ask->body, &x.parts);
    enum err e = placing_make(ask->v, ask->charter, ask->slug, &x.placing);
    for (size_t i = 0; e == OK && i < x.placing.n; i++)
        e = see_figure(&x, &x.placing.rows[i]);
    placing_release(&x.placing);
    if (e == OK)
        e = see_others(&x);
    if (e != OK)
        seen_release(ret);
    return e;
}

void seen_release(struct seen_list *l)
{
    free(l->all);
    *l = (struct seen_list){.n = 0};
}
