#include "cli/reference/load.h"

#include <stdlib.h>
#include <string.h>

#include "cli/official.h"
#include "cli/say.h"

const struct definition *reference_definition(void *lexicon, const char *id)
{
    const struct definition *d = register_definition(id);
    return d != NULL ? d : lexicon_definition(lexicon, id);
}

struct reference_options reference_options_of(const struct reference_head *head, struct lexicon *lexicon)
{
    return (struct reference_options){.where = head->where, .n_where = head->n_where, .vintage = head->vintage,
                                      .definition = reference_definition, .nearest = lexicon_nearest,
                                      .hash = lexicon_hash, .arg = lexicon};
}

/* ---- putting ---- */

static struct reference_place place_of(const struct intake_place *p)
{
    if (p->authority != NULL)
        return (struct reference_place){"authority", p->authority->slug.s, p->authority->dfe, p->authority->name};
    return (struct reference_place){strcmp(p->area->level, "National") == 0 ? "country" : "region", p->area->code, NULL,
                                    p->area->name};
}

static enum err put_rows(struct view *v, const char *file, const struct reference *r)
{
    enum err e = OK;
    for (size_t i = 0; i < reference_count(r) && e == OK; i++)
        switch (r->kind) {
        case REFERENCE_FIGURES: {
            struct reference_place p = place_of(&r->in.figures[i].place);
            e = view_reference_put_figure(v, file, &p, &r->in.figures[i].figure, r->in.figures[i].vintage);
            break;
        }
        case REFERENCE_NEIGHBOURS: {
            const struct reference_neighbour *x = &r->neighbours[i];
            e = view_reference_put_neighbour(v, file, x->of->slug.s, x->rank, x->neighbour->slug.s, x->closeness);
            break;
        }
        case REFERENCE_JUDGEMENTS: {
            const struct reference_judgement *x = &r->judgements[i];
            struct judgement_row j = {x->inspected, x->published, x->type, x->overall, x->leaders, x->help, x->care, x->leavers,
                                      NULL};
            e = view_reference_put_judgement(v, file, x->of->slug.s, &j);
            break;
        }
        case REFERENCE_POPULATIONS: {
            struct reference_place p = place_of(&r->populations[i].place);
            e = view_reference_put_population(v, file, &p, r->populations[i].period, r->populations[i].age,
                                              r->populations[i].persons);
            break;
        }
        }
    return e;
}

enum err reference_put(struct view *v, const struct reference_head *head, const struct reference *r)
{
    char sha[HEX_SIZE(HASH_LEN)], head_sha[HEX_SIZE(HASH_LEN)];
    hex_encode((struct bytes){head->sha256.b, HASH_LEN}, sha);
    hex_encode((struct bytes){head->head_sha256.b, HASH_LEN}, head_sha);
    struct reference_source source = {head->name, head->kind, head->form, head->source, head->vintage, head->imported, sha,
                                      head_sha,
                                      head->size, reference_count(r)};
    enum err e = view_reference_begin(v, &source);
    return e == OK ? view_reference_end(v, put_rows(v, head->name, r)) : e;
}

/* ---- what changed ---- */

struct loading {
    struct session *s;
    struct view *v;
    struct reference_names kept;
    bool is_loaded[REFERENCE_FILES_MAX];        /* the view has it as it stands */
    bool has_built_in;                          /* and the neighbours that are built into this program */
    char built_in[HEX_SIZE(HASH_LEN)];
    size_t n_gone;
    char gone[REFERENCE_FILES_MAX][REFERENCE_NAME_MAX + 1];
};

static void warn(struct loading *l, const char *name, const char *why)
{
    say_warning(l->s, "private/reference/%s %s, so it is left out: import it again, or `folkmoot reference remove %s`", name, why,
                name);
}

static enum err look(void *arg, const struct reference_source *s)
{
    struct loading *l = arg;
    if (strcmp(s->form, REFERENCE_BUILT_IN) == 0) {
        l->has_built_in = strcmp(s->head, l->built_in) == 0;
        return OK;
    }
    struct reference_head head;
    char hex[HEX_SIZE(HASH_LEN)];
    for (size_t i = 0; i < l->kept.n; i++)
        if (strcmp(l->kept.names[i], s->name) == 0 && reference_head_of(&l->s->home, s->name, &head) == OK) {
            hex_encode((struct bytes){head.head_sha256.b, HASH_LEN}, hex);
            l->is_loaded[i] = strcmp(hex, s->head) == 0;
            return OK;
        }
    if (l->n_gone < REFERENCE_FILES_MAX)        /* the rest next time */
        snprintf(l->gone[l->n_gone++], REFERENCE_NAME_MAX + 1, "%s", s->name);
    return OK;
}

