#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/sim/sim.h"

/* ---- charters ---- */

static void sign_charter(const struct node *n, struct bytes text, struct buf *ret)
{
    struct note_key key = root_key(&n->keys.slug, &n->keys.root_public);
    if (ret->len == 0)
        note_begin(text, ret);
    note_sign(text, &key, &n->keys.root, ret);
}

static void seal(struct charter *c, struct buf *text)
{
    buf_clear(text);
    charter_text(c, text);
    must(buf_status(text) == OK && charter_parse(buf_bytes(text), c) == OK);
}

static void add_member(struct charter *c, const struct node *n)
{
    c->members[c->n_members++] = (struct member){.slug = n->keys.slug, .role = ROLE_AUTHORITY, .root = n->keys.root_public};
}

/* Version 1 is the founder's; version 2 has everybody, k stewards, a threshold. All homes get both. */
void found(struct sim *s, size_t n_members, size_t n_stewards, uint32_t threshold)
{
    struct charter *c = charter_new();
    struct buf text = buf_on(NOTE_MAX), notes[2] = {buf_on(NOTE_MAX), buf_on(NOTE_MAX)};
    struct hash hashes[2];
    must(c != NULL);
    (void)snprintf(c->name, sizeof(c->name), "Barsetshire");
    c->version = 1;
    c->threshold = 1;
    add_member(c, s->nodes[0]);
    c->stewards[c->n_stewards++] = s->nodes[0]->keys.slug;
    seal(c, &text);
    sign_charter(s->nodes[0], buf_bytes(&text), &notes[0]);
    hashes[0] = c->hash;
    s->alliance = charter_alliance_id(&c->hash);
    c->version = 2;
    c->previous = c->hash;
    for (size_t i = 1; i < n_members; i++)
        add_member(c, s->nodes[i]);
    for (size_t i = 1; i < n_stewards; i++)
        c->stewards[c->n_stewards++] = s->nodes[i]->keys.slug;
    c->threshold = threshold;
    seal(c, &text);
    hashes[1] = c->hash;
    for (size_t i = 0; i < threshold; i++)
        sign_charter(s->nodes[i], buf_bytes(&text), &notes[1]);
    for (size_t i = 0; i < n_members; i++) {
        for (size_t k = 0; k < (n_members > 1 ? 2 : 1); k++)
            disk_put_charter(s->nodes[i]->disk, &hashes[k], buf_bytes(&notes[k]));
        for (size_t k = 0; k < n_members; k++)
            if (k != i)
                disk_put_identity(s->nodes[i]->disk, &s->nodes[k]->keys.slug, 1, blob_bytes(s->nodes[k]->identity));
        author_begin(s->nodes[i]);
    }
    buf_release(&text);
    buf_release(&notes[0]);
    buf_release(&notes[1]);
    charter_free(c);
}

static struct chain *chain_of(const struct node *n)
{
    struct chain *chain = chain_new(&n->sim->alliance);
    must(chain != NULL);
    for (size_t round = 0; round < n->disk->n_charters; round++)      /* in any order */
        for (size_t i = 0; i < n->disk->n_charters; i++) {
            enum chain_verdict v;
            struct hash h;
            must(chain_add(chain, blob_bytes(n->disk->charters[i].note), &v, &h) != ERR_NOMEM);
        }
    return chain;
}

uint32_t disk_charter(const struct node *n, struct charter **ret)
{
    struct chain *chain = chain_of(n);
    const struct charter *now = chain_current(chain);
    uint32_t version = now != NULL ? now->version : 0;
    if (ret != NULL)
        *ret = now != NULL ? charter_copy(now) : NULL;
    chain_free(chain);
    return version;
}

static void keep(struct node *n, struct chain *chain, struct bytes note)
{
    enum chain_verdict v;
    struct hash h;
    if (chain_add(chain, note, &v, &h) == OK)
        disk_put_charter(n->disk, &h, chain_note(chain, &h));
}

