/* The arithmetic of bundles. Expected values: worked by hand, found by slower and simpler ways (all paths walked, closure of
 * a relation), or the published figures of Nanyang Wancheng (DOMAIN.md 8.4). Seen to fail: with an edge of a cycle
 * forgotten, natural days weighed as working ones, produced papers counted. */
#include "plan.h"
#include "test.h"

static uint64_t seed;

/* xorshift64*: the same graphs on each run. */
static int any(int below)
{
    seed ^= seed >> 12;
    seed ^= seed << 25;
    seed ^= seed >> 27;
    return (int)((seed * UINT64_C(2685821657736338717) >> 33) % (uint64_t)below);
}

static struct plan *new_plan(struct test *t, int components)
{
    struct plan *p = ARENA_NEW(t->arena, struct plan);
    p->component_count = components;
    return p;
}

static void edge(struct plan *p, int before, int after)
{
    p->edges[p->edge_count++] = (struct plan_edge){before, after};
}

static plan_set all_of(const struct plan *p)
{
    return PLAN_BIT(p->component_count) - 1;
}

static struct plan *any_plan(struct test *t, bool acyclic)
{
    struct plan *p = new_plan(t, 2 + any(8));
    for (int i = 0; i < p->component_count; i++) {
        p->components[i].days = any(4) == 0 ? 0 : any(20);
        p->components[i].is_natural = any(3) == 0;
        for (int j = 0; j < p->component_count; j++)
            if ((acyclic ? i < j : true) && any(acyclic ? 3 : 7) == 0)
                edge(p, i, j);
    }
    return p;
}

/* --- cycles --- */

void test_bundle__a_cycle_is_named(struct test *t)
{
    struct plan *p = new_plan(t, 5);
    int ring[PLAN_COMPONENTS_MAX];
    edge(p, 0, 1);
    edge(p, 1, 2);
    edge(p, 2, 4);
    assert_int_equal(plan_cycle(p, ring), 0);
    edge(p, 4, 1); /* 1 → 2 → 4 → 1; 0 only leads into it */
    edge(p, 4, 3); /* and 3 only hangs behind it */
    assert_int_equal(plan_cycle(p, ring), 3);
    int sum = ring[0] + ring[1] + ring[2];
    assert_int_equal(sum, 7);
    for (int i = 0; i < 3; i++)
        assert_true((ring[i] == 1 && ring[(i + 1) % 3] == 2) ||
                    (ring[i] == 2 && ring[(i + 1) % 3] == 4) ||
                    (ring[i] == 4 && ring[(i + 1) % 3] == 1));
    p = new_plan(t, 1);
    edge(p, 0, 0);
    assert_int_equal(plan_cycle(p, ring), 1);
}

static bool has_edge(const struct plan *p, int before, int after)
{
    for (int e = 0; e < p->edge_count; e++)
        if (p->edges[e].before == before && p->edges[e].after == after)
            return true;
    return false;
}

/* Warshall: whether something reaches itself. */
static bool reaches_itself(const struct plan *p)
{
    bool reach[PLAN_COMPONENTS_MAX][PLAN_COMPONENTS_MAX] = {0};
    bool any_loop = false;
    for (int e = 0; e < p->edge_count; e++)
        reach[p->edges[e].before][p->edges[e].after] = true;
    for (int k = 0; k < p->component_count; k++)
        for (int i = 0; i < p->component_count; i++)
            for (int j = 0; j < p->component_count; j++)
                reach[i][j] |= reach[i][k] && reach[k][j];
    for (int i = 0; i < p->component_count; i++)
        any_loop |= reach[i][i];
    return any_loop;
}

void test_bundle__any_graph_has_a_cycle_exactly_when_something_reaches_itself(struct test *t)
{
    int with = 0, without = 0;
    seed = 20220926;
    for (int round = 0; round < 3000; round++) {
        struct plan *p = any_plan(t, false);
        int ring[PLAN_COMPONENTS_MAX], n = plan_cycle(p, ring);
        assert_int_equal(n > 0, reaches_itself(p));
        for (int i = 0; i < n; i++)
            assert_true(has_edge(p, ring[i], ring[(i + 1) % n]));
        *(n > 0 ? &with : &without) += 1;
    }
    assert_true(with > 300 && without > 300);
}

