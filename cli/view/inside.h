/* cli/view/inside.h - what the files of this room share.  Nobody else includes it. */
#ifndef FOLKMOOT_CLI_VIEW_INSIDE_H
#define FOLKMOOT_CLI_VIEW_INSIDE_H

#include <sqlite3.h>

#include "cli/view/sql.h"
#include "cli/view/view.h"
#include "protocol/envelope.h"
#include "protocol/grant.h"
#include "protocol/identity.h"
#include "protocol/record.h"

struct figure_row;

enum { VIEW_SCHEMA = 6, VIEW_APPLICATION = 0x466D7677 };        /* "Fmvw" */
enum { VIEW_PATH_MAX = 4096, VIEW_BUSY_MS = 10000 };        /* how long another process is waited for */

struct view {
    sqlite3 *db;
    sqlite3_stmt *kept[VSQL_COUNT];
    char path[VIEW_PATH_MAX];               /* where it stands, or will */
    struct view_owner owner;
    int lock;                               /* held while it is made anew; -1 */
    bool is_damaged;                        /* a statement met damage in this file */
    void (*screen)(void *arg, struct figure_row *row);      /* query.h; NULL: none */
    void *screen_arg;
};

/* ---- open.c ---- */
/* Leave this file and make its successor. */
MUST_USE enum err view_rebuild(struct view *v);
/* The successor is folded: put it in its place. */
MUST_USE enum err view_settle(struct view *v);

/* ---- schema.c ---- */
#define VIEW_FIGURE_KEY "CREATE INDEX IF NOT EXISTS figure_key ON figure" \
    " (indicator, period, time_identifier, breakdown, slug, audience, generation, idx);"
/* kind: "" or "TEMP ". A view of the file looks into the file's own tables, whatever temporary ones go before them (readers.c).
 * Of each authority and year the newest version; one that is withdrawn does not bring back the one before of its audience. */
#define CREATE_ASSESSMENT_CURRENT(kind) "CREATE " kind "VIEW assessment_current AS SELECT * FROM (SELECT *, row_number()" \
    " OVER (PARTITION BY slug, year ORDER BY generation DESC, idx DESC) AS place FROM assessment a WHERE counted = 1" \
    " AND withdrawn IS NULL AND NOT EXISTS (SELECT 1 FROM assessment w WHERE w.slug = a.slug AND w.year = a.year" \
    " AND coalesce(w.sealed_for, w.audience) = coalesce(a.sealed_for, a.audience) AND w.withdrawn IS NOT NULL" \
    " AND (w.generation, w.idx) > (a.generation, a.idx))) WHERE place = 1;"
/* What is compared: of each figure the newest version in each audience, unless it was withdrawn; of those the narrowest
 * audience, of equally narrow ones the newest. */
#define CREATE_FIGURE_CURRENT(kind) "CREATE " kind "VIEW figure_current AS SELECT * FROM (SELECT *, row_number()" \
    " OVER (PARTITION BY indicator, period, time_identifier, breakdown, slug ORDER BY CASE audience WHEN 'public' THEN 2" \
    " WHEN 'alliance' THEN 1 ELSE 0 END, generation DESC, idx DESC) AS place FROM figure WHERE buried = 0 AND counted = 1)" \
    " WHERE place = 1;"
MUST_USE enum err view_schema_make(struct view *v);
/* ERR_SCHEMA when it is not ours to read: another version, another owner, no view at all. */
MUST_USE enum err view_schema_check(struct view *v);

/* ---- fold.c ---- */
enum { FOLD_STEP = 5 * BOUNDARY };          /* entries a transaction; a multiple of BOUNDARY, so that its root is cheap */

/* A log as this fold sees it. */
struct fold_log {
    struct origin origin;
    uint64_t whole;                         /* held by the store */
    struct hash whole_root;
    uint64_t limit;                         /* to be folded: `whole`, or where a former member's log is closed */
    bool counts;                            /* may its figures be counted? */
};

/* What an audience is called in every table: `public`, `alliance`, or a named audience's id in hex. */
struct audience_text { char s[HEX_SIZE(16)]; };
struct audience_text audience_text(const struct view_owner *owner, const struct header *h);
/* The way back; false for `public`. */
bool audience_from_text(const struct view_owner *owner, struct bytes text, struct audience_id *ret);

struct key_slot { struct audience_id audience; uint32_t epoch; struct sym_secret key; };

struct fold {
    struct view *v;
    const struct fold_with *with;
    struct fold_counts n;
    size_t n_logs;
    struct fold_log *logs;
    uint64_t done, total;                   /* for progress */
    struct grant *grant;                    /* room for one, far too large for the stack */
    struct opening *opening;
    struct buf plain;                       /* the record being read; wiped at the end */

    /* the log at hand */
    const struct fold_log *log;
    char slug[SLUG_MAX + 1];
    size_t n_keys, cap_keys, last_key;
    struct key_slot *keys;
    bool has_record_keys, has_void, is_late;
    bool has_learned;                       /* the key of a record that may have been met before */
    bool is_bulk;                           /* the index on figures is away: see bulk.c */
    uint64_t idx;
    struct header h;
};

