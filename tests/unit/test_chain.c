#include "tests/unit/vectors.h"

#include "protocol/chain.h"
#include "tests/unit/charters.h"

enum { NOTES_MAX = 64 };

/* A small world: charters by number, and the notes made of them. */
struct world {
    struct charter *made[NOTES_MAX];
    struct buf notes[NOTES_MAX];
    size_t n_made, n_notes;
    struct chain *chain;
};

static struct charter *add_made(struct world *w, struct charter *c)
{
    assert_true(w->n_made < NOTES_MAX);
    assert_int_equal(charter_seal(c), OK);
    return w->made[w->n_made++] = c;
}

/* Version 1, and a version 2 by which bodies 1 to 3 are stewards, 2 of 3; both in the chain. */
static struct charter *begin(struct world *w)
{
    struct charter *first = charter_founding(), *second = charter_after(first, 0);
    struct alliance_id id = charter_alliance_id(&first->hash);
    *w = (struct world){.chain = chain_new(&id)};
    charter_fill(second, 4, 3, 2);
    add_made(w, first);
    return add_made(w, second);
}

static void end(struct world *w)
{
    for (size_t i = 0; i < w->n_made; i++)
        charter_free(w->made[i]);
    for (size_t i = 0; i < w->n_notes; i++)
        buf_release(&w->notes[i]);
    chain_free(w->chain);
}

/* A successor of prev that differs from its rivals by round and purpose. */
static struct charter *after(struct world *w, const struct charter *prev, uint32_t round, const char *purpose)
{
    struct charter *c = charter_after(prev, round);
    (void)snprintf(c->purpose, sizeof(c->purpose), "%s", purpose);
    return add_made(w, c);
}

static struct bytes note_by(struct world *w, const struct charter *c, const unsigned *signers)
{
    assert_true(w->n_notes < NOTES_MAX);
    w->notes[w->n_notes] = charter_note(c, signers);
    return buf_bytes(&w->notes[w->n_notes++]);
}

static enum err add(struct world *w, struct bytes note, enum chain_verdict want)
{
    enum chain_verdict got;
    struct hash hash;
    enum err e = chain_add(w->chain, note, &got, &hash);
    if (e == OK) {
        assert_int_equal(got, want);
        assert_true(chain_find(w->chain, &hash) != NULL);
    }
    return e;
}

static void assert_current(const struct world *w, const struct charter *want)
{
    const struct charter *now = chain_current(w->chain);
    assert_non_null(now);
    assert_memory_equal(now->hash.b, want->hash.b, HASH_LEN);
    assert_ptr_equal(chain_version(w->chain, want->version), now);
    assert_null(chain_version(w->chain, want->version + 1));
    assert_true(chain_stands(w->chain, &want->hash));
}

/* As begin(), with both taken in. */
static struct charter *begin_standing(struct world *w)
{
    struct charter *second = begin(w);
    assert_null(chain_current(w->chain));
    assert_int_equal(add(w, note_by(w, w->made[0], BY(1)), CHAIN_CHARTER), OK);
    assert_int_equal(add(w, note_by(w, second, BY(1, 2)), CHAIN_CHARTER), OK);
    assert_current(w, second);
    return second;
}

static void a_chain_is_founded_by_its_own_first_version_only(void **state)
{
    (void)state;
    struct world w;
    begin(&w);
    struct charter *other = charter_founding();
    (void)snprintf(other->name, sizeof(other->name), "Borsetshire");
    add_made(&w, other);
    assert_int_equal(add(&w, note_by(&w, other, BY(1)), CHAIN_CHARTER), ERR_CHAIN);
    assert_int_equal(add(&w, note_by(&w, w.made[0], BY(2)), CHAIN_CHARTER), ERR_THRESHOLD);
    assert_int_equal(add(&w, note_by(&w, w.made[1], BY(1, 2)), CHAIN_CHARTER), ERR_UNKNOWN);
    assert_null(chain_current(w.chain));
    assert_int_equal(add(&w, bytes_of("nonsense\n"), CHAIN_CHARTER), ERR_FORMAT);
    assert_int_equal(add(&w, note_by(&w, w.made[0], BY(1)), CHAIN_CHARTER), OK);
    assert_int_equal(add(&w, note_by(&w, w.made[0], BY(1)), CHAIN_KNOWN), OK);
    assert_current(&w, w.made[0]);
    end(&w);
}

