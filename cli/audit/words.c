/* cli/audit/words.c - a judgement for people. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/audit/answer.h"
#include "cli/audit/content.h"
#include "cli/output/json.h"
#include "cli/output/output.h"
#include "cli/say.h"

const char *verdict_words(enum verdict v)
{
    static const char *const words[VERDICT_COUNT] = {
        [VERDICT_VALID] = "its author signed it, and this is what it says",
        [VERDICT_INVALID] = "something does not hold: believe nothing of it",
        [VERDICT_VOID] = "what stands there is not its author's own",
        [VERDICT_WITHHELD] = "it stands there, and what it says is not shown here",
        [VERDICT_ERASED] = "it stood there, and its author took its content away",
        [VERDICT_UNPINNED] = "the file agrees with itself; nothing says that it is genuine",
    };
    return words[v];
}

void audit_names(const struct witnessed *w, size_t most, struct buf *ret)
{
    size_t n = w->n_listed < most ? w->n_listed : most;
    for (size_t i = 0; i < n; i++)
        buf_printf(ret, "%s%s", i > 0 ? ", " : "", w->list[i].name);
    if (w->n > n)
        buf_printf(ret, " and %zu more", w->n - n);
}

void audit_readers(const struct judgement *j, const struct judged *r, struct buf *ret)
{
    const struct member *readers[MEMBERS_MAX];
    const struct charter *c = r->epoch != NULL && r->epoch->is_alliance && j->trust.chain != NULL
                                  ? chain_find(j->trust.chain, &r->epoch->charter) : NULL;
    if (r->header.is_public) {
        buf_put_str(ret, "everybody");
    } else if (c != NULL) {
        size_t n = charter_readers(c, readers);
        buf_printf(ret, "the readers of charter %u: ", (unsigned)c->version);
        for (size_t i = 0; i < n; i++)
            buf_printf(ret, "%s%s", i > 0 ? ", " : "", readers[i]->slug.s);
    } else if (r->epoch != NULL) {
        buf_printf(ret, "%zu named readers, whose names only they can read", r->epoch->n_filled);
    } else {
        buf_put_str(ret, "readers that the file does not tell");
    }
    if (r->is_opened)
        buf_put_str(ret, "; opened later to everybody who holds the log");
}

static void show_buf(struct session *s, const char *label, struct buf *b)
{
    const char *text = buf_str(b);
    session_lacks(s, buf_status(b));
    if (text != NULL && text[0] != '\0')
        out(s, "  %-13s %s\n", label, text);
    buf_clear(b);
}

static void show_trusted(struct session *s, const struct judgement *j, const struct judged *r, struct buf *b)
{
    const struct judged_log *l = &j->logs[r->log];
    char at[TIME_TEXT_MAX];
    buf_put_str(b, l->is_ours ? l->origin.slug.s : l->name);
    if (r->identity_version > 0)
        buf_printf(b, ", by its identity version %u", (unsigned)r->identity_version);
    if (r->charter_version > 0)
        buf_printf(b, ", under charter %u of %s", (unsigned)r->charter_version, j->trust.now->name);
    show_buf(s, "signed by", b);
    if (r->witnessed->by_s > 0) {
        time_text(r->witnessed->by_s <= INT64_MAX / 1000 ? r->witnessed->by_s * 1000 : INT64_MAX, at);
        buf_printf(b, "%s at the latest: ", at);
    }
    audit_names(r->witnessed, 24, b);
    buf_printf(b, "%s%s", r->witnessed->n > 0 ? " " : "",
               !r->witnessed->has_quorum ? "(too few)" : r->witnessed->n > 0 ? "(enough)" : "(none is asked)");
    show_buf(s, "witnessed by", b);
}

static void show_record(struct session *s, const struct judgement *j, const struct judged *r)
{
    char text[JUDGED_TEXT_MAX], at[TIME_TEXT_MAX], shown[CONTENT_SHOWN_MAX];
    struct buf b = buf_on(128 * 1024);
    judged_text(j, r, text);
    out(s, "%s: %s: %s.\n", text, verdict_name(r->verdict), verdict_words(r->verdict));
    if (r->header.time_ms > 0) {
        time_text(r->header.time_ms, at);
        out(s, "  %-13s %s, by its author's word\n", "said at", at);
    }
    if (r->witnessed != NULL)
        show_trusted(s, j, r, &b);
    if (r->header.payload_len > 0) {
        audit_readers(j, r, &b);
        show_buf(s, "for", &b);
    }
    if (r->withdrawn != NULL) {
        time_text(r->withdrawn->time_ms, at);
        out(s, "  %-13s %s, %s\n", "withdrawn", at, r->withdrawn->reason);
    }
    if (r->content != NULL) {
        content_shown(r->content, shown);
        out(s, "  %-13s %s\n", "says", shown);
    }
    buf_release(&b);
}

struct tally { uint64_t n, by[VERDICT_COUNT]; };   /* records of one log */

