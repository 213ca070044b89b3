#include <stdio.h>
#include <string.h>

#include "cli/view/inside.h"
#include "node/store/sql_err.h"

/* docs/view.md describes every table and column: it is a public interface.  A change of meaning is a new VIEW_SCHEMA, and every
 * view is made anew; there are no migrations. */
static const char *const schema[] = {
    "CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;",

    "CREATE TABLE member (slug TEXT PRIMARY KEY, name TEXT, role TEXT NOT NULL DEFAULT '', asked_role TEXT, dfe TEXT, gss TEXT,"
    " is_member INTEGER NOT NULL DEFAULT 0, is_former INTEGER NOT NULL DEFAULT 0,"
    " is_first_steward INTEGER NOT NULL DEFAULT 0, place INTEGER, version INTEGER NOT NULL DEFAULT 0, root TEXT,"
    " box_key TEXT, box_since_ms INTEGER NOT NULL DEFAULT 0) STRICT, WITHOUT ROWID;",

    "CREATE TABLE identity (slug TEXT, generation INTEGER, idx INTEGER, version INTEGER NOT NULL, role TEXT NOT NULL,"
    " name TEXT NOT NULL, dfe TEXT NOT NULL, gss TEXT NOT NULL, root TEXT NOT NULL, log_key TEXT NOT NULL,"
    " witness_key TEXT NOT NULL, box_key TEXT NOT NULL, node_key TEXT NOT NULL, said_at TEXT NOT NULL,"
    " PRIMARY KEY (slug, generation, idx)) STRICT, WITHOUT ROWID;",

    "CREATE TABLE log (slug TEXT, generation INTEGER, folded INTEGER NOT NULL, folded_root BLOB NOT NULL,"
    " keys_folded INTEGER NOT NULL, keys_root BLOB NOT NULL, PRIMARY KEY (slug, generation)) STRICT, WITHOUT ROWID;",

    "CREATE TABLE void_range (slug TEXT, generation INTEGER, first INTEGER, last INTEGER, said_generation INTEGER NOT NULL,"
    " said_idx INTEGER NOT NULL, PRIMARY KEY (slug, generation, first, last)) STRICT, WITHOUT ROWID;",

    "CREATE TABLE figure (slug TEXT, generation INTEGER, idx INTEGER, record TEXT NOT NULL, indicator TEXT NOT NULL,"
    " period TEXT NOT NULL, time_identifier TEXT NOT NULL, breakdown TEXT NOT NULL,"
    " numerator_mantissa INTEGER, numerator_scale INTEGER, numerator REAL,"
    " denominator_mantissa INTEGER, denominator_scale INTEGER, denominator REAL,"
    " value_mantissa INTEGER, value_scale INTEGER, value REAL, status TEXT NOT NULL, reason TEXT NOT NULL,"
    " marking TEXT NOT NULL, audience TEXT NOT NULL, said_at TEXT NOT NULL, said_ms INTEGER NOT NULL, definition BLOB NOT NULL,"
    " counted INTEGER NOT NULL, withdrawn TEXT, withdrawn_ms INTEGER, buried INTEGER NOT NULL,"
    " sealed_for TEXT, PRIMARY KEY (slug, generation, idx)) STRICT, WITHOUT ROWID;"
    VIEW_FIGURE_KEY

    "CREATE TABLE definition (slug TEXT, generation INTEGER, idx INTEGER, record TEXT NOT NULL, id TEXT NOT NULL,"
    " hash BLOB NOT NULL, title TEXT NOT NULL, numerator TEXT NOT NULL, denominator TEXT NOT NULL, unit TEXT NOT NULL,"
    " multiplier INTEGER NOT NULL, decimals INTEGER NOT NULL, polarity TEXT NOT NULL, people INTEGER NOT NULL,"
    " parts_rounded INTEGER NOT NULL, basis TEXT NOT NULL, parts TEXT NOT NULL,"
    " audience TEXT NOT NULL, said_at TEXT NOT NULL, said_ms INTEGER NOT NULL, withdrawn TEXT, withdrawn_ms INTEGER,"
    " sealed_for TEXT, PRIMARY KEY (slug, generation, idx)) STRICT, WITHOUT ROWID;"
    "CREATE INDEX definition_id ON definition (id);"
    "CREATE INDEX definition_hash ON definition (hash);",

    "CREATE TABLE batch_return (slug TEXT, generation INTEGER, idx INTEGER, record TEXT NOT NULL, title TEXT NOT NULL,"
    " first INTEGER NOT NULL, figures INTEGER NOT NULL, source TEXT NOT NULL, signed_off TEXT NOT NULL, audience TEXT NOT NULL,"
    " said_at TEXT NOT NULL, said_ms INTEGER NOT NULL, withdrawn TEXT, withdrawn_ms INTEGER,"
    " sealed_for TEXT, PRIMARY KEY (slug, generation, idx)) STRICT, WITHOUT ROWID;",

    "CREATE TABLE post (slug TEXT, generation INTEGER, idx INTEGER, record TEXT NOT NULL, type TEXT NOT NULL,"
    " about TEXT NOT NULL, text TEXT NOT NULL, owner TEXT NOT NULL, due TEXT NOT NULL, state TEXT NOT NULL, audience TEXT NOT NULL,"
    " said_at TEXT NOT NULL, said_ms INTEGER NOT NULL, withdrawn TEXT, withdrawn_ms INTEGER,"
    " sealed_for TEXT, PRIMARY KEY (slug, generation, idx)) STRICT, WITHOUT ROWID;"
    "CREATE INDEX post_about ON post (about, type);",

    "CREATE TABLE collection (slug TEXT, generation INTEGER, idx INTEGER, record TEXT NOT NULL, number INTEGER NOT NULL,"
    " title TEXT NOT NULL, period TEXT NOT NULL, time_identifier TEXT NOT NULL, due TEXT NOT NULL, indicators TEXT NOT NULL,"
    " state TEXT NOT NULL, audience TEXT NOT NULL, said_at TEXT NOT NULL, said_ms INTEGER NOT NULL,"
    " withdrawn TEXT, withdrawn_ms INTEGER, sealed_for TEXT, PRIMARY KEY (slug, generation, idx)) STRICT, WITHOUT ROWID;",

    "CREATE TABLE assessment (slug TEXT, generation INTEGER, idx INTEGER, record TEXT NOT NULL, year INTEGER NOT NULL,"
    " judgement INTEGER NOT NULL, hash TEXT NOT NULL, text TEXT NOT NULL, note TEXT NOT NULL, quartet INTEGER NOT NULL,"
    " missing TEXT NOT NULL, counted INTEGER NOT NULL, audience TEXT NOT NULL, said_at TEXT NOT NULL, said_ms INTEGER NOT NULL,"
    " withdrawn TEXT, withdrawn_ms INTEGER, sealed_for TEXT, PRIMARY KEY (slug, generation, idx)) STRICT, WITHOUT ROWID;",

    "CREATE TABLE assessment_signature (slug TEXT, generation INTEGER, idx INTEGER, n INTEGER, role TEXT NOT NULL,"
    " name TEXT NOT NULL, valid INTEGER NOT NULL, key TEXT, audience TEXT NOT NULL,"
    " PRIMARY KEY (slug, generation, idx, n)) STRICT, WITHOUT ROWID;",

    "CREATE TABLE assessment_link (slug TEXT, generation INTEGER, idx INTEGER, n INTEGER, section TEXT NOT NULL,"
    " label TEXT NOT NULL, target TEXT NOT NULL, sentence TEXT NOT NULL, audience TEXT NOT NULL,"
    " PRIMARY KEY (slug, generation, idx, n)) STRICT, WITHOUT ROWID;",

    "CREATE TABLE other (slug TEXT, generation INTEGER, idx INTEGER, record TEXT NOT NULL, type TEXT NOT NULL,"
    " audience TEXT NOT NULL, said_at TEXT NOT NULL, said_ms INTEGER NOT NULL, body BLOB, withdrawn TEXT, withdrawn_ms INTEGER,"
    " sealed_for TEXT, PRIMARY KEY (slug, generation, idx)) STRICT, WITHOUT ROWID;"
    "CREATE INDEX other_type ON other (type);",

    "CREATE TABLE sealed (slug TEXT, generation INTEGER, idx INTEGER, audience TEXT NOT NULL, epoch INTEGER NOT NULL,"
    " said_at TEXT NOT NULL, PRIMARY KEY (slug, generation, idx)) STRICT, WITHOUT ROWID;"
    "CREATE INDEX sealed_epoch ON sealed (slug, generation, audience, epoch);",

    "CREATE TABLE withdrawal (slug TEXT, generation INTEGER, target INTEGER, idx INTEGER NOT NULL, reason TEXT NOT NULL,"
    " erased INTEGER NOT NULL, said_at TEXT NOT NULL, said_ms INTEGER NOT NULL,"
    " PRIMARY KEY (slug, generation, target)) STRICT, WITHOUT ROWID;",

    "CREATE TABLE problem (slug TEXT, generation INTEGER, idx INTEGER, reason TEXT NOT NULL,"
    " PRIMARY KEY (slug, generation, idx)) STRICT, WITHOUT ROWID;",

    "CREATE TABLE epoch (slug TEXT, generation INTEGER, audience TEXT, epoch INTEGER, idx INTEGER NOT NULL,"
    " said_ms INTEGER NOT NULL, charter BLOB, n_boxes INTEGER NOT NULL, boxes BLOB NOT NULL, title TEXT, readers TEXT,"
    " is_pending INTEGER NOT NULL, PRIMARY KEY (slug, generation, audience, epoch)) STRICT, WITHOUT ROWID;",

    "CREATE TABLE epoch_key (slug TEXT, generation INTEGER, audience TEXT, epoch INTEGER, key BLOB NOT NULL,"
    " PRIMARY KEY (slug, generation, audience, epoch)) STRICT, WITHOUT ROWID;",

    "CREATE TABLE record_key (slug TEXT, generation INTEGER, idx INTEGER, key BLOB NOT NULL, waits INTEGER NOT NULL,"
    " PRIMARY KEY (slug, generation, idx)) STRICT, WITHOUT ROWID;"
    "CREATE INDEX record_key_waits ON record_key (slug, generation, idx) WHERE waits = 1;",

    "CREATE TABLE opened (slug TEXT, generation INTEGER, target INTEGER, audience TEXT, idx INTEGER NOT NULL,"
    " said_at TEXT NOT NULL, said_ms INTEGER NOT NULL, PRIMARY KEY (slug, generation, target, audience)) STRICT, WITHOUT ROWID;"
    "CREATE INDEX opened_idx ON opened (slug, generation, idx);",

    "CREATE TABLE granted (reader TEXT, box_key TEXT, slug TEXT, generation INTEGER, audience TEXT, epoch INTEGER, granter TEXT,"
    " granter_generation INTEGER, granter_idx INTEGER, box BLOB,"
    " PRIMARY KEY (reader, box_key, slug, generation, audience, epoch, granter, granter_generation, granter_idx))"
    " STRICT, WITHOUT ROWID;"
    "CREATE INDEX granted_granter ON granted (granter);",

    /* public figures, imported: nobody here signed them.  The primary key is the order in which they are asked for */
    "CREATE TABLE reference_file (name TEXT PRIMARY KEY, kind TEXT NOT NULL, form TEXT NOT NULL, source TEXT NOT NULL,"
    " vintage TEXT NOT NULL, imported_at TEXT NOT NULL, sha256 TEXT NOT NULL, size INTEGER NOT NULL, n INTEGER NOT NULL,"
    " head TEXT NOT NULL) STRICT, WITHOUT ROWID;",

    "CREATE TABLE reference_figure (file TEXT, level TEXT NOT NULL, place TEXT, dfe TEXT, name TEXT NOT NULL, indicator TEXT,"
    " period TEXT, time_identifier TEXT, breakdown TEXT, numerator_mantissa INTEGER, numerator_scale INTEGER, numerator REAL,"
    " denominator_mantissa INTEGER, denominator_scale INTEGER, denominator REAL, value_mantissa INTEGER, value_scale INTEGER,"
    " value REAL, status TEXT NOT NULL, vintage TEXT, definition BLOB NOT NULL,"
    " PRIMARY KEY (indicator, period, time_identifier, breakdown, place, vintage, file)) STRICT, WITHOUT ROWID;"
    "CREATE INDEX reference_figure_file ON reference_figure (file);",

    "CREATE TABLE reference_neighbour (file TEXT, slug TEXT, rank INTEGER, neighbour TEXT NOT NULL, closeness TEXT NOT NULL,"
    " PRIMARY KEY (file, slug, rank)) STRICT, WITHOUT ROWID;",

    "CREATE TABLE reference_judgement (file TEXT, slug TEXT, inspected TEXT, type TEXT, published TEXT NOT NULL,"
    " overall TEXT NOT NULL, leaders TEXT NOT NULL, help TEXT NOT NULL, care TEXT NOT NULL, leavers TEXT NOT NULL,"
    " PRIMARY KEY (file, slug, inspected, type)) STRICT, WITHOUT ROWID;",

    "CREATE TABLE reference_population (file TEXT, level TEXT NOT NULL, place TEXT, dfe TEXT, name TEXT NOT NULL, period TEXT,"
    " age TEXT, persons INTEGER NOT NULL, PRIMARY KEY (file, place, period, age)) STRICT, WITHOUT ROWID;",

    /* of each public figure the newest release; of one release that with most parts */
    "CREATE VIEW reference_current AS SELECT * FROM (SELECT f.*, s.source, row_number() OVER (PARTITION BY indicator, period,"
    " time_identifier, breakdown, place ORDER BY f.vintage DESC, value IS NULL, numerator IS NULL, denominator IS NULL,"
    " s.imported_at DESC, f.file) AS nth FROM reference_figure f JOIN reference_file s ON s.name = f.file) WHERE nth = 1;",

    CREATE_ASSESSMENT_CURRENT(""),
    CREATE_FIGURE_CURRENT(""),
};

