#include "keys/passphrase.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/select.h>
#include <termios.h>
#include <unistd.h>

#include "keys/file.h"
#include "protocol/crypto.h"

enum { PASSPHRASE_FILE_MAX = 64 * 1024 };

/* Signals that end or stop us, and would leave the terminal without echo. */
static const int watched[] = {SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGTSTP};
enum { N_WATCHED = sizeof(watched) / sizeof(watched[0]) };

static volatile sig_atomic_t caught;            /* a handler has nothing else to write to */

static void on_signal(int number)
{
    caught = number;
}

struct terminal {
    int in, out;
    int opened;                                 /* /dev/tty, or -1 */
    struct termios before;
    struct sigaction actions[N_WATCHED];
    sigset_t mask;                              /* as it was: in force only while we wait */
};

static enum err first_line_of(const char *path, struct buf *ret)
{
    struct buf content = buf_on(0), b = buf_on(PASSPHRASE_MAX);
    struct bytes line;
    enum err e = file_read(path, PASSPHRASE_FILE_MAX, &content);
    if (e != OK)
        return e;
    struct bytes rest = buf_bytes(&content);
    if (!bytes_line(&rest, &line))
        line = rest;                            /* no newline: the whole file */
    if (line.len > 0 && line.p[line.len - 1] == '\r')
        line.len--;
    buf_put(&b, line);
    e = buf_status(&b);
    buf_wipe(&content);
    if (e == OK)
        *ret = b;
    return e;
}

static void say(const struct terminal *t, const char *text)
{
    size_t len = strlen(text);
    while (len > 0) {
        ssize_t n = write(t->out, text, len);
        if (n < 0 && errno != EINTR)
            return;                             /* a prompt that cannot be shown can still be answered */
        if (n > 0) {
            text += n;
            len -= (size_t)n;
        }
    }
}

static void terminal_find(struct terminal *t)
{
    *t = (struct terminal){.in = STDIN_FILENO, .out = STDERR_FILENO};
    t->opened = open("/dev/tty", O_RDWR | O_NOCTTY | O_CLOEXEC);
    if (t->opened >= 0)
        t->in = t->out = t->opened;
}

/* Signals stay blocked but for the moments in which pselect waits, so none can
 * come between our looking at `caught` and our going to sleep. */
static void signals_hold(struct terminal *t)
{
    sigset_t set;
    struct sigaction ours = {.sa_handler = on_signal};
    sigemptyset(&ours.sa_mask);
    sigemptyset(&set);
    for (size_t i = 0; i < N_WATCHED; i++)
        sigaddset(&set, watched[i]);
    sigprocmask(SIG_BLOCK, &set, &t->mask);
    caught = 0;
    for (size_t i = 0; i < N_WATCHED; i++) {
        sigaction(watched[i], NULL, &t->actions[i]);
        if (t->actions[i].sa_handler != SIG_IGN)        /* whoever started us wants it ignored */
            sigaction(watched[i], &ours, NULL);
    }
}

static void signals_release(const struct terminal *t)
{
    for (size_t i = 0; i < N_WATCHED; i++)
        sigaction(watched[i], &t->actions[i], NULL);
    sigprocmask(SIG_SETMASK, &t->mask, NULL);
}

/* One byte of a line. ERR_BUSY: a signal came. */
static enum err read_byte(const struct terminal *t, uint8_t *ret)
{
    for (;;) {
        fd_set set;
        FD_ZERO(&set);
        FD_SET(t->in, &set);
        int rc = pselect(t->in + 1, &set, NULL, NULL, NULL, &t->mask);
        if (caught != 0)
            return ERR_BUSY;
        if (rc < 0 && errno == EINTR)
            continue;
        if (rc < 0)
            return ERR_IO;
        ssize_t n = read(t->in, ret, 1);
        if (n == 1)
            return OK;
        if (n == 0)
            return ERR_SECRET;                  /* end of file: nothing was typed */
        if (errno != EINTR && errno != EAGAIN)
            return ERR_IO;
    }
}

static enum err read_line(const struct terminal *t, struct buf *ret)
{
    uint8_t c = 0;
    enum err e = read_byte(t, &c);
    while (e == OK && c != '\n') {
        buf_put_u8(ret, c);                     /* too long: remembered, and the line read to its end */
        e = read_byte(t, &c);
    }
    wipe(&c, sizeof(c));
    return e != OK ? e : buf_status(ret);
}

static enum err ask_once(struct terminal *t, const char *prompt, struct buf *ret)
{
    if (t->in >= FD_SETSIZE || tcgetattr(t->in, &t->before) != 0)
        return ERR_IO;
    signals_hold(t);
    struct termios quiet = t->before;
    quiet.c_lflag &= ~(tcflag_t)(ECHO | ECHOE | ECHOK | ECHONL);
    quiet.c_lflag |= ICANON | ISIG;
    enum err e = tcsetattr(t->in, TCSAFLUSH, &quiet) == 0 ? OK : ERR_IO;
    if (e == OK) {
        say(t, prompt);
        e = read_line(t, ret);
        (void)tcsetattr(t->in, TCSAFLUSH, &t->before);
        say(t, "\n");
    }
    signals_release(t);
    return e;
}

/* Ask until a line comes or a signal ends it. After a stop (Ctrl-Z) it asks again. */
static enum err ask(struct terminal *t, const char *prompt, struct buf *ret)
{
    for (;;) {
        enum err e = ask_once(t, prompt, ret);
        if (e == OK)
            return OK;
        buf_wipe(ret);
        if (e != ERR_BUSY)
            return e;
        int number = caught;
        (void)raise(number);                    /* with the caller's own handler in place again */
        if (number != SIGTSTP)
            return ERR_SECRET;
    }
}

static enum err ask_terminal(const char *prompt, bool confirm, struct buf *ret)
{
    struct terminal t;
    struct buf first = buf_on(PASSPHRASE_MAX), second = buf_on(PASSPHRASE_MAX);
    terminal_find(&t);
    enum err e = ask(&t, prompt, &first);
    if (e == OK && confirm && first.len >= PASSPHRASE_MIN) {    /* too short: not asked again */
        e = ask(&t, "The same again: ", &second);
        if (e == OK && (first.len != second.len || !secret_equal(first.p, second.p, first.len)))
            e = ERR_SECRET;
    }
    buf_wipe(&second);
    if (t.opened >= 0)
        (void)close(t.opened);
    if (e == OK)
        *ret = first;
    else
        buf_wipe(&first);
    return e;
}

enum err passphrase_read(const char *file, const char *prompt, bool confirm, struct buf *ret)
{
    struct buf b = buf_on(PASSPHRASE_MAX);
    const char *variable = getenv("FOLKMOOT_PASSPHRASE_FILE");
    enum err e = ERR_SECRET;
    if (file == NULL && variable != NULL && variable[0] != '\0')
        file = variable;
    if (file != NULL)
        e = first_line_of(file, &b);
    else if (isatty(STDIN_FILENO))
        e = ask_terminal(prompt, confirm, &b);
    if (e == OK && confirm && b.len < PASSPHRASE_MIN)
        e = ERR_LIMIT;
    if (e == OK)
        *ret = b;
    else
        buf_wipe(&b);
    return e;
}
