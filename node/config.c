#include "node/config.h"

#include <ini.h>
#include <stdlib.h>
#include <string.h>

static const char *const level_names[LOG_LEVEL_COUNT] = {
#define X(sym, name) [sym] = (name),
    LOG_LEVELS(X)
#undef X
};

struct parse {
    struct config config;
    bool has_listen, has_level;
    const char *what;                       /* the first thing that was wrong; NULL */
};

/* Each setting takes a value, or says what is wrong with it. */

static const char *set_listen(struct parse *p, const char *value)
{
    struct address a;
    if (p->has_listen)
        return "listen is given twice";
    p->has_listen = true;
    if (strcmp(value, "none") == 0)
        return NULL;
    if (address_split_listen(bytes_of(value), &a) != OK)
        return "listen is neither HOST:PORT nor none";
    return bytes_to_str(bytes_of(value), p->config.listen, sizeof(p->config.listen)) == OK ? NULL
        : "listen is too long";
}

static const char *set_advertise(struct parse *p, const char *value)
{
    struct config *c = &p->config;
    if (c->n_advertise == IDENTITY_ADDRESSES_MAX)
        return "there are too many advertise lines";
    if (!address_is_valid(bytes_of(value)))
        return "advertise is not HOST:PORT";
    if (bytes_to_str(bytes_of(value), c->advertise[c->n_advertise], sizeof(c->advertise[0])) != OK)
        return "advertise is too long";
    c->n_advertise++;
    return NULL;
}

static const char *set_log_level(struct parse *p, const char *value)
{
    if (p->has_level)
        return "log_level is given twice";
    p->has_level = true;
    for (unsigned i = 0; i < LOG_LEVEL_COUNT; i++)
        if (strcmp(value, level_names[i]) == 0) {
            p->config.log_level = (enum log_level)i;
            return NULL;
        }
    return "log_level is neither info nor warn";
}

/*   key            taken by       */
#define SETTINGS(X)                 \
    X("listen",     set_listen)     \
    X("advertise",  set_advertise)  \
    X("log_level",  set_log_level)

static const struct setting {
    const char *key;
    const char *(*set)(struct parse *p, const char *value);
} settings[] = {
#define X(key, set) {key, set},
    SETTINGS(X)
#undef X
};

static const char *take(struct parse *p, const char *section, const char *name, const char *value)
{
    if (section[0] != '\0')
        return "there are no sections here";
    for (size_t i = 0; i < sizeof(settings) / sizeof(settings[0]); i++)
        if (strcmp(name, settings[i].key) == 0)
            return settings[i].set(p, value);
    return "unknown key";
}

/* inih's callback: 0 marks the line as wrong, and ini_parse_string returns the first that was. */
static int on_line(void *user, const char *section, const char *name, const char *value)
{
    struct parse *p = user;
    const char *wrong = take(p, section, name, value);
    if (wrong != NULL && p->what == NULL)
        p->what = wrong;
    return wrong == NULL;
}

/* What inih would cut, skip or read in a way of its own is refused before it sees the text. */
static enum err check_lines(struct bytes in, struct config_error *why)
{
    size_t line = 1, length = 0;
    for (size_t i = 0; i < in.len; i++) {
        uint8_t c = in.p[i];
        bool is_first = length == 0;
        length = c == '\n' ? 0 : length + 1;
        *why = (struct config_error){.line = line};
        if ((c < ' ' && c != '\t' && c != '\r' && c != '\n') || c == 0x7f)
            why->what = "a control character";
        else if (length > CONFIG_LINE_MAX)
            why->what = "the line is too long";
        else if (c == '[' && is_first)
            why->what = "there are no sections here";
        else if ((c == ' ' || c == '\t') && is_first)
            why->what = "the line begins with white space";      /* inih would take it for a continuation */
        if (why->what != NULL)
            return ERR_FORMAT;
        line += c == '\n';
    }
    return OK;
}

void config_init(struct config *ret)
{
    memset(ret, 0, sizeof(*ret));           /* wholly: configurations are compared by their bytes in tests */
}

enum err config_parse(struct bytes in, struct config *ret, struct config_error *why)
{
    struct parse p = {.what = NULL};
    struct buf text = buf_on(CONFIG_MAX);
    *why = (struct config_error){.what = "the file is too long"};
    config_init(&p.config);
    buf_put(&text, in);
    enum err e = buf_status(&text);
    if (e != OK)
        goto out;
    if ((e = check_lines(in, why)) != OK)
        goto out;
    e = ERR_NOMEM;
    const char *s = in.len > 0 ? buf_str(&text) : "";
    if (s == NULL)
        goto out;
    int line = ini_parse_string(s, on_line, &p);
    e = line == 0 ? OK : line > 0 ? ERR_FORMAT : ERR_NOMEM;
    *why = (struct config_error){.line = line > 0 ? (size_t)line : 0,
                                 .what = p.what != NULL ? p.what : "the line is not key = value"};
    if (e == OK)
        *ret = p.config;
out:
    buf_release(&text);
    return e;
}

void config_write(const struct config *c, struct buf *ret)
{
    buf_printf(ret, "listen = %s\n", c->listen[0] != '\0' ? c->listen : "none");
    for (size_t i = 0; i < c->n_advertise; i++)
        buf_printf(ret, "advertise = %s\n", c->advertise[i]);
    buf_printf(ret, "log_level = %s\n", level_names[c->log_level]);
}
