/* tests/unit/test_author.c - before we sign: whose word counts, and whose keys we seal to. */
#include "cli/author/author.h"

#include "moot.h"

#include "keys/signed.h"

static FILE *quiet;

static void desk_at(const struct moot *t, struct session *s, struct desk *d)
{
    session_init(s, quiet, quiet, quiet);
    s->quiet = true;
    s->home = moot_home(t, 0);
    assert_int_equal(setenv("FOLKMOOT_HOME", s->home.path, 1), 0);
    assert_int_equal(setenv("FOLKMOOTD", "/bin/false", 1), 0);      /* nobody is in reach but by what log.db says */
    assert_int_equal(desk_open(s, STORE_WRITE, d), EXIT_OK);
}

static void leave(struct session *s, struct desk *d)
{
    desk_close(d);
    session_release(s);
}

/* Member 0 has published 3 entries and kept its head. */
static int begin(void **state)
{
    struct moot *t = moot_new(3);
    struct home h = moot_home(t, 0);
    struct sign_keyfile key = {.version = 1, .secret = t->member[0].log};
    struct log_state l;
    struct origin o = moot_origin(t, 0);
    struct buf note = buf_on(CHECKPOINT_MAX);
    quiet = fopen("/dev/null", "w+");
    assert_non_null(quiet);
    moot_settle(t, 0);
    assert_int_equal(sign_key_save(&h, PURPOSE_LOG, &key), OK);
    struct store *s = moot_open(t, 0);
    moot_publish(t, 0, s, 3, 10);
    assert_int_equal(store_log(s, &o, &l, &note), OK);
    assert_int_equal(head_save(&h, buf_bytes(&note)), OK);
    store_close(s);
    buf_release(&note);
    *state = t;
    return 0;
}

static int end(void **state)
{
    moot_free(*state);
    (void)fclose(quiet);
    return 0;
}

static struct head_row our_head(const struct desk *d, const struct slug *peer, uint64_t at_ms)
{
    struct log_state l;
    struct buf note = buf_on(CHECKPOINT_MAX);
    assert_int_equal(store_log(d->store, &d->origin, &l, &note), OK);
    struct hash root = frontier_root(&l.frontier);
    buf_release(&note);
    return (struct head_row){.peer = *peer, .generation = 1, .size = l.frontier.size,
                             .root = short_root_of(&root), .at_ms = at_ms};
}

static enum exit_status try_to_sign(struct desk *d)
{
    struct author *a = NULL;
    enum exit_status st = author_begin(d, &a);
    if (st == EXIT_OK)
        author_end(a);
    return st;
}

static enum exit_status signs_after(const struct moot *t, struct slug peer, int64_t ago_ms, int64_t size)
{
    struct session s;
    struct desk d;
    desk_at(t, &s, &d);
    /* Half a second ahead: an answer that comes while we ask. */
    struct head_row h = our_head(&d, &peer, (uint64_t)((int64_t)session_now_ms() + 500 - ago_ms));
    if (size >= 0) {
        h.size = (uint64_t)size;
        memset(h.root.b, size == 0 ? 0 : 9, sizeof(h.root.b));
    }
    assert_int_equal(store_put_head(d.store, &h), OK);
    enum exit_status st = try_to_sign(&d);
    leave(&s, &d);
    return st;
}

static void a_members_word_of_just_now_lets_us_sign(void **state)
{
    assert_int_equal(signs_after(*state, moot_slug(1), 0, -1), EXIT_OK);
}

static void with_nobody_in_reach_nothing_is_signed(void **state)
{
    struct session s;
    struct desk d;
    desk_at(*state, &s, &d);
    assert_int_equal(try_to_sign(&d), EXIT_ENVIRONMENT);
    leave(&s, &d);
}

/* A subverted daemon drops the newest charter from log.db: the removed reader is not sealed to again. */
static void an_older_charter_than_was_acted_on_is_not_sealed_by(void **state)
{
    struct session s;
    struct desk d;
    desk_at(*state, &s, &d);
    struct head_row h = our_head(&d, &(struct slug){0}, session_now_ms() + 500);
    h.peer = moot_slug(1);
    assert_int_equal(store_put_head(d.store, &h), OK);
    assert_int_equal(try_to_sign(&d), EXIT_OK);
    uint32_t stands = desk_charter(&d)->version;
    assert_int_equal(seen_charter(&s.home, stands), OK);
    assert_int_equal(seen_charter(&s.home, stands + 1), OK);
    assert_int_equal(seen_charter(&s.home, stands), ERR_STALE);
    assert_int_equal(try_to_sign(&d), EXIT_NO);
    leave(&s, &d);
}

