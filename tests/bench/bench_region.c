/* tests/bench/bench_region.c - fill a steward's home with other members' logs, as if they had been fetched.
 *
 *      bench_region HOME MEMBERS FIGURES           the home's own member is the only steward
 *
 * Keys come from seeds that are numbers; the charter is made by the home's own key, as `alliance admit` would make
 * it; prints: entries=N stored=BYTES (headers and payloads).
 * Each member says who it is, opens an epoch to every reader and publishes figures sealed to the alliance. */
#include <string.h>

#include "bench.h"
#include "bench_definition.h"
#include "cli/alliance/propose.h"
#include "keys/seed.h"
#include "protocol/envelope.h"
#include "protocol/record.h"

#define MADE_UP "barset-"                   /* what the slugs of members without a home begin with */

/* Each figure of an indicator and a year comes with those of five breakdowns: 22 years of them in a million by 150 members. */
enum { INDICATORS = 50, BREAKDOWNS = 5, FIRST_YEAR = 1990 };

#define OKAY(x) do { enum err e_ = (x); if (e_ != OK) { \
    (void)fprintf(stderr, "bench_region: line %d: %s\n", __LINE__, err_code(e_)); exit(1); } } while (0)

struct author_of {
    struct origin origin;
    struct identity id;
    struct sign_secret root, log;
    struct buf note;
    struct sym_secret epoch_key;
};

struct batch {                              /* entries up to the next boundary */
    struct store *store;
    const struct author_of *from;
    struct frontier before, tip;
    uint64_t entries, stored;
    size_t n;
    struct item items[BOUNDARY];
    struct buf header[BOUNDARY], payload[BOUNDARY];
};

/* ---- members ---- */

static void make_author(struct author_of *a, unsigned n, const struct origin *home)
{
    struct sym_secret seed = {{0xbe, (uint8_t)(n >> 8), (uint8_t)n}};
    char slug[24];
    struct sign_secret witness;
    struct dh_secret unused;
    (void)snprintf(slug, sizeof(slug), MADE_UP "%u", n);
    *a = (struct author_of){.origin = *home, .id = {.role = ROLE_AUTHORITY, .version = 1}, .note = buf_on(IDENTITY_MAX)};
    OKAY(slug_parse(bytes_of(slug), &a->origin.slug));
    a->origin.generation = 1;
    a->id.slug = a->origin.slug;
    (void)snprintf(a->id.name, sizeof(a->id.name), "Barset %u", n);
    seed_root(&seed, &a->root, &a->id.root);
    seed_sign_key(&seed, PURPOSE_LOG, 1, &a->log, &a->id.log);
    seed_sign_key(&seed, PURPOSE_WITNESS, 1, &witness, &a->id.witness);
    seed_dh_key(&seed, PURPOSE_BOX, 1, &unused, &a->id.box);
    seed_dh_key(&seed, PURPOSE_NODE, 1, &unused, &a->id.node);
    identity_sign(&a->id, &a->root, &a->note);
    OKAY(buf_status(&a->note));
    random_fill(a->epoch_key.b, sizeof(a->epoch_key.b));
}

static int admit(struct desk *d, const struct author_of *list, size_t n)
{
    struct charter *next = propose_draft(d);
    struct proposed p;
    if (next == NULL)
        return 1;
    for (size_t i = 0; i < n; i++) {
        next->members[next->n_members++] = (struct member){.slug = list[i].id.slug, .role = ROLE_AUTHORITY,
                                                           .root = list[i].id.root};
        OKAY(store_put_identity(d->store, &list[i].id.slug, 1, buf_bytes(&list[i].note)));
    }
    enum exit_status st = propose(d, next, false, &p);
    charter_free(next);
    return st == EXIT_OK && p.stands ? 0 : 1;
}

/* ---- entries ---- */

static void batch_flush(struct batch *b)
{
    struct buf note = buf_on(CHECKPOINT_MAX);
    struct checkpoint c = {.origin = b->from->origin, .size = b->tip.size, .root = frontier_root(&b->tip)};
    if (b->n == 0)
        return;
    checkpoint_sign(&c, &b->from->log, &note);
    OKAY(buf_status(&note));
    struct append a = {.origin = b->from->origin, .expected = b->before.size, .n_items = b->n, .items = b->items,
                       .after = &b->tip, .checkpoint = buf_bytes(&note), .whole = b->tip.size};
    OKAY(store_append(b->store, &a));
    b->before = b->tip;
    b->n = 0;
    buf_release(&note);
}

static void batch_next(struct batch *b, struct buf **header, struct buf **payload)
{
    *header = &b->header[b->n];
    *payload = &b->payload[b->n];
    buf_clear(*header);
    buf_clear(*payload);
}

static void batch_take(struct batch *b)
{
    OKAY(buf_status(&b->header[b->n]));
    OKAY(buf_status(&b->payload[b->n]));
    b->items[b->n] = (struct item){.header = buf_bytes(&b->header[b->n]), .payload = buf_bytes(&b->payload[b->n]),
                                   .has_payload = true};
    b->entries++;
    b->stored += b->header[b->n].len + b->payload[b->n].len;
    struct hash leaf = merkle_leaf(b->items[b->n].header);
    frontier_append(&b->tip, &leaf);
    if (++b->n == BOUNDARY || b->tip.size % BOUNDARY == 0)
        batch_flush(b);
}

