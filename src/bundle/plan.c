/* The arithmetic of a bundle (plan.h). Sets are words and graphs small, so every walk is a plain loop; none
 * recurses, because a definition comes from a file. */
#include "plan.h"

#define WORKING_WEIGHT 7
#define NATURAL_WEIGHT 5

static bool holds(plan_set set, int i)
{
    return (set & PLAN_BIT(i)) != 0;
}

static plan_set everything(const struct plan *p)
{
    return p->component_count == 0 ? 0 : ~(plan_set)0 >> (64 - p->component_count);
}

/* What each component waits for. */
static void before_each(const struct plan *p, plan_set within, plan_set ret[PLAN_COMPONENTS_MAX])
{
    for (int i = 0; i < p->component_count; i++)
        ret[i] = 0;
    for (int e = 0; e < p->edge_count; e++)
        if (holds(within, p->edges[e].before) && holds(within, p->edges[e].after))
            ret[p->edges[e].after] |= PLAN_BIT(p->edges[e].before);
}

/* Kahn's way: takes away all that wait for nothing, again and again. What is left stands in or behind a cycle. */
static plan_set stuck(const struct plan *p, const plan_set *before, plan_set left)
{
    for (;;) {
        plan_set free_now = 0;
        for (int i = 0; i < p->component_count; i++)
            if (holds(left, i) && (before[i] & left) == 0)
                free_now |= PLAN_BIT(i);
        if (free_now == 0)
            return left;
        left &= ~free_now;
    }
}

int plan_cycle(const struct plan *p, int *ret)
{
    plan_set before[PLAN_COMPONENTS_MAX];
    before_each(p, everything(p), before);
    plan_set left = stuck(p, before, everything(p));
    if (left == 0)
        return 0;
    /* Each of them waits for another of them: walking back must come to one already met. */
    int walk[PLAN_COMPONENTS_MAX + 1], n = 0, seen_at[PLAN_COMPONENTS_MAX];
    for (int i = 0; i < PLAN_COMPONENTS_MAX; i++)
        seen_at[i] = -1;
    int at = __builtin_ctzll(left);
    while (seen_at[at] < 0) {
        seen_at[at] = n;
        walk[n++] = at;
        at = __builtin_ctzll(before[at] & left);
    }
    int length = n - seen_at[at];
    for (int i = 0; i < length; i++)
        ret[i] = walk[n - 1 - i];
    return length;
}

int plan_waves(const struct plan *p, plan_set needed, int ret_wave[PLAN_COMPONENTS_MAX])
{
    plan_set before[PLAN_COMPONENTS_MAX], left = needed & everything(p);
    before_each(p, left, before);
    for (int i = 0; i < PLAN_COMPONENTS_MAX; i++)
        ret_wave[i] = -1;
    int wave = 0;
    for (; left != 0; wave++) {
        plan_set free_now = 0;
        for (int i = 0; i < p->component_count; i++)
            if (holds(left, i) && (before[i] & left) == 0)
                free_now |= PLAN_BIT(i);
        if (free_now == 0)
            break; /* a cycle, which the caller has excluded */
        for (int i = 0; i < p->component_count; i++)
            if (holds(free_now, i))
                ret_wave[i] = wave;
        left &= ~free_now;
    }
    return wave;
}

int64_t plan_weight(int64_t working_days, int64_t natural_days)
{
    return working_days * WORKING_WEIGHT + natural_days * NATURAL_WEIGHT;
}

int64_t plan_whole_days(const struct plan_term *t)
{
    return (plan_weight(t->working_days, t->natural_days) + WORKING_WEIGHT - 1) / WORKING_WEIGHT;
}

static int64_t own_weight(const struct plan_component *k)
{
    return k->days * (k->is_natural ? NATURAL_WEIGHT : WORKING_WEIGHT);
}

struct ends { /* the best path that ends in each component */
    int64_t weight[PLAN_COMPONENTS_MAX];
    int length[PLAN_COMPONENTS_MAX], from[PLAN_COMPONENTS_MAX];
};

static bool is_better(const struct ends *ends, int a, int b)
{
    if (b < 0 || ends->weight[a] != ends->weight[b])
        return b < 0 || ends->weight[a] > ends->weight[b];
    return ends->length[a] < ends->length[b];
}

static void end_at(const struct plan *p, plan_set before, struct ends *ends, int i)
{
    int best = -1;
    for (int j = 0; j < p->component_count; j++)
        if (holds(before, j) && is_better(ends, j, best))
            best = j;
    /* What comes before and costs no day is no reason for the length. */
    if (best >= 0 && ends->weight[best] == 0)
        best = -1;
    ends->from[i] = best;
    ends->weight[i] = own_weight(&p->components[i]) + (best < 0 ? 0 : ends->weight[best]);
    ends->length[i] = 1 + (best < 0 ? 0 : ends->length[best]);
}

struct plan_term plan_longest(const struct plan *p, plan_set needed)
{
    plan_set before[PLAN_COMPONENTS_MAX];
    int wave[PLAN_COMPONENTS_MAX], waves = plan_waves(p, needed, wave), last = -1;
    struct ends ends = {0};
    struct plan_term t = {0};
    before_each(p, needed, before);
    for (int w = 0; w < waves; w++)
        for (int i = 0; i < p->component_count; i++)
            if (wave[i] == w)
                end_at(p, before[i], &ends, i);
    for (int i = 0; i < p->component_count; i++)
        if (wave[i] >= 0 && is_better(&ends, i, last))
            last = i;
    t.length = last < 0 ? 0 : ends.length[last];
    for (int i = last, at = t.length; i >= 0; i = ends.from[i]) {
        t.path[--at] = i;
        if (p->components[i].is_natural)
            t.natural_days += p->components[i].days;
        else
            t.working_days += p->components[i].days;
    }
    return t;
}

