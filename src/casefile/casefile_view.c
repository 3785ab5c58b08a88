/* A case as people see it: names masked, the sum of the term in words, the way so far, and what
 * comes next. The applicant and the clerk read the same sentences. */
#include "casefile.h"

#include "clock.h"
#include "hall.h"
#include "ticket.h"

static struct str number_word(struct ctx *c, int64_t n)
{
    return str_fmt(c->arena, "%lld", (long long)n);
}

/* "2026-03-02 受理，20 个工作日，应于 2026-03-30 办结" (ALL 82: the day of acceptance is not counted). */
static struct str clock_of(struct ctx *c, const struct casefile_row *k)
{
    if (k->accepted_at == 0)
        return k->state == CASE_RECEIVED ? tr(c, "还没有受理；期限从受理的第二天起算") : STR("");
    struct str on = date_text(c->arena, date_of(k->accepted_at, c->zone_minutes));
    if (k->due_on == 0)
        return tr_fill(c, "{on} 受理；节假日安排还没有录入，到期日待算", "on", on, NULL);
    struct str due = date_text(c->arena, k->due_on), legal = date_text(c->arena, k->legal_due_on);
    struct str days = number_word(c, k->promised_days);
    struct str sum;
    if (k->promised_days == 0)
        sum = tr_fill(c, "{on} 受理，即办件，当场办结", "on", on, NULL);
    else if (str_is(k->promised_unit, "natural"))
        sum =
            tr_fill(c, "{on} 受理，{n} 天，应于 {due} 办结", "on", on, "n", days, "due", due, NULL);
    else
        sum = tr_fill(c, "{on} 受理，{n} 个工作日，应于 {due} 办结", "on", on, "n", days, "due",
                      due, NULL);
    if (k->legal_due_on <= k->due_on) /* or not known */
        return sum;
    struct str law = tr_fill(c, "（法定最迟 {due}）", "due", legal, NULL);
    return str_fmt(c->arena, "%.*s%.*s", STR_ARG(sum), STR_ARG(law));
}

static struct str asked_of(struct ctx *c, const struct casefile_row *k, int64_t papers_left)
{
    switch ((enum case_state)k->state) {
    case CASE_RECEIVED:
        return papers_left > 0 ? tr(c, "请把还缺的材料交齐") : STR("");
    case CASE_GRANTED:
    case CASE_REFUSED:
        return tr(c, "请到窗口领取结果");
    case CASE_NOT_ACCEPTED:
    case CASE_WITHDRAWN:
        return tr(c, "请领回您的材料");
    case CASE_ACCEPTED:
    case CASE_DELIVERED:
    case CASE_CLOSED:
    case CASE_STATE_COUNT:
        break;
    }
    return STR("");
}

/* The law behind the last move: the one that leads into this state. */
static struct str law_of(struct ctx *c, const struct casefile_row *k)
{
    enum case_act before = str_is(k->result, "refuse") ? CASE_ACT_REFUSE : CASE_ACT_GRANT;
    for (int i = 0; i < case_move_count; i++) {
        const struct case_move *m = &case_moves[i];
        if ((int64_t)m->to != k->state)
            continue;
        if (k->state == CASE_DELIVERED &&
            m->from != (before == CASE_ACT_REFUSE ? CASE_REFUSED : CASE_GRANTED))
            continue;
        if (k->state == CASE_CLOSED && k->decided_at == 0 && m->from == CASE_DELIVERED)
            continue;
        return tr(c, m->law);
    }
    return STR("");
}

static void add_step(struct case_step_list *steps, struct str name, int64_t at, bool is_done)
{
    bool is_next = !is_done && (steps->n == 0 || steps->v[steps->n - 1].is_done);
    steps->v[steps->n++] =
        (struct case_step){.name = name, .at = at, .is_done = is_done, .is_next = is_next};
}

static void fill_steps(struct ctx *c, const struct casefile_row *k, struct case_view *v)
{
    bool was_refused_early = k->state == CASE_NOT_ACCEPTED;
    bool was_left = k->state == CASE_WITHDRAWN || (k->state == CASE_CLOSED && k->decided_at == 0);
    v->steps.v = ARENA_ARRAY(c->arena, struct case_step, 5);
    add_step(&v->steps, tr(c, "收到材料"), k->received_at, true);
    if (was_refused_early)
        add_step(&v->steps, tr(c, "不予受理"), 0, true);
    else if (!was_left || k->accepted_at != 0)
        add_step(&v->steps, tr(c, "受理"), k->accepted_at, k->accepted_at != 0);
    if (k->state == CASE_WITHDRAWN)
        add_step(&v->steps, tr(c, "申请人撤回"), 0, true);
    if (!was_left && !was_refused_early) {
        bool is_refusal = str_is(k->result, "refuse");
        add_step(&v->steps,
                 is_refusal           ? tr(c, "决定：不予")
                 : k->decided_at != 0 ? tr(c, "决定：准予")
                                      : tr(c, "决定"),
                 k->decided_at, k->decided_at != 0);
        add_step(&v->steps, tr(c, "交付结果"), 0,
                 k->state == CASE_DELIVERED || k->state == CASE_CLOSED);
    }
    add_step(&v->steps, tr(c, "办结"), k->closed_at, k->closed_at != 0);
}

