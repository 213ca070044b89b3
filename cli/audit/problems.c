#include "cli/audit/problems.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

void problems_add(struct problems *p, bool is_failure, const char *fmt, ...)
{
    va_list ap;
    p->n_failures += is_failure;
    if (p->n == PROBLEMS_MAX) {
        p->n_unlisted++;
        return;
    }
    struct audit_problem *x = &p->list[p->n++];
    x->is_failure = is_failure;
    va_start(ap, fmt);
    (void)vsnprintf(x->text, sizeof(x->text), fmt, ap);
    va_end(ap);
}

enum err list_room(void **list, size_t *cap, size_t n, size_t item)
{
    if (n < *cap)
        return OK;
    size_t more = *cap > 0 ? *cap * 2 : 16;
    void *p = realloc(*list, more * item);
    if (p == NULL)
        return ERR_NOMEM;
    *list = p;
    *cap = more;
    return OK;
}
