#include "cli/alliance/propose.h"

#include <stdlib.h>
#include <string.h>

#include "cli/output/output.h"
#include "cli/publish/small.h"
#include "cli/say.h"
#include "keys/file.h"
#include "keys/signed.h"

enum { ROUNDS_TRIED = 64 };

enum exit_status propose_need_signer(struct desk *d, const struct charter *pending)
{
    enum exit_status st = desk_need_member(d);
    if (st == EXIT_OK && pending != NULL && charter_is_steward(pending, &d->identity->slug))
        return EXIT_OK;
    if (st == EXIT_OK && !charter_is_steward(desk_charter(d), &d->identity->slug))
        st = say_refused(d->s, EXIT_NO, "not-a-steward", "`folkmoot alliance show` lists the stewards: ask one of them",
                         "%s is no steward of this alliance", d->identity->slug.s);
    return st;
}

enum exit_status propose_need_steward(struct desk *d)
{
    return propose_need_signer(d, NULL);
}

struct charter *propose_draft(const struct desk *d)
{
    const struct charter *now = desk_charter(d);
    struct charter *next = charter_copy(now);
    if (next == NULL)
        return NULL;
    next->version = now->version + 1;
    next->round = 0;
    next->previous = now->hash;
    return next;
}

/* ---- showing ---- */

static void show_newcomer(struct desk *d, const struct member *m)
{
    char print[FINGERPRINT_SIZE];
    fingerprint(&m->root, print);
    out(d->s, "  admits %s as %s%s%s%s%s, fingerprint %s\n", m->slug.s, role_name(m->role), m->codes.dfe[0] ? ", DfE code " : "",
        m->codes.dfe, m->codes.gss[0] ? ", GSS code " : "", m->codes.gss, print);
}

/* Whoever has the new key speaks for the member from then on: nothing in a charter weighs more. */
static void show_root(struct desk *d, const struct member *m, const struct member *was)
{
    char before[FINGERPRINT_SIZE], after[FINGERPRINT_SIZE];
    if (memcmp(m->root.b, was->root.b, sizeof(m->root.b)) == 0)
        return;
    fingerprint(&was->root, before);
    fingerprint(&m->root, after);
    out(d->s, "  REPLACES THE ROOT KEY of %s: fingerprint %s, was %s\n", m->slug.s, after, before);
}

static void show_members(struct desk *d, const struct charter *from, const struct charter *to)
{
    for (size_t i = 0; i < to->n_members; i++) {
        const struct member *m = &to->members[i], *was = charter_find(from, &m->slug);
        if (was == NULL) {
            show_newcomer(d, m);
            continue;
        }
        show_root(d, m, was);
        if (m->is_former && !was->is_former)
            out(d->s, "  removes %s; its log is closed at %llu entries\n", m->slug.s, (unsigned long long)m->closed_size);
        if (m->role != was->role)
            out(d->s, "  makes %s %s %s\n", m->slug.s, m->role == ROLE_AUTHORITY ? "an" : "a", role_name(m->role));
        if (strcmp(m->codes.dfe, was->codes.dfe) != 0 || strcmp(m->codes.gss, was->codes.gss) != 0)
            out(d->s, "  gives %s the codes %s %s\n", m->slug.s, m->codes.dfe, m->codes.gss);
    }
    for (size_t i = from->n_successions; i < to->n_successions; i++)
        out(d->s, "  %s succeeds %s from %s\n", to->successions[i].slug.s, to->successions[i].old.s, to->successions[i].from);
}

static void show_text(struct desk *d, const char *what, const char *from, const char *to)
{
    if (strcmp(from, to) != 0)
        out(d->s, "  %s: %s\n", what, to[0] != '\0' ? to : "nothing any more");
}

static bool lists(const struct slug *list, size_t n, const struct slug *slug)
{
    for (size_t i = 0; i < n; i++)
        if (slug_equal(&list[i], slug))
            return true;
    return false;
}

