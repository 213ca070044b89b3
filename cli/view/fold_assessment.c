/* cli/view/fold_assessment.c - self-assessments into their tables, with who stands behind them. */
#include "cli/view/inside.h"

#include <stdlib.h>
#include <string.h>

#include "protocol/assessment.h"
#include "protocol/assessment_body.h"

struct putting {
    struct fold *f;
    const char *record;
    struct audience_text audience;
    struct assessment a;
    struct note note;
    struct identity identity;
    struct assessment_signed who;
    size_t n_links;
};

static struct vsql put_start(const struct putting *p, enum vsql_id id)
{
    struct vsql q = vsql_start(p->f->v, id);
    vsql_text(&q, p->f->slug);
    vsql_u64(&q, p->f->log->origin.generation);
    vsql_u64(&q, p->f->idx);
    return q;
}

static enum err put_line(struct putting *p, size_t n)
{
    const struct assessment_line *l = &p->who.lines[n];
    struct vsql q = put_start(p, V_ASSESSMENT_SIGNATURE_PUT);
    vsql_u64(&q, n);
    vsql_text(&q, officer_role_name(l->role));
    vsql_text(&q, l->name);
    vsql_int(&q, l->state == LINE_HOLDS);
    vsql_text_or_null(&q, l->state == LINE_NOT_OFFICER ? NULL : l->is_own ? "own" : "held");
    vsql_text(&q, p->audience.s);
    return vsql_run(&q);
}

static enum err put_link(void *arg, const struct assessment_link *l)
{
    struct putting *p = arg;
    struct vsql q = put_start(p, V_ASSESSMENT_LINK_PUT);
    vsql_u64(&q, p->n_links++);
    vsql_text(&q, section_name(l->section));
    vsql_text_bytes(&q, l->label);
    vsql_text_bytes(&q, l->target);
    vsql_text_bytes(&q, l->sentence);
    vsql_text(&q, p->audience.s);
    return vsql_run(&q);
}

static enum err put_row(struct putting *p)
{
    struct fold *f = p->f;
    char said_at[MOMENT_SIZE], hash[HEX_SIZE(HASH_LEN)], missing[128];
    struct hash text = sha256(p->a.text);
    hex_encode((struct bytes){text.b, sizeof(text.b)}, hash);
    moment_text(f->h.time_ms, said_at);
    assessment_missing(&p->who, missing);
    struct vsql q = put_start(p, V_ASSESSMENT_PUT);
    vsql_text(&q, p->record);
    vsql_u64(&q, p->a.head.year);
    vsql_u64(&q, p->a.head.judgement);
    vsql_text(&q, hash);
    vsql_text_bytes(&q, p->a.text);
    vsql_text_bytes(&q, p->a.note);
    vsql_int(&q, p->who.is_quartet);
    vsql_text(&q, missing);
    vsql_int(&q, f->log->counts);
    vsql_text(&q, p->audience.s);
    vsql_text(&q, said_at);
    vsql_int(&q, moment_stored(f->h.time_ms));
    f->n.assessments++;
    return vsql_run(&q);
}

static enum err put_all(struct putting *p)
{
    enum err e = fold_officers(p->f, &p->identity);
    if (e != OK)
        return e;
    assessment_judge(&p->note, &p->a.head.slug, p->identity.officers, p->identity.n_officers, p->a.cards, p->a.n_cards, &p->who);
    e = put_row(p);
    for (size_t i = 0; e == OK && i < p->who.n; i++)
        e = put_line(p, i);
    return e == OK ? assessment_links(p->a.body, put_link, p) : e;
}

enum err fold_assessment(struct fold *f, const char *record, struct bytes plain)
{
    struct putting *p = malloc(sizeof(*p));
    if (p == NULL)
        return ERR_NOMEM;
    *p = (struct putting){.f = f, .record = record, .audience = audience_text(&f->v->owner, &f->h)};
    enum err e = assessment_read(plain, &p->a);
    if (e == OK)
        e = note_parse(p->a.note, &p->note);
    if (e == OK && strcmp(p->a.head.slug.s, f->slug) != 0)      /* another body's words are not its own */
        e = ERR_FORMAT;
    if (e == OK)
        e = put_all(p);
    else if (e != ERR_NOMEM)
        e = fold_problem(f, "assessment");
    free(p);
    return e;
}
