/* Dates and instants. Expected values: the weekdays printed in the State Council's holiday notices
 * (DOMAIN.md 4), the Gregorian rule, RFC 3339 section 5.8, and libc's timegm() over every day. */
#include "test.h"

#include "arena.h"
#include "clock.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

static void assert_text(struct str s, const char *expected)
{
    if (!str_is(s, expected))
        fail_msg("expected \"%s\", got \"%.*s\"", expected, STR_ARG(s));
}

void test_base__make_up_workdays_fall_on_weekends(struct test *t)
{
    (void)t;
    /* 周六 and 周日 as the notices of 2019 to 2025 name them (国办发明电〔2019〕16号 … 2025-11-04) */
    const int32_t saturdays[] = {20200509, 20201010, 20210220, 20210508, 20210918, 20211009,
                                 20220129, 20220402, 20220507, 20221008, 20230128, 20230506,
                                 20231007, 20240511, 20240914, 20241012, 20250208, 20251011,
                                 20260214, 20260228, 20260509, 20261010};
    const int32_t sundays[] = {20200119, 20200426, 20200628, 20200927, 20210207, 20210425,
                               20210926, 20220130, 20220424, 20221009, 20230129, 20230423,
                               20230625, 20231008, 20240204, 20240218, 20240407, 20240428,
                               20240929, 20250126, 20250427, 20250928, 20260104, 20260920};
    for (size_t i = 0; i < sizeof saturdays / sizeof *saturdays; i++)
        assert_int_equal(date_weekday(saturdays[i]), 6);
    for (size_t i = 0; i < sizeof sundays / sizeof *sundays; i++)
        assert_int_equal(date_weekday(sundays[i]), 7);
    assert_int_equal(date_weekday(20210122), 5); /* the day of the article of MISSION.md */
    assert_int_equal(date_weekday(20260202), 1);
}

void test_base__leap_years_are_gregorian(struct test *t)
{
    (void)t;
    assert_false(date_is_valid(19000229));
    assert_true(date_is_valid(20000229));
    assert_true(date_is_valid(20240229));
    assert_false(date_is_valid(20260229));
    assert_false(date_is_valid(21000229));
    assert_true(date_is_valid(24000229));
    assert_int_equal(date_add(20240228, 1), 20240229);
    assert_int_equal(date_add(20250228, 1), 20250301);
    assert_int_equal(date_add(20240301, -1), 20240229);
    assert_int_equal(date_diff(20240101, 20250101), 366);
    assert_int_equal(date_diff(20250101, 20240101), -366);
}

void test_base__dates_that_do_not_exist_are_not_valid(struct test *t)
{
    (void)t;
    const int32_t bad[] = {0,        1,        -20260101, 18991231,  30000101,
                           20260001, 20261301, 20260100,  20260132,  20260431,
                           20260631, 20260931, 20261131,  INT32_MAX, INT32_MIN};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        assert_false(date_is_valid(bad[i]));
    assert_true(date_is_valid(19000101));
    assert_true(date_is_valid(29991231));
}

/* libc as the second opinion: each day from 1900 to 2999, both ways. */
void test_base__every_day_agrees_with_libc(struct test *t)
{
    (void)t;
    struct tm day = {.tm_year = 0, .tm_mday = 1};
    int32_t date = 19000101;
    for (time_t at = timegm(&day); date <= 29991231; at += 86400) {
        struct tm u;
        gmtime_r(&at, &u);
        int32_t expected = (u.tm_year + 1900) * 10000 + (u.tm_mon + 1) * 100 + u.tm_mday;
        bool agrees = date == expected && date_is_valid(date) && date_start(date, 0) == at * 1000 &&
                      date_of(at * 1000, 0) == date && date_of(at * 1000 - 1, 0) < date &&
                      date_weekday(date) == (u.tm_wday == 0 ? 7 : u.tm_wday);
        if (!agrees)
            fail_msg("%d, libc says %d", date, expected);
        date = date_add(date, 1);
    }
    assert_int_equal(date, 30000101);
}

void test_base__the_day_begins_at_local_midnight(struct test *t)
{
    (void)t;
    const int64_t midnight = INT64_C(1769961600000); /* 2026-02-01T16:00:00Z, by `date -ud` */
    assert_int_equal(date_start(20260202, ZONE_CHINA_MINUTES), midnight);
    assert_int_equal(date_of(midnight, ZONE_CHINA_MINUTES), 20260202);
    assert_int_equal(date_of(midnight - 1, ZONE_CHINA_MINUTES), 20260201);
    assert_int_equal(date_of(midnight, 0), 20260201);
    assert_int_equal(date_of(midnight, -300), 20260201);
    assert_int_equal(date_of(-1, 0), 19691231);
}

