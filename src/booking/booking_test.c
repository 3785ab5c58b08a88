/* Holding, booking, moving, cancelling on a small hall: Monday 2026-03-02 09:00, ten places … as the
 * rules of each test say. Bad input first. */
#include "booking.h"

#include "settings.h"
#include "small_hall.h"
#include "test.h"

#define TUESDAY 20260303

static void open_hall(struct test *t, int64_t places, int64_t helped)
{
    struct ctx *c = t->c;
    assert_int_equal(small_hall(c, NULL), E_OK);
    assert_int_equal(calendar_year_put(c, 2026), E_OK);
    assert_int_equal(booking_series_add(c, c->center_id, new_id(c), STR(""), STR("上午"),
                                        STR("ordinary"), 0x1f, 101, 1231, 20200101, 0, 540, 720, 30,
                                        places, helped, STR("")),
                     E_OK);
}

static void be_visitor(struct test *t)
{
    t->c->actor = (struct actor){.kind = ACTOR_VISITOR};
}

static struct purpose purpose_of(struct test *t, const char *items)
{
    struct purpose p = {0};
    assert_int_equal(purpose_read(t->c, str_of(items), STR("personal"), 1, &p), E_OK);
    return p;
}

static enum err hold(struct test *t, int32_t on, int minute, enum booking_class class,
                     struct booking_row *b)
{
    struct purpose p = purpose_of(t, "");
    return booking_hold(t->c, &p, (struct booking_when){on, minute}, class,
                        t->c->now + 10 * MINUTE_MS, 0, b);
}

static enum err confirm(struct test *t, struct booking_row *b, const char *phone)
{
    struct booking_person who = {STR("李建国"), str_of(phone)};
    return booking_confirm(t->c, b, &who);
}

static struct day *day_now(struct test *t, int32_t on)
{
    struct day_reader r;
    struct day *d = ARENA_NEW(t->arena, struct day);
    assert_int_equal(days_open(t->c, STR("personal"), on, on, &r), E_OK);
    assert_int_equal(days_read(&r, on, d), E_OK);
    return d;
}

void test_booking__hopeless_wishes_are_refused(struct test *t)
{
    struct booking_row b = {0};
    struct purpose p;
    open_hall(t, 2, 0);
    be_visitor(t);
    assert_int_equal(hold(t, TUESDAY, 541, BOOKING_OPEN, &b), E_BOOKING_CLOSED);
    assert_int_equal(hold(t, 20260301, 540, BOOKING_OPEN, &b), E_BOOKING_CLOSED); /* yesterday */
    assert_int_equal(hold(t, 20260302, 540, BOOKING_OPEN, &b), E_BOOKING_CLOSED); /* has begun */
    assert_int_equal(hold(t, 20260302, 570, BOOKING_OPEN, &b), E_OK); /* 30 minutes ahead */
    assert_int_equal(hold(t, 20260307, 540, BOOKING_OPEN, &b), E_BOOKING_CLOSED); /* Saturday */
    assert_int_equal(hold(t, 20270104, 540, BOOKING_OPEN, &b), E_BOOKING_CLOSED); /* out of reach */
    assert_int_equal(hold(t, 20269999, 540, BOOKING_OPEN, &b), E_BOOKING_CLOSED);
    assert_int_equal(purpose_read(t->c, STR(""), STR(""), 1, &p), E_BOOKING_PURPOSE);
    assert_int_equal(purpose_read(t->c, STR("nothing"), STR(""), 1, &p), E_NO_SUCH_ITEM);
    assert_int_equal(purpose_read(t->c, STR(""), STR("nowhere"), 1, &p), E_NO_SUCH_ZONE);
    assert_int_equal(purpose_read(t->c, STR(ITEM_REISSUE "," ITEM_COMPANY), STR(""), 1, &p),
                     E_BOOKING_OTHER_ZONE);
}

void test_booking__a_slot_is_never_overbooked(struct test *t)
{
    struct booking_row b;
    open_hall(t, 2, 1);
    be_visitor(t);
    assert_int_equal(hold(t, TUESDAY, 540, BOOKING_OPEN, &b), E_OK);
    assert_int_equal(confirm(t, &b, "13800000001"), E_OK);
    assert_int_equal(hold(t, TUESDAY, 540, BOOKING_OPEN, &b), E_OK);
    assert_int_equal(hold(t, TUESDAY, 540, BOOKING_OPEN, &b), E_BOOKING_FULL);
    assert_int_equal(hold(t, TUESDAY, 540, BOOKING_HELPED, &b), E_OK); /* kept for who is helped */
    assert_int_equal(hold(t, TUESDAY, 540, BOOKING_HELPED, &b), E_BOOKING_FULL);
    assert_int_equal(slot_free(&day_now(t, TUESDAY)->slots[0], BOOKING_HELPED), 0);
    /* the constraint, were there no rule before it */
    assert_int_equal(booking_slot_take(t->c, t->c->center_id, STR("personal"), TUESDAY, 600, 0, 630,
                                       0),
                     E_UNIQUE);
}

