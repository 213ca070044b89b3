/* cli/audit/witness_keys.h - by which keys witnesses are believed: found by a note's line, or tried on a COSIG.
 *
 * Whoever witnesses can name as many keys as it has identities, and whoever writes a file as many lines; so of each witness so
 * many keys count, under so many names, and so many are tried that do not fit. Nobody who turns keys a few times a year
 * comes near. */
#ifndef FOLKMOOT_CLI_AUDIT_WITNESS_KEYS_H
#define FOLKMOOT_CLI_AUDIT_WITNESS_KEYS_H

#include "protocol/checkpoint.h"
#include "protocol/message.h"

enum {
    WITNESS_NAMES_MAX = 16,                 /* generations of its log after which its key is called in one file */
    WITNESS_MISSES_MAX = 8192,              /* keys of one witness that were tried on COSIGs, and did not fit ... */
    WITNESS_MISSES_ALL_MAX = 256 * 1024     /* ... and those of all; a check costs some 60 microseconds */
};
static_assert(WITNESSES_MAX * WITNESS_MISSES_MAX <= WITNESS_MISSES_ALL_MAX, "no witness in force uses up another's");

struct witness_key { struct slug slug; struct sign_public key; };
struct keys_of;                             /* one witness's */

struct witness_keys {
    size_t n, cap;
    struct witness_key *list;               /* in the order in which they came */
    size_t n_of, cap_of, n_misses;
    struct keys_of **of;                    /* by slug */
};

/* Begin with {0}. */
void witness_keys_release(struct witness_keys *w);

/*   OK         it is known, now or before
 *   ERR_LIMIT  WITNESS_KEYS_MAX of this witness are: it is left out
 *   ERR_NOMEM */
MUST_USE enum err witness_keys_add(struct witness_keys *w, const struct slug *slug, const struct sign_public *key);

/* The place in `list` of the key of `o`'s witness that has this id under the name of that origin; w->n: none. Verifies nothing. */
size_t witness_keys_find(const struct witness_keys *w, const struct origin *o, const struct note_keyid *id);

/* Does a cosignature over a checkpoint of `o` hold under a key of its witness? Tried first is the one that fitted last.
 *   ERR_UNKNOWN    no key of this witness is known
 *   ERR_SIGNATURE  it holds under none
 *   ERR_LIMIT      it has more keys than count, or so many did not fit before that not all were tried */
MUST_USE enum err witness_keys_check(struct witness_keys *w, const struct origin *o, const struct cosig *c);

#endif
