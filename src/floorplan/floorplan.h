/* The plan of the hall. What each window does and who waits comes from one of two sources, the tables (now) or the
 * journal (any past minute, fold.h), and is drawn by the same code; a test compares the two. Positions come
 * from the table `place`; a floor without any gets a tidy layout of its own. */
#ifndef FLOORPLAN_H
#define FLOORPLAN_H

#include "alarm.h"
#include "floorplan_gen.h"
#include "fold.h"

/* What is drawn: every desk of the hall in order of its code, every zone in order of its letter. */
struct hall_now {
    int64_t at;
    struct desk_rows desks;
    struct zone_rows zones;
    struct desk_now *desk_states; /* as many as desks */
    int64_t *waiting;             /* as many as zones */
    struct alarm_now *alarms;
    size_t alarm_count;
    struct desk_now *gone; /* desks that are not in the hall any more but were not closed then */
    size_t gone_count;
};

/* From the tables. */
MUST_USE enum err hall_now_live(struct ctx *c, struct hall_now *ret);
/* From the journal, as it stood at a moment: entries up to the first that is later. E_NOT_FOUND never: an
 * hour before the first entry is an empty hall. */
MUST_USE enum err hall_now_past(struct ctx *c, int64_t at, struct hall_now *ret);

/* Fills floors, waits, counts; positions in the units of `place`. */
MUST_USE enum err plan_draw(struct ctx *c, const struct hall_now *h, struct plan *v);

/* Windows are this large in the tidy layout, and where a table of places gives no size. */
enum { PLAN_DESK_W = 80, PLAN_DESK_H = 76, PLAN_WIDTH = 1000 };

#endif
