#include "cli/intake/meant.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "cli/period.h"

/* ---- numbers ---- */

#define SYMBOLS "c z x u k low"

static bool is_one_of(const char *text, const char *const *words)
{
    while (*words != NULL && strcasecmp(text, *words) != 0)
        words++;
    return *words != NULL;
}

/* The letters of another keyboard: minus, dashes; spaces of typesetters. */
static const char *skip_minus(const char *text)
{
    static const char *const signs[] = {"\xE2\x80\x90", "\xE2\x80\x91", "\xE2\x80\x92", "\xE2\x80\x93", "\xE2\x80\x94",
                                        "\xE2\x88\x92"};
    for (size_t i = 0; i < sizeof(signs) / sizeof(signs[0]); i++)
        if (strncmp(text, signs[i], 3) == 0)
            return text + 3;
    return text;
}

/* Digits in threes with a space, a no-break space or an apostrophe between. */
static bool is_spaced(const char *text)
{
    size_t n_digits = 0, n_between = 0;
    for (; *text != '\0'; text++) {
        n_digits += isdigit((unsigned char)*text) != 0;
        n_between += *text == ' ' || *text == '\'' || (unsigned char)*text == 0xA0 || (unsigned char)*text == 0xAF;
        if (!isdigit((unsigned char)*text) && strchr(" '.\xC2\xA0\xE2\x80\xAF", *text) == NULL)
            return false;
    }
    return n_digits > 3 && n_between > 0;
}

static size_t leading_number(const char *text)
{
    return strspn(text, "0123456789.,");
}

void meant_number(const char *text, char ret[COMPLAINT_REMEDY_SIZE])
{
    static const char *const dashes[] = {"-", "--", "..", "...", ".", "*", "n/a", "na", "none", "nil", "null", "tbc", "?", "#",
                                         "\xE2\x80\x93", "\xE2\x80\x94", "\xE2\x88\x92", "missing", "suppressed", "unknown", NULL};
    const char *say = "a number, nothing, or one of the symbols " SYMBOLS;
    size_t n = leading_number(text), len = strlen(text);
    if (is_one_of(text, dashes))
        say = "0 where nobody was counted; else nothing, or the symbol that says why there is no number: " SYMBOLS;
    else if (text[0] == '#')
        say = "a formula failed: mend it in the spreadsheet, and save again";
    else if (skip_minus(text) != text && isdigit((unsigned char)skip_minus(text)[0]))
        say = "write the minus as -";
    else if (text[0] == '(' && isdigit((unsigned char)text[1]) && text[len - 1] == ')')
        say = "write a number below zero with -";
    else if (text[0] == '<' || text[0] == '>')
        say = "a small number that must not be said is c";
    else if (is_spaced(text) || (n == len && strchr(text, ',') != NULL))
        say = "write 1234 or 1,234";
    else if (n == len || (text[0] == '+' && leading_number(text + 1) == len - 1))
        say = "write 0.5 or 5: digits on both sides of the point, no sign but -";
    else if (n > 0 && (strcasecmp(text + n, "p") == 0 || strcasecmp(text + n, "(p)") == 0 || strcasecmp(text + n, " p") == 0))
        say = "write the number alone, and publish with --status provisional";
    else if ((n > 0 && isdigit((unsigned char)text[0])) || strncmp(text, "\xC2\xA3", 2) == 0)
        say = "write the number alone";
    snprintf(ret, COMPLAINT_REMEDY_SIZE, "%s", say);
}

/* ---- periods ---- */

/* Days since 1900 in a spreadsheet: 2000 to 2049. */
enum { SERIAL_FROM = 36526, SERIAL_TO = 54788 };

static size_t read_digits(const char *text, unsigned *ret)
{
    size_t n = strspn(text, "0123456789");
    *ret = 0;
    for (size_t i = 0; i < n && i < 6; i++)
        *ret = *ret * 10 + (unsigned)(text[i] - '0');
    return n;
}

/* The two years and the quarter that stand somewhere in it. */
struct found { unsigned year, next, quarter; size_t n_year, n_next, n_more; };

static struct found find_years(const char *text)
{
    struct found f = {0};
    while (*text != '\0') {
        unsigned v;
        size_t n = read_digits(text, &v);
        if (n == 0) {
            if ((*text == 'Q' || *text == 'q') && text[1] >= '1' && text[1] <= '4' && !isdigit((unsigned char)text[2])) {
                f.quarter = (unsigned)(text[1] - '0');
                text++;
            }
            text++;
            continue;
        }
        if (f.n_year == 0) {
            f.year = v;
            f.n_year = n;
        } else if (f.n_next == 0) {
            f.next = v;
            f.n_next = n;
        } else
            f.n_more++;
        text += n;
    }
    return f;
}

/* 2024/2025, 24/25: two years running. */
static bool two_years(const struct found *f, unsigned *ret_year)
{
    bool has_century = f->n_year == 4;
    if ((f->n_year != 4 && f->n_year != 2) || (f->n_next != 4 && f->n_next != 2) || f->n_more > 0 ||
        (!has_century && f->n_next == 4))
        return false;
    *ret_year = has_century ? f->year : 2000 + f->year;
    return f->next % 100 == (f->year + 1) % 100;
}

