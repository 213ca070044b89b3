#include "cli/commands.h"

#include <stdlib.h>
#include <string.h>

#include "cli/alliance/identity_file.h"
#include "cli/alliance/propose.h"
#include "cli/author/readers.h"
#include "cli/nearest.h"
#include "cli/output/output.h"
#include "cli/say.h"

const struct option_spec options_alliance_admit[] = {
    {"identity", 0, OPTION_LIST, "FILE", "admit from a file that `folkmoot id --export` wrote, without a request"},
    {"role", 0, OPTION_CHOICE, "authority|lead|partner|relay", "the role, when it is not the one asked for"},
    {"fingerprint", 0, OPTION_VALUE, "F", "refuse unless the newcomer's fingerprint is this one"},
    {"instead", 0, OPTION_FLAG, NULL, "replace a proposal that waits for signatures"},
    OPTIONS_END,
};

enum { ADMITTED_AT_ONCE = 64 };

struct admission {
    size_t n;
    struct applicant *list;                 /* ADMITTED_AT_ONCE of them */
};

static bool same_print(const char *given, const char *print)
{
    for (; *given != '\0' || *print != '\0'; given++, print++) {
        while (*given == ' ')
            given++;
        while (*print == ' ')
            print++;
        if ((*given | 0x20) != (*print | 0x20))
            return false;
        if (*given == '\0')
            break;
    }
    return true;
}

static enum exit_status check_one(struct desk *d, const struct applicant *x)
{
    char print[FINGERPRINT_SIZE];
    const char *want = option_value(&d->s->options, "fingerprint");
    const struct member *was = charter_find(desk_charter(d), &x->id.slug);
    fingerprint(&x->id.root, print);
    if (want != NULL && !same_print(want, print))
        return say_refused(d->s, EXIT_NO, "fingerprint", "do not admit it: ask the body itself what its fingerprint is",
                           "%s: its fingerprint is %s", x->id.slug.s, print);
    if (was != NULL && memcmp(was->root.b, x->id.root.b, sizeof(was->root.b)) != 0)
        return say_refused(d->s, EXIT_NO, "slug-taken", "a slug is never given to another body; choose another",
                           "%s: a member has or had this slug under another key", x->id.slug.s);
    if (was != NULL && !was->is_former)
        return say_refused(d->s, EXIT_NO, "exists", "`folkmoot alliance show` lists the members",
                           "%s: it is a member already", x->id.slug.s);
    if (was != NULL)
        return say_refused(d->s, EXIT_NO, "former", "it joins again under a new slug",
                           "%s: a former member stays former", x->id.slug.s);
    return EXIT_OK;
}

struct asked { struct nearest near; char best[SLUG_MAX + 1]; };

static enum err offer(void *arg, const struct request_row *r)
{
    char slug[SLUG_MAX + 1];
    struct asked *x = arg;
    memcpy(slug, r->slug.s, sizeof(slug));
    nearest_offer(&x->near, slug);
    if (x->near.best == slug) {
        memcpy(x->best, slug, sizeof(x->best));
        x->near.best = x->best;
    }
    return OK;
}

static enum exit_status has_not_asked(struct desk *d, const struct slug *slug)
{
    struct asked x = {.near = nearest_to(slug->s)};
    char remedy[128] = "`folkmoot alliance requests` lists who asks; --identity FILE admits from a file";
    if (store_each_request(d->store, offer, &x) == OK && x.near.best != NULL)
        snprintf(remedy, sizeof(remedy), "did you mean `%s`?", x.near.best);
    return say_refused(d->s, EXIT_NO, "no-request", remedy, "%s: it has not asked here", slug->s);
}

static enum exit_status gather_requests(struct desk *d, struct admission *a)
{
    for (size_t i = 0; i < d->s->n_args; i++) {
        struct slug slug;
        if (a->n == ADMITTED_AT_ONCE)
            return say_usage(d->s, "admit the others after them", "alliance admit: at most %d at once", (int)ADMITTED_AT_ONCE);
        if (slug_parse(bytes_of(d->s->args[i]), &slug) != OK)
            return say_usage(d->s, "`folkmoot alliance requests` lists who asks", "%s: no slug", d->s->args[i]);
        bool from_file = false;
        for (size_t k = 0; k < a->n; k++)
            from_file = from_file || slug_equal(&a->list[k].id.slug, &slug);
        if (from_file)
            continue;                       /* named, and its --identity given */
        enum err e = applicant_requested(d, &slug, &a->list[a->n]);
        a->n++;
        if (e == ERR_UNKNOWN)
            return has_not_asked(d, &slug);
        if (e != OK)
            return say_failed(d->s, e, NULL, "reading the requests");
    }
    return EXIT_OK;
}

static enum exit_status gather(struct desk *d, struct admission *a)
{
    const char *file;
    enum exit_status st = EXIT_OK;
    for (size_t i = 0; st == EXIT_OK && (file = option_item(&d->s->options, "identity", i)) != NULL; i++) {
        if (a->n == ADMITTED_AT_ONCE)
            return say_usage(d->s, "admit the others after them", "alliance admit: at most %d at once", (int)ADMITTED_AT_ONCE);
        st = applicant_file(d->s, file, &a->list[a->n++]);
    }
    if (st == EXIT_OK)
        st = gather_requests(d, a);
    if (st == EXIT_OK && a->n == 0)
        st = say_usage(d->s, "`folkmoot alliance requests` lists who asks", "alliance admit: whom?");
    for (size_t i = 0; st == EXIT_OK && i < a->n; i++)
        st = check_one(d, &a->list[i]);
    return st;
}

