/* cli/cmd_assess_publish.c - a self-assessment, signed by officers, becomes a record of our log. */
#include "cli/commands.h"

#include <inttypes.h>
#include <string.h>

#include "cli/assess/draft.h"
#include "cli/assess/fit.h"
#include "cli/author/sealer.h"
#include "cli/officer/officers.h"
#include "cli/opening/promise.h"
#include "cli/output/output.h"
#include "cli/record_id.h"
#include "cli/say.h"
#include "cli/view/assessments.h"

const struct option_spec options_assess_publish[] = {
    {"audience", 0, OPTION_VALUE, "alliance|public|SLUG,...", "who may read it; the alliance unless given"},
    {"opens", 0, OPTION_VALUE, "DATE|90d|never", "the day on which it is opened to more readers; as the charter says unless given"},
    {"to", 0, OPTION_VALUE, "alliance|public|SLUG,...", "to whom it opens then; the alliance unless given"},
    OPTIONS_END,
};

struct publishing {
    struct desk *d;
    struct draft *draft;
    const char *audience;
    enum publish_to to;
    struct named named;
    struct promise opens;
    struct buf cards[ASSESSMENT_CARDS_MAX];
    size_t n_cards;
    char standing[RECORD_TEXT_SIZE];        /* the newest of ours that says just this, by just these; "" for none */
};

/* ---- may it be published? ---- */

static enum exit_status check_signatures(struct publishing *p)
{
    struct session *s = p->d->s;
    const struct draft *d = p->draft;
    char names[DRAFT_NAMES_SIZE];
    if (draft_names(d, LINE_VOID, names))
        return say_refused(s, EXIT_NO, "void-signature", "they sign again, or the next who signs takes their lines out",
                           "%s: the text was changed since %s signed it", d->name, names);
    if (draft_names(d, LINE_NOT_OFFICER, names))
        return say_refused(s, EXIT_NO, "not-an-officer", "take the line out; `folkmoot officer list` has those that count",
                           "%s: signed by %s with a key that was revoked, or never enrolled", d->name, names);
    if (d->who.n == 0)
        return say_refused(s, EXIT_NO, "not-signed", "`folkmoot assess sign` is for its officers", "%s: nobody has signed it",
                           d->name);
    return EXIT_OK;
}

static enum exit_status check_author(struct publishing *p)
{
    struct session *s = p->d->s;
    const struct slug *us = &p->d->identity->slug;
    const struct member *m = charter_find(desk_charter(p->d), us);
    if (!slug_equal(us, &p->draft->head.slug))
        return say_refused(s, EXIT_NO, "other-authority", "each authority publishes its own",
                           "%s: it is a self-assessment of %s, and this home is %s's", p->draft->name, p->draft->head.slug.s,
                           us->s);
    if (m == NULL || m->role != ROLE_AUTHORITY)
        return say_refused(s, EXIT_NO, "no-authority", "only members of the role authority assess themselves",
                           "%s: %s is a %s in this alliance", p->draft->name, us->s, m != NULL ? role_name(m->role) : "stranger");
    return EXIT_OK;
}

static enum exit_status read_audience(struct publishing *p)
{
    const char *word = option_value(&p->d->s->options, "audience");
    p->audience = word != NULL ? word : "alliance";
    p->to = strcmp(p->audience, "alliance") == 0 ? TO_ALLIANCE : strcmp(p->audience, "public") == 0 ? TO_PUBLIC : TO_NAMED;
    enum exit_status st = p->to == TO_NAMED ? named_resolve(p->d, p->audience, &p->named) : EXIT_OK;
    return st == EXIT_OK ? promise_read(p->d, p->to, &p->opens) : st;
}

/* ---- the record ---- */

/* A card that is lost loses a name and nothing else. */
static enum err take_cards(struct publishing *p)
{
    enum err e = OK;
    for (size_t i = 0; e == OK && i < p->draft->who.n && p->n_cards < ASSESSMENT_CARDS_MAX; i++) {
        const struct officer *o = p->draft->who.lines[i].officer;
        struct buf *card = &p->cards[p->n_cards];
        *card = buf_on(OFFICER_CARD_MAX);
        e = officers_read_card(&p->d->s->home, o, card);
        p->n_cards += e == OK && card->len > 0;
    }
    return e;
}

static enum err write_record(struct publishing *p, struct buf *ret)
{
    struct assessment a = {.head = p->draft->head, .note = buf_bytes(&p->draft->file.note), .n_cards = p->n_cards};
    for (size_t i = 0; i < p->n_cards; i++)
        a.cards[i] = buf_bytes(&p->cards[i]);
    assessment_write(&a, ret);
    return buf_status(ret);
}

/* The newest of the year, in that audience: does it say the same, signed by the same? */
static enum err each_own(void *arg, const struct assessment_row *r)
{
    struct publishing *p = arg;
    bool is_named = strcmp(r->audience, "alliance") != 0 && strcmp(r->audience, "public") != 0;
    bool is_same_audience = p->to == TO_NAMED ? is_named : strcmp(r->audience, p->to == TO_PUBLIC ? "public" : "alliance") == 0;
    if (is_same_audience && is_named) {
        struct named was;
        enum err e = named_of_audience(p->d, p->d->view, r->audience, &was);
        is_same_audience = e == OK && was.n == p->named.n;
        for (size_t i = 0; is_same_audience && i < was.n; i++)
            is_same_audience = slug_equal(&was.slugs[i], &p->named.slugs[i]);
        if (e != OK && e != ERR_UNKNOWN)
            return e;
    }
    if (is_same_audience && bytes_equal(r->note, buf_bytes(&p->draft->file.note)))
        (void)snprintf(p->standing, sizeof(p->standing), "%s", r->record);
    return OK;
}

