#include "cli/commands.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/output/output.h"
#include "cli/register/register.h"
#include "cli/say.h"
#include "cli/secret.h"
#include "keys/file.h"
#include "keys/keyfile.h"
#include "keys/passphrase.h"
#include "node/config.h"
#include "node/store/store.h"

const struct option_spec options_init[] = {
    {"name", 0, OPTION_VALUE, "NAME", "what people call the body"},
    {"dfe", 0, OPTION_VALUE, "CODE", "its DfE code, three digits"},
    {"gss", 0, OPTION_VALUE, "CODE", "its GSS code"},
    {"role", 0, OPTION_CHOICE, "authority|lead|partner|relay", "what it asks the charter to say of it (authority)"},
    {"listen", 0, OPTION_VALUE, "HOST:PORT", "where peers may dial this node; without it the node only dials"},
    {"advertise", 0, OPTION_LIST, "HOST:PORT", "the address that peers are told, when it is not the one it listens on"},
    {"unprotected", 0, OPTION_FLAG, NULL, "keep the seed in clear: for machines that nobody types a passphrase into"},
    OPTIONS_END,
};

static enum exit_status text_field(struct session *s, const char *what, const char *value, char *ret, size_t size)
{
    if (value == NULL || bytes_to_str(bytes_of(value), ret, size) == OK)
        return EXIT_OK;
    return say_usage(s, "give a shorter one", "%s: it is too long", what);
}

/* Who it is: from the register by code or name, or in the caller's own words. */
static enum exit_status who(struct session *s, struct identity *id)
{
    const char *word = session_arg(s, 0), *name = option_value(&s->options, "name");
    if (word == NULL)
        return say_usage(s, "`folkmoot init 845`, or `folkmoot init SLUG --name \"NAME\"`", "init: which body is this node's?");
    const struct authority *a = NULL;
    enum err found = name == NULL ? register_find(word, &a) : ERR_UNKNOWN;
    if (found == ERR_CONFLICT)
        return say_usage(s, "use its DfE code or slug", "%s: several authorities answer to this", word);
    if (found == OK) {
        id->slug = a->slug;
        (void)text_field(s, "name", a->name, id->name, sizeof(id->name));
        (void)text_field(s, "code", a->dfe, id->codes.dfe, sizeof(id->codes.dfe));
        (void)text_field(s, "code", a->gss, id->codes.gss, sizeof(id->codes.gss));
    } else if (name == NULL) {
        return say_unknown(s, "authority", word, register_nearest(word), "for a body that is not in the register give its --name");
    } else if (slug_parse(bytes_of(word), &id->slug) != OK) {
        return say_usage(s, "two to forty of a-z, 0-9 and '-', beginning with a letter", "%s: no slug", word);
    }
    enum exit_status st = text_field(s, "--name", name, id->name, sizeof(id->name));
    if (st == EXIT_OK)
        st = text_field(s, "--dfe", option_value(&s->options, "dfe"), id->codes.dfe, sizeof(id->codes.dfe));
    if (st == EXIT_OK)
        st = text_field(s, "--gss", option_value(&s->options, "gss"), id->codes.gss, sizeof(id->codes.gss));
    return st;
}

static enum exit_status address(struct session *s, struct identity *id, struct config *c, const char *word)
{
    if (!address_is_valid(bytes_of(word)) || strlen(word) > ADDRESS_MAX)
        return say_usage(s, "for example node.example.gov.uk:7117", "%s: no HOST:PORT", word);
    if (id->n_addresses == IDENTITY_ADDRESSES_MAX)
        return say_usage(s, "leave the others out", "--advertise: at most %d addresses", (int)IDENTITY_ADDRESSES_MAX);
    memcpy(id->addresses[id->n_addresses++], word, strlen(word) + 1);
    memcpy(c->advertise[c->n_advertise++], word, strlen(word) + 1);
    return EXIT_OK;
}

static bool is_wildcard(const char *listen)
{
    return strncmp(listen, "0.0.0.0:", 8) == 0 || strncmp(listen, "[::]:", 5) == 0;
}

static enum exit_status where(struct session *s, struct identity *id, struct config *c)
{
    const char *listen = option_value(&s->options, "listen"), *word;
    enum exit_status st = EXIT_OK;
    if (listen != NULL && (!address_is_valid(bytes_of(listen)) || strlen(listen) > ADDRESS_MAX))
        return say_usage(s, "for example 0.0.0.0:7117", "%s: no HOST:PORT", listen);
    if (listen != NULL)
        memcpy(c->listen, listen, strlen(listen) + 1);
    for (size_t i = 0; st == EXIT_OK && (word = option_item(&s->options, "advertise", i)) != NULL; i++)
        st = address(s, id, c, word);
    if (st == EXIT_OK && id->n_addresses == 0 && listen != NULL && !is_wildcard(listen))
        st = address(s, id, c, listen);
    if (st == EXIT_OK && id->n_addresses == 0 && listen != NULL)
        say_warning(s, "this node listens on every address and tells peers none: give --advertise HOST:PORT for them to dial");
    return st;
}

