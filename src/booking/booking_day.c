/* From the centre's rules to a day's times. What is read is little (rules, notices, and the counters
 * of one zone in the order of their key), so sixty days are made anew for everybody who asks. */
#include "booking.h"

#include "calendar.h"
#include "settings.h"

static enum err read_series(struct ctx *c, int32_t from_on, struct slot_rules *r)
{
    struct booking_series_in_force_rows rows;
    TRY(booking_series_in_force(c, c->center_id, from_on, &rows));
    struct slot_series *v = ARENA_ARRAY(c->arena, struct slot_series, rows.n + 1);
    for (size_t i = 0; i < rows.n; i++) {
        const struct booking_series_in_force_row *s = &rows.v[i];
        v[i] = (struct slot_series){
            .zone = s->zone,
            .kind = str_is(s->kind, "ordinary")      ? SESSION_ORDINARY
                    : str_is(s->kind, "after_hours") ? SESSION_AFTER_HOURS
                                                     : SESSION_APPOINTMENT,
            .weekdays = (int)s->weekdays,
            .season_from = (int)s->season_from,
            .season_to = (int)s->season_to,
            .from_on = s->from_on,
            .to_on = s->to_on,
            .open_minute = (int)s->open_minute,
            .close_minute = (int)s->close_minute,
            .slot_minutes = (int)s->slot_minutes,
            .places = {(int)s->places, (int)s->places_helped},
        };
    }
    r->series = v;
    r->series_count = rows.n;
    return E_OK;
}

static enum err read_exceptions(struct ctx *c, int32_t from_on, int32_t to_on, struct slot_rules *r)
{
    struct booking_exceptions_rows rows;
    TRY(booking_exceptions(c, c->center_id, from_on, to_on, &rows));
    struct slot_exception *v = ARENA_ARRAY(c->arena, struct slot_exception, rows.n + 1);
    for (size_t i = 0; i < rows.n; i++) {
        const struct booking_exceptions_row *e = &rows.v[i];
        v[i] = (struct slot_exception){
            .zone = e->zone,
            .on = e->on_date,
            .is_closed = str_is(e->kind, "closed"),
            .open_minute = (int)e->open_minute,
            .close_minute = (int)e->close_minute,
            .slot_minutes = (int)e->slot_minutes,
            .places = {(int)e->places, (int)e->places_helped},
        };
    }
    r->exceptions = v;
    r->exception_count = rows.n;
    return E_OK;
}

static enum err read_waves(struct ctx *c, struct slot_rules *r)
{
    struct booking_waves_rows rows;
    TRY(booking_waves(c, c->center_id, &rows));
    struct slot_wave *v = ARENA_ARRAY(c->arena, struct slot_wave, rows.n + 1);
    for (size_t i = 0; i < rows.n; i++)
        v[i] = (struct slot_wave){(int)rows.v[i].days_before, (int)rows.v[i].minute,
                                  (int)rows.v[i].percent};
    r->waves = v;
    r->wave_count = rows.n;
    return E_OK;
}

enum err days_open(struct ctx *c, struct str zone, int32_t from_on, int32_t to_on,
                   struct day_reader *ret)
{
    struct day_reader r = {.c = c, .zone = zone, .from_on = from_on, .to_on = to_on};
    TRY(read_series(c, from_on, &r.rules));
    TRY(read_exceptions(c, from_on, to_on, &r.rules));
    TRY(read_waves(c, &r.rules));
    TRY(calendar_days(c, from_on, to_on, &r.notices));
    TRY(booking_slots(c, c->center_id, zone, from_on, to_on, &r.counters));
    *ret = r;
    return E_OK;
}

/* A year without its notices has no times: nobody is sent to a hall that may be shut. */
static enum err year_known(struct day_reader *r, int year, bool *ret)
{
    struct calendar_year_row *row;
    if (year != r->known_year && year != r->unknown_year) {
        TRY(calendar_year(r->c, year, &row));
        *(row != NULL ? &r->known_year : &r->unknown_year) = year;
    }
    *ret = year == r->known_year;
    return E_OK;
}

