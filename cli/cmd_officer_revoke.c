/* cli/cmd_officer_revoke.c - an officer signs for us no more, from the next entry of our log on. */
#include "cli/commands.h"

#include <string.h>

#include "cli/author/identity.h"
#include "cli/officer/officers.h"
#include "cli/output/output.h"
#include "cli/say.h"

const struct option_spec options_officer_revoke[] = {OPTIONS_END};

static enum exit_status edit(void *arg, uint64_t index, struct identity *next)
{
    const struct officer_row *gone = arg;
    size_t kept = 0;
    (void)index;
    for (size_t i = 0; i < next->n_officers; i++)
        if (memcmp(next->officers[i].key.b, gone->officer.key.b, sizeof(gone->officer.key.b)) != 0)
            next->officers[kept++] = next->officers[i];
    next->n_officers = kept;
    return EXIT_OK;
}

static enum exit_status answer(struct desk *d, const struct officer_row *gone, const struct checkpoint *head)
{
    char who[OFFICER_TEXT_SIZE];
    officer_text(gone->officer.role, gone->name, who);
    json_t *doc = json_document(d->s);
    json_object_set_new(doc, "role", json_text(officer_role_name(gone->officer.role)));
    json_object_set_new(doc, "name", gone->name[0] != '\0' ? json_text(gone->name) : json_null());
    json_object_set_new(doc, "key", json_base64((struct bytes){gone->officer.key.b, sizeof(gone->officer.key.b)}));
    json_object_set_new(doc, "version", json_integer(d->identity->version));
    json_object_set_new(doc, "size", json_integer((json_int_t)head->size));
    out(d->s, "%s signs for %s no more. What was signed before stays signed.\n", who, d->identity->slug.s);
    enum exit_status st = output(d->s, doc, NULL);
    if (st == EXIT_OK)
        say_next(d->s, "`folkmoot officer add` enrols a successor");
    return st;
}

static enum exit_status work(struct desk *d)
{
    struct officer_rows rows;
    struct checkpoint head = {.size = 0};
    enum err e = officers_read(&d->s->home, d->identity, &rows);
    if (e != OK)
        return say_failed(d->s, e, NULL, "reading private/officers");
    const struct officer_row *found = officers_find(d->s, &rows, d->identity, session_arg(d->s, 0));
    if (found == NULL)
        return EXIT_USAGE;
    struct officer_row gone = *found;
    struct identity_change change = {.what = "revoking an officer", .edit = edit, .arg = &gone};
    enum exit_status st = identity_change(d, &change, &head);
    if (st != EXIT_OK)
        return st;
    if ((e = officers_drop_card(&d->s->home, &gone.officer)) != OK)
        say_warning(d->s, "revoked, but the card in private/officers could not be removed: %s", err_text(e));
    return answer(d, &gone, &head);
}

enum exit_status cmd_officer_revoke(struct session *s)
{
    return desk_run(s, DESK_WRITE | DESK_MEMBER, work);
}