void test_booking__several_items_take_slots_one_after_another(struct test *t)
{
    struct booking_row b;
    struct item_row item;
    open_hall(t, 1, 0);
    assert_int_equal(item_by_any_code(t->c, STR(ITEM_REISSUE), &item), E_OK);
    assert_int_equal(booking_item_put(t->c, t->c->center_id, item.id, 20), E_OK);
    struct purpose p;
    assert_int_equal(purpose_read(t->c, STR(ITEM_REISSUE "," ITEM_MARRIAGE), STR(""), 2, &p), E_OK);
    assert_int_equal(p.minutes, (20 + 15) * 2);
    assert_int_equal(booking_hold(t->c, &p, (struct booking_when){TUESDAY, 690}, BOOKING_OPEN,
                                  t->c->now + 1, 0, &b),
                     E_BOOKING_TOO_LONG);
    assert_int_equal(booking_hold(t->c, &p, (struct booking_when){TUESDAY, 570}, BOOKING_OPEN,
                                  t->c->now + MINUTE_MS, 0, &b),
                     E_OK);
    assert_int_equal(b.end_minute, 660);
    for (int minute = 570; minute < 660; minute += 30)
        assert_int_equal(hold(t, TUESDAY, minute, BOOKING_OPEN, &b), E_BOOKING_FULL);
    assert_int_equal(hold(t, TUESDAY, 660, BOOKING_OPEN, &b), E_OK);
}

void test_booking__a_hold_lapses_and_its_place_is_free(struct test *t)
{
    struct booking_row b, other;
    open_hall(t, 1, 0);
    be_visitor(t);
    assert_int_equal(hold(t, TUESDAY, 540, BOOKING_OPEN, &b), E_OK);
    t->c->now += 10 * MINUTE_MS;
    assert_int_equal(booking_settle(t->c), E_OK);
    assert_int_equal(confirm(t, &b, "13800000001"), E_BOOKING_HOLD_OVER);
    assert_int_equal(hold(t, TUESDAY, 540, BOOKING_OPEN, &other), E_OK);
    assert_int_equal(booking_by_its_token(t->c, b.token, &b), E_OK);
    assert_int_equal(b.state, BOOKING_LAPSED);
}

void test_booking__what_is_cancelled_goes_out_later(struct test *t)
{
    struct booking_row b, other;
    open_hall(t, 1, 0);
    be_visitor(t);
    assert_int_equal(hold(t, TUESDAY, 540, BOOKING_OPEN, &b), E_OK);
    assert_int_equal(confirm(t, &b, "13800000001"), E_OK);
    assert_int_equal(booking_cancel(t->c, &b), E_OK);
    assert_int_equal(booking_cancel(t->c, &b), E_BOOKING_MOVES);
    assert_int_equal(hold(t, TUESDAY, 540, BOOKING_OPEN, &other),
                     E_BOOKING_FULL); /* not in one breath */
    t->c->now += setting_booking_return_most_minutes(t->c) * MINUTE_MS;
    assert_int_equal(booking_settle(t->c), E_OK);
    assert_int_equal(hold(t, TUESDAY, 540, BOOKING_OPEN, &other), E_OK);
    /* what begins soon is given out at once: a desk must not stay empty for a rule */
    assert_int_equal(hold(t, 20260302, 660, BOOKING_OPEN, &b), E_OK);
    assert_int_equal(confirm(t, &b, "13800000002"), E_OK);
    assert_int_equal(booking_cancel(t->c, &b), E_OK);
    assert_int_equal(hold(t, 20260302, 660, BOOKING_OPEN, &other), E_OK);
}

void test_booking__moving_takes_the_new_time_and_keeps_the_rest(struct test *t)
{
    struct booking_row b, full;
    open_hall(t, 1, 0);
    be_visitor(t);
    assert_int_equal(hold(t, TUESDAY, 540, BOOKING_OPEN, &b), E_OK);
    assert_int_equal(booking_move(t->c, &b, (struct booking_when){TUESDAY, 570}),
                     E_BOOKING_MOVES); /* held only */
    assert_int_equal(confirm(t, &b, "13800000001"), E_OK);
    assert_int_equal(hold(t, TUESDAY, 600, BOOKING_OPEN, &full), E_OK);
    assert_int_equal(booking_move(t->c, &b, (struct booking_when){TUESDAY, 570}), E_OK);
    assert_int_equal(b.start_minute, 570);
    assert_true(str_is(b.name_masked, "李*国") || b.name_masked.n > 0);
    for (int64_t i = b.moves; i < setting_booking_moves_most(t->c); i++)
        assert_int_equal(booking_move(t->c, &b, (struct booking_when){20260304, 540 + (int)i * 30}),
                         E_OK);
    assert_int_equal(booking_move(t->c, &b, (struct booking_when){20260305, 540}),
                     E_BOOKING_MOVED_OFTEN);
}

