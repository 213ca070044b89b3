/* tests/unit/test_identity_change.c - the next version of who we are: never half, whatever is interrupted. */
#include "cli/author/identity.h"

#include "moot.h"

#include "cli/author/inside.h"
#include "keys/signed.h"

static FILE *quiet;

struct at { struct moot *t; struct session s; struct desk d; };

static void open_desk(struct at *at)
{
    session_init(&at->s, quiet, quiet, quiet);
    at->s.quiet = at->s.offline = true;
    at->s.home = moot_home(at->t, 0);
    assert_int_equal(setenv("FOLKMOOT_HOME", at->s.home.path, 1), 0);
    assert_int_equal(setenv("FOLKMOOTD", "/bin/false", 1), 0);
    assert_int_equal(desk_open(&at->s, STORE_WRITE, &at->d), EXIT_OK);
}

static void close_desk(struct at *at)
{
    desk_close(&at->d);
    session_release(&at->s);
}

/* Member 0, three entries, all four keys in their files; the desk is open. */
static int begin(void **state)
{
    struct at *at = calloc(1, sizeof(*at));
    quiet = fopen(getenv("SHOW") != NULL ? "/dev/stderr" : "/dev/null", "w+");
    assert_true(at != NULL && quiet != NULL);
    at->t = moot_new(3);
    struct home h = moot_home(at->t, 0);
    struct sign_keyfile log = {.version = 1, .secret = at->t->member[0].log};
    struct dh_keyring box = {.n = 1, .keys = {{1, at->t->member[0].box, 0}}};
    struct log_state l;
    struct origin o = moot_origin(at->t, 0);
    struct buf note = buf_on(CHECKPOINT_MAX);
    moot_settle(at->t, 0);
    assert_int_equal(sign_key_save(&h, PURPOSE_LOG, &log), OK);
    assert_int_equal(dh_keys_save(&h, PURPOSE_BOX, &box), OK);
    struct store *s = moot_open(at->t, 0);
    moot_publish(at->t, 0, s, 3, 10);
    assert_int_equal(store_log(s, &o, &l, &note), OK);
    assert_int_equal(head_save(&h, buf_bytes(&note)), OK);
    store_close(s);
    buf_release(&note);
    open_desk(at);
    *state = at;
    return 0;
}

static int end(void **state)
{
    struct at *at = *state;
    close_desk(at);
    moot_free(at->t);
    free(at);
    (void)fclose(quiet);
    return 0;
}

enum { ALL = 1u << PURPOSE_LOG | 1u << PURPOSE_WITNESS | 1u << PURPOSE_BOX | 1u << PURPOSE_NODE };

static enum exit_status rotate(struct at *at, unsigned rotated)
{
    struct identity_change c = {.what = "a change", .rotated = rotated, .seed = &at->t->member[0].seed};
    return identity_change(&at->d, &c, NULL);
}

static enum exit_status publish(struct at *at, struct checkpoint *ret)
{
    struct author *a = NULL;
    enum exit_status st = author_begin(&at->d, &a);
    if (st == EXIT_OK) {
        assert_int_equal(author_put_public(a, KIND_RECORD, bytes_of("\x91\xa4news")), OK);
        st = author_commit(a, ret);
    }
    author_end(a);
    return st;
}

static bool stands(struct at *at, enum home_file f)
{
    char path[FILE_PATH_MAX];
    home_path(&at->s.home, f, path);
    return access(path, F_OK) == 0;
}

/* The newest checkpoint in the store and the one in private/head are this key's, of this size. */
static void assert_signed_by(struct at *at, const struct sign_public *key, uint64_t size)
{
    struct buf note = buf_on(CHECKPOINT_MAX), head = buf_on(CHECKPOINT_MAX);
    struct checkpoint c;
    assert_int_equal(store_checkpoint(at->d.store, &at->d.origin, UINT64_MAX, &note), OK);
    assert_int_equal(checkpoint_open(buf_bytes(&note), &at->d.origin, key, &c), OK);
    assert_int_equal(c.size, size);
    assert_int_equal(head_load(&at->s.home, &head), OK);
    assert_int_equal(checkpoint_open(buf_bytes(&head), &at->d.origin, key, &c), OK);
    assert_int_equal(c.size, size);
    buf_release(&note);
    buf_release(&head);
}

