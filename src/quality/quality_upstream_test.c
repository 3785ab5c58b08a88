/* What a catalogue from above means for the hall of today: open cases of each item and visits that are not over, counted
 * by hand from what this test takes in; whose work a change is. */
#include "booking.h"
#include "calendar.h"
#include "casefile.h"
#include "center.h"
#include "clock.h"
#include "csv.h"
#include "item.h"
#include "item_version.h"
#include "quality.h"
#include "small_hall.h"
#include "test.h"
#include "ticket.h"
#include "web.h"

static struct str take_case(struct test *t, const char *name, const char *id_no)
{
    struct case_view v;
    struct case_wish_form f = {.item = STR(ITEM_REISSUE),
                               .applicant_name = str_of(name),
                               .applicant_id_type = 111,
                               .applicant_id_no = str_of(id_no),
                               .agent_id_type = 111};
    assert_int_equal(case_take_in(t->c, &f, &v), E_OK);
    return v.number;
}

static struct ticket_row take_number(struct test *t, const char *item, const char *zone)
{
    struct ticket_row row;
    struct ticket_wish_form f = {.item = str_of(item),
                                 .zone = str_of(zone),
                                 .channel = CHANNEL_GUIDE,
                                 .priority = -1};
    assert_int_equal(ticket_issue(t->c, &f, &row), E_OK);
    return row;
}

/* Three entries for three items of the hall, as ours. */
static void our_catalogue(struct test *t)
{
    static const char *const codes[] = {ITEM_COMPANY, ITEM_MARRIAGE, ITEM_REISSUE};
    static const char *const names[] = {"企业备案", "结婚登记", "补领结婚证"};
    for (size_t i = 0; i < 3; i++)
        assert_int_equal(catalogue_put(t->c, str_of(codes[i]), str_of(names[i]), STR(""), STR("20"),
                                       STR("4"), STR("11"), STR(""), STR("read"), 19000101, 0,
                                       STR("x")),
                         E_OK);
}

/* For tomorrow, Tuesday; given up again when it is not to stay. */
static void book(struct test *t, const char *item, int minute, bool stays)
{
    struct purpose p;
    struct booking_row b;
    struct booking_person who = {STR("张三"), STR("13800138000")};
    struct booking_when when = {date_add(today(t->c), 1), minute};
    assert_int_equal(purpose_read(t->c, str_of(item), STR("personal"), 1, &p), E_OK);
    assert_int_equal(booking_hold(t->c, &p, when, BOOKING_OPEN, t->c->now + 10 * MINUTE_MS, 0, &b),
                     E_OK);
    assert_int_equal(booking_confirm(t->c, &b, &who), E_OK);
    if (!stays)
        assert_int_equal(booking_cancel(t->c, &b), E_OK);
}

static void bookings_of_tomorrow(struct test *t)
{
    assert_int_equal(booking_series_add(t->c, t->c->center_id, new_id(t->c), STR(""), STR("上午"),
                                        STR("ordinary"), 0x1f, 101, 1231, 20200101, 0, 540, 720, 30,
                                        3, 0, STR("")),
                     E_OK);
    book(t, ITEM_REISSUE, 540, true);
    book(t, ITEM_REISSUE, 600, true);
    book(t, ITEM_REISSUE, 660, false);
}

static void hall_of_today(struct test *t)
{
    struct case_view v;
    struct ticket_row gone;
    assert_int_equal(center_put(t->c, t->c->center_id, STR("T"), STR("大厅"), STR(""),
                                STR("411303"), STR(""), STR(""), STR(""), STR(""), STR(""), true),
                     E_OK);
    assert_int_equal(small_hall(t->c, NULL), E_OK);
    assert_int_equal(calendar_demo(t->c, test_data_dir(t)), E_OK);
    assert_int_equal(versions_import_new(t->c, t->c->center_id, 19000101, t->c->now), E_OK);
    our_catalogue(t);
    t->c->now -= DAY_MS;
    take_number(t, ITEM_REISSUE, "personal"); /* of yesterday */
    t->c->now += DAY_MS;
    take_number(t, ITEM_REISSUE, "personal");
    take_number(t, ITEM_REISSUE, "personal");
    gone = take_number(t, ITEM_REISSUE, "personal");
    assert_int_equal(ticket_cancel(t->c, &gone), E_OK);
    take_number(t, ITEM_COMPANY, "business");
    take_case(t, "李建国", "11010519491231002X");
    struct str taken_back = take_case(t, "王秀英", "411303199003070025");
    assert_int_equal(case_do(t->c, taken_back, CASE_ACT_WITHDRAW, STR("不办了"), &v), E_OK);
}

