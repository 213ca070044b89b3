/* cli/compare/answer.h - a comparison as a document, a table, and words about who and how. */
#ifndef FOLKMOOT_CLI_COMPARE_ANSWER_H
#define FOLKMOOT_CLI_COMPARE_ANSWER_H

#include "cli/compare/whom.h"

struct comparing {
    struct desk *d;
    struct view *view;
    struct definition_row definition;
    struct compare_ask ask;
    struct latest latest;               /* .is_before_newest: to be said */
    struct whom whom;
    struct slug marked;
    struct comparison c;
};

enum exit_status compare_answer(const struct comparing *x);

#endif
