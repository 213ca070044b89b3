/* node/net between real sockets, with the test in the engine's place. */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <ifaddrs.h>
#include <net/if.h>
#include <netinet/in.h>
#include <poll.h>
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cmocka.h>

#include "node/address.h"
#include "node/net/net.h"
#include "protocol/frame.h"

enum { PATIENCE_MS = 20 * 1000 };

static const struct alliance_id alliance = {{1, 2, 3}};

struct side {
    struct queue to_engine, to_net;
    struct net *net;
    pthread_t loop;
    struct dh_public key;                       /* its newest */
    char address[ADDRESS_MAX + 1];
};

static struct dh_secret secret_of(uint8_t seed)
{
    struct dh_secret s;
    memset(s.b, seed, sizeof(s.b));
    return s;
}

static struct dh_public public_of(uint8_t seed)
{
    struct dh_secret s = secret_of(seed);
    return dh_public_of(&s);
}

static void *run(void *arg)
{
    net_run(((struct side *)arg)->net);
    return NULL;
}

/* A node with key `seed`, and before that `seed + 1`. */
static void side_start_at(struct side *s, uint8_t seed, const char *listen)
{
    struct net_config c = {.alliance = alliance, .n_keys = 2, .keys = {secret_of(seed), secret_of((uint8_t)(seed + 1))},
                           .to_engine = &s->to_engine, .to_net = &s->to_net};
    assert_int_equal(crypto_start(), OK);
    s->key = dh_public_of(&c.keys[0]);
    assert_int_equal(queue_init(&s->to_engine, INBOX_MAX), OK);
    assert_int_equal(queue_init(&s->to_net, SIZE_MAX), OK);
    assert_int_equal(net_new(&c, &s->net), OK);
    if (listen != NULL)
        assert_int_equal(net_listen(s->net, listen, s->address), OK);
    assert_int_equal(pthread_create(&s->loop, NULL, run, s), 0);
}

static void side_start(struct side *s, uint8_t seed)
{
    side_start_at(s, seed, "127.0.0.1:0");
}

static void push(struct side *s, struct handover *h)
{
    assert_non_null(h);
    (void)queue_push(&s->to_net, h);
}

static void side_stop(struct side *s)
{
    push(s, handover_new(HAND_LEFT, 0));
    assert_int_equal(pthread_join(s->loop, NULL), 0);
    net_free(s->net);
    queue_release(&s->to_engine);
    queue_release(&s->to_net);
}

/* The next handover, waited for. */
static struct handover *next(struct side *s)
{
    uint64_t until = clock_monotonic_ms() + PATIENCE_MS;
    struct handover *h;
    while ((h = queue_pop(&s->to_engine)) == NULL) {
        assert_true(clock_monotonic_ms() < until);
        queue_wait(&s->to_engine, until);
    }
    return h;
}

static struct handover *next_but_drained(struct side *s)
{
    struct handover *h;
    while ((h = next(s))->kind == HAND_DRAINED)
        handover_free(h);
    return h;
}

static void dial_to(struct side *from, const char *address, struct dh_public key)
{
    struct handover *h = handover_copy(HAND_DIAL, 0, bytes_of(address));
    assert_non_null(h);
    h->node = key;
    assert_int_equal(slug_parse(bytes_of("loamshire"), &h->slug), OK);
    push(from, h);
}

struct pair { struct side a, b; link_id at_a, at_b; };

