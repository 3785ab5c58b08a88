/* What staff see of booking: the load of the days, the rules, and what is booked against them. */
#include "booking_manage.h"

#include "booking_show.h"
#include "settings.h"

struct str zone_label(struct ctx *c, const struct zones_rows *all, struct str code)
{
    for (size_t i = 0; i < all->n; i++)
        if (str_eq(all->v[i].code, code))
            return name_in_lang(c, all->v[i].name, all->v[i].name_en);
    return code.n == 0 ? tr(c, "全部办事区") : code;
}

static struct str hours_text(struct ctx *c, int64_t from, int64_t until)
{
    return str_fmt(c->arena, "%.*s–%.*s", STR_ARG(minute_text(c->arena, from)),
                   STR_ARG(minute_text(c->arena, until)));
}

static struct str weekdays_text(struct ctx *c, int64_t bits)
{
    struct buf b;
    buf_init(&b, c->arena, 256);
    for (int day = 1; day <= 7; day++) {
        if ((bits >> (day - 1) & 1) == 0)
            continue;
        if (b.n > 0)
            buf_char(&b, ' ');
        buf_str(&b, booking_weekday(c, date_add(20260301, day)));
    }
    return buf_as_str(&b);
}

static struct str season_text(struct ctx *c, int64_t from, int64_t to)
{
    if (from == 101 && to == 1231)
        return tr(c, "全年");
    return str_fmt(c->arena, "%.*s – %.*s",
                   STR_ARG(booking_day_words(c, (int32_t)(20240000 + from))),
                   STR_ARG(booking_day_words(c, (int32_t)(20240000 + to))));
}

static struct str kind_label(const struct ctx *c, struct str kind)
{
    return str_is(kind, "ordinary")      ? tr(c, "工作日")
           : str_is(kind, "after_hours") ? tr(c, "延时服务")
                                         : tr(c, "预约才开");
}

static enum err show_series(struct ctx *c, const struct zones_rows *zones,
                            struct booking_rule_list *ret)
{
    struct booking_series_in_force_rows rows;
    TRY(booking_series_in_force(c, c->center_id, today(c), &rows));
    ret->v = ARENA_ARRAY(c->arena, struct booking_rule, rows.n + 1);
    ret->n = rows.n;
    for (size_t i = 0; i < rows.n; i++) {
        const struct booking_series_in_force_row *s = &rows.v[i];
        ret->v[i] = (struct booking_rule){.id = s->id,
                                          .name = s->name,
                                          .zone_name = zone_label(c, zones, s->zone),
                                          .kind_name = kind_label(c, s->kind),
                                          .weekdays = weekdays_text(c, s->weekdays),
                                          .season = season_text(c, s->season_from, s->season_to),
                                          .hours = hours_text(c, s->open_minute, s->close_minute),
                                          .slot_minutes = s->slot_minutes,
                                          .places = s->places,
                                          .places_helped = s->places_helped,
                                          .to_on = s->to_on,
                                          .state = s->state};
    }
    return E_OK;
}

enum err booking_specials_show(struct ctx *c, const struct zones_rows *zones, int32_t from_on,
                               int32_t to_on, struct booking_special_list *ret)
{
    struct booking_exceptions_rows rows;
    TRY(booking_exceptions(c, c->center_id, from_on, to_on, &rows));
    ret->v = ARENA_ARRAY(c->arena, struct booking_special, rows.n + 1);
    ret->n = rows.n;
    for (size_t i = 0; i < rows.n; i++) {
        const struct booking_exceptions_row *e = &rows.v[i];
        bool is_whole = e->open_minute == 0 && e->close_minute == 24 * 60;
        ret->v[i] = (struct booking_special){.id = e->id,
                                             .on = e->on_date,
                                             .words = booking_date_words(c, e->on_date),
                                             .zone_name = zone_label(c, zones, e->zone),
                                             .is_closed = str_is(e->kind, "closed"),
                                             .hours = is_whole ? tr(c, "全天")
                                                               : hours_text(c, e->open_minute,
                                                                            e->close_minute),
                                             .reason = e->reason};
    }
    return E_OK;
}

