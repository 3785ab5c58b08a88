/* The back office: what waits, due first, with its light; and one case with its clock, its steps and the
 * acts that the table allows. A colour is never alone: each light has a word (DOMAIN.md 6.1). */
#include "casefile_parts.h"

#include "clock.h"
#include "hall.h"
#include "settings.h"

#define PAGE_SIZE 50
#define LOOK_ON   60 /* days in which a term may be about to end */

enum step { STEP_REVIEW = 1, STEP_APPROVE, STEP_DECIDE, STEP_SUSPENDED };
static const char *const step_words[] = {"", "review", "approve", "decide", "suspended"};
static const char *const step_titles[] = {"", /* tr */ "审查", /* tr */ "审核", /* tr */ "决定",
                                          /* tr */ "特别程序"};

static enum step step_of(int64_t state, int64_t stage, bool has_approval)
{
    if (state == CASE_SUSPENDED)
        return STEP_SUSPENDED;
    return stage == 0 ? STEP_REVIEW : stage == 1 && has_approval ? STEP_APPROVE : STEP_DECIDE;
}

/* Working days from today to the day; LOOK_ON when it is further than that or not known. */
static int64_t days_left(const struct ctx *c, const struct day_kinds *days, int32_t on)
{
    int64_t left = 0;
    int to = date_diff(today(c), on);
    if (to >= days->n)
        return LOOK_ON;
    for (int i = 1; i <= to; i++)
        left += days->kinds[i] == DAY_WORKED ? 1 : 0;
    return left;
}

static void fill_light(struct ctx *c, const struct day_kinds *days, int32_t legal_due_on,
                       struct review_line *v)
{
    int32_t on = today(c);
    if (str_is(v->step, "suspended")) {
        v->light = STR("stopped");
        v->light_title = tr(c, "期限停着");
    } else if (v->due_on == 0) {
        v->light = STR("unknown");
        v->light_title = tr(c, "到期日待算");
    } else if (legal_due_on != 0 && legal_due_on < on) {
        v->light = STR("late_by_law");
        v->light_title = tr(c, "超过法定期限");
    } else if (v->due_on < on) {
        v->light = STR("late");
        v->light_title = tr(c, "超过承诺期限");
    } else if (days_left(c, days, v->due_on) <= setting_case_warn_days(c)) {
        v->light = STR("soon");
        v->light_title = tr(c, "快到期");
    } else {
        v->light = STR("on_time");
        v->light_title = tr(c, "期限内");
    }
}

static void fill_line(struct ctx *c, const struct review_lines_row *k, const struct day_kinds *days,
                      struct review_line *v)
{
    enum step step = step_of(k->state, k->stage, k->has_approval != 0);
    int64_t since = c->now - setting_case_claim_hours(c) * HOUR_MS;
    bool is_claimed = k->claimed_by != 0 && k->claimed_at >= since;
    *v = (struct review_line){
        .number = k->number,
        .item_name = name_in_lang(c, k->item_name, k->item_name_en),
        .applicant = k->applicant_name,
        .state = str_of(case_state_word(k->state)),
        .step = str_of(step_words[step]),
        .step_title = tr(c, step_titles[step]),
        .accepted_at = k->accepted_at,
        .due_on = k->due_on,
        .claimer = is_claimed
                       ? name_in_lang(c, str_or_empty(k->claimer), str_or_empty(k->claimer_en))
                       : STR(""),
        .is_mine = is_claimed && k->claimed_by == c->actor.id,
    };
    fill_light(c, days, k->legal_due_on, v);
}

static void fill_tabs(struct ctx *c, int here, struct review_list *v)
{
    static const char *const names[] = {/* tr */ "全部",    /* tr */ "审查",
                                        /* tr */ "审核",
                                        /* tr */ "决定",    /* tr */ "特别程序",
                                        /* tr */ "我领办的"};
    v->tabs.n = 0;
    v->tabs.v = ARENA_ARRAY(c->arena, struct review_tab, REVIEW_QUERY_STEP_COUNT);
    for (int i = 0; i < REVIEW_QUERY_STEP_COUNT; i++)
        v->tabs.v[v->tabs.n++] = (struct review_tab){.code = str_of(review_query_step_words[i]),
                                                     .name = tr(c, names[i]),
                                                     .is_here = i == here};
}

enum err review_show(struct ctx *c, const struct review_query_form *f, struct reply *r,
                     struct review_list *v)
{
    struct review_lines_rows rows;
    struct day_kinds days;
    bool is_mine = f->step == REVIEW_QUERY_STEP_MINE;
    (void)r;
    TRY(calendar_kinds(c, today(c), LOOK_ON, &days));
    TRY(review_lines(c, c->center_id, is_mine ? 0 : f->step, is_mine ? c->actor.id : 0,
                     (f->page - 1) * PAGE_SIZE, &rows));
    v->items.v = ARENA_ARRAY(c->arena, struct review_line, rows.n + 1);
    v->items.n = rows.n;
    for (size_t i = 0; i < rows.n; i++)
        fill_line(c, &rows.v[i], &days, &v->items.v[i]);
    fill_tabs(c, f->step, v);
    TRY(document_backlog(c, &v->documents_waiting));
    v->next = rows.n == PAGE_SIZE
                  ? str_fmt(c->arena, "/review?step=%s&page=%lld", review_query_step_words[f->step],
                            (long long)f->page + 1)
                  : STR("");
    return E_OK;
}

bool case_offers(const struct case_view *v, const char *act)
{
    for (size_t i = 0; i < v->next_acts.n; i++)
        if (str_is(v->next_acts.v[i], act))
            return true;
    return false;
}

