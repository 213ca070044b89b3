/* cli/bundle/folder.h - gossip through a shared folder: each member keeps one file there, a bundle of all that it holds,
 * and reads everybody else's.  What carries the folder from one machine to the next (a file share, a synchronised
 * folder, a stick) sees ciphertext, and can lose or hold back, but nothing that it changes is taken. */
#ifndef FOLKMOOT_CLI_BUNDLE_FOLDER_H
#define FOLKMOOT_CLI_BUNDLE_FOLDER_H

#include "cli/bundle/bundle.h"

#define FOLDER_SUFFIX ".fmb"                /* east-sussex.fmb */

struct folder_file {
    struct slug of;                         /* whose, by its name */
    enum err failed;                        /* it could not be read, or what came could not be kept; then nothing below */
    enum bundle_end end;
    size_t n_refused;                       /* logs of which something was refused */
    const char *refused;                    /* the first one's stable code; NULL: none */
    uint64_t came;                          /* entries that were new */
};

struct folder_round {
    size_t n;                               /* sorted by slug; other files than members' are passed over */
    struct folder_file files[MEMBERS_MAX];
    uint64_t came;
    bool has_written;                       /* ours was written: what it held before was older */
    uint64_t bytes;                         /* of ours */
};

/* Take over what the others' files have that is new, each by the rules of the network. Of a file that is bad the round says so and
 * goes on.  `d` is a member's, open for writing. ERR_UNKNOWN: no such folder; ERR_DENIED, ERR_IO reading it; ERR_FULL and ERR_NOMEM
 * end it, what was taken stays. */
MUST_USE enum err folder_take(struct desk *d, const char *dir, struct folder_round *ret);
/* Put ours there, whole or not at all: under another name first. One that says the same already is left as it is, so that nothing
 * is carried for nothing. file_export's errors and the store's. */
MUST_USE enum err folder_give(struct desk *d, const char *dir, struct folder_round *ret);

#endif
