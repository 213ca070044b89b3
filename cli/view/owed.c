#include <stdlib.h>
#include <string.h>

#include "cli/view/inside.h"
#include "cli/view/query.h"

enum err view_epoch_key(struct view *v, const struct epoch_id *id, struct sym_secret *ret)
{
    struct header named = { .audience = id->audience };
    struct audience_text audience = audience_text(&v->owner, &named);
    struct vsql q = vsql_start(v, V_KEY_GET);
    vsql_text(&q, id->origin.slug.s);
    vsql_u64(&q, id->origin.generation);
    vsql_text(&q, audience.s);
    vsql_u64(&q, id->epoch);
    bool found = vsql_row(&q) && vsql_col_fixed(&q, 0, ret->b, sizeof(ret->b));
    enum err e = vsql_end(&q);
    return e == OK && !found ? ERR_UNKNOWN : e;
}

enum err view_record_key(struct view *v, const char *slug, uint32_t generation, uint64_t idx, struct sym_secret *ret)
{
    struct vsql q = vsql_start(v, V_RECORD_KEY_GET);
    vsql_text(&q, slug);
    vsql_u64(&q, generation);
    vsql_u64(&q, idx);
    bool found = vsql_row(&q) && vsql_col_fixed(&q, 0, ret->b, sizeof(ret->b));
    enum err e = vsql_end(&q);
    return e == OK && !found ? ERR_UNKNOWN : e;
}

static void read_own(struct view *v, struct vsql *q, uint32_t generation, struct own_epoch *ret)
{
    memset(ret, 0, sizeof(*ret));
    ret->id.origin = (struct origin){ .alliance = v->owner.alliance, .slug = v->owner.slug, .generation = generation };
    if (!audience_from_text(&v->owner, vsql_col_bytes(q, 0), &ret->id.audience) && q->e == OK)
        q->e = ERR_CORRUPT;
    ret->id.epoch = (uint32_t)vsql_col_u64(q, 1);
    ret->idx = vsql_col_u64(q, 2);
    ret->has_charter = !vsql_col_is_null(q, 3);
    if (ret->has_charter)
        (void)vsql_col_fixed(q, 3, ret->charter.b, sizeof(ret->charter.b));
    ret->has_key = !vsql_col_is_null(q, 6);
    if (ret->has_key)
        (void)vsql_col_fixed(q, 6, ret->key.b, sizeof(ret->key.b));
    ret->is_outdated = vsql_col_int(q, 7) != 0;
    ret->title = vsql_col_text(q, 4);
    ret->readers = vsql_col_text(q, 5);
}

enum err view_own_epochs(struct view *v, uint32_t generation, own_epoch_each each, void *arg)
{
    enum err e = OK;
    struct vsql q = vsql_start(v, V_OWN_EPOCHS);
    vsql_text(&q, v->owner.slug.s);
    vsql_u64(&q, generation);
    vsql_u64(&q, CLOCK_AHEAD_MAX_MS);
    while (e == OK && vsql_row(&q)) {
        struct own_epoch own;
        read_own(v, &q, generation, &own);
        e = q.e == OK ? each(arg, &own) : OK;
        wipe(&own.key, sizeof(own.key));
    }
    enum err ended = vsql_end(&q);
    return e == OK ? ended : e;
}

/* ---- what is owed ---- */

struct reader_at {                          /* a reader of the charter that stands */
    const struct member *member;
    bool has_box_key;
    char box_key[BASE64_SIZE(32)];
    struct dh_public key;
    uint64_t box_since_ms;
    bool had_place;                         /* in the charter of the epoch being looked at, under the same root */
    size_t place;
};

struct owing {
    struct view *v;
    const struct chain *chain;
    bool from_admission;
    size_t n;
    struct reader_at readers[MEMBERS_MAX];
    bool has_charter;                       /* the charter that `had_place` speaks of */
    struct hash charter;
    bool is_known;
    owed_each each;
    void *arg;
};

struct epoch_row {                          /* borrowed from the statement */
    struct epoch_id id;
    const char *audience, *readers;
    bool is_alliance, has_key;
    struct hash charter;
    struct bytes boxes;
    uint64_t said_ms;
};

static enum err load_reader(struct owing *w, const struct member *m)
{
    struct reader_at *r = &w->readers[w->n++];
    *r = (struct reader_at){ .member = m };
    char root[BASE64_SIZE(32)];
    base64_encode((struct bytes){ m->root.b, sizeof(m->root.b) }, root);
    struct vsql q = vsql_start(w->v, V_MEMBER_BOX);     /* of a root that the charter has replaced: nobody's */
    vsql_text(&q, m->slug.s);
    vsql_text(&q, root);
    if (vsql_row(&q) && !vsql_col_is_null(&q, 0)) {
        vsql_col_copy(&q, 0, r->box_key, sizeof(r->box_key));
        r->box_since_ms = vsql_col_u64(&q, 1);
        r->has_box_key = base64_decode(bytes_of(r->box_key), r->key.b, sizeof(r->key.b)) == OK;
    }
    return vsql_end(&q);
}

