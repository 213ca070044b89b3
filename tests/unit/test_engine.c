/* tests/unit/test_engine.c - the engine by itself: links that are new, peers in violation, identities of another root,
 * heads that are named and not shown. */
#include "moot.h"

#include "node/engine/engine.h"

enum { US = 0, MEMBER = 1, OTHER = 2 };

struct bench {
    struct moot *t;
    struct engine *e;
    struct effects fx;                      /* of the last step */
    uint64_t now_ms;
    struct short_root own_root;             /* of our log of one entry */
};

static void step(struct bench *b, struct event ev)
{
    effects_clear(&b->fx);
    ev.now_ms = b->now_ms;
    ev.wall_ms = 1700000000000 + b->now_ms;
    assert_int_equal(engine_step(b->e, &ev, &b->fx), OK);
}

static int begin(void **state)
{
    struct bench *b = calloc(1, sizeof(*b));
    assert_non_null(b);
    b->t = moot_new(3);
    b->now_ms = 1000;
    struct engine_config c = {.alliance = b->t->alliance, .identity = buf_bytes(&b->t->member[US].note),
                              .node = b->t->member[US].id.node, .random_seed = 7};
    assert_int_equal(engine_new(&c, &b->e), OK);
    step(b, (struct event){.kind = EV_CHARTER, .bytes = buf_bytes(&b->t->charter)});
    for (size_t i = MEMBER; i <= OTHER; i++)
        step(b, (struct event){.kind = EV_IDENTITY, .bytes = buf_bytes(&b->t->member[i].note)});
    step(b, (struct event){.kind = EV_START});
    *state = b;
    return 0;
}

static int end(void **state)
{
    struct bench *b = *state;
    engine_free(b->e);
    effects_release(&b->fx);
    moot_free(b->t);
    free(b);
    return 0;
}

static struct dh_public a_key(uint8_t n)
{
    struct dh_secret s = {{0}};
    memset(s.b, n, sizeof(s.b));
    return dh_public_of(&s);
}

static void arrives(struct bench *b, link_id link, const struct dh_public *node)
{
    step(b, (struct event){.kind = EV_LINK_UP, .link = link, .peer_node = *node});
}

static void says(struct bench *b, link_id link, const struct buf *body)
{
    assert_int_equal(buf_status(body), OK);
    uint8_t *p = malloc(body->len);
    assert_non_null(p);
    memcpy(p, body->p, body->len);
    step(b, (struct event){.kind = EV_FRAME, .link = link, .frame = p, .frame_len = body->len});
}

static void says_hello(struct bench *b, link_id link, struct bytes identity)
{
    struct buf body = buf_on(FRAME_BODY_MAX);
    struct msg_hello h = {.protocol = PROTOCOL_VERSION, .charter_version = 1, .charter_hash = b->t->charter_hash,
                          .identity = identity};
    put_hello(&body, &h);
    says(b, link, &body);
    buf_release(&body);
}

static bool is_closed(const struct bench *b, link_id link)
{
    for (size_t i = 0; i < b->fx.n; i++)
        if (b->fx.list[i]->kind == FX_CLOSE && b->fx.list[i]->link == link)
            return true;
    return false;
}

/* What the last step said on a link, when it was a BYE; "" when it said nothing; "more" for anything else. */
static const char *told(const struct bench *b, link_id link)
{
    static char why[65];
    struct message *m = malloc(sizeof(*m));
    assert_non_null(m);
    (void)snprintf(why, sizeof(why), "%s", "");
    for (size_t i = 0; i < b->fx.n; i++) {
        const struct effect *f = b->fx.list[i];
        if (f->kind != FX_SEND || f->link != link)
            continue;
        assert_int_equal(message_decode(buf_bytes(&f->data), m), OK);
        if (m->type == MSG_BYE)
            assert_int_equal(bytes_to_str(m->u.bye, why, sizeof(why)), OK);
        else
            (void)snprintf(why, sizeof(why), "more");
    }
    free(m);
    return why;
}

