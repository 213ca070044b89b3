/* cli/cmd_assess_sign.c - an officer signs a self-assessment: their own key file is enough, no home is needed. */
#include "cli/commands.h"

#include <string.h>

#include "cli/assess/draft.h"
#include "cli/officer/signer.h"
#include "cli/output/output.h"
#include "cli/say.h"
#include "keys/file.h"

const struct option_spec options_assess_sign[] = {
    {"as", 0, OPTION_VALUE, "dcs|chief-executive|lead-member|leader", "in which office, or the officer's name"},
    {"key", 0, OPTION_VALUE, "FILE", "the officer's own key file; without it one that this home holds"},
    OPTIONS_END,
};

struct signing {
    struct session *s;
    const char *as, *key;
    struct draft *draft;
    struct signer who;
    char void_names[DRAFT_NAMES_SIZE];
    json_t *voided;                         /* the offices that signed other words */
    bool is_already;                        /* this key has signed these words */
};

/* ---- before the question ---- */

static enum exit_status show(struct signing *x)
{
    struct session *s = x->s;
    const struct draft *d = x->draft;
    char hash[HEX_SIZE(HASH_LEN)], unknown[DRAFT_NAMES_SIZE];
    draft_hash(d, hash);
    x->voided = json_array();
    for (size_t i = 0; i < d->who.n; i++)
        if (d->who.lines[i].state == LINE_VOID)
            json_array_append_new(x->voided, json_text(officer_role_name(d->who.lines[i].role)));
    say_note(s, "%s: self-assessment of %s, %u, judgement %u (%s)", d->name, d->head.slug.s, (unsigned)d->head.year,
             d->head.judgement, assess_judgement_word(d->head.judgement));
    say_note(s, "the text's SHA-256 is %s", hash);
    if (draft_names(d, LINE_VOID, x->void_names))
        say_warning(s, "the text was changed since %s signed it: what they signed is void, and is taken out; they sign again",
                    x->void_names);
    if (draft_names(d, LINE_NOT_OFFICER, unknown))
        say_warning(s, d->has_home ? "%s: signed by a key that is no officer's now; `assess publish` will refuse it"
                                   : "%s: whether these words are what they signed cannot be told here", unknown);
    return ask_yes(s, "Sign this text as %s?", x->as);
}

/* ---- the line ---- */

static bool is_own_line(const struct signing *x, const struct note_line *l)
{
    struct note_key key = officer_key(&x->draft->head.slug, &x->who.officer);
    struct note_keyid id = note_keyid(&key);
    return bytes_equal(l->name, bytes_of(key.name)) && memcmp(l->id.b, id.b, sizeof(id.b)) == 0;
}

/* By name and key id, the key that is known of a line; NULL: none is. */
static const struct officer *officer_of(const struct draft *d, const struct note_line *l)
{
    for (size_t i = 0; i < d->n_officers; i++) {
        struct note_key key = officer_key(&d->head.slug, &d->officers[i]);
        struct note_keyid id = note_keyid(&key);
        if (bytes_equal(l->name, bytes_of(key.name)) && memcmp(l->id.b, id.b, sizeof(id.b)) == 0)
            return &d->officers[i];
    }
    return NULL;
}

/* Those that hold stay, and those that nobody here can judge. */
static void keep_lines(const struct signing *x, struct buf *lines, struct note_key *keys, size_t *n_keys)
{
    const struct draft *d = x->draft;
    for (size_t i = 0; i < d->note.n_lines; i++) {
        const struct note_line *l = &d->note.lines[i];
        const struct officer *o = officer_of(d, l);
        struct note_key key;
        if (is_own_line(x, l))
            continue;
        if (o != NULL) {
            key = officer_key(&d->head.slug, o);
            if (note_check(&d->note, &key, NULL) != OK)
                continue;
            if (*n_keys < IDENTITY_OFFICERS_MAX - 1)
                keys[(*n_keys)++] = key;
        }
        note_put_line(l, lines);
    }
}

static enum err write_file(struct signing *x)
{
    struct draft *d = x->draft;
    struct note_key keys[IDENTITY_OFFICERS_MAX], own = officer_key(&d->head.slug, &x->who.officer);
    struct buf lines = buf_on(NOTE_MAX), whole = buf_on(ASSESSMENT_FILE_MAX);
    size_t n_keys = 0;
    keep_lines(x, &lines, keys, &n_keys);
    note_sign(d->text, &own, &x->who.secret, &lines);
    keys[n_keys++] = own;
    enum err e = buf_status(&lines);
    if (e == OK) {
        assessment_file_write(d->text, keys, n_keys, buf_bytes(&lines), &whole);
        e = buf_status(&whole);
    }
    if (e == OK)
        e = file_export(d->name, buf_bytes(&whole), true);
    buf_release(&lines);
    buf_release(&whole);
    return e;
}

/* ---- who signs ---- */

static enum exit_status check_office(struct signing *x)
{
    for (size_t i = 0; i < QUARTET_ROLES; i++)
        if (x->who.officer.role == quartet_roles[i])
            return EXIT_OK;
    return say_refused(x->s, EXIT_USAGE, "not-of-the-quartet", "dcs, chief-executive, lead-member and leader do",
                       "%s: an officer of this office does not sign self-assessments", officer_role_name(x->who.officer.role));
}

