/* cli/cmd_status.c - what is held, witnessed and waited for, and who is in reach (held.h, reach.h). */
#include "cli/commands.h"

#include <dirent.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "cli/alliance/leaving.h"
#include "cli/alliance/lineage.h"
#include "cli/audit/witnesses.h"
#include "cli/confirm.h"
#include "cli/held.h"
#include "cli/opening/promise.h"
#include "cli/output/output.h"
#include "cli/reach.h"
#include "cli/say.h"
#include "cli/view/query.h"
#include "keys/file.h"
#include "keys/seed.h"

const struct option_spec options_status[] = {OPTIONS_END};

static const struct column columns[] = {
    {"slug", "member", 0}, {"generation", NULL, COLUMN_NUMBER}, {"size", "held", COLUMN_NUMBER},
    {"announced", "announced", COLUMN_NUMBER | COLUMN_VERBOSE}, {"verified", "verified", COLUMN_NUMBER | COLUMN_VERBOSE},
    {"cosignatures", "witnessed by", 0}, {"quorum", "quorum", COLUMN_VERBOSE}, {"frozen", NULL, 0},
    {"witnessed_at", NULL, 0}, {"fresh", NULL, 0}, {"freshness", NULL, 0}, {"reach", "in reach", 0},
};

struct state {
    struct desk *d;
    const struct charter *now;              /* NULL: we wait to be let in */
    struct held *held;                      /* by place in the charter */
    bool *is_owed;                          /* as held */
    struct reach *reach;
    size_t n_witnesses;
    uint64_t now_ms, records, store_bytes;
    size_t n_openings_due, n_erasures_waiting;
    bool *keeps;                            /* as held: not known to have erased all that we erased */
    bool is_protected, is_suspect;
    struct leavers leavers;
    struct buf mended;                      /* names of damaged stores that were moved aside, a line each */
};

static bool is_us(const struct state *x, const struct slug *slug)
{
    return slug_equal(slug, &x->d->identity->slug);
}

/* ---- gathering ---- */

static enum err gather_logs(struct state *x)
{
    struct slug list[WITNESSES_MAX];
    x->is_owed = calloc(x->now->n_members, sizeof(*x->is_owed));
    x->n_witnesses = charter_witnesses(x->now, list);
    x->keeps = calloc(x->now->n_members, sizeof(*x->keeps));
    return x->is_owed != NULL && x->keeps != NULL ? held_read(x->d, &x->held) : ERR_NOMEM;
}

static enum err take_owed(void *arg, const struct owed *o)
{
    struct state *x = arg;
    const struct member *m = charter_find(x->now, &o->reader);
    if (m != NULL)
        x->is_owed[m - x->now->members] = true;
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
    if (e == OK)
        e = promises_due(x->d, v, &x->n_openings_due);
    if (e == OK && x->keeps != NULL)
        e = erasures_waiting(x->d, v, &x->n_erasures_waiting, x->keeps);
    if (e == OK)
        e = leavers_read(v, x->now, &x->leavers);
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
    enum err e = reach_read(x->d, &x->reach);
    if (e == OK && x->now != NULL)
        e = gather_logs(x);
    if (e == OK)
        e = store_bytes(x->d->store, &x->store_bytes);
    x->is_protected = true;                 /* a home without its seed has nothing to lose here */
    if (e == OK && (e = seed_is_protected(&x->d->s->home, &x->is_protected)) == ERR_UNKNOWN)
        e = OK;
    if (e != OK)
        return say_failed(x->d->s, e, NULL, "status");
    look_for_damage(x);
    return desk_is_member(x->d) || desk_is_former(x->d) ? gather_view(x) : EXIT_OK;
}

/* ---- telling ---- */

