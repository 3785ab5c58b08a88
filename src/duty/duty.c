/* The rota as it stands: who is where today, with the reason for each, and whether he is there. */
#include "duty.h"

#include "calendar.h"
#include "clock.h"
#include "hall.h"
#include "journal.h"
#include "settings.h"

static const char *const tiers[ROTA_TIERS] = {"leader", "middle", "senior", "helper"};

int duty_tier(struct str word)
{
    for (int i = 0; i < ROTA_TIERS; i++)
        if (str_is(word, tiers[i]))
            return i;
    return -1;
}

struct str duty_tier_name(const struct ctx *c, struct str tier)
{
    static const char *const names[ROTA_TIERS] = {/* tr */ "中心领导", /* tr */ "中层干部",
                                                  /* tr */ "业务骨干", /* tr */ "帮办员"};
    int at = duty_tier(tier);
    return at < 0 ? tier : tr(c, names[at]);
}

static struct rota_post post_of(const struct duty_posts_row *p)
{
    struct rota_post post = {0};
    for (struct str rest = p->tiers; rest.p != NULL && post.tier_count < ROTA_TIERS;) {
        int tier = duty_tier(str_trim(str_cut(&rest, ' ')));
        if (tier >= 0)
            post.tiers[post.tier_count++] = tier;
    }
    return post;
}

static enum err read_leaves(struct ctx *c, struct rota_rules *r)
{
    struct duty_leaves_rows rows;
    TRY(duty_leaves(c, c->center_id, date_add(today(c), -1), &rows));
    struct rota_leave *leaves = ARENA_ARRAY(c->arena, struct rota_leave, rows.n + 1);
    for (size_t i = 0; i < rows.n; i++)
        if (rows.v[i].state == LEAVE_GRANTED)
            leaves[r->leave_count++] =
                (struct rota_leave){rows.v[i].staff_id, rows.v[i].from_on, rows.v[i].to_on};
    r->leaves = leaves;
    return E_OK;
}

enum err duty_rules(struct ctx *c, struct duty_rules *ret)
{
    TRY(duty_posts(c, c->center_id, &ret->posts));
    TRY(duty_people(c, c->center_id, &ret->people));
    struct rota_rules *r = &ret->rota;
    *r = (struct rota_rules){.people = ARENA_ARRAY(c->arena, struct rota_person, ret->people.n + 1),
                             .people_count = ret->people.n,
                             .posts = ARENA_ARRAY(c->arena, struct rota_post, ret->posts.n + 1),
                             .post_count = ret->posts.n};
    for (size_t i = 0; i < ret->people.n; i++)
        r->people[i] = (struct rota_person){.id = ret->people.v[i].staff_id,
                                            .tier = duty_tier(ret->people.v[i].tier),
                                            .last_on = ret->people.v[i].last_on};
    for (size_t i = 0; i < ret->posts.n; i++)
        r->posts[i] = post_of(&ret->posts.v[i]);
    return read_leaves(c, r);
}

struct str duty_day_words(const struct ctx *c, int32_t on)
{
    static const char *const days[] = {/* tr */ "周一", /* tr */ "周二", /* tr */ "周三",
                                       /* tr */ "周四", /* tr */ "周五", /* tr */ "周六",
                                       /* tr */ "周日"};
    return str_fmt(c->arena, "%02d-%02d %.*s", on / 100 % 100, on % 100,
                   STR_ARG(tr(c, days[date_weekday(on) - 1])));
}

static const struct duty_posts_row *post_by(const struct duty_posts_rows *posts, struct str code)
{
    for (size_t i = 0; i < posts->n; i++)
        if (str_eq(posts->v[i].code, code))
            return &posts->v[i];
    return NULL;
}

struct str duty_post_name(const struct ctx *c, const struct duty_posts_rows *posts, struct str code)
{
    const struct duty_posts_row *p = post_by(posts, code);
    if (p == NULL)
        return code;
    return c->lang == LANG_EN && p->name_en.n > 0 ? p->name_en : p->name;
}

static struct str reason_words(const struct ctx *c, const struct duty_slot_row *s)
{
    struct str times = str_fmt(c->arena, "%lld", (long long)s->times);
    if (str_is(s->reason, "fewest"))
        return tr_fill(c, "这一组里值得最少（{n} 次）", "n", times, NULL);
    if (str_is(s->reason, "longest"))
        return tr_fill(c, "次数一样（{n} 次），离上次最久", "n", times, NULL);
    if (str_is(s->reason, "only"))
        return tr(c, "这一组只有这一位在");
    if (str_is(s->reason, "stand_in"))
        return tr(c, "轮到的那组都不在，由这一组顶");
    if (str_is(s->reason, "swapped"))
        return tr(c, "两人商量换的");
    if (str_is(s->reason, "by_hand"))
        return tr(c, "主任指定");
    return tr(c, "没有人能排：都在休假，或已经有班");
}

enum slot_state { SLOT_GAP, SLOT_PLANNED, SLOT_PRESENT, SLOT_LATE, SLOT_MISSING, SLOT_DONE };

static enum slot_state state_of(const struct ctx *c, const struct duty_slot_row *s,
                                const struct duty_posts_row *p)
{
    int64_t begin =
        date_start(s->duty_on, c->zone_minutes) + (p == NULL ? 0 : p->from_minute) * MINUTE_MS;
    if (s->staff_id == 0)
        return SLOT_GAP;
    if (s->recorded_at != 0)
        return SLOT_DONE;
    if (s->checked_at > begin + setting_duty_late_minutes(c) * MINUTE_MS)
        return SLOT_LATE;
    if (s->checked_at != 0)
        return SLOT_PRESENT;
    return c->now > begin + setting_duty_missing_minutes(c) * MINUTE_MS ? SLOT_MISSING
                                                                        : SLOT_PLANNED;
}

