#include "store_fixture.h"

#include "protocol/identity.h"

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

/* What callbacks saw, as one line of text. */
static struct buf seen;

static void assert_seen(const char *expect)
{
    assert_string_equal(buf_str(&seen), expect);
    buf_release(&seen);
    seen = buf_on(1 << 20);
}

static enum err see_bytes(void *arg, struct bytes b)
{
    (void)arg;
    buf_put(&seen, b);
    buf_put_str(&seen, ";");
    return OK;
}

static void a_setting_is_what_it_was_set_to_last(void **state)
{
    (void)state;
    struct buf b = buf_on(100);
    assert_int_equal(store_get(s, "slug", &b), ERR_UNKNOWN);
    assert_int_equal(store_set(s, "slug", bytes_of("barset")), OK);
    assert_int_equal(store_set(s, "slug", bytes_of("kent")), OK);
    assert_int_equal(store_set(s, "empty", (struct bytes){NULL, 0}), OK);
    assert_int_equal(store_get(s, "slug", &b), OK);
    assert_string_equal(buf_str(&b), "kent");
    assert_int_equal(store_get(s, "empty", &b), OK);
    assert_int_equal(b.len, 0);
    assert_int_equal(store_unset(s, "slug"), OK);
    assert_int_equal(store_unset(s, "slug"), OK);
    assert_int_equal(store_get(s, "slug", &b), ERR_UNKNOWN);
    struct buf small = buf_on(2);
    assert_int_equal(store_set(s, "long", bytes_of("abc")), OK);
    assert_int_equal(store_get(s, "long", &small), ERR_LIMIT);
    buf_release(&b);
    buf_release(&small);
}

static void charters_come_by_version_and_round_with_their_newest_note(void **state)
{
    (void)state;
    struct hash h[3] = {{{9}}, {{5}}, {{7}}};
    assert_int_equal(store_put_charter(s, &h[0], 2, 1, bytes_of("two-one")), OK);
    assert_int_equal(store_put_charter(s, &h[1], 2, 0, bytes_of("two-nil")), OK);
    assert_int_equal(store_put_charter(s, &h[2], 1, 3, bytes_of("one")), OK);
    assert_int_equal(store_put_charter(s, &h[1], 2, 0, bytes_of("two-nil-signed")), OK);
    assert_int_equal(store_each_charter(s, see_bytes, NULL), OK);
    assert_seen("one;two-nil-signed;two-one;");
    assert_int_equal(store_drop_charter(s, &h[0]), OK);
    assert_int_equal(store_drop_charter(s, &h[0]), OK);
    assert_int_equal(store_each_charter(s, see_bytes, NULL), OK);
    assert_seen("one;two-nil-signed;");
}

/* One text with a line of `key`. */
static void sign_text(struct bytes text, const char *name, uint8_t of, struct buf *ret)
{
    struct sym_secret seed = {{of}};
    struct sign_secret secret;
    struct note_key key = {.type = NOTE_ED25519};
    sign_keypair(&seed, &secret, &key.key);
    (void)snprintf(key.name, sizeof(key.name), "%s", name);
    buf_clear(ret);
    note_begin(text, ret);
    note_sign(text, &key, &secret, ret);
    assert_int_equal(buf_status(ret), OK);
}

static enum err count_lines(void *arg, struct bytes note)
{
    size_t *n = arg;
    struct note *parsed = malloc(sizeof(*parsed));
    assert_non_null(parsed);
    assert_int_equal(note_parse(note, parsed), OK);
    *n = parsed->n_lines;
    free(parsed);
    return OK;
}

