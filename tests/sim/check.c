#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/sim/sim.h"

enum { TICKETS_MAX = 4096, FRAME_EXTRA = 500 };        /* a frame without its items: a checkpoint note, mostly */

/* ---- what authors made ---- */

struct book *book_of(struct sim *s, const struct origin *o, size_t *ret_place)
{
    size_t i = 0;
    while (i < s->n_books && !origin_equal(&s->books[i]->origin, o))
        i++;
    if (i == s->n_books) {
        must(s->n_books < LOG_KINDS_MAX && (s->books[i] = calloc(1, sizeof(*s->books[i]))) != NULL);
        s->books[s->n_books++]->origin = *o;
    }
    if (ret_place != NULL)
        *ret_place = i;
    return s->books[i];
}

/* What was cosigned below the parting lies on the new branch, too. */
static void part(struct sim *s, const struct origin *o, size_t branch, const struct dlog *log)
{
    size_t place;
    (void)book_of(s, o, &place);
    for (size_t i = 0; i < s->n_nodes; i++)
        if (s->nodes[i]->cosigned[place] <= log->n_rows && s->nodes[i]->mask[place] != 0)
            s->nodes[i]->mask[place] |= 1u << branch;
}

/* Which of the branches is the one on the author's disk?  A new one where it parts from all. */
size_t book_branch(struct sim *s, struct node *author, const struct origin *o)
{
    struct book *b = book_of(s, o, NULL);
    struct dlog *log = disk_log_make(author->disk, o);
    for (size_t i = 0; i < b->n_branches; i++) {
        bool is_same = b->branch[i].n == log->n_rows;
        for (size_t k = 0; is_same && k < log->n_rows; k++)
            is_same = hash_equal(&b->branch[i].leaves[k], &log->rows[k].leaf);
        if (is_same)
            return i;
    }
    must(b->n_branches < BRANCHES_MAX);
    b->is_forked = b->n_branches > 0;
    size_t i = b->n_branches++;
    part(s, o, i, log);
    b->branch[i].n = b->branch[i].cap = log->n_rows;
    b->branch[i].leaves = malloc((log->n_rows + 1) * sizeof(struct hash));
    must(b->branch[i].leaves != NULL);
    for (size_t k = 0; k < log->n_rows; k++)
        b->branch[i].leaves[k] = log->rows[k].leaf;
    return i;
}

static enum err get_leaf(void *arg, unsigned level, uint64_t index, struct hash *ret)
{
    const struct hash *leaves = arg;
    if (level > 0) {
        struct merkle_source src = {get_leaf, arg};
        return merkle_fold(&src, 0, level, index, ret);
    }
    *ret = leaves[index];
    return OK;
}

/* On which branches lies this root at this size? */
static uint32_t branches_with(struct book *b, uint64_t size, const struct hash *root)
{
    uint32_t mask = 0;
    for (size_t i = 0; i < b->n_branches; i++) {
        struct hash got;
        struct merkle_source src = {get_leaf, b->branch[i].leaves};
        if (size > b->branch[i].n)
            continue;
        if (!memo_find(&b->branch[i].memo, size, &got)) {
            must(merkle_root(&src, size, &got) == OK);
            memo_put(&b->branch[i].memo, size, &got);
        }
        if (hash_equal(&got, root))
            mask |= 1u << i;
    }
    return mask;
}

/* ---- the disk ---- */

/* Where the next generation on this disk says that this one ends. */
struct closed_at { bool is_known; uint64_t size; struct hash root; };

static struct closed_at closed_at(const struct node *n, const struct origin *o)
{
    struct origin next = {.alliance = o->alliance, .slug = o->slug, .generation = o->generation + 1};
    struct dlog *log = disk_log(n->disk, &next);
    struct identity *id = log != NULL && log->n_rows > 0 ? disk_identity(log, 1) : NULL;
    struct closed_at at = {.is_known = id != NULL && id->has_closes};
    if (at.is_known) {
        at.size = id->closes_size;
        at.root = id->closes_root;
    }
    free(id);
    return at;
}

