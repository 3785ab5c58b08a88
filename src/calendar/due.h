/* The sum of a term, as a pure function over days that were read before: no database, no clock. What
 * the law says of counting (DOMAIN.md 3.4):
 *
 *   - limits of the Administrative Licensing Law are counted in working days (ALL 82);
 *   - the day of the event is not counted, day 1 is the next (working) day (Civil Code 201);
 *   - a natural-day term whose last day is no working day ends on the next working day (Civil Code 203);
 *   - time of hearing, testing, appraisal, expert review … is not counted (ALL 45). A day is stopped
 *     when the stop covers its end: the day it begins is, the day it ends is not.
 *
 * A day of a year whose notice is not loaded is never guessed: DUE_UNKNOWN. */
#ifndef DUE_H
#define DUE_H

#include "clock.h"

enum term_unit { TERM_WORKING, TERM_NATURAL };

enum due_day { DAY_OFF, DAY_WORKED, DAY_UNKNOWN };
/* One due_day for each day from from_on on. */
struct day_kinds {
    int32_t from_on;
    int n;
    const uint8_t *kinds;
};

struct due_stop {
    int32_t from_on; /* the day it begins: not counted */
    int32_t to_on;   /* the day the clock goes on: counted again */
};
#define DUE_STOPS_MAX 100
struct due_term {
    int32_t from_on;
    int days, extended; /* the extension is counted in the same unit */
    enum term_unit unit;
    const struct due_stop *stops;
    size_t stop_count; /* at most DUE_STOPS_MAX */
};

enum due_found {
    DUE_FOUND,
    DUE_TOO_FEW_DAYS, /* more days are needed than were given */
    DUE_UNKNOWN       /* a day of a year that is not loaded */
};
struct due_sum {
    int32_t due_on;
    int stopped; /* days that would have counted and were stopped */
    /* days of its own that each stop took out (a day in two stops is the earlier one's) */
    int stopped_by[DUE_STOPS_MAX];
};
/* In each day between from_on and due_on that does not count: why not. */
typedef void due_note(void *arg, int32_t on);
enum due_found due_of(const struct due_term *t, const struct day_kinds *days, due_note *note,
                      void *arg, struct due_sum *ret);
/* The day on which the clock goes on after so many stopped days, the first of which is from_on itself
 * (or the next working day): for a stop whose length was told beforehand. */
enum due_found due_stop_end(int32_t from_on, int days, enum term_unit unit,
                            const struct day_kinds *kinds, int32_t *ret_to_on);

#endif
