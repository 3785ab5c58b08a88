/* The page of the hall's machines, and pairing. */
#include "device.h"

#include "clock.h"
#include "crypt.h"
#include "events.h"
#include "hall.h"
#include "journal.h"
#include "settings.h"

#define CODE_MS        (15 * MINUTE_MS)
#define HERE_MS        (2 * MINUTE_MS)
#define TOKEN_SECONDS  (INT64_C(10) * 366 * 24 * 3600)
#define TRIES_A_MINUTE 10

static struct str kind_name(const struct ctx *c, struct str kind)
{
    return str_is(kind, "kiosk")     ? tr(c, "自助机")
           : str_is(kind, "pad")     ? tr(c, "评价器")
           : str_is(kind, "display") ? tr(c, "大屏")
                                     : tr(c, "打印机桥");
}

static struct device_view shown(struct ctx *c, const struct device_row *d)
{
    return (struct device_view){
        .id = d->id,
        .name = d->name,
        .kind = d->kind,
        .kind_name = kind_name(c, d->kind),
        .place = d->place,
        .stands = d->stands,
        .hours = d->hours,
        .is_low = d->is_low,
        .is_locked = d->is_locked,
        .lock_note = d->lock_note,
        .paired_at = d->paired_at,
        .pairing_until = d->pairing_until > c->now ? d->pairing_until : 0,
        .seen_at = d->seen_at,
        .is_here = d->seen_at != 0 && d->seen_at > c->now - HERE_MS,
        .code = may(c, RIGHT_DEVICE_MANAGE) ? device_code(c, d) : STR(""),
    };
}

/* What this process has seen since the job wrote it last. */
static void freshen(struct ctx *c, struct device_rows *rows)
{
    struct device_sight *v;
    size_t n;
    devices_seen(c, &v, &n);
    for (size_t i = 0; i < rows->n; i++)
        for (size_t k = 0; k < n; k++)
            if (v[k].device_id == rows->v[i].id && v[k].seen_at > rows->v[i].seen_at)
                rows->v[i].seen_at = v[k].seen_at;
}

enum err devices_show(struct ctx *c, struct reply *r, struct device_page *v)
{
    struct devices_rows rows;
    (void)r;
    TRY(devices(c, c->center_id, &rows));
    freshen(c, &rows);
    v->items.v = ARENA_ARRAY(c->arena, struct device_view, rows.n + 1);
    v->items.n = rows.n;
    v->total = (int64_t)rows.n;
    v->is_only = setting_hall_devices_registered_only(c);
    for (size_t i = 0; i < rows.n; i++)
        v->items.v[i] = shown(c, &rows.v[i]);
    return E_OK;
}

/* A pad belongs to a desk, a board to a zone or to all. */
static enum err check_place(struct ctx *c, const struct device_wish_form *f, struct str *ret)
{
    struct desk_row d;
    struct zone_row *z;
    *ret = STR("");
    if (f->kind == DEVICE_WISH_KIND_PAD) {
        enum err e = desk_by_its_code(c, f->place, &d);
        if (e == E_NO_SUCH_DESK)
            return fail_field(c, E_DEVICE_PLACE, "place", "desk %.*s", STR_ARG(f->place));
        TRY(e);
        *ret = d.code;
    } else if (f->kind == DEVICE_WISH_KIND_DISPLAY) {
        TRY(zone(c, c->center_id, str_or_empty(f->place), &z));
        if (z == NULL && !str_is(f->place, "all"))
            return fail_field(c, E_DEVICE_PLACE, "place", "zone %.*s", STR_ARG(f->place));
        *ret = f->place;
    }
    return E_OK;
}

static enum err note(struct ctx *c, const struct device_row *d, enum event kind)
{
    return journal_add(c, kind, d->id, 0, event_facts(c, "device", d->name, NULL), STR_NONE);
}

static enum err one(struct ctx *c, int64_t id, struct device_row *ret)
{
    struct device_row *d;
    TRY(device(c, c->center_id, id, &d));
    if (d == NULL || d->withdrawn_at != 0)
        return fail(c, E_NO_SUCH_DEVICE, "device %lld", (long long)id);
    *ret = *d;
    return E_OK;
}

static enum err show_again(struct ctx *c, int64_t id, struct reply *r, struct device_view *v)
{
    struct device_row d;
    TRY(one(c, id, &d));
    *v = shown(c, &d);
    reply_see(r, "/devices");
    return E_OK;
}

enum err device_register(struct ctx *c, const struct device_wish_form *f, struct reply *r,
                         struct device_view *v)
{
    int64_t id = new_id(c);
    struct device_row d;
    struct str place;
    TRY(check_place(c, f, &place));
    TRY(device_put(c, c->center_id, id, f->name, str_of(device_wish_kind_words[f->kind]), place,
                   str_or_empty(f->stands),
                   f->hours == DEVICE_WISH_HOURS_HALL ? STR("hall") : STR("always"), f->is_low,
                   c->now, c->now + CODE_MS));
    TRY(one(c, id, &d));
    TRY(note(c, &d, EV_DEVICE_REGISTERED));
    return show_again(c, id, r, v);
}

