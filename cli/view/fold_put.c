#include <stdio.h>
#include <string.h>

#include "cli/view/inside.h"

/* What every record begins with. */
enum { RECORD_TEXT_MAX = SLUG_MAX + 1 + 10 + 1 + 20 + 1 };
struct about { char record[RECORD_TEXT_MAX]; char said_at[MOMENT_SIZE]; struct audience_text audience; int64_t said_ms; };

/* "east-sussex/17", from generation 2 on "east-sussex~2/17". */
static void record_text(const char *slug, uint64_t generation, uint64_t idx, char ret[RECORD_TEXT_MAX])
{
    char digits[20];
    size_t at = strlen(slug), n = 0;
    memcpy(ret, slug, at);
    if (generation > 1)
        at += (size_t)snprintf(ret + at, RECORD_TEXT_MAX - at, "~%u", (unsigned)generation);
    ret[at++] = '/';
    do
        digits[n++] = (char)('0' + idx % 10);
    while ((idx /= 10) > 0);
    while (n > 0)
        ret[at++] = digits[--n];
    ret[at] = '\0';
}

static void about_fill(const struct fold *f, struct about *a)
{
    record_text(f->slug, f->log->origin.generation, f->idx, a->record);
    moment_text(f->h.time_ms, a->said_at);
    a->audience = audience_text(&f->v->owner, &f->h);
    a->said_ms = moment_stored(f->h.time_ms);
}

static struct vsql put_start(struct fold *f, enum vsql_id id, const struct about *a)
{
    struct vsql q = vsql_start(f->v, id);
    vsql_text(&q, f->slug);
    vsql_u64(&q, f->log->origin.generation);
    vsql_u64(&q, f->idx);
    vsql_text(&q, a->record);
    return q;
}

static void put_decimal(struct vsql *q, bool has, struct decimal d)
{
    if (has) {
        vsql_int(q, d.mantissa);
        vsql_int(q, d.scale);
        vsql_real(q, decimal_double(d));
    } else {
        vsql_null(q);
        vsql_null(q);
        vsql_null(q);
    }
}

static enum err put_figure(struct fold *f, const struct figure *g)
{
    struct about a;
    about_fill(f, &a);
    struct vsql q = put_start(f, V_FIGURE_PUT, &a);
    vsql_text(&q, g->indicator);
    vsql_text(&q, g->period);
    vsql_text(&q, g->time_identifier);
    vsql_text(&q, g->breakdown);
    put_decimal(&q, g->has_numerator, g->numerator);
    put_decimal(&q, g->has_denominator, g->denominator);
    put_decimal(&q, g->has_value, g->value);
    vsql_text(&q, status_name(g->status));
    vsql_text(&q, reason_name(g->reason));
    vsql_text(&q, marking_name(g->marking));
    vsql_text(&q, a.audience.s);
    vsql_text(&q, a.said_at);
    vsql_int(&q, a.said_ms);
    vsql_fixed(&q, g->definition.b, sizeof(g->definition.b));
    vsql_int(&q, f->log->counts);
    f->n.figures++;
    return vsql_run(&q);
}

/* [P-38] Its hash is BLAKE2b-256 of the record's bytes. */
static enum err put_definition(struct fold *f, const struct definition *d, struct bytes plain)
{
    struct about a;
    struct hash hash = record_hash(plain);
    about_fill(f, &a);
    struct vsql q = put_start(f, V_DEFINITION_PUT, &a);
    vsql_text(&q, d->id);
    vsql_fixed(&q, hash.b, sizeof(hash.b));
    vsql_text(&q, d->title);
    vsql_text(&q, d->numerator);
    vsql_text(&q, d->denominator);
    vsql_text(&q, d->unit);
    vsql_u64(&q, d->multiplier);
    vsql_u64(&q, d->decimals);
    vsql_text(&q, polarity_name(d->polarity));
    vsql_int(&q, d->counts_people);
    vsql_int(&q, d->parts_rounded);
    vsql_text(&q, d->basis);
    vsql_text(&q, parts_name(d->parts));
    vsql_text(&q, a.audience.s);
    vsql_text(&q, a.said_at);
    vsql_int(&q, a.said_ms);
    f->n.definitions++;
    return vsql_run(&q);
}