static bool names_a_month(const char *text)
{
    static const char months[] = "janfebmaraprmayjunjulaugsepoctnovdec";
    for (; *text != '\0'; text++)
        for (size_t m = 0; m < sizeof(months) - 1; m += 3)
            if (strncasecmp(text, months + m, 3) == 0)
                return true;
    return false;
}

void meant_period(const char *text, char ret[COMPLAINT_REMEDY_SIZE])
{
    struct period_asked meant;
    struct found f = find_years(text);
    char quarter[64] = "";
    unsigned year;
    if (f.quarter != 0)
        snprintf(quarter, sizeof(quarter), ", with the identifier Financial year Q%u", f.quarter);
    if (period_parse(text, &meant) == OK && meant.kind == PERIOD_NAMED)
        snprintf(ret, COMPLAINT_REMEDY_SIZE, "write %s%s%s", meant.code,
                 meant.identifier[0] != '\0' ? ", with the identifier " : "", meant.identifier);
    else if (two_years(&f, &year))
        snprintf(ret, COMPLAINT_REMEDY_SIZE, "write %u%02u%s", year, (year + 1) % 100, quarter);
    else if (f.n_year == 5 && f.n_next == 0 && f.year >= SERIAL_FROM && f.year <= SERIAL_TO && strlen(text) == 5)
        snprintf(ret, COMPLAINT_REMEDY_SIZE,
                 "this is a spreadsheet's number for a day: give the column the format Text, and write 2024 or 202425");
    else if (f.n_more > 0 || names_a_month(text))
        snprintf(ret, COMPLAINT_REMEDY_SIZE, "a day or a month is no period: write the year, 2024 or 202425");
    else if (f.quarter != 0)
        snprintf(ret, COMPLAINT_REMEDY_SIZE, "write the two years, 202425%s", quarter);
    else if (f.n_year == 4 && f.n_next == 0 && f.year >= 1900 && f.year < 2100)
        snprintf(ret, COMPLAINT_REMEDY_SIZE, "write %u alone", f.year);
    else
        snprintf(ret, COMPLAINT_REMEDY_SIZE, "4 digits for a year, 6 for two years running: 2024, 202425");
}

/* ---- files ---- */

static bool say(struct complaint *ret, const char *problem, const char *remedy)
{
    snprintf(ret->problem, sizeof(ret->problem), "%s", problem);
    snprintf(ret->remedy, sizeof(ret->remedy), "%s", remedy);
    return true;
}

static bool has_nul_in_most_pairs(struct bytes raw)
{
    size_t n = 0, pairs = raw.len / 2 < 64 ? raw.len / 2 : 64;
    for (size_t i = 0; i < pairs; i++)
        n += (raw.p[2 * i] == 0) != (raw.p[2 * i + 1] == 0);
    return pairs >= 4 && n * 4 > pairs * 3;
}

bool meant_file(struct bytes raw, struct complaint *ret)
{
    static const struct { const char *start, *what, *remedy; } kinds[] = {
        {"PK\x03\x04", "is a workbook or an archive, and no CSV", "open it, and save the sheet as CSV UTF-8"},
        {"\xD0\xCF\x11\xE0", "is an old workbook (.xls), and no CSV", "open it, and save the sheet as CSV UTF-8"},
        {"%PDF-", "is a PDF, and no CSV", "ask for the data file"},
        {"\x1F\x8B", "is compressed (gzip)", "unpack it first"},
        {"{\\rtf", "is a text document, and no CSV", "ask for the data file"},
        {"<", "is a web page or XML, and no CSV", "was it a log-in page that was saved? download the CSV file"},
        {"{", "is JSON, and no CSV", "ask for the CSV file"},
        {"[", "is JSON, and no CSV", "ask for the CSV file"},
    };
    const uint8_t *nul = raw.len > 0 ? memchr(raw.p, 0, raw.len) : NULL;
    uint64_t line = 1;
    for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
        if (bytes_start_with(raw, kinds[i].start))
            return say(ret, kinds[i].what, kinds[i].remedy);
    if (bytes_start_with(raw, "\xFF\xFE") || bytes_start_with(raw, "\xFE\xFF") || has_nul_in_most_pairs(raw))
        return say(ret, "is UTF-16, which spreadsheets call Unicode text", "save it as CSV UTF-8");
    if (nul == NULL)
        return false;
    for (const uint8_t *p = raw.p; p < nul; p++)
        line += *p == '\n';
    (void)say(ret, "", "save it as CSV UTF-8");
    snprintf(ret->problem, sizeof(ret->problem), "holds a NUL byte in line %llu", (unsigned long long)line);
    return true;
}

bool meant_heading(const char *const *cells, size_t n, struct complaint *ret)
{
    size_t n_filled = 0, at = 0;
    for (size_t i = 0; i < n; i++)
        if (cells[i][0] != '\0') {
            n_filled++;
            at = i;
        }
    if (n > 0 && strncasecmp(cells[0], "sep=", 4) == 0)
        return say(ret, "the first row is for spreadsheets and names no columns", "delete it, so that the heading comes first");
    if (n_filled != 1 || strchr(cells[at], ' ') == NULL)
        return false;
    (void)say(ret, "", "delete what stands above the heading");
    snprintf(ret->problem, sizeof(ret->problem), "`%.80s` is a title, and the first row names the columns", cells[at]);
    return true;
}
