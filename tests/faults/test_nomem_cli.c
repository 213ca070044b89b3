/* Each command, with the nth of its allocations failing: said, with the right status, nothing half done, nothing lost,
 * and done by the same command once there is memory again. */
#define _GNU_SOURCE
#include "tests/unit/talk.h"

#include <errno.h>

#include "tests/unit/home_dir.h"

#include "cli/commands.h"
#include "cli/output/json.h"
#include "cli/reference/file.h"
#include "keys/signed.h"
#include "node/store/store.h"
#include "protocol/assessment_body.h"
#include "protocol/checkpoint.h"
#include "tests/faults/memory.h"

enum { WORDS_MAX = 24, TRIALS = 10, SUMMARY_MAX = 4096 };

/* ---- folders: what stands before a command, and a copy of it for each trial ---- */

static void copy_tree(const char *from, const char *to)
{
    DIR *d = opendir(from);
    struct dirent *entry;
    char a[FILE_PATH_MAX], b[FILE_PATH_MAX];
    struct stat st;
    assert_non_null(d);
    assert_true(mkdir(to, 0700) == 0 || errno == EEXIST);
    while ((entry = readdir(d)) != NULL) {
        if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0)
            continue;
        assert_true(snprintf(a, sizeof(a), "%s/%s", from, entry->d_name) < (int)sizeof(a));
        assert_true(snprintf(b, sizeof(b), "%s/%s", to, entry->d_name) < (int)sizeof(b));
        assert_int_equal(lstat(a, &st), 0);
        if (S_ISDIR(st.st_mode)) {
            copy_tree(a, b);
            continue;
        }
        struct buf text = buf_on(0);
        assert_int_equal(file_read(a, 1 << 28, &text), OK);
        FILE *f = fopen(b, "wb");
        assert_non_null(f);
        assert_true(text.len == 0 || fwrite(text.p, 1, text.len, f) == text.len);
        assert_int_equal(fclose(f), 0);
        assert_int_equal(chmod(b, st.st_mode & 0777), 0);
        buf_release(&text);
    }
    assert_int_equal(closedir(d), 0);
}

static size_t open_files(void)
{
    return names_in("/proc/self/fd");
}

/* ---- what a home holds, in a line ---- */

struct summary { char text[SUMMARY_MAX]; size_t len; const char *slug; uint64_t own; };

__attribute__((format(printf, 2, 3)))
static void note_down(struct summary *s, const char *fmt, ...)
{
    va_list ap;
    va_start(ap, fmt);
    int n = vsnprintf(s->text + s->len, sizeof(s->text) - s->len, fmt, ap);
    va_end(ap);
    assert_true(n >= 0 && (size_t)n < sizeof(s->text) - s->len);
    s->len += (size_t)n;
}

static enum err sum_log(void *arg, const struct log_state *l)
{
    struct summary *s = arg;
    if (strcmp(l->origin.slug.s, s->slug) == 0)
        s->own = l->frontier.size;
    note_down(arg, "%s:%llu/%llu ", l->origin.slug.s, (unsigned long long)l->frontier.size, (unsigned long long)l->whole);
    return OK;
}

static enum err sum_note(void *arg, struct bytes note)
{
    (void)note;
    note_down(arg, "charter ");
    return OK;
}

static enum err sum_identity(void *arg, const struct slug *slug, uint32_t version, struct bytes note)
{
    (void)note;
    note_down(arg, "id-%s-%u ", slug->s, version);
    return OK;
}

static enum err sum_invite(void *arg, const struct invite_row *i)
{
    (void)i;
    note_down(arg, "invite ");
    return OK;
}

static void sum_file(struct summary *s, const struct home *h, enum home_file f, const char *name)
{
    char path[FILE_PATH_MAX];
    home_path(h, f, path);
    if (access(path, F_OK) == 0)
        note_down(s, "%s ", name);
}

/* Where the head stands is not compared: after COMMIT it may lag, and the next signing takes it up. */
static void sum_head(struct summary *s, const struct home *h)
{
    struct buf note = buf_on(CHECKPOINT_MAX);
    if (head_load(h, &note) == OK) {
        const char *second = strchr(buf_str(&note), '\n');
        assert_non_null(second);
        if (strtoul(second + 1, NULL, 10) > s->own)
            note_down(s, "HEAD-BEYOND ");
    }
    buf_release(&note);
}