static enum err show_waves(struct ctx *c, struct booking_wave_line_list *ret)
{
    struct booking_waves_rows rows;
    TRY(booking_waves(c, c->center_id, &rows));
    ret->v = ARENA_ARRAY(c->arena, struct booking_wave_line, rows.n + 1);
    ret->n = rows.n;
    for (size_t i = 0; i < rows.n; i++)
        ret->v[i] =
            (struct booking_wave_line){rows.v[i].id, rows.v[i].days_before,
                                       minute_text(c->arena, rows.v[i].minute), rows.v[i].percent};
    return E_OK;
}

enum err booking_staff_line_of(struct ctx *c, const struct zones_rows *zones,
                               const struct booking_row *b, struct booking_staff_line *ret)
{
    struct booking_what_list what;
    TRY(booking_whats(c, b->id, &what));
    *ret =
        (struct booking_staff_line){.id = b->id,
                                    .token = b->token,
                                    .on = b->on_date,
                                    .words = booking_date_words(c, b->on_date),
                                    .at = minute_text(c->arena, b->start_minute),
                                    .until = minute_text(c->arena, b->end_minute),
                                    .name = b->name_masked,
                                    .phone_tail = b->phone_tail.p == NULL ? STR("") : b->phone_tail,
                                    .what = what.n > 0 ? what.v[0].name : STR(""),
                                    .zone_name = zone_label(c, zones, b->zone),
                                    .people = b->people,
                                    .state = booking_state_word(b->state),
                                    .state_name = booking_state_name(c, b->state),
                                    .conflict = b->conflict};
    return E_OK;
}

/* Adds one zone's places and what is taken of them to the days. */
static enum err add_zone_load(struct ctx *c, struct str zone, int32_t from_on,
                              struct booking_load_list *days)
{
    struct day_reader r;
    struct day *d = ARENA_NEW(c->arena, struct day);
    TRY(days_open(c, zone, from_on, date_add(from_on, (int)days->n - 1), &r));
    for (size_t i = 0; i < days->n; i++) {
        TRY(days_read(&r, days->v[i].on, d));
        for (size_t s = 0; s < d->n; s++) {
            days->v[i].places +=
                d->slots[s].places[BOOKING_OPEN] + d->slots[s].places[BOOKING_HELPED];
            days->v[i].booked +=
                d->slots[s].taken[BOOKING_OPEN] + d->slots[s].taken[BOOKING_HELPED];
        }
    }
    return E_OK;
}

enum err booking_loads(struct ctx *c, const struct zones_rows *zones, int32_t from_on, size_t count,
                       struct booking_load_list *ret)
{
    struct booking_exceptions_rows closed;
    TRY(booking_exceptions(c, c->center_id, from_on, date_add(from_on, (int)count - 1), &closed));
    ret->v = ARENA_ARRAY(c->arena, struct booking_load, count + 1);
    ret->n = count;
    for (size_t i = 0; i < count; i++) {
        int32_t on = date_add(from_on, (int)i);
        ret->v[i] =
            (struct booking_load){.on = on, .words = booking_date_words(c, on), .closed = STR("")};
        for (size_t k = 0; k < closed.n; k++)
            if (closed.v[k].on_date == on && str_is(closed.v[k].kind, "closed"))
                ret->v[i].closed = closed.v[k].reason;
    }
    for (size_t z = 0; z < zones->n; z++)
        TRY(add_zone_load(c, zones->v[z].code, from_on, ret));
    for (size_t i = 0; i < count; i++)
        ret->v[i].percent = ret->v[i].places > 0 ? ret->v[i].booked * 100 / ret->v[i].places : 0;
    return E_OK;
}

