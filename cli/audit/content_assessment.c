/* cli/audit/content_assessment.c - what a self-assessment says, and who stands behind it (content.h). */
#include "cli/audit/content.h"

#include <stdlib.h>
#include <string.h>

#include "cli/assess/tell.h"
#include "cli/output/json.h"
#include "protocol/assessment.h"

bool content_put_assessment(json_t *o, struct bytes in)
{
    struct assessment *a = malloc(sizeof(*a));
    bool is_read = a != NULL && assessment_read(in, a) == OK;
    if (is_read) {
        struct hash hash = sha256(a->text);
        json_t *cards = json_array();
        for (size_t i = 0; i < a->n_cards; i++)
            json_array_append_new(cards, json_bytes(a->cards[i]));
        json_object_set_new(o, "authority", json_text(a->head.slug.s));
        json_object_set_new(o, "year", json_integer(a->head.year));
        json_object_set_new(o, "judgement", json_integer(a->head.judgement));
        json_object_set_new(o, "text_sha256", json_hex((struct bytes){hash.b, sizeof(hash.b)}));
        json_object_set_new(o, "sections", assess_sections_json(a->body));
        json_object_set_new(o, "signatures", json_null());
        json_object_set_new(o, "quartet", json_null());
        json_object_set_new(o, "missing", json_null());
        json_object_set_new(o, "note", json_bytes(a->note));
        json_object_set_new(o, "cards", cards);
    }
    free(a);
    return is_read;
}

static struct bytes string_of(const json_t *s)
{
    return (struct bytes){(const uint8_t *)json_string_value(s), json_string_length(s)};
}

static json_t *lines_json(const struct assessment_signed *who)
{
    json_t *list = json_array();
    for (size_t i = 0; i < who->n; i++) {
        const struct assessment_line *l = &who->lines[i];
        json_t *o = json_object();
        json_object_set_new(o, "role", json_text(officer_role_name(l->role)));
        json_object_set_new(o, "name", l->name[0] != '\0' ? json_text(l->name) : json_null());
        json_object_set_new(o, "valid", json_boolean(l->state == LINE_HOLDS));
        json_object_set_new(o, "key", l->state == LINE_NOT_OFFICER ? json_null() : json_text(l->is_own ? "own" : "held"));
        json_array_append_new(list, o);
    }
    return list;
}

enum err content_judge_assessment(json_t *content, const struct slug *slug, const struct officer *list, size_t n)
{
    const json_t *note = json_object_get(content, "note"), *cards = json_object_get(content, "cards");
    const char *type = json_string_value(json_object_get(content, "type"));
    struct bytes opened[ASSESSMENT_CARDS_MAX];
    size_t n_cards = 0;
    if (type == NULL || strcmp(type, "assessment") != 0 || note == NULL)
        return OK;
    struct note *parsed = malloc(sizeof(*parsed));
    struct assessment_signed who;
    char missing[128];
    if (parsed == NULL)
        return ERR_NOMEM;
    for (size_t i = 0; i < json_array_size(cards) && n_cards < ASSESSMENT_CARDS_MAX; i++)
        opened[n_cards++] = string_of(json_array_get(cards, i));
    enum err e = note_parse(string_of(note), parsed);
    if (e == OK) {
        assessment_judge(parsed, slug, list, n, opened, n_cards, &who);
        assessment_missing(&who, missing);
        json_object_set_new(content, "signatures", lines_json(&who));
        json_object_set_new(content, "quartet", json_boolean(who.is_quartet));
        json_object_set_new(content, "missing", assess_missing_json(missing));
    }
    free(parsed);
    return e;
}
