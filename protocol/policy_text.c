#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "protocol/policy_words.h"

enum { PLACE_NONE = UINT16_MAX };

/* While it is read, witnesses and groups may come in any order: a group's place counts from GROUPS_FROM until the
 * number of witnesses is known. */
enum { GROUPS_FROM = POLICY_WITNESSES_MAX, PLACES = POLICY_WITNESSES_MAX + POLICY_GROUPS_MAX };

struct reading {
    struct policy *p;
    bool has_quorum;
    bool is_member[PLACES];                 /* "Each defined name can be listed as a group member at most once." */
};

static bool is_blank(uint8_t c)
{
    return c == ' ' || c == '\t';           /* "sequences of ASCII space and tab characters *only*" */
}

/* Cut the next word off the front of a line; it is empty when none is left. */
static struct bytes next_word(struct bytes *line)
{
    size_t at = 0, end;
    while (at < line->len && is_blank(line->p[at]))
        at++;
    for (end = at; end < line->len && !is_blank(line->p[end]);)
        end++;
    struct bytes word = {line->p + at, end - at};
    *line = (struct bytes){line->p + end, line->len - end};
    return word;
}

static bool word_is(struct bytes word, const char *s)
{
    return bytes_equal(word, bytes_of(s));
}

static bool name_equal(const struct policy_name *a, struct bytes name)
{
    return bytes_equal(bytes_of(a->s), name);
}

static uint16_t find_place(const struct policy *p, struct bytes name)
{
    for (size_t i = 0; i < p->n_witnesses; i++)
        if (name_equal(&p->witnesses[i].name, name))
            return (uint16_t)i;
    for (size_t i = 0; i < p->n_groups; i++)
        if (name_equal(&p->groups[i].name, name))
            return (uint16_t)(GROUPS_FROM + i);
    return PLACE_NONE;
}

/* A name that is free to be given. */
static enum err new_name(const struct policy *p, struct bytes name, struct policy_name *ret)
{
    if (name.len == 0 || word_is(name, "none") || find_place(p, name) != PLACE_NONE)
        return ERR_FORMAT;
    return bytes_to_str(name, ret->s, sizeof(ret->s)) == OK ? OK : ERR_FORMAT;
}

static bool key_equal(const struct note_key *a, const struct note_key *b)
{
    return memcmp(a->key.b, b->key.b, sizeof(a->key.b)) == 0;
}

enum err policy_add_log(struct policy *p, const struct note_key *key)
{
    if (key->type != NOTE_ED25519)
        return ERR_FORMAT;
    for (size_t i = 0; i < p->n_logs; i++)
        if (key_equal(&p->logs[i], key))
            return ERR_FORMAT;              /* "Duplicate logs ... are not allowed." */
    if (p->n_logs == POLICY_LOGS_MAX)
        return ERR_LIMIT;
    p->logs[p->n_logs++] = *key;
    return OK;
}

enum err policy_add_witness(struct policy *p, struct bytes name, const struct note_key *key)
{
    struct policy_witness w = {.key = *key};
    if (key->type != NOTE_COSIGNATURE)
        return ERR_FORMAT;
    for (size_t i = 0; i < p->n_witnesses; i++)
        if (key_equal(&p->witnesses[i].key, key))
            return ERR_FORMAT;              /* "Duplicate witnesses ... are not allowed." */
    enum err e = new_name(p, name, &w.name);
    if (e != OK)
        return e;
    if (p->n_witnesses == POLICY_WITNESSES_MAX)
        return ERR_LIMIT;
    p->witnesses[p->n_witnesses++] = w;
    return OK;
}

/* A URL may follow, of which we know no use, and nothing else. */
static bool ends_after_url(struct bytes line)
{
    (void)next_word(&line);
    return next_word(&line).len == 0;
}

static enum err read_log(struct reading *r, struct bytes line)
{
    struct note_key key;
    enum err e = note_vkey_parse(next_word(&line), &key);
    if (e == OK && !ends_after_url(line))
        e = ERR_FORMAT;
    return e == OK ? policy_add_log(r->p, &key) : ERR_FORMAT;
}

static enum err read_witness(struct reading *r, struct bytes line)
{
    struct note_key key;
    struct bytes name = next_word(&line);
    enum err e = note_vkey_parse(next_word(&line), &key);
    if (e == OK && !ends_after_url(line))
        e = ERR_FORMAT;
    return e == OK ? policy_add_witness(r->p, name, &key) : ERR_FORMAT;
}

