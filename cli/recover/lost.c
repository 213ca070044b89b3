/* cli/recover/lost.c - what we published in entries that will not count, in a form that `publish` takes. */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/author/named.h"
#include "cli/output/output.h"
#include "cli/record_id.h"
#include "cli/recover/recover.h"
#include "cli/say.h"
#include "keys/file.h"

enum { FILES_MAX = 66, AUDIENCE_WORDS = NAMED_AUDIENCE_MAX * (SLUG_MAX + 1), CSV_MAX = 64 * 1024 * 1024, WORDS_SIZE = 512 };

struct other_row { char record[RECORD_TEXT_SIZE]; struct record_row row; };
struct lost_file { char path[FILE_PATH_MAX], command[FILE_PATH_MAX + AUDIENCE_WORDS + 128]; };

struct lost {
    size_t n_figures, cap_figures, n_others, cap_others, n_files;
    struct figure_row *figures;
    struct other_row *others;
    struct lost_file files[FILES_MAX];
};

void lost_free(struct lost *l)
{
    if (l == NULL)
        return;
    free(l->figures);
    free(l->others);
    free(l);
}

size_t lost_count(const struct lost *l)
{
    return l->n_figures + l->n_others;
}

/* ---- gathering ---- */

static enum err room(void **list, size_t *cap, size_t n, size_t item)
{
    if (n < *cap)
        return OK;
    size_t more = *cap > 0 ? 2 * *cap : 64;
    void *p = realloc(*list, more * item);
    if (p == NULL)
        return ERR_NOMEM;
    *list = p;
    *cap = more;
    return OK;
}

static enum err take_figure(struct lost *l, const struct figure_row *row)
{
    if (row->is_withdrawn || row->is_buried)
        return OK;
    enum err e = room((void **)&l->figures, &l->cap_figures, l->n_figures, sizeof(l->figures[0]));
    if (e == OK)
        l->figures[l->n_figures++] = *row;
    return e;
}

static enum err take_other(struct lost *l, const struct recovery *r, uint64_t idx, const struct record_row *row)
{
    if (row->is_withdrawn || strcmp(row->type, "return") == 0)      /* whoever publishes again closes the batch again */
        return OK;
    enum err e = room((void **)&l->others, &l->cap_others, l->n_others, sizeof(l->others[0]));
    if (e != OK)
        return e;
    struct other_row *o = &l->others[l->n_others++];
    o->row = *row;
    const struct record_id id = {r->origin.slug, r->origin.generation, idx};
    record_id_text(&id, o->record);
    return OK;
}

static enum err gather(struct lost *l, const struct recovery *r, struct view *v, uint64_t from, uint64_t to)
{
    enum err e = OK;
    for (uint64_t idx = from; e == OK && idx < to; idx++) {
        struct figure_row figure;
        struct record_row row;
        e = view_figure_at(v, r->origin.slug.s, r->origin.generation, idx, &figure);
        if (e == OK) {
            e = take_figure(l, &figure);
        } else if (e == ERR_UNKNOWN) {
            e = view_record_at(v, r->origin.slug.s, r->origin.generation, idx, &row);
            e = e == OK ? take_other(l, r, idx, &row) : e == ERR_UNKNOWN ? OK : e;
        }
    }
    return e;
}

static int by_key(const void *a, const void *b)
{
    const struct figure_row *x = a, *y = b;
    const bool px = x->figure.status == STATUS_PROVISIONAL, py = y->figure.status == STATUS_PROVISIONAL;
    int c = strcmp(x->audience, y->audience);
    c = c != 0 ? c : px - py;
    c = c != 0 ? c : strcmp(x->figure.indicator, y->figure.indicator);
    c = c != 0 ? c : strcmp(x->figure.period, y->figure.period);
    c = c != 0 ? c : strcmp(x->figure.time_identifier, y->figure.time_identifier);
    c = c != 0 ? c : strcmp(x->figure.breakdown, y->figure.breakdown);
    return c != 0 ? c : (x->idx < y->idx) - (x->idx > y->idx);     /* the newest first */
}

static bool same_figure(const struct figure_row *x, const struct figure_row *y)
{
    return strcmp(x->audience, y->audience) == 0 && strcmp(x->figure.indicator, y->figure.indicator) == 0
        && strcmp(x->figure.period, y->figure.period) == 0 && strcmp(x->figure.time_identifier, y->figure.time_identifier) == 0
        && strcmp(x->figure.breakdown, y->figure.breakdown) == 0;
}

/* Of versions of one figure the newest is published again. (A provisional and a final one are two files.) */
static void drop_older(struct lost *l)
{
    size_t kept = 0;
    if (l->n_figures > 0)
        qsort(l->figures, l->n_figures, sizeof(l->figures[0]), by_key);
    for (size_t i = 0; i < l->n_figures; i++)
        if (kept == 0 || !same_figure(&l->figures[kept - 1], &l->figures[i]))
            l->figures[kept++] = l->figures[i];
    l->n_figures = kept;
}

/* ---- views ---- */

