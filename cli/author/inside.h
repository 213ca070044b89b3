/* cli/author/inside.h - an author's own state, shared by the files of this room. */
#ifndef FOLKMOOT_CLI_AUTHOR_INSIDE_H
#define FOLKMOOT_CLI_AUTHOR_INSIDE_H

#include "cli/author/author.h"

struct author {
    struct desk *d;
    int lock;                           /* private/lock */
    struct sign_keyfile key;
    struct sign_public public;
    struct checkpoint head;             /* the newest that we signed; size 0 for none */
    uint64_t stored;                    /* entries in the store, those of the open transaction included */
    struct frontier tip;                /* of stored and of what has gathered since */
    size_t n_items, cap_items, bytes;
    struct item *items;
    uint8_t **memory;                   /* of each item, owned */
    struct buf note;
    bool in_transaction;
    uint64_t asked_ms;                  /* wall time of our question to the peers: older answers may be another home's */
    bool is_behind;                     /* the store holds less than we have signed */
    enum err failed;                    /* of an earlier put */
};

/* Take a newer identity of ours as the next entry. Checkpoints that cover it are signed by `key`, where it has a new one (NULL: by
 * the same as before). What had gathered is signed by the old one first. */
MUST_USE enum err author_put_identity(struct author *a, struct bytes note, const struct sign_keyfile *key);

/* begin.c: as author_begin, but the log may be empty still. */
enum exit_status author_open(struct desk *d, struct author **ret);

/* head.c: is what the disk holds of our log what we signed, and does no peer know better?
 * Fills head, stored and tip. It has said why when it is not EXIT_OK. */
enum exit_status head_check(struct author *a);
/* The disk's half of it. EXIT_NO with is_behind, and nothing said: the store holds less than we have signed. */
enum exit_status head_compare(struct author *a);

/* ask.c: the peers' half. It has said why when it is not EXIT_OK. */
enum exit_status peers_ask(struct author *a);
/* Fetch our own log back, as far as our own key signed it. ERR_STALE: fewer entries than `at_least` have come. */
MUST_USE enum err peers_fetch(struct author *a, uint64_t at_least);

#endif
