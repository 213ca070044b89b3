/* cli/thread/readers.h - for whom a post is sealed: exactly the readers of what it is about. */
#ifndef FOLKMOOT_CLI_THREAD_READERS_H
#define FOLKMOOT_CLI_THREAD_READERS_H

#include "cli/author/sealer.h"
#include "cli/record_id.h"
#include "cli/thread/threads.h"

struct readers_of { bool is_all; struct named named; };     /* is_all: the alliance; else those, ourselves among them */

/* Of a record that we can read: of the named audience under whose very epoch it was sealed, without those who are members no
 * more. What is public is spoken about within the alliance. What a post is about narrows it, and what that is about, up to
 * the record at the head: nobody reads a word about a record who cannot read the record.
 * Where a member that is no reader of the alliance spoke to the alliance (a partner), answers are for those readers and for
 * it, as far as so many can be named; else a note says that it will not read them.
 * Anything but EXIT_OK: it has said why. */
enum exit_status readers_of_record(struct desk *d, const struct threads *t, const struct record_id *id, struct readers_of *ret);
/* Of an --audience, "alliance" or SLUG,... ; NULL: the alliance. */
enum exit_status readers_asked(struct desk *d, const char *words, struct readers_of *ret);
bool readers_have(struct desk *d, const struct readers_of *r, const struct slug *slug);
bool readers_equal(const struct readers_of *a, const struct readers_of *b);
/* "the alliance", or "barsetshire, kent" */
void readers_words(const struct readers_of *r, struct buf *ret);

#endif
