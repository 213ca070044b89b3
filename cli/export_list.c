#include "cli/export_list.h"

#include <stdlib.h>
#include <string.h>

#include "cli/export.h"
#include "cli/output/csv.h"
#include "cli/output/output.h"
#include "cli/say.h"

static enum err print(FILE *to, const struct export_list *x)
{
    enum err e = OK;
    if (!x->is_json)
        return csv_print(to, x->sheet);
    json_t *doc = json_document_named("export");
    json_object_set(doc, x->key, x->list);
    if (x->list == NULL || json_lacks_memory())
        e = ERR_NOMEM;
    else if (json_dumpf(doc, to, JSON_COMPACT) != 0 || fputc('\n', to) == EOF)
        e = ERR_IO;
    json_decref(doc);
    return e;
}

static enum exit_status to_file(struct session *s, const struct export_list *x)
{
    char *text = NULL;
    size_t len = 0, n = sheet_rows(x->sheet);
    bool is_stdout = false;
    FILE *to = open_memstream(&text, &len);
    enum err e = to != NULL ? print(to, x) : ERR_NOMEM;
    if (to != NULL && fclose(to) != 0 && e == OK)
        e = ERR_NOMEM;
    enum exit_status st = e == OK ? export_whole(s, x->path, (struct bytes){(const uint8_t *)text, len}, &is_stdout)
                                  : say_failed(s, e, NULL, "writing them");
    free(text);
    if (st != EXIT_OK)
        return st;
    json_t *doc = json_document(s);
    json_object_set_new(doc, "file", json_text(x->path));
    json_object_set_new(doc, x->key, json_integer((json_int_t)n));
    int word = (int)strlen(x->key) - (n == 1);  /* "posts", "1 post" */
    out(s, "%s: %zu %.*s, perhaps said in confidence: mind where it goes.\n", x->path, n, word, x->key);
    return output(s, doc, NULL);
}

enum exit_status export_list(struct session *s, const struct export_list *what)
{
    enum exit_status st = EXIT_OK;
    enum err e = sheet_status(what->sheet);
    if (e == OK && what->path != NULL)
        st = to_file(s, what);
    else if (e == OK)
        e = print(s->out, what);
    if (what->path == NULL)
        s->printed = true;
    sheet_free(what->sheet);
    json_decref(what->list);
    return e == OK ? st : say_failed(s, e, NULL, "writing the %s", what->key);
}
