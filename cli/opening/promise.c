#include "cli/opening/promise.h"

#include <stdio.h>
#include <string.h>

#include "cli/day.h"
#include "cli/duration.h"
#include "cli/output/output.h"
#include "cli/record_id.h"
#include "cli/say.h"

enum { DAY_MS = 24 * 3600 * 1000 };

int audience_width(const char *audience)
{
    return strcmp(audience, "public") == 0 ? 2 : strcmp(audience, "alliance") == 0 ? 1 : 0;
}

/* [P-109] "90d ...", "6y ...": its first word. */
bool charter_time(const char *text, uint64_t *ret_s)
{
    enum { YEARS_MAX = 100, YEAR_S = 31557600 };
    struct bytes rest = bytes_of(text), word;
    uint64_t years;
    if (!bytes_word(&rest, &word))
        return false;
    if (duration_parse(word, ret_s) == OK)
        return true;
    if (word.len < 2 || word.p[word.len - 1] != 'y' || bytes_u64((struct bytes){word.p, word.len - 1}, YEARS_MAX, &years) != OK
        || years == 0)
        return false;
    *ret_s = years * YEAR_S;
    return true;
}

const char *promise_to_whom(const struct promise *p)
{
    return p->to == TO_PUBLIC ? "everybody" : p->to == TO_ALLIANCE ? "the alliance" : p->readers;
}

/* ---- making one ---- */

/* A day, or so long from today. */
static enum exit_status read_due(struct session *s, const char *word, struct promise *ret)
{
    uint64_t ends_ms, lasts_s, now_ms = session_now_ms();
    if (duration_parse(bytes_of(word), &lasts_s) == OK) {
        day_of(now_ms + lasts_s * 1000, ret->due);
        return EXIT_OK;
    }
    if (strlen(word) != DATE_LEN || day_end(word, &ends_ms) != OK)
        return say_usage(s, "a day such as 2026-03-01, a time such as 90d, or never", "--opens %s", word);
    if (ends_ms - DAY_MS < now_ms)
        return say_usage(s, "name a day to come, or run `folkmoot open` now", "--opens %s: that day has begun", word);
    memcpy(ret->due, word, DATE_LEN + 1);
    return EXIT_OK;
}

static enum exit_status read_to(struct desk *d, const char *word, struct promise *ret)
{
    struct named named;
    ret->to = strcmp(word, "alliance") == 0 ? TO_ALLIANCE : strcmp(word, "public") == 0 ? TO_PUBLIC : TO_NAMED;
    if (ret->to != TO_NAMED)
        return EXIT_OK;
    enum exit_status st = named_resolve(d, word, &named);
    if (st == EXIT_OK && named_text(d, &named, ret->readers, sizeof(ret->readers)) != OK)
        return say_usage(d->s, "--to alliance, or fewer", "--to: the names of its readers take more than %d bytes",
                         (int)NAME_MAX_LEN);
    if (st == EXIT_OK && ret->readers[0] == '\0')
        return say_usage(d->s, "name others", "--to %s: that is nobody but ourselves", word);
    return st;
}

/* What is to be opened must be shut, and to somebody else than could read it anyhow. */
static enum exit_status check_wider(struct session *s, enum publish_to audience, const struct promise *p)
{
    if (audience == TO_PUBLIC)
        return say_usage(s, "leave --opens out", "--opens: everybody may read it from the start");
    if (audience == TO_ALLIANCE && p->to != TO_PUBLIC)
        return say_usage(s, "--to public opens it to everybody, --audience SLUG,... shares it in confidence first",
                         "--opens: the alliance may read it from the start");
    return EXIT_OK;
}

