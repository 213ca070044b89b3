/* cli/cmd_sign_file.c - an officer signs any file, in a form that other people's tools check (protocol/filesig.h). */
#include "cli/commands.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "cli/export.h"
#include "cli/officer/signer.h"
#include "cli/output/output.h"
#include "cli/output/text.h"
#include "cli/say.h"
#include "protocol/filesig.h"

const struct option_spec options_sign_file[] = {
    {"as", 0, OPTION_VALUE, "OFFICER", "who signs: an office, or a name"},
    {"format", 0, OPTION_CHOICE, "minisign|sshsig", "whose tool is to check it"},
    {"key", 0, OPTION_VALUE, "FILE", "the officer's own key; without it one that this node holds"},
    {"out", 0, OPTION_VALUE, "FILE", "where the signature goes; beside the file, as the tool expects it, unless given"},
    OPTIONS_END,
};

struct signing {
    const char *file, *as;
    bool is_ssh;
    char out[FILE_PATH_MAX];
    struct signer who;
    struct slug slug;                       /* whose officer; "" where there is no home */
    struct hash512 hash;
};

static enum exit_status hash_file(struct session *s, struct signing *x)
{
    static uint8_t chunk[1 << 16];
    struct long_hashing h;
    FILE *f = fopen(x->file, "rb");
    if (f == NULL)
        return say_unreadable(s, file_errno(errno), x->file, NULL);
    long_hash_begin(&h, x->is_ssh ? LONG_SHA512 : LONG_BLAKE2B);
    for (size_t n; (n = fread(chunk, 1, sizeof(chunk), f)) > 0;)
        long_hash_put(&h, (struct bytes){chunk, n});
    enum exit_status st = EXIT_OK;
    if (ferror(f) != 0 && errno == EISDIR)
        st = say_refused(s, EXIT_ENVIRONMENT, "is-a-folder", "name a file in it", "%s: this is a folder", x->file);
    else if (ferror(f) != 0)
        st = say_unreadable(s, file_errno(errno), x->file, NULL);
    (void)fclose(f);
    x->hash = long_hash_end(&h);
    return st;
}

/* Some versions of minisign take no comment but printable ASCII. */
static void plain_text(const char *in, char *ret, size_t size)
{
    size_t n = 0;
    for (; *in != '\0' && n + 1 < size; in++)
        if (((unsigned char)*in & 0xc0) != 0x80)        /* of a letter of several bytes the first stands for it */
            ret[n++] = *in >= ' ' && *in <= '~' ? *in : '?';
    ret[n] = '\0';
}

static void make_minisign(const struct signing *x, struct buf *ret)
{
    char who[OFFICER_TEXT_SIZE], plain[OFFICER_TEXT_SIZE], name[256], untrusted[FILESIG_COMMENT_MAX], trusted[FILESIG_COMMENT_MAX];
    const char *slash = strrchr(x->file, '/');
    officer_text(x->who.officer.role, x->who.name, who);
    plain_text(who, plain, sizeof(plain));
    plain_text(slash != NULL ? slash + 1 : x->file, name, sizeof(name));
    (void)snprintf(untrusted, sizeof(untrusted), "signed by %s%s%s", plain, x->slug.s[0] != '\0' ? " of " : "", x->slug.s);
    (void)snprintf(trusted, sizeof(trusted), "timestamp:%" PRIu64 "\tfile:%s\thashed", session_now_ms() / 1000, name);
    minisign_sign(&x->hash, &x->who.secret, untrusted, trusted, ret);
}

static enum exit_status write_signature(struct session *s, const struct signing *x)
{
    bool is_stdout;
    struct buf sig = buf_on(FILESIG_MAX);
    if (x->is_ssh)
        sshsig_sign(&x->hash, &x->who.secret, &sig);
    else
        make_minisign(x, &sig);
    enum err e = buf_status(&sig);
    enum exit_status st = e == OK ? export_whole(s, x->out, buf_bytes(&sig), &is_stdout) : say_failed(s, e, NULL, "signing");
    buf_release(&sig);
    return st;
}

