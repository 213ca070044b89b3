/* cli/audit/judge_heads.c - checkpoints and who stands behind them. */
#include "cli/audit/judge_inside.h"

#include <assert.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

const struct key_from *judge_key_at(const struct judged_log *l, uint64_t size)
{
    size_t low = 0, high = l->n_keys;
    while (low < high) {
        size_t mid = low + (high - low) / 2;
        if (l->keys[mid].idx < size)
            low = mid + 1;
        else
            high = mid;
    }
    return low > 0 ? &l->keys[low - 1] : NULL;
}

enum err judge_cosigner(struct head *h, const char *name, size_t place, uint64_t time_s)
{
    enum err e = list_room((void **)&h->cosigners, &h->cap_cosigners, h->n_cosigners, sizeof(h->cosigners[0]));
    if (e != OK)
        return e;
    struct cosigner *c = &h->cosigners[h->n_cosigners++];
    *c = (struct cosigner){.place = place, .time_s = time_s};
    return bytes_to_str(bytes_of(name), c->name.s, sizeof(c->name.s));
}

/* ---- signatures on a note ---- */

static bool is_line_of(const struct note_line *line, const struct note_key *key)
{
    struct note_keyid id = note_keyid(key);
    return bytes_equal(line->name, bytes_of(key->name)) && memcmp(line->id.b, id.b, sizeof(id.b)) == 0;
}

static enum err by_charter(struct judgement *j, const struct judged_log *l, struct head *h, const struct note *n, bool is_strict)
{
    const struct key_from *from = judge_key_at(l, h->size);
    struct note_key log = {0};
    enum err e = OK;
    if (from != NULL) {
        log = checkpoint_log_key(&l->origin, &from->log);
        h->is_signed = note_check(n, &log, NULL) == OK;
    }
    if (!h->is_signed)
        problems_add(&j->problems, true, "%s: the checkpoint of %" PRIu64 " is not signed by the log key that was in force",
                     l->name, h->size);
    for (size_t i = 0; i < n->n_lines && e == OK; i++) {
        struct note_key key;
        size_t w = trust_witness(&j->trust, &n->lines[i], &key);
        bool is_known = w < j->trust.n_keys;
        uint64_t time_s = 0;
        if (from != NULL && is_line_of(&n->lines[i], &log))
            continue;
        if (is_known && note_find(n, &key) == &n->lines[i] && note_check(n, &key, &time_s) == OK)
            e = judge_cosigner(h, j->trust.keys[w].slug.s, 0, time_s);
        else if (is_strict || is_known)
            problems_add(&j->problems, true, "%s: on the checkpoint of %" PRIu64 " a line stands that %s", l->name, h->size,
                         is_known ? "does not hold" : "nobody known here signed");
    }
    return e;
}

static enum err by_policy(struct judgement *j, const struct judged_log *l, struct head *h, const struct note *n)
{
    struct policy_seen *seen = malloc(sizeof(*seen));
    if (seen == NULL)
        return ERR_NOMEM;
    const struct policy *p = j->trust.policy;
    enum err e = policy_check(p, n, seen);
    h->is_signed = e == OK;
    if (e == ERR_UNKNOWN)                   /* by an older key, perhaps: a later one, to which it leads, will do */
        problems_add(&j->problems, false, "%s: the checkpoint of %" PRIu64 " is not signed by a log of the policy", l->name,
                     h->size);
    else if (e != OK)
        problems_add(&j->problems, true, "%s: on the checkpoint of %" PRIu64 " a line of a key in the policy does not hold",
                     l->name,
                     h->size);
    e = OK;
    for (size_t i = 0; h->is_signed && i < p->n_witnesses && e == OK; i++)
        if ((seen->cosigned >> i & 1) != 0)
            e = judge_cosigner(h, p->witnesses[i].name.s, i, seen->times[i]);
    free(seen);
    return e;
}

/* Another log's checkpoint may say more behind the root. */
static enum err read_foreign(struct bytes text, struct checkpoint *ret)
{
    struct bytes name, size, root;
    if (!bytes_line(&text, &name) || !bytes_line(&text, &size) || !bytes_line(&text, &root))
        return ERR_FORMAT;
    enum err e = bytes_u64(size, INT64_MAX, &ret->size);
    return e == OK ? base64_decode(root, ret->root.b, HASH_LEN) : e;
}

static enum err read_text(const struct judged_log *l, struct bytes text, struct checkpoint *ret)
{
    if (!l->is_ours)
        return read_foreign(text, ret);
    enum err e = checkpoint_parse(text, ret);
    return e == OK && !origin_equal(&ret->origin, &l->origin) ? ERR_UNKNOWN : e;
}

