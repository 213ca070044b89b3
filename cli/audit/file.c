#include "cli/audit/file.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "cli/say.h"
#include "keys/file.h"
#include "keys/keyfile.h"
#include "protocol/frame.h"

#define SUCH_FILES "a file of `folkmoot disclose`, `folkmoot prove` or `folkmoot bundle export`"

enum { KEYFILE_TEXT_MAX = 64 * 1024, HEAD_BYTES = 64 };

/* ---- what is trusted ---- */

static enum exit_status read_pin(struct session *s, const char *word, struct hash *ret)
{
    if (hex_decode(bytes_of(word), ret->b, sizeof(ret->b)) == OK)
        return EXIT_OK;
    return say_usage(s, "64 digits 0-9 a-f, as `folkmoot alliance show` prints it, from somebody you trust",
                     "--charter %.80s: it is no hash",
                     word);
}

static enum exit_status read_policy(struct session *s, const char *file, struct policy **ret)
{
    struct buf b = {0};
    size_t line = 0;
    enum err e = file_read(file, POLICY_MAX, &b);
    if (e != OK)
        return say_unreadable(s, e, file, "a tlog-policy, as of `folkmoot alliance policy`");
    e = policy_parse(buf_bytes(&b), ret, &line);
    buf_release(&b);
    if (e == OK)
        return EXIT_OK;
    if (e == ERR_FORMAT || e == ERR_LIMIT)
        return say_refused(s, EXIT_NO, "policy", "a tlog-policy, as of `folkmoot alliance policy`", "%s: line %zu cannot be used",
                           file, line);
    return say_failed(s, e, NULL, "%s", file);
}

/* ---- a sealed file ---- */

static enum exit_status read_keys(struct session *s, const char *file, struct dh_keyring *ret)
{
    struct buf b = {0};
    enum err e = file_read_private(file, KEYFILE_TEXT_MAX, &b);
    if (e == ERR_DENIED)
        return say_refused(s, EXIT_ENVIRONMENT, "denied", "it must be yours alone: mode 0600",
                           "%s: it is open to others, or not yours",
                           file);
    if (e != OK)
        return say_unreadable(s, e, file, "a box key, as of `folkmoot audit --new-key`");
    e = dh_keys_parse(buf_bytes(&b), PURPOSE_BOX, ret);
    buf_wipe(&b);
    return e == OK ? EXIT_OK : say_unreadable(s, e, file, "a box key, as of `folkmoot audit --new-key`");
}

static enum exit_status unseal(struct session *s, const struct audit_with *with, struct bytes in, struct buf *ret)
{
    struct dh_public to;
    struct dh_keyring keys = {0};
    char text[BASE64_SIZE(32)];
    enum err e = disclosure_sealed_to(in, &to);
    if (e != OK)
        return say_unreadable(s, ERR_FORMAT, with->file, "it is damaged: ask for it again");
    base64_encode((struct bytes){to.b, sizeof(to.b)}, text);
    if (with->key == NULL)
        return say_refused(s, EXIT_SECRET, "sealed", "--key FILE opens it", "%s: it is sealed to the box key %s", with->file, text);
    enum exit_status st = read_keys(s, with->key, &keys);
    e = ERR_DECRYPT;
    bool is_ours = false;
    for (size_t i = 0; st == EXIT_OK && i < keys.n && e == ERR_DECRYPT; i++) {
        struct dh_public ours = dh_public_of(&keys.keys[i].secret);
        is_ours = is_ours || memcmp(ours.b, to.b, sizeof(to.b)) == 0;
        e = disclosure_unseal(in, &keys.keys[i].secret, ret);
    }
    wipe(&keys, sizeof(keys));
    if (st != EXIT_OK || e == OK)
        return st;
    if (e == ERR_DECRYPT && !is_ours)
        return say_refused(s, EXIT_SECRET, "other-key", "name the file of that key", "%s: it is sealed to another box key, %s",
                           with->file,
                           text);
    if (e == ERR_DECRYPT)
        return say_refused(s, EXIT_NO, "damaged", "ask for it again", "%s: it was changed since it was sealed", with->file);
    return say_failed(s, e, NULL, "opening %s", with->file);
}

