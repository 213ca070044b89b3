/* cli/audit/judge_proof.c - a C2SP tlog-proof: one entry, one checkpoint, and no word of who may sign it. */
#include <stdlib.h>
#include <string.h>

#include "cli/audit/judge_inside.h"

/* The log, by the first line of the checkpoint, whatever kind of origin that is. */
static enum err add_log(struct judgement *j, const struct tlog_proof *p)
{
    struct note *n = malloc(sizeof(*n));
    struct bytes text, line;
    struct origin o;
    size_t log;
    enum err e = n != NULL ? note_parse(p->note, n) : ERR_NOMEM;
    if (e == OK) {
        text = n->text;
        e = bytes_line(&text, &line) && line.len <= NOTE_KEY_NAME_MAX ? OK : ERR_FORMAT;
    }
    if (e == OK && origin_parse(line, &o) == OK) {
        j->trust.alliance = o.alliance;
        e = judge_add_log(j, &(struct log_ref){o.slug, o.generation}, &log);
    } else if (e == OK) {
        e = judge_add_log(j, &(struct log_ref){{"log"}, 1}, &log);
        if (e == OK) {
            j->logs[log].is_ours = false;
            e = bytes_to_str(line, j->logs[log].name, sizeof(j->logs[log].name));
        }
    }
    free(n);
    return e;
}

static const char *wrong_with(const struct judgement *j, const struct tlog_proof *p, struct header *h)
{
    const struct judged_log *l = &j->logs[0];
    const struct head *head = l->n_heads > 0 ? &l->heads[0] : NULL;
    struct hash leaf = merkle_leaf((struct bytes){p->extra, p->extra_len});
    if (p->extra_len == 0)
        return "the file has no `extra`: what stands in the log is not said";
    if (head == NULL || p->idx >= head->size || merkle_check_inclusion(p->idx, head->size, &leaf, &p->proof, &head->root) != OK)
        return "it is not proven to stand in the log";
    return l->is_ours && header_read((struct bytes){p->extra, p->extra_len}, h) != OK ? "its header is none" : NULL;
}

enum err judge_proof(struct judgement *j, const struct tlog_proof *p)
{
    struct judged *r;
    bool taken;
    struct header h = {0};
    enum err e = add_log(j, p);
    if (e != OK && e != ERR_NOMEM) {
        problems_add(&j->problems, true, "the checkpoint in the file is none: %s", err_text(e));
        return OK;
    }
    if (e == OK)
        e = judge_head(j, 0, p->note, false, &taken);
    if (e != OK)
        return e;
    const char *wrong = wrong_with(j, p, &h);
    e = judge_add_record(j, 0, p->idx, &h, &r);
    if (e != OK)
        return e;
    r->is_broken = wrong != NULL;
    if (wrong != NULL)
        problems_add(&j->problems, true, "entry: %s", wrong);
    return judge_settle(j);
}
