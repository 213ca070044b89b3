/* protocol/closed.h - closed texts: `keyword value` lines in one fixed order.
 *
 * Identities and charters are such texts.  Each writes its list of lines once, as
 * an X-macro, and gives every line one function that reads its value and one that
 * puts it; the order, the counts and the form of a line are kept here.  An
 * unknown, misplaced, missing or surplus line is ERR_FORMAT, and so is a value
 * that is not in its only written form: whatever is read is written again as the
 * same bytes.  docs/protocol.md, section "Closed texts". */
#ifndef FOLKMOOT_PROTOCOL_CLOSED_H
#define FOLKMOOT_PROTOCOL_CLOSED_H

#include "protocol/identity.h"

struct line_rule {
    const char *word;
    size_t least, most;                     /* such lines in a row */
    enum err (*read)(struct bytes value, void *into);
    size_t (*count)(const void *from);      /* how many lines it writes */
    void (*put)(const void *from, size_t i, struct buf *ret);      /* the value of the i-th */
};

/* Read `text`, whose first line is `first`, by the rules.  `into` may be half
 * written on ERR_FORMAT. */
MUST_USE enum err closed_read(struct bytes text, const char *first, const struct line_rule *rules, size_t n_rules,
                              void *into);
void closed_write(const void *from, const char *first, const struct line_rule *rules, size_t n_rules, struct buf *ret);

/* The glue between the table and functions read_<sym> and put_<sym> on a `type`;
 * `how_many` is said of the object `t`. */
#define LINE_FUNCTIONS(type, sym, how_many)                                                                     \
    static enum err read_any_##sym(struct bytes value, void *into) { return read_##sym(value, into); }          \
    static void put_any_##sym(const void *from, size_t i, struct buf *ret) { put_##sym(from, i, ret); }         \
    static size_t count_##sym(const void *from) { const type *t = from; (void)t; return (size_t)(how_many); }
#define LINE_RULE(sym, keyword, fewest, largest)                                                                \
    {.word = (keyword), .least = (fewest), .most = (largest), .read = read_any_##sym, .count = count_##sym,     \
     .put = put_any_##sym},

/* Values that more than one line has.  All readers: ERR_FORMAT. */

/* Valid UTF-8 without control characters, not empty, no space at either end, fewer than `size` bytes. */
MUST_USE enum err value_name(struct bytes in, char *ret, size_t size);
MUST_USE enum err value_u32(struct bytes in, uint32_t least, uint32_t most, uint32_t *ret);
MUST_USE enum err value_u64(struct bytes in, uint64_t *ret);
/* "-" under version 1, and under any other the base64 of a hash that is not zero. */
MUST_USE enum err value_previous(struct bytes in, uint32_t version, struct hash *ret);
void put_hash_before(uint32_t version, const struct hash *previous, struct buf *ret);
/* 32 bytes in base64: a key or a hash. */
void put_base64_32(const uint8_t b[32], struct buf *ret);

/* Cut the next word off `rest` and read it.  An `expected` word must be there literally. */
MUST_USE enum err word_expected(struct bytes *rest, const char *expected);
MUST_USE enum err word_slug(struct bytes *rest, struct slug *ret);
MUST_USE enum err word_role(struct bytes *rest, enum role *ret);
MUST_USE enum err word_base64_32(struct bytes *rest, uint8_t ret[32]);
MUST_USE enum err word_u64(struct bytes *rest, uint64_t *ret);
/* Where in whose log: `<size>` in the first generation, `<generation>/<size>` in a later one. */
MUST_USE enum err word_place(struct bytes *rest, uint32_t *ret_generation, uint64_t *ret_size);
void put_place(uint32_t generation, uint64_t size, struct buf *ret);
/* [dfe=NNN] [gss=ENNNNNNNN], to the end of the line. */
MUST_USE enum err words_codes(struct bytes *rest, struct member_codes *ret);
void put_codes(const struct member_codes *codes, struct buf *ret);     /* a space before each */
/* Nothing is left. */
MUST_USE enum err words_end(const struct bytes *rest);

#endif
