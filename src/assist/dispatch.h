/* Who is asked to help, and who is told next when nobody comes: pure functions, so that the order can be
 * tested and explained. The terms are the hall's own; no source fixes them. */
#ifndef DISPATCH_H
#define DISPATCH_H

#include "ctx.h"

/* Who has been told of a request; it only rises. */
enum assist_told {
    TOLD_NOBODY,  /* wanted later: its time has not come */
    TOLD_ONE,     /* the helper who fits best */
    TOLD_ALL,     /* every helper on duty who can do it */
    TOLD_OFFICER, /* the officer on duty */
    TOLD_LEADER,  /* the leader of the centre */
    TOLD_COUNT
};

struct helper_state {
    int64_t staff_id;
    struct str name;
    int64_t floor;
    struct str skills; /* codes, blanks between */
    bool is_busy;
    int64_t idle_since; /* end of his last help, or begin of his shift */
};

/* Has somebody with these skills every one that is needed? */
bool skills_cover(struct str skills, struct str needed);
/* The helper to ask first: has the skills and is free; of those who is on that floor (0: any), then who
 * has been idle longest, then the lower id. -1 when there is none. */
ptrdiff_t dispatch_best(const struct helper_state *helpers, size_t n, int64_t floor,
                        struct str needed);
/* Is anybody on duty, free or not, who can do it? */
bool dispatch_can_anybody(const struct helper_state *helpers, size_t n, struct str needed);

struct dispatch_terms {
    int64_t all_ms, officer_ms, leader_ms; /* after the request became due */
};
/* Who must have been told after waiting so long. Nobody on duty can do it: the officer, at once. */
enum assist_told dispatch_step(int64_t waited_ms, bool has_best, bool can_anybody,
                               const struct dispatch_terms *t);

/* A password, code or the like told in a text ("密码是123456", "abc12345"): such a thing must not be kept. */
bool tells_secret(struct str text);
/* As above, or the mere word for one: for the log of things handed over. */
bool names_secret(struct str text);
/* The floor that words for a place name ("二楼等候区", "2F"); 0 when they name none. */
int64_t place_floor(struct str place);

#endif
