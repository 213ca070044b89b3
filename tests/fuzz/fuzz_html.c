/* Whatever a record says: as text, as an attribute, in a picture and as a name it leaves a page sound (tests/unit/tags.h). */
#include <stdlib.h>
#include <string.h>

#include "cli/report/charts.h"
#include "tests/unit/tags.h"

#define MUST(x) do { if (!(x)) abort(); } while (0)
#define END ((const char *)NULL)

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char *text = calloc(1, size + 1);
    struct buf page = buf_on(64 * 1024 * 1024);
    struct html h = html_on(&page);
    if (text == NULL)
        return 0;
    if (size > 0)
        memcpy(text, data, size);
    struct strip_row row = {.name = text, .shown = text, .band = 'A', .has_value = size % 2 == 0, .value = (double)size};
    struct strip strip = {.id = "c1", .title = text, .desc = text, .rows = &row, .n = 1, .first_year = text, .last_year = text};
    html_begin(&h, "div", "title", text, "class", "x", END);
    html_text(&h, text);
    html_name(&h, text);
    html_textf(&h, "%s", text);
    strip_draw(&h, &strip);
    html_end(&h, "div");
    MUST(h.depth == 0);
    MUST(buf_status(&page) == OK || buf_status(&page) == ERR_LIMIT);
    if (buf_status(&page) == OK)
        MUST(tags_wrong(buf_bytes(&page)) == NULL);
    buf_release(&page);
    free(text);
    return 0;
}