/* --- waves --- */

void test_bundle__waves_keep_the_order_and_lose_no_time(struct test *t)
{
    seed = 32;
    for (int round = 0; round < 2000; round++) {
        struct plan *p = any_plan(t, true);
        plan_set needed = all_of(p) & (plan_set)(any(1 << 10) | any(1 << 10));
        int wave[PLAN_COMPONENTS_MAX], waves = plan_waves(p, needed, wave);
        for (int i = 0; i < p->component_count; i++) {
            bool has_reason = wave[i] <= 0;
            assert_int_equal(wave[i] >= 0, (needed & PLAN_BIT(i)) != 0);
            assert_true(wave[i] < waves);
            for (int e = 0; e < p->edge_count; e++) {
                int b = p->edges[e].before;
                if (p->edges[e].after != i || wave[i] < 0 || wave[b] < 0)
                    continue;
                assert_true(wave[b] < wave[i]);
                has_reason |= wave[b] == wave[i] - 1;
            }
            assert_true(has_reason); /* nobody waits longer than for those it needs */
        }
    }
}

/* --- terms --- */

static int64_t longest_from(const struct plan *p, plan_set needed, int i)
{
    int64_t best = 0;
    for (int e = 0; e < p->edge_count; e++)
        if (p->edges[e].before == i && (needed & PLAN_BIT(p->edges[e].after)) != 0) {
            int64_t w = longest_from(p, needed, p->edges[e].after);
            best = w > best ? w : best;
        }
    const struct plan_component *k = &p->components[i];
    return best + plan_weight(k->is_natural ? 0 : k->days, k->is_natural ? k->days : 0);
}

void test_bundle__the_longest_path_is_that_of_all_paths(struct test *t)
{
    seed = 2025;
    for (int round = 0; round < 2000; round++) {
        struct plan *p = any_plan(t, true);
        plan_set needed = all_of(p) & (plan_set)(any(1 << 10) | any(1 << 10));
        struct plan_term term = plan_longest(p, needed);
        int64_t best = 0, walked = 0;
        for (int i = 0; i < p->component_count; i++)
            if ((needed & PLAN_BIT(i)) != 0) {
                int64_t w = longest_from(p, needed, i);
                best = w > best ? w : best;
            }
        assert_int_equal(plan_weight(term.working_days, term.natural_days), best);
        for (int i = 0; i < term.length; i++) {
            const struct plan_component *k = &p->components[term.path[i]];
            assert_true((needed & PLAN_BIT(term.path[i])) != 0);
            walked += plan_weight(k->is_natural ? 0 : k->days, k->is_natural ? k->days : 0);
            if (i > 0)
                assert_true(has_edge(p, term.path[i - 1], term.path[i]));
        }
        assert_int_equal(walked, best); /* the list is the reason for the term */
    }
}

/* 8 working days against 10 natural ones, then the two in a row; 5 working days are a week. */
void test_bundle__working_and_natural_days_are_compared_by_the_week(struct test *t)
{
    struct plan *p = new_plan(t, 2);
    p->components[0].days = 8;
    p->components[1] = (struct plan_component){.days = 10, .is_natural = true};
    struct plan_term term = plan_longest(p, all_of(p));
    assert_int_equal(term.length, 1);
    assert_int_equal(term.path[0], 0); /* 10 natural days are 7 1/7 working days */
    edge(p, 0, 1);
    term = plan_longest(p, all_of(p));
    assert_int_equal(term.working_days, 8);
    assert_int_equal(term.natural_days, 10);
    assert_int_equal(plan_whole_days(&term), 16); /* 15 1/7 */
    assert_int_equal(plan_weight(5, 0), plan_weight(0, 7));
}

