/* cli/register/name.h - names from the command line, with the error said. */
#ifndef FOLKMOOT_CLI_REGISTER_NAME_H
#define FOLKMOOT_CLI_REGISTER_NAME_H

#include "cli/register/register.h"
#include "cli/session.h"

/* Anything but EXIT_OK: it has said why, with the nearest name or those that may be meant. */
enum exit_status name_authority(struct session *s, const char *word, const struct authority **ret);
enum exit_status name_definition(struct session *s, const char *word, const struct definition **ret);

#endif