/* The version of the last identity that the last step said on a link, in HELLO or CHARTER; 0: none. */
static uint32_t told_version(const struct bench *b, link_id link)
{
    uint32_t version = 0;
    struct message *m = malloc(sizeof(*m));
    struct identity *id = malloc(sizeof(*id));
    assert_true(m != NULL && id != NULL);
    for (size_t i = 0; i < b->fx.n; i++) {
        const struct effect *f = b->fx.list[i];
        if (f->kind != FX_SEND || f->link != link)
            continue;
        assert_int_equal(message_decode(buf_bytes(&f->data), m), OK);
        struct bytes note = m->type == MSG_HELLO ? m->u.hello.identity : (struct bytes){NULL, 0};
        if (m->type == MSG_CHARTER && m->u.charter.n_identities > 0)
            note = m->u.charter.identities[0];
        if (note.len > 0 && identity_open(note, id) == OK)
            version = id->version;
    }
    free(m);
    free(id);
    return version;
}

/* ---- who is on the way in ---- */

static void strangers_that_say_nothing_take_no_members_place(void **state)
{
    struct bench *b = *state;
    size_t closed = 0;
    arrives(b, 1, &b->t->member[MEMBER].id.node);
    for (uint8_t i = 0; i < 100; i++) {
        struct dh_public key = a_key((uint8_t)(100 + i));
        b->now_ms++;
        arrives(b, 10u + i, &key);
        assert_false(is_closed(b, 1));
        for (link_id k = 10; k < 10u + i; k++) {
            if (!is_closed(b, k))
                continue;
            closed++;
            step(b, (struct event){.kind = EV_LINK_DOWN, .link = k});
        }
    }
    assert_int_equal(closed, 100 - STRANGERS_MAX);
    says_hello(b, 1, buf_bytes(&b->t->member[MEMBER].note));
    assert_string_equal(told(b, 1), "more");
    assert_int_equal(engine_counts(b->e).n_open_links, 1);
}

static void one_key_is_on_its_way_in_once(void **state)
{
    struct bench *b = *state;
    struct dh_public key = a_key(200);
    arrives(b, 1, &key);
    arrives(b, 2, &key);
    assert_true(is_closed(b, 1));
    assert_false(is_closed(b, 2));
}

/* ---- what is no frame ---- */

static void frame_that_is_none(struct bench *b, link_id link)
{
    step(b, (struct event){.kind = EV_FRAME, .link = link, .err = ERR_PROTO});
    assert_true(is_closed(b, link));
}

static void assert_is_shunned(struct bench *b, const char *why)
{
    step(b, (struct event){.kind = EV_LINK_DOWN, .link = 1});
    b->now_ms += 4 * 60 * 1000;             /* half of 10 minutes is the least */
    arrives(b, 2, &b->t->member[MEMBER].id.node);
    says_hello(b, 2, buf_bytes(&b->t->member[MEMBER].note));
    assert_string_equal(told(b, 2), why);
    assert_int_equal(engine_counts(b->e).n_open_links, why[0] == 'm');
}

static void a_member_is_told_and_backed_off_from(void **state)
{
    struct bench *b = *state;
    arrives(b, 1, &b->t->member[MEMBER].id.node);
    says_hello(b, 1, buf_bytes(&b->t->member[MEMBER].note));
    frame_that_is_none(b, 1);
    assert_string_equal(told(b, 1), "bad-format");
    assert_int_equal(engine_counts(b->e).violations, 1);
    assert_is_shunned(b, "too-many");
}

static void even_before_its_hello(void **state)
{
    struct bench *b = *state;
    arrives(b, 1, &b->t->member[MEMBER].id.node);
    frame_that_is_none(b, 1);
    assert_string_equal(told(b, 1), "bad-format");
    assert_is_shunned(b, "too-many");
}

