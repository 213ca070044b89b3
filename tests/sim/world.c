#include <stdlib.h>
#include <string.h>

#include "tests/sim/sim.h"

enum { HANDSHAKE_TRIPS = 3, BYTES_A_MS = 1250 /* 10 Mbit/s */, STANDSTILL = 20000 };

/* ---- wires ---- */

static bool is_alive(const struct wire_end *e)
{
    return e->is_up && e->node->engine != NULL && e->node->incarnation == e->incarnation;
}

static struct wire_end *end_of(struct node *n, link_id id, struct wire **ret)
{
    for (size_t i = 0; i < n->sim->n_wires; i++) {
        struct wire *w = n->sim->wires[i];
        for (int side = 0; side < 2; side++)
            if (w->end[side].node == n && w->end[side].id == id) {
                *ret = w;
                return &w->end[side];
            }
    }
    return NULL;
}

struct node *world_peer(const struct node *n, link_id link)
{
    struct wire *w = NULL;
    struct wire_end *e = end_of((struct node *)n, link, &w);
    return e == NULL ? NULL : w->end[e == &w->end[0] ? 1 : 0].node;
}

static struct wire *wire_new(struct sim *s, struct node *from, struct node *to)
{
    if (s->n_wires == s->cap_wires) {
        s->cap_wires = s->cap_wires > 0 ? s->cap_wires * 2 : 64;
        s->wires = realloc(s->wires, s->cap_wires * sizeof(s->wires[0]));
        must(s->wires != NULL);
    }
    struct wire *w = calloc(1, sizeof(*w));
    must(w != NULL);
    w->end[0] = (struct wire_end){.node = from, .incarnation = from->incarnation};
    w->end[1] = (struct wire_end){.node = to, .incarnation = to->incarnation};
    w->number = ++s->next_number;
    w->latency_ms = (uint32_t)sim_between(s, s->latency_min_ms, s->latency_max_ms) + from->lag_ms + to->lag_ms;
    s->wires[s->n_wires++] = w;
    return w;
}

/* Both engines hear of it, each in its time. What was under way is lost. */
static void wire_break(struct sim *s, struct wire *w)
{
    if (w->is_broken)
        return;
    w->is_broken = true;
    for (int side = 0; side < 2; side++)
        at(s, (struct happening){.kind = H_WIRE_DOWN, .wire = w, .side = side}, sim_between(s, 0, 20));
}

static void sweep_wires(struct sim *s)
{
    size_t kept = 0;
    for (size_t i = 0; i < s->n_wires; i++) {
        struct wire *w = s->wires[i];
        if (w->is_broken && w->n_events == 0)
            free(w);
        else
            s->wires[kept++] = w;
    }
    s->n_wires = kept;
}

/* Whose address it is: of twins the one that can be reached. */
static struct node *node_at(struct node *from, const char *address)
{
    struct sim *s = from->sim;
    struct node *found = NULL;
    for (size_t i = 0; i < s->n_nodes; i++) {
        struct node *n = s->nodes[i];
        if (n != from && n->engine != NULL && strcmp(n->address, address) == 0 && !s->blocked[from->index][i])
            found = found == NULL || sim_chance(s, 0.5) ? n : found;
    }
    return found;
}

/* The handshake succeeds with the key that the responder has, or had until lately. */
static bool answers_to(const struct node *n, const struct dh_public *key)
{
    const struct keys *k = &n->keys;
    return memcmp(key->b, n->runs_by.b, sizeof(key->b)) == 0
        || (k->answers_to_previous && memcmp(n->runs_by.b, k->node_public.b, sizeof(key->b)) == 0
            && memcmp(key->b, k->previous_node.b, sizeof(key->b)) == 0);
}

void world_dial(struct node *n, const struct effect *fx)
{
    struct sim *s = n->sim;
    struct node *to = node_at(n, fx->address);
    enum err err = to == NULL || sim_chance(s, s->dial_failures) ? ERR_IO : OK;
    if (err == OK && !answers_to(to, &fx->peer_node))
        err = ERR_KEY;
    if (err != OK) {
        at(s, (struct happening){.kind = H_DIAL_FAILED, .node = n, .incarnation = n->incarnation, .slug = fx->slug, .err = err},
           sim_between(s, 1, 300));
        return;
    }
    struct wire *w = wire_new(s, n, to);
    w->dialled = fx->peer_node;
    /* the responder's side stands with the third message, the initiator's before it */
    at(s, (struct happening){.kind = H_DIALLED, .wire = w, .side = 0, .slug = fx->slug}, 2 * (uint64_t)w->latency_ms);
    at(s, (struct happening){.kind = H_DIALLED, .wire = w, .side = 1}, HANDSHAKE_TRIPS * (uint64_t)w->latency_ms);
}