static void sum_references(struct summary *s, const struct home *h)
{
    static struct reference_names names;
    struct reference_head head;
    assert_int_equal(reference_list(h, &names), OK);
    for (size_t i = 0; i < names.n; i++) {
        assert_int_equal(reference_head_of(h, names.names[i], &head), OK);
        note_down(s, "public-%s ", names.names[i]);
    }
}

static void sum_home(struct summary *s, const char *folder, const char *name)
{
    static const struct { enum home_file f; const char *name; } files[] = {
        {HOME_SEED, "seed"}, {HOME_LOG_KEY, "log.key"}, {HOME_BOX_KEYS, "box.keys"}, {HOME_NODE_KEY, "node.key"},
        {HOME_WITNESS_KEY, "witness.key"}, {HOME_IDENTITY, "identity"}, {HOME_CONFIG, "config"}};
    char path[FILE_PATH_MAX];
    struct home h;
    struct store *store = NULL;
    struct store_report report;
    s->slug = name[0] == 'a' ? "east-sussex" : "hampshire";
    s->own = 0;
    (void)snprintf(h.path, sizeof(h.path), "%.2000s/%s", folder, name);
    for (size_t i = 0; i < sizeof(files) / sizeof(files[0]); i++)
        sum_file(s, &h, files[i].f, files[i].name);
    sum_references(s, &h);
    home_path(&h, HOME_LOG_DB, path);
    if (access(path, F_OK) != 0)
        return;
    assert_int_equal(store_open(path, STORE_WRITE, &store, &report), OK);
    if (report.was_quarantined)
        note_down(s, "QUARANTINED ");
    assert_int_equal(store_each_log(store, sum_log, s), OK);
    assert_int_equal(store_each_charter(store, sum_note, s), OK);
    assert_int_equal(store_each_identity(store, sum_identity, s), OK);
    assert_int_equal(store_each_invite(store, sum_invite, s), OK);
    store_close(store);
    sum_head(s, &h);
}

static struct summary summary_of(const char *folder)
{
    static const char *const names[] = {"invite.fmi", "b.id", "charter", "out.fmb", "figures.csv", "d.fmb", "p.tlog-proof"};
    char path[FILE_PATH_MAX];
    struct summary s = {.len = 0};
    note_down(&s, "[a] ");
    sum_home(&s, folder, "a");
    note_down(&s, "[b] ");
    sum_home(&s, folder, "b");
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        (void)snprintf(path, sizeof(path), "%s/%s", folder, names[i]);
        if (access(path, F_OK) == 0)
            note_down(&s, "%s ", names[i]);
    }
    return s;
}

/* ---- commands ---- */

struct answer { enum exit_status status; char *out, *err; };

static void answer_release(struct answer *a)
{
    free(a->out);
    free(a->err);
    *a = (struct answer){.out = NULL};
}

/* `line` with @ for the folder. Allocations count while the command runs. */
static struct answer run(const char *folder, const char *line)
{
    char words[1024], *argv[WORDS_MAX + 1];
    size_t used = 0;
    int argc = 0;
    for (const char *p = line; *p != '\0'; p++) {
        int n = *p == '@' ? snprintf(words + used, sizeof(words) - used, "%s", folder)
                          : snprintf(words + used, sizeof(words) - used, "%c", *p);
        used += (size_t)n;
        assert_true(used < sizeof(words));
    }
    for (char *w = words, *end; *w != '\0' && argc < WORDS_MAX; argc++) {
        argv[argc] = w;
        end = strchr(w, ' ');
        w = end != NULL ? end + 1 : w + strlen(w);
        if (end != NULL)
            *end = '\0';
    }
    argv[argc] = NULL;
    struct talk *t = talk_begin("");
    memory_arm(true);
    enum exit_status status = command_run(&commands, argc, argv, &t->s);
    memory_arm(false);
    talk_end(t);
    struct answer a = {status, t->out, t->err};
    free(t);
    return a;
}

/* What differs from run to run, or from home to home, made alike: hashes, keys, notes. */
static void make_alike(char *text, const char *folder)
{
    char *to = text;
    for (char *p = text; *p != '\0';) {
        size_t n = strspn(p, "0123456789abcdefABCDEFGHIJKLMNOPQRSTUVWXYZghijklmnopqrstuvwxyz+=/-:_");
        if (strncmp(p, folder, strlen(folder)) == 0) {
            p += strlen(folder);
            *to++ = '@';
        } else if (n >= 15) {
            p += n;
            *to++ = '#';
        } else {
            n = n > 0 ? n : 1;
            memmove(to, p, n);
            to += n;
            p += n;
        }
    }
    *to = '\0';
}