static enum err read_threshold(struct bytes word, size_t n, uint32_t *ret)
{
    uint64_t k;
    if (word_is(word, "any"))
        k = 1;
    else if (word_is(word, "all"))
        k = n;
    else if (bytes_u64(word, n, &k) != OK)
        return ERR_FORMAT;
    if (k < 1 || k > n)
        return ERR_FORMAT;                  /* "it is required that 1 <= k <= n" */
    *ret = (uint32_t)k;
    return OK;
}

static enum err read_group(struct reading *r, struct bytes line)
{
    struct policy_group *g = &r->p->groups[r->p->n_groups];
    if (r->p->n_groups == POLICY_GROUPS_MAX)
        return ERR_LIMIT;
    *g = (struct policy_group){0};
    enum err e = new_name(r->p, next_word(&line), &g->name);
    struct bytes k = next_word(&line), member;
    while (e == OK && (member = next_word(&line)).len > 0) {
        uint16_t place = find_place(r->p, member);
        if (place == PLACE_NONE || r->is_member[place])
            return ERR_FORMAT;
        r->is_member[place] = true;
        g->members[g->n++] = place;         /* each place once: it fits */
    }
    if (e == OK)
        e = read_threshold(k, g->n, &g->k);
    if (e == OK)
        r->p->n_groups++;
    return e;
}

static enum err read_quorum(struct reading *r, struct bytes line)
{
    struct bytes name = next_word(&line);
    if (r->has_quorum || name.len == 0 || next_word(&line).len > 0)
        return ERR_FORMAT;
    r->has_quorum = true;
    r->p->quorum_is_none = word_is(name, "none");
    r->p->quorum = r->p->quorum_is_none ? 0 : find_place(r->p, name);
    return r->p->quorum == PLACE_NONE ? ERR_FORMAT : OK;
}

/* "the allowed octet values are 0x09 (tab), 0x0A (newline), 0x20-0x7E, and 0x80-0xFF" */
static bool is_allowed(struct bytes line)
{
    for (size_t i = 0; i < line.len; i++)
        if ((line.p[i] < ' ' && line.p[i] != '\t') || line.p[i] == 0x7f)
            return false;
    return true;
}

static enum err read_line(struct reading *r, struct bytes line)
{
    static const struct {
        const char *word;
        enum err (*read)(struct reading *r, struct bytes line);
    } lines[] = {{"log", read_log}, {"witness", read_witness}, {"group", read_group}, {"quorum", read_quorum}};
    if (!is_allowed(line))
        return ERR_FORMAT;
    struct bytes word = next_word(&line);
    if (word.len == 0 || word.p[0] == '#')
        return OK;
    for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++)
        if (word_is(word, lines[i].word))
            return lines[i].read(r, line);
    return ERR_FORMAT;
}

static uint16_t settled(const struct policy *p, uint16_t place)
{
    return place < GROUPS_FROM ? place : (uint16_t)(p->n_witnesses + (size_t)(place - GROUPS_FROM));
}

/* The number of witnesses is known: groups follow them without a gap. */
static void settle(struct policy *p)
{
    for (size_t i = 0; i < p->n_groups; i++)
        for (size_t j = 0; j < p->groups[i].n; j++)
            p->groups[i].members[j] = settled(p, p->groups[i].members[j]);
    p->quorum = settled(p, p->quorum);
}

enum err policy_parse(struct bytes in, struct policy **ret, size_t *ret_line)
{
    struct bytes line;
    size_t n = 0;
    enum err e = in.len > POLICY_MAX ? ERR_LIMIT : OK;
    struct reading r = {.p = policy_new()};
    if (r.p == NULL)
        return ERR_NOMEM;
    while (e == OK && in.len > 0) {
        n++;
        /* "each line is terminated by ASCII newline": what stands behind the last one is no line */
        e = bytes_line(&in, &line) ? read_line(&r, line) : ERR_FORMAT;
    }
    if (e == OK && !r.has_quorum)
        e = ERR_FORMAT;                     /* "A policy file must include exactly one quorum line." */
    if (e == OK) {
        settle(r.p);
        *ret = r.p;
        return OK;
    }
    *ret_line = n > 0 ? n : 1;
    policy_free(r.p);
    return e;
}