static void merged_signatures_make_a_proposal_a_charter(void **state)
{
    (void)state;
    struct world w;
    struct charter *second = begin_standing(&w), *third = after(&w, second, 0, "third");
    const struct charter *list[STEWARDS_MAX];
    struct note n;
    assert_int_equal(add(&w, note_by(&w, third, BY(3)), CHAIN_PROPOSAL), OK);
    assert_int_equal(add(&w, note_by(&w, third, BY(3)), CHAIN_KNOWN), OK);
    assert_int_equal(chain_proposals(w.chain, list), 1);
    assert_memory_equal(list[0]->hash.b, third->hash.b, HASH_LEN);
    assert_current(&w, second);
    assert_false(chain_stands(w.chain, &third->hash));

    assert_int_equal(add(&w, note_by(&w, third, BY(2, 4)), CHAIN_CHARTER), OK);
    assert_current(&w, third);
    assert_int_equal(chain_proposals(w.chain, list), 0);
    struct buf want = charter_note(third, BY(2, 3));            /* stewards' lines, in the stewards' order; not 4's */
    assert_bytes_equal(chain_note(w.chain, &third->hash), buf_bytes(&want));
    buf_release(&want);

    assert_int_equal(add(&w, note_by(&w, third, BY(1)), CHAIN_KNOWN), OK);      /* kept, no news */
    assert_int_equal(note_parse(chain_note(w.chain, &third->hash), &n), OK);
    assert_int_equal(n.n_lines, 3);
    assert_current(&w, third);
    end(&w);
}

static void a_text_that_no_steward_signed_is_not_kept(void **state)
{
    (void)state;
    struct world w;
    struct charter *second = begin_standing(&w), *third = charter_after(second, 0);
    struct body usurper = body(4);
    third->stewards[third->n_stewards++] = usurper.slug;        /* a steward only by his own text */
    third->threshold = 3;
    add_made(&w, third);
    assert_int_equal(add(&w, note_by(&w, third, BY(4)), CHAIN_PROPOSAL), ERR_THRESHOLD);
    assert_int_equal(add(&w, note_by(&w, third, BY(8)), CHAIN_PROPOSAL), ERR_THRESHOLD);
    assert_null(chain_find(w.chain, &third->hash));
    assert_int_equal(chain_note(w.chain, &third->hash).len, 0);
    assert_int_equal(add(&w, note_by(&w, third, BY(1, 4)), CHAIN_PROPOSAL), OK);
    assert_int_equal(add(&w, note_by(&w, third, BY(2, 4)), CHAIN_CHARTER), OK);
    end(&w);
}

static void a_failing_line_of_a_steward_rejects_a_note_also_when_a_good_one_is_held(void **state)
{
    (void)state;
    struct world w;
    struct charter *second = begin_standing(&w), *third = after(&w, second, 0, "third"),
                   *other = after(&w, second, 0, "other");
    struct buf forged = charter_note(third, BY(2)), lines = charter_note(other, BY(1));
    buf_put_str(&forged, strstr(buf_str(&lines), "\xe2\x80\x94"));
    assert_int_equal(add(&w, buf_bytes(&forged), CHAIN_CHARTER), ERR_SIGNATURE);
    assert_null(chain_find(w.chain, &third->hash));
    assert_int_equal(add(&w, note_by(&w, third, BY(1)), CHAIN_PROPOSAL), OK);
    assert_int_equal(add(&w, buf_bytes(&forged), CHAIN_CHARTER), ERR_SIGNATURE);
    assert_current(&w, second);
    assert_int_equal(add(&w, note_by(&w, third, BY(2)), CHAIN_CHARTER), OK);
    assert_int_equal(add(&w, buf_bytes(&forged), CHAIN_KNOWN), ERR_SIGNATURE);
    buf_release(&forged);
    buf_release(&lines);
    end(&w);
}

