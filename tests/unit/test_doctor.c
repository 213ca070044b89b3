/* tests/unit/test_doctor.c - what each check takes for good, and what not. */
#include "cli/doctor/doctor.h"

#include "moot.h"

#include <sys/stat.h>

#include "keys/backup.h"
#include "keys/signed.h"
#include "protocol/record.h"

static FILE *quiet;

struct at { struct moot *t; struct session s; struct desk d; struct doctor x; struct finding f; };

/* Member 0 of three, in whose log three entries lie, dated long ago. */
static int begin(void **state)
{
    struct at *at = calloc(1, sizeof(*at));
    struct log_state l;
    struct buf note = buf_on(CHECKPOINT_MAX);
    quiet = fopen("/dev/null", "w+");
    assert_true(at != NULL && quiet != NULL);
    at->t = moot_new(3);
    struct home h = moot_home(at->t, 0);
    struct origin o = moot_origin(at->t, 0);
    struct sign_keyfile log = {.version = 1, .secret = at->t->member[0].log};
    struct dh_keyring box = {.n = 1, .keys = {{1, at->t->member[0].box, 0}}};
    moot_settle(at->t, 0);
    assert_int_equal(sign_key_save(&h, PURPOSE_LOG, &log), OK);
    assert_int_equal(dh_keys_save(&h, PURPOSE_BOX, &box), OK);
    struct store *s = moot_open(at->t, 0);
    moot_publish(at->t, 0, s, 3, 10);
    assert_int_equal(store_log(s, &o, &l, &note), OK);
    assert_int_equal(head_save(&h, buf_bytes(&note)), OK);
    store_close(s);
    buf_release(&note);
    session_init(&at->s, quiet, quiet, quiet);
    at->s.quiet = true;
    at->s.home = h;
    assert_int_equal(setenv("FOLKMOOT_HOME", h.path, 1), 0);
    assert_int_equal(desk_open(&at->s, STORE_WRITE, &at->d), EXIT_OK);
    at->x = (struct doctor){.s = &at->s, .d = &at->d, .now = desk_charter(&at->d), .has_config = true, .now_ms = session_now_ms()};
    assert_int_equal(held_read(&at->d, &at->x.held), OK);
    *state = at;
    return 0;
}

static int end(void **state)
{
    struct at *at = *state;
    free(at->x.held);
    desk_close(&at->d);
    session_release(&at->s);
    moot_free(at->t);
    free(at);
    (void)fclose(quiet);
    return 0;
}

static enum doctor_state ask(struct at *at, void (*check)(struct doctor *x, struct finding *ret))
{
    at->f = (struct finding){.state = DOCTOR_BAD};
    check(&at->x, &at->f);
    assert_true(at->f.detail[0] != '\0');
    assert_true((at->f.state == DOCTOR_GOOD) == (at->f.remedy[0] == '\0'));     /* what is not good has a way out */
    return at->f.state;
}

static void put(struct at *at, enum home_file f, const char *content)
{
    char path[FILE_PATH_MAX];
    home_path(&at->s.home, f, path);
    assert_int_equal(file_write(path, bytes_of(content)), OK);
}

static void take_away(struct at *at, enum home_file f)
{
    char path[FILE_PATH_MAX];
    home_path(&at->s.home, f, path);
    assert_int_equal(unlink(path), 0);
}

/* Member `who` cosigns our log as it is, at `time_s`. */
static void cosign(struct at *at, size_t who, uint64_t time_s)
{
    struct log_state l;
    struct buf note = buf_on(CHECKPOINT_MAX);
    assert_int_equal(store_log(at->d.store, &at->d.origin, &l, &note), OK);
    struct checkpoint c = {.origin = at->d.origin, .size = l.whole, .root = l.whole_root};
    struct origin witness = moot_origin(at->t, who);
    struct cosig sig = {.log = {at->d.origin.slug, 1}, .size = c.size, .root = c.root, .witness = witness.slug, .time_s = time_s};
    checkpoint_cosign(&c, &witness, &at->t->member[who].witness, time_s, &sig.sig);
    assert_int_equal(store_put_cosig(at->d.store, &at->d.origin, &sig), OK);
    buf_release(&note);
    free(at->x.held);
    at->x.held = NULL;
    assert_int_equal(held_read(&at->d, &at->x.held), OK);
}

