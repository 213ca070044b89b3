#include "cli/collection.h"

#include <string.h>
#include <strings.h>

#include "cli/ask.h"
#include "cli/intake/rows.h"
#include "cli/intake/source.h"
#include "cli/say.h"

struct finding { uint64_t number; struct collection_row *ret; size_t n; uint32_t highest; };

static enum err take(void *arg, const struct collection_row *row)
{
    struct finding *f = arg;
    if (row->collection.number > f->highest)
        f->highest = row->collection.number;
    if (row->collection.number != f->number)
        return OK;
    f->n++;
    *f->ret = *row;
    return OK;
}

enum exit_status collection_find(struct session *s, struct view *v, const char *number, struct collection_row *ret)
{
    struct finding f = {.ret = ret};
    if (bytes_u64(bytes_of(number), COLLECTION_NUMBER_MAX, &f.number) != OK || f.number == 0)
        return say_usage(s, "`folkmoot collection list` numbers them", "--collection %s: this is no number", number);
    enum err e = view_collections(v, take, &f);
    if (e != OK)
        return say_failed(s, e, NULL, "looking for collection %s", number);
    if (f.n == 0)
        return say_refused(s, EXIT_NO, "nothing-found", "`folkmoot collection list` lists them", "collection %s: there is none",
                           number);
    if (f.n > 1)
        return say_refused(s, EXIT_NO, "ambiguous", "one of them closes it and opens another",
                           "collection %s: %zu leads have one of this number",
                           number, f.n);
    return EXIT_OK;
}

enum err collection_next(struct view *v, uint32_t *ret)
{
    struct collection_row unused;
    struct finding f = {.number = UINT64_MAX, .ret = &unused};
    enum err e = view_collections(v, take, &f);
    if (e == OK && f.highest == COLLECTION_NUMBER_MAX)
        e = ERR_LIMIT;
    if (e == OK)
        *ret = f.highest + 1;
    return e;
}

enum exit_status collection_need_lead(struct desk *d)
{
    enum exit_status st = desk_need_member(d);
    if (st != EXIT_OK)
        return st;
    const struct member *us = charter_find(desk_charter(d), &d->identity->slug);
    return us->role == ROLE_LEAD ? EXIT_OK : say_refused(d->s, EXIT_NO, "role", "a steward makes one: `folkmoot alliance set "
                                                                                 "--role SLUG=lead`",
                                                         "collection: only a lead asks for figures, and %s is %s %s", us->slug.s,
                                                         us->role == ROLE_AUTHORITY ? "an" : "a", role_name(us->role));
}

/* ---- the list ---- */

struct listing {
    struct desk *d;
    struct view *v;
    const char *file;
    struct collection *ret;
    size_t column;
    bool has_header;
    enum exit_status st;
};

/* The first row is a heading when it names the column. */
static bool is_heading(struct listing *l, const struct row *row)
{
    l->has_header = true;
    for (size_t i = 0; i < row->n; i++)
        if (strcasecmp(row->cells[i], "indicator") == 0 || strcasecmp(row->cells[i], "id") == 0) {
            l->column = i;
            return true;
        }
    return false;
}

static bool take_id(void *arg, const struct row *row)
{
    struct listing *l = arg;
    struct definition_row definition;
    if (!l->has_header && is_heading(l, row))
        return true;
    const char *id = l->column < row->n ? row->cells[l->column] : "";
    if (id[0] == '\0')
        return true;
    l->st = ask_indicator(l->d->s, l->v, id, &definition);
    if (l->st != EXIT_OK)
        return false;
    for (size_t i = 0; i < l->ret->n; i++)
        if (strcmp(l->ret->indicators[i], definition.definition.id) == 0)
            return true;
    if (l->ret->n == COLLECTION_INDICATORS_MAX) {
        l->st = say_refused(l->d->s, EXIT_NO, "limit", "open two", "%s: more than %d indicators", l->file,
                            (int)COLLECTION_INDICATORS_MAX);
        return false;
    }
    memcpy(l->ret->indicators[l->ret->n++], definition.definition.id, INDICATOR_MAX + 1);
    return true;
}

enum exit_status collection_read_indicators(struct desk *d, struct view *v, const char *file, struct collection *ret)
{
    struct listing l = {.d = d, .v = v, .file = file, .ret = ret, .st = EXIT_OK};
    struct source source;
    struct rows_end end = {.fault = ROWS_GOOD};
    enum err e = source_read(file, d->s->in, &source);
    if (e == ERR_FORMAT)
        return say_refused(d->s, EXIT_NO, "not-csv", source.what.remedy, "%s %s", file, source.what.problem);
    if (e != OK)
        return say_unreadable(d->s, e, file, NULL);
    e = rows_read(buf_bytes(&source.text), take_id, &l, &end);
    source_release(&source);
    if (e != OK)
        return say_failed(d->s, e, NULL, "%s", file);
    if (l.st != EXIT_OK)
        return l.st;
    if ((end.fault != ROWS_GOOD && end.fault != ROWS_STOPPED) || ret->n == 0)
        return say_usage(d->s, "an indicator a line, under the heading `indicator`", "%s: it lists no indicators", file);
    return EXIT_OK;
}
