/* Times and bookings as people see them. */
#include "booking_show.h"

#include "center.h"
#include "settings.h"

#define FEW 3 /* so many times or fewer are few */

enum booking_class booking_class_of_actor(const struct ctx *c)
{
    return c->actor.kind == ACTOR_STAFF && may(c, RIGHT_BOOKING_HELP) ? BOOKING_HELPED
                                                                      : BOOKING_OPEN;
}

enum err minute_read(struct ctx *c, struct str at, int *ret)
{
    struct str rest = at, hours = str_cut(&rest, ':');
    int64_t h, m;
    if (rest.p == NULL || rest.n != 2 || hours.n > 2 || !str_to_int(hours, &h) ||
        !str_to_int(rest, &m) || h < 0 || h > 23 || m < 0 || m > 59)
        return fail_field(c, E_BOOKING_CLOSED, "at", "no time of day: %.*s", STR_ARG(at));
    *ret = (int)(h * 60 + m);
    return E_OK;
}

struct str session_name(const struct ctx *c, enum session_kind kind)
{
    switch (kind) {
    case SESSION_AFTER_HOURS:
        return tr(c, "延时服务");
    case SESSION_APPOINTMENT:
        return tr(c, "预约才开");
    case SESSION_ORDINARY:
    case SESSION_KIND_COUNT:
        break;
    }
    return STR("");
}

static struct str session_word(enum session_kind kind)
{
    static const char *const words[] = {"ordinary", "after_hours", "appointment"};
    return str_of(words[kind]);
}

static struct booking_time time_of(struct ctx *c, const struct day *d, size_t i, size_t count,
                                   int free)
{
    const struct slot *s = &d->slots[i];
    return (struct booking_time){.at = minute_text(c->arena, s->start_minute),
                                 .until = minute_text(c->arena, d->slots[i + count - 1].end_minute),
                                 .kind = session_word(s->kind),
                                 .kind_name = session_name(c, s->kind),
                                 .free = free,
                                 .is_afternoon = s->start_minute >= 720};
}

struct day_count {
    int starts, chances; /* times with a free place; times at all */
    int first_minute;
};

static struct day_count count_day(const struct day *d, const struct time_need *need)
{
    struct day_count n = {.first_minute = -1};
    for (size_t i = 0; i < d->n; i++) {
        if (d->slots[i].start_minute < d->from_minute ||
            slots_run(d->slots, d->n, i, need->minutes) == 0)
            continue;
        n.chances++;
        if (run_free(d->slots, d->n, i, need->minutes, need->class, d->from_minute) == 0)
            continue;
        if (n.starts++ == 0)
            n.first_minute = d->slots[i].start_minute;
    }
    return n;
}

static struct booking_day_line day_line(struct ctx *c, const struct day *d,
                                        const struct day_count *n)
{
    struct booking_day_line l = {.on = d->on,
                                 .day = booking_day_words(c, d->on),
                                 .weekday = booking_weekday(c, d->on),
                                 .starts = n->starts};
    if (n->starts > FEW) {
        l.state = STR("free");
        l.state_name = tr(c, "有空");
    } else if (n->starts > 0) {
        l.state = STR("few");
        l.state_name = tr_fill(c, "只剩 {n} 个时间", "n", str_fmt(c->arena, "%d", n->starts), NULL);
    } else if (d->next_wave_at != 0) {
        l.state = STR("later");
        l.state_name =
            tr_fill(c, "{day}再放号", "day",
                    booking_date_words(c, date_of(d->next_wave_at, c->zone_minutes)), NULL);
    } else {
        l.state = STR("full");
        l.state_name = tr(c, "约满了");
    }
    return l;
}

static void show_times(struct ctx *c, const struct day *d, const struct time_need *need,
                       struct booking_choice *v)
{
    v->times.v = ARENA_ARRAY(c->arena, struct booking_time, d->n + 1);
    for (size_t i = 0; i < d->n; i++) {
        size_t count = slots_run(d->slots, d->n, i, need->minutes);
        if (count == 0 || d->slots[i].start_minute < d->from_minute)
            continue;
        int free = run_free(d->slots, d->n, i, need->minutes, need->class, d->from_minute);
        v->times.v[v->times.n++] = time_of(c, d, i, count, free);
    }
    if (d->next_wave_at != 0)
        v->next_wave = booking_when_text(c, date_of(d->next_wave_at, c->zone_minutes),
                                         (d->next_wave_at -
                                          date_start(date_of(d->next_wave_at, c->zone_minutes),
                                                     c->zone_minutes)) /
                                             MINUTE_MS);
}

