/* Tickets: one line of life from issue to end, as a table of allowed moves (ticket.c). The policy
 * that chooses who is next is a pure function (policy.h). */
#ifndef TICKET_H
#define TICKET_H

#include "events.h"
#include "hall.h"
#include "ticket_gen.h"

enum ticket_state {
    TICKET_WAITING,
    TICKET_CALLED,
    TICKET_SERVING,
    TICKET_PARKED,
    TICKET_FINISHED,
    TICKET_NO_SHOW,
    TICKET_CANCELLED,
    TICKET_STATE_COUNT
};
enum ticket_channel {
    CHANNEL_GUIDE,
    CHANNEL_KIOSK,
    CHANNEL_PHONE,
    CHANNEL_WEB,
    CHANNEL_BOOKING,
    CHANNEL_COUNT
};
/* Legal grounds in DOMAIN.md 9.4; lower number, higher head start by default. */
enum ticket_class {
    CLASS_GREEN,
    CLASS_DISABLED,
    CLASS_MILITARY,
    CLASS_INFANT,
    CLASS_ELDERLY,
    CLASS_BOOKED,
    CLASS_NORMAL,
    CLASS_COUNT
};
enum need {
    NEED_NO_STAIRS = 1,
    NEED_LOW_VISION = 2,
    NEED_DEAF = 4,
    NEED_INFANT = 8,
    NEED_PREGNANT = 16,
    NEED_ELDERLY = 32,
    NEED_DISABLED = 64,
    NEED_MILITARY = 128,
    NEED_FOREIGN = 256
};
/* What happens to a ticket after its issue. */
enum ticket_act {
    TICKET_ACT_CALL,
    TICKET_ACT_RECALL,
    TICKET_ACT_NO_SHOW,
    TICKET_ACT_UNDO_NO_SHOW,
    TICKET_ACT_PARK,
    TICKET_ACT_UNPARK,
    TICKET_ACT_START,
    TICKET_ACT_TRANSFER,
    TICKET_ACT_FINISH,
    TICKET_ACT_CANCEL,
    TICKET_ACT_REJOIN,
    TICKET_ACT_COUNT
};

/* The table of allowed moves; false when the act is not allowed in that state. */
bool ticket_next_state(enum ticket_state from, enum ticket_act act, enum ticket_state *ret);

/* --- for visitors (ticket_issue.c) --- */

/* Issues a ticket: class from needs, number of zone and day, line, place and the reason in words.
 * Who cannot climb stairs waits for a step-free desk when one is open; else a helper is asked to
 * come. Nobody is sent away: without an open desk the ticket waits, and its reason says so. Green
 * and the channel guide belong to staff (right ticket.issue); others are taken as web. */
MUST_USE enum err ticket_issue(struct ctx *c, const struct ticket_wish_form *f,
                               struct ticket_row *ret);
/* The same, and what its visitor sees. */
MUST_USE enum err ticket_issue_shown(struct ctx *c, const struct ticket_wish_form *f,
                                     struct ticket_row *ret, struct ticket_view *ret_view);
/* A number that a kiosk gave out alone, from a block that it had leased (lease.c), with what it printed. */
struct given_number {
    int64_t number, issued_at;
    int32_t issued_on;
    struct str token;
};
/* The same with that number: the caller has seen that it is the kiosk's to give and that nobody has it. */
MUST_USE enum err ticket_issue_given(struct ctx *c, const struct ticket_wish_form *f,
                                     const struct given_number *given, struct ticket_row *ret);
/* Blocks of ended days: what nobody got is counted, and stays free for ever. */
MUST_USE enum err number_blocks_count(struct ctx *c);
/* The visitor does not come any more; open requests for help of the visit end with it. */
MUST_USE enum err ticket_cancel(struct ctx *c, struct ticket_row *t);
/* Who missed the call comes back within the set minutes, at the end of the line. */
MUST_USE enum err ticket_rejoin(struct ctx *c, struct ticket_row *t);

/* --- for the actor's desk (ticket.c) --- */

/* The ticket the actor's desk has called or is serving; E_NO_CURRENT when none. */
MUST_USE enum err ticket_at_actors_desk(struct ctx *c, struct ticket_row *ret);
/* Calls who is next by the policy; *ret is NULL when nobody waits for this desk. E_DESK_BUSY while
 * a ticket is there, E_DESK_PAUSED while paused. */