/* Every file of the home names the keys of this identity version, and has let go of what it should. */
static void assert_home_of_version(struct at *at, uint32_t version)
{
    struct sign_keyfile log, witness;
    struct dh_keyring *box = calloc(1, sizeof(*box)), *node = calloc(1, sizeof(*node));
    const struct identity *id = at->d.identity;
    assert_true(box != NULL && node != NULL);
    assert_int_equal(id->version, version);
    assert_int_equal(sign_key_load(&at->s.home, PURPOSE_LOG, &log), OK);
    assert_int_equal(sign_key_load(&at->s.home, PURPOSE_WITNESS, &witness), OK);
    assert_int_equal(dh_keys_load(&at->s.home, PURPOSE_BOX, box), OK);
    assert_int_equal(dh_keys_load(&at->s.home, PURPOSE_NODE, node), OK);
    assert_true(log.version == version && witness.version == version);
    struct sign_public l = sign_public_of(&log.secret), w = sign_public_of(&witness.secret);
    struct dh_public b = dh_public_of(&box->keys[0].secret), n = dh_public_of(&node->keys[0].secret);
    assert_memory_equal(l.b, id->log.b, 32);
    assert_memory_equal(w.b, id->witness.b, 32);
    assert_memory_equal(b.b, id->box.b, 32);
    assert_memory_equal(n.b, id->node.b, 32);
    assert_int_equal(box->n, version);              /* every old box key stays */
    assert_int_equal(node->n, version > 1 ? 2 : 1); /* one node key before this one */
    if (version > 1) {
        const uint64_t now = session_now_ms() / 1000;
        assert_true(node->keys[1].until_s > now + NODE_KEY_GRACE_S - 600 && node->keys[1].until_s <= now + NODE_KEY_GRACE_S);
    }
    assert_false(stands(at, HOME_NEXT));
    free(box);
    free(node);
}

static void keys_change_with_the_entry_that_names_them(void **state)
{
    struct at *at = *state;
    struct checkpoint c;
    assert_int_equal(rotate(at, ALL), EXIT_OK);
    assert_home_of_version(at, 2);
    assert_signed_by(at, &at->d.identity->log, 4);
    assert_int_equal(publish(at, &c), EXIT_OK);
    assert_int_equal(c.size, 5);
    assert_int_equal(rotate(at, ALL), EXIT_OK);
    assert_home_of_version(at, 3);
    assert_signed_by(at, &at->d.identity->log, 6);
    close_desk(at);
    open_desk(at);
    assert_home_of_version(at, 3);
}

static void a_change_of_no_key_is_signed_by_the_same(void **state)
{
    struct at *at = *state;
    struct sign_public before = at->d.identity->log;
    assert_int_equal(rotate(at, 0), EXIT_OK);
    assert_int_equal(at->d.identity->version, 2);
    assert_memory_equal(at->d.identity->log.b, before.b, 32);
    assert_signed_by(at, &before, 4);
}

/* ---- what the caller changes ---- */

static enum exit_status name_it(void *arg, uint64_t index, struct identity *next)
{
    assert_int_equal(index, 3);
    assert_int_equal(next->version, 2);
    (void)snprintf(next->name, sizeof(next->name), "%s", (const char *)arg);
    next->has_void = true;
    next->void_from = 2;
    return EXIT_OK;
}