static void an_unlawful_successor_is_refused_whoever_signs_it(void **state)
{
    (void)state;
    struct world w;
    struct charter *second = begin_standing(&w), *third = charter_after(second, 0);
    third->members[3].root = body(9).root;                      /* the slug goes to another body */
    add_made(&w, third);
    assert_int_equal(add(&w, note_by(&w, third, BY(1, 2, 3)), CHAIN_CHARTER), ERR_CHAIN);
    end(&w);
}

static void a_steward_has_one_proposal_the_one_of_its_highest_round(void **state)
{
    (void)state;
    struct world w;
    struct charter *second = begin_standing(&w), *third = charter_after(second, 0);
    charter_fill(third, 4, 4, 3);                               /* 3 of 4, so that proposals stay open */
    add_made(&w, third);
    assert_int_equal(add(&w, note_by(&w, third, BY(1, 2, 3, 4)), CHAIN_CHARTER), OK);
    struct charter *p0 = after(&w, third, 0, "p0"), *p1 = after(&w, third, 1, "p1"), *p2 = after(&w, third, 2, "p2");
    const struct charter *list[STEWARDS_MAX];

    assert_int_equal(add(&w, note_by(&w, p0, BY(1, 2)), CHAIN_PROPOSAL), OK);
    assert_int_equal(add(&w, note_by(&w, p1, BY(1)), CHAIN_PROPOSAL), OK);
    assert_int_equal(chain_proposals(w.chain, list), 2);        /* 2 still supports p0 */
    assert_memory_equal(list[0]->hash.b, p1->hash.b, HASH_LEN); /* the highest round first */
    assert_int_equal(add(&w, note_by(&w, p2, BY(2)), CHAIN_PROPOSAL), OK);
    assert_int_equal(chain_proposals(w.chain, list), 2);        /* p0 is nobody's now */
    assert_null(chain_find(w.chain, &p0->hash));
    assert_int_equal(add(&w, note_by(&w, p0, BY(2)), CHAIN_PROPOSAL), ERR_STALE);
    assert_int_equal(add(&w, note_by(&w, p0, BY(1, 2)), CHAIN_PROPOSAL), ERR_STALE);
    assert_int_equal(add(&w, note_by(&w, p0, BY(3)), CHAIN_PROPOSAL), OK);
    assert_int_equal(chain_proposals(w.chain, list), 3);
    assert_int_equal(add(&w, note_by(&w, p2, BY(3)), CHAIN_PROPOSAL), OK);      /* takes 3's from p0 */
    assert_int_equal(chain_proposals(w.chain, list), 2);
    assert_int_equal(add(&w, note_by(&w, p2, BY(4)), CHAIN_CHARTER), OK);
    assert_int_equal(chain_proposals(w.chain, list), 0);
    assert_current(&w, p2);
    assert_int_equal(add(&w, note_by(&w, p1, BY(1)), CHAIN_PROPOSAL), ERR_STALE);   /* that version stands */
    end(&w);
}

static void of_one_round_twice_the_lower_hash_counts(void **state)
{
    (void)state;
    struct world w;
    struct charter *second = begin_standing(&w), *a = after(&w, second, 0, "a"), *b = after(&w, second, 0, "b");
    struct charter *low = memcmp(a->hash.b, b->hash.b, HASH_LEN) < 0 ? a : b, *high = low == a ? b : a;
    const struct charter *list[STEWARDS_MAX];
    assert_int_equal(add(&w, note_by(&w, high, BY(1)), CHAIN_PROPOSAL), OK);
    assert_int_equal(add(&w, note_by(&w, low, BY(1)), CHAIN_PROPOSAL), OK);
    assert_int_equal(add(&w, note_by(&w, high, BY(1)), CHAIN_PROPOSAL), ERR_STALE);
    assert_int_equal(chain_proposals(w.chain, list), 1);
    assert_memory_equal(list[0]->hash.b, low->hash.b, HASH_LEN);
    end(&w);
}

