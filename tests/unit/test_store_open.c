#include "store_fixture.h"

#include <fcntl.h>
#include <glob.h>
#include <sqlite3.h>
#include <sys/stat.h>

static const char *path;
static int number;

static int setup(void **state)
{
    char name[32];
    (void)state;
    (void)snprintf(name, sizeof(name), "log-%d.db", ++number);
    free((void *)(uintptr_t)path);
    path = strdup(in_folder(name));
    return path != NULL ? 0 : -1;
}

static void put_file(const char *name, const void *p, size_t len)
{
    FILE *f = fopen(name, "wb");
    assert_non_null(f);
    assert_int_equal(fwrite(p, 1, len, f), len);
    assert_int_equal(fclose(f), 0);
}

static uint8_t *get_file(const char *name, size_t *ret_len)
{
    FILE *f = fopen(name, "rb");
    assert_non_null(f);
    assert_int_equal(fseek(f, 0, SEEK_END), 0);
    *ret_len = (size_t)ftell(f);
    rewind(f);
    uint8_t *p = malloc(*ret_len + 1);
    assert_non_null(p);
    assert_int_equal(fread(p, 1, *ret_len, f), *ret_len);
    assert_int_equal(fclose(f), 0);
    return p;
}

static void a_new_store_is_its_owners_alone(void **state)
{
    (void)state;
    struct stat st;
    struct store *s = NULL;
    struct store_report report;
    uint64_t bytes = 0;
    assert_int_equal(store_open(path, STORE_READ, &s, &report), ERR_UNKNOWN);
    assert_int_equal(access(path, F_OK), -1);
    s = open_store(path);
    struct author a = author_of("barset");
    assert_int_equal(grow(s, &a, 3), OK);
    assert_int_equal(stat(path, &st), 0);
    assert_int_equal(st.st_mode & 0777, 0600);
    char wal[200];
    (void)snprintf(wal, sizeof(wal), "%s-wal", path);
    assert_int_equal(stat(wal, &st), 0);
    assert_int_equal(st.st_mode & 0777, 0600);
    assert_int_equal(store_bytes(s, &bytes), OK);
    assert_true(bytes >= 8192);
    store_close(s);
    store_close(NULL);
}

static void what_was_committed_is_there_when_opened_again(void **state)
{
    (void)state;
    struct author a = author_of("barset");
    struct store *s = open_store(path), *r = NULL;
    struct store_report report;
    assert_int_equal(grow(s, &a, 30), OK);
    store_close(s);
    assert_int_equal(store_open(path, STORE_READ, &r, &report), OK);
    assert_int_equal(size_of(r, &a), 30);
    assert_int_equal(audit_store(r), OK);
    store_close(r);
}

static void of_two_writers_the_second_conflicts(void **state)
{
    (void)state;
    struct author a = author_of("barset"), b = a;
    struct store *one = open_store(path), *two = open_store(path);
    assert_int_equal(grow(one, &a, 5), OK);
    assert_int_equal(grow(two, &b, 3), ERR_CONFLICT);
    assert_int_equal(size_of(two, &a), 5);
    assert_int_equal(grow(two, &a, 5), OK);
    assert_int_equal(size_of(one, &a), 10);
    assert_int_equal(audit_store(one), OK);
    store_close(one);
    store_close(two);
}

static void the_data_version_tells_of_others_commits_only(void **state)
{
    (void)state;
    struct author a = author_of("barset");
    struct store *one = open_store(path), *two = open_store(path);
    uint64_t before = 0, after = 0;
    assert_int_equal(store_data_version(one, &before), OK);
    assert_int_equal(grow(one, &a, 1), OK);
    assert_int_equal(store_data_version(one, &after), OK);
    assert_int_equal(before, after);
    assert_int_equal(grow(two, &a, 1), OK);
    assert_int_equal(store_data_version(one, &after), OK);
    assert_int_not_equal(before, after);
    store_close(one);
    store_close(two);
}

struct reading { struct store *writer; struct author *a; int n; };

static enum err write_meanwhile(void *arg, uint64_t idx, const struct item *item)
{
    struct reading *r = arg;
    (void)item;
    assert_int_equal(idx, r->n++);
    if (idx % 4 == 0)
        assert_int_equal(grow(r->writer, r->a, 7), OK);
    return OK;
}

