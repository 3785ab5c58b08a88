/* A case as people see it: names masked, the sum of the term in words, the way so far, and what
 * comes next. The applicant and the clerk read the same sentences. */
#include "casefile.h"

#include "clock.h"
#include "hall.h"
#include "ticket.h"

#define DELIVERY_DAYS 10 /* ALL 44, counted in working days (ALL 82) */

static struct str number_word(struct ctx *c, int64_t n)
{
    return str_fmt(c->arena, "%lld", (long long)n);
}

/* "，专家评审 7 个工作日不计，延长 10 个工作日": what made the term longer. */
static struct str longer_text(struct ctx *c, const struct casefile_row *k,
                              const struct case_terms *t)
{
    struct buf b;
    bool is_natural = str_is(k->promised_unit, "natural");
    buf_init(&b, c->arena, 8 * 1024);
    for (size_t i = 0; t != NULL && i < t->stops.n; i++) {
        struct str kind = case_stop_title(c, t->stops.v[i].kind);
        struct str n = number_word(c, t->promised.stopped_by[i]);
        if (t->promised.stopped_by[i] == 0)
            continue;
        buf_str(&b, is_natural
                        ? tr_fill(c, "，{kind} {n} 天不计", "kind", kind, "n", n, NULL)
                        : tr_fill(c, "，{kind} {n} 个工作日不计", "kind", kind, "n", n, NULL));
    }
    struct str n = number_word(c, k->extended_days);
    if (k->extended_days > 0)
        buf_str(&b, is_natural ? tr_fill(c, "，延长 {n} 天", "n", n, NULL)
                               : tr_fill(c, "，延长 {n} 个工作日", "n", n, NULL));
    return buf_as_str(&b);
}

/* "2026-02-02 受理，20 个工作日，专家评审 7 个工作日不计，应于 2026-03-17 办结" (ALL 82: the day of
 * acceptance is not counted). */
static struct str clock_of(struct ctx *c, const struct casefile_row *k, const struct case_terms *t)
{
    if (k->accepted_at == 0)
        return k->state == CASE_RECEIVED || k->state == CASE_CORRECTION
                   ? tr(c, "还没有受理；期限从受理的第二天起算")
                   : STR("");
    struct str on = date_text(c->arena, date_of(k->accepted_at, c->zone_minutes));
    if (k->due_on == 0)
        return tr_fill(c, "{on} 受理；节假日安排还没有录入，到期日待算", "on", on, NULL);
    struct str due = date_text(c->arena, k->due_on), legal = date_text(c->arena, k->legal_due_on);
    struct str days = number_word(c, k->promised_days), more = longer_text(c, k, t);
    struct str sum;
    if (k->promised_days == 0 && more.n == 0)
        sum = tr_fill(c, "{on} 受理，即办件，当场办结", "on", on, NULL);
    else if (str_is(k->promised_unit, "natural"))
        sum = tr_fill(c, "{on} 受理，{n} 天{more}，应于 {due} 办结", "on", on, "n", days, "more",
                      more, "due", due, NULL);
    else
        sum = tr_fill(c, "{on} 受理，{n} 个工作日{more}，应于 {due} 办结", "on", on, "n", days,
                      "more", more, "due", due, NULL);
    if (k->legal_due_on <= k->due_on) /* or not known */
        return sum;
    struct str law = tr_fill(c, "（法定最迟 {due}）", "due", legal, NULL);
    return str_fmt(c->arena, "%.*s%.*s", STR_ARG(sum), STR_ARG(law));
}

static struct str asked_to_correct(struct ctx *c, const struct case_view *v)
{
    if (v->answer_by == 0)
        return tr_fill(c, "请补齐：{papers}", "papers", v->correction, NULL);
    struct str day = date_text(c->arena, v->answer_by);
    return tr_fill(c, "请在 {day} 以前补齐：{papers}", "day", day, "papers", v->correction, NULL);
}