static struct seal_with sealing(const struct author_of *a)
{
    struct seal_with w = {.id = {.origin = a->origin}, .epoch_key = &a->epoch_key, .time_ms = session_now_ms()};
    memcpy(w.id.audience.b, a->origin.alliance.b, sizeof(w.id.audience.b));
    random_fill(w.nonce, sizeof(w.nonce));
    random_fill(w.salt, sizeof(w.salt));
    return w;
}

/* Every reader is named and has a place; those with a home get a box (the others would cost 150 x 150 of them). */
static void put_epoch(struct batch *b, struct desk *d)
{
    const struct member *readers[MEMBERS_MAX];
    static uint8_t boxes[MEMBERS_MAX][BOX_LEN];
    static struct bytes list[MEMBERS_MAX];
    static struct epoch_secret secret;
    struct buf *header, *payload;
    const struct charter *c = desk_charter(d);
    size_t n = charter_readers(c, readers);
    secret = (struct epoch_secret){.title = "the alliance"};
    for (size_t i = 0; i < n; i++) {
        struct identity *id = NULL;
        secret.readers[secret.n_readers++] = readers[i]->slug;
        list[i] = (struct bytes){boxes[i], 0};
        if (strncmp(readers[i]->slug.s, MADE_UP, sizeof(MADE_UP) - 1) == 0)
            continue;
        OKAY(desk_identity_of(d, &readers[i]->slug, &id));
        OKAY(epoch_box(&b->from->epoch_key, &id->box, boxes[i]));
        list[i].len = BOX_LEN;
        free(id);
    }
    struct seal_with w = sealing(b->from);
    batch_next(b, &header, &payload);
    OKAY(epoch_seal(&w, &c->hash, n, list, &secret, header, payload));
    batch_take(b);
}

/* The i-th figure: INDICATORS indicators with their breakdowns in one year after the other. */
static void put_figure(struct batch *b, unsigned i)
{
    struct buf *header, *payload, plain = buf_on(PAYLOAD_MAX);
    int64_t count = 100 + (int64_t)(i * 37 % 900);
    struct figure f = {.has_numerator = true,
                       .numerator = {count, 0},
                       .has_denominator = true,
                       .denominator = {10000, 0},
                       .has_value = true,
                       .value = {(count + 50) / 100, 0},
                       .status = STATUS_FINAL,
                       .time_identifier = "Reporting year"};
    (void)snprintf(f.indicator, sizeof(f.indicator), "bench_%u", i % INDICATORS);
    (void)snprintf(f.period, sizeof(f.period), "%04u", (FIRST_YEAR + i / (INDICATORS * (BREAKDOWNS + 1))) % 10000);
    unsigned part = i / INDICATORS % (BREAKDOWNS + 1);
    if (part > 0)
        (void)snprintf(f.breakdown, sizeof(f.breakdown), "part=%u", part);
    struct definition d = bench_definition(f.indicator);
    f.definition = definition_hash(&d);
    figure_write(&f, &plain);
    OKAY(buf_status(&plain));
    struct seal_with w = sealing(b->from);
    batch_next(b, &header, &payload);
    record_seal(&w, buf_bytes(&plain), header, payload);
    batch_take(b);
    buf_release(&plain);
}

static void publish(struct batch *b, struct desk *d, const struct author_of *a, unsigned figures)
{
    struct buf *header, *payload;
    uint8_t salt[SALT_LEN];
    b->from = a;
    frontier_init(&b->before);
    frontier_init(&b->tip);
    random_fill(salt, sizeof(salt));
    OKAY(store_begin(d->store));
    batch_next(b, &header, &payload);
    entry_write_public(KIND_IDENTITY, session_now_ms(), salt, buf_bytes(&a->note), header, payload);
    batch_take(b);
    put_epoch(b, d);
    for (unsigned i = 0; i < figures; i++)
        put_figure(b, i);
    batch_flush(b);
    OKAY(store_commit(d->store));
}

static int fill(struct desk *d, unsigned members, unsigned figures)
{
    struct author_of *list = calloc(members, sizeof(*list));
    struct batch *b = calloc(1, sizeof(*b));
    if (list == NULL || b == NULL)
        return 1;
    b->store = d->store;
    for (size_t i = 0; i < BOUNDARY; i++) {
        b->header[i] = buf_on(HEADER_MAX);
        b->payload[i] = buf_on(PAYLOAD_MAX);
    }
    for (unsigned i = 0; i < members; i++)
        make_author(&list[i], i + 1, &d->origin);
    int rc = admit(d, list, members);
    for (unsigned i = 0; rc == 0 && i < members; i++)
        publish(b, d, &list[i], figures);
    printf("entries=%llu stored=%llu\n", (unsigned long long)b->entries, (unsigned long long)b->stored);
    for (unsigned i = 0; i < members; i++)
        buf_release(&list[i].note);
    for (size_t i = 0; i < BOUNDARY; i++) {
        buf_release(&b->header[i]);
        buf_release(&b->payload[i]);
    }
    free(b);
    free(list);
    return rc;
}

int main(int argc, char **argv)
{
    struct session s;
    struct desk d;
    if (argc != 4 || crypto_start() != OK)
        return 2;
    session_init(&s, stdin, stdout, stderr);
    (void)setenv("FOLKMOOT_HOME", argv[1], 1);
    if (home_resolve(argv[1], &s.home) != OK)
        return 2;
    s.offline = s.quiet = s.yes = true;
    int rc = desk_open(&s, STORE_WRITE, &d) == EXIT_OK
        ? fill(&d, (unsigned)strtoul(argv[2], NULL, 10), (unsigned)strtoul(argv[3], NULL, 10)) : 1;
    desk_close(&d);
    session_release(&s);
    return rc;
}
