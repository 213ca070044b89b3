/* cli/help.h - help made from the tables. */
#ifndef FOLKMOOT_CLI_HELP_H
#define FOLKMOOT_CLI_HELP_H

#include "cli/command.h"

/* Every command by group, then the topics. */
enum exit_status help_overview(struct session *s);
/* The commands of one name: its own help when there is one only. */
enum exit_status help_name(struct session *s, const char *name);
/* A topic of cli/topics.h; false, with nothing printed, when there is none of that name. */
bool help_topic(struct session *s, const char *topic, enum exit_status *ret);
/* Names of topics, NULL after the last. */
const char *help_topic_name(size_t i);

#endif
