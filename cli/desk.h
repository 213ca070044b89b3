/* cli/desk.h - what a command works at: the home opened, its store, the charter, who we are.
 *
 * Most commands are one line:
 *
 *      return desk_run(s, DESK_MEMBER | DESK_VIEW, work);
 *
 * desk_open says why it fails, so one that needs more ends with its status and calls desk_close, also after a failure. */
#ifndef FOLKMOOT_CLI_DESK_H
#define FOLKMOOT_CLI_DESK_H

#include "cli/session.h"
#include "keys/keyfile.h"
#include "node/store/store.h"
#include "protocol/chain.h"
#include "protocol/identity.h"

struct view;

struct desk {
    struct session *s;
    struct store *store;
    struct view *view;                  /* once desk_run or the command has asked for it; desk_close closes it */
    struct chain *chain;                /* NULL until the home belongs to an alliance */
    struct identity *identity;          /* ours, the newest */
    struct buf identity_note;
    struct origin origin;               /* of our own log; alliance zero until has_alliance */
    bool was_alone;                     /* when this command began, no member but us: nobody else can hold our log */
    bool is_restoring;                  /* this command finishes what `keys restore` began: it may sign */
    bool has_alliance;                  /* created, or asked to join: the origin is known */
};

/* Open the node's home: identity, log.db and the charters in it. */
enum exit_status desk_open(struct session *s, enum store_mode mode, struct desk *ret);
void desk_close(struct desk *d);

/* What a command needs beside the home opened to read. */
enum desk_needs { DESK_READ = 0, DESK_WRITE = 1, DESK_MEMBER = 2, DESK_VIEW = 4 };
/* Open the desk with that (a set of desk_needs), do `work`, close it. Anything but EXIT_OK has been said. */
enum exit_status desk_run(struct session *s, unsigned needs, enum exit_status (*work)(struct desk *d));

/* Hear again which charters the store holds: the daemon may have put one since desk_open. */
MUST_USE enum err desk_read_charters(struct desk *d);

/* The charter that stands; NULL while there is none. */
const struct charter *desk_charter(const struct desk *d);
/* No member but us, or no charter yet. */
bool desk_is_alone(const struct desk *d);
/* We are a member of it. */
bool desk_is_member(const struct desk *d);
bool desk_is_former(const struct desk *d);         /* it was one, by the charter held */
/* The same, and when not it says so: EXIT_NO. */
enum exit_status desk_need_member(struct desk *d);
/* A member by slug, DfE or GSS code or unambiguous name; former ones too. NULL: it has said so, with the nearest. */
const struct member *desk_find_member(struct desk *d, const char *word);

/* The newest generation of a member's log of which anything is held; the first when nothing is. */
MUST_USE enum err desk_newest_log(struct desk *d, const struct slug *slug, struct origin *ret);
/* Was this log of ours begun by the root that we have now?  ERR_UNKNOWN: nothing is held of it. */
MUST_USE enum err desk_began_log(struct desk *d, const struct origin *o, bool *ret);
/* How many entries of this log of ours private/head says that we have signed; 0 where it is of another. Whose signature it bears
 * does not matter to who only wants to be careful. */
uint64_t desk_signed_size(const struct desk *d, const struct origin *o);
/* Has the store lost entries of our own log that we have signed?  They may come back from peers. */
bool desk_has_lost(struct desk *d);
/* Find the generation of our own log that we sign; desk_open does. */
MUST_USE enum err desk_find_generation(struct desk *d);
/* A member's newest identity that is known here and signed by the root that the charter gives it: OK, or ERR_UNKNOWN.
 * The caller frees *ret. */
MUST_USE enum err desk_identity_of(struct desk *d, const struct slug *slug, struct identity **ret);
/* What people call a member: the name in its identity, else its slug. */
void desk_name_of(struct desk *d, const struct slug *slug, char ret[NAME_MAX_LEN + 1]);

/* Bring log.db, open for writing, and node/alliance to agree. desk_open does so where log.db has lost what it knew, desk_close
 * where a charter or an identity was put. A file that cannot be written is a warning. */
enum exit_status desk_settle(struct desk *d);
/* Put behind `ret` what `alliance export` writes. There is a charter. */
MUST_USE enum err desk_parcel(struct desk *d, struct buf *ret);

/* The seed, asking for the passphrase when it is behind one. The caller wipes it. */
enum exit_status desk_seed(struct session *s, struct sym_secret *ret);
/* The same, and the passphrase that opened it; empty when it lies in clear. The caller wipes both, also after a failure. */
enum exit_status desk_seed_and_passphrase(struct session *s, struct sym_secret *ret, bool *ret_is_protected, struct buf *ret_pass);

/* The view of what this home holds, brought up to date (with progress, when it takes long). A former member's too:
 * what it could read it still can. NULL and said when it is not EXIT_OK. The caller view_close()s it. */
enum exit_status desk_view(struct desk *d, struct view **ret);
/* The same for a command that has an answer without it: why it could not be opened is said on stderr only, in JSON too. */
enum exit_status desk_view_aside(struct desk *d, struct view **ret);

/* Wake the daemon: what was committed is to be told. Never fails: without a daemon nobody listens. */
void desk_ring(const struct desk *d);
/* Does a daemon hold this home? */
bool desk_daemon_runs(const struct desk *d);
/* Run `folkmootd --once`, or where a daemon runs leave it a request and wait; at most `wait_s` seconds.
 * `peer`, a slug or HOST:PORT, is the only one that counts; NULL: any.
 *   OK          peers were reached, and all that was to be fetched or told is
 *   ERR_IO      no peer could be reached;  ERR_UNKNOWN  the program folkmootd was not found */
MUST_USE enum err desk_sync(struct desk *d, unsigned wait_s, const char *peer);

#endif
