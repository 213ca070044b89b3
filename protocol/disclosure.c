#include "protocol/disclosure.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#define WORD "folkmoot disclosure v1"
#define SEALED_WORD "folkmoot sealed v1"

enum { FIELDS = 4, LOG_FIELDS = 5, CHECKPOINT_FIELDS = 2, ENTRY_FIELDS = 6, SEALED_FIELDS = 3, PATH_MAX_LEN = 64 * HASH_LEN * 2,
       HEADER_LEAST = 40 };
static_assert(PATH_MAX_LEN == PROOF_HASHES_MAX * HASH_LEN, "a path is a proof");
static_assert(DISCLOSED_ENTRIES_MAX <= UINT32_MAX, "places are small");

/* ---- writing ---- */

static void write_checkpoint(const struct disclosed_checkpoint *c, struct buf *ret)
{
    pack_array(ret, CHECKPOINT_FIELDS);
    pack_bin(ret, c->note);
    pack_bin(ret, c->path);
}

static void write_entry(const struct disclosed_entry *x, struct buf *ret)
{
    pack_array(ret, ENTRY_FIELDS);
    pack_uint(ret, x->idx);
    pack_bin(ret, x->header);
    if (x->has_payload)
        pack_bin(ret, x->payload);
    else
        pack_nil(ret);
    if (x->has_key)
        pack_fixed(ret, x->key.b, sizeof(x->key.b));
    else
        pack_nil(ret);
    pack_uint(ret, x->checkpoint);
    pack_bin(ret, x->path);
}

static void write_log(const struct disclosed_log *l, struct buf *ret)
{
    pack_array(ret, LOG_FIELDS);
    pack_str(ret, l->log.slug.s);
    pack_uint(ret, l->log.generation);
    if (l->evidence.len > 0)
        pack_bin(ret, l->evidence);
    else
        pack_nil(ret);
    pack_array(ret, l->n_checkpoints);
    for (size_t i = 0; i < l->n_checkpoints; i++)
        write_checkpoint(&l->checkpoints[i], ret);
    pack_array(ret, l->n_entries);
    for (size_t i = 0; i < l->n_entries; i++)
        write_entry(&l->entries[i], ret);
}

static void write_notes(size_t n, const struct bytes *notes, struct buf *ret)
{
    pack_array(ret, n);
    for (size_t i = 0; i < n; i++)
        pack_bin(ret, notes[i]);
}

void disclosure_write(const struct disclosure *d, struct buf *ret)
{
    pack_array(ret, FIELDS);
    pack_str(ret, WORD);
    write_notes(d->n_charters, d->charters, ret);
    write_notes(d->n_identities, d->identities, ret);
    pack_array(ret, d->n_logs);
    for (size_t i = 0; i < d->n_logs; i++)
        write_log(&d->logs[i], ret);
}

/* ---- reading ---- */

/* Room for as many as stand there: read_array has compared the number with the bytes left. */
static void *room(struct reader *r, size_t n, size_t size, enum err *e)
{
    if (*e != OK || reader_status(r) != OK || n == 0)
        return NULL;
    void *p = calloc(n, size);
    if (p == NULL)
        *e = ERR_NOMEM;
    return p;
}

static bool read_word(struct reader *r, const char *word)
{
    return bytes_equal(read_str(r, strlen(word)), bytes_of(word));
}

static void read_notes(struct reader *r, size_t least, size_t most, size_t note_max, size_t *ret_n, struct bytes **ret, enum err *e)
{
    size_t n = read_array(r, least, most);
    *ret = room(r, n, sizeof(**ret), e);
    for (size_t i = 0; i < n && *ret != NULL; i++)
        (*ret)[i] = read_bin(r, note_max);
    *ret_n = *ret != NULL ? n : 0;
}

static struct bytes read_path(struct reader *r)
{
    struct bytes path = read_bin(r, PATH_MAX_LEN);
    if (path.len % HASH_LEN != 0)
        reader_fail(r);
    return path;
}

