/* A booking is a ticket with a time window (complaint 3 of DOMAIN.md: booked, and queued again): who comes
 * in time goes before who came earlier without; who comes too early gains nothing; who is late is served. */
#include "booking.h"
#include "policy.h"
#include "settings.h"
#include "small_hall.h"
#include "test.h"
#include "ticket.h"

#define TEN 600

static struct ticket_row take(struct test *t, struct str booking, enum ticket_channel channel,
                              enum err expected)
{
    struct ticket_row row = {0};
    struct ticket_wish_form f = {.zone = booking.n > 0 ? STR("") : STR("personal"),
                                 .booking = booking,
                                 .channel = (int)channel,
                                 .priority = -1};
    assert_int_equal(ticket_issue(t->c, &f, &row), expected);
    return row;
}

static struct booking_row booking_at(struct test *t, int minute)
{
    struct ctx *c = t->c;
    struct booking_row b = {0};
    struct purpose p;
    struct booking_person who = {STR("李建国"), STR("13800000001")};
    assert_int_equal(small_hall(c, NULL), E_OK);
    assert_int_equal(calendar_year_put(c, 2026), E_OK);
    assert_int_equal(booking_series_add(c, c->center_id, new_id(c), STR(""), STR("上午"),
                                        STR("ordinary"), 0x1f, 101, 1231, 20200101, 0, 540, 720, 30,
                                        3, 0, STR("")),
                     E_OK);
    assert_int_equal(purpose_read(c, STR(ITEM_REISSUE), STR(""), 1, &p), E_OK);
    assert_int_equal(booking_hold(c, &p, (struct booking_when){today(c), minute}, BOOKING_OPEN,
                                  c->now + MINUTE_MS, 0, &b),
                     E_OK);
    assert_int_equal(booking_confirm(c, &b, &who), E_OK);
    return b;
}

static void be_at(struct test *t, int minute)
{
    t->c->now = date_start(today(t->c), t->c->zone_minutes) + minute * MINUTE_MS;
}

void test_ticket__booked_and_in_time_goes_before_who_only_queued(struct test *t)
{
    struct booking_row b = booking_at(t, TEN);
    struct desk_row d;
    struct ticket_row *called;
    be_at(t, 580);
    take(t, STR_NONE, CHANNEL_KIOSK, E_OK); /* twenty minutes before */
    be_at(t, TEN);
    struct ticket_row mine = take(t, b.arrival, CHANNEL_KIOSK, E_OK);
    assert_int_equal(mine.class, CLASS_BOOKED);
    assert_true(str_is(mine.item_code, ITEM_REISSUE));
    assert_true(str_is(mine.phone_tail, "0001"));
    assert_int_equal(take(t, b.token, CHANNEL_KIOSK, E_OK).id,
                     mine.id); /* one arrival, one ticket */
    assert_int_equal(desk_open(t->c, STR("01"), &d), E_OK);
    assert_int_equal(ticket_call_next(t->c, &called), E_OK);
    assert_non_null(called);
    assert_int_equal(called->id, mine.id);
}

void test_ticket__nobody_gains_by_coming_hours_before(struct test *t)
{
    struct booking_row b = booking_at(t, 690);
    struct desk_row d;
    struct ticket_row *called;
    take(t, b.token, CHANNEL_WEB, E_BOOKING_EARLY); /* from home nobody is there */
    struct ticket_row mine = take(t, b.token, CHANNEL_KIOSK, E_OK);
    assert_int_equal(mine.queued_at, booking_starts_at(t->c, &b));
    struct ticket_row other = take(t, STR_NONE, CHANNEL_KIOSK, E_OK);
    assert_int_equal(desk_open(t->c, STR("01"), &d), E_OK);
    assert_int_equal(ticket_call_next(t->c, &called), E_OK);
    assert_non_null(called);
    assert_int_equal(called->id, other.id);
}

void test_ticket__who_is_late_is_served_as_everybody(struct test *t)
{
    struct booking_row b = booking_at(t, TEN);
    be_at(t, TEN + 30 + (int)setting_booking_late_minutes(t->c) + 1);
    assert_int_equal(take(t, b.token, CHANNEL_WEB, E_OK).class, CLASS_NORMAL);
}

/* A claim of the law and a booking: whichever is served earlier, under each policy. */
void test_ticket__a_booking_never_makes_anybody_wait_longer(struct test *t)
{
    for (int kind = 0; kind < POLICY_COUNT; kind++)
        for (int64_t needs = 0; needs < 512; needs++)
            for (int green = 0; green < 2; green++) {
                struct policy p = policy_of(t->c, (enum policy_kind)kind, STR(""));
                enum ticket_class with = class_with_booking(&p, needs, green == 1);
                struct candidate v[] = {{.ticket_id = 2, .queued_at = t->c->now, .class = with},
                                        {.ticket_id = 1,
                                         .queued_at = t->c->now + 1,
                                         .class = class_of_needs(needs, false, green == 1)}};
                assert_int_equal(policy_choose(&p, v, 2, t->c->now + 1, POLICY_NOTHING).index, 0);
            }
}
