/* The day's figures, counted by hand beside the program. */
#include "report.h"

#include "clock.h"
#include "hall.h"
#include "small_hall.h"
#include "test.h"
#include "ticket.h"

/* Nearest rank: the smallest value that at least nine tenths do not exceed. */
void test_report__nine_tenths_is_the_nearest_rank(struct test *t)
{
    (void)t;
    assert_int_equal(rank_of_nine_tenths(0), 0);
    assert_int_equal(rank_of_nine_tenths(1), 0);
    assert_int_equal(rank_of_nine_tenths(10), 8);
    assert_int_equal(rank_of_nine_tenths(11), 9);
    assert_int_equal(rank_of_nine_tenths(20), 17);
    assert_int_equal(rank_of_nine_tenths(100), 89);
}

void test_report__an_empty_day_is_all_zero(struct test *t)
{
    struct day_figures all;
    struct day_figures_list zones, classes;
    assert_int_equal(day_of_hall(t->c, 20260302, &all, &zones), E_OK);
    assert_int_equal(all.issued + all.waiting + all.served + all.mean_wait_ms + all.p90_wait_ms, 0);
    assert_int_equal(day_by_class(t->c, 20260302, &classes), E_OK);
    assert_int_equal(classes.n, 0);
}

/* Three visitors come together at 9:00 and are served one after the other: they wait 1, 3 and 6 minutes,
 * each service takes 1 minute. Mean wait 10/3 min = 200 s, nine tenths (rank 3 of 3) 6 min. */
void test_report__waits_are_from_issue_to_start(struct test *t)
{
    static const int start_minutes[] = {1, 3, 6};
    struct desk_row desk;
    struct ticket_row row, *called;
    struct day_figures all;
    struct day_figures_list zones;
    test_start_with(t, load_small_hall);
    int64_t nine = t->c->now;
    for (int i = 0; i < 3; i++) {
        struct ticket_wish_form f = {.item = STR(""),
                                     .zone = STR("personal"),
                                     .channel = CHANNEL_WEB,
                                     .priority = -1};
        assert_int_equal(ticket_issue(t->c, &f, &row), E_OK);
    }
    assert_int_equal(desk_open(t->c, STR("07"), &desk), E_OK);
    for (int i = 0; i < 3; i++) {
        t->c->now = nine + start_minutes[i] * MINUTE_MS;
        assert_int_equal(ticket_call_next(t->c, &called), E_OK);
        assert_non_null(called);
        assert_int_equal(ticket_start(t->c, &row), E_OK);
        t->c->now += MINUTE_MS;
        assert_int_equal(ticket_finish(t->c, &row), E_OK);
    }
    assert_int_equal(day_of_hall(t->c, today(t->c), &all, &zones), E_OK);
    assert_int_equal(all.issued, 3);
    assert_int_equal(all.served, 3);
    assert_int_equal(all.mean_wait_ms, 200 * SECOND_MS);
    assert_int_equal(all.p90_wait_ms, 6 * MINUTE_MS);
    assert_int_equal(all.mean_service_ms, MINUTE_MS);
}