static void read_checkpoints(struct reader *r, struct disclosed_log *l, enum err *e)
{
    size_t n = read_array(r, 1, DISCLOSED_CHECKPOINTS_MAX);
    l->checkpoints = room(r, n, sizeof(*l->checkpoints), e);
    l->n_checkpoints = l->checkpoints != NULL ? n : 0;
    for (size_t i = 0; i < l->n_checkpoints; i++) {
        (void)read_array(r, CHECKPOINT_FIELDS, CHECKPOINT_FIELDS);
        l->checkpoints[i].note = read_bin(r, CHECKPOINT_MAX);
        l->checkpoints[i].path = read_path(r);
        if (i == 0 && l->checkpoints[i].path.len > 0)
            reader_fail(r);
    }
}

static void read_entry(struct reader *r, const struct disclosed_log *l, struct disclosed_entry *x)
{
    (void)read_array(r, ENTRY_FIELDS, ENTRY_FIELDS);
    x->idx = read_uint(r, INT64_MAX);
    x->header = read_bin(r, HEADER_MAX);
    x->has_payload = !read_nil(r);
    if (x->has_payload)
        x->payload = read_bin(r, PAYLOAD_MAX);
    x->has_key = !read_nil(r);
    if (x->has_key)
        read_fixed(r, x->key.b, sizeof(x->key.b));
    x->checkpoint = (uint32_t)read_uint(r, DISCLOSED_CHECKPOINTS_MAX);
    x->path = read_path(r);
    if (x->checkpoint >= l->n_checkpoints || x->header.len < HEADER_LEAST)
        reader_fail(r);                     /* so that a small file cannot ask for a large memory */
}

static void read_log(struct reader *r, struct disclosed_log *l, enum err *e)
{
    (void)read_array(r, LOG_FIELDS, LOG_FIELDS);
    if (slug_parse(read_str(r, SLUG_MAX), &l->log.slug) != OK)
        reader_fail(r);
    l->log.generation = (uint32_t)read_uint(r, UINT32_MAX);
    if (l->log.generation == 0)
        reader_fail(r);
    if (!read_nil(r) && (l->evidence = read_bin(r, EVIDENCE_MAX)).len == 0)
        reader_fail(r);
    read_checkpoints(r, l, e);
    size_t n = read_array(r, 1, DISCLOSED_ENTRIES_MAX);
    l->entries = room(r, n, sizeof(*l->entries), e);
    l->n_entries = l->entries != NULL ? n : 0;
    for (size_t i = 0; i < l->n_entries && reader_status(r) == OK; i++) {
        read_entry(r, l, &l->entries[i]);
        if (i > 0 && l->entries[i].idx <= l->entries[i - 1].idx)
            reader_fail(r);
    }
}

static bool is_named_before(const struct disclosure *d, size_t i)
{
    for (size_t j = 0; j < i; j++)
        if (slug_equal(&d->logs[j].log.slug, &d->logs[i].log.slug) && d->logs[j].log.generation == d->logs[i].log.generation)
            return true;
    return false;
}

enum err disclosure_read(struct bytes in, struct disclosure *ret)
{
    struct disclosure d = {0};
    struct reader r = reader_on(in);
    enum err e = in.len > DISCLOSURE_MAX ? ERR_LIMIT : OK;
    if (e != OK)
        return e;
    (void)read_array(&r, FIELDS, FIELDS);
    if (!read_word(&r, WORD))
        reader_fail(&r);
    read_notes(&r, 1, CHARTER_VERSIONS_MAX, NOTE_MAX, &d.n_charters, &d.charters, &e);
    read_notes(&r, 0, DISCLOSED_IDENTITIES_MAX, IDENTITY_MAX, &d.n_identities, &d.identities, &e);
    size_t n = read_array(&r, 1, DISCLOSED_LOGS_MAX);
    d.logs = room(&r, n, sizeof(*d.logs), &e);
    for (size_t i = 0; i < n && d.logs != NULL && e == OK && reader_status(&r) == OK; i++) {
        read_log(&r, &d.logs[i], &e);
        d.n_logs = i + 1;
        if (is_named_before(&d, i))
            reader_fail(&r);
    }
    if (e == OK)
        e = reader_finish(&r);
    if (e == OK)
        *ret = d;
    else
        disclosure_release(&d);
    return e;
}

