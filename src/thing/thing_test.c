/* Holds: kept for one, refused to the other. */
#include "thing.h"

#include "clock.h"
#include "csv.h"
#include "test.h"

static void add_thing(struct test *t, int64_t id, const char *code)
{
    assert_int_equal(thing_put(t->c, t->center_id, id, str_of(code), STR("轮椅"), STR("Wheelchair"),
                               STR("wheelchair"), STR("导办台"), STR("Desk")),
                     E_OK);
}

void test_thing__two_holds_of_one_thing_at_one_time_cannot_be(struct test *t)
{
    struct thing_for_hold_row *held;
    bool promised;
    int64_t at = t->c->now + 3 * HOUR_MS;
    add_thing(t, 5, "WH-01");
    assert_int_equal(thing_hold(t->c, STR("wheelchair"), at, 100, &held), E_OK);
    assert_true(held != NULL && str_is(held->code, "WH-01"));
    assert_int_equal(thing_hold(t->c, STR("wheelchair"), at + 20 * MINUTE_MS, 101, &held), E_OK);
    assert_null(held);
    assert_int_equal(thing_hold(t->c, STR("wheelchair"), at + 4 * HOUR_MS, 102, &held), E_OK);
    assert_non_null(held);
    assert_int_equal(thing_is_promised(t->c, 5, at, at + HOUR_MS, 100, &promised), E_OK);
    assert_false(promised);
    assert_int_equal(thing_is_promised(t->c, 5, at, at + HOUR_MS, 0, &promised), E_OK);
    assert_true(promised);
    assert_int_equal(thing_hold_end(t->c, t->center_id, 100), E_OK);
    assert_int_equal(thing_hold(t->c, STR("wheelchair"), at, 103, &held), E_OK);
    assert_non_null(held);
}

/* Medicine may be given on the day that is printed on it, not after. */
void test_thing__medicine_ends_after_its_day(struct test *t)
{
    (void)t;
    assert_false(thing_is_expired(0, 20260302));
    assert_false(thing_is_expired(20260302, 20260302));
    assert_true(thing_is_expired(20260301, 20260302));
    assert_true(thing_expires_soon(20260302, 20260302, 30));
    assert_true(thing_expires_soon(20260401, 20260302, 30));
    assert_false(thing_expires_soon(20260402, 20260302, 30));
    assert_false(thing_expires_soon(20260301, 20260302, 30)); /* expired is told otherwise */
    assert_true(thing_check_is_late(0, 7, t->c->now));
    assert_false(thing_check_is_late(0, 0, t->c->now));
    assert_false(thing_check_is_late(t->c->now - 7 * DAY_MS, 7, t->c->now));
    assert_true(thing_check_is_late(t->c->now - 7 * DAY_MS - 1, 7, t->c->now));
}

static enum err import(struct test *t, const char *text)
{
    struct table_in in;
    assert_true(table_open(&in, t->arena, str_of(text)));
    TRY(things_import(t->c, &in));
    return table_end(t->c, &in);
}

#define HEAD "code,name,kind,quantity,lendable,checklist,check_days,expires_on\n"

static struct thing_stock_row row_of(struct test *t, const char *code)
{
    struct thing_stock_all_rows all;
    assert_int_equal(thing_stock_all(t->c, t->center_id, &all), E_OK);
    for (size_t i = 0; i < all.n; i++)
        if (str_is(all.v[i].code, code))
            return all.v[i];
    fail_msg("no %s", code);
    return (struct thing_stock_row){0};
}

