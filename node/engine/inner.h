/* node/engine/inner.h - the engine's own state, shared by its files and nobody else.
 *
 *   engine.c   life of the engine, the switch over events, time
 *   effects.c  the list of what is to be done           dial.c     whom to dial, when
 *   links.c    life and end of links, their frames      greet.c    HELLO: who is there, and may it come in
 *   arrive.c   links that are new, and which give way
 *   members.c  identities, requests to join             charters.c charters come and go
 *   logs.c     what we hold                             have.c     what we say of it, what peers say (HAVE)
 *   pull.c     whom to ask for which entries            take.c     verifying what comes
 *   commit.c   what a durable append sets off           serve.c    giving entries and proofs
 *   witness.c  making cosignatures                      cosigs.c   keeping them and passing them on
 *   fork.c     two stories: CHECKPOINT, PROOF, EVIDENCE claims.c   heads of our own log that it does not contain
 *   closing.c  where a later generation says that the one before stands
 *   ending.c   the one before, of which another story may lie here */
#ifndef FOLKMOOT_NODE_ENGINE_INNER_H
#define FOLKMOOT_NODE_ENGINE_INNER_H

#include "node/engine/engine.h"
#include "protocol/chain.h"
#include "protocol/evidence.h"
#include "protocol/identity.h"

/* ---- logs ---- */

struct frame_memory { struct frame_memory *next; uint8_t *p; };

/* Does what our witness key cosigned last lie on the line that we hold? */
enum promise { PROMISE_UNKNOWN, PROMISE_KEPT, PROMISE_BROKEN };

struct closing_point { uint64_t size; struct hash root; };

/* Of a frozen log whose next generation is held: does what we hold lie below its closing? */
enum settling {
    SETTLING_OPEN,                          /* not judged */
    SETTLING_ASKED,                         /* our store was asked */
    SETTLING_CONTAINS,                      /* yes, and it stays as it is */
    SETTLING_OTHER                          /* no: it was the other story, and this one is fetched to its end */
};

/* A run of verified or yet unverified entries that ends (or will end) at a checkpoint. */
struct segment {
    uint64_t from;
    size_t n_items, cap_items;
    struct item *items;                     /* borrow from frames */
    struct frame_memory *frames;
    size_t bytes;
    struct frontier after;                  /* grows as items come */
    struct bytes checkpoint;                /* borrows from frames */
    uint64_t whole;
    struct identity *identity;              /* the newest among the items; NULL when none */
    struct bytes identity_note;             /* borrows from frames, as does its text */
    struct bytes identity_text;
    size_t n_holes, cap_holes;
    struct hole *holes;
    size_t n_erasures, cap_erasures;
    struct erasure *erasures;
    uint64_t newest_time_ms;
    bool has_closing;                       /* entry 0 is among the items, and closes the generation before: */
    struct closing_point closes;
    enum bye_reason bad;                    /* its sender's fault if the root is the signed one; BYE_COUNT: none */
    enum promise promise;                   /* of the promise at this size, should the run pass it: */
    uint64_t promise_size;
    bool has_excused;                       /* a withdrawal in it excuses the first payload that was missing; not the next */
    bool has_cosig;
    struct cosig cosig;
};

struct erasure { uint64_t target, withdrawal; };

struct stream {                             /* one log, asked of one peer */
    link_id link;                           /* 0: nobody is asked */
    bool is_fill;                           /* one payload that was missing, not the log's end */
    uint64_t next;                          /* the index that must come next */
    uint64_t upto;                          /* what was asked for */
    int64_t credit;                         /* bytes asked for and not come yet */
    uint64_t progress_ms;                   /* when something came last */
};

struct closing {                            /* of a later generation of which nothing is held yet */
    link_id link;                           /* 0: nothing is asked; else who gave what is asked about */
    bool is_reading;                        /* our store is asked, not the peer */
    struct closing_point asked, base;       /* what it closes at, and what that must have grown from */
    struct closing_point proved;            /* a closing that was shown to hold; size 0: none */
    uint64_t asked_ms;
};

struct suspect {                            /* a span whose root was not the signed one: a proof is awaited */
    link_id link;                           /* 0: none */
    uint64_t from, size, asked_ms;
    struct buf note;                        /* the checkpoint it should have had */
};

