/* The policies by their properties, and what its classes rest on (DOMAIN.md 9.4).
 * Random cases come from a fixed seed. */
#include "clock.h"
#include "policy.h"
#include "test.h"

static uint64_t seed = 20260302;

static int64_t roll(int64_t below)
{
    seed = seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (int64_t)(seed >> 33) % below;
}

static struct policy some_policy(void)
{
    struct policy p = {.kind = POLICY_AGEING};
    for (int k = 0; k < CLASS_COUNT; k++)
        p.head_start_ms[k] = roll(240) * MINUTE_MS;
    return p;
}

static size_t some_candidates(struct candidate *v, size_t most)
{
    size_t n = 1 + (size_t)roll((int64_t)most);
    for (size_t i = 0; i < n; i++)
        v[i] = (struct candidate){.ticket_id = (int64_t)i + 1,
                                  .line_id = roll(5),
                                  .queued_at = TEST_NOW - roll(300) * MINUTE_MS,
                                  .class = (enum ticket_class)roll(CLASS_COUNT)};
    return n;
}

static ptrdiff_t chosen(const struct policy *p, const struct candidate *v, size_t n)
{
    return policy_choose(p, v, n, TEST_NOW, POLICY_NOTHING).index;
}

void test_ticket__nobody_is_chosen_when_nobody_waits(struct test *t)
{
    struct policy p = policy_of(t->c, POLICY_AGEING, STR(""));
    assert_int_equal(chosen(&p, NULL, 0), -1);
}

void test_ticket__who_came_first_goes_first_inside_a_class(struct test *t)
{
    (void)t;
    for (int round = 0; round < 2000; round++) {
        struct policy p = some_policy();
        struct candidate v[12];
        size_t n = some_candidates(v, 12);
        ptrdiff_t best = chosen(&p, v, n);
        assert_true(best >= 0 && best < (ptrdiff_t)n);
        for (size_t i = 0; i < n; i++)
            if (v[i].class == v[best].class)
                assert_true(
                    v[i].queued_at > v[best].queued_at ||
                    (v[i].queued_at == v[best].queued_at && v[i].ticket_id >= v[best].ticket_id));
    }
}

void test_ticket__waiting_longer_never_makes_it_worse(struct test *t)
{
    (void)t;
    for (int round = 0; round < 2000; round++) {
        struct policy p = some_policy();
        struct candidate v[12];
        size_t n = some_candidates(v, 12);
        ptrdiff_t best = chosen(&p, v, n);
        v[best].queued_at -= roll(100) * MINUTE_MS;
        assert_int_equal(chosen(&p, v, n), best);
    }
}

/* An ordinary visitor against a stream of people with the greatest head start, one a minute, one
 * desk that needs exactly a minute each: he is served before his wait passes that head start. */
void test_ticket__nobody_starves(struct test *t)
{
    struct policy p = policy_of(t->c, POLICY_AGEING, STR("green"));
    int64_t most = p.head_start_ms[CLASS_GREEN];
    struct candidate normal = {.ticket_id = 1, .queued_at = 0, .class = CLASS_NORMAL};
    int64_t oldest_green = 0;
    bool is_served = false;
    for (int64_t now = 0; now <= most + MINUTE_MS && !is_served; now += MINUTE_MS) {
        struct candidate v[2] = {normal,
                                 {.ticket_id = 2 + now,
                                  .queued_at = oldest_green,
                                  .class = CLASS_GREEN}};
        is_served = chosen(&p, v, 2) == 0;
        oldest_green += MINUTE_MS;
    }
    assert_true(is_served);
}

