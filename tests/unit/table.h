/* tests/unit/table.h - CSV files as the oracles and the DfE write them, for tests: columns by
 * name, quoted fields with commas, doubled quotes and line ends inside. */
#ifndef FOLKMOOT_TESTS_TABLE_H
#define FOLKMOOT_TESTS_TABLE_H

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { TABLE_COLUMNS = 40 };

struct table {
    char *text, *at;                /* the whole file, cut up in place */
    size_t n_columns, row;          /* row 1 is the first behind the header */
    char *names[TABLE_COLUMNS], *f[TABLE_COLUMNS];
};

/* One field; *end is true when it was the last of its row. */
static inline char *table_field(struct table *t, bool *end)
{
    char *from = t->at, *to = t->at, *p = t->at;
    bool quoted = *p == '"';
    if (quoted)
        from = to = ++p;
    for (; *p != '\0'; p++) {
        if (quoted && *p == '"') {
            if (p[1] != '"') {
                quoted = false;
                continue;
            }
            p++;
        } else if (!quoted && (*p == ',' || *p == '\n')) {
            break;
        } else if (!quoted && *p == '\r') {
            continue;
        }
        *to++ = *p;
    }
    *end = *p != ',';
    t->at = *p == '\0' ? p : p + 1;
    *to = '\0';
    return from;
}

static inline bool table_row(struct table *t, char **ret, size_t *ret_n)
{
    bool end = false;
    if (*t->at == '\0')
        return false;
    for (*ret_n = 0; !end && *ret_n < TABLE_COLUMNS; ++*ret_n)
        ret[*ret_n] = table_field(t, &end);
    return end;
}

/* False when there is no such file. */
static inline bool table_open(struct table *t, const char *path)
{
    memset(t, 0, sizeof(*t));
    FILE *in = fopen(path, "rb");
    if (in == NULL)
        return false;
    long size = fseek(in, 0, SEEK_END) == 0 ? ftell(in) : -1;
    rewind(in);
    if (size >= 0 && (t->text = malloc((size_t)size + 1)) != NULL && fread(t->text, 1, (size_t)size, in) == (size_t)size) {
        t->text[size] = '\0';
        t->at = strncmp(t->text, "\xef\xbb\xbf", 3) == 0 ? t->text + 3 : t->text;
    }
    fclose(in);
    return t->at != NULL && table_row(t, t->names, &t->n_columns);
}

static inline bool table_next(struct table *t)
{
    size_t n;
    if (!table_row(t, t->f, &n))
        return false;
    t->row++;
    return n == t->n_columns;
}

static inline void table_close(struct table *t)
{
    free(t->text);
    memset(t, 0, sizeof(*t));
}

/* The field of the column of this name; a test that asks for a column that is not there is broken. */
static inline char *col(const struct table *t, const char *name)
{
    for (size_t i = 0; i < t->n_columns; i++)
        if (strcmp(t->names[i], name) == 0)
            return t->f[i];
    fprintf(stderr, "no column %s\n", name);
    abort();
}

#endif
