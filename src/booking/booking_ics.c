/* A booking as a calendar file (RFC 5545): lines of at most 75 bytes, CR LF, texts escaped, times in
 * UTC. The same UID over a move with a higher SEQUENCE, so the calendar moves its entry. */
#include "booking_show.h"

#define LINE_MOST 74

/* 3.1: a long line goes on after CR LF and a blank; never inside a character. */
static void put_line(struct buf *b, struct str line)
{
    size_t used = 0;
    for (size_t i = 0; i < line.n; i++) {
        bool is_start = ((unsigned char)line.p[i] & 0xc0) != 0x80;
        size_t length = 1;
        while (is_start && i + length < line.n &&
               ((unsigned char)line.p[i + length] & 0xc0) == 0x80)
            length++;
        if (is_start && used + length > LINE_MOST) {
            buf_lit(b, "\r\n ");
            used = 1;
        }
        buf_char(b, line.p[i]);
        used++;
    }
    buf_lit(b, "\r\n");
}

/* 3.3.11: backslash, comma, semicolon, line break. */
static struct str escaped(struct ctx *c, struct str s)
{
    struct buf b;
    buf_init(&b, c->arena, 16384);
    for (size_t i = 0; i < s.n; i++) {
        if (s.p[i] == '\\' || s.p[i] == ',' || s.p[i] == ';')
            buf_char(&b, '\\');
        if (s.p[i] == '\n')
            buf_lit(&b, "\\n");
        else if ((unsigned char)s.p[i] >= 0x20)
            buf_char(&b, s.p[i]);
    }
    return buf_as_str(&b);
}

static struct str utc(struct ctx *c, int64_t at)
{
    int32_t on = date_of(at, 0);
    int64_t s = (at - date_start(on, 0)) / SECOND_MS;
    return str_fmt(c->arena, "%08dT%02d%02d%02dZ", on, (int)(s / 3600), (int)(s / 60 % 60),
                   (int)(s % 60));
}

static struct str summary(struct ctx *c, const struct booking_view *v)
{
    struct str what = v->items.n > 0 ? v->items.v[0].name : v->zone_name;
    return escaped(c, str_fmt(c->arena, "%.*s · %.*s", STR_ARG(what), STR_ARG(page_center(c))));
}

static void put_event(struct ctx *c, struct buf *b, const struct booking_row *row,
                      const struct booking_view *v)
{
    struct str place = str_fmt(c->arena, "%.*s %.*s %.*s", STR_ARG(page_center(c)),
                               STR_ARG(v->floor_name), STR_ARG(v->zone_name));
    struct str say = tr_fill(c, "到了请在自助机或导办台签到，不用重新排队。改时间或取消：{link}",
                             "link", v->link, NULL);
    put_line(b, STR("BEGIN:VEVENT"));
    put_line(b, str_fmt(c->arena, "UID:booking-%lld-%lld@onewindow", (long long)c->center_id,
                        (long long)row->id));
    put_line(b, str_fmt(c->arena, "SEQUENCE:%lld",
                        (long long)row->moves + (row->state == BOOKING_CANCELLED)));
    put_line(b, str_fmt(c->arena, "DTSTAMP:%.*s", STR_ARG(utc(c, c->now))));
    put_line(b, str_fmt(c->arena, "DTSTART:%.*s", STR_ARG(utc(c, v->starts_at))));
    put_line(b, str_fmt(c->arena, "DTEND:%.*s", STR_ARG(utc(c, v->ends_at))));
    put_line(b, str_fmt(c->arena, "SUMMARY:%.*s", STR_ARG(summary(c, v))));
    put_line(b, str_fmt(c->arena, "LOCATION:%.*s", STR_ARG(escaped(c, place))));
    put_line(b, str_fmt(c->arena, "DESCRIPTION:%.*s", STR_ARG(escaped(c, say))));
    put_line(b,
             row->state == BOOKING_CANCELLED ? STR("STATUS:CANCELLED") : STR("STATUS:CONFIRMED"));
    if (row->state == BOOKING_BOOKED) {
        put_line(b, STR("BEGIN:VALARM"));
        put_line(b, STR("ACTION:DISPLAY"));
        put_line(b, STR("TRIGGER:-PT1H"));
        put_line(b, str_fmt(c->arena, "DESCRIPTION:%.*s", STR_ARG(summary(c, v))));
        put_line(b, STR("END:VALARM"));
    }
    put_line(b, STR("END:VEVENT"));
}

enum err booking_calendar(struct ctx *c, const struct booking_of_form *f, struct reply *r)
{
    struct booking_row row;
    struct booking_view v;
    struct buf b;
    TRY(booking_by_its_token(c, f->token, &row));
    TRY(booking_view_of(c, &row, &v));
    if (row.state == BOOKING_HELD || row.state == BOOKING_LAPSED)
        return fail(c, E_BOOKING_MOVES, "state %lld", (long long)row.state);
    buf_init(&b, c->arena, 65536);
    put_line(&b, STR("BEGIN:VCALENDAR"));
    put_line(&b, STR("VERSION:2.0"));
    put_line(&b, STR("PRODID:-//OneWindow//Booking//ZH"));
    put_line(&b, STR("METHOD:PUBLISH"));
    put_event(c, &b, &row, &v);
    put_line(&b, STR("END:VCALENDAR"));
    reply_body(r, "text/calendar; charset=utf-8", buf_as_str(&b));
    r->disposition = STR("attachment; filename=\"booking.ics\"");
    return E_OK;
}
