#include "cli/commands.h"

#include <stddef.h>
#include <stdlib.h>

#include "cli/alliance/lineage.h"
#include "cli/alliance/propose.h"
#include "cli/output/output.h"
#include "cli/publish/small.h"
#include "cli/reach.h"
#include "cli/say.h"

const struct option_spec options_alliance_show[] = {OPTIONS_END};

static const struct column columns[] = {
    {"slug", "member", 0}, {"name", "name", 0}, {"role", "role", 0}, {"dfe", "DfE", 0}, {"gss", "GSS", COLUMN_VERBOSE},
    {"size", "entries", COLUMN_NUMBER}, {"former", NULL, 0}, {"runs", "runs", COLUMN_VERBOSE}, {"last_heard", "last heard", 0},
};

static uint64_t size_of(struct desk *d, const struct member *m)
{
    struct log_state l;
    struct buf note = buf_on(CHECKPOINT_MAX);
    struct origin o;
    enum err e = desk_newest_log(d, &m->slug, &o);
    if (e == OK)
        e = store_log(d->store, &o, &l, &note);
    uint64_t size = e == OK ? l.whole : 0;
    session_lacks(d->s, e);
    buf_release(&note);
    return m->is_former && o.generation == m->closed_generation && size > m->closed_size ? m->closed_size : size;
}

static void add_member(struct desk *d, struct sheet *sh, const struct member *m, const struct reach *x)
{
    char name[NAME_MAX_LEN + 1] = {0}, when[TIME_TEXT_MAX];
    struct peer_row peer = reach_of(x, &m->slug);
    bool is_us = slug_equal(&m->slug, &d->identity->slug);
    desk_name_of(d, &m->slug, name);
    time_text(peer.heard_ms, when);
    sheet_row(sh);
    sheet_text(sh, m->slug.s);
    sheet_text(sh, name);
    sheet_text(sh, role_name(m->role));
    if (m->is_former)
        sheet_shown(sh, "former");
    sheet_text(sh, m->codes.dfe[0] != '\0' ? m->codes.dfe : NULL);
    sheet_text(sh, m->codes.gss[0] != '\0' ? m->codes.gss : NULL);
    sheet_count(sh, (int64_t)size_of(d, m));
    sheet_bool(sh, m->is_former);
    sheet_text(sh, is_us ? "folkmoot " FOLKMOOT_VERSION : peer.program[0] != '\0' ? peer.program : NULL);
    sheet_text(sh, peer.heard_ms > 0 ? when : NULL);
    if (is_us)
        sheet_shown(sh, "this node");
}

static json_t *slugs(const struct slug *list, size_t n)
{
    json_t *a = json_array();
    for (size_t i = 0; i < n; i++)
        json_array_append_new(a, json_text(list[i].s));
    return a;
}

/* Who of the stewards has signed a proposal. */
static json_t *signers(struct desk *d, const struct charter *p)
{
    uint32_t mask = 0;
    size_t n = 0;
    json_t *list = json_array();
    const struct charter *now = desk_charter(d);
    struct note *note = malloc(sizeof(*note));
    session_lacks(d->s, note != NULL ? OK : ERR_NOMEM);
    if (note != NULL && note_parse(chain_note(d->chain, &p->hash), note) == OK
        && charter_count_signatures(now, note, &n, &mask) == OK)
        for (size_t i = 0; i < now->n_stewards; i++)
            if ((mask & (uint32_t)1 << i) != 0)
                json_array_append_new(list, json_text(now->stewards[i].s));
    free(note);
    return list;
}

static json_t *pending(struct desk *d)
{
    const struct charter *open[STEWARDS_MAX];
    if (chain_proposals(d->chain, open) == 0)
        return json_null();
    json_t *p = json_object();
    json_object_set_new(p, "version", json_integer(open[0]->version));
    json_object_set_new(p, "round", json_integer(open[0]->round));
    json_object_set_new(p, "hash", json_hex((struct bytes){open[0]->hash.b, HASH_LEN}));
    json_object_set_new(p, "signed", signers(d, open[0]));
    json_object_set_new(p, "needed", json_integer(desk_charter(d)->threshold));
    return p;
}

/* What members have agreed on, each one line of the charter. */
static const struct { const char *field, *words; size_t at; } agreed[] = {
    {"purpose", "Purpose:", offsetof(struct charter, purpose)}, {"foi", "On requests:", offsetof(struct charter, foi)},
    {"retain", "Kept:", offsetof(struct charter, retain)}, {"opens", "Opened:", offsetof(struct charter, opens)},
    {"small_numbers", "Small counts:", offsetof(struct charter, small_numbers)},
};

