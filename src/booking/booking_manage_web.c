/* Staff's acts: closing days, extra sessions, the weekly series, waves. Each ends by holding what is
 * booked against the rules as they are now (bookings_check_days). */
#include "booking_manage.h"
#include "booking_show.h"

#include "journal.h"
#include "party.h"

#define CLOSE_DAYS_MOST 62

static enum err zone_known(struct ctx *c, struct str code)
{
    struct zone_row *z;
    if (code.n == 0)
        return E_OK;
    TRY(zone(c, c->center_id, code, &z));
    return z != NULL ? E_OK : fail_field(c, E_NO_SUCH_ZONE, "zone", "zone %.*s", STR_ARG(code));
}

static enum err hours_read(struct ctx *c, struct str open, struct str close, int *ret_from,
                           int *ret_until)
{
    *ret_from = 0;
    *ret_until = 24 * 60;
    if (open.n > 0)
        TRY(minute_read(c, open, ret_from));
    if (close.n > 0)
        TRY(minute_read(c, close, ret_until));
    return *ret_until > *ret_from
               ? E_OK
               : fail_field(c, E_BOOKING_RULE, "close", "%d to %d", *ret_from, *ret_until);
}

static struct str day_zh(struct ctx *c, int32_t on)
{
    struct ctx zh = *c;
    zh.lang = LANG_ZH;
    return booking_date_words(&zh, on);
}

static enum err show_manage(struct ctx *c, struct reply *r, struct booking_manage *v)
{
    reply_see(r, "/manage/bookings");
    return bookings_manage_show(c, r, v);
}

enum err bookings_close(struct ctx *c, const struct booking_closing_form *f, struct reply *r,
                        struct booking_of_day *v)
{
    int from, until;
    int32_t to_on = f->to_on == 0 ? f->on : f->to_on;
    if (f->on < today(c) || to_on < f->on || date_diff(f->on, to_on) >= CLOSE_DAYS_MOST)
        return fail_field(c, E_BOOKING_PAST, "on", "%d to %d", f->on, to_on);
    TRY(zone_known(c, f->zone));
    TRY(hours_read(c, f->from, f->until, &from, &until));
    for (int32_t on = f->on; on <= to_on; on = date_add(on, 1)) {
        int64_t id = new_id(c);
        TRY(booking_exception_add(c, c->center_id, id, f->zone, on, STR("closed"), from, until, 0,
                                  0, 0, f->reason));
        TRY(journal_add(c, EV_BOOKING_CLOSED, id, 0,
                        event_facts(c, "day", day_zh(c, on), "reason", f->reason, NULL), STR_NONE));
    }
    TRY(bookings_check_days(c, f->on, to_on));
    reply_see(r, "/manage/bookings/days/%.*s", STR_ARG(date_text(c->arena, f->on)));
    return booking_day_view(c, f->on, v);
}

enum err bookings_special_drop(struct ctx *c, const struct booking_id_form *f, struct reply *r,
                               struct booking_manage *v)
{
    struct booking_exception_row *e;
    TRY(booking_exception(c, c->center_id, f->id, &e));
    if (e == NULL)
        return fail(c, E_NOT_FOUND, "no exception %lld", (long long)f->id);
    TRY(booking_exception_drop(c, c->center_id, f->id));
    TRY(bookings_check_days(c, e->on_date, e->on_date));
    TRY(journal_add(c, EV_BOOKING_REOPENED, f->id, 0,
                    event_facts(c, "day", day_zh(c, e->on_date), NULL), STR_NONE));
    return show_manage(c, r, v);
}

enum err bookings_extra(struct ctx *c, const struct booking_extra_form *f, struct reply *r,
                        struct booking_of_day *v)
{
    int open, close;
    int64_t id = new_id(c);
    if (f->on < today(c) || f->on > booking_last_day(c))
        return fail_field(c, E_BOOKING_PAST, "on", "%d", f->on);
    TRY(zone_known(c, f->zone));
    TRY(hours_read(c, f->open, f->close, &open, &close));
    TRY(booking_exception_add(c, c->center_id, id, f->zone, f->on, STR("extra"), open, close,
                              f->slot_minutes, f->places, f->places_helped, f->reason));
    TRY(bookings_check_days(c, f->on, f->on));
    TRY(journal_add(c, EV_BOOKING_RULE_ADDED, id, 0, event_facts(c, "name", day_zh(c, f->on), NULL),
                    STR_NONE));
    reply_see(r, "/manage/bookings/days/%.*s", STR_ARG(date_text(c->arena, f->on)));
    return booking_day_view(c, f->on, v);
}

