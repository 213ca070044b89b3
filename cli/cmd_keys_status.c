/* cli/cmd_keys_status.c - each key of this node: since when, where it lies, and how safely. */
#include "cli/commands.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli/author/identity.h"
#include "cli/held.h"
#include "cli/key_files.h"
#include "cli/output/output.h"
#include "cli/say.h"
#include "keys/backup.h"
#include "keys/file.h"

const struct option_spec options_keys_status[] = {OPTIONS_END};

static const struct column columns[] = {
    {"key", "key", 0}, {"for", "for", 0}, {"version", "since version", COLUMN_NUMBER}, {"since", "since", 0}, {"file", "file", 0},
    {"mode", "mode", 0}, {"state", "state", 0}, {"public", "public", COLUMN_VERBOSE},
};

/* ---- since when ---- */

enum { ROOT, LOG, WITNESS, BOX, NODE, N_KEYS };

struct since { uint32_t version; uint64_t at_ms; };

struct history {
    struct desk *d;
    struct identity *seen;
    struct since key[N_KEYS];
    uint8_t last[N_KEYS][32];
};

static void keys_of(const struct identity *id, uint8_t ret[N_KEYS][32])
{
    memcpy(ret[ROOT], id->root.b, 32);
    memcpy(ret[LOG], id->log.b, 32);
    memcpy(ret[WITNESS], id->witness.b, 32);
    memcpy(ret[BOX], id->box.b, 32);
    memcpy(ret[NODE], id->node.b, 32);
}

static void see(struct history *h, const struct identity *id, uint64_t at_ms)
{
    uint8_t now[N_KEYS][32];
    keys_of(id, now);
    for (size_t k = 0; k < N_KEYS; k++) {
        if (h->key[k].version != 0 && memcmp(now[k], h->last[k], 32) == 0)
            continue;
        h->key[k] = (struct since){id->version, at_ms};
        memcpy(h->last[k], now[k], 32);
    }
}

static enum err look_at(void *arg, uint64_t idx, const struct item *item)
{
    struct history *h = arg;
    struct header header;
    (void)idx;
    if (item->has_payload && header_read(item->header, &header) == OK
        && identity_open(payload_body(item->payload), h->seen) == OK
        && memcmp(h->seen->root.b, h->d->identity->root.b, sizeof(h->seen->root.b)) == 0)
        see(h, h->seen, header.time_ms);
    return OK;
}

static enum err read_history(struct desk *d, struct history *h)
{
    *h = (struct history){.d = d, .seen = malloc(sizeof(*h->seen))};
    enum err e = h->seen != NULL ? OK : ERR_NOMEM;
    if (e == OK && d->has_alliance)
        e = store_each_of_kind(d->store, &d->origin, KIND_IDENTITY, 0, look_at, h);
    if (e == OK || e == ERR_UNKNOWN) {
        see(h, d->identity, 0);                 /* what no entry of ours has said yet */
        e = OK;
    }
    free(h->seen);
    return e;
}

/* ---- where ---- */

static const struct place { const char *key, *use; enum home_file file; } places[N_KEYS] = {
    [ROOT] = {"root", "identities, charters", HOME_SEED}, [LOG] = {"log", "what we publish", HOME_LOG_KEY},
    [WITNESS] = {"witness", "cosigning others", HOME_WITNESS_KEY}, [BOX] = {"box", "what is sealed to us", HOME_BOX_KEYS},
    [NODE] = {"node", "links", HOME_NODE_KEY},
};

struct state {
    struct desk *d;
    struct history h;
    bool is_protected, has_seed, has_recovery, is_unfinished, has_backup;
    uint64_t now_ms, backup_s, previous_node_until_s;
    uint32_t backup_version;
    size_t n_boxes, n_bad;
};

static const char *trouble(struct state *x, size_t k)
{
    static const enum key_purpose purposes[N_KEYS] = {
        [LOG] = PURPOSE_LOG, [WITNESS] = PURPOSE_WITNESS, [BOX] = PURPOSE_BOX, [NODE] = PURPOSE_NODE,
    };
    if (k == ROOT)
        return x->has_seed ? NULL : "not here: nothing can be changed, and no key made again";
    struct key_file f = key_file_look(x->d, purposes[k]);
    if (k == BOX)
        x->n_boxes = f.n_keys;
    if (k == NODE)
        x->previous_node_until_s = f.previous_until_s;
    return f.trouble;
}

static void state_text(const struct state *x, size_t k, char *ret, size_t size)
{
    char until[TIME_TEXT_MAX];
    (void)snprintf(ret, size, "good");
    if (k == ROOT)
        (void)snprintf(ret, size, "%s", x->is_protected ? "behind the passphrase" : "UNPROTECTED: in clear");
    else if (k == BOX && x->n_boxes > 1)
        (void)snprintf(ret, size, "good; %zu before it stay", x->n_boxes - 1);
    else if (k == NODE && x->previous_node_until_s * 1000 > x->now_ms) {
        time_text(x->previous_node_until_s * 1000, until);
        (void)snprintf(ret, size, "good; the one before until %.10s", until);
    }
}

