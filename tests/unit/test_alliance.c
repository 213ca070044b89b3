/* node/alliance: the charters and identities kept beside log.db, and given back to a store that lost them. */
#include "tests/unit/moot.h"

#include <sys/stat.h>

#include "node/alliance.h"

static struct moot *moot;
static struct home home;
static char log_db[FILE_PATH_MAX], beside[FILE_PATH_MAX];

static int setup(void **state)
{
    (void)state;
    moot = moot_new(3);
    moot_settle(moot, 1);
    home = moot_home(moot, 1);
    home_path(&home, HOME_LOG_DB, log_db);
    home_path(&home, HOME_ALLIANCE, beside);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    moot_free(moot);
    return 0;
}

static void settle_as(struct store *s, enum err expected, bool given_back, enum err unreadable)
{
    struct alliance_report r;
    assert_int_equal(alliance_settle(&home, s, &r), expected);
    assert_int_equal(r.was_given_back, given_back);
    assert_int_equal(r.unreadable, unreadable);
    if (given_back)
        assert_int_equal(r.charter, 1);
}

static void settle(struct store *s)
{
    settle_as(s, OK, false, OK);
}

/* Settled once, so that the file is there; its bytes. */
static struct buf kept(void)
{
    struct buf b = buf_on(PARCEL_MAX);
    struct store *s = moot_open(moot, 1);
    settle(s);
    store_close(s);
    assert_int_equal(file_read_private(beside, PARCEL_MAX, &b), OK);
    return b;
}

static void beside_holds(const struct buf *expected)
{
    struct buf b = buf_on(PARCEL_MAX);
    assert_int_equal(file_read_private(beside, PARCEL_MAX, &b), OK);
    assert_int_equal(b.len, expected->len);
    assert_memory_equal(b.p, expected->p, b.len);
    buf_release(&b);
}

static void lose_store(void)
{
    static const char *const suffixes[] = {"", "-wal", "-shm"};
    for (size_t i = 0; i < 3; i++) {
        char path[FILE_PATH_MAX + 8];
        (void)snprintf(path, sizeof(path), "%s%s", log_db, suffixes[i]);
        (void)unlink(path);
    }
}

static enum err count_note(void *arg, struct bytes note)
{
    (void)note;
    ++*(size_t *)arg;
    return OK;
}

static enum err count_identity(void *arg, const struct slug *slug, uint32_t version, struct bytes note)
{
    (void)slug, (void)version;
    return count_note(arg, note);
}

static void knows(struct store *s, size_t charters, size_t identities)
{
    size_t n = 0;
    struct buf id = buf_on(64);
    assert_int_equal(store_each_charter(s, count_note, &n), OK);
    assert_int_equal(n, charters);
    n = 0;
    assert_int_equal(store_each_identity(s, count_identity, &n), OK);
    assert_int_equal(n, identities);
    assert_int_equal(store_get(s, "alliance", &id), charters > 0 ? OK : ERR_UNKNOWN);
    if (charters > 0)
        assert_memory_equal(id.p, moot->alliance.b, sizeof(moot->alliance.b));
    buf_release(&id);
}

/* ---- tests ---- */

static void the_file_is_a_parcel_of_charters_and_identities(void **state)
{
    (void)state;
    struct buf b = kept();
    struct parcel p;
    struct stat st;
    assert_int_equal(parcel_read(buf_bytes(&b), &p), OK);
    assert_true(alliance_equal(&p.alliance, &moot->alliance));
    assert_int_equal(p.n_identities, 3);                    /* ours, too */
    parcel_release(&p);
    assert_int_equal(stat(beside, &st), 0);
    assert_int_equal(st.st_mode & 0777, 0600);
    buf_release(&b);
}

static void a_store_that_lost_everything_is_given_it_back(void **state)
{
    (void)state;
    struct buf b = kept();
    lose_store();
    struct store *s = moot_open(moot, 1);
    settle_as(s, OK, true, OK);
    knows(s, 1, 2);
    assert_false(store_members_changed(s));
    settle(s);
    store_close(s);
    beside_holds(&b);
    buf_release(&b);
}

static void a_lost_charter_alone_is_given_back_too(void **state)
{
    (void)state;
    struct buf b = kept();
    struct store *s = moot_open(moot, 1);
    assert_int_equal(store_drop_charter(s, &moot->charter_hash), OK);
    settle_as(s, OK, true, OK);
    knows(s, 1, 2);
    store_close(s);
    beside_holds(&b);
    buf_release(&b);
}

static void an_alliance_id_that_rotted_is_put_right(void **state)
{
    (void)state;
    struct buf b = kept();
    struct store *s = moot_open(moot, 1);
    uint8_t rotten[sizeof(moot->alliance.b)];
    memcpy(rotten, moot->alliance.b, sizeof(rotten));
    rotten[3] ^= 0x40;
    assert_int_equal(store_set(s, "alliance", (struct bytes){rotten, sizeof(rotten)}), OK);
    assert_int_equal(alliance_settle(&home, s, &(struct alliance_report){0}), OK);
    knows(s, 1, 2);
    assert_int_equal(store_set(s, "alliance", bytes_of("short")), OK);
    assert_int_equal(alliance_settle(&home, s, &(struct alliance_report){0}), OK);
    knows(s, 1, 2);
    store_close(s);
    beside_holds(&b);
    buf_release(&b);
}

