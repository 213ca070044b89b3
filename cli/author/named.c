#include "cli/author/named.h"

#include <stdlib.h>
#include <string.h>

#include "cli/say.h"

/* ---- who is meant ---- */

static int by_slug(const void *a, const void *b)
{
    return slug_compare(a, b);
}

void named_sort(struct named *n)
{
    qsort(n->slugs, n->n, sizeof(n->slugs[0]), by_slug);
}

bool named_holds(const struct named *n, const struct slug *slug)
{
    for (size_t i = 0; i < n->n; i++)
        if (slug_equal(&n->slugs[i], slug))
            return true;
    return false;
}

static enum exit_status add_one(struct desk *d, const char *word, struct named *n)
{
    const struct member *m = desk_find_member(d, word);
    if (m == NULL)
        return EXIT_USAGE;
    if (m->is_former || m->role == ROLE_RELAY)
        return say_refused(d->s, EXIT_NO, "no-reader", "name members that read", "%s: %s", m->slug.s,
                           m->is_former ? "it is a member no more" : "a relay reads nothing");
    if (named_holds(n, &m->slug))
        return EXIT_OK;
    if (n->n == NAMED_AUDIENCE_MAX)
        return say_refused(d->s, EXIT_NO, "limit", "--audience alliance", "at most %d readers can be named, ourselves counted",
                           (int)NAMED_AUDIENCE_MAX);
    n->slugs[n->n++] = m->slug;
    return EXIT_OK;
}

enum exit_status named_resolve(struct desk *d, const char *words, struct named *ret)
{
    struct named n = {.n = 1, .slugs = {d->identity->slug}};
    enum exit_status st = EXIT_OK;
    for (const char *p = words; st == EXIT_OK && *p != '\0';) {
        char word[NAME_MAX_LEN + 1];
        size_t len = strcspn(p, ",");
        if (len == 0 || len > NAME_MAX_LEN)
            return say_usage(d->s, "SLUG,SLUG,...", "%s: no list of members", words);
        memcpy(word, p, len);
        word[len] = '\0';
        st = add_one(d, word, &n);
        p += len;
        p += *p == ',';
    }
    if (st != EXIT_OK)
        return st;
    named_sort(&n);
    *ret = n;
    return EXIT_OK;
}

enum err named_text(struct desk *d, const struct named *n, char *ret, size_t size)
{
    size_t at = 0;
    for (size_t i = 0; i < n->n; i++) {
        size_t len = strlen(n->slugs[i].s);
        if (slug_equal(&n->slugs[i], &d->identity->slug))
            continue;
        if (at + (at > 0) + len + 1 > size)
            return ERR_LIMIT;
        if (at > 0)
            ret[at++] = ',';
        memcpy(ret + at, n->slugs[i].s, len);
        at += len;
    }
    if (size == 0)
        return ERR_LIMIT;
    ret[at] = '\0';
    return OK;
}

enum err named_of_text(struct desk *d, const char *text, struct named *ret)
{
    struct named n = {.n = 1, .slugs = {d->identity->slug}};
    for (const char *p = text; *p != '\0'; p += *p == ',') {
        struct slug slug;
        size_t len = strcspn(p, ",");
        const struct member *m = NULL;
        if (slug_parse((struct bytes){(const uint8_t *)p, len}, &slug) == OK)
            m = charter_find(desk_charter(d), &slug);
        if (m == NULL || m->is_former || m->role == ROLE_RELAY || named_holds(&n, &slug) || n.n == NAMED_AUDIENCE_MAX)
            return ERR_UNKNOWN;
        n.slugs[n.n++] = slug;
        p += len;
    }
    named_sort(&n);
    *ret = n;
    return n.n > 1 ? OK : ERR_UNKNOWN;
}

/* ---- the epoch we have for them ---- */

struct finding {
    const struct named *named;
    struct named_epoch *ret;
    bool found;
    uint64_t idx;
};

static bool is_same_set(const struct named *n, const char *slugs)
{
    struct bytes rest = bytes_of(slugs), word;
    size_t count = 0;
    while (bytes_word(&rest, &word)) {
        struct slug slug;
        if (slug_parse(word, &slug) != OK || !named_holds(n, &slug))
            return false;
        count++;
    }
    return count == n->n;
}

static enum err take(void *arg, const struct own_epoch *e)
{
    struct finding *f = arg;
    if (e->has_charter || !e->has_key || !is_same_set(f->named, e->readers) || (f->found && e->idx < f->idx))
        return OK;
    f->found = true;
    f->idx = e->idx;
    f->ret->audience = e->id.audience;
    f->ret->epoch = e->id.epoch;
    f->ret->key = e->key;
    f->ret->is_outdated = e->is_outdated;
    return OK;
}

