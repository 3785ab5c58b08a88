/* Terms for whoever asks: GET /calendar/due. */
#include "calendar.h"
#include "clock.h"

/* "2026-02-09/2026-02-18": the day it begins, and the day the clock goes on. */
static bool read_stop(struct str text, struct due_stop *ret)
{
    ptrdiff_t at = str_find(text, STR("/"));
    return at > 0 && date_parse((struct str){text.p, (size_t)at}, &ret->from_on) &&
           date_parse((struct str){text.p + at + 1, text.n - (size_t)at - 1}, &ret->to_on) &&
           ret->from_on <= ret->to_on;
}

static enum err read_stops(struct ctx *c, const struct texts *words, struct due_term *t)
{
    struct due_stop *stops = ARENA_ARRAY(c->arena, struct due_stop, words->n + 1);
    if (words->n > DUE_STOPS_MAX)
        return fail_field(c, E_STOP_SHAPE, "stops", "%zu stops", words->n);
    for (size_t i = 0; i < words->n; i++)
        if (!read_stop(words->v[i], &stops[i]))
            return fail_field(c, E_STOP_SHAPE, "stops", "stop %zu", i);
    t->stops = stops;
    t->stop_count = words->n;
    return E_OK;
}

enum err calendar_due_show(struct ctx *c, const struct due_query_form *f, struct reply *r,
                           struct due_view *v)
{
    struct term told;
    struct due_sum sum;
    struct due_term t = {.from_on = f->from,
                         .days = (int)f->days,
                         .extended = (int)f->extended,
                         .unit = f->unit == DUE_QUERY_UNIT_WORKING ? TERM_WORKING : TERM_NATURAL};
    TRY(read_stops(c, &f->stops, &t));
    TRY(calendar_due_told(c, &t, &told, &sum));
    r->cache_seconds = 0;
    *v = (struct due_view){.from_on = f->from,
                           .due_on = told.due_on,
                           .days = f->days,
                           .unit = t.unit == TERM_WORKING ? STR("working") : STR("natural"),
                           .extended = f->extended,
                           .stopped = sum.stopped,
                           .days_counted = f->days + f->extended,
                           .not_counted = told.not_counted};
    return E_OK;
}
