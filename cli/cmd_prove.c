/* cli/cmd_prove.c - one entry's place in its log, as a C2SP tlog-proof that other people's tools check. */
#include "cli/commands.h"

#include "cli/disclose/disclose.h"
#include "cli/export.h"
#include "cli/output/output.h"
#include "cli/say.h"

const struct option_spec options_prove[] = {
    {"out", 0, OPTION_VALUE, "FILE.tlog-proof", "where to write it"},
    OPTIONS_END,
};

static enum exit_status answer(struct session *s, const char *text, const struct latest_state *at, const char *file, bool is_stdout)
{
    json_t *doc = json_document(s);
    json_object_set_new(doc, "record", json_text(text));
    json_object_set_new(doc, "file", json_text(file));
    json_object_set_new(doc, "size", json_integer((json_int_t)at->size));
    json_object_set_new(doc, "cosignatures", json_integer(at->n_witnesses));
    json_object_set_new(doc, "quorum", json_boolean(at->has_quorum));
    if (is_stdout) {
        json_decref(doc);
        return EXIT_OK;
    }
    out(s, "%s: proven by the log's first %llu entries, %s\n", text, (unsigned long long)at->size,
        at->has_quorum ? "the first state above it that enough witnesses stand behind: it was there then, at the latest"
                       : "the newest state that is held whole: too few witnesses stand behind any yet");
    enum exit_status st = output(s, doc, NULL);
    if (st == EXIT_OK)
        say_next(s, "`folkmoot audit %s --policy FILE` checks it, as do other people's tools; it does not show what the entry says",
                 file);
    return st;
}

static enum exit_status write_proof(struct desk *d, const struct record_id *id, const char *file)
{
    struct disclosing *x = NULL;
    struct latest_state at;
    struct tlog_proof p;
    struct buf b = buf_on(TLOG_PROOF_MAX);
    char text[RECORD_TEXT_SIZE];
    bool is_stdout = false;
    struct origin o = {.alliance = d->origin.alliance, .slug = id->slug, .generation = id->generation};
    record_id_text(id, text);
    enum err e = disclosing_new(d, &x);
    if (e == OK)
        e = disclosing_prove(x, &o, id->idx, &p, &at);
    if (e == OK) {
        tlog_proof_write(&p, &b);
        e = buf_status(&b);
    }
    enum exit_status st = EXIT_OK;
    if (e == ERR_UNKNOWN)
        st = say_refused(d->s, EXIT_NO, "nothing-found", "`folkmoot status` says how much is held",
                         "prove %s: no entry that is held whole, under a checkpoint of its author, stands there", text);
    else if (e != OK)
        st = say_failed(d->s, e, NULL, "prove %s", text);
    if (st == EXIT_OK)
        st = export_whole(d->s, file, buf_bytes(&b), &is_stdout);
    if (st == EXIT_OK)
        st = answer(d->s, text, &at, file, is_stdout);
    buf_release(&b);
    disclosing_free(x);
    return st;
}

static enum exit_status prove(struct desk *d)
{
    struct record_id id;
    const char *file = option_value(&d->s->options, "out");
    if (file == NULL)
        return say_usage(d->s, "--out FILE.tlog-proof", "prove: it needs a file to write");
    if (desk_charter(d) == NULL)
        return desk_need_member(d);
    enum exit_status st = desk_view(d, &d->view);
    if (st == EXIT_OK)
        st = ask_record(d, d->view, d->s->args[0], &id);
    return st == EXIT_OK ? write_proof(d, &id, file) : st;
}

enum exit_status cmd_prove(struct session *s)
{
    return desk_run(s, DESK_READ, prove);
}
