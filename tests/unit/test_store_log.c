#include "store_fixture.h"

static struct store *s;

static int setup(void **state)
{
    (void)state;
    s = open_store(in_folder("log.db"));
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    store_close(s);
    (void)unlink(in_folder("log.db"));
    return 0;
}

static struct log_state state_of(const struct author *a, struct buf *note)
{
    struct log_state l = {0};
    assert_int_equal(store_log(s, &a->origin, &l, note), OK);
    return l;
}

static void assert_frontier(const struct frontier *a, const struct frontier *b)
{
    struct hash ra = frontier_root(a), rb = frontier_root(b);
    assert_int_equal(a->size, b->size);
    assert_memory_equal(ra.b, rb.b, HASH_LEN);
}

static void an_append_is_there_as_it_was_given(void **state)
{
    (void)state;
    struct author a = author_of("barset");
    struct buf note = buf_on(CHECKPOINT_MAX);
    assert_int_equal(grow(s, &a, 5), OK);
    assert_int_equal(grow(s, &a, 30), OK);
    struct log_state l = state_of(&a, &note);
    assert_frontier(&l.frontier, &a.frontier);
    struct hash root = frontier_root(&a.frontier);
    assert_int_equal(l.whole, 35);
    assert_memory_equal(l.whole_root.b, root.b, HASH_LEN);
    assert_true(origin_equal(&l.origin, &a.origin));
    assert_false(l.is_frozen);
    assert_int_equal(l.cosigned_size, 0);
    struct checkpoint c;
    assert_int_equal(checkpoint_open(l.whole_note, &a.origin, &a.public, &c), OK);
    assert_int_equal(c.size, 35);
    assert_int_equal(audit_store(s), OK);
    buf_release(&note);
}

static void an_unknown_log_is_unknown_to_every_reader(void **state)
{
    (void)state;
    struct author a = author_of("nobody");
    struct buf b = buf_on(4096), c = buf_on(4096);
    struct log_state l;
    struct log_ref ref = {a.origin.slug, 1};
    struct store_source *src;
    size_t n;
    assert_int_equal(store_log(s, &a.origin, &l, &b), ERR_UNKNOWN);
    assert_int_equal(store_each_entry(s, &a.origin, 0, 9, audit_item, NULL), ERR_UNKNOWN);
    assert_int_equal(store_read_span(s, &ref, 0, 9, 100, &b, &n, &c), ERR_UNKNOWN);
    assert_int_equal(store_checkpoint(s, &a.origin, UINT64_MAX, &b), ERR_UNKNOWN);
    assert_int_equal(store_source_new(s, &a.origin, true, &src), ERR_UNKNOWN);
    assert_int_equal(store_cut_back(s, &a.origin, 0), ERR_UNKNOWN);
    assert_int_equal(store_set_whole(s, &a.origin, 1), ERR_UNKNOWN);
    assert_int_equal(store_keep_checkpoint(s, &a.origin, 1), ERR_UNKNOWN);
    assert_int_equal(store_fill(s, &a.origin, 0, bytes_of("0123456789abcdef")), ERR_UNKNOWN);
    assert_int_equal(store_erase(s, &a.origin, 0, 1), ERR_UNKNOWN);
    struct author other = author_of("nobody");
    assert_int_equal(grow(s, &a, 2), OK);
    other.origin.alliance.b[0] ^= 1;            /* the same name in another alliance is another log */
    assert_int_equal(store_log(s, &other.origin, &l, &b), ERR_UNKNOWN);
    assert_int_equal(grow(s, &other, 2), ERR_CONFLICT);
    buf_release(&b);
    buf_release(&c);
}

static void an_append_to_another_size_conflicts_and_leaves_nothing(void **state)
{
    (void)state;
    struct author a = author_of("barset");
    assert_int_equal(grow(s, &a, 3), OK);
    struct author behind = author_of("barset"), ahead = a;
    assert_int_equal(grow(s, &behind, 2), ERR_CONFLICT);
    struct made gap = make_from(&a, &a.frontier, 2);
    ahead.frontier = gap.after;
    made_free(&gap);
    assert_int_equal(grow(s, &ahead, 2), ERR_CONFLICT);
    assert_int_equal(size_of(s, &a), 3);
    assert_int_equal(audit_store(s), OK);
    assert_int_equal(grow(s, &a, 2), OK);
}

