/* protocol/record.h - what an entry of kind `record` says, once opened.
 *
 * A record is a canonical msgpack array `[type, ...]`, type a str.  Figures are
 * exact: an integer or [mantissa, scale], never a float.  Readers ignore further
 * elements behind those they know; records of an unknown type are kept and
 * skipped.  docs/protocol.md, section "Records". */
#ifndef FOLKMOOT_PROTOCOL_RECORD_H
#define FOLKMOOT_PROTOCOL_RECORD_H

#include "protocol/crypto.h"
#include "protocol/decimal.h"
#include "protocol/origin.h"
#include "protocol/pack.h"

/*   enum                  name on the wire and in JSON    a number may stand with it */
#define FIGURE_STATUSES(X)               \
    X(STATUS_FINAL,        "final",        1) \
    X(STATUS_PROVISIONAL,  "provisional",  1) \
    X(STATUS_STATED,       "stated",       1) \
    X(STATUS_C,            "c",            0) \
    X(STATUS_Z,            "z",            0) \
    X(STATUS_X,            "x",            0) \
    X(STATUS_K,            "k",            0) \
    X(STATUS_U,            "u",            0) \
    X(STATUS_LOW,          "low",          0)

enum figure_status {
#define X(sym, name, number) sym,
    FIGURE_STATUSES(X)
#undef X
    STATUS_COUNT
};
/* Names are never NULL. A parser answers ERR_FORMAT to any other word. */
const char *status_name(enum figure_status s);
MUST_USE enum err status_parse(struct bytes in, enum figure_status *ret);
bool status_has_number(enum figure_status s);

/* Reasons for revising a published figure. */
#define REVISION_REASONS(X)                                            \
    X(REASON_NONE, "")  X(REASON_LATE_DATA, "late-data")               \
    X(REASON_CORRECTION, "correction") X(REASON_DENOMINATOR, "denominator") \
    X(REASON_DEFINITION, "definition") X(REASON_DISCLOSURE, "disclosure")   \
    X(REASON_UNRELIABLE, "unreliable")
enum revision_reason {
#define X(sym, name) sym,
    REVISION_REASONS(X)
#undef X
    REASON_COUNT
};
const char *reason_name(enum revision_reason r);
MUST_USE enum err reason_parse(struct bytes in, enum revision_reason *ret);

#define MARKINGS(X) X(MARKING_NONE, "") X(MARKING_OFFICIAL, "official") X(MARKING_SENSITIVE, "official-sensitive")
enum marking {
#define X(sym, name) sym,
    MARKINGS(X)
#undef X
    MARKING_COUNT
};
const char *marking_name(enum marking m);
MUST_USE enum err marking_parse(struct bytes in, enum marking *ret);

enum { INDICATOR_MAX = 63, PERIOD_MAX = 6, TIME_IDENTIFIER_MAX = 40, BREAKDOWN_MAX = 160 };

/* ["figure", indicator, definition hash, time_period, time_identifier, breakdown,
 *  numerator|nil, denominator|nil, value|nil, status, reason, marking] */
struct figure {
    char indicator[INDICATOR_MAX + 1];      /* [a-z][a-z0-9_]* */
    struct hash definition;                 /* of the definition record it was published under */
    char period[PERIOD_MAX + 1];            /* 4 or 6 digits */
    char time_identifier[TIME_IDENTIFIER_MAX + 1];
    char breakdown[BREAKDOWN_MAX + 1];      /* "" or "k=v;k=v", keys sorted */
    bool has_numerator, has_denominator, has_value;
    struct decimal numerator, denominator, value;
    enum figure_status status;
    enum revision_reason reason;
    enum marking marking;
};
/* The rules that writer and reader share, for whoever makes figures from files; else ERR_FORMAT:
 *   indicator as above, period 4 or 6 digits, time_identifier one line of UTF-8
 *   breakdown: keys [a-z0-9_]+ strictly ascending, values non-empty, one line, without ';' and '='
 *   with a symbol (status_has_number is false) no value stands; a denominator may, as where a population is
 *   known and the count is hidden; a numerator too, as where a count is known and no population, but not with `c`
 *   `stated` has a value; `final` and `provisional` have a value or a numerator */
MUST_USE enum err figure_check(const struct figure *f);
/* Put the record behind what `ret` holds. figure_check(f) is OK. */
void figure_write(const struct figure *f, struct buf *ret);
MUST_USE enum err figure_read(struct bytes in, struct figure *ret);
/* Everything but reason and marking is equal, numbers by value: publishing it again says nothing new. */
bool figure_same(const struct figure *a, const struct figure *b);

/* Texts are one line of UTF-8, id and title are not empty; multiplier is a power of ten up to
 * MULTIPLIER_MAX; decimals at most DECIMAL_SCALE_MAX.
 * ["definition", id, title, numerator, denominator, unit, multiplier, decimals, polarity, people, parts rounded, basis]
 * and behind it, unless it is "none", what the parts are to each other: nil for "none" where a later version says
 * more behind it. */
enum polarity { POLARITY_NONE, POLARITY_HIGH, POLARITY_LOW, POLARITY_COUNT };
const char *polarity_name(enum polarity p);      /* "none", "high" (is good), "low" */
MUST_USE enum err polarity_parse(struct bytes in, enum polarity *ret);
/* What numerator and denominator are to each other, and so what chance alone may do to the figure. Said by the definition,
 * never guessed from figures: `none` is everything that is neither, as FTE, days, means and scores. */
