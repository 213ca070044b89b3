/* Whatever a page to be checked holds: it is refused, or what is read of it is within its limits, and read again the same from
 * lines written anew. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "cli/report/sources.h"

#define MUST(x) do { if (!(x)) abort(); } while (0)

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void write_again(const struct sources *s, struct buf *to)
{
    char alliance[HEX_SIZE(16)], charter[HEX_SIZE(HASH_LEN)], root[HEX_SIZE(HASH_LEN)];
    hex_encode((struct bytes){s->alliance.b, sizeof(s->alliance.b)}, alliance);
    hex_encode((struct bytes){s->charter.b, HASH_LEN}, charter);
    buf_printf(to, "<main data-folkmoot=\"%s\" data-alliance=\"%s\" data-charter=\"%s\" data-for=\"%s\" data-made=\"%s\">\n",
               SOURCES_SCHEMA,
               alliance, charter, s->is_public ? "public" : "alliance", s->made);
    for (size_t i = 0; i < s->n_logs; i++) {
        hex_encode((struct bytes){s->logs[i].root.b, HASH_LEN}, root);
        buf_printf(to, "<tr data-log=\"%s\" data-generation=\"%" PRIu32 "\" data-size=\"%" PRIu64 "\" data-root=\"%s\">\n",
                   s->logs[i].slug.s, s->logs[i].generation, s->logs[i].size, root);
    }
    for (size_t i = 0; i < s->n_records; i++)
        buf_printf(to, "<tbody data-figure=\"%s\">\n<tr data-record=\"%s\" data-shown=\"%s\"></tr>\n", s->records[i].figure,
                   s->records[i].record, s->records[i].shown);
}

static void must_be_same(const struct sources *a, const struct sources *b)
{
    MUST(a->n_logs == b->n_logs && a->n_records == b->n_records && a->is_public == b->is_public);
    MUST(strcmp(a->made, b->made) == 0 && memcmp(a->alliance.b, b->alliance.b, sizeof(a->alliance.b)) == 0);
    for (size_t i = 0; i < a->n_records; i++) {
        const struct source_record *x = &a->records[i], *y = &b->records[i];
        MUST(slug_equal(&x->slug, &y->slug) && x->generation == y->generation && x->idx == y->idx && x->generation > 0);
        MUST(strcmp(x->figure, y->figure) == 0 && strcmp(x->shown, y->shown) == 0 && x->shown[0] != '\0');
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct sources s, again;
    size_t line = 0;
    struct buf text = buf_on(64 * 1024 * 1024);
    if (sources_read((struct bytes){data, size}, &s, &line) != OK) {
        MUST(line <= size);
        return 0;
    }
    MUST(s.n_logs <= SOURCES_LOGS_MAX && s.n_records <= SOURCES_RECORDS_MAX);
    write_again(&s, &text);
    MUST(sources_read(buf_bytes(&text), &again, &line) == OK);
    must_be_same(&s, &again);
    sources_release(&s);
    sources_release(&again);
    buf_release(&text);
    return 0;
}
