/* The day is made from the rules each time it is asked for; only what is taken is stored. So a rule
 * that changes changes every day at once, and there is no list of slots to fall out of step. */
#include "slots.h"

bool season_has(int from_mmdd, int to_mmdd, int32_t on)
{
    int mmdd = on % 10000;
    return from_mmdd <= to_mmdd ? mmdd >= from_mmdd && mmdd <= to_mmdd
                                : mmdd >= from_mmdd || mmdd <= to_mmdd;
}

static bool is_of_zone(struct str rule, struct str zone)
{
    return rule.n == 0 || str_eq(rule, zone);
}

static bool series_runs(const struct slot_series *s, struct str zone, int32_t on,
                        enum day_kind kind)
{
    int weekday = kind == DAY_MAKE_UP ? 1 : date_weekday(on);
    if (!is_of_zone(s->zone, zone) || kind == DAY_HOLIDAY)
        return false;
    if (s->kind == SESSION_ORDINARY && kind == DAY_WEEKEND)
        return false;
    if (on < s->from_on || (s->to_on != 0 && on > s->to_on))
        return false;
    return (s->weekdays >> (weekday - 1) & 1) != 0 && season_has(s->season_from, s->season_to, on);
}

static bool overlaps(int from, int to, int other_from, int other_to)
{
    return from < other_to && other_from < to;
}

static bool is_closed(const struct slot_rules *r, struct str zone, int32_t on, int from, int to)
{
    for (size_t i = 0; i < r->exception_count; i++) {
        const struct slot_exception *e = &r->exceptions[i];
        if (e->is_closed && e->on == on && is_of_zone(e->zone, zone) &&
            overlaps(from, to, e->open_minute, e->close_minute))
            return true;
    }
    return false;
}

/* Puts it at its place in the order of the clock; false when something is there already. */
static bool put_slot(struct slot *v, size_t *n, size_t room, const struct slot *s)
{
    size_t at = *n;
    for (size_t i = 0; i < *n; i++)
        if (overlaps(s->start_minute, s->end_minute, v[i].start_minute, v[i].end_minute))
            return false;
    if (*n == room)
        return false;
    for (; at > 0 && v[at - 1].start_minute > s->start_minute; at--)
        v[at] = v[at - 1];
    v[at] = *s;
    ++*n;
    return true;
}

static void put_session(const struct slot_rules *r, struct str zone, int32_t on,
                        const struct slot_series *s, struct slot *v, size_t *n, size_t room)
{
    if (s->slot_minutes < 5)
        return;
    for (int at = s->open_minute; at + s->slot_minutes <= s->close_minute; at += s->slot_minutes) {
        struct slot one = {.start_minute = at, .end_minute = at + s->slot_minutes, .kind = s->kind};
        for (int k = 0; k < BOOKING_CLASS_COUNT; k++)
            one.places[k] = one.given[k] = s->places[k];
        if (!is_closed(r, zone, on, one.start_minute, one.end_minute))
            put_slot(v, n, room, &one);
    }
}

size_t slots_of_day(const struct slot_rules *r, struct str zone, int32_t on, enum day_kind kind,
                    struct slot *ret, size_t room)
{
    size_t n = 0;
    for (int own = 1; own >= 0; own--) {
        for (size_t i = 0; i < r->exception_count; i++) {
            const struct slot_exception *e = &r->exceptions[i];
            struct slot_series extra = {.kind = SESSION_APPOINTMENT,
                                        .open_minute = e->open_minute,
                                        .close_minute = e->close_minute,
                                        .slot_minutes = e->slot_minutes,
                                        .places = {e->places[0], e->places[1]}};
            if (!e->is_closed && e->on == on && is_of_zone(e->zone, zone) && (e->zone.n > 0) == own)
                put_session(r, zone, on, &extra, ret, &n, room);
        }
    }
    for (int own = 1; own >= 0; own--)
        for (size_t i = 0; i < r->series_count; i++)
            if (series_runs(&r->series[i], zone, on, kind) && (r->series[i].zone.n > 0) == own)
                put_session(r, zone, on, &r->series[i], ret, &n, room);
    return n;
}

static int64_t wave_at(const struct slot_wave *w, int32_t on, int zone_minutes)
{
    return date_start(date_add(on, -w->days_before), zone_minutes) + w->minute * MINUTE_MS;
}

