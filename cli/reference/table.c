/* cli/reference/table.c - one row of neighbours, judgements or populations (read.h). */
#include <stdlib.h>
#include <string.h>

#include "cli/day.h"
#include "cli/nearest.h"
#include "cli/period.h"
#include "cli/reference/read.h"
#include "protocol/pack.h"

/* A row that is being read. */
struct taking { struct reference *r; const struct form *f; struct listing *l; const struct row *row; bool is_good; };

static const char *cell(const struct taking *t, const char *field)
{
    return form_cell(t->f, field, t->row);
}

static void complain(struct taking *t, const char *field, const char *remedy, const char *why)
{
    listing_complain(t->l, t->row->line, form_column(t->f, field), remedy, "`%.60s` %s", cell(t, field), why);
    t->is_good = false;
}

static const struct authority *authority_in(struct taking *t, const char *field, const struct authority *found)
{
    if (found == NULL)
        complain(t, field, "a code of an English authority", "is no code that the register knows");
    return found != NULL && found->continues_as != NULL ? found->continues_as : found;
}

static void text_in(struct taking *t, const char *field, char ret[REFERENCE_TEXT_MAX + 1])
{
    const char *text = cell(t, field);
    if (strlen(text) > REFERENCE_TEXT_MAX || !utf8_is_line(bytes_of(text)))
        complain(t, field, "at most 60 bytes of plain text", "is no short text");
    else
        memcpy(ret, text, strlen(text) + 1);
}

/* 2024-11-01, and 01/11/2024 as spreadsheets save it. */
static void date_in(struct taking *t, const char *field, char ret[DATE_TEXT_SIZE])
{
    const char *p = cell(t, field);
    char date[DATE_TEXT_SIZE] = "";
    uint64_t ms;
    if (strlen(p) == 10 && p[2] == '/' && p[5] == '/')
        snprintf(date, sizeof(date), "%.4s-%.2s-%.2s", p + 6, p + 3, p);
    else if (strlen(p) == 10)
        memcpy(date, p, sizeof(date));
    if (date[0] == '\0' || day_end(date, &ms) != OK)
        complain(t, field, "write 2024-11-01", "is no date");
    else
        memcpy(ret, date, sizeof(date));
}

static void grade_in(struct taking *t, const char *field, char ret[REFERENCE_TEXT_MAX + 1])
{
    static const char *const grades[] = {"", "Outstanding", "Good", "Requires improvement to be good", "Inadequate", "Not judged"};
    struct nearest near = nearest_to(cell(t, field));
    for (size_t i = 0; i < sizeof(grades) / sizeof(grades[0]); i++) {
        if (strcmp(grades[i], cell(t, field)) == 0) {
            snprintf(ret, REFERENCE_TEXT_MAX + 1, "%s", grades[i]);
            return;
        }
        if (grades[i][0] != '\0')
            nearest_offer(&near, grades[i]);
    }
    complain(t, field, near.best != NULL ? near.best : "Outstanding, Good, Requires improvement to be good, or Inadequate",
             "is no judgement");
}

/* Room for one more row, empty but for its line; NULL when memory fails. */
static void *row_new(struct taking *t, size_t size)
{
    struct reference *r = t->r;
    if (r->n == r->cap) {
        size_t cap = r->cap > 0 ? r->cap * 2 : 256;
        void *grown = realloc(r->rows, cap * size);
        if (grown == NULL)
            return NULL;
        r->rows = grown;
        r->cap = cap;
    }
    uint8_t *at = (uint8_t *)r->rows + r->n * size;
    memset(at, 0, size);
    memcpy(at, &t->row->line, sizeof(t->row->line));
    return at;
}

static enum err take_neighbour(struct taking *t)
{
    uint64_t rank = 0;
    struct reference_neighbour *x = row_new(t, sizeof(*x));
    if (x == NULL)
        return ERR_NOMEM;
    x->of = authority_in(t, "dfe", register_by_dfe(cell(t, "dfe")));
    x->neighbour = authority_in(t, "neighbour", register_by_dfe(cell(t, "neighbour")));
    text_in(t, "closeness", x->closeness);
    if (bytes_u64(bytes_of(cell(t, "rank")), NEIGHBOURS, &rank) != OK || rank == 0)
        complain(t, "rank", "1 to 10", "is no rank");
    if (x->of != NULL && x->of == x->neighbour)
        complain(t, "neighbour", "name another", "is its own neighbour");
    x->rank = (uint32_t)rank;
    t->r->n += t->is_good;
    return OK;
}

