/* Cases: the immediate path RECEIVED → ACCEPTED → DECIDED → DELIVERED → CLOSED (ALL 32, 34(2), 38, 44),
 * as a table of allowed moves checked on each move. */
#ifndef CASEFILE_H
#define CASEFILE_H

#include "casefile_gen.h"
#include "events.h" /* generated */
#include "item_doc.h"

enum case_state {
    CASE_RECEIVED,
    CASE_ACCEPTED,
    CASE_NOT_ACCEPTED,
    CASE_GRANTED,
    CASE_REFUSED,
    CASE_DELIVERED,
    CASE_WITHDRAWN,
    CASE_CLOSED,
    CASE_STATE_COUNT
};
enum case_act {
    CASE_ACT_ACCEPT,
    CASE_ACT_NOT_ACCEPT,
    CASE_ACT_GRANT,
    CASE_ACT_REFUSE,
    CASE_ACT_DELIVER,
    CASE_ACT_WITHDRAW,
    CASE_ACT_CLOSE,
    CASE_ACT_COUNT
};

/* One allowed move: who may make it, what the journal says of it, and the law it rests on. */
struct case_move {
    enum case_state from;
    enum case_act act;
    enum case_state to;
    enum right right;
    enum event event;
    const char *law; /* zh-CN, a message id */
};
extern const struct case_move case_moves[];
extern const int case_move_count;
/* NULL when the act is not allowed in that state. */
const struct case_move *case_move_of(enum case_state from, enum case_act act);

const char *case_state_word(int64_t state);   /* "received" … */
const char *case_act_word(enum case_act act); /* "accept" … as in the addresses of the routes */

/* Implementation code (31) + date (8) + serial, at least four digits (DOMAIN.md 1.7). */
struct str case_number_of(struct arena *a, struct str impl_code, int32_t on, int64_t serial);

/* Takes a case in, from a ticket when there is one (f->ticket, else the ticket at the actor's desk):
 * its item, name and phone need not be given again. Papers are copied from the item's list;
 * f->materials are positions or names of those that were handed in: E_NOT_IN_LIST for any other
 * (ALL 31: nothing beyond the list). E_CASE_TAKEN_IN when the ticket has this very case already. */
MUST_USE enum err case_take_in(struct ctx *c, const struct case_wish_form *f,
                               struct case_view *ret);
/* One paper ticked off or not; only before acceptance (E_CASE_MOVE after it). */
MUST_USE enum err case_tick(struct ctx *c, struct str number, int64_t position, bool is_taken,
                            struct case_view *ret);
/* Exactly these positions are taken, all others are not. */
MUST_USE enum err case_tick_all(struct ctx *c, struct str number, const struct texts *positions,
                                struct case_view *ret);
/* One move. Accepting needs every required paper (E_PAPERS_MISSING names them); a refusal, and not
 * accepting, need reasons (E_OPINION_NEEDED; ALL 38(2)); only immediate items are decided here
 * (E_NOT_IMMEDIATE). Terms are counted from the day of acceptance (ALL 82). */
MUST_USE enum err case_do(struct ctx *c, struct str number, enum case_act act, struct str opinion,
                          struct case_view *ret);

/* By number; E_NO_SUCH_CASE. */
MUST_USE enum err case_by_its_number(struct ctx *c, struct str number, struct casefile_row *ret);
/* The item as it was when the case was taken in: its papers, terms, fees, whatever was published since. */
MUST_USE enum err case_item_doc(struct ctx *c, struct str number, struct item_doc *ret);
/* What people see of a row: without papers and without the token; and with the papers. */
MUST_USE enum err case_view_of(struct ctx *c, const struct casefile_row *k, struct case_view *ret);
MUST_USE enum err case_view_whole(struct ctx *c, const struct casefile_row *k,
                                  struct case_view *ret);

/* The case of a ticket (an open one first), NULL when none was taken in. */
MUST_USE enum err case_of_ticket(struct ctx *c, int64_t ticket_id, struct case_view **ret);

#endif