static enum exit_status sign(struct signing *x, const struct identity *id, const struct home *home)
{
    struct session *s = x->s;
    enum exit_status st = check_office(x);
    for (size_t i = 0; st == EXIT_OK && i < x->draft->note.n_lines; i++) {
        struct note_key own = officer_key(&x->draft->head.slug, &x->who.officer);
        x->is_already |= is_own_line(x, &x->draft->note.lines[i]) && note_check(&x->draft->note, &own, NULL) == OK;
    }
    if (st != EXIT_OK || (x->is_already && x->void_names[0] == '\0'))
        return st;
    enum err e = write_file(x);
    if (e != OK)
        return say_failed(s, e, "nothing was signed", "writing %s", x->draft->name);
    struct draft *again = NULL;
    st = draft_read(s, x->draft->name, &again);             /* what stands there now is what is told */
    if (st != EXIT_OK)
        return st;
    const char *name = x->draft->name;
    draft_free(x->draft);
    x->draft = again;
    again->name = name;
    e = draft_judge(again, id, home);
    return e == OK ? EXIT_OK : say_failed(s, e, NULL, "%s", name);
}

static enum exit_status by_file(struct signing *x)
{
    enum err e = draft_judge(x->draft, NULL, NULL);
    enum exit_status st = e == OK ? show(x) : say_failed(x->s, e, NULL, "%s", x->draft->name);
    if (st == EXIT_OK)
        st = signer_from_file(x->s, x->key, x->as, &x->who);
    return st == EXIT_OK ? sign(x, NULL, NULL) : st;
}

static enum exit_status by_home(struct signing *x)
{
    struct desk d;
    struct session *s = x->s;
    enum exit_status st = desk_open(s, STORE_READ, &d);
    if (st == EXIT_OK && !slug_equal(&d.identity->slug, &x->draft->head.slug))
        st = say_refused(s, EXIT_NO, "other-authority", "--key FILE signs with the officer's own key",
                         "%s: it is a self-assessment of %s, and this home is %s's", x->draft->name, x->draft->head.slug.s,
                         d.identity->slug.s);
    if (st == EXIT_OK) {
        enum err e = draft_judge(x->draft, d.identity, &s->home);
        st = e == OK ? show(x) : say_failed(s, e, NULL, "%s", x->draft->name);
    }
    if (st == EXIT_OK)
        st = signer_held(&d, x->as, &x->who);
    if (st == EXIT_OK)
        st = sign(x, d.identity, &s->home);
    desk_close(&d);
    return st;
}

/* ---- the answer ---- */

static enum exit_status answer(const struct signing *x)
{
    struct session *s = x->s;
    const struct draft *d = x->draft;
    char hash[HEX_SIZE(HASH_LEN)], missing[128], words[ASSESS_MISSING_SIZE], who[OFFICER_TEXT_SIZE];
    draft_hash(d, hash);
    assessment_missing(&d->who, missing);
    assess_missing_words(missing, words);
    officer_text(x->who.officer.role, x->who.name, who);
    struct sheet *sh = draft_signatures(d);
    json_t *doc = json_document(s);
    json_object_set_new(doc, "file", json_text(d->name));
    json_object_set_new(doc, "slug", json_text(d->head.slug.s));
    json_object_set_new(doc, "year", json_integer(d->head.year));
    json_object_set_new(doc, "judgement", json_integer(d->head.judgement));
    json_object_set_new(doc, "hash", json_text(hash));
    json_object_set_new(doc, "role", json_text(officer_role_name(x->who.officer.role)));
    json_object_set_new(doc, "name", x->who.name[0] != '\0' ? json_text(x->who.name) : json_null());
    json_object_set_new(doc, "voided", json_incref(x->voided));
    json_object_set_new(doc, "signatures", sheet_json(sh));
    json_object_set_new(doc, "quartet", draft_quartet_json(d));
    json_object_set_new(doc, "missing", assess_missing_json(missing));
    out(s, "%s: %s by %s.\n\n", d->name, x->is_already ? "it was signed already" : "signed", who);
    enum exit_status st = output(s, doc, sh);
    sheet_free(sh);
    if (st == EXIT_OK && d->who.is_quartet)
        say_next(s, d->has_home ? "all four have signed: `folkmoot assess publish %s`"
                               : "there are lines of all four: at the authority, `folkmoot assess publish %s`", d->name);
    else if (st == EXIT_OK)
        say_next(s, "send %s on: %s have not signed yet", d->name, words);
    return st;
}

enum exit_status cmd_assess_sign(struct session *s)
{
    struct signing x = {.s = s, .as = option_value(&s->options, "as"), .key = option_value(&s->options, "key")};
    if (x.as == NULL)
        return say_usage(s, "name the office with --as dcs|chief-executive|lead-member|leader", "assess sign: who signs?");
    enum exit_status st = draft_read(s, session_arg(s, 0), &x.draft);
    if (st == EXIT_OK)
        st = x.key != NULL ? by_file(&x) : by_home(&x);
    if (st == EXIT_OK)
        st = answer(&x);
    wipe(&x.who.secret, sizeof(x.who.secret));
    json_decref(x.voided);
    draft_free(x.draft);
    return st;
}