static enum err fold_other(struct recovery *r)
{
    struct desk *d = r->d;
    char path[FILE_PATH_MAX + 8];
    struct view_owner owner = {.alliance = d->origin.alliance, .slug = d->identity->slug};
    struct dh_keyring *keys = calloc(1, sizeof(*keys));
    struct fold_with with = {.store = r->other.store, .chain = d->chain, .box_keys = keys};
    struct fold_counts counts;
    (void)snprintf(path, sizeof(path), "%s.view", r->other_path);
    enum err e = keys != NULL ? dh_keys_load(&d->s->home, PURPOSE_BOX, keys) : ERR_NOMEM;
    if (e == OK)
        e = view_open(path, &owner, &r->other.view);
    if (e == OK)
        e = view_fold(r->other.view, &with, &counts);
    if (keys != NULL)
        wipe(keys, sizeof(*keys));
    free(keys);
    return e;
}

/* As it was left, or as another command put it aside (desk_view.c): folding it now would drop what the store has lost. */
static enum err open_unfolded(struct recovery *r)
{
    char path[FILE_PATH_MAX];
    struct view_owner owner = {.alliance = r->d->origin.alliance, .slug = r->d->identity->slug};
    home_path(&r->d->s->home, HOME_VIEW_LOST, path);
    if (access(path, F_OK) != 0)
        home_path(&r->d->s->home, HOME_VIEW_DB, path);
    return view_open(path, &owner, &r->ours.view);
}

enum err lost_gather(struct recovery *r, struct lost **ret)
{
    struct lost *l = calloc(1, sizeof(*l));
    enum err e = l != NULL ? OK : ERR_NOMEM;
    if (e == OK && r->trouble == TROUBLE_BEHIND) {
        e = open_unfolded(r);
        if (e == OK)
            e = gather(l, r, r->ours.view, r->close_size, r->head_size);
    } else if (e == OK && r->trouble == TROUBLE_FORK && r->keeps_other) {
        e = desk_view(r->d, &r->ours.view) == EXIT_OK ? OK : ERR_IO;
        if (e == OK)
            e = gather(l, r, r->ours.view, r->parting, r->ours.size);
    } else if (e == OK && r->trouble == TROUBLE_FORK && r->other.store != NULL) {
        e = fold_other(r);
        if (e == OK)
            e = gather(l, r, r->other.view, r->parting, r->other.size);
    }
    if (e != OK) {
        lost_free(l);
        return e;
    }
    drop_older(l);
    *ret = l;
    return OK;
}

/* ---- showing ---- */

static void figure_words(const struct figure_row *row, char ret[WORDS_SIZE])
{
    char value[DECIMAL_TEXT_MAX] = "";
    const struct figure *f = &row->figure;
    if (f->has_value || f->has_numerator)
        decimal_text(f->has_value ? f->value : f->numerator, value);
    (void)snprintf(ret, WORDS_SIZE, "%s %s %s%s%s = %s", f->indicator, f->period, f->time_identifier,
                   f->breakdown[0] != '\0' ? " " : "", f->breakdown, value[0] != '\0' ? value : status_name(f->status));
}

void lost_show(const struct recovery *r, const struct lost *l)
{
    enum { SHOWN = 20 };
    char words[WORDS_SIZE];
    size_t n = 0;
    if (lost_count(l) == 0 && r->trouble == TROUBLE_BEHIND) {
        out(r->d->s, "What the %llu lost entries said is not known here any more.\n",
            (unsigned long long)(r->head_size - r->close_size));
        return;
    }
    if (lost_count(l) > 0)
        out(r->d->s, "Lost, and to be published again:\n");
    for (size_t i = 0; i < l->n_figures && n < SHOWN; i++, n++) {
        figure_words(&l->figures[i], words);
        out(r->d->s, "  %s: %s\n", l->figures[i].record, words);
    }
    for (size_t i = 0; i < l->n_others && n < SHOWN; i++, n++)
        out(r->d->s, "  %s: %s, %s\n", l->others[i].record, l->others[i].row.type, l->others[i].row.shown);
    if (lost_count(l) > n)
        out(r->d->s, "  and %zu more\n", lost_count(l) - n);
}

json_t *lost_json(const struct lost *l)
{
    json_t *list = json_array();
    char words[WORDS_SIZE];
    for (size_t i = 0; i < l->n_figures; i++) {
        json_t *j = json_object();
        figure_words(&l->figures[i], words);
        json_object_set_new(j, "record", json_text(l->figures[i].record));
        json_object_set_new(j, "type", json_text("figure"));
        json_object_set_new(j, "what", json_text(words));
        json_array_append_new(list, j);
    }
    for (size_t i = 0; i < l->n_others; i++) {
        json_t *j = json_object();
        json_object_set_new(j, "record", json_text(l->others[i].record));
        json_object_set_new(j, "type", json_text(l->others[i].row.type));
        json_object_set_new(j, "what", json_text(l->others[i].row.shown));
        json_array_append_new(list, j);
    }
    return list;
}