static void a_stranger_is_dropped_without_a_word(void **state)
{
    struct bench *b = *state;
    struct dh_public key = a_key(200);
    arrives(b, 1, &key);
    frame_that_is_none(b, 1);
    assert_string_equal(told(b, 1), "");
    assert_int_equal(engine_counts(b->e).violations, 0);
    assert_is_shunned(b, "more");
}

/* ---- identities ---- */

/* Member 1 lost its root; whoever has the old one has signed the last version that there can be. */
static void refounded(struct bench *b, struct sign_secret *new_root, struct sign_public *new_public)
{
    struct buf text = buf_on(NOTE_MAX), note = buf_on(NOTE_MAX);
    struct sym_secret seed = {{99}};
    struct note n;
    sign_keypair(&seed, new_root, new_public);
    struct charter *c = charter_new();
    assert_non_null(c);
    assert_int_equal(note_parse(buf_bytes(&b->t->charter), &n), OK);
    assert_int_equal(charter_parse(n.text, c), OK);
    struct replacement *r = &c->replacements[c->n_replacements++];
    *r = (struct replacement){.slug = moot_slug(MEMBER), .old_root = b->t->member[MEMBER].id.root, .log_size = 1};
    for (size_t i = 0; i < c->n_members; i++)
        if (slug_equal(&c->members[i].slug, &r->slug))
            c->members[i].root = *new_public;
    c->previous = b->t->charter_hash;
    c->version = 2;
    charter_text(c, &text);
    struct note_key key = root_key(&b->t->member[US].id.slug, &b->t->member[US].id.root);
    note_begin(buf_bytes(&text), &note);
    note_sign(buf_bytes(&text), &key, &b->t->member[US].root, &note);
    assert_int_equal(buf_status(&note), OK);
    step(b, (struct event){.kind = EV_CHARTER, .bytes = buf_bytes(&note)});
    assert_int_equal(engine_charter_version(b->e), 2);
    buf_release(&text);
    buf_release(&note);
    charter_free(c);
}

static void a_lost_roots_last_version_does_not_block_the_new_roots(void **state)
{
    struct bench *b = *state;
    struct moot_member *m = &b->t->member[MEMBER];
    struct sign_secret root;
    struct sign_public public;
    memset(m->id.previous.b, 5, HASH_LEN);
    m->id.version = UINT32_MAX;
    moot_sign_identity(m);
    step(b, (struct event){.kind = EV_IDENTITY, .bytes = buf_bytes(&m->note)});
    refounded(b, &root, &public);
    m->id.version = 2;
    m->id.root = public;
    m->root = root;
    moot_sign_identity(m);
    arrives(b, 1, &m->id.node);
    says_hello(b, 1, buf_bytes(&m->note));
    assert_string_equal(told(b, 1), "more");
    assert_int_equal(engine_counts(b->e).n_open_links, 1);
    bool is_kept = false;
    for (size_t i = 0; i < b->fx.n; i++)
        is_kept = is_kept || (b->fx.list[i]->kind == FX_PUT_IDENTITY && b->fx.list[i]->version == 2);
    assert_true(is_kept);
}

static void an_older_version_of_the_same_root_stays_stale(void **state)
{
    struct bench *b = *state;
    struct moot_member *m = &b->t->member[MEMBER];
    memset(m->id.previous.b, 5, HASH_LEN);
    m->id.version = 3;
    moot_sign_identity(m);
    step(b, (struct event){.kind = EV_IDENTITY, .bytes = buf_bytes(&m->note)});
    m->id.version = 2;
    moot_sign_identity(m);
    arrives(b, 1, &m->id.node);
    says_hello(b, 1, buf_bytes(&m->note));
    assert_string_equal(told(b, 1), "stale-identity");
    assert_int_equal(told_version(b, 1), 3);        /* it was restored, and hears what it has forgotten */
}