enum err device_pair_anew(struct ctx *c, const struct device_of_form *f, struct reply *r,
                          struct device_view *v)
{
    TRY(device_pairing_put(c, c->center_id, f->id, c->now + CODE_MS));
    return show_again(c, f->id, r, v);
}

static enum err lock(struct ctx *c, int64_t id, bool is_locked, struct str why)
{
    struct device_row d;
    TRY(one(c, id, &d));
    TRY(device_lock_put(c, c->center_id, id, is_locked, str_or_empty(why)));
    return note(c, &d, is_locked ? EV_DEVICE_LOCKED : EV_DEVICE_UNLOCKED);
}

enum err device_lock_now(struct ctx *c, const struct device_lock_form *f, struct reply *r,
                         struct device_view *v)
{
    TRY(lock(c, f->id, true, f->note));
    return show_again(c, f->id, r, v);
}

enum err device_unlock(struct ctx *c, const struct device_of_form *f, struct reply *r,
                       struct device_view *v)
{
    TRY(lock(c, f->id, false, STR("")));
    return show_again(c, f->id, r, v);
}

enum err device_withdraw(struct ctx *c, const struct device_of_form *f, struct reply *r,
                         struct device_view *v)
{
    struct device_row d;
    TRY(one(c, f->id, &d));
    TRY(device_withdraw_put(c, c->center_id, f->id, c->now));
    TRY(device_token_close(c, f->id));
    TRY(note(c, &d, EV_DEVICE_WITHDRAWN));
    *v = shown(c, &d);
    reply_see(r, "/devices");
    return E_OK;
}

/* A change of a setting is journalled by the store, with who made it. */
enum err device_access_set(struct ctx *c, const struct device_access_form *f, struct reply *r,
                           struct device_page *v)
{
    TRY(setting_save(c, "hall.devices_registered_only", f->only ? STR("1") : STR("0")));
    TRY(devices_show(c, r, v));
    v->is_only = f->only;
    reply_see(r, "/devices");
    return E_OK;
}

/* --- pairing, at the machine --- */

enum err pair_show(struct ctx *c, const struct pair_back_form *f, struct reply *r,
                   struct pair_page *v)
{
    (void)c;
    (void)r;
    v->code = str_or_empty(f->code);
    return E_OK;
}

/* A hundred million codes, ten tries a minute, fifteen minutes: guessing one of five takes years. */
enum err device_pair_check(struct ctx *c, struct pair_code_form *f)
{
    (void)f;
    return limit_take(c, "pair", STR_NONE, TRIES_A_MINUTE);
}

static struct str digits_of(struct ctx *c, struct str typed)
{
    char *p = arena_alloc(c->arena, typed.n + 1);
    size_t n = 0;
    for (size_t i = 0; i < typed.n; i++)
        if (typed.p[i] >= '0' && typed.p[i] <= '9')
            p[n++] = typed.p[i];
    return (struct str){p, n};
}

static enum err device_with_code(struct ctx *c, struct str typed, struct device_row *ret)
{
    struct devices_pairing_rows rows;
    struct str code = digits_of(c, typed);
    TRY(devices_pairing(c, c->center_id, c->now, &rows));
    for (size_t i = 0; i < rows.n; i++) {
        struct str right = device_code(c, &rows.v[i]);
        if (right.n == code.n && equal_in_constant_time(right.p, code.p, code.n)) {
            *ret = rows.v[i];
            return E_OK;
        }
    }
    return fail_field(c, E_PAIRING_WRONG, "code", "no device waits for this code");
}

enum err device_pair(struct ctx *c, const struct pair_code_form *f, struct reply *r,
                     struct device_paired *v)
{
    struct device_row d = {0};
    struct str token;
    int64_t changed;
    TRY(device_with_code(c, f->code, &d));
    TRY(device_paired_put_changes(c, c->center_id, d.id, c->now, &changed));
    if (changed == 0)
        return fail_field(c, E_PAIRING_WRONG, "code", "used meanwhile");
    TRY(device_token_open(c, d.id, d.kind, d.place, d.name, &token));
    TRY(note(c, &d, EV_DEVICE_PAIRED));
    struct str start = str_is(d.kind, "kiosk") ? STR("/kiosk")
                       : str_is(d.kind, "pad") ? str_fmt(c->arena, "/pad/%.*s", STR_ARG(d.place))
                       : str_is(d.kind, "display")
                           ? str_fmt(c->arena, "/display/%.*s", STR_ARG(d.place))
                           : STR("/");
    *v = (struct device_paired){.token = token,
                                .kind = d.kind,
                                .name = d.name,
                                .center = c->center_id,
                                .start = start};
    reply_cookie(r, DEVICE_COOKIE, token, TOKEN_SECONDS);
    if (d.is_low)
        reply_cookie(r, "reach", STR("low"), TOKEN_SECONDS);
    reply_see(r, "%.*s", STR_ARG(start));
    return E_OK;
}