static void a_reader_sees_one_state_while_another_writes(void **state)
{
    (void)state;
    struct author a = author_of("barset");
    struct store *one = open_store(path), *two = open_store(path);
    assert_int_equal(grow(one, &a, 20), OK);
    struct reading r = {.writer = two, .a = &a};
    assert_int_equal(store_each_entry(one, &a.origin, 0, UINT64_MAX, write_meanwhile, &r), OK);
    assert_int_equal(r.n, 20);
    assert_int_equal(size_of(one, &a), 20 + 5 * 7);
    assert_int_equal(audit_store(one), OK);
    store_close(one);
    store_close(two);
}

static void a_group_is_there_together_or_not_at_all(void **state)
{
    (void)state;
    struct author a = author_of("barset"), before;
    struct buf b = buf_on(10);
    struct store *s = open_store(path), *other = open_store(path);
    assert_int_equal(store_begin(s), OK);
    assert_int_equal(grow(s, &a, 5), OK);
    assert_int_equal(store_set(s, "slug", bytes_of("x")), OK);
    assert_int_equal(size_of(other, &a), 0);
    assert_int_equal(store_commit(s), OK);
    assert_int_equal(size_of(other, &a), 5);

    before = a;
    assert_int_equal(store_begin(s), OK);
    assert_int_equal(grow(s, &a, 5), OK);
    assert_int_equal(store_unset(s, "slug"), OK);
    store_rollback(s);
    assert_int_equal(size_of(s, &a), 5);
    assert_int_equal(store_get(s, "slug", &b), OK);

    a = before;
    assert_int_equal(store_begin(s), OK);       /* a write that failed spoils the group, whatever its caller does */
    assert_int_equal(grow(s, &a, 5), OK);
    assert_int_equal(grow(s, &before, 5), ERR_CONFLICT);
    assert_int_equal(store_set(s, "slug", bytes_of("y")), ERR_CONFLICT);
    assert_int_equal(store_commit(s), ERR_CONFLICT);
    assert_int_equal(size_of(s, &a), 5);
    assert_int_equal(store_begin(s), OK);
    store_close(s);                             /* as good as a rollback */
    assert_int_equal(grow(other, &before, 5), OK);
    store_close(other);
    buf_release(&b);
}

static void entries_and_payloads_resist_other_peoples_sql(void **state)
{
    (void)state;
    struct author a = author_of("barset");
    struct store *s = open_store(path);
    assert_int_equal(grow(s, &a, 5), OK);
    store_close(s);
    sqlite3 *db = NULL;
    assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
    static const char *const tries[] = {
        "UPDATE entry SET header = x'00'", "UPDATE entry SET sum = 1", "UPDATE entry SET id = id + 1",
        "DELETE FROM entry",
        "DELETE FROM payload", "UPDATE payload SET bytes = x'00'", "UPDATE payload SET sum = 1",
        "INSERT INTO entry (id, sum, header) VALUES (9, 'x', x'00')"};
    for (size_t i = 0; i < sizeof(tries) / sizeof(tries[0]); i++)
        assert_int_equal(sqlite3_exec(db, tries[i], NULL, NULL, NULL), SQLITE_CONSTRAINT);
    assert_int_equal(sqlite3_close(db), SQLITE_OK);
    s = open_store(path);
    assert_int_equal(audit_store(s), OK);
    store_close(s);
}

/* ---- older, newer and foreign files ---- */

static enum err is_of_time_10(void *arg, const struct cosig *c)
{
    ++*(size_t *)arg;
    return c->time_s == 10 ? OK : ERR_STALE;
}

static enum err see_program(void *arg, const struct peer_row *p)
{
    (void)snprintf(arg, PROGRAM_MAX + 1, "%s", p->program);
    return OK;
}

