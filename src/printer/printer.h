/* Printers of the hall. What is to be printed is written into a spool in the transaction of the act that
 * wants it (so neither is ever without the other) and sent after the commit by threads of their own
 * (printing.c), each slip once: a slip of which nothing came out is tried again for some minutes, one of
 * which nobody knows how much came out is shown as failed and printed again only when somebody asks. */
#ifndef PRINTER_H
#define PRINTER_H

#include "printer_gen.h"
#include "slip.h"

enum slip_state {
    SLIP_WAITING,
    SLIP_SENDING,
    SLIP_PRINTED,
    SLIP_FAILED,  /* and people ought to know */
    SLIP_SETTLED, /* failed once; somebody has taken care of it */
    SLIP_STATE_COUNT
};

/* What is known of a ticket for its slip; the names are the fields of a template. */
struct slip_facts {
    struct str number, zone, zone_name, floor, item, ahead, reason, priority, issued, qr;
};
struct slip_job {
    int64_t ticket_id, thread;
    struct slip_facts facts;
    bool is_again; /* somebody asks for it once more */
};

/* The printer for a slip of this zone by who acts: a registered kiosk its own (none: it prints itself or
 * not at all), everybody else one that stands for the zone, then one for all. *ret_id 0: none. */
MUST_USE enum err printer_choose(struct ctx *c, struct str zone, int64_t *ret_id, int *ret_columns);
/* Into the spool; *ret_is_spooled false when no printer prints for it. Inside the caller's transaction. */
MUST_USE enum err printer_spool(struct ctx *c, const struct slip_job *job, bool *ret_is_spooled);
/* The slip by the zone's template (where that fails by the built-in one) for so many columns. */
MUST_USE enum err slip_compose(struct ctx *c, const struct slip_facts *f, int columns,
                               struct str *ret_bytes);
/* How the newest slip of a ticket stands: "" (none) waiting printed failed, and in words for who waits
 * before the printer; slips is how many there were. */
MUST_USE enum err slip_state_of_ticket(struct ctx *c, int64_t ticket_id, struct str *ret_state,
                                       struct str *ret_words, int64_t *ret_slips);
/* For the guide desk and the manager. */
MUST_USE enum err printer_alarm_now(struct ctx *c, struct printer_alarm *ret);
/* "没有纸了" of a state's word. */
struct str printer_state_name(const struct ctx *c, struct str state);

/* --- between the files of this folder --- */

struct str slip_builtin(void);
/* The named fields of a template, ended by one without a name. */
void slip_fields_of(struct ctx *c, const struct slip_facts *f, struct slip_field ret[13]);

/* Ends a slip as printed or failed and journals it; thread and number are the slip's. */
MUST_USE enum err slip_ended(struct ctx *c, int64_t id, int64_t thread, struct str number,
                             enum slip_state state, struct str reason);
/* Notes what a printer's state is now; a change is journalled. */
MUST_USE enum err printer_is(struct ctx *c, int64_t id, struct str state, bool is_mute);

#endif
