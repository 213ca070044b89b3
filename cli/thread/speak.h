/* cli/thread/speak.h - saying something: what every command of the table of sayings does.
 *
 *      enum exit_status cmd_support_need(struct session *s) { return speak_opening(s); }
 *      enum exit_status cmd_support_take(struct session *s) { return speak_in(s); }
 *
 * The row of the table says which options the command reads, so a command's own table of options has those. */
#ifndef FOLKMOOT_CLI_THREAD_SPEAK_H
#define FOLKMOOT_CLI_THREAD_SPEAK_H

#include "cli/command.h"
#include "cli/thread/readers.h"

#define OPTION_TEXT      {"text", 0, OPTION_VALUE, "TEXT", "what to say, at most 8,192 bytes; `@FILE` reads it from a file"}
#define OPTION_OUTCOME   {"outcome", 0, OPTION_VALUE, "TEXT", "what came of it; `@FILE` reads it from a file"}
#define OPTION_SUBJECT   {"about", 0, OPTION_VALUE, "INDICATOR|THEME", "an indicator, or a theme in words of your own"}
#define OPTION_SUBJECT_OR_RECORD \
    {"about", 0, OPTION_VALUE, "INDICATOR|THEME|RECORD", "an indicator, a theme, or a record as kent/17"}
#define OPTION_OWNER     {"owner", 0, OPTION_VALUE, "NAME", "who sees to it"}
#define OPTION_DAYS      {"days", 0, OPTION_VALUE, "N", "how long it stands; 90 days unless given"}
#define OPTION_DUE       {"due", 0, OPTION_VALUE, "DATE", "by which day, such as 2026-01-31"}
#define OPTION_AUDIENCE  {"audience", 0, OPTION_VALUE, "alliance|SLUG,...", "who reads it; the alliance unless given"}

enum { SUPPORT_DAYS = 90, SUPPORT_DAYS_MAX = 3650 };

/* A post that is ready, and for whom. */
struct utterance { const struct saying *what; struct post post; struct readers_of to; uint64_t idx; };
/* All of them, or it has said why and none: sealed, signed, durable. Fills each .idx. */
enum exit_status speak_all(struct desk *d, struct utterance *list, size_t n, const char *command);

/* Fill in type and state by the row: what is said is then whole. EXIT_USAGE: it has said what no post can hold. */
enum exit_status speak_ready(struct desk *d, struct utterance *u);
/* Make it ready, say it, and tell what was said; `root` is the record that opened the matter, NULL: this one. */
enum exit_status speak_one(struct desk *d, struct utterance *u, const char *root);

/* Into *ret what a person wrote behind an option: the words, or the text of the file behind "@". "" from NULL. Anything
 * but EXIT_OK: it has said why (too long, a control character, no text). */
enum exit_status speak_text(struct session *s, const char *option, const char *words, char ret[POST_TEXT_MAX + 1]);
/* The same of text that is already here: ends of lines are made one, blanks at both ends go. `what` for messages. */
enum exit_status speak_text_of(struct session *s, const char *what, struct bytes text, char ret[POST_TEXT_MAX + 1]);
/* A day as it stands in a post, or "" from NULL. */
enum exit_status speak_day(struct session *s, const char *option, const char *day, char ret[DATE_LEN + 1]);
/* --days N from now, as a day. */
enum exit_status speak_days(struct session *s, const char *days, char ret[DATE_LEN + 1]);
/* Its --about, by what the row takes: an indicator, a theme (one line, no '/'), a record; and who reads it. */
enum exit_status speak_subject(struct desk *d, const struct threads *t, const char *audience, struct utterance *ret);
/* What a challenge to `to` may be about: a record of its own, "cin_rate@2024" too, or an indicator for what it has not returned.
 * Fills about, owner and who reads it. */
enum exit_status speak_challenge_about(struct desk *d, const struct threads *t, const struct member *to, const char *word,
                                       struct utterance *ret);
/* May we open such a matter? Else it has said so. */
enum exit_status speak_may_open(struct desk *d, const struct saying *what);

/* Whole commands. */
enum exit_status speak_opening(struct session *s);      /* --about ... */
enum exit_status speak_in(struct session *s);           /* RECORD: in that matter */

#endif
