/* cli/cmd_here.c - `folkmoot` alone: where you stand and what to do next. */
#include "cli/commands.h"

#include <stdlib.h>
#include <string.h>

#include "cli/desk.h"
#include "cli/opening/promise.h"
#include "cli/output/output.h"
#include "cli/say.h"
#include "cli/thread/threads.h"
#include "cli/view/query.h"

const struct option_spec options_here[] = {OPTIONS_END};

struct standing_here {
    const char *state;                  /* "not-set-up", "no-alliance", "waiting", "not-a-member", "former", "member" */
    size_t n_proposals, n_requests, n_owed, n_due, n_asked, n_authorities, n_returned;
    bool is_signer, may_sign, has_published, runs;
};

/* ---- what is known ---- */

static enum err count_request(void *arg, const struct request_row *r)
{
    (void)r;
    ++*(size_t *)arg;
    return OK;
}

static enum err count_owed(void *arg, const struct owed *o)
{
    size_t *n = arg;
    *n += o->has_box_key && o->has_key;
    return OK;
}

struct covering { struct standing_here *h; const char *us; };

static enum err count_coverage(void *arg, const struct coverage *c)
{
    struct covering *x = arg;
    x->h->n_authorities++;
    x->h->n_returned += c->state == COVERAGE_RETURNED;
    if (bytes_equal(bytes_of(c->slug), bytes_of(x->us)))
        x->h->has_published = c->records > 0;
    return OK;
}

/* Challenges that wait for our answer. */
static enum err count_asked(struct desk *d, struct view *v, struct standing_here *h)
{
    struct threads t;
    enum err e = threads_gather(v, desk_charter(d), session_now_ms(), &t);
    for (size_t i = 0; e == OK && i < t.n; i++)
        h->n_asked += t.list[i].matter == MATTER_CHALLENGE && !t.list[i].is_over &&
                      strcmp(t.posts[t.list[i].root].post.owner, d->identity->slug.s) == 0;
    threads_release(&t);
    return e;
}

static enum exit_status look_at_view(struct desk *d, struct standing_here *h)
{
    struct view *v = NULL;
    struct covering x = {h, d->identity->slug.s};
    enum exit_status st = desk_view(d, &v);
    enum err e = OK;
    if (st == EXIT_OK && (e = view_coverage(v, count_coverage, &x)) == OK)
        e = view_owed(v, d->chain, count_owed, &h->n_owed);
    if (st == EXIT_OK && e == OK)
        e = promises_due(d, v, &h->n_due);
    if (st == EXIT_OK && e == OK)
        e = count_asked(d, v, h);
    view_close(v);
    return st == EXIT_OK && e != OK ? say_failed(d->s, e, NULL, "reading what peers published") : st;
}

/* Among the stewards of `of`: those of now sign, and those who are to be. */
static bool is_among_signers(const struct desk *d, const struct charter *of, const struct note *note)
{
    size_t n = 0;
    uint32_t mask = 0;
    bool is_one = false;
    if (charter_count_signatures(of, note, &n, &mask) != OK)
        return false;
    for (size_t i = 0; i < of->n_stewards; i++)
        is_one = is_one || ((mask & (uint32_t)1 << i) != 0 && slug_equal(&of->stewards[i], &d->identity->slug));
    return is_one;
}

static bool has_signed(const struct desk *d, const struct charter *proposal)
{
    struct note *note = malloc(sizeof(*note));
    bool is_one = note != NULL && note_parse(chain_note(d->chain, &proposal->hash), note) == OK
                  && (is_among_signers(d, desk_charter(d), note) || is_among_signers(d, proposal, note));
    session_lacks(d->s, note != NULL ? OK : ERR_NOMEM);
    free(note);
    return is_one;
}

static enum exit_status look(struct desk *d, struct standing_here *h)
{
    const struct charter *c = desk_charter(d), *open[STEWARDS_MAX];
    if (!desk_is_member(d)) {
        h->state = !d->has_alliance ? "no-alliance" : c == NULL ? "waiting" : desk_is_former(d) ? "former" : "not-a-member";
        return EXIT_OK;
    }
    h->state = "member";
    h->n_proposals = chain_proposals(d->chain, open);
    h->is_signer = charter_is_steward(c, &d->identity->slug);
    for (size_t i = 0; i < h->n_proposals; i++)     /* who is to become a steward signs, too */
        h->may_sign = h->may_sign || ((h->is_signer || charter_is_steward(open[i], &d->identity->slug)) && !has_signed(d, open[i]));
    h->runs = desk_daemon_runs(d);
    enum err e = store_each_request(d->store, count_request, &h->n_requests);
    return e == OK ? look_at_view(d, h) : say_failed(d->s, e, NULL, "reading the requests");
}

/* ---- saying it ---- */

