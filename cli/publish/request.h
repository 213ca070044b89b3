/* cli/publish/request.h - what `publish` was asked to do. */
#ifndef FOLKMOOT_CLI_PUBLISH_REQUEST_H
#define FOLKMOOT_CLI_PUBLISH_REQUEST_H

#include "cli/author/sealer.h"
#include "cli/intake/intake.h"
#include "cli/officer/signer.h"
#include "cli/opening/promise.h"

struct request {
    enum publish_to to;
    struct named named;                 /* with TO_NAMED */
    const char *audience;               /* as it was written, for people */
    struct promise opens;               /* what will be opened later */
    enum figure_status base;
    enum revision_reason reason;
    enum marking marking;
    struct intake_where where[INTAKE_WHERE_MAX];
    size_t n_where;
    struct intake_map *map;             /* NULL without --indicators */
    size_t n_map;
    char title[201];                    /* of the return that closes the batch */
    const char *errors;                 /* file for --errors; NULL */
    bool is_dry;
    bool is_signed;                     /* an officer signs the return off */
    struct signer signer;
};

/* Read the running command's options. It has said why when it is not EXIT_OK; release in any case, which wipes. */
enum exit_status request_read(struct desk *d, struct request *ret);
void request_release(struct request *r);

/* The file of --errors: one of an earlier time is written over, anything else that stands there only with --yes. */
enum exit_status request_check_errors(struct session *s, const struct request *r);

#endif
