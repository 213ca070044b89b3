/* cli/cmd_status.c - what is held, witnessed and waited for, and who is in reach.
 *
 * It believes what the store keeps (`verify` does not), but for cosignatures, which are checked: so it is
 * quick enough to be asked every second. */
#include "cli/commands.h"

#include <dirent.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "cli/audit/witnesses.h"
#include "cli/desk.h"
#include "cli/output/output.h"
#include "cli/say.h"
#include "cli/view/query.h"
#include "keys/file.h"
#include "keys/seed.h"

const struct option_spec options_status[] = {OPTIONS_END};

static const struct column columns[] = {
    {"slug", "member", 0}, {"generation", NULL, COLUMN_NUMBER}, {"size", "held", COLUMN_NUMBER},
    {"announced", "announced", COLUMN_NUMBER | COLUMN_VERBOSE}, {"verified", "verified", COLUMN_NUMBER | COLUMN_VERBOSE},
    {"cosignatures", "witnessed by", COLUMN_NUMBER}, {"quorum", "quorum", COLUMN_VERBOSE}, {"frozen", NULL, 0},
    {"reach", "in reach", 0},
};

struct held {                               /* one member's newest log */
    uint32_t generation;                    /* 0: nothing is held */
    uint64_t size, announced, verified;
    struct hash root;
    bool is_frozen;
    uint32_t n_witnesses;
    bool has_quorum;
};

struct state {
    struct desk *d;
    const struct charter *now;              /* NULL: we wait to be let in */
    struct held *held;                      /* by place in the charter, as the next two */
    struct peer_row *peers;
    bool *is_owed;
    size_t n_witnesses;
    uint64_t records, store_bytes;
    bool runs, is_protected, is_suspect;
    struct buf mended;                      /* names of damaged stores that were moved aside, a line each */
};

static size_t place_of(const struct charter *c, const struct slug *slug)
{
    const struct member *m = charter_find(c, slug);
    return m != NULL ? (size_t)(m - c->members) : SIZE_MAX;
}

static bool is_us(const struct state *x, const struct slug *slug)
{
    return slug_equal(slug, &x->d->identity->slug);
}

/* ---- gathering ---- */

static enum err take_log(void *arg, const struct log_state *l)
{
    struct state *x = arg;
    size_t at = place_of(x->now, &l->origin.slug);
    if (at == SIZE_MAX || l->origin.generation < x->held[at].generation)
        return OK;
    x->held[at] = (struct held){.generation = l->origin.generation, .size = l->whole, .verified = l->frontier.size,
                                .announced = l->frontier.size, .root = l->whole_root, .is_frozen = l->is_frozen};
    return OK;
}

static enum err take_announced(void *arg, const struct log_ref *log, uint64_t size)
{
    struct state *x = arg;
    size_t at = place_of(x->now, &log->slug);
    if (at == SIZE_MAX)
        return OK;
    struct held *h = &x->held[at];
    bool is_this = log->generation == h->generation || h->generation == 0;
    if (is_this && size > h->announced)
        h->announced = size;
    return OK;
}

static enum err take_peer(void *arg, const struct peer_row *p)
{
    struct state *x = arg;
    size_t at = place_of(x->now, &p->slug);
    if (at != SIZE_MAX)
        x->peers[at] = *p;
    return OK;
}

static enum err count_witnesses(struct state *x)
{
    struct witnesses *w = NULL;
    enum err e = witnesses_new(x->d->store, x->d->chain, buf_bytes(&x->d->identity_note), &w);
    for (size_t i = 0; e == OK && i < x->now->n_members; i++) {
        struct held *h = &x->held[i];
        struct origin o = {.alliance = x->d->origin.alliance, .slug = x->now->members[i].slug, .generation = h->generation};
        if (h->size > 0)
            e = witnesses_count(w, x->d->store, x->now, &o, h->size, &h->root, &h->n_witnesses);
        h->has_quorum = h->n_witnesses >= charter_quorum(x->now);
    }
    witnesses_free(w);
    return e;
}

