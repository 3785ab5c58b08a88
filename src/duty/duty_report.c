/* "Cannot be done" (办不成事): reported by a visitor or by a clerk for him, goes to the officer on duty with a
 * clock of opening time, is answered in words, and goes to the leader when it is late (DOMAIN.md 9.2, 9.3:
 * five kinds; matters before a court are guided elsewhere). The term is the hall's own: no source has one. */
#include "duty.h"

#include "calendar.h"
#include "center.h"
#include "clock.h"
#include "hall.h"
#include "journal.h"
#include "party.h"
#include "settings.h"

#define OPEN_DAYS_MOST 30

enum err open_time_after(struct ctx *c, int64_t from, int64_t minutes, int64_t *ret)
{
    int64_t left = minutes * MINUTE_MS;
    int32_t on = date_of(from, c->zone_minutes);
    for (int day = 0; day < OPEN_DAYS_MOST; day++, on = date_add(on, 1)) {
        struct openings_of_rows open;
        int64_t midnight = date_start(on, c->zone_minutes);
        TRY(calendar_sessions_on(c, on, &open));
        for (size_t i = 0; i < open.n; i++) {
            int64_t begin = midnight + open.v[i].open_minute * MINUTE_MS,
                    end = midnight + open.v[i].close_minute * MINUTE_MS;
            if (begin < from)
                begin = from;
            if (begin >= end)
                continue;
            if (begin + left <= end) {
                *ret = begin + left;
                return E_OK;
            }
            left -= end - begin;
        }
    }
    *ret = from + minutes * MINUTE_MS;
    return E_OK;
}

static struct str kind_name(const struct ctx *c, struct str kind)
{
    if (str_is(kind, "not_accepted"))
        return tr(c, "交了材料，不收也不办");
    if (str_is(kind, "many_tries"))
        return tr(c, "跑了几次还没办成");
    if (str_is(kind, "doubt"))
        return tr(c, "对结果有疑问");
    if (str_is(kind, "conduct"))
        return tr(c, "工作人员的态度和作风");
    return tr(c, "别的合理要求");
}

static struct str outcome_name(const struct ctx *c, struct str outcome)
{
    if (str_is(outcome, "solved"))
        return tr(c, "已经解决");
    if (str_is(outcome, "passed"))
        return tr(c, "已经转给能办的部门");
    return str_is(outcome, "cannot") ? tr(c, "按规定不能办") : STR("");
}

static struct str words_of(struct ctx *c, const struct duty_report_row *p)
{
    struct str who = p->officer.n > 0 ? p->officer : tr(c, "中心主任");
    struct str due = str_fmt(c->arena, "%.*s %.*s",
                             STR_ARG(date_text(c->arena, date_of(p->due_at, c->zone_minutes))),
                             STR_ARG(time_text(c->arena, p->due_at, c->zone_minutes)));
    if (p->answered_at != 0)
        return tr_fill(c, "{who}已经答复。", "who", p->answered_by, NULL);
    if (p->escalated_at != 0)
        return tr(c, "没有按时答复，对不起。已经报中心领导，会尽快找您。");
    return tr_fill(c, "已经交给{who}，会在 {due} 以前答复您。", "who", who, "due", due, NULL);
}

struct duty_report_view duty_report_view_of(struct ctx *c, const struct duty_report_row *p)
{
    return (struct duty_report_view){.id = p->id,
                                     .token = p->token,
                                     .kind = p->kind,
                                     .kind_name = kind_name(c, p->kind),
                                     .what = p->what,
                                     .who = p->who,
                                     .desk = p->desk_code,
                                     .by_staff = p->by_staff,
                                     .officer = p->officer,
                                     .opened_at = p->opened_at,
                                     .due_at = p->due_at,
                                     .is_late = p->answered_at == 0 ? c->now > p->due_at
                                                                    : p->answered_at > p->due_at,
                                     .state = p->answered_at != 0    ? STR("answered")
                                              : p->escalated_at != 0 ? STR("escalated")
                                                                     : STR("open"),
                                     .words = words_of(c, p),
                                     .outcome = p->outcome,
                                     .outcome_name = outcome_name(c, p->outcome),
                                     .answer = p->answer,
                                     .answered_at = p->answered_at,
                                     .link = str_fmt(c->arena, "/cannot/%.*s", STR_ARG(p->token)),
                                     .has_phone = p->phone_sealed.p != NULL};
}

enum err cannot_show(struct ctx *c, struct reply *r, struct cannot_page *v)
{
    struct center_row here;
    struct duty_now now;
    (void)r;
    TRY(center_here(c, &here));
    TRY(duty_today(c, &now));
    v->phone = here.phone;
    v->officer = now.officer;
    v->place = now.officer_place;
    v->minutes = setting_duty_report_minutes(c);
    return E_OK;
}

enum err cannot_limit(struct ctx *c, struct cannot_tell_form *f)
{
    (void)f;
    return limit_take(c, "cannot", STR_NONE, 20);
}

