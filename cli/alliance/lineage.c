#include "cli/alliance/lineage.h"

#include "cli/output/output.h"
#include "cli/output/table.h"

void lineage_show(struct desk *d)
{
    const struct charter *c = desk_charter(d);
    struct session *s = d->s;
    for (size_t i = 0; i < c->n_replacements; i++) {
        char print[FINGERPRINT_SIZE];
        fingerprint(&c->replacements[i].old_root, print);
        out(s, "%sThe stewards replaced the root key of %s: it was %s%s\n", style_on(s, STYLE_BAD),
            c->replacements[i].slug.s, print, style_off(s, STYLE_BAD));
    }
    for (size_t i = 0; i < c->n_successions; i++)
        out(s, "%s succeeds %s from %s\n", c->successions[i].slug.s, c->successions[i].old.s, c->successions[i].from);
    if (c->n_replacements + c->n_successions > 0)
        out(s, "\n");
}

json_t *lineage_replaced(const struct charter *c)
{
    json_t *list = json_array();
    for (size_t i = 0; i < c->n_replacements; i++) {
        const struct replacement *r = &c->replacements[i];
        char print[FINGERPRINT_SIZE];
        json_t *j = json_object();
        fingerprint(&r->old_root, print);
        json_object_set_new(j, "slug", json_text(r->slug.s));
        json_object_set_new(j, "fingerprint", json_text(print));
        json_object_set_new(j, "generation", json_integer(r->generation));
        json_object_set_new(j, "size", json_integer((json_int_t)r->log_size));
        json_array_append_new(list, j);
    }
    return list;
}

json_t *lineage_successions(const struct charter *c)
{
    json_t *list = json_array();
    for (size_t i = 0; i < c->n_successions; i++) {
        json_t *j = json_object();
        json_object_set_new(j, "slug", json_text(c->successions[i].slug.s));
        json_object_set_new(j, "old", json_text(c->successions[i].old.s));
        json_object_set_new(j, "from", json_text(c->successions[i].from));
        json_array_append_new(list, j);
    }
    return list;
}
