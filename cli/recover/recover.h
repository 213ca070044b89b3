/* cli/recover/recover.h - what has become of our own log, and how it goes on.
 *
 *      recover_look        our log as it is here, what we signed, what peers say, the evidence, another branch
 *      recover_choose      where the log is to be closed, and what that loses
 *      lost_gather, lost_write     what is lost, as files that `publish` takes
 *      recover_begin       the next generation, by an identity that closes the one before */
#ifndef FOLKMOOT_CLI_RECOVER_RECOVER_H
#define FOLKMOOT_CLI_RECOVER_RECOVER_H

#include <jansson.h>

#include "cli/evidence.h"
#include "cli/view/query.h"
#include "keys/file.h"

#define TROUBLES(X)                                                                                                \
    X(TROUBLE_NONE,   "none",       "nothing needs recovering")                                                    \
    X(TROUBLE_FORK,   "fork",       "two stories of our log were signed, and it is frozen")                        \
    X(TROUBLE_BEHIND, "behind",     "we have signed more than this disk and any peer in reach holds")              \
    X(TROUBLE_ROOT,   "other-root", "our log was begun under a root key that the stewards have replaced by ours")
enum trouble {
#define X(sym, code, text) sym,
    TROUBLES(X)
#undef X
};
const char *trouble_code(enum trouble t);
const char *trouble_text(enum trouble t);

enum { PEERS_SAID_MAX = MEMBERS_MAX };

/* One story of our log, and what we can read of it. */
struct branch {
    struct store *store;                    /* NULL: there is none */
    struct view *view;                      /* NULL: not opened */
    uint64_t size;                          /* held whole */
    struct hash root;
    uint64_t quorum;                        /* the largest of its checkpoints that a quorum has cosigned; 0: none known */
};

struct peer_said {
    struct slug slug;
    uint64_t size;
    enum said { SAID_OURS, SAID_OTHER, SAID_MORE } what;        /* a head that this disk has so, has otherwise, has not */
};

struct recovery {
    struct desk *d;
    enum trouble trouble;
    bool is_restored;                       /* this home was made by `keys restore`, which is not over */
    bool lacks_keys;                        /* ... or is older than our newest identity: nothing else is known then */
    struct origin origin;                   /* of our newest log, whoever's root began it */
    uint64_t before, head_size;             /* held when we began; signed, by private/head, in this generation */
    struct branch ours, other;
    char other_path[FILE_PATH_MAX];         /* of its store, to be removed; "" for none */
    uint64_t parting;                       /* so many entries are the same on both; only with `other` */
    bool has_evidence;
    struct held_evidence evidence;
    size_t n_peers;
    struct peer_said peers[PEERS_SAID_MAX];

    bool keeps_other;
    uint64_t close_size;
    struct hash close_root;
};

/* Ask the peers (unless --offline), and look. `bundle` (may be NULL) has the other branch. It has said why when it is not EXIT_OK;
 * recover_release in any case. */
enum exit_status recover_look(struct desk *d, const char *bundle, struct recovery *ret);
void recover_release(struct recovery *r);
void recover_show(struct recovery *r);

/* `keep`: "ours", "other" or NULL. It has said why when it is not EXIT_OK. */
enum exit_status recover_choose(struct recovery *r, const char *keep);

/* Sign it. On EXIT_OK it is durable. */
enum exit_status recover_begin(struct recovery *r);

/* branch.c: the other branch, from a bundle that somebody made who holds it. */
enum exit_status branch_read(struct recovery *r, const char *bundle);
MUST_USE enum err branch_quorum(struct desk *d, struct store *s, const struct origin *o, uint64_t *ret);

/* ---- what is lost ---- */

struct lost;
/* What we published, and will not count. OK also where nothing can be read. NULL and ERR_NOMEM... */
MUST_USE enum err lost_gather(struct recovery *r, struct lost **ret);
void lost_free(struct lost *l);
size_t lost_count(const struct lost *l);
void lost_show(const struct recovery *r, const struct lost *l);
/* Figures become files in the home, one for each audience and status. */
enum exit_status lost_write(const struct recovery *r, struct lost *l);
json_t *lost_json(const struct lost *l);        /* [{"record","what"}] */
json_t *lost_files(const struct lost *l);       /* [{"file","command"}] */
void lost_next(const struct recovery *r, const struct lost *l);

#endif