static void dialled(struct sim *s, const struct happening *h)
{
    struct wire_end *e = &h->wire->end[h->side], *other = &h->wire->end[1 - h->side];
    if (e->node->engine == NULL || e->node->incarnation != e->incarnation || other->node->incarnation != other->incarnation
        || h->wire->is_broken || s->blocked[h->wire->end[0].node->index][h->wire->end[1].node->index]) {
        if (h->side == 0 && e->node->engine != NULL && e->node->incarnation == e->incarnation)
            at(s, (struct happening){.kind = H_DIAL_FAILED, .node = e->node, .incarnation = e->incarnation, .slug = h->slug,
                                     .err = ERR_IO}, 10);
        wire_break(s, h->wire);
        return;
    }
    e->id = (link_id)++s->next_link;
    e->is_up = true;
    if (e->last_ms < s->now_ms)
        e->last_ms = s->now_ms;
    struct event ev = {.kind = EV_LINK_UP, .link = e->id, .is_dialler = h->side == 0, .slug = h->slug,
                       .peer_node = h->side == 0 ? h->wire->dialled : other->node->runs_by};
    node_step(e->node, &ev);
}

void world_send(struct node *n, link_id link, uint8_t *frame, size_t len)
{
    struct sim *s = n->sim;
    struct wire *w = NULL;
    struct wire_end *e = end_of(n, link, &w);
    if (e == NULL || w->is_broken || e->is_closing) {
        free(frame);
        return;
    }
    int to = e == &w->end[0] ? 1 : 0;
    struct wire_end *other = &w->end[to];
    e->in_flight += len;
    s->bytes_sent += len;
    s->frames_sent++;
    if (e->in_flight > LINK_QUEUE_MAX + FRAME_BODY_MAX + 4096)
        sim_fail(s, "queue of %s to %s: %zu bytes", n->keys.slug.s, other->node->keys.slug.s, e->in_flight);
    /* A link that the other end has not finished shaking hands for: its handshake's last message goes first. */
    uint64_t arrive = s->now_ms + w->latency_ms + len / BYTES_A_MS + other->node->slow_ms;
    if (arrive <= other->last_ms)
        arrive = other->last_ms + 1;
    other->last_ms = arrive;
    bool is_last = sim_chance(s, s->cut_chance);
    at(s, (struct happening){.kind = H_FRAME, .wire = w, .side = to, .frame = frame, .len = len, .is_last = is_last},
       arrive - s->now_ms);
}

static void arrived(struct sim *s, const struct happening *h)
{
    struct wire_end *e = &h->wire->end[h->side], *sender = &h->wire->end[1 - h->side];
    bool is_cut = h->is_last && sim_chance(s, 0.5);     /* before it, or behind it */
    sender->in_flight -= h->len;
    if (!h->wire->is_broken && !is_cut && is_alive(e)) {
        if (is_alive(sender))
            at(s, (struct happening){.kind = H_DRAINED, .wire = h->wire, .side = 1 - h->side, .len = h->len}, 0);
        struct event ev = {.kind = EV_FRAME, .link = e->id, .frame = h->frame, .frame_len = h->len};
        node_step(e->node, &ev);
    } else {
        free(h->frame);
    }
    if (h->is_last)
        wire_break(s, h->wire);
    else if (sender->is_closing && sender->in_flight == 0)
        wire_break(s, h->wire);
}

void world_close(struct node *n, link_id link)
{
    struct wire *w = NULL;
    struct wire_end *e = end_of(n, link, &w);
    if (e == NULL)
        return;
    e->is_closing = true;
    if (e->in_flight == 0)
        wire_break(n->sim, w);
}

static void wire_down(const struct happening *h)
{
    struct wire_end *e = &h->wire->end[h->side];
    if (!is_alive(e))
        return;
    e->is_up = false;
    struct event ev = {.kind = EV_LINK_DOWN, .link = e->id, .err = ERR_IO};
    node_step(e->node, &ev);
}

void world_cut_node(struct node *n)
{
    for (size_t i = 0; i < n->sim->n_wires; i++)
        if (n->sim->wires[i]->end[0].node == n || n->sim->wires[i]->end[1].node == n)
            wire_break(n->sim, n->sim->wires[i]);
}

void world_block(struct sim *s, struct node *a, struct node *b, bool is_blocked)
{
    s->blocked[a->index][b->index] = s->blocked[b->index][a->index] = is_blocked;
    for (size_t i = 0; is_blocked && i < s->n_wires; i++) {
        struct wire *w = s->wires[i];
        if ((w->end[0].node == a && w->end[1].node == b) || (w->end[0].node == b && w->end[1].node == a))
            wire_break(s, w);
    }
}

