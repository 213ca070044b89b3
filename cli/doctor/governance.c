/* cli/doctor/governance.c - is what was agreed and promised being done?  Advice, but for a journal that was tampered with, and a
 * view that cannot be asked. */
#include "cli/doctor/doctor.h"

#include <inttypes.h>

#include "cli/alliance/leaving.h"
#include "cli/confirm.h"
#include "cli/journal/journal.h"
#include "cli/opening/promise.h"
#include "cli/view/query.h"

/* False: nothing can be asked, and it has been said. The view is the desk's. */
static bool has_view(struct doctor *x, struct finding *ret)
{
    if (desk_is_member(x->d) && x->d->view == NULL && !x->lacks_view)
        x->lacks_view = desk_view_aside(x->d, &x->d->view) != EXIT_OK;
    if (!desk_is_member(x->d))
        finding_good(ret, "not asked");
    else if (x->lacks_view)
        finding_bad(ret, "do what was said on stderr", "private/view.db could not be opened, so this is not known");
    else
        return true;
    return false;
}

static void damaged(struct finding *ret, enum err e)
{
    finding_bad(ret, "remove private/view.db: it is made again", "private/view.db: %s", err_text(e));
}

static enum err count_owed(void *arg, const struct owed *o)
{
    size_t *n = arg;
    *n += o->has_key && o->has_box_key;
    return OK;
}

void check_readers(struct doctor *x, struct finding *ret)
{
    size_t n = 0;
    if (!has_view(x, ret))
        return;
    enum err e = view_owed(x->d->view, x->d->chain, count_owed, &n);
    if (e != OK)
        damaged(ret, e);
    else if (n > 0)
        finding_advice(ret, "`folkmoot publish` or `folkmoot sync` pays them", "%zu keys to history are owed to readers", n);
    else
        finding_good(ret, "every reader has the keys that are its");
}

void check_openings(struct doctor *x, struct finding *ret)
{
    size_t n = 0;
    if (!has_view(x, ret))
        return;
    enum err e = promises_due(x->d, x->d->view, &n);
    if (e != OK)
        damaged(ret, e);
    else if (n > 0)
        finding_advice(ret, "`folkmoot open --due`, from cron with --yes", "%zu opening%s due", n, n == 1 ? " is" : "s are");
    else
        finding_good(ret, "none is due");
}

void check_erasures(struct doctor *x, struct finding *ret)
{
    size_t n = 0;
    if (!has_view(x, ret))
        return;
    enum err e = erasures_waiting(x->d, x->d->view, &n, NULL);
    if (e != OK)
        damaged(ret, e);
    else if (n > 0)
        finding_advice(ret, "`folkmoot withdraw` says who", "%zu erasure%s not confirmed by every member", n,
                       n == 1 ? " is" : "s are");
    else
        finding_good(ret, "every member has confirmed what we erased");
}

void check_leaving(struct doctor *x, struct finding *ret)
{
    struct leavers l = {.n = 0};
    if (!has_view(x, ret))
        return;
    enum err e = leavers_read(x->d->view, x->now, &l);
    if (e != OK)
        damaged(ret, e);
    else if (l.n == 0)
        finding_good(ret, "no member says that it leaves");
    else
        finding_advice(ret, charter_is_steward(x->now, &x->d->identity->slug) ?
                       "`folkmoot status` says why; `folkmoot alliance remove SLUG --reason TEXT` lets it go" :
                       "`folkmoot status` says why; a steward lets it go", "%s%s that %s", l.list[0].slug.s,
                       l.n > 1 ? " and others say" : " says", l.n > 1 ? "they leave" : "it leaves");
    leavers_release(&l);
}

struct counting { const char *slug; uint64_t n; };

static enum err count_old(void *arg, const struct holding_row *row)
{
    struct counting *c = arg;
    if (bytes_equal(bytes_of(row->slug), bytes_of(c->slug)))
        c->n += row->n_before;
    return OK;
}

/* Only our own: others erase theirs. */
void check_retention(struct doctor *x, struct finding *ret)
{
    uint64_t keep_s = 0;
    if (x->now == NULL || !charter_time(x->now->retain, &keep_s) || x->now_ms <= keep_s * 1000) {
        finding_good(ret, "the charter names no time after which records go");
        return;
    }
    if (!has_view(x, ret))
        return;
    struct counting c = {.slug = x->d->identity->slug.s};
    enum err e = view_holdings(x->d->view, x->now_ms - keep_s * 1000, count_old, &c);
    if (e != OK)
        damaged(ret, e);
    else if (c.n > 0)
        finding_advice(ret, "`folkmoot holdings` lists them, `folkmoot withdraw RECORD --reason request --erase` erases one",
                       "%" PRIu64 " record%s of ours %s older than the charter keeps", c.n, c.n == 1 ? "" : "s",
                       c.n == 1 ? "is" : "are");
    else
        finding_good(ret, "nothing of ours is older than the charter keeps");
}

void check_journal(struct doctor *x, struct finding *ret)
{
    struct journal_check c;
    enum err e = journal_read(&x->s->home, NULL, NULL, &c);
    if (e != OK)
        finding_bad(ret, "its files must be ours, of mode 0600", "private/journal: %s", err_text(e));
    else if (!c.is_whole)
        finding_bad(ret, "`folkmoot journal` says where; compare it with a backup",
                    "private/journal was changed, or its end is missing");
    else
        finding_good(ret, "the journal is whole");
}
