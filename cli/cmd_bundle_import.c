/* cli/cmd_bundle_import.c - take over what is new and verifies from a file of logs. */
#include "cli/commands.h"

#include <errno.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli/bundle/bundle.h"
#include "cli/output/output.h"
#include "cli/say.h"
#include "keys/file.h"

const struct option_spec options_bundle_import[] = {OPTIONS_END};

static const struct column columns[] = {
    {"slug", "log", 0}, {"generation", NULL, COLUMN_NUMBER}, {"offered", "in the file", COLUMN_NUMBER},
    {"came", "new", COLUMN_NUMBER}, {"size", "held", COLUMN_NUMBER}, {"refused", "refused", 0},
};

static struct sheet *sheet_of(const struct bundle_read *r)
{
    struct sheet *sh = sheet_new(columns, sizeof(columns) / sizeof(columns[0]));
    for (size_t i = 0; i < r->n_logs; i++) {
        const struct bundle_log *b = &r->logs[i];
        sheet_row(sh);
        sheet_text(sh, b->log.slug.s);
        sheet_count(sh, b->log.generation);
        sheet_count(sh, (int64_t)b->offered);
        sheet_count(sh, (int64_t)(b->after > b->before ? b->after - b->before : 0));
        sheet_count(sh, (int64_t)b->after);
        sheet_text(sh, b->refused);
        sheet_style(sh, STYLE_BAD);
    }
    return sh;
}

static uint64_t sum_came(const struct bundle_read *r, size_t *ret_refused)
{
    uint64_t came = 0;
    *ret_refused = 0;
    for (size_t i = 0; i < r->n_logs; i++) {
        came += r->logs[i].after > r->logs[i].before ? r->logs[i].after - r->logs[i].before : 0;
        *ret_refused += r->logs[i].refused != NULL;
    }
    return came;
}

static enum exit_status answer(struct desk *d, const char *file, const struct bundle_read *r)
{
    size_t refused;
    uint64_t came = sum_came(r, &refused);
    if ((r->end == BUNDLE_NONE || r->end == BUNDLE_FOREIGN) && r->n_logs == 0)
        return say_refused(d->s, EXIT_NO, bundle_end_code(r->end), "nothing was taken from it", "%s: %s", file,
                           bundle_end_text(r->end));
    struct sheet *sh = sheet_of(r);
    json_t *doc = json_document(d->s);
    json_object_set_new(doc, "file", json_text(file));
    json_object_set_new(doc, "end", json_text(bundle_end_code(r->end)));
    json_object_set_new(doc, "came", json_integer((json_int_t)came));
    json_object_set_new(doc, "charter", json_integer(r->charter_after));
    json_object_set_new(doc, "charter_before", json_integer(r->charter_before));
    json_object_set_new(doc, "logs", sheet_json(sh));
    enum exit_status st = output(d->s, doc, sh);
    sheet_free(sh);
    if (st != EXIT_OK)
        return st;
    const char *charter = r->charter_after > r->charter_before ? ", and a newer charter" : "";
    const char *gap = r->n_logs > 0 ? "\n" : "";
    if (came > 0 || charter[0] != '\0')
        out(d->s, "%s%llu new %s taken over%s.\n", gap, (unsigned long long)came, came == 1 ? "entry was" : "entries were",
            charter);
    else
        out(d->s, "%sNothing in it was new.\n", gap);
    if (r->end != BUNDLE_WHOLE)
        return say_refused(d->s, EXIT_NO, bundle_end_code(r->end), "what stood before that place and verified was kept",
                           "%s: %s", file, bundle_end_text(r->end));
    if (refused > 0)
        return say_refused(d->s, EXIT_NO, "refused", "what verified was kept; the table says which and why",
                           "%s: something was refused of %zu log%s", file, refused, refused == 1 ? "" : "s");
    if (came > 0)
        say_next(d->s, "`folkmoot coverage` says who has returned what");
    return EXIT_OK;
}

static void show_progress(void *arg, uint64_t bytes)
{
    progress_step(arg, bytes / 1024);
}

static enum exit_status import(struct desk *d)
{
    const char *file = session_arg(d->s, 0);
    struct stat st;
    struct bundle_read r = {0};
    enum exit_status result = desk_need_member(d);
    if (result != EXIT_OK)
        return result;
    if (stat(file, &st) != 0 || S_ISDIR(st.st_mode) || access(file, R_OK) != 0)
        return say_unreadable(d->s, file_errno(errno), file, NULL);
    FILE *in = fopen(file, "rb");
    if (in == NULL)
        return say_unreadable(d->s, file_errno(errno), file, NULL);
    struct progress p = progress_start(d->s, "KiB read", (uint64_t)st.st_size / 1024);
    enum err e = bundle_read(d, in, show_progress, &p, &r);
    progress_end(&p);
    (void)fclose(in);
    size_t refused;
    if (r.charter_after > r.charter_before || sum_came(&r, &refused) > 0)
        desk_ring(d);
    result = e == OK ? answer(d, file, &r) : say_failed(d->s, e, e == ERR_CORRUPT ? "run it again: opening the store "
                                                                                    "mends it" : NULL,
                                                        "reading %s", file);
    bundle_read_release(&r);
    return result;
}

enum exit_status cmd_bundle_import(struct session *s)
{
    return desk_run(s, DESK_WRITE, import);
}
