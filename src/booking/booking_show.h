/* How bookings and times are shown; shared by the visitor's and the staff's pages. */
#ifndef BOOKING_SHOW_H
#define BOOKING_SHOW_H

#include "booking.h"

struct time_need {
    struct str zone;
    int minutes;
    enum booking_class class;
};
/* The days that have times, and of the day `on` (0: none) the times. */
MUST_USE enum err times_find(struct ctx *c, const struct time_need *need, int32_t on,
                             struct booking_choice *v);
MUST_USE enum err booking_view_of(struct ctx *c, const struct booking_row *b,
                                  struct booking_view *ret);
MUST_USE enum err booking_whats(struct ctx *c, int64_t booking_id, struct booking_what_list *ret);
struct str booking_state_name(const struct ctx *c, int64_t state);
enum booking_class booking_class_of_actor(const struct ctx *c);
/* "09:30" → 570; E_BOOKING_CLOSED for anything else. */
MUST_USE enum err minute_read(struct ctx *c, struct str at, int *ret);
struct str session_name(const struct ctx *c, enum session_kind kind);

#endif