MUST_USE enum err ticket_call_next(struct ctx *c, struct ticket_row **ret);
/* Calls this waiting number although others are before it; the reason is a must and stays private in
 * the journal. E_NO_SUCH_NUMBER, E_NOT_THIS_DESK (its line is not the desk's), E_CHOSEN_WHY. */
MUST_USE enum err ticket_call_chosen(struct ctx *c, struct str number, struct str reason,
                                     struct ticket_row *ret);
MUST_USE enum err ticket_recall(struct ctx *c, struct ticket_row *ret);
MUST_USE enum err ticket_no_show(struct ctx *c, struct ticket_row *ret);
MUST_USE enum err ticket_undo_no_show(struct ctx *c, struct ticket_row *ret); /* within 10 s */
MUST_USE enum err ticket_park(struct ctx *c, struct str reason, struct ticket_row *ret);
/* token_or_number: of a ticket this desk parked; empty: the one parked first. */
MUST_USE enum err ticket_unpark(struct ctx *c, struct str token_or_number, struct ticket_row *ret);
MUST_USE enum err ticket_start(struct ctx *c, struct ticket_row *ret);
/* To the line of an item, of a zone, or of one desk; number and place in time are kept. */
MUST_USE enum err ticket_transfer(struct ctx *c, const struct transfer_to_form *f,
                                  struct ticket_row *ret);
/* The end, or, when something is still to do with this number, on to the next line (steps.h). */
MUST_USE enum err ticket_finish(struct ctx *c, struct ticket_row *ret);
MUST_USE enum err tickets_parked_at_actors_desk(struct ctx *c, struct ticket_view_list *ret);

/* --- for everybody (ticket_show.c) --- */

/* Fills what visitors and staff see. */
MUST_USE enum err ticket_show(struct ctx *c, const struct ticket_row *t, struct ticket_view *ret);
/* By public token; E_NOT_FOUND for an unknown one. */
MUST_USE enum err ticket_by_its_token(struct ctx *c, struct str token, struct ticket_row *ret);
/* By what is printed on it today, "A023" or "a23"; NULL when there is none. */
MUST_USE enum err ticket_by_its_number(struct ctx *c, struct str number, struct ticket_row **ret);
/* The visitor's plain name and phone as given at issue; the reading is journalled by the caller. */
MUST_USE enum err ticket_person(struct ctx *c, const struct ticket_row *t, struct str *ret_name,
                                struct str *ret_phone);
/* Waiting per zone, for home, boards and the manager. */
MUST_USE enum err zone_waits(struct ctx *c, struct zone_wait_list *ret);
/* Why this ticket was called, in words; empty when it was not. */
struct str ticket_call_reason(const struct ctx *c, const struct ticket_row *t);
/* Sets "A023" of a row. */
struct str ticket_number_text(struct ctx *c, struct str prefix, int64_t number);
struct str ticket_state_word(int64_t state); /* "waiting" … */
struct str ticket_class_word(int64_t class); /* "green" … */
struct str ticket_class_name(const struct ctx *c, int64_t class);

/* Today's appointments of a phone, or (staff) of its last four digits. */
MUST_USE enum err booked_today(struct ctx *c, struct str phone, bool is_tail,
                               struct booked_line_list *ret);

/* The slip of a ticket that a kiosk has just given out goes into the spool; for others nothing is done. */
MUST_USE enum err ticket_print_new(struct ctx *c, const struct ticket_row *t,
                                   const struct ticket_view *v);
/* Fills what the view says of its slip: state, words, whether a printer of the hall prints it. */
MUST_USE enum err ticket_show_printing(struct ctx *c, const struct ticket_row *t,
                                       struct ticket_view *v);
/* What stands on the slip of a ticket (printer.h). */
struct slip_facts;
void ticket_slip_facts(struct ctx *c, const struct ticket_row *t, const struct ticket_view *v,
                       struct slip_facts *ret);

/* Journals an event of t with number, desk, floor, zone and one more fact (name NULL: none). */
MUST_USE enum err ticket_note(struct ctx *c, const struct ticket_row *t, enum event kind,
                              const char *name, struct str value);

#endif
