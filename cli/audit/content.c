#include "cli/audit/content.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/output/figure.h"
#include "cli/output/json.h"
#include "protocol/record.h"

/* ---- by type ---- */

static json_t *value_json(bool has, struct decimal d)
{
    char text[DECIMAL_TEXT_MAX];
    if (!has)
        return json_null();
    decimal_text(d, text);
    return json_text(text);
}

static bool put_figure(json_t *o, struct bytes in)
{
    struct figure f;
    if (figure_read(in, &f) != OK)
        return false;
    json_object_set_new(o, "indicator", json_text(f.indicator));
    json_object_set_new(o, "period", json_text(f.period));
    json_object_set_new(o, "time_identifier", json_text(f.time_identifier));
    json_object_set_new(o, "breakdown", json_text(f.breakdown));
    json_object_set_new(o, "numerator", json_number(f.has_numerator, f.numerator));
    json_object_set_new(o, "denominator", json_number(f.has_denominator, f.denominator));
    json_object_set_new(o, "value", value_json(f.has_value, f.value));
    json_object_set_new(o, "status", json_text(status_name(f.status)));
    json_object_set_new(o, "reason", json_text(reason_name(f.reason)));
    json_object_set_new(o, "marking", json_text(marking_name(f.marking)));
    json_object_set_new(o, "definition", json_hex((struct bytes){f.definition.b, HASH_LEN}));
    return true;
}

static bool put_definition(json_t *o, struct bytes in)
{
    struct definition d;
    if (definition_read(in, &d) != OK)
        return false;
    struct hash hash = definition_hash(&d);
    json_object_set_new(o, "id", json_text(d.id));
    json_object_set_new(o, "title", json_text(d.title));
    json_object_set_new(o, "numerator", json_text(d.numerator));
    json_object_set_new(o, "denominator", json_text(d.denominator));
    json_object_set_new(o, "unit", json_text(d.unit));
    json_object_set_new(o, "multiplier", json_integer(d.multiplier));
    json_object_set_new(o, "decimals", json_integer(d.decimals));
    json_object_set_new(o, "polarity", json_text(polarity_name(d.polarity)));
    json_object_set_new(o, "people", json_boolean(d.counts_people));
    json_object_set_new(o, "parts_rounded", json_boolean(d.parts_rounded));
    json_object_set_new(o, "basis", json_text(d.basis));
    json_object_set_new(o, "parts", json_text(parts_name(d.parts)));
    json_object_set_new(o, "hash", json_hex((struct bytes){hash.b, HASH_LEN}));
    return true;
}

static bool put_return(json_t *o, struct bytes in)
{
    struct batch_return r;
    if (return_read(in, &r) != OK)
        return false;
    json_object_set_new(o, "title", json_text(r.title));
    json_object_set_new(o, "first", json_integer((json_int_t)r.first));
    json_object_set_new(o, "count", json_integer((json_int_t)r.count));
    json_object_set_new(o, "source_sha256", json_hex((struct bytes){r.source.b, HASH_LEN}));
    json_object_set_new(o, "signed_off", json_text(r.signed_off));
    return true;
}

static bool put_post(json_t *o, struct bytes in)
{
    struct post *p = malloc(sizeof(*p));
    bool is_read = p != NULL && post_read(in, p) == OK;
    if (is_read) {
        json_object_set_new(o, "post", json_text(p->type));
        json_object_set_new(o, "about", json_text(p->about));
        json_object_set_new(o, "text", json_text(p->text));
        json_object_set_new(o, "owner", json_text(p->owner));
        json_object_set_new(o, "due", json_text(p->due));
        json_object_set_new(o, "state", json_text(p->state));
    }
    free(p);
    return is_read;
}

static bool put_collection(json_t *o, struct bytes in)
{
    struct collection *c = malloc(sizeof(*c));
    bool is_read = c != NULL && collection_read(in, c) == OK;
    json_t *list = json_array();
    for (size_t i = 0; is_read && i < c->n; i++)
        json_array_append_new(list, json_text(c->indicators[i]));
    if (is_read) {
        json_object_set_new(o, "number", json_integer(c->number));
        json_object_set_new(o, "title", json_text(c->title));
        json_object_set_new(o, "period", json_text(c->period));
        json_object_set_new(o, "time_identifier", json_text(c->time_identifier));
        json_object_set_new(o, "due", json_text(c->due));
        json_object_set(o, "indicators", list);
        json_object_set_new(o, "state", json_text(c->is_closed ? "closed" : "open"));
    }
    json_decref(list);
    free(c);
    return is_read;
}

/* ---- of any type ---- */

static json_t *any_json(struct reader *r, unsigned depth);

static json_t *array_json(struct reader *r, unsigned depth)
{
    size_t n = read_array(r, 0, SIZE_MAX);
    json_t *list = json_array();
    for (size_t i = 0; i < n && reader_status(r) == OK; i++)
        json_array_append_new(list, any_json(r, depth + 1));
    return list;
}

