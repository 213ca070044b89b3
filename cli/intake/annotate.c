/* cli/intake/annotate.c - the input back, with what is wrong beside each row (intake.h). */
#include "cli/intake/intake.h"

#include <string.h>

#include "cli/intake/rows.h"
#include "cli/output/csv.h"

struct annotating {
    const struct intake *in;
    uint32_t file;
    FILE *out;
    size_t width;                       /* of the header */
    size_t next;                        /* the problem that comes next */
};

static bool belongs(const struct annotating *a, uint64_t line)
{
    if (a->next >= a->in->n_problems)
        return false;
    const struct intake_problem *p = &a->in->problems[a->next];
    return p->file == a->file && p->line <= line;
}

static void put_problems(struct annotating *a, uint64_t line, const char *head)
{
    struct buf all = buf_on(64 * 1024);
    buf_put_str(&all, head);
    for (bool is_first = true; belongs(a, line); a->next++, is_first = false) {
        const struct intake_problem *p = &a->in->problems[a->next];
        buf_printf(&all, "%s%s%s%s (%s)", !is_first ? "; " : head[0] != '\0' ? ": " : "", p->column,
                   p->column[0] != '\0' ? ": " : "", p->problem, p->remedy);
    }
    const char *text = buf_str(&all);
    csv_cell(a->out, text != NULL ? text : "too many problems to list", false, true);
    buf_release(&all);
}

/* The input's own cells go back as they were: it is the sender's own file. */
static bool write_row(void *arg, const struct row *row)
{
    struct annotating *a = arg;
    bool is_header = a->width == 0;
    if (is_header)
        a->width = row->n;
    for (size_t i = 0; i < row->n || i < a->width; i++)
        csv_cell(a->out, i < row->n ? row->cells[i] : "", true, false);
    put_problems(a, row->line, is_header ? "problem" : "");
    return ferror(a->out) == 0;
}

/* What is not beside its row is at least counted behind the last one. */
static void write_rest(struct annotating *a)
{
    char text[80];
    snprintf(text, sizeof(text), "and %llu more problems, which do not stand here", (unsigned long long)a->in->n_problems_more);
    for (size_t i = 0; i < a->width; i++)
        csv_cell(a->out, "", true, false);
    csv_cell(a->out, text, false, true);
}

enum err intake_annotate(const struct intake *in, FILE *out)
{
    struct annotating a = {.in = in, .out = out};
    csv_begin(out);
    for (a.file = 0; a.file < in->n_files; a.file++) {
        struct rows_end end;
        a.width = 0;
        while (a.next < in->n_problems && in->problems[a.next].file < a.file)
            a.next++;
        enum err e = rows_read(buf_bytes(&in->files[a.file].source.text), write_row, &a, &end);
        if (e != OK)
            return e;
    }
    if (in->n_problems_more > 0)
        write_rest(&a);
    return ferror(out) != 0 ? ERR_IO : OK;
}
