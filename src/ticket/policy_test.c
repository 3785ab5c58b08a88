/* The policy "classes with ageing" by its properties, and what its classes rest on (DOMAIN.md 9.4).
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
    struct policy p;
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

void test_ticket__nobody_is_chosen_when_nobody_waits(struct test *t)
{
    struct policy p = policy_of(t->c, STR(""));
    assert_int_equal(policy_choose(&p, NULL, 0), -1);
}

void test_ticket__who_came_first_goes_first_inside_a_class(struct test *t)
{
    (void)t;
    for (int round = 0; round < 2000; round++) {
        struct policy p = some_policy();
        struct candidate v[12];
        size_t n = some_candidates(v, 12);
        ptrdiff_t best = policy_choose(&p, v, n);
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
        ptrdiff_t best = policy_choose(&p, v, n);
        v[best].queued_at -= roll(100) * MINUTE_MS;
        assert_int_equal(policy_choose(&p, v, n), best);
    }
}

/* An ordinary visitor against a stream of people with the greatest head start, one a minute, one
 * desk that needs exactly a minute each: he is served before his wait passes that head start. */
void test_ticket__nobody_starves(struct test *t)
{
    struct policy p = policy_of(t->c, STR("green"));
    int64_t most = p.head_start_ms[CLASS_GREEN];
    struct candidate normal = {.ticket_id = 1, .queued_at = 0, .class = CLASS_NORMAL};
    int64_t oldest_green = 0;
    bool is_served = false;
    for (int64_t now = 0; now <= most + MINUTE_MS && !is_served; now += MINUTE_MS) {
        struct candidate v[2] = {normal,
                                 {.ticket_id = 2 + now,
                                  .queued_at = oldest_green,
                                  .class = CLASS_GREEN}};
        is_served = policy_choose(&p, v, 2) == 0;
        oldest_green += MINUTE_MS;
    }
    assert_true(is_served);
}

void test_ticket__a_class_goes_first_by_its_head_start_and_no_more(struct test *t)
{
    struct policy p = policy_of(t->c, STR(""));
    int64_t head = p.head_start_ms[CLASS_GREEN];
    assert_int_equal(head, 30 * MINUTE_MS); /* the default of ticket.head_start_green */
    struct candidate v[2] = {{.ticket_id = 1,
                              .queued_at = TEST_NOW - head + 1,
                              .class = CLASS_NORMAL},
                             {.ticket_id = 2, .queued_at = TEST_NOW, .class = CLASS_GREEN}};
    assert_int_equal(policy_choose(&p, v, 2), 1);
    v[0].queued_at = TEST_NOW - head - 1; /* waited longer than the head start: nobody passes */
    assert_int_equal(policy_choose(&p, v, 2), 0);
    v[0].queued_at = TEST_NOW - head; /* the same instant: the older ticket */
    assert_int_equal(policy_choose(&p, v, 2), 0);
}

void test_ticket__an_elderly_window_prefers_the_elderly(struct test *t)
{
    struct policy plain = policy_of(t->c, STR("comprehensive")),
                  elderly = policy_of(t->c, STR("elderly"));
    struct candidate v[2] = {{.ticket_id = 1,
                              .queued_at = TEST_NOW - 20 * MINUTE_MS,
                              .class = CLASS_NORMAL},
                             {.ticket_id = 2, .queued_at = TEST_NOW, .class = CLASS_ELDERLY}};
    assert_int_equal(policy_choose(&plain, v, 2), 0);
    assert_int_equal(policy_choose(&elderly, v, 2), 1);
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

void test_ticket__an_estimate_grows_with_people_and_shrinks_with_desks(struct test *t)
{
    (void)t;
    for (int round = 0; round < 500; round++) {
        int64_t people = 100 * roll(200), service = (1 + roll(30)) * MINUTE_MS,
                desks = 1 + roll(12);
        struct estimate e = estimate_wait(people, service, desks);
        struct estimate more = estimate_wait(people + 100, service, desks);
        struct estimate quicker = estimate_wait(people, service, desks + 1);
        assert_true(e.minutes >= 0 && e.minutes <= e.most_minutes && e.most_minutes > 0);
        assert_true(more.minutes >= e.minutes && more.most_minutes >= e.most_minutes);
        assert_true(quicker.minutes <= e.minutes && quicker.most_minutes <= e.most_minutes);
    }
    /* Ten people, six minutes each, two desks: 30 minutes and half a service, so the range holds 30. */
    struct estimate e = estimate_wait(1000, 6 * MINUTE_MS, 2);
    assert_true(e.minutes <= 30 && e.most_minutes >= 33);
    assert_int_equal(estimate_wait(1000, 6 * MINUTE_MS, 0).minutes,
                     estimate_wait(1000, 6 * MINUTE_MS, 1).minutes);
}
