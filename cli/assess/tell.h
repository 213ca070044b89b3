/* cli/assess/tell.h - how self-assessments are told, whether they are in a file, published, or audited. */
#ifndef FOLKMOOT_CLI_ASSESS_TELL_H
#define FOLKMOOT_CLI_ASSESS_TELL_H

#include <jansson.h>

#include "cli/output/sheet.h"
#include "protocol/bytes.h"

/* Rows role, name, valid, key; sheet_new()ed with these. */
extern const struct column assess_signature_columns[];
enum { ASSESS_SIGNATURE_COLUMNS = 4 };
void assess_signature_row(struct sheet *sh, const char *role, const char *name, bool is_valid, const char *key);

/* {"practice": "...", ...}, every section, null where it is not there. */
json_t *assess_sections_json(struct bytes body);
/* ["leader", ...] of words with one space between. */
json_t *assess_missing_json(const char *missing);
/* "leader, dcs": the same for people. */
enum { ASSESS_MISSING_SIZE = 128 + 8 };
void assess_missing_words(const char *missing, char ret[ASSESS_MISSING_SIZE]);
/* "requires improvement" of 1 to 4. */
const char *assess_judgement_word(unsigned judgement);

#endif