static void what_the_caller_changes_is_in_it_and_a_void_is_said_once(void **state)
{
    struct at *at = *state;
    char name[] = "Barsetshire, renamed";
    struct identity_change c = {.what = "renaming", .seed = &at->t->member[0].seed, .edit = name_it, .arg = name};
    assert_int_equal(identity_change(&at->d, &c, NULL), EXIT_OK);
    assert_string_equal(at->d.identity->name, name);
    assert_true(at->d.identity->has_void);
    assert_int_equal(rotate(at, 0), EXIT_OK);
    assert_string_equal(at->d.identity->name, name);
    assert_false(at->d.identity->has_void);
}

static enum exit_status refuse(void *arg, uint64_t index, struct identity *next)
{
    (void)arg, (void)index, (void)next;
    return EXIT_NO;
}

static enum exit_status spoil(void *arg, uint64_t index, struct identity *next)
{
    (void)arg, (void)index;
    next->n_officers = 1;
    next->officers[0] = (struct officer){.role = OFFICER_DCS, .key = next->log};     /* one key, one purpose */
    return EXIT_OK;
}

static void what_is_refused_or_no_good_changes_nothing(void **state)
{
    struct at *at = *state;
    struct identity_change c = {.what = "a change", .rotated = ALL, .seed = &at->t->member[0].seed, .edit = refuse};
    assert_int_equal(identity_change(&at->d, &c, NULL), EXIT_NO);
    c.edit = spoil;
    assert_int_equal(identity_change(&at->d, &c, NULL), EXIT_NO);
    c.edit = NULL;
    c.seed = &at->t->member[1].seed;                /* another body's */
    assert_int_equal(identity_change(&at->d, &c, NULL), EXIT_SECRET);
    assert_home_of_version(at, 1);
    assert_signed_by(at, &at->d.identity->log, 3);
}

/* ---- crashes ---- */

/* What a change writes first, and nothing else of it. */
static void prepare(struct at *at, unsigned rotated)
{
    struct next *n = malloc(sizeof(*n));
    struct note *note = malloc(sizeof(*note));
    struct identity *id = malloc(sizeof(*id));
    assert_true(n != NULL && note != NULL && id != NULL);
    next_init(n);
    assert_int_equal(note_parse(buf_bytes(&at->d.identity_note), note), OK);
    *id = *at->d.identity;
    id->version++;
    id->previous = identity_hash(note->text);
    next_derive(n, &at->t->member[0].seed, rotated, session_now_ms() / 1000, id);
    assert_int_equal(next_sign(n, &at->t->member[0].seed, id), OK);
    assert_int_equal(next_save(&at->s.home, n), OK);
    next_release(n);
    free(n);
    free(note);
    free(id);
}

static const enum home_file key_files[] = {HOME_BOX_KEYS, HOME_NODE_KEY, HOME_WITNESS_KEY, HOME_LOG_KEY, HOME_IDENTITY, HOME_HEAD};
enum { N_KEY_FILES = sizeof(key_files) / sizeof(key_files[0]) };
struct kept { struct buf file[N_KEY_FILES]; };

static void keep_files(struct at *at, struct kept *k)
{
    char path[FILE_PATH_MAX];
    for (size_t i = 0; i < N_KEY_FILES; i++) {
        k->file[i] = buf_on(0);
        home_path(&at->s.home, key_files[i], path);
        assert_int_equal(file_read(path, IDENTITY_MAX, &k->file[i]), OK);
    }
}

/* The files from `from` on as they were. */
static void give_back(struct at *at, struct kept *k, size_t from)
{
    char path[FILE_PATH_MAX];
    for (size_t i = 0; i < N_KEY_FILES; i++) {
        home_path(&at->s.home, key_files[i], path);
        if (i >= from)
            assert_int_equal(file_write(path, buf_bytes(&k->file[i])), OK);
    }
}

static void release_kept(struct kept *k)
{
    for (size_t i = 0; i < N_KEY_FILES; i++)
        buf_release(&k->file[i]);
}

