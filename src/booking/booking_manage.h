/* Shared by the files of the staff's pages. */
#ifndef BOOKING_MANAGE_H
#define BOOKING_MANAGE_H

#include "booking.h"

/* Name of a zone, of all when empty. */
struct str zone_label(struct ctx *c, const struct zones_rows *all, struct str code);
MUST_USE enum err booking_specials_show(struct ctx *c, const struct zones_rows *zones,
                                        int32_t from_on, int32_t to_on,
                                        struct booking_special_list *ret);
MUST_USE enum err booking_staff_line_of(struct ctx *c, const struct zones_rows *zones,
                                        const struct booking_row *b,
                                        struct booking_staff_line *ret);
/* Places and what is taken of them, all zones, day by day. */
MUST_USE enum err booking_loads(struct ctx *c, const struct zones_rows *zones, int32_t from_on,
                                size_t count, struct booking_load_list *ret);
void booking_zone_views(struct ctx *c, const struct zones_rows *zones, struct zone_view_list *ret);
MUST_USE enum err booking_day_view(struct ctx *c, int32_t on, struct booking_of_day *v);

#endif
