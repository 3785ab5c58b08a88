/* Cases: the life of an application from the papers handed in to the result handed over, as a table
 * of allowed moves that is checked on each move (DOMAIN.md 3.2). Immediate ones go RECEIVED →
 * ACCEPTED → DECIDED → DELIVERED → CLOSED in one visit (ALL 34(2)); the others through the back office
 * on a legal clock (ALL 32, 42, 44, 45). docs/cases.md draws the table. */
#ifndef CASEFILE_H
#define CASEFILE_H

#include "calendar.h"
#include "casefile_gen.h"
#include "document.h"
#include "events.h" /* generated */
#include "item_doc.h"

/* The numbers stand in the database: new states come at the end. */
enum case_state {
    CASE_RECEIVED,
    CASE_ACCEPTED,
    CASE_NOT_ACCEPTED,
    CASE_GRANTED,
    CASE_REFUSED,
    CASE_DELIVERED,
    CASE_WITHDRAWN,
    CASE_CLOSED,
    CASE_CORRECTION, /* told once what to correct; the applicant's turn */
    CASE_REVIEW,     /* with the back office, until the decision */
    CASE_SUSPENDED,  /* a special procedure runs, the clock stands (ALL 45) */
    CASE_FORWARDED,  /* first review done, the superior decides (ALL 35, 43) */
    CASE_LAPSED,     /* the correction was not answered by its day */
    CASE_REVOKED,    /* a grant taken back (ALL 69) */
    CASE_CANCELLED,  /* a grant ended and struck off (ALL 70) */
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
    CASE_ACT_CORRECT,
    CASE_ACT_SUPPLY,
    CASE_ACT_DEEM,
    CASE_ACT_LAPSE,
    CASE_ACT_REVIEW,
    CASE_ACT_SUSPEND,
    CASE_ACT_RESUME,
    CASE_ACT_EXTEND,
    CASE_ACT_FORWARD,
    CASE_ACT_REVOKE,
    CASE_ACT_CANCEL,
    CASE_ACT_COUNT
};
/* What a move does to the legal clock. */
enum case_clock {
    CLOCK_AS_IT_IS,
    CLOCK_STARTS,         /* day 1 is the next working day */
    CLOCK_STARTS_EARLIER, /* from the day the papers were received */
    CLOCK_STOPS,
    CLOCK_GOES_ON,
    CLOCK_IS_LENGTHENED,
    CLOCK_ENDS,       /* decided; ten days to deliver begin */
    CLOCK_FALLS_AWAY, /* no decision will be made */
    CASE_CLOCK_COUNT
};

/* One allowed move: who may make it, what the journal says of it, what it does to the clock, which
 * paper the applicant gets (DOMAIN.md 3.6), and the law it rests on. */
struct case_move {
    enum case_state from;
    enum case_act act;
    enum case_state to;
    enum right right;
    bool by_program; /* the program makes it when its day has come, and nobody else */
    enum event event;
    enum case_clock clock;
    const char *paper; /* zh-CN, a message id; "" none */
    const char *law;   /* zh-CN, a message id */
};
extern const struct case_move case_moves[];
extern const int case_move_count;
/* NULL when the act is not allowed in that state. */
const struct case_move *case_move_of(enum case_state from, enum case_act act);

const char *case_state_word(int64_t state);   /* "received" … */
const char *case_act_word(enum case_act act); /* "accept" … as in the addresses of the routes */
/* Title of a state in the context's language. */
struct str case_state_title(const struct ctx *c, int64_t state);

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

