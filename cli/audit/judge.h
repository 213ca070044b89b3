/* cli/audit/judge.h - what a file proves, to somebody who trusts none of us: no store, no network, no clock.
 *
 * Each field of a record is judged on its own, and everything that is wrong is listed at once. A verdict:
 *
 *      valid      its author signed it, at this place of its log, and what is shown is what it committed to
 *      invalid    something about it does not hold: believe nothing of it
 *      void       its place is there, but its author, or the charter, says that what stands there is not its own
 *      withheld   it is there, and the file has no key, or no content, to show what it says
 *      erased     it was there, and its author took its content from everybody
 *      unpinned   all that was judged is whether the file agrees with itself
 *
 * `quorum` and `witnessed_by_s` are of the witnesses that the auditor's charter, or policy, names: a signature alone
 * can be made at any time by whoever has, or stole, the key. */
#ifndef FOLKMOOT_CLI_AUDIT_JUDGE_H
#define FOLKMOOT_CLI_AUDIT_JUDGE_H

#include <jansson.h>

#include "cli/audit/trust.h"
#include "protocol/disclosure.h"
#include "protocol/tlog_proof.h"

#define VERDICTS(X)                                 \
    X(VERDICT_VALID,    "valid")                    \
    X(VERDICT_INVALID,  "invalid")                  \
    X(VERDICT_VOID,     "void")                     \
    X(VERDICT_WITHHELD, "withheld")                 \
    X(VERDICT_ERASED,   "erased")                   \
    X(VERDICT_UNPINNED, "unpinned")
enum verdict {
#define X(sym, name) sym,
    VERDICTS(X)
#undef X
    VERDICT_COUNT
};
const char *verdict_name(enum verdict v);

/* ---- what witnesses say of a state of a log, and of all that lies below it ---- */

enum { COSIGNERS_LISTED_MAX = 64 };         /* of one state; every quorum is counted of all */

struct cosigner { const char *name; size_t place; uint64_t time_s; };   /* place: among the policy's witnesses, or the newest
                                                                           charter's members; name: of that one there */
struct witnessed {
    size_t n, n_listed;                     /* distinct ones; the earliest COSIGNERS_LISTED_MAX, and when each first did */
    struct cosigner *list;
    bool has_quorum;                        /* of those whom the auditor trusts */
    uint64_t by_s;                          /* when a quorum had; 0: never */
    uint32_t version;                       /* the charter whose witnesses these were; 0 by a policy, or never */
    bool is_older;                          /* that charter is older than the one pinned */
    bool is_alone;                          /* it is the author's own witness, and no other */
};

/* ---- a log ---- */

struct head {                               /* a checkpoint in the file */
    uint64_t size;
    struct hash root;
    bool is_signed;                         /* by the log key in force, or by a log of the policy */
    bool is_linked;                         /* the one before leads to it (of the first: nothing is before) */
    size_t n_cosigners, cap_cosigners;
    struct cosigner *cosigners;             /* on this one */
    bool is_asked;                          /* some record stands under it, or it is the newest: then there is ... */
    struct witnessed witnessed;             /* ... of this one and those above */
    size_t signed_from;                     /* the place of the first from here on that is signed; n_heads: none */
};

struct key_from { uint64_t idx; struct sign_public log; uint32_t version; size_t n_officers; struct officer *officers; };
struct void_range { uint64_t from, to; };   /* to: excluded */
struct withdrawn { uint64_t idx, target, time_ms; bool erase; char reason[32]; };
struct opened { uint64_t idx, target; };
struct epoch_said { uint64_t idx; uint64_t time_ms; struct audience_id audience; uint32_t epoch; bool is_alliance;
                    struct hash charter; size_t n_boxes, n_filled; };

struct judged_log {
    struct origin origin;
    char name[NOTE_KEY_NAME_MAX + 1];       /* the origin's text, also where it is none of ours */
    bool is_ours;                           /* the origin is one of Folkmoot's */
    const struct member *member;            /* NULL: the charter names none such */
    bool has_identities;                    /* they hold, from entry 0 on */
    uint64_t closed;                        /* entries from here on are void; UINT64_MAX: none */
    uint64_t entries, offered;              /* of a whole log: those that stood in the file, and that it says it has */
    bool is_whole, is_broken;               /* a whole log is in the file; it does not recompute */
    size_t n_heads, cap_heads, n_keys, cap_keys, n_voids, cap_voids, n_withdrawn, cap_withdrawn, n_opened, cap_opened,
           n_epochs, cap_epochs;
    struct head *heads;                     /* by size */
    struct key_from *keys;
    struct void_range *voids;
    struct withdrawn *withdrawn;
    struct opened *opened;
    struct epoch_said *epochs;
    bool has_evidence;                      /* that convicts its author of two stories, at these sizes */
    uint64_t story_m, story_n;
};

/* ---- a record ---- */

struct judged {
    size_t log;                             /* its place in the judgement */
    uint64_t idx;
    struct header header;                   /* zero when it could not be read */
    bool is_broken;                         /* the entry, or what is shown of it, does not hold */
    bool has_payload, has_key, is_shown;    /* is_shown: what it says could be read */
    enum verdict verdict;
    const struct key_from *identity;        /* in force at its place; NULL: not known */
    uint32_t identity_version, charter_version;     /* in force at its place; 0: not known */
    const struct witnessed *witnessed;      /* NULL: by nobody */
    const struct withdrawn *withdrawn;      /* NULL: not in this file */
    bool is_opened;
    const struct epoch_said *epoch;         /* NULL: public, or not in this file */
    size_t head;                            /* its place among the log's heads; n_heads: none covers it */
    json_t *content;                        /* an object; NULL when not shown */
};

enum audit_file { AUDIT_DISCLOSURE, AUDIT_PROOF, AUDIT_BUNDLE };

struct judgement {
    enum audit_file file;
    struct trust trust;
    struct problems problems;
    bool is_consistent, is_ok;
    size_t values_left;                     /* that may still be taken apart (content.h) */
    size_t n_logs, cap_logs, n_records, cap_records;
    struct judged_log *logs;
    struct judged *records;                 /* in the file's order */
};

/* Begin; end with judgement_release(). NULL when out of memory. `policy` is borrowed. */
struct judgement *judgement_new(enum audit_file file, const struct hash *pin, const struct policy *policy);
void judgement_free(struct judgement *j);

/* Judge a whole file. ERR_NOMEM; anything that is wrong with the file is in *j. */
MUST_USE enum err judge_disclosure(struct judgement *j, const struct disclosure *d);
MUST_USE enum err judge_proof(struct judgement *j, const struct tlog_proof *p);

/* A bundle, a frame's body at a time; then its end. What stands in `body` is not needed any more afterwards.
 * *ret_more false: nothing that follows can be read. */
struct bundle_judge;
MUST_USE enum err judge_bundle_begin(struct judgement *j, struct bundle_judge **ret);
MUST_USE enum err judge_bundle_frame(struct bundle_judge *b, struct bytes body, bool *ret_more);
/* `is_cut`: the file ended within a frame. Frees `b`. */
MUST_USE enum err judge_bundle_end(struct bundle_judge *b, bool is_cut);

/* "kent/17", "kent~2/17"; of a log that is none of ours "<origin> 17". */
enum { JUDGED_TEXT_MAX = NOTE_KEY_NAME_MAX + 24 };
void judged_text(const struct judgement *j, const struct judged *r, char ret[JUDGED_TEXT_MAX]);

#endif
