#include "cli/help.h"

#include <string.h>

#include "cli/output/output.h"
#include "cli/topics.h"

struct topic {
    const char *name, *summary, *text;
};

static const struct topic topics[] = {
#define X(name, summary, text) {name, summary, text},
    TOPICS(X)
#undef X
};

enum { N_TOPICS = sizeof(topics) / sizeof(topics[0]), NAME_COLUMN = 26 };

const char *help_topic_name(size_t i)
{
    return i < N_TOPICS ? topics[i].name : NULL;
}

static const struct topic *topic_find(const char *name)
{
    for (size_t i = 0; i < N_TOPICS; i++)
        if (strcmp(topics[i].name, name) == 0)
            return &topics[i];
    return NULL;
}

static json_t *command_json(const struct command *c)
{
    char name[COMMAND_NAME_MAX];
    command_name(c, ' ', name);
    return json_pack("{s:s, s:s, s:s, s:s}", "command", name, "summary", c->summary, "usage", c->usage, "example",
                     c->example);
}

/* What was printed for people, as a document for programs: the text if it is a topic, and the
 * commands called `name` (every command when it is NULL). */
static enum exit_status finish(struct session *s, const char *about, const char *summary, const char *text,
                               const char *name, const char *sub)
{
    json_t *doc = json_document_named("help"), *list = json_array();
    for (size_t i = 0; i < s->table->n; i++) {
        const struct command *c = &s->table->rows[i];
        if (c->name[0] != '\0' && (name == NULL || strcmp(c->name, name) == 0) &&
            (sub == NULL || strcmp(c->sub, sub) == 0))
            json_array_append_new(list, command_json(c));
    }
    json_object_set_new(doc, "about", json_text(about));
    json_object_set_new(doc, "summary", json_text(summary));
    json_object_set_new(doc, "text", json_text(text));
    json_object_set_new(doc, "commands", list);
    return output(s, doc, NULL);
}

static void print_option(struct session *s, const struct option_spec *o)
{
    char left[120];
    int n = snprintf(left, sizeof(left), "--%s%s%s", o->name, o->argument != NULL ? " " : "",
                     o->argument != NULL ? o->argument : "");
    if (o->letter != 0)
        n = snprintf(left, sizeof(left), "-%c%s%s, --%s", o->letter, o->argument != NULL ? " " : "",
                     o->argument != NULL ? o->argument : "", o->name);
    if (n > NAME_COLUMN)
        out(s, "  %s\n  %*s  %s", left, NAME_COLUMN, "", o->help);
    else
        out(s, "  %-*s  %s", NAME_COLUMN, left, o->help);
    out(s, "%s\n", o->kind == OPTION_LIST ? " (may be repeated)" : "");
}

enum exit_status command_help(struct session *s, const struct command *c)
{
    char name[COMMAND_NAME_MAX];
    command_name(c, ' ', name);
    out(s, "folkmoot %s: %s\n\nusage: folkmoot %s%s%s\n", name, c->summary, name, c->usage[0] != '\0' ? " " : "",
        c->usage);
    if (c->options->name != NULL)
        out(s, "\noptions:\n");
    for (const struct option_spec *o = c->options; o->name != NULL; o++)
        print_option(s, o);
    out(s, "\noptions of every command:\n");
    for (const struct option_spec *o = options_common; o->name != NULL; o++)
        print_option(s, o);
    out(s, "\nexample:\n");
    for (const char *line = c->example; *line != '\0'; line += strcspn(line, "\n") + (line[strcspn(line, "\n")] != 0))
        out(s, "  %.*s\n", (int)strcspn(line, "\n"), line);
    return finish(s, name, c->summary, NULL, c->name, c->sub);
}

static size_t count_named(const struct command_table *t, const char *name, const struct command **ret_last)
{
    size_t n = 0;
    for (size_t i = 0; i < t->n; i++)
        if (strcmp(t->rows[i].name, name) == 0) {
            *ret_last = &t->rows[i];
            n++;
        }
    return n;
}

static void print_row(struct session *s, const struct command *c)
{
    char name[COMMAND_NAME_MAX];
    command_name(c, ' ', name);
    out(s, "  %-*s  %s\n", NAME_COLUMN, name, c->summary);
}

enum exit_status help_name(struct session *s, const char *name)
{
    const struct command *only = NULL;
    if (count_named(s->table, name, &only) == 1)
        return command_help(s, only);
    out(s, "folkmoot %s:\n", name);
    for (size_t i = 0; i < s->table->n; i++)
        if (strcmp(s->table->rows[i].name, name) == 0)
            print_row(s, &s->table->rows[i]);
    out(s, "\n`folkmoot %s COMMAND --help` explains one, with an example.\n", name);
    const struct topic *t = topic_find(name);
    if (t != NULL)
        out(s, "\n%s: %s\n\n%s", t->name, t->summary, t->text);
    return finish(s, name, t != NULL ? t->summary : NULL, t != NULL ? t->text : NULL, name, NULL);
}

bool help_topic(struct session *s, const char *topic, enum exit_status *ret)
{
    const struct topic *t = topic_find(topic);
    if (t == NULL)
        return false;
    out(s, "%s: %s\n\n%s", t->name, t->summary, t->text);
    *ret = finish(s, topic, t->summary, t->text, topic, NULL);
    return true;
}

enum exit_status help_overview(struct session *s)
{
    const struct command_table *t = s->table;
    out(s, "folkmoot: authorities share figures and speak for themselves, with nobody in the middle\n\n"
           "usage: folkmoot [-C DIR] [--json|--csv] [-q|-v] COMMAND ...\n");
    for (enum command_group g = 0; g < GROUP_COUNT; g++) {
        bool begun = false;
        for (size_t i = 0; i < t->n; i++) {
            if (t->rows[i].group != g || t->rows[i].name[0] == '\0')
                continue;
            if (!begun)
                out(s, "\n%s\n", command_group_title(g));
            begun = true;
            print_row(s, &t->rows[i]);
        }
    }
    out(s, "\nTopics of `folkmoot help TOPIC`\n");
    for (size_t i = 0; i < N_TOPICS; i++)
        out(s, "  %-*s  %s\n", NAME_COLUMN, topics[i].name, topics[i].summary);
    out(s, "\n`folkmoot COMMAND --help` explains a command, with an example.\n");
    return finish(s, "folkmoot", "every command", NULL, NULL, NULL);
}
