/* cli/cmd_publish.c - figures out of files, checked, compared with what was published, sealed and signed. */
#include "cli/commands.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli/official.h"
#include "cli/publish/answer.h"
#include "cli/reference/form.h"
#include "cli/say.h"
#include "keys/file.h"

const struct option_spec options_publish[] = {
    {"where", 0, OPTION_LIST, "COLUMN=VALUE", "only rows that hold this; several must all hold"},
    {"indicators", 0, OPTION_VALUE, "MAP.csv", "where indicators stand in files of other column names"},
    {"audience", 0, OPTION_VALUE, "alliance|public|SLUG,...", "who may read it; the alliance unless given"},
    {"opens", 0, OPTION_VALUE, "DATE|90d|never", "the day on which it is opened to more readers; what is for named readers: as the "
     "charter says"},
    {"to", 0, OPTION_VALUE, "alliance|public|SLUG,...", "to whom it opens then; the alliance unless given"},
    {"return", 0, OPTION_VALUE, "TITLE", "what this return is called; the file's name unless given"},
    {"status", 0, OPTION_CHOICE, "provisional|final", "final unless given"},
    {"reason", 0, OPTION_CHOICE, "late-data|correction|denominator|definition|disclosure|unreliable",
     "why published figures change"},
    {"as", 0, OPTION_VALUE, "OFFICER", "who signs the return off: an office, or a name"},
    {"key", 0, OPTION_VALUE, "FILE", "that officer's own key; without it one that this node holds"},
    {"marking", 0, OPTION_CHOICE, "official|official-sensitive", "a protective marking"},
    {"errors", 0, OPTION_VALUE, "FILE.csv", "where to write the rows back with what is wrong beside each"},
    {"dry-run", 0, OPTION_FLAG, NULL, "say what would be published; sign nothing, ask nobody"},
    OPTIONS_END,
};

struct publishing {
    struct desk *d;
    struct request request;
    uint64_t n_entries;                     /* of our log, before the view was opened: the gate knows no later ones */
    struct view *view;
    struct lexicon *lexicon;
    struct intake in;
    struct plan plan;
    struct passed passed;
    bool has_plan, has_passed;
};

/* ---- reading ---- */

/* Whole or not at all: a disk that fills up leaves what stood there. */
static enum exit_status write_back(struct publishing *p)
{
    char *text = NULL;
    size_t len = 0;
    FILE *f = open_memstream(&text, &len);
    enum err e = f != NULL ? intake_annotate(&p->in, f) : ERR_NOMEM;
    if (f != NULL && fclose(f) != 0 && e == OK)
        e = ERR_NOMEM;
    if (e == OK)
        e = file_export(p->request.errors, (struct bytes){(const uint8_t *)text, len}, true);
    free(text);
    if (e == ERR_UNKNOWN)
        return say_refused(p->d->s, EXIT_ENVIRONMENT, "no-folder", "make the folder first", "%s: its folder is not there",
                           p->request.errors);
    return e == OK ? EXIT_OK : say_failed(p->d->s, e, NULL, "writing %s", p->request.errors);
}

/* What is published from must not be written over by what is wrong with it. */
static enum exit_status check_errors_file(struct publishing *p, const struct stat *source, const char *name)
{
    struct stat st;
    if (p->request.errors == NULL || stat(p->request.errors, &st) != 0)
        return EXIT_OK;
    if (st.st_dev == source->st_dev && st.st_ino == source->st_ino)
        return say_usage(p->d->s, "name another file", "--errors %s: this is the file that is published", name);
    return EXIT_OK;
}

static enum exit_status check_files(struct publishing *p)
{
    struct session *s = p->d->s;
    enum exit_status result = EXIT_OK;
    bool has_stdin = false;
    for (size_t i = 0; result == EXIT_OK && i < s->n_args; i++) {
        const char *name = s->args[i];
        struct stat st;
        if (name[0] == '\0')
            return say_usage(s, "name a file, or - for what comes in", "publish: a file without a name");
        if (strcmp(name, "-") == 0) {
            if (has_stdin)
                return say_usage(s, "name it once", "publish: what comes in (-) can be read only once");
            has_stdin = true;
            if (s->in_is_terminal)
                say_note(s, "Reading what is typed; Ctrl-D ends it.");
            continue;
        }
        if (stat(name, &st) != 0 || S_ISDIR(st.st_mode) || access(name, R_OK) != 0)
            return say_unreadable(s, file_errno(errno), name, NULL);
        result = check_errors_file(p, &st, name);
    }
    return result == EXIT_OK ? request_check_errors(s, &p->request) : result;
}

