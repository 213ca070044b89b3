/* tests/unit/view_fixture.h - a made-up alliance whose members publish into a store, and a view that reads it. */
#ifndef FOLKMOOT_TESTS_UNIT_VIEW_FIXTURE_H
#define FOLKMOOT_TESTS_UNIT_VIEW_FIXTURE_H

#include <setjmp.h>
#include <stdarg.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "charters.h"
#include "cli/view/query.h"
#include "node/store/store.h"
#include "protocol/envelope.h"
#include "protocol/grant.h"

#define UNUSED __attribute__((unused))

enum { VOICES = 12, PENDING_MAX = 16384 };

/* A member as its own machine knows itself: voice 1 is barset-1 ... */
struct voice {
    struct body body;
    struct origin origin;
    struct sign_secret log;
    struct sign_public log_public, witness, spare;
    struct dh_secret box_secret;
    struct dh_public box, node;
    uint32_t version;
    struct hash previous;
    struct frontier frontier;
    struct sym_secret key;                      /* of its alliance epoch */
    uint32_t epoch;
    bool has_epoch;
    size_t n;                                   /* entries made, not yet appended */
    struct buf header[PENDING_MAX], payload[PENDING_MAX];
    bool is_hole[PENDING_MAX];
};

static char folder[64];
static struct store *store;
static struct chain *chain;
static struct charter *charter;                 /* that stands */
static struct voice *voices[VOICES + 1];
static struct alliance_id alliance;
static uint64_t now_ms;
static uint8_t salt[SALT_LEN] = { 7 };
static const struct sym_secret *box_instead;    /* what epochs box, when an author lies; NULL: the truth */

#define OKAY(call) assert_int_equal((call), OK)

static const char *in_folder(const char *name)
{
    static char path[4][160];
    static unsigned turn;
    char *p = path[turn++ % 4];
    (void)snprintf(p, sizeof(path[0]), "%s/%s", folder, name);
    return p;
}

/* ---- members ---- */

static struct sym_secret seed_of(unsigned n, unsigned what, unsigned version)
{
    struct sym_secret s = { { 0x33, (uint8_t)what, (uint8_t)version, (uint8_t)n } };
    return s;
}

static void set_box(struct voice *m, unsigned n, unsigned version)
{
    struct sym_secret s = seed_of(n, 3, version);
    memcpy(m->box_secret.b, s.b, sizeof(s.b));
    m->box = dh_public_of(&m->box_secret);
}

static struct voice *voice_new(unsigned n)
{
    struct voice *m = calloc(1, sizeof(*m));
    struct sign_secret unused;
    struct dh_secret node;
    assert_non_null(m);
    m->body = body(n);
    m->origin = (struct origin){ .alliance = alliance, .slug = m->body.slug, .generation = 1 };
    struct sym_secret s = seed_of(n, 1, 1);
    sign_keypair(&s, &m->log, &m->log_public);
    s = seed_of(n, 2, 1);
    sign_keypair(&s, &unused, &m->witness);
    s = seed_of(n, 4, 1);
    memcpy(node.b, s.b, sizeof(s.b));
    m->node = dh_public_of(&node);
    set_box(m, n, 1);
    frontier_init(&m->frontier);
    return m;
}

static uint64_t next_idx(const struct voice *m) { return m->frontier.size + m->n; }

static void slot(struct voice *m, struct buf **header, struct buf **payload)
{
    assert_true(m->n < PENDING_MAX);
    *header = &m->header[m->n];
    *payload = &m->payload[m->n];
    **header = buf_on(HEADER_MAX);
    **payload = buf_on(PAYLOAD_MAX);
    m->is_hole[m->n++] = false;
    now_ms += 1000;
}

/* ---- what they say ---- */

static uint64_t say_public(struct voice *m, uint64_t kind, struct bytes text)
{
    struct buf *header, *payload;
    uint64_t idx = next_idx(m);
    slot(m, &header, &payload);
    entry_write_public(kind, now_ms, salt, text, header, payload);
    return idx;
}

