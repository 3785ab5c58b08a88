/* What somebody does with his own duties: be there, write down what happened, ask for leave, go away and let
 * the B post take over. */
#include "duty.h"

#include "clock.h"
#include "hall.h"
#include "journal.h"

#define AHEAD_DAYS      62
#define LEAVE_DAYS_MOST 360

static enum err my_slot(struct ctx *c, int64_t id, struct duty_slot_row **ret)
{
    TRY(duty_slot(c, c->center_id, id, ret));
    if (*ret == NULL)
        return fail(c, E_NOT_FOUND, "duty slot %lld", (long long)id);
    return (*ret)->staff_id == c->actor.id
               ? E_OK
               : fail(c, E_DUTY_NOT_YOURS, "duty slot %lld", (long long)id);
}

static enum err post_of_slot(struct ctx *c, const struct duty_slot_row *s,
                             struct duty_posts_row *ret)
{
    struct duty_posts_rows posts;
    TRY(duty_posts(c, c->center_id, &posts));
    *ret = (struct duty_posts_row){.name = s->post, .place_code = STR("")};
    for (size_t i = 0; i < posts.n; i++)
        if (str_eq(posts.v[i].code, s->post))
            *ret = posts.v[i];
    return E_OK;
}

static enum err one_slot(struct ctx *c, int64_t id, struct duty_slot_view *v)
{
    struct duty_slot_row *s;
    struct duty_slot_view_list all;
    TRY(duty_slot(c, c->center_id, id, &s));
    BUG_IF(s == NULL);
    TRY(duty_slot_views(c, s, 1, &all));
    *v = all.v[0];
    return E_OK;
}

enum err duty_check_in(struct ctx *c, const struct duty_check_form *f, struct reply *r,
                       struct duty_slot_view *v)
{
    struct duty_slot_row *s;
    struct duty_posts_row post;
    int64_t changed;
    TRY(my_slot(c, f->id, &s));
    TRY(post_of_slot(c, s, &post));
    if (s->duty_on != today(c))
        return fail_field(c, E_DUTY_NOT_TODAY, "code", "slot of %d", s->duty_on);
    if (!str_eq(str_trim(f->code), post.place_code))
        return fail_field(c, E_DUTY_PLACE_CODE, "code", "post %.*s", STR_ARG(s->post));
    TRY(duty_slot_check_changes(c, c->center_id, s->id, c->now, &changed));
    if (changed == 0)
        return fail(c, E_DUTY_CHECKED, "slot %lld", (long long)s->id);
    TRY(journal_add(c, EV_DUTY_CHECKED_IN, s->id, 0,
                    event_facts(c, "who", c->actor.name, "post", post.name, NULL), STR_NONE));
    reply_see(r, "/duty");
    return one_slot(c, s->id, v);
}

/* Written at the end; until midnight it may be written anew. */
enum err duty_write(struct ctx *c, const struct duty_note_form *f, struct reply *r,
                    struct duty_slot_view *v)
{
    struct duty_slot_row *s;
    struct duty_posts_row post;
    TRY(my_slot(c, f->id, &s));
    TRY(post_of_slot(c, s, &post));
    if (s->checked_at == 0)
        return fail(c, E_DUTY_CHECK_FIRST, "slot %lld", (long long)s->id);
    if (s->duty_on != today(c))
        return fail(c, E_DUTY_NOT_TODAY, "slot of %d", s->duty_on);
    TRY(duty_slot_record(c, c->center_id, s->id, f->text, c->now));
    TRY(journal_add(c, EV_DUTY_RECORDED, s->id, 0,
                    event_facts(c, "who", c->actor.name, "post", post.name, NULL), STR_NONE));
    reply_see(r, "/duty");
    return one_slot(c, s->id, v);
}

struct duty_leave_view duty_leave_view_of(const struct ctx *c, const struct duty_leave_row *l)
{
    static const struct {
        const char *word, *name;
    } states[LEAVE_STATE_COUNT] = {{"asked", /* tr */ "等批准"},
                                   {"granted", /* tr */ "已准假"},
                                   {"refused", /* tr */ "没有批准"}};
    return (struct duty_leave_view){.id = l->id,
                                    .name = l->name,
                                    .from_on = l->from_on,
                                    .to_on = l->to_on,
                                    .why = l->why,
                                    .state = str_of(states[l->state].word),
                                    .state_name = tr(c, states[l->state].name)};
}

