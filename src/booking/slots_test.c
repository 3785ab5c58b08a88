/* The times of a day as properties: whatever the rules, no two slots overlap, nothing is sold while it
 * is closed, no wave takes back what another gave, nothing is released too late. Seasons and weekends
 * by hand: the notice of 2025-11-04 makes 2026-10-10 (a Saturday) a working day and 2026-10-01 a holiday. */
#include "slots.h"
#include "test.h"

static uint64_t dice(uint64_t *seed)
{
    *seed = *seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return *seed >> 33;
}

static int between(uint64_t *seed, int low, int high)
{
    return low + (int)(dice(seed) % (uint64_t)(high - low + 1));
}

static const struct slot_series week[] = {
    {.kind = SESSION_ORDINARY,
     .weekdays = 0x1f,
     .season_from = 101,
     .season_to = 1231,
     .from_on = 20200101,
     .open_minute = 510,
     .close_minute = 720,
     .slot_minutes = 30,
     .places = {6, 2}},
    {.kind = SESSION_ORDINARY,
     .weekdays = 0x1f,
     .season_from = 601,
     .season_to = 930,
     .from_on = 20200101,
     .open_minute = 900,
     .close_minute = 1080,
     .slot_minutes = 30,
     .places = {6, 2}},
    {.kind = SESSION_ORDINARY,
     .weekdays = 0x1f,
     .season_from = 1001,
     .season_to = 531,
     .from_on = 20200101,
     .open_minute = 870,
     .close_minute = 1050,
     .slot_minutes = 30,
     .places = {6, 2}},
    {.kind = SESSION_APPOINTMENT,
     .weekdays = 0x20,
     .season_from = 101,
     .season_to = 1231,
     .from_on = 20200101,
     .open_minute = 540,
     .close_minute = 720,
     .slot_minutes = 30,
     .places = {3, 2}},
};

static size_t day_of(const struct slot_rules *r, int32_t on, enum day_kind kind,
                     struct slot v[SLOTS_A_DAY])
{
    return slots_of_day(r, STR("personal"), on, kind, v, SLOTS_A_DAY);
}

void test_booking__seasons_weekends_and_make_up_days(struct test *t)
{
    (void)t;
    struct slot v[SLOTS_A_DAY];
    struct slot_rules r = {.series = week, .series_count = 4};
    assert_int_equal(day_of(&r, 20260703, DAY_WORKING, v), 7 + 6);
    assert_int_equal(v[7].start_minute, 900); /* summer afternoons begin at 15:00 */
    assert_int_equal(day_of(&r, 20260105, DAY_WORKING, v), 7 + 6);
    assert_int_equal(v[7].start_minute, 870);
    assert_int_equal(day_of(&r, 20260704, DAY_WEEKEND, v), 6);
    assert_int_equal(v[0].kind, SESSION_APPOINTMENT);
    assert_int_equal(day_of(&r, 20261001, DAY_HOLIDAY, v), 0);
    assert_int_equal(day_of(&r, 20261010, DAY_MAKE_UP, v), 7 + 6);
    assert_int_equal(v[0].kind, SESSION_ORDINARY);
    assert_int_equal(day_of(&r, 20260705, DAY_WEEKEND, v), 0);
}

void test_booking__exceptions_close_and_open(struct test *t)
{
    (void)t;
    struct slot v[SLOTS_A_DAY];
    struct slot_exception e[] = {
        {.on = 20260703, .is_closed = true, .open_minute = 600, .close_minute = 960},
        {.on = 20260705,
         .zone = STR("personal"),
         .open_minute = 540,
         .close_minute = 600,
         .slot_minutes = 20,
         .places = {1, 0}},
        {.on = 20260705,
         .open_minute = 550,
         .close_minute = 640,
         .slot_minutes = 30,
         .places = {9, 0}},
    };
    struct slot_rules r = {.series = week,
                           .series_count = 4,
                           .exceptions = e,
                           .exception_count = 3};
    size_t n = day_of(&r, 20260703, DAY_WORKING, v);
    assert_int_equal(n, 3 + 4);
    for (size_t i = 0; i < n; i++)
        assert_true(v[i].end_minute <= 600 || v[i].start_minute >= 960);
    n = day_of(&r, 20260705, DAY_WEEKEND,
               v); /* the zone's own goes first; of the other, what is left */
    assert_int_equal(n, 4);
    assert_int_equal(v[0].places[0], 1);
    assert_int_equal(v[3].start_minute, 610);
    assert_int_equal(slots_of_day(&r, STR("estate"), 20260705, DAY_WEEKEND, v, SLOTS_A_DAY), 3);
}

