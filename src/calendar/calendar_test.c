/* Terms against the vectors of DOMAIN.md 3.4 (computed there from the notices) and the law's rules. */
#include "calendar.h"
#include "clock.h"
#include "csv.h"
#include "test.h"

static void load_now(struct test *t)
{
    assert_int_equal(calendar_demo(t->c, test_data_dir(t)), E_OK);
}

static void load(struct test *t)
{
    test_start_with(t, load_now);
}

static int32_t due(struct test *t, int32_t from_on, int days, enum term_unit unit)
{
    struct term term;
    assert_int_equal(calendar_term(t->c, from_on, days, unit, &term), E_OK);
    return term.due_on;
}

/* DOMAIN.md 3.4, "Test vectors". */
void test_calendar__working_day_vectors_of_the_notices(struct test *t)
{
    static const struct {
        int32_t from_on;
        int days;
        int32_t due_on;
    } vectors[] = {{20210122, 20, 20210224}, {20210205, 5, 20210218}, {20240208, 1, 20240209},
                   {20240209, 1, 20240218},  {20250124, 5, 20250207}, {20250926, 20, 20251030},
                   {20260213, 5, 20260227},  {20260212, 20, 20260318}};
    load_now(t);
    for (size_t i = 0; i < sizeof vectors / sizeof *vectors; i++)
        assert_int_equal(due(t, vectors[i].from_on, vectors[i].days, TERM_WORKING),
                         vectors[i].due_on);
}

/* Working days a year as DOMAIN.md 4 counts them. */
void test_calendar__working_days_of_each_year(struct test *t)
{
    static const struct {
        int year, working_days;
    } years[] = {{2020, 249}, {2021, 250}, {2022, 249}, {2023, 249},
                 {2024, 251}, {2025, 248}, {2026, 248}};
    load(t);
    for (size_t i = 0; i < sizeof years / sizeof *years; i++) {
        int counted = 0;
        int32_t last = years[i].year * 10000 + 1231;
        for (int32_t on = years[i].year * 10000 + 101; on <= last; on = date_add(on, 1)) {
            bool is_workday;
            assert_int_equal(calendar_is_workday(t->c, on, &is_workday), E_OK);
            counted += is_workday ? 1 : 0;
        }
        assert_int_equal(counted, years[i].working_days);
    }
}

/* Civil Code 203: the last day of a natural-day term that is a holiday moves on. 2026-02-15 … 23 are
 * holidays, 02-24 is a Tuesday. */
void test_calendar__natural_days_end_on_a_working_day(struct test *t)
{
    load(t);
    assert_int_equal(due(t, 20260210, 5, TERM_NATURAL), 20260224);
    assert_int_equal(due(t, 20260302, 3, TERM_NATURAL), 20260305);
}

void test_calendar__no_days_are_due_the_same_day(struct test *t)
{
    load(t);
    assert_int_equal(due(t, 20260302, 0, TERM_WORKING), 20260302);
}

void test_calendar__an_unknown_year_refuses(struct test *t)
{
    struct term term;
    load(t);
    assert_int_equal(calendar_term(t->c, 20261225, 20, TERM_WORKING, &term), E_CALENDAR_UNKNOWN);
    assert_int_equal(calendar_term(t->c, 19990104, 1, TERM_WORKING, &term), E_CALENDAR_UNKNOWN);
}

void test_calendar__hall_hours_are_not_working_days(struct test *t)
{
    struct opening_now o;
    bool is_workday;
    load(t);
    t->c->now = date_start(20260307, ZONE_CHINA_MINUTES) + 10 * HOUR_MS; /* a Saturday */
    assert_int_equal(calendar_opening_now(t->c, &o), E_OK);
    assert_true(o.is_open && o.after_hours);
    assert_int_equal(o.until_minute, 12 * 60);
    assert_int_equal(calendar_is_workday(t->c, 20260307, &is_workday), E_OK);
    assert_false(is_workday);
}
