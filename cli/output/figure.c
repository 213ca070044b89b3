#include "cli/output/figure.h"

#include <stdio.h>
#include <string.h>

#include "cli/output/json.h"
#include "cli/period.h"

void decimal_shown(struct decimal d, uint8_t decimals, char ret[DECIMAL_TEXT_MAX + DECIMAL_SCALE_MAX])
{
    decimal_text(d, ret);
    if (d.scale >= decimals)
        return;
    size_t len = strlen(ret);
    if (d.scale == 0)
        ret[len++] = '.';
    for (unsigned i = d.scale; i < decimals && i < DECIMAL_SCALE_MAX; i++)
        ret[len++] = '0';
    ret[len] = '\0';
}

json_t *json_number(bool has, struct decimal d)
{
    if (!has)
        return json_null();
    return d.scale == 0 ? json_integer(d.mantissa) : json_real(decimal_double(d));
}

void sheet_number(struct sheet *sh, bool has, struct decimal d)
{
    if (!has)
        sheet_null(sh);
    else if (d.scale == 0)
        sheet_count(sh, d.mantissa);
    else
        sheet_real(sh, decimal_double(d), d.scale);
}

void sheet_figure(struct sheet *sh, bool has, struct decimal d, uint8_t decimals, const char *otherwise)
{
    char text[DECIMAL_TEXT_MAX + DECIMAL_SCALE_MAX];
    if (has)
        decimal_shown(d, decimals, text);
    sheet_decimal(sh, has ? text : NULL);
    if (!has)
        sheet_shown(sh, otherwise);
}

void figure_shown(const struct figure *f, uint8_t decimals, char ret[FIGURE_SHOWN_MAX])
{
    if (f->has_value)
        decimal_shown(f->value, decimals, ret);
    else if (f->has_numerator && status_has_number(f->status))
        decimal_shown(f->numerator, 0, ret);
    else
        snprintf(ret, FIGURE_SHOWN_MAX, "%s", status_name(f->status));
}

bool figure_raw(const struct figure *f, const struct definition *d, double *ret)
{
    bool has_parts = f->has_numerator && f->has_denominator && f->denominator.mantissa > 0;
    if (!status_has_number(f->status))
        return false;                           /* a value that was not given is not made up out of parts that were */
    if (has_parts && !(d->parts_rounded && f->has_value))
        *ret = (double)d->multiplier * decimal_double(f->numerator) / decimal_double(f->denominator);
    else if (f->has_value)
        *ret = decimal_double(f->value);
    else
        return false;
    return true;
}

void figure_name(const struct figure *f, char ret[FIGURE_NAME_MAX])
{
    char period[PERIOD_TEXT_MAX];
    period_text(f->period, f->time_identifier, period);
    snprintf(ret, FIGURE_NAME_MAX, "%s@%s%s%s", f->indicator, period, f->breakdown[0] != '\0' ? "/" : "", f->breakdown);
}
