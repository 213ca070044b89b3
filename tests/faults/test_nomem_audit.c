/* A judgement with the nth of its allocations failing: it says so, or it is the same judgement. Never another one. */
#include "tests/unit/handed.h"

#include "cli/audit/answer.h"
#include "cli/audit/page.h"
#include "cli/output/json.h"
#include "tests/faults/memory.h"

enum { TRIALS = 60 };

static struct alliance *a;
static struct made_log *l;
static struct handed *x;

static int start(void **state)
{
    (void)state;
    a = alliance_new(3, 0);
    l = log_begin(a, 1);
    (void)say_sealed(l, 418);
    (void)say_figure(l, 77);
    (void)say_withdrawal(l, 3, false);
    x = hand_begin(a);
    size_t at = hand_log(x, l);
    hand_state(x, at, l, 4, 3, SEEN_S);
    for (uint64_t i = 0; i < 4; i++)
        (void)hand_entry(x, at, l, i);
    hand_state(x, at, l, l->n, 3, SEEN_S + 60);
    (void)hand_entry(x, at, l, 4);
    return 0;
}

static int stop(void **state)
{
    (void)state;
    hand_free(x);
    log_free(l);
    alliance_free(a);
    return 0;
}

/* All that is told; NULL: it said that memory ran out. */
static char *judged(struct bytes in)
{
    struct disclosure d = {0};
    json_watch_memory();
    memory_arm(true);
    enum err e = disclosure_read(in, &d);
    struct judgement *j = e == OK ? judgement_new(AUDIT_DISCLOSURE, &a->hashes[1], NULL) : NULL;
    if (e == OK)
        e = j != NULL ? judge_disclosure(j, &d) : ERR_NOMEM;
    memory_arm(false);
    assert_true(e == OK || e == ERR_NOMEM);
    char *text = NULL;
    if (e == OK && !json_lacks_memory()) {
        json_t *doc = json_object();
        audit_json(j, doc);
        text = json_dumps(doc, JSON_COMPACT);
        json_decref(doc);
    }
    judgement_free(j);
    disclosure_release(&d);
    return text;
}

static void a_judgement_is_the_same_or_none(void **state)
{
    (void)state;
    struct buf b = buf_on(DISCLOSURE_MAX);
    disclosure_write(&x->d, &b);
    memory_fail_at(0, false);
    char *want = judged(buf_bytes(&b));
    assert_non_null(want);
    assert_non_null(strstr(want, "\"ok\":true"));
    uint64_t total = memory_count(), nth = 0, failed = 0;
    assert_true(total > 30);
    while (memory_next(&nth, total, TRIALS)) {
        memory_fail_at(nth, false);
        char *got = judged(buf_bytes(&b));
        memory_fail_at(0, false);
        if (got != NULL && strcmp(got, want) != 0)
            fail_msg("allocation %llu: %s", (unsigned long long)nth, got);
        failed += got == NULL;
        free(got);
    }
    assert_true(failed > 0);
    free(want);
    buf_release(&b);
}

static void a_working_paper_is_whole_or_none(void **state)
{
    (void)state;
    struct audit_page p = {.file = "d.fmb", .made_ms = SAID_MS};
    const struct judgement *j = hand_judge(x, &a->hashes[1], NULL);
    struct buf whole = buf_on(AUDIT_PAGE_MAX);
    memory_fail_at(0, false);
    memory_arm(true);
    enum err e = audit_page(j, &p, &whole);
    memory_arm(false);
    assert_int_equal(e, OK);
    uint64_t total = memory_count(), nth = 0;
    while (memory_next(&nth, total, TRIALS)) {
        struct buf page = buf_on(AUDIT_PAGE_MAX);
        memory_fail_at(nth, false);
        memory_arm(true);
        e = audit_page(j, &p, &page);
        memory_arm(false);
        memory_fail_at(0, false);
        if (e == OK && !bytes_equal(buf_bytes(&page), buf_bytes(&whole)))
            fail_msg("allocation %llu: a page that lacks something", (unsigned long long)nth);
        buf_release(&page);
    }
    buf_release(&whole);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_judgement_is_the_same_or_none),
        cmocka_unit_test(a_working_paper_is_whole_or_none),
    };
    if (!memory_start())
        return 1;
    return cmocka_run_group_tests(tests, start, stop);
}