static enum err gather_logs(struct state *x)
{
    struct slug list[WITNESSES_MAX];
    size_t n = x->now->n_members;
    x->held = calloc(n, sizeof(*x->held));
    x->peers = calloc(n, sizeof(*x->peers));
    x->is_owed = calloc(n, sizeof(*x->is_owed));
    if (x->held == NULL || x->peers == NULL || x->is_owed == NULL)
        return ERR_NOMEM;
    for (size_t i = 0; i < n; i++)
        x->peers[i] = (struct peer_row){.slug = x->now->members[i].slug, .rtt_ms = -1};
    x->n_witnesses = charter_witnesses(x->now, list);
    enum err e = store_each_log(x->d->store, take_log, x);
    if (e == OK)
        e = store_each_announced(x->d->store, take_announced, x);
    if (e == OK)
        e = store_each_peer(x->d->store, take_peer, x);
    return e == OK ? count_witnesses(x) : e;
}

static enum err take_owed(void *arg, const struct owed *o)
{
    struct state *x = arg;
    size_t at = place_of(x->now, &o->reader);
    if (at != SIZE_MAX)
        x->is_owed[at] = true;
    return OK;
}

static enum exit_status gather_view(struct state *x)
{
    struct view *v = NULL;
    enum exit_status st = desk_view(x->d, &v);
    if (st != EXIT_OK)
        return st;
    enum err e = view_count_records(v, &x->records);
    if (e == OK)
        e = view_owed(v, x->d->chain, take_owed, x);
    view_close(v);
    return e == OK ? EXIT_OK : say_failed(x->d->s, e, NULL, "reading private/view.db");
}

/* A store that was found damaged was moved aside under this name, and stays for whoever wants to know why. */
static void look_for_damage(struct state *x)
{
    static const char damaged[] = "log.db.damaged-";
    char path[FILE_PATH_MAX];
    struct stat st;
    home_path(&x->d->s->home, HOME_NODE, path);
    DIR *dir = opendir(path);
    for (struct dirent *f = dir != NULL ? readdir(dir) : NULL; f != NULL; f = readdir(dir))
        if (strncmp(f->d_name, damaged, sizeof(damaged) - 1) == 0 && strchr(f->d_name + sizeof(damaged) - 1, '-') == NULL)
            buf_printf(&x->mended, "%s\n", f->d_name);
    if (dir != NULL)
        (void)closedir(dir);
    struct buf mark = buf_on(FILE_PATH_MAX);
    buf_printf(&mark, "%s/log.db.suspect", path);
    x->is_suspect = buf_str(&mark) != NULL && stat(buf_str(&mark), &st) == 0;
    buf_release(&mark);
}

static enum exit_status gather(struct state *x)
{
    enum err e = x->now != NULL ? gather_logs(x) : OK;
    if (e == OK)
        e = store_bytes(x->d->store, &x->store_bytes);
    x->is_protected = true;                 /* a home without its seed has nothing to lose here */
    if (e == OK && (e = seed_is_protected(&x->d->s->home, &x->is_protected)) == ERR_UNKNOWN)
        e = OK;
    if (e != OK)
        return say_failed(x->d->s, e, NULL, "status");
    x->runs = desk_daemon_runs(x->d);
    look_for_damage(x);
    return desk_is_member(x->d) ? gather_view(x) : EXIT_OK;
}

/* ---- telling ---- */

/* What a daemon that was killed left says nothing of now. */
static enum peer_state state_of(const struct state *x, const struct peer_row *p)
{
    return x->runs || p->state == PEER_NO_ADDRESS ? p->state : PEER_IDLE;
}

static bool is_waited_for(const struct held *h)
{
    return h->size == 0 || h->announced > h->size;
}

static void add_reach(struct sheet *sh, const struct state *x, const struct peer_row *p)
{
    char text[128];
    enum peer_state now = state_of(x, p);
    if (is_us(x, &p->slug)) {
        sheet_text(sh, "this node");
        return;
    }
    if (now == PEER_OPEN && p->rtt_ms >= 0)
        (void)snprintf(text, sizeof(text), "yes, %lld ms", (long long)p->rtt_ms);
    else if (now == PEER_OPEN)
        (void)snprintf(text, sizeof(text), "yes");
    else if (now == PEER_NO_ADDRESS)
        (void)snprintf(text, sizeof(text), "gives no address: it dials us");
    else if (p->last_error[0] == '\0' || strcmp(p->last_error, bye_code(BYE_LEAVING)) == 0)
        (void)snprintf(text, sizeof(text), "no");
    else
        (void)snprintf(text, sizeof(text), "no: %s", p->last_error);
    sheet_text(sh, text);
    if (now == PEER_OPEN)
        sheet_style(sh, STYLE_GOOD);
}