void test_thing__medicine_is_given_while_it_is_good_and_there(struct test *t)
{
    struct thing_view v = {0};
    struct reply r = {.c = t->c};
    assert_int_equal(import(t,
                            HEAD "FA,创可贴,medicine,3,0,,,2026-03-02\nWH,轮椅,wheelchair,,,,,\n"),
                     E_OK);
    struct thing_give_form f = {.id = row_of(t, "FA").id, .quantity = 2, .why = STR("擦伤")};
    assert_int_equal(thing_give_out(t->c, &f, &r, &v), E_OK);
    assert_int_equal(v.quantity, 1);
    assert_int_equal(thing_give_out(t->c, &f, &r, &v), E_THING_TOO_FEW);
    f.quantity = 1;
    t->c->now += DAY_MS;
    assert_int_equal(thing_give_out(t->c, &f, &r, &v), E_THING_EXPIRED);
    f.id = row_of(t, "WH").id;
    assert_int_equal(thing_give_out(t->c, &f, &r, &v), E_THING_NOT_GIVEN);
}

void test_thing__bad_rows_of_a_table_are_refused(struct test *t)
{
    assert_int_equal(import(t, HEAD "FA,创可贴,medicine,-1,0,,,\n"), E_TABLE_FAULTS);
    assert_int_equal(import(t, HEAD "FA,创可贴,medicine,3,0,,,2026-02-30\n"), E_TABLE_FAULTS);
    assert_int_equal(import(t, HEAD "WH,轮椅,wheelchair,6,1,,,\n"), E_TABLE_FAULTS);
    assert_int_equal(import(t, HEAD ",轮椅,wheelchair,1,1,,,\n"), E_TABLE_FAULTS);
}

/* Reported by anybody: still there; in repair: out of use; mended: back; a printed label stays. */
void test_thing__a_fault_is_reported_repaired_and_over(struct test *t)
{
    struct thing_view v = {0};
    struct reply r = {.c = t->c};
    const char *table = HEAD "WH,轮椅,wheelchair,1,1,刹车好用;轮胎有气,7,\n";
    assert_int_equal(import(t, table), E_OK);
    struct thing_stock_row thing = row_of(t, "WH");
    assert_true(thing.label.n > 10);
    assert_int_equal(import(t, table), E_OK);
    assert_true(str_eq(row_of(t, "WH").label, thing.label));
    struct thing_fault_told_form told = {.label = thing.label, .what = STR("刹车不灵")};
    assert_int_equal(thing_fault_tell(t->c, &told, &r, &v), E_OK);
    assert_true(str_is(v.state, "reported") && row_of(t, "WH").is_usable);
    struct thing_settle_form settle = {.id = v.faults.v[0].id,
                                       .state = THING_SETTLE_STATE_REPAIRING};
    assert_int_equal(thing_fault_settle(t->c, &settle, &r, &v), E_OK);
    assert_true(str_is(v.state, "repairing") && !row_of(t, "WH").is_usable);
    settle.state = THING_SETTLE_STATE_MENDED;
    assert_int_equal(thing_fault_settle(t->c, &settle, &r, &v), E_OK);
    assert_true(str_is(v.state, "good") && row_of(t, "WH").is_usable);
    assert_int_equal(thing_fault_settle(t->c, &settle, &r, &v), E_THING_SETTLED);
    struct thing_look_form look = {.id = thing.id, .good = true};
    assert_int_equal(thing_check_it(t->c, &look, &r, &v), E_OK);
    assert_true(!v.check_late && v.checked_at == t->c->now && v.points.n == 2);
    told.label = STR("1-unknown");
    assert_int_equal(thing_fault_tell(t->c, &told, &r, &v), E_THING_UNKNOWN);
}

void test_thing__what_will_expire_is_told_once_a_week(struct test *t)
{
    assert_int_equal(import(t, HEAD "FA,创可贴,medicine,3,0,,,2026-03-20\n"), E_OK);
    assert_int_equal(thing_watch_job(t->c), E_OK);
    int64_t first = row_of(t, "FA").warned_at;
    assert_int_equal(first, t->c->now);
    t->c->now += 6 * DAY_MS;
    assert_int_equal(thing_watch_job(t->c), E_OK);
    assert_int_equal(row_of(t, "FA").warned_at, first);
    t->c->now += DAY_MS;
    assert_int_equal(thing_watch_job(t->c), E_OK);
    assert_int_equal(row_of(t, "FA").warned_at, t->c->now);
}