static void before_the_commit_nothing_has_happened(void **state)
{
    struct at *at = *state;
    struct checkpoint c;
    prepare(at, ALL);
    close_desk(at);
    open_desk(at);
    assert_int_equal(at->d.identity->version, 1);
    assert_true(stands(at, HOME_NEXT));             /* only whoever has heard the peers knows that it never came to be */
    assert_int_equal(publish(at, &c), EXIT_OK);
    assert_home_of_version(at, 1);
    assert_signed_by(at, &at->d.identity->log, 4);
}

/* The commit was durable, and every number of files had followed. */
static void after_the_commit_any_command_goes_on(void **state)
{
    struct at *at = *state;
    for (size_t written = 0; written <= N_KEY_FILES; written++) {
        struct kept k;
        const uint32_t version = (uint32_t)written + 2;
        keep_files(at, &k);
        prepare(at, ALL);
        struct buf next = buf_on(0);
        char path[FILE_PATH_MAX];
        home_path(&at->s.home, HOME_NEXT, path);
        assert_int_equal(file_read(path, IDENTITY_MAX, &next), OK);
        assert_int_equal(rotate(at, ALL), EXIT_OK);
        assert_int_equal(file_write(path, buf_bytes(&next)), OK);
        give_back(at, &k, written);
        close_desk(at);
        open_desk(at);                              /* a command that only reads settles it too */
        assert_home_of_version(at, version);
        struct checkpoint c;
        assert_int_equal(publish(at, &c), EXIT_OK);
        assert_signed_by(at, &at->d.identity->log, c.size);
        buf_release(&next);
        release_kept(&k);
    }
}

/* Of a rotation of the log key the head alone tells, should log.db be lost in the same moment. */
static void a_head_under_the_new_key_says_that_it_was_committed(void **state)
{
    struct at *at = *state;
    struct kept k;
    prepare(at, ALL);
    keep_files(at, &k);
    struct buf next = buf_on(0);
    char path[FILE_PATH_MAX];
    home_path(&at->s.home, HOME_NEXT, path);
    assert_int_equal(file_read(path, IDENTITY_MAX, &next), OK);
    assert_int_equal(rotate(at, ALL), EXIT_OK);
    assert_int_equal(file_write(path, buf_bytes(&next)), OK);
    struct buf head = k.file[5];
    k.file[5] = buf_on(0);
    home_path(&at->s.home, HOME_HEAD, path);
    assert_int_equal(file_read(path, IDENTITY_MAX, &k.file[5]), OK);
    give_back(at, &k, 0);
    assert_int_equal(store_cut_back(at->d.store, &at->d.origin, 0), OK);
    close_desk(at);
    open_desk(at);
    assert_home_of_version(at, 2);
    struct checkpoint c;
    assert_int_equal(publish(at, &c), EXIT_ENVIRONMENT);    /* it is behind, and says so; it begins no second log */
    buf_release(&next);
    buf_release(&head);
    release_kept(&k);
}

/* ---- a home that came back older than its log ---- */

