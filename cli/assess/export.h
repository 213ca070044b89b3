/* cli/assess/export.h - the self-assessments that can be read here, for other programs. */
#ifndef FOLKMOOT_CLI_ASSESS_EXPORT_H
#define FOLKMOOT_CLI_ASSESS_EXPORT_H

#include "cli/desk.h"

/* Of each authority and year the version that stands: as CSV, a column a section, or as the document folkmoot.export/1 with a list
 * `assessments`; to `path`, NULL: stdout. Anything but EXIT_OK: it has said why. */
enum exit_status assessments_export(struct desk *d, bool is_json, const char *path);

#endif
