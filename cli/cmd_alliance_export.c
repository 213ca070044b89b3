#include "cli/commands.h"

#include "cli/desk.h"
#include "cli/export.h"
#include "cli/output/output.h"
#include "cli/say.h"

const struct option_spec options_alliance_export[] = {OPTIONS_END};

static enum exit_status answer(struct desk *d, const char *file)
{
    char hex[HEX_SIZE(HASH_LEN)];
    hex_encode((struct bytes){desk_charter(d)->hash.b, HASH_LEN}, hex);
    out(d->s, "Charter %u of %s is in %s.\nCharter hash: %s\n", (unsigned)desk_charter(d)->version,
        desk_charter(d)->name, file, hex);
    json_t *doc = json_document(d->s);
    json_object_set_new(doc, "file", json_text(file));
    json_object_set_new(doc, "charter", json_text(hex));
    json_object_set_new(doc, "version", json_integer(desk_charter(d)->version));
    return output(d->s, doc, NULL);
}

static enum exit_status export(struct desk *d)
{
    const char *file = session_arg(d->s, 0);
    struct buf b = buf_on(PARCEL_MAX);
    bool is_stdout = false;
    if (desk_charter(d) == NULL)
        return desk_need_member(d);
    enum err e = desk_parcel(d, &b);
    enum exit_status st = e == OK ? export_whole(d->s, file, buf_bytes(&b), &is_stdout)
                                  : say_failed(d->s, e, NULL, "alliance export");
    buf_release(&b);
    if (st == EXIT_OK && !is_stdout)
        st = answer(d, file);
    if (st == EXIT_OK)
        say_next(d->s, "the receiver runs `folkmoot join --charter %s` and compares the hash with you", is_stdout ? "FILE" : file);
    return st;
}

enum exit_status cmd_alliance_export(struct session *s)
{
    return desk_run(s, DESK_READ, export);
}