/* The command line signs what the daemon, in the same moment, hears to be signed by another. */
static void signatures_on_a_charter_that_come_at_once_are_all_kept(void **state)
{
    (void)state;
    struct bytes text = bytes_of("folkmoot charter v1\n");
    struct hash h = sha256(text);
    struct buf kent = buf_on(NOTE_MAX), surrey = buf_on(NOTE_MAX);
    size_t n = 0;
    sign_text(text, "kent/root", 1, &kent);
    sign_text(text, "surrey/root", 2, &surrey);
    assert_int_equal(store_put_charter(s, &h, 1, 0, buf_bytes(&kent)), OK);
    assert_int_equal(store_put_charter(s, &h, 1, 0, buf_bytes(&surrey)), OK);
    assert_int_equal(store_each_charter(s, count_lines, &n), OK);
    assert_int_equal(n, 2);
    assert_int_equal(store_put_charter(s, &h, 1, 0, buf_bytes(&kent)), OK);
    assert_int_equal(store_each_charter(s, count_lines, &n), OK);
    assert_int_equal(n, 2);
    buf_release(&kent);
    buf_release(&surrey);
}

static enum err see_identity(void *arg, const struct slug *slug, uint32_t version, struct bytes note)
{
    buf_printf(&seen, "%s %u ", slug->s, (unsigned)version);
    return see_bytes(arg, note);
}

static struct bytes seen_note;

static void of_identities_the_newest_per_slug_is_kept(void **state)
{
    (void)state;
    struct slug a = slug_of("barset"), b = slug_of("allington");
    assert_int_equal(store_put_identity(s, &a, 3, bytes_of("a3")), OK);
    assert_int_equal(store_put_identity(s, &a, 2, bytes_of("a2")), OK);
    assert_int_equal(store_put_identity(s, &b, 1, bytes_of("b1")), OK);
    assert_int_equal(store_put_identity(s, &b, 4, bytes_of("b4")), OK);
    assert_int_equal(store_each_identity(s, see_identity, NULL), OK);
    assert_seen("allington 4 b4;barset 3 a3;");
}

static void sign_one(uint8_t root, uint32_t version, struct buf *ret)
{
    struct identity id = {.slug = slug_of("barset"), .role = ROLE_AUTHORITY, .version = version};
    struct sign_secret secret, other;
    struct dh_secret dh = {{1}};
    struct sym_secret seed = {{root}};
    (void)snprintf(id.name, sizeof(id.name), "Barset");
    memset(id.previous.b, version > 1 ? 5 : 0, HASH_LEN);
    sign_keypair(&seed, &secret, &id.root);
    seed.b[1] = 1;
    sign_keypair(&seed, &other, &id.log);
    seed.b[1] = 2;
    sign_keypair(&seed, &other, &id.witness);
    id.box = dh_public_of(&dh);
    dh.b[1] = 1;
    id.node = dh_public_of(&dh);
    buf_clear(ret);
    identity_sign(&id, &secret, ret);
    assert_int_equal(buf_status(ret), OK);
}

static enum err see_version(void *arg, const struct slug *slug, uint32_t version, struct bytes note)
{
    (void)slug;
    *(uint32_t *)arg = bytes_equal(note, seen_note) ? version : 0;
    return OK;
}

static uint32_t version_kept(struct bytes note)
{
    uint32_t version = 0;
    seen_note = note;
    assert_int_equal(store_each_identity(s, see_version, &version), OK);
    return version;
}

/* Somebody asked for the slug, with the last version that there can be, and did not get it. */
static void versions_of_another_root_are_no_measure(void **state)
{
    (void)state;
    struct slug a = slug_of("barset");
    struct buf poison = buf_on(IDENTITY_MAX), first = buf_on(IDENTITY_MAX), second = buf_on(IDENTITY_MAX);
    sign_one(1, UINT32_MAX, &poison);
    sign_one(2, 1, &first);
    sign_one(2, 2, &second);
    assert_int_equal(store_put_identity(s, &a, UINT32_MAX, buf_bytes(&poison)), OK);
    assert_int_equal(store_put_identity(s, &a, 1, buf_bytes(&first)), OK);
    assert_int_equal(version_kept(buf_bytes(&first)), 1);
    assert_int_equal(store_put_identity(s, &a, 2, buf_bytes(&second)), OK);
    assert_int_equal(store_put_identity(s, &a, 1, buf_bytes(&first)), OK);
    assert_int_equal(version_kept(buf_bytes(&second)), 2);
    buf_release(&poison);
    buf_release(&first);
    buf_release(&second);
}

