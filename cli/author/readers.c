#include "cli/author/readers.h"

#include <stdlib.h>
#include <string.h>

#include "cli/say.h"
#include "cli/view/query.h"
#include "protocol/envelope.h"
#include "protocol/grant.h"

/* ---- the box keys of the charter's readers ---- */

struct people {
    size_t n;
    const struct member *members[MEMBERS_MAX];      /* readers, in the charter's order */
    struct dh_public box[MEMBERS_MAX];
    bool has_box[MEMBERS_MAX];
};

struct gather { struct people *p; struct identity *id; };

static enum err take_identity(void *arg, const struct slug *slug, uint32_t version, struct bytes note)
{
    struct gather *g = arg;
    (void)version;
    for (size_t i = 0; i < g->p->n; i++) {
        const struct member *m = g->p->members[i];
        if (!slug_equal(slug, &m->slug) || identity_open(note, g->id) != OK || !slug_equal(&g->id->slug, slug)
            || memcmp(g->id->root.b, m->root.b, sizeof(m->root.b)) != 0)
            continue;
        g->p->box[i] = g->id->box;
        g->p->has_box[i] = true;
    }
    return OK;
}

static enum err people_load(struct desk *d, struct people *p)
{
    struct gather g = {.p = p, .id = malloc(sizeof(*g.id))};
    p->n = charter_readers(desk_charter(d), p->members);
    enum err e = g.id != NULL ? store_each_identity(d->store, take_identity, &g) : ERR_NOMEM;
    free(g.id);
    for (size_t i = 0; i < p->n; i++) {
        if (!slug_equal(&p->members[i]->slug, &d->identity->slug))
            continue;
        p->box[i] = d->identity->box;
        p->has_box[i] = true;
    }
    return e;
}

/* ---- our own epochs ---- */

struct newest {
    const struct desk *d;
    bool found, has_key;
    uint32_t epoch;
    struct sym_secret key;
    bool is_stale;                          /* it has a reader who is none any more, or has another box key */
};

static bool still_read(const struct charter *c, const struct slug *author, const char *slugs)
{
    struct bytes rest = bytes_of(slugs), word;
    while (bytes_word(&rest, &word)) {
        struct slug slug;
        if (slug_parse(word, &slug) != OK)
            return false;
        const struct member *m = charter_find(c, &slug);
        if (!slug_equal(&slug, author) && (m == NULL || !member_is_reader(m)))
            return false;
    }
    return true;
}

static enum err take_epoch(void *arg, const struct own_epoch *e)
{
    struct newest *n = arg;
    if (memcmp(e->id.audience.b, n->d->origin.alliance.b, sizeof(e->id.audience.b)) != 0)
        return OK;
    if (n->found && e->id.epoch < n->epoch)
        return OK;
    n->found = true;
    n->epoch = e->id.epoch;
    n->has_key = e->has_key;
    n->key = e->key;
    n->is_stale = e->is_outdated || !still_read(desk_charter(n->d), &n->d->identity->slug, e->readers);
    return OK;
}

static void fill_secret(const struct people *p, const struct desk *d, struct epoch_secret *secret)
{
    memcpy(secret->title, desk_charter(d)->name, sizeof(secret->title));
    bool has_us = false;
    for (size_t i = 0; i < p->n; i++) {
        secret->readers[secret->n_readers++] = p->members[i]->slug;
        has_us = has_us || slug_equal(&p->members[i]->slug, &d->identity->slug);
    }
    if (!has_us)
        secret->readers[secret->n_readers++] = d->identity->slug;
}

/* Boxes in the charter's order of readers; nil where we hold no identity yet (a grant is owed); one more for an
 * author who is no reader. */
static enum err seal_boxes(const struct people *p, const struct desk *d, const struct sym_secret *key, uint8_t *memory,
                           struct bytes *boxes, size_t *ret_n)
{
    enum err e = OK;
    size_t n = 0;
    bool has_us = false;
    for (size_t i = 0; e == OK && i < p->n; i++, n++) {
        has_us = has_us || slug_equal(&p->members[i]->slug, &d->identity->slug);
        boxes[n] = (struct bytes){NULL, 0};
        if (!p->has_box[i])
            continue;
        e = epoch_box(key, &p->box[i], memory + n * BOX_LEN);
        boxes[n] = (struct bytes){memory + n * BOX_LEN, BOX_LEN};
    }
    if (e == OK && !has_us) {
        e = epoch_box(key, &d->identity->box, memory + n * BOX_LEN);
        boxes[n] = (struct bytes){memory + n * BOX_LEN, BOX_LEN};
        n++;
    }
    *ret_n = n;
    return e;
}