/* Whose rows are ours: by the codes that the charter gives us. */
static enum exit_status read_files(struct publishing *p)
{
    const struct request *r = &p->request;
    const struct member *us = charter_find(desk_charter(p->d), &p->d->identity->slug);
    struct intake_options with = {
        .dfe = us->codes.dfe, .gss = us->codes.gss, .where = r->where, .n_where = r->n_where, .map = r->map, .n_map = r->n_map,
        .base = r->base, .marking = r->marking, .reason = r->reason, .definition = lexicon_definition, .nearest = lexicon_nearest,
        .hash = lexicon_hash, .arg = p->lexicon, .no_return = form_is_no_return,
    };
    if (us->codes.dfe[0] == '\0' && us->codes.gss[0] == '\0')
        return say_refused(p->d->s, EXIT_NO, "no-codes", "the stewards admit it with codes, as its identity asks",
                           "publish: the charter names neither a DfE nor a GSS code for %s, so no row can be its own", us->slug.s);
    enum err e = intake_read(p->d->s->args, p->d->s->n_args, p->d->s->in, &with, &p->in);
    if (e == OK)
        e = lexicon_status(p->lexicon);
    if (e == ERR_LIMIT)
        return say_usage(p->d->s, "publish the others after them", "publish: at most %d files at once", (int)INTAKE_FILES_MAX);
    return e == OK ? EXIT_OK : say_failed(p->d->s, e, NULL, "publish");
}

/* ---- planning ---- */

struct own { struct view *view; char audience[AUDIENCE_TEXT_SIZE]; };

static enum err find_own(void *arg, const struct figure *f, struct figure_row *ret)
{
    struct own *o = arg;
    return o->audience[0] != '\0' ? view_own_figure(o->view, f, o->audience, ret) : ERR_UNKNOWN;
}

static enum err is_noted(void *arg, const char *record, const char *text, bool *ret)
{
    struct own *o = arg;
    return view_is_noted(o->view, record, o->audience, text, ret);
}

static enum err audience_text(struct publishing *p, char ret[AUDIENCE_TEXT_SIZE])
{
    struct named_epoch e;
    enum err err = OK;
    ret[0] = '\0';                          /* named readers who were never sealed to: all is new */
    if (p->request.to != TO_NAMED)
        snprintf(ret, AUDIENCE_TEXT_SIZE, "%s", p->request.to == TO_PUBLIC ? "public" : "alliance");
    else if ((err = named_find(p->d, p->view, &p->request.named, &e)) == OK) {
        hex_encode((struct bytes){e.audience.b, sizeof(e.audience.b)}, ret);
        wipe(&e, sizeof(e));
    }
    return err == ERR_UNKNOWN ? OK : err;
}

static enum exit_status plan(struct publishing *p)
{
    struct own own = {.view = p->view};
    struct published published = {find_own, is_noted, &own};
    if (p->has_plan)
        plan_release(&p->plan);
    p->has_plan = false;
    enum err e = audience_text(p, own.audience);
    if (e == OK)
        e = plan_make(p->in.figures, p->in.n_figures, &published, p->request.reason, &p->plan);
    p->has_plan = e == OK;
    return e == OK ? EXIT_OK : say_failed(p->d->s, e, NULL, "comparing with what was published");
}

/* Words beside a count that is withheld may say the count, and nobody could take them back. */
static enum exit_status check_comments(struct publishing *p)
{
    for (size_t i = 0; i < p->in.n_figures; i++) {
        const struct intake_figure *f = &p->in.figures[i];
        if (f->comment != NULL && p->passed.items[i].why != GATE_PASSED)
            return say_refused(p->d->s, EXIT_NO, "comment-on-withheld", "leave the comment out, or publish for the alliance",
                               "%s, line %llu: %s is withheld from the public, and its comment would not be",
                               p->in.files[f->file].name, (unsigned long long)f->line, f->figure.indicator);
    }
    return EXIT_OK;
}

static enum exit_status gate(struct publishing *p)
{
    if (p->request.to != TO_PUBLIC)
        return EXIT_OK;
    enum err e = pass_gate(p->view, p->lexicon, p->d->identity->slug.s, small_count_max(desk_charter(p->d)), p->in.figures,
                           p->in.n_figures, &p->passed);
    p->has_passed = e == OK;
    return e == OK ? check_comments(p) : say_failed(p->d->s, e, NULL, "looking for small numbers");
}

/* ---- publishing ---- */

static struct outcome outcome(struct publishing *p)
{
    return (struct outcome){.d = p->d, .request = &p->request, .in = &p->in, .plan = p->has_plan ? &p->plan : NULL,
                            .passed = p->has_passed ? &p->passed : NULL};
}

static bool lacks_reason(const struct publishing *p)
{
    return p->plan.n_revised > 0 && p->request.reason == REASON_NONE;
}

