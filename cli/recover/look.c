#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "cli/author/identity.h"
#include "cli/recover/recover.h"
#include "cli/say.h"

enum { SYNC_WAIT_S = 60, FETCH_WAIT_MS = 15 * 1000, LOOK_MS = 100 };

const char *trouble_code(enum trouble t)
{
    static const char *const codes[] = {
#define X(sym, code, text) code,
        TROUBLES(X)
#undef X
    };
    return codes[t];
}

const char *trouble_text(enum trouble t)
{
    static const char *const texts[] = {
#define X(sym, code, text) text,
        TROUBLES(X)
#undef X
    };
    return texts[t];
}

/* ---- our log ---- */

static enum err read_log(struct recovery *r, bool *ret_frozen)
{
    struct desk *d = r->d;
    struct log_state l;
    struct buf note = buf_on(CHECKPOINT_MAX);
    *ret_frozen = false;
    r->ours = (struct branch){.store = d->store};
    enum err e = desk_newest_log(d, &d->identity->slug, &r->origin);
    if (e == OK && d->origin.generation > r->origin.generation)
        r->origin.generation = d->origin.generation;    /* private/head knows of it, the store has lost it */
    if (e == OK)
        e = store_log(d->store, &r->origin, &l, &note);
    if (e == OK) {
        *ret_frozen = l.is_frozen;
        r->ours.size = l.whole;
        r->ours.root = l.whole_root;
    }
    buf_release(&note);
    r->head_size = desk_signed_size(d, &r->origin);
    return e == ERR_UNKNOWN ? OK : e;
}

static bool is_begun_by_us(const struct recovery *r)
{
    const struct sign_public *root = chain_root_at(r->d->chain, &r->origin.slug, r->origin.generation, 0);
    return root != NULL && memcmp(root->b, r->d->identity->root.b, sizeof(root->b)) == 0;
}

/* ---- asking ---- */

/* With a daemon, an answer says that a peer was reached; our entries follow. */
static void wait_for_log(struct recovery *r)
{
    bool is_frozen = false;
    struct timespec pause = {.tv_nsec = LOOK_MS * 1000 * 1000};
    uint64_t size = r->ours.size;
    for (unsigned waited = 0; waited < FETCH_WAIT_MS && r->ours.size < r->head_size && !is_frozen; waited += LOOK_MS) {
        (void)nanosleep(&pause, NULL);
        if (read_log(r, &is_frozen) != OK)
            return;
        if (r->ours.size > size) {
            size = r->ours.size;
            waited = 0;                     /* it comes */
        }
    }
}

static enum exit_status ask(struct recovery *r)
{
    struct desk *d = r->d;
    bool is_frozen;
    if (d->s->offline) {
        say_warning(d->s, "offline: no peer was asked. What peers hold of our log is not known here, and may be lost by what "
                    "follows");
        return EXIT_OK;
    }
    if (desk_is_alone(d))
        return EXIT_OK;
    enum err e = desk_sync(d, SYNC_WAIT_S, NULL);
    if (e == ERR_UNKNOWN)
        return say_refused(d->s, EXIT_ENVIRONMENT, "no-folkmootd", "it must stand beside this program, in PATH, or be named by "
                           "FOLKMOOTD",
                           "recover: the program folkmootd was not found");
    if (e == ERR_IO)
        return say_refused(d->s, EXIT_ENVIRONMENT, "no-peer", "connect and try again; --offline does without, and may lose what "
                           "peers hold",
                           "recover: no peer could be reached");
    if (e == OK)
        e = desk_read_charters(d);
    if (e == OK)
        e = desk_find_generation(d);
    if (e == OK)
        e = read_log(r, &is_frozen);
    if (e != OK)
        return say_failed(d->s, e, NULL, "recover");
    if (desk_daemon_runs(d))
        wait_for_log(r);
    return EXIT_OK;
}

/* ---- what peers say ---- */

struct hearing { struct recovery *r; uint64_t since_ms; };

static enum err hear(void *arg, const struct head_row *h)
{
    const struct hearing *x = arg;
    struct recovery *r = x->r;
    struct hash root;
    if (h->at_ms < x->since_ms || h->generation != r->origin.generation || h->size == 0 || r->n_peers == PEERS_SAID_MAX)
        return OK;
    struct peer_said *p = &r->peers[r->n_peers++];
    *p = (struct peer_said){.slug = h->peer, .size = h->size, .what = SAID_MORE};
    enum err e = log_root_at(r->ours.store, &r->origin, h->size, &root);
    if (e == OK) {
        struct short_root ours = short_root_of(&root);
        p->what = memcmp(ours.b, h->root.b, SHORT_ROOT_LEN) == 0 ? SAID_OURS : SAID_OTHER;
    }
    return e == ERR_UNKNOWN ? OK : e;
}

/* ---- all of it ---- */

static enum exit_status need_keys(struct recovery *r)
{
    struct desk *d = r->d;
    struct identity *id = malloc(sizeof(*id));
    struct buf note = buf_on(IDENTITY_MAX);
    enum err e = id != NULL ? identity_newest(d, id, &note) : ERR_NOMEM;
    bool is_behind = e == OK && id->version > d->identity->version;
    free(id);
    buf_release(&note);
    if (e != OK && e != ERR_UNKNOWN)
        return say_failed(d->s, e, NULL, "reading what is known of us");
    r->lacks_keys = is_behind;
    return EXIT_OK;
}

/* `keys restore` leaves a mark until peers have said what we signed before. */
static bool mark_stands(const struct session *s)
{
    char path[FILE_PATH_MAX];
    home_path(&s->home, HOME_RESTORED, path);
    return file_check_private(path) != ERR_UNKNOWN;
}

static enum err find_trouble(struct recovery *r)
{
    bool is_frozen = false;
    enum err e = read_log(r, &is_frozen);
    if (e == OK && r->ours.size > 0)
        e = branch_quorum(r->d, r->d->store, &r->origin, &r->ours.quorum);
    if (e == OK)
        r->trouble = !is_begun_by_us(r)              ? TROUBLE_ROOT
                   : is_frozen                       ? TROUBLE_FORK
                   : r->ours.size < r->head_size     ? TROUBLE_BEHIND : TROUBLE_NONE;
    return e;
}

enum exit_status recover_look(struct desk *d, const char *bundle, struct recovery *r)
{
    bool is_frozen;
    struct hearing x = {.r = r, .since_ms = session_now_ms()};
    memset(r, 0, sizeof(*r));
    r->d = d;
    enum err e = read_log(r, &is_frozen);
    r->before = r->ours.size;
    enum exit_status st = e == OK ? ask(r) : say_failed(d->s, e, NULL, "reading our log");
    if (st == EXIT_OK)
        st = need_keys(r);
    if (st != EXIT_OK || r->lacks_keys)
        return st;
    r->is_restored = mark_stands(d->s);
    e = find_trouble(r);
    if (e == OK && r->trouble == TROUBLE_FORK) {
        e = evidence_against(d, &r->origin, &r->evidence);
        r->has_evidence = e == OK && r->evidence.verdict == OK;
        if (e == ERR_UNKNOWN)
            e = OK;
    }
    if (e == OK)
        e = store_each_head(d->store, hear, &x);
    if (e != OK)
        return say_failed(d->s, e, NULL, "recover");
    return bundle != NULL && r->trouble == TROUBLE_FORK ? branch_read(r, bundle) : EXIT_OK;
}
