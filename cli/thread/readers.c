#include "cli/thread/readers.h"

#include <string.h>

#include "cli/say.h"
#include "protocol/entry.h"

enum { ABOUT_DEPTH_MAX = 8 };               /* a report about a challenge about a figure ... */

/* ---- of one record ---- */

struct heading { struct header h; bool found; };

static enum err take_header(void *arg, uint64_t idx, const struct item *item)
{
    struct heading *at = arg;
    (void)idx;
    at->found = true;
    return header_read(item->header, &at->h);
}

/* Former members fall away: fewer may read, never more. */
static void take_slugs(struct desk *d, struct bytes text, struct named *ret)
{
    struct bytes word;
    ret->n = 0;
    while (ret->n < NAMED_AUDIENCE_MAX && bytes_word(&text, &word)) {
        struct slug slug;
        const struct member *m = slug_parse(word, &slug) == OK ? charter_find(desk_charter(d), &slug) : NULL;
        if (m != NULL && !m->is_former && m->role != ROLE_RELAY && !named_holds(ret, &slug))
            ret->slugs[ret->n++] = slug;
    }
    named_sort(ret);
}

static enum err of_epoch(struct desk *d, const struct record_id *id, const struct header *h, struct named *ret)
{
    struct epoch_id epoch = {d->origin, h->audience, h->epoch};
    struct buf slugs = buf_on(EPOCH_READERS_TEXT_MAX);
    epoch.origin.slug = id->slug;
    epoch.origin.generation = id->generation;
    enum err e = view_epoch_readers(d->view, &epoch, &slugs);
    if (e == OK)
        take_slugs(d, buf_bytes(&slugs), ret);
    buf_release(&slugs);
    return e;
}

/* The alliance's readers and one more. False: they are too many to be named. */
static bool name_readers_and(const struct charter *c, const struct slug *author, struct named *ret)
{
    *ret = (struct named){.n = 1, .slugs = {*author}};
    for (size_t i = 0; i < c->n_members; i++) {
        const struct member *m = &c->members[i];
        if (m->is_former || !member_is_reader(m))
            continue;
        if (ret->n == NAMED_AUDIENCE_MAX)
            return false;
        ret->slugs[ret->n++] = m->slug;
    }
    named_sort(ret);
    return true;
}

static void of_alliance(struct desk *d, const struct record_id *id, struct readers_of *ret)
{
    const struct member *m = charter_find(desk_charter(d), &id->slug);
    bool is_partner = m != NULL && !m->is_former && m->role == ROLE_PARTNER;
    ret->is_all = !is_partner || slug_equal(&id->slug, &d->origin.slug) ||
                  !name_readers_and(desk_charter(d), &id->slug, &ret->named);
    if (is_partner && ret->is_all && !slug_equal(&id->slug, &d->origin.slug))
        say_note(d->s, "%s is no reader of the alliance, and too many are: it will not read this", id->slug.s);
}

/* A record whose epoch we do not read, and yet the record: it was opened to us. Its author and we surely read it, and who else
 * does is not for us to know. */
static enum err of_opened(struct desk *d, const struct record_id *id, struct named *ret)
{
    struct record_row row;
    const struct member *m = charter_find(desk_charter(d), &id->slug);
    enum err e = view_record_at(d->view, id->slug.s, id->generation, id->idx, &row);
    if (e != OK || m == NULL || m->is_former)
        return e != OK ? e : ERR_UNKNOWN;
    *ret = (struct named){.n = 2, .slugs = {id->slug, d->origin.slug}};
    named_sort(ret);
    return OK;
}

static enum err of_one(struct desk *d, const struct record_id *id, struct readers_of *ret)
{
    struct origin o = d->origin;
    struct heading at = {.found = false};
    const struct header *h = &at.h;
    o.slug = id->slug;
    o.generation = id->generation;
    enum err e = store_each_entry(d->store, &o, id->idx, id->idx + 1, take_header, &at);
    *ret = (struct readers_of){.is_all = false};
    if (e != OK || !at.found)
        return e != OK ? e : ERR_UNKNOWN;
    if (h->is_public || memcmp(h->audience.b, d->origin.alliance.b, sizeof(h->audience.b)) == 0) {
        of_alliance(d, id, ret);
        return OK;
    }
    e = of_epoch(d, id, h, &ret->named);
    return e == ERR_UNKNOWN ? of_opened(d, id, &ret->named) : e;
}

/* ---- of it and of what it is about ---- */

static void narrow(struct readers_of *r, const struct readers_of *by)
{
    size_t n = 0;
    if (by->is_all)
        return;
    if (r->is_all) {
        *r = *by;
        return;
    }
    for (size_t i = 0; i < r->named.n; i++)
        if (named_holds(&by->named, &r->named.slugs[i]))
            r->named.slugs[n++] = r->named.slugs[i];
    r->named.n = n;
}

enum exit_status readers_of_record(struct desk *d, const struct threads *t, const struct record_id *id, struct readers_of *ret)
{
    struct record_id at = *id;
    char text[RECORD_TEXT_SIZE];
    enum err e = OK;
    *ret = (struct readers_of){.is_all = true};
    record_id_text(id, text);
    for (size_t depth = 0; e == OK && depth < ABOUT_DEPTH_MAX; depth++) {
        struct readers_of one;
        char here[RECORD_TEXT_SIZE];
        e = of_one(d, &at, &one);
        if (e == ERR_UNKNOWN && depth > 0)      /* what that is about is nothing that we can read */
            e = OK;
        else if (e == OK)
            narrow(ret, &one);
        record_id_text(&at, here);
        const struct said *s = threads_post(t, here);
        if (s == NULL || record_id_parse(s->post.about, &at) != OK)
            break;
    }
    if (e == ERR_UNKNOWN || (e == OK && !readers_have(d, ret, &d->origin.slug)))
        return say_refused(d->s, EXIT_NO, "no-reader", "publish to those who still read",
                           "%s: it cannot be seen for whom it was sealed, or not for us", text);
    return e == OK ? EXIT_OK : say_failed(d->s, e, NULL, "%s", text);
}

enum exit_status readers_asked(struct desk *d, const char *words, struct readers_of *ret)
{
    *ret = (struct readers_of){.is_all = words == NULL || strcmp(words, "alliance") == 0};
    if (ret->is_all)
        return EXIT_OK;
    if (strcmp(words, "public") == 0)
        return say_usage(d->s, "--audience alliance, or SLUG,...", "what members say to each other is not for everybody");
    return named_resolve(d, words, &ret->named);
}

bool readers_have(struct desk *d, const struct readers_of *r, const struct slug *slug)
{
    const struct member *m = charter_find(desk_charter(d), slug);
    if (!r->is_all)
        return named_holds(&r->named, slug);
    return slug_equal(slug, &d->origin.slug) || (m != NULL && member_is_reader(m));
}

bool readers_equal(const struct readers_of *a, const struct readers_of *b)
{
    bool is_same = a->is_all == b->is_all && (a->is_all || a->named.n == b->named.n);
    for (size_t i = 0; is_same && !a->is_all && i < a->named.n; i++)
        is_same = slug_equal(&a->named.slugs[i], &b->named.slugs[i]);
    return is_same;
}

void readers_words(const struct readers_of *r, struct buf *ret)
{
    if (r->is_all)
        buf_put_str(ret, "the alliance");
    for (size_t i = 0; !r->is_all && i < r->named.n; i++)
        buf_printf(ret, "%s%s", i > 0 ? ", " : "", r->named.slugs[i].s);
}
