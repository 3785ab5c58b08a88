/* Working days as the State Council's notices fix them, and terms counted on them. The day of the event
 * is not counted: day 1 is the next working day (ALL 82; Civil Code 201); the last day of a natural-day
 * term that is no working day moves to the next one (Civil Code 203). A year that is not loaded whole
 * refuses: E_CALENDAR_UNKNOWN. Opening hours are something else: an after-hours Saturday is no working day. */
#ifndef CALENDAR_H
#define CALENDAR_H

#include "calendar_gen.h"
#include "due.h"

MUST_USE enum err calendar_is_workday(struct ctx *c, int32_t on, bool *ret_is_workday);
struct term {
    int32_t due_on;
    struct texts not_counted; /* at most 400 dates, YYYY-MM-DD */
};
MUST_USE enum err calendar_term(struct ctx *c, int32_t from_on, int days, enum term_unit unit,
                                struct term *ret);
/* The kinds of a stretch of days; days of years that are not loaded are DAY_UNKNOWN. */
MUST_USE enum err calendar_kinds(struct ctx *c, int32_t from_on, int n, struct day_kinds *ret);
/* due_of() with as many days as it takes: E_CALENDAR_UNKNOWN when a year is not loaded. */
MUST_USE enum err calendar_due(struct ctx *c, const struct due_term *t, struct due_sum *ret);
/* Several from one day on, reading the calendar once; due_on is 0 where a year is not loaded. */
MUST_USE enum err calendar_dues(struct ctx *c, const struct due_term *terms, size_t n,
                                struct due_sum *ret);
/* calendar_due() with the days between that do not count. */
MUST_USE enum err calendar_due_told(struct ctx *c, const struct due_term *t, struct term *ret,
                                    struct due_sum *ret_sum);
/* due_stop_end() in the same way. */
MUST_USE enum err calendar_stop_end(struct ctx *c, int32_t from_on, int days, enum term_unit unit,
                                    int32_t *ret_to_on);
/* Rises with each import, so that whoever keeps dates made from the calendar can follow it. */
MUST_USE enum err calendar_version(struct ctx *c, int64_t *ret);
/* Is the hall open at c->now, and until when today (local minutes after midnight; -1 closed for today);
 * after_hours: the session that runs, or comes next, is an after-hours one. */
struct opening_now {
    bool is_open, after_hours;
    int until_minute; /* end of the session that runs, else -1 */
    int next_minute;  /* start of the next session today, else -1 */
};
MUST_USE enum err calendar_opening_now(struct ctx *c, struct opening_now *ret);
/* The hall's sessions of a day, in their order; none on a holiday. */
MUST_USE enum err calendar_sessions_on(struct ctx *c, int32_t on, struct openings_of_rows *ret);

#endif