static void add(struct charter *next, const struct applicant *x, const char *role)
{
    struct member m = {.slug = x->id.slug, .role = x->id.role, .root = x->id.root, .codes = x->id.codes};
    if (role != NULL)
        (void)!role_parse(bytes_of(role), &m.role);
    size_t at = 0;                          /* members first, then former ones */
    while (at < next->n_members && !next->members[at].is_former)
        at++;
    memmove(&next->members[at + 1], &next->members[at], (next->n_members - at) * sizeof(next->members[0]));
    next->members[at] = m;
    next->n_members++;
}

static void show(struct desk *d, const struct admission *a, const char *role)
{
    for (size_t i = 0; i < a->n; i++) {
        char print[FINGERPRINT_SIZE];
        const struct identity *id = &a->list[i].id;
        fingerprint(&id->root, print);
        say_note(d->s, "%s: %s, as %s%s%s%s%s", id->slug.s, id->name, role != NULL ? role : role_name(id->role),
                 id->codes.dfe[0] ? ", DfE code " : "", id->codes.dfe, id->codes.gss[0] ? ", GSS code " : "", id->codes.gss);
        say_note(d->s, "  fingerprint %s", print);
    }
}

/* The identities go along with the charter, so that every node can dial and check the newcomer at once. */
static enum err keep_identities(struct desk *d, const struct admission *a, bool stands)
{
    enum err e = OK;
    for (size_t i = 0; e == OK && i < a->n; i++) {
        e = store_put_identity(d->store, &a->list[i].id.slug, a->list[i].id.version, buf_bytes(&a->list[i].note));
        if (e == OK && stands)
            e = store_drop_request(d->store, &a->list[i].id.slug);
    }
    return e;
}

static enum exit_status answer(struct desk *d, const struct admission *a, const struct proposed *p)
{
    json_t *doc = json_document(d->s), *list = json_array();
    for (size_t i = 0; i < a->n; i++)
        json_array_append_new(list, json_text(a->list[i].id.slug.s));
    json_object_set_new(doc, "admitted", list);
    json_object_set_new(doc, "stands", json_boolean(p->stands));
    json_object_set_new(doc, "version", json_integer(p->version));
    json_object_set_new(doc, "signatures", json_integer((json_int_t)p->signatures));
    json_object_set_new(doc, "needed", json_integer((json_int_t)p->needed));
    enum exit_status st = output(d->s, doc, NULL);
    if (p->stands)
        say_next(d->s, "the newcomer hears of it at its next `folkmoot sync`, or at once when its folkmootd runs");
    else
        say_next(d->s, "another steward runs `folkmoot alliance sign`");
    return st;
}

static enum exit_status admit(struct desk *d, struct admission *a)
{
    const char *role = option_value(&d->s->options, "role");
    struct proposed p;
    enum exit_status st = propose_need_steward(d);
    if (st == EXIT_OK)
        st = gather(d, a);
    if (st != EXIT_OK)
        return st;
    struct charter *next = propose_draft(d);
    if (next == NULL)
        return say_failed(d->s, ERR_NOMEM, NULL, "alliance admit");
    if (next->n_members + a->n > MEMBERS_MAX)
        st = say_refused(d->s, EXIT_NO, "limit", "larger worlds are several alliances",
                         "an alliance has at most %d members, former ones "
                         "counted", (int)MEMBERS_MAX);
    if (st == EXIT_OK) {
        show(d, a, role);
        st = ask_yes(d->s, "Admit %s?", a->n == 1 ? "it" : "them");
    }
    for (size_t i = 0; st == EXIT_OK && i < a->n; i++)
        add(next, &a->list[i], role);
    enum err e = OK;
    if (st == EXIT_OK && (e = keep_identities(d, a, false)) != OK)
        st = say_failed(d->s, e, NULL, "keeping the newcomer's identity");
    if (st == EXIT_OK)
        st = propose(d, next, option_flag(&d->s->options, "instead"), &p);
    charter_free(next);
    if (st == EXIT_OK && (e = keep_identities(d, a, p.stands)) != OK)
        st = say_failed(d->s, e, NULL, "dropping the request");
    if (st == EXIT_OK && p.stands)
        readers_pay_best(d);
    if (st == EXIT_OK)
        st = answer(d, a, &p);
    return st;
}

enum exit_status cmd_alliance_admit(struct session *s)
{
    struct desk d;
    struct admission a = {.list = calloc(ADMITTED_AT_ONCE, sizeof(*a.list))};
    enum exit_status st = desk_open(s, STORE_WRITE, &d);
    if (st == EXIT_OK)
        st = a.list != NULL ? admit(&d, &a) : say_failed(s, ERR_NOMEM, NULL, "alliance admit");
    for (size_t i = 0; a.list != NULL && i < ADMITTED_AT_ONCE; i++)
        if (a.list[i].note.max > 0)
            buf_release(&a.list[i].note);
    free(a.list);
    desk_close(&d);
    return st;
}
