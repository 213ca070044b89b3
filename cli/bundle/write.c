#include "cli/bundle/bundle.h"

#include <stdlib.h>
#include <string.h>

#include "protocol/evidence.h"
#include "protocol/frame.h"

struct span { struct origin origin; uint64_t size; struct hash root; bool is_frozen; };

struct writer {
    struct desk *d;
    const struct bundle_wants *wants;
    struct file_export *x;
    struct bundle_written *ret;
    struct buf frame, items, note;          /* one frame, and what an ENTRIES is made of */
    size_t n, cap;
    struct span *spans;                     /* what is held whole of the logs wanted */
    const struct span *at;
    void (*progress)(void *arg, uint64_t entries);
    void *arg;
};

/* ---- frames ---- */

static enum err flush(struct writer *w)
{
    enum err e = buf_status(&w->frame);
    if (e == OK)
        e = file_export_put(w->x, buf_bytes(&w->frame));
    w->ret->bytes += w->frame.len;
    buf_clear(&w->frame);
    return e;
}

static enum err end_frame(struct writer *w, size_t mark)
{
    enum err e = frame_end(&w->frame, mark);
    return e == OK ? flush(w) : e;
}

/* ---- what is to be written ---- */

static bool is_wanted(const struct writer *w, const struct slug *slug)
{
    for (size_t i = 0; i < w->wants->n; i++)
        if (slug_equal(&w->wants->slugs[i], slug))
            return true;
    return w->wants->n == 0;
}

static enum err gather(void *arg, const struct log_state *l)
{
    struct writer *w = arg;
    const struct member *m = charter_find(desk_charter(w->d), &l->origin.slug);
    struct span s = {.origin = l->origin, .size = l->whole, .root = l->whole_root, .is_frozen = l->is_frozen};
    if (m == NULL || !alliance_equal(&l->origin.alliance, &w->d->origin.alliance) || !is_wanted(w, &l->origin.slug)
        || (m->is_former && l->origin.generation > m->closed_generation))
        return OK;
    if (m->is_former && l->origin.generation == m->closed_generation && s.size >= m->closed_size) {
        s.size = m->closed_size;
        s.root = m->closed_root;
    }
    if (w->n == w->cap) {
        size_t cap = w->cap > 0 ? w->cap * 2 : 32;
        struct span *spans = realloc(w->spans, cap * sizeof(*spans));
        if (spans == NULL)
            return ERR_NOMEM;
        w->spans = spans;
        w->cap = cap;
    }
    w->spans[w->n++] = s;
    return OK;
}

/* The receiver's own log first: a machine that was lost signs nothing before it has its log back. */
static void receiver_first(struct writer *w)
{
    size_t done = 0;
    for (size_t i = 0; w->wants->receiver != NULL && i < w->n; i++) {
        if (!slug_equal(&w->spans[i].origin.slug, w->wants->receiver))
            continue;
        struct span s = w->spans[i];
        memmove(&w->spans[done + 1], &w->spans[done], (i - done) * sizeof(s));
        w->spans[done++] = s;
    }
}

static enum err write_contents(struct writer *w)
{
    struct have *list = calloc(w->n + 1, sizeof(*list));
    if (list == NULL)
        return ERR_NOMEM;
    size_t n = w->n < HAVE_ITEMS_MAX ? w->n : HAVE_ITEMS_MAX;
    for (size_t i = 0; i < n; i++)
        list[i] = (struct have){.log = {w->spans[i].origin.slug, w->spans[i].origin.generation}, .size = w->spans[i].size,
                                .root = short_root_of(&w->spans[i].root), .flags = w->spans[i].is_frozen ? HAVE_FROZEN : 0};
    size_t mark = frame_begin(&w->frame);
    put_have(&w->frame, n, list);
    free(list);
    return end_frame(w, mark);
}

/* ---- one log ---- */