static enum exit_status answer(struct session *s, const struct signing *x)
{
    char who[OFFICER_TEXT_SIZE];
    struct buf key = buf_on(FILESIG_MAX);
    const char *at = x->slug.s[0] != '\0' ? "@" : "";
    officer_text(x->who.officer.role, x->who.name, who);
    if (x->is_ssh)
        buf_printf(&key, "%s%s%s namespaces=\"%s\" ", officer_role_name(x->who.officer.role), at, x->slug.s, SSHSIG_NAMESPACE);
    (x->is_ssh ? ssh_key : minisign_key)(&x->who.officer.key, &key);
    const char *shown = buf_str(&key) != NULL ? buf_str(&key) : "";
    json_t *doc = json_document(s);
    json_object_set_new(doc, "file", json_text(x->file));
    json_object_set_new(doc, "signature", json_text(x->out));
    json_object_set_new(doc, "format", json_text(x->is_ssh ? "sshsig" : "minisign"));
    json_object_set_new(doc, "role", json_text(officer_role_name(x->who.officer.role)));
    json_object_set_new(doc, "name", x->who.name[0] != '\0' ? json_text(x->who.name) : json_null());
    json_object_set_new(doc, "kind", json_text(x->who.officer.is_own ? "own" : "held"));
    json_object_set_new(doc, "public", json_text(shown));
    if (strcmp(x->out, "-") != 0)
        out(s, "%s has signed %s: %s.\n%s\n", who, x->file, x->out, shown);
    enum exit_status st = output(s, doc, NULL);
    if (st == EXIT_OK && x->is_ssh)
        say_next(s, "with the line above in a file FRIENDS: ssh-keygen -Y verify -f FRIENDS -I %s%s%s -n %s -s %s < %s",
                 officer_role_name(x->who.officer.role), at, x->slug.s, SSHSIG_NAMESPACE, x->out, x->file);
    else if (st == EXIT_OK)
        say_next(s, "whoever has the key checks it: minisign -V -P %s -x %s -m %s", shown, x->out, x->file);
    buf_release(&key);
    return st;
}

static enum exit_status by_home(struct session *s, struct signing *x)
{
    struct desk d;
    enum exit_status st = desk_open(s, STORE_READ, &d);
    if (st == EXIT_OK)
        st = signer_held(&d, x->as, &x->who);
    if (st == EXIT_OK)
        x->slug = d.identity->slug;
    desk_close(&d);
    return st;
}

static enum exit_status ask(struct session *s, struct signing *x)
{
    const char *format = option_value(&s->options, "format"), *to = option_value(&s->options, "out");
    x->file = session_arg(s, 0);
    x->as = option_value(&s->options, "as");
    if (x->as == NULL)
        return say_usage(s, "name an office or a person with --as", "sign-file: who signs?");
    if (format == NULL)
        return say_usage(s, "give --format minisign or --format sshsig", "sign-file: for whose tool?");
    x->is_ssh = strcmp(format, "sshsig") == 0;
    int n = to != NULL ? snprintf(x->out, sizeof(x->out), "%s", to)
                       : snprintf(x->out, sizeof(x->out), "%s%s", x->file, x->is_ssh ? ".sig" : ".minisig");
    return n > 0 && (size_t)n < sizeof(x->out) ? EXIT_OK
                                               : say_usage(s, "give a shorter one", "%.60s...: the name is too long", x->file);
}

enum exit_status cmd_sign_file(struct session *s)
{
    struct signing x = {.is_ssh = false};
    const char *key = option_value(&s->options, "key");
    enum exit_status st = ask(s, &x);
    if (st == EXIT_OK)
        st = hash_file(s, &x);
    if (st == EXIT_OK)
        st = key != NULL ? signer_from_file(s, key, x.as, &x.who) : by_home(s, &x);
    if (st == EXIT_OK)
        st = write_signature(s, &x);
    wipe(&x.who.secret, sizeof(x.who.secret));
    return st == EXIT_OK ? answer(s, &x) : st;
}
