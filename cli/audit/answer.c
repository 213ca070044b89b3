/* cli/audit/answer.c - a judgement as JSON and as rows. */
#include "cli/audit/answer.h"

#include <string.h>

#include "cli/audit/content.h"
#include "cli/output/json.h"

bool audit_claimed(const struct judgement *j, char ret[HEX_SIZE(HASH_LEN)])
{
    if (j->trust.now == NULL)
        return false;
    hex_encode((struct bytes){j->trust.now->hash.b, HASH_LEN}, ret);
    return true;
}

/* ---- pieces ---- */

static bool is_trusted(const struct judged *r)
{
    return r->witnessed != NULL;
}

static json_t *signed_by(const struct judgement *j, const struct judged *r)
{
    const struct judged_log *l = &j->logs[r->log];
    return is_trusted(r) ? json_text(l->is_ours ? l->origin.slug.s : l->name) : json_null();
}

static json_t *time_or_null(uint64_t ms)
{
    return ms > 0 ? json_time(ms) : json_null();
}

static json_t *number_or_null(uint64_t n)
{
    return n > 0 ? json_integer((json_int_t)n) : json_null();
}

static uint64_t to_ms(uint64_t s)
{
    return s <= INT64_MAX / 1000 ? s * 1000 : INT64_MAX;
}

static json_t *cosigned_by(const struct judged *r)
{
    json_t *list = json_array();
    for (size_t i = 0; is_trusted(r) && i < r->witnessed->n_listed; i++)
        json_array_append_new(list, json_text(r->witnessed->list[i].name));
    return list;
}

/* The readers of one charter after another: one list, however many records share it. */
struct reading { const struct judgement *j; struct hash charter; json_t *readers; };

static json_t *readers_json(struct reading *x, const struct judged *r)
{
    const struct member *readers[MEMBERS_MAX];
    if (r->epoch == NULL || !r->epoch->is_alliance || x->j->trust.chain == NULL)
        return json_array();
    if (x->readers != NULL && hash_equal(&x->charter, &r->epoch->charter))
        return json_incref(x->readers);
    const struct charter *c = chain_find(x->j->trust.chain, &r->epoch->charter);
    size_t n = c != NULL ? charter_readers(c, readers) : 0;
    json_decref(x->readers);
    x->charter = r->epoch->charter;
    x->readers = json_array();
    for (size_t i = 0; i < n; i++)
        json_array_append_new(x->readers, json_text(readers[i]->slug.s));
    chain_unload(x->j->trust.chain);
    return json_incref(x->readers);
}

static const char *audience_name(const struct judgement *j, const struct judged *r)
{
    if (r->header.is_public)
        return "public";
    return memcmp(r->header.audience.b, j->logs[r->log].origin.alliance.b,
                  sizeof(r->header.audience.b)) == 0 ? "alliance" : "named";
}

static json_t *withdrawn_json(const struct judgement *j, const struct judged *r)
{
    char text[JUDGED_TEXT_MAX];
    if (r->withdrawn == NULL)
        return json_null();
    struct judged by = {.log = r->log, .idx = r->withdrawn->idx};
    json_t *o = json_object();
    judged_text(j, &by, text);
    json_object_set_new(o, "record", json_text(text));
    json_object_set_new(o, "reason", json_text(r->withdrawn->reason));
    json_object_set_new(o, "erased", json_boolean(r->withdrawn->erase));
    json_object_set_new(o, "said_at", json_time(r->withdrawn->time_ms));
    return o;
}

static json_t *record_json(struct reading *x, const struct judged *r)
{
    const struct judgement *j = x->j;
    char text[JUDGED_TEXT_MAX];
    json_t *o = json_object();
    judged_text(j, r, text);
    json_object_set_new(o, "record", json_text(text));
    json_object_set_new(o, "verdict", json_text(verdict_name(r->verdict)));
    json_object_set_new(o, "signed_by", signed_by(j, r));
    json_object_set_new(o, "charter_version", number_or_null(r->charter_version));
    json_object_set_new(o, "said_at", time_or_null(r->header.time_ms));
    json_object_set_new(o, "witnessed_by_time", is_trusted(r) ? time_or_null(to_ms(r->witnessed->by_s)) : json_null());
    json_object_set_new(o, "cosigned_by", cosigned_by(r));
    json_object_set_new(o, "quorum", json_boolean(is_trusted(r) && r->witnessed->has_quorum));
    json_object_set_new(o, "content", r->content != NULL ? json_incref(r->content) : json_object());
    json_object_set_new(o, "identity_version", is_trusted(r) ? number_or_null(r->identity_version) : json_null());
    json_object_set_new(o, "audience", json_text(audience_name(j, r)));
    json_object_set_new(o, "readers", readers_json(x, r));
    json_object_set_new(o, "withdrawn", withdrawn_json(j, r));
    json_object_set_new(o, "opened", json_boolean(r->is_opened));
    return o;
}

static json_t *charter_json(const struct judgement *j)
{
    char hex[HEX_SIZE(HASH_LEN)], alliance[HEX_SIZE(16)];
    if (!audit_claimed(j, hex))
        return json_null();
    json_t *o = json_object();
    hex_encode((struct bytes){j->trust.alliance.b, sizeof(j->trust.alliance.b)}, alliance);
    json_object_set_new(o, "name", json_text(j->trust.now->name));
    json_object_set_new(o, "alliance", json_text(alliance));
    json_object_set_new(o, "version", json_integer(j->trust.now->version));
    json_object_set_new(o, "hash", json_text(hex));
    json_object_set_new(o, "pinned_version", number_or_null(j->trust.pinned));
    return o;
}

