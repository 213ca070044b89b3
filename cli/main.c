/* cli/main.c - folkmoot, the people's side of a node. */
#include "cli/commands.h"
#include "cli/say.h"
#include "protocol/crypto.h"

/* What was printed has not been done until the stream says so: a full disk behind `>` shows only here. */
static enum exit_status finish(struct session *s, enum exit_status status)
{
    if (fflush(s->out) == 0 && ferror(s->out) == 0)
        return status;
    s->printed = true;
    return say_failed(s, ERR_IO, "look at where it was sent", "cannot write the output");
}

int main(int argc, char **argv)
{
    struct session s;
    session_init(&s, stdin, stdout, stderr);
    enum err e = crypto_start();
    enum exit_status status = e == OK ? command_run(&commands, argc, argv, &s)
                                      : say_failed(&s, e, "install a newer libsodium", "cannot begin");
    status = finish(&s, status);
    session_release(&s);
    return (int)status;
}
