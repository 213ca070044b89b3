#define _GNU_SOURCE                             /* mkdtemp */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "tests/unit/home_dir.h"

static void the_home_is_the_option_then_the_variable_then_the_users(void **state)
{
    (void)state;
    struct home h;
    assert_int_equal(setenv("HOME", "/users/jane/", 1), 0);
    assert_int_equal(setenv("FOLKMOOT_HOME", "/srv/moot", 1), 0);
    assert_int_equal(home_resolve("/given//", &h), OK);
    assert_string_equal(h.path, "/given");
    assert_int_equal(home_resolve(NULL, &h), OK);
    assert_string_equal(h.path, "/srv/moot");
    assert_int_equal(setenv("FOLKMOOT_HOME", "", 1), 0);
    assert_int_equal(home_resolve(NULL, &h), OK);
    assert_string_equal(h.path, "/users/jane/.folkmoot");
    assert_int_equal(setenv("HOME", "/", 1), 0);
    assert_int_equal(home_resolve(NULL, &h), OK);
    assert_string_equal(h.path, "/.folkmoot");
    assert_int_equal(unsetenv("FOLKMOOT_HOME"), 0);
    assert_int_equal(unsetenv("HOME"), 0);
    assert_int_equal(home_resolve(NULL, &h), ERR_UNKNOWN);
    assert_int_equal(home_resolve("", &h), ERR_UNKNOWN);
    assert_string_equal(h.path, "/.folkmoot");          /* untouched on failure */
}

static void a_relative_home_begins_at_the_working_directory(void **state)
{
    (void)state;
    struct home h;
    char cwd[3000], expected[3072];
    assert_non_null(getcwd(cwd, sizeof(cwd)));
    assert_int_equal(home_resolve("some/where", &h), OK);
    (void)snprintf(expected, sizeof(expected), "%s/some/where", cwd);
    assert_string_equal(h.path, expected);
}

static void a_home_too_long_is_a_limit(void **state)
{
    (void)state;
    struct home h;
    char path[sizeof(h.path) + 1];
    memset(path, 'a', sizeof(path));
    path[0] = '/';
    path[sizeof(h.path) - 1] = '\0';                    /* the longest that fits */
    assert_int_equal(home_resolve(path, &h), OK);
    char file[FILE_PATH_MAX];
    home_path(&h, HOME_WITNESS_KEY, file);
    assert_string_equal(file + strlen(h.path), "/node/witness.key");
    path[sizeof(h.path) - 1] = 'a';
    path[sizeof(h.path)] = '\0';
    assert_int_equal(home_resolve(path, &h), ERR_LIMIT);
}

static void a_home_is_made_closed_to_others_whatever_the_umask(void **state)
{
    (void)state;
    struct home deep;
    assert_int_equal(home_resolve(in_top("a/b/home"), &deep), OK);
    mode_t before = umask(0);
    enum err open_mask = home_make(&home);
    (void)umask(0777);
    enum err closed_mask = home_make(&deep);
    (void)umask(before);
    assert_int_equal(open_mask, OK);
    assert_int_equal(closed_mask, OK);
    const struct home *const made[] = {&home, &deep};
    for (size_t i = 0; i < 2; i++) {
        char path[FILE_PATH_MAX];
        assert_int_equal(mode_of(made[i]->path), 0700);
        home_path(made[i], HOME_NODE, path);
        assert_int_equal(mode_of(path), 0700);
        home_path(made[i], HOME_PRIVATE, path);
        assert_int_equal(mode_of(path), 0700);
    }
}

static void folders_left_by_a_crash_are_taken_but_a_node_is_not(void **state)
{
    (void)state;
    static const enum home_file signs[] = {HOME_SEED, HOME_LOG_KEY, HOME_LOG_DB};
    assert_int_equal(home_make(&home), OK);
    for (size_t i = 0; i < 3; i++) {
        assert_int_equal(home_make(&home), OK);
        put_file(in_home(signs[i]), "x");
        assert_int_equal(home_make(&home), ERR_EXISTS);
        assert_int_equal(unlink(in_home(signs[i])), 0);
    }
}

static void an_empty_open_folder_becomes_a_home_and_somebodys_own_does_not(void **state)
{
    (void)state;
    assert_int_equal(mkdir(home.path, 0755), 0);
    assert_int_equal(chmod(home.path, 0755), 0);
    assert_int_equal(file_write(in_top("home/letters"), bytes_of("")), OK);
    assert_int_equal(home_make(&home), ERR_DENIED);
    assert_int_equal(mode_of(home.path), 0755);
    assert_int_equal(names_in(home.path), 1);
    assert_int_equal(unlink(in_top("home/letters")), 0);
    assert_int_equal(home_make(&home), OK);
    assert_int_equal(mode_of(home.path), 0700);
}

