/* The acts of a case that is not decided on the spot: correction, special procedures, the extension, the
 * steps of the back office. Each has its ledger, whose key or count says how often it may happen. */
#include "casefile_parts.h"

#include "clock.h"
#include "hall.h"
#include "settings.h"

/* ALL 42: ten days, fifteen where several organs handle jointly (ALL 26). */
#define EXTENSION_MOST       10
#define EXTENSION_JOINT_MOST 15

/* --- correction ------------------------------------------------------------------------------- */

/* The names of what is missing, and of what the clerk finds faulty besides. */
static enum err papers_to_correct(struct ctx *c, const struct casefile_row *k,
                                  const struct texts *faulty, struct str *ret)
{
    struct casefile_papers_rows rows;
    struct buf b;
    size_t met = 0;
    TRY(casefile_papers(c, c->center_id, k->id, &rows));
    buf_init(&b, c->arena, 16 * 1024);
    for (size_t i = 0; i < rows.n; i++) {
        const struct casefile_papers_row *p = &rows.v[i];
        size_t named = case_paper_named(faulty, p);
        met += named;
        if (named == 0 && (p->is_taken || !str_is(p->necessity, "required")))
            continue;
        if (b.n > 0)
            buf_str(&b, STR("、"));
        buf_str(&b, p->name);
    }
    *ret = buf_as_str(&b);
    if (met < faulty->n)
        return fail_field(c, E_NOT_IN_LIST, "materials", "%zu of %zu are in the list", met,
                          faulty->n);
    return b.n > 0
               ? E_OK
               : fail_field(c, E_NOTHING_TO_CORRECT, "materials", "case %.*s", STR_ARG(k->number));
}

/* The law sets no day for the answer: the clerk's, else the item's, else none. */
static enum err answer_day(struct ctx *c, const struct case_doing *d, const struct casefile_row *k,
                           int32_t *ret)
{
    struct case_rule_row rule;
    TRY(case_rule_of(c, k->item_id, &rule));
    *ret = d->answer_by != 0           ? d->answer_by
           : rule.correction_days != 0 ? date_add(today(c), (int)rule.correction_days)
                                       : 0;
    return *ret == 0 || *ret > today(c)
               ? E_OK
               : fail_field(c, E_DAY_IS_OVER, "answer_by", "%d", (int)*ret);
}

enum err case_prepare_correct(struct ctx *c, const struct case_doing *d, struct casefile_row *k,
                              struct str *what)
{
    int32_t answer_by;
    if (k->corrected_at != 0)
        return fail(c, E_CORRECTED_ONCE, "case %.*s", STR_ARG(k->number));
    TRY(papers_to_correct(c, k, &d->papers, what));
    TRY(answer_day(c, d, k, &answer_by));
    k->corrected_at = c->now;
    TRY(casefile_corrected(c, c->center_id, k->id, c->now));
    return casefile_correction_add(c, c->center_id, k->id, c->now, *what, d->opinion, answer_by,
                                   c->actor.id);
}

enum err case_prepare_supply(struct ctx *c, const struct case_doing *d, struct casefile_row *k)
{
    TRY(case_take_papers(c, k, &d->papers));
    return casefile_correction_supplied(c, c->center_id, k->id, c->now);
}

/* --- special procedures (ALL 45) ----------------------------------------------------------------- */

static bool is_stop_kind(struct str kind)
{
    for (size_t i = 0; case_stop_kinds[i] != NULL; i++)
        if (str_is(kind, case_stop_kinds[i]))
            return true;
    return false;
}

static struct str days_text(struct ctx *c, int64_t days, bool is_natural)
{
    struct str n = str_fmt(c->arena, "%lld", (long long)days);
    return is_natural ? tr_fill(c, "{n} 天", "n", n, NULL)
                      : tr_fill(c, "{n} 个工作日", "n", n, NULL);
}

enum err case_prepare_suspend(struct ctx *c, const struct case_doing *d, struct casefile_row *k,
                              struct str *what)
{
    struct str basis = str_trim(d->basis), approver = str_trim(d->approver);
    const char *missing = !is_stop_kind(d->kind) ? "kind"
                          : d->days < 1          ? "days"
                          : basis.n == 0         ? "basis"
                          : approver.n == 0      ? "approver"
                                                 : NULL;
    if (missing != NULL)
        return fail_field(c, E_STOP_NEEDS, missing, "case %.*s", STR_ARG(k->number));
    if (k->stops >= DUE_STOPS_MAX)
        return fail(c, E_CASE_MOVE, "case %.*s has %lld stops", STR_ARG(k->number),
                    (long long)k->stops);
    k->stops++;
    TRY(casefile_stop_add(c, c->center_id, k->id, k->stops, d->kind, d->days,
                          d->is_natural ? STR("natural") : STR("working"), basis, approver, c->now,
                          c->actor.id));
    TRY(casefile_stops_put(c, c->center_id, k->id, k->stops));
    *what = str_fmt(c->arena, "%.*s %.*s", STR_ARG(case_stop_title(c, d->kind)),
                    STR_ARG(days_text(c, d->days, d->is_natural)));
    return case_count(c, k);
}

enum err case_prepare_resume(struct ctx *c, const struct case_doing *d, struct casefile_row *k)
{
    TRY(casefile_stop_end(c, c->center_id, k->id, c->now, str_or_empty(str_trim(d->outcome))));
    return case_count(c, k);
}

/* --- the extension (ALL 42) ------------------------------------------------------------------------ */

