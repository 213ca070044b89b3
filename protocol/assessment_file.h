/* protocol/assessment_file.h - from the file that people edit and send round to the text that officers sign.
 *
 * Editors and mail change what nobody sees; a signature must not break by that.  So the text is made of the file:
 *   a byte order mark is dropped; a line ends with LF or CR LF; a tab is four blanks; blanks at a line's end are dropped
 *   comments, <!-- to -->, are dropped, and a line on which nothing else stands with them
 *   empty lines before the first line and behind the last are dropped, of several in a row one stays
 *   the last paragraph is the signature lines, when a line in it looks like one: "-- NAME/OFFICE BASE64", with an em dash
 * What results is a text as assessment.h has it but for its head, which may be unfinished.  A comment of the form
 * `folkmoot key VKEY` says by which key a line was made, so that a person without a home sees whose lines a change voids: it is
 * never believed for anything else. */
#ifndef FOLKMOOT_PROTOCOL_ASSESSMENT_FILE_H
#define FOLKMOOT_PROTOCOL_ASSESSMENT_FILE_H

#include "protocol/assessment.h"

/* Why a file is none, for people. */
struct assessment_fault {
    size_t line;                        /* in the file; 0: the whole */
    const char *what, *remedy;          /* static */
};

struct assessment_file {
    struct buf text;                    /* canonical */
    struct buf note;                    /* text and signature lines; empty when nobody has signed */
    size_t n_keys;
    struct note_key keys[IDENTITY_OFFICERS_MAX];    /* as its comments name them */
};

/* On OK the caller releases *ret. ERR_FORMAT: *why says where. ERR_NOMEM, ERR_LIMIT (longer than ASSESSMENT_FILE_MAX, or its text
 * than ASSESSMENT_TEXT_MAX). */
MUST_USE enum err assessment_file_read(struct bytes in, struct assessment_file *ret, struct assessment_fault *why);
void assessment_file_release(struct assessment_file *f);

/* Read the head of a canonical text, saying what is wrong with it. ERR_FORMAT. */
MUST_USE enum err assessment_file_head(struct bytes text, struct assessment_head *ret, struct bytes *ret_body,
                                       struct assessment_fault *why);

/* Put the file: text, comments that name the keys of those who signed, signature lines (each with its newline; may be empty). */
void assessment_file_write(struct bytes text, const struct note_key *keys, size_t n_keys, struct bytes lines, struct buf *ret);

#endif
