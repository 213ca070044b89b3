/* keys/, with the nth allocation failing: ERR_NOMEM, the file as it was or as it was to be, and done by the next call. */
#define _GNU_SOURCE
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "keys/keyfile.h"
#include "keys/passphrase.h"
#include "keys/signed.h"
#include "tests/faults/memory.h"
#include "tests/unit/home_dir.h"

enum { ALL = UINT16_MAX };

static const struct sym_secret old_seed = {{1}};
static const struct bytes pass = {(const uint8_t *)"barset barset", 13};
static struct sign_keyfile log_key = {.version = 7};
static struct dh_keyring ring = {.n = 2, .keys = {{2, {{5}}, 0}, {1, {{4}}, 0}}};

/* ---- what is tried ---- */

static enum err load_seed(void)
{
    struct sym_secret got = {{0}};
    enum err e = seed_load(&home, &pass, &got);
    assert_memory_equal(got.b, e == OK ? old_seed.b : (const uint8_t[32]){0}, sizeof(got.b));
    return e;
}

static enum err ask_whether_protected(void)
{
    bool is_protected = false;
    enum err e = seed_is_protected(&home, &is_protected);
    assert_true(is_protected == (e == OK));
    return e;
}

static enum err save_log_key(void) { return sign_key_save(&home, PURPOSE_LOG, &log_key); }
static enum err save_box_keys(void) { return dh_keys_save(&home, PURPOSE_BOX, &ring); }
static enum err save_head(void) { return head_save(&home, bytes_of("a head\n")); }
static enum err see_charter(void) { return seen_charter(&home, 4); }
static enum err make_home(void) { return home_make(&home); }

static enum err sign_charter(void)
{
    static const struct hash text = {{9}};
    return signed_charter(&home, 3, 0, &text);
}

static enum err load_log_key(void)
{
    struct sign_keyfile got = {.version = 0};
    enum err e = sign_key_load(&home, PURPOSE_LOG, &got);
    assert_int_equal(got.version, e == OK ? 7 : 0);
    return e;
}

static enum err load_box_keys(void)
{
    struct dh_keyring got = {.n = 0};
    enum err e = dh_keys_load(&home, PURPOSE_BOX, &got);
    assert_int_equal(got.n, e == OK ? 2 : 0);
    return e;
}

static enum err load_head(void)
{
    struct buf b = buf_on(CHECKPOINT_MAX);
    enum err e = head_load(&home, &b);
    assert_int_equal(b.len, e == OK ? 7 : 0);
    buf_release(&b);
    return e;
}

static enum err read_passphrase(void)
{
    struct buf b = buf_on(PASSPHRASE_MAX);
    enum err e = passphrase_read(in_top("pass"), "", false, &b);
    assert_int_equal(b.len, e == OK ? pass.len : 0);
    buf_wipe(&b);
    return e;
}

static enum err resolve(void)
{
    struct home got = {""};
    enum err e = home_resolve("somewhere/", &got);
    assert_true((got.path[0] == '/') == (e == OK));
    return e;
}

/* ---- trials ---- */

static struct buf contents(const char *path)
{
    struct buf b = buf_on(0);
    enum err e = path != NULL ? file_read(path, 1 << 20, &b) : ERR_UNKNOWN;
    assert_true(e == OK || e == ERR_UNKNOWN);
    return b;
}

/* `path` (NULL: none) is what it writes; `reset` puts everything back as it was. */
static void holds_without_memory(enum err (*f)(void), const char *path, void (*reset)(void))
{
    uint64_t nth = 0;
    reset();
    struct buf was = contents(path);
    memory_fail_at(0, false);
    memory_arm(true);
    enum err e = f();
    memory_arm(false);
    assert_int_equal(e, OK);
    uint64_t total = memory_count();
    struct buf becomes = contents(path);
    while (memory_next(&nth, total, ALL)) {
        size_t in_folder = names_in(top);
        reset();
        memory_fail_at(nth, false);
        memory_arm(true);
        e = f();
        memory_arm(false);
        memory_fail_at(0, false);
        assert_int_equal(e, ERR_NOMEM);
        struct buf is = contents(path);
        assert_true(bytes_equal(buf_bytes(&is), buf_bytes(&was)));
        buf_release(&is);
        assert_int_equal(names_in(top), in_folder);
        assert_int_equal(f(), OK);
        is = contents(path);
        assert_true(bytes_equal(buf_bytes(&is), buf_bytes(&becomes)));
        buf_release(&is);
    }
    buf_release(&was);
    buf_release(&becomes);
}

/* A seed behind a passphrase that costs little; a log key, box keys, a head, what was signed. */
static void put_all(void)
{
    struct buf text = buf_on(SEED_TEXT_MAX);
    struct sym_secret key;
    uint8_t salt[SALT_LEN] = {1}, nonce[XNONCE_LEN] = {2};
    memory_fail_at(0, false);
    remove_tree(home.path);
    assert_int_equal(home_make(&home), OK);
    assert_int_equal(password_key(pass, salt, 1, 8192, &key), OK);
    seed_text_sealed(&old_seed, &key, salt, nonce, 1, 8192, &text);
    assert_int_equal(buf_status(&text), OK);
    assert_int_equal(file_write(in_home(HOME_SEED), buf_bytes(&text)), OK);
    buf_release(&text);
    assert_int_equal(save_log_key(), OK);
    assert_int_equal(save_box_keys(), OK);
    assert_int_equal(save_head(), OK);
    put_file(in_top("pass"), "barset barset\n");
}

static void put_nothing(void)
{
    memory_fail_at(0, false);
    remove_tree(home.path);
}

static void what_is_read_is_read_whole_or_not_at_all(void **state)
{
    (void)state;
    static enum err (*const reads[])(void) = {load_seed, ask_whether_protected, load_log_key, load_box_keys, load_head,
                                              read_passphrase, resolve};
    for (size_t i = 0; i < sizeof(reads) / sizeof(reads[0]); i++)
        holds_without_memory(reads[i], NULL, put_all);
}

static void what_is_written_is_written_whole_or_not_at_all(void **state)
{
    (void)state;
    static const struct { enum err (*f)(void); enum home_file file; } writes[] = {
        {save_log_key, HOME_LOG_KEY}, {save_box_keys, HOME_BOX_KEYS}, {save_head, HOME_HEAD},
        {sign_charter, HOME_SIGNED}, {see_charter, HOME_CHARTER}};
    char path[FILE_PATH_MAX];
    for (size_t i = 0; i < sizeof(writes) / sizeof(writes[0]); i++) {
        home_path(&home, writes[i].file, path);
        holds_without_memory(writes[i].f, path, put_all);
    }
    holds_without_memory(make_home, NULL, put_nothing);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(what_is_read_is_read_whole_or_not_at_all, make_top, remove_top),
        cmocka_unit_test_setup_teardown(what_is_written_is_written_whole_or_not_at_all, make_top, remove_top),
    };
    if (!memory_start() || crypto_start() != OK)
        return 1;
    memset(log_key.secret.b, 3, sizeof(log_key.secret.b));
    return cmocka_run_group_tests(tests, NULL, NULL);
}
