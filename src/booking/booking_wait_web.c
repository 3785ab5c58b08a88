/* The wait list's pages: join, look, take, queue again, leave. */
#include "booking_manage.h"
#include "booking_show.h"
#include "booking_wait.h"

#include "center.h"
#include "journal.h"
#include "party.h"
#include "settings.h"

#define NOON 720

enum err wait_limit(struct ctx *c, struct wait_wish_form *f)
{
    (void)f;
    return limit_take(c, "booking_wait", STR_NONE, 10);
}

static enum err hall_phone(struct ctx *c, struct str *ret)
{
    struct center_row here;
    *ret = STR("");
    enum err e = center_here(c, &here);
    if (e == E_OK)
        *ret = here.phone;
    return e == E_NOT_FOUND ? E_OK : e;
}

static enum err zone_name_of(struct ctx *c, struct str code, struct str *ret)
{
    struct zone_row *z;
    TRY(zone(c, c->center_id, code, &z));
    *ret = z == NULL ? code : name_in_lang(c, z->name, z->name_en);
    return E_OK;
}

enum err wait_new_show(struct ctx *c, const struct wait_query_form *f, struct reply *r,
                       struct wait_new *v)
{
    struct zones_rows all;
    struct purpose p;
    (void)r;
    *v = (struct wait_new){.codes = f->items.n > 0 ? f->items : STR(""),
                           .zone = STR(""),
                           .zone_name = STR(""),
                           .people = f->people};
    v->from_on = date_text(c->arena, today(c));
    v->to_on = date_text(c->arena, booking_last_day(c));
    TRY(hall_phone(c, &v->phone));
    if (f->items.n == 0 && f->zone.n == 0) { /* asked for without saying for what */
        TRY(zones(c, c->center_id, &all));
        booking_zone_views(c, &all, &v->zones);
        return E_OK;
    }
    TRY(purpose_read(c, f->items, f->zone, f->people, &p));
    v->zone = p.zone;
    v->items.v = ARENA_ARRAY(c->arena, struct booking_what, BOOKING_ITEMS_MOST);
    for (size_t i = 0; i < p.item_count; i++)
        v->items.v[v->items.n++] =
            (struct booking_what){p.items[i].code, item_name(c, &p.items[i])};
    return zone_name_of(c, p.zone, &v->zone_name);
}

static enum err show_offer(struct ctx *c, const struct booking_wait_row *w, struct wait_view *v)
{
    struct booking_row *b = NULL;
    if (w->offer_token.n > 0)
        TRY(booking(c, c->center_id, w->offer_token, &b));
    if (b == NULL)
        return E_OK;
    v->offer = booking_when_text(c, b->on_date, b->start_minute);
    v->offer_until = w->offer_until;
    if (w->offer_until != 0)
        v->offer_until_words =
            booking_when_text(c, date_of(w->offer_until, c->zone_minutes),
                              (w->offer_until - date_start(date_of(w->offer_until, c->zone_minutes),
                                                           c->zone_minutes)) /
                                  MINUTE_MS);
    if (w->state == WAIT_TAKEN)
        v->booking = b->token;
    return E_OK;
}

static struct str state_name(const struct ctx *c, int64_t state)
{
    static const char *const names[] = {/* tr */ "正在候补", /* tr */ "有时间了",
                                        /* tr */ "已经约好",
                                        /* tr */ "错过了给出的时间", /* tr */ "已经退出"};
    return tr(c, names[state]);
}

static struct str part_name(const struct ctx *c, const struct booking_wait_row *w)
{
    return w->to_minute <= NOON     ? tr(c, "上午")
           : w->from_minute >= NOON ? tr(c, "下午")
                                    : tr(c, "上午下午都行");
}