static void show_list(struct desk *d, const char *what, const struct slug *from, size_t n_from, const struct slug *to, size_t n_to)
{
    for (size_t i = 0; i < n_to; i++)
        if (!lists(from, n_from, &to[i]))
            out(d->s, "  makes %s a %s\n", to[i].s, what);
    for (size_t i = 0; i < n_from; i++)
        if (!lists(to, n_to, &from[i]))
            out(d->s, "  %s is no %s any more\n", from[i].s, what);
}

/* Those in force: the first who is named takes the place of all who were it unnamed. */
static void show_witnesses(struct desk *d, const struct charter *from, const struct charter *to)
{
    struct slug before[WITNESSES_MAX], after[WITNESSES_MAX];
    size_t n_before = charter_witnesses(from, before), n_after = charter_witnesses(to, after);
    if (from->n_witnesses > 0 || to->n_witnesses > 0)
        show_list(d, "witness", before, n_before, after, n_after);
}

/* What the programs do by the words. */
static void show_small_counts(struct desk *d, const struct charter *from, const struct charter *to)
{
    char few[SMALL_WORDS_SIZE];
    small_count_words(small_count_max(to), few);
    if (small_count_max(from) != small_count_max(to))
        out(d->s, "  counts of %s are withheld from the public\n", few);
}

void propose_show(struct desk *d, const struct charter *from, const struct charter *to)
{
    out(d->s, "Charter %u would become %u:\n", (unsigned)from->version, (unsigned)to->version);
    say_detail(d->s, "round %u", (unsigned)to->round);
    show_members(d, from, to);
    show_list(d, "steward", from->stewards, from->n_stewards, to->stewards, to->n_stewards);
    show_witnesses(d, from, to);
    if (from->threshold != to->threshold)
        out(d->s, "  %u of %zu stewards must sign from then on\n", (unsigned)to->threshold, to->n_stewards);
    if (charter_quorum(from) != charter_quorum(to))
        out(d->s, "  a log is well witnessed by %u\n", (unsigned)charter_quorum(to));
    if (from->history_from_admission != to->history_from_admission)
        out(d->s, "  newcomers read %s\n", to->history_from_admission ? "what is published from their admission "
                                                                        "on" : "all history");
    if (to->has_agreement && (!from->has_agreement || !hash_equal(&from->agreement, &to->agreement)))
        out(d->s, "  names the sharing agreement \"%s\"\n", to->agreement_title);
    else if (from->has_agreement && !to->has_agreement)
        out(d->s, "  names no sharing agreement any more\n");
    show_text(d, "purpose", from->purpose, to->purpose);
    show_text(d, "freedom of information", from->foi, to->foi);
    show_text(d, "kept", from->retain, to->retain);
    show_text(d, "opened after", from->opens, to->opens);
    show_text(d, "small numbers", from->small_numbers, to->small_numbers);
    show_small_counts(d, from, to);
}

/* ---- signing ---- */

static enum err record_and_sign(struct desk *d, const struct charter *c, const struct sym_secret *seed, struct buf *ret_note)
{
    struct sign_secret root = {{0}};
    struct sign_public public;
    struct buf text = buf_on(NOTE_MAX);
    struct hash hash;
    charter_text(c, &text);
    enum err e = buf_status(&text);
    if (e == OK) {
        hash = sha256(buf_bytes(&text));
        e = signed_charter(&d->s->home, c->version, c->round, &hash);
    }
    if (e == OK) {
        seed_root(seed, &root, &public);
        struct note_key key = root_key(&d->identity->slug, &public);
        note_begin(buf_bytes(&text), ret_note);
        note_sign(buf_bytes(&text), &key, &root, ret_note);
        e = buf_status(ret_note);
    }
    wipe(&root, sizeof(root));
    buf_release(&text);
    return e;
}

/* A change needs a threshold of the stewards before it and of those after it: what is shown is the one that is
 * still short, the former first. */
