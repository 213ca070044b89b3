#include "tests/unit/store_fixture.h"
#include "tests/store/shim.h"

/* One scripted life of a store.  Whatever operation fails, what was acknowledged before is there
 * afterwards, whole, and the failed step is there whole or not at all. */

struct ledger {                                 /* what was acknowledged */
    uint64_t size, maybe;                       /* maybe: of the one step that may or may not be there */
    bool has_charter, has_promise, has_hole;
    enum err last;
};

static char path[160];

static void remove_store(void)
{
    static const char *const suffixes[] = {"", "-wal", "-shm", ".suspect", ".mending"};
    char name[200];
    for (size_t i = 0; i < sizeof(suffixes) / sizeof(suffixes[0]); i++) {
        (void)snprintf(name, sizeof(name), "%s%s", path, suffixes[i]);
        (void)unlink(name);
    }
    shim_forget();
}

static enum err grow_noted(struct store *s, struct author *a, size_t n, struct ledger *l)
{
    l->maybe = a->frontier.size + n;
    enum err e = grow(s, a, n);
    if (e == OK)
        l->size = l->maybe;
    return e;
}

static enum err first_half(struct store *s, struct author *a, struct ledger *l)
{
    struct hash h = {{7}};
    enum err e = store_put_charter(s, &h, 1, 0, bytes_of("the charter"));
    if (e != OK)
        return e;
    l->has_charter = true;
    for (size_t i = 0; i < 5; i++) {
        if ((e = grow_noted(s, a, 20 + i, l)) != OK)
            return e;
        if (i == 2 && (e = store_keep_checkpoint(s, &a->origin, a->frontier.size)) != OK)
            return e;
    }
    struct hash root = frontier_root(&a->frontier);
    struct cosig c = {.log = {a->origin.slug, 1}, .size = l->size, .root = root, .witness = slug_of("kent"),
                      .time_s = 9};
    if ((e = store_begin(s)) != OK)
        return e;
    e = store_put_cosig(s, &a->origin, &c);
    if (e == OK)
        e = store_put_cosigned(s, &a->origin, l->size, &root, 9);
    if (e == OK)
        e = store_commit(s);
    else
        store_rollback(s);
    l->has_promise = e == OK;
    return e;
}

static enum err second_half(struct store *s, struct author *a, struct ledger *l)
{
    enum err e = store_erase(s, &a->origin, 11, 20);
    if (e != OK)
        return e;
    l->has_hole = true;
    l->maybe = 63;
    if ((e = store_cut_back(s, &a->origin, 63)) != OK)
        return e;
    l->size = 63;
    return OK;
}

static struct frontier frontier_of(const struct author *a, uint64_t size)
{
    struct author again = author_of(a->origin.slug.s);
    struct made m = make_from(&again, &again.frontier, (size_t)size);
    struct frontier f = m.after;
    made_free(&m);
    return f;
}

static enum err live(struct ledger *l)
{
    struct author a = author_of("barset");
    struct store *s = NULL;
    struct store_report report;
    enum err e = store_open(path, STORE_WRITE, &s, &report);
    if (e != OK)
        return e;
    e = first_half(s, &a, l);
    if (e == OK)
        e = second_half(s, &a, l);
    store_close(s);
    if (e != OK || (e = store_open(path, STORE_WRITE, &s, &report)) != OK)
        return e;
    a.frontier = frontier_of(&a, 63);
    e = grow_noted(s, &a, 30, l);
    store_close(s);
    return e;
}

static enum err count_note(void *arg, struct bytes note)
{
    assert_true(bytes_equal(note, bytes_of("the charter")));
    ++*(int *)arg;
    return OK;
}

static enum err count_hole(void *arg, const struct hole *h)
{
    assert_int_equal(h->idx, 11);
    ++*(int *)arg;
    return OK;
}

static void assert_kept(const struct ledger *l)
{
    struct author a = author_of("barset");
    struct store *s = NULL;
    struct store_report report;
    struct log_state state = {0};
    struct buf note = buf_on(CHECKPOINT_MAX);
    int charters = 0, holes = 0;
    assert_int_equal(store_open(path, STORE_WRITE, &s, &report), OK);
    assert_false(report.was_quarantined);       /* a failing disk is no damaged file */
    uint64_t size = size_of(s, &a);
    assert_true(size == l->size || size == l->maybe);
    assert_int_equal(audit_store(s), OK);
    assert_int_equal(store_each_charter(s, count_note, &charters), OK);
    assert_true(charters == 1 || (charters == 0 && !l->has_charter));
    if (size > 0) {
        assert_int_equal(store_each_hole(s, &a.origin, count_hole, &holes), OK);
        assert_true(holes == 1 || (holes == 0 && !l->has_hole));
        assert_int_equal(store_log(s, &a.origin, &state, &note), OK);
        assert_true(state.cosigned_size == 110 || (state.cosigned_size == 0 && !l->has_promise));
        a.frontier = state.frontier;
    }
    assert_int_equal(grow(s, &a, 3), OK);       /* and it is good for more */
    assert_int_equal(audit_store(s), OK);
    store_close(s);
    buf_release(&note);
}

