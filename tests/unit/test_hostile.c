/* A running node, and a member that speaks the channel rightly and everything after it wrongly. After each attack the
 * node still serves another member, holds what it held, and blames nobody but the attacker. */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <netinet/in.h>
#include <pthread.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <time.h>

#include "tests/unit/moot.h"

#include "node/net/net.h"
#include "node/worker.h"
#include "protocol/frame.h"
#include "protocol/message.h"

enum { US = 0, ATTACKER = 1, HONEST = 2, HELD = 40, QUIET_MS = 400, SILENCE_MS = 10 * 1000 };

/* ---- the node ---- */

struct target {
    struct moot *t;
    struct home home;
    struct queue in, out;
    struct worker *worker;
    struct net *net;
    pthread_t engine, loop;
    char address[ADDRESS_MAX + 1];
};

static void *run_net(void *arg)
{
    net_run(((struct target *)arg)->net);
    return NULL;
}

static void *run_engine(void *arg)
{
    worker_run(((struct target *)arg)->worker);
    return NULL;
}

static int begin(void **state)
{
    struct target *n = calloc(1, sizeof(*n));
    const char *what = "";
    assert_non_null(n);
    n->t = moot_new(3);
    n->home = moot_home(n->t, US);
    moot_settle(n->t, US);
    struct store *s = moot_open(n->t, US);
    moot_publish(n->t, US, s, HELD, 100);
    store_close(s);
    assert_int_equal(queue_init(&n->in, INBOX_MAX), OK);
    assert_int_equal(queue_init(&n->out, SIZE_MAX), OK);
    struct net_config nc = {.alliance = n->t->alliance, .n_keys = 1, .keys = {n->t->member[US].node},
                            .to_engine = &n->in, .to_net = &n->out};
    assert_int_equal(net_new(&nc, &n->net), OK);
    assert_int_equal(net_listen(n->net, "127.0.0.1:0", n->address), OK);
    struct worker_config wc = {.home = &n->home, .in = &n->in, .out = &n->out, .log_level = LOG_WARN};
    if (worker_new(&wc, &n->worker, &what) != OK)
        fail_msg("%s", what);
    assert_int_equal(pthread_create(&n->loop, NULL, run_net, n), 0);
    assert_int_equal(pthread_create(&n->engine, NULL, run_engine, n), 0);
    *state = n;
    return 0;
}

static int end(void **state)
{
    struct target *n = *state;
    (void)queue_push(&n->in, handover_new(HAND_LEAVE, 0));
    (void)pthread_join(n->engine, NULL);
    (void)pthread_join(n->loop, NULL);
    int failed = worker_result(n->worker) != OK;
    net_free(n->net);
    worker_free(n->worker);
    queue_release(&n->in);
    queue_release(&n->out);
    moot_free(n->t);
    free(n);
    return failed;
}

/* ---- a client ---- */

struct client { int fd; struct channel channel; struct buf plain; bool is_over, has_hello, has_pong; char bye[65]; };

static void put_all(struct client *c, struct bytes in)
{
    while (in.len > 0 && !c->is_over) {
        ssize_t len = send(c->fd, in.p, in.len, MSG_NOSIGNAL);
        c->is_over = len <= 0;
        in.p += len > 0 ? len : 0;
        in.len -= len > 0 ? (size_t)len : 0;
    }
}

static void note_message(struct client *c, struct bytes body)
{
    struct message *m = malloc(sizeof(*m));
    assert_non_null(m);
    assert_int_equal(message_decode(body, m), OK);
    c->has_hello = c->has_hello || m->type == MSG_HELLO;
    c->has_pong = c->has_pong || (m->type == MSG_PING && m->u.ping.is_reply);
    if (m->type == MSG_BYE)
        assert_int_equal(bytes_to_str(m->u.bye, c->bye, sizeof(c->bye)), OK);
    free(m);
}

static void cut(struct client *c)
{
    size_t used = 0;
    struct frame f;
    while (used < c->plain.len && frame_read((struct bytes){c->plain.p + used, c->plain.len - used}, &f) == OK) {
        note_message(c, f.body);
        used += frame_size(&f);
    }
    if (used > 0)
        memmove(c->plain.p, c->plain.p + used, c->plain.len - used);
    c->plain.len -= used;
}

