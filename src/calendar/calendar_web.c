/* Terms for whoever asks: GET /calendar/due. */
#include "calendar.h"
#include "clock.h"

enum err calendar_due_show(struct ctx *c, const struct due_query_form *f, struct reply *r,
                           struct due_view *v)
{
    struct term t;
    enum term_unit unit = f->unit == 0 ? TERM_WORKING : TERM_NATURAL;
    TRY(calendar_term(c, f->from, (int)f->days, unit, &t));
    r->cache_seconds = 0;
    *v = (struct due_view){.from_on = f->from,
                           .due_on = t.due_on,
                           .days = f->days,
                           .unit = unit == TERM_WORKING ? STR("working") : STR("natural"),
                           .days_counted = f->days,
                           .not_counted = t.not_counted};
    return E_OK;
}
