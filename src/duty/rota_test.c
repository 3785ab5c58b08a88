/* Properties of the rota over random rules: everybody's count, leave, one post a day, turns of groups. */
#include "rota.h"
#include "clock.h"
#include "test.h"

#define PEOPLE 40
#define DAYS   60
#define POSTS  5
#define LEAVES 30

struct world {
    struct rota_person people[PEOPLE];
    struct rota_post posts[POSTS];
    struct rota_leave leaves[LEAVES];
    int32_t days[DAYS];
    struct rota_slot slots[DAYS * POSTS];
    struct rota_rules rules;
};

/* A small generator of our own with a fixed seed: the same worlds on every machine. */
static uint64_t draw(uint64_t *seed)
{
    *seed = *seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return *seed >> 33;
}

static void make_world(struct world *w, uint64_t *seed, bool with_leave)
{
    *w = (struct world){0};
    size_t people = 4 + draw(seed) % (PEOPLE - 4), posts = 1 + draw(seed) % POSTS;
    for (size_t i = 0; i < people; i++)
        w->people[i] =
            (struct rota_person){.id = 100 + (int64_t)i,
                                 .tier = i < ROTA_TIERS ? (int)i : (int)(draw(seed) % ROTA_TIERS)};
    for (size_t p = 0; p < posts; p++) {
        struct rota_post *post = &w->posts[p];
        post->tier_count = 1 + draw(seed) % ROTA_TIERS;
        for (size_t i = 0; i < post->tier_count; i++)
            post->tiers[i] = (int)((p + i) % ROTA_TIERS);
    }
    size_t leaves = with_leave ? draw(seed) % LEAVES : 0;
    for (size_t i = 0; i < leaves; i++) {
        int32_t from = date_add(20260302, (int)(draw(seed) % DAYS));
        w->leaves[i] = (struct rota_leave){100 + (int64_t)(draw(seed) % people), from,
                                           date_add(from, (int)(draw(seed) % 20))};
    }
    for (int d = 0; d < DAYS; d++)
        w->days[d] = date_add(20260302, d);
    w->rules = (struct rota_rules){w->people, people, w->posts, posts, w->leaves, leaves};
}

static int64_t spread(const struct world *w, int tier)
{
    int64_t low = INT64_MAX, high = 0;
    for (size_t i = 0; i < w->rules.people_count; i++)
        if (w->people[i].tier == tier) {
            low = w->people[i].load < low ? w->people[i].load : low;
            high = w->people[i].load > high ? w->people[i].load : high;
        }
    return low == INT64_MAX ? 0 : high - low;
}

/* Fair: after every single day the counts of a group differ by at most one, leave or not. */
void test_duty__counts_of_a_group_differ_by_at_most_one(struct test *t)
{
    uint64_t seed = 20260124;
    (void)t;
    for (int world = 0; world < 300; world++) {
        struct world w;
        make_world(&w, &seed, world % 2 == 1);
        for (int d = 0; d < DAYS; d++) {
            rota_plan(&w.rules, &w.days[d], 1, w.slots);
            for (int tier = 0; tier < ROTA_TIERS; tier++)
                assert_true(spread(&w, tier) <= 1);
        }
    }
}

/* Nobody on leave is put on, nobody twice a day, and a gap only where really nobody is there. */
void test_duty__leave_is_respected_and_nobody_stands_at_two_posts(struct test *t)
{
    uint64_t seed = 7;
    (void)t;
    for (int world = 0; world < 300; world++) {
        struct world w;
        make_world(&w, &seed, true);
        rota_plan(&w.rules, w.days, DAYS, w.slots);
        for (size_t s = 0; s < DAYS * w.rules.post_count; s++) {
            const struct rota_slot *slot = &w.slots[s];
            size_t first = s - s % w.rules.post_count;
            bool used[PEOPLE] = {0};
            for (size_t other = first; other < first + w.rules.post_count; other++)
                if (other != s && w.slots[other].person >= 0)
                    used[w.slots[other].person] = true;
            if (slot->person >= 0) {
                assert_false(rota_is_away(&w.rules, w.people[slot->person].id, slot->on));
                assert_false(used[slot->person]);
                continue;
            }
            const struct rota_post *post = &w.posts[slot->post];
            for (size_t i = 0; i < w.rules.people_count; i++)
                for (size_t k = 0; k < post->tier_count; k++)
                    assert_true(w.people[i].tier != post->tiers[k] || used[i] ||
                                rota_is_away(&w.rules, w.people[i].id, slot->on));
        }
    }
}