struct secrets {
    struct sym_secret seed;
    struct sign_secret root;
    struct sign_keyfile log, witness;
    struct dh_keyring box, node;
};

static void derive(struct secrets *x, struct identity *id)
{
    random_fill(&x->seed, sizeof(x->seed));
    seed_root(&x->seed, &x->root, &id->root);
    seed_sign_key(&x->seed, PURPOSE_LOG, 1, &x->log.secret, &id->log);
    seed_sign_key(&x->seed, PURPOSE_WITNESS, 1, &x->witness.secret, &id->witness);
    seed_dh_key(&x->seed, PURPOSE_BOX, 1, &x->box.keys[0].secret, &id->box);
    seed_dh_key(&x->seed, PURPOSE_NODE, 1, &x->node.keys[0].secret, &id->node);
    x->log.version = x->witness.version = x->box.keys[0].version = x->node.keys[0].version = 1;
    x->box.n = x->node.n = 1;
}

static enum err save_file(struct session *s, enum home_file f, struct bytes content)
{
    char path[FILE_PATH_MAX];
    home_path(&s->home, f, path);
    return file_write(path, content);
}

static enum err save_new(struct session *s, enum home_file f, struct bytes content)
{
    char path[FILE_PATH_MAX];
    home_path(&s->home, f, path);
    return file_write_new(path, content);
}

static enum err make_store(struct session *s)
{
    char path[FILE_PATH_MAX];
    struct store *store = NULL;
    struct store_report ignored;
    home_path(&s->home, HOME_LOG_DB, path);
    enum err e = store_open(path, STORE_WRITE, &store, &ignored);
    store_close(store);
    return e;
}

/* What a new home holds in text, made before any of it is written: the passphrase's work takes a second and 256 MiB. */
struct papers {
    struct buf identity, config, seed, recovery;
};

static enum err write_papers(const struct secrets *x, const struct identity *id, const struct config *c,
                             const struct bytes *passphrase, struct papers *ret)
{
    identity_sign(id, &x->root, &ret->identity);
    config_write(c, &ret->config);
    struct identity *again = malloc(sizeof(*again));
    enum err e = again != NULL ? buf_status(&ret->identity) : ERR_NOMEM;
    if (e == OK)
        e = buf_status(&ret->config);
    if (e == OK)
        e = identity_open(buf_bytes(&ret->identity), again);    /* a name or code that no text can carry is refused here */
    if (e == OK)
        e = seed_text_new(&x->seed, passphrase, false, &ret->seed);
    if (e == OK && passphrase != NULL)
        e = seed_text_new(&x->seed, passphrase, true, &ret->recovery);
    free(again);
    return e;
}

/* What home_make takes for a node, and what was made for people: a home that cannot be made whole is none, and init is
 * begun again. */
static void undo(struct session *s)
{
    static const enum home_file made[] = {HOME_SEED, HOME_RECOVERY, HOME_LOG_KEY, HOME_LOG_DB};
    static const char *const sides[] = {"", "-wal", "-shm"};
    char path[FILE_PATH_MAX], side[FILE_PATH_MAX + 8];
    for (size_t i = 0; i < sizeof(made) / sizeof(made[0]); i++)
        for (size_t k = 0; k < sizeof(sides) / sizeof(sides[0]); k++) {
            home_path(&s->home, made[i], path);
            (void)snprintf(side, sizeof(side), "%s%s", path, sides[k]);
            (void)unlink(side);
        }
}

/* Of a node that was: its seed may be nowhere else. */
static bool recovery_lies_here(struct session *s)
{
    char path[FILE_PATH_MAX];
    home_path(&s->home, HOME_RECOVERY, path);
    return access(path, F_OK) == 0;
}

/* What makes a home a node comes last, and all of it at once. */
static enum err save_files(struct session *s, const struct secrets *x, const struct papers *p)
{
    enum err e = save_file(s, HOME_IDENTITY, buf_bytes(&p->identity));
    if (e == OK)
        e = save_file(s, HOME_CONFIG, buf_bytes(&p->config));
    if (e == OK)
        e = sign_key_save(&s->home, PURPOSE_WITNESS, &x->witness);
    if (e == OK)
        e = dh_keys_save(&s->home, PURPOSE_NODE, &x->node);
    if (e == OK)
        e = dh_keys_save(&s->home, PURPOSE_BOX, &x->box);
    if (e == OK && p->recovery.len > 0)
        e = save_new(s, HOME_RECOVERY, buf_bytes(&p->recovery));
    if (e == OK)
        e = save_new(s, HOME_SEED, buf_bytes(&p->seed));
    if (e == OK)
        e = sign_key_save(&s->home, PURPOSE_LOG, &x->log);
    return e == OK ? make_store(s) : e;
}

