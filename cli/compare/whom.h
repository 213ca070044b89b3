/* cli/compare/whom.h - who is compared: --with, --region and --model, read in one place for every command that has them. */
#ifndef FOLKMOOT_CLI_COMPARE_WHOM_H
#define FOLKMOOT_CLI_COMPARE_WHOM_H

#include "cli/compare/compare.h"
#include "cli/desk.h"

/* Their options, for the tables of the commands. */
#define WHOM_WITH {"with", 0, OPTION_VALUE, "alliance|neighbours|england|all|SLUG,...", "with whom; the alliance unless given"}
#define WHOM_WITH_MEMBERS {"with", 0, OPTION_VALUE, "alliance|SLUG,...", "with which members; all of the alliance unless given"}
#define WHOM_REGION {"region", 0, OPTION_VALUE, "CODE", "only authorities of this region: E12000008, or its name"}
#define WHOM_MODEL \
    {"model", 0, OPTION_VALUE, "2025|2021|NAME", "statistical neighbours: the DfE's of 2025 unless given, or an imported table"}
#define WHOM_OPTIONS WHOM_WITH, WHOM_REGION, WHOM_MODEL

struct whom {
    enum compare_set set;
    struct slug only[MEMBERS_MAX + 1];      /* room for one more */
    size_t n_only;                          /* 0: all of the set */
    const struct area *region;              /* NULL: anywhere */
    bool has_model;
    char model[REFERENCE_FILE_SIZE];        /* an imported table, where has_model; else the one built in */
};

/* WHOM_MEMBERS: only the alliance, or members by name: other words are refused. */
enum whom_kind { WHOM_ANYBODY, WHOM_MEMBERS };

/* What the options say; `otherwise` where neither --with nor --region does. Anything but EXIT_OK: it has said why.
 * Authorities that are no members, named one by one, make a set that reaches beyond the alliance. */
enum exit_status whom_read(struct desk *d, struct view *v, enum whom_kind kind, enum compare_set otherwise, struct whom *ret);

/* The parts of a question that are about who; *ask borrows from *w. */
void whom_put(const struct whom *w, struct compare_ask *ask);

/* "alliance", "neighbours" ... */
const char *whom_set_name(enum compare_set set);
/* All of the alliance and nobody else: then it is called by its name. */
bool whom_is_alliance(const struct whom *w);
/* "South East", "England", "all that are known here", "Kent and its statistical neighbours", "these authorities" */
enum { WHOM_WORDS_MAX = 2 * NAME_MAX_LEN + 80 };
void whom_words(const struct whom *w, const char *alliance, const char *of, char ret[WHOM_WORDS_MAX]);

#endif
