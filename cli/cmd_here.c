/* cli/cmd_here.c - `folkmoot` alone: where you stand and what to do next. */
#include "cli/commands.h"

#include "cli/output/output.h"
#include "cli/say.h"

const struct option_spec options_here[] = {OPTIONS_END};

static enum exit_status answer(struct session *s, bool is_set_up)
{
    json_t *doc = json_document(s);
    json_object_set_new(doc, "home", json_text(s->home.path));
    json_object_set_new(doc, "set_up", json_boolean(is_set_up));
    return output(s, doc, NULL);
}

enum exit_status cmd_here(struct session *s)
{
    enum exit_status status = session_home(s);
    if (status != EXIT_OK)
        return status;
    if (home_check(&s->home, NULL) == ERR_UNKNOWN) {
        out(s, "There is no node in %s yet.\n", s->home.path);
        status = answer(s, false);
        say_next(s, "`folkmoot init 845` sets one up for the authority with that DfE code; `folkmoot help` lists the "
                    "commands");
        return status;
    }
    status = session_node(s);
    if (status != EXIT_OK)
        return status;
    out(s, "The node in %s is set up.\n", s->home.path);
    status = answer(s, true);
    say_next(s, "`folkmoot status` shows whom it has heard; `folkmoot help` lists the commands");
    return status;
}
