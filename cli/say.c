#include "cli/say.h"

#include <jansson.h>
#include <stdarg.h>
#include <string.h>
#include <sys/stat.h>

#include "cli/command.h"
#include "cli/output/json.h"
#include "cli/output/text.h"

enum { SAY_MAX = 4096, ANSWER_MAX = 64, WORD_SHOWN = 200 };

/* One line of words, made safe. */
struct line {
    char text[SAY_MAX];
};

__attribute__((format(printf, 1, 0)))
static struct line line_of(const char *fmt, va_list ap)
{
    struct line raw, clean;
    int n = vsnprintf(raw.text, sizeof(raw.text), fmt, ap);
    if (n < 0)
        raw.text[0] = '\0';
    text_clean_into(raw.text, clean.text, sizeof(clean.text));
    return clean;
}

static void print_error_document(struct session *s, const char *code, const char *message)
{
    if (s->mode != OUTPUT_JSON || s->printed)
        return;
    json_t *doc = json_pack("{s:s, s:{s:s, s:o}}", "schema", "folkmoot.error/1", "error", "code", code,
                            "message", json_text(message));
    json_print(s, doc);
    json_decref(doc);
}

/* Always three parts. Who gives no `what:` speaks of the command; who gives no remedy, of its help. */
static void say_error(struct session *s, const char *code, const char *what_why, const char *remedy)
{
    struct line whole;
    char command[COMMAND_NAME_MAX] = "", help[COMMAND_NAME_MAX + 48];
    if (s->command != NULL)
        command_name(s->command, ' ', command);
    snprintf(help, sizeof(help), "`folkmoot %s%s` explains", command, command[0] != '\0' ? " --help" : "help");
    bool lacks_what = command[0] != '\0' && strstr(what_why, ": ") == NULL;
    snprintf(whole.text, sizeof(whole.text), "%s%s%.2900s: %.1000s", lacks_what ? command : "", lacks_what ? ": " : "", what_why,
             remedy != NULL ? remedy : help);
    fflush(s->out);
    fprintf(s->err, "folkmoot: %s\n", whole.text);
    print_error_document(s, code, whole.text);
}

enum exit_status say_failed(struct session *s, enum err e, const char *remedy, const char *what, ...)
{
    va_list ap;
    va_start(ap, what);
    struct line line = line_of(what, ap), whole;
    va_end(ap);
    snprintf(whole.text, sizeof(whole.text), "%.2800s: %s", line.text, err_text(e));
    say_error(s, err_code(e), whole.text, remedy != NULL ? remedy : err_remedy(e));
    return exit_of(e);
}

enum exit_status say_unreadable(struct session *s, enum err e, const char *file, const char *remedy)
{
    struct stat st;
    if (stat(file, &st) == 0 && S_ISDIR(st.st_mode))
        return say_refused(s, EXIT_ENVIRONMENT, "is-a-folder", "name a file", "%s: this is a folder", file);
    if (e == ERR_UNKNOWN)
        return say_refused(s, EXIT_ENVIRONMENT, "no-file", "check its name", "%s: there is no such file", file);
    if (e == ERR_DENIED)
        return say_refused(s, EXIT_ENVIRONMENT, "denied", "its owner can let you read it", "%s: permission was refused", file);
    if (e == ERR_LIMIT)
        return say_refused(s, EXIT_NO, "too-large", remedy, "%s: it is too large", file);
    if (e == ERR_FORMAT || e == ERR_SIGNATURE || e == ERR_PROTO)
        return say_refused(s, EXIT_NO, err_code(e), remedy, "%s: it is not such a file", file);
    return say_failed(s, e, remedy, "%s", file);
}

enum exit_status say_refused(struct session *s, enum exit_status status, const char *code, const char *remedy,
                             const char *what_why, ...)
{
    va_list ap;
    va_start(ap, what_why);
    struct line line = line_of(what_why, ap);
    va_end(ap);
    say_error(s, code, line.text, remedy);
    return status;
}

enum exit_status say_usage(struct session *s, const char *remedy, const char *what_why, ...)
{
    va_list ap;
    va_start(ap, what_why);
    struct line line = line_of(what_why, ap);
    va_end(ap);
    say_error(s, "usage", line.text, remedy);
    return EXIT_USAGE;
}

enum exit_status say_unknown(struct session *s, const char *kind, const char *word, const char *nearest,
                             const char *otherwise)
{
    char remedy[256];
    if (nearest == NULL)
        return say_refused(s, EXIT_USAGE, "usage", otherwise, "no %s `%.*s`: there is none of that name", kind, WORD_SHOWN, word);
    snprintf(remedy, sizeof(remedy), "did you mean `%.200s`?", nearest);
    return say_refused(s, EXIT_USAGE, "usage", remedy, "no %s `%.*s`: there is none of that name", kind, WORD_SHOWN, word);
}

__attribute__((format(printf, 3, 0)))
static void say_line(struct session *s, const char *prefix, const char *fmt, va_list ap)
{
    struct line line = line_of(fmt, ap);
    fflush(s->out);                             /* what was printed before stands before */
    fprintf(s->err, "%s%s\n", prefix, line.text);
}

void say_next(struct session *s, const char *fmt, ...)
{
    va_list ap;
    va_start(ap, fmt);
    if (!s->quiet)
        say_line(s, "next: ", fmt, ap);
    va_end(ap);
}

void say_note(struct session *s, const char *fmt, ...)
{
    va_list ap;
    va_start(ap, fmt);
    if (!s->quiet)
        say_line(s, "", fmt, ap);
    va_end(ap);
}

void say_detail(struct session *s, const char *fmt, ...)
{
    va_list ap;
    va_start(ap, fmt);
    if (s->verbose)
        say_line(s, "", fmt, ap);
    va_end(ap);
}

void say_warning(struct session *s, const char *fmt, ...)
{
    va_list ap;
    va_start(ap, fmt);
    say_line(s, "warning: ", fmt, ap);
    va_end(ap);
}

static bool answered_yes(struct session *s)
{
    char answer[ANSWER_MAX];
    if (fgets(answer, sizeof(answer), s->in) == NULL)
        return false;
    answer[strcspn(answer, "\r\n")] = '\0';
    return strcmp(answer, "y") == 0 || strcmp(answer, "yes") == 0 || strcmp(answer, "Y") == 0 ||
           strcmp(answer, "Yes") == 0 || strcmp(answer, "YES") == 0;
}

enum exit_status ask_yes(struct session *s, const char *question, ...)
{
    va_list ap;
    va_start(ap, question);
    struct line line = line_of(question, ap);
    va_end(ap);
    if (s->yes)
        return EXIT_OK;
    if (!s->in_is_terminal)
        return say_usage(s, "--yes would answer", "%.2000s: nobody is here to be asked", line.text);
    fflush(s->out);
    fprintf(s->err, "%s [y/N] ", line.text);
    fflush(s->err);
    if (answered_yes(s))
        return EXIT_OK;
    return say_refused(s, EXIT_NO, "not-confirmed", "answer y to do it", "nothing was done: you did not say yes");
}
