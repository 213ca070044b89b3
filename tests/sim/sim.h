/* tests/sim/sim.h - many nodes in one process: the engine of production, a world of our own.
 *
 *   sim.c        the command line, TAP           plays.h       what happens, and what must come of it
 *   queue.c      what happens when
 *   world.c      virtual time, links, faults     node.c        an engine's shell: effects and answers
 *   disk.c       a model of the store            tell.c        what it holds, as events      commit.c  writing to it
 *   author.c     what the publishing command does    steward.c     charters, invites
 *   liar.c       nodes that lie                  check.c       what must hold after every step
 *   memory.c     allocations that fail
 *   ingest.c     how fast the engine is
 *   trace.c      who said what to whom, and the golden traces
 *
 * One seed decides everything: the same seed replays the same steps. A broken invariant ends the run
 * with the seed and the number of the step. */
#ifndef FOLKMOOT_TESTS_SIM_SIM_H
#define FOLKMOOT_TESTS_SIM_SIM_H

#include <stdlib.h>

#include "node/engine/engine.h"
#include "protocol/chain.h"
#include "protocol/evidence.h"
#include "protocol/identity.h"

enum { NODES_MAX = 64, BRANCHES_MAX = 4, LOG_KINDS_MAX = 128 };

/* ---- disk.c ---- */

struct blob { uint8_t *p; size_t len; };

struct row {                                /* one entry */
    struct blob header, payload;
    bool has_payload;
    uint64_t excuse;
    uint64_t kind, time_ms;
    struct hash leaf;
};

/* Roots that were computed: a log only grows, so they stay right. */
struct memo { size_t at; struct { uint64_t size; struct hash root; } root[16]; };
bool memo_find(const struct memo *m, uint64_t size, struct hash *ret);
void memo_put(struct memo *m, uint64_t size, const struct hash *root);

struct kept { uint64_t size; bool is_kept, had_quorum; struct blob note; };

struct dlog {
    struct origin origin;
    size_t n_rows, cap_rows;
    struct row *rows;
    struct frontier frontier;
    size_t n_kept, cap_kept;
    struct kept *kept;                      /* checkpoints, ascending */
    size_t bytes_since;                     /* since the last boundary */
    uint64_t whole;
    bool is_frozen;
    struct blob evidence;
    size_t n_cosigs, cap_cosigs;
    struct cosig *cosigs;
    uint64_t cosigned_size, cosigned_at_s;
    struct hash cosigned_root;
    uint64_t newest_ms;
    struct memo memo;
};

struct dnote { struct slug slug; uint32_t version; struct hash hash; struct blob note; };

struct disk {
    size_t n_logs;
    struct dlog *logs[LOG_KINDS_MAX];
    size_t n_charters, n_identities, n_requests, n_invites;
    struct dnote charters[64], identities[NODES_MAX], requests[REQUESTS_MAX];
    struct invite_row invites[INVITES_MAX];
};

struct disk *disk_new(void);
struct disk *disk_copy(const struct disk *d);
void disk_free(struct disk *d);
void disk_take_log(struct disk *d, const struct dlog *log);                     /* a copy of another disk's, in place of its own */
struct dlog *disk_log(struct disk *d, const struct origin *o);                  /* NULL when there is none */
struct dlog *disk_log_make(struct disk *d, const struct origin *o);
enum err disk_append(struct disk *d, const struct append *a);
enum err disk_fill(struct dlog *log, uint64_t idx, struct bytes payload);
uint64_t disk_raise_whole(struct dlog *log, uint64_t limit);             /* what is held whole then */
void disk_cut(struct dlog *log, uint64_t size);                          /* to a checkpoint kept, else to nothing */
void disk_erase(struct dlog *log, uint64_t idx, uint64_t excuse);
void disk_put_cosig(struct dlog *log, const struct cosig *c, bool is_ours);
void disk_put_charter(struct disk *d, const struct hash *hash, struct bytes note);
void disk_drop_charter(struct disk *d, const struct hash *hash);
void disk_put_identity(struct disk *d, const struct slug *slug, uint32_t version, struct bytes note);
enum err disk_put_request(struct disk *d, const struct hash *token, const struct slug *slug, struct bytes note);
enum err disk_read_span(struct dlog *log, const struct log_ref *ref, uint64_t from, uint64_t upto, size_t max, struct buf *ret,
                        size_t *ret_n);
struct merkle_source disk_source(struct dlog *log);
struct hash disk_root(struct dlog *log, uint64_t size);
const struct kept *disk_checkpoint(const struct dlog *log, uint64_t size);     /* NULL */
struct identity *disk_identity(const struct dlog *log, uint64_t size);          /* in force for that size; free() it */
bool disk_is_erased(const struct dlog *log, uint64_t idx, uint64_t by);
struct bytes blob_bytes(struct blob b);
struct blob blob_of(struct bytes in);

/* ---- the world ---- */

struct sim;
struct node;

struct keys {                               /* of one body */
    struct slug slug;
    struct sign_secret root, log, witness;
    struct sign_public root_public, log_public, witness_public;
    struct dh_secret box, node;
    struct dh_public box_public, node_public;
    bool answers_to_previous;               /* the node key before, for 30 days */
    struct dh_public previous_node;
};

