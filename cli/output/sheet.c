#include "cli/output/sheet.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/output/json.h"
#include "cli/output/text.h"

struct cell {
    char *shown;                        /* NULL: nothing */
    json_t *json;                       /* NULL: null */
    enum style style;
    bool is_number;
};

struct sheet {
    const struct column *columns;
    size_t n_columns;
    struct cell *cells;
    size_t n_cells, cap;                /* n_cells = rows x columns */
    size_t next;                        /* the cell that is filled next */
    enum err failed;
};

struct sheet *sheet_new(const struct column *columns, size_t n)
{
    assert(n > 0);
    struct sheet *sh = calloc(1, sizeof(*sh));
    if (sh == NULL) {
        json_note_lack();                   /* to output() no sheet is none that was wanted */
        return NULL;
    }
    sh->columns = columns;
    sh->n_columns = n;
    return sh;
}

void sheet_free(struct sheet *sh)
{
    if (sh == NULL)
        return;
    for (size_t i = 0; i < sh->n_cells; i++) {
        free(sh->cells[i].shown);
        json_decref(sh->cells[i].json);
    }
    free(sh->cells);
    free(sh);
}

void sheet_row(struct sheet *sh)
{
    if (sh == NULL || sh->failed != OK)
        return;
    if (sh->n_cells + sh->n_columns > sh->cap) {
        size_t cap = (sh->cap + sh->n_columns) * 2;
        struct cell *cells = realloc(sh->cells, cap * sizeof(*cells));
        if (cells == NULL) {
            sh->failed = ERR_NOMEM;
            return;
        }
        sh->cells = cells;
        sh->cap = cap;
    }
    memset(sh->cells + sh->n_cells, 0, sh->n_columns * sizeof(*sh->cells));
    sh->next = sh->n_cells;
    sh->n_cells += sh->n_columns;
}

static char *clean_copy(const char *s)
{
    struct buf b = buf_on(strlen(s) * 3 + 1);
    text_clean(bytes_of(s), TEXT_ONE_LINE, &b);
    const char *clean = buf_str(&b);
    char *copy = clean != NULL ? strdup(clean) : NULL;
    buf_release(&b);
    return copy;
}

/* Fills the next cell; takes `json`, NULL of which means that memory failed. */
static void fill(struct sheet *sh, json_t *json, const char *shown, bool is_number)
{
    if (sh == NULL || sh->failed != OK) {
        json_decref(json);
        return;
    }
    assert(sh->next < sh->n_cells);             /* more cells than columns, or no row begun */
    struct cell *c = &sh->cells[sh->next++];
    c->json = json;
    c->shown = clean_copy(shown);
    c->is_number = is_number;
    if (c->json == NULL || c->shown == NULL)
        sh->failed = ERR_NOMEM;
}

void sheet_null(struct sheet *sh)
{
    fill(sh, json_null(), "", false);
}

void sheet_text(struct sheet *sh, const char *s)
{
    fill(sh, json_text(s), s != NULL ? s : "", false);
}

void count_shown(int64_t n, char ret[COUNT_SHOWN_MAX])
{
    char digits[24];
    size_t len = (size_t)snprintf(digits, sizeof(digits), "%lld", (long long)n), at = 0;
    for (size_t i = 0; i < len; i++) {
        ret[at++] = digits[i];
        size_t left = len - 1 - i;
        if (digits[i] != '-' && left > 0 && left % 3 == 0)
            ret[at++] = ',';
    }
    ret[at] = '\0';
}

void sheet_count(struct sheet *sh, int64_t n)
{
    char shown[COUNT_SHOWN_MAX];
    count_shown(n, shown);
    fill(sh, json_integer(n), shown, true);
}

void sheet_decimal(struct sheet *sh, const char *digits)
{
    fill(sh, json_text(digits), digits != NULL ? digits : "", digits != NULL);
}

enum { REAL_TEXT_MAX = 400 };          /* the largest double has 309 digits */

