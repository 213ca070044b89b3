#include <stdlib.h>
#include <string.h>

#include "tests/sim/sim.h"

static uint8_t *take(struct buf *b, uint8_t *old, size_t *len)
{
    free(old);
    must(buf_status(b) == OK);
    *len = b->len;
    return b->p;
}

static uint8_t *lie_in_have(struct node *n, struct msg_have *m, uint8_t *frame, size_t *len)
{
    struct have list[HAVE_ITEMS_MAX];
    struct buf b = buf_on(FRAME_BODY_MAX);
    size_t count = 0;
    while (have_next(m, &list[count])) {
        if (sim_chance(n->sim, 0.5))
            list[count].size += sim_between(n->sim, 1, 1000);
        if (sim_chance(n->sim, 0.3))
            list[count].root.b[0] ^= 1;
        count++;
    }
    if (m->has_hash)
        put_have_vector(&b, &m->hash, count, list);
    else
        put_have(&b, count, list);
    return take(&b, frame, len);
}

/* ENTRIES with another header bit, or without payloads. */
static uint8_t *spoil_entries(struct node *n, struct msg_entries *m, uint8_t *frame, size_t *len)
{
    struct buf items = buf_on(FRAME_BODY_MAX), b = buf_on(FRAME_BODY_MAX);
    struct item item;
    size_t count = m->n;
    uint8_t header[HEADER_MAX], *payload = malloc(PAYLOAD_MAX);
    must(payload != NULL);
    for (uint64_t i = m->from; item_next(m, &item); i++) {
        struct header h;
        must(header_read(item.header, &h) == OK);
        if (n->liar == WRONG_ROOTS && item.has_payload && h.kind == KIND_RECORD) {
            struct buf again = buf_on(HEADER_MAX);
            h.time_ms++;
            header_write(&h, &again);
            memcpy(header, again.p, again.len);
            item.header = (struct bytes){header, again.len};
            buf_release(&again);
        } else if (n->liar == OTHER_PAYLOADS && item.has_payload && h.kind == KIND_RECORD) {
            memcpy(payload, item.payload.p, item.payload.len);
            payload[item.payload.len - 1] ^= 1;
            item.payload.p = payload;
        } else if (n->liar != WRONG_ROOTS && item.has_payload && h.kind == KIND_RECORD) {
            item.has_payload = false;
            item.excuse = n->liar == BAD_EXCUSE ? i : i + 1;
        }
        put_item(&items, &item);
    }
    put_entries(&b, &m->log, m->from, count, buf_bytes(&items), m->checkpoint);
    buf_release(&items);
    free(payload);
    return take(&b, frame, len);
}

static uint8_t *lie_in_ping(struct node *n, struct msg_ping *m, uint8_t *frame, size_t *len)
{
    struct buf b = buf_on(FRAME_BODY_MAX);
    m->size = sim_chance(n->sim, 0.7) ? m->size + sim_between(n->sim, 1, 1000) : m->size;
    m->root.b[0] ^= 0x5a;
    put_ping(&b, m);
    return take(&b, frame, len);
}

static uint8_t *garble(struct node *n, uint8_t *frame, const size_t *len)
{
    if (sim_chance(n->sim, 0.2))
        for (int i = 0; i < 8; i++)
            frame[sim_between(n->sim, 0, *len - 1)] ^= (uint8_t)sim_between(n->sim, 1, 255);
    return frame;
}

static uint8_t *other_hello(struct node *n, struct message *m, uint8_t *frame, size_t *len)
{
    struct buf b = buf_on(FRAME_BODY_MAX), note = buf_on(IDENTITY_MAX);
    struct identity id = n->id;
    struct msg_hello h = m->u.hello;
    if (n->liar == UNKNOWN_ROOT) {
        struct sym_secret seed = {{9}};
        struct sign_secret root;
        sign_keypair(&seed, &root, &id.root);
        identity_sign(&id, &root, &note);
        h.identity = buf_bytes(&note);
    } else {
        h.identity = blob_bytes(n->disk->identities[0].note);      /* somebody else's */
    }
    put_hello(&b, &h);
    uint8_t *p = take(&b, frame, len);
    buf_release(&note);
    return p;
}

static void flood(struct node *n, struct node *to)
{
    struct sim *s = n->sim;
    for (size_t i = 0; i < s->n_wires; i++) {
        struct wire *w = s->wires[i];
        for (int side = 0; side < 2; side++) {
            if (w->is_broken || w->end[side].node != n || w->end[1 - side].node != to || !w->end[side].is_up)
                continue;
            for (int k = 0; k < 400; k++) {
                struct buf b = buf_on(1024);
                put_prove(&b, &(struct msg_prove){.log = {to->keys.slug, 1}, .from = 1, .size = 1});
                world_send(n, w->end[side].id, b.p, b.len);
            }
            return;
        }
    }
}

uint8_t *liar_frame(struct node *n, struct node *to, uint8_t *frame, size_t *len)
{
    struct message *m = malloc(sizeof(*m));
    must(m != NULL);
    bool is_known = message_decode((struct bytes){frame, *len}, m) == OK;
    uint8_t *out = frame;
    switch (n->liar) {
    case HONEST: case COLLUDES:
        break;
    case LIES_IN_HAVE:
        if (is_known && m->type == MSG_HAVE && m->u.have.n > 0)
            out = lie_in_have(n, &m->u.have, frame, len);
        break;
    case LIES_IN_PING:
        if (is_known && m->type == MSG_PING && m->u.ping.size > 0)
            out = lie_in_ping(n, &m->u.ping, frame, len);
        break;
    case WRONG_ROOTS: case WITHHOLDS: case BAD_EXCUSE: case OTHER_PAYLOADS:
        if (is_known && m->type == MSG_ENTRIES)
            out = spoil_entries(n, &m->u.entries, frame, len);
        break;
    case SILENT_SERVER:
        if (is_known && m->type == MSG_ENTRIES) {
            free(frame);
            out = NULL;
        }
        break;
    case FLOODS:
        if (is_known && m->type == MSG_HAVE)
            flood(n, to);
        break;
    case GARBAGE:
        out = garble(n, frame, len);
        break;
    case STALE_IDENTITY: case UNKNOWN_ROOT:
        if (is_known && m->type == MSG_HELLO)
            out = other_hello(n, m, frame, len);
        break;
    }
    free(m);
    return out;
}