/* The record was walked before: what comes is one of these. */
static json_t *any_json(struct reader *r, unsigned depth)
{
    uint8_t tag = r->p < r->end ? *r->p : 0;
    if (depth > DEPTH_MAX)
        reader_fail(r);
    if (tag == 0xc0)
        return read_nil(r) ? json_null() : NULL;
    if (tag == 0xc2 || tag == 0xc3)
        return json_boolean(read_bool(r));
    if (tag >= 0xc4 && tag <= 0xc6)
        return json_hex(read_bin(r, SIZE_MAX));
    if ((tag >= 0xa0 && tag <= 0xbf) || (tag >= 0xd9 && tag <= 0xdb))
        return json_bytes(read_str(r, SIZE_MAX));
    if ((tag >= 0x90 && tag <= 0x9f) || tag == 0xdc || tag == 0xdd)
        return array_json(r, depth);
    if (tag == 0xcf) {                      /* above what JSON's integers here hold */
        uint64_t u = read_uint(r, UINT64_MAX);
        return u <= INT64_MAX ? json_integer((json_int_t)u) : json_real((double)u);
    }
    return json_integer((json_int_t)read_int(r));
}

/* How many values stand in `r` as far as `n` values there: arrays, and what is in them. */
static size_t count_values(struct reader *r, size_t n)
{
    size_t count = 0;
    for (size_t i = 0; i < n && reader_status(r) == OK; i++) {
        uint8_t tag = r->p < r->end ? *r->p : 0;
        bool is_array = (tag >= 0x90 && tag <= 0x9f) || tag == 0xdc || tag == 0xdd;
        if (is_array)
            count += count_values(r, read_array(r, 0, SIZE_MAX));
        else
            read_skip(r);
        count++;
    }
    return count;
}

/* One byte of a record can cost a hundred here; so many are taken apart, and what is beyond is given as it came. */
static void put_elements(json_t *o, struct bytes in, size_t *values_left)
{
    struct reader r = reader_on(in);
    size_t n = count_values(&r, 1);
    if (n > *values_left) {
        json_object_set_new(o, "packed", json_hex(in));
        return;
    }
    *values_left -= n;
    r = reader_on(in);
    json_t *all = any_json(&r, 1);
    (void)json_array_remove(all, 0);        /* the type, which is told already */
    json_object_set_new(o, "elements", all);
}

json_t *content_json(struct bytes record, size_t *values_left, enum err *ret_e)
{
    static const struct {
        const char *type;
        bool (*put)(json_t *o, struct bytes in);
    } types[] = {{"figure", put_figure}, {"definition", put_definition}, {"return", put_return}, {"post", put_post},
                 {"collection", put_collection}, {"assessment", content_put_assessment}};
    struct bytes type;
    bool is_put = false;
    *ret_e = record_type(record, &type);
    if (*ret_e != OK)
        return NULL;
    json_t *o = json_object();
    json_object_set_new(o, "type", json_bytes(type));
    for (size_t i = 0; i < sizeof(types) / sizeof(types[0]) && !is_put; i++)
        is_put = bytes_equal(type, bytes_of(types[i].type)) && types[i].put(o, record);
    if (!is_put)
        put_elements(o, record, values_left);
    *ret_e = o != NULL ? OK : ERR_NOMEM;
    return o;
}

/* ---- for people ---- */

static const char *text_of(const json_t *o, const char *key)
{
    const char *s = json_string_value(json_object_get(o, key));
    return s != NULL ? s : "";
}

static void figure_words(const json_t *o, char ret[CONTENT_SHOWN_MAX])
{
    const json_t *n = json_object_get(o, "numerator"), *d = json_object_get(o, "denominator");
    const char *value = text_of(o, "value"), *breakdown = text_of(o, "breakdown");
    char parts[96] = "";
    if (json_is_number(n) && json_is_number(d))
        (void)snprintf(parts, sizeof(parts), " (%.10g of %.10g)", json_number_value(n), json_number_value(d));
    else if (json_is_number(n))
        (void)snprintf(parts, sizeof(parts), "%s%.10g%s", value[0] != '\0' ? " (" : "", json_number_value(n),
                       value[0] != '\0' ? ")" : "");
    (void)snprintf(ret, CONTENT_SHOWN_MAX, "%s %s%s%s: %s%s, %s", text_of(o, "indicator"), text_of(o, "period"),
                   breakdown[0] != '\0' ? " " : "", breakdown, value, parts, text_of(o, "status"));
}

void content_shown(const json_t *content, char ret[CONTENT_SHOWN_MAX])
{
    const char *type = text_of(content, "type");
    if (strcmp(type, "figure") == 0 && json_object_get(content, "indicator") != NULL)
        figure_words(content, ret);
    else if (strcmp(type, "post") == 0)
        (void)snprintf(ret, CONTENT_SHOWN_MAX, "%s: %.300s", text_of(content, "post"), text_of(content, "text"));
    else if (strcmp(type, "assessment") == 0 && json_object_get(content, "year") != NULL)
        (void)snprintf(ret, CONTENT_SHOWN_MAX, "self-assessment %d, judgement %d, %s",
                       (int)json_integer_value(json_object_get(content, "year")),
                       (int)json_integer_value(json_object_get(content, "judgement")),
                       json_is_true(json_object_get(content, "quartet")) ? "signed by all four" :
                       json_is_false(json_object_get(content, "quartet")) ? "not signed by all four"
                                                                          : "by whom signed is not known");
    else
        (void)snprintf(ret, CONTENT_SHOWN_MAX, "%s%s%.300s", type, text_of(content, "title")[0] != '\0' ? ": " : "",
                       text_of(content, "title"));
}