static enum err what_name(struct ctx *c, const struct booking_wait_row *w, struct wait_view *v)
{
    struct purpose p;
    v->what = v->zone_name;
    if (w->items.n == 0)
        return E_OK;
    enum err e = purpose_read(c, w->items, w->zone, w->people, &p);
    if (e == E_OK && p.item_count > 0)
        v->what = item_name(c, &p.items[0]);
    return e == E_NO_SUCH_ITEM || e == E_NOT_FOUND ? E_OK : e;
}

static enum err view_of(struct ctx *c, const struct booking_wait_row *w, struct wait_view *v)
{
    struct str host = c->request != NULL ? c->request->host : STR("");
    struct booking_waits_before_row before;
    *v = (struct wait_view){.token = w->token,
                            .state = wait_state_word(w->state),
                            .state_name = state_name(c, w->state),
                            .zone = w->zone,
                            .people = w->people,
                            .from_on = w->from_on,
                            .to_on = w->to_on,
                            .from_words = booking_date_words(c, w->from_on),
                            .to_words = booking_date_words(c, w->to_on),
                            .part_name = part_name(c, w),
                            .offer = STR(""),
                            .offer_until_words = STR(""),
                            .booking = STR(""),
                            .link = str_fmt(c->arena, "%.*s/bookings/waits/%.*s", STR_ARG(host),
                                            STR_ARG(w->token))};
    TRY(zone_name_of(c, w->zone, &v->zone_name));
    TRY(what_name(c, w, v));
    TRY(hall_phone(c, &v->phone));
    TRY(booking_waits_before(c, c->center_id, w->zone, w->queued_at, w->id, &before));
    v->before = w->state == WAIT_WAITING ? before.waiting : 0;
    return show_offer(c, w, v);
}

static enum err wait_by_token(struct ctx *c, struct str token, struct booking_wait_row *ret)
{
    struct booking_wait_row *row;
    TRY(booking_wait(c, c->center_id, token, &row));
    if (row == NULL)
        return fail(c, E_NOT_FOUND, "no such entry of the wait list");
    *ret = *row;
    return E_OK;
}

static enum err check_wish(struct ctx *c, const struct wait_wish_form *f, struct str key)
{
    struct booking_waits_of_person_row has;
    if (f->from < today(c) || f->to < f->from || f->to > booking_last_day(c))
        return fail_field(c, E_BOOKING_WAIT_DAYS, "from", "%d to %d", f->from, f->to);
    if (f->name.n == 0)
        return fail_field(c, E_NAME_MISSING, "name", "no name");
    if (f->phone.n < 4)
        return fail_field(c, E_BOOKING_PHONE, "phone", "no phone");
    TRY(booking_waits_of_person(c, c->center_id, key, today(c), &has));
    return has.waiting < setting_booking_waits_per_phone(c) || may(c, RIGHT_BOOKING_HELP)
               ? E_OK
               : fail_field(c, E_BOOKING_WAIT_MANY, "phone", "%lld wait", (long long)has.waiting);
}

enum err wait_join(struct ctx *c, const struct wait_wish_form *f, struct reply *r,
                   struct wait_view *v)
{
    struct purpose p;
    struct booking_wait_row w;
    struct str token = public_token(c), key = party_digest(c, f->phone);
    int64_t id = new_id(c);
    TRY(check_wish(c, f, key));
    TRY(purpose_read(c, f->items, f->zone, f->people, &p));
    bool is_morning = f->part == WAIT_WISH_PART_MORNING,
         is_afternoon = f->part == WAIT_WISH_PART_AFTERNOON;
    TRY(booking_wait_add(c, c->center_id, id, token, c->now, p.zone,
                         f->items.n > 0 ? f->items : STR(""), p.people, p.minutes, f->from, f->to,
                         is_afternoon ? NOON : 0, is_morning ? NOON : 2 * NOON,
                         mask_name(c->arena, f->name), party_seal(c, f->name),
                         party_seal(c, f->phone), (struct str){f->phone.p + f->phone.n - 4, 4},
                         key));
    TRY(journal_add(c, EV_BOOKING_WAIT_JOINED, id, id,
                    event_facts(c, "from", date_text(c->arena, f->from), "to",
                                date_text(c->arena, f->to), NULL),
                    STR_NONE));
    TRY(booking_settle(c)); /* there may be something at once */
    TRY(wait_by_token(c, token, &w));
    reply_see(r, "/bookings/waits/%.*s", STR_ARG(token));
    return view_of(c, &w, v);
}