static void a_damaged_or_missing_file_is_written_again(void **state)
{
    (void)state;
    struct buf b = kept();
    struct store *s = moot_open(moot, 1);
    for (size_t at = 0; at < b.len; at += b.len / 40) {     /* a byte in each part of it */
        struct buf rotten = buf_on(PARCEL_MAX);
        struct alliance_report r;
        buf_put(&rotten, buf_bytes(&b));
        rotten.p[at] ^= 0x10;
        assert_int_equal(file_write(beside, buf_bytes(&rotten)), OK);
        assert_int_equal(alliance_settle(&home, s, &r), OK);
        assert_false(r.was_given_back);
        beside_holds(&b);
        buf_release(&rotten);
    }
    knows(s, 1, 2);                                         /* and nothing of them came into the store */
    for (size_t len = 0; len < b.len; len += b.len / 10) {
        assert_int_equal(file_write(beside, (struct bytes){b.p, len}), OK);
        assert_int_equal(alliance_settle(&home, s, &(struct alliance_report){0}), OK);
        beside_holds(&b);
    }
    assert_int_equal(unlink(beside), 0);
    settle(s);
    beside_holds(&b);
    assert_int_equal(chmod(beside, 0644), 0);               /* open to others */
    settle_as(s, OK, false, ERR_DENIED);
    beside_holds(&b);
    store_close(s);
    buf_release(&b);
}

static void with_both_lost_there_is_no_alliance_and_the_file_is_left(void **state)
{
    (void)state;
    struct buf b = kept();
    lose_store();
    b.p[b.len / 2] ^= 1;
    assert_int_equal(file_write(beside, buf_bytes(&b)), OK);
    struct store *s = moot_open(moot, 1);
    struct alliance_report r;
    assert_int_equal(alliance_settle(&home, s, &r), OK);
    if (r.unreadable == OK)
        assert_true(r.was_given_back);                      /* an identity rotted: the charter did not */
    else
        knows(s, 0, 0);
    assert_int_equal(file_write(beside, bytes_of("nothing of the kind")), OK);
    store_close(s);
    lose_store();
    s = moot_open(moot, 1);
    settle_as(s, OK, false, ERR_FORMAT);
    knows(s, 0, 0);
    store_close(s);
    struct buf left = buf_on(64);
    assert_int_equal(file_read(beside, 64, &left), OK);
    assert_int_equal(left.len, strlen("nothing of the kind"));
    buf_release(&left);
    buf_release(&b);
}

/* Whoever puts a file of another alliance there, or one without us, moves nobody. */
static void another_alliances_file_is_neither_believed_nor_overwritten(void **state)
{
    (void)state;
    struct buf ours = kept(), theirs = buf_on(PARCEL_MAX);
    struct moot *other = moot_new(2);                       /* names us, with our root: two members make another charter */
    struct chain *c = chain_new(&other->alliance);
    enum chain_verdict v;
    struct hash h;
    assert_int_equal(chain_add(c, buf_bytes(&other->charter), &v, &h), OK);
    assert_int_equal(parcel_put_charters(c, &theirs), OK);
    assert_int_equal(file_write(beside, buf_bytes(&theirs)), OK);
    struct store *s = moot_open(moot, 1);
    settle_as(s, ERR_CONFLICT, false, OK);
    knows(s, 1, 2);
    beside_holds(&theirs);
    store_close(s);
    chain_free(c);
    moot_free(other);
    buf_release(&ours);
    buf_release(&theirs);
}

static void a_file_that_does_not_name_us_gives_nothing_back(void **state)
{
    (void)state;
    struct buf b = kept();
    struct home third = moot_home(moot, 2);
    struct moot *other = moot_new(2);                       /* barsetshire and east-barset only */
    char path[FILE_PATH_MAX];
    struct buf theirs = buf_on(PARCEL_MAX);
    struct chain *c = chain_new(&other->alliance);
    enum chain_verdict v;
    struct hash h;
    moot_settle(moot, 2);                                   /* loamshire's home */
    home_path(&third, HOME_LOG_DB, path);
    assert_int_equal(unlink(path), 0);
    assert_int_equal(chain_add(c, buf_bytes(&other->charter), &v, &h), OK);
    assert_int_equal(parcel_put_charters(c, &theirs), OK);
    home_path(&third, HOME_ALLIANCE, path);
    assert_int_equal(file_write(path, buf_bytes(&theirs)), OK);
    struct store *s = moot_open(moot, 2);
    struct alliance_report r;
    assert_int_equal(alliance_settle(&third, s, &r), OK);
    assert_false(r.was_given_back);
    knows(s, 0, 0);
    store_close(s);
    chain_free(c);
    moot_free(other);
    buf_release(&theirs);
    buf_release(&b);
}