enum err duty_leave_ask(struct ctx *c, const struct duty_leave_wish_form *f, struct reply *r,
                        struct duty_leave_view *v)
{
    struct duty_leave_row *made;
    int64_t id = new_id(c);
    if (f->from < today(c) || f->to < f->from || date_diff(f->from, f->to) > LEAVE_DAYS_MOST)
        return fail_field(c, E_DUTY_LEAVE_DAYS, "from", "%d to %d", f->from, f->to);
    TRY(duty_leave_add(c, c->center_id, id, c->actor.id, f->from, f->to, f->why, c->now));
    TRY(duty_leave(c, c->center_id, id, &made));
    BUG_IF(made == NULL);
    TRY(journal_add(c, EV_DUTY_LEAVE_ASKED, id, 0,
                    event_facts(c, "who", c->actor.name, "from", date_text(c->arena, f->from), "to",
                                date_text(c->arena, f->to), NULL),
                    STR_NONE));
    *v = duty_leave_view_of(c, made);
    reply_see(r, "/duty");
    return E_OK;
}

/* Why somebody is away, and who of the pair does the work now. */
static struct duty_pair_view pair_view(const struct ctx *c, const struct duty_pairs_row *p)
{
    bool a_away = p->a_away.p != NULL, b_away = p->b_away.p != NULL;
    return (struct duty_pair_view){.code = p->code,
                                   .name = p->name,
                                   .desk = p->desk_code,
                                   .first = p->a_name,
                                   .second = p->b_name,
                                   .now = !a_away   ? p->a_name
                                          : !b_away ? p->b_name
                                                    : STR(""),
                                   .why = str_or_empty(p->a_away),
                                   .is_mine = p->a_id == c->actor.id || p->b_id == c->actor.id};
}

enum err duty_pair_views(struct ctx *c, bool only_mine, struct duty_pair_view_list *ret)
{
    struct duty_pairs_rows rows;
    TRY(duty_pairs(c, c->center_id, today(c), &rows));
    ret->v = ARENA_ARRAY(c->arena, struct duty_pair_view, rows.n + 1);
    ret->n = 0;
    for (size_t i = 0; i < rows.n; i++) {
        struct duty_pair_view v = pair_view(c, &rows.v[i]);
        if (!only_mine || v.is_mine)
            ret->v[ret->n++] = v;
    }
    return E_OK;
}

enum err duty_stand_in_words(struct ctx *c, struct str desk_code, struct str *ret)
{
    struct duty_pair_view_list all;
    *ret = STR("");
    TRY(duty_pair_views(c, false, &all));
    for (size_t i = 0; i < all.n && desk_code.n > 0; i++) {
        const struct duty_pair_view *p = &all.v[i];
        if (!str_eq(p->desk, desk_code) || p->why.n == 0)
            continue;
        if (p->now.n > 0)
            *ret = tr_fill(c, "A 岗{first}不在（{why}），B 岗{second}顶岗", "first", p->first,
                           "why", p->why, "second", p->second, NULL);
        else
            *ret = tr_fill(c, "A 岗{first}和 B 岗{second}都不在，请找值班领导", "first", p->first,
                           "second", p->second, NULL);
    }
    return E_OK;
}

enum err duty_go_away(struct ctx *c, const struct duty_away_why_form *f, struct reply *r,
                      struct duty_page *v)
{
    struct duty_pair_view_list mine;
    TRY(duty_pair_views(c, true, &mine));
    if (mine.n == 0)
        return fail_field(c, E_DUTY_PAIR_NONE, "why", "staff %lld", (long long)c->actor.id);
    TRY(duty_away_end(c, c->center_id, c->actor.id, c->now));
    TRY(duty_away_add(c, c->center_id, new_id(c), c->actor.id, f->why, c->now));
    struct str other = STR("");
    for (size_t i = 0; i < mine.n; i++)
        if (str_eq(mine.v[i].first, c->actor.name))
            other = mine.v[i].second;
    TRY(journal_add(c, EV_DUTY_AWAY, c->actor.id, 0,
                    event_facts(c, "who", c->actor.name, "other",
                                other.n > 0 ? other : mine.v[0].first, NULL),
                    STR_NONE));
    reply_see(r, "/duty");
    return duty_show(c, r, v);
}