static enum err show_conflicts(struct ctx *c, const struct zones_rows *zones,
                               struct booking_manage *v)
{
    struct bookings_in_conflict_rows rows;
    TRY(bookings_in_conflict(c, c->center_id, today(c), &rows));
    v->conflicts.v = ARENA_ARRAY(c->arena, struct booking_staff_line, rows.n + 1);
    for (size_t i = 0; i < rows.n; i++) {
        TRY(booking_staff_line_of(c, zones, &rows.v[i], &v->conflicts.v[v->conflicts.n++]));
        for (size_t d = 0; d < v->days.n; d++)
            v->days.v[d].conflicts += v->days.v[d].on == rows.v[i].on_date;
    }
    v->total = (int64_t)rows.n;
    return E_OK;
}

void booking_zone_views(struct ctx *c, const struct zones_rows *zones, struct zone_view_list *ret)
{
    ret->v = ARENA_ARRAY(c->arena, struct zone_view, zones->n + 1);
    ret->n = zones->n;
    for (size_t i = 0; i < zones->n; i++)
        ret->v[i] =
            (struct zone_view){.code = zones->v[i].code,
                               .name = name_in_lang(c, zones->v[i].name, zones->v[i].name_en),
                               .prefix = zones->v[i].prefix,
                               .sign = zones->v[i].sign,
                               .colour = zones->v[i].colour,
                               .floor = zones->v[i].floor};
}

enum err bookings_manage_show(struct ctx *c, struct reply *r, struct booking_manage *v)
{
    struct zones_rows all;
    struct booking_waits_count_row waiting;
    (void)r;
    TRY(zones(c, c->center_id, &all));
    TRY(booking_loads(c, &all, today(c), (size_t)setting_booking_days(c) + 1, &v->days));
    TRY(show_conflicts(c, &all, v));
    TRY(show_series(c, &all, &v->series));
    TRY(booking_specials_show(c, &all, today(c), booking_last_day(c), &v->specials));
    TRY(show_waves(c, &v->waves));
    TRY(booking_waits_count(c, c->center_id, today(c), &waiting));
    booking_zone_views(c, &all, &v->zones);
    v->waiting = waiting.waiting;
    v->may_change = may(c, RIGHT_BOOKING_MANAGE);
    v->today = date_text(c->arena, today(c));
    return E_OK;
}

enum err booking_day_view(struct ctx *c, int32_t on, struct booking_of_day *v)
{
    struct zones_rows all;
    struct bookings_of_day_rows rows;
    struct booking_load_list load;
    if (!date_is_valid(on))
        return fail(c, E_NOT_FOUND, "no day %d", on);
    TRY(zones(c, c->center_id, &all));
    TRY(bookings_of_day(c, c->center_id, on, &rows));
    TRY(booking_loads(c, &all, on, 1, &load));
    TRY(booking_specials_show(c, &all, on, on, &v->specials));
    v->on = on;
    v->on_text = date_text(c->arena, on);
    v->words = booking_date_words(c, on);
    v->load = load.v[0];
    v->items.v = ARENA_ARRAY(c->arena, struct booking_staff_line, rows.n + 1);
    for (size_t i = 0; i < rows.n; i++) {
        TRY(booking_staff_line_of(c, &all, &rows.v[i], &v->items.v[v->items.n++]));
        v->conflicts += rows.v[i].conflict.n > 0 && rows.v[i].state == BOOKING_BOOKED;
    }
    v->load.conflicts = v->conflicts;
    v->total = (int64_t)rows.n;
    v->may_change = may(c, RIGHT_BOOKING_MANAGE) && on >= today(c);
    booking_zone_views(c, &all, &v->zones);
    return E_OK;
}

enum err bookings_day_show(struct ctx *c, const struct booking_day_form *f, struct reply *r,
                           struct booking_of_day *v)
{
    (void)r;
    return booking_day_view(c, f->on, v);
}
