/* Reading the rules of a hall from tables: sessions, waves, how long items take. */
#include "booking.h"
#include "csv.h"

static const char *const kinds[] = {"ordinary", "after_hours", "appointment", NULL};

/* "12345" is Monday to Friday. */
static int64_t read_weekdays(struct table_in *t)
{
    struct str s = table_need(t, "weekdays", 7);
    int64_t bits = 0;
    for (size_t i = 0; i < s.n; i++) {
        if (s.p[i] < '1' || s.p[i] > '7') {
            table_fault(t, "weekdays", "星期只写 1 到 7，例如 12345");
            return 0;
        }
        bits |= INT64_C(1) << (s.p[i] - '1');
    }
    return bits;
}

static void check_series(struct table_in *t, int kind, int64_t weekdays, int64_t open,
                         int64_t close)
{
    if (close <= open)
        table_fault(t, "close_minute", "结束要晚于开始");
    if (kind == SESSION_ORDINARY && (weekdays & 0x60) != 0)
        table_fault(t, "weekdays", "周末的时段不算工作日，种类请写 appointment");
}

enum err booking_series_import(struct ctx *c, struct table_in *t)
{
    while (table_next(t)) {
        struct str zone = str_or_empty(table_text(t, "zone"));
        struct str name = table_need(t, "name", 40);
        int kind = table_choice(t, "kind", kinds);
        int64_t weekdays = read_weekdays(t);
        int64_t season_from = table_int(t, "season_from", 101, 1231);
        int64_t season_to = table_int(t, "season_to", 101, 1231);
        int32_t from_on = table_date(t, "from_on");
        int32_t to_on = table_text(t, "to_on").n > 0 ? table_date(t, "to_on") : 0;
        int64_t open = table_int(t, "open_minute", 0, 1439);
        int64_t close = table_int(t, "close_minute", 1, 1440);
        int64_t slot = table_int(t, "slot_minutes", 5, 240);
        int64_t places = table_int(t, "places", 0, 1000);
        int64_t helped = table_int(t, "places_helped", 0, 1000);
        check_series(t, kind, weekdays, open, close);
        if (t->fault_count == 0)
            TRY(booking_series_add(c, c->center_id, new_id(c), zone, name, str_of(kinds[kind]),
                                   weekdays, season_from, season_to, from_on, to_on, open, close,
                                   slot, places, helped, str_or_empty(table_text(t, "state"))));
    }
    return E_OK;
}

enum err booking_waves_import(struct ctx *c, struct table_in *t)
{
    while (table_next(t)) {
        int64_t days = table_int(t, "days_before", 0, 365);
        int64_t minute = table_int(t, "minute", 0, 1439);
        int64_t percent = table_int(t, "percent", 0, 100);
        if (t->fault_count == 0)
            TRY(booking_wave_add(c, c->center_id, new_id(c), days, minute, percent));
    }
    return E_OK;
}

enum err booking_items_import(struct ctx *c, struct table_in *t)
{
    while (table_next(t)) {
        struct item_row item;
        struct str code = table_need(t, "item", 40);
        int64_t minutes = table_int(t, "minutes", 5, 480);
        if (t->fault_count > 0)
            continue;
        enum err e = item_by_any_code(c, code, &item);
        if (e == E_NOT_FOUND) {
            table_fault(t, "item", "没有这个事项");
            continue;
        }
        TRY(e);
        TRY(booking_item_put(c, c->center_id, item.id, minutes));
    }
    return E_OK;
}

static enum err read_table(struct ctx *c, const char *data_dir, const char *name,
                           enum err (*import)(struct ctx *c, struct table_in *t))
{
    struct table_in t;
    TRY(table_open_file(c, &t, str_fmt(c->arena, "%s/%s.csv", data_dir, name)));
    TRY(import(c, &t));
    return table_end(c, &t);
}

enum err booking_demo(struct ctx *c, const char *data_dir)
{
    TRY(read_table(c, data_dir, "booking_series", booking_series_import));
    TRY(read_table(c, data_dir, "booking_waves", booking_waves_import));
    return read_table(c, data_dir, "booking_items", booking_items_import);
}