static void describe(struct desk *d, const struct standing_here *h)
{
    struct session *s = d->s;
    const struct charter *c = desk_charter(d);
    out(s, "%s (%s), in %s\n", d->identity->name, d->identity->slug.s, s->home.path);
    if (desk_is_former(d))
        out(s, "It is no longer a member of %s; what it could read until then it still can.\n", c->name);
    else if (!desk_is_member(d))
        out(s, "%s\n", !d->has_alliance ? "It belongs to no alliance yet."
            : c == NULL ? "It has asked to join, and has no answer yet." : "It has asked to join, and is not admitted yet.");
    if (!desk_is_member(d))
        return;
    out(s, "%s %s of %s: %zu of %zu authorities have returned figures.\n", h->is_signer ? "Steward and" : "A", "member", c->name,
        h->n_returned, h->n_authorities);
    if (h->n_proposals > 0)
        out(s, "%zu proposed change%s of the charter wait%s for signatures.\n", h->n_proposals, h->n_proposals == 1 ? "" : "s",
            h->n_proposals == 1 ? "s" : "");
    if (h->n_requests > 0)
        out(s, "%zu ask%s to be admitted.\n", h->n_requests, h->n_requests == 1 ? "s" : "");
    if (h->n_owed > 0)
        out(s, "%zu key%s to history are owed to readers.\n", h->n_owed, h->n_owed == 1 ? "" : "s");
    if (h->n_due > 0)
        out(s, "%zu opening%s due.\n", h->n_due, h->n_due == 1 ? " is" : "s are");
    if (h->n_asked > 0)
        out(s, "%zu challenge%s wait%s for our answer.\n", h->n_asked, h->n_asked == 1 ? "" : "s", h->n_asked == 1 ? "s" : "");
    out(s, "The daemon %s.\n", h->runs ? "runs" : "does not run: peers hear from this node only when it syncs");
}

static void advise(struct desk *d, const struct standing_here *h)
{
    struct session *s = d->s;
    const struct charter *c = desk_charter(d);
    const struct member *us = c != NULL ? charter_find(c, &d->identity->slug) : NULL;
    if (!d->has_alliance)
        say_next(s, "`folkmoot alliance create NAME` founds an alliance; `folkmoot join INVITE` asks to be let into one");
    else if (desk_is_former(d))
        say_next(s, "`folkmoot compare INDICATOR` sets side by side what is held");
    else if (!desk_is_member(d))
        say_next(s, "`folkmoot sync` asks whether you are in");
    else if (h->n_proposals > 0 && h->may_sign)
        say_next(s, "`folkmoot alliance sign` shows what is proposed, and signs it");
    else if (h->n_proposals > 0 && h->is_signer)
        say_next(s, "another steward runs `folkmoot alliance sign`; `folkmoot alliance show` says what is proposed");
    else if (h->n_requests > 0 && h->is_signer)
        say_next(s, "`folkmoot alliance requests` lists who asks, `folkmoot alliance admit SLUG` admits");
    else if (h->n_due > 0)
        say_next(s, "`folkmoot open --due` opens what was promised for today or before");
    else if (h->n_owed > 0)
        say_next(s, "the next `folkmoot publish` gives readers the keys they are owed");
    else if (h->n_asked > 0)
        say_next(s, "`folkmoot challenge list --authority %s` shows what we are asked, `folkmoot respond RECORD --text TEXT` "
                    "answers", d->identity->slug.s);
    else if (us->role == ROLE_AUTHORITY && !h->has_published)
        say_next(s, "`folkmoot publish FILE.csv --dry-run` says what of a file would be published");
    else if (!h->runs)
        say_next(s, "`folkmootd` keeps this node in touch; `folkmoot sync` does one round");
    else
        say_next(s, "`folkmoot coverage` says who has returned what, `folkmoot compare INDICATOR` sets it side by side");
}

static json_t *document(struct session *s, const struct desk *d, const struct standing_here *h)
{
    const struct charter *c = d != NULL ? desk_charter(d) : NULL;
    json_t *doc = json_document_named("here");
    json_object_set_new(doc, "home", json_text(s->home.path));
    json_object_set_new(doc, "set_up", json_boolean(d != NULL));
    json_object_set_new(doc, "state", json_text(h->state));
    json_object_set_new(doc, "slug", d != NULL ? json_text(d->identity->slug.s) : json_null());
    json_object_set_new(doc, "alliance", json_text(c != NULL ? c->name : NULL));
    json_object_set_new(doc, "proposals", json_integer((json_int_t)h->n_proposals));
    json_object_set_new(doc, "requests", json_integer((json_int_t)h->n_requests));
    json_object_set_new(doc, "openings_due", json_integer((json_int_t)h->n_due));
    json_object_set_new(doc, "keys_owed", json_integer((json_int_t)h->n_owed));
    json_object_set_new(doc, "authorities", json_integer((json_int_t)h->n_authorities));
    json_object_set_new(doc, "returned", json_integer((json_int_t)h->n_returned));
    json_object_set_new(doc, "challenges", json_integer((json_int_t)h->n_asked));
    json_object_set_new(doc, "daemon", json_boolean(h->runs));
    return doc;
}

static enum exit_status nobody_here(struct session *s)
{
    struct standing_here h = {.state = "not-set-up"};
    out(s, "There is no node in %s yet.\n", s->home.path);
    enum exit_status st = output(s, document(s, NULL, &h), NULL);
    say_next(s, "`folkmoot init 845` sets one up for the authority with that DfE code; `folkmoot help` lists the commands");
    return st;
}

enum exit_status cmd_here(struct session *s)
{
    struct desk d;
    struct standing_here h = {.state = ""};
    enum exit_status st = session_home(s);
    if (st != EXIT_OK)
        return st;
    if (home_check(&s->home, NULL) == ERR_UNKNOWN)
        return nobody_here(s);
    st = desk_open(s, STORE_READ, &d);
    if (st == EXIT_OK)
        st = look(&d, &h);
    if (st == EXIT_OK) {
        describe(&d, &h);
        st = output(s, document(s, &d, &h), NULL);
        advise(&d, &h);
    }
    desk_close(&d);
    return st;
}
