/* Counting terms. The rules are few and each has its article in calendar.h; the work is to walk the
 * days with the notices of every touched year at hand, and to refuse where a year is not loaded. A
 * term reads the stretch once and then counts in memory (due.c). */
#include "calendar.h"
#include "clock.h"
#include "csv.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define DAYS_MOST 7400 /* some twenty years: no term is longer */

static const char *const kind_words[] = {"holiday", "workday", NULL};

static enum err year_is_loaded(struct ctx *c, int32_t on)
{
    struct calendar_year_row *year;
    TRY(calendar_year(c, on / 10000, &year));
    return year == NULL ? fail(c, E_CALENDAR_UNKNOWN, "year %d", on / 10000) : E_OK;
}

static bool plain_workday(int32_t on)
{
    return date_weekday(on) <= 5;
}

static enum err fill_years(struct ctx *c, int32_t from_on, int n, uint8_t *kinds)
{
    struct calendar_year_row *year = NULL;
    int32_t on = from_on;
    for (int i = 0; i < n; i++, on = date_add(on, 1)) {
        if (i == 0 || on % 10000 == 101)
            TRY(calendar_year(c, on / 10000, &year));
        kinds[i] = year == NULL ? DAY_UNKNOWN : plain_workday(on) ? DAY_WORKED : DAY_OFF;
    }
    return E_OK;
}

enum err calendar_kinds(struct ctx *c, int32_t from_on, int n, struct day_kinds *ret)
{
    struct calendar_days_rows notices;
    uint8_t *kinds = ARENA_ARRAY(c->arena, uint8_t, (size_t)n + 1);
    TRY(fill_years(c, from_on, n, kinds));
    TRY(calendar_days(c, from_on, date_add(from_on, n - 1), &notices));
    for (size_t i = 0; i < notices.n; i++) {
        uint8_t *kind = &kinds[date_diff(from_on, notices.v[i].on_date)];
        if (*kind != DAY_UNKNOWN)
            *kind = str_is(notices.v[i].kind, "workday") ? DAY_WORKED : DAY_OFF;
    }
    *ret = (struct day_kinds){from_on, n, kinds};
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

struct noting {
    struct ctx *c;
    struct term *t;
};

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

static void note_day(void *arg, int32_t on)
{
    struct noting *n = arg;
    note_not_counted(n->c, n->t, on);
}

static int span_of(const struct due_term *t)
{
    int span = (t->days + t->extended) * 2 + 30;
    for (size_t i = 0; i < t->stop_count; i++)
        if (t->stops[i].to_on > t->stops[i].from_on)
            span += date_diff(t->stops[i].from_on, t->stops[i].to_on);
    return span;
}

/* Terms from one day on. Enough days for most terms at once; the rest in longer and longer stretches. */
static enum err due_reading(struct ctx *c, const struct due_term *terms, size_t n,
                            struct term *notes, struct due_sum *ret)
{
    struct day_kinds kinds;
    struct noting noting = {c, notes};
    int span = 0;
    for (size_t i = 0; i < n; i++)
        span = span_of(&terms[i]) > span ? span_of(&terms[i]) : span;
    for (bool is_whole = false; !is_whole; span *= 2) {
        span = span > DAYS_MOST ? DAYS_MOST : span;
        is_whole = true;
        TRY(calendar_kinds(c, terms[0].from_on, span, &kinds));
        if (notes != NULL)
            notes->not_counted.n = 0;
        for (size_t i = 0; i < n; i++) {
            enum due_found found =
                due_of(&terms[i], &kinds, notes != NULL ? note_day : NULL, &noting, &ret[i]);
            is_whole &= found != DUE_TOO_FEW_DAYS || span == DAYS_MOST;
            if (found != DUE_FOUND)
                ret[i].due_on = 0;
        }
    }
    return E_OK;
}

static enum err known(struct ctx *c, const struct due_sum *sum, int32_t from_on)
{
    return sum->due_on != 0 ? E_OK : fail(c, E_CALENDAR_UNKNOWN, "a term from %d", (int)from_on);
}

enum err calendar_term(struct ctx *c, int32_t from_on, int days, enum term_unit unit,
                       struct term *ret)
{
    struct due_term t = {.from_on = from_on, .days = days, .unit = unit};
    struct due_sum sum;
    return calendar_due_told(c, &t, ret, &sum);
}

enum err calendar_due_told(struct ctx *c, const struct due_term *t, struct term *ret,
                           struct due_sum *ret_sum)
{
    struct term term = {0};
    TRY(due_reading(c, t, 1, &term, ret_sum));
    term.due_on = ret_sum->due_on;
    *ret = term;
    return known(c, ret_sum, t->from_on);
}

enum err calendar_due(struct ctx *c, const struct due_term *t, struct due_sum *ret)
{
    TRY(due_reading(c, t, 1, NULL, ret));
    return known(c, ret, t->from_on);
}

enum err calendar_dues(struct ctx *c, const struct due_term *terms, size_t n, struct due_sum *ret)
{
    return due_reading(c, terms, n, NULL, ret);
}

enum err calendar_stop_end(struct ctx *c, int32_t from_on, int days, enum term_unit unit,
                           int32_t *ret_to_on)
{
    struct day_kinds kinds;
    int span = days * 2 + 60;
    TRY(calendar_kinds(c, from_on, span > DAYS_MOST ? DAYS_MOST : span, &kinds));
    return due_stop_end(from_on, days, unit, &kinds, ret_to_on) == DUE_FOUND
               ? E_OK
               : fail(c, E_CALENDAR_UNKNOWN, "a stop from %d", (int)from_on);
}

enum err calendar_version(struct ctx *c, int64_t *ret)
{
    struct calendar_seen_row *row;
    TRY(calendar_seen(c, &row));
    *ret = row == NULL ? 0 : row->version;
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
    int kind = table_choice(t, "kind", kind_words);
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
    return calendar_day_put(c, on, str_of(kind_words[kind]), name.p == NULL ? STR("") : name,
                            source);
}

enum err calendar_import(struct ctx *c, struct table_in *t)
{
    bool *years = ARENA_ARRAY(c->arena, bool, 3000);
    while (table_next(t))
        TRY(import_day(c, t, years));
    return calendar_rise(c);
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
