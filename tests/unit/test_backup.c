/* tests/unit/test_backup.c - what a backup gives back, and keys made again from a seed alone. */
#define _GNU_SOURCE                             /* mkdtemp */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "keys/backup.h"
#include "keys/regain.h"
#include "protocol/limits.h"
#include "protocol/pack.h"
#include "tests/unit/home_dir.h"

static const struct bytes right = {(const uint8_t *)"correct horse", 13}, wrong = {(const uint8_t *)"correct house", 13};
static const struct sym_secret seed = {{7}};

static void put(enum home_file f, const char *content)
{
    char path[FILE_PATH_MAX];
    home_path(&home, f, path);
    assert_int_equal(file_write(path, bytes_of(content)), OK);
}

static bool stands(enum home_file f)
{
    char path[FILE_PATH_MAX];
    home_path(&home, f, path);
    return access(path, F_OK) == 0;
}

static void make(struct buf *text)
{
    *text = buf_on(BACKUP_MAX);
    put(HOME_IDENTITY, "who we are\n");
    put(HOME_CONFIG, "listen = 127.0.0.1:7117\n");
    put(HOME_HEAD, "what we signed\n");
    put(HOME_BOX_KEYS, "");
    put(HOME_LOG_KEY, "not in it\n");
    assert_int_equal(backup_make(&home, &seed, right, bytes_of("whom we asked"), 1234567, text), OK);
}

static void a_backup_gives_back_what_was_in_the_home(void **state)
{
    (void)state;
    struct buf text;
    struct backup b;
    make(&text);
    assert_true(backup_is_one(buf_bytes(&text)));
    backup_init(&b);
    assert_int_equal(backup_open(buf_bytes(&text), right, &b), OK);
    assert_int_equal(b.made_s, 1234567);
    assert_memory_equal(b.seed.b, seed.b, 32);
    assert_true(b.has[HOME_IDENTITY] && bytes_equal(b.file[HOME_IDENTITY], bytes_of("who we are\n")));
    assert_true(b.has[HOME_CONFIG] && bytes_equal(b.file[HOME_CONFIG], bytes_of("listen = 127.0.0.1:7117\n")));
    assert_true(b.has[HOME_HEAD] && bytes_equal(b.file[HOME_HEAD], bytes_of("what we signed\n")));
    assert_true(b.has[HOME_BOX_KEYS] && b.file[HOME_BOX_KEYS].len == 0);
    assert_true(bytes_equal(b.asked, bytes_of("whom we asked")));
    assert_false(b.has[HOME_LOG_KEY] || b.has[HOME_SIGNED] || b.has[HOME_ALLIANCE]);
    backup_release(&b);
    buf_wipe(&text);
}

static bool holds(const struct buf *text, const void *p, size_t len)
{
    return memmem(text->p, text->len, p, len) != NULL;
}

static void nothing_of_it_can_be_read_without_the_passphrase(void **state)
{
    (void)state;
    struct buf text;
    struct backup b;
    make(&text);
    assert_false(holds(&text, "who we are", 10) || holds(&text, seed.b, 32));
    backup_init(&b);
    assert_int_equal(backup_open(buf_bytes(&text), wrong, &b), ERR_SECRET);
    backup_release(&b);
    buf_wipe(&text);
}

/* Through a letter or a word processor: other line ends, blanks at them, no last newline. */
static void what_mail_does_to_a_text_does_it_no_harm(void **state)
{
    (void)state;
    struct buf text, mailed = buf_on(BACKUP_MAX);
    struct backup b;
    make(&text);
    for (size_t i = 0; i < text.len; i++)
        buf_printf(&mailed, text.p[i] == '\n' ? " \r\n" : "%c", text.p[i]);
    mailed.len -= 3;
    backup_init(&b);
    assert_int_equal(backup_open(buf_bytes(&mailed), right, &b), OK);
    backup_release(&b);
    buf_release(&mailed);
    buf_wipe(&text);
}

static size_t place_of(const struct buf *text, const char *what)
{
    const uint8_t *p = memmem(text->p, text->len, what, strlen(what));
    assert_non_null(p);
    return (size_t)(p - text->p);
}

