/* Offering. Days are looked at in their order and, for each, who waits in theirs: so every place goes
 * to whoever has waited longest among those that want it. */
#include "booking_wait.h"

#include "journal.h"
#include "settings.h"

#define ZONES_MOST 100

struct offering {
    struct ctx *c;
    struct booking_waits_next_rows waits;
    bool *is_done;
};

struct str wait_state_word(int64_t state)
{
    static const char *const words[] = {"waiting", "offered", "taken", "lapsed", "left"};
    return state >= 0 && state < WAIT_STATE_COUNT ? str_of(words[state]) : STR("");
}

static enum err offer(struct offering *o, size_t at, const struct day *d, size_t slot)
{
    struct ctx *c = o->c;
    const struct booking_waits_next_row *w = &o->waits.v[at];
    struct purpose p;
    struct booking_row b;
    struct ctx zh = *c;
    zh.lang = LANG_ZH;
    int64_t starts_at =
        date_start(d->on, c->zone_minutes) + d->slots[slot].start_minute * MINUTE_MS;
    int64_t until = offer_until(c->now, starts_at, setting_booking_offer_minutes(c) * MINUTE_MS,
                                setting_booking_lead_minutes(c) * MINUTE_MS, c->zone_minutes);
    if (until - c->now < 5 * MINUTE_MS)
        return E_OK;
    TRY(purpose_read(c, w->items, w->zone, w->people, &p));
    p.minutes = (int)w->minutes;
    TRY(booking_hold(c, &p, (struct booking_when){d->on, d->slots[slot].start_minute}, BOOKING_OPEN,
                     until, w->id, &b));
    TRY(booking_wait_offer(c, c->center_id, w->id, b.token, until));
    o->is_done[at] = true;
    return journal_add(c, EV_BOOKING_WAIT_OFFERED, w->id, w->id,
                       event_facts(c, "when", booking_when_text(&zh, b.on_date, b.start_minute),
                                   NULL),
                       STR_NONE);
}

/* One taken more in each slot of the run, as the store has it now. */
static void count_taken(struct day *d, size_t slot, int minutes)
{
    size_t count = slots_run(d->slots, d->n, slot, minutes);
    for (size_t i = slot; i < slot + count; i++)
        d->slots[i].taken[BOOKING_OPEN]++;
}

static enum err offer_day(struct offering *o, struct str zone, struct day *d)
{
    for (size_t i = 0; i < o->waits.n; i++) {
        const struct booking_waits_next_row *w = &o->waits.v[i];
        if (o->is_done[i] || !str_eq(w->zone, zone) || d->on < w->from_on || d->on > w->to_on)
            continue;
        for (size_t s = 0; s < d->n && !o->is_done[i]; s++) {
            if (d->slots[s].start_minute < w->from_minute ||
                d->slots[s].start_minute >= w->to_minute ||
                run_free(d->slots, d->n, s, (int)w->minutes, BOOKING_OPEN, d->from_minute) == 0)
                continue;
            TRY(offer(o, i, d, s));
            if (o->is_done[i])
                count_taken(d, s, (int)w->minutes);
        }
    }
    return E_OK;
}

static enum err offer_zone(struct offering *o, struct str zone)
{
    struct ctx *c = o->c;
    struct day_reader r;
    struct day *d = ARENA_NEW(c->arena, struct day);
    int32_t from_on = 0, to_on = 0, last = booking_last_day(c);
    for (size_t i = 0; i < o->waits.n; i++) {
        const struct booking_waits_next_row *w = &o->waits.v[i];
        if (!str_eq(w->zone, zone))
            continue;
        from_on = from_on == 0 || w->from_on < from_on ? w->from_on : from_on;
        to_on = w->to_on > to_on ? w->to_on : to_on;
    }
    from_on = from_on < today(c) ? today(c) : from_on;
    to_on = to_on > last ? last : to_on;
    TRY(days_open(c, zone, from_on, to_on, &r));
    for (int32_t on = from_on; on <= to_on; on = date_add(on, 1)) {
        TRY(days_read(&r, on, d));
        TRY(offer_day(o, zone, d));
    }
    return E_OK;
}

enum err waits_offer(struct ctx *c)
{
    struct offering o = {.c = c};
    struct str zones[ZONES_MOST];
    size_t n = 0;
    TRY(booking_waits_next(c, c->center_id, today(c), &o.waits));
    o.is_done = ARENA_ARRAY(c->arena, bool, o.waits.n + 1);
    for (size_t i = 0; i < o.waits.n; i++) {
        size_t z = 0;
        while (z < n && !str_eq(zones[z], o.waits.v[i].zone))
            z++;
        if (z < n || n == ZONES_MOST)
            continue;
        zones[n++] = o.waits.v[i].zone;
        TRY(offer_zone(&o, zones[z]));
    }
    return E_OK;
}

enum err wait_let_lapse(struct ctx *c, int64_t wait_id)
{
    int64_t changed;
    if (wait_id == 0)
        return E_OK;
    TRY(booking_wait_put_changes(c, c->center_id, wait_id, WAIT_OFFERED, WAIT_LAPSED, &changed));
    return changed == 0
               ? E_OK
               : journal_add(c, EV_BOOKING_WAIT_LAPSED, wait_id, wait_id, STR("{}"), STR_NONE);
}