static enum err take_judgement(struct taking *t)
{
    struct reference_judgement *x = row_new(t, sizeof(*x));
    if (x == NULL)
        return ERR_NOMEM;
    x->of = authority_in(t, "gss", register_by_gss(cell(t, "gss")));
    date_in(t, "inspected", x->inspected);
    date_in(t, "published", x->published);
    text_in(t, "type", x->type);
#define X(what) grade_in(t, #what, x->what);
    JUDGEMENTS(X)
#undef X
    t->r->n += t->is_good;
    return OK;
}

static enum err take_population(struct taking *t)
{
    struct place_columns at = {form_at(t->f, "level"), form_at(t->f, "dfe"), form_at(t->f, "gss"), form_at(t->f, "region"),
                               form_at(t->f, "country")};
    struct cell_content persons;
    struct complaint why;
    struct reference_population *x = row_new(t, sizeof(*x));
    if (x == NULL)
        return ERR_NOMEM;
    if (!listing_place(t->l, t->row, &at, &x->place))
        return OK;
    if (!period_code_is_valid(cell(t, "period")) || strlen(cell(t, "period")) != 4)
        complain(t, "period", "4 digits: 2024", "is no year");
    else
        snprintf(x->period, sizeof(x->period), "%s", cell(t, "period"));
    text_in(t, "age", x->age);
    if (cell_read(cell(t, "persons"), &persons, &why) != OK)
        complain(t, "persons", why.remedy, why.problem);
    else if (persons.says != CELL_NUMBER) {
        listing_pass_empty(t->l);
        t->is_good = false;
    } else if (persons.number.scale != 0 || persons.number.mantissa < 0)
        complain(t, "persons", "a whole number", "is no number of persons");
    else
        x->persons = (uint64_t)persons.number.mantissa;
    t->r->n += t->is_good;
    return OK;
}

enum err reference_take(struct reference *r, const struct form *f, struct listing *l, const struct row *row)
{
    struct taking t = {r, f, l, row, true};
    if (r->n == REFERENCE_ROWS_MAX) {
        listing_complain(l, row->line, NULL, "import in parts", "more than %d rows", (int)REFERENCE_ROWS_MAX);
        return OK;
    }
    switch (f->kind) {
    case REFERENCE_NEIGHBOURS:
        return take_neighbour(&t);
    case REFERENCE_JUDGEMENTS:
        return take_judgement(&t);
    case REFERENCE_POPULATIONS:
        return take_population(&t);
    case REFERENCE_FIGURES:
        break;
    }
    return OK;
}

/* ---- two rows that say the same ---- */

static int by_neighbour(const void *a, const void *b)
{
    const struct reference_neighbour *x = a, *y = b;
    int order = strcmp(x->of->slug.s, y->of->slug.s);
    return order != 0 ? order : (x->rank > y->rank) - (x->rank < y->rank);
}

static int by_judgement(const void *a, const void *b)
{
    const struct reference_judgement *x = a, *y = b;
    int order = strcmp(x->of->slug.s, y->of->slug.s);
    order = order != 0 ? order : strcmp(x->inspected, y->inspected);
    return order != 0 ? order : strcmp(x->type, y->type);
}

static const char *place_name(const struct intake_place *p)
{
    return p->authority != NULL ? p->authority->slug.s : p->area->code;
}

static int by_population(const void *a, const void *b)
{
    const struct reference_population *x = a, *y = b;
    int order = strcmp(place_name(&x->place), place_name(&y->place));
    order = order != 0 ? order : strcmp(x->period, y->period);
    return order != 0 ? order : strcmp(x->age, y->age);
}

static uint64_t line_at(const struct reference *r, size_t size, size_t i)
{
    uint64_t line;
    memcpy(&line, (const uint8_t *)r->rows + i * size, sizeof(line));
    return line;
}

void reference_check_twice(struct reference *r, struct listing *l)
{
    static const struct { size_t size; int (*order)(const void *a, const void *b); } kinds[] = {
        [REFERENCE_NEIGHBOURS] = {sizeof(struct reference_neighbour), by_neighbour},
        [REFERENCE_JUDGEMENTS] = {sizeof(struct reference_judgement), by_judgement},
        [REFERENCE_POPULATIONS] = {sizeof(struct reference_population), by_population},
    };
    size_t size = kinds[r->kind].size;
    if (r->n < 2)
        return;
    qsort(r->rows, r->n, size, kinds[r->kind].order);
    for (size_t i = 1; i < r->n; i++) {
        const uint8_t *at = (const uint8_t *)r->rows + i * size;
        uint64_t a = line_at(r, size, i - 1), b = line_at(r, size, i);
        if (kinds[r->kind].order(at - size, at) == 0)
            listing_complain(l, a > b ? a : b, NULL, "keep one", "the same stands in line %llu already",
                             (unsigned long long)(a > b ? b : a));
    }
}
