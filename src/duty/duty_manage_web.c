/* The manager's rota: planned by rules, each name with its reason; leave, gaps, who is missing, what could
 * not be done. */
#include "duty.h"

#include "clock.h"
#include "hall.h"
#include "journal.h"

#define SHOWN_DAYS 28

static enum err fill_people(struct ctx *c, const struct duty_slots_rows *rota,
                            struct duty_manage *v)
{
    struct duty_people_rows people;
    TRY(duty_people(c, c->center_id, &people));
    v->people.v = ARENA_ARRAY(c->arena, struct duty_person_view, people.n + 1);
    v->people.n = people.n;
    for (size_t i = 0; i < people.n; i++) {
        int64_t duties = 0;
        for (size_t s = 0; s < rota->n; s++)
            duties += rota->v[s].staff_id == people.v[i].staff_id ? 1 : 0;
        v->people.v[i] = (struct duty_person_view){.staff_id = people.v[i].staff_id,
                                                   .name = people.v[i].name,
                                                   .tier = people.v[i].tier,
                                                   .tier_name = duty_tier_name(c, people.v[i].tier),
                                                   .duties = duties,
                                                   .last_on = people.v[i].last_on};
    }
    return E_OK;
}

static enum err fill_requests(struct ctx *c, struct duty_manage *v)
{
    struct duty_leaves_rows leaves;
    struct duty_reports_since_rows reports;
    TRY(duty_leaves(c, c->center_id, today(c), &leaves));
    v->leaves.v = ARENA_ARRAY(c->arena, struct duty_leave_view, leaves.n + 1);
    for (size_t i = 0; i < leaves.n; i++)
        v->leaves.v[v->leaves.n++] = duty_leave_view_of(c, &leaves.v[i]);
    TRY(duty_reports_since(c, c->center_id, c->now - 7 * DAY_MS, &reports));
    v->reports.v = ARENA_ARRAY(c->arena, struct duty_report_view, reports.n + 1);
    for (size_t i = 0; i < reports.n; i++)
        v->reports.v[v->reports.n++] = duty_report_view_of(c, &reports.v[i]);
    return duty_pair_views(c, false, &v->pairs);
}

/* The posts, for the choice in the form. */
static enum err fill_posts(struct ctx *c, struct duty_manage *v)
{
    struct duty_posts_rows posts;
    TRY(duty_posts(c, c->center_id, &posts));
    v->posts.v = ARENA_ARRAY(c->arena, struct duty_slot_view, posts.n + 1);
    for (size_t i = 0; i < posts.n; i++)
        v->posts.v[v->posts.n++] =
            (struct duty_slot_view){.post = posts.v[i].code,
                                    .post_name = duty_post_name(c, &posts, posts.v[i].code)};
    return E_OK;
}

enum err duty_manage_show(struct ctx *c, const struct duty_weeks_form *f, struct reply *r,
                          struct duty_manage *v)
{
    struct duty_slots_rows rota;
    (void)r;
    v->from = f->from == 0 ? today(c) : f->from;
    v->to = date_add(v->from, SHOWN_DAYS - 1);
    v->today_text = date_text(c->arena, today(c));
    v->from_text = date_text(c->arena, v->from);
    v->to_text = date_text(c->arena, v->to);
    TRY(duty_today(c, &v->today));
    for (size_t i = 0; i < v->today.items.n; i++)
        v->missing += str_is(v->today.items.v[i].state, "missing") ? 1 : 0;
    TRY(duty_slots(c, c->center_id, v->from, v->to, &rota));
    TRY(duty_slot_views(c, rota.v, rota.n, &v->rota));
    for (size_t i = 0; i < rota.n; i++)
        v->gaps += rota.v[i].staff_id == 0 ? 1 : 0;
    TRY(fill_posts(c, v));
    TRY(fill_people(c, &rota, v));
    return fill_requests(c, v);
}

enum err duty_plan_days(struct ctx *c, const struct duty_plan_for_form *f, struct reply *r,
                        struct duty_manage *v)
{
    struct duty_weeks_form weeks = {.from = f->from};
    TRY(duty_plan(c, f->from, f->to, f->anew));
    TRY(duty_manage_show(c, &weeks, r, v));
    reply_see(r, "/manage/duty?from=%.*s", STR_ARG(date_text(c->arena, f->from)));
    return E_OK;
}