/* ---- a disclosure, a proof ---- */

static enum exit_status judge_read(struct session *s, const struct audit_with *with, struct bytes in, struct judgement *j)
{
    struct disclosure d;
    enum err e = disclosure_read(in, &d);
    if (e == ERR_FORMAT || e == ERR_LIMIT)
        return say_unreadable(s, ERR_FORMAT, with->file, "it is damaged, or cut short: ask for it again");
    if (e == OK) {
        e = judge_disclosure(j, &d);
        disclosure_release(&d);
    }
    return e == OK ? EXIT_OK : say_failed(s, e, NULL, "judging %s", with->file);
}

static enum exit_status judge_text(struct session *s, const struct audit_with *with, struct bytes in, struct judgement *j)
{
    struct tlog_proof *p = malloc(sizeof(*p));
    enum err e = p != NULL ? tlog_proof_read(in, p) : ERR_NOMEM;
    if (e == OK)
        e = judge_proof(j, p);
    free(p);
    if (e == ERR_FORMAT || e == ERR_LIMIT)
        return say_unreadable(s, ERR_FORMAT, with->file, "it is damaged, or cut short: ask for it again");
    return e == OK ? EXIT_OK : say_failed(s, e, NULL, "judging %s", with->file);
}

/* ---- whole logs, a frame at a time ---- */

/* OK and *ret_len 0 at the end of the file. */
static enum err next_frame(FILE *in, uint8_t *frame, size_t *ret_len, bool *ret_is_cut)
{
    uint8_t header[FRAME_HEADER_LEN];
    size_t n = fread(header, 1, sizeof(header), in), len = n == sizeof(header) ? get_u32be(header) : 0;
    *ret_len = 0;
    *ret_is_cut = n > 0;
    if (len > 0 && len <= FRAME_BODY_MAX && fread(frame, 1, len, in) == len) {
        *ret_len = len;
        *ret_is_cut = false;
    }
    return ferror(in) ? ERR_IO : OK;
}

static enum err judge_frames(struct session *s, FILE *in, struct judgement *j)
{
    struct bundle_judge *b = NULL;
    uint8_t *frame = malloc(FRAME_BODY_MAX);
    struct progress progress = progress_start(s, "auditing", 0);
    uint64_t done = 0;
    size_t len = 0;
    bool is_cut = false, more = true;
    enum err e = frame != NULL ? judge_bundle_begin(j, &b) : ERR_NOMEM;
    while (e == OK && more) {
        e = next_frame(in, frame, &len, &is_cut);
        if (e != OK || len == 0)
            break;
        e = judge_bundle_frame(b, (struct bytes){frame, len}, &more);
        progress_step(&progress, done += len);
    }
    progress_end(&progress);
    if (b != NULL) {
        enum err ended = judge_bundle_end(b, is_cut);
        e = e == OK ? ended : e;
    }
    free(frame);
    return e;
}

static enum exit_status judge_stream(struct session *s, const struct audit_with *with, struct judgement *j)
{
    FILE *in = fopen(with->file, "rb");
    if (in == NULL)
        return say_unreadable(s, file_errno(errno), with->file, SUCH_FILES);
    enum err e = judge_frames(s, in, j);
    (void)fclose(in);
    return e == OK ? EXIT_OK : say_failed(s, e, NULL, "reading %s", with->file);
}

/* ---- any ---- */

