#include "protocol/invite.h"

#include <assert.h>
#include <string.h>

#include "protocol/identity.h"
#include "protocol/pack.h"

#define PREFIX "folkmoot-invite:"

enum {
    INVITE_VERSION = 1,
    PACKED_MAX = 1 + 1 + (2 + 16) + (2 + HASH_LEN) + (2 + TOKEN_LEN) + 9 + (3 + ADDRESS_MAX) + (2 + 32),
    FIELDS = 7
};
static_assert(sizeof(PREFIX) + BASE64_SIZE(PACKED_MAX) <= INVITE_TEXT_MAX, "the longest invite fits");

enum err invite_write(const struct invite *i, char ret[INVITE_TEXT_MAX])
{
    struct buf b = buf_on(PACKED_MAX);
    assert(address_is_valid(bytes_of(i->address)));
    pack_array(&b, FIELDS);
    pack_uint(&b, INVITE_VERSION);
    pack_fixed(&b, i->alliance.b, sizeof(i->alliance.b));
    pack_fixed(&b, i->charter.b, sizeof(i->charter.b));
    pack_fixed(&b, i->token, sizeof(i->token));
    pack_uint(&b, i->expires_s);
    pack_str(&b, i->address);
    pack_fixed(&b, i->node.b, sizeof(i->node.b));
    enum err e = buf_status(&b);
    if (e == OK) {
        memcpy(ret, PREFIX, sizeof(PREFIX));
        base64url_encode(buf_bytes(&b), ret + strlen(PREFIX));
    }
    buf_wipe(&b);                           /* the token is in it */
    return e;
}

static bool is_space(uint8_t c)
{
    return c == ' ' || (c >= '\t' && c <= '\r');
}

static struct bytes trim(struct bytes in)
{
    while (in.len > 0 && is_space(in.p[0]))
        in = (struct bytes){in.p + 1, in.len - 1};
    while (in.len > 0 && is_space(in.p[in.len - 1]))
        in.len--;
    return in;
}

static enum err fields_read(struct bytes packed, struct invite *ret)
{
    struct reader r = reader_on(packed);
    (void)read_array(&r, FIELDS, FIELDS);
    if (read_uint(&r, INVITE_VERSION) != INVITE_VERSION)
        return ERR_FORMAT;
    read_fixed(&r, ret->alliance.b, sizeof(ret->alliance.b));
    read_fixed(&r, ret->charter.b, sizeof(ret->charter.b));
    read_fixed(&r, ret->token, sizeof(ret->token));
    ret->expires_s = read_uint(&r, UINT64_MAX);
    struct bytes address = read_str(&r, ADDRESS_MAX);
    read_fixed(&r, ret->node.b, sizeof(ret->node.b));
    if (reader_finish(&r) != OK || !address_is_valid(address))
        return ERR_FORMAT;
    return bytes_to_str(address, ret->address, sizeof(ret->address));
}

enum err invite_parse(struct bytes in, struct invite *ret)
{
    struct invite i = {0};
    uint8_t packed[PACKED_MAX];
    size_t len;
    in = trim(in);
    if (!bytes_start_with(in, PREFIX))
        return ERR_FORMAT;
    in = trim((struct bytes){in.p + strlen(PREFIX), in.len - strlen(PREFIX)});
    enum err e = base64url_decode_upto(in, packed, sizeof(packed), &len);
    if (e == OK)
        e = fields_read((struct bytes){packed, len}, &i);
    if (e == OK)
        *ret = i;
    wipe(packed, sizeof(packed));
    wipe(&i, sizeof(i));
    return e != OK ? ERR_FORMAT : OK;
}

struct hash invite_token_hash(const uint8_t token[TOKEN_LEN])
{
    return blake2b_256((struct bytes){token, TOKEN_LEN});
}
