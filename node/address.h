/* node/address.h - host:port, as addresses are written everywhere. */
#ifndef FOLKMOOT_NODE_ADDRESS_H
#define FOLKMOOT_NODE_ADDRESS_H

#include "protocol/bytes.h"
#include "protocol/limits.h"

struct address {
    char host[ADDRESS_MAX + 1];             /* without the brackets of an IPv6 address */
    char port[6];
};

/* Take `host:port` or `[v6]:port` apart. ERR_FORMAT when identity.h's address_is_valid would not have it. */
MUST_USE enum err address_split(struct bytes in, struct address *ret);
/* The same for a place to listen at, where port 0 lets the system choose. */
MUST_USE enum err address_split_listen(struct bytes in, struct address *ret);

#endif
