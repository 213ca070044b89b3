#include "cli/report/sources.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "protocol/assessment.h"

struct reading {
    struct sources s;
    size_t cap_logs, cap_records;
    bool has_main;
    char figure[FIGURE_NAME_MAX];           /* of the rows that follow; "" before the first */
};

/* ---- one line ---- */

/* Take `literal` off the front. */
static bool skip(struct bytes *in, const char *literal)
{
    if (!bytes_start_with(*in, literal))
        return false;
    in->p += strlen(literal);
    in->len -= strlen(literal);
    return true;
}

/* The next attribute, which must be this one: ` name="value"`. What we write there needs no escaping, so '&' is foreign. */
static bool attribute(struct bytes *in, const char *name, struct bytes *ret)
{
    if (!skip(in, " ") || !skip(in, name) || !skip(in, "=\""))
        return false;
    size_t len = 0;
    while (len < in->len && in->p[len] != '"') {
        if (in->p[len] < 0x20 || in->p[len] > 0x7E || in->p[len] == '&' || in->p[len] == '<')
            return false;
        len++;
    }
    if (len == in->len)
        return false;
    *ret = (struct bytes){in->p, len};
    in->p += len + 1;
    in->len -= len + 1;
    return true;
}

static bool hex(struct bytes text, uint8_t *ret, size_t len)
{
    return text.len == 2 * len && hex_decode(text, ret, len) == OK;
}

/* ---- the five kinds ---- */

static enum err read_main(struct reading *r, struct bytes in)
{
    struct bytes schema, alliance, charter, who, made;
    if (!attribute(&in, "data-folkmoot", &schema))
        return ERR_UNKNOWN;
    if (!bytes_equal(schema, bytes_of(SOURCES_SCHEMA)))
        return bytes_start_with(schema, "folkmoot.report/") ? ERR_SCHEMA : ERR_UNKNOWN;
    if (!attribute(&in, "data-alliance", &alliance) || !attribute(&in, "data-charter", &charter) || !attribute(&in, "data-for",
        &who) ||
        !attribute(&in, "data-made", &made) || !skip(&in, ">") || r->has_main)
        return ERR_FORMAT;
    r->s.is_public = bytes_equal(who, bytes_of("public"));
    if (!hex(alliance, r->s.alliance.b, sizeof(r->s.alliance.b)) || !hex(charter, r->s.charter.b, HASH_LEN) ||
        (!r->s.is_public && !bytes_equal(who, bytes_of("alliance"))) || bytes_to_str(made, r->s.made, sizeof(r->s.made)) != OK)
        return ERR_FORMAT;
    r->has_main = true;
    return OK;
}

static enum err room(void **list, size_t n, size_t *cap, size_t size, size_t max)
{
    if (n == max)
        return ERR_LIMIT;
    if (n < *cap)
        return OK;
    size_t more = *cap > 0 ? *cap * 2 : 64;
    void *grown = realloc(*list, more * size);
    if (grown == NULL)
        return ERR_NOMEM;
    *list = grown;
    *cap = more;
    return OK;
}

static enum err read_log(struct reading *r, struct bytes in)
{
    struct bytes slug, generation, size, root;
    struct source_log log;
    uint64_t number;
    if (!attribute(&in, "data-log", &slug) || !attribute(&in, "data-generation", &generation) || !attribute(&in, "data-size",
        &size) ||
        !attribute(&in, "data-root", &root) || !skip(&in, ">") || slug_parse(slug, &log.slug) != OK ||
        bytes_u64(generation, UINT32_MAX, &number) != OK || bytes_u64(size, INT64_MAX, &log.size) != OK || !hex(root, log.root.b,
            HASH_LEN))
        return ERR_FORMAT;
    log.generation = (uint32_t)number;
    if (log.generation == 0)
        return ERR_FORMAT;
    void *list = r->s.logs;
    enum err e = room(&list, r->s.n_logs, &r->cap_logs, sizeof(log), SOURCES_LOGS_MAX);
    r->s.logs = list;
    if (e == OK)
        r->s.logs[r->s.n_logs++] = log;
    return e;
}

static enum err read_figure(struct reading *r, struct bytes in)
{
    struct bytes name;
    if (!attribute(&in, "data-figure", &name) || !skip(&in, ">") || in.len > 0 || name.len == 0 ||
        bytes_to_str(name, r->figure, sizeof(r->figure)) != OK)
        return ERR_FORMAT;
    return OK;
}

