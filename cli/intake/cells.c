#include "cli/intake/cells.h"

#include <ctype.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "cli/intake/follow.h"
#include "cli/intake/meant.h"

enum { NUMBER_TEXT_MAX = 40 };

static enum err complain(struct complaint *why, const char *remedy, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));

static enum err complain(struct complaint *why, const char *remedy, const char *fmt, ...)
{
    va_list ap;
    va_start(ap, fmt);
    vsnprintf(why->problem, sizeof(why->problem), fmt, ap);
    va_end(ap);
    snprintf(why->remedy, sizeof(why->remedy), "%s", remedy);
    return ERR_FORMAT;
}

static bool symbol_read(const char *text, enum figure_status *ret)
{
    char lower[8];
    size_t len = strlen(text);
    if (len == 0 || len >= sizeof(lower))
        return false;
    for (size_t i = 0; i <= len; i++)
        lower[i] = (char)tolower((unsigned char)text[i]);
    if (strcmp(lower, ":") == 0 || strcmp(lower, "~") == 0) {   /* the DfE's symbols until 2020 */
        *ret = lower[0] == ':' ? STATUS_X : STATUS_K;
        return true;
    }
    enum figure_status s;
    if (status_parse(bytes_of(lower), &s) != OK || status_has_number(s))
        return false;
    *ret = s;
    return true;
}

/* "1,234,567.8" without its commas; false when they do not stand every three digits. */
static bool without_commas(const char *text, char ret[NUMBER_TEXT_MAX])
{
    size_t n = 0, whole = strcspn(text, "."), since = 0;
    bool grouped = memchr(text, ',', whole) != NULL;
    for (size_t i = 0; text[i] != '\0'; i++) {
        if (text[i] == ',') {
            bool first = memchr(text, ',', i) == NULL;
            if (i >= whole || (first ? since < 1 || since > 3 : since != 3))
                return false;
            since = 0;
            continue;
        }
        since += i < whole && isdigit((unsigned char)text[i]) != 0;
        if (n + 1 >= NUMBER_TEXT_MAX)
            return false;
        ret[n++] = text[i];
    }
    ret[n] = '\0';
    return !grouped || since == 3;
}

static enum err number_read(const char *text, struct decimal *ret, struct complaint *why)
{
    char digits[NUMBER_TEXT_MAX], remedy[COMPLAINT_REMEDY_SIZE];
    size_t len = strlen(text);
    if (text[len - 1] == '%')
        return complain(why, "write the number alone: the definition says that it is a percentage",
                        "`%.60s` has a percent sign", text);
    if (strspn(text, "0123456789.,+-eE") == len && strpbrk(text, "eE") != NULL && isdigit((unsigned char)text[0]))
        return complain(why, "show the cell in full in the spreadsheet, and save again",
                        "`%.60s` is short for a longer number", text);
    enum err e = without_commas(text, digits) ? decimal_parse(bytes_of(digits), ret) : ERR_FORMAT;
    if (e == ERR_LIMIT)
        return complain(why, "at most 18 digits, 9 of them decimals", "`%.60s` is too long a number", text);
    if (e == OK)
        return OK;
    meant_number(text, remedy);
    return complain(why, remedy, "`%.60s` is not a number", text);
}

enum err cell_read(const char *text, struct cell_content *ret, struct complaint *ret_why)
{
    struct cell_content c = {.says = CELL_NOTHING};
    if (text[0] != '\0') {
        c.says = symbol_read(text, &c.symbol) ? CELL_SYMBOL : CELL_NUMBER;
        if (c.says == CELL_NUMBER && number_read(text, &c.number, ret_why) != OK)
            return ERR_FORMAT;
    }
    *ret = c;
    return OK;
}

static bool is_zero(const struct cell_content *c)
{
    return c->says == CELL_NUMBER && c->number.mantissa == 0;
}

static bool is_whole(struct decimal d)
{
    struct decimal whole;
    return decimal_round(d, 0, &whole) == OK && decimal_compare(whole, d) == 0;
}

/* Counts are exact; nothing is counted below zero, and no share of it lies there. A score without a denominator may. */
static enum err check_part(const struct definition *d, const struct cell_content *c, enum part part, enum part *ret_part,
                           struct complaint *why)
{
    char text[DECIMAL_TEXT_MAX];
    if (c->says != CELL_NUMBER || (part == PART_VALUE && d->denominator[0] == '\0'))
        return OK;
    *ret_part = part;
    decimal_text(c->number, text);
    if (c->number.mantissa < 0)
        return complain(why, "correct the number", "%s is below zero", text);
    if (part == PART_VALUE)
        return OK;
    if (d->counts_people && d->denominator[0] != '\0' && !is_whole(c->number))
        return complain(why, "give the count", "%s is not a whole number, and this is counted", text);
    return OK;
}

static void keep(const struct cell_content *c, bool *ret_has, struct decimal *ret)
{
    *ret_has = c->says == CELL_NUMBER;
    if (*ret_has)
        *ret = c->number;
}

/* With a symbol no value stands. The parts may: a count whose rate could not be given is still a count; but nothing out of
 * nothing is none. */
static enum err say_symbol(enum figure_status symbol, const struct cell_content cells[PART_COUNT], struct figure *ret)
{
    const struct cell_content *n = &cells[PART_NUMERATOR], *over = &cells[PART_DENOMINATOR];
    ret->status = symbol;
    keep(over, &ret->has_denominator, &ret->denominator);
    if (symbol != STATUS_C && !(is_zero(n) && is_zero(over)))
        keep(n, &ret->has_numerator, &ret->numerator);
    return OK;
}

