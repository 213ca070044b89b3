/* tests/fuzz/fuzz_csv.c - hostile CSV: whatever comes, a figure that is taken is
 * a figure that can be published and read again, and the file that goes back to
 * its sender holds the sender's own cells. */
#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/intake/intake.h"
#include "cli/intake/rows.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_figure(const struct intake *in, const struct intake_figure *f)
{
    struct figure back;
    struct buf b = buf_on(4096);
    assert(figure_check(&f->figure) == OK);
    figure_write(&f->figure, &b);
    assert(buf_status(&b) == OK && figure_read(buf_bytes(&b), &back) == OK);
    assert(figure_same(&f->figure, &back));
    assert(strcmp(f->figure.indicator, f->definition->id) == 0);
    assert(f->line > 1 && f->file < in->n_files);
    buf_release(&b);
}

/* Every cell of a file, with how many its rows have. */
struct all {
    struct buf cells;
    size_t widths[8192];
    size_t n;
};

static bool keep(void *arg, const struct row *row)
{
    struct all *a = arg;
    if (a->n == sizeof(a->widths) / sizeof(a->widths[0]))
        return false;
    a->widths[a->n++] = row->n;
    for (size_t i = 0; i < row->n; i++) {
        buf_put_str(&a->cells, row->cells[i]);
        buf_put_u8(&a->cells, 0);
    }
    return true;
}

static enum rows_fault read_all(struct bytes text, struct all *ret)
{
    struct rows_end end;
    ret->cells = buf_on(1 << 26);
    ret->n = 0;
    enum err e = rows_read(text, keep, ret, &end);
    assert(e == OK && buf_status(&ret->cells) == OK);
    return end.fault;
}

static void check_annotated(const struct intake *in)
{
    static struct all before, after;
    char *text = NULL;
    size_t len = 0;
    struct source again;
    FILE *f = open_memstream(&text, &len);
    assert(f != NULL && intake_annotate(in, f) == OK && fclose(f) == 0);
    enum rows_fault fault = read_all(buf_bytes(&in->files[0].source.text), &before);
    assert(source_from((struct bytes){(uint8_t *)text, len}, &again) == OK && !again.was_cp1252);
    if (fault == ROWS_GOOD && read_all(buf_bytes(&again.text), &after) == ROWS_GOOD) {
        const char *p = (const char *)before.cells.p, *q = (const char *)after.cells.p;
        assert(before.n == after.n);
        for (size_t row = 0; row < before.n; row++) {
            assert(after.widths[row] > before.widths[row]);
            for (size_t i = 0; i < after.widths[row]; i++) {
                if (i < before.widths[row]) {
                    assert(strcmp(p, q) == 0);
                    p += strlen(p) + 1;
                }
                q += strlen(q) + 1;
            }
        }
        buf_release(&after.cells);
    }
    buf_release(&before.cells);
    source_release(&again);
    free(text);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct intake_where where = {.column = "release", .value = "2024"};
    struct intake_options with = {.dfe = "845", .gss = "E10000011", .base = STATUS_FINAL, .where = &where};
    struct intake in;
    with.n_where = size > 0 && data[0] == '#';
    if (with.n_where == 1) {
        data++;
        size--;
    }
    if (size > 60000)
        return 0;
    enum err e = intake_from((struct bytes){data, size}, &with, &in);
    assert(e == OK);
    assert(in.n_files == 1 && in.n_figures <= INTAKE_FIGURES_MAX && in.n_problems <= INTAKE_PROBLEMS_MAX);
    for (size_t i = 0; i < in.n_figures; i++)
        check_figure(&in, &in.figures[i]);
    for (size_t i = 0; i < in.n_problems; i++) {
        assert(in.problems[i].problem[0] != '\0' && in.problems[i].remedy[0] != '\0');
        assert(i == 0 || in.problems[i].line >= in.problems[i - 1].line);
    }
    if (in.files[0].source.text.len > 0)
        check_annotated(&in);
    intake_release(&in);
    return 0;
}