/* `a` has dialled `b`. */
static void pair_start(struct pair *p)
{
    memset(p, 0, sizeof(*p));
    side_start(&p->a, 10);
    side_start(&p->b, 20);
    dial_to(&p->a, p->b.address, p->b.key);
    struct handover *up_a = next(&p->a), *up_b = next(&p->b);
    assert_int_equal(up_a->kind, HAND_LINK_UP);
    assert_int_equal(up_b->kind, HAND_LINK_UP);
    assert_true(up_a->is_dialler && !up_b->is_dialler);
    assert_memory_equal(up_a->node.b, p->b.key.b, sizeof(p->b.key.b));
    assert_memory_equal(up_b->node.b, p->a.key.b, sizeof(p->a.key.b));
    assert_string_equal(up_a->slug.s, "loamshire");
    assert_string_equal(up_b->slug.s, "");
    p->at_a = up_a->link;
    p->at_b = up_b->link;
    handover_free(up_a);
    handover_free(up_b);
}

static void pair_stop(struct pair *p)
{
    side_stop(&p->a);
    side_stop(&p->b);
}

/* A frame whose bytes are known from its length. */
static struct handover *frame_of(link_id link, size_t len)
{
    uint8_t *p = malloc(len);
    assert_non_null(p);
    for (size_t i = 0; i < len; i++)
        p[i] = (uint8_t)(i * 31 + len);
    struct handover *h = handover_copy(HAND_SEND, link, (struct bytes){p, len});
    free(p);
    return h;
}

static void assert_frame(struct handover *got, link_id link, size_t len)
{
    struct handover *want = frame_of(link, len);
    assert_int_equal(got->kind, HAND_FRAME);
    assert_int_equal(got->link, link);
    assert_int_equal(got->len, len);
    assert_memory_equal(got->p, want->p, len);
    handover_free(want);
    handover_free(got);
}

/* ---- links ---- */

static void frames_of_every_size_come_whole_and_in_order(void **state)
{
    (void)state;
    static const size_t sizes[] = {1, 2, 65515, 65519, 65520, 131072, 3, FRAME_BODY_MAX, 1, FRAME_BODY_MAX - 1, 7};
    struct pair p;
    uint64_t sent = 0, drained = 0;
    pair_start(&p);
    for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
        push(&p.a, frame_of(p.at_a, sizes[i]));
        push(&p.b, frame_of(p.at_b, sizes[i]));
        sent += sizes[i];
    }
    for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++)
        assert_frame(next_but_drained(&p.b), p.at_b, sizes[i]);
    for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]) || drained < sent;) {
        struct handover *h = next(&p.a);
        if (h->kind == HAND_FRAME) {
            assert_frame(h, p.at_a, sizes[i++]);
            continue;
        }
        assert_int_equal(h->kind, HAND_DRAINED);
        drained += h->count;
        handover_free(h);
    }
    assert_int_equal(drained, sent);
    pair_stop(&p);
}

static void closing_a_link_sends_what_was_given_before(void **state)
{
    (void)state;
    struct pair p;
    pair_start(&p);
    for (size_t i = 0; i < 3; i++)
        push(&p.a, frame_of(p.at_a, 1000 * 1000 + i));
    push(&p.a, handover_new(HAND_CLOSE, p.at_a));
    for (size_t i = 0; i < 3; i++)
        assert_frame(next_but_drained(&p.b), p.at_b, 1000 * 1000 + i);
    struct handover *b_end = next_but_drained(&p.b), *a_end = next_but_drained(&p.a);
    assert_int_equal(b_end->kind, HAND_LINK_DOWN);
    assert_int_equal(b_end->link, p.at_b);
    assert_int_equal(a_end->kind, HAND_LINK_DOWN);
    assert_int_equal(a_end->link, p.at_a);
    assert_int_equal(a_end->err, OK);
    handover_free(a_end);
    handover_free(b_end);
    pair_stop(&p);
}

static void leaving_sends_what_was_given_before(void **state)
{
    (void)state;
    struct pair p;
    pair_start(&p);
    push(&p.a, frame_of(p.at_a, FRAME_BODY_MAX));
    side_stop(&p.a);
    assert_frame(next_but_drained(&p.b), p.at_b, FRAME_BODY_MAX);
    struct handover *end = next_but_drained(&p.b);
    assert_int_equal(end->kind, HAND_LINK_DOWN);
    handover_free(end);
    side_stop(&p.b);
}

