#include "cli/assess/draft.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/officer/officers.h"
#include "cli/output/json.h"
#include "cli/say.h"
#include "keys/file.h"

static enum exit_status say_fault(struct session *s, const char *file, const struct assessment_fault *why)
{
    if (why->line > 0)
        return say_refused(s, EXIT_NO, "format", why->remedy, "%s, line %zu: %s", file, why->line, why->what);
    return say_refused(s, EXIT_NO, "format", why->remedy, "%s: %s", file, why->what);
}

static enum exit_status read_file(struct session *s, struct draft *d)
{
    struct assessment_fault why;
    struct buf all = buf_on(ASSESSMENT_FILE_MAX);
    enum err e = file_read(d->name, ASSESSMENT_FILE_MAX, &all);
    if (e != OK && e != ERR_LIMIT) {
        buf_release(&all);
        return say_unreadable(s, e, d->name, "`folkmoot assess new --out FILE.md` writes one to begin with");
    }
    if (e == OK)
        e = assessment_file_read(buf_bytes(&all), &d->file, &why);
    buf_release(&all);
    if (e == ERR_LIMIT)
        return say_refused(s, EXIT_NO, "too-long", "cite records, and leave long tables out",
                           "%s: a self-assessment has at most %d bytes", d->name, (int)ASSESSMENT_TEXT_MAX);
    if (e == ERR_FORMAT)
        return say_fault(s, d->name, &why);
    if (e != OK)
        return say_failed(s, e, NULL, "%s", d->name);
    d->text = buf_bytes(&d->file.text);
    if (assessment_file_head(d->text, &d->head, &d->body, &why) != OK)
        return say_fault(s, d->name, &why);
    d->is_signed = d->file.note.len > 0;
    if (d->is_signed && note_parse(buf_bytes(&d->file.note), &d->note) != OK)
        return say_refused(s, EXIT_NO, "format", "delete the signature lines, and everybody signs again",
                           "%s: its signature lines are damaged", d->name);
    return EXIT_OK;
}

enum exit_status draft_read(struct session *s, const char *file, struct draft **ret)
{
    struct draft *d = calloc(1, sizeof(*d));
    if (d == NULL)
        return say_failed(s, ERR_NOMEM, NULL, "%s", file);
    d->name = file;
    enum exit_status st = read_file(s, d);
    if (st != EXIT_OK) {
        draft_free(d);
        return st;
    }
    *ret = d;
    return EXIT_OK;
}

void draft_free(struct draft *d)
{
    if (d == NULL)
        return;
    assessment_file_release(&d->file);
    free(d);
}

/* ---- who has signed ---- */

/* A key's name is "<slug>/<role>". */
static void take_keys(struct draft *d)
{
    size_t len = strlen(d->head.slug.s);
    d->n_officers = 0;
    for (size_t i = 0; i < d->file.n_keys; i++) {
        const struct note_key *k = &d->file.keys[i];
        struct officer o = {.key = k->key, .is_own = true};
        if (k->type == NOTE_ED25519 && strncmp(k->name, d->head.slug.s, len) == 0 && k->name[len] == '/'
            && officer_role_parse(bytes_of(k->name + len + 1), &o.role) == OK)
            d->officers[d->n_officers++] = o;
    }
}

static enum err take_names(struct draft *d, const struct identity *id, const struct home *home)
{
    struct officer_rows *rows = calloc(1, sizeof(*rows));
    enum err e = rows != NULL ? officers_read(home, id, rows) : ERR_NOMEM;
    for (size_t i = 0; e == OK && i < d->who.n; i++)
        for (size_t k = 0; k < rows->n; k++)
            if (d->who.lines[i].officer != NULL && d->who.lines[i].officer->role == rows->rows[k].officer.role
                && memcmp(d->who.lines[i].officer->key.b, rows->rows[k].officer.key.b, sizeof(rows->rows[k].officer.key.b)) == 0)
                memcpy(d->who.lines[i].name, rows->rows[k].name, sizeof(rows->rows[k].name));
    free(rows);
    return e;
}

enum err draft_judge(struct draft *d, const struct identity *id, const struct home *home)
{
    d->has_home = id != NULL;
    if (id != NULL) {
        d->n_officers = id->n_officers;
        memcpy(d->officers, id->officers, sizeof(d->officers));
    } else {
        take_keys(d);
    }
    d->note.n_lines = d->is_signed ? d->note.n_lines : 0;
    assessment_judge(&d->note, &d->head.slug, d->officers, d->n_officers, NULL, 0, &d->who);
    return id != NULL && home != NULL ? take_names(d, id, home) : OK;
}

bool draft_names(const struct draft *d, enum assessment_line_state state, char ret[DRAFT_NAMES_SIZE])
{
    size_t at = 0;
    ret[0] = '\0';
    for (size_t i = 0; i < d->who.n && at < DRAFT_NAMES_SIZE - OFFICER_TEXT_SIZE - 2; i++) {
        char one[OFFICER_TEXT_SIZE];
        if (d->who.lines[i].state != state)
            continue;
        officer_text(d->who.lines[i].role, d->who.lines[i].name, one);
        at += (size_t)snprintf(ret + at, DRAFT_NAMES_SIZE - at, "%s%s", at > 0 ? ", " : "", one);
    }
    return at > 0;
}

json_t *draft_quartet_json(const struct draft *d)
{
    return d->has_home ? json_boolean(d->who.is_quartet) : json_null();
}

void draft_hash(const struct draft *d, char ret[HEX_SIZE(HASH_LEN)])
{
    struct hash h = sha256(d->text);
    hex_encode((struct bytes){h.b, sizeof(h.b)}, ret);
}

bool assess_has_home(struct session *s)
{
    struct home h;
    char offender[FILE_PATH_MAX];
    enum err e = home_resolve(option_value(&s->options, "home"), &h);
    return e == OK && home_check(&h, offender) != ERR_UNKNOWN;      /* one that cannot be trusted is told by whoever opens it */
}

struct sheet *draft_signatures(const struct draft *d)
{
    struct sheet *sh = sheet_new(assess_signature_columns, ASSESS_SIGNATURE_COLUMNS);
    for (size_t i = 0; i < d->who.n; i++) {
        const struct assessment_line *l = &d->who.lines[i];
        bool is_known = d->has_home && l->state != LINE_NOT_OFFICER;
        assess_signature_row(sh, officer_role_name(l->role), l->name, l->state == LINE_HOLDS,
                             !is_known ? NULL : l->is_own ? "own" : "held");
        if (!d->has_home)
            sheet_shown(sh, l->state == LINE_NOT_OFFICER ? "not known here" : "as the file names it");
    }
    return sh;
}
