/* tests/unit/test_engine_invite.c - [P-42] the link dialled by the node key of our invite, of which only that key is known. */
#include "moot.h"

#include "node/engine/engine.h"

enum { INVITER = 0, OTHER = 1, NEWCOMER = 2, STRANGER = 3, LINK = 1 };

struct bench { struct moot *t; struct moot_member us; struct engine *e; struct effects fx; };

static void step(struct bench *b, struct event ev)
{
    effects_clear(&b->fx);
    ev.now_ms = 1000;
    ev.wall_ms = 1700000000000;
    assert_int_equal(engine_step(b->e, &ev, &b->fx), OK);
}

static struct bench *bench_new(size_t as)
{
    struct bench *b = calloc(1, sizeof(*b));
    assert_non_null(b);
    b->t = moot_new(3);
    moot_make_member(&b->us, as);
    struct engine_config c = {.alliance = b->t->alliance, .identity = buf_bytes(&b->us.note), .node = b->us.id.node,
                              .random_seed = 7, .has_trust = true, .trust = b->t->charter_hash, .has_token = true,
                              .inviter_address = "127.0.0.1:7117", .inviter_node = b->t->member[INVITER].id.node};
    assert_int_equal(engine_new(&c, &b->e), OK);
    step(b, (struct event){.kind = EV_START});
    step(b, (struct event){.kind = EV_LINK_UP, .link = LINK, .is_dialler = true, .peer_node = c.inviter_node});
    return b;
}

static void bench_free(struct bench *b)
{
    engine_free(b->e);
    effects_release(&b->fx);
    buf_release(&b->us.note);
    moot_free(b->t);
    free(b);
}

static void says(struct bench *b, const struct buf *body)
{
    assert_int_equal(buf_status(body), OK);
    uint8_t *p = malloc(body->len);
    assert_non_null(p);
    memcpy(p, body->p, body->len);
    step(b, (struct event){.kind = EV_FRAME, .link = LINK, .frame = p, .frame_len = body->len});
}

static void says_charter(struct bench *b)
{
    struct buf body = buf_on(FRAME_BODY_MAX);
    struct bytes note = buf_bytes(&b->t->charter);
    put_charter(&body, 1, &b->t->charter_hash, 1, &note, 0, NULL);
    says(b, &body);
    assert_int_equal(engine_charter_version(b->e), 1);
    buf_release(&body);
}

static void says_hello(struct bench *b, size_t who)
{
    struct buf body = buf_on(FRAME_BODY_MAX);
    struct msg_hello h = {.protocol = PROTOCOL_VERSION, .charter_version = 1, .charter_hash = b->t->charter_hash,
                          .identity = buf_bytes(&b->t->member[who].note)};
    put_hello(&body, &h);
    says(b, &body);
    buf_release(&body);
}

/* The BYE of the last step; "" for none. */
static const char *bye_of(const struct bench *b)
{
    static char why[65];
    struct message *m = malloc(sizeof(*m));
    assert_non_null(m);
    why[0] = '\0';
    for (size_t i = 0; i < b->fx.n; i++) {
        if (b->fx.list[i]->kind != FX_SEND || b->fx.list[i]->link != LINK)
            continue;
        assert_int_equal(message_decode(buf_bytes(&b->fx.list[i]->data), m), OK);
        if (m->type == MSG_BYE)
            assert_int_equal(bytes_to_str(m->u.bye, why, sizeof(why)), OK);
    }
    free(m);
    return why;
}

static void assert_stands(struct bench *b, size_t n_open, const char *why)
{
    assert_string_equal(bye_of(b), why);
    assert_int_equal(engine_counts(b->e).n_open_links, n_open);
    assert_int_equal(engine_counts(b->e).violations, 0);
}

static void by_its_own_key_the_inviter_is_let_in(void **state)
{
    (void)state;
    struct bench *b = bench_new(NEWCOMER);
    says_charter(b);
    says_hello(b, INVITER);
    assert_stands(b, 1, "");
    bench_free(b);
}

static void nobody_else_is_let_in_by_it(void **state)
{
    (void)state;
    struct bench *b = bench_new(NEWCOMER);
    says_charter(b);
    assert_true(engine_is_member(b->e));
    says_hello(b, OTHER);
    assert_stands(b, 0, "leaving");         /* it may be the inviter's old key: that is no violation */
    bench_free(b);
}

static void not_in_another_order_either(void **state)
{
    (void)state;
    struct bench *b = bench_new(NEWCOMER);
    says_hello(b, OTHER);
    assert_stands(b, 0, "");
    says_charter(b);
    assert_stands(b, 0, "leaving");
    bench_free(b);
}

static void nor_before_we_are_a_member(void **state)
{
    (void)state;
    struct bench *b = bench_new(STRANGER);
    says_charter(b);
    assert_false(engine_is_member(b->e));
    says_hello(b, OTHER);
    assert_stands(b, 0, "");                /* it waits, for the charter that admits us */
    bench_free(b);
}

static void who_was_dialled_as_a_member_is_held_to_its_name(void **state)
{
    (void)state;
    struct bench *b = bench_new(NEWCOMER);
    says_charter(b);
    step(b, (struct event){.kind = EV_LINK_DOWN, .link = LINK});
    step(b, (struct event){.kind = EV_LINK_UP, .link = LINK, .is_dialler = true, .slug = moot_slug(INVITER),
                           .peer_node = b->t->member[INVITER].id.node});
    says_hello(b, OTHER);
    assert_string_equal(bye_of(b), "bad-identity");
    bench_free(b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(by_its_own_key_the_inviter_is_let_in),
        cmocka_unit_test(nobody_else_is_let_in_by_it),
        cmocka_unit_test(not_in_another_order_either),
        cmocka_unit_test(nor_before_we_are_a_member),
        cmocka_unit_test(who_was_dialled_as_a_member_is_held_to_its_name),
    };
    if (crypto_start() != OK)
        return 1;
    return cmocka_run_group_tests(tests, NULL, NULL);
}