static enum err see_invite(void *arg, const struct invite_row *i)
{
    (void)arg;
    buf_printf(&seen, "%02x;", i->token_hash.b[0]);
    return OK;
}

static enum err see_request(void *arg, const struct request_row *r)
{
    buf_printf(&seen, "%s %u ", r->slug.s, (unsigned)r->since_ms);
    return see_bytes(arg, r->identity);
}

static const uint64_t far_s = 4102444800;       /* the year 2100 */

static void an_invite_is_used_once_and_with_its_request(void **state)
{
    (void)state;
    struct invite_row i = {.token_hash = {{0xaa}}, .expires_s = far_s};
    struct invite_row j = {.token_hash = {{0xbb}}, .expires_s = far_s + 1};
    struct request_row r = {slug_of("barset"), 5, bytes_of("who")}, q = {slug_of("kent"), 6, bytes_of("us")};
    assert_int_equal(store_put_invite(s, &i), OK);
    assert_int_equal(store_put_invite(s, &j), OK);
    assert_int_equal(store_each_invite(s, see_invite, NULL), OK);
    assert_seen("aa;bb;");
    assert_int_equal(store_put_request(s, &i.token_hash, &r), OK);
    assert_int_equal(store_put_request(s, &i.token_hash, &q), ERR_UNKNOWN);
    assert_int_equal(store_each_invite(s, see_invite, NULL), OK);
    assert_seen("bb;");
    assert_int_equal(store_each_request(s, see_request, NULL), OK);
    assert_seen("barset 5 who;");
    r.identity = bytes_of("newer");
    assert_int_equal(store_put_request(s, NULL, &r), OK);
    assert_int_equal(store_put_request(s, NULL, &q), OK);
    assert_int_equal(store_each_request(s, see_request, NULL), OK);
    assert_seen("barset 5 newer;kent 6 us;");
    assert_int_equal(store_drop_request(s, &r.slug), OK);
    assert_int_equal(store_each_request(s, see_request, NULL), OK);
    assert_seen("kent 6 us;");
}

static void invites_and_requests_have_limits(void **state)
{
    (void)state;
    struct invite_row i = {.expires_s = far_s}, old = {.token_hash = {{1, 1}}, .expires_s = 1000};
    assert_int_equal(store_put_invite(s, &old), OK);    /* expired: gone with the next */
    for (int n = 0; n < INVITES_MAX; n++) {
        i.token_hash.b[0] = (uint8_t)(n + 1);
        assert_int_equal(store_put_invite(s, &i), OK);
    }
    assert_int_equal(store_put_invite(s, &i), OK);      /* known already */
    struct invite_row more = {.token_hash = {{0xff}}, .expires_s = far_s};
    assert_int_equal(store_put_invite(s, &more), ERR_LIMIT);
    for (int n = 0; n < REQUESTS_MAX; n++) {
        char name[16];
        (void)snprintf(name, sizeof(name), "body%d", n);
        struct request_row r = {slug_of(name), (uint64_t)n, bytes_of("x")};
        assert_int_equal(store_put_request(s, NULL, &r), OK);
    }
    struct request_row r = {slug_of("toomany"), 0, bytes_of("x")}, again = {slug_of("body3"), 9, bytes_of("y")};
    assert_int_equal(store_put_request(s, &i.token_hash, &r), ERR_LIMIT);
    assert_int_equal(store_put_request(s, NULL, &again), OK);
    assert_int_equal(store_put_request(s, &i.token_hash, &again), OK);  /* the invite was not used up by the failure */
}

static enum err see_head(void *arg, const struct head_row *h)
{
    (void)arg;
    buf_printf(&seen, "%s %u %u %02x %u;", h->peer.s, (unsigned)h->generation, (unsigned)h->size, h->root.b[15],
               (unsigned)h->at_ms);
    return OK;
}

static enum err see_peer(void *arg, const struct peer_row *p)
{
    (void)arg;
    buf_printf(&seen, "%s %s %s %d %s %u %s;", p->slug.s, p->address, peer_state_name(p->state), (int)p->rtt_ms,
               p->last_error, (unsigned)p->heard_ms, p->program);
    return OK;
}

