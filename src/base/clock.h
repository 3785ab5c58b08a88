/* Instants are int64 milliseconds UTC; dates are int yyyymmdd of a zone. Zones are kept as an
 * offset in minutes (China has had one without summer time since 1991: +480). No function here
 * reads the clock except clock_now(), which only the edges (server, jobs, tests) call; all else
 * takes the time from the context.
 *
 * Arithmetic is of the Gregorian calendar and total: any int may go in without harm, and what
 * leaves the years 0 to 9999 stops at their ends, which date_is_valid() refuses. */
#ifndef CLOCK_H
#define CLOCK_H

#include "str.h"

#define ZONE_CHINA_MINUTES 480
#define SECOND_MS          INT64_C(1000)
#define MINUTE_MS          INT64_C(60000)
#define HOUR_MS            INT64_C(3600000)
#define DAY_MS             INT64_C(86400000)

int64_t clock_now(void);
/* Moves clock_now() of this process by so much from now on, for tests of what happens tomorrow (serve --clock, which
 * only a demonstration hall on this machine lets). Nothing else of the process calls it. */
void clock_move(int64_t ms);
int64_t clock_moved(void); /* by how much, 0 when nobody moved it */
/* Milliseconds of a clock that never jumps, for measuring durations. */
int64_t clock_steady(void);

bool date_is_valid(int32_t date);                   /* 19000101 … 29991231, a day that exists */
int32_t date_of(int64_t at, int zone_minutes);      /* the local date of an instant */
int64_t date_start(int32_t date, int zone_minutes); /* the instant of local midnight */
int32_t date_add(int32_t date, int days);
int date_diff(int32_t from, int32_t to);                             /* days, to - from */
int date_weekday(int32_t date);                                      /* 1 Monday … 7 Sunday */
bool date_parse(struct str s, int32_t *ret_date);                    /* YYYY-MM-DD or YYYYMMDD */
struct str date_text(struct arena *a, int32_t date);                 /* YYYY-MM-DD */
struct str time_text(struct arena *a, int64_t at, int zone_minutes); /* HH:MM */
struct str instant_text(
    struct arena *a, int64_t at,
    int zone_minutes); /* RFC 3339 with offset, e.g. 2026-02-02T09:30:00+08:00; milliseconds only when not 0 */
bool instant_parse(
    struct str s,
    int64_t *ret_at); /* RFC 3339 with offset or Z; parts of a millisecond are cut off */

#define DATE_TEXT_MAX    16
#define INSTANT_TEXT_MAX 40
/* The same texts without an arena; return the length, no NUL is written. */
size_t date_print(char to[DATE_TEXT_MAX], int32_t date);
size_t instant_print(char to[INSTANT_TEXT_MAX], int64_t at, int zone_minutes);

#endif