int wave_percent(const struct slot_rules *r, int32_t on, int64_t now, int zone_minutes)
{
    int percent = r->wave_count == 0 ? 100 : 0;
    for (size_t i = 0; i < r->wave_count; i++)
        if (wave_at(&r->waves[i], on, zone_minutes) <= now && r->waves[i].percent > percent)
            percent = r->waves[i].percent;
    return percent;
}

int64_t wave_next(const struct slot_rules *r, int32_t on, int64_t now, int zone_minutes)
{
    int percent = wave_percent(r, on, now, zone_minutes);
    int64_t next = 0;
    for (size_t i = 0; i < r->wave_count; i++) {
        int64_t at = wave_at(&r->waves[i], on, zone_minutes);
        if (at > now && r->waves[i].percent > percent && (next == 0 || at < next))
            next = at;
    }
    return next;
}

void slots_give(struct slot *v, size_t n, int percent)
{
    for (size_t i = 0; i < n; i++)
        v[i].given[BOOKING_OPEN] = (v[i].places[BOOKING_OPEN] * percent + 99) / 100;
}

void slots_count(struct slot *v, size_t n, int start_minute, int end_minute,
                 enum booking_class class, int taken)
{
    for (size_t i = 0; i < n; i++) {
        if (!overlaps(start_minute, end_minute, v[i].start_minute, v[i].end_minute))
            continue;
        v[i].taken[class] += taken;
        if (v[i].start_minute == start_minute)
            v[i].own[class] += taken;
    }
}

static int free_of(const struct slot *s, enum booking_class class)
{
    int n = s->given[class] - s->taken[class];
    return n > 0 ? n : 0;
}

int slot_free(const struct slot *s, enum booking_class class)
{
    return free_of(s, BOOKING_OPEN) + (class == BOOKING_HELPED ? free_of(s, BOOKING_HELPED) : 0);
}

size_t slots_run(const struct slot *v, size_t n, size_t i, int minutes)
{
    for (size_t k = i; k < n; k++) {
        if (k > i && v[k].start_minute != v[k - 1].end_minute)
            return 0;
        minutes -= v[k].end_minute - v[k].start_minute;
        if (minutes <= 0)
            return k - i + 1;
    }
    return 0;
}

int run_free(const struct slot *v, size_t n, size_t i, int minutes, enum booking_class class,
             int from_minute)
{
    size_t count = v[i].start_minute < from_minute ? 0 : slots_run(v, n, i, minutes);
    int least = 0;
    for (size_t k = i; k < i + count; k++) {
        int here = slot_free(&v[k], class);
        if (k == i || here < least)
            least = here;
    }
    return least;
}

int64_t release_at(int64_t now, int64_t starts_at, int64_t near_ms, int64_t least_ms,
                   int64_t most_ms, uint64_t dice)
{
    if (starts_at - now <= near_ms)
        return now;
    int64_t span = most_ms > least_ms ? most_ms - least_ms : 0;
    int64_t at = now + least_ms + (int64_t)(dice % (uint64_t)(span + 1));
    return at < starts_at - near_ms ? at : starts_at - near_ms;
}

int64_t offer_until(int64_t now, int64_t starts_at, int64_t offer_ms, int64_t lead_ms,
                    int zone_minutes)
{
    int64_t midnight = date_start(date_of(now, zone_minutes), zone_minutes);
    int64_t wakes = midnight + 8 * HOUR_MS, sleeps = midnight + 21 * HOUR_MS, from = now, until;
    if (from < wakes)
        from = wakes;
    until = from + offer_ms;
    if (until > sleeps) {
        int64_t left = from < sleeps ? sleeps - from : 0;
        until = wakes + DAY_MS + offer_ms - left;
    }
    return until < starts_at - lead_ms ? until : starts_at - lead_ms;
}

enum arrival arrival_of(int64_t now, int64_t starts_at, int64_t ends_at, int64_t early_ms,
                        int64_t late_ms)
{
    if (now < starts_at - early_ms)
        return ARRIVAL_EARLY;
    return now <= ends_at + late_ms ? ARRIVAL_IN_TIME : ARRIVAL_LATE;
}