enum err judge_head(struct judgement *j, size_t log, struct bytes note, bool is_strict, bool *ret_taken)
{
    struct judged_log *l = &j->logs[log];
    struct checkpoint c;
    struct note *n = malloc(sizeof(*n));
    enum err e = n != NULL ? note_parse(note, n) : ERR_NOMEM;
    if (e == OK)
        e = read_text(l, n->text, &c);
    *ret_taken = e == OK;
    if (e != OK) {
        if (e != ERR_NOMEM)
            problems_add(&j->problems, true, "%s: a checkpoint in the file is none of this log's", l->name);
        free(n);
        return e == ERR_NOMEM ? e : OK;
    }
    e = list_room((void **)&l->heads, &l->cap_heads, l->n_heads, sizeof(l->heads[0]));
    if (e == OK) {
        struct head *h = &l->heads[l->n_heads++];
        *h = (struct head){.size = c.size, .root = c.root};
        if (j->trust.policy != NULL)
            e = by_policy(j, l, h, n);
        else if (j->file != AUDIT_PROOF)    /* which carries no key that could be judged by */
            e = by_charter(j, l, h, n, is_strict);
    }
    free(n);
    return e;
}

/* ---- who stands behind a state ---- */

/* Whoever cosigned a later state holds all that lies below it: the later states lead back to this one. */
static enum err gather(struct witnessed *all, size_t *cap, const struct head *h)
{
    for (size_t i = 0; i < h->n_cosigners; i++) {
        const struct cosigner *c = &h->cosigners[i];
        size_t at = 0;
        while (at < all->n && strcmp(all->list[at].name.s, c->name.s) != 0)
            at++;
        if (at < all->n) {
            all->list[at].time_s = c->time_s < all->list[at].time_s ? c->time_s : all->list[at].time_s;
            continue;
        }
        enum err e = list_room((void **)&all->list, cap, all->n, sizeof(all->list[0]));
        if (e != OK)
            return e;
        all->list[all->n++] = *c;
    }
    return OK;
}

static int by_time(const void *a, const void *b)
{
    const struct cosigner *x = a, *y = b;
    return (x->time_s > y->time_s) - (x->time_s < y->time_s);
}

/* When a quorum of a set had cosigned, `sorted` by time; 0: it never had. */
static uint64_t quorum_time(const struct witnessed *sorted, const struct witness_set *s, const struct slug *author,
                            bool *ret_others)
{
    uint32_t n = 0;
    bool others = false;
    for (size_t i = 0; i < sorted->n; i++)
        for (size_t k = 0; k < s->n; k++) {
            if (strcmp(sorted->list[i].name.s, s->list[k].s) != 0)
                continue;
            others = others || !slug_equal(&s->list[k], author);
            if (++n == s->quorum) {
                *ret_others = others;
                return sorted->list[i].time_s;
            }
        }
    return 0;
}

/* A quorum counts by the charter that the auditor pinned, or a later one; one of an older charter can only make the time
 * earlier. The author's own word alone is a quorum only where the newest charter has no other witness: the first charter
 * has but one, its founder. */
static void count_by_charter(const struct judgement *j, const struct judged_log *l, uint32_t admitted, struct witnessed *w)
{
    const struct trust *t = &j->trust;
    for (size_t i = 0; i < t->n_sets; i++) {
        const struct witness_set *s = &t->sets[i];
        bool others = false, is_older = s->to < t->pinned;
        uint64_t at = s->to >= admitted ? quorum_time(w, s, &l->origin.slug, &others) : 0;
        if (at == 0 || (!others && i > 0) || (is_older && !w->has_quorum) || (w->by_s != 0 && at >= w->by_s))
            continue;
        w->has_quorum = true;
        w->by_s = at;
        w->version = s->to;
        w->is_older = is_older;
        w->is_alone = !others;
    }
}

static void count_by_policy(const struct policy *p, struct witnessed *w)
{
    uint64_t set = 0;
    if (p->quorum_is_none)
        w->has_quorum = true;
    for (size_t i = 0; i < w->n && !w->has_quorum; i++) {
        set |= (uint64_t)1 << w->list[i].place;
        w->has_quorum = policy_is_quorum(p, set);
        w->by_s = w->has_quorum ? w->list[i].time_s : 0;
    }
}

enum err judge_witnesses(struct judgement *j, struct judged_log *l)
{
    struct witnessed all = {0};
    size_t cap = 0;
    enum err e = OK;
    uint32_t admitted = l->is_ours ? trust_admitted(&j->trust, &l->origin.slug) : 0;
    for (size_t i = l->n_heads; i-- > 0 && e == OK;) {
        struct head *h = &l->heads[i];
        if (i + 1 < l->n_heads && !l->heads[i + 1].is_linked)
            all.n = 0;
        if (h->is_signed)
            e = gather(&all, &cap, h);
        struct witnessed *w = &h->witnessed;
        w->list = e == OK && all.n > 0 ? calloc(all.n, sizeof(*w->list)) : NULL;
        if (e != OK || all.n == 0 || w->list == NULL) {
            e = e == OK && all.n > 0 ? ERR_NOMEM : e;
            if (e == OK && j->trust.policy != NULL)
                count_by_policy(j->trust.policy, w);
            continue;
        }
        w->n = all.n;
        memcpy(w->list, all.list, all.n * sizeof(*w->list));
        qsort(w->list, w->n, sizeof(*w->list), by_time);
        if (j->trust.policy != NULL)
            count_by_policy(j->trust.policy, w);
        else if (j->trust.kind == TRUST_CHARTER)
            count_by_charter(j, l, admitted, w);
    }
    free(all.list);
    return e;
}