void test_ticket__a_class_goes_first_by_its_head_start_and_no_more(struct test *t)
{
    struct policy p = policy_of(t->c, POLICY_AGEING, STR(""));
    int64_t head = p.head_start_ms[CLASS_GREEN];
    assert_int_equal(head, 30 * MINUTE_MS); /* the default of ticket.head_start_green */
    struct candidate v[2] = {{.ticket_id = 1,
                              .queued_at = TEST_NOW - head + 1,
                              .class = CLASS_NORMAL},
                             {.ticket_id = 2, .queued_at = TEST_NOW, .class = CLASS_GREEN}};
    assert_int_equal(chosen(&p, v, 2), 1);
    v[0].queued_at = TEST_NOW - head - 1; /* waited longer than the head start: nobody passes */
    assert_int_equal(chosen(&p, v, 2), 0);
    v[0].queued_at = TEST_NOW - head; /* the same instant: the older ticket */
    assert_int_equal(chosen(&p, v, 2), 0);
}

void test_ticket__an_elderly_window_prefers_the_elderly(struct test *t)
{
    struct policy plain = policy_of(t->c, POLICY_AGEING, STR("comprehensive")),
                  elderly = policy_of(t->c, POLICY_AGEING, STR("elderly"));
    struct candidate v[2] = {{.ticket_id = 1,
                              .queued_at = TEST_NOW - 20 * MINUTE_MS,
                              .class = CLASS_NORMAL},
                             {.ticket_id = 2, .queued_at = TEST_NOW, .class = CLASS_ELDERLY}};
    assert_int_equal(chosen(&plain, v, 2), 0);
    assert_int_equal(chosen(&elderly, v, 2), 1);
}

void test_ticket__needs_become_the_class_their_ground_gives(struct test *t)
{
    static const struct {
        int64_t needs;
        enum ticket_class class;
    } rows[] = {{0, CLASS_NORMAL},
                {NEED_FOREIGN, CLASS_NORMAL},
                {NEED_ELDERLY, CLASS_ELDERLY}, /* 老年人权益保障法 art. 2 */
                {NEED_PREGNANT, CLASS_INFANT}, /* local rules */
                {NEED_INFANT, CLASS_INFANT},
                {NEED_MILITARY, CLASS_MILITARY},  /* 军人地位和权益保障法 */
                {NEED_DISABLED, CLASS_DISABLED},  /* 残疾人保障法 */
                {NEED_NO_STAIRS, CLASS_DISABLED}, /* 无障碍环境建设法 */
                {NEED_LOW_VISION, CLASS_DISABLED},
                {NEED_DEAF, CLASS_DISABLED},
                {NEED_ELDERLY | NEED_MILITARY, CLASS_MILITARY},
                {NEED_ELDERLY | NEED_NO_STAIRS, CLASS_DISABLED}};
    (void)t;
    for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++)
        assert_int_equal(class_of_needs(rows[i].needs, false, false), rows[i].class);
    assert_int_equal(class_of_needs(0, true, false), CLASS_BOOKED);
    assert_int_equal(class_of_needs(NEED_MILITARY, false, true), CLASS_GREEN);
}

/* --- all policies, in a small hall --- */

/* Arrivals with a fixed seed, one desk a line, everybody's service the same: what the policies do to an
 * order, not how long people really take. */
#define PEOPLE 1500
struct person {
    struct candidate k;
    int64_t served_at;
};
struct small_day {
    struct person v[PEOPLE];
    enum ticket_class called[PEOPLE];
    bool had_choice[PEOPLE]; /* somebody of another kind waited too */
    size_t called_count;
    int64_t longest_ms;
};

static void people_come(struct small_day *d, int64_t every_ms, int64_t priority_percent)
{
    int64_t at = TEST_NOW;
    for (int i = 0; i < PEOPLE; i++) {
        at += 1 + roll(2 * every_ms);
        enum ticket_class class =
            roll(100) < priority_percent ? (enum ticket_class)roll(CLASS_NORMAL) : CLASS_NORMAL;
        d->v[i] = (struct person){.k = {.ticket_id = i + 1, .queued_at = at, .class = class}};
    }
}