/* Version 2 did not keep the first word of a witness. */
static void a_store_of_version_2_is_brought_up_with_all_it_holds(void **state)
{
    (void)state;
    struct author a = author_of("barset");
    struct store *s = open_store(path);
    struct cosig c = {.log = {a.origin.slug, 1}, .size = 5, .witness = slug_of("kent"), .time_s = 10};
    struct cosig newer = c;
    size_t n = 0;
    assert_int_equal(grow(s, &a, 5), OK);
    assert_int_equal(store_put_cosig(s, &a.origin, &c), OK);
    store_close(s);
    sqlite3 *db = NULL;
    assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
    assert_int_equal(sqlite3_exec(db, "DROP TABLE cosig_first; PRAGMA user_version = 2;"
                                  "UPDATE meta SET value = CAST('2' AS BLOB) WHERE key = 'schema'",
                                  NULL, NULL, NULL), SQLITE_OK);
    assert_int_equal(sqlite3_close(db), SQLITE_OK);
    s = open_store(path);
    assert_int_equal(audit_store(s), OK);
    newer.time_s = 20;
    assert_int_equal(store_put_cosig(s, &a.origin, &newer), OK);
    assert_int_equal(store_each_first_cosig(s, &a.origin, 5, is_of_time_10, &n), OK);
    assert_int_equal(n, 1);
    store_close(s);
}

/* Version 1 knew no program of a peer. */
static void a_store_of_version_1_is_brought_up_with_all_it_holds(void **state)
{
    (void)state;
    struct author a = author_of("barset");
    struct store *s = open_store(path);
    struct peer_row p = {.slug = slug_of("kent"), .address = "h:1", .state = PEER_OPEN, .rtt_ms = -1, .program = "x"};
    char program[PROGRAM_MAX + 1] = "";
    assert_int_equal(grow(s, &a, 5), OK);
    assert_int_equal(store_put_peer(s, &p), OK);
    store_close(s);
    sqlite3 *db = NULL;
    assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
    assert_int_equal(sqlite3_exec(db, "ALTER TABLE peer DROP COLUMN program; DROP TABLE cosig_first; PRAGMA user_version = 1;"
                                  "UPDATE meta SET value = CAST('1' AS BLOB) WHERE key = 'schema'",
                                  NULL, NULL, NULL), SQLITE_OK);
    assert_int_equal(sqlite3_close(db), SQLITE_OK);
    s = open_store(path);
    assert_int_equal(audit_store(s), OK);
    assert_int_equal(store_each_peer(s, see_program, program), OK);
    assert_string_equal(program, "");
    assert_int_equal(store_put_peer(s, &p), OK);
    assert_int_equal(store_each_peer(s, see_program, program), OK);
    assert_string_equal(program, "x");
    store_close(s);
}

static void a_newer_schema_is_refused_and_left_untouched(void **state)
{
    (void)state;
    struct author a = author_of("barset");
    struct store *s = open_store(path);
    struct store_report report;
    assert_int_equal(grow(s, &a, 5), OK);
    store_close(s);
    sqlite3 *db = NULL;
    assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
    assert_int_equal(sqlite3_exec(db, "PRAGMA user_version = 99;"
                                  "UPDATE meta SET value = CAST('99' AS BLOB) WHERE key = 'schema'",
                                  NULL, NULL, NULL), SQLITE_OK);
    assert_int_equal(sqlite3_close(db), SQLITE_OK);
    size_t len, len_after;
    uint8_t *before = get_file(path, &len);
    assert_int_equal(store_open(path, STORE_WRITE, &s, &report), ERR_SCHEMA);
    assert_int_equal(store_open(path, STORE_READ, &s, &report), ERR_SCHEMA);
    assert_false(report.was_quarantined);
    char mark[200];                             /* nor is it put aside where it was suspected: whoever wrote it mends it */
    (void)snprintf(mark, sizeof(mark), "%s.suspect", path);
    put_file(mark, "", 0);
    assert_int_equal(store_open(path, STORE_WRITE, &s, &report), ERR_SCHEMA);
    assert_false(report.was_quarantined);
    uint8_t *after = get_file(path, &len_after);
    assert_int_equal(len, len_after);
    assert_memory_equal(before, after, len);
    free(before);
    free(after);
}

/* ---- damage ---- */

/* Opening after damage: it may have been mended or not noticed yet. Whatever calls return verifies, or they say that
 * the store is damaged; then opening again mends it, and it is good for more. */
static struct store *open_damaged(struct store_report *report)
{
    struct store *s = NULL;
    assert_int_equal(store_open(path, STORE_WRITE, &s, report), OK);
    if (audit_store(s) == OK)
        return s;
    store_close(s);
    s = NULL;
    assert_int_equal(store_open(path, STORE_WRITE, &s, report), OK);
    assert_true(report->was_quarantined);
    assert_int_equal(audit_store(s), OK);
    return s;
}

