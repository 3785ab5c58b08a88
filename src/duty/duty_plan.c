/* Making the rota: the rules of the hall given to rota.h, what comes out written down with its reason. */
#include "duty.h"

#include "calendar.h"
#include "clock.h"
#include "csv.h"
#include "hall.h"
#include "journal.h"

#define PLAN_DAYS_MOST 62

static const char *const reason_codes[ROTA_REASON_COUNT] = {"fewest", "longest", "only", "stand_in",
                                                            "nobody"};

enum err duty_covers(struct ctx *c, const struct duty_posts_rows *posts)
{
    struct floors_rows rows;
    bool has_stairs = false;
    TRY(floors(c, c->center_id, &rows));
    for (size_t i = 0; i < posts->n; i++)
        has_stairs = has_stairs || posts->v[i].is_stairs;
    if (rows.n > 1 && !has_stairs)
        return fail(c, E_DUTY_COVER, "no post at the stairs");
    for (size_t f = 0; f < rows.n; f++) {
        bool covered = false;
        for (size_t i = 0; i < posts->n; i++)
            covered = covered || (posts->v[i].floor == rows.v[f].number && !posts->v[i].is_stairs &&
                                  !posts->v[i].is_officer);
        if (!covered)
            return fail(c, E_DUTY_COVER, "no post on floor %lld", (long long)rows.v[f].number);
    }
    return E_OK;
}

/* Whose turn it is after the last one who had the post. */
static void set_turns(struct duty_rules *r, const struct duty_slots_rows *before)
{
    for (size_t p = 0; p < r->posts.n; p++) {
        struct rota_post *post = &r->rota.posts[p];
        for (size_t i = 0; i < before->n; i++) {
            if (!str_eq(before->v[i].post, r->posts.v[p].code))
                continue;
            for (size_t k = 0; k < r->people.n; k++)
                for (size_t t = 0; t < post->tier_count; t++)
                    if (r->people.v[k].staff_id == before->v[i].staff_id &&
                        post->tiers[t] == r->rota.people[k].tier)
                        post->turn = (t + 1) % post->tier_count;
        }
    }
}

static enum err write_slot(struct ctx *c, const struct duty_rules *r, const struct rota_slot *s)
{
    const struct duty_people_row *p = s->person < 0 ? NULL : &r->people.v[s->person];
    return duty_slot_add(c, c->center_id, new_id(c), s->on, r->posts.v[s->post].code,
                         p == NULL ? 0 : p->staff_id, p == NULL ? STR("") : p->name,
                         str_of(reason_codes[s->reason]), s->times);
}

/* One day: posts that have a slot keep it, and its person has his post for that day. */
static enum err plan_day(struct ctx *c, struct duty_rules *r, int32_t on, int64_t *slots,
                         int64_t *gaps)
{
    struct duty_slots_rows there;
    struct rota_slot planned[40];
    TRY(duty_slots(c, c->center_id, on, on, &there));
    if (there.n >= r->posts.n)
        return E_OK;
    if (there.n == 0) {
        rota_plan(&r->rota, &on, 1, planned);
        for (size_t p = 0; p < r->posts.n; p++) {
            TRY(write_slot(c, r, &planned[p]));
            *slots += 1;
            *gaps += planned[p].person < 0 ? 1 : 0;
        }
        return E_OK;
    }
    bool *taken = ARENA_ARRAY(c->arena, bool, r->people.n + 1);
    for (size_t i = 0; i < there.n; i++)
        for (size_t k = 0; k < r->people.n; k++)
            taken[k] = taken[k] || r->people.v[k].staff_id == there.v[i].staff_id;
    for (size_t p = 0; p < r->posts.n; p++) {
        bool has = false;
        for (size_t i = 0; i < there.n; i++)
            has = has || str_eq(there.v[i].post, r->posts.v[p].code);
        if (has)
            continue;
        struct rota_slot s = rota_pick(&r->rota, p, on, taken);
        if (s.person >= 0)
            taken[s.person] = true;
        TRY(write_slot(c, r, &s));
        *slots += 1;
        *gaps += s.person < 0 ? 1 : 0;
    }
    return E_OK;
}