static enum err write_cosig(void *arg, const struct cosig *c)
{
    struct writer *w = arg;
    size_t mark = frame_begin(&w->frame);
    put_cosig(&w->frame, c);
    return end_frame(w, mark);
}

static enum err write_evidence(void *arg, struct bytes in)
{
    struct writer *w = arg;
    struct evidence *ev = malloc(sizeof(*ev));
    bool is_its = ev != NULL && evidence_read(in, ev) == OK && slug_equal(&ev->log.slug, &w->at->origin.slug)
                  && ev->log.generation == w->at->origin.generation;
    enum err e = ev != NULL ? OK : ERR_NOMEM;
    free(ev);
    if (!is_its)
        return e;
    size_t mark = frame_begin(&w->frame);
    put_evidence(&w->frame, in);
    return end_frame(w, mark);
}

static enum err write_entries(struct writer *w, uint64_t from, size_t *ret_n)
{
    struct log_ref ref = {w->at->origin.slug, w->at->origin.generation};
    buf_clear(&w->items);
    buf_clear(&w->note);
    enum err e = store_read_span(w->d->store, &ref, from, w->at->size, ENTRIES_FRAME_BYTES, &w->items, ret_n, &w->note);
    if (e != OK)
        return e;
    size_t mark = frame_begin(&w->frame);
    put_entries(&w->frame, &ref, from, *ret_n, buf_bytes(&w->items), buf_bytes(&w->note));
    if ((e = end_frame(w, mark)) == OK && w->note.len > 0)
        e = store_each_cosig(w->d->store, &w->at->origin, from + *ret_n, write_cosig, w);
    return e;
}

/* The checkpoint that we meant to end with may have given way to a newer one: then that is the end. */
static enum err look_again(struct writer *w, struct span *s)
{
    struct log_state l;
    const struct member *m = charter_find(desk_charter(w->d), &s->origin.slug);
    if (w->note.len > 0 || m->is_former)
        return OK;
    enum err e = store_log(w->d->store, &s->origin, &l, &w->note);
    if (e == OK && l.whole > s->size)
        s->size = l.whole;
    return e;
}

static enum err write_log(struct writer *w, struct span *s)
{
    enum err e = OK;
    w->at = s;
    for (uint64_t from = 0; e == OK && from < s->size;) {
        size_t n = 0;
        e = write_entries(w, from, &n);
        from += n;
        w->ret->entries += n;
        if (e == OK && from == s->size)
            e = look_again(w, s);
        if (e == OK && w->progress != NULL)
            w->progress(w->arg, w->ret->entries);
    }
    return e == OK && s->is_frozen ? store_each_evidence(w->d->store, write_evidence, w) : e;
}

static enum err write_charters(struct writer *w)
{
    struct buf parcel = buf_on(PARCEL_MAX);
    enum err e = desk_parcel(w->d, &parcel);
    if (e == OK)
        e = file_export_put(w->x, buf_bytes(&parcel));
    w->ret->bytes += parcel.len;
    buf_release(&parcel);
    return e;
}

enum err bundle_write(struct desk *d, const struct bundle_wants *wants, struct file_export *x,
                      void (*progress)(void *arg, uint64_t entries), void *arg, struct bundle_written *ret)
{
    struct writer w = {.d = d, .wants = wants, .x = x, .ret = ret, .progress = progress, .arg = arg};
    *ret = (struct bundle_written){0};
    w.frame = buf_on(FRAME_MAX);
    w.items = buf_on(FRAME_BODY_MAX);
    w.note = buf_on(CHECKPOINT_MAX);
    enum err e = write_charters(&w);
    if (e == OK)
        e = store_each_log(d->store, gather, &w);
    receiver_first(&w);
    if (e == OK)
        e = write_contents(&w);
    for (size_t i = 0; e == OK && i < w.n; i++)
        e = write_log(&w, &w.spans[i]);
    ret->n_logs = w.n;
    free(w.spans);
    buf_release(&w.frame);
    buf_release(&w.items);
    buf_release(&w.note);
    return e;
}
