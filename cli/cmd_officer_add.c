/* cli/cmd_officer_add.c - an officer's key into our identity: a key of their own, or one that we hold for them. */
#include "cli/commands.h"

#include <string.h>

#include "cli/author/identity.h"
#include "cli/officer/officers.h"
#include "cli/output/output.h"
#include "cli/say.h"
#include "keys/officer_file.h"

const struct option_spec options_officer_add[] = {
    {"role", 0, OPTION_CHOICE, OFFICER_ROLE_WORDS, "the office; with --key it is in the file"},
    {"name", 0, OPTION_VALUE, "NAME", "the person's name; with --key it is in the file"},
    {"key", 0, OPTION_VALUE, "FILE.pub", "the person's own key; without it this node makes one and holds it"},
    OPTIONS_END,
};

struct adding {
    struct desk *d;
    struct officer_card card;
    struct buf note;                        /* the card signed */
    bool is_own;
    struct sym_secret seed;
};

static enum exit_status ask_held(struct adding *a)
{
    struct session *s = a->d->s;
    const char *name = option_value(&s->options, "name");
    enum exit_status st = officer_ask_role(s, &a->card.role);
    if (st != EXIT_OK)
        return st;
    if (name == NULL || officer_name_check(name) != OK)
        return say_usage(s, "give it with --name \"Jane Roe\"", "whose key? a name is one line of at most %d bytes", NAME_MAX_LEN);
    memcpy(a->card.name, name, strlen(name) + 1);
    return EXIT_OK;
}

/* What the officer's own file says stands; what is typed beside it must agree. */
static enum exit_status ask_own(struct adding *a, const char *file)
{
    struct session *s = a->d->s;
    const char *role = option_value(&s->options, "role"), *name = option_value(&s->options, "name");
    enum exit_status st = officer_card_load(s, file, &a->card, &a->note);
    if (st != EXIT_OK)
        return st;
    a->is_own = true;
    if (role != NULL && strcmp(role, officer_role_name(a->card.role)) != 0)
        return say_refused(s, EXIT_NO, "other-role", "leave --role out, or have a key made for that office",
                           "%s: it is a key for %s", file, officer_role_name(a->card.role));
    if (name != NULL && strcmp(name, a->card.name) != 0)
        return say_refused(s, EXIT_NO, "other-name", "leave --name out, or have the key made under that name",
                           "%s: it is the key of %s", file, a->card.name);
    return EXIT_OK;
}

/* One person holds one office by one key: a second is revoked first. Offices may be shared. */
static enum exit_status is_new(struct adding *a)
{
    struct session *s = a->d->s;
    struct officer_rows rows;
    enum err e = officers_read(&s->home, a->d->identity, &rows);
    if (e != OK)
        return say_failed(s, e, NULL, "reading private/officers");
    for (size_t i = 0; i < rows.n; i++) {
        const struct officer_row *r = &rows.rows[i];
        bool is_key = a->is_own && memcmp(r->officer.key.b, a->card.key.b, sizeof(a->card.key.b)) == 0;
        bool is_person = r->officer.role == a->card.role && strcmp(r->name, a->card.name) == 0;
        if (is_key || is_person)
            return say_refused(s, EXIT_NO, "exists", "`folkmoot officer revoke` ends the old one first",
                               is_key ? "%s: this key is enrolled already" : "%s: is enrolled as %s already", a->card.name,
                               officer_role_name(a->card.role));
    }
    if (rows.n == IDENTITY_OFFICERS_MAX)
        return say_refused(s, EXIT_NO, "too-many", "revoke those who have left", "an identity has at most %d officers",
                           IDENTITY_OFFICERS_MAX);
    return EXIT_OK;
}

static enum exit_status edit(void *arg, uint64_t index, struct identity *next)
{
    struct adding *a = arg;
    struct sign_secret secret;
    (void)index;
    if (!a->is_own) {
        officer_held_key(&a->seed, a->card.role, next->version, &secret, &a->card.key);
        officer_card_sign(&a->card, &secret, &a->note);
        wipe(&secret, sizeof(secret));
    }
    enum err e = buf_status(&a->note);
    if (e != OK)
        return say_failed(a->d->s, e, NULL, "officer add");
    if (next->n_officers == IDENTITY_OFFICERS_MAX)
        return say_failed(a->d->s, ERR_LIMIT, NULL, "officer add");
    next->officers[next->n_officers++] = (struct officer){.role = a->card.role, .key = a->card.key, .is_own = a->is_own};
    return EXIT_OK;
}

static enum exit_status answer(struct adding *a, const struct checkpoint *head)
{
    struct session *s = a->d->s;
    char who[OFFICER_TEXT_SIZE], print[FINGERPRINT_SIZE];
    officer_text(a->card.role, a->card.name, who);
    fingerprint(&a->card.key, print);
    json_t *doc = json_document(s);
    json_object_set_new(doc, "role", json_text(officer_role_name(a->card.role)));
    json_object_set_new(doc, "name", json_text(a->card.name));
    json_object_set_new(doc, "key", json_base64((struct bytes){a->card.key.b, sizeof(a->card.key.b)}));
    json_object_set_new(doc, "kind", json_text(a->is_own ? "own" : "held"));
    json_object_set_new(doc, "fingerprint", json_text(print));
    json_object_set_new(doc, "version", json_integer(a->d->identity->version));
    json_object_set_new(doc, "size", json_integer((json_int_t)head->size));
    out(s, "%s signs for %s from now on, by %s.\nFingerprint: %s\n", who, a->d->identity->slug.s,
        a->is_own ? "a key of their own" : "a key that this node holds", print);
    enum exit_status st = output(s, doc, NULL);
    if (st == EXIT_OK)
        say_next(s, "%s", a->is_own
                 ? "ask them to read you their fingerprint; if it is another, `folkmoot officer revoke` now"
                 : "whoever signs with it knows this node's passphrase: `officer keygen` makes a key that is theirs alone");
    return st;
}

static enum exit_status add(struct desk *d, struct adding *a)
{
    struct checkpoint head = {.size = 0};
    const char *file = option_value(&d->s->options, "key");
    enum exit_status st = file != NULL ? ask_own(a, file) : ask_held(a);
    if (st == EXIT_OK)
        st = is_new(a);
    if (st == EXIT_OK)
        st = desk_seed(d->s, &a->seed);
    if (st == EXIT_OK) {
        struct identity_change change = {.what = "enrolling an officer", .seed = &a->seed, .edit = edit, .arg = a};
        st = identity_change(d, &change, &head);
    }
    if (st != EXIT_OK)
        return st;
    enum err e = officers_keep_card(&d->s->home, &a->card, buf_bytes(&a->note));
    if (e != OK)
        say_warning(d->s, "enrolled, but the name could not be kept in private/officers: %s", err_text(e));
    return answer(a, &head);
}

static enum exit_status work(struct desk *d)
{
    struct adding a = {.d = d, .note = buf_on(OFFICER_CARD_MAX)};
    enum exit_status st = add(d, &a);
    wipe(&a.seed, sizeof(a.seed));
    buf_release(&a.note);
    return st;
}

enum exit_status cmd_officer_add(struct session *s)
{
    return desk_run(s, DESK_WRITE | DESK_MEMBER, work);
}
