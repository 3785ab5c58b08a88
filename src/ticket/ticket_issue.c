/* Issuing: what a visitor wants and needs becomes a class, a line, a place and a number. The order
 * of statements is short on purpose, it is the busiest act of a morning: item, line, number,
 * ticket, queue, people ahead, journal. */
#include "ticket.h"

#include "assist.h"
#include "booking.h"
#include "clock.h"
#include "item.h"
#include "journal.h"
#include "party.h"
#include "place.h"
#include "ahead.h"
#include "quota.h"
#include "settings.h"
#include "steps.h"

#define ELDERLY_AGE 60 /* 老年人权益保障法 art. 2 */

struct wish {
    enum ticket_channel channel;
    int64_t needs;
    enum ticket_class class;
    struct item_row item; /* id 0 when only the zone is known */
    struct line_facts line;
    struct place place;
    struct str name, phone, phone_tail, phone_key;
    bool is_booked; /* by booking, of which the rest is told */
    struct booking_arrival booking;
    int64_t queued_at;
    const struct given_number *given; /* NULL: the next one */
};

static enum err read_needs(struct ctx *c, const struct ticket_wish_form *f, int64_t *ret_needs)
{
    static const char *const words[] = {"no_stairs", "low_vision", "deaf",     "infant", "pregnant",
                                        "elderly",   "disabled",   "military", "foreign"};
    int64_t needs = 0;
    for (size_t i = 0; i < f->needs.n; i++)
        for (size_t k = 0; k < sizeof(words) / sizeof(words[0]); k++)
            if (str_is(f->needs.v[i], words[k]))
                needs |= INT64_C(1) << k;
    struct str id_no = identify_clean(c->arena, f->id_no);
    if (id_no.n == 18) {
        if (resident_id_check(id_no, today(c)) != ID_OK)
            return fail_field(c, E_ID_NO_WRONG, "id_no", "check failed");
        if (today(c) - resident_id_birth(id_no) >= ELDERLY_AGE * 10000)
            needs |= NEED_ELDERLY;
    }
    *ret_needs = needs;
    return E_OK;
}

/* Who was booked has said before what he comes for. From home nobody arrives early. */
static enum err read_booking(struct ctx *c, const struct ticket_wish_form *f, struct wish *w)
{
    TRY(booking_for_arrival(c, f->booking, &w->booking));
    w->is_booked = true;
    w->name = w->booking.name;
    w->phone = w->booking.phone;
    bool is_early = !w->booking.has_ticket && w->booking.when == ARRIVAL_EARLY;
    return is_early && w->channel == CHANNEL_WEB
               ? fail_field(c, E_BOOKING_EARLY, "booking", "it begins later")
               : E_OK;
}

/* The class booked queues from the beginning of its window (policy.h), so nobody gains by coming hours
 * before; who has a claim by law and comes before it begins waits by that claim until then. */
static enum err choose_class(struct ctx *c, bool is_green, struct wish *w)
{
    struct zone_order o;
    w->queued_at = c->now;
    w->class = class_of_needs(w->needs, w->is_booked, is_green);
    if (!w->is_booked)
        return E_OK;
    if (w->booking.when == ARRIVAL_LATE) {
        w->class = class_of_needs(w->needs, false, is_green);
    } else if (c->now >= w->booking.starts_at) {
        TRY(zone_order(c, w->line.zone_id, STR(""), &o));
        w->class = class_with_booking(&o.policy, w->needs, is_green);
    }
    if (w->class == CLASS_BOOKED && w->booking.starts_at > c->now) {
        w->queued_at = w->booking.starts_at;
        w->place.reason = reason_add(c, w->place.reason, /* tr */ "您约的是 {time}，到时间先叫您",
                                     "time", minute_text(c->arena, w->booking.row.start_minute));
    }
    return E_OK;
}

static enum err read_place(struct ctx *c, struct str item, struct str zone, struct wish *w)
{
    if (item.n > 0) {
        TRY(item_by_any_code(c, item, &w->item));
        TRY(line_facts_of_item(c, w->item.id, &w->line));
    } else {
        TRY(line_facts_of_zone(c, zone, &w->line));
    }
    return place_choose(c, &w->line, w->needs, &w->place);
}

static enum err read_wish(struct ctx *c, const struct ticket_wish_form *f, struct wish *w)
{
    bool is_staff = c->actor.kind == ACTOR_STAFF && may(c, RIGHT_TICKET_ISSUE);
    w->name = f->name;
    w->phone = f->phone;
    w->channel = f->channel < 0 ? CHANNEL_WEB : (enum ticket_channel)f->channel;
    if (w->channel == CHANNEL_GUIDE && !is_staff)
        w->channel = CHANNEL_WEB;
    TRY(read_needs(c, f, &w->needs));
    if (f->booking.n > 0)
        TRY(read_booking(c, f, w));
    if (w->is_booked && w->booking.has_ticket)
        return E_OK;
    if (f->item.n > 0 || f->zone.n > 0)
        TRY(read_place(c, f->item, f->zone, w));
    else if (w->is_booked)
        TRY(read_place(c, w->booking.item_code, w->booking.row.zone, w));
    else
        return fail_field(c, E_ITEM_OR_ZONE, "item", "neither item nor zone");
    return choose_class(c, is_staff && f->priority == 0, w);
}