static void a_changed_or_cut_backup_is_refused(void **state)
{
    (void)state;
    struct buf text;
    struct backup b;
    make(&text);
    static const struct { const char *near; size_t behind; uint8_t flip; enum err e; } table[] = {
        {"argon2id ", 9, 2, ERR_SECRET},                    /* 3 passes made 1 */
        {"salt ", 6, 2, ERR_SECRET}, {"nonce ", 7, 2, ERR_SECRET}, {"sealed\n", 20, 1, ERR_SECRET},
        {"sealed\n", 3, 1, ERR_FORMAT}, {"folkmoot backup v1", 17, 3, ERR_FORMAT}, {"nonce ", 0, 1, ERR_FORMAT},
    };
    for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
        uint8_t *p = &text.p[place_of(&text, table[i].near) + table[i].behind], was = *p;
        *p = (uint8_t)(*p ^ table[i].flip);
        backup_init(&b);
        enum err e = backup_open(buf_bytes(&text), right, &b);
        assert_true(e == table[i].e || (e == ERR_FORMAT && table[i].e == ERR_SECRET));   /* a letter that is none */
        assert_true(e != OK);
        backup_release(&b);
        *p = was;
    }
    const size_t end = place_of(&text, "sealed\n") + 7;
    for (size_t len = 0; len <= end; len++) {
        backup_init(&b);
        assert_int_equal(backup_open((struct bytes){text.p, len}, right, &b), ERR_FORMAT);
        backup_release(&b);
    }
    buf_wipe(&text);
}

static void no_backup_makes_us_work_without_end(void **state)
{
    (void)state;
    static const char *const heavy[] = {"argon2id 11 8192", "argon2id 3 1073741825", "argon2id 18446744073709551615 8192"};
    for (size_t i = 0; i < sizeof(heavy) / sizeof(heavy[0]); i++) {
        struct buf text = buf_on(1024);
        struct backup b;
        buf_printf(&text, "folkmoot backup v1\n%s\nsalt AAAAAAAAAAAAAAAAAAAAAA==\nnonce AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\nsealed\n"
                   "AAAAAAAAAAAAAAAAAAAAAAAAAAAA\n", heavy[i]);
        backup_init(&b);
        assert_int_equal(backup_open(buf_bytes(&text), right, &b), ERR_LIMIT);
        backup_release(&b);
        buf_release(&text);
    }
}

static void a_later_form_is_not_read_as_this_one(void **state)
{
    (void)state;
    for (uint64_t version = 0; version <= 2; version++) {
        struct buf plain = buf_on(1024);
        struct backup b;
        pack_array(&plain, 4);
        pack_uint(&plain, version);
        pack_uint(&plain, 1234567);
        pack_fixed(&plain, seed.b, sizeof(seed.b));
        pack_array(&plain, 0);
        backup_init(&b);
        assert_int_equal(backup_unpack(buf_bytes(&plain), &b), version == 1 ? OK : ERR_FORMAT);
        backup_release(&b);
        buf_wipe(&plain);
    }
}

static void a_home_remembers_its_last_backup(void **state)
{
    (void)state;
    uint64_t at;
    uint32_t version;
    assert_int_equal(backup_noted(&home, &at, &version), ERR_UNKNOWN);
    assert_int_equal(backup_note(&home, 99, 3), OK);
    assert_int_equal(backup_note(&home, 1700000000, 4), OK);
    assert_int_equal(backup_noted(&home, &at, &version), OK);
    assert_true(at == 1700000000 && version == 4);
    put(HOME_BACKUP, "folkmoot backup noted v1 12\n");
    assert_int_equal(backup_noted(&home, &at, &version), ERR_FORMAT);
}

/* ---- keys again from the seed ---- */

/* An identity whose keys appeared in these versions. */
static void identity_of(uint32_t version, uint32_t log, uint32_t witness, uint32_t box, uint32_t node, struct identity *id,
                        struct buf *note)
{
    struct sign_secret root, sign;
    struct dh_secret dh_half;
    *id = (struct identity){.role = ROLE_AUTHORITY, .version = version, .name = "Barsetshire"};
    assert_int_equal(slug_parse(bytes_of("barsetshire"), &id->slug), OK);
    memset(id->previous.b, version > 1 ? 9 : 0, HASH_LEN);
    seed_root(&seed, &root, &id->root);
    seed_sign_key(&seed, PURPOSE_LOG, log, &sign, &id->log);
    seed_sign_key(&seed, PURPOSE_WITNESS, witness, &sign, &id->witness);
    seed_dh_key(&seed, PURPOSE_BOX, box, &dh_half, &id->box);
    seed_dh_key(&seed, PURPOSE_NODE, node, &dh_half, &id->node);
    *note = buf_on(IDENTITY_MAX);
    identity_sign(id, &root, note);
    assert_int_equal(buf_status(note), OK);
}

static struct dh_public box_of(const struct sym_secret *s, uint32_t version)
{
    struct dh_secret secret;
    struct dh_public public;
    seed_dh_key(s, PURPOSE_BOX, version, &secret, &public);
    return public;
}

