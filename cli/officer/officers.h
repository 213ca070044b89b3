/* cli/officer/officers.h - our officers: the lines of our identity, and their names, which stand in no log.
 *
 * An identity is public and is never erased, so it carries roles and keys only. Who they are is in the officers' cards
 * (protocol/officer.h), kept in private/officers/, one file a key. A card that is lost loses a name and nothing else. */
#ifndef FOLKMOOT_CLI_OFFICER_OFFICERS_H
#define FOLKMOOT_CLI_OFFICER_OFFICERS_H

#include "cli/desk.h"
#include "protocol/officer.h"

struct officer_row {
    struct officer officer;
    char name[NAME_MAX_LEN + 1];            /* "" when no card of the key is here */
};
struct officer_rows { size_t n; struct officer_row rows[IDENTITY_OFFICERS_MAX]; };

/* Those of an identity, in its order. A card that does not hold is as none. ERR_NOMEM, ERR_IO, ERR_DENIED. */
MUST_USE enum err officers_read(const struct home *h, const struct identity *id, struct officer_rows *ret);
/* Keep a card, once its officer is in our identity. */
MUST_USE enum err officers_keep_card(const struct home *h, const struct officer_card *card, struct bytes note);
/* The card of a key, behind what `ret` holds; nothing is put where none is here that holds. ERR_NOMEM, ERR_IO, ERR_DENIED. */
MUST_USE enum err officers_read_card(const struct home *h, const struct officer *o, struct buf *ret);
/* It is in our identity no more. OK when there was none. */
MUST_USE enum err officers_drop_card(const struct home *h, const struct officer *o);

/* The one of this role or name; NULL: it has said so (none, or several). `id` is whose they are. */
const struct officer_row *officers_find(struct session *s, const struct officer_rows *rows, const struct identity *id,
                                        const char *word);
/* Does `word` mean it: its role, or its name in any case? */
bool officer_is_called(enum officer_role role, const char *name, const char *word);

/* "dcs Jane Roe", or the role alone. */
enum { OFFICER_TEXT_SIZE = NAME_MAX_LEN + 32 };
void officer_text(enum officer_role role, const char *name, char ret[OFFICER_TEXT_SIZE]);

/* An officer's public key file, or key file, that the user named: its card. */
enum exit_status officer_card_load(struct session *s, const char *file, struct officer_card *ret, struct buf *ret_note);

/* The value of --role: EXIT_USAGE, said, when it is none. */
enum exit_status officer_ask_role(struct session *s, enum officer_role *ret);
#define OFFICER_ROLE_WORDS "leader|lead-member|chief-executive|dcs|analyst"

#endif