/* An engine that stops working stops its own reading, and through TCP the sender; nothing is lost. */
static void an_engine_that_is_behind_bounds_what_is_read(void **state)
{
    (void)state;
    enum { PIECE = 128 * 1024, PIECES = 256, OUTSTANDING_MAX = LINK_QUEUE_MAX - PIECE };
    struct pair p;
    size_t sent = 0, outstanding = 0, got = 0;
    pair_start(&p);
    while (!queue_is_full(&p.b.to_engine)) {
        if (sent < PIECES && outstanding < OUTSTANDING_MAX) {
            push(&p.a, frame_of(p.at_a, PIECE));
            outstanding += PIECE;
            sent++;
            continue;
        }
        queue_wait(&p.a.to_engine, clock_monotonic_ms() + 10);  /* either it drains, or the other fills */
        struct handover *h = queue_pop(&p.a.to_engine);
        outstanding -= h != NULL ? h->count : 0;
        handover_free(h);
    }
    assert_true(sent < PIECES);                     /* it was not simply all read */
    while (sent < PIECES) {
        if (outstanding < OUTSTANDING_MAX) {
            push(&p.a, frame_of(p.at_a, PIECE));
            outstanding += PIECE;
            sent++;
            continue;
        }
        struct handover *h = queue_pop(&p.a.to_engine);
        if (h != NULL) {
            outstanding -= h->count;
            handover_free(h);
            continue;
        }
        /* The sender is full to the brim, kernel and all. The receiver took one read past its limit at most. */
        (void)pthread_mutex_lock(&p.b.to_engine.mutex);
        size_t held = p.b.to_engine.bytes;
        (void)pthread_mutex_unlock(&p.b.to_engine.mutex);
        assert_true(held <= INBOX_MAX + 2 * FRAME_BODY_MAX);
        assert_frame(next(&p.b), p.at_b, PIECE);
        got++;
    }
    for (; got < PIECES; got++)
        assert_frame(next(&p.b), p.at_b, PIECE);
    pair_stop(&p);
}

static void more_than_a_link_may_hold_ends_it(void **state)
{
    (void)state;
    struct pair p;
    pair_start(&p);
    for (size_t i = 0; i < 64; i++)                 /* in one go, without regard to what has drained */
        push(&p.a, frame_of(p.at_a, FRAME_BODY_MAX));
    struct handover *end = next_but_drained(&p.a);
    assert_int_equal(end->kind, HAND_LINK_DOWN);
    assert_int_equal(end->err, ERR_LIMIT);
    handover_free(end);
    pair_stop(&p);
}

/* ---- dialling ---- */

static void assert_dial_fails(struct side *s, const char *address, struct dh_public key, enum err why)
{
    dial_to(s, address, key);
    struct handover *h = next(s);
    assert_int_equal(h->kind, HAND_LINK_DOWN);
    assert_int_equal(h->link, 0);
    assert_int_equal(h->err, why);
    assert_string_equal(h->slug.s, "loamshire");
    handover_free(h);
}

static void a_dial_that_fails_says_why(void **state)
{
    (void)state;
    struct side a, b;
    char closed[ADDRESS_MAX + 1];
    side_start(&a, 10);
    side_start(&b, 20);
    memcpy(closed, b.address, sizeof(closed));
    assert_dial_fails(&a, b.address, public_of(99), ERR_DENIED);    /* somebody, but not whom we mean */
    side_stop(&b);
    assert_dial_fails(&a, closed, b.key, ERR_IO);
    assert_dial_fails(&a, "no address", b.key, ERR_FORMAT);
    side_stop(&a);
}

static void a_node_answers_to_its_previous_key(void **state)
{
    (void)state;
    struct side a, b;
    side_start(&a, 10);
    side_start(&b, 20);
    dial_to(&a, b.address, public_of(21));
    struct handover *h = next(&a);
    assert_int_equal(h->kind, HAND_LINK_UP);
    handover_free(h);
    side_stop(&a);
    side_stop(&b);
}

