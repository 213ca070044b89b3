#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/sim/sim.h"

/* ---- chance ---- */

uint64_t sim_random(struct sim *s)
{
    uint64_t z = (s->random += 0x9e3779b97f4a7c15);
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
    z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
    return z ^ (z >> 31);
}

uint64_t sim_between(struct sim *s, uint64_t low, uint64_t high)
{
    return low + sim_random(s) % (high - low + 1);
}

bool sim_chance(struct sim *s, double p)
{
    return p > 0 && (double)(sim_random(s) >> 11) / 9007199254740992.0 < p;
}

void sim_fail(struct sim *s, const char *fmt, ...)
{
    if (s->failed != NULL)
        return;
    va_list ap;
    va_start(ap, fmt);
    (void)vsnprintf(s->failure, sizeof(s->failure), fmt, ap);
    va_end(ap);
    s->failed = s->failure;
}

struct sim *sim_new(uint64_t seed, const char *name)
{
    struct sim *s = calloc(1, sizeof(*s));
    must(s != NULL);
    s->seed = seed;
    s->random = seed * 0x2545f4914f6cdd1d + 1;
    s->now_ms = 1000;
    s->latency_min_ms = 2;
    s->latency_max_ms = 40;
    s->commit_min_ms = 1;
    s->commit_max_ms = 20;
    s->trace = buf_on(16u << 20);
    (void)snprintf(s->name, sizeof(s->name), "%s", name);
    return s;
}

/* ---- golden traces ---- */

static bool golden_path(const char *name, char *ret, size_t size)
{
    int n = snprintf(ret, size, "tests/sim/golden/%s.txt", name);
    return n > 0 && (size_t)n < size;
}

static void golden_write(struct sim *s)
{
    char path[200];
    FILE *f = golden_path(s->name, path, sizeof(path)) ? fopen(path, "wb") : NULL;
    if (f == NULL || fwrite(s->trace.p, 1, s->trace.len, f) != s->trace.len || fclose(f) != 0)
        sim_fail(s, "cannot write %s", path);
}

/* The first line that differs says more than the whole. */
static void golden_compare(struct sim *s)
{
    char path[200], line[400];
    FILE *f = golden_path(s->name, path, sizeof(path)) ? fopen(path, "rb") : NULL;
    struct bytes got = buf_bytes(&s->trace), one;
    size_t number = 0;
    if (f == NULL) {
        sim_fail(s, "no golden trace %s", path);
        return;
    }
    while (s->failed == NULL && bytes_line(&got, &one)) {
        number++;
        if (fgets(line, sizeof(line), f) == NULL)
            line[0] = '\0';
        size_t len = strcspn(line, "\n");
        if (len != one.len || memcmp(line, one.p, len) != 0)
            sim_fail(s, "%s:%zu: expected \"%.*s\", saw \"%.*s\"", path, number, (int)len, line, (int)one.len,
                     (const char *)one.p);
    }
    if (s->failed == NULL && fgets(line, sizeof(line), f) != NULL)
        sim_fail(s, "%s: the run ends before line %zu", path, number + 1);
    (void)fclose(f);
}

/* ---- the command line ---- */

enum { GOLDEN_SEED = 1 };

struct options { uint64_t from, to, n_ingest; const char *scenario; bool is_verbose, write_golden, is_quick; };

static bool run_one(const struct scenario *sc, uint64_t seed, const struct options *o, size_t number)
{
    struct sim *s = sim_new(seed, sc->name);
    s->is_verbose = o->is_verbose;
    s->is_tracing = sc->is_golden && seed == GOLDEN_SEED;
    sc->run(s);
    if (s->failed == NULL && s->is_tracing && o->write_golden)
        golden_write(s);
    else if (s->failed == NULL && s->is_tracing)
        golden_compare(s);
    bool is_good = s->failed == NULL;
    printf("%s %zu - %s seed %llu\n", is_good ? "ok" : "not ok", number, sc->name, (unsigned long long)seed);
    if (!is_good)
        printf("# step %llu, at %llu ms: %s\n# again: sim --scenario %s --seed %llu -v\n", (unsigned long long)s->step,
               (unsigned long long)s->now_ms, s->failed, sc->name, (unsigned long long)seed);
    else if (o->is_verbose)
        printf("# %llu steps, %llu frames, %llu bytes\n", (unsigned long long)s->step, (unsigned long long)s->frames_sent,
               (unsigned long long)s->bytes_sent);
    (void)fflush(stdout);
    sim_free(s);
    return is_good;
}

static bool number_of(const char *text, size_t len, uint64_t *ret)
{
    return bytes_u64((struct bytes){(const uint8_t *)text, len}, INT64_MAX, ret) == OK;
}

static bool read_seeds(const char *text, struct options *o)
{
    const char *dots = strstr(text, "..");
    if (dots == NULL) {
        bool is_one = number_of(text, strlen(text), &o->from);
        o->to = o->from;
        return is_one;
    }
    return number_of(text, (size_t)(dots - text), &o->from) && number_of(dots + 2, strlen(dots + 2), &o->to)
        && o->from <= o->to;
}

static bool read_options(int argc, char **argv, struct options *o)
{
    for (int i = 1; i < argc; i++) {
        bool has_value = i + 1 < argc;
        if (strcmp(argv[i], "-v") == 0)
            o->is_verbose = true;
        else if (strcmp(argv[i], "--quick") == 0)
            o->is_quick = true;
        else if (strcmp(argv[i], "--write-golden") == 0)
            o->write_golden = true;
        else if (has_value && (strcmp(argv[i], "--seed") == 0 || strcmp(argv[i], "--seeds") == 0)) {
            if (!read_seeds(argv[++i], o))
                return false;
        } else if (has_value && strcmp(argv[i], "--scenario") == 0)
            o->scenario = argv[++i];
        else if (has_value && strcmp(argv[i], "--ingest") == 0) {
            if (!number_of(argv[i + 1], strlen(argv[i + 1]), &o->n_ingest))
                return false;
            i++;
        }
        else
            return false;
    }
    return true;
}

int main(int argc, char **argv)
{
    struct options o = {.from = GOLDEN_SEED, .to = GOLDEN_SEED};
    size_t number = 0, failed = 0;
    if (crypto_start() != OK || !read_options(argc, argv, &o)) {
        (void)fprintf(stderr, "usage: sim [--seed N | --seeds FROM..TO] [--scenario NAME] [--quick] [--write-golden] [-v]\n"
                              "       sim --ingest RECORDS\n");
        return 2;
    }
    if (o.n_ingest > 0) {
        ingest((size_t)o.n_ingest);
        return 0;
    }
    for (uint64_t seed = o.from; seed <= o.to; seed++) {
        for (size_t i = 0; i < n_scenarios; i++) {
            if (o.scenario != NULL ? strcmp(o.scenario, scenarios[i].name) != 0 : o.is_quick && scenarios[i].is_slow)
                continue;
            failed += !run_one(&scenarios[i], seed, &o, ++number);
        }
    }
    printf("1..%zu\n", number);
    return failed > 0 || number == 0;
}
