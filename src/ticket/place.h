/* Where a ticket waits, and why, in words that can be shown in any language later. */
#ifndef PLACE_H
#define PLACE_H

#include "ticket.h"

struct place {
    int64_t line_id, floor;
    int64_t service_ms, desks_open; /* of that line */
    bool step_free;                 /* the line has step-free desks only */
    bool needs_escort;              /* up the stairs with a helper */
    struct str reason;              /* as stored: reason_show() makes words of it */
};
/* Chooses among the line and its step-free twin by needs and by who is open now. */
MUST_USE enum err place_choose(struct ctx *c, const struct line_facts *f, int64_t needs,
                               struct place *ret);
/* Asks a helper to bring the visitor up. */
MUST_USE enum err place_ask_escort(struct ctx *c, const struct ticket_row *t);

/* A stored reason is sentences, one a line: the message id, then for each hole US name = value; a
 * value in two languages is zh RS en; the hole floor holds a number. A sentence that is true only
 * while no desk is open begins with GS and is left out when one is. */
struct str reason_add(struct ctx *c, struct str so_far, const char *message, const char *hole,
                      struct str value);
struct str reason_add_for_closed(struct ctx *c, struct str so_far, const char *message,
                                 const char *hole, struct str value);
struct str reason_show(const struct ctx *c, struct str reason, bool is_open);

#endif
