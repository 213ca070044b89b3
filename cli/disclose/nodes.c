#include "cli/disclose/nodes.h"

#include <stdlib.h>

struct node { uint64_t index; uint8_t level; bool is_there; struct hash hash; };

enum { CAP_FIRST = 256 };

void nodes_init(const struct merkle_source *from, struct nodes *ret)
{
    *ret = (struct nodes){.from = *from};
}

void nodes_release(struct nodes *n)
{
    free(n->list);
    n->list = NULL;
    n->n = n->cap = 0;
}

/* Its place, or the empty one where it belongs. There always is one. */
static struct node *find(const struct nodes *n, unsigned level, uint64_t index)
{
    size_t at = (size_t)((index * 64 + level) * UINT64_C(0x9e3779b97f4a7c15) >> 20) & (n->cap - 1);
    while (n->list[at].is_there && (n->list[at].index != index || n->list[at].level != level))
        at = (at + 1) & (n->cap - 1);
    return &n->list[at];
}

static enum err grow(struct nodes *n)
{
    struct nodes more = {.cap = n->cap > 0 ? n->cap * 2 : CAP_FIRST};
    if (n->cap > 0 && n->n * 2 < n->cap)
        return OK;
    more.list = calloc(more.cap, sizeof(*more.list));
    if (more.list == NULL)
        return ERR_NOMEM;
    for (size_t i = 0; i < n->cap; i++)
        if (n->list[i].is_there)
            *find(&more, n->list[i].level, n->list[i].index) = n->list[i];
    free(n->list);
    n->list = more.list;
    n->cap = more.cap;
    return OK;
}

static enum err get(void *arg, unsigned level, uint64_t index, struct hash *ret)
{
    struct nodes *n = arg;
    enum err e = grow(n);
    struct node *x = e == OK ? find(n, level, index) : NULL;
    if (x == NULL)
        return e;
    if (!x->is_there) {
        struct hash h;
        e = n->from.get(n->from.arg, level, index, &h);
        if (e != OK)
            return e;
        *x = (struct node){.index = index, .level = (uint8_t)level, .is_there = true, .hash = h};
        n->n++;
    }
    *ret = x->hash;
    return OK;
}

struct merkle_source nodes_source(struct nodes *n)
{
    return (struct merkle_source){.get = get, .arg = n};
}