/* What it begins with says what it is: a bundle may be larger than memory. */
static enum exit_status look(struct session *s, const char *file, enum fmb_kind *ret_kind, bool *ret_is_proof)
{
    uint8_t head[HEAD_BYTES];
    struct stat st;
    if (stat(file, &st) == 0 && !S_ISREG(st.st_mode) && !S_ISDIR(st.st_mode))
        return say_refused(s, EXIT_ENVIRONMENT, "no-file", "put it into a file first", "%s: it is read more than once", file);
    FILE *in = fopen(file, "rb");
    if (in == NULL)
        return say_unreadable(s, file_errno(errno), file, SUCH_FILES);
    size_t n = fread(head, 1, sizeof(head), in);
    enum err e = ferror(in) ? file_errno(errno) : OK;
    (void)fclose(in);
    if (e != OK)
        return say_unreadable(s, e, file, SUCH_FILES);
    *ret_is_proof = tlog_proof_is((struct bytes){head, n});
    *ret_kind = fmb_kind_of((struct bytes){head, n});
    if (*ret_kind == FMB_NONE && !*ret_is_proof)
        return say_unreadable(s, ERR_FORMAT, file, SUCH_FILES);
    return EXIT_OK;
}

static enum exit_status judge_whole(struct session *s, const struct audit_with *with, enum fmb_kind kind, struct judgement *j)
{
    struct buf b = {0}, opened = {0};
    enum err e = file_read(with->file, DISCLOSURE_MAX, &b);
    if (e != OK)
        return say_unreadable(s, e, with->file, SUCH_FILES);
    enum exit_status st = EXIT_OK;
    if (kind == FMB_SEALED)
        st = unseal(s, with, buf_bytes(&b), &opened);
    if (st == EXIT_OK)
        st = j->file == AUDIT_PROOF ? judge_text(s, with, buf_bytes(&b), j)
                                    : judge_read(s, with, buf_bytes(kind == FMB_SEALED ? &opened : &b), j);
    buf_wipe(&b);
    buf_wipe(&opened);
    return st;
}

enum exit_status audit_file(struct session *s, const struct audit_with *with, struct judgement **ret, struct policy **ret_policy)
{
    struct hash pin;
    struct policy *policy = NULL;
    struct judgement *j = NULL;
    enum fmb_kind kind;
    bool is_proof;
    enum exit_status st = look(s, with->file, &kind, &is_proof);
    if (st == EXIT_OK && with->charter != NULL)
        st = read_pin(s, with->charter, &pin);
    if (st == EXIT_OK && with->policy != NULL)
        st = read_policy(s, with->policy, &policy);
    if (st == EXIT_OK) {
        j = judgement_new(is_proof ? AUDIT_PROOF : kind == FMB_BUNDLE ? AUDIT_BUNDLE : AUDIT_DISCLOSURE,
                          with->charter != NULL ? &pin : NULL, policy);
        st = j != NULL ? EXIT_OK : say_failed(s, ERR_NOMEM, NULL, "judging %s", with->file);
    }
    if (st == EXIT_OK)
        st = j->file == AUDIT_BUNDLE ? judge_stream(s, with, j) : judge_whole(s, with, kind, j);
    if (st == EXIT_OK) {
        *ret = j;
        *ret_policy = policy;
        return st;
    }
    judgement_free(j);
    policy_free(policy);
    return st;
}

/* ---- a key of the auditor's own ---- */

enum exit_status audit_new_key(struct session *s, const char *file, struct dh_public *ret)
{
    struct dh_keyring keys = {.n = 1};
    struct buf text = buf_on(KEYFILE_TEXT_MAX);
    keys.keys[0].version = 1;
    random_fill(keys.keys[0].secret.b, sizeof(keys.keys[0].secret.b));
    *ret = dh_public_of(&keys.keys[0].secret);
    dh_keys_write(PURPOSE_BOX, &keys, &text);
    enum err e = buf_status(&text);
    if (e == OK)
        e = file_write_new(file, buf_bytes(&text));
    wipe(&keys, sizeof(keys));
    buf_wipe(&text);
    if (e == ERR_EXISTS)
        return say_refused(s, EXIT_NO, "exists", "choose another name: a key that is lost opens nothing any more",
                           "%s: a file is there already", file);
    return e == OK ? EXIT_OK : say_failed(s, e, "choose a folder where you may write", "writing %s", file);
}
