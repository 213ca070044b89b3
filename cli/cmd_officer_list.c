/* cli/cmd_officer_list.c - who signs for a member, and their public keys in the forms that other people's tools want. */
#include "cli/commands.h"

#include <stdlib.h>
#include <string.h>

#include "cli/officer/officers.h"
#include "cli/output/output.h"
#include "cli/say.h"
#include "protocol/filesig.h"

const struct option_spec options_officer_list[] = {
    {"authority", 0, OPTION_VALUE, "A", "another member's"},
    {"format", 0, OPTION_CHOICE, "minisign|ssh", "print the keys as minisign -p, or as ssh-keygen -f, has them"},
    OPTIONS_END,
};

static const struct column columns[] = {
    {"role", "office", 0}, {"name", "name", 0}, {"kind", "key", 0}, {"fingerprint", "fingerprint", 0}, {"key", NULL, 0},
    {"minisign", NULL, 0}, {"ssh", NULL, 0},
};

static void add_text(struct sheet *sh, struct buf *b)
{
    sheet_text(sh, buf_str(b));
    buf_clear(b);
}

static void add_row(struct sheet *sh, const struct officer_row *r)
{
    char print[FINGERPRINT_SIZE], key[BASE64_SIZE(32)];
    struct buf b = buf_on(FILESIG_MAX);
    fingerprint(&r->officer.key, print);
    base64_encode((struct bytes){r->officer.key.b, sizeof(r->officer.key.b)}, key);
    sheet_row(sh);
    sheet_text(sh, officer_role_name(r->officer.role));
    sheet_text(sh, r->name[0] != '\0' ? r->name : NULL);
    sheet_text(sh, r->officer.is_own ? "own" : "held");
    sheet_text(sh, print);
    sheet_text(sh, key);
    minisign_key(&r->officer.key, &b);
    add_text(sh, &b);
    ssh_key(&r->officer.key, &b);
    add_text(sh, &b);
    buf_release(&b);
}

static enum exit_status print_keys(struct session *s, const struct identity *id, const struct officer_rows *rows, bool is_ssh)
{
    struct buf b = buf_on(FILESIG_MAX * IDENTITY_OFFICERS_MAX);
    for (size_t i = 0; i < rows->n; i++) {
        const struct officer *o = &rows->rows[i].officer;
        if (is_ssh) {
            buf_printf(&b, "%s@%s namespaces=\"%s\" ", officer_role_name(o->role), id->slug.s, SSHSIG_NAMESPACE);
            ssh_key(&o->key, &b);
            buf_put_str(&b, "\n");
        } else {
            minisign_public(&o->key, &b);
        }
    }
    enum err e = buf_status(&b);
    if (e == OK && b.len > 0)
        out_text(s, buf_bytes(&b));
    buf_release(&b);
    return e == OK ? EXIT_OK : say_failed(s, e, NULL, "officer list");
}

static enum exit_status list(struct desk *d, const struct identity *id, struct officer_rows *rows)
{
    struct session *s = d->s;
    const char *format = option_value(&s->options, "format"), *word = session_arg(s, 0);
    if (word != NULL) {
        const struct officer_row *one = officers_find(s, rows, id, word);
        if (one == NULL)
            return EXIT_USAGE;
        struct officer_row found = *one;
        rows->rows[0] = found;
        rows->n = 1;
    }
    if (format != NULL && s->mode != OUTPUT_TEXT)
        return say_usage(s, "leave --format out: --json has every form", "--format %s: it is for text", format);
    if (format != NULL)
        return print_keys(s, id, rows, strcmp(format, "ssh") == 0);
    struct sheet *sh = sheet_new(columns, sizeof(columns) / sizeof(columns[0]));
    for (size_t i = 0; i < rows->n; i++)
        add_row(sh, &rows->rows[i]);
    json_t *doc = json_document(s);
    json_object_set_new(doc, "slug", json_text(id->slug.s));
    json_object_set_new(doc, "version", json_integer(id->version));
    json_object_set_new(doc, "officers", sheet_json(sh));
    if (rows->n == 0)
        out(s, "%s has no officers.\n", id->slug.s);
    enum exit_status st = output(s, doc, sh);
    sheet_free(sh);
    if (st == EXIT_OK && rows->n == 0 && id == d->identity)
        say_next(s, "`folkmoot officer add --role dcs --name NAME` enrols one");
    return st;
}

static enum exit_status work(struct desk *d)
{
    struct identity *other = NULL;
    const struct identity *id = d->identity;
    const char *word = option_value(&d->s->options, "authority");
    if (word != NULL) {
        if (desk_charter(d) == NULL)
            return desk_need_member(d);
        const struct member *m = desk_find_member(d, word);
        if (m == NULL)
            return EXIT_USAGE;
        enum err e = desk_identity_of(d, &m->slug, &other);
        if (e == ERR_UNKNOWN)
            return say_refused(d->s, EXIT_NO, "unknown-identity", "`folkmoot sync` fetches it", "%s: its identity is not held here",
                               m->slug.s);
        if (e != OK)
            return say_failed(d->s, e, NULL, "officer list");
        id = other;
    }
    struct officer_rows *rows = calloc(1, sizeof(*rows));
    enum err e = rows != NULL ? officers_read(&d->s->home, id, rows) : ERR_NOMEM;
    enum exit_status st = e == OK ? list(d, id, rows) : say_failed(d->s, e, NULL, "reading private/officers");
    free(rows);
    free(other);
    return st;
}

enum exit_status cmd_officer_list(struct session *s)
{
    return desk_run(s, DESK_READ, work);
}
