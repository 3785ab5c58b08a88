/* Who will be called before a ticket, and how long that takes. */
#ifndef AHEAD_H
#define AHEAD_H

#include "policy.h"

struct ahead {
    struct policy policy; /* of the zone it waits in */
    int64_t weight;       /* hundredths of a person */
    bool is_about;        /* people of other lines are in it */
    bool is_at_least;     /* more than were counted */
    struct estimate told;
};

/* Of a ticket that waits. */
MUST_USE enum err ahead_of(struct ctx *c, const struct ticket_row *t, struct ahead *ret);
/* Of one that is about to be issued and is not in the table yet. */
MUST_USE enum err ahead_of_new(struct ctx *c, const struct ticket_row *t, struct ahead *ret);
/* The ticket was called for its service after all its waiting: its line learns how well it was told. */
MUST_USE enum err ahead_learn(struct ctx *c, const struct ticket_row *t);

/* Fills what the visitor of a ticket sees that was issued just now. */
MUST_USE enum err ticket_show_new(struct ctx *c, const struct ticket_row *t, const struct ahead *a,
                                  struct ticket_view *ret);

#endif
