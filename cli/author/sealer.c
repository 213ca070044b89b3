#include "cli/author/sealer.h"

#include <string.h>

#include "cli/author/readers.h"
#include "cli/say.h"

static void take_key(struct sealer *s, const struct audience_id *audience, uint32_t epoch, const struct sym_secret *key)
{
    s->key = *key;
    s->with.id = (struct epoch_id){author_desk(s->a)->origin, *audience, epoch};
    s->with.epoch_key = &s->key;
}

static enum exit_status alliance_key(struct sealer *s, struct view *v)
{
    struct sym_secret key;
    struct audience_id audience;
    uint32_t epoch = 0;
    memcpy(audience.b, author_desk(s->a)->origin.alliance.b, sizeof(audience.b));
    enum exit_status st = readers_epoch(s->a, v, &epoch, &key);
    if (st == EXIT_OK)
        take_key(s, &audience, epoch, &key);
    wipe(&key, sizeof(key));
    return st;
}

static enum exit_status named_key(struct sealer *s, struct view *v, const struct named *named)
{
    struct named_epoch e;
    enum exit_status st = named_epoch(s->a, v, named, &e);
    if (st == EXIT_OK)
        take_key(s, &e.audience, e.epoch, &e.key);
    wipe(&e, sizeof(e));
    return st;
}

static enum exit_status key_for(struct sealer *s, struct view *v, enum publish_to to, const struct named *named)
{
    switch (to) {
    case TO_ALLIANCE:
        return alliance_key(s, v);
    case TO_PUBLIC:
        s->is_public = true;
        return EXIT_OK;
    case TO_NAMED:
        return named_key(s, v, named);
    }
    return EXIT_USAGE;
}

enum exit_status sealer_open(struct author *a, struct view *v, enum publish_to to, const struct named *named, struct sealer *ret)
{
    size_t n_granted = 0;
    *ret = (struct sealer){.a = a, .header = buf_on(HEADER_MAX), .payload = buf_on(PAYLOAD_MAX)};
    enum exit_status st = readers_pay(a, v, &n_granted);
    if (st == EXIT_OK)
        st = key_for(ret, v, to, named);
    if (st == EXIT_OK && n_granted > 0)
        say_detail(author_desk(a)->s, "%zu keys granted to readers who were owed them", n_granted);
    return st;
}

enum err sealer_put(struct sealer *s, struct bytes record)
{
    if (s->is_public)
        return author_put_public(s->a, KIND_RECORD, record);
    buf_clear(&s->header);
    buf_clear(&s->payload);
    s->with.time_ms = session_now_ms();
    random_fill(s->with.nonce, sizeof(s->with.nonce));
    random_fill(s->with.salt, sizeof(s->with.salt));
    record_seal(&s->with, record, &s->header, &s->payload);
    enum err e = buf_status(&s->payload);
    if (e == OK)
        e = buf_status(&s->header);
    return e == OK ? author_put(s->a, buf_bytes(&s->header), buf_bytes(&s->payload)) : e;
}

void sealer_close(struct sealer *s)
{
    wipe(&s->with, sizeof(s->with));
    wipe(&s->key, sizeof(s->key));
    buf_release(&s->header);
    buf_release(&s->payload);
}

static enum err put_all(struct sealer *s, const struct bytes *records, size_t n)
{
    enum err e = OK;
    for (size_t i = 0; e == OK && i < n; i++)
        e = sealer_put(s, records[i]);
    return e;
}

enum exit_status seal_records(struct desk *d, struct view *v, enum publish_to to, const struct named *named,
                              const struct bytes *records, size_t n, const char *what, uint64_t *ret_first)
{
    struct author *a = NULL;
    struct sealer s = {.a = NULL};
    enum exit_status st = author_begin(d, &a);
    if (st == EXIT_OK)
        st = sealer_open(a, v, to, named, &s);
    if (st == EXIT_OK) {
        *ret_first = author_next(a);
        enum err e = put_all(&s, records, n);
        st = e == OK ? author_commit(a, NULL) : say_failed(d->s, e, "nothing was published", "%s", what);
    }
    sealer_close(&s);
    author_end(a);
    return st;
}
