/* The wait list. Places that come back are offered to who has waited longest for them, before anybody
 * else sees them: offers are made in the transaction that gives the places out. An offer is a hold for
 * a time (offer_until()); who lets it pass may queue again at the end, and the next one is offered it. */
#ifndef BOOKING_WAIT_H
#define BOOKING_WAIT_H

#include "booking.h"

enum wait_state {
    WAIT_WAITING,
    WAIT_OFFERED,
    WAIT_TAKEN,
    WAIT_LAPSED,
    WAIT_LEFT,
    WAIT_STATE_COUNT
};

struct str wait_state_word(int64_t state);
/* Offers what is free to who waits, the longest first. */
MUST_USE enum err waits_offer(struct ctx *c);
/* The hold of an offer is over; nothing for wait_id 0. */
MUST_USE enum err wait_let_lapse(struct ctx *c, int64_t wait_id);

#endif