/* Where each reader of today stood in the charter that an epoch names. Epochs come by charter, so this is done once for each. */
static void find_places(struct owing *w, const struct hash *charter)
{
    if (w->has_charter && hash_equal(&w->charter, charter))
        return;
    const struct charter *c = chain_find(w->chain, charter);
    const struct member *then[MEMBERS_MAX];
    size_t n = c != NULL ? charter_readers(c, then) : 0;
    w->has_charter = true;
    w->charter = *charter;
    w->is_known = c != NULL;
    for (size_t r = 0; r < w->n; r++) {
        w->readers[r].had_place = false;
        for (size_t i = 0; i < n; i++)
            if (slug_equal(&then[i]->slug, &w->readers[r].member->slug)) {
                const struct sign_public *now = &w->readers[r].member->root;
                w->readers[r].had_place = memcmp(then[i]->root.b, now->b, sizeof(now->b)) == 0;
                w->readers[r].place = i;
            }
    }
}

static bool has_box(const struct reader_at *r, const struct epoch_row *e)
{
    if (!r->had_place || r->place / 8 >= e->boxes.len || !(e->boxes.p[r->place / 8] >> (r->place % 8) & 1u))
        return false;
    return r->box_since_ms <= e->said_ms;
}

static enum err was_granted(struct owing *w, const struct reader_at *r, const struct epoch_row *e, bool *ret)
{
    *ret = false;
    if (!r->has_box_key)
        return OK;
    struct vsql q = vsql_start(w->v, V_GRANT_HAS);
    vsql_text(&q, r->member->slug.s);
    vsql_text(&q, r->box_key);
    vsql_text(&q, e->id.origin.slug.s);
    vsql_u64(&q, e->id.origin.generation);
    vsql_text(&q, e->audience);
    vsql_u64(&q, e->id.epoch);
    return vsql_any(&q, ret);
}

static enum err report(struct owing *w, const struct reader_at *r, const struct epoch_row *e)
{
    bool granted;
    enum err result = was_granted(w, r, e, &granted);
    if (result != OK || granted)
        return result;
    struct owed o = { .reader = r->member->slug, .has_box_key = r->has_box_key, .box_key = r->key, .epoch = e->id,
                      .has_key = e->has_key };
    return w->each(w->arg, &o);
}

static enum err owed_alliance(struct owing *w, const struct epoch_row *e)
{
    enum err result = OK;
    find_places(w, &e->charter);
    if (!w->is_known)
        return OK;                              /* a charter we have not seen: nothing can be said yet */
    for (size_t r = 0; r < w->n && result == OK; r++)
        if (!has_box(&w->readers[r], e) && (!w->from_admission || w->readers[r].had_place))
            result = report(w, &w->readers[r], e);
    return result;
}

/* Of our own named audiences only a reader's change of key is seen: the entry names its readers, each had a box. */
static enum err owed_named(struct owing *w, const struct epoch_row *e)
{
    enum err result = OK;
    struct bytes rest = bytes_of(e->readers), word;
    if (!slug_equal(&e->id.origin.slug, &w->v->owner.slug))
        return OK;
    while (result == OK && bytes_word(&rest, &word))
        for (size_t r = 0; r < w->n && result == OK; r++)
            if (bytes_equal(word, bytes_of(w->readers[r].member->slug.s)) && w->readers[r].box_since_ms > e->said_ms)
                result = report(w, &w->readers[r], e);
    return result;
}

static void read_epoch_row(struct owing *w, struct vsql *q, struct epoch_row *e)
{
    memset(e, 0, sizeof(*e));
    e->id.origin.alliance = w->v->owner.alliance;
    vsql_col_copy(q, 0, e->id.origin.slug.s, sizeof(e->id.origin.slug.s));
    e->id.origin.generation = (uint32_t)vsql_col_u64(q, 1);
    e->id.epoch = (uint32_t)vsql_col_u64(q, 3);
    if (!audience_from_text(&w->v->owner, vsql_col_bytes(q, 2), &e->id.audience) && q->e == OK)
        q->e = ERR_CORRUPT;
    e->audience = vsql_col_text(q, 2);
    e->is_alliance = !vsql_col_is_null(q, 4);
    if (e->is_alliance)
        (void)vsql_col_fixed(q, 4, e->charter.b, sizeof(e->charter.b));
    e->boxes = vsql_col_bytes(q, 5);
    e->said_ms = vsql_col_u64(q, 6);
    e->readers = vsql_col_text(q, 7);
    e->has_key = vsql_col_int(q, 8) != 0;
}

static enum err all_epochs(struct owing *w)
{
    enum err e = OK;
    struct vsql q = vsql_start(w->v, V_EPOCHS_ALL);
    while (e == OK && vsql_row(&q)) {
        struct epoch_row row;
        read_epoch_row(w, &q, &row);
        if (q.e == OK)
            e = row.is_alliance ? owed_alliance(w, &row) : owed_named(w, &row);
    }
    enum err ended = vsql_end(&q);
    return e == OK ? ended : e;
}

enum err view_owed(struct view *v, const struct chain *chain, owed_each each, void *arg)
{
    const struct charter *c = chain_current(chain);
    const struct member *readers[MEMBERS_MAX];
    if (c == NULL)
        return OK;
    struct owing *w = calloc(1, sizeof(*w));
    if (w == NULL)
        return ERR_NOMEM;
    w->v = v;
    w->chain = chain;
    w->from_admission = c->history_from_admission;
    w->each = each;
    w->arg = arg;
    enum err e = OK;
    size_t n = charter_readers(c, readers);
    for (size_t i = 0; i < n && e == OK; i++)
        e = load_reader(w, readers[i]);
    if (e == OK)
        e = all_epochs(w);
    free(w);
    return e;
}