static enum err save(struct session *s, const struct secrets *x, const struct identity *id, const struct config *c,
                     const struct bytes *passphrase)
{
    struct papers p = {buf_on(IDENTITY_MAX), buf_on(CONFIG_MAX), buf_on(SEED_TEXT_MAX), buf_on(SEED_TEXT_MAX)};
    enum err e = write_papers(x, id, c, passphrase, &p);
    if (e == OK)
        e = home_make(&s->home);
    if (e == OK) {
        e = save_files(s, x, &p);
        if (e != OK && e != ERR_EXISTS)     /* another init was first: what stands there is its */
            undo(s);
    }
    buf_release(&p.identity);
    buf_release(&p.config);
    buf_wipe(&p.seed);
    buf_wipe(&p.recovery);
    return e;
}

static enum exit_status answer(struct session *s, const struct identity *id, bool is_protected)
{
    char print[FINGERPRINT_SIZE];
    fingerprint(&id->root, print);
    out(s, "%s is set up in %s.\nFingerprint: %s\n", id->name, s->home.path, print);
    json_t *doc = json_document(s);
    json_object_set_new(doc, "slug", json_text(id->slug.s));
    json_object_set_new(doc, "name", json_text(id->name));
    json_object_set_new(doc, "role", json_text(role_name(id->role)));
    json_object_set_new(doc, "fingerprint", json_text(print));
    json_object_set_new(doc, "home", json_text(s->home.path));
    json_object_set_new(doc, "protected", json_boolean(is_protected));
    enum exit_status st = output(s, doc, NULL);
    if (is_protected)
        say_note(s, "Keep a copy of %s/recovery.txt somewhere else: with the passphrase it gives every key back.", s->home.path);
    else
        say_warning(s, "the seed is kept in clear: whoever reads %s/private can speak for %s", s->home.path, id->slug.s);
    say_next(s, "`folkmoot alliance create NAME` founds an alliance; `folkmoot join INVITE` asks to be let into one");
    return st;
}

static enum exit_status say_exists(struct session *s)
{
    return say_refused(s, EXIT_NO, "exists", "name another home with -C", "%s: a node lives here already", s->home.path);
}

static enum exit_status make(struct session *s, struct identity *id, const struct config *c)
{
    bool is_protected = !option_flag(&s->options, "unprotected");
    if (recovery_lies_here(s) && home_check(&s->home, NULL) == ERR_UNKNOWN)
        return say_refused(s, EXIT_NO, "exists", "keep it somewhere else, then try again: its seed may be nowhere else",
                           "%s: recovery.txt of an earlier node lies here", s->home.path);
    struct buf pass = buf_on(PASSPHRASE_MAX);
    struct secrets *x = calloc(1, sizeof(*x));
    enum exit_status st = x != NULL ? EXIT_OK : say_failed(s, ERR_NOMEM, NULL, "init");
    if (st == EXIT_OK && is_protected)
        st = secret_ask(s, true, "give --passphrase-file FILE, set FOLKMOOT_PASSPHRASE_FILE, or take --unprotected", &pass);
    if (st != EXIT_OK) {
        free(x);
        return st;
    }
    derive(x, id);
    struct bytes given = buf_bytes(&pass);
    enum err e = save(s, x, id, c, is_protected ? &given : NULL);
    buf_wipe(&pass);
    wipe(x, sizeof(*x));
    free(x);
    if (e == ERR_EXISTS)
        return say_exists(s);
    if (e == ERR_FORMAT)
        return say_usage(s, "a name is one line; a DfE code is three digits; a GSS code is E and eight digits",
                         "init: the name or a code is not in the right form");
    if (e == ERR_DENIED)
        return say_refused(s, EXIT_ENVIRONMENT, err_code(e), "name a new folder with -C DIR, or one of yours that is empty",
                           "making the home %s: it is not a folder of yours, or holds other things and is open to others",
                           s->home.path);
    if (e != OK)
        return say_failed(s, e, NULL, "making the home %s", s->home.path);
    return answer(s, id, is_protected);
}

enum exit_status cmd_init(struct session *s)
{
    struct identity *id = calloc(1, sizeof(*id));
    struct config c;
    enum exit_status st = id != NULL ? session_home(s) : say_failed(s, ERR_NOMEM, NULL, "init");
    config_init(&c);
    if (st == EXIT_OK) {
        const char *role = option_value(&s->options, "role");
        id->version = 1;
        if (role != NULL && role_parse(bytes_of(role), &id->role) != OK)
            st = say_usage(s, "authority, lead, partner or relay", "--role %s: no such role", role);
    }
    if (st == EXIT_OK && home_check(&s->home, NULL) == OK)
        st = say_exists(s);                 /* before anybody is asked for a passphrase */
    if (st == EXIT_OK)
        st = who(s, id);
    if (st == EXIT_OK)
        st = where(s, id, &c);
    if (st == EXIT_OK)
        st = make(s, id, &c);
    free(id);
    return st;
}