/* The oldest of each class among those who have come and are not served. */
static size_t waiting_at(const struct small_day *d, int64_t now, struct candidate *v)
{
    bool is_seen[CLASS_COUNT] = {false};
    size_t n = 0;
    for (int i = 0; i < PEOPLE && d->v[i].k.queued_at <= now; i++)
        if (d->v[i].served_at == 0 && !is_seen[d->v[i].k.class]) {
            is_seen[d->v[i].k.class] = true;
            v[n++] = d->v[i].k;
        }
    return n;
}

static void run_day(struct small_day *d, const struct policy *p, int64_t service_ms)
{
    int64_t now = TEST_NOW, recent = POLICY_NOTHING;
    d->called_count = 0;
    d->longest_ms = 0;
    while (d->called_count < PEOPLE) {
        struct candidate v[CLASS_COUNT];
        size_t n = waiting_at(d, now, v);
        struct choice best = policy_choose(p, v, n, now, recent);
        if (best.index < 0) {
            now += SECOND_MS;
            continue;
        }
        struct person *who = &d->v[v[best.index].ticket_id - 1];
        who->served_at = now;
        if (now - who->k.queued_at > d->longest_ms)
            d->longest_ms = now - who->k.queued_at;
        recent = policy_remember(recent, who->k.class);
        d->had_choice[d->called_count] = n > 1;
        d->called[d->called_count++] = who->k.class;
        now += service_ms;
    }
}

/* Slightly more come than can be served, for some 50 hours: a policy without a bound would let somebody wait
 * to the end. Whoever waits is served before a bound that is the same for all: the time in which the
 * desk serves those who came before him, and the greatest claim anybody has against him. */
void test_ticket__under_no_policy_does_anybody_starve(struct test *t)
{
    static struct small_day d;
    for (int kind = 0; kind < POLICY_COUNT; kind++) {
        struct policy p = policy_of(t->c, (enum policy_kind)kind, STR(""));
        people_come(&d, 2 * MINUTE_MS, 40);
        run_day(&d, &p, 2 * MINUTE_MS + 5 * SECOND_MS);
        for (int i = 0; i < PEOPLE; i++) {
            int64_t before_him = 0;
            for (int k = 0; k < PEOPLE; k++)
                before_him += d.v[k].served_at < d.v[i].served_at &&
                                      d.v[k].k.queued_at > d.v[i].k.queued_at + p.patience_ms
                                  ? 1
                                  : 0;
            /* Nobody who came more than the patience later was called before him, but for greens over
             * their cap, who wait for their next share. */
            if (kind != POLICY_GREEN_CAP || d.v[i].k.class != CLASS_GREEN)
                assert_int_equal(before_him, 0);
        }
    }
}

void test_ticket__arrival_is_the_order_of_coming(struct test *t)
{
    static struct small_day d;
    struct policy p = policy_of(t->c, POLICY_ARRIVAL, STR(""));
    people_come(&d, 2 * MINUTE_MS, 50);
    run_day(&d, &p, 3 * MINUTE_MS);
    for (int i = 1; i < PEOPLE; i++)
        assert_true(d.v[i].served_at > d.v[i - 1].served_at);
}

void test_ticket__strict_calls_the_stronger_claim_first(struct test *t)
{
    struct policy p = policy_of(t->c, POLICY_STRICT, STR(""));
    for (int round = 0; round < 2000; round++) {
        struct candidate v[12];
        size_t n = some_candidates(v, 12);
        for (size_t i = 0; i < n; i++) /* all within the patience */
            v[i].queued_at = TEST_NOW - roll(p.patience_ms);
        struct choice best = policy_choose(&p, v, n, TEST_NOW, POLICY_NOTHING);
        for (size_t i = 0; i < n; i++)
            assert_true(v[i].class >= v[best.index].class);
        assert_int_equal(best.ground, GROUND_CLASS);
    }
}

/* While both kinds wait, of any three calls at least one is of people without a claim (2:1), and two are
 * of people with one. */
