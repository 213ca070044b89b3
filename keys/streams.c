#include "keys/streams.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <unistd.h>

/* What is opened takes the lowest number that is free: this one, since those below are open. */
static enum err hold(int fd, int flags)
{
    if (fcntl(fd, F_GETFD) >= 0 || errno != EBADF)
        return OK;
    return open("/dev/null", flags) == fd ? OK : ERR_IO;
}

enum err streams_settle(void)
{
    (void)signal(SIGPIPE, SIG_IGN);
    enum err e = hold(STDIN_FILENO, O_RDONLY);
    if (e == OK)
        e = hold(STDOUT_FILENO, O_RDONLY);      /* a write to it fails */
    return e == OK ? hold(STDERR_FILENO, O_WRONLY) : e;
}