/* ---- trials ---- */

struct flow {
    const char *line;
    bool is_done_in_two;                        /* what it does are two steps, each whole; between them is a state too */
    bool is_new_each_time;                      /* the answer is made of what is drawn by chance */
    bool adds_each_time;                        /* done twice, it is there twice */
    bool only_reads;
};

static char before[FILE_PATH_MAX], after[FILE_PATH_MAX], trial[FILE_PATH_MAX];
static struct summary was, becomes;
static size_t n_failed;
static struct answer expected;

static void fail_with(const struct flow *f, uint64_t nth, const struct answer *a, const char *why)
{
    struct summary is = summary_of(trial);
    print_message("# %s: allocation %llu: %s\n# status %d\n# out: %s\n# err: %s\n", f->line, (unsigned long long)nth, why,
                  (int)a->status, a->out, a->err);
    print_message("# was     %s\n# is      %s\n# becomes %s\n", was.text, is.text, becomes.text);
    n_failed++;
}

static void check_answer(const struct flow *f, uint64_t nth, struct answer *a)
{
    make_alike(a->out, trial);
    if (a->status == expected.status) {         /* it did without */
        if (!f->is_new_each_time && strcmp(a->out, expected.out) != 0)
            fail_with(f, nth, a, "it succeeded with another answer");
        return;
    }
    if (a->status != EXIT_ENVIRONMENT)
        fail_with(f, nth, a, "the status is neither success nor the environment's fault");
    if (strstr(a->err, "folkmoot: ") == NULL || strstr(a->err, "out of memory") == NULL)
        fail_with(f, nth, a, "it does not say that memory ran out");
    if (strstr(f->line, "--json") != NULL && strstr(a->out, "\"no-memory\"") == NULL)
        fail_with(f, nth, a, "it does not say so in JSON");
}

static void try_one(const struct flow *f, uint64_t nth, bool stays)
{
    size_t files = open_files();
    uint64_t held = memory_of_sqlite();
    remove_tree(trial);
    copy_tree(before, trial);
    memory_fail_at(nth, stays);
    struct answer a = run(trial, f->line);
    if (!memory_has_failed())
        fail_with(f, nth, &a, "the allocation was not made");
    memory_fail_at(0, false);
    check_answer(f, nth, &a);
    if (open_files() != files)
        fail_with(f, nth, &a, "a file was left open");
    if (memory_of_sqlite() != held)
        fail_with(f, nth, &a, "SQLite still holds memory");
    struct summary is = summary_of(trial);
    bool is_done = strcmp(is.text, becomes.text) == 0;
    if (!is_done && !f->is_done_in_two && strcmp(is.text, was.text) != 0)
        fail_with(f, nth, &a, "it is half done");
    if (!is_done && a.status == expected.status)
        fail_with(f, nth, &a, "it says that it is done");
    struct answer again = run(trial, f->line);
    if (!is_done && again.status != expected.status)
        fail_with(f, nth, &again, "it does not succeed afterwards");
    is = summary_of(trial);
    if (strcmp(is.text, becomes.text) != 0 && !f->adds_each_time)
        fail_with(f, nth, &again, "done again, it is not what it would have been");
    if (strstr(becomes.text, "east-sussex:") != NULL) {
        answer_release(&again);
        again = run(trial, "folkmoot -C @/a verify");
        if (again.status != EXIT_OK)
            fail_with(f, nth, &again, "the logs do not verify");
    }
    answer_release(&again);
    answer_release(&a);
}

static void every_allocation(const struct flow *f, bool stays)
{
    struct answer whole;
    remove_tree(after);
    copy_tree(before, after);
    was = summary_of(before);
    memory_fail_at(0, false);
    whole = run(after, f->line);
    uint64_t total = memory_count(), nth = 0;
    becomes = summary_of(after);
    make_alike(whole.out, after);
    expected = whole;
    if (whole.status != EXIT_OK)
        fail_with(f, 0, &whole, "it fails with all the memory there is");
    while (memory_next(&nth, total, TRIALS))
        try_one(f, nth, stays);
    answer_release(&expected);
    assert_int_equal(n_failed, 0);
}

/* From the stage that the flows before have set, each in its turn; then the flow is done, and the next one's stage is set. */
static void plays(const struct flow *flows, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        every_allocation(&flows[i], false);
        if (!flows[i].only_reads)
            every_allocation(&flows[i], true);
        remove_tree(before);
        copy_tree(after, before);
    }
}