/* Take up the next log: its keys, its void ranges. */
MUST_USE enum err fold_take_log(struct fold *f, const struct fold_log *l);
/* Is the entry at hand one that its author disowned? */
MUST_USE enum err fold_is_void(struct fold *f, bool *ret);
/* Count a malformed entry, with a stable reason. */
MUST_USE enum err fold_problem(struct fold *f, const char *reason);
/* Read the header at hand and check its payload. *ret is false when the entry is not to be read further (and why was kept). */
MUST_USE enum err fold_entry(struct fold *f, uint64_t idx, const struct item *item, bool *ret);

/* ---- fold_logs.c ---- */
/* What the store holds, as fold_log rows; logs that changed under the view forget their rows. */
MUST_USE enum err fold_logs(struct fold *f);
/* Forget the rows of every log of one authority, and where folding stood. */
MUST_USE enum err fold_forget(struct fold *f, const char *slug);
/* Root of the first `size` entries as stored. */
MUST_USE enum err fold_root_at(struct fold *f, const struct fold_log *l, uint64_t size, struct hash *ret);

/* ---- fold_members.c ---- */
/* Members and roles by the charter that stands, and identities heard of outside their logs. */
MUST_USE enum err fold_members(struct fold *f);
MUST_USE enum err fold_heard(struct fold *f);
/* Identities of all logs. */
MUST_USE enum err fold_identities(struct fold *f);

/* ---- fold_epoch.c ---- */
/* The first four columns of every table of epochs. */
void bind_epoch(struct vsql *q, const char *slug, uint64_t generation, const char *audience, uint32_t epoch);
/* The epoch entry at hand: keep it, and its key if a box for us is anywhere. */
MUST_USE enum err fold_epoch(struct fold *f, const struct item *item);
/* Look again at epochs for which a charter, a grant or a box key of ours has come. */
MUST_USE enum err fold_pending(struct fold *f);

/* ---- fold_keys.c ---- */
/* Epochs, grants and openings of all logs. */
MUST_USE enum err fold_keys(struct fold *f);

/* ---- fold_open.c ---- */
/* The entry at hand tells these keys to an audience: what the records' own headers bear out is kept. */
MUST_USE enum err fold_opening(struct fold *f, const struct opening *o, const char *audience);
/* Mark what was opened, wherever it stands. */
MUST_USE enum err fold_mark_opened(struct fold *f, const char *slug, uint64_t generation, uint64_t target);

/* ---- fold_records.c ---- */
/* Records and withdrawals: entries from..to of the log at hand. */
MUST_USE enum err fold_records(struct fold *f, uint64_t from, uint64_t to);
/* Sealed records for which a key has come. */
MUST_USE enum err fold_sealed(struct fold *f);

/* ---- fold_bulk.c ---- */
/* Was a bulk fold under way when the last process ended? */
MUST_USE enum err fold_bulk_resume(struct fold *f);
/* Is there so much to fold that the index is better made afterwards? Then it goes. */
MUST_USE enum err fold_bulk_begin(struct fold *f);
/* Make the index again, and do what had to wait for it. */
MUST_USE enum err fold_bulk_end(struct fold *f);

/* ---- fold_scrub.c ---- */
/* Something in clear goes: before this transaction's end is durable, it is noted that the file must be written afresh. */
MUST_USE enum err fold_owes_scrub(struct fold *f);
/* Write the file afresh, if that is owed. OK also when another process stands in the way: then it stays owed. ERR_MORE: it is too
 * large to be done in memory, and must be made anew. */
MUST_USE enum err fold_scrub(struct fold *f);

/* ---- fold_put.c ---- */
MUST_USE enum err fold_bury_older(struct fold *f, const char *slug, uint64_t generation, uint64_t target);
/* Put one record in clear where it belongs. */
MUST_USE enum err fold_put(struct fold *f, struct bytes plain);
/* Mark what was withdrawn, wherever it stands. */
MUST_USE enum err fold_mark_withdrawn(struct fold *f, const char *slug, uint64_t generation, uint64_t target);

/* ---- fold_signoff.c ---- */
/* "dcs Jane Roe" when that officer's key has signed the return at hand, "" when nobody's has. A signature that does not
 * hold is counted as a problem, and is as none. */
enum { SIGNED_OFF_SIZE = NAME_MAX_LEN + SIGNED_ROLE_MAX + 2 };
MUST_USE enum err fold_signoff(struct fold *f, const struct batch_return *r, char ret[SIGNED_OFF_SIZE]);

/* The officers of the identity that is in force at the entry at hand, by its author's log: *ret, which is zero where there is
 * none. */
MUST_USE enum err fold_officers(struct fold *f, struct identity *ret);

/* ---- fold_assessment.c ---- */
/* A self-assessment in clear, with who stands behind it, and the figures that it cites. */
MUST_USE enum err fold_assessment(struct fold *f, const char *record, struct bytes plain);

/* ---- moment.c ---- */
/* RFC 3339 UTC with milliseconds; "" for a time past the year 9999. */
enum { MOMENT_SIZE = 25 };
void moment_text(uint64_t ms, char ret[MOMENT_SIZE]);
/* As stored: times are claims, and one beyond 63 bits is as good as the last. */
int64_t moment_stored(uint64_t ms);

#endif
