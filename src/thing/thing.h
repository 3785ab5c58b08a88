/* Things of the hall, below those who lend them and those who promise them. A hold keeps one thing of a
 * kind for somebody from a time on; it stands in rows of half hours, so that the table's key and not
 * a rule in C makes two holds of one thing impossible. */
#ifndef THING_H
#define THING_H

#include "thing_gen.h"

#define HALF_HOUR_MS INT64_C(1800000)

/* Keeps a thing of the kind from `from_at` on for thing.hold_minutes; *ret is NULL when none is free then:
 * no refusal, the caller says so and help comes all the same. */
MUST_USE enum err thing_hold(struct ctx *c, struct str kind, int64_t from_at, int64_t for_id,
                             struct thing_for_hold_row **ret);
/* Is the thing promised to somebody else between the two instants? for_id: who asks, 0 nobody. */
MUST_USE enum err thing_is_promised(struct ctx *c, int64_t thing_id, int64_t from_at, int64_t to_at,
                                    int64_t for_id, bool *ret);

/* A look at a thing is late when it was never looked at, or longer ago than its days (0: never needed). */
bool thing_check_is_late(int64_t checked_at, int64_t check_days, int64_t now);
/* Medicine may be given up to and on the day of its expiry, not after; 0 never expires. */
bool thing_is_expired(int32_t expires_on, int32_t on);
bool thing_expires_soon(int32_t expires_on, int32_t on, int64_t warn_days);

#endif