static enum err see_announced(void *arg, const struct log_ref *log, uint64_t size)
{
    (void)arg;
    buf_printf(&seen, "%s~%u %llu;", log->slug.s, (unsigned)log->generation, (unsigned long long)size);
    return OK;
}

static void heads_peers_and_announcements_are_one_per_name(void **state)
{
    (void)state;
    struct head_row h = {slug_of("kent"), 1, 10, {{[15] = 0x11}}, 100};
    assert_int_equal(store_put_head(s, &h), OK);
    h.size = 9;                                         /* the newest word, not the largest */
    h.at_ms = 200;
    assert_int_equal(store_put_head(s, &h), OK);
    assert_int_equal(store_each_head(s, see_head, NULL), OK);
    assert_seen("kent 1 9 11 200;");

    struct peer_row p = {.slug = slug_of("kent"), .address = "h:1", .state = PEER_DIALLING, .rtt_ms = -1};
    assert_int_equal(store_put_peer(s, &p), OK);
    p.state = PEER_OPEN;
    p.rtt_ms = 12;
    p.heard_ms = 3;
    (void)snprintf(p.last_error, sizeof(p.last_error), "silent");
    assert_int_equal(store_put_peer(s, &p), OK);
    assert_int_equal(store_each_peer(s, see_peer, NULL), OK);
    assert_seen("kent h:1 open 12 silent 3 ;");

    memcpy(p.program, "moot 2", sizeof("moot 2"));
    assert_int_equal(store_put_peer(s, &p), OK);
    p = (struct peer_row){.slug = slug_of("kent"), .address = "h:1", .state = PEER_DIALLING, .rtt_ms = -1};
    assert_int_equal(store_put_peer(s, &p), OK);        /* a node that was just started takes nothing away */
    assert_int_equal(store_each_peer(s, see_peer, NULL), OK);
    assert_seen("kent h:1 dialling -1  3 moot 2;");
    p.state = PEER_OPEN;                                /* but a peer that now says nothing is believed */
    assert_int_equal(store_put_peer(s, &p), OK);
    assert_int_equal(store_each_peer(s, see_peer, NULL), OK);
    assert_seen("kent h:1 open -1  3 ;");

    struct log_ref one = {slug_of("kent"), 1}, two = {slug_of("kent"), 2};
    assert_int_equal(store_put_announced(s, &two, 4), OK);
    assert_int_equal(store_put_announced(s, &one, 70), OK);
    assert_int_equal(store_put_announced(s, &one, 60), OK);
    assert_int_equal(store_put_announced(s, &two, UINT64_MAX), OK);
    assert_int_equal(store_each_announced(s, see_announced, NULL), OK);
    assert_seen("kent~1 60;kent~2 9223372036854775807;");   /* the newest word, not the largest */
    assert_int_equal(store_forget_announced(s), OK);
    assert_int_equal(store_each_announced(s, see_announced, NULL), OK);
    assert_seen("");
}

static enum err see_ask(void *arg, enum ask_kind kind)
{
    buf_printf(&seen, "%d;", (int)kind);
    return arg != NULL ? ERR_STALE : OK;
}

static void an_ask_is_taken_once_unless_the_taking_fails(void **state)
{
    (void)state;
    assert_int_equal(store_put_ask(s, ASK_SYNC, 5), OK);
    assert_int_equal(store_put_ask(s, ASK_PING, 6), OK);
    assert_int_equal(store_put_ask(s, ASK_SYNC, 7), OK);
    assert_int_equal(store_take_asks(s, see_ask, s), ERR_STALE);
    assert_seen("0;");
    assert_int_equal(store_take_asks(s, see_ask, NULL), OK);
    assert_seen("0;1;");
    assert_int_equal(store_take_asks(s, see_ask, NULL), OK);
    assert_int_equal(seen.len, 0);
}

/* ---- cosignatures ---- */

