#include "cli/publish/seal.h"

#include <stdlib.h>
#include <string.h>

#include "cli/author/readers.h"
#include "cli/record_id.h"
#include "cli/say.h"

struct sealer {
    struct author *a;
    bool is_public;
    struct seal_with with;
    struct sym_secret key;
    struct buf plain, header, payload;
    uint64_t *places;                       /* of each figure that was put: a note names it */
};

static void take_key(struct sealer *s, const struct audience_id *audience, uint32_t epoch, const struct sym_secret *key)
{
    s->key = *key;
    s->with.id = (struct epoch_id){author_desk(s->a)->origin, *audience, epoch};
    s->with.epoch_key = &s->key;
}

static enum exit_status alliance_key(struct sealer *s, struct view *v)
{
    struct sym_secret key;
    struct audience_id audience;
    uint32_t epoch = 0;
    memcpy(audience.b, author_desk(s->a)->origin.alliance.b, sizeof(audience.b));
    enum exit_status st = readers_epoch(s->a, v, &epoch, &key);
    if (st == EXIT_OK)
        take_key(s, &audience, epoch, &key);
    wipe(&key, sizeof(key));
    return st;
}

static enum exit_status named_key(struct sealer *s, struct view *v, const struct named *named)
{
    struct named_epoch e;
    enum exit_status st = named_epoch(s->a, v, named, &e);
    if (st == EXIT_OK)
        take_key(s, &e.audience, e.epoch, &e.key);
    wipe(&e, sizeof(e));
    return st;
}

static enum exit_status key_for(struct sealer *s, struct view *v, const struct request *r)
{
    switch (r->to) {
    case TO_ALLIANCE:
        return alliance_key(s, v);
    case TO_PUBLIC:
        s->is_public = true;
        return EXIT_OK;
    case TO_NAMED:
        return named_key(s, v, &r->named);
    }
    return EXIT_USAGE;
}

/* What stands in s->plain becomes the next entry. */
static enum err put_record(struct sealer *s)
{
    enum err e = buf_status(&s->plain);
    if (e != OK)
        return e;
    if (s->is_public)
        return author_put_public(s->a, KIND_RECORD, buf_bytes(&s->plain));
    buf_clear(&s->header);
    buf_clear(&s->payload);
    s->with.time_ms = session_now_ms();
    random_fill(s->with.nonce, sizeof(s->with.nonce));
    random_fill(s->with.salt, sizeof(s->with.salt));
    record_seal(&s->with, buf_bytes(&s->plain), &s->header, &s->payload);
    e = buf_status(&s->payload);
    if (e == OK)
        e = buf_status(&s->header);
    return e == OK ? author_put(s->a, buf_bytes(&s->header), buf_bytes(&s->payload)) : e;
}

static enum err put_figures(struct sealer *s, const struct intake *in, const struct plan *p)
{
    enum err e = OK;
    size_t done = 0;
    struct progress shown = progress_start(author_desk(s->a)->s, "sealing figures", p->n_new + p->n_revised);
    for (size_t i = 0; e == OK && i < in->n_figures; i++) {
        if (p->kinds[i] == PLAN_UNCHANGED)
            continue;
        buf_clear(&s->plain);
        figure_write(&in->figures[i].figure, &s->plain);
        s->places[i] = author_next(s->a);
        e = put_record(s);
        progress_step(&shown, ++done);
    }
    progress_end(&shown);
    return e;
}

static enum err put_notes(struct sealer *s, const struct intake *in, const struct plan *p)
{
    const struct origin *o = &author_desk(s->a)->origin;
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

static enum err put_return(struct sealer *s, const struct request *r, const struct intake *in, const struct plan *p,
                           uint64_t first)
{
    struct batch_return b = {.first = first, .count = p->n_new + p->n_revised, .source = in->source};
    memcpy(b.title, r->title, sizeof(b.title));
    buf_clear(&s->plain);
    enum err e = return_check(&b);
    if (e == OK)
        return_write(&b, &s->plain);
    return e == OK ? put_record(s) : e;
}

enum exit_status seal_batch(struct author *a, struct view *v, const struct request *r, const struct intake *in,
                            const struct plan *p, struct sealed_batch *ret)
{
    struct sealer s = {.a = a, .places = calloc(in->n_figures + 1, sizeof(*s.places)), .plain = buf_on(PAYLOAD_MAX), .header = buf_on(HEADER_MAX), .payload = buf_on(PAYLOAD_MAX)};
    size_t n_granted = 0;
    enum exit_status st = readers_pay(a, v, &n_granted);
    if (st == EXIT_OK)
        st = key_for(&s, v, r);
    if (st == EXIT_OK) {
        ret->first = author_next(a);
        enum err e = s.places != NULL ? put_figures(&s, in, p) : ERR_NOMEM;
        if (e == OK)
            e = put_notes(&s, in, p);
        ret->last = author_next(a) - 1;
        if (e == OK && p->n_new + p->n_revised > 0) {       /* notes alone are no return */
            ret->last = author_next(a);
            e = put_return(&s, r, in, p, ret->first);
        }
        if (e != OK)
            st = say_failed(author_desk(a)->s, e, "nothing was published", "sealing the figures");
    }
    if (st == EXIT_OK && n_granted > 0)
        say_detail(author_desk(a)->s, "%zu keys granted to readers who were owed them", n_granted);
    wipe(&s.with, sizeof(s.with));
    wipe(&s.key, sizeof(s.key));
    free(s.places);
    buf_wipe(&s.plain);
    buf_release(&s.header);
    buf_release(&s.payload);
    return st;
}
