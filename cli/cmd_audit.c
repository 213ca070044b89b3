/* cli/cmd_audit.c - what a file proves, to somebody who trusts none of us. No home, no network, no clock but for the page. */
#include "cli/commands.h"

#include <stdlib.h>

#include "cli/audit/answer.h"
#include "cli/audit/conviction.h"
#include "cli/audit/file.h"
#include "cli/audit/page.h"
#include "cli/export.h"
#include "cli/output/output.h"
#include "cli/say.h"
#include "keys/file.h"

enum { SUMMED_MAX = 1 << 30 };

const struct option_spec options_audit[] = {
    {"charter", 0, OPTION_VALUE, "HASH", "trust the charter with this hash, of any version"},
    {"policy", 0, OPTION_VALUE, "FILE", "trust the keys of this C2SP tlog-policy instead"},
    {"key", 0, OPTION_VALUE, "FILE", "the box key that the file was sealed to"},
    {"report", 0, OPTION_VALUE, "FILE.html", "write a working paper"},
    {"new-key", 0, OPTION_VALUE, "FILE", "make a box key for others to seal to, and nothing else"},
    OPTIONS_END,
};

static enum exit_status new_key(struct session *s, const char *file)
{
    struct dh_public key;
    char text[BASE64_SIZE(32)];
    if (s->n_args > 0)
        return say_usage(s, "leave the file out", "audit --new-key: it audits nothing");
    enum exit_status st = audit_new_key(s, file, &key);
    if (st != EXIT_OK)
        return st;
    json_t *doc = json_document(s);
    base64_encode((struct bytes){key.b, sizeof(key.b)}, text);
    json_object_set_new(doc, "key", json_text(text));
    json_object_set_new(doc, "file", json_text(file));
    out(s, "%s\n", text);
    st = output(s, doc, NULL);
    if (st == EXIT_OK)
        say_next(s, "give that line to whoever discloses: `folkmoot disclose RECORD --to %s --out FILE.fmb`; keep %s to yourself",
                 text, file);
    return st;
}

static enum exit_status write_page(struct session *s, const struct judgement *j, const struct audit_with *with, const char *name)
{
    struct buf whole = {0}, page = buf_on(AUDIT_PAGE_MAX);
    bool is_stdout;
    struct audit_page p = {.file = with->file, .made_ms = session_now_ms(),
                           .by = with->policy != NULL ? with->policy : with->charter};
    p.has_sum = file_read(with->file, SUMMED_MAX, &whole) == OK;
    if (p.has_sum)
        p.sum = sha256(buf_bytes(&whole));
    buf_release(&whole);
    enum err e = audit_page(j, &p, &page);
    enum exit_status st = e == OK ? export_whole(s, name, buf_bytes(&page), &is_stdout)
                                  : say_failed(s, e, NULL, "writing %s", name);
    buf_release(&page);
    return st;
}

static enum exit_status answer(struct session *s, const struct judgement *j, const struct audit_with *with)
{
    const char *page = option_value(&s->options, "report");
    enum exit_status st = page != NULL ? write_page(s, j, with, page) : EXIT_OK;
    if (st != EXIT_OK)
        return st;
    json_t *doc = json_document(s);
    struct sheet *rows = s->mode == OUTPUT_CSV ? audit_sheet(j) : NULL;
    if (s->mode == OUTPUT_TEXT)
        audit_words(s, j, with->file);
    else if (s->mode == OUTPUT_JSON)
        audit_json(j, doc);
    st = output(s, doc, rows);
    sheet_free(rows);
    return st == EXIT_OK && !j->is_ok ? EXIT_NO : st;
}

enum exit_status cmd_audit(struct session *s)
{
    struct audit_with with = {.file = session_arg(s, 0), .charter = option_value(&s->options, "charter"),
                              .policy = option_value(&s->options, "policy"), .key = option_value(&s->options, "key")};
    const char *fresh = option_value(&s->options, "new-key");
    struct judgement *j = NULL;
    struct policy *policy = NULL;
    if (fresh != NULL)
        return new_key(s, fresh);
    if (with.file == NULL)
        return say_usage(s, "folkmoot audit FILE --charter HASH", "audit: it needs a file");
    if (with.charter != NULL && with.policy != NULL)
        return say_usage(s, "leave one of them out", "audit: --charter and --policy are two ways to trust");
    enum exit_status st = EXIT_OK;
    if (with.policy == NULL && audit_conviction(s, with.file, with.charter, &st))
        return st;
    st = audit_file(s, &with, &j, &policy);
    if (st == EXIT_OK)
        st = answer(s, j, &with);
    judgement_free(j);
    policy_free(policy);
    return st;
}