json_t *lost_files(const struct lost *l)
{
    json_t *list = json_array();
    for (size_t i = 0; i < l->n_files; i++) {
        json_t *j = json_object();
        json_object_set_new(j, "file", json_text(l->files[i].path));
        json_object_set_new(j, "command", json_text(l->files[i].command));
        json_array_append_new(list, j);
    }
    return list;
}

void lost_next(const struct recovery *r, const struct lost *l)
{
    for (size_t i = 0; i < l->n_files; i++)
        say_next(r->d->s, "`%s`", l->files[i].command);
    if (l->n_others > 0)
        say_next(r->d->s, "what is no figure is said again by hand: notes, definitions, collections");
}

/* ---- files ---- */

static void put_cell(struct buf *b, const char *text)
{
    buf_put_u8(b, '"');
    for (; *text != '\0'; text++) {
        if (*text == '"')
            buf_put_u8(b, '"');
        buf_put_u8(b, (uint8_t)*text);
    }
    buf_put_str(b, "\",");
}

static void put_number(struct buf *b, bool has, struct decimal n, char end)
{
    char text[DECIMAL_TEXT_MAX] = "";
    if (has)
        decimal_text(n, text);
    buf_put_str(b, text);
    buf_put_u8(b, (uint8_t)end);
}

/* A symbol stands where the value would. */
static void put_row(struct buf *b, const struct member_codes *codes, const struct figure *f)
{
    put_cell(b, f->period);
    put_cell(b, f->time_identifier);
    put_cell(b, codes->dfe);
    put_cell(b, codes->gss);
    put_cell(b, f->indicator);
    put_cell(b, f->breakdown);
    put_number(b, f->has_numerator, f->numerator, ',');
    put_number(b, f->has_denominator, f->denominator, ',');
    if (f->has_numerator || f->has_value)
        put_number(b, f->has_value, f->value, '\n');
    else
        buf_printf(b, "%s\n", status_name(f->status));
}

/* The words behind --audience; "" where not all of its readers are known any more. */
static void audience_words(const struct recovery *r, const struct lost *l, const char *audience, char ret[AUDIENCE_WORDS])
{
    struct view *v = r->ours.view != NULL ? r->ours.view : r->other.view;
    static struct named named;
    (void)l;
    ret[0] = '\0';
    if (strcmp(audience, "alliance") == 0 || strcmp(audience, "public") == 0) {
        (void)snprintf(ret, AUDIENCE_WORDS, "%s", audience);
        return;
    }
    struct origin now = r->d->origin;
    r->d->origin = r->origin;               /* its epochs are of the log that ends */
    enum err e = named_of_audience(r->d, v, audience, &named);
    r->d->origin = now;
    size_t len = 0;
    for (size_t i = 0; e == OK && i < named.n; i++)
        if (!slug_equal(&named.slugs[i], &r->origin.slug))
            len += (size_t)snprintf(ret + len, AUDIENCE_WORDS - len, "%s%s", len > 0 ? "," : "", named.slugs[i].s);
}

static enum err write_one(const struct recovery *r, struct lost *l, size_t from, size_t to)
{
    const struct figure_row *first = &l->figures[from];
    const struct member *m = charter_find(desk_charter(r->d), &r->origin.slug);
    const bool is_provisional = first->figure.status == STATUS_PROVISIONAL;
    char words[AUDIENCE_WORDS], path[FILE_PATH_MAX];
    struct buf b = buf_on(CSV_MAX);
    struct lost_file *f = &l->files[l->n_files];
    audience_words(r, l, first->audience, words);
    (void)snprintf(path, sizeof(path), "%.3500s/lost-%u-%.16s%s.csv", r->d->s->home.path, (unsigned)r->origin.generation,
                   first->audience, is_provisional ? "-provisional" : "");
    (void)snprintf(f->command, sizeof(f->command), "folkmoot publish %s --audience %s%s", path,
                   words[0] != '\0' ? words : "SLUG,...",
                   is_provisional ? " --status provisional" : "");
    memcpy(f->path, path, sizeof(path));
    buf_put_str(&b, "time_period,time_identifier,old_la_code,new_la_code,indicator,breakdown,numerator,denominator,value\n");
    for (size_t i = from; i < to; i++)
        put_row(&b, m != NULL ? &m->codes : &r->d->identity->codes, &l->figures[i].figure);
    enum err e = buf_status(&b);
    if (e == OK)
        e = file_write(f->path, buf_bytes(&b));
    buf_release(&b);
    l->n_files += e == OK;
    return e;
}

enum exit_status lost_write(const struct recovery *r, struct lost *l)
{
    enum err e = OK;
    for (size_t from = 0, to; e == OK && from < l->n_figures && l->n_files < FILES_MAX; from = to) {
        for (to = from + 1; to < l->n_figures; to++)
            if (strcmp(l->figures[from].audience, l->figures[to].audience) != 0
                || (l->figures[from].figure.status == STATUS_PROVISIONAL) != (l->figures[to].figure.status == STATUS_PROVISIONAL))
                break;
        e = write_one(r, l, from, to);
    }
    return e == OK ? EXIT_OK : say_failed(r->d->s, e, "nothing was signed", "writing down what is lost");
}
