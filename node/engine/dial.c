#include <stdlib.h>
#include <string.h>

#include "node/engine/inner.h"

enum { DIAL_ALL_UP_TO = 32, DIAL_BY_HASH = 8, DIAL_AT_RANDOM = 2, WEEK_MS = 7 * 24 * 3600 * 1000, STEADY_MS = 60 * 1000 };

static size_t peer_place(const struct engine *e, const struct slug *slug)
{
    size_t low = 0, high = e->n_peers;
    while (low < high) {
        size_t mid = (low + high) / 2;
        if (slug_compare(&e->peers[mid]->slug, slug) < 0)
            low = mid + 1;
        else
            high = mid;
    }
    return low;
}

struct epeer *peer_find(struct engine *e, const struct slug *slug)
{
    size_t at = peer_place(e, slug);
    return at < e->n_peers && slug_equal(&e->peers[at]->slug, slug) ? e->peers[at] : NULL;
}

struct epeer *peer_get(struct engine *e, const struct slug *slug)
{
    struct epeer *p = peer_find(e, slug);
    if (p != NULL)
        return p;
    if (!grow(e, (void **)&e->peers, &e->cap_peers, e->n_peers, sizeof(e->peers[0])))
        return NULL;
    p = calloc(1, sizeof(*p));
    if (p == NULL) {
        no_memory(e);
        return NULL;
    }
    p->slug = *slug;
    p->note = buf_on(IDENTITY_MAX);
    p->text = buf_on(IDENTITY_MAX);
    size_t at = peer_place(e, slug);
    memmove(&e->peers[at + 1], &e->peers[at], (e->n_peers - at) * sizeof(e->peers[0]));
    e->peers[at] = p;
    e->n_peers++;
    return p;
}

static const char *peer_address(const struct epeer *p)
{
    if (p->identity == NULL || p->identity->n_addresses == 0)
        return "";
    return p->identity->addresses[p->next_address % p->identity->n_addresses];
}

/* As much of it as fits. */
static void text_copy(char *to, size_t size, const char *from)
{
    size_t len = strlen(from) < size ? strlen(from) : size - 1;
    memmove(to, from, len);
    to[len] = '\0';
}

bool status_may_wait(const struct engine *e, uint64_t last_ms)
{
    bool is_asked = e->asked_ms != 0 && e->now_ms - e->asked_ms < STATUS_ASKED_MS;
    return last_ms != 0 && !is_asked && e->now_ms - last_ms < STATUS_AGAIN_MS;
}

static bool says_the_same(const struct peer_row *a, const struct peer_row *b)
{
    return a->state == b->state && (a->rtt_ms < 0) == (b->rtt_ms < 0) && strcmp(a->last_error, b->last_error) == 0
        && strcmp(a->program, b->program) == 0 && strcmp(a->address, b->address) == 0;
}

void peer_set_state(struct engine *e, struct epeer *p, enum peer_state state, const char *error)
{
    p->state = state;
    text_copy(p->last_error, sizeof(p->last_error), error);
    const struct elink *l = link_of(e, &p->slug);
    struct peer_row row = {
        .slug = p->slug, .state = state, .rtt_ms = l != NULL ? l->rtt_ms : -1, .heard_ms = p->heard_wall_ms,
    };
    memcpy(row.last_error, p->last_error, sizeof(row.last_error));
    memcpy(row.program, p->program, sizeof(row.program));
    text_copy(row.address, sizeof(row.address), peer_address(p));
    if (status_may_wait(e, p->row_ms) && says_the_same(&row, &p->row))
        return;
    fx_add(e, FX_PUT_PEER)->peer = p->row = row;
    p->row_ms = e->now_ms;
}

/* Times between a half and one and a half of `ms`, so that nodes do not dial in step. */
static uint64_t jitter(struct engine *e, uint64_t ms)
{
    return ms / 2 + engine_random(e) % (ms + 1);
}

static void back_off(struct engine *e, struct epeer *p, bool was_open, bool in_violation, const char *why)
{
    uint64_t most = was_open ? STEADY_MS : BACKOFF_MAX_MS;
    p->backoff_ms = p->backoff_ms == 0 ? BACKOFF_MIN_MS : p->backoff_ms * 2;
    if (p->backoff_ms > most)
        p->backoff_ms = most;
    if (in_violation)
        p->backoff_ms = BACKOFF_MAX_MS;
    p->dial_ms = e->now_ms + jitter(e, p->backoff_ms);
    p->is_tried = true;
    p->next_address++;
    if (in_violation)
        p->shunned_ms = p->dial_ms;
    peer_set_state(e, p, PEER_BACKOFF, why);
    timer_at(e, p->dial_ms);
}