void world_heal(struct sim *s)
{
    memset(s->blocked, 0, sizeof(s->blocked));
    s->cut_chance = s->dial_failures = 0;
    for (size_t i = 0; i < s->n_nodes; i++) {
        s->nodes[i]->slow_ms = 0;
        s->nodes[i]->disk_failures = 0;
        s->nodes[i]->clock_off_ms = 0;
        if (s->nodes[i]->engine == NULL && !s->nodes[i]->is_gone)
            node_start(s->nodes[i]);
    }
}

size_t world_wires_between(const struct sim *s, const struct node *a, const struct node *b)
{
    size_t n = 0;
    for (size_t i = 0; i < s->n_wires; i++) {
        const struct wire *w = s->wires[i];
        n += !w->is_broken && ((w->end[0].node == a && w->end[1].node == b) || (w->end[0].node == b && w->end[1].node == a));
    }
    return n;
}

/* ---- running ---- */

static bool is_for_living(const struct happening *h)
{
    return h->node->engine != NULL && h->node->incarnation == h->incarnation;
}

static void to_node(struct sim *s, struct happening *h)
{
    struct event ev = {0};
    switch (h->kind) {
    case H_TICK:
        if (h->node->timer_ms == h->at_ms) {
            h->node->timer_ms = UINT64_MAX;
            ev.kind = EV_TICK;
            node_step(h->node, &ev);
        }
        break;
    case H_COMMIT:
        h->node->has_commit = false;
        node_commit(h->node);
        break;
    case H_READ:
        node_read(h->node, h->fx);
        break;
    case H_DIAL_FAILED:
        ev = (struct event){.kind = EV_LINK_DOWN, .slug = h->slug, .err = h->err};
        node_step(h->node, &ev);
        break;
    case H_DIALLED: case H_FRAME: case H_DRAINED: case H_WIRE_DOWN: case H_RESTART:
        break;
    }
    (void)s;
}

static void drained(const struct happening *h)
{
    struct wire_end *e = &h->wire->end[h->side];
    struct event ev = {.kind = EV_DRAINED, .link = e->id, .count = h->len};
    if (is_alive(e))
        node_step(e->node, &ev);
}

static void happen(struct sim *s, struct happening *h)
{
    switch (h->kind) {
    case H_DIALLED:   dialled(s, h); break;
    case H_FRAME:     arrived(s, h); break;
    case H_DRAINED:   drained(h); break;
    case H_WIRE_DOWN: wire_down(h); break;
    case H_RESTART:
        if (h->node->engine == NULL && !h->node->is_gone)
            node_start(h->node);
        break;
    case H_TICK: case H_COMMIT: case H_READ: case H_DIAL_FAILED:
        if (is_for_living(h))
            to_node(s, h);
        if (h->fx != NULL)
            buf_release(&h->fx->data);
        free(h->fx);
        break;
    }
    if (h->wire != NULL)
        h->wire->n_events--;
}

static void run_until(struct sim *s, uint64_t end_ms)
{
    size_t n_now = 0;
    while (s->failed == NULL && s->n_queue > 0 && s->queue[0].at_ms <= end_ms) {
        struct happening h = take_first(s);
        n_now = h.at_ms > s->now_ms ? 0 : n_now + 1;
        if (n_now > STANDSTILL)
            sim_fail(s, "time stands still: somebody wakes again and again");
        if (h.at_ms > s->now_ms)
            s->now_ms = h.at_ms;
        happen(s, &h);
        if ((s->next_number & 255) == 0)
            sweep_wires(s);
    }
    if (s->failed == NULL)
        s->now_ms = end_ms;
}

void sim_run(struct sim *s, uint64_t ms)
{
    run_until(s, s->now_ms + ms);
}

bool sim_run_until_settled(struct sim *s, uint64_t max_ms)
{
    uint64_t end = s->now_ms + max_ms;
    while (s->failed == NULL && s->now_ms < end) {
        run_until(s, s->now_ms + 1000);
        if (all_settled(s))
            return true;
    }
    return false;
}

void sim_free(struct sim *s)
{
    while (s->n_queue > 0) {
        struct happening h = take_first(s);
        free(h.frame);
        if (h.fx != NULL)
            buf_release(&h.fx->data);
        free(h.fx);
        if (h.wire != NULL)
            h.wire->n_events--;
    }
    for (size_t i = 0; i < s->n_wires; i++)
        free(s->wires[i]);
    for (size_t i = 0; i < s->n_nodes; i++)
        node_free(s->nodes[i]);
    for (size_t i = 0; i < s->n_books; i++) {
        for (size_t k = 0; k < s->books[i]->n_branches; k++)
            free(s->books[i]->branch[k].leaves);
        free(s->books[i]);
    }
    free(s->queue);
    free(s->wires);
    buf_release(&s->trace);
    free(s);
}
