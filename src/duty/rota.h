/* The duty rota as pure functions: whose turn it is, and what a change may not break. The rules are data:
 * posts with the groups that take them in turn, people with their group, leave.
 *
 * Who has had the fewest duties is next; among equals who had his last one longest ago. Somebody on leave is
 * not asked, and what the others do meanwhile is not held against him: his count rises to their lowest.
 * So after every day the counts of a group (leave counted so) differ by at most one. */
#ifndef ROTA_H
#define ROTA_H

#include "ctx.h"

#define ROTA_TIERS 4 /* leader, middle, senior, helper */

enum rota_reason {
    ROTA_FEWEST,   /* had fewer duties than the others */
    ROTA_LONGEST,  /* as many as others, his last one longest ago */
    ROTA_ONLY,     /* nobody else of the group is there */
    ROTA_STAND_IN, /* the group whose turn it is is away; another one takes it */
    ROTA_NOBODY,   /* a gap */
    ROTA_REASON_COUNT
};
struct rota_person {
    int64_t id;
    int tier;
    int64_t load;    /* duties in this stretch, and what leave was credited */
    int32_t last_on; /* 0 never */
};
struct rota_post {
    int tiers[ROTA_TIERS];
    size_t tier_count, turn; /* turn: whose it is on the first day */
};
struct rota_leave {
    int64_t person_id;
    int32_t from_on, to_on;
};
struct rota_rules {
    struct rota_person *people;
    size_t people_count;
    struct rota_post *posts;
    size_t post_count;
    const struct rota_leave *leaves;
    size_t leave_count;
};
struct rota_slot {
    int32_t on;
    size_t post;
    ptrdiff_t person; /* index, -1 a gap */
    enum rota_reason reason;
    int64_t times; /* his load before */
};

bool rota_is_away(const struct rota_rules *r, int64_t person_id, int32_t on);
/* Fills day_count × post_count slots, day by day in the order of posts; changes people's loads and the
 * posts' turns, so that a further stretch goes on from there. */
void rota_plan(struct rota_rules *r, const int32_t *days, size_t day_count, struct rota_slot *ret);
/* Whose turn one post is on one day; taken[i] when person i has a post already. */
struct rota_slot rota_pick(const struct rota_rules *r, size_t post, int32_t on, const bool *taken);

/* May this person take this post on this day? */
enum rota_rule { RULE_OK, RULE_PAST, RULE_TIER, RULE_LEAVE, RULE_TWICE };
enum rota_rule rota_may(const struct rota_rules *r, const struct rota_person *p,
                        const struct rota_post *post, int32_t on, int32_t today_on,
                        bool has_post_that_day);

#endif