static void add_log(struct sheet *sh, const struct state *x, size_t i)
{
    const struct held *h = &x->held[i];
    char shown[64];
    sheet_row(sh);
    sheet_text(sh, x->now->members[i].slug.s);
    sheet_count(sh, h->generation);
    sheet_count(sh, (int64_t)h->size);
    (void)snprintf(shown, sizeof(shown), "%llu%s", (unsigned long long)h->size, h->is_frozen ? ", FROZEN" : "");
    if (h->announced > h->size)
        (void)snprintf(shown, sizeof(shown), "%llu of %llu%s", (unsigned long long)h->size, (unsigned long long)h->announced,
                       h->is_frozen ? ", FROZEN" : "");
    sheet_shown(sh, h->size == 0 && h->announced == 0 ? "nothing yet" : shown);
    sheet_style(sh, h->is_frozen ? STYLE_BAD : is_waited_for(h) ? STYLE_WARN : STYLE_PLAIN);
    sheet_count(sh, (int64_t)h->announced);
    sheet_count(sh, (int64_t)h->verified);
    sheet_count(sh, h->n_witnesses);
    (void)snprintf(shown, sizeof(shown), "%u of %zu", (unsigned)h->n_witnesses, x->n_witnesses);
    sheet_shown(sh, h->size > 0 ? shown : "-");
    sheet_style(sh, h->has_quorum || h->size == 0 ? STYLE_PLAIN : STYLE_WARN);
    sheet_bool(sh, h->has_quorum);
    sheet_bool(sh, h->is_frozen);
    add_reach(sh, x, &x->peers[i]);
}

static json_t *peer_json(const struct state *x, const struct peer_row *p)
{
    json_t *o = json_object();
    enum peer_state now = state_of(x, p);
    json_object_set_new(o, "slug", json_text(p->slug.s));
    json_object_set_new(o, "address", p->address[0] != '\0' ? json_text(p->address) : json_null());
    json_object_set_new(o, "state", json_text(peer_state_name(now)));
    json_object_set_new(o, "rtt_ms", now == PEER_OPEN && p->rtt_ms >= 0 ? json_integer(p->rtt_ms) : json_null());
    json_object_set_new(o, "last_error", p->last_error[0] != '\0' ? json_text(p->last_error) : json_null());
    json_object_set_new(o, "last_heard", p->heard_ms > 0 ? json_time(p->heard_ms) : json_null());
    return o;
}

static json_t *damage_json(const struct state *x)
{
    struct bytes rest = buf_bytes(&x->mended), name;
    json_t *list = json_array();
    while (bytes_line(&rest, &name))
        json_array_append_new(list, json_bytes(name));
    return list;
}

static json_t *document(const struct state *x, const struct sheet *sh)
{
    struct desk *d = x->d;
    json_t *doc = json_document(d->s), *peers = json_array(), *owed = json_array(), *waiting = json_array();
    for (size_t i = 0; x->now != NULL && i < x->now->n_members; i++) {
        const struct member *m = &x->now->members[i];
        if (m->is_former)
            continue;
        if (!is_us(x, &m->slug))
            json_array_append_new(peers, peer_json(x, &x->peers[i]));
        if (x->is_owed[i])
            json_array_append_new(owed, json_text(m->slug.s));
        if (is_waited_for(&x->held[i]))
            json_array_append_new(waiting, json_text(m->slug.s));
    }
    json_object_set_new(doc, "slug", json_text(d->identity->slug.s));
    json_object_set_new(doc, "alliance", x->now != NULL ? json_text(x->now->name) : json_null());
    json_object_set_new(doc, "alliance_id", d->has_alliance ? json_hex((struct bytes){d->origin.alliance.b,
                                                                                      sizeof(d->origin.alliance.b)})
                                                            : json_null());
    json_object_set_new(doc, "state", json_text(desk_is_member(d) ? "member" : desk_is_former(d) ? "former"
                                                : d->has_alliance ? "waiting" : "alone"));
    json_object_set_new(doc, "charter", x->now != NULL ? json_integer(x->now->version) : json_null());
    json_object_set_new(doc, "logs", sheet_json(sh));
    json_object_set_new(doc, "peers", peers);
    json_object_set_new(doc, "records", json_integer((json_int_t)x->records));
    json_object_set_new(doc, "store_bytes", json_integer((json_int_t)x->store_bytes));
    json_object_set_new(doc, "readers_owed", owed);
    json_object_set_new(doc, "waiting_for", waiting);
    json_object_set_new(doc, "daemon", json_boolean(x->runs));
    json_object_set_new(doc, "seed_protected", json_boolean(x->is_protected));
    json_object_set_new(doc, "damaged", damage_json(x));
    return doc;
}

