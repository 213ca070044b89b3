#include "cli/intake/intake.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "cli/intake/inside.h"
#include "cli/register/register.h"

const struct definition *reading_definition(const struct reading *r, const char *id)
{
    return r->with->definition != NULL ? r->with->definition(r->with->arg, id) : register_definition(id);
}

const char *reading_nearest(const struct reading *r, const char *id)
{
    return r->with->nearest != NULL ? r->with->nearest(r->with->arg, id) : register_nearest_definition(id);
}

const char *reading_in_parts(const struct reading *r)
{
    return r->with != NULL && !r->with->everybody ? "publish in parts" : "import in parts";
}

static bool take(void *arg, const struct row *row)
{
    struct reading *r = arg;
    if (r->header->n == 0)
        heading_read(r, row);
    else
        row_take(r, row);
    return !r->header_failed && r->failed == OK;
}

void fault_complain(struct reading *r, const struct rows_end *end)
{
    switch (end->fault) {
    case ROWS_GOOD:
    case ROWS_STOPPED:
        return;
    case ROWS_UNCLOSED_QUOTE:
        problem_add(r, end->line, NULL, "close it with a second \"", "a quote is opened and never closed");
        return;
    case ROWS_LINE_TOO_LONG:
        problem_add(r, end->line, NULL, "is a quote not closed?", "a row of more than %d bytes", INTAKE_LINE_MAX);
        return;
    case ROWS_TOO_MANY_COLUMNS:
        problem_add(r, end->line, NULL, "leave out columns that are not needed", "a row of more than %d columns",
                    INTAKE_COLUMNS_MAX);
        return;
    case ROWS_TOO_MANY:
        problem_add(r, end->line, NULL, reading_in_parts(r), "more than %d rows", INTAKE_ROWS_MAX);
        return;
    }
}

static void reset(struct reading *r)
{
    memset(r->header, 0, sizeof(*r->header));
    r->header_failed = false;
    r->n_seen = 0;
}

static bool has_beside(const struct header *h)
{
    for (size_t i = 0; i < h->n_slots; i++)
        if (h->slots[i].map != NULL && h->slots[i].map->beside.n > 0)
            return true;
    return false;
}

/* Goes on behind the header only when some denominators stand in rows of their own. What is wrong with the header
 * the second pass says. */
static bool gather(void *arg, const struct row *row)
{
    struct reading *r = arg;
    if (r->header->n > 0)
        return take(arg, row);
    size_t n_problems = r->in->n_problems;
    uint64_t n_more = r->in->n_problems_more;
    bool goes_on = take(arg, row) && has_beside(r->header);
    r->in->n_problems = n_problems;
    r->in->n_problems_more = n_more;
    return goes_on;
}

static enum err read_beside(struct reading *r, struct bytes text)
{
    struct rows_end end;
    r->is_gathering = true;
    reset(r);
    enum err e = rows_read(text, gather, r, &end);
    r->is_gathering = false;
    return e != OK ? e : r->failed;
}

static enum err read_text(struct reading *r, struct bytes text)
{
    struct rows_end end;
    enum err e = read_beside(r, text);
    if (e != OK)
        return e;
    reset(r);
    e = rows_read(text, take, r, &end);
    if (e != OK || r->failed != OK)
        return e != OK ? e : r->failed;
    fault_complain(r, &end);
    if (r->header->n == 0 && end.fault == ROWS_GOOD)
        problem_add(r, 0, NULL, "the first row names the columns", "the file is empty");
    if (end.fault == ROWS_GOOD)
        whole_check(r);
    beside_release(r);
    return r->failed;
}

static void complain_of_source(struct reading *r, enum err e, const struct source *s)
{
    const char *name = r->in->files[r->file].name;
    if (e == ERR_CONFLICT)
        problem_add(r, 0, NULL, "close it in other programs and try again", "%.160s changed while it was read", name);
    else if (e == ERR_LIMIT)
        problem_add(r, 0, NULL, "publish in parts", "%.160s is larger than %d MiB", name, INTAKE_FILE_MAX >> 20);
    else if (e == ERR_FORMAT)
        problem_add(r, 0, NULL, s->what.remedy, "%.160s %s", name, s->what.problem);
    else
        problem_add(r, 0, NULL, "check its name and permissions", "cannot read %.160s: %s", name, err_text(e));
}