/* What this actor may do next; the first lawful one is what the screen offers. An immediate case
 * that was accepted goes to a grant; whoever refuses chooses that himself. */
static void fill_next(struct ctx *c, const struct casefile_row *k, struct case_view *v)
{
    v->next_acts.v = ARENA_ARRAY(c->arena, struct str, CASE_ACT_COUNT);
    for (int act = 0; act < CASE_ACT_COUNT; act++) {
        const struct case_move *m = case_move_of((enum case_state)k->state, (enum case_act)act);
        bool is_decision = act == CASE_ACT_GRANT || act == CASE_ACT_REFUSE;
        if (m != NULL && may(c, m->right) && (!is_decision || k->is_immediate))
            v->next_acts.v[v->next_acts.n++] = str_of(case_act_word((enum case_act)act));
    }
    switch ((enum case_state)k->state) {
    case CASE_RECEIVED:
        v->next = STR("accept");
        break;
    case CASE_ACCEPTED:
        v->next = STR("decide");
        break;
    case CASE_GRANTED:
    case CASE_REFUSED:
        v->next = STR("deliver");
        break;
    case CASE_NOT_ACCEPTED:
    case CASE_DELIVERED:
    case CASE_WITHDRAWN:
        v->next = STR("close");
        break;
    case CASE_CLOSED:
    case CASE_STATE_COUNT:
        v->next = STR("");
        break;
    }
}

enum err case_view_of(struct ctx *c, const struct casefile_row *k, struct case_view *ret)
{
    bool has_ticket = k->ticket_prefix.p != NULL;
    struct case_view v = {
        .id = k->id,
        .number = k->number,
        .token = STR(""),
        .state = str_of(case_state_word(k->state)),
        .item = k->item_code,
        .item_name = name_in_lang(c, k->item_name, k->item_name_en),
        .applicant = k->applicant_name,
        .received_at = k->received_at,
        .accepted_at = k->accepted_at,
        .due_on = k->due_on,
        .decided_at = k->decided_at,
        .closed_at = k->closed_at,
        .result = k->result,
        .opinion = k->opinion,
        .is_immediate = k->is_immediate,
        .ticket = has_ticket ? ticket_number_text(c, k->ticket_prefix, k->ticket_number) : STR(""),
    };
    v.clock = clock_of(c, k);
    v.law = law_of(c, k);
    v.asked = asked_of(c, k, 0);
    fill_steps(c, k, &v);
    fill_next(c, k, &v);
    *ret = v;
    return E_OK;
}

enum err case_view_whole(struct ctx *c, const struct casefile_row *k, struct case_view *ret)
{
    struct casefile_papers_rows rows;
    struct case_view v;
    TRY(case_view_of(c, k, &v));
    TRY(casefile_papers(c, c->center_id, k->id, &rows));
    v.papers.v = ARENA_ARRAY(c->arena, struct case_paper_view, rows.n + 1);
    v.papers.n = rows.n;
    for (size_t i = 0; i < rows.n; i++) {
        const struct casefile_papers_row *p = &rows.v[i];
        v.papers.v[i] =
            (struct case_paper_view){.position = p->position,
                                     .name = name_in_lang(c, p->name, p->name_en),
                                     .kind = p->kind,
                                     .copies = p->copies,
                                     .necessity = p->necessity,
                                     .standard = name_in_lang(c, p->standard, p->standard_en),
                                     .is_taken = p->is_taken,
                                     .on_site = p->on_site};
        v.papers_left += !p->is_taken && str_is(p->necessity, "required") ? 1 : 0;
    }
    v.asked = asked_of(c, k, v.papers_left);
    *ret = v;
    return E_OK;
}

enum err case_of_ticket(struct ctx *c, int64_t ticket_id, struct case_view **ret)
{
    struct casefile_rows rows;
    TRY(casefiles_of_ticket(c, c->center_id, ticket_id, &rows));
    if (rows.n == 0) {
        *ret = NULL;
        return E_OK;
    }
    struct case_view *v = ARENA_NEW(c->arena, struct case_view);
    TRY(case_view_whole(c, &rows.v[0], v));
    *ret = v;
    return E_OK;
}
