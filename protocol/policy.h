/* protocol/policy.h - C2SP tlog-policy: whose checkpoints somebody believes, and with how many witnesses.
 *
 *      log <vkey> [<url>]
 *      witness <name> <vkey> [<url>]
 *      group <name> all|any|<k> <name>...
 *      quorum <name>|none
 *
 * Trust of an auditor's own, written by whoever trusts; nothing of Folkmoot's charter is in it. Logs are keys of
 * type 0x01 whose name is the origin, witnesses keys of type 0x04; other kinds of key are refused, not passed over: a
 * policy that is half understood would be another policy.
 *
 * Source: c2sp.org/tlog-policy. */
#ifndef FOLKMOOT_PROTOCOL_POLICY_H
#define FOLKMOOT_PROTOCOL_POLICY_H

#include "protocol/note.h"

/* A name of the policy's own: bytes other than space, tab, newline and controls; opaque. */
struct policy_name { char s[NOTE_KEY_NAME_MAX + 1]; };

struct policy_witness {
    struct policy_name name;
    struct note_key key;
};

/* Members are places: i below n_witnesses is that witness, n_witnesses + j the group j, which stands before. */
struct policy_group {
    struct policy_name name;
    uint32_t k;                             /* 1 to n */
    size_t n;
    uint16_t members[POLICY_WITNESSES_MAX + POLICY_GROUPS_MAX];
};

struct policy {
    size_t n_logs, n_witnesses, n_groups;
    struct note_key logs[POLICY_LOGS_MAX];
    struct policy_witness witnesses[POLICY_WITNESSES_MAX];
    struct policy_group groups[POLICY_GROUPS_MAX];
    bool quorum_is_none;
    uint16_t quorum;                        /* a place, as in a group */
};

/* Some 150 KiB: make it on the heap. Empty, and of no quorum line; NULL when out of memory. */
struct policy *policy_new(void);
void policy_free(struct policy *p);

/* Read a policy of at most POLICY_MAX bytes; URLs and comments are passed over.
 *   ERR_FORMAT  a line that is none of these, a name unknown or twice, a key twice or of the wrong kind, a k out
 *               of range, a name that is a member twice, no quorum line or two
 *   ERR_LIMIT   more than POLICY_MAX bytes, or than POLICY_*_MAX of a kind
 *   ERR_NOMEM
 * *ret_line is the line, from 1, at which it went wrong (the last one when something is missing); it is
 * written only then. *ret is written on OK only: free it with policy_free. */
MUST_USE enum err policy_parse(struct bytes in, struct policy **ret, size_t *ret_line);

/* Put the policy behind what `ret` holds: logs, witnesses, groups, quorum, one space between words. Read again it
 * is the same policy. */
void policy_write(const struct policy *p, struct buf *ret);

/* A witness and every key that it ever signed with, the newest first. */
struct policy_party { const char *name; size_t n; const struct note_key *keys; };
/* These logs, and any `quorum` of these witnesses (0: none is asked), each by any one of its keys: "Each defined name can be
 * listed as a group member at most once", so that the keys of one make a group, named as it is, which counts once. The newest
 * key of each is named as the key is, older ones with `~` and the key's id behind that. A key that stands already, under
 * whatever name ("Duplicate witnesses ... are not allowed"), is left out, and so are the oldest where POLICY_WITNESSES_MAX are
 * reached: *ret_left_out of them.
 *   ERR_FORMAT  of fewer witnesses than `quorum` a key is left; a log stands twice; a key is of the wrong kind
 *   ERR_LIMIT   more than POLICY_LOGS_MAX logs, WITNESSES_MAX witnesses */
MUST_USE enum err policy_make(size_t n_logs, const struct note_key *logs, size_t n, const struct policy_party *parties,
                                 uint32_t quorum, struct policy *ret, size_t *ret_left_out);

/* Does the set of witnesses (bit i: witness i cosigned) satisfy the quorum? */
bool policy_is_quorum(const struct policy *p, uint64_t cosigned);

/* What a policy says of a checkpoint's note. */
struct policy_seen {
    size_t log;                             /* the place of the log that signed it */
    uint64_t cosigned;                      /* bit i: witness i cosigned */
    uint64_t times[POLICY_WITNESSES_MAX];   /* POSIX seconds; 0 where it did not */
    bool has_quorum;
};
/*   OK             one of the logs signed it, whose name is the text's first line; *ret is filled, has_quorum or not
 *   ERR_UNKNOWN    no log of the policy signed it
 *   ERR_SIGNATURE  a line of a log or witness that the policy names does not hold */
MUST_USE enum err policy_check(const struct policy *p, const struct note *n, struct policy_seen *ret);

#endif