struct wire_end {
    struct node *node;
    link_id id;
    uint64_t incarnation;
    bool is_up;                             /* the engine was told that it stands, and not that it ended */
    uint64_t last_ms;                       /* nothing arrives there before what was sent earlier */
    size_t in_flight;                       /* bytes sent to the other end and not drained */
    bool is_closing;
};

struct wire {
    struct wire_end end[2];                 /* 0 dialled ... */
    struct dh_public dialled;               /* ... this node key */
    uint64_t number;
    uint32_t latency_ms;
    bool is_broken;
    size_t n_events;                        /* that still name it */
};

enum liar {                                 /* what a node does to what it sends */
    HONEST, LIES_IN_HAVE, WRONG_ROOTS, WITHHOLDS, BAD_EXCUSE, FLOODS, GARBAGE, STALE_IDENTITY, UNKNOWN_ROOT, SILENT_SERVER,
    OTHER_PAYLOADS, LIES_IN_PING, COLLUDES              /* it passes on what it was given, by whomever */
};

struct node {
    struct sim *sim;
    size_t index;
    struct keys keys;
    char address[ADDRESS_MAX + 1];
    struct blob identity;
    struct identity id;
    struct disk *disk;
    struct engine *engine;                  /* NULL: down */
    uint64_t incarnation;
    struct dh_public runs_by;               /* the node key that it was started with */
    bool is_gone;                           /* never to be started again */
    bool is_tainted;                        /* its disk was taken back, or copied */
    bool is_out;                            /* no member (any more) */
    enum liar liar;
    struct engine_config extra;             /* trust, token, inviter, import */
    int64_t clock_off_ms;
    uint64_t head[8];                       /* private/head: what its author has signed, a generation */
    uint64_t timer_ms;
    size_t n_waiting, cap_waiting;
    struct effect *waiting;                 /* storage effects until the next commit */
    bool has_commit;
    size_t n_retell;
    struct log_ref retell[64];
    unsigned slow_ms;                       /* it reads so much later */
    unsigned lag_ms;                        /* its links are so much longer */
    double disk_failures;                   /* chance that a write fails */
    uint64_t announced[LOG_KINDS_MAX];      /* by place in sim's books */
    uint32_t mask[LOG_KINDS_MAX];           /* branches on which all its cosignatures lie */
    uint64_t cosigned[LOG_KINDS_MAX];       /* to which size */
    uint64_t received[LOG_KINDS_MAX];       /* bytes of ENTRIES that came for it ... */
    uint64_t n_received[LOG_KINDS_MAX];     /* ... in so many frames */
    uint64_t violations;
    size_t n_heads;
    struct head_row heads[NODES_MAX];       /* what peers said of its own log */
    struct { struct log_ref ref; uint64_t size; } named[LOG_KINDS_MAX];     /* what people are told was announced */
    size_t n_named;
};

struct book {                               /* what an author really made: one branch or more */
    struct origin origin;
    size_t n_branches;
    struct { size_t n, cap; struct hash *leaves; struct memo memo; } branch[BRANCHES_MAX];
    bool is_forked;
};

struct sim {
    uint64_t seed, random, now_ms, step;
    bool is_verbose, is_tracing;
    struct buf trace;
    const char *failed;                     /* what did not hold; NULL */
    char failure[400];
    struct alliance_id alliance;
    char name[64];
    size_t n_nodes;
    struct node *nodes[NODES_MAX];
    size_t n_books;
    struct book *books[LOG_KINDS_MAX];
    size_t n_queue, cap_queue;
    struct happening *queue;
    uint64_t next_number, next_link;
    size_t n_wires, cap_wires;
    struct wire **wires;
    bool blocked[NODES_MAX][NODES_MAX];     /* dials from a to b fail, and what stands is cut */
    uint32_t latency_min_ms, latency_max_ms, commit_min_ms, commit_max_ms;
    double cut_chance, dial_failures;
    bool has_faults;                        /* links were cut, nodes crashed ...: bytes may cross twice */
    uint64_t bytes_sent, frames_sent, n_blamed;
};

uint64_t sim_random(struct sim *s);
uint64_t sim_between(struct sim *s, uint64_t low, uint64_t high);       /* both included */
bool sim_chance(struct sim *s, double p);
__attribute__((format(printf, 2, 3)))
void sim_fail(struct sim *s, const char *fmt, ...);                     /* the first stays */
static inline void must(bool held)                                      /* the simulator's own mistakes */
{
    if (!held)
        abort();
}

struct sim *sim_new(uint64_t seed, const char *name);
void sim_free(struct sim *s);
void sim_run(struct sim *s, uint64_t ms);                               /* so much virtual time, or until failure */
bool sim_run_until_settled(struct sim *s, uint64_t max_ms);

