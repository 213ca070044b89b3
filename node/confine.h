/* node/confine.h - the daemon gives up what it does not need, before its first socket.
 *
 * Under Linux with Landlock it can then read and write below <home>/node, read the few files by
 * which names are resolved, and open nothing else: not private/, whoever subverts it. Connecting and
 * listening are left alone. It can gain no privileges, and leaves no core file with keys in it.
 * It holds for every thread and process begun afterwards, so it comes before them.
 *
 * Source: linux/landlock.h and Documentation/userspace-api/landlock.rst. */
#ifndef FOLKMOOT_NODE_CONFINE_H
#define FOLKMOOT_NODE_CONFINE_H

#include <stdbool.h>

#include "protocol/err.h"

struct confinement {
    int landlock_abi;                       /* of the kernel, 0: none */
    const char *reason;                     /* why there is none; static, NULL when there is */
};

/* Confine this process to `node_path` (a directory). Always OK but for:
 *   ERR_DENIED  the kernel offers Landlock and yet refused: do not go on, *ret->reason says which step */
MUST_USE enum err confine(const char *node_path, struct confinement *ret);

/* Give up system calls that a daemon which only moves bytes never makes: running programs, becoming or looking into other
 * processes, mounting, loading code into the kernel. It holds for every thread begun afterwards, and cannot be taken back.
 * False: it does not hold, and *ret_reason (static) says why; nothing else is changed. What a child process or another program of
 * the user may do is not touched; files are Landlock's part. */
bool confine_calls(const char **ret_reason);

#endif
