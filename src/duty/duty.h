/* Duty (值班): the rota, who is there, who stands in, and what somebody could not get done (办不成事).
 * Terms without a source in DOMAIN.md are settings of the hall and say so. */
#ifndef DUTY_H
#define DUTY_H

#include "duty_gen.h"
#include "rota.h"

enum leave_state { LEAVE_ASKED, LEAVE_GRANTED, LEAVE_REFUSED, LEAVE_STATE_COUNT };
enum swap_state { SWAP_ASKED, SWAP_ACCEPTED, SWAP_DECLINED, SWAP_WITHDRAWN, SWAP_STATE_COUNT };

/* Rules, people and granted leave as they are, for the functions of rota.h; ids and codes of the posts stand
 * beside them in the same order. */
struct duty_rules {
    struct rota_rules rota;
    struct duty_posts_rows posts;
    struct duty_people_rows people;
};
MUST_USE enum err duty_rules(struct ctx *c, struct duty_rules *ret);
/* "leader middle" as tiers, -1 at an unknown word. */
int duty_tier(struct str word);
/* E_DUTY_COVER unless a post is on every floor and, with more than one floor, at the stairs. */
MUST_USE enum err duty_covers(struct ctx *c, const struct duty_posts_rows *posts);
/* Fills the working days between two dates: those without a slot, or all that nobody came for (anew). */
MUST_USE enum err duty_plan(struct ctx *c, int32_t from_on, int32_t to_on, bool anew);
/* Gives the slots of somebody who has been granted leave to others. */
MUST_USE enum err duty_refill(struct ctx *c, int64_t staff_id, int32_t from_on, int32_t to_on);

/* The refusal of a broken rule, with the rule named; E_OK for RULE_OK. */
MUST_USE enum err duty_rule_refused(struct ctx *c, enum rota_rule rule);
/* May staff_id take this slot (one he gives up at the same time: giving, 0 none)? */
MUST_USE enum err duty_may_take(struct ctx *c, int64_t staff_id, const struct duty_slot_row *slot,
                                int64_t giving);

/* Swaps asked by the actor or of him in the last thirty days. */
MUST_USE enum err duty_swap_views(struct ctx *c, struct duty_swap_view_list *ret);
/* Duties of colleagues of a group that could be changed for one of the actor's. */
MUST_USE enum err duty_slots_to_swap(struct ctx *c, const struct duty_people_rows *people,
                                     struct str tier, struct duty_slot_view_list *ret);

/* Today's duty, for the door, the guide desk and the board. */
MUST_USE enum err duty_today(struct ctx *c, struct duty_now *ret);
/* The officer on duty today; id 0 when nobody is. */
MUST_USE enum err duty_officer(struct ctx *c, int64_t *ret_id, struct str *ret_name);
/* One line for a window: who stands in for whom; "" when the first is there. */
MUST_USE enum err duty_stand_in_words(struct ctx *c, struct str desk_code, struct str *ret);

MUST_USE enum err duty_slot_views(struct ctx *c, const struct duty_slot_row *rows, size_t n,
                                  struct duty_slot_view_list *ret);
MUST_USE enum err duty_pair_views(struct ctx *c, bool only_mine, struct duty_pair_view_list *ret);
struct str duty_day_words(const struct ctx *c, int32_t on);
struct str duty_post_name(const struct ctx *c, const struct duty_posts_rows *posts,
                          struct str code);
struct duty_leave_view duty_leave_view_of(const struct ctx *c, const struct duty_leave_row *l);
struct duty_report_view duty_report_view_of(struct ctx *c, const struct duty_report_row *p);
struct str duty_tier_name(const struct ctx *c, struct str tier);

/* The instant that lies so many minutes of opening time after `from`; natural minutes when the hall is
 * not open at all in the next thirty days. */
MUST_USE enum err open_time_after(struct ctx *c, int64_t from, int64_t minutes, int64_t *ret);
/* Tells the leader of reports that were not answered in time, each once. */
MUST_USE enum err duty_reports_escalate(struct ctx *c);

#endif