#define PARTS_KINDS(X)                                                                                    \
    X(PARTS_NONE,       "none")                                                                           \
    X(PARTS_PROPORTION, "proportion")       /* people or events, the numerator counted among the denominator */ \
    X(PARTS_RATE,       "rate")             /* people or events over a resident population */
enum parts_kind {
#define X(sym, name) sym,
    PARTS_KINDS(X)
#undef X
    PARTS_COUNT
};
const char *parts_name(enum parts_kind p);
MUST_USE enum err parts_parse(struct bytes in, enum parts_kind *ret);
struct definition {
    char id[INDICATOR_MAX + 1];
    char title[201], numerator[201], denominator[201], unit[41], basis[121];
    uint32_t multiplier;                    /* 1, 100, 10000 ... */
    uint8_t decimals;
    enum polarity polarity;
    bool counts_people;                     /* small numbers must be hidden in public */
    bool parts_rounded;                     /* parts are FTE or days, published to one decimal: they are PARTS_NONE */
    enum parts_kind parts;
};
enum { MULTIPLIER_MAX = 1000000 };
MUST_USE enum err definition_check(const struct definition *d);        /* OK or ERR_FORMAT, as above */
void definition_write(const struct definition *d, struct buf *ret);
MUST_USE enum err definition_read(struct bytes in, struct definition *ret);
/* A definition goes by the hash of its record's bytes, record_hash(). This is the hash of the record that definition_write()
 * makes: of one that was read it is another as soon as that says more than we know. */
struct hash definition_hash(const struct definition *d);
struct hash record_hash(struct bytes record);

enum { SIGNED_ROLE_MAX = 20 };
/* ["return", title, first index, count, source hash, signed off by] closes a batch; behind them, when an officer's key
 * signed it (protocol/signoff.h), role and signature. */
struct batch_return {
    char title[201];
    uint64_t first;                         /* index of the batch's first record */
    uint64_t count;                         /* figures in it */
    struct hash source;                     /* SHA-256 of the file it was read from */
    char signed_off[NAME_MAX_LEN + 1];      /* "" when nobody did */
    char signed_role[SIGNED_ROLE_MAX + 1];  /* [a-z-]+; "" when no key did */
    struct signature signature;             /* then only */
};
MUST_USE enum err return_check(const struct batch_return *r);          /* texts are one line, else ERR_FORMAT */
void return_write(const struct batch_return *r, struct buf *ret);
MUST_USE enum err return_read(struct bytes in, struct batch_return *ret);

enum { POST_WORD_MAX = 20, POST_ABOUT_MAX = 160, POST_TEXT_MAX = 8192, DATE_LEN = 10 };

/* ["post", type, about, text, owner, due, state]: words beside something. A reader takes any type: a new one needs no
 * new code. */
struct post {
    char type[POST_WORD_MAX + 1];           /* [a-z-]+: note, challenge, response, need, offer, ... */
    char about[POST_ABOUT_MAX + 1];         /* one line: a record, "kent/17"; an indicator; "" for nothing */
    char text[POST_TEXT_MAX + 1];           /* UTF-8, not empty; lines end with 0x0A, no other control character */
    char owner[NAME_MAX_LEN + 1];           /* one line; "" for the author */
    char due[DATE_LEN + 1];                 /* "2026-01-31" or "" */
    char state[POST_WORD_MAX + 1];          /* [a-z-]* */
};
MUST_USE enum err post_check(const struct post *p);            /* OK or ERR_FORMAT, as above */
void post_write(const struct post *p, struct buf *ret);
MUST_USE enum err post_read(struct bytes in, struct post *ret);

/* ["collection", number, title, time_period, time_identifier, due, [indicator, ...], state]: figures asked for. Of one
 * author and number the newest stands. */
enum { COLLECTION_INDICATORS_MAX = 128, COLLECTION_NUMBER_MAX = 1000000 };
struct collection {
    uint32_t number;                        /* 1, 2, ... */
    char title[201];                        /* one line, not empty */
    char period[PERIOD_MAX + 1];
    char time_identifier[TIME_IDENTIFIER_MAX + 1];
    char due[DATE_LEN + 1];                 /* "2026-01-31": the whole day */
    size_t n;                               /* 1 to COLLECTION_INDICATORS_MAX, in the order asked */
    char indicators[COLLECTION_INDICATORS_MAX][INDICATOR_MAX + 1];
    bool is_closed;                         /* state "open" or "closed" */
};
MUST_USE enum err collection_check(const struct collection *c);
void collection_write(const struct collection *c, struct buf *ret);
MUST_USE enum err collection_read(struct bytes in, struct collection *ret);

/* The type word of a record, borrowed; ERR_FORMAT when it is no record at all: not one
 * canonical array that begins with a word of 1 to RECORD_TYPE_MAX bytes. */
enum { RECORD_TYPE_MAX = 32 };
MUST_USE enum err record_type(struct bytes in, struct bytes *ret);

/* ---- opening: ["opening", [[index, K], ...]] ---- */

/* Keys of its author's own records, told to a narrower audience than everyone: to whoever reads this record. Everyone is told
 * by an entry of kind `open`. The reader takes exactly this form, and further elements behind it. */
struct opening;                             /* protocol/entry.h */
void opening_record_write(const struct opening *o, struct buf *ret);
MUST_USE enum err opening_record_read(struct bytes in, struct opening *ret);

#endif