enum err cannot_tell_it(struct ctx *c, const struct cannot_tell_form *f, struct reply *r,
                        struct duty_report_view *v)
{
    struct desk_row d = {0};
    struct duty_report_row *made;
    struct str token = public_token(c), officer;
    int64_t id = new_id(c), officer_id, due;
    bool by_staff = c->actor.kind == ACTOR_STAFF;
    if (by_staff) {
        enum err e = desk_of_actor(c, &d);
        if (e != E_DESK_NOT_OPEN)
            TRY(e);
    }
    TRY(duty_officer(c, &officer_id, &officer));
    TRY(open_time_after(c, c->now, setting_duty_report_minutes(c), &due));
    TRY(duty_report_add(c, c->center_id, id, token, str_of(cannot_tell_kind_words[f->kind]),
                        f->what, f->name.n > 0 ? mask_name(c->arena, f->name) : STR(""),
                        party_seal(c, f->phone), str_or_empty(d.code),
                        by_staff ? c->actor.name : STR(""), officer, c->now, due));
    TRY(duty_report(c, c->center_id, id, &made));
    BUG_IF(made == NULL);
    *v = duty_report_view_of(c, made);
    TRY(journal_add(c, EV_DUTY_REPORTED, id, 0,
                    event_facts(c, "officer", officer, "due",
                                time_text(c->arena, due, c->zone_minutes), NULL),
                    STR_NONE));
    reply_see(r, "/cannot/%.*s", STR_ARG(token));
    return E_OK;
}

enum err cannot_follow(struct ctx *c, const struct cannot_token_form *f, struct reply *r,
                       struct duty_report_view *v)
{
    struct duty_report_row *p;
    (void)r;
    TRY(duty_report_by_token(c, c->center_id, f->token, &p));
    if (p == NULL)
        return fail(c, E_NOT_FOUND, "no such report");
    *v = duty_report_view_of(c, p);
    return E_OK;
}

/* The officer of today answers; the leader may always. */
static enum err may_answer(struct ctx *c)
{
    int64_t officer;
    struct str name;
    TRY(duty_officer(c, &officer, &name));
    if (officer == c->actor.id || has_role(c, ROLE_MANAGER) || has_role(c, ROLE_DUTY))
        return E_OK;
    return fail(c, E_DUTY_NOT_OFFICER, "staff %lld", (long long)c->actor.id);
}

enum err duty_report_answer_it(struct ctx *c, const struct cannot_answer_form *f, struct reply *r,
                               struct duty_report_view *v)
{
    struct duty_report_row *p;
    int64_t changed;
    TRY(may_answer(c));
    TRY(duty_report(c, c->center_id, f->id, &p));
    if (p == NULL)
        return fail(c, E_NOT_FOUND, "report %lld", (long long)f->id);
    struct str outcome = str_of(cannot_answer_outcome_words[f->outcome]);
    TRY(duty_report_answer_changes(c, c->center_id, f->id, outcome, f->answer, c->now,
                                   c->actor.name, &changed));
    if (changed == 0)
        return fail(c, E_DUTY_ANSWERED, "report %lld", (long long)f->id);
    struct ctx zh = *c;
    zh.lang = LANG_ZH; /* the journal speaks the hall's own language */
    TRY(journal_add(c, EV_DUTY_REPORT_ANSWERED, f->id, 0,
                    event_facts(c, "outcome", outcome_name(&zh, outcome), NULL), STR_NONE));
    TRY(duty_report(c, c->center_id, f->id, &p));
    *v = duty_report_view_of(c, p);
    reply_see(r, "/duty");
    return E_OK;
}

enum err duty_report_phone(struct ctx *c, const struct duty_id_form *f, struct reply *r,
                           struct duty_phone *v)
{
    struct duty_report_row *p;
    TRY(may_answer(c));
    TRY(duty_report(c, c->center_id, f->id, &p));
    if (p == NULL)
        return fail(c, E_NOT_FOUND, "report %lld", (long long)f->id);
    TRY(party_unseal(c, p->phone_sealed, &v->phone));
    v->phone = str_or_empty(v->phone);
    /* zh: a value of the journal */
    TRY(journal_add(c, EV_PARTY_READ, p->id, 0,
                    event_facts(c, "purpose", STR("答复办不成事"), NULL), STR_NONE));
    reply_see(r, "/duty");
    return E_OK;
}

enum err duty_reports_escalate(struct ctx *c)
{
    struct duty_reports_open_rows rows;
    TRY(duty_reports_open(c, c->center_id, &rows));
    for (size_t i = 0; i < rows.n; i++) {
        if (rows.v[i].due_at >= c->now || rows.v[i].escalated_at != 0)
            continue;
        TRY(duty_report_escalate(c, c->center_id, rows.v[i].id, c->now));
        TRY(journal_add(c, EV_DUTY_REPORT_ESCALATED, rows.v[i].id, 0, STR("{}"), STR_NONE));
    }
    return E_OK;
}
