/* cli/session.h - what every command is given: what was asked, where, and how
 * to answer.
 *
 * A handler is `enum exit_status cmd_NAME(struct session *s)`.  It prints by
 * cli/output/ and cli/say.h only, so that --json, --csv, -q and a terminal
 * behave alike in every command. */
#ifndef FOLKMOOT_CLI_SESSION_H
#define FOLKMOOT_CLI_SESSION_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "cli/option.h"
#include "cli/status.h"
#include "keys/home.h"

struct command;
struct command_table;

enum output_mode { OUTPUT_TEXT, OUTPUT_JSON, OUTPUT_CSV };

struct session {
    const struct command_table *table;  /* every command there is: for help and completion */
    const struct command *command;      /* the one that runs; NULL before it is known */
    struct options options;
    const char **args;                  /* what stands behind the command, no options */
    size_t n_args;

    struct home home;                   /* filled by session_home() or session_node() */
    enum output_mode mode;
    bool quiet, verbose, yes, offline;
    const char *passphrase_file;        /* NULL: as keys/passphrase.h says */

    FILE *in, *out, *err;               /* stdin, stdout, stderr, but for tests */
    bool in_is_terminal, out_is_terminal, err_is_terminal;
    bool colour;                        /* out may be coloured */
    bool printed;                       /* a document stands on out: no second one may follow */
    char did[200];                      /* what was signed, for the journal; "" for nothing */
    enum err failed;                    /* why the answer is not whole; OK: it is */
};

/* On the three streams; terminals are recognised, NO_COLOR is respected. Release what it holds at the end. */
void session_init(struct session *s, FILE *in, FILE *out, FILE *err);
void session_release(struct session *s);

/* Fill s->home from -C, $FOLKMOOT_HOME or ~/.folkmoot; no node need be there.
 * Anything but EXIT_OK: it has said why; end with that status. */
enum exit_status session_home(struct session *s);
/* The same, and a node is there, with its modes as they must be. */
enum exit_status session_node(struct session *s);

/* Something that belongs into the answer could not be had (memory, the disk): the first reason is kept, and the command
 * does not end with EXIT_OK. OK and ERR_UNKNOWN, which is an answer, are passed over. */
void session_lacks(struct session *s, enum err e);

/* Something was signed and is durable: a few words for the journal, behind those that are there. */
__attribute__((format(printf, 2, 3)))
void session_did(struct session *s, const char *fmt, ...);

/* Milliseconds since 1970 by the wall clock; for claims and for people, never for time-outs. */
uint64_t session_now_ms(void);

/* Argument i, or NULL when there are not so many. */
const char *session_arg(const struct session *s, size_t i);

#endif