void test_bundle__the_term_is_the_longest_path_and_not_the_sum(struct test *t)
{
    struct plan *p = new_plan(t, 4); /* 3 → 5, 3 → 1, and 4 alone */
    p->components[0].days = 3;
    p->components[1].days = 5;
    p->components[2].days = 1;
    p->components[3].days = 4;
    edge(p, 0, 1);
    edge(p, 0, 2);
    struct plan_term term = plan_longest(p, all_of(p));
    assert_int_equal(term.working_days, 8);
    assert_int_equal(term.length, 2);
    term = plan_longest(p, all_of(p) & ~PLAN_BIT(0)); /* without the first nobody waits for it */
    assert_int_equal(term.working_days, 5);
    term = plan_longest(p, 0);
    assert_int_equal(term.length, 0);
}

/* --- situations --- */

/* Two questions: 0/1 (1 adds component 1), 2/3 (2 adds component 2 and 3). */
static struct plan *questioned(struct test *t)
{
    struct plan *p = new_plan(t, 4);
    p->components[1] = (struct plan_component){.days = 9, .chosen_by = 1 << 1};
    p->components[2] = (struct plan_component){.days = 2, .chosen_by = 1 << 2};
    p->components[3] = (struct plan_component){.days = 3, .chosen_by = 1 << 2};
    p->questions[0].options = 3;
    p->questions[1].options = 12;
    p->question_count = 2;
    edge(p, 2, 3);
    return p;
}

void test_bundle__what_is_not_answered_may_be_needed(struct test *t)
{
    struct plan *p = questioned(t);
    struct plan_term least, most;
    struct plan_situation s = plan_situate(p, 0);
    assert_int_equal(s.sure, 1);
    assert_int_equal(s.maybe, 15);
    plan_term_range(p, &s, &least, &most);
    assert_int_equal(least.working_days, 0);
    assert_int_equal(most.working_days, 9);
    s = plan_situate(p, 1); /* the first answered: not component 1 */
    assert_int_equal(s.maybe, 13);
    plan_term_range(p, &s, &least, &most);
    assert_int_equal(most.working_days, 5);
    s = plan_situate(p, 1 | 4);
    assert_int_equal(s.sure, 13);
    plan_term_range(p, &s, &least, &most);
    assert_int_equal(least.working_days, 5);
}

void test_bundle__an_answer_never_adds_what_could_not_be(struct test *t)
{
    seed = 24;
    for (int round = 0; round < 500; round++) {
        struct plan *p = any_plan(t, true);
        p->question_count = 1 + any(PLAN_QUESTIONS_MAX);
        for (int q = 0; q < p->question_count; q++)
            p->questions[q].options = 3u << (2 * q);
        for (int i = 0; i < p->component_count; i++)
            p->components[i].chosen_by = any(2) == 0 ? 0 : 1u << any(2 * p->question_count);
        struct plan_situation s = plan_situate(p, 0);
        for (int q = 0; q < p->question_count; q++) {
            struct plan_term least, most, least_then, most_then;
            struct plan_situation then = plan_situate(p, s.chosen | 1u << (2 * q + any(2)));
            assert_true((s.sure & ~s.maybe) == 0 && (then.maybe & ~s.maybe) == 0 &&
                        (s.sure & ~then.sure) == 0);
            plan_term_range(p, &s, &least, &most);
            plan_term_range(p, &then, &least_then, &most_then);
            assert_true(plan_whole_days(&least_then) >= plan_whole_days(&least));
            assert_true(plan_whole_days(&most_then) <= plan_whole_days(&most));
            s = then;
        }
        assert_true(s.sure == s.maybe);
    }
}

/* --- papers --- */

