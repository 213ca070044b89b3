#include "cli/intake/inside.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "cli/output/text.h"

static bool grow(struct reading *r)
{
    size_t cap = r->cap_problems > 0 ? r->cap_problems * 2 : 64;
    struct intake_problem *grown = realloc(r->in->problems, cap * sizeof(*grown));
    if (grown == NULL) {
        r->failed = ERR_NOMEM;
        return false;
    }
    r->in->problems = grown;
    r->cap_problems = cap;
    return true;
}

void problem_add(struct reading *r, uint64_t line, const char *column, const char *remedy, const char *fmt, ...)
{
    struct intake *in = r->in;
    va_list ap;
    if (in->n_problems == INTAKE_PROBLEMS_MAX) {
        in->n_problems_more++;
        return;
    }
    if (in->n_problems == r->cap_problems && !grow(r))
        return;
    struct intake_problem *p = &in->problems[in->n_problems++];
    p->file = r->file;
    p->line = line;
    char text[sizeof(p->problem)];
    va_start(ap, fmt);
    vsnprintf(text, sizeof(text), fmt, ap);
    va_end(ap);
    /* They quote the file, and may have been cut inside a character. */
    text_clean_into(text, p->problem, sizeof(p->problem));
    text_clean_into(remedy, p->remedy, sizeof(p->remedy));
    text_clean_into(column != NULL ? column : "", p->column, sizeof(p->column));
}

void problem_add_complaint(struct reading *r, uint64_t line, const char *column, const struct complaint *why)
{
    problem_add(r, line, column, why->remedy, "%s", why->problem);
}

static int by_place(const void *a, const void *b)
{
    const struct intake_problem *p = a, *q = b;
    if (p->file != q->file)
        return p->file < q->file ? -1 : 1;
    if (p->line != q->line)
        return p->line < q->line ? -1 : 1;
    return strcmp(p->column, q->column);
}

void problems_sort(struct intake *in)
{
    if (in->n_problems > 1)
        qsort(in->problems, in->n_problems, sizeof(*in->problems), by_place);
}

uint64_t intake_problems_more(const struct intake *in)
{
    return in->n_problems_more + (in->n_problems > INTAKE_PROBLEMS_SHOWN ? in->n_problems - INTAKE_PROBLEMS_SHOWN : 0);
}