static void a_node_that_follows_a_switches_to_a_rival_of_a_higher_round(void **state)
{
    (void)state;
    struct world w;
    struct charter *second = begin_standing(&w), *a = after(&w, second, 0, "a"), *b = after(&w, second, 1, "b");
    const struct charter *list[STEWARDS_MAX];
    assert_int_equal(add(&w, note_by(&w, a, BY(1, 2)), CHAIN_CHARTER), OK);
    assert_current(&w, a);
    assert_int_equal(chain_rivals(w.chain, list), 0);
    assert_int_equal(add(&w, note_by(&w, b, BY(2, 3)), CHAIN_CHARTER), OK);
    assert_current(&w, b);
    assert_int_equal(chain_rivals(w.chain, list), 1);           /* kept and shown */
    assert_memory_equal(list[0]->hash.b, a->hash.b, HASH_LEN);
    assert_false(chain_stands(w.chain, &a->hash));
    assert_true(chain_note(w.chain, &a->hash).len > 0);
    end(&w);
}

static void a_charter_that_has_a_successor_stands_against_a_higher_round(void **state)
{
    (void)state;
    struct world w;
    struct charter *second = begin_standing(&w), *a = after(&w, second, 0, "a"), *b = after(&w, second, 5, "b"),
                   *a2 = after(&w, a, 0, "a2"), *b2 = after(&w, b, 0, "b2"), *a3 = after(&w, a2, 0, "a3");
    assert_int_equal(add(&w, note_by(&w, b, BY(2, 3)), CHAIN_CHARTER), OK);
    assert_int_equal(add(&w, note_by(&w, a, BY(1, 2)), CHAIN_CHARTER), OK);
    assert_current(&w, b);
    assert_int_equal(add(&w, note_by(&w, a2, BY(1)), CHAIN_PROPOSAL), OK);      /* on a rival */
    assert_current(&w, b);
    assert_int_equal(add(&w, note_by(&w, a2, BY(2)), CHAIN_CHARTER), OK);
    assert_current(&w, a2);
    assert_true(chain_stands(w.chain, &a->hash));
    assert_int_equal(add(&w, note_by(&w, a3, BY(1, 2)), CHAIN_CHARTER), OK);
    assert_current(&w, a3);
    assert_int_equal(add(&w, note_by(&w, b2, BY(1, 2)), CHAIN_CHARTER), OK); /* both have one: the round decides */
    assert_current(&w, b2);
    assert_null(chain_version(w.chain, 5));
    assert_false(chain_stands(w.chain, &a3->hash));
    const struct charter *list[STEWARDS_MAX];
    assert_int_equal(chain_rivals(w.chain, list), 3);
    assert_memory_equal(list[0]->hash.b, a3->hash.b, HASH_LEN);                 /* the newest version first */
    assert_memory_equal(list[2]->hash.b, a->hash.b, HASH_LEN);
    end(&w);
}

static void among_rivals_with_successors_the_best_goes_on_standing(void **state)
{
    (void)state;
    struct world w;
    struct charter *second = begin_standing(&w), *high = after(&w, second, 9, "high"),
                   *mid = after(&w, second, 5, "mid"), *low = after(&w, second, 1, "low"), *mid2 = after(&w, mid, 0, "mid2"),
                   *low2 = after(&w, low, 0, "low2");
    assert_int_equal(add(&w, note_by(&w, high, BY(1, 2)), CHAIN_CHARTER), OK);
    assert_int_equal(add(&w, note_by(&w, mid, BY(1, 2)), CHAIN_CHARTER), OK);
    assert_int_equal(add(&w, note_by(&w, low, BY(1, 2)), CHAIN_CHARTER), OK);
    assert_current(&w, high);
    assert_int_equal(add(&w, note_by(&w, mid2, BY(1, 2)), CHAIN_CHARTER), OK);
    assert_current(&w, mid2);
    assert_int_equal(add(&w, note_by(&w, low2, BY(1, 2)), CHAIN_CHARTER), OK);
    assert_current(&w, mid2);
    end(&w);
}

static void equal_rounds_are_decided_by_the_lower_hash(void **state)
{
    (void)state;
    for (int turn = 0; turn < 2; turn++) {
        struct world w;
        struct charter *second = begin_standing(&w), *a = after(&w, second, 0, "a"), *b = after(&w, second, 0, "b");
        struct charter *low = memcmp(a->hash.b, b->hash.b, HASH_LEN) < 0 ? a : b;
        assert_int_equal(add(&w, note_by(&w, turn ? a : b, BY(1, 2)), CHAIN_CHARTER), OK);
        assert_int_equal(add(&w, note_by(&w, turn ? b : a, BY(1, 2)), CHAIN_CHARTER), OK);
        assert_current(&w, low);
        end(&w);
    }
}

