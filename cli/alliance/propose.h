/* cli/alliance/propose.h - a steward's hand: changing the charter.
 *
 *      struct charter *next = propose_draft(d);        a copy of the standing one, one version on
 *      ... change it ...
 *      status = propose(d, next, what);                show, sign, keep, tell
 *
 * What our root signs is written to private/signed before the signature leaves. */
#ifndef FOLKMOOT_CLI_ALLIANCE_PROPOSE_H
#define FOLKMOOT_CLI_ALLIANCE_PROPOSE_H

#include "cli/desk.h"

struct proposed {
    bool stands;                        /* enough stewards have signed: it is the charter now */
    uint32_t version, round;
    size_t signatures, needed;          /* of the stewards before it; when those have signed, of those after it */
    struct hash hash;
};

/* We are a steward of the standing charter; else it says so: EXIT_NO. */
enum exit_status propose_need_steward(struct desk *d);
/* ... or will be one by this proposal: its signature is needed too. */
enum exit_status propose_need_signer(struct desk *d, const struct charter *pending);

/* NULL when out of memory. The caller frees it. */
struct charter *propose_draft(const struct desk *d);

/* Is it lawful? Asked before anybody is shown it or asked for a passphrase; else it says so. */
enum exit_status propose_check(struct desk *d, const struct charter *next);

/* Sign `next` with our root, asking for the passphrase, and keep it for the daemon to tell.
 * Where the very same change is already proposed, it is countersigned. Where another one is, it is
 * refused, unless `instead`: then the next round is opened.  It has said what became of it. */
enum exit_status propose(struct desk *d, struct charter *next, bool instead, struct proposed *ret);

/* Countersign a pending proposal as it stands. */
enum exit_status propose_countersign(struct desk *d, const struct charter *pending, struct proposed *ret);

/* The answer of a command that signed: {"stands","version","round","signatures","needed"}, and what is next. */
enum exit_status propose_answer(struct desk *d, const struct proposed *p);

/* What a proposal changes, a line each, for people: "admits kent (authority)". */
void propose_show(struct desk *d, const struct charter *from, const struct charter *to);


#endif
