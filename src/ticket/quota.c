/* See quota.h. */
#include "quota.h"

#include "clock.h"
#include "journal.h"

enum quota_answer quota_answer(const struct quota *q, int64_t today, int64_t lately)
{
    if (q->day_most > 0 && today >= q->day_most)
        return QUOTA_DAY_FULL;
    if (q->interval_minutes > 0 && q->interval_most > 0 && lately >= q->interval_most)
        return QUOTA_INTERVAL_FULL;
    return QUOTA_OPEN;
}

int64_t quota_interval_from(const struct quota *q, int64_t now, int64_t day_start)
{
    int64_t length = q->interval_minutes * MINUTE_MS;
    return length <= 0 ? day_start : day_start + (now - day_start) / length * length;
}

static enum err interval_full(struct ctx *c, int64_t again_at)
{
    enum err e = fail_field(c, E_QUOTA_INTERVAL, "zone", "until %lld", (long long)again_at);
    c->refusal.text = tr_fill(c, "这个时段的号发完了，{time} 起再发", "time",
                              time_text(c->arena, again_at, c->zone_minutes), NULL);
    return e;
}

enum err quota_check(struct ctx *c, int64_t zone_id)
{
    struct zone_quota_row *row;
    struct quota_given_row given;
    TRY(zone_quota(c, c->center_id, zone_id, &row));
    if (row == NULL)
        return E_OK;
    struct quota q = {row->day_most, row->interval_minutes, row->interval_most};
    int64_t from = quota_interval_from(&q, c->now, date_start(today(c), c->zone_minutes));
    TRY(quota_given(c, c->center_id, zone_id, today(c), from, &given));
    switch (quota_answer(&q, given.day, given.lately)) {
    case QUOTA_DAY_FULL:
        return fail_field(c, E_QUOTA_DAY, "zone", "%lld today", (long long)given.day);
    case QUOTA_INTERVAL_FULL:
        return interval_full(c, from + q.interval_minutes * MINUTE_MS);
    case QUOTA_OPEN:
        break;
    }
    return E_OK;
}

/* --- the manager's page --- */

static enum err show_quota(struct ctx *c, const struct zone_row *z, struct quota_zone *v)
{
    struct zone_quota_row *row;
    struct quota_given_row given;
    TRY(zone_quota(c, c->center_id, z->id, &row));
    TRY(quota_given(c, c->center_id, z->id, today(c), c->now, &given));
    *v = (struct quota_zone){.zone = z->code,
                             .zone_name = name_in_lang(c, z->name, z->name_en),
                             .given = given.day};
    if (row != NULL) {
        v->day_most = row->day_most;
        v->interval_minutes = row->interval_minutes;
        v->interval_most = row->interval_most;
    }
    return E_OK;
}

enum err quotas_show(struct ctx *c, struct reply *r, struct quota_page *v)
{
    struct zone_rows all;
    (void)r;
    TRY(zones(c, c->center_id, &all));
    v->items.v = ARENA_ARRAY(c->arena, struct quota_zone, all.n);
    for (size_t i = 0; i < all.n; i++)
        TRY(show_quota(c, &all.v[i], &v->items.v[v->items.n++]));
    return E_OK;
}

enum err quota_set(struct ctx *c, const struct quota_choice_form *f, struct reply *r,
                   struct quota_zone *v)
{
    struct zone_row *z;
    TRY(zone(c, c->center_id, f->zone, &z));
    if (z == NULL)
        return fail(c, E_NOT_FOUND, "zone %.*s", STR_ARG(f->zone));
    if ((f->interval_minutes > 0) != (f->interval_most > 0))
        return fail_field(c, E_QUOTA_HALF,
                          f->interval_most > 0 ? "interval_minutes" : "interval_most",
                          "only one of two");
    TRY(zone_quota_put(c, c->center_id, z->id, f->day_most, f->interval_minutes, f->interval_most,
                       c->now));
    TRY(journal_add(c, EV_TICKET_QUOTA, z->id, z->id,
                    event_facts(c, "zone", z->name, "day",
                                str_fmt(c->arena, "%lld", (long long)f->day_most), NULL),
                    STR_NONE));
    reply_see(r, "/manage/quotas");
    return show_quota(c, z, v);
}
