/* Any bytes as a disclosure: what parses is written as the same bytes, and is judged to an end, with nothing trusted and with
 * its own newest charter pinned. Whatever is found valid stands under a checkpoint that is signed. */
#include <stdlib.h>
#include <string.h>

#include "cli/audit/answer.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void must(bool held)
{
    if (!held)
        abort();
}

static void told(const struct judgement *j)
{
    json_t *doc = json_object();
    audit_json(j, doc);
    json_decref(doc);
    sheet_free(audit_sheet(j));
}

static void judge(const struct disclosure *d, const struct hash *pin, struct hash *ret_claimed)
{
    struct judgement *j = judgement_new(AUDIT_DISCLOSURE, pin, NULL);
    must(j != NULL && judge_disclosure(j, d) == OK);
    for (size_t i = 0; i < j->n_records; i++) {
        const struct judged *r = &j->records[i];
        if (r->verdict == VERDICT_VALID)
            must(pin != NULL && r->head < j->logs[r->log].n_heads && j->logs[r->log].heads[r->head].is_signed && !r->is_broken);
    }
    must(pin != NULL || !j->is_ok);
    if (j->trust.now != NULL)
        *ret_claimed = j->trust.now->hash;
    told(j);
    judgement_free(j);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static bool is_started;
    struct bytes in = {data, size};
    struct disclosure d;
    struct dh_public to;
    struct dh_secret ours = {{7}};
    struct buf opened = {0};
    struct hash claimed = {{0}};
    if (!is_started)
        must(crypto_start() == OK);
    is_started = true;
    (void)fmb_kind_of(in);
    if (disclosure_sealed_to(in, &to) == OK && disclosure_unseal(in, &ours, &opened) == OK)
        buf_wipe(&opened);
    if (disclosure_read(in, &d) != OK)
        return 0;
    struct buf b = buf_on(DISCLOSURE_MAX);
    disclosure_write(&d, &b);
    must(buf_status(&b) == OK && bytes_equal(buf_bytes(&b), in) && fmb_kind_of(in) == FMB_DISCLOSURE);
    buf_release(&b);
    judge(&d, NULL, &claimed);
    judge(&d, &claimed, &claimed);
    disclosure_release(&d);
    return 0;
}
