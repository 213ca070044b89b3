/* No withheld cell of a table can be worked out: small random tables, every way of filling them in.
 *
 * The reader of this test is a strong one: it knows every sum, that zeros stay, and even which cells were withheld for
 * being small and which beside them. It enumerates; it shares no code with the gate. $FOLKMOOT_SEED repeats a run. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "cli/publish/gate.h"

static int64_t small_max = SMALL_COUNT_MAX;
enum { AGES = 3, SEXES = 2, CELLS = (AGES + 1) * (SEXES + 1), MOST = 40, TABLES = 1500 };

static const struct definition people = {
    .id = "cpp_repeat_pct", .title = "t", .numerator = "plans", .denominator = "all plans", .unit = "%", .basis = "flow",
    .multiplier = 100, .decimals = 1, .counts_people = true,
};

static uint64_t seed;

static int draw(int n)
{
    seed = seed * 6364136223846793005u + 1442695040888963407u;
    return (int)((seed >> 33) % (uint64_t)n);
}

/* Row AGES and column SEXES are the sums. */
struct table {
    int n_ages, first_a, first_s;
    int truth[AGES + 1][SEXES + 1];
    bool is_given[AGES + 1][SEXES + 1];
    struct figure figures[CELLS];
    struct gate_item items[CELLS];
    size_t n, at[AGES + 1][SEXES + 1];
};

static void fill(struct table *t)
{
    *t = (struct table){.n_ages = 2 + draw(AGES - 1)};
    for (int a = 0; a < t->n_ages; a++)
        for (int s = 0; s < SEXES; s++) {
            int v = draw(10) < 2 ? 0 : draw(3) == 0 ? 1 + draw(5) : 1 + draw(12);
            t->truth[a][s] = v;
            t->truth[a][SEXES] += v;
            t->truth[AGES][s] += v;
            t->truth[AGES][SEXES] += v;
        }
    for (int a = 0; a <= AGES; a++)
        for (int s = 0; s <= SEXES; s++)
            t->is_given[a][s] = (a < t->n_ages || a == AGES) && ((a < AGES && s < SEXES) || draw(6) > 0);
}

static void add(struct table *t, int a, int s)
{
    struct figure *f = &t->figures[t->n];
    *f = (struct figure){.has_numerator = true, .has_denominator = true, .numerator = {t->truth[a][s], 0},
                         .denominator = {400 + 100 * (a == AGES) + 100 * (s == SEXES), 0}};
    snprintf(f->indicator, sizeof(f->indicator), "%s", people.id);
    snprintf(f->period, sizeof(f->period), "2024");
    snprintf(f->time_identifier, sizeof(f->time_identifier), "Reporting year");
    snprintf(f->breakdown, sizeof(f->breakdown), "%s%.*s%s%s%.*s", a < AGES ? "age=" : "", a < AGES, &"abc"[a < AGES ? a : 0],
             a < AGES && s < SEXES ? ";" : "", s < SEXES ? "sex=" : "", s < SEXES, &"fm"[s < SEXES ? s : 0]);
    f->has_value = decimal_ratio(100, f->numerator, f->denominator, 1, &f->value) == OK;
    t->items[t->n] = (struct gate_item){.figure = f, .definition = &people};
    if (t->n == 0) {
        t->first_a = a;
        t->first_s = s;
    }
    t->at[a][s] = t->n++;
}

/* What a reader sees of one cell, and what it may be. */
struct seen { bool is_hidden, is_absent; int low, high, values[2], n_values; };
static struct seen seen[AGES + 1][SEXES + 1];

