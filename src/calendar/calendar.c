/* Counting terms. The rules are few and each has its article in calendar.h; the work is to walk the
 * days with the notices of every touched year at hand, and to refuse where a year is not loaded. A
 * term reads the stretch once and then counts in memory. */
#include "calendar.h"
#include "clock.h"
#include "csv.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SPAN_DAYS 62 /* read so many days ahead at a time */

static const char *const day_kinds[] = {"holiday", "workday", NULL};

/* The notices of a stretch of days, read ahead. */
struct stretch {
    int32_t from_on, to_on;
    struct calendar_days_rows days;
    size_t at;
};

static enum err year_is_loaded(struct ctx *c, int32_t on)
{
    struct calendar_year_row *year;
    TRY(calendar_year(c, on / 10000, &year));
    return year == NULL ? fail(c, E_CALENDAR_UNKNOWN, "year %d", on / 10000) : E_OK;
}

static enum err stretch_read(struct ctx *c, int32_t from_on, struct stretch *ret)
{
    int32_t to_on = date_add(from_on, SPAN_DAYS);
    TRY(calendar_days(c, from_on, to_on, &ret->days));
    ret->from_on = from_on;
    ret->to_on = to_on;
    ret->at = 0;
    return E_OK;
}

static bool plain_workday(int32_t on)
{
    return date_weekday(on) <= 5;
}

/* Days are asked for in rising order, so the notices are walked along. */
static enum err stretch_is_workday(struct ctx *c, struct stretch *s, int32_t on, bool *ret)
{
    if (s->to_on == 0 || on > s->to_on)
        TRY(stretch_read(c, on, s));
    if (s->from_on == on || on % 10000 == 101)
        TRY(year_is_loaded(c, on));
    while (s->at < s->days.n && s->days.v[s->at].on_date < on)
        s->at++;
    bool is_named = s->at < s->days.n && s->days.v[s->at].on_date == on;
    *ret = is_named ? str_is(s->days.v[s->at].kind, "workday") : plain_workday(on);
    return E_OK;
}

enum err calendar_is_workday(struct ctx *c, int32_t on, bool *ret_is_workday)
{
    TRY(year_is_loaded(c, on));
    struct calendar_day_row *day;
    TRY(calendar_day(c, on, &day));
    *ret_is_workday = day != NULL ? str_is(day->kind, "workday") : plain_workday(on);
    return E_OK;
}

#define NOT_COUNTED_MOST 400
#define NOT_COUNTED_STEP 20

static void note_not_counted(struct ctx *c, struct term *t, int32_t on)
{
    size_t n = t->not_counted.n;
    if (n == NOT_COUNTED_MOST)
        return;
    if (n % NOT_COUNTED_STEP == 0) { /* most terms are of a month */
        struct str *v = ARENA_ARRAY(c->arena, struct str, n + NOT_COUNTED_STEP);
        if (n > 0)
            memcpy(v, t->not_counted.v, n * sizeof *v);
        t->not_counted.v = v;
    }
    t->not_counted.v[t->not_counted.n++] = date_text(c->arena, on);
}

enum err calendar_term(struct ctx *c, int32_t from_on, int days, enum term_unit unit,
                       struct term *ret)
{
    struct term t = {.due_on = from_on};
    struct stretch s = {0};
    bool is_workday = false;
    TRY(year_is_loaded(c, from_on));
    for (int counted = 0; counted < days;) {
        t.due_on = date_add(t.due_on, 1);
        TRY(stretch_is_workday(c, &s, t.due_on, &is_workday));
        if (unit == TERM_NATURAL || is_workday)
            counted++;
        else
            note_not_counted(c, &t, t.due_on);
    }
    while (unit == TERM_NATURAL && days > 0 && !is_workday) {
        note_not_counted(c, &t, t.due_on);
        t.due_on = date_add(t.due_on, 1);
        TRY(stretch_is_workday(c, &s, t.due_on, &is_workday));
    }
    *ret = t;
    return E_OK;
}