/* Take what comes, until nothing does for `ms` or the stream ends. */
static void hear(struct client *c, unsigned ms)
{
    uint8_t bytes[65536];
    struct timeval wait = {ms / 1000, (ms % 1000) * 1000};
    assert_int_equal(setsockopt(c->fd, SOL_SOCKET, SO_RCVTIMEO, &wait, sizeof(wait)), 0);
    ssize_t len = recv(c->fd, bytes, sizeof(bytes), 0);
    c->is_over = c->is_over || len == 0;
    struct bytes in = {bytes, len > 0 ? (size_t)len : 0};
    while (in.len > 0 && channel_state(&c->channel) != CHANNEL_DEAD) {
        size_t used = 0;
        struct buf wire = buf_on(65536);
        assert_int_equal(channel_receive(&c->channel, in, &used, &wire, &c->plain), OK);
        put_all(c, buf_bytes(&wire));
        buf_release(&wire);
        in.p += used;
        in.len -= used;
        cut(c);
    }
}

static void dial(struct client *c, const struct target *n, size_t who)
{
    struct dh_secret ephemeral;
    uint8_t prologue[CHANNEL_PROLOGUE_LEN];
    struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons((uint16_t)strtoul(strrchr(n->address, ':') + 1, NULL, 10))};
    struct timeval wait = {5, 0};
    struct buf wire = buf_on(1024);
    *c = (struct client){.fd = socket(AF_INET, SOCK_STREAM, 0), .plain = buf_on(4 * 1024 * 1024)};
    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    assert_int_equal(connect(c->fd, (struct sockaddr *)&to, sizeof(to)), 0);
    assert_int_equal(setsockopt(c->fd, SOL_SOCKET, SO_SNDTIMEO, &wait, sizeof(wait)), 0);
    random_fill(&ephemeral, sizeof(ephemeral));
    channel_prologue(&n->t->alliance, prologue);
    channel_init_initiator(&c->channel, &n->t->member[who].node, &n->t->member[US].id.node, &ephemeral,
                           (struct bytes){prologue, sizeof(prologue)});
    assert_int_equal(channel_begin(&c->channel, &wire), OK);
    put_all(c, buf_bytes(&wire));
    buf_release(&wire);
    hear(c, SILENCE_MS);
    assert_int_equal(channel_state(&c->channel), CHANNEL_OPEN);
}

static void put_length(struct buf *b, size_t len)
{
    uint8_t be[FRAME_HEADER_LEN];
    put_u32be(be, (uint32_t)len);
    buf_put(b, (struct bytes){be, sizeof(be)});
}

static void say_bytes(struct client *c, struct bytes plain)
{
    struct buf wire = buf_on(4 * 1024 * 1024);
    assert_int_equal(channel_send(&c->channel, plain, &wire), OK);
    put_all(c, buf_bytes(&wire));
    buf_release(&wire);
}

static void say(struct client *c, const struct buf *body)
{
    struct buf frame = buf_on(FRAME_BODY_MAX + 4);
    assert_int_equal(buf_status(body), OK);
    put_length(&frame, body->len);
    buf_put(&frame, buf_bytes(body));
    say_bytes(c, buf_bytes(&frame));
    buf_release(&frame);
}

static void hello(struct client *c, const struct target *n, size_t as)
{
    struct buf body = buf_on(FRAME_BODY_MAX);
    struct msg_hello m = {.protocol = 1, .charter_version = 1, .charter_hash = n->t->charter_hash, .time_ms = clock_wall_ms(),
                          .identity = buf_bytes(&n->t->member[as].note)};
    put_hello(&body, &m);
    say(c, &body);
    buf_release(&body);
}

static void greet(struct client *c, const struct target *n, size_t who)
{
    dial(c, n, who);
    hello(c, n, who);
    for (unsigned i = 0; i < 20 && !c->has_hello && !c->is_over; i++)
        hear(c, 500);
    assert_true(c->has_hello);
}

static void hang_up(struct client *c)
{
    channel_release(&c->channel);
    buf_release(&c->plain);
    (void)close(c->fd);
}

/* ---- attacks; each says what it must be told, "" for nothing ---- */

static const struct log_ref *ours(void)
{
    static struct log_ref ref;
    ref = (struct log_ref){moot_slug(US), 1};
    return &ref;
}