static void a_home_older_than_its_log_signs_nothing_until_it_has_its_keys(void **state)
{
    struct at *at = *state;
    struct kept k;
    struct checkpoint c;
    keep_files(at, &k);
    assert_int_equal(rotate(at, ALL), EXIT_OK);
    assert_int_equal(rotate(at, 1u << PURPOSE_WITNESS), EXIT_OK);
    give_back(at, &k, 0);
    close_desk(at);
    open_desk(at);
    assert_int_equal(at->d.identity->version, 1);
    assert_int_equal(publish(at, &c), EXIT_NO);
    assert_int_equal(moot_size(at->t, at->d.store, 0), 5);      /* ours, though a key signed it that is not here: not cut off */
    assert_int_equal(rotate(at, ALL), EXIT_NO);
    assert_int_equal(identity_take_keys(&at->d, &at->t->member[1].seed), ERR_KEY);
    assert_int_equal(identity_take_keys(&at->d, &at->t->member[0].seed), OK);
    assert_int_equal(at->d.identity->version, 3);
    struct sign_keyfile key;
    struct dh_keyring *box = calloc(1, sizeof(*box));
    assert_non_null(box);
    assert_int_equal(sign_key_load(&at->s.home, PURPOSE_LOG, &key), OK);
    assert_int_equal(key.version, 2);
    assert_int_equal(sign_key_load(&at->s.home, PURPOSE_WITNESS, &key), OK);
    assert_int_equal(key.version, 3);
    assert_int_equal(dh_keys_load(&at->s.home, PURPOSE_BOX, box), OK);
    assert_int_equal(box->n, 2);                    /* the one that old records were sealed to came back as well */
    assert_true(box->keys[0].version == 2 && box->keys[1].version == 1);
    assert_int_equal(publish(at, &c), EXIT_OK);
    assert_signed_by(at, &at->d.identity->log, 6);
    free(box);
    release_kept(&k);
}

/* Peers give our log back in the midst of a command, after it was asked who we are: what a newer key of ours signed there is not
 * foreign. It is kept, and the next question finds that the keys are behind. */
static void what_a_newer_key_of_ours_signed_is_not_cut_off(void **state)
{
    struct at *at = *state;
    struct author a = {.d = &at->d, .lock = -1, .note = buf_on(CHECKPOINT_MAX)};
    struct kept k;
    keep_files(at, &k);
    assert_int_equal(rotate(at, 1u << PURPOSE_LOG), EXIT_OK);
    const struct sign_public newer = at->d.identity->log;
    give_back(at, &k, 0);
    close_desk(at);
    open_desk(at);
    assert_int_equal(sign_key_load(&at->s.home, PURPOSE_LOG, &a.key), OK);
    a.public = sign_public_of(&a.key.secret);
    assert_memory_equal(a.public.b, at->d.identity->log.b, 32);
    assert_memory_not_equal(a.public.b, newer.b, 32);
    assert_int_equal(head_compare(&a), EXIT_OK);
    assert_int_equal(moot_size(at->t, at->d.store, 0), 4);
    assert_int_equal(a.head.size, 4);
    assert_signed_by(at, &newer, 4);
    assert_int_equal(identity_settle(&at->d), EXIT_NO);
    wipe(&a.key, sizeof(a.key));
    release_kept(&k);
}

/* Its log is lost, or peers gave back the beginning only: the home knows better. */
static void keys_made_again_are_never_those_of_an_older_identity(void **state)
{
    struct at *at = *state;
    struct buf head = buf_on(CHECKPOINT_MAX);
    struct checkpoint c;
    assert_int_equal(rotate(at, ALL), EXIT_OK);
    assert_int_equal(head_load(&at->s.home, &head), OK);
    assert_int_equal(checkpoint_open(buf_bytes(&head), &at->d.origin, &at->d.identity->log, &c), OK);
    assert_int_equal(rotate(at, ALL), EXIT_OK);
    const struct sign_public newest = at->d.identity->log;
    for (size_t i = 0; i < 2; i++) {
        char path[FILE_PATH_MAX];
        if (i == 0)                                 /* identities 1 and 2 are left; then none */
            assert_int_equal(store_cut_back_to(at->d.store, &at->d.origin, &c, buf_bytes(&head)), OK);
        else
            assert_int_equal(store_cut_back(at->d.store, &at->d.origin, 0), OK);
        home_path(&at->s.home, HOME_LOG_KEY, path);
        assert_int_equal(unlink(path), 0);
        assert_int_equal(identity_take_keys(&at->d, &at->t->member[0].seed), OK);
        assert_home_of_version(at, 3);              /* the node key before has its days still */
        assert_memory_equal(at->d.identity->log.b, newest.b, 32);
    }
    buf_release(&head);
}

