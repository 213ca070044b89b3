#include "cli/alliance/leaving.h"

#include <stdlib.h>
#include <string.h>

#include "cli/day.h"
#include "cli/output/json.h"
#include "cli/output/output.h"
#include "cli/output/text.h"
#include "cli/output/width.h"

struct reading { const struct charter *c; struct leavers l; };

/* They come by author, the newest first. */
static enum err take(void *arg, const struct post_row *row)
{
    struct reading *r = arg;
    const struct member *m = charter_find(r->c, &row->slug);
    if (row->is_withdrawn || m == NULL || m->is_former || (r->l.n > 0 && slug_equal(&r->l.list[r->l.n - 1].slug, &row->slug)))
        return OK;
    struct leaver *list = realloc(r->l.list, (r->l.n + 1) * sizeof(*list));     /* few, and rarely */
    if (list == NULL)
        return ERR_NOMEM;
    r->l.list = list;
    struct leaver *it = &list[r->l.n++];
    *it = (struct leaver){.slug = row->slug, .said_ms = row->said_ms};
    (void)snprintf(it->record, sizeof(it->record), "%s", row->record);
    (void)snprintf(it->reason, sizeof(it->reason), "%s", row->text);
    return OK;
}

enum err leavers_read(struct view *v, const struct charter *c, struct leavers *ret)
{
    struct reading r = {.c = c};
    enum err e = view_leaves(v, take, &r);
    if (e == OK)
        *ret = r.l;
    else
        leavers_release(&r.l);
    return e;
}

void leavers_release(struct leavers *l)
{
    free(l->list);
    *l = (struct leavers){.n = 0};
}

void leavers_say(struct session *s, const struct leavers *l)
{
    enum { REASON_SHOWN = 480, WORDS_MAX = REASON_SHOWN + 512 };
    for (size_t i = 0; i < l->n; i++) {
        const struct leaver *it = &l->list[i];
        char day[DATE_LEN + 1], reason[REASON_SHOWN], text[WORDS_MAX];
        day_of(it->said_ms, day);
        text_clean_into(it->reason, reason, sizeof(reason));
        (void)snprintf(text, sizeof(text), "%s says that it leaves, on %s (%s): \"%s\". It is a member until a steward's `folkmoot "
                       "alliance remove %s --reason TEXT` stands.", it->slug.s, day, it->record, reason, it->slug.s);
        out_wrapped(s, "", text);
    }
}

json_t *leavers_json(const struct leavers *l)
{
    json_t *list = json_array();
    for (size_t i = 0; i < l->n; i++) {
        json_t *j = json_object();
        json_object_set_new(j, "slug", json_text(l->list[i].slug.s));
        json_object_set_new(j, "reason", json_text(l->list[i].reason));
        json_object_set_new(j, "said_at", json_time(l->list[i].said_ms));
        json_object_set_new(j, "record", json_text(l->list[i].record));
        json_array_append_new(list, j);
    }
    return list;
}
