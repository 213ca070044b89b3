#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/sim/sim.h"

static const uint64_t WALL_AT_START_MS = 1700000000000;

uint64_t node_wall_ms(const struct node *n)
{
    return (uint64_t)((int64_t)(WALL_AT_START_MS + n->sim->now_ms) + n->clock_off_ms);
}

/* ---- keys and homes ---- */

static struct sym_secret seed_of(const struct node *n, const char *purpose)
{
    char text[160];
    int len = snprintf(text, sizeof(text), "%llu %s %zu %s", (unsigned long long)n->sim->seed, n->keys.slug.s, n->index, purpose);
    struct hash h = blake2b_256((struct bytes){(const uint8_t *)text, (size_t)len});
    struct sym_secret s;
    memcpy(s.b, h.b, sizeof(s.b));
    return s;
}

static void make_keys(struct node *n)
{
    struct keys *k = &n->keys;
    struct sym_secret s = seed_of(n, "root");
    sign_keypair(&s, &k->root, &k->root_public);
    s = seed_of(n, "log");
    sign_keypair(&s, &k->log, &k->log_public);
    s = seed_of(n, "witness");
    sign_keypair(&s, &k->witness, &k->witness_public);
    s = seed_of(n, "box");
    memcpy(k->box.b, s.b, sizeof(k->box.b));
    s = seed_of(n, "node");
    memcpy(k->node.b, s.b, sizeof(k->node.b));
    k->box_public = dh_public_of(&k->box);
    k->node_public = dh_public_of(&k->node);
}

static struct node *node_add(struct sim *s)
{
    struct node *n = calloc(1, sizeof(*n));
    must(n != NULL && s->n_nodes < NODES_MAX);
    n->sim = s;
    n->index = s->n_nodes;
    n->timer_ms = UINT64_MAX;
    for (size_t i = 0; i < LOG_KINDS_MAX; i++)
        n->mask[i] = UINT32_MAX;
    s->nodes[s->n_nodes++] = n;
    return n;
}

struct node *node_new(struct sim *s, const char *slug)
{
    struct node *n = node_add(s);
    must(slug_parse(bytes_of(slug), &n->keys.slug) == OK);
    make_keys(n);
    (void)snprintf(n->address, sizeof(n->address), "%s.example:7117", slug);
    n->disk = disk_new();
    struct identity *id = &n->id;
    *id = (struct identity){.slug = n->keys.slug, .role = ROLE_AUTHORITY, .version = 1, .n_addresses = 1};
    (void)snprintf(id->name, sizeof(id->name), "Council of %s", slug);
    memcpy(id->addresses[0], n->address, sizeof(n->address));
    id->root = n->keys.root_public;
    id->log = n->keys.log_public;
    id->witness = n->keys.witness_public;
    id->box = n->keys.box_public;
    id->node = n->keys.node_public;
    struct buf note = buf_on(IDENTITY_MAX);
    identity_sign(id, &n->keys.root, &note);
    must(buf_status(&note) == OK);
    n->identity = blob_of(buf_bytes(&note));
    buf_release(&note);
    return n;
}

struct node *node_twin(struct node *of)
{
    struct node *n = node_add(of->sim);
    size_t index = n->index;
    *n = *of;
    n->index = index;
    n->identity = blob_of(blob_bytes(of->identity));
    n->disk = disk_copy(of->disk);
    n->engine = NULL;
    n->waiting = NULL;
    n->n_waiting = n->cap_waiting = n->n_retell = 0;
    n->has_commit = false;
    n->timer_ms = UINT64_MAX;
    memset(n->received, 0, sizeof(n->received));
    n->is_tainted = of->is_tainted = true;
    return n;
}

struct origin node_origin(const struct node *n, uint32_t generation)
{
    return (struct origin){.alliance = n->sim->alliance, .slug = n->keys.slug, .generation = generation};
}

/* ---- life ---- */

static void forget_waiting(struct node *n)
{
    for (size_t i = 0; i < n->n_waiting; i++)
        buf_release(&n->waiting[i].data);
    n->n_waiting = n->n_retell = 0;
}

