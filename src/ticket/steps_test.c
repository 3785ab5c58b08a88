/* One number for several things, a number called first with a reason, and quotas of a zone, in the
 * small hall (small_hall.h). */
#include "clock.h"
#include "quota.h"
#include "small_hall.h"
#include "steps.h"
#include "test.h"

static void begin(struct test *t, const char *desk)
{
    struct desk_row d;
    test_start_with(t, load_small_hall);
    t->c->actor.id = 100;
    assert_int_equal(desk_open(t->c, str_of(desk), &d), E_OK);
}

static enum err take_by(struct test *t, const char *zone, enum ticket_channel channel,
                        struct ticket_row *ret)
{
    struct ticket_wish_form f = {.zone = str_of(zone), .channel = (int)channel, .priority = -1};
    enum err e = ticket_issue(t->c, &f, ret);
    t->c->now += SECOND_MS;
    return e;
}

static struct ticket_row take(struct test *t, const char *item)
{
    struct ticket_row row;
    struct ticket_wish_form f = {.item = str_of(item), .channel = CHANNEL_WEB, .priority = -1};
    assert_int_equal(ticket_issue(t->c, &f, &row), E_OK);
    t->c->now += SECOND_MS;
    return row;
}

static struct ticket_view shown(struct test *t, struct str token)
{
    struct ticket_row row;
    struct ticket_view v;
    assert_int_equal(ticket_by_its_token(t->c, token, &row), E_OK);
    assert_int_equal(ticket_show(t->c, &row, &v), E_OK);
    return v;
}

static void serve(struct test *t, int64_t staff, struct ticket_row *ret)
{
    struct ticket_row *called;
    t->c->actor.id = staff;
    assert_int_equal(ticket_call_next(t->c, &called), E_OK);
    assert_non_null(called);
    assert_int_equal(ticket_start(t->c, ret), E_OK);
    assert_int_equal(ticket_finish(t->c, ret), E_OK);
}

void test_ticket__one_number_goes_from_window_to_window(struct test *t)
{
    struct desk_row d;
    struct ticket_row row, done;
    begin(t, "01");
    t->c->actor.id = 101;
    assert_int_equal(desk_open(t->c, STR("33"), &d), E_OK);
    row = take(t, ITEM_REISSUE);
    assert_int_equal(ticket_step_add(t->c, &row, STR(ITEM_COMPANY)), E_OK);
    assert_int_equal(shown(t, row.token).steps.n, 1);
    serve(t, 100, &done);
    assert_int_equal(done.id, row.id);
    struct ticket_view v = shown(t, row.token);
    assert_true(str_is(v.state, "waiting") && str_is(v.zone, "business"));
    assert_true(str_is(v.item, ITEM_COMPANY) && str_is(v.number, "A001"));
    assert_int_equal(v.steps.n, 0);
    serve(t, 101, &done);
    assert_int_equal(done.id, row.id);
    assert_true(str_is(shown(t, row.token).state, "finished"));
}

/* Who came first upstairs is not overtaken by somebody who came earlier for something else, nor the other way
 * round: the ticket keeps the time it was taken. */
void test_ticket__the_next_step_keeps_its_place_in_time(struct test *t)
{
    struct desk_row d;
    struct ticket_row row, later, done;
    begin(t, "01");
    t->c->actor.id = 101;
    assert_int_equal(desk_open(t->c, STR("33"), &d), E_OK);
    row = take(t, ITEM_REISSUE);
    assert_int_equal(ticket_step_add(t->c, &row, STR(ITEM_COMPANY)), E_OK);
    later = take(t, ITEM_COMPANY);
    serve(t, 100, &done);
    serve(t, 101, &done);
    assert_int_equal(done.id, row.id);
    serve(t, 101, &done);
    assert_int_equal(done.id, later.id);
}

void test_ticket__a_step_that_makes_no_sense_is_refused(struct test *t)
{
    struct ticket_row row, done;
    begin(t, "01");
    row = take(t, ITEM_REISSUE);
    assert_int_equal(ticket_step_add(t->c, &row, STR(ITEM_REISSUE)), E_STEP_THERE);
    assert_int_equal(ticket_step_add(t->c, &row, STR("999999999999")), E_NO_SUCH_ITEM);
    assert_int_equal(ticket_step_add(t->c, &row, STR(ITEM_COMPANY)), E_OK);
    assert_int_equal(ticket_step_add(t->c, &row, STR(ITEM_COMPANY)), E_STEP_THERE);
    serve(t, 100, &done);
    assert_int_equal(ticket_by_its_token(t->c, row.token, &row), E_OK);
    assert_int_equal(ticket_cancel(t->c, &row), E_OK);
    assert_int_equal(ticket_step_add(t->c, &row, STR(ITEM_MARRIAGE)), E_TICKET_ENDED);
}

