/* Holding, booking, moving, cancelling. Every taking goes through take_places() and every giving back
 * through give_back(), so the counters are right as long as these two are. */
#include "booking.h"
#include "booking_wait.h"

#include "crypt.h"
#include "journal.h"
#include "party.h"
#include "settings.h"

#define MISSED_DAYS 60 /* how far back missed bookings count */

static const signed char moves[BOOKING_STATE_COUNT][BOOKING_ACT_COUNT] = {
    [BOOKING_HELD] = {BOOKING_BOOKED, -1, BOOKING_CANCELLED, BOOKING_LAPSED, -1, -1},
    [BOOKING_BOOKED] = {-1, BOOKING_BOOKED, BOOKING_CANCELLED, -1, BOOKING_ARRIVED, BOOKING_MISSED},
    [BOOKING_ARRIVED] = {-1, -1, -1, -1, -1, -1},
    [BOOKING_CANCELLED] = {-1, -1, -1, -1, -1, -1},
    [BOOKING_LAPSED] = {-1, -1, -1, -1, -1, -1},
    [BOOKING_MISSED] = {-1, -1, -1, -1, BOOKING_ARRIVED, -1},
};

bool booking_next_state(enum booking_state from, enum booking_act act, enum booking_state *ret)
{
    if (moves[from][act] < 0)
        return false;
    *ret = (enum booking_state)moves[from][act];
    return true;
}

struct str booking_state_word(int64_t state)
{
    static const char *const words[] = {"held",      "booked", "arrived",
                                        "cancelled", "lapsed", "missed"};
    return state >= 0 && state < BOOKING_STATE_COUNT ? str_of(words[state]) : STR("");
}

static enum err next_state(struct ctx *c, const struct booking_row *b, enum booking_act act,
                           enum booking_state *ret)
{
    return booking_next_state((enum booking_state)b->state, act, ret)
               ? E_OK
               : fail(c, E_BOOKING_MOVES, "act %d in state %lld", act, (long long)b->state);
}

static enum err note(struct ctx *c, const struct booking_row *b, enum event kind)
{
    struct ctx zh = *c;
    zh.lang = LANG_ZH;
    struct str when = booking_when_text(&zh, b->on_date, b->start_minute);
    return journal_add(c, kind, b->id, b->id, event_facts(c, "when", when, "zone", b->zone, NULL),
                       STR_NONE);
}

/* --- taking --- */

static enum err take_one(struct ctx *c, int64_t booking_id, struct str zone, int32_t on,
                         const struct slot *s, enum booking_class class)
{
    enum booking_class from = class;
    int64_t changed = 0;
    if (class == BOOKING_HELPED && s->given[BOOKING_HELPED] <= s->taken[BOOKING_HELPED])
        from = BOOKING_OPEN;
    int capacity = s->given[from] - (s->taken[from] - s->own[from]);
    if (capacity > s->own[from])
        TRY(booking_slot_take_changes(c, c->center_id, zone, on, s->start_minute, from,
                                      s->end_minute, capacity, &changed));
    if (changed != 1)
        return fail_field(c, E_BOOKING_FULL, "at", "%d at %d", on, s->start_minute);
    return booking_place_add(c, c->center_id, booking_id, s->start_minute, zone, on, from);
}

static enum err find_start(struct ctx *c, const struct day *d, int start_minute, int minutes,
                           size_t *ret_at, size_t *ret_count)
{
    size_t at = 0;
    while (at < d->n && d->slots[at].start_minute != start_minute)
        at++;
    if (at == d->n || start_minute < d->from_minute)
        return fail_field(c, E_BOOKING_CLOSED, "at", "no slot of %d at %d", d->on, start_minute);
    *ret_at = at;
    *ret_count = slots_run(d->slots, d->n, at, minutes);
    return *ret_count > 0 ? E_OK
                          : fail_field(c, E_BOOKING_TOO_LONG, "at", "%d minutes from %d", minutes,
                                       start_minute);
}

/* Says kindly what the counters will enforce: in the usual case nothing has been written yet. */
static enum err take_places(struct ctx *c, int64_t booking_id, struct str zone, int minutes,
                            struct booking_when when, enum booking_class class, int *ret_end_minute)
{
    struct day_reader r;
    struct day *d = ARENA_NEW(c->arena, struct day);
    size_t at, count;
    if (when.on < today(c) || when.on > booking_last_day(c))
        return fail_field(c, E_BOOKING_CLOSED, "on", "%d is out of reach", when.on);
    TRY(days_open(c, zone, when.on, when.on, &r));
    TRY(days_read(&r, when.on, d));
    TRY(find_start(c, d, when.start_minute, minutes, &at, &count));
    for (size_t i = at; i < at + count; i++)
        if (slot_free(&d->slots[i], class) == 0)
            return d->slots[i].given[BOOKING_OPEN] == 0 && d->slots[i].places[BOOKING_OPEN] > 0 &&
                           d->percent < 100
                       ? fail_field(c, E_BOOKING_NOT_OUT, "on", "%d percent are out", d->percent)
                       : fail_field(c, E_BOOKING_FULL, "at", "%d at %d", when.on,
                                    d->slots[i].start_minute);
    for (size_t i = at; i < at + count; i++)
        TRY(take_one(c, booking_id, zone, when.on, &d->slots[i], class));
    *ret_end_minute = d->slots[at + count - 1].end_minute;
    return E_OK;
}

