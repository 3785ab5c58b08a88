/* Desks are few and stand in a list; tickets that are not ended stand in a table by id. What has ended is forgotten:
 * a ticket that comes back brings all that is needed in its own entry. */
#include <jansson.h>

#include "fold.h"

#include <string.h>

#include "json.h"

enum { WAITS, CALLED, SERVED, PARKED };

struct ticket_then {
    int64_t id; /* 0: an empty place of the table; -1: one that was left */
    int64_t state, since;
    struct str number, zone, desk;
};

struct fold {
    struct arena *a;
    struct desk_now *desks;
    size_t desk_count, desk_room;
    struct ticket_then *tickets;
    size_t used, room; /* room is a power of two */
    struct alarm_now *alarms;
    size_t alarm_count, alarm_room;
};

struct fold *fold_new(struct arena *a)
{
    struct fold *f = ARENA_NEW(a, struct fold);
    f->a = a;
    f->room = 256;
    f->tickets = ARENA_ARRAY(a, struct ticket_then, f->room);
    return f;
}

/* --- tickets --- */

static struct ticket_then *place_of(struct fold *f, int64_t id)
{
    size_t at = (size_t)((uint64_t)id * UINT64_C(0x9e3779b97f4a7c15) >> 20) & (f->room - 1);
    struct ticket_then *left = NULL;
    for (;; at = (at + 1) & (f->room - 1)) {
        struct ticket_then *t = &f->tickets[at];
        if (t->id == id)
            return t;
        if (t->id == -1 && left == NULL)
            left = t;
        if (t->id == 0)
            return left != NULL ? left : t;
    }
}

static void make_room(struct fold *f)
{
    struct ticket_then *old = f->tickets;
    size_t room = f->room, live = 0;
    for (size_t i = 0; i < room; i++)
        live += old[i].id > 0;
    while (f->room < live * 4)
        f->room *= 2;
    f->tickets = ARENA_ARRAY(f->a, struct ticket_then, f->room);
    f->used = live;
    for (size_t i = 0; i < room; i++)
        if (old[i].id > 0)
            *place_of(f, old[i].id) = old[i];
}

static struct ticket_then *ticket_then(struct fold *f, int64_t id)
{
    if (f->used * 2 >= f->room)
        make_room(f);
    struct ticket_then *t = place_of(f, id);
    if (t->id != id) {
        f->used += t->id == 0;
        *t = (struct ticket_then){.id = id};
    }
    return t;
}

/* --- desks --- */

static struct desk_now *desk_then(struct fold *f, struct str code)
{
    for (size_t i = 0; i < f->desk_count; i++)
        if (str_eq(f->desks[i].code, code))
            return &f->desks[i];
    if (f->desk_count == f->desk_room) {
        size_t room = f->desk_room == 0 ? 64 : f->desk_room * 2;
        struct desk_now *more = ARENA_ARRAY(f->a, struct desk_now, room);
        if (f->desk_count > 0)
            memcpy(more, f->desks, f->desk_count * sizeof *more);
        f->desks = more;
        f->desk_room = room;
    }
    struct desk_now *d = &f->desks[f->desk_count++];
    *d = (struct desk_now){.code = str_copy(f->a, code),
                           .state = DESK_CLOSED,
                           .staff = STR(""),
                           .reason = STR(""),
                           .number = STR("")};
    return d;
}

static void leave_desk(struct fold *f, struct ticket_then *t)
{
    if (t->desk.n == 0)
        return;
    struct desk_now *d = desk_then(f, t->desk);
    if (str_eq(d->number, t->number)) {
        d->number = STR("");
        d->is_serving = false;
        d->number_since = 0;
    }
    t->desk = STR("");
}

static void stand_at(struct fold *f, struct ticket_then *t, struct str desk, int64_t state,
                     int64_t at)
{
    if (desk.n == 0)
        return;
    struct desk_now *d = desk_then(f, desk);
    t->state = state;
    t->since = at;
    t->desk = d->code;
    d->number = t->number;
    d->is_serving = state == SERVED;
    d->number_since = at;
}

/* --- entries --- */

static struct str fact(const json_t *facts, const char *name)
{
    const json_t *value = json_object_get(facts, name);
    return json_is_string(value) ? (struct str){json_string_value(value), json_string_length(value)}
                                 : STR("");
}

static void fold_desk_entry(struct fold *f, const struct journal_entry *e, const json_t *facts)
{
    struct str code = fact(facts, "desk");
    if (code.n == 0)
        return;
    struct desk_now *d = desk_then(f, code);
    d->since = e->at;
    d->reason = STR("");
    if (e->kind == EV_DESK_CLOSED) {
        d->state = DESK_CLOSED;
        d->since = 0;
        d->staff = STR("");
    } else if (e->kind == EV_DESK_PAUSED) {
        d->state = DESK_PAUSED;
        d->reason = str_copy(f->a, fact(facts, "reason"));
    } else {
        d->state = DESK_OPEN;
    }
    if (e->kind == EV_DESK_OPENED)
        d->staff = str_copy(f->a, str_or_empty(e->actor));
}

