/* cli/report/section_support.c - what members ask and offer each other. */
#include <string.h>

#include "cli/output/text.h"
#include "cli/report/inside.h"
#include "cli/thread/activity.h"

enum { MATTER_ROWS_MAX = 40, MATTER_TEXT_MAX = 200 };       /* on paper; more are counted */

static bool concerns(const struct page *p, const struct thread *th)
{
    const struct said *root = &p->r->threads.posts[th->root];
    const struct slug *of = p->subject == NO_SUBJECT ? NULL : &p->r->region->authorities[p->subject];
    return of == NULL || slug_equal(of, &root->slug) || strcmp(root->post.owner, of->s) == 0;
}

static bool is_shown(const struct page *p, const struct thread *th, enum matter m)
{
    bool is_open = m == MATTER_NEED || m == MATTER_OFFER ? th->stands->rank < 2 && !th->is_overdue : !th->is_over;
    return th->matter == m && is_open && concerns(p, th);
}

static const char *name_of(const struct page *p, const char *slug)
{
    const struct region *g = p->r->region;
    for (size_t a = 0; a < g->n_authorities; a++)
        if (strcmp(g->authorities[a].s, slug) == 0)
            return p->r->members[a].name;
    return slug;
}

static void cell_beginning(struct page *p, const char *text)
{
    char shown[MATTER_TEXT_MAX + 4];
    text_beginning(text, MATTER_TEXT_MAX, shown);
    cell_text(p, shown);
}

static void put_row(struct page *p, const struct thread *th)
{
    const struct said *root = &p->r->threads.posts[th->root];
    bool is_challenge = th->matter == MATTER_CHALLENGE;
    html_begin(&p->h, "tr", END);
    cell_name(p, name_of(p, is_challenge ? root->post.owner : root->slug.s));
    cell_text(p, is_challenge ? name_of(p, root->slug.s) : thread_state(th));
    cell_beginning(p, root->post.about);
    cell_beginning(p, root->text);
    if (th->matter == MATTER_PRIORITY)
        cell_textf(p, "%zu of %zu", th->n_votes, p->r->threads.n_authorities);
    else
        cell_textf(p, "%s%s", root->post.due, th->is_overdue ? " (past)" : "");
    html_end(&p->h, "tr");
    html_line(&p->h);
}

static void put_table(struct page *p, enum matter m, const char *caption, const char *const *heads)
{
    const struct threads *t = &p->r->threads;
    size_t n = 0;
    for (size_t i = 0; i < t->n; i++) {
        if (!is_shown(p, &t->list[i], m) || n++ >= MATTER_ROWS_MAX)
            continue;
        if (n == 1)
            table_begin(p, NULL, caption, heads);
        put_row(p, &t->list[i]);
    }
    if (n > 0)
        table_end(p);
    if (n > MATTER_ROWS_MAX)
        para(p, "And %zu more.", n - MATTER_ROWS_MAX);
}

static void put_tally(struct page *p)
{
    const struct threads *t = &p->r->threads;
    size_t n_asked = 0, n_answered = 0, n_overdue = 0, n_late = 0;
    for (size_t i = 0; i < t->n; i++) {
        const struct thread *th = &t->list[i];
        if (th->matter != MATTER_CHALLENGE || !concerns(p, th))
            continue;
        n_asked++;
        n_answered += th->is_over;
        n_late += th->is_late;
        n_overdue += th->is_overdue;
    }
    if (n_asked == 0)
        para(p, "No member has challenged another here.");
    else if (p->subject == NO_SUBJECT && p->r->n_answer_days > 0)
        para(p, "Challenges: %zu, answered %zu (%zu after their day), past their day without an answer %zu. "
                "Days to an answer, median: %.1f.",
             n_asked, n_answered, n_late, n_overdue, p->r->answer_days);
    else
        para(p, "Challenges: %zu, answered %zu (%zu after their day), past their day without an answer %zu.", n_asked, n_answered,
             n_late, n_overdue);
}

void section_support(struct page *p)
{
    static const char *const challenges[] = {"Asked", "By", "About", "In words", "By day", NULL};
    static const char *const others[] = {"Member", "State", "About", "In words", "Until", NULL};
    static const char *const priorities[] = {"Proposed by", "State", "About", "In words", "For it", NULL};
    if (!report_has_matters(p->r))
        return;
    section_begin(p, "support", NULL, "Challenge and support");
    put_tally(p);
    put_table(p, MATTER_CHALLENGE, "Challenges that are open", challenges);
    put_table(p, MATTER_NEED, "What is needed", others);
    put_table(p, MATTER_OFFER, "What is offered", others);
    put_table(p, MATTER_PRIORITY, "What the alliance works at together, agreed or proposed", priorities);
    section_end(p);
}
