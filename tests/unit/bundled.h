/* tests/unit/bundled.h - whole logs of the alliance of handed.h, as a file that a node would write. */
#ifndef FOLKMOOT_TESTS_UNIT_BUNDLED_H
#define FOLKMOOT_TESTS_UNIT_BUNDLED_H

#include "protocol/frame.h"
#include "tests/unit/handed.h"

#define NO_HOLE UINT64_MAX

static inline void bundle_charters(const struct alliance *a, struct buf *b)
{
    for (size_t v = 0; v < a->n_charters; v++) {
        struct bytes note = buf_bytes(&a->charters[v]);
        size_t mark = frame_begin(b);
        put_charter(b, (uint32_t)a->n_charters, &a->hashes[a->n_charters - 1], 1, &note, 0, NULL);
        OKAY(frame_end(b, mark));
    }
    for (size_t i = 0; i < a->n; i++) {
        struct bytes note = buf_bytes(&a->people[i].note);
        size_t mark = frame_begin(b);
        put_charter(b, (uint32_t)a->n_charters, &a->hashes[a->n_charters - 1], 0, NULL, 1, &note);
        OKAY(frame_end(b, mark));
    }
}

static inline void bundle_have(const struct made_log *const *logs, size_t n, struct buf *b)
{
    struct have list[4];
    for (size_t i = 0; i < n; i++) {
        struct checkpoint c = head_at(logs[i], logs[i]->n);
        list[i] = (struct have){.log = {logs[i]->origin.slug, logs[i]->origin.generation}, .size = logs[i]->n,
                                .root = short_root_of(&c.root)};
    }
    size_t mark = frame_begin(b);
    put_have(b, n, list);
    OKAY(frame_end(b, mark));
}

/* Entries `from` to `to`, which is excluded; with the checkpoint of exactly `to`. Entry `hole` lacks its payload. */
static inline void bundle_span(const struct made_log *l, uint64_t from, uint64_t to, bool with_checkpoint, uint64_t hole,
                               uint64_t excuse, struct buf *b)
{
    struct log_ref ref = {l->origin.slug, l->origin.generation};
    struct checkpoint c = head_at(l, to);
    struct buf note = buf_on(CHECKPOINT_MAX), items = buf_on(FRAME_BODY_MAX);
    if (with_checkpoint)
        checkpoint_sign(&c, &l->log, &note);
    for (uint64_t i = from; i < to; i++)
        put_item(&items, &(struct item){.header = buf_bytes(&l->header[i]), .payload = buf_bytes(&l->payload[i]),
                                        .has_payload = i != hole, .excuse = excuse});
    size_t mark = frame_begin(b);
    put_entries(b, &ref, from, to - from, buf_bytes(&items), buf_bytes(&note));
    OKAY(frame_end(b, mark));
    buf_release(&note);
    buf_release(&items);
}

/* By members 0 to n - 1, over the state of that size. */
static inline void bundle_cosigs(const struct made_log *l, uint64_t size, size_t n, struct buf *b)
{
    struct checkpoint c = head_at(l, size);
    for (size_t i = 0; i < n; i++) {
        struct origin o = {.alliance = l->of->id, .slug = l->of->people[i].id.slug, .generation = 1};
        struct cosig s = {.log = {l->origin.slug, l->origin.generation}, .size = size, .root = c.root,
                          .witness = l->of->people[i].id.slug, .time_s = SEEN_S + i};
        checkpoint_cosign(&c, &o, &l->of->people[i].witness, s.time_s, &s.sig);
        size_t mark = frame_begin(b);
        put_cosig(b, &s);
        OKAY(frame_end(b, mark));
    }
}

static inline struct judgement *bundle_judge(struct bytes in, const struct hash *pin, const struct policy *policy)
{
    struct judgement *j = judgement_new(AUDIT_BUNDLE, pin, policy);
    struct bundle_judge *b;
    struct frame f;
    bool more = true;
    assert_non_null(j);
    OKAY(judge_bundle_begin(j, &b));
    while (more && frame_read(in, &f) == OK) {
        OKAY(judge_bundle_frame(b, f.body, &more));
        in = (struct bytes){in.p + frame_size(&f), in.len - frame_size(&f)};
    }
    OKAY(judge_bundle_end(b, in.len > 0));
    return j;
}

#endif