void node_start(struct node *n)
{
    struct engine_config c = n->extra;
    must(n->engine == NULL);
    c.alliance = n->sim->alliance;
    c.identity = blob_bytes(n->identity);
    c.node = n->runs_by = n->keys.node_public;
    c.has_witness = true;
    c.witness = n->keys.witness;
    c.random_seed = sim_random(n->sim);
    n->incarnation++;
    n->violations = 0;
    n->n_named = 0;
    n->timer_ms = UINT64_MAX;
    n->has_commit = false;
    must(engine_new(&c, &n->engine) == OK);
    trace(n->sim, "%s starts", n->keys.slug.s);
    check_loaded(n);
    node_tell_all(n, true);
    if (c.is_import)
        return;
    struct event ev = {.kind = EV_START};
    node_step(n, &ev);
}

/* What was not committed is lost; peers see their links end. */
void node_stop(struct node *n)
{
    if (n->engine == NULL)
        return;
    trace(n->sim, "%s stops", n->keys.slug.s);
    engine_free(n->engine);
    n->engine = NULL;
    n->incarnation++;
    forget_waiting(n);
    world_cut_node(n);
}

void node_free(struct node *n)
{
    engine_free(n->engine);
    forget_waiting(n);
    free(n->waiting);
    disk_free(n->disk);
    free(n->identity.p);
    free(n);
}

void node_bell(struct node *n)
{
    if (n->engine == NULL)
        return;
    for (int i = 0; i < 100 && n->n_waiting > 0; i++)
        node_commit(n);
    node_tell_all(n, false);
}

/* ---- effects ---- */

static void wait_for_commit(struct node *n, struct effect *fx)
{
    if (n->n_waiting == n->cap_waiting) {
        n->cap_waiting = n->cap_waiting > 0 ? n->cap_waiting * 2 : 16;
        n->waiting = realloc(n->waiting, n->cap_waiting * sizeof(n->waiting[0]));
        must(n->waiting != NULL);
    }
    n->waiting[n->n_waiting++] = *fx;
    fx->data = buf_on(FRAME_BODY_MAX);
    if (!n->has_commit)
        at(n->sim, (struct happening){.kind = H_COMMIT, .node = n, .incarnation = n->incarnation},
           sim_between(n->sim, n->sim->commit_min_ms, n->sim->commit_max_ms));
    n->has_commit = true;
}

static void send(struct node *n, struct effect *fx)
{
    size_t len = fx->data.len;
    uint8_t *frame = fx->data.p;
    struct node *to = world_peer(n, fx->link);
    fx->data = buf_on(FRAME_BODY_MAX);
    if (to != NULL && n->liar == HONEST)
        check_sent(n, to, (struct bytes){frame, len});
    if (to != NULL && n->liar != HONEST)
        frame = liar_frame(n, to, frame, &len);
    if (to != NULL && frame != NULL)
        trace_sent(n, to, (struct bytes){frame, len});
    if (frame != NULL)
        world_send(n, fx->link, frame, len);
}

static void read_later(struct node *n, struct effect *fx)
{
    struct effect *copy = malloc(sizeof(*copy));
    must(copy != NULL);
    *copy = *fx;
    fx->data = buf_on(FRAME_BODY_MAX);
    at(n->sim, (struct happening){.kind = H_READ, .node = n, .incarnation = n->incarnation, .fx = copy},
       sim_between(n->sim, 0, 3));
}

static void set_timer(struct node *n, uint64_t at_ms)
{
    uint64_t now = n->sim->now_ms;
    uint64_t when = at_ms > now ? at_ms : now;
    if (n->timer_ms <= when)
        return;
    n->timer_ms = when;
    at(n->sim, (struct happening){.kind = H_TICK, .node = n, .incarnation = n->incarnation}, when - now);
}

static void put_head(struct node *n, const struct head_row *h)
{
    size_t i = 0;
    while (i < n->n_heads && !slug_equal(&n->heads[i].peer, &h->peer))
        i++;
    must(i < NODES_MAX);
    n->n_heads += i == n->n_heads;
    n->heads[i] = *h;
}

static void put_named(struct node *n, const struct log_ref *ref, uint64_t size)
{
    size_t i = 0;
    while (i < n->n_named && (n->named[i].ref.generation != ref->generation || !slug_equal(&n->named[i].ref.slug, &ref->slug)))
        i++;
    must(i < LOG_KINDS_MAX);
    n->n_named += i == n->n_named;
    n->named[i].ref = *ref;
    n->named[i].size = size;
}

