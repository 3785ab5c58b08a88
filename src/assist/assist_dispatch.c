/* Telling those who must be told of a request, when it is made and by a job afterwards; what the hall can
 * do (skills) as data. The order itself is dispatch.c. */
#include "assist.h"

#include "clock.h"
#include "csv.h"
#include "hall.h"
#include "journal.h"
#include "settings.h"

int64_t assist_due_from(const struct ctx *c, const struct assist_row *a)
{
    int64_t due = a->wanted_at - setting_assist_lead_minutes(c) * MINUTE_MS;
    return a->wanted_at == 0 || due < a->requested_at ? a->requested_at : due;
}

static void add_skill(struct ctx *c, struct helper_state *all, size_t n, int64_t staff_id,
                      struct str skill)
{
    for (size_t i = 0; i < n; i++)
        if (all[i].staff_id == staff_id)
            all[i].skills = str_fmt(c->arena, "%.*s%s%.*s", STR_ARG(all[i].skills),
                                    all[i].skills.n > 0 ? " " : "", STR_ARG(skill));
}

enum err helpers_now(struct ctx *c, struct helper_state **ret, size_t *ret_n)
{
    struct helpers_state_rows rows;
    struct helper_skills_on_rows skills;
    TRY(helpers_state(c, c->center_id, &rows));
    TRY(helper_skills_on(c, c->center_id, &skills));
    struct helper_state *all = ARENA_ARRAY(c->arena, struct helper_state, rows.n + 1);
    for (size_t i = 0; i < rows.n; i++) {
        const struct helpers_state_row *h = &rows.v[i];
        all[i] = (struct helper_state){.staff_id = h->staff_id,
                                       .name = h->name,
                                       .floor = h->floor,
                                       .skills = STR(""),
                                       .is_busy = h->busy != 0,
                                       .idle_since = h->last_at > h->on_at ? h->last_at : h->on_at};
    }
    for (size_t i = 0; i < skills.n; i++)
        add_skill(c, all, rows.n, skills.v[i].staff_id, skills.v[i].skill);
    *ret = all;
    *ret_n = rows.n;
    return E_OK;
}

/* zh: values of the journal, which speaks the hall's own language */
static struct str whom_zh(struct ctx *c, enum assist_told told, struct str helper)
{
    switch (told) {
    case TOLD_ONE:
        return str_copy(c->arena, helper);
    case TOLD_ALL:
        return STR("所有会的帮办员");
    case TOLD_OFFICER:
        return STR("值班领导");
    case TOLD_LEADER:
        return STR("中心领导");
    case TOLD_NOBODY:
    case TOLD_COUNT:
        break;
    }
    return STR("");
}

static enum err tell(struct ctx *c, struct assist_row *a, enum assist_told told,
                     const struct helper_state *best, int64_t waited_ms)
{
    static const enum event events[TOLD_COUNT] = {EV_ASSIST_TOLD, EV_ASSIST_TOLD, EV_ASSIST_TOLD,
                                                  EV_ASSIST_ESCALATED, EV_ASSIST_LEADER_TOLD};
    struct str whom = whom_zh(c, told, best == NULL ? STR("") : best->name);
    if (told >= TOLD_OFFICER && a->escalated_at == 0)
        a->escalated_at = c->now;
    a->told = told;
    a->told_at = c->now;
    a->offered_id = told == TOLD_ONE && best != NULL ? best->staff_id : a->offered_id;
    a->offered_name = told == TOLD_ONE && best != NULL ? best->name : str_or_empty(a->offered_name);
    TRY(assist_tell(c, c->center_id, a->id, a->told, a->told_at, a->offered_id, a->offered_name,
                    a->escalated_at));
    return journal_add(c, events[told], a->id, a->thread,
                       event_facts(c, "minutes",
                                   str_fmt(c->arena, "%lld", (long long)(waited_ms / MINUTE_MS)),
                                   "what", str_of(assist_kind_zh(a->kind)), "whom", whom, NULL),
                       STR_NONE);
}

static struct dispatch_terms terms_of(const struct ctx *c)
{
    return (struct dispatch_terms){.all_ms = setting_assist_all_minutes(c) * MINUTE_MS,
                                   .officer_ms = setting_assist_escalate_minutes(c) * MINUTE_MS,
                                   .leader_ms = setting_assist_leader_minutes(c) * MINUTE_MS};
}

