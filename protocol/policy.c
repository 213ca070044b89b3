#include "protocol/policy.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "protocol/policy_words.h"

static_assert(POLICY_WITNESSES_MAX <= 64, "a set of witnesses is a bit each");

struct policy *policy_new(void)
{
    struct policy *p = calloc(1, sizeof(*p));
    if (p != NULL)
        p->quorum_is_none = true;
    return p;
}

void policy_free(struct policy *p)
{
    free(p);
}

static const char *place_name(const struct policy *p, uint16_t place)
{
    return place < p->n_witnesses ? p->witnesses[place].name.s : p->groups[place - p->n_witnesses].name.s;
}

static void put_group(const struct policy *p, const struct policy_group *g, struct buf *ret)
{
    buf_printf(ret, "group %s %u", g->name.s, (unsigned)g->k);
    for (size_t i = 0; i < g->n; i++)
        buf_printf(ret, " %s", place_name(p, g->members[i]));
    buf_put_u8(ret, '\n');
}

void policy_write(const struct policy *p, struct buf *ret)
{
    for (size_t i = 0; i < p->n_logs; i++) {
        buf_put_str(ret, "log ");
        note_vkey_write(&p->logs[i], ret);
        buf_put_u8(ret, '\n');
    }
    for (size_t i = 0; i < p->n_witnesses; i++) {
        buf_printf(ret, "witness %s ", p->witnesses[i].name.s);
        note_vkey_write(&p->witnesses[i].key, ret);
        buf_put_u8(ret, '\n');
    }
    for (size_t i = 0; i < p->n_groups; i++)
        put_group(p, &p->groups[i], ret);
    buf_printf(ret, "quorum %s\n", p->quorum_is_none ? "none" : place_name(p, p->quorum));
}

/* ---- witnesses of many keys ---- */

struct places { size_t n; uint16_t list[POLICY_WITNESSES_MAX]; };   /* of one party's keys */

static enum err add_key(struct policy *p, const struct note_key *key, bool is_newest, struct places *of, size_t *ret_left_out)
{
    char name[NOTE_KEY_NAME_MAX + 1 + HEX_SIZE(sizeof(struct note_keyid))], hex[HEX_SIZE(sizeof(struct note_keyid))];
    struct note_keyid id = note_keyid(key);
    hex_encode((struct bytes){id.b, sizeof(id.b)}, hex);
    (void)snprintf(name, sizeof(name), is_newest ? "%s" : "%s~%s", key->name, hex);
    bool is_full = p->n_witnesses == POLICY_WITNESSES_MAX, stands = false;
    for (size_t i = 0; i < p->n_witnesses; i++)
        stands = stands || memcmp(p->witnesses[i].key.key.b, key->key.b, sizeof(key->key.b)) == 0;
    if (is_full || stands) {
        ++*ret_left_out;
        return OK;
    }
    of->list[of->n++] = (uint16_t)p->n_witnesses;
    return policy_add_witness(p, bytes_of(name), key);
}

/* The newest of all come before the second of any. */
static enum err add_keys(struct policy *p, size_t n, const struct policy_party *parties, struct places *of, size_t *ret_left_out)
{
    enum err e = OK;
    bool is_more = true;
    for (size_t round = 0; is_more && e == OK; round++) {
        is_more = false;
        for (size_t i = 0; i < n && e == OK; i++) {
            if (round < parties[i].n)
                e = add_key(p, &parties[i].keys[round], round == 0, &of[i], ret_left_out);
            is_more = is_more || round + 1 < parties[i].n;
        }
    }
    return e;
}

static enum err add_group(struct policy *p, const char *name, uint32_t k, size_t n, const uint16_t *members)
{
    assert(p->n_groups < POLICY_GROUPS_MAX && k >= 1 && k <= n);
    struct policy_group *g = &p->groups[p->n_groups++];
    *g = (struct policy_group){.k = k, .n = n};
    memcpy(g->members, members, n * sizeof(members[0]));
    return bytes_to_str(bytes_of(name), g->name.s, sizeof(g->name.s));
}

enum err policy_make(size_t n_logs, const struct note_key *logs, size_t n, const struct policy_party *parties, uint32_t quorum,
                        struct policy *ret, size_t *ret_left_out)
{
    static_assert(WITNESSES_MAX < POLICY_GROUPS_MAX, "each witness is a group, and all are one");
    struct places of[WITNESSES_MAX] = {{.n = 0}}, all = {.n = 0};
    *ret = (struct policy){.quorum_is_none = quorum == 0};
    *ret_left_out = 0;
    enum err e = n <= WITNESSES_MAX ? OK : ERR_LIMIT;
    for (size_t i = 0; i < n_logs && e == OK; i++)
        e = policy_add_log(ret, &logs[i]);
    if (e == OK)
        e = add_keys(ret, n, parties, of, ret_left_out);
    for (size_t i = 0; i < n && e == OK; i++) {
        if (of[i].n == 0)
            continue;
        all.list[all.n++] = of[i].n == 1 ? of[i].list[0] : (uint16_t)(ret->n_witnesses + ret->n_groups);
        if (of[i].n > 1)
            e = add_group(ret, parties[i].name, 1, of[i].n, of[i].list);
    }
    if (e != OK || quorum == 0)
        return e;
    if (quorum > all.n)
        return ERR_FORMAT;
    ret->quorum = (uint16_t)(ret->n_witnesses + ret->n_groups);
    return add_group(ret, "quorum", quorum, all.n, all.list);
}

bool policy_is_quorum(const struct policy *p, uint64_t cosigned)
{
    bool witnessed[POLICY_WITNESSES_MAX + POLICY_GROUPS_MAX] = {false};
    if (p->quorum_is_none)
        return true;
    for (size_t i = 0; i < p->n_witnesses; i++)
        witnessed[i] = (cosigned >> i & 1) != 0;
    /* "A line defining a group can only reference names of groups and witnesses defined on preceding lines." */
    for (size_t i = 0; i < p->n_groups; i++) {
        uint32_t n = 0;
        for (size_t j = 0; j < p->groups[i].n; j++)
            n += witnessed[p->groups[i].members[j]];
        witnessed[p->n_witnesses + i] = n >= p->groups[i].k;
    }
    return witnessed[p->quorum];
}

/* "This name MUST correspond to the log's origin line." */
static bool is_of_origin(const struct note *n, const struct note_key *log)
{
    struct bytes text = n->text, first;
    return bytes_line(&text, &first) && bytes_equal(first, bytes_of(log->name));
}

enum err policy_check(const struct policy *p, const struct note *n, struct policy_seen *ret)
{
    struct policy_seen seen = {.log = p->n_logs};
    for (size_t i = 0; i < p->n_logs; i++) {
        if (!is_of_origin(n, &p->logs[i]))
            continue;
        enum err e = note_check(n, &p->logs[i], NULL);
        if (e == OK && seen.log == p->n_logs)
            seen.log = i;
        else if (e == ERR_SIGNATURE)
            return e;
    }
    if (seen.log == p->n_logs)
        return ERR_UNKNOWN;
    for (size_t i = 0; i < p->n_witnesses; i++) {
        enum err e = note_check(n, &p->witnesses[i].key, &seen.times[i]);
        if (e == OK)
            seen.cosigned |= (uint64_t)1 << i;
        else if (e == ERR_SIGNATURE)
            return e;
        else
            seen.times[i] = 0;
    }
    seen.has_quorum = policy_is_quorum(p, seen.cosigned);
    *ret = seen;
    return OK;
}