static void a_newer_identity_reaches_the_file_and_an_older_file_does_not_undo_it(void **state)
{
    (void)state;
    struct buf old = kept(), new = buf_on(PARCEL_MAX);
    struct store *s = moot_open(moot, 1);
    struct moot_member *m = &moot->member[2];
    m->id.version = 2;
    m->id.previous.b[0] = 1;
    moot_sign_identity(m);
    (void)store_members_changed(s);
    assert_int_equal(store_put_identity(s, &m->id.slug, 2, buf_bytes(&m->note)), OK);
    assert_true(store_members_changed(s));
    assert_false(store_members_changed(s));
    settle(s);
    assert_int_equal(file_read_private(beside, PARCEL_MAX, &new), OK);
    assert_false(new.len == old.len && memcmp(new.p, old.p, old.len) == 0);
    assert_int_equal(file_write(beside, buf_bytes(&old)), OK);
    settle(s);
    beside_holds(&new);
    store_close(s);
    buf_release(&old);
    buf_release(&new);
}

/* The steward gives member 2 a new root, by a charter of version 2; its identity is signed anew. */
static void refound(struct store *s)
{
    struct buf text = buf_on(NOTE_MAX), signed_text = buf_on(NOTE_MAX);
    struct moot_member *m = &moot->member[2];
    struct sym_secret seed = {{99}};
    struct note n;
    struct charter *c = charter_new();
    assert_non_null(c);
    assert_int_equal(note_parse(buf_bytes(&moot->charter), &n), OK);
    assert_int_equal(charter_parse(n.text, c), OK);
    c->replacements[c->n_replacements++] = (struct replacement){m->id.slug, m->id.root, 1, 1};
    sign_keypair(&seed, &m->root, &m->id.root);
    for (size_t i = 0; i < c->n_members; i++)
        if (slug_equal(&c->members[i].slug, &m->id.slug))
            c->members[i].root = m->id.root;
    c->previous = moot->charter_hash;
    c->version = 2;
    charter_text(c, &text);
    struct note_key key = root_key(&moot->member[0].id.slug, &moot->member[0].id.root);
    note_begin(buf_bytes(&text), &signed_text);
    note_sign(buf_bytes(&text), &key, &moot->member[0].root, &signed_text);
    struct hash hash = sha256(buf_bytes(&text));
    assert_int_equal(store_put_charter(s, &hash, 2, 0, buf_bytes(&signed_text)), OK);
    moot_sign_identity(m);
    assert_int_equal(store_put_identity(s, &m->id.slug, 1, buf_bytes(&m->note)), OK);
    charter_free(c);
    buf_release(&text);
    buf_release(&signed_text);
}

static enum err find_note(void *arg, const struct slug *slug, uint32_t version, struct bytes note)
{
    const struct moot_member *m = &moot->member[2];
    (void)version;
    *(bool *)arg |= slug_equal(slug, &m->id.slug) && bytes_equal(note, buf_bytes(&m->note));
    return OK;
}

static void an_older_file_does_not_bring_a_lost_root_back(void **state)
{
    (void)state;
    bool is_held = false;
    struct buf old = kept();
    struct store *s = moot_open(moot, 1);
    refound(s);
    settle(s);
    assert_int_equal(store_each_identity(s, find_note, &is_held), OK);
    assert_true(is_held);
    store_close(s);
    buf_release(&old);
}

static void a_file_that_cannot_be_written_is_said_and_the_store_has_what_it_got(void **state)
{
    (void)state;
    struct buf b = kept();
    buf_release(&b);
    assert_int_equal(unlink(beside), 0);
    assert_int_equal(mkdir(beside, 0700), 0);               /* a folder in its place cannot be replaced by a file */
    struct store *s = moot_open(moot, 1);
    struct alliance_report r;
    assert_int_not_equal(alliance_settle(&home, s, &r), OK);
    assert_int_equal(r.unreadable, ERR_DENIED);
    knows(s, 1, 2);
    assert_int_equal(rmdir(beside), 0);
    settle(s);
    store_close(s);
}

int main(void)
{
#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)
    const struct CMUnitTest tests[] = {
        TEST(the_file_is_a_parcel_of_charters_and_identities),
        TEST(a_store_that_lost_everything_is_given_it_back),
        TEST(a_lost_charter_alone_is_given_back_too),
        TEST(an_alliance_id_that_rotted_is_put_right),
        TEST(a_damaged_or_missing_file_is_written_again),
        TEST(with_both_lost_there_is_no_alliance_and_the_file_is_left),
        TEST(another_alliances_file_is_neither_believed_nor_overwritten),
        TEST(a_file_that_does_not_name_us_gives_nothing_back),
        TEST(a_newer_identity_reaches_the_file_and_an_older_file_does_not_undo_it),
        TEST(an_older_file_does_not_bring_a_lost_root_back),
        TEST(a_file_that_cannot_be_written_is_said_and_the_store_has_what_it_got),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
