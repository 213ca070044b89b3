/* cli/view/query.h - what is asked of a view.
 *
 * Callbacks get rows borrowed for the call; the first error a callback returns ends the query and is
 * returned.  Strings are NUL-terminated.  Nothing here writes. */
#ifndef FOLKMOOT_CLI_VIEW_QUERY_H
#define FOLKMOOT_CLI_VIEW_QUERY_H

#include "cli/view/view.h"
#include "protocol/envelope.h"
#include "protocol/record.h"

/* ---- figures ---- */

enum { AUDIENCE_TEXT_SIZE = HEX_SIZE(16), RECORD_TEXT_SIZE = SLUG_MAX + 36, REASON_TEXT_SIZE = 32 };

struct figure_row {                         /* one published version of a figure */
    struct slug slug;
    uint32_t generation;
    uint64_t idx;
    char record[RECORD_TEXT_SIZE];          /* "east-sussex/17" */
    struct figure figure;
    char audience[AUDIENCE_TEXT_SIZE];      /* "public", "alliance", or a named audience's id in hex */
    uint64_t said_ms;                       /* when its author says it was published */
    bool is_counted;                        /* its author's role lets it publish figures */
    bool is_withdrawn;
    char withdrawn[REASON_TEXT_SIZE];       /* why */
    uint64_t withdrawn_ms;
    bool is_buried;                         /* withdrawn, or older than a withdrawn version of the same audience */
};
typedef enum err (*figure_each)(void *arg, const struct figure_row *row);

/* ---- for what leaves the alliance ---- */

/* From now on this view knows only what these readers may read: records of a narrower audience are not there, for no query of
 * this file. Authorities that told everyone nothing are not there for everyone. Nothing can be folded any more. Once a view. */
enum readers { READERS_EVERYONE, READERS_ALLIANCE };        /* the alliance reads what everyone does too */
MUST_USE enum err view_only_for(struct view *v, enum readers readers);
/* From now on every figure that a query gives is first shown to `screen`, which may change it; NULL: none. */
typedef void (*figure_screen)(void *arg, struct figure_row *row);
void view_screen(struct view *v, figure_screen screen, void *arg);

struct time_period { char period[PERIOD_MAX + 1]; char time_identifier[TIME_IDENTIFIER_MAX + 1]; };

/* The figures that stand for one indicator, period and breakdown: a row an authority, in order of
 * slug.  Of each audience we can read the newest version counts; of those the narrowest audience, of equally narrow
 * ones the newest.  An authority all of whose versions are withdrawn has a row with is_withdrawn; one that returned
 * nothing has none.  Former members' figures are among them.
 * Only versions said up to `as_of_ms` count (UINT64_MAX: now), and only withdrawals up to then. */
MUST_USE enum err view_figures(struct view *v, const char *indicator, const struct time_period *p, const char *breakdown,
                               uint64_t as_of_ms, figure_each each, void *arg);

/* The same of one authority: a row at most. */
MUST_USE enum err view_figure_standing(struct view *v, const char *indicator, const struct time_period *p, const char *breakdown,
                                       const char *slug, uint64_t as_of_ms, figure_each each, void *arg);
/* What stands of every figure (table figure_current), in order of authority, indicator, period, breakdown. */
MUST_USE enum err view_standing(struct view *v, figure_each each, void *arg);

/* Every version, newest first within each authority; NULL: any. Withdrawn and uncounted ones too, marked. */
MUST_USE enum err view_history(struct view *v, const char *indicator, const char *slug, const struct time_period *p,
                               const char *breakdown, figure_each each, void *arg);

/* The figure at a place in a log. ERR_UNKNOWN. */
MUST_USE enum err view_figure_at(struct view *v, const char *slug, uint32_t generation, uint64_t idx,
                                 struct figure_row *ret);

/* Our own newest version with the key of `f` (indicator, period, breakdown) in that very audience; it may be withdrawn.
 * ERR_UNKNOWN when we never published it there. For `publish`: figure_same(&ret->figure, f) and not withdrawn is "unchanged". */
MUST_USE enum err view_own_figure(struct view *v, const struct figure *f, const char *audience, struct figure_row *ret);

/* *ret: is this what our newest note about that record says, in that very audience? Withdrawn ones say nothing. */
MUST_USE enum err view_is_noted(struct view *v, const char *record, const char *audience, const char *text, bool *ret);

/* *ret: has its author withdrawn that record and taken its content back? */
MUST_USE enum err view_is_erased(struct view *v, const char *slug, uint32_t generation, uint64_t idx, bool *ret);

/* The newest note by the record's own author about it, in any audience that we read; put into *ret. ERR_UNKNOWN: none. */
MUST_USE enum err view_note(struct view *v, const char *record, const char *slug, struct buf *ret);