enum err named_find(struct desk *d, struct view *v, const struct named *n, struct named_epoch *ret)
{
    struct finding f = {.named = n, .ret = ret};
    enum err e = view_own_epochs(v, d->origin.generation, take, &f);
    return e != OK ? e : f.found ? OK : ERR_UNKNOWN;
}

/* ---- and the other way about ---- */

struct naming {
    struct desk *d;
    const char *audience;
    struct named *ret;
    bool found;
};

static bool read_slugs(struct desk *d, const char *slugs, struct named *ret)
{
    struct bytes rest = bytes_of(slugs), word;
    struct named n = {.n = 0};
    while (bytes_word(&rest, &word)) {
        struct slug slug;
        if (n.n == NAMED_AUDIENCE_MAX || slug_parse(word, &slug) != OK)
            return false;
        const struct member *m = charter_find(desk_charter(d), &slug);
        if (m == NULL || m->is_former)
            return false;
        n.slugs[n.n++] = slug;
    }
    named_sort(&n);
    *ret = n;
    return n.n > 0;
}

static enum err name_them(void *arg, const struct own_epoch *e)
{
    struct naming *n = arg;
    char hex[AUDIENCE_TEXT_SIZE];
    hex_encode((struct bytes){e->id.audience.b, sizeof(e->id.audience.b)}, hex);
    if (!e->has_charter && strcmp(hex, n->audience) == 0)
        n->found = read_slugs(n->d, e->readers, n->ret);
    return OK;
}

enum err named_of_audience(struct desk *d, struct view *v, const char *audience, struct named *ret)
{
    struct naming n = {.d = d, .audience = audience, .ret = ret};
    enum err e = view_own_epochs(v, d->origin.generation, name_them, &n);
    return e != OK ? e : n.found ? OK : ERR_UNKNOWN;
}

/* ---- a new one ---- */

/* A box to each. ERR_UNKNOWN: a reader's identity is not held yet; sealed without it, it could never read. */
static enum err seal_boxes(struct desk *d, const struct named *n, const struct sym_secret *key, uint8_t *memory,
                           struct bytes *boxes)
{
    enum err e = OK;
    for (size_t i = 0; e == OK && i < n->n; i++) {
        struct identity *id = NULL;
        e = desk_identity_of(d, &n->slugs[i], &id);
        if (e == OK)
            e = epoch_box(key, &id->box, memory + i * BOX_LEN);
        boxes[i] = (struct bytes){memory + i * BOX_LEN, BOX_LEN};
        free(id);
    }
    return e;
}

static enum err put_epoch(struct author *a, const struct named *n, const struct named_epoch *new)
{
    struct desk *d = author_desk(a);
    uint8_t memory[NAMED_AUDIENCE_MAX * BOX_LEN];
    struct bytes boxes[NAMED_AUDIENCE_MAX];
    struct epoch_secret *secret = calloc(1, sizeof(*secret));
    struct buf header = buf_on(HEADER_MAX), payload = buf_on(PAYLOAD_MAX);
    struct seal_with with = {.id = {d->origin, new->audience, new->epoch}, .epoch_key = &new->key, .time_ms = session_now_ms()};
    random_fill(with.nonce, sizeof(with.nonce));
    random_fill(with.salt, sizeof(with.salt));
    enum err e = secret != NULL ? seal_boxes(d, n, &new->key, memory, boxes) : ERR_NOMEM;
    if (e == OK) {
        secret->n_readers = n->n;
        memcpy(secret->readers, n->slugs, n->n * sizeof(n->slugs[0]));
        e = epoch_seal(&with, NULL, n->n, boxes, secret, &header, &payload);
    }
    if (e == OK)
        e = author_put(a, buf_bytes(&header), buf_bytes(&payload));
    free(secret);
    buf_release(&header);
    buf_release(&payload);
    return e;
}

enum exit_status named_epoch(struct author *a, struct view *v, const struct named *n, struct named_epoch *ret)
{
    struct desk *d = author_desk(a);
    enum err e = named_find(d, v, n, ret);
    const bool is_found = e == OK;
    if (e == ERR_UNKNOWN || (e == OK && ret->is_outdated)) {
        if (!is_found)
            random_fill(&ret->audience, sizeof(ret->audience));
        ret->epoch = is_found ? ret->epoch + 1 : 0;
        ret->is_outdated = false;
        random_fill(&ret->key, sizeof(ret->key));
        e = put_epoch(a, n, ret);
    }
    if (e == ERR_UNKNOWN)
        return say_refused(d->s, EXIT_ENVIRONMENT, "no-identity", "`folkmoot sync` fetches it from a peer",
                           "the identity of a named reader is not held here yet: nothing can be sealed to it");
    return e == OK ? EXIT_OK : say_failed(d->s, e, NULL, "making a key for the named readers");
}