/* --- one case --------------------------------------------------------------------------------------- */

static struct str rule_text(struct ctx *c, const struct case_rule_row *rule)
{
    struct buf b;
    buf_init(&b, c->arena, 4096);
    if (rule->two_persons)
        buf_str(&b, tr(c, "审查和决定要由两个人做。"));
    if (rule->has_approval)
        buf_str(&b, tr(c, "审查以后还要审核。"));
    if (str_is(rule->mode, "joint"))
        buf_str(&b, tr(c, "多个部门联合办理（行政许可法第二十六条）。"));
    if (str_is(rule->mode, "first_review"))
        buf_str(&b, tr(c, "本级初审，上级决定（行政许可法第三十五条）。"));
    return buf_as_str(&b);
}

static struct str action_title(struct ctx *c, struct str action)
{
    return str_is(action, "pass")     ? tr(c, "通过")
           : str_is(action, "return") ? tr(c, "退回")
                                      : tr(c, "其他");
}

static struct str step_title(struct ctx *c, struct str step)
{
    for (int i = STEP_REVIEW; i <= STEP_DECIDE; i++)
        if (str_is(step, step_words[i]))
            return tr(c, step_titles[i]);
    return tr(c, "转报上级");
}

/* The step's own term counts from the end of the step before, without the time that stood still. */
static enum err step_due(struct ctx *c, const struct casefile_row *k,
                         const struct case_rule_row *rule, int64_t since, int32_t *ret)
{
    struct case_terms terms;
    struct due_sum sum;
    int64_t days = k->stage == 0                         ? rule->review_days
                   : k->stage == 1 && rule->has_approval ? rule->approve_days
                                                         : rule->decide_days;
    *ret = 0;
    if (days == 0 || k->accepted_at == 0 || k->decided_at != 0 || k->closed_at != 0)
        return E_OK;
    TRY(case_terms_of(c, k, &terms));
    const struct due_term t = {.from_on = date_of(since, c->zone_minutes),
                               .days = (int)days,
                               .unit = TERM_WORKING,
                               .stops = terms.spans,
                               .stop_count = terms.stops.n};
    TRY(calendar_dues(c, &t, 1, &sum));
    *ret = sum.due_on;
    return E_OK;
}

static void fill_done(struct ctx *c, const struct casefile_steps_rows *steps,
                      struct review_page_view *v)
{
    v->done.n = 0;
    v->done.v = ARENA_ARRAY(c->arena, struct review_step_view, steps->n + 1);
    for (size_t i = 0; i < steps->n; i++) {
        const struct casefile_steps_row *s = &steps->v[i];
        v->done.v[v->done.n++] = (struct review_step_view){.title = step_title(c, s->step),
                                                           .action = action_title(c, s->action),
                                                           .opinion = s->opinion,
                                                           .staff = s->staff_name,
                                                           .begun_at = s->begun_at,
                                                           .ended_at = s->ended_at};
    }
}

static void fill_kinds(struct ctx *c, struct review_page_view *v)
{
    v->kinds.n = 0;
    v->kinds.v = ARENA_ARRAY(c->arena, struct review_choice, 16);
    for (size_t i = 0; case_stop_kinds[i] != NULL; i++)
        v->kinds.v[v->kinds.n++] =
            (struct review_choice){.code = str_of(case_stop_kinds[i]),
                                   .name = case_stop_title(c, str_of(case_stop_kinds[i]))};
}

static enum err fill_here(struct ctx *c, const struct casefile_row *k,
                          const struct case_rule_row *rule, struct review_page_view *v)
{
    struct staff_row *claimer = NULL;
    struct day_kinds days;
    if (k->claimed_by != 0)
        TRY(staff(c, c->center_id, k->claimed_by, &claimer));
    TRY(calendar_kinds(c, today(c), LOOK_ON, &days));
    const struct review_lines_row line = {.number = k->number,
                                          .item_name = k->item_name,
                                          .item_name_en = k->item_name_en,
                                          .applicant_name = k->applicant_name,
                                          .state = k->state,
                                          .stage = k->stage,
                                          .has_approval = rule->has_approval,
                                          .accepted_at = k->accepted_at,
                                          .due_on = v->case_.due_on,
                                          .legal_due_on = v->case_.legal_due_on,
                                          .claimed_by = k->claimed_by,
                                          .claimed_at = k->claimed_at,
                                          .claimer = claimer != NULL ? claimer->name : STR(""),
                                          .claimer_en =
                                              claimer != NULL ? claimer->name_en : STR("")};
    fill_line(c, &line, &days, &v->line);
    return E_OK;
}

enum err review_case_show(struct ctx *c, const struct case_number_form *f, struct reply *r,
                          struct review_page_view *v)
{
    struct casefile_row k;
    struct case_rule_row rule;
    struct casefile_steps_rows steps;
    (void)r;
    TRY(case_by_its_number(c, f->number, &k));
    TRY(case_rule_of(c, k.item_id, &rule));
    TRY(case_view_whole(c, &k, &v->case_));
    TRY(case_fill_documents(c, &k, false, &v->case_));
    TRY(casefile_steps(c, c->center_id, k.id, &steps));
    TRY(fill_here(c, &k, &rule, v));
    TRY(step_due(c, &k, &rule, steps.n > 0 ? steps.v[steps.n - 1].ended_at : k.accepted_at,
                 &v->step_due_on));
    v->rule = rule_text(c, &rule);
    v->superior_decides = str_is(rule.mode, "first_review");
    v->extension_most = str_is(rule.mode, "joint") ? 15 : 10;
    fill_done(c, &steps, v);
    fill_kinds(c, v);
    return E_OK;
}
