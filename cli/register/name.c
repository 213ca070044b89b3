#include "cli/register/name.h"

#include "cli/say.h"

static enum exit_status several(struct session *s, const char *word)
{
    const struct authority *found[8];
    char list[8 * (SLUG_MAX + 2) + 16] = "";
    size_t n = register_candidates(word, found, 8), used = 0;
    for (size_t i = 0; i < n && i < 8; i++) {
        int put = snprintf(list + used, sizeof(list) - used, "%s%s", i > 0 ? ", " : "one of ", found[i]->slug.s);
        used += put > 0 ? (size_t)put : 0;
    }
    return say_refused(s, EXIT_USAGE, "usage", list, "authority `%s`: %zu begin so", word, n);
}

enum exit_status name_authority(struct session *s, const char *word, const struct authority **ret)
{
    enum err e = register_find(word, ret);
    if (e == OK)
        return EXIT_OK;
    if (e == ERR_CONFLICT)
        return several(s, word);
    return say_unknown(s, "authority", word, register_nearest(word), "`folkmoot help authorities` says how they are named");
}

enum exit_status name_definition(struct session *s, const char *word, const struct definition **ret)
{
    *ret = register_definition(word);
    if (*ret != NULL)
        return EXIT_OK;
    return say_unknown(s, "indicator", word, register_nearest_definition(word), "`folkmoot indicators` lists them");
}