static void stage(const char *const *lines)
{
    remove_tree(before);
    assert_int_equal(mkdir(before, 0700), 0);
    for (; *lines != NULL; lines++) {
        struct answer a = run(before, *lines);
        if (a.status != EXIT_OK)
            fail_msg("%s: %s", *lines, a.err);
        answer_release(&a);
    }
}

#define INIT_A "folkmoot -C @/a init 845 --unprotected --listen 127.0.0.1:7117 --advertise 127.0.0.1:7117"
#define INIT_B "folkmoot -C @/b init 850 --unprotected"
#define FIGURES "tests/faults/figures.csv"
#define FOUNDED INIT_A, "folkmoot -C @/a alliance create Barset", INIT_B, "folkmoot -C @/b id --export @/b.id"
#define JOINED FOUNDED, "folkmoot -C @/a alliance admit --identity @/b.id --yes --offline", \
               "folkmoot -C @/a alliance export @/charter", "folkmoot -C @/b join --charter @/charter"
static const char *const founded[] = {FOUNDED, NULL};
static const char *const joined[] = {JOINED, NULL};
static const char *const published[] = {JOINED, "folkmoot -C @/a publish " FIGURES " --offline",
                                        "folkmoot -C @/a bundle export --out @/out.fmb", NULL};
static const char *const nobody[] = {NULL};
#define PLAYS(flows) plays(flows, sizeof(flows) / sizeof((flows)[0]))

static void setting_up(void **state)
{
    (void)state;
    static const struct flow flows[] = {
        {.line = INIT_A,
         .is_done_in_two = true, .is_new_each_time = true},
        {.line = "folkmoot -C @/a id --json", .only_reads = true, .is_new_each_time = true},
        {.line = "folkmoot -C @/a alliance create Barset", .is_done_in_two = true},
        {.line = "folkmoot -C @/a alliance invite", .is_new_each_time = true, .adds_each_time = true},
    };
    stage(nobody);
    PLAYS(flows);
}

static void joining(void **state)
{
    (void)state;
    static const struct flow flows[] = {
        {.line = "folkmoot -C @/a alliance admit --identity @/b.id --yes --offline", .is_done_in_two = true},
        {.line = "folkmoot -C @/a alliance export @/charter"},
        {.line = "folkmoot -C @/b join --charter @/charter", .is_done_in_two = true},
        {.line = "folkmoot -C @/a alliance show --json", .only_reads = true},
    };
    stage(founded);
    PLAYS(flows);
}

static void publishing_and_carrying(void **state)
{
    (void)state;
    static const struct flow flows[] = {
        {.line = "folkmoot -C @/a publish " FIGURES " --offline", .is_done_in_two = true},
        {.line = "folkmoot -C @/a bundle export --out @/out.fmb"},
        {.line = "folkmoot -C @/b bundle import @/out.fmb"},
    };
    stage(joined);
    PLAYS(flows);
}

static void saying(void **state)
{
    (void)state;
    static const struct flow flows[] = {
        {.line = "folkmoot -C @/a support need --about cin_rate --text help --offline --json", .is_done_in_two = true,
         .adds_each_time = true},
        {.line = "folkmoot -C @/a support need --about cla_rate --text help --audience hampshire --offline", .is_done_in_two = true,
         .adds_each_time = true},
        {.line = "folkmoot -C @/a support list --json", .only_reads = true},
        {.line = "folkmoot -C @/a activity", .only_reads = true},
        {.line = "folkmoot -C @/a timeline east-sussex --csv", .only_reads = true},
        {.line = "folkmoot -C @/a export --format json --what posts", .only_reads = true},
        {.line = "folkmoot -C @/b bundle import @/out.fmb"},
        {.line = "folkmoot -C @/b challenge east-sussex --about cpp_repeat_pct --text why --offline", .is_done_in_two = true,
         .adds_each_time = true},
    };
    stage(published);
    PLAYS(flows);
}