static struct identity identity_of(const struct voice *m)
{
    struct identity id = { .slug = m->body.slug, .version = m->version, .previous = m->previous, .root = m->body.root,
                           .log = m->log_public, .witness = m->witness, .box = m->box, .node = m->node };
    (void)snprintf(id.name, sizeof(id.name), "The Council of %s", m->body.slug.s);
    return id;
}

static uint64_t say_this_identity(struct voice *m, const struct identity *id)
{
    struct buf note = buf_on(IDENTITY_MAX), text = buf_on(IDENTITY_MAX);
    identity_text(id, &text);
    m->previous = identity_hash(buf_bytes(&text));
    identity_sign(id, &m->body.secret, &note);
    uint64_t idx = say_public(m, KIND_IDENTITY, buf_bytes(&note));
    buf_release(&note);
    buf_release(&text);
    return idx;
}

static uint64_t say_identity(struct voice *m)
{
    m->version++;
    struct identity id = identity_of(m);
    return say_this_identity(m, &id);
}

static struct seal_with sealing(struct voice *m, const struct audience_id *a, uint32_t epoch, const struct sym_secret *key)
{
    struct seal_with w = { .id = { .origin = m->origin, .audience = *a, .epoch = epoch }, .epoch_key = key, .time_ms = now_ms };
    uint64_t idx = next_idx(m);
    w.nonce[0] = (uint8_t)m->body.slug.s[7];
    put_u64be(w.nonce + 8, idx + 1);
    memcpy(w.salt, salt, sizeof(w.salt));
    return w;
}

static struct audience_id everyone_in(void)
{
    struct audience_id a;
    memcpy(a.b, alliance.b, sizeof(a.b));
    return a;
}

/* A new alliance epoch under charter `c`, boxes for all its readers but `without` (0: none left out). */
static uint64_t say_epoch(struct voice *m, const struct charter *c, unsigned without)
{
    const struct member *readers[MEMBERS_MAX];
    static uint8_t boxes[VOICES][BOX_LEN];
    struct bytes list[VOICES];
    struct epoch_secret *secret = calloc(1, sizeof(*secret));
    struct buf *header, *payload;
    struct audience_id a = everyone_in();
    size_t n = charter_readers(c, readers);
    assert_non_null(secret);
    m->epoch += m->has_epoch;
    m->has_epoch = true;
    m->key = seed_of((unsigned)m->body.slug.s[7], 9, m->epoch + 1);
    for (size_t i = 0; i < n; i++) {
        unsigned who = (unsigned)(readers[i]->slug.s[7] - '0');
        OKAY(epoch_box(box_instead != NULL ? box_instead : &m->key, &voices[who]->box, boxes[i]));
        list[i] = (struct bytes){ boxes[i], who == without ? 0 : BOX_LEN };
        secret->readers[secret->n_readers++] = readers[i]->slug;
    }
    (void)snprintf(secret->title, sizeof(secret->title), "the alliance");
    uint64_t idx = next_idx(m);
    struct seal_with w = sealing(m, &a, m->epoch, &m->key);
    slot(m, &header, &payload);
    OKAY(epoch_seal(&w, &c->hash, n, list, secret, header, payload));
    free(secret);
    return idx;
}

