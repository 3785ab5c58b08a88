/* The visitor's pages: choose, hold, sign, look, move, cancel. A link alone changes nothing: whoever
 * fetches an address (a mail scanner, a preview) sees a page that asks. */
#include "booking_show.h"

#include "center.h"
#include "qr.h"
#include "settings.h"

enum err booking_limit(struct ctx *c, struct booking_wish_form *f)
{
    (void)f;
    return limit_take(c, "booking", STR_NONE, 20);
}

static enum err show_zones(struct ctx *c, struct booking_choice *v)
{
    struct zones_rows rows;
    TRY(zones(c, c->center_id, &rows));
    v->zones.v = ARENA_ARRAY(c->arena, struct zone_view, rows.n + 1);
    v->zones.n = rows.n;
    for (size_t i = 0; i < rows.n; i++) {
        const struct zones_row *z = &rows.v[i];
        v->zones.v[i] = (struct zone_view){.code = z->code,
                                           .name = name_in_lang(c, z->name, z->name_en),
                                           .prefix = z->prefix,
                                           .sign = z->sign,
                                           .colour = z->colour,
                                           .floor = z->floor};
        if (str_eq(z->code, v->zone))
            v->zone_name = v->zones.v[i].name;
    }
    return E_OK;
}

static struct str codes_of(struct ctx *c, struct str items, struct str item)
{
    if (items.n > 0 && item.n > 0)
        return str_fmt(c->arena, "%.*s,%.*s", STR_ARG(items), STR_ARG(item));
    return items.n > 0 ? items : item.n > 0 ? item : STR("");
}

static void show_purpose(struct ctx *c, const struct purpose *p, struct booking_choice *v)
{
    v->zone = p->zone;
    v->people = p->people;
    v->minutes = p->minutes;
    v->items.v = ARENA_ARRAY(c->arena, struct booking_what, BOOKING_ITEMS_MOST);
    v->codes = STR("");
    for (size_t i = 0; i < p->item_count; i++) {
        v->items.v[v->items.n++] =
            (struct booking_what){p->items[i].code, item_name(c, &p->items[i])};
        v->codes = codes_of(c, v->codes, p->items[i].code);
    }
}

static enum err search_items(struct ctx *c, struct str words, struct booking_choice *v)
{
    struct item_list found = {0};
    struct item_search s = {.words = words,
                            .zone = STR(""),
                            .agency = STR(""),
                            .audience = -1,
                            .page = 1,
                            .page_size = 8};
    TRY(item_search(c, &s, &found));
    v->found = found.items;
    return E_OK;
}

static enum err begin_choice(struct ctx *c, struct booking_choice *v)
{
    struct center_row here;
    *v = (struct booking_choice){.q = STR(""),
                                 .codes = STR(""),
                                 .zone = STR(""),
                                 .zone_name = STR(""),
                                 .people = 1,
                                 .first_at = STR(""),
                                 .first_words = STR(""),
                                 .on_words = STR(""),
                                 .next_wave = STR(""),
                                 .move = STR(""),
                                 .phone = STR(""),
                                 .link = STR("/bookings/new")};
    v->is_staff = booking_class_of_actor(c) == BOOKING_HELPED;
    enum err e = center_here(c, &here);
    if (e == E_OK)
        v->phone = here.phone;
    return e == E_NOT_FOUND ? E_OK : e;
}

static struct str link_of(struct ctx *c, const struct booking_choice *v)
{
    return v->codes.n > 0 ? str_fmt(c->arena, "/bookings/new?items=%.*s&people=%lld",
                                    STR_ARG(v->codes), (long long)v->people)
                          : str_fmt(c->arena, "/bookings/new?zone=%.*s&people=%lld",
                                    STR_ARG(v->zone), (long long)v->people);
}

enum err bookings_new_show(struct ctx *c, const struct booking_query_form *f, struct reply *r,
                           struct booking_choice *v)
{
    struct purpose p;
    struct str codes = codes_of(c, f->items, f->item);
    (void)r;
    TRY(begin_choice(c, v));
    v->q = f->q.p == NULL ? STR("") : f->q;
    v->is_adding = f->add && codes.n > 0;
    if (v->q.n > 0)
        TRY(search_items(c, v->q, v));
    if (codes.n == 0 && f->zone.n == 0)
        return show_zones(c, v);
    TRY(purpose_read(c, codes, f->zone, f->people, &p));
    show_purpose(c, &p, v);
    v->link = link_of(c, v);
    struct time_need need = {p.zone, p.minutes, booking_class_of_actor(c)};
    TRY(times_find(c, &need, f->on, v));
    return show_zones(c, v);
}