/* One move and what it needs to know; what an act does not need stays empty. */
struct case_doing {
    enum case_act act;
    struct str opinion; /* reasons; of correct: what is wrong and how to set it right */
    struct str ground;  /* not_accept: not_required or outside_authority, or empty */
    struct str organ;   /* not_accept outside authority: who is competent */
    struct texts
        papers; /* correct: faulty papers besides the missing ones; supply: those handed in */
    int32_t answer_by;   /* correct: 0 as the item's rule says */
    struct str step;     /* review: pass return other */
    struct str kind;     /* suspend: see case_stop_kinds */
    int64_t days;        /* suspend, extend */
    bool is_natural;     /* suspend: days are natural ones */
    struct str basis;    /* suspend */
    struct str approver; /* suspend, extend */
    struct str outcome;  /* resume */
    struct str fee;      /* suspend: what the procedure costs; empty: nothing (ALL 58) */
    struct str content, conditions, validity; /* grant; empty: the item, none, no term of its own */
    struct str mode, waybill, receiver, substitute,
        remarks;      /* deliver: hand (or empty) post locker */
    struct str place; /* deliver */
};
/* The move, if the table, the right, and the rules below allow it; the row is updated only in the state
 * it was read in, so of two clerks one is told that the other was faster (E_CASE_MOVE).
 *
 * - accept: every required paper (E_PAPERS_MISSING names them all).
 * - not accepting, refusing, correcting, revoking, cancelling: reasons (E_OPINION_NEEDED; ALL 38(2)); outside
 *   authority: the competent organ (E_ORGAN_NEEDED; ALL 32(1)2).
 * - correct: once (E_CORRECTED_ONCE); all missing required papers are named by the program itself.
 * - decide from ACCEPTED: immediate items only (E_NOT_IMMEDIATE); from REVIEW: after the steps of the item
 *   (E_REVIEW_FIRST), by another than the reviewer where the item wants two (E_TWO_PERSONS).
 * - suspend: kind, days, basis, approver (E_STOP_NEEDS); extend: once (E_EXTENDED_ONCE), at most ten days
 *   (joint handling fifteen; E_EXTENDED_TOO_LONG), with approver and reason (E_STOP_NEEDS, E_OPINION_NEEDED).
 * - deliver: by post only with a waybill (E_WAYBILL_NEEDED).
 * - every move that the table gives a paper writes it down in the same transaction (casefile_document.c); what the paper
 *   must hold and does not refuses the move (E_DOCUMENT_LACKS).
 * - forward: items of first review only (E_NOT_FIRST_REVIEW). revoke, cancel: a grant only (E_CASE_MOVE).
 * - what a colleague has claimed is his (E_CASE_CLAIMED). */
MUST_USE enum err case_make_move(struct ctx *c, struct str number, const struct case_doing *d,
                                 struct case_view *ret);
/* The same for acts that need an opinion at most. */
MUST_USE enum err case_do(struct ctx *c, struct str number, enum case_act act, struct str opinion,
                          struct case_view *ret);
/* Takes a case for oneself so that two do not work on it, or gives it back. E_CASE_CLAIMED. */
MUST_USE enum err case_claim(struct ctx *c, struct str number, bool is_mine, struct case_view *ret);

/* A result that was sent by post or put into a locker has reached the applicant: by the locker's code (E_LOCKER_CODE)
 * or as the clerk knows. E_NOT_SENT when nothing is under way. */
MUST_USE enum err case_received(struct ctx *c, struct str number, struct str code,
                                struct case_view *ret);
struct case_hearing { /* of a case in review or under a special procedure */
    bool is_notice;   /* else: telling of the right to a hearing (ALL 46, 47) */
    int32_t on;
    struct str time, place, host, reason;
};
/* The paper about a hearing. A notice needs day, time and place (E_HEARING_PLACE), seven working days ahead
 * (ALL 48; E_HEARING_EARLY). */
MUST_USE enum err case_hearing_paper(struct ctx *c, struct str number, const struct case_hearing *h,
                                     struct case_view *ret);
/* Papers and delivery of a case into its view: for its own page. */
MUST_USE enum err case_fill_documents(struct ctx *c, const struct casefile_row *k,
                                      bool is_for_applicant, struct case_view *v);

/* By number; E_NO_SUCH_CASE. */
MUST_USE enum err case_by_its_number(struct ctx *c, struct str number, struct casefile_row *ret);
/* The item as it was when the case was taken in: its papers, terms, fees, whatever was published since. */
MUST_USE enum err case_item_doc(struct ctx *c, struct str number, struct item_doc *ret);
/* What people see of a row: without papers and without the token; and with the papers. */
MUST_USE enum err case_view_of(struct ctx *c, const struct casefile_row *k, struct case_view *ret);
MUST_USE enum err case_view_whole(struct ctx *c, const struct casefile_row *k,
                                  struct case_view *ret);

/* The case of what a ticket is for now, else an open one of it; NULL when none was taken in. */
MUST_USE enum err case_of_ticket(struct ctx *c, const struct ticket_row *t, struct case_view **ret);

/* How the cases of an item are handled: its row of case_rule, or the settings. Never NULL. */
MUST_USE enum err case_rule_of(struct ctx *c, int64_t item_id, struct case_rule_row *ret);

/* Is this act among v->next_acts? */
bool case_offers(const struct case_view *v, const char *act);

/* The two terms of an accepted case with all that stood still; due_on is 0 where the calendar is not known. */
struct case_terms {
    struct due_sum promised, legal;
    struct casefile_stops_rows stops;
    struct due_stop *spans; /* of the stops */
};
MUST_USE enum err case_terms_of(struct ctx *c, const struct casefile_row *k,
                                struct case_terms *ret);
/* The last day on which the applicant may be told what to correct: five working days (ALL 32). */
MUST_USE enum err case_answer_due(struct ctx *c, int64_t received_at, int32_t *ret_on);
/* The kinds of special procedures of ALL 45, ended by NULL, and their titles. */
extern const char *const case_stop_kinds[];
struct str case_stop_title(const struct ctx *c, struct str kind);

#endif
