/* cli/disclose/inside.h - for cli/disclose alone. */
#ifndef FOLKMOOT_CLI_DISCLOSE_INSIDE_H
#define FOLKMOOT_CLI_DISCLOSE_INSIDE_H

#include "cli/disclose/disclose.h"

struct known { struct slug slug; struct bytes note; bool is_used; };  /* a witness's identity */

struct state { uint64_t size; struct hash root; struct latest_state said; };

struct state_of { struct origin origin; struct state state; };

struct log_at {                             /* a log under disclosure */
    struct origin origin;
    uint64_t whole;
    size_t n_wanted, cap_wanted, n_entries, cap_entries, n_states;
    uint64_t *wanted;                       /* indices of records */
    struct state states[DISCLOSED_CHECKPOINTS_MAX];
    struct disclosed_entry *entries;
    struct disclosed_checkpoint *checkpoints;
    struct bytes evidence;
};

struct disclosing {
    struct desk *d;
    struct trust trust;
    struct problems problems;               /* of our own charters: there are none */
    enum marking marking;
    size_t n_kept, cap_kept, n_known, cap_known, n_charters, n_logs, cap_logs;
    uint8_t **kept;                         /* memory that parts borrow from */
    struct known *known;
    size_t n_read, cap_read;
    struct state_of *read;                  /* states whose lines were checked: records that lie together have the same ones */
    struct bytes *charters, *identities;
    struct log_at **logs;
    struct disclosed_log *out;
};

/* A copy that lives as long as `x`. */
MUST_USE enum err keep(struct disclosing *x, struct bytes in, struct bytes *ret);
/* The log, begun when it is new. ERR_UNKNOWN when we hold none of it. */
MUST_USE enum err disclosing_log(struct disclosing *x, const struct origin *o, struct log_at **ret);
/* witnesses.c: whom we know, and a checkpoint's note of lines that hold. */
MUST_USE enum err known_gather(struct disclosing *x);
/* Those whose lines stand on the note go with it. */
MUST_USE enum err known_mark(struct disclosing *x, struct bytes note);
MUST_USE enum err state_read(struct disclosing *x, const struct origin *o, uint64_t size, struct state *ret);
/* entries.c */
MUST_USE enum err entries_gather(struct disclosing *x, struct log_at *l);

#endif