static void a_node_answers_to_keys_it_was_given_later(void **state)
{
    (void)state;
    struct side a, b;
    struct dh_secret later = secret_of(50);
    side_start(&a, 10);
    side_start(&b, 20);
    push(&b, handover_copy(HAND_KEYS, 0, (struct bytes){later.b, sizeof(later.b)}));
    do {                                            /* the keys are on their way to the loop thread */
        dial_to(&a, b.address, public_of(50));
        struct handover *h = next(&a);
        bool is_up = h->kind == HAND_LINK_UP;
        handover_free(h);
        if (is_up)
            break;
    } while (true);
    side_stop(&a);
    side_stop(&b);
}

/* ---- strangers ---- */

static void connect_by(int fd, const char *address)
{
    struct address a;
    struct sockaddr_in to = {.sin_family = AF_INET};
    uint64_t port;
    assert_int_equal(address_split(bytes_of(address), &a), OK);
    assert_int_equal(bytes_u64(bytes_of(a.port), 65535, &port), OK);
    to.sin_port = htons((uint16_t)port);
    assert_int_equal(inet_pton(AF_INET, a.host, &to.sin_addr), 1);
    assert_int_equal(connect(fd, (const struct sockaddr *)&to, sizeof(to)), 0);
}

static int connect_to(const char *address)
{
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    assert_true(fd >= 0);
    connect_by(fd, address);
    return fd;
}

/* How many bytes come before the end of the stream. */
static size_t read_to_end(int fd)
{
    uint8_t b[256];
    size_t total = 0;
    struct pollfd p = {.fd = fd, .events = POLLIN};
    for (;;) {
        assert_int_equal(poll(&p, 1, PATIENCE_MS), 1);
        ssize_t n = read(fd, b, sizeof(b));
        if (n <= 0) {
            assert_true(n == 0 || errno == ECONNRESET);
            return total;
        }
        total += (size_t)n;
    }
}

static bool is_still_open(int fd)
{
    struct pollfd p = {.fd = fd, .events = POLLIN};
    return poll(&p, 1, 0) == 0;
}

static void a_stranger_gets_no_byte_whatever_it_sends(void **state)
{
    (void)state;
    struct side s;
    uint8_t message[2 + 48] = {0, 48, 9};
    static const char http[] = "GET / HTTP/1.1\r\nHost: x\r\n\r\n";
    side_start(&s, 10);
    int shaped = connect_to(s.address), other = connect_to(s.address);
    assert_int_equal(send(shaped, message, sizeof(message), MSG_NOSIGNAL), sizeof(message));
    assert_int_equal(send(other, http, sizeof(http), MSG_NOSIGNAL), sizeof(http));
    assert_int_equal(read_to_end(shaped), 0);
    assert_int_equal(read_to_end(other), 0);
    assert_null(queue_pop(&s.to_engine));           /* and the engine never hears of it */
    (void)close(shaped);
    (void)close(other);
    side_stop(&s);
}

static void a_stranger_that_says_nothing_is_hung_up_on_in_time(void **state)
{
    (void)state;
    struct side s;
    side_start(&s, 10);
    uint64_t begun = clock_monotonic_ms();
    int fd = connect_to(s.address);
    assert_int_equal(read_to_end(fd), 0);
    uint64_t took = clock_monotonic_ms() - begun;
    assert_in_range(took, HANDSHAKE_TIMEOUT_MS - 100, HANDSHAKE_TIMEOUT_MS + 3000);
    (void)close(fd);
    side_stop(&s);
}