/* ---- posts, but notes ---- */

struct post_row {                           /* borrowed for the call */
    struct slug slug;
    uint32_t generation;
    uint64_t idx;
    const char *record, *type, *about, *text, *owner, *due, *state, *audience;
    uint64_t said_ms;
    bool is_withdrawn;
    const char *role;                       /* its author's, by the charter that stands; "" where it has none */
    bool is_member;
};
typedef enum err (*post_each)(void *arg, const struct post_row *row);
/* By author, the newest of each first. */
MUST_USE enum err view_posts(struct view *v, post_each each, void *arg);
/* The same of those by which their author says that it leaves. */
MUST_USE enum err view_leaves(struct view *v, post_each each, void *arg);
enum { EPOCH_READERS_TEXT_MAX = (MEMBERS_MAX + 1) * (SLUG_MAX + 1) };
/* To whom its author says that it sealed a named epoch: slugs, one space between; put into *ret. ERR_UNKNOWN: it is not held, or
 * cannot be read here. */
MUST_USE enum err view_epoch_readers(struct view *v, const struct epoch_id *id, struct buf *ret);
/* The same of an audience's newest epoch, by its id in hex. */
MUST_USE enum err view_audience_readers(struct view *v, const char *slug, uint32_t generation, const char *audience,
                                        struct buf *ret);

/* ---- any record ---- */

struct record_row {
    char type[RECORD_TYPE_MAX + 1];         /* "figure", "post", ... */
    char shown[240];                        /* in a few words: "cin_rate 2024", a title, the beginning of a text */
    char audience[AUDIENCE_TEXT_SIZE];
    uint64_t said_ms;
    bool is_withdrawn;
};
/* The record at a place in a log, of any type. ERR_UNKNOWN: there is none that we can read. */
MUST_USE enum err view_record_at(struct view *v, const char *slug, uint32_t generation, uint64_t idx, struct record_row *ret);

/* Of a return that stands, the first of its records; its own is the last. ERR_UNKNOWN: no return stands there. */
MUST_USE enum err view_return_at(struct view *v, const char *slug, uint32_t generation, uint64_t idx, uint64_t *ret_first);

/* ---- what was withdrawn ---- */

struct withdrawal_row { const char *slug, *reason; uint32_t generation; uint64_t target, idx; bool is_erased; uint64_t said_ms; };
typedef enum err (*withdrawal_each)(void *arg, const struct withdrawal_row *row);
/* By log, in the order in which it was said. */
MUST_USE enum err view_withdrawals(struct view *v, withdrawal_each each, void *arg);

/* ---- what is held ---- */

struct holding_row {                        /* records of one member, kind, audience and marking that can be read here */
    const char *slug, *type, *audience, *marking;       /* audience: public, alliance or named; marking of figures only */
    uint64_t n, n_withdrawn, n_before, oldest_ms, newest_ms;
};
typedef enum err (*holding_each)(void *arg, const struct holding_row *row);
/* By member; erased ones are none. n_before counts those said before `before_ms`. */
MUST_USE enum err view_holdings(struct view *v, uint64_t before_ms, holding_each each, void *arg);
/* Records of a member that cannot be read here, and records of which only that they were there is left. */
MUST_USE enum err view_shut(struct view *v, const char *slug, uint64_t *ret_sealed, uint64_t *ret_erased);

/* ---- what was opened ---- */

struct opened_row {                         /* what one entry opened */
    const char *slug;
    uint32_t generation;
    uint64_t idx;                           /* the entry that opened it */
    uint64_t first, last, n;                /* of its records, those that we can read about */
    const char *audience;                   /* to whom: as in a record */
    uint64_t said_ms;
};
typedef enum err (*opened_each)(void *arg, const struct opened_row *row);
/* By authority, in the order in which it said so. An opening to named readers is known to them and to its author. */
MUST_USE enum err view_openings(struct view *v, opened_each each, void *arg);
/* *ret: has this record been opened to that very audience? */
MUST_USE enum err view_is_opened_to(struct view *v, const char *slug, uint32_t generation, uint64_t idx, const char *audience,
                                    bool *ret);

struct promise_row {                        /* a post of the type `opens`: that a record will be */
    const char *slug, *record;              /* of the post */
    uint64_t said_ms;
    const char *about;                      /* the record, or the return all of whose records it is about */
    const char *due;                        /* YYYY-MM-DD */
    const char *to, *readers;               /* "public", "alliance", or "named" and who: "kent,surrey" */
};
typedef enum err (*promise_each)(void *arg, const struct promise_row *row);
/* Those that were not withdrawn and speak of their author's own log, by date. */
MUST_USE enum err view_promises(struct view *v, promise_each each, void *arg);