/* The household register before the medical insurance (DOMAIN.md 8.5): what one makes, the other does not ask for. */
void test_bundle__a_paper_is_brought_once_and_not_at_all_when_a_component_makes_it(struct test *t)
{
    struct plan *p = new_plan(t, 3);
    p->papers[0] = (struct plan_paper){.owners = 7, .produced_by = -1}; /* ID card, for all three */
    p->papers[1] =
        (struct plan_paper){.owners = 6, .produced_by = 0}; /* register, made by the first */
    p->papers[2] = (struct plan_paper){.owners = 2, .produced_by = -1, .provider = PLAN_GOVERNMENT};
    p->paper_count = 3;
    struct plan_situation s = plan_situate(p, 0);
    struct plan_saving v = plan_saved(p, &s);
    assert_int_equal(v.papers_before,
                     5); /* 3 ID cards, 2 registers; what the government has was never asked */
    assert_int_equal(v.papers_after, 1);
    assert_int_equal(plan_brings(&s, &p->papers[1]), PLAN_NOT_NEEDED);
    p->components[0].chosen_by = 1; /* the first is done in one situation only */
    p->questions[0].options = 3;
    p->question_count = 1;
    s = plan_situate(p, 0);
    assert_int_equal(plan_brings(&s, &p->papers[1]), PLAN_MAYBE);
    s = plan_situate(p, 2);
    assert_int_equal(plan_brings(&s, &p->papers[1]), PLAN_NEEDED);
    assert_int_equal(plan_saved(p, &s).papers_after, 2);
}

void test_bundle__the_union_is_never_more_than_the_sum(struct test *t)
{
    seed = 53;
    for (int round = 0; round < 1000; round++) {
        struct plan *p = any_plan(t, true);
        int64_t sum = 0, brought = 0;
        p->paper_count = any(20);
        for (int i = 0; i < p->paper_count; i++) {
            p->papers[i] = (struct plan_paper){.owners = (plan_set)any(1 << p->component_count),
                                               .produced_by = any(p->component_count + 1) - 1};
            for (int k = 0; k < p->component_count; k++)
                sum += (p->papers[i].owners >> k & 1) != 0;
            brought += p->papers[i].owners != 0 && p->papers[i].produced_by < 0;
        }
        struct plan_situation s = plan_situate(p, 0);
        struct plan_saving v = plan_saved(p, &s);
        assert_int_equal(v.papers_before, sum);
        assert_int_equal(v.papers_after, brought);
        assert_true(brought <= sum);
    }
}

/* Fields: those taken over are written by nobody. Visits: one in the hall, each elsewhere. */
void test_bundle__fields_visits_and_applications_are_counted_once(struct test *t)
{
    struct plan *p = new_plan(t, 4);
    p->components[0].visits = p->components[1].visits = p->components[3].visits = 1;
    p->components[3].is_outside = true;
    p->fields[0] = (struct plan_field){.owners = 15};
    p->fields[1] = (struct plan_field){.owners = 3, .is_prefilled = true};
    p->field_count = 2;
    struct plan_situation s = plan_situate(p, 0);
    struct plan_saving v = plan_saved(p, &s);
    assert_int_equal(v.fields_before, 6);
    assert_int_equal(v.fields_after, 1);
    assert_int_equal(v.visits_before, 3);
    assert_int_equal(v.visits_after, 2);
    assert_int_equal(v.steps_before, 4);
    assert_int_equal(v.steps_after, 2);
}

/* Nanyang Wancheng: transport company 8 → 4, 2 → 0, 18 → 15; restaurant 8 → 4, 3 → 0, 15 → 9 (DOMAIN.md 8.4). */
void test_bundle__reduction_is_in_whole_percent(struct test *t)
{
    (void)t;
    assert_int_equal(plan_percent_less(8, 4), 50);
    assert_int_equal(plan_percent_less(2, 0), 100);
    assert_int_equal(plan_percent_less(18, 15), 17); /* 16.67 */
    assert_int_equal(plan_percent_less(3, 0), 100);
    assert_int_equal(plan_percent_less(15, 9), 40);
    assert_int_equal(plan_percent_less(200, 199), 1); /* half up */
    assert_int_equal(plan_percent_less(0, 0), 0);
    assert_int_equal(plan_percent_less(2, 3), -50);
}