static struct slot_series any_series(uint64_t *seed)
{
    int open = between(seed, 0, 1380);
    return (struct slot_series){.zone = between(seed, 0, 1) ? STR("personal") : STR(""),
                                .kind = (enum session_kind)between(seed, 0, 2),
                                .weekdays = between(seed, 0, 127),
                                .season_from = 101,
                                .season_to = 1231,
                                .from_on = 20200101,
                                .open_minute = open,
                                .close_minute = between(seed, open + 1, 1440),
                                .slot_minutes = between(seed, 5, 90),
                                .places = {between(seed, 0, 9), between(seed, 0, 3)}};
}

void test_booking__whatever_the_rules_no_two_slots_overlap(struct test *t)
{
    (void)t;
    uint64_t seed = 20260302;
    struct slot v[SLOTS_A_DAY];
    for (int round = 0; round < 3000; round++) {
        struct slot_series s[6];
        for (int i = 0; i < 6; i++)
            s[i] = any_series(&seed);
        int from = between(&seed, 0, 1400);
        struct slot_exception e = {.on = 20260703,
                                   .is_closed = true,
                                   .open_minute = from,
                                   .close_minute = between(&seed, from + 1, 1440)};
        struct slot_rules r = {.series = s,
                               .series_count = 6,
                               .exceptions = &e,
                               .exception_count = 1};
        size_t n = day_of(&r, 20260703, DAY_WORKING, v);
        for (size_t i = 0; i < n; i++) {
            assert_true(v[i].start_minute < v[i].end_minute && v[i].end_minute <= 1440);
            assert_true(i == 0 || v[i - 1].end_minute <= v[i].start_minute);
            assert_true(v[i].end_minute <= from || v[i].start_minute >= e.close_minute);
        }
    }
}

void test_booking__waves_only_give(struct test *t)
{
    (void)t;
    struct slot_wave waves[] = {{60, 0, 50}, {14, 540, 80}, {3, 540, 100}};
    struct slot_rules r = {.waves = waves, .wave_count = 3};
    int64_t day = date_start(20260703, ZONE_CHINA_MINUTES);
    assert_int_equal(wave_percent(&r, 20260703, day - 61 * DAY_MS, ZONE_CHINA_MINUTES), 0);
    assert_int_equal(wave_percent(&r, 20260703, day - 14 * DAY_MS + 540 * MINUTE_MS - 1,
                                  ZONE_CHINA_MINUTES),
                     50);
    assert_int_equal(wave_percent(&r, 20260703, day - 14 * DAY_MS + 540 * MINUTE_MS,
                                  ZONE_CHINA_MINUTES),
                     80);
    assert_int_equal(wave_next(&r, 20260703, day - 14 * DAY_MS + 540 * MINUTE_MS,
                               ZONE_CHINA_MINUTES),
                     day - 3 * DAY_MS + 540 * MINUTE_MS);
    assert_int_equal(wave_next(&r, 20260703, day, ZONE_CHINA_MINUTES), 0);
    int before = 0;
    for (int64_t at = day - 70 * DAY_MS; at <= day; at += 7 * HOUR_MS) {
        int now = wave_percent(&r, 20260703, at, ZONE_CHINA_MINUTES);
        assert_true(now >= before);
        before = now;
    }
    struct slot_rules none = {0};
    assert_int_equal(wave_percent(&none, 20260703, day, ZONE_CHINA_MINUTES), 100);
}

