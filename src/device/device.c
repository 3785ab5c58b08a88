/* Rules of the hall's machines: pairing, and when a kiosk gives out numbers. */
#include "device.h"

#include "calendar.h"
#include "clock.h"
#include "crypt.h"
#include "web.h"

#define CODE_DIGITS  8
#define CODE_NUMBERS UINT64_C(100000000)
#define DAYS_LOOKED  14

struct str device_code(struct ctx *c, const struct device_row *d)
{
    uint8_t key[32], mac[SM3_BYTES];
    if (d->pairing_until <= c->now || d->withdrawn_at != 0)
        return STR("");
    keys_derive(c->keys, "device pairing", key, sizeof key);
    sm3_keyed((struct str){(const char *)key, sizeof key},
              str_fmt(c->arena, "%lld %lld %lld", (long long)c->center_id, (long long)d->id,
                      (long long)d->pairing_until),
              mac);
    uint64_t number = 0;
    for (size_t i = 0; i < sizeof number; i++)
        number = number << 8 | mac[i];
    return str_fmt(c->arena, "%0*llu", CODE_DIGITS, (unsigned long long)(number % CODE_NUMBERS));
}

enum err device_of_actor(struct ctx *c, struct device_row **ret)
{
    *ret = NULL;
    return c->actor.kind == ACTOR_DEVICE ? device(c, c->center_id, c->actor.id, ret) : E_OK;
}

enum err kiosk_of_actor(struct ctx *c, struct device_row *ret)
{
    struct device_row *d;
    TRY(device_of_actor(c, &d));
    if (d == NULL || !str_is(d->kind, "kiosk"))
        return fail(c, E_DEVICE_NEEDED, "no kiosk");
    *ret = *d;
    return E_OK;
}

static struct str minute_words(struct ctx *c, int64_t minute)
{
    return str_fmt(c->arena, "%lld:%02lld", (long long)(minute / 60), (long long)(minute % 60));
}

enum err hall_opens_next(struct ctx *c, struct str *ret)
{
    int64_t now_minute = (c->now - date_start(today(c), c->zone_minutes)) / MINUTE_MS;
    *ret = STR("");
    for (int day = 0; day < DAYS_LOOKED; day++) {
        int32_t on = date_add(today(c), day);
        struct openings_of_rows sessions;
        TRY(calendar_sessions_on(c, on, &sessions));
        int64_t first = -1;
        for (size_t i = 0; i < sessions.n; i++)
            if ((day > 0 || sessions.v[i].open_minute > now_minute) &&
                (first < 0 || sessions.v[i].open_minute < first))
                first = sessions.v[i].open_minute;
        if (first < 0)
            continue;
        struct str date = str_fmt(c->arena, "%d-%02d-%02d", on / 10000, on / 100 % 100, on % 100);
        *ret = day == 0 ? tr_fill(c, "今天 {time} 开门", "time", minute_words(c, first), NULL)
                        : tr_fill(c, "{date} {time} 开门", "date", date, "time",
                                  minute_words(c, first), NULL);
        return E_OK;
    }
    return E_OK;
}

enum err kiosk_may_issue(struct ctx *c)
{
    struct device_row *d;
    struct opening_now o;
    struct str opens;
    TRY(device_of_actor(c, &d));
    if (d == NULL)
        return E_OK;
    if (d->is_locked) {
        enum err e = fail(c, E_KIOSK_LOCKED, "device %lld", (long long)d->id);
        if (d->lock_note.n > 0)
            c->refusal.text = tr_fill(c, "这台自助机暂停使用：{note}", "note", d->lock_note, NULL);
        return e;
    }
    if (!str_is(d->hours, "hall"))
        return E_OK;
    TRY(calendar_opening_now(c, &o));
    if (o.is_open)
        return E_OK;
    TRY(hall_opens_next(c, &opens));
    enum err e = fail(c, E_KIOSK_CLOSED, "device %lld", (long long)d->id);
    if (opens.n > 0)
        c->refusal.text = tr_fill(c, "大厅现在没开，{opens}", "opens", opens, NULL);
    return e;
}

/* Seen is written seldom: a page that is read writes nothing. */
enum err device_seen_job(struct ctx *c)
{
    struct device_sight *v;
    size_t n;
    devices_seen(c, &v, &n);
    for (size_t i = 0; i < n; i++)
        TRY(device_seen_put(c, c->center_id, v[i].device_id, v[i].seen_at));
    return E_OK;
}