static void rivals_are_bounded_but_one_that_stands_is_always_taken(void **state)
{
    (void)state;
    struct world w;
    struct charter *second = begin_standing(&w), *best = after(&w, second, 1000, "best");
    const struct charter *list[STEWARDS_MAX];
    assert_int_equal(add(&w, note_by(&w, best, BY(1, 2)), CHAIN_CHARTER), OK);
    for (unsigned i = 0; i <= CHARTER_RIVALS_MAX; i++) {
        struct charter *rival = charter_after(second, i);
        assert_int_equal(charter_seal(rival), OK);
        struct buf note = charter_note(rival, BY(1, 2));
        assert_int_equal(add(&w, buf_bytes(&note), CHAIN_CHARTER), i < CHARTER_RIVALS_MAX ? OK : ERR_LIMIT);
        buf_release(&note);
        charter_free(rival);
    }
    assert_int_equal(chain_rivals(w.chain, list), CHARTER_RIVALS_MAX);
    assert_current(&w, best);
    struct charter *next = after(&w, best, 0, "next"), *better = after(&w, second, 1001, "better");
    assert_int_equal(add(&w, note_by(&w, better, BY(1, 2)), CHAIN_CHARTER), OK);
    assert_current(&w, better);
    assert_int_equal(add(&w, note_by(&w, next, BY(1, 2)), CHAIN_CHARTER), OK);
    assert_current(&w, next);
    end(&w);
}

static void a_lost_root_is_known_where_it_signed(void **state)
{
    (void)state;
    struct world w;
    struct charter *second = begin_standing(&w), *third = charter_after(second, 0), *fourth;
    struct body was = body(4), is = body_with(4, 1), last = body_with(4, 2);
    third->members[3].root = is.root;
    third->replacements[third->n_replacements++] = (struct replacement){was.slug, was.root, 1, 10};
    add_made(&w, third);
    fourth = charter_after(third, 0);
    fourth->members[3].root = last.root;
    fourth->replacements[fourth->n_replacements++] = (struct replacement){was.slug, is.root, 1, 20};
    add_made(&w, fourth);
    assert_memory_equal(chain_root_at(w.chain, &was.slug, 1, 99)->b, was.root.b, 32);
    assert_int_equal(add(&w, note_by(&w, third, BY(1, 2)), CHAIN_CHARTER), OK);
    assert_int_equal(add(&w, note_by(&w, fourth, BY(1, 2)), CHAIN_CHARTER), OK);
    assert_memory_equal(chain_root_at(w.chain, &was.slug, 1, 0)->b, was.root.b, 32);
    assert_memory_equal(chain_root_at(w.chain, &was.slug, 1, 9)->b, was.root.b, 32);
    assert_memory_equal(chain_root_at(w.chain, &was.slug, 1, 10)->b, is.root.b, 32);
    assert_memory_equal(chain_root_at(w.chain, &was.slug, 1, 19)->b, is.root.b, 32);
    assert_memory_equal(chain_root_at(w.chain, &was.slug, 1, 20)->b, last.root.b, 32);
    assert_memory_equal(chain_root_at(w.chain, SLUG(1), 1, 0)->b, body(1).root.b, 32);
    assert_null(chain_root_at(w.chain, SLUG(77), 1, 0));
    end(&w);
}

/* Else whoever has the lost root could begin the next generation, at its index 0. */
static void a_lost_root_begins_no_later_generation(void **state)
{
    (void)state;
    struct world w;
    struct charter *second = begin_standing(&w), *third = charter_after(second, 0);
    struct body was = body(4), is = body_with(4, 1);
    third->members[3].root = is.root;
    third->replacements[third->n_replacements++] = (struct replacement){was.slug, was.root, 2, 10};
    add_made(&w, third);
    assert_int_equal(add(&w, note_by(&w, third, BY(1, 2)), CHAIN_CHARTER), OK);
    assert_memory_equal(chain_root_at(w.chain, &was.slug, 1, 99)->b, was.root.b, 32);
    assert_memory_equal(chain_root_at(w.chain, &was.slug, 2, 9)->b, was.root.b, 32);
    assert_memory_equal(chain_root_at(w.chain, &was.slug, 2, 10)->b, is.root.b, 32);
    assert_memory_equal(chain_root_at(w.chain, &was.slug, 3, 0)->b, is.root.b, 32);
    assert_memory_equal(chain_root_now(w.chain, &was.slug)->b, is.root.b, 32);
    assert_null(chain_root_now(w.chain, SLUG(77)));
    end(&w);
}