enum err times_find(struct ctx *c, const struct time_need *need, int32_t on,
                    struct booking_choice *v)
{
    struct day_reader r;
    struct day *d = ARENA_NEW(c->arena, struct day);
    int days = (int)setting_booking_days(c);
    v->first_at = v->first_words = v->next_wave = v->on_words = STR("");
    v->days.v = ARENA_ARRAY(c->arena, struct booking_day_line, (size_t)days + 1);
    TRY(days_open(c, need->zone, today(c), booking_last_day(c), &r));
    for (int i = 0; i <= days; i++) {
        TRY(days_read(&r, date_add(today(c), i), d));
        struct day_count n = count_day(d, need);
        if (n.starts > 0 && v->first_on == 0) {
            v->first_on = d->on;
            v->first_at = minute_text(c->arena, n.first_minute);
            v->first_words = booking_when_text(c, d->on, n.first_minute);
        }
        if (n.chances > 0)
            v->days.v[v->days.n++] = day_line(c, d, &n);
        if (d->on == on)
            show_times(c, d, need, v);
    }
    v->days_total = (int64_t)v->days.n;
    if (on != 0 && date_is_valid(on)) {
        v->on = on;
        v->on_words = booking_date_words(c, on);
    }
    return E_OK;
}

enum err booking_whats(struct ctx *c, int64_t booking_id, struct booking_what_list *ret)
{
    struct booking_purposes_rows rows;
    TRY(booking_purposes(c, c->center_id, booking_id, &rows));
    ret->v = ARENA_ARRAY(c->arena, struct booking_what, rows.n + 1);
    ret->n = rows.n;
    for (size_t i = 0; i < rows.n; i++)
        ret->v[i] =
            (struct booking_what){rows.v[i].item_code,
                                  name_in_lang(c, rows.v[i].item_name, rows.v[i].item_name_en)};
    return E_OK;
}

struct str booking_state_name(const struct ctx *c, int64_t state)
{
    static const char *const names[] = {/* tr */ "给您留着", /* tr */ "约好了",
                                        /* tr */ "已经到了",
                                        /* tr */ "已取消",   /* tr */ "过时没留",
                                        /* tr */ "没有来"};
    return tr(c, names[state]);
}

static enum err show_place(struct ctx *c, const struct booking_row *b, struct booking_view *v)
{
    struct zone_row *z;
    struct center_row here;
    TRY(zone(c, c->center_id, b->zone, &z));
    v->zone = b->zone;
    v->zone_name = z == NULL ? b->zone : name_in_lang(c, z->name, z->name_en);
    v->zone_sign = z == NULL ? STR("") : z->sign;
    v->zone_colour = z == NULL ? STR("blue") : z->colour;
    v->floor = z == NULL ? 1 : z->floor;
    v->floor_name = floor_text(c, v->floor);
    v->phone = STR("");
    enum err e = center_here(c, &here);
    if (e == E_OK)
        v->phone = here.phone;
    return e == E_NOT_FOUND ? E_OK : e;
}

static void show_rights(const struct ctx *c, const struct booking_row *b, struct booking_view *v)
{
    int64_t early_at = v->starts_at - setting_booking_early_minutes(c) * MINUTE_MS;
    v->is_today = b->on_date == today(c);
    v->may_change = b->state == BOOKING_BOOKED && c->now < v->ends_at;
    v->may_arrive = (b->state == BOOKING_BOOKED || b->state == BOOKING_MISSED) && v->is_today &&
                    c->now >= early_at && b->conflict.n == 0;
}

enum err booking_view_of(struct ctx *c, const struct booking_row *b, struct booking_view *ret)
{
    struct str host = c->request != NULL ? c->request->host : STR("");
    struct booking_view v = {
        .id = b->id,
        .token = b->token,
        .state = booking_state_word(b->state),
        .state_name = booking_state_name(c, b->state),
        .people = b->people,
        .on = b->on_date,
        .words = booking_date_words(c, b->on_date),
        .at = minute_text(c->arena, b->start_minute),
        .until = minute_text(c->arena, b->end_minute),
        .starts_at = booking_starts_at(c, b),
        .ends_at = booking_ends_at(c, b),
        .hold_until = b->hold_until,
        .name = b->name_masked,
        .phone_tail = b->phone_tail.p == NULL ? STR("") : b->phone_tail,
        .conflict = b->conflict,
        .ticket = b->ticket_token,
        .wait = STR(""),
        .link = str_fmt(c->arena, "%.*s/bookings/%.*s", STR_ARG(host), STR_ARG(b->token)),
        .qr = str_fmt(c->arena, "/bookings/%.*s/qr.svg", STR_ARG(b->token)),
    };
    TRY(booking_whats(c, b->id, &v.items));
    TRY(show_place(c, b, &v));
    show_rights(c, b, &v);
    *ret = v;
    return E_OK;
}
