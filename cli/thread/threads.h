/* cli/thread/threads.h - every matter that can be read here, folded from all posts by the table of sayings.
 *
 *      struct threads t;
 *      if (threads_gather(view, charter, now, &t) == OK)
 *          for (size_t i = 0; i < t.n; i++)
 *              ... t.list[i].state ...
 *      threads_release(&t);                                        also after a failure
 *
 * A post that its author may not say, that is about nothing held here, or that is withdrawn changes no state; it is
 * still among the posts, with `counts` false. */
#ifndef FOLKMOOT_CLI_THREAD_THREADS_H
#define FOLKMOOT_CLI_THREAD_THREADS_H

#include "cli/thread/saying.h"
#include "cli/view/query.h"

enum { THREAD_POSTS_OF_ONE = 4096 };        /* newest posts of one author that are looked at */
#define NO_POST SIZE_MAX

struct said {                               /* a post, kept */
    struct slug slug;
    uint32_t generation;
    uint64_t idx;
    char record[RECORD_TEXT_SIZE], audience[AUDIENCE_TEXT_SIZE];
    struct post post;                       /* but for its text */
    char *text;
    uint64_t said_ms;
    bool is_withdrawn;
    struct speaker speaker;                 /* is_opener, is_asked: once its matter is known */
    const struct saying *saying;            /* what it says; NULL: nothing that the table knows */
    bool counts;
    size_t thread;                          /* NO_POST: of none */
    size_t next;                            /* the next post of the same matter, in order of what they say of time */
    size_t voice;                           /* of one that was counted as a vote or a use: the one counted before it */
};

struct thread {
    enum matter matter;
    size_t root, last;                      /* places among the posts */
    const struct saying *stands;            /* what its state comes from */
    size_t turn;                            /* the post that brought it there, the earliest; the root while it is open */
    size_t voice;                           /* the last that was counted of these, one a member; NO_POST */
    size_t n_votes, n_used;                 /* authorities for it, the proposer counted; bodies that used it */
    bool is_agreed;                         /* a priority with votes enough */
    bool is_over;                           /* nothing more is waited for */
    bool is_overdue, is_late;               /* past its day and not over; over, and after its day */
    uint64_t due_ms;                        /* 0: there is no day */
};

struct threads {
    struct said *posts;                     /* by record as text, for finding them */
    size_t n_posts, cap_posts;
    struct thread *list;                    /* the oldest first, by what they say of time */
    size_t n, cap;
    size_t n_authorities, n_needed;         /* by the charter: how many may vote, how many must */
    size_t n_cut;                           /* posts of who says too much that were not looked at */
};

MUST_USE enum err threads_gather(struct view *v, const struct charter *c, uint64_t now_ms, struct threads *ret);
void threads_release(struct threads *t);

/* The post of a record, NULL: there is none. */
const struct said *threads_post(const struct threads *t, const char *record);
/* The matter that a post belongs to; NULL. */
const struct thread *threads_of(const struct threads *t, const struct said *s);
const char *thread_state(const struct thread *th);
/* Milliseconds from opening to the turn, 0 where clocks disagree. */
uint64_t thread_took_ms(const struct threads *t, const struct thread *th);

#endif