static enum err weekdays_read(struct ctx *c, const struct booking_rule_new_form *f, int64_t *ret)
{
    *ret = 0;
    for (size_t i = 0; i < f->weekdays.n; i++)
        if (f->weekdays.v[i].n == 1)
            *ret |= INT64_C(1) << (f->weekdays.v[i].p[0] - '1');
    bool is_weekend = (*ret & 0x60) != 0 && f->kind == BOOKING_RULE_NEW_KIND_ORDINARY;
    return *ret != 0 && !is_weekend
               ? E_OK
               : fail_field(c, E_BOOKING_RULE, "weekdays", "days %llx", (long long)*ret);
}

enum err bookings_series_new(struct ctx *c, const struct booking_rule_new_form *f, struct reply *r,
                             struct booking_manage *v)
{
    int open, close;
    int64_t weekdays, id = new_id(c);
    int32_t from_on = f->from_on == 0 ? today(c) : f->from_on;
    TRY(zone_known(c, f->zone));
    TRY(hours_read(c, f->open, f->close, &open, &close));
    TRY(weekdays_read(c, f, &weekdays));
    if (from_on < today(c))
        return fail_field(c, E_BOOKING_PAST, "from_on", "%d", from_on);
    TRY(booking_series_add(c, c->center_id, id, f->zone, f->name,
                           str_of(booking_rule_new_kind_words[f->kind]), weekdays, f->season_from,
                           f->season_to, from_on, 0, open, close, f->slot_minutes, f->places,
                           f->places_helped, STR("")));
    TRY(bookings_check_days(c, today(c), booking_last_day(c)));
    TRY(journal_add(c, EV_BOOKING_RULE_ADDED, id, 0, event_facts(c, "name", f->name, NULL),
                    STR_NONE));
    return show_manage(c, r, v);
}

enum err bookings_series_end(struct ctx *c, const struct booking_rule_end_form *f, struct reply *r,
                             struct booking_manage *v)
{
    int64_t changed;
    int32_t on = f->on == 0 ? today(c) : f->on;
    if (on < today(c))
        return fail_field(c, E_BOOKING_PAST, "on", "%d", on);
    TRY(booking_series_end_changes(c, c->center_id, f->id, on, &changed));
    if (changed != 1)
        return fail(c, E_NOT_FOUND, "no series %lld that runs so long", (long long)f->id);
    TRY(bookings_check_days(c, today(c), booking_last_day(c)));
    TRY(journal_add(c, EV_BOOKING_RULE_ENDED, f->id, 0, event_facts(c, "day", day_zh(c, on), NULL),
                    STR_NONE));
    return show_manage(c, r, v);
}

enum err bookings_wave_new(struct ctx *c, const struct booking_wave_new_form *f, struct reply *r,
                           struct booking_manage *v)
{
    int minute;
    int64_t id = new_id(c);
    TRY(minute_read(c, f->at, &minute));
    TRY(booking_wave_add(c, c->center_id, id, f->days_before, minute, f->percent));
    TRY(journal_add(c, EV_BOOKING_WAVE_CHANGED, id, 0, STR("{}"), STR_NONE));
    return show_manage(c, r, v);
}

enum err bookings_wave_drop(struct ctx *c, const struct booking_id_form *f, struct reply *r,
                            struct booking_manage *v)
{
    int64_t changed;
    TRY(booking_wave_drop_changes(c, c->center_id, f->id, &changed));
    if (changed != 1)
        return fail(c, E_NOT_FOUND, "no wave %lld", (long long)f->id);
    TRY(journal_add(c, EV_BOOKING_WAVE_CHANGED, f->id, 0, STR("{}"), STR_NONE));
    return show_manage(c, r, v);
}

enum err bookings_minutes(struct ctx *c, const struct booking_minutes_form *f, struct reply *r,
                          struct booking_manage *v)
{
    struct item_row item;
    TRY(item_by_any_code(c, f->item, &item));
    TRY(booking_item_put(c, c->center_id, item.id, f->minutes));
    return show_manage(c, r, v);
}

enum err bookings_phone(struct ctx *c, const struct booking_id_form *f, struct reply *r,
                        struct booking_whom *v)
{
    struct booking_row *b;
    (void)r;
    TRY(booking_by_id(c, c->center_id, f->id, &b));
    if (b == NULL)
        return fail(c, E_NOT_FOUND, "no booking %lld", (long long)f->id);
    TRY(party_unseal(c, b->phone_sealed, &v->phone));
    TRY(party_unseal(c, b->name_sealed, &v->name));
    if (v->phone.n == 0)
        return fail(c, E_BOOKING_NO_PHONE, "booking %lld", (long long)f->id);
    v->back =
        str_fmt(c->arena, "/manage/bookings/days/%.*s", STR_ARG(date_text(c->arena, b->on_date)));
    v->what = booking_when_text(c, b->on_date, b->start_minute);
    return journal_add(c, EV_BOOKING_PHONE_READ, b->id, b->id, STR("{}"), STR_NONE);
}
