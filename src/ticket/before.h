/* Who is called before a ticket. Its own line is before it at every desk; people of another line are in its
 * way only at open desks that serve both lines, and as many of them as come to each of their open
 * desks. The people of its own line and it go where that load is least, so a desk of their own is not held
 * up by the crowd of another zone at a desk they happen to share. Pure. */
#ifndef TICKET_BEFORE_H
#define TICKET_BEFORE_H

#include "desk_set.h"

struct waiting_line {
    bool is_own;
    int64_t people; /* who come before it */
    struct desk_set desks;
};

struct before {
    int64_t weight; /* hundredths of a person */
    int64_t desks;  /* open desks whose turn may come to it: those that are not held up longer */
    bool is_about;  /* people of other lines are in it */
};

/* mine: the desks of its line; open: all open ones (when none of mine is, all count as open). */
struct before people_before(const struct desk_set *mine, const struct desk_set *open,
                            const struct waiting_line *v, size_t n);

#endif
