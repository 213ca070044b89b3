/* cli/report/answer.h - `report --check FILE.html`: the page read, its figures looked up, the answer printed. */
#ifndef FOLKMOOT_CLI_REPORT_ANSWER_H
#define FOLKMOOT_CLI_REPORT_ANSWER_H

#include "cli/session.h"

/* EXIT_NO when any figure was revised or withdrawn since, is not held here, or is not what its record says; or the
 * file is no report of ours. */
enum exit_status report_check(struct session *s, const char *file);

#endif
