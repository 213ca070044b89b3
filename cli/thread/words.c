/* cli/thread/words.c - what a person wrote on the command line, as a post takes it (speak.h). */
#include <stdlib.h>
#include <string.h>

#include "cli/ask.h"
#include "cli/day.h"
#include "cli/intake/source.h"
#include "cli/official.h"
#include "cli/output/json.h"
#include "cli/say.h"
#include "cli/thread/speak.h"

/* ---- texts ---- */

static bool is_blank(uint8_t c)
{
    return c == ' ' || c == '\n' || c == '\t' || c == '\r';
}

/* CR LF and CR are ends of lines, a tab is a blank; nothing else is changed. */
static void put_plain(struct bytes text, struct buf *ret)
{
    while (text.len > 0 && is_blank(text.p[text.len - 1]))
        text.len--;
    while (text.len > 0 && is_blank(text.p[0]))
        text = (struct bytes){text.p + 1, text.len - 1};
    for (size_t i = 0; i < text.len; i++) {
        bool is_pair = text.p[i] == '\r' && i + 1 < text.len && text.p[i + 1] == '\n';
        uint8_t c = text.p[i] == '\r' ? '\n' : text.p[i] == '\t' ? ' ' : text.p[i];
        if (!is_pair)
            buf_put(ret, (struct bytes){&c, 1});
    }
}

enum exit_status speak_text_of(struct session *s, const char *what, struct bytes text, char ret[POST_TEXT_MAX + 1])
{
    struct buf plain = buf_on(POST_TEXT_MAX);
    struct post probe = {.type = "note"};
    enum exit_status st = EXIT_OK;
    put_plain(text, &plain);
    enum err e = buf_status(&plain);
    if (e == OK && buf_bytes(&plain).len == 0)
        st = say_usage(s, "say it in words", "%s: there is no text", what);
    else if (e == OK && bytes_to_str(buf_bytes(&plain), probe.text, sizeof(probe.text)) == OK && post_check(&probe) == OK)
        memcpy(ret, probe.text, sizeof(probe.text));
    else if (e == OK)
        st = say_usage(s, "take them out", "%s: there are control characters in the text", what);
    else if (e == ERR_LIMIT)
        st = say_usage(s, "shorten it, or say it in several", "%s: more than %d bytes", what, (int)POST_TEXT_MAX);
    else
        st = say_failed(s, e, NULL, "%s", what);
    buf_release(&plain);
    return st;
}

enum exit_status speak_text(struct session *s, const char *option, const char *words, char ret[POST_TEXT_MAX + 1])
{
    struct source source;
    const char *file = words != NULL && words[0] == '@' ? words + 1 : NULL;
    char what[80];
    if (words == NULL)
        return say_usage(s, "\"in words of your own\", or @FILE", "%s: it is missing", option);
    enum err e = file != NULL ? source_read(file, s->in, &source) : source_from(bytes_of(words), &source);
    if (e != OK)
        return file != NULL ? say_unreadable(s, e, file, "a text file of at most 8,192 bytes")
                            : say_failed(s, e, NULL, "%s", option);
    if (source.was_cp1252)
        say_note(s, "%s: it is no UTF-8 and was read as Windows-1252", file != NULL ? file : option);
    snprintf(what, sizeof(what), "%.70s", file != NULL ? file : option);
    enum exit_status st = speak_text_of(s, what, buf_bytes(&source.text), ret);
    source_release(&source);
    return st;
}

/* ---- days ---- */

enum exit_status speak_day(struct session *s, const char *option, const char *day, char ret[DATE_LEN + 1])
{
    uint64_t ms;
    ret[0] = '\0';
    if (day == NULL)
        return EXIT_OK;
    if (strlen(day) != DATE_LEN || day_end(day, &ms) != OK)
        return say_usage(s, "write 2026-01-31", "%s %s: this is no day", option, day);
    if (ms < session_now_ms())
        return say_usage(s, "a day to come", "%s %s: it is past", option, day);
    memcpy(ret, day, DATE_LEN + 1);
    return EXIT_OK;
}

enum exit_status speak_days(struct session *s, const char *days, char ret[DATE_LEN + 1])
{
    uint64_t n = SUPPORT_DAYS;
    char text[TIME_TEXT_MAX];
    if (days != NULL && (bytes_u64(bytes_of(days), SUPPORT_DAYS_MAX, &n) != OK || n == 0))
        return say_usage(s, "1 to 3650", "--days %s: this is no number of days", days);
    time_text(session_now_ms() + n * 24 * 3600 * 1000, text);
    memcpy(ret, text, DATE_LEN);
    ret[DATE_LEN] = '\0';
    return EXIT_OK;
}

/* ---- what it is about ---- */

/* A misspelt indicator would become a theme that nobody looks for: so a word with a `_` is an indicator, and one with a
 * '/' a record. */