static void a_newer_identity_of_the_same_keys_is_simply_taken_up(void **state)
{
    struct at *at = *state;
    struct kept k;
    struct checkpoint c;
    keep_files(at, &k);
    assert_int_equal(rotate(at, 0), EXIT_OK);
    give_back(at, &k, 4);                           /* identity and head */
    close_desk(at);
    open_desk(at);
    assert_int_equal(publish(at, &c), EXIT_OK);
    assert_int_equal(at->d.identity->version, 2);
    assert_int_equal(rotate(at, 0), EXIT_OK);
    assert_int_equal(at->d.identity->version, 3);
    release_kept(&k);
}

/* ---- what may not sign, and who may not say who we are ---- */

static void an_older_log_key_signs_nothing(void **state)
{
    struct at *at = *state;
    struct kept k;
    struct checkpoint c;
    char path[FILE_PATH_MAX];
    keep_files(at, &k);
    assert_int_equal(rotate(at, 1u << PURPOSE_LOG), EXIT_OK);
    home_path(&at->s.home, HOME_LOG_KEY, path);
    assert_int_equal(file_write(path, buf_bytes(&k.file[3])), OK);
    assert_int_equal(publish(at, &c), EXIT_SECRET);
    assert_int_equal(rotate(at, ALL), EXIT_SECRET);
    assert_signed_by(at, &at->d.identity->log, 4);
    assert_int_equal(identity_take_keys(&at->d, &at->t->member[0].seed), OK);
    assert_int_equal(publish(at, &c), EXIT_OK);
    assert_signed_by(at, &at->d.identity->log, 5);
    release_kept(&k);
}

static void a_log_that_another_root_began_is_not_gone_on_with(void **state)
{
    struct at *at = *state;
    struct checkpoint c;
    at->d.identity->root = at->t->member[1].id.root;        /* as after the stewards gave us another */
    assert_int_equal(publish(at, &c), EXIT_NO);
    assert_int_equal(moot_size(at->t, at->d.store, 0), 3);
}

/* In our log, where only who has our log key can put it, and at a peer: our name and keys, and a root that is not ours. */
static void an_identity_of_another_root_is_not_followed(void **state)
{
    struct at *at = *state;
    struct checkpoint c;
    struct author *a = NULL;
    struct buf note = buf_on(IDENTITY_MAX);
    struct identity *thief = malloc(sizeof(*thief));
    assert_non_null(thief);
    *thief = *at->d.identity;
    thief->version = 9;
    memset(&thief->previous, 9, sizeof(thief->previous));
    thief->root = at->t->member[1].id.root;
    identity_sign(thief, &at->t->member[1].root, &note);
    assert_int_equal(identity_open(buf_bytes(&note), thief), OK);
    assert_int_equal(author_begin(&at->d, &a), EXIT_OK);
    assert_int_equal(author_put_public(a, KIND_IDENTITY, buf_bytes(&note)), OK);
    assert_int_equal(author_commit(a, NULL), EXIT_OK);
    author_end(a);
    assert_int_equal(store_put_identity(at->d.store, &thief->slug, 9, buf_bytes(&note)), OK);
    assert_int_equal(publish(at, &c), EXIT_OK);
    assert_home_of_version(at, 1);
    assert_int_equal(identity_take_keys(&at->d, &at->t->member[0].seed), OK);
    assert_home_of_version(at, 1);
    buf_release(&note);
    free(thief);
}

/* Its version 2 stands in the home and not in the log: a third would have no second before it. */
static void no_identity_follows_one_that_is_not_in_the_log(void **state)
{
    struct at *at = *state;
    struct buf head = buf_on(CHECKPOINT_MAX);
    struct checkpoint c;
    assert_int_equal(head_load(&at->s.home, &head), OK);
    assert_int_equal(checkpoint_open(buf_bytes(&head), &at->d.origin, &at->d.identity->log, &c), OK);
    assert_int_equal(rotate(at, 0), EXIT_OK);
    assert_int_equal(store_cut_back_to(at->d.store, &at->d.origin, &c, buf_bytes(&head)), OK);
    assert_int_equal(head_save(&at->s.home, buf_bytes(&head)), OK);
    assert_int_equal(rotate(at, 0), EXIT_NO);
    assert_int_equal(at->d.identity->version, 2);
    assert_int_equal(moot_size(at->t, at->d.store, 0), 3);
    buf_release(&head);
}

