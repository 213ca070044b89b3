/* cli/thread/show.h - matters as rows, and one matter in full. */
#ifndef FOLKMOOT_CLI_THREAD_SHOW_H
#define FOLKMOOT_CLI_THREAD_SHOW_H

#include "cli/desk.h"
#include "cli/output/sheet.h"
#include "cli/thread/threads.h"

#define OPTION_ALL      {"all", 0, OPTION_FLAG, NULL, "what is over too"}
#define OPTION_OVERDUE  {"overdue", 0, OPTION_FLAG, NULL, "only what is past its day"}
#define OPTION_BY       {"authority", 0, OPTION_VALUE, "A", "only what this member opened, or is asked"}

/* Which of them: a set of 1 << enum matter. */
struct matters_wanted { unsigned set; bool all, overdue_only; const struct slug *of; };
bool matters_want(const struct matters_wanted *w, const struct threads *t, const struct thread *th);
/* A row each. The caller frees it. */
struct sheet *matters_sheet(const struct threads *t, const struct matters_wanted *w);

/* Whole commands: the list of some matters (the command's table has the three options above); one in full. */
enum exit_status show_list(struct session *s);
enum exit_status show_thread(struct session *s);

#endif