static enum err put_epoch(struct author *a, struct desk *d, uint32_t epoch, const struct sym_secret *key)
{
    struct people *p = calloc(1, sizeof(*p));
    struct epoch_secret *secret = calloc(1, sizeof(*secret));
    uint8_t *memory = calloc(MEMBERS_MAX + 1, BOX_LEN);
    struct bytes *boxes = calloc(MEMBERS_MAX + 1, sizeof(*boxes));
    struct buf header = buf_on(HEADER_MAX), payload = buf_on(PAYLOAD_MAX);
    size_t n = 0;
    enum err e = p != NULL && secret != NULL && memory != NULL && boxes != NULL ? people_load(d, p) : ERR_NOMEM;
    if (e == OK)
        e = seal_boxes(p, d, key, memory, boxes, &n);
    if (e == OK) {
        struct seal_with with = {.id = {.origin = d->origin, .epoch = epoch}, .epoch_key = key, .time_ms = session_now_ms()};
        memcpy(with.id.audience.b, d->origin.alliance.b, sizeof(with.id.audience.b));
        random_fill(with.nonce, sizeof(with.nonce));
        random_fill(with.salt, sizeof(with.salt));
        fill_secret(p, d, secret);
        e = epoch_seal(&with, &desk_charter(d)->hash, n, boxes, secret, &header, &payload);
    }
    if (e == OK)
        e = author_put(a, buf_bytes(&header), buf_bytes(&payload));
    free(p);
    free(secret);
    free(memory);
    free(boxes);
    buf_release(&header);
    buf_release(&payload);
    return e;
}

enum exit_status readers_epoch(struct author *a, struct view *v, uint32_t *ret_epoch, struct sym_secret *ret_key)
{
    struct desk *d = author_desk(a);
    struct newest n = {.d = d};
    enum err e = view_own_epochs(v, d->origin.generation, take_epoch, &n);
    if (e == OK && n.found && n.has_key && !n.is_stale) {
        *ret_epoch = n.epoch;
        *ret_key = n.key;
        wipe(&n, sizeof(n));
        return EXIT_OK;
    }
    uint32_t epoch = n.found ? n.epoch + 1 : 0;
    wipe(&n, sizeof(n));
    if (e == OK) {
        random_fill(ret_key, sizeof(*ret_key));
        *ret_epoch = epoch;
        e = put_epoch(a, d, epoch, ret_key);
    }
    return e == OK ? EXIT_OK : say_failed(d->s, e, NULL, "making a key for the alliance");
}

/* ---- grants ---- */

struct payer {
    struct author *a;
    struct view *v;
    struct grant *g;                        /* what gathers for one reader and one box key */
    size_t n_granted;
};

static enum err send_grant(struct payer *p)
{
    struct buf body = buf_on(PAYLOAD_MAX);
    enum err e = OK;
    if (p->g->n > 0) {
        grant_write(p->g, &body);
        e = buf_status(&body);
        if (e == OK)
            e = author_put_public(p->a, KIND_GRANT, buf_bytes(&body));
        p->n_granted += p->g->n;
        p->g->n = 0;
    }
    buf_release(&body);
    return e;
}

static enum err pay(void *arg, const struct owed *o)
{
    struct payer *p = arg;
    struct sym_secret key;
    if (!o->has_box_key || !o->has_key)
        return OK;
    enum err e = OK;
    bool is_same = slug_equal(&p->g->reader, &o->reader) && memcmp(p->g->box_key.b, o->box_key.b, sizeof(o->box_key.b)) == 0;
    if (!is_same || p->g->n == GRANT_BOXES_MAX)
        e = send_grant(p);
    if (e == OK)
        e = view_epoch_key(p->v, &o->epoch, &key);
    if (e == OK) {
        p->g->reader = o->reader;
        p->g->box_key = o->box_key;
        p->g->items[p->g->n].id = o->epoch;
        e = epoch_box(&key, &o->box_key, p->g->items[p->g->n].box);
        p->g->n += e == OK;
    }
    wipe(&key, sizeof(key));
    return e;
}

enum exit_status readers_pay(struct author *a, struct view *v, size_t *ret_n)
{
    struct desk *d = author_desk(a);
    struct payer p = {.a = a, .v = v, .g = calloc(1, sizeof(*p.g))};
    const struct member *us = charter_find(desk_charter(d), &d->identity->slug);
    enum err e = p.g != NULL ? OK : ERR_NOMEM;
    if (e == OK && us != NULL && member_is_reader(us))
        e = view_owed(v, d->chain, pay, &p);
    if (e == OK)
        e = send_grant(&p);
    free(p.g);
    if (ret_n != NULL)
        *ret_n = p.n_granted;
    return e == OK ? EXIT_OK : say_failed(d->s, e, NULL, "granting readers the keys they are owed");
}

static enum err count_payable(void *arg, const struct owed *o)
{
    size_t *n = arg;
    *n += o->has_box_key && o->has_key;
    return OK;
}

void readers_pay_best(struct desk *d)
{
    struct view *v = NULL;
    struct author *a = NULL;
    size_t n_payable = 0, n = 0;
    if (desk_view(d, &v) != EXIT_OK)
        return;
    if (view_owed(v, d->chain, count_payable, &n_payable) == OK && n_payable > 0) {
        enum exit_status st = author_begin(d, &a);
        if (st == EXIT_OK)
            st = readers_pay(a, v, &n);
        if (st == EXIT_OK)
            st = author_commit(a, NULL);
        if (st == EXIT_OK && n > 0)
            say_detail(d->s, "granted %zu keys to readers who were owed them", n);
        if (st != EXIT_OK)
            say_note(d->s, "readers are owed keys to history: the next publish or sync pays them");
        author_end(a);
    }
    view_close(v);
}