enum err bookings_book(struct ctx *c, const struct booking_wish_form *f, struct reply *r,
                       struct booking_view *v)
{
    struct purpose p;
    struct booking_row b;
    struct booking_when when = {.on = f->on};
    TRY(booking_settle(c));
    TRY(minute_read(c, f->at, &when.start_minute));
    TRY(purpose_read(c, codes_of(c, f->items, f->item), f->zone, f->people, &p));
    TRY(booking_hold(c, &p, when, booking_class_of_actor(c),
                     c->now + setting_booking_hold_minutes(c) * MINUTE_MS, 0, &b));
    struct booking_person who = {f->name, f->phone};
    if (who.name.n > 0 || who.phone.n > 0)
        TRY(booking_confirm(c, &b, &who));
    reply_see(r, "/bookings/%.*s", STR_ARG(b.token));
    return booking_view_of(c, &b, v);
}

enum err booking_look(struct ctx *c, const struct booking_of_form *f, struct reply *r,
                      struct booking_view *v)
{
    struct booking_row b;
    (void)r;
    TRY(booking_by_its_token(c, f->token, &b));
    return booking_view_of(c, &b, v);
}

static enum err show_after(struct ctx *c, const struct booking_row *b, struct reply *r,
                           struct booking_view *v)
{
    reply_see(r, "/bookings/%.*s", STR_ARG(b->token));
    return booking_view_of(c, b, v);
}

enum err booking_do_confirm(struct ctx *c, const struct booking_sign_form *f, struct reply *r,
                            struct booking_view *v)
{
    struct booking_row b;
    struct booking_person who = {f->name, f->phone};
    TRY(booking_by_its_token(c, f->token, &b));
    TRY(booking_confirm(c, &b, &who));
    return show_after(c, &b, r, v);
}

enum err booking_move_show(struct ctx *c, const struct booking_move_query_form *f, struct reply *r,
                           struct booking_choice *v)
{
    struct booking_row b;
    (void)r;
    TRY(booking_by_its_token(c, f->token, &b));
    if (b.state != BOOKING_BOOKED)
        return fail(c, E_BOOKING_MOVES, "state %lld", (long long)b.state);
    TRY(begin_choice(c, v));
    v->zone = b.zone;
    v->people = b.people;
    v->minutes = b.minutes;
    v->move = b.token;
    v->link = str_fmt(c->arena, "/bookings/%.*s/move?", STR_ARG(b.token));
    TRY(booking_whats(c, b.id, &v->items));
    struct time_need need = {b.zone, (int)b.minutes, (enum booking_class)b.class};
    TRY(times_find(c, &need, f->on, v));
    return show_zones(c, v);
}

enum err booking_do_move(struct ctx *c, const struct booking_moving_form *f, struct reply *r,
                         struct booking_view *v)
{
    struct booking_row b;
    struct booking_when when = {.on = f->on};
    TRY(booking_settle(c));
    TRY(minute_read(c, f->at, &when.start_minute));
    TRY(booking_by_its_token(c, f->token, &b));
    TRY(booking_move(c, &b, when));
    return show_after(c, &b, r, v);
}

enum err booking_cancel_show(struct ctx *c, const struct booking_of_form *f, struct reply *r,
                             struct booking_view *v)
{
    return booking_look(c, f, r, v);
}

enum err booking_do_cancel(struct ctx *c, const struct booking_of_form *f, struct reply *r,
                           struct booking_view *v)
{
    struct booking_row b;
    TRY(booking_by_its_token(c, f->token, &b));
    TRY(booking_cancel(c, &b));
    return show_after(c, &b, r, v);
}

enum err booking_qr(struct ctx *c, const struct booking_of_form *f, struct reply *r)
{
    struct booking_view v;
    struct booking_row b;
    TRY(booking_by_its_token(c, f->token, &b));
    TRY(booking_view_of(c, &b, &v));
    struct str svg = qr_svg(c->arena, v.link);
    if (svg.p == NULL)
        return fail(c, E_INTERNAL, "no QR code for a link of %zu bytes", v.link.n);
    reply_body(r, "image/svg+xml", svg);
    return E_OK;
}