/* Some damage is met by the first write only (the list of free pages): then opening again mends it. */
static struct store *assert_usable(struct store *s)
{
    struct author n = author_of("newcomer");
    struct store_report report;
    if (grow(s, &n, 40) == ERR_CORRUPT) {
        store_close(s);
        s = NULL;
        assert_int_equal(store_open(path, STORE_WRITE, &s, &report), OK);
        assert_true(report.was_quarantined);
        assert_int_equal(grow(s, &n, 40), OK);
    }
    assert_int_equal(size_of(s, &n), 40);
    assert_int_equal(audit_store(s), OK);
    return s;
}

static void a_file_that_is_no_store_is_put_aside(void **state)
{
    (void)state;
    static const char *const contents[] = {"this is no database", "SQLite format 3", ""};
    for (size_t i = 0; i < 3; i++) {
        struct store *s = NULL;
        struct store_report report;
        put_file(path, contents[i], strlen(contents[i]));
        assert_int_equal(store_open(path, STORE_WRITE, &s, &report), OK);
        assert_int_equal(report.was_quarantined, contents[i][0] != '\0');     /* an empty file is a new one */
        if (report.was_quarantined) {
            size_t len;
            uint8_t *kept = get_file(report.quarantine, &len);
            assert_int_equal(len, strlen(contents[i]));
            free(kept);
        }
        store_close(assert_usable(s));
        assert_int_equal(unlink(path), 0);
    }
    sqlite3 *db = NULL;                         /* a good database, and not ours */
    struct store *s = NULL;
    struct store_report report;
    assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
    assert_int_equal(sqlite3_exec(db, "CREATE TABLE t (a); PRAGMA user_version = 1", NULL, NULL, NULL), SQLITE_OK);
    assert_int_equal(sqlite3_close(db), SQLITE_OK);
    assert_int_equal(store_open(path, STORE_WRITE, &s, &report), OK);
    assert_true(report.was_quarantined);
    store_close(assert_usable(s));
}

/* Its `meta` is not ours, though it is called so. */
static void nothing_is_taken_over_from_another_programs_tables(void **state)
{
    (void)state;
    sqlite3 *db = NULL;
    struct store *s = NULL;
    struct store_report report;
    struct buf value = buf_on(64);
    assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
    assert_int_equal(sqlite3_exec(db, "CREATE TABLE meta (key TEXT PRIMARY KEY, value); INSERT INTO meta VALUES ('alliance', 'x')",
                                  NULL, NULL, NULL), SQLITE_OK);
    assert_int_equal(sqlite3_close(db), SQLITE_OK);
    assert_int_equal(store_open(path, STORE_WRITE, &s, &report), OK);
    assert_true(report.was_quarantined);
    assert_int_equal(store_get(s, "alliance", &value), ERR_UNKNOWN);
    store_close(assert_usable(s));
    buf_release(&value);
}

static void what_is_no_file_is_put_out_of_the_way(void **state)
{
    (void)state;
    struct store *s = NULL;
    struct store_report report;
    struct stat st;
    assert_int_equal(mkdir(path, 0700), 0);
    assert_int_equal(store_open(path, STORE_READ, &s, &report), ERR_CORRUPT);
    assert_int_equal(store_open(path, STORE_WRITE, &s, &report), OK);
    assert_true(report.was_quarantined);
    assert_int_equal(stat(report.quarantine, &st), 0);
    assert_true(S_ISDIR(st.st_mode));
    store_close(assert_usable(s));
    assert_int_equal(unlink(path), 0);
    assert_int_equal(mkfifo(path, 0600), 0);    /* on which a careless open would wait for ever */
    assert_int_equal(store_open(path, STORE_READ, &s, &report), ERR_CORRUPT);
    assert_int_equal(store_open(path, STORE_WRITE, &s, &report), OK);
    assert_true(report.was_quarantined);
    store_close(assert_usable(s));
}