static void a_folder_of_the_home_that_is_a_link_is_refused(void **state)
{
    (void)state;
    assert_int_equal(mkdir(home.path, 0700), 0);
    assert_int_equal(mkdir(in_top("elsewhere"), 0700), 0);
    assert_int_equal(symlink("../elsewhere", in_top("home/private")), 0);
    assert_int_equal(home_make(&home), ERR_DENIED);
}

static void where_no_node_is_the_check_says_so(void **state)
{
    (void)state;
    char offender[FILE_PATH_MAX] = "";
    assert_int_equal(home_check(&home, offender), ERR_UNKNOWN);
    assert_string_equal(offender, home.path);
    assert_int_equal(home_make(&home), OK);
    assert_int_equal(home_check(&home, NULL), ERR_UNKNOWN);
}

static void every_loose_mode_is_found_and_named(void **state)
{
    (void)state;
    static const enum home_file keys[] = {HOME_RECOVERY, HOME_NODE_KEY, HOME_WITNESS_KEY, HOME_SEED, HOME_LOG_KEY,
                                          HOME_BOX_KEYS, HOME_HEAD, HOME_SIGNED};
    static const enum home_file folders[] = {HOME_NODE, HOME_PRIVATE};
    char offender[FILE_PATH_MAX] = "untouched";
    assert_int_equal(home_make(&home), OK);
    for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++)
        put_file(in_home(keys[i]), "x");
    assert_int_equal(home_check(&home, offender), OK);
    assert_string_equal(offender, "untouched");
    for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++) {
        assert_int_equal(chmod(in_home(keys[i]), 0640), 0);
        assert_int_equal(home_check(&home, offender), ERR_DENIED);
        assert_string_equal(offender, in_home(keys[i]));
        assert_int_equal(chmod(in_home(keys[i]), 0600), 0);
    }
    for (size_t i = 0; i < 2; i++) {
        assert_int_equal(chmod(in_home(folders[i]), 0750), 0);
        assert_int_equal(home_check(&home, offender), ERR_DENIED);
        assert_string_equal(offender, in_home(folders[i]));
        assert_int_equal(chmod(in_home(folders[i]), 0700), 0);
    }
    assert_int_equal(chmod(home.path, 0701), 0);
    assert_int_equal(home_check(&home, offender), ERR_DENIED);
    assert_string_equal(offender, home.path);
}

static void a_key_that_is_a_link_is_found_and_named(void **state)
{
    (void)state;
    char offender[FILE_PATH_MAX];
    assert_int_equal(home_make(&home), OK);
    put_file(in_home(HOME_SEED), "x");
    put_file(in_top("other"), "x");
    assert_int_equal(symlink(in_top("other"), in_home(HOME_LOG_KEY)), 0);
    assert_int_equal(home_check(&home, offender), ERR_DENIED);
    assert_string_equal(offender, in_home(HOME_LOG_KEY));
}

static void another_users_home_is_refused(void **state)
{
    (void)state;
    char offender[FILE_PATH_MAX];
    if (geteuid() != 0)
        skip();                                         /* only root can give a folder away */
    assert_int_equal(home_make(&home), OK);
    put_file(in_home(HOME_SEED), "x");
    assert_int_equal(chown(in_home(HOME_PRIVATE), 65534, 65534), 0);
    assert_int_equal(home_check(&home, offender), ERR_DENIED);
    assert_string_equal(offender, in_home(HOME_PRIVATE));
}

static void a_home_we_may_not_enter_is_denied_not_absent(void **state)
{
    (void)state;
    assert_int_equal(home_make(&home), OK);
    assert_int_equal(chmod(home.path, 0), 0);
    be_nobody(home.path);
    enum err checked = home_check(&home, NULL), made = home_make(&home);
    be_ourselves_again();
    assert_int_equal(chmod(home.path, 0700), 0);
    assert_int_equal(checked, ERR_DENIED);
    assert_int_equal(made, ERR_DENIED);
}

#define T(name) cmocka_unit_test_setup_teardown(name, make_top, remove_top)
int main(void)
{
    const struct CMUnitTest tests[] = {
        T(the_home_is_the_option_then_the_variable_then_the_users),
        T(a_relative_home_begins_at_the_working_directory),
        T(a_home_too_long_is_a_limit),
        T(a_home_is_made_closed_to_others_whatever_the_umask),
        T(folders_left_by_a_crash_are_taken_but_a_node_is_not),
        T(an_empty_open_folder_becomes_a_home_and_somebodys_own_does_not),
        T(a_folder_of_the_home_that_is_a_link_is_refused),
        T(where_no_node_is_the_check_says_so),
        T(every_loose_mode_is_found_and_named),
        T(a_key_that_is_a_link_is_found_and_named),
        T(another_users_home_is_refused),
        T(a_home_we_may_not_enter_is_denied_not_absent),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
