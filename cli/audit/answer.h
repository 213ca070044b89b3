/* cli/audit/answer.h - a judgement told: as a JSON document, as rows, as words. */
#ifndef FOLKMOOT_CLI_AUDIT_ANSWER_H
#define FOLKMOOT_CLI_AUDIT_ANSWER_H

#include "cli/audit/judge.h"
#include "cli/output/sheet.h"
#include "cli/session.h"

/* The members of folkmoot.audit/1, behind what `doc` holds. */
void audit_json(const struct judgement *j, json_t *doc);
/* A row a record. The caller frees it. */
struct sheet *audit_sheet(const struct judgement *j);
/* For people; `file` is its name. */
void audit_words(struct session *s, const struct judgement *j, const char *file);

/* ---- shared with the page ---- */

/* "barset-1, barset-2 and 3 more" */
void audit_names(const struct witnessed *w, size_t most, struct buf *ret);
/* To whom it was bound: "everybody", "the readers of charter 3: kent, surrey", "named readers". */
void audit_readers(const struct judgement *j, const struct judged *r, struct buf *ret);
/* What is said of a verdict, in a sentence. */
const char *verdict_words(enum verdict v);
/* The newest charter that the file claims, in hex; false: it has none that holds. */
bool audit_claimed(const struct judgement *j, char ret[HEX_SIZE(HASH_LEN)]);

#endif
