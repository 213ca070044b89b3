#include "cli/register/register.h"

#include <assert.h>
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "cli/nearest.h"
#include "cli/register/embedded.h"

static struct authority authorities[AUTHORITIES_MAX];
static struct slug names[AUTHORITIES_MAX];      /* the name in a slug's form, not made unique */
static struct slug plains[AUTHORITIES_MAX];     /* the same without "County" and the like */
static size_t n_authorities;                    /* 0 until first use */

/* What a character of a name becomes: text to add, "" for a gap, NULL for nothing at all. */
static const char *slug_part(const char *p, char one[2])
{
    int c = (unsigned char)*p;
    if (c == '\'' || strncmp(p, "\xE2\x80\x99", 3) == 0)
        return NULL;
    if (c == '&')
        return "-and-";
    if (c < 0x80 && isalnum(c)) {
        one[0] = (char)tolower(c);
        one[1] = '\0';
        return one;
    }
    return "-";
}

enum err register_slug(const char *name, struct slug *ret)
{
    char text[SLUG_MAX + 8], one[2];
    size_t n = 0;
    for (const char *p = name; *p != '\0'; p++) {
        const char *part = slug_part(p, one);
        if (part == NULL) {
            p += *p == '\'' ? 0 : 2;
            continue;
        }
        for (; *part != '\0'; part++)
            if (*part != '-' || (n > 0 && text[n - 1] != '-'))
                text[n++] = *part;
        if (n > SLUG_MAX + 1)
            return ERR_FORMAT;
    }
    while (n > 0 && text[n - 1] == '-')
        n--;
    return slug_parse((struct bytes){(const uint8_t *)text, n}, ret);
}

static uint32_t year(const char *text)
{
    uint64_t v = 0;
    return bytes_u64(bytes_of(text), 9999, &v) == OK ? (uint32_t)v : 0;
}

static struct authority authority_of(const char *const *row)
{
    return (struct authority){
        .name = row[LA_la_name],
        .dfe = row[LA_old_la_code],
        .gss = row[LA_new_la_code],
        .region_code = row[LA_region_code],
        .region = row[LA_region_name],
        .itl1_code = row[LA_itl1_region_code],
        .adcs_region = row[LA_adcs_region],
        .type = row[LA_la_type],
        .ofsted_urn = row[LA_ofsted_urn],
        .variants = row[LA_name_variants],
        .is_current = strcmp(row[LA_current], "yes") == 0,
        .first_year = year(row[LA_first_cin_year]),
        .last_year = year(row[LA_last_cin_year]),
    };
}

static struct authority *row_of_today(const char *dfe, size_t len)
{
    struct authority *found = NULL;
    for (size_t i = 0; i < n_authorities; i++) {
        struct authority *a = &authorities[i];
        if (strlen(a->dfe) == len && memcmp(a->dfe, dfe, len) == 0 && (found == NULL || a->is_current))
            found = a;
    }
    return found;
}

static void link_successors(struct authority *a, const char *codes)
{
    for (const char *at = codes; *at != '\0';) {
        size_t len = strcspn(at, "; ");
        struct authority *next = row_of_today(at, len);
        if (next != NULL) {
            assert(a->n_successors < SUCCESSORS_MAX);
            a->successors[a->n_successors++] = next;
        }
        at += len + strspn(at + len, "; ");
    }
}

static bool slug_is_taken_by_current(size_t i)
{
    for (size_t k = 0; k < n_authorities; k++)
        if (k != i && authorities[k].is_current && slug_equal(&names[k], &names[i]))
            return true;
    return false;
}

static void name_slug(size_t i)
{
    struct authority *a = &authorities[i];
    a->slug = names[i];
    if (a->is_current || !slug_is_taken_by_current(i))
        return;
    char text[SLUG_MAX + 16];
    snprintf(text, sizeof(text), "%.*s-to-%u", SLUG_MAX, names[i].s, a->last_year);
    enum err e = slug_parse(bytes_of(text), &a->slug);
    assert(e == OK);                            /* the file is ours, and a test reads every row */
    (void)e;
}

/* What councils put around their names. */
static void strip_before(struct slug *s)
{
    static const char *const titles[] = {"royal-borough-of-", "london-borough-of-", "city-of-", "borough-of-",
                                         "county-"};
    for (size_t i = 0; i < sizeof(titles) / sizeof(titles[0]); i++) {
        size_t len = strlen(s->s), n = strlen(titles[i]);
        if (len > n && strncmp(s->s, titles[i], n) == 0)
            memmove(s->s, s->s + n, len - n + 1);
    }
}

static void strip_after(struct slug *s)
{
    static const char *const titles[] = {"-council", "-corporation", "-county", "-city", "-metropolitan-borough",
                                         "-metropolitan-district", "-borough", "-city-of", "-county-of"};
    for (size_t i = 0; i < sizeof(titles) / sizeof(titles[0]); i++) {
        size_t len = strlen(s->s), n = strlen(titles[i]);
        if (len > n && strcmp(s->s + len - n, titles[i]) == 0)
            s->s[len - n] = '\0';
    }
}