static enum err load_read(struct loading *l, const struct reference_head *head, struct bytes content)
{
    struct reference r;
    struct lexicon *lexicon = lexicon_new(l->v);
    struct reference_options with = reference_options_of(head, lexicon);
    enum err e = lexicon != NULL ? reference_read(content, &with, &r) : ERR_NOMEM;
    if (e == OK) {
        if (r.in.n_problems > 0) {
            warn(l, head->name, r.in.problems[0].problem);
            e = view_reference_forget(l->v, head->name);
        } else
            e = reference_put(l->v, head, &r);
        reference_release(&r);
    }
    lexicon_free(lexicon);
    return e;
}

static enum err load_one(struct loading *l, const char *name)
{
    struct reference_head head;
    struct buf whole;
    struct bytes content;
    enum err e = reference_open(&l->s->home, name, &head, &whole, &content);
    if (e == ERR_UNKNOWN)                       /* removed while we looked */
        return OK;
    if (e == ERR_CORRUPT || e == ERR_DENIED) {
        warn(l, name, e == ERR_CORRUPT ? "is damaged" : "is no file of ours, or open to others");
        return view_reference_forget(l->v, name);
    }
    if (e != OK)
        return e;
    e = load_read(l, &head, content);
    buf_release(&whole);
    return e;
}

/* ---- what is built in ---- */

typedef enum err (*neighbour_each)(void *arg, const struct authority *of, uint32_t rank, const struct authority *neighbour);

static enum err each_neighbour(neighbour_each each, void *arg)
{
    enum err e = OK;
    for (size_t i = 0; i < register_size() && e == OK; i++) {
        const struct authority *a = register_at(i);
        for (uint32_t rank = 1; a->continues_as == NULL && rank <= NEIGHBOURS && e == OK; rank++)
            if (register_neighbour(a, rank) != NULL)
                e = each(arg, a, rank, register_neighbour(a, rank));
    }
    return e;
}

static enum err write_one(void *arg, const struct authority *of, uint32_t rank, const struct authority *neighbour)
{
    buf_printf(arg, "%s %u %s\n", of->slug.s, (unsigned)rank, neighbour->slug.s);
    return OK;
}

static enum err put_one(void *arg, const struct authority *of, uint32_t rank, const struct authority *neighbour)
{
    return view_reference_put_neighbour(arg, REFERENCE_NEIGHBOURS_2025, of->slug.s, rank, neighbour->slug.s, "");
}

/* What another version of the program put into the view may be another table. */
static enum err describe_built_in(struct loading *l)
{
    struct buf all = buf_on(AUTHORITIES_MAX * NEIGHBOURS * (2 * SLUG_MAX + 16));
    enum err e = each_neighbour(write_one, &all);
    if (e == OK)
        e = buf_status(&all);
    struct hash h = sha256(buf_bytes(&all));
    hex_encode((struct bytes){h.b, HASH_LEN}, l->built_in);
    buf_release(&all);
    return e;
}

static enum err count_one(void *arg, const struct authority *of, uint32_t rank, const struct authority *neighbour)
{
    (void)of, (void)rank, (void)neighbour;
    ++*(uint64_t *)arg;
    return OK;
}

/* The table that is in the program stands in the view beside those that were imported, so that a query may join it. */
static enum err load_built_in(struct loading *l)
{
    struct reference_source s = {REFERENCE_NEIGHBOURS_2025, "neighbours", REFERENCE_BUILT_IN, "Department for Education", "2025",
                                 "", "", l->built_in, 0, 0};
    (void)each_neighbour(count_one, &s.n);
    enum err e = view_reference_begin(l->v, &s);
    return e == OK ? view_reference_end(l->v, each_neighbour(put_one, l->v)) : e;
}

static enum err load_changed(struct loading *l)
{
    struct progress p = progress_start(l->s, "reading public figures", l->kept.n);
    enum err e = describe_built_in(l);
    if (e == OK)
        e = view_reference_files(l->v, look, l);
    if (e == OK && !l->has_built_in)
        e = load_built_in(l);
    for (size_t i = 0; i < l->n_gone && e == OK; i++)
        e = view_reference_forget(l->v, l->gone[i]);
    for (size_t i = 0; i < l->kept.n && e == OK; i++) {
        if (!l->is_loaded[i])
            e = load_one(l, l->kept.names[i]);
        progress_step(&p, i + 1);
    }
    progress_end(&p);
    return e;
}

enum exit_status reference_load(struct session *s, struct view *v)
{
    struct loading *l = calloc(1, sizeof(*l));
    enum err e = ERR_NOMEM;
    if (l != NULL) {
        l->s = s;
        l->v = v;
        e = reference_list(&s->home, &l->kept);
        if (e == OK)
            e = load_changed(l);
    }
    free(l);
    return e == OK ? EXIT_OK : say_failed(s, e, NULL, "reading public figures (private/reference)");
}
