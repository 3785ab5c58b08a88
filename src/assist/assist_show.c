/* A request as people see it: its state, who has been told and what happens next, what is kept for it, what
 * was handed over. */
#include "assist.h"

#include "clock.h"
#include "duty.h"
#include "settings.h"
#include "thing.h"

static struct str state_word(int64_t state)
{
    static const char *const words[] = {"requested", "accepted", "arrived", "done", "cancelled"};
    return str_of(state >= 0 && state < ASSIST_STATE_COUNT ? words[state] : "");
}

static struct str state_name(const struct ctx *c, const struct assist_row *a)
{
    switch (a->state) {
    case ASSIST_REQUESTED:
        return a->told == TOLD_NOBODY ? tr(c, "已经记下，到时间来帮您")
                                      : tr(c, "已经告诉帮办员，请稍等");
    case ASSIST_ACCEPTED:
        return tr_fill(c, "{helper}正在过来", "helper", a->helper_name, NULL);
    case ASSIST_ARRIVED:
        return tr_fill(c, "{helper}到了", "helper", a->helper_name, NULL);
    case ASSIST_DONE:
        return tr(c, "帮忙完成");
    default:
        return tr(c, "求助已取消");
    }
}

static struct str or_empty(struct str s)
{
    return s.p == NULL ? STR("") : s;
}

static struct str told_word(int64_t told)
{
    static const char *const words[TOLD_COUNT] = {"nobody", "one", "all", "officer", "leader"};
    return str_of(told >= 0 && told < TOLD_COUNT ? words[told] : "");
}

static struct str minutes_text(struct ctx *c, int64_t minutes)
{
    return str_fmt(c->arena, "%lld", (long long)minutes);
}

/* What happens now and what next, while nobody has taken it. */
static struct str told_words(struct ctx *c, const struct assist_row *a, struct str officer_name)
{
    struct str officer_words = officer_name.n > 0
                                   ? tr_fill(c, "值班领导{who}", "who", officer_name, NULL)
                                   : tr(c, "值班领导");
    struct str all = minutes_text(c, setting_assist_all_minutes(c)),
               officer = minutes_text(c, setting_assist_escalate_minutes(c)),
               leader = minutes_text(c, setting_assist_leader_minutes(c));
    if (a->state != ASSIST_REQUESTED)
        return STR("");
    switch ((enum assist_told)a->told) {
    case TOLD_NOBODY:
        return tr_fill(c, "{time}以前会告诉帮办员，您不用再打电话。", "time",
                       str_fmt(c->arena, "%.*s %.*s",
                               STR_ARG(date_text(c->arena, date_of(a->wanted_at, c->zone_minutes))),
                               STR_ARG(time_text(c->arena, a->wanted_at, c->zone_minutes))),
                       NULL);
    case TOLD_ONE:
        return tr_fill(c, "已经请{who}过来。{n} 分钟没有回应，会请所有能帮的人。", "who",
                       a->offered_name, "n", all, NULL);
    case TOLD_ALL:
        return tr_fill(c, "已经请所有能帮的人。{n} 分钟还没人接，会告诉值班领导。", "n", officer,
                       NULL);
    case TOLD_OFFICER:
        return tr_fill(c, "还没有人接，已经告诉{officer}来安排。{n} 分钟还没人来，会报中心领导。",
                       "officer", officer_words, "n", leader, NULL);
    case TOLD_LEADER:
        return tr(c, "等得太久了，对不起。已经报中心领导。着急的话请到导办台，或打电话。");
    case TOLD_COUNT:
        break;
    }
    return STR("");
}

static struct str source_name(const struct ctx *c, struct str source)
{
    if (str_is(source, "door"))
        return tr(c, "门口导办台");
    if (str_is(source, "kiosk"))
        return tr(c, "自助机");
    if (str_is(source, "bus_stop"))
        return tr(c, "公交站");
    if (str_is(source, "desk"))
        return tr(c, "窗口");
    return tr(c, "手机");
}

static enum err fill_thing(struct ctx *c, const struct assist_row *a, struct assist_view *v)
{
    struct thing_held_for_row *thing;
    TRY(thing_held_for(c, c->center_id, a->id, &thing));
    v->thing = thing == NULL ? STR("") : thing->code;
    if (thing != NULL)
        v->thing_words = tr_fill(c, "已经留好{thing}", "thing",
                                 c->lang == LANG_EN ? thing->name_en : thing->name, NULL);
    else if (str_is(a->kind, "wheelchair") && a->state == ASSIST_REQUESTED)
        v->thing_words = tr(c, "那时没有空着的轮椅，帮办员会先去找一辆");
    else
        v->thing_words = STR("");
    return E_OK;
}

static enum err fill_papers(struct ctx *c, const struct assist_row *a, struct assist_view *v)
{
    struct assist_papers_of_rows rows;
    TRY(assist_papers_of(c, c->center_id, a->id, &rows));
    v->papers.v = ARENA_ARRAY(c->arena, struct assist_paper_view, rows.n + 1);
    v->papers.n = rows.n;
    for (size_t i = 0; i < rows.n; i++) {
        const struct assist_paper_row *p = &rows.v[i];
        v->papers.v[i] = (struct assist_paper_view){.id = p->id,
                                                    .what = p->what,
                                                    .purpose = p->purpose,
                                                    .whose = p->whose,
                                                    .handed_at = p->handed_at,
                                                    .handed_to = p->handed_to,
                                                    .returned_at = p->returned_at,
                                                    .is_back = p->returned_at != 0};
        v->papers_out += p->returned_at == 0 ? 1 : 0;
    }
    return E_OK;
}

enum err assist_view_of(struct ctx *c, const struct assist_row *a, struct assist_view *ret)
{
    struct helpers_on_row on;
    struct str kind = assist_kind_name(c, a->kind), officer = STR("");
    int64_t officer_id;
    if (a->state == ASSIST_REQUESTED && a->told == TOLD_OFFICER)
        TRY(duty_officer(c, &officer_id, &officer));
    TRY(helpers_on(c, c->center_id, &on));
    *ret = (struct assist_view){
        .id = a->id,
        .token = a->token,
        .kind = a->kind,
        .kind_name = kind,
        .place_from = a->place_from,
        .place_to = a->place_to,
        .what = a->what.n > 0 ? a->what : kind,
        .who = a->who,
        .state = state_word(a->state),
        .state_name = state_name(c, a),
        .helper = or_empty(a->helper_name),
        .requested_at = a->requested_at,
        .accepted_at = a->accepted_at,
        .arrived_at = a->arrived_at,
        .ended_at = a->ended_at,
        .source = a->source,
        .source_name = source_name(c, a->source),
        .floor = a->floor,
        .wanted_at = a->wanted_at,
        .told = told_word(a->told),
        .told_words = told_words(c, a, officer),
        .grade = a->grade == INT_NONE ? 0 : a->grade,
        .is_late = a->escalated_at != 0,
        .is_mine = a->helper_id != 0 && c->actor.kind == ACTOR_STAFF && a->helper_id == c->actor.id,
        .has_phone = a->phone_sealed.p != NULL,
        .helpers_on = on.helpers,
        .link = str_fmt(c->arena, "/assists/%.*s", STR_ARG(a->token)),
    };
    TRY(skill_views(c, a->skills, &ret->skills));
    TRY(fill_thing(c, a, ret));
    return fill_papers(c, a, ret);
}
