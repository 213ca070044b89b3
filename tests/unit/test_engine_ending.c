/* tests/unit/test_engine_ending.c - we hold the story of a frozen log that does not go on: it is let go, the other one fetched. */
#include "moot.h"

#include "node/engine/engine.h"

enum { MEMBERS = 3, US = 0, AUTHOR = 1, PEER = 2, LINK = 1, HELD = 3, SEEN = 1, CLOSES = 3 };

struct bench {
    struct moot *t;
    struct engine *e;
    struct effects fx;                      /* of the last step */
    struct hash held, stands;               /* roots at CLOSES, of the two stories */
};

static void step(struct bench *b, struct event ev)
{
    effects_clear(&b->fx);
    ev.now_ms = 1000;
    ev.wall_ms = 1700000000000;
    assert_int_equal(engine_step(b->e, &ev, &b->fx), OK);
}

/* The author's log as the store holds it: `size` entries, the first an identity. Returns the root. */
static struct hash hold(struct bench *b, uint32_t generation, size_t size, const char *story)
{
    const struct moot_member *m = &b->t->member[AUTHOR];
    struct moot_made made = {.items = calloc(size, sizeof(struct item)), .bytes = buf_on(SIZE_MAX / 4)};
    struct buf note = buf_on(CHECKPOINT_MAX);
    struct log_state l = {.origin = moot_origin(b->t, AUTHOR), .whole = size, .is_frozen = generation == 1};
    l.origin.generation = generation;
    assert_true(made.items != NULL && buf_grow(&made.bytes, size * 2 * IDENTITY_MAX) != NULL);
    made.bytes.len = 0;                     /* it does not move */
    frontier_init(&l.frontier);
    for (size_t i = 0; i < size; i++) {
        moot_add_entry(&made, &l.frontier, i == 0 ? KIND_IDENTITY : KIND_RECORD, i == 0 ? buf_bytes(&m->note) : bytes_of(story));
        if (i + 1 == SEEN && generation == 1) {
            l.quorum_size = SEEN;
            l.quorum_root = frontier_root(&l.frontier);
        }
    }
    l.whole_root = frontier_root(&l.frontier);
    struct checkpoint c = {.origin = l.origin, .size = size, .root = l.whole_root};
    checkpoint_sign(&c, &m->log, &note);
    l.whole_note = buf_bytes(&note);
    struct log_identity id = {0, buf_bytes(&m->note)};
    step(b, (struct event){.kind = EV_LOG, .log = &l, .n_identities = 1, .identities = &id});
    free(made.items);
    buf_release(&made.bytes);
    buf_release(&note);
    return l.whole_root;
}

static void says(struct bench *b, const struct buf *body)
{
    assert_int_equal(buf_status(body), OK);
    uint8_t *p = malloc(body->len);
    assert_non_null(p);
    memcpy(p, body->p, body->len);
    step(b, (struct event){.kind = EV_FRAME, .link = LINK, .frame = p, .frame_len = body->len});
}

static void peer_comes(struct bench *b)
{
    struct buf body = buf_on(FRAME_BODY_MAX);
    struct msg_hello h = {.protocol = PROTOCOL_VERSION, .charter_version = 1, .charter_hash = b->t->charter_hash,
                          .identity = buf_bytes(&b->t->member[PEER].note)};
    step(b, (struct event){.kind = EV_LINK_UP, .link = LINK, .peer_node = b->t->member[PEER].id.node});
    put_hello(&body, &h);
    says(b, &body);
    assert_int_equal(engine_counts(b->e).n_open_links, 1);
    buf_release(&body);
}

static size_t n_effects(const struct bench *b, enum effect_kind kind)
{
    size_t n = 0;
    for (size_t i = 0; i < b->fx.n; i++)
        n += b->fx.list[i]->kind == kind && slug_equal(&b->fx.list[i]->ref.slug, &b->t->member[AUTHOR].id.slug)
             && b->fx.list[i]->ref.generation == 1;
    return n;
}

/* The two stories, and the generation that goes on from the other one: at the start the engine lets go of what it holds. */
static int begin(void **state)
{
    struct bench *b = calloc(1, sizeof(*b));
    assert_non_null(b);
    b->t = moot_new(MEMBERS);
    struct moot_member *m = &b->t->member[AUTHOR];
    struct engine_config c = {.alliance = b->t->alliance, .identity = buf_bytes(&b->t->member[US].note),
                              .node = b->t->member[US].id.node, .random_seed = 7};
    assert_int_equal(engine_new(&c, &b->e), OK);
    step(b, (struct event){.kind = EV_CHARTER, .bytes = buf_bytes(&b->t->charter)});
    step(b, (struct event){.kind = EV_IDENTITY, .bytes = buf_bytes(&b->t->member[PEER].note)});
    b->held = hold(b, 1, HELD, "one");
    memset(b->stands.b, 5, HASH_LEN);
    memset(m->id.previous.b, 5, HASH_LEN);
    m->id.version = 2;
    m->id.has_closes = true;
    m->id.closes_size = CLOSES;
    m->id.closes_root = b->stands;
    moot_sign_identity(m);
    (void)hold(b, 2, 1, "");
    step(b, (struct event){.kind = EV_START});
    assert_int_equal(n_effects(b, FX_CUT), 1);
    *state = b;
    return 0;
}

