#include "cli/thread/threads.h"

#include <stdlib.h>
#include <string.h>

#include "cli/day.h"
#include "cli/record_id.h"

/* ---- taking the posts ---- */

struct gathering {
    struct threads *t;
    struct view *v;
    struct slug last;
    size_t n_of_one;
};

static bool room(void **list, size_t n, size_t *cap, size_t size)
{
    if (n < *cap)
        return true;
    size_t more = *cap > 0 ? 2 * *cap : 64;
    void *p = realloc(*list, more * size);
    if (p == NULL)
        return false;
    *list = p;
    *cap = more;
    return true;
}

static enum err take(void *arg, const struct post_row *r)
{
    struct gathering *g = arg;
    struct threads *t = g->t;
    g->n_of_one = slug_equal(&g->last, &r->slug) ? g->n_of_one + 1 : 1;
    g->last = r->slug;
    if (g->n_of_one > THREAD_POSTS_OF_ONE) {
        t->n_cut++;
        return OK;
    }
    if (!room((void **)&t->posts, t->n_posts, &t->cap_posts, sizeof(*t->posts)))
        return ERR_NOMEM;
    struct said *s = &t->posts[t->n_posts];
    *s = (struct said){.slug = r->slug, .generation = r->generation, .idx = r->idx, .said_ms = r->said_ms,
                       .is_withdrawn = r->is_withdrawn, .thread = NO_POST, .next = NO_POST, .voice = NO_POST};
    s->speaker.is_member = r->is_member && role_parse(bytes_of(r->role), &s->speaker.role) == OK;
    bool fits = bytes_to_str(bytes_of(r->record), s->record, sizeof(s->record)) == OK &&
                bytes_to_str(bytes_of(r->audience), s->audience, sizeof(s->audience)) == OK &&
                bytes_to_str(bytes_of(r->type), s->post.type, sizeof(s->post.type)) == OK &&
                bytes_to_str(bytes_of(r->about), s->post.about, sizeof(s->post.about)) == OK &&
                bytes_to_str(bytes_of(r->owner), s->post.owner, sizeof(s->post.owner)) == OK &&
                bytes_to_str(bytes_of(r->due), s->post.due, sizeof(s->post.due)) == OK &&
                bytes_to_str(bytes_of(r->state), s->post.state, sizeof(s->post.state)) == OK;
    if (!fits)
        return ERR_CORRUPT;                 /* the fold put nothing longer */
    s->text = strdup(r->text);
    t->n_posts += s->text != NULL;
    return s->text != NULL ? OK : ERR_NOMEM;
}

static int by_record(const void *a, const void *b)
{
    return strcmp(((const struct said *)a)->record, ((const struct said *)b)->record);
}

static int find_record(const void *key, const void *s)
{
    return strcmp(key, ((const struct said *)s)->record);
}

static struct said *find(const struct threads *t, const char *record)
{
    return t->n_posts > 0 ? bsearch(record, t->posts, t->n_posts, sizeof(*t->posts), find_record) : NULL;
}

/* ---- what opens a matter ---- */

/* Whom a challenge asks: the author of the record that it is about, and what it names itself. */
static bool asks_rightly(const struct said *s)
{
    struct record_id id;
    struct slug owner;
    if (slug_parse(bytes_of(s->post.owner), &owner) != OK || slug_equal(&owner, &s->slug))
        return false;
    return record_id_parse(s->post.about, &id) != OK || slug_equal(&id.slug, &owner);
}

/* [P-117] The challenged can read it. */
static enum err can_read(struct gathering *g, const struct said *s, bool *ret)
{
    struct buf readers = buf_on(EPOCH_READERS_TEXT_MAX);
    struct bytes rest, word;
    *ret = strcmp(s->audience, "public") == 0 || strcmp(s->audience, "alliance") == 0;
    if (*ret)
        return OK;
    enum err e = view_audience_readers(g->v, s->slug.s, s->generation, s->audience, &readers);
    rest = buf_bytes(&readers);
    while (e == OK && !*ret && bytes_word(&rest, &word))
        *ret = bytes_equal(word, bytes_of(s->post.owner));
    buf_release(&readers);
    return e == ERR_UNKNOWN ? OK : e;
}

