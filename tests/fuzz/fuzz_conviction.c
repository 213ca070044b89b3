/* tests/fuzz/fuzz_conviction.c - a file that `evidence export` wrote, as `audit` and `bundle import` take it. What convicts is
 * such a file by its frames; its evidence is packed in the one form; written anew from what was understood, it convicts of the
 * same, and once more written is the same bytes. What is trusted changes nothing but whether it is pinned. */
#include <stdlib.h>
#include <string.h>

#include "protocol/conviction.h"
#include "protocol/frame.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void must(bool held)
{
    if (!held)
        abort();
}

static bool is_same(const struct conviction *a, const struct conviction *b)
{
    return strcmp(a->alliance_name, b->alliance_name) == 0 && origin_equal(&a->origin, &b->origin)
        && strcmp(a->member_name, b->member_name) == 0 && a->identity_version == b->identity_version
        && memcmp(a->log_key.b, b->log_key.b, sizeof(a->log_key.b)) == 0 && memcmp(a->root.b, b->root.b, sizeof(a->root.b)) == 0
        && a->m.size == b->m.size && hash_equal(&a->m.root, &b->m.root) && a->n.size == b->n.size
        && hash_equal(&a->n.root, &b->n.root) && a->has_rival == b->has_rival && hash_equal(&a->rival, &b->rival)
        && a->charter_version == b->charter_version && hash_equal(&a->charter, &b->charter);
}

/* Where the last frame begins: what is before it is a parcel. */
static size_t last_frame(struct bytes in)
{
    struct frame f;
    size_t at = 0;
    for (;;) {
        must(frame_read((struct bytes){in.p + at, in.len - at}, &f) == OK);
        if (at + frame_size(&f) == in.len)
            return at;
        at += frame_size(&f);
    }
}

static void anew(struct bytes in, struct buf *ret)
{
    size_t at = last_frame(in);
    struct parcel p;
    struct frame f;
    struct message *m = malloc(sizeof(*m));
    struct evidence *ev = malloc(sizeof(*ev));
    struct buf b = buf_on(EVIDENCE_MAX);
    must(m != NULL && ev != NULL && parcel_read((struct bytes){in.p, at}, &p) == OK);
    must(frame_read((struct bytes){in.p + at, in.len - at}, &f) == OK && message_decode(f.body, m) == OK);
    must(m->type == MSG_EVIDENCE && evidence_read(m->u.evidence, ev) == OK);
    evidence_write(ev, &b);
    must(buf_status(&b) == OK && bytes_equal(buf_bytes(&b), m->u.evidence));
    must(conviction_write(p.chain, p.n_identities, p.identities, m->u.evidence, ret) == OK);
    buf_release(&b);
    free(ev);
    free(m);
    parcel_release(&p);
}

static void convicts(struct bytes in, const struct conviction *was)
{
    struct conviction is;
    struct hash other = sha256(bytes_of("a charter of somebody else"));
    struct buf once = buf_on(PARCEL_MAX), twice = buf_on(PARCEL_MAX);
    must(conviction_is(in) && !was->is_pinned);
    must(conviction_read(in, &was->charter, &is) == OK && is.is_pinned && is_same(was, &is));
    must(conviction_read(in, &other, &is) == OK && !is.is_pinned && is_same(was, &is));
    anew(in, &once);
    must(conviction_read(buf_bytes(&once), NULL, &is) == OK && is_same(was, &is));
    anew(buf_bytes(&once), &twice);
    must(bytes_equal(buf_bytes(&once), buf_bytes(&twice)));
    buf_release(&once);
    buf_release(&twice);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static bool is_started;
    struct bytes in = {data, size};
    struct conviction c;
    if (!is_started)
        must(crypto_start() == OK);
    is_started = true;
    (void)conviction_is(in);
    if (size > 0 && conviction_read(in, NULL, &c) == OK)
        convicts(in, &c);
    return 0;
}