/* From every n-th operation to fail, to the first life in which none did. Returns how many lives failed. */
static unsigned fail_each(unsigned kinds, int code, bool stays, enum err expect)
{
    unsigned failed = 0, lives = 0;
    for (uint64_t n = 1; ; n += kinds == OP_MALLOC ? 1 + n / 60 : 1) {
        struct ledger l = {0};
        remove_store();
        shim_plan(kinds, n, code, stays, false);
        enum err e = live(&l);
        bool fired = plan.fired;
        shim_heal();
        lives++;
        if (!fired) {
            assert_int_equal(e, OK);
            assert_int_equal(l.size, 93);
            assert_kept(&l);
            break;
        }
        if (e != OK && e != expect)
            fail_msg("operation %u: %s", (unsigned)n, err_code(e));
        failed += e != OK;
        assert_kept(&l);
    }
    assert_true(lives > 3);
    return failed;
}

static void a_write_that_fails_undoes_its_step_only(void **state)
{
    (void)state;
    assert_in_range(fail_each(OP_WRITE, SQLITE_IOERR_WRITE, false, ERR_IO), 10, 100000);
}

static void a_disk_that_is_full_and_stays_so_loses_nothing(void **state)
{
    (void)state;
    assert_in_range(fail_each(OP_WRITE, SQLITE_FULL, true, ERR_FULL), 10, 100000);
    assert_in_range(fail_each(OP_WRITE, SQLITE_FULL, false, ERR_FULL), 10, 100000);
}

static void a_sync_that_fails_is_no_acknowledgement(void **state)
{
    (void)state;
    assert_in_range(fail_each(OP_SYNC, 0, false, ERR_IO), 5, 100000);
    assert_in_range(fail_each(OP_SYNC, 0, true, ERR_IO), 5, 100000);
}

static void opening_truncating_and_deleting_may_fail(void **state)
{
    (void)state;
    assert_in_range(fail_each(OP_OPEN, 0, false, ERR_IO), 1, 100000);
    (void)fail_each(OP_OPEN | OP_TRUNCATE | OP_DELETE, 0, true, ERR_IO);
}

static void memory_that_runs_out_is_said_and_loses_nothing(void **state)
{
    (void)state;
    assert_in_range(fail_each(OP_MALLOC, 0, false, ERR_NOMEM), 50, 100000);
    assert_in_range(fail_each(OP_MALLOC, 0, true, ERR_NOMEM), 50, 100000);
}

/* The machine dies at the n-th operation; of what was not synced nothing, or any part, has reached the disk. */
static void what_was_acknowledged_survives_a_power_cut(void **state)
{
    (void)state;
    unsigned cuts = 0;
    for (uint64_t n = 1; ; n++) {
        bool fired = true;
        for (uint64_t seed = 0; seed < 3 && fired; seed++) {
            char shm[200];
            struct ledger l = {0};
            remove_store();
            shim_plan(OP_WRITE | OP_SYNC | OP_TRUNCATE | OP_DELETE, n, SQLITE_IOERR_WRITE, false, true);
            (void)live(&l);
            fired = plan.fired;
            shim_heal();
            (void)snprintf(shm, sizeof(shm), "%s-shm", path);
            (void)unlink(shm);
            if (fired)
                shim_reboot(seed > 0, n * 3 + seed);
            assert_kept(&l);
        }
        cuts++;
        if (!fired)
            break;
    }
    assert_true(cuts > 30);
}

static int start(void **state)
{
    if (make_folder(state) != 0)
        return -1;
    (void)snprintf(path, sizeof(path), "%s", in_folder("log.db"));
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_write_that_fails_undoes_its_step_only),
        cmocka_unit_test(a_disk_that_is_full_and_stays_so_loses_nothing),
        cmocka_unit_test(a_sync_that_fails_is_no_acknowledgement),
        cmocka_unit_test(opening_truncating_and_deleting_may_fail),
        cmocka_unit_test(memory_that_runs_out_is_said_and_loses_nothing),
        cmocka_unit_test(what_was_acknowledged_survives_a_power_cut),
    };
    if (shim_start() != 0)
        return 2;
    int rc = cmocka_run_group_tests(tests, start, drop_folder);
    shim_forget();
    return rc;
}