static void fold_ticket_entry(struct fold *f, const struct journal_entry *e, const json_t *facts)
{
    struct ticket_then *t = ticket_then(f, e->subject);
    struct str zone = fact(facts, "zone"), desk = fact(facts, "desk");
    if (t->number.n == 0) {
        t->number = str_copy(f->a, fact(facts, "number"));
        t->desk = STR("");
    }
    if (e->kind == EV_TICKET_CALLED || e->kind == EV_TICKET_RECALLED ||
        e->kind == EV_TICKET_MISSED_UNDONE || e->kind == EV_TICKET_UNPARKED) {
        stand_at(f, t, desk, CALLED, e->at);
    } else if (e->kind == EV_TICKET_STARTED) {
        stand_at(f, t, desk, SERVED, e->at);
    } else {
        leave_desk(f, t);
        t->state = e->kind == EV_TICKET_PARKED ? PARKED : WAITS;
    }
    if (t->zone.p == NULL || t->state == WAITS)
        t->zone = str_copy(f->a, zone);
}

static void forget_ticket(struct fold *f, int64_t id)
{
    struct ticket_then *t = place_of(f, id);
    if (t->id != id)
        return;
    leave_desk(f, t);
    *t = (struct ticket_then){.id = -1};
}

static struct alarm_now *alarm_then(struct fold *f, int64_t id)
{
    for (size_t i = 0; i < f->alarm_count; i++)
        if (f->alarms[i].id == id)
            return &f->alarms[i];
    if (f->alarm_count == f->alarm_room) {
        size_t room = f->alarm_room == 0 ? 16 : f->alarm_room * 2;
        struct alarm_now *more = ARENA_ARRAY(f->a, struct alarm_now, room);
        if (f->alarm_count > 0)
            memcpy(more, f->alarms, f->alarm_count * sizeof *more);
        f->alarms = more;
        f->alarm_room = room;
    }
    struct alarm_now *a = &f->alarms[f->alarm_count++];
    *a = (struct alarm_now){.id = id, .desk = STR(""), .by = STR(""), .answered_by = STR("")};
    return a;
}

static void fold_alarm_entry(struct fold *f, const struct journal_entry *e, const json_t *facts)
{
    struct alarm_now *a = alarm_then(f, e->subject);
    if (e->kind == EV_ALARM_RAISED) {
        a->at = e->at;
        a->desk = str_copy(f->a, fact(facts, "desk"));
        a->by = str_copy(f->a, str_or_empty(e->actor));
    } else if (e->kind == EV_ALARM_ACKNOWLEDGED) {
        a->answered_at = e->at;
        a->answered_by = str_copy(f->a, fact(facts, "who"));
    } else {
        size_t after = (size_t)(&f->alarms[f->alarm_count] - a) - 1;
        memmove(a, a + 1, after * sizeof *a);
        f->alarm_count--;
    }
}

static bool is_desk_kind(enum event kind)
{
    return kind == EV_DESK_OPENED || kind == EV_DESK_PAUSED || kind == EV_DESK_RESUMED ||
           kind == EV_DESK_CLOSED;
}

static bool is_alarm_kind(enum event kind)
{
    return kind == EV_ALARM_RAISED || kind == EV_ALARM_ACKNOWLEDGED || kind == EV_ALARM_ENDED;
}

static bool is_ticket_kind(enum event kind)
{
    return kind == EV_TICKET_ISSUED || kind == EV_TICKET_CALLED || kind == EV_TICKET_RECALLED ||
           kind == EV_TICKET_MISSED_UNDONE || kind == EV_TICKET_UNPARKED ||
           kind == EV_TICKET_STARTED || kind == EV_TICKET_PARKED || kind == EV_TICKET_TRANSFERRED ||
           kind == EV_TICKET_CAME_BACK;
}

static bool is_end_kind(enum event kind)
{
    return kind == EV_TICKET_FINISHED || kind == EV_TICKET_NO_SHOW || kind == EV_TICKET_CANCELLED ||
           kind == EV_TICKET_EXPIRED;
}

void fold_entry(struct fold *f, const struct journal_entry *e)
{
    if (is_end_kind(e->kind)) {
        forget_ticket(f, e->subject);
        return;
    }
    if (!is_desk_kind(e->kind) && !is_ticket_kind(e->kind) && !is_alarm_kind(e->kind))
        return;
    json_t *facts = json_loadb(str_or_empty(e->public_json).p, e->public_json.n, 0, NULL);
    if (is_desk_kind(e->kind))
        fold_desk_entry(f, e, facts);
    else if (is_ticket_kind(e->kind))
        fold_ticket_entry(f, e, facts);
    else
        fold_alarm_entry(f, e, facts);
    json_decref(facts);
}

/* --- as text: rows of values in a fixed order --- */

static void print_desks(const struct fold *f, struct json *j)
{
    json_name(j, "desks");
    json_open_array(j);
    for (size_t i = 0; i < f->desk_count; i++) {
        const struct desk_now *d = &f->desks[i];
        json_open_array(j);
        json_text(j, d->code);
        json_int(j, d->state);
        json_int(j, d->since);
        json_text(j, d->staff);
        json_text(j, d->reason);
        json_text(j, d->number);
        json_int(j, d->is_serving);
        json_int(j, d->number_since);
        json_end_array(j);
    }
    json_end_array(j);
}

