/* protocol/identity.h - the text by which a member names its keys.
 *
 *      folkmoot identity v1
 *      member <slug> <role> [dfe=<code>] [gss=<code>]
 *      name <name>
 *      version <n>
 *      previous <base64 SHA-256 of the text before | ->
 *      root <base64>
 *      log <base64>
 *      witness <base64>
 *      box <base64>
 *      node <base64>
 *      officer <role> <base64> own|held            (0 to 32)
 *      address <host:port>                         (0 to 4)
 *      void <from>                                 (optional)
 *      closes <size> <base64 root>                 (optional)
 *
 * in this order, signed by the root key (name `<slug>/root`, type 0x01).  The
 * text is closed: an unknown, misplaced or repeated line is fatal.  It carries
 * its own root key, so that a stranger's request to join can be checked and its
 * fingerprint shown; whether that root is a member's, only the charter says. */
#ifndef FOLKMOOT_PROTOCOL_IDENTITY_H
#define FOLKMOOT_PROTOCOL_IDENTITY_H

#include "protocol/note.h"
#include "protocol/origin.h"

#define ROLES(X) X(ROLE_AUTHORITY, "authority") X(ROLE_LEAD, "lead") X(ROLE_PARTNER, "partner") X(ROLE_RELAY, "relay")
enum role {
#define X(sym, name) sym,
    ROLES(X)
#undef X
    ROLE_COUNT
};
const char *role_name(enum role r);
MUST_USE enum err role_parse(struct bytes in, enum role *ret);

#define OFFICER_ROLES(X) X(OFFICER_LEADER, "leader") X(OFFICER_LEAD_MEMBER, "lead-member") \
    X(OFFICER_CHIEF_EXECUTIVE, "chief-executive") X(OFFICER_DCS, "dcs") X(OFFICER_ANALYST, "analyst")
enum officer_role {
#define X(sym, name) sym,
    OFFICER_ROLES(X)
#undef X
    OFFICER_ROLE_COUNT
};
const char *officer_role_name(enum officer_role r);
MUST_USE enum err officer_role_parse(struct bytes in, enum officer_role *ret);

/* What a member says, or a charter confirms, that it is. */
struct member_codes {
    char dfe[8];                            /* three digits, or "" */
    char gss[12];                           /* E and eight digits, or "" */
};

struct officer {
    enum officer_role role;
    struct sign_public key;
    bool is_own;                            /* own: the person holds it; held: the authority does */
};

struct identity {
    struct slug slug;
    enum role role;
    struct member_codes codes;
    char name[NAME_MAX_LEN + 1];
    uint32_t version;                       /* 1, 2, ... */
    struct hash previous;                   /* SHA-256; zero when version is 1 */
    struct sign_public root, log, witness;
    struct dh_public box, node;
    size_t n_officers, n_addresses;
    struct officer officers[IDENTITY_OFFICERS_MAX];
    char addresses[IDENTITY_ADDRESSES_MAX][ADDRESS_MAX + 1];
    bool has_void, has_closes;
    uint64_t void_from, closes_size;
    struct hash closes_root;
};

void identity_text(const struct identity *id, struct buf *ret);
MUST_USE enum err identity_parse(struct bytes text, struct identity *ret);

/* SHA-256 of the text: what `previous` names. */
struct hash identity_hash(struct bytes text);

/* The note: text signed by the root key. */
void identity_sign(const struct identity *id, const struct sign_secret *root_secret, struct buf *ret);

/* Take an identity note apart and check that the root key it names signed it and
 * that its keys may be enrolled: Ed25519 keys canonical and on the main subgroup,
 * all keys distinct.
 *   ERR_FORMAT, ERR_SIGNATURE (or unsigned), ERR_KEY */
MUST_USE enum err identity_open(struct bytes note, struct identity *ret);

/* Does `next` rightly follow `prev` (its text `prev_text`): same slug and root,
 * version + 1, previous names prev_text?  ERR_CHAIN. */
MUST_USE enum err identity_check_next(const struct identity *prev, struct bytes prev_text, const struct identity *next);

/* The root's verifier key, name `<slug>/root`. */
struct note_key root_key(const struct slug *slug, const struct sign_public *root);

/* What people compare over the telephone: the root's SHA-256 in groups of four hex digits,
 * first 16 bytes: "3f2a 9c01 ..." (39 characters and a NUL). */
enum { FINGERPRINT_SIZE = 40 };
void fingerprint(const struct sign_public *root, char ret[FINGERPRINT_SIZE]);

/* host:port, [v6]:port; port 1 to 65535. */
bool address_is_valid(struct bytes in);

#endif
