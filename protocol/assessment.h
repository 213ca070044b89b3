/* protocol/assessment.h - what an authority says of itself, with its officers' signatures on it.
 *
 *      folkmoot self-assessment v1
 *      authority <slug>
 *      year <four digits>
 *      judgement <1|2|3|4>
 *                                          an empty line
 *      Markdown, free
 *
 * is the text, in its canonical form (assessment_text_read); the note is this text signed by officers, `<slug>/<role>`, each
 * with their own key. What people keep is a file of it: assessment_file.h makes the text of one.  docs/protocol.md, section
 * "Self-assessments". */
#ifndef FOLKMOOT_PROTOCOL_ASSESSMENT_H
#define FOLKMOOT_PROTOCOL_ASSESSMENT_H

#include "protocol/officer.h"

#define ASSESSMENT_FIRST_LINE "folkmoot self-assessment v1"

enum { ASSESSMENT_YEAR_LEAST = 2000, ASSESSMENT_YEAR_MOST = 2999, ASSESSMENT_JUDGEMENT_MOST = 4 };

struct assessment_head {
    struct slug slug;
    uint32_t year;
    uint8_t judgement;                  /* 1 outstanding, 2 good, 3 requires improvement, 4 inadequate */
};

/* Take a canonical text apart. ret_body: what stands below the head, borrowed. ERR_FORMAT:
 *   the head is not as above, or nothing stands below it; longer than ASSESSMENT_TEXT_MAX
 *   a line holds a control character, a mark of direction or a comment's beginning, or ends with a blank; two empty lines in
 *   a row; the text ends with an empty line or without a newline; it is not UTF-8 */
MUST_USE enum err assessment_text_read(struct bytes text, struct assessment_head *ret, struct bytes *ret_body);
/* Of a text that assessment_text_read refuses: its first line that no head has, 1 to 4; 5 when no empty line stands below
 * them; else 6. */
size_t assessment_head_fault(struct bytes text);
/* May this line stand in a text? NULL: yes. Else what is wrong, in a few words; static. */
const char *assessment_line_fault(struct bytes line);

/* ["assessment", year, judgement, note, [card, ...]] */
enum { ASSESSMENT_CARDS_MAX = IDENTITY_OFFICERS_MAX };
struct assessment {                     /* everything in it is borrowed */
    struct assessment_head head;
    struct bytes note, text, body;      /* text: of the note; body: below its head */
    size_t n_cards;
    struct bytes cards[ASSESSMENT_CARDS_MAX];   /* officers' cards (officer.h): the names of those who signed */
};
/* note and cards are set; head is the text's. */
void assessment_write(const struct assessment *a, struct buf *ret);
/* ERR_FORMAT also where year or judgement are not the text's, the note has no signature, or a card is longer than a card. Whose
 * signatures hold is not asked here. */
MUST_USE enum err assessment_read(struct bytes in, struct assessment *ret);

/* The quartet: the offices that stand behind an assessment together. */
enum { QUARTET_ROLES = 4 };
extern const enum officer_role quartet_roles[QUARTET_ROLES];

/* One signature line of a note, and whether it holds. */
enum assessment_line_state {
    LINE_HOLDS,
    LINE_VOID,                          /* by a key that is known, and not of these words */
    LINE_NOT_OFFICER                    /* by none of the keys that are known: revoked, or never enrolled */
};
struct assessment_line {
    enum officer_role role;
    enum assessment_line_state state;
    bool is_own;                        /* unless LINE_NOT_OFFICER: the officer's own key, else held by the body */
    const struct officer *officer;      /* borrowed from the list; NULL: LINE_NOT_OFFICER */
    char name[NAME_MAX_LEN + 1];        /* from a card that the key itself has signed; "" for none */
};
struct assessment_signed {
    size_t n;
    struct assessment_line lines[NOTE_SIGNATURES_MAX];
    bool has[OFFICER_ROLE_COUNT];       /* somebody in that office has signed these words */
    bool is_quartet;                    /* all of quartet_roles */
};
/* Judge the signature lines of `note` that claim to be by officers of `slug`: those named `<slug>/<role>`, each key once.
 * `list`: the officers of the identity in force. Lines by other names are ignored. */
void assessment_judge(const struct note *note, const struct slug *slug, const struct officer *list, size_t n,
                      const struct bytes *cards, size_t n_cards, struct assessment_signed *ret);

/* The offices of the quartet of which nobody has signed, one space between; "" for none. */
void assessment_missing(const struct assessment_signed *s, char ret[128]);

#endif
