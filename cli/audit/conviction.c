#include "cli/audit/conviction.h"

#include <string.h>

#include "cli/output/output.h"
#include "cli/say.h"
#include "keys/file.h"
#include "protocol/conviction.h"

static json_t *story(const struct checkpoint *c)
{
    json_t *j = json_object();
    json_object_set_new(j, "size", json_integer((json_int_t)c->size));
    json_object_set_new(j, "root", json_hex((struct bytes){c->root.b, HASH_LEN}));
    return j;
}

static void say_conviction(struct session *s, const struct conviction *c, const char *charter)
{
    char print[FINGERPRINT_SIZE];
    fingerprint(&c->root, print);
    out(s, "%s (%s), of %s, signed two stories of its log: at %llu and at %llu entries. Both cannot be true.\n", c->member_name,
        c->origin.slug.s, c->alliance_name, (unsigned long long)c->m.size, (unsigned long long)c->n.size);
    out(s, "The key is that of its identity %u, under the root with fingerprint %s.\n", (unsigned)c->identity_version, print);
    out(s, "Which story is right, and who had the key, it does not say.\n");
    if (c->is_pinned)
        out(s, "By a charter that you trust.\n");
    else
        out(s, "UNPINNED: it claims charter %u, %s. Ask the alliance whether that is its own, then --charter HASH.\n",
            (unsigned)c->charter_version, charter);
}

static enum exit_status answer(struct session *s, enum err e, const struct conviction *c)
{
    json_t *doc = json_document(s), *stories = json_array(), *problems = json_array();
    char charter[HEX_SIZE(HASH_LEN)] = "";
    const bool holds = e == OK, is_ok = holds && c->is_pinned;
    if (holds)
        hex_encode((struct bytes){c->charter.b, HASH_LEN}, charter);
    json_object_set_new(doc, "ok", json_boolean(is_ok));
    json_object_set_new(doc, "consistent", json_boolean(holds));
    json_object_set_new(doc, "trust", json_text(is_ok ? "charter" : "none"));
    json_object_set_new(doc, "kind", json_text("evidence"));
    json_object_set_new(doc, "records", json_array());
    if (holds) {
        json_array_append_new(stories, story(&c->m));
        json_array_append_new(stories, story(&c->n));
        json_object_set_new(doc, "slug", json_text(c->origin.slug.s));
        json_object_set_new(doc, "generation", json_integer(c->origin.generation));
        json_object_set_new(doc, "charter", json_text(charter));
        say_conviction(s, c, charter);
    } else {
        out(s, "It convicts nobody: %s.\n", err_text(e));
        json_array_append_new(problems, json_text(err_text(e)));
    }
    json_object_set_new(doc, "stories", stories);
    json_object_set_new(doc, "problems", problems);
    enum exit_status st = output(s, doc, NULL);
    return st == EXIT_OK && !is_ok ? EXIT_NO : st;
}

bool audit_conviction(struct session *s, const char *file, const char *charter, enum exit_status *ret)
{
    struct buf b = buf_on(PARCEL_MAX);
    struct conviction c = {.has_rival = false};
    struct hash trust;
    const bool is_one = file_read(file, PARCEL_MAX, &b) == OK && conviction_is(buf_bytes(&b));
    if (is_one && charter != NULL && hex_decode(bytes_of(charter), trust.b, sizeof(trust.b)) != OK) {
        *ret = say_usage(s, "64 hex digits, as `folkmoot alliance show` prints them", "--charter %s", charter);
    } else if (is_one) {
        enum err e = conviction_read(buf_bytes(&b), charter != NULL ? &trust : NULL, &c);
        *ret = e == ERR_NOMEM ? say_failed(s, e, NULL, "%s", file) : answer(s, e, &c);
    }
    buf_release(&b);
    return is_one;
}
