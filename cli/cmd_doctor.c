/* cli/cmd_doctor.c - "is it working?" */
#include "cli/commands.h"

#include <stdlib.h>
#include <string.h>

#include "cli/doctor/doctor.h"
#include "cli/output/output.h"
#include "cli/say.h"
#include "keys/file.h"

const struct option_spec options_doctor[] = {
    {"firewall", 0, OPTION_FLAG, NULL, "print the rules that the people who keep the network need instead"},
    OPTIONS_END,
};

static const struct { const char *name; bool needs_desk; void (*check)(struct doctor *x, struct finding *ret); } checks[] = {
#define X(name, needs) {#name, needs, check_##name},
    DOCTOR_CHECKS(X)
#undef X
};
enum { N_CHECKS = sizeof(checks) / sizeof(checks[0]) };

static const struct column columns[] = {{"check", "check", 0}, {"ok", "", 0}, {"detail", "found", 0}, {"remedy", "what to do", 0}};

/* ---- getting ready: whatever is missing is a finding, not an end ---- */

static void read_config(struct doctor *x)
{
    char path[FILE_PATH_MAX];
    struct buf text = buf_on(0);
    config_init(&x->config);
    home_path(&x->s->home, HOME_CONFIG, path);
    enum err e = file_read(path, CONFIG_MAX, &text);
    x->has_config = e == OK && config_parse(buf_bytes(&text), &x->config, &x->config_error) == OK;
    buf_release(&text);
}

static enum err read_alliance(struct doctor *x)
{
    x->now = desk_charter(x->d);
    enum err e = x->now != NULL ? held_read(x->d, &x->held) : OK;
    return e == OK ? reach_read(x->d, &x->reach) : e;
}

/* A desk that does not open has said why already, on stderr. */
static enum exit_status open_all(struct doctor *x, struct desk *d)
{
    struct session *s = x->s;
    enum exit_status st = session_home(s);
    if (st != EXIT_OK)
        return st;
    if (home_check(&s->home, NULL) == ERR_UNKNOWN)
        return session_node(s);             /* nothing was set up there: it says so */
    read_config(x);
    st = desk_open(s, STORE_READ, d);
    if (st == EXIT_OK)
        x->d = d;
    x->is_closed = home_check(&s->home, NULL) != OK;
    x->runs = desk_daemon_runs(d);
    enum err e = x->d != NULL ? read_alliance(x) : OK;
    if (e == ERR_NOMEM)
        return say_failed(s, e, NULL, "doctor");
    if (e != OK)
        x->d = NULL;
    return EXIT_OK;
}

/* ---- telling ---- */

static void add(struct sheet *sh, const char *name, const struct finding *f)
{
    char shown[64];
    (void)snprintf(shown, sizeof(shown), "%s", name);
    for (char *c = shown; *c != '\0'; c++)
        if (*c == '_')
            *c = '-';
    sheet_row(sh);
    sheet_text(sh, shown);
    sheet_bool(sh, f->state != DOCTOR_BAD);
    sheet_shown(sh, f->state == DOCTOR_BAD ? "BAD" : f->state == DOCTOR_ADVICE ? "look" : "good");
    sheet_style(sh, f->state == DOCTOR_BAD ? STYLE_BAD : f->state == DOCTOR_ADVICE ? STYLE_WARN : STYLE_GOOD);
    sheet_text(sh, f->detail);
    sheet_text(sh, f->remedy[0] != '\0' ? f->remedy : NULL);
}

static enum exit_status examine(struct doctor *x)
{
    struct sheet *sh = sheet_new(columns, sizeof(columns) / sizeof(columns[0]));
    size_t n_bad = 0;
    for (size_t i = 0; i < N_CHECKS; i++) {
        struct finding f = {.state = DOCTOR_BAD};
        if (checks[i].needs_desk && x->d == NULL)
            finding_advice(&f, "do first what stands above", "not looked at");
        else
            checks[i].check(x, &f);
        n_bad += f.state == DOCTOR_BAD;
        add(sh, checks[i].name, &f);
    }
    json_t *doc = json_document(x->s);
    json_object_set_new(doc, "ok", json_boolean(n_bad == 0));
    json_object_set_new(doc, "checks", sheet_json(sh));
    enum exit_status st = output(x->s, doc, sh);
    if (st == EXIT_OK && n_bad > 0) {
        say_next(x->s, "%zu of %zu checks failed: do what stands beside the first", n_bad, (size_t)N_CHECKS);
        st = EXIT_NO;
    }
    sheet_free(sh);
    return st;
}

enum exit_status cmd_doctor(struct session *s)
{
    struct desk d = {.s = s};
    struct doctor *x = calloc(1, sizeof(*x));
    if (x == NULL)
        return say_failed(s, ERR_NOMEM, NULL, "doctor");
    x->s = s;
    x->now_ms = session_now_ms();
    enum exit_status st = open_all(x, &d);
    const bool is_firewall = option_flag(&s->options, "firewall");
    if (st == EXIT_OK && is_firewall && x->d == NULL)
        st = EXIT_ENVIRONMENT;
    else if (st == EXIT_OK)
        st = is_firewall ? doctor_firewall(x) : examine(x);
    free(x->held);
    free(x->reach);
    free(x);
    desk_close(&d);
    return st;
}