/* Those of a make-up working day are Monday's, those of a holiday none. */
enum err calendar_sessions_on(struct ctx *c, int32_t on, struct openings_of_rows *ret)
{
    struct calendar_day_row *day;
    TRY(calendar_day(c, on, &day));
    int weekday = date_weekday(on);
    if (day != NULL && str_is(day->kind, "holiday")) {
        *ret = (struct openings_of_rows){0};
        return E_OK;
    }
    if (day != NULL && str_is(day->kind, "workday"))
        weekday = 1;
    return openings_of(c, c->center_id, weekday, ret);
}

enum err calendar_opening_now(struct ctx *c, struct opening_now *ret)
{
    struct openings_of_rows sessions;
    TRY(calendar_sessions_on(c, today(c), &sessions));
    int64_t minute = (c->now - date_start(today(c), c->zone_minutes)) / MINUTE_MS;
    struct opening_now o = {.until_minute = -1, .next_minute = -1};
    for (size_t i = 0; i < sessions.n; i++) {
        const struct openings_of_row *s = &sessions.v[i];
        if (minute >= s->open_minute && minute < s->close_minute) {
            o.is_open = true;
            o.until_minute = (int)s->close_minute;
            o.after_hours = str_is(s->kind, "after_hours");
        } else if (minute < s->open_minute && o.next_minute < 0) {
            o.next_minute = (int)s->open_minute;
            if (!o.is_open)
                o.after_hours = str_is(s->kind, "after_hours");
        }
    }
    *ret = o;
    return E_OK;
}

/* Rows may come in any order; a year that appears is replaced whole. */
static enum err import_day(struct ctx *c, struct table_in *t, bool years[3000])
{
    int32_t on = table_date(t, "date");
    int kind = table_choice(t, "kind", day_kinds);
    struct str name = table_text(t, "name");
    struct str source = table_need(t, "source", 200);
    if (on == 0 || kind < 0)
        return E_OK;
    int year = on / 10000;
    if (!years[year]) {
        years[year] = true;
        TRY(calendar_year_clear(c, year * 10000 + 101, year * 10000 + 1231));
        TRY(calendar_year_put(c, year));
    }
    if ((kind == 1) == plain_workday(on) && kind == 1)
        table_fault(t, "kind", "这一天本来就是工作日，不用写成调休上班");
    return calendar_day_put(c, on, str_of(day_kinds[kind]), name.p == NULL ? STR("") : name,
                            source);
}

enum err calendar_import(struct ctx *c, struct table_in *t)
{
    bool *years = ARENA_ARRAY(c->arena, bool, 3000);
    while (table_next(t))
        TRY(import_day(c, t, years));
    return E_OK;
}

/* Hours of the demonstration hall; weekends by appointment are no working days. */
static enum err opening_demo(struct ctx *c)
{
    for (int weekday = 1; weekday <= 5; weekday++) {
        TRY(opening_put(c, c->center_id, weekday, 1, 8 * 60 + 30, 12 * 60, STR("ordinary")));
        TRY(opening_put(c, c->center_id, weekday, 2, 14 * 60 + 30, 17 * 60 + 30, STR("ordinary")));
        TRY(opening_put(c, c->center_id, weekday, 3, 17 * 60 + 30, 18 * 60 + 30,
                        STR("after_hours")));
    }
    return opening_put(c, c->center_id, 6, 1, 9 * 60, 12 * 60, STR("after_hours"));
}

enum err calendar_demo(struct ctx *c, const char *data_dir)
{
    struct table_in t;
    struct str path = str_fmt(c->arena, "%s/../calendar/CN.csv", data_dir);
    TRY(table_open_file(c, &t, path));
    TRY(calendar_import(c, &t));
    TRY(table_end(c, &t));
    return opening_demo(c);
}