static void an_old_word_does_not_count(void **state)
{
    assert_int_equal(signs_after(*state, moot_slug(1), 1000, -1), EXIT_ENVIRONMENT);
}

static void a_word_from_before_the_clock_was_set_back_does_not_count(void **state)
{
    assert_int_equal(signs_after(*state, moot_slug(1), -60 * 1000, -1), EXIT_ENVIRONMENT);
}

static void the_word_of_one_who_is_no_member_does_not_count(void **state)
{
    struct slug stranger;
    assert_int_equal(slug_parse(bytes_of("strangershire"), &stranger), OK);
    assert_int_equal(signs_after(*state, stranger, 0, -1), EXIT_ENVIRONMENT);
}

static void nor_can_it_keep_us_from_signing(void **state)
{
    struct slug stranger;
    assert_int_equal(slug_parse(bytes_of("strangershire"), &stranger), OK);
    assert_int_equal(signs_after(*state, stranger, 0, 900), EXIT_ENVIRONMENT);
    assert_int_equal(signs_after(*state, moot_slug(1), 0, -1), EXIT_OK);
}

static void a_peer_that_holds_nothing_confirms_no_log_of_three(void **state)
{
    assert_int_equal(signs_after(*state, moot_slug(1), 0, 0), EXIT_ENVIRONMENT);
}

static void another_root_at_a_size_we_hold_forbids_signing(void **state)
{
    assert_int_equal(signs_after(*state, moot_slug(1), 0, 2), EXIT_NO);
}

static void a_longer_log_that_is_never_shown_forbids_signing(void **state)
{
    assert_int_equal(signs_after(*state, moot_slug(1), 0, 900), EXIT_ENVIRONMENT);
}

/* Its node asked for it in vain: the word of one is not counted, that of another is. */
static void a_head_that_was_never_shown_counts_for_nothing(void **state)
{
    struct session s;
    struct desk d;
    desk_at(*state, &s, &d);
    struct head_row liars = {.peer = moot_slug(2), .generation = HEAD_UNSHOWN, .size = 900, .at_ms = session_now_ms() + 500};
    assert_int_equal(store_put_head(d.store, &liars), OK);
    assert_int_equal(try_to_sign(&d), EXIT_ENVIRONMENT);
    struct head_row h = our_head(&d, &liars.peer, session_now_ms() + 500);
    h.peer = moot_slug(1);
    assert_int_equal(store_put_head(d.store, &h), OK);
    assert_int_equal(try_to_sign(&d), EXIT_OK);
    leave(&s, &d);
}

/* One says yes, another names more: the yes is not enough. */
static void a_yes_does_not_outweigh_a_longer_log(void **state)
{
    struct session s;
    struct desk d;
    desk_at(*state, &s, &d);
    struct head_row yes = our_head(&d, &(struct slug){0}, session_now_ms() + 500), more = yes;
    yes.peer = moot_slug(1);
    more.peer = moot_slug(2);
    more.size = 900;
    assert_int_equal(store_put_head(d.store, &yes), OK);
    assert_int_equal(store_put_head(d.store, &more), OK);
    assert_int_equal(try_to_sign(&d), EXIT_ENVIRONMENT);
    leave(&s, &d);
}

/* ---- entries that we did not sign ---- */

static void what_another_key_signed_in_our_log_is_cut_off(void **state)
{
    struct moot *t = *state;
    struct sign_secret ours = t->member[0].log;
    struct store *s = moot_open(t, 0);
    t->member[0].log = t->member[1].log;
    moot_publish(t, 0, s, 2, 10);
    t->member[0].log = ours;
    assert_int_equal(moot_size(t, s, 0), 5);
    store_close(s);
    assert_int_equal(signs_after(t, moot_slug(1), 0, 0), EXIT_ENVIRONMENT);
    s = moot_open(t, 0);
    assert_int_equal(moot_size(t, s, 0), 3);
    store_close(s);
}

static void what_our_own_key_signed_beyond_the_head_is_taken_up(void **state)
{
    struct moot *t = *state;
    struct store *s = moot_open(t, 0);
    moot_publish(t, 0, s, 2, 10);
    store_close(s);
    assert_int_equal(signs_after(t, moot_slug(1), 0, -1), EXIT_OK);
    s = moot_open(t, 0);
    assert_int_equal(moot_size(t, s, 0), 5);
    store_close(s);
}