enum err view_schema_make(struct view *v)
{
    char settings[160];
    char alliance[HEX_SIZE(16)];
    hex_encode((struct bytes){ v->owner.alliance.b, sizeof(v->owner.alliance.b) }, alliance);
    snprintf(settings, sizeof(settings), "PRAGMA application_id = %d; PRAGMA user_version = %d;", VIEW_APPLICATION, VIEW_SCHEMA);
    enum err e = vsql_begin(v);
    if (e != OK)
        return e;
    for (size_t i = 0; i < sizeof(schema) / sizeof(schema[0]) && e == OK; i++)
        e = vsql_script(v, schema[i]);
    if (e == OK)
        e = vsql_script(v, settings);
    const char *const rows[][2] = { { "alliance", alliance }, { "slug", v->owner.slug.s } };
    for (size_t i = 0; i < 2 && e == OK; i++) {
        struct vsql q = vsql_start(v, V_META_PUT);
        vsql_text(&q, rows[i][0]);
        vsql_text(&q, rows[i][1]);
        e = vsql_run(&q);
    }
    return vsql_finish(v, e);
}

static enum err pragma_is(struct view *v, const char *text, int want)
{
    sqlite3_stmt *st = NULL;
    bool same = sqlite3_prepare_v2(v->db, text, -1, &st, NULL) == SQLITE_OK && sqlite3_step(st) == SQLITE_ROW
             && sqlite3_column_int(st, 0) == want;
    (void)sqlite3_finalize(st);
    enum err e = same ? OK : sql_err(sqlite3_extended_errcode(v->db));
    if (e == ERR_BUSY || e == ERR_NOMEM || e == ERR_IO || e == ERR_FULL)
        return e;
    return same ? OK : ERR_SCHEMA;
}

static enum err meta_is(struct view *v, const char *key, const char *want)
{
    struct vsql q = vsql_start(v, V_META_GET);
    vsql_text(&q, key);
    bool same = vsql_row(&q) && strcmp(vsql_col_text(&q, 0), want) == 0;
    enum err e = vsql_end(&q);
    return e == OK && !same ? ERR_SCHEMA : e;
}

enum err view_schema_check(struct view *v)
{
    char alliance[HEX_SIZE(16)];
    hex_encode((struct bytes){ v->owner.alliance.b, sizeof(v->owner.alliance.b) }, alliance);
    enum err e = pragma_is(v, "PRAGMA application_id", VIEW_APPLICATION);
    if (e == OK)
        e = pragma_is(v, "PRAGMA user_version", VIEW_SCHEMA);
    if (e == OK)
        e = meta_is(v, "alliance", alliance);
    if (e == OK)
        e = meta_is(v, "slug", v->owner.slug.s);
    return e == ERR_CORRUPT ? ERR_SCHEMA : e;
}
