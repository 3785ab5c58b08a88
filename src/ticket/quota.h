/* How many numbers a zone gives out, a day and in a stretch of time, so that nobody waits for what the
 * windows cannot do that day. Set by a manager; the guide desk may go past it, for the person who has
 * come from far is not sent away by a machine. */
#ifndef TICKET_QUOTA_H
#define TICKET_QUOTA_H

#include "ticket.h"

struct quota {
    int64_t day_most;         /* 0: no limit */
    int64_t interval_minutes; /* 0: no limit in a stretch of time */
    int64_t interval_most;
};

enum quota_answer { QUOTA_OPEN, QUOTA_DAY_FULL, QUOTA_INTERVAL_FULL };

/* May a number be given when `today` were given out and `lately` of them in the present interval? */
enum quota_answer quota_answer(const struct quota *q, int64_t today, int64_t lately);
/* The instant the interval of `now` began; intervals begin at midnight of the hall's day. */
int64_t quota_interval_from(const struct quota *q, int64_t now, int64_t day_start);

/* E_QUOTA_DAY or E_QUOTA_INTERVAL (which says when the next numbers come) when zone z gives none now. */
MUST_USE enum err quota_check(struct ctx *c, int64_t zone_id);

#endif
