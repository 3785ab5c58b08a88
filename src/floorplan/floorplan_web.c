/* The plan now, and at a past minute. */
#include "floorplan.h"

#include "clock.h"
#include "tide.h"

#define DAY_MINUTES (24 * 60)

static int64_t kept_within(int64_t minute)
{
    return minute < 0 ? 0 : minute >= DAY_MINUTES ? DAY_MINUTES - 1 : minute;
}

static void set_time(struct ctx *c, int64_t at, struct plan *v)
{
    v->on = date_of(at, c->zone_minutes);
    v->minute = (at - date_start(v->on, c->zone_minutes)) / MINUTE_MS;
    v->time = time_text(c->arena, at, c->zone_minutes);
    v->back10 = kept_within(v->minute - 10);
    v->back1 = kept_within(v->minute - 1);
    v->on1 = kept_within(v->minute + 1);
    v->on10 = kept_within(v->minute + 10);
    if (v->wrong.p == NULL)
        v->wrong = STR("");
}

enum err floors_show(struct ctx *c, struct reply *r, struct plan *v)
{
    struct hall_now h;
    (void)r;
    TRY(hall_now_live(c, &h));
    set_time(c, c->now, v);
    TRY(tide_of_hall(c, &v->tides));
    return plan_draw(c, &h, v);
}

/* "9:05" or "0905"; -1 when it is no time of day. */
static int64_t minute_of(struct str text)
{
    struct str rest = text, hours = str_cut(&rest, ':');
    int64_t h, m;
    if (rest.p == NULL || !str_to_int(hours, &h) || !str_to_int(rest, &m) || h < 0 || h > 23 ||
        m < 0 || m > 59)
        return -1;
    return h * 60 + m;
}

enum err floors_past(struct ctx *c, const struct past_minute_form *f, struct reply *r,
                     struct plan *v)
{
    struct hall_now h;
    struct str time = str_trim(str_or_empty(f->time));
    int32_t on = f->on != 0 ? f->on : today(c);
    int64_t minute = time.n > 0 ? minute_of(time)
                     : f->minute >= 0
                         ? f->minute
                         : (c->now - date_start(today(c), c->zone_minutes)) / MINUTE_MS;
    (void)r;
    if (minute < 0)
        return fail_field(c, E_NO_SUCH_MINUTE, "time", "time %.*s", STR_ARG(time));
    int64_t at = date_start(on, c->zone_minutes) + minute * MINUTE_MS;
    if (at > c->now) {
        v->wrong = tr(c, "这一分钟还没有到，现在显示的是最近的一分钟");
        at = c->now / MINUTE_MS * MINUTE_MS;
    }
    TRY(hall_now_past(c, at, &h));
    v->is_past = true;
    set_time(c, at, v);
    return plan_draw(c, &h, v);
}