struct elog {
    size_t id;                              /* its place in every link's table of logs */
    struct log_ref ref;
    struct origin origin;
    struct frontier stored;                 /* durable */
    struct frontier tip;                    /* stored, and every append under way ... */
    uint64_t tip_whole;                     /* ... and `whole`, once they are in */
    struct buf tip_note;                    /* the checkpoint for `stored`; empty when not known, or it is whole_note */
    uint64_t whole;
    struct hash whole_root;
    struct buf whole_note;
    bool is_named;                          /* by the standing charter, as a member ... */
    bool is_former;                         /* ... or as a former one whose log ends here: */
    uint64_t closed_size;
    struct hash closed_root;
    bool is_convicted;                      /* evidence is on its way to the disk */
    bool is_frozen;
    struct buf evidence;                    /* when frozen */

    struct identity *identity;              /* in force at the tip; NULL while the log is empty */
    struct buf identity_text;               /* its text, which the next must name */

    size_t n_holes, cap_holes;
    struct hole *holes;                     /* in order of index; those that nothing excuses (yet) */

    uint64_t announced;                     /* the largest size that a link which stands names ... */
    uint64_t told;                          /* ... and what people were told: but by one who did not give */
    struct stream stream;
    struct segment *stage;                  /* under construction; NULL when nothing is staged */
    size_t n_appends, n_fills;              /* under way */
    bool is_doubtful;                       /* what came did not fit: next time nothing else may be under way */
    struct suspect suspect;
    uint64_t retry_ms;                      /* do not ask for it before: a fault was met */
    uint64_t fault_wait_ms;                 /* how long the last time; grows, and is 0 again when a span is good */
    bool is_unsure;                         /* a write failed: the store's word (EV_LOG) is awaited */

    struct cosig cosigs[WITNESSES_MAX];     /* the newest of each witness, over what we hold whole or a part of it */
    size_t n_cosigs;
    uint64_t quorum_size;                   /* the largest checkpoint known to have had a quorum */
    struct hash quorum_root;
    struct closing closing;
    enum settling settling;
    bool is_cut;                            /* what lies beyond a quorum's is being dropped: nothing is told of it */
    struct closing_point closes;            /* what entry 0 of a later generation closes; once that is held */
    struct cosig early[WITNESSES_MAX];      /* over a size we do not hold yet, unverified; one a witness */
    size_t n_early;
    uint64_t cosigned_size;                 /* our promise */
    struct hash cosigned_root;
    uint64_t cosigned_at_s;
    enum promise promise;
    uint64_t cosign_ms;                     /* monotonic time of the last one since the start */
    bool has_cosigned;                      /* since the start */
    bool is_heard;                          /* a peer's HAVE came for it since the start */
    uint64_t newest_time_ms;                /* latest time in its entries */
    uint64_t say_again_ms;                  /* when to announce the grown bitmap; 0: nothing new */
    uint64_t try_ms;                        /* when to try to cosign; 0: not by the clock */
};

/* ---- links ---- */

#define LINK_STATES(X) X(LINK_GREETING) X(LINK_ASKED) X(LINK_WAITING) X(LINK_OPEN) X(LINK_CLOSING)
enum link_state {
    LINK_GREETING,                          /* HELLO is awaited */
    LINK_ASKED,                             /* an unknown root named a newer charter: we asked for it */
    LINK_WAITING,                           /* one side is not admitted: CHARTER and nothing else */
    LINK_OPEN,
    LINK_CLOSING                            /* we said BYE; what comes is not read */
};

struct plog {                               /* what a link's peer has of one log, and wants */
    uint64_t size;
    struct short_root root;
    uint32_t witnesses;
    uint32_t flags;
    uint32_t given;                         /* witnesses whose cosignature passed this link, for our newest checkpoint */
    bool is_wanted, is_reading;
    uint64_t serve_next, serve_upto;
    int64_t serve_credit;
    bool has_failed;                        /* it promised and did not give: ask others first */
};