static void look(const struct table *t, bool is_weak[AGES + 1][SEXES + 1])
{
    memset(seen, 0, sizeof(seen));
    for (int a = 0; a <= AGES; a++)
        for (int s = 0; s <= SEXES; s++) {
            struct seen *c = &seen[a][s];
            int v = t->truth[a][s];
            c->is_absent = !t->is_given[a][s];
            if (c->is_absent)
                continue;
            const struct figure *f = &t->figures[t->at[a][s]];
            c->is_hidden = !f->has_numerator;
            assert_true(c->is_hidden || f->numerator.mantissa == v);
            assert_true(!c->is_hidden || (f->status == STATUS_C && !f->has_value && v > 0));
            assert_true(c->is_hidden || v == 0 || v > (int)small_max);
            c->low = !c->is_hidden ? v : is_weak[a][s] || v <= (int)small_max ? 1 : (int)small_max + 1;
            c->high = !c->is_hidden ? v : is_weak[a][s] || v > (int)small_max ? MOST * 8 : (int)small_max;
        }
}

static bool fits(int a, int s, int v)
{
    return seen[a][s].is_absent || (v >= seen[a][s].low && v <= seen[a][s].high);
}

static void note(int a, int s, int v)
{
    struct seen *c = &seen[a][s];
    if (c->is_hidden && c->n_values < 2 && (c->n_values == 0 || c->values[0] != v))
        c->values[c->n_values++] = v;
}

static bool all_are_safe(void)
{
    for (int a = 0; a <= AGES; a++)
        for (int s = 0; s <= SEXES; s++)
            if (seen[a][s].is_hidden && seen[a][s].n_values < 2)
                return false;
    return true;
}

/* Every way to fill in the inner cells, from `i` on; sums are what they come to. Stops when all are safe. */
static void enumerate(const struct table *t, int inner[AGES][SEXES], int i)
{
    int a = i / SEXES, s = i % SEXES, age, all = 0;
    if (all_are_safe())
        return;
    if (a == t->n_ages) {
        for (s = 0; s < SEXES; s++) {
            int sex = 0;
            for (age = 0; age < t->n_ages; age++)
                sex += inner[age][s];
            if (!fits(AGES, s, sex))
                return;
            all += sex;
        }
        if (!fits(AGES, SEXES, all))
            return;
        for (age = 0; age < t->n_ages; age++) {
            note(age, SEXES, inner[age][0] + inner[age][1]);
            for (s = 0; s < SEXES; s++)
                note(age, s, inner[age][s]);
        }
        for (s = 0; s < SEXES; s++) {
            int sex = 0;
            for (age = 0; age < t->n_ages; age++)
                sex += inner[age][s];
            note(AGES, s, sex);
        }
        note(AGES, SEXES, all);
        return;
    }
    int high = seen[a][s].high < MOST ? seen[a][s].high : MOST;
    for (int v = seen[a][s].low; v <= high; v++) {
        inner[a][s] = v;
        if (s == SEXES - 1 && !fits(a, SEXES, inner[a][0] + v))
            continue;
        enumerate(t, inner, i + 1);
    }
}

static bool is_added(const struct table *t, int a, int s)
{
    return t->at[a][s] < t->n && t->figures[t->at[a][s]].indicator[0] != '\0' && (t->at[a][s] > 0 ||
                                                                                  t->first_a * 10 + t->first_s == a * 10 + s);
}

static void show(const struct table *t)
{
    for (int a = 0; a <= AGES; a++) {
        char line[120] = "#";
        for (int s = 0; s <= SEXES; s++)
            if (t->is_given[a][s] && is_added(t, a, s))
                snprintf(line + strlen(line), sizeof(line) - strlen(line), " %4d%s%s", t->truth[a][s],
                         t->figures[t->at[a][s]].has_numerator ? " " : "c", t->items[t->at[a][s]].is_fixed ? "*" : " ");
            else
                snprintf(line + strlen(line), sizeof(line) - strlen(line), "    -  ");
        print_message("%s\n", line);
    }
}

static void assert_safe(const struct table *t, bool is_weak[AGES + 1][SEXES + 1], uint64_t before)
{
    int inner[AGES][SEXES];
    look(t, is_weak);
    enumerate(t, inner, 0);
    for (int a = 0; a <= AGES; a++)
        for (int s = 0; s <= SEXES; s++)
            if (seen[a][s].is_hidden && seen[a][s].n_values < 2) {
                show(t);
                fail_msg("seed %llu: age %d sex %d can only be %d (truth %d)", (unsigned long long)before, a, s,
                         seen[a][s].values[0],
                         t->truth[a][s]);
            }
}

