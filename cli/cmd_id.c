#include "cli/commands.h"

#include "cli/desk.h"
#include "cli/export.h"
#include "cli/output/output.h"
#include "cli/say.h"

const struct option_spec options_id[] = {
    {"export", 0, OPTION_VALUE, "FILE", "write the identity, for a steward to admit from a file"},
    OPTIONS_END,
};

static json_t *document(struct desk *d, const char *print)
{
    const struct identity *id = d->identity;
    json_t *doc = json_document(d->s);
    json_object_set_new(doc, "slug", json_text(id->slug.s));
    json_object_set_new(doc, "name", json_text(id->name));
    json_object_set_new(doc, "role", json_text(role_name(id->role)));
    json_object_set_new(doc, "fingerprint", json_text(print));
    json_object_set_new(doc, "root", json_base64((struct bytes){id->root.b, sizeof(id->root.b)}));
    json_object_set_new(doc, "log", json_base64((struct bytes){id->log.b, sizeof(id->log.b)}));
    json_object_set_new(doc, "witness", json_base64((struct bytes){id->witness.b, sizeof(id->witness.b)}));
    json_object_set_new(doc, "node", json_base64((struct bytes){id->node.b, sizeof(id->node.b)}));
    json_object_set_new(doc, "box", json_base64((struct bytes){id->box.b, sizeof(id->box.b)}));
    json_object_set_new(doc, "version", json_integer(id->version));
    return doc;
}

static enum exit_status answer(struct desk *d)
{
    char print[FINGERPRINT_SIZE];
    fingerprint(&d->identity->root, print);
    out(d->s, "%s (%s), %s\nFingerprint: %s\n", d->identity->name, d->identity->slug.s, role_name(d->identity->role), print);
    return output(d->s, document(d, print), NULL);
}

enum exit_status cmd_id(struct session *s)
{
    struct desk d;
    bool is_stdout = false;
    const char *file = option_value(&s->options, "export");
    enum exit_status st = desk_open(s, STORE_READ, &d);
    if (st == EXIT_OK && file != NULL)
        st = export_whole(s, file, buf_bytes(&d.identity_note), &is_stdout);
    if (st == EXIT_OK && !is_stdout)
        st = answer(&d);
    if (st == EXIT_OK && file != NULL)
        say_next(s, "give %s to a steward, and read them the fingerprint over the telephone", is_stdout ? "it" : file);
    desk_close(&d);
    return st;
}