static void every_key_file_is_the_one_that_is_named(void **state)
{
    struct at *at = *state;
    struct sign_keyfile other = {.version = 1, .secret = at->t->member[1].witness};
    assert_int_equal(ask(at, check_keys), DOCTOR_GOOD);
    assert_int_equal(sign_key_save(&at->s.home, PURPOSE_WITNESS, &other), OK);
    assert_int_equal(ask(at, check_keys), DOCTOR_BAD);
    assert_non_null(strstr(at->f.detail, "witness"));
    take_away(at, HOME_WITNESS_KEY);
    assert_int_equal(ask(at, check_keys), DOCTOR_BAD);
    assert_non_null(strstr(at->f.detail, "not here"));
}

static void a_seed_in_clear_is_a_choice_and_none_is_a_loss(void **state)
{
    struct at *at = *state;
    assert_int_equal(ask(at, check_seed), DOCTOR_BAD);
    assert_int_equal(seed_save(&at->s.home, HOME_SEED, &at->t->member[0].seed, NULL), OK);
    assert_int_equal(ask(at, check_seed), DOCTOR_ADVICE);
}

static void a_backup_gets_old(void **state)
{
    struct at *at = *state;
    const uint64_t now_s = at->x.now_ms / 1000, day = 24 * 3600;
    assert_int_equal(ask(at, check_backup), DOCTOR_ADVICE);
    assert_int_equal(backup_note(&at->s.home, now_s - 89 * day, 1), OK);
    assert_int_equal(ask(at, check_backup), DOCTOR_GOOD);
    assert_int_equal(backup_note(&at->s.home, now_s - 91 * day, 1), OK);
    assert_int_equal(ask(at, check_backup), DOCTOR_ADVICE);
    assert_int_equal(backup_note(&at->s.home, now_s, 1), OK);
    at->d.identity->version = 2;
    assert_int_equal(ask(at, check_backup), DOCTOR_ADVICE);
}

static void what_was_interrupted_is_said(void **state)
{
    struct at *at = *state;
    assert_int_equal(ask(at, check_interrupted), DOCTOR_GOOD);
    put(at, HOME_NEXT, "x");
    assert_int_equal(ask(at, check_interrupted), DOCTOR_BAD);
    take_away(at, HOME_NEXT);
    put(at, HOME_RESTORED, "x");
    assert_int_equal(ask(at, check_interrupted), DOCTOR_BAD);
}

static void our_log_must_be_what_we_signed_and_all_of_it(void **state)
{
    struct at *at = *state;
    struct checkpoint ahead = {.origin = at->d.origin, .size = 4, .root = {{1}}};
    struct checkpoint other = {.origin = at->d.origin, .size = 3, .root = {{1}}};
    struct buf note = buf_on(CHECKPOINT_MAX);
    assert_int_equal(ask(at, check_head), DOCTOR_GOOD);
    checkpoint_sign(&ahead, &at->t->member[0].log, &note);
    assert_int_equal(head_save(&at->s.home, buf_bytes(&note)), OK);
    assert_int_equal(ask(at, check_head), DOCTOR_BAD);
    assert_non_null(strstr(at->f.detail, "signed 4"));
    buf_clear(&note);
    checkpoint_sign(&other, &at->t->member[0].log, &note);
    assert_int_equal(head_save(&at->s.home, buf_bytes(&note)), OK);
    assert_int_equal(ask(at, check_head), DOCTOR_BAD);
    put(at, HOME_HEAD, "no head\n");
    assert_int_equal(ask(at, check_head), DOCTOR_BAD);
    buf_release(&note);
}