/* A member tells us of a newer identity of ours. */
static void hear_of_ourselves(struct bench *b, const struct moot_member *us)
{
    struct buf body = buf_on(FRAME_BODY_MAX);
    struct bytes note = buf_bytes(&us->note);
    arrives(b, 1, &b->t->member[MEMBER].id.node);
    says_hello(b, 1, buf_bytes(&b->t->member[MEMBER].note));
    put_charter(&body, 1, &b->t->charter_hash, 0, NULL, 1, &note);
    says(b, 1, &body);
    buf_release(&body);
}

static bool keeps_identity(const struct bench *b, uint32_t version)
{
    for (size_t i = 0; i < b->fx.n; i++)
        if (b->fx.list[i]->kind == FX_PUT_IDENTITY && b->fx.list[i]->version == version
            && slug_equal(&b->fx.list[i]->slug, &b->t->member[US].id.slug))
            return true;
    return false;
}

/* What we say of ourselves to whoever comes next. */
static uint32_t version_shown(struct bench *b)
{
    step(b, (struct event){.kind = EV_LINK_DOWN, .link = 1});
    b->now_ms += BACKOFF_MAX_MS;
    arrives(b, 2, &b->t->member[MEMBER].id.node);
    says_hello(b, 2, buf_bytes(&b->t->member[MEMBER].note));
    return told_version(b, 2);
}

static void a_restored_node_goes_by_its_newer_identity_of_the_same_keys(void **state)
{
    struct bench *b = *state;
    struct moot_member *us = &b->t->member[US];
    memset(us->id.previous.b, 5, HASH_LEN);
    us->id.version = 4;
    moot_sign_identity(us);
    hear_of_ourselves(b, us);
    assert_true(keeps_identity(b, 4));
    assert_int_equal(version_shown(b), 4);
}

static void of_other_keys_it_is_kept_for_whoever_has_the_seed(void **state)
{
    struct bench *b = *state;
    struct moot_member *us = &b->t->member[US];
    struct dh_secret ignored;
    memset(us->id.previous.b, 5, HASH_LEN);
    us->id.version = 4;
    seed_dh_key(&us->seed, PURPOSE_NODE, 4, &ignored, &us->id.node);
    moot_sign_identity(us);
    hear_of_ourselves(b, us);
    assert_true(keeps_identity(b, 4));
    assert_int_equal(version_shown(b), 1);          /* we can prove no other */
}

static void anothers_word_on_who_we_are_is_no_identity(void **state)
{
    struct bench *b = *state;
    struct moot_member liar = b->t->member[MEMBER];
    liar.note = buf_on(IDENTITY_MAX);
    liar.id.slug = b->t->member[US].id.slug;
    memset(liar.id.previous.b, 5, HASH_LEN);
    liar.id.version = 4;
    moot_sign_identity(&liar);
    hear_of_ourselves(b, &liar);
    assert_false(keeps_identity(b, 4));
    assert_int_equal(version_shown(b), 1);
    buf_release(&liar.note);
}

/* ---- heads of our own log ---- */

/* One entry, its identity, and the checkpoint. */
static void hold_own_log(struct bench *b)
{
    struct moot_made made = {.items = calloc(1, sizeof(struct item)), .bytes = buf_on(2 * PAYLOAD_MAX)};
    struct buf note = buf_on(CHECKPOINT_MAX);
    struct log_state l = {.origin = moot_origin(b->t, US), .whole = 1};
    assert_true(made.items != NULL && buf_grow(&made.bytes, 2 * PAYLOAD_MAX) != NULL);
    made.bytes.len = 0;                     /* it does not move */
    frontier_init(&l.frontier);
    moot_add_entry(&made, &l.frontier, KIND_IDENTITY, buf_bytes(&b->t->member[US].note));
    l.whole_root = frontier_root(&l.frontier);
    b->own_root = short_root_of(&l.whole_root);
    struct checkpoint c = {.origin = l.origin, .size = 1, .root = l.whole_root};
    checkpoint_sign(&c, &b->t->member[US].log, &note);
    l.whole_note = buf_bytes(&note);
    struct log_identity id = {0, buf_bytes(&b->t->member[US].note)};
    step(b, (struct event){.kind = EV_LOG, .log = &l, .n_identities = 1, .identities = &id});
    free(made.items);
    buf_release(&made.bytes);
    buf_release(&note);
}

