/* Lending: a thing goes out once, comes back once, and is late after its time. */
#include "assist.h"
#include "loan.h"
#include "settings.h"
#include "test.h"
#include "thing.h"

static void add_wheelchair(struct test *t)
{
    assert_int_equal(thing_put(t->c, t->c->center_id, 5, STR("WH-01"), STR("轮椅"),
                               STR("Wheelchair"), STR("wheelchair"), STR("导办台"),
                               STR("Guide desk")),
                     E_OK);
}

static enum err lend(struct test *t, const char *thing, const char *kind, struct loan_line *v)
{
    struct lend_form f = {.thing = str_of(thing),
                          .kind = str_of(kind),
                          .name = STR("李建国"),
                          .note = STR("")};
    struct reply r = {.c = t->c};
    *v = (struct loan_line){0};
    return loan_lend(t->c, &f, &r, v);
}

void test_loan__a_wheelchair_goes_out_and_comes_back(struct test *t)
{
    struct loan_line v;
    struct kind_free_list kinds;
    struct reply r = {.c = t->c};
    add_wheelchair(t);
    assert_int_equal(lend(t, "", "wheelchair", &v), E_OK);
    assert_true(str_is(v.code, "WH-01"));
    assert_int_equal(loan_kinds(t->c, &kinds), E_OK);
    assert_int_equal(kinds.v[0].free, 0);
    struct take_back_form back = {.id = v.id};
    assert_int_equal(loan_take_back(t->c, &back, &r, &v), E_OK);
    assert_int_equal(loan_kinds(t->c, &kinds), E_OK);
    assert_int_equal(kinds.v[0].free, 1);
    assert_int_equal(loan_take_back(t->c, &back, &r, &v), E_LOAN_RETURNED);
}

void test_loan__what_is_out_is_not_lent_again(struct test *t)
{
    struct loan_line v;
    add_wheelchair(t);
    assert_int_equal(lend(t, "WH-01", "", &v), E_OK);
    assert_int_equal(lend(t, "", "wheelchair", &v), E_LOAN_NONE_FREE);
}

void test_loan__late_after_its_hours(struct test *t)
{
    struct loan_line v;
    struct loan_line_list out;
    add_wheelchair(t);
    assert_int_equal(lend(t, "WH-01", "", &v), E_OK);
    t->c->now += setting_loan_due_hours(t->c) * INT64_C(3600000) + 1;
    assert_int_equal(loans_out(t->c, &out), E_OK);
    assert_true(out.n == 1 && out.v[0].is_late);
}

void test_loan__what_is_promised_is_lent_to_him_alone(struct test *t)
{
    struct loan_line v;
    struct reply r = {.c = t->c};
    struct assist_wish wish = {.kind = STR("wheelchair"),
                               .who = STR("李*"),
                               .wanted_at = t->c->now + INT64_C(3600000)};
    struct str token;
    int64_t help = 0;
    add_wheelchair(t);
    assert_int_equal(assist_request(t->c, &wish, &help, &token), E_OK);
    assert_int_equal(lend(t, "", "wheelchair", &v), E_LOAN_NONE_FREE);
    assert_int_equal(lend(t, "WH-01", "", &v), E_LOAN_PROMISED);
    struct lend_form f = {.kind = STR("wheelchair"), .help = help};
    assert_int_equal(loan_lend(t->c, &f, &r, &v), E_OK);
    assert_true(str_is(v.code, "WH-01") && str_is(v.borrower, "李*"));
}

void test_loan__who_is_late_is_reminded_three_times_and_no_more(struct test *t)
{
    struct loan_line v;
    struct loan_line_list out;
    add_wheelchair(t);
    assert_int_equal(lend(t, "WH-01", "", &v), E_OK);
    assert_int_equal(loan_overdue_job(t->c), E_OK);
    assert_int_equal(loans_out(t->c, &out), E_OK);
    assert_int_equal(out.v[0].reminders, 0); /* not late yet */
    t->c->now += setting_loan_due_hours(t->c) * INT64_C(3600000) + 1;
    for (int hour = 0; hour < 24; hour++) {
        assert_int_equal(loan_overdue_job(t->c), E_OK);
        assert_int_equal(loan_overdue_job(t->c), E_OK); /* twice at one time is once */
        assert_int_equal(loans_out(t->c, &out), E_OK);
        int64_t wanted = 1 + hour / setting_loan_remind_hours(t->c);
        assert_int_equal(out.v[0].reminders, wanted > 3 ? 3 : wanted);
        t->c->now += INT64_C(3600000);
    }
}