static enum err count_evidence(void *arg, struct bytes evidence)
{
    assert_true(bytes_equal(evidence, bytes_of("two stories")));
    ++*(int *)arg;
    return OK;
}

static void a_frozen_log_takes_no_entry_and_keeps_its_first_evidence(void **state)
{
    (void)state;
    struct author a = author_of("barset");
    struct buf note = buf_on(CHECKPOINT_MAX);
    int n = 0;
    assert_int_equal(grow(s, &a, 3), OK);
    assert_int_equal(store_freeze(s, &a.origin, bytes_of("two stories")), OK);
    assert_int_equal(store_freeze(s, &a.origin, bytes_of("three stories")), OK);
    assert_int_equal(grow(s, &a, 1), ERR_FROZEN);
    assert_true(state_of(&a, &note).is_frozen);
    assert_int_equal(size_of(s, &a), 3);
    assert_int_equal(store_each_evidence(s, count_evidence, &n), OK);
    assert_int_equal(n, 1);
    struct author never_held = author_of("unseen");
    assert_int_equal(store_freeze(s, &never_held.origin, bytes_of("two stories")), OK);
    assert_int_equal(grow(s, &never_held, 1), ERR_FROZEN);
    buf_release(&note);
}

/* Two stories were told, and the next generation says which one stands: this disk held the other. */
static void a_frozen_log_is_cut_to_what_a_quorum_saw_and_brought_to_its_end(void **state)
{
    (void)state;
    struct author a = author_of("barset");
    struct buf note = buf_on(CHECKPOINT_MAX);
    struct hash root, want;
    uint64_t size = 1;
    int n = 0;
    assert_int_equal(store_quorum(s, &a.origin, &size, &root), OK);
    assert_int_equal(size, 0);
    assert_int_equal(grow(s, &a, 4), OK);
    assert_int_equal(store_keep_checkpoint(s, &a.origin, 4), OK);
    struct author other = a;
    want = frontier_root(&a.frontier);
    assert_int_equal(grow(s, &a, 3), OK);
    assert_int_equal(store_quorum(s, &a.origin, &size, &root), OK);
    assert_int_equal(size, 4);
    assert_true(hash_equal(&root, &want));
    assert_int_equal(store_freeze(s, &a.origin, bytes_of("two stories")), OK);
    assert_int_equal(store_cut_back(s, &a.origin, 4), OK);
    other.payload_len = 200;
    struct made m = make_from(&other, &other.frontier, 5);
    struct append app = append_of(&other, &m);
    assert_int_equal(store_append(s, &app), ERR_FROZEN);
    app.is_ending = true;
    assert_int_equal(store_append(s, &app), OK);
    made_free(&m);
    struct log_state l = state_of(&a, &note);
    assert_true(l.is_frozen);
    assert_int_equal(l.whole, 9);
    assert_int_equal(store_each_evidence(s, count_evidence, &n), OK);
    assert_int_equal(n, 1);
    assert_int_equal(audit_store(s), OK);
    buf_release(&note);
}

/* ---- checkpoints ---- */

struct sizes { size_t n; uint64_t at[64]; };

static enum err note_size(void *arg, uint64_t size, struct bytes note)
{
    struct sizes *v = arg;
    (void)note;
    assert_true(v->n < 64);
    v->at[v->n++] = size;
    return OK;
}

static void assert_kept(const struct author *a, size_t n, const uint64_t *expect)
{
    struct sizes v = {0};
    assert_int_equal(store_each_checkpoint(s, &a->origin, note_size, &v), OK);
    assert_int_equal(v.n, n);
    for (size_t i = 0; i < n; i++)
        assert_int_equal(v.at[i], expect[i]);
}

static void only_boundaries_the_newest_and_what_was_asked_for_are_kept(void **state)
{
    (void)state;
    struct author a = author_of("barset");
    static const size_t steps[] = {10, 500, 514, 3, 7, 900, 114, 20};
    for (size_t i = 0; i < sizeof(steps) / sizeof(steps[0]); i++) {
        assert_int_equal(grow(s, &a, steps[i]), OK);
        if (a.frontier.size == 1027)
            assert_int_equal(store_keep_checkpoint(s, &a.origin, 1027), OK);
    }
    assert_int_equal(store_keep_checkpoint(s, &a.origin, 510), ERR_UNKNOWN);
    assert_kept(&a, 4, (const uint64_t[]){1024, 1027, 2048, 2068});
    assert_int_equal(audit_store(s), OK);
}

