#include "protocol/identity.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { PORT_MAX = 65535, HOST_MAX = 253, LABEL_MAX = 63, IPV6_GROUPS = 8 };

static const char *const role_names[ROLE_COUNT] = {
#define X(sym, name) [sym] = (name),
    ROLES(X)
#undef X
};

static const char *const officer_role_names[OFFICER_ROLE_COUNT] = {
#define X(sym, name) [sym] = (name),
    OFFICER_ROLES(X)
#undef X
};

/* The place of `in` among `n` names; n when it is none of them. */
static unsigned place_of(struct bytes in, const char *const *names, unsigned n)
{
    unsigned i = 0;
    while (i < n && !bytes_equal(in, bytes_of(names[i])))
        i++;
    return i;
}

const char *role_name(enum role r)
{
    assert(r < ROLE_COUNT);
    return role_names[r];
}

enum err role_parse(struct bytes in, enum role *ret)
{
    unsigned i = place_of(in, role_names, ROLE_COUNT);
    if (i == ROLE_COUNT)
        return ERR_FORMAT;
    *ret = (enum role)i;
    return OK;
}

const char *officer_role_name(enum officer_role r)
{
    assert(r < OFFICER_ROLE_COUNT);
    return officer_role_names[r];
}

enum err officer_role_parse(struct bytes in, enum officer_role *ret)
{
    unsigned i = place_of(in, officer_role_names, OFFICER_ROLE_COUNT);
    if (i == OFFICER_ROLE_COUNT)
        return ERR_FORMAT;
    *ret = (enum officer_role)i;
    return OK;
}

struct hash identity_hash(struct bytes text)
{
    return sha256(text);
}

struct note_key root_key(const struct slug *slug, const struct sign_public *root)
{
    struct note_key key = {.type = NOTE_ED25519, .key = *root};
    (void)snprintf(key.name, sizeof(key.name), "%s/root", slug->s);
    return key;
}

void identity_sign(const struct identity *id, const struct sign_secret *root_secret, struct buf *ret)
{
    struct buf text = buf_on(IDENTITY_MAX);
    struct sign_public public = sign_public_of(root_secret);
    assert(memcmp(public.b, id->root.b, sizeof(public.b)) == 0);
    struct note_key key = root_key(&id->slug, &id->root);
    identity_text(id, &text);
    if (buf_status(&text) != OK) {
        ret->failed = ret->failed != OK ? ret->failed : buf_status(&text);
    } else {
        note_begin(buf_bytes(&text), ret);
        note_sign(buf_bytes(&text), &key, root_secret, ret);
    }
    buf_release(&text);
}

static int by_key(const void *a, const void *b)
{
    return memcmp(a, b, 32);
}

/* One key, one purpose: no two of them are equal, whatever their kind. */
static bool keys_are_distinct(const struct identity *id)
{
    uint8_t keys[5 + IDENTITY_OFFICERS_MAX][32];
    size_t n = 0;
    memcpy(keys[n++], id->root.b, 32);
    memcpy(keys[n++], id->log.b, 32);
    memcpy(keys[n++], id->witness.b, 32);
    memcpy(keys[n++], id->box.b, 32);
    memcpy(keys[n++], id->node.b, 32);
    for (size_t i = 0; i < id->n_officers; i++)
        memcpy(keys[n++], id->officers[i].key.b, 32);
    qsort(keys, n, sizeof(keys[0]), by_key);
    for (size_t i = 1; i < n; i++)
        if (by_key(keys[i - 1], keys[i]) == 0)
            return false;
    return true;
}

/* A point of small order gives the zero secret with every scalar, so any one
 * scalar finds it out; this one is no secret. */
static bool dh_public_is_good(const struct dh_public *key)
{
    static const struct dh_secret probe = {{9}};
    struct sym_secret shared;
    return dh(&probe, key, &shared) == OK;
}

static bool keys_are_good(const struct identity *id)
{
    if (!sign_public_is_good(&id->log) || !sign_public_is_good(&id->witness)
        || !dh_public_is_good(&id->box) || !dh_public_is_good(&id->node))
        return false;
    for (size_t i = 0; i < id->n_officers; i++)
        if (!sign_public_is_good(&id->officers[i].key))
            return false;
    return keys_are_distinct(id);
}

