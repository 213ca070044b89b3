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

static enum err add_cosigner(struct head *h, const char *name, size_t place, uint64_t time_s)
{
    enum err e = list_room((void **)&h->cosigners, &h->cap_cosigners, h->n_cosigners, sizeof(h->cosigners[0]));
    if (e == OK)
        h->cosigners[h->n_cosigners++] = (struct cosigner){name, place, time_s};
    return e;
}

enum err judge_cosigned(struct head *h, const struct policy *p, size_t place, uint64_t time_s)
{
    return add_cosigner(h, p->witnesses[place].name.s, place, time_s);
}

enum err judge_cosigned_by(struct head *h, const struct charter *now, const struct slug *slug, uint64_t time_s)
{
    const struct member *m = charter_find(now, slug);
    assert(m != NULL);                      /* by whose root its key is known */
    return add_cosigner(h, m->slug.s, (size_t)(m - now->members), time_s);
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
        bool is_known = w < j->trust.keys.n;
        uint64_t time_s = 0;
        if (from != NULL && is_line_of(&n->lines[i], &log))
            continue;
        if (is_known && note_find(n, &key) == &n->lines[i] && note_check(n, &key, &time_s) == OK)
            e = judge_cosigned_by(h, j->trust.now, &j->trust.keys.list[w].slug, time_s);
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
            e = judge_cosigned(h, p, i, seen->times[i]);
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
