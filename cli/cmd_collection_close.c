/* cli/cmd_collection_close.c - a lead asks no more; what came stays. */
#include "cli/commands.h"

#include "cli/author/sealer.h"
#include "cli/collection.h"
#include "cli/output/output.h"
#include "cli/say.h"

const struct option_spec options_collection_close[] = {OPTIONS_END};

static enum exit_status close_it(struct desk *d)
{
    struct collection_row row;
    struct buf plain = buf_on(PAYLOAD_MAX);
    uint64_t idx = 0;
    struct session *s = d->s;
    enum exit_status st = collection_need_lead(d);
    if (st == EXIT_OK)
        st = collection_find(s, d->view, s->args[0], &row);
    if (st == EXIT_OK && !slug_equal(&row.slug, &d->identity->slug))
        st = say_refused(s, EXIT_NO, "not-ours", "who opened it closes it", "collection close %s: %s asks for it", s->args[0],
                         row.slug.s);
    if (st == EXIT_OK && row.collection.is_closed)
        st = say_refused(s, EXIT_NO, "closed", "`folkmoot collection list` lists them",
                         "collection close %s: it is closed already", s->args[0]);
    if (st == EXIT_OK) {
        row.collection.is_closed = true;
        collection_write(&row.collection, &plain);
        struct bytes record = buf_bytes(&plain);
        enum err e = buf_status(&plain);
        st = e == OK ? seal_records(d, d->view, TO_ALLIANCE, NULL, &record, 1, "collection close", &idx)
                     : say_failed(s, e, NULL, "collection close");
    }
    buf_release(&plain);
    if (st != EXIT_OK)
        return st;
    json_t *doc = json_document(s);
    json_object_set_new(doc, "number", json_integer(row.collection.number));
    json_object_set_new(doc, "title", json_text(row.collection.title));
    json_object_set_new(doc, "state", json_text("closed"));
    out(s, "Collection %u, %s, is closed.\n", row.collection.number, row.collection.title);
    st = output(s, doc, NULL);
    if (st == EXIT_OK)
        say_next(s, "`folkmoot coverage --collection %u` says who has answered", row.collection.number);
    return st;
}

enum exit_status cmd_collection_close(struct session *s)
{
    return desk_run(s, DESK_WRITE | DESK_VIEW, close_it);
}