static enum err see_cosig(void *arg, const struct cosig *c)
{
    (void)arg;
    buf_printf(&seen, "%s %u %u %02x;", c->witness.s, (unsigned)c->size, (unsigned)c->time_s, c->sig.b[0]);
    return OK;
}

static struct cosig cosig_of(const struct author *a, const char *witness, uint64_t time_s)
{
    return (struct cosig){.log = {a->origin.slug, a->origin.generation}, .size = a->frontier.size,
                          .root = frontier_root(&a->frontier), .witness = slug_of(witness), .time_s = time_s,
                          .sig = {{(uint8_t)time_s}}};
}

static void a_cosignature_is_kept_once_a_size_and_witness(void **state)
{
    (void)state;
    struct author a = author_of("barset");
    assert_int_equal(grow(s, &a, 4), OK);
    struct cosig c = cosig_of(&a, "kent", 10), newer = cosig_of(&a, "kent", 20), other = cosig_of(&a, "allington", 15);
    assert_int_equal(store_put_cosig(s, &a.origin, &newer), OK);
    assert_int_equal(store_put_cosig(s, &a.origin, &c), OK);
    assert_int_equal(store_put_cosig(s, &a.origin, &other), OK);
    c.size = 3;
    assert_int_equal(store_put_cosig(s, &a.origin, &c), OK);       /* no checkpoint is kept there: passed over */
    assert_int_equal(store_each_cosig(s, &a.origin, 3, see_cosig, NULL), OK);
    assert_int_equal(seen.len, 0);
    assert_int_equal(store_each_cosig(s, &a.origin, 4, see_cosig, NULL), OK);
    assert_seen("allington 4 15 0f;kent 4 20 14;");
    assert_int_equal(grow(s, &a, 1), OK);                           /* 4 is pruned, and they with it */
    assert_int_equal(store_each_cosig(s, &a.origin, 4, see_cosig, NULL), OK);
    assert_int_equal(seen.len, 0);
}

/* A witness that renews its word daily takes nothing from "not later than". */
static void the_first_of_each_witness_stays_beside_the_newest(void **state)
{
    (void)state;
    struct author a = author_of("barset");
    assert_int_equal(grow(s, &a, 4), OK);
    struct cosig c = cosig_of(&a, "kent", 10), other = cosig_of(&a, "allington", 15);
    assert_int_equal(store_put_cosig(s, &a.origin, &c), OK);
    assert_int_equal(store_put_cosig(s, &a.origin, &other), OK);
    for (uint64_t day = 1; day <= 3; day++) {
        c = cosig_of(&a, "kent", 10 + day * 20);
        assert_int_equal(store_put_cosig(s, &a.origin, &c), OK);
    }
    assert_int_equal(store_each_first_cosig(s, &a.origin, 4, see_cosig, NULL), OK);
    assert_seen("allington 4 15 0f;kent 4 10 0a;");
    assert_int_equal(store_each_cosig(s, &a.origin, 4, see_cosig, NULL), OK);
    assert_seen("allington 4 15 0f;kent 4 70 46;");
    c = cosig_of(&a, "kent", 90);
    c.root.b[0] ^= 1;                       /* over another root: not the same statement renewed */
    other = cosig_of(&a, "kent", 5);        /* older than what is held: passed over */
    assert_int_equal(store_put_cosig(s, &a.origin, &other), OK);
    assert_int_equal(store_each_first_cosig(s, &a.origin, 4, see_cosig, NULL), OK);
    assert_seen("allington 4 15 0f;kent 4 10 0a;");
    struct cosig allington = cosig_of(&a, "allington", 95);
    allington.root.b[0] ^= 1;
    assert_int_equal(store_put_cosig(s, &a.origin, &allington), OK);
    assert_int_equal(store_each_first_cosig(s, &a.origin, 4, see_cosig, NULL), OK);
    assert_seen("allington 4 95 5f;kent 4 10 0a;");
}

