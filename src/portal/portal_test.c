/* Home: says when the hall opens, and lists only items that exist. */
#include "bundle.h"
#include "calendar.h"
#include "center.h"
#include "clock.h"
#include "item.h"
#include "portal_gen.h"
#include "test.h"

static void load_all(struct test *t)
{
    assert_int_equal(calendar_demo(t->c, test_data_dir(t)), E_OK);
    assert_int_equal(center_demo(t->c, test_data_dir(t)), E_OK);
    assert_int_equal(item_demo(t->c, test_data_dir(t)), E_OK);
    assert_int_equal(bundle_demo(t->c, test_data_dir(t)), E_OK);
}

static void load(struct test *t)
{
    test_start_with(t, load_all);
}

static struct home home_at(struct test *t, int32_t on, int minute)
{
    struct home v = {0};
    struct reply r = {.c = t->c};
    t->c->now = date_start(on, ZONE_CHINA_MINUTES) + minute * MINUTE_MS;
    assert_int_equal(home_show(t->c, &r, &v), E_OK);
    return v;
}

void test_portal__says_until_when_the_hall_is_open(struct test *t)
{
    load(t);
    struct home v = home_at(t, 20260302, 10 * 60);
    assert_true(v.is_open && str_is(v.until, "12:00"));
    v = home_at(t, 20260302, 7 * 60);
    assert_true(!v.is_open && str_is(v.opens, "08:30"));
    v = home_at(t, 20260217, 10 * 60); /* spring festival */
    assert_true(!v.is_open && v.opens.n == 0);
}

void test_portal__often_done_items_exist(struct test *t)
{
    load(t);
    struct home v = home_at(t, 20260302, 10 * 60);
    assert_int_equal(v.often.n, 8);
}

void test_portal__bundles_of_the_setting_exist(struct test *t)
{
    load(t);
    struct home v = home_at(t, 20260302, 10 * 60);
    assert_int_equal(v.bundles.n, 6);
    assert_true(str_is(v.bundles.v[0].name, "新生儿出生"));
}
