/* cli/succession.h - who goes on where whom left off, by the charter's `succeeds` lines.
 *
 * A predecessor and its successors stay different bodies: nothing here adds their figures up, or makes one series of
 * them. What the lines do tell is whose returns a period can have: a return is owed by who is there on the period's last day. */
#ifndef FOLKMOOT_CLI_SUCCESSION_H
#define FOLKMOOT_CLI_SUCCESSION_H

#include "cli/register/register.h"
#include "cli/view/query.h"
#include "protocol/charter.h"

#define BEINGS(X) X(BEING_THERE, "") X(BEING_NOT_YET, "not-yet") X(BEING_NO_MORE, "no-more")
enum being {
#define X(sym, name) sym,
    BEINGS(X)
#undef X
};
const char *being_name(enum being b);

/* On that day, "2023-03-31". A body is no more from the last day on which another goes on for it; a successor is not yet before
 * the first, unless the register has it in that year: then it was there before, and took over. `a` NULL: not in the register. */
enum being being_on(const struct charter *c, const struct slug *slug, const struct authority *a, const char *day);
/* On the last day of a period; `basis` as in period_last_day(). */
enum being being_in(const struct charter *c, const struct slug *slug, const struct authority *a, const struct time_period *p,
                    const char *basis);
/* Nothing is missing of a member that has returned nothing and was not there on that day: its state becomes COVERAGE_NOT_DUE. */
void being_excuse(const struct charter *c, const char *day, struct coverage *cover);

#endif