/* A small generator, so that a failure can be played again from its seed. */
static uint64_t next_random(uint64_t *state)
{
    *state += 0x9e3779b97f4a7c15u;
    uint64_t z = *state;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    return z ^ (z >> 31);
}

static void shuffle(size_t *order, size_t n, uint64_t *seed)
{
    for (size_t i = 0; i < n; i++)
        order[i] = i;
    for (size_t i = n; i > 1; i--) {
        size_t k = (size_t)(next_random(seed) % i), was = order[i - 1];
        order[i - 1] = order[k];
        order[k] = was;
    }
}

/* Add all in that order; those whose predecessor was not known yet, again until nothing changes. */
static void add_all(struct chain *c, const struct world *w, const size_t *order)
{
    bool changed = true;
    bool done[NOTES_MAX] = {false};
    while (changed) {
        changed = false;
        for (size_t i = 0; i < w->n_notes; i++) {
            enum chain_verdict v;
            struct hash h;
            if (done[order[i]])
                continue;
            done[order[i]] = chain_add(c, buf_bytes(&w->notes[order[i]]), &v, &h) != ERR_UNKNOWN;
            changed = changed || done[order[i]];
        }
    }
}

static void the_order_in_which_notes_come_does_not_matter(void **state)
{
    (void)state;
    struct world w;
    struct charter *second = begin(&w), *a = after(&w, second, 0, "a"), *b = after(&w, second, 2, "b"),
                   *a2 = after(&w, a, 0, "a2"), *b2 = after(&w, b, 1, "b2"), *b2x = after(&w, b, 0, "b2x"),
                   *b3 = charter_after(b2, 1);
    charter_fill(b3, 4, 4, 3);
    add_made(&w, b3);
    struct charter *p0 = after(&w, b3, 0, "p0"), *p1 = after(&w, b3, 1, "p1"), *p2 = after(&w, b3, 2, "p2");
    (void)note_by(&w, w.made[0], BY(1));
    (void)note_by(&w, second, BY(1, 2));
    (void)note_by(&w, second, BY(3, 1));
    (void)note_by(&w, a, BY(1, 2));             /* two rivals, each with successors */
    (void)note_by(&w, a, BY(3));
    (void)note_by(&w, b, BY(2, 3));
    (void)note_by(&w, b, BY(1));
    (void)note_by(&w, a2, BY(1, 2));
    (void)note_by(&w, b2, BY(1, 3));
    (void)note_by(&w, b2, BY(2));
    (void)note_by(&w, b2x, BY(1, 2));
    (void)note_by(&w, b3, BY(2));               /* becomes one by merging */
    (void)note_by(&w, b3, BY(3, 4));
    (void)note_by(&w, p0, BY(1));               /* abandoned by 1, kept up by 2 */
    (void)note_by(&w, p0, BY(1, 2));
    (void)note_by(&w, p1, BY(1));               /* abandoned by 3 */
    (void)note_by(&w, p1, BY(1, 3));
    (void)note_by(&w, p2, BY(3));
    (void)note_by(&w, p2, BY(3, 4));
    struct alliance_id id = charter_alliance_id(&w.made[0]->hash);
    const struct charter *standing[] = {w.made[0], second, b, b2, b3}, *rivals[] = {b2x, a2, a}, *open[] = {p2, p1, p0};
    struct buf kept[] = {charter_note(p2, BY(3, 4)), charter_note(p1, BY(1, 3)), charter_note(p0, BY(1, 2))};
    uint64_t seed = 20240229;
    print_message("# seed %llu\n", (unsigned long long)seed);
    for (int turn = 0; turn < 200; turn++) {
        const struct charter *list[STEWARDS_MAX];
        size_t order[NOTES_MAX];
        shuffle(order, w.n_notes, &seed);
        w.chain = (chain_free(w.chain), chain_new(&id));
        add_all(w.chain, &w, order);
        assert_current(&w, b3);
        for (uint32_t v = 1; v <= 5; v++)
            assert_memory_equal(chain_version(w.chain, v)->hash.b, standing[v - 1]->hash.b, HASH_LEN);
        assert_int_equal(chain_rivals(w.chain, list), 3);
        for (size_t i = 0; i < 2; i++)          /* b2x and a2 are both of version 4 and round 0 */
            assert_int_equal(list[i]->version, rivals[i]->version);
        assert_memory_equal(list[2]->hash.b, rivals[2]->hash.b, HASH_LEN);
        assert_int_equal(chain_proposals(w.chain, list), 3);
        for (size_t i = 0; i < 3; i++) {
            assert_memory_equal(list[i]->hash.b, open[i]->hash.b, HASH_LEN);
            assert_bytes_equal(chain_note(w.chain, &list[i]->hash), buf_bytes(&kept[i]));
        }
    }
    for (size_t i = 0; i < 3; i++)
        buf_release(&kept[i]);
    end(&w);
}

