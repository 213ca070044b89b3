#include "cli/officer/officers.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#include "cli/say.h"
#include "keys/file.h"

enum { CARD_ID_LEN = 8 };

static void card_path(const struct home *h, enum officer_role role, const struct sign_public *key, char ret[FILE_PATH_MAX])
{
    char folder[FILE_PATH_MAX], hex[HEX_SIZE(CARD_ID_LEN)];
    struct hash id = sha256((struct bytes){key->b, sizeof(key->b)});
    hex_encode((struct bytes){id.b, CARD_ID_LEN}, hex);
    home_path(h, HOME_OFFICERS, folder);
    (void)snprintf(ret, FILE_PATH_MAX, "%.*s/%s-%s.pub", FILE_PATH_MAX - 64, folder, officer_role_name(role), hex);
}

/* *ret_has: it is here, and holds; then `note` is it. The caller releases `note`. */
static enum err read_card(const struct home *h, const struct officer *o, struct officer_card *ret, struct buf *note, bool *ret_has)
{
    char path[FILE_PATH_MAX];
    card_path(h, o->role, &o->key, path);
    *note = buf_on(OFFICER_CARD_MAX);
    enum err e = file_read(path, OFFICER_CARD_MAX, note);
    *ret_has = e == OK && officer_card_open(buf_bytes(note), ret) == OK && ret->role == o->role
            && memcmp(ret->key.b, o->key.b, sizeof(ret->key.b)) == 0;
    return e == ERR_UNKNOWN || e == ERR_LIMIT ? OK : e;
}

static enum err read_name(const struct home *h, struct officer_row *row)
{
    struct officer_card card;
    struct buf note;
    bool has;
    enum err e = read_card(h, &row->officer, &card, &note, &has);
    if (has)
        memcpy(row->name, card.name, sizeof(card.name));
    buf_release(&note);
    return e;
}

enum err officers_read_card(const struct home *h, const struct officer *o, struct buf *ret)
{
    struct officer_card card;
    struct buf note;
    bool has;
    enum err e = read_card(h, o, &card, &note, &has);
    if (has)
        buf_put(ret, buf_bytes(&note));
    buf_release(&note);
    return e == OK ? buf_status(ret) : e;
}

enum err officers_read(const struct home *h, const struct identity *id, struct officer_rows *ret)
{
    enum err e = OK;
    ret->n = id->n_officers;
    for (size_t i = 0; e == OK && i < ret->n; i++) {
        ret->rows[i] = (struct officer_row){.officer = id->officers[i]};
        e = read_name(h, &ret->rows[i]);
    }
    return e;
}

enum err officers_keep_card(const struct home *h, const struct officer_card *card, struct bytes note)
{
    char path[FILE_PATH_MAX];
    home_path(h, HOME_OFFICERS, path);
    enum err e = folder_make(path);
    if (e != OK && e != ERR_EXISTS)
        return e;
    card_path(h, card->role, &card->key, path);
    return file_write(path, note);
}

enum err officers_drop_card(const struct home *h, const struct officer *o)
{
    char path[FILE_PATH_MAX], folder[FILE_PATH_MAX];
    card_path(h, o->role, &o->key, path);
    if (unlink(path) != 0)
        return access(path, F_OK) != 0 ? OK : ERR_IO;
    home_path(h, HOME_OFFICERS, folder);
    return folder_sync(folder);
}

bool officer_is_called(enum officer_role role, const char *name, const char *word)
{
    return strcmp(officer_role_name(role), word) == 0 || (name[0] != '\0' && strcasecmp(name, word) == 0);
}

const struct officer_row *officers_find(struct session *s, const struct officer_rows *rows, const struct identity *id,
                                        const char *word)
{
    const struct officer_row *found = NULL;
    size_t n = 0;
    for (size_t i = 0; i < rows->n; i++) {
        if (officer_is_called(rows->rows[i].officer.role, rows->rows[i].name, word)) {
            found = &rows->rows[i];
            n++;
        }
    }
    if (n == 1)
        return found;
    if (n > 1)
        (void)say_usage(s, "name the person, as `folkmoot officer list` has it", "%s: %zu officers of %s answer to this", word, n,
                        id->slug.s);
    else
        (void)say_refused(s, EXIT_USAGE, "no-such-officer", rows->n > 0 ? "`folkmoot officer list` has them"
                                                                        : "`folkmoot officer add` enrols one",
                          "%s: %s has no such officer", word, id->slug.s);
    return NULL;
}

void officer_text(enum officer_role role, const char *name, char ret[OFFICER_TEXT_SIZE])
{
    (void)snprintf(ret, OFFICER_TEXT_SIZE, "%s%s%s", officer_role_name(role), name[0] != '\0' ? " " : "", name);
}

enum exit_status officer_card_load(struct session *s, const char *file, struct officer_card *ret, struct buf *ret_note)
{
    static const char remedy[] = "give the .pub file that `folkmoot officer keygen` wrote";
    enum err e = file_read(file, OFFICER_CARD_MAX, ret_note);
    if (e == OK)
        e = officer_card_open(buf_bytes(ret_note), ret);
    if (e == ERR_SIGNATURE || e == ERR_KEY)
        return say_refused(s, EXIT_NO, err_code(e), remedy, "%s: it was changed since its key signed it", file);
    if (e == ERR_LIMIT)
        e = ERR_FORMAT;
    return e == OK ? EXIT_OK : say_unreadable(s, e, file, remedy);
}

enum exit_status officer_ask_role(struct session *s, enum officer_role *ret)
{
    const char *word = option_value(&s->options, "role");
    if (word != NULL && officer_role_parse(bytes_of(word), ret) == OK)
        return EXIT_OK;
    return say_usage(s, "one of leader, lead-member, chief-executive, dcs, analyst", "which office? give it with --role");
}