enum err identity_open(struct bytes note, struct identity *ret)
{
    struct note n;
    struct identity id;
    if (note.len > IDENTITY_MAX || note_parse(note, &n) != OK || identity_parse(n.text, &id) != OK)
        return ERR_FORMAT;
    if (!sign_public_is_good(&id.root))     /* before its signature: verifiers disagree on what such a key signed */
        return ERR_KEY;
    struct note_key key = root_key(&id.slug, &id.root);
    if (note_check(&n, &key, NULL) != OK)
        return ERR_SIGNATURE;
    if (!keys_are_good(&id))
        return ERR_KEY;
    *ret = id;
    return OK;
}

enum err identity_check_next(const struct identity *prev, struct bytes prev_text, const struct identity *next)
{
    struct hash before = identity_hash(prev_text);
    if (!slug_equal(&prev->slug, &next->slug) || memcmp(prev->root.b, next->root.b, sizeof(prev->root.b)) != 0)
        return ERR_CHAIN;
    if (prev->version == UINT32_MAX || next->version != prev->version + 1 || !hash_equal(&next->previous, &before))
        return ERR_CHAIN;
    return OK;
}

void fingerprint(const struct sign_public *root, char ret[FINGERPRINT_SIZE])
{
    struct hash h = sha256((struct bytes){root->b, sizeof(root->b)});
    for (size_t group = 0; group < 8; group++) {
        hex_encode((struct bytes){h.b + 2 * group, 2}, ret + 5 * group);
        ret[5 * group + 4] = group < 7 ? ' ' : '\0';
    }
}

static bool is_hex(uint8_t c)
{
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

static bool is_alnum(uint8_t c)
{
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/* Eight groups of one to four hex digits, or fewer and one "::" (RFC 4291 2.2, without the dotted form). */
static bool ipv6_is_valid(struct bytes in)
{
    size_t groups = 0, i = 0;
    bool gap = false;
    while (i < in.len) {
        if (in.len - i >= 2 && in.p[i] == ':' && in.p[i + 1] == ':') {
            if (gap)
                return false;
            gap = true;
            i += 2;
        } else if (i > 0 && in.p[i] == ':' && in.p[i - 1] != ':') {
            i++;
            if (i == in.len)
                return false;
        } else if (i > 0 && in.p[i - 1] != ':') {
            return false;
        }
        size_t digits = 0;
        for (; i < in.len && is_hex(in.p[i]); i++)
            digits++;
        if (digits > 4 || (digits == 0 && i < in.len))
            return false;
        groups += digits > 0;
    }
    return gap ? groups < IPV6_GROUPS : groups == IPV6_GROUPS;
}

/* Labels of letters, digits and inner hyphens (RFC 1123 2.1); a dotted IPv4 address is one too. */
static bool host_is_valid(struct bytes in)
{
    size_t label = 0;
    if (in.len == 0 || in.len > HOST_MAX)
        return false;
    for (size_t i = 0; i < in.len; i++) {
        uint8_t c = in.p[i];
        bool at_edge = label == 0 || i + 1 == in.len || in.p[i + 1] == '.';
        if (c == '.' ? label == 0 : !(is_alnum(c) || (c == '-' && !at_edge)))
            return false;
        label = c == '.' ? 0 : label + 1;
        if (label > LABEL_MAX)
            return false;
    }
    return label > 0;
}

bool address_is_valid(struct bytes in)
{
    uint64_t port;
    size_t colon = in.len;
    while (colon > 0 && in.p[colon - 1] != ':')
        colon--;
    if (in.len > ADDRESS_MAX || colon < 2)
        return false;
    struct bytes host = {in.p, colon - 1}, digits = {in.p + colon, in.len - colon};
    if (bytes_u64(digits, PORT_MAX, &port) != OK || port == 0)
        return false;
    if (host.p[0] != '[')
        return host_is_valid(host);
    return host.len > 2 && host.p[host.len - 1] == ']' && ipv6_is_valid((struct bytes){host.p + 1, host.len - 2});
}