struct elink {
    link_id id;
    enum link_state state;
    bool is_dialler;
    struct dh_public node;                  /* proved by the handshake */
    struct slug slug;                       /* once known; "" before */
    char program[PROGRAM_MAX + 1];          /* what it says that it runs */
    struct buf hello;                       /* identity note of an unknown root, kept to be judged again */
    uint32_t charter_version;               /* what the peer said it holds */
    struct hash charter_hash;
    struct hash charter_told;               /* which one we said on it that we hold */
    bool knows_vector;                      /* the peer has told all it holds */
    bool has_asked, has_given;
    bool has_passed_over;                   /* it named a generation before we held the one before: it is asked again */
    struct hash asked;                      /* the hash of our vector with which we asked last ... */
    struct hash given, given_to;            /* ... and of the vector that we gave last, to what question */
    bool is_stuffed;                        /* its queue is over its limit: it does not read */
    bool has_asked_all;                     /* we asked it for the whole chain */
    uint64_t since_ms, open_ms, heard_ms, ping_ms;
    uint64_t ping_id, ping_sent_ms;
    int64_t rtt_ms;
    size_t queued;                          /* bytes given to FX_SEND and not drained */
    size_t n_reads;                         /* FX_READ and FX_PROVE under way for it */
    size_t n_streams;                       /* logs we ask it for */
    size_t serve_at;                        /* round robin over logs */
    double tokens;
    uint64_t tokens_ms;
    size_t n_plogs;
    struct plog *plogs;
};

/* ---- members as peers to dial ---- */

struct claim {                              /* what a peer names as the head of our own log */
    uint32_t generation;
    uint64_t size;
    struct short_root root;
    bool is_open;                           /* our log does not contain it; it has yet to show it */
    bool is_unshown;                        /* it had its time: its word counts for nothing until it shows something */
    bool is_compared;                       /* with our root below our head: the store was asked */
    bool runs;                              /* its clock, which was read at ... */
    uint64_t read_ms;
    uint64_t spent_ms, granted_ms;          /* of its time; more time for bytes that came */
    uint64_t last_ms;                       /* when it named one last that is not contained */
    uint64_t heard_wall_ms;
};

struct epeer {
    struct slug slug;
    struct identity *identity;              /* newest known; NULL when none */
    struct buf note;
    struct buf text;
    enum peer_state state;
    size_t next_address;
    uint64_t dial_ms;                       /* not before */
    uint64_t backoff_ms;
    bool is_tried;                          /* at least one dial has been answered */
    bool is_chosen;                         /* we dial it (of a large alliance not all) */
    uint64_t shunned_ms;                    /* it was in violation: not let in before */
    unsigned n_failures;                    /* it named a head and did not give, since it last gave */
    char last_error[64];
    uint64_t heard_wall_ms;
    char program[PROGRAM_MAX + 1];          /* by its last HELLO */
    struct claim claim;
    struct peer_row row;                    /* as it was written down last, at row_ms (0: never since the start) ... */
    struct head_row head;                   /* ... and the head that it named */
    uint64_t row_ms, head_ms;
};

/* ---- tickets: what the store or the disk still owes us an answer to ---- */

enum ticket_kind { TICKET_APPEND, TICKET_FILL, TICKET_COSIG, TICKET_CHARTER, TICKET_EVIDENCE, TICKET_REQUEST,
                   TICKET_READ, TICKET_PROVE, TICKET_PROMISE, TICKET_CLAIM, TICKET_CLOSING, TICKET_CONTAINS, TICKET_CUT };

struct ticket {
    uint64_t id;
    enum ticket_kind kind;
    size_t log;                             /* elog id; SIZE_MAX for none */
    link_id link;
    struct slug slug;                       /* TICKET_CLAIM: whose */
    struct segment *segment;                /* TICKET_APPEND */
    struct cosig cosig;
    bool is_ours;
    uint64_t from, size;
    struct hash hash;
    struct buf bytes;                       /* TICKET_EVIDENCE */
};

struct engine {
    struct engine_config cfg;
    struct buf identity_note;
    struct identity identity;               /* ours */
    struct slug self;
    struct chain *chain;
    bool is_trusted;                        /* the chain holds the charter we were told to trust, or none was named */
    bool is_started;
    uint64_t now_ms, wall_ms, timer_ms;
    uint64_t asked_ms;                      /* when people asked last (EV_ASK); 0: never */
    uint64_t random;
    uint64_t next_ticket, next_ping;
    enum err failed;                        /* out of memory in this step */
    struct effects *fx;
    struct effect sink;                     /* where effects go that could not be made */
    struct ticket spare_ticket;             /* as sink */
    struct plog spare_plog;

