#include "cli/audit/page.h"

#include <stdio.h>
#include <string.h>

#include "cli/audit/answer.h"
#include "cli/audit/content.h"
#include "cli/output/json.h"
#include "cli/report/html.h"

#define END ((const char *)NULL)

static const char css[] =
    ":root{color-scheme:light}*{box-sizing:border-box}\n"
    "body{margin:0;background:#fff;color:#111;font:16px/1.45 'Segoe UI','Helvetica Neue',Arial,'Liberation Sans',sans-serif}\n"
    "main{max-width:760px;margin:0 auto;padding:0 16px 32px}\n"
    "h1{font-size:1.7em;line-height:1.15;margin:.8em 0 .2em}\n"
    "h2{font-size:1.25em;margin:1.6em 0 .4em;padding-top:.3em;border-top:3px solid #1d3f5e}\n"
    "p,ul{margin:.4em 0 .8em}.small{color:#3b3b3b;font-size:.86em}\n"
    "code{font-family:Consolas,'Liberation Mono',monospace;font-size:.9em;overflow-wrap:anywhere}\n"
    "table{border-collapse:collapse;width:100%;font-size:.9em;margin:.6em 0 1em}\n"
    "caption{text-align:left;font-weight:700;padding:.2em 0}\n"
    "th,td{text-align:left;vertical-align:top;padding:4px 8px;border-bottom:1px solid #bbb;overflow-wrap:anywhere}\n"
    "th[scope=row]{width:11em;font-weight:600}\n"
    ".verdict{font-weight:700;border:2px solid #111;padding:8px 12px;margin:12px 0}.no{border-width:4px}\n"
    ".sign td{height:3em}\n"
    "@page{size:A4;margin:18mm}@media print{main{max-width:none;padding:0}body{font-size:11pt}table{break-inside:avoid}}\n";

/* ---- pieces ---- */

static void row(struct html *h, const char *head, const char *text)
{
    html_begin(h, "tr", END);
    html_element(h, "th", head, "scope", "row", END);
    html_element(h, "td", text, END);
    html_end(h, "tr");
    html_line(h);
}

static void row_buf(struct html *h, const char *head, struct buf *b)
{
    const char *text = buf_str(b);
    if (buf_status(b) != OK)
        h->to->failed = buf_status(b);          /* a page that lacks something is none */
    else if (text[0] != '\0')
        row(h, head, text);
    buf_clear(b);
}

static void row_time(struct html *h, const char *head, uint64_t ms, const char *whose)
{
    char at[TIME_TEXT_MAX], text[TIME_TEXT_MAX + 64];
    time_text(ms, at);
    (void)snprintf(text, sizeof(text), "%s%s", at, whose);
    row(h, head, text);
}

static void section_begin(struct html *h, const char *id, const char *heading)
{
    html_begin(h, "section", "aria-labelledby", id, END);
    html_element(h, "h2", heading, "id", id, END);
    html_line(h);
}

static void table_begin(struct html *h, const char *class, const char *caption)
{
    html_begin(h, "table", "class", class, END);
    html_element(h, "caption", caption, END);
    html_begin(h, "tbody", END);
    html_line(h);
}

static void table_end(struct html *h)
{
    html_end(h, "tbody");
    html_end(h, "table");
    html_line(h);
}

/* ---- sections ---- */

static void put_head(struct html *h, const struct audit_page *p)
{
    html_doctype(h);
    html_begin(h, "html", "lang", "en-GB", END);
    html_begin(h, "head", END);
    html_empty(h, "meta", "charset", "utf-8", END);
    html_empty(h, "meta", "name", "viewport", "content", "width=device-width, initial-scale=1", END);
    html_empty(h, "meta", "http-equiv", "Content-Security-Policy", "content", "default-src 'none'; style-src 'unsafe-inline'", END);
    html_empty(h, "meta", "name", "referrer", "content", "no-referrer", END);
    html_element(h, "title", "Audit: what was said, by whom, and when at the latest", END);
    html_style(h, css);
    html_end(h, "head");
    html_begin(h, "body", END);
    html_begin(h, "main", END);
    html_begin(h, "h1", END);
    html_text(h, "Audit of ");
    html_name(h, p->file);
    html_end(h, "h1");
}

static void put_summary(struct html *h, const struct judgement *j)
{
    uint64_t by[VERDICT_COUNT] = {0};
    char text[64];
    for (size_t i = 0; i < j->n_records; i++)
        by[j->records[i].verdict]++;
    html_element(h, "p", j->is_ok ? "All that the file says holds." : "NOT all that the file says holds.", "class",
                 j->is_ok ? "verdict" : "verdict no", END);
    html_line(h);
    html_begin(h, "ul", END);
    for (size_t v = 0; v < VERDICT_COUNT; v++) {
        if (by[v] == 0)
            continue;
        (void)snprintf(text, sizeof(text), "%llu %s: ", (unsigned long long)by[v], verdict_name((enum verdict)v));
        html_begin(h, "li", END);
        html_text(h, text);
        html_text(h, verdict_words((enum verdict)v));
        html_end(h, "li");
    }
    html_end(h, "ul");
    html_line(h);
}