enum err duty_come_back(struct ctx *c, struct reply *r, struct duty_page *v)
{
    int64_t changed;
    TRY(duty_away_end_changes(c, c->center_id, c->actor.id, c->now, &changed));
    if (changed > 0)
        TRY(journal_add(c, EV_DUTY_BACK, c->actor.id, 0, event_facts(c, "who", c->actor.name, NULL),
                        STR_NONE));
    reply_see(r, "/duty");
    return duty_show(c, r, v);
}

/* --- the page of one's own duties --------------------------------------------------------- */

static enum err fill_mine(struct ctx *c, struct duty_page *v)
{
    struct duty_slots_of_rows rows;
    struct duty_people_rows people;
    struct str tier = STR("");
    TRY(duty_slots_of(c, c->center_id, c->actor.id, today(c), date_add(today(c), AHEAD_DAYS),
                      &rows));
    TRY(duty_slot_views(c, rows.v, rows.n, &v->mine));
    TRY(duty_people(c, c->center_id, &people));
    for (size_t i = 0; i < people.n; i++)
        if (people.v[i].staff_id == c->actor.id)
            tier = people.v[i].tier;
    v->people.v = ARENA_ARRAY(c->arena, struct duty_person_view, people.n + 1);
    for (size_t i = 0; i < people.n && tier.n > 0; i++)
        if (str_eq(people.v[i].tier, tier) && people.v[i].staff_id != c->actor.id)
            v->people.v[v->people.n++] =
                (struct duty_person_view){.staff_id = people.v[i].staff_id,
                                          .name = people.v[i].name,
                                          .tier = tier,
                                          .tier_name = duty_tier_name(c, tier),
                                          .last_on = people.v[i].last_on};
    return tier.n > 0 && v->mine.n > 0 ? duty_slots_to_swap(c, &people, tier, &v->others) : E_OK;
}

static enum err fill_leaves(struct ctx *c, struct duty_page *v)
{
    struct duty_leaves_rows rows;
    TRY(duty_leaves(c, c->center_id, today(c), &rows));
    v->leaves.v = ARENA_ARRAY(c->arena, struct duty_leave_view, rows.n + 1);
    for (size_t i = 0; i < rows.n; i++)
        if (rows.v[i].staff_id == c->actor.id)
            v->leaves.v[v->leaves.n++] = duty_leave_view_of(c, &rows.v[i]);
    return E_OK;
}

static enum err fill_reports(struct ctx *c, struct duty_page *v)
{
    struct duty_reports_open_rows rows;
    int64_t officer;
    struct str name;
    TRY(duty_officer(c, &officer, &name));
    v->may_answer = officer == c->actor.id || has_role(c, ROLE_MANAGER) || has_role(c, ROLE_DUTY);
    if (!v->may_answer)
        return E_OK;
    TRY(duty_reports_open(c, c->center_id, &rows));
    v->reports.v = ARENA_ARRAY(c->arena, struct duty_report_view, rows.n + 1);
    for (size_t i = 0; i < rows.n; i++)
        v->reports.v[v->reports.n++] = duty_report_view_of(c, &rows.v[i]);
    return E_OK;
}

enum err duty_show(struct ctx *c, struct reply *r, struct duty_page *v)
{
    struct duty_away_row *away;
    (void)r;
    v->today_text = date_text(c->arena, today(c));
    TRY(duty_today(c, &v->today));
    TRY(fill_mine(c, v));
    TRY(duty_swap_views(c, &v->swaps));
    TRY(fill_leaves(c, v));
    TRY(duty_pair_views(c, true, &v->pairs));
    TRY(duty_away(c, c->center_id, c->actor.id, &away));
    v->is_away = away != NULL;
    return fill_reports(c, v);
}

enum err duty_now_show(struct ctx *c, struct reply *r, struct duty_now *v)
{
    (void)r;
    return duty_today(c, v);
}