static void show_agreed(struct desk *d)
{
    const struct charter *c = desk_charter(d);
    if (c->has_agreement)
        out(d->s, "Agreement:    %s\n", c->agreement_title);
    for (size_t i = 0; i < sizeof(agreed) / sizeof(agreed[0]); i++) {
        const char *text = (const char *)c + agreed[i].at;
        if (text[0] != '\0')
            out(d->s, "%-13s %s\n", agreed[i].words, text);
    }
    char few[SMALL_WORDS_SIZE];
    small_count_words(small_count_max(c), few);
    out(d->s, "%-13s counts of %s are withheld\n", "Public:", few);
}

static json_t *document(struct desk *d, const struct sheet *sh)
{
    const struct charter *c = desk_charter(d);
    struct slug witnesses[WITNESSES_MAX];
    size_t n_witnesses = charter_witnesses(c, witnesses);
    json_t *doc = json_document(d->s);
    json_object_set_new(doc, "id", json_hex((struct bytes){d->origin.alliance.b, sizeof(d->origin.alliance.b)}));
    json_object_set_new(doc, "charter", json_hex((struct bytes){c->hash.b, HASH_LEN}));
    json_object_set_new(doc, "name", json_text(c->name));
    json_object_set_new(doc, "version", json_integer(c->version));
    json_object_set_new(doc, "threshold", json_integer(c->threshold));
    json_object_set_new(doc, "quorum", json_integer(charter_quorum(c)));
    json_object_set_new(doc, "history", json_text(c->history_from_admission ? "from-admission" : "all"));
    json_object_set_new(doc, "agreement", c->has_agreement ? json_text(c->agreement_title) : json_null());
    json_object_set_new(doc, "agreement_sha256",
                        c->has_agreement ? json_hex((struct bytes){c->agreement.b, HASH_LEN}) : json_null());
    for (size_t i = 0; i < sizeof(agreed) / sizeof(agreed[0]); i++) {
        const char *text = (const char *)c + agreed[i].at;
        json_object_set_new(doc, agreed[i].field, text[0] != '\0' ? json_text(text) : json_null());
    }
    json_object_set_new(doc, "small_numbers_max", json_integer((json_int_t)small_count_max(c)));
    json_object_set_new(doc, "stewards", slugs(c->stewards, c->n_stewards));
    json_object_set_new(doc, "witnesses", slugs(witnesses, n_witnesses));
    json_object_set_new(doc, "members", sheet_json(sh));
    json_object_set_new(doc, "replaced_roots", lineage_replaced(d));
    json_object_set_new(doc, "successions", lineage_successions(c, NULL));
    json_object_set_new(doc, "pending", pending(d));
    return doc;
}

static void list_line(struct desk *d, const char *what, const struct slug *list, size_t n, unsigned k, const char *rule)
{
    out(d->s, "%s ", what);
    for (size_t i = 0; i < n; i++)
        out(d->s, "%s%s", i > 0 ? ", " : "", list[i].s);
    if (n > 1)
        out(d->s, " (%u %s)", k, rule);
    out(d->s, "\n");
}

static void headline(struct desk *d)
{
    const struct charter *c = desk_charter(d), *open[STEWARDS_MAX];
    char hex[HEX_SIZE(HASH_LEN)];
    struct slug witnesses[WITNESSES_MAX];
    size_t n_witnesses = charter_witnesses(c, witnesses), n_open = chain_proposals(d->chain, open);
    hex_encode((struct bytes){c->hash.b, HASH_LEN}, hex);
    out(d->s, "%s, charter %u\nCharter hash: %s\n", c->name, (unsigned)c->version, hex);
    list_line(d, "Stewards:    ", c->stewards, c->n_stewards, (unsigned)c->threshold, "must sign a change");
    list_line(d, "Witnesses:   ", witnesses, n_witnesses, (unsigned)charter_quorum(c),
              d->s->verbose ? "are a quorum" : "are enough");
    show_agreed(d);
    out(d->s, "\n");
    lineage_show(d);
    for (size_t i = 0; i < n_open; i++) {
        propose_show(d, c, open[i]);
        out(d->s, "\n");
    }
}

static enum exit_status show(struct desk *d)
{
    enum exit_status st = EXIT_OK;
    if (desk_charter(d) == NULL)
        return desk_need_member(d);
    struct reach *x = NULL;
    struct sheet *sh = sheet_new(columns, sizeof(columns) / sizeof(columns[0]));
    enum err e = reach_read(d, &x);
    if (e != OK) {
        st = say_failed(d->s, e, NULL, "alliance show");
    } else {
        const struct charter *c = desk_charter(d);
        for (size_t i = 0; i < c->n_members; i++)
            add_member(d, sh, &c->members[i], x);
        headline(d);
        st = output(d->s, document(d, sh), sh);
    }
    sheet_free(sh);
    free(x);
    return st;
}

enum exit_status cmd_alliance_show(struct session *s)
{
    return desk_run(s, DESK_READ, show);
}