static void fill_state(const struct ctx *c, const struct duty_slot_row *s,
                       const struct duty_posts_row *p, struct duty_slot_view *v)
{
    static const struct {
        const char *word, *name;
    } words[] = {{"gap", /* tr */ "空缺"},       {"planned", /* tr */ "已排"},
                 {"present", /* tr */ "在岗"},   {"late", /* tr */ "迟到"},
                 {"missing", /* tr */ "没到岗"}, {"done", /* tr */ "已写记录"}};
    enum slot_state state = state_of(c, s, p);
    v->state = str_of(words[state].word);
    v->state_name = tr(c, words[state].name);
}

static struct str hours_of(const struct ctx *c, const struct duty_posts_row *p)
{
    return str_fmt(c->arena, "%02d:%02d–%02d:%02d", (int)(p->from_minute / 60),
                   (int)(p->from_minute % 60), (int)(p->to_minute / 60), (int)(p->to_minute % 60));
}

enum err duty_slot_views(struct ctx *c, const struct duty_slot_row *rows, size_t n,
                         struct duty_slot_view_list *ret)
{
    struct duty_posts_rows posts;
    TRY(duty_posts(c, c->center_id, &posts));
    ret->v = ARENA_ARRAY(c->arena, struct duty_slot_view, n + 1);
    ret->n = n;
    for (size_t i = 0; i < n; i++) {
        const struct duty_slot_row *s = &rows[i];
        const struct duty_posts_row *p = post_by(&posts, s->post);
        struct duty_slot_view *v = &ret->v[i];
        *v = (struct duty_slot_view){.id = s->id,
                                     .on = s->duty_on,
                                     .day = duty_day_words(c, s->duty_on),
                                     .post = s->post,
                                     .post_name = duty_post_name(c, &posts, s->post),
                                     .place = p == NULL            ? STR("")
                                              : c->lang == LANG_EN ? p->place_en
                                                                   : p->place,
                                     .hours = p == NULL ? STR("") : hours_of(c, p),
                                     .staff = s->staff_name,
                                     .staff_id = s->staff_id,
                                     .reason = reason_words(c, s),
                                     .checked_at = s->checked_at,
                                     .record = s->record,
                                     .is_mine = s->staff_id != 0 && s->staff_id == c->actor.id,
                                     .is_officer = p != NULL && p->is_officer};
        fill_state(c, s, p, v);
    }
    return E_OK;
}

static struct str now_words(struct ctx *c, const struct duty_now *v)
{
    struct str all = v->officer.n == 0 ? STR("")
                                       : tr_fill(c, "今天值班领导：{who}（{place}）", "who",
                                                 v->officer, "place", v->officer_place, NULL);
    return all;
}

enum err duty_today(struct ctx *c, struct duty_now *ret)
{
    struct duty_slots_rows rows;
    *ret = (struct duty_now){.on = today(c), .officer = STR(""), .officer_place = STR("")};
    TRY(duty_slots(c, c->center_id, ret->on, ret->on, &rows));
    TRY(duty_slot_views(c, rows.v, rows.n, &ret->items));
    enum err e = calendar_is_workday(c, ret->on, &ret->is_working_day);
    if (e != E_CALENDAR_UNKNOWN)
        TRY(e);
    for (size_t i = 0; i < ret->items.n; i++) {
        const struct duty_slot_view *s = &ret->items.v[i];
        if (!s->is_officer || s->staff_id == 0)
            continue;
        ret->officer = s->staff;
        ret->officer_place = s->place;
        ret->officer_here = s->checked_at != 0;
    }
    ret->words = now_words(c, ret);
    ret->total = (int64_t)ret->items.n;
    return E_OK;
}

enum err duty_officer(struct ctx *c, int64_t *ret_id, struct str *ret_name)
{
    struct duty_slots_rows rows;
    struct duty_posts_rows posts;
    *ret_id = 0;
    *ret_name = STR("");
    TRY(duty_posts(c, c->center_id, &posts));
    TRY(duty_slots(c, c->center_id, today(c), today(c), &rows));
    for (size_t i = 0; i < rows.n; i++) {
        const struct duty_posts_row *p = post_by(&posts, rows.v[i].post);
        if (p != NULL && p->is_officer && rows.v[i].staff_id != 0) {
            *ret_id = rows.v[i].staff_id;
            *ret_name = rows.v[i].staff_name;
        }
    }
    return E_OK;
}

static enum err tell_missing(struct ctx *c, const struct duty_slot_row *s, struct str post)
{
    TRY(duty_slot_tell(c, c->center_id, s->id, c->now));
    return journal_add(c, EV_DUTY_MISSING, s->id, 0,
                       event_facts(c, "post", post, "who", s->staff_name, NULL), STR_NONE);
}

enum err duty_watch_job(struct ctx *c)
{
    struct duty_slots_rows rows;
    struct duty_posts_rows posts;
    TRY(duty_posts(c, c->center_id, &posts));
    TRY(duty_slots(c, c->center_id, today(c), today(c), &rows));
    for (size_t i = 0; i < rows.n; i++) {
        const struct duty_posts_row *p = post_by(&posts, rows.v[i].post);
        if (p != NULL && rows.v[i].told_at == 0 && state_of(c, &rows.v[i], p) == SLOT_MISSING)
            TRY(tell_missing(c, &rows.v[i], p->name));
    }
    return duty_reports_escalate(c);
}
