#include "cli/output/csv.h"

#include <string.h>

#include "cli/output/text.h"

void csv_begin(FILE *out)
{
    fputs("\xEF\xBB\xBF", out);
}

void csv_cell(FILE *out, const char *text, bool is_number, bool last)
{
    bool is_formula = !is_number && text[0] != '\0' && strchr("=+-@\t\r", text[0]) != NULL && strcmp(text, "-") != 0;
    if (is_formula || strpbrk(text, ",\"\r\n") != NULL || (text[0] == ' ')) {
        fputs(is_formula ? "\"'" : "\"", out);
        for (const char *p = text; *p != '\0'; p++) {
            if (*p == '"')
                fputc('"', out);
            fputc(*p, out);
        }
        fputc('"', out);
    } else {
        fputs(text, out);
    }
    fputs(last ? "\r\n" : ",", out);
}

static void plain(const json_t *v, struct buf *ret)
{
    if (json_is_string(v))
        text_clean(bytes_of(json_string_value(v)), TEXT_KEEP_LINES, ret);  /* a spreadsheet obeys marks of direction too */
    else if (json_is_integer(v))
        buf_printf(ret, "%lld", (long long)json_integer_value(v));
    else if (json_is_real(v))
        buf_printf(ret, "%.15g", json_real_value(v));
    else if (json_is_boolean(v))
        buf_put_str(ret, json_is_true(v) ? "true" : "false");
}

static enum err value_cell(FILE *out, const json_t *v, bool is_number, bool last)
{
    struct buf b = buf_on(1 << 20);
    size_t i;
    json_t *item;
    if (json_is_array(v))
        json_array_foreach(v, i, item) {
            buf_put_str(&b, i > 0 ? ";" : "");
            plain(item, &b);
        }
    else
        plain(v, &b);
    const char *text = buf_str(&b);
    csv_cell(out, text != NULL ? text : "", is_number || json_is_number(v), last);
    buf_release(&b);
    return text != NULL ? OK : ERR_NOMEM;
}

enum err csv_print(FILE *out, const struct sheet *sh)
{
    size_t n;
    enum err e = OK;
    const struct column *columns = sheet_columns(sh, &n);
    csv_begin(out);
    for (size_t i = 0; i < n; i++)
        csv_cell(out, columns[i].key, false, i + 1 == n);
    for (size_t row = 0; row < sheet_rows(sh); row++)
        for (size_t i = 0; e == OK && i < n; i++) {
            struct cell_view c = sheet_cell(sh, row, i);
            e = value_cell(out, c.json, c.is_number, i + 1 == n);
        }
    return e;
}

enum err csv_print_members(FILE *out, const json_t *doc)
{
    void *at;
    enum err e = OK;
    csv_begin(out);
    csv_cell(out, "field", false, false);
    csv_cell(out, "value", false, true);
    for (at = json_object_iter((json_t *)(uintptr_t)doc); e == OK && at != NULL;
         at = json_object_iter_next((json_t *)(uintptr_t)doc, at)) {
        if (json_is_object(json_object_iter_value(at)))
            continue;
        csv_cell(out, json_object_iter_key(at), false, false);
        e = value_cell(out, json_object_iter_value(at), false, true);
    }
    return e;
}