static void no_more_than_8_mib_lie_between_two_checkpoints(void **state)
{
    (void)state;
    struct author a = author_of("barset");
    a.payload_len = 200 * 1024;
    struct sizes v = {0};
    for (int i = 0; i < 20; i++)                /* 5 x 200 KiB each: 9 steps gather 8.8 MiB, 8 no more than 7.9 */
        assert_int_equal(grow(s, &a, 5), OK);
    assert_int_equal(store_each_checkpoint(s, &a.origin, note_size, &v), OK);
    assert_kept(&a, 3, (const uint64_t[]){40, 80, 100});
    assert_int_equal(audit_store(s), OK);
}

static void the_checkpoint_held_whole_is_kept_until_another_is(void **state)
{
    (void)state;
    struct author a = author_of("barset");
    struct buf note = buf_on(CHECKPOINT_MAX);
    assert_int_equal(grow(s, &a, 4), OK);
    for (int i = 0; i < 3; i++) {
        struct made m = make_from(&a, &a.frontier, 5);
        struct append app = append_of(&a, &m);
        m.items[2].has_payload = i != 0;
        m.items[2].excuse = 12;
        app.whole = 4;
        assert_int_equal(store_append(s, &app), OK);
        a.frontier = m.after;
        made_free(&m);
    }
    assert_kept(&a, 2, (const uint64_t[]){4, 19});
    struct log_state l = state_of(&a, &note);
    assert_int_equal(l.whole, 4);
    struct checkpoint c;
    assert_int_equal(checkpoint_open(l.whole_note, &a.origin, &a.public, &c), OK);
    assert_int_equal(c.size, 4);
    uint64_t whole = 0;
    assert_int_equal(store_set_whole(s, &a.origin, 14), ERR_UNKNOWN);   /* no checkpoint is kept there */
    assert_int_equal(store_raise_whole(s, &a.origin, 14, &whole), OK);  /* the newest below that is held whole already */
    assert_int_equal(whole, 4);
    assert_int_equal(store_raise_whole(s, &a.origin, 19, &whole), OK);
    assert_int_equal(whole, 19);
    assert_int_equal(store_set_whole(s, &a.origin, 4), OK);             /* raised only */
    assert_int_equal(state_of(&a, &note).whole, 19);
    assert_kept(&a, 1, (const uint64_t[]){19});
    struct made m = make_from(&a, &a.frontier, 2);
    struct append late = append_of(&a, &m);             /* its maker had not heard of that yet */
    late.whole = 4;
    assert_int_equal(store_append(s, &late), OK);
    assert_int_equal(state_of(&a, &note).whole, 19);
    made_free(&m);
    buf_release(&note);
}

static uint64_t newest(const struct author *a)
{
    uint64_t ms = 0;
    assert_int_equal(store_newest(s, &a->origin, &ms), OK);
    return ms;
}

static void the_latest_date_in_a_log_is_kept_with_its_entries(void **state)
{
    (void)state;
    struct author a = author_of("barset"), other = author_of("loamshire");
    assert_int_equal(newest(&a), 0);
    assert_int_equal(grow(s, &a, 4), OK);
    uint64_t before = newest(&a);
    assert_true(before > 0);
    struct made m = make_from(&a, &a.frontier, 3);
    struct append app = append_of(&a, &m);
    struct header h;
    struct buf dated = buf_on(HEADER_MAX);
    assert_int_equal(header_read(m.items[1].header, &h), OK);
    h.time_ms = 4000000000000;                          /* the middle one, far ahead */
    header_write(&h, &dated);
    m.items[1].header = buf_bytes(&dated);
    assert_int_equal(store_append(s, &app), OK);        /* what it hashes to is not looked at here */
    assert_int_equal(newest(&a), 4000000000000);
    assert_int_equal(newest(&other), 0);
    assert_int_equal(store_cut_back(s, &a.origin, 0), OK);
    assert_int_equal(newest(&a), 0);
    buf_release(&dated);
    made_free(&m);
}

/* ---- holes ---- */

struct holes { size_t n; struct hole at[8]; };

static enum err note_hole(void *arg, const struct hole *h)
{
    struct holes *v = arg;
    v->at[v->n++] = *h;
    return OK;
}