void test_ticket__a_ratio_is_kept_while_both_wait(struct test *t)
{
    static struct small_day d;
    struct policy p = policy_of(t->c, POLICY_RATIO, STR(""));
    p.patience_ms = 1000 * HOUR_MS;
    people_come(&d, MINUTE_MS, 66);
    run_day(&d, &p, 2 * MINUTE_MS);
    int turns = 0;
    for (size_t i = 100; i + 3 <= PEOPLE / 2; i++) { /* by then both wait at all times */
        int others = 0;
        for (size_t k = i; k < i + 3; k++)
            others += d.called[k] == CLASS_NORMAL ? 1 : 0;
        assert_int_equal(others, 1);
        turns++;
    }
    assert_true(turns > 500);
}

void test_ticket__the_cap_of_the_green_channel_is_kept(struct test *t)
{
    static struct small_day d;
    struct policy p = policy_of(t->c, POLICY_GREEN_CAP, STR(""));
    p.first = 2;
    p.then = 5;
    people_come(&d, MINUTE_MS, 0);
    for (int i = 0; i < PEOPLE; i++) /* half of all are green: far more than the cap lets through */
        d.v[i].k.class = roll(2) == 0 ? CLASS_GREEN : CLASS_NORMAL;
    run_day(&d, &p, 2 * MINUTE_MS);
    int full = 0;
    for (size_t i = 0; i + 5 <= PEOPLE; i++) {
        int green = 0;
        bool could = true;
        for (size_t k = i; k < i + 5; k++) {
            green += d.called[k] == CLASS_GREEN ? 1 : 0;
            could = could && d.had_choice[k];
        }
        if (could)
            assert_true(green <= 2);
        full += could && green == 2 ? 1 : 0;
    }
    assert_true(full > 200); /* the share is used, too */
}

void test_ticket__a_booked_window_begins_on_time(struct test *t)
{
    struct policy p = policy_of(t->c, POLICY_WINDOW, STR(""));
    struct candidate v[2] = {{.ticket_id = 1,
                              .queued_at = TEST_NOW - 30 * MINUTE_MS,
                              .class = CLASS_ELDERLY},
                             {.ticket_id = 2, .queued_at = TEST_NOW, .class = CLASS_BOOKED}};
    struct choice on_time = policy_choose(&p, v, 2, TEST_NOW, POLICY_NOTHING);
    assert_int_equal(on_time.index, 1);
    assert_int_equal(on_time.ground, GROUND_WINDOW);
    /* A minute early he is here already, but his time has not come; alone he is called all the same. */
    assert_int_equal(policy_choose(&p, v, 2, TEST_NOW - MINUTE_MS, POLICY_NOTHING).index, 0);
    assert_int_equal(policy_choose(&p, v + 1, 1, TEST_NOW - MINUTE_MS, POLICY_NOTHING).index, 0);
    v[0].queued_at = TEST_NOW - p.patience_ms - 1;
    assert_int_equal(policy_choose(&p, v, 2, TEST_NOW, POLICY_NOTHING).ground, GROUND_PATIENCE);
}

void test_ticket__waiting_longer_never_makes_it_worse_under_any_policy(struct test *t)
{
    for (int round = 0; round < 6000; round++) {
        struct policy p = policy_of(t->c, (enum policy_kind)(round % POLICY_COUNT), STR(""));
        int64_t recent = POLICY_NOTHING;
        struct candidate v[12];
        size_t n = some_candidates(v, 12);
        for (int i = 0; i < 6; i++)
            recent = policy_remember(recent, (enum ticket_class)roll(CLASS_COUNT));
        ptrdiff_t best = policy_choose(&p, v, n, TEST_NOW, recent).index;
        v[best].queued_at -= roll(100) * MINUTE_MS;
        assert_int_equal(policy_choose(&p, v, n, TEST_NOW, recent).index, best);
    }
}