/* A reader finds a file of noise; the daemon, whose pages are all in memory, would not for long. */
static void damage_that_a_reader_meets_is_told_to_whoever_has_it_open(void **state)
{
    (void)state;
    struct author a = author_of("barset");
    struct store *s = open_store(path), *r = NULL;
    struct store_report report;
    uint64_t version;
    assert_int_equal(grow(s, &a, 30), OK);
    store_close(s);                             /* so that the file has it all, and no WAL */
    s = open_store(path);
    assert_int_equal(store_data_version(s, &version), OK);
    put_file(path, "noise, and nothing else", 23);
    assert_int_equal(store_open(path, STORE_READ, &r, &report), ERR_CORRUPT);
    assert_int_equal(store_data_version(s, &version), ERR_CORRUPT);
    store_close(s);
    assert_int_equal(store_open(path, STORE_WRITE, &s, &report), OK);
    assert_true(report.was_quarantined);
    assert_int_equal(store_data_version(s, &version), OK);
    store_close(assert_usable(s));
}

static const char *const names[] = {"barset", "cranford", "milton"};

/* Three logs, a hole, charters, an identity, an invite: about 1 MB. */
static void make_sample(struct author a[3])
{
    struct store *s = open_store(path);
    struct hash h = {{1}};
    for (size_t i = 0; i < 3; i++)
        a[i] = author_of(names[i]);
    for (size_t n = 0; n < 12; n++)
        for (size_t i = 0; i < 3; i++)
            assert_int_equal(grow(s, &a[i], 100 + 7 * n + i), OK);
    assert_int_equal(store_erase(s, &a[1].origin, 50, 100), OK);
    assert_int_equal(store_put_charter(s, &h, 1, 0, bytes_of("a charter")), OK);
    assert_int_equal(store_put_identity(s, &a[0].origin.slug, 1, bytes_of("an identity")), OK);
    assert_int_equal(store_set(s, "slug", bytes_of("barset")), OK);
    struct cosig c = {.log = {a[0].origin.slug, 1}, .size = a[0].frontier.size, .root = frontier_root(&a[0].frontier),
                      .witness = a[1].origin.slug, .time_s = 5};
    assert_int_equal(store_put_cosig(s, &a[0].origin, &c), OK);
    assert_int_equal(store_put_cosigned(s, &a[0].origin, c.size, &c.root, 5), OK);
    assert_int_equal(store_freeze(s, &a[2].origin, bytes_of("two stories")), OK);
    store_close(s);
}

static enum err count_note(void *arg, struct bytes note)
{
    (void)note;
    ++*(int *)arg;
    return OK;
}

static enum err count_cosig(void *arg, const struct cosig *c)
{
    (void)c;
    ++*(int *)arg;
    return OK;
}

static void a_sound_store_taken_for_damaged_loses_nothing(void **state)
{
    (void)state;
    struct author a[3];
    char mark[200];
    struct store *s = NULL;
    struct store_report report;
    struct buf b = buf_on(CHECKPOINT_MAX);
    struct log_state l;
    int charters = 0, evidence = 0, cosigs = 0;
    make_sample(a);
    (void)snprintf(mark, sizeof(mark), "%s.suspect", path);
    put_file(mark, "", 0);
    assert_int_equal(store_open(path, STORE_WRITE, &s, &report), OK);
    assert_true(report.was_quarantined);
    assert_int_equal(report.logs_cut_back, 0);
    assert_int_equal(access(report.quarantine, F_OK), 0);
    assert_int_equal(access(mark, F_OK), -1);
    for (size_t i = 0; i < 3; i++)
        assert_int_equal(size_of(s, &a[i]), a[i].frontier.size);
    assert_int_equal(audit_store(s), OK);
    assert_int_equal(store_each_charter(s, count_note, &charters), OK);
    assert_int_equal(store_each_evidence(s, count_note, &evidence), OK);
    assert_int_equal(store_each_cosig(s, &a[0].origin, a[0].frontier.size, count_cosig, &cosigs), OK);
    assert_int_equal(charters, 1);
    assert_int_equal(evidence, 1);
    assert_int_equal(cosigs, 1);
    assert_int_equal(store_get(s, "slug", &b), OK);
    assert_int_equal(store_log(s, &a[0].origin, &l, &b), OK);
    assert_int_equal(l.cosigned_size, a[0].frontier.size);
    assert_int_equal(l.whole, a[0].frontier.size);
    assert_int_equal(store_log(s, &a[1].origin, &l, &b), OK);
    assert_int_equal(l.whole, a[1].frontier.size);      /* its hole is excused */
    assert_int_equal(store_log(s, &a[2].origin, &l, &b), OK);
    assert_true(l.is_frozen);
    store_close(assert_usable(s));
    buf_release(&b);
}