enum err wait_look(struct ctx *c, const struct wait_of_form *f, struct reply *r,
                   struct wait_view *v)
{
    struct booking_wait_row w;
    (void)r;
    TRY(wait_by_token(c, f->token, &w));
    return view_of(c, &w, v);
}

static enum err put(struct ctx *c, struct booking_wait_row *w, enum wait_state from,
                    enum wait_state to, enum event kind)
{
    int64_t changed;
    if (w->state != from)
        return fail(c, E_BOOKING_WAIT_MOVE, "state %lld", (long long)w->state);
    TRY(booking_wait_put_changes(c, c->center_id, w->id, from, to, &changed));
    if (changed != 1)
        return fail(c, E_BOOKING_WAIT_MOVE, "it moved meanwhile");
    TRY(journal_add(c, kind, w->id, w->id, STR("{}"), STR_NONE));
    return wait_by_token(c, w->token, w);
}

enum err wait_accept(struct ctx *c, const struct wait_of_form *f, struct reply *r,
                     struct wait_view *v)
{
    struct booking_wait_row w;
    struct booking_row b;
    struct booking_person who;
    TRY(wait_by_token(c, f->token, &w));
    if (w.state != WAIT_OFFERED)
        return fail(c, E_BOOKING_WAIT_MOVE, "state %lld", (long long)w.state);
    TRY(booking_by_its_token(c, w.offer_token, &b));
    TRY(party_unseal(c, w.name_sealed, &who.name));
    TRY(party_unseal(c, w.phone_sealed, &who.phone));
    TRY(booking_confirm(c, &b, &who));
    TRY(put(c, &w, WAIT_OFFERED, WAIT_TAKEN, EV_BOOKING_WAIT_TAKEN));
    reply_see(r, "/bookings/%.*s", STR_ARG(b.token));
    return view_of(c, &w, v);
}

enum err wait_again(struct ctx *c, const struct wait_of_form *f, struct reply *r,
                    struct wait_view *v)
{
    struct booking_wait_row w;
    int64_t changed;
    TRY(wait_by_token(c, f->token, &w));
    if (w.to_on < today(c))
        return fail(c, E_BOOKING_WAIT_MOVE, "its days are over");
    TRY(booking_wait_queue_changes(c, c->center_id, w.id, c->now, &changed));
    if (changed != 1)
        return fail(c, E_BOOKING_WAIT_MOVE, "state %lld", (long long)w.state);
    TRY(booking_settle(c));
    TRY(wait_by_token(c, f->token, &w));
    reply_see(r, "/bookings/waits/%.*s", STR_ARG(w.token));
    return view_of(c, &w, v);
}

/* Who was offered a time and does not want it lets it go for the next one. */
enum err wait_leave(struct ctx *c, const struct wait_of_form *f, struct reply *r,
                    struct wait_view *v)
{
    struct booking_wait_row w;
    struct booking_row b;
    TRY(wait_by_token(c, f->token, &w));
    if (w.state == WAIT_OFFERED) {
        TRY(booking_by_its_token(c, w.offer_token, &b));
        TRY(booking_cancel(c, &b));
        TRY(put(c, &w, WAIT_OFFERED, WAIT_LEFT, EV_BOOKING_WAIT_LEFT));
    } else {
        TRY(put(c, &w, WAIT_WAITING, WAIT_LEFT, EV_BOOKING_WAIT_LEFT));
    }
    TRY(booking_settle(c));
    reply_see(r, "/bookings/waits/%.*s", STR_ARG(w.token));
    return view_of(c, &w, v);
}