static void inviter_back_off(struct engine *e)
{
    e->inviter_dialling = false;
    e->inviter_tried = true;
    e->inviter_backoff_ms = e->inviter_backoff_ms == 0 ? BACKOFF_MIN_MS : e->inviter_backoff_ms * 2;
    if (e->inviter_backoff_ms > BACKOFF_MAX_MS)
        e->inviter_backoff_ms = BACKOFF_MAX_MS;
    e->inviter_dial_ms = e->now_ms + jitter(e, e->inviter_backoff_ms);
    timer_at(e, e->inviter_dial_ms);
}

void dial_reached(struct engine *e, const struct slug *slug)
{
    struct epeer *p = slug->s[0] != '\0' ? peer_find(e, slug) : NULL;
    if (slug->s[0] == '\0') {
        e->inviter_dialling = false;
        e->inviter_tried = true;
    } else if (p != NULL && p->state == PEER_DIALLING) {
        peer_set_state(e, p, PEER_GREETING, p->last_error);
    }
}

void dial_failed(struct engine *e, const struct slug *slug, enum err why)
{
    if (slug->s[0] == '\0') {
        inviter_back_off(e);
        return;
    }
    struct epeer *p = peer_find(e, slug);
    if (p != NULL && link_of(e, slug) == NULL)
        back_off(e, p, false, false, err_code(why));
}

void dial_ended(struct engine *e, struct elink *l, bool in_violation, const char *why)
{
    if (l->is_dialler && e->cfg.inviter_address[0] != '\0' && memcmp(l->node.b, e->cfg.inviter_node.b, sizeof(l->node.b)) == 0)
        inviter_back_off(e);
    struct epeer *p = l->slug.s[0] != '\0' ? peer_find(e, &l->slug) : NULL;
    if (p == NULL || link_of(e, &l->slug) != NULL)
        return;
    if (l->open_ms != 0 && e->now_ms - l->open_ms >= STEADY_MS)
        p->backoff_ms = 0;                  /* a link that stood for a while forgives what was before it */
    back_off(e, p, l->open_ms != 0, in_violation, why);
}

/* ---- whom ---- */

struct score { struct hash h; struct epeer *p; };

static int score_compare(const void *a, const void *b)
{
    return memcmp(((const struct score *)a)->h.b, ((const struct score *)b)->h.b, HASH_LEN);
}

static bool may_dial(const struct engine *e, const struct epeer *p)
{
    const struct charter *c = charter_now(e);
    const struct member *m = c != NULL ? charter_find(c, &p->slug) : NULL;
    return e->is_member && m != NULL && !m->is_former && peer_address(p)[0] != '\0';
}

/* The pair's own number for this week: both ends compute the same. */
static struct hash pair_score(struct engine *e, const struct epeer *p, uint64_t week)
{
    bool first = slug_compare(&e->self, &p->slug) < 0;
    char text[2 * SLUG_MAX + 32];
    struct buf b = buf_on(sizeof(text));
    buf_printf(&b, "%s %s %llu", first ? e->self.s : p->slug.s, first ? p->slug.s : e->self.s, (unsigned long long)week);
    if (buf_status(&b) != OK)
        no_memory(e);
    struct hash h = blake2b_256(buf_bytes(&b));
    buf_release(&b);
    return h;
}

/* [P-41] Up to 32 members each dials all; above that 8 by lowest BLAKE2b(slugs || week) and 2 at
 * random: few links, and still a connected graph whatever an adversary wishes. */
