/* A machine of the hall: registered, paired once, locked, withdrawn. */
#include "device.h"

#include "calendar.h"
#include "clock.h"
#include "test.h"

#define FIFTEEN_MINUTES (15 * MINUTE_MS)

static struct device_view add_kiosk(struct test *t, enum device_wish_hours hours)
{
    struct device_wish_form f = {.name = STR("东门自助机"),
                                 .kind = DEVICE_WISH_KIND_KIOSK,
                                 .hours = (int)hours};
    struct reply r = {.c = t->c};
    struct device_view v = {0};
    assert_int_equal(device_register(t->c, &f, &r, &v), E_OK);
    return v;
}

static enum err pair(struct test *t, struct str code, struct device_paired *v)
{
    struct pair_code_form f = {.code = code};
    struct reply r = {.c = t->c};
    *v = (struct device_paired){0};
    return device_pair(t->c, &f, &r, v);
}

static void act_as(struct test *t, int64_t device_id)
{
    t->c->actor = (struct actor){.kind = ACTOR_DEVICE, .id = device_id, .name = STR("东门自助机")};
}

void test_device__a_code_pairs_once(struct test *t)
{
    struct device_paired p;
    struct device_view v = add_kiosk(t, DEVICE_WISH_HOURS_ALWAYS);
    assert_int_equal(v.code.n, 8);
    assert_int_equal(pair(t, STR("12345678"), &p),
                     str_is(v.code, "12345678") ? E_OK : E_PAIRING_WRONG);
    assert_int_equal(pair(t, v.code, &p), E_OK);
    assert_true(p.token.n > 20 && str_is(p.start, "/kiosk"));
    assert_int_equal(pair(t, v.code, &p), E_PAIRING_WRONG);
}

void test_device__a_code_ends_after_fifteen_minutes(struct test *t)
{
    struct device_paired p;
    struct device_view v = add_kiosk(t, DEVICE_WISH_HOURS_ALWAYS);
    t->c->now += FIFTEEN_MINUTES;
    assert_int_equal(pair(t, v.code, &p), E_PAIRING_WRONG);
    struct device_of_form again = {.id = v.id};
    struct reply r = {.c = t->c};
    assert_int_equal(device_pair_anew(t->c, &again, &r, &v), E_OK);
    assert_int_equal(pair(t, v.code, &p), E_OK);
}

void test_device__the_code_is_shown_to_who_manages_only(struct test *t)
{
    struct device_view v = add_kiosk(t, DEVICE_WISH_HOURS_ALWAYS);
    struct device_page page = {0};
    struct reply r = {.c = t->c};
    t->c->actor.roles = UINT64_C(1) << ROLE_GUIDE;
    assert_int_equal(devices_show(t->c, &r, &page), E_OK);
    assert_int_equal(page.items.v[0].id, v.id);
    assert_int_equal(page.items.v[0].code.n, 0);
}

void test_device__a_withdrawn_one_has_no_code_and_is_listed_no_more(struct test *t)
{
    struct device_paired p;
    struct device_view v = add_kiosk(t, DEVICE_WISH_HOURS_ALWAYS), after;
    struct device_of_form of = {.id = v.id};
    struct device_page page = {0};
    struct reply r = {.c = t->c};
    assert_int_equal(device_withdraw(t->c, &of, &r, &after), E_OK);
    assert_int_equal(pair(t, v.code, &p), E_PAIRING_WRONG);
    assert_int_equal(devices_show(t->c, &r, &page), E_OK);
    assert_int_equal(page.items.n, 0);
    assert_int_equal(device_withdraw(t->c, &of, &r, &after), E_NO_SUCH_DEVICE);
}

void test_device__a_locked_kiosk_says_why(struct test *t)
{
    struct device_view v = add_kiosk(t, DEVICE_WISH_HOURS_ALWAYS);
    struct device_lock_form f = {.id = v.id, .note = STR("正在换纸")};
    struct device_of_form of = {.id = v.id};
    struct reply r = {.c = t->c};
    assert_int_equal(device_lock_now(t->c, &f, &r, &v), E_OK);
    struct actor staff = t->c->actor;
    act_as(t, v.id);
    assert_int_equal(kiosk_may_issue(t->c), E_KIOSK_LOCKED);
    assert_true(str_find(t->c->refusal.text, STR("正在换纸")) >= 0);
    t->c->actor = staff;
    assert_int_equal(device_unlock(t->c, &of, &r, &v), E_OK);
    act_as(t, v.id);
    assert_int_equal(kiosk_may_issue(t->c), E_OK);
}

/* 2026-03-02 is a Monday, and nobody says when this hall is open: so it is not, and the kiosk is. */
void test_device__outside_the_halls_hours_it_says_when_it_opens(struct test *t)
{
    struct device_view v = add_kiosk(t, DEVICE_WISH_HOURS_HALL);
    assert_int_equal(calendar_year_put(t->c, 2026), E_OK);
    assert_int_equal(opening_put(t->c, t->c->center_id, 2, 1, 510, 720, STR("ordinary")), E_OK);
    act_as(t, v.id);
    assert_int_equal(kiosk_may_issue(t->c), E_KIOSK_CLOSED);
    assert_true(str_find(t->c->refusal.text, STR("2026-03-03 8:30")) >= 0);
    t->c->now += DAY_MS; /* Tuesday, 9:00 */
    assert_int_equal(kiosk_may_issue(t->c), E_OK);
}

void test_device__a_pad_needs_a_desk_that_is_there(struct test *t)
{
    struct device_wish_form f = {.name = STR("评价器"),
                                 .kind = DEVICE_WISH_KIND_PAD,
                                 .place = STR("99")};
    struct reply r = {.c = t->c};
    struct device_view v = {0};
    assert_int_equal(device_register(t->c, &f, &r, &v), E_DEVICE_PLACE);
    assert_string_equal(t->c->refusal.field, "place");
}