/* --- giving back --- */

static enum err give_back(struct ctx *c, const struct booking_row *b, bool at_once)
{
    struct booking_places_rows rows;
    uint64_t dice;
    random_bytes(&dice, sizeof(dice));
    TRY(booking_places(c, c->center_id, b->id, &rows));
    for (size_t i = 0; i < rows.n; i++) {
        const struct booking_places_row *p = &rows.v[i];
        int64_t starts_at = date_start(p->on_date, c->zone_minutes) + p->start_minute * MINUTE_MS;
        int64_t at =
            release_at(c->now, starts_at, setting_booking_return_near_minutes(c) * MINUTE_MS,
                       setting_booking_return_least_minutes(c) * MINUTE_MS,
                       setting_booking_return_most_minutes(c) * MINUTE_MS, dice);
        if (at_once || at <= c->now)
            TRY(booking_slot_give(c, c->center_id, p->zone, p->on_date, p->start_minute, p->class));
        else
            TRY(booking_return_add(c, c->center_id, new_id(c), p->zone, p->on_date, p->start_minute,
                                   p->class, at));
    }
    return booking_places_clear(c, c->center_id, b->id);
}

static enum err let_holds_lapse(struct ctx *c)
{
    struct bookings_held_over_rows rows;
    TRY(bookings_held_over(c, c->center_id, c->now, &rows));
    for (size_t i = 0; i < rows.n; i++) {
        int64_t changed;
        TRY(booking_end_put_changes(c, c->center_id, rows.v[i].id, BOOKING_HELD, BOOKING_LAPSED,
                                    c->now, &changed));
        if (changed != 1)
            continue;
        TRY(give_back(c, &rows.v[i], true));
        TRY(wait_let_lapse(c, rows.v[i].wait_id));
        TRY(note(c, &rows.v[i], EV_BOOKING_LAPSED));
    }
    return E_OK;
}

static enum err release_returns(struct ctx *c)
{
    struct booking_returns_due_rows rows;
    TRY(booking_returns_due(c, c->center_id, c->now, &rows));
    for (size_t i = 0; i < rows.n; i++) {
        const struct booking_returns_due_row *p = &rows.v[i];
        struct booking_row what = {.id = p->id,
                                   .on_date = p->on_date,
                                   .start_minute = p->start_minute,
                                   .zone = p->zone};
        TRY(booking_slot_give(c, c->center_id, p->zone, p->on_date, p->start_minute, p->class));
        TRY(booking_return_drop(c, c->center_id, p->id));
        TRY(note(c, &what, EV_BOOKING_RELEASED));
    }
    return E_OK;
}

enum err booking_settle(struct ctx *c)
{
    TRY(let_holds_lapse(c));
    TRY(release_returns(c));
    return waits_offer(c);
}

enum err booking_settle_job(struct ctx *c)
{
    return booking_settle(c);
}

/* --- acts --- */

static enum err reread(struct ctx *c, struct booking_row *b)
{
    struct booking_row *row;
    TRY(booking_by_id(c, c->center_id, b->id, &row));
    BUG_IF(row == NULL);
    *b = *row;
    return E_OK;
}

enum err booking_hold(struct ctx *c, const struct purpose *p, struct booking_when when,
                      enum booking_class class, int64_t hold_until, int64_t wait_id,
                      struct booking_row *ret)
{
    struct booking_row b = {.id = new_id(c)};
    int end_minute;
    TRY(take_places(c, b.id, p->zone, p->minutes, when, class, &end_minute));
    TRY(booking_add(c, c->center_id, b.id, public_token(c), public_token(c), class,
                    c->actor.kind == ACTOR_STAFF && may(c, RIGHT_BOOKING_HELP), p->zone, when.on,
                    when.start_minute, end_minute, p->minutes, p->people, c->now, hold_until,
                    wait_id));
    for (size_t i = 0; i < p->item_count; i++)
        TRY(booking_purpose_add(c, c->center_id, b.id, (int64_t)i, p->items[i].id, p->items[i].code,
                                p->items[i].name, p->items[i].name_en));
    TRY(reread(c, &b));
    TRY(note(c, &b, EV_BOOKING_HELD));
    *ret = b;
    return E_OK;
}

