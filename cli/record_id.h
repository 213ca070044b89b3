/* cli/record_id.h - which record is meant. */
#ifndef FOLKMOOT_CLI_RECORD_ID_H
#define FOLKMOOT_CLI_RECORD_ID_H

#include "cli/desk.h"
#include "cli/view/query.h"

struct record_id {
    struct slug slug;
    uint32_t generation;
    uint64_t idx;
};

/* "east-sussex/17", from generation 2 on "east-sussex~2/17". */
void record_id_text(const struct record_id *id, char ret[RECORD_TEXT_SIZE]);
/* The same read; a second spelling of it (a leading zero, "~1") is ERR_FORMAT, as is anything else. */
MUST_USE enum err record_id_parse(const char *text, struct record_id *ret);

/* [SLUG:]INDICATOR@PERIOD[/BREAKDOWN], taken apart: slug "" where none is named; breakdown borrows from `word`. False: it is of
 * another form. Whether there is such a figure is not asked. */
struct figure_word {
    char slug[SLUG_MAX + 1], indicator[INDICATOR_MAX + 1], period[48];
    const char *breakdown;
};
bool figure_word_read(const char *word, struct figure_word *ret);

/* What a person wrote: SLUG/INDEX, or a figure [SLUG:]INDICATOR@PERIOD[/BREAKDOWN], whose newest version in any
 * audience is meant; without SLUG our own. Anything but EXIT_OK: it has said why. */
enum exit_status ask_record(struct desk *d, struct view *v, const char *word, struct record_id *ret);

#endif