    size_t n_logs, cap_logs;
    struct elog **logs;                     /* by id, which is order of coming */
    size_t *sorted;                         /* ids by slug and generation */
    size_t n_links;
    struct elink *links[LINKS_MAX + HALF_OPEN_MAX];     /* open ones, and those that are not yet or no more */
    size_t n_peers, cap_peers;
    struct epeer **peers;                   /* by slug */
    size_t n_tickets, cap_tickets;
    struct ticket **tickets;
    size_t n_invites;
    struct invite_row invites[INVITES_MAX];
    size_t n_requests;
    struct { struct slug slug; struct sign_public root; } requests[REQUESTS_MAX];
    size_t staged, staged_max_seen;         /* bytes of entries not yet durable */
    uint64_t credit_out;                    /* bytes that peers may still send us */
    size_t n_appends;                       /* under way, all logs */
    bool has_looked_round;                  /* since the start, every peer was tried and those who answered told all ... */
    uint64_t look_until_ms;                 /* ... or this time has come */
    bool may_witness;                       /* our witness key is the one that our identity names */
    struct hash standing;                   /* the charter by which what follows was set */
    bool is_member;
    size_t n_witnesses;
    struct slug witnesses[WITNESSES_MAX];
    int own_place;                          /* among them; -1: none */
    size_t quorum, n_members;
    bool wants_choice;                      /* members or their addresses have changed: choose anew whom to dial */
    uint64_t chosen_week;
    size_t n_chosen_of;
    uint64_t store_wait_ms;                 /* back-off while the store fails */
    struct hash unsaved;                    /* a charter or proposal that could not be written ... */
    uint64_t save_ms;                       /* ... and when to try again; 0: none */
    uint64_t ignored_types, ignored_slugs, violations;
    uint64_t vector_check_ms;
    size_t n_claims;                        /* that are open */
    bool inviter_tried;
    uint64_t inviter_dial_ms, inviter_backoff_ms;
    bool inviter_dialling;
};

/* effects.c */
struct effect *fx_add(struct engine *e, enum effect_kind kind);     /* never NULL */
uint64_t ticket_new(struct engine *e, enum ticket_kind kind, struct ticket **ret);      /* *ret never NULL */
struct ticket *ticket_take(struct engine *e, uint64_t id);          /* off the list; NULL when unknown; ticket_free it */
void ticket_free(struct ticket *t);
bool ticket_waits(const struct engine *e, enum ticket_kind kind, size_t log);
void timer_at(struct engine *e, uint64_t at_ms);
/* A frame's body to a link: write into the buffer returned, then send_end. */
struct buf *send_begin(struct engine *e, struct elink *l);
void send_end(struct engine *e, struct elink *l);
__attribute__((format(printf, 3, 4)))
void report(struct engine *e, enum report_level level, const char *fmt, ...);
bool no_memory(struct engine *e);                                   /* remembers it; returns false */
bool grow(struct engine *e, void **list, size_t *cap, size_t n, size_t item);     /* room for one more */
uint64_t engine_random(struct engine *e);
bool buf_set(struct engine *e, struct buf *b, struct bytes in);     /* replace what it holds */

/* arrive.c */
void link_up(struct engine *e, const struct event *ev);
void link_attribute(struct engine *e, struct elink *l);             /* before its HELLO: to the member whose node key it has */

/* links.c */
void link_down(struct engine *e, const struct event *ev);
void link_frame(struct engine *e, struct event *ev);
void link_bye(struct engine *e, struct elink *l, enum bye_reason why);
void links_tick(struct engine *e);
void link_ping(struct engine *e, struct elink *l);
void links_ping_all(struct engine *e);
struct elink *link_find(struct engine *e, link_id id);
struct elink *link_of(struct engine *e, const struct slug *slug);   /* the open one; NULL */
struct plog *link_plog(struct engine *e, struct elink *l, const struct elog *log);     /* never NULL */
bool link_spend(struct engine *e, struct elink *l, double tokens);  /* false: flood, the link was ended */
void links_end_stuffed(struct engine *e);
bool link_same_charter(const struct engine *e, const struct elink *l);     /* the one that both named is ours */