static void obey(struct node *n, struct effect *fx)
{
    switch (fx->kind) {
    case FX_DIAL:   world_dial(n, fx); break;
    case FX_SEND:   send(n, fx); break;
    case FX_CLOSE:  world_close(n, fx->link); break;
    case FX_READ:
    case FX_PROVE:  read_later(n, fx); break;
    case FX_TIMER:  set_timer(n, fx->at_ms); break;
    case FX_REPORT:
        if (n->sim->is_verbose)
            printf("# %llu %s: %.*s\n", (unsigned long long)n->sim->now_ms, n->keys.slug.s, (int)fx->data.len,
                   (const char *)fx->data.p);
        break;
    case FX_APPEND: case FX_FILL: case FX_RAISE_WHOLE: case FX_CUT: case FX_ERASE: case FX_PUT_COSIG: case FX_KEEP_CHECKPOINT:
    case FX_PUT_CHARTER: case FX_DROP_CHARTER: case FX_PUT_IDENTITY: case FX_PUT_EVIDENCE: case FX_PUT_REQUEST:
        wait_for_commit(n, fx);
        break;
    case FX_PUT_HEAD:      put_head(n, &fx->head); break;
    case FX_PUT_ANNOUNCED: put_named(n, &fx->ref, fx->whole); break;
    case FX_PUT_PEER:      break;           /* for people to see */
    }
}

/* An allocation that fails is told, or it was not needed: a step never goes on without. */
static enum err take_step(struct node *n, struct event *ev, struct effects *fx)
{
    bool had_failed = memory_has_failed();
    memory_arm(true);
    enum err err = engine_step(n->engine, ev, fx);
    memory_arm(false);
    bool has_failed = memory_has_failed() && !had_failed;
    if (err != (has_failed ? ERR_NOMEM : OK))
        sim_fail(n->sim, "%s: event %d says %s, and an allocation %s", n->keys.slug.s, (int)ev->kind, err_code(err),
                 has_failed ? "failed" : "did not fail");
    return err;
}

void node_step(struct node *n, struct event *ev)
{
    struct sim *s = n->sim;
    struct effects fx = {0};
    if (n->engine == NULL || s->failed != NULL) {
        if (ev->kind == EV_FRAME || ev->kind == EV_SPAN)
            free(ev->frame);
        return;
    }
    s->step++;
    ev->now_ms = s->now_ms;
    ev->wall_ms = node_wall_ms(n);
    if (ev->kind == EV_FRAME && n->liar == HONEST)
        must(ev->frame != NULL);
    enum err err = take_step(n, ev, &fx);
    if (err != OK) {                        /* nothing of it is done; the node stops, and is started again */
        effects_release(&fx);
        node_stop(n);
        at(s, (struct happening){.kind = H_RESTART, .node = n}, 500);
        return;
    }
    struct engine *engine = n->engine;
    for (size_t i = 0; i < fx.n && n->engine == engine; i++)
        obey(n, fx.list[i]);
    effects_release(&fx);
    if (n->engine != NULL)
        check_step(n);
}

/* ---- reads ---- */

void node_read(struct node *n, const struct effect *fx)
{
    struct origin o = {.alliance = n->sim->alliance, .slug = fx->ref.slug, .generation = fx->ref.generation};
    struct dlog *log = disk_log(n->disk, &o);
    struct event ev = {.ticket = fx->ticket, .ref = fx->ref, .from = fx->from};
    if (fx->kind == FX_READ) {
        struct buf frame = buf_on(FRAME_BODY_MAX);
        size_t count = 0;
        ev.kind = EV_SPAN;
        ev.err = disk_read_span(log, &fx->ref, fx->from, fx->whole, (size_t)fx->count, &frame, &count);
        ev.count = count;
        ev.frame = frame.p;
        ev.frame_len = frame.len;
        node_step(n, &ev);
        return;
    }
    struct proof proof = {0};
    ev.kind = EV_PROOF;
    ev.err = log == NULL || fx->whole > log->n_rows ? ERR_UNKNOWN : OK;
    if (ev.err == OK) {
        struct merkle_source src = disk_source(log);
        must(merkle_prove_consistency(&src, fx->from, fx->whole, &proof) == OK);
        ev.root = disk_root(log, fx->from);
        ev.proof = &proof;
    }
    node_step(n, &ev);
}