/* What it costs to take in versions 1 to n of an alliance of 50 members. */
static uint64_t work_of(size_t n)
{
    struct charter *at = charter_founding();
    struct alliance_id id = charter_alliance_id(&at->hash);
    struct chain *c = chain_new(&id);
    uint64_t work = 0;
    for (size_t v = 1;; v++) {
        enum chain_verdict verdict;
        struct hash hash;
        struct buf note = charter_note(at, BY(1));
        assert_int_equal(chain_add(c, buf_bytes(&note), &verdict, &hash), OK);
        assert_int_equal(verdict, CHAIN_CHARTER);
        buf_release(&note);
        if (v == n)
            break;
        struct charter *next = charter_after(at, 0);
        if (v == 1)
            charter_fill(next, 50, 1, 1);
        assert_int_equal(charter_seal(next), OK);
        charter_free(at);
        at = next;
    }
    assert_int_equal(chain_current(c)->version, n);
    assert_int_equal(chain_version(c, 1)->n_members, 1);        /* read again from its note */
    assert_int_equal(chain_version(c, (uint32_t)n / 2)->n_members, 50);
    work = chain_work(c);
    chain_free(c);
    charter_free(at);
    return work;
}

static void a_thousand_charters_cost_a_thousand_times_one(void **state)
{
    (void)state;
    uint64_t half = work_of(500), whole = work_of(1000);
    assert_true(whole < 8 * 1000);
    assert_true(whole < 2 * half + 500);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_chain_is_founded_by_its_own_first_version_only),
        cmocka_unit_test(merged_signatures_make_a_proposal_a_charter),
        cmocka_unit_test(a_text_that_no_steward_signed_is_not_kept),
        cmocka_unit_test(a_failing_line_of_a_steward_rejects_a_note_also_when_a_good_one_is_held),
        cmocka_unit_test(an_unlawful_successor_is_refused_whoever_signs_it),
        cmocka_unit_test(a_steward_has_one_proposal_the_one_of_its_highest_round),
        cmocka_unit_test(of_one_round_twice_the_lower_hash_counts),
        cmocka_unit_test(a_node_that_follows_a_switches_to_a_rival_of_a_higher_round),
        cmocka_unit_test(a_charter_that_has_a_successor_stands_against_a_higher_round),
        cmocka_unit_test(among_rivals_with_successors_the_best_goes_on_standing),
        cmocka_unit_test(equal_rounds_are_decided_by_the_lower_hash),
        cmocka_unit_test(rivals_are_bounded_but_one_that_stands_is_always_taken),
        cmocka_unit_test(a_lost_root_is_known_where_it_signed),
        cmocka_unit_test(a_lost_root_begins_no_later_generation),
        cmocka_unit_test(the_order_in_which_notes_come_does_not_matter),
        cmocka_unit_test(a_thousand_charters_cost_a_thousand_times_one),
    };
    return crypto_start() != OK || cmocka_run_group_tests(tests, NULL, NULL) != 0;
}
