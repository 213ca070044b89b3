/* cli/audit/judge_bundle.h - whole logs under judgement: for cli/audit/judge_bundle*.c alone. */
#ifndef FOLKMOOT_CLI_AUDIT_JUDGE_BUNDLE_H
#define FOLKMOOT_CLI_AUDIT_JUDGE_BUNDLE_H

#include "cli/audit/judge_inside.h"

struct waiting { size_t log; struct cosig cosig; };     /* whose witness's identity may come behind it */
struct hole { size_t log; uint64_t idx, excuse; bool is_record; };

struct bundle_judge {
    struct judgement *j;
    struct message *m;
    struct buf charters;                    /* the notes, one behind the other, until the first other frame */
    size_t n_notes, cap_notes, *ends;
    bool has_chain, has_contents, has_too_many;
    size_t log;                             /* at hand; SIZE_MAX: none yet */
    struct frontier tree;
    struct identity_line line;
    size_t n_waiting, cap_waiting, n_holes, cap_holes;
    struct waiting *waiting;
    struct hole *holes;
    size_t n_identities, cap_identities;    /* of the members, kept until the charters are known */
    struct buf *identities;
};

/* The charters and identities that came are all there are. */
MUST_USE enum err bundle_settle_charters(struct bundle_judge *b);

#endif
