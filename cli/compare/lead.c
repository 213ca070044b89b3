#include "cli/compare/lead.h"

#include <stdlib.h>
#include <string.h>

#include "cli/ask.h"
#include "cli/day.h"
#include "cli/official.h"
#include "cli/say.h"

/* ---- what is asked ---- */

static enum exit_status read_about(struct lead *l, enum whom_kind kind)
{
    const char *word = kind == WHOM_ANYBODY ? option_value(&l->d.s->options, "authority") : NULL;
    bool is_member = true;
    l->about = l->d.identity->slug;
    l->is_named = word != NULL;
    enum exit_status st = word != NULL ? ask_authority(&l->d, word, &l->about, &is_member) : EXIT_OK;
    if (st == EXIT_OK && !is_member && l->whom.set == SET_ALLIANCE)
        st = say_refused(l->d.s, EXIT_USAGE, "no-member", "--with england, all or neighbours reaches beyond the alliance",
                         "--authority %s: no member of %s", l->about.s, desk_charter(&l->d)->name);
    return st;
}

static enum exit_status read_options(struct lead *l, enum whom_kind kind)
{
    struct session *s = l->d.s;
    const char *as_of = option_value(&s->options, "as-of");
    enum exit_status st = ask_period(s, option_value(&s->options, "period"), PERIOD_LATEST, &l->period);
    l->as_of_ms = UINT64_MAX;
    if (st == EXIT_OK && as_of != NULL && day_end(as_of, &l->as_of_ms) != OK)
        st = say_usage(s, "write 2025-01-31", "--as-of %s: this is no date", as_of);
    if (st == EXIT_OK)
        st = whom_read(&l->d, l->view, kind, SET_ALLIANCE, &l->whom);
    return st == EXIT_OK ? read_about(l, kind) : st;
}

/* ---- whether there is an answer ---- */

static enum exit_status check_neighbours(const struct lead *l)
{
    if (l->region.n == 0)
        return say_refused(l->d.s, EXIT_NO, "no-usable-neighbours", "--authority A says whose neighbours are meant",
                           "--with neighbours: neither %s nor a statistical neighbour of it has a figure here", l->about.s);
    const struct compare_neighbours *any = &l->region.rows[0].c.neighbours;
    size_t n = 0, n_named = 0;
    for (size_t i = 0; i < l->region.n; i++) {
        n += l->region.rows[i].c.neighbours.n;
        n_named += l->region.rows[i].c.neighbours.n_named;
    }
    if (n > 0)
        return EXIT_OK;
    if (any->of == NULL)
        return say_refused(l->d.s, EXIT_NO, "no-usable-neighbours", "--authority A says whose neighbours are meant",
                           "--with neighbours: the register of authorities does not know %s", l->about.s);
    if (n_named == 0)
        return say_refused(l->d.s, EXIT_NO, "no-usable-neighbours", "--model 2025 is built in",
                           "--with neighbours: the model %s names none of %s", any->model, any->of->name);
    return say_refused(l->d.s, EXIT_NO, "no-usable-neighbours",
                       "`folkmoot reference import FILE.csv --source TEXT` takes public figures",
                       "--with neighbours: none of the statistical neighbours of %s has a figure here", any->of->name);
}

/* All England, and not one public figure: then it is not England. */
static enum exit_status check_england(const struct lead *l)
{
    for (size_t i = 0; i < l->region.n; i++)
        if (l->region.rows[i].c.any_public)
            return EXIT_OK;
    return say_refused(l->d.s, EXIT_NO, "no-reference", "`folkmoot reference import FILE.csv --source TEXT` takes them",
                       "--with england: no public figures are held here");
}

static enum exit_status check_region(const struct lead *l)
{
    const char *period = option_value(&l->d.s->options, "period");
    if (l->whom.set == SET_ENGLAND && l->whom.n_only == 0) {
        enum exit_status st = check_england(l);
        if (st != EXIT_OK)
            return st;
    }
    if (l->whom.set == SET_NEIGHBOURS && l->whom.n_only == 0)
        return check_neighbours(l);
    if (l->region.n == 0)
        return say_refused(l->d.s, EXIT_NO, "nothing-found", "`folkmoot coverage` says who has returned what",
                           "no figure of %s%s is held", period != NULL ? "period " : "any period", period != NULL ? period : "");
    return EXIT_OK;
}

static enum exit_status make_region(struct lead *l)
{
    struct compare_ask whom = {.as_of_ms = l->as_of_ms};
    whom_put(&l->whom, &whom);
    struct region_ask ask = {.v = l->view, .charter = desk_charter(&l->d), .official = &official_definitions, .period = &l->period,
                             .as_of_ms = l->as_of_ms, .set = whom.set, .only = whom.only, .n_only = whom.n_only,
                             .region = whom.region, .model = whom.model,
                             .marked = whom.set == SET_NEIGHBOURS ? &l->about : NULL};
    enum err e = region_make(&ask, &l->region);
    if (e != OK)
        return say_failed(l->d.s, e, NULL, "comparing the indicators");
    for (size_t i = 0; i < l->region.n_authorities; i++)
        if (slug_equal(&l->region.authorities[i], &l->about))
            l->own = &l->region.authorities[i];
    return check_region(l);
}

static enum exit_status run(struct session *s, enum whom_kind kind, lead_step ready, lead_step work, void *arg)
{
    struct lead *l = calloc(1, sizeof(*l));
    if (l == NULL)
        return say_failed(s, ERR_NOMEM, NULL, "comparing");
    l->arg = arg;
    enum exit_status st = desk_open(s, STORE_READ, &l->d);
    if (st == EXIT_OK)
        st = desk_view(&l->d, &l->view);
    if (st == EXIT_OK)
        st = read_options(l, kind);
    if (st == EXIT_OK && ready != NULL)
        st = ready(l);
    if (st == EXIT_OK)
        st = make_region(l);
    if (st == EXIT_OK)
        st = work(l);
    region_release(&l->region);
    view_close(l->view);
    desk_close(&l->d);
    free(l);
    return st;
}

enum exit_status lead_run(struct session *s, lead_step work)
{
    return run(s, WHOM_ANYBODY, NULL, work, NULL);
}

enum exit_status lead_run_members(struct session *s, lead_step ready, lead_step work, void *arg)
{
    return run(s, WHOM_MEMBERS, ready, work, arg);
}
