/* cli/compare/answer_inside.h - what the table and the document of a comparison share. */
#ifndef FOLKMOOT_CLI_COMPARE_ANSWER_INSIDE_H
#define FOLKMOOT_CLI_COMPARE_ANSWER_INSIDE_H

#include "cli/compare/answer.h"
#include "cli/output/json.h"
#include "cli/output/sheet.h"

/* What is to be borne in mind with these figures: a stable code, and words. */
enum { WORDS_MAX = 400, NOTES_MAX = 3 };
struct notes { size_t n; struct { const char *code; char text[WORDS_MAX]; } all[NOTES_MAX]; };
struct notes compare_notes(const struct comparing *x);

/* What the author wrote beside its figure; empty where it wrote nothing. The caller releases it. */
struct buf compare_note_of(const struct comparing *x, const struct compare_row *r);

/* `rows` holds the authorities. */
json_t *compare_document(const struct comparing *x, const struct sheet *rows);

#endif
