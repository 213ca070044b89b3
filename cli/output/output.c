#include "cli/output/output.h"

#include <stdarg.h>
#include <stdlib.h>

#include "cli/output/csv.h"
#include "cli/output/table.h"
#include "cli/output/text.h"
#include "cli/say.h"

void out_text(struct session *s, struct bytes text)
{
    if (s->mode != OUTPUT_TEXT)
        return;
    struct buf clean = buf_on(text.len * 3 + 1);
    text_clean(text, TEXT_KEEP_LINES, &clean);
    struct bytes b = buf_bytes(&clean);
    session_lacks(s, buf_status(&clean));
    if (b.len > 0) {
        fwrite(b.p, 1, b.len, s->out);
        if (b.p[b.len - 1] != '\n')
            fputc('\n', s->out);
    }
    buf_release(&clean);
}

void out(struct session *s, const char *fmt, ...)
{
    char text[4096];
    va_list ap;
    if (s->mode != OUTPUT_TEXT)
        return;
    va_start(ap, fmt);
    int n = vsnprintf(text, sizeof(text), fmt, ap);
    va_end(ap);
    if (n <= 0)
        return;
    struct buf clean = buf_on(sizeof(text) * 3);
    text_clean(bytes_of(text), TEXT_KEEP_LINES, &clean);
    struct bytes b = buf_bytes(&clean);
    session_lacks(s, buf_status(&clean));
    if (b.len > 0)
        fwrite(b.p, 1, b.len, s->out);
    buf_release(&clean);
}

enum exit_status output(struct session *s, json_t *doc, const struct sheet *sheet)
{
    enum err e = doc == NULL || json_lacks_memory() || (sheet != NULL && sheet_status(sheet) != OK) ? ERR_NOMEM : s->failed;
    if (e == OK) {
        switch (s->mode) {
        case OUTPUT_JSON:
            e = json_print(s, doc);
            break;
        case OUTPUT_CSV:
            if (sheet != NULL)
                e = csv_print(s->out, sheet);
            else
                e = csv_print_members(s->out, doc);
            s->printed = true;
            break;
        case OUTPUT_TEXT:
            if (sheet != NULL)
                table_print(s, sheet);
            break;
        }
    }
    json_decref(doc);
    return e == OK ? EXIT_OK : say_failed(s, e, NULL, "cannot print the answer");
}

enum exit_status output_binary(struct session *s, struct bytes in)
{
    if (s->out_is_terminal)
        return say_usage(s, "send it to a file, with --out FILE or >", "binary is not for a terminal: it was not printed");
    if (in.len > 0 && fwrite(in.p, 1, in.len, s->out) != in.len)
        return say_failed(s, ERR_IO, NULL, "cannot write the output");
    return EXIT_OK;
}
