/* cli/recover/choose.c - where our log is closed, and the identity that says so. */
#include <string.h>
#include <unistd.h>

#include "cli/author/identity.h"
#include "cli/output/output.h"
#include "cli/recover/recover.h"
#include "cli/say.h"

/* ---- showing ---- */

static void show_branch(struct desk *d, const char *name, const struct branch *b)
{
    char hex[HEX_SIZE(HASH_LEN)];
    hex_encode((struct bytes){b->root.b, HASH_LEN}, hex);
    out(d->s, "%s: %llu entries, root %.16s..., ", name, (unsigned long long)b->size, hex);
    if (b->quorum > 0)
        out(d->s, "well witnessed up to %llu\n", (unsigned long long)b->quorum);
    else
        out(d->s, "not known to be witnessed\n");
}

static void show_peers(struct recovery *r)
{
    static const char *const words[] = {[SAID_OURS] = "as here", [SAID_OTHER] = "the other story", [SAID_MORE] = "more than here"};
    for (size_t i = 0; i < r->n_peers; i++)
        out(r->d->s, "  %s holds %llu, %s\n", r->peers[i].slug.s, (unsigned long long)r->peers[i].size, words[r->peers[i].what]);
}

void recover_show(struct recovery *r)
{
    struct session *s = r->d->s;
    out(s, "%s: %s.\n", r->origin.slug.s, trouble_text(r->trouble));
    show_branch(r->d, "Here", &r->ours);
    if (r->head_size > r->ours.size)
        out(s, "Signed: %llu entries, of which %llu are nowhere in reach\n", (unsigned long long)r->head_size,
            (unsigned long long)(r->head_size - r->ours.size));
    if (r->other.store != NULL) {
        show_branch(r->d, "Other", &r->other);
        out(s, "The first %llu entries are the same on both.\n", (unsigned long long)r->parting);
    } else if (r->has_evidence) {
        out(s, "Evidence: signed at %llu and at %llu entries; `folkmoot evidence show %zu` says more\n",
            (unsigned long long)r->evidence.what.m.size, (unsigned long long)r->evidence.what.n.size, r->evidence.number);
    }
    show_peers(r);
}

/* ---- choosing ---- */

/* So many witnesses hold something else that they may have made a quorum of it. */
static bool others_may_have_quorum(const struct recovery *r)
{
    struct slug list[WITNESSES_MAX];
    const struct charter *c = desk_charter(r->d);
    size_t n = charter_witnesses(c, list), other = 0;
    for (size_t i = 0; i < r->n_peers; i++)
        for (size_t k = 0; k < n && r->peers[i].what != SAID_OURS; k++)
            other += slug_equal(&list[k], &r->peers[i].slug);
    return other + 1 >= charter_quorum(c);      /* our own node may have cosigned it before */
}

static enum exit_status choose_between(struct recovery *r, const char *keep)
{
    struct session *s = r->d->s;
    const bool ours_is_witnessed = r->ours.quorum > r->parting, other_is_witnessed = r->other.quorum > r->parting;
    if (r->other.store == NULL) {
        if (keep != NULL && strcmp(keep, "other") == 0)
            return say_usage(s, "--branch FILE: whoever holds it runs `folkmoot bundle export --authority` with our name",
                             "--keep other: the other story is not here");
        if (keep == NULL && others_may_have_quorum(r))
            return say_refused(s, EXIT_NO, "other-is-held", "get it from one of them, `folkmoot bundle export --authority` with "
                               "our name, and give it as --branch FILE; --keep ours does without, and they may refuse to follow",
                               "recover: enough witnesses hold the other story to have made it the one that must stand");
        return EXIT_OK;
    }
    if (ours_is_witnessed && other_is_witnessed)
        return say_refused(s, EXIT_NO, "two-quorums", "the witnesses have cosigned both: show this to the stewards",
                           "recover: neither story can be given up, a quorum has witnessed each");
    r->keeps_other = keep != NULL ? strcmp(keep, "other") == 0 : other_is_witnessed;
    if (r->keeps_other ? ours_is_witnessed : other_is_witnessed)
        return say_refused(s, EXIT_NO, "witnessed", r->keeps_other ? "--keep ours" : "--keep other",
                           "recover: what a quorum has witnessed cannot be given up, and it is on the other one");
    return EXIT_OK;
}

enum exit_status recover_choose(struct recovery *r, const char *keep)
{
    struct session *s = r->d->s;
    enum exit_status st = r->trouble == TROUBLE_FORK ? choose_between(r, keep) : EXIT_OK;
    if (st != EXIT_OK)
        return st;
    const struct branch *b = r->keeps_other ? &r->other : &r->ours;
    if (b->size == 0)
        return say_refused(s, EXIT_ENVIRONMENT, "no-log", "connect to a member that holds it, or `folkmoot bundle import FILE`, "
                           "and run this again",
                           "recover: nothing of our log is here to be closed");
    r->close_size = b->size;
    r->close_root = b->root;
    return EXIT_OK;
}

/* ---- doing ---- */

static enum exit_status close_it(void *arg, uint64_t index, struct identity *next)
{
    const struct recovery *r = arg;
    if (index != 0)
        return say_refused(r->d->s, EXIT_NO, "begun", "`folkmoot recover` again says how things stand",
                           "recover: the next log was begun meanwhile");
    next->has_closes = true;
    next->closes_size = r->close_size;
    next->closes_root = r->close_root;
    return EXIT_OK;
}

static enum exit_status remove_mark(struct recovery *r)
{
    char path[FILE_PATH_MAX];
    home_path(&r->d->s->home, HOME_RESTORED, path);
    return !r->is_restored || unlink(path) == 0
               ? EXIT_OK : say_failed(r->d->s, ERR_IO, "remove it by hand", "removing private/restored");
}

/* The log key is a new one: it was the old one that signed two stories, or was lost. After a restore the old machine may
 * still run: then the node's are new, too. */
enum exit_status recover_begin(struct recovery *r)
{
    struct identity_change c = {.what = "beginning our next log", .rotated = 1u << PURPOSE_LOG, .begins_log = true,
                                .edit = close_it, .arg = r};
    if (r->is_restored)
        c.rotated |= 1u << PURPOSE_NODE | 1u << PURPOSE_WITNESS;
    r->d->is_restoring = r->is_restored;
    r->d->origin = r->origin;
    r->d->origin.generation++;
    enum exit_status st = identity_change(r->d, &c, NULL);
    return st == EXIT_OK ? remove_mark(r) : st;
}