static bool is_closed_there(const struct node *n, const struct origin *o, uint64_t size, const struct hash *root)
{
    struct charter *c = NULL;
    uint32_t version = disk_charter(n, &c);
    const struct member *m = version > 0 ? charter_find(c, &o->slug) : NULL;
    bool is_closed = m != NULL && m->is_former && m->closed_generation == o->generation && m->closed_size == size
                     && hash_equal(&m->closed_root, root);
    charter_free(c);
    struct closed_at at = closed_at(n, o);
    return is_closed || (at.is_known && at.size == size && hash_equal(&at.root, root));
}

/* Nothing is in an honest store without its author's signature: looked at again, by another way. */
void check_append(struct node *n, const struct append *a)
{
    struct sim *s = n->sim;
    struct dlog *log = disk_log(n->disk, &a->origin);
    memset(&log->memo, 0, sizeof(log->memo));       /* computed anew from what is stored */
    struct hash root = disk_root(log, log->n_rows), frontier = frontier_root(a->after);
    const char *who = n->keys.slug.s, *of = a->origin.slug.s;
    if (!hash_equal(&root, &frontier) || a->after->size != log->n_rows) {
        sim_fail(s, "%s stored a frontier of %s that its entries do not have", who, of);
        return;
    }
    for (size_t i = a->expected; i < log->n_rows; i++) {
        struct header h;
        if (header_read(blob_bytes(log->rows[i].header), &h) != OK
            || (log->rows[i].has_payload && header_check_payload(&h, blob_bytes(log->rows[i].payload)) != OK))
            sim_fail(s, "%s stored a bad entry %zu of %s", who, i, of);
    }
    struct identity *id = disk_identity(log, log->n_rows);
    struct checkpoint c;
    if (a->checkpoint.len == 0) {
        if (!is_closed_there(n, &a->origin, log->n_rows, &root))
            sim_fail(s, "%s stored %s to %zu with no signature", who, of, log->n_rows);
    } else if (id == NULL || checkpoint_open(a->checkpoint, &a->origin, &id->log, &c) != OK || c.size != log->n_rows
               || !hash_equal(&c.root, &root)) {
        sim_fail(s, "%s stored %s to %zu without its author's signature", who, of, log->n_rows);
    }
    free(id);
    struct closed_at at = closed_at(n, &a->origin);
    if (at.is_known && a->expected >= at.size && !slug_equal(&n->keys.slug, &a->origin.slug))
        sim_fail(s, "%s stored entries of %s above its closing", who, of);
    check_whole(n, log);
}

void check_whole(struct node *n, const struct dlog *log)
{
    for (uint64_t i = 0; i < log->whole; i++)
        if (!log->rows[i].has_payload && !disk_is_erased(log, i, log->rows[i].excuse))
            sim_fail(n->sim, "%s says it holds %s whole to %llu and lacks %llu", n->keys.slug.s, log->origin.slug.s,
                     (unsigned long long)log->whole, (unsigned long long)i);
}

void check_fill(struct node *n, struct dlog *log, uint64_t idx)
{
    struct header h;
    if (header_read(blob_bytes(log->rows[idx].header), &h) != OK
        || header_check_payload(&h, blob_bytes(log->rows[idx].payload)) != OK)
        sim_fail(n->sim, "%s filled a hole of %s with what does not belong there", n->keys.slug.s, log->origin.slug.s);
}

/* Nobody signs two stories: all a witness's cosignatures of a log lie on one branch. */
void check_cosigned(struct node *n, const struct cosig *c)
{
    size_t place;
    struct origin o = {.alliance = n->sim->alliance, .slug = c->log.slug, .generation = c->log.generation};
    struct book *b = book_of(n->sim, &o, &place);
    if (!slug_equal(&c->witness, &n->keys.slug))
        return;
    uint32_t on = branches_with(b, c->size, &c->root);
    if (on == 0)
        sim_fail(n->sim, "%s cosigned a root of %s that nobody made", n->keys.slug.s, o.slug.s);
    const struct dlog *log = disk_log(n->disk, &o);
    for (size_t i = 0; log != NULL && c->size <= log->n_rows && i < c->size; i++)
        if (log->rows[i].time_ms > c->time_s * 1000 + 999 + CLOCK_AHEAD_MAX_MS)
            sim_fail(n->sim, "%s cosigned %s, entry %zu of which is dated ahead of its clock", n->keys.slug.s, o.slug.s, i);
    n->mask[place] &= on;
    if (c->size > n->cosigned[place])
        n->cosigned[place] = c->size;
    if (!n->is_tainted && n->mask[place] == 0)
        sim_fail(n->sim, "%s cosigned two stories of %s", n->keys.slug.s, o.slug.s);
}