void disclosure_release(struct disclosure *d)
{
    for (size_t i = 0; i < d->n_logs; i++) {
        if (d->logs[i].entries != NULL)
            wipe(d->logs[i].entries, d->logs[i].n_entries * sizeof(*d->logs[i].entries));
        free(d->logs[i].entries);
        free(d->logs[i].checkpoints);
    }
    free(d->logs);
    free(d->charters);
    free(d->identities);
    *d = (struct disclosure){0};
}

enum err disclosure_path(struct bytes path, struct proof *ret)
{
    if (path.len % HASH_LEN != 0 || path.len / HASH_LEN > PROOF_HASHES_MAX)
        return ERR_FORMAT;
    ret->n = path.len / HASH_LEN;
    for (size_t i = 0; i < ret->n; i++)
        memcpy(ret->path[i].b, path.p + i * HASH_LEN, HASH_LEN);
    return OK;
}

/* ---- which file it is ---- */

enum fmb_kind fmb_kind_of(struct bytes in)
{
    struct reader r = reader_on(in);
    size_t n = read_array(&r, SEALED_FIELDS, FIELDS);
    struct bytes word = read_str(&r, sizeof(WORD));
    if (reader_status(&r) == OK && n == FIELDS && bytes_equal(word, bytes_of(WORD)))
        return FMB_DISCLOSURE;
    if (reader_status(&r) == OK && n == SEALED_FIELDS && bytes_equal(word, bytes_of(SEALED_WORD)))
        return FMB_SEALED;
    if (in.len < 6)
        return FMB_NONE;
    /* u32be length, and a CHARTER: what every bundle begins with */
    r = reader_on((struct bytes){in.p + 4, in.len - 4});
    (void)read_array(&r, 1, 32);
    bool is_bundle = in.p[0] == 0 && read_uint(&r, MSG_CHARTER) == MSG_CHARTER && reader_status(&r) == OK;
    return is_bundle ? FMB_BUNDLE : FMB_NONE;
}

/* ---- sealed ---- */

enum err disclosure_seal(const struct dh_public *to, struct bytes in, struct buf *ret)
{
    uint8_t *sealed = malloc(in.len + SEAL_OVERHEAD);
    if (sealed == NULL)
        return ERR_NOMEM;
    enum err e = box_seal(to, in, sealed);
    if (e == OK) {
        pack_array(ret, SEALED_FIELDS);
        pack_str(ret, SEALED_WORD);
        pack_fixed(ret, to->b, sizeof(to->b));
        pack_bin(ret, (struct bytes){sealed, in.len + SEAL_OVERHEAD});
        e = buf_status(ret);
    }
    free(sealed);
    return e;
}

static enum err read_sealed(struct bytes in, struct dh_public *ret_to, struct bytes *ret_sealed)
{
    struct reader r = reader_on(in);
    if (in.len > DISCLOSURE_MAX)
        return ERR_LIMIT;
    (void)read_array(&r, SEALED_FIELDS, SEALED_FIELDS);
    if (!read_word(&r, SEALED_WORD))
        reader_fail(&r);
    read_fixed(&r, ret_to->b, sizeof(ret_to->b));
    *ret_sealed = read_bin(&r, DISCLOSURE_MAX);
    return ret_sealed->len >= SEAL_OVERHEAD ? reader_finish(&r) : ERR_FORMAT;
}

enum err disclosure_sealed_to(struct bytes in, struct dh_public *ret)
{
    struct dh_public to;
    struct bytes sealed;
    enum err e = read_sealed(in, &to, &sealed);
    if (e == OK)
        *ret = to;
    return e;
}

enum err disclosure_unseal(struct bytes in, const struct dh_secret *secret, struct buf *ret)
{
    struct dh_public to, ours = dh_public_of(secret);
    struct bytes sealed;
    enum err e = read_sealed(in, &to, &sealed);
    if (e != OK)
        return e;
    if (memcmp(to.b, ours.b, sizeof(to.b)) != 0)
        return ERR_DECRYPT;
    struct buf b = buf_on(DISCLOSURE_MAX);
    uint8_t *out = buf_grow(&b, sealed.len - SEAL_OVERHEAD);
    e = buf_status(&b);
    if (e == OK && out != NULL)
        e = box_open(secret, sealed, out);
    if (e == OK)
        *ret = b;
    else
        buf_wipe(&b);
    return e;
}