static void junk(struct client *c, const struct target *n)
{
    struct buf b = buf_on(64);
    (void)n;
    buf_put(&b, bytes_of("\xff\xff\xff\xff"));
    say(c, &b);
    buf_release(&b);
}

static void hello_again(struct client *c, const struct target *n)
{
    hello(c, n, ATTACKER);
}

static void oversize(struct client *c, const struct target *n)
{
    (void)n;
    say_bytes(c, bytes_of("\x7f\xff\xff\xff rubbish"));
}

static void a_thousand_lies(struct client *c, const struct target *n)
{
    struct have *items = calloc(1024, sizeof(*items));
    struct buf b = buf_on(FRAME_BODY_MAX);
    (void)n;
    assert_non_null(items);
    for (unsigned i = 0; i < 1024; i++) {
        items[i] = (struct have){.log = {.generation = 1 + i % 3}, .size = INT64_MAX - i,
                                 .witnesses = UINT32_MAX, .flags = UINT32_MAX};
        if (i < 3)
            items[i].log.slug = moot_slug(i);
        else
            (void)snprintf(items[i].log.slug.s, sizeof(items[i].log.slug.s), "nowhere-%u", i);
    }
    put_have(&b, 1024, items);
    for (unsigned i = 0; i < 20; i++)
        say(c, &b);
    buf_release(&b);
    free(items);
}

static void absurd_wants(struct client *c, const struct target *n)
{
    static const uint64_t edges[] = {0, 1, HELD - 1, HELD, HELD + 1, INT64_MAX - 1, INT64_MAX};
    const size_t n_edges = sizeof(edges) / sizeof(edges[0]);
    (void)n;
    for (size_t i = 0; i < n_edges * n_edges; i++) {
        struct buf b = buf_on(FRAME_BODY_MAX);
        struct msg_want w = {.log = *ours(), .has_from = i % 3 != 0, .from = edges[i / n_edges],
                             .upto = edges[i % n_edges], .credit = 1 << 23};
        put_want(&b, &w);
        say(c, &b);
        buf_release(&b);
    }
}

static void entries_unasked(struct client *c, const struct target *n)
{
    struct buf b = buf_on(FRAME_BODY_MAX), items = buf_on(FRAME_BODY_MAX);
    struct log_ref of = {moot_slug(HONEST), 1};
    struct item item = {.header = bytes_of("no header"), .payload = bytes_of("no payload"), .has_payload = true};
    (void)n;
    put_item(&items, &item);
    put_entries(&b, &of, 0, 1, buf_bytes(&items), bytes_of("no note"));
    for (unsigned i = 0; i < 200; i++)
        say(c, &b);
    buf_release(&b);
    buf_release(&items);
}

static void storm_of_proves(struct client *c, const struct target *n)
{
    struct buf b = buf_on(1024);
    struct msg_prove p = {*ours(), 3, HELD};
    (void)n;
    put_prove(&b, &p);
    for (unsigned i = 0; i < 2000 && !c->is_over; i++)
        say(c, &b);
    buf_release(&b);
}

static void charter_of_garbage(struct client *c, const struct target *n)
{
    struct buf b = buf_on(FRAME_BODY_MAX);
    struct bytes note = bytes_of("folkmoot charter v1\n\n— x AAAA\n");
    put_charter(&b, 9, &n->t->charter_hash, 1, &note, 0, NULL);
    say(c, &b);
    buf_release(&b);
}

static void cosignature_in_anothers_name(struct client *c, const struct target *n)
{
    struct buf b = buf_on(1024);
    struct cosig sig = {.log = *ours(), .size = HELD, .witness = moot_slug(HONEST), .time_s = 1700000000};
    (void)n;
    put_cosig(&b, &sig);
    for (unsigned i = 0; i < 100; i++)
        say(c, &b);
    buf_release(&b);
}

static void evidence_of_nothing(struct client *c, const struct target *n)
{
    struct buf b = buf_on(1024);
    (void)n;
    put_evidence(&b, bytes_of("you did it"));
    say(c, &b);
    buf_release(&b);
}

static void checkpoint_of_garbage(struct client *c, const struct target *n)
{
    struct buf b = buf_on(1024);
    (void)n;
    put_checkpoint(&b, ours(), bytes_of("no note"));
    say(c, &b);
    buf_release(&b);
}

