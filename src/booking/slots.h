/* Which times a day has, and how many places of them are given out: pure functions over the rules a
 * centre has written down, without a store and without a clock of their own.
 *
 * A series comes back every week within its season. Ordinary ones run on working days alone, so a
 * Saturday by appointment (国办发〔2020〕45号: services kept at hand; local after-hours rules) is a
 * session of its own and never makes the day a working day of src/calendar. A make-up working day
 * has Monday's sessions, as in calendar_sessions_on(); a statutory holiday has none but extra ones.
 * An extra session goes before a series, a zone's own before one of all zones; what would overlap
 * what is there already is left out, so two rules never sell one desk twice. */
#ifndef SLOTS_H
#define SLOTS_H

#include "clock.h"

enum booking_class { BOOKING_OPEN, BOOKING_HELPED, BOOKING_CLASS_COUNT };
enum session_kind {
    SESSION_ORDINARY,
    SESSION_AFTER_HOURS,
    SESSION_APPOINTMENT,
    SESSION_KIND_COUNT
};
enum day_kind { DAY_WORKING, DAY_WEEKEND, DAY_HOLIDAY, DAY_MAKE_UP };

struct slot_series {
    struct str zone; /* empty: all */
    enum session_kind kind;
    int weekdays;               /* bit 0 Monday */
    int season_from, season_to; /* month and day */
    int32_t from_on, to_on;     /* to_on 0: until further notice */
    int open_minute, close_minute, slot_minutes;
    int places[BOOKING_CLASS_COUNT];
};
struct slot_exception {
    struct str zone;
    int32_t on;
    bool is_closed; /* else an extra session */
    int open_minute, close_minute, slot_minutes;
    int places[BOOKING_CLASS_COUNT];
};
struct slot_wave {
    int days_before, minute, percent;
};
struct slot_rules {
    const struct slot_series *series;
    size_t series_count;
    const struct slot_exception *exceptions;
    size_t exception_count;
    const struct slot_wave *waves;
    size_t wave_count;
};
struct slot {
    int start_minute, end_minute;
    enum session_kind kind;
    int places[BOOKING_CLASS_COUNT]; /* by the rules */
    int given[BOOKING_CLASS_COUNT];  /* of those, given out by the waves so far */
    int taken[BOOKING_CLASS_COUNT];
    int own[BOOKING_CLASS_COUNT]; /* of those, counted in the row of this very slot */
};

#define SLOTS_A_DAY 288 /* 24 hours of 5 minutes */

bool season_has(int from_mmdd, int to_mmdd, int32_t on);
/* The slots of a zone's day in the order of the clock, at most `room`. */
size_t slots_of_day(const struct slot_rules *r, struct str zone, int32_t on, enum day_kind kind,
                    struct slot *ret, size_t room);
/* Percentage given out at `now` for a day: the greatest of the waves that have come; 100 without any. */
int wave_percent(const struct slot_rules *r, int32_t on, int64_t now, int zone_minutes);
/* The next wave that gives out more; 0 when all is out. */
int64_t wave_next(const struct slot_rules *r, int32_t on, int64_t now, int zone_minutes);
/* Sets `given` of each slot, rounded up, so that a slot with one place is not empty until the last
 * wave. Places for helped people are not given out in waves. */
void slots_give(struct slot *v, size_t n, int percent);
/* Counts a row of booking_slot: into the slot that begins there, and where slots have been cut
 * otherwise since, into all that it overlaps. */
void slots_count(struct slot *v, size_t n, int start_minute, int end_minute,
                 enum booking_class class, int taken);
/* Places free for the class; who is helped may have one of everybody's when their own are gone. */
int slot_free(const struct slot *s, enum booking_class class);
/* How many slots one after another, without a gap, from v[i] make up these minutes; 0: not enough. */
size_t slots_run(const struct slot *v, size_t n, size_t i, int minutes);
/* Bookings of these minutes that can begin at v[i]: the scarcest slot of the run; 0 before `from_minute`. */
int run_free(const struct slot *v, size_t n, size_t i, int minutes, enum booking_class class,
             int from_minute);

/* When a freed place goes out again: at once when it begins within near_ms, else after a time drawn
 * by `dice` between least and most, yet near_ms before it begins at the latest. */
int64_t release_at(int64_t now, int64_t starts_at, int64_t near_ms, int64_t least_ms,
                   int64_t most_ms, uint64_t dice);
/* Until when an offer holds: offer_ms, counted in waking hours only (08:00–21:00), never past
 * `lead_ms` before it begins. */
int64_t offer_until(int64_t now, int64_t starts_at, int64_t offer_ms, int64_t lead_ms,
                    int zone_minutes);

/* When somebody comes: too early (by more than early), in time, or late (more than late after the end). */
enum arrival { ARRIVAL_EARLY, ARRIVAL_IN_TIME, ARRIVAL_LATE };
enum arrival arrival_of(int64_t now, int64_t starts_at, int64_t ends_at, int64_t early_ms,
                        int64_t late_ms);

#endif
