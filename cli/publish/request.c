#include "cli/publish/request.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "cli/say.h"
#include "keys/file.h"

static enum exit_status read_where(struct session *s, struct request *r)
{
    const char *text;
    for (size_t i = 0; (text = option_item(&s->options, "where", i)) != NULL; i++) {
        if (r->n_where == INTAKE_WHERE_MAX)
            return say_usage(s, "leave the others out", "publish: at most %d times --where", (int)INTAKE_WHERE_MAX);
        if (intake_where_parse(text, &r->where[r->n_where++]) != OK)
            return say_usage(s, "write --where COLUMN=VALUE, as in --where release=2024",
                             "--where %s: this names no column and value", text);
    }
    return EXIT_OK;
}

static enum exit_status read_map(struct session *s, struct request *r)
{
    const char *file = option_value(&s->options, "indicators");
    struct buf text = buf_on(INTAKE_FILE_MAX);
    struct complaint why;
    uint64_t line = 0;
    if (file == NULL)
        return EXIT_OK;
    r->map = calloc(INTAKE_SLOTS_MAX, sizeof(*r->map));
    if (r->map == NULL)
        return say_failed(s, ERR_NOMEM, NULL, "publish");
    enum err e = file_read(file, INTAKE_FILE_MAX, &text);
    if (e != OK)
        return say_unreadable(s, e, file, "a map is a CSV file");
    e = intake_map_read(buf_bytes(&text), r->map, INTAKE_SLOTS_MAX, &r->n_map, &line, &why);
    buf_release(&text);
    if (e == ERR_FORMAT && line == 0)
        return say_usage(s, why.remedy, "%s: %s", file, why.problem);
    if (e == ERR_FORMAT)
        return say_usage(s, why.remedy, "%s, line %llu: %s", file, (unsigned long long)line, why.problem);
    return e == OK ? EXIT_OK : say_failed(s, e, NULL, "%s", file);
}

/* The title is the file's own name unless one is given: it must be a line that others can read. */
static enum exit_status read_title(struct session *s, struct request *r)
{
    const char *title = option_value(&s->options, "return"), *file = session_arg(s, 0);
    if (title != NULL) {
        if (title[0] == '\0' || strlen(title) >= sizeof(r->title) || !utf8_is_line(bytes_of(title)))
            return say_usage(s, "at most 200 bytes on one line", "--return: this is no title");
        memcpy(r->title, title, strlen(title) + 1);
        return EXIT_OK;
    }
    const char *slash = strrchr(file, '/'), *name = slash != NULL ? slash + 1 : file;
    size_t len = strlen(name);
    if (len > 4 && strcmp(name + len - 4, ".csv") == 0)
        len -= 4;
    if (strcmp(file, "-") == 0 || len == 0 || len >= sizeof(r->title) || !utf8_is_line((struct bytes){(const uint8_t *)name, len}))
        snprintf(r->title, sizeof(r->title), "return");
    else
        snprintf(r->title, sizeof(r->title), "%.*s", (int)len, name);
    return EXIT_OK;
}

static enum exit_status read_audience(struct desk *d, struct request *r)
{
    const char *word = option_value(&d->s->options, "audience");
    r->audience = word != NULL ? word : "alliance";
    r->to = strcmp(r->audience, "alliance") == 0 ? TO_ALLIANCE : strcmp(r->audience, "public") == 0 ? TO_PUBLIC : TO_NAMED;
    return r->to == TO_NAMED ? named_resolve(d, r->audience, &r->named) : EXIT_OK;
}

/* The words were checked against the option's choices already. */
static void read_words(struct session *s, struct request *r)
{
    const char *status = option_value(&s->options, "status"), *reason = option_value(&s->options, "reason"),
               *marking = option_value(&s->options, "marking");
    r->base = status != NULL && strcmp(status, "provisional") == 0 ? STATUS_PROVISIONAL : STATUS_FINAL;
    if (reason == NULL || reason_parse(bytes_of(reason), &r->reason) != OK)
        r->reason = REASON_NONE;
    if (marking == NULL || marking_parse(bytes_of(marking), &r->marking) != OK)
        r->marking = MARKING_NONE;
    r->errors = option_value(&s->options, "errors");
    r->is_dry = option_flag(&s->options, "dry-run");
}