/* Of `n` connections that say nothing only the first is hung up on. */
static void assert_only_the_oldest_gives_way(const char *address, size_t n)
{
    int fds[HALF_OPEN_MAX + 1] = {0};
    assert_true(n <= HALF_OPEN_MAX + 1);
    for (size_t i = 0; i < n; i++)
        fds[i] = connect_to(address);
    assert_int_equal(read_to_end(fds[0]), 0);
    for (size_t i = 1; i < n; i++)
        assert_true(is_still_open(fds[i]));
    for (size_t i = 0; i < n; i++)
        (void)close(fds[i]);
}

static void of_too_many_half_open_the_oldest_gives_way(void **state)
{
    (void)state;
    struct side s;
    side_start(&s, 10);
    assert_only_the_oldest_gives_way(s.address, HALF_OPEN_MAX + 1);
    side_stop(&s);
}

/* Dials until somebody answers. */
static void dial_until_linked(struct side *from, struct side *to)
{
    uint64_t until = clock_monotonic_ms() + PATIENCE_MS;
    bool is_linked = false;
    while (!is_linked) {
        assert_true(clock_monotonic_ms() < until);
        dial_to(from, to->address, to->key);
        struct handover *h = next(from);
        is_linked = h->kind == HAND_LINK_UP;
        handover_free(h);
    }
}

/* First nobody can be taken in, and nobody is there to give way; then one is half way in. */
static void without_descriptors_it_goes_on_and_listens_again(void **state)
{
    (void)state;
    struct side a, s;
    struct rlimit before, none;
    side_start(&a, 30);
    side_start(&s, 10);
    for (int half_open = 0; half_open < 2; half_open++) {
        int first = half_open > 0 ? connect_to(s.address) : -1, fd = socket(AF_INET, SOCK_STREAM, 0);
        assert_true(fd >= 0);
        if (half_open > 0)                      /* it is in when a later one has been linked */
            dial_until_linked(&a, &s);
        assert_int_equal(getrlimit(RLIMIT_NOFILE, &before), 0);
        none = (struct rlimit){3, before.rlim_max};
        assert_int_equal(setrlimit(RLIMIT_NOFILE, &none), 0);
        connect_by(fd, s.address);
        assert_int_equal(read_to_end(half_open > 0 ? first : fd), 0);
        assert_int_equal(setrlimit(RLIMIT_NOFILE, &before), 0);
        (void)close(fd);
        if (first >= 0)
            (void)close(first);
        dial_until_linked(&a, &s);
    }
    side_stop(&a);
    side_stop(&s);
}

/* An IPv4 address of this machine that is not loopback, to be a stranger from. */
static bool own_address(char ret[INET_ADDRSTRLEN])
{
    struct ifaddrs *all;
    bool found = false;
    if (getifaddrs(&all) != 0)
        return false;
    for (const struct ifaddrs *i = all; i != NULL && !found; i = i->ifa_next)
        if (i->ifa_addr != NULL && i->ifa_addr->sa_family == AF_INET && (i->ifa_flags & IFF_LOOPBACK) == 0
            && (i->ifa_flags & IFF_UP) != 0)
            found = inet_ntop(AF_INET, &((const struct sockaddr_in *)(const void *)i->ifa_addr)->sin_addr, ret,
                              INET_ADDRSTRLEN) != NULL;
    freeifaddrs(all);
    return found;
}

static void of_too_many_half_open_from_one_address_the_oldest_gives_way(void **state)
{
    (void)state;
    char own[INET_ADDRSTRLEN], listen[INET_ADDRSTRLEN + 8];
    struct side s;
    if (!own_address(own))
        skip();
    (void)snprintf(listen, sizeof(listen), "%s:0", own);
    side_start_at(&s, 10, listen);
    assert_only_the_oldest_gives_way(s.address, HALF_OPEN_PER_ADDRESS_MAX + 1);
    side_stop(&s);
}

/* ---- a peer in name only: its channel is right and what it says is not ---- */

struct raw { int fd; struct channel channel; struct buf wire, plain; };

