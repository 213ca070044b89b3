#include "cli/output/xlsx.h"

#include <assert.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <xlsxwriter.h>

#include "cli/output/text.h"
#include "keys/file.h"

enum { TEXT_FORMAT = XLSX_DECIMALS_MAX + 1, PUBLIC_FORMAT, FORMATS = PUBLIC_FORMAT + XLSX_DECIMALS_MAX + 1 };

struct xlsx {
    lxw_workbook *book;
    lxw_worksheet *sheet;
    lxw_format *formats[XLSX_SHADES][FORMATS];
    char folder[FILE_PATH_MAX], path[FILE_PATH_MAX];
    enum err e;
};

static void fail(struct xlsx *x, enum err e)
{
    if (x->e == OK)
        x->e = e;
}

static void take(struct xlsx *x, lxw_error e)
{
    if (e != LXW_NO_ERROR)
        fail(x, e == LXW_ERROR_MEMORY_MALLOC_FAILED ? ERR_NOMEM
                : e == LXW_ERROR_WORKSHEET_INDEX_OUT_OF_RANGE || e == LXW_ERROR_MAX_STRING_LENGTH_EXCEEDED ? ERR_LIMIT : ERR_IO);
}

struct xlsx *xlsx_new(const char *folder)
{
    struct xlsx *x = calloc(1, sizeof(*x));
    if (x == NULL)
        return NULL;
    int n = snprintf(x->folder, sizeof(x->folder), "%s", folder);
    int m = snprintf(x->path, sizeof(x->path), "%s/workbook.XXXXXX", folder);
    if (n < 0 || m < 0 || (size_t)m >= sizeof(x->path)) {
        x->path[0] = '\0';
        fail(x, ERR_LIMIT);
        return x;
    }
    int fd = mkstemp(x->path);                  /* mode 0600; what is written over it keeps the mode */
    if (fd < 0) {
        fail(x, file_errno(errno));
        x->path[0] = '\0';
        return x;
    }
    (void)close(fd);
    lxw_workbook_options options = {.tmpdir = x->folder};
    x->book = workbook_new_opt(x->path, &options);
    if (x->book == NULL)
        fail(x, ERR_NOMEM);
    return x;
}

static void close_book(struct xlsx *x)
{
    if (x->book == NULL)
        return;
    errno = 0;
    lxw_error e = workbook_close(x->book);      /* frees it, whatever it says */
    int number = errno;
    x->book = NULL;
    if (e == LXW_ERROR_CREATING_XLSX_FILE || e == LXW_ERROR_CREATING_TMPFILE || e == LXW_ERROR_READING_TMPFILE)
        fail(x, number != 0 ? file_errno(number) : ERR_IO);
    take(x, e);
}

void xlsx_free(struct xlsx *x)
{
    if (x == NULL)
        return;
    close_book(x);
    if (x->path[0] != '\0')
        (void)unlink(x->path);
    free(x);
}

void xlsx_sheet(struct xlsx *x, const char *name, uint32_t frozen_rows, uint16_t frozen_columns)
{
    if (x->e != OK)
        return;
    x->sheet = workbook_add_worksheet(x->book, name);
    if (x->sheet == NULL) {
        fail(x, ERR_NOMEM);
        return;
    }
    worksheet_freeze_panes(x->sheet, frozen_rows, frozen_columns);
}

void xlsx_width(struct xlsx *x, uint16_t first, uint16_t last, double characters)
{
    if (x->e == OK)
        take(x, worksheet_set_column(x->sheet, first, last, characters, NULL));
}

/* A to D from green to red, light enough for black letters. */
static lxw_color_t colour_of(enum xlsx_shade shade)
{
    switch (shade) {
    case XLSX_A: return 0x9BD4A0;
    case XLSX_B: return 0xDDF0D8;
    case XLSX_C: return 0xFCE5B4;
    case XLSX_D: return 0xF2AFA5;
    case XLSX_HEAD: return 0xE4E8EC;
    case XLSX_PLAIN: case XLSX_TITLE: case XLSX_SHADES: break;
    }
    return LXW_COLOR_UNSET;
}

static lxw_format *make_format(struct xlsx *x, enum xlsx_shade shade, unsigned kind)
{
    char picture[XLSX_DECIMALS_MAX + 16];
    unsigned decimals = kind >= PUBLIC_FORMAT ? kind - PUBLIC_FORMAT : kind;
    lxw_format *f = workbook_add_format(x->book);
    if (f == NULL) {
        fail(x, ERR_NOMEM);
        return NULL;
    }
    if (colour_of(shade) != LXW_COLOR_UNSET)
        format_set_bg_color(f, colour_of(shade));
    if (shade == XLSX_TITLE || shade == XLSX_HEAD)
        format_set_bold(f);
    if (shade == XLSX_HEAD)
        format_set_text_wrap(f);
    if (kind == TEXT_FORMAT)
        return f;
    (void)snprintf(picture, sizeof(picture), "%s%.*s%s", decimals > 0 ? "0." : "#,##0", (int)decimals, "000000000",
                   kind >= PUBLIC_FORMAT ? "\" p\"" : "");
    format_set_num_format(f, picture);
    return f;
}

static lxw_format *format_of(struct xlsx *x, enum xlsx_shade shade, unsigned kind)
{
    assert(shade < XLSX_SHADES && kind < FORMATS);
    lxw_format **f = &x->formats[shade][kind];
    if (*f == NULL)
        *f = make_format(x, shade, kind);
    return *f;
}

void xlsx_text(struct xlsx *x, uint32_t row, uint16_t column, const char *text, enum xlsx_shade shade)
{
    if (x->e != OK)
        return;
    char *clean = malloc(XLSX_TEXT_MAX);
    if (clean == NULL) {
        fail(x, ERR_NOMEM);
        return;
    }
    text_clean_into(text, clean, XLSX_TEXT_MAX);
    take(x, worksheet_write_string(x->sheet, row, column, clean, format_of(x, shade, TEXT_FORMAT)));
    free(clean);
}

void xlsx_number(struct xlsx *x, uint32_t row, uint16_t column, double v, uint8_t decimals, enum xlsx_shade shade)
{
    if (x->e == OK)
        take(x, worksheet_write_number(x->sheet, row, column, v,
                                       format_of(x, shade, decimals < XLSX_DECIMALS_MAX ? decimals : XLSX_DECIMALS_MAX)));
}

void xlsx_number_public(struct xlsx *x, uint32_t row, uint16_t column, double v, uint8_t decimals, enum xlsx_shade shade)
{
    unsigned kind = PUBLIC_FORMAT + (unsigned)(decimals < XLSX_DECIMALS_MAX ? decimals : XLSX_DECIMALS_MAX);
    if (x->e == OK)
        take(x, worksheet_write_number(x->sheet, row, column, v, format_of(x, shade, kind)));
}

enum err xlsx_end(struct xlsx *x, struct buf *ret)
{
    struct buf file = buf_on(0);
    close_book(x);
    if (x->e == OK)
        fail(x, file_read(x->path, XLSX_BYTES_MAX, &file));
    if (x->e == OK)
        buf_put(ret, buf_bytes(&file));
    buf_release(&file);
    return x->e != OK ? x->e : buf_status(ret);
}

const char *xlsx_library_version(void)
{
    return LXW_VERSION;
}