static plan_set needed_with(const struct plan *p, uint32_t options)
{
    plan_set set = 0;
    for (int i = 0; i < p->component_count; i++)
        if (p->components[i].chosen_by == 0 || (p->components[i].chosen_by & options) != 0)
            set |= PLAN_BIT(i);
    return set;
}

struct plan_situation plan_situate(const struct plan *p, uint32_t chosen)
{
    struct plan_situation s = {.chosen = chosen, .possible = chosen};
    for (int q = 0; q < p->question_count; q++)
        if ((p->questions[q].options & chosen) == 0)
            s.possible |= p->questions[q].options;
    s.sure = needed_with(p, s.chosen);
    s.maybe = needed_with(p, s.possible);
    return s;
}

/* The n-th option of a set, as a bit. */
static uint32_t nth_bit(uint32_t set, int n)
{
    while (n-- > 0)
        set &= set - 1;
    return set & (~set + 1);
}

/* The answers of situation number n, counted like the wheels of a meter; false past the last. */
static bool answers_of(const struct plan *p, const struct plan_situation *s, int64_t n,
                       uint32_t *ret)
{
    *ret = s->chosen;
    for (int q = 0; q < p->question_count; q++) {
        uint32_t options = p->questions[q].options;
        int count = __builtin_popcount(options);
        if ((options & s->chosen) != 0 || count == 0)
            continue;
        *ret |= nth_bit(options, (int)(n % count));
        n /= count;
    }
    return n == 0;
}

void plan_term_range(const struct plan *p, const struct plan_situation *s,
                     struct plan_term *ret_least, struct plan_term *ret_most)
{
    uint32_t answers;
    int64_t least = INT64_MAX, most = -1;
    for (int64_t n = 0; answers_of(p, s, n, &answers); n++) {
        struct plan_term t = plan_longest(p, needed_with(p, answers));
        int64_t weight = plan_weight(t.working_days, t.natural_days);
        if (weight < least) {
            least = weight;
            *ret_least = t;
        }
        if (weight > most) {
            most = weight;
            *ret_most = t;
        }
    }
}

enum plan_need plan_need_of(const struct plan_situation *s, plan_set owners, uint32_t needed_when)
{
    if ((owners & s->maybe) == 0 || (needed_when != 0 && (needed_when & s->possible) == 0))
        return PLAN_NOT_NEEDED;
    if ((owners & s->sure) == 0 || (needed_when != 0 && (needed_when & s->chosen) == 0))
        return PLAN_MAYBE;
    return PLAN_NEEDED;
}

enum plan_need plan_brings(const struct plan_situation *s, const struct plan_paper *paper)
{
    enum plan_need need = plan_need_of(s, paper->owners, paper->needed_when);
    if (paper->provider == PLAN_GOVERNMENT || need == PLAN_NOT_NEEDED)
        return PLAN_NOT_NEEDED;
    if (paper->produced_by < 0 || !holds(s->maybe, paper->produced_by))
        return need;
    return holds(s->sure, paper->produced_by) ? PLAN_NOT_NEEDED : PLAN_MAYBE;
}

static void save_papers(const struct plan *p, const struct plan_situation *s, struct plan_saving *v)
{
    for (int i = 0; i < p->paper_count; i++) {
        const struct plan_paper *paper = &p->papers[i];
        if (paper->provider == PLAN_GOVERNMENT ||
            plan_need_of(s, paper->owners, paper->needed_when) != PLAN_NEEDED)
            continue;
        v->papers_before += __builtin_popcountll(paper->owners & s->sure);
        v->papers_after += plan_brings(s, paper) == PLAN_NEEDED;
    }
    for (int i = 0; i < p->field_count; i++) {
        const struct plan_field *f = &p->fields[i];
        if (plan_need_of(s, f->owners, f->needed_when) != PLAN_NEEDED)
            continue;
        v->fields_before += __builtin_popcountll(f->owners & s->sure);
        v->fields_after += !f->is_prefilled;
    }
}

struct plan_saving plan_saved(const struct plan *p, const struct plan_situation *s)
{
    struct plan_saving v = {0};
    bool visits_hall = false, applies_here = false;
    save_papers(p, s, &v);
    for (int i = 0; i < p->component_count; i++) {
        const struct plan_component *k = &p->components[i];
        if (!holds(s->sure, i))
            continue;
        v.steps_before++;
        v.visits_before += k->visits;
        v.steps_after += k->is_outside;
        v.visits_after += k->is_outside ? k->visits : 0;
        visits_hall |= !k->is_outside && k->visits > 0;
        applies_here |= !k->is_outside;
    }
    v.steps_after += applies_here;
    v.visits_after += visits_hall;
    return v;
}

int64_t plan_percent_less(int64_t before, int64_t after)
{
    if (before == 0)
        return 0;
    int64_t twice = 200 * (before - after);
    return (twice + (twice < 0 ? -before : before)) / (2 * before);
}