/* Questions without ever reading the answers. */
static void pings_unread(struct client *c, const struct target *n)
{
    struct buf b = buf_on(256 * 1024);
    (void)n;
    for (unsigned i = 0; i < 2000; i++) {
        struct buf one = buf_on(256);
        struct msg_ping p = {.id = i, .generation = 1, .size = INT64_MAX};
        put_ping(&one, &p);
        put_length(&b, one.len);
        buf_put(&b, buf_bytes(&one));
        buf_release(&one);
    }
    for (unsigned i = 0; i < 150 && !c->is_over; i++)
        say_bytes(c, buf_bytes(&b));
    buf_release(&b);
}

/* ---- */

/* Another member is served as if nothing had been; nothing was lost, nobody convicted. */
static void still_serves(const struct target *n)
{
    struct client c;
    struct buf b = buf_on(256);
    struct msg_ping p = {.id = 7, .generation = 1};
    greet(&c, n, HONEST);
    put_ping(&b, &p);
    say(&c, &b);
    for (unsigned i = 0; i < 20 && !c.has_pong && !c.is_over; i++)
        hear(&c, 500);
    assert_true(c.has_pong);
    assert_string_equal(c.bye, "");
    hang_up(&c);
    buf_release(&b);
    for (size_t i = 0; i < 3; i++) {
        struct store *s = moot_open(n->t, US);
        struct origin o = moot_origin(n->t, i);
        struct log_state l;
        struct buf note = buf_on(CHECKPOINT_MAX);
        enum err e = store_log(s, &o, &l, &note);
        assert_int_equal(e, i == US ? OK : ERR_UNKNOWN);
        if (i == US) {
            assert_false(l.is_frozen);
            assert_int_equal(l.whole, HELD);
        }
        buf_release(&note);
        store_close(s);
    }
}

static void attack(const struct target *n, void (*how)(struct client *c, const struct target *n), const char *told)
{
    struct client c;
    greet(&c, n, ATTACKER);
    how(&c, n);
    for (unsigned i = 0; i < 400 && !c.is_over; i++) {
        size_t before = c.plain.len;
        hear(&c, QUIET_MS);
        if (c.bye[0] != '\0' || (told[0] == '\0' && i >= 3 && c.plain.len == before))
            break;
    }
    assert_string_equal(c.bye, told);
    hang_up(&c);
    still_serves(n);
}

#define ATTACKS(X)                                                             \
    X(junk, "bad-format")                                                      \
    X(hello_again, "out-of-order")                                             \
    X(oversize, "bad-format")                                                  \
    X(a_thousand_lies, "")                                                     \
    X(absurd_wants, "")                                                        \
    X(entries_unasked, "")                                                     \
    X(storm_of_proves, "flood")                                                \
    X(charter_of_garbage, "bad-charter")                                       \
    X(cosignature_in_anothers_name, "")                                        \
    X(evidence_of_nothing, "bad-format")                                       \
    X(checkpoint_of_garbage, "bad-signature")

#define X(how, told)                                                           \
    static void a_node_outlives_##how(void **state)                            \
    {                                                                          \
        attack(*state, how, told);                                             \
    }
ATTACKS(X)
#undef X

static void a_node_outlives_pings_whose_answers_are_never_read(void **state)
{
    const struct target *n = *state;
    struct client c;
    greet(&c, n, ATTACKER);
    pings_unread(&c, n);
    still_serves(n);
    hang_up(&c);
}

static void anothers_identity_over_ones_own_key_is_refused(void **state)
{
    const struct target *n = *state;
    struct client c;
    dial(&c, n, ATTACKER);
    hello(&c, n, HONEST);
    for (unsigned i = 0; i < 20 && c.bye[0] == '\0' && !c.is_over; i++)
        hear(&c, 500);
    assert_false(c.has_hello);
    assert_string_equal(c.bye, "bad-identity");
    hang_up(&c);
    still_serves(n);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
#define X(how, told) cmocka_unit_test_setup_teardown(a_node_outlives_##how, begin, end),
        ATTACKS(X)
#undef X
        cmocka_unit_test_setup_teardown(a_node_outlives_pings_whose_answers_are_never_read, begin, end),
        cmocka_unit_test_setup_teardown(anothers_identity_over_ones_own_key_is_refused, begin, end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
