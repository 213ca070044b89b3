/* cli/doctor/here.c - what can be known of this machine alone. */
#define _GNU_SOURCE
#include "cli/doctor/doctor.h"

#include <errno.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "cli/key_files.h"
#include "keys/backup.h"
#include "keys/file.h"
#include "keys/signed.h"

__attribute__((format(printf, 4, 0)))
static void say(struct finding *f, enum doctor_state state, const char *remedy, const char *detail, va_list list)
{
    f->state = state;
    (void)vsnprintf(f->detail, sizeof(f->detail), detail, list);
    (void)snprintf(f->remedy, sizeof(f->remedy), "%s", remedy);
}

void finding_good(struct finding *f, const char *detail, ...)
{
    va_list list;
    va_start(list, detail);
    say(f, DOCTOR_GOOD, "", detail, list);
    va_end(list);
}

void finding_advice(struct finding *f, const char *remedy, const char *detail, ...)
{
    va_list list;
    va_start(list, detail);
    say(f, DOCTOR_ADVICE, remedy, detail, list);
    va_end(list);
}

void finding_bad(struct finding *f, const char *remedy, const char *detail, ...)
{
    va_list list;
    va_start(list, detail);
    say(f, DOCTOR_BAD, remedy, detail, list);
    va_end(list);
}

void check_home(struct doctor *x, struct finding *ret)
{
    char offender[FILE_PATH_MAX] = "";
    enum err e = home_check(&x->s->home, offender);
    if (e == OK)
        finding_good(ret, "%.200s is ours alone", x->s->home.path);
    else
        finding_bad(ret, "directories 0700, key files 0600, all of them yours: chmod, chown", "%.150s: %s", offender, err_text(e));
}

void check_crypto(struct doctor *x, struct finding *ret)
{
    (void)x;
    if (crypto_start() == OK)
        finding_good(ret, "libsodium %s passes its self-test", crypto_library_version());
    else
        finding_bad(ret, "install a libsodium in which CVE-2025-69277 is mended",
                    "libsodium %s takes a bad key for a good one", crypto_library_version());
}

void check_disk(struct doctor *x, struct finding *ret)
{
    enum { WARN_MIB = 1024, LEAST_MIB = 256 };
    struct statvfs v;
    if (statvfs(x->s->home.path, &v) != 0) {
        finding_bad(ret, "see that the disk is there", "%s", strerror(errno));
        return;
    }
    const unsigned long long mib = (unsigned long long)v.f_bavail * v.f_frsize / (1024 * 1024);
    if (mib >= WARN_MIB)
        finding_good(ret, "%llu MiB free", mib);
    else if (mib >= LEAST_MIB)
        finding_advice(ret, "make room before it is needed", "%llu MiB free", mib);
    else
        finding_bad(ret, "make room: nothing is published or taken in on a full disk", "%llu MiB free", mib);
}

void check_config(struct doctor *x, struct finding *ret)
{
    if (x->has_config)
        finding_good(ret, "node/config can be read");
    else if (x->config_error.what != NULL)
        finding_bad(ret, "mend that line: folkmootd does not start with it", "node/config, line %zu: %s", x->config_error.line,
                    x->config_error.what);
    else
        finding_bad(ret, "restore it, or write one: docs/operations.md says what is in it", "node/config cannot be read");
}

void check_keys(struct doctor *x, struct finding *ret)
{
    static const struct { const char *name; enum key_purpose p; } keys[] = {
        {"log", PURPOSE_LOG}, {"box", PURPOSE_BOX}, {"node", PURPOSE_NODE}, {"witness", PURPOSE_WITNESS},
    };
    for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++) {
        struct key_file f = key_file_look(x->d, keys[i].p);
        if (f.trouble == NULL)
            continue;
        finding_bad(ret, "`folkmoot keys restore` makes them again from the seed; else restore the file from a backup",
                    "the %s key is %s", keys[i].name, f.trouble);
        return;
    }
    finding_good(ret, "log, box, node and witness key are those of version %u of our identity", (unsigned)x->d->identity->version);
}

void check_seed(struct doctor *x, struct finding *ret)
{
    bool is_protected = false;
    enum err e = seed_is_protected(&x->s->home, &is_protected);
    if (e != OK)
        finding_bad(ret, "restore private/seed from a backup: without it no key is ever changed", "private/seed: %s", err_text(e));
    else if (is_protected)
        finding_good(ret, "behind a passphrase");
    else
        finding_advice(ret, "`folkmoot keys passphrase` puts it behind one", "in clear: whoever reads private/ can speak for us");
}

