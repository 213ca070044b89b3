/* cli/reference/read.h - the content of a file of public figures -> what it says, or everything that is wrong with it. */
#ifndef FOLKMOOT_CLI_REFERENCE_READ_H
#define FOLKMOOT_CLI_REFERENCE_READ_H

#include "cli/intake/listing.h"
#include "cli/reference/form.h"
#include "cli/register/register.h"

enum { REFERENCE_TEXT_MAX = 60, REFERENCE_ROWS_MAX = 200000 };

/* Each begins with the line that it stands in. */
struct reference_neighbour {
    uint64_t line;
    const struct authority *of, *neighbour;
    uint32_t rank;
    char closeness[REFERENCE_TEXT_MAX + 1];
};

/* An inspection and what it found, in the inspectorate's words; "" where the file says nothing. */
#define JUDGEMENTS(X) X(overall) X(leaders) X(help) X(care) X(leavers)
struct reference_judgement {
    uint64_t line;
    const struct authority *of;
    char inspected[DATE_TEXT_SIZE], published[DATE_TEXT_SIZE];
    char type[REFERENCE_TEXT_MAX + 1];
#define X(what) char what[REFERENCE_TEXT_MAX + 1];
    JUDGEMENTS(X)
#undef X
};

struct reference_population {
    uint64_t line;
    struct intake_place place;
    char period[PERIOD_MAX + 1], age[REFERENCE_TEXT_MAX + 1];
    uint64_t persons;
};

struct reference {
    enum reference_kind kind;
    const char *form;                   /* as the forms' table has it */
    struct intake in;                   /* figures; and whatever the kind, the problems and how many rows there were */
    union {                             /* for figures nothing: they are in `in` */
        void *rows;
        struct reference_neighbour *neighbours;
        struct reference_judgement *judgements;
        struct reference_population *populations;
    };
    size_t n, cap;
};

struct reference_options {
    const struct intake_where *where;   /* figures only */
    size_t n_where;
    const char *vintage;                /* of figures that do not say their own */
    const struct definition *(*definition)(void *arg, const char *id);
    const char *(*nearest)(void *arg, const char *id);
    struct hash (*hash)(void *arg, const struct definition *d);
    void *arg;
};

/* On OK the caller releases *ret; with ret->in.n_problems > 0 nothing of it is to be used.
 *   ERR_LIMIT  longer than INTAKE_FILE_MAX;  ERR_FORMAT  it is no text;  ERR_NOMEM */
MUST_USE enum err reference_read(struct bytes content, const struct reference_options *with, struct reference *ret);
void reference_release(struct reference *r);
size_t reference_count(const struct reference *r);      /* figures, neighbours ... */

/* ---- table.c: the kinds that are no figures ---- */
MUST_USE enum err reference_take(struct reference *r, const struct form *f, struct listing *l, const struct row *row);
/* Two rows that say the same. */
void reference_check_twice(struct reference *r, struct listing *l);

#endif