static enum err say_numbers(enum figure_status status, const struct cell_content cells[PART_COUNT], struct figure *ret)
{
    ret->status = status;
    keep(&cells[PART_NUMERATOR], &ret->has_numerator, &ret->numerator);
    keep(&cells[PART_DENOMINATOR], &ret->has_denominator, &ret->denominator);
    keep(&cells[PART_VALUE], &ret->has_value, &ret->value);
    return OK;
}

/* "A denominator of 0 gives no value, symbol z." */
static enum err decide_over_zero(const struct cell_content cells[PART_COUNT], struct figure *ret,
                                 bool *ret_is_zero_of_zero, struct complaint *why)
{
    bool nothing_counted = cells[PART_NUMERATOR].says == CELL_NOTHING || is_zero(&cells[PART_NUMERATOR]);
    bool nothing_claimed = cells[PART_VALUE].says == CELL_NOTHING || is_zero(&cells[PART_VALUE]);
    if (!nothing_counted || !nothing_claimed)
        return complain(why, "correct the denominator, or put z for the value", "the denominator is 0");
    *ret_is_zero_of_zero = is_zero(&cells[PART_VALUE]);
    return say_symbol(STATUS_Z, cells, ret);
}

static enum err decide_from_parts(const struct definition *d, const struct cell_content cells[PART_COUNT],
                                  enum figure_status base, struct figure *ret, struct complaint *why)
{
    const struct cell_content *n = &cells[PART_NUMERATOR], *over = &cells[PART_DENOMINATOR], *v = &cells[PART_VALUE];
    char text[3][DECIMAL_TEXT_MAX], expected[DECIMAL_TEXT_MAX], remedy[200];
    struct decimal computed;
    bool follows = true;
    enum err e;
    if (v->says == CELL_NUMBER)
        e = follow(d, n->number, over->number, v->number, &follows, &computed);
    else
        e = decimal_ratio(d->multiplier, n->number, over->number, d->decimals, &computed);
    if (e != OK)
        return complain(why, "check the parts", "the numbers are too large to be computed with");
    if (follows) {
        say_numbers(base, cells, ret);
        ret->has_value = true;
        ret->value = v->says == CELL_NUMBER ? v->number : computed;
        return OK;
    }
    decimal_text(n->number, text[0]);
    decimal_text(over->number, text[1]);
    decimal_text(v->number, text[2]);
    decimal_text(computed, expected);
    snprintf(remedy, sizeof(remedy), "they give %s: correct the value or its parts", expected);
    return complain(why, remedy, "%s does not follow from %s and %s", text[2], text[0], text[1]);
}

/* A symbol where a number belongs. `u`, `low` and `k` say something of a number; a rate may be `x` where its population is. */
static enum err check_symbol(enum figure_status symbol, const struct cell_content cells[PART_COUNT], struct complaint *why)
{
    const struct cell_content *n = &cells[PART_NUMERATOR], *over = &cells[PART_DENOMINATOR];
    bool has_parts = n->says == CELL_NUMBER && over->says == CELL_NUMBER && !is_zero(over);
    char text[DECIMAL_TEXT_MAX];
    if (n->says != CELL_NUMBER || (symbol != STATUS_C && !(has_parts && (symbol == STATUS_X || symbol == STATUS_Z))))
        return OK;
    decimal_text(n->number, text);
    return complain(why, "give the value, or the symbol for the count too", "the value is %s where its count is %s",
                    status_name(symbol), text);
}

static enum err decide_value_alone(const struct cell_content cells[PART_COUNT], struct figure *ret, struct complaint *why)
{
    const struct cell_content *n = &cells[PART_NUMERATOR], *over = &cells[PART_DENOMINATOR];
    if (n->says == CELL_SYMBOL && n->symbol == STATUS_C)
        return complain(why, "put c for the value too", "the value stands where its count is c, and could give it away");
    if (n->says == CELL_NUMBER && over->says == CELL_SYMBOL && over->symbol == STATUS_C && !is_zero(&cells[PART_VALUE]))
        return complain(why, "put c for the value too", "count and value stand where the denominator is c, and give it away");
    return say_numbers(STATUS_STATED, cells, ret);
}

enum err cells_decide(const struct definition *d, const struct cell_content cells[PART_COUNT],
                      enum figure_status base, struct figure *ret, bool *ret_is_zero_of_zero,
                      enum part *ret_part, struct complaint *ret_why)
{
    const struct cell_content *n = &cells[PART_NUMERATOR], *over = &cells[PART_DENOMINATOR], *v = &cells[PART_VALUE];
    *ret_is_zero_of_zero = false;
    if (check_part(d, n, PART_NUMERATOR, ret_part, ret_why) != OK ||
        check_part(d, over, PART_DENOMINATOR, ret_part, ret_why) != OK || check_part(d, v, PART_VALUE, ret_part, ret_why) != OK)
        return ERR_FORMAT;
    *ret_part = PART_VALUE;
    if (v->says == CELL_SYMBOL)
        return check_symbol(v->symbol, cells, ret_why) == OK ? say_symbol(v->symbol, cells, ret) : ERR_FORMAT;
    if (v->says == CELL_NOTHING && n->says == CELL_SYMBOL)
        return say_symbol(n->symbol, cells, ret);
    if (v->says == CELL_NOTHING && n->says == CELL_NOTHING)
        return over->says == CELL_SYMBOL ? say_symbol(over->symbol, cells, ret) : ERR_UNKNOWN;
    if (is_zero(over)) {
        *ret_part = PART_DENOMINATOR;
        return decide_over_zero(cells, ret, ret_is_zero_of_zero, ret_why);
    }
    if (n->says == CELL_NUMBER && over->says == CELL_NUMBER)
        return decide_from_parts(d, cells, base, ret, ret_why);
    return v->says == CELL_NUMBER ? decide_value_alone(cells, ret, ret_why) : say_numbers(base, cells, ret);
}