static void answers(struct bench *b, link_id link, uint64_t size, uint64_t id)
{
    struct buf body = buf_on(256);
    struct msg_ping p = {.id = id, .is_reply = true, .generation = 1, .size = size, .root = {{9}}};
    if (size == 1)
        p.root = b->own_root;
    put_ping(&body, &p);
    says(b, link, &body);
    buf_release(&body);
}

static void names(struct bench *b, link_id link, uint64_t size)
{
    answers(b, link, size, 5);
}

/* Of the PING that the last step sent; 0 when it sent none. */
static uint64_t ping_of(const struct bench *b)
{
    uint64_t id = 0;
    struct message *m = malloc(sizeof(*m));
    assert_non_null(m);
    for (size_t i = 0; i < b->fx.n; i++)
        if (b->fx.list[i]->kind == FX_SEND && message_decode(buf_bytes(&b->fx.list[i]->data), m) == OK && m->type == MSG_PING)
            id = m->u.ping.id;
    free(m);
    return id;
}

/* An entry of our log at `idx` that we never made, and no checkpoint. */
static void gives_invented(struct bench *b, link_id link, uint64_t idx, size_t len)
{
    struct moot_made made = {.items = calloc(1, sizeof(struct item)), .bytes = buf_on(2 * PAYLOAD_MAX)};
    struct buf items = buf_on(FRAME_BODY_MAX), body = buf_on(FRAME_BODY_MAX);
    struct log_ref ref = {moot_slug(US), 1};
    struct frontier f;
    uint8_t *bytes = calloc(1, len);
    assert_true(made.items != NULL && bytes != NULL && buf_grow(&made.bytes, 2 * PAYLOAD_MAX) != NULL);
    made.bytes.len = 0;
    frontier_init(&f);
    moot_add_entry(&made, &f, KIND_RECORD, (struct bytes){bytes, len});
    put_item(&items, &made.items[0]);
    put_entries(&body, &ref, idx, 1, buf_bytes(&items), (struct bytes){0});
    says(b, link, &body);
    free(bytes);
    free(made.items);
    buf_release(&made.bytes);
    buf_release(&items);
    buf_release(&body);
}

static bool has_unshown(const struct bench *b)
{
    for (size_t i = 0; i < b->fx.n; i++)
        if (b->fx.list[i]->kind == FX_PUT_HEAD && b->fx.list[i]->head.generation == HEAD_UNSHOWN)
            return true;
    return false;
}

/* How long a peer that names 900 entries is waited for when it gives one of `len` bytes every 5 seconds. */
static unsigned waited_for_s(struct bench *b, size_t len)
{
    hold_own_log(b);
    arrives(b, 1, &b->t->member[MEMBER].id.node);
    says_hello(b, 1, buf_bytes(&b->t->member[MEMBER].note));
    assert_int_equal(engine_counts(b->e).n_open_links, 1);
    names(b, 1, 900);
    assert_int_equal(engine_counts(b->e).n_streams, 1);
    for (unsigned s = 5; s < 3600; s += 5) {
        b->now_ms += 5000;
        step(b, (struct event){.kind = EV_TICK});
        if (has_unshown(b))
            return s;
        gives_invented(b, 1, s / 5, len);
        if (has_unshown(b))
            return s;
        names(b, 1, 900 + s);
        if (has_unshown(b))
            return s;
    }
    return UINT32_MAX;
}

static void invented_entries_by_drops_buy_no_time(void **state)
{
    unsigned drops = waited_for_s(*state, 1);
    assert_in_range(drops, 60, 65);
}

/* At less than the least pace its time runs out; at more, a span is full some time, and that is a violation. */
static void invented_entries_by_the_bucket_buy_what_a_span_takes(void **state)
{
    unsigned slow = waited_for_s(*state, 40 * 1000);
    assert_in_range(slow, 110, 130);
}