void check_backup(struct doctor *x, struct finding *ret)
{
    enum { OLD_DAYS = 90 };
    uint64_t at_s = 0;
    uint32_t version = 0;
    char ago[AGO_SIZE];
    enum err e = backup_noted(&x->s->home, &at_s, &version);
    ago_text(at_s * 1000, x->now_ms, ago);
    if (e != OK)
        finding_advice(ret, "`folkmoot keys backup FILE`, and keep it elsewhere", "this home knows of none");
    else if (x->d != NULL && version < x->d->identity->version)
        finding_advice(ret, "`folkmoot keys backup FILE`", "the last, %s, is of version %u of our identity", ago,
                       (unsigned)version);
    else if (at_s * 1000 + (uint64_t)OLD_DAYS * 24 * 3600 * 1000 < x->now_ms)
        finding_advice(ret, "`folkmoot keys backup FILE`", "the last was made %s", ago);
    else
        finding_good(ret, "made %s", ago);
}

static bool stands(const struct doctor *x, enum home_file f)
{
    char path[FILE_PATH_MAX];
    home_path(&x->s->home, f, path);
    return access(path, F_OK) == 0;
}

void check_interrupted(struct doctor *x, struct finding *ret)
{
    if (stands(x, HOME_RESTORED))
        finding_bad(ret, "`folkmoot keys restore` finishes it, with a peer in reach",
                    "this home was restored, and signs nothing yet");
    else if (stands(x, HOME_NEXT))
        finding_bad(ret, "the next command that signs (`folkmoot publish`, `folkmoot keys rotate`) ends it",
                    "a change of our identity was interrupted");
    else
        finding_good(ret, "nothing was interrupted");
}

void check_store(struct doctor *x, struct finding *ret)
{
    char path[FILE_PATH_MAX];
    uint64_t bytes = 0;
    home_path(&x->s->home, HOME_LOG_DB, path);
    (void)snprintf(path + strlen(path), sizeof(path) - strlen(path), ".suspect");
    if (x->is_closed)
        finding_advice(ret, "do first what stands above", "not looked at");
    else if (x->d == NULL)
        finding_bad(ret, "`folkmoot sync`, or starting folkmootd, mends a damaged one",
                    "node/log.db or node/identity cannot be read");
    else if (access(path, F_OK) == 0)
        finding_bad(ret, "`folkmoot sync`, or starting folkmootd, mends it", "node/log.db was met damaged");
    else if (store_bytes(x->d->store, &bytes) != OK)
        finding_bad(ret, "see the disk", "node/log.db cannot be read");
    else
        finding_good(ret, "node/log.db opens, %llu KiB; `folkmoot verify` recomputes it", (unsigned long long)bytes / 1024);
}

/* As the author does before it signs, but for the peers' word. */
static enum err root_of(struct desk *d, uint64_t size, struct hash *ret)
{
    struct store_source *src = NULL;
    enum err e = store_source_new(d->store, &d->origin, true, &src);
    if (e == OK) {
        struct merkle_source ms = store_source(src);
        e = merkle_root(&ms, size, ret);
    }
    store_source_free(src);
    return e;
}

/* private/head is ours; of its signature the author says more. */
static enum err read_head(struct desk *d, struct checkpoint *ret)
{
    struct buf note = buf_on(CHECKPOINT_MAX);
    struct note n;
    enum err e = head_load(&d->s->home, &note);
    if (e == OK)
        e = note_parse(buf_bytes(&note), &n);
    if (e == OK)
        e = checkpoint_parse(n.text, ret);
    buf_release(&note);
    return e;
}

void check_head(struct doctor *x, struct finding *ret)
{
    struct checkpoint head = {.size = 0};
    struct hash root;
    struct log_state l;
    struct buf note = buf_on(CHECKPOINT_MAX);
    if (!x->d->has_alliance) {
        finding_good(ret, "we have no log yet");
        return;
    }
    enum err e = read_head(x->d, &head);
    enum err held = store_log(x->d->store, &x->d->origin, &l, &note);
    const uint64_t size = held == OK ? l.frontier.size : 0;
    buf_release(&note);
    if (e != OK && e != ERR_UNKNOWN)
        finding_bad(ret, "restore it from a backup", "private/head: %s", err_text(e));
    else if (size < head.size)
        finding_bad(ret, "start folkmootd, or `folkmoot sync`: peers give it back", "this disk holds %llu entries of our log, and "
                    "we have signed %llu", (unsigned long long)size, (unsigned long long)head.size);
    else if (head.size > 0 && (root_of(x->d, head.size, &root) != OK || !hash_equal(&root, &head.root)))
        finding_bad(ret, "`folkmoot verify`; nothing is signed meanwhile", "our log on this disk is not what we signed");
    else
        finding_good(ret, "our log is what we signed, %llu entries", (unsigned long long)size);
}