static enum err put_return(struct fold *f, const struct batch_return *r)
{
    struct about a;
    char source[HEX_SIZE(HASH_LEN)], signed_off[SIGNED_OFF_SIZE];
    about_fill(f, &a);
    enum err e = fold_signoff(f, r, signed_off);
    if (e != OK)
        return e;
    hex_encode((struct bytes){ r->source.b, sizeof(r->source.b) }, source);
    struct vsql q = put_start(f, V_RETURN_PUT, &a);
    vsql_text(&q, r->title);
    vsql_u64(&q, r->first);
    vsql_u64(&q, r->count);
    vsql_text(&q, source);
    vsql_text(&q, signed_off);
    vsql_text(&q, a.audience.s);
    vsql_text(&q, a.said_at);
    vsql_int(&q, a.said_ms);
    f->n.returns++;
    return vsql_run(&q);
}

static enum err put_other(struct fold *f, struct bytes type, struct bytes plain)
{
    struct about a;
    about_fill(f, &a);
    struct vsql q = put_start(f, V_OTHER_PUT, &a);
    vsql_text_bytes(&q, type);
    vsql_text(&q, a.audience.s);
    vsql_text(&q, a.said_at);
    vsql_int(&q, a.said_ms);
    vsql_fixed(&q, plain.p, plain.len);
    f->n.others++;
    return vsql_run(&q);
}

static enum err put_post(struct fold *f, const struct post *p)
{
    struct about a;
    about_fill(f, &a);
    struct vsql q = put_start(f, V_POST_PUT, &a);
    vsql_text(&q, p->type);
    vsql_text(&q, p->about);
    vsql_text(&q, p->text);
    vsql_text(&q, p->owner);
    vsql_text(&q, p->due);
    vsql_text(&q, p->state);
    vsql_text(&q, a.audience.s);
    vsql_text(&q, a.said_at);
    vsql_int(&q, a.said_ms);
    f->n.posts++;
    return vsql_run(&q);
}

static enum err put_collection(struct fold *f, const struct collection *c)
{
    struct about a;
    struct buf ids = buf_on(COLLECTION_INDICATORS_MAX * (INDICATOR_MAX + 1));
    about_fill(f, &a);
    for (size_t i = 0; i < c->n; i++)
        buf_printf(&ids, "%s%s", i > 0 ? " " : "", c->indicators[i]);
    enum err e = buf_status(&ids);
    if (e == OK) {
        struct vsql q = put_start(f, V_COLLECTION_PUT, &a);
        vsql_int(&q, c->number);
        vsql_text(&q, c->title);
        vsql_text(&q, c->period);
        vsql_text(&q, c->time_identifier);
        vsql_text(&q, c->due);
        vsql_text_bytes(&q, buf_bytes(&ids));
        vsql_text(&q, c->is_closed ? "closed" : "open");
        vsql_text(&q, a.audience.s);
        vsql_text(&q, a.said_at);
        vsql_int(&q, a.said_ms);
        f->n.collections++;
        e = vsql_run(&q);
    }
    buf_release(&ids);
    return e;
}

static enum err put_assessment(struct fold *f, struct bytes plain)
{
    struct about a;
    about_fill(f, &a);
    return fold_assessment(f, a.record, plain);
}

/* It is no row: what it opens is. One that everybody may read is an entry of kind `open`, and nothing else. */
static enum err open_to_its_readers(struct fold *f, struct bytes plain)
{
    struct audience_text audience = audience_text(&f->v->owner, &f->h);
    if (f->h.is_public || opening_record_read(plain, f->opening) != OK)
        return fold_problem(f, "opening");
    enum err e = fold_opening(f, f->opening, audience.s);
    wipe(f->opening, sizeof(*f->opening));
    return e;
}

union any_record { struct figure figure; struct definition definition; struct batch_return batch; struct post post;
                   struct collection collection; };

static enum err put_by_type(struct fold *f, struct bytes plain, union any_record *r)
{
    struct bytes type;
    if (record_type(plain, &type) != OK)
        return fold_problem(f, "record");
    if (bytes_equal(type, bytes_of("figure")))
        return figure_read(plain, &r->figure) == OK ? put_figure(f, &r->figure) : fold_problem(f, "figure");
    if (bytes_equal(type, bytes_of("definition")))
        return definition_read(plain, &r->definition) == OK ? put_definition(f, &r->definition, plain)
                                                            : fold_problem(f, "definition");
    if (bytes_equal(type, bytes_of("return")))
        return return_read(plain, &r->batch) == OK ? put_return(f, &r->batch) : fold_problem(f, "return");
    if (bytes_equal(type, bytes_of("post")))
        return post_read(plain, &r->post) == OK ? put_post(f, &r->post) : fold_problem(f, "post");
    if (bytes_equal(type, bytes_of("collection")))
        return collection_read(plain, &r->collection) == OK ? put_collection(f, &r->collection) : fold_problem(f, "collection");
    if (bytes_equal(type, bytes_of("assessment")))
        return put_assessment(f, plain);
    if (bytes_equal(type, bytes_of("opening")))
        return open_to_its_readers(f, plain);
    return put_other(f, type, plain);
}

