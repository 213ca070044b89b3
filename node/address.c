#include "node/address.h"

#include <string.h>

#include "protocol/identity.h"

/* `in` is valid, so it has a colon and a host before it. */
static enum err split(struct bytes in, struct address *ret)
{
    size_t colon = in.len - 1;
    while (in.p[colon] != ':')
        colon--;
    struct bytes host = {in.p, colon}, port = {in.p + colon + 1, in.len - colon - 1};
    if (host.p[0] == '[')
        host = (struct bytes){host.p + 1, host.len - 2};
    enum err e = bytes_to_str(host, ret->host, sizeof(ret->host));
    return e == OK ? bytes_to_str(port, ret->port, sizeof(ret->port)) : e;
}

enum err address_split(struct bytes in, struct address *ret)
{
    return address_is_valid(in) ? split(in, ret) : ERR_FORMAT;
}

enum err address_split_listen(struct bytes in, struct address *ret)
{
    char copy[ADDRESS_MAX + 1];
    if (in.len < 2 || in.p[in.len - 1] != '0' || in.p[in.len - 2] != ':')
        return address_split(in, ret);
    if (bytes_to_str(in, copy, sizeof(copy)) != OK)
        return ERR_FORMAT;
    copy[in.len - 1] = '1';                 /* any port that is one, for the one rule of what an address is */
    enum err e = address_split(bytes_of(copy), ret);
    if (e == OK)
        memcpy(ret->port, "0", 2);
    return e;
}