static int64_t give(struct test *t, const char *rows)
{
    struct upstreams_rows all;
    struct table_in in;
    assert_true(
        table_open(&in, t->c->arena, str_fmt(t->c->arena, "code,name,type,use_levels\n%s", rows)));
    assert_int_equal(upstream_import(t->c, &in), E_OK);
    assert_int_equal(upstreams(t->c, t->c->center_id, &all), E_OK);
    return all.v[0].id;
}

void test_quality__a_catalogue_from_above_counts_open_cases_and_visits_of_today(struct test *t)
{
    struct reply r = {0};
    struct upstream_page v = {0};
    hall_of_today(t);
    bookings_of_tomorrow(t);
    struct upstream_id_form f = {.id = give(t, ITEM_MARRIAGE ",结婚登记,20,4\n" ITEM_REISSUE
                                                             ",补发结婚证,07,4\n"
                                                             "412011099000,新的,20,4\n")};
    assert_int_equal(quality_upstream(t->c, &f, &r, &v), E_OK);
    assert_int_equal(v.changes.n, 4);
    const struct upstream_change_line *company = &v.changes.v[0], *name = &v.changes.v[1],
                                      *kind = &v.changes.v[2], *fresh = &v.changes.v[3];
    assert_true(str_is(company->code, ITEM_COMPANY) && str_is(company->kind, "removed"));
    assert_int_equal(company->cases, 0);
    assert_int_equal(company->tickets, 1);
    assert_true(str_find(company->then, STR("停办日期")) >= 0);
    assert_true(str_is(name->code, ITEM_REISSUE) && str_is(name->after, "补发结婚证"));
    assert_int_equal(name->cases, 1);   /* one was taken back */
    assert_int_equal(name->tickets, 2); /* one was cancelled, one is of yesterday */
    assert_int_equal(kind->cases, 1);
    assert_true(str_find(name->then, STR("按受理时的版本办完")) >= 0);
    assert_true(str_is(fresh->kind, "added") && fresh->id == 0);
    assert_true(str_is(fresh->agency, "民政局")); /* it has the items of department 11 */
    assert_int_equal(fresh->cases + fresh->tickets, 0);
    assert_int_equal(v.cases, 1); /* once, though two members change */
    assert_int_equal(v.tickets, 3);
    assert_int_equal(name->bookings, 2); /* a third was cancelled */
    assert_int_equal(company->bookings, 0);
    assert_int_equal(v.bookings, 2);
}

/* Nothing but looking: our catalogue, items and cases are as they were. */
void test_quality__a_catalogue_from_above_changes_nothing_of_ours(struct test *t)
{
    struct catalogue_entries before, after;
    struct directory_row *is, *then;
    hall_of_today(t);
    assert_int_equal(catalogue_whole(t->c, &before), E_OK);
    assert_int_equal(directory(t->c, t->c->center_id, &is), E_OK);
    give(t, ITEM_MARRIAGE ",别的,07,4\n");
    assert_int_equal(catalogue_whole(t->c, &after), E_OK);
    assert_int_equal(directory(t->c, t->c->center_id, &then), E_OK);
    assert_int_equal(after.n, before.n);
    for (size_t i = 0; i < before.n; i++)
        assert_true(str_eq(after.v[i].name, before.v[i].name));
    assert_true((is == NULL ? 0 : is->version) == (then == NULL ? 0 : then->version));
}