/* Something that comes late may have been withdrawn already, or lie under a withdrawn newer version. */
static enum err settle_late(struct fold *f)
{
    const uint64_t generation = f->log->origin.generation;
    enum err e = OK;
    if (!f->is_bulk) {
        struct vsql q = vsql_start(f->v, V_BURY_LATE);
        vsql_text(&q, f->slug);
        vsql_u64(&q, generation);
        vsql_u64(&q, f->idx);
        e = vsql_run(&q);
    }
    return e == OK ? fold_mark_withdrawn(f, f->slug, generation, f->idx) : e;
}

enum err fold_put(struct fold *f, struct bytes plain)
{
    union any_record r;
    enum err e = put_by_type(f, plain, &r);
    if (e == OK && f->has_record_keys)
        e = fold_mark_opened(f, f->slug, f->log->origin.generation, f->idx);
    return e == OK && f->is_late ? settle_late(f) : e;
}

/* ---- what was withdrawn ---- */

struct mark { char reason[32]; bool erased; int64_t at_ms; };

static enum err run_on(struct fold *f, enum vsql_id id, const char *slug, uint64_t generation, uint64_t target,
                       const struct mark *m)
{
    struct vsql q = vsql_start(f->v, id);
    vsql_text(&q, slug);
    vsql_u64(&q, generation);
    vsql_u64(&q, target);
    if (m != NULL) {
        vsql_text(&q, m->reason);
        vsql_int(&q, m->at_ms);
    }
    return vsql_run(&q);
}

enum err fold_bury_older(struct fold *f, const char *slug, uint64_t generation, uint64_t target)
{
    return run_on(f, V_BURY_OLDER, slug, generation, target, NULL);
}

enum err fold_mark_withdrawn(struct fold *f, const char *slug, uint64_t generation, uint64_t target)
{
    static const enum vsql_id marks[] = { V_WITHDRAW_FIGURE, V_WITHDRAW_DEFINITION, V_WITHDRAW_RETURN, V_WITHDRAW_POST,
                                           V_WITHDRAW_COLLECTION, V_WITHDRAW_OTHER, V_WITHDRAW_ASSESSMENT };
    static const enum vsql_id erasures[] = { V_ERASE_FIGURE, V_ERASE_DEFINITION, V_ERASE_OTHER, V_ERASE_RETURN, V_ERASE_POST,
                                             V_ERASE_COLLECTION, V_ERASE_ASSESSMENT, V_ERASE_SIGNATURES, V_ERASE_LINKS, V_ERASE_KEY,
                                             V_SEALED_DROP };
    struct mark m = {0};
    struct vsql q = vsql_start(f->v, V_WITHDRAWAL_GET);
    vsql_text(&q, slug);
    vsql_u64(&q, generation);
    vsql_u64(&q, target);
    bool found = vsql_row(&q);
    if (found) {
        vsql_col_copy(&q, 0, m.reason, sizeof(m.reason));
        m.erased = vsql_col_int(&q, 1) != 0;
        m.at_ms = vsql_col_int(&q, 2);
    }
    enum err e = vsql_end(&q);
    if (e != OK || !found)
        return e;
    for (size_t i = 0; i < sizeof(marks) / sizeof(marks[0]) && e == OK; i++)
        e = run_on(f, marks[i], slug, generation, target, &m);
    if (e == OK && !f->is_bulk)                 /* a withdrawn version does not bring back the one before */
        e = fold_bury_older(f, slug, generation, target);
    bool has_held = false;
    for (size_t i = 0; m.erased && i < sizeof(erasures) / sizeof(erasures[0]) && e == OK; i++) {
        e = run_on(f, erasures[i], slug, generation, target, NULL);
        has_held |= e == OK && sqlite3_changes(f->v->db) > 0;
    }
    return e == OK && has_held ? fold_owes_scrub(f) : e;
}
