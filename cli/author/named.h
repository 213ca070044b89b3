/* cli/author/named.h - sealing to some members by name, at most NAMED_AUDIENCE_MAX with the author.
 *
 * A set of readers gets a random audience id when it is first sealed to, and keeps it: the same set means
 * the same audience. Another set is another audience. */
#ifndef FOLKMOOT_CLI_AUTHOR_NAMED_H
#define FOLKMOOT_CLI_AUTHOR_NAMED_H

#include "cli/author/author.h"
#include "cli/view/query.h"

struct named {                              /* in order of slug, each once, ourselves included */
    size_t n;
    struct slug slugs[NAMED_AUDIENCE_MAX];
};

bool named_holds(const struct named *n, const struct slug *slug);
/* Into order, where they were put in as they came. */
void named_sort(struct named *n);

/* "kent,medway", each as members are named. It has said why when it is not EXIT_OK: nobody of that name, a former
 * member, a relay (which reads nothing), or too many. */
enum exit_status named_resolve(struct desk *d, const char *words, struct named *ret);

/* The others of them, "kent,medway", in at most `size` bytes with the NUL. ERR_LIMIT. */
MUST_USE enum err named_text(struct desk *d, const struct named *n, char *ret, size_t size);
/* That read again. ERR_UNKNOWN: one of them is a member no more, or it is no such text. */
MUST_USE enum err named_of_text(struct desk *d, const char *text, struct named *ret);

/* The readers of an audience of ours, by its id in hex. ERR_UNKNOWN: there is no such audience, or one of them is a
 * member no more. */
MUST_USE enum err named_of_audience(struct desk *d, struct view *v, const char *audience, struct named *ret);

struct named_epoch {
    struct audience_id audience;
    uint32_t epoch;
    struct sym_secret key;                  /* whoever asked wipes it */
    bool is_outdated;                       /* [P-96] nothing more is sealed under it */
};

/* The newest epoch that we sealed to exactly these readers. ERR_UNKNOWN: there is none that can be used. */
MUST_USE enum err named_find(struct desk *d, struct view *v, const struct named *n, struct named_epoch *ret);
/* The same, begun by an entry of `a` where there is none. It has said why when it is not EXIT_OK. */
enum exit_status named_epoch(struct author *a, struct view *v, const struct named *n, struct named_epoch *ret);

#endif
