/* tests/sim/plays.h - the scenarios by subject, and the table of all of them.
 *
 *   play_links.c    people publish, links and nodes and disks fail      play_forks.c    two stories
 *   play_members.c  charters, newcomers, former members                 play_missing.c  payloads that are not there, files
 *   play_recovery.c later generations: after a fork, a loss, a lost root
 *   play_keys.c     every key is rotated
 *   play_liars.c    peers that lie; memory that fails; anything at all                play_heads.c    heads that are named */
#ifndef FOLKMOOT_TESTS_SIM_PLAYS_H
#define FOLKMOOT_TESTS_SIM_PLAYS_H

#include "tests/sim/sim.h"

enum { SECOND = 1000, MINUTE = 60 * SECOND, HOUR = 60 * MINUTE };

/* The last: is it a violation, or what a correct node might do, too? */
#define LIARS(X) X(lies_in_have, LIES_IN_HAVE, false) X(wrong_roots, WRONG_ROOTS, true) X(withholds, WITHHOLDS, false) \
    X(bad_excuse, BAD_EXCUSE, true) X(floods, FLOODS, true) X(garbage, GARBAGE, true) \
    X(stale_identity, STALE_IDENTITY, true) X(unknown_root, UNKNOWN_ROOT, false) \
    X(silent_server, SILENT_SERVER, false) X(other_payloads, OTHER_PAYLOADS, true)

/*    name                   function           its trace is golden    slow */
#define PLAYS(X) \
    X("alone",               alone,              1, 0) \
    X("two-nodes",           two_nodes,          1, 0) \
    X("join",                join,               1, 0) \
    X("one-charter-behind",  one_charter_behind, 0, 0) \
    X("nineteen",            nineteen,           0, 0) \
    X("forty",               forty,              0, 1) \
    X("long-log",            long_log,           0, 0) \
    X("full-stage",          full_stage,         0, 1) \
    X("partition",           partition,          0, 0) \
    X("crash-storm",         crash_storm,        0, 0) \
    X("failing-disks",       failing_disks,      0, 0) \
    X("cut-links",           cut_links,          0, 0) \
    X("slow-reader",         slow_reader,        0, 0) \
    X("clock-jumps",         clock_jumps,        0, 0) \
    X("dated-ahead",         dated_ahead,        0, 0) \
    X("fork-equal",          fork_equal,         0, 0) \
    X("fork-longer",         fork_longer,        0, 0) \
    X("fork-small",          fork_small,         1, 0) \
    X("fork-much-longer",    fork_much_longer,   0, 0) \
    X("fork-rotated",        fork_rotated,       0, 0) \
    X("recover",             recover,            0, 0) \
    X("recover-longer",      recover_longer,     0, 0) \
    X("recover-shorter",     recover_shorter,    0, 0) \
    X("recover-much-longer", recover_much_longer, 0, 0) \
    X("recover-other",       recover_other,      0, 0) \
    X("closes-below-quorum", closes_below_quorum, 0, 0) \
    X("closes-elsewhere",    closes_elsewhere,   0, 0) \
    X("closes-ahead",        closes_ahead,       0, 0) \
    X("closes-at-nothing",   closes_at_nothing,  0, 0) \
    X("closes-against-quorum", closes_against_quorum, 0, 0) \
    X("lost-entries",        lost_entries,       0, 0) \
    X("lost-root",           lost_root,          0, 0) \
    X("lost-root-begins",    lost_root_begins,   0, 0) \
    X("former-begins",       former_begins,      0, 0) \
    X("restored",            restored,           0, 0) \
    X("promise",             promise,            0, 0) \
    X("former",              former,             0, 0) \
    X("rival-proposals",     rival_proposals,    0, 0) \
    X("other-witnesses",     other_witnesses,    0, 0) \
    X("new-identity",        new_identity,       0, 0) \
    X("rotation",            rotation,           0, 0) \
    X("old-node-key",        old_node_key,       0, 0) \
    X("old-invite",          old_invite,         0, 0) \
    X("behind-itself",       behind_itself,      0, 0) \
    X("witnesses-rotated",   witnesses_rotated,  0, 0) \
    X("withdrawal",          withdrawal,         0, 0) \
    X("withheld",            withheld,           0, 0) \
    X("two-holes",           two_holes,          0, 0) \
    X("two-holes-excused",   two_holes_excused,  0, 0) \
    X("import",              import,             0, 0) \
    X("wrong-token",         wrong_token,        0, 0) \
    X("lying-ping",          lying_ping,         0, 0) \
    X("flapping-liar",       flapping_liar,      0, 0) \
    X("restored-wholly",     restored_wholly,    0, 0) \
    X("named-in-vain",       named_in_vain,      0, 0) \
    X("mixture",             mixture,            0, 0) \
    X("failing-memory",      failing_memory,     0, 0)

#define X(name, function, golden, slow) void function(struct sim *s);
PLAYS(X)
#undef X
#define X(name, how, is_blamed) void name(struct sim *s);
LIARS(X)
#undef X

/* What they have in common. */
extern const uint8_t token[TOKEN_LEN];
void nodes(struct sim *s, size_t n);                                    /* so many homes */
void start_all(struct sim *s);
void start_all_but(struct sim *s, size_t but);
void alliance(struct sim *s, size_t n);                                 /* founded and started; 3 stewards, threshold 2 */
/* Eve, the last of six, and her twin, a seventh node, tell two stories of `a` and `b` entries behind 11 that all have seen and
 * witnessed; then everything is mended. Returns eve; both run. */
struct node *two_stories(struct sim *s, size_t a, size_t b);
void heal_and_check(struct sim *s, uint64_t ms);                        /* everything is mended: all agree, and soon */
void change_purpose(struct charter *c, void *text);

#endif
