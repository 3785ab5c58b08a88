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

#endif