static void show_log(struct session *s, const struct judgement *j, const struct judged_log *l, const struct tally *t)
{
    const struct head *h = l->n_heads > 0 ? &l->heads[l->n_heads - 1] : NULL;
    char total[COUNT_SHOWN_MAX], some[COUNT_SHOWN_MAX];
    count_shown((int64_t)l->entries, total);
    out(s, "%s: %s entries", l->name, total);
    count_shown((int64_t)t->n, some);
    out(s, ", %s of them records", some);
    for (size_t v = 0; v < VERDICT_COUNT; v++)
        if (t->by[v] > 0) {
            count_shown((int64_t)t->by[v], some);
            out(s, ", %s %s", some, verdict_name((enum verdict)v));
        }
    if (j->trust.kind != TRUST_NONE && h != NULL)
        out(s, "; its newest state is witnessed by %zu%s", h->witnessed.n,
            h->witnessed.has_quorum ? ", which is enough" : ": too few");
    out(s, "\n");
}

static void show_problems(struct session *s, const struct problems *p)
{
    for (size_t i = 0; i < p->n; i++)
        out(s, "%s %s\n", p->list[i].is_failure ? "!" : "-", p->list[i].text);
    if (p->n_unlisted > 0)
        out(s, "- and %zu more\n", p->n_unlisted);
}

/* What is claimed, and how to find out whether it is so. */
static void show_claim(struct session *s, const struct judgement *j, const char *file)
{
    char hex[HEX_SIZE(HASH_LEN)];
    if (j->trust.kind != TRUST_NONE || !audit_claimed(j, hex))
        return;
    out(s, "\nThe file's newest charter is version %u of \"%s\":\n  %s\n", (unsigned)j->trust.now->version, j->trust.now->name,
        hex);
    out(s, "Anybody can make up an alliance. Ask one of its stewards, over another channel, for the hash of a charter of theirs\n"
           "(`folkmoot alliance show` prints it), and name what they say, not what stands above:\n"
           "  folkmoot audit %s --charter HASH\n", file);
}

static void show_logs(struct session *s, const struct judgement *j)
{
    struct tally *t = calloc(j->n_logs + 1, sizeof(*t));
    session_lacks(s, t != NULL ? OK : ERR_NOMEM);
    for (size_t i = 0; t != NULL && i < j->n_records; i++) {
        t[j->records[i].log].n++;
        t[j->records[i].log].by[j->records[i].verdict]++;
    }
    for (size_t i = 0; t != NULL && i < j->n_logs; i++)
        show_log(s, j, &j->logs[i], &t[i]);
    free(t);
}

void audit_words(struct session *s, const struct judgement *j, const char *file)
{
    if (j->file == AUDIT_BUNDLE)
        show_logs(s, j);
    for (size_t i = 0; i < j->n_records; i++)
        if (j->file != AUDIT_BUNDLE || s->verbose)
            show_record(s, j, &j->records[i]);
    if (j->problems.n > 0)
        out(s, "\n");
    show_problems(s, &j->problems);
    show_claim(s, j, file);
    out(s, "\n%s\n", j->is_ok ? "All that the file says holds." : "NOT all that the file says holds.");
}
