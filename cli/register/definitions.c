#include "cli/register/register.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "cli/nearest.h"
#include "cli/register/embedded.h"

static struct definition definitions[DEFINITIONS_MAX];
static size_t n_definitions;                    /* 0 until first use */

/*    as the file says it, as people read it, multiplier */
#define UNITS(X)                                                              \
    X("rate_10000", "per 10,000", 10000)                                      \
    X("percent",    "%",          100)                                        \
    X("mean",       "mean",       1)                                          \
    X("score",      "score",      1)

static bool set_unit(struct definition *d, const char *word)
{
#define X(name, shown, times)                                                 \
    if (strcmp(word, name) == 0) {                                            \
        snprintf(d->unit, sizeof(d->unit), "%s", shown);                      \
        d->multiplier = times;                                                \
        return true;                                                          \
    }
    UNITS(X)
#undef X
    return false;
}

static struct definition definition_of(const char *const *row)
{
    struct definition d = {0};
    uint64_t decimals = 0;
    snprintf(d.id, sizeof(d.id), "%s", row[HI_indicator]);
    snprintf(d.title, sizeof(d.title), "%s", row[HI_title]);
    snprintf(d.numerator, sizeof(d.numerator), "%s", row[HI_numerator]);
    snprintf(d.denominator, sizeof(d.denominator), "%s", row[HI_denominator]);
    snprintf(d.basis, sizeof(d.basis), "%s", row[HI_basis]);
    bool good = set_unit(&d, row[HI_unit]);
    good = bytes_u64(bytes_of(row[HI_published_dp]), DECIMAL_SCALE_MAX, &decimals) == OK && good;
    good = polarity_parse(bytes_of(row[HI_polarity]), &d.polarity) == OK && good;
    good = parts_parse(bytes_of(row[HI_parts]), &d.parts) == OK && good;
    assert(good);                               /* the file is ours, and a test reads every row */
    (void)good;
    d.decimals = (uint8_t)decimals;
    /* The workforce census counts posts and days as FTE, of staff; a mean score counts nobody.
     * All the others count children, or events in the life of one. */
    bool is_workforce = strncmp(d.id, "sw_", 3) == 0;
    d.parts_rounded = is_workforce;
    d.counts_people = !is_workforce && strcmp(row[HI_unit], "score") != 0;
    return d;
}

static void load(void)
{
    if (n_definitions > 0)
        return;
    size_t n = csv_headline_indicators_rows - 1;
    assert(n <= DEFINITIONS_MAX);
    for (size_t i = 0; i < n; i++)
        definitions[i] = definition_of(csv_headline_indicators[i + 1]);
    n_definitions = n;
}

size_t register_definitions(void)
{
    load();
    return n_definitions;
}

const struct definition *register_definition_at(size_t i)
{
    load();
    assert(i < n_definitions);
    return &definitions[i];
}

const struct definition *register_definition(const char *id)
{
    load();
    for (size_t i = 0; i < n_definitions; i++)
        if (strcasecmp(definitions[i].id, id) == 0)
            return &definitions[i];
    return NULL;
}

const char *register_nearest_definition(const char *id)
{
    load();
    struct nearest near = nearest_to(id);
    for (size_t i = 0; i < n_definitions; i++)
        nearest_offer(&near, definitions[i].id);
    return near.best;
}

const struct definition *register_definition_by_lait(const char *measure)
{
    load();
    for (size_t i = 0; measure[0] != '\0' && i < n_definitions; i++)
        if (strcmp(csv_headline_indicators[i + 1][HI_lait_measure_short], measure) == 0)
            return &definitions[i];
    return NULL;
}
