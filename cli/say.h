/* cli/say.h - speaking to a person: errors, next steps, questions.
 *
 * An error is one line on stderr, `folkmoot: what: why: what to do`, each part
 * always there (a format without "what: " gets the command's name, NULL as the
 * remedy what usually helps), and with --json also a document of schema folkmoot.error/1 on stdout, unless the
 * command has printed its own document already.  Whatever is said may quote
 * names from other people's files: control characters never reach a terminal. */
#ifndef FOLKMOOT_CLI_SAY_H
#define FOLKMOOT_CLI_SAY_H

#include "cli/session.h"

/* Something returned an error: `WHAT: err_text(e): REMEDY`, code err_code(e).
 * Returns exit_of(e), so that a handler can end with it. remedy NULL: err_remedy(e). */
__attribute__((format(printf, 4, 5)))
enum exit_status say_failed(struct session *s, enum err e, const char *remedy, const char *what, ...);

/* A file that the user named could not be read, or is not what it should be: "FILE: there is no such file".
 * `remedy` (may be NULL) says what it should be, for when its content is wrong. EXIT_NO then, else EXIT_ENVIRONMENT. */
enum exit_status say_unreadable(struct session *s, enum err e, const char *file, const char *remedy);

/* We refuse: the format gives `what: why`. `code` is stable, "no-such-authority". Returns `status`. */
__attribute__((format(printf, 5, 6)))
enum exit_status say_refused(struct session *s, enum exit_status status, const char *code, const char *remedy,
                             const char *what_why, ...);

/* The command was not understood. EXIT_USAGE, code "usage". */
__attribute__((format(printf, 3, 4)))
enum exit_status say_usage(struct session *s, const char *remedy, const char *what_why, ...);

/* A misspelt name: as say_refused with EXIT_USAGE, the remedy being the nearest
 * known name when there is one, else `otherwise`. */
enum exit_status say_unknown(struct session *s, const char *kind, const char *word, const char *nearest,
                             const char *otherwise);

/* Lines on stderr. Notes and next steps keep silent with -q, details without -v; warnings never. */
__attribute__((format(printf, 2, 3)))
void say_next(struct session *s, const char *fmt, ...);
__attribute__((format(printf, 2, 3)))
void say_note(struct session *s, const char *fmt, ...);
__attribute__((format(printf, 2, 3)))
void say_detail(struct session *s, const char *fmt, ...);
__attribute__((format(printf, 2, 3)))
void say_warning(struct session *s, const char *fmt, ...);

/* Ask before what cannot be undone; show it first, with out() or say_note().
 *   EXIT_OK     yes: typed, or --yes
 *   EXIT_NO     anything else was typed; it has said that nothing was done
 *   EXIT_USAGE  nobody is there to ask; it has said that --yes would answer */
__attribute__((format(printf, 2, 3)))
enum exit_status ask_yes(struct session *s, const char *question, ...);

/* Progress on stderr, from the second second on: rewriting one line on a
 * terminal, else a line every ten seconds. Silent with -q. `total` 0: not known. */
struct progress {
    struct session *session;
    const char *what;                   /* "reading the figures" */
    uint64_t total, started_ms, shown_ms;
};
struct progress progress_start(struct session *s, const char *what, uint64_t total);
void progress_step(struct progress *p, uint64_t done);
void progress_end(struct progress *p);  /* wipes the line */

#endif
