/* cli/register/areas.c - regions and England (register.h). */
#include "cli/register/register.h"

#include <assert.h>
#include <string.h>
#include <strings.h>

#include "cli/register/embedded.h"

enum { AREAS_MAX = 32 };
static struct area areas[AREAS_MAX];
static size_t n_areas;                          /* 0 until first use */

static void load(void)
{
    if (n_areas > 0)
        return;
    assert(csv_areas_rows <= AREAS_MAX);
    for (size_t i = 1; i < csv_areas_rows; i++)
        areas[i - 1] = (struct area){csv_areas[i][AREA_code], csv_areas[i][AREA_lait_code], csv_areas[i][AREA_level],
                                     csv_areas[i][AREA_name]};
    n_areas = csv_areas_rows - 1;
}

size_t register_areas(void)
{
    load();
    return n_areas;
}

const struct area *register_area_at(size_t i)
{
    load();
    assert(i < n_areas);
    return &areas[i];
}

const struct area *register_area(const char *word)
{
    load();
    for (size_t i = 0; word[0] != '\0' && i < n_areas; i++)
        if (strcasecmp(areas[i].code, word) == 0 || strcmp(areas[i].lait_code, word) == 0 || strcasecmp(areas[i].name, word) == 0)
            return &areas[i];
    return NULL;
}

bool authority_is_in(const struct authority *a, const struct area *area)
{
    return strcmp(area->level, "National") == 0 || strcmp(a->region_code, area->code) == 0 || strcmp(a->itl1_code, area->code) == 0;
}

bool authority_existed(const struct authority *a, uint32_t year)
{
    uint32_t first = a->first_year;
    for (size_t i = 0; i < register_size(); i++)
        if (register_at(i)->continues_as == a && register_at(i)->first_year < first)
            first = register_at(i)->first_year;
    return year >= first && (a->is_current || year <= a->last_year);
}