/* world.c */
enum happening_kind { H_TICK, H_COMMIT, H_DIALLED, H_FRAME, H_DRAINED, H_WIRE_DOWN, H_READ, H_DIAL_FAILED, H_RESTART };
struct happening {
    uint64_t at_ms, number;
    enum happening_kind kind;
    struct node *node;
    uint64_t incarnation;
    struct wire *wire;
    int side;
    uint8_t *frame;
    size_t len;
    struct effect *fx;                      /* H_READ */
    struct slug slug;
    enum err err;
    bool is_last;                           /* H_FRAME: the wire is cut behind it */
};
void at(struct sim *s, struct happening h, uint64_t delay_ms);         /* queue.c */
struct happening take_first(struct sim *s);                             /* there is one */
void world_dial(struct node *n, const struct effect *fx);
void world_send(struct node *n, link_id link, uint8_t *frame, size_t len);     /* takes the frame */
void world_close(struct node *n, link_id link);
void world_cut_node(struct node *n);
void world_block(struct sim *s, struct node *a, struct node *b, bool is_blocked);      /* both ways */
void world_heal(struct sim *s);
size_t world_wires_between(const struct sim *s, const struct node *a, const struct node *b);
struct node *world_peer(const struct node *n, link_id link);

/* node.c, tell.c, commit.c */
struct node *node_new(struct sim *s, const char *slug);                 /* keys, an empty disk; down */
struct node *node_twin(struct node *of);                                /* a copy of its home */
void node_start(struct node *n);
void node_stop(struct node *n);                                         /* as a crash */
void node_step(struct node *n, struct event *ev);
void node_commit(struct node *n);
void node_read(struct node *n, const struct effect *fx);
void node_tell_all(struct node *n, bool is_first);                      /* tell.c: what its disk holds, or what is new */
void node_tell_log(struct node *n, struct dlog *log);
void node_bell(struct node *n);                                         /* another process wrote to its disk */
void node_free(struct node *n);
uint64_t node_wall_ms(const struct node *n);                            /* its clock, which may be wrong */
struct origin node_origin(const struct node *n, uint32_t generation);

/* author.c, steward.c */
void author_begin(struct node *n);                                      /* entry 0 */
bool author_ask(struct node *n);                                        /* its peers, for as long as `publish` does: may it sign? */
bool author_publish(struct node *n, size_t n_records, size_t body_len); /* false: refused */
void author_withdraw(struct node *n, uint64_t target, bool erase);
void author_new_identity(struct node *n, const char *address);          /* a newer version */
void author_new_log_key(struct node *n);
enum { ROTATE_LOG = 1, ROTATE_WITNESS = 2, ROTATE_BOX = 4, ROTATE_NODE = 8 };
bool author_rotate(struct node *n, unsigned which);                     /* `keys rotate`: false: refused */
void author_close(struct node *n, uint64_t size, const struct hash *root);      /* the next generation, from there */
void author_recover(struct node *n, uint64_t closes);                   /* generation 2, from there on its own disk */
void author_go_on(struct node *n);                                      /* the next generation, from all that it has signed */
void author_recover_from(struct node *n, uint32_t generation, uint64_t closes);
void found(struct sim *s, size_t n_members, size_t n_stewards, uint32_t threshold);    /* version 2: all nodes so far */
typedef void charter_change(struct charter *c, void *arg);
void steward_propose(struct node *n, charter_change *change, void *arg);
bool steward_sign(struct node *n);                                      /* what is pending; false: nothing is */
void steward_invite(struct node *n, struct node *whom, const uint8_t token[TOKEN_LEN]);
bool steward_admit(struct node *n, const struct slug *slug);            /* false: it did not ask */
void change_add(struct charter *c, void *node);
void change_remove(struct charter *c, void *node);                      /* closed at what its node holds */
uint32_t disk_charter(const struct node *n, struct charter **ret);      /* the standing one by its disk; 0: none */

/* liar.c: what a node really sends; NULL: nothing. Takes the frame. */
uint8_t *liar_frame(struct node *n, struct node *to, uint8_t *frame, size_t *len);

/* check.c */
struct book *book_of(struct sim *s, const struct origin *o, size_t *ret_place);
size_t book_branch(struct sim *s, struct node *author, const struct origin *o);
void check_fill(struct node *n, struct dlog *log, uint64_t idx);
void check_append(struct node *n, const struct append *a);
void check_whole(struct node *n, const struct dlog *log);
void check_sent(struct node *n, struct node *to, struct bytes frame);
void check_cosigned(struct node *n, const struct cosig *c);
void check_step(struct node *n);
void check_loaded(struct node *n);
void check_end(struct sim *s);                                          /* healed and quiet: does everybody agree? */
bool all_settled(struct sim *s);

/* memory.c: the nth allocation in a step from now on fails; 0: none. */
void memory_fail_at(uint64_t nth);
void memory_arm(bool armed);
bool memory_has_failed(void);

/* ingest.c */
void ingest(size_t n_records);                                          /* measures, and prints */

/* trace.c */
void trace_sent(struct node *n, struct node *to, struct bytes frame);
__attribute__((format(printf, 2, 3)))
void trace(struct sim *s, const char *fmt, ...);

/* scenarios */
struct scenario { const char *name; void (*run)(struct sim *s); bool is_golden, is_slow; };
extern const struct scenario scenarios[];
extern const size_t n_scenarios;

#endif
