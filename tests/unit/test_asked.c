/* tests/unit/test_asked.c - what a backup says of a home that waits to be let in: put back whole, or not at all. */
#include "cli/asked.h"
#include "protocol/invite.h"
#include "protocol/pack.h"
#include "store_fixture.h"

static struct store *s;

static int setup(void **state)
{
    (void)state;
    s = open_store(in_folder("asked.db"));
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    store_close(s);
    return unlink(in_folder("asked.db"));
}

struct said { uint64_t version; size_t n_items, n_said; bool has_token; struct bytes checkpoint; };

static struct buf pack(const struct author *a, const struct made *m, const struct said *x)
{
    const uint8_t trust[HASH_LEN] = {1}, token[TOKEN_LEN] = {2};
    struct buf b = buf_on(1 << 20);
    pack_array(&b, 7);
    pack_uint(&b, x->version);
    pack_fixed(&b, a->origin.alliance.b, sizeof(a->origin.alliance.b));
    pack_fixed(&b, trust, sizeof(trust));
    if (x->has_token)
        pack_fixed(&b, token, sizeof(token));
    else
        pack_nil(&b);
    pack_bin(&b, bytes_of("127.0.0.1:7117"));
    pack_array(&b, x->n_said);
    for (size_t i = 0; i < x->n_items; i++) {
        pack_array(&b, 2);
        pack_bin(&b, m->items[i].header);
        pack_bin(&b, m->items[i].payload);
    }
    pack_bin(&b, x->checkpoint);
    assert_int_equal(buf_status(&b), OK);
    return b;
}

static bool is_empty(const struct author *a)
{
    struct log_state l;
    struct buf note = buf_on(CHECKPOINT_MAX);
    bool no_log = store_log(s, &a->origin, &l, &note) == ERR_UNKNOWN;
    bool no_setting = store_get(s, "alliance", &note) == ERR_UNKNOWN;
    buf_release(&note);
    return no_log && no_setting;
}

static enum err put(const struct author *a, const struct made *m, struct said x)
{
    struct buf b = pack(a, m, &x);
    enum err e = asked_put(s, &a->origin.slug, &a->public, buf_bytes(&b));
    buf_release(&b);
    assert_true(e == OK || is_empty(a));
    return e;
}

static void what_was_asked_comes_back(void **state)
{
    (void)state;
    struct author a = author_of("barset");
    struct made m = make_from(&a, &a.frontier, 3);
    struct log_state l;
    struct buf got = buf_on(CHECKPOINT_MAX);
    assert_int_equal(put(&a, &m, (struct said){1, 3, 3, true, buf_bytes(&m.note)}), OK);
    assert_int_equal(store_log(s, &a.origin, &l, &got), OK);
    assert_int_equal(l.whole, 3);
    buf_clear(&got);
    assert_int_equal(store_get(s, "token", &got), OK);
    assert_int_equal(got.len, TOKEN_LEN);
    buf_clear(&got);
    assert_int_equal(store_get(s, "inviter", &got), OK);
    assert_true(bytes_equal(buf_bytes(&got), bytes_of("127.0.0.1:7117")));
    buf_release(&got);
    made_free(&m);
}

static void with_a_used_invite_and_no_log_too(void **state)
{
    (void)state;
    struct author a = author_of("barset");
    struct buf got = buf_on(CHECKPOINT_MAX);
    assert_int_equal(put(&a, NULL, (struct said){.version = 1, .checkpoint = bytes_of("")}), OK);
    assert_int_equal(store_get(s, "token", &got), ERR_UNKNOWN);
    assert_int_equal(store_get(s, "alliance", &got), OK);
    buf_release(&got);
}

/* Another's signature; fewer entries than were signed; another entry among them. */
static void a_log_that_we_did_not_sign_is_not_put(void **state)
{
    (void)state;
    struct author a = author_of("barset"), thief = a, other = author_of("kent");
    thief.key = other.key;
    struct made m = make_from(&a, &a.frontier, 3), forged = make_from(&thief, &a.frontier, 3);
    struct made strange = make_from(&other, &other.frontier, 3);
    assert_int_equal(put(&a, &m, (struct said){1, 3, 3, true, buf_bytes(&forged.note)}), ERR_UNKNOWN);
    assert_int_equal(put(&a, &m, (struct said){1, 2, 2, true, buf_bytes(&m.note)}), ERR_ROOT);
    m.items[1] = strange.items[1];
    assert_int_equal(put(&a, &m, (struct said){1, 3, 3, true, buf_bytes(&m.note)}), ERR_ROOT);
    made_free(&m);
    made_free(&forged);
    made_free(&strange);
}

static void what_has_another_form_is_not_put(void **state)
{
    (void)state;
    struct author a = author_of("barset");
    struct made m = make_from(&a, &a.frontier, ASKED_ENTRIES_MAX + 1);
    const struct said good = {1, 3, 3, true, buf_bytes(&m.note)};
    const size_t many = ASKED_ENTRIES_MAX;
    assert_int_equal(put(&a, &m, (struct said){2, 3, 3, true, good.checkpoint}), ERR_FORMAT);
    assert_int_equal(put(&a, &m, (struct said){1, many + 1, many + 1, true, good.checkpoint}), ERR_FORMAT);
    assert_int_equal(put(&a, &m, (struct said){1, 3, 4, true, good.checkpoint}), ERR_FORMAT);
    struct made most = make_from(&a, &a.frontier, ASKED_ENTRIES_MAX);
    struct buf b = pack(&a, &m, &good);
    for (size_t len = 0; len < b.len; len++)
        assert_int_equal(asked_put(s, &a.origin.slug, &a.public, (struct bytes){b.p, len}), ERR_FORMAT);
    buf_put_str(&b, "x");
    assert_int_equal(asked_put(s, &a.origin.slug, &a.public, buf_bytes(&b)), ERR_FORMAT);
    assert_true(is_empty(&a));
    assert_int_equal(put(&a, &most, (struct said){1, many, many, true, buf_bytes(&most.note)}), OK);
    buf_release(&b);
    made_free(&most);
    made_free(&m);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
#define T(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
        T(what_was_asked_comes_back),
        T(with_a_used_invite_and_no_log_too),
        T(a_log_that_we_did_not_sign_is_not_put),
        T(what_has_another_form_is_not_put),
    };
    return cmocka_run_group_tests(tests, make_folder, drop_folder);
}
