/* Whose turn it is. See rota.h. */
#include "rota.h"

bool rota_is_away(const struct rota_rules *r, int64_t person_id, int32_t on)
{
    for (size_t i = 0; i < r->leave_count; i++)
        if (r->leaves[i].person_id == person_id && on >= r->leaves[i].from_on &&
            on <= r->leaves[i].to_on)
            return true;
    return false;
}

static bool goes_before(const struct rota_person *a, const struct rota_person *b)
{
    if (a->load != b->load)
        return a->load < b->load;
    return a->last_on < b->last_on;
}

/* The best of one group; its reason says whether there was a choice and what decided it. */
static ptrdiff_t pick_of_tier(const struct rota_rules *r, int tier, int32_t on, const bool *taken,
                              enum rota_reason *ret_reason)
{
    ptrdiff_t best = -1;
    size_t there = 0, equal = 0;
    for (size_t i = 0; i < r->people_count; i++) {
        const struct rota_person *p = &r->people[i];
        if (p->tier != tier || taken[i] || rota_is_away(r, p->id, on))
            continue;
        there++;
        if (best < 0 || p->load < r->people[best].load)
            equal = 1;
        else if (p->load == r->people[best].load)
            equal++;
        if (best < 0 || goes_before(p, &r->people[best]))
            best = (ptrdiff_t)i;
    }
    *ret_reason = there == 1 ? ROTA_ONLY : equal > 1 ? ROTA_LONGEST : ROTA_FEWEST;
    return best;
}

struct rota_slot rota_pick(const struct rota_rules *r, size_t post, int32_t on, const bool *taken)
{
    const struct rota_post *p = &r->posts[post];
    struct rota_slot slot = {.on = on, .post = post, .person = -1, .reason = ROTA_NOBODY};
    for (size_t i = 0; i < p->tier_count && slot.person < 0; i++) {
        enum rota_reason reason;
        slot.person = pick_of_tier(r, p->tiers[(p->turn + i) % p->tier_count], on, taken, &reason);
        if (slot.person >= 0) {
            slot.reason = i > 0 ? ROTA_STAND_IN : reason;
            slot.times = r->people[slot.person].load;
        }
    }
    return slot;
}

/* Who is away does not fall behind those who are there. */
static void level_away(struct rota_rules *r, int32_t on)
{
    for (int tier = 0; tier < ROTA_TIERS; tier++) {
        int64_t lowest = INT64_MAX;
        for (size_t i = 0; i < r->people_count; i++)
            if (r->people[i].tier == tier && !rota_is_away(r, r->people[i].id, on) &&
                r->people[i].load < lowest)
                lowest = r->people[i].load;
        for (size_t i = 0; i < r->people_count && lowest != INT64_MAX; i++)
            if (r->people[i].tier == tier && r->people[i].load < lowest)
                r->people[i].load = lowest;
    }
}

void rota_plan(struct rota_rules *r, const int32_t *days, size_t day_count, struct rota_slot *ret)
{
    bool taken[1024];
    size_t people = r->people_count < 1024 ? r->people_count : 1024;
    for (size_t d = 0; d < day_count; d++) {
        for (size_t i = 0; i < people; i++)
            taken[i] = false;
        for (size_t k = 0; k < r->post_count; k++) {
            /* another post chooses first each day, so that nobody always stands at the same place */
            size_t p = (k + (size_t)days[d]) % r->post_count;
            struct rota_slot slot = rota_pick(r, p, days[d], taken);
            if (slot.person >= 0) {
                taken[slot.person] = true;
                r->people[slot.person].load++;
                r->people[slot.person].last_on = days[d];
            }
            if (r->posts[p].tier_count > 0)
                r->posts[p].turn = (r->posts[p].turn + 1) % r->posts[p].tier_count;
            ret[d * r->post_count + p] = slot;
        }
        level_away(r, days[d]);
    }
}

enum rota_rule rota_may(const struct rota_rules *r, const struct rota_person *p,
                        const struct rota_post *post, int32_t on, int32_t today_on,
                        bool has_post_that_day)
{
    bool in_tier = false;
    for (size_t i = 0; i < post->tier_count; i++)
        in_tier = in_tier || post->tiers[i] == p->tier;
    if (on < today_on)
        return RULE_PAST;
    if (!in_tier)
        return RULE_TIER;
    if (rota_is_away(r, p->id, on))
        return RULE_LEAVE;
    return has_post_that_day ? RULE_TWICE : RULE_OK;
}