static json_t *log_json(const struct judgement *j, const struct judged_log *l)
{
    const struct head *h = l->n_heads > 0 ? &l->heads[l->n_heads - 1] : NULL;
    bool judged = j->trust.kind != TRUST_NONE && h != NULL;
    json_t *o = json_object(), *stories = json_null();
    json_object_set_new(o, "slug", json_text(l->is_ours ? l->origin.slug.s : l->name));
    json_object_set_new(o, "generation", json_integer(l->origin.generation));
    json_object_set_new(o, "size", json_integer(h != NULL ? (json_int_t)h->size : 0));
    json_object_set_new(o, "entries", l->is_whole ? json_integer((json_int_t)l->entries) : json_null());
    json_object_set_new(o, "cosignatures", json_integer(judged ? (json_int_t)h->witnessed.n : 0));
    json_object_set_new(o, "quorum", json_boolean(judged && h->witnessed.has_quorum));
    if (l->has_evidence) {
        stories = json_array();
        json_array_append_new(stories, json_integer((json_int_t)l->story_m));
        json_array_append_new(stories, json_integer((json_int_t)l->story_n));
    }
    json_object_set_new(o, "two_stories", stories);
    return o;
}

static json_t *problems_json(const struct problems *p)
{
    json_t *list = json_array();
    for (size_t i = 0; i < p->n; i++)
        json_array_append_new(list, json_text(p->list[i].text));
    if (p->n_unlisted > 0) {
        char more[48];
        (void)snprintf(more, sizeof(more), "and %zu more", p->n_unlisted);
        json_array_append_new(list, json_text(more));
    }
    return list;
}

void audit_json(const struct judgement *j, json_t *doc)
{
    static const char *const files[] = {"disclosure", "proof", "bundle"};
    json_t *records = json_array(), *logs = json_array();
    struct reading x = {.j = j};
    for (size_t i = 0; i < j->n_records; i++)
        json_array_append_new(records, record_json(&x, &j->records[i]));
    json_decref(x.readers);
    for (size_t i = 0; i < j->n_logs; i++)
        json_array_append_new(logs, log_json(j, &j->logs[i]));
    json_object_set_new(doc, "ok", json_boolean(j->is_ok));
    json_object_set_new(doc, "consistent", json_boolean(j->is_consistent));
    json_object_set_new(doc, "trust", json_text(trust_name(j->trust.kind)));
    json_object_set_new(doc, "records", records);
    json_object_set_new(doc, "problems", problems_json(&j->problems));
    json_object_set_new(doc, "file", json_text(files[j->file]));
    json_object_set_new(doc, "charter", charter_json(j));
    json_object_set_new(doc, "logs", logs);
}

/* ---- rows ---- */

static const struct column columns[] = {
    {"record", "record", 0}, {"verdict", "verdict", 0}, {"signed_by", "signed by", 0},
    {"charter_version", "charter", COLUMN_NUMBER},
    {"said_at", "said at", 0}, {"witnessed_by_time", "witnessed by", 0}, {"cosigned_by", "cosigned by", 0}, {"quorum", "enough", 0},
    {"content", "says", 0},
};

static void add_row(struct sheet *sh, const struct judgement *j, const struct judged *r)
{
    char text[JUDGED_TEXT_MAX], shown[CONTENT_SHOWN_MAX] = "", at[TIME_TEXT_MAX];
    struct buf names = buf_on(64 * 1024);
    const struct judged_log *l = &j->logs[r->log];
    judged_text(j, r, text);
    sheet_row(sh);
    sheet_text(sh, text);
    sheet_text(sh, verdict_name(r->verdict));
    sheet_text(sh, is_trusted(r) ? (l->is_ours ? l->origin.slug.s : l->name) : NULL);
    if (r->charter_version > 0)
        sheet_count(sh, r->charter_version);
    else
        sheet_null(sh);
    time_text(r->header.time_ms, at);
    sheet_text(sh, r->header.time_ms > 0 ? at : NULL);
    if (is_trusted(r) && r->witnessed->by_s > 0)
        time_text(to_ms(r->witnessed->by_s), at);
    sheet_text(sh, is_trusted(r) && r->witnessed->by_s > 0 ? at : NULL);
    if (is_trusted(r))
        audit_names(r->witnessed, SIZE_MAX, &names);
    sheet_text(sh, buf_str(&names));
    if (buf_status(&names) != OK)
        json_note_lack();
    sheet_bool(sh, is_trusted(r) && r->witnessed->has_quorum);
    if (r->content != NULL)
        content_shown(r->content, shown);
    sheet_text(sh, r->content != NULL ? shown : NULL);
    buf_release(&names);
}

struct sheet *audit_sheet(const struct judgement *j)
{
    struct sheet *sh = sheet_new(columns, sizeof(columns) / sizeof(columns[0]));
    for (size_t i = 0; i < j->n_records; i++)
        add_row(sh, j, &j->records[i]);
    return sh;
}
