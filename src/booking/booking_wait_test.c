/* The wait list is fair (first come first offered, in time), and a closed day is told to everybody it
 * hits. Monday 2026-03-02 09:00; one place each half hour of Tuesday's morning. */
#include "booking_wait.h"

#include "booking_manage.h"
#include "settings.h"
#include "small_hall.h"
#include "test.h"

#define TUESDAY 20260303

static void open_hall(struct test *t)
{
    struct ctx *c = t->c;
    assert_int_equal(small_hall(c, NULL), E_OK);
    assert_int_equal(calendar_year_put(c, 2026), E_OK);
    assert_int_equal(booking_series_add(c, c->center_id, new_id(c), STR(""), STR("上午"),
                                        STR("ordinary"), 0x1f, 101, 1231, 20200101, 0, 540, 570, 30,
                                        1, 0, STR("")),
                     E_OK);
}

static struct booking_row booked(struct test *t, int32_t on, const char *phone)
{
    struct booking_row b = {0};
    struct purpose p;
    struct booking_person who = {STR("李建国"), str_of(phone)};
    assert_int_equal(purpose_read(t->c, STR(""), STR("personal"), 1, &p), E_OK);
    assert_int_equal(booking_hold(t->c, &p, (struct booking_when){on, 540}, BOOKING_OPEN,
                                  t->c->now + MINUTE_MS, 0, &b),
                     E_OK);
    assert_int_equal(booking_confirm(t->c, &b, &who), E_OK);
    return b;
}

static struct wait_view join(struct test *t, const char *phone, enum err expected)
{
    struct reply r = {.c = t->c};
    struct wait_view v = {0};
    struct wait_wish_form f = {.zone = STR("personal"),
                               .people = 1,
                               .from = TUESDAY,
                               .to = TUESDAY,
                               .part = WAIT_WISH_PART_ANY,
                               .name = STR("李建国"),
                               .phone = str_of(phone)};
    assert_int_equal(wait_join(t->c, &f, &r, &v), expected);
    return v;
}

static struct wait_view look(struct test *t, struct str token)
{
    struct reply r = {.c = t->c};
    struct wait_view v = {0};
    struct wait_of_form f = {.token = token};
    assert_int_equal(wait_look(t->c, &f, &r, &v), E_OK);
    return v;
}

void test_booking__who_waits_longest_is_offered_first_and_in_time(struct test *t)
{
    struct reply r = {.c = t->c};
    struct wait_view v;
    open_hall(t);
    t->c->actor = (struct actor){.kind = ACTOR_VISITOR};
    struct booking_row b = booked(t, TUESDAY, "13800000001");
    struct wait_view one = join(t, "13800000002", E_OK);
    t->c->now += 1;
    struct wait_view two = join(t, "13800000003", E_OK);
    assert_true(str_is(one.state, "waiting") && one.before == 0 && two.before == 1);
    assert_int_equal(booking_cancel(t->c, &b), E_OK);
    assert_int_equal(booking_settle(t->c), E_OK);
    assert_true(
        str_is(look(t, one.token).state, "waiting")); /* not before the place is out again */
    t->c->now += setting_booking_return_most_minutes(t->c) * MINUTE_MS;
    assert_int_equal(booking_settle(t->c), E_OK);
    v = look(t, one.token);
    assert_true(str_is(v.state, "offered"));
    assert_int_equal(v.offer_until, t->c->now + setting_booking_offer_minutes(t->c) * MINUTE_MS);
    assert_true(str_is(look(t, two.token).state, "waiting"));
    t->c->now = v.offer_until;
    assert_int_equal(booking_settle(t->c), E_OK);
    assert_true(str_is(look(t, one.token).state, "lapsed"));
    assert_true(str_is(look(t, two.token).state, "offered"));
    struct wait_of_form f = {.token = one.token};
    assert_int_equal(wait_accept(t->c, &f, &r, &v), E_BOOKING_WAIT_MOVE);
    assert_int_equal(wait_again(t->c, &f, &r, &v), E_OK);
    f.token = two.token;
    assert_int_equal(wait_accept(t->c, &f, &r, &v), E_OK);
    assert_true(str_is(v.state, "taken"));
    assert_int_equal(booking_by_its_token(t->c, v.booking, &b), E_OK);
    assert_int_equal(b.state, BOOKING_BOOKED);
    assert_true(str_is(look(t, one.token).state, "waiting"));
}

