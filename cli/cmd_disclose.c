/* cli/cmd_disclose.c - some records for somebody outside: their own keys, proofs, identities and charters, nothing else. */
#include "cli/commands.h"

#include <stdlib.h>

#include "cli/audit/answer.h"
#include "cli/disclose/disclose.h"
#include "cli/export.h"
#include "cli/output/output.h"
#include "cli/say.h"

const struct option_spec options_disclose[] = {
    {"to", 0, OPTION_VALUE, "BOX_KEY", "seal the file so that only this key opens it"},
    {"out", 0, OPTION_VALUE, "FILE.fmb", "where to write it"},
    OPTIONS_END,
};

struct giving {
    struct desk *d;
    struct disclosing *x;
    struct dh_public to;
    bool is_sealed;
    const char *file;
    struct buf plain, sealed;
    struct judgement *judged;
};

static enum exit_status refused(struct giving *g, enum err e, const char *text)
{
    struct session *s = g->d->s;
    if (e == ERR_UNKNOWN)
        return say_refused(s, EXIT_NO, "nothing-found", "`folkmoot status` says how much is held",
                           "disclose %s: no record that is held whole, under a checkpoint of its author, stands there", text);
    if (e == ERR_FORMAT)
        return say_refused(s, EXIT_NO, "no-record", "`folkmoot prove` proves that it stands there",
                           "disclose %s: what stands there is no record", text);
    if (e == ERR_DENIED)
        return say_refused(s, EXIT_NO, "sealed", "its author, or one of its readers, can disclose it",
                           "disclose %s: we cannot read it ourselves", text);
    if (e == ERR_EXISTS)
        return say_usage(s, "name each record once", "disclose %s: it is named twice", text);
    if (e == ERR_COMMIT || e == ERR_DECRYPT)
        return say_refused(s, EXIT_NO, err_code(e), "ask its author", "disclose %s: its author sealed what nobody can open", text);
    return say_failed(s, e, NULL, "disclose %s", text);
}

static enum exit_status add(struct giving *g, const char *word)
{
    struct record_id id;
    char text[RECORD_TEXT_SIZE];
    enum exit_status st = ask_record(g->d, g->d->view, word, &id);
    if (st != EXIT_OK)
        return st;
    struct origin o = {.alliance = g->d->origin.alliance, .slug = id.slug, .generation = id.generation};
    record_id_text(&id, text);
    enum err e = disclosing_add(g->x, g->d->view, &o, id.idx);
    return e == OK ? EXIT_OK : refused(g, e, text);
}

/* What leaves is first judged as its receiver will: by our own charter. */
static enum err judge(struct giving *g, const struct disclosure *made)
{
    struct disclosure read;
    disclosure_write(made, &g->plain);
    enum err e = buf_status(&g->plain);
    if (e == OK)
        e = disclosure_read(buf_bytes(&g->plain), &read);
    if (e != OK)
        return e;
    g->judged = judgement_new(AUDIT_DISCLOSURE, &desk_charter(g->d)->hash, NULL);
    e = g->judged != NULL ? judge_disclosure(g->judged, &read) : ERR_NOMEM;
    disclosure_release(&read);
    for (size_t i = 0; e == OK && i < g->judged->n_records; i++)
        if (g->judged->records[i].verdict == VERDICT_INVALID)
            e = ERR_CORRUPT;
    return e;
}