/* Five ones that add up to five: who knows that each is small, and their sum too, knows them all. Nothing is left to
 * withhold, and the gate says so. Who does not know which were small knows none. */
static size_t assert_all_is_withheld(const struct table *t)
{
    for (size_t i = 0; i < t->n; i++)
        assert_true(!t->figures[i].has_numerator || t->figures[i].numerator.mantissa == 0);
    return 1;
}

static void start_seed(void)
{
    const char *given = getenv("FOLKMOOT_SEED");
    seed = given != NULL ? strtoull(given, NULL, 10) : 20240331;
    print_message("# seed %llu\n", (unsigned long long)seed);
}

static void no_withheld_cell_has_one_solution(void **state)
{
    (void)state;
    static struct table t;
    bool is_weak[AGES + 1][SEXES + 1] = {{false}}, all_weak[AGES + 1][SEXES + 1];
    size_t n_small = 0, n_beside = 0, n_cells = 0, n_tight = 0;
    memset(all_weak, true, sizeof(all_weak));
    start_seed();
    for (int i = 0; i < TABLES; i++) {
        struct gate_count count;
        uint64_t before = seed;
        fill(&t);
        for (int a = 0; a <= AGES; a++)
            for (int s = 0; s <= SEXES; s++)
                if (t.is_given[a][s])
                    add(&t, a, s);
        assert_int_equal(gate_run(t.items, t.n, small_max, &count), OK);
        assert_true(count.n_small > 0 || count.n_recoverable == 0);
        if (count.n_exposed > 0)
            n_tight += assert_all_is_withheld(&t);
        assert_safe(&t, count.n_exposed > 0 ? all_weak : is_weak, before);
        n_small += count.n_small;
        n_beside += count.n_recoverable;
        n_cells += t.n;
    }
    print_message("# %d tables of %zu cells: %zu small, %zu withheld beside them\n", TABLES, n_cells, n_small, n_beside);
    assert_true(n_tight < TABLES / 100);
    assert_true(n_small > 0 && n_beside > 0 && n_small + n_beside < n_cells * 9 / 10);
}

/* The table comes in two publishes: what the first made public the second cannot take back. */
static void nor_when_the_rest_is_published_later(void **state)
{
    (void)state;
    static struct table t;
    size_t n_exposed = 0, n_checked = 0;
    start_seed();
    for (int i = 0; i < TABLES; i++) {
        bool is_first[AGES + 1][SEXES + 1] = {{false}};
        struct gate_count count;
        uint64_t before = seed;
        fill(&t);
        for (int round = 0; round < 2; round++) {
            for (size_t c = 0; c < t.n; c++)
                t.items[c].is_fixed = true;
            for (int a = 0; a <= AGES; a++)
                for (int s = 0; s <= SEXES; s++)
                    if (t.is_given[a][s] && (round == 1 ? !is_first[a][s] : (is_first[a][s] = draw(2) == 0)))
                        add(&t, a, s);
            assert_int_equal(gate_run(t.items, t.n, small_max, &count), OK);
            if (round == 0 && count.n_exposed > 0)
                (void)assert_all_is_withheld(&t);
        }
        n_exposed += count.n_exposed > 0;
        if (count.n_exposed > 0)
            continue;                           /* it said so: what was public before gives it away */
        assert_safe(&t, is_first, before);
        n_checked++;
    }
    print_message("# %zu tables in two publishes; in %zu more what was public before gave something away, and that was said\n",
                  n_checked, n_exposed);
    assert_true(n_checked > TABLES / 2);
}

/* What the charter may say, where members withhold more. */
static void nor_by_a_larger_limit(void **state)
{
    small_max = 7;
    no_withheld_cell_has_one_solution(state);
    nor_when_the_rest_is_published_later(state);
    small_max = SMALL_COUNT_MAX;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(no_withheld_cell_has_one_solution),
        cmocka_unit_test(nor_when_the_rest_is_published_later),
        cmocka_unit_test(nor_by_a_larger_limit),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
