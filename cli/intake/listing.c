#include "cli/intake/listing.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "cli/intake/inside.h"

struct listing {
    struct reading r;
    const struct listing_with *with;
    bool has_heading, is_stopped;
    size_t n_columns;
};

void listing_complain(struct listing *l, uint64_t line, const char *column, const char *remedy, const char *fmt, ...)
{
    char text[240];
    va_list ap;
    va_start(ap, fmt);
    vsnprintf(text, sizeof(text), fmt, ap);
    va_end(ap);
    problem_add(&l->r, line, column, remedy, "%s", text);
}

void listing_pass_empty(struct listing *l)
{
    l->r.in->n_empty++;
}

static bool shape_is_good(struct listing *l, const struct row *row)
{
    bool is_wider = false;
    for (size_t i = l->n_columns; i < row->n; i++)
        is_wider = is_wider || row->cells[i][0] != '\0';
    if (!is_wider && row->n >= l->n_columns)
        return true;
    problem_add(&l->r, row->line, NULL, is_wider ? "put quotes around a cell that holds a comma" : "fill the row up",
                "the row has %zu cells, the header %zu", row->n, l->n_columns);
    return false;
}

static void take_heading(struct listing *l, const struct row *row)
{
    struct header *h = l->r.header;
    l->has_heading = true;
    l->n_columns = row->n;
    for (size_t i = 0; i < row->n; i++)         /* for problems: a longer name is cut */
        snprintf(h->names[i], sizeof(h->names[i]), "%.*s", COLUMN_NAME_MAX - 4, row->cells[i]);
    h->n = row->n;
    l->is_stopped = !l->with->heading(l->with->arg, l, row);
}

static bool take(void *arg, const struct row *row)
{
    struct listing *l = arg;
    if (!l->has_heading)
        take_heading(l, row);
    else {
        l->r.in->files[0].n_rows++;
        if (shape_is_good(l, row))
            l->r.failed = l->with->take(l->with->arg, l, row);
    }
    return !l->is_stopped && l->r.failed == OK;
}

bool listing_place(struct listing *l, const struct row *row, const struct place_columns *at, struct intake_place *ret)
{
    size_t *to = l->r.header->at;
    for (size_t c = 0; c < COL_COUNT; c++)
        to[c] = NO_COLUMN;
    to[COL_LEVEL] = at->level;
    to[COL_DFE] = at->dfe;
    to[COL_GSS] = at->gss;
    to[COL_REGION] = at->region;
    to[COL_COUNTRY] = at->country;
    l->r.place = (struct intake_place){.authority = NULL};
    enum row_owner whose = row_place(&l->r, row);
    l->r.in->n_other_authority += whose == ROW_OTHERS;
    *ret = l->r.place;
    return whose == ROW_OURS;
}

static enum err read_rows(struct listing *l, struct bytes text)
{
    struct rows_end end;
    enum err e = rows_read(text, take, l, &end);
    if (e != OK || l->r.failed != OK)
        return e != OK ? e : l->r.failed;
    fault_complain(&l->r, &end);
    if (!l->has_heading && end.fault == ROWS_GOOD)
        problem_add(&l->r, 0, NULL, "the first row names the columns", "the file is empty");
    if (l->has_heading && !l->is_stopped && l->with->finish != NULL)
        l->with->finish(l->with->arg, l);
    problems_sort(l->r.in);
    return l->r.failed;
}

enum err listing_read(struct bytes raw, const struct listing_with *with, struct intake *ret)
{
    struct source source = {.size = 0};
    struct intake *whole = calloc(1, sizeof(*whole));
    struct listing *l = calloc(1, sizeof(*l));
    struct header *header = calloc(1, sizeof(*header));
    enum err e = whole != NULL && l != NULL && header != NULL ? OK : ERR_NOMEM;
    if (e == OK)
        e = source_from(raw, &source);
    if (e == OK || e == ERR_FORMAT) {
        *l = (struct listing){.r = {.in = whole, .header = header}, .with = with};
        whole->n_files = 1;
        whole->files[0] = (struct intake_file){.name = "-"};
    }
    if (e == OK) {
        whole->files[0].source = source;
        e = read_rows(l, buf_bytes(&source.text));
    } else if (e == ERR_FORMAT) {
        problem_add(&l->r, 0, NULL, source.what.remedy, "the file %s", source.what.problem);
        e = l->r.failed;
    }
    free(header);
    free(l);
    if (e == OK)
        *ret = *whole;
    else if (whole != NULL)
        intake_release(whole);
    free(whole);
    return e;
}
