/* Calendar arithmetic by counting days, without libc's localtime: no time zone files, no locks, no
 * environment, the same answer on every machine. A date becomes the number of days since
 * 1970-01-01 with the year made to begin in March, so that the leap day is its last day and the
 * months before it follow 153 days for five of them; 400 years are 146,097 days. */
#include "clock.h"

#include "arena.h"

#include <stdatomic.h>
#include <string.h>
#include <time.h>

#define DAYS_IN_ERA  146097    /* 400 Gregorian years */
#define DAYS_TO_1970 719468    /* from 0000-03-01 */
#define FIRST_DAY    (-719528) /* 0000-01-01 */
#define LAST_DAY     2932896   /* 9999-12-31 */

static int64_t clock_read(clockid_t which)
{
    struct timespec t;
    clock_gettime(which, &t);
    return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

static _Atomic int64_t moved_ms; /* of the whole process: the clock is one */

int64_t clock_now(void)
{
    return clock_read(CLOCK_REALTIME) + atomic_load_explicit(&moved_ms, memory_order_relaxed);
}

void clock_move(int64_t ms)
{
    atomic_store_explicit(&moved_ms, ms, memory_order_relaxed);
}

int64_t clock_moved(void)
{
    return atomic_load_explicit(&moved_ms, memory_order_relaxed);
}

int64_t clock_steady(void)
{
    return clock_read(CLOCK_MONOTONIC);
}

static int64_t floor_div(int64_t a, int64_t b)
{
    return a / b - (a % b < 0);
}

static int64_t day_of_date(int32_t date)
{
    int64_t year = date / 10000, month = date / 100 % 100, day = date % 100;
    if (month <= 2) {
        year--;
        month += 12;
    }
    int64_t era = floor_div(year, 400), year_of_era = year - era * 400;
    int64_t day_of_year = (153 * (month - 3) + 2) / 5 + day - 1;
    int64_t day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    return era * DAYS_IN_ERA + day_of_era - DAYS_TO_1970;
}

static int32_t date_of_day(int64_t days)
{
    if (days < FIRST_DAY)
        days = FIRST_DAY;
    if (days > LAST_DAY)
        days = LAST_DAY;
    days += DAYS_TO_1970;
    int64_t era = floor_div(days, DAYS_IN_ERA), day_of_era = days - era * DAYS_IN_ERA;
    int64_t year_of_era =
        (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / (DAYS_IN_ERA - 1)) /
        365;
    int64_t day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    int64_t shifted = (5 * day_of_year + 2) / 153; /* 0 is March */
    int64_t day = day_of_year - (153 * shifted + 2) / 5 + 1;
    int64_t month = shifted < 10 ? shifted + 3 : shifted - 9;
    int64_t year = year_of_era + era * 400 + (month <= 2);
    return (int32_t)(year * 10000 + month * 100 + day);
}

bool date_is_valid(int32_t date)
{
    static const int month_days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    if (date < 19000101 || date > 29991231)
        return false;
    int year = date / 10000, month = date / 100 % 100, day = date % 100;
    if (month < 1 || month > 12 || day < 1)
        return false;
    bool is_leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    return day <= month_days[month - 1] + (month == 2 && is_leap);
}

/* The day an instant falls on in a zone, and the milliseconds since its midnight. */
static int64_t local_day(int64_t at, int zone_minutes, int64_t *ret_ms)
{
    int64_t limit = (int64_t)(LAST_DAY + 2) * DAY_MS; /* keeps the addition from overflowing */
    if (at > limit)
        at = limit;
    if (at < -limit)
        at = -limit;
    at += zone_minutes * MINUTE_MS;
    int64_t day = floor_div(at, DAY_MS);
    *ret_ms = at - day * DAY_MS;
    return day;
}

int32_t date_of(int64_t at, int zone_minutes)
{
    int64_t ms;
    return date_of_day(local_day(at, zone_minutes, &ms));
}

int64_t date_start(int32_t date, int zone_minutes)
{
    return day_of_date(date) * DAY_MS - zone_minutes * MINUTE_MS;
}

int32_t date_add(int32_t date, int days)
{
    return date_of_day(day_of_date(date) + days);
}

int date_diff(int32_t from, int32_t to)
{
    return (int)(day_of_date(to) - day_of_date(from));
}

int date_weekday(int32_t date)
{
    int64_t from_thursday = day_of_date(date); /* 1970-01-01 was a Thursday */
    return (int)(from_thursday + 3 - floor_div(from_thursday + 3, 7) * 7) + 1;
}

/* count digits at p as a number, or -1. */
static int digits(const char *p, int count)
{
    int value = 0;
    for (int i = 0; i < count; i++) {
        if (p[i] < '0' || p[i] > '9')
            return -1;
        value = value * 10 + (p[i] - '0');
    }
    return value;
}

bool date_parse(struct str s, int32_t *ret_date)
{
    int year, month, day;
    if (s.n == 8) {
        year = digits(s.p, 4), month = digits(s.p + 4, 2), day = digits(s.p + 6, 2);
    } else if (s.n == 10 && s.p[4] == '-' && s.p[7] == '-') {
        year = digits(s.p, 4), month = digits(s.p + 5, 2), day = digits(s.p + 8, 2);
    } else {
        return false;
    }
    if (year < 0 || month < 0 || day < 0)
        return false;
    int32_t date = year * 10000 + month * 100 + day;
    if (!date_is_valid(date))
        return false;
    *ret_date = date;
    return true;
}

static char *print_digits(char *to, int64_t value, int count)
{
    for (int i = count - 1; i >= 0; i--) {
        to[i] = (char)('0' + value % 10);
        value /= 10;
    }
    return to + count;
}

static char *print_char(char *to, char ch)
{
    *to = ch;
    return to + 1;
}

size_t date_print(char to[DATE_TEXT_MAX], int32_t date)
{
    if (date < 0)
        date = 0;
    char *at = print_digits(to, date / 10000, date >= 100000000 ? 6 : 4);
    at = print_digits(print_char(at, '-'), date / 100 % 100, 2);
    at = print_digits(print_char(at, '-'), date % 100, 2);
    return (size_t)(at - to);
}

size_t instant_print(char to[INSTANT_TEXT_MAX], int64_t at, int zone_minutes)
{
    int64_t ms;
    int32_t date = date_of_day(local_day(at, zone_minutes, &ms));
    char *p = to + date_print(to, date);
    p = print_digits(print_char(p, 'T'), ms / HOUR_MS, 2);
    p = print_digits(print_char(p, ':'), ms / MINUTE_MS % 60, 2);
    p = print_digits(print_char(p, ':'), ms / SECOND_MS % 60, 2);
    if (ms % SECOND_MS != 0)
        p = print_digits(print_char(p, '.'), ms % SECOND_MS, 3);
    int away = zone_minutes < 0 ? -zone_minutes : zone_minutes;
    p = print_digits(print_char(p, zone_minutes < 0 ? '-' : '+'), away / 60, 2);
    p = print_digits(print_char(p, ':'), away % 60, 2);
    return (size_t)(p - to);
}

static struct str kept(struct arena *a, const char *text, size_t n)
{
    char *p = arena_bytes(a, n);
    memcpy(p, text, n);
    return (struct str){p, n};
}

struct str date_text(struct arena *a, int32_t date)
{
    char text[DATE_TEXT_MAX];
    return kept(a, text, date_print(text, date));
}

struct str time_text(struct arena *a, int64_t at, int zone_minutes)
{
    char text[5];
    int64_t ms;
    local_day(at, zone_minutes, &ms);
    char *p = print_digits(text, ms / HOUR_MS, 2);
    print_digits(print_char(p, ':'), ms / MINUTE_MS % 60, 2);
    return kept(a, text, sizeof text);
}

struct str instant_text(struct arena *a, int64_t at, int zone_minutes)
{
    char text[INSTANT_TEXT_MAX];
    return kept(a, text, instant_print(text, at, zone_minutes));
}

/* "Z", or "+08:00"; nothing may follow. */
static bool parse_offset(const char *p, size_t n, int *ret_minutes)
{
    if (n == 1 && (*p == 'Z' || *p == 'z')) {
        *ret_minutes = 0;
        return true;
    }
    if (n != 6 || (p[0] != '+' && p[0] != '-') || p[3] != ':')
        return false;
    int hours = digits(p + 1, 2), minutes = digits(p + 4, 2);
    if (hours < 0 || hours > 23 || minutes < 0 || minutes > 59)
        return false;
    *ret_minutes = (hours * 60 + minutes) * (p[0] == '-' ? -1 : 1);
    return true;
}

/* The digits after the dot, as milliseconds; *at stands on the first of them. */
static bool parse_fraction(struct str s, size_t *at, int *ret_ms)
{
    int ms = 0, scale = 100;
    size_t start = *at;
    for (; *at < s.n && s.p[*at] >= '0' && s.p[*at] <= '9'; ++*at) {
        ms += (s.p[*at] - '0') * scale;
        scale /= 10;
    }
    *ret_ms = ms;
    return *at > start && *at - start <= 9;
}

bool instant_parse(struct str s, int64_t *ret_at)
{
    int32_t date;
    if (s.n < 20 || s.n > 35 || (s.p[10] != 'T' && s.p[10] != 't') ||
        !date_parse((struct str){s.p, 10}, &date) || s.p[13] != ':' || s.p[16] != ':')
        return false;
    int hour = digits(s.p + 11, 2), minute = digits(s.p + 14, 2), second = digits(s.p + 17, 2);
    if (hour < 0 || hour > 23 || minute < 0 || minute > 59 || second < 0 || second > 60)
        return false;
    size_t at = 19;
    int ms = 0, zone;
    if (s.p[at] == '.' && (++at, !parse_fraction(s, &at, &ms)))
        return false;
    if (!parse_offset(s.p + at, s.n - at, &zone))
        return false;
    int64_t in_day = hour * HOUR_MS + minute * MINUTE_MS + second * SECOND_MS + ms;
    int64_t instant = date_start(date, zone) + in_day;
    /* A leap second comes only after 23:59:59 UTC; here it is the first second of the next day. */
    if (second == 60 && instant - ms != date_start(date_of(instant, 0), 0))
        return false;
    *ret_at = instant;
    return true;
}