static void add_since(struct sheet *sh, const struct state *x, size_t k)
{
    char ago[AGO_SIZE], at[TIME_TEXT_MAX];
    const uint64_t at_ms = x->h.key[k].at_ms;
    sheet_count(sh, x->h.key[k].version);
    if (at_ms == 0) {
        sheet_null(sh);
        return;
    }
    time_text(at_ms, at);
    ago_text(at_ms, x->now_ms, ago);
    sheet_text(sh, at);
    sheet_shown(sh, ago);
}

static void add_key(struct sheet *sh, struct state *x, size_t k)
{
    char path[FILE_PATH_MAX], mode[16], text[BASE64_SIZE(32)], said[128];
    struct stat st;
    const char *bad = trouble(x, k);
    home_path(&x->d->s->home, places[k].file, path);
    const bool is_there = lstat(path, &st) == 0;
    (void)snprintf(mode, sizeof(mode), "%04o", is_there ? (unsigned)(st.st_mode & 07777) : 0);
    base64_encode((struct bytes){x->h.last[k], 32}, text);
    state_text(x, k, said, sizeof(said));
    sheet_row(sh);
    sheet_text(sh, places[k].key);
    sheet_text(sh, places[k].use);
    add_since(sh, x, k);
    sheet_text(sh, path + strlen(x->d->s->home.path) + 1);
    sheet_text(sh, is_there ? mode : NULL);
    sheet_text(sh, bad != NULL ? bad : said);
    sheet_style(sh, bad != NULL || (k == ROOT && !x->is_protected) ? STYLE_BAD : STYLE_GOOD);
    sheet_text(sh, text);
    x->n_bad += bad != NULL;
}

/* ---- telling ---- */

static enum err gather(struct state *x)
{
    char path[FILE_PATH_MAX];
    const struct home *h = &x->d->s->home;
    enum err e = read_history(x->d, &x->h);
    if (e == OK && (e = seed_is_protected(h, &x->is_protected)) == OK)
        x->has_seed = true;
    if (e == ERR_UNKNOWN)
        e = OK;
    home_path(h, HOME_RECOVERY, path);
    x->has_recovery = access(path, F_OK) == 0;
    home_path(h, HOME_RESTORED, path);
    x->is_unfinished = access(path, F_OK) == 0;
    x->has_backup = e == OK && backup_noted(h, &x->backup_s, &x->backup_version) == OK;
    return e;
}

static void say_more(const struct state *x)
{
    struct session *s = x->d->s;
    char ago[AGO_SIZE];
    if (!x->is_protected && x->has_seed)
        say_warning(s, "the seed lies in clear: `folkmoot keys passphrase` puts it behind one");
    if (x->is_unfinished)
        say_warning(s, "this home was restored and signs nothing yet: `folkmoot keys restore` finishes that");
    if (x->has_recovery)
        say_note(s, "recovery.txt lies in this home: it is of use only where this disk is not");
    ago_text(x->backup_s * 1000, x->now_ms, ago);
    if (!x->has_backup)
        say_next(s, "`folkmoot keys backup FILE`: this home knows of no backup");
    else if (x->backup_version < x->d->identity->version)
        say_next(s, "`folkmoot keys backup FILE`: the last, %s, is of version %u of our identity", ago,
                 (unsigned)x->backup_version);
    else
        say_note(s, "the last backup that this home knows of was made %s", ago);
}

static json_t *document(const struct state *x, const struct sheet *sh)
{
    json_t *doc = json_document(x->d->s), *backup = x->has_backup ? json_object() : json_null();
    if (x->has_backup) {
        json_object_set_new(backup, "made", json_time(x->backup_s * 1000));
        json_object_set_new(backup, "version", json_integer(x->backup_version));
    }
    json_object_set_new(doc, "slug", json_text(x->d->identity->slug.s));
    json_object_set_new(doc, "version", json_integer(x->d->identity->version));
    json_object_set_new(doc, "protected", json_boolean(x->is_protected));
    json_object_set_new(doc, "recovery", json_boolean(x->has_recovery));
    json_object_set_new(doc, "backup", backup);
    json_object_set_new(doc, "unfinished_restore", json_boolean(x->is_unfinished));
    json_object_set_new(doc, "previous_node_until",
                        x->previous_node_until_s != 0 ? json_time(x->previous_node_until_s * 1000) : json_null());
    json_object_set_new(doc, "keys", sheet_json(sh));
    return doc;
}

static enum exit_status work(struct desk *d)
{
    struct state *x = calloc(1, sizeof(*x));
    struct sheet *sh = sheet_new(columns, sizeof(columns) / sizeof(columns[0]));
    enum exit_status st = EXIT_OK;
    enum err e = x != NULL ? OK : ERR_NOMEM;
    if (e == OK) {
        x->d = d;
        x->now_ms = session_now_ms();
        e = gather(x);
    }
    if (e != OK)
        st = say_failed(d->s, e, NULL, "keys status");
    for (size_t k = 0; st == EXIT_OK && k < N_KEYS; k++)
        add_key(sh, x, k);
    if (st == EXIT_OK)
        st = output(d->s, document(x, sh), sh);
    if (st == EXIT_OK)
        say_more(x);
    if (st == EXIT_OK && x->n_bad > 0)
        st = EXIT_NO;
    sheet_free(sh);
    free(x);
    return st;
}

enum exit_status cmd_keys_status(struct session *s)
{
    return desk_run(s, DESK_READ, work);
}