/* An audience of `m` and one other, called by the byte `name`. Its key is returned. */
UNUSED static struct sym_secret say_named_epoch(struct voice *m, const struct voice *other, uint8_t name)
{
    static uint8_t boxes[2][BOX_LEN];
    struct epoch_secret *secret = calloc(1, sizeof(*secret));
    struct buf *header, *payload;
    struct audience_id a = { { name } };
    struct sym_secret key = { { name, 77 } };
    const struct voice *both[2] = { m, other };
    struct bytes list[2];
    assert_non_null(secret);
    for (size_t i = 0; i < 2; i++) {
        OKAY(epoch_box(&key, &both[i]->box, boxes[i]));
        list[i] = (struct bytes){ boxes[i], BOX_LEN };
        secret->readers[secret->n_readers++] = both[i]->body.slug;
    }
    (void)snprintf(secret->title, sizeof(secret->title), "a few");
    struct seal_with w = sealing(m, &a, 0, &key);
    slot(m, &header, &payload);
    OKAY(epoch_seal(&w, NULL, 2, list, secret, header, payload));
    free(secret);
    return key;
}

UNUSED static uint64_t say_named(struct voice *m, uint8_t name, const struct sym_secret *key, const struct figure *f)
{
    struct buf *header, *payload, plain = buf_on(PAYLOAD_MAX);
    struct audience_id a = { { name } };
    uint64_t idx = next_idx(m);
    struct seal_with w = sealing(m, &a, 0, key);
    figure_write(f, &plain);
    slot(m, &header, &payload);
    w.time_ms = now_ms;
    record_seal(&w, buf_bytes(&plain), header, payload);
    buf_release(&plain);
    return idx;
}

static uint64_t say_sealed(struct voice *m, struct bytes plain)
{
    struct buf *header, *payload;
    uint64_t idx = next_idx(m);
    struct audience_id a = everyone_in();
    struct seal_with w = sealing(m, &a, m->epoch, &m->key);
    slot(m, &header, &payload);
    w.time_ms = now_ms;
    record_seal(&w, plain, header, payload);
    return idx;
}

/* A sealed entry whose body is whatever one likes. */
UNUSED static uint64_t say_raw(struct voice *m, uint64_t kind, struct bytes text)
{
    struct buf *header, *payload;
    uint64_t idx = next_idx(m);
    slot(m, &header, &payload);
    buf_put(payload, (struct bytes){ salt, sizeof(salt) });
    buf_put(payload, text);
    struct header h = { .kind = kind, .time_ms = now_ms, .audience = everyone_in(), .epoch = 7,
                        .payload_hash = blake2b_256(buf_bytes(payload)), .payload_len = (uint32_t)payload->len };
    header_write(&h, header);
    return idx;
}

static struct figure figure_of(const char *indicator, const char *period, int64_t numerator)
{
    struct figure f = { .has_numerator = true, .numerator = { numerator, 0 }, .has_denominator = true,
                        .denominator = { 1000, 0 }, .has_value = true, .value = { numerator, 1 }, .status = STATUS_FINAL };
    (void)snprintf(f.indicator, sizeof(f.indicator), "%s", indicator);
    (void)snprintf(f.period, sizeof(f.period), "%s", period);
    (void)snprintf(f.time_identifier, sizeof(f.time_identifier), "Reporting year");
    return f;
}

UNUSED static uint64_t say_figure_as(struct voice *m, const struct figure *f, bool is_public)
{
    struct buf plain = buf_on(PAYLOAD_MAX);
    figure_write(f, &plain);
    uint64_t idx = is_public ? say_public(m, KIND_RECORD, buf_bytes(&plain)) : say_sealed(m, buf_bytes(&plain));
    buf_release(&plain);
    return idx;
}

UNUSED static uint64_t say_figure(struct voice *m, const char *indicator, const char *period, int64_t numerator)
{
    struct figure f = figure_of(indicator, period, numerator);
    return say_figure_as(m, &f, false);
}

static uint64_t say_withdrawal(struct voice *m, uint64_t target, bool erase)
{
    struct buf text = buf_on(256);
    struct withdrawal w = { .target = target, .reason = "correction", .erase = erase };
    withdrawal_write(&w, &text);
    uint64_t idx = say_public(m, KIND_WITHDRAW, buf_bytes(&text));
    buf_release(&text);
    return idx;
}

