/* Matters folded from posts: what counts, whoever wrote what, in whatever order it came. */
/* This file says fewer things than the fixture can. */
#pragma GCC diagnostic ignored "-Wunused-function"
#include "view_fixture.h"

#include "cli/alliance/leaving.h"
#include "cli/thread/threads.h"

static struct post post_of(const char *type, const char *about, const char *state)
{
    struct post p = {.text = "words"};
    (void)snprintf(p.type, sizeof(p.type), "%s", type);
    (void)snprintf(p.about, sizeof(p.about), "%s", about);
    (void)snprintf(p.state, sizeof(p.state), "%s", state);
    return p;
}

static const char *say_post(unsigned who, const struct post *p)
{
    static char record[8][32];
    static unsigned turn;
    struct buf plain = buf_on(PAYLOAD_MAX);
    char *name = record[turn++ % 8];
    post_write(p, &plain);
    (void)snprintf(name, sizeof(record[0]), "barset-%u/%u", who, (unsigned)say_sealed(voices[who], buf_bytes(&plain)));
    buf_release(&plain);
    return name;
}

static const char *say(unsigned who, const char *type, const char *about, const char *state)
{
    struct post p = post_of(type, about, state);
    return say_post(who, &p);
}

static const char *challenge(unsigned who, const char *about, const char *whom, const char *due)
{
    struct post p = post_of("challenge", about, "open");
    (void)snprintf(p.owner, sizeof(p.owner), "%s", whom);
    (void)snprintf(p.due, sizeof(p.due), "%s", due);
    return say_post(who, &p);
}

/* "MATTER RECORD STATE" of every matter that member 1 sees, with votes, used, late and overdue where there are. */
static const char *matters(void)
{
    static char text[2048];
    struct view *v = view_of(1);
    struct threads t;
    size_t at = 0;
    (void)fold(v, 1);
    OKAY(threads_gather(v, chain_current(chain), now_ms, &t));
    text[0] = '\0';
    for (size_t i = 0; i < t.n; i++) {
        const struct thread *th = &t.list[i];
        at += (size_t)snprintf(text + at, sizeof(text) - at, "%s%s %s %s", at > 0 ? "|" : "", matter_name(th->matter),
                               t.posts[th->root].record, thread_state(th));
        if (th->matter == MATTER_PRIORITY)
            at += (size_t)snprintf(text + at, sizeof(text) - at, " %zu/%zu", th->n_votes, t.n_needed);
        if (th->n_used > 0)
            at += (size_t)snprintf(text + at, sizeof(text) - at, " used %zu", th->n_used);
        if (th->is_overdue || th->is_late)
            at += (size_t)snprintf(text + at, sizeof(text) - at, th->is_late ? " late" : " overdue");
    }
    threads_release(&t);
    view_close(v);
    return text;
}

static void only_who_was_challenged_answers(void **state)
{
    (void)state;
    found_alliance(3);
    uint64_t idx = say_figure(voices[2], "cin_rate", "2024", 20);
    assert_int_equal(idx, 2);
    const char *c = challenge(3, "barset-2/2", "barset-2", "");
    say(1, "response", c, "answered");
    say(3, "response", c, "answered");
    say(2, "challenge", c, "answered");
    assert_string_equal(matters(), "challenge barset-3/2 open");
    say(2, "response", c, "answered");
    assert_string_equal(matters(), "challenge barset-3/2 answered");
}

static void a_challenge_asks_the_author_of_what_it_is_about(void **state)
{
    (void)state;
    found_alliance(3);
    say_figure(voices[2], "cin_rate", "2024", 20);
    challenge(3, "barset-2/2", "barset-1", "");         /* somebody else */
    challenge(3, "barset-2/2", "", "");                 /* nobody */
    challenge(2, "barset-2/2", "barset-2", "");         /* oneself */
    assert_string_equal(matters(), "");
    challenge(3, "cin_rate", "barset-2", "");           /* what has not come */
    assert_string_equal(matters(), "challenge barset-3/4 open");
}

static void an_answer_after_its_day_is_late_and_none_is_overdue(void **state)
{
    (void)state;
    found_alliance(3);
    now_ms = 1700000000000;                             /* 14 November 2023 */
    const char *c = challenge(3, "cin_rate", "barset-2", "2023-11-20");
    challenge(1, "cin_rate", "barset-2", "2023-11-20");
    const char *quick = challenge(1, "cla_rate", "barset-2", "2023-11-20");
    say(2, "response", quick, "answered");
    now_ms += 8ULL * 24 * 3600 * 1000;
    say(2, "response", c, "answered");
    assert_string_equal(matters(), "challenge barset-3/2 answered late|challenge barset-1/2 open overdue|"
                                   "challenge barset-1/3 answered");
}

