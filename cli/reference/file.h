/* cli/reference/file.h - files of public figures, kept as they were imported.
 *
 * private/reference/NAME holds what was imported, byte for byte, behind a head that says what it is:
 *
 *      folkmoot reference v1
 *      kind figures
 *      form figures
 *      source Department for Education, characteristics of children in need 2024
 *      vintage 2024-11-01
 *      imported 2026-11-25T14:00:00Z
 *      sha256 <hex of the content>
 *      size 396687
 *      where release=2024              (as often as it was given)
 *      <blank line, then the content>
 *
 * One file, mode 0600, so that a head never stands beside another's content. What the view holds of it can always be
 * made again from here. */
#ifndef FOLKMOOT_CLI_REFERENCE_FILE_H
#define FOLKMOOT_CLI_REFERENCE_FILE_H

#include "cli/intake/intake.h"
#include "keys/home.h"

enum {
    REFERENCE_FILES_MAX = 128,          /* kept in one home */
    REFERENCE_NAME_MAX = 100,           /* [a-z0-9] and '-' between */
    REFERENCE_SOURCE_MAX = 200,         /* bytes of UTF-8, one line */
    REFERENCE_WORD_MAX = 15,            /* of a kind, of a form */
    REFERENCE_HEAD_MAX = 16 * 1024,
    REFERENCE_TIME_SIZE = 32
};

struct reference_head {
    char name[REFERENCE_NAME_MAX + 1];  /* the file's */
    char kind[REFERENCE_WORD_MAX + 1], form[REFERENCE_WORD_MAX + 1];
    char source[REFERENCE_SOURCE_MAX + 1];
    char vintage[DATE_TEXT_SIZE];
    char imported[REFERENCE_TIME_SIZE]; /* RFC 3339 */
    struct hash sha256;
    uint64_t size;
    struct intake_where where[INTAKE_WHERE_MAX];
    size_t n_where;
    struct hash head_sha256;            /* of the head as it stands in the file; not looked at by reference_keep() */
};

/* "b1_children_2024.csv" -> "b1-children-2024": the last part of a path without its ending, as a name. ERR_FORMAT when
 * nothing is left of it. */
MUST_USE enum err reference_name_of(const char *path, char ret[REFERENCE_NAME_MAX + 1]);
bool reference_name_is_good(const char *name);
bool reference_source_is_good(const char *source);      /* UTF-8, one line, not empty, not too long */

/* Keep a file whole or not at all, in the place of an earlier one of this name. ERR_LIMIT: there are REFERENCE_FILES_MAX;
 * else as file_write(). */
MUST_USE enum err reference_keep(const struct home *h, const struct reference_head *head, struct bytes content);
/* ERR_UNKNOWN: there is none of this name; ERR_CORRUPT: it is not as it was written. */
MUST_USE enum err reference_head_of(const struct home *h, const char *name, struct reference_head *ret);
/* The same with the content, which lies in *ret_whole; the caller releases that. */
MUST_USE enum err reference_open(const struct home *h, const char *name, struct reference_head *ret, struct buf *ret_whole,
                                 struct bytes *ret_content);
MUST_USE enum err reference_remove(const struct home *h, const char *name);

/* The names of all that are kept, in order; *ret_n of them, at most REFERENCE_FILES_MAX. OK with none where nothing was
 * ever imported. */
struct reference_names { size_t n; char names[REFERENCE_FILES_MAX][REFERENCE_NAME_MAX + 1]; };
MUST_USE enum err reference_list(const struct home *h, struct reference_names *ret);

#endif
