#include "cli/assess/tell.h"

#include "cli/output/json.h"
#include "protocol/assessment_body.h"

const struct column assess_signature_columns[] = {
    {"role", "office", 0}, {"name", "name", 0}, {"valid", "holds", 0}, {"key", "key", 0},
};

void assess_signature_row(struct sheet *sh, const char *role, const char *name, bool is_valid, const char *key)
{
    sheet_row(sh);
    sheet_text(sh, role);
    sheet_text(sh, name[0] != '\0' ? name : NULL);
    sheet_bool(sh, is_valid);
    sheet_text(sh, key);
    if (key == NULL)
        sheet_shown(sh, "no officer's");
}

json_t *assess_sections_json(struct bytes body)
{
    struct assessment_parts parts;
    json_t *ret = json_object();
    assessment_parts(body, &parts);
    for (size_t i = 0; i < SECTION_COUNT; i++)
        json_object_set_new(ret, section_name((enum assessment_section)i),
                            parts.count[i] > 0 ? json_bytes(parts.text[i]) : json_null());
    if (parts.text[SECTION_COUNT].len > 0)
        json_object_set_new(ret, section_name(SECTION_COUNT), json_bytes(parts.text[SECTION_COUNT]));
    return ret;
}

json_t *assess_missing_json(const char *missing)
{
    struct bytes rest = bytes_of(missing), word;
    json_t *ret = json_array();
    while (bytes_word(&rest, &word))
        json_array_append_new(ret, json_bytes(word));
    return ret;
}

void assess_missing_words(const char *missing, char ret[ASSESS_MISSING_SIZE])
{
    size_t n = 0;
    for (; *missing != '\0' && n < ASSESS_MISSING_SIZE - 3; missing++) {
        if (*missing == ' ')
            ret[n++] = ',';
        ret[n++] = *missing;
    }
    ret[n] = '\0';
}

const char *assess_judgement_word(unsigned judgement)
{
    static const char *const words[] = {"outstanding", "good", "requires improvement", "inadequate"};
    return judgement >= 1 && judgement <= 4 ? words[judgement - 1] : "none";
}