static void a_missing_payload_is_a_hole_until_it_is_filled(void **state)
{
    (void)state;
    struct author a = author_of("barset");
    struct holes v = {0};
    struct made m = make_from(&a, &a.frontier, 6);
    struct append app = append_of(&a, &m);
    struct bytes kept = m.items[4].payload;
    m.items[2].has_payload = m.items[4].has_payload = false;
    m.items[2].excuse = 3;
    m.items[4].excuse = UINT64_MAX;
    app.whole = 0;
    assert_int_equal(store_append(s, &app), OK);
    assert_int_equal(store_each_hole(s, &a.origin, note_hole, &v), OK);
    struct hash want = blake2b_256(kept);
    assert_int_equal(v.n, 2);
    assert_int_equal(v.at[0].idx, 2);
    assert_int_equal(v.at[0].excuse, 3);
    assert_int_equal(v.at[1].idx, 4);
    assert_true(v.at[1].excuse == UINT64_MAX);
    assert_int_equal(v.at[1].payload_len, kept.len);
    assert_memory_equal(v.at[1].payload_hash.b, want.b, HASH_LEN);
    assert_int_equal(store_fill(s, &a.origin, 3, kept), ERR_UNKNOWN);
    assert_int_equal(store_fill(s, &a.origin, 4, kept), OK);
    assert_int_equal(store_fill(s, &a.origin, 4, kept), ERR_UNKNOWN);
    assert_int_equal(store_fill(s, &a.origin, 99, kept), ERR_UNKNOWN);
    v.n = 0;
    assert_int_equal(store_each_hole(s, &a.origin, note_hole, &v), OK);
    assert_int_equal(v.n, 1);
    assert_int_equal(v.at[0].idx, 2);
    assert_int_equal(audit_store(s), OK);
    made_free(&m);
}

static void read_whole(const char *path, struct buf *ret)
{
    FILE *f = fopen(path, "rb");
    uint8_t part[4096];
    for (size_t n; f != NULL && (n = fread(part, 1, sizeof(part), f)) > 0; )
        buf_put(ret, (struct bytes){part, n});
    if (f != NULL)
        (void)fclose(f);
    assert_int_equal(buf_status(ret), OK);
}

static bool holds(const struct buf *all, const uint8_t *needle, size_t len)
{
    const uint8_t *p = all->p, *end = all->p + all->len;
    while ((size_t)(end - p) >= len && (p = memchr(p, needle[0], (size_t)(end - p) - len + 1)) != NULL) {
        if (memcmp(p, needle, len) == 0)
            return true;
        p++;
    }
    return false;
}

static bool holds_any_of(const struct buf *all, const struct author *a, uint64_t idx)
{
    struct buf header = buf_on(HEADER_MAX), payload = buf_on(PAYLOAD_MAX);
    bool found = false;
    make_entry(a, idx, kind_at(idx), &header, &payload);
    for (size_t at = 0; at + 16 <= payload.len && !found; at += 97)
        found = holds(all, payload.p + at, 16);
    buf_release(&header);
    buf_release(&payload);
    return found;
}

/* Payloads of several logs, written in turns and of many lengths: pages split, fill, and some rows overflow. */
static void an_erased_payload_is_nowhere_in_the_files(void **state)
{
    (void)state;
    struct author a[] = {author_of("barset"), author_of("cranford"), author_of("milton")};
    static const size_t lens[] = {300, 1700, 20000};
    uint64_t random = 7;
    struct { size_t who; uint64_t idx; } gone[40];
    for (size_t i = 0; i < 90; i++) {
        size_t who = next_random(&random) % 3;
        a[who].payload_len = lens[who];
        assert_int_equal(grow(s, &a[who], 1 + next_random(&random) % 9), OK);
    }
    for (size_t i = 0; i < 40; i++) {
        size_t who = gone[i].who = next_random(&random) % 3;
        gone[i].idx = next_random(&random) % a[who].frontier.size;
        assert_int_equal(store_erase(s, &a[who].origin, gone[i].idx, 1), OK);
    }
    struct buf db = buf_on(64u << 20), wal = buf_on(64u << 20);
    read_whole(in_folder("log.db"), &db);
    read_whole(in_folder("log.db-wal"), &wal);
    assert_int_equal(wal.len, 0);
    for (size_t i = 0; i < 40; i++)
        assert_false(holds_any_of(&db, &a[gone[i].who], gone[i].idx));
    uint64_t left = 0;
    for (uint64_t i = 0; i < a[2].frontier.size; i++)
        left += holds_any_of(&db, &a[2], i);
    assert_in_range(left, 1, a[2].frontier.size - 1);    /* the search itself can find */
    assert_int_equal(audit_store(s), OK);
    buf_release(&db);
    buf_release(&wal);
}