static void a_need_is_taken_by_others_and_closed_by_its_owner(void **state)
{
    (void)state;
    found_alliance(3);
    const char *need = say(1, "need", "cin_rate", "open");
    say(1, "need", need, "taken");                      /* by itself */
    say(2, "need", need, "closed");                     /* by another */
    say(2, "offer", need, "closed");                    /* as something else */
    assert_string_equal(matters(), "need barset-1/2 open");
    say(2, "need", need, "taken");
    assert_string_equal(matters(), "need barset-1/2 taken");
    say(1, "need", need, "closed");
    say(3, "need", need, "taken");                      /* comes too late */
    assert_string_equal(matters(), "need barset-1/2 closed");
}

static void what_is_withdrawn_counts_no_more(void **state)
{
    (void)state;
    found_alliance(2);
    const char *need = say(1, "need", "cin_rate", "open");
    say(2, "need", need, "taken");
    say_withdrawal(voices[2], 2, false);
    assert_string_equal(matters(), "need barset-1/2 open");
    say_withdrawal(voices[1], 2, false);
    assert_string_equal(matters(), "");
}

static void a_priority_is_agreed_by_over_half_of_the_authorities(void **state)
{
    (void)state;
    found_alliance(5);
    set_role(5, ROLE_LEAD);                             /* four authorities: three are needed */
    const char *p = say(1, "priority", "cin_rate", "open");
    say(2, "priority", p, "supported");
    say(2, "priority", p, "supported");                 /* twice is once */
    say(1, "priority", p, "supported");                 /* it has proposed it */
    say(5, "priority", p, "supported");                 /* a lead has no vote */
    say(5, "priority", p, "agreed");
    assert_string_equal(matters(), "priority barset-1/2 open 2/3");
    say(3, "priority", p, "supported");
    assert_string_equal(matters(), "priority barset-1/2 agreed 3/3");
    set_role(3, ROLE_PARTNER);                          /* three authorities: two are needed, and two are for it */
    assert_string_equal(matters(), "priority barset-1/2 agreed 2/2");
    say(4, "priority", p, "closed");                    /* neither its proposer nor a lead */
    assert_string_equal(matters(), "priority barset-1/2 agreed 2/2");
    say(5, "priority", p, "closed");
    assert_string_equal(matters(), "priority barset-1/2 closed 2/2");
}

static void a_partner_offers_and_reports_and_votes_for_nothing(void **state)
{
    (void)state;
    found_alliance(3);
    const char *review = say(1, "review", "front door", "open");
    say(3, "offer", "cin_rate", "open");
    say(3, "need", "cin_rate", "open");
    say(3, "priority", "cin_rate", "open");
    say(3, "review", review, "reported");
    set_role(3, ROLE_PARTNER);
    assert_string_equal(matters(), "review barset-1/2 reported|offer barset-3/2 open");
    set_role(3, ROLE_RELAY);
    assert_string_equal(matters(), "review barset-1/2 open");
}

static void practice_is_used_by_as_many_as_say_so(void **state)
{
    (void)state;
    found_alliance(3);
    const char *p = say(1, "practice", "weekly call", "open");
    say(1, "practice", p, "used");
    say(2, "practice", p, "used");
    say(2, "practice", p, "used");
    say(3, "practice", p, "used");
    assert_string_equal(matters(), "practice barset-1/2 used used 2");
}

static void a_challenge_that_the_challenged_cannot_read_is_none(void **state)
{
    (void)state;
    found_alliance(3);
    struct sym_secret key = say_named_epoch(voices[3], voices[1], 0xAA);
    struct post p = post_of("challenge", "cin_rate", "open");
    for (unsigned who = 1; who <= 2; who++) {
        struct buf *header, *payload, plain = buf_on(PAYLOAD_MAX);
        struct audience_id a = {{0xAA}};
        (void)snprintf(p.owner, sizeof(p.owner), "barset-%u", who);
        struct seal_with w = sealing(voices[3], &a, 0, &key);
        post_write(&p, &plain);
        slot(voices[3], &header, &payload);
        w.time_ms = now_ms;
        record_seal(&w, buf_bytes(&plain), header, payload);
        buf_release(&plain);
    }
    assert_string_equal(matters(), "challenge barset-3/3 open");
}

static void words_of_no_known_kind_are_nothing_and_harm_nothing(void **state)
{
    (void)state;
    found_alliance(2);
    say(2, "need", "cin_rate", "");
    say(2, "need", "barset-2/9", "closed");
    say(2, "gift", "cin_rate", "open");
    say(2, "response", "barset-2/5", "answered");       /* about itself */
    say(2, "need", "barset-2/7", "taken");              /* about one another */
    say(2, "need", "barset-2/6", "taken");
    assert_string_equal(matters(), "");
}

static void what_is_said_about_a_post_within_a_matter_moves_nothing(void **state)
{
    (void)state;
    found_alliance(3);
    const char *need = say(2, "need", "cin_rate", "open");
    for (unsigned who = 1; who <= 3; who += 2) {        /* a log that sorts before its own, and one behind */
        const char *taken = say(who, "need", need, "taken");
        say(who, "need", taken, "closed");
        say(2, "need", taken, "closed");
    }
    assert_string_equal(matters(), "need barset-2/2 taken");
}

