#define _GNU_SOURCE                             /* mkdtemp */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "keys/signed.h"
#include "protocol/limits.h"
#include "tests/unit/home_dir.h"

static const struct hash a = {{0xaa}}, b = {{0xbb}};

static void a_text_may_be_signed_again_and_another_never(void **state)
{
    (void)state;
    assert_int_equal(signed_charter(&home, 2, 0, &a), OK);
    assert_int_equal(signed_charter(&home, 2, 0, &a), OK);
    assert_int_equal(signed_charter(&home, 2, 0, &b), ERR_CONFLICT);
    assert_int_equal(signed_charter(&home, 2, 0, &a), OK);
}

static void rounds_only_go_up(void **state)
{
    (void)state;
    assert_int_equal(signed_charter(&home, 2, 0, &a), OK);
    assert_int_equal(signed_charter(&home, 2, 2, &b), OK);
    assert_int_equal(signed_charter(&home, 2, 1, &a), ERR_CONFLICT);
    assert_int_equal(signed_charter(&home, 2, 0, &a), ERR_CONFLICT);
    assert_int_equal(signed_charter(&home, 2, 1, &b), ERR_CONFLICT);
    assert_int_equal(signed_charter(&home, 2, 2, &a), ERR_CONFLICT);
    assert_int_equal(signed_charter(&home, 2, 2, &b), OK);
}

static void what_was_signed_is_on_disk_newest_first(void **state)
{
    (void)state;
    assert_int_equal(signed_charter(&home, 2, 1, &a), OK);
    assert_int_equal(signed_charter(&home, 9, 0, &b), OK);
    assert_int_equal(signed_charter(&home, 4294967295, 4294967295, &a), OK);
    assert_int_equal(signed_charter(&home, 1, 0, &b), OK);
    assert_int_equal(signed_charter(&home, 2, 1, &b), ERR_CONFLICT);
    assert_int_equal(signed_charter(&home, 2, 3, &b), OK);
#define ZEROS "00000000000000000000000000000000000000000000000000000000000000"
    file_holds(in_home(HOME_SIGNED), "folkmoot signed v1\n"
               "4294967295 4294967295 aa" ZEROS "\n9 0 bb" ZEROS "\n2 3 bb" ZEROS "\n1 0 bb" ZEROS "\n");
    assert_int_equal(mode_of(in_home(HOME_SIGNED)), 0600);
}

static void what_was_forgotten_is_never_signed(void **state)
{
    (void)state;
    for (uint32_t v = 1; v <= SIGNED_VERSIONS_MAX; v++)
        assert_int_equal(signed_charter(&home, v * 2, 0, &a), OK);
    assert_int_equal(signed_charter(&home, 1, 0, &a), ERR_STALE);       /* full: older than all that is kept */
    assert_int_equal(signed_charter(&home, 2, 0, &b), ERR_CONFLICT);    /* still kept */
    assert_int_equal(signed_charter(&home, 5, 0, &b), OK);              /* between: 2 falls out */
    assert_int_equal(signed_charter(&home, 2, 0, &a), ERR_STALE);
    assert_int_equal(signed_charter(&home, 4, 0, &b), ERR_CONFLICT);
    assert_int_equal(signed_charter(&home, 1000, 0, &a), OK);           /* 4 falls out */
    assert_int_equal(signed_charter(&home, 4, 9, &b), ERR_STALE);
    assert_int_equal(signed_charter(&home, 5, 0, &a), ERR_CONFLICT);
    assert_int_equal(signed_charter(&home, 5, 0, &b), OK);
    for (uint32_t v = 3; v <= SIGNED_VERSIONS_MAX; v++)                 /* none was lost in the moves */
        assert_int_equal(signed_charter(&home, v * 2, 0, &b), ERR_CONFLICT);
    assert_int_equal(signed_charter(&home, 1000, 0, &b), ERR_CONFLICT);
}

static void a_damaged_record_signs_nothing_and_is_left_as_it_is(void **state)
{
    (void)state;
#define LINE(v) v " 0 aa" ZEROS "\n"
    static const char *const bad[] = {
        "", "folkmoot signed v2\n", "folkmoot signed v1\n\n", "folkmoot signed v1\n1 0 aa\n",
        "folkmoot signed v1\n" LINE("1") LINE("2"), "folkmoot signed v1\n" LINE("1") LINE("1"),
        "folkmoot signed v1\n1 0 AA" ZEROS "\n", "folkmoot signed v1\n1 0 aa" ZEROS,
        "folkmoot signed v1\n1 aa" ZEROS "\n", "folkmoot signed v1\n" LINE("4294967296")};
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        put_file(in_home(HOME_SIGNED), bad[i]);
        assert_int_equal(signed_charter(&home, 7, 0, &a), ERR_CORRUPT);
        file_holds(in_home(HOME_SIGNED), bad[i]);
    }
}

static void a_record_that_cannot_be_written_permits_nothing(void **state)
{
    (void)state;
    assert_int_equal(signed_charter(&home, 1, 0, &a), OK);
    if (geteuid() == 0)
        assert_int_equal(chown(in_home(HOME_SIGNED), 65534, 65534), 0);
    assert_int_equal(chmod(in_home(HOME_PRIVATE), 0500), 0);
    if (geteuid() == 0)
        assert_int_equal(chown(home.path, 65534, 65534), 0);
    be_nobody(in_home(HOME_PRIVATE));
    enum err e = signed_charter(&home, 2, 0, &a), again = signed_charter(&home, 1, 0, &a);
    be_ourselves_again();
    assert_int_equal(chmod(in_home(HOME_PRIVATE), 0700), 0);
    assert_int_equal(e, ERR_DENIED);
    assert_int_equal(again, OK);                        /* it is recorded already */
    assert_int_equal(names_in(in_home(HOME_PRIVATE)), 1);
}

static void the_head_is_kept_whole(void **state)
{
    (void)state;
    static uint8_t large[CHECKPOINT_MAX + 1];
    struct buf note = buf_on(0);
    assert_int_equal(head_load(&home, &note), ERR_UNKNOWN);
    assert_int_equal(head_save(&home, bytes_of("size 1\n")), OK);
    assert_int_equal(head_save(&home, bytes_of("size 2\n")), OK);
    assert_int_equal(head_load(&home, &note), OK);
    assert_string_equal(buf_str(&note), "size 2\n");
    buf_release(&note);
    assert_int_equal(mode_of(in_home(HOME_HEAD)), 0600);
    assert_int_equal(head_save(&home, (struct bytes){large, CHECKPOINT_MAX}), OK);
    assert_int_equal(head_load(&home, &note), OK);
    assert_int_equal(note.len, CHECKPOINT_MAX);
    buf_release(&note);
    assert_int_equal(head_save(&home, (struct bytes){large, sizeof(large)}), OK);
    assert_int_equal(head_load(&home, &note), ERR_CORRUPT);
}

#define H(name) cmocka_unit_test_setup_teardown(name, make_top_and_home, remove_top)
int main(void)
{
    const struct CMUnitTest tests[] = {
        H(a_text_may_be_signed_again_and_another_never),
        H(rounds_only_go_up),
        H(what_was_signed_is_on_disk_newest_first),
        H(what_was_forgotten_is_never_signed),
        H(a_damaged_record_signs_nothing_and_is_left_as_it_is),
        H(a_record_that_cannot_be_written_permits_nothing),
        H(the_head_is_kept_whole),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