static enum day_kind kind_of_day(const struct day_reader *r, int32_t on)
{
    for (size_t i = 0; i < r->notices.n; i++)
        if (r->notices.v[i].on_date == on)
            return str_is(r->notices.v[i].kind, "workday") ? DAY_MAKE_UP : DAY_HOLIDAY;
    return date_weekday(on) <= 5 ? DAY_WORKING : DAY_WEEKEND;
}

static int first_minute(const struct ctx *c, int32_t on)
{
    if (on != today(c))
        return on < today(c) ? 24 * 60 : 0;
    int64_t at =
        c->now - date_start(on, c->zone_minutes) + setting_booking_lead_minutes(c) * MINUTE_MS;
    return (int)((at + MINUTE_MS - 1) / MINUTE_MS);
}

enum err days_read(struct day_reader *r, int32_t on, struct day *ret)
{
    *ret =
        (struct day){.on = on, .kind = kind_of_day(r, on), .from_minute = first_minute(r->c, on)};
    TRY(year_known(r, on / 10000, &ret->is_known));
    while (r->counter_at < r->counters.n && r->counters.v[r->counter_at].on_date < on)
        r->counter_at++;
    if (!ret->is_known)
        return E_OK;
    ret->n = slots_of_day(&r->rules, r->zone, on, ret->kind, ret->slots, SLOTS_A_DAY);
    ret->percent = wave_percent(&r->rules, on, r->c->now, r->c->zone_minutes);
    ret->next_wave_at = wave_next(&r->rules, on, r->c->now, r->c->zone_minutes);
    slots_give(ret->slots, ret->n, ret->percent);
    for (size_t i = r->counter_at; i < r->counters.n && r->counters.v[i].on_date == on; i++) {
        const struct booking_slots_row *s = &r->counters.v[i];
        slots_count(ret->slots, ret->n, (int)s->start_minute, (int)s->end_minute,
                    (enum booking_class)s->class, (int)s->taken);
    }
    return E_OK;
}

int32_t booking_last_day(const struct ctx *c)
{
    return date_add(today(c), (int)setting_booking_days(c));
}

static enum err item_minutes(struct ctx *c, int64_t item_id, int *minutes)
{
    struct booking_item_row *own;
    TRY(booking_item(c, c->center_id, item_id, &own));
    *minutes += (int)(own != NULL ? own->minutes : setting_booking_item_minutes(c));
    return E_OK;
}

static enum err add_item(struct ctx *c, struct str code, struct purpose *p)
{
    struct line_facts line;
    struct item_row *item = &p->items[p->item_count];
    if (p->item_count == BOOKING_ITEMS_MOST)
        return fail_field(c, E_BOOKING_TOO_LONG, "items", "more than %d items", BOOKING_ITEMS_MOST);
    TRY(item_by_any_code(c, code, item));
    TRY(line_facts_of_item(c, item->id, &line));
    if (p->item_count > 0 && !str_eq(p->zone, line.zone_code))
        return fail_field(c, E_BOOKING_OTHER_ZONE, "items", "item %.*s is of zone %.*s",
                          STR_ARG(code), STR_ARG(line.zone_code));
    p->zone = line.zone_code;
    p->item_count++;
    return item_minutes(c, item->id, &p->minutes);
}

enum err purpose_read(struct ctx *c, struct str items, struct str zone, int64_t people,
                      struct purpose *ret)
{
    struct purpose p = {.people = people < 1 ? 1 : (int)people, .zone = STR("")};
    struct str rest = items;
    struct line_facts line;
    while (rest.p != NULL && items.n > 0) {
        struct str code = str_trim(str_cut(&rest, ','));
        if (code.n > 0)
            TRY(add_item(c, code, &p));
    }
    if (p.item_count == 0 && zone.n == 0)
        return fail_field(c, E_BOOKING_PURPOSE, "items", "neither item nor zone");
    if (p.item_count == 0) {
        TRY(line_facts_of_zone(c, zone, &line));
        p.zone = line.zone_code;
        p.minutes = (int)setting_booking_item_minutes(c);
    }
    p.minutes *= p.people;
    *ret = p;
    return E_OK;
}