static void a_truncated_store_keeps_what_verifies(void **state)
{
    (void)state;
    struct author a[3];
    size_t len;
    make_sample(a);
    uint8_t *whole = get_file(path, &len);
    for (size_t part = 1; part < 10; part++) {
        struct store_report report;
        put_file(path, whole, len * part / 10);
        struct store *s = open_damaged(&report);
        for (size_t i = 0; i < 3; i++)
            assert_true(size_of(s, &a[i]) <= a[i].frontier.size);
        store_close(assert_usable(s));
    }
    free(whole);
}

/* One to eight bytes flipped in a place of their own, 50 times; and the header, byte by byte. */
static void damage_anywhere_never_refuses_and_nothing_false_is_returned(void **state)
{
    (void)state;
    struct author a[3];
    size_t len;
    uint64_t salvaged = 0, all = 0;
    make_sample(a);
    uint8_t *whole = get_file(path, &len), *bad = malloc(len);
    assert_non_null(bad);
    for (uint64_t seed = 0; seed < 150; seed++) {
        uint64_t random = seed;
        struct store_report report;
        memcpy(bad, whole, len);
        size_t at = seed < 100 ? (size_t)seed : next_random(&random) % len;
        size_t n = seed < 100 ? 1 : 1 + next_random(&random) % 8;
        for (size_t i = at; i < at + n && i < len; i++)
            bad[i] ^= (uint8_t)(1 + next_random(&random) % 255);
        put_file(path, bad, len);
        struct store *s = open_damaged(&report);
        for (size_t i = 0; i < 3; i++) {
            if (size_of(s, &a[i]) > a[i].frontier.size)
                fail_msg("seed %u: more than there was", (unsigned)seed);
            salvaged += seed < 100 ? 0 : size_of(s, &a[i]);
            all += seed < 100 ? 0 : a[i].frontier.size;
        }
        store_close(assert_usable(s));
    }
    assert_true(salvaged > all * 6 / 10);       /* a bad spot costs one log what follows its last boundary, no more */
    free(whole);
    free(bad);
}

static void rot_met_while_reading_is_said_and_mended_at_the_next_opening(void **state)
{
    (void)state;
    struct author a = author_of("barset");
    struct store_report report;
    struct log_ref ref = {a.origin.slug, 1};
    struct buf items = buf_on(1 << 22), note = buf_on(CHECKPOINT_MAX);
    size_t len, n;
    struct store *s = open_store(path);
    for (int i = 0; i < 4; i++)
        assert_int_equal(grow(s, &a, 1024), OK);
    store_close(s);
    struct buf header = buf_on(HEADER_MAX), payload = buf_on(PAYLOAD_MAX);
    make_entry(&a, 2500, kind_at(2500), &header, &payload);
    uint8_t *whole = get_file(path, &len);
    size_t at = 0;
    while (at + 40 < len && memcmp(whole + at, payload.p, 40) != 0)
        at++;
    whole[at + 20] ^= 4;
    put_file(path, whole, len);
    s = open_store(path);                       /* the ends of the log are good: not seen yet */
    assert_int_equal(store_read_span(s, &ref, 0, UINT64_MAX, 1 << 22, &items, &n, &note), OK);
    assert_int_equal(n, 1024);
    assert_int_equal(store_read_span(s, &ref, 2048, UINT64_MAX, 1 << 22, &items, &n, &note), ERR_CORRUPT);
    store_close(s);
    assert_int_equal(store_open(path, STORE_WRITE, &s, &report), OK);
    assert_true(report.was_quarantined);
    assert_int_equal(report.logs_cut_back, 1);
    assert_int_equal(size_of(s, &a), 2048);
    assert_int_equal(audit_store(s), OK);
    store_close(s);
    s = open_store(path);                       /* once */
    store_close(s);
    free(whole);
    buf_release(&header);
    buf_release(&payload);
    buf_release(&items);
    buf_release(&note);
}

