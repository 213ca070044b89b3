/* Workbooks: text stays text, panes are frozen, failures leave nothing behind. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>
#include <dirent.h>
#include <zlib.h>

#include "cli/output/xlsx.h"

static char folder[] = "/tmp/folkmoot-xlsx-XXXXXX";

static uint32_t le(const uint8_t *p, size_t n)
{
    uint32_t v = 0;
    for (size_t i = 0; i < n; i++)
        v |= (uint32_t)p[i] << (8 * i);
    return v;
}

/* A part of the ZIP file, found by its central directory; the caller free()s it. */
static char *part_of(struct bytes zip, const char *name)
{
    for (size_t at = 0; at + 46 < zip.len; at++) {
        const uint8_t *p = zip.p + at;
        if (memcmp(p, "PK\1\2", 4) != 0 || le(p + 28, 2) != strlen(name) || memcmp(p + 46, name, strlen(name)) != 0)
            continue;
        uint32_t packed = le(p + 20, 4), size = le(p + 24, 4), local = le(p + 42, 4);
        const uint8_t *q = zip.p + local;
        char *text = calloc(size + 1, 1);
        z_stream z = {.next_in = (Bytef *)(uintptr_t)(q + 30 + le(q + 26, 2) + le(q + 28, 2)), .avail_in = packed,
                      .next_out = (Bytef *)text, .avail_out = size};
        assert_int_equal(inflateInit2(&z, -MAX_WBITS), Z_OK);
        assert_int_equal(inflate(&z, Z_FINISH), Z_STREAM_END);
        (void)inflateEnd(&z);
        return text;
    }
    fail_msg("no %s in it", name);
    return NULL;
}

static size_t files_left(void)
{
    size_t n = 0;
    DIR *d = opendir(folder);
    assert_non_null(d);
    for (struct dirent *e; (e = readdir(d)) != NULL;)
        n += e->d_name[0] != '.';
    closedir(d);
    return n;
}

static struct buf a_workbook(void)
{
    struct buf b = buf_on(1 << 20);
    struct xlsx *x = xlsx_new(folder);
    assert_non_null(x);
    xlsx_sheet(x, "One", 3, 2);
    xlsx_text(x, 0, 0, "=1+1", XLSX_PLAIN);
    xlsx_text(x, 1, 0, "@SUM(A1)", XLSX_A);
    xlsx_text(x, 2, 0, "http://barsetshire.example/", XLSX_PLAIN);
    xlsx_text(x, 3, 0, "bell\a", XLSX_PLAIN);
    xlsx_number(x, 4, 0, 58.25, 1, XLSX_D);
    xlsx_number_public(x, 5, 0, 61.5, 2, XLSX_A);
    assert_int_equal(xlsx_end(x, &b), OK);
    xlsx_free(x);
    return b;
}

static void text_is_never_a_formula_nor_a_link(void **state)
{
    (void)state;
    struct buf b = a_workbook();
    char *sheet = part_of(buf_bytes(&b), "xl/worksheets/sheet1.xml"), *strings = part_of(buf_bytes(&b), "xl/sharedStrings.xml");
    assert_null(strstr(sheet, "<f>"));
    assert_null(strstr(sheet, "hyperlink"));
    assert_non_null(strstr(sheet, "<c r=\"A1\" t=\"s\"><v>0</v></c>"));
    assert_non_null(strstr(strings, "<t>=1+1</t>"));
    assert_non_null(strstr(strings, "<t>@SUM(A1)</t>"));
    assert_non_null(strstr(strings, "<t>bell</t>"));
    free(sheet);
    free(strings);
    buf_release(&b);
}

static void numbers_are_numbers_and_panes_are_frozen(void **state)
{
    (void)state;
    struct buf b = a_workbook();
    char *sheet = part_of(buf_bytes(&b), "xl/worksheets/sheet1.xml"), *styles = part_of(buf_bytes(&b), "xl/styles.xml");
    assert_non_null(strstr(sheet, "<v>58.25</v>"));
    assert_non_null(
        strstr(sheet, "<pane xSplit=\"2\" ySplit=\"3\" topLeftCell=\"C4\" activePane=\"bottomRight\" state=\"frozen\"/>"));
    assert_non_null(strstr(styles, "formatCode=\"0.0\""));
    assert_non_null(strstr(sheet, "<v>61.5</v>"));
    assert_non_null(strstr(styles, "formatCode=\"0.00&quot; p&quot;\""));
    assert_non_null(strstr(styles, "F2AFA5"));
    free(sheet);
    free(styles);
    buf_release(&b);
}

static void nothing_is_left_behind(void **state)
{
    (void)state;
    struct buf b = a_workbook();
    buf_release(&b);
    struct xlsx *x = xlsx_new(folder);          /* given up half way */
    xlsx_sheet(x, "One", 0, 0);
    xlsx_free(x);
    assert_int_equal(files_left(), 0);
}

static void a_folder_that_is_not_there_is_told_at_the_end(void **state)
{
    (void)state;
    struct buf b = buf_on(1 << 20);
    struct xlsx *x = xlsx_new("/tmp/folkmoot-no-such-folder");
    assert_non_null(x);
    xlsx_sheet(x, "One", 0, 0);
    xlsx_text(x, 0, 0, "a", XLSX_PLAIN);
    xlsx_number(x, 0, 1, 1, 0, XLSX_PLAIN);
    assert_int_equal(xlsx_end(x, &b), ERR_UNKNOWN);
    xlsx_free(x);
    buf_release(&b);
}

static int make_folder(void **state)
{
    (void)state;
    return mkdtemp(folder) != NULL ? 0 : -1;
}

static int drop_folder(void **state)
{
    (void)state;
    return rmdir(folder);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(text_is_never_a_formula_nor_a_link),
        cmocka_unit_test(numbers_are_numbers_and_panes_are_frozen),
        cmocka_unit_test(nothing_is_left_behind),
        cmocka_unit_test(a_folder_that_is_not_there_is_told_at_the_end),
    };
    return cmocka_run_group_tests(tests, make_folder, drop_folder);
}