/* What was announced before is here, unless the disk was taken back. */
void check_loaded(struct node *n)
{
    for (size_t i = 0; i < n->sim->n_books; i++) {
        struct dlog *log = disk_log(n->disk, &n->sim->books[i]->origin);
        bool is_ended = closed_at(n, &n->sim->books[i]->origin).is_known;       /* it may have held the other story */
        if (!n->is_tainted && !is_ended && n->announced[i] > (log != NULL ? log->whole : 0))
            sim_fail(n->sim, "%s announced %s to %llu and has lost it", n->keys.slug.s, n->sim->books[i]->origin.slug.s,
                     (unsigned long long)n->announced[i]);
    }
}

/* ---- what is said ---- */

static void check_have(struct node *n, struct msg_have *m)
{
    struct have h;
    while (have_next(m, &h)) {
        size_t place;
        struct origin o = {.alliance = n->sim->alliance, .slug = h.log.slug, .generation = h.log.generation};
        (void)book_of(n->sim, &o, &place);
        struct dlog *log = disk_log(n->disk, &o);
        if (log == NULL || h.size > log->whole || (h.flags != 0 && !log->is_frozen)) {
            sim_fail(n->sim, "%s announced %s to %llu before it was durable", n->keys.slug.s, o.slug.s,
                     (unsigned long long)h.size);
            return;
        }
        struct hash root = h.size > 0 ? disk_root(log, h.size) : sha256((struct bytes){0});
        struct short_root half = short_root_of(&root);
        if (h.size > 0 && memcmp(half.b, h.root.b, SHORT_ROOT_LEN) != 0)
            sim_fail(n->sim, "%s announced a root of %s that it does not hold", n->keys.slug.s, o.slug.s);
        if (h.size > n->announced[place])
            n->announced[place] = h.size;
    }
}

static void check_cosig(struct node *n, const struct cosig *c)
{
    struct origin o = {.alliance = n->sim->alliance, .slug = c->log.slug, .generation = c->log.generation};
    struct dlog *log = disk_log(n->disk, &o);
    bool is_here = false;
    for (size_t i = 0; log != NULL && i < log->n_cosigs; i++)
        is_here |= log->cosigs[i].size == c->size && slug_equal(&log->cosigs[i].witness, &c->witness)
            && hash_equal(&log->cosigs[i].root, &c->root);
    if (!is_here)
        sim_fail(n->sim, "%s gave a cosignature of %s over %s before it was durable", n->keys.slug.s, c->witness.s, o.slug.s);
    if (is_here && slug_equal(&c->witness, &n->keys.slug) && log->cosigned_size < c->size)
        sim_fail(n->sim, "%s gave a cosignature over %s without its promise", n->keys.slug.s, o.slug.s);
}

static void check_evidence(struct node *n, struct bytes in)
{
    struct evidence *ev = malloc(sizeof(*ev));
    must(ev != NULL && evidence_read(in, ev) == OK);
    struct origin o = {.alliance = n->sim->alliance, .slug = ev->log.slug, .generation = ev->log.generation};
    struct dlog *log = disk_log(n->disk, &o);
    if (log == NULL || !log->is_frozen || log->evidence.len == 0)
        sim_fail(n->sim, "%s showed evidence against %s before it was durable", n->keys.slug.s, o.slug.s);
    if (!book_of(n->sim, &o, NULL)->is_forked)
        sim_fail(n->sim, "%s convicted %s, who told one story", n->keys.slug.s, o.slug.s);
    free(ev);
}

/* The very important one: nobody honest is blamed by anybody honest. */
static void check_bye(struct node *n, struct node *to, struct bytes code)
{
    enum bye_reason why;
    if (bye_parse(code, &why) != OK || !bye_is_violation(why))
        return;
    n->violations++;
    n->sim->n_blamed++;
    if (to->liar == HONEST)
        sim_fail(n->sim, "%s blamed %s, who is honest, for %s", n->keys.slug.s, to->keys.slug.s, bye_code(why));
}