void test_ticket__a_number_is_called_first_only_with_a_reason(struct test *t)
{
    struct ticket_row first, second, other, called, *next;
    begin(t, "01");
    first = take(t, ITEM_REISSUE);
    second = take(t, ITEM_REISSUE);
    other = take(t, ITEM_COMPANY);
    assert_int_equal(ticket_call_chosen(t->c, STR("A002"), STR(" "), &called), E_CHOSEN_WHY);
    assert_int_equal(ticket_call_chosen(t->c, STR("A777"), STR("急"), &called), E_NO_SUCH_NUMBER);
    assert_int_equal(ticket_call_chosen(t->c, STR("B001"), STR("急"), &called), E_NOT_THIS_DESK);
    assert_int_equal(ticket_call_chosen(t->c, STR("a2"), STR("身体不适"), &called), E_OK);
    assert_int_equal(called.id, second.id);
    assert_true(str_find(ticket_call_reason(t->c, &called), STR("说明原因")) >= 0);
    assert_int_equal(ticket_call_chosen(t->c, STR("A001"), STR("急"), &called), E_DESK_BUSY);
    assert_int_equal(ticket_start(t->c, &called), E_OK);
    assert_int_equal(ticket_finish(t->c, &called), E_OK);
    assert_int_equal(ticket_call_chosen(t->c, STR("A002"), STR("急"), &called), E_TICKET_ENDED);
    assert_int_equal(ticket_call_next(t->c, &next), E_OK);
    assert_int_equal(next->id, first.id);
    assert_true(str_is(shown(t, other.token).state, "waiting"));
}

static enum err set_quota(struct test *t, int64_t day, int64_t minutes, int64_t most)
{
    struct quota_choice_form f = {STR("personal"), day, minutes, most};
    struct reply r = {.c = t->c};
    struct quota_zone v;
    return quota_set(t->c, &f, &r, &v);
}

void test_ticket__a_zone_gives_no_more_than_its_quota_but_for_the_guide(struct test *t)
{
    struct ticket_row row;
    begin(t, "01");
    assert_int_equal(set_quota(t, 2, 0, 0), E_OK);
    assert_int_equal(take_by(t, "personal", CHANNEL_WEB, &row), E_OK);
    assert_int_equal(take_by(t, "personal", CHANNEL_KIOSK, &row), E_OK);
    assert_int_equal(take_by(t, "personal", CHANNEL_WEB, &row), E_QUOTA_DAY);
    assert_int_equal(take_by(t, "business", CHANNEL_WEB, &row), E_OK);
    assert_int_equal(set_quota(t, 0, 30, 0), E_QUOTA_HALF);
    assert_int_equal(set_quota(t, 0, 30, 2), E_OK);
    assert_int_equal(take_by(t, "personal", CHANNEL_WEB, &row), E_QUOTA_INTERVAL);
    assert_true(str_find(t->c->refusal.text, STR("09:30")) >= 0);
    t->c->now += 30 * MINUTE_MS;
    assert_int_equal(take_by(t, "personal", CHANNEL_WEB, &row), E_OK);
}

/* Numbers worked out by hand. */
void test_ticket__quotas_count_the_day_and_the_interval(struct test *t)
{
    const struct quota none = {0, 0, 0}, q = {100, 30, 10};
    (void)t;
    assert_int_equal(quota_answer(&none, 5000, 5000), QUOTA_OPEN);
    assert_int_equal(quota_answer(&q, 99, 9), QUOTA_OPEN);
    assert_int_equal(quota_answer(&q, 100, 0), QUOTA_DAY_FULL);
    assert_int_equal(quota_answer(&q, 50, 10), QUOTA_INTERVAL_FULL);
    int64_t midnight = 1000 * DAY_MS;
    assert_int_equal(quota_interval_from(&q, midnight + 9 * HOUR_MS + 29 * MINUTE_MS, midnight),
                     midnight + 9 * HOUR_MS);
    assert_int_equal(quota_interval_from(&q, midnight + 9 * HOUR_MS + 30 * MINUTE_MS, midnight),
                     midnight + 9 * HOUR_MS + 30 * MINUTE_MS);
    assert_int_equal(quota_interval_from(&none, midnight + 5, midnight), midnight);
}