static enum exit_status answer(struct giving *g, bool is_stdout)
{
    struct session *s = g->d->s;
    char key[BASE64_SIZE(32)], hex[HEX_SIZE(HASH_LEN)];
    if (is_stdout)
        return EXIT_OK;
    json_t *doc = json_document(s);
    base64_encode((struct bytes){g->to.b, sizeof(g->to.b)}, key);
    audit_json(g->judged, doc);
    json_object_set_new(doc, "file", json_text(g->file));
    json_object_set_new(doc, "to", g->is_sealed ? json_text(key) : json_null());
    if (s->mode == OUTPUT_TEXT) {
        out(s, "This leaves, in %s%s:\n\n", g->file, g->is_sealed ? ", and only the key that it is sealed to opens it" : "");
        audit_words(s, g->judged, g->file);
    }
    struct sheet *rows = s->mode == OUTPUT_CSV ? audit_sheet(g->judged) : NULL;
    enum exit_status st = output(s, doc, rows);
    sheet_free(rows);
    hex_encode((struct bytes){desk_charter(g->d)->hash.b, HASH_LEN}, hex);
    if (st == EXIT_OK)
        say_next(s, "whoever has the file runs `folkmoot audit %s --charter %s%s`; tell them that hash over another channel",
                 g->file, hex,
                 g->is_sealed ? " --key FILE" : "");
    return st;
}

static enum exit_status write_file(struct giving *g)
{
    struct session *s = g->d->s;
    struct disclosure made;
    bool is_stdout;
    enum err e = disclosing_end(g->x, &made);
    if (e == OK)
        e = judge(g, &made);
    if (e == OK && g->is_sealed)
        e = disclosure_seal(&g->to, buf_bytes(&g->plain), &g->sealed);
    if (e == ERR_KEY)
        return say_usage(s, "a key as of `folkmoot audit --new-key`, or of `folkmoot id`",
                         "--to: nobody can open what is sealed to this key");
    if (e == ERR_LIMIT)
        return say_refused(s, EXIT_NO, "too-large", "disclose fewer records in one file",
                           "disclose: it would be larger than %d MiB",
                           DISCLOSURE_MAX / 1024 / 1024);
    if (e == ERR_CORRUPT)
        return say_failed(s, e, "`folkmoot verify` says more; nothing was written", "disclose");
    if (e != OK)
        return say_failed(s, e, "nothing was written", "disclose");
    if (disclosing_marking(g->x) == MARKING_SENSITIVE && !g->is_sealed)
        say_warning(s, "what is marked OFFICIAL-SENSITIVE leaves in clear: --to BOX_KEY would seal it");
    enum exit_status st = export_whole(s, g->file, buf_bytes(g->is_sealed ? &g->sealed : &g->plain), &is_stdout);
    return st == EXIT_OK ? answer(g, is_stdout) : st;
}

static enum exit_status give(struct giving *g)
{
    struct session *s = g->d->s;
    enum err e = disclosing_new(g->d, &g->x);
    if (e != OK)
        return say_failed(s, e, NULL, "disclose");
    enum exit_status st = EXIT_OK;
    struct progress p = progress_start(s, "records", s->n_args);
    for (size_t i = 0; i < s->n_args && st == EXIT_OK; i++) {
        progress_step(&p, i);
        st = add(g, s->args[i]);
    }
    progress_end(&p);
    return st == EXIT_OK ? write_file(g) : st;
}

static enum exit_status disclose(struct desk *d)
{
    struct session *s = d->s;
    struct giving g = {.d = d, .file = option_value(&s->options, "out"), .plain = buf_on(DISCLOSURE_MAX),
                       .sealed = buf_on(DISCLOSURE_MAX)};
    const char *to = option_value(&s->options, "to");
    if (g.file == NULL)
        return say_usage(s, "--out FILE.fmb", "disclose: it needs a file to write");
    g.is_sealed = to != NULL;
    if (to != NULL && base64_decode(bytes_of(to), g.to.b, sizeof(g.to.b)) != OK)
        return say_usage(s, "44 letters, as `folkmoot audit --new-key` or `folkmoot id` prints it", "--to %.60s: it is no box key",
                         to);
    if (desk_charter(d) == NULL)
        return desk_need_member(d);
    enum exit_status st = desk_view(d, &d->view);
    if (st == EXIT_OK)
        st = give(&g);
    judgement_free(g.judged);
    disclosing_free(g.x);
    buf_wipe(&g.plain);
    buf_release(&g.sealed);
    return st;
}

enum exit_status cmd_disclose(struct session *s)
{
    return desk_run(s, DESK_READ, disclose);
}