/* Keeps the source in the intake: intake_annotate() writes it back. */
static enum err read_source(struct reading *r, const char *name, struct source *source, enum err e)
{
    struct intake_file *f = &r->in->files[r->file];
    f->name = name;
    r->in->n_files = r->file + 1;
    if (e == ERR_NOMEM)
        return e;
    if (e != OK) {
        complain_of_source(r, e, source);
        return r->failed;
    }
    f->source = *source;
    return read_text(r, buf_bytes(&f->source.text));
}

static struct hash hash_of_all(const struct intake *in)
{
    uint8_t all[INTAKE_FILES_MAX * HASH_LEN];
    if (in->n_files == 1)
        return in->files[0].source.sha256;
    for (size_t i = 0; i < in->n_files; i++)
        memcpy(all + i * HASH_LEN, in->files[i].source.sha256.b, HASH_LEN);
    return sha256((struct bytes){all, in->n_files * HASH_LEN});
}

static enum err finish(struct reading *r)
{
    figures_check_twice(r);
    problems_sort(r->in);
    r->in->source = hash_of_all(r->in);
    return r->failed;
}

static enum err begin(struct reading *r, const struct intake_options *with, struct intake *in)
{
    assert(with->base == STATUS_FINAL || with->base == STATUS_PROVISIONAL);
    assert(with->n_where <= INTAKE_WHERE_MAX);
    *r = (struct reading){.in = in, .with = with, .header = malloc(sizeof(*r->header)),
                          .seen = malloc(INTAKE_PERIODS_MAX * sizeof(*r->seen))};
    return r->header != NULL && r->seen != NULL ? OK : ERR_NOMEM;
}

static void reading_end(struct reading *r)
{
    beside_release(r);
    free(r->header);
    free(r->seen);
}

static enum err read_each(struct reading *r, const char *const *names, size_t n, FILE *in)
{
    for (size_t i = 0; i < n; i++) {
        struct source source;
        r->file = (uint32_t)i;
        enum err e = read_source(r, names[i], &source, source_read(names[i], in, &source));
        if (e != OK)
            return e;
    }
    return finish(r);
}

enum err intake_read(const char *const *names, size_t n, FILE *in, const struct intake_options *with,
                     struct intake *ret)
{
    struct reading r = {.in = NULL};
    if (n == 0 || n > INTAKE_FILES_MAX)
        return ERR_LIMIT;
    struct intake *whole = calloc(1, sizeof(*whole));
    enum err e = whole != NULL ? begin(&r, with, whole) : ERR_NOMEM;
    if (e == OK)
        e = read_each(&r, names, n, in);
    reading_end(&r);
    if (e == OK)
        *ret = *whole;
    else if (whole != NULL)
        intake_release(whole);
    free(whole);
    return e;
}

enum err intake_from(struct bytes text, const struct intake_options *with, struct intake *ret)
{
    struct reading r = {.in = NULL};
    struct source source;
    struct intake *whole = calloc(1, sizeof(*whole));
    enum err e = whole != NULL ? begin(&r, with, whole) : ERR_NOMEM;
    if (e == OK) {
        e = read_source(&r, "-", &source, source_from(text, &source));
        e = e == OK ? finish(&r) : e;
    }
    reading_end(&r);
    if (e == OK)
        *ret = *whole;
    else if (whole != NULL)
        intake_release(whole);
    free(whole);
    return e;
}

void intake_release(struct intake *in)
{
    for (size_t i = 0; i < in->n_files; i++)
        source_release(&in->files[i].source);
    for (size_t i = 0; i < in->n_figures; i++)
        free(in->figures[i].comment);
    free(in->figures);
    free(in->problems);
    *in = (struct intake){0};
}

enum err intake_where_parse(const char *text, struct intake_where *ret)
{
    struct intake_where w = {.column = ""};
    size_t len = strcspn(text, "=");
    if (len == 0 || text[len] != '=')
        return ERR_FORMAT;
    if (len > COLUMN_NAME_MAX || strlen(text + len + 1) >= sizeof(w.value))
        return ERR_LIMIT;
    memcpy(w.column, text, len);
    memcpy(w.value, text + len + 1, strlen(text + len + 1));
    *ret = w;
    return OK;
}
