/* Appointments. A booking takes places out of the counters of its slots (booking_slot), and the
 * counters' CHECK is what makes overbooking impossible; everything here only chooses and says so
 * kindly. Who arrives gets a ticket of the class booked (src/ticket), so a booking is a ticket with
 * a time window and nobody queues twice.
 *
 * A freed place goes out again at a time nobody can foresee (release_at()), so that a place can not
 * be handed on by cancelling and booking in one breath; a hold that lapses goes out at once. */
#ifndef BOOKING_H
#define BOOKING_H

#include "booking_gen.h"
#include "events.h"
#include "hall.h"
#include "item.h"
#include "slots.h"

#define BOOKING_ITEMS_MOST  5
#define BOOKING_PEOPLE_MOST 5

enum booking_state {
    BOOKING_HELD,
    BOOKING_BOOKED,
    BOOKING_ARRIVED,
    BOOKING_CANCELLED,
    BOOKING_LAPSED,
    BOOKING_MISSED,
    BOOKING_STATE_COUNT
};
enum booking_act {
    BOOKING_ACT_CONFIRM,
    BOOKING_ACT_MOVE,
    BOOKING_ACT_CANCEL,
    BOOKING_ACT_LAPSE,
    BOOKING_ACT_ARRIVE,
    BOOKING_ACT_MISS,
    BOOKING_ACT_COUNT
};
/* The table of allowed moves; false when the act is not allowed in that state. */
bool booking_next_state(enum booking_state from, enum booking_act act, enum booking_state *ret);
struct str booking_state_word(int64_t state); /* "held" … */

/* --- which times there are (booking_day.c) --- */

/* The rules and counters of a zone over a stretch of days, read once. */
struct day_reader {
    struct ctx *c;
    struct str zone;
    int32_t from_on, to_on;
    struct slot_rules rules;
    struct calendar_days_rows notices;
    struct booking_slots_rows counters;
    size_t counter_at;
    int known_year, unknown_year;
};
struct day {
    int32_t on;
    enum day_kind kind;
    bool is_known; /* the year's notices are loaded; else no slots */
    int percent;   /* given out so far */
    int64_t next_wave_at;
    struct slot slots[SLOTS_A_DAY];
    size_t n;
    int from_minute; /* what begins earlier is too soon */
};
MUST_USE enum err days_open(struct ctx *c, struct str zone, int32_t from_on, int32_t to_on,
                            struct day_reader *ret);
/* Days must be asked for in rising order. */
MUST_USE enum err days_read(struct day_reader *r, int32_t on, struct day *ret);
/* Last day that may be booked. */
int32_t booking_last_day(const struct ctx *c);

/* --- what somebody comes for --- */

struct purpose {
    struct str zone;
    struct item_row items[BOOKING_ITEMS_MOST];
    size_t item_count;
    int people, minutes; /* of all items for all people */
};
/* Reads item codes (comma between) or a zone; E_BOOKING_PURPOSE without either, E_BOOKING_OTHER_ZONE
 * when two items belong to different zones. */
MUST_USE enum err purpose_read(struct ctx *c, struct str items, struct str zone, int64_t people,
                               struct purpose *ret);

/* --- booking (booking.c) --- */

struct booking_when {
    int32_t on;
    int start_minute;
};
struct booking_person {
    struct str name, phone;
};
/* Takes the places and holds them until hold_until. E_BOOKING_CLOSED: there is no such time;
 * E_BOOKING_NOT_OUT: its wave has not come; E_BOOKING_FULL. */
MUST_USE enum err booking_hold(struct ctx *c, const struct purpose *p, struct booking_when when,
                               enum booking_class class, int64_t hold_until, int64_t wait_id,
                               struct booking_row *ret);
/* Makes a held one a booking of that person. Staff may go over the limits of a person. */
MUST_USE enum err booking_confirm(struct ctx *c, struct booking_row *b,
                                  const struct booking_person *who);
MUST_USE enum err booking_move(struct ctx *c, struct booking_row *b, struct booking_when when);
MUST_USE enum err booking_cancel(struct ctx *c, struct booking_row *b);
MUST_USE enum err booking_by_its_token(struct ctx *c, struct str token, struct booking_row *ret);
/* Lets lapsed holds go and gives returned places out again; before each taking and by the job. */
MUST_USE enum err booking_settle(struct ctx *c);

/* --- arriving (booking_arrive.c); for the ticket --- */

struct booking_arrival {
    struct booking_row row;
    struct str item_code, name, phone;
    enum arrival when;
    int64_t starts_at;
    bool has_ticket; /* came already: row.ticket_token */
};
/* By token or arrival token. E_BOOKING_OTHER_DAY, E_BOOKING_MOVES when it is not booked (any more). */
MUST_USE enum err booking_for_arrival(struct ctx *c, struct str token, struct booking_arrival *ret);
MUST_USE enum err booking_arrived(struct ctx *c, const struct booking_arrival *a, int64_t thread,
                                  struct str ticket_token);
/* Today's bookings of a phone, for kiosk and guide. */
MUST_USE enum err bookings_of_phone_today(struct ctx *c, struct str phone,
                                          struct bookings_of_person_rows *ret);

MUST_USE enum err bookings_of_tail_today(struct ctx *c, struct str tail,
                                         struct bookings_of_person_rows *ret);

/* "3月5日（周四）09:00" of a booking, in the language. */
struct str booking_when_text(const struct ctx *c, int32_t on, int64_t minute);
struct str booking_day_words(const struct ctx *c, int32_t on);  /* 3月5日 */
struct str booking_weekday(const struct ctx *c, int32_t on);    /* 周四 */
struct str booking_date_words(const struct ctx *c, int32_t on); /* 3月5日 周四 */
struct str minute_text(struct arena *a, int64_t minute);        /* 09:05 */
int64_t booking_starts_at(const struct ctx *c, const struct booking_row *b);
int64_t booking_ends_at(const struct ctx *c, const struct booking_row *b);

/* Looks at what is booked on these days again: a booking whose time is no longer open is marked as a
 * conflict (with why), one whose time is open again is freed of it. */
MUST_USE enum err bookings_check_days(struct ctx *c, int32_t from_on, int32_t to_on);

#endif