/* Who hoards numbers is sent to the guide desk; staff may go on. */
static enum err check_phone(struct ctx *c, struct wish *w)
{
    struct tickets_of_phone_row taken;
    if (w->phone.n < 4)
        return E_OK;
    w->phone_tail = (struct str){w->phone.p + w->phone.n - 4, 4};
    w->phone_key = party_digest(c, w->phone);
    TRY(tickets_of_phone(c, c->center_id, today(c), w->phone_tail, w->phone_key, &taken));
    if (taken.tickets >= setting_ticket_per_phone_day(c) && w->channel != CHANNEL_GUIDE &&
        !w->is_booked)
        return fail_field(c, E_TOO_MANY_TICKETS, "phone", "%lld today", (long long)taken.tickets);
    return E_OK;
}

static enum err thread_of(struct ctx *c, const struct ticket_wish_form *f, int64_t own_id,
                          int64_t *ret_thread)
{
    struct ticket_row *other = NULL;
    *ret_thread = own_id;
    if (f->thread_token.n > 0)
        TRY(ticket_by_token(c, c->center_id, f->thread_token, &other));
    if (other != NULL)
        *ret_thread = other->thread;
    return E_OK;
}

static void fill_row(struct ctx *c, const struct wish *w, struct ticket_row *t)
{
    t->token = public_token(c);
    t->zone_id = w->line.zone_id;
    t->zone_code = w->line.zone_code;
    t->zone_name = w->line.zone_name;
    t->zone_name_en = w->line.zone_name_en;
    t->line_id = w->place.line_id;
    t->line_service_ms = w->place.service_ms;
    t->line_desks_open = w->place.desks_open;
    t->item_id = w->item.id;
    t->item_code = w->item.id == 0 ? STR("") : w->item.code;
    t->item_name = w->item.id == 0 ? STR("") : w->item.name;
    t->item_name_en = w->item.id == 0 ? STR("") : w->item.name_en;
    t->issued_on = today(c);
    t->prefix = w->line.prefix;
    t->class = w->class;
    t->needs = w->needs;
    t->step_free = w->place.step_free;
    t->channel = w->channel;
    t->state = TICKET_WAITING;
    t->floor = w->place.floor;
    t->reason = w->place.reason;
    t->name_masked = w->name.n > 0 ? mask_name(c->arena, w->name) : STR("");
    t->name_sealed = party_seal(c, w->name);
    t->phone_sealed = party_seal(c, w->phone);
    t->phone_tail = w->phone_tail;
    t->call_reason = STR("");
    t->issued_at = c->now;
    t->queued_at = w->queued_at;
    if (w->given == NULL)
        return;
    t->token = w->given->token;
    t->issued_on = w->given->issued_on;
    t->number = w->given->number;
    t->issued_at = t->queued_at = w->given->issued_at;
}

static enum err number_of(struct ctx *c, struct ticket_row *t)
{
    struct ticket_number_next_row number;
    if (t->number != 0)
        return E_OK;
    TRY(ticket_number_next(c, c->center_id, t->zone_id, t->issued_on, &number));
    t->number = number.last;
    return E_OK;
}

/* Only what can be kept is remembered: with no desk open nobody knows when one will be. */
static enum err foresee(struct ctx *c, struct ticket_row *t, struct ahead *ret)
{
    TRY(ahead_of_new(c, t, ret));
    if (t->line_desks_open > 0) {
        t->ahead = ret->weight;
        t->told_half_ms = ret->told.half_ms;
        t->told_most_ms = ret->told.most_ms;
    }
    return E_OK;
}