void test_base__arithmetic_takes_any_number(struct test *t)
{
    (void)t;
    const int64_t instants[] = {INT64_MIN, INT64_MAX, 0, -1};
    const int32_t dates[] = {INT32_MIN, INT32_MAX, 0, -1, 99999999, 20261399};
    struct arena *a = arena_new(1 << 20);
    for (size_t i = 0; i < sizeof instants / sizeof *instants; i++)
        for (int zone = -1440; zone <= 1440; zone += 720)
            assert_in_range(instant_text(a, instants[i], zone).n, 25, 29);
    for (size_t i = 0; i < sizeof dates / sizeof *dates; i++) {
        assert_in_range(date_weekday(dates[i]), 1, 7);
        date_add(dates[i], INT32_MAX);
        date_add(dates[i], INT32_MIN);
        date_diff(dates[i], dates[0]);
        date_start(dates[i], 480);
        assert_true(date_text(a, dates[i]).n <= DATE_TEXT_MAX);
    }
    assert_int_equal(date_add(29991231, INT32_MAX), 99991231);
    assert_int_equal(date_add(19000101, INT32_MIN), 101); /* 0000-01-01 */
    arena_free(a);
}

void test_base__dates_are_read_in_two_spellings(struct test *t)
{
    (void)t;
    int32_t date = 7;
    assert_true(date_parse(STR("2026-02-02"), &date));
    assert_int_equal(date, 20260202);
    assert_true(date_parse(STR("20240229"), &date));
    assert_int_equal(date, 20240229);
    const char *const bad[] = {"",           "2026-2-2",    "2026/02/02",  "2026-02-30",
                               "2026022",    "202602021",   "2026-02-0x",  "-2026-2-02",
                               "0000-00-00", " 2026-02-02", "2026-02-02 ", "２０２６0202"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        if (date_parse(str_of(bad[i]), &date))
            fail_msg("\"%s\" was taken", bad[i]);
    assert_false(date_parse(STR_NONE, &date));
    assert_int_equal(date, 20240229);
}

/* RFC 3339 section 5.8; the seconds by Python's datetime. */
void test_base__instants_of_rfc_3339(struct test *t)
{
    (void)t;
    static const struct {
        const char *text;
        int64_t at;
    } good[] = {
        {"1985-04-12T23:20:50.52Z", INT64_C(482196050520)},
        {"1996-12-19T16:39:57-08:00", INT64_C(851042397000)},
        {"1990-12-31T23:59:60Z", INT64_C(662688000000)},
        {"1990-12-31T15:59:60-08:00", INT64_C(662688000000)},
        {"1937-01-01T12:00:27.87+00:20", INT64_C(-1041337172130)},
        {"2026-02-02T09:30:00+08:00", INT64_C(1769995800000)},
        {"2026-02-02t01:30:00z", INT64_C(1769995800000)},
        {"2026-02-02T01:30:00.123456789Z", INT64_C(1769995800123)},
        {"2026-02-02T01:30:00-00:00", INT64_C(1769995800000)},
    };
    for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
        int64_t at = 0;
        if (!instant_parse(str_of(good[i].text), &at) || at != good[i].at)
            fail_msg("%s gave %lld", good[i].text, (long long)at);
    }
}

void test_base__instants_that_are_not_rfc_3339_are_refused(struct test *t)
{
    (void)t;
    const char *const bad[] = {
        "",
        "2026-02-02",
        "2026-02-02T09:30:00",
        "2026-02-02 09:30:00Z",
        "2026-02-30T09:30:00Z",
        "2026-02-02T24:00:00Z",
        "2026-02-02T09:60:00Z",
        "2026-02-02T09:30:61Z",
        "2026-02-02T09:30:60Z",
        "2026-02-02T09:30:00.Z",
        "2026-02-02T09:30:00.1234567890Z",
        "2026-02-02T09:30:00+0800",
        "2026-02-02T09:30:00+24:00",
        "2026-02-02T09:30:00+08:60",
        "2026-02-02T09:30:00+08:00 ",
        "2026-02-02T09:30:00Zz",
        "2026-02-02T9:30:00Z",
        "2026-02-02T09-30-00Z",
        "2026-02-02T09:30:00+8:00",
    };
    int64_t at = 7;
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        if (instant_parse(str_of(bad[i]), &at))
            fail_msg("\"%s\" was taken", bad[i]);
    assert_int_equal(at, 7);
}

void test_base__instants_are_written_with_their_offset(struct test *t)
{
    (void)t;
    struct arena *a = arena_new(1 << 20);
    const int64_t at = INT64_C(1769995800000);
    assert_text(instant_text(a, at, ZONE_CHINA_MINUTES), "2026-02-02T09:30:00+08:00");
    assert_text(instant_text(a, at + 7, ZONE_CHINA_MINUTES), "2026-02-02T09:30:00.007+08:00");
    assert_text(instant_text(a, at, 0), "2026-02-02T01:30:00+00:00");
    assert_text(instant_text(a, at, -210), "2026-02-01T22:00:00-03:30");
    assert_text(instant_text(a, -1, 0), "1969-12-31T23:59:59.999+00:00");
    assert_text(time_text(a, at, ZONE_CHINA_MINUTES), "09:30");
    assert_text(time_text(a, at - 1, ZONE_CHINA_MINUTES), "09:29");
    assert_text(date_text(a, 20260202), "2026-02-02");
    for (int64_t i = -280; i < 2000; i++) { /* 1900 to 2462, and back as they were */
        int64_t there = i * INT64_C(7777777777), back = 0;
        assert_true(instant_parse(instant_text(a, there, (int)(i % 700)), &back));
        assert_int_equal(back, there);
    }
    arena_free(a);
}