/* "5 of 7, 3 h ago" */
static void add_witnesses(struct sheet *sh, const struct state *x, const struct held *h)
{
    char shown[80], ago[AGO_SIZE];
    ago_text(h->witnessed_s * 1000, x->now_ms, ago);
    if (h->witnessed_s == 0)
        (void)snprintf(shown, sizeof(shown), "%u of %zu, silent", (unsigned)h->n_witnesses, x->n_witnesses);
    else
        (void)snprintf(shown, sizeof(shown), "%u of %zu%s, %s%s%s", (unsigned)h->n_witnesses, x->n_witnesses,
                       h->has_quorum ? "" : " (enough before", ago, h->has_quorum ? "" : ")", h->is_fresh ? "" : ", stale");
    sheet_count(sh, h->n_witnesses);
    sheet_shown(sh, h->size > 0 ? shown : "-");
    sheet_style(sh, h->is_fresh || h->size == 0 ? STYLE_PLAIN : STYLE_WARN);
    sheet_bool(sh, h->has_quorum);
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
    sheet_style(sh, h->is_frozen ? STYLE_BAD : held_is_waited_for(h) ? STYLE_WARN : STYLE_PLAIN);
    sheet_count(sh, (int64_t)h->announced);
    sheet_count(sh, (int64_t)h->verified);
    add_witnesses(sh, x, h);
    sheet_bool(sh, h->is_frozen);
    sheet_value(sh, h->witnessed_s > 0 ? json_time(h->witnessed_s * 1000) : json_null(), "");
    sheet_bool(sh, h->is_fresh);
    sheet_text(sh, witnesses_freshness(h->witnessed_s, x->now_ms));
    if (is_us(x, &x->now->members[i].slug))
        sheet_text(sh, "this node");
    else
        reach_cell(sh, x->reach, &x->now->members[i].slug);
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
            json_array_append_new(peers, reach_json(x->reach, &m->slug));
        if (x->is_owed[i])
            json_array_append_new(owed, json_text(m->slug.s));
        if (held_is_waited_for(&x->held[i]))
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
    json_object_set_new(doc, "erasures_waiting", json_integer((json_int_t)x->n_erasures_waiting));
    json_object_set_new(doc, "openings_due", json_integer((json_int_t)x->n_openings_due));
    json_object_set_new(doc, "daemon", json_boolean(x->reach->runs));
    json_object_set_new(doc, "seed_protected", json_boolean(x->is_protected));
    json_object_set_new(doc, "damaged", damage_json(x));
    json_object_set_new(doc, "replaced_roots", lineage_replaced(d));
    json_object_set_new(doc, "leaving", leavers_json(&x->leavers));
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
    out(d->s, "%s\n", x->reach->runs ? "folkmootd runs: what peers publish comes by itself."
                              : "folkmootd does not run: nothing comes or goes but by `folkmoot sync`.");
    if (desk_is_member(d) || desk_is_former(d))
        out(d->s, "%llu record%s can be read here; the store takes %.1f MiB.\n", (unsigned long long)x->records,
            x->records == 1 ? "" : "s", (double)x->store_bytes / (1024 * 1024));
    if (x->now != NULL)
        out(d->s, "\n");
}

static bool is_owed(const struct state *x, size_t i) { return x->is_owed[i]; }
static bool keeps(const struct state *x, size_t i) { return x->keeps[i]; }
static bool is_waited_for(const struct state *x, size_t i) { return held_is_waited_for(&x->held[i]); }
/* [P-64] Of what nobody witnessed for so long, something newer may be withheld from us. Our own log we know. */
static bool is_stale(const struct state *x, size_t i)
{
    return x->held[i].size > 0 && x->held[i].witnessed_s > 0 && !x->held[i].is_fresh && !is_us(x, &x->now->members[i].slug);
}
static bool is_silent(const struct state *x, size_t i)
{
    return x->held[i].size > 0 && x->held[i].witnessed_s == 0 && !is_us(x, &x->now->members[i].slug);
}

/* `*has_begun`: a list stands above already, else an empty line comes first. */
static void list_members(const struct state *x, const char *what, bool *has_begun,
                         bool (*is_listed)(const struct state *x, size_t i))
{
    const char *between = what;
    for (size_t i = 0; i < x->now->n_members; i++) {
        if (x->now->members[i].is_former || !is_listed(x, i))
            continue;
        out(x->d->s, "%s%s%s", *has_begun ? "" : "\n", between, x->now->members[i].slug.s);
        between = ", ";
        *has_begun = true;
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
        bool has_begun = false;
        list_members(x, "Waiting for: ", &has_begun, is_waited_for);
        list_members(x, "Stale, too few witnesses spoke in the last 48 hours and something newer may exist: ", &has_begun,
                     is_stale);
        list_members(x, "Silent, too few witnesses have spoken of it ever: ", &has_begun, is_silent);
        list_members(x, "Not heard from since something was erased (`folkmoot withdraw` says what): ", &has_begun, keeps);
        list_members(x, "Cannot read all yet (the next publish or sync gives the keys): ", &has_begun, is_owed);
        if (!has_begun && x->leavers.n + x->now->n_replacements > 0)
            out(x->d->s, "\n");
        lineage_say_roots(x->d);
        leavers_say(x->d->s, &x->leavers);
    }
    warnings(x);
    if (x->n_openings_due > 0)
        say_next(x->d->s, "%zu opening%s due: `folkmoot open --due`", x->n_openings_due, x->n_openings_due == 1 ? " is" : "s are");
    if (!x->d->has_alliance)
        say_next(x->d->s, "`folkmoot alliance create NAME` founds an alliance; `folkmoot join INVITE` asks to be let into one");
    else if (!desk_is_member(x->d) && !desk_is_former(x->d))
        say_next(x->d->s, "a steward must admit this node; `folkmoot sync` asks again");
    return EXIT_OK;
}

static enum exit_status status(struct desk *d)
{
    struct state x = {.d = d, .now = desk_charter(d), .now_ms = session_now_ms(), .mended = buf_on(64 * 1024)};
    enum exit_status st = gather(&x);
    if (st == EXIT_OK)
        st = tell(&x);
    free(x.held);
    free(x.reach);
    free(x.is_owed);
    free(x.keeps);
    leavers_release(&x.leavers);
    buf_release(&x.mended);
    return st;
}

enum exit_status cmd_status(struct session *s)
{
    return desk_run(s, DESK_READ, status);
}