/* greet.c */
void link_greet(struct engine *e, struct elink *l);                 /* send HELLO */
void link_judge(struct engine *e, struct elink *l, bool is_answered);      /* its kept HELLO, (again) */
void on_hello(struct engine *e, struct elink *l, const struct msg_hello *h);

/* dial.c */
void dial_tick(struct engine *e);
void dial_reached(struct engine *e, const struct slug *slug);      /* the link stands */
void dial_failed(struct engine *e, const struct slug *slug, enum err why);
void dial_ended(struct engine *e, struct elink *l, bool in_violation, const char *why);
struct epeer *peer_find(struct engine *e, const struct slug *slug);
struct epeer *peer_get(struct engine *e, const struct slug *slug);  /* made when absent; NULL without memory */
/* What was written down at `last_ms`, and is the same but for the time, need not be again: see STATUS_AGAIN_MS. */
bool status_may_wait(const struct engine *e, uint64_t last_ms);
void peer_set_state(struct engine *e, struct epeer *p, enum peer_state state, const char *error);
bool dial_has_other(const struct engine *e, const struct elink *l);   /* is there, or may there be, another link to its peer? */
bool dial_is_settled(const struct engine *e);

/* members.c */
const struct sign_public *member_root(const struct engine *e, const struct slug *slug);     /* NULL: no member, nor a former one */
/* Is it, byte for byte, the newest that is held of `slug`?  Then it was verified, and there is nothing to learn. */
bool identity_is_held(struct engine *e, const struct slug *slug, struct bytes note);
/* As identity_open (it costs five operations on curves), for a note that comes as `slug`'s: what is held is not verified
 * again. */
enum err identity_verify(struct engine *e, const struct slug *slug, struct bytes note, struct identity *ret);
enum err identity_learn(struct engine *e, struct bytes note, bool keep);   /* ERR_UNKNOWN, ERR_STALE ... : nothing learnt */
bool has_same_root(const struct epeer *p, const struct identity *id);       /* has it an identity, and of that root? */
void identity_check_own(struct engine *e);                          /* may our witness key sign? */
void on_enrol(struct engine *e, struct elink *l, const uint8_t token[TOKEN_LEN]);
void request_stored(struct engine *e, struct ticket *t);
void request_local(struct engine *e, const struct request_row *r);
bool request_known(const struct engine *e, const struct slug *slug, const struct sign_public *root);
void requests_sweep(struct engine *e);                              /* those who were admitted ask no more */

/* charters.c */
void on_charter(struct engine *e, struct elink *l, const struct msg_charter *m);
void charter_take(struct engine *e, struct elink *from, struct bytes note, bool is_local);
void charter_tell_identity(struct engine *e, struct elink *l, struct bytes note);    /* of its own, newer than it showed */
void charter_send(struct engine *e, struct elink *l);               /* what it lacks */
void charter_ask(struct engine *e, struct elink *l, bool for_all);
void charter_stored(struct engine *e);                              /* it is durable: tell everybody */
void charters_tick(struct engine *e);
void charter_failed(struct engine *e, const struct ticket *t);
const struct charter *charter_now(const struct engine *e);          /* the one that stands and may be trusted; NULL: none */

/* logs.c */
struct elog *log_find(const struct engine *e, const struct log_ref *ref);
struct elog *log_before(const struct engine *e, const struct elog *log);      /* the generation before it; NULL */
struct elog *log_after(const struct engine *e, const struct elog *log);
struct elog *log_newest(const struct engine *e, const struct slug *slug);     /* its highest generation; NULL */
struct elog *log_get(struct engine *e, const struct log_ref *ref);  /* made when absent and a member's; NULL otherwise */
void log_free(struct elog *log);
bool log_may_hold(const struct elog *log, uint64_t *ret_max);       /* how far the charter lets it go */
/* What peers are told of it: a former member's log ends at its closing size. False: nothing. */
bool log_shown(const struct elog *log, uint64_t *ret_size, struct hash *ret_root);
struct bytes log_note(const struct elog *log);                      /* the checkpoint for all that is stored; may be empty */
void logs_standing(struct engine *e);                               /* another charter stands: who is a member, former ... */
void log_local(struct engine *e, const struct event *ev);
void log_add_hole(struct engine *e, struct elog *log, const struct hole *h);
void log_drop_hole(struct elog *log, uint64_t idx);                 /* it was filled or rightly excused */
const struct hole *log_first_hole(const struct elog *log);          /* NULL */
const struct hole *log_hole(const struct elog *log, uint64_t idx);  /* NULL */
void log_erase(struct engine *e, struct elog *log, uint64_t target, uint64_t withdrawal);
void log_set_identity(struct engine *e, struct elog *log, struct bytes note);

