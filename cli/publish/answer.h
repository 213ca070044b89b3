/* cli/publish/answer.h - what became of a publish, as a document and in words. */
#ifndef FOLKMOOT_CLI_PUBLISH_ANSWER_H
#define FOLKMOOT_CLI_PUBLISH_ANSWER_H

#include "cli/publish/pass.h"
#include "cli/publish/plan.h"
#include "cli/publish/request.h"
#include "cli/publish/seal.h"

struct outcome {
    struct desk *d;
    const struct request *request;
    const struct intake *in;
    const struct plan *plan;            /* NULL when the files were refused */
    const struct passed *passed;        /* NULL when not for the public */
    bool is_published;                  /* then the next two are set */
    struct sealed_batch batch;
    struct checkpoint head;
};

/* The files are wrong: every problem. EXIT_NO. */
enum exit_status answer_problems(const struct outcome *o);
/* Published figures would change and no reason was given: which. EXIT_NO. */
enum exit_status answer_needs_reason(const struct outcome *o);
/* Published, nothing new to publish, or a dry run. EXIT_OK; EXIT_NO when no row was ours. */
enum exit_status answer_done(const struct outcome *o);

#endif
