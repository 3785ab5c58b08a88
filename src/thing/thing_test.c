/* Holds: kept for one, refused to the other. */
#include "thing.h"

#include "clock.h"
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