/* [P-94] What a quorum saw first stays, whatever is published after it. */
static void what_had_a_quorum_stays_with_the_words_of_its_witnesses(void **state)
{
    (void)state;
    struct author a = author_of("barset");
    assert_int_equal(grow(s, &a, 4), OK);
    struct cosig c = cosig_of(&a, "kent", 10), later = cosig_of(&a, "kent", 50);
    assert_int_equal(store_put_cosig(s, &a.origin, &c), OK);
    assert_int_equal(store_put_cosig(s, &a.origin, &later), OK);
    assert_int_equal(store_keep_checkpoint(s, &a.origin, 4), OK);
    for (int i = 0; i < 30; i++)
        assert_int_equal(grow(s, &a, 3), OK);
    assert_int_equal(store_each_first_cosig(s, &a.origin, 4, see_cosig, NULL), OK);
    assert_seen("kent 4 10 0a;");
    c = cosig_of(&a, "kent", 60);
    assert_int_equal(store_put_cosig(s, &a.origin, &c), OK);
    later = cosig_of(&a, "kent", 80);
    assert_int_equal(store_put_cosig(s, &a.origin, &later), OK);
    uint64_t size = c.size;
    assert_int_equal(grow(s, &a, 1), OK);                           /* nobody said to keep this one: both of its go */
    assert_int_equal(store_each_first_cosig(s, &a.origin, size, see_cosig, NULL), OK);
    assert_int_equal(seen.len, 0);
    assert_int_equal(store_cut_back(s, &a.origin, 0), OK);
    assert_int_equal(store_each_first_cosig(s, &a.origin, 4, see_cosig, NULL), OK);
    assert_int_equal(seen.len, 0);
}

static void our_promise_is_only_raised_and_never_changed(void **state)
{
    (void)state;
    struct author a = author_of("barset");
    struct log_state l;
    struct buf note = buf_on(CHECKPOINT_MAX);
    struct hash one = {{1}}, two = {{2}};
    assert_int_equal(store_put_cosigned(s, &a.origin, 10, &one, 100), OK);
    assert_int_equal(store_put_cosigned(s, &a.origin, 9, &two, 200), OK);
    assert_int_equal(store_put_cosigned(s, &a.origin, 10, &two, 300), ERR_CONFLICT);
    assert_int_equal(store_log(s, &a.origin, &l, &note), OK);
    assert_int_equal(l.cosigned_size, 10);
    assert_int_equal(l.cosigned_at_s, 100);
    assert_memory_equal(l.cosigned_root.b, one.b, HASH_LEN);
    assert_int_equal(store_put_cosigned(s, &a.origin, 10, &one, 300), OK);
    assert_int_equal(store_put_cosigned(s, &a.origin, 11, &two, 250), OK);
    assert_int_equal(store_log(s, &a.origin, &l, &note), OK);
    assert_int_equal(l.cosigned_size, 11);
    assert_int_equal(l.cosigned_at_s, 250);
    buf_release(&note);
}

static void our_cosignature_and_promise_come_with_the_entries_or_not_at_all(void **state)
{
    (void)state;
    struct author a = author_of("barset");
    struct log_state l;
    struct buf note = buf_on(CHECKPOINT_MAX);
    struct made m = make_from(&a, &a.frontier, 3);
    struct append app = append_of(&a, &m);
    a.frontier = m.after;
    struct cosig c = cosig_of(&a, "kent", 77);
    app.cosig = &c;
    struct hash other = {{1}};
    assert_int_equal(store_put_cosigned(s, &a.origin, 3, &other, 1), OK);
    assert_int_equal(store_append(s, &app), ERR_CONFLICT);          /* we promised another root */
    assert_int_equal(size_of(s, &a), 0);
    assert_int_equal(store_each_cosig(s, &a.origin, 3, see_cosig, NULL), OK);
    assert_int_equal(seen.len, 0);
    struct author b = author_of("cranford");
    struct made n = make_from(&b, &b.frontier, 3);
    app = append_of(&b, &n);
    b.frontier = n.after;
    c = cosig_of(&b, "kent", 78);
    app.cosig = &c;
    assert_int_equal(store_append(s, &app), OK);
    assert_int_equal(store_each_cosig(s, &b.origin, 3, see_cosig, NULL), OK);
    assert_seen("kent 3 78 4e;");
    assert_int_equal(store_log(s, &b.origin, &l, &note), OK);
    assert_int_equal(l.cosigned_size, 3);
    assert_memory_equal(l.cosigned_root.b, c.root.b, HASH_LEN);
    made_free(&m);
    made_free(&n);
    buf_release(&note);
}