/* ---- whose keys ---- */

/* Member 2 names itself by member 1's slug, in a row that only the daemon could write. */
static enum err take_identity(void *arg, uint64_t idx, const struct item *i)
{
    (void)i;
    *(uint64_t *)arg += idx + 1;
    return OK;
}

/* `join` may have been killed between the charter and entry 0. */
static void where_our_log_is_empty_our_identity_is_written_first(void **state)
{
    struct session s;
    struct desk d;
    struct author *a = NULL;
    char head[FILE_PATH_MAX];
    uint64_t places = 0;
    desk_at(*state, &s, &d);
    home_path(&s.home, HOME_HEAD, head);
    assert_int_equal(store_cut_back(d.store, &d.origin, 0), OK);
    assert_int_equal(unlink(head), 0);
    s.offline = true;
    assert_int_equal(author_begin(&d, &a), EXIT_OK);
    assert_int_equal(author_next(a), 1);
    author_end(a);
    assert_int_equal(store_each_of_kind(d.store, &d.origin, KIND_IDENTITY, 0, take_identity, &places), OK);
    assert_int_equal(places, 1);                    /* one, at index 0 */
    assert_int_equal(access(head, F_OK), 0);
    leave(&s, &d);
}

static void put_false_identity(const struct moot *t, struct store *s)
{
    struct moot_member liar = t->member[2];
    liar.note = buf_on(IDENTITY_MAX);
    liar.id.slug = moot_slug(1);
    liar.id.version = 1;
    moot_sign_identity(&liar);
    assert_int_equal(store_put_identity(s, &liar.id.slug, 1, buf_bytes(&liar.note)), OK);
    buf_release(&liar.note);
}

static void an_identity_that_the_charters_root_did_not_sign_is_nobodys(void **state)
{
    const struct moot *t = *state;
    struct session s;
    struct desk d;
    struct slug who = moot_slug(1);
    struct identity *id = NULL;
    desk_at(t, &s, &d);
    assert_int_equal(desk_identity_of(&d, &who, &id), OK);
    assert_memory_equal(id->box.b, t->member[1].id.box.b, sizeof(id->box.b));
    free(id);
    put_false_identity(t, d.store);
    assert_int_equal(desk_identity_of(&d, &who, &id), ERR_UNKNOWN);
    leave(&s, &d);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_members_word_of_just_now_lets_us_sign, begin, end),
        cmocka_unit_test_setup_teardown(with_nobody_in_reach_nothing_is_signed, begin, end),
        cmocka_unit_test_setup_teardown(an_older_charter_than_was_acted_on_is_not_sealed_by, begin, end),
        cmocka_unit_test_setup_teardown(an_older_charter_than_was_acted_on_is_not_sealed_by, begin, end),
        cmocka_unit_test_setup_teardown(an_old_word_does_not_count, begin, end),
        cmocka_unit_test_setup_teardown(a_word_from_before_the_clock_was_set_back_does_not_count, begin, end),
        cmocka_unit_test_setup_teardown(the_word_of_one_who_is_no_member_does_not_count, begin, end),
        cmocka_unit_test_setup_teardown(nor_can_it_keep_us_from_signing, begin, end),
        cmocka_unit_test_setup_teardown(a_peer_that_holds_nothing_confirms_no_log_of_three, begin, end),
        cmocka_unit_test_setup_teardown(another_root_at_a_size_we_hold_forbids_signing, begin, end),
        cmocka_unit_test_setup_teardown(a_longer_log_that_is_never_shown_forbids_signing, begin, end),
        cmocka_unit_test_setup_teardown(a_head_that_was_never_shown_counts_for_nothing, begin, end),
        cmocka_unit_test_setup_teardown(a_yes_does_not_outweigh_a_longer_log, begin, end),
        cmocka_unit_test_setup_teardown(what_another_key_signed_in_our_log_is_cut_off, begin, end),
        cmocka_unit_test_setup_teardown(what_our_own_key_signed_beyond_the_head_is_taken_up, begin, end),
        cmocka_unit_test_setup_teardown(where_our_log_is_empty_our_identity_is_written_first, begin, end),
        cmocka_unit_test_setup_teardown(an_identity_that_the_charters_root_did_not_sign_is_nobodys, begin, end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