static void an_erased_payload_leaves_its_excuse(void **state)
{
    (void)state;
    struct author a = author_of("barset");
    struct holes v = {0};
    assert_int_equal(grow(s, &a, 20), OK);
    assert_int_equal(store_erase(s, &a.origin, 7, 17), OK);
    assert_int_equal(store_erase(s, &a.origin, 7, 10), OK);     /* gone already */
    assert_int_equal(store_erase(s, &a.origin, 20, 17), ERR_UNKNOWN);
    assert_int_equal(store_erase(s, &a.origin, 3, 20), ERR_UNKNOWN);
    assert_int_equal(store_erase(s, &a.origin, 0, 17), OK);     /* an identity stays, whatever its author withdraws */
    assert_int_equal(store_each_hole(s, &a.origin, note_hole, &v), OK);
    assert_int_equal(v.n, 1);
    assert_int_equal(v.at[0].idx, 7);
    assert_int_equal(v.at[0].excuse, 17);
    assert_int_equal(audit_store(s), OK);
    struct buf header = buf_on(HEADER_MAX), payload = buf_on(PAYLOAD_MAX);
    make_entry(&a, 7, kind_at(7), &header, &payload);
    assert_int_equal(store_fill(s, &a.origin, 7, buf_bytes(&payload)), OK);
    assert_int_equal(audit_store(s), OK);
    buf_release(&header);
    buf_release(&payload);
}

/* ---- cutting back ---- */

static void a_log_cut_back_is_as_it_was_then(void **state)
{
    (void)state;
    struct author a = author_of("barset"), other = author_of("cranford");
    struct buf note = buf_on(CHECKPOINT_MAX);
    assert_int_equal(grow(s, &other, 30), OK);
    assert_int_equal(grow(s, &a, 1024), OK);
    struct author then = a;
    struct log_state before = state_of(&a, &note);
    assert_int_equal(grow(s, &a, 1000), OK);
    struct hash root = frontier_root(&a.frontier);
    assert_int_equal(store_put_cosigned(s, &a.origin, 2024, &root, 77), OK);
    assert_int_equal(store_cut_back(s, &a.origin, 2025), ERR_UNKNOWN);
    assert_int_equal(store_cut_back(s, &a.origin, 2000), ERR_UNKNOWN);
    assert_int_equal(store_cut_back(s, &a.origin, 1024), OK);
    struct log_state l = state_of(&a, &note);
    assert_frontier(&l.frontier, &before.frontier);
    assert_int_equal(l.whole, 1024);
    assert_int_equal(l.cosigned_size, 2024);            /* a promise stays */
    assert_kept(&a, 1, (const uint64_t[]){1024});
    assert_int_equal(audit_store(s), OK);
    assert_int_equal(grow(s, &then, 1100), OK);
    assert_int_equal(audit_store(s), OK);
    assert_int_equal(store_cut_back(s, &a.origin, 0), OK);
    assert_int_equal(size_of(s, &a), 0);
    assert_int_equal(size_of(s, &other), 30);
    struct author again = author_of("barset");
    assert_int_equal(grow(s, &again, 3), OK);
    assert_int_equal(audit_store(s), OK);
    buf_release(&note);
}

static void cutting_off_an_excuse_lowers_what_is_held_whole(void **state)
{
    (void)state;
    struct author a = author_of("barset");
    struct buf note = buf_on(CHECKPOINT_MAX);
    assert_int_equal(grow(s, &a, 3), OK);
    assert_int_equal(store_keep_checkpoint(s, &a.origin, 3), OK);
    struct made m = make_from(&a, &a.frontier, 5);
    struct append app = append_of(&a, &m);
    m.items[1].has_payload = false;
    m.items[1].excuse = 10;                             /* in the next run */
    app.whole = 3;
    assert_int_equal(store_append(s, &app), OK);
    assert_int_equal(store_keep_checkpoint(s, &a.origin, 8), OK);
    a.frontier = m.after;
    assert_int_equal(grow(s, &a, 5), OK);
    assert_int_equal(state_of(&a, &note).whole, 13);
    assert_int_equal(store_cut_back(s, &a.origin, 8), OK);
    assert_int_equal(state_of(&a, &note).whole, 3);
    made_free(&m);
    buf_release(&note);
}

