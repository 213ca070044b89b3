#include <stdlib.h>
#include <string.h>

#include "tests/sim/sim.h"

/* ---- what the store holds, told ---- */

static void tell_identities(struct node *n, struct dlog *log, struct event *ev)
{
    struct log_identity list[64];
    for (size_t i = 0; i < log->n_rows && ev->n_identities < 64; i++)
        if (log->rows[i].kind == KIND_IDENTITY)
            list[ev->n_identities++] = (struct log_identity){i, payload_body(blob_bytes(log->rows[i].payload))};
    ev->identities = list;
    node_step(n, ev);
}

static void tell_holes(struct node *n, struct dlog *log, const struct log_ref *ref)
{
    for (size_t i = 0; i < log->n_rows; i++) {
        struct header h;
        if (log->rows[i].has_payload)
            continue;
        must(header_read(blob_bytes(log->rows[i].header), &h) == OK);
        struct hole hole = {i, log->rows[i].excuse, h.payload_hash, h.payload_len};
        struct event ev = {.kind = EV_HOLE, .ref = *ref, .hole = &hole};
        node_step(n, &ev);
    }
    for (size_t i = 0; i < log->n_rows; i++) {
        struct withdrawal w;
        if (log->rows[i].kind != KIND_WITHDRAW || !log->rows[i].has_payload
            || withdrawal_read(payload_body(blob_bytes(log->rows[i].payload)), &w) != OK || !w.erase)
            continue;
        struct event ev = {.kind = EV_ERASURE, .ref = *ref, .index = i, .target = w.target};
        node_step(n, &ev);
    }
}

void node_tell_log(struct node *n, struct dlog *log)
{
    struct log_ref ref = {log->origin.slug, log->origin.generation};
    const struct kept *whole = disk_checkpoint(log, log->whole), *newest = disk_checkpoint(log, log->n_rows);
    struct log_state state = {
        .origin = log->origin, .frontier = log->frontier, .whole = log->whole, .is_frozen = log->is_frozen,
        .cosigned_size = log->cosigned_size, .cosigned_root = log->cosigned_root, .cosigned_at_s = log->cosigned_at_s,
        .newest_ms = log->newest_ms,
    };
    if (log->whole > 0)
        state.whole_root = disk_root(log, log->whole);
    if (whole != NULL)
        state.whole_note = blob_bytes(whole->note);
    for (size_t i = log->n_kept; i > 0 && state.quorum_size == 0; i--)
        if (log->kept[i - 1].had_quorum) {
            state.quorum_size = log->kept[i - 1].size;
            state.quorum_root = disk_root(log, state.quorum_size);
        }
    struct event ev = {.kind = EV_LOG, .log = &state};
    if (newest != NULL && log->whole != log->n_rows)
        ev.bytes = blob_bytes(newest->note);
    tell_identities(n, log, &ev);
    tell_holes(n, log, &ref);
    for (size_t i = 0; i < log->n_cosigs; i++) {
        struct event c = {.kind = EV_COSIG, .ref = ref, .cosig = &log->cosigs[i]};
        node_step(n, &c);
    }
}

static void tell_notes(struct node *n, const struct dnote *list, size_t count, enum event_kind kind)
{
    for (size_t i = 0; i < count; i++) {
        struct request_row row = {.slug = list[i].slug, .identity = blob_bytes(list[i].note)};
        struct event ev = {.kind = kind, .bytes = blob_bytes(list[i].note), .request = &row};
        node_step(n, &ev);
    }
}

void node_tell_all(struct node *n, bool is_first)
{
    struct disk *d = n->disk;
    uint64_t life = n->incarnation;
    tell_notes(n, d->charters, d->n_charters, EV_CHARTER);
    tell_notes(n, d->identities, d->n_identities, EV_IDENTITY);
    for (size_t i = 0; i < d->n_logs && n->incarnation == life; i++) {
        struct log_ref ref = {d->logs[i]->origin.slug, d->logs[i]->origin.generation};
        struct log_state known;
        if (is_first || !engine_log(n->engine, &ref, &known) || known.frontier.size != d->logs[i]->n_rows
            || known.whole != d->logs[i]->whole || known.is_frozen != d->logs[i]->is_frozen)
            node_tell_log(n, d->logs[i]);
        if (d->logs[i]->evidence.len > 0) {
            struct event ev = {.kind = EV_EVIDENCE, .bytes = blob_bytes(d->logs[i]->evidence)};
            node_step(n, &ev);
        }
    }
    struct event ev = {.kind = EV_INVITES, .invites = d->invites, .n_invites = d->n_invites};
    node_step(n, &ev);
    tell_notes(n, d->requests, d->n_requests, EV_REQUEST);
}

