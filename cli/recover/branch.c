/* cli/recover/branch.c - the other story of our log, read into a store of its own.
 *
 * A frozen log takes no entries, so this disk has one branch at most. Whoever holds the other writes it with `folkmoot bundle
 * export`; here it is verified as any bundle is, in a store beside, which goes when the command ends. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/audit/witnesses.h"
#include "cli/bundle/bundle.h"
#include "cli/recover/recover.h"
#include "cli/say.h"
#include "keys/file.h"

/* ---- quorum ---- */

struct quorum { struct desk *d; struct store *s; const struct origin *o; struct witnesses *w; uint64_t best; };

static enum err try_checkpoint(void *arg, uint64_t size, struct bytes note)
{
    struct quorum *q = arg;
    struct hash root;
    uint32_t n = 0;
    (void)note;
    enum err e = log_root_at(q->s, q->o, size, &root);
    if (e == OK)
        e = witnesses_count(q->w, q->s, desk_charter(q->d), q->o, size, &root, &n);
    if (e == OK && n >= charter_quorum(desk_charter(q->d)) && size > q->best)
        q->best = size;
    return e;
}

enum err branch_quorum(struct desk *d, struct store *s, const struct origin *o, uint64_t *ret)
{
    struct quorum q = {.d = d, .s = s, .o = o};
    enum err e = witnesses_new(d->store, d->chain, buf_bytes(&d->identity_note), &q.w);
    if (e == OK)
        e = store_each_checkpoint(s, o, try_checkpoint, &q);
    witnesses_free(q.w);
    *ret = q.best;
    return e == ERR_UNKNOWN ? OK : e;
}

/* ---- the store beside ---- */

static enum err copy_charter(void *arg, struct bytes note)
{
    struct desk *other = arg;
    enum chain_verdict verdict;
    struct hash hash;
    if (chain_add(other->chain, note, &verdict, &hash) != OK)
        return OK;
    const struct charter *c = chain_find(other->chain, &hash);
    return c != NULL ? store_put_charter(other->store, &hash, c->version, c->round, chain_note(other->chain, &hash)) : OK;
}

static enum err copy_identity(void *arg, const struct slug *slug, uint32_t version, struct bytes note)
{
    const struct desk *other = arg;
    return store_put_identity(other->store, slug, version, note);
}

/* A desk at the other store: ours in everything else. */
static enum err desk_beside(struct recovery *r, struct desk *other)
{
    struct desk *d = r->d;
    struct store_report report;
    *other = (struct desk){.s = d->s, .identity = d->identity, .identity_note = d->identity_note, .origin = r->origin,
                           .has_alliance = true};
    enum err e = store_open(r->other_path, STORE_WRITE, &other->store, &report);
    if (e == OK)
        other->chain = chain_new(&d->origin.alliance);
    if (e == OK && other->chain == NULL)
        e = ERR_NOMEM;
    if (e == OK)
        e = store_set(other->store, "alliance", (struct bytes){d->origin.alliance.b, sizeof(d->origin.alliance.b)});
    if (e == OK)
        e = store_set(other->store, "slug", bytes_of(d->identity->slug.s));
    if (e == OK)
        e = store_each_charter(d->store, copy_charter, other);
    if (e == OK)
        e = store_each_identity(d->store, copy_identity, other);
    return e;
}

static void remove_files(const char *path)
{
    static const char *const ends[] = {"", "-wal", "-shm"};
    char name[FILE_PATH_MAX + 8];
    for (size_t i = 0; i < 3; i++) {
        (void)snprintf(name, sizeof(name), "%s%s", path, ends[i]);
        (void)unlink(name);
    }
}

/* The most entries that are the same on both: roots tell, and a log only grows. */
static enum err find_parting(struct recovery *r)
{
    uint64_t low = 0, high = r->ours.size < r->other.size ? r->ours.size : r->other.size;
    enum err e = OK;
    while (e == OK && low < high) {
        uint64_t mid = low + (high - low + 1) / 2;
        struct hash a, b;
        e = log_root_at(r->ours.store, &r->origin, mid, &a);
        if (e == OK)
            e = log_root_at(r->other.store, &r->origin, mid, &b);
        if (e == OK && hash_equal(&a, &b))
            low = mid;
        else
            high = mid - 1;
    }
    r->parting = low;
    return e;
}

static enum exit_status take(struct recovery *r, struct desk *other, const char *bundle)
{
    struct session *s = r->d->s;
    struct bundle_read read = {.n_logs = 0};
    struct log_state l;
    struct buf note = buf_on(CHECKPOINT_MAX);
    FILE *in = fopen(bundle, "rb");
    if (in == NULL)
        return say_unreadable(s, file_errno(errno), bundle, NULL);
    enum err e = bundle_read(other, in, NULL, NULL, &read);
    (void)fclose(in);
    enum bundle_end end = read.end;
    bundle_read_release(&read);
    if (e == OK)
        e = store_log(other->store, &r->origin, &l, &note);
    buf_release(&note);
    if (e == ERR_UNKNOWN || (e == OK && l.whole == 0))
        return say_refused(s, EXIT_NO, "nothing-found", "whoever holds the other story runs `folkmoot bundle export --authority` "
                           "with our name",
                           "%s: it holds nothing of our log (%s)", bundle, bundle_end_text(end));
    if (e != OK)
        return say_failed(s, e, NULL, "%s", bundle);
    r->other.size = l.whole;
    r->other.root = l.whole_root;
    return EXIT_OK;
}

enum exit_status branch_read(struct recovery *r, const char *bundle)
{
    struct session *s = r->d->s;
    struct desk other;
    char private[FILE_PATH_MAX];
    home_path(&s->home, HOME_PRIVATE, private);
    (void)snprintf(r->other_path, sizeof(r->other_path), "%.3500s/branch.db", private);
    remove_files(r->other_path);            /* of a run that was killed */
    enum err e = desk_beside(r, &other);
    enum exit_status st = e == OK ? take(r, &other, bundle) : say_failed(s, e, NULL, "reading %s", bundle);
    r->other.store = other.store;
    chain_free(other.chain);
    if (st != EXIT_OK)
        return st;
    e = branch_quorum(r->d, r->other.store, &r->origin, &r->other.quorum);
    if (e == OK)
        e = find_parting(r);
    if (e != OK)
        return say_failed(s, e, NULL, "comparing the two stories");
    if (r->parting == r->ours.size || r->parting == r->other.size)
        return say_refused(s, EXIT_NO, "same-story", "the other story lies with somebody else: `folkmoot recover` without it "
                           "says who",
                           "%s: it holds the story that this disk holds", bundle);
    return EXIT_OK;
}

void recover_release(struct recovery *r)
{
    view_close(r->ours.view);
    view_close(r->other.view);
    store_close(r->other.store);
    if (r->other_path[0] != '\0') {
        char view[FILE_PATH_MAX + 8];
        remove_files(r->other_path);
        (void)snprintf(view, sizeof(view), "%s.view", r->other_path);
        remove_files(view);
    }
    r->ours.view = r->other.view = NULL;
    r->other.store = NULL;
}
