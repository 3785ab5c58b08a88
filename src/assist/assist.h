/* Help for people who need it: a request goes to the helpers on duty, one of them takes it, comes,
 * and finishes it; each step has its time. Free of charge and open to everybody (DOMAIN.md 9.7). */
#ifndef ASSIST_H
#define ASSIST_H

#include "assist_gen.h"
#include "dispatch.h"

enum assist_state {
    ASSIST_REQUESTED,
    ASSIST_ACCEPTED,
    ASSIST_ARRIVED,
    ASSIST_DONE,
    ASSIST_CANCELLED,
    ASSIST_STATE_COUNT
};
enum assist_act {
    ASSIST_ACT_ACCEPT,
    ASSIST_ACT_ARRIVE,
    ASSIST_ACT_COMPLETE,
    ASSIST_ACT_CANCEL,
    ASSIST_ACT_COUNT
};

struct assist_wish {
    int64_t thread;  /* visit, 0 none */
    struct str kind; /* escort stairs form wheelchair bus other */
    struct str place_from, place_to;
    struct str what;   /* one sentence */
    struct str who;    /* masked name or description */
    struct str phone;  /* plain; sealed before it is stored; STR_NONE without */
    struct str source; /* door kiosk phone bus_stop desk; empty: from who acts */
    int64_t floor;     /* 0: read from the words of the place */
    struct str skills; /* codes, blanks between; those its kind always needs are added */
    int64_t wanted_at; /* 0: now */
    bool chair;        /* a wheelchair is to be kept for it */
};
/* Makes a request inside the caller's transaction and journals it. */
MUST_USE enum err assist_request(struct ctx *c, const struct assist_wish *wish, int64_t *ret_id,
                                 struct str *ret_token);
/* Cancels open requests of a visit (it was cancelled). */
MUST_USE enum err assists_of_thread_cancel(struct ctx *c, int64_t thread);
/* The open request of a visit, NULL when there is none. */
MUST_USE enum err assist_open_of_thread(struct ctx *c, int64_t thread, struct assist_row **ret);

/* Tells who must be told of a request by now (dispatch.h); nothing when that is done already. */
MUST_USE enum err assist_dispatch(struct ctx *c, struct assist_row *a);
/* Helpers on duty with what they can do. */
MUST_USE enum err helpers_now(struct ctx *c, struct helper_state **ret, size_t *ret_n);
/* Codes of skills as views with their names; unknown codes are left out. */
MUST_USE enum err skill_views(struct ctx *c, struct str codes, struct help_skill_view_list *ret);
MUST_USE enum err help_skills_all(struct ctx *c, struct help_skill_view_list *ret);
/* The codes of what the actor can do, blanks between. */
MUST_USE enum err skills_of_staff(struct ctx *c, int64_t staff_id, struct str *ret);
/* When the request became, or becomes, due: a time told ahead less the lead. */
int64_t assist_due_from(const struct ctx *c, const struct assist_row *a);
/* Chinese word of a kind, for the journal, which speaks the hall's own language. */
const char *assist_kind_zh(struct str kind);

/* The table of allowed moves; false when the act is not allowed in that state. */
bool assist_next_state(enum assist_state from, enum assist_act act, enum assist_state *ret);
/* One step of a request by the actor: E_ASSIST_TAKEN when somebody was faster, E_ASSIST_ONE when
 * he still helps somebody, E_ASSIST_NOT_YOURS when another one does (the officer on duty may). */
MUST_USE enum err assist_move_on(struct ctx *c, int64_t assist_id, enum assist_act act,
                                 struct assist_row *ret);
/* The person himself says that no help is needed any more. */
MUST_USE enum err assist_withdrawn(struct ctx *c, struct assist_row *a);
/* Help that is needed or under way, the longest waiting first. */
MUST_USE enum err assists_now(struct ctx *c, struct assist_view_list *ret);
MUST_USE enum err assist_view_of(struct ctx *c, const struct assist_row *a,
                                 struct assist_view *ret);
struct str assist_kind_name(const struct ctx *c, struct str kind);

#endif
