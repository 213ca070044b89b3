/* A charter text that is taken is written again as the same bytes and keeps the
 * rules of its own form; it lawfully follows itself, one version on. */
#include "protocol/charter.h"
#include "tests/unit/charters.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_rules(const struct charter *c)
{
    struct slug witnesses[WITNESSES_MAX];
    size_t n = charter_witnesses(c, witnesses);
    must(c->n_members >= 1 && c->n_members <= MEMBERS_MAX && n >= 1 && n <= WITNESSES_MAX);
    must(c->threshold * 2 > c->n_stewards && c->threshold <= c->n_stewards);
    must(charter_quorum(c) >= 1 && charter_quorum(c) <= n);
    must(charter_readers(c, NULL) >= 1);
    for (size_t i = 0; i < c->n_stewards; i++)
        must(member_is_reader(charter_find(c, &c->stewards[i])));
    for (size_t i = 0; i < c->n_members; i++) {
        must(charter_find(c, &c->members[i].slug) == &c->members[i]);
        must(charter_find_root(c, &c->members[i].root) == (c->members[i].is_former ? NULL : &c->members[i]));
    }
}

static void check_text(struct bytes text)
{
    struct charter *c = charter_new(), *next;
    struct buf again = buf_on(NOTE_MAX);
    must(c != NULL);
    if (charter_parse(text, c) == OK) {
        charter_text(c, &again);
        must(buf_status(&again) == OK && bytes_equal(buf_bytes(&again), text));
        check_rules(c);
        next = charter_after(c, 0);
        must(charter_check_next(c, next) == OK);
        next->n_members--;
        must(charter_check_next(c, next) == ERR_CHAIN);
        charter_free(next);
    }
    buf_release(&again);
    charter_free(c);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct bytes in = {data, size};
    struct note n;
    check_text(in);
    if (note_parse(in, &n) == OK)
        check_text(n.text);
    return 0;
}