/* "4900.4" -> "4,900.4", as counts are shown. */
static void grouped(const char *text, char ret[REAL_TEXT_MAX + COUNT_SHOWN_MAX])
{
    char whole[COUNT_SHOWN_MAX];
    size_t digits = strcspn(text, "."), sign = text[0] == '-';
    bool is_long = digits > sign + 3 && digits <= 18;
    if (is_long)
        count_shown(strtoll(text, NULL, 10), whole);
    snprintf(ret, REAL_TEXT_MAX + COUNT_SHOWN_MAX, "%s%s", is_long ? whole : "", is_long ? text + digits : text);
}

void sheet_real(struct sheet *sh, double v, int decimals)
{
    char text[REAL_TEXT_MAX], shown[REAL_TEXT_MAX + COUNT_SHOWN_MAX];
    snprintf(text, sizeof(text), "%.*f", decimals, v);
    grouped(text, shown);
    fill(sh, json_real(v), shown, true);
}

void sheet_bool(struct sheet *sh, bool v)
{
    fill(sh, json_boolean(v), v ? "yes" : "no", false);
}

void sheet_value(struct sheet *sh, json_t *v, const char *shown)
{
    fill(sh, v, shown, false);
}

static struct cell *last_cell(struct sheet *sh)
{
    if (sh == NULL || sh->failed != OK)
        return NULL;
    assert(sh->next > 0);
    return &sh->cells[sh->next - 1];
}

void sheet_shown(struct sheet *sh, const char *shown)
{
    struct cell *c = last_cell(sh);
    if (c == NULL)
        return;
    free(c->shown);
    c->shown = clean_copy(shown);
    if (c->shown == NULL)
        sh->failed = ERR_NOMEM;
}

void sheet_style(struct sheet *sh, enum style style)
{
    struct cell *c = last_cell(sh);
    if (c != NULL)
        c->style = style;
}

size_t sheet_rows(const struct sheet *sh)
{
    return sh != NULL ? sh->n_cells / sh->n_columns : 0;
}

enum err sheet_status(const struct sheet *sh)
{
    return sh != NULL ? sh->failed : ERR_NOMEM;
}

const struct column *sheet_columns(const struct sheet *sh, size_t *ret_n)
{
    *ret_n = sh->n_columns;
    return sh->columns;
}

struct cell_view sheet_cell(const struct sheet *sh, size_t row, size_t column)
{
    const struct cell *c = &sh->cells[row * sh->n_columns + column];
    return (struct cell_view){
        .shown = c->shown != NULL ? c->shown : "",
        .json = c->json != NULL ? c->json : json_null(),
        .style = c->style,
        .is_number = c->is_number,
    };
}

static json_t *row_json(const struct sheet *sh, size_t row)
{
    json_t *object = json_object();
    for (size_t i = 0; object != NULL && i < sh->n_columns; i++) {
        struct cell *c = &sh->cells[row * sh->n_columns + i];
        json_t *v = c->json != NULL ? json_incref(c->json) : json_null();
        if (json_object_set_new(object, sh->columns[i].key, v) != 0) {
            json_decref(object);
            object = NULL;
        }
    }
    return object;
}

json_t *sheet_json(const struct sheet *sh)
{
    json_t *list = sheet_status(sh) == OK ? json_array() : NULL;
    for (size_t i = 0; list != NULL && i < sheet_rows(sh); i++)
        if (json_array_append_new(list, row_json(sh, i)) != 0) {
            json_decref(list);
            list = NULL;
        }
    return list;
}

static int by_first_and_second(const void *a, const void *b)
{
    const struct cell *x = a, *y = b;           /* the first of a row each */
    int order = strcmp(x[0].shown != NULL ? x[0].shown : "", y[0].shown != NULL ? y[0].shown : "");
    json_int_t m = json_integer_value(x[1].json), n = json_integer_value(y[1].json);
    return order != 0 ? order : (m > n) - (m < n);
}

void sheet_sort(struct sheet *sh)
{
    if (sh == NULL || sh->failed != OK || sh->n_cells == 0)
        return;
    assert(sh->n_columns >= 2);
    qsort(sh->cells, sh->n_cells / sh->n_columns, sh->n_columns * sizeof(*sh->cells), by_first_and_second);
    sh->next = sh->n_cells;                     /* the last row may stand elsewhere now: nothing is added to it */
}
