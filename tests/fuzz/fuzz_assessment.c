/* Self-assessments: files, texts and records, whatever they hold. What is taken for a text is one, and is its own text; what is
 * taken for a record says what its text says; no link or section reaches beyond what was given. */
#include "protocol/assessment_body.h"
#include "protocol/assessment_file.h"

#include <stdlib.h>
#include <string.h>

#include "cli/assess/evidence.h"

static void must(bool holds)
{
    if (!holds)
        abort();
}

static bool is_within(struct bytes outer, struct bytes inner)
{
    return inner.len == 0 || (inner.p >= outer.p && inner.p + inner.len <= outer.p + outer.len);
}

static enum err each(void *arg, const struct assessment_link *l)
{
    static const struct figure f = {.has_value = true, .value = {270, 1}, .status = STATUS_FINAL};
    const struct bytes *body = arg;
    must(is_within(*body, l->label) && is_within(*body, l->target) && is_within(*body, l->sentence));
    must(l->target.len > 0 && l->target.len <= ASSESSMENT_TARGET_MAX && l->section <= SECTION_COUNT);
    (void)evidence_contradicts(l->sentence, true, &f);
    (void)evidence_contradicts(l->label, false, &f);
    return OK;
}

static void read_body(struct bytes body)
{
    struct assessment_parts parts;
    assessment_parts(body, &parts);
    for (size_t i = 0; i <= SECTION_COUNT; i++)
        must(is_within(body, parts.text[i]));
    must(assessment_links(body, each, &body) == OK);
}

static void read_file(struct bytes in)
{
    struct assessment_file f, again;
    struct assessment_fault why;
    struct assessment_head head;
    struct bytes body;
    enum err e = assessment_file_read(in, &f, &why);
    must(e == OK || e == ERR_FORMAT || e == ERR_LIMIT);
    if (e != OK)
        return;
    struct bytes text = buf_bytes(&f.text);
    must(assessment_file_read(text, &again, &why) == OK);
    must(again.note.len == 0 && bytes_equal(buf_bytes(&again.text), text));
    if (assessment_file_head(text, &head, &body, &why) == OK)
        read_body(body);
    else
        must(why.line >= 1 && why.line <= 6 && why.what[0] != '\0');
    assessment_file_release(&again);
    assessment_file_release(&f);
}

static void read_record(struct bytes in)
{
    struct assessment *a = malloc(sizeof(*a));
    struct note *n = malloc(sizeof(*n));
    if (a != NULL && n != NULL && assessment_read(in, a) == OK) {
        struct assessment_signed s;
        must(is_within(a->note, a->text) && is_within(a->text, a->body) && a->n_cards <= ASSESSMENT_CARDS_MAX);
        must(a->head.judgement >= 1 && a->head.judgement <= ASSESSMENT_JUDGEMENT_MOST);
        must(note_parse(a->note, n) == OK);
        assessment_judge(n, &a->head.slug, NULL, 0, a->cards, a->n_cards, &s);
        must(!s.is_quartet);                    /* nobody is an officer */
        read_body(a->body);
    }
    free(a);
    free(n);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct bytes in = {data, size};
    if (crypto_start() != OK)
        return 0;
    read_file(in);
    read_record(in);
    return 0;
}