void steward_propose(struct node *n, charter_change *change, void *arg)
{
    struct chain *chain = chain_of(n);
    struct charter *c = charter_copy(chain_current(chain));
    struct buf text = buf_on(NOTE_MAX), note = buf_on(NOTE_MAX);
    const struct charter *open[STEWARDS_MAX];
    size_t n_open = chain_proposals(chain, open);
    must(c != NULL);
    c->version++;
    c->round = n_open > 0 ? open[0]->round + 1 : 0;
    c->previous = c->hash;
    change(c, arg);
    seal(c, &text);
    sign_charter(n, buf_bytes(&text), &note);
    trace(n->sim, "%s proposes charter %u round %u", n->keys.slug.s, c->version, c->round);
    keep(n, chain, buf_bytes(&note));
    buf_release(&text);
    buf_release(&note);
    charter_free(c);
    chain_free(chain);
    node_bell(n);
}

bool steward_sign(struct node *n)
{
    struct chain *chain = chain_of(n);
    const struct charter *open[STEWARDS_MAX];
    size_t n_open = chain_proposals(chain, open);
    if (n_open > 0) {
        struct buf note = buf_on(NOTE_MAX), text = buf_on(NOTE_MAX);
        charter_text(open[0], &text);
        trace(n->sim, "%s signs charter %u round %u", n->keys.slug.s, open[0]->version, open[0]->round);
        sign_charter(n, buf_bytes(&text), &note);
        keep(n, chain, buf_bytes(&note));
        buf_release(&note);
        buf_release(&text);
    }
    chain_free(chain);
    node_bell(n);
    return n_open > 0;
}

void change_add(struct charter *c, void *node)
{
    const struct node *n = node;
    size_t formers = 0;
    while (formers < c->n_members && c->members[c->n_members - 1 - formers].is_former)
        formers++;
    size_t place = c->n_members - formers;
    memmove(&c->members[place + 1], &c->members[place], formers * sizeof(c->members[0]));
    c->members[place] = (struct member){.slug = n->keys.slug, .role = ROLE_AUTHORITY, .root = n->keys.root_public};
    c->n_members++;
}

void change_remove(struct charter *c, void *node)
{
    const struct node *n = node;
    struct disk *d = n->sim->nodes[0]->disk;                        /* as the first node, a steward, holds it */
    struct origin o = node_origin(n, 1), next = node_origin(n, 2);
    if (disk_log(d, &next) != NULL)
        o = next;
    struct dlog *log = disk_log(d, &o);
    size_t i = 0;
    must(log != NULL);
    while (!slug_equal(&c->members[i].slug, &n->keys.slug))
        i++;
    struct member gone = c->members[i];
    memmove(&c->members[i], &c->members[i + 1], (c->n_members - i - 1) * sizeof(gone));
    gone.is_former = true;
    gone.closed_generation = o.generation;
    gone.closed_size = log->whole;
    gone.closed_root = disk_root(log, log->whole);
    c->members[c->n_members - 1] = gone;
}

void steward_invite(struct node *n, struct node *whom, const uint8_t token[TOKEN_LEN])
{
    struct charter *now = NULL;
    (void)disk_charter(n, &now);
    must(now != NULL && n->disk->n_invites < INVITES_MAX);
    n->disk->invites[n->disk->n_invites++] = (struct invite_row){invite_token_hash(token), node_wall_ms(n) / 1000 + 7 * 24 * 3600};
    whom->extra.has_trust = true;
    whom->extra.trust = now->hash;
    whom->extra.has_token = true;
    memcpy(whom->extra.token, token, TOKEN_LEN);
    memcpy(whom->extra.inviter_address, n->address, sizeof(n->address));
    whom->extra.inviter_node = n->keys.node_public;
    charter_free(now);
    node_bell(n);
}

bool steward_admit(struct node *n, const struct slug *slug)
{
    struct node *who = NULL;
    for (size_t i = 0; i < n->disk->n_requests; i++)
        for (size_t k = 0; k < n->sim->n_nodes; k++)
            if (slug_equal(&n->disk->requests[i].slug, slug) && slug_equal(&n->sim->nodes[k]->keys.slug, slug))
                who = n->sim->nodes[k];
    if (who == NULL)
        return false;
    disk_put_identity(n->disk, slug, 1, blob_bytes(who->identity));
    steward_propose(n, change_add, who);
    return true;
}
