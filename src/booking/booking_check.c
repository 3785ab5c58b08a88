/* What is booked and no longer kept: after a rule has changed, the days are held against it. Nothing is
 * cancelled behind anybody's back; a conflict is told to the visitor and stands on the staff's list. */
#include "booking.h"

/* Is every minute of the booking inside an open slot of its zone? */
static bool is_kept(const struct day *d, const struct booking_row *b)
{
    int64_t at = b->start_minute;
    for (size_t i = 0; i < d->n && at < b->end_minute; i++)
        if (d->slots[i].start_minute <= at && d->slots[i].end_minute > at)
            at = d->slots[i].end_minute;
    return at >= b->end_minute;
}

static struct str why_not(const struct booking_exceptions_rows *all, const struct booking_row *b,
                          const struct ctx *c)
{
    for (size_t i = 0; i < all->n; i++) {
        const struct booking_exceptions_row *e = &all->v[i];
        if (str_is(e->kind, "closed") && e->on_date == b->on_date &&
            (e->zone.n == 0 || str_eq(e->zone, b->zone)) && e->open_minute < b->end_minute &&
            e->close_minute > b->start_minute)
            return e->reason;
    }
    struct ctx zh = *c;
    zh.lang = LANG_ZH;
    return tr(&zh, "这个时段不再开放");
}

static enum err check_one(struct ctx *c, const struct booking_row *b,
                          const struct booking_exceptions_rows *all)
{
    struct day_reader r;
    struct day *d = ARENA_NEW(c->arena, struct day);
    TRY(days_open(c, b->zone, b->on_date, b->on_date, &r));
    TRY(days_read(&r, b->on_date, d));
    struct str why = is_kept(d, b) ? STR("") : why_not(all, b, c);
    return str_eq(why, b->conflict) ? E_OK : booking_conflict_put(c, c->center_id, b->id, why);
}

enum err bookings_check_days(struct ctx *c, int32_t from_on, int32_t to_on)
{
    struct booking_exceptions_rows all;
    TRY(booking_exceptions(c, c->center_id, from_on, to_on, &all));
    for (int32_t on = from_on; on <= to_on; on = date_add(on, 1)) {
        struct bookings_of_day_rows rows;
        TRY(bookings_of_day(c, c->center_id, on, &rows));
        for (size_t i = 0; i < rows.n; i++)
            if (rows.v[i].state == BOOKING_BOOKED)
                TRY(check_one(c, &rows.v[i], &all));
    }
    return E_OK;
}