/* ---- periods ---- */

typedef enum err (*id_each)(void *arg, const char *id);
typedef enum err (*period_each)(void *arg, const struct time_period *p, uint64_t returns);

/* Indicators of which any figure is known, in order. */
MUST_USE enum err view_indicators(struct view *v, id_each each, void *arg);
/* Periods of an indicator for which any figure is known, newest first; `returns` counts current members with a figure
 * (a symbol is a return too) for the breakdown. */
MUST_USE enum err view_periods(struct view *v, const char *indicator, const char *breakdown, period_each each, void *arg);

/* The newest period below another (NULL: of all) of which any figure is known, whoever's it is; in the order of the index: by
 * code, then by identifier. ERR_UNKNOWN when there is none. A seek, whatever the size. */
MUST_USE enum err view_period_below(struct view *v, const char *indicator, const struct time_period *below,
                                    struct time_period *ret);

struct latest {
    struct time_period period;                   /* what is compared */
    uint64_t returns, expected;             /* of `newest`; expected: the authorities that are members */
    bool is_before_newest;                  /* the newest has less than half its returns: say so */
    struct time_period newest;
};
/* `latest`: the newest period with any return, or, when less than half of the members that are
 * authorities have returned it, the one before it that has returns. ERR_UNKNOWN when there is none. */
MUST_USE enum err view_latest(struct view *v, const char *indicator, const char *breakdown, struct latest *ret);
/* `previous`: the newest period before `of`, and of its kind (a year is not compared with a quarter), that has returns.
 * ERR_UNKNOWN. */
MUST_USE enum err view_previous(struct view *v, const char *indicator, const char *breakdown, const struct time_period *of,
                                struct time_period *ret);

/* ---- members and coverage ---- */

struct member_row { const char *slug, *name, *role, *dfe, *gss; bool is_former; };
typedef enum err (*member_each)(void *arg, const struct member_row *m);
MUST_USE enum err view_members(struct view *v, bool former_too, member_each each, void *arg);

#define COVERAGES(X) X(COVERAGE_RETURNED, "returned") X(COVERAGE_LATE, "late") X(COVERAGE_MISSING, "missing") \
    X(COVERAGE_WITHDRAWN, "withdrawn") X(COVERAGE_SEALED, "sealed") X(COVERAGE_NOT_DUE, "not-due")
enum coverage_state {
#define X(sym, name) sym,
    COVERAGES(X)
#undef X
};
const char *coverage_name(enum coverage_state s);

struct coverage {
    const char *slug, *name;
    enum coverage_state state;              /* sealed: there are records, none that we can read; not-due: see
                                             * cli/succession.h, the view does not tell it */
    uint64_t indicators, periods;
    struct time_period latest;                   /* "" when there is none */
    uint64_t records;                       /* versions of figures, withdrawn ones too */
    uint64_t last_published_ms;             /* 0: never */
    uint64_t answered;                      /* with a collection: how many of its indicators stand */
};
typedef enum err (*coverage_each)(void *arg, const struct coverage *c);
/* Members whose role is authority, in order of slug. */
MUST_USE enum err view_coverage(struct view *v, coverage_each each, void *arg);

/* *ret: did this member publish anything that we cannot read? */
MUST_USE enum err view_has_sealed(struct view *v, const char *slug, bool *ret);

/* ---- what is asked for ---- */

struct collection_row {
    struct slug slug;                       /* the lead that asks */
    char record[RECORD_TEXT_SIZE];          /* of its newest version */
    uint64_t said_ms;
    struct collection collection;
};
typedef enum err (*collection_each)(void *arg, const struct collection_row *row);
/* The newest version of each collection of the leads that are members, by number. */
MUST_USE enum err view_collections(struct view *v, collection_each each, void *arg);
/* view_coverage() of one collection, due at the end of `due_ms`. Late: all of it stands, and some was first said later.
 * Missing: some never came. Withdrawn: it came, and some does not stand any more. Sealed: nothing of it can be read, and there
 * are records that we cannot read. */
MUST_USE enum err view_coverage_of(struct view *v, const struct collection *c, uint64_t due_ms, coverage_each each, void *arg);

/* ---- news ---- */

struct news_row {
    /* what: "returned", "revised", "withdrew", "opened", "asked", "defined", or a post's type */
    const char *slug, *what, *shown, *record;
    uint64_t said_ms;
};
typedef enum err (*news_each)(void *arg, const struct news_row *row);
/* What one log says from entry `from` on and since `since_ms`, by its order. */
MUST_USE enum err view_news(struct view *v, const char *slug, uint32_t generation, uint64_t from, uint64_t since_ms,
                            news_each each, void *arg);