/* The same six helpers at the same three places for weeks: each sees more than one of them. */
void test_duty__nobody_always_stands_at_the_same_place(struct test *t)
{
    struct rota_person people[6];
    struct rota_post posts[3];
    struct rota_rules rules = {people, 6, posts, 3, NULL, 0};
    struct rota_slot slots[DAYS * 3];
    int32_t days[DAYS];
    (void)t;
    for (int i = 0; i < 6; i++)
        people[i] = (struct rota_person){.id = i, .tier = 3};
    for (int p = 0; p < 3; p++)
        posts[p] = (struct rota_post){.tiers = {3}, .tier_count = 1};
    for (int d = 0; d < DAYS; d++)
        days[d] = date_add(20260302, d);
    rota_plan(&rules, days, DAYS, slots);
    for (int i = 0; i < 6; i++) {
        bool seen[3] = {false};
        for (size_t s = 0; s < sizeof slots / sizeof *slots; s++)
            if (slots[s].person == i)
                seen[slots[s].post] = true;
        assert_true((int)seen[0] + (int)seen[1] + (int)seen[2] >= 2);
    }
}

/* Leaders, middle managers and senior staff in turn (DOMAIN.md 9.3), day by day. */
void test_duty__groups_take_the_officers_post_in_turn(struct test *t)
{
    struct rota_person people[] = {{.id = 1, .tier = 0},
                                   {.id = 2, .tier = 0},
                                   {.id = 3, .tier = 1},
                                   {.id = 4, .tier = 2},
                                   {.id = 5, .tier = 2}};
    struct rota_post post = {.tiers = {0, 1, 2}, .tier_count = 3};
    struct rota_leave leave = {3, 20260306, 20260306};
    struct rota_rules rules = {people, 5, &post, 1, &leave, 1};
    int32_t days[] = {20260302, 20260303, 20260304, 20260305, 20260306, 20260307};
    struct rota_slot slots[6];
    (void)t;
    rota_plan(&rules, days, 6, slots);
    assert_int_equal(slots[0].person, 0);
    assert_true(slots[0].reason == ROTA_LONGEST);
    assert_true(slots[1].person == 2 && slots[1].reason == ROTA_ONLY);
    assert_int_equal(slots[2].person, 3);
    assert_true(slots[3].person == 1 && slots[3].reason == ROTA_FEWEST);
    assert_true(slots[4].reason == ROTA_STAND_IN); /* the only middle manager is away */
    assert_true(people[slots[4].person].tier == 2);
}

void test_duty__what_a_change_may_not_break_is_named(struct test *t)
{
    struct rota_person one = {.id = 1, .tier = 3};
    struct rota_post helper = {.tiers = {3}, .tier_count = 1},
                     officer = {.tiers = {0, 1}, .tier_count = 2};
    struct rota_leave leave = {1, 20260310, 20260312};
    struct rota_rules rules = {&one, 1, &helper, 1, &leave, 1};
    (void)t;
    assert_int_equal(rota_may(&rules, &one, &helper, 20260305, 20260302, false), RULE_OK);
    assert_int_equal(rota_may(&rules, &one, &helper, 20260301, 20260302, false), RULE_PAST);
    assert_int_equal(rota_may(&rules, &one, &officer, 20260305, 20260302, false), RULE_TIER);
    assert_int_equal(rota_may(&rules, &one, &helper, 20260311, 20260302, false), RULE_LEAVE);
    assert_int_equal(rota_may(&rules, &one, &helper, 20260305, 20260302, true), RULE_TWICE);
}