static int end(void **state)
{
    struct bench *b = *state;
    engine_free(b->e);
    effects_release(&b->fx);
    moot_free(b->t);
    free(b);
    return 0;
}

/* The store's word: what a quorum saw is left. */
static void is_cut(struct bench *b)
{
    struct moot_member *m = &b->t->member[AUTHOR];
    struct buf second = m->note;
    m->note = buf_on(IDENTITY_MAX);
    m->id.version = 1;
    m->id.has_closes = false;
    memset(m->id.previous.b, 0, HASH_LEN);
    moot_sign_identity(m);
    (void)hold(b, 1, SEEN, "");
    buf_release(&m->note);
    m->note = second;
}

static struct log_ref first(const struct bench *b)
{
    return (struct log_ref){b->t->member[AUTHOR].id.slug, 1};
}

/* ---- while it is being let go ---- */

static void wants_it(struct bench *b)
{
    struct buf body = buf_on(FRAME_BODY_MAX);
    struct msg_want w = {.log = first(b), .has_from = true, .from = 0, .credit = 1 << 16, .upto = HELD};
    put_want(&body, &w);
    says(b, &body);
    buf_release(&body);
}

static void nothing_is_read_of_what_is_being_let_go(void **state)
{
    struct bench *b = *state;
    peer_comes(b);
    wants_it(b);
    assert_int_equal(n_effects(b, FX_READ), 0);
    is_cut(b);
    wants_it(b);
    assert_int_equal(n_effects(b, FX_READ), 1);
}

/* What our vector says of it. */
static uint64_t told_size(struct bench *b)
{
    uint64_t size = UINT64_MAX;
    struct buf body = buf_on(FRAME_BODY_MAX);
    struct hash other = {{9}};
    struct message *m = malloc(sizeof(*m));
    struct have h;
    assert_non_null(m);
    put_have_hash(&body, &other);
    says(b, &body);
    for (size_t i = 0; i < b->fx.n; i++) {
        if (b->fx.list[i]->kind != FX_SEND)
            continue;
        assert_int_equal(message_decode(buf_bytes(&b->fx.list[i]->data), m), OK);
        while (m->type == MSG_HAVE && have_next(&m->u.have, &h))
            if (slug_equal(&h.log.slug, &b->t->member[AUTHOR].id.slug) && h.log.generation == 1)
                size = h.size;
    }
    free(m);
    buf_release(&body);
    return size;
}

static void nor_is_it_told_of(void **state)
{
    struct bench *b = *state;
    peer_comes(b);
    assert_int_equal(told_size(b), 0);
    is_cut(b);
    assert_int_equal(told_size(b), SEEN);
}

/* ---- who is asked for the other one ---- */

static bool is_asked(struct bench *b, uint64_t size, const struct hash *root)
{
    bool asked = false;
    struct buf body = buf_on(FRAME_BODY_MAX);
    struct have h = {.log = first(b), .size = size, .root = short_root_of(root), .flags = HAVE_FROZEN};
    struct message *m = malloc(sizeof(*m));
    assert_non_null(m);
    put_have(&body, 1, &h);
    says(b, &body);
    for (size_t i = 0; i < b->fx.n; i++) {
        if (b->fx.list[i]->kind != FX_SEND)
            continue;
        assert_int_equal(message_decode(buf_bytes(&b->fx.list[i]->data), m), OK);
        asked = asked || (m->type == MSG_WANT && m->u.want.has_from && m->u.want.log.generation == 1
                          && slug_equal(&m->u.want.log.slug, &b->t->member[AUTHOR].id.slug));
    }
    free(m);
    buf_release(&body);
    return asked;
}

static void who_holds_the_story_that_was_let_go_is_not_asked(void **state)
{
    struct bench *b = *state;
    is_cut(b);
    peer_comes(b);
    assert_false(is_asked(b, CLOSES, &b->held));
    assert_true(is_asked(b, CLOSES, &b->stands));
}

static void nor_who_holds_less_than_its_end(void **state)
{
    struct bench *b = *state;
    is_cut(b);
    peer_comes(b);
    assert_false(is_asked(b, CLOSES - 1, &b->stands));
    assert_true(is_asked(b, CLOSES + 1, &b->held));     /* it may go on from there: only what comes will tell */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
#define T(f) cmocka_unit_test_setup_teardown(f, begin, end)
        T(nothing_is_read_of_what_is_being_let_go),
        T(nor_is_it_told_of),
        T(who_holds_the_story_that_was_let_go_is_not_asked),
        T(nor_who_holds_less_than_its_end),
    };
    if (crypto_start() != OK)
        return 1;
    return cmocka_run_group_tests(tests, NULL, NULL);
}