/* Behind the record, which it names. */
static enum err put_promise(struct publishing *p, struct sealer *sealer, uint64_t idx)
{
    static struct post post;                    /* some 8 KiB */
    char about[RECORD_TEXT_SIZE];
    struct record_id id = {p->d->origin.slug, p->d->origin.generation, idx};
    struct buf plain = buf_on(PAYLOAD_MAX);
    record_id_text(&id, about);
    promise_post(&p->opens, about, &post);
    post_write(&post, &plain);
    enum err e = buf_status(&plain);
    if (e == OK)
        e = sealer_put(sealer, buf_bytes(&plain));
    buf_release(&plain);
    return e;
}

static enum exit_status seal(struct publishing *p, struct bytes record, uint64_t *ret_idx)
{
    struct session *s = p->d->s;
    struct author *a = NULL;
    struct sealer sealer = {.a = NULL};
    enum exit_status st = author_begin(p->d, &a);
    if (st == EXIT_OK && p->to == TO_PUBLIC)
        st = fit_check(p->d, p->draft);     /* under the lock: nobody withdraws what it cites meanwhile */
    if (st == EXIT_OK)
        st = sealer_open(a, p->d->view, p->to, &p->named, &sealer);
    if (st == EXIT_OK) {
        *ret_idx = author_next(a);
        enum err e = sealer_put(&sealer, record);
        if (e == OK && p->opens.is_made)
            e = put_promise(p, &sealer, *ret_idx);
        st = e == OK ? author_commit(a, NULL) : say_failed(s, e, "nothing was published", "%s", p->draft->name);
    }
    sealer_close(&sealer);
    author_end(a);
    return st;
}

static enum exit_status publish_it(struct publishing *p, uint64_t *ret_idx)
{
    struct buf plain = buf_on(PAYLOAD_MAX);
    enum err e = take_cards(p);
    if (e == OK)
        e = write_record(p, &plain);
    enum exit_status st = e == OK ? seal(p, buf_bytes(&plain), ret_idx)
                                  : say_failed(p->d->s, e, "nothing was published", "%s", p->draft->name);
    buf_wipe(&plain);
    return st;
}

static enum exit_status answer(const struct publishing *p, const char *record, bool is_new)
{
    struct session *s = p->d->s;
    const struct draft *d = p->draft;
    char missing[128], words[ASSESS_MISSING_SIZE], hash[HEX_SIZE(HASH_LEN)];
    draft_hash(d, hash);
    assessment_missing(&d->who, missing);
    assess_missing_words(missing, words);
    struct sheet *sh = draft_signatures(d);
    json_t *doc = json_document(s);
    json_object_set_new(doc, "record", json_text(record));
    json_object_set_new(doc, "published", json_boolean(is_new));
    json_object_set_new(doc, "slug", json_text(d->head.slug.s));
    json_object_set_new(doc, "year", json_integer(d->head.year));
    json_object_set_new(doc, "judgement", json_integer(d->head.judgement));
    json_object_set_new(doc, "hash", json_text(hash));
    json_object_set_new(doc, "audience", json_text(p->audience));
    json_object_set_new(doc, "opens", is_new && p->opens.is_made ? json_text(p->opens.due) : json_null());
    json_object_set_new(doc, "signatures", sheet_json(sh));
    json_object_set_new(doc, "quartet", draft_quartet_json(d));
    json_object_set_new(doc, "missing", assess_missing_json(missing));
    out(s, "%s: the self-assessment of %s, %" PRIu32 "%s, for %s.\n", record, d->head.slug.s, d->head.year,
        is_new ? "" : ", as it was published already", p->audience);
    if (is_new && p->opens.is_made)
        out(s, "To be opened to %s on %s.\n", promise_to_whom(&p->opens), p->opens.due);
    if (!d->who.is_quartet)
        out(s, "Not signed by: %s. Everybody sees that.\n", words);
    out(s, "\n");
    enum exit_status st = output(s, doc, sh);
    sheet_free(sh);
    promises_remind(p->d, p->d->view);
    if (st == EXIT_OK)
        say_next(s, "`folkmoot assess show %s` shows it as others see it", d->head.slug.s);
    return st;
}

static enum exit_status run(struct publishing *p)
{
    struct session *s = p->d->s;
    uint64_t idx = 0;
    char record[RECORD_TEXT_SIZE];
    enum exit_status st = check_author(p);
    if (st == EXIT_OK) {
        enum err e = draft_judge(p->draft, p->d->identity, &s->home);
        st = e == OK ? check_signatures(p) : say_failed(s, e, NULL, "%s", p->draft->name);
    }
    if (st == EXIT_OK)
        st = read_audience(p);
    if (st != EXIT_OK)
        return st;
    enum err e = view_assessments(p->d->view, p->draft->head.slug.s, p->draft->head.year, each_own, p);
    if (e != OK)
        return say_failed(s, e, NULL, "%s", p->draft->name);
    if (p->standing[0] != '\0')
        return answer(p, p->standing, false);
    if ((st = publish_it(p, &idx)) != EXIT_OK)
        return st;
    struct record_id id = {p->d->origin.slug, p->d->origin.generation, idx};
    record_id_text(&id, record);
    return answer(p, record, true);
}

static enum exit_status publish(struct desk *d)
{
    struct publishing p = {.d = d};
    enum exit_status st = draft_read(d->s, session_arg(d->s, 0), &p.draft);
    if (st == EXIT_OK)
        st = run(&p);
    for (size_t i = 0; i < ASSESSMENT_CARDS_MAX; i++)
        buf_release(&p.cards[i]);
    draft_free(p.draft);
    return st;
}

enum exit_status cmd_assess_publish(struct session *s)
{
    return desk_run(s, DESK_WRITE | DESK_MEMBER | DESK_VIEW, publish);
}