/* "kent/87", "kent~2/87" */
static bool record_of(struct bytes in, struct source_record *ret)
{
    uint64_t generation = 1;
    size_t slash = 0, tilde = 0;
    while (slash < in.len && in.p[slash] != '/')
        slash++;
    if (slash == in.len || bytes_u64((struct bytes){in.p + slash + 1, in.len - slash - 1}, INT64_MAX, &ret->idx) != OK)
        return false;
    while (tilde < slash && in.p[tilde] != '~')
        tilde++;
    if (tilde < slash &&
        (bytes_u64((struct bytes){in.p + tilde + 1, slash - tilde - 1}, UINT32_MAX, &generation) != OK || generation < 2))
        return false;
    ret->generation = (uint32_t)generation;
    return slug_parse((struct bytes){in.p, tilde}, &ret->slug) == OK && bytes_to_str(in, ret->record, sizeof(ret->record)) == OK;
}

static enum err add_record(struct reading *r, const struct source_record *rec)
{
    void *list = r->s.records;
    enum err e = room(&list, r->s.n_records, &r->cap_records, sizeof(*rec), SOURCES_RECORDS_MAX);
    r->s.records = list;
    if (e == OK)
        r->s.records[r->s.n_records++] = *rec;
    return e;
}

static enum err read_assessment(struct reading *r, struct bytes in)
{
    struct bytes name, year, shown;
    struct source_record rec = {.is_assessment = true};
    uint64_t n, judgement;
    if (!attribute(&in, "data-assessment", &name) || !attribute(&in, "data-year", &year) || !attribute(&in, "data-shown", &shown) ||
        !skip(&in, "></tr>") || in.len > 0 || !record_of(name, &rec) || bytes_u64(year, ASSESSMENT_YEAR_MOST, &n) != OK ||
        bytes_u64(shown, ASSESSMENT_JUDGEMENT_MOST, &judgement) != OK || judgement == 0 ||
        bytes_to_str(shown, rec.shown, sizeof(rec.shown)) != OK)
        return ERR_FORMAT;
    (void)snprintf(rec.figure, sizeof(rec.figure), SOURCE_ASSESSMENT "%u", (unsigned)n);
    return add_record(r, &rec);
}

static enum err read_record(struct reading *r, struct bytes in)
{
    struct bytes name, shown;
    struct source_record rec = {.generation = 0};
    if (!attribute(&in, "data-record", &name) || !attribute(&in, "data-shown", &shown) || !skip(&in, "></tr>") || in.len > 0 ||
        r->figure[0] == '\0' || !record_of(name, &rec) || shown.len == 0 || bytes_to_str(shown, rec.shown, sizeof(rec.shown)) != OK)
        return ERR_FORMAT;
    memcpy(rec.figure, r->figure, sizeof(rec.figure));
    return add_record(r, &rec);
}

/* ---- the page ---- */

static enum err read_line(struct reading *r, struct bytes line)
{
    if (skip(&line, "<main"))
        return read_main(r, line);
    if (!r->has_main)
        return OK;
    if (bytes_start_with(line, "<tr data-log=") && skip(&line, "<tr"))
        return read_log(r, line);
    if (bytes_start_with(line, "<tbody data-figure=") && skip(&line, "<tbody"))
        return read_figure(r, line);
    if (bytes_start_with(line, "<tr data-record=") && skip(&line, "<tr"))
        return read_record(r, line);
    if (bytes_start_with(line, "<tr data-assessment=") && skip(&line, "<tr"))
        return read_assessment(r, line);
    return OK;
}

enum err sources_read(struct bytes page, struct sources *ret, size_t *ret_line)
{
    struct reading r = {.has_main = false};
    struct bytes line;
    enum err e = OK;
    *ret_line = 0;
    while (e == OK && bytes_line(&page, &line)) {
        ++*ret_line;
        e = read_line(&r, line);
    }
    if (e == OK && !r.has_main)
        e = ERR_UNKNOWN;
    if (e == OK && page.len > 0)                /* cut off within a line: ours ends with one */
        e = ERR_FORMAT;
    if (e == OK)
        *ret = r.s;
    else
        sources_release(&r.s);
    return e;
}

void sources_release(struct sources *s)
{
    free(s->logs);
    free(s->records);
    s->logs = NULL;
    s->records = NULL;
    s->n_logs = s->n_records = 0;
}