struct folded_log { const char *slug; uint32_t generation; uint64_t size; };
typedef enum err (*folded_each)(void *arg, const struct folded_log *log);
/* Every log, and how far it is folded. */
MUST_USE enum err view_logs(struct view *v, folded_each each, void *arg);

/* Records that we can read; sealed ones do not count. */
MUST_USE enum err view_count_records(struct view *v, uint64_t *ret);
typedef enum err (*problem_each)(void *arg, const char *slug, uint32_t generation, uint64_t idx, const char *reason);
MUST_USE enum err view_problems(struct view *v, problem_each each, void *arg);

/* ---- definitions ---- */

struct official {                           /* those that ship with the program; NULL functions: none */
    bool (*by_id)(void *arg, const char *id, struct definition *ret);
    bool (*by_hash)(void *arg, const struct hash *hash, struct definition *ret);
    void *arg;
};

struct definition_row {
    struct definition definition;
    struct hash hash;                       /* of the record's bytes, which may say more than `definition` */
    bool is_official;                       /* else: by whom, and where */
    struct slug slug;
    uint32_t generation;
    uint64_t idx;
};
/* The definition in force: the alliance's own (the newest by a lead, else by the first steward), else the
 * official one. ERR_UNKNOWN. */
MUST_USE enum err view_definition(struct view *v, const char *id, const struct official *o, struct definition_row *ret);
/* The ids for which the alliance has a definition of its own, in order. */
MUST_USE enum err view_definition_ids(struct view *v, id_each each, void *arg);
/* The one that a figure was published under, whoever wrote it. ERR_UNKNOWN. */
MUST_USE enum err view_definition_by_hash(struct view *v, const struct hash *hash, const struct official *o,
                                          struct definition_row *ret);

/* ---- keys: for the publisher, and for who opens, discloses or grants ---- */

/* ERR_UNKNOWN when we do not hold it. The caller wipes it. */
MUST_USE enum err view_epoch_key(struct view *v, const struct epoch_id *id, struct sym_secret *ret);
/* The key of one record that its author opened to everybody, or to us: its header commits to it. ERR_UNKNOWN; the caller wipes. */
MUST_USE enum err view_record_key(struct view *v, const char *slug, uint32_t generation, uint64_t idx, struct sym_secret *ret);

struct own_epoch {
    struct epoch_id id;
    uint64_t idx;                           /* of its entry in our log */
    bool has_charter;                       /* an alliance epoch; false: a named audience */
    struct hash charter;
    const char *title, *readers;            /* readers: slugs, one space between */
    bool has_key;
    struct sym_secret key;
    bool is_outdated;                       /* [P-96] a reader has another box key since, or may have: clocks differ */
};
typedef enum err (*own_epoch_each)(void *arg, const struct own_epoch *e);
/* Our own newest epoch of each audience in one generation of our log. */
MUST_USE enum err view_own_epochs(struct view *v, uint32_t generation, own_epoch_each each, void *arg);

struct owed {                               /* an epoch that a reader cannot open and should */
    struct slug reader;
    bool has_box_key;                       /* we hold an identity of the reader to seal to */
    struct dh_public box_key;
    struct epoch_id epoch;
    bool has_key;                           /* we hold the key, so we can pay */
};
typedef enum err (*owed_each)(void *arg, const struct owed *o);
/* Every epoch that the charter's `history` gives a reader of the current charter, and for which neither the epoch entry
 * nor a grant held here has a box to the reader's current box key.  Named epochs only where we are the author.
 * An epoch entry does not say to which key a box was sealed: one of a charter in which the reader had another root,
 * or said before the reader's current key was, counts as having none. */
MUST_USE enum err view_owed(struct view *v, const struct chain *chain, owed_each each, void *arg);

/* ---- SQL ---- */

enum { SQL_CELL_MAX = 1 << 20, SQL_COLUMNS_MAX = 256 };         /* bytes in one cell, whatever a statement computes */

struct sql_cell { bool is_null, is_number, is_blob; struct bytes text; };
struct sql_rows {
    enum err (*columns)(void *arg, size_t n, const char *const *names);
    enum err (*row)(void *arg, size_t n, const struct sql_cell *cells);
    void *arg;
    uint64_t most_ms;                       /* of steady time that it may take; 0: as long as it wants */
};
/* Run one SELECT read-only. Tables that hold keys cannot be read, nor pages of the file.
 *   ERR_FORMAT  SQLite refuses it: `message` says why;  ERR_DENIED  it would write, or read keys
 *   ERR_BUSY    it was not done in time;  ERR_LIMIT  a cell or a row is larger than the limits above */
MUST_USE enum err view_sql(struct view *v, const char *text, const struct sql_rows *rows, struct buf *message);

#endif