static void a_clock_that_is_behind_shows_by_what_others_date(void **state)
{
    struct at *at = *state;
    const uint64_t now_s = at->x.now_ms / 1000;
    assert_int_equal(ask(at, check_clock), DOCTOR_GOOD);
    cosign(at, 0, now_s + 5000);                        /* our own says nothing */
    assert_int_equal(ask(at, check_clock), DOCTOR_GOOD);
    cosign(at, 1, now_s + 60);
    assert_int_equal(ask(at, check_clock), DOCTOR_GOOD);
    cosign(at, 2, now_s + 600);
    assert_int_equal(ask(at, check_clock), DOCTOR_BAD);
    assert_non_null(strstr(at->f.detail, "loamshire"));
}

/* The entries are of November 2023. */
static void a_clock_that_is_ahead_shows_by_when_others_saw_it(void **state)
{
    struct at *at = *state;
    cosign(at, 1, 1700000000 - 60);
    assert_int_equal(ask(at, check_clock), DOCTOR_GOOD);
    cosign(at, 2, 1700000000 - 3600);
    assert_int_equal(ask(at, check_clock), DOCTOR_BAD);
}

static void a_log_that_no_quorum_witnessed_lately_is_bad(void **state)
{
    struct at *at = *state;
    const uint64_t now_s = at->x.now_ms / 1000;
    assert_int_equal(ask(at, check_quorum), DOCTOR_BAD);
    cosign(at, 0, now_s - 3 * 24 * 3600);
    cosign(at, 1, now_s - 3 * 24 * 3600);
    cosign(at, 2, now_s - 3 * 24 * 3600);
    assert_int_equal(ask(at, check_quorum), DOCTOR_BAD);
    assert_non_null(strstr(at->f.detail, "last witnessed"));
    for (size_t i = 0; i < 3; i++)
        cosign(at, i, now_s);
    assert_int_equal(ask(at, check_quorum), DOCTOR_GOOD);
}

static void a_frozen_log_is_bad_if_it_is_ours(void **state)
{
    struct at *at = *state;
    assert_int_equal(ask(at, check_forks), DOCTOR_GOOD);
    at->x.held[1].is_frozen = true;
    assert_int_equal(ask(at, check_forks), DOCTOR_ADVICE);
    at->x.held[0].is_frozen = true;
    assert_int_equal(ask(at, check_forks), DOCTOR_BAD);
}

static void nobody_in_reach_is_bad_while_the_daemon_runs(void **state)
{
    struct at *at = *state;
    struct reach *r = calloc(1, sizeof(*r));
    assert_non_null(r);
    at->x.reach = r;
    assert_int_equal(ask(at, check_peers), DOCTOR_GOOD);        /* what is the matter another check says */
    at->x.runs = true;
    assert_int_equal(ask(at, check_peers), DOCTOR_BAD);
    r->n = 1;
    r->rows[0] = (struct peer_row){.slug = moot_slug(1), .state = PEER_OPEN};
    assert_int_equal(ask(at, check_peers), DOCTOR_GOOD);
    at->x.reach = NULL;
    free(r);
}

static void where_nobody_answers_is_bad_while_the_daemon_runs(void **state)
{
    struct at *at = *state;
    assert_int_equal(ask(at, check_listen), DOCTOR_GOOD);       /* it only dials */
    (void)snprintf(at->x.config.listen, sizeof(at->x.config.listen), "127.0.0.1:1");
    assert_int_equal(ask(at, check_listen), DOCTOR_ADVICE);     /* peers are told no address */
    at->x.runs = true;
    assert_int_equal(ask(at, check_listen), DOCTOR_BAD);
}

/* ---- what was agreed and promised ---- */