static void print_tickets(const struct fold *f, struct json *j)
{
    json_name(j, "tickets");
    json_open_array(j);
    for (size_t i = 0; i < f->room; i++) {
        const struct ticket_then *t = &f->tickets[i];
        if (t->id <= 0)
            continue;
        json_open_array(j);
        json_int(j, t->id);
        json_int(j, t->state);
        json_int(j, t->since);
        json_text(j, str_or_empty(t->number));
        json_text(j, str_or_empty(t->zone));
        json_text(j, str_or_empty(t->desk));
        json_end_array(j);
    }
    json_end_array(j);
}

struct str fold_print(const struct fold *f, struct arena *a)
{
    struct buf b;
    struct json j;
    buf_init(&b, a, (size_t)64 << 20);
    json_init(&j, &b, 0);
    json_open_object(&j);
    print_desks(f, &j);
    print_tickets(f, &j);
    json_name(&j, "alarms");
    json_open_array(&j);
    for (size_t i = 0; i < f->alarm_count; i++) {
        const struct alarm_now *l = &f->alarms[i];
        json_open_array(&j);
        json_int(&j, l->id);
        json_int(&j, l->at);
        json_text(&j, l->desk);
        json_text(&j, l->by);
        json_int(&j, l->answered_at);
        json_text(&j, l->answered_by);
        json_end_array(&j);
    }
    json_end_array(&j);
    json_end_object(&j);
    return buf_as_str(&b);
}

static struct str text_in(struct fold *f, const json_t *row, size_t i)
{
    const json_t *value = json_array_get(row, i);
    return json_is_string(value)
               ? str_copy(f->a, (struct str){json_string_value(value), json_string_length(value)})
               : STR("");
}

static int64_t number_in(const json_t *row, size_t i)
{
    return json_integer_value(json_array_get(row, i));
}

static void read_all(struct fold *f, const json_t *all)
{
    size_t i;
    const json_t *row;
    json_array_foreach(json_object_get(all, "desks"), i, row)
    {
        struct desk_now *d = desk_then(f, text_in(f, row, 0));
        *d = (struct desk_now){.code = d->code,
                               .state = number_in(row, 1),
                               .since = number_in(row, 2),
                               .staff = text_in(f, row, 3),
                               .reason = text_in(f, row, 4),
                               .number = text_in(f, row, 5),
                               .is_serving = number_in(row, 6) != 0,
                               .number_since = number_in(row, 7)};
    }
    json_array_foreach(json_object_get(all, "tickets"), i, row)
    {
        struct ticket_then *t = ticket_then(f, number_in(row, 0));
        *t = (struct ticket_then){.id = t->id,
                                  .state = number_in(row, 1),
                                  .since = number_in(row, 2),
                                  .number = text_in(f, row, 3),
                                  .zone = text_in(f, row, 4),
                                  .desk = text_in(f, row, 5)};
    }
    json_array_foreach(json_object_get(all, "alarms"), i, row)
    {
        struct alarm_now *l = alarm_then(f, number_in(row, 0));
        *l = (struct alarm_now){.id = l->id,
                                .at = number_in(row, 1),
                                .desk = text_in(f, row, 2),
                                .by = text_in(f, row, 3),
                                .answered_at = number_in(row, 4),
                                .answered_by = text_in(f, row, 5)};
    }
}

bool fold_read(struct fold *f, struct str text)
{
    json_t *all = json_loadb(str_or_empty(text).p, text.n, 0, NULL);
    bool is_one = json_is_object(all) && json_is_array(json_object_get(all, "tickets"));
    if (is_one)
        read_all(f, all);
    json_decref(all);
    return is_one;
}

/* --- asking --- */

struct desk_now fold_desk(const struct fold *f, struct str code)
{
    for (size_t i = 0; i < f->desk_count; i++)
        if (str_eq(f->desks[i].code, code))
            return f->desks[i];
    return (struct desk_now){.code = code,
                             .state = DESK_CLOSED,
                             .staff = STR(""),
                             .reason = STR(""),
                             .number = STR("")};
}

size_t fold_desk_count(const struct fold *f)
{
    return f->desk_count;
}

struct desk_now fold_desk_at(const struct fold *f, size_t i)
{
    return f->desks[i];
}

int64_t fold_waiting(const struct fold *f, struct str zone_code)
{
    int64_t n = 0;
    for (size_t i = 0; i < f->room; i++)
        n += f->tickets[i].id > 0 && f->tickets[i].state == WAITS &&
             str_eq(f->tickets[i].zone, zone_code);
    return n;
}

size_t fold_alarms(const struct fold *f, struct arena *a, struct alarm_now **ret)
{
    *ret = ARENA_ARRAY(a, struct alarm_now, f->alarm_count + 1);
    for (size_t i = 0; i < f->alarm_count; i++)
        (*ret)[i] = f->alarms[i];
    return f->alarm_count;
}
