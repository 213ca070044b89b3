#include "cli/alliance/lineage.h"

#include <stdio.h>
#include <string.h>

#include "cli/output/output.h"
#include "cli/output/table.h"
#include "cli/register/register.h"

static bool has_replacement(const struct charter *c, const struct replacement *r)
{
    for (size_t i = 0; c != NULL && i < c->n_replacements; i++)
        if (slug_equal(&c->replacements[i].slug, &r->slug)
            && memcmp(c->replacements[i].old_root.b, r->old_root.b, sizeof(r->old_root.b)) == 0)
            return true;
    return false;
}

/* A line never vanishes [P-19]: so the first that has it is found by halves. */
uint32_t lineage_since(struct desk *d, size_t i)
{
    const struct charter *c = desk_charter(d);
    uint32_t low = 1, high = c->version;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        if (has_replacement(chain_version(d->chain, middle), &c->replacements[i]))
            high = middle;
        else
            low = middle + 1;
    }
    return low;
}

void lineage_say_roots(struct desk *d)
{
    const struct charter *c = desk_charter(d);
    struct session *s = d->s;
    for (size_t i = 0; i < c->n_replacements; i++) {
        char print[FINGERPRINT_SIZE];
        fingerprint(&c->replacements[i].old_root, print);
        out(s, "%sThe stewards replaced the root key of %s, by charter %u: it was %s%s\n", style_on(s, STYLE_BAD),
            c->replacements[i].slug.s, (unsigned)lineage_since(d, i), print, style_off(s, STYLE_BAD));
    }
}

void lineage_show(struct desk *d)
{
    const struct charter *c = desk_charter(d);
    struct session *s = d->s;
    lineage_say_roots(d);
    for (size_t i = 0; i < c->n_successions; i++)
        out(s, "%s succeeds %s from %s\n", c->successions[i].slug.s, c->successions[i].old.s, c->successions[i].from);
    if (c->n_replacements + c->n_successions > 0)
        out(s, "\n");
}

json_t *lineage_replaced(struct desk *d)
{
    const struct charter *c = desk_charter(d);
    json_t *list = json_array();
    for (size_t i = 0; c != NULL && i < c->n_replacements; i++) {
        const struct replacement *r = &c->replacements[i];
        char print[FINGERPRINT_SIZE];
        json_t *j = json_object();
        fingerprint(&r->old_root, print);
        json_object_set_new(j, "slug", json_text(r->slug.s));
        json_object_set_new(j, "fingerprint", json_text(print));
        json_object_set_new(j, "generation", json_integer(r->generation));
        json_object_set_new(j, "size", json_integer((json_int_t)r->log_size));
        json_object_set_new(j, "charter", json_integer(lineage_since(d, i)));
        json_array_append_new(list, j);
    }
    return list;
}

json_t *lineage_succession(const struct succession *s)
{
    json_t *j = json_object();
    json_object_set_new(j, "slug", json_text(s->slug.s));
    json_object_set_new(j, "old", json_text(s->old.s));
    json_object_set_new(j, "from", json_text(s->from));
    return j;
}

json_t *lineage_successions(const struct charter *c, const struct slug *of)
{
    json_t *list = json_array();
    for (size_t i = 0; c != NULL && i < c->n_successions; i++) {
        const struct succession *s = &c->successions[i];
        if (of == NULL || slug_equal(&s->slug, of) || slug_equal(&s->old, of))
            json_array_append_new(list, lineage_succession(s));
    }
    return list;
}

/* A body may have been before the alliance was: then the register knows its name. */
static void name_of(struct desk *d, const struct slug *slug, char ret[NAME_MAX_LEN + 1])
{
    const struct authority *a = NULL;
    if (charter_find(desk_charter(d), slug) != NULL)
        desk_name_of(d, slug, ret);
    else
        (void)snprintf(ret, NAME_MAX_LEN + 1, "%s", register_find(slug->s, &a) == OK ? a->name : slug->s);
}

void lineage_text(struct desk *d, const struct succession *s, char ret[LINEAGE_TEXT_MAX])
{
    char new[NAME_MAX_LEN + 1], old[NAME_MAX_LEN + 1];
    name_of(d, &s->slug, new);
    name_of(d, &s->old, old);
    (void)snprintf(ret, LINEAGE_TEXT_MAX, "%s goes on where %s left off, since %s", new, old, s->from);
}

void lineage_say_of(struct desk *d, const struct slug *of, const char *command, const char *about)
{
    const struct charter *c = desk_charter(d);
    for (size_t i = 0; c != NULL && i < c->n_successions; i++) {
        const struct succession *s = &c->successions[i];
        if (!slug_equal(&s->slug, of) && !slug_equal(&s->old, of))
            continue;
        const struct slug *other = slug_equal(&s->slug, of) ? &s->old : &s->slug;
        char text[LINEAGE_TEXT_MAX];
        lineage_text(d, s, text);
        if (charter_find(c, other) != NULL)
            out(d->s, "%s; figures are each body's own: `folkmoot %s %s --authority %s` has the other's.\n", text, command, about,
                other->s);
        else
            out(d->s, "%s; %s is no member, so none of its figures are held here.\n", text, other->s);
    }
}
