/* tests/unit/home_dir.h - a folder of its own for each test of keys/, removed with
 * all that is in it. Include after cmocka.h. */
#ifndef FOLKMOOT_TESTS_HOME_DIR_H
#define FOLKMOOT_TESTS_HOME_DIR_H

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "keys/file.h"
#include "keys/home.h"

static char top[512];                   /* the test's own folder */
static struct home home;                /* <top>/home, not yet made */

static void remove_tree(const char *path)
{
    DIR *d = opendir(path);
    struct dirent *entry;
    char inner[FILE_PATH_MAX];
    while (d != NULL && (entry = readdir(d)) != NULL) {
        if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0)
            continue;
        struct stat st;
        assert_true(snprintf(inner, sizeof(inner), "%s/%s", path, entry->d_name) < (int)sizeof(inner));
        if (lstat(inner, &st) == 0 && S_ISDIR(st.st_mode))
            remove_tree(inner);
        else
            (void)unlink(inner);
    }
    if (d != NULL)
        (void)closedir(d);
    (void)rmdir(path);
}

static int make_top(void **state)
{
    const char *base = getenv("TMPDIR");
    (void)state;
    (void)snprintf(top, sizeof(top), "%s/folkmoot-test-XXXXXX", base != NULL && base[0] != '\0' ? base : "/tmp");
    if (mkdtemp(top) == NULL)
        return -1;
    char path[600];
    (void)snprintf(path, sizeof(path), "%s/home", top);
    return home_resolve(path, &home) == OK ? 0 : -1;
}

static int remove_top(void **state)
{
    (void)state;
    remove_tree(top);
    return 0;
}

__attribute__((unused)) static int make_top_and_home(void **state)
{
    return make_top(state) == 0 && home_make(&home) == OK ? 0 : -1;
}

/* <top>/<name>; two may be in use at a time. */
__attribute__((unused)) static const char *in_top(const char *name)
{
    static char paths[2][FILE_PATH_MAX];
    static unsigned turn;
    char *path = paths[turn++ % 2];
    (void)snprintf(path, FILE_PATH_MAX, "%s/%s", top, name);
    return path;
}

__attribute__((unused)) static const char *in_home(enum home_file f)
{
    static char path[FILE_PATH_MAX];
    home_path(&home, f, path);
    return path;
}

__attribute__((unused)) static unsigned mode_of(const char *path)
{
    struct stat st;
    assert_int_equal(lstat(path, &st), 0);
    return (unsigned)st.st_mode & 07777;
}

__attribute__((unused)) static size_t names_in(const char *path)
{
    DIR *d = opendir(path);
    size_t n = 0;
    assert_non_null(d);
    while (readdir(d) != NULL)
        n++;
    (void)closedir(d);
    return n - 2;
}

__attribute__((unused)) static void file_holds(const char *path, const char *expected)
{
    struct buf b = buf_on(0);
    assert_int_equal(file_read(path, 1 << 20, &b), OK);
    assert_int_equal(b.len, strlen(expected));
    assert_string_equal(b.len > 0 ? buf_str(&b) : "", expected);
    buf_release(&b);
}

/* Root is refused nothing, so for the tests of refusal it becomes somebody else, to
 * whom the test's folder (with `path`, if any, in it) belongs. */
__attribute__((unused)) static void be_nobody(const char *path)
{
    if (geteuid() != 0)
        return;
    assert_int_equal(chown(top, 65534, 65534), 0);
    if (path != NULL)
        assert_int_equal(chown(path, 65534, 65534), 0);
    assert_int_equal(seteuid(65534), 0);
}

__attribute__((unused)) static void be_ourselves_again(void)
{
    if (getuid() == 0)
        assert_int_equal(seteuid(0), 0);
}

__attribute__((unused)) static void put_file(const char *path, const char *text)
{
    assert_int_equal(file_write(path, bytes_of(text)), OK);
}

#endif
