#include "cli/session.h"

#include "cli/say.h"

enum exit_status session_home(struct session *s)
{
    enum err e = home_resolve(option_value(&s->options, "home"), &s->home);
    if (e == OK)
        return EXIT_OK;
    if (e == ERR_UNKNOWN)
        return say_refused(s, EXIT_USAGE, "no-home", "name one with -C DIR or FOLKMOOT_HOME",
                           "no home: neither -C nor FOLKMOOT_HOME is given, and HOME is not set");
    return say_failed(s, e, "name a shorter one with -C DIR", "cannot use this home");
}

enum exit_status session_node(struct session *s)
{
    char offender[4096] = "";
    enum exit_status status = session_home(s);
    if (status != EXIT_OK)
        return status;
    enum err e = home_check(&s->home, offender);
    if (e == OK)
        return EXIT_OK;
    if (e == ERR_UNKNOWN)
        return say_refused(s, EXIT_ENVIRONMENT, "no-node", "run `folkmoot init`, or name the home with -C DIR",
                           "no node in %s: nothing has been set up there", s->home.path);
    if (e == ERR_DENIED)
        return say_failed(s, e, "it must be yours alone: directories 0700, key files 0600",
                          "cannot trust %s", offender[0] != '\0' ? offender : s->home.path);
    return say_failed(s, e, NULL, "cannot use %s", s->home.path);
}