static struct str asked_of(struct ctx *c, const struct casefile_row *k, const struct case_view *v)
{
    switch ((enum case_state)k->state) {
    case CASE_RECEIVED:
        return v->papers_left > 0 ? tr(c, "请把还缺的材料交齐") : STR("");
    case CASE_CORRECTION:
        return asked_to_correct(c, v);
    case CASE_GRANTED:
    case CASE_REFUSED:
        return tr(c, "请到窗口领取结果");
    case CASE_NOT_ACCEPTED:
        if (k->organ.n > 0)
            return tr_fill(c, "这件事归{organ}办，请领回材料，到那里申请", "organ", k->organ, NULL);
        return tr(c, "请领回您的材料");
    case CASE_WITHDRAWN:
        return tr(c, "请领回您的材料");
    case CASE_LAPSED:
        return tr(c, "请领回您的材料，备齐后可以重新申请");
    case CASE_ACCEPTED:
    case CASE_DELIVERED:
    case CASE_CLOSED:
    case CASE_REVIEW:
    case CASE_SUSPENDED:
    case CASE_FORWARDED:
    case CASE_REVOKED:
    case CASE_CANCELLED:
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
        if ((int64_t)m->to != k->state || (m->to == CASE_RECEIVED && k->corrected_at == 0))
            continue;
        if (k->state == CASE_GRANTED && (m->from == CASE_REVIEW) != (k->stage > 0))
            continue; /* decided on the spot, or after a review */
        if (k->state == CASE_ACCEPTED && m->by_program != (k->deemed_at != 0))
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

static void add_stops(struct ctx *c, const struct case_terms *t, struct case_view *v)
{
    for (size_t i = 0; i < t->stops.n; i++) {
        const struct casefile_stops_row *s = &t->stops.v[i];
        struct str kind = case_stop_title(c, s->kind);
        add_step(&v->steps, tr_fill(c, "{kind}，不计入期限", "kind", kind, NULL), s->begun_at,
                 true);
        if (s->ended_at != 0)
            add_step(&v->steps, tr_fill(c, "{kind}结束，期限继续计算", "kind", kind, NULL),
                     s->ended_at, true);
    }
}

static void add_decision(struct ctx *c, const struct casefile_row *k, struct case_view *v)
{
    bool is_refusal = str_is(k->result, "refuse");
    add_step(&v->steps,
             is_refusal           ? tr(c, "决定：不予")
             : k->decided_at != 0 ? tr(c, "决定：准予")
                                  : tr(c, "决定"),
             k->decided_at, k->decided_at != 0);
    add_step(&v->steps, tr(c, "交付结果"), 0,
             k->state == CASE_DELIVERED || k->state == CASE_CLOSED);
}

/* Whatever ended the case before a decision. */
static void add_early_end(struct ctx *c, const struct casefile_row *k, struct case_view *v)
{
    static const struct {
        enum case_state state;
        const char *name;
    } ends[] = {{CASE_NOT_ACCEPTED, /* tr */ "不予受理"},
                {CASE_WITHDRAWN, /* tr */ "申请人撤回"},
                {CASE_LAPSED, /* tr */ "没有按期补正"},
                {CASE_FORWARDED, /* tr */ "初审完毕，报上级机关决定"}};
    for (size_t i = 0; i < sizeof ends / sizeof *ends; i++)
        if (k->state == (int64_t)ends[i].state)
            add_step(&v->steps, tr(c, ends[i].name), 0, true);
}

static void fill_steps(struct ctx *c, const struct casefile_row *k, const struct case_terms *t,
                       struct case_view *v)
{
    bool was_left = k->state == CASE_NOT_ACCEPTED || k->state == CASE_WITHDRAWN ||
                    k->state == CASE_LAPSED || k->state == CASE_FORWARDED ||
                    (k->state == CASE_CLOSED && k->decided_at == 0);
    v->steps.v = ARENA_ARRAY(c->arena, struct case_step, 9 + 2 * (t != NULL ? t->stops.n : 0));
    add_step(&v->steps, tr(c, "收到材料"), k->received_at, true);
    if (k->corrected_at != 0)
        add_step(&v->steps, tr(c, "一次告知补正"), k->corrected_at, true);
    if (!was_left || k->accepted_at != 0)
        add_step(&v->steps, k->deemed_at != 0 ? tr(c, "视为受理") : tr(c, "受理"), k->accepted_at,
                 k->accepted_at != 0);
    if (t != NULL)
        add_stops(c, t, v);
    if (!k->is_immediate && (!was_left || k->stage > 0))
        add_step(&v->steps, tr(c, "审查"), 0, k->stage > 0 || k->decided_at != 0);
    add_early_end(c, k, v);
    if (!was_left)
        add_decision(c, k, v);
    add_step(&v->steps, tr(c, "办结"), k->closed_at, k->closed_at != 0);
    if (k->state == CASE_REVOKED || k->state == CASE_CANCELLED)
        add_step(&v->steps, case_state_title(c, k->state), 0, true);
}

/* Moves that the table allows and the case's kind does not: an immediate case is decided on the spot, the
 * others after the review; what was not granted cannot be taken back; one correction, one extension. */
static bool fits(const struct casefile_row *k, const struct case_move *m)
{
    switch (m->act) {
    case CASE_ACT_GRANT:
    case CASE_ACT_REFUSE:
        return m->from == CASE_REVIEW ? k->stage > 0 : k->is_immediate;
    case CASE_ACT_REVOKE:
    case CASE_ACT_CANCEL:
        return str_is(k->result, "grant");
    case CASE_ACT_CORRECT:
        return k->corrected_at == 0;
    case CASE_ACT_EXTEND:
        return k->extended_days == 0;
    case CASE_ACT_FORWARD:
        return k->stage > 0;
    case CASE_ACT_ACCEPT:
    case CASE_ACT_NOT_ACCEPT:
    case CASE_ACT_DELIVER:
    case CASE_ACT_WITHDRAW:
    case CASE_ACT_CLOSE:
    case CASE_ACT_SUPPLY:
    case CASE_ACT_DEEM:
    case CASE_ACT_LAPSE:
    case CASE_ACT_REVIEW:
    case CASE_ACT_SUSPEND:
    case CASE_ACT_RESUME:
    case CASE_ACT_COUNT:
        break;
    }
    return true;
}

static const char *next_word(const struct casefile_row *k)
{
    switch ((enum case_state)k->state) {
    case CASE_RECEIVED:
    case CASE_CORRECTION:
        return "accept";
    case CASE_ACCEPTED:
        return k->is_immediate ? "decide" : "review";
    case CASE_REVIEW:
        return k->stage > 0 ? "decide" : "review";
    case CASE_SUSPENDED:
        return "resume";
    case CASE_GRANTED:
    case CASE_REFUSED:
        return "deliver";
    case CASE_NOT_ACCEPTED:
    case CASE_DELIVERED:
    case CASE_WITHDRAWN:
    case CASE_FORWARDED:
    case CASE_LAPSED:
        return "close";
    case CASE_CLOSED:
    case CASE_REVOKED:
    case CASE_CANCELLED:
    case CASE_STATE_COUNT:
        break;
    }
    return "";
}

/* What this actor may do next; the first lawful one is what the screen offers. An immediate case
 * that was accepted goes to a grant; whoever refuses chooses that himself. */
static void fill_next(struct ctx *c, const struct casefile_row *k, struct case_view *v)
{
    v->next_acts.v = ARENA_ARRAY(c->arena, struct str, CASE_ACT_COUNT);
    for (int act = 0; act < CASE_ACT_COUNT; act++) {
        const struct case_move *m = case_move_of((enum case_state)k->state, (enum case_act)act);
        if (m != NULL && !m->by_program && may(c, m->right) && fits(k, m))
            v->next_acts.v[v->next_acts.n++] = str_of(case_act_word((enum case_act)act));
    }
    v->next = str_of(next_word(k));
}

/* The ledger as the applicant may see it: he is told in writing what is not counted, and why (ALL 45). */
static void fill_stops(struct ctx *c, const struct case_terms *t, struct case_view *v)
{
    v->stops.v = ARENA_ARRAY(c->arena, struct case_stop_view, t->stops.n + 1);
    for (size_t i = 0; i < t->stops.n; i++) {
        const struct casefile_stops_row *s = &t->stops.v[i];
        v->stops.v[v->stops.n++] =
            (struct case_stop_view){.kind = s->kind,
                                    .title = case_stop_title(c, s->kind),
                                    .days = s->days,
                                    .unit = s->unit,
                                    .basis = s->basis,
                                    .approver = s->approver,
                                    .begun_at = s->begun_at,
                                    .ended_at = s->ended_at,
                                    .outcome = s->outcome,
                                    .not_counted = t->promised.stopped_by[i]};
    }
}

static enum err fill_clock(struct ctx *c, const struct casefile_row *k, struct case_view *v)
{
    struct casefile_row live = *k; /* while a procedure runs over its time the due date moves */
    struct case_terms *t = NULL;
    if (k->stops > 0) {
        t = ARENA_NEW(c->arena, struct case_terms);
        TRY(case_terms_of(c, k, t));
        live.due_on = t->promised.due_on;
        live.legal_due_on = t->legal.due_on;
        fill_stops(c, t, v);
    }
    v->due_on = live.due_on;
    v->legal_due_on = live.legal_due_on;
    v->clock = clock_of(c, &live, t);
    fill_steps(c, k, t, v);
    return E_OK;
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
        .decided_at = k->decided_at,
        .closed_at = k->closed_at,
        .result = k->result,
        .opinion = k->opinion,
        .is_immediate = k->is_immediate,
        .is_deemed = k->deemed_at != 0,
        .organ = k->organ,
        .state_title = case_state_title(c, k->state),
        .correction = STR(""),
        .correction_note = STR(""),
        .extension_days = k->extended_days,
        .extension_reason = STR(""),
        .ticket = has_ticket ? ticket_number_text(c, k->ticket_prefix, k->ticket_number) : STR(""),
    };
    TRY(fill_clock(c, k, &v));
    v.law = law_of(c, k);
    v.asked = k->state == CASE_CORRECTION ? STR("") : asked_of(c, k, &v);
    fill_next(c, k, &v);
    *ret = v;
    return E_OK;
}

/* What only some cases have: the notice to correct, the extension, the day to deliver by (ALL 44). */
static enum err fill_ledgers(struct ctx *c, const struct casefile_row *k, struct case_view *v)
{
    if (k->corrected_at != 0) {
        struct casefile_correction_row *told;
        TRY(casefile_correction(c, c->center_id, k->id, &told));
        v->correction = told != NULL ? told->papers : STR("");
        v->correction_note = told != NULL ? told->opinion : STR("");
        v->answer_by = told != NULL ? told->answer_by : 0;
    }
    if (k->extended_days != 0) {
        struct casefile_extension_row *longer;
        TRY(casefile_extension(c, c->center_id, k->id, &longer));
        v->extension_reason = longer != NULL ? longer->reason : STR("");
    }
    bool is_to_deliver = k->state == CASE_GRANTED || k->state == CASE_REFUSED;
    if (is_to_deliver && !k->is_immediate) {
        struct due_sum sum;
        const struct due_term term = {.from_on = date_of(k->decided_at, c->zone_minutes),
                                      .days = DELIVERY_DAYS,
                                      .unit = TERM_WORKING};
        TRY(calendar_dues(c, &term, 1, &sum));
        v->deliver_by = sum.due_on;
    }
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
    TRY(fill_ledgers(c, k, &v));
    v.asked = asked_of(c, k, &v);
    *ret = v;
    return E_OK;
}

/* A ticket goes from one thing to the next (steps of src/ticket): what is closed and of another item is done with. */
static const struct casefile_row *case_for_now(const struct casefile_rows *rows, int64_t item_id)
{
    for (size_t i = 0; i < rows->n; i++)
        if (rows->v[i].item_id == item_id)
            return &rows->v[i];
    bool is_over = rows->n == 0 || (item_id != 0 && rows->v[0].closed_at != 0);
    return is_over ? NULL : &rows->v[0];
}

enum err case_of_ticket(struct ctx *c, const struct ticket_row *t, struct case_view **ret)
{
    struct casefile_rows rows;
    TRY(casefiles_of_ticket(c, c->center_id, t->id, &rows));
    const struct casefile_row *k = case_for_now(&rows, t->item_id);
    *ret = NULL;
    if (k == NULL)
        return E_OK;
    struct case_view *v = ARENA_NEW(c->arena, struct case_view);
    TRY(case_view_whole(c, k, v));
    *ret = v;
    return E_OK;
}
