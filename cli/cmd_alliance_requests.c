#include "cli/commands.h"

#include <stdlib.h>

#include "cli/desk.h"
#include "cli/output/output.h"
#include "cli/say.h"

const struct option_spec options_alliance_requests[] = {OPTIONS_END};

static const struct column columns[] = {
    {"slug", "who", 0}, {"name", "name", 0}, {"role", "asks to be", 0}, {"dfe", "DfE", 0}, {"gss", "GSS", 0},
    {"fingerprint", "fingerprint", 0}, {"since", "since", 0},
};

static enum err show(void *arg, const struct request_row *r)
{
    struct sheet *sh = arg;
    char print[FINGERPRINT_SIZE], since[TIME_TEXT_MAX];
    struct identity *id = malloc(sizeof(*id));
    if (id == NULL)
        return ERR_NOMEM;
    if (identity_open(r->identity, id) == OK) {
        fingerprint(&id->root, print);
        time_text(r->since_ms, since);
        sheet_row(sh);
        sheet_text(sh, id->slug.s);
        sheet_text(sh, id->name);
        sheet_text(sh, role_name(id->role));
        sheet_text(sh, id->codes.dfe[0] != '\0' ? id->codes.dfe : NULL);
        sheet_text(sh, id->codes.gss[0] != '\0' ? id->codes.gss : NULL);
        sheet_text(sh, print);
        sheet_text(sh, since);
    }
    free(id);
    return OK;
}

static enum exit_status list(struct desk *d)
{
    struct sheet *sh = sheet_new(columns, sizeof(columns) / sizeof(columns[0]));
    enum err e = store_each_request(d->store, show, sh);
    if (e == OK)
        e = sheet_status(sh);
    enum exit_status st;
    if (e != OK) {
        st = say_failed(d->s, e, NULL, "reading the requests");
    } else {
        json_t *doc = json_document(d->s);
        json_object_set_new(doc, "requests", sheet_json(sh));
        if (sheet_rows(sh) == 0)
            out(d->s, "Nobody is asking to be admitted.\n");
        size_t n = sheet_rows(sh);
        st = output(d->s, doc, sh);
        if (n > 0)
            say_next(d->s, "compare the fingerprint over the telephone, then `folkmoot alliance admit SLUG`");
    }
    sheet_free(sh);
    return st;
}

enum exit_status cmd_alliance_requests(struct session *s)
{
    return desk_run(s, DESK_MEMBER, list);
}
