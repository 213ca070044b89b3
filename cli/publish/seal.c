#include "cli/publish/seal.h"

#include <stdlib.h>
#include <string.h>

#include "cli/author/sealer.h"
#include "cli/record_id.h"
#include "cli/say.h"
#include "protocol/signoff.h"

struct sealing {
    struct sealer sealer;
    struct buf plain;
    uint64_t *places;                       /* of each figure that was put: a note names it */
};

/* What stands in s->plain becomes the next entry. */
static enum err put_record(struct sealing *s)
{
    enum err e = buf_status(&s->plain);
    return e == OK ? sealer_put(&s->sealer, buf_bytes(&s->plain)) : e;
}

static enum err put_figures(struct sealing *s, const struct intake *in, const struct plan *p)
{
    enum err e = OK;
    size_t done = 0;
    struct progress shown = progress_start(author_desk(s->sealer.a)->s, "sealing figures", p->n_new + p->n_revised);
    for (size_t i = 0; e == OK && i < in->n_figures; i++) {
        if (p->kinds[i] == PLAN_UNCHANGED)
            continue;
        buf_clear(&s->plain);
        figure_write(&in->figures[i].figure, &s->plain);
        s->places[i] = author_next(s->sealer.a);
        e = put_record(s);
        progress_step(&shown, ++done);
    }
    progress_end(&shown);
    return e;
}

static enum err put_notes(struct sealing *s, const struct intake *in, const struct plan *p)
{
    const struct origin *o = &author_desk(s->sealer.a)->origin;
    enum err e = OK;
    for (size_t i = 0; e == OK && i < p->n_notes; i++) {
        const struct plan_note *n = &p->notes[i];
        const char *text = in->figures[n->at].comment;
        struct post note = {.type = "note"};
        struct record_id id = {o->slug, o->generation, s->places[n->at]};
        record_id_text(&id, note.about);
        if (n->record[0] != '\0')
            memcpy(note.about, n->record, strlen(n->record) + 1);
        memcpy(note.text, text, strlen(text) + 1);
        buf_clear(&s->plain);
        post_write(&note, &s->plain);
        e = put_record(s);
    }
    return e;
}

static enum err put_return(struct sealing *s, const struct request *r, const struct intake *in, const struct plan *p,
                           uint64_t first)
{
    struct batch_return b = {.first = first, .count = p->n_new + p->n_revised, .source = in->source};
    memcpy(b.title, r->title, sizeof(b.title));
    if (r->is_signed)
        memcpy(b.signed_off, r->signer.name, sizeof(b.signed_off));
    buf_clear(&s->plain);
    enum err e = return_check(&b);
    if (e == OK && r->is_signed)
        e = signoff_make(&author_desk(s->sealer.a)->origin, r->signer.officer.role, &r->signer.secret, &b);
    if (e == OK)
        return_write(&b, &s->plain);
    return e == OK ? put_record(s) : e;
}

/* Behind the return, which it names: all of it opens together. */
static enum err put_promise(struct sealing *s, const struct promise *opens, uint64_t last)
{
    const struct origin *o = &author_desk(s->sealer.a)->origin;
    struct record_id id = {o->slug, o->generation, last};
    char about[RECORD_TEXT_SIZE];
    struct post post;
    record_id_text(&id, about);
    promise_post(opens, about, &post);
    buf_clear(&s->plain);
    post_write(&post, &s->plain);
    return put_record(s);
}

static enum err put_all(struct sealing *s, const struct request *r, const struct intake *in, const struct plan *p,
                        struct sealed_batch *ret)
{
    struct author *a = s->sealer.a;
    enum err e = put_figures(s, in, p);
    if (e == OK)
        e = put_notes(s, in, p);
    ret->last = author_next(a) - 1;
    if (e == OK && p->n_new + p->n_revised > 0) {           /* notes alone are no return */
        ret->last = author_next(a);
        e = put_return(s, r, in, p, ret->first);
        if (e == OK && r->opens.is_made)
            e = put_promise(s, &r->opens, ret->last);
    }
    return e;
}

enum exit_status seal_batch(struct author *a, struct view *v, const struct request *r, const struct intake *in,
                            const struct plan *p, struct sealed_batch *ret)
{
    struct sealing s = {.plain = buf_on(PAYLOAD_MAX), .places = calloc(in->n_figures + 1, sizeof(*s.places))};
    enum exit_status st = sealer_open(a, v, r->to, &r->named, &s.sealer);
    if (st == EXIT_OK) {
        ret->first = author_next(a);
        enum err e = s.places != NULL ? put_all(&s, r, in, p, ret) : ERR_NOMEM;
        if (e != OK)
            st = say_failed(author_desk(a)->s, e, "nothing was published", "sealing the figures");
    }
    sealer_close(&s.sealer);
    free(s.places);
    buf_wipe(&s.plain);
    return st;
}
