/* cli/key_files.h - is each key file there, and does it hold the key that our identity names? */
#ifndef FOLKMOOT_CLI_KEY_FILES_H
#define FOLKMOOT_CLI_KEY_FILES_H

#include "cli/desk.h"

struct key_file {
    const char *trouble;                    /* static; NULL: it is there, and the one */
    size_t n_keys;                          /* in the file */
    uint64_t previous_until_s;              /* of a node key before this one; 0: there is none */
};

/* The public half is computed from the file, never believed. */
struct key_file key_file_look(const struct desk *d, enum key_purpose p);

#endif
