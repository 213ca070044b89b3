/* cli/cmd_note.c - our own words beside our own record. */
#include "cli/commands.h"

#include <string.h>

#include "cli/author/sealer.h"
#include "cli/output/output.h"
#include "cli/record_id.h"
#include "cli/say.h"

const struct option_spec options_note[] = {
    {"text", 0, OPTION_VALUE, "TEXT", "what to say of it; for whoever may read the record"},
    OPTIONS_END,
};

struct noting {
    struct desk *d;
    struct record_id id;
    struct record_row row;
    struct post note;
};

static enum exit_status read_text(struct noting *n)
{
    struct session *s = n->d->s;
    const char *text = option_value(&s->options, "text");
    n->note = (struct post){.type = "note"};
    if (text == NULL || text[0] == '\0')
        return say_usage(s, "--text \"Counted after the move to another system.\"", "note: it needs a text");
    if (strlen(text) > POST_TEXT_MAX)
        return say_usage(s, "shorten it", "note: more than %d bytes", (int)POST_TEXT_MAX);
    memcpy(n->note.text, text, strlen(text) + 1);
    if (post_check(&n->note) != OK)
        return say_usage(s, "write plain UTF-8", "note: the text holds control characters, or is no UTF-8");
    return EXIT_OK;
}

static enum exit_status find(struct noting *n)
{
    struct session *s = n->d->s;
    enum exit_status st = ask_record(n->d, n->d->view, s->args[0], &n->id);
    if (st != EXIT_OK)
        return st;
    record_id_text(&n->id, n->note.about);
    if (!slug_equal(&n->id.slug, &n->d->origin.slug))
        return say_refused(s, EXIT_NO, "not-ours", "a note stands beside one's own record", "note %s: it is not ours",
                           n->note.about);
    enum err e = view_record_at(n->d->view, n->id.slug.s, n->id.generation, n->id.idx, &n->row);
    if (e == ERR_UNKNOWN || (e == OK && n->row.is_withdrawn))
        return say_refused(s, EXIT_NO, "nothing-found", "`folkmoot history INDICATOR` lists what we published",
                           "note %s: no record of ours stands there", n->note.about);
    return e == OK ? EXIT_OK : say_failed(s, e, NULL, "note %s", n->note.about);
}

/* For the same readers as the record. */
static enum exit_status audience(struct noting *n, enum publish_to *ret_to, struct named *ret_named)
{
    if (strcmp(n->row.audience, "public") == 0 || strcmp(n->row.audience, "alliance") == 0) {
        *ret_to = n->row.audience[0] == 'p' ? TO_PUBLIC : TO_ALLIANCE;
        return EXIT_OK;
    }
    *ret_to = TO_NAMED;
    enum err e = named_of_audience(n->d, n->d->view, n->row.audience, ret_named);
    if (e == ERR_UNKNOWN)
        return say_refused(n->d->s, EXIT_NO, "no-reader", "publish the record anew for those who still read",
                           "note %s: not all of its readers are members still", n->note.about);
    return e == OK ? EXIT_OK : say_failed(n->d->s, e, NULL, "note %s", n->note.about);
}

static enum exit_status sign(struct noting *n, uint64_t *ret_idx)
{
    struct named named;
    struct buf plain = buf_on(PAYLOAD_MAX);
    enum publish_to to = TO_ALLIANCE;
    enum exit_status st = audience(n, &to, &named);
    if (st == EXIT_OK) {
        post_write(&n->note, &plain);
        enum err e = buf_status(&plain);
        struct bytes record = buf_bytes(&plain);
        st = e == OK ? seal_records(n->d, n->d->view, to, &named, &record, 1, "note", ret_idx)
                     : say_failed(n->d->s, e, NULL, "note");
    }
    buf_wipe(&plain);
    return st;
}

static enum exit_status note(struct desk *d)
{
    static struct noting it;                    /* some 10 KiB */
    struct noting *n = &it;
    it = (struct noting){.d = d};
    uint64_t idx = 0;
    char record[RECORD_TEXT_SIZE];
    enum exit_status st = read_text(n);
    if (st == EXIT_OK)
        st = find(n);
    if (st == EXIT_OK)
        st = sign(n, &idx);
    if (st != EXIT_OK)
        return st;
    struct record_id id = {n->d->origin.slug, n->d->origin.generation, idx};
    record_id_text(&id, record);
    json_t *doc = json_document(n->d->s);
    json_object_set_new(doc, "record", json_text(record));
    json_object_set_new(doc, "about", json_text(n->note.about));
    json_object_set_new(doc, "audience", json_text(n->row.audience));
    out(n->d->s, "%s stands beside %s.\n", record, n->note.about);
    st = output(n->d->s, doc, NULL);
    if (st == EXIT_OK)
        say_next(n->d->s, "`folkmoot withdraw %s --reason mistake` takes it back", record);
    return st;
}

enum exit_status cmd_note(struct session *s)
{
    return desk_run(s, DESK_WRITE | DESK_MEMBER | DESK_VIEW, note);
}
