#include "cli/period.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

#define IDENTIFIERS(X)                                                        \
    X("Reporting year", 4, 0)    X("Calendar year", 4, 0)                     \
    X("Financial year", 6, 0)    X("Academic year", 6, 0)                     \
    X("Financial year Q1", 6, 1) X("Financial year Q2", 6, 2)                 \
    X("Financial year Q3", 6, 3) X("Financial year Q4", 6, 4)

static const struct identifier {
    const char *name;
    size_t digits;
    int quarter;
} identifiers[] = {
#define X(name, digits, quarter) {name, digits, quarter},
    IDENTIFIERS(X)
#undef X
};
enum { N_IDENTIFIERS = sizeof(identifiers) / sizeof(identifiers[0]) };

static const struct identifier *find(const char *name)
{
    for (size_t i = 0; i < N_IDENTIFIERS; i++)
        if (strcasecmp(identifiers[i].name, name) == 0)
            return &identifiers[i];
    return NULL;
}

const char *period_identifier(const char *identifier)
{
    const struct identifier *i = find(identifier);
    return i != NULL ? i->name : NULL;
}

static int quarter_of(const char *identifier)
{
    const struct identifier *i = find(identifier);
    return i != NULL ? i->quarter : 0;
}

static bool digits(const char *s, size_t n)
{
    return strspn(s, "0123456789") >= n;
}

static int two_digits(const char *s)
{
    return (s[0] - '0') * 10 + (s[1] - '0');
}

bool period_code_is_valid(const char *code)
{
    size_t len = strlen(code);
    if ((len != 4 && len != 6) || !digits(code, len) || (code[0] != '1' && code[0] != '2'))
        return false;
    return len == 4 || two_digits(code + 4) == (two_digits(code + 2) + 1) % 100;
}

bool period_is_valid(const char *code, const char *identifier)
{
    const struct identifier *i = find(identifier);
    return i != NULL && period_code_is_valid(code) && strlen(code) == i->digits;
}

/* "", "Q1", " Q1": *ret 0 to 4 */
static bool quarter_parse(const char *text, int *ret)
{
    if (*text == '\0') {
        *ret = 0;
        return true;
    }
    text += *text == ' ' || *text == '-';
    if ((*text != 'Q' && *text != 'q') || text[1] < '1' || text[1] > '4' || text[2] != '\0')
        return false;
    *ret = text[1] - '0';
    return true;
}

enum err period_parse(const char *text, struct period_asked *ret)
{
    struct period_asked p = {.kind = PERIOD_NAMED};
    int quarter = 0;
    if (strcasecmp(text, "latest") == 0 || strcasecmp(text, "previous") == 0) {
        p.kind = strcasecmp(text, "latest") == 0 ? PERIOD_LATEST : PERIOD_PREVIOUS;
        *ret = p;
        return OK;
    }
    size_t n = strspn(text, "0123456789");
    const char *rest = text + n;
    if (n != 4 && n != 6)
        return ERR_FORMAT;
    memcpy(p.code, text, n);
    if (n == 4 && (*rest == '-' || *rest == '/') && digits(rest + 1, 2)) {
        memcpy(p.code + 4, rest + 1, 2);
        rest += 3;
    }
    if (!period_code_is_valid(p.code) || !quarter_parse(rest, &quarter) || (quarter != 0 && strlen(p.code) == 4))
        return ERR_FORMAT;
    if (quarter != 0)
        for (size_t i = 0; i < N_IDENTIFIERS; i++)
            if (identifiers[i].quarter == quarter)
                memcpy(p.identifier, identifiers[i].name, strlen(identifiers[i].name));
    *ret = p;
    return OK;
}

bool period_matches(const struct period_asked *want, const char *code, const char *identifier)
{
    if (want->kind != PERIOD_NAMED || strcmp(want->code, code) != 0)
        return false;
    return want->identifier[0] != '\0' ? strcasecmp(want->identifier, identifier) == 0 : quarter_of(identifier) == 0;
}

void period_text(const char *code, const char *identifier, char ret[PERIOD_TEXT_MAX])
{
    int quarter = quarter_of(identifier);
    bool is_split = strlen(code) == 6;
    snprintf(ret, PERIOD_TEXT_MAX, "%.*s%s%.2s%s%.*d", is_split ? 4 : 6, code, is_split ? "-" : "",
             is_split ? code + 4 : "", quarter != 0 ? " Q" : "", quarter != 0 ? 1 : 0, quarter);
}

int period_compare(const char *code_a, const char *identifier_a, const char *code_b, const char *identifier_b)
{
    int by_code = strcmp(code_a, code_b);
    if (by_code != 0)
        return by_code < 0 ? -1 : 1;
    int a = quarter_of(identifier_a), b = quarter_of(identifier_b);
    a = a == 0 ? 5 : a;                         /* the whole year is known when its quarters are over */
    b = b == 0 ? 5 : b;
    return (a > b) - (a < b);
}

void period_last_day(const char *code, const char *identifier, const char *basis, char ret[DATE_LEN + 1])
{
    static const char *const quarters[] = {"03-31", "06-30", "09-30", "12-31", "03-31"};
    const int quarter = quarter_of(identifier);
    bool is_split = strlen(code) == 6, is_later = is_split && (quarter == 0 || quarter == 4);
    unsigned year = (unsigned)(two_digits(code) * 100 + two_digits(code + 2) + is_later) % 10000U;
    const char *day = quarters[quarter];        /* 0: a year to March, a reporting or a financial one */
    if (strcasecmp(identifier, "Calendar year") == 0)
        day = "12-31";
    else if (strcasecmp(identifier, "Academic year") == 0)
        day = "08-31";
    else if (!is_split && strstr(basis, "30 September") != NULL)
        day = "09-30";
    snprintf(ret, DATE_LEN + 1, "%04u-%.5s", year, day);
}

bool period_is_alike(const char *code_a, const char *identifier_a, const char *code_b, const char *identifier_b)
{
    bool is_quarter = quarter_of(identifier_a) != 0;
    if (strlen(code_a) != strlen(code_b) || is_quarter != (quarter_of(identifier_b) != 0))
        return false;
    return is_quarter || strcasecmp(identifier_a, identifier_b) == 0;
}