void test_booking__hopeless_waits_are_refused(struct test *t)
{
    struct reply r = {.c = t->c};
    struct wait_view v;
    struct wait_wish_form f = {.zone = STR("personal"),
                               .people = 1,
                               .from = 20260301,
                               .to = TUESDAY,
                               .name = STR("李"),
                               .phone = STR("13800000001")};
    open_hall(t);
    t->c->actor = (struct actor){.kind = ACTOR_VISITOR};
    assert_int_equal(wait_join(t->c, &f, &r, &v), E_BOOKING_WAIT_DAYS);
    f.from = 20260304;
    assert_int_equal(wait_join(t->c, &f, &r, &v), E_BOOKING_WAIT_DAYS);
    f.to = 20270101;
    assert_int_equal(wait_join(t->c, &f, &r, &v), E_BOOKING_WAIT_DAYS);
    f.to = 20260305;
    f.phone = STR("");
    assert_int_equal(wait_join(t->c, &f, &r, &v), E_BOOKING_PHONE);
    booked(t, TUESDAY, "13800000009");
    for (int i = 0; i < setting_booking_waits_per_phone(t->c); i++)
        join(t, "13800000001", E_OK);
    join(t, "13800000001", E_BOOKING_WAIT_MANY);
}

void test_booking__a_closed_day_tells_whom_it_hits(struct test *t)
{
    struct reply r = {.c = t->c};
    struct booking_of_day day = {0};
    struct booking_manage all = {0};
    struct booking_closing_form f = {.on = TUESDAY,
                                     .zone = STR(""),
                                     .from = STR(""),
                                     .until = STR(""),
                                     .reason = STR("停电")};
    open_hall(t);
    struct booking_row b = booked(t, TUESDAY, "13800000001"),
                       other = booked(t, 20260304, "13800000002");
    assert_int_equal(bookings_close(t->c, &f, &r, &day), E_OK);
    assert_int_equal(day.conflicts, 1);
    assert_true(str_is(day.items.v[0].conflict, "停电"));
    assert_int_equal(booking_by_its_token(t->c, other.token, &other), E_OK);
    assert_int_equal(other.conflict.n, 0);
    assert_int_equal(bookings_manage_show(t->c, &r, &all), E_OK);
    assert_int_equal(all.total, 1);
    struct booking_id_form drop = {.id = day.specials.v[0].id};
    assert_int_equal(bookings_special_drop(t->c, &drop, &r, &all), E_OK);
    assert_int_equal(all.total, 0);
    assert_int_equal(booking_by_its_token(t->c, b.token, &b), E_OK);
    assert_int_equal(b.conflict.n, 0);
    f.on = 20260301;
    assert_int_equal(bookings_close(t->c, &f, &r, &day), E_BOOKING_PAST);
    f = (struct booking_closing_form){.on = TUESDAY,
                                      .from = STR("10:00"),
                                      .until = STR("09:00"),
                                      .reason = STR("x")};
    assert_int_equal(bookings_close(t->c, &f, &r, &day), E_BOOKING_RULE);
}

/* A series that ends hits what is booked behind its last day. */
void test_booking__a_series_that_ends_tells_whom_it_hits(struct test *t)
{
    struct reply r = {.c = t->c};
    struct booking_manage all = {0};
    open_hall(t);
    booked(t, TUESDAY, "13800000001");
    assert_int_equal(bookings_manage_show(t->c, &r, &all), E_OK);
    struct booking_rule_end_form f = {.id = all.series.v[0].id};
    all = (struct booking_manage){0};
    assert_int_equal(bookings_series_end(t->c, &f, &r, &all), E_OK);
    assert_int_equal(all.total, 1);
    assert_int_equal(bookings_series_end(t->c, &f, &r, &all), E_NOT_FOUND);
}