/* Write an identity entry; the buffers are the caller's. */
static void write_identity(const struct author *w, const struct sign_public *witness_key, struct buf *header, struct buf *payload)
{
    struct identity id = {.slug = w->origin.slug, .version = 1, .witness = *witness_key, .log = w->public};
    struct sign_secret root;
    struct sym_secret seed = {{3}};
    uint8_t salt[SALT_LEN] = {1};
    struct buf note = buf_on(IDENTITY_MAX);
    sign_keypair(&seed, &root, &id.root);
    (void)snprintf(id.name, sizeof(id.name), "Barset");
    (void)snprintf(id.addresses[0], sizeof(id.addresses[0]), "node.example:7117");
    id.n_addresses = 1;
    struct dh_secret box = {{5}}, node = {{6}};
    id.box = dh_public_of(&box);
    id.node = dh_public_of(&node);
    identity_sign(&id, &root, &note);
    entry_write_public(KIND_IDENTITY, 1, salt, buf_bytes(&note), header, payload);
    buf_release(&note);
}

/* A witness whose identities lie in its log, one with each of these keys: a log of nothing else. */
static void put_witness_log(const struct author *w, size_t n, const struct sign_public *witness_keys)
{
    struct item *items = calloc(n, sizeof(*items));
    struct buf *header = calloc(n, sizeof(*header)), *payload = calloc(n, sizeof(*payload)), ck = buf_on(CHECKPOINT_MAX);
    struct frontier f;
    assert_true(items != NULL && header != NULL && payload != NULL);
    frontier_init(&f);
    for (size_t i = 0; i < n; i++) {
        header[i] = buf_on(HEADER_MAX);
        payload[i] = buf_on(PAYLOAD_MAX);
        write_identity(w, &witness_keys[i], &header[i], &payload[i]);
        items[i] = (struct item){.header = buf_bytes(&header[i]), .payload = buf_bytes(&payload[i]), .has_payload = true};
        struct hash leaf = merkle_leaf(items[i].header);
        frontier_append(&f, &leaf);
    }
    struct checkpoint c = {w->origin, n, frontier_root(&f)};
    checkpoint_sign(&c, &w->key, &ck);
    struct append app = {.origin = w->origin, .n_items = n, .items = items, .after = &f, .checkpoint = buf_bytes(&ck), .whole = n};
    assert_int_equal(store_append(s, &app), OK);
    for (size_t i = 0; i < n; i++) {
        buf_release(&header[i]);
        buf_release(&payload[i]);
    }
    free(header);
    free(payload);
    free(items);
    buf_release(&ck);
}

static void a_checkpoint_comes_with_the_cosignatures_whose_witness_is_known(void **state)
{
    (void)state;
    struct author a = author_of("barset"), w = author_of("kent");
    struct sign_secret witness;
    struct sign_public public;
    struct sym_secret seed = {{9}};
    sign_keypair(&seed, &witness, &public);
    assert_int_equal(grow(s, &a, 4), OK);
    struct checkpoint c = {a.origin, 4, frontier_root(&a.frontier)}, got;
    struct cosig good = cosig_of(&a, "kent", 1700000000), bad = cosig_of(&a, "nobody", 12);
    checkpoint_cosign(&c, &w.origin, &witness, good.time_s, &good.sig);
    assert_int_equal(store_put_cosig(s, &a.origin, &good), OK);
    assert_int_equal(store_put_cosig(s, &a.origin, &bad), OK);
    struct buf note = buf_on(CHECKPOINT_MAX);
    struct note n;
    assert_int_equal(store_checkpoint(s, &a.origin, 4, &note), OK);
    assert_int_equal(note_parse(buf_bytes(&note), &n), OK);
    assert_int_equal(n.n_lines, 1);
    put_witness_log(&w, 1, &public);
    assert_int_equal(store_checkpoint(s, &a.origin, UINT64_MAX, &note), OK);
    assert_int_equal(note_parse(buf_bytes(&note), &n), OK);
    assert_int_equal(n.n_lines, 2);
    assert_int_equal(checkpoint_open(buf_bytes(&note), &a.origin, &a.public, &got), OK);
    struct note_key key = checkpoint_witness_key(&w.origin, &public);
    uint64_t at = 0;
    assert_int_equal(note_check(&n, &key, &at), OK);
    assert_int_equal(at, 1700000000);
    assert_int_equal(store_checkpoint(s, &a.origin, 3, &note), ERR_UNKNOWN);
    buf_release(&note);
}