/* `m` grants `reader` the epoch of `author`; a wrong key when `key` is not the author's. */
UNUSED static uint64_t say_grant(struct voice *m, const struct voice *reader, const struct voice *author,
                                 const struct sym_secret *key)
{
    struct grant *g = calloc(1, sizeof(*g));
    struct buf text = buf_on(PAYLOAD_MAX);
    assert_non_null(g);
    g->reader = reader->body.slug;
    g->box_key = reader->box;
    g->n = 1;
    g->items[0].id = (struct epoch_id){ .origin = author->origin, .audience = everyone_in(), .epoch = author->epoch };
    OKAY(epoch_box(key, &reader->box, g->items[0].box));
    grant_write(g, &text);
    uint64_t idx = say_public(m, KIND_GRANT, buf_bytes(&text));
    buf_release(&text);
    free(g);
    return idx;
}

/* ---- into the store ---- */

static void append_pending(struct voice *m)
{
    struct item *items = calloc(m->n + 1, sizeof(*items));
    struct buf note = buf_on(CHECKPOINT_MAX);
    uint64_t from = m->frontier.size;
    assert_non_null(items);
    for (size_t i = 0; i < m->n; i++) {
        OKAY(buf_status(&m->header[i]));
        OKAY(buf_status(&m->payload[i]));
        items[i] = (struct item){ .header = buf_bytes(&m->header[i]), .payload = buf_bytes(&m->payload[i]),
                                  .has_payload = !m->is_hole[i] };
        struct hash leaf = merkle_leaf(items[i].header);
        frontier_append(&m->frontier, &leaf);
    }
    struct checkpoint c = { .origin = m->origin, .size = m->frontier.size, .root = frontier_root(&m->frontier) };
    checkpoint_sign(&c, &m->log, &note);
    struct append a = { .origin = m->origin, .expected = from, .n_items = m->n, .items = items, .after = &m->frontier,
                        .checkpoint = buf_bytes(&note), .whole = m->frontier.size };
    OKAY(store_append(store, &a));
    for (size_t i = 0; i < m->n; i++) {
        buf_release(&m->header[i]);
        buf_release(&m->payload[i]);
    }
    m->n = 0;
    buf_release(&note);
    free(items);
}

static void publish_all(void)
{
    for (unsigned n = 1; n <= VOICES; n++)
        if (voices[n] != NULL && voices[n]->n > 0)
            append_pending(voices[n]);
}

/* ---- the charter ---- */

static void enact(struct charter *next, const unsigned *signers)
{
    enum chain_verdict verdict;
    struct hash hash;
    OKAY(charter_seal(next));
    struct buf note = charter_note(next, signers);
    OKAY(chain_add(chain, buf_bytes(&note), &verdict, &hash));
    assert_int_equal(verdict, CHAIN_CHARTER);
    buf_release(&note);
    charter_free(charter);
    charter = next;
}

/* By the only steward. */
UNUSED static void set_role(unsigned who, enum role role)
{
    struct charter *next = charter_after(charter, 0);
    for (size_t i = 0; i < next->n_members; i++)
        if (slug_equal(&next->members[i].slug, &voices[who]->body.slug))
            next->members[i].role = role;
    enact(next, BY(1));
}

/* Members 1 to n, all authorities, member 1 the only steward; each has its identity and an epoch. */
static void found_alliance(unsigned n)
{
    struct charter *first = charter_founding();
    alliance = charter_alliance_id(&first->hash);
    chain = chain_new(&alliance);
    assert_non_null(chain);
    charter = charter_new();
    enact(first, BY(1));
    if (n > 1) {
        struct charter *next = charter_after(charter, 0);
        charter_fill(next, n, 1, 1);
        enact(next, BY(1));
    }
    for (unsigned i = 1; i <= n; i++) {
        voices[i] = voice_new(i);
        (void)say_identity(voices[i]);
    }
    for (unsigned i = 1; i <= n; i++)
        (void)say_epoch(voices[i], charter, 0);
}

