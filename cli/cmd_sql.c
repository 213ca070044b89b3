/* cli/cmd_sql.c - one SELECT over view.db. */
#include "cli/commands.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/desk.h"
#include "cli/output/output.h"
#include "cli/say.h"
#include "cli/view/query.h"

enum { SQL_ROWS_USUAL = 10000, SQL_ROWS_MAX = 1000000, SQL_SECONDS_USUAL = 30, SQL_SECONDS_MAX = 3600, SQL_MESSAGE_MAX = 2000 };

const struct option_spec options_sql[] = {
    {"limit", 0, OPTION_VALUE, "N", "at most so many rows; 10000 unless given, up to 1000000"},
    {"seconds", 0, OPTION_VALUE, "N", "at most so long; 30 unless given, up to 3600"},
    OPTIONS_END,
};

struct asking {
    struct session *s;
    struct column *columns;
    size_t n_columns;
    struct sheet *sh;
    uint64_t n, limit, seconds;
    bool is_cut;
};

static enum exit_status read_number(struct session *s, const char *option, uint64_t usual, uint64_t most, uint64_t *ret)
{
    const char *word = option_value(&s->options, option);
    *ret = usual;
    if (word == NULL || (bytes_u64(bytes_of(word), most, ret) == OK && *ret > 0))
        return EXIT_OK;
    char range[64];
    snprintf(range, sizeof(range), "a number from 1 to %" PRIu64, most);
    return say_usage(s, range, "--%s %s: this is no such number", option, word);
}

/* ---- what comes ---- */

static bool is_taken(const struct asking *x, size_t n, const char *key)
{
    for (size_t i = 0; i < n; i++)
        if (strcmp(x->columns[i].key, key) == 0)
            return true;
    return false;
}

/* Of two columns of one name the second is called name_2, or what is free after that: every cell has a member of its own. */
static char *name_column(const struct asking *x, size_t at, const char *name)
{
    size_t same = 1, len = strlen(name), size = len + 24;
    char *key = malloc(size);
    if (key == NULL)
        return NULL;
    memcpy(key, name, len + 1);
    if (!is_taken(x, at, key))
        return key;
    for (size_t i = 0; i < at; i++)
        same += strncmp(x->columns[i].key, name, len) == 0 && (x->columns[i].key[len] == '\0' || x->columns[i].key[len] == '_');
    do
        snprintf(key, size, "%s_%zu", name, same++);
    while (is_taken(x, at, key));
    return key;
}

static enum err take_columns(void *arg, size_t n, const char *const *names)
{
    struct asking *x = arg;
    x->columns = calloc(n + 1, sizeof(*x->columns));
    if (x->columns == NULL)
        return ERR_NOMEM;
    for (size_t i = 0; i < n; i++) {
        char *key = name_column(x, i, names[i]);
        if (key == NULL)
            return ERR_NOMEM;
        x->columns[i] = (struct column){key, key, COLUMN_KEPT};
        x->n_columns++;
    }
    x->sh = sheet_new(x->columns, n);
    return x->sh != NULL ? OK : ERR_NOMEM;
}

static void take_number(struct sheet *sh, struct bytes text)
{
    char digits[64];
    if (bytes_to_str(text, digits, sizeof(digits)) != OK)
        sheet_null(sh);
    else if (strpbrk(digits, ".eEnN") == NULL)
        sheet_value(sh, json_integer(strtoll(digits, NULL, 10)), digits);
    else if (isfinite(strtod(digits, NULL)))
        sheet_value(sh, json_real(strtod(digits, NULL)), digits);
    else
        sheet_text(sh, digits);                 /* JSON has no number for it */
}

static enum err take_blob(struct sheet *sh, struct bytes bytes)
{
    char *hex = malloc(2 * bytes.len + 1);
    if (hex == NULL)
        return ERR_NOMEM;
    hex_encode(bytes, hex);
    sheet_text(sh, hex);
    free(hex);
    return OK;
}

