/* cli/opening/promise.h - what is published today and opened on a day to come.
 *
 * The promise is a post of the type `opens` in our own log, for the readers of the records that it is about: so it
 * is committed to, survives the machine, and whoever can read the records already knows their day. Nothing opens by
 * itself: `folkmoot open --due` does, and the commands that sign say when something is due. */
#ifndef FOLKMOOT_CLI_OPENING_PROMISE_H
#define FOLKMOOT_CLI_OPENING_PROMISE_H

#include "cli/author/sealer.h"

struct promise {
    bool is_made;                       /* false: nothing is promised, and the rest says nothing */
    char due[DATE_LEN + 1];             /* "2026-03-01" */
    enum publish_to to;
    char readers[NAME_MAX_LEN + 1];     /* with TO_NAMED: "kent,surrey" */
};

/* Read the running command's --opens and --to, for records of this audience. Without --opens what is for named readers takes
 * what the charter says (`opens 90d ...`); --opens never takes none. EXIT_USAGE: it has said why. */
enum exit_status promise_read(struct desk *d, enum publish_to audience, struct promise *ret);
/* What stands in the charter's `opens` or `retain`: a length of time, which its first word is. False: none. */
bool charter_time(const char *text, uint64_t *ret_s);

/* The post that says so of a record, or of a return and all its records. */
void promise_post(const struct promise *p, const char *record, struct post *ret);
/* "everybody", "the alliance", "kent,surrey" */
const char *promise_to_whom(const struct promise *p);

/* One of ours that is not kept yet, or anybody's. */
struct promise_state {
    const struct promise_row *row;
    bool is_ours, is_kept, is_due;      /* kept: what it is about is open to those readers, or to more */
};
typedef enum err (*promise_seen)(void *arg, const struct promise_state *p);
MUST_USE enum err promises_each(struct desk *d, struct view *v, promise_seen each, void *arg);
/* How many of ours are due and not kept. */
MUST_USE enum err promises_due(struct desk *d, struct view *v, size_t *ret);
/* The same, said as a next step where there are any: for commands that sign, and that look. */
void promises_remind(struct desk *d, struct view *v);

/* How many may read a record: 2 everybody, 1 the alliance, 0 some. */
int audience_width(const char *audience);

#endif
