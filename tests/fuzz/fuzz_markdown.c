/* Whatever a self-assessment holds: as HTML it is sound, runs nothing, and says nothing twice (tests/unit/tags.h). */
#include <stdlib.h>
#include <string.h>

#include "cli/report/markdown.h"
#include "protocol/assessment_body.h"
#include "tests/unit/tags.h"

#define MUST(x) do { if (!(x)) abort(); } while (0)

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct links { struct markdown_link all[ASSESSMENT_LINKS_MAX]; size_t n; };

static enum err take(void *arg, const struct assessment_link *l)
{
    struct links *x = arg;
    MUST(x->n < ASSESSMENT_LINKS_MAX);
    x->all[x->n++] = (struct markdown_link){.label = l->label, .target = l->target, .shown = "a/1: <2>"};
    return OK;
}

static size_t letters(struct bytes in, bool is_html)
{
    size_t n = 0;
    bool is_tag = false;
    for (size_t i = 0; i < in.len; i++) {
        is_tag = is_html && (is_tag || in.p[i] == '<');
        n += !is_tag && in.p[i] == 'Q';         /* no tag of ours, entity or list's mark has one */
        is_tag = is_tag && in.p[i] != '>';
    }
    return n;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct links links;
    struct bytes text = {data, size};
    struct buf page = buf_on(64 * 1024 * 1024);
    struct html h = html_on(&page);
    if (size > 16 * 1024)                       /* one line of more is refused by html.h */
        return 0;
    links.n = 0;
    MUST(assessment_links(text, take, &links) == OK);
    markdown_put(&h, text, links.all, links.n);
    MUST(h.depth == 0);
    MUST(buf_status(&page) == OK);
    MUST(tags_wrong(buf_bytes(&page)) == NULL);
    MUST(letters(buf_bytes(&page), true) <= letters(text, false));
    buf_release(&page);
    return 0;
}
