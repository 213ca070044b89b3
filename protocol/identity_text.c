#include "protocol/identity.h"

#include <assert.h>
#include <inttypes.h>

#include "protocol/closed.h"

#define FIRST_LINE "folkmoot identity v1"

/*    name        keyword     least, most                    how many of `t` */
#define IDENTITY_LINES(X)                                                      \
    X(member,     "member",   1, 1,                          1)                \
    X(name,       "name",     1, 1,                          1)                \
    X(version,    "version",  1, 1,                          1)                \
    X(previous,   "previous", 1, 1,                          1)                \
    X(root,       "root",     1, 1,                          1)                \
    X(log,        "log",      1, 1,                          1)                \
    X(witness,    "witness",  1, 1,                          1)                \
    X(box,        "box",      1, 1,                          1)                \
    X(node,       "node",     1, 1,                          1)                \
    X(officer,    "officer",  0, IDENTITY_OFFICERS_MAX,      t->n_officers)    \
    X(address,    "address",  0, IDENTITY_ADDRESSES_MAX,     t->n_addresses)   \
    X(void,       "void",     0, 1,                          t->has_void)      \
    X(closes,     "closes",   0, 1,                          t->has_closes)

static enum err read_member(struct bytes value, struct identity *id)
{
    enum err e = word_slug(&value, &id->slug);
    if (e == OK)
        e = word_role(&value, &id->role);
    return e != OK ? e : words_codes(&value, &id->codes);
}

static void put_member(const struct identity *id, size_t i, struct buf *ret)
{
    (void)i;
    buf_printf(ret, "%s %s", id->slug.s, role_name(id->role));
    put_codes(&id->codes, ret);
}

static enum err read_name(struct bytes value, struct identity *id)
{
    return value_name(value, id->name, sizeof(id->name));
}

static void put_name(const struct identity *id, size_t i, struct buf *ret)
{
    (void)i;
    buf_put_str(ret, id->name);
}

static enum err read_version(struct bytes value, struct identity *id)
{
    return value_u32(value, 1, UINT32_MAX, &id->version);
}

static void put_version(const struct identity *id, size_t i, struct buf *ret)
{
    (void)i;
    buf_printf(ret, "%" PRIu32, id->version);
}

static enum err read_previous(struct bytes value, struct identity *id)
{
    return value_previous(value, id->version, &id->previous);
}

static void put_previous(const struct identity *id, size_t i, struct buf *ret)
{
    (void)i;
    put_hash_before(id->version, &id->previous, ret);
}

/* A line that is one key. */
#define KEY_LINE(sym)                                                          \
    static enum err read_##sym(struct bytes value, struct identity *id)        \
    {                                                                          \
        return base64_decode(value, id->sym.b, sizeof(id->sym.b));             \
    }                                                                          \
    static void put_##sym(const struct identity *id, size_t i, struct buf *ret) \
    {                                                                          \
        (void)i;                                                               \
        put_base64_32(id->sym.b, ret);                                         \
    }
KEY_LINE(root)
KEY_LINE(log)
KEY_LINE(witness)
KEY_LINE(box)
KEY_LINE(node)

static enum err officer_own_or_held(struct bytes *rest, bool *ret_is_own)
{
    struct bytes own = *rest;
    *ret_is_own = word_expected(&own, "own") == OK;
    return word_expected(rest, *ret_is_own ? "own" : "held");
}

static enum err read_officer(struct bytes value, struct identity *id)
{
    struct officer *o = &id->officers[id->n_officers];
    struct bytes role;
    if (!bytes_word(&value, &role) || officer_role_parse(role, &o->role) != OK
        || word_base64_32(&value, o->key.b) != OK || officer_own_or_held(&value, &o->is_own) != OK)
        return ERR_FORMAT;
    id->n_officers++;
    return words_end(&value);
}

static void put_officer(const struct identity *id, size_t i, struct buf *ret)
{
    const struct officer *o = &id->officers[i];
    buf_printf(ret, "%s ", officer_role_name(o->role));
    put_base64_32(o->key.b, ret);
    buf_put_str(ret, o->is_own ? " own" : " held");
}

static enum err read_address(struct bytes value, struct identity *id)
{
    if (!address_is_valid(value))
        return ERR_FORMAT;
    return bytes_to_str(value, id->addresses[id->n_addresses++], sizeof(id->addresses[0]));
}

static void put_address(const struct identity *id, size_t i, struct buf *ret)
{
    buf_put_str(ret, id->addresses[i]);
}

static enum err read_void(struct bytes value, struct identity *id)
{
    id->has_void = true;
    return value_u64(value, &id->void_from);
}

static void put_void(const struct identity *id, size_t i, struct buf *ret)
{
    (void)i;
    buf_printf(ret, "%" PRIu64, id->void_from);
}

static enum err read_closes(struct bytes value, struct identity *id)
{
    id->has_closes = true;
    enum err e = word_u64(&value, &id->closes_size);
    if (e == OK)
        e = word_base64_32(&value, id->closes_root.b);
    return e != OK ? e : words_end(&value);
}

static void put_closes(const struct identity *id, size_t i, struct buf *ret)
{
    (void)i;
    buf_printf(ret, "%" PRIu64 " ", id->closes_size);
    put_base64_32(id->closes_root.b, ret);
}

#define X(sym, word, least, most, how_many) LINE_FUNCTIONS(struct identity, sym, how_many)
IDENTITY_LINES(X)
#undef X

static const struct line_rule rules[] = {
#define X(sym, word, least, most, how_many) LINE_RULE(sym, word, least, most)
    IDENTITY_LINES(X)
#undef X
};
enum { N_RULES = sizeof(rules) / sizeof(rules[0]) };

void identity_text(const struct identity *id, struct buf *ret)
{
    closed_write(id, FIRST_LINE, rules, N_RULES, ret);
}

enum err identity_parse(struct bytes text, struct identity *ret)
{
    struct identity id = {0};
    if (text.len > IDENTITY_MAX || closed_read(text, FIRST_LINE, rules, N_RULES, &id) != OK)
        return ERR_FORMAT;
    *ret = id;
    return OK;
}