static enum err count(struct desk *d, const struct hash *hash, struct proposed *ret)
{
    const struct charter *c = chain_find(d->chain, hash);
    const struct charter *prev = c->version > 1 ? chain_find(d->chain, &c->previous) : c;
    struct note *n = malloc(sizeof(*n));
    enum err e = n != NULL ? note_parse(chain_note(d->chain, hash), n) : ERR_NOMEM;
    if (e == OK)
        e = charter_count_signatures(prev, n, &ret->signatures, NULL);
    ret->needed = prev->threshold;
    if (e == OK && ret->signatures >= ret->needed) {
        e = charter_count_signatures(c, n, &ret->signatures, NULL);
        ret->needed = c->threshold;
    }
    ret->version = c->version;
    ret->round = c->round;
    ret->hash = *hash;
    ret->stands = chain_stands(d->chain, hash);
    free(n);
    return e;
}

static enum err keep(struct desk *d, struct bytes note, struct proposed *ret)
{
    enum chain_verdict verdict;
    struct hash hash;
    enum err e = chain_add(d->chain, note, &verdict, &hash);
    if (e == OK)
        e = store_put_charter(d->store, &hash, chain_find(d->chain, &hash)->version, chain_find(d->chain, &hash)->round,
                              chain_note(d->chain, &hash));
    if (e == OK)
        e = desk_read_charters(d);          /* a signature may have come from a peer meanwhile, and be the one that was lacking */
    if (e == OK)
        e = count(d, &hash, ret);
    if (e == OK)
        desk_ring(d);
    return e;
}

static enum exit_status tell(struct desk *d, const struct proposed *p)
{
    if (p->stands)
        say_note(d->s, "Charter %u stands.", (unsigned)p->version);
    else
        say_note(d->s, "Charter %u is proposed: %zu of %zu stewards have signed.", (unsigned)p->version, p->signatures, p->needed);
    return EXIT_OK;
}

/* Under the lock in private/: two that read what was signed before either writes would each believe to be first. */
static enum exit_status sign_and_keep(struct desk *d, struct charter *c, bool may_raise_round, struct proposed *ret)
{
    struct sym_secret seed;
    char path[FILE_PATH_MAX];
    int lock = -1;
    struct buf note = buf_on(NOTE_MAX);
    enum exit_status st = desk_seed(d->s, &seed);
    if (st != EXIT_OK)
        return st;
    home_path(&d->s->home, HOME_SIGN_LOCK, path);
    enum err e = file_lock(path, true, &lock);
    if (e == OK)
        e = record_and_sign(d, c, &seed, &note);
    for (unsigned i = 0; e == ERR_CONFLICT && may_raise_round && i < ROUNDS_TRIED; i++) {
        c->round++;
        buf_clear(&note);
        e = record_and_sign(d, c, &seed, &note);
    }
    wipe(&seed, sizeof(seed));
    if (e == OK)
        e = keep(d, buf_bytes(&note), ret);
    if (lock >= 0)
        file_unlock(lock);
    buf_release(&note);
    if (e == OK) {
        session_did(d->s, "signed charter %u, round %u", (unsigned)c->version, (unsigned)c->round);
        return tell(d, ret);
    }
    if (e == ERR_CONFLICT)
        return say_refused(d->s, EXIT_NO, "signed-another", "--instead opens the next round",
                           "charter %u: we have signed another text for this round", (unsigned)c->version);
    return say_failed(d->s, e, NULL, "signing charter %u", (unsigned)c->version);
}

enum exit_status propose_countersign(struct desk *d, const struct charter *pending, struct proposed *ret)
{
    struct charter *c = charter_copy(pending);
    if (c == NULL)
        return say_failed(d->s, ERR_NOMEM, NULL, "signing");
    enum exit_status st = sign_and_keep(d, c, false, ret);
    charter_free(c);
    return st;
}

/* The same text but for its round. */
static bool is_same_change(const struct charter *a, const struct charter *b)
{
    struct buf ta = buf_on(NOTE_MAX), tb = buf_on(NOTE_MAX);
    struct charter *copy = charter_copy(b);
    bool same = false;
    if (copy != NULL) {
        copy->round = a->round;
        charter_text(a, &ta);
        charter_text(copy, &tb);
        same = buf_status(&ta) == OK && buf_status(&tb) == OK && bytes_equal(buf_bytes(&ta), buf_bytes(&tb));
    }
    charter_free(copy);
    buf_release(&ta);
    buf_release(&tb);
    return same;
}