static void a_lead_that_proposes_has_no_vote_in_it(void **state)
{
    (void)state;
    found_alliance(4);
    set_role(4, ROLE_LEAD);
    const char *p = say(4, "priority", "cin_rate", "open");
    say(1, "priority", p, "supported");
    say(4, "priority", p, "agreed");
    assert_string_equal(matters(), "priority barset-4/2 open 1/2");
    say(2, "priority", p, "supported");
    assert_string_equal(matters(), "priority barset-4/2 agreed 2/2");
}

static void who_has_left_says_nothing_that_counts(void **state)
{
    (void)state;
    found_alliance(3);
    const char *need = say(1, "need", "cin_rate", "open");
    say(3, "need", need, "taken");
    say(3, "need", "cin_rate", "open");
    assert_string_equal(matters(), "need barset-1/2 taken|need barset-3/3 open");
    struct charter *next = charter_after(charter, 0);
    charter_make_former(next, &voices[3]->body.slug, voices[3]->frontier.size);
    next->members[2].closed_root = frontier_root(&voices[3]->frontier);
    enact(next, BY(1));
    assert_string_equal(matters(), "need barset-1/2 open");
}

static void of_who_says_too_much_the_oldest_is_not_looked_at(void **state)
{
    (void)state;
    found_alliance(2);
    struct view *v = view_of(1);
    struct threads t;
    say(1, "need", "cin_rate", "open");
    for (size_t i = 0; i < THREAD_POSTS_OF_ONE + 3; i++)
        say(2, "offer", "cin_rate", "open");
    (void)fold(v, 1);
    OKAY(threads_gather(v, chain_current(chain), now_ms, &t));
    assert_int_equal(t.n, THREAD_POSTS_OF_ONE + 1);
    assert_int_equal(t.n_cut, 3);
    assert_null(threads_post(&t, "barset-2/2"));
    assert_non_null(threads_post(&t, "barset-2/5"));
    assert_non_null(threads_post(&t, "barset-1/2"));
    threads_release(&t);
    view_close(v);
}

/* A member leaves by its newest word that it has not taken back, until a charter lets it go. */
static void who_says_that_it_leaves_is_leaving_until_it_is_gone(void **state)
{
    (void)state;
    struct leavers l;
    found_alliance(4);
    say(2, "leave", "", "");
    const char *again = say(2, "leave", "", ""), *regretted = say(3, "leave", "", "");
    say(4, "leave", "", "");
    say_withdrawal(voices[3], (uint64_t)strtoul(strchr(regretted, '/') + 1, NULL, 10), false);
    publish_all();
    struct view *v = view_of(1);
    (void)fold(v, 1);
    OKAY(leavers_read(v, charter, &l));
    assert_int_equal(l.n, 2);
    assert_string_equal(l.list[0].record, again);
    assert_string_equal(l.list[0].reason, "words");
    assert_string_equal(l.list[1].slug.s, "barset-4");
    leavers_release(&l);
    struct charter *next = charter_after(charter, 0);
    charter_make_former(next, &voices[4]->body.slug, voices[4]->frontier.size);
    enact(next, BY(1));
    OKAY(leavers_read(v, charter, &l));
    assert_int_equal(l.n, 1);
    leavers_release(&l);
    view_close(v);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(only_who_was_challenged_answers, make_world, drop_world),
        cmocka_unit_test_setup_teardown(a_challenge_asks_the_author_of_what_it_is_about, make_world, drop_world),
        cmocka_unit_test_setup_teardown(an_answer_after_its_day_is_late_and_none_is_overdue, make_world, drop_world),
        cmocka_unit_test_setup_teardown(a_need_is_taken_by_others_and_closed_by_its_owner, make_world, drop_world),
        cmocka_unit_test_setup_teardown(what_is_withdrawn_counts_no_more, make_world, drop_world),
        cmocka_unit_test_setup_teardown(a_priority_is_agreed_by_over_half_of_the_authorities, make_world, drop_world),
        cmocka_unit_test_setup_teardown(a_partner_offers_and_reports_and_votes_for_nothing, make_world, drop_world),
        cmocka_unit_test_setup_teardown(practice_is_used_by_as_many_as_say_so, make_world, drop_world),
        cmocka_unit_test_setup_teardown(a_challenge_that_the_challenged_cannot_read_is_none, make_world, drop_world),
        cmocka_unit_test_setup_teardown(words_of_no_known_kind_are_nothing_and_harm_nothing, make_world, drop_world),
        cmocka_unit_test_setup_teardown(what_is_said_about_a_post_within_a_matter_moves_nothing, make_world, drop_world),
        cmocka_unit_test_setup_teardown(a_lead_that_proposes_has_no_vote_in_it, make_world, drop_world),
        cmocka_unit_test_setup_teardown(who_has_left_says_nothing_that_counts, make_world, drop_world),
        cmocka_unit_test_setup_teardown(who_says_that_it_leaves_is_leaving_until_it_is_gone, make_world, drop_world),
        cmocka_unit_test_setup_teardown(of_who_says_too_much_the_oldest_is_not_looked_at, make_world, drop_world),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