static void every_key_comes_back_under_the_version_it_began_in(void **state)
{
    (void)state;
    struct identity id;
    struct buf note;
    struct sign_keyfile log, witness;
    struct dh_keyring box, node;
    identity_of(9, 4, 9, 7, 2, &id, &note);
    /* its own box keys of versions 1, 3 and 5, one named twice, and another's */
    const struct sym_secret others = {{8}};
    const struct dh_public old[] = {box_of(&seed, 3), box_of(&seed, 1), box_of(&others, 2), box_of(&seed, 3), box_of(&seed, 5)};
    assert_int_equal(regain_keys(&home, &seed, buf_bytes(&note), true, 5, old), OK);
    assert_int_equal(sign_key_load(&home, PURPOSE_LOG, &log), OK);
    assert_int_equal(sign_key_load(&home, PURPOSE_WITNESS, &witness), OK);
    assert_int_equal(dh_keys_load(&home, PURPOSE_BOX, &box), OK);
    assert_int_equal(dh_keys_load(&home, PURPOSE_NODE, &node), OK);
    assert_true(log.version == 4 && witness.version == 9 && node.n == 1 && node.keys[0].version == 2);
    assert_int_equal(box.n, 4);
    assert_true(box.keys[0].version == 7 && box.keys[1].version == 5 && box.keys[2].version == 3 && box.keys[3].version == 1);
    struct sign_public l = sign_public_of(&log.secret);
    struct dh_public b = dh_public_of(&box.keys[0].secret);
    assert_memory_equal(l.b, id.log.b, 32);
    assert_memory_equal(b.b, id.box.b, 32);
    assert_true(stands(HOME_IDENTITY));
    buf_release(&note);
}

static void another_seeds_identity_writes_nothing(void **state)
{
    (void)state;
    struct identity id;
    struct buf note;
    const struct sym_secret others = {{8}};
    identity_of(1, 1, 1, 1, 1, &id, &note);
    assert_int_equal(regain_check(&seed, &id), OK);
    assert_int_equal(regain_check(&others, &id), ERR_KEY);
    assert_int_equal(regain_keys(&home, &others, buf_bytes(&note), true, 0, NULL), ERR_KEY);
    assert_false(stands(HOME_LOG_KEY) || stands(HOME_BOX_KEYS) || stands(HOME_IDENTITY));
    buf_release(&note);
    identity_of(2, 3, 1, 1, 1, &id, &note);         /* a log key of a version that has not been */
    assert_int_equal(regain_keys(&home, &seed, buf_bytes(&note), true, 0, NULL), ERR_KEY);
    assert_false(stands(HOME_LOG_KEY));
    buf_release(&note);
    struct sign_secret root;                        /* every key is this seed's, and the root is not */
    identity_of(1, 1, 1, 1, 1, &id, &note);
    seed_root(&others, &root, &id.root);
    buf_clear(&note);
    identity_sign(&id, &root, &note);
    assert_int_equal(regain_check(&seed, &id), ERR_KEY);
    assert_int_equal(regain_keys(&home, &seed, buf_bytes(&note), true, 0, NULL), ERR_KEY);
    assert_false(stands(HOME_LOG_KEY) || stands(HOME_IDENTITY));
    buf_release(&note);
}

static void a_restored_home_gets_no_witness_key(void **state)
{
    (void)state;
    struct identity id;
    struct buf note;
    identity_of(1, 1, 1, 1, 1, &id, &note);
    assert_int_equal(regain_keys(&home, &seed, buf_bytes(&note), false, 0, NULL), OK);
    assert_true(stands(HOME_NODE_KEY) && !stands(HOME_WITNESS_KEY));
    buf_release(&note);
}

#define H(name) cmocka_unit_test_setup_teardown(name, make_top_and_home, remove_top)
int main(void)
{
    const struct CMUnitTest tests[] = {
        H(a_backup_gives_back_what_was_in_the_home),
        H(nothing_of_it_can_be_read_without_the_passphrase),
        H(what_mail_does_to_a_text_does_it_no_harm),
        H(a_changed_or_cut_backup_is_refused),
        cmocka_unit_test(no_backup_makes_us_work_without_end),
        cmocka_unit_test(a_later_form_is_not_read_as_this_one),
        H(a_home_remembers_its_last_backup),
        H(every_key_comes_back_under_the_version_it_began_in),
        H(another_seeds_identity_writes_nothing),
        H(a_restored_home_gets_no_witness_key),
    };
    if (crypto_start() != OK)
        return 1;
    return cmocka_run_group_tests(tests, NULL, NULL);
}