static enum exit_status theme(struct desk *d, const char *word, struct utterance *u)
{
    struct definition_row row;
    enum err e = view_definition(d->view, word, &official_definitions, &row);
    if (e != OK && e != ERR_UNKNOWN)
        return say_failed(d->s, e, NULL, "--about %s", word);
    if (e == ERR_UNKNOWN && strchr(word, '_') != NULL) {
        enum exit_status st = ask_indicator(d->s, d->view, word, &row);
        if (st != EXIT_OK)
            return st;
        word = row.definition.id;
    }
    if (word[0] == '\0' || strlen(word) > POST_ABOUT_MAX || !utf8_is_line(bytes_of(word)) || strpbrk(word, "/@") != NULL)
        return say_usage(d->s, "one line of at most 160 bytes, without / and @", "--about %.40s: this is no theme", word);
    memcpy(u->post.about, word, strlen(word) + 1);
    return EXIT_OK;
}

static enum exit_status record(struct desk *d, const struct threads *t, const char *word, struct utterance *u,
                               struct record_id *ret)
{
    struct record_row row;
    char text[RECORD_TEXT_SIZE];
    enum exit_status st = ask_record(d, d->view, word, ret);
    if (st != EXIT_OK)
        return st;
    record_id_text(ret, text);
    enum err e = view_record_at(d->view, ret->slug.s, ret->generation, ret->idx, &row);
    if (e == ERR_UNKNOWN)
        return say_refused(d->s, EXIT_NO, "nothing-found", "`folkmoot history INDICATOR --authority A` lists records",
                           "--about %s: there is no such record that can be read here", text);
    if (e != OK)
        return say_failed(d->s, e, NULL, "--about %s", text);
    memcpy(u->post.about, text, sizeof(text));
    return readers_of_record(d, t, ret, &u->to);
}

/* --audience narrows what the record allows and cannot widen it. */
static enum exit_status narrow_to(struct desk *d, const char *audience, struct utterance *u)
{
    struct readers_of asked, whole = u->to;
    if (audience == NULL)
        return EXIT_OK;
    enum exit_status st = readers_asked(d, audience, &asked);
    if (st != EXIT_OK)
        return st;
    for (size_t i = 0; !whole.is_all && !asked.is_all && i < asked.named.n; i++)
        if (!readers_have(d, &whole, &asked.named.slugs[i]))
            return say_refused(d->s, EXIT_NO, "no-reader", "leave it out", "--audience: %s may not read what this is about",
                               asked.named.slugs[i].s);
    if (asked.is_all && !whole.is_all)
        return say_refused(d->s, EXIT_NO, "no-reader", "leave --audience out", "--audience alliance: not all of it may read what "
                           "this is about");
    u->to = asked;
    return EXIT_OK;
}

enum exit_status speak_subject(struct desk *d, const struct threads *t, const char *audience, struct utterance *ret)
{
    struct record_id id;
    const char *word = option_value(&d->s->options, "about");
    if (word == NULL)
        return say_usage(d->s, ret->what->takes & TAKES_RECORD ? "an indicator, a theme or a record" : "an indicator or a theme",
                         "--about: it is missing");
    if (ret->what->takes & TAKES_RECORD && strpbrk(word, "/@") != NULL) {
        enum exit_status st = record(d, t, word, ret, &id);
        return st == EXIT_OK ? narrow_to(d, audience, ret) : st;
    }
    enum exit_status st = theme(d, word, ret);
    return st == EXIT_OK ? readers_asked(d, audience, &ret->to) : st;
}

/* ---- whom a challenge asks ---- */

static enum exit_status check_asked(struct desk *d, const struct member *to, const struct utterance *u)
{
    if (slug_equal(&to->slug, &d->origin.slug))
        return say_usage(d->s, "`folkmoot note` stands beside one's own record", "challenge %s: that is ourselves", to->slug.s);
    if (to->is_former)
        return say_refused(d->s, EXIT_NO, "former", NULL, "challenge %s: it is a member no more, and could not answer", to->slug.s);
    /* [P-117] */
    if (!readers_have(d, &u->to, &to->slug))
        return say_refused(d->s, EXIT_NO, "no-reader", "speak about something that it can read",
                           "challenge %s: it could not read this, nor answer", to->slug.s);
    return EXIT_OK;
}

enum exit_status speak_challenge_about(struct desk *d, const struct threads *t, const struct member *to, const char *word,
                                       struct utterance *ret)
{
    struct record_id id = {.slug = to->slug};
    char owned[SLUG_MAX + 2 + 256];
    enum exit_status st;
    memcpy(ret->post.owner, to->slug.s, strlen(to->slug.s) + 1);
    if (strpbrk(word, "/@") == NULL) {
        struct definition_row row;
        st = ask_indicator(d->s, d->view, word, &row);
        if (st == EXIT_OK)
            memcpy(ret->post.about, row.definition.id, sizeof(row.definition.id));
        ret->to = (struct readers_of){.is_all = true};
    } else {
        bool is_bare = strchr(word, '@') != NULL && strchr(word, ':') == NULL;
        snprintf(owned, sizeof(owned), "%s:%.250s", to->slug.s, word);
        st = record(d, t, is_bare ? owned : word, ret, &id);
    }
    if (st == EXIT_OK && !slug_equal(&id.slug, &to->slug))
        return say_usage(d->s, "a record of whom it asks", "--about %s: that is a record of %s, not of %s", ret->post.about,
                         id.slug.s, to->slug.s);
    return st == EXIT_OK ? check_asked(d, to, ret) : st;
}