static enum err take_text(struct sheet *sh, struct bytes text)
{
    json_t *json = json_bytes(text);
    char *shown = malloc(text.len + 1);
    if (shown == NULL) {
        json_decref(json);
        return ERR_NOMEM;
    }
    memcpy(shown, text.p, text.len);
    shown[text.len] = '\0';
    sheet_value(sh, json, shown);
    free(shown);
    return OK;
}

static enum err take_row(void *arg, size_t n, const struct sql_cell *cells)
{
    struct asking *x = arg;
    enum err e = OK;
    if (x->n == x->limit) {
        x->is_cut = true;
        return ERR_EXISTS;                      /* enough; told apart from a failure by is_cut */
    }
    x->n++;
    sheet_row(x->sh);
    for (size_t i = 0; i < n && e == OK; i++)
        if (cells[i].is_null)
            sheet_null(x->sh);
        else if (cells[i].is_number)
            take_number(x->sh, cells[i].text);
        else
            e = cells[i].is_blob ? take_blob(x->sh, cells[i].text) : take_text(x->sh, cells[i].text);
    return e == OK ? sheet_status(x->sh) : e;
}

/* ---- the answer ---- */

static enum exit_status failed(const struct asking *x, enum err e, struct buf *message)
{
    const char *why = buf_str(message);
    if (e == ERR_FORMAT)
        return say_refused(x->s, EXIT_USAGE, "sql", "docs/view.md lists the tables", "sql: %s", why != NULL ? why :
                           "it is not understood");
    if (e == ERR_DENIED)
        return say_refused(x->s, EXIT_NO, "denied", "one SELECT, of tables that hold no keys",
                           "sql: it would change something, or read keys");
    if (e == ERR_BUSY)
        return say_refused(x->s, EXIT_NO, "too-slow", "ask for less, by indicator and period, or give it longer with --seconds",
                           "sql: it was not done in %" PRIu64 " s", x->seconds);
    if (e == ERR_LIMIT)
        return say_refused(x->s, EXIT_NO, "too-large", "ask for less", "sql: a cell is larger than %d bytes", (int)SQL_CELL_MAX);
    return say_failed(x->s, e, NULL, "sql");
}

static enum exit_status ask(struct asking *x, struct view *v)
{
    struct buf message = buf_on(SQL_MESSAGE_MAX);
    struct sql_rows rows = {take_columns, take_row, x, x->seconds * 1000};
    enum err e = view_sql(v, x->s->args[0], &rows, &message);
    if (e == ERR_EXISTS && x->is_cut)
        e = OK;
    if (e != OK) {
        enum exit_status st = failed(x, e, &message);
        buf_release(&message);
        return st;
    }
    buf_release(&message);
    json_t *doc = json_document(x->s), *names = json_array();
    for (size_t i = 0; i < x->n_columns; i++)
        json_array_append_new(names, json_text(x->columns[i].key));
    json_object_set_new(doc, "columns", names);
    json_object_set_new(doc, "rows", sheet_json(x->sh));
    json_object_set_new(doc, "truncated", json_boolean(x->is_cut));
    enum exit_status st = output(x->s, doc, x->sh);
    if (st == EXIT_OK && x->is_cut)
        say_warning(x->s, "there is more: only the first %" PRIu64 " rows were printed; --limit N gives more", x->n);
    return st;
}

enum exit_status cmd_sql(struct session *s)
{
    struct desk d;
    struct view *v = NULL;
    struct asking x = {.s = s};
    enum exit_status st = read_number(s, "limit", SQL_ROWS_USUAL, SQL_ROWS_MAX, &x.limit);
    if (st == EXIT_OK)
        st = read_number(s, "seconds", SQL_SECONDS_USUAL, SQL_SECONDS_MAX, &x.seconds);
    if (st != EXIT_OK)
        return st;
    st = desk_open(s, STORE_READ, &d);
    if (st == EXIT_OK)
        st = desk_view(&d, &v);
    if (st == EXIT_OK)
        st = ask(&x, v);
    sheet_free(x.sh);
    for (size_t i = 0; i < x.n_columns; i++)
        free((char *)(uintptr_t)x.columns[i].key);
    free(x.columns);
    view_close(v);
    desk_close(&d);
    return st;
}