static void choose(struct engine *e, uint64_t week)
{
    struct score *s = calloc(e->n_peers + 1, sizeof(*s));
    if (s == NULL) {
        no_memory(e);
        return;
    }
    size_t n = 0;
    for (size_t i = 0; i < e->n_peers; i++) {
        struct epeer *p = e->peers[i];
        if (may_dial(e, p)) {
            s[n++] = (struct score){pair_score(e, p, week), p};
            continue;
        }
        p->is_chosen = false;
        if (p->state == PEER_IDLE && p->identity != NULL)
            peer_set_state(e, p, PEER_NO_ADDRESS, "");
    }
    qsort(s, n, sizeof(*s), score_compare);
    bool all = n < DIAL_ALL_UP_TO;
    bool is_new = week != e->chosen_week || n != e->n_chosen_of;   /* the two at random are drawn once */
    e->chosen_week = week;
    e->n_chosen_of = n;
    for (size_t i = 0; i < n; i++)
        s[i].p->is_chosen = all || i < DIAL_BY_HASH || (!is_new && s[i].p->is_chosen);
    for (size_t i = 0; !all && is_new && i < DIAL_AT_RANDOM; i++)
        s[DIAL_BY_HASH + engine_random(e) % (n - DIAL_BY_HASH)].p->is_chosen = true;
    free(s);
}

/* By its name, or, before its HELLO, by the key that its handshake proved. */
static bool is_linked(const struct engine *e, const struct epeer *p)
{
    for (size_t i = 0; i < e->n_links; i++) {
        const struct elink *l = e->links[i];
        if (l->state != LINK_CLOSING && (slug_equal(&l->slug, &p->slug)
            || (p->identity != NULL && memcmp(l->node.b, p->identity->node.b, sizeof(l->node.b)) == 0)))
            return true;
    }
    return false;
}

bool dial_has_other(const struct engine *e, const struct elink *l)
{
    for (size_t i = 0; i < e->n_links; i++) {
        const struct elink *other = e->links[i];
        if (other != l && other->state != LINK_CLOSING
            && (slug_equal(&other->slug, &l->slug) || memcmp(other->node.b, l->node.b, sizeof(l->node.b)) == 0))
            return true;
    }
    size_t at = peer_place(e, &l->slug);
    return at < e->n_peers && slug_equal(&e->peers[at]->slug, &l->slug) && e->peers[at]->state == PEER_DIALLING;
}

static void dial(struct engine *e, struct epeer *p)
{
    struct effect *f = fx_add(e, FX_DIAL);
    f->slug = p->slug;
    f->peer_node = p->identity->node;
    text_copy(f->address, sizeof(f->address), peer_address(p));
    peer_set_state(e, p, PEER_DIALLING, p->last_error);
}

/* Somebody asked us in, and we are not in yet. */
static bool inviter_is_wanted(const struct engine *e)
{
    if (e->cfg.inviter_address[0] == '\0' || engine_is_member(e))
        return false;
    for (size_t i = 0; i < e->n_links; i++)
        if (e->links[i]->is_dialler && memcmp(e->links[i]->node.b, e->cfg.inviter_node.b, sizeof(e->cfg.inviter_node.b)) == 0)
            return false;
    return true;
}

static void dial_inviter(struct engine *e)
{
    if (!inviter_is_wanted(e) || e->inviter_dialling)
        return;
    if (e->inviter_dial_ms > e->now_ms) {
        timer_at(e, e->inviter_dial_ms);
        return;
    }
    e->inviter_dialling = true;
    struct effect *f = fx_add(e, FX_DIAL);
    f->peer_node = e->cfg.inviter_node;
    memcpy(f->address, e->cfg.inviter_address, sizeof(f->address));
}

void dial_tick(struct engine *e)
{
    if (!e->is_started || e->cfg.is_import)
        return;
    if (e->wants_choice || e->wall_ms / WEEK_MS != e->chosen_week) {
        e->wants_choice = false;
        choose(e, e->wall_ms / WEEK_MS);
    }
    for (size_t i = 0; i < e->n_peers; i++) {
        struct epeer *p = e->peers[i];
        if (!p->is_chosen || p->state == PEER_DIALLING || is_linked(e, p))
            continue;
        if (p->dial_ms > e->now_ms)
            timer_at(e, p->dial_ms);
        else
            dial(e, p);
    }
    dial_inviter(e);
}

bool dial_is_settled(const struct engine *e)
{
    if (e->inviter_dialling || (inviter_is_wanted(e) && !e->inviter_tried))
        return false;
    for (size_t i = 0; i < e->n_peers; i++) {
        const struct epeer *p = e->peers[i];
        if (p->state == PEER_DIALLING || (p->is_chosen && !p->is_tried && may_dial(e, p)))
            return false;
    }
    return true;
}
