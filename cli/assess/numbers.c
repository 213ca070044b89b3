/* cli/assess/numbers.c - do the numbers in a sentence say what the figure says? (evidence.h) */
#include <string.h>

#include "cli/assess/evidence.h"

static bool is_digit(uint8_t c)
{
    return c >= '0' && c <= '9';
}

static bool is_letter(uint8_t c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c >= 0x80;
}

struct number { struct decimal d; size_t from, to; bool has_point; };

/* The next number from *at on: digits, with commas between thousands, and a point with digits behind it. */
static bool next_number(struct bytes text, size_t *at, struct number *ret)
{
    char digits[DECIMAL_TEXT_MAX];
    size_t i = *at, n = 0;
    while (i < text.len && !is_digit(text.p[i]))
        i++;
    if (i == text.len)
        return false;
    *ret = (struct number){.from = i};
    for (; i < text.len; i++) {
        uint8_t c = text.p[i], next = i + 1 < text.len ? text.p[i + 1] : ' ';
        if (c == ',' && !ret->has_point && is_digit(next))
            continue;
        bool is_point = c == '.' && !ret->has_point && is_digit(next);
        if (!is_digit(c) && !is_point)
            break;
        ret->has_point |= is_point;
        if (n < sizeof(digits) - 1)
            digits[n++] = (char)c;
    }
    ret->to = *at = i;
    bool is_good = decimal_parse((struct bytes){(const uint8_t *)digits, n}, &ret->d) == OK;
    if (!is_good)
        ret->d = (struct decimal){-1, 0};           /* too long to be anybody's figure: equal to none */
    return true;
}

/* 2024, 2024-25, Q1, 12th: no figure's. */
static bool is_other(struct bytes text, const struct number *n)
{
    uint8_t before = n->from > 0 ? text.p[n->from - 1] : ' ', after = n->to < text.len ? text.p[n->to] : ' ';
    bool is_year = !n->has_point && n->to - n->from == 4 && n->d.mantissa >= 1990 && n->d.mantissa < 2100;
    bool is_second = (before == '-' || before == '/') && n->from > 1 && is_digit(text.p[n->from - 2]);
    return is_year || is_second || is_letter(before) || is_letter(after);
}

static bool has_percent(struct bytes text, size_t at)
{
    static const char *const words[] = {"%", " %", " per cent", " percent"};
    for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
        if (bytes_start_with((struct bytes){text.p + at, text.len - at}, words[i]))
            return true;
    return false;
}

static bool is_as_written(bool has, struct decimal exact, const struct number *n)
{
    struct decimal rounded;
    return has && decimal_round(exact, n->d.scale, &rounded) == OK && decimal_compare(rounded, n->d) == 0;
}

bool evidence_contradicts(struct bytes text, bool is_sentence, const struct figure *f)
{
    struct number n;
    bool has_any = false;
    for (size_t at = 0; next_number(text, &at, &n);) {
        if (is_other(text, &n) || (is_sentence && !n.has_point && !has_percent(text, n.to)))
            continue;
        has_any = true;
        if (is_as_written(f->has_value, f->value, &n) || is_as_written(f->has_numerator, f->numerator, &n)
            || is_as_written(f->has_denominator, f->denominator, &n))
            return false;
    }
    return has_any;
}