/* have.c */
void have_ask(struct engine *e, struct elink *l);                   /* send the hash of our vector */
void have_tell_lacking(struct engine *e, struct elink *l);          /* the logs for which we lack cosignatures */
void have_tell(struct engine *e, struct elog *log);                 /* a delta to every open link that may want it */
void have_ask_again(struct engine *e);                              /* a log is held that was not: is there a later one? */
void on_have(struct engine *e, struct elink *l, struct msg_have *m);
void log_announce(struct engine *e, struct elog *log);              /* what is named of it by links that stand, anew */
void logs_tick(struct engine *e);

/* pull.c */
void pull_more(struct engine *e);                                   /* ask for what is announced and not here */
void pull_drop(struct engine *e, struct elog *log, bool tell);      /* end its stream and stage */
void pull_fail(struct engine *e, struct elog *log, struct elink *l);       /* nobody's proven fault: ask others first */
void pull_drop_link(struct engine *e, struct elink *l);
void pull_tick(struct engine *e);
bool pull_wants(struct engine *e);                                  /* is there anything to ask for, now or later? */
void stream_begin(struct engine *e, struct elog *log, struct elink *l, uint64_t next, uint64_t upto);
void stream_end(struct engine *e, struct elog *log);
void stream_feed(struct engine *e, struct elog *log);               /* more credit, if it is time */
void stream_charge(struct engine *e, struct elog *log, int64_t bytes);     /* they came */

/* take.c */
void on_entries(struct engine *e, struct elink *l, struct msg_entries *m, uint8_t *frame, size_t frame_len);
void segment_free(struct segment *s);

/* commit.c */
void append_begin(struct engine *e, struct elog *log, struct segment *s, uint64_t end);
void append_stored(struct engine *e, struct ticket *t);
void append_failed(struct engine *e, struct ticket *t, enum err why);
void fill_begin(struct engine *e, struct elog *log, uint64_t idx, struct bytes payload);
void fill_stored(struct engine *e, struct ticket *t, uint64_t whole);
void fill_failed(struct engine *e, struct ticket *t, enum err why);

/* serve.c */
void on_want(struct engine *e, struct elink *l, const struct msg_want *m);
void on_prove(struct engine *e, struct elink *l, const struct msg_prove *m);
void serve_more(struct engine *e, struct elink *l);
void span_ready(struct engine *e, struct event *ev);
void proof_ready(struct engine *e, const struct event *ev);

/* witness.c */
int witness_place(const struct engine *e, const struct slug *slug); /* in the charter's list; -1: none */
bool witness_may_cosign(struct engine *e, struct elog *log, uint64_t size, const struct hash *root);
void witness_make(struct engine *e, struct elog *log, uint64_t size, const struct hash *root, struct cosig *ret);
void witness_try(struct engine *e, struct elog *log);               /* cosign what is held whole, if it is time */
void witness_try_at(struct engine *e, struct elog *log, uint64_t at_ms);
void witness_look_round(struct engine *e);                          /* have all peers been heard? */
void witness_adopt(struct engine *e, struct elog *log, const struct cosig *c);
void witness_compare(struct engine *e, struct elog *log);           /* our promise with what is held */
void promise_ready(struct engine *e, const struct event *ev, struct ticket *t);
bool cosig_stands(const struct elog *log, const struct cosig *c);   /* over the checkpoint held whole */