void check_sent(struct node *n, struct node *to, struct bytes frame)
{
    struct message *m = malloc(sizeof(*m));
    must(m != NULL);
    if (message_decode(frame, m) != OK)
        sim_fail(n->sim, "%s sent what is no message", n->keys.slug.s);
    else if (m->type == MSG_HAVE)
        check_have(n, &m->u.have);
    else if (m->type == MSG_COSIG)
        check_cosig(n, &m->u.cosig);
    else if (m->type == MSG_EVIDENCE)
        check_evidence(n, m->u.evidence);
    else if (m->type == MSG_BYE)
        check_bye(n, to, m->u.bye);
    else if (m->type == MSG_ENTRIES) {
        size_t place;
        struct origin o = {.alliance = n->sim->alliance, .slug = m->u.entries.log.slug,
                           .generation = m->u.entries.log.generation};
        (void)book_of(n->sim, &o, &place);
        to->received[place] += frame.len;
        to->n_received[place]++;
    }
    free(m);
}

void check_step(struct node *n)
{
    struct engine_counts c = engine_counts(n->engine);
    if (c.staged_bytes > STAGED_MAX)
        sim_fail(n->sim, "%s stages %zu bytes", n->keys.slug.s, c.staged_bytes);
    if (c.n_tickets > TICKETS_MAX)
        sim_fail(n->sim, "%s has %zu tickets out", n->keys.slug.s, c.n_tickets);
    if (n->liar == HONEST && c.violations != n->violations)
        sim_fail(n->sim, "%s counts %llu violations and named %llu", n->keys.slug.s, (unsigned long long)c.violations,
                 (unsigned long long)n->violations);
}

/* ---- the end ---- */

static bool counts(const struct node *n)
{
    return n->liar == HONEST && !n->is_out && !n->is_gone && !n->extra.is_import && n->engine != NULL;
}

bool all_settled(struct sim *s)
{
    for (size_t i = 0; i < s->n_nodes; i++)
        if (counts(s->nodes[i]) && !engine_is_settled(s->nodes[i]->engine))
            return false;
    return true;
}

static size_t count_cosigs(const struct dlog *log, const struct charter *c)
{
    struct slug list[WITNESSES_MAX];
    size_t n = charter_witnesses(c, list), count = 0;
    for (size_t k = 0; k < n; k++) {
        bool is_here = false;
        for (size_t i = 0; i < log->n_cosigs; i++)
            is_here |= log->cosigs[i].size == log->whole && slug_equal(&log->cosigs[i].witness, &list[k]);
        count += is_here;
    }
    return count;
}

/* How many bytes a log is when it crosses a link once. */
static uint64_t bytes_of_log(const struct dlog *log)
{
    uint64_t sum = 0;
    for (size_t i = 0; i < log->n_rows; i++)
        sum += log->rows[i].header.len + log->rows[i].payload.len + 12;
    return sum;
}

