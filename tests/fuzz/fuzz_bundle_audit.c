/* Any bytes as a file of whole logs, judged to an end. */
#include <stdlib.h>

#include "cli/audit/answer.h"
#include "protocol/frame.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void must(bool held)
{
    if (!held)
        abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static bool is_started;
    struct bytes in = {data, size};
    struct hash pin = {{0}};
    struct bundle_judge *b;
    struct frame f;
    bool more = true;
    if (!is_started)
        must(crypto_start() == OK);
    is_started = true;
    struct judgement *j = judgement_new(AUDIT_BUNDLE, size % 2 == 0 ? NULL : &pin, NULL);
    must(j != NULL && judge_bundle_begin(j, &b) == OK);
    while (more && frame_read(in, &f) == OK) {
        must(judge_bundle_frame(b, f.body, &more) == OK);
        in = (struct bytes){in.p + frame_size(&f), in.len - frame_size(&f)};
    }
    must(judge_bundle_end(b, in.len > 0) == OK && !j->is_ok);
    json_t *doc = json_object();
    audit_json(j, doc);
    json_decref(doc);
    judgement_free(j);
    return 0;
}