/* Lines on a checkpoint of barset when kent, which has turned its witness key often, cosigned it with the key of place `at`. */
static size_t lines_by_key(struct author *a, size_t n, const struct sign_secret *keys, size_t at)
{
    struct origin kent = {.alliance = a->origin.alliance, .slug = slug_of("kent"), .generation = 1};
    struct checkpoint c = {a->origin, 4, frontier_root(&a->frontier)};
    struct cosig by = cosig_of(a, "kent", 1700000000 + at);
    struct buf note = buf_on(CHECKPOINT_MAX);
    struct note got;
    assert_true(at < n);
    checkpoint_cosign(&c, &kent, &keys[at], by.time_s, &by.sig);
    assert_int_equal(store_put_cosig(s, &a->origin, &by), OK);
    assert_int_equal(store_checkpoint(s, &a->origin, 4, &note), OK);
    assert_int_equal(note_parse(buf_bytes(&note), &got), OK);
    size_t n_lines = got.n_lines;
    buf_release(&note);
    return n_lines;
}

/* The newest are tried first, and one that stayed through many changes of its identity once. */
static void of_a_witness_so_many_keys_are_tried_and_no_more(void **state)
{
    (void)state;
    enum { SAME = 5, N = WITNESS_KEYS_MAX + SAME };
    struct author a = author_of("barset"), w = author_of("kent");
    static struct sign_secret keys[N];
    static struct sign_public publics[N];
    for (size_t i = 0; i < N; i++) {
        struct sym_secret seed = {{(uint8_t)(i >= N - SAME ? N - SAME : i), 7}};
        sign_keypair(&seed, &keys[i], &publics[i]);
    }
    put_witness_log(&w, N, publics);
    assert_int_equal(grow(s, &a, 4), OK);
    assert_int_equal(lines_by_key(&a, N, keys, 0), 1);
    assert_int_equal(lines_by_key(&a, N, keys, 1), 2);
    assert_int_equal(lines_by_key(&a, N, keys, N - 1), 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
#define T(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
        T(a_setting_is_what_it_was_set_to_last),
        T(charters_come_by_version_and_round_with_their_newest_note),
        T(signatures_on_a_charter_that_come_at_once_are_all_kept),
        T(of_identities_the_newest_per_slug_is_kept),
        T(versions_of_another_root_are_no_measure),
        T(an_invite_is_used_once_and_with_its_request),
        T(invites_and_requests_have_limits),
        T(heads_peers_and_announcements_are_one_per_name),
        T(an_ask_is_taken_once_unless_the_taking_fails),
        T(a_cosignature_is_kept_once_a_size_and_witness),
        T(the_first_of_each_witness_stays_beside_the_newest),
        T(what_had_a_quorum_stays_with_the_words_of_its_witnesses),
        T(our_promise_is_only_raised_and_never_changed),
        T(our_cosignature_and_promise_come_with_the_entries_or_not_at_all),
        T(a_checkpoint_comes_with_the_cosignatures_whose_witness_is_known),
        T(of_a_witness_so_many_keys_are_tried_and_no_more),
    };
    seen = buf_on(1 << 20);
    int rc = cmocka_run_group_tests(tests, make_folder, drop_folder);
    buf_release(&seen);
    return rc;
}
