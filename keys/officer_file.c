#include "keys/officer_file.h"

#include <assert.h>
#include <string.h>

enum { HELD_PURPOSE = 5, PURPOSES = 16 };
static_assert(HELD_PURPOSE > (int)PURPOSE_NODE && HELD_PURPOSE + (int)OFFICER_ROLE_COUNT <= PURPOSES,
              "each subkey has an id of its own");

static const char sealed_begins[] = "\n\nfolkmoot seed v1\n";

enum err officer_file_new(enum officer_role role, const char *name, struct bytes passphrase, struct buf *ret_file,
                          struct buf *ret_card)
{
    struct officer_card card = {.role = role};
    struct sym_secret seed;
    struct sign_secret secret;
    enum err e = officer_name_check(name);
    if (e != OK)
        return e;
    memcpy(card.name, name, strlen(name) + 1);
    random_fill(seed.b, sizeof(seed.b));
    sign_keypair(&seed, &secret, &card.key);
    officer_card_sign(&card, &secret, ret_card);
    officer_card_sign(&card, &secret, ret_file);
    buf_put_str(ret_file, "\n");
    e = buf_status(ret_card);
    if (e == OK)
        e = seed_text_new(&seed, &passphrase, false, ret_file);
    wipe(&seed, sizeof(seed));
    wipe(&secret, sizeof(secret));
    return e;
}

/* Where the sealed part begins; a card has no such line. */
static bool split(struct bytes text, struct bytes *ret_card, struct bytes *ret_sealed)
{
    size_t len = sizeof(sealed_begins) - 1;
    for (size_t at = 0; at + len <= text.len; at++) {
        if (memcmp(text.p + at, sealed_begins, len) != 0)
            continue;
        *ret_card = (struct bytes){text.p, at + 1};
        *ret_sealed = (struct bytes){text.p + at + 2, text.len - at - 2};
        return true;
    }
    return false;
}

enum err officer_file_parse(struct bytes text, struct officer_file *ret)
{
    struct officer_file f;
    struct bytes card, sealed;
    if (text.len > OFFICER_FILE_MAX || !split(text, &card, &sealed))
        return ERR_FORMAT;
    enum err e = officer_card_open(card, &f.card);
    if (e == OK)
        e = seed_text_parse(sealed, &f.sealed);
    if (e == OK && !f.sealed.is_protected) {
        wipe(&f.sealed, sizeof(f.sealed));
        e = ERR_FORMAT;
    }
    if (e == OK)
        *ret = f;
    return e;
}

enum err officer_file_open(const struct officer_file *f, struct bytes passphrase, struct sign_secret *ret)
{
    struct sym_secret seed;
    struct sign_secret secret;
    struct sign_public public;
    enum err e = seed_text_open(&f->sealed, &passphrase, &seed);
    if (e != OK)
        return e;
    sign_keypair(&seed, &secret, &public);
    if (memcmp(public.b, f->card.key.b, sizeof(public.b)) == 0)
        *ret = secret;
    else
        e = ERR_SECRET;
    wipe(&seed, sizeof(seed));
    wipe(&secret, sizeof(secret));
    return e;
}

void officer_held_key(const struct sym_secret *seed, enum officer_role role, uint32_t version, struct sign_secret *ret_secret,
                      struct sign_public *ret_public)
{
    struct sym_secret subkey;
    assert(version >= 1);
    kdf_subkey(seed, (uint64_t)version * PURPOSES + HELD_PURPOSE + (uint64_t)role, &subkey);
    sign_keypair(&subkey, ret_secret, ret_public);
    wipe(&subkey, sizeof(subkey));
}

enum err officer_held_find(const struct sym_secret *seed, const struct officer *o, uint32_t newest, struct sign_secret *ret)
{
    struct sign_secret secret;
    struct sign_public public;
    enum err e = ERR_UNKNOWN;
    for (uint32_t v = newest; e != OK && v >= 1; v--) {
        officer_held_key(seed, o->role, v, &secret, &public);
        if (memcmp(public.b, o->key.b, sizeof(public.b)) == 0) {
            *ret = secret;
            e = OK;
        }
    }
    wipe(&secret, sizeof(secret));
    return e;
}