static enum err open_one(struct gathering *g, size_t at)
{
    struct threads *t = g->t;
    struct said *s = &t->posts[at];
    bool readable = true;
    s->saying = saying_opening(s->post.type, s->post.state);
    if (s->saying == NULL)
        return OK;
    s->speaker.is_opener = true;
    bool is_challenge = s->saying->matter == MATTER_CHALLENGE;
    enum err e = is_challenge ? can_read(g, s, &readable) : OK;
    if (e != OK || s->is_withdrawn || !saying_may(s->saying, &s->speaker) || !readable || (is_challenge && !asks_rightly(s)))
        return e;
    if (!room((void **)&t->list, t->n, &t->cap, sizeof(*t->list)))
        return ERR_NOMEM;
    s->counts = true;
    s->thread = t->n;
    t->list[t->n++] = (struct thread){.matter = s->saying->matter, .root = at, .last = at, .stands = s->saying, .turn = at,
                                      .voice = NO_POST};
    return OK;
}

/* ---- the order of what is said ---- */

struct moment { uint64_t said_ms; const char *record; size_t at; };

static int in_time(const void *a, const void *b)
{
    const struct moment *x = a, *y = b;
    return x->said_ms != y->said_ms ? x->said_ms < y->said_ms ? -1 : 1 : strcmp(x->record, y->record);
}

static struct moment *in_order(const struct threads *t)
{
    struct moment *order = calloc(t->n_posts + 1, sizeof(*order));
    for (size_t i = 0; order != NULL && i < t->n_posts; i++)
        order[i] = (struct moment){t->posts[i].said_ms, t->posts[i].record, i};
    if (order != NULL)
        qsort(order, t->n_posts, sizeof(*order), in_time);
    return order;
}

/* ---- what is said in one ---- */

static void judge(struct threads *t, struct said *s)
{
    const struct said *root = find(t, s->post.about);
    struct thread *th = root != NULL && root->thread != NO_POST ? &t->list[root->thread] : NULL;
    if (th == NULL || &t->posts[th->root] != root)         /* what is said about a post within a matter is no part of it */
        return;
    s->thread = root->thread;
    s->speaker.is_opener = slug_equal(&s->slug, &root->slug);
    s->speaker.is_asked = th->matter == MATTER_CHALLENGE && strcmp(root->post.owner, s->slug.s) == 0;
    s->saying = saying_in(th->matter, s->post.type, s->post.state);
    s->counts = s->saying != NULL && !s->is_withdrawn && saying_may(s->saying, &s->speaker);
}

/* A matter has votes or uses, never both; the chain of voices is no longer than there are members. */
static bool is_new_voice(const struct threads *t, const struct thread *th, const struct said *s)
{
    for (size_t i = th->voice; i != NO_POST; i = t->posts[i].voice)
        if (slug_equal(&t->posts[i].slug, &s->slug))
            return false;
    return true;
}

static void count(struct threads *t, struct thread *th, size_t at)
{
    struct said *s = &t->posts[at];
    bool is_voice = s->counts && (s->saying->id == SAY_VOTE || s->saying->id == SAY_USED);
    if (!is_voice || !is_new_voice(t, th, s))
        return;
    s->voice = th->voice;
    th->voice = at;
    th->n_votes += s->saying->id == SAY_VOTE;
    th->n_used += s->saying->id == SAY_USED;
}