static void reading(void **state)
{
    (void)state;
    static const struct flow flows[] = {
        {.line = "folkmoot -C @/b bundle import @/out.fmb"},
        {.line = "folkmoot -C @/b compare cin_rate --json", .only_reads = true},
        {.line = "folkmoot -C @/b compare cin_rate", .only_reads = true},
        {.line = "folkmoot -C @/b compare cin_rate --csv", .only_reads = true},
        {.line = "folkmoot -C @/b rug --json", .only_reads = true},
        {.line = "folkmoot -C @/b rug", .only_reads = true},
        {.line = "folkmoot -C @/b trend cin_rate --authority east-sussex --json", .only_reads = true},
        {.line = "folkmoot -C @/b trend cin_rate --authority east-sussex", .only_reads = true},
        {.line = "folkmoot -C @/b outliers --json", .only_reads = true},
        {.line = "folkmoot -C @/b outliers", .only_reads = true},
        {.line = "folkmoot -C @/b match", .only_reads = true},
        {.line = "folkmoot -C @/b report --out @/east.html --authority east-sussex", .is_new_each_time = true},
        {.line = "folkmoot -C @/b report --out @/page.html", .is_new_each_time = true},
        {.line = "folkmoot -C @/b report --check @/page.html --json", .only_reads = true, .is_new_each_time = true},
        {.line = "folkmoot -C @/b verify --json", .only_reads = true},
        {.line = "folkmoot -C @/b prove east-sussex/2 --out @/p.tlog-proof"},
        {.line = "folkmoot -C @/b disclose east-sussex/2 --out @/d.fmb"},
        {.line = "folkmoot -C @/b coverage", .only_reads = true},
        {.line = "folkmoot -C @/a history cin_rate --json", .only_reads = true},
        {.line = "folkmoot -C @/a indicators --json", .only_reads = true},
        {.line = "folkmoot -C @/a status --json", .only_reads = true},
        {.line = "folkmoot -C @/a", .only_reads = true},
    };
    stage(published);
    PLAYS(flows);
}

/* A change of our identity may be durable and yet not have reached every file: the next command goes on with it. */
static void life_of_keys(void **state)
{
    (void)state;
    static const struct flow flows[] = {
        {.line = "folkmoot -C @/a keys rotate log --offline",
         .is_done_in_two = true, .is_new_each_time = true, .adds_each_time = true},
        {.line = "folkmoot -C @/a keys rotate node --offline",
         .is_done_in_two = true, .is_new_each_time = true, .adds_each_time = true},
        {.line = "folkmoot -C @/a keys status --json", .only_reads = true, .is_new_each_time = true},
        {.line = "folkmoot -C @/a doctor --firewall --json", .only_reads = true},
    };
    stage(joined);
    PLAYS(flows);
}

static void public_figures(void **state)
{
    (void)state;
    static const struct flow flows[] = {
        {.line = "folkmoot -C @/a reference import tests/faults/public.csv --source DfE --vintage 2024-11-01 --json"},
        {.line = "folkmoot -C @/a reference list --json", .only_reads = true, .is_new_each_time = true},
        {.line = "folkmoot -C @/a compare cpp_repeat_pct --period 2024 --with england --json", .only_reads = true},
        {.line = "folkmoot -C @/a compare cpp_repeat_pct --period 2024 --with neighbours", .only_reads = true},
        {.line = "folkmoot -C @/a profile --json", .only_reads = true},
        {.line = "folkmoot -C @/a sql SELECT/**/slug,value,x'00'/**/FROM/**/figure --json", .only_reads = true},
        {.line = "folkmoot -C @/a export --format ees --out @/figures.csv"},
        {.line = "folkmoot -C @/a export --format json", .only_reads = true},
        {.line = "folkmoot -C @/a reference remove public --json"},
    };
    stage(published);
    PLAYS(flows);
}

static void officers_and_tools(void **state)
{
    (void)state;
    static const struct flow flows[] = {
        {.line = "folkmoot -C @/a officer add --role dcs --name Jane --offline --json", .is_done_in_two = true,
         .is_new_each_time = true, .adds_each_time = true},
        {.line = "folkmoot -C @/a officer list --json", .only_reads = true},
        {.line = "folkmoot -C @/a officer list --format ssh", .only_reads = true},
        {.line = "folkmoot -C @/a sign-file tests/faults/public.csv --as dcs --format minisign --out @/m --yes --json"},
        {.line = "folkmoot -C @/a sign-file tests/faults/public.csv --as dcs --format sshsig --out @/s --yes"},
        {.line = "folkmoot -C @/a alliance policy 845 --json", .only_reads = true},
        {.line = "folkmoot -C @/a export-log 845 --out @/log --json"},
    };
    stage(published);
    PLAYS(flows);
}