static enum err issue(struct ctx *c, const struct ticket_wish_form *f,
                      const struct given_number *given, struct ticket_row *ret,
                      struct ahead *ret_ahead, bool *ret_is_new)
{
    struct wish w = {.given = given};
    struct ticket_row t = {0};
    struct ctx zh = *c;
    TRY(read_wish(c, f, &w));
    *ret_is_new = !(w.is_booked && w.booking.has_ticket);
    if (!*ret_is_new)
        return ticket_by_its_token(c, w.booking.row.ticket_token, ret);
    TRY(check_phone(c, &w));
    if (w.channel != CHANNEL_GUIDE && !w.is_booked)
        TRY(quota_check(c, w.line.zone_id));
    t.id = new_id(c);
    TRY(thread_of(c, f, t.id, &t.thread));
    fill_row(c, &w, &t);
    TRY(number_of(c, &t));
    TRY(foresee(c, &t, ret_ahead));
    TRY(ticket_add(c, c->center_id, t.id, t.thread, t.token, t.zone_id, t.line_id, t.item_id,
                   t.item_code, t.item_name, t.item_name_en, t.issued_on, t.prefix, t.number,
                   t.class, t.needs, t.step_free, t.channel, t.floor, t.reason, t.name_masked,
                   t.name_sealed, t.phone_sealed, t.phone_tail, w.phone_key, t.issued_at,
                   t.queued_at, t.ahead, t.told_half_ms, t.told_most_ms));
    TRY(line_queue_add(c, c->center_id, t.line_id, t.class));
    zh.lang = LANG_ZH;
    TRY(ticket_note(c, &t, EV_TICKET_ISSUED, "reason",
                    reason_show(&zh, t.reason, t.line_desks_open > 0)));
    if (w.is_booked)
        TRY(booking_arrived(c, &w.booking, t.thread, t.token));
    if (w.place.needs_escort)
        TRY(place_ask_escort(c, &t));
    *ret = t;
    return E_OK;
}

enum err ticket_issue(struct ctx *c, const struct ticket_wish_form *f, struct ticket_row *ret)
{
    struct ahead a;
    bool is_new;
    return issue(c, f, NULL, ret, &a, &is_new);
}

enum err ticket_issue_given(struct ctx *c, const struct ticket_wish_form *f,
                            const struct given_number *given, struct ticket_row *ret)
{
    struct ahead a;
    bool is_new;
    return issue(c, f, given, ret, &a, &is_new);
}

enum err ticket_issue_shown(struct ctx *c, const struct ticket_wish_form *f, struct ticket_row *ret,
                            struct ticket_view *ret_view)
{
    struct ahead a = {0};
    bool is_new = false;
    TRY(issue(c, f, NULL, ret, &a, &is_new));
    return is_new ? ticket_show_new(c, ret, &a, ret_view) : ticket_show(c, ret, ret_view);
}

enum err ticket_cancel(struct ctx *c, struct ticket_row *t)
{
    enum ticket_state to;
    int64_t changed;
    if (!ticket_next_state((enum ticket_state)t->state, TICKET_ACT_CANCEL, &to))
        return fail(c, t->state >= TICKET_FINISHED ? E_TICKET_ENDED : E_TICKET_MOVE,
                    "cancel in state %lld", (long long)t->state);
    TRY(ticket_end_put_changes(c, c->center_id, t->id, t->state, to, c->now, &changed));
    if (changed != 1)
        return fail(c, E_TICKET_MOVE, "ticket %lld moved meanwhile", (long long)t->id);
    if (t->state == TICKET_WAITING)
        TRY(line_queue_take(c, c->center_id, t->line_id, t->class));
    t->state = to;
    t->ended_at = c->now;
    TRY(ticket_note(c, t, EV_TICKET_CANCELLED, NULL, STR_NONE));
    return assists_of_thread_cancel(c, t->thread);
}

enum err ticket_rejoin(struct ctx *c, struct ticket_row *t)
{
    enum ticket_state to;
    struct line_facts f;
    struct place p;
    int64_t latest = t->ended_at + setting_ticket_rejoin_minutes(c) * MINUTE_MS;
    if (!ticket_next_state((enum ticket_state)t->state, TICKET_ACT_REJOIN, &to))
        return fail(c, t->state >= TICKET_FINISHED ? E_TICKET_ENDED : E_TICKET_MOVE,
                    "rejoin in state %lld", (long long)t->state);
    if (c->now > latest && !may(c, RIGHT_TICKET_ISSUE))
        return fail(c, E_TICKET_ENDED, "missed too long ago");
    if (t->item_id != 0)
        TRY(line_facts_of_item(c, t->item_id, &f));
    else
        TRY(line_facts_of_zone(c, t->zone_code, &f));
    TRY(place_choose(c, &f, t->needs, &p));
    return ticket_requeue(c, t, &p, c->now, EV_TICKET_CAME_BACK, STR_NONE);
}

/* Numbers are of one day: who still waits from an earlier one is told so and leaves the line. */
enum err ticket_close_day_job(struct ctx *c)
{
    struct tickets_left_over_rows rows;
    TRY(tickets_left_over(c, c->center_id, today(c), &rows));
    for (size_t i = 0; i < rows.n; i++) {
        const struct tickets_left_over_row *t = &rows.v[i];
        TRY(ticket_end_put(c, c->center_id, t->id, TICKET_WAITING, TICKET_CANCELLED, c->now));
        TRY(line_queue_take(c, c->center_id, t->line_id, t->class));
        struct str number = ticket_number_text(c, t->prefix, t->number);
        TRY(journal_add(c, EV_TICKET_EXPIRED, t->id, t->thread,
                        event_facts(c, "number", number, NULL), STR_NONE));
    }
    return number_blocks_count(c);
}
