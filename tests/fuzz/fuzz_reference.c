/* tests/fuzz/fuzz_reference.c - hostile files of public figures: whatever comes is refused with a line, or every row of it is of
 * somebody that the register knows, with texts that can be shown; and reading it again says the same. */
#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/day.h"
#include "cli/period.h"
#include "cli/reference/read.h"
#include "protocol/pack.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const struct definition *official(void *arg, const char *id)
{
    (void)arg;
    return register_definition(id);
}

static const char *nearest(void *arg, const char *id)
{
    (void)arg;
    return register_nearest_definition(id);
}

static void check_place(const struct intake_place *p)
{
    assert((p->authority != NULL) != (p->area != NULL));
    assert(p->authority == NULL || p->authority->continues_as == NULL);
}

static void check_figure(const struct intake_figure *f)
{
    uint64_t ms;
    check_place(&f->place);
    assert(strlen(f->vintage) == 10 && day_end(f->vintage, &ms) == OK);
    assert(period_is_valid(f->figure.period, f->figure.time_identifier));
    assert(strcmp(f->figure.indicator, f->definition->id) == 0 && f->line > 1 && f->comment == NULL);
    assert(f->figure.status != STATUS_C || !f->figure.has_numerator);
}

static void check_row(const struct reference *r, size_t i)
{
    uint64_t ms;
    switch (r->kind) {
    case REFERENCE_FIGURES:
        check_figure(&r->in.figures[i]);
        break;
    case REFERENCE_NEIGHBOURS:
        assert(r->neighbours[i].of != NULL && r->neighbours[i].neighbour != NULL &&
               r->neighbours[i].of != r->neighbours[i].neighbour);
        assert(r->neighbours[i].rank >= 1 && r->neighbours[i].rank <= NEIGHBOURS);
        assert(utf8_is_line(bytes_of(r->neighbours[i].closeness)));
        break;
    case REFERENCE_JUDGEMENTS:
        assert(r->judgements[i].of != NULL && day_end(r->judgements[i].inspected, &ms) == OK &&
               day_end(r->judgements[i].published, &ms) == OK);
        assert(utf8_is_line(bytes_of(r->judgements[i].type)));
        break;
    case REFERENCE_POPULATIONS:
        check_place(&r->populations[i].place);
        assert(period_code_is_valid(r->populations[i].period) && utf8_is_line(bytes_of(r->populations[i].age)));
        break;
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct reference_options with = {.vintage = "2025-01-01", .definition = official, .nearest = nearest};
    struct reference r, again;
    enum err e = reference_read((struct bytes){data, size}, &with, &r);
    assert(e == OK || e == ERR_FORMAT || e == ERR_LIMIT);
    if (e != OK)
        return 0;
    for (size_t i = 0; i < r.in.n_problems; i++)
        assert(utf8_is_line(bytes_of(r.in.problems[i].problem)) && utf8_is_line(bytes_of(r.in.problems[i].column)));
    for (size_t i = 0; i < reference_count(&r); i++)
        check_row(&r, i);
    e = reference_read((struct bytes){data, size}, &with, &again);
    assert(e == OK && again.kind == r.kind && reference_count(&again) == reference_count(&r) &&
           again.in.n_problems == r.in.n_problems);
    reference_release(&again);
    reference_release(&r);
    return 0;
}