static void assessing(void **state)
{
    (void)state;
    static const char *const barset[] = {"folkmoot -C @/a init barsetshire --name Barsetshire --unprotected",
                                         "folkmoot -C @/a alliance create Barset",
                                         "folkmoot -C @/a officer add --role dcs --name Jane --offline", NULL};
    static const struct flow flows[] = {
        {.line = "folkmoot -C @/a assess new --year 2025 --out @/n.md --yes --json"},
        {.line = "folkmoot -C @/a assess check @/m.md --json", .only_reads = true},
        {.line = "folkmoot -C @/a assess sign @/m.md --as dcs --yes"},
        {.line = "folkmoot -C @/a assess publish @/m.md --offline --json", .is_done_in_two = true, .is_new_each_time = true},
        {.line = "folkmoot -C @/a assess show barsetshire --json", .only_reads = true, .is_new_each_time = true},
        {.line = "folkmoot -C @/a assess list --json", .only_reads = true, .is_new_each_time = true},
        {.line = "folkmoot -C @/a export --format json --what assessments", .only_reads = true, .is_new_each_time = true},
        {.line = "folkmoot -C @/a export --format csv --what assessments", .only_reads = true, .is_new_each_time = true},
    };
    char path[FILE_PATH_MAX];
    stage(barset);
    assert_true(snprintf(path, sizeof(path), "%s/m.md", before) < (int)sizeof(path));
    FILE *f = fopen(path, "w");
    assert_non_null(f);
    (void)fputs("folkmoot self-assessment v1\nauthority barsetshire\nyear 2025\njudgement 3\n", f);
    for (size_t i = 0; i < SECTION_COUNT; i++)
        (void)fprintf(f, "\n# %s\n\nWords.\n", section_heading((enum assessment_section)i));
    assert_int_equal(fclose(f), 0);
    PLAYS(flows);
}

/* Jansson goes on where the name of a field could not be kept: what it gives then is no document. */
static void a_document_is_printed_whole_or_not_at_all(void **state)
{
    (void)state;
    char *whole = NULL, *got = NULL;
    size_t len = 0;
    struct session s;
    json_t *doc = json_object();
    for (int i = 0; i < 200; i++) {
        char name[32];
        (void)snprintf(name, sizeof(name), "field-%d", i);
        assert_int_equal(json_object_set_new(doc, name, json_integer(i)), 0);
    }
    uint64_t total = 1;
    for (uint64_t nth = 0; nth <= total; nth++) {
        FILE *out = open_memstream(nth == 0 ? &whole : &got, &len);
        assert_non_null(out);
        session_init(&s, stdin, out, stderr);
        memory_fail_at(nth, false);
        memory_arm(true);
        enum err e = json_print(&s, doc);
        memory_arm(false);
        total = nth == 0 ? memory_count() : total;
        assert_int_equal(fclose(out), 0);
        session_release(&s);
        assert_int_equal(e, nth == 0 ? OK : ERR_NOMEM);
        if (nth > 0)
            assert_non_null(strstr(got, "\"no-memory\""));
        free(got);
        got = NULL;
    }
    assert_true(total > 5);
    free(whole);
    json_decref(doc);
}

static int make_folders(void **state)
{
    n_failed = 0;
    if (make_top(state) != 0 || crypto_start() != OK)
        return -1;
    (void)snprintf(before, sizeof(before), "%s/before", top);
    (void)snprintf(after, sizeof(after), "%s/after", top);
    (void)snprintf(trial, sizeof(trial), "%s/trial", top);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_document_is_printed_whole_or_not_at_all),
        cmocka_unit_test_setup_teardown(setting_up, make_folders, remove_top),
        cmocka_unit_test_setup_teardown(joining, make_folders, remove_top),
        cmocka_unit_test_setup_teardown(publishing_and_carrying, make_folders, remove_top),
        cmocka_unit_test_setup_teardown(saying, make_folders, remove_top),
        cmocka_unit_test_setup_teardown(reading, make_folders, remove_top),
        cmocka_unit_test_setup_teardown(life_of_keys, make_folders, remove_top),
        cmocka_unit_test_setup_teardown(public_figures, make_folders, remove_top),
        cmocka_unit_test_setup_teardown(assessing, make_folders, remove_top),
        cmocka_unit_test_setup_teardown(officers_and_tools, make_folders, remove_top),
    };
    if (!memory_start())
        return 1;
    if (getenv("TMPDIR") == NULL && access("/dev/shm", W_OK) == 0)
        (void)setenv("TMPDIR", "/dev/shm", 1);  /* thousands of commits, of which none need outlive a power cut */
    return cmocka_run_group_tests(tests, NULL, NULL);
}
