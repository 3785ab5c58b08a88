/* Several things in one visit: one number goes from window to window. What comes next is a list of
 * items; when a window is done with the visitor, the ticket goes to the line of the next one and keeps
 * its number and its place in time, as with a transfer. */
#ifndef TICKET_STEPS_H
#define TICKET_STEPS_H

#include "place.h"
#include "ticket.h"

/* Adds an item to what t is for; before it has ended. E_STEP_THERE for one that is there already,
 * E_STEPS_ENOUGH past TICKET_STEPS_MOST. */
MUST_USE enum err ticket_step_add(struct ctx *c, const struct ticket_row *t, struct str item);
/* From the window that is done to the line of the next step. */
MUST_USE enum err ticket_go_on(struct ctx *c, struct ticket_row *t,
                               const struct ticket_step_next_row *step);
/* What is still to do after the present item, in order. */
MUST_USE enum err ticket_steps_show(struct ctx *c, const struct ticket_row *t,
                                    struct ticket_step_view_list *ret);

/* Back into a line, with its number; journals `kind` (with what it goes to, `to`, if any). In ticket.c. */
MUST_USE enum err ticket_requeue(struct ctx *c, struct ticket_row *t, const struct place *p,
                                 int64_t queued_at, enum event kind, struct str to);

#endif
