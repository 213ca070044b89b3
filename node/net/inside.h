/* node/net/inside.h - shared by the files of this room and nobody else.
 *
 *   net.c     the loop: waking, bell, signals, leaving     conn.c    life of a connection, the table of them
 *   listen.c  who may come in                              read.c    bytes -> channel -> frames -> engine
 *   dial.c    names and addresses, one after another       write.c   frames -> channel -> one write at a time */
#ifndef FOLKMOOT_NODE_NET_INSIDE_H
#define FOLKMOOT_NODE_NET_INSIDE_H

#include <uv.h>

#include "node/net/net.h"
#include "protocol/frame.h"

enum {
    NET_SIGNALS = 3,
    READ_MAX = 128 * 1024,                  /* asked of a socket at a time */
    WRITE_PLAIN_MAX = 4 * NOISE_PAYLOAD_MAX,    /* sealed into one write: some 256 KiB */
    CONN_HANDLES = 2
};

#define CONN_STATES(X)                                                          \
    X(CONN_CONNECTING)      /* TCP is dialling */                               \
    X(CONN_SHAKING)         /* the handshake is on */                           \
    X(CONN_OPEN)            /* a link that the engine knows */                  \
    X(CONN_CLOSING)         /* sends what it has; what comes is thrown away */  \
    X(CONN_GONE)            /* its handles are closing */
enum conn_state {
#define X(sym) sym,
    CONN_STATES(X)
#undef X
    CONN_STATE_COUNT
};

struct dial;

struct conn {
    struct net *net;
    struct conn *previous, *next;           /* in order of coming: the oldest first */
    enum conn_state state;
    bool is_dialler;
    link_id id;                             /* 0 until it is open */
    struct sockaddr_storage remote;
    struct dial *dial;                      /* whose attempt it is, until it is open */
    struct slug slug;                       /* whom we dialled */
    struct channel channel;

    uv_tcp_t tcp;
    uv_timer_t timer;
    uv_connect_t connect;
    uv_write_t write;
    uv_shutdown_t shutdown;
    unsigned open_handles;                  /* memory goes when the last has closed */

    bool is_reading;
    bool is_unframed;                       /* what comes is no frames any more: thrown away until the engine closes */
    struct buf plain;                       /* opened, not yet a whole frame; no memory when empty */

    bool is_writing, has_shut;
    struct buf wire;                        /* what the write under way reads from */
    struct buf next_wire;                   /* what the next one will carry */
    struct handover *out, **last_out;       /* frames to send */
    size_t out_at;                          /* how much of the first (header and body) was sealed */
    size_t out_bytes;                       /* of bodies not yet gone */
    size_t draining;                        /* of bodies whose last byte is in the write under way */

    struct handover *farewell;              /* HAND_LINK_DOWN, made beforehand: it must not fail */
};

struct net {
    struct net_config c;
    uint8_t prologue[CHANNEL_PROLOGUE_LEN];
    uv_loop_t loop;
    uv_async_t wake;
    uv_tcp_t listener;
    struct sockaddr_storage where;          /* it listens */
    uv_timer_t relisten;                    /* after it could not take who dialled */
    uv_fs_event_t bell;
    uv_signal_t signals[NET_SIGNALS];
    uv_timer_t patience;                    /* while leaving */
    bool has_listener, has_bell, has_signals;
    bool is_deaf;                           /* somebody waits to be let in and there was no memory */
    bool is_paused;                         /* the engine's queue is full */
    bool is_leaving;                        /* HAND_LEAVE was pushed */
    bool has_left;                          /* HAND_LEFT was popped */
    bool is_shut;                           /* our own handles are closing */
    link_id last_id;
    struct conn *first, *last;
    size_t n_conns, n_dials;
    uint64_t bytes_in, bytes_out;
    uint8_t *read_buffer;
    struct buf seal;                        /* plaintext gathered for one write */
    struct buf spare_plain, spare_wire;     /* kept from who needs none now for who needs some next */
    struct handover *leave;                 /* made beforehand */
};

/* conn.c */
struct conn *conn_new(struct net *n);                       /* NULL without memory */
void conn_arm(struct conn *c, uint64_t ms);                 /* ended with ERR_IO after that */
void conn_shake(struct conn *c, const struct dh_public *peer);      /* connected: begin (peer NULL: answer) */
void conn_opened(struct conn *c);                           /* the channel has just become open */
void conn_close(struct conn *c);                            /* after what was sent has left */
void conn_end(struct conn *c, enum err why);                /* now */
struct conn *conn_find(struct net *n, link_id id);
size_t conn_count_open(const struct net *n);

/* read.c */
void conn_read_start(struct conn *c);
void conn_read_stop(struct conn *c);
void net_pause(struct net *n);
void net_resume(struct net *n);

/* write.c */
void conn_send(struct conn *c, struct handover *frame);     /* takes it */
void conn_flush(struct conn *c);
void conn_drop_output(struct conn *c);

/* listen.c */
void listen_again(struct net *n);           /* memory was freed: let in who waits */
bool address_is_loopback(const struct sockaddr_storage *a);
bool address_is_same(const struct sockaddr_storage *a, const struct sockaddr_storage *b);

/* dial.c */
void dial_start(struct net *n, struct handover *wish);      /* takes it */
void dial_done(struct dial *d);                             /* its connection is open */
void dial_next(struct dial *d, enum err why);               /* its connection has ended: the next address, or give up */

/* net.c */
enum err net_err(int uv_status);
void net_shut_if_done(struct net *n);
struct bytes net_prologue(const struct net *n);

#endif