static void a_flipped_bit_in_a_promise_is_seen_at_opening(void **state)
{
    (void)state;
    struct author a = author_of("barset");
    struct store_report report;
    struct log_state l;
    struct buf note = buf_on(CHECKPOINT_MAX);
    struct store *s = open_store(path);
    assert_int_equal(grow(s, &a, 9), OK);
    struct hash root = frontier_root(&a.frontier);
    assert_int_equal(store_put_cosigned(s, &a.origin, 9, &root, 5), OK);
    store_close(s);
    sqlite3 *db = NULL;
    assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
    assert_int_equal(sqlite3_exec(db, "UPDATE log SET cosigned_size = 1033", NULL, NULL, NULL), SQLITE_OK);
    assert_int_equal(sqlite3_close(db), SQLITE_OK);
    assert_int_equal(store_open(path, STORE_WRITE, &s, &report), OK);
    assert_true(report.was_quarantined);
    assert_int_equal(store_log(s, &a.origin, &l, &note), OK);
    assert_int_equal(l.frontier.size, 9);
    assert_int_equal(l.cosigned_size, 0);       /* peers give it back before we cosign */
    store_close(s);
    buf_release(&note);
}

static void nothing_is_acknowledged_into_a_file_that_was_put_aside(void **state)
{
    (void)state;
    struct author a = author_of("barset");
    struct store_report report;
    char mark[200];
    uint64_t v = 0;
    struct store *old = open_store(path), *new = NULL;
    assert_int_equal(grow(old, &a, 9), OK);
    (void)snprintf(mark, sizeof(mark), "%s.suspect", path);
    put_file(mark, "", 0);
    assert_int_equal(store_open(path, STORE_WRITE, &new, &report), OK);
    assert_true(report.was_quarantined);
    assert_int_equal(grow(old, &a, 9), ERR_IO);
    assert_int_equal(store_data_version(old, &v), ERR_IO);
    assert_int_equal(grow(new, &a, 9), OK);
    assert_int_equal(audit_store(new), OK);
    store_close(old);
    store_close(new);
    new = open_store(path);
    assert_int_equal(size_of(new, &a), 18);
    store_close(new);
}

static void mending_that_was_cut_short_is_taken_up(void **state)
{
    (void)state;
    struct author a = author_of("barset");
    char ready[200];
    struct store *s = open_store(path);
    assert_int_equal(grow(s, &a, 9), OK);
    store_close(s);
    (void)snprintf(ready, sizeof(ready), "%s.salvaged", path);
    assert_int_equal(rename(path, ready), 0);   /* the old one is aside already, the new one not yet in its place */
    s = open_store(path);
    assert_int_equal(size_of(s, &a), 9);
    store_close(s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
#define T(name) cmocka_unit_test_setup(name, setup)
        T(a_new_store_is_its_owners_alone),
        T(what_was_committed_is_there_when_opened_again),
        T(of_two_writers_the_second_conflicts),
        T(the_data_version_tells_of_others_commits_only),
        T(a_reader_sees_one_state_while_another_writes),
        T(a_group_is_there_together_or_not_at_all),
        T(entries_and_payloads_resist_other_peoples_sql),
        T(a_store_of_version_2_is_brought_up_with_all_it_holds),
        T(a_store_of_version_1_is_brought_up_with_all_it_holds),
        T(a_newer_schema_is_refused_and_left_untouched),
        T(a_file_that_is_no_store_is_put_aside),
        T(nothing_is_taken_over_from_another_programs_tables),
        T(what_is_no_file_is_put_out_of_the_way),
        T(damage_that_a_reader_meets_is_told_to_whoever_has_it_open),
        T(a_sound_store_taken_for_damaged_loses_nothing),
        T(a_truncated_store_keeps_what_verifies),
        T(damage_anywhere_never_refuses_and_nothing_false_is_returned),
        T(rot_met_while_reading_is_said_and_mended_at_the_next_opening),
        T(a_flipped_bit_in_a_promise_is_seen_at_opening),
        T(nothing_is_acknowledged_into_a_file_that_was_put_aside),
        T(mending_that_was_cut_short_is_taken_up),
    };
    int rc = cmocka_run_group_tests(tests, make_folder, drop_folder);
    free((void *)(uintptr_t)path);
    return rc;
}
