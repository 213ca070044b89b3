/* cli/cmd_alliance_replace_root.c - a member has lost its root key, and the stewards give its slug to another. */
#include "cli/commands.h"

#include <string.h>

#include "cli/alliance/identity_file.h"
#include "cli/alliance/propose.h"
#include "cli/say.h"

const struct option_spec options_alliance_replace_root[] = {
    {"identity", 0, OPTION_VALUE, "FILE", "the identity of the new root, as `folkmoot id --export FILE` wrote it"},
    {"fingerprint", 0, OPTION_VALUE, "F", "refuse unless the new root's fingerprint is this one"},
    {"instead", 0, OPTION_FLAG, NULL, "replace a proposal that waits for signatures"},
    OPTIONS_END,
};

static bool same_print(const char *given, const char *print)
{
    for (;; given++, print++) {
        given += strspn(given, " ");
        print += strspn(print, " ");
        if ((*given | 0x20) != (*print | 0x20))
            return false;
        if (*given == '\0' || *print == '\0')
            return *given == *print;
    }
}

static bool was_root(const struct charter *c, const struct sign_public *root)
{
    for (size_t i = 0; i < c->n_replacements; i++)
        if (memcmp(c->replacements[i].old_root.b, root->b, sizeof(root->b)) == 0)
            return true;
    for (size_t i = 0; i < c->n_members; i++)
        if (memcmp(c->members[i].root.b, root->b, sizeof(root->b)) == 0)
            return true;
    return false;
}

static enum exit_status check(struct desk *d, const struct member *m, const struct identity *id)
{
    char print[FINGERPRINT_SIZE];
    const char *want = option_value(&d->s->options, "fingerprint");
    fingerprint(&id->root, print);
    if (m->is_former)
        return say_refused(d->s, EXIT_NO, "former", NULL, "%s: it is no member any more", m->slug.s);
    if (!slug_equal(&id->slug, &m->slug))
        return say_refused(d->s, EXIT_NO, "another-slug", "it is made by `folkmoot init` under the same name",
                           "the identity file is that of %s and not of %s", id->slug.s, m->slug.s);
    if (was_root(desk_charter(d), &id->root))
        return say_refused(d->s, EXIT_NO, "old-root", "it must be made anew, by `folkmoot init` in an empty home",
                           "the identity's root key is, or was, a member's already");
    if (desk_charter(d)->n_replacements == CHARTER_REPLACEMENTS_MAX)
        return say_refused(d->s, EXIT_NO, "limit", NULL, "a charter names at most %d lost roots", (int)CHARTER_REPLACEMENTS_MAX);
    if (want != NULL && !same_print(want, print))
        return say_refused(d->s, EXIT_NO, "other-fingerprint", "whoever made this file is not whom you spoke to: stop here",
                           "the identity file has the fingerprint %s", print);
    return EXIT_OK;
}

/* Identities up to here are the old root's: all that is held whole of its newest log. */
static enum err change(struct desk *d, const struct slug *slug, const struct identity *id, struct charter *next)
{
    struct log_state l;
    struct origin o;
    struct buf note = buf_on(CHECKPOINT_MAX);
    size_t at = 0;
    while (!slug_equal(&next->members[at].slug, slug))
        at++;
    enum err e = desk_newest_log(d, slug, &o);
    if (e == OK)
        e = store_log(d->store, &o, &l, &note);
    next->replacements[next->n_replacements++] = (struct replacement){
        .slug = *slug, .old_root = next->members[at].root, .generation = o.generation, .log_size = e == OK ? l.whole : 0};
    next->members[at].root = id->root;
    buf_release(&note);
    return e == ERR_UNKNOWN ? OK : e;
}

static void show(struct desk *d, const struct charter *next, const struct applicant *x)
{
    const struct replacement *r = &next->replacements[next->n_replacements - 1];
    propose_show(d, desk_charter(d), next);
    say_note(d->s, "%s (%s) would begin a new log with this key. What the old key signed stays, up to entry %llu that is held "
             "here; "
             "whoever holds the old key speaks for nobody from then on.", r->slug.s, x->id.name, (unsigned long long)r->log_size);
    say_note(d->s, "Every node shows this in red for ever. Compare the fingerprint with people you know there, over the "
             "telephone.");
}

/* Where the charter stands at once, the others can dial and seal to the new keys. */
static enum exit_status keep_identity(struct desk *d, const struct applicant *x, const struct proposed *p)
{
    enum err e = p->stands ? store_put_identity(d->store, &x->id.slug, x->id.version, buf_bytes(&x->note)) : OK;
    return e == OK ? EXIT_OK : say_failed(d->s, e, NULL, "keeping the new identity");
}

static enum exit_status replace(struct desk *d, const struct member *m, const struct applicant *x)
{
    struct proposed p;
    struct charter *next = NULL;
    enum exit_status st = check(d, m, &x->id);
    if (st != EXIT_OK)
        return st;
    next = propose_draft(d);
    enum err e = next != NULL ? change(d, &m->slug, &x->id, next) : ERR_NOMEM;
    st = e == OK ? propose_check(d, next) : say_failed(d->s, e, NULL, "alliance replace-root");
    if (st == EXIT_OK) {
        show(d, next, x);
        st = ask_yes(d->s, "Replace the root key of %s?", x->id.slug.s);
    }
    if (st == EXIT_OK)
        st = propose(d, next, option_flag(&d->s->options, "instead"), &p);
    charter_free(next);
    if (st == EXIT_OK)
        st = keep_identity(d, x, &p);
    if (st == EXIT_OK)
        st = propose_answer(d, &p);
    if (st == EXIT_OK && p.stands)
        say_next(d->s, "`folkmoot alliance export FILE` for %s, which runs `folkmoot join --charter FILE` and `folkmoot recover`",
                 x->id.slug.s);
    return st;
}

static enum exit_status work(struct desk *d)
{
    struct applicant x = {.note = buf_on(IDENTITY_MAX)};
    const char *file = option_value(&d->s->options, "identity");
    enum exit_status st = propose_need_steward(d);
    if (st != EXIT_OK)
        return st;
    if (file == NULL)
        return say_usage(d->s, "--identity FILE", "alliance replace-root: by which root?");
    const struct member *m = desk_find_member(d, session_arg(d->s, 0));
    if (m == NULL)
        return EXIT_USAGE;
    st = applicant_file(d->s, file, &x);
    if (st == EXIT_OK)
        st = replace(d, m, &x);
    buf_release(&x.note);
    return st;
}

enum exit_status cmd_alliance_replace_root(struct session *s)
{
    return desk_run(s, DESK_WRITE, work);
}
