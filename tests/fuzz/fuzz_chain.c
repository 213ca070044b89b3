/* The bytes say which of some prepared notes, and which changed copies of them,
 * come in which order.  Whatever comes: what is held is bounded and properly
 * signed, the standing line is whole and the best there is, and what was refused
 * changed nothing.  Each step is three bytes: note, what is done to it, where. */
#include "protocol/chain.h"
#include "tests/unit/charters.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { TEXTS = 12, SIGNERS = 8, STEPS_MAX = 64 };

static struct charter *texts[TEXTS];
static struct buf notes[TEXTS][SIGNERS];
static const unsigned signers[SIGNERS][5] = {{1}, {2}, {3}, {4}, {1, 2}, {2, 3}, {1, 2, 3, 4}, {9, 1}};

static void prepare(void)
{
    static const struct { int after; uint32_t round; } plan[TEXTS] = {
        {-1, 0}, {0, 0}, {1, 0}, {1, 1}, {1, 2}, {2, 0}, {3, 0}, {3, 0}, {5, 0}, {6, 0}, {6, 1}, {9, 0}};
    must(crypto_start() == OK);
    for (int i = 0; i < TEXTS; i++) {
        struct charter *c = plan[i].after < 0 ? charter_founding() : charter_after(texts[plan[i].after], plan[i].round);
        (void)snprintf(c->purpose, sizeof(c->purpose), "number %d", i);
        if (i == 1)
            charter_fill(c, 5, 3, 2);
        if (i == 6)
            charter_fill(c, 5, 4, 3);
        must(charter_seal(c) == OK);
        texts[i] = c;
        for (int k = 0; k < SIGNERS; k++)
            notes[i][k] = charter_note(c, signers[k]);
    }
}

/* Everything that is on the line follows from what is before it and is signed. */
static void check_line(const struct chain *c)
{
    const struct charter *prev = NULL, *at, *tip = chain_current(c);
    struct note n;
    for (uint32_t v = 1; tip != NULL && v <= tip->version; v++, prev = at) {
        at = chain_version(c, v);
        must(at != NULL && at->version == v && chain_stands(c, &at->hash));
        must(charter_check_next(prev, at) == OK);
        must(note_parse(chain_note(c, &at->hash), &n) == OK);
        must(charter_check_signed(prev, at, &n) == OK);
        must(chain_find(c, &at->hash) == at);
    }
    must(tip == NULL || chain_version(c, tip->version + 1) == NULL);
}

static bool follows(const struct chain *c, const struct charter *x, const struct charter *list[], size_t n)
{
    const struct charter *standing = chain_version(c, x->version + 1);
    if (standing != NULL && hash_equal(&standing->previous, &x->hash))
        return true;
    for (size_t i = 0; i < n; i++)
        if (hash_equal(&list[i]->previous, &x->hash))
            return true;
    return false;
}

/* No rival beats the one that stands behind the same predecessor; every proposal
 * on the current charter has a steward's signature and too few to be one. */
static void check_rivals(const struct chain *c)
{
    const struct charter *rivals[STEWARDS_MAX], *open[STEWARDS_MAX], *tip = chain_current(c);
    struct note note;
    size_t n = chain_rivals(c, rivals), count;
    must(n <= STEWARDS_MAX);
    for (size_t i = 0; i < n; i++) {
        const struct charter *r = rivals[i], *s = chain_version(c, r->version);
        must(!chain_stands(c, &r->hash) && chain_find(c, &r->hash) == r);
        if (s == NULL || !hash_equal(&s->previous, &r->previous))
            continue;
        bool r_follows = follows(c, r, rivals, n), s_follows = follows(c, s, rivals, n);
        if (r_follows != s_follows)
            must(s_follows);
        else
            must(s->round != r->round ? s->round > r->round : memcmp(s->hash.b, r->hash.b, HASH_LEN) < 0);
    }
    n = chain_proposals(c, open);
    must(n <= (tip != NULL ? tip->n_stewards : 0));
    for (size_t i = 0; i < n; i++) {
        must(hash_equal(&open[i]->previous, &tip->hash) && charter_check_next(tip, open[i]) == OK);
        must(note_parse(chain_note(c, &open[i]->hash), &note) == OK);
        must(charter_count_signatures(tip, &note, &count, NULL) == OK && count >= 1);
        must(charter_check_signed(tip, open[i], &note) == ERR_THRESHOLD);
    }
}

static struct hash state_of(const struct chain *c)
{
    struct buf b = buf_on(4096);
    const struct charter *list[STEWARDS_MAX], *tip = chain_current(c);
    if (tip != NULL)
        buf_put(&b, (struct bytes){tip->hash.b, HASH_LEN});
    for (size_t n = chain_rivals(c, list), i = 0; i < n; i++)
        buf_put(&b, (struct bytes){list[i]->hash.b, HASH_LEN});
    for (size_t n = chain_proposals(c, list), i = 0; i < n; i++)
        buf_put(&b, (struct bytes){list[i]->hash.b, HASH_LEN});
    must(buf_status(&b) == OK);
    struct hash h = sha256(buf_bytes(&b));
    buf_release(&b);
    return h;
}

static void step(struct chain *c, const uint8_t how[3])
{
    struct bytes whole = buf_bytes(&notes[how[0] % TEXTS][how[0] / TEXTS % SIGNERS]);
    uint8_t *copy = malloc(whole.len);
    struct bytes in = {copy, whole.len};
    size_t at = ((size_t)how[1] >> 2 | (size_t)how[2] << 6) % whole.len;
    must(copy != NULL);
    memcpy(copy, whole.p, whole.len);
    if (how[1] % 4 == 1)
        copy[at] ^= (uint8_t)(1u << how[2] % 8);
    if (how[1] % 4 == 2)
        in.len = at;
    struct hash before = state_of(c), after, hash;
    enum chain_verdict verdict;
    enum err e = chain_add(c, in, &verdict, &hash);
    after = state_of(c);
    if (e != OK || verdict == CHAIN_KNOWN)
        must(hash_equal(&before, &after));
    if (e == OK) {
        must(chain_find(c, &hash) != NULL);
        struct bytes kept = chain_note(c, &hash);
        uint8_t *again = malloc(kept.len);                      /* what is kept is taken as known */
        must(again != NULL);
        memcpy(again, kept.p, kept.len);
        must(chain_add(c, (struct bytes){again, kept.len}, &verdict, &hash) == OK && verdict == CHAIN_KNOWN);
        free(again);
    }
    free(copy);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (texts[0] == NULL)
        prepare();
    struct alliance_id id = charter_alliance_id(&texts[0]->hash);
    struct chain *c = chain_new(&id);
    must(c != NULL);
    for (size_t i = 0; i + 3 <= size && i < 3 * STEPS_MAX; i += 3)
        step(c, data + i);
    check_line(c);
    check_rivals(c);
    chain_free(c);
    return 0;
}