/* Lists that no charter can have are not even written down: the last steward or member may have been taken out. */
static bool is_writable(const struct charter *c)
{
    size_t n_present = 0;
    for (size_t i = 0; i < c->n_members; i++)
        n_present += !c->members[i].is_former;
    return n_present >= 1 && c->n_stewards >= 1;
}

/* The commonest fault by its numbers. */
static enum exit_status say_unlawful(struct session *s, const struct charter *c)
{
    char remedy[64];
    size_t least = c->n_stewards / 2 + 1;
    snprintf(remedy, sizeof(remedy), "give --threshold %zu%s", least, least < c->n_stewards ? " or more" : "");
    if (c->n_stewards > 0 && c->threshold > c->n_stewards)
        return say_refused(s, EXIT_NO, "unlawful-charter", remedy, "this charter is not lawful: %u stewards would have to sign, "
                           "and there would be %zu", (unsigned)c->threshold, c->n_stewards);
    if (c->n_stewards > 0 && c->threshold < least)
        return say_refused(s, EXIT_NO, "unlawful-charter", remedy, "this charter is not lawful: %u of %zu stewards would have to "
                           "sign, and it must be more than half", (unsigned)c->threshold, c->n_stewards);
    return say_refused(s, EXIT_NO, "unlawful-charter", "stewards are authorities, more than half of them must sign, and "
                       "witnesses are members", "this charter is not lawful: it breaks one of its rules");
}

/* What a text can get wrong, checked before anybody is asked for a passphrase. */
enum exit_status propose_check(struct desk *d, const struct charter *next)
{
    struct buf text = buf_on(NOTE_MAX);
    struct charter *again = charter_new();
    enum err e = again == NULL ? ERR_NOMEM : is_writable(next) ? OK : ERR_CHAIN;
    if (e == OK) {
        charter_text(next, &text);
        e = buf_status(&text);
    }
    if (e == OK)
        e = charter_parse(buf_bytes(&text), again);
    if (e == OK)
        e = charter_check_next(desk_charter(d), again);
    charter_free(again);
    buf_release(&text);
    if (e == OK)
        return EXIT_OK;
    if (e == ERR_FORMAT || e == ERR_CHAIN)
        return say_unlawful(d->s, next);
    return say_failed(d->s, e, NULL, "checking the charter");
}

enum exit_status propose(struct desk *d, struct charter *next, bool instead, struct proposed *ret)
{
    const struct charter *open[STEWARDS_MAX];
    size_t n = chain_proposals(d->chain, open);
    enum exit_status st = propose_check(d, next);
    if (st != EXIT_OK)
        return st;
    for (size_t i = 0; i < n && !instead; i++)
        if (is_same_change(next, open[i]))
            return propose_countersign(d, open[i], ret);
    if (n > 0 && !instead)
        return say_refused(d->s, EXIT_NO, "pending", "`folkmoot alliance sign` shows and countersigns it; --instead "
                                                     "proposes this one "
                           "in its place", "another change of the charter is waiting for signatures");
    for (size_t i = 0; i < n; i++)
        if (open[i]->round >= next->round)
            next->round = open[i]->round + 1;
    return sign_and_keep(d, next, instead, ret);
}

enum exit_status propose_answer(struct desk *d, const struct proposed *p)
{
    json_t *doc = json_document(d->s);
    json_object_set_new(doc, "stands", json_boolean(p->stands));
    json_object_set_new(doc, "version", json_integer(p->version));
    json_object_set_new(doc, "round", json_integer(p->round));
    json_object_set_new(doc, "signatures", json_integer((json_int_t)p->signatures));
    json_object_set_new(doc, "needed", json_integer((json_int_t)p->needed));
    enum exit_status st = output(d->s, doc, NULL);
    if (p->stands)
        say_next(d->s, "folkmootd tells the others; `folkmoot alliance show` shows the charter");
    else
        say_next(d->s, "another steward runs `folkmoot alliance sign`");
    return st;
}