/* Whose signature others are to believe must be one of ours by our identity. */
static enum exit_status is_enrolled(struct desk *d, const struct signer *who)
{
    const struct identity *id = d->identity;
    for (size_t i = 0; i < id->n_officers; i++)
        if (id->officers[i].role == who->officer.role
            && memcmp(id->officers[i].key.b, who->officer.key.b, sizeof(who->officer.key.b)) == 0)
            return EXIT_OK;
    return say_refused(d->s, EXIT_NO, "not-enrolled", "`folkmoot officer add --key FILE.pub` enrols it",
                       "%s, %s: this key is not one of %s's", who->name, officer_role_name(who->officer.role), id->slug.s);
}

static enum exit_status read_signer(struct desk *d, struct request *r)
{
    const char *as = option_value(&d->s->options, "as"), *key = option_value(&d->s->options, "key");
    if (as == NULL && key != NULL)
        return say_usage(d->s, "name the officer with --as", "publish --key: who signs it off?");
    if (as == NULL || r->is_dry)
        return EXIT_OK;
    enum exit_status st = key != NULL ? signer_from_file(d->s, key, as, &r->signer) : signer_held(d, as, &r->signer);
    r->is_signed = st == EXIT_OK;
    return st == EXIT_OK ? is_enrolled(d, &r->signer) : st;
}

enum exit_status request_read(struct desk *d, struct request *ret)
{
    *ret = (struct request){.base = STATUS_FINAL};
    read_words(d->s, ret);
    enum exit_status st = read_title(d->s, ret);
    if (st == EXIT_OK)
        st = read_where(d->s, ret);
    if (st == EXIT_OK)
        st = read_map(d->s, ret);
    if (st == EXIT_OK)
        st = read_audience(d, ret);
    if (st == EXIT_OK)
        st = read_signer(d, ret);
    if (st == EXIT_OK)
        st = promise_read(d, ret->to, &ret->opens);
    return st;
}

void request_release(struct request *r)
{
    free(r->map);
    r->map = NULL;
    wipe(&r->signer.secret, sizeof(r->signer.secret));
}

enum { HEADING_MAX = 32 * 1024 };

/* Its first line ends as intake_annotate() ends it, perhaps with what is wrong with the heading; of what was no text nothing stands
 * there but the mark. */
static bool is_list_of_problems(const char *path)
{
    static const char end[] = ",problem\r\n";
    char heading[HEADING_MAX] = "";
    size_t len = 0, n = strlen(end);
    FILE *f = fopen(path, "r");
    if (f != NULL && fgets(heading, sizeof(heading), f) != NULL)
        len = strlen(heading);
    if (f != NULL)
        (void)fclose(f);
    return (len >= n && strcmp(heading + len - n, end) == 0) || strstr(heading, ",problem: ") != NULL ||
           strstr(heading, ",\"problem: ") != NULL || strcmp(heading, "\xEF\xBB\xBF") == 0;
}

enum exit_status request_check_errors(struct session *s, const struct request *r)
{
    struct stat st;
    if (r->errors != NULL && stat(r->errors, &st) == 0 && S_ISDIR(st.st_mode))
        return say_refused(s, EXIT_ENVIRONMENT, "is-a-folder", "name a file in it", "--errors %s: this is a folder", r->errors);
    if (r->errors == NULL || s->yes || stat(r->errors, &st) != 0 || !S_ISREG(st.st_mode) || st.st_size == 0 ||
        is_list_of_problems(r->errors))
        return EXIT_OK;
    return say_refused(s, EXIT_NO, "exists", "name another, or --yes overwrites it",
                       "--errors %s: a file is there already, and no list of problems", r->errors);
}
