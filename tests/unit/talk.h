/* tests/unit/talk.h - a session whose three streams are in memory. */
#ifndef FOLKMOOT_TESTS_UNIT_TALK_H
#define FOLKMOOT_TESTS_UNIT_TALK_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "cli/session.h"

struct talk {
    struct session s;
    char *out, *err;                    /* complete after talk_end() */
    size_t out_len, err_len;
};

static inline struct talk *talk_begin(const char *typed)
{
    struct talk *t = calloc(1, sizeof(*t));
    assert_non_null(t);
    FILE *in = fmemopen((void *)(uintptr_t)typed, strlen(typed) + 1, "r");
    FILE *out = open_memstream(&t->out, &t->out_len), *err = open_memstream(&t->err, &t->err_len);
    assert_true(in != NULL && out != NULL && err != NULL);
    session_init(&t->s, in, out, err);
    return t;
}

static inline void talk_end(struct talk *t)
{
    fclose(t->s.in);
    fclose(t->s.out);
    fclose(t->s.err);
    session_release(&t->s);
}

static inline void talk_free(struct talk *t)
{
    free(t->out);
    free(t->err);
    free(t);
}

/* End it, and hold what was printed against what was expected. */
static inline void talk_said(struct talk *t, const char *out, const char *err)
{
    talk_end(t);
    assert_string_equal(t->out, out);
    assert_string_equal(t->err, err);
    talk_free(t);
}

#endif