static void raw_flush(struct raw *r)
{
    if (r->wire.len > 0)
        assert_int_equal(send(r->fd, r->wire.p, r->wire.len, MSG_NOSIGNAL), r->wire.len);
    buf_clear(&r->wire);
}

static void raw_open(struct raw *r, const struct side *to)
{
    uint8_t prologue[CHANNEL_PROLOGUE_LEN], in[256];
    struct dh_secret ours = secret_of(77), ephemeral = secret_of(78);
    *r = (struct raw){.fd = connect_to(to->address), .wire = buf_on(1 << 22), .plain = buf_on(1 << 17)};
    channel_prologue(&alliance, prologue);
    channel_init_initiator(&r->channel, &ours, &to->key, &ephemeral, (struct bytes){prologue, sizeof(prologue)});
    assert_int_equal(channel_begin(&r->channel, &r->wire), OK);
    while (channel_state(&r->channel) != CHANNEL_OPEN) {
        size_t used;
        raw_flush(r);
        ssize_t n = read(r->fd, in, sizeof(in));
        assert_true(n > 0);
        assert_int_equal(channel_receive(&r->channel, (struct bytes){in, (size_t)n}, &used, &r->wire, &r->plain), OK);
    }
    raw_flush(r);
}

static void raw_close(struct raw *r)
{
    (void)close(r->fd);
    channel_release(&r->channel);
    buf_release(&r->wire);
    buf_release(&r->plain);
}

static void assert_is_no_frame(const uint8_t *said, size_t len, enum err why)
{
    struct side s;
    struct raw r;
    side_start(&s, 10);
    raw_open(&r, &s);
    assert_int_equal(channel_send(&r.channel, (struct bytes){said, len}, &r.wire), OK);
    raw_flush(&r);
    struct handover *up = next(&s), *none = next(&s);
    assert_int_equal(up->kind, HAND_LINK_UP);
    assert_int_equal(none->kind, HAND_FRAME);
    assert_int_equal(none->link, up->link);
    assert_int_equal(none->err, why);
    assert_int_equal(none->len, 0);
    static const uint8_t good[] = {0, 0, 0, 1, 0xc0};   /* behind it nothing is a frame any more */
    assert_int_equal(channel_send(&r.channel, (struct bytes){good, sizeof(good)}, &r.wire), OK);
    raw_flush(&r);
    push(&s, handover_copy(HAND_SEND, up->link, bytes_of("why")));      /* ... and the peer can still be told why */
    push(&s, handover_new(HAND_CLOSE, up->link));
    assert_true(read_to_end(r.fd) > 0);
    raw_close(&r);
    struct handover *down = next_but_drained(&s);
    assert_int_equal(down->kind, HAND_LINK_DOWN);
    handover_free(up);
    handover_free(none);
    handover_free(down);
    side_stop(&s);
}

static void a_frame_of_no_or_too_many_bytes_is_told_as_none(void **state)
{
    (void)state;
    static const uint8_t none[] = {0, 0, 0, 0}, many[] = {0, 0x10, 0, 1};
    assert_is_no_frame(none, sizeof(none), ERR_PROTO);
    assert_is_no_frame(many, sizeof(many), ERR_PROTO);
}

/* Peers that do not take our last words hold no place that another wants. */
static void links_that_are_closing_give_way(void **state)
{
    enum { PLACES = LINKS_MAX + HALF_OPEN_MAX };
    (void)state;
    struct side s;
    struct raw *r = calloc(PLACES + 1, sizeof(*r));
    assert_non_null(r);
    side_start(&s, 10);
    for (size_t i = 0; i <= PLACES; i++) {
        raw_open(&r[i], &s);
        struct handover *up = next(&s);
        while (up->kind != HAND_LINK_UP) {
            assert_int_equal(up->kind, HAND_LINK_DOWN);
            handover_free(up);
            up = next(&s);
        }
        push(&s, handover_new(HAND_CLOSE, up->link));
        handover_free(up);
    }
    for (size_t i = 0; i <= PLACES; i++)
        raw_close(&r[i]);
    free(r);
    side_stop(&s);
}

