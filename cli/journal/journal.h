/* cli/journal/journal.h - what was done in this home, by whom, when: private/journal.
 *
 * One line an act, added behind the last and never changed: what was signed, given away or refused for want of a passphrase. It
 * is for the owner's own officers; nothing of it is gossiped, and no passphrase, invite or text of anybody's is in it.
 *
 *      seq TAB time TAB user TAB officer TAB command TAB outcome TAB detail TAB hash
 *
 * hash = SHA-256(hash of the line before || 0x0A || the line up to its last TAB), 64 zeros before the first: so a line that was
 * changed, taken out or put in shows. private/journal.head has the last number and hash: so a missing end shows. Who may
 * write to private/ can write both anew; copy the head elsewhere to hold more against them.
 *
 * Above JOURNAL_FILE_MAX the file becomes journal.1, and so on; the oldest of JOURNAL_FILES goes. */
#ifndef FOLKMOOT_CLI_JOURNAL_JOURNAL_H
#define FOLKMOOT_CLI_JOURNAL_JOURNAL_H

#include "keys/home.h"
#include "protocol/crypto.h"

enum { JOURNAL_FILE_MAX = 1 << 20, JOURNAL_FILES = 10, JOURNAL_WORD_MAX = 120, JOURNAL_DETAIL_MAX = 600, JOURNAL_LINE_MAX = 2048 };

/* All borrowed; control characters in them become spaces, and what is too long is cut. */
struct journal_act {
    uint64_t at_ms;
    const char *user, *officer, *command, *outcome, *detail;
};

/* Add one, durable when it returns OK. Several processes may. The file's own errors. */
MUST_USE enum err journal_add(const struct home *h, const struct journal_act *act);

struct journal_line {
    uint64_t seq;
    struct bytes time, user, officer, command, outcome, detail;     /* borrowed for the call */
};
typedef enum err (*journal_each)(void *arg, const struct journal_line *line);

struct journal_check {
    uint64_t first, last;               /* numbers of the oldest and newest line; 0 for none */
    bool is_whole;
    uint64_t broken_at;                 /* the first line that does not follow from the one before; 0: none */
    bool has_lost_end;                  /* the head is further on than the last line */
};
/* From the oldest line kept to the newest. What is wrong stands in *ret and stops nothing; lines in no form are passed over. */
MUST_USE enum err journal_read(const struct home *h, journal_each each, void *arg, struct journal_check *ret);

#endif
