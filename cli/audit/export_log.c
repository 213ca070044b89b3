#include "cli/audit/export_log.h"

#include <stdlib.h>
#include <string.h>

#include "cli/audit/witnesses.h"
#include "cli/say.h"

struct choice {                             /* which checkpoint */
    struct desk *d;
    const struct member *member;
    const struct witnesses *witnesses;
    bool witnessed;                         /* only such as a quorum has cosigned */
    struct log_state log;                   /* its note is not kept */
    bool is_held;
    struct checkpoint head;                 /* size 0: none yet */
    struct identity *identity;              /* in force there, and one to read into */
    bool has_identity;
};

static enum err find_log(void *arg, const struct log_state *l)
{
    struct choice *x = arg;
    if (!slug_equal(&l->origin.slug, &x->member->slug) || !alliance_equal(&l->origin.alliance, &x->d->origin.alliance)
        || (x->is_held && l->origin.generation < x->log.origin.generation))
        return OK;
    x->log = *l;
    x->log.whole_note = (struct bytes){NULL, 0};
    x->is_held = true;
    return OK;
}

static enum err look_at(void *arg, uint64_t size, struct bytes note)
{
    struct choice *x = arg;
    struct note n;
    struct checkpoint c;
    uint32_t behind = 0;
    if (size == 0 || (member_closes(x->member, x->log.origin.generation) && size > x->member->closed_size)
        || note_parse(note, &n) != OK
        || checkpoint_parse(n.text, &c) != OK || c.size != size)
        return OK;
    if (x->witnessed) {
        const struct charter *now = desk_charter(x->d);
        enum err e = witnesses_count(x->witnesses, x->d->store, now, &x->log.origin, size, &c.root, &behind);
        if (e != OK || behind < charter_quorum(now))
            return e;
    }
    x->head = c;
    return OK;
}

/* The identity in force at the head is the last below it; who signed it is asked of the charter. */
static enum err take_identity(void *arg, uint64_t idx, const struct item *item)
{
    struct choice *x = arg;
    if (idx >= x->head.size || !item->has_payload)
        return OK;
    const struct sign_public *root = chain_root_at(x->d->chain, &x->member->slug, x->log.origin.generation, idx);
    x->has_identity = root != NULL && identity_open(payload_body(item->payload), x->identity) == OK
                      && memcmp(x->identity->root.b, root->b, sizeof(root->b)) == 0;
    return OK;
}

static enum exit_status choose(struct choice *x)
{
    struct session *s = x->d->s;
    enum err e = store_each_log(x->d->store, find_log, x);
    if (e == OK && !x->is_held)
        return say_refused(s, EXIT_NO, "no-log", "`folkmoot sync` asks the peers for it", "%s: nothing of its log is held here",
                           x->member->slug.s);
    if (e == OK)
        e = store_each_checkpoint(x->d->store, &x->log.origin, look_at, x);
    if (e == OK && x->head.size == 0)
        return say_refused(s, EXIT_NO, "no-checkpoint", x->witnessed ? "leave --witnessed out, or wait for the witnesses" : NULL,
                           x->witnessed ? "%s: no state of its log has enough witnesses yet"
                                        : "%s: no checkpoint of its log is held here", x->member->slug.s);
    if (e == OK)
        e = store_each_of_kind(x->d->store, &x->log.origin, KIND_IDENTITY, 0, take_identity, x);
    return e == OK ? EXIT_OK : say_failed(s, e, "run `folkmoot verify`", "reading the log of %s", x->member->slug.s);
}

/* ---- what is held is what was signed ---- */

static enum err root_at(const struct choice *x, uint64_t size, struct hash *ret)
{
    struct store_source *src = NULL;
    enum err e = store_source_new(x->d->store, &x->log.origin, false, &src);
    if (e == OK) {
        struct merkle_source ms = store_source(src);
        e = merkle_root(&ms, size, ret);
    }
    store_source_free(src);
    return e;
}

static enum exit_status check_head(struct choice *x, struct buf *note, struct exported_log *ret)
{
    struct checkpoint again;
    struct hash root;
    struct note n;
    enum err e = store_checkpoint(x->d->store, &x->log.origin, x->head.size, note);
    if (e == OK)
        e = x->has_identity ? checkpoint_open(buf_bytes(note), &x->log.origin, &x->identity->log, &again) : ERR_SIGNATURE;
    if (e == OK)
        e = root_at(x, x->head.size, &root);
    if (e == OK && !hash_equal(&root, &again.root))
        e = ERR_ROOT;
    if (e == OK)
        e = note_parse(buf_bytes(note), &n);
    if (e == OK)
        e = witnesses_count(x->witnesses, x->d->store, desk_charter(x->d), &x->log.origin, again.size, &again.root,
                            &ret->n_witnesses);
    if (e != OK)
        return say_failed(x->d->s, e, "run `folkmoot verify`; nothing was written", "checking the log of %s", x->member->slug.s);
    ret->head = again;
    ret->key = checkpoint_log_key(&x->log.origin, &x->identity->log);
    ret->n_cosignatures = n.n_lines - 1;
    ret->quorum = charter_quorum(desk_charter(x->d));
    ret->is_frozen = x->log.is_frozen;
    return EXIT_OK;
}