static uint64_t say_figure(struct at *at, size_t who)
{
    struct figure f = {.has_numerator = true, .numerator = {20, 0}, .has_denominator = true, .denominator = {100, 0},
                       .has_value = true, .value = {20, 0}, .status = STATUS_FINAL};
    struct buf b = buf_on(PAYLOAD_MAX);
    (void)snprintf(f.indicator, sizeof(f.indicator), "cin_rate");
    (void)snprintf(f.period, sizeof(f.period), "2023");
    (void)snprintf(f.time_identifier, sizeof(f.time_identifier), "Reporting year");
    figure_write(&f, &b);
    uint64_t idx = moot_say(at->t, who, at->d.store, KIND_RECORD, buf_bytes(&b));
    buf_release(&b);
    return idx;
}

/* The entries are of November 2023. */
static void what_is_older_than_agreed_is_told(void **state)
{
    struct at *at = *state;
    struct charter *c = malloc(sizeof(*c));
    assert_non_null(c);
    *c = *at->x.now;
    at->x.now = c;
    moot_publish(at->t, 1, at->d.store, 1, 0);
    (void)say_figure(at, 1);                    /* not ours to erase */
    (void)say_figure(at, 0);
    assert_int_equal(ask(at, check_retention), DOCTOR_GOOD);
    (void)snprintf(c->retain, sizeof(c->retain), "1y and no longer");
    at->x.now_ms = UINT64_C(1700000000000) + UINT64_C(366) * 24 * 3600 * 1000;
    assert_int_equal(ask(at, check_retention), DOCTOR_ADVICE);
    assert_non_null(strstr(at->f.detail, "1 record of ours is older"));
    at->x.now_ms = UINT64_C(1700000000000) + UINT64_C(365) * 24 * 3600 * 1000;
    assert_int_equal(ask(at, check_retention), DOCTOR_GOOD);
    at->x.now = NULL;
    free(c);
}

static void an_erasure_waits_for_every_member(void **state)
{
    struct at *at = *state;
    struct withdrawal w = {.target = say_figure(at, 0), .reason = "mistake", .erase = true};
    struct buf b = buf_on(256);
    withdrawal_write(&w, &b);
    (void)moot_say(at->t, 0, at->d.store, KIND_WITHDRAW, buf_bytes(&b));
    buf_release(&b);
    assert_int_equal(ask(at, check_erasures), DOCTOR_ADVICE);
    cosign(at, 1, 1700000000);
    assert_int_equal(ask(at, check_erasures), DOCTOR_ADVICE);
    assert_non_null(strstr(at->f.detail, "1 erasure is"));
    cosign(at, 2, 1700000000);
    assert_int_equal(ask(at, check_erasures), DOCTOR_GOOD);
}

/* What could not be looked at is not good. */
static void a_view_that_does_not_open_is_bad(void **state)
{
    struct at *at = *state;
    char path[FILE_PATH_MAX];
    home_path(&at->s.home, HOME_VIEW_DB, path);
    assert_int_equal(mkdir(path, 0700), 0);
    assert_int_equal(ask(at, check_readers), DOCTOR_BAD);
    assert_int_equal(ask(at, check_openings), DOCTOR_BAD);
    assert_int_equal(ask(at, check_erasures), DOCTOR_BAD);
    assert_int_equal(ask(at, check_leaving), DOCTOR_BAD);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
#define T(name) cmocka_unit_test_setup_teardown(name, begin, end)
        T(every_key_file_is_the_one_that_is_named),
        T(a_seed_in_clear_is_a_choice_and_none_is_a_loss),
        T(a_backup_gets_old),
        T(what_was_interrupted_is_said),
        T(our_log_must_be_what_we_signed_and_all_of_it),
        T(a_clock_that_is_behind_shows_by_what_others_date),
        T(a_clock_that_is_ahead_shows_by_when_others_saw_it),
        T(a_log_that_no_quorum_witnessed_lately_is_bad),
        T(a_frozen_log_is_bad_if_it_is_ours),
        T(nobody_in_reach_is_bad_while_the_daemon_runs),
        T(where_nobody_answers_is_bad_while_the_daemon_runs),
        T(what_is_older_than_agreed_is_told),
        T(an_erasure_waits_for_every_member),
        T(a_view_that_does_not_open_is_bad),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
