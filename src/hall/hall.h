/* The hall: zones, desks, who sits where, and lines. A line is the set of items that the same desks
 * may handle; waiting, calling and estimates work on lines, so that a call looks only at queues
 * that are not empty and that this desk may serve. Who may not climb stairs waits in the line's
 * step-free twin (the line of its step-free desks), so a call need not look at that either. Each
 * desk has a line of its own too, for who is sent to that very desk. */
#ifndef HALL_H
#define HALL_H

#include "hall_gen.h"

enum desk_state { DESK_CLOSED, DESK_OPEN, DESK_PAUSED, DESK_STATE_COUNT };
enum desk_act { DESK_ACT_OPEN, DESK_ACT_PAUSE, DESK_ACT_RESUME, DESK_ACT_CLOSE, DESK_ACT_COUNT };

/* The table of allowed moves; false when the act is not allowed in that state. */
bool desk_next_state(enum desk_state from, enum desk_act act, enum desk_state *ret);
struct str desk_state_word(int64_t state); /* "open", "paused", "closed" */

/* The desk the actor sits at; E_DESK_NOT_OPEN when none. */
MUST_USE enum err desk_of_actor(struct ctx *c, struct desk_row *ret);
/* Moves of a desk; opening a desk somebody else sits at is E_DESK_TAKEN. Who opens the desk he sits
 * at already goes on with it (a pause ends); who sits at another one leaves that first, so the
 * caller looks whether it still has a ticket. */
MUST_USE enum err desk_open(struct ctx *c, struct str code, struct desk_row *ret);
MUST_USE enum err desk_pause(struct ctx *c, int64_t desk_id, struct str code, struct str reason);
MUST_USE enum err desk_resume(struct ctx *c, int64_t desk_id, struct str code);
MUST_USE enum err desk_close(struct ctx *c, int64_t desk_id, struct str code);
/* By the number over it; E_NO_SUCH_DESK. A number may be given without its leading 0. */
MUST_USE enum err desk_by_its_code(struct ctx *c, struct str code, struct desk_row *ret);
void desk_view_of(struct ctx *c, const struct desk_row *d, struct desk_view *ret);

/* Recomputes line, desk_line, item_line, line_rival from desk.handles and the directory; lines keep
 * their id when their set of desks is unchanged, and a line nobody belongs to any more stays as
 * long as a desk of its set does, so that who waits in it is called. Inside the caller's
 * transaction. An item with one_window 0 goes to special desks only; cant_do desks are in no line
 * but their own: they receive who is sent to them. */
MUST_USE enum err lines_rebuild(struct ctx *c);
/* Keeps the set of open desks (desk_set.h) after one has moved. */
MUST_USE enum err open_desks_note(struct ctx *c);

/* What a ticket needs to know about its line. */
struct line_facts {
    int64_t line_id, zone_id;
    int64_t step_free_id; /* the twin; 0 when no desk of the line is step-free */
    struct str zone_code, prefix, zone_name, zone_name_en;
    int64_t service_ms;
    int desks, desks_open, desks_open_step_free; /* may handle it; and are open now */
    int desks_step_free;                         /* may handle it at all, step-free */
    int64_t floor_main,
        floor_step_free;  /* where most of the desks are; floor of a step-free one (0 none) */
    int64_t floor_open;   /* where most of the open ones are (0 none open) */
    struct str desk_code; /* filled by who asks for one desk's line, else STR_NONE */
};
/* An item that no desk handles waits in its zone's general line. */
MUST_USE enum err line_facts_of_item(struct ctx *c, int64_t item_id, struct line_facts *ret);
MUST_USE enum err line_facts_of_zone(struct ctx *c, struct str zone_code, struct line_facts *ret);
MUST_USE enum err line_facts_of_desk(struct ctx *c, int64_t desk_id, struct line_facts *ret);
MUST_USE enum err line_facts_of_line(struct ctx *c, int64_t line_id, struct line_facts *ret);
/* New mean = old + (sample - old) / 16; samples outside 10 s … 2 h are left out. */
MUST_USE enum err line_note_service(struct ctx *c, int64_t line_id, int64_t service_ms);

/* "一楼", "floor 1" */
struct str floor_text(const struct ctx *c, int64_t floor);
/* Chinese or English one of two names, by the language of c; Chinese when the other is empty. */
struct str name_in_lang(const struct ctx *c, struct str zh, struct str en);
/* The public part of a journal entry: names and values (struct str) in turn, ended by NULL. */
struct str event_facts(struct ctx *c, ...) __attribute__((sentinel));

#endif