static void a_whole_span_without_a_checkpoint_is_the_end_of_it(void **state)
{
    unsigned fast = waited_for_s(*state, 200 * 1000);
    assert_in_range(fast, 200, 230);        /* 8 MiB of it */
    assert_string_equal(told(*state, 1), "bad-span");
}

static const struct head_row *word(const struct bench *b, size_t *ret_reports)
{
    const struct head_row *h = NULL;
    *ret_reports = 0;
    for (size_t i = 0; i < b->fx.n; i++) {
        *ret_reports += b->fx.list[i]->kind == FX_REPORT;
        if (b->fx.list[i]->kind == FX_PUT_HEAD)
            h = &b->fx.list[i]->head;
    }
    assert_non_null(h);
    return h;
}

/* A settled hour: how often the store is written to because a peer answers our PINGs. */
static size_t words_of_an_hour(struct bench *b, bool asked)
{
    size_t n = 0;
    for (unsigned s = 0; s < 3600; s += 15) {
        b->now_ms += 15 * 1000;
        step(b, (struct event){.kind = EV_TICK});
        if (asked)
            step(b, (struct event){.kind = EV_ASK, .ask = ASK_PING});
        answers(b, 1, 1, ping_of(b));
        for (size_t i = 0; i < b->fx.n; i++)
            n += b->fx.list[i]->kind == FX_PUT_HEAD || b->fx.list[i]->kind == FX_PUT_PEER;
    }
    return n;
}

static void what_a_peer_says_again_is_seldom_written_unless_somebody_asks(void **state)
{
    struct bench *b = *state;
    hold_own_log(b);
    arrives(b, 1, &b->t->member[MEMBER].id.node);
    says_hello(b, 1, buf_bytes(&b->t->member[MEMBER].note));
    assert_int_equal(engine_counts(b->e).n_open_links, 1);
    assert_in_range(words_of_an_hour(b, false), 2 * 3600 * 1000 / STATUS_AGAIN_MS, 2 * 3600 * 1000 / STATUS_AGAIN_MS + 4);
    assert_int_equal(words_of_an_hour(b, true), 2 * 3600 / 15);     /* each answer is newer than the question */
}

static void a_truth_between_two_lies_buys_no_time(void **state)
{
    struct bench *b = *state;
    size_t n_reports;
    (void)waited_for_s(b, 1);
    names(b, 1, 1);
    assert_int_equal(word(b, &n_reports)->generation, 1);
    names(b, 1, 901);
    assert_int_equal(word(b, &n_reports)->generation, HEAD_UNSHOWN);
    assert_int_equal(n_reports, 0);         /* the operator was told once */
    b->now_ms += CLAIM_FORGIVEN_MS;
    names(b, 1, 902);
    assert_int_equal(word(b, &n_reports)->generation, 1);
}

int main(void)
{
#define T(f) cmocka_unit_test_setup_teardown(f, begin, end)
    const struct CMUnitTest tests[] = {
        T(strangers_that_say_nothing_take_no_members_place),
        T(one_key_is_on_its_way_in_once),
        T(a_member_is_told_and_backed_off_from),
        T(even_before_its_hello),
        T(a_stranger_is_dropped_without_a_word),
        T(a_lost_roots_last_version_does_not_block_the_new_roots),
        T(an_older_version_of_the_same_root_stays_stale),
        T(a_restored_node_goes_by_its_newer_identity_of_the_same_keys),
        T(of_other_keys_it_is_kept_for_whoever_has_the_seed),
        T(anothers_word_on_who_we_are_is_no_identity),
        T(invented_entries_by_drops_buy_no_time),
        T(invented_entries_by_the_bucket_buy_what_a_span_takes),
        T(a_whole_span_without_a_checkpoint_is_the_end_of_it),
        T(what_a_peer_says_again_is_seldom_written_unless_somebody_asks),
        T(a_truth_between_two_lies_buys_no_time),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
