/* cli/main.c - folkmoot, the people's side of a node. */
#include <poll.h>

#include "cli/commands.h"
#include "cli/say.h"
#include "keys/streams.h"
#include "protocol/crypto.h"

static bool reader_has_gone(FILE *f)
{
    struct pollfd p = {.fd = fileno(f), .events = POLLOUT};
    return poll(&p, 1, 0) == 1 && (p.revents & POLLERR) != 0;
}

/* What was printed has not been done until the stream says so: a full disk behind `>` shows only here. */
static enum exit_status finish(struct session *s, enum exit_status status)
{
    if (fflush(s->out) == 0 && ferror(s->out) == 0)
        return status;
    s->printed = true;
    if (reader_has_gone(s->out))
        return say_refused(s, EXIT_ENVIRONMENT, err_code(ERR_IO), "let it be read to its end, or send it to a file",
                           "cannot write the output: its reader has gone");
    return say_failed(s, ERR_IO, "look at where it was sent", "cannot write the output");
}

int main(int argc, char **argv)
{
    struct session s;
    enum err e = streams_settle();              /* before anything is opened */
    session_init(&s, stdin, stdout, stderr);
    if (e == OK)
        e = crypto_start();
    enum exit_status status = e == OK ? command_run(&commands, argc, argv, &s)
                                      : say_failed(&s, e, e == ERR_IO ? "see whether /dev/null is there"
                                                                      : "install a newer libsodium", "cannot begin");
    status = finish(&s, status);
    session_release(&s);
    return (int)status;
}