/* Another command may have published in between: under the lock everything is looked at again. */
static enum exit_status plan_again(struct publishing *p)
{
    view_close(p->view);
    p->view = NULL;
    enum exit_status st = desk_view(p->d, &p->view);
    return st == EXIT_OK ? plan(p) : st;
}

static enum err count_entries(struct publishing *p)
{
    struct log_state l;
    struct buf note = buf_on(CHECKPOINT_MAX);
    enum err e = store_log(p->d->store, &p->d->origin, &l, &note);
    buf_release(&note);
    p->n_entries = e == OK ? l.frontier.size : 0;
    return e == ERR_UNKNOWN ? OK : e;
}

/* What is public by now may give away what the gate let stand, and it cannot be asked again: it has withheld already. Our identity,
 * entry 0, tells nothing. */
static enum exit_status check_gate(struct publishing *p, const struct author *a)
{
    if (p->request.to != TO_PUBLIC || author_next(a) <= (p->n_entries > 0 ? p->n_entries : 1))
        return EXIT_OK;
    return say_refused(p->d->s, EXIT_NO, "published-meanwhile", "run it again",
                       "publish: another command published meanwhile, and small numbers were looked for without that");
}

static enum exit_status sign(struct publishing *p, struct author *a)
{
    struct outcome o = outcome(p);
    enum exit_status st = seal_batch(a, p->view, &p->request, &p->in, &p->plan, &o.batch);
    if (st == EXIT_OK)
        st = author_commit(a, &o.head);
    if (st != EXIT_OK)
        return st;
    o.is_published = true;
    st = answer_done(&o);
    if (st == EXIT_OK)
        promises_remind(p->d, p->view);
    return st;
}

static enum exit_status publish(struct publishing *p)
{
    struct author *a = NULL;
    enum exit_status st = author_begin(p->d, &a);
    if (st == EXIT_OK)
        st = plan_again(p);
    if (st == EXIT_OK) {
        struct outcome o = outcome(p);
        if (lacks_reason(p))
            st = answer_needs_reason(&o);
        else if (plan_entries(&p->plan) == 0)
            st = answer_done(&o);
        else if ((st = check_gate(p, a)) == EXIT_OK)
            st = sign(p, a);
    }
    author_end(a);
    return st;
}

static enum exit_status decide(struct publishing *p)
{
    enum exit_status st = read_files(p);
    if (st == EXIT_OK && p->in.n_problems > 0) {
        struct outcome refused = outcome(p);
        if (p->request.errors != NULL)
            st = write_back(p);
        return st == EXIT_OK ? answer_problems(&refused) : st;
    }
    if (st == EXIT_OK)
        st = gate(p);
    if (st == EXIT_OK)
        st = plan(p);
    if (st != EXIT_OK)
        return st;
    struct outcome o = outcome(p);
    if (lacks_reason(p))
        return answer_needs_reason(&o);
    if (p->request.is_dry || plan_entries(&p->plan) == 0)
        return answer_done(&o);
    return publish(p);
}

static enum exit_status may_publish(struct desk *d)
{
    enum exit_status st = desk_need_member(d);
    if (st != EXIT_OK)
        return st;
    const struct member *us = charter_find(desk_charter(d), &d->identity->slug);
    if (us->role != ROLE_AUTHORITY)
        return say_refused(d->s, EXIT_NO, "role", "publish in the home of the authority whose figures they are",
                           "publish: only authorities publish figures, and %s is a %s", us->slug.s, role_name(us->role));
    return EXIT_OK;
}

static enum exit_status work(struct publishing *p)
{
    enum exit_status st = may_publish(p->d);
    if (st == EXIT_OK)
        st = request_read(p->d, &p->request);
    if (st == EXIT_OK)
        st = check_files(p);
    enum err e = st == EXIT_OK ? count_entries(p) : OK;
    if (e != OK)
        st = say_failed(p->d->s, e, NULL, "publish");
    if (st == EXIT_OK)
        st = desk_view(p->d, &p->view);
    if (st == EXIT_OK && (p->lexicon = lexicon_new(p->view)) == NULL)
        st = say_failed(p->d->s, ERR_NOMEM, NULL, "publish");
    if (st == EXIT_OK)
        st = decide(p);
    return st;
}

enum exit_status cmd_publish(struct session *s)
{
    struct desk d;
    static struct publishing p;             /* some 100 KiB */
    p = (struct publishing){.d = &d};
    enum exit_status st = desk_open(s, STORE_WRITE, &d);
    if (st == EXIT_OK)
        st = work(&p);
    if (p.has_passed)
        passed_release(&p.passed);
    if (p.has_plan)
        plan_release(&p.plan);
    intake_release(&p.in);
    lexicon_free(p.lexicon);
    view_close(p.view);
    request_release(&p.request);
    desk_close(&d);
    return st;
}
