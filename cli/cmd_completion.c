#include "cli/commands.h"

#include <stdlib.h>
#include <string.h>

#include "cli/help.h"
#include "cli/output/output.h"
#include "cli/say.h"

const struct option_spec options_completion[] = {OPTIONS_END};

static bool is_first_of_name(const struct command_table *t, size_t i)
{
    for (size_t k = 0; k < i; k++)
        if (strcmp(t->rows[k].name, t->rows[i].name) == 0)
            return false;
    return t->rows[i].name[0] != '\0';
}

static void print_options(FILE *f, const struct option_spec *o)
{
    for (; o->name != NULL; o++)
        fprintf(f, " --%s", o->name);
}

/* `name sub) words="..." ;;`, a line a command */
static void print_option_cases(FILE *f, const struct command_table *t)
{
    for (size_t i = 0; i < t->n; i++) {
        if (t->rows[i].options->name == NULL)
            continue;
        fprintf(f, "    '%s %s') words=\"$words", t->rows[i].name, t->rows[i].sub);
        print_options(f, t->rows[i].options);
        fputs("\" ;;\n", f);
    }
}

static void print_sub_cases(FILE *f, const struct command_table *t)
{
    for (size_t i = 0; i < t->n; i++) {
        if (!is_first_of_name(t, i) || !command_has_subs(t, t->rows[i].name))
            continue;
        fprintf(f, "    %s) subs=\"", t->rows[i].name);
        for (size_t k = 0; k < t->n; k++)
            if (strcmp(t->rows[k].name, t->rows[i].name) == 0)
                fprintf(f, " %s", t->rows[k].sub);
        fputs("\" ;;\n", f);
    }
}

/* The values of the options that take one of a few words. */
static void print_choice_cases(FILE *f, const struct command_table *t)
{
    for (size_t i = 0; i < t->n; i++)
        for (const struct option_spec *o = t->rows[i].options; o->name != NULL; o++) {
            if (o->kind != OPTION_CHOICE)
                continue;
            fprintf(f, "    '%s %s --%s') COMPREPLY=($(compgen -W '", t->rows[i].name, t->rows[i].sub, o->name);
            for (const char *c = o->argument; *c != '\0'; c++)
                fputc(*c == '|' ? ' ' : *c, f);
            fputs("' -- \"$cur\")); return ;;\n", f);
        }
}

static void print_names(FILE *f, const struct command_table *t)
{
    for (size_t i = 0; i < t->n; i++)
        if (is_first_of_name(t, i))
            fprintf(f, " %s", t->rows[i].name);
}

static void print_script(FILE *f, const struct command_table *t)
{
    fputs("# Completion of folkmoot's commands and options.\n"
          "_folkmoot() {\n"
          "  local cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD-1]} name= sub= second= word subs= i words=\"", f);
    print_options(f, options_common);
    fputs("\"\n"
          "  for ((i = 1; i < COMP_CWORD; i++)); do\n"
          "    word=${COMP_WORDS[i]}\n"
          "    case $word in -C|--home|--passphrase-file) ((i++)) ;; -*) ;;\n"
          "    *) if [[ -z $name ]]; then name=$word; elif [[ -z $second ]]; then second=$word; fi ;; esac\n"
          "  done\n"
          "  case $name in\n", f);
    print_sub_cases(f, t);
    fputs("    help) subs=\"", f);
    print_names(f, t);
    for (size_t i = 0; help_topic_name(i) != NULL; i++)
        if (command_find(t, help_topic_name(i), "") == NULL && !command_has_subs(t, help_topic_name(i)))
            fprintf(f, " %s", help_topic_name(i));
    fputs("\" ;;\n    completion) subs='bash zsh' ;;\n"
          "  esac\n"
          "  for word in $subs; do [[ $word == \"$second\" ]] && sub=$word; done\n"
          "  case \"$name $sub $prev\" in\n", f);
    print_choice_cases(f, t);
    fputs("    *) ;;\n  esac\n  case \"$name $sub\" in\n", f);
    print_option_cases(f, t);
    fputs("    *) ;;\n  esac\n"
          "  if [[ $cur == -* ]]; then COMPREPLY=($(compgen -W \"$words\" -- \"$cur\"))\n"
          "  elif [[ -z $name ]]; then COMPREPLY=($(compgen -W \"", f);
    print_names(f, t);
    fputs("\" -- \"$cur\"))\n"
          "  elif [[ -n $subs && -z $second ]]; then COMPREPLY=($(compgen -W \"$subs\" -- \"$cur\"))\n"
          "  fi\n"
          "}\n"
          "complete -o default -F _folkmoot folkmoot\n", f);
}

enum exit_status cmd_completion(struct session *s)
{
    const char *shell = session_arg(s, 0);
    if (strcmp(shell, "bash") != 0 && strcmp(shell, "zsh") != 0) {
        return say_unknown(s, "completion", shell, NULL, "one of bash, zsh");
    }
    char *text = NULL;
    size_t len = 0;
    FILE *f = open_memstream(&text, &len);
    if (f == NULL)
        return say_failed(s, ERR_NOMEM, NULL, "completion");
    if (strcmp(shell, "zsh") == 0)              /* zsh runs bash's completions under this shim */
        fputs("autoload -U +X compinit && compinit\nautoload -U +X bashcompinit && bashcompinit\n", f);
    print_script(f, s->table);
    if (fclose(f) != 0) {
        free(text);
        return say_failed(s, ERR_NOMEM, NULL, "completion");
    }
    enum exit_status st = EXIT_OK;
    if (s->mode == OUTPUT_JSON) {
        json_t *doc = json_document(s);
        json_object_set_new(doc, "shell", json_text(shell));
        json_object_set_new(doc, "script", json_text(text));
        st = output(s, doc, NULL);
    } else
        fwrite(text, 1, len, s->out);
    s->printed = true;
    free(text);
    return st;
}
