/* cli/thread/letter.h - several questions to one member in a file that people edit.
 *
 *      # Challenge to barsetshire
 *      answer-by: 2026-01-31                                   (may be left out)
 *      <!-- what stands between these marks is not sent -->
 *      ## barsetshire/17                                       a record of it, cin_rate@2024, or an indicator
 *      The question, in as many lines as it takes.
 *      ## cin_rate@2024
 *      Another.
 *
 * Pure: it reads text and knows no member and no record. */
#ifndef FOLKMOOT_CLI_THREAD_LETTER_H
#define FOLKMOOT_CLI_THREAD_LETTER_H

#include "protocol/record.h"

enum { LETTER_QUESTIONS_MAX = 64, LETTER_MAX = 1 << 20 };

struct letter {
    char to[NAME_MAX_LEN + 1], answer_by[DATE_LEN + 1];         /* answer_by "" : no day */
    size_t n;
    struct question { char about[POST_ABOUT_MAX + 1]; char *text; size_t line; } questions[LETTER_QUESTIONS_MAX];
};
struct letter_error { size_t line; const char *what; };          /* line 1 is the first */

/* Read one. Texts end without blank lines and are not empty.
 *   ERR_FORMAT  *why says where and what;  ERR_LIMIT  too long, or too many questions: *why too;  ERR_NOMEM
 * On OK the caller releases *ret. */
MUST_USE enum err letter_read(struct bytes in, struct letter *ret, struct letter_error *why);
void letter_release(struct letter *l);

#endif