enum err duty_plan(struct ctx *c, int32_t from_on, int32_t to_on, bool anew)
{
    struct duty_rules r;
    struct duty_slots_rows before;
    int64_t slots = 0, gaps = 0;
    if (from_on < today(c) || to_on < from_on || date_diff(from_on, to_on) >= PLAN_DAYS_MOST)
        return fail_field(c, E_DUTY_RANGE, "from", "%d to %d", from_on, to_on);
    if (anew)
        TRY(duty_slots_clear(c, c->center_id, from_on, to_on));
    TRY(duty_rules(c, &r));
    if (r.posts.n == 0 || r.people.n == 0)
        return fail(c, E_DUTY_NO_RULES, "%zu posts, %zu people", r.posts.n, r.people.n);
    TRY(duty_covers(c, &r.posts));
    TRY(duty_slots(c, c->center_id, date_add(from_on, -60), date_add(from_on, -1), &before));
    set_turns(&r, &before);
    for (int32_t on = from_on; on <= to_on; on = date_add(on, 1)) {
        bool is_workday;
        TRY(calendar_is_workday(c, on, &is_workday));
        if (is_workday)
            TRY(plan_day(c, &r, on, &slots, &gaps));
    }
    return journal_add(c, EV_DUTY_PLANNED, 0, 0,
                       event_facts(c, "from", date_text(c->arena, from_on), "to",
                                   date_text(c->arena, to_on), "slots",
                                   str_fmt(c->arena, "%lld", (long long)slots), "gaps",
                                   str_fmt(c->arena, "%lld", (long long)gaps), NULL),
                       STR_NONE);
}

/* How often each had been on duty around a day: who stands in is again who had the fewest. */
static enum err count_loads(struct ctx *c, struct duty_rules *r, int32_t on)
{
    struct duty_slots_rows rows;
    TRY(duty_slots(c, c->center_id, date_add(on, -30), date_add(on, 30), &rows));
    for (size_t i = 0; i < rows.n; i++)
        for (size_t k = 0; k < r->people.n; k++)
            if (rows.v[i].staff_id == r->people.v[k].staff_id)
                r->rota.people[k].load++;
    return E_OK;
}

static enum err refill_one(struct ctx *c, const struct duty_slot_row *slot)
{
    struct duty_rules r;
    struct duty_slots_rows that_day;
    size_t post = 0;
    TRY(duty_rules(c, &r));
    TRY(count_loads(c, &r, slot->duty_on));
    TRY(duty_slots(c, c->center_id, slot->duty_on, slot->duty_on, &that_day));
    bool *taken = ARENA_ARRAY(c->arena, bool, r.people.n + 1);
    for (size_t i = 0; i < that_day.n; i++)
        for (size_t k = 0; k < r.people.n; k++)
            taken[k] = taken[k] || r.people.v[k].staff_id == that_day.v[i].staff_id;
    while (post < r.posts.n && !str_eq(r.posts.v[post].code, slot->post))
        post++;
    if (post == r.posts.n)
        return duty_slot_give(c, c->center_id, slot->id, 0, STR(""), STR("nobody"), 0);
    struct rota_slot s = rota_pick(&r.rota, post, slot->duty_on, taken);
    const struct duty_people_row *p = s.person < 0 ? NULL : &r.people.v[s.person];
    return duty_slot_give(c, c->center_id, slot->id, p == NULL ? 0 : p->staff_id,
                          p == NULL ? STR("") : p->name, str_of(reason_codes[s.reason]), s.times);
}

enum err duty_refill(struct ctx *c, int64_t staff_id, int32_t from_on, int32_t to_on)
{
    struct duty_slots_of_rows rows;
    TRY(duty_slots_of(c, c->center_id, staff_id, from_on, to_on, &rows));
    for (size_t i = 0; i < rows.n; i++)
        if (rows.v[i].checked_at == 0)
            TRY(refill_one(c, &rows.v[i]));
    return E_OK;
}

/* --- tables ------------------------------------------------------------------------------ */