static enum err extension_most(struct ctx *c, const struct casefile_row *k, int64_t *ret)
{
    struct case_rule_row rule;
    TRY(case_rule_of(c, k->item_id, &rule));
    *ret = str_is(rule.mode, "joint") ? EXTENSION_JOINT_MOST : EXTENSION_MOST;
    return E_OK;
}

enum err case_prepare_extend(struct ctx *c, const struct case_doing *d, struct casefile_row *k,
                             struct str *what)
{
    int64_t most;
    int32_t before = k->due_on;
    struct str approver = str_trim(d->approver);
    if (k->extended_days != 0)
        return fail(c, E_EXTENDED_ONCE, "case %.*s", STR_ARG(k->number));
    if (d->days < 1 || approver.n == 0)
        return fail_field(c, E_STOP_NEEDS, d->days < 1 ? "days" : "approver", "case %.*s",
                          STR_ARG(k->number));
    TRY(extension_most(c, k, &most));
    if (d->days > most) {
        struct str n = str_fmt(c->arena, "%lld", (long long)most);
        enum err e = fail_field(c, E_EXTENDED_TOO_LONG, "days", "%lld", (long long)d->days);
        c->refusal.text = tr_fill(c, "最多延长 {n} 日（行政许可法第四十二条）", "n", n, NULL);
        return e;
    }
    k->extended_days = d->days;
    TRY(casefile_extended(c, c->center_id, k->id, d->days));
    TRY(case_count(c, k));
    *what = days_text(c, d->days, str_is(k->promised_unit, "natural"));
    return casefile_extension_add(c, c->center_id, k->id, d->days, d->opinion, approver, c->now,
                                  before, k->due_on, c->actor.id);
}

/* --- the steps of the back office --------------------------------------------------------------------- */

/* One step done: its row, and the claim is free for the next person. */
static enum err add_step(struct ctx *c, const struct casefile_row *k, const char *step,
                         struct str action, struct str opinion)
{
    struct casefile_steps_rows before;
    TRY(casefile_steps(c, c->center_id, k->id, &before));
    int64_t begun_at = before.n > 0 ? before.v[before.n - 1].ended_at : k->accepted_at;
    int64_t position = before.n > 0 ? before.v[before.n - 1].position + 1 : 1;
    if (k->claimed_by != 0)
        TRY(casefile_unclaim(c, c->center_id, k->id));
    return casefile_step_add(c, c->center_id, k->id, position, str_of(step), action, opinion,
                             c->actor.id, c->actor.name, begun_at, c->now);
}

static enum err check_two(struct ctx *c, const struct casefile_row *k,
                          const struct case_rule_row *rule)
{
    if (rule->two_persons && k->reviewed_by != 0 && k->reviewed_by == c->actor.id)
        return fail(c, E_TWO_PERSONS, "case %.*s", STR_ARG(k->number));
    return E_OK;
}

/* First pass: reviewed; second: approved; a return begins again. */
enum err case_prepare_review(struct ctx *c, const struct case_doing *d, struct casefile_row *k,
                             struct str *what)
{
    struct case_rule_row rule;
    bool is_pass = !str_is(d->step, "return") && !str_is(d->step, "other");
    const char *step = k->stage == 0 ? "review" : "approve";
    TRY(case_rule_of(c, k->item_id, &rule));
    if (!is_pass && d->opinion.n == 0)
        return fail_field(c, E_OPINION_NEEDED, "opinion", "case %.*s", STR_ARG(k->number));
    if (is_pass && k->stage > 0) {
        if (!rule.has_approval || k->stage > 1)
            return fail(c, E_REVIEWED_ALREADY, "case %.*s", STR_ARG(k->number));
        TRY(check_two(c, k, &rule));
    }
    if (is_pass && k->stage == 0)
        k->reviewed_by = c->actor.id;
    if (is_pass)
        k->stage++;
    else if (str_is(d->step, "return"))
        k->stage = 0;
    TRY(casefile_stage_put(c, c->center_id, k->id, k->stage, k->reviewed_by));
    *what = str_of(step);
    TRY(add_step(c, k, step, is_pass ? STR("pass") : d->step, d->opinion));
    k->claimed_by = 0;
    return E_OK;
}

static enum err check_steps(struct ctx *c, const struct casefile_row *k,
                            const struct case_rule_row *rule)
{
    if (k->stage < (rule->has_approval ? 2 : 1))
        return fail(c, E_REVIEW_FIRST, "case %.*s stage %lld", STR_ARG(k->number),
                    (long long)k->stage);
    return check_two(c, k, rule);
}

enum err case_prepare_decision(struct ctx *c, const struct case_doing *d, struct casefile_row *k)
{
    struct case_rule_row rule;
    TRY(case_rule_of(c, k->item_id, &rule));
    TRY(check_steps(c, k, &rule));
    if (str_is(rule.mode, "first_review"))
        return fail(c, E_SUPERIOR_DECIDES, "case %.*s", STR_ARG(k->number));
    TRY(add_step(c, k, "decide", d->act == CASE_ACT_GRANT ? STR("pass") : STR("return"),
                 d->opinion));
    k->claimed_by = 0;
    return E_OK;
}

/* The superior decides and must not ask the applicant for the papers again (ALL 35). */
enum err case_prepare_forward(struct ctx *c, const struct case_doing *d, struct casefile_row *k)
{
    struct case_rule_row rule;
    TRY(case_rule_of(c, k->item_id, &rule));
    if (!str_is(rule.mode, "first_review"))
        return fail(c, E_NOT_FIRST_REVIEW, "case %.*s", STR_ARG(k->number));
    TRY(check_steps(c, k, &rule));
    TRY(add_step(c, k, "forward", STR("pass"), d->opinion));
    k->claimed_by = 0;
    return E_OK;
}