static enum err check_person(struct ctx *c, struct str phone_key)
{
    struct booking_person_row has;
    if (may(c, RIGHT_BOOKING_HELP))
        return E_OK;
    TRY(booking_person(c, c->center_id, phone_key, date_add(today(c), -MISSED_DAYS), &has));
    if (has.open >= setting_booking_per_phone(c))
        return fail_field(c, E_BOOKING_TOO_MANY, "phone", "%lld open", (long long)has.open);
    if (has.missed >= setting_booking_missed_most(c))
        return fail_field(c, E_BOOKING_MISSED_OFTEN, "phone", "%lld missed", (long long)has.missed);
    return E_OK;
}

enum err booking_confirm(struct ctx *c, struct booking_row *b, const struct booking_person *who)
{
    enum booking_state to;
    int64_t changed;
    if (b->state == BOOKING_LAPSED || (b->state == BOOKING_HELD && b->hold_until <= c->now))
        return fail(c, E_BOOKING_HOLD_OVER, "held until %lld", (long long)b->hold_until);
    TRY(next_state(c, b, BOOKING_ACT_CONFIRM, &to));
    if (who->name.n == 0)
        return fail_field(c, E_NAME_MISSING, "name", "no name");
    if (who->phone.n < 4)
        return fail_field(c, E_BOOKING_PHONE, "phone", "no phone");
    struct str key = party_digest(c, who->phone);
    struct str tail = {who->phone.p + who->phone.n - 4, 4};
    TRY(check_person(c, key));
    TRY(booking_confirm_put_changes(c, c->center_id, b->id, mask_name(c->arena, who->name),
                                    party_seal(c, who->name), party_seal(c, who->phone), tail, key,
                                    &changed));
    if (changed != 1)
        return fail(c, E_BOOKING_MOVES, "booking %lld moved meanwhile", (long long)b->id);
    TRY(reread(c, b));
    return note(c, b, EV_BOOKING_MADE);
}

enum err booking_move(struct ctx *c, struct booking_row *b, struct booking_when when)
{
    enum booking_state to;
    int64_t changed;
    int end_minute;
    TRY(next_state(c, b, BOOKING_ACT_MOVE, &to));
    bool is_ours = b->conflict.n > 0 || may(c, RIGHT_BOOKING_HELP);
    if (b->moves >= setting_booking_moves_most(c) && !is_ours)
        return fail(c, E_BOOKING_MOVED_OFTEN, "%lld moves", (long long)b->moves);
    if (when.on == b->on_date && when.start_minute == b->start_minute)
        return fail_field(c, E_BOOKING_MOVES, "at", "it is there already");
    TRY(give_back(c, b, false));
    TRY(take_places(c, b->id, b->zone, (int)b->minutes, when, (enum booking_class)b->class,
                    &end_minute));
    TRY(booking_move_put_changes(c, c->center_id, b->id, when.on, when.start_minute, end_minute,
                                 &changed));
    if (changed != 1)
        return fail(c, E_BOOKING_MOVES, "booking %lld moved meanwhile", (long long)b->id);
    TRY(reread(c, b));
    return note(c, b, EV_BOOKING_MOVED);
}

enum err booking_cancel(struct ctx *c, struct booking_row *b)
{
    enum booking_state to = BOOKING_CANCELLED;
    int64_t changed;
    TRY(next_state(c, b, BOOKING_ACT_CANCEL, &to));
    TRY(booking_end_put_changes(c, c->center_id, b->id, b->state, to, c->now, &changed));
    if (changed != 1)
        return fail(c, E_BOOKING_MOVES, "booking %lld moved meanwhile", (long long)b->id);
    TRY(give_back(c, b, b->state == BOOKING_HELD));
    b->state = to;
    b->ended_at = c->now;
    return note(c, b, EV_BOOKING_CANCELLED);
}

enum err booking_by_its_token(struct ctx *c, struct str token, struct booking_row *ret)
{
    struct booking_row *row;
    TRY(booking(c, c->center_id, token, &row));
    if (row == NULL)
        return fail(c, E_NOT_FOUND, "no such booking");
    *ret = *row;
    return E_OK;
}

/* Days that are over: who was booked and has not come has missed it. */
enum err booking_close_day_job(struct ctx *c)
{
    struct bookings_missed_rows rows;
    TRY(bookings_missed(c, c->center_id, today(c), &rows));
    for (size_t i = 0; i < rows.n; i++) {
        if (rows.v[i].conflict.n > 0) /* it was we who did not keep the day */
            TRY(booking_end_put(c, c->center_id, rows.v[i].id, BOOKING_BOOKED, BOOKING_CANCELLED,
                                c->now));
        else
            TRY(booking_end_put(c, c->center_id, rows.v[i].id, BOOKING_BOOKED, BOOKING_MISSED,
                                c->now));
        TRY(booking_places_clear(c, c->center_id, rows.v[i].id));
        if (rows.v[i].conflict.n == 0)
            TRY(note(c, &rows.v[i], EV_BOOKING_MISSED));
    }
    return E_OK;
}
