#include "cli/key_files.h"

#include <stdlib.h>
#include <string.h>

static const char missing[] = "not here", other[] = "not the one that our identity names";

static struct key_file look_sign(const struct desk *d, enum key_purpose p, const struct sign_public *named)
{
    struct sign_keyfile key = {.version = 0};
    struct key_file f = {.n_keys = 1};
    struct sign_public is = {{0}};
    enum err e = sign_key_load(&d->s->home, p, &key);
    if (e == OK)
        is = sign_public_of(&key.secret);
    wipe(&key, sizeof(key));
    if (e != OK)
        f.trouble = e == ERR_SECRET ? missing : err_text(e);
    else if (memcmp(is.b, named->b, sizeof(is.b)) != 0)
        f.trouble = other;
    return f;
}

static struct key_file look_dh(const struct desk *d, enum key_purpose p, const struct dh_public *named)
{
    struct dh_keyring *ring = calloc(1, sizeof(*ring));
    struct key_file f = {.n_keys = 0};
    struct dh_public is = {{0}};
    enum err e = ring != NULL ? dh_keys_load(&d->s->home, p, ring) : ERR_NOMEM;
    if (e == OK) {
        is = dh_public_of(&ring->keys[0].secret);
        f.n_keys = ring->n;
        f.previous_until_s = ring->n > 1 ? ring->keys[1].until_s : 0;
    }
    if (e != OK)
        f.trouble = e == ERR_SECRET ? missing : err_text(e);
    else if (memcmp(is.b, named->b, sizeof(is.b)) != 0)
        f.trouble = other;
    if (ring != NULL)
        wipe(ring, sizeof(*ring));
    free(ring);
    return f;
}

struct key_file key_file_look(const struct desk *d, enum key_purpose p)
{
    const struct identity *id = d->identity;
    switch (p) {
    case PURPOSE_LOG:     return look_sign(d, p, &id->log);
    case PURPOSE_WITNESS: return look_sign(d, p, &id->witness);
    case PURPOSE_BOX:     return look_dh(d, p, &id->box);
    case PURPOSE_NODE:    return look_dh(d, p, &id->node);
    }
    return (struct key_file){.trouble = missing};
}