/* [P-116] The furthest state of all that counts; [P-118] agreed only with votes enough. */
static void settle(struct threads *t, struct thread *th, uint64_t now_ms)
{
    const struct said *root = &t->posts[th->root];
    th->n_votes = th->matter == MATTER_PRIORITY && root->speaker.role == ROLE_AUTHORITY;
    for (size_t i = root->next; i != NO_POST; i = t->posts[i].next)
        count(t, th, i);
    th->is_agreed = th->matter == MATTER_PRIORITY && th->n_votes >= t->n_needed;
    for (size_t i = root->next; i != NO_POST; i = t->posts[i].next) {
        struct said *s = &t->posts[i];
        if (s->counts && s->saying->id == SAY_AGREE && !th->is_agreed)
            s->counts = false;
        if (s->counts && s->saying->rank > th->stands->rank) {
            th->stands = s->saying;
            th->turn = i;
        }
    }
    th->is_over = th->stands->rank > 0 && (th->stands->rank == 2 || th->matter == MATTER_CHALLENGE || th->matter == MATTER_ACTION ||
                                           th->matter == MATTER_REVIEW);
    if (root->post.due[0] == '\0' || day_end(root->post.due, &th->due_ms) != OK)
        th->due_ms = 0;
    th->is_overdue = th->due_ms > 0 && !th->is_over && now_ms > th->due_ms;
    th->is_late = th->due_ms > 0 && th->is_over && t->posts[th->turn].said_ms > th->due_ms;
}

static void join_all(struct threads *t, const struct moment *order)
{
    for (size_t i = 0; i < t->n_posts; i++)
        if (t->posts[i].thread == NO_POST)
            judge(t, &t->posts[i]);
    for (size_t i = 0; i < t->n_posts; i++) {
        size_t at = order[i].at;
        struct thread *th = t->posts[at].thread != NO_POST ? &t->list[t->posts[at].thread] : NULL;
        if (th == NULL || th->root == at)
            continue;
        t->posts[th->last].next = at;
        th->last = at;
    }
}

static void count_voters(const struct charter *c, struct threads *t)
{
    for (size_t i = 0; c != NULL && i < c->n_members; i++)
        t->n_authorities += !c->members[i].is_former && c->members[i].role == ROLE_AUTHORITY;
    t->n_needed = t->n_authorities / 2 + 1;
}

enum err threads_gather(struct view *v, const struct charter *c, uint64_t now_ms, struct threads *ret)
{
    *ret = (struct threads){.posts = NULL};
    struct gathering g = {.t = ret, .v = v};
    struct moment *order = NULL;
    count_voters(c, ret);
    enum err e = view_posts(v, take, &g);
    if (e != OK)
        goto out;
    if (ret->n_posts > 0)
        qsort(ret->posts, ret->n_posts, sizeof(*ret->posts), by_record);
    e = ERR_NOMEM;
    if ((order = in_order(ret)) == NULL)
        goto out;
    e = OK;
    for (size_t i = 0; e == OK && i < ret->n_posts; i++)
        e = open_one(&g, order[i].at);
    if (e != OK)
        goto out;
    join_all(ret, order);
    for (size_t i = 0; i < ret->n; i++)
        settle(ret, &ret->list[i], now_ms);
out:
    free(order);
    return e;
}

void threads_release(struct threads *t)
{
    for (size_t i = 0; i < t->n_posts; i++)
        free(t->posts[i].text);
    free(t->posts);
    free(t->list);
    *t = (struct threads){.posts = NULL};
}

const struct said *threads_post(const struct threads *t, const char *record)
{
    return find(t, record);
}

const struct thread *threads_of(const struct threads *t, const struct said *s)
{
    return s->thread != NO_POST ? &t->list[s->thread] : NULL;
}

const char *thread_state(const struct thread *th)
{
    return th->stands->state;
}

uint64_t thread_took_ms(const struct threads *t, const struct thread *th)
{
    uint64_t from = t->posts[th->root].said_ms, to = t->posts[th->turn].said_ms;
    return to > from ? to - from : 0;
}