void test_booking__a_phone_has_so_many(struct test *t)
{
    struct booking_row b;
    open_hall(t, 9, 0);
    be_visitor(t);
    for (int i = 0; i < setting_booking_per_phone(t->c); i++) {
        assert_int_equal(hold(t, TUESDAY, 540 + i * 30, BOOKING_OPEN, &b), E_OK);
        assert_int_equal(confirm(t, &b, "13800000001"), E_OK);
    }
    assert_int_equal(hold(t, TUESDAY, 690, BOOKING_OPEN, &b), E_OK);
    assert_int_equal(confirm(t, &b, "13800000001"), E_BOOKING_TOO_MANY);
    assert_int_equal(confirm(t, &b, ""), E_BOOKING_PHONE);
    assert_int_equal(confirm(t, &b, "13800000002"), E_OK);
}

void test_booking__who_does_not_come_has_missed_it(struct test *t)
{
    struct booking_row b;
    open_hall(t, 9, 0);
    be_visitor(t);
    for (int i = 0; i < setting_booking_missed_most(t->c); i++) {
        assert_int_equal(hold(t, today(t->c), 660, BOOKING_OPEN, &b), E_OK);
        assert_int_equal(confirm(t, &b, "13800000001"), E_OK);
        t->c->now += DAY_MS;
        assert_int_equal(booking_close_day_job(t->c), E_OK);
        assert_int_equal(booking_by_its_token(t->c, b.token, &b), E_OK);
        assert_int_equal(b.state, BOOKING_MISSED);
    }
    assert_int_equal(hold(t, today(t->c), 660, BOOKING_OPEN, &b), E_OK);
    assert_int_equal(confirm(t, &b, "13800000001"), E_BOOKING_MISSED_OFTEN);
}

void test_booking__waves_hold_places_back(struct test *t)
{
    struct booking_row b;
    open_hall(t, 4, 0);
    be_visitor(t);
    assert_int_equal(booking_wave_add(t->c, t->c->center_id, new_id(t->c), 60, 0, 50), E_OK);
    assert_int_equal(booking_wave_add(t->c, t->c->center_id, new_id(t->c), 0, 0, 100), E_OK);
    assert_int_equal(hold(t, TUESDAY, 540, BOOKING_OPEN, &b), E_OK);
    assert_int_equal(hold(t, TUESDAY, 540, BOOKING_OPEN, &b), E_OK);
    assert_int_equal(hold(t, TUESDAY, 540, BOOKING_OPEN, &b), E_BOOKING_FULL);
    t->c->now = date_start(TUESDAY, t->c->zone_minutes);
    assert_int_equal(hold(t, TUESDAY, 540, BOOKING_OPEN, &b), E_OK);
}

void test_booking__a_year_without_notices_has_no_times(struct test *t)
{
    open_hall(t, 4, 0);
    struct day *d = day_now(t, 20270104);
    assert_false(d->is_known);
    assert_int_equal(d->n, 0);
}

void test_booking__arriving_by_either_token(struct test *t)
{
    struct booking_row b;
    struct booking_arrival a;
    open_hall(t, 4, 0);
    assert_int_equal(hold(t, TUESDAY, 600, BOOKING_OPEN, &b), E_OK);
    assert_int_equal(booking_for_arrival(t->c, b.token, &a), E_BOOKING_MOVES); /* held only */
    assert_int_equal(confirm(t, &b, "13800000001"), E_OK);
    assert_int_equal(booking_for_arrival(t->c, b.token, &a), E_BOOKING_OTHER_DAY);
    t->c->now = date_start(TUESDAY, t->c->zone_minutes) + 590 * MINUTE_MS;
    assert_int_equal(booking_for_arrival(t->c, STR("x"), &a), E_NOT_FOUND);
    assert_int_equal(booking_for_arrival(t->c, b.arrival, &a), E_OK);
    assert_int_equal(a.when, ARRIVAL_IN_TIME);
    assert_true(str_is(a.phone, "13800000001"));
    assert_int_equal(booking_arrived(t->c, &a, 1, STR("T")), E_OK);
    assert_int_equal(booking_arrived(t->c, &a, 1, STR("U")), E_BOOKING_MOVES);
    struct bookings_of_person_rows rows;
    assert_int_equal(bookings_of_phone_today(t->c, STR("13800000001"), &rows), E_OK);
    assert_int_equal(rows.n, 1);
    assert_int_equal(bookings_of_phone_today(t->c, STR("13800000009"), &rows), E_OK);
    assert_int_equal(rows.n, 0);
}