/* Slots cut otherwise after some were taken: what is free never counts a taken desk again. */
void test_booking__slots_cut_anew_keep_what_is_taken(struct test *t)
{
    (void)t;
    struct slot v[] = {{.start_minute = 540, .end_minute = 560, .places = {2, 0}, .given = {2, 0}},
                       {.start_minute = 560, .end_minute = 580, .places = {2, 0}, .given = {2, 0}},
                       {.start_minute = 580, .end_minute = 600, .places = {2, 1}, .given = {2, 1}}};
    slots_count(v, 3, 540, 570, BOOKING_OPEN, 2); /* from the time of half hours */
    assert_int_equal(slot_free(&v[0], BOOKING_OPEN), 0);
    assert_int_equal(slot_free(&v[1], BOOKING_OPEN), 0);
    assert_int_equal(slot_free(&v[2], BOOKING_OPEN), 2);
    assert_int_equal(slot_free(&v[2], BOOKING_HELPED), 3);
    assert_int_equal(slots_run(v, 3, 1, 40), 2);
    assert_int_equal(slots_run(v, 3, 1, 41), 0);
    assert_int_equal(run_free(v, 3, 1, 40, BOOKING_OPEN, 0), 0);
    assert_int_equal(run_free(v, 3, 2, 20, BOOKING_OPEN, 0), 2);
    assert_int_equal(run_free(v, 3, 2, 20, BOOKING_OPEN, 581), 0);
}

void test_booking__what_comes_back_goes_out_in_time(struct test *t)
{
    (void)t;
    uint64_t seed = 7;
    for (int i = 0; i < 5000; i++) {
        int64_t now = TEST_NOW, starts = now + between(&seed, -60, 3000) * MINUTE_MS;
        int64_t at =
            release_at(now, starts, 180 * MINUTE_MS, 10 * MINUTE_MS, 90 * MINUTE_MS, dice(&seed));
        assert_true(at >= now && at <= now + 90 * MINUTE_MS);
        if (starts - now <= 180 * MINUTE_MS)
            assert_true(at == now);
        else
            assert_true(at <= starts - 180 * MINUTE_MS);
        if (starts - now > 300 * MINUTE_MS)
            assert_true(at >= now + 10 * MINUTE_MS);
    }
}

/* Nobody loses an offer asleep, and no offer outlasts what it offers. */
void test_booking__offers_hold_through_the_night(struct test *t)
{
    (void)t;
    int64_t day = date_start(20260302, ZONE_CHINA_MINUTES), far = day + 30 * DAY_MS;
    assert_int_equal(offer_until(day + 10 * HOUR_MS, far, HOUR_MS, 0, ZONE_CHINA_MINUTES),
                     day + 11 * HOUR_MS);
    assert_int_equal(offer_until(day + 2 * HOUR_MS, far, HOUR_MS, 0, ZONE_CHINA_MINUTES),
                     day + 9 * HOUR_MS);
    assert_int_equal(offer_until(day + 20 * HOUR_MS + HOUR_MS / 2, far, HOUR_MS, 0,
                                 ZONE_CHINA_MINUTES),
                     day + 32 * HOUR_MS + HOUR_MS / 2);
    assert_int_equal(offer_until(day + 23 * HOUR_MS, far, HOUR_MS, 0, ZONE_CHINA_MINUTES),
                     day + 33 * HOUR_MS);
    assert_int_equal(offer_until(day + 10 * HOUR_MS, day + 11 * HOUR_MS, HOUR_MS, HOUR_MS / 2,
                                 ZONE_CHINA_MINUTES),
                     day + 10 * HOUR_MS + HOUR_MS / 2);
}

void test_booking__early_in_time_late(struct test *t)
{
    (void)t;
    int64_t at = TEST_NOW, m = MINUTE_MS;
    assert_int_equal(arrival_of(at - 31 * m, at, at + 30 * m, 30 * m, 15 * m), ARRIVAL_EARLY);
    assert_int_equal(arrival_of(at - 30 * m, at, at + 30 * m, 30 * m, 15 * m), ARRIVAL_IN_TIME);
    assert_int_equal(arrival_of(at + 45 * m, at, at + 30 * m, 30 * m, 15 * m), ARRIVAL_IN_TIME);
    assert_int_equal(arrival_of(at + 46 * m, at, at + 30 * m, 30 * m, 15 * m), ARRIVAL_LATE);
}