/* ---- reading ---- */

static enum err note_kind(void *arg, uint64_t idx, const struct item *item)
{
    struct sizes *v = arg;
    assert_true(item->has_payload);
    v->at[v->n++] = idx;
    return OK;
}

static void entries_of_a_kind_come_in_order(void **state)
{
    (void)state;
    struct author a = author_of("barset");
    struct sizes v = {0};
    assert_int_equal(grow(s, &a, 20), OK);
    assert_int_equal(grow(s, &a, 20), OK);
    assert_int_equal(store_each_of_kind(s, &a.origin, KIND_WITHDRAW, 10, note_kind, &v), OK);
    assert_int_equal(v.n, 5);
    for (size_t i = 0; i < 5; i++)
        assert_int_equal(v.at[i], 10 + 7 * i);
    v.n = 0;
    assert_int_equal(store_each_of_kind(s, &a.origin, KIND_IDENTITY, 0, note_kind, &v), OK);
    assert_int_equal(v.n, 1);
    assert_int_equal(store_each_of_kind(s, &a.origin, KIND_RECORD, 0, note_kind, &v), ERR_LIMIT);
}

static enum err stop_at_two(void *arg, uint64_t idx, const struct item *item)
{
    (void)item;
    ++*(int *)arg;
    return idx == 2 ? ERR_STALE : OK;
}

static enum err read_inside(void *arg, uint64_t idx, const struct item *item)
{
    int inner = 0;
    (void)item;
    assert_int_equal(store_each_entry(s, arg, idx, idx + 1, stop_at_two, &inner), idx == 2 ? ERR_STALE : OK);
    assert_int_equal(inner, 1);
    return OK;
}

static void a_callback_may_stop_the_reading_or_read_again(void **state)
{
    (void)state;
    struct author a = author_of("barset");
    int n = 0;
    assert_int_equal(grow(s, &a, 6), OK);
    assert_int_equal(store_each_entry(s, &a.origin, 1, UINT64_MAX, stop_at_two, &n), ERR_STALE);
    assert_int_equal(n, 2);
    assert_int_equal(store_each_entry(s, &a.origin, 0, 6, read_inside, &a.origin), OK);
}

/* What a receiver makes of the packed items. */
static size_t assert_items(const struct author *a, uint64_t from, size_t n, const struct buf *items, uint64_t hole)
{
    struct msg_entries m = {.from = from, .n = n, .items = reader_on(buf_bytes(items))};
    struct item item;
    size_t got = 0;
    for (; item_next(&m, &item); got++) {
        struct buf header = buf_on(HEADER_MAX), payload = buf_on(PAYLOAD_MAX);
        make_entry(a, from + got, kind_at(from + got), &header, &payload);
        assert_true(bytes_equal(item.header, buf_bytes(&header)));
        assert_int_equal(item.has_payload, from + got != hole);
        if (item.has_payload)
            assert_true(bytes_equal(item.payload, buf_bytes(&payload)));
        else
            assert_int_equal(item.excuse, 21);
        buf_release(&header);
        buf_release(&payload);
    }
    return got;
}

