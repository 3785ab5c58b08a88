/* The window's screen. What the next lawful step is, is a pure function, so that the one filled
 * button of the screen can be tested without a hall. */
#ifndef COUNTER_H
#define COUNTER_H

#include "alarm.h"
#include "assist.h"
#include "casefile.h"
#include "counter_gen.h"
#include "duty.h"
#include "hall.h"
#include "ticket.h"
#include "tide.h"

enum desk_step {
    STEP_OPEN,
    STEP_RESUME,
    STEP_CALL,
    STEP_START,
    STEP_ACCEPT,
    STEP_FINISH_ON_SPOT,
    STEP_FINISH,
    STEP_COUNT
};

struct desk_moment {
    bool has_desk, is_paused;
    bool has_ticket;
    enum ticket_state ticket;
    bool has_case, is_immediate;
    enum case_state case_;
};
/* Nobody is called from a paused window; who is called is started; what is complete is accepted;
 * what can be decided on the spot must be (ALL 34(2)), with delivery, closing and the end of the
 * ticket in one act; all else ends with the ticket. */
enum desk_step desk_step_of(const struct desk_moment *m);
const char *desk_step_word(enum desk_step step); /* "open" … as in the view */

/* q: words to find an item by, item: the one chosen; both only matter while the ticket names none. */
MUST_USE enum err desk_screen_fill(struct ctx *c, struct str q, struct str item,
                                   struct desk_screen *v);

/* What one ticks at the window, in the words of the clerk's language. */
struct str need_title(const struct ctx *c, struct str need);

#endif