static void put_basis(struct html *h, const struct judgement *j, const struct audit_page *p)
{
    char hex[HEX_SIZE(HASH_LEN)];
    struct buf b = buf_on(4096);
    section_begin(h, "basis", "What was examined, and by what it was judged");
    table_begin(h, NULL, "The file and what was trusted");
    row(h, "File", p->file);
    if (p->has_sum) {
        hex_encode((struct bytes){p->sum.b, HASH_LEN}, hex);
        row(h, "Its SHA-256", hex);
    }
    row(h, "Trusted", j->trust.kind == TRUST_NONE     ? "nothing: the file was only compared with itself"
                      : j->trust.kind == TRUST_POLICY ? "the keys of a policy of the auditor's own"
                                                      : "a charter that the auditor named");
    if (p->by != NULL)
        row(h, j->trust.policy != NULL ? "Policy" : "Charter named", p->by);
    if (audit_claimed(j, hex)) {
        buf_printf(&b, "version %u of %s, %s", (unsigned)j->trust.now->version, j->trust.now->name, hex);
        row_buf(h, "The file's newest charter", &b);
    }
    row(h, "Consistent", j->is_consistent ? "yes: every checkpoint leads to the next"
                                          : "NO: two checkpoints do not lead to one another");
    row_time(h, "Made", p->made_ms, ", folkmoot " FOLKMOOT_VERSION);
    table_end(h);
    html_end(h, "section");
    buf_release(&b);
}

static void put_problems(struct html *h, const struct problems *p)
{
    section_begin(h, "problems", "What does not hold, and what to know besides");
    if (p->n == 0)
        html_element(h, "p", "Nothing was found.", END);
    else
        html_begin(h, "ul", END);
    for (size_t i = 0; i < p->n; i++) {
        html_begin(h, "li", END);
        html_text(h, p->list[i].is_failure ? "Does not hold: " : "To know: ");
        html_text(h, p->list[i].text);
        html_end(h, "li");
        html_line(h);
    }
    if (p->n > 0)
        html_end(h, "ul");
    if (p->n_unlisted > 0) {
        html_begin(h, "p", END);
        html_textf(h, "And %zu more.", p->n_unlisted);
        html_end(h, "p");
    }
    html_end(h, "section");
}

static void put_witnesses(struct html *h, const struct judged *r, struct buf *b)
{
    if (r->witnessed->by_s > 0)
        row_time(h, "Witnessed by", r->witnessed->by_s <= INT64_MAX / 1000 ? r->witnessed->by_s * 1000 : INT64_MAX,
                 ": it was there then, at the latest");
    audit_names(r->witnessed, SIZE_MAX, b);
    buf_put_str(b, r->witnessed->has_quorum ? " (enough)" : " (too few)");
    row_buf(h, "Witnesses", b);
}

static void put_record(struct html *h, const struct judgement *j, const struct judged *r)
{
    char text[JUDGED_TEXT_MAX], shown[CONTENT_SHOWN_MAX];
    struct buf b = buf_on(128 * 1024);
    judged_text(j, r, text);
    table_begin(h, NULL, text);
    buf_printf(&b, "%s: %s", verdict_name(r->verdict), verdict_words(r->verdict));
    row_buf(h, "Verdict", &b);
    if (r->witnessed != NULL) {
        const struct judged_log *l = &j->logs[r->log];
        row(h, "Signed by", l->is_ours ? l->origin.slug.s : l->name);
    }
    if (r->charter_version > 0) {
        buf_printf(&b, "version %u", (unsigned)r->charter_version);
        row_buf(h, "Charter", &b);
    }
    if (r->header.time_ms > 0)
        row_time(h, "Said at", r->header.time_ms, ", by its author's word");
    if (r->witnessed != NULL)
        put_witnesses(h, r, &b);
    if (r->header.payload_len > 0) {
        audit_readers(j, r, &b);
        row_buf(h, "Bound to", &b);
    }
    if (r->withdrawn != NULL)
        row_time(h, "Withdrawn", r->withdrawn->time_ms, r->withdrawn->erase ? ", and erased" : "");
    if (r->content != NULL) {
        content_shown(r->content, shown);
        row(h, "Says", shown);
    }
    table_end(h);
    buf_release(&b);
}

static void put_records(struct html *h, const struct judgement *j)
{
    size_t n = j->n_records < AUDIT_PAGE_RECORDS_MAX ? j->n_records : AUDIT_PAGE_RECORDS_MAX;
    section_begin(h, "records", "Records");
    for (size_t i = 0; i < n; i++)
        put_record(h, j, &j->records[i]);
    if (n < j->n_records) {
        html_begin(h, "p", END);
        html_textf(h, "The other %zu are in the output with --csv.", j->n_records - n);
        html_end(h, "p");
    }
    html_end(h, "section");
}

static void put_end(struct html *h)
{
    section_begin(h, "again", "To check this again");
    html_element(h, "p",
                 "Give the same file to folkmoot audit, on any machine, with the charter or policy that you trust. It needs no "
                         "network and none of the authorities. What is written here is as good as the machine that wrote it; the "
                         "file is what proves.", END);
    html_end(h, "section");
    section_begin(h, "signed-off", "Signed off");
    table_begin(h, "sign", "By hand");
    row(h, "Prepared by, on", "");
    row(h, "Reviewed by, on", "");
    table_end(h);
    html_end(h, "section");
    html_end(h, "main");
    html_end(h, "body");
    html_end(h, "html");
    html_line(h);
}

enum err audit_page(const struct judgement *j, const struct audit_page *p, struct buf *ret)
{
    struct html h = html_on(ret);
    put_head(&h, p);
    put_summary(&h, j);
    put_basis(&h, j, p);
    put_problems(&h, &j->problems);
    put_records(&h, j);
    put_end(&h);
    return buf_status(ret);
}