static void a_span_ends_at_its_limits_and_at_checkpoints(void **state)
{
    (void)state;
    struct author a = author_of("barset");
    struct log_ref ref = {a.origin.slug, 1};
    struct buf items = buf_on(1 << 20), note = buf_on(CHECKPOINT_MAX);
    struct checkpoint c;
    size_t n = 0;
    assert_int_equal(grow(s, &a, 20), OK);
    assert_int_equal(store_keep_checkpoint(s, &a.origin, 20), OK);
    struct made m = make_from(&a, &a.frontier, 30);
    struct append app = append_of(&a, &m);
    m.items[2].has_payload = false;
    m.items[2].excuse = 21;
    app.whole = 20;
    assert_int_equal(store_append(s, &app), OK);

    assert_int_equal(store_read_span(s, &ref, 5, UINT64_MAX, 1 << 20, &items, &n, &note), OK);
    assert_int_equal(n, 15);
    assert_int_equal(assert_items(&a, 5, n, &items, 22), 15);
    assert_int_equal(checkpoint_open(buf_bytes(&note), &a.origin, &a.public, &c), OK);
    assert_int_equal(c.size, 20);
    assert_int_equal(store_read_span(s, &ref, 20, UINT64_MAX, 1 << 20, &items, &n, &note), OK);
    assert_int_equal(n, 30);
    assert_int_equal(assert_items(&a, 20, n, &items, 22), 30);
    assert_int_equal(checkpoint_open(buf_bytes(&note), &a.origin, &a.public, &c), OK);
    assert_int_equal(c.size, 50);
    assert_int_equal(store_read_span(s, &ref, 20, 31, 1 << 20, &items, &n, &note), OK);
    assert_int_equal(n, 11);
    assert_int_equal(note.len, 0);
    assert_int_equal(store_read_span(s, &ref, 23, 50, 1000, &items, &n, &note), OK);
    assert_in_range(n, 3, 8);
    assert_in_range(items.len, 500, 1000 + 64);
    assert_int_equal(note.len, 0);
    assert_int_equal(store_read_span(s, &ref, 23, 50, 1, &items, &n, &note), OK);
    assert_int_equal(n, 1);                             /* always one, or nobody would come further */
    assert_int_equal(store_read_span(s, &ref, 50, 60, 1000, &items, &n, &note), ERR_UNKNOWN);
    made_free(&m);
    buf_release(&items);
    buf_release(&note);
}

static void roots_and_proofs_come_out_whatever_was_kept(void **state)
{
    (void)state;
    struct author a = author_of("barset");
    static const size_t steps[] = {1024, 1024, 1024, 100, 3000, 924, 2, 5000};     /* on, over and between boundaries */
    for (size_t i = 0; i < sizeof(steps) / sizeof(steps[0]); i++)
        assert_int_equal(grow(s, &a, steps[i]), OK);
    struct hash want = frontier_root(&a.frontier), root;
    for (int trust = 0; trust < 2; trust++) {
        struct store_source *src = NULL;
        struct proof p, q;
        assert_int_equal(store_source_new(s, &a.origin, trust, &src), OK);
        struct merkle_source get = store_source(src);
        assert_int_equal(merkle_root(&get, a.frontier.size, &root), OK);
        assert_memory_equal(root.b, want.b, HASH_LEN);
        struct hash at;
        assert_int_equal(merkle_root(&get, 5000, &at), OK);
        assert_int_equal(merkle_prove_consistency(&get, 5000, a.frontier.size, &p), OK);
        assert_int_equal(merkle_check_consistency(5000, a.frontier.size, &at, &root, &p), OK);
        struct hash leaf;
        assert_int_equal(get.get(get.arg, 0, 4321, &leaf), OK);
        assert_int_equal(merkle_prove_inclusion(&get, 4321, a.frontier.size, &q), OK);
        assert_int_equal(merkle_check_inclusion(4321, a.frontier.size, &leaf, &q, &root), OK);
        assert_int_equal(get.get(get.arg, 0, a.frontier.size, &leaf), ERR_UNKNOWN);
        assert_int_equal(get.get(get.arg, 40, 1, &leaf), ERR_UNKNOWN);
        store_source_free(src);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
#define T(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
        T(an_append_is_there_as_it_was_given),
        T(an_unknown_log_is_unknown_to_every_reader),
        T(an_append_to_another_size_conflicts_and_leaves_nothing),
        T(a_frozen_log_takes_no_entry_and_keeps_its_first_evidence),
        T(a_frozen_log_is_cut_to_what_a_quorum_saw_and_brought_to_its_end),
        T(only_boundaries_the_newest_and_what_was_asked_for_are_kept),
        T(no_more_than_8_mib_lie_between_two_checkpoints),
        T(the_latest_date_in_a_log_is_kept_with_its_entries),
        T(the_checkpoint_held_whole_is_kept_until_another_is),
        T(a_missing_payload_is_a_hole_until_it_is_filled),
        T(an_erased_payload_is_nowhere_in_the_files),
        T(an_erased_payload_leaves_its_excuse),
        T(a_log_cut_back_is_as_it_was_then),
        T(cutting_off_an_excuse_lowers_what_is_held_whole),
        T(entries_of_a_kind_come_in_order),
        T(a_callback_may_stop_the_reading_or_read_again),
        T(a_span_ends_at_its_limits_and_at_checkpoints),
        T(roots_and_proofs_come_out_whatever_was_kept),
    };
    return cmocka_run_group_tests(tests, make_folder, drop_folder);
}