/* cosigs.c */
void on_cosig(struct engine *e, struct elink *l, const struct cosig *c);
void cosig_local(struct engine *e, const struct log_ref *ref, const struct cosig *c);
void cosig_stored(struct engine *e, struct ticket *t);
void cosig_promised(struct engine *e, struct elog *log, const struct cosig *c);   /* ours is durable */
void cosig_keep(struct engine *e, struct elog *log, const struct cosig *c, bool is_ours, link_id from);
bool cosig_holds(struct engine *e, struct elog *log, const struct cosig *c);
struct cosig *cosig_of(struct elog *log, const struct slug *witness);      /* the newest; NULL */
void cosig_add(struct engine *e, struct elog *log, const struct cosig *c, link_id from);    /* it is durable */
void cosigs_advance(struct engine *e, struct elog *log);            /* a newer checkpoint is held whole */
/* [P-94] We may have died between the last cosignature of a quorum and the word that its checkpoint stays. */
void cosigs_keep_again(struct engine *e);
void cosigs_return(struct engine *e, struct elink *l);              /* the peer's own cosignatures, before our vector */
void cosigs_fill_in(struct engine *e, struct elink *l, struct elog *log);  /* those that its bitmap lacks */
uint32_t cosigs_bitmap(const struct engine *e, const struct elog *log);
void cosigs_resort(struct engine *e, struct elog *log);             /* the charter changed */

/* fork.c */
void on_checkpoint(struct engine *e, struct elink *l, const struct msg_checkpoint *m);
void fork_doubt(struct engine *e, struct elog *log, struct elink *l, uint64_t size, struct bytes note);
void on_proof(struct engine *e, struct elink *l, const struct msg_proof *m);
void on_evidence(struct engine *e, struct elink *l, struct bytes evidence);
void evidence_local(struct engine *e, struct bytes evidence);
void evidence_stored(struct engine *e, struct ticket *t);
void fork_tick(struct engine *e);
void suspect_clear(struct elog *log);

/* closing.c */
enum closing_state { CLOSING_HOLDS, CLOSING_FAILS, CLOSING_ASK };
/* May the generation before `log` be closed there, by what is known?  CLOSING_ASK: closing_ask would find out. */
enum closing_state closing_look(const struct engine *e, const struct elog *log, uint64_t size, const struct hash *root);
/* Ask; what came of `log` from this peer is dropped, and asked for again once the answer is yes. */
void closing_ask(struct engine *e, struct elog *log, struct elink *l, uint64_t size, const struct hash *root);
void closing_ready(struct engine *e, const struct event *ev, const struct ticket *t);
bool closing_proof(struct engine *e, const struct elink *l, const struct msg_proof *m);     /* false: no answer to our question */
void closing_link_over(struct elog *log, const struct elink *l);
void closing_tick(struct engine *e);
bool closing_is_reached(const struct engine *e, const struct elog *log);    /* the next is held, and this one to its end */
void closing_local(struct engine *e, struct elog *log, struct bytes note);  /* entry 0, by the store's word */

bool closing_is(const struct closing_point *p, uint64_t size, const struct hash *root);

/* ending.c */
void ending_news(struct engine *e, struct elog *log);               /* it, or its evidence, is new here */
void ending_ready(struct engine *e, const struct event *ev, const struct ticket *t);
void ending_astray(struct engine *e, struct elog *log, struct elink *l);   /* what came led elsewhere: anew, and of another */
bool ending_may_give(const struct elog *log, const struct plog *pl);       /* is a peer that tells this worth asking? */
void ending_set(const struct engine *e, struct elog *log);          /* where it ends, if it does */
void ending_tick(struct engine *e);

/* claims.c */
void claim_hear(struct engine *e, struct elink *l, const struct msg_ping *m);
void claim_ready(struct engine *e, const struct event *ev, const struct ticket *t);
void claim_bytes(struct engine *e, const struct elog *log, const struct elink *l, size_t len);  /* entries of `log` came */
void claim_shown(struct engine *e, const struct elog *log, const struct elink *l);      /* ... and are its author's */
void claim_failed(struct engine *e, const struct elog *log, const struct elink *l);     /* ... or were of no use */
void claim_link_over(struct engine *e, const struct elink *l, bool in_violation);
void claims_judge(struct engine *e, const struct elog *log);        /* `log` has changed */
void claims_look(struct engine *e);                                 /* whose time is over? */

#endif
