#include "protocol/officer.h"

#include <stdio.h>
#include <string.h>

#include "protocol/closed.h"

#define FIRST_LINE "folkmoot officer v1"

/*    name        keyword     least, most     how many of `t` */
#define CARD_LINES(X)                                                          \
    X(role,       "role",     1, 1,           1)                               \
    X(name,       "name",     1, 1,           1)                               \
    X(key,        "key",      1, 1,           1)

static enum err read_role(struct bytes value, struct officer_card *c)
{
    return officer_role_parse(value, &c->role);
}

static void put_role(const struct officer_card *c, size_t i, struct buf *ret)
{
    (void)i;
    buf_put_str(ret, officer_role_name(c->role));
}

static enum err read_name(struct bytes value, struct officer_card *c)
{
    return value_name(value, c->name, sizeof(c->name));
}

static void put_name(const struct officer_card *c, size_t i, struct buf *ret)
{
    (void)i;
    buf_put_str(ret, c->name);
}

static enum err read_key(struct bytes value, struct officer_card *c)
{
    return base64_decode(value, c->key.b, sizeof(c->key.b));
}

static void put_key(const struct officer_card *c, size_t i, struct buf *ret)
{
    (void)i;
    put_base64_32(c->key.b, ret);
}

#define X(sym, keyword, least, most, how_many) LINE_FUNCTIONS(struct officer_card, sym, how_many)
CARD_LINES(X)
#undef X

static const struct line_rule rules[] = {
#define X(sym, keyword, least, most, how_many) LINE_RULE(sym, keyword, least, most)
    CARD_LINES(X)
#undef X
};
enum { RULES = sizeof(rules) / sizeof(rules[0]) };

enum err officer_name_check(const char *name)
{
    char copy[NAME_MAX_LEN + 1];
    return value_name(bytes_of(name), copy, sizeof(copy));
}

static struct note_key card_key(const struct officer_card *card)
{
    struct note_key key = {.type = NOTE_ED25519, .key = card->key};
    (void)snprintf(key.name, sizeof(key.name), "%s", officer_role_name(card->role));
    return key;
}

void officer_card_sign(const struct officer_card *card, const struct sign_secret *secret, struct buf *ret)
{
    struct buf text = buf_on(OFFICER_CARD_MAX);
    struct note_key key = card_key(card);
    closed_write(card, FIRST_LINE, rules, RULES, &text);
    if (buf_status(&text) == OK) {
        note_begin(buf_bytes(&text), ret);
        note_sign(buf_bytes(&text), &key, secret, ret);
    } else if (ret->failed == OK) {
        ret->failed = buf_status(&text);
    }
    buf_release(&text);
}

enum err officer_card_open(struct bytes note, struct officer_card *ret)
{
    struct note n;
    struct officer_card card = {.role = OFFICER_LEADER};
    if (note.len > OFFICER_CARD_MAX || note_parse(note, &n) != OK || closed_read(n.text, FIRST_LINE, rules, RULES, &card) != OK)
        return ERR_FORMAT;
    if (!sign_public_is_good(&card.key))
        return ERR_KEY;
    struct note_key key = card_key(&card);
    if (note_check(&n, &key, NULL) != OK)
        return ERR_SIGNATURE;
    *ret = card;
    return OK;
}

struct note_key officer_key(const struct slug *slug, const struct officer *o)
{
    struct note_key key = {.type = NOTE_ED25519, .key = o->key};
    (void)snprintf(key.name, sizeof(key.name), "%s/%s", slug->s, officer_role_name(o->role));
    return key;
}