static void headline(const struct state *x)
{
    struct desk *d = x->d;
    const struct member *us = x->now != NULL ? charter_find(x->now, &d->identity->slug) : NULL;
    if (desk_is_member(d))
        out(d->s, "%s, %s of %s\n", d->identity->name, role_name(us->role), x->now->name);
    else if (desk_is_former(d))
        out(d->s, "%s, no longer a member of %s: nothing that is published now can be read here\n", d->identity->name,
            x->now->name);
    else if (x->now != NULL)
        out(d->s, "%s, waiting to be admitted to %s\n", d->identity->name, x->now->name);
    else
        out(d->s, "%s\n", d->identity->name);
    out(d->s, "%s\n", x->runs ? "folkmootd runs: what peers publish comes by itself."
                              : "folkmootd does not run: nothing comes or goes but by `folkmoot sync`.");
    if (desk_is_member(d))
        out(d->s, "%llu records can be read here; the store takes %.1f MiB.\n\n", (unsigned long long)x->records,
            (double)x->store_bytes / (1024 * 1024));
}

static void list_members(const struct state *x, const char *what, bool of_owed)
{
    const char *between = what;
    for (size_t i = 0; i < x->now->n_members; i++) {
        if (x->now->members[i].is_former || !(of_owed ? x->is_owed[i] : is_waited_for(&x->held[i])))
            continue;
        out(x->d->s, "%s%s", between, x->now->members[i].slug.s);
        between = ", ";
    }
    if (between != what)
        out(x->d->s, "\n");
}

static void warnings(const struct state *x)
{
    struct session *s = x->d->s;
    struct bytes rest = buf_bytes(&x->mended), name;
    if (!x->is_protected)
        say_warning(s, "the seed is kept in clear: whoever reads %s/private can speak for %s", s->home.path,
                    x->d->identity->slug.s);
    while (bytes_line(&rest, &name))
        say_warning(s, "the disk was mended: node/%.*s is the damaged store; what verified was taken over, the rest "
                       "fetched again", (int)name.len, (const char *)name.p);
    if (x->is_suspect)
        say_warning(s, "node/log.db is damaged: folkmootd mends it when it next starts");
    for (size_t i = 0; x->now != NULL && i < x->now->n_members; i++)
        if (x->held[i].is_frozen)
            say_warning(s, "%s's log is frozen: it told two stories; nothing more of it is taken",
                        x->now->members[i].slug.s);
}

static enum exit_status tell(const struct state *x)
{
    struct sheet *sh = sheet_new(columns, sizeof(columns) / sizeof(columns[0]));
    for (size_t i = 0; x->now != NULL && i < x->now->n_members; i++)
        if (!x->now->members[i].is_former)
            add_log(sh, x, i);
    headline(x);
    enum exit_status st = output(x->d->s, document(x, sh), sh);
    sheet_free(sh);
    if (st != EXIT_OK)
        return st;
    if (x->now != NULL) {
        out(x->d->s, "\n");
        list_members(x, "Waiting for: ", false);
        list_members(x, "Cannot read all yet (the next publish or sync gives the keys): ", true);
    }
    warnings(x);
    if (!x->d->has_alliance)
        say_next(x->d->s, "`folkmoot alliance create NAME` founds an alliance; `folkmoot join INVITE` asks to be let into one");
    else if (!desk_is_member(x->d) && !desk_is_former(x->d))
        say_next(x->d->s, "a steward must admit this node; `folkmoot sync` asks again");
    return EXIT_OK;
}

static enum exit_status status(struct desk *d)
{
    struct state x = {.d = d, .now = desk_charter(d), .mended = buf_on(64 * 1024)};
    enum exit_status st = gather(&x);
    if (st == EXIT_OK)
        st = tell(&x);
    free(x.held);
    free(x.peers);
    free(x.is_owed);
    buf_release(&x.mended);
    return st;
}

enum exit_status cmd_status(struct session *s)
{
    struct desk d;
    enum exit_status st = desk_open(s, STORE_READ, &d);
    if (st == EXIT_OK)
        st = status(&d);
    desk_close(&d);
    return st;
}