static enum err slot_on(struct ctx *c, int32_t on, struct str post, struct duty_slot_row **ret)
{
    struct duty_slots_rows rows;
    *ret = NULL;
    TRY(duty_slots(c, c->center_id, on, on, &rows));
    for (size_t i = 0; i < rows.n; i++)
        if (str_eq(rows.v[i].post, post))
            *ret = &rows.v[i];
    return E_OK;
}

static enum err name_of(struct ctx *c, int64_t staff_id, struct str *ret)
{
    struct duty_people_rows people;
    TRY(duty_people(c, c->center_id, &people));
    for (size_t i = 0; i < people.n; i++)
        if (people.v[i].staff_id == staff_id) {
            *ret = people.v[i].name;
            return E_OK;
        }
    return fail_field(c, E_DUTY_RULE_TIER, "staff", "staff %lld takes no part",
                      (long long)staff_id);
}

/* By hand, also on a day that is no working day; the rules of the rota hold here too. */
enum err duty_put_by_hand(struct ctx *c, const struct duty_put_on_form *f, struct reply *r,
                          struct duty_slot_view *v)
{
    struct duty_slot_row *slot;
    struct duty_slot_view_list one;
    struct str name;
    TRY(name_of(c, f->staff, &name));
    TRY(slot_on(c, f->on, f->post, &slot));
    struct duty_slot_row wanted = {.duty_on = f->on, .post = f->post};
    if (slot != NULL)
        wanted = *slot;
    TRY(duty_may_take(c, f->staff, &wanted, 0));
    if (slot == NULL) {
        TRY(duty_slot_add(c, c->center_id, new_id(c), f->on, f->post, f->staff, name,
                          STR("by_hand"), 0));
    } else {
        TRY(duty_slot_give(c, c->center_id, slot->id, f->staff, name, STR("by_hand"), 0));
    }
    TRY(slot_on(c, f->on, f->post, &slot));
    BUG_IF(slot == NULL);
    TRY(duty_slot_views(c, slot, 1, &one));
    TRY(journal_add(c, EV_DUTY_PUT, slot->id, 0,
                    event_facts(c, "day", date_text(c->arena, f->on), "post", f->post, "who", name,
                                NULL),
                    STR_NONE));
    *v = one.v[0];
    reply_see(r, "/manage/duty");
    return E_OK;
}

static enum err answer_leave(struct ctx *c, int64_t id, enum leave_state to, struct reply *r,
                             struct duty_leave_view *v)
{
    struct duty_leave_row *l;
    int64_t changed;
    TRY(duty_leave(c, c->center_id, id, &l));
    if (l == NULL)
        return fail(c, E_NOT_FOUND, "leave %lld", (long long)id);
    TRY(duty_leave_answer_changes(c, c->center_id, id, to, c->now, c->actor.name, &changed));
    if (changed == 0)
        return fail(c, E_DUTY_LEAVE_ANSWERED, "leave %lld", (long long)id);
    l->state = to;
    if (to == LEAVE_GRANTED)
        TRY(duty_refill(c, l->staff_id, l->from_on < today(c) ? today(c) : l->from_on, l->to_on));
    TRY(journal_add(c, to == LEAVE_GRANTED ? EV_DUTY_LEAVE_GRANTED : EV_DUTY_LEAVE_REFUSED, id, 0,
                    event_facts(c, "who", l->name, "from", date_text(c->arena, l->from_on), "to",
                                date_text(c->arena, l->to_on), NULL),
                    STR_NONE));
    *v = duty_leave_view_of(c, l);
    reply_see(r, "/manage/duty");
    return E_OK;
}

enum err duty_leave_grant(struct ctx *c, const struct duty_id_form *f, struct reply *r,
                          struct duty_leave_view *v)
{
    return answer_leave(c, f->id, LEAVE_GRANTED, r, v);
}

enum err duty_leave_refuse(struct ctx *c, const struct duty_id_form *f, struct reply *r,
                           struct duty_leave_view *v)
{
    return answer_leave(c, f->id, LEAVE_REFUSED, r, v);
}