static void check_log_end(struct sim *s, struct node *n, size_t place, struct dlog *most, const struct charter *c)
{
    struct book *b = s->books[place];
    struct dlog *log = disk_log(n->disk, &b->origin);
    const struct member *m = charter_find(c, &b->origin.slug);
    struct closed_at at = closed_at(n, &b->origin);
    if (m == NULL)
        return;
    if (at.is_known) {                      /* all hold the story that its author went on from, to there at the least */
        struct hash root = log != NULL && log->n_rows >= at.size ? disk_root(log, at.size) : sha256((struct bytes){0});
        if (!hash_equal(&root, &at.root))
            sim_fail(s, "%s does not hold %s as its closing says", n->keys.slug.s, b->origin.slug.s);
    }
    if (b->is_forked) {
        if (log != NULL && log->n_rows > 0 && !(log->is_frozen && log->evidence.len > 0))
            sim_fail(s, "%s holds forked %s~%u and does not know it", n->keys.slug.s, b->origin.slug.s, b->origin.generation);
        return;
    }
    if (m->is_former && b->origin.generation > m->closed_generation) {
        if (log != NULL && log->n_rows > 0 && !n->is_tainted)
            sim_fail(s, "%s holds %s~%u, which began when it was no member any more", n->keys.slug.s, b->origin.slug.s,
                     b->origin.generation);
        return;
    }
    const bool is_ended = at.is_known || (m->is_former && b->origin.generation == m->closed_generation);
    uint64_t want = at.is_known ? at.size : is_ended ? m->closed_size : most->whole, have = log != NULL ? log->whole : 0;
    if (log == NULL || have < want || (!is_ended && have != want))
        sim_fail(s, "%s holds %s to %llu of %llu", n->keys.slug.s, b->origin.slug.s, (unsigned long long)have,
                 (unsigned long long)want);
    else if (!is_ended && count_cosigs(log, c) < charter_quorum(c))
        sim_fail(s, "%s holds %s with %zu cosignatures, a quorum is %u", n->keys.slug.s, b->origin.slug.s,
                 count_cosigs(log, c), charter_quorum(c));
    else if (!s->has_faults && !slug_equal(&n->keys.slug, &b->origin.slug)
             && n->received[place] > bytes_of_log(log) * 102 / 100 + n->n_received[place] * FRAME_EXTRA)
        sim_fail(s, "%s got %llu bytes of %s, which has %llu", n->keys.slug.s, (unsigned long long)n->received[place],
                 b->origin.slug.s, (unsigned long long)bytes_of_log(log));
}

static void check_links_end(struct sim *s, struct node *a)
{
    for (size_t k = a->index + 1; k < s->n_nodes; k++)
        if (counts(s->nodes[k]) && world_wires_between(s, a, s->nodes[k]) > 1)
            sim_fail(s, "%s and %s have two links", a->keys.slug.s, s->nodes[k]->keys.slug.s);
}

/* When all is quiet nothing is promised, staged or owed. */
static void check_idle_end(struct sim *s, struct node *n)
{
    struct engine_counts c = engine_counts(n->engine);
    if (c.n_streams == 0 && (c.credit_out != 0 || c.staged_bytes != 0 || c.n_tickets != 0))
        sim_fail(s, "%s is idle with %llu bytes of credit out, %zu staged, %zu tickets", n->keys.slug.s,
                 (unsigned long long)c.credit_out, c.staged_bytes, c.n_tickets);
}

static void check_charter_end(struct sim *s, struct node *n, const struct charter *newest)
{
    struct charter *c = NULL;
    uint32_t version = disk_charter(n, &c);
    if (version != newest->version || !hash_equal(&c->hash, &newest->hash))
        sim_fail(s, "%s holds charter %u, others %u", n->keys.slug.s, version, newest->version);
    if (engine_charter_version(n->engine) != version)
        sim_fail(s, "%s has charter %u in mind and %u on disk", n->keys.slug.s, engine_charter_version(n->engine), version);
    charter_free(c);
}

void check_end(struct sim *s)
{
    struct charter *newest = NULL;
    struct dlog *most[LOG_KINDS_MAX] = {NULL};
    if (s->failed == NULL && !all_settled(s))
        sim_fail(s, "not everybody has settled");
    for (size_t i = 0; i < s->n_nodes && s->failed == NULL; i++) {
        struct charter *c = NULL;
        if (!counts(s->nodes[i]))
            continue;
        if (disk_charter(s->nodes[i], &c) > (newest != NULL ? newest->version : 0)) {
            charter_free(newest);
            newest = c;
            c = NULL;
        }
        charter_free(c);
        for (size_t p = 0; p < s->n_books; p++) {
            struct dlog *log = disk_log(s->nodes[i]->disk, &s->books[p]->origin);
            if (log != NULL && (most[p] == NULL || log->whole > most[p]->whole))
                most[p] = log;
        }
    }
    for (size_t i = 0; i < s->n_nodes && s->failed == NULL; i++) {
        struct node *n = s->nodes[i];
        if (!counts(n))
            continue;
        check_charter_end(s, n, newest);
        check_links_end(s, n);
        check_idle_end(s, n);
        for (size_t p = 0; p < s->n_books && s->failed == NULL; p++)
            if (most[p] != NULL)
                check_log_end(s, n, p, most[p], newest);
    }
    charter_free(newest);
}