static void frames_cut_anywhere_come_whole(void **state)
{
    (void)state;
    struct side s;
    struct raw r;
    struct buf said = buf_on(1 << 16);
    side_start(&s, 10);
    raw_open(&r, &s);
    for (size_t len = 1; len < 6; len++) {
        struct handover *h = frame_of(0, len);
        size_t mark = frame_begin(&said);
        buf_put(&said, (struct bytes){h->p, h->len});
        assert_int_equal(frame_end(&said, mark), OK);
        handover_free(h);
    }
    for (size_t i = 0; i < said.len; i++) {         /* a Noise message a byte, a segment a byte of it */
        assert_int_equal(channel_send(&r.channel, (struct bytes){said.p + i, 1}, &r.wire), OK);
        for (size_t k = 0; k < r.wire.len; k++)
            assert_int_equal(send(r.fd, r.wire.p + k, 1, MSG_NOSIGNAL), 1);
        buf_clear(&r.wire);
    }
    struct handover *up = next(&s);
    assert_int_equal(up->kind, HAND_LINK_UP);
    for (size_t len = 1; len < 6; len++)
        assert_frame(next(&s), up->link, len);
    handover_free(up);
    buf_release(&said);
    raw_close(&r);
    side_stop(&s);
}

/* ---- the bell ---- */

static void who_writes_into_the_bell_is_heard(void **state)
{
    (void)state;
    char path[] = "/tmp/folkmoot-bell-XXXXXX";
    int fd = mkstemp(path);
    struct side s;
    struct net_config c = {.alliance = alliance, .n_keys = 1, .keys = {secret_of(1)}, .bell = path,
                           .to_engine = &s.to_engine, .to_net = &s.to_net};
    assert_true(fd >= 0);
    assert_int_equal(queue_init(&s.to_engine, INBOX_MAX), OK);
    assert_int_equal(queue_init(&s.to_net, SIZE_MAX), OK);
    assert_int_equal(net_new(&c, &s.net), OK);
    assert_int_equal(pthread_create(&s.loop, NULL, run, &s), 0);
    assert_int_equal(write(fd, "!", 1), 1);
    struct handover *h = next(&s);
    assert_int_equal(h->kind, HAND_BELL);
    handover_free(h);
    side_stop(&s);
    (void)close(fd);
    (void)unlink(path);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(frames_of_every_size_come_whole_and_in_order),
        cmocka_unit_test(closing_a_link_sends_what_was_given_before),
        cmocka_unit_test(leaving_sends_what_was_given_before),
        cmocka_unit_test(an_engine_that_is_behind_bounds_what_is_read),
        cmocka_unit_test(more_than_a_link_may_hold_ends_it),
        cmocka_unit_test(a_dial_that_fails_says_why),
        cmocka_unit_test(a_node_answers_to_its_previous_key),
        cmocka_unit_test(a_node_answers_to_keys_it_was_given_later),
        cmocka_unit_test(a_stranger_gets_no_byte_whatever_it_sends),
        cmocka_unit_test(a_stranger_that_says_nothing_is_hung_up_on_in_time),
        cmocka_unit_test(of_too_many_half_open_the_oldest_gives_way),
        cmocka_unit_test(of_too_many_half_open_from_one_address_the_oldest_gives_way),
        cmocka_unit_test(a_frame_of_no_or_too_many_bytes_is_told_as_none),
        cmocka_unit_test(links_that_are_closing_give_way),
        cmocka_unit_test(without_descriptors_it_goes_on_and_listens_again),
        cmocka_unit_test(frames_cut_anywhere_come_whole),
        cmocka_unit_test(who_writes_into_the_bell_is_heard),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
