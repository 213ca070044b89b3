#include "cli/output/json.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <utf8proc.h>

#include "cli/command.h"
#include "cli/output/text.h"
#include "protocol/crypto.h"

enum { REAL_DIGITS = 15 };                      /* with two more 8.1 would be printed as 8.0999999999999996 */
/* Jansson's hook has no argument of ours, so this is the process's: one session at a time makes documents. */
static bool lacks_memory;

static void *watched(void *p)
{
    lacks_memory = lacks_memory || p == NULL;
    return p;
}

static void *watched_malloc(size_t n)
{
    return watched(malloc(n));
}

void json_watch_memory(void)
{
    lacks_memory = false;
    json_set_alloc_funcs(watched_malloc, free);
}

void json_note_lack(void)
{
    lacks_memory = true;
}

bool json_lacks_memory(void)
{
    return lacks_memory;
}

json_t *json_document_named(const char *command)
{
    json_t *doc = json_object();
    json_t *schema = json_sprintf("folkmoot.%s/1", command);
    if (doc == NULL || schema == NULL || json_object_set(doc, "schema", schema) != 0) {
        json_decref(doc);
        doc = NULL;
    }
    json_decref(schema);
    return doc;
}

json_t *json_document(const struct session *s)
{
    char name[COMMAND_NAME_MAX];
    if (s->command == NULL)
        return json_document_named("folkmoot");
    command_name(s->command, '-', name);
    return json_document_named(name);
}

json_t *json_bytes(struct bytes in)
{
    json_t *made = json_stringn(in.len > 0 ? (const char *)in.p : "", in.len);
    if (made != NULL)
        return made;
    struct buf clean = buf_on(in.len * 3 + 1);  /* U+FFFD takes three bytes */
    text_clean(in, TEXT_KEEP_LINES, &clean);
    const char *s = watched((void *)(uintptr_t)buf_str(&clean));
    made = s != NULL ? json_string(s) : NULL;
    buf_release(&clean);
    return made;
}

json_t *json_text(const char *s)
{
    return s != NULL ? json_bytes(bytes_of(s)) : json_null();
}

json_t *json_hex(struct bytes in)
{
    char *text = watched_malloc(HEX_SIZE(in.len));
    if (text == NULL)
        return NULL;
    hex_encode(in, text);
    json_t *made = json_string(text);
    free(text);
    return made;
}

json_t *json_base64(struct bytes in)
{
    char *text = watched_malloc(BASE64_SIZE(in.len));
    if (text == NULL)
        return NULL;
    base64_encode(in, text);
    json_t *made = json_string(text);
    free(text);
    return made;
}

void time_text(uint64_t ms, char ret[TIME_TEXT_MAX])
{
    struct tm tm;
    time_t seconds = (time_t)(ms / 1000);
    if (ms / 1000 > INT64_C(253402300799) || gmtime_r(&seconds, &tm) == NULL ||     /* the year 9999 */
        strftime(ret, TIME_TEXT_MAX, "%Y-%m-%dT%H:%M:%SZ", &tm) == 0)
        snprintf(ret, TIME_TEXT_MAX, "9999-12-31T23:59:59Z");
}

json_t *json_time(uint64_t ms)
{
    char text[TIME_TEXT_MAX];
    time_text(ms, text);
    return json_string(text);
}

/* jansson escapes C0; the others can stand in a dump only inside a string, where \uXXXX means the same. */
static void write_escaped(const char *dump, FILE *out)
{
    const utf8proc_uint8_t *p = (const utf8proc_uint8_t *)dump;
    while (*p != 0) {
        utf8proc_int32_t code = 0;
        utf8proc_ssize_t n = utf8proc_iterate(p, -1, &code);
        if (n <= 0)
            n = 1;
        if (code >= 0x7F && code <= 0xFFFF && text_is_unsafe(code))
            fprintf(out, "\\u%04" PRIx32, (uint32_t)code);
        else
            fwrite(p, 1, (size_t)n, out);
        p += n;
    }
}

/* Jansson passes over the name of a field that it has no memory for, and says nothing: we do. */
static char *dump_whole(const json_t *doc, size_t form)
{
    bool lacked = lacks_memory;
    lacks_memory = false;
    char *dump = json_dumps(doc, form | JSON_REAL_PRECISION(REAL_DIGITS));
    if (lacks_memory) {
        free(dump);
        dump = NULL;
    }
    lacks_memory = lacks_memory || lacked;
    return dump;
}

enum err json_print(struct session *s, const json_t *doc)
{
    char *dump = doc != NULL ? dump_whole(doc, s->out_is_terminal ? JSON_INDENT(2) : JSON_COMPACT) : NULL;
    s->printed = true;
    if (dump == NULL) {
        fputs("{\"schema\":\"folkmoot.error/1\",\"error\":{\"code\":\"no-memory\",\"message\":\"out of memory\"}}\n",
              s->out);
        return ERR_NOMEM;
    }
    write_escaped(dump, s->out);
    fputc('\n', s->out);
    free(dump);
    return ferror(s->out) != 0 ? ERR_IO : OK;
}