static void load(void)
{
    if (n_authorities > 0)
        return;
    size_t n = csv_local_authorities_rows - 1;
    assert(n <= AUTHORITIES_MAX);
    for (size_t i = 0; i < n; i++) {
        authorities[i] = authority_of(csv_local_authorities[i + 1]);
        enum err e = register_slug(authorities[i].name, &names[i]);
        assert(e == OK);
        (void)e;
        plains[i] = names[i];
        strip_after(&plains[i]);
        if (strncmp(names[i].s, "county-", 7) == 0)     /* but the City of London is not London */
            strip_before(&plains[i]);
    }
    n_authorities = n;
    for (size_t i = 0; i < n; i++) {
        struct authority *a = &authorities[i], *today = row_of_today(a->dfe, strlen(a->dfe));
        name_slug(i);
        a->continues_as = !a->is_current && today->is_current ? today : NULL;
        link_successors(a, csv_local_authorities[i + 1][LA_replaced_by_old_la_codes]);
    }
}

size_t register_size(void)
{
    load();
    return n_authorities;
}

const struct authority *register_at(size_t i)
{
    load();
    assert(i < n_authorities);
    return &authorities[i];
}

const struct authority *register_by_dfe(const char *dfe)
{
    load();
    return row_of_today(dfe, strlen(dfe));
}

const struct authority *register_by_gss(const char *gss)
{
    load();
    for (size_t i = 0; i < n_authorities; i++)
        if (strcasecmp(authorities[i].gss, gss) == 0)
            return &authorities[i];
    return NULL;
}

bool authority_has_codes(const struct authority *a, const char *dfe, const char *gss)
{
    if (dfe != NULL && strcmp(dfe, a->dfe) == 0)
        return true;
    const struct authority *b = gss != NULL && *gss != '\0' ? register_by_gss(gss) : NULL;
    return b != NULL && strcmp(b->dfe, a->dfe) == 0;
}

static const struct authority *today(const struct authority *a)
{
    return a->continues_as != NULL ? a->continues_as : a;
}

static bool variant_is(const struct authority *a, const struct slug *word)
{
    char one[121];
    struct slug s;
    for (const char *at = a->variants; *at != '\0';) {
        size_t len = strcspn(at, ";");
        snprintf(one, sizeof(one), "%.*s", (int)(len < 120 ? len : 120), at);
        if (register_slug(one, &s) == OK && slug_equal(&s, word))
            return true;
        at += len + (at[len] == ';');
    }
    return false;
}

static const struct authority *find_exact(const struct slug *word)
{
    for (size_t i = 0; i < n_authorities; i++)
        if (slug_equal(&authorities[i].slug, word))
            return &authorities[i];
    for (size_t i = 0; i < n_authorities; i++)
        if (slug_equal(&names[i], word) || variant_is(&authorities[i], word))
            return today(&authorities[i]);
    return NULL;
}

static const struct authority *find_plain(const struct slug *plain)
{
    for (int current = 1; current >= 0; current--)
        for (size_t i = 0; i < n_authorities; i++)
            if (authorities[i].is_current == (current == 1) && slug_equal(&plains[i], plain))
                return today(&authorities[i]);
    return NULL;
}

static bool begins(size_t i, const struct slug *word)
{
    size_t len = strlen(word->s);
    return strncmp(names[i].s, word->s, len) == 0 || strncmp(plains[i].s, word->s, len) == 0;
}

size_t register_candidates(const char *word, const struct authority **ret, size_t max)
{
    struct slug s;
    size_t n = 0;
    load();
    if (register_slug(word, &s) != OK)
        return 0;
    for (int current = 1; current >= 0 && n == 0; current--)    /* those that are no more only when nobody else is */
        for (size_t i = 0; i < n_authorities; i++) {
            const struct authority *a = &authorities[i];
            if (a->is_current != (current == 1) || a->continues_as != NULL || !begins(i, &s))
                continue;
            if (n < max)
                ret[n] = a;
            n++;
        }
    return n;
}

enum err register_find(const char *word, const struct authority **ret)
{
    struct slug s;
    load();
    const struct authority *a = register_by_dfe(word);
    if (a == NULL && (a = register_by_gss(word)) != NULL)
        a = today(a);
    if (a == NULL && register_slug(word, &s) == OK && (a = find_exact(&s)) == NULL) {
        strip_after(&s);
        if ((a = find_plain(&s)) == NULL) {
            strip_before(&s);
            a = find_plain(&s);
        }
    }
    if (a == NULL) {
        const struct authority *found[1];
        size_t n = strlen(word) >= 2 ? register_candidates(word, found, 1) : 0;
        if (n != 1)
            return n > 1 ? ERR_CONFLICT : ERR_UNKNOWN;
        a = found[0];
    }
    *ret = a;
    return OK;
}

const char *register_nearest(const char *word)
{
    struct slug s;
    load();
    struct nearest near = nearest_to(register_slug(word, &s) == OK ? s.s : word);
    for (size_t i = 0; i < n_authorities; i++)
        nearest_offer_as(&near, names[i].s, authorities[i].slug.s);
    return near.best;
}

const struct authority *register_neighbour(const struct authority *a, size_t rank)
{
    char text[24];
    snprintf(text, sizeof(text), "%zu", rank);
    for (size_t i = 1; i < csv_statistical_neighbours_2025_rows; i++) {
        const char *const *row = csv_statistical_neighbours_2025[i];
        if (strcmp(row[SN_old_la_code], a->dfe) == 0 && strcmp(row[SN_rank], text) == 0)
            return register_by_dfe(row[SN_neighbour_old_la_code]);
    }
    return NULL;
}
