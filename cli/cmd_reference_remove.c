/* cli/cmd_reference_remove.c - drop a file of public figures. It can be imported again. */
#include "cli/commands.h"

#include <stdlib.h>
#include <string.h>

#include "cli/desk.h"
#include "cli/nearest.h"
#include "cli/output/output.h"
#include "cli/reference/load.h"
#include "cli/say.h"

const struct option_spec options_reference_remove[] = {OPTIONS_END};

static enum exit_status unknown(struct session *s, const char *word)
{
    struct reference_names *names = malloc(sizeof(*names));
    struct nearest near = nearest_to(word);
    enum err e = names != NULL ? reference_list(&s->home, names) : ERR_NOMEM;
    for (size_t i = 0; e == OK && i < names->n; i++)
        nearest_offer(&near, names->names[i]);
    enum exit_status st = e == OK ? say_unknown(s, "import", word, near.best, "`folkmoot reference list` lists them")
                                  : say_failed(s, e, NULL, "reference remove");
    free(names);
    return st;
}

static enum exit_status forget(struct desk *d)
{
    struct session *s = d->s;
    struct view *v = d->view;
    const char *name = session_arg(d->s, 0);
    enum err e = reference_remove(&s->home, name);
    if (e == ERR_UNKNOWN)
        return unknown(s, name);
    if (e == OK)
        e = view_reference_forget(v, name);
    if (e != OK)
        return say_failed(s, e, NULL, "removing private/reference/%s", name);
    json_t *doc = json_document(s);
    json_object_set_new(doc, "removed", json_text(name));
    out(s, "Removed %s.\n", name);
    enum exit_status st = output(s, doc, NULL);
    if (st == EXIT_OK)
        say_next(s, "`folkmoot reference list` shows what is left");
    return st;
}

enum exit_status cmd_reference_remove(struct session *s)
{
    return desk_run(s, DESK_VIEW, forget);
}