/* A log only grows: what was exported before must be how this one begins. */
static enum exit_status check_before(const struct choice *x, const struct log_folder *f)
{
    struct session *s = x->d->s;
    struct hash root;
    if (f->had.size == 0)
        return EXIT_OK;
    if (f->had.size > x->head.size)
        return say_refused(s, EXIT_NO, "older", "`folkmoot sync` fetches what is newer",
                           "%s: it holds %llu entries already, and here are only %llu", f->path, (unsigned long long)f->had.size,
                           (unsigned long long)x->head.size);
    enum err e = root_at(x, f->had.size, &root);
    if (e != OK)
        return say_failed(s, e, "run `folkmoot verify`; nothing was written", "checking the log of %s", x->member->slug.s);
    if (hash_equal(&root, &f->had.root))
        return EXIT_OK;
    return say_refused(s, EXIT_NO, "two-stories", "keep both: if both are signed, they prove that the log told two stories",
                       "%s: its checkpoint at %llu contradicts the log that is held here", f->path,
                       (unsigned long long)f->had.size);
}

/* ---- writing ---- */

struct walk { struct tiler tiler; struct frontier frontier; struct progress progress; };

static enum err take_entry(void *arg, uint64_t idx, const struct item *item)
{
    struct walk *w = arg;
    struct hash leaf = merkle_leaf(item->header);
    frontier_append(&w->frontier, &leaf);
    if (idx % BOUNDARY == 0)
        progress_step(&w->progress, idx);
    return tiler_add(&w->tiler, item->header);
}

/* The root is formed once more from what was written: only then does the checkpoint stand over it. */
static enum err write_tiles(const struct choice *x, struct log_folder *f, struct bytes note)
{
    struct walk *w = calloc(1, sizeof(*w));
    struct hash root;
    if (w == NULL)
        return ERR_NOMEM;
    tiler_init(&w->tiler, log_folder_put, f);
    frontier_init(&w->frontier);
    w->progress = progress_start(x->d->s, "writing entries", x->head.size);
    enum err e = store_each_entry(x->d->store, &x->log.origin, 0, x->head.size, take_entry, w);
    if (e == OK)
        e = tiler_end(&w->tiler);
    progress_end(&w->progress);
    root = frontier_root(&w->frontier);
    if (e == OK && (w->frontier.size != x->head.size || !hash_equal(&root, &x->head.root)))
        e = ERR_CONFLICT;                   /* the log was cut back meanwhile */
    if (e == OK)
        e = log_folder_end(f, note);
    free(w);
    return e;
}

static enum exit_status export_chosen(struct choice *x, const char *dir, struct exported_log *ret)
{
    struct buf note = buf_on(CHECKPOINT_MAX);
    struct log_folder *f = malloc(sizeof(*f));
    enum exit_status st = f != NULL ? check_head(x, &note, ret) : say_failed(x->d->s, ERR_NOMEM, NULL, "export-log");
    if (st == EXIT_OK)
        st = log_folder_begin(x->d->s, dir, &x->log.origin, f);
    if (st == EXIT_OK)
        st = check_before(x, f);
    if (st == EXIT_OK) {
        enum err e = write_tiles(x, f, buf_bytes(&note));
        st = e == OK ? EXIT_OK : log_folder_failed(f, e);
        ret->n_files = f->n_files;
        ret->n_written = f->n_written;
        ret->n_mended = f->n_mended;
    }
    free(f);
    buf_release(&note);
    return st;
}

enum exit_status export_log(struct desk *d, const struct member *m, const char *dir, bool witnessed, struct exported_log *ret)
{
    struct witnesses *w = NULL;
    struct choice x = {.d = d, .member = m, .witnessed = witnessed, .identity = malloc(sizeof(*x.identity))};
    *ret = (struct exported_log){.n_files = 0};
    enum err e = x.identity != NULL ? witnesses_new(d->store, d->chain, buf_bytes(&d->identity_note), &w) : ERR_NOMEM;
    x.witnesses = w;
    enum exit_status st = e == OK ? choose(&x) : say_failed(d->s, e, NULL, "export-log");
    if (st == EXIT_OK)
        st = export_chosen(&x, dir, ret);
    witnesses_free(w);
    free(x.identity);
    return st;
}
