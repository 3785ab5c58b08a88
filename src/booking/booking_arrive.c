/* Who arrives, and how a booking's time is said. */
#include "booking.h"

#include "journal.h"
#include "party.h"
#include "settings.h"

int64_t booking_starts_at(const struct ctx *c, const struct booking_row *b)
{
    return date_start(b->on_date, c->zone_minutes) + b->start_minute * MINUTE_MS;
}

int64_t booking_ends_at(const struct ctx *c, const struct booking_row *b)
{
    return date_start(b->on_date, c->zone_minutes) + b->end_minute * MINUTE_MS;
}

struct str minute_text(struct arena *a, int64_t minute)
{
    return str_fmt(a, "%02d:%02d", (int)(minute / 60), (int)(minute % 60));
}

struct str booking_weekday(const struct ctx *c, int32_t on)
{
    static const char *const days[] = {/* tr */ "周一", /* tr */ "周二", /* tr */ "周三",
                                       /* tr */ "周四", /* tr */ "周五", /* tr */ "周六",
                                       /* tr */ "周日"};
    return tr(c, days[date_weekday(on) - 1]);
}

struct str booking_day_words(const struct ctx *c, int32_t on)
{
    static const char *const months[] = {"January",   "February", "March",    "April",
                                         "May",       "June",     "July",     "August",
                                         "September", "October",  "November", "December"};
    struct str month = str_fmt(c->arena, "%d", on / 100 % 100);
    if (c->lang == LANG_EN)
        month = str_of(months[on / 100 % 100 - 1]);
    return tr_fill(c, "{month}月{day}日", "month", month, "day", str_fmt(c->arena, "%d", on % 100),
                   NULL);
}

struct str booking_date_words(const struct ctx *c, int32_t on)
{
    struct str day = booking_day_words(c, on), weekday = booking_weekday(c, on);
    if (c->lang == LANG_EN)
        return str_fmt(c->arena, "%.*s %.*s", STR_ARG(weekday), STR_ARG(day));
    return str_fmt(c->arena, "%.*s %.*s", STR_ARG(day), STR_ARG(weekday));
}

struct str booking_when_text(const struct ctx *c, int32_t on, int64_t minute)
{
    return str_fmt(c->arena, "%.*s %.*s", STR_ARG(booking_date_words(c, on)),
                   STR_ARG(minute_text(c->arena, minute)));
}

static enum err row_for_arrival(struct ctx *c, struct str token, struct booking_row *ret)
{
    struct booking_row *row;
    TRY(booking(c, c->center_id, token, &row));
    if (row == NULL)
        TRY(booking_by_arrival(c, c->center_id, token, &row));
    if (row == NULL)
        return fail_field(c, E_NOT_FOUND, "booking", "no such booking");
    *ret = *row;
    return E_OK;
}

enum err booking_for_arrival(struct ctx *c, struct str token, struct booking_arrival *ret)
{
    struct booking_arrival a = {.item_code = STR("")};
    struct booking_purposes_rows items;
    enum booking_state to;
    TRY(row_for_arrival(c, token, &a.row));
    a.has_ticket = a.row.ticket_token.n > 0;
    if (!a.has_ticket &&
        !booking_next_state((enum booking_state)a.row.state, BOOKING_ACT_ARRIVE, &to))
        return fail_field(c, E_BOOKING_MOVES, "booking", "state %lld", (long long)a.row.state);
    if (a.row.on_date != today(c))
        return fail_field(c, E_BOOKING_OTHER_DAY, "booking", "it is on %d", a.row.on_date);
    TRY(booking_purposes(c, c->center_id, a.row.id, &items));
    if (items.n > 0)
        a.item_code = items.v[0].item_code;
    TRY(party_unseal(c, a.row.name_sealed, &a.name));
    TRY(party_unseal(c, a.row.phone_sealed, &a.phone));
    int64_t early_ms = setting_booking_early_minutes(c) * MINUTE_MS;
    a.starts_at = booking_starts_at(c, &a.row);
    a.when = arrival_of(c->now, a.starts_at, booking_ends_at(c, &a.row), early_ms,
                        setting_booking_late_minutes(c) * MINUTE_MS);
    *ret = a;
    return E_OK;
}

enum err booking_arrived(struct ctx *c, const struct booking_arrival *a, int64_t thread,
                         struct str ticket_token)
{
    struct ctx zh = *c;
    int64_t changed;
    zh.lang = LANG_ZH;
    TRY(booking_arrive_put_changes(c, c->center_id, a->row.id, ticket_token, &changed));
    if (changed != 1)
        return fail(c, E_BOOKING_MOVES, "booking %lld moved meanwhile", (long long)a->row.id);
    struct str when = booking_when_text(&zh, a->row.on_date, a->row.start_minute);
    return journal_add(c, EV_BOOKING_ARRIVED, a->row.id, thread,
                       event_facts(c, "when", when, "zone", a->row.zone, NULL), STR_NONE);
}

enum err bookings_of_phone_today(struct ctx *c, struct str phone,
                                 struct bookings_of_person_rows *ret)
{
    *ret = (struct bookings_of_person_rows){0};
    if (phone.n < 4)
        return E_OK;
    return bookings_of_person(c, c->center_id, party_digest(c, phone), today(c), ret);
}

/* Staff find by the last four digits; the row is the same. */
enum err bookings_of_tail_today(struct ctx *c, struct str tail, struct bookings_of_person_rows *ret)
{
    struct bookings_of_tail_rows rows;
    TRY(bookings_of_tail(c, c->center_id, today(c), tail, &rows));
    ret->v = rows.v;
    ret->n = rows.n;
    return E_OK;
}