/* ---- its file ---- */

static void what_is_no_next_identity_is_refused(void **state)
{
    struct at *at = *state;
    struct next *n = malloc(sizeof(*n));
    struct buf text = buf_on(0);
    char path[FILE_PATH_MAX];
    assert_non_null(n);
    prepare(at, ALL);
    home_path(&at->s.home, HOME_NEXT, path);
    assert_int_equal(file_read(path, IDENTITY_MAX, &text), OK);
    next_init(n);
    assert_int_equal(next_parse(buf_bytes(&text), n), OK);
    assert_int_equal(n->rotated, (int)ALL);
    next_release(n);
    for (size_t len = 0; len < text.len; len++) {
        assert_int_equal(next_parse((struct bytes){text.p, len}, n), ERR_FORMAT);
        next_release(n);
    }
    for (size_t i = 0; i < text.len; i++) {
        struct next *again = malloc(sizeof(*again));
        struct buf out = buf_on(0);
        out.max = text.len + 64;
        assert_non_null(again);
        next_init(again);
        text.p[i] ^= 1;
        if (next_parse(buf_bytes(&text), again) == OK) {     /* a bit of a secret: it can be told by nothing here */
            next_write(again, &out);
            assert_memory_equal(out.p, text.p, text.len);
        }
        text.p[i] ^= 1;
        next_release(again);
        buf_wipe(&out);
        free(again);
    }
    free(n);
    buf_wipe(&text);
    assert_int_equal(file_write(path, bytes_of("folkmoot next v2\n")), OK);
    struct checkpoint c;
    assert_int_equal(publish(at, &c), EXIT_ENVIRONMENT);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(keys_change_with_the_entry_that_names_them, begin, end),
        cmocka_unit_test_setup_teardown(a_change_of_no_key_is_signed_by_the_same, begin, end),
        cmocka_unit_test_setup_teardown(what_the_caller_changes_is_in_it_and_a_void_is_said_once, begin, end),
        cmocka_unit_test_setup_teardown(what_is_refused_or_no_good_changes_nothing, begin, end),
        cmocka_unit_test_setup_teardown(before_the_commit_nothing_has_happened, begin, end),
        cmocka_unit_test_setup_teardown(after_the_commit_any_command_goes_on, begin, end),
        cmocka_unit_test_setup_teardown(a_head_under_the_new_key_says_that_it_was_committed, begin, end),
        cmocka_unit_test_setup_teardown(a_home_older_than_its_log_signs_nothing_until_it_has_its_keys, begin, end),
        cmocka_unit_test_setup_teardown(what_a_newer_key_of_ours_signed_is_not_cut_off, begin, end),
        cmocka_unit_test_setup_teardown(keys_made_again_are_never_those_of_an_older_identity, begin, end),
        cmocka_unit_test_setup_teardown(a_newer_identity_of_the_same_keys_is_simply_taken_up, begin, end),
        cmocka_unit_test_setup_teardown(an_older_log_key_signs_nothing, begin, end),
        cmocka_unit_test_setup_teardown(a_log_that_another_root_began_is_not_gone_on_with, begin, end),
        cmocka_unit_test_setup_teardown(an_identity_of_another_root_is_not_followed, begin, end),
        cmocka_unit_test_setup_teardown(no_identity_follows_one_that_is_not_in_the_log, begin, end),
        cmocka_unit_test_setup_teardown(what_is_no_next_identity_is_refused, begin, end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