static struct str tiers_of(struct table_in *t, const char *column)
{
    struct str words = table_need(t, column, 80);
    for (struct str rest = words; rest.p != NULL;) {
        struct str word = str_trim(str_cut(&rest, ' '));
        if (duty_tier(word) < 0)
            table_fault(t, column, "没有“%.*s”这一组：写 leader、middle、senior 或 helper",
                        STR_ARG(word));
    }
    return words;
}

enum err duty_posts_import(struct ctx *c, struct table_in *t)
{
    for (int64_t position = 0; table_next(t); position++) {
        struct str code = table_need(t, "code", 20), name = table_need(t, "name", 40);
        struct str place = table_need(t, "place", 60), tiers = tiers_of(t, "tiers");
        struct str place_code = table_need(t, "place_code", 4);
        int64_t floor = table_int(t, "floor", 0, 99);
        bool is_stairs = table_flag(t, "is_stairs"), is_officer = table_flag(t, "is_officer");
        int64_t from = table_int(t, "from_minute", 0, 1439),
                to = table_int(t, "to_minute", 1, 1440);
        if (to <= from)
            table_fault(t, "to_minute", "结束要晚于开始");
        if (place_code.n != 4)
            table_fault(t, "place_code", "岗位牌写四位数");
        if (t->fault_count == 0)
            TRY(duty_post_put(c, c->center_id, code, name, str_or_empty(table_text(t, "name_en")),
                              place, str_or_empty(table_text(t, "place_en")), floor, is_stairs,
                              is_officer, tiers, from, to, place_code, position));
    }
    return E_OK;
}

static enum err staff_by_column(struct ctx *c, struct table_in *t, const char *column,
                                int64_t *ret_id)
{
    struct duty_staff_row *who;
    struct str login = table_need(t, column, 40);
    TRY(duty_staff(c, c->center_id, login, &who));
    if (who == NULL)
        table_fault(t, column, "没有“%.*s”这个账号", STR_ARG(login));
    *ret_id = who == NULL ? 0 : who->id;
    return E_OK;
}

enum err duty_people_import(struct ctx *c, struct table_in *t)
{
    while (table_next(t)) {
        int64_t staff_id;
        struct str tier = tiers_of(t, "tier");
        TRY(staff_by_column(c, t, "login", &staff_id));
        if (duty_tier(tier) < 0)
            table_fault(t, "tier", "一个人只在一组");
        if (t->fault_count == 0)
            TRY(duty_person_put(c, c->center_id, staff_id, tier));
    }
    return E_OK;
}

enum err duty_pairs_import(struct ctx *c, struct table_in *t)
{
    while (table_next(t)) {
        int64_t a, b;
        struct str code = table_need(t, "code", 20), name = table_need(t, "name", 40);
        TRY(staff_by_column(c, t, "a", &a));
        TRY(staff_by_column(c, t, "b", &b));
        if (a != 0 && a == b)
            table_fault(t, "b", "B 岗要是另一个人");
        if (t->fault_count == 0)
            TRY(duty_pair_put(c, c->center_id, code, name, str_or_empty(table_text(t, "desk")), a,
                              b));
    }
    return E_OK;
}

static enum err load(struct ctx *c, const char *data_dir, const char *name,
                     enum err (*import)(struct ctx *c, struct table_in *t))
{
    struct table_in t;
    TRY(table_open_file(c, &t, str_fmt(c->arena, "%s/%s.csv", data_dir, name)));
    TRY(import(c, &t));
    return table_end(c, &t);
}

/* The demonstration has a rota of four weeks from today on, when the calendar knows them. */
enum err duty_demo(struct ctx *c, const char *data_dir)
{
    TRY(load(c, data_dir, "duty_posts", duty_posts_import));
    TRY(load(c, data_dir, "duty_people", duty_people_import));
    TRY(load(c, data_dir, "duty_pairs", duty_pairs_import));
    enum err e = duty_plan(c, today(c), date_add(today(c), 27), false);
    return e == E_CALENDAR_UNKNOWN ? E_OK : e;
}