static int make_world(void **state)
{
    struct store_report report;
    (void)state;
    (void)snprintf(folder, sizeof(folder), "/tmp/folkmoot-view-XXXXXX");
    if (crypto_start() != OK || mkdtemp(folder) == NULL)
        return -1;
    now_ms = 1700000000000;
    return store_open(in_folder("log.db"), STORE_WRITE, &store, &report) == OK ? 0 : -1;
}

static int drop_world(void **state)
{
    char command[96];
    (void)state;
    store_close(store);
    chain_free(chain);
    charter_free(charter);
    chain = NULL;
    charter = NULL;
    for (unsigned n = 1; n <= VOICES; n++) {
        for (size_t i = 0; voices[n] != NULL && i < voices[n]->n; i++) {
            buf_release(&voices[n]->header[i]);             /* what was said and not committed */
            buf_release(&voices[n]->payload[i]);
        }
        free(voices[n]);
        voices[n] = NULL;
    }
    (void)snprintf(command, sizeof(command), "rm -r '%s'", folder);
    return system(command);
}

/* ---- reading ---- */

static struct view *view_of(unsigned n)
{
    struct view *v = NULL;
    char name[16];
    struct view_owner owner = { alliance, body(n).slug };
    (void)snprintf(name, sizeof(name), "view%u.db", n);
    OKAY(view_open(in_folder(name), &owner, &v));
    return v;
}

static enum err try_fold(struct view *v, unsigned n, struct fold_counts *ret)
{
    static struct dh_keyring ring;
    ring.n = 1;
    ring.keys[0].version = 1;
    ring.keys[0].secret = voices[n]->box_secret;
    struct fold_with with = { .store = store, .chain = chain, .box_keys = &ring };
    return view_fold(v, &with, ret);
}

static struct fold_counts fold(struct view *v, unsigned n)
{
    struct fold_counts c;
    publish_all();
    OKAY(try_fold(v, n, &c));
    return c;
}

/* Rows as one text: "slug numerator audience status|..." */
struct told { char text[4096]; };

static enum err tell(void *arg, const struct figure_row *r)
{
    struct told *t = arg;
    size_t at = strlen(t->text);
    (void)snprintf(t->text + at, sizeof(t->text) - at, "%s%s %s", at > 0 ? "|" : "", r->record,
                   r->is_withdrawn ? "withdrawn" : "");
    at = strlen(t->text);
    if (!r->is_withdrawn)
        (void)snprintf(t->text + at, sizeof(t->text) - at, "%lld", (long long)r->figure.numerator.mantissa);
    return OK;
}

static struct time_period year(const char *y)
{
    struct time_period p = { .time_identifier = "Reporting year" };
    (void)snprintf(p.period, sizeof(p.period), "%s", y);
    return p;
}

UNUSED static struct told standing_as_of(struct view *v, const char *indicator, const char *y, uint64_t as_of_ms)
{
    struct told t = { "" };
    struct time_period p = year(y);
    OKAY(view_figures(v, indicator, &p, "", as_of_ms, tell, &t));
    return t;
}

UNUSED static struct told standing(struct view *v, const char *indicator, const char *y)
{
    return standing_as_of(v, indicator, y, UINT64_MAX);
}

/* One number by SQL. */
static enum err keep_number(void *arg, size_t n, const struct sql_cell *cells)
{
    char text[32] = "";
    assert_int_equal(n, 1);
    OKAY(bytes_to_str(cells[0].text, text, sizeof(text)));
    *(long long *)arg = strtoll(text, NULL, 10);
    return OK;
}

static long long number(struct view *v, const char *sql)
{
    long long got = -1;
    struct buf message = buf_on(1024);
    struct sql_rows rows = { .row = keep_number, .arg = &got };
    OKAY(view_sql(v, sql, &rows, &message));
    buf_release(&message);
    return got;
}

#endif