enum err assist_dispatch(struct ctx *c, struct assist_row *a)
{
    struct helper_state *helpers;
    struct dispatch_terms terms = terms_of(c);
    size_t n;
    int64_t waited = c->now - assist_due_from(c, a);
    if (a->state != ASSIST_REQUESTED || waited < 0 || a->told >= TOLD_LEADER)
        return E_OK;
    TRY(helpers_now(c, &helpers, &n));
    ptrdiff_t best = dispatch_best(helpers, n, a->floor, a->skills);
    bool can = dispatch_can_anybody(helpers, n, a->skills);
    enum assist_told step = dispatch_step(waited, best >= 0, can, &terms);
    if ((int64_t)step <= a->told)
        return E_OK;
    return tell(c, a, step, best >= 0 ? &helpers[best] : NULL, waited);
}

enum err assist_escalate_job(struct ctx *c)
{
    struct assists_unheard_rows rows;
    TRY(assists_unheard(c, c->center_id, &rows));
    for (size_t i = 0; i < rows.n; i++)
        TRY(assist_dispatch(c, &rows.v[i]));
    return E_OK;
}

static struct help_skill_view skill_view(const struct ctx *c, const struct help_skill_rows_row *row)
{
    return (struct help_skill_view){.code = row->code,
                                    .name = c->lang == LANG_EN && row->name_en.n > 0 ? row->name_en
                                                                                     : row->name};
}

enum err skill_views(struct ctx *c, struct str codes, struct help_skill_view_list *ret)
{
    struct help_skill_rows_rows rows;
    *ret = (struct help_skill_view_list){0};
    if (codes.n == 0)
        return E_OK;
    TRY(help_skill_rows(c, c->center_id, &rows));
    ret->v = ARENA_ARRAY(c->arena, struct help_skill_view, rows.n + 1);
    for (size_t i = 0; i < rows.n; i++)
        if (skills_cover(codes, rows.v[i].code))
            ret->v[ret->n++] = skill_view(c, &rows.v[i]);
    return E_OK;
}

enum err help_skills_all(struct ctx *c, struct help_skill_view_list *ret)
{
    struct help_skill_rows_rows rows;
    TRY(help_skill_rows(c, c->center_id, &rows));
    ret->v = ARENA_ARRAY(c->arena, struct help_skill_view, rows.n + 1);
    ret->n = rows.n;
    for (size_t i = 0; i < rows.n; i++)
        ret->v[i] = skill_view(c, &rows.v[i]);
    return E_OK;
}

enum err skills_of_staff(struct ctx *c, int64_t staff_id, struct str *ret)
{
    struct helper_skills_of_rows rows;
    struct str all = STR("");
    TRY(helper_skills_of(c, c->center_id, staff_id, &rows));
    for (size_t i = 0; i < rows.n; i++)
        all = str_fmt(c->arena, "%.*s%s%.*s", STR_ARG(all), i > 0 ? " " : "",
                      STR_ARG(rows.v[i].skill));
    *ret = all;
    return E_OK;
}

enum err help_skills_import(struct ctx *c, struct table_in *t)
{
    for (int64_t position = 0; table_next(t); position++) {
        struct str code = table_need(t, "code", 20), name = table_need(t, "name", 40);
        if (t->fault_count == 0)
            TRY(help_skill_put(c, c->center_id, code, name, str_or_empty(table_text(t, "name_en")),
                               str_or_empty(table_text(t, "kinds")), position));
    }
    return E_OK;
}

enum err helper_skills_import(struct ctx *c, struct table_in *t)
{
    struct help_skill_rows_rows known;
    TRY(help_skill_rows(c, c->center_id, &known));
    while (table_next(t)) {
        struct str login = table_need(t, "login", 40), skill = table_need(t, "skill", 20);
        struct assist_staff_row *who;
        size_t at = 0;
        TRY(assist_staff(c, c->center_id, login, &who));
        while (at < known.n && !str_eq(known.v[at].code, skill))
            at++;
        if (who == NULL)
            table_fault(t, "login", "没有“%.*s”这个账号", STR_ARG(login));
        if (at == known.n)
            table_fault(t, "skill", "没有“%.*s”这项本领，请先导入 help_skills", STR_ARG(skill));
        if (t->fault_count == 0)
            TRY(helper_skill_put(c, c->center_id, who->id, skill));
    }
    return E_OK;
}

enum err assist_demo(struct ctx *c, const char *data_dir)
{
    struct table_in skills, who;
    TRY(table_open_file(c, &skills, str_fmt(c->arena, "%s/help_skills.csv", data_dir)));
    TRY(help_skills_import(c, &skills));
    TRY(table_end(c, &skills));
    TRY(table_open_file(c, &who, str_fmt(c->arena, "%s/helper_skills.csv", data_dir)));
    TRY(helper_skills_import(c, &who));
    return table_end(c, &who);
}
