/* tests/fuzz/fuzz_message.c - what a peer may put into a frame: whatever decodes and has no elements of a newer
 * version encodes to the very same bytes. */
#include <assert.h>
#include <stdint.h>
#include <stdlib.h>

#include "protocol/message.h"

static struct buf items_of(struct msg_entries m)
{
    struct buf items = buf_on(FRAME_BODY_MAX);
    struct item item;
    while (item_next(&m, &item))
        put_item(&items, &item);
    return items;
}

static void put_all_haves(struct buf *out, struct msg_have m)
{
    struct have *list = calloc(HAVE_ITEMS_MAX, sizeof(*list));
    size_t n = 0;
    assert(list != NULL);
    while (have_next(&m, &list[n]))
        n++;
    if (m.has_hash && n == 0)
        put_have_hash(out, &m.hash);
    else if (!m.has_hash)
        put_have(out, n, list);
    free(list);
}

static void put_again(struct buf *out, const struct message *m)
{
    switch (m->type) {
    case MSG_HELLO:      put_hello(out, &m->u.hello); break;
    case MSG_ENROL:      put_enrol(out, m->u.token); break;
    case MSG_CHARTER:
        put_charter(out, m->u.charter.held, &m->u.charter.held_hash, m->u.charter.n_notes, m->u.charter.notes,
                    m->u.charter.n_identities, m->u.charter.identities);
        break;
    case MSG_HAVE:       put_all_haves(out, m->u.have); break;
    case MSG_WANT:       put_want(out, &m->u.want); break;
    case MSG_ENTRIES: {
        struct buf items = items_of(m->u.entries);
        put_entries(out, &m->u.entries.log, m->u.entries.from, m->u.entries.n, buf_bytes(&items), m->u.entries.checkpoint);
        buf_release(&items);
        break;
    }
    case MSG_CHECKPOINT: put_checkpoint(out, &m->u.checkpoint.log, m->u.checkpoint.note); break;
    case MSG_COSIG:      put_cosig(out, &m->u.cosig); break;
    case MSG_PROVE:      put_prove(out, &m->u.prove); break;
    case MSG_PROOF:      put_proof(out, &m->u.proof); break;
    case MSG_EVIDENCE:   put_evidence(out, m->u.evidence); break;
    case MSG_PING:       put_ping(out, &m->u.ping); break;
    case MSG_BYE: {
        enum bye_reason why;
        if (bye_parse(m->u.bye, &why) == OK)
            put_bye(out, why);
        break;
    }
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct message *m = malloc(sizeof(*m)), *again = malloc(sizeof(*again));
    struct buf out = buf_on(2 * FRAME_BODY_MAX);
    struct bytes in = {data, size};
    assert(m != NULL && again != NULL);
    if (size <= FRAME_BODY_MAX && message_decode(in, m) == OK) {
        put_again(&out, m);
        assert(buf_status(&out) == OK);
        assert(out.len <= size);            /* shorter only where a newer version's elements were dropped */
        if (out.len > 0)
            assert(message_decode(buf_bytes(&out), again) == OK && again->type == m->type);
    }
    buf_release(&out);
    free(m);
    free(again);
    return 0;
}
