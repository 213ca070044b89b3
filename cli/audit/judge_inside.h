/* cli/audit/judge_inside.h - the steps of a judgement: for cli/audit/judge*.c alone. */
#ifndef FOLKMOOT_CLI_AUDIT_JUDGE_INSIDE_H
#define FOLKMOOT_CLI_AUDIT_JUDGE_INSIDE_H

#include "cli/audit/judge.h"
#include "protocol/envelope.h"
#include "protocol/identity.h"

/* ---- judge.c ---- */
MUST_USE enum err judge_add_log(struct judgement *j, const struct log_ref *ref, size_t *ret);
MUST_USE enum err judge_add_record(struct judgement *j, size_t log, uint64_t idx, const struct header *h, struct judged **ret);
/* Everything was taken in: witnesses, verdicts, and whether the whole is well. */
MUST_USE enum err judge_settle(struct judgement *j);

/* ---- judge_log.c: identities, in order of index, and what else an entry says ---- */
struct identity_line {                      /* how far the versions of one log were followed */
    bool has_one;
    struct hash text;                       /* of the last */
    uint32_t version;
    struct sign_public root;
};
/* An identity's note at `idx`, which is proven to stand there. False, and said, when it does not hold. */
MUST_USE enum err judge_identity(struct judgement *j, size_t log, struct identity_line *line, uint64_t idx, struct bytes note,
                                 bool *ret_holds);
/* What a public entry of another kind, or an epoch, says of others. */
MUST_USE enum err judge_aside(struct judgement *j, size_t log, uint64_t idx, const struct header *h, struct bytes body);
MUST_USE enum err judge_evidence(struct judgement *j, size_t log, struct bytes evidence);
void judge_log_release(struct judged_log *l);

/* ---- judge_heads.c ---- */
/* A checkpoint's note: its text, its signature by the log key that `keys` say, its cosignatures. With `is_strict` a line of
 * somebody unknown is a failure. *ret_taken false, and said: it is none. */
MUST_USE enum err judge_head(struct judgement *j, size_t log, struct bytes note, bool is_strict, bool *ret_taken);
/* The log key of a checkpoint of that size; NULL: no identity lies below. */
const struct key_from *judge_key_at(const struct judged_log *l, uint64_t size);
/* One cosignature over a head, that holds: of the policy's witness at `place`; of a member. */
MUST_USE enum err judge_cosigned(struct head *h, const struct policy *p, size_t place, uint64_t time_s);
MUST_USE enum err judge_cosigned_by(struct head *h, const struct charter *now, const struct slug *slug, uint64_t time_s);

/* ---- judge_witnesses.c ---- */
/* Which head a record is judged by: the lowest above it; under a policy, that it signed. Its place; n_heads: none. */
size_t judge_head_of(const struct judgement *j, const struct judged_log *l, uint64_t idx);
/* Which witnesses stand behind each head that somebody asks for, when, and are they enough. */
MUST_USE enum err judge_witnesses(struct judgement *j);

/* ---- judge_record.c ---- */
/* The payload, against its header; the key, against the commitment; what it says. */
MUST_USE enum err judge_payload(struct judgement *j, struct judged *r, struct bytes payload, const struct sym_secret *key);
/* Once all is taken in, before the first verdict. */
void judge_sort_asides(struct judged_log *l);
/* Its verdict and its fields, when the log is settled. */
void judge_verdict(struct judgement *j, struct judged *r);

#endif