enum exit_status promise_read(struct desk *d, enum publish_to audience, struct promise *ret)
{
    const struct charter *c = desk_charter(d);
    const char *opens = option_value(&d->s->options, "opens"), *to = option_value(&d->s->options, "to");
    uint64_t lasts_s;
    *ret = (struct promise){.to = TO_ALLIANCE};
    if (opens != NULL && strcmp(opens, "never") == 0) {
        if (to != NULL)
            return say_usage(d->s, "leave one of them out", "--opens never and --to contradict each other");
        return EXIT_OK;
    }
    enum exit_status st = EXIT_OK;
    if (opens != NULL)
        st = read_due(d->s, opens, ret);
    else if (audience == TO_NAMED && c != NULL && charter_time(c->opens, &lasts_s))
        day_of(session_now_ms() + lasts_s * 1000, ret->due);
    else
        return to == NULL ? EXIT_OK : say_usage(d->s, "--opens 2026-03-01 says when", "--to: it goes with --opens");
    if (st == EXIT_OK && to != NULL)
        st = read_to(d, to, ret);
    if (st == EXIT_OK)
        st = check_wider(d->s, audience, ret);
    ret->is_made = st == EXIT_OK;
    return st;
}

void promise_post(const struct promise *p, const char *record, struct post *ret)
{
    *ret = (struct post){.type = "opens"};
    snprintf(ret->about, sizeof(ret->about), "%s", record);
    snprintf(ret->text, sizeof(ret->text), "Opens to %s on %s.", promise_to_whom(p), p->due);
    snprintf(ret->state, sizeof(ret->state), "%s", p->to == TO_PUBLIC ? "public" : p->to == TO_ALLIANCE ? "alliance" : "named");
    snprintf(ret->owner, sizeof(ret->owner), "%s", p->to == TO_NAMED ? p->readers : "");
    memcpy(ret->due, p->due, sizeof(p->due));
}

/* ---- those that were made ---- */

struct looking {
    struct desk *d;
    struct view *v;
    char today[DATE_LEN + 1];
    promise_seen each;
    void *arg;
};

/* Named readers other than the alliance: their audience's id is known where the entry that opened was read. */
static enum err opened_to_named(struct looking *l, const struct promise_row *row, const struct record_id *id, bool *ret)
{
    struct named named;
    struct named_epoch e;
    char hex[AUDIENCE_TEXT_SIZE];
    *ret = false;
    if (!slug_equal(&id->slug, &l->d->identity->slug))
        return OK;
    if (named_of_text(l->d, row->readers, &named) != OK || named_find(l->d, l->v, &named, &e) != OK)
        return OK;
    hex_encode((struct bytes){e.audience.b, sizeof(e.audience.b)}, hex);
    wipe(&e, sizeof(e));
    return view_is_opened_to(l->v, id->slug.s, id->generation, id->idx, hex, ret);
}

static enum err each_promise(void *arg, const struct promise_row *row)
{
    struct looking *l = arg;
    struct record_id id;
    struct record_row record;
    struct promise_state p = {.row = row, .is_ours = strcmp(row->slug, l->d->identity->slug.s) == 0,
                              .is_due = strcmp(row->due, l->today) <= 0};
    if (record_id_parse(row->about, &id) != OK || strcmp(id.slug.s, row->slug) != 0)
        return OK;
    enum err e = view_record_at(l->v, id.slug.s, id.generation, id.idx, &record);
    if (e == ERR_UNKNOWN || (e == OK && record.is_withdrawn))
        return OK;                              /* nothing is left that could be opened */
    if (e == OK && strcmp(row->to, "named") == 0)
        e = opened_to_named(l, row, &id, &p.is_kept);
    p.is_kept |= audience_width(record.audience) >= (strcmp(row->to, "named") == 0 ? 1 : audience_width(row->to));
    return e == OK ? l->each(l->arg, &p) : e;
}

enum err promises_each(struct desk *d, struct view *v, promise_seen each, void *arg)
{
    struct looking l = {.d = d, .v = v, .each = each, .arg = arg};
    day_of(session_now_ms(), l.today);
    return view_promises(v, each_promise, &l);
}

static enum err count_due(void *arg, const struct promise_state *p)
{
    *(size_t *)arg += p->is_ours && p->is_due && !p->is_kept;
    return OK;
}

enum err promises_due(struct desk *d, struct view *v, size_t *ret)
{
    *ret = 0;
    return promises_each(d, v, count_due, ret);
}

void promises_remind(struct desk *d, struct view *v)
{
    size_t n;
    if (promises_due(d, v, &n) == OK && n > 0)
        say_next(d->s, "%zu opening%s due: `folkmoot open --due`", n, n == 1 ? " is" : "s are");
}
