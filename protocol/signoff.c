#include "protocol/signoff.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

enum { SIGNOFF_TEXT_MAX = 1024 };

void signoff_text(const struct origin *o, const struct batch_return *r, struct buf *ret)
{
    char origin[ORIGIN_MAX + 1], source[BASE64_SIZE(HASH_LEN)];
    origin_text(o, origin);
    base64_encode((struct bytes){r->source.b, HASH_LEN}, source);
    buf_printf(ret, "folkmoot return v1\norigin %s\ntitle %s\nfirst %" PRIu64 "\ncount %" PRIu64 "\nsource %s\n", origin, r->title,
               r->first, r->count, source);
    if (r->signed_off[0] != '\0')
        buf_printf(ret, "name %s\n", r->signed_off);
}

enum err signoff_make(const struct origin *o, enum officer_role role, const struct sign_secret *secret, struct batch_return *r)
{
    struct buf text = buf_on(SIGNOFF_TEXT_MAX);
    signoff_text(o, r, &text);
    enum err e = buf_status(&text);
    if (e == OK) {
        sign_make(secret, buf_bytes(&text), &r->signature);
        (void)snprintf(r->signed_role, sizeof(r->signed_role), "%s", officer_role_name(role));
    }
    buf_release(&text);
    return e;
}

enum err signoff_check(const struct origin *o, const struct batch_return *r, const struct officer *list, size_t n)
{
    struct buf text = buf_on(SIGNOFF_TEXT_MAX);
    if (r->signed_role[0] == '\0')
        return ERR_UNKNOWN;
    signoff_text(o, r, &text);
    enum err e = buf_status(&text), found = ERR_SIGNATURE;
    for (size_t i = 0; e == OK && found != OK && i < n; i++)
        if (strcmp(officer_role_name(list[i].role), r->signed_role) == 0)
            found = sign_check(&list[i].key, buf_bytes(&text), &r->signature);
    buf_release(&text);
    return e == OK ? found : e;
}
